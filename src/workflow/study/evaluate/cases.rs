//! The cases of one model: photographs, eyes or persons with an answer and a recorded value.

use std::collections::{BTreeMap, HashMap};

use super::super::known::{Photographed, Truth};
use crate::evaluation::performance::{Cases, LabelledAges, LabelledScores, LeftOut, Unit};
use crate::export::aggregate::{Aggregate, aggregate};
use crate::workflow::Error;

/// Cases with the photographs that each consists of.
#[derive(Debug)]
pub(super) struct Gathered {
    pub cases: Option<Cases>,
    pub names: Vec<String>,
    /// Indices of the photographs of each case.
    pub members: Vec<Vec<usize>>,
    /// Indices of the photographs that belong to no case.
    pub left_out: Vec<(LeftOut, Vec<usize>)>,
    /// How many cases are of a person who is not known, and count as a person each.
    pub unknown_persons: usize,
}

/// A case before the cases are put together.
struct Case {
    name: String,
    members: Vec<usize>,
    truth: Truth,
    answer: Aggregate,
}

/// Gathers the cases of a unit.
pub(super) fn gathered(photographs: &[Photographed], unit: Unit) -> Result<Gathered, Error> {
    let mut left_out: BTreeMap<LeftOut, Vec<usize>> = BTreeMap::new();
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, photograph) in photographs.iter().enumerate() {
        match group_of(photograph, unit) {
            Err(why) => left_out.entry(why).or_default().push(index),
            Ok(name) => {
                let place = *places.entry(name.clone()).or_insert_with(|| {
                    groups.push((name, Vec::new()));
                    groups.len() - 1
                });
                groups[place].1.push(index);
            }
        }
    }
    let mut kept = Vec::new();
    for (name, members) in groups {
        let rows = members.iter().filter_map(|&at| photographs[at].row);
        let why = match (truth_of(photographs, &members), aggregate(rows)) {
            (Some(truth), Some(answer)) => {
                kept.push(Case {
                    name,
                    members,
                    truth,
                    answer,
                });
                continue;
            }
            (None, _) => LeftOut::Contradicting,
            (_, None) => LeftOut::NoAnswer,
        };
        left_out.entry(why).or_default().extend(members);
    }
    let person = |case: &Case| photographs[case.members[0]].person.clone();
    let unknown_persons = kept.iter().filter(|case| person(case).is_none()).count();
    let cases = cases(&kept, person)?;
    let (names, members) = kept
        .into_iter()
        .map(|case| (case.name, case.members))
        .unzip();
    Ok(Gathered {
        cases,
        names,
        members,
        left_out: left_out.into_iter().collect(),
        unknown_persons,
    })
}

/// The name of the case to which a photograph belongs, or why it belongs to none.
fn group_of(photograph: &Photographed, unit: Unit) -> Result<String, LeftOut> {
    let row = photograph.row.ok_or(LeftOut::NoAnswer)?;
    if !row.subject.counts() {
        return Err(match row.subject.reasons().first() {
            Some(reason) => LeftOut::Excluded(*reason),
            None => LeftOut::ByUser,
        });
    }
    if row.number().is_none() {
        return Err(match row.greatest_class() {
            Some(_) => LeftOut::SeveralClasses,
            None => LeftOut::NoAnswer,
        });
    }
    photograph.truth.ok_or(match photograph.is_otherwise {
        true => LeftOut::NeitherLabel,
        false => LeftOut::NoLabel,
    })?;
    let person = || photograph.person.clone().ok_or(LeftOut::NoPerson);
    match unit {
        Unit::Photograph => Ok(photograph.name.to_owned()),
        Unit::Person => person(),
        Unit::Eye if !photograph.eye.is_known() => Err(LeftOut::NoEye),
        Unit::Eye => Ok(format!("{} {}", person()?, photograph.eye.as_str())),
    }
}

/// What is recorded about photographs of one eye or person; `None` if they contradict each other. Ages at several visits
/// are averaged.
fn truth_of(photographs: &[Photographed], members: &[usize]) -> Option<Truth> {
    let truths: Vec<Truth> = members
        .iter()
        .filter_map(|&at| photographs[at].truth)
        .collect();
    let numbers = truths.iter().filter_map(|truth| match truth {
        Truth::Number(number) => Some(number),
        Truth::Label(_) => None,
    });
    match truths.first()? {
        Truth::Label(_) => truths.iter().all(|t| *t == truths[0]).then(|| truths[0]),
        Truth::Number(_) => Some(Truth::Number(numbers.sum::<f64>() / truths.len() as f64)),
    }
}

/// The cases of a model, all of the kind of its head.
fn cases(kept: &[Case], person: impl Fn(&Case) -> Option<String>) -> Result<Option<Cases>, Error> {
    let mut persons: HashMap<String, usize> = HashMap::new();
    let clusters = kept.iter().map(|case| {
        // A photograph of an unknown person is taken as another person.
        let person = person(case).unwrap_or_else(|| format!("\0{}", case.name));
        let next = persons.len();
        *persons.entry(person).or_insert(next)
    });
    let clusters: Vec<usize> = clusters.collect();
    let numbers = |of: fn(&Case) -> Option<f64>| kept.iter().map(of).collect::<Option<Vec<f64>>>();
    let labels = kept.iter().map(|case| match case.truth {
        Truth::Label(label) => Some(label),
        Truth::Number(_) => None,
    });
    let recorded = numbers(|case| match case.truth {
        Truth::Number(number) => Some(number),
        Truth::Label(_) => None,
    });
    let answers = [
        |case: &Case| case.answer.score,
        |case: &Case| case.answer.logit,
        |case: &Case| case.answer.value,
    ];
    let [scores, logits, values] = answers.map(numbers);
    let labels: Option<Vec<bool>> = labels.collect();
    if kept.is_empty() {
        return Ok(None);
    }
    Ok(match (labels, scores.zip(logits), recorded.zip(values)) {
        (Some(labels), Some((scores, logits)), _) => Some(Cases::Labels(LabelledScores::new(
            labels, scores, logits, clusters,
        )?)),
        (_, _, Some((recorded, values))) => {
            Some(Cases::Ages(LabelledAges::new(recorded, values, clusters)?))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{ClassScore, Laterality, ResultRow, model_card};

    fn row(image: &str, logit: f64) -> ResultRow {
        ResultRow {
            logit: Some(logit),
            score: Some(1.0 / (1.0 + (-logit).exp())),
            ..ResultRow::unopened(image, Arc::new(model_card::example()))
        }
    }

    fn taken<'a>(
        row: &'a ResultRow,
        truth: Option<bool>,
        person: Option<&str>,
    ) -> Photographed<'a> {
        Photographed {
            name: &row.image,
            row: Some(row),
            truth: truth.map(Truth::Label),
            is_otherwise: false,
            person: person.map(str::to_owned),
            is_of_other_source: false,
            eye: Laterality::Od,
        }
    }

    #[test]
    fn a_model_of_several_classes_is_no_model_without_an_answer() {
        let classes = ResultRow {
            logit: None,
            score: None,
            scores: vec![ClassScore {
                label: "grade 0".into(),
                score: 1.0,
            }],
            ..row("a", 0.0)
        };
        let found = gathered(&[taken(&classes, None, None)], Unit::Photograph).unwrap();
        assert_eq!(found.left_out, [(LeftOut::SeveralClasses, vec![0])]);
    }

    #[test]
    fn a_person_is_one_case_with_the_mean_logit_and_says_why_others_are_none() {
        let rows = [
            row("a", 1.0),
            row("b", 3.0),
            row("c", -1.0),
            row("d", 0.5),
            row("e", 0.25),
        ];
        let photographs = [
            taken(&rows[0], Some(true), Some("p")),
            taken(&rows[1], Some(true), Some("p")),
            taken(&rows[2], Some(true), Some("q")),
            taken(&rows[3], Some(false), Some("q")),
            taken(&rows[4], None, Some("r")),
            Photographed {
                row: None,
                ..taken(&rows[4], Some(true), None)
            },
            taken(&rows[4], Some(true), None),
        ];
        let persons = gathered(&photographs, Unit::Person).unwrap();
        assert_eq!(persons.names, ["p"]);
        assert_eq!(persons.members, [[0, 1]]);
        let Some(Cases::Labels(cases)) = &persons.cases else {
            panic!("{persons:?}");
        };
        assert!((cases.scores()[0] - 1.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-12);
        assert_eq!(
            persons.left_out,
            [
                (LeftOut::NoAnswer, vec![5]),
                (LeftOut::NoLabel, vec![4]),
                (LeftOut::NoPerson, vec![6]),
                (LeftOut::Contradicting, vec![2, 3]),
            ]
        );
        let each = gathered(&photographs, Unit::Photograph).unwrap();
        let Some(Cases::Labels(cases)) = &each.cases else {
            panic!("{each:?}");
        };
        // Four of two persons and one of an unknown person.
        assert_eq!((cases.len(), cases.persons()), (5, 3));
        assert_eq!((each.unknown_persons, persons.unknown_persons), (1, 0));
    }
}
