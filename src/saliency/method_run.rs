//! How a finished map was computed: the provenance shown next to it on the screen and in every file.

use super::{Recipe, SaliencyMap, Share};
use crate::domain::{MapProvenance, MapSettings, ResultRow};

/// A map's recipe with the figures of its computation.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodRun {
    pub recipe: Recipe,
    /// The target at the photograph, if computed.
    pub target_value: Option<f64>,
    /// The target at the baseline, if the method needs it.
    pub baseline_value: Option<f64>,
    /// Integrated gradients: the difference between the sum of the attributions and its theoretical value.
    pub completeness_gap: Option<f64>,
    /// Passes through the network.
    pub passes: u64,
    /// Total time of the passes in milliseconds.
    pub ms: f64,
}

impl MethodRun {
    /// The map computed in every run; the case holds the network's output.
    pub fn of_every_run(case: &ResultRow) -> Self {
        Self {
            recipe: Recipe::OF_EVERY_RUN,
            target_value: case.logit.or(case.value),
            baseline_value: None,
            completeness_gap: None,
            passes: 1,
            ms: case.timings.run + case.timings.saliency,
        }
    }

    /// The map's provenance as in every row of results, with the share of its evidence outside the field of view.
    pub fn provenance(
        &self,
        map: &SaliencyMap,
        settings: MapSettings,
        outside: Option<Share>,
    ) -> MapProvenance {
        let (low, high) = map.grid.range();
        MapProvenance {
            method: map.method,
            layer: map.layer.clone(),
            target: map.target.name(),
            grid: [map.grid.rows(), map.grid.columns()],
            lowest: low.into(),
            highest: high.into(),
            target_value: self.target_value,
            baseline_value: self.baseline_value,
            completeness_gap: self.completeness_gap,
            completeness_gap_share: self.gap_share(),
            passes: self.passes,
            time_ms: self.ms,
            settings,
            evidence_outside_eye: outside.map(|share| share.evidence),
            area_outside_eye: outside.map(|share| share.area),
        }
    }

    /// The completeness gap relative to the difference that the attributions should sum to; `None` without a gap or a
    /// difference.
    pub fn gap_share(&self) -> Option<f64> {
        let difference = (self.target_value? - self.baseline_value?).abs();
        let gap = self.completeness_gap?.abs();
        (difference > 0.0).then(|| gap / difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saliency::Method;

    #[test]
    fn the_gap_is_told_as_a_share_of_what_was_to_be_explained() {
        let mut made = MethodRun {
            recipe: Recipe::of(Method::IntegratedGradients),
            target_value: Some(1.5),
            baseline_value: Some(-0.5),
            completeness_gap: Some(-0.1),
            passes: 52,
            ms: 1.0,
        };
        assert!((made.gap_share().unwrap() - 0.05).abs() < 1e-12);
        made.baseline_value = made.target_value;
        assert_eq!(made.gap_share(), None);
        made.completeness_gap = None;
        assert_eq!(made.gap_share(), None);
    }
}
