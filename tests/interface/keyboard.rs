//! The window by keyboard alone: Tab reaches everything, shows where it is, and never stays anywhere.

use std::collections::HashMap;

use egui::{Id, Key, Rect};
use egui_kittest::kittest::NodeT;
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};

/// The smallest and the largest window that the walks are made in.
const SIZES: [[f32; 2]; 2] = [[1024.0, 700.0], [1440.0, 900.0]];
/// More than there are controls anywhere.
const MOST_PRESSES: usize = 400;

/// The focused widget with the whole of its place and the visible part.
fn focused(desk: &Desk) -> Option<(Id, Rect, Rect)> {
    let ctx = &desk.harness.ctx;
    let id = ctx.memory(|m| m.focused())?;
    let response = ctx.read_response(id)?;
    Some((id, response.rect, response.interact_rect))
}

fn name_of_focus(desk: &Desk) -> Option<String> {
    let mut nodes = desk.harness.root().children_recursive();
    let node = nodes.find(|n| n.accesskit_node().is_focused())?;
    node.accesskit_node().label()
}

/// Presses Tab until the first control has the focus again; fails where a control is hidden or keeps the focus. Returns
/// the number of controls.
fn walk(desk: &mut Desk, place: &str) -> usize {
    let window = desk.harness.ctx.content_rect();
    let mut met: HashMap<Id, usize> = HashMap::new();
    let mut first = None;
    for _ in 0..MOST_PRESSES {
        desk.harness.key_press(Key::Tab);
        // The key goes down and up; the focus moves, the area scrolls, and the control is where it is seen.
        for _ in 0..5 {
            desk.step();
        }
        let Some((id, whole, visible)) = focused(desk) else {
            continue;
        };
        let name = name_of_focus(desk);
        let seen = visible.intersect(window).expand(1.0);
        let large = whole.height() > 0.5 * window.height() || whole.width() > 0.5 * window.width();
        assert!(
            seen.contains_rect(whole) || large && visible.is_positive(),
            "{place}: {name:?} is at {whole:?}, of which {visible:?} is visible"
        );
        let times = met.entry(id).or_default();
        *times += 1;
        if first == Some(id) {
            return met.len();
        }
        assert!(
            *times < 3,
            "{place}: Tab comes back to {name:?} and not to the first"
        );
        first = first.or(Some(id));
    }
    panic!("{place}: Tab does not come round; {} controls", met.len());
}

fn main_window(lang: Lang, size: [f32; 2]) -> Desk {
    let files = ["a.jpg", "b.jpg", "c.jpg"];
    let mut desk = Scene::new(lang).files(&files).size(size).open();
    desk.until_known();
    desk.run_and_wait();
    desk
}

#[test]
fn tab_reaches_everything_in_the_window_and_shows_it() {
    for lang in BOTH {
        for size in SIZES {
            let mut desk = main_window(lang, size);
            let controls = walk(&mut desk, &format!("{lang:?} {size:?}"));
            assert!(controls > 20, "{controls} controls");
        }
    }
}

#[test]
fn tab_reaches_everything_on_every_page_and_shows_it() {
    for (lang, size) in BOTH.into_iter().zip(SIZES) {
        let mut desk = main_window(lang, size);
        let t = desk.t;
        for (menu, page) in [
            (t.menu_file(), t.settings_sheet()),
            (t.menu_file(), t.export_files()),
            (t.menu_models(), t.models_sheet()),
            (t.menu_models(), t.import_model()),
            (t.menu_models(), t.devices_sheet()),
            (t.menu_view(), t.what_it_sees()),
            (t.menu_help(), t.palette()),
            (t.menu_help(), t.shortcuts()),
            (t.menu_help(), t.glossary()),
            (t.menu_help(), t.about()),
        ] {
            desk.menu(menu);
            desk.pick(page);
            desk.rest();
            assert!(walk(&mut desk, page) > 0);
            desk.press(Key::Escape);
            desk.press(Key::Escape);
            desk.rest();
        }
    }
}
