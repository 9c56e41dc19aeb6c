//! The check of every stored model: is each file what was stored?

use serde::Serialize;

use super::demonstration::{BUNDLED, Bundled};
use super::stored::{self, Stored};
use super::{Context, Error};
use crate::progress::{Cancel, Progress};
use crate::storage::library::{self, Shelf};

/// What came of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedModel {
    pub id: String,
    pub state: State,
    /// What is wrong or was mended; `None` where nothing is to be said.
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every file is what was stored.
    Ok,
    /// It was damaged and was stored anew from the executable.
    Healed,
    /// It is not used any more.
    Damaged,
    /// It was stored by a version that kept no checksums, and has not been used since.
    Unverified,
}

/// Reads every stored model through. One that ships with the application is restored where it is damaged.
///
/// # Errors
/// [`Error::Cancelled`]; what is wrong with a model is told with it.
pub fn check_models(
    ctx: &Context,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<CheckedModel>, Error> {
    let shelves = library::shelves(&ctx.places).into_iter();
    let imported: Vec<Shelf> = shelves
        .filter(|shelf| Bundled::find(&shelf.id()).is_none())
        .collect();
    progress.start((BUNDLED.len() + imported.len()) as u64);
    let mut checked = Vec::new();
    for bundled in &BUNDLED {
        checked.push(of_bundled(ctx, bundled, cancel, progress)?);
        progress.advance();
    }
    for shelf in imported {
        checked.push(of_imported(&shelf, cancel)?);
        progress.advance();
    }
    Ok(checked)
}

fn of_imported(shelf: &Shelf, cancel: &Cancel) -> Result<CheckedModel, Error> {
    let checked = |state, reason: Option<String>| CheckedModel {
        id: shelf.id(),
        state,
        reason,
    };
    if shelf.sums().is_ok_and(|sums| sums.is_none()) && shelf.look().is_ok() {
        let reason = "stored by an earlier version, which kept no checksums; import it again to have it checked";
        return Ok(checked(State::Unverified, Some(reason.to_owned())));
    }
    Ok(match stored::examine(shelf, cancel) {
        Ok(()) if shelf.is_adopted() => {
            let reason = "stored by an earlier version; its checksums are younger than the model";
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
    // One of an earlier version, or none at all, is no damage.
    let shelf = Shelf::of(&ctx.places, bundled.id);
    let sealed = shelf.filter(|s| s.is_stored() && s.sums().map_or(true, |sums| sums.is_some()));
    let damage = match sealed.map(|shelf| stored::examine(&shelf, cancel)) {
        Some(Err(Error::Cancelled)) => return Err(Error::Cancelled),
        Some(Err(e)) => Some(e.to_string()),
        Some(Ok(_)) | None => None,
    };
    let stored = match damage {
        Some(_) => stored::restored(ctx, bundled, cancel, progress)?,
        None => stored::of_bundled(ctx, bundled, cancel, progress)?,
    };
    Ok(match (damage, stored) {
        (None, Stored::Shelf(_)) => checked(State::Ok, None),
        (None, Stored::Memory(_)) => {
            let reason = "not stored: the library cannot be written to; it runs from memory";
            checked(State::Ok, Some(reason.to_owned()))
        }
        (Some(damage), Stored::Shelf(_)) => checked(State::Healed, Some(damage)),
        (Some(damage), Stored::Memory(_)) => {
            let reason =
                format!("{damage}; the library cannot be written to, so it runs from memory");
            checked(State::Damaged, Some(reason))
        }
    })
}
