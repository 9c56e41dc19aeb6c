//! The colour scale of a map in words: the same in the window and in exported figures.

use super::report::{Ends, Report, capital};
use crate::domain::{Method, ModelCard, Task};
use crate::imaging::overlay::{OverlayOptions, Side};
use crate::saliency::{SaliencyMap, Target};

/// Everything that is written beside a colour scale.
#[derive(Clone, Debug, PartialEq)]
pub struct MapScale {
    /// Method and unit, such as `Grad-CAM (logit)`.
    pub title: String,
    /// Strength at the left and at the right end, −1 to 1.
    pub from: f32,
    pub to: f32,
    /// Strengths from left to right with their numbers.
    pub numbers: Vec<(f32, String)>,
    /// What the left and the right end mean; may be empty.
    pub directions: [String; 2],
    /// The share of the attribution outside the photograph, if there is any.
    pub outside: Option<String>,
    /// The level of the contour, 0–1, if the map is outlined.
    pub contour: Option<f32>,
}

impl MapScale {
    /// Every text, as read aloud.
    pub fn texts(&self) -> Vec<&str> {
        let numbers = self.numbers.iter().map(|(_, number)| number.as_str());
        let directions = self.directions.iter().map(String::as_str);
        std::iter::once(self.title.as_str())
            .chain(numbers)
            .chain(directions)
            .chain(self.outside.as_deref())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The position of a strength, 0 at the left end and 1 at the right end; `None` beyond them.
    pub fn place(&self, strength: f32) -> Option<f32> {
        let place = (strength - self.from) / (self.to - self.from);
        (0.0..=1.0).contains(&place).then_some(place)
    }

    /// Strengths with a mark across the scale: zero between two directions, and the contour.
    pub fn marks(&self) -> Vec<f32> {
        let level = self.contour.filter(|l| *l > 0.0 && *l < 1.0);
        let contour = level.into_iter().flat_map(|l| [l, -l]);
        let zero = Some(0.0).filter(|_| self.from < 0.0 && self.to > 0.0);
        let seen = |mark: &f32| self.place(*mark).is_some();
        contour.chain(zero).filter(seen).collect()
    }
}

impl Report {
    /// The colour scale of a map; `None` if nothing is shown. `outside` is the share of the evidence outside the
    /// photograph, 0–1.
    pub fn map_scale(
        self,
        card: &ModelCard,
        map: &SaliencyMap,
        options: &OverlayOptions,
        outside: f64,
    ) -> Option<MapScale> {
        let limit = options.limit_of(&map.grid);
        if !(limit > 0.0 && limit.is_finite()) {
            return None;
        }
        let figure = three_digits(f64::from(limit));
        let number = |sign: &str| self.texts().signed(format!("{sign}{figure}"));
        let zero = || (0.0, "0".to_owned());
        let [low, high] = self.map_directions(card, map);
        let none = String::new;
        let (from, to, numbers, directions) = match ends(options) {
            Ends::Both => {
                let numbers = vec![(-1.0, number("-")), zero(), (1.0, number("+"))];
                (-1.0, 1.0, numbers, [low, high])
            }
            Ends::Strength => (0.0, 1.0, vec![zero(), (1.0, number("±"))], [none(), none()]),
            Ends::Raised => (0.0, 1.0, vec![zero(), (1.0, number("+"))], [none(), high]),
            Ends::Lowered => (0.0, -1.0, vec![zero(), (-1.0, number("-"))], [none(), low]),
        };
        let (method, unit) = (capital(self.method(map.method)), self.map_unit(card, map));
        Some(MapScale {
            title: self.of(format!("{method} ({unit})"), format!("{method}({unit})")),
            from,
            to,
            numbers,
            directions,
            outside: self.outside(outside),
            contour: options.contour_of(&map.grid),
        })
    }

    /// What the two directions of a map mean.
    pub fn map_directions(self, card: &ModelCard, map: &SaliencyMap) -> [String; 2] {
        let output = match map.target {
            Target::Output(k) => Some(k),
            Target::Logit | Target::Difference | Target::Value(_) => None,
        };
        self.directions(card, output)
    }

    /// The unit of a map's numbers.
    fn map_unit(self, card: &ModelCard, map: &SaliencyMap) -> String {
        let target = match (map.target, card.task) {
            (Target::Logit | Target::Difference, _) => self.of("logit", "ロジット").to_owned(),
            (Target::Value(_), Task::Age) => self.of("years", "歳").to_owned(),
            (Target::Value(_), Task::Sex | Task::Other) => self.of("value", "値").to_owned(),
            (Target::Output(k), _) => self.of(format!("output {k}"), format!("出力 {k}")),
        };
        match map.method {
            Method::InputGradient | Method::SmoothGrad => self.of(
                format!("{target} per unit of input"),
                format!("入力1あたりの{target}"),
            ),
            // Weights of channels that add up to 1 have no unit of the target.
            Method::ScoreCam => self.of("relative", "相対値").to_owned(),
            Method::GradCam
            | Method::HiresCam
            | Method::LayerCam
            | Method::IntegratedGradients
            | Method::Occlusion => target,
        }
    }

    /// Said in figures, which keep the photograph's size.
    pub fn outside_not_drawn(self) -> &'static str {
        self.of(
            "The part of the map outside the photograph is not drawn.",
            "写真の外にあるマップの部分は示していません。",
        )
    }

    fn outside(self, share: f64) -> Option<String> {
        let percent = match share * 100.0 {
            p if p.is_nan() || p <= 0.0 => return None,
            p if p < 1.0 => ["<1 %".to_owned(), "1 %未満".to_owned()],
            p => [format!("{p:.0} %"), format!("{p:.0} %")],
        };
        let [english, japanese] = percent;
        Some(self.of(
            format!("outside the photograph: {english} of attribution"),
            format!("写真の外: 寄与の{japanese}"),
        ))
    }
}

/// The ends of the colour scale with these options.
pub fn ends(options: &OverlayOptions) -> Ends {
    match options.side {
        Side::Both if options.colormap.is_diverging() => Ends::Both,
        Side::Both => Ends::Strength,
        Side::Positive => Ends::Raised,
        Side::Negative => Ends::Lowered,
    }
}

/// A figure above 0 with three significant digits.
fn three_digits(value: f64) -> String {
    // The power of ten after rounding: 0.9996 is 1.00.
    let rounded = format!("{value:.2e}");
    let power = rounded.split_once('e').and_then(|(_, p)| p.parse().ok());
    match power {
        Some(power @ -4..6) => {
            let digits = (2_i32 - power).clamp(0, 6) as usize;
            format!("{value:.digits$}")
        }
        _ => rounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Head, ValueScale, model_card};
    use crate::imaging::Grid;
    use crate::imaging::colormap::Colormap;
    use crate::text::Lang;

    fn map() -> SaliencyMap {
        SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(1, 2, vec![0.2414, -0.1]).unwrap(),
        }
    }

    #[test]
    fn a_scale_names_method_unit_numbers_and_directions() {
        let (card, options) = (model_card::example(), OverlayOptions::default());
        let en = Report(Lang::En).map_scale(&card, &map(), &options, 0.284);
        assert_eq!(
            en.unwrap().texts(),
            [
                "Grad-CAM (logit)",
                "−0.241",
                "0",
                "+0.241",
                "towards female",
                "towards male",
                "outside the photograph: 28 % of attribution",
            ]
        );
        let ja = Report(Lang::Ja).map_scale(&card, &map(), &options, 0.004);
        assert_eq!(
            ja.unwrap().texts(),
            [
                "Grad-CAM(ロジット)",
                "−0.241",
                "0",
                "+0.241",
                "女性側",
                "男性側",
                "写真の外: 寄与の1 %未満",
            ]
        );
    }

    #[test]
    fn an_age_is_in_years() {
        let card = ModelCard {
            task: Task::Age,
            head: Head::Linear,
            ..model_card::example()
        };
        let map = SaliencyMap {
            target: Target::Value(ValueScale::default()),
            ..map()
        };
        let options = OverlayOptions::default();
        let [en, ja] = [Lang::En, Lang::Ja].map(|lang| {
            let scale = Report(lang).map_scale(&card, &map, &options, 0.0);
            scale.unwrap().title
        });
        assert_eq!((&*en, &*ja), ("Grad-CAM (years)", "Grad-CAM(歳)"));
    }

    #[test]
    fn one_side_starts_at_zero() {
        let card = model_card::example();
        let scale = |side, colormap| {
            let options = OverlayOptions {
                side,
                colormap,
                ..OverlayOptions::default()
            };
            let scale = Report(Lang::En).map_scale(&card, &map(), &options, 0.0);
            scale.unwrap().texts()[1..].join(" ")
        };
        let blue = Colormap::BlueMagenta;
        assert_eq!(scale(Side::Positive, blue), "0 +0.241 towards male");
        assert_eq!(scale(Side::Negative, blue), "0 −0.100 towards female");
        assert_eq!(scale(Side::Both, Colormap::Viridis), "0 ±0.241");
    }

    #[test]
    fn an_empty_map_has_no_scale() {
        let map = SaliencyMap {
            grid: Grid::new(1, 1, vec![0.0]).unwrap(),
            ..map()
        };
        let (card, options) = (model_card::example(), OverlayOptions::default());
        assert_eq!(Report(Lang::En).map_scale(&card, &map, &options, 0.0), None);
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        for (value, wording) in [
            (0.417_4, "0.417"),
            (0.999_6, "1.00"),
            (0.099_96, "0.100"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (0.000_123_4, "0.000123"),
            (1.2e-9, "1.20e-9"),
            (3.4e8, "3.40e8"),
        ] {
            assert_eq!(three_digits(value), wording);
        }
    }
}
