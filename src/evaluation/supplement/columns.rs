//! Outcome and covariates of a study as columns of numbers.

use super::ImputeError;
use crate::domain::natural_order;

/// Most columns: outcome, covariates, and one for each further value of a column of words.
pub const MOST_COLUMNS: usize = 30;

/// A value of a column of words enters the draws if at least as many labelled persons have it: samples of persons would
/// lack a rarer one.
pub const FEWEST_OF_A_VALUE: usize = 5;

/// What the photographs of a person state in a column of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum Stated {
    Number(f64),
    Word(String),
    Nothing,
    /// Different values on different photographs.
    Several,
}

/// Why a person does not enter the draws.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter, strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Lacking {
    /// A column states nothing.
    Empty,
    /// A value of a column of words that fewer than [`FEWEST_OF_A_VALUE`] labelled persons have.
    RareValue,
    /// A column states different values on photographs of the person.
    SeveralValues,
}

impl Lacking {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Outcome and covariates as numbers, with their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    pub names: Vec<String>,
    /// For each name a value for every person; `None` where the table states none.
    pub values: Vec<Vec<Option<f64>>>,
    /// The columns of words as the table has them.
    pub words: Vec<(String, Vec<Option<String>>)>,
    /// Why each person lacks a value; `None` if all columns are known.
    pub lacking: Vec<Option<Lacking>>,
}

impl Columns {
    /// Turns a column of words into one of zeros and ones for each value but the first. `labelled` are the persons from whom
    /// the draws are learnt.
    ///
    /// # Errors
    /// There are more than [`MOST_COLUMNS`], or a column has a single value for these persons.
    pub fn of(stated: &[(String, Vec<Stated>)], labelled: &[bool]) -> Result<Self, ImputeError> {
        let mut lacking: Vec<Option<Lacking>> = vec![None; labelled.len()];
        for (_, cells) in stated {
            for (person, cell) in lacking.iter_mut().zip(cells) {
                *person = (*person).max(match cell {
                    Stated::Nothing => Some(Lacking::Empty),
                    Stated::Several => Some(Lacking::SeveralValues),
                    Stated::Number(_) | Stated::Word(_) => None,
                });
            }
        }
        // Whoever has a rare value leaves, which may make another value rare.
        while leave_out_rare(stated, labelled, &mut lacking) {}
        let mut columns = Self::default();
        let is_fitted = |person: &usize| labelled[*person] && lacking[*person].is_none();
        let fitted: Vec<usize> = (0..labelled.len()).filter(is_fitted).collect();
        for (name, cells) in stated {
            columns.push(name, cells, &fitted)?;
            if columns.names.len() > MOST_COLUMNS {
                return Err(ImputeError::TooManyColumns(columns.names.len()));
            }
        }
        columns.lacking = lacking;
        Ok(columns)
    }

    fn push(&mut self, name: &str, cells: &[Stated], fitted: &[usize]) -> Result<(), ImputeError> {
        let of_one_value = || ImputeError::OneValue {
            column: name.to_owned(),
        };
        let word = |cell: &Stated| match cell {
            Stated::Word(word) => Some(word.clone()),
            Stated::Number(number) => Some(number.to_string()),
            Stated::Nothing | Stated::Several => None,
        };
        if !cells.iter().any(|cell| matches!(cell, Stated::Word(_))) {
            let number = |cell: &Stated| match cell {
                Stated::Number(number) => Some(*number),
                _ => None,
            };
            let numbers: Vec<Option<f64>> = cells.iter().map(number).collect();
            if let [first, others @ ..] = fitted
                && others.iter().all(|&at| numbers[at] == numbers[*first])
            {
                return Err(of_one_value());
            }
            self.names.push(name.to_owned());
            self.values.push(numbers);
            return Ok(());
        }
        let words: Vec<Option<String>> = cells.iter().map(word).collect();
        let mut different: Vec<&String> =
            fitted.iter().filter_map(|&at| words[at].as_ref()).collect();
        different.sort_unstable_by(|a, b| natural_order(a, b));
        different.dedup();
        if different.len() < 2 && !fitted.is_empty() {
            return Err(of_one_value());
        }
        for value in different.iter().skip(1).take(MOST_COLUMNS + 1) {
            let is_it = |word: &Option<String>| {
                let word = word.as_ref().filter(|word| different.contains(word))?;
                Some(f64::from(u8::from(word == *value)))
            };
            self.names.push(format!("{name} = {value}"));
            self.values.push(words.iter().map(is_it).collect());
        }
        self.words.push((name.to_owned(), words));
        Ok(())
    }

    /// The columns of some persons.
    pub fn chosen(&self, persons: &[usize]) -> Self {
        fn of<T: Clone>(values: &[T], persons: &[usize]) -> Vec<T> {
            persons.iter().map(|&at| values[at].clone()).collect()
        }
        Self {
            names: self.names.clone(),
            values: self
                .values
                .iter()
                .map(|values| of(values, persons))
                .collect(),
            words: { self.words.iter() }
                .map(|(name, words)| (name.clone(), of(words, persons)))
                .collect(),
            lacking: of(&self.lacking, persons),
        }
    }
}

/// Marks the persons with a rare value of a column of words. True if there were any.
fn leave_out_rare(
    stated: &[(String, Vec<Stated>)],
    labelled: &[bool],
    lacking: &mut [Option<Lacking>],
) -> bool {
    let mut found = false;
    for (_, cells) in stated {
        let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        let with_word = |at: usize| match &cells[at] {
            Stated::Word(word) => Some(word.as_str()),
            _ => None,
        };
        for at in (0..cells.len()).filter(|&at| labelled[at] && lacking[at].is_none()) {
            if let Some(word) = with_word(at) {
                *counts.entry(word).or_default() += 1;
            }
        }
        for (at, reason) in lacking.iter_mut().enumerate() {
            let count = with_word(at).map(|word| counts.get(word).copied().unwrap_or(0));
            if reason.is_none() && count.is_some_and(|count| count < FEWEST_OF_A_VALUE) {
                *reason = Some(Lacking::RareValue);
                found = true;
            }
        }
    }
    found
}
