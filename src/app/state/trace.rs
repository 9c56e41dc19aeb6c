//! What the network sees: the steps of the photograph in view through the model in view.

use std::sync::Arc;

use super::{Loadable, PhotoId, State};
use crate::domain::ModelCard;
use crate::workflow::trace::Trace;

/// The steps that were asked for last.
#[derive(Clone, Debug)]
pub struct Tracing {
    pub photo: PhotoId,
    /// Another card under the same id is another model.
    pub card: Arc<ModelCard>,
    /// Whether the picture was to be used although it does not look like a fundus photograph.
    pub accepted: bool,
    pub steps: Loadable<Arc<Trace>>,
}

impl State {
    /// The steps of what is in view, as far as they were asked for.
    pub fn trace_in_view(&self) -> Option<&Loadable<Arc<Trace>>> {
        let (photo, model) = (self.selected()?, self.model()?);
        let tracing = self.tracing.as_ref()?;
        let is_of_photo = (tracing.photo, tracing.accepted) == (photo.id, photo.accepted);
        (is_of_photo && tracing.card == model.card).then_some(&tracing.steps)
    }
}
