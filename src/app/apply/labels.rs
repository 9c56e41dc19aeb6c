//! The labels of the photographs in the list: reading a table under the user's answers, confirming it, saving lists.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::common::{ask, reported};
use super::study;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{
    Confirmed, Loadable, MessageTopic, PhotoId, Proposed, Purpose, State, TableAnswer,
    TableQuestions,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{LabelMapping, Laterality, Role};
use crate::evaluation::{Answers, DesiredValue};
use crate::jobs::Lane;
use crate::progress::Cancel;
use crate::workflow::study::labels::{
    LabelList, LabelLists, LabelRequest, NO_COLUMN, Proposal, StudyLabels, columns, desired_values,
    is_changed, propose, read, save_list, stated_record,
};
use crate::workflow::study::recorded_ages;
use crate::workflow::{Error, Source};

/// The page of labels.
#[derive(Clone, Debug)]
pub enum Labels {
    AskForTable,
    Table(PathBuf),
    /// The column of this name holds the role, or nothing that is read.
    Column(String, Option<Role>),
    Answer(TableAnswer),
    /// The page came into view: the photographs or the table may have changed.
    Look,
    Confirm,
    /// Asks for a folder and saves a list into it.
    SaveList(LabelList),
    /// Saves the list that a folder was asked for.
    SaveInto(PathBuf),
}

/// The photographs that a table is about.
#[derive(Clone, Debug)]
pub struct ListedPhotographs {
    ids: Vec<PhotoId>,
    names: Vec<String>,
    eyes: Vec<Laterality>,
    sources: Vec<Source>,
    values: Vec<DesiredValue>,
    masked: bool,
}

impl ListedPhotographs {
    fn of(state: &State) -> Self {
        let cards: Vec<_> = state
            .chosen_models()
            .iter()
            .map(|m| m.card.clone())
            .collect();
        let cards: Vec<_> = cards.iter().map(|card| &**card).collect();
        let own = || state.photographs.iter().filter(|p| p.source.is_own());
        Self {
            ids: own().map(|p| p.id).collect(),
            names: own().map(|p| p.name.clone()).collect(),
            eyes: own().map(|p| p.eye()).collect(),
            sources: own().map(|p| p.source.clone()).collect(),
            values: desired_values(&cards),
            masked: state.settings.names_masked,
        }
    }

    fn with<T>(&self, work: impl FnOnce(&LabelRequest) -> T) -> T {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        work(&LabelRequest {
            photographs: &names,
            eyes: &self.eyes,
            values: &self.values,
            masked: self.masked,
        })
    }

    /// Adds what DICOM files state where the table says nothing.
    fn add_stated(&self, labels: &mut StudyLabels, cancel: &Cancel) -> Result<(), Error> {
        for (place, source) in self.sources.iter().enumerate() {
            cancel.check()?;
            if let Some(stated) = stated_record(source) {
                labels.add_stated(place, &stated);
            }
        }
        Ok(())
    }
}

/// Reads a table under the answers so far.
#[derive(Clone, Debug)]
pub struct ProposeLabels {
    table: PathBuf,
    photographs: ListedPhotographs,
    answers: Answers,
}

impl Job for ProposeLabels {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let photographs = &self.photographs;
        let read = || -> Result<Proposal, Error> {
            let read = photographs.with(|request| propose(&self.table, request, &self.answers));
            let mut proposal = read?;
            if proposal.mapping.is_some() {
                photographs.add_stated(&mut proposal.labels, wait.cancel)?;
            }
            Ok(proposal)
        };
        let proposed = |proposal| {
            Arc::new(Proposed {
                proposal,
                photographs: photographs.ids.clone(),
            })
        };
        match read() {
            Ok(proposal) => {
                let proposed = proposed(proposal);
                Landing::new(move |state| landed(state, proposed))
            }
            Err(error) => {
                let seen = |request: &LabelRequest| columns(&self.table, request, &self.answers);
                let seen = proposed(Proposal::of_columns(photographs.with(seen)));
                let failure = Failure::from(error);
                Landing::new(move |state| failed(state, failure, seen))
            }
        }
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| {
            state.labels.proposal = Loadable::Failed(failure);
            vec![]
        })
    }
}

/// Reads a table as it is confirmed.
#[derive(Clone, Debug)]
pub struct ConfirmLabels {
    table: PathBuf,
    mapping: LabelMapping,
    photographs: ListedPhotographs,
}

impl Job for ConfirmLabels {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let photographs = &self.photographs;
        let read = || -> Result<StudyLabels, Error> {
            let read = photographs.with(|request| read(&self.mapping, &self.table, request));
            let mut labels = read?;
            photographs.add_stated(&mut labels, wait.cancel)?;
            Ok(labels)
        };
        let confirmed = |labels| {
            Arc::new(Confirmed {
                mapping: self.mapping.clone(),
                labels,
                photographs: photographs.ids.clone(),
            })
        };
        let result = read().map(confirmed).map_err(Failure::from);
        Landing::new(move |state| confirmed_landed(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| confirmed_landed(state, Err(failure)))
    }
}

/// Looks whether a table is still the one that was read.
#[derive(Clone, Debug)]
pub struct LookAtTable {
    table: PathBuf,
    mapping: LabelMapping,
}

impl Job for LookAtTable {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let changed = is_changed(&self.mapping, &self.table);
        Landing::new(move |state| {
            state.labels.is_changed = changed;
            match changed {
                true => propose_again(state),
                false => vec![],
            }
        })
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Saves a list as a table for spreadsheets.
#[derive(Clone, Debug)]
pub struct SaveLabelList {
    lists: LabelLists,
    list: LabelList,
    folder: PathBuf,
}

impl Job for SaveLabelList {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, _: &WorkflowContext, _: &JobContext) -> Landing {
        let result = save_list(&self.lists, self.list, &self.folder).map_err(Failure::from);
        let folder = self.folder.clone();
        Landing::new(move |state| match result {
            Ok(()) => {
                let subject = MessageTopic::Exported {
                    files: 1,
                    problems: Vec::new(),
                    folder,
                };
                state.notify(subject, None);
                vec![]
            }
            Err(failure) => reported(state, MessageTopic::Export, failure),
        })
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| reported(state, MessageTopic::Export, failure))
    }
}

pub(super) fn apply(state: &mut State, action: Labels) -> Vec<Effect> {
    match action {
        Labels::AskForTable => ask(state, Purpose::Labels),
        Labels::Table(path) => {
            let labels = &mut state.labels;
            // Answers about one table do not apply to another.
            labels.asked = TableQuestions::default();
            labels.table = Some(path);
            labels.proposal = Loadable::NotRequested;
            labels.is_changed = false;
            propose_again(state)
        }
        Labels::Column(name, role) => {
            let seen = state.labels.roles();
            give_role(&mut state.labels.asked.answers, &seen, &name, role);
            propose_again(state)
        }
        Labels::Answer(answer) => match state.labels.asked.take(answer) {
            true if state.labels.asked.are_answered() => propose_again(state),
            _ => vec![],
        },
        Labels::SaveInto(folder) => into_folder(state, folder),
        Labels::Look => look(state),
        Labels::Confirm => confirm(state),
        Labels::SaveList(list) => {
            state.labels.saving = Some(list);
            ask(state, Purpose::LabelLists)
        }
    }
}

/// Gives a column a role. What the table itself suggested for the other columns is kept as it is shown; a role that one
/// column alone can have is taken from the column that had it.
fn give_role(
    answers: &mut Answers,
    seen: &[(String, Option<Role>)],
    name: &str,
    role: Option<Role>,
) {
    let before = seen.iter().find(|(known, _)| known == name);
    let before = before.and_then(|(_, role)| *role);
    if before == role {
        return;
    }
    let mut columns: Vec<(Role, String)> = seen
        .iter()
        .filter(|(known, _)| known != name)
        .filter_map(|(known, role)| Some((((*role)?), known.clone())))
        .collect();
    if let Some(role) = role {
        if !role.is_of_images() && role != Role::Covariate {
            columns.retain(|(known, _)| *known != role);
        }
        columns.push((role, name.to_owned()));
    }
    // That no column has a role is an answer too.
    for role in [Role::Sex, Role::Age, Role::Label, Role::Person, Role::Eye] {
        let had = seen.iter().any(|(_, known)| *known == Some(role));
        let is_absent = answers.columns_of(role).any(|name| name == NO_COLUMN);
        if (had || is_absent) && columns.iter().all(|(known, _)| *known != role) {
            columns.push((role, NO_COLUMN.to_owned()));
        }
    }
    let values_change = [before, role].into_iter().flatten().any(Role::is_of_values);
    if values_change {
        answers.values.clear();
    }
    answers.columns = columns;
}

/// Starts reading the table, unless there is nothing to read.
fn propose_again(state: &mut State) -> Vec<Effect> {
    let Some(table) = state.labels.table.clone() else {
        return vec![];
    };
    let job = ProposeLabels {
        table,
        photographs: ListedPhotographs::of(state),
        answers: state.labels.asked.answers.clone(),
    };
    let labels = &mut state.labels;
    labels.before = labels.shown().cloned();
    labels.proposal = Loadable::Pending;
    labels.refused = None;
    vec![Effect::start(job)]
}

/// Reads the table again if the photographs are others, else looks whether the file is still the same.
fn look(state: &mut State) -> Vec<Effect> {
    let labels = &state.labels;
    if labels.proposal.is_pending() || labels.confirming {
        return vec![];
    }
    let photographs = ListedPhotographs::of(state).ids;
    let read = match &labels.proposal {
        Loadable::Ready(proposed) => Some(proposed),
        _ => None,
    };
    match (read, &labels.table) {
        (Some(proposed), Some(table)) if proposed.photographs == photographs => {
            let confirmed = labels.confirmed.as_ref().map(|c| c.mapping.clone());
            let mapping = proposed.proposal.mapping.clone().or(confirmed);
            let table = table.clone();
            let job = mapping.map(|mapping| LookAtTable { table, mapping });
            job.map(Effect::start).into_iter().collect()
        }
        _ => propose_again(state),
    }
}

fn confirm(state: &mut State) -> Vec<Effect> {
    let (Some(proposed), Some(table)) = (state.labels.ready().cloned(), &state.labels.table) else {
        return vec![];
    };
    let Some(mapping) = proposed.proposal.mapping.clone() else {
        return vec![];
    };
    let job = ConfirmLabels {
        table: table.clone(),
        mapping,
        photographs: ListedPhotographs::of(state),
    };
    state.labels.confirming = true;
    state.labels.refused = None;
    vec![Effect::start(job)]
}

fn landed(state: &mut State, proposed: Arc<Proposed>) -> Vec<Effect> {
    let labels = &mut state.labels;
    if !labels.proposal.is_pending() {
        return vec![];
    }
    let asked = &mut labels.asked;
    asked.questions.retain(|q| q.is_answered(&asked.answers));
    if let Some(question) = &proposed.proposal.question {
        asked.ask(question.clone());
    }
    labels.before = None;
    labels.proposal = Loadable::Ready(proposed);
    vec![]
}

/// The table cannot be read so; its columns can still be chosen.
fn failed(state: &mut State, failure: Failure, seen: Arc<Proposed>) -> Vec<Effect> {
    let labels = &mut state.labels;
    if !labels.proposal.is_pending() {
        return vec![];
    }
    labels.before = Some(seen);
    labels.proposal = match failure.cancelled {
        true => Loadable::NotRequested,
        false => Loadable::Failed(failure),
    };
    vec![]
}

fn confirmed_landed(state: &mut State, result: Result<Arc<Confirmed>, Failure>) -> Vec<Effect> {
    let labels = &mut state.labels;
    labels.confirming = false;
    match result {
        Ok(confirmed) => {
            let mapping = confirmed.mapping.clone();
            let ages = recorded_ages(&confirmed.labels);
            let ages = confirmed.photographs.iter().copied().zip(ages);
            let ages: HashMap<PhotoId, Option<f64>> = ages.collect();
            labels.confirmed = Some(confirmed);
            labels.is_changed = false;
            for photo in &mut state.photographs {
                photo.age = ages.get(&photo.id).copied().flatten();
            }
            study::confirmed_labels(state, mapping)
        }
        Err(failure) => {
            let is_stopped = failure.cancelled;
            let effects = propose_again(state);
            state.labels.refused = (!is_stopped).then_some(failure);
            effects
        }
    }
}

/// Saves the list that the folder was asked for.
pub(super) fn into_folder(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    let (Some(list), Some(shown)) = (state.labels.saving.take(), state.labels.shown()) else {
        return vec![];
    };
    let lists = shown.proposal.labels.lists.clone();
    vec![Effect::start(SaveLabelList {
        lists,
        list,
        folder,
    })]
}
