//! The study that is open in the window, and the form of a new one.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Evaluation, Loadable, Records, Replay, Supplement};
use crate::app::Failure;
use crate::domain::{LabelMapping, Study};
use crate::text::remark::Remark;
use crate::workflow::study::{OpenStudy, StudyStatus};

/// The open study, kept from other windows as long as one of these exists. A run holds it to its end.
#[derive(Clone)]
pub struct StudyHandle(Arc<Mutex<OpenStudy>>);

impl StudyHandle {
    pub fn new(open: OpenStudy) -> Self {
        Self(Arc::new(Mutex::new(open)))
    }

    /// Waits while a run has it.
    pub fn lock(&self) -> MutexGuard<'_, OpenStudy> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for StudyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StudyHandle")
    }
}

/// Studies in the window.
#[derive(Clone, Debug, Default)]
pub struct Studies {
    pub form: StudyForm,
    /// A study is being opened or created.
    pub pending: bool,
    /// Why the last one was not.
    pub failure: Option<Failure>,
    /// The page of studies is to come into view.
    pub wanted: bool,
    /// The input that the user is asked for, as the study refers to it.
    pub(in crate::app) to_find: Option<String>,
    pub open: Option<OpenedStudy>,
    /// Of the open study.
    pub evaluation: Evaluation,
    pub supplement: Supplement,
    /// Of any study, which need not be open.
    pub replay: Replay,
    /// Of the open study.
    pub records: Records,
}

/// The form of a new study.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudyForm {
    pub folder: Option<PathBuf>,
    /// Folders of photographs, and tables that list them; without any, the photographs of the list are meant.
    pub inputs: Vec<PathBuf>,
}

/// A photograph of the study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyPhotograph {
    /// Its name in the rows of a run.
    pub name: String,
    pub path: PathBuf,
}

/// The study that is open.
#[derive(Clone, Debug)]
pub struct OpenedStudy {
    pub handle: StudyHandle,
    pub folder: PathBuf,
    pub study: Arc<Study>,
    /// Its folder cannot be written to: it can be looked at, but neither changed nor run.
    pub read_only: bool,
    pub photographs: Arc<Vec<StudyPhotograph>>,
    /// Inputs that are not found, as the study refers to them.
    pub moved: Vec<String>,
    /// Labels that were confirmed during a run, which holds the study until its end.
    pub(in crate::app) labels_to_keep: Option<LabelMapping>,
    pub status: Loadable<Arc<StudyStatus>>,
    pub run: Option<StudyProgress>,
    /// Why the last change of the study failed.
    pub failure: Option<Failure>,
}

impl Studies {
    /// A run of the open study is in progress.
    pub fn is_running(&self) -> bool {
        self.open.as_ref().is_some_and(OpenedStudy::is_running)
    }
}

/// How a run of a study ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudyEnd {
    Finished,
    Interrupted,
    Failed,
}

/// The current run of the study, or the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudyProgress {
    pub paused: bool,
    /// The user stopped it; it ends with the photograph in work.
    pub stopping: bool,
    /// Photographs that failed so far.
    pub failed: usize,
    pub end: Option<StudyEnd>,
    pub remarks: Vec<Remark>,
}

impl OpenedStudy {
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.end.is_none())
    }

    /// True if a run could start: there are models and photographs, and the folder can be written to.
    pub fn can_run(&self) -> bool {
        let is_known = self.moved.is_empty() && !self.photographs.is_empty();
        !self.read_only && !self.is_running() && is_known && !self.study.models.is_empty()
    }

    /// The run in progress.
    pub(in crate::app) fn running_mut(&mut self) -> Option<&mut StudyProgress> {
        self.run.as_mut().filter(|run| run.end.is_none())
    }
}
