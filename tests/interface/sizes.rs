//! The window at the sizes and scales that people use: what must be in view, in line, and out of each other's way.

use egui::{Key, Modifiers, Rect, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use gantei::text::{Lang, finding};
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::STUDY;

/// Width and height of the window in pixels, scale, and how many rows of the list must be in view.
const SIZES: [([f32; 2], f32, usize); 3] = [
    ([1024.0, 700.0], 1.0, 8),
    ([1440.0, 900.0], 1.0, 18),
    ([2560.0, 1440.0], 1.5, 18),
];

/// More photographs than fit into any of these windows.
const MANY: usize = 40;

fn window(lang: Lang, size: [f32; 2], scale: f32, files: &[&str]) -> Desk {
    let scene = Scene::new(lang).size(size).with(|s| s.scale = scale);
    scene.files(files).open()
}

fn rects(desk: &Desk, role: Role) -> Vec<(String, Rect)> {
    let found = desk.harness.query_all_by_role(role);
    let named = found.map(|n| (n.accesskit_node().label().unwrap_or_default(), n.rect()));
    named.collect()
}

fn rect(desk: &Desk, role: Role, name: &str) -> Rect {
    desk.harness.get_by_role_and_label(role, name).rect()
}

/// Fails unless they are side by side in one line, in this order, within `room`.
fn in_line(places: &[(&str, Rect)], room: Rect) {
    for (name, place) in places {
        assert!(room.contains_rect(*place), "{name}: {place} not in {room}");
    }
    for pair in places.windows(2) {
        let [(left, a), (right, b)] = pair else {
            unreachable!("windows of two")
        };
        assert!(a.right() <= b.left() + 0.5, "{right} lies over {left}");
        let apart = (a.center().y - b.center().y).abs();
        assert!(apart < 6.0, "{left} and {right} are not in one line");
    }
}

#[test]
fn the_list_has_room_for_many_rows() {
    let names: Vec<String> = (0..MANY).map(|i| format!("p{i:02}_OD.jpg")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (size, scale, least) in SIZES {
        let desk = window(Lang::En, size, scale, &names);
        let status = desk.t.with_results(0, MANY);
        let bottom = desk.harness.get_by_label(&status).rect().top();
        let rows = rects(&desk, Role::Button).into_iter();
        let whole = rows.filter(|(name, rect)| name.contains(".jpg,") && rect.bottom() <= bottom);
        let count = whole.count();
        assert!(count >= least, "{count} rows at {size:?}");
    }
}

#[test]
fn bars_and_tabs_keep_to_one_line_and_nothing_is_lost_from_them() {
    for lang in BOTH {
        for (size, scale, _) in SIZES {
            let mut desk = window(lang, size, scale, &["a.jpg"]);
            let t = desk.t;
            desk.run_and_wait();
            let room = desk.harness.ctx.content_rect();
            let button = |name| (name, rect(&desk, Role::Button, name));
            let layout = (t.layout(), rect(&desk, Role::ComboBox, t.layout()));
            let bar = [
                button(t.list_panel()),
                layout,
                button(t.fit()),
                button(t.actual_size()),
                button(t.red_free()),
                button(t.overlay()),
                button(t.map_more()),
                button(t.answer_panel()),
            ];
            in_line(&bar, room);
            let tabs = rects(&desk, Role::Tab);
            let tabs: Vec<_> = tabs.iter().map(|(name, rect)| (&**name, *rect)).collect();
            assert_eq!(tabs.len(), 5);
            in_line(&tabs, room);
            // Whatever does not fit into the bar is in its menu.
            desk.map_menu();
            assert!(desk.slider(t.opacity()).rect().width() > 40.0);
            assert!(desk.sees(t.smooth()) && desk.sees(t.grid_lines()));
            assert!(desk.sees(t.colours()) && desk.sees(t.side()));
        }
    }
}

#[test]
fn no_button_of_the_bar_is_lost_at_double_scale() {
    for lang in BOTH {
        let mut desk = window(lang, [1320.0, 860.0], 2.0, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        let room = desk.harness.ctx.content_rect();
        for name in [
            t.list_panel(),
            t.fit(),
            t.red_free(),
            t.overlay(),
            t.map_more(),
            t.answer_panel(),
        ] {
            let place = rect(&desk, Role::Button, name);
            assert!(room.contains_rect(place), "{name}: {place} not in {room}");
        }
        // The panel scrolls as a whole.
        let tab = |desk: &Desk| {
            desk.harness
                .get_by_role_and_label(Role::Tab, t.tab_checks())
                .rect()
        };
        let found = desk
            .harness
            .get_by_role_and_label(Role::Tab, t.tab_checks());
        found.scroll_to_me();
        desk.rest();
        assert!(
            room.contains_rect(tab(&desk)),
            "{} not in {room}",
            tab(&desk)
        );
        desk.tab(Tab::Checks);
        assert!(desk.sees(t.run_sanity_checks()));
        desk.map_menu();
        assert!(desk.sees(t.smooth()) && desk.sees(t.grid_lines()));
    }
}

#[test]
fn the_table_takes_the_whole_width() {
    for lang in BOTH {
        let mut desk = window(lang, [1440.0, 900.0], 1.0, &["a_OD.jpg", "b_OS.jpg"]);
        desk.press(Key::F6);
        desk.rest();
        assert!(rects(&desk, Role::Tab).is_empty() && !desk.reads("a_OD.jpg, OD"));
        // Runs start here too.
        desk.click(desk.t.run_all());
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        desk.press(Key::F2);
        desk.rest();
        assert_eq!(rects(&desk, Role::Tab).len(), 5);
        assert!(desk.reads("a_OD.jpg, OD"));
    }
}

#[test]
fn panels_close_and_a_tab_opens_its_panel_again() {
    let mut desk = window(Lang::En, [1440.0, 900.0], 1.0, &["a_OD.jpg"]);
    let t = desk.t;
    let shown = |desk: &Desk| {
        let list = desk.reads("a_OD.jpg, OD");
        (list, !rects(desk, Role::Tab).is_empty())
    };
    assert_eq!(shown(&desk), (true, true));
    desk.press(Key::F9);
    desk.rest();
    assert_eq!(shown(&desk), (false, false), "the image alone");
    desk.press_with(Modifiers::COMMAND, Key::Num3);
    desk.rest();
    assert_eq!(shown(&desk), (false, true));
    assert!(desk.sees(t.run_sanity_checks()));
    desk.click(t.list_panel());
    desk.rest();
    assert_eq!(shown(&desk), (true, true));
    desk.click(t.answer_panel());
    desk.rest();
    assert_eq!(shown(&desk), (true, false));
}

#[test]
fn nothing_appears_under_the_pointer_that_cancelled_a_run() {
    for lang in BOTH {
        let files = ["a_OD.jpg", "b_OS.jpg", "broken.jpg"];
        let mut desk = window(lang, [1320.0, 860.0], 1.0, &files);
        desk.until_known();
        desk.engine.runs().hold();
        desk.press_with(Modifiers::COMMAND, Key::Enter);
        desk.until("the run", |d| d.engine.runs().begun() == 1);
        let cancel = desk.node(desk.t.cancel()).rect();
        desk.click(desk.t.cancel());
        desk.until("the end", |d| {
            let many = d.state().many.as_ref();
            many.is_some_and(|m| !m.is_going_on())
        });
        desk.rest();
        for (name, place) in rects(&desk, Role::Button) {
            assert!(!place.intersects(cancel), "{name} is where Cancel was");
        }
    }
}

#[test]
fn the_worst_finding_is_read_in_full_in_every_tab_and_leads_to_the_others() {
    for lang in BOTH {
        let scene = Scene::new(lang).size([1320.0, 860.0]);
        let scene = scene.with(|s| s.models = vec![STUDY.into()]);
        let mut desk = scene.files(&["dull.jpg"]).open();
        desk.run_and_wait();
        let findings = &desk.state().answer().unwrap().case.findings;
        let mut findings = findings.clone();
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let wording = finding(findings[0].code, lang);
        for tab in [Tab::Map, Tab::Checks, Tab::Photograph, Tab::Model] {
            desk.tab(tab);
            assert!(
                desk.sees(wording.message) && desk.sees(wording.hint),
                "{tab:?}"
            );
        }
        let others = findings.len() - 1;
        assert!(others > 0);
        desk.click(&desk.t.more_findings(others));
        desk.rest();
        let second = finding(findings[1].code, lang);
        assert!(desk.sees(second.message) && desk.sees(second.hint));
        let told = desk.harness.query_all_by_label(wording.message).count();
        assert_eq!(told, 1, "no finding is told twice");
    }
}
