//! What a map of what moved a score is and how it was computed, as every row of results records it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Baseline, Method};

/// A map's method, settings and figures, in the order used in files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapProvenance {
    pub method: Method,
    /// Layer whose feature map was weighted; `None` for methods that use the input.
    pub layer: Option<String>,
    pub target: MapTarget,
    /// Rows and columns.
    pub grid: [usize; 2],
    pub lowest: f64,
    pub highest: f64,
    /// The target at the photograph, if it was computed.
    pub target_value: Option<f64>,
    /// The target at the baseline, if the method needs it.
    pub baseline_value: Option<f64>,
    /// How far integrated gradients miss the sum that they should have.
    pub completeness_gap: Option<f64>,
    /// The gap as a share of the difference between photograph and baseline.
    pub completeness_gap_share: Option<f64>,
    /// Passes through the network.
    pub passes: u64,
    /// Milliseconds that the passes took.
    pub time_ms: f64,
    #[serde(flatten)]
    pub settings: MapSettings,
    /// Share of the absolute evidence outside the field of view, 0–1.
    pub evidence_outside_eye: Option<f64>,
    /// Share of the map's area outside the field of view, 0–1.
    pub area_outside_eye: Option<f64>,
}

/// The settings of the method; those that it does not have are omitted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Where the black level in the network's scale comes from; for a black baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub black_of: Option<BlackLevelSource>,
    /// A black pixel in the network's scale, one number per channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub black: Option<Vec<f32>>,
    /// The area that a mean baseline was taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_of: Option<MeanOf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Where the black level in the network's scale comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlackLevelSource {
    Card,
    /// There is no card, so the level is unknown.
    Zeros,
}

/// The area that a mean was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeanOf {
    /// The field of view.
    Field,
    Input,
}

/// The number that a map explains, by its name in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum MapTarget {
    /// The logit of a network with one output.
    Logit,
    /// z1 − z0 for a network with two outputs.
    Difference,
    /// The value of a network with one linear output.
    Value,
    /// One output by its number, from 0.
    Output(usize),
}

impl fmt::Display for MapTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logit => f.write_str("logit"),
            Self::Difference => f.write_str("z1 - z0"),
            Self::Value => f.write_str("value"),
            Self::Output(k) => write!(f, "output {k}"),
        }
    }
}

/// The text names no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown target of a map")]
pub struct UnknownTarget;

impl FromStr for MapTarget {
    type Err = UnknownTarget;

    fn from_str(word: &str) -> Result<Self, UnknownTarget> {
        match word {
            "logit" => Ok(Self::Logit),
            "z1 - z0" => Ok(Self::Difference),
            "value" => Ok(Self::Value),
            other => {
                let number = other.strip_prefix("output ").and_then(|k| k.parse().ok());
                number.map(Self::Output).ok_or(UnknownTarget)
            }
        }
    }
}

impl From<MapTarget> for String {
    fn from(target: MapTarget) -> Self {
        target.to_string()
    }
}

impl TryFrom<String> for MapTarget {
    type Error = UnknownTarget;

    fn try_from(word: String) -> Result<Self, UnknownTarget> {
        word.parse()
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! Provenance for tests.

    use super::*;

    /// A map of 7 × 7 cells for the logit, without settings.
    pub fn provenance(method: Method) -> MapProvenance {
        MapProvenance {
            method,
            layer: None,
            target: MapTarget::Logit,
            grid: [7, 7],
            lowest: -1.5,
            highest: 2.0,
            target_value: Some(1.0),
            baseline_value: None,
            completeness_gap: None,
            completeness_gap_share: None,
            passes: 1,
            time_ms: 3.5,
            settings: MapSettings::default(),
            evidence_outside_eye: None,
            area_outside_eye: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_in_one_order_and_read_as_it_was() {
        let mut reported = sample::provenance(Method::Occlusion);
        reported.settings = MapSettings {
            steps: Some(16),
            baseline: Some(Baseline::Black),
            black_of: Some(BlackLevelSource::Card),
            black: Some(vec![-1.0; 3]),
            ..MapSettings::default()
        };
        reported.target = MapTarget::Output(3);
        let json = serde_json::to_string(&reported).unwrap();
        assert_eq!(
            json,
            r#"{"method":"occlusion","layer":null,"target":"output 3","grid":[7,7],"lowest":-1.5,"highest":2.0,"target_value":1.0,"baseline_value":null,"completeness_gap":null,"completeness_gap_share":null,"passes":1,"time_ms":3.5,"steps":16,"baseline":"black","black_of":"card","black":[-1.0,-1.0,-1.0],"evidence_outside_eye":null,"area_outside_eye":null}"#
        );
        assert_eq!(
            serde_json::from_str::<MapProvenance>(&json).unwrap(),
            reported
        );
        let unknown = json.replace("output 3", "output x");
        assert!(serde_json::from_str::<MapProvenance>(&unknown).is_err());
    }

    #[test]
    fn targets_have_names_that_go_both_ways() {
        for target in [
            MapTarget::Logit,
            MapTarget::Difference,
            MapTarget::Value,
            MapTarget::Output(0),
        ] {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
    }
}
