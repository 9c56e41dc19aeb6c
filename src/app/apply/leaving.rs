//! Closing the window and clearing the list: a question first if something would be lost.

use super::export;
use super::listing::clear;
use crate::app::job::Effect;
use crate::app::state::{Leaving as What, State};

#[derive(Clone, Copy, Debug)]
pub enum Leaving {
    /// The user wants to close the window.
    Quit,
    /// The user wants to clear the list.
    ClearList,
    /// The answer: export first.
    Export,
    /// The answer: lose it.
    Proceed,
    /// The answer: neither.
    Stay,
}

pub(super) fn apply(state: &mut State, action: Leaving) -> Vec<Effect> {
    match action {
        Leaving::Quit => leave(state, What::Window),
        Leaving::ClearList => leave(state, What::List),
        Leaving::Export => {
            state.leaving = None;
            export::open_all(state)
        }
        Leaving::Proceed => match state.leaving.take() {
            Some(what) => go(state, what),
            None => vec![],
        },
        Leaving::Stay => {
            state.leaving = None;
            vec![]
        }
    }
}

fn leave(state: &mut State, what: What) -> Vec<Effect> {
    if state.loss(what).is_any() {
        state.leaving = Some(what);
        return vec![];
    }
    go(state, what)
}

fn go(state: &mut State, what: What) -> Vec<Effect> {
    match what {
        What::Window => vec![Effect::CloseWindow],
        What::List => clear(state),
    }
}

/// Withdraws the question once nothing would be lost any more, as when the run ends while it is open and its answers
/// are stored.
pub(super) fn refresh(state: &mut State) {
    if state.leaving.is_some_and(|what| !state.loss(what).is_any()) {
        state.leaving = None;
    }
}
