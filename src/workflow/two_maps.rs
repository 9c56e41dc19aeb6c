//! Two models' maps of one photograph side by side: the colour scale that both share, and how far they agree.

use super::export::Answered;
use crate::imaging::overlay::OverlayOptions;
use crate::saliency::{Agreement, Laid, agreement};

/// The overlay with the same number at the end of the scale for all these maps: the largest that any of them needs. As it
/// was where there are not two maps by the same method, whose numbers can be compared.
pub fn with_common_scale<'a>(
    overlay: &OverlayOptions,
    answers: impl IntoIterator<Item = &'a Answered>,
) -> OverlayOptions {
    let maps: Vec<_> = answers.into_iter().filter_map(|a| a.map.as_ref()).collect();
    let comparable = maps.len() > 1 && maps.windows(2).all(|w| w[0].method == w[1].method);
    if !comparable {
        return *overlay;
    }
    let limit = maps.iter().map(|m| overlay.limit_of(&m.grid));
    OverlayOptions {
        limit: limit.reduce(f32::max).filter(|l| *l > 0.0),
        ..*overlay
    }
}

/// How far the maps of two models agree that answer the same question; `None` where they do not, or a map is missing. A
/// model whose labels stand the other way round has its map turned, so that both point to the same label.
pub fn maps_agree(a: &Answered, b: &Answered) -> Option<Agreement> {
    let (card_a, card_b) = (&a.case.card, &b.case.card);
    if card_a.task != card_b.task {
        return None;
    }
    let same = card_a.labels == card_b.labels;
    let turned = card_a.labels.iter().eq(card_b.labels.iter().rev());
    if !same && !turned {
        return None;
    }
    let found = agreement(laid(a)?, laid(b)?, a.case.field_of_view.as_ref())?;
    Some(Agreement {
        rank_correlation: if same {
            found.rank_correlation
        } else {
            -found.rank_correlation
        },
        ..found
    })
}

fn laid(answer: &Answered) -> Option<Laid<'_>> {
    Some(Laid {
        grid: &answer.map.as_ref()?.grid,
        geometry: &answer.geometry,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clinic::{Case, ModelCard, Task, model_card};
    use crate::imaging::{CropRect, Geometry, Grid};
    use crate::saliency::{Method, SaliencyMap, Target};

    fn answered(card: ModelCard, method: Method, values: &[f32]) -> Answered {
        let map = SaliencyMap {
            method,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(1, values.len(), values.to_vec()).unwrap(),
        };
        let crop = CropRect::from((0, 0, 30, 30));
        let geometry = Geometry::new([30, 30], crop, [8, 8]).unwrap();
        Answered::of_run(Case::unopened("a", Arc::new(card)), Some(map), geometry)
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
    fn maps_agree_about_labels_and_not_about_signs() {
        let card = model_card::example();
        let turned = ModelCard {
            labels: card.labels.iter().rev().cloned().collect(),
            ..card.clone()
        };
        let a = answered(card.clone(), Method::GradCam, &[1.0, 2.0, 3.0]);
        let b = answered(turned, Method::Occlusion, &[-1.0, -2.0, -3.0]);
        assert_eq!(maps_agree(&a, &b).unwrap().rank_correlation, 1.0);
        let age = ModelCard {
            task: Task::Age,
            ..card
        };
        assert_eq!(
            maps_agree(&a, &answered(age, Method::GradCam, &[1.0, 2.0, 3.0])),
            None
        );
    }
}
