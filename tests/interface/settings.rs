//! Settings, keys, and the command palette.

use egui::{Key, Modifiers};
use gantei::app::settings::Appearance;
use gantei::app::state::Layout;
use gantei::text::{Lang, research_only};

use crate::desk::{BOTH, Desk, Scene};

fn sheet(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.rest();
}

#[test]
fn the_language_changes_at_once_and_is_saved() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.click("日本語");
    desk.rest();
    assert!(desk.sees(research_only(Lang::Ja)));
    assert!(!desk.sees(research_only(Lang::En)));
    desk.until("the settings", |d| d.saved(|s| s.language == Lang::Ja));
    desk.click("English");
    assert!(desk.sees(research_only(Lang::En)));
}

#[test]
fn the_sheet_changes_language_and_theme() {
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    sheet(&mut desk);
    desk.click("Language: 日本語");
    desk.rest();
    desk.click("ライト");
    desk.rest();
    assert_eq!(desk.state().settings.appearance, Appearance::Light);
    assert!(!desk.harness.ctx.global_style().visuals.dark_mode);
    desk.click("閉じる");
    desk.rest();
    assert!(!desk.sees("設定には写真・氏名・結果を保存しません。"));
    desk.until("the settings", |d| {
        d.saved(|s| s.language == Lang::Ja && s.appearance == Appearance::Light)
    });
}

#[test]
fn texts_and_controls_grow_with_the_scale() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        sheet(&mut desk);
        desk.slider(t.settings_scale()).set_value_accesskit(150.0);
        desk.rest();
        assert!((desk.state().settings.scale - 1.5).abs() < 1e-6);
        assert!((desk.harness.ctx.zoom_factor() - 1.5).abs() < 1e-6);
        desk.until("the settings", |d| d.saved(|s| s.scale > 1.4));
        desk.press(Key::Escape);
        desk.press_with(Modifiers::COMMAND, Key::Minus);
        desk.rest();
        assert!((desk.harness.ctx.zoom_factor() - 1.25).abs() < 1e-6);
    }
}

#[test]
fn what_is_remembered_is_the_persons_choice() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        sheet(&mut desk);
        for name in [t.remember_files(), t.mask_names(), t.show_welcome()] {
            desk.click(name);
            desk.rest();
        }
        let settings = &desk.state().settings;
        assert!(settings.remember_files && settings.names_masked && !settings.welcomed);
        assert!(desk.sees(t.remember_files_tip()) && desk.sees(t.settings_saved_where()));
    }
}

#[test]
fn the_sheets_open_and_close_by_key() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.press(Key::F1);
        desk.rest();
        assert!(desk.sees(t.zoom_at_pointer()));
        desk.press(Key::Escape);
        desk.rest();
        assert!(!desk.sees(t.zoom_at_pointer()));
        desk.menu(t.menu_help());
        desk.pick(t.about());
        desk.rest();
        assert!(desk.sees(t.about_text()));
        desk.click(t.close());
        desk.rest();
        assert!(!desk.sees(t.about_text()));
    }
}

#[test]
fn the_palette_finds_a_command_by_the_words_of_either_language() {
    for (lang, words) in [
        (Lang::En, "both"),
        (Lang::En, "両眼"),
        (Lang::Ja, "both"),
        (Lang::Ja, "両眼"),
    ] {
        let mut desk = Scene::new(lang).files(&["folder"]).open();
        desk.until_known();
        desk.press_with(Modifiers::COMMAND, Key::K);
        desk.rest();
        desk.type_into(desk.t.palette(), words);
        desk.rest();
        assert!(desk.reads(desk.t.layout_eyes()));
        desk.press(Key::Enter);
        desk.until("both eyes", |d| d.state().layout == Layout::Eyes);
        desk.rest();
    }
}

#[test]
fn the_palette_offers_only_what_can_be_done_and_closes_by_key() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.press_with(Modifiers::COMMAND, Key::K);
        desk.type_into(t.palette(), t.contour());
        desk.rest();
        desk.press(Key::Enter);
        assert_eq!(
            desk.state().settings.overlay.contour,
            None,
            "there is no map"
        );
        desk.press(Key::Escape);
        desk.rest();
        assert!(!desk.sees(t.palette()));
    }
}

#[test]
fn the_button_in_the_bar_offers_every_theme() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        for (name, appearance) in [
            (t.theme_high_contrast(), Appearance::HighContrast),
            (t.theme_light(), Appearance::Light),
            (t.theme_dark(), Appearance::Dark),
            (t.theme_system(), Appearance::System),
        ] {
            desk.click(t.settings_theme());
            desk.click_last(name);
            desk.rest();
            assert_eq!(desk.state().settings.appearance, appearance);
            let visuals = desk.harness.ctx.global_style().visuals.clone();
            assert_eq!(visuals.dark_mode, appearance != Appearance::Light);
            let is_black = visuals.panel_fill == egui::Color32::BLACK;
            assert_eq!(is_black, appearance == Appearance::HighContrast);
        }
        desk.until("the settings", |d| {
            d.saved(|s| s.appearance == Appearance::System)
        });
    }
}
