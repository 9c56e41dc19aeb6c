//! Actions on photographs, each passed to the file that carries it out; statements about persons and counting are
//! applied here.

use super::common::ask;
use super::find::{SaveRecent, find};
use super::listing::{add, remove, restore, select, step};
use super::open::seen;
use super::stated::{accept, correct_eye};
use crate::app::found::FoundPhotograph;
use crate::app::job::Effect;
use crate::app::state::{PhotoId, Purpose, State};
use crate::domain::{Laterality, Persons};
use crate::imaging::NamePattern;
use crate::workflow::Source;
use std::path::PathBuf;

/// Adding, removing and selecting photographs.
#[derive(Clone, Debug)]
pub enum Photographs {
    /// Files and folders that the user gave; folders are searched.
    Add(Vec<PathBuf>),
    OpenSample,
    AskForFiles,
    AskForFolder,
    Select(PhotoId),
    Next,
    Previous,
    /// Removes the marked ones, or the one in view, from the list.
    Remove,
    /// Restores what was removed last.
    Restore,
    /// These rows are visible and have no thumbnail.
    Seen(Vec<PhotoId>),
    CorrectEye(PhotoId, Laterality),
    /// Whether a picture that does not look like a fundus photograph is used anyway.
    Accept(PhotoId, bool),
    /// Whether a photograph counts for its eye and person, regardless of the default.
    Count(PhotoId, bool),
    /// How photographs are grouped by person.
    Persons(Persons),
    /// The pattern by which file names say person and eye; `None` for the usual guesses.
    NamePattern(Option<NamePattern>),
    /// Clears the recent files.
    ClearRecent,
}

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
        Photographs::Seen(ids) => seen(state, &ids),
        Photographs::CorrectEye(id, eye) => {
            correct_eye(state, id, eye);
            vec![]
        }
        Photographs::Accept(id, accepted) => accept(state, id, accepted),
        Photographs::Count(id, used) => {
            if let Some(photo) = state.photograph_mut(id) {
                // A choice equal to the default is not stored as a statement.
                let by_default = photo.subject.left_out.is_empty();
                photo.by_user = Some(used).filter(|used| *used != by_default);
            }
            vec![]
        }
        Photographs::Persons(persons) => {
            state.persons = persons;
            vec![]
        }
        Photographs::NamePattern(pattern) => {
            state.persons = match pattern {
                Some(_) => Persons::FileNames,
                None => Persons::default(),
            };
            state.name_pattern = pattern;
            // Names are read again.
            state.named.clear();
            vec![]
        }
        Photographs::ClearRecent => {
            state.recent.clear();
            vec![Effect::start(SaveRecent(vec![]))]
        }
    }
}
