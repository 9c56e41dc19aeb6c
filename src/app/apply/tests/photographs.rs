//! Photographs are added, read, corrected and released.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Effect;
use crate::app::apply::examples::{Desk, failure, file, image, known, opened, stopped};
use crate::app::apply::find::{FindFiles, SaveRecent};
use crate::app::apply::memory::PIXELS_KEPT;
use crate::app::apply::open::{OpenPhotograph, ReadThumbnail, Urgency};
use crate::app::apply::{Action, Photographs, SettingChange, View, dialog, find, open};
use crate::app::found::{FoundFiles, FoundPhotograph};
use crate::app::state::{Chosen, MessageTopic, Opened, Opening, PhotoId, Purpose};
use crate::domain::{EyeSource, FindingCode, Laterality, SkipReason, Skipped};
use crate::workflow::Source;

/// What is being opened, and how urgently.
fn openings(desk: &Desk) -> Vec<(PhotoId, Urgency)> {
    let opens = desk.effects.iter().filter_map(Effect::started);
    let opens = opens.map(|job: &OpenPhotograph| (job.photo, job.urgency));
    opens.collect()
}

fn glances(desk: &Desk) -> Vec<PhotoId> {
    let glances = desk.effects.iter().filter_map(Effect::started);
    glances.map(|job: &ReadThumbnail| job.photo).collect()
}

#[test]
fn what_is_given_is_searched_before_it_is_listed() {
    let mut desk = Desk::new();
    let paths = vec![PathBuf::from("folder")];
    desk.act(Action::Photographs(Photographs::Add(paths.clone())));
    assert!(desk.state.finding);
    assert_eq!(desk.only_starts::<FindFiles>().paths, paths);
    desk.act(Action::Photographs(Photographs::Add(vec![])));
    assert!(desk.effects.is_empty());
}

#[test]
fn two_searches_have_different_numbers() {
    let mut desk = Desk::new();
    let mut number = || {
        desk.act(Action::Photographs(Photographs::Add(vec!["f".into()])));
        desk.only_starts::<FindFiles>().number
    };
    assert_ne!(number(), number());
}

#[test]
fn the_first_of_several_files_is_shown_and_only_it_and_its_next_are_read() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    assert_eq!(desk.state.selected, Some(ids[0]));
    assert_eq!(openings(&desk), [(ids[0], Urgency::Now)]);
    desk.opened(ids[0], image("1", 4));
    assert_eq!(openings(&desk), [(ids[1], Urgency::Later)]);
    assert!(matches!(desk.photo(ids[2]).opening, Opening::Closed));
}

#[test]
fn a_file_that_waits_behind_others_is_asked_for_at_once_when_it_is_chosen() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    desk.opened(ids[0], image("1", 4)).select(ids[1]);
    assert_eq!(openings(&desk), [(ids[1], Urgency::Now)]);
}

#[test]
fn a_file_given_twice_is_one_row_and_selected_again() {
    let mut desk = Desk::new();
    let first = desk.open_ready("a", "1");
    desk.open_ready("b", "2");
    desk.open(&["a"]);
    assert_eq!(desk.state.photographs.len(), 2);
    assert_eq!(desk.state.selected, Some(first));
    // It may have changed since: it is read again.
    assert_eq!(openings(&desk), [(first, Urgency::Now)]);
}

#[test]
fn who_leafs_on_does_not_wait_for_what_was_left_behind() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    desk.select(ids[1]).select(ids[2]);
    assert!(desk.stops(OpenPhotograph::slot_of(ids[1])));
    assert!(matches!(desk.photo(ids[1]).opening, Opening::Closed));
    assert_eq!(openings(&desk), [(ids[2], Urgency::Now)]);
}

#[test]
fn an_eye_corrected_meanwhile_stands_above_whatever_a_job_brings() {
    let mut desk = Desk::new();
    let [a] = desk.open(&["a_OD.jpg"])[..] else {
        panic!()
    };
    let correct = |desk: &mut Desk, eye| {
        desk.act(Action::Photographs(Photographs::CorrectEye(a, eye)));
    };
    correct(&mut desk, Laterality::Os);
    desk.opened(a, image("1", 4));
    let eye_of = |desk: &Desk| {
        let photo = desk.photo(a);
        let image = &photo.opened().unwrap().image;
        assert_eq!(photo.known.as_ref().unwrap().eye, image.eye);
        (image.eye, image.eye_source)
    };
    assert_eq!(eye_of(&desk), (Laterality::Os, EyeSource::User));
    desk.run();
    correct(&mut desk, Laterality::Od);
    desk.answered(a, "1", 0.8);
    let case = &desk.photo(a).answers["m"].case;
    assert_eq!(
        (case.eye, case.eye_source),
        (Laterality::Od, EyeSource::User)
    );
    desk.row(a, "1", 0.7);
    assert_eq!(desk.photo(a).answers["m"].case.eye, Laterality::Od);
    assert_eq!(desk.photo(a).known.as_ref().unwrap().eye, Laterality::Od);
}

#[test]
fn a_folder_tells_what_it_left_out_and_an_empty_one_says_so() {
    let mut desk = Desk::new();
    let found = |desk: &mut Desk, photographs, skipped| {
        let result = Ok(FoundFiles {
            photographs,
            skipped,
            ..FoundFiles::default()
        });
        desk.land(|s| find::found(s, &["folder".into()], result));
    };
    let skipped = vec![Skipped {
        name: "notes.txt".into(),
        why: SkipReason::NotAPicture,
    }];
    let photographs = vec![FoundPhotograph::named(file("x/a.png"))];
    found(&mut desk, photographs, skipped.clone());
    let reported = MessageTopic::Skipped {
        skipped: skipped.clone(),
    };
    assert_eq!(desk.state.messages[0].subject, reported);
    assert_eq!(desk.state.skipped, skipped);
    assert_eq!(desk.state.photographs[0].file_name(), "a.png");
    found(&mut desk, vec![], vec![]);
    assert_eq!(desk.state.messages[1].subject, MessageTopic::NothingFound);
    assert!(!desk.state.finding);
}

#[test]
fn a_search_that_failed_is_told_and_one_that_was_stopped_is_not() {
    let mut desk = Desk::new();
    let paths = vec![];
    desk.land(|s| find::found(s, &paths, Err(stopped())));
    assert!(desk.state.messages.is_empty());
    desk.land(|s| find::found(s, &paths, Err(failure("file"))));
    assert_eq!(desk.state.messages[0].failure, Some(failure("file")));
}

#[test]
fn answers_of_a_file_that_changed_are_forgotten() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.opened(a, image("1", 4));
    assert_eq!(desk.score_shown(), Some(0.8));
    desk.opened(a, image("2", 4));
    assert_eq!(desk.score_shown(), None);
}

#[test]
fn a_file_that_fails_says_so_on_its_row_alone() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    for id in ids {
        desk.failed(id);
        assert!(desk.photo(id).has_failed());
    }
    assert!(desk.state.messages.is_empty());
}

#[test]
fn a_failed_file_is_tried_again_when_it_is_opened_again() {
    let mut desk = Desk::new();
    let a = desk.open(&["a"])[0];
    desk.failed(a).open(&["a"]);
    assert_eq!(openings(&desk), [(a, Urgency::Now)]);
}

#[test]
fn small_pictures_are_asked_for_by_what_is_on_the_screen_and_never_too_many() {
    let names: Vec<_> = (0..40).map(|i| format!("{i}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut desk = Desk::new();
    let ids = desk.open(&names);
    let rest = &ids[1..];
    desk.act(Action::Photographs(Photographs::Seen(rest.to_vec())));
    assert_eq!(glances(&desk), rest[..24]);
    desk.act(Action::Photographs(Photographs::Seen(rest.to_vec())));
    assert!(glances(&desk).is_empty(), "each is asked for once");
    desk.land(|s| open::glanced(s, rest[0], Ok(known(&image("1", 4)))));
    assert!(desk.photo(rest[0]).known.is_some());
    desk.act(Action::Photographs(Photographs::Seen(rest.to_vec())));
    assert_eq!(
        glances(&desk),
        [rest[24]],
        "one came, one more is asked for"
    );
}

#[test]
fn rows_that_scrolled_away_before_their_turn_are_let_go() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[1]])));
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[2]])));
    assert!(desk.stops(ReadThumbnail::slot_of(ids[1])));
    assert_eq!(glances(&desk), [ids[2]]);
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[1]])));
    assert_eq!(glances(&desk), [ids[1]], "back on the screen");
}

#[test]
fn a_glance_at_a_broken_file_marks_its_row() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[1]])));
    desk.land(|s| open::glanced(s, ids[1], Err(failure("image"))));
    assert!(desk.photo(ids[1]).has_failed() && !desk.photo(ids[1]).glancing);
}

#[test]
fn the_persons_word_about_the_eye_reaches_the_photograph_and_its_answers() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a_OD.jpg", "1");
    desk.run().answered(a, "1", 0.8);
    desk.act(Action::Photographs(Photographs::CorrectEye(
        a,
        Laterality::Os,
    )));
    let photo = desk.photo(a);
    let (image, known) = (
        &photo.opened().unwrap().image,
        photo.known.as_ref().unwrap(),
    );
    let case = &photo.answers["m"].case;
    assert_eq!(photo.eye(), Laterality::Os);
    for (eye, source, findings) in [
        (image.eye, image.eye_source, &image.findings),
        (known.eye, known.eye_source, &known.findings),
        (case.eye, case.eye_source, &case.findings),
    ] {
        assert_eq!((eye, source), (Laterality::Os, EyeSource::User));
        assert!(findings.iter().any(|f| f.code == FindingCode::EyeConflict));
    }
    assert_eq!(case.score, Some(0.8));
    // The stated eye is passed on when the file is read again.
    desk.open_ready("b", "2");
    desk.failed(a).open(&["a_OD.jpg"]);
    let reported = desk.started::<OpenPhotograph>().unwrap().eye;
    assert_eq!(reported, Some(Laterality::Os));
}

#[test]
fn an_eye_is_corrected_before_its_pixels_are_there() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    desk.act(Action::Photographs(Photographs::CorrectEye(
        ids[1],
        Laterality::Os,
    )));
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[1]])));
    let reported = desk.started::<ReadThumbnail>().unwrap().eye;
    assert_eq!(reported, Some(Laterality::Os));
    assert_eq!(desk.photo(ids[1]).eye(), Laterality::Os);
}

#[test]
fn pixels_are_let_go_when_there_are_too_many_and_come_back_on_selection() {
    let big = opened("big", 4096);
    let n = PIXELS_KEPT / big.pyramid.bytes() + 2;
    let names: Vec<_> = (0..=n).map(|i| format!("{i}")).collect();
    let mut desk = Desk::new();
    let ids = desk.open(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for id in &ids {
        // They share one picture's memory: only the sum matters here.
        let result = Ok(Arc::<Opened>::clone(&big));
        desk.select(*id).land(|s| open::opened(s, *id, result));
    }
    let closed = desk.state.photographs.iter();
    let closed = closed.filter(|p| matches!(p.opening, Opening::Closed));
    let closed: Vec<_> = closed.map(|p| p.id).collect();
    assert!(!closed.is_empty());
    assert_eq!(
        closed,
        ids[..closed.len()],
        "the least recently used go first"
    );
    let kept = ids.len() - closed.len() - 1;
    assert!(
        kept * big.pyramid.bytes() <= PIXELS_KEPT,
        "besides the one in view"
    );
    assert!(
        desk.photo(ids[0]).known.is_some(),
        "the small picture stays"
    );
    desk.select(ids[0]);
    assert_eq!(openings(&desk), [(ids[0], Urgency::Now)]);
}

#[test]
fn next_and_previous_stop_at_the_ends() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    desk.act(Action::Photographs(Photographs::Previous));
    assert_eq!(desk.state.selected, Some(ids[0]));
    for _ in 0..5 {
        desk.act(Action::Photographs(Photographs::Next));
    }
    assert_eq!(desk.state.selected, Some(ids[2]));
    desk.act(Action::Photographs(Photographs::Remove));
    assert_eq!(desk.state.selected, Some(ids[1]));
}

#[test]
fn one_dialog_at_a_time_and_its_files_are_searched() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::AskForFiles));
    assert!(matches!(
        desk.effects[..],
        [Effect::Ask(Purpose::Photographs)]
    ));
    desk.act(Action::Photographs(Photographs::AskForFolder));
    assert!(desk.effects.is_empty());
    let chosen = Chosen::Files(vec!["x.png".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::Photographs, chosen));
    assert!(!desk.state.asking);
    desk.only_starts::<FindFiles>();
}

#[test]
fn without_dialogs_paths_are_typed_and_that_is_told_once() {
    let mut desk = Desk::new();
    desk.land(|s| dialog::chosen(s, Purpose::Keras, Chosen::NoDialog));
    assert!(desk.state.no_dialog);
    assert_eq!(desk.state.path_requested, Some(Purpose::Keras));
    desk.act(Action::View(View::PathFieldReady));
    assert_eq!(desk.state.path_requested, None);
    assert!(
        desk.state.messages.is_empty(),
        "the field beside the button says it"
    );
    for _ in 0..3 {
        desk.land(|s| dialog::chosen(s, Purpose::Photographs, Chosen::NoDialog));
    }
    desk.land(|s| dialog::chosen(s, Purpose::Photographs, Chosen::Nothing));
    assert_eq!(desk.state.messages.len(), 1);
    assert_eq!(desk.state.messages[0].subject, MessageTopic::DialogMissing);
    assert_eq!(
        desk.state.path_requested, None,
        "nobody asks for a path now"
    );
    // The next time the field is ready before the dialog fails again.
    desk.act(Action::Photographs(Photographs::AskForFolder));
    assert_eq!(desk.state.path_requested, Some(Purpose::Folder));
}

#[test]
fn recent_files_are_kept_only_when_the_person_asked_for_it() {
    let mut desk = Desk::new();
    desk.open(&["a"]);
    assert!(desk.state.recent.is_empty());
    desk.act(Action::Settings(SettingChange::RememberFiles(true)));
    desk.open(&["b"]);
    let saves = |desk: &Desk| desk.started().map(|SaveRecent(files)| files.clone());
    assert_eq!(saves(&desk), Some(vec!["b".into()]));
    desk.open(&["c"]);
    desk.open(&["b"]);
    assert_eq!(desk.state.recent, [PathBuf::from("b"), "c".into()]);
    desk.act(Action::Settings(SettingChange::RememberFiles(false)));
    assert_eq!(saves(&desk), Some(vec![]), "the file is emptied too");
    assert!(desk.state.recent.is_empty());
}

#[test]
fn recent_files_are_few_and_can_be_forgotten() {
    let mut desk = Desk::new();
    desk.act(Action::Settings(SettingChange::RememberFiles(true)));
    for i in 0..30 {
        desk.open(&[&format!("{i}")]);
    }
    assert_eq!(desk.state.recent.len(), 12);
    assert_eq!(desk.state.recent[0], PathBuf::from("29"));
    desk.act(Action::Photographs(Photographs::ClearRecent));
    assert!(desk.state.recent.is_empty());
    assert!(desk.only_starts::<SaveRecent>().0.is_empty());
}

#[test]
fn the_sample_is_a_photograph_like_any_other_and_never_masked() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::OpenSample));
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    let sample = &desk.state.photographs[0];
    assert_eq!(sample.source, Source::Sample);
    assert_eq!(desk.state.shown_name(sample), "Sample eye");
    desk.act(Action::Photographs(Photographs::OpenSample));
    assert_eq!(desk.state.photographs.len(), 1);
}

#[test]
fn masked_files_are_numbered_in_the_order_of_adding() {
    let mut desk = Desk::new();
    let ids = desk.open(&["Yamada_OD.jpg", "Sato_OS.jpg"]);
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    assert_eq!(desk.state.shown_name(desk.photo(ids[1])), "No. 2");
}

#[test]
fn masked_names_are_numbered_from_one_although_the_sample_eye_came_first() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::OpenSample));
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    desk.open(&["a.jpg", "b.jpg"]);
    let own = ["a.jpg", "b.jpg"].map(|name| {
        let photo = desk.photo(desk.id_of(name));
        desk.state.shown_name(photo).into_owned()
    });
    assert_eq!(own, ["No. 1", "No. 2"]);
}
