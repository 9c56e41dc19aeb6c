//! Maps by recipe: which is in view, where a map is stored, and when it is released.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::examples::{Desk, answer, answer_of, failure, image, model, stopped};
use crate::app::apply::explain::MakeMap;
use crate::app::apply::trace::FollowSteps;
use crate::app::apply::{Action, Explain, Models, Photographs, View, explain, models, predict};
use crate::app::state::{Layout, Loadable, MapKey, PhotoId};
use crate::domain::{Finding, FindingCode, Laterality, ModelCard, Severity};
use crate::imaging::Grid;
use crate::saliency::{Method, MethodRun, Recipe, SaliencyMap, Target};
use crate::workflow::Answer;

fn act(desk: &mut Desk, action: Explain) {
    desk.act(Action::Explain(action));
}

fn choose(desk: &mut Desk, method: Method) -> MapKey {
    act(desk, Explain::Recipe(Recipe::of(method)));
    desk.state.map_in_view().unwrap().1
}

/// The map that the last action requested.
fn ordered(desk: &Desk) -> Option<&MakeMap> {
    desk.started()
}

fn map(recipe: &Recipe, side: usize) -> SaliencyMap {
    SaliencyMap {
        method: recipe.method,
        layer: None,
        target: Target::Logit,
        grid: Grid::new(side, side, vec![1.0; side * side]).unwrap(),
    }
}

/// An answer with the map of the recipe.
fn made(key: &MapKey, sha256: &str, side: usize) -> Arc<Answer> {
    let mut answer = Answer::clone(&answer_of(&key.model, sha256, 0.8));
    answer.map = Some(map(&key.recipe, side));
    answer.made = Some(MethodRun {
        recipe: key.recipe.clone(),
        ..answer.made.unwrap()
    });
    Arc::new(answer)
}

fn explained(desk: &mut Desk, photo: PhotoId, key: &MapKey, sha256: &str) {
    explained_in(desk, photo, key, sha256, 3);
}

fn explained_in(desk: &mut Desk, photo: PhotoId, key: &MapKey, sha256: &str, side: usize) {
    desk.land(|s| explain::explained(s, photo, key.clone(), sha256, Ok(made(key, sha256, side))));
}

/// The method of the map in view.
fn method_in_view(desk: &Desk) -> Option<Method> {
    Some(desk.state.answer()?.map.as_ref()?.method)
}

/// `a` is in view and the model `m` answered.
fn answered() -> (Desk, PhotoId) {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    (desk, a)
}

#[test]
fn a_map_that_is_not_there_is_never_replaced_by_another_methods() {
    let (mut desk, a) = answered();
    assert_eq!(method_in_view(&desk), Some(Method::GradCam));
    let key = choose(&mut desk, Method::Occlusion);
    assert_eq!(method_in_view(&desk), None);
    assert_eq!(desk.score_shown(), Some(0.8), "the score stays");
    act(&mut desk, Explain::Compute);
    assert_eq!(ordered(&desk).unwrap().key, key);
    explained(&mut desk, a, &key, "1");
    assert_eq!(method_in_view(&desk), Some(Method::Occlusion));
    choose(&mut desk, Method::GradCam);
    assert_eq!(method_in_view(&desk), Some(Method::GradCam));
    // Existing maps are shown again without recomputation.
    choose(&mut desk, Method::Occlusion);
    assert_eq!(method_in_view(&desk), Some(Method::Occlusion));
    act(&mut desk, Explain::Compute);
    assert!(ordered(&desk).is_none());
}

#[test]
fn each_model_has_a_recipe_of_its_own() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run()
        .answered(a, "1", 0.8)
        .answered_by("n", a, "1", 0.3);
    choose(&mut desk, Method::LayerCam);
    desk.act(Action::Models(Models::Look("n".into())));
    assert_eq!(method_in_view(&desk), Some(Method::GradCam));
    assert_eq!(desk.state.recipe_of("m").method, Method::LayerCam);
}

#[test]
fn two_models_side_by_side_get_the_same_method_and_both_maps() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run()
        .answered(a, "1", 0.8)
        .answered_by("n", a, "1", 0.3);
    desk.act(Action::View(View::Layout(Layout::Models)));
    let key = choose(&mut desk, Method::HiresCam);
    assert_eq!(desk.state.recipe_of("n").method, Method::HiresCam);
    act(&mut desk, Explain::Compute);
    assert_eq!(ordered(&desk).unwrap().key, key);
    explained(&mut desk, a, &key, "1");
    let second = ordered(&desk).unwrap().key.clone();
    assert_eq!(second.model, "n", "the other one follows");
    assert!(desk.state.is_explaining_here());
    explained(&mut desk, a, &second, "1");
    assert!(ordered(&desk).is_none() && desk.state.explaining.is_none());
    assert!(desk.state.maps_missing().is_empty());
    let shared = desk.state.overlay_on(desk.photo(a));
    assert_eq!(shared.limit, Some(1.0), "one scale for both");
    desk.act(Action::View(View::Layout(Layout::Single)));
    assert_eq!(desk.state.overlay_on(desk.photo(a)).limit, None);
}

#[test]
fn a_recipe_that_does_not_fit_is_not_taken() {
    let (mut desk, _) = answered();
    let mut wrong = Recipe::of(Method::Occlusion);
    wrong.steps = Some(0);
    act(&mut desk, Explain::Recipe(wrong));
    assert_eq!(*desk.state.recipe_of("m"), Recipe::OF_EVERY_RUN);
}

#[test]
fn maps_on_the_way_are_seen_and_never_kept() {
    let (mut desk, a) = answered();
    let key = choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    desk.land(|s| explain::on_the_way(s, a, &key, map(&key.recipe, 2)));
    assert_eq!(method_in_view(&desk), Some(Method::Occlusion));
    let kept = desk.state.answer_on(desk.photo(a), "m").unwrap();
    assert!(kept.map.is_none(), "what is exported");
    act(&mut desk, Explain::Cancel);
    assert!(desk.only_stops::<MakeMap>());
    assert_eq!(method_in_view(&desk), None);
    // A preview sent before the job noticed the stop.
    desk.land(|s| explain::on_the_way(s, a, &key, map(&key.recipe, 2)));
    assert_eq!(method_in_view(&desk), None);
}

#[test]
fn a_map_lands_on_its_own_photograph_and_only_while_it_holds() {
    let (mut desk, a) = answered();
    let key = choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    let b = desk.open_ready("b", "2");
    explained(&mut desk, a, &key, "1");
    assert!(desk.photo(b).maps.is_empty());
    assert!(desk.photo(a).maps.contains_key(&key));
    assert!(desk.state.explaining.is_none());
    // For other bytes, and with a card that has changed.
    explained(&mut desk, b, &key, "changed");
    assert!(desk.photo(b).maps.is_empty());
    let mut other = model("m");
    let card = Arc::make_mut(&mut other.card);
    card.threshold = Some(0.7);
    desk.land(|s| models::read(s, vec![other, model("n")]));
    assert!(
        desk.photo(a).maps.is_empty(),
        "it was made with the old card"
    );
    explained(&mut desk, b, &key, "2");
    assert!(desk.photo(b).maps.is_empty());
}

#[test]
fn a_changed_file_drops_its_maps() {
    let (mut desk, a) = answered();
    let key = choose(&mut desk, Method::SmoothGrad);
    explained(&mut desk, a, &key, "1");
    desk.opened(a, image("changed", 4));
    assert!(desk.photo(a).maps.is_empty());
}

#[test]
fn a_removed_photograph_stops_its_map() {
    let (mut desk, a) = answered();
    choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(desk.stops(Slot::of::<MakeMap>()));
    assert!(desk.state.explaining.is_none());
    assert!(desk.state.photograph(a).is_none());
}

#[test]
fn a_failed_map_says_why_where_it_was_asked_for_and_a_cancelled_one_nothing() {
    let (mut desk, a) = answered();
    let key = choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    let ended = |desk: &mut Desk, result| {
        desk.land(|s| explain::explained(s, a, key.clone(), "1", result));
    };
    ended(&mut desk, Err(failure("memory")));
    assert_eq!(failures(&desk), [("m", "memory")]);
    choose(&mut desk, Method::HiresCam);
    assert!(failures(&desk).is_empty());
    choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    assert!(failures(&desk).is_empty(), "it is tried again");
    ended(&mut desk, Err(stopped()));
    assert!(failures(&desk).is_empty());
}

/// The models in view whose maps failed, with the codes.
fn failures(desk: &Desk) -> Vec<(&str, &str)> {
    let failures = desk.state.map_failures().into_iter();
    failures
        .map(|(model, failure)| (model.id.as_str(), failure.code.as_str()))
        .collect()
}

/// Two models side by side, and the map of the first is being computed.
fn two_requested() -> (Desk, PhotoId, MapKey) {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run()
        .answered(a, "1", 0.8)
        .answered_by("n", a, "1", 0.3);
    desk.act(Action::View(View::Layout(Layout::Models)));
    let key = choose(&mut desk, Method::HiresCam);
    act(&mut desk, Explain::Compute);
    (desk, a, key)
}

fn fail(desk: &mut Desk, photo: PhotoId, key: &MapKey, code: &str) {
    desk.land(|s| explain::explained(s, photo, key.clone(), "1", Err(failure(code))));
}

#[test]
fn of_two_maps_each_failure_is_told_and_the_other_map_is_made() {
    let (mut desk, a, first) = two_requested();
    fail(&mut desk, a, &first, "memory");
    let second = ordered(&desk).unwrap().key.clone();
    assert_eq!(second.model, "n");
    assert_eq!(
        failures(&desk),
        [("m", "memory")],
        "while the other is made"
    );
    explained(&mut desk, a, &second, "1");
    assert_eq!(failures(&desk), [("m", "memory")]);
    assert!(desk.photo(a).maps.contains_key(&second));
    // If both failed, both are retried.
    let (mut desk, a, first) = two_requested();
    fail(&mut desk, a, &first, "memory");
    fail(&mut desk, a, &second, "device");
    assert_eq!(failures(&desk), [("m", "memory"), ("n", "device")]);
    act(&mut desk, Explain::Compute);
    assert!(failures(&desk).is_empty());
    explained(&mut desk, a, &first, "1");
    fail(&mut desk, a, &second, "device");
    assert_eq!(failures(&desk), [("n", "device")], "the second one's alone");
    desk.act(Action::View(View::Layout(Layout::Single)));
    assert!(failures(&desk).is_empty(), "it is not in view");
}

#[test]
fn a_defect_in_the_first_map_leaves_the_second_its_turn_and_a_cancel_does_not() {
    let (mut desk, _, _) = two_requested();
    desk.panics::<MakeMap>();
    assert_eq!(ordered(&desk).unwrap().key.model, "n");
    assert_eq!(failures(&desk).len(), 1);
    act(&mut desk, Explain::Cancel);
    assert!(desk.state.explaining.is_none());
    let (mut desk, a, first) = two_requested();
    act(&mut desk, Explain::Cancel);
    desk.land(|s| explain::explained(s, a, first, "1", Err(stopped())));
    assert!(ordered(&desk).is_none() && desk.state.explaining.is_none());
}

#[test]
fn a_map_without_a_run_brings_the_score_with_it() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    let key = choose(&mut desk, Method::Occlusion);
    act(&mut desk, Explain::Compute);
    explained(&mut desk, a, &key, "1");
    assert_eq!(desk.photo(a).answers["m"].case.score, Some(0.8));
    assert_eq!(method_in_view(&desk), Some(Method::Occlusion));
}

#[test]
fn what_was_found_in_a_map_is_told_with_that_map_alone() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    let mut found = Answer::clone(&answer("1", 0.8));
    found.case.findings.push(Finding::new(
        FindingCode::EvidenceOutsideEye,
        Severity::Caution,
    ));
    desk.run()
        .land(|s| predict::predicted(s, a, "m", "1", Ok(Arc::new(found))));
    let reported = |desk: &Desk| {
        let findings = &desk.state.answer().unwrap().case.findings;
        findings
            .iter()
            .any(|f| f.code == FindingCode::EvidenceOutsideEye)
    };
    assert!(reported(&desk));
    choose(&mut desk, Method::Occlusion);
    assert!(!reported(&desk));
}

#[test]
fn corrections_and_disagreements_reach_the_maps() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    let key = choose(&mut desk, Method::Occlusion);
    explained(&mut desk, a, &key, "1");
    desk.answered_by("n", a, "1", 0.3);
    let case = |desk: &Desk| desk.photo(a).maps[&key].case.clone();
    let disagrees = |f: &Finding| f.code == FindingCode::ModelsDisagree;
    assert!(case(&desk).findings.iter().any(disagrees));
    desk.answered_by("n", a, "1", 0.7);
    assert!(!case(&desk).findings.iter().any(disagrees));
    desk.act(Action::Photographs(Photographs::CorrectEye(
        a,
        Laterality::Os,
    )));
    assert_eq!(case(&desk).eye, Laterality::Os);
}

#[test]
fn large_maps_of_photographs_out_of_view_are_let_go_first() {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    let key = choose(&mut desk, Method::InputGradient);
    desk.run().answered(a, "1", 0.8);
    // Two of them fit in addition to the one in view.
    let numbers = super::super::memory::MAPS_KEPT / size_of::<f32>();
    let side = (0.4 * numbers as f64).sqrt() as usize;
    explained_in(&mut desk, a, &key, "1", side);
    for (name, sha256) in [("b", "2"), ("c", "3"), ("d", "4")] {
        let id = desk.open_ready(name, sha256);
        explained_in(&mut desk, id, &key, sha256, side);
    }
    let of_run = MapKey {
        model: "m".into(),
        recipe: Recipe::OF_EVERY_RUN,
    };
    assert!(!desk.photo(a).maps.contains_key(&key), "the oldest");
    assert!(desk.photo(a).maps.contains_key(&of_run), "small ones stay");
    let in_view = desk.id_of("d");
    assert!(desk.photo(in_view).maps.contains_key(&key));
}

#[test]
fn models_that_are_read_again_keep_the_steps_and_the_layers_that_someone_looks_at() {
    let mut desk = Desk::new();
    desk.open_ready("a.jpg", "1");
    act(&mut desk, Explain::AskForStages);
    desk.act(Action::View(View::Trace));
    desk.only_starts::<FollowSteps>();
    // As when the bundled models are unpacked and have a size.
    let mut unpacked = model("m");
    unpacked.bytes = Some(17);
    desk.land(|s| models::read(s, vec![unpacked, model("n")]));
    assert!(desk.state.trace_in_view().is_some_and(Loadable::is_pending));
    let (model_id, result) = ("m".to_owned(), Ok(vec![]));
    desk.land(|s| explain::stages(s, model_id, result));
    assert!(matches!(desk.state.stages["m"], Loadable::Ready(_)));
    // Another card under the same id is another model.
    let edited = ModelCard {
        threshold: Some(0.4),
        ..(*model("m").card).clone()
    };
    desk.land(|s| models::read(s, vec![edited.into(), model("n")]));
    assert!(desk.state.trace_in_view().is_none());
    assert!(desk.state.stages.is_empty());
}
