//! The run on the photograph in view, and which models it takes.

use crate::app::apply::examples::{Desk, answer_of, failure, image, model, stopped};
use crate::app::apply::predict::Predict;
use crate::app::apply::settings::SaveSettings;
use crate::app::apply::{Action, Models, Photographs, Run, SettingChange, models, predict};
use crate::app::state::{MessageTopic, RunEnd};
use crate::app::{Effect, Slot};
use crate::domain::FindingCode;
use crate::runtime::Device;

fn chosen(desk: &Desk) -> Vec<&str> {
    let chosen = desk.state.chosen_models().into_iter();
    chosen.map(|m| m.id.as_str()).collect()
}

fn toggle(desk: &mut Desk, id: &str) {
    desk.act(Action::Models(Models::Toggle(id.into())));
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
    desk.opened(a, image("changed", 4));
    desk.answered(a, "1", 0.8);
    assert_eq!(desk.score_shown(), None);
    assert_eq!(desk.state.running, None);
}

#[test]
fn an_answer_for_a_removed_photograph_is_dropped() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().act(Action::Photographs(Photographs::Remove));
    assert!(desk.stops(Slot::of::<Predict>()));
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
    assert_eq!(desk.photo(a).run_end, Some(RunEnd::Cancelled));
}

#[test]
fn running_needs_a_photograph_that_is_open_and_a_model() {
    let mut desk = Desk::new();
    assert!(desk.run().effects.is_empty());
    desk.open(&["a"]);
    assert!(!desk.state.can_run());
    assert!(desk.run().effects.is_empty());
    let mut desk = Desk::bare();
    desk.land(|s| models::read(s, vec![]));
    desk.open_ready("a", "1");
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
    desk.land(|s| predict::predicted(s, a, "m", "1", Err(failure("device"))));
    assert_eq!(desk.score_shown(), Some(0.8));
    assert_eq!(desk.state.running, None);
    assert_eq!(desk.state.messages[0].subject, MessageTopic::Run);
    assert!(desk.photo(a).has_failed());
    desk.run();
    assert!(!desk.photo(a).has_failed(), "a new run forgets the failure");
}

#[test]
fn cancelling_says_so_and_is_no_error() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().act(Action::Run(Run::Cancel));
    assert!(desk.only_stops::<Predict>());
    assert_eq!(desk.photo(a).run_end, Some(RunEnd::Cancelled));
    assert!(desk.act(Action::Run(Run::Cancel)).effects.is_empty());
    // An engine that notices the stop by itself reports the same.
    desk.run()
        .land(|s| predict::predicted(s, a, "m", "1", Err(stopped())));
    assert_eq!(desk.photo(a).run_end, Some(RunEnd::Cancelled));
    assert!(desk.state.messages.is_empty());
}

#[test]
fn a_run_goes_on_until_every_model_has_answered() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    let Predict { models, photo, .. } = desk.run().only_starts();
    assert_eq!((&models[..], *photo), (&["m".into(), "n".into()][..], a));
    desk.answered(a, "1", 0.8);
    assert_eq!(desk.state.running.as_ref().unwrap().models, ["n"]);
    assert!(!desk.state.is_done(desk.photo(a)));
    desk.answered_by("n", a, "1", 0.7);
    assert_eq!(desk.state.running, None);
    assert!(desk.state.is_done(desk.photo(a)));
}

#[test]
fn the_end_of_a_run_frees_the_button_also_when_a_model_was_silent() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    let other = desk.open_ready("b", "2");
    desk.land(|s| predict::ended(s, other));
    assert!(desk.state.running.is_some(), "the end of another run");
    desk.land(|s| predict::ended(s, a));
    assert_eq!(desk.state.running, None);
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
fn one_model_at_least_and_two_at_most_are_chosen() {
    let mut desk = Desk::bare();
    let installed = ["m", "n", "o"].map(model).to_vec();
    desk.land(|s| models::read(s, installed));
    assert_eq!(chosen(&desk), ["m"]);
    toggle(&mut desk, "m");
    assert_eq!(chosen(&desk), ["m"], "the last one stays");
    assert!(desk.effects.is_empty());
    toggle(&mut desk, "n");
    assert_eq!(chosen(&desk), ["m", "n"]);
    toggle(&mut desk, "o");
    assert_eq!(chosen(&desk), ["n", "o"]);
    desk.only_starts::<SaveSettings>();
    toggle(&mut desk, "n");
    assert_eq!(chosen(&desk), ["o"]);
}

#[test]
fn a_model_that_is_no_longer_installed_gives_way_to_the_first() {
    let mut desk = Desk::new();
    desk.act(Action::Models(Models::Choose("gone".into())));
    assert_eq!(desk.state.model().unwrap().id, "m");
    desk.set(|s| s.models = vec!["gone".into(), "n".into()]);
    assert_eq!(chosen(&desk), ["n"]);
}

#[test]
fn the_answer_in_view_is_switched_between_the_chosen_models() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    desk.answered_by("n", a, "1", 0.3);
    assert_eq!(desk.score_shown(), Some(0.8));
    desk.act(Action::Models(Models::Look("n".into())));
    assert_eq!(desk.score_shown(), Some(0.3));
    desk.act(Action::Models(Models::LookAtNext));
    assert_eq!(desk.score_shown(), Some(0.8));
    desk.act(Action::Models(Models::LookAtNext));
    assert_eq!(desk.score_shown(), Some(0.3));
    // A model that is no longer chosen cannot be in view.
    desk.act(Action::Models(Models::Choose("m".into())));
    assert_eq!(desk.score_shown(), Some(0.8));
}

#[test]
fn models_that_ran_one_after_the_other_disagree_as_those_that_ran_together() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    let disagree = |desk: &Desk, id: &str| {
        let case = &desk.photo(a).answers[id].case;
        case.findings
            .iter()
            .any(|f| f.code == FindingCode::ModelsDisagree)
    };
    desk.run().answered(a, "1", 0.8);
    assert!(!disagree(&desk, "m"));
    desk.act(Action::Models(Models::Choose("n".into())));
    desk.run().answered_by("n", a, "1", 0.2);
    assert!(
        !disagree(&desk, "m") && !disagree(&desk, "n"),
        "one is shown"
    );
    desk.act(Action::Models(Models::Toggle("m".into())));
    assert!(disagree(&desk, "m") && disagree(&desk, "n"));
    desk.run().answered_by("n", a, "1", 0.9);
    assert!(!disagree(&desk, "m") && !disagree(&desk, "n"));
}

#[test]
fn a_noted_disagreement_leaves_the_answer_that_a_job_still_holds_alone() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    let held = answer_of("m", "1", 0.8);
    desk.run()
        .land(|s| predict::predicted(s, a, "m", "1", Ok(held.clone())));
    desk.answered_by("n", a, "1", 0.2);
    assert!(held.case.findings.is_empty());
}

#[test]
fn the_chosen_device_is_asked_for_and_an_unknown_word_means_automatic() {
    for (word, desired) in [("cpu", Device::Cpu), ("warp", Device::Auto)] {
        let mut desk = Desk::new();
        desk.open_ready("a", "1");
        desk.act(Action::Settings(SettingChange::Device(word.into())));
        assert_eq!(desk.run().only_starts::<Predict>().device, desired);
    }
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
