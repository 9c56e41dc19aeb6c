//! What is needed to reproduce the answer in view outside this window.

use strum::IntoEnumIterator;

use std::path::PathBuf;

use super::State;
use crate::domain::{EngineUsed, Laterality};
use crate::runtime::Device;
use crate::saliency::Recipe;
use crate::workflow::Answer;

/// The photograph, the models and the settings of the answer in view.
#[derive(Clone, Debug, PartialEq)]
pub struct Reproduction {
    /// `None` if names are masked, and for the sample eye, which is not a file.
    pub photograph: Option<PathBuf>,
    pub names_masked: bool,
    /// The chosen frame of a file with several, if it is not the first.
    pub frame: Option<u32>,
    /// Ids of the models that answered, the one in view first.
    pub models: Vec<String>,
    /// The device that they ran on.
    pub device: Device,
    /// The eye as stated by the user.
    pub eye: Option<Laterality>,
    /// Accepted although it does not look like a fundus photograph.
    pub accepted: bool,
    /// The recipe of the map in view, if it differs from that of every run.
    pub recipe: Option<Recipe>,
}

impl State {
    /// `None` if no answer is in view, and while parts of the photograph are covered by hand.
    pub fn reproduction(&self) -> Option<Reproduction> {
        let photo = self.selected()?;
        if self
            .brush_on(photo.id)
            .is_some_and(super::Brush::is_painted)
        {
            return None;
        }
        let in_view = self.answer()?;
        let first = self.model()?.id.clone();
        let others = self.chosen_models().into_iter().map(|m| m.id.clone());
        let others = others.filter(|id| *id != first && photo.answers.contains_key(id));
        let recipe = self.recipe_of(&first);
        let has_map = photo.map(&first, recipe).is_some();
        let file = photo.source.file().filter(|_| !self.settings.names_masked);
        Some(Reproduction {
            photograph: file.map(std::path::Path::to_owned),
            names_masked: self.settings.names_masked && photo.source.has_own_name(),
            frame: photo.source.frame(),
            device: device_of(in_view),
            eye: photo.eye_by_hand,
            accepted: photo.accepted,
            recipe: (has_map && *recipe != Recipe::OF_EVERY_RUN).then(|| recipe.clone()),
            models: std::iter::once(first.clone()).chain(others).collect(),
        })
    }
}

/// The device to request in order to run on the one that was used.
fn device_of(answer: &Answer) -> Device {
    let Some(EngineUsed { provider, .. }) = &answer.case.used else {
        return Device::Auto;
    };
    let named = |device: &Device| device.provider_name() == Some(provider.as_str());
    Device::iter().find(named).unwrap_or(Device::Embedded)
}
