//! The courses of the large retinal vessels, from which the trees grow.

use super::anatomy::Point;

/// The course of a trunk in the upper half of the eye; the lower half mirrors it.
pub(super) struct Trunk {
    /// Points relative to the disc in disc-fovea distances, x nasal, y down.
    pub course: &'static [(f64, f64)],
    /// Width relative to the temporal arcade.
    pub width: f64,
    /// Share of eyes that have it, 0–1.
    pub presence: f64,
    /// Whether it runs round the macula.
    pub temporal: bool,
}

/// Temporal arcade, nasal arcade, and the vessel that runs straight up.
pub(super) const TRUNKS: [Trunk; 3] = [
    Trunk {
        course: &[
            (0.0, 0.0),
            (-0.03, -0.20),
            (-0.16, -0.45),
            (-0.42, -0.74),
            (-0.85, -0.93),
            (-1.35, -0.95),
            (-1.85, -0.86),
            (-2.5, -0.62),
        ],
        width: 1.0,
        presence: 1.0,
        temporal: true,
    },
    Trunk {
        course: &[
            (0.0, 0.0),
            (0.06, -0.22),
            (0.17, -0.46),
            (0.36, -0.78),
            (0.62, -1.15),
            (0.95, -1.6),
        ],
        width: 0.8,
        presence: 0.7,
        temporal: false,
    },
    Trunk {
        course: &[
            (0.0, 0.0),
            (-0.02, -0.25),
            (-0.06, -0.62),
            (-0.20, -1.05),
            (-0.42, -1.55),
            (-0.7, -2.1),
        ],
        width: 0.66,
        presence: 0.55,
        temporal: false,
    },
];

/// A Catmull–Rom curve through the control points, in steps of about `step`.
pub(super) fn smooth_line(control: &[Point], step: f64) -> Vec<Point> {
    let mut line = Vec::new();
    for i in 0..control.len().saturating_sub(1) {
        let p = [
            control[i.saturating_sub(1)],
            control[i],
            control[i + 1],
            control[(i + 2).min(control.len() - 1)],
        ];
        let pieces = (p[1].distance(p[2]) / step).ceil().max(1.0);
        for k in 0..pieces as usize {
            let t = k as f64 / pieces;
            let blend = |a: f64, b: f64, c: f64, d: f64| {
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                    + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            line.push(Point::new(
                blend(p[0].x, p[1].x, p[2].x, p[3].x),
                blend(p[0].y, p[1].y, p[2].y, p[3].y),
            ));
        }
    }
    line.extend(control.last());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_line_passes_its_points_in_small_steps() {
        let control = [
            Point::new(0.0, 0.0),
            Point::new(0.3, 0.1),
            Point::new(0.4, 0.5),
        ];
        let line = smooth_line(&control, 0.02);
        assert!(line.windows(2).all(|p| p[0].distance(p[1]) < 0.04));
        for point in control {
            assert!(line.iter().any(|p| p.distance(point) < 1e-9));
        }
    }

    #[test]
    fn the_temporal_arcade_comes_first_and_is_always_there() {
        assert!(TRUNKS[0].temporal && TRUNKS[0].presence == 1.0);
        assert!(TRUNKS.iter().all(|t| t.course[0] == (0.0, 0.0)));
    }
}
