//! Display options of a map; no number depends on them.

use serde::{Deserialize, Serialize};

use crate::imaging::colormap::Colormap;
use crate::imaging::grid::Grid;
use crate::imaging::red_free::grey_of;

/// Cells along a side of the finest map that is outlined: an outline around single pixels is useless.
pub const FINEST_OUTLINED: usize = 64;

/// Which numbers are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Both signs. A sequential colour map then shows strength without sign.
    #[default]
    Both,
    /// Only what raised the target.
    Positive,
    /// Only what lowered it.
    Negative,
}

/// What the map lies over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The red-free picture: grey does not tint the colours of a map.
    #[default]
    RedFree,
    /// The photograph in its colours.
    Photograph,
}

impl Ground {
    pub fn red_free_if(red_free: bool) -> Self {
        if red_free {
            Self::RedFree
        } else {
            Self::Photograph
        }
    }

    /// The colour of a pixel of the photograph beneath a map.
    pub fn of(self, pixel: [u8; 3]) -> [u8; 3] {
        match self {
            Self::RedFree => [grey_of(pixel); 3],
            Self::Photograph => pixel,
        }
    }

    /// The same for whole pixels of RGB, in place.
    pub(super) fn lay(self, rgb: &mut [u8]) {
        if self != Self::Photograph {
            for pixel in rgb.as_chunks_mut::<3>().0 {
                *pixel = self.of(*pixel);
            }
        }
    }
}

/// How the map's cells are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// The native cells, each in one colour.
    #[default]
    Cells,
    /// Interpolated smoothly between cell centres.
    Smooth,
}

/// Display options of a map; no number depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OverlayOptions {
    /// Opacity at the end of the scale, 0–1. Everywhere else it follows the absolute value: zero is transparent.
    pub opacity: f32,
    pub ground: Ground,
    pub colormap: Colormap,
    pub side: Side,
    pub style: Style,
    /// The number at the end of the colour scale, above 0; `None` is the map's largest on the shown side.
    pub limit: Option<f32>,
    /// Outlines everything at or above this share of the limit, 0–1.
    pub contour: Option<f32>,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self {
            opacity: 0.6,
            ground: Ground::default(),
            colormap: Colormap::default(),
            side: Side::default(),
            style: Style::default(),
            limit: None,
            contour: None,
        }
    }
}

impl OverlayOptions {
    /// One line for captions and exports, such as `blue-magenta on red-free, both signs, native cells, opacity 0.8`.
    pub fn describe(&self) -> String {
        let side = match self.side {
            Side::Both => "both signs",
            Side::Positive => "positive only",
            Side::Negative => "negative only",
        };
        let style = match self.style {
            Style::Cells => "native cells",
            Style::Smooth => "interpolated between cells",
        };
        let ground = match self.ground {
            Ground::RedFree => "red-free",
            Ground::Photograph => "the photograph",
        };
        let name = self.colormap.as_str();
        let mut text = format!(
            "{name} on {ground}, {side}, {style}, opacity {}",
            self.opacity
        );
        if let Some(level) = self.contour {
            text.push_str(&format!(", contour at {level} of the limit"));
        }
        text
    }

    /// The number at the end of the colour scale for this map; 0 if there is nothing to show.
    pub fn limit_of(&self, map: &Grid) -> f32 {
        let (low, high) = map.range();
        let largest = match self.side {
            Side::Both => map.max_abs(),
            Side::Positive => high.max(0.0),
            Side::Negative => (-low).max(0.0),
        };
        self.limit
            .filter(|l| l.is_finite() && *l > 0.0)
            .unwrap_or(largest)
    }

    /// The level of the outline in this map, as a share of the limit; `None` for a map too fine to be outlined.
    pub fn contour_of(&self, map: &Grid) -> Option<f32> {
        let fine = map.rows().max(map.columns()) > FINEST_OUTLINED;
        self.contour.filter(|level| level.is_finite() && !fine)
    }

    /// Colour and opacity (straight alpha) at a strength of −1 to 1, which is a number divided by the limit.
    pub fn colour_of(&self, strength: f32) -> [u8; 4] {
        let strength = if strength.is_finite() {
            strength.clamp(-1.0, 1.0)
        } else {
            0.0
        };
        let hidden = match self.side {
            Side::Both => false,
            Side::Positive => strength <= 0.0,
            Side::Negative => strength >= 0.0,
        };
        let [r, g, b] = self.colormap.colour(f64::from(strength));
        let opacity = if self.opacity.is_finite() {
            self.opacity.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let alpha = if hidden {
            0.0
        } else {
            opacity * strength.abs()
        };
        [r, g, b, (alpha * 255.0).round() as u8]
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn opacity_follows_the_absolute_value_with_every_colour_map() {
        for colormap in Colormap::iter() {
            let options = OverlayOptions {
                colormap,
                opacity: 0.8,
                ..OverlayOptions::default()
            };
            for (strength, alpha) in [(0.0, 0), (0.25, 51), (-0.5, 102), (1.0, 204), (-1.0, 204)] {
                assert_eq!(options.colour_of(strength)[3], alpha, "{colormap:?}");
            }
        }
    }

    #[test]
    fn options_with_a_colour_map_that_no_longer_exists_keep_the_others() {
        let stored = r#"{"opacity":0.25,"colormap":"blue-amber","style":"smooth","fade":true}"#;
        let options: OverlayOptions = serde_json::from_str(stored).unwrap();
        let expected = OverlayOptions {
            opacity: 0.25,
            style: Style::Smooth,
            ..OverlayOptions::default()
        };
        assert_eq!(options, expected);
    }
}
