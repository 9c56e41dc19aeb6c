//! The context menu of a photograph, in the list and on the canvas.

use egui::Ui;

use super::command::Command;
use super::menu::item_ui;
use super::view::FrameContext;
use crate::app::apply::{Action, Photographs};
use crate::app::state::Photograph;
use crate::domain::Laterality;

/// What can be said of the photograph. The stated eye is a filled dot, so that no line looks chosen before the pointer is
/// on one.
pub fn statements_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let t = view.t;
    ui.set_min_width(230.0);
    for (eye, text) in [
        (Laterality::Od, t.this_is_od()),
        (Laterality::Os, t.this_is_os()),
    ] {
        let radio = egui::RadioButton::new(photo.eye() == eye, text);
        if ui.add_enabled(photo.known.is_some(), radio).clicked() {
            view.action(Action::Photographs(Photographs::CorrectEye(photo.id, eye)));
            ui.close();
        }
    }
    ui.separator();
    let mut accepted = photo.accepted;
    if photo.is_refused() || accepted {
        let response = ui.checkbox(&mut accepted, t.use_all_the_same());
        if response.on_hover_text(t.use_all_the_same_tip()).changed() {
            view.action(Action::Photographs(Photographs::Accept(photo.id, accepted)));
            ui.close();
        }
    }
    let can_count = photo.known.is_some() && !photo.is_refused();
    let mut counts = photo.subject.counts() && can_count;
    let checkbox = egui::Checkbox::new(&mut counts, t.count_photograph());
    if ui.add_enabled(can_count, checkbox).changed() {
        view.action(Action::Photographs(Photographs::Count(photo.id, counts)));
        ui.close();
    }
}

/// On a row of the list: the statements, and what is done with rows.
pub fn row_menu_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    statements_ui(ui, photo, view);
    ui.separator();
    for command in [
        Command::RunMarked,
        Command::MarkAll,
        Command::Unmark,
        Command::Remove,
    ] {
        item_ui(ui, command, view);
    }
}
