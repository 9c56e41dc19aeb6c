//! Keys: what they do, and that they do nothing else while the user types text.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use gantei::app::settings::Appearance;
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..Modifiers::COMMAND
};

/// The path of a photograph, with the letters that once ran models and changed the language and the theme.
fn path(desk: &Desk, name: &str) -> String {
    let path = desk.home.put(&format!("chase_01R/TL/{name}"));
    path.to_str().unwrap().to_owned()
}

/// Started runs, language and appearance: what no letter may change.
fn untouched(desk: &Desk) -> (usize, Lang, Appearance) {
    let settings = &desk.state().settings;
    (
        desk.engine.runs().begun(),
        settings.language,
        settings.appearance,
    )
}

#[test]
fn no_letter_starts_a_run_or_changes_the_language_or_the_theme() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg"]);
        let before = untouched(&desk);
        let letters = Key::ALL.iter().filter(|k| k.name().len() == 1);
        let letters: Vec<_> = letters.copied().collect();
        assert!([Key::L, Key::T, Key::R].iter().all(|k| letters.contains(k)));
        for key in letters {
            for modifiers in [Modifiers::NONE, Modifiers::SHIFT, Modifiers::ALT] {
                desk.press_with(modifiers, key);
                assert_eq!(untouched(&desk), before, "{modifiers:?} {key:?}");
            }
        }
        desk.rest();
    }
}

#[test]
fn shift_and_a_letter_is_not_the_letter() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.run_and_wait();
    let shown = |desk: &Desk| desk.state().settings.overlay_shown;
    desk.press_with(Modifiers::SHIFT, Key::S);
    assert!(shown(&desk));
    // Some systems report AltGr this way.
    desk.press_with(Modifiers::CTRL | Modifiers::ALT, Key::E);
    assert!(desk.state().export.is_none());
    desk.press(Key::S);
    assert!(!shown(&desk));
}

#[test]
fn enter_with_ctrl_runs_all_with_shift_the_selection_and_r_with_ctrl_the_one_in_view() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg", "c.jpg"]);
        desk.until_known();
        desk.press_with(CTRL, Key::Enter);
        desk.until("all answers", |d| {
            d.state().photographs.iter().all(|p| d.state().is_done(p))
        });
        assert_eq!(desk.engine.runs().begun(), 3);
        desk.click_with(CTRL, "b.jpg");
        desk.press_with(CTRL_SHIFT, Key::Enter);
        desk.until("the selection", |d| d.engine.runs().begun() == 5);
        assert_eq!(desk.state().many.as_ref().unwrap().total, 2);
        desk.press_with(CTRL, Key::R);
        desk.until("the run", |d| d.engine.runs().begun() == 6);
        desk.rest();
        assert_eq!(desk.engine.runs().begun(), 6);
        let many = desk.state().many.as_ref().unwrap();
        assert_eq!(many.total, 2, "it is no run over many");
    }
}

#[test]
fn enter_with_ctrl_does_not_press_what_has_the_focus() {
    let mut desk = Desk::new(Lang::En, &["a.jpg", "b.jpg"]);
    desk.engine.runs().hold();
    desk.press_with(CTRL, Key::Enter);
    desk.until("the first", |d| d.engine.runs().begun() == 1);
    desk.node(desk.t.cancel()).focus();
    desk.step();
    desk.press_with(CTRL, Key::Enter);
    assert!(desk.state().many.as_ref().unwrap().is_going_on());
    desk.engine.runs().open();
    desk.rest();
}

#[test]
fn language_and_theme_have_keys_with_ctrl_and_shift() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.press_with(CTRL_SHIFT, Key::L);
    desk.press_with(CTRL_SHIFT, Key::D);
    assert_eq!(untouched(&desk), (0, Lang::Ja, Appearance::Light));
    desk.press_with(CTRL_SHIFT, Key::L);
    desk.press_with(CTRL_SHIFT, Key::D);
    assert_eq!(untouched(&desk), (0, Lang::En, Appearance::Dark));
    desk.rest();
}

#[test]
fn nothing_is_run_or_switched_while_a_text_is_typed() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
        desk.until_known();
        let before = untouched(&desk);
        let filter = desk.t.filter();
        desk.type_into(filter, "");
        desk.type_keys("sRgLTp");
        for (modifiers, key) in [
            (CTRL, Key::Enter),
            (CTRL_SHIFT, Key::Enter),
            (CTRL, Key::R),
            (CTRL_SHIFT, Key::L),
            (CTRL_SHIFT, Key::D),
            (Modifiers::NONE, Key::Delete),
            (Modifiers::NONE, Key::F6),
        ] {
            desk.press_with(modifiers, key);
        }
        assert_eq!(untouched(&desk), before);
        assert!(desk.state().settings.overlay_shown);
        assert_eq!(desk.state().photographs.len(), 4);
        assert_eq!(desk.state().layout, gantei::app::state::Layout::Single);
        assert_eq!(desk.field(filter), (true, "sRgLTp".to_owned()));
    }
}

#[test]
fn an_open_box_keeps_the_letters() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.run_and_wait();
    desk.combo(desk.t.layout());
    for key in [Key::S, Key::G, Key::F6] {
        desk.press(key);
    }
    assert!(desk.state().settings.overlay_shown && !desk.state().settings.grid_shown);
    desk.press(Key::Escape);
    desk.press(Key::S);
    assert!(!desk.state().settings.overlay_shown);
}

#[test]
fn the_field_that_opens_in_place_of_a_dialog_has_the_focus() {
    for lang in BOTH {
        for modifiers in [CTRL, CTRL_SHIFT] {
            let mut desk = Scene::new(lang)
                .files(&["a.jpg", "b.jpg"])
                .no_dialog()
                .open();
            let before = untouched(&desk);
            let field = desk.t.path_field();
            // The first time, and when the field is already open.
            for name in ["rtl.jpg", "TRL_01L.png"] {
                let path = &path(&desk, name);
                let photographs = desk.state().photographs.len();
                desk.press_with(modifiers, Key::O);
                desk.type_keys(path);
                assert_eq!(desk.field(field), (true, path.clone()));
                assert_eq!(untouched(&desk), before);
                desk.press(Key::Enter);
                assert_eq!(desk.state().photographs.len(), photographs + 1);
                assert!(!desk.field(field).0, "what is done needs no focus");
            }
            desk.rest();
        }
    }
}

#[test]
fn on_the_empty_page_the_field_in_the_middle_has_the_focus() {
    let mut desk = Scene::new(Lang::En).no_dialog().open();
    desk.press(Key::Delete);
    assert!(desk.state().photographs.is_empty());
    desk.press_with(CTRL, Key::O);
    let path = path(&desk, "rtl.jpg");
    desk.type_keys(&path);
    let role = egui::Role::TextInput;
    let fields = desk
        .harness
        .query_all_by_role_and_label(role, desk.t.path_field());
    let values: Vec<_> = fields.filter_map(|n| n.value()).collect();
    assert_eq!(
        values.iter().filter(|v| **v == path).count(),
        1,
        "{values:?}"
    );
    desk.press(Key::Enter);
    assert_eq!(desk.names(), ["rtl.jpg"]);
    desk.rest();
}

#[test]
fn what_is_typed_before_the_dialog_has_answered_is_no_command() {
    let scene = Scene::new(Lang::En).files(&["a.jpg", "b.jpg"]);
    let mut desk = scene.no_dialog().slow_dialog().open();
    let before = untouched(&desk);
    desk.press_with(CTRL, Key::O);
    assert!(desk.state().asking);
    desk.type_keys("sRgLT");
    desk.press_with(CTRL, Key::Enter);
    desk.press(Key::Delete);
    desk.dialogs.release(1);
    // The frame in which the answer arrives has key events too.
    desk.harness.key_press(Key::Delete);
    desk.harness.key_press(Key::S);
    desk.rest();
    assert!(!desk.state().asking);
    assert_eq!(untouched(&desk), before);
    assert!(desk.state().settings.overlay_shown);
    assert_eq!(desk.state().photographs.len(), 2);
    assert!(desk.field(desk.t.path_field()).0);
}

#[test]
fn the_fields_for_an_export_and_a_model_have_the_focus_as_well() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).no_dialog().open();
        let t = desk.t;
        desk.run_and_wait();
        let before = untouched(&desk);
        desk.press_with(CTRL, Key::E);
        desk.click(t.choose_folder());
        let path = path(&desk, "rtl.jpg");
        desk.type_keys(&path);
        assert_eq!(desk.field(t.folder_field()), (true, path.clone()));
        desk.press(Key::Escape);
        desk.press(Key::Escape);
        assert!(desk.state().export.is_none());
        // Once it is known that there are no dialogs, the field opens with the sheet.
        desk.press_with(CTRL, Key::E);
        desk.rest();
        desk.type_keys("/out");
        let (focused, text) = desk.field(t.folder_field());
        assert!(focused && text.ends_with("/out"), "{text}");
        desk.press(Key::Escape);
        desk.press(Key::Escape);
        desk.menu(t.menu_models());
        desk.pick(t.import_model());
        desk.rest();
        desk.type_keys(&path);
        assert_eq!(desk.field(t.keras_field()), (true, path));
        assert_eq!(untouched(&desk), before);
    }
}

#[test]
fn keys_are_told_by_the_list_of_keys_the_palette_the_menus_and_the_tips() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg"]);
        let t = desk.t;
        desk.press(Key::F1);
        desk.rest();
        for key in [
            "Ctrl+Enter",
            "Ctrl+Shift+Enter",
            "Ctrl+R",
            "Ctrl+Shift+L",
            "Ctrl+Shift+D",
        ] {
            assert!(desk.sees(key), "{key}");
        }
        for letter in ["L", "R", "T", "Shift+R"] {
            assert!(!desk.sees(letter), "{letter}");
        }
        desk.press(Key::Escape);
        desk.menu(t.menu_run());
        desk.rest();
        let line = |name: &str, key: &str| format!("{name} {key}");
        assert!(desk.reads(&line(t.run_all(), "Ctrl+Enter")));
        desk.press(Key::Escape);
        desk.press_with(CTRL, Key::K);
        desk.rest();
        assert!(desk.reads(&line(t.run_now(), "Ctrl+R")));
        desk.press(Key::Escape);
        let run_all = desk
            .harness
            .get_by_role_and_label(egui::Role::Button, t.run_all());
        run_all.hover();
        for _ in 0..20 {
            desk.step();
        }
        let tip = format!("{} (Ctrl+Enter)", t.run_all_tip());
        assert!(desk.sees(&tip), "{tip}");
    }
}
