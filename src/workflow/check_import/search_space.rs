//! Which settings are tried, and in which order: the grid is too large for a slow network, so resize kernels come last.

use crate::domain::{ColourOrder, Crop, InputSpec, ModelCard, Resize, Scaling};
use crate::keras::takes_whole_numbers;

const CROPS: [Crop; 4] = [Crop::Stretch, Crop::Pad, Crop::Square, Crop::Masked];
const COLOURS: [ColourOrder; 2] = [ColourOrder::Rgb, ColourOrder::Bgr];
const RESIZES: [Resize; 5] = [
    Resize::PilNearest,
    Resize::PilBilinear,
    Resize::PilBicubic,
    Resize::TfBilinear,
    Resize::Cv2Linear,
];

/// A scaling: its name, and mean and standard deviation if it is `custom`.
type Figures = (Scaling, Option<[f32; 3]>, Option<[f32; 3]>);

/// Every setting around a card: raw, unit, tf, torch and the card's own custom scaling, crops, colour orders, resize
/// kernels; the input size is fixed. A network of whole numbers takes only raw pixels
/// and kernels without fractions.
#[derive(Clone, Debug)]
pub(super) struct SearchSpace {
    card: InputSpec,
    scalings: Vec<Figures>,
    colours: Vec<ColourOrder>,
    kernels: Vec<Resize>,
}

impl SearchSpace {
    pub fn around(card: &ModelCard) -> Self {
        let is_whole = takes_whole_numbers(&card.precisions);
        // A network of one channel takes the luminance, which is defined for red, green and blue.
        let colours = match card.grey {
            true => vec![ColourOrder::Rgb],
            false => COLOURS.to_vec(),
        };
        let card = &card.input;
        let mut scalings: Vec<Figures> = [Scaling::Raw, Scaling::Unit, Scaling::Tf, Scaling::Torch]
            .map(|scaling| (scaling, None, None))
            .into();
        if card.scaling == Scaling::Custom {
            scalings.push((Scaling::Custom, card.mean, card.std));
        }
        let fits = |scaling, resize| {
            let spec = InputSpec {
                scaling,
                resize,
                ..card.clone()
            };
            !is_whole || spec.has_whole_numbers()
        };
        scalings.retain(|&(scaling, ..)| fits(scaling, Resize::PilBilinear));
        let mut kernels = RESIZES.to_vec();
        kernels.retain(|&resize| fits(Scaling::Raw, resize));
        Self {
            card: card.clone(),
            scalings,
            colours,
            kernels,
        }
    }

    /// Number of all settings.
    pub fn count(&self) -> usize {
        self.scalings.len() * CROPS.len() * self.colours.len() * self.kernels.len()
    }

    /// Scaling × crop × colour order, with the card's resize kernel.
    pub fn first(&self) -> Vec<InputSpec> {
        self.with(self.card.resize)
    }

    /// All of them, the card's resize kernel first.
    pub fn all(&self) -> Vec<InputSpec> {
        let mut all = self.first();
        for resize in self.other_kernels() {
            all.extend(self.with(resize));
        }
        all
    }

    /// These settings with every kernel except the card's.
    pub fn kernels_of(&self, settings: &[InputSpec]) -> Vec<InputSpec> {
        let with = |setting: &InputSpec| {
            let setting = setting.clone();
            self.other_kernels().map(move |resize| InputSpec {
                resize,
                ..setting.clone()
            })
        };
        settings.iter().flat_map(with).collect()
    }

    fn other_kernels(&self) -> impl Iterator<Item = Resize> {
        let own = self.card.resize;
        let kernels = self.kernels.iter().copied();
        kernels.filter(move |resize| *resize != own)
    }

    fn with(&self, resize: Resize) -> Vec<InputSpec> {
        let mut settings = Vec::new();
        for crop in CROPS {
            for &(scaling, mean, std) in &self.scalings {
                for &colour in &self.colours {
                    settings.push(InputSpec {
                        size: self.card.size,
                        colour,
                        scaling,
                        mean,
                        std,
                        resize,
                        crop,
                    });
                }
            }
        }
        settings
    }
}

/// Whether two settings are the same except for figures that are not used.
pub(super) fn same_setting(a: &InputSpec, b: &InputSpec) -> bool {
    let figures = |s: &InputSpec| (s.scaling == Scaling::Custom).then_some((s.mean, s.std));
    (a.size, a.colour, a.scaling, a.resize, a.crop)
        == (b.size, b.colour, b.scaling, b.resize, b.crop)
        && figures(a) == figures(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model_card::example;

    #[test]
    fn the_grid_holds_each_setting_once_and_the_cards_own() {
        let card = example();
        let search_space = SearchSpace::around(&card);
        let card = card.input;
        assert_eq!(
            (search_space.first().len(), search_space.count()),
            (32, 160)
        );
        let all = search_space.all();
        assert_eq!(all.len(), 160);
        for (i, setting) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| !same_setting(setting, other)));
        }
        assert!(search_space.first().iter().any(|s| same_setting(s, &card)));
    }

    #[test]
    fn a_custom_scaling_is_offered_beside_the_named_ones() {
        let mut card = example();
        card.input = InputSpec {
            scaling: Scaling::Custom,
            mean: Some([0.1; 3]),
            std: Some([0.2; 3]),
            ..card.input
        };
        let search_space = SearchSpace::around(&card);
        let card = card.input;
        assert_eq!(
            (search_space.first().len(), search_space.count()),
            (40, 200)
        );
        let own = search_space
            .first()
            .into_iter()
            .find(|s| same_setting(s, &card));
        assert_eq!(own.and_then(|s| s.mean), Some([0.1; 3]));
    }

    #[test]
    fn a_network_of_whole_numbers_is_tried_with_raw_pixels_only() {
        let mut card = example();
        card.precisions = vec!["uint8".into()];
        let search_space = SearchSpace::around(&card);
        let all = search_space.all();
        assert_eq!((all.len(), search_space.count()), (32, 32));
        assert!(all.iter().all(InputSpec::has_whole_numbers));
    }

    #[test]
    fn the_last_step_tries_the_other_four_kernels() {
        let search_space = SearchSpace::around(&example());
        let some = &search_space.first()[..3];
        let settings = search_space.kernels_of(some);
        assert_eq!(settings.len(), 12);
        assert!(settings.iter().all(|s| s.resize != Resize::PilBilinear));
    }

    #[test]
    fn a_network_of_one_channel_is_tried_with_one_order_of_colours() {
        let card = ModelCard {
            grey: true,
            ..example()
        };
        let search_space = SearchSpace::around(&card);
        let all = search_space.all();
        assert_eq!(all.len(), search_space.count());
        assert!(all.iter().all(|spec| spec.colour == ColourOrder::Rgb));
    }
}
