//! Creating, opening and closing a study: its photographs become the list, with the answers so far.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::rows::{ids_by_path, put_row};
use super::run::RunStudy;
use crate::app::apply::common::logged;
use crate::app::apply::{find, listing, photographs};
use crate::app::found::FoundFiles;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{Loadable, OpenedStudy, State, StudyForm, StudyHandle, StudyPhotograph};
use crate::app::{Failure, WorkflowContext};
use crate::domain::{ResultRow, Study, StudySettings};
use crate::imaging::NamePattern;
use crate::jobs::Lane;
use crate::progress::Cancel;
use crate::saliency::Recipe;
use crate::workflow::study::{self, KnownAnswer, Listing, NewStudy, OpenStudy, StudyStatus};
use crate::workflow::{Answer, Error, Source};

/// The photographs of a study, and what is known of them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    listing: Listing,
    /// The rows of those that are answered, by their index.
    rows: Vec<(usize, Vec<ResultRow>)>,
    /// The recorded age of each, in years; empty if none is recorded.
    ages: Vec<Option<f64>>,
}

pub(super) fn listed(open: &OpenStudy, cancel: &Cancel) -> Result<Listed, Error> {
    let listing = study::photographs(open.folder(), open.study(), cancel)?;
    let rows = study::answers(open.folder(), open.study(), &listing)?;
    // Of a table that changed or is missing nothing is read; the status says so.
    let labels = study::study_labels(open.folder(), open.study(), &listing);
    let ages = labels
        .ok()
        .flatten()
        .map(|labels| study::recorded_ages(&labels));
    Ok(Listed {
        listing,
        rows,
        ages: ages.unwrap_or_default(),
    })
}

/// Creates a study.
#[derive(Debug)]
pub struct CreateStudy {
    pub folder: PathBuf,
    pub new: NewStudy,
    /// The answers of the list, by the files of their photographs.
    pub answers: HashMap<PathBuf, Vec<Arc<Answer>>>,
    /// Whether numbers replace names.
    pub mask_names: bool,
}

impl CreateStudy {
    /// Writes the answers of the list into the journal of the study; returns which.
    fn hand_over(
        &self,
        open: &OpenStudy,
        listing: &Listing,
        wait: &JobContext,
    ) -> Result<Vec<Handed>, Error> {
        let known = |answer: &Arc<Answer>| KnownAnswer {
            row: answer.case.clone(),
            map: answer.map.clone(),
            geometry: answer.geometry,
        };
        let found = listing.scan.found.iter().enumerate();
        let answers = found.filter_map(|(index, found)| {
            let answers = self.answers.get(&found.path)?;
            Some((index, answers.iter().map(known).collect()))
        });
        let answers = answers.collect();
        let (cancel, progress) = (wait.cancel, wait.progress);
        let handed = study::hand_over(open, listing, answers, self.mask_names, cancel, progress)?;
        let file = |index: usize| listing.scan.found[index].path.clone();
        Ok(handed
            .into_iter()
            .map(|(at, ids)| (file(at), ids))
            .collect())
    }
}

/// A photograph whose answers of these models are in the journal of the study.
type Handed = (PathBuf, Vec<String>);

/// A new study, and which answers of the list it has.
#[derive(Debug)]
struct Created {
    open: OpenStudy,
    listing: Listing,
    handed: Result<Vec<Handed>, Error>,
}

impl Job for CreateStudy {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let new = self.new.clone();
        let created = study::create(&work.context, &self.folder, new, wait.cancel);
        let created = created.map(|(open, listing)| Created {
            // What is not handed over is computed by the run.
            handed: self.hand_over(&open, &listing, wait),
            open,
            listing,
        });
        let result = created.map_err(Failure::from);
        Landing::new(move |state| self::created(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| opened(state, Err(failure)))
    }
}

/// Opens a study and lists its photographs.
#[derive(Debug)]
pub struct OpenAStudy(pub PathBuf);

impl Job for OpenAStudy {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let opening = study::open(&self.0).and_then(|open| {
            let listed = listed(&open, wait.cancel)?;
            Ok((open, listed))
        });
        let result = opening.map_err(Failure::from);
        Landing::new(move |state| opened(state, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        Landing::new(move |state| opened(state, Err(failure)))
    }
}

/// Reads how far a study is.
#[derive(Debug)]
pub struct ReadStudyStatus {
    pub folder: PathBuf,
    pub study: Arc<Study>,
}

impl Job for ReadStudyStatus {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, wait: &JobContext) -> Landing {
        let (cancel, progress) = (wait.cancel, wait.progress);
        let read = study::status_of(&work.context, &self.folder, &self.study, cancel, progress);
        let (folder, result) = (self.folder.clone(), read.map_err(Failure::from));
        Landing::new(move |state| status_read(state, &folder, result))
    }

    fn defect(&self, failure: Failure) -> Landing {
        let folder = self.folder.clone();
        Landing::new(move |state| status_read(state, &folder, Err(failure)))
    }
}

pub(super) fn create(
    state: &mut State,
    models: Vec<String>,
    settings: StudySettings,
) -> Vec<Effect> {
    let form = &state.study.form;
    let Some(folder) = form.folder.clone().filter(|_| !state.study.pending) else {
        return vec![];
    };
    let inputs = match form.inputs.is_empty() {
        true => list_inputs(state),
        false => form.inputs.clone(),
    };
    let new = NewStudy {
        inputs,
        models,
        settings,
    };
    let answers = answers_of_list(state);
    begin(state);
    vec![Effect::start(CreateStudy {
        folder,
        new,
        answers,
        mask_names: state.settings.names_masked,
    })]
}

pub(in crate::app::apply) fn open(state: &mut State, path: PathBuf) -> Vec<Effect> {
    // The open study would keep itself from the window.
    let is_open = state.study.open.as_ref().is_some_and(|open| {
        open.folder == path || path.parent().is_some_and(|folder| folder == open.folder)
    });
    if state.study.pending || is_open {
        state.study.wanted = true;
        return vec![];
    }
    begin(state);
    vec![Effect::start(OpenAStudy(path))]
}

fn begin(state: &mut State) {
    state.study.pending = true;
    state.study.failure = None;
    state.study.wanted = true;
}

/// The answers of the list that are in the journal of the study need no other file.
fn created(state: &mut State, result: Result<Created, Failure>) -> Vec<Effect> {
    let Created {
        open,
        listing,
        handed,
    } = match result {
        Ok(created) => created,
        Err(failure) => return opened(state, Err(failure)),
    };
    let listed = Listed {
        listing,
        ..Listed::default()
    };
    let mut effects = opened(state, Ok((open, listed)));
    match handed {
        Ok(handed) => {
            let ids = ids_by_path(state);
            for (file, models) in handed {
                let photo = ids.get(&file).and_then(|id| state.photograph_mut(*id));
                if let Some(photo) = photo {
                    photo.stored.extend(models);
                }
            }
        }
        Err(Error::Cancelled) => {}
        Err(error) => {
            let failure = Failure::from(error);
            effects.push(logged(&failure));
            if let Some(open) = &mut state.study.open {
                open.failure = Some(failure);
            }
        }
    }
    effects
}

/// The photographs of the study replace the list, which can be undone; results that are in no file are asked about.
fn opened(state: &mut State, result: Result<(OpenStudy, Listed), Failure>) -> Vec<Effect> {
    state.study.pending = false;
    let (open, listed) = match result {
        Ok(opened) => opened,
        Err(failure) if failure.cancelled => return vec![],
        Err(failure) => {
            let line = logged(&failure);
            state.study.failure = Some(failure);
            return vec![line];
        }
    };
    let mut effects = close(state);
    let study = Arc::new(open.study().clone());
    let folder = open.folder().to_owned();
    effects.extend(find::remember(state, std::slice::from_ref(&folder)));
    state.study.form = StudyForm::default();
    state.study.open = Some(OpenedStudy {
        folder: folder.clone(),
        read_only: open.is_read_only(),
        handle: StudyHandle::new(open),
        photographs: Arc::default(),
        moved: Vec::new(),
        labels_to_keep: None,
        status: Loadable::NotRequested,
        run: None,
        failure: None,
        study: Arc::clone(&study),
    });
    let settings = &study.settings;
    let pattern = settings.file_name_pattern.as_deref();
    let pattern = pattern.and_then(|text| text.parse::<NamePattern>().ok());
    let has_pattern = pattern.is_some();
    let installed = |id: &String| state.installed().iter().any(|m| m.id == *id);
    let ids: Vec<String> = study.models.iter().map(|m| m.id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().filter(installed).collect();
    if !ids.is_empty() {
        state.settings.models = ids;
    }
    let of_study: BTreeSet<&Path> = { listed.listing.scan.found.iter() }
        .map(|found| found.path.as_path())
        .collect();
    let own = state.photographs.iter().filter(|p| p.source.is_own());
    let mut files = own.map(|p| p.source.file());
    // The list may have been saved as this study.
    let is_other = files.any(|file| file.is_none_or(|file| !of_study.contains(file)));
    if is_other {
        effects.extend(listing::clear(state));
    }
    effects.extend(take_listing(state, listed));
    let pattern = photographs::Photographs::NamePattern(pattern);
    effects.extend(photographs::apply(state, pattern));
    if !has_pattern {
        state.persons = study.settings.persons;
    }
    effects
}

/// Puts the photographs of the study into the list and reads how far it is.
pub(super) fn take_listing(state: &mut State, listed: Listed) -> Vec<Effect> {
    let Listed {
        listing,
        rows,
        ages,
    } = listed;
    let Some(open) = &mut state.study.open else {
        return vec![];
    };
    let names = listing.scan.found.iter().map(|found| StudyPhotograph {
        name: found.name.clone(),
        path: found.path.clone(),
    });
    open.photographs = Arc::new(names.collect());
    open.moved.clone_from(&listing.moved);
    let paths: Vec<PathBuf> = { listing.scan.found.iter() }
        .map(|f| f.path.clone())
        .collect();
    let mut effects = read_status(state);
    let found = FoundFiles::from(listing.scan);
    state.skipped.extend(found.skipped);
    effects.extend(listing::add(state, found.photographs));
    let ids = ids_by_path(state);
    for (path, age) in paths.iter().zip(ages) {
        let photo = ids.get(path).copied();
        if let Some(photo) = photo.and_then(|id| state.photograph_mut(id)) {
            photo.age = age;
        }
    }
    for (index, rows) in rows {
        let photo = paths.get(index).and_then(|path| ids.get(path)).copied();
        for row in rows {
            put_row(state, photo, row);
        }
    }
    effects
}

pub(super) fn read_status(state: &mut State) -> Vec<Effect> {
    let Some(open) = &mut state.study.open else {
        return vec![];
    };
    if !matches!(open.status, Loadable::Ready(_)) {
        open.status = Loadable::Pending;
    }
    vec![Effect::start(ReadStudyStatus {
        folder: open.folder.clone(),
        study: Arc::clone(&open.study),
    })]
}

fn status_read(
    state: &mut State,
    folder: &Path,
    result: Result<StudyStatus, Failure>,
) -> Vec<Effect> {
    if let Some(open) = state.study.open.as_mut().filter(|o| o.folder == folder)
        && !matches!(&result, Err(failure) if failure.cancelled)
    {
        open.status = Loadable::of(result.map(Arc::new));
    }
    vec![]
}

/// The photographs stay in the list; the study can be opened elsewhere.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    match state.study.open.take() {
        Some(open) if open.is_running() => vec![Effect::stop::<RunStudy>()],
        _ => vec![],
    }
}

/// The answers that runs gave to the list's photographs. Of a file with several frames, the frame in view is not the
/// study's.
fn answers_of_list(state: &State) -> HashMap<PathBuf, Vec<Arc<Answer>>> {
    let answered = state.photographs.iter().filter_map(|photo| {
        let Source::File(path) = &photo.source else {
            return None;
        };
        let ids = photo.answers.keys();
        let of_runs: Vec<_> = ids
            .filter_map(|id| photo.map(id, &Recipe::OF_EVERY_RUN).cloned())
            .collect();
        (!of_runs.is_empty()).then(|| (path.clone(), of_runs))
    });
    answered.collect()
}

/// The paths of the list's photographs, in its order of adding.
fn list_inputs(state: &State) -> Vec<PathBuf> {
    let files = state.photographs.iter().filter_map(|p| match &p.source {
        Source::File(path) | Source::Frame { path, .. } => Some(path.clone()),
        Source::Sample | Source::Masked { .. } => None,
    });
    files.collect()
}
