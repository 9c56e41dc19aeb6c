//! Whether a picture looks like a fundus photograph at all.
//!
//! A retina is smooth, reddish (or grey, when photographed red-free), crossed by long dark lines, and most cameras
//! frame it in a round border. Each trait counts; no single one is needed but smoothness, so that pale, dark,
//! diseased and blurred eyes pass, and landscapes, cups, moons, icons and ultrasound do not. Calibrated on some 200
//! fundus photographs of eight cameras and 350 other pictures.

use super::field_of_view::Field;
use super::measures::Measures;

/// Steep slopes cover at most 1.5 % of a retina; 3 % at thumbnail size.
const MAX_EDGES: f64 = 0.05;

/// Contrast of a picture without any structure.
const MIN_CONTRAST: f64 = 0.03;

/// Fields narrower than this many pixels show too little to be judged.
const MIN_DIAMETER: f64 = 40.0;

/// Why a picture does not look like a fundus photograph, in figures; `None` when it does.
pub(super) fn objection(measures: &Measures, field: &Field) -> Option<String> {
    let m = measures;
    if field.measured_diameter() < MIN_DIAMETER {
        return Some(format!(
            "field {:.0} px < {MIN_DIAMETER:.0}",
            field.measured_diameter()
        ));
    }
    if m.contrast < MIN_CONTRAST {
        return Some(format!("contrast {:.2} < {MIN_CONTRAST:.2}", m.contrast));
    }
    if m.edges > MAX_EDGES {
        return Some(format!("edges {:.2} > {MAX_EDGES:.2}", m.edges));
    }
    let warm = m.warm >= 0.6;
    let single_colour = m.saturation < 0.08 || m.green >= 0.9;
    if !field.round {
        // Without a border the vessels must speak alone.
        let retina =
            warm && m.saturation >= 0.35 && m.longest_line >= 0.9 && field.completeness >= 0.6;
        return (!retina).then(|| {
            format!(
                "no round border, lines {:.2} < 0.90 or colour",
                m.longest_line
            )
        });
    }
    let points = points(&[
        (field.border_seen >= 0.45, 2),
        (field.border_seen >= 0.25, 1),
        (warm, 3),
        (m.edges <= 0.03, 1),
        (m.longest_line >= 0.3, 1),
        (m.longest_line >= 0.5, 1),
        (m.dark_lines >= 1.05, 1),
        (m.dark_lines >= 1.25, 1),
    ]);
    let needed = if warm || single_colour { 6 } else { 8 };
    (points < needed).then(|| format!("likeness {points} < {needed}"))
}

fn points(traits: &[(bool, u32)]) -> u32 {
    traits
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, points)| points)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::circle::Circle;
    use super::*;

    fn field(round: bool) -> Field {
        Field {
            circle: Circle {
                x: 100.0,
                y: 100.0,
                radius: 100.0,
            },
            round,
            completeness: 1.0,
            inside: vec![true; 40_000],
            border_seen: if round { 0.9 } else { 0.0 },
        }
    }

    fn retina() -> Measures {
        Measures {
            contrast: 0.4,
            saturation: 0.7,
            warm: 1.0,
            dark_lines: 1.3,
            longest_line: 1.0,
            edges: 0.005,
            ..Measures::default()
        }
    }

    #[test]
    fn a_retina_passes_round_or_cropped_coloured_or_grey() {
        assert_eq!(objection(&retina(), &field(true)), None);
        assert_eq!(objection(&retina(), &field(false)), None);
        let grey = Measures {
            warm: 0.0,
            saturation: 0.0,
            ..retina()
        };
        assert_eq!(objection(&grey, &field(true)), None);
        let blurred = Measures {
            dark_lines: 1.0,
            longest_line: 0.1,
            ..retina()
        };
        assert_eq!(objection(&blurred, &field(true)), None);
    }

    #[test]
    fn other_things_do_not() {
        let refused = |measures: Measures, round| objection(&measures, &field(round)).is_some();
        assert!(refused(Measures::default(), true));
        assert!(refused(
            Measures {
                edges: 0.15,
                ..retina()
            },
            true
        ));
        assert!(refused(
            Measures {
                warm: 0.0,
                saturation: 0.0,
                ..retina()
            },
            false
        ));
        assert!(refused(
            Measures {
                longest_line: 0.3,
                ..retina()
            },
            false
        ));
        let moon = Measures {
            warm: 0.0,
            saturation: 0.0,
            dark_lines: 1.1,
            longest_line: 0.3,
            ..retina()
        };
        assert!(refused(moon, true));
    }
}
