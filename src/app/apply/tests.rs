//! Decisions, one by one.

use std::sync::Arc;

use super::examples::{Desk, answer, failure, file, opened};
use super::photographs::PIXELS_KEPT;
use crate::app::action::{Action, Change, Chosen, JobNote, Messages, Models, Photographs, Run};
use crate::app::effect::{Effect, Slot, Urgency};
use crate::app::state::{Opened, Opening, RunEnd, Subject};
use crate::runtime::Device;
use crate::workflow::Source;

#[test]
fn the_first_of_several_files_is_shown_and_read_first() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    assert_eq!(desk.state.selected, Some(ids[0]));
    let orders: Vec<_> = desk
        .effects
        .iter()
        .map(|e| match e {
            Effect::Open { photo, urgency, .. } => (*photo, *urgency),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        orders,
        [
            (ids[0], Urgency::Later),
            (ids[1], Urgency::Later),
            (ids[0], Urgency::Now)
        ]
    );
}

#[test]
fn a_file_given_twice_is_one_row_and_selected_again() {
    let mut desk = Desk::new();
    let first = desk.open_ready("a", "1");
    desk.open(&["b"]);
    desk.open(&["a"]);
    assert_eq!(desk.state.photographs.len(), 2);
    assert_eq!(desk.state.selected, Some(first));
    assert!(desk.effects.is_empty());
}

#[test]
fn an_answer_lands_on_its_own_photograph_also_when_another_is_selected() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run();
    assert!(desk.state.is_running_here());
    let b = desk.open_ready("b", "2");
    assert!(!desk.state.is_running_here());
    desk.answered(a, "1", 0.8);
    assert_eq!(desk.state.selected, Some(b));
    assert_eq!(desk.score_shown(), None);
    desk.act(Action::Photographs(Photographs::Previous));
    assert_eq!(desk.score_shown(), Some(0.8));
}

#[test]
fn an_answer_about_other_bytes_is_dropped() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run();
    desk.job(JobNote::Opened {
        photo: a,
        result: Ok(opened("changed", 4)),
    });
    desk.answered(a, "1", 0.8);
    assert_eq!(desk.score_shown(), None);
    assert_eq!(desk.state.running, None);
}

#[test]
fn answers_of_a_file_that_changed_are_forgotten() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.job(JobNote::Opened {
        photo: a,
        result: Ok(opened("1", 4)),
    });
    assert_eq!(desk.score_shown(), Some(0.8));
    desk.job(JobNote::Opened {
        photo: a,
        result: Ok(opened("2", 4)),
    });
    assert_eq!(desk.score_shown(), None);
}

#[test]
fn an_answer_for_a_removed_photograph_is_dropped() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run();
    desk.act(Action::Photographs(Photographs::Remove(a)));
    assert!(
        desk.effects
            .iter()
            .any(|e| matches!(e, Effect::StopPredicting))
    );
    desk.answered(a, "1", 0.8);
    assert!(desk.state.photographs.is_empty());
    assert_eq!(desk.state.selected, None);
}

#[test]
fn a_newer_run_supersedes_the_one_on_another_photograph() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run();
    let b = desk.open_ready("b", "2");
    desk.run();
    assert_eq!(desk.state.running.as_ref().map(|r| r.photo), Some(b));
    assert_eq!(
        desk.state.photograph(a).unwrap().run_end,
        Some(RunEnd::Cancelled)
    );
}

#[test]
fn running_needs_a_photograph_that_is_open_and_a_model() {
    let mut desk = Desk::new();
    assert!(desk.run().effects.is_empty());
    desk.open(&["a"]);
    assert!(!desk.state.can_run());
    assert!(desk.run().effects.is_empty());
}

#[test]
fn the_former_answer_stays_while_a_new_one_is_computed_and_after_a_failure() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.run();
    assert_eq!(desk.score_shown(), Some(0.8));
    desk.job(JobNote::Predicted {
        photo: a,
        model: "m".into(),
        sha256: "1".into(),
        result: Err(failure("device")),
    });
    assert_eq!(desk.score_shown(), Some(0.8));
    assert_eq!(desk.state.running, None);
    assert_eq!(desk.state.messages[0].subject, Subject::Run);
}

#[test]
fn cancelling_says_so_and_is_no_error() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().act(Action::Run(Run::Cancel));
    assert!(matches!(desk.effects[..], [Effect::StopPredicting]));
    assert_eq!(
        desk.state.photograph(a).unwrap().run_end,
        Some(RunEnd::Cancelled)
    );
    assert!(desk.state.messages.is_empty());
    assert!(desk.act(Action::Run(Run::Cancel)).effects.is_empty());
}

#[test]
fn each_model_keeps_its_own_answer() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.act(Action::Models(Models::Choose("n".into())));
    assert_eq!(desk.score_shown(), None);
    desk.act(Action::Models(Models::Choose("m".into())));
    assert_eq!(desk.score_shown(), Some(0.8));
}

#[test]
fn a_model_that_is_no_longer_installed_gives_way_to_the_first() {
    let mut desk = Desk::new();
    desk.act(Action::Models(Models::Choose("gone".into())));
    assert_eq!(desk.state.model().unwrap().id, "m");
}

#[test]
fn the_chosen_device_is_asked_for_and_an_unknown_word_means_automatic() {
    for (word, device) in [("cpu", Device::Cpu), ("warp", Device::Auto)] {
        let mut desk = Desk::new();
        desk.open_ready("a", "1");
        desk.act(Action::Settings(Change::Device(word.into())));
        match &desk.run().effects[..] {
            [Effect::Predict { request, .. }] => assert_eq!(request.device, device),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_change_of_a_setting_is_saved_and_no_change_is_not() {
    let mut desk = Desk::new();
    desk.act(Action::Settings(Change::OverlayOpacity(7.0)));
    match &desk.effects[..] {
        [Effect::SaveSettings(settings)] => assert!((settings.overlay.opacity - 1.0).abs() < 1e-6),
        other => panic!("{other:?}"),
    }
    assert!(
        desk.act(Action::Settings(Change::OverlayOpacity(1.0)))
            .effects
            .is_empty()
    );
    assert!(
        desk.act(Action::Settings(Change::OverlayOpacity(f32::NAN)))
            .effects
            .is_empty()
    );
}

#[test]
fn settings_name_no_photograph() {
    let mut desk = Desk::new();
    desk.open_ready("Yamada_Hanako_OD.jpg", "1");
    desk.act(Action::Settings(Change::OverlayShown(false)));
    let written = serde_json::to_string(&desk.state.settings).unwrap();
    assert!(!written.contains("Yamada"), "{written}");
}

#[test]
fn a_file_that_fails_in_view_is_told_on_the_canvas_and_others_by_message() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    for id in ids {
        desk.job(JobNote::Opened {
            photo: id,
            result: Err(failure("image")),
        });
    }
    let subjects: Vec<_> = desk
        .state
        .messages
        .iter()
        .map(|m| m.subject.clone())
        .collect();
    assert_eq!(subjects, [Subject::Open { name: "b".into() }]);
}

#[test]
fn a_failed_file_is_tried_again_when_it_is_opened_again() {
    let mut desk = Desk::new();
    let a = desk.open(&["a"])[0];
    desk.job(JobNote::Opened {
        photo: a,
        result: Err(failure("image")),
    });
    desk.open(&["a"]);
    assert!(matches!(
        desk.effects[..],
        [Effect::Open {
            urgency: Urgency::Now,
            ..
        }]
    ));
}

#[test]
fn pixels_are_let_go_when_there_are_too_many_and_come_back_on_selection() {
    let side = 4096;
    let big = opened("big", side);
    let bytes = big.pyramid.bytes();
    let n = PIXELS_KEPT / bytes + 2;
    let names: Vec<_> = (0..=n).map(|i| format!("{i}")).collect();
    let mut desk = Desk::new();
    let ids = desk.open(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for id in &ids {
        // The same memory stands for each of them: what counts here is the sum.
        desk.act(Action::Photographs(Photographs::Select(*id)));
        desk.job(JobNote::Opened {
            photo: *id,
            result: Ok(Arc::<Opened>::clone(&big)),
        });
    }
    let let_go: Vec<_> = desk
        .state
        .photographs
        .iter()
        .filter(|p| matches!(p.opening, Opening::LetGo))
        .map(|p| p.id)
        .collect();
    assert_eq!(
        let_go,
        ids[..let_go.len()],
        "the least recently used go first"
    );
    assert!(!let_go.is_empty());
    assert!(desk.state.photographs[0].thumbnail.is_some());
    desk.act(Action::Photographs(Photographs::Select(ids[0])));
    assert!(matches!(
        desk.effects[..],
        [Effect::Open {
            urgency: Urgency::Now,
            ..
        }]
    ));
}

#[test]
fn one_dialog_at_a_time_and_its_files_are_opened() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::AskForFiles));
    assert!(matches!(desk.effects[..], [Effect::AskForFiles]));
    assert!(
        desk.act(Action::Photographs(Photographs::AskForFiles))
            .effects
            .is_empty()
    );
    desk.job(JobNote::Chosen(Chosen::Files(vec!["x.png".into()])));
    assert!(!desk.state.asking);
    assert_eq!(desk.state.photographs[0].source, file("x.png"));
}

#[test]
fn a_missing_dialog_is_told_once() {
    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.job(JobNote::Chosen(Chosen::NoDialog));
    }
    assert_eq!(desk.state.messages.len(), 1);
    desk.job(JobNote::Chosen(Chosen::Nothing));
    assert_eq!(desk.state.messages.len(), 1);
}

#[test]
fn a_panic_becomes_a_message_and_frees_what_waited() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().job(JobNote::Panicked {
        slot: Slot::Predict,
        text: "index out of bounds".into(),
    });
    assert_eq!(desk.state.running, None);
    assert!(matches!(
        desk.state.photograph(a).unwrap().run_end,
        Some(RunEnd::Failed(_))
    ));
    let message = desk.state.messages[0].id;
    desk.act(Action::Messages(Messages::CopyDetails(message)));
    match &desk.effects[..] {
        [Effect::CopyText(text)] => assert!(text.contains("index out of bounds")),
        other => panic!("{other:?}"),
    }
    desk.act(Action::Messages(Messages::Dismiss(message)));
    assert!(desk.state.messages.is_empty());
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
    desk.act(Action::Photographs(Photographs::Remove(ids[2])));
    assert_eq!(desk.state.selected, Some(ids[1]));
}

#[test]
fn the_log_names_models_and_figures_and_no_files() {
    let mut desk = Desk::new();
    let a = desk.open_ready("Yamada_Hanako_OD.jpg", "1");
    let mut lines = vec![];
    for effect in desk.run().answered(a, "1", 0.831_23).effects.drain(..) {
        if let Effect::Log(line) = effect {
            lines.push(line.to_string());
        }
    }
    assert_eq!(lines, ["score m 0.8312"]);
}

#[test]
fn the_sample_is_a_photograph_like_any_other() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::Open(vec![Source::Sample])));
    assert_eq!(desk.state.photographs.len(), 1);
    assert!(answer("1", 0.5).map.is_some());
}
