//! Aggregates several photographs of one eye or one person: the mean of a model's logits.
//!
//! The mean of logits is what the model card calls `mean-logit`: it keeps the scale on which the model adds up
//! evidence, whereas a mean of scores would be pulled towards the middle. Only photographs of known persons are
//! aggregated, and only those that count; the excluded ones are counted next to the figures.

use std::collections::HashMap;
use std::hash::Hash;

use serde_json::{Map, Value, json};

use crate::domain::{Head, Laterality, Person, ResultRow, Subject};

/// Several answers of one model, aggregated by the mean of their logits (of their values for a value model).
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Number of answers, at least 1.
    pub images: usize,
    /// Mean logit.
    pub logit: Option<f64>,
    /// Score at the mean logit, 0–1; a single answer keeps its own.
    pub score: Option<f64>,
    /// Mean value, such as years; for value models only.
    pub value: Option<f64>,
    /// Label of the score at the card's threshold.
    pub label: Option<String>,
    /// Sample standard deviation of the logits or values; `None` for one image.
    pub spread: Option<f64>,
    /// Lowest and highest logit or value.
    pub lowest: f64,
    pub highest: f64,
}

/// Answers of one model on one eye, or on one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub person: Person,
    /// `None`: the whole person.
    pub eye: Option<Laterality>,
    /// The model's id.
    pub model: String,
    /// Photographs of the eye or person, including those that do not count.
    pub photographs: usize,
    /// `None` if no photograph counts.
    pub aggregate: Option<Aggregate>,
}

impl Group {
    /// The number of photographs behind the figures.
    pub fn used(&self) -> usize {
        self.aggregate.as_ref().map_or(0, |t| t.images)
    }
}

/// Aggregates the answers of `cases`, all of one model. Rows without an answer are skipped; `None` if there is no
/// answer.
pub fn aggregate<'a>(cases: impl IntoIterator<Item = &'a ResultRow>) -> Option<Aggregate> {
    let answered: Vec<(&ResultRow, f64)> = cases
        .into_iter()
        .filter_map(|c| Some((c, c.number()?)))
        .collect();
    let (first, number) = *answered.first()?;
    let numbers = || answered.iter().map(|(_, n)| *n);
    let count = answered.len();
    let mean = if count == 1 {
        number
    } else {
        numbers().sum::<f64>() / count as f64
    };
    let spread = (count > 1).then(|| {
        let squares: f64 = numbers().map(|n| (n - mean).powi(2)).sum();
        (squares / (count - 1) as f64).sqrt()
    });
    let valued = first.card.head == Head::Linear;
    let score = if valued {
        None
    } else if count == 1 {
        first.score
    } else {
        Some(1.0 / (1.0 + libm::exp(-mean)))
    };
    Some(Aggregate {
        images: count,
        logit: (!valued).then_some(mean),
        score,
        value: valued.then_some(mean),
        label: score
            .and_then(|s| first.card.label_of(s))
            .map(str::to_owned),
        spread,
        lowest: numbers().fold(f64::INFINITY, f64::min),
        highest: numbers().fold(f64::NEG_INFINITY, f64::max),
    })
}

/// Known persons in order of first appearance; for each person each model, and for each model each eye and then the
/// whole person.
pub fn groups<'a>(cases: impl IntoIterator<Item = &'a ResultRow>) -> Vec<Group> {
    groups_of(cases.into_iter().map(|case| (case, &case.subject)))
}

/// As [`groups`], with a given subject for each row.
pub fn groups_of<'a>(rows: impl Iterator<Item = (&'a ResultRow, &'a Subject)>) -> Vec<Group> {
    let known = rows.filter_map(|(case, of)| Some((of.person.as_ref()?, (case, of))));
    let mut groups = Vec::new();
    for (person, rows) in gathered(known) {
        let with_model = rows.iter().map(|row| (row.0.card.id.as_str(), *row));
        for (model, rows) in gathered(with_model) {
            let seen = rows.iter().filter(|(case, _)| case.eye.is_known());
            let mut by_eye = gathered(seen.map(|row| (Some(row.0.eye), *row)));
            by_eye.push((None, rows));
            for (eye, rows) in by_eye {
                let counting = rows.iter().filter(|(_, of)| of.counts());
                groups.push(Group {
                    person: person.clone(),
                    eye,
                    model: model.to_owned(),
                    photographs: rows.len(),
                    aggregate: aggregate(counting.map(|(case, _)| *case)),
                });
            }
        }
    }
    groups
}

/// Groups items by key, in order of first appearance.
fn gathered<K: Clone + Eq + Hash, T>(items: impl Iterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut gathered: Vec<(K, Vec<T>)> = Vec::new();
    for (key, item) in items {
        let place = *places.entry(key.clone()).or_insert(gathered.len());
        match gathered.get_mut(place) {
            Some((_, items)) => items.push(item),
            None => gathered.push((key, vec![item])),
        }
    }
    gathered
}

/// The fields of a group in the order of the files. Unknown is null.
pub fn fields(group: &Group) -> Map<String, Value> {
    let t = group.aggregate.as_ref();
    let row = json!({
        "person": group.person.name,
        "person_source": group.person.source.as_str(),
        "eye": group.eye.map_or("both", Laterality::as_str),
        "model": group.model,
        "photographs": group.photographs,
        "used": group.used(),
        "logit": t.and_then(|t| t.logit),
        "score": t.and_then(|t| t.score),
        "value": t.and_then(|t| t.value),
        "label": t.and_then(|t| t.label.as_ref()),
        "spread": t.and_then(|t| t.spread),
        "lowest": t.map(|t| t.lowest),
        "highest": t.map(|t| t.highest),
    });
    match row {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Exclusion, ModelCard, PersonSource, Task, model_card};

    fn case(image: &str, model: &str, logit: f64) -> ResultRow {
        let card = ModelCard {
            id: model.into(),
            ..model_card::example()
        };
        let mut case = ResultRow::unopened(image, Arc::new(card));
        case.eye = crate::imaging::laterality_from_name(image);
        case.logit = Some(logit);
        case.score = Some(1.0 / (1.0 + (-logit).exp()));
        case.subject.person = image.split_once('_').map(|(name, _)| Person {
            name: name.into(),
            source: PersonSource::FileName,
        });
        case
    }

    #[test]
    fn scores_are_taken_together_by_their_logits() {
        let cases = [
            case("a", "m", -1.0),
            case("b", "m", 0.5),
            case("c", "m", 2.0),
        ];
        let all = aggregate(&cases).unwrap();
        assert_eq!((all.images, all.logit, all.value), (3, Some(0.5), None));
        assert_eq!((all.lowest, all.highest), (-1.0, 2.0));
        assert!((all.spread.unwrap() - 1.5).abs() < 1e-12);
        assert!((all.score.unwrap() - 0.622_459_331_201_854_6).abs() < 1e-12);
        assert_eq!(all.label.as_deref(), Some("male"));
    }

    #[test]
    fn one_answer_keeps_its_own_numbers_and_none_gives_nothing() {
        let mut failed = case("a", "m", 4.0);
        failed.error = Some("damaged".into());
        let mut one = case("b", "m", -0.3);
        one.score = Some(0.425);
        let alone = aggregate([&failed, &one]).unwrap();
        assert_eq!((alone.images, alone.spread), (1, None));
        assert_eq!((alone.logit, alone.score), (one.logit, one.score));
        assert_eq!(alone.label.as_deref(), Some("female"));
        assert_eq!(aggregate([&failed]), None);
        assert_eq!(aggregate([]), None);
    }

    #[test]
    fn years_are_averaged_as_they_are() {
        let card = Arc::new(ModelCard {
            task: Task::Age,
            head: Head::Linear,
            labels: Vec::new(),
            ..model_card::example()
        });
        let year = |value| {
            let mut case = ResultRow::unopened("a", card.clone());
            case.value = Some(value);
            case.logit = Some(value);
            case
        };
        let both = aggregate(&[year(60.0), year(64.0)]).unwrap();
        assert_eq!(
            (both.value, both.logit, both.score),
            (Some(62.0), None, None)
        );
        assert_eq!(both.label, None);
        assert!((both.spread.unwrap() - 8.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn groups_follow_the_order_of_the_photographs() {
        let cases = [
            case("p2_OS.png", "m", 1.0),
            case("p2_OS.png", "n", 3.0),
            case("p1_OD.png", "m", -1.0),
            case("p2_OD.png", "m", 0.0),
            case("nobody.png", "m", 9.0),
            case("p2_OS_2.png", "m", 2.0),
        ];
        let found = groups(&cases);
        let wording: Vec<_> = found
            .iter()
            .map(|g| {
                let eye = g.eye.map_or("both", Laterality::as_str);
                format!(
                    "{} {eye} {} {} {}",
                    g.person.name,
                    g.model,
                    g.used(),
                    g.aggregate.as_ref().unwrap().logit.unwrap()
                )
            })
            .collect();
        assert_eq!(
            wording,
            [
                "p2 OS m 2 1.5",
                "p2 OD m 1 0",
                "p2 both m 3 1",
                "p2 OS n 1 3",
                "p2 both n 1 3",
                "p1 OD m 1 -1",
                "p1 both m 1 -1",
            ]
        );
        let fields = fields(&found[2]);
        assert_eq!(fields["eye"], "both");
        assert_eq!(fields["person_source"], "file-name");
    }

    #[test]
    fn what_does_not_count_is_counted_beside_the_figures() {
        let mut cases = [
            case("p1_OD.png", "m", 1.0),
            case("p1_OD_2.png", "m", 9.0),
            case("p1_OS.png", "m", 3.0),
            case("p1_OS_2.png", "m", 5.0),
        ];
        cases[1].subject.left_out = vec![Exclusion::BadQuality];
        cases[2].subject.left_out = vec![Exclusion::EyeConflict];
        cases[2].subject.by_user = Some(true);
        cases[3].error = Some("damaged".into());
        let counts: Vec<_> = groups(&cases)
            .iter()
            .map(|g| {
                (
                    g.photographs,
                    g.used(),
                    g.aggregate.as_ref().and_then(|t| t.logit),
                )
            })
            .collect();
        assert_eq!(
            counts,
            [(2, 1, Some(1.0)), (2, 1, Some(3.0)), (4, 2, Some(2.0))]
        );
        cases[0].subject.left_out = vec![Exclusion::Duplicate];
        let fields = fields(&groups(&cases)[0]);
        assert_eq!(
            (&fields["photographs"], &fields["used"]),
            (&2.into(), &0.into())
        );
        assert!(fields["logit"].is_null() && fields["lowest"].is_null());
    }
}
