//! What follows from the list as a whole is settled anew only where something that it follows from may be another now.

use std::ops::{Deref, DerefMut};

use super::{ListView, State};
use crate::domain::Persons;
use crate::text::Lang;

/// A value that notes when somebody may have changed it.
#[derive(Clone, Debug, Default)]
pub struct Watched<T> {
    value: T,
    touched: bool,
}

impl<T> Watched<T> {
    /// Whether it may have been changed since this was last asked.
    pub(in crate::app) fn take_touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// For a change that nothing else follows from.
    pub(in crate::app) fn quietly(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.touched = true;
        &mut self.value
    }
}

impl<'a, T> IntoIterator for &'a Watched<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Watched<Vec<T>> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// What rows, persons and findings over the list follow from besides the photographs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Basis {
    list: ListView,
    persons: Persons,
    language: Lang,
    names_masked: bool,
    chosen: Vec<String>,
    in_view: Option<String>,
}

impl Basis {
    pub(in crate::app) fn of(state: &State) -> Self {
        let chosen = state.chosen_models().into_iter();
        Self {
            list: state.list.clone(),
            persons: state.persons,
            language: state.settings.language,
            names_masked: state.settings.names_masked,
            chosen: chosen.map(|m| m.id.clone()).collect(),
            in_view: state.model().map(|m| m.id.clone()),
        }
    }

    /// True where nothing but the way in which the list is looked at can be another.
    pub(in crate::app) fn differs_in_rows_alone(&self, other: &Self) -> bool {
        let list = other.list.clone();
        Self {
            list,
            ..self.clone()
        } == *other
    }
}
