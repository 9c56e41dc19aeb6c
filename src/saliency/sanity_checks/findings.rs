//! Findings of the sanity checks that must be shown next to the map.

use super::{Depth, MAX_RANDOMISED_CORRELATION, SanityChecks};
use crate::domain::{Detail, Finding, FindingCode, Findings, Severity};

impl SanityChecks {
    /// The warnings without the share outside the eye, which is already among the findings of every map.
    pub fn warnings(&self) -> Findings {
        let all = self.findings().into_iter();
        all.filter(|f| f.code != FindingCode::EvidenceOutsideEye)
            .collect()
    }

    /// The warnings, in the order of the parts.
    pub fn findings(&self) -> Findings {
        let chance = self.deletion.as_ref().map(|h| &h.marked_of_target);
        let chance = chance
            .filter(|marked| !marked.beats_chance())
            .map(|marked| {
                let detail = Detail::Chance {
                    reached: marked.reached_by(),
                    areas: marked.random.len(),
                };
                Finding::with_detail(
                    FindingCode::MapNoBetterThanChance,
                    Severity::Caution,
                    detail,
                )
            });
        let alike = self.randomised.iter().filter_map(|one| {
            let highest = one
                .correlation
                .highest()
                .filter(|r| *r >= MAX_RANDOMISED_CORRELATION)?;
            let detail = Detail::Shuffled {
                all_layers: one.depth == Depth::All,
                correlation: highest,
            };
            let code = FindingCode::MapSurvivesShuffling;
            Some(Finding::with_detail(code, Severity::Caution, detail))
        });
        let outside = self.outside.as_ref().and_then(|share| share.finding());
        chance.into_iter().chain(alike).chain(outside).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RandomisedMap, RankCorrelation};
    use super::*;
    use crate::saliency::Share;

    fn randomised(depth: Depth, signed: f64, absolute: f64) -> RandomisedMap {
        RandomisedMap {
            depth,
            tensors: 3,
            not_comparable: None,
            correlation: RankCorrelation {
                signed: Some(signed),
                absolute: Some(absolute),
            },
        }
    }

    #[test]
    fn a_map_that_shuffling_does_not_change_is_warned_of_from_0_3_on() {
        let mut sanity_checks = SanityChecks {
            randomised: vec![
                randomised(Depth::LastBlock, 0.29, 0.1),
                randomised(Depth::All, -0.9, 0.3),
            ],
            ..SanityChecks::default()
        };
        let found = sanity_checks.findings();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, FindingCode::MapSurvivesShuffling);
        let shuffled = Detail::Shuffled {
            all_layers: true,
            correlation: 0.3,
        };
        assert_eq!(found[0].detail, Some(shuffled));
        sanity_checks.outside = Some(Share {
            evidence: 0.5,
            area: 0.2,
        });
        assert_eq!(
            sanity_checks.findings()[1].code,
            FindingCode::EvidenceOutsideEye
        );
    }
}
