//! The cover brush: which runs it requests, which answers it accepts, and that results stay unchanged.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::clipboard::RenderFigure;
use crate::app::apply::cover::RunCovered;
use crate::app::apply::examples::{Desk, failure, image, model};
use crate::app::apply::export::{RenderPreview, WriteFiles};
use crate::app::apply::{Action, Cover, Export, Photographs, cover};
use crate::app::state::{Brush, CoverFailure, IfTaken, MessageTopic, PhotoId, Preview};
use crate::domain::Figures;
use crate::imaging::overlay::Rgba;
use crate::imaging::{CropRect, Geometry};
use crate::saliency::Fill;
use crate::workflow::Answer;
use crate::workflow::cover::Covered;

fn act(desk: &mut Desk, action: Cover) -> Option<RunCovered> {
    desk.act(Action::Cover(action));
    ordered(desk)
}

fn ordered(desk: &Desk) -> Option<RunCovered> {
    desk.started::<RunCovered>().cloned()
}

fn brush(desk: &Desk) -> &Brush {
    desk.state.brush.as_ref().unwrap()
}

fn covered(hides: bool) -> Covered {
    let figures = |score| Figures {
        logit: None,
        score: Some(score),
        value: None,
    };
    Covered {
        card: model("m").card,
        fill: Fill::Blur,
        hides,
        // Outside the field.
        area_share: 0.0,
        before: figures(0.8),
        after: figures(0.5),
        picture: Rgba {
            width: 1,
            height: 1,
            rgba: vec![0; 4],
        },
        geometry: Geometry::new([4, 4], CropRect::from((0, 0, 4, 4)), [1, 1]).unwrap(),
    }
}

fn answer(desk: &mut Desk, photo: PhotoId, revision: u64) -> Option<RunCovered> {
    desk.land(|s| cover::covered(s, photo, revision, Ok(vec![covered(true)])));
    ordered(desk)
}

/// `a` is in view, its model answered, and the brush is active and ready.
fn in_hand() -> (Desk, PhotoId) {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    let first = act(&mut desk, Cover::Take).unwrap();
    assert!(first.request.strokes.is_empty(), "to make everything ready");
    assert!(answer(&mut desk, a, first.revision).is_none());
    (desk, a)
}

#[test]
fn while_a_stroke_is_drawn_a_run_may_finish_and_the_lifted_hand_stops_it() {
    let (mut desk, a) = in_hand();
    let first = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap();
    assert!(act(&mut desk, Cover::To((2.0, 1.0))).is_none());
    assert!(
        act(&mut desk, Cover::To((2.001, 1.0))).is_none(),
        "too near"
    );
    let next = answer(&mut desk, a, first.revision).unwrap();
    assert_eq!(next.request.strokes[0].points_in_image.len(), 2);
    assert!(brush(&desk).is_behind());
    assert!(act(&mut desk, Cover::To((3.0, 1.0))).is_none());
    let last = act(&mut desk, Cover::Lift).unwrap();
    assert_eq!(last.request.strokes[0].points_in_image.len(), 3);
    // The running job was replaced.
    assert!(answer(&mut desk, a, next.revision).is_none());
    assert!(brush(&desk).is_behind());
    answer(&mut desk, a, last.revision);
    assert!(!brush(&desk).is_behind());
}

#[test]
fn undo_clear_fill_and_size_change_what_they_say() {
    let (mut desk, _) = in_hand();
    for x in [0.5, 2.5] {
        act(&mut desk, Cover::Begin((x, 1.0)));
        act(&mut desk, Cover::Lift);
    }
    assert_eq!(
        act(&mut desk, Cover::Undo).unwrap().request.strokes.len(),
        1
    );
    let order = act(&mut desk, Cover::Fill(Fill::Black)).unwrap();
    assert_eq!(order.request.fill, Fill::Black);
    assert!(
        act(&mut desk, Cover::Clear)
            .unwrap()
            .request
            .strokes
            .is_empty()
    );
    assert!(
        act(&mut desk, Cover::Radius(0.5)).is_none(),
        "of the next stroke"
    );
    assert_eq!(brush(&desk).radius, 1.0);
    act(&mut desk, Cover::Radius(f64::NAN));
    assert_eq!(brush(&desk).radius, 1.0);
}

#[test]
fn the_brush_stays_with_its_photograph() {
    let (mut desk, a) = in_hand();
    desk.open_ready("b", "2");
    assert!(desk.state.brush.is_none());
    desk.select(a);
    act(&mut desk, Cover::Take);
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(desk.state.brush.is_none());
}

#[test]
fn a_file_that_is_another_now_is_covered_anew() {
    let (mut desk, a) = in_hand();
    act(&mut desk, Cover::Begin((1.0, 1.0)));
    desk.opened(a, image("changed", 4));
    assert_eq!(ordered(&desk).unwrap().image.sha256, "changed");
}

/// The answer used for a figure on the clipboard.
fn exported(desk: &mut Desk) -> Option<Arc<Answer>> {
    desk.act(Action::Export(Export::CopyFigure));
    let RenderFigure(order) = desk.started()?;
    Some(Arc::clone(&order.rows[0].answers[0]))
}

#[test]
fn results_are_untouched_and_exports_say_what_is_covered() {
    let (mut desk, a) = in_hand();
    let order = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap();
    answer(&mut desk, a, order.revision);
    assert_eq!(desk.score_shown(), Some(0.8));
    assert!(desk.photo(a).answers["m"].case.covered.is_none());
    let covered = exported(&mut desk).unwrap();
    let wording = covered.case.covered.as_ref().unwrap();
    assert_eq!(wording.after.score, Some(0.5));
    assert!(covered.map.is_none() && covered.covered.is_some());
    assert_eq!(
        covered.case.score,
        Some(0.8),
        "the row is of the whole photograph"
    );
    act(&mut desk, Cover::Leave);
    assert!(desk.stops(Slot::of::<RunCovered>()));
    assert!(exported(&mut desk).unwrap().covered.is_none());
}

#[test]
fn a_failed_run_says_why_and_the_next_stroke_tries_again() {
    let (mut desk, a) = in_hand();
    let order = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap();
    desk.land(|s| cover::covered(s, a, order.revision, Err(failure("memory"))));
    assert_eq!(brush(&desk).failure.as_ref().unwrap().code, "memory");
    assert!(act(&mut desk, Cover::To((3.0, 3.0))).is_some());
    assert!(brush(&desk).failure.is_none());
}

/// Refusals reported since the last call.
fn refused(desk: &mut Desk) -> Vec<CoverFailure> {
    let reported = std::mem::take(&mut desk.state.messages).into_iter();
    reported
        .filter_map(|m| match m.subject {
            MessageTopic::CoverFailed(cover_failure) => Some(cover_failure),
            _ => None,
        })
        .collect()
}

#[test]
fn nothing_is_copied_before_the_answer_to_the_strokes_is_there() {
    let (mut desk, a) = in_hand();
    let first = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap();
    assert!(exported(&mut desk).is_none());
    desk.act(Action::Export(Export::CopyResult));
    assert!(desk.effects.is_empty());
    assert_eq!(refused(&mut desk), [CoverFailure::Computing; 2]);
    answer(&mut desk, a, first.revision);
    assert!(exported(&mut desk).unwrap().covered.is_some());
    // With the next stroke, that answer is an earlier one.
    act(&mut desk, Cover::Begin((3.0, 3.0)));
    assert!(exported(&mut desk).is_none());
    // Clearing the strokes needs no answer.
    act(&mut desk, Cover::Clear);
    assert!(brush(&desk).is_behind());
    assert!(exported(&mut desk).unwrap().covered.is_none());
    assert_eq!(refused(&mut desk), [CoverFailure::Computing]);
}

#[test]
fn strokes_beside_the_input_cover_nothing() {
    let (mut desk, photo) = in_hand();
    let revision = act(&mut desk, Cover::Begin((-9.0, 1.0))).unwrap().revision;
    let result = Ok(vec![covered(false)]);
    desk.land(|s| cover::covered(s, photo, revision, result));
    assert!(exported(&mut desk).unwrap().covered.is_none());
}

#[test]
fn after_a_failed_run_nothing_is_copied_until_it_is_uncovered() {
    let (mut desk, photo) = in_hand();
    let revision = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap().revision;
    let result = Err(failure("memory"));
    desk.land(|s| cover::covered(s, photo, revision, result));
    assert!(exported(&mut desk).is_none());
    let reported = desk.state.messages.last().unwrap();
    assert_eq!(reported.failure.as_ref().unwrap().code, "memory");
    assert_eq!(refused(&mut desk), [CoverFailure::Failed]);
    act(&mut desk, Cover::Undo);
    assert!(exported(&mut desk).unwrap().covered.is_none());
    // A defect leaves no earlier answer either.
    act(&mut desk, Cover::Begin((1.0, 1.0)));
    let revision = act(&mut desk, Cover::Lift).unwrap().revision;
    answer(&mut desk, photo, revision);
    act(&mut desk, Cover::Begin((2.0, 2.0)));
    desk.panics::<RunCovered>();
    assert!(brush(&desk).of_model("m").is_none());
    assert!(exported(&mut desk).is_none());
}

#[test]
fn the_export_dialog_waits_for_the_answer() {
    let (mut desk, a) = in_hand();
    let revision = act(&mut desk, Cover::Begin((1.0, 1.0))).unwrap().revision;
    let previews = |desk: &Desk| desk.started::<RenderPreview>().is_some();
    let writes = |desk: &mut Desk| {
        desk.act(Action::Export(Export::Write(IfTaken::Ask)));
        let job = desk.started::<WriteFiles>();
        job.map(|WriteFiles(order)| order.rows[0].answers[0].covered.is_some())
    };
    desk.act(Action::Export(Export::Open));
    assert!(!previews(&desk));
    desk.act(Action::Export(Export::Folder("out".into())));
    assert!(!previews(&desk));
    assert_eq!(writes(&mut desk), None);
    let failed = Err(failure("memory"));
    desk.land(|s| cover::covered(s, a, revision, failed));
    let dialog = desk.state.export.as_ref().unwrap();
    assert!(matches!(&dialog.preview, Preview::Failed(f) if f.code == "memory"));
    assert_eq!(writes(&mut desk), None);
    let again = act(&mut desk, Cover::Fill(Fill::Black)).unwrap().revision;
    answer(&mut desk, a, again);
    assert!(previews(&desk));
    assert_eq!(writes(&mut desk), Some(true));
}
