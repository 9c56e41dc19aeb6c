//! Disc and fovea of each photograph: where results are stored, and what is discarded when the marks change.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::anatomy::{HideRegions, MeasureRegions, Measured};
use crate::app::apply::examples::{Desk, failure, image};
use crate::app::apply::{Action, Anatomy as Do, Photographs, anatomy};
use crate::app::state::PhotoId;
use crate::domain::{DetectedPoint, Landmarks, MarkSource, Point, Proposal, Region};
use crate::imaging::Anatomy;
use crate::saliency::{Baseline, CoveredRegions, RegionShare, Regions};

const LANDMARKS: Landmarks = Landmarks {
    disc: Point { x: 3.0, y: 1.0 },
    fovea: Point { x: 1.0, y: 1.0 },
};

fn act(desk: &mut Desk, action: Do) {
    desk.act(Action::Anatomy(action));
}

/// The measurement that the last action started.
fn ordered(desk: &Desk) -> Option<&MeasureRegions> {
    desk.started()
}

fn measured(marks: Option<(Landmarks, MarkSource)>, has_map: bool) -> Measured {
    let found = |at| Some(DetectedPoint { at, sureness: 0.9 });
    let share = |region| RegionShare {
        region,
        raising: 0.1,
        lowering: 0.0,
        area: 0.2,
    };
    let landmarks = marks.map_or(LANDMARKS, |(landmarks, _)| landmarks);
    Measured {
        regions: Regions {
            landmarks: Some(landmarks),
            source: marks.map_or(MarkSource::Proposed, |(_, source)| source),
            proposal: marks.is_none().then(|| Proposal {
                disc: found(LANDMARKS.disc),
                fovea: found(LANDMARKS.fovea),
            }),
            shares: has_map.then(|| Region::ALL.map(share)),
            covered: None,
        },
        layout: Some(Arc::new(
            Anatomy::new(&image("1", 4).pixels, None, landmarks).unwrap(),
        )),
    }
}

/// Answers the last measurement.
fn answer(desk: &mut Desk, photo: PhotoId, sha256: &str) {
    let order = ordered(desk).expect("nothing was asked");
    let result = Ok(measured(order.marks, order.map.is_some()));
    desk.land(|s| anatomy::measured(s, photo, sha256, result));
}

fn covered(desk: &mut Desk, photo: PhotoId) {
    desk.land(|s| {
        anatomy::covered(
            s,
            photo,
            "1",
            Ok(Arc::new(CoveredRegions {
                fill: Baseline::Blur,
                randoms: 0,
                regions: vec![],
            })),
        )
    });
}

fn marks(desk: &Desk, photo: PhotoId) -> Option<(Landmarks, MarkSource)> {
    desk.state.photograph(photo)?.fundus.marks
}

/// `a` is in view, the model `m` answered, and disc and fovea were detected.
fn found() -> (Desk, PhotoId) {
    let mut desk = Desk::new();
    let a = desk.open_ready("a", "1");
    desk.run().answered(a, "1", 0.8);
    act(&mut desk, Do::Find);
    answer(&mut desk, a, "1");
    (desk, a)
}

#[test]
fn what_was_found_is_proposed_until_a_person_agrees() {
    let (mut desk, a) = found();
    assert_eq!(marks(&desk, a), Some((LANDMARKS, MarkSource::Proposed)));
    assert!(desk.state.regions_in_view().unwrap().shares.is_some());
    assert!(ordered(&desk).is_none(), "nothing is measured twice");
    act(&mut desk, Do::Accept);
    assert_eq!(marks(&desk, a), Some((LANDMARKS, MarkSource::Accepted)));
    assert!(
        ordered(&desk).is_none(),
        "the points stay, and their shares"
    );
    act(&mut desk, Do::Clear);
    assert_eq!(marks(&desk, a), None);
    assert!(desk.state.regions_in_view().is_none());
}

#[test]
fn marks_by_hand_replace_what_followed_from_others() {
    let (mut desk, a) = found();
    act(&mut desk, Do::Cover);
    covered(&mut desk, a);
    assert!(desk.state.regions_in_view().unwrap().covered.is_some());
    act(&mut desk, Do::Place);
    let (disc, fovea) = (Point { x: 0.5, y: 1.0 }, Point { x: 3.5, y: 2.0 });
    act(&mut desk, Do::Mark(a, disc));
    // Outside the photograph, and on the disc itself.
    act(&mut desk, Do::Mark(a, Point { x: 9.0, y: 1.0 }));
    act(&mut desk, Do::Mark(a, disc));
    assert!(desk.state.is_placing_on(a));
    act(&mut desk, Do::Mark(a, fovea));
    let mine = (Landmarks { disc, fovea }, MarkSource::User);
    assert_eq!(marks(&desk, a), Some(mine));
    let regions = desk.state.regions_in_view().unwrap();
    assert!(regions.shares.is_none() && regions.covered.is_none());
    assert_eq!(ordered(&desk).unwrap().marks, Some(mine));
    answer(&mut desk, a, "1");
    assert!(desk.state.regions_in_view().unwrap().shares.is_some());
    // Outside marking mode a click changes nothing.
    act(&mut desk, Do::Mark(a, disc));
    assert_eq!(marks(&desk, a), Some(mine));
}

#[test]
fn an_answer_for_other_points_another_file_or_a_cleared_photograph_is_not_taken() {
    let (mut desk, a) = found();
    act(&mut desk, Do::Clear);
    act(&mut desk, Do::Find);
    let stale = measured(None, false);
    desk.land(|s| anatomy::measured(s, a, "another file", Ok(stale.clone())));
    assert_eq!(marks(&desk, a), None);
    act(&mut desk, Do::Find);
    act(&mut desk, Do::Clear);
    desk.land(|s| anatomy::measured(s, a, "1", Ok(stale)));
    assert_eq!(marks(&desk, a), None);
    let (mut desk, a) = found();
    act(&mut desk, Do::Cover);
    act(&mut desk, Do::Clear);
    assert!(desk.stops(Slot::of::<HideRegions>()));
    covered(&mut desk, a);
    assert!(desk.state.photograph(a).unwrap().fundus.covered.is_empty());
}

#[test]
fn marks_belong_to_one_photograph_and_marking_ends_with_it() {
    let (mut desk, a) = found();
    act(&mut desk, Do::Place);
    let b = desk.open_ready("b", "2");
    assert!(desk.state.anatomy.placing.is_none());
    assert_eq!(marks(&desk, b), None);
    act(&mut desk, Do::Mark(a, Point { x: 0.0, y: 0.0 }));
    desk.act(Action::Photographs(Photographs::Select(a)));
    assert_eq!(marks(&desk, a), Some((LANDMARKS, MarkSource::Proposed)));
}

#[test]
fn a_failure_is_told_once_and_not_asked_again_by_itself() {
    let (mut desk, a) = found();
    act(&mut desk, Do::Cover);
    desk.land(|s| anatomy::covered(s, a, "1", Err(failure("device"))));
    let reported = desk.state.anatomy.failed.as_ref().unwrap();
    assert_eq!((reported.0, reported.1.code.as_str()), (a, "device"));
    assert!(!desk.state.is_covering_here() && desk.state.can_cover());
    act(&mut desk, Do::Cover);
    assert!(desk.state.anatomy.failed.is_none());
}
