//! Contribution by region as named fields.

use serde_json::{Value, json};

use crate::domain::{Certainty, DetectedPoint, Point, Region};
use crate::saliency::{HidingEffect, Regions};

/// The field `regions`. Shares are those of the map's total absolute evidence; `raising` and `lowering` refer to the
/// map's target. Unknown is null; `parts` is empty if the points are not known.
pub fn document(regions: &Regions) -> Value {
    let proposal = regions.proposal.unwrap_or_default();
    let landmarks = regions.landmarks;
    let part = |region: Region| {
        let share = regions.shares.map(|shares| shares[region as usize]);
        let covered = regions.covered.as_ref();
        let hidden = covered.and_then(|c| c.regions.iter().find(|r| r.region == region));
        json!({
            "region": region,
            "evidence": share.map(|s| s.evidence()),
            "raising": share.map(|s| s.raising),
            "lowering": share.map(|s| s.lowering),
            "area": share.map(|s| s.area),
            "ratio": share.and_then(|s| s.ratio()),
            "covered": hidden.map(|h| json!({
                "area": h.area,
                "change": change(&h.change),
                "random_mean": h.random.map(|[mean, _]| change(&mean)),
                "random_deviation": h.random.map(|[_, deviation]| change(&deviation)),
            })),
        })
    };
    let parts = Region::ALL.into_iter().filter(|_| landmarks.is_some());
    json!({
        "source": regions.source,
        "disc": point(landmarks.map(|l| l.disc), proposal.disc),
        "fovea": point(landmarks.map(|l| l.fovea), proposal.fovea),
        "covered_with": regions.covered.as_ref().map(|c| c.fill),
        "random_areas": regions.covered.as_ref().map(|c| c.randoms),
        "parts": parts.map(part).collect::<Vec<_>>(),
    })
}

/// The position used for a point, and the one detected automatically.
fn point(taken: Option<Point>, found: Option<DetectedPoint>) -> Value {
    json!({
        "x": taken.map(|p| p.x),
        "y": taken.map(|p| p.y),
        "proposed": found.map(|f| json!({
            "x": f.at.x,
            "y": f.at.y,
            "sureness": f.sureness,
            "word": Certainty::of(f.sureness),
        })),
    })
}

fn change(change: &HidingEffect) -> Value {
    json!({"logit": change.logit, "score": change.score, "value": change.value})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Landmarks, MarkSource, Proposal};
    use crate::saliency::{Baseline, CoveredRegion, CoveredRegions, RegionShare};

    #[test]
    fn every_region_has_its_figures_and_what_is_not_known_is_null() {
        let at = Point { x: 10.0, y: 20.5 };
        let found = DetectedPoint { at, sureness: 0.9 };
        let fall = HidingEffect {
            score: Some(-0.25),
            ..HidingEffect::default()
        };
        let mut regions = Regions {
            landmarks: Some(Landmarks {
                disc: at,
                fovea: Point { x: 80.0, y: 20.0 },
            }),
            source: MarkSource::Proposed,
            proposal: Some(Proposal {
                disc: Some(found),
                fovea: None,
            }),
            shares: Some(Region::ALL.map(|region| RegionShare {
                region,
                raising: 0.1,
                lowering: 0.05,
                area: 0.0,
            })),
            covered: Some(CoveredRegions {
                fill: Baseline::Blur,
                randoms: 0,
                regions: vec![CoveredRegion {
                    region: Region::Macula,
                    area: 0.2,
                    change: fall,
                    random: None,
                }],
            }),
        };
        let document = super::document(&regions);
        assert_eq!(document["source"], "proposed");
        assert_eq!(document["disc"]["proposed"]["word"], "sure");
        assert!(document["fovea"]["proposed"].is_null());
        let macula = &document["parts"][2];
        assert_eq!(macula["region"], "macula");
        assert!((macula["evidence"].as_f64().unwrap() - 0.15).abs() < 1e-12);
        assert_eq!(macula["covered"]["change"]["score"], -0.25);
        assert!(macula["ratio"].is_null() && macula["covered"]["random_mean"].is_null());
        assert!(document["parts"][0]["covered"].is_null());
        regions.landmarks = None;
        assert_eq!(super::document(&regions)["parts"], json!([]));
    }
}
