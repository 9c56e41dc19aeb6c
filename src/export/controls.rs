//! The controls of a map as named fields.

use serde_json::{Map, Value, json};

use super::row;
use crate::domain::{ModelCard, Task};
use crate::saliency::Baseline;
use crate::saliency::controls::{
    Answer, Controls, Curves, First, Hiding, Likeness, Marked, Randomised, Settings, Stability,
};
use crate::text::Lang;
use crate::text::controls::Verdict;
use crate::text::report::Report;

/// The fields; what could not be found is null, with the reason under `missing`. `card` gives labels and units, where there
/// is one.
pub fn fields(controls: &Controls, card: Option<&ModelCard>) -> Value {
    let mut missing = Map::new();
    let mut reason = |part: &str, reason: &str| {
        missing.insert(part.to_owned(), json!(reason));
    };
    const NO_PHOTOGRAPH: &str = "a tensor comes without its photograph";
    const NOT_ASKED: &str = "not asked for";
    let Settings {
        hiding: with_hiding,
        weights,
        stability: with_stability,
        ..
    } = controls.settings;
    if !with_hiding {
        reason("hiding", NOT_ASKED);
    } else if controls.hiding.is_none() {
        reason(
            "hiding",
            "fewer than two cells of the map lie in the field of view",
        );
    }
    if !weights {
        reason("randomised", NOT_ASKED);
    }
    if !controls.of_photograph {
        reason("outside", NO_PHOTOGRAPH);
    } else if controls.outside.is_none() {
        reason("outside", "no field of view, or a map without evidence");
    }
    if !controls.of_photograph {
        reason("stability", NO_PHOTOGRAPH);
    } else if !with_stability {
        reason("stability", NOT_ASKED);
    }
    let randomised = weights.then(|| {
        let each = controls.randomised.iter().map(randomised);
        each.collect::<Vec<_>>()
    });
    let stability = (controls.of_photograph && with_stability).then(|| {
        let each = controls.stability.iter().map(stability);
        each.collect::<Vec<_>>()
    });
    let mean_of = (controls.settings.fill == Baseline::Mean).then_some(if controls.in_field() {
        "field"
    } else {
        "input"
    });
    json!({
        "seed": controls.settings.seed,
        "fill": controls.settings.fill,
        "mean_of": mean_of,
        "compared_inside": if controls.in_field() { "field" } else { "input" },
        "verdict": controls.hiding.as_ref().map(|h| Report(Lang::En).verdict(&verdict(h, card))),
        "findings": row::findings(&controls.findings()),
        "outside": controls.outside.map(|s| json!({"evidence": s.evidence, "area": s.area})),
        "hiding": controls.hiding.as_ref().map(|h| hiding(h, card)),
        "randomised": randomised,
        "stability": stability,
        "missing": missing,
    })
}

/// The figures of the one line that a person reads.
pub fn verdict(hiding: &Hiding, card: Option<&ModelCard>) -> Verdict {
    Verdict {
        answer: hiding.answer,
        years: hiding.answer == Answer::Value && card.is_some_and(|c| c.task == Task::Age),
        share: hiding.marked.share,
        change: hiding.marked.change,
        random: hiding.marked.chance(),
        areas: hiding.marked_of_target.random.len(),
        reached_by: hiding.marked_of_target.reached_by(),
        beats_chance: hiding.marked_of_target.beats_chance(),
    }
}

/// The label whose evidence is hidden first; `None` for values and single outputs.
pub fn evidence_for<'a>(hiding: &Hiding, card: Option<&'a ModelCard>) -> Option<&'a str> {
    let output = match (hiding.answer, hiding.first) {
        (Answer::Score, First::Highest) => 1,
        (Answer::Score, First::Lowest) => 0,
        (Answer::Value | Answer::Output, First::Highest | First::Lowest) => return None,
    };
    card?.labels.get(output).map(String::as_str)
}

fn hiding(hiding: &Hiding, card: Option<&ModelCard>) -> Value {
    json!({
        "answer": hiding.answer.as_str(),
        "order": hiding.first.as_str(),
        "evidence_for": evidence_for(hiding, card),
        "grid": hiding.grid,
        "cells": hiding.cells,
        "better_than_chance": hiding.marked_of_target.beats_chance(),
        "marked": marked(&hiding.marked),
        "marked_of_target": marked(&hiding.marked_of_target),
        "curves": curves(&hiding.curves),
        "curves_of_target": curves(&hiding.curves_of_target),
    })
}

fn marked(marked: &Marked) -> Value {
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

fn randomised(one: &Randomised) -> Value {
    let Likeness { signed, absolute } = one.likeness;
    json!({
        "weights": one.depth.as_str(),
        "tensors": one.tensors,
        "correlation": signed,
        "correlation_absolute": absolute,
        "no_map": one.flaw.map(|f| f.as_str()),
    })
}

fn stability(one: &Stability) -> Value {
    let Likeness { signed, absolute } = one.likeness;
    json!({
        "variant": one.variant.as_str(),
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
    use crate::saliency::controls::{Cells, Depth, Flaw, HidingPlan};

    /// Controls of a map of four cells whose first takes the logit from 2 to −2.
    pub fn sample() -> Controls {
        let map = Grid::new(2, 2, vec![4.0, 0.0, 0.0, 0.0]).unwrap();
        let plan = HidingPlan::new(Cells::of(&map, None), First::Highest, 0).unwrap();
        let mut values = vec![2.0; HidingPlan::PASSES];
        (values[1], values[2]) = (-2.0, -2.0);
        Controls {
            hiding: plan.read(Target::Logit, &values),
            randomised: vec![Randomised {
                depth: Depth::All,
                tensors: 5,
                flaw: Some(Flaw::Constant),
                likeness: Likeness::default(),
            }],
            ..Controls::default()
        }
    }

    #[test]
    fn what_is_missing_is_null_with_its_reason() {
        let card = model_card::example();
        let json = fields(&sample(), Some(&card));
        assert!(json["outside"].is_null() && json["stability"].is_null());
        assert_eq!(
            json["missing"]["stability"],
            "a tensor comes without its photograph"
        );
        assert_eq!(json["randomised"][0]["no_map"], "constant");
        assert!(json["randomised"][0]["correlation"].is_null());
        assert!(json["missing"]["hiding"].is_null());
        let of_photograph = Controls {
            of_photograph: true,
            hiding: None,
            ..sample()
        };
        let json = fields(&of_photograph, None);
        let unasked = Settings {
            weights: false,
            ..Settings::default()
        };
        let without = Controls {
            settings: unasked,
            ..of_photograph.clone()
        };
        let without = fields(&without, None);
        assert!(without["randomised"].is_null());
        assert_eq!(without["missing"]["randomised"], "not asked for");
        assert!(json["verdict"].is_null() && json["missing"]["hiding"].is_string());
        assert_eq!(json["stability"], json!([]));
    }

    #[test]
    fn the_verdict_and_the_figures_are_the_same_numbers() {
        let card = model_card::example();
        let json = fields(&sample(), Some(&card));
        let hiding = &json["hiding"];
        assert_eq!(hiding["evidence_for"], "male");
        assert_eq!(hiding["order"], "highest-first");
        assert_eq!(hiding["marked_of_target"]["change"], -4.0);
        let change = hiding["marked"]["change"].as_f64().unwrap();
        let verdict = json["verdict"].as_str().unwrap();
        assert!(
            verdict.contains(&format!("−{:.2}", change.abs())),
            "{verdict}"
        );
        assert_eq!(hiding["better_than_chance"], true);
        assert_eq!(json["findings"], json!([]));
    }
}
