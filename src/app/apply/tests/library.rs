//! The model library and the engines.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Effect;
use crate::app::apply::devices::{InstallRuntime, Installed, TryDevices};
use crate::app::apply::examples::{Desk, failure, image, model, stopped};
use crate::app::apply::import::{InspectFile, ResolveDraft, StoreModel};
use crate::app::apply::library::{EditCard, RemoveModel, TestModel};
use crate::app::apply::models::ReadModels;
use crate::app::apply::{Action, Library, Run, devices, dialog, import, library, models};
use crate::app::state::{Chosen, Import, Loadable, MessageTopic, Models, Purpose, RuntimeInstall};
use crate::domain::{Head, Task};
use crate::runtime::{Device, DevicesReport};
use crate::workflow::draft::{Draft, DraftInput};
use crate::workflow::{FileFacts, ImportFlags, ImportReport, Inspected, SelfTest};

fn act(desk: &mut Desk, action: Library) {
    desk.act(Action::Library(action));
}

fn inspected(unknown: &[&str]) -> Arc<Inspected> {
    Arc::new(Inspected {
        facts: FileFacts {
            name: "model.h5".into(),
            sha256: "ab".into(),
            form: "full",
            architecture: Some("MobileNet".into()),
            parameters: 3,
            keras_version: None,
            configuration: None,
            input_size: [224, 224],
            head: Head::Sigmoid,
            head_is_applied: false,
            is_grey: false,
            augmentation_layers: vec![],
            preprocessing_layers: vec![],
            last_feature_map: None,
            view: None,
            pooling: None,
            units: 1,
            precisions: vec![],
        },
        draft: Draft::default(),
        unknown: unknown.iter().map(ToString::to_string).collect(),
        unconfirmed: vec![],
        in_library: vec![],
        taken: Default::default(),
    })
}

fn report(id: &str) -> ImportReport {
    ImportReport {
        id: id.into(),
        sha256: "ab".into(),
        form: "full",
        architecture: None,
        parameters: 3,
        keras_version: None,
        configuration: None,
        input: DraftInput::default(),
        head: Some(Head::Sigmoid),
        augmentation_layers: vec![],
        grey: false,
        preprocessing_layers: vec![],
        last_feature_map: None,
        unknown: vec![],
        unsupported: vec![],
        unconfirmed: vec![],
        findings: vec![],
        same_file_as: vec![],
        replaced: false,
        engine_checks: vec![],
    }
}

fn import(desk: &Desk) -> &Import {
    desk.state.library.import.as_ref().unwrap()
}

fn task_stated() -> Box<ImportFlags> {
    Box::new(ImportFlags {
        task: Some(Task::Sex),
        ..ImportFlags::default()
    })
}

/// With a file that was read.
fn read() -> Desk {
    let mut desk = Desk::new();
    act(&mut desk, Library::Inspect("folder/m.h5".into()));
    desk.land(|s| import::inspected(s, Ok(inspected(&["task"]))));
    desk
}

#[test]
fn models_that_a_defect_kept_from_being_read_say_so() {
    let mut desk = Desk::bare();
    desk.met_defect(&ReadModels);
    assert!(matches!(&desk.state.models, Models::Failed(f) if f.code == "internal"));
    assert_eq!(desk.state.messages[0].subject, MessageTopic::Internal);
    assert!(desk.state.chosen_models().is_empty());
}

#[test]
fn a_self_test_runs_on_the_chosen_device_and_one_at_a_time() {
    let mut desk = Desk::new();
    desk.set(|s| s.device = "embedded".into());
    act(&mut desk, Library::SelfTest("m".into()));
    let TestModel { model, device } = desk.only_starts();
    assert_eq!((model.as_str(), *device), ("m", Device::Embedded));
    assert!(desk.state.library.self_tests["m"].is_pending());
    act(&mut desk, Library::SelfTest("n".into()));
    assert!(desk.effects.is_empty());
    let test = SelfTest {
        max_abs_error: 0.5,
        tolerance: 1e-4,
        within: false,
        engine: "rten".into(),
        provider: "embedded".into(),
        version: "1".into(),
        run_ms: 3.0,
    };
    desk.land(|s| library::tested(s, "m".into(), Ok(test)));
    assert!(matches!(&desk.state.library.self_tests["m"], Loadable::Ready(t) if !t.within));
    act(&mut desk, Library::SelfTest("n".into()));
    desk.land(|s| library::tested(s, "n".into(), Err(failure("device"))));
    assert!(matches!(
        &desk.state.library.self_tests["n"],
        Loadable::Failed(_)
    ));
}

#[test]
fn a_keras_file_is_chosen_read_and_shown() {
    let mut desk = Desk::new();
    act(&mut desk, Library::AskForKeras);
    assert!(matches!(desk.effects[..], [Effect::Ask(Purpose::Keras)]));
    let chosen = Chosen::Files(vec!["folder/m.h5".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::Keras, chosen));
    desk.only_starts::<InspectFile>();
    assert_eq!(import(&desk).name, "m.h5");
    assert!(import(&desk).inspected.is_pending());
    desk.land(|s| import::inspected(s, Ok(inspected(&["task"]))));
    assert!(matches!(&import(&desk).inspected, Loadable::Ready(i) if i.unknown == ["task"]));
}

#[test]
fn what_the_person_says_settles_the_draft_anew_without_reading_again() {
    let mut desk = read();
    act(&mut desk, Library::Flags(task_stated()));
    assert_eq!(
        desk.only_starts::<ResolveDraft>().flags.task,
        Some(Task::Sex)
    );
    assert_eq!(import(&desk).flags, *task_stated());
    // A mismatch is reported, and the file stays loaded.
    desk.land(|s| import::inspected(s, Err(failure("usage"))));
    assert_eq!(import(&desk).failure, Some(failure("usage")));
    assert!(matches!(import(&desk).inspected, Loadable::Ready(_)));
    act(&mut desk, Library::Flags(task_stated()));
    assert_eq!(import(&desk).failure, None);
}

#[test]
fn a_file_that_could_not_be_read_is_read_again_with_what_was_said() {
    let mut desk = Desk::new();
    act(&mut desk, Library::Inspect("m.h5".into()));
    desk.land(|s| import::inspected(s, Err(failure("keras"))));
    assert!(matches!(import(&desk).inspected, Loadable::Failed(_)));
    act(&mut desk, Library::Store);
    assert!(desk.effects.is_empty(), "there is nothing to store");
    act(&mut desk, Library::Flags(task_stated()));
    desk.only_starts::<InspectFile>();
}

#[test]
fn a_stored_model_is_chosen_and_the_list_loaded_anew() {
    let mut desk = read();
    act(&mut desk, Library::Flags(task_stated()));
    act(&mut desk, Library::Store);
    let StoreModel { file, flags } = desk.only_starts();
    assert_eq!(*file, PathBuf::from("folder/m.h5"));
    assert_eq!(*flags, *task_stated());
    assert!(import(&desk).storing);
    act(&mut desk, Library::Store);
    assert!(desk.effects.is_empty(), "once is enough");
    desk.land(|s| import::stored(s, Ok(report("mine"))));
    assert!(desk.started::<ReadModels>().is_some());
    assert!(desk.state.library.import.is_none());
    desk.land(|s| models::read(s, vec![model("m"), model("mine")]));
    assert_eq!(desk.state.model().unwrap().id, "mine");
    let name = "mine".into();
    assert_eq!(
        desk.state.messages[0].subject,
        MessageTopic::Imported { name }
    );
}

#[test]
fn a_failure_of_storing_keeps_the_form_and_a_cancel_is_none() {
    for (result, reported) in [(failure("library"), true), (stopped(), false)] {
        let mut desk = read();
        act(&mut desk, Library::Store);
        desk.land(|s| import::stored(s, Err(result)));
        assert!(!import(&desk).storing);
        assert!(matches!(import(&desk).inspected, Loadable::Ready(_)));
        assert_eq!(import(&desk).failure.is_some(), reported);
    }
}

#[test]
fn an_import_that_was_given_up_takes_no_late_answer() {
    let mut desk = read();
    act(&mut desk, Library::CancelImport);
    assert!(desk.only_stops::<InspectFile>());
    desk.land(|s| import::inspected(s, Ok(inspected(&[]))));
    assert!(desk.state.library.import.is_none());
}

#[test]
fn a_removed_model_is_gone_and_the_first_takes_its_place() {
    let mut desk = Desk::new();
    desk.set(|s| s.models = vec!["n".into()]);
    act(&mut desk, Library::RemoveModel("n".into()));
    assert_eq!(desk.only_starts::<RemoveModel>().0, "n");
    desk.land(|s| library::removed(s, Ok(())));
    desk.only_starts::<ReadModels>();
    desk.land(|s| models::read(s, vec![model("m")]));
    assert_eq!(desk.state.model().unwrap().id, "m");
    desk.land(|s| library::removed(s, Err(failure("library"))));
    assert_eq!(desk.state.messages[0].subject, MessageTopic::Library);
}

#[test]
fn answers_of_a_card_that_was_edited_do_not_stay() {
    let mut desk = Desk::new();
    let [id] = desk.open(&["a"])[..] else {
        panic!()
    };
    desk.opened(id, image("1", 4));
    desk.act(Action::Run(Run::Start));
    desk.answered(id, "1", 0.8);
    assert_eq!(desk.score_shown(), Some(0.8));
    let card = model("m").card.as_ref().clone();
    act(&mut desk, Library::EditCard(Box::new(card)));
    desk.only_starts::<EditCard>();
    let edited_card = |desk: &mut Desk, result| {
        desk.land(|s| library::card_edited(s, "m", result));
    };
    edited_card(&mut desk, Err(failure("card")));
    assert_eq!(desk.score_shown(), Some(0.8), "nothing changed");
    desk.run();
    edited_card(&mut desk, Ok(()));
    assert_eq!(desk.score_shown(), None);
    desk.only_starts::<ReadModels>();
    let mut edited = model("m").card.as_ref().clone();
    edited.threshold = Some(0.3);
    desk.land(|s| models::read(s, vec![edited.into()]));
    desk.answered(id, "1", 0.8);
    assert_eq!(
        desk.score_shown(),
        None,
        "it was given with the former card"
    );
}

#[test]
fn devices_are_tried_and_told() {
    let mut desk = Desk::new();
    act(&mut desk, Library::TryDevices);
    desk.only_starts::<TryDevices>();
    assert!(desk.state.library.devices.is_pending());
    let report = Arc::new(DevicesReport { engines: vec![] });
    desk.land(|s| devices::tried(s, Ok(report)));
    assert!(matches!(desk.state.library.devices, Loadable::Ready(_)));
    desk.land(|s| devices::tried(s, Err(failure("device"))));
    assert!(matches!(desk.state.library.devices, Loadable::Failed(_)));
}

#[test]
fn a_library_of_unknown_origin_is_installed_only_after_a_yes() {
    let mut desk = Desk::new();
    let chosen = Chosen::Files(vec!["onnxruntime.whl".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::Runtime, chosen));
    let file = PathBuf::from("onnxruntime.whl");
    assert!(!desk.only_starts::<InstallRuntime>().accept);
    let sha256 = String::from("cd");
    desk.land(|s| devices::installed(s, file.clone(), Ok(Installed::NotPinned { sha256 })));
    assert!(desk.effects.is_empty());
    match &desk.state.library.installing {
        Some(RuntimeInstall::NotPinned {
            file: requested,
            sha256,
        }) => {
            assert_eq!((requested, sha256.as_str()), (&file, "cd"));
        }
        other => panic!("{other:?}"),
    }
    let accept = true;
    act(
        &mut desk,
        Library::InstallRuntime {
            file: file.clone(),
            accept,
        },
    );
    assert!(desk.only_starts::<InstallRuntime>().accept);
    let result = Ok(Installed::Done {
        restart_needed: false,
        refused: None,
    });
    desk.land(|s| devices::installed(s, file, result));
    // The devices are tested again.
    desk.only_starts::<TryDevices>();
}

#[test]
fn an_installation_that_was_declined_or_failed_says_so() {
    let mut desk = Desk::new();
    let file = PathBuf::from("x.so");
    let accept = false;
    act(
        &mut desk,
        Library::InstallRuntime {
            file: file.clone(),
            accept,
        },
    );
    desk.land(|s| devices::installed(s, file.clone(), Err(failure("runtime"))));
    assert!(matches!(
        &desk.state.library.installing,
        Some(RuntimeInstall::Failed(_))
    ));
    act(&mut desk, Library::CancelRuntimeInstall);
    assert!(desk.state.library.installing.is_none());
    let result = Ok(Installed::Done {
        restart_needed: true,
        refused: None,
    });
    desk.land(|s| devices::installed(s, file, result));
    assert!(
        desk.state.library.installing.is_none(),
        "nobody waits for it"
    );
}

#[test]
fn a_defect_while_installing_or_importing_frees_the_page() {
    let mut desk = read();
    act(&mut desk, Library::Store);
    desk.panics::<StoreModel>();
    assert!(desk.state.library.import.is_none());
    act(
        &mut desk,
        Library::InstallRuntime {
            file: "x".into(),
            accept: false,
        },
    );
    desk.panics::<InstallRuntime>();
    assert!(matches!(
        &desk.state.library.installing,
        Some(RuntimeInstall::Failed(_))
    ));
    act(&mut desk, Library::SelfTest("m".into()));
    desk.panics::<TestModel>();
    assert!(desk.state.library.self_tests.is_empty());
    act(&mut desk, Library::TryDevices);
    desk.panics::<TryDevices>();
    assert!(matches!(desk.state.library.devices, Loadable::Failed(_)));
}
