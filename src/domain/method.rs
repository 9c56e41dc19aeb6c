//! The methods that compute a map of what moved a score, by the names used on the command line and in every file.
//!
//! `saliency::methods` has one file per method, with its definition, source and cost.

use serde::{Deserialize, Serialize};

/// A method, by its name in files (`grad-cam`).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Method {
    GradCam,
    ScoreCam,
    HiresCam,
    LayerCam,
    IntegratedGradients,
    SmoothGrad,
    Occlusion,
    InputGradient,
}

impl Method {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The input without evidence that a method compares with.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Baseline {
    /// Black pixels, in the network's scale.
    Black,
    /// The input under a wide Gaussian blur: keeps colour and light, removes detail (Fong and Vedaldi 2017).
    Blur,
    /// The mean of each channel everywhere: inside the field of view if it is known, else of the whole input.
    Mean,
}

impl Baseline {
    /// The name used on the command line and in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What the adjustable number of a method counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Steps on the path from the baseline to the input.
    Path,
    /// Noisy copies.
    Samples,
    /// Patches along the longer side of the input.
    Patches,
    /// Channels of a feature map, those with the greatest energy.
    Channels,
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn names_go_both_ways_and_are_those_of_the_files() {
        for method in Method::iter() {
            assert_eq!(Method::from_str(method.as_str()), Ok(method));
            let json = serde_json::to_string(&method).unwrap();
            assert_eq!(json, format!("\"{method}\""));
        }
        for baseline in Baseline::iter() {
            assert_eq!(Baseline::from_str(baseline.as_str()), Ok(baseline));
            let json = serde_json::to_string(&baseline).unwrap();
            assert_eq!(json, format!("\"{baseline}\""));
        }
        assert!(Method::from_str("guided-backprop").is_err());
        assert!(Baseline::from_str("white").is_err());
    }
}
