//! The records check as tables and as a document.

use serde_json::{Map, Value, json};

use super::evaluation::record_cells;
use crate::domain::Lang;
use crate::evaluation::performance::RecordToCheck;
use crate::evaluation::records_check::{NoFeatures, RecordPhotograph, RecordsCheck};
use crate::text::research_only;

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn of_model(check: &RecordsCheck) -> Map<String, Value> {
    object(json!({
        "model": check.model,
        "demonstration_model": check.is_demonstration,
        "unconfirmed_settings": check.is_unconfirmed,
    }))
}

fn record(photograph: &RecordPhotograph) -> Option<RecordToCheck> {
    Some(RecordToCheck {
        image: photograph.image.clone(),
        sha256: photograph.sha256.clone(),
        person: photograph.person.clone(),
        eye: photograph.eye,
        recorded: photograph.recorded?,
        score: photograph.score?,
        logit: photograph.logit?,
        applicability: photograph.applicability,
        decision: photograph.decision.clone(),
    })
}

/// A row for each contradicted record, the strongest contradiction first, as in an evaluation.
pub fn records(check: &RecordsCheck) -> Vec<Map<String, Value>> {
    let found = check.contradicted.iter().enumerate();
    let rows = found.filter_map(|(place, contradicted)| {
        let record = record(check.photographs.get(contradicted.photograph)?)?;
        let mut row = of_model(check);
        row.extend(record_cells(place, &record, Some(&check.labels)));
        Some(row)
    });
    rows.collect()
}

/// A row for each photograph that is like a contradicted one, in the order of the check.
pub fn similar_photographs(check: &RecordsCheck) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    for (rank, contradicted) in check.contradicted.iter().enumerate() {
        for (place, similar) in contradicted.similar.iter().enumerate() {
            let pair = [contradicted.photograph, similar.photograph];
            let [Some(own), Some(other)] = pair.map(|at| check.photographs.get(at)) else {
                continue;
            };
            let recorded = other
                .recorded
                .map(|is_one| &check.labels[usize::from(is_one)]);
            let mut row = of_model(check);
            row.extend(object(json!({
                "rank": rank + 1,
                "image": own.image,
                "person": own.person,
                "eye": own.eye.as_str(),
                "place": place + 1,
                "similar": other.image,
                "similar_person": other.person,
                "similar_eye": other.eye.as_str(),
                "similar_recorded": recorded,
                "similar_score": other.score,
                "cosine": similar.cosine,
                "near_duplicate": similar.is_near_duplicate,
                "other_person": similar.is_other_person,
            })));
            rows.push(row);
        }
    }
    rows
}

/// Everything as one document.
pub fn document(check: &RecordsCheck) -> Value {
    json!({
        "schema": 1,
        "research_only": research_only(Lang::En),
        "model": check.model,
        "demonstration_model": check.is_demonstration,
        "unconfirmed_settings": check.is_unconfirmed,
        "labels": check.labels,
        "threshold": check.threshold,
        "photographs": check.photographs.len(),
        "without_features": check.without_features,
        "why_without_features": check.no_features.map(|why| match why {
            NoFeatures::Model => "model-not-in-library",
            NoFeatures::Network => "no-feature-map",
        }),
        "records": records(check),
        "similar": similar_photographs(check),
    })
}
