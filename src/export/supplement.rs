//! The supplement of a study as tables and as a document.

use serde_json::{Map, Value, json};

use crate::domain::Lang;
use crate::evaluation::supplement::{SupplementReport, SupplementedPerson};
use crate::text::research_only;

type Row = Map<String, Value>;

fn object(value: Value) -> Row {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A row for each person: what is recorded, what the model says, and the covariate of a regression calibration, which is 1
/// or 0 if a label is recorded and otherwise the calibrated probability.
pub fn persons(report: &SupplementReport) -> Vec<Row> {
    let mut probabilities = vec![None; report.persons.len()];
    for (case, probability) in report.cases.iter().zip(&report.calibration.probabilities) {
        probabilities[*case] = Some(*probability);
    }
    let rows = report.persons.iter().zip(probabilities);
    rows.map(|(person, probability)| row(report, person, probability))
        .collect()
}

fn row(report: &SupplementReport, person: &SupplementedPerson, probability: Option<f64>) -> Row {
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

/// Names of the columns that say which imputation and which person a row is, whether its label is missing, and what
/// stands for a missing value.
struct Form {
    name: &'static str,
    imputation: &'static str,
    id: Option<&'static str>,
    missing: Option<&'static str>,
    empty: &'static str,
}

/// For R's `mice::as.mids`, for Stata's `mi import flong`, and for SPSS after `SPLIT FILE BY Imputation_`.
const FORMS: [Form; 3] = [
    Form {
        name: "mice",
        imputation: ".imp",
        id: Some(".id"),
        missing: None,
        empty: "NA",
    },
    Form {
        name: "stata",
        imputation: "_mi_m",
        id: Some("_mi_id"),
        missing: Some("_mi_miss"),
        empty: ".",
    },
    Form {
        name: "spss",
        imputation: "Imputation_",
        id: None,
        missing: None,
        empty: "",
    },
];

/// The drawn labels in each form: first all persons with the labels that are recorded, as imputation 0, then all persons
/// once for each imputation. The label is 1 for that of output 1. Persons without a record for whom no label was drawn (no
/// photograph counts, records contradict each other, or a column states nothing) keep a missing label.
pub fn imputed(report: &SupplementReport) -> Vec<(&'static str, Vec<Row>)> {
    let Some(imputations) = &report.imputations else {
        // Empty ones replace those of an earlier supplement.
        return FORMS.iter().map(|form| (form.name, Vec::new())).collect();
    };
    let recorded: Vec<Option<bool>> = report
        .persons
        .iter()
        .map(|person| person.recorded)
        .collect();
    let completed = imputations.labels.iter().map(|drawn| {
        let mut labels = recorded.clone();
        for (case, label) in imputations.cases.iter().zip(drawn) {
            labels[report.cases[*case]] = Some(*label);
        }
        labels
    });
    let all: Vec<Vec<Option<bool>>> = std::iter::once(recorded.clone()).chain(completed).collect();
    let in_form = |form: &Form| {
        let empty = Value::from(form.empty);
        let mut rows = Vec::with_capacity(all.len() * recorded.len());
        for (imputation, labels) in all.iter().enumerate() {
            for (case, label) in labels.iter().enumerate() {
                let mut row = Map::new();
                row.insert(form.imputation.into(), imputation.into());
                if let Some(id) = form.id {
                    row.insert(id.into(), (case + 1).into());
                }
                if let Some(missing) = form.missing {
                    let is_missing = u8::from(recorded[case].is_none());
                    let cell = if imputation == 0 {
                        is_missing.into()
                    } else {
                        empty.clone()
                    };
                    row.insert(missing.into(), cell);
                }
                row.insert("person".into(), report.persons[case].name.clone().into());
                let label = label.map_or(empty.clone(), |label| u8::from(label).into());
                row.insert(report.label_column().into(), label);
                for (name, values) in report.columns.names.iter().zip(&report.columns.values) {
                    let cell = values[case].map_or(empty.clone(), Value::from);
                    row.insert(name.clone(), cell);
                }
                rows.push(row);
            }
        }
        (form.name, rows)
    };
    FORMS.iter().map(in_form).collect()
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
    let imputations = report.imputations.as_ref().map(|drawn| {
        json!({
            "imputations": drawn.labels.len(),
            "persons": drawn.cases.len(),
            "incomplete": drawn.incomplete.len(),
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
        "recorded": count(&|person| person.recorded.is_some()),
        "supplemented": missing.count(),
        "recorded_without_answer": count(&|person| person.recorded.is_some() && person.left_out.is_some()),
        "neither": count(&|person| person.recorded.is_none() && person.left_out.is_some()),
        "calibration": {
            "persons": report.calibration.labelled,
            "intercept": report.calibration.intercept,
            "slope": report.calibration.slope,
            "folds": crate::evaluation::supplement::FOLDS,
        },
        "attenuation_of_hard_labels": attenuation,
        "outcome": report.outcome,
        "imputation": imputations,
    })
}
