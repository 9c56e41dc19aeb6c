//! Display options of a map; no number depends on them.

use serde::{Deserialize, Serialize};

use crate::imaging::colormap::Colormap;
use crate::imaging::grid::Grid;

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

/// How the map's cells are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// The native cells, each in one colour.
    #[default]
    Cells,
    /// Bilinear between cell centres.
    Smooth,
}

/// Display of pixels that the network did not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    #[default]
    Untouched,
    /// Half as bright.
    Dimmed,
}

/// Display options of a map; no number depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OverlayOptions {
    /// 0 shows only the photograph, 1 the colours at full strength.
    pub opacity: f32,
    pub colormap: Colormap,
    pub side: Side,
    pub style: Style,
    /// Fades colours out towards zero, so that the retina stays visible where nothing moved the score.
    pub fade: bool,
    /// The number at the end of the colour scale, above 0; `None` is the map's largest on the shown side.
    pub limit: Option<f32>,
    /// Outlines everything at or above this share of the limit, 0–1.
    pub contour: Option<f32>,
    pub outside: Outside,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self {
            opacity: 0.6,
            colormap: Colormap::default(),
            side: Side::default(),
            style: Style::default(),
            fade: true,
            limit: None,
            contour: None,
            outside: Outside::default(),
        }
    }
}

impl OverlayOptions {
    /// One line for captions and exports, such as `blue-amber, both signs, native cells, opacity 0.8`.
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
        let name = self.colormap.as_str();
        let mut text = format!("{name}, {side}, {style}, opacity {}", self.opacity);
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
        // If colours fade out, opacity encodes the strength; a dark middle would also darken the retina.
        let shade = if self.fade && self.colormap.is_diverging() {
            strength.signum()
        } else {
            strength
        };
        let place = if self.colormap.is_diverging() {
            (shade + 1.0) / 2.0
        } else {
            shade.abs()
        };
        let [r, g, b] = self.colormap.colour(f64::from(place));
        let opacity = if self.opacity.is_finite() {
            self.opacity.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let share = if self.fade { strength.abs() } else { 1.0 };
        let alpha = if hidden { 0.0 } else { opacity * share };
        [r, g, b, (alpha * 255.0).round() as u8]
    }
}
