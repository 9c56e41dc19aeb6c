//! Actions on runs, of one photograph and of many, each passed to the file that carries it out.

use super::{many, predict, resume};
use crate::app::job::Effect;
use crate::app::state::{RunSelection, State};
use crate::workflow::Unexported;
use std::path::PathBuf;

/// Runs on the photograph in view and on many photographs.
#[derive(Clone, Debug)]
pub enum Run {
    Start,
    Cancel,
    StartMany(RunSelection),
    Pause,
    Resume,
    CancelMany,
    /// Resumes the run that the last session left.
    GoOn(Box<Unexported>),
    /// Stops offering that run.
    ForgetRun(PathBuf),
}

pub(super) fn apply(state: &mut State, action: Run) -> Vec<Effect> {
    match action {
        Run::Start => predict::start(state),
        Run::Cancel => predict::cancel(state),
        Run::StartMany(which) => many::start(state, which),
        Run::Pause => many::pause(state, true),
        Run::Resume => many::pause(state, false),
        Run::CancelMany => many::cancel(state),
        Run::GoOn(run) => resume::go_on(state, *run),
        Run::ForgetRun(folder) => resume::forget(state, folder),
    }
}
