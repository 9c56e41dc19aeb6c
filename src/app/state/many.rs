//! A run over many photographs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::PhotoId;

/// Which photographs a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
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
pub enum GoingOn {
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
