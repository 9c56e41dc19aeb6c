//! What the middle of the window shows: panes side by side, the table, and how pixels are displayed.

use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable};
use gantei::app::state::Layout;
use gantei::domain::Laterality;
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};

/// The panes from left to right, by their names.
fn panes(desk: &Desk) -> Vec<String> {
    let view = desk.t.image_view();
    let found = desk.harness.query_all_by_label_contains(view);
    let mut panes: Vec<_> = found
        .map(|n| {
            let label = n.accesskit_node().label().unwrap_or_default();
            (n.rect().left(), label)
        })
        .collect();
    panes.sort_by(|a, b| a.0.total_cmp(&b.0));
    panes.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn the_photograph_stands_beside_itself_with_the_overlay() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        desk.combo(t.layout());
        desk.pick(t.layout_side_by_side());
        desk.rest();
        let panes = panes(&desk);
        assert_eq!(panes.len(), 2);
        assert!(panes[0].ends_with(t.original()), "{panes:?}");
        assert!(panes[1].ends_with(t.overlay()), "{panes:?}");
    }
}

#[test]
fn two_models_stand_side_by_side_and_a_second_one_is_asked_for() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.press(Key::F4);
        desk.rest();
        assert_eq!(desk.state().layout, Layout::Models);
        assert_eq!(panes(&desk).len(), 2);
        let mut desk = Scene::new(lang).files(&["a.jpg"]).both_models().open();
        desk.run_and_wait();
        desk.press(Key::F4);
        desk.rest();
        let panes = panes(&desk);
        assert!(panes[0].contains(&desk.figure(DEMO)));
        assert!(panes[1].contains("Study model") && panes[1].contains(&desk.figure(STUDY)));
    }
}

#[test]
fn both_eyes_stand_as_one_faces_the_person() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["folder"]).open();
        desk.until_known();
        // From either eye, the right eye is on the left.
        for key in [Key::PageUp, Key::PageDown] {
            desk.press(key);
            desk.press(Key::F5);
            desk.until("both eyes", |d| {
                let ids = d.state().in_view();
                let mut photographs = ids.iter().filter_map(|id| d.state().photograph(*id));
                ids.len() == 2 && photographs.all(|p| p.opened().is_some())
            });
            desk.rest();
            let panes = panes(&desk);
            assert_eq!(panes.len(), 2);
            assert!(
                panes[0].contains(desk.t.laterality(Laterality::Od)),
                "{panes:?}"
            );
            assert!(
                panes[1].contains(desk.t.laterality(Laterality::Os)),
                "{panes:?}"
            );
        }
    }
}

#[test]
fn without_a_fellow_eye_that_layout_says_why() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["lonely.jpg"]);
        desk.press(Key::F5);
        assert_eq!(desk.state().layout, Layout::Eyes);
        assert_eq!(panes(&desk).len(), 2);
        assert!(desk.reads(desk.t.no_fellow()));
    }
    let mut desk = Scene::new(Lang::En).files(&["folder"]).open();
    desk.until_known();
    desk.press(Key::F5);
    desk.press(Key::PageDown);
    desk.press(Key::PageDown);
    desk.rest();
    assert_eq!(desk.state().layout, Layout::Eyes);
    assert_eq!(panes(&desk).len(), 2);
}

#[test]
fn red_free_is_for_the_screen_only_and_says_so() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        let pixels = |desk: &Desk| {
            let opened = desk.state().selected().unwrap().opened().unwrap();
            std::sync::Arc::clone(&opened.image.pixels)
        };
        let whole = gantei::domain::Pixels::clone(&pixels(&desk));
        desk.click(t.red_free());
        desk.rest();
        assert!(desk.state().display.red_free);
        desk.pick(t.display_on());
        desk.rest();
        assert!(desk.sees(t.display_only()));
        desk.slider(t.brightness()).set_value_accesskit(0.25);
        desk.rest();
        assert!((desk.state().display.brightness - 0.25).abs() < 0.01);
        desk.press(Key::Escape);
        desk.press(Key::D);
        desk.rest();
        assert!(desk.state().display.is_plain());
        // The model's input is the original photograph: its pixels are not changed.
        assert!(*pixels(&desk) == whole);
    }
}

#[test]
fn a_photograph_larger_than_a_tile_is_drawn_zoomed_and_moved() {
    let mut desk = Desk::new(Lang::En, &["large.png"]);
    desk.press(Key::Num1);
    desk.rest();
    let view = desk.harness.get_by_label("Image view").rect();
    desk.harness.hover_at(view.center());
    desk.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 240.0),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
    });
    desk.rest();
    let away = view.center() + egui::vec2(-200.0, 60.0);
    desk.harness.drag_at(view.center());
    desk.step();
    desk.harness.hover_at(away);
    desk.step();
    desk.harness.drop_at(away);
    desk.rest();
    desk.press(Key::F);
    desk.rest();
    assert!(desk.sees("Image view"));
}

#[test]
fn the_longest_menu_fits_below_its_bar_and_a_lower_window_scrolls_it() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).size([1280.0, 800.0]).open();
        let t = desk.t;
        desk.menu(t.menu_view());
        desk.rest();
        let first = desk.beginning(t.layout_side_by_side()).rect();
        let last = desk.beginning(t.switch_language()).rect();
        assert!(
            first.top() > 26.0 && last.bottom() < 800.0,
            "{first} {last}"
        );
        // A click reaches only what is visible.
        desk.pick(t.switch_language());
        assert_ne!(desk.state().settings.language, lang);
        let mut desk = Scene::new(lang).size([1024.0, 640.0]).open();
        desk.menu(t.menu_view());
        desk.rest();
        assert!(desk.beginning(t.layout_side_by_side()).rect().top() > 26.0);
        desk.beginning(t.switch_language()).scroll_to_me();
        desk.rest();
        let last = desk.beginning(t.switch_language()).rect();
        assert!(last.bottom() < 640.0, "{last}");
    }
}

#[test]
fn the_bar_above_the_photograph_keeps_to_one_line() {
    for lang in BOTH {
        for size in [[1280.0, 800.0], [1320.0, 860.0], [1024.0, 640.0]] {
            let mut desk = Scene::new(lang).size(size).open();
            desk.rest();
            let t = desk.t;
            let middle = |name: &str| desk.node(name).rect().center().y;
            let first = desk
                .harness
                .get_by_role_and_label(egui::Role::ComboBox, t.layout())
                .rect();
            let display = middle(t.display());
            assert!((first.center().y - display).abs() < 4.0, "{size:?}");
        }
    }
}
