//! Disc and fovea, and the evidence by region.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use gantei::app::state::Purpose;
use gantei::domain::{Certainty, DetectedPoint, MarkSource, Region};
use gantei::saliency::CoveredRegion;
use gantei::text::Lang;
use gantei::text::sanity_checks::signed;
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::eyes;

/// Scrolls to the part of the panel below the first screen.
fn tall(lang: Lang, files: &[&str]) -> Desk {
    let mut desk = Scene::new(lang).size([1320.0, 1900.0]).files(files).open();
    desk.tab(Tab::Map);
    desk
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

/// Clicks a point of the photograph, which fills the height of the view.
fn click_at(desk: &mut Desk, x: f32, y: f32) {
    let view = desk.node(desk.t.image_view()).rect();
    let side = view.width().min(view.height());
    let whole = eyes::SIDE as f32;
    let from_middle = |v: f32| (v / whole - 0.5) * side * 0.9;
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
        let proposal = desk.state().selected().unwrap().fundus.proposal.unwrap();
        let sureness = |found: Option<DetectedPoint>| Certainty::of(found.unwrap().sureness);
        let (disc, fovea) = (sureness(proposal.disc), sureness(proposal.fovea));
        assert_eq!(disc, Certainty::Sure);
        assert!(desk.sees(&t.landmarks_proposed(disc, fovea)));
        assert!(desk.sees(t.anatomy_needs_map()));
        desk.run_and_wait();
        until_shares(&mut desk);
        let shares = desk.state().regions_in_view().unwrap().shares.unwrap();
        let area = format!("{:.1}", 100.0 * shares[Region::Macula as usize].area);
        assert!(
            desk.sees(t.region(Region::Macula)) && desk.sees(&area),
            "{area}"
        );
        desk.click(t.accept_landmarks());
        desk.rest();
        assert_eq!(source(&desk), Some(MarkSource::Accepted));
        assert!(desk.sees(t.landmarks_accepted()) && desk.sees(&area));
        assert!(!desk.sees(t.accept_landmarks()));
        desk.click_role(egui::Role::CheckBox, t.region_outlines());
        desk.rest();
        assert!(desk.state().anatomy.outlines_shown);
        desk.click(t.clear_landmarks());
        desk.rest();
        assert_eq!(source(&desk), None);
        assert!(desk.sees(t.anatomy_start()) && !desk.sees(&area));
    }
}

#[test]
fn what_is_not_found_is_said_and_marked_by_two_clicks() {
    for lang in BOTH {
        let mut desk = tall(lang, &["blank.jpg"]);
        let t = desk.t;
        find(&mut desk);
        let nothing = Certainty::NotFound;
        assert!(desk.sees(&t.landmarks_proposed(nothing, nothing)));
        desk.click(t.mark_landmarks());
        desk.rest();
        assert!(desk.sees(t.click_next(false)));
        click_at(&mut desk, 180.0, 120.0);
        assert!(desk.sees(t.click_next(true)));
        // A second click on the same point is not taken as the fovea.
        click_at(&mut desk, 180.0, 120.0);
        assert!(desk.sees(t.click_next(true)));
        click_at(&mut desk, 80.0, 132.0);
        assert_eq!(source(&desk), Some(MarkSource::User));
        let (landmarks, _) = desk.state().selected().unwrap().fundus.marks.unwrap();
        assert!(landmarks.disc.x > landmarks.fovea.x && landmarks.disc.y < landmarks.fovea.y);
        desk.until("the regions", |d| {
            d.state().selected().unwrap().fundus.layout.is_some()
        });
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
    // When not marking, a click moves nothing.
    click_at(&mut desk, 160.0, 160.0);
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
        desk.engine.covers().hold();
        desk.click(t.cover_regions());
        assert!(desk.state().is_covering_here());
        desk.until("the covering", |d| d.engine.covers().begun() == 1);
        desk.click(t.cancel_covering());
        desk.until("the cancel", |d| d.engine.covers().cancelled() == 1);
        desk.rest();
        assert!(!desk.state().is_covering_here());
        desk.engine.covers().open();
        desk.click(t.cover_regions());
        desk.until("the changes", |d| {
            let regions = d.state().regions_in_view();
            regions.is_some_and(|r| r.covered.is_some())
        });
        desk.rest();
        let covered = desk.state().regions_in_view().unwrap().covered.unwrap();
        let of = |r: &&CoveredRegion| r.region == Region::Macula;
        let macula = *covered.regions.iter().find(of).unwrap();
        let [mean, spread] = macula.random.unwrap().map(|c| c.score.unwrap());
        let change = signed(macula.change.score.unwrap(), 3);
        let random = format!("{}\n± {spread:.3}", signed(mean, 3));
        assert!(desk.sees(&change), "{change}");
        assert!(desk.sees(&random), "{random}");
        assert!(desk.sees(&t.covered_meaning(t.what_changes(true), 5)));
        // Other points: the results of covering are discarded.
        desk.click(t.mark_landmarks());
        click_at(&mut desk, 180.0, 120.0);
        click_at(&mut desk, 80.0, 132.0);
        until_shares(&mut desk);
        assert!(!desk.sees(&random));
    }
}

#[test]
fn regions_go_into_the_export_with_their_source() {
    let scene = Scene::new(Lang::En).size([1320.0, 1900.0]);
    let scene = scene.files(&["a_OD.jpg"]);
    let mut desk = scene.dialog(Purpose::ExportFolder, &["out"]).open();
    desk.tab(Tab::Map);
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
    let shares = desk.state().regions_in_view().unwrap().shares.unwrap();
    desk.until("the export", |d| d.state().export.is_none());
    let document = desk.home.results("out");
    let row = &document["results"][0];
    let regions = &row["regions"];
    assert_eq!(regions["source"], "accepted");
    let (landmarks, _) = desk.state().selected().unwrap().fundus.marks.unwrap();
    assert_eq!(regions["disc"]["x"], landmarks.disc.x);
    assert_eq!(regions["parts"][0]["raising"], shares[0].raising);
    let findings = row["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["code"] != "landmarks-proposed"));
}
