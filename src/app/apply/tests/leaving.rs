//! The question before results are lost.

use crate::app::Effect;
use crate::app::apply::examples::Desk;
use crate::app::apply::{Action, Export, Leaving, Photographs, Run, export, many};
use crate::app::state::{ExportOrder, Leaving as What, Loss, PhotoId, RunSelection, Scope};
use crate::domain::Laterality;
use crate::workflow::Source;

fn answered() -> (Desk, PhotoId) {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.land(|s| crate::app::apply::predict::ended(s, a));
    (desk, a)
}

fn quit(desk: &mut Desk) -> bool {
    desk.act(Action::Leaving(Leaving::Quit));
    matches!(desk.effects[..], [Effect::CloseWindow])
}

#[test]
fn without_results_the_window_closes_at_once() {
    let mut desk = Desk::new();
    desk.open_ready("a", "1");
    assert!(quit(&mut desk));
    assert_eq!(desk.state.leaving, None);
}

#[test]
fn results_that_are_in_no_file_are_asked_about_once() {
    let (mut desk, a) = answered();
    assert!(!quit(&mut desk));
    assert_eq!(desk.state.leaving, Some(What::Window));
    let loss = desk.state.loss(What::Window);
    assert_eq!(
        loss,
        Loss {
            unexported: 1,
            work: false
        }
    );
    desk.act(Action::Leaving(Leaving::Stay));
    assert!(desk.state.leaving.is_none() && desk.effects.is_empty());
    desk.act(Action::Leaving(Leaving::Proceed));
    assert!(desk.effects.is_empty(), "nothing was asked");
    quit(&mut desk);
    desk.act(Action::Leaving(Leaving::Export));
    assert!(desk.state.leaving.is_none());
    assert_eq!(desk.state.export.as_ref().unwrap().scope, Scope::All);
    desk.act(Action::Export(Export::Close));
    quit(&mut desk);
    desk.act(Action::Leaving(Leaving::Proceed));
    assert!(matches!(desk.effects[..], [Effect::CloseWindow]));
    assert!(desk.photo(a).answers.contains_key("m"));
}

#[test]
fn exported_results_are_not_asked_about_until_they_are_computed_again() {
    let (mut desk, a) = answered();
    let written = vec![(desk.photo(a).source.clone(), vec!["m".to_owned()])];
    desk.land(|s| {
        export::note_stored(s, written);
        vec![]
    });
    assert!(quit(&mut desk));
    desk.run().answered(a, "1", 0.8);
    assert!(!quit(&mut desk));
}

#[test]
fn the_rows_of_an_order_count_as_exported_with_the_models_that_answered() {
    let (mut desk, a) = answered();
    desk.act(Action::Export(Export::Open));
    desk.act(Action::Export(Export::Folder("out".into())));
    desk.act(Action::Export(Export::Write(
        crate::app::state::IfTaken::Ask,
    )));
    let order: ExportOrder = desk.started::<export::WriteFiles>().unwrap().0.clone();
    let source = desk.photo(a).source.clone();
    assert_eq!(export::written(&order), [(source, vec!["m".to_owned()])]);
}

#[test]
fn answers_that_a_run_keeps_in_a_folder_are_not_lost_and_a_run_going_on_is_asked_about() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    desk.act(Action::Export(Export::Folder("out".into())));
    desk.act(Action::Run(Run::StartMany(RunSelection::All)));
    desk.row(ids[0], "1", 0.8);
    let loss = desk.state.loss(What::Window);
    assert_eq!(
        loss,
        Loss {
            unexported: 0,
            work: true
        }
    );
    assert!(!quit(&mut desk));
    // The question is withdrawn when nothing would be lost any more.
    desk.row(ids[1], "2", 0.7).land(|s| many::ended(s, Ok(())));
    assert_eq!(desk.state.leaving, None);
    assert!(quit(&mut desk));
}

#[test]
fn the_sample_eye_is_left_without_a_question() {
    let (mut desk, _) = answered();
    desk.state.photographs[0].source = Source::Sample;
    assert!(quit(&mut desk));
}

#[test]
fn a_list_with_results_is_cleared_after_a_question_and_one_without_at_once() {
    let (mut desk, _) = answered();
    desk.act(Action::Leaving(Leaving::ClearList));
    assert_eq!(desk.state.leaving, Some(What::List));
    assert_eq!(desk.state.photographs.len(), 1);
    desk.act(Action::Leaving(Leaving::Proceed));
    assert!(desk.state.photographs.is_empty());
    desk.act(Action::Photographs(Photographs::Restore));
    assert_eq!(desk.score_shown(), Some(0.8));
    let mut desk = Desk::new();
    desk.open(&["a"]);
    desk.act(Action::Leaving(Leaving::ClearList));
    assert!(desk.state.photographs.is_empty());
}

#[test]
fn removed_results_are_asked_about_unless_they_were_given_up() {
    let (mut desk, a) = answered();
    desk.open(&["b"]);
    desk.select(a);
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(!quit(&mut desk), "Undo ends with the window");
    let (mut desk, _) = answered();
    desk.act(Action::Leaving(Leaving::ClearList));
    desk.act(Action::Leaving(Leaving::Proceed));
    assert!(quit(&mut desk), "they were given up before");
}

#[test]
fn a_correction_or_a_map_after_the_export_is_not_lost_silently() {
    let (mut desk, a) = answered();
    let written = vec![(desk.photo(a).source.clone(), vec!["m".to_owned()])];
    desk.land(|s| {
        export::note_stored(s, written);
        vec![]
    });
    desk.act(Action::Photographs(Photographs::CorrectEye(
        a,
        Laterality::Os,
    )));
    assert!(!quit(&mut desk));
}

#[test]
fn export_takes_the_models_whose_results_are_in_no_file_and_leaves_one_in_progress_alone() {
    let (mut desk, _) = answered();
    desk.state.settings.models = vec!["another".into()];
    quit(&mut desk);
    desk.act(Action::Leaving(Leaving::Export));
    assert_eq!(desk.state.settings.models, ["m"]);
    desk.state.export.as_mut().unwrap().writing = true;
    quit(&mut desk);
    desk.act(Action::Leaving(Leaving::Export));
    assert!(desk.state.export.as_ref().unwrap().writing);
}
