//! A part of the evaluated cases as a filter of the list.

use std::sync::Arc;

use crate::app::apply::study::rows::ids_by_path;
use crate::app::state::{EvaluatedFilter, EvaluatedPart, EvaluatedWords, Evaluation, State};
use crate::evaluation::performance::{LabelledScores, calibration_curve};

/// The photographs of a part; `None` if there are none.
pub(super) fn filter(state: &State, part: &EvaluatedPart) -> Option<EvaluatedFilter> {
    let evaluation = &state.study.evaluation;
    let report = evaluation.ready()?;
    let photographs = &state.study.open.as_ref()?.photographs;
    // The folders may hold others by now.
    if photographs.len() != report.photographs {
        return None;
    }
    let (members, words) = photographs_of(evaluation, part)?;
    let ids = ids_by_path(state);
    let found = members.iter().filter_map(|at| photographs.get(*at));
    let found = found.filter_map(|photograph| ids.get(&photograph.path).copied());
    let filter = EvaluatedFilter {
        words,
        photographs: Arc::new(found.collect()),
    };
    (!filter.photographs.is_empty()).then_some(filter)
}

/// The indices of the photographs, and what they have in common.
fn photographs_of(
    evaluation: &Evaluation,
    part: &EvaluatedPart,
) -> Option<(Vec<usize>, EvaluatedWords)> {
    let unit = evaluation.unit()?;
    Some(match part {
        EvaluatedPart::LeftOut(why) => {
            let (_, photographs) = unit.left_out.iter().find(|(of, _)| of == why)?;
            (photographs.clone(), EvaluatedWords::LeftOut(*why))
        }
        EvaluatedPart::Model(number) => {
            let model = evaluation.ready()?.models.get(*number)?;
            let members = model.by_unit(unit.unit)?.members.concat();
            (members, EvaluatedWords::Model(model.id.clone()))
        }
        part => {
            let (places, words) = cases_of(evaluation, part)?;
            let members = places.iter().filter_map(|at| unit.members.get(*at));
            (members.flatten().copied().collect(), words)
        }
    })
}

/// The indices of the cases in view, and what they have in common.
fn cases_of(evaluation: &Evaluation, part: &EvaluatedPart) -> Option<(Vec<usize>, EvaluatedWords)> {
    let unit = evaluation.unit()?;
    let label = |of: bool| {
        let labels = evaluation.model()?.labels.as_ref()?;
        Some(labels[usize::from(of)].clone())
    };
    let among = |is: &dyn Fn(bool, f64) -> bool| Some(among(evaluation.scores()?, is));
    Some(match part {
        EvaluatedPart::Labels { recorded, given } => {
            let threshold = evaluation.threshold();
            let places =
                among(&|truth, score| truth == *recorded && (score >= threshold) == *given)?;
            let (recorded, given) = (label(*recorded)?, label(*given)?);
            (places, EvaluatedWords::Labels { recorded, given })
        }
        EvaluatedPart::Scores {
            recorded,
            bin,
            bins,
        } => {
            let bin_of = |score: f64| ((score * *bins as f64) as usize).min(bins.saturating_sub(1));
            let places = among(&|truth, score| truth == *recorded && bin_of(score) == *bin)?;
            let percent = [*bin, bin + 1].map(|end| end * 100 / (*bins).max(1));
            let recorded = label(*recorded);
            (places, EvaluatedWords::Scores { recorded, percent })
        }
        EvaluatedPart::Calibration(number) => {
            let bins = calibration_curve(evaluation.scores()?);
            let bin = bins.iter().filter(|bin| bin.cases > 0).nth(*number)?;
            let [low, high] = bin.scores;
            let places =
                among(&|_, score| score >= low && (score < high || high >= 1.0 && score <= high))?;
            let percent = [low, high].map(|end| (end * 100.0).round() as usize);
            let recorded = None;
            (places, EvaluatedWords::Scores { recorded, percent })
        }
        EvaluatedPart::Case(at) => {
            let name = unit.names.get(*at)?.clone();
            (vec![*at], EvaluatedWords::Case(name))
        }
        EvaluatedPart::Subgroup(number) => {
            let group = unit.subgroups.get(*number)?;
            let (by, value) = (group.by.clone(), group.value.clone());
            (group.places.clone(), EvaluatedWords::Subgroup { by, value })
        }
        EvaluatedPart::LeftOut(_) | EvaluatedPart::Model(_) => return None,
    })
}

fn among(cases: &LabelledScores, is: &dyn Fn(bool, f64) -> bool) -> Vec<usize> {
    let cases = cases.truths().iter().zip(cases.scores()).enumerate();
    cases
        .filter(|(_, (truth, score))| is(**truth, **score))
        .map(|(at, _)| at)
        .collect()
}
