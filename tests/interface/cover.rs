//! The cover brush: painting over the photograph while the score follows.

use egui::{Key, Modifiers};
use gantei::app::state::Purpose;
use gantei::saliency::Fill;
use gantei::text::report::{Report, capital};
use gantei::text::sanity_checks::signed;
use gantei::ui::Tab;
use gantei::workflow::cover::Covered;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};

/// Draws a stroke across the middle of the view, from left to right.
fn stroke(desk: &mut Desk, length: f32) {
    let name = desk.t.image_view().to_owned();
    let centre = desk.beginning(&name).rect().center();
    let from = centre - egui::vec2(length / 2.0, 0.0);
    desk.harness.hover_at(from);
    desk.step();
    desk.harness.drag_at(from);
    desk.step();
    for i in 1..=4_u8 {
        desk.harness
            .hover_at(from + egui::vec2(length * f32::from(i) / 4.0, 0.0));
        desk.step();
    }
    desk.harness.drop_at(from + egui::vec2(length, 0.0));
    desk.step();
    desk.step();
}

fn answered(desk: &mut Desk) {
    desk.until("the covered score", |d| {
        d.state().brush.as_ref().is_some_and(|b| !b.is_behind())
    });
    desk.rest();
}

/// The covered score, and its change by covering.
fn figures(desk: &Desk, covered: &Covered) -> [String; 2] {
    let [before, after] = [covered.before, covered.after].map(|f| f.score.unwrap());
    [desk.t.score_figure(after), signed(after - before, 3)]
}

#[test]
fn the_score_follows_the_brush_and_the_result_stays() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        let score = desk.score(DEMO);
        desk.tab(Tab::Map);
        desk.click(t.cover_brush());
        assert!(desk.reads(t.cover_hint()));
        answered(&mut desk);
        stroke(&mut desk, 200.0);
        answered(&mut desk);
        let brush = desk.state().brush.as_ref().unwrap();
        assert_eq!(brush.strokes.len(), 1);
        assert!(brush.strokes[0].points_in_image.len() > 2);
        let covered = brush.of_model(DEMO).unwrap();
        assert!(covered.area_share > 0.02);
        assert_eq!(covered.before.score, Some(score));
        assert_ne!(covered.after.score, covered.before.score);
        let fill = Report(lang).fill(covered.fill);
        assert!(desk.reads(&t.covered_share(covered.area_share, fill)));
        // First in the pane, and as large as the score in the panel.
        let [figure, change] = figures(&desk, covered);
        let pane = format!("{}: {}", t.image_view(), t.covered_now(&figure, &change));
        assert!(desk.reads(&pane), "{pane}");
        let large = format!("{} {figure} {change}", t.covered_score());
        assert!(desk.sees(&large), "{large}");
        assert_eq!(desk.score(DEMO), score);
        desk.click(t.undo());
        answered(&mut desk);
        assert!(desk.state().brush.as_ref().unwrap().strokes.is_empty());
        stroke(&mut desk, 100.0);
        stroke(&mut desk, 150.0);
        desk.combo(t.cover_fill());
        let black = capital(Report(lang).fill(Fill::Black));
        desk.click_last(&black);
        answered(&mut desk);
        assert_eq!(desk.state().brush.as_ref().unwrap().fill, Fill::Black);
        desk.slider(t.cover_size()).set_value_accesskit(30.0);
        desk.rest();
        let brush = desk.state().brush.as_ref().unwrap();
        assert!((brush.radius / desk.state().field_radius() - 0.3).abs() < 0.01);
        desk.press_with(Modifiers::COMMAND, Key::Z);
        answered(&mut desk);
        assert_eq!(desk.state().brush.as_ref().unwrap().strokes.len(), 1);
        desk.click(t.cover_clear());
        answered(&mut desk);
        desk.press(Key::B);
        assert!(desk.state().brush.is_none());
        desk.rest();
    }
}

#[test]
fn both_models_answer_to_what_is_covered() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["a.jpg"]).both_models().open();
        desk.run_and_wait();
        desk.press(Key::F4);
        let agreement = desk.t.maps_agree(0.0);
        let agreement = agreement.split_once(" +").map_or("", |(words, _)| words);
        assert!(desk.reads(agreement));
        desk.press(Key::B);
        answered(&mut desk);
        stroke(&mut desk, 60.0);
        answered(&mut desk);
        let brush = desk.state().brush.as_ref().unwrap();
        for model in [DEMO, STUDY] {
            let covered = brush.of_model(model).unwrap();
            let [figure, change] = figures(&desk, covered);
            let wording = desk.t.covered_now(&figure, &change);
            assert!(desk.reads(&wording), "{model}: {wording}");
        }
        assert!(!desk.reads(agreement), "the maps are not in view");
        // The text of a result states that the photograph is covered.
        desk.click(desk.t.copy_result_short());
        desk.rest();
        let copied = desk.texts.last().unwrap();
        assert!(copied.contains(&capital(desk.t.covered_mark())), "{copied}");
    }
}

#[test]
fn an_export_waits_for_the_score_of_what_is_covered() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::ExportFolder, &["out"]);
        let mut desk = scene.open();
        let t = desk.t;
        desk.run_and_wait();
        desk.press(Key::B);
        answered(&mut desk);
        let begun = desk.engine.covers().begun();
        desk.engine.covers().hold();
        stroke(&mut desk, 200.0);
        desk.until("the run", |d| d.engine.covers().begun() > begun);
        desk.click(t.copy_result_short());
        desk.rest();
        assert!(desk.texts.is_empty());
        assert!(desk.sees(t.cover_computing()) && desk.sees(t.cover_computing_hint()));
        desk.press_with(Modifiers::COMMAND, Key::E);
        desk.click(t.choose_folder());
        desk.until("the folder", |d| d.state().export_folder.is_some());
        desk.step();
        assert!(desk.is_disabled(t.write()));
        desk.engine.covers().open();
        answered(&mut desk);
        assert!(!desk.is_disabled(t.write()));
        desk.click_role(egui::Role::Button, t.write());
        desk.until("the message", |d| {
            d.sees(&d.t.exported(d.home.count("out")))
        });
        let document = desk.home.results("out");
        let share = &document["results"][0]["covered"]["area_share"];
        assert!(share.as_f64().unwrap() > 0.02, "{share}");
    }
}
