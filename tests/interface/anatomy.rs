//! Disc and fovea, and the evidence by region.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use gantei::app::action::Purpose;
use gantei::domain::{Code, MarkSource, Region, Sureness};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};

/// Shows the part of the panel that lies below the first screen.
fn tall(lang: Lang, files: &[&str]) -> Desk {
    Scene::new(lang).size([1320.0, 1900.0]).files(files).open()
}

fn source(desk: &Desk) -> Option<MarkSource> {
    let (_, source) = desk.state().selected()?.fundus.marks?;
    Some(source)
}

fn find(desk: &mut Desk) {
    desk.click(desk.t.find_landmarks());
    desk.until("the proposal", |d| d.state().anatomy.measuring.is_none());
    desk.rest();
}

fn until_shares(desk: &mut Desk) {
    desk.until("the shares", |d| {
        let regions = d.state().regions_in_view();
        regions.is_some_and(|r| r.shares.is_some())
    });
    desk.rest();
}

/// Clicks a place of the photograph, which is 64 pixels wide and fills the view's height.
fn click_at(desk: &mut Desk, x: f32, y: f32) {
    let view = desk.node(desk.t.image_view()).rect();
    let side = view.width().min(view.height());
    let from_middle = |v: f32| (v - 32.0) / 64.0 * side * 0.9;
    let at: Pos2 = view.center() + egui::vec2(from_middle(x), from_middle(y));
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    for event in [Event::PointerMoved(at), button(true), button(false)] {
        desk.harness.input_mut().events.push(event);
        desk.step();
    }
    desk.harness
        .input_mut()
        .events
        .push(Event::PointerMoved(pos2(0.0, 0.0)));
    desk.step();
}

#[test]
fn a_proposal_says_how_sure_it_is_and_is_accepted() {
    for lang in BOTH {
        let mut desk = tall(lang, &["a_OD.jpg"]);
        let t = desk.t;
        assert!(desk.sees(t.anatomy_start()));
        find(&mut desk);
        assert_eq!(source(&desk), Some(MarkSource::Proposed));
        let [sure, likely] = [Sureness::Sure, Sureness::Likely];
        assert!(desk.sees(&t.landmarks_proposed(sure, likely)));
        assert!(desk.sees(t.anatomy_needs_map()));
        desk.run_and_wait();
        until_shares(&mut desk);
        assert!(desk.sees(t.region(Region::Macula)) && desk.sees("10.0"));
        desk.click(t.accept_landmarks());
        desk.rest();
        assert_eq!(source(&desk), Some(MarkSource::Accepted));
        assert!(desk.sees(t.landmarks_accepted()) && desk.sees("10.0"));
        assert!(!desk.sees(t.accept_landmarks()));
        desk.click_role(egui::Role::CheckBox, t.region_outlines());
        desk.rest();
        assert!(desk.state().anatomy.outlines_shown);
        desk.click(t.clear_landmarks());
        desk.rest();
        assert_eq!(source(&desk), None);
        assert!(desk.sees(t.anatomy_start()) && !desk.sees("10.0"));
    }
}

#[test]
fn what_is_not_found_is_said_and_marked_by_two_clicks() {
    for lang in BOTH {
        let mut desk = tall(lang, &["blank.jpg"]);
        let t = desk.t;
        find(&mut desk);
        let nothing = Sureness::NotFound;
        assert!(desk.sees(&t.landmarks_proposed(nothing, nothing)));
        desk.click(t.mark_landmarks());
        desk.rest();
        assert!(desk.sees(t.click_next(false)));
        click_at(&mut desk, 45.0, 30.0);
        assert!(desk.sees(t.click_next(true)));
        // A second click on the same spot is no fovea.
        click_at(&mut desk, 45.0, 30.0);
        assert!(desk.sees(t.click_next(true)));
        click_at(&mut desk, 20.0, 33.0);
        assert_eq!(source(&desk), Some(MarkSource::User));
        let (landmarks, _) = desk.state().selected().unwrap().fundus.marks.unwrap();
        assert!(landmarks.disc.x > landmarks.fovea.x && landmarks.disc.y < landmarks.fovea.y);
        desk.until("the regions", |d| d.state().can_cover());
        desk.rest();
        assert!(desk.sees(t.landmarks_by_hand()));
    }
}

#[test]
fn escape_leaves_marking_and_another_photograph_ends_it() {
    let mut desk = tall(Lang::En, &["folder"]);
    let t = desk.t;
    find(&mut desk);
    desk.click(t.mark_landmarks());
    assert!(desk.state().anatomy.placing.is_some());
    desk.press(Key::Escape);
    assert!(desk.state().anatomy.placing.is_none());
    assert_eq!(source(&desk), Some(MarkSource::Proposed), "the marks stay");
    // Without marking a click moves nothing.
    click_at(&mut desk, 40.0, 40.0);
    assert!(desk.state().anatomy.placing.is_none());
    desk.click(t.mark_landmarks());
    desk.press(Key::ArrowDown);
    desk.until_open();
    assert!(desk.state().anatomy.placing.is_none());
    assert_eq!(source(&desk), None, "marks belong to one photograph");
    desk.press(Key::ArrowUp);
    desk.until_open();
    assert_eq!(source(&desk), Some(MarkSource::Proposed));
}

#[test]
fn regions_are_covered_and_the_covering_is_cancelled() {
    for lang in BOTH {
        let mut desk = tall(lang, &["a_OD.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        find(&mut desk);
        until_shares(&mut desk);
        desk.click(t.cover_regions());
        assert!(desk.state().is_covering_here());
        desk.until("the covering", |d| d.play.region_covers.begun() == 1);
        desk.click(t.cancel_covering());
        desk.until("the cancel", |d| d.play.region_covers.cancelled() == 1);
        desk.rest();
        assert!(!desk.state().is_covering_here());
        desk.play.region_covers.release(2);
        desk.click(t.cover_regions());
        desk.until("the changes", |d| {
            let regions = d.state().regions_in_view();
            regions.is_some_and(|r| r.covered.is_some())
        });
        desk.rest();
        assert!(desk.sees("−0.310") && desk.sees("−0.020\n± 0.021"));
        assert!(desk.sees(&t.covered_meaning(t.what_changes(true), 5)));
        // Other points: what was hidden before is not theirs.
        desk.click(t.mark_landmarks());
        click_at(&mut desk, 45.0, 30.0);
        click_at(&mut desk, 20.0, 33.0);
        until_shares(&mut desk);
        assert!(!desk.sees("−0.310"));
    }
}

#[test]
fn regions_go_into_the_export_with_their_source() {
    let scene = Scene::new(Lang::En).size([1320.0, 1900.0]);
    let scene = scene.files(&["a_OD.jpg"]);
    let mut desk = scene.dialog(Purpose::ExportFolder, &["out"]).open();
    desk.run_and_wait();
    find(&mut desk);
    until_shares(&mut desk);
    desk.click(desk.t.accept_landmarks());
    desk.rest();
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.click(desk.t.choose_folder());
    desk.until("the folder", |d| d.state().export_folder.is_some());
    desk.rest();
    desk.click_role(egui::Role::Button, desk.t.write());
    desk.until("the export", |d| !d.play.exports.lock().unwrap().is_empty());
    let orders = desk.play.exports.lock().unwrap();
    let case = &orders[0].rows[0].answers[0].case;
    let regions = case.regions.as_ref().unwrap();
    assert_eq!(regions.source, MarkSource::Accepted);
    assert_eq!(regions.landmarks.unwrap().disc.x, 44.0);
    assert_eq!(regions.shares.unwrap()[0].raising, 0.1);
    assert!(
        !case
            .findings
            .iter()
            .any(|f| f.code == Code::LandmarksProposed)
    );
}
