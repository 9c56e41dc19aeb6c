//! What people and jobs can make happen, one enum per subject. An action says what is meant, not which widget was used.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Laterality, ModelCard, Persons, Pixels, Point};
use crate::evaluation::{Meaning, Role};
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{Side, Style};
use crate::runtime::DevicesReport;
use crate::saliency::controls::{self, Part};
use crate::saliency::{CoveredRegions, Fill, Recipe, SaliencyMap, Stage};
use crate::text::Lang;
use crate::text::notes::Note;
use crate::workflow::check_import::{Applied, CheckReport, Choice, Interim};
use crate::workflow::cover::Covered;
use crate::workflow::trace::Trace;
use crate::workflow::{
    Damaged, ImportFlags, ImportReport, Inspected, ModelFile, ModelSummary, SelfTest, Unexported,
};

use super::settings::Appearance;
use super::state::{
    CheckSubject, Clash, Display, Exported, Known, Layout, MapKey, Opened, PhotoId, Scope, Show,
    SortBy, Wanted, Which,
};
pub use super::verbs::Measured;
use super::verbs::{Answer, Failure, FoundFiles, Installed};

#[derive(Clone, Debug)]
pub enum Action {
    Photographs(Photographs),
    List(List),
    Models(Models),
    Run(Run),
    Explain(Explain),
    Controls(Controls),
    Anatomy(Anatomy),
    Cover(Cover),
    View(View),
    Export(Export),
    Library(Library),
    Check(Check),
    Settings(Change),
    Messages(Messages),
    Job(JobNote),
}

/// Photographs come, go and are looked at.
#[derive(Clone, Debug)]
pub enum Photographs {
    /// Files and folders that the person gave; folders are searched.
    Add(Vec<PathBuf>),
    OpenSample,
    AskForFiles,
    AskForFolder,
    Select(PhotoId),
    Next,
    Previous,
    /// Takes the marked ones, or the one in view, off the list.
    Remove,
    RemoveAll,
    /// Puts back what was removed last.
    Restore,
    /// These rows are on the screen without a small picture.
    Seen(Vec<PhotoId>),
    CorrectEye(PhotoId, Laterality),
    /// Whether a picture that does not look like a fundus photograph is to be used all the same.
    Accept(PhotoId, bool),
    /// Whether a photograph is to count for its eye and person, whatever speaks for or against it.
    Count(PhotoId, bool),
    /// Who says which photographs are one person's.
    Persons(Persons),
    /// Forgets the recent files.
    ClearRecent,
}

/// How the list is looked at, and what is marked in it.
#[derive(Clone, Debug)]
pub enum List {
    /// Marks or unmarks one.
    Toggle(PhotoId),
    /// Marks everything between the one in view and this one.
    Extend(PhotoId),
    MarkAll,
    Unmark,
    /// Sorts by this, the other way round if it is sorted by it already.
    Sort(SortBy),
    Show(Show),
    Words(String),
}

#[derive(Clone, Debug)]
pub enum Models {
    Load,
    /// Takes a model among the chosen ones, or leaves it out.
    Toggle(String),
    /// This one alone.
    Choose(String),
    /// Puts a chosen model's answer in view.
    Look(String),
    /// The next of the chosen models.
    LookAtNext,
}

/// Runs: on the photograph in view, and on many.
#[derive(Clone, Debug)]
pub enum Run {
    Start,
    Cancel,
    StartMany(Which),
    Pause,
    Resume,
    CancelMany,
    /// Goes on with the run that the last session left.
    GoOn(Box<Unexported>),
    /// Offers that run no more.
    ForgetRun(PathBuf),
}

/// The map of what moved the score.
#[derive(Clone, Debug)]
pub enum Explain {
    /// Someone looks for the layers of the model in view.
    AskForStages,
    /// How the map of the model in view is made.
    Recipe(Recipe),
    /// Makes the map in view.
    Compute,
    Cancel,
}

/// The controls of the map in view.
#[derive(Clone, Copy, Debug)]
pub enum Controls {
    Run,
    Cancel,
}

/// Disc and fovea of the photograph in view, and its regions.
#[derive(Clone, Debug)]
pub enum Anatomy {
    /// Looks for both in the photograph.
    Find,
    /// What was found is right.
    Accept,
    /// The person marks them: the next click is the disc, the one after it the fovea.
    Place,
    /// A click while marking, in pixels of the photograph.
    Mark(PhotoId, Point),
    /// Leaves marking.
    Stop,
    /// Forgets both.
    Clear,
    Outlines(bool),
    /// Hides each region for the model in view.
    Cover,
    CancelCover,
}

/// The cover brush over the photograph in view. Points are in pixels of the photograph.
#[derive(Clone, Debug)]
pub enum Cover {
    Take,
    Leave,
    Fill(Fill),
    /// The brush's radius as a share of the field's.
    Radius(f64),
    /// A stroke begins.
    Begin((f64, f64)),
    To((f64, f64)),
    /// The hand is lifted.
    Lift,
    Undo,
    Clear,
}

/// What the middle of the window shows.
#[derive(Clone, Debug)]
pub enum View {
    /// Someone looks at what the network sees of the photograph in view.
    Trace,
    Layout(Layout),
    Display(Display),
    /// The field for the path that is wanted has the focus.
    PathFieldReady,
}

/// The export dialog.
#[derive(Clone, Debug)]
pub enum Export {
    Open,
    Close,
    Scope(Scope),
    Wanted(Wanted),
    AskForFolder,
    Folder(PathBuf),
    /// Writes; what becomes of files that exist already.
    Write(Clash),
    Cancel,
    /// Puts the figure of the photograph in view on the clipboard.
    CopyFigure,
    CopyResult,
    /// The methods paragraph in this language.
    CopyMethods(Lang),
    /// A text that is ready as it is.
    CopyText(String),
    ShowFolder(PathBuf),
}

/// Models and engines.
#[derive(Clone, Debug)]
pub enum Library {
    SelfTest(String),
    AskForKeras,
    /// A Keras file was given.
    Inspect(PathBuf),
    /// The person said something about the model.
    Flags(Box<ImportFlags>),
    Store,
    CancelImport,
    RemoveModel(String),
    /// Another card for a model of the library, by the card's id.
    EditCard(Box<ModelCard>),
    /// The person looks for a folder for a model's files.
    AskForModelFolder(String, ModelFile),
    ExportModel {
        model: String,
        what: ModelFile,
        folder: PathBuf,
    },
    TryDevices,
    AskForRuntime,
    /// A wheel or library; with `accept` whatever its checksum.
    Install {
        file: PathBuf,
        accept: bool,
    },
    CancelInstall,
}

/// The check of a model's preprocessing.
#[derive(Clone, Debug)]
pub enum Check {
    Of(CheckSubject),
    AskForLabels,
    AskForImages,
    /// The table of labels.
    Labels(PathBuf),
    /// The folder of photographs.
    Images(PathBuf),
    /// These columns of the table hold it.
    Columns(Role, Vec<String>),
    /// A value of the table means this.
    Value(String, Meaning),
    /// Names of digits alone match without leading zeros.
    IgnoreZeros(bool),
    Start,
    Stop,
    /// Takes the setting of a row.
    Use(Choice),
}

/// A change of a setting; every one is saved.
#[derive(Clone, Debug)]
pub enum Change {
    Language(Lang),
    Appearance(Appearance),
    Scale(f32),
    Device(String),
    OverlayShown(bool),
    OverlayOpacity(f32),
    OverlayColours(Colormap),
    OverlayStyle(Style),
    OverlaySide(Side),
    /// Outlines what is at or above this share of the map's limit.
    OverlayContour(Option<f32>),
    FieldOutlineShown(bool),
    GridShown(bool),
    NamesMasked(bool),
    RememberFiles(bool),
    Welcomed(bool),
}

#[derive(Clone, Debug)]
pub enum Messages {
    CopyDetails(u64),
    Dismiss(u64),
}

/// What a file dialog was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Photographs,
    Folder,
    ExportFolder,
    Keras,
    /// A folder for a model's files.
    ModelFolder,
    Runtime,
    CheckLabels,
    CheckImages,
}

/// What a file dialog came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Files(Vec<PathBuf>),
    /// The person closed the dialog.
    Nothing,
    /// The system offers no file dialog.
    NoDialog,
}

/// What a job answered.
#[derive(Clone, Debug)]
pub enum JobNote {
    Models(Result<Vec<ModelSummary>, Failure>),
    Recent(Vec<PathBuf>),
    Found {
        paths: Vec<PathBuf>,
        result: Result<FoundFiles, Failure>,
    },
    Opened {
        photo: PhotoId,
        result: Result<Arc<Opened>, Failure>,
    },
    /// A small picture for the list, and what is known of the photograph.
    Glanced {
        photo: PhotoId,
        result: Result<Known, Failure>,
    },
    Predicted {
        photo: PhotoId,
        model: String,
        sha256: String,
        result: Result<Arc<Answer>, Failure>,
    },
    /// Every model has answered.
    PredictionEnded {
        photo: PhotoId,
    },
    Traced {
        photo: PhotoId,
        model: String,
        result: Result<Box<Trace>, Failure>,
    },
    Covered {
        photo: PhotoId,
        revision: u64,
        result: Result<Vec<Covered>, Failure>,
    },
    Stages {
        model: String,
        result: Result<Vec<Stage>, Failure>,
    },
    /// A map that is not finished yet.
    MapOnTheWay {
        photo: PhotoId,
        key: MapKey,
        map: SaliencyMap,
    },
    Explained {
        photo: PhotoId,
        key: MapKey,
        /// Digest of the file that was explained.
        sha256: String,
        result: Result<Arc<Answer>, Failure>,
    },
    /// A part of a map's controls is finished.
    ControlFound {
        photo: PhotoId,
        key: MapKey,
        part: Part,
    },
    Controlled {
        photo: PhotoId,
        key: MapKey,
        /// Digest of the file whose map was controlled.
        sha256: String,
        result: Result<Arc<controls::Controls>, Failure>,
    },
    Measured {
        photo: PhotoId,
        /// Digest of the file that was measured.
        sha256: String,
        result: Result<Box<Measured>, Failure>,
    },
    RegionsCovered {
        photo: PhotoId,
        sha256: String,
        result: Result<Arc<CoveredRegions>, Failure>,
    },
    /// One photograph of a run over many is through.
    RowDone(RowDone),
    /// The journal of another run was in the export folder and has this name now.
    SetAside(String),
    /// The answers of a run over many cannot be kept in the export folder.
    NotKept(Failure),
    /// They are kept, but the next start will not offer to go on.
    NotNoted(Failure),
    /// A run over many that the last session left.
    Unexported(Option<Box<Unexported>>),
    RunForgotten(Result<(), Failure>),
    /// What the application did on its own.
    Noted(Note),
    ManyEnded(Result<(), Failure>),
    Chosen(Purpose, Chosen),
    /// The bundled models stand ready, or could not be made so.
    Prepared(Result<(), Failure>),
    SettingsSaved(Result<(), Failure>),
    Previewed(Result<Arc<Pixels>, Failure>),
    Exported {
        folder: PathBuf,
        result: Result<Exported, Failure>,
    },
    Figure(Result<Arc<Pixels>, Failure>),
    FolderShown(Result<(), Failure>),
    SelfTested {
        model: String,
        result: Result<SelfTest, Failure>,
    },
    Inspected(Result<Arc<Inspected>, Failure>),
    Stored(Result<Box<ImportReport>, Failure>),
    /// How the settings of a check stand.
    CheckStands(Arc<Interim>),
    Checked(Result<Arc<CheckReport>, Failure>),
    SettingApplied(Result<Applied, Failure>),
    Damaged(Vec<Damaged>),
    ModelRemoved(Result<(), Failure>),
    CardEdited {
        model: String,
        result: Result<(), Failure>,
    },
    ModelExported {
        folder: PathBuf,
        result: Result<Vec<String>, Failure>,
    },
    Devices(Result<Arc<DevicesReport>, Failure>),
    RuntimeInstalled {
        file: PathBuf,
        result: Result<Installed, Failure>,
    },
    /// A job panicked; the text is the panic's own.
    Panicked {
        slot: super::effect::Slot,
        text: String,
    },
}

/// One photograph of a run over many.
#[derive(Clone, Debug)]
pub struct RowDone {
    pub photo: PhotoId,
    /// What was read, or why nothing could be.
    pub known: Result<Known, Failure>,
    /// By model.
    pub answers: Vec<(String, Result<Arc<Answer>, Failure>)>,
    /// The answers are those of an earlier run.
    pub recalled: bool,
}
