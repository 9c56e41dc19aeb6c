//! Disc and fovea: detected, accepted, marked by hand or cleared; the shares of the regions, and hiding regions.

use std::sync::Arc;

use super::common::{device_of, logged};
use super::cover as brush;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Covering, Fundus, MapKey, Measuring, PhotoId, Placing, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{FundusImage, Landmarks, MarkSource, Point};
use crate::imaging::retina::anatomy::check;
use crate::imaging::{Anatomy as Layout, Geometry};
use crate::jobs::Lane;
use crate::runtime::Device;
use crate::saliency::{Baseline, CoveredRegions, Regions, SaliencyMap};
use crate::workflow::anatomy::{self, CoverRegions, RANDOMS};

/// Disc and fovea of the photograph in view, and its regions.
#[derive(Clone, Debug)]
pub enum Anatomy {
    /// Detects both in the photograph.
    Find,
    /// The detected points are correct.
    Accept,
    /// The user marks them: the next click is the disc, the one after it the fovea.
    Place,
    /// A click in marking mode, in pixels of the photograph.
    Mark(PhotoId, Point),
    /// Leaves marking mode.
    Stop,
    /// Clears both.
    Clear,
    Outlines(bool),
    /// Hides each region for the model in view.
    Cover,
    CancelCover,
}

/// Disc and fovea as detected or marked, the regions that follow from them, and the map's shares of the regions.
#[derive(Clone, Debug)]
pub struct MeasureRegions {
    pub photo: PhotoId,
    pub image: FundusImage,
    /// The map in view, if there is one.
    pub map: Option<(SaliencyMap, Geometry)>,
    /// Existing points; without them both are detected.
    pub marks: Option<(Landmarks, MarkSource)>,
}

impl Job for MeasureRegions {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, sha256) = (self.photo, self.image.sha256.clone());
        let map = self.map.as_ref().map(|(map, geometry)| (map, geometry));
        let found = anatomy::regions(&self.image, map, self.marks, wait.cancel);
        let result = found.map_err(Failure::from).map(|(regions, layout)| {
            let layout = layout.map(Arc::new);
            Measured { regions, layout }
        });
        Landing::new(move |state| measured(state, photo, &sha256, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(requested) = state.anatomy.measuring.take() {
                state.anatomy.failed = Some((requested.photo, failure));
            }
            vec![]
        })
    }
}

/// The detected points or computed regions.
#[derive(Clone, Debug)]
pub struct Measured {
    pub regions: Regions,
    /// `None` if there are no points.
    pub layout: Option<Arc<Layout>>,
}

/// Hides each region in turn from one model.
#[derive(Clone, Debug)]
pub struct HideRegions {
    pub photo: PhotoId,
    pub image: FundusImage,
    pub landmarks: Landmarks,
    pub model: String,
    pub device: Device,
}

impl Job for HideRegions {
    fn lane(&self) -> Lane {
        Lane::Watched
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (photo, sha256) = (self.photo, self.image.sha256.clone());
        let request = CoverRegions {
            model: self.model.clone(),
            device: self.device,
            fill: Baseline::Blur,
            randoms: RANDOMS,
        };
        let hidden = anatomy::lay_out(&self.image, self.landmarks).and_then(|layout| {
            let (context, image) = (&work.context, &self.image);
            anatomy::cover(
                context,
                &request,
                image,
                &layout,
                wait.cancel,
                wait.progress,
            )
        });
        let result = hidden.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| covered(state, photo, &sha256, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            if let Some(requested) = state.anatomy.covering.take() {
                state.anatomy.failed = Some((requested.photo, failure));
            }
            vec![]
        })
    }
}

pub(super) fn apply(state: &mut State, action: Anatomy) -> Vec<Effect> {
    if !matches!(action, Anatomy::Outlines(_)) {
        state.anatomy.failed = None;
    }
    match action {
        Anatomy::Find => {
            state.anatomy.placing = None;
            measure(state, None)
        }
        Anatomy::Accept => accept(state),
        Anatomy::Place => {
            let photo = state.selected.filter(|_| state.can_mark());
            state.anatomy.placing = photo.map(|photo| Placing { photo, disc: None });
            // Marking and painting exclude each other.
            brush::leave(state)
        }
        Anatomy::Mark(photo, point) => mark(state, photo, point),
        Anatomy::Stop => {
            state.anatomy.placing = None;
            vec![]
        }
        Anatomy::Clear => change(state, |fundus| *fundus = Fundus::default()),
        Anatomy::Outlines(shown) => {
            state.anatomy.outlines_shown = shown;
            vec![]
        }
        Anatomy::Cover => cover(state),
        Anatomy::CancelCover => stop_covering(state),
    }
}

/// Changes the marks of the photograph in view and stops measuring with the former ones.
fn change(state: &mut State, change: impl FnOnce(&mut Fundus)) -> Vec<Effect> {
    let Some(id) = state.selected else {
        return vec![];
    };
    state.anatomy.placing = None;
    let effects = stop_on(state, id);
    if let Some(photo) = state.photograph_mut(id) {
        change(&mut photo.fundus);
    }
    effects
}

/// The points do not change, so everything derived from them stays.
fn accept(state: &mut State) -> Vec<Effect> {
    if let Some(photo) = state.selected.and_then(|id| state.photograph_mut(id))
        && let Some((_, source @ MarkSource::Proposed)) = &mut photo.fundus.marks
    {
        *source = MarkSource::Accepted;
    }
    vec![]
}

/// A click in marking mode: the disc, then the fovea. A point that cannot be the fovea is ignored.
fn mark(state: &mut State, id: PhotoId, point: Point) -> Vec<Effect> {
    let Some(placing) = state.anatomy.placing.filter(|p| p.photo == id) else {
        return vec![];
    };
    let Some(disc) = placing.disc else {
        let disc = Some(point);
        state.anatomy.placing = Some(Placing { disc, ..placing });
        return vec![];
    };
    let landmarks = Landmarks { disc, fovea: point };
    let known = state.photograph(id).and_then(|p| p.known.as_ref());
    let frame = known.map(|k| [k.width, k.height].map(f64::from));
    if frame.is_none_or(|frame| check(frame, &landmarks).is_err()) {
        return vec![];
    }
    change(state, |fundus| fundus.mark(landmarks, MarkSource::User))
}

/// Requests the missing regions of the map in view. Ends marking of another photograph, measuring of one that left the
/// list, and hiding regions of one that is no longer in use.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let listed = |m: &Measuring| state.photograph(m.photo).is_some();
    if !state.anatomy.measuring.as_ref().is_none_or(listed) {
        state.anatomy.measuring = None;
    }
    let mut effects = match &state.anatomy.covering {
        Some(covering) if !state.is_in_use(covering.photo) => stop_covering(state),
        _ => vec![],
    };
    effects.extend(measure_what_is_lacking(state));
    effects
}

fn measure_what_is_lacking(state: &mut State) -> Vec<Effect> {
    let here = state.selected;
    let painting = state.brush.is_some();
    state
        .anatomy
        .placing
        .take_if(|p| Some(p.photo) != here || painting);
    let failed = state.anatomy.failed.as_ref();
    if failed.is_some_and(|(photo, _)| Some(*photo) == here) {
        return vec![];
    }
    let Some(photo) = state.selected().filter(|p| p.opened().is_some()) else {
        return vec![];
    };
    let fundus = &photo.fundus;
    let Some(marks) = fundus.marks else {
        return vec![];
    };
    let key = finished_map(state);
    let lacks_shares = key.as_ref().is_some_and(|k| !fundus.shares.contains_key(k));
    let under_way = state.anatomy.measuring.as_ref().is_some_and(|m| {
        let same_points = m.marks.map(|(points, _)| points) == Some(marks.0);
        m.photo == photo.id && same_points && (m.key == key || !lacks_shares)
    });
    if under_way || !lacks_shares && fundus.layout.is_some() {
        return vec![];
    }
    measure(state, Some(marks))
}

/// The key of the map in view, if it exists and is finished.
fn finished_map(state: &State) -> Option<MapKey> {
    let (_, key) = state.map_in_view()?;
    let photo = state.selected()?;
    photo.map(&key.model, &key.recipe).map(|_| key)
}

fn measure(state: &mut State, marks: Option<(Landmarks, MarkSource)>) -> Vec<Effect> {
    let Some((photo, opened)) = state.selected().and_then(|p| Some((p, p.opened()?))) else {
        return vec![];
    };
    let key = finished_map(state);
    let answer = key.as_ref().and_then(|k| photo.map(&k.model, &k.recipe));
    let id = photo.id;
    let job = MeasureRegions {
        photo: id,
        image: opened.image.clone(),
        map: answer.and_then(|a| Some((a.map.clone()?, a.geometry))),
        marks,
    };
    state.anatomy.measuring = Some(Measuring {
        photo: id,
        marks,
        key,
    });
    vec![Effect::start(job)]
}

/// Stores detected points, or the regions of marked points. Results for other points are dropped.
pub(super) fn measured(
    state: &mut State,
    id: PhotoId,
    sha256: &str,
    result: Result<Measured, Failure>,
) -> Vec<Effect> {
    let Some(requested) = state.anatomy.measuring.take_if(|m| m.photo == id) else {
        return vec![];
    };
    let found = match result {
        Ok(found) => found,
        Err(failure) => return failed(state, id, failure),
    };
    let Some(photo) = state
        .photograph_mut(id)
        .filter(|p| p.sha256() == Some(sha256))
    else {
        return vec![];
    };
    let fundus = &mut photo.fundus;
    let proposal = found.regions.proposal.or(fundus.proposal);
    let taken = found.regions.landmarks;
    match requested.marks {
        None => {
            *fundus = Fundus::default();
            if let Some(landmarks) = taken {
                fundus.mark(landmarks, MarkSource::Proposed);
            }
        }
        Some(_) if fundus.marks.map(|(points, _)| points) != taken => return vec![],
        Some(_) => {}
    }
    fundus.proposal = proposal;
    fundus.layout = found.layout;
    let key = requested.key.filter(|key| photo.maps.contains_key(key));
    if let Some(key) = key.filter(|_| taken.is_some()) {
        photo.fundus.shares.insert(key, found.regions.shares);
    }
    vec![]
}

fn cover(state: &mut State) -> Vec<Effect> {
    let marks = state.selected().and_then(|p| p.fundus.marks);
    let opened = state.selected().and_then(|p| p.opened());
    let (Some(photo), Some(model), Some((landmarks, _)), Some(opened), true) = (
        state.selected,
        state.model(),
        marks,
        opened,
        state.can_cover(),
    ) else {
        return vec![];
    };
    let job = HideRegions {
        photo,
        image: opened.image.clone(),
        landmarks,
        model: model.id.clone(),
        device: device_of(&state.settings.device),
    };
    state.anatomy.covering = Some(Covering {
        photo,
        card: Arc::clone(&model.card),
        landmarks,
    });
    vec![Effect::start(job)]
}

/// Stores the results of hidden regions if points, file and card are still the same.
pub(super) fn covered(
    state: &mut State,
    id: PhotoId,
    sha256: &str,
    result: Result<Arc<CoveredRegions>, Failure>,
) -> Vec<Effect> {
    let Some(requested) = state.anatomy.covering.take_if(|c| c.photo == id) else {
        return vec![];
    };
    let covered = match result {
        Ok(covered) => covered,
        Err(failure) => return failed(state, id, failure),
    };
    let same_card = |m: &crate::workflow::ModelSummary| m.card == requested.card;
    if !state.installed().iter().any(same_card) {
        return vec![];
    }
    if let Some(photo) = state.photograph_mut(id)
        && photo.sha256() == Some(sha256)
        && photo.fundus.marks.map(|(points, _)| points) == Some(requested.landmarks)
    {
        let model = requested.card.id.clone();
        photo.fundus.covered.insert(model, covered);
    }
    vec![]
}

/// The reason is shown in the panel.
fn failed(state: &mut State, photo: PhotoId, failure: Failure) -> Vec<Effect> {
    if failure.cancelled {
        return vec![];
    }
    let line = logged(&failure);
    state.anatomy.failed = Some((photo, failure));
    vec![line]
}

fn stop_covering(state: &mut State) -> Vec<Effect> {
    match state.anatomy.covering.take() {
        Some(_) => vec![Effect::stop::<HideRegions>()],
        None => vec![],
    }
}

/// Stops work on this photograph's anatomy.
fn stop_on(state: &mut State, photo: PhotoId) -> Vec<Effect> {
    state.anatomy.measuring.take_if(|m| m.photo == photo);
    let is_here = state
        .anatomy
        .covering
        .as_ref()
        .is_some_and(|c| c.photo == photo);
    if is_here {
        stop_covering(state)
    } else {
        vec![]
    }
}
