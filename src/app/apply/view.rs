//! What the middle of the window shows.

use super::open::open_what_is_in_view;
use super::settings::save;
use crate::app::action::View;
use crate::app::effect::Effect;
use crate::app::state::{Layout, State};

pub(super) fn apply(state: &mut State, action: View) -> Vec<Effect> {
    match action {
        View::Layout(layout) => {
            state.layout = layout;
            let mut effects = open_what_is_in_view(state);
            if layout == Layout::Models {
                effects.extend(choose_a_second(state));
            }
            effects
        }
        View::Trace => super::trace::ask(state),
        View::Display(display) => {
            state.display = display.sound();
            vec![]
        }
        View::PathFieldReady => {
            state.path_wanted = None;
            vec![]
        }
    }
}

/// Two models side by side need two: the next installed one is taken in.
fn choose_a_second(state: &mut State) -> Vec<Effect> {
    let chosen: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let other = state.installed().iter().find(|m| !chosen.contains(&m.id));
    match (chosen.len(), other) {
        (1, Some(other)) => {
            state.settings.models = chosen.into_iter().chain([other.id.clone()]).collect();
            vec![save(state)]
        }
        _ => vec![],
    }
}
