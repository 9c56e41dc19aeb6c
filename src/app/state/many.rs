//! A run over many photographs, and an unfinished one from the last session.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{MessageTopic, PhotoId, State};

/// Which photographs a run covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunSelection {
    /// The marked ones.
    Marked,
    /// All in the list, including those hidden by a filter.
    All,
    /// Those that could not be opened or whose last run failed.
    Failed,
    /// Those that a run refused because they do not look like fundus photographs; this run accepts them.
    Refused,
}

/// How a run over many ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyEnd {
    Finished,
    Cancelled,
    /// It could not begin, or a defect stopped it; a message gives the reason.
    Failed,
}

/// The current run over many photographs, or the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// Photographs that are queued or being run.
    pub waiting: BTreeSet<PhotoId>,
    pub total: usize,
    pub failed: usize,
    /// Answered by an earlier run.
    pub recalled: usize,
    /// The folder in which answers are stored as they arrive.
    pub kept: Option<PathBuf>,
    pub paused: bool,
    pub end: Option<ManyEnd>,
}

/// Whether an unfinished run from the last session is resumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ResumePrompt {
    #[default]
    No,
    /// The user is asked for the folder of its photographs.
    AwaitsFolder { models: Vec<String> },
    /// Its photographs are being searched for at these paths.
    AwaitsPhotographs {
        models: Vec<String>,
        paths: Vec<PathBuf>,
    },
    /// Its photographs; the run begins once its models are loaded and no other run is active.
    Ready {
        models: Vec<String>,
        photographs: Vec<PathBuf>,
    },
}

impl Many {
    pub fn is_going_on(&self) -> bool {
        self.end.is_none()
    }

    /// Photographs that are finished, including failures.
    pub fn done(&self) -> usize {
        self.total - self.waiting.len()
    }
}

impl State {
    /// Those of `ids` that the list shows, in its order, then the others.
    pub(in crate::app) fn rows_first(&self, ids: &[PhotoId]) -> Vec<PhotoId> {
        let desired: BTreeSet<_> = ids.iter().copied().collect();
        let shown: Vec<_> = self
            .rows
            .iter()
            .copied()
            .filter(|id| desired.contains(id))
            .collect();
        let there: BTreeSet<_> = shown.iter().copied().collect();
        let hidden = desired.into_iter().filter(|id| !there.contains(id));
        shown.into_iter().chain(hidden).collect()
    }

    /// The active run over many photographs.
    pub(in crate::app) fn many_going_on(&mut self) -> Option<&mut Many> {
        self.many.as_mut().filter(|m| m.is_going_on())
    }

    /// Withdraws the offer to resume the run of this folder.
    pub(in crate::app) fn withdraw_resume_prompt(&mut self, folder: &Path) {
        let is_offer = |subject: &MessageTopic| matches!(subject, MessageTopic::Unexported(run) if run.folder == folder);
        self.messages.retain(|m| !is_offer(&m.subject));
    }

    /// The user has chosen the location of its photographs. Files opened while the dialog is open are ignored.
    pub(in crate::app) fn awaits_photographs(&mut self, paths: &[PathBuf]) {
        if self.asking {
            return;
        }
        if let ResumePrompt::AwaitsFolder { models } = &mut self.resume_prompt {
            let (models, paths) = (std::mem::take(models), paths.to_owned());
            self.resume_prompt = ResumePrompt::AwaitsPhotographs { models, paths };
            if let Some(folder) = self.export_folder.clone() {
                self.withdraw_resume_prompt(&folder);
            }
        }
    }

    /// The user closed the dialog or dismissed the offer.
    pub(in crate::app) fn leave_waiting(&mut self) {
        if matches!(self.resume_prompt, ResumePrompt::AwaitsFolder { .. }) {
            self.resume_prompt = ResumePrompt::No;
        }
    }

    /// Files were found at these paths: the photographs of the run to resume, if it waits for them.
    pub(in crate::app) fn found_at(&mut self, at: &[PathBuf], photographs: Vec<PathBuf>) {
        let ResumePrompt::AwaitsPhotographs { models, paths } = &mut self.resume_prompt else {
            return;
        };
        if paths != at {
            return;
        }
        let models = std::mem::take(models);
        // If none exists any more, a message reports it.
        self.resume_prompt = match photographs.is_empty() {
            true => ResumePrompt::No,
            false => ResumePrompt::Ready {
                models,
                photographs,
            },
        };
    }
}
