//! Pictures that do not look like fundus photographs: no answer until the user accepts them.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::examples::{Desk, answer, image, known, model, ready};
use crate::app::apply::explain::MakeMap;
use crate::app::apply::many::{ManyItem, RowDone, RunMany};
use crate::app::apply::predict::Predict;
use crate::app::apply::sanity_checks::CheckMap;
use crate::app::apply::{Action, Photographs, Run, explain, many, open, predict};
use crate::app::state::{
    Explaining, Loadable, MapKey, PhotoId, RunSelection, RunningSanityChecks, Tracing,
};
use crate::domain::{
    Finding, FindingCode, FundusImage, Landmarks, Point, Quality, ResultRow, Severity,
    with_acceptance,
};
use crate::imaging::Anatomy;
use crate::saliency::sanity_checks::SanityChecks;
use crate::workflow::Answer;

fn cup() -> FundusImage {
    FundusImage {
        quality: Quality::NotAFundus,
        findings: vec![Finding::new(FindingCode::NotAFundus, Severity::Serious)],
        ..image("cup", 4)
    }
}

/// A run's answer for the cup: none, or a score if it was accepted.
fn answer_to(image: &FundusImage) -> Arc<Answer> {
    let of_an_eye = answer(&image.sha256, 0.9);
    let mut case = ResultRow::of_image("cup", image, Arc::clone(&of_an_eye.case.card));
    let map = of_an_eye.map.clone().filter(|_| !image.is_refused());
    if !image.is_refused() {
        (case.score, case.logit) = (of_an_eye.case.score, of_an_eye.case.logit);
        case.label.clone_from(&of_an_eye.case.label);
    }
    Arc::new(Answer::of_run(case, map, of_an_eye.geometry))
}

fn predicted(desk: &mut Desk, photo: PhotoId, image: &FundusImage) {
    desk.land(|s| predict::predicted(s, photo, "m", &image.sha256, Ok(answer_to(image))));
    desk.land(|s| predict::ended(s, photo));
}

fn accept(desk: &mut Desk, id: PhotoId, accepted: bool) {
    desk.act(Action::Photographs(Photographs::Accept(id, accepted)));
}

fn sent_to_the_models(desk: &Desk) -> Option<FundusImage> {
    desk.started::<Predict>().map(|job| job.image.clone())
}

#[test]
fn a_cup_has_no_answer_until_it_is_accepted_and_then_runs_at_once() {
    let mut desk = Desk::new();
    let id = desk.open_image("cup", cup());
    assert!(desk.state.can_run() && !desk.state.can_be_shown_to_a_model());
    desk.run();
    predicted(&mut desk, id, &cup());
    assert!(desk.photo(id).is_refused() && !desk.state.can_explain());
    assert_eq!(desk.score_shown(), None);
    assert_eq!(desk.state.refused_by_runs(), [id]);

    accept(&mut desk, id, true);
    let sent = sent_to_the_models(&desk).expect("the model runs");
    assert!(!sent.is_refused());
    assert_eq!(sent.findings[0].code, FindingCode::NotAFundusAccepted);
    assert!(desk.photo(id).answers.is_empty());
    predicted(&mut desk, id, &sent);
    assert_eq!(desk.score_shown(), Some(0.9));
    assert!(desk.state.can_be_shown_to_a_model());
    assert!(desk.state.refused_by_runs().is_empty());

    accept(&mut desk, id, false);
    assert!(desk.photo(id).is_refused() && desk.photo(id).maps.is_empty());
    assert_eq!(desk.score_shown(), None);
    assert!(sent_to_the_models(&desk).is_some_and(|image| image.is_refused()));
}

#[test]
fn an_answer_from_before_the_persons_word_does_not_stand() {
    let mut desk = Desk::new();
    let id = desk.open_image("cup", cup());
    desk.run();
    accept(&mut desk, id, true);
    assert!(sent_to_the_models(&desk).is_some_and(|image| !image.is_refused()));
    predicted(&mut desk, id, &cup());
    assert!(desk.photo(id).answers.is_empty());
    accept(&mut desk, id, false);
    predicted(&mut desk, id, &with_acceptance(&cup(), true));
    assert!(desk.photo(id).answers.is_empty());
}

#[test]
fn an_answer_that_comes_late_does_not_take_the_place_of_the_right_one() {
    let mut desk = Desk::new();
    let id = desk.open_image("cup", cup());
    accept(&mut desk, id, true);
    predicted(&mut desk, id, &with_acceptance(&cup(), true));
    predicted(&mut desk, id, &cup());
    assert_eq!(desk.score_shown(), Some(0.9));

    // A map that was begun before, after the refusal was already answered.
    accept(&mut desk, id, false);
    predicted(&mut desk, id, &cup());
    let late = answer_to(&with_acceptance(&cup(), true));
    let recipe = late.made.as_ref().unwrap().recipe.clone();
    let model = "m".to_owned();
    desk.land(|s| explain::explained(s, id, MapKey { model, recipe }, &cup().sha256, Ok(late)));
    assert!(desk.photo(id).maps.is_empty());
    assert_eq!(desk.score_shown(), None);
}

#[test]
fn nothing_goes_on_for_a_picture_that_is_no_longer_used() {
    let mut desk = Desk::new();
    let id = desk.open_image("cup", cup());
    accept(&mut desk, id, true);
    predicted(&mut desk, id, &with_acceptance(&cup(), true));
    let landmarks = Landmarks {
        disc: Point { x: 3.0, y: 1.0 },
        fovea: Point { x: 1.0, y: 1.0 },
    };
    let layout = Anatomy::new(&cup().pixels, None, landmarks).unwrap();
    let photo = desk.state.photograph_mut(id).unwrap();
    photo.fundus.layout = Some(Arc::new(layout));
    let key = photo.maps.keys().next().unwrap().clone();
    desk.state.explaining = Some(Explaining {
        photo: id,
        key: key.clone(),
        interim: None,
        next: None,
    });
    desk.state.running_sanity_checks = Some(RunningSanityChecks {
        photo: id,
        key,
        found: SanityChecks::default(),
    });
    desk.state.tracing = Some(Tracing {
        photo: id,
        card: model("m").card,
        accepted: true,
        steps: Loadable::Pending,
    });
    assert!(desk.state.can_cover() && desk.state.trace_in_view().is_some());
    accept(&mut desk, id, false);
    assert!(
        !desk.state.can_cover(),
        "regions of it are hidden for no model"
    );
    assert!(desk.state.explaining.is_none() && desk.state.running_sanity_checks.is_none());
    assert!(desk.state.trace_in_view().is_none());
    assert!(desk.stops(Slot::of::<MakeMap>()) && desk.stops(Slot::of::<CheckMap>()));
}

#[test]
fn what_is_read_again_keeps_the_persons_word() {
    let mut desk = Desk::new();
    let id = desk.open_image("cup", cup());
    accept(&mut desk, id, true);
    let result = Ok(ready(cup()));
    desk.land(|s| open::opened(s, id, result));
    assert!(!desk.photo(id).is_refused());
    assert!(!desk.photo(id).opened().unwrap().image.is_refused());
}

#[test]
fn those_that_a_run_left_out_are_accepted_and_run_together() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "cup", "b"]);
    let rows = |desk: &mut Desk| -> Vec<ManyItem> {
        let items = desk.started::<RunMany>().map(|job| job.items.clone());
        items.unwrap_or_default()
    };
    desk.act(Action::Run(Run::StartMany(RunSelection::Refused)));
    assert!(rows(&mut desk).is_empty());
    desk.act(Action::Run(Run::StartMany(RunSelection::All)));
    assert!(rows(&mut desk).iter().all(|item| !item.accepted));
    desk.row(ids[0], "1", 0.8);
    desk.land(|s| {
        many::row_done(
            s,
            RowDone {
                photo: ids[1],
                known: Ok(known(&cup())),
                answers: vec![("m".into(), Ok(answer_to(&cup())))],
                recalled: false,
            },
        )
    });
    desk.row(ids[2], "2", 0.3);
    desk.land(|s| many::ended(s, Ok(())));
    assert_eq!(desk.state.refused_by_runs(), [ids[1]]);
    assert_eq!(desk.state.many.as_ref().map(|m| m.failed), Some(0));

    desk.act(Action::Run(Run::StartMany(RunSelection::Refused)));
    let again = rows(&mut desk);
    assert_eq!(again.len(), 1);
    assert!(again[0].photo == ids[1] && again[0].accepted);
    assert!(!desk.photo(ids[1]).is_refused());
}
