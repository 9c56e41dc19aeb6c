//! The window at rest, when it closes, and at sizes into which it hardly fits.

use std::time::Duration;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use gantei::text::Lang;
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene, wait_until};
use crate::home::STUDY;

#[test]
fn at_rest_no_frame_is_asked_for() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["folder"]).both_models().open();
        desk.until_known();
        // `rest` fails on endless repaint requests.
        desk.rest();
        desk.run_and_wait();
        desk.run_all_and_wait();
        for key in [Key::F3, Key::F4, Key::F5, Key::F6, Key::F2] {
            desk.press(key);
            desk.until("what is in view", |d| {
                let ids = d.state().in_view();
                let mut photographs = ids.iter().filter_map(|id| d.state().photograph(*id));
                photographs.all(|p| p.opened().is_some())
            });
            desk.rest();
        }
        // Only dismissing news is left to wait for: the next frame is seconds away.
        let output = &desk.harness.output().viewport_output;
        let delays: Vec<_> = output.values().map(|v| v.repaint_delay).collect();
        assert!(
            delays.iter().all(|d| *d > Duration::from_millis(100)),
            "{delays:?}"
        );
    }
}

#[test]
fn closing_while_jobs_run_stops_them_and_waits_for_none() {
    let scene = Scene::new(Lang::En).files(&["folder"]);
    let mut desk = scene.with(|s| s.models = vec![STUDY.into()]).open();
    let engine = desk.engine.clone();
    engine.runs().hold();
    desk.press_with(Modifiers::COMMAND, Key::R);
    // A running model is locked; the other run uses another model.
    let name = desk.demonstration();
    desk.choose_model(&name);
    desk.press_with(Modifiers::COMMAND, Key::Enter);
    desk.until("both runs", |d| d.engine.runs().begun() == 2);
    // The jobs stay held: a close that waited for them would not return.
    desk.leave();
    wait_until("both runs to hear of it", || engine.runs().cancelled() == 2);
}

#[test]
fn nothing_moves_when_a_run_begins_and_when_its_answer_comes() {
    for lang in BOTH {
        for both in [false, true] {
            let scene = Scene::new(lang).files(&["a.jpg"]);
            let scene = if both { scene.both_models() } else { scene };
            let mut desk = scene.open();
            desk.rest();
            let t = desk.t;
            let places = |desk: &Desk| {
                // Findings come below these and move only the tabs.
                let names = [desk.run_word(), t.run_more(), t.overlay(), t.map_more()];
                names.map(|name| desk.node(name).rect())
            };
            let before = places(&desk);
            desk.engine.runs().hold();
            desk.press_with(Modifiers::COMMAND, Key::R);
            desk.until("the run", |d| d.engine.runs().begun() == 1);
            desk.step();
            assert_eq!(places(&desk), before, "while it runs");
            desk.engine.runs().open();
            desk.until("the answer", |d| d.state().running.is_none());
            desk.rest();
            assert_eq!(places(&desk), before, "after it, {both}");
        }
    }
}

/// True if the window was asked to close in the last frame.
fn is_leaving(desk: &Desk) -> bool {
    let output = &desk.harness.output().viewport_output;
    let mut commands = output.values().flat_map(|v| &v.commands);
    commands.any(|c| *c == egui::ViewportCommand::Close)
}

#[test]
fn the_key_that_leaves_works_over_a_sheet_too() {
    for sheet in [None, Some(Key::F1)] {
        let mut desk = Desk::new(Lang::En, &["a.jpg"]);
        if let Some(key) = sheet {
            desk.press(key);
        }
        assert!(!is_leaving(&desk));
        // Sent directly into the frame whose output is checked.
        let pressed = egui::Event::Key {
            key: Key::Q,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::COMMAND,
        };
        desk.harness.input_mut().events.push(pressed);
        desk.harness.step();
        assert!(is_leaving(&desk), "{sheet:?}");
    }
}

#[test]
fn a_setting_that_was_just_changed_is_saved_on_closing() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    eframe::App::on_exit(desk.harness.state_mut(), None);
    assert!(desk.saved(|s| s.appearance == gantei::app::settings::Appearance::Light));
}

/// Every tab and every control of the panel can be reached by scrolling.
fn reaches_the_answer_panel(mut desk: Desk) {
    desk.run_and_wait();
    let t = desk.t;
    for (tab, names) in [
        (Tab::Result, &[desk.run_word(), t.copy_result_short()][..]),
        (Tab::Map, &[t.method(), t.cover_brush(), t.about_methods()]),
        (Tab::Checks, &[t.run_sanity_checks()]),
        (Tab::Photograph, &[t.this_is_od(), t.count_photograph()]),
        (Tab::Model, &[t.device(), t.about_model(), t.details()]),
    ] {
        desk.tab(tab);
        for name in names {
            let found = |desk: &Desk| {
                desk.harness
                    .query_all_by_label(name)
                    .last()
                    .map(|n| n.rect())
            };
            desk.harness
                .query_all_by_label(name)
                .last()
                .unwrap()
                .scroll_to_me();
            desk.rest();
            let window = desk.harness.ctx.content_rect();
            let rect = found(&desk).unwrap();
            assert!(window.contains_rect(rect), "{name}: {rect:?} in {window:?}");
        }
    }
}

#[test]
fn the_answer_panel_is_reached_in_the_smallest_window() {
    for lang in BOTH {
        reaches_the_answer_panel(Scene::new(lang).size([1024.0, 640.0]).both_models().open());
    }
}

#[test]
fn the_answer_panel_is_reached_at_double_scale() {
    for lang in BOTH {
        let scene = Scene::new(lang).size([1920.0, 1080.0]);
        reaches_the_answer_panel(scene.with(|s| s.scale = 2.0).open());
    }
}

#[test]
fn every_sheet_fits_the_smallest_window() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).size([1024.0, 640.0]).open();
        desk.run_and_wait();
        let t = desk.t;
        for (menu, page) in [
            (t.menu_models(), t.models_sheet()),
            (t.menu_models(), t.import_model()),
            (t.menu_models(), t.devices_sheet()),
            (t.menu_file(), t.settings_sheet()),
            (t.menu_file(), t.export_files()),
            (t.menu_help(), t.shortcuts()),
            (t.menu_help(), t.glossary()),
            (t.menu_help(), t.about()),
        ] {
            desk.menu(menu);
            desk.pick(page);
            desk.step();
            desk.rest();
            let close = desk.harness.query_all_by_label(t.close()).last();
            let rect = close
                .unwrap_or_else(|| panic!("nothing closes {page}"))
                .rect();
            let window = desk.harness.ctx.content_rect();
            assert!(window.contains_rect(rect), "{page}: {rect:?} in {window:?}");
            desk.press(Key::Escape);
            desk.rest();
        }
    }
}
