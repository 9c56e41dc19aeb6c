//! The camera as a DICOM file names it: for the screen alone.

use std::fmt;

use super::foreign::escaped;

/// Characters of a name that are kept.
const MOST: usize = 60;

/// Maker, model and angle of view. Shown beside the photograph and written to no file, cache or log: together they may
/// tell where a photograph was taken. For that reason it cannot be serialised, and its debug output is empty.
#[derive(Clone, Default, PartialEq)]
pub struct CameraFacts {
    maker: String,
    model: String,
    degrees: Option<f64>,
}

impl CameraFacts {
    /// From untrusted text; `None` if nothing is left. Characters that control a terminal, change the writing direction
    /// or are invisible are escaped, names cut at 60 characters, and angles outside 0–360 degrees dropped.
    pub fn new(maker: &str, model: &str, degrees: Option<f64>) -> Option<Self> {
        let name = |text: &str| -> String { escaped(text.trim()).chars().take(MOST).collect() };
        let facts = Self {
            maker: name(maker),
            model: name(model),
            degrees: degrees.filter(|d| *d > 0.0 && *d <= 360.0),
        };
        (facts != Self::default()).then_some(facts)
    }

    /// Maker and model on one line; empty if the file names neither. A model that repeats its maker stands alone.
    pub fn name(&self) -> String {
        let repeats = self
            .model
            .to_lowercase()
            .starts_with(&self.maker.to_lowercase());
        match (self.maker.as_str(), self.model.as_str()) {
            ("", model) => model.to_owned(),
            (maker, "") => maker.to_owned(),
            (_, model) if repeats => model.to_owned(),
            (maker, model) => format!("{maker} {model}"),
        }
    }

    /// The horizontal field of view in degrees.
    pub fn degrees(&self) -> Option<f64> {
        self.degrees
    }
}

impl fmt::Debug for CameraFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CameraFacts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_screen_and_is_short() {
        let facts = CameraFacts::new(" TOPCON\u{202e}\u{7} ", &"x".repeat(5000), None).unwrap();
        let name = facts.name();
        assert!(!name.contains(['\u{202e}', '\u{7}']), "{name}");
        assert!(name.starts_with("TOPCON\\u{202e}\\u{7} x") && name.chars().count() <= 121);
    }

    #[test]
    fn nothing_is_told_by_accident() {
        let facts = CameraFacts::new("Topcon", "TRC-50DX", Some(45.0)).unwrap();
        assert_eq!(format!("{facts:?}"), "CameraFacts");
        assert_eq!(facts.name(), "Topcon TRC-50DX");
        let repeated = CameraFacts::new("Topcon", "TOPCON TRC-NW8", None).unwrap();
        assert_eq!(repeated.name(), "TOPCON TRC-NW8");
    }

    #[test]
    fn impossible_angles_are_dropped() {
        for degrees in [f64::NAN, f64::INFINITY, 0.0, -45.0, 720.0] {
            assert_eq!(CameraFacts::new("", " ", Some(degrees)), None);
        }
        assert_eq!(
            CameraFacts::new("", "", Some(45.0)).unwrap().degrees(),
            Some(45.0)
        );
    }
}
