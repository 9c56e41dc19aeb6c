//! Two models' maps of one photograph side by side: their common colour scale, and how far they agree.

use super::answer::Answer;
use crate::imaging::overlay::OverlayOptions;
use crate::saliency::sanity_checks::WatchedOutput;
use crate::saliency::{Agreement, PlacedMap, SaliencyMap, Target, agreement};

/// Why two maps of one photograph are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// The models do not answer the same question.
    Questions,
    Methods,
    /// One explains a score and the other a value, or another output.
    Targets,
}

/// The overlay options with a common end of the scale for all these maps: the largest that any of them needs. Unchanged
/// unless there are two maps whose numbers have one unit: of one method, one task and one kind of target.
pub fn with_common_scale<'a>(
    overlay: &OverlayOptions,
    answers: impl IntoIterator<Item = &'a Answer>,
) -> OverlayOptions {
    let answers = answers.into_iter();
    let maps: Vec<_> = answers.filter_map(|a| Some((a, a.map.as_ref()?))).collect();
    let have_one_unit = |(a, map_a): (&Answer, &SaliencyMap),
                         (b, map_b): (&Answer, &SaliencyMap)| {
        a.case.card.task == b.case.card.task
            && map_a.method == map_b.method
            && are_of_one_kind(map_a.target, map_b.target)
    };
    if maps.len() < 2 || !maps.windows(2).all(|w| have_one_unit(w[0], w[1])) {
        return *overlay;
    }
    let limit = maps.iter().map(|(_, map)| overlay.limit_of(&map.grid));
    OverlayOptions {
        limit: limit.reduce(f32::max).filter(|l| *l > 0.0),
        ..*overlay
    }
}

/// How far the maps of two models agree; `None` if the models answer different questions, if [`why_apart`] gives a
/// reason, or if a map is missing. The map of a model whose labels are in the reverse order is inverted, so that both
/// point to the same label.
pub fn maps_agree(a: &Answer, b: &Answer) -> Option<Agreement> {
    if why_apart(a, b).is_some() {
        return None;
    }
    let found = agreement(laid(a)?, laid(b)?, a.case.field_of_view.as_ref())?;
    Some(Agreement {
        rank_correlation: if have_same_labels(a, b) {
            found.rank_correlation
        } else {
            -found.rank_correlation
        },
        ..found
    })
}

/// Why there is no figure of how far two maps agree; `None` if they can be compared, or one is missing.
pub fn why_apart(a: &Answer, b: &Answer) -> Option<NotComparable> {
    let (map_a, map_b) = (a.map.as_ref()?, b.map.as_ref()?);
    let (card_a, card_b) = (&a.case.card, &b.case.card);
    let same = have_same_labels(a, b);
    let turned = card_a.labels.iter().eq(card_b.labels.iter().rev());
    if card_a.task != card_b.task || !(same || turned) {
        return Some(NotComparable::Questions);
    }
    if map_a.method != map_b.method {
        return Some(NotComparable::Methods);
    }
    // Reversed labels change the sign of a logit; a single output then belongs to another label.
    let is_output = matches!(map_a.target, Target::Output(_));
    let is_apart = !are_of_one_kind(map_a.target, map_b.target) || (is_output && !same);
    is_apart.then_some(NotComparable::Targets)
}

/// True for targets with numbers in the same unit: logits of a score in either form, values of one task, the same
/// output.
fn are_of_one_kind(a: Target, b: Target) -> bool {
    let is_output = |kind| kind == WatchedOutput::Output;
    let (kind_a, kind_b) = (WatchedOutput::of(a), WatchedOutput::of(b));
    kind_a == kind_b && (!is_output(kind_a) || a == b)
}

fn have_same_labels(a: &Answer, b: &Answer) -> bool {
    a.case.card.labels == b.case.card.labels
}

fn laid(answer: &Answer) -> Option<PlacedMap<'_>> {
    Some(PlacedMap {
        grid: &answer.map.as_ref()?.grid,
        geometry: &answer.geometry,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{ModelCard, ResultRow, Task, ValueScale, model_card};
    use crate::imaging::{CropRect, Geometry, Grid};
    use crate::saliency::Method;

    fn answered(card: ModelCard, method: Method, values: &[f32]) -> Answer {
        aimed(card, method, Target::Logit, values)
    }

    fn aimed(card: ModelCard, method: Method, target: Target, values: &[f32]) -> Answer {
        let map = SaliencyMap {
            method,
            layer: None,
            target,
            grid: Grid::new(1, values.len(), values.to_vec()).unwrap(),
        };
        let crop = CropRect::from((0, 0, 30, 30));
        let geometry = Geometry::new([30, 30], crop, [8, 8]).unwrap();
        Answer::of_run(
            ResultRow::unopened("a", Arc::new(card)),
            Some(map),
            geometry,
        )
    }

    fn turned(card: &ModelCard) -> ModelCard {
        ModelCard {
            labels: card.labels.iter().rev().cloned().collect(),
            ..card.clone()
        }
    }

    fn of_age() -> ModelCard {
        ModelCard {
            task: Task::Age,
            labels: vec![],
            ..model_card::example()
        }
    }

    #[test]
    fn both_panes_end_at_the_larger_number() {
        let overlay = OverlayOptions::default();
        let weak = answered(model_card::example(), Method::GradCam, &[0.5, -1.0]);
        let strong = answered(model_card::example(), Method::GradCam, &[3.0, -2.0]);
        let both = with_common_scale(&overlay, [&weak, &strong]);
        assert_eq!(both.limit, Some(3.0));
        assert_eq!(with_common_scale(&overlay, [&weak]).limit, None);
        let other = answered(model_card::example(), Method::Occlusion, &[3.0, -2.0]);
        assert_eq!(with_common_scale(&overlay, [&weak, &other]).limit, None);
        let nothing = answered(model_card::example(), Method::GradCam, &[0.0, 0.0]);
        assert_eq!(
            with_common_scale(&overlay, [&nothing, &nothing]).limit,
            None
        );
    }

    #[test]
    fn a_scale_is_held_by_numbers_of_one_unit_alone() {
        let card = model_card::example();
        let values = [1.0, 2.0, 3.0];
        let of = |card: &ModelCard, target| aimed(card.clone(), Method::GradCam, target, &values);
        let limit = |a: &Answer, b: &Answer| {
            let shared = with_common_scale(&OverlayOptions::default(), [a, b]);
            shared.limit
        };
        let logit = of(&card, Target::Logit);
        assert_eq!(limit(&logit, &of(&card, Target::Difference)), Some(3.0));
        assert_eq!(limit(&logit, &of(&turned(&card), Target::Logit)), Some(3.0));
        let years = of(&of_age(), Target::Value(ValueScale::default()));
        assert_eq!(limit(&years, &years), Some(3.0));
        assert_eq!(limit(&logit, &years), None, "another task");
        assert_eq!(
            limit(&logit, &of(&card, Target::Value(ValueScale::default()))),
            None
        );
        let first = of(&card, Target::Output(0));
        assert_eq!(limit(&first, &first), Some(3.0));
        assert_eq!(limit(&first, &of(&card, Target::Output(1))), None);
        assert_eq!(limit(&first, &of(&card, Target::Difference)), None);
    }

    #[test]
    fn maps_agree_about_labels_and_not_about_signs() {
        let card = model_card::example();
        let a = answered(card.clone(), Method::GradCam, &[1.0, 2.0, 3.0]);
        let b = answered(turned(&card), Method::GradCam, &[-1.0, -2.0, -3.0]);
        assert_eq!(maps_agree(&a, &b).unwrap().rank_correlation, 1.0);
        assert_eq!(why_apart(&a, &b), None);
    }

    #[test]
    fn maps_that_ask_different_things_are_not_compared_and_it_is_said_why() {
        let card = model_card::example();
        let values = [1.0, 2.0, 3.0];
        let of = |card: &ModelCard, target| aimed(card.clone(), Method::GradCam, target, &values);
        let logit = of(&card, Target::Logit);
        let output = of(&card, Target::Output(1));
        let other_method = answered(card.clone(), Method::Occlusion, &values);
        for (a, b, why) in [
            (
                &logit,
                &of(&of_age(), Target::Value(ValueScale::default())),
                NotComparable::Questions,
            ),
            (&logit, &other_method, NotComparable::Methods),
            (&logit, &output, NotComparable::Targets),
            (
                &logit,
                &of(&card, Target::Value(ValueScale::default())),
                NotComparable::Targets,
            ),
            (
                &output,
                &of(&card, Target::Output(0)),
                NotComparable::Targets,
            ),
            (
                &output,
                &of(&turned(&card), Target::Output(1)),
                NotComparable::Targets,
            ),
        ] {
            assert_eq!((maps_agree(a, b), why_apart(a, b)), (None, Some(why)));
            assert_eq!((maps_agree(b, a), why_apart(b, a)), (None, Some(why)));
        }
        for (a, b) in [
            (&logit, &of(&card, Target::Difference)),
            (&output, &of(&card, Target::Output(1))),
        ] {
            assert_eq!(maps_agree(a, b).unwrap().rank_correlation, 1.0);
            assert_eq!(why_apart(a, b), None);
        }
        let mut bare = logit.clone();
        bare.map = None;
        assert_eq!(
            (maps_agree(&logit, &bare), why_apart(&logit, &bare)),
            (None, None)
        );
    }
}
