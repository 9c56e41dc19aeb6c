//! Models of the library: testing, removing, exporting and editing.

use std::path::PathBuf;

use super::common::{ask, device_of, reported};
use super::models::ReadModels;
use super::{check, devices, import};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, MessageTopic, Purpose, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::ModelCard;
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::workflow::{self, ImportFlags, ModelFile, SelfTest};

/// Models and engines.
#[derive(Clone, Debug)]
pub enum Library {
    SelfTest(String),
    AskForKeras,
    AskForKerasFolder,
    /// Reads a Keras file.
    Inspect(PathBuf),
    /// The user's statements about the model.
    Flags(Box<ImportFlags>),
    Store,
    CancelImport,
    RemoveModel(String),
    /// Replaces the card of a library model, by the card's id.
    EditCard(Box<ModelCard>),
    /// Opens a dialog for the folder of a model's files.
    AskForModelFolder(String, ModelFile),
    ExportModel {
        model: String,
        what: ModelFile,
        folder: PathBuf,
    },
    TryDevices,
    AskForRuntime,
    /// A wheel or library; with `accept`, any checksum is allowed.
    InstallRuntime {
        file: PathBuf,
        accept: bool,
    },
    CancelRuntimeInstall,
}

/// Runs a model's self-test on a device.
#[derive(Clone, Debug)]
pub struct TestModel {
    pub model: String,
    pub device: Device,
}

impl Job for TestModel {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let model = self.model.clone();
        let (context, device) = (&work.context, self.device);
        let result = workflow::self_test(context, &model, device, wait.cancel, wait.progress);
        Landing::new(move |state| tested(state, model, result.map_err(Failure::from)))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(|state| {
            let tests = &mut state.library.self_tests;
            tests.retain(|_, test| !test.is_pending());
            vec![]
        })
    }
}

#[derive(Clone, Debug)]
pub struct RemoveModel(pub String);

impl Job for RemoveModel {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = workflow::remove_model(&work.context, &self.0).map_err(Failure::from);
        Landing::new(move |state| removed(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Replaces a model's card, by the card's id.
#[derive(Clone, Debug)]
pub struct EditCard(pub Box<ModelCard>);

impl Job for EditCard {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = workflow::edit_card(&work.context, &self.0).map_err(Failure::from);
        let model = self.0.id.clone();
        Landing::new(move |state| card_edited(state, &model, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Writes a model's card or network to a folder.
#[derive(Clone, Debug)]
pub struct ExportModel {
    pub model: String,
    pub what: ModelFile,
    pub folder: PathBuf,
}

impl Job for ExportModel {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let folder = self.folder.clone();
        let result = workflow::export_model(&work.context, &self.model, self.what, &folder);
        Landing::new(move |state| exported(state, folder, result.map_err(Failure::from)))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

pub(super) fn apply(state: &mut State, action: Library) -> Vec<Effect> {
    match action {
        Library::SelfTest(model) => test(state, model),
        Library::AskForKeras => ask(state, Purpose::Keras),
        Library::AskForKerasFolder => ask(state, Purpose::KerasFolder),
        Library::Inspect(file) => import::inspect(state, file),
        Library::Flags(flags) => {
            check::form_changes(state, &flags);
            import::set_flags(state, *flags)
        }
        Library::Store => import::store(state),
        Library::CancelImport => import::cancel(state),
        Library::RemoveModel(id) => vec![Effect::start(RemoveModel(id))],
        Library::EditCard(card) => vec![Effect::start(EditCard(card))],
        Library::AskForModelFolder(model, what) => {
            state.library.exporting = Some((model, what));
            if state.no_dialog {
                state.path_requested = Some(Purpose::ModelFolder);
                return vec![];
            }
            ask(state, Purpose::ModelFolder)
        }
        Library::ExportModel {
            model,
            what,
            folder,
        } => {
            state.library.exporting = Some((model, what));
            export_into(state, folder)
        }
        Library::TryDevices => devices::try_all(state),
        Library::AskForRuntime => ask(state, Purpose::Runtime),
        Library::InstallRuntime { file, accept } => devices::install(state, file, accept),
        Library::CancelRuntimeInstall => {
            state.library.installing = None;
            vec![]
        }
    }
}

fn test(state: &mut State, model: String) -> Vec<Effect> {
    let library = &mut state.library;
    if library.self_tests.values().any(Loadable::is_pending) {
        return vec![];
    }
    library.self_tests.insert(model.clone(), Loadable::Pending);
    let device = device_of(&state.settings.device);
    vec![Effect::start(TestModel { model, device })]
}

pub(super) fn tested(
    state: &mut State,
    model: String,
    result: Result<SelfTest, Failure>,
) -> Vec<Effect> {
    // Opening a model on an engine for the first time checks the engine; the model list contains the result.
    let reported = result.as_ref().is_ok_and(|test| {
        let listed = state.installed().iter().find(|m| m.id == model);
        listed.is_some_and(|m| m.lacks_check_of(&test.engine, &test.version))
    });
    state.library.self_tests.insert(model, Loadable::of(result));
    match reported {
        true => vec![Effect::start(ReadModels)],
        false => vec![],
    }
}

/// Writes the requested file to the chosen folder.
pub(super) fn export_into(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    match state.library.exporting.take() {
        Some((model, what)) => vec![Effect::start(ExportModel {
            model,
            what,
            folder,
        })],
        None => vec![],
    }
}

/// Answers computed with the former card no longer hold.
pub(super) fn card_edited(
    state: &mut State,
    model: &str,
    result: Result<(), Failure>,
) -> Vec<Effect> {
    if let Err(failure) = result {
        return reported(state, MessageTopic::Library, failure);
    }
    for photo in state.all_photographs_mut() {
        photo.keep_answers(|id, _| id != model);
    }
    vec![Effect::start(ReadModels)]
}

pub(super) fn exported(
    state: &mut State,
    folder: PathBuf,
    result: Result<Vec<String>, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(names) => {
            let subject = MessageTopic::Exported {
                files: names.len(),
                problems: vec![],
                folder,
            };
            state.notify(subject, None);
            vec![]
        }
        Err(failure) => reported(state, MessageTopic::Export, failure),
    }
}

pub(super) fn removed(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    match result {
        Ok(()) => vec![Effect::start(ReadModels)],
        Err(failure) => reported(state, MessageTopic::Library, failure),
    }
}
