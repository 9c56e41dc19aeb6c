//! What the middle of the window shows.

use super::photographs::open_what_is_in_view;
use crate::app::action::View;
use crate::app::effect::Effect;
use crate::app::state::State;

pub(super) fn apply(state: &mut State, action: View) -> Vec<Effect> {
    match action {
        View::Layout(layout) => {
            state.layout = layout;
            open_what_is_in_view(state)
        }
        View::Display(display) => {
            state.display = display.sound();
            vec![]
        }
    }
}
