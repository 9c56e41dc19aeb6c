//! The same figure for parts of the cases.

use super::cases::Gathered;
use crate::domain::natural_order;
use crate::evaluation::performance::{Estimate, EvaluationOptions, Subgroup};
use crate::progress::Cancel;
use crate::text::failures::StudyFault;
use crate::workflow::Error;

/// Most subgroups of one column: one with more values, such as one of names, is refused.
const MOST: usize = 20;

/// A column, with the value of each photograph; `None` where it states nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grouping {
    pub by: String,
    pub values: Vec<Option<String>>,
}

impl Grouping {
    /// A column of numbers in four bands of about equal size, each named by its lowest and highest number; or one band
    /// for each number if there are at most four.
    pub fn of_numbers(by: String, numbers: &[Option<f64>]) -> Self {
        let known = numbers.iter().flatten().copied();
        let mut sorted: Vec<f64> = known.filter(|number| number.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut different = sorted.clone();
        different.dedup();
        let mut ends: Vec<f64> = match different.len() {
            0..=4 => different.clone(),
            _ => [1, 2, 3, 4]
                .map(|quarter| sorted[(sorted.len() * quarter / 4) - 1])
                .to_vec(),
        };
        ends.dedup();
        let name = |(place, end): (usize, &f64)| {
            let above = |value: &&f64| place == 0 || **value > ends[place - 1];
            let lowest = different.iter().find(above).unwrap_or(end);
            match lowest == end {
                true => end.to_string(),
                false => format!("{lowest} to {end}"),
            }
        };
        let names: Vec<String> = ends.iter().enumerate().map(name).collect();
        let band = |number: f64| {
            let place = ends.iter().position(|end| number <= *end)?;
            Some(names[place].clone())
        };
        Self {
            by,
            values: numbers.iter().map(|number| band((*number)?)).collect(),
        }
    }
}

/// Subgroups, and how many cases belong to none of a column.
#[derive(Debug, Default)]
pub(super) struct Subgroups {
    pub subgroups: Vec<Subgroup>,
    pub without_value: Vec<(String, usize)>,
}

/// The main figure of each subgroup of each column, in the order of their values. Cases whose photographs have different
/// values belong to none.
pub(super) fn subgroups(
    gathered: &Gathered,
    groupings: &[Grouping],
    threshold: f64,
    options: &EvaluationOptions,
    cancel: &Cancel,
) -> Result<Subgroups, Error> {
    let mut found = Subgroups::default();
    let Some(cases) = &gathered.cases else {
        return Ok(found);
    };
    for grouping in groupings {
        let value_of = |members: &Vec<usize>| {
            let mut values = members
                .iter()
                .map(|&at| grouping.values.get(at)?.as_deref());
            let first = values.next()??;
            values.all(|value| value == Some(first)).then_some(first)
        };
        let values: Vec<Option<&str>> = gathered.members.iter().map(value_of).collect();
        let mut different: Vec<&str> = values.iter().flatten().copied().collect();
        different.sort_unstable_by(|a, b| natural_order(a, b));
        different.dedup();
        if different.len() > MOST {
            return Err(StudyFault::ManySubgroups {
                name: grouping.by.clone(),
                values: different.len(),
                most: MOST,
            }
            .into());
        }
        let without = values.iter().filter(|value| value.is_none()).count();
        found.without_value.push((grouping.by.clone(), without));
        for value in different {
            let places = values
                .iter()
                .enumerate()
                .filter(|(_, v)| **v == Some(value));
            let places: Vec<usize> = places.map(|(place, _)| place).collect();
            let Some(part) = cases.chosen(&places) else {
                continue;
            };
            let figures = part.figures(threshold, None, options, cancel)?;
            let main = figures.into_iter().find(|(figure, _)| figure.is_main());
            let Some((figure, estimate)) = main else {
                continue;
            };
            found.subgroups.push(Subgroup {
                by: grouping.by.clone(),
                value: value.to_owned(),
                figure,
                estimate: Estimate {
                    cases: part.len(),
                    ..estimate
                },
                is_small: part.are_few(),
                places,
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::performance::{Cases, LabelledScores};

    #[test]
    fn numbers_fall_into_four_bands_that_hold_them_all() {
        let numbers: Vec<Option<f64>> = (0..40).map(|n| Some(f64::from(n))).chain([None]).collect();
        let grouping = Grouping::of_numbers("iop".into(), &numbers);
        let count = |band: &str| {
            grouping
                .values
                .iter()
                .flatten()
                .filter(|v| v.as_str() == band)
                .count()
        };
        assert_eq!(count("0 to 9"), 10);
        assert_eq!(count("10 to 19"), 10);
        assert_eq!(count("30 to 39"), 10);
        assert_eq!(grouping.values[40], None);
        let few = Grouping::of_numbers("eye".into(), &[Some(1.0), Some(2.0), Some(1.0)]);
        assert_eq!(
            few.values,
            [
                Some("1".to_owned()),
                Some("2".to_owned()),
                Some("1".to_owned())
            ]
        );
    }

    #[test]
    fn a_column_of_names_is_refused_and_cases_without_a_value_are_counted() {
        let count = MOST + 2;
        let truths: Vec<bool> = (0..count).map(|at| at % 2 == 0).collect();
        let logits: Vec<f64> = (0..count).map(|at| at as f64 - 9.5).collect();
        let scores = logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp()));
        let persons = (0..count).collect();
        let cases = LabelledScores::new(truths, scores.collect(), logits.clone(), persons);
        let gathered = Gathered {
            cases: Some(Cases::Labels(cases.unwrap())),
            names: (0..count).map(|at| at.to_string()).collect(),
            members: (0..count).map(|at| vec![at]).collect(),
            left_out: Vec::new(),
            unknown_persons: 0,
        };
        let parts = |values: Vec<Option<String>>| {
            let by = Grouping {
                by: "site".into(),
                values,
            };
            let options = EvaluationOptions {
                samples: 100,
                ..EvaluationOptions::default()
            };
            subgroups(&gathered, &[by], 0.5, &options, &Cancel::new())
        };
        let names = (0..count).map(|at| Some(format!("name {at}")));
        assert!(parts(names.collect()).is_err());
        let sites = (0..count).map(|at| (at > 1).then(|| format!("site {}", at % 2)));
        let found = parts(sites.collect()).unwrap();
        assert_eq!(found.subgroups.len(), 2);
        assert_eq!(found.without_value, [("site".to_owned(), 2)]);
    }
}
