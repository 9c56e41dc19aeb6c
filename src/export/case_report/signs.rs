//! The colours of a report and the signs of findings and checks, with the shapes that the window uses.

use super::content::Sign;
use crate::domain::Severity;
use crate::export::page::{Colour, Mark};

pub const TEXT: Colour = [17, 19, 21];
/// Secondary text.
pub const SOFT: Colour = [75, 80, 85];
pub const RULE: Colour = [196, 202, 208];
/// The ground of bars and of every second row.
pub const SHADE: Colour = [243, 245, 247];
pub const BAR: Colour = [217, 223, 229];
pub const BAR_FILL: Colour = [31, 125, 142];
const CAUTION: Colour = [133, 90, 0];
pub const SERIOUS: Colour = [176, 40, 28];
const PASSED: Colour = [15, 104, 121];
const NOTE: Colour = [34, 93, 148];
const PAPER: Colour = [255; 3];

/// The colour of a sign and of its word.
pub fn ink(sign: Sign) -> Colour {
    match sign {
        Sign::Passed => PASSED,
        Sign::Of(Severity::Note) => NOTE,
        Sign::Of(Severity::Caution) => CAUTION,
        Sign::Of(Severity::Serious) => SERIOUS,
    }
}

/// The sign around a centre with this radius.
pub fn marks(sign: Sign, [x, y]: [f32; 2], r: f32) -> Vec<Mark> {
    let colour = ink(sign);
    let stem = |from: f32, to: f32, ink| {
        let ends = [[x, y + from * r], [x, y + to * r]];
        Mark::line(ends[0], ends[1], 0.26 * r, ink)
    };
    let dot = |at: f32, ink| Mark::Circle {
        centre: [x, y + at * r],
        radius: 0.15 * r,
        width: None,
        ink,
    };
    let disc = Mark::Circle {
        centre: [x, y],
        radius: r,
        width: None,
        ink: colour,
    };
    let line = |points: &[[f32; 2]], closed| Mark::Line {
        points: points
            .iter()
            .map(|p| [x + p[0] * r, y + p[1] * r])
            .collect(),
        closed,
        width: 0.28 * r,
        dash: None,
        ink: colour,
    };
    match sign {
        Sign::Passed => vec![line(&[[-0.8, 0.0], [-0.2, 0.6], [0.9, -0.7]], false)],
        Sign::Of(Severity::Note) => vec![disc, dot(-0.45, PAPER), stem(-0.1, 0.55, PAPER)],
        Sign::Of(Severity::Caution) => vec![
            line(&[[0.0, -0.85], [0.95, 0.8], [-0.95, 0.8]], true),
            stem(-0.35, 0.25, colour),
            dot(0.5, colour),
        ],
        Sign::Of(Severity::Serious) => vec![disc, stem(-0.55, 0.12, PAPER), dot(0.48, PAPER)],
    }
}
