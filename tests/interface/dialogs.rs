//! A file dialog with answers prepared by the test.

use std::collections::HashMap;
use std::sync::Arc;

use gantei::app::state::{Chosen, Purpose};
use gantei::progress::Cancel;
use gantei::text::window::Texts;
use gantei::ui::picker::{Picker, Question};

use crate::engine::KeyedLock;

/// Answers of a file dialog for each purpose, given at once or on release.
#[derive(Default)]
pub struct Answers {
    pub chosen: HashMap<&'static str, Chosen>,
    /// What the dialog waits for.
    pub turns: Arc<KeyedLock>,
}

/// The key of a purpose.
pub fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Photographs => "photographs",
        Purpose::Folder => "folder",
        Purpose::ExportFolder
        | Purpose::ModelFolder
        | Purpose::ReportFolder
        | Purpose::EvaluationFolder
        | Purpose::SupplementFolder => "export folder",
        Purpose::Keras => "keras",
        Purpose::KerasFolder => "keras folder",
        Purpose::Runtime => "runtime",
        Purpose::CheckLabels | Purpose::Labels => "check labels",
        Purpose::LabelLists => "label lists",
        Purpose::CheckImages => "check images",
        Purpose::StudyFolder => "study folder",
        Purpose::StudyInput => "study input",
        Purpose::Study => "study",
        Purpose::ReplayFolder => "replay folder",
        Purpose::StudyMoved => "study moved",
    }
}

impl Picker for Answers {
    fn ask(&self, purpose: Purpose, _: Texts) -> Question {
        let chosen = self.chosen.get(word(purpose)).cloned();
        let turns = Arc::clone(&self.turns);
        Box::new(move || {
            turns.take(&Cancel::new());
            chosen.unwrap_or(Chosen::Nothing)
        })
    }
}
