//! Everything that another panel, an export or a test could observe.

mod anatomy;
mod check;
mod cover;
mod dialog;
mod evaluation;
mod explain;
mod export;
mod labels;
mod library;
pub(in crate::app) mod list;
mod loss;
mod many;
mod message;
mod photograph;
mod records;
mod removal;
mod replay;
mod reproduction;
mod sanity_checks;
mod study;
mod supplement;
mod table_questions;
mod trace;
mod view;
mod watched;

pub use anatomy::{AnatomyState, Covering, Fundus, Measuring, Placing};
pub use check::{Check, CheckedModel, Used as CheckUsed};
pub use cover::{BRUSH_RADII, Brush, CoverAnswer, CoverBasis, CoverFailure};
pub use dialog::{Chosen, Purpose};
pub use evaluation::{
    EvaluatedFilter, EvaluatedPart, EvaluatedWords, Evaluation, EvaluationPlots, EvaluationView,
    Figures, PlotKind, PlotsOf,
};
pub use explain::{Explaining, MapFailure};
pub use export::{ExportDialog, Preview, Previewed, Scope};
pub use labels::{Confirmed, Labels, Proposed};
pub use library::{Import, Library, Loadable, Models, RuntimeInstall};
pub use list::{Counts, FilterChoices, ListView, Only, Show, SortBy, cautions, worst};
pub use loss::{Leaving, Loss};
pub use many::{Many, ManyEnd, ResumePrompt, RunSelection};
pub use message::{Copied, Message, MessageTopic};
pub use photograph::{Known, MapKey, Opened, Opening, PhotoId, Photograph, RunEnd};
pub use records::{FoundRecords, RecordPlace, Records};
pub use removal::{MOST_REMOVALS, Removal};
pub use replay::Replay;
pub use reproduction::Reproduction;
pub use sanity_checks::{RunningSanityChecks, SanityCheckFailure};
pub use study::{
    OpenedStudy, Studies, StudyEnd, StudyForm, StudyHandle, StudyPhotograph, StudyProgress,
};
pub use supplement::{
    Supplement, SupplementCounts, Supplied, columns_for_draws, models_with_two_labels,
};
pub use table_questions::{TableAnswer, TableQuestions};
pub use trace::Tracing;
pub use view::{Display, Layout};
pub(in crate::app) use watched::Basis;
pub use watched::Watched;

pub use crate::export::formats::{ExportFormat, ExportFormats};
pub use crate::workflow::export::{ExportOrder, ExportRow, Exported, IfTaken};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::foreign::{renamed, shown};
use crate::domain::{Laterality, Persons, Skipped};
use crate::imaging::NamePattern;
use crate::saliency::{Recipe, Stage};
use crate::text::window::Texts;
use crate::workflow::{Answer, ModelSummary, Source};

use super::settings::Settings;
use crate::app::Failure;

/// Maximum number of models in one run.
pub const MOST_MODELS: usize = 2;

/// The active run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub photo: PhotoId,
    /// Models that have not answered yet.
    pub models: Vec<String>,
}

/// The window's state. Changed only by [`super::apply()`].
#[derive(Clone, Debug)]
pub struct State {
    pub settings: Settings,
    /// In the order in which they were added, which is the order of their ids.
    pub photographs: Watched<Vec<Photograph>>,
    pub list: ListView,
    /// The photographs that the list shows, in its order.
    pub rows: Vec<PhotoId>,
    pub counts: Counts,
    /// The photograph in view.
    pub selected: Option<PhotoId>,
    /// What was removed from the list, for undo; the last removal last.
    pub removals: Vec<Removal>,
    /// The user is asked whether to leave although something would be lost.
    pub leaving: Option<Leaving>,
    /// Number of the photograph added last.
    pub(super) last_number: usize,
    /// Photographs marked for a run or an export.
    pub marked: BTreeSet<PhotoId>,
    /// Files that were skipped in folders, and why.
    pub skipped: Vec<Skipped>,
    /// How photographs are grouped by person.
    pub persons: Persons,
    /// The pattern of file names that the user accepted for persons and eyes.
    pub name_pattern: Option<NamePattern>,
    /// The photographs among which names were made unique.
    pub(super) named: Vec<PhotoId>,
    /// The inputs from which rows, persons and findings over the list were last derived; `None` before the first time.
    pub(super) basis: Option<Basis>,
    /// Grows whenever photographs, what is known of them, or the rows change.
    pub revision: u64,
    /// The settings as they were saved or are being saved.
    pub(super) saved: Settings,
    /// Folders are being searched.
    pub finding: bool,
    pub models: Models,
    /// Which of the chosen models is in view.
    pub shown_model: Option<String>,
    pub running: Option<Running>,
    /// The recipe of each model's map; [`Recipe::OF_EVERY_RUN`] for models that are absent.
    pub recipes: BTreeMap<String, Recipe>,
    /// Layers suitable for maps, by model, for models whose layers were requested.
    pub stages: BTreeMap<String, Loadable<Vec<Stage>>>,
    pub explaining: Option<Explaining>,
    pub map_failures: Vec<MapFailure>,
    pub running_sanity_checks: Option<RunningSanityChecks>,
    pub sanity_check_failure: Option<SanityCheckFailure>,
    pub anatomy: AnatomyState,
    /// The cover brush, while it is active.
    pub brush: Option<Brush>,
    /// The requested steps through the network.
    pub tracing: Option<Tracing>,
    pub many: Option<Many>,
    pub resume_prompt: ResumePrompt,
    pub layout: Layout,
    pub display: Display,
    pub export: Option<ExportDialog>,
    /// The export folder, once chosen; answers of runs over many photographs are stored there as they arrive.
    pub export_folder: Option<PathBuf>,
    pub library: Library,
    pub check: Check,
    pub labels: Labels,
    pub study: Studies,
    pub recent: Vec<PathBuf>,
    /// A file dialog is open; there is one at a time.
    pub asking: bool,
    /// The photograph whose report goes into the folder that is asked for.
    pub to_report: Option<PhotoId>,
    /// The system offers no file dialog: paths are typed.
    pub no_dialog: bool,
    /// The purpose of a path to be typed, until its field has the focus.
    pub path_requested: Option<Purpose>,
    pub messages: Vec<Message>,
    pub(super) next_id: u64,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self {
            photographs: Watched::default(),
            list: ListView::default(),
            rows: Vec::new(),
            counts: Counts::default(),
            selected: None,
            removals: Vec::new(),
            leaving: None,
            last_number: 0,
            marked: BTreeSet::new(),
            skipped: Vec::new(),
            persons: Persons::default(),
            name_pattern: None,
            named: Vec::new(),
            basis: None,
            revision: 0,
            saved: settings.clone(),
            finding: false,
            models: Models::Pending,
            shown_model: None,
            running: None,
            recipes: BTreeMap::new(),
            stages: BTreeMap::new(),
            explaining: None,
            map_failures: vec![],
            running_sanity_checks: None,
            sanity_check_failure: None,
            anatomy: AnatomyState::default(),
            brush: None,
            tracing: None,
            many: None,
            resume_prompt: ResumePrompt::No,
            layout: Layout::default(),
            display: Display::default(),
            export: None,
            export_folder: None,
            library: Library::default(),
            check: Check::default(),
            labels: Labels::default(),
            study: Studies::default(),
            recent: Vec::new(),
            asking: false,
            to_report: None,
            no_dialog: false,
            path_requested: None,
            messages: Vec::new(),
            next_id: 0,
            settings,
        }
    }

    fn place(&self, id: PhotoId) -> Option<usize> {
        self.photographs.binary_search_by_key(&id, |p| p.id).ok()
    }

    pub fn photograph(&self, id: PhotoId) -> Option<&Photograph> {
        self.place(id).map(|at| &self.photographs[at])
    }

    pub fn selected(&self) -> Option<&Photograph> {
        self.selected.and_then(|id| self.photograph(id))
    }

    /// The name as shown and exported: the file's own, or a number if names are masked.
    pub fn shown_name<'a>(&self, photo: &'a Photograph) -> Cow<'a, str> {
        let t = Texts(self.settings.language);
        match (&photo.source, self.settings.names_masked) {
            (Source::Sample, _) => t.sample_eye().into(),
            (source, true) if source.has_own_name() => t.photograph_number(photo.number).into(),
            (Source::File(_) | Source::Frame { .. } | Source::Masked { .. }, _) => {
                photo.name.as_str().into()
            }
        }
    }

    /// A sentence about a photograph; if names are masked, also the file name within it.
    pub fn shown_sentence(&self, photo: &Photograph, sentence: &str) -> String {
        if self.settings.names_masked && photo.source.has_own_name() {
            // File names in sentences are in their displayable form.
            renamed(sentence, &shown(photo.file_name()), &self.shown_name(photo))
        } else {
            sentence.to_owned()
        }
    }

    /// A sentence about any photographs; if names are masked, it contains none of the list's names.
    pub fn shown_message(&self, sentence: &str) -> String {
        let mut reported = sentence.to_owned();
        if self.settings.names_masked {
            for photo in &self.photographs {
                reported = self.shown_sentence(photo, &reported);
            }
        }
        reported
    }

    pub fn installed(&self) -> &[ModelSummary] {
        match &self.models {
            Models::Ready(models) => models,
            _ => &[],
        }
    }

    /// True while the model is installed with the same card that the answer was computed with.
    pub fn holds(&self, model: &str, answer: &Answer) -> bool {
        self.installed()
            .iter()
            .any(|m| m.id == model && m.card == answer.case.card)
    }

    /// The models of a run: those in the settings that are installed, else the first; at most [`MOST_MODELS`].
    pub fn chosen_models(&self) -> Vec<&ModelSummary> {
        let installed = self.installed();
        let chosen = installed
            .iter()
            .filter(|m| self.settings.models.contains(&m.id));
        let chosen: Vec<_> = chosen.take(MOST_MODELS).collect();
        if chosen.is_empty() {
            installed.iter().take(1).collect()
        } else {
            chosen
        }
    }

    /// The chosen model whose answer is in view.
    pub fn model(&self) -> Option<&ModelSummary> {
        let chosen = self.chosen_models();
        let shown = self.shown_model.as_deref();
        let found = chosen.iter().find(|m| Some(m.id.as_str()) == shown);
        found.or(chosen.first()).copied()
    }

    /// The answer of the model in view on the selected photograph with the map in view; without a map if it is missing.
    pub fn answer(&self) -> Option<&Arc<Answer>> {
        self.seen_on(self.selected()?, &self.model()?.id)
    }

    /// True if every chosen model has answered on the photograph.
    pub fn is_done(&self, photo: &Photograph) -> bool {
        let chosen = self.chosen_models();
        !chosen.is_empty() && chosen.iter().all(|m| photo.answers.contains_key(&m.id))
    }

    /// True if Run would do something: a photograph and a model are ready.
    pub fn can_run(&self) -> bool {
        self.selected().is_some_and(|p| p.opened().is_some()) && self.model().is_some()
    }

    /// True if the photograph in view can be run through a network: it is ready and not refused.
    pub fn can_be_shown_to_a_model(&self) -> bool {
        self.can_run() && !self.selected().is_some_and(Photograph::is_refused)
    }

    /// True for a photograph that can be computed on: in the list and not refused.
    pub fn is_in_use(&self, id: PhotoId) -> bool {
        self.photograph(id).is_some_and(|photo| !photo.is_refused())
    }

    /// Photographs that a run refused because they do not look like fundus photographs.
    pub fn refused_by_runs(&self) -> Vec<PhotoId> {
        let ran = |p: &&Photograph| p.is_refused() && !p.answers.is_empty();
        self.photographs.iter().filter(ran).map(|p| p.id).collect()
    }

    /// True if a run over many photographs could start now.
    pub fn can_run_many(&self) -> bool {
        self.model().is_some()
            && !self.photographs.is_empty()
            && self.can_replay()
            && !self.study.replay.is_running()
    }

    /// True if an export could be made again now: no run is going on.
    pub fn can_replay(&self) -> bool {
        !self.many.as_ref().is_some_and(Many::is_going_on) && !self.study.is_running()
    }

    /// True while the selected photograph is the one being analysed.
    pub fn is_running_here(&self) -> bool {
        self.running
            .as_ref()
            .is_some_and(|r| Some(r.photo) == self.selected)
    }

    /// True while a job computes on the photograph, whose answer would be about its pixels as they are now.
    pub fn is_worked_on(&self, id: PhotoId) -> bool {
        let jobs = [
            self.running.as_ref().map(|r| r.photo),
            self.explaining.as_ref().map(|e| e.photo),
            self.running_sanity_checks.as_ref().map(|c| c.photo),
            self.anatomy.measuring.as_ref().map(|m| m.photo),
            self.anatomy.covering.as_ref().map(|c| c.photo),
        ];
        self.is_waiting(id) || jobs.contains(&Some(id))
    }

    /// True while the photograph is queued in a run over many photographs.
    pub fn is_waiting(&self, id: PhotoId) -> bool {
        self.many
            .as_ref()
            .is_some_and(|m| m.is_going_on() && m.waiting.contains(&id))
    }

    /// The right and the left eye of a person: two marked photographs of different eyes, else the photograph in view
    /// and the nearest photograph of the other eye of the same person, by file name.
    pub fn pair(&self) -> Option<(PhotoId, PhotoId)> {
        let marked: Vec<_> = self
            .marked
            .iter()
            .filter_map(|id| self.photograph(*id))
            .collect();
        if let [a, b] = marked[..]
            && let Some(pair) = in_order(a, b)
        {
            return Some(pair);
        }
        let here = self.selected()?;
        let person = here.person()?;
        self.photographs
            .iter()
            .filter(|p| p.person() == Some(person))
            .filter_map(|p| in_order(here, p))
            .min_by_key(|(od, os)| od.0.abs_diff(os.0))
    }

    /// The photographs whose pixels are needed for the view.
    pub fn in_view(&self) -> Vec<PhotoId> {
        let mut ids: Vec<_> = self.selected.into_iter().collect();
        if self.layout == Layout::Eyes
            && let Some((od, os)) = self.pair()
        {
            ids.extend([od, os]);
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The marked photographs, or the one in view.
    pub fn meant(&self) -> Vec<PhotoId> {
        if self.marked.is_empty() {
            self.selected.into_iter().collect()
        } else {
            self.marked.iter().copied().collect()
        }
    }

    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn photograph_mut(&mut self, id: PhotoId) -> Option<&mut Photograph> {
        self.place(id).map(|at| &mut self.photographs[at])
    }

    /// For changes that nothing else depends on.
    pub(super) fn photograph_quietly(&mut self, id: PhotoId) -> Option<&mut Photograph> {
        let at = self.place(id)?;
        Some(&mut self.photographs.quietly()[at])
    }

    pub(super) fn notify(&mut self, subject: MessageTopic, failure: Option<Failure>) {
        let id = self.fresh_id();
        self.messages.push(Message {
            id,
            subject,
            failure,
        });
    }
}

fn in_order(a: &Photograph, b: &Photograph) -> Option<(PhotoId, PhotoId)> {
    match (a.eye(), b.eye()) {
        (Laterality::Od, Laterality::Os) => Some((a.id, b.id)),
        (Laterality::Os, Laterality::Od) => Some((b.id, a.id)),
        _ => None,
    }
}
