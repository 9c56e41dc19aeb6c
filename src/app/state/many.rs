//! A run over many photographs, and one that the last session left.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{MessageTopic, PhotoId, State};

/// Which photographs a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunSelection {
    /// Those that are marked.
    Marked,
    /// All in the list, also those that a filter hides.
    All,
    /// Those whose file or whose last run failed.
    Failed,
    /// Those that a run left without an answer because they do not look like fundus photographs; they are accepted by it.
    Refused,
}

/// How a run over many ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyEnd {
    Finished,
    Cancelled,
    /// It could not begin, or a defect stopped it; a message says why.
    Failed,
}

/// A run over many photographs that goes on, or the last one that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// Photographs that wait for their turn or are being run.
    pub waiting: BTreeSet<PhotoId>,
    pub total: usize,
    pub failed: usize,
    /// Answered by an earlier run.
    pub recalled: usize,
    /// The folder in which answers are kept as they come.
    pub kept: Option<PathBuf>,
    pub paused: bool,
    pub end: Option<ManyEnd>,
}

/// Whether a run that the last session left goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ResumePrompt {
    #[default]
    No,
    /// The person is asked for the folder of its photographs.
    AwaitsFolder { models: Vec<String> },
    /// Its photographs are being looked for at these paths.
    AwaitsPhotographs {
        models: Vec<String>,
        paths: Vec<PathBuf>,
    },
    /// These are its photographs; it begins when its models are there and no other run goes on.
    Ready {
        models: Vec<String>,
        photographs: Vec<PathBuf>,
    },
}

impl Many {
    pub fn is_going_on(&self) -> bool {
        self.end.is_none()
    }

    /// Photographs that are through, failed ones included.
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

    /// The run over many that goes on.
    pub(in crate::app) fn many_going_on(&mut self) -> Option<&mut Many> {
        self.many.as_mut().filter(|m| m.is_going_on())
    }

    /// Nobody is asked any more whether the run of this folder is to go on.
    pub(in crate::app) fn withdraw_resume_prompt(&mut self, folder: &Path) {
        let is_offer = |subject: &MessageTopic| matches!(subject, MessageTopic::Unexported(run) if run.folder == folder);
        self.messages.retain(|m| !is_offer(&m.subject));
    }

    /// The person has said where its photographs are. What is opened beside the open dialog says nothing of them.
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

    /// The person closed the dialog, or put the offer away.
    pub(in crate::app) fn leave_waiting(&mut self) {
        if matches!(self.resume_prompt, ResumePrompt::AwaitsFolder { .. }) {
            self.resume_prompt = ResumePrompt::No;
        }
    }

    /// These files were found at some paths: the photographs of the run that goes on, if it waits for those.
    pub(in crate::app) fn found_at(&mut self, at: &[PathBuf], photographs: Vec<PathBuf>) {
        let ResumePrompt::AwaitsPhotographs { models, paths } = &mut self.resume_prompt else {
            return;
        };
        if paths != at {
            return;
        }
        let models = std::mem::take(models);
        // Where none is there any more, a message says so.
        self.resume_prompt = match photographs.is_empty() {
            true => ResumePrompt::No,
            false => ResumePrompt::Ready {
                models,
                photographs,
            },
        };
    }
}
