//! Evidence by anatomy: how a map's evidence is shared out among disc, macula and vessels, and what becomes of the answer
//! when one of them is hidden.
//!
//! The shares say where a method puts its evidence; hiding asks the network itself. Neither is a rule of anatomy: a region
//! speaks for one label in one model and for the other in the next.

use super::models::LoadedModel;
use super::predict::{Figures, figures};
use super::{Context, Error};
use crate::clinic::{
    Code, Finding, Findings, FundusImage, Head, Landmarks, MarkSource, Proposal, Region, Severity,
    Sureness, Tensor,
};
use crate::graph;
use crate::imaging::prepare::Prepared;
use crate::imaging::{Anatomy, landmarks};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::{
    Baseline, Change, Covered, CoveredRegion, Mask, Regions, SaliencyMap, covered, mask_of,
    random_patch, region_shares,
};

/// Random patches beside each region when nobody says otherwise.
pub const RANDOMS: usize = 5;

/// How regions are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRequest {
    /// A model's id or file.
    pub model: String,
    pub device: Device,
    pub fill: Baseline,
    /// Random patches of equal size beside each region. Each costs one pass, as each region does.
    pub randoms: usize,
}

impl CoverRequest {
    /// Passes through the network, at most.
    pub fn passes(&self) -> u64 {
        1 + (Region::ALL.len() * (1 + self.randoms)) as u64
    }
}

/// Looks for disc and fovea.
pub fn propose(photograph: &FundusImage, cancel: &Cancel) -> Result<Proposal, Error> {
    cancel.check()?;
    let proposal = landmarks::propose(photograph);
    cancel.check()?;
    Ok(proposal)
}

/// Lays the regions out in a photograph.
pub fn lay_out(photograph: &FundusImage, landmarks: Landmarks) -> Result<Anatomy, Error> {
    let field = photograph.field_of_view.as_ref();
    Anatomy::new(&photograph.pixels, field, landmarks).map_err(|e| Error::Usage(e.to_string()))
}

/// The shares of a map, without hiding anything. Without `marked` points those that are found are taken.
pub fn regions(
    photograph: &FundusImage,
    map: &SaliencyMap,
    prepared: &Prepared,
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
    let shares = anatomy.as_ref().and_then(|anatomy| {
        region_shares(&map.grid, &prepared.geometry, anatomy)
    });
    let regions = Regions {
        landmarks: taken.map(|(landmarks, _)| landmarks),
        source: taken.map_or(MarkSource::Proposed, |(_, source)| source),
        proposal,
        shares,
        covered: None,
    };
    Ok((regions, anatomy))
}

/// What must be said beside regions that nobody has looked at.
pub fn findings(regions: &Regions) -> Findings {
    let proposal = regions.proposal.unwrap_or_default();
    let word = |found: Option<crate::clinic::Found>| {
        found.map_or(Sureness::NotFound, |f| Sureness::of(f.sureness))
    };
    let (disc, fovea) = (word(proposal.disc), word(proposal.fovea));
    let detail = format!("disc {}, fovea {}", disc.as_str(), fovea.as_str());
    let (code, severity) = match (regions.landmarks, regions.source) {
        (None, _) => (Code::LandmarksNotFound, Severity::Caution),
        (_, MarkSource::Proposed) if disc.min(fovea) == Sureness::Sure => {
            (Code::LandmarksProposed, Severity::Note)
        }
        (_, MarkSource::Proposed) => (Code::LandmarksProposed, Severity::Caution),
        _ => return Findings::new(),
    };
    vec![Finding::with_detail(code, severity, detail)]
}

/// Hides each region in turn and sees what becomes of the answer. `progress` advances with every pass.
pub fn cover(
    ctx: &Context,
    request: &CoverRequest,
    prepared: &Prepared,
    anatomy: &Anatomy,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Covered, Error> {
    let model = ctx.model(&request.model, request.device, cancel, progress)?;
    let (x, geometry) = (&prepared.tensor, &prepared.geometry);
    let fill = request.fill.of(x, &prepared.black);
    let mut asked = Asked {
        head: model.card.head,
        model: &mut model.lock(),
        cancel,
        progress,
    };
    let whole = asked.answer(x)?;
    let mut hide = |mask: &Mask| -> Result<Change, Error> {
        let hidden = asked.answer(&covered(x, &fill, mask))?;
        Ok(difference(hidden, whole))
    };
    let mut regions = Vec::new();
    for region in Region::ALL {
        let mask = mask_of(region, geometry, anatomy);
        if mask.hides_nothing() {
            continue;
        }
        let change = hide(&mask)?;
        // Beside what lies outside there is no patch of the field to compare with.
        let randoms = match region {
            Region::Outside => 0,
            _ => request.randoms,
        };
        let mut changes = Vec::new();
        for draw in 0..randoms as u64 {
            if let Some(patch) = random_patch(&mask, geometry, anatomy, draw) {
                changes.push(hide(&patch)?);
            }
        }
        regions.push(CoveredRegion {
            region,
            area: mask.area(),
            change,
            random: Change::spread(&changes),
        });
    }
    Ok(Covered {
        fill: request.fill,
        randoms: request.randoms,
        regions,
    })
}

/// A model that is asked again and again.
struct Asked<'a> {
    head: Head,
    model: &'a mut LoadedModel,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl Asked<'_> {
    fn answer(&mut self, x: &Tensor) -> Result<Figures, Error> {
        self.cancel.check()?;
        let inputs = [(graph::INPUT, x)];
        let wanted = [graph::LOGIT, graph::OUTPUT];
        let found = self.model.session.run(&inputs, &wanted, self.cancel)?;
        self.progress.advance();
        figures(self.head, &found[0], &found[1])
    }
}

fn difference(hidden: Figures, whole: Figures) -> Change {
    let less = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    Change {
        logit: less(hidden.logit, whole.logit),
        score: less(hidden.score, whole.score),
        value: less(hidden.value, whole.value),
    }
}
