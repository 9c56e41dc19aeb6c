//! One row of results as named fields, shared by JSON and CSV.

use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

use super::regions;
use crate::domain::{Applicability, Aspect, Findings, Grade, ResultRow};
use crate::text::{Lang, detail_in_files, finding};

/// Fields that depend on all photographs of a run.
pub const OF_THE_RUN: [&str; 5] = [
    "person",
    "person_source",
    "person_guess",
    "used",
    "used_why",
];

/// The fields of a row in their specified order. Unknown is null.
pub fn fields(case: &ResultRow) -> Map<String, Value> {
    let card = &case.card;
    let used = case.used.as_ref();
    let person = case.subject.person.as_ref();
    let row = json!({
        "image": case.image,
        "sha256": case.sha256,
        "width": case.width,
        "height": case.height,
        "pixels_sha256": case.pixels_sha256,
        "eye": case.eye.as_str(),
        "eye_source": case.eye_source.as_str(),
        "eye_guess": case.eye_guess.is_known().then(|| case.eye_guess.as_str()),
        "quality": case.quality.map(|q| q.as_str()),
        "field_of_view": case.field_of_view,
        "model": card.id,
        "model_sha256": card.source_sha256,
        "card": &**card,
        "task": card.task,
        "engine": used.map(|u| &u.engine),
        "provider": used.map(|u| &u.provider),
        "versions": case.versions,
        "preprocessing": case.preprocessing,
        "logit": case.logit,
        "score": case.score,
        "scores": (!case.scores.is_empty()).then_some(&case.scores),
        "value": case.value,
        "label": case.label,
        "threshold": card.threshold,
        "findings": findings(&case.findings),
        "person": person.map(|p| &p.name),
        "person_source": person.map(|p| p.source.as_str()),
        "person_guess": case.subject.guess,
        "used": case.is_used(),
        "used_why": case.used_why(),
        "saliency": case.saliency,
        "error": case.error,
        "timings_ms": case.timings,
        "files": case.files,
        "citation": card.citation,
        "acknowledgment": card.acknowledgment,
        "covered": case.covered,
        "regions": case.regions.as_ref().map(regions::document),
        "applicability": case.applicability().as_ref().map(applicability),
        "measured": case.measured,
    });
    match row {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A row as text, without what a repetition on another engine or at another time may change: times, engine, findings about
/// the engine, where files were written, and what depends on the run.
pub fn comparable(case: &ResultRow) -> String {
    let mut fields = fields(case);
    for name in [
        "timings_ms",
        "engine",
        "provider",
        "versions",
        "files",
        "findings",
    ]
    .into_iter()
    .chain(OF_THE_RUN)
    {
        fields.remove(name);
    }
    if let Some(Value::Object(map)) = fields.get_mut("saliency") {
        map.remove("time_ms");
    }
    let codes = case.findings.iter().map(|found| found.code);
    let codes: Vec<&str> = codes
        .filter(|code| !code.is_about_the_engine())
        .map(|code| code.as_str())
        .collect();
    fields.insert("findings".to_owned(), codes.into());
    Value::from(fields).to_string()
}

/// The worst grade, then the grade of every aspect; null where it cannot be told.
fn applicability(found: &Applicability) -> Value {
    let name = |grade: Option<Grade>| Value::from(grade.map(Grade::as_str));
    let mut all: Map<String, Value> = Map::new();
    all.insert("overall".to_owned(), name(found.overall()));
    for aspect in Aspect::iter() {
        all.insert(aspect.as_str().to_owned(), name(found.grade(aspect)));
    }
    all.into()
}

/// Findings with their English sentences; the detail follows the message in parentheses.
pub fn findings(findings: &Findings) -> Vec<Value> {
    findings
        .iter()
        .map(|f| {
            let wording = finding(f.code, Lang::En);
            let message = match &f.detail {
                Some(detail) => format!("{} ({})", wording.message, detail_in_files(detail)),
                None => wording.message.to_owned(),
            };
            json!({"code": f.code, "severity": f.severity, "message": message, "hint": wording.hint})
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod sample {
    //! A row for tests of the exports.

    use std::sync::Arc;

    use crate::domain::*;

    pub fn out_of_focus() -> Detail {
        Detail::Threshold {
            property: Property::Focus,
            figure: 0.1,
            desired: Bound::AtLeast(0.2),
            digits: 1,
        }
    }

    pub fn case() -> ResultRow {
        let mut case =
            ResultRow::unopened("=cmd|' /C calc'!A0.jpg", Arc::new(model_card::example()));
        case.score = Some(0.25);
        case.logit = Some(-1.098_612_288_668_11);
        case.label = Some("female".into());
        case.findings = vec![
            Finding::new(FindingCode::Uncalibrated, Severity::Note),
            Finding::with_detail(FindingCode::OutOfFocus, Severity::Caution, out_of_focus()),
        ];
        case
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_null_and_names_are_the_contracts() {
        let row = fields(&sample::case());
        let names: Vec<_> = row.keys().map(String::as_str).collect();
        assert_eq!(
            names.join(" "),
            "image sha256 width height pixels_sha256 eye eye_source eye_guess quality field_of_view model \
             model_sha256 card task engine provider versions preprocessing logit score scores value label threshold \
             findings person person_source person_guess used used_why saliency error timings_ms files citation \
             acknowledgment covered regions applicability measured"
        );
        assert!(row["sha256"].is_null() && row["value"].is_null() && row["eye_guess"].is_null());
        assert_eq!(row["eye"], "unknown");
        assert!(
            row["findings"][1]["message"]
                .as_str()
                .unwrap()
                .ends_with("(focus 0.1 < 0.2)")
        );
    }
}
