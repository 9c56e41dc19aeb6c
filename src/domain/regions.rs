//! Contribution by region: how a map's evidence is distributed over the regions of a fundus, and how the answer changes
//! when each region is hidden.

use serde::{Deserialize, Serialize};

use super::{Baseline, Landmarks, MarkSource, Proposal, Region};

/// Evidence and area of one region. Shares of evidence refer to the whole map's absolute evidence; those of all regions
/// add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionShare {
    pub region: Region,
    /// Evidence that raised the target, 0–1.
    pub raising: f64,
    /// Evidence that lowered it, 0–1.
    pub lowering: f64,
    /// Share of the area that the network sees, 0–1: the share of evidence expected without any preference.
    pub area: f64,
}

impl RegionShare {
    /// Share of the absolute evidence.
    pub fn evidence(&self) -> f64 {
        self.raising + self.lowering
    }

    /// Share of evidence divided by share of area: 1 without any preference. `None` for a region that is not seen.
    pub fn ratio(&self) -> Option<f64> {
        (self.area > 0.0).then(|| self.evidence() / self.area)
    }
}

/// Contribution by region for one map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// `None` if they were neither marked nor found; then the rest is empty.
    pub landmarks: Option<Landmarks>,
    pub source: MarkSource,
    /// The landmarks detected in the photograph, if detection was requested.
    pub proposal: Option<Proposal>,
    /// `None` when the map holds no evidence.
    pub shares: Option<[RegionShare; 6]>,
    pub covered: Option<CoveredRegions>,
}

/// How the answer changes when each region is hidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredRegions {
    pub fill: Baseline,
    /// Random patches compared with each region.
    pub randoms: usize,
    /// One for each region that the network sees; the others are omitted.
    pub regions: Vec<CoveredRegion>,
}

/// One region hidden.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredRegion {
    pub region: Region,
    /// Share of the network's input that was hidden, 0–1.
    pub area: f64,
    pub change: HidingEffect,
    /// Mean and standard deviation over random patches of equal size; `None` without them.
    pub random: Option<[HidingEffect; 2]>,
}

/// The answer with something hidden minus the answer with nothing hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HidingEffect {
    pub logit: Option<f64>,
    pub score: Option<f64>,
    /// Of a value model, such as years.
    pub value: Option<f64>,
}

impl HidingEffect {
    /// Mean and sample standard deviation (0 for one change), number by number; `None` for no changes.
    pub fn spread(changes: &[Self]) -> Option<[Self; 2]> {
        let of = |number: fn(&Self) -> Option<f64>| -> (Option<f64>, Option<f64>) {
            let all: Option<Vec<f64>> = changes.iter().map(number).collect();
            let Some(all) = all.filter(|all| !all.is_empty()) else {
                return (None, None);
            };
            let count = all.len() as f64;
            let mean = all.iter().sum::<f64>() / count;
            let squares: f64 = all.iter().map(|v| (v - mean) * (v - mean)).sum();
            (Some(mean), Some((squares / (count - 1.0).max(1.0)).sqrt()))
        };
        let (logit, score, value) = (of(|c| c.logit), of(|c| c.score), of(|c| c.value));
        (!changes.is_empty()).then_some([
            Self {
                logit: logit.0,
                score: score.0,
                value: value.0,
            },
            Self {
                logit: logit.1,
                score: score.1,
                value: value.1,
            },
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_mean_and_spread() {
        let change = |score, logit| HidingEffect {
            score: Some(score),
            logit: Some(logit),
            value: None,
        };
        let [mean, deviation] =
            HidingEffect::spread(&[change(0.1, 1.0), change(0.3, 1.0)]).unwrap();
        assert!((mean.score.unwrap() - 0.2).abs() < 1e-12);
        assert!((deviation.score.unwrap() - 0.02_f64.sqrt()).abs() < 1e-12);
        assert_eq!((mean.logit, deviation.logit), (Some(1.0), Some(0.0)));
        assert_eq!((mean.value, deviation.value), (None, None));
        assert_eq!(HidingEffect::spread(&[]), None);
    }
}
