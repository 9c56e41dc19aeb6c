//! An input that the user gives by its path: chosen in a dialog, or typed where the system offers none.

use std::path::PathBuf;

use egui::{Button, Sense, Ui, vec2};

use crate::app::state::Purpose;
use crate::storage::file_name;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, titled_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// An input given by its path.
pub struct Given<'a> {
    pub title: &'a str,
    /// The button that opens the dialog.
    pub choose: &'a str,
    /// The name of the field.
    pub field: &'a str,
    pub path: Option<&'a PathBuf>,
    pub purpose: Purpose,
}

/// What the user did.
pub enum GivenPath {
    Ask,
    Path(PathBuf),
}

/// The title, the button and what was given.
pub fn given_ui(
    ui: &mut Ui,
    given: &Given,
    field: &mut PathField,
    view: &mut FrameContext<'_>,
) -> Option<GivenPath> {
    let (state, t) = (view.state, view.t);
    let mut answer = None;
    titled_ui(ui, given.title, |ui, _| {
        let button = Button::new(given.choose).min_size(vec2(220.0, theme::CONTROL_HEIGHT));
        if ui.add_enabled(!state.asking, button).clicked() {
            answer = Some(GivenPath::Ask);
        }
        match given.path {
            Some(path) => words_ui(ui, &file_name(path), Emphasis::Plain),
            // The row keeps its height.
            None => ui.allocate_response(vec2(1.0, theme::CONTROL_HEIGHT), Sense::hover()),
        };
    });
    if state.no_dialog {
        let look = PathFieldLook {
            width: 460.0,
            name: given.field,
            go: t.apply(),
            desired: take_path_request(&[given.purpose], view),
            on_sight: false,
        };
        let path = field.path_ui(ui, look);
        answer = path.map(GivenPath::Path).or(answer);
    }
    answer
}
