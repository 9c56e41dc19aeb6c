//! What the middle of the window shows.

use super::open::open_what_is_in_view;
use crate::app::job::Effect;
use crate::app::state::{Display, Layout, State};

/// What the middle of the window shows.
#[derive(Clone, Debug)]
pub enum View {
    /// The user opens the steps of the photograph in view.
    Trace,
    Layout(Layout),
    Display(Display),
    /// The field for the requested path has the focus.
    PathFieldReady,
}

pub(super) fn apply(state: &mut State, action: View) -> Vec<Effect> {
    match action {
        View::Layout(layout) => {
            state.layout = layout;
            if layout == Layout::Models {
                choose_a_second(state);
            }
            open_what_is_in_view(state)
        }
        View::Trace => super::trace::ask(state),
        View::Display(display) => {
            state.display = display.sound();
            vec![]
        }
        View::PathFieldReady => {
            state.path_requested = None;
            vec![]
        }
    }
}

/// The two-model view needs two models: the next installed one is added.
fn choose_a_second(state: &mut State) {
    let chosen: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let other = state.installed().iter().find(|m| !chosen.contains(&m.id));
    if let (1, Some(other)) = (chosen.len(), other) {
        state.settings.models = chosen.into_iter().chain([other.id.clone()]).collect();
    }
}
