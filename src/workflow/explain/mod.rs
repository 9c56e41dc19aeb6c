//! Computes the raw saliency map for photographs or for a tensor taken straight from Keras.

mod passes;
mod photograph;
mod report;
mod run;
mod tensor;
mod written;

use std::path::PathBuf;

pub use crate::saliency::{Explanation, OnPartialMap};
pub(super) use passes::black;
pub use passes::{Network, Passes};
pub use photograph::{ExplainedCase, Explainer, MapRequest, explained};
use run::of_photographs;
pub use run::{PartialMaps, explained_so_far};
use tensor::of_tensor;

use super::anatomy::RegionOptions;
use super::{Context, Error, PartialResults};
use crate::domain::Skipped;
use crate::export::explained::Entry;
use crate::export::figure::FigureRequest;
use crate::imaging::OpenOptions;
use crate::progress::{Cancel, Progress};
use crate::saliency::sanity_checks::Settings;
use crate::saliency::{self, Stage};
use crate::storage::atomic;
use crate::text::Lang;

/// What to explain.
#[derive(Clone, Debug)]
pub enum ExplainInput {
    /// Files and folders.
    Photographs(Vec<PathBuf>),
    /// A network input as Keras takes it: NHWC float32, any batch.
    Tensor(PathBuf),
}

/// The request.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    pub subject: ExplainInput,
    pub map: MapRequest,
    /// Also compute the contribution of each region; photographs only.
    pub regions: Option<RegionOptions>,
    /// Run the sanity checks on every map.
    pub sanity_checks: Option<Settings>,
    /// Also write a figure of every photograph beside its map.
    pub figure: Option<FigureRequest>,
    pub open: OpenOptions,
    /// Whether numbers replace file names everywhere.
    pub mask_names: bool,
    /// Also write a case report about each photograph, in this language.
    pub report: Option<Lang>,
    /// The caller's hint for an error; the documents of failed maps include it.
    pub advice: fn(&Error) -> String,
    pub out: PathBuf,
}

/// What was written, and the photographs without a map.
#[derive(Clone, Debug)]
pub struct Explained {
    /// One for each photograph, or one for the tensor.
    pub maps: Vec<Entry>,
    pub skipped: Vec<Skipped>,
    /// The user stopped it; this holds what was finished by then.
    pub interrupted: bool,
}

impl Explained {
    pub fn failed(&self) -> usize {
        self.maps.iter().filter(|m| m.failure().is_some()).count()
    }
}

/// The layers of a model that suit a class activation map, finest grid first.
pub fn stages(
    ctx: &Context,
    model: &str,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Stage>, Error> {
    let network = Network::of(ctx, model, cancel, progress)?;
    Ok(saliency::stages(&network.graph))
}

/// Writes `<stem>.<model>.<method>.npy`, `.json` and, for photographs, `.png`, the requested figure and `.report.pdf`. A caller that closes `partial` before
/// the run does has its maps; the run then ends as cancelled.
pub fn explain(
    ctx: &Context,
    request: &ExplainRequest,
    partial: &PartialResults<PartialMaps>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Explained, Error> {
    atomic::prepare(&request.out)?;
    match &request.subject {
        ExplainInput::Tensor(_) if request.regions.is_some() => Err(Error::Usage(
            "regions need a photograph, not a tensor".to_owned(),
        )),
        ExplainInput::Tensor(path) => Ok(Explained {
            maps: vec![of_tensor(ctx, request, path, cancel, progress)?],
            skipped: Vec::new(),
            interrupted: false,
        }),
        ExplainInput::Photographs(inputs) => {
            of_photographs(ctx, request, inputs, partial, cancel, progress)
        }
    }
}

#[cfg(test)]
mod tests;
