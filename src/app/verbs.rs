//! What the window asks of the application, as a trait: the real thing is in [`super::office`], tests bring their own.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::{FundusImage, Laterality, ModelCard, Pixels};
use crate::evaluation::{self, Question};
use crate::imaging::Anatomy;
use crate::keras::Architecture;
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::{Device, DevicesReport};
use crate::saliency::controls::{Controls, Part};
use crate::saliency::{CoveredRegions, Regions, SaliencyMap, Stage};
use crate::workflow::check_import::{Applied, CheckReport, CheckRequest, Choice, Interim};
use crate::workflow::cover::Covered;
use crate::workflow::trace::Trace;
use crate::workflow::{
    self, Class, Damaged, ImportFlags, ImportReport, Inspected, ModelFile, ModelSummary, SelfTest,
    Source, Unexported,
};

use crate::domain::Skipped;
use crate::storage::naming::Place;
use crate::text::Lang;
use crate::text::failures::Fault;
use crate::text::notes::Note;

use super::Settings;
pub use super::apply::anatomy::{HideRegions as CoverRegionsOrder, MeasureRegions as RegionsOrder};
pub use super::apply::controls::ControlMap as ControlsOrder;
pub use super::apply::cover::RunCovered as CoverOrder;
pub use super::apply::explain::MakeMap as ExplainOrder;
pub use super::apply::many::RunMany as ManyOrder;
pub use super::apply::predict::Predict as PredictOrder;
pub use super::apply::trace::FollowSteps as TraceOrder;
use super::state::{ExportOrder, Exported};

/// Why something did not work, in words for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A short name for programs, such as `image`.
    pub code: String,
    /// What failed in English, as files and the command line say it; without path or person.
    pub english: String,
    /// The same for the window, in either language.
    pub fault: Box<Fault>,
    /// The person asked to stop: not an error.
    pub cancelled: bool,
    /// Fields that the person must say first, by their names in files.
    pub open: Vec<String>,
    /// What the person must say about a table of labels first.
    pub question: Option<Box<Question>>,
    /// The network that a file of weights alone belongs to, where its kernels tell.
    pub network: Option<Architecture>,
}

impl Failure {
    /// What failed, as the window says it.
    pub fn message(&self, lang: Lang) -> String {
        self.fault.message(lang)
    }

    /// What to do next, as the window says it.
    pub fn hint(&self, lang: Lang) -> String {
        self.fault.hint(lang)
    }
}

impl From<workflow::Error> for Failure {
    fn from(error: workflow::Error) -> Self {
        Self {
            code: error.code().to_owned(),
            english: error.said(),
            fault: Box::new(error.fault()),
            cancelled: error.class() == Class::Interrupted,
            question: match &error {
                workflow::Error::Evaluation(evaluation::Error::Question(question)) => {
                    Some(Box::new(question.clone()))
                }
                _ => None,
            },
            network: match &error {
                workflow::Error::Open(open) => open.architecture,
                _ => None,
            },
            open: match error {
                workflow::Error::Unknown(fields) => fields,
                workflow::Error::Open(open) => {
                    open.missing.iter().map(|f| (*f).to_owned()).collect()
                }
                _ => Vec::new(),
            },
        }
    }
}

/// In English, for a report: the short name and what failed.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.english)
    }
}

/// What one model said about one photograph, and where its map lies in it.
pub use crate::workflow::Answer;

/// A photograph that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhotograph {
    pub source: Source,
    pub place: Place,
}

impl FoundPhotograph {
    /// One that was named by itself.
    pub fn named(source: Source) -> Self {
        let root = match &source {
            Source::File(path) | Source::Masked { path, .. } => {
                path.parent().unwrap_or(path).to_owned()
            }
            Source::Sample => PathBuf::new(),
        };
        let place = Place {
            root,
            below: source.name(),
            in_folder: false,
        };
        Self { source, place }
    }
}

/// What was found in files and folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFiles {
    pub photographs: Vec<FoundPhotograph>,
    pub skipped: Vec<Skipped>,
    /// Last parts of paths at which there is nothing.
    pub absent: Vec<String>,
}

/// How the installation of a runtime library ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    Done {
        restart_needed: bool,
        /// Why the library cannot be used, where it cannot.
        refused: Option<String>,
    },
    /// Its checksum is not among those known; nothing was installed.
    NotPinned { sha256: String },
}

/// One photograph of a run over many, as the verbs answer it.
#[derive(Debug)]
pub struct ManyRow {
    /// Its place among the items.
    pub index: usize,
    pub photograph: Result<FundusImage, Failure>,
    /// By model.
    pub answers: Vec<(String, Result<Answer, Failure>)>,
    /// The answers are those of an earlier run.
    pub recalled: bool,
}

/// What a run over many tells as it goes.
#[derive(Debug)]
pub enum ManyNews {
    Row(Box<ManyRow>),
    /// The journal of another run was in the export folder and has this name now.
    SetAside(String),
    /// Answers cannot be kept in the export folder.
    NotKept(Failure),
    /// They are kept, but the next start will not offer to go on.
    NotNoted(Failure),
}

/// The blocking verbs, called from job threads only.
pub trait Verbs: Send + Sync + 'static {
    /// Every installed model.
    fn models(&self) -> Result<Vec<ModelSummary>, Failure>;

    /// Models of the library that cannot be used.
    fn damaged_models(&self) -> Vec<Damaged>;

    /// Imports the bundled models where that has not been done yet.
    fn prepare_models(&self, cancel: &Cancel, progress: &Progress) -> Result<(), Failure>;

    /// Spreads files and folders out.
    fn find(&self, paths: &[PathBuf], cancel: &Cancel) -> Result<FoundFiles, Failure>;

    /// `eye` is the person's word; it stands above tags and names.
    fn open(&self, source: &Source, eye: Option<Laterality>) -> Result<FundusImage, Failure>;

    /// Runs models on one photograph; each answer is told as it comes.
    fn predict(
        &self,
        order: &PredictOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &dyn Fn(String, Result<Answer, Failure>),
    );

    /// The layers of a model at which a class activation map is worth making.
    fn stages(
        &self,
        model: &str,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<Stage>, Failure>;

    /// Makes the map of a recipe; maps on the way to it are told where the method has them. Progress counts passes.
    fn explain(
        &self,
        order: &ExplainOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(SaliencyMap),
    ) -> Result<Answer, Failure>;

    /// Controls a map; each part is told as it is finished. Progress counts passes.
    fn controls(
        &self,
        order: &ControlsOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Part),
    ) -> Result<Controls, Failure>;

    /// Disc and fovea where they are found or marked, the regions that they make, and the map's shares of them.
    fn regions(&self, order: &RegionsOrder, cancel: &Cancel) -> Result<Measured, Failure>;

    /// Hides each region in turn. Progress counts passes.
    fn cover_regions(
        &self,
        order: &CoverRegionsOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<CoveredRegions, Failure>;

    /// Follows a photograph through a model, step by step.
    fn trace(
        &self,
        order: &TraceOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Trace, Failure>;

    /// Runs models on a photograph of which parts are covered.
    fn cover(&self, order: &CoverOrder, cancel: &Cancel) -> Result<Vec<Covered>, Failure>;

    /// Runs models on many photographs; each is told as it comes, in order. The gate holds the run while it is shut.
    fn run_many(
        &self,
        order: &ManyOrder,
        gate: &Gate,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(ManyNews),
    ) -> Result<(), Failure>;

    /// The run over many that the last session left without exporting it.
    fn unexported(&self) -> Option<Unexported>;

    /// Offers that run no more.
    fn forget_run(&self, folder: &Path) -> Result<(), Failure>;

    /// Forgets where the photographs of such runs lie.
    fn forget_inputs(&self) -> Result<(), Failure>;

    /// What the application did on its own since this was last asked, and everybody should know.
    fn notes(&self) -> Vec<Note>;

    /// What the first photograph's picture would look like, at most `longest` pixels long.
    fn preview(
        &self,
        order: &ExportOrder,
        longest: u32,
        cancel: &Cancel,
    ) -> Result<Pixels, Failure>;

    fn export(
        &self,
        order: &ExportOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Exported, Failure>;

    fn show_folder(&self, folder: &Path) -> Result<(), Failure>;

    fn self_test(
        &self,
        model: &str,
        device: Device,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<SelfTest, Failure>;

    /// Reads a Keras file and tells what it says and what is still to be asked.
    fn inspect(
        &self,
        file: &Path,
        flags: &ImportFlags,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Inspected, Failure>;

    /// The same after the person said more, without reading the file again.
    fn resettle(
        &self,
        inspected: &Inspected,
        file: &Path,
        flags: &ImportFlags,
    ) -> Result<Inspected, Failure>;

    fn store(
        &self,
        file: &Path,
        flags: &ImportFlags,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<ImportReport, Failure>;

    /// Ranks the settings of a model's preprocessing; how they stand is told after each photograph.
    fn check_import(
        &self,
        request: &CheckRequest,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Interim),
    ) -> Result<CheckReport, Failure>;

    /// Writes the setting of a row into the model's card.
    fn apply_setting(&self, report: &CheckReport, choice: Choice) -> Result<Applied, Failure>;

    fn remove_model(&self, id: &str) -> Result<(), Failure>;

    /// Another card for a model of the library.
    fn edit_card(&self, card: &ModelCard) -> Result<(), Failure>;

    /// Writes a model's card or network into a folder; answers the names.
    fn export_model(
        &self,
        id: &str,
        what: ModelFile,
        folder: &Path,
    ) -> Result<Vec<String>, Failure>;

    fn devices(&self, cancel: &Cancel, progress: &Progress) -> Result<DevicesReport, Failure>;

    fn install_runtime(&self, file: &Path, accept: bool) -> Result<Installed, Failure>;

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure>;

    fn recent(&self) -> Vec<PathBuf>;

    /// An empty list forgets them all.
    fn save_recent(&self, files: &[PathBuf]) -> Result<(), Failure>;
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Measured {
    pub regions: Regions,
    /// `None` where there are no points.
    pub layout: Option<Arc<Anatomy>>,
}
