//! What the network sees: the steps of the photograph in view through the model in view.

use std::sync::Arc;

use super::{Loadable, PhotoId, State};
use crate::domain::ModelCard;
use crate::workflow::trace::Trace;

/// The steps requested last.
#[derive(Clone, Debug)]
pub struct Tracing {
    pub photo: PhotoId,
    /// Stored because another card with the same id is another model.
    pub card: Arc<ModelCard>,
    /// Whether the picture was accepted although it does not look like a fundus photograph.
    pub accepted: bool,
    pub steps: Loadable<Arc<Trace>>,
}

impl State {
    /// The steps of what is in view, if they were requested.
    pub fn trace_in_view(&self) -> Option<&Loadable<Arc<Trace>>> {
        let (photo, model) = (self.selected()?, self.model()?);
        let tracing = self.tracing.as_ref()?;
        let is_of_photo = (tracing.photo, tracing.accepted) == (photo.id, photo.accepted);
        (is_of_photo && tracing.card == model.card).then_some(&tracing.steps)
    }
}
