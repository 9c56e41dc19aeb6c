//! Photographs: which file acts on which word, and what the user says of whom and what counts.

use super::common::ask;
use super::find::{SaveRecent, find};
use super::listing::{add, remove, restore, select, step};
use super::open::seen;
use super::stated::{accept, correct_eye};
use crate::app::action::Photographs;
use crate::app::job::Effect;
use crate::app::state::{Purpose, State};
use crate::app::verbs::FoundPhotograph;
use crate::workflow::Source;

pub(super) fn apply(state: &mut State, action: Photographs) -> Vec<Effect> {
    match action {
        Photographs::Add(paths) => find(state, paths),
        Photographs::OpenSample => add(state, vec![FoundPhotograph::named(Source::Sample)]),
        Photographs::AskForFiles => ask(state, Purpose::Photographs),
        Photographs::AskForFolder => ask(state, Purpose::Folder),
        Photographs::Select(id) => {
            state.marked.clear();
            select(state, id)
        }
        Photographs::Next => step(state, 1),
        Photographs::Previous => step(state, -1),
        Photographs::Remove => remove(state, &state.meant()),
        Photographs::Restore => restore(state),
        Photographs::RemoveAll => {
            let all: Vec<_> = state.photographs.iter().map(|p| p.id).collect();
            state.skipped.clear();
            remove(state, &all)
        }
        Photographs::Seen(ids) => seen(state, &ids),
        Photographs::CorrectEye(id, eye) => {
            correct_eye(state, id, eye);
            vec![]
        }
        Photographs::Accept(id, accepted) => accept(state, id, accepted),
        Photographs::Count(id, used) => {
            if let Some(photo) = state.photograph_mut(id) {
                // What is so by default needs no word of the user.
                let by_default = photo.subject.left_out.is_empty();
                photo.by_user = Some(used).filter(|used| *used != by_default);
            }
            vec![]
        }
        Photographs::Persons(persons) => {
            state.persons = persons;
            vec![]
        }
        Photographs::ClearRecent => {
            state.recent.clear();
            vec![Effect::start(SaveRecent(vec![]))]
        }
    }
}
