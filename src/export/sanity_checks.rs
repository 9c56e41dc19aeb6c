//! The sanity checks of a map as named fields.

use serde_json::{Map, Value, json};

use super::row;
use crate::domain::{ModelCard, Task};
use crate::saliency::Baseline;
use crate::saliency::sanity_checks::{
    Curves, DeletionInsertion, MarkedArea, RandomisedMap, RankCorrelation, SanityChecks, Settings,
    Stability, StrongestEnd, WatchedOutput,
};
use crate::text::Lang;
use crate::text::report::Report;
use crate::text::sanity_checks::Verdict;

/// The fields; what could not be computed is null, with the reason under `missing`. `card` gives labels and units, if
/// there is one.
pub fn fields(sanity_checks: &SanityChecks, card: Option<&ModelCard>) -> Value {
    let mut missing = Map::new();
    let mut reason = |part: &str, reason: &str| {
        missing.insert(part.to_owned(), json!(reason));
    };
    const NO_PHOTOGRAPH: &str = "a tensor has no photograph";
    const NOT_ASKED: &str = "not requested";
    let Settings {
        deletion: with_hiding,
        weights,
        stability: with_stability,
        ..
    } = sanity_checks.settings;
    if !with_hiding {
        reason("hiding", NOT_ASKED);
    } else if sanity_checks.deletion.is_none() {
        reason(
            "hiding",
            "fewer than two cells of the map are in the field of view",
        );
    }
    if !weights {
        reason("randomised", NOT_ASKED);
    }
    if !sanity_checks.of_photograph {
        reason("outside", NO_PHOTOGRAPH);
    } else if sanity_checks.outside.is_none() {
        reason("outside", "no field of view, or a map without evidence");
    }
    if !sanity_checks.of_photograph {
        reason("stability", NO_PHOTOGRAPH);
    } else if !with_stability {
        reason("stability", NOT_ASKED);
    }
    let randomised = weights.then(|| {
        let each = sanity_checks.randomised.iter().map(randomised);
        each.collect::<Vec<_>>()
    });
    let stability = (sanity_checks.of_photograph && with_stability).then(|| {
        let each = sanity_checks.stability.iter().map(stability);
        each.collect::<Vec<_>>()
    });
    let mean_of =
        (sanity_checks.settings.fill == Baseline::Mean).then_some(if sanity_checks.in_field() {
            "field"
        } else {
            "input"
        });
    json!({
        "seed": sanity_checks.settings.seed,
        "fill": sanity_checks.settings.fill,
        "mean_of": mean_of,
        "compared_inside": if sanity_checks.in_field() { "field" } else { "input" },
        "verdict": sanity_checks.deletion.as_ref().map(|h| Report(Lang::En).verdict(&verdict(h, card))),
        "findings": row::findings(&sanity_checks.findings()),
        "outside": sanity_checks.outside.map(|s| json!({"evidence": s.evidence, "area": s.area})),
        "hiding": sanity_checks.deletion.as_ref().map(|h| deletion(h, card)),
        "randomised": randomised,
        "stability": stability,
        "missing": missing,
    })
}

/// The figures of the one-line summary.
pub fn verdict(deletion: &DeletionInsertion, card: Option<&ModelCard>) -> Verdict {
    Verdict {
        answer: deletion.answer,
        years: deletion.answer == WatchedOutput::Value && card.is_some_and(|c| c.task == Task::Age),
        share: deletion.marked.share,
        change: deletion.marked.change,
        random: deletion.marked.chance(),
        areas: deletion.marked_of_target.random.len(),
        reached_by: deletion.marked_of_target.reached_by(),
        beats_chance: deletion.marked_of_target.beats_chance(),
    }
}

/// The label whose evidence is hidden first; `None` for values and single outputs.
pub fn evidence_for<'a>(
    deletion: &DeletionInsertion,
    card: Option<&'a ModelCard>,
) -> Option<&'a str> {
    let output = match (deletion.answer, deletion.first) {
        (WatchedOutput::Score, StrongestEnd::Highest) => 1,
        (WatchedOutput::Score, StrongestEnd::Lowest) => 0,
        (
            WatchedOutput::Value | WatchedOutput::Output,
            StrongestEnd::Highest | StrongestEnd::Lowest,
        ) => return None,
    };
    card?.labels.get(output).map(String::as_str)
}

fn deletion(deletion: &DeletionInsertion, card: Option<&ModelCard>) -> Value {
    json!({
        "answer": deletion.answer.as_str(),
        "order": deletion.first.as_str(),
        "evidence_for": evidence_for(deletion, card),
        "grid": deletion.grid,
        "cells": deletion.cells,
        "better_than_chance": deletion.marked_of_target.beats_chance(),
        "marked": marked(&deletion.marked),
        "marked_of_target": marked(&deletion.marked_of_target),
        "curves": curves(&deletion.curves),
        "curves_of_target": curves(&deletion.curves_of_target),
    })
}

fn marked(marked: &MarkedArea) -> Value {
    let [mean, deviation] = marked.chance();
    json!({
        "share": marked.share,
        "cells": marked.cells,
        "change": marked.change,
        "random_mean": mean,
        "random_sd": deviation,
        "random": marked.random,
        "reached_by_random": marked.reached_by(),
    })
}

fn curves(curves: &Curves) -> Value {
    json!({
        "shares": curves.shares,
        "deletion": curves.deletion,
        "insertion": curves.insertion,
        "random": curves.random,
        "random_sd": curves.random_sd,
        "deletion_area": curves.deletion_area(),
        "insertion_area": curves.insertion_area(),
        "random_area": curves.random_area(),
        "deletion_gain": curves.deletion_gain(),
        "insertion_gain": curves.insertion_gain(),
    })
}

fn randomised(one: &RandomisedMap) -> Value {
    let RankCorrelation { signed, absolute } = one.correlation;
    json!({
        "weights": one.depth.as_str(),
        "tensors": one.tensors,
        "correlation": signed,
        "correlation_absolute": absolute,
        "no_map": one.not_comparable.map(|f| f.as_str()),
    })
}

fn stability(one: &Stability) -> Value {
    let RankCorrelation { signed, absolute } = one.correlation;
    json!({
        "variant": one.perturbation.as_str(),
        "correlation": signed,
        "correlation_absolute": absolute,
        "change": one.change,
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::domain::model_card;
    use crate::imaging::Grid;
    use crate::saliency::Target;
    use crate::saliency::sanity_checks::{Cells, DeletionPlan, Depth, NotComparable};

    /// Sanity checks of a map of four cells, the first of which takes the logit from 2 to −2.
    pub fn sample() -> SanityChecks {
        let map = Grid::new(2, 2, vec![4.0, 0.0, 0.0, 0.0]).unwrap();
        let plan = DeletionPlan::new(Cells::of(&map, None), StrongestEnd::Highest, 0).unwrap();
        let mut values = vec![2.0; DeletionPlan::PASSES];
        (values[1], values[2]) = (-2.0, -2.0);
        SanityChecks {
            deletion: plan.read(Target::Logit, &values),
            randomised: vec![RandomisedMap {
                depth: Depth::All,
                tensors: 5,
                not_comparable: Some(NotComparable::Constant),
                correlation: RankCorrelation::default(),
            }],
            ..SanityChecks::default()
        }
    }

    #[test]
    fn what_is_missing_is_null_with_its_reason() {
        let card = model_card::example();
        let json = fields(&sample(), Some(&card));
        assert!(json["outside"].is_null() && json["stability"].is_null());
        assert_eq!(json["missing"]["stability"], "a tensor has no photograph");
        assert_eq!(json["randomised"][0]["no_map"], "constant");
        assert!(json["randomised"][0]["correlation"].is_null());
        assert!(json["missing"]["hiding"].is_null());
        let of_photograph = SanityChecks {
            of_photograph: true,
            deletion: None,
            ..sample()
        };
        let json = fields(&of_photograph, None);
        let unasked = Settings {
            weights: false,
            ..Settings::default()
        };
        let without = SanityChecks {
            settings: unasked,
            ..of_photograph.clone()
        };
        let without = fields(&without, None);
        assert!(without["randomised"].is_null());
        assert_eq!(without["missing"]["randomised"], "not requested");
        assert!(json["verdict"].is_null() && json["missing"]["hiding"].is_string());
        assert_eq!(json["stability"], json!([]));
    }

    #[test]
    fn the_verdict_and_the_figures_are_the_same_numbers() {
        let card = model_card::example();
        let json = fields(&sample(), Some(&card));
        let deletion = &json["hiding"];
        assert_eq!(deletion["evidence_for"], "male");
        assert_eq!(deletion["order"], "highest-first");
        assert_eq!(deletion["marked_of_target"]["change"], -4.0);
        let change = deletion["marked"]["change"].as_f64().unwrap();
        let verdict = json["verdict"].as_str().unwrap();
        assert!(
            verdict.contains(&format!("−{:.2}", change.abs())),
            "{verdict}"
        );
        assert_eq!(deletion["better_than_chance"], true);
        assert_eq!(json["findings"], json!([]));
    }
}
