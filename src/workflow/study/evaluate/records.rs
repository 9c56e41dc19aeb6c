//! Photographs whose recorded label a model contradicts.

use super::super::known::{Photographed, Truth};
use crate::evaluation::performance::RecordToCheck;

/// The labelled photographs whose logit speaks for the other label, the strongest contradiction first; equal ones in the
/// order of the photographs. Photographs that do not count are left out.
pub(super) fn records_to_check(photographs: &[Photographed]) -> Vec<RecordToCheck> {
    let contradicted = photographs.iter().filter_map(|photograph| {
        let row = photograph.row.filter(|row| row.subject.counts())?;
        let Some(Truth::Label(recorded)) = photograph.truth else {
            return None;
        };
        let (score, logit) = row.score.zip(row.logit)?;
        let agreement = if recorded { logit } else { -logit };
        (agreement < 0.0).then(|| RecordToCheck {
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
    found.sort_by(|a, b| b.logit.abs().total_cmp(&a.logit.abs()));
    found
}
