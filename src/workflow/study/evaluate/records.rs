//! Photographs whose recorded label a model contradicts.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::known::{Photographed, Truth};
use crate::domain::decision::decision_of;
use crate::domain::{RecordDecision, Study};
use crate::evaluation::performance::{EvaluationReport, RecordToCheck};

/// The indices of the labelled photographs to which the model gives the other label at its operating threshold, the
/// furthest from it in logits first; equal ones in the order of the photographs. Photographs that do not count are left
/// out.
pub(in crate::workflow::study) fn contradicted(
    photographs: &[Photographed],
    threshold: f64,
) -> Vec<usize> {
    let limit = libm::log(threshold / (1.0 - threshold));
    let found = photographs
        .iter()
        .enumerate()
        .filter_map(|(at, photograph)| {
            let row = photograph.row.filter(|row| row.subject.counts())?;
            let Some(Truth::Label(recorded)) = photograph.truth else {
                return None;
            };
            let (score, logit) = row.score.zip(row.logit)?;
            ((score >= threshold) != recorded).then_some((at, (logit - limit).abs()))
        });
    let mut found: Vec<(usize, f64)> = found.collect();
    found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    found.into_iter().map(|(at, _)| at).collect()
}

/// The records to check, in the order of [`contradicted`], with what readers decided.
pub(super) fn records_to_check(
    photographs: &[Photographed],
    threshold: f64,
    decisions: &[RecordDecision],
) -> Vec<RecordToCheck> {
    let names: HashSet<&str> = photographs
        .iter()
        .map(|photograph| photograph.name)
        .collect();
    let places = contradicted(photographs, threshold).into_iter();
    let record = |at: usize| {
        let photograph = &photographs[at];
        let row = photograph.row?;
        let Some(Truth::Label(recorded)) = photograph.truth else {
            return None;
        };
        let (score, logit) = row.score.zip(row.logit)?;
        let decision = row.sha256.as_ref().and_then(|sum| {
            let same = decisions.iter().filter(|of| of.sha256 == *sum);
            decision_of(same, photograph.name, |name| names.contains(name))
        });
        Some(RecordToCheck {
            image: photograph.name.to_owned(),
            sha256: row.sha256.clone(),
            person: photograph.person.clone(),
            eye: photograph.eye,
            recorded,
            score,
            logit,
            applicability: row.applicability().and_then(|found| found.overall()),
            decision: decision.cloned(),
        })
    };
    places.filter_map(record).collect()
}

/// Puts into an evaluation what readers decided since it was made: `study` is the evaluated one as it is now.
pub fn take_decisions(report: &mut EvaluationReport, study: &Study) {
    if report.source.study.decisions != study.decisions {
        let source = Arc::make_mut(&mut report.source);
        source.study.decisions.clone_from(&study.decisions);
    }
    for record in report
        .models
        .iter_mut()
        .flat_map(|model| &mut model.records_to_check)
    {
        let of_same_bytes = || {
            let decisions = study.decisions.iter();
            decisions.filter(|of| Some(&of.sha256) == record.sha256.as_ref())
        };
        let own = of_same_bytes().find(|of| of.image == record.image);
        // One that followed a renamed photograph.
        let earlier = record.decision.as_ref();
        let kept = || of_same_bytes().find(|of| Some(*of) == earlier);
        record.decision = own.or_else(kept).cloned();
    }
}
