//! The methods that make a map of what moved a score, by the names used on the command line and in every file.
//!
//! What each of them is, after whom and at what cost, stands in `saliency::methods`, a file for each.

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

/// What stands for "nothing to see": an input without the evidence.
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
    /// The input under a wide Gaussian blur: colour and light stay, detail goes (Fong and Vedaldi 2017).
    Blur,
    /// The mean of each channel everywhere: inside the field of view where one is known, else of the whole input.
    Mean,
}

impl Baseline {
    /// The name used on the command line and in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a method takes several of, in a number that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Steps on the way from the baseline to the input.
    Path,
    /// Copies with noise.
    Samples,
    /// Patches along the longer side of the input.
    Patches,
    /// Channels of a feature map, those of greatest energy.
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
