//! Photographs whose recorded label a model contradicts.

use super::super::known::{Photographed, Truth};
use crate::evaluation::performance::RecordToCheck;

/// The labelled photographs to which the model gives the other label at its operating threshold, the furthest from it in
/// logits first; equal ones in the
/// order of the photographs. Photographs that do not count are left out.
pub(super) fn records_to_check(photographs: &[Photographed], threshold: f64) -> Vec<RecordToCheck> {
    let limit = libm::log(threshold / (1.0 - threshold));
    let contradicted = photographs.iter().filter_map(|photograph| {
        let row = photograph.row.filter(|row| row.subject.counts())?;
        let Some(Truth::Label(recorded)) = photograph.truth else {
            return None;
        };
        let (score, logit) = row.score.zip(row.logit)?;
        ((score >= threshold) != recorded).then(|| RecordToCheck {
            image: photograph.name.to_owned(),
            person: photograph.person.clone(),
            eye: photograph.eye,
            recorded,
            score,
            logit,
            applicability: row.applicability().and_then(|found| found.overall()),
        })
    });
    let mut found: Vec<RecordToCheck> = contradicted.collect();
    let distance = |record: &RecordToCheck| (record.logit - limit).abs();
    found.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    found
}
