//! Change tracking: what is derived from the whole list is recomputed only if one of its inputs may have changed.

use std::ops::{Deref, DerefMut};

use super::{ListView, State};
use crate::domain::Persons;
use crate::imaging::NamePattern;
use crate::text::Lang;

/// A value that records mutable access.
#[derive(Clone, Debug, Default)]
pub struct Watched<T> {
    value: T,
    touched: bool,
}

impl<T> Watched<T> {
    /// Whether it may have changed since the last call.
    pub(in crate::app) fn take_touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// For changes that nothing else depends on.
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

/// The inputs of rows, persons and findings over the list, apart from the photographs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Basis {
    list: ListView,
    persons: Persons,
    name_pattern: Option<NamePattern>,
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
            name_pattern: state.name_pattern.clone(),
            language: state.settings.language,
            names_masked: state.settings.names_masked,
            chosen: chosen.map(|m| m.id.clone()).collect(),
            in_view: state.model().map(|m| m.id.clone()),
        }
    }

    /// True if at most the order and filter of the list differ.
    pub(in crate::app) fn differs_in_rows_alone(&self, other: &Self) -> bool {
        let list = other.list.clone();
        Self {
            list,
            ..self.clone()
        } == *other
    }
}
