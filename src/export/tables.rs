//! The tables of a run, from one writer for the window and the command line: `results.csv` for people,
//! `results_full.csv` with every field, `people.csv` with the figures per eye and person.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{aggregate, csv, flat, row};
use crate::domain::{EyeSource, FindingCode, Head, ResultRow};
use crate::text::{Lang, finding, research_only};

pub const RESULTS: &str = "results.csv";
pub const RESULTS_FULL: &str = "results_full.csv";
pub const PEOPLE: &str = "people.csv";
/// All tables that may be written.
pub const NAMES: [&str; 3] = [RESULTS, RESULTS_FULL, PEOPLE];

/// The sentences of `results.csv`. Everything else in it is the same in every language.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    pub lang: Lang,
    /// Why a row has no answer, by photograph and model, if not in English.
    pub errors: HashMap<(String, String), String>,
}

/// Every table with its name. The rows of a photograph must be adjacent. `people.csv` is included if a person is known,
/// or, without rows, if it `replaces_people`: otherwise one left by an earlier run would be taken for this run's.
pub fn all(
    cases: &[ResultRow],
    sentences: &Sentences,
    replaces_people: bool,
) -> Vec<(&'static str, Vec<u8>)> {
    let mut tables = vec![
        (RESULTS, results(cases, sentences)),
        (RESULTS_FULL, results_full(cases)),
    ];
    if replaces_people || cases.iter().any(|case| case.subject.person.is_some()) {
        tables.push((PEOPLE, people(cases)));
    }
    tables
}

/// `people.csv`: a line for each eye and for the whole of each person, by model.
pub fn people(cases: &[ResultRow]) -> Vec<u8> {
    let mut names: Vec<&str> =
        "person person_source eye model photographs used logit score value label spread lowest \
        highest"
            .split_whitespace()
            .collect();
    names.push("research_only");
    let rows = aggregate::groups(cases);
    let rows: Vec<Map<String, Value>> = rows
        .iter()
        .map(aggregate::fields)
        .map(csv::with_research)
        .collect();
    csv::table(&names, &rows)
}

/// `results_full.csv`: a line for each photograph and model, every field of the document in its own column.
pub fn results_full(cases: &[ResultRow]) -> Vec<u8> {
    let rows: Vec<Map<String, Value>> = cases
        .iter()
        .map(|case| csv::with_research(flat::flat(row::fields(case))))
        .collect();
    let names = flat::columns(&rows);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    csv::table(&names, &rows)
}

/// `results.csv`: a line for each photograph.
pub fn results(cases: &[ResultRow], sentences: &Sentences) -> Vec<u8> {
    let models = models(cases);
    let mut names: Vec<String> = ["image", "person", "eye", "eye_source", "quality", "used"]
        .map(str::to_owned)
        .into();
    for model in &models {
        let classes = model.classes.iter();
        names.extend(classes.map(|label| model.class_column(label)));
        if model.classes.is_empty() {
            names.push(model.figure_column());
        }
        names.extend(model.label_column().filter(|name| !names.contains(name)));
    }
    names.extend(["findings", "error", "research_only"].map(str::to_owned));
    let rows: Vec<Map<String, Value>> = cases
        .chunk_by(|a, b| a.image == b.image)
        .map(|rows| line(rows, &models, sentences))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    csv::table(&names, &rows)
}

/// A model of the table.
struct Model<'a> {
    id: &'a str,
    is_value: bool,
    /// Labels of a model that gives a score for each class; empty for all others.
    classes: &'a [String],
}

impl Model<'_> {
    fn class_column(&self, label: &str) -> String {
        format!("{} {label}", self.id)
    }

    fn figure_column(&self) -> String {
        let what = if self.is_value { "value" } else { "score" };
        format!("{} {what}", self.id)
    }

    fn label_column(&self) -> Option<String> {
        (!self.is_value).then(|| format!("{} label", self.id))
    }
}

/// The models in order of first appearance.
fn models(cases: &[ResultRow]) -> Vec<Model<'_>> {
    let mut models: Vec<Model> = Vec::new();
    for case in cases {
        let card = &case.card;
        if !models.iter().any(|m| m.id == card.id) {
            models.push(Model {
                id: &card.id,
                is_value: card.head == Head::Linear,
                classes: card.classes.map_or(&[], |_| &card.labels),
            });
        }
    }
    models
}

fn line(rows: &[ResultRow], models: &[Model], sentences: &Sentences) -> Map<String, Value> {
    let first = &rows[0];
    let person = first.subject.person.as_ref();
    let eye_source = Some(first.eye_source).filter(|s| *s != EyeSource::None);
    let mut line = Map::new();
    let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
    put("image", first.image.clone().into());
    put("person", person.map(|p| p.name.clone()).into());
    put("eye", first.eye.as_str().into());
    put("eye_source", eye_source.map(EyeSource::as_str).into());
    put("quality", first.quality.map(|q| q.as_str()).into());
    put("used", rows.iter().any(ResultRow::is_used).into());
    for case in rows {
        if let Some(model) = models.iter().find(|m| m.id == case.card.id) {
            let figure = if model.is_value {
                case.value
            } else {
                case.score
            };
            if let Some(column) = model.label_column() {
                put(&column, case.label.clone().into());
            }
            match model.classes.is_empty() {
                true => put(&model.figure_column(), figure.into()),
                false => None,
            };
            for class in &case.scores {
                put(&model.class_column(&class.label), class.score.into());
            }
        }
    }
    put("findings", findings(rows, sentences.lang).into());
    put("error", errors(rows, sentences).into());
    put("research_only", research_only(sentences.lang).into());
    line
}

/// The sentences of the findings, most severe first; a finding that not all models share is preceded by their ids.
fn findings(rows: &[ResultRow], lang: Lang) -> String {
    let mut codes: Vec<(crate::domain::Severity, FindingCode)> = Vec::new();
    for found in rows.iter().flat_map(|case| &case.findings) {
        match codes.iter_mut().find(|(_, code)| *code == found.code) {
            Some((severity, _)) => *severity = found.severity.max(*severity),
            None => codes.push((found.severity, found.code)),
        }
    }
    codes.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let wording = codes.into_iter().map(|(_, code)| {
        let has = |case: &&ResultRow| case.findings.iter().any(|f| f.code == code);
        let message = finding(code, lang).message;
        if rows.iter().all(|case| has(&case)) {
            return message.to_owned();
        }
        let ids: Vec<&str> = rows
            .iter()
            .filter(has)
            .map(|c| c.card.id.as_str())
            .collect();
        format!("{}: {message}", ids.join(", "))
    });
    let space = if lang == Lang::En { " " } else { "" };
    wording.collect::<Vec<_>>().join(space)
}

/// Why there are no answers; a reason that not all models share is preceded by their ids.
fn errors(rows: &[ResultRow], sentences: &Sentences) -> Option<String> {
    let mut wording: Vec<(String, Vec<&str>)> = Vec::new();
    for case in rows {
        let key = || (case.image.clone(), case.card.id.clone());
        let Some(error) = &case.error else {
            continue;
        };
        let error = sentences.errors.get(&key()).unwrap_or(error);
        match wording.iter_mut().find(|(known, _)| known == error) {
            Some((_, ids)) => ids.push(&case.card.id),
            None => wording.push((error.clone(), vec![&case.card.id])),
        }
    }
    let wording: Vec<String> = wording
        .into_iter()
        .map(|(error, ids)| {
            if ids.len() == rows.len() {
                error
            } else {
                format!("{}: {error}", ids.join(", "))
            }
        })
        .collect();
    (!wording.is_empty()).then(|| wording.join("; "))
}

#[cfg(test)]
mod tests;
