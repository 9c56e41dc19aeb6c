//! What a decision sets in motion. `Runner` performs all of it but what only a window can do.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{FundusImage, Laterality, ModelCard, Pixels};
use crate::runtime::Device;
use crate::workflow::check_import::Choice;
use crate::workflow::{CheckReport, CheckRequest, ImportFlags, Inspected, Keep, ModelFile, Source};

use super::action::Purpose;
use super::log::LogLine;
use super::settings::Settings;
use super::state::{ExportOrder, PhotoId};
use super::verbs::{
    ControlsOrder, CoverOrder, CoverRegionsOrder, ExplainOrder, RegionsOrder, TraceOrder,
};

/// What a job is for. One job per slot: a newer one cancels and replaces the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    Models,
    Damaged,
    PrepareModels,
    Recent,
    /// Searches of folders do not replace each other: each has a number.
    Find(u64),
    Open(PhotoId),
    Glance(PhotoId),
    Predict,
    Explain,
    Controls,
    Regions,
    CoverRegions,
    Stages,
    Cover,
    Trace,
    Many,
    Unexported,
    ForgetRun,
    ForgetInputs,
    Dialog,
    SaveSettings,
    SaveRecent,
    Preview,
    Export,
    Figure,
    ShowFolder,
    SelfTest,
    Import,
    Check,
    ApplySetting,
    RemoveModel,
    EditCard,
    ExportModel,
    Devices,
    Install,
}

/// Who waits for a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is in view: someone looks at the empty canvas.
    Now,
    /// It may be the next.
    Later,
}

/// One photograph of a run over many.
#[derive(Clone, Debug)]
pub struct ManyItem {
    pub photo: PhotoId,
    pub source: Source,
    pub name: String,
    pub eye: Option<Laterality>,
    /// To be used although it does not look like a fundus photograph.
    pub accepted: bool,
}

#[derive(Clone, Debug)]
pub enum Effect {
    LoadModels,
    /// Look for models of the library that cannot be used.
    LoadDamaged,
    /// Import the bundled models, so that the first run does not wait for it.
    PrepareModels,
    LoadRecent,
    SaveRecent(Vec<PathBuf>),
    /// Spread files and folders out.
    Find {
        number: u64,
        paths: Vec<PathBuf>,
    },
    Open {
        photo: PhotoId,
        source: Source,
        eye: Option<Laterality>,
        urgency: Urgency,
    },
    StopOpening(PhotoId),
    Glance {
        photo: PhotoId,
        source: Source,
        eye: Option<Laterality>,
    },
    StopGlancing(PhotoId),
    Predict {
        photo: PhotoId,
        image: FundusImage,
        name: String,
        models: Vec<String>,
        device: Device,
    },
    StopPredicting,
    Explain {
        photo: PhotoId,
        order: ExplainOrder,
    },
    StopExplaining,
    Control {
        photo: PhotoId,
        order: ControlsOrder,
    },
    StopControls,
    /// Disc and fovea, or the regions that they make.
    Regions {
        photo: PhotoId,
        order: RegionsOrder,
    },
    CoverRegions {
        photo: PhotoId,
        order: CoverRegionsOrder,
    },
    StopCoveringRegions,
    /// Run the models on what the brush leaves.
    Cover(CoverOrder),
    /// Follow the photograph through the model.
    Trace(TraceOrder),
    StopCovering,
    /// Read a model's sensible layers.
    LoadStages(String),
    RunMany {
        items: Vec<ManyItem>,
        models: Vec<String>,
        device: Device,
        keep: Option<Keep>,
    },
    /// Look for a run over many that the last session left.
    LoadUnexported,
    ForgetRun(PathBuf),
    /// Forget where the photographs of earlier runs lie.
    ForgetInputs,
    PauseMany(bool),
    StopMany,
    SaveSettings(Settings),
    /// A small rendering of what would be exported first.
    Preview(ExportOrder),
    StopPreview,
    Export(ExportOrder),
    StopExport,
    /// The figure for the clipboard.
    Figure(ExportOrder),
    ShowFolder(PathBuf),
    SelfTest {
        model: String,
        device: Device,
    },
    Inspect {
        file: PathBuf,
        flags: Box<ImportFlags>,
    },
    /// What the flags make of a file that was read already.
    Resettle {
        inspected: Arc<Inspected>,
        file: PathBuf,
        flags: Box<ImportFlags>,
    },
    Store {
        file: PathBuf,
        flags: Box<ImportFlags>,
    },
    StopImport,
    CheckImport(Box<CheckRequest>),
    StopCheck,
    /// Writes the setting of a row into the card of the model that was checked.
    ApplySetting {
        report: Arc<CheckReport>,
        choice: Choice,
    },
    RemoveModel(String),
    EditCard(Box<ModelCard>),
    ExportModel {
        model: String,
        what: ModelFile,
        folder: PathBuf,
    },
    TryDevices,
    Install {
        file: PathBuf,
        accept: bool,
    },
    Log(LogLine),
    /// Only a window can do this: show a file dialog.
    Ask(Purpose),
    /// Only a window can do this: put a text on the clipboard.
    CopyText(String),
    /// Only a window can do this: put a picture on the clipboard.
    CopyPicture(Arc<Pixels>),
}
