//! What the network sees: the steps of the photograph in view through the model in view.

use std::sync::Arc;

use super::{Loadable, PhotoId, State};
use crate::workflow::trace::Trace;

/// The steps that were asked for last.
#[derive(Clone, Debug)]
pub struct Tracing {
    pub photo: PhotoId,
    pub model: String,
    pub steps: Loadable<Arc<Trace>>,
}

impl State {
    /// The steps of what is in view, as far as they were asked for.
    pub fn trace_in_view(&self) -> Option<&Loadable<Arc<Trace>>> {
        let (photo, model) = (self.selected?, self.model()?);
        let tracing = self.tracing.as_ref()?;
        (tracing.photo == photo && tracing.model == model.id).then_some(&tracing.steps)
    }
}
