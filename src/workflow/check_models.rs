//! Checks every stored model: is each file what was stored?

use serde::Serialize;

use super::demonstration::{BUNDLED, Bundled};
use super::stored::{self, Stored};
use super::{Context, Error};
use crate::progress::{Cancel, Progress};
use crate::storage::library::{self, ModelFolder};

/// The state of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedModel {
    pub id: String,
    pub state: State,
    /// What is wrong or was repaired; `None` if there is nothing to report.
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every file is what was stored.
    Ok,
    /// It was damaged and was restored from the executable.
    Healed,
    /// It is no longer used.
    Damaged,
    /// It was stored by a version that kept no checksums, and has not been used since.
    Unverified,
}

/// Reads every stored model. One that ships with the application is restored if it is damaged.
///
/// # Errors
/// [`Error::Cancelled`]; what is wrong with a model is part of its state.
pub fn check_models(
    ctx: &Context,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<CheckedModel>, Error> {
    let model_folders = library::model_folders(&ctx.places).into_iter();
    let imported: Vec<ModelFolder> = model_folders
        .filter(|model_folder| Bundled::find(&model_folder.id()).is_none())
        .collect();
    progress.start((BUNDLED.len() + imported.len()) as u64);
    let mut checked = Vec::new();
    for bundled in &BUNDLED {
        checked.push(of_bundled(ctx, bundled, cancel, progress)?);
        progress.advance();
    }
    for model_folder in imported {
        checked.push(of_imported(&model_folder, cancel)?);
        progress.advance();
    }
    Ok(checked)
}

fn of_imported(model_folder: &ModelFolder, cancel: &Cancel) -> Result<CheckedModel, Error> {
    let checked = |state, reason: Option<String>| CheckedModel {
        id: model_folder.id(),
        state,
        reason,
    };
    if model_folder
        .checksums()
        .is_ok_and(|checksums| checksums.is_none())
        && model_folder.look().is_ok()
    {
        let reason = "stored by an earlier version, which kept no checksums; import it again to have it checked";
        return Ok(checked(State::Unverified, Some(reason.to_owned())));
    }
    Ok(match stored::examine(model_folder, cancel) {
        Ok(()) if model_folder.is_adopted() => {
            let reason = "stored by an earlier version; its checksums are newer than the model";
            checked(State::Ok, Some(reason.to_owned()))
        }
        Ok(()) => checked(State::Ok, None),
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(e) => checked(State::Damaged, Some(e.to_string())),
    })
}

fn of_bundled(
    ctx: &Context,
    bundled: &'static Bundled,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CheckedModel, Error> {
    let checked = |state, reason: Option<String>| CheckedModel {
        id: bundled.id.to_owned(),
        state,
        reason,
    };
    // A model of an earlier version, or a missing one, is not damage.
    let model_folder = ModelFolder::of(&ctx.places, bundled.id);
    let sealed = model_folder
        .filter(|s| s.is_stored() && s.checksums().map_or(true, |checksums| checksums.is_some()));
    let damage = match sealed.map(|model_folder| stored::examine(&model_folder, cancel)) {
        Some(Err(Error::Cancelled)) => return Err(Error::Cancelled),
        Some(Err(e)) => Some(e.to_string()),
        Some(Ok(_)) | None => None,
    };
    let stored = match damage {
        Some(_) => stored::restored(ctx, bundled, cancel, progress)?,
        None => stored::of_bundled(ctx, bundled, cancel, progress)?,
    };
    Ok(match (damage, stored) {
        (None, Stored::ModelFolder(_)) => checked(State::Ok, None),
        (None, Stored::Memory(_)) => {
            let reason = "not stored: the library cannot be written to; it runs from memory";
            checked(State::Ok, Some(reason.to_owned()))
        }
        (Some(damage), Stored::ModelFolder(_)) => checked(State::Healed, Some(damage)),
        (Some(damage), Stored::Memory(_)) => {
            let reason =
                format!("{damage}; the library cannot be written to, so it runs from memory");
            checked(State::Damaged, Some(reason))
        }
    })
}
