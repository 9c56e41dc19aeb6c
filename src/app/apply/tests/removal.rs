//! Removing photographs and undoing it.

use std::path::PathBuf;

use crate::app::apply::examples::{Desk, image, model};
use crate::app::apply::{Action, Leaving, List, Photographs, library, many, models};
use crate::app::state::{MOST_REMOVALS, MessageTopic, Opening, PhotoId, RunSelection};
use crate::domain::{Laterality, SkipReason, Skipped};

fn three() -> (Desk, [PhotoId; 3]) {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    (desk, [ids[0], ids[1], ids[2]])
}

fn remove(desk: &mut Desk, id: PhotoId) {
    desk.select(id);
    desk.act(Action::Photographs(Photographs::Remove));
}

fn undo(desk: &mut Desk) {
    desk.act(Action::Photographs(Photographs::Restore));
}

#[test]
fn undo_restores_rows_in_their_places_with_answers_eyes_and_marks() {
    let (mut desk, [a, b, c]) = three();
    desk.opened(a, image("1", 4));
    desk.run().answered(a, "1", 0.8);
    let eye = Photographs::CorrectEye(a, Laterality::Os);
    desk.act(Action::Photographs(eye));
    desk.act(Action::List(List::Toggle(b)));
    assert_eq!(desk.state.meant(), [a, b]);
    desk.act(Action::Photographs(Photographs::Remove));
    assert_eq!(desk.names(), ["c"]);
    assert_eq!(desk.state.selected, Some(c));
    let removed = &desk.state.removals[0].photographs[0];
    assert!(
        matches!(removed.opening, Opening::Closed),
        "its pixels are released"
    );
    undo(&mut desk);
    assert_eq!(desk.names(), ["a", "b", "c"]);
    assert_eq!(desk.state.selected, Some(a));
    assert_eq!(desk.state.meant(), [a, b]);
    assert_eq!(desk.photo(a).eye(), Laterality::Os);
    assert_eq!(desk.score_shown(), Some(0.8));
    assert!(desk.state.messages.is_empty());
    undo(&mut desk);
    assert_eq!(
        desk.names(),
        ["a", "b", "c"],
        "there is nothing more to undo"
    );
}

#[test]
fn a_second_removal_does_not_lose_the_first() {
    let (mut desk, [a, b, _]) = three();
    remove(&mut desk, a);
    remove(&mut desk, b);
    let messages: Vec<_> = desk.state.messages.iter().map(|m| &m.subject).collect();
    assert_eq!(messages, [&MessageTopic::Removed { count: 1 }]);
    undo(&mut desk);
    assert_eq!(desk.names(), ["b", "c"]);
    undo(&mut desk);
    assert_eq!(desk.names(), ["a", "b", "c"]);
}

#[test]
fn the_last_removals_can_be_undone_and_no_more_are_kept() {
    let mut desk = Desk::new();
    let names: Vec<String> = (0..MOST_REMOVALS + 3).map(|i| format!("{i:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for id in desk.open(&names) {
        remove(&mut desk, id);
    }
    for _ in 0..names.len() {
        undo(&mut desk);
    }
    assert_eq!(desk.names(), &names[3..]);
}

#[test]
fn clearing_the_list_is_undone_with_its_skipped_files() {
    let (mut desk, ids) = three();
    desk.state.skipped = vec![Skipped {
        name: "notes.txt".into(),
        why: SkipReason::NotAPicture,
    }];
    desk.act(Action::Leaving(Leaving::ClearList));
    assert!(desk.state.photographs.is_empty() && desk.state.skipped.is_empty());
    undo(&mut desk);
    assert_eq!(desk.state.rows, ids);
    assert_eq!(desk.state.skipped.len(), 1);
}

#[test]
fn an_undone_removal_holds_what_came_meanwhile_and_nothing_that_no_longer_holds() {
    let (mut desk, [a, b, _]) = three();
    desk.act(Action::Export(crate::app::apply::Export::Folder(
        PathBuf::from("out"),
    )));
    desk.act(Action::Run(crate::app::apply::Run::StartMany(
        RunSelection::All,
    )));
    desk.row(a, "1", 0.8);
    remove(&mut desk, a);
    remove(&mut desk, b);
    desk.row(b, "2", 0.7).land(|s| many::ended(s, Ok(())));
    // The card of the model that answered is edited.
    desk.land(|s| library::card_edited(s, "m", Ok(())));
    desk.land(|s| models::read(s, vec![model("m"), model("n")]));
    undo(&mut desk);
    undo(&mut desk);
    assert!(desk.photo(a).answers.is_empty() && desk.photo(b).answers.is_empty());
    assert_eq!(
        desk.photo(b).sha256(),
        Some("2"),
        "read while it was removed"
    );
}

#[test]
fn how_a_run_ended_is_forgotten_with_the_list() {
    let (mut desk, ids) = three();
    desk.act(Action::Run(crate::app::apply::Run::StartMany(
        RunSelection::All,
    )));
    for id in ids {
        desk.row_unread(id);
    }
    desk.land(|s| many::ended(s, Ok(())));
    assert!(desk.state.many.is_some());
    desk.act(Action::Leaving(Leaving::ClearList));
    assert!(desk.state.many.is_none());
    desk.open(&["d"]);
    assert!(desk.state.many.is_none());
}

#[test]
fn undo_brings_results_back_although_the_file_was_added_again() {
    let (mut desk, [a, ..]) = three();
    desk.opened(a, image("1", 4));
    desk.run().answered(a, "1", 0.8);
    remove(&mut desk, a);
    desk.open(&["a"]);
    undo(&mut desk);
    assert_eq!(desk.names(), ["a", "b", "c"]);
    assert_eq!(desk.score_shown(), Some(0.8));
}
