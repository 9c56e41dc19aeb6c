//! Searching the files and folders that the user gave, and the recent files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::common::{report_if_failed, reported};
use super::listing;
use crate::app::found::FoundFiles;
use crate::app::job::{Effect, Job, JobContext, Landing, Slot};
use crate::app::log::LogLine;
use crate::app::state::{MessageTopic, State};
use crate::app::{Failure, WorkflowContext};
use crate::jobs::Lane;
use crate::workflow;

/// Maximum number of recent files.
const RECENT: usize = 12;

/// Finds photographs in files and folders.
#[derive(Clone, Debug)]
pub struct FindFiles {
    /// Numbered so that searches do not replace each other.
    pub number: u64,
    pub paths: Vec<PathBuf>,
}

impl Job for FindFiles {
    fn slot(&self) -> Slot {
        Slot::numbered::<Self>(self.number)
    }

    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let paths = self.paths.clone();
        if let Some(study) = paths.iter().find(|path| workflow::study::is_study(path)) {
            let study = study.clone();
            return Landing::new(move |state| {
                state.finding = false;
                super::study::open(state, study)
            });
        }
        let scan = workflow::find_photographs(&paths, wait.cancel);
        let result = scan.map(FoundFiles::from).map_err(Failure::from);
        Landing::new(move |state| found(state, &paths, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::new(|state| {
            state.finding = false;
            vec![]
        })
    }
}

/// Reads the recent files of earlier sessions.
#[derive(Clone, Copy, Debug)]
pub struct ReadRecent;

impl Job for ReadRecent {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let files = work.recent();
        Landing::new(move |state| recall(state, files))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Saves these recent files, newest first; an empty list clears them.
#[derive(Clone, Debug)]
pub struct SaveRecent(pub Vec<PathBuf>);

impl Job for SaveRecent {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = work.save_recent(&self.0);
        Landing::new(move |state| report_if_failed(state, MessageTopic::SettingsSave, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

pub(super) fn find(state: &mut State, paths: Vec<PathBuf>) -> Vec<Effect> {
    if paths.is_empty() {
        return vec![];
    }
    state.awaits_photographs(&paths);
    state.finding = true;
    let number = state.fresh_id();
    vec![Effect::start(FindFiles { number, paths })]
}

/// Adds what the user opened to the recent files, newest first, if the user enabled that.
pub(super) fn remember(state: &mut State, paths: &[PathBuf]) -> Vec<Effect> {
    if !state.settings.remember_files {
        return vec![];
    }
    let before = state.recent.clone();
    for path in paths.iter().rev() {
        state.recent.retain(|known| known != path);
        state.recent.insert(0, path.clone());
    }
    state.recent.truncate(RECENT);
    if state.recent == before {
        vec![]
    } else {
        vec![Effect::start(SaveRecent(state.recent.clone()))]
    }
}

/// Files of earlier sessions follow those opened while they were being read.
pub(super) fn recall(state: &mut State, files: Vec<PathBuf>) -> Vec<Effect> {
    let opened_since = state.recent.clone();
    for file in files {
        if !state.recent.contains(&file) {
            state.recent.push(file);
        }
    }
    state.recent.truncate(RECENT);
    if opened_since.is_empty() {
        vec![]
    } else {
        vec![Effect::start(SaveRecent(state.recent.clone()))]
    }
}

pub(super) fn found(
    state: &mut State,
    paths: &[PathBuf],
    result: Result<FoundFiles, Failure>,
) -> Vec<Effect> {
    state.finding = false;
    match result {
        Ok(found) => {
            // Paths without photographs are not remembered.
            let files = found.photographs.iter().filter_map(|p| p.source.file());
            let holding: HashSet<&Path> = files.flat_map(Path::ancestors).collect();
            // A typed path may be relative; those of photographs are absolute.
            let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let to_remember: Vec<PathBuf> = paths
                .iter()
                .filter_map(|path| {
                    let mut known = [path.clone(), whole(path)].into_iter();
                    known.find(|path| holding.contains(path.as_path()))
                })
                .collect();
            let mut effects = remember(state, &to_remember);
            let line = LogLine::Added {
                count: found.photographs.len(),
            };
            effects.push(Effect::Log(line));
            let absent = found.absent;
            if found.photographs.is_empty() && absent.is_empty() && found.skipped.is_empty() {
                state.notify(MessageTopic::NothingFound, None);
            }
            if !found.skipped.is_empty() {
                let skipped = found.skipped.clone();
                state.notify(MessageTopic::Skipped { skipped }, None);
            }
            if !absent.is_empty() {
                state.notify(MessageTopic::Absent { names: absent }, None);
            }
            state.skipped.extend(found.skipped);
            let files = found.photographs.iter().filter_map(|p| p.source.file());
            state.found_at(paths, files.map(Path::to_owned).collect());
            effects.extend(listing::add(state, found.photographs));
            effects
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => reported(state, MessageTopic::NothingFound, failure),
    }
}
