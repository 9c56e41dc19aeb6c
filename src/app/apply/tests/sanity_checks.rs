//! Sanity checks of a map: when they can be run, where results are stored, and which map they belong to.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::examples::{Desk, failure, stopped};
use crate::app::apply::sanity_checks::CheckMap;
use crate::app::apply::{Action, Explain, Photographs, SanityCheckAction, sanity_checks};
use crate::app::state::{MapKey, PhotoId};
use crate::saliency::sanity_checks::{SanityCheckPart, SanityChecks};
use crate::saliency::{Method, Recipe, Share};

const SHARE: Share = Share {
    evidence: 0.4,
    area: 0.2,
};

fn found() -> SanityChecks {
    SanityChecks {
        of_photograph: true,
        outside: Some(SHARE),
        ..SanityChecks::default()
    }
}

fn control(desk: &mut Desk, action: SanityCheckAction) {
    desk.act(Action::SanityChecks(action));
}

fn ordered(desk: &Desk) -> Option<&CheckMap> {
    desk.started()
}

/// `a` is in view and the model `m` answered with the map of every run.
fn answered() -> (Desk, PhotoId, MapKey) {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    let key = desk.state.map_in_view().unwrap().1;
    (desk, a, key)
}

fn ended(desk: &mut Desk, photo: PhotoId, key: &MapKey, sha256: &str) {
    desk.land(|s| sanity_checks::ended(s, photo, key.clone(), sha256, Ok(Arc::new(found()))));
}

#[test]
fn controls_need_a_map_and_are_run_once() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    control(&mut desk, SanityCheckAction::Run);
    assert!(ordered(&desk).is_none() && !desk.state.can_check_map());
    desk.run().answered(a, "1", 0.8);
    assert!(desk.state.can_check_map());
    control(&mut desk, SanityCheckAction::Run);
    let order = ordered(&desk).unwrap();
    assert_eq!(order.key.recipe, Recipe::of(Method::GradCam));
    assert!(order.answer.map.is_some());
    assert!(desk.state.are_sanity_checks_running());
    control(&mut desk, SanityCheckAction::Run);
    assert!(desk.effects.is_empty());
    let key = desk.state.map_in_view().unwrap().1;
    ended(&mut desk, a, &key, "1");
    assert!(!desk.state.can_check_map());
    control(&mut desk, SanityCheckAction::Run);
    assert!(ordered(&desk).is_none());
}

#[test]
fn parts_appear_as_they_are_finished_and_belong_to_their_map() {
    let (mut desk, a, key) = answered();
    control(&mut desk, SanityCheckAction::Run);
    assert_eq!(desk.state.sanity_checks().unwrap().outside, None);
    let part = |desk: &mut Desk, key: &MapKey| {
        desk.land(|s| sanity_checks::found(s, a, key, SanityCheckPart::Outside(SHARE)));
    };
    let other = MapKey {
        model: "n".into(),
        ..key.clone()
    };
    part(&mut desk, &other);
    assert_eq!(desk.state.sanity_checks().unwrap().outside, None);
    part(&mut desk, &key);
    assert_eq!(desk.state.sanity_checks().unwrap().outside, Some(SHARE));
    // Nothing is exported before all parts are finished.
    assert!(desk.photo(a).maps[&key].sanity_checks.is_none());
    // Another map has no results, and the first gets its results while it is out of view.
    desk.act(Action::Explain(Explain::Recipe(Recipe::of(
        Method::Occlusion,
    ))));
    assert!(desk.state.sanity_checks().is_none() && !desk.state.can_check_map());
    ended(&mut desk, a, &key, "1");
    assert!(desk.state.sanity_checks().is_none());
    desk.act(Action::Explain(Explain::Recipe(Recipe::of(
        Method::GradCam,
    ))));
    assert_eq!(desk.state.sanity_checks(), Some(&found()));
}

#[test]
fn a_stop_a_removed_photograph_and_a_changed_file_leave_nothing() {
    let (mut desk, a, key) = answered();
    control(&mut desk, SanityCheckAction::Run);
    control(&mut desk, SanityCheckAction::Cancel);
    assert!(desk.only_stops::<CheckMap>());
    assert!(desk.state.sanity_checks().is_none() && desk.state.can_check_map());
    control(&mut desk, SanityCheckAction::Run);
    ended(&mut desk, a, &key, "of another file");
    assert!(desk.state.sanity_checks().is_none());
    control(&mut desk, SanityCheckAction::Run);
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(desk.stops(Slot::of::<CheckMap>()));
    assert!(desk.state.running_sanity_checks.is_none());
}

#[test]
fn a_failure_is_told_beside_the_button_until_it_is_tried_again() {
    let (mut desk, a, key) = answered();
    let ends = |desk: &mut Desk, result| {
        desk.land(|s| sanity_checks::ended(s, a, key.clone(), "1", result));
    };
    control(&mut desk, SanityCheckAction::Run);
    ends(&mut desk, Err(failure("memory")));
    assert_eq!(desk.state.sanity_check_failure().unwrap().code, "memory");
    assert!(desk.state.can_check_map());
    control(&mut desk, SanityCheckAction::Run);
    assert!(desk.state.sanity_check_failure().is_none());
    ends(&mut desk, Err(stopped()));
    assert!(desk.state.sanity_check_failure().is_none());
}

#[test]
fn a_new_map_has_no_controls() {
    let (mut desk, a, key) = answered();
    ended(&mut desk, a, &key, "1");
    assert!(desk.state.sanity_checks().is_some());
    desk.answered(a, "1", 0.7);
    assert!(desk.state.sanity_checks().is_none());
}
