//! The supplement of a study as tables and as a document.

use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

use crate::domain::Lang;
use crate::evaluation::supplement::{Imputations, Lacking, SupplementReport, SupplementedPerson};
use crate::export::csv;
use crate::text::research_only;

type Row = Map<String, Value>;

fn object(value: Value) -> Row {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A row for each person: what is recorded, what the model says, and the covariate of a regression calibration, which is 1
/// or 0 if a label is recorded and otherwise the calibrated probability. `id` is the number of the person in the tables of
/// draws.
pub fn persons(report: &SupplementReport) -> Vec<Row> {
    let mut probabilities = vec![None; report.persons.len()];
    for (case, probability) in report.cases.iter().zip(&report.calibration.probabilities) {
        probabilities[*case] = Some(*probability);
    }
    let rows = (1..).zip(report.persons.iter().zip(probabilities));
    rows.map(|(id, (person, probability))| row(report, id, person, probability))
        .collect()
}

fn row(
    report: &SupplementReport,
    id: usize,
    person: &SupplementedPerson,
    probability: Option<f64>,
) -> Row {
    let label = |is_one: bool| &report.labels[usize::from(is_one)];
    let covariate = match person.recorded {
        Some(is_one) => Some(f64::from(u8::from(is_one))),
        None => probability,
    };
    let source = match (person.recorded, probability) {
        (Some(_), _) => "recorded",
        (None, Some(_)) => "estimated",
        (None, None) => "none",
    };
    let hard = || {
        let (score, _) = person.answer?;
        let is_estimated = report.with_hard_labels && source == "estimated";
        is_estimated.then(|| label(score >= report.threshold))
    };
    object(json!({
        "id": id,
        "person": person.name,
        "person_known": person.is_known,
        "label_0": report.labels[0],
        "label_1": report.labels[1],
        "recorded": person.recorded.map(label),
        "source": source,
        "covariate": covariate,
        "calibrated_probability": probability,
        "score": person.answer.map(|(score, _)| score),
        "logit": person.answer.map(|(_, logit)| logit),
        "label_at_threshold": hard(),
        "photographs": person.photographs,
        "applicability": person.applicability.map(|grade| grade.as_str()),
        "left_out": person.left_out.map(|why| why.as_str()),
        "model": report.model,
        "model_sha256": report.sha256,
        "demonstration_model": report.is_demonstration,
        "unconfirmed_settings": report.is_unconfirmed,
    }))
}

/// A form of the drawn labels, for one program: names of the columns that say which imputation and which person a row is,
/// whether its label is missing, and what stands for a missing value.
#[derive(Debug)]
pub struct ImputedForm {
    pub name: &'static str,
    imputation: &'static str,
    id: &'static str,
    missing: Option<&'static str>,
    empty: &'static str,
}

/// For R's `mice::as.mids`, for Stata's `mi import flong`, and for SPSS after `SPLIT FILE BY Imputation_`.
pub const IMPUTED_FORMS: [ImputedForm; 3] = [
    ImputedForm {
        name: "mice",
        imputation: ".imp",
        id: ".id",
        missing: None,
        empty: "NA",
    },
    ImputedForm {
        name: "stata",
        imputation: "_mi_m",
        id: "_mi_id",
        missing: Some("_mi_miss"),
        empty: ".",
    },
    ImputedForm {
        name: "spss",
        imputation: "Imputation_",
        id: "id",
        missing: None,
        empty: "",
    },
];

/// The lines of the drawn labels in a form, one by one, because there may be millions: first all persons with the labels
/// that are recorded, as imputation 0, then all persons once for each imputation. The label is 1 for that of output 1.
/// Persons without a record for whom no label was drawn (no photograph counts, what is recorded is contradictory or neither
/// label, or a column lacks a value) keep a missing label. Without draws only the byte-order mark, to replace an earlier
/// file.
pub fn imputed<'a>(
    report: &'a SupplementReport,
    form: &'a ImputedForm,
) -> impl Iterator<Item = String> + 'a {
    let columns = &report.columns;
    let header = [form.imputation, form.id].into_iter();
    let names = columns
        .names
        .iter()
        .chain(columns.words.iter().map(|(name, _)| name));
    let header = header
        .chain(form.missing)
        .chain(["person", report.label_column()])
        .chain(names.map(String::as_str))
        .chain(["research_only"]);
    let start = csv::start();
    let header = report.imputations.as_ref().map(|_| csv::line_of(header));
    let drawn = report.imputations.iter().flat_map(move |imputations| {
        (0..=imputations.labels.len()).flat_map(move |imputation| {
            let labels = completed(report, imputations, imputation);
            let line = move |person: usize| line(report, form, imputation, person, labels[person]);
            (0..report.persons.len()).map(line)
        })
    });
    std::iter::once(start).chain(header).chain(drawn)
}

/// The labels of all persons: as recorded for imputation 0, otherwise with those that were drawn.
fn completed(
    report: &SupplementReport,
    imputations: &Imputations,
    imputation: usize,
) -> Vec<Option<bool>> {
    let persons = report.persons.iter();
    let mut labels: Vec<Option<bool>> = persons.map(|person| person.recorded).collect();
    if let Some(drawn) = imputation.checked_sub(1).map(|at| &imputations.labels[at]) {
        for (case, label) in imputations.cases.iter().zip(drawn) {
            labels[report.cases[*case]] = Some(*label);
        }
    }
    labels
}

fn line(
    report: &SupplementReport,
    form: &ImputedForm,
    imputation: usize,
    person: usize,
    label: Option<bool>,
) -> String {
    let empty = || form.empty.to_owned();
    let recorded = report.persons[person].recorded;
    let is_missing = form.missing.map(|_| match imputation {
        0 => u8::from(recorded.is_none()).to_string(),
        _ => empty(),
    });
    let columns = &report.columns;
    let numbers = columns.values.iter().map(|values| values[person]);
    let numbers = numbers.map(|cell| cell.map_or_else(empty, |cell| Value::from(cell).to_string()));
    let words = columns.words.iter().map(|(_, words)| words[person].clone());
    let cells: Vec<String> = [imputation.to_string(), (person + 1).to_string()]
        .into_iter()
        .chain(is_missing)
        .chain([report.persons[person].name.clone()])
        .chain([label.map_or_else(empty, |label| u8::from(label).to_string())])
        .chain(numbers)
        .chain(words.map(|word| word.unwrap_or_else(empty)))
        .collect();
    let cells = cells.iter().map(String::as_str);
    csv::line_of(cells.chain([research_only(Lang::En)]))
}

/// What was done, without the persons.
pub fn document(report: &SupplementReport) -> Value {
    let count = |of: &dyn Fn(&SupplementedPerson) -> bool| {
        report.persons.iter().filter(|person| of(person)).count()
    };
    let missing = report
        .cases
        .iter()
        .filter(|&&at| report.persons[at].recorded.is_none());
    let attenuation = report.attenuation.map(|found| {
        json!({
            "positive_predictive_value": found.positive_predictive_value,
            "negative_predictive_value": found.negative_predictive_value,
            "factor": found.factor(),
        })
    });
    let lacking = |is_labelled: usize| -> Row {
        let counted = Lacking::iter().map(|why| (why, report.lacking(why)[is_labelled]));
        counted
            .map(|(why, count)| (why.as_str().to_owned(), count.into()))
            .collect()
    };
    let imputations = report.imputations.as_ref().map(|drawn| {
        json!({
            "imputations": drawn.labels.len(),
            "persons": drawn.cases.len(),
            "incomplete": drawn.incomplete.len(),
            "not_drawn": lacking(0),
            "not_fitted": lacking(1),
            "fitted_from": drawn.fitted_from,
            "drawn_again": drawn.drawn_again,
            "coefficients": {
                "intercept": drawn.coefficients.first(),
                "logit": drawn.coefficients.get(1),
                "columns": report.columns.names.iter().zip(drawn.coefficients.iter().skip(2))
                    .map(|(name, value)| json!({ "name": name, "coefficient": value }))
                    .collect::<Vec<_>>(),
            },
        })
    });
    json!({
        "schema": 1,
        "research_only": research_only(Lang::En),
        "model": report.model,
        "model_sha256": report.sha256,
        "demonstration_model": report.is_demonstration,
        "unconfirmed_settings": report.is_unconfirmed,
        "label_0": report.labels[0],
        "label_1": report.labels[1],
        "threshold": report.threshold,
        "seed": report.seed,
        "persons": report.persons.len(),
        "persons_not_known": count(&|person| !person.is_known),
        "photographs_of_persons_not_in_the_table": report.of_other_source,
        "recorded": count(&|person| person.recorded.is_some()),
        "recorded_as_neither_label": report.neither_label(),
        "supplemented": missing.count(),
        "recorded_without_answer": count(&|person| person.recorded.is_some() && person.left_out.is_some()),
        "neither": count(&|person| person.recorded.is_none() && person.left_out.is_some()),
        "calibration": {
            "persons": report.calibration.labelled,
            "few_labels": report.calibration.has_few_labels(),
            "intercept": report.calibration.intercept,
            "slope": report.calibration.slope,
            "intercept_standard_error": report.calibration.errors[0],
            "slope_standard_error": report.calibration.errors[1],
            "folds": crate::evaluation::supplement::FOLDS,
        },
        "attenuation_of_hard_labels": attenuation,
        "outcome": report.outcome,
        "imputation": imputations,
    })
}
