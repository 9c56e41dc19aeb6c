//! Closing the window, clearing the list and showing another frame: a question first if something would be lost.

use super::export;
use super::listing::clear;
use super::open::show_frame;
use crate::app::job::Effect;
use crate::app::state::{Leaving as What, PhotoId, State};

#[derive(Clone, Copy, Debug)]
pub enum Leaving {
    /// The user wants to close the window.
    Quit,
    /// The user wants to clear the list.
    ClearList,
    /// The user wants to see another frame of a photograph.
    Frame(PhotoId, u32),
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
        Leaving::Frame(id, frame) => leave(state, What::Frame(id, frame)),
        Leaving::Export => {
            state.leaving = None;
            export::open_unexported(state)
        }
        Leaving::Proceed => match state.leaving.take() {
            Some(what) => {
                let given_up = state.loss(what).unexported > 0;
                let effects = go(state, what);
                if let Some(last) = state.removals.last_mut().filter(|_| what == What::List) {
                    last.given_up = given_up;
                }
                effects
            }
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
        What::Frame(id, frame) => show_frame(state, id, frame),
    }
}

/// Withdraws the question once nothing would be lost any more, as when the run ends while it is open and its answers
/// are stored.
pub(super) fn refresh(state: &mut State) {
    if state.leaving.is_some_and(|what| !state.loss(what).is_any()) {
        state.leaving = None;
    }
}
