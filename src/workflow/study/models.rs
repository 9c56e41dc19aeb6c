//! The models of a study, and whether the library still has them.

use serde::Serialize;

use crate::domain::{Study, StudyModel};
use crate::text::failures::StudyFault;
use crate::workflow::{Context, Error, models};

/// Whether the library has a model of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelState {
    /// With the same file and card.
    Same,
    /// With another file or card.
    Replaced,
    Missing,
}

/// The states of the models of a study, in their order.
pub fn model_states(ctx: &Context, study: &Study) -> Vec<(String, ModelState)> {
    let library = models(ctx);
    let state = |model: &StudyModel| {
        let found = library.iter().find(|found| found.id == model.id);
        let state = match found {
            None => ModelState::Missing,
            Some(found) if *found.card == model.card && found.sha256 == model.sha256 => {
                ModelState::Same
            }
            Some(_) => ModelState::Replaced,
        };
        (model.id.clone(), state)
    };
    study.models.iter().map(state).collect()
}

/// # Errors
/// The study has no model, or one that is not in the library as the study has it.
pub(super) fn check(ctx: &Context, study: &Study) -> Result<(), Error> {
    let states = model_states(ctx, study);
    let ids = |desired: ModelState| {
        let of = states.iter().filter(|(_, state)| *state == desired);
        of.map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    let (missing, replaced) = (ids(ModelState::Missing), ids(ModelState::Replaced));
    Err(
        match (states.is_empty(), missing.is_empty(), replaced.is_empty()) {
            (true, ..) => StudyFault::NoModel,
            (_, false, _) => StudyFault::ModelsMissing { ids: missing },
            (_, _, false) => StudyFault::ModelsReplaced {
                ids: replaced,
                all: states.iter().map(|(id, _)| id.clone()).collect(),
            },
            (false, true, true) => return Ok(()),
        }
        .into(),
    )
}

/// Models as the library has them now; one that is named twice counts once.
pub(super) fn chosen(ctx: &Context, ids: &[String]) -> Result<Vec<StudyModel>, Error> {
    let library = models(ctx);
    let mut chosen: Vec<StudyModel> = Vec::new();
    for id in ids {
        let found = library.iter().find(|model| model.id == *id);
        let found = found.ok_or_else(|| Error::NoSuchModel(id.clone()))?;
        if !chosen.iter().any(|model| model.id == *id) {
            chosen.push((&*found.card).into());
        }
    }
    Ok(chosen)
}
