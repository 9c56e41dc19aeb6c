//! What people can make happen, one enum per subject. An action says what is meant, not which widget was used.

use std::path::PathBuf;

use crate::domain::{Laterality, ModelCard, Persons, Point};
use crate::evaluation::{Meaning, Role};
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{Side, Style};
use crate::saliency::{Fill, Recipe};
use crate::text::Lang;
use crate::workflow::check_import::Choice;
use crate::workflow::{ImportFlags, ModelFile, Unexported};

use super::settings::Appearance;
use super::state::{
    CheckSubject, Clash, Display, Layout, PhotoId, Scope, Show, SortBy, Wanted, Which,
};

pub use super::state::{Chosen, Purpose};

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
