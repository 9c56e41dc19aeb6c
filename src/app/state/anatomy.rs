//! Disc and fovea of each photograph, and everything derived from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{MapKey, PhotoId, Photograph, State};
use crate::app::Failure;
use crate::domain::{Landmarks, MarkSource, ModelCard, Point, Proposal};
use crate::imaging::Anatomy;
use crate::saliency::{CoveredRegions, RegionShare, Regions};
use crate::workflow::Answer;

/// Anatomy of one photograph. Never used for another photograph.
#[derive(Clone, Debug, Default)]
pub struct Fundus {
    /// Positions of disc and fovea, and their source.
    pub marks: Option<(Landmarks, MarkSource)>,
    /// The automatic proposal; `None` until it was requested.
    pub proposal: Option<Proposal>,
    /// The regions that follow from the marks; `None` until computed.
    pub layout: Option<Arc<Anatomy>>,
    /// By map; `None` for a map without evidence.
    pub shares: BTreeMap<MapKey, Option<[RegionShare; 6]>>,
    /// By model.
    pub covered: BTreeMap<String, Arc<CoveredRegions>>,
}

impl Fundus {
    /// Sets new points and discards everything derived from the former ones.
    pub fn mark(&mut self, landmarks: Landmarks, source: MarkSource) {
        *self = Self {
            marks: Some((landmarks, source)),
            proposal: self.proposal,
            ..Self::default()
        };
    }

    /// Contribution of one map by region, as it is exported; `None` if it was not requested.
    pub fn regions(&self, key: &MapKey) -> Option<Regions> {
        let source = self.marks.map(|(_, source)| source);
        (self.marks.is_some() || self.proposal.is_some()).then(|| Regions {
            landmarks: self.marks.map(|(landmarks, _)| landmarks),
            source: source.unwrap_or(MarkSource::Proposed),
            proposal: self.proposal,
            shares: self.shares.get(key).copied().flatten(),
            covered: self
                .covered
                .get(&key.model)
                .map(|c| CoveredRegions::clone(c)),
        })
    }

    /// Discards results of maps and models that are gone.
    pub fn keep(
        &mut self,
        maps: &BTreeMap<MapKey, Arc<Answer>>,
        answers: &BTreeMap<String, Arc<Answer>>,
    ) {
        self.shares.retain(|key, _| maps.contains_key(key));
        self.covered.retain(|model, _| answers.contains_key(model));
    }
}

/// Ongoing work on marks and regions.
#[derive(Clone, Debug, Default)]
pub struct AnatomyState {
    /// The user is placing marks.
    pub placing: Option<Placing>,
    /// The borders of the regions are drawn.
    pub outlines_shown: bool,
    pub measuring: Option<Measuring>,
    pub covering: Option<Covering>,
    /// Why the last of either failed, until something else is requested.
    pub failed: Option<(PhotoId, Failure)>,
}

/// The next click on this photograph marks the disc, or the fovea if the disc is already marked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placing {
    pub photo: PhotoId,
    pub disc: Option<Point>,
}

/// Points are being detected, or regions computed with their shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Measuring {
    pub photo: PhotoId,
    pub marks: Option<(Landmarks, MarkSource)>,
    /// The map whose shares are computed, if there is one.
    pub key: Option<MapKey>,
}

/// The regions are being hidden one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Covering {
    pub photo: PhotoId,
    pub card: Arc<ModelCard>,
    pub landmarks: Landmarks,
}

impl State {
    /// True while the next click on this photograph places a mark.
    pub fn is_placing_on(&self, photo: PhotoId) -> bool {
        self.anatomy.placing.is_some_and(|p| p.photo == photo)
    }

    /// True if the photograph in view can be marked.
    pub fn can_mark(&self) -> bool {
        self.selected().is_some_and(|p| p.opened().is_some())
    }

    /// True while regions of the photograph in view are being hidden for the model in view.
    pub fn is_covering_here(&self) -> bool {
        let covering = self.anatomy.covering.as_ref();
        covering.is_some_and(|c| {
            Some(c.photo) == self.selected && self.model().is_some_and(|m| m.id == c.card.id)
        })
    }

    /// True if the regions of the photograph in view could be hidden now.
    pub fn can_cover(&self) -> bool {
        let photo = self.selected();
        let fit =
            |p: &Photograph| p.opened().is_some() && p.fundus.layout.is_some() && !p.is_refused();
        photo.is_some_and(fit) && self.model().is_some() && !self.is_covering_here()
    }

    /// Contribution of the map in view by region.
    pub fn regions_in_view(&self) -> Option<Regions> {
        let (_, key) = self.map_in_view()?;
        self.selected()?.fundus.regions(&key)
    }
}
