//! The evaluation of a study as tables.

use serde_json::{Map, Value, json};

use crate::evaluation::performance::{
    Cases, Estimate, EvaluationReport, ModelReport, RecordToCheck, Unit, UnitReport,
    corrected_age_gaps,
};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Lower and upper end; null where there is no interval.
fn ends(interval: Option<[f64; 2]>) -> [Value; 2] {
    interval.map_or([Value::Null, Value::Null], |ends| ends.map(Value::from))
}

fn cells(estimate: &Estimate) -> Value {
    let [low, high] = ends(estimate.interval.ok());
    json!({
        "value": estimate.value.ok(),
        "low": low,
        "high": high,
        "interval": estimate.interval.is_ok().then(|| estimate.method.as_str()),
        "cases": estimate.cases,
        "why_no_value": estimate.value.err().map(|why| why.code()),
        "why_no_interval": estimate.interval.err().map(|why| why.code()),
    })
}

/// What every row says of its model and unit.
fn of_model(model: &ModelReport, unit: &UnitReport) -> Map<String, Value> {
    object(json!({
        "model": model.id,
        "demonstration_model": model.is_demonstration,
        "unconfirmed_settings": model.is_unconfirmed,
        "unit": unit.unit.as_str(),
    }))
}

fn every_unit(report: &EvaluationReport) -> impl Iterator<Item = (&ModelReport, &UnitReport)> {
    report
        .models
        .iter()
        .flat_map(|model| model.units.iter().map(move |unit| (model, unit)))
}

/// A row for each model, unit and figure.
pub fn figures(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = every_unit(report).flat_map(|(model, unit)| {
        unit.figures.iter().map(move |(figure, estimate)| {
            let mut row = of_model(model, unit);
            row.insert("figure".into(), figure.as_str().into());
            row.extend(object(cells(estimate)));
            row
        })
    });
    rows.collect()
}

/// A row for each model, unit and subgroup.
pub fn subgroups(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = every_unit(report).flat_map(|(model, unit)| {
        unit.subgroups.iter().map(move |group| {
            let mut row = of_model(model, unit);
            row.extend(object(json!({
                "by": group.by, "subgroup": group.value, "figure": group.figure.as_str(),
                "few_cases": group.is_small,
            })));
            row.extend(object(cells(&group.estimate)));
            row
        })
    });
    rows.collect()
}

/// The flow of photographs: for each model and unit a row for each reason for which some belong to no case, one for those
/// that are evaluated, with the number of cases, one for cases of unknown persons, and one for cases without subgroup.
pub fn flow(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    for (model, unit) in every_unit(report) {
        let row = |reason: &str, photographs: Option<usize>, cases: Option<usize>| {
            let mut row = of_model(model, unit);
            row.extend(object(
                json!({ "reason": reason, "photographs": photographs, "cases": cases }),
            ));
            row
        };
        let left_out = unit.left_out.iter();
        rows.extend(left_out.map(|(why, of)| row(why.as_str(), Some(of.len()), None)));
        let cases = unit.cases.as_ref().map_or(0, Cases::len);
        rows.push(row("evaluated", Some(unit.photographs), Some(cases)));
        if unit.unknown_persons > 0 {
            rows.push(row("person-not-known", None, Some(unit.unknown_persons)));
        }
        for (by, count) in unit.without_value.iter().filter(|(_, count)| *count > 0) {
            rows.push(row(&format!("no-single-value-of {by}"), None, Some(*count)));
        }
    }
    rows
}

/// The records to check: a row for each photograph whose recorded label a model contradicts, the strongest contradiction
/// first.
pub fn records_to_check(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let models = report.models.iter();
    let of_model = |model: &'_ ModelReport| -> Vec<Map<String, Value>> {
        let records = model.records_to_check.iter().enumerate();
        let rows = records.map(|(place, record)| {
            let mut row = object(json!({
                "model": model.id,
                "demonstration_model": model.is_demonstration,
                "unconfirmed_settings": model.is_unconfirmed,
            }));
            row.extend(record_cells(place, record, model.labels.as_ref()));
            row
        });
        rows.collect()
    };
    models.flat_map(of_model).collect()
}

/// What a row says of a record: its place from 0, and what is recorded, found and decided.
pub(in crate::export) fn record_cells(
    place: usize,
    record: &RecordToCheck,
    labels: Option<&[String; 2]>,
) -> Map<String, Value> {
    let decision = record.decision.as_ref();
    object(json!({
        "rank": place + 1,
        "image": record.image,
        "person": record.person,
        "eye": record.eye.as_str(),
        "recorded": labels.map(|labels| &labels[usize::from(record.recorded)]),
        "score": record.score,
        "logit": record.logit,
        "applicability": record.applicability.map(|grade| grade.as_str()),
        "decision": decision.map(|of| of.decision.as_str()),
        "decision_date": decision.map(|of| &of.date),
        "reader": decision.map(|of| &of.reader),
    }))
}

/// Age gaps of a model that estimates the age, in years: a row for each photograph.
pub fn age_gaps(model: &ModelReport) -> Vec<Map<String, Value>> {
    let Some(unit) = model.by_unit(Unit::Photograph).filter(|_| model.is_of_age) else {
        return Vec::new();
    };
    let Some(Cases::Ages(ages)) = &unit.cases else {
        return Vec::new();
    };
    let corrected = corrected_age_gaps(ages);
    let values = ages.recorded().iter().zip(ages.estimated());
    let rows = unit.names.iter().zip(values).enumerate();
    let rows = rows.map(|(place, (name, (recorded, estimated)))| {
        let mut row = of_model(model, unit);
        row.extend(object(json!({
            "image": name, "recorded": recorded, "estimated": estimated,
            "gap": estimated - recorded,
            "corrected_gap": corrected.as_ref().ok().map(|gaps| gaps[place]),
            "why_none": corrected.as_ref().err().map(|why| why.code()),
        })));
        row
    });
    rows.collect()
}

/// A row for each pair of models.
pub fn pairs(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = report.pairs.iter().map(|pair| {
        let found = &pair.comparison;
        let [low, high] = ends(found.interval.ok());
        let is_either = |model: &&ModelReport| model.id == pair.first || model.id == pair.second;
        let mut models = report.models.iter().filter(is_either);
        let demonstration = models.any(|model| model.is_demonstration);
        object(json!({
            "unit": pair.unit.as_str(),
            "first": pair.first, "second": pair.second, "demonstration_model": demonstration, "cases": pair.cases,
            "auc_difference": found.difference.ok(), "low": low, "high": high,
            "interval": found.interval.is_ok().then(|| found.method.as_str()),
            "p_value": found.p_value.ok(),
            "first_only_right": found.mcnemar.map(|m| m.first_only),
            "second_only_right": found.mcnemar.map(|m| m.second_only),
            "mcnemar_p_value": found.mcnemar.map(|m| m.p_value),
            "why_none": found.interval.err().map(|why| why.code()),
            "why_no_test": found.p_value.err().map(|why| why.code()),
        }))
    });
    rows.collect()
}
