//! Verifies a network against the output of Keras for the same input tensor.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::models::{self, nchw_from_npy, not_a_tensor};
use super::network;
use super::resolve_card::{self, ImportFlags};
use super::{Context, Error, memory};
use crate::domain::Tensor;
use crate::export::{npy, row};
use crate::graph::{self, Footprint};
use crate::progress::{Cancel, Progress};
use crate::runtime::{Device, Session};
use crate::storage::read;

/// Largest `.npy` that is read.
const TENSOR_LIMIT: u64 = 2 << 30;
/// Largest number of values of one run; larger batches are run in parts.
const VALUES_PER_RUN: usize = 8 << 20;

/// Which figures to compare.
#[derive(Clone, Debug)]
pub struct Request {
    /// A model's id or a Keras file.
    pub model: String,
    /// NHWC float32 as Keras takes it, any batch.
    pub input: PathBuf,
    /// The output of Keras: (N, units).
    pub expected: PathBuf,
    pub tolerance: f64,
    pub device: Device,
    /// What the user states about a file that leaves something open.
    pub flags: ImportFlags,
}

/// The comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verified {
    pub max_abs_error: f64,
    pub tolerance: f64,
    pub within: bool,
    pub engine: String,
    pub provider: String,
    /// What the reader should know about how the model was opened, as in results.
    pub findings: Vec<Value>,
}

/// Runs the model on the input and compares its output with the expected one.
pub fn verify(
    ctx: &Context,
    request: &Request,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Verified, Error> {
    // A missing model is reported before a missing tensor.
    models::find(ctx, &request.model)?;
    let input = nchw_from_npy(&tensor_file(&request.input)?)?;
    let expected = tensor(&request.expected)?;
    let mut network = network::network(
        ctx,
        &request.model,
        &request.flags.members,
        resolve_card::options(&request.flags)?,
        request.device,
        cancel,
        progress,
    )?;
    let input = network.accepted(input)?;
    let session = network.session.as_mut();
    let max_abs_error = largest_error(
        session,
        network.footprint,
        &input,
        &expected,
        cancel,
        progress,
    )?;
    let used = session.used();
    Ok(Verified {
        max_abs_error,
        tolerance: request.tolerance,
        within: max_abs_error <= request.tolerance,
        engine: used.engine.clone(),
        provider: used.provider.clone(),
        findings: row::findings(&network.findings),
    })
}

/// Runs a network on an input (NCHW, any batch) and returns the largest absolute difference from the expected output;
/// infinite if a number is not finite. Progress counts images.
pub(super) fn largest_error(
    session: &mut dyn Session,
    footprint: Footprint,
    input: &Tensor,
    expected: &Tensor,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<f64, Error> {
    let [count, _, _, _] = *input.shape else {
        return Err(Error::Tensor("the input must have four axes".to_owned()));
    };
    let per_image = input.values.len() / count.max(1);
    let batch = (VALUES_PER_RUN / per_image.max(1)).max(1);
    let batch = memory::pictures_at_once(footprint, batch);
    progress.start(count as u64);
    let mut got = Vec::new();
    for values in input.values.chunks((batch * per_image).max(1)) {
        cancel.check()?;
        let mut shape = input.shape.clone();
        shape[0] = values.len() / per_image;
        let piece = Tensor {
            shape,
            values: values.to_vec(),
        };
        let output = session
            .run(&[(graph::INPUT, &piece)], &[graph::OUTPUT], cancel)?
            .remove(0);
        for _ in 0..piece.shape[0] {
            progress.advance();
        }
        got.extend(output.values);
    }
    if got.len() != expected.values.len() {
        return Err(Error::Tensor(format!(
            "the model gives {} numbers for this input; {} were expected",
            got.len(),
            expected.values.len()
        )));
    }
    Ok(got
        .iter()
        .zip(&expected.values)
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).abs())
        // A number that is not finite is never within a tolerance.
        .fold(0.0, |worst: f64, e| {
            if e.is_nan() {
                f64::INFINITY
            } else {
                worst.max(e)
            }
        }))
}

/// Reads the file of a tensor.
pub(super) fn tensor_file(path: &Path) -> Result<Vec<u8>, Error> {
    memory::check_file(read::length(path).min(TENSOR_LIMIT))?;
    Ok(read::file(path, TENSOR_LIMIT)?)
}

fn tensor(path: &Path) -> Result<Tensor, Error> {
    npy::read_floats(&tensor_file(path)?).map_err(not_a_tensor)
}
