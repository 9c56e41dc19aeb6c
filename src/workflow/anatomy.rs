//! Contribution by region: how a map's evidence is distributed over disc, macula and vessels, and how the answer changes
//! when one of them is hidden.
//!
//! The shares show where a method puts its evidence; hiding tests the network itself. Neither is a rule of anatomy: a
//! region may support one label in one model and the other label in the next.

use super::context::OpenModel;
use super::explain::{ExplainedCase, MapRequest, black};
use super::predict::{check_accepted, figures};
use super::{Context, Error};
use crate::domain::{
    Certainty, Detail, DetectedPoint, Figures, Finding, FindingCode, Findings, FundusImage,
    Landmarks, MarkSource, Proposal, Region, ResultRow, Severity, Tensor,
};
use crate::graph;
use crate::imaging::retina::landmarks;
use crate::imaging::{Anatomy, Geometry, prepare};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::{
    Baseline, CoveredRegion, CoveredRegions, HidingEffect, Mask, Regions, SaliencyMap, covered,
    inside_field, mask_of, random_patch, region_shares,
};

/// Default number of random patches for each region.
pub const RANDOMS: usize = 5;
pub const MOST_RANDOMS: usize = 100;

/// How regions are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRegions {
    /// A model's id or file.
    pub model: String,
    pub device: Device,
    pub fill: Baseline,
    /// Random patches of equal size for each region. Each costs one pass, as each region does.
    pub randoms: usize,
}

/// Upper limit of passes through the network: one with nothing hidden, and one for each region and each random patch;
/// there are no patches for the region outside.
pub fn passes(randoms: usize) -> u64 {
    let regions = Region::ALL.len();
    (1 + regions + (regions - 1) * randoms) as u64
}

/// Regions in addition to a map, as the command line requests them.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionOptions {
    /// Disc and fovea as the user gave them; without them they are found in the photograph.
    pub marks: Option<Landmarks>,
    /// See [`CoverRegions::randoms`].
    pub randoms: usize,
}

impl RegionOptions {
    /// Upper limit of passes through the network for one photograph.
    pub fn passes(&self) -> u64 {
        passes(self.randoms)
    }

    /// Adds the shares of the computed map and every region hidden by blur. Caveats go to the findings.
    pub(super) fn add_to(
        &self,
        found: &mut ExplainedCase,
        ctx: &Context,
        map: &MapRequest,
        photograph: &FundusImage,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<(), Error> {
        let marked = self.marks.map(|marks| (marks, MarkSource::User));
        let geometry = &found.answer.prepared.geometry;
        let map_computed = (&found.explanation.map, geometry);
        let (mut regions, anatomy) = regions(photograph, Some(map_computed), marked, cancel)?;
        if let Some(anatomy) = anatomy {
            let request = CoverRegions {
                model: map.model.clone(),
                device: map.device,
                fill: Baseline::Blur,
                randoms: self.randoms,
            };
            let hidden = cover(ctx, &request, photograph, &anatomy, cancel, progress)?;
            regions.covered = Some(hidden);
        }
        write_into(&mut found.answer.case, &regions);
        Ok(())
    }
}

/// Finds disc and fovea.
pub fn propose(photograph: &FundusImage, cancel: &Cancel) -> Result<Proposal, Error> {
    cancel.check()?;
    let proposal = landmarks::propose(photograph);
    cancel.check()?;
    Ok(proposal)
}

/// Computes the regions of a photograph.
pub fn lay_out(photograph: &FundusImage, landmarks: Landmarks) -> Result<Anatomy, Error> {
    let field = photograph.field_of_view.as_ref();
    Anatomy::new(&photograph.pixels, field, landmarks).map_err(|e| Error::Usage(e.to_string()))
}

/// The shares of a map, if there is one, without hiding anything. Without `marked` points disc and fovea are found.
pub fn regions(
    photograph: &FundusImage,
    map: Option<(&SaliencyMap, &Geometry)>,
    marked: Option<(Landmarks, MarkSource)>,
    cancel: &Cancel,
) -> Result<(Regions, Option<Anatomy>), Error> {
    let proposal = match marked {
        Some((_, MarkSource::User)) => None,
        _ => Some(propose(photograph, cancel)?),
    };
    let found = proposal.and_then(|p| p.both());
    let taken = marked.or(found.map(|(landmarks, _)| (landmarks, MarkSource::Proposed)));
    let anatomy = taken.map(|(l, _)| lay_out(photograph, l)).transpose()?;
    cancel.check()?;
    let shares = anatomy.as_ref().zip(map);
    let shares = shares.and_then(|(a, (map, geometry))| region_shares(&map.grid, geometry, a));
    let regions = Regions {
        landmarks: taken.map(|(landmarks, _)| landmarks),
        source: taken.map_or(MarkSource::Proposed, |(_, source)| source),
        proposal,
        shares,
        covered: None,
    };
    Ok((regions, anatomy))
}

/// Writes regions into the exported row, with their findings.
pub fn write_into(case: &mut ResultRow, regions: &Regions) {
    case.findings.extend(findings(regions));
    case.regions = Some(regions.clone());
}

/// Findings for regions that the user has not reviewed.
pub fn findings(regions: &Regions) -> Findings {
    let proposal = regions.proposal.unwrap_or_default();
    let word = |found: Option<DetectedPoint>| {
        found.map_or(Certainty::NotFound, |f| Certainty::of(f.sureness))
    };
    let (disc, fovea) = (word(proposal.disc), word(proposal.fovea));
    let detail = Detail::Landmarks { disc, fovea };
    let (code, severity) = match (regions.landmarks, regions.source) {
        (None, _) => (FindingCode::LandmarksNotFound, Severity::Caution),
        (_, MarkSource::Proposed) if disc.min(fovea) == Certainty::Sure => {
            (FindingCode::LandmarksProposed, Severity::Note)
        }
        (_, MarkSource::Proposed) => (FindingCode::LandmarksProposed, Severity::Caution),
        _ => return Findings::new(),
    };
    vec![Finding::with_detail(code, severity, detail)]
}

/// Hides each region in turn and measures the change of the answer. `progress` advances with every pass.
pub fn cover(
    ctx: &Context,
    request: &CoverRegions,
    photograph: &FundusImage,
    anatomy: &Anatomy,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CoveredRegions, Error> {
    check_accepted(photograph)?;
    // Callers that count a whole run have set the total; otherwise, as for one photograph, it is set here.
    if progress.steps().1 == 0 {
        progress.start(passes(request.randoms));
    }
    let model = ctx.model(&request.model, request.device, cancel, progress)?;
    let field = photograph.field_of_view.as_ref();
    let prepared = prepare::prepare(&photograph.pixels, field, &model.card.input)?;
    let (x, geometry) = (&prepared.tensor, &prepared.geometry);
    let [rows, columns] = model.card.input.size;
    let inside =
        field.map(|field| inside_field([rows, columns].map(|s| s as usize), geometry, field));
    let fill = request
        .fill
        .within(x, &black(&model.card.input)?, inside.as_ref());
    let requested = SharedModel {
        model: &model,
        cancel,
        progress,
    };
    let whole = requested.answer(x)?;
    let hide = |mask: &Mask| -> Result<HidingEffect, Error> {
        let hidden = requested.answer(&covered(x, &fill, mask))?;
        Ok(difference(hidden, whole))
    };
    let mut regions = Vec::new();
    for region in Region::ALL {
        let mask = mask_of(region, geometry, anatomy);
        if mask.hides_nothing() {
            continue;
        }
        let change = hide(&mask)?;
        // There are no patches outside the field to compare the outside with.
        let randoms = match region {
            Region::Outside => 0,
            _ => request.randoms,
        };
        let mut changes = Vec::new();
        for draw in 0..randoms as u64 {
            // Other places for every region.
            let draw = draw + ((region as u64) << 32);
            if let Some(patch) = random_patch(&mask, geometry, anatomy, draw) {
                changes.push(hide(&patch)?);
            }
        }
        regions.push(CoveredRegion {
            region,
            area: mask.area(),
            change,
            random: HidingEffect::spread(&changes),
        });
    }
    Ok(CoveredRegions {
        fill: request.fill,
        randoms: request.randoms,
        regions,
    })
}

/// A model that is run repeatedly. Between two passes it is free for other users.
struct SharedModel<'a> {
    model: &'a OpenModel,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl SharedModel<'_> {
    fn answer(&self, x: &Tensor) -> Result<Figures, Error> {
        let mut loaded = self.model.lock()?;
        self.cancel.check()?;
        let inputs = [(graph::INPUT, x)];
        let desired = [graph::LOGIT, graph::OUTPUT];
        let found = loaded.session.run(&inputs, &desired, self.cancel)?;
        self.progress.advance();
        let card = &self.model.card;
        figures(card.head, card.value_scale(), &found[0], &found[1])
    }
}

fn difference(hidden: Figures, whole: Figures) -> HidingEffect {
    let less = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    HidingEffect {
        logit: less(hidden.logit, whole.logit),
        score: less(hidden.score, whole.score),
        value: less(hidden.value, whole.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Point;
    use crate::drawing;
    use crate::imaging::{Grid, OpenOptions, open};
    use crate::saliency::{Method, Target};
    use crate::storage::Places;
    use crate::workflow::demonstration::DEFAULT;

    fn drawn() -> (FundusImage, Landmarks) {
        let (_, eye) = drawing::eye_of_picture(5, 0);
        let (pixels, truth) = drawing::draw_eye(&eye, 256, 256).unwrap();
        let bytes = drawing::encode(&pixels, drawing::PictureFormat::Png).unwrap();
        let marks = Landmarks {
            disc: Point {
                x: truth.disc.x,
                y: truth.disc.y,
            },
            fovea: Point {
                x: truth.fovea.x,
                y: truth.fovea.y,
            },
        };
        let image = open(&bytes, "drawn.png", &OpenOptions::default()).unwrap();
        (image, marks)
    }

    fn request(randoms: usize) -> CoverRegions {
        CoverRegions {
            model: DEFAULT.to_owned(),
            device: Device::Embedded,
            fill: Baseline::Blur,
            randoms,
        }
    }

    #[test]
    fn each_region_is_hidden_once_and_what_it_does_depends_on_it() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let (image, marks) = drawn();
        let anatomy = lay_out(&image, marks).unwrap();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let run =
            |request: &CoverRegions| cover(&ctx, request, &image, &anatomy, &cancel, &progress);
        let covered = run(&request(2)).unwrap();
        let (done, _) = progress.steps();
        assert!(done <= passes(2), "{done}");
        let area: f64 = covered.regions.iter().map(|r| r.area).sum();
        assert!((area - 1.0).abs() < 1e-6, "{area}");
        for region in &covered.regions {
            let score = region.change.score.unwrap();
            assert!(score.is_finite() && region.change.value.is_none());
            assert_eq!(region.random.is_none(), region.region == Region::Outside);
        }
        // The evidence of the drawn eyes is around disc and fovea, and in the arteries.
        let score = |region| {
            let found = covered.regions.iter().find(|r| r.region == region);
            found.unwrap().change.logit.unwrap().abs()
        };
        assert!(score(Region::Peripapillary) > score(Region::Outside));
        // The same answer again, with no pass for patches that were not requested.
        assert_eq!(run(&request(2)).unwrap(), covered);
        let before = progress.steps().0;
        let plain = run(&request(0)).unwrap();
        assert_eq!(progress.steps().0 - before, 1 + plain.regions.len() as u64);
        assert!(plain.regions.iter().all(|r| r.random.is_none()));
        cancel.cancel();
        assert!(matches!(run(&request(0)), Err(Error::Cancelled)));
    }

    #[test]
    fn marked_points_stand_and_those_that_were_found_say_so() {
        let (image, marks) = drawn();
        let map = SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(2, 2, vec![1.0, -1.0, 0.5, 0.0]).unwrap(),
        };
        let geometry = Geometry::new([256, 256], (0, 0, 256, 256).into(), [224, 224]).unwrap();
        let of = |marked| {
            regions(&image, Some((&map, &geometry)), marked, &Cancel::new())
                .unwrap()
                .0
        };
        let by_hand = of(Some((marks, MarkSource::User)));
        assert_eq!((by_hand.landmarks, by_hand.proposal), (Some(marks), None));
        assert_eq!(findings(&by_hand), []);
        let found = of(None);
        assert_eq!(found.source, MarkSource::Proposed);
        assert_eq!(findings(&found)[0].code, FindingCode::LandmarksProposed);
        let taken = found.landmarks.unwrap();
        assert!(taken.disc.distance((marks.disc.x, marks.disc.y)) < 0.3 * taken.distance());
        let accepted = of(Some((taken, MarkSource::Accepted)));
        assert_eq!(
            (findings(&accepted), accepted.shares),
            (vec![], found.shares)
        );
        let missing = Regions {
            landmarks: None,
            ..found
        };
        assert_eq!(findings(&missing)[0].code, FindingCode::LandmarksNotFound);
        let one_spot = Landmarks {
            fovea: marks.disc,
            ..marks
        };
        assert!(matches!(lay_out(&image, one_spot), Err(Error::Usage(_))));
    }
}
