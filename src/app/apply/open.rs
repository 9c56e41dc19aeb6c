//! Reading photographs: those in view at once, the next one ahead, thumbnails for visible rows; and releasing pixels.

use std::sync::Arc;

use super::common::logged;
use super::cover;
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::log::LogLine;
use crate::app::pyramid::{Pyramid, THUMBNAIL_PX};
use crate::app::state::{Fundus, Known, Opened, Opening, PhotoId, Photograph, State};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{FundusImage, Laterality};
use crate::imaging::{OpenOptions, thumbnail};
use crate::jobs::Lane;
use crate::workflow::{self, Source};

/// Maximum number of thumbnails requested at once, since the user keeps scrolling.
const GLANCES: usize = 24;

/// How urgently a photograph is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is in view and the canvas is empty.
    Now,
    /// It may be the next.
    Later,
}

/// Reads a photograph whole.
#[derive(Clone, Debug)]
pub struct OpenPhotograph {
    pub photo: PhotoId,
    pub source: Source,
    /// The eye as stated by the user.
    pub eye: Option<Laterality>,
    pub urgency: Urgency,
}

impl OpenPhotograph {
    pub(super) fn slot_of(photo: PhotoId) -> Slot {
        Slot::numbered::<Self>(photo.0)
    }

    pub(super) fn stop(photo: PhotoId) -> Effect {
        Effect::Stop(Self::slot_of(photo))
    }
}

impl Job for OpenPhotograph {
    fn slot(&self) -> Slot {
        Self::slot_of(self.photo)
    }

    fn lane(&self) -> Lane {
        match self.urgency {
            Urgency::Now => Lane::Interactive,
            Urgency::Later => Lane::ReadAhead,
        }
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let photo = self.photo;
        let result = read(&self.source, self.eye).map(|image| {
            let pyramid = Pyramid::of(&image.pixels);
            let thumbnail = Arc::new(pyramid.thumbnail(THUMBNAIL_PX));
            Arc::new(Opened {
                image,
                pyramid,
                thumbnail,
            })
        });
        Landing::new(move |state| opened(state, photo, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        cannot_be_read(self.photo, failure)
    }
}

/// Reads a photograph for its thumbnail and the details in the list.
#[derive(Clone, Debug)]
pub struct ReadThumbnail {
    pub photo: PhotoId,
    pub source: Source,
    /// The eye as stated by the user.
    pub eye: Option<Laterality>,
}

impl ReadThumbnail {
    pub(super) fn slot_of(photo: PhotoId) -> Slot {
        Slot::numbered::<Self>(photo.0)
    }

    pub(super) fn stop(photo: PhotoId) -> Effect {
        Effect::Stop(Self::slot_of(photo))
    }
}

impl Job for ReadThumbnail {
    fn slot(&self) -> Slot {
        Self::slot_of(self.photo)
    }

    fn lane(&self) -> Lane {
        Lane::ReadAhead
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let photo = self.photo;
        let result = read(&self.source, self.eye).map(|image| {
            let small = Arc::new(thumbnail(&image.pixels, THUMBNAIL_PX));
            Known::of(&image, small)
        });
        Landing::new(move |state| glanced(state, photo, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        cannot_be_read(self.photo, failure)
    }
}

/// `eye` is the user's statement; it overrides tags and names.
fn read(source: &Source, eye: Option<Laterality>) -> Result<FundusImage, Failure> {
    let options = OpenOptions {
        eye,
        ..OpenOptions::default()
    };
    workflow::open(source, &options).map_err(Failure::from)
}

fn cannot_be_read(photo: PhotoId, failure: Failure) -> Landing {
    Landing::new(move |state| {
        if let Some(photo) = state.photograph_mut(photo) {
            photo.glancing = false;
            photo.opening = Opening::Failed(failure);
        }
        vec![]
    })
}

/// Requests the pixels of everything in view that is closed or queued behind others.
pub(super) fn open_what_is_in_view(state: &mut State) -> Vec<Effect> {
    let now = state.fresh_id();
    let in_view = state.in_view();
    let mut effects = Vec::new();
    // Photographs that are no longer in view must not delay the current one. Nothing else depends on what is open.
    for photo in state.photographs.quietly() {
        if photo.awaited
            && matches!(photo.opening, Opening::Pending)
            && !in_view.contains(&photo.id)
        {
            photo.opening = Opening::Closed;
            photo.awaited = false;
            effects.push(OpenPhotograph::stop(photo.id));
        }
    }
    for id in in_view {
        if let Some(photo) = state.photograph_quietly(id) {
            photo.last_used = now;
            let is_awaited = photo.awaited && matches!(photo.opening, Opening::Pending);
            if matches!(photo.opening, Opening::Closed | Opening::Pending) && !is_awaited {
                effects.push(open(photo, Urgency::Now));
            }
        }
    }
    effects
}

/// Releases all pixels, so that changed files are read again.
pub(super) fn read_again(state: &mut State) -> Vec<Effect> {
    for photo in &mut state.photographs {
        if photo.opened().is_some() {
            photo.opening = Opening::Closed;
        }
    }
    open_what_is_in_view(state)
}

/// Requests the row after the one in view, so that browsing a folder does not wait.
pub(super) fn open_next(state: &mut State) -> Vec<Effect> {
    let next = state.neighbour(1);
    next.and_then(|id| state.photograph_mut(id))
        .filter(|p| matches!(p.opening, Opening::Closed))
        .map(|p| open(p, Urgency::Later))
        .into_iter()
        .collect()
}

fn open(photo: &mut Photograph, urgency: Urgency) -> Effect {
    photo.opening = Opening::Pending;
    photo.awaited = urgency == Urgency::Now;
    Effect::start(OpenPhotograph {
        photo: photo.id,
        source: photo.source.clone(),
        eye: photo.eye_by_hand,
        urgency,
    })
}

/// Shows another frame of a file with several. It is another picture: what was computed or stated about the former frame
/// does not hold for it. Nothing happens while work on the photograph is in progress.
pub(super) fn show_frame(state: &mut State, id: PhotoId, frame: u32) -> Vec<Effect> {
    if state.is_worked_on(id) {
        return vec![];
    }
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    let Some((now, frames)) = photo.frame().filter(|_| photo.source.has_own_name()) else {
        return vec![];
    };
    if frame == now || !(1..=frames).contains(&frame) {
        return vec![];
    }
    photo.source = photo.source.with_frame(frame);
    (photo.known, photo.frames) = (None, Some(frames));
    photo.keep_answers(|_, _| false);
    photo.fundus = Fundus::default();
    photo.run_end = None;
    (photo.eye_by_hand, photo.accepted, photo.by_user) = (None, false, None);
    photo.opening = Opening::Closed;
    photo.glancing = false;
    state.map_failures.retain(|failure| failure.photo != id);
    state.tracing.take_if(|tracing| tracing.photo == id);
    let mut effects = cover::leave(state);
    effects.extend([OpenPhotograph::stop(id), ReadThumbnail::stop(id)]);
    effects.extend(open_what_is_in_view(state));
    effects
}

/// Requests the thumbnails of visible rows and cancels those that scrolled out of view.
pub(super) fn seen(state: &mut State, ids: &[PhotoId]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut requested = 0;
    // A pending thumbnail changes nothing else in the list.
    let photographs = state.photographs.quietly();
    for photo in photographs.iter_mut().filter(|p| p.glancing) {
        if ids.contains(&photo.id) {
            requested += 1;
        } else {
            photo.glancing = false;
            effects.push(ReadThumbnail::stop(photo.id));
        }
    }
    for id in ids {
        if requested >= GLANCES {
            break;
        }
        let Some(photo) = state.photograph_quietly(*id) else {
            continue;
        };
        let desired =
            photo.lacks_thumbnail() && !photo.glancing && matches!(photo.opening, Opening::Closed);
        if desired {
            photo.glancing = true;
            requested += 1;
            effects.push(Effect::start(ReadThumbnail {
                photo: *id,
                source: photo.source.clone(),
                eye: photo.eye_by_hand,
            }));
        }
    }
    effects
}

/// Requests the thumbnails of photographs on a page over the list. None is cancelled: the list goes on with its own.
pub(super) fn seen_on_page(state: &mut State, ids: &[PhotoId]) -> Vec<Effect> {
    let glancing = state.photographs.iter().filter(|p| p.glancing);
    let mut all: Vec<PhotoId> = glancing.map(|p| p.id).collect();
    all.extend(ids);
    seen(state, &all)
}

pub(super) fn opened(
    state: &mut State,
    id: PhotoId,
    result: Result<Arc<Opened>, Failure>,
) -> Vec<Effect> {
    let in_view = state.selected == Some(id);
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    let line = match result {
        Ok(opened) => {
            let image = &opened.image;
            let line = LogLine::Opened {
                width: image.pixels.width,
                height: image.pixels.height,
            };
            learn(photo, Known::of(image, Arc::clone(&opened.thumbnail)));
            photo.opening = Opening::Ready(opened);
            Effect::Log(line)
        }
        Err(failure) => {
            // The reason is shown on the canvas and in the row; a message would repeat it.
            let line = logged(&failure);
            photo.opening = Opening::Failed(failure);
            line
        }
    };
    let mut effects = vec![line];
    if in_view {
        effects.extend(open_next(state));
    }
    effects
}

pub(super) fn glanced(
    state: &mut State,
    id: PhotoId,
    result: Result<Known, Failure>,
) -> Vec<Effect> {
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    photo.glancing = false;
    match result {
        Ok(known) => learn(photo, known),
        Err(failure) if matches!(photo.opening, Opening::Closed) => {
            photo.opening = Opening::Failed(failure);
        }
        Err(_) => {}
    }
    vec![]
}

/// Stores what was read from a file. If the file changed, its earlier answers no longer hold.
fn learn(photo: &mut Photograph, known: Known) {
    if photo.sha256().is_some_and(|before| before != known.sha256) {
        photo.keep_answers(|_, _| false);
        photo.fundus = Fundus::default();
        photo.run_end = None;
    }
    photo.known = Some(known);
}
