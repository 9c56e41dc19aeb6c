//! A check over all photographs of the list: an age model whose values are implausible as years.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::subjects;
use crate::app::state::State;
use crate::domain::{FindingCode, Task, are_hardly_years, value_scale_suspect};
use crate::workflow::Answer;

/// Updates the marks on all answers after any change: the rows of the list count as one run.
pub(super) fn refresh(state: &mut State) {
    let mut by_model: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let own = subjects::own_places(state).into_iter();
    for (model, answer) in own.flat_map(|at| &state.photographs[at].answers) {
        let values = answer.case.value.filter(|_| is_of_age(answer));
        by_model.entry(model).or_default().extend(values);
    }
    let suspect: Vec<String> = by_model
        .into_iter()
        .filter(|(_, values)| are_hardly_years(values.iter().copied()))
        .map(|(model, _)| model.to_owned())
        .collect();
    for photo in &mut state.photographs {
        let of_runs = photo.answers.iter_mut();
        let with_maps = photo.maps.iter_mut().map(|(key, a)| (&key.model, a));
        for (model, answer) in of_runs.chain(with_maps) {
            let desired = suspect.contains(model) && answer.case.value.is_some();
            mark(answer, desired);
        }
    }
}

fn is_of_age(answer: &Answer) -> bool {
    answer.case.card.task == Task::Age
}

/// Copies an answer only if its mark changes.
fn mark(answer: &mut Arc<Answer>, desired: bool) {
    let findings = &answer.case.findings;
    let marked = findings
        .iter()
        .any(|f| f.code == FindingCode::ValueScaleSuspect);
    if marked == desired {
        return;
    }
    let findings = &mut Arc::make_mut(answer).case.findings;
    findings.retain(|f| f.code != FindingCode::ValueScaleSuspect);
    if desired {
        findings.push(value_scale_suspect());
    }
}
