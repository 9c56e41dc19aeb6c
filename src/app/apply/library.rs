//! Models and engines: self-tests, the import of a Keras file, what works on this machine.

use std::path::PathBuf;
use std::sync::Arc;

use super::jobs::told;
use super::photographs::ask;
use super::run::device_of;
use crate::app::action::{Library, Purpose};
use crate::app::effect::Effect;
use crate::app::state::{Asked, Import, Installing, State, Subject};
use crate::app::verbs::{Failure, Installed};
use crate::workflow::{ImportFlags, ImportReport, Inspected};

pub(super) fn apply(state: &mut State, action: Library) -> Vec<Effect> {
    match action {
        Library::SelfTest(model) => {
            let library = &mut state.library;
            if library.self_tests.values().any(Asked::is_pending) {
                return vec![];
            }
            library.self_tests.insert(model.clone(), Asked::Pending);
            let device = device_of(&state.settings.device);
            vec![Effect::SelfTest { model, device }]
        }
        Library::AskForKeras => ask(state, Purpose::Keras),
        Library::Inspect(file) => inspect(state, file),
        Library::Flags(flags) => set_flags(state, *flags),
        Library::Store => store(state),
        Library::CancelImport => {
            state.library.import = None;
            vec![Effect::StopImport]
        }
        Library::RemoveModel(id) => vec![Effect::RemoveModel(id)],
        Library::EditCard(card) => vec![Effect::EditCard(card)],
        Library::AskForModelFolder(model, what) => {
            state.library.exporting = Some((model, what));
            if state.no_dialog {
                state.path_wanted = Some(Purpose::ModelFolder);
                return vec![];
            }
            ask(state, Purpose::ModelFolder)
        }
        Library::ExportModel {
            model,
            what,
            folder,
        } => {
            state.library.exporting = None;
            vec![Effect::ExportModel {
                model,
                what,
                folder,
            }]
        }
        Library::TryDevices => {
            state.library.devices = Asked::Pending;
            vec![Effect::TryDevices]
        }
        Library::AskForRuntime => ask(state, Purpose::Runtime),
        Library::Install { file, accept } => {
            state.library.installing = Some(Installing::Pending);
            vec![Effect::Install { file, accept }]
        }
        Library::CancelInstall => {
            state.library.installing = None;
            vec![]
        }
    }
}

fn inspect(state: &mut State, file: PathBuf) -> Vec<Effect> {
    // The form shows each guess with its mark; nothing is stored before the person agrees.
    let flags = Box::new(ImportFlags {
        guess: true,
        ..ImportFlags::default()
    });
    state.library.imported = None;
    state.library.import = Some(Import {
        name: crate::storage::file_name(&file),
        file: file.clone(),
        flags: (*flags).clone(),
        inspected: Asked::Pending,
        storing: false,
        failure: None,
    });
    vec![Effect::Inspect { file, flags }]
}

fn set_flags(state: &mut State, flags: ImportFlags) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    // What is being stored is what was said before.
    if import.storing {
        return vec![];
    }
    import.flags = flags.clone();
    import.failure = None;
    match &import.inspected {
        Asked::Ready(inspected) => vec![Effect::Resettle {
            inspected: Arc::clone(inspected),
            file: import.file.clone(),
            flags: Box::new(flags),
        }],
        // A file that could not be read as it is may be readable with what was said now, such as its input size.
        Asked::Failed(_) => {
            import.inspected = Asked::Pending;
            vec![Effect::Inspect {
                file: import.file.clone(),
                flags: Box::new(flags),
            }]
        }
        Asked::Not | Asked::Pending => vec![],
    }
}

fn store(state: &mut State) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    if !matches!(import.inspected, Asked::Ready(_)) || import.storing {
        return vec![];
    }
    import.storing = true;
    import.failure = None;
    vec![Effect::Store {
        file: import.file.clone(),
        flags: Box::new(import.flags.clone()),
    }]
}

pub(super) fn inspected(state: &mut State, result: Result<Arc<Inspected>, Failure>) -> Vec<Effect> {
    let Some(import) = &mut state.library.import else {
        return vec![];
    };
    match (result, &import.inspected) {
        // What the person said does not fit the file: the file stays read.
        (Err(failure), Asked::Ready(_)) => import.failure = Some(failure),
        (result, _) => import.inspected = Asked::of(result),
    }
    vec![]
}

pub(super) fn stored(state: &mut State, result: Result<Box<ImportReport>, Failure>) -> Vec<Effect> {
    match result {
        Ok(report) => {
            state.library.import = None;
            state.library.imported = Some(report.id.clone());
            state.library.self_tests.remove(&report.id);
            let name = report.id.clone();
            state.settings.models = vec![report.id];
            state.tell(Subject::Imported { name }, None);
            vec![
                Effect::SaveSettings(state.settings.clone()),
                Effect::LoadModels,
            ]
        }
        Err(failure) => {
            if let Some(import) = &mut state.library.import {
                import.storing = false;
                import.failure = (!failure.cancelled).then_some(failure);
            }
            vec![]
        }
    }
}

/// Answers that were given with the card as it was do not hold any more.
pub(super) fn card_edited(
    state: &mut State,
    model: &str,
    result: Result<(), Failure>,
) -> Vec<Effect> {
    if let Err(failure) = result {
        return told(state, Subject::Library, failure);
    }
    for photo in &mut state.photographs {
        photo.keep_answers(|id, _| id != model);
    }
    vec![Effect::LoadModels]
}

pub(super) fn exported(
    state: &mut State,
    folder: PathBuf,
    result: Result<Vec<String>, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(names) => {
            let subject = Subject::Exported {
                files: names.len(),
                problems: vec![],
                folder,
            };
            state.tell(subject, None);
            vec![]
        }
        Err(failure) => told(state, Subject::Export, failure),
    }
}

pub(super) fn removed(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    match result {
        Ok(()) => vec![Effect::LoadModels],
        Err(failure) => told(state, Subject::Library, failure),
    }
}

pub(super) fn installed(
    state: &mut State,
    file: PathBuf,
    result: Result<Installed, Failure>,
) -> Vec<Effect> {
    if state.library.installing.is_none() {
        return vec![];
    }
    let (now, effects) = match result {
        Ok(Installed::Done {
            restart_needed,
            refused,
        }) => {
            state.library.devices = Asked::Pending;
            (
                Installing::Done {
                    restart_needed,
                    refused,
                },
                vec![Effect::TryDevices],
            )
        }
        Ok(Installed::NotPinned { sha256 }) => (Installing::NotPinned { file, sha256 }, vec![]),
        Err(failure) => (Installing::Failed(failure), vec![]),
    };
    state.library.installing = Some(now);
    effects
}
