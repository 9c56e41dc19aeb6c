//! Questions before something is lost, and undoing a removal.

use egui::{Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::kittest::Queryable;

use gantei::app::state::Leaving;

use crate::desk::{BOTH, Desk, Scene};

/// The window manager or Ctrl+Q asks the window to close; whether it would close.
fn close(desk: &mut Desk) -> bool {
    let root = desk.harness.input_mut().viewports.entry(ViewportId::ROOT);
    root.or_default().events.push(ViewportEvent::Close);
    desk.harness.step();
    let output = &desk.harness.output().viewport_output[&ViewportId::ROOT];
    let stays = output.commands.contains(&ViewportCommand::CancelClose);
    let root = desk.harness.input_mut().viewports.entry(ViewportId::ROOT);
    root.or_default().events.clear();
    desk.rest();
    !stays
}

/// A click on the dark area beside a sheet.
fn click_outside(desk: &mut Desk) {
    let pos = egui::pos2(4.0, 300.0);
    desk.harness.event(egui::Event::PointerMoved(pos));
    for pressed in [true, false] {
        desk.harness.event(egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        desk.step();
    }
    desk.rest();
}

/// Whether the last frame asked the system to close the window.
fn asks_to_close(desk: &Desk) -> bool {
    let output = &desk.harness.output().viewport_output[&ViewportId::ROOT];
    output.commands.contains(&ViewportCommand::Close)
}

fn focused(desk: &Desk, name: &str) -> bool {
    desk.harness.get_by_label(name).is_focused()
}

#[test]
fn a_window_with_results_in_no_file_asks_and_the_safe_choice_has_the_focus() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        assert!(close(&mut desk), "nothing would be lost");
        desk.run_and_wait();
        assert!(!close(&mut desk));
        assert!(desk.sees(t.quit_really()) && desk.sees(&t.unexported_results(1)));
        assert!(focused(&desk, t.stay()));
        desk.press(Key::Escape);
        assert!(!desk.sees(t.quit_really()), "Escape stays");
        assert!(!close(&mut desk));
        desk.press(Key::Enter);
        assert!(!desk.sees(t.quit_really()), "and so does Enter");
        close(&mut desk);
        desk.click_last(t.export_files());
        assert!(desk.state().export.is_some());
        desk.press(Key::Escape);
        close(&mut desk);
        desk.node(t.quit_without_exporting()).click();
        desk.step();
        assert!(asks_to_close(&desk));
        desk.step();
        assert!(close(&mut desk), "it was agreed");
    }
}

#[test]
fn clearing_a_list_with_results_asks_and_can_be_undone() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        desk.menu(t.menu_file());
        desk.pick(t.close_all());
        desk.rest();
        assert_eq!(desk.state().leaving, Some(Leaving::List));
        assert!(focused(&desk, t.keep_list()));
        desk.click(t.keep_list());
        assert_eq!(desk.names().len(), 2);
        desk.menu(t.menu_file());
        desk.pick(t.close_all());
        desk.rest();
        desk.click(t.clear_list_now());
        desk.rest();
        assert!(desk.names().is_empty() && desk.sees(&t.removed(2)));
        desk.press_with(Modifiers::COMMAND, Key::Z);
        desk.rest();
        assert_eq!(desk.names().len(), 2);
        assert!(desk.state().answer().is_some() && !desk.sees(&t.removed(2)));
    }
}

#[test]
fn the_message_undoes_a_removal() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg"]);
        let t = desk.t;
        desk.press(Key::Delete);
        assert_eq!(desk.names(), ["b.jpg"]);
        desk.click(t.undo());
        desk.rest();
        assert_eq!(desk.names(), ["a.jpg", "b.jpg"]);
    }
}

/// The card editor of the study model with a name half typed.
fn half_typed(desk: &mut Desk) {
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    desk.reach(&format!("{}: Study model", t.edit_card()));
    desk.type_into(t.display_name(), " 2");
    assert!(desk.field(t.display_name()).1.contains('2'));
}

#[test]
fn a_card_half_edited_is_not_lost_by_closing_its_sheet() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["a.jpg"]).open();
        let t = desk.t;
        half_typed(&mut desk);
        desk.press(Key::Escape);
        assert!(
            !desk.sees(t.discard_really()),
            "Escape leaves the field first"
        );
        assert!(desk.sees(t.display_name()));
        desk.press(Key::Escape);
        assert!(desk.sees(t.discard_really()) && focused(&desk, t.keep_editing()));
        desk.press(Key::Escape);
        assert!(!desk.sees(t.discard_really()) && desk.sees(t.display_name()));
        click_outside(&mut desk);
        assert!(desk.sees(t.discard_really()), "nor by a click beside it");
        desk.click(t.keep_editing());
        assert!(desk.field(t.display_name()).1.contains('2'));
        assert!(!close(&mut desk), "nor by closing the window");
        desk.click(t.keep_editing());
        assert!(desk.field(t.display_name()).1.contains('2'));
        desk.click_last(t.close());
        desk.click_last(t.discard_edits());
        assert!(!desk.sees(t.close()) && !desk.sees(t.discard_really()));
    }
}

#[test]
fn an_unchanged_form_is_closed_without_a_question() {
    let mut desk = Scene::new(BOTH[0]).files(&["a.jpg"]).open();
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    desk.reach(&format!("{}: Study model", t.edit_card()));
    desk.press(Key::Escape);
    assert!(!desk.sees(t.discard_really()) && !desk.sees(t.display_name()));
}

#[test]
fn a_form_that_was_filled_in_is_not_replaced_by_a_dropped_file() {
    for lang in BOTH {
        let scene = Scene::new(lang);
        scene.put_model("joir.h5");
        scene.put_model("age.h5");
        let mut desk = scene.open();
        let t = desk.t;
        let name = |d: &Desk| d.state().library.import.as_ref().map(|i| i.name.clone());
        desk.drop_files(&["joir.h5"]);
        desk.until("the form", |d| d.sees(t.model_id()));
        desk.type_into(t.model_id(), "mine");
        desk.drop_files(&["age.h5"]);
        desk.rest();
        assert!(desk.sees(t.discard_really()));
        assert_eq!(name(&desk).as_deref(), Some("joir.h5"));
        desk.click(t.keep_editing());
        assert_eq!(desk.field(t.model_id()).1, "mine");
        desk.drop_files(&["age.h5"]);
        desk.rest();
        desk.click_last(t.discard_edits());
        assert_eq!(name(&desk).as_deref(), Some("age.h5"));
    }
}

#[test]
fn the_question_comes_before_an_open_export_which_is_there_again_afterwards() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        desk.press_with(Modifiers::COMMAND, Key::E);
        assert!(!close(&mut desk));
        assert!(desk.sees(t.quit_really()) && focused(&desk, t.stay()));
        desk.press(Key::Escape);
        desk.rest();
        assert!(desk.state().export.is_some() && desk.sees(&t.scope_all(1)));
    }
}
