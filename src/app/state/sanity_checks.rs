//! Sanity checks of the map in view: results and the current run.

use super::{MapKey, PhotoId, State};
use crate::app::Failure;
use crate::saliency::sanity_checks::SanityChecks;
use crate::workflow::Answer;

/// Sanity checks in progress. There is one run at a time; a newer one replaces it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningSanityChecks {
    pub photo: PhotoId,
    pub key: MapKey,
    /// The finished parts. Shown, never exported.
    pub found: SanityChecks,
}

/// Why the sanity checks could not be run, until others are requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanityCheckFailure {
    pub photo: PhotoId,
    pub key: MapKey,
    pub failure: Failure,
}

impl State {
    /// The results of the sanity checks of the map in view so far.
    pub fn sanity_checks(&self) -> Option<&SanityChecks> {
        let so_far = self
            .running_sanity_checks
            .as_ref()
            .filter(|_| self.are_sanity_checks_running());
        let finished = || self.finished_map()?.sanity_checks.as_deref();
        so_far.map(|c| &c.found).or_else(finished)
    }

    /// True while the sanity checks of the map in view are running.
    pub fn are_sanity_checks_running(&self) -> bool {
        let here = self.map_in_view();
        let running_sanity_checks = self.running_sanity_checks.as_ref();
        running_sanity_checks.is_some_and(|c| here == Some((c.photo, c.key.clone())))
    }

    /// True if the map in view exists and its sanity checks are missing but could be run now.
    pub fn can_check_map(&self) -> bool {
        let opened = self.selected().is_some_and(|p| p.opened().is_some());
        let unknown = self
            .finished_map()
            .is_some_and(|a| a.sanity_checks.is_none());
        opened && unknown && !self.are_sanity_checks_running()
    }

    /// Why the sanity checks of the map in view could not be run.
    pub fn sanity_check_failure(&self) -> Option<&Failure> {
        let here = self.map_in_view()?;
        let why = self.sanity_check_failure.as_ref()?;
        (here == (why.photo, why.key.clone())).then_some(&why.failure)
    }

    /// The answer with the finished map in view.
    fn finished_map(&self) -> Option<&Answer> {
        let model = &self.model()?.id;
        let map = self.selected()?.map(model, self.recipe_of(model))?;
        Some(map)
    }
}
