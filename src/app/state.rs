//! Everything another panel, an export or a test could observe.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clinic::{FundusImage, Pixels};
use crate::workflow::{ModelSummary, Source};

use super::pyramid::Pyramid;
use super::settings::Settings;
use super::verbs::{Answer, Failure};

/// A photograph's place in the list, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub u64);

/// A photograph ready to be drawn and analysed.
#[derive(Clone, Debug)]
pub struct Opened {
    pub image: FundusImage,
    pub pyramid: Pyramid,
    /// Small picture for the list.
    pub thumbnail: Arc<Pixels>,
}

/// How far a photograph has come.
#[derive(Clone, Debug)]
pub enum Opening {
    /// Waits for its turn or is being read.
    Pending,
    Ready(Arc<Opened>),
    Failed(Failure),
    /// Read before; its pixels were let go to keep memory bounded.
    LetGo,
}

/// How the last run on a photograph ended, where it gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Cancelled,
    Failed(Failure),
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub id: PhotoId,
    pub source: Source,
    /// The file's own name, or the sample's.
    pub name: String,
    pub opening: Opening,
    /// Kept when the pixels are let go.
    pub thumbnail: Option<Arc<Pixels>>,
    /// Digest of the file the answers belong to.
    pub sha256: Option<String>,
    /// Answers by model.
    pub answers: BTreeMap<String, Arc<Answer>>,
    pub run_end: Option<RunEnd>,
    /// Rises with every selection; the smallest is let go first.
    pub last_used: u64,
}

impl Photograph {
    pub fn opened(&self) -> Option<&Arc<Opened>> {
        match &self.opening {
            Opening::Ready(opened) => Some(opened),
            _ => None,
        }
    }
}

/// The installed models.
#[derive(Clone, Debug)]
pub enum Models {
    Pending,
    Ready(Vec<ModelSummary>),
    Failed(Failure),
}

/// The run that is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub photo: PhotoId,
    pub model: String,
}

/// What a message is about; its sentences are chosen where it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A photograph could not be opened.
    Open {
        name: String,
    },
    Run,
    Models,
    SettingsSave,
    DialogMissing,
    /// A task panicked.
    Internal,
}

/// A message in the corner, until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: u64,
    pub subject: Subject,
    pub failure: Failure,
}

/// The window's state. Changed by [`super::apply`] alone.
#[derive(Clone, Debug)]
pub struct State {
    pub settings: Settings,
    pub photographs: Vec<Photograph>,
    pub selected: Option<PhotoId>,
    pub models: Models,
    pub running: Option<Running>,
    /// A file dialog is open; there is one at a time.
    pub asking: bool,
    pub messages: Vec<Message>,
    pub(super) next_id: u64,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            photographs: Vec::new(),
            selected: None,
            models: Models::Pending,
            running: None,
            asking: false,
            messages: Vec::new(),
            next_id: 0,
        }
    }

    pub fn photograph(&self, id: PhotoId) -> Option<&Photograph> {
        self.photographs.iter().find(|p| p.id == id)
    }

    pub fn selected(&self) -> Option<&Photograph> {
        self.selected.and_then(|id| self.photograph(id))
    }

    /// The chosen model: the one in the settings where it is installed, else the first.
    pub fn model(&self) -> Option<&ModelSummary> {
        let Models::Ready(models) = &self.models else {
            return None;
        };
        let chosen = self.settings.model.as_deref();
        models
            .iter()
            .find(|m| Some(m.id.as_str()) == chosen)
            .or(models.first())
    }

    /// The chosen model's answer on the selected photograph.
    pub fn answer(&self) -> Option<&Arc<Answer>> {
        self.selected()?.answers.get(&self.model()?.id)
    }

    /// True when Run would do something: a photograph and a model are ready.
    pub fn can_run(&self) -> bool {
        self.selected().is_some_and(|p| p.opened().is_some()) && self.model().is_some()
    }

    /// True while the selected photograph is the one being analysed.
    pub fn is_running_here(&self) -> bool {
        self.running
            .as_ref()
            .is_some_and(|r| Some(r.photo) == self.selected)
    }

    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn photograph_mut(&mut self, id: PhotoId) -> Option<&mut Photograph> {
        self.photographs.iter_mut().find(|p| p.id == id)
    }

    pub(super) fn tell(&mut self, subject: Subject, failure: Failure) {
        let id = self.fresh_id();
        self.messages.push(Message {
            id,
            subject,
            failure,
        });
    }
}
