//! Which map of each model is in view, and which one is being computed.

use std::sync::Arc;

use super::{Layout, Loadable, MapKey, PhotoId, Photograph, State};
use crate::app::Failure;
use crate::imaging::overlay::OverlayOptions;
use crate::saliency::Recipe;
use crate::workflow::two_maps::with_common_scale;
use crate::workflow::{Answer, ModelSummary};

static OF_EVERY_RUN: Recipe = Recipe::OF_EVERY_RUN;

/// A map that is being computed. There is one at a time; a newer one replaces it.
#[derive(Clone, Debug)]
pub struct Explaining {
    pub photo: PhotoId,
    pub key: MapKey,
    /// A coarser or noisier preview of the map. Shown, never exported.
    pub interim: Option<Arc<Answer>>,
    /// The map of the other model, computed next if two models are in view.
    pub next: Option<MapKey>,
}

/// Why a map could not be computed, until maps are requested again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapFailure {
    pub photo: PhotoId,
    pub key: MapKey,
    pub failure: Failure,
}

impl State {
    /// The recipe of this model's map in view.
    pub fn recipe_of(&self, model: &str) -> &Recipe {
        self.recipes.get(model).unwrap_or(&OF_EVERY_RUN)
    }

    /// Channels of the feature map used for a class activation map with this recipe; `None` until the model's layers
    /// are read.
    pub fn channels_of(&self, model: &str, recipe: &Recipe) -> Option<usize> {
        let Some(Loadable::Ready(stages)) = self.stages.get(model) else {
            return None;
        };
        let stage = match &recipe.layer {
            Some(layer) => stages.iter().find(|stage| stage.layer == *layer),
            None => stages.last(),
        };
        stage.map(|stage| stage.channels)
    }

    /// A model's answer on a photograph with the finished map of the chosen recipe, or without a map if there is none
    /// yet.
    pub fn answer_on<'a>(&self, photo: &'a Photograph, model: &str) -> Option<&'a Arc<Answer>> {
        photo.answer(model, self.recipe_of(model))
    }

    /// As [`Self::answer_on`], for the screen: unfinished maps included.
    pub fn seen_on<'a>(&'a self, photo: &'a Photograph, model: &str) -> Option<&'a Arc<Answer>> {
        let recipe = self.recipe_of(model);
        let finished = photo.map(model, recipe);
        let on_the_way = || {
            let explaining = self.explaining.as_ref()?;
            let key = &explaining.key;
            let is_it = explaining.photo == photo.id && key.model == model && key.recipe == *recipe;
            explaining.interim.as_ref().filter(|_| is_it)
        };
        finished
            .or_else(on_the_way)
            .or_else(|| photo.answers.get(model))
    }

    /// The map that the panel describes: the selected photograph, the model in view and its recipe.
    pub fn map_in_view(&self) -> Option<(PhotoId, MapKey)> {
        let model = self.model()?.id.clone();
        let recipe = self.recipe_of(&model).clone();
        Some((self.selected?, MapKey { model, recipe }))
    }

    /// The models whose maps are in view, the panel's model first.
    pub fn models_in_view(&self) -> Vec<&ModelSummary> {
        let first = self.model();
        let others = self.chosen_models().into_iter();
        let others = others.filter(|m| {
            self.layout == Layout::Models && Some(m.id.as_str()) != first.map(|f| f.id.as_str())
        });
        first.into_iter().chain(others).collect()
    }

    /// The maps of the selected photograph that should be in view but do not exist.
    pub fn maps_missing(&self) -> Vec<MapKey> {
        let Some(photo) = self.selected() else {
            return vec![];
        };
        let models = self.models_in_view().into_iter();
        let keys = models.map(|m| MapKey {
            model: m.id.clone(),
            recipe: self.recipe_of(&m.id).clone(),
        });
        keys.filter(|key| !photo.maps.contains_key(key)).collect()
    }

    /// True while a map in view is being computed.
    pub fn is_explaining_here(&self) -> bool {
        let missing = self.maps_missing();
        let explaining = self.explaining.as_ref();
        explaining.is_some_and(|e| Some(e.photo) == self.selected && missing.contains(&e.key))
    }

    /// True if a map in view is missing and could be computed now.
    pub fn can_explain(&self) -> bool {
        let ready = |p: &Photograph| p.opened().is_some() && !p.is_refused();
        let opened = self.selected().is_some_and(ready);
        opened && !self.is_explaining_here() && !self.maps_missing().is_empty()
    }

    /// How maps are drawn over a photograph: two models or two eyes side by side share a colour scale.
    pub fn overlay_on(&self, photo: &Photograph) -> OverlayOptions {
        let overlay = &self.settings.overlay;
        let answers: Vec<&Answer> = match self.layout {
            Layout::Models => {
                let models = self.models_in_view().into_iter();
                let seen = models.filter_map(|m| self.seen_on(photo, &m.id));
                seen.map(Arc::as_ref).collect()
            }
            Layout::Eyes => self.seen_on_both_eyes(photo),
            Layout::Single | Layout::SideBySide | Layout::Table => return *overlay,
        };
        with_common_scale(overlay, answers)
    }

    /// The answers of the model in view on both eyes, if the photograph is one of them.
    fn seen_on_both_eyes(&self, photo: &Photograph) -> Vec<&Answer> {
        let (Some(model), Some((od, os))) = (self.model(), self.pair()) else {
            return vec![];
        };
        if ![od, os].contains(&photo.id) {
            return vec![];
        }
        let eyes = [od, os].into_iter().filter_map(|id| self.photograph(id));
        let seen = eyes.filter_map(|eye| self.seen_on(eye, &model.id));
        seen.map(Arc::as_ref).collect()
    }

    /// The models whose maps in view could not be computed, and why.
    pub fn map_failures(&self) -> Vec<(&ModelSummary, &Failure)> {
        let of_model = |model: &ModelSummary| {
            let recipe = self.recipe_of(&model.id);
            let is_it = |u: &&MapFailure| {
                Some(u.photo) == self.selected && u.key.model == model.id && u.key.recipe == *recipe
            };
            self.map_failures.iter().find(is_it).map(|u| &u.failure)
        };
        let models = self.models_in_view().into_iter();
        models.filter_map(|m| Some((m, of_model(m)?))).collect()
    }
}
