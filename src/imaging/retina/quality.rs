//! Basic quality: converts the figures into findings with a severity.
//!
//! The thresholds are calibrated on photographs from eight cameras and on one photograph degraded in nine ways;
//! ordinary photographs keep a margin. A caution makes a photograph usable, a serious finding makes it bad.

use crate::domain::{
    Bound, Detail, Finding, FindingCode, Findings, Measured, Property, Quality, Severity,
};

/// Two thresholds on one figure: caution from the first, serious from the second.
#[derive(Clone, Copy, Debug)]
struct Scale {
    code: FindingCode,
    property: Property,
    caution: f64,
    serious: f64,
}

/// Finest detail relative to the spread of detail. Photographs: 0.19–0.45, through a cloudy lens down to 0.14.
const FOCUS: Scale = scale(FindingCode::OutOfFocus, Property::Focus, 0.125, 0.07);
/// Median luminance. Photographs: 56–155, dark wide-field ones down to 25.
const DARK: Scale = scale(FindingCode::UnderExposed, Property::Light, 35.0, 22.0);
const LIGHT: Scale = scale(FindingCode::OverExposed, Property::Light, 185.0, 205.0);
/// Share of overexposed green. Photographs: up to 0.01.
const BLOWN: Scale = scale(FindingCode::OverExposed, Property::Blown, 0.06, 0.2);
/// Spread of detail relative to brightness. Photographs: 0.21–0.75.
const CONTRAST: Scale = scale(FindingCode::LowContrast, Property::Contrast, 0.16, 0.08);
/// Darkest part relative to the brightest. Photographs: 0.21–0.83.
const EVENNESS: Scale = scale(FindingCode::UnevenLight, Property::Evenness, 0.18, 0.08);
/// Share of the field without detail. Photographs: 0.00.
const HIDDEN: Scale = scale(FindingCode::FieldIncomplete, Property::Hidden, 0.08, 0.2);
/// Share of the circle that is in the frame and lit. Fields clipped above and below: 0.82.
const COMPLETENESS: Scale = scale(
    FindingCode::FieldIncomplete,
    Property::Completeness,
    0.7,
    0.5,
);
/// Diameter of the field in pixels of the photograph. Networks use 224 to 600.
const SIZE: Scale = scale(FindingCode::TooSmall, Property::Diameter, 640.0, 224.0);

/// Saturation below which a photograph counts as grey.
const GREY: f64 = 0.04;

const fn scale(code: FindingCode, property: Property, caution: f64, serious: f64) -> Scale {
    Scale {
        code,
        property,
        caution,
        serious,
    }
}

impl Scale {
    /// A finding if the figure reaches a threshold, with that threshold.
    fn judge(&self, figure: f64) -> Option<Finding> {
        let high_is_bad = self.serious > self.caution;
        let reaches = |threshold: f64| {
            if high_is_bad {
                figure > threshold
            } else {
                figure < threshold
            }
        };
        let (severity, threshold) = if reaches(self.serious) {
            (Severity::Serious, self.serious)
        } else if reaches(self.caution) {
            (Severity::Caution, self.caution)
        } else {
            return None;
        };
        let detail = Detail::Threshold {
            property: self.property,
            figure,
            desired: match high_is_bad {
                true => Bound::AtMost(threshold),
                false => Bound::AtLeast(threshold),
            },
            digits: if threshold >= 10.0 { 0 } else { 2 },
        };
        Some(Finding::with_detail(self.code, severity, detail))
    }
}

/// Findings for a fundus photograph.
pub(super) fn findings(m: &Measured) -> Findings {
    let mut found: Findings = [
        FOCUS.judge(m.focus),
        DARK.judge(m.light),
        LIGHT.judge(m.light).or_else(|| BLOWN.judge(m.blown)),
        CONTRAST.judge(m.contrast),
        EVENNESS.judge(m.evenness),
        worse(
            HIDDEN.judge(m.hidden),
            m.completeness.and_then(|share| COMPLETENESS.judge(share)),
        ),
        SIZE.judge(m.diameter),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(grey(m.saturation));
    found
}

/// A photograph without colour: networks trained on colour are not meant for it.
pub(super) fn grey(saturation: f64) -> Option<Finding> {
    (saturation < GREY).then(|| Finding::new(FindingCode::Grey, Severity::Caution))
}

/// The worst finding decides.
pub(super) fn quality(findings: &Findings) -> Quality {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Serious) => Quality::Bad,
        Some(Severity::Caution) => Quality::Usable,
        _ => Quality::Good,
    }
}

fn worse(one: Option<Finding>, other: Option<Finding>) -> Option<Finding> {
    one.into_iter()
        .chain(other)
        .max_by_key(|finding| finding.severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Measured {
        Measured {
            focus: 0.25,
            light: 110.0,
            blown: 0.0,
            contrast: 0.4,
            evenness: 0.6,
            hidden: 0.0,
            saturation: 0.7,
            diameter: 1400.0,
            completeness: Some(0.9),
            centring: None,
        }
    }

    fn judged(measured: Measured, diameter: f64) -> (Quality, Vec<&'static str>) {
        let found = findings(&Measured {
            diameter,
            ..measured
        });
        (
            quality(&found),
            found.iter().map(|f| f.code.as_str()).collect(),
        )
    }

    #[test]
    fn an_ordinary_photograph_is_good() {
        assert_eq!(judged(good(), 1400.0), (Quality::Good, vec![]));
    }

    #[test]
    fn the_worst_finding_decides() {
        assert_eq!(judged(good(), 500.0), (Quality::Usable, vec!["too-small"]));
        assert_eq!(judged(good(), 60.0), (Quality::Bad, vec!["too-small"]));
        let dark = Measured {
            light: 15.0,
            contrast: 0.1,
            ..good()
        };
        assert_eq!(
            judged(dark, 1400.0),
            (Quality::Bad, vec!["under-exposed", "low-contrast"])
        );
        let bright = Measured {
            light: 220.0,
            ..good()
        };
        assert_eq!(judged(bright, 1400.0), (Quality::Bad, vec!["over-exposed"]));
        let grey = Measured {
            saturation: 0.0,
            ..good()
        };
        assert_eq!(judged(grey, 1400.0), (Quality::Usable, vec!["grey"]));
    }

    #[test]
    fn details_give_figure_and_threshold() {
        let finding = FOCUS.judge(0.02).unwrap();
        let detail = |property, figure, limit, digits| Detail::Threshold {
            property,
            figure,
            desired: Bound::AtLeast(limit),
            digits,
        };
        assert_eq!(finding.detail, Some(detail(Property::Focus, 0.02, 0.07, 2)));
        assert_eq!(
            DARK.judge(15.2).unwrap().detail,
            Some(detail(Property::Light, 15.2, 22.0, 0))
        );
        assert_eq!(finding.severity, Severity::Serious);
    }
}
