//! A run of a study: its answers stay in the journals of the study's folder and count for every later run.
//!
//! A whole run has one journal, and each part of a run that is spread over several processes its own. An answer counts
//! for the model, card, engine, version and settings that gave it, and for the bytes of the file. Those of parts count
//! whatever the engine, because parts may run on different computers; the mix is reported.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::BatchOptions;
use super::message::OpenedModel;
use super::run_journal::{Entry, RunIdentity, RunJournal, is_whole};
use crate::domain::{EngineUsed, ModelCard, ResultRow, Shard};
use crate::imaging::NamePattern;
use crate::jobs::process_number;
use crate::runtime;
use crate::storage::journal::{Entries, Journal};
use crate::storage::scan::Scan;
use crate::storage::study::{FileStamp, journal_name, journals, lock_journal};
use crate::storage::{file_name, process};
use crate::text::remark::Remark;
use crate::workflow::Error;

/// How a run belongs to a study.
#[derive(Clone, Debug, Default)]
pub struct StudyRun {
    /// The photographs of the study, including those that are missing.
    pub photographs: Scan,
    /// The recorded age of each, in years; empty if none is recorded.
    pub ages: Vec<Option<f64>>,
    /// The part to run; all if `None`. A part writes no tables.
    pub shard: Option<Shard>,
    /// How names say person and eye; `None` for the usual guesses.
    pub pattern: Option<NamePattern>,
    /// Whether photographs without any answer so far are left for another run.
    pub failed_only: bool,
    /// The names of the photographs that are run; all if `None`.
    pub only: Option<BTreeSet<String>>,
    /// Whether maps are computed for the rows alone, and not drawn.
    pub without_overlays: bool,
}

/// The run to which answers in a journal belong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StudyIdentity {
    /// By which answers refer to it: their place in the journal would give them to another run if its line is damaged.
    id: String,
    run: RunIdentity,
    /// Description of the processor.
    processor: String,
}

/// The answers for one photograph in a journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answered {
    /// Id of the run.
    pub run: String,
    /// When, in milliseconds since 1970: of several answers in different journals the latest counts.
    pub at: u64,
    /// Its name in the study.
    pub name: String,
    /// Of its file once it was answered; `None` if there was no file.
    pub stamp: Option<FileStamp>,
    /// Some of the models, perhaps without an answer.
    pub rows: Vec<ResultRow>,
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// A run in a journal.
struct EarlierRun {
    id: Arc<str>,
    identity: RunIdentity,
    processor: Arc<str>,
    /// Whether its settings are those of today.
    counts: bool,
}

/// Which engines' answers in the journal of whole runs count.
#[derive(Clone, Copy)]
enum Engines {
    OfToday,
    Any,
}

/// What the journals of a study hold for some models and settings.
#[derive(Debug, Default)]
pub(in crate::workflow) struct StudyAnswers {
    photographs: HashMap<String, PhotographAnswers>,
    /// Names by the checksums of their files.
    names: HashMap<String, BTreeSet<String>>,
    /// Who wrote each file of a row last, also for other models and settings.
    writers: HashMap<String, Writer>,
}

/// The run that wrote a file, and the checksum of the photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Writer {
    run: Arc<str>,
    sha256: Option<String>,
}

/// What the journals hold for one photograph.
#[derive(Debug, Default)]
pub(in crate::workflow) struct PhotographAnswers {
    /// Of each state of its file, the oldest first.
    files: Vec<FileAnswers>,
    /// For each model the last attempt, if it failed.
    failures: Vec<Option<Failure>>,
}

#[derive(Clone, Debug)]
struct Failure {
    error: String,
    stamp: Option<FileStamp>,
}

#[derive(Debug)]
struct FileAnswers {
    sha256: String,
    stamp: Option<FileStamp>,
    /// One for each model.
    rows: Vec<Option<StudyAnswer>>,
}

/// An answer and where it was computed.
#[derive(Clone, Debug)]
pub(super) struct StudyAnswer {
    pub row: ResultRow,
    pub engine: EngineUsed,
    pub processor: Arc<str>,
    /// Id of the run.
    run: Arc<str>,
}

/// What is known of a photograph without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workflow) enum AnswerState<'a> {
    /// Every model answered.
    Answered,
    /// Every model answered; since then the file was written.
    Written,
    /// Why the last attempt failed.
    Failed(&'a str),
    Unanswered,
}

impl StudyAnswers {
    /// Reads the journals in a folder, also while others write them. The engine does not count.
    pub fn read(
        folder: &Path,
        options: &BatchOptions,
        cards: &[Arc<ModelCard>],
    ) -> Result<Self, Error> {
        let model = |card: &Arc<ModelCard>| OpenedModel {
            card: Arc::clone(card),
            engine: EngineUsed {
                engine: String::new(),
                provider: String::new(),
                version: String::new(),
            },
        };
        let today = RunIdentity::of_study(options, cards.iter().map(model).collect());
        let mut of_journals = Vec::new();
        for (_, path) in journals(folder) {
            of_journals.push((Entries::read(&path)?.read, Engines::Any));
        }
        Ok(Self::of(of_journals, &today))
    }

    /// What journals hold for the models of `today`, each with the engines that count.
    fn of(journals: Vec<(Vec<Entry>, Engines)>, today: &RunIdentity) -> Self {
        let mut found = Vec::new();
        for (entries, engines) in journals {
            let mut runs = HashMap::new();
            for entry in entries {
                match entry {
                    Entry::Study(identity) => {
                        let StudyIdentity { id, run, processor } = *identity;
                        let run = EarlierRun {
                            id: id.as_str().into(),
                            counts: run.has_settings_of(today),
                            identity: run,
                            processor: processor.into(),
                        };
                        runs.insert(id, Arc::new(run));
                    }
                    Entry::Answered(answered) => {
                        if let Some(run) = runs.get(&answered.run) {
                            found.push((answered, Arc::clone(run), engines));
                        }
                    }
                    _ => {}
                }
            }
        }
        found.sort_by_key(|(answered, ..)| answered.at);
        let mut answers = Self::default();
        for (answered, run, engines) in found {
            answers.note_files(&answered.rows, &run.id);
            if run.counts {
                answers.take(*answered, &run, today, engines);
            }
        }
        answers.index();
        answers
    }

    fn note_files(&mut self, rows: &[ResultRow], run: &Arc<str>) {
        for row in rows {
            for file in &row.files {
                let writer = Writer {
                    run: Arc::clone(run),
                    sha256: row.sha256.clone(),
                };
                self.writers.insert(file.to_lowercase(), writer);
            }
        }
    }

    /// Whether the files of an answer are still those that it was given: a photograph that had its name for a while may
    /// have replaced them.
    pub(super) fn wrote_files_of(&self, answer: &StudyAnswer) -> bool {
        let is_own =
            |writer: &Writer| writer.run == answer.run && writer.sha256 == answer.row.sha256;
        let mut files = answer.row.files.iter();
        files.all(|file| self.writers.get(&file.to_lowercase()).is_some_and(is_own))
    }

    fn take(
        &mut self,
        answered: Answered,
        run: &EarlierRun,
        today: &RunIdentity,
        engines: Engines,
    ) {
        let count = today.models.len();
        let Answered {
            name, stamp, rows, ..
        } = answered;
        let of = self.photographs.entry(name).or_insert_with(|| {
            let failures = vec![None; count];
            PhotographAnswers {
                failures,
                files: Vec::new(),
            }
        });
        for mut row in rows {
            let is_its = |model: &&OpenedModel| model.card == row.card;
            let Some(by) = run.identity.models.iter().find(is_its) else {
                continue;
            };
            let Some(at) = today.models.iter().position(|model| is_its(&model)) else {
                continue;
            };
            let counts = matches!(engines, Engines::Any) || by.engine == today.models[at].engine;
            if !counts {
                continue;
            }
            // What was answered is not in doubt because another attempt failed.
            let latest = of.files.last().filter(|file| file.stamp == stamp);
            if row.error.is_some() && latest.is_some_and(|file| file.rows[at].is_some()) {
                continue;
            }
            let failure = |error| Failure { error, stamp };
            of.failures[at] = row.error.clone().map(failure);
            let Some(sha256) = row.sha256.clone().filter(|_| is_whole(&row)) else {
                continue;
            };
            row.card = Arc::clone(&today.models[at].card);
            let answer = StudyAnswer {
                row,
                engine: by.engine.clone(),
                processor: Arc::clone(&run.processor),
                run: Arc::clone(&run.id),
            };
            let known = of.files.iter().position(|file| file.sha256 == sha256);
            let mut file = known.map_or_else(
                || FileAnswers {
                    sha256,
                    stamp,
                    rows: vec![None; count],
                },
                |at| of.files.remove(at),
            );
            file.stamp = stamp;
            file.rows[at] = Some(answer);
            // The latest state of the file comes last.
            of.files.push(file);
        }
    }

    fn index(&mut self) {
        for (name, of) in &self.photographs {
            for file in &of.files {
                let names = self.names.entry(file.sha256.clone()).or_default();
                names.insert(name.clone());
            }
        }
    }

    /// Whether the journals hold an answer for some state of the photograph's file.
    pub(super) fn has_answer(&self, name: &str) -> bool {
        self.photographs
            .get(name)
            .is_some_and(|of| !of.files.is_empty())
    }

    /// The answers of every model for the latest state of a photograph's file.
    pub fn rows(&self, name: &str) -> Option<Vec<ResultRow>> {
        let file = self.photographs.get(name)?.files.last()?;
        let rows = file.rows.iter();
        rows.map(|answer| Some(answer.as_ref()?.row.clone()))
            .collect()
    }

    /// The processors that computed these answers.
    pub fn processors(&self, name: &str) -> Vec<Arc<str>> {
        let file = { self.photographs.get(name) }.and_then(|of| of.files.last());
        let rows = file.iter().flat_map(|file| &file.rows);
        rows.flatten()
            .map(|answer| Arc::clone(&answer.processor))
            .collect()
    }

    /// Whether every model answered for a photograph whose file had this checksum.
    pub fn has_answered_as(&self, name: &str, sha256: &str) -> bool {
        let files = self
            .photographs
            .get(name)
            .into_iter()
            .flat_map(|of| &of.files);
        { files }.any(|file| file.sha256 == sha256 && file.rows.iter().all(Option::is_some))
    }

    /// The same for a photograph of any name.
    pub fn has_answered(&self, sha256: &str) -> bool {
        let mut names = self.names.get(sha256).into_iter().flatten();
        names.any(|name| self.has_answered_as(name, sha256))
    }

    /// Whether the journals hold answers for photographs of other names than these.
    pub fn has_others<'a>(&self, names: impl Iterator<Item = &'a str>) -> bool {
        let known = names.filter(|name| self.has_answer(name)).count();
        let all = self.photographs.values().filter(|of| !of.files.is_empty());
        all.count() > known
    }

    /// The last attempt of some model failed.
    pub(super) fn has_failed(&self, name: &str) -> bool {
        let of = self.photographs.get(name);
        of.is_some_and(|of| of.failures.iter().any(Option::is_some))
    }

    /// Answers for a file, one for each model: those under the photograph's name, else those of an equal file under
    /// another, as far as they are `usable` for this photograph.
    pub(super) fn of_file(
        &self,
        name: &str,
        sha256: &str,
        usable: impl Fn(&StudyAnswer) -> bool,
    ) -> Vec<Option<StudyAnswer>> {
        let others = self.names.get(sha256).into_iter().flatten();
        let names = [name].into_iter().chain(others.map(String::as_str));
        let mut found: Vec<Option<StudyAnswer>> = Vec::new();
        for of in names.filter_map(|name| self.photographs.get(name)) {
            let Some(file) = of.files.iter().find(|file| file.sha256 == sha256) else {
                continue;
            };
            found.resize(file.rows.len(), None);
            for (place, answer) in found.iter_mut().zip(&file.rows) {
                let answer = answer.as_ref().filter(|answer| usable(answer));
                if place.is_none() {
                    *place = answer.cloned();
                }
            }
        }
        found
    }

    /// What is known of a photograph by its name and the present stamp of its file.
    pub fn state(&self, name: &str, now: Option<FileStamp>) -> AnswerState<'_> {
        let Some(of) = self.photographs.get(name) else {
            return AnswerState::Unanswered;
        };
        let failures = || of.failures.iter().flatten();
        if let Some(failure) = failures().find(|failure| failure.stamp == now) {
            return AnswerState::Failed(&failure.error);
        }
        let is_whole = |file: &&FileAnswers| file.rows.iter().all(Option::is_some);
        match (of.files.last().filter(is_whole), failures().next()) {
            (Some(file), _) if file.stamp == now => AnswerState::Answered,
            (Some(_), _) => AnswerState::Written,
            (None, Some(failure)) => AnswerState::Failed(&failure.error),
            (None, None) => AnswerState::Unanswered,
        }
    }
}

impl RunJournal {
    /// Opens the journal of a study's run in `folder`, and reads what this and the others there hold for its models.
    /// If the run is to start `again`, they are set aside first, which is reported.
    pub fn begin_of_study(
        folder: &Path,
        study: &StudyRun,
        today: RunIdentity,
        again: bool,
    ) -> Result<(Self, StudyAnswers, Option<Remark>), Error> {
        let mut remark = None;
        if again {
            let aside = set_aside_all(folder)?;
            remark = (!aside.is_empty()).then_some(Remark::StartedOver(aside));
        }
        let own = folder.join(journal_name(study.shard));
        let lock = lock_journal(folder, study.shard)?;
        let (mut journal, entries) = Journal::open_alone::<Entry>(&own)?;
        let last = entries.read.iter().rev().find_map(|entry| match entry {
            Entry::Study(identity) => Some((**identity).clone()),
            _ => None,
        });
        let engines = |shard: Option<Shard>| match shard {
            Some(_) => Engines::Any,
            None => Engines::OfToday,
        };
        let mut of_journals = vec![(entries.read, engines(study.shard))];
        for (shard, path) in journals(folder) {
            if path != own {
                of_journals.push((Entries::read(&path)?.read, engines(shard)));
            }
        }
        let answers = StudyAnswers::of(of_journals, &today);
        let processor = this_processor();
        let same = last.filter(|last| last.run == today && last.processor == processor);
        let id = match same {
            Some(last) => last.id,
            None => begin(&mut journal, today, processor)?,
        };
        Ok((Self::lasting(journal, lock, id), answers, remark))
    }

    /// Opens the journal of a study's whole run in `folder` for answers that were computed here.
    pub fn begin_of_hand_over(folder: &Path, run: RunIdentity) -> Result<Self, Error> {
        let lock = lock_journal(folder, None)?;
        let own = folder.join(journal_name(None));
        let (mut journal, _) = Journal::open_alone::<Entry>(&own)?;
        let id = begin(&mut journal, run, this_processor())?;
        Ok(Self::lasting(journal, lock, id))
    }
}

/// Notes the begin of a run and returns its id.
fn begin(journal: &mut Journal, run: RunIdentity, processor: String) -> Result<String, Error> {
    // Several may begin within a millisecond.
    static BEGUN: AtomicU32 = AtomicU32::new(0);
    let number = BEGUN.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:x}-{:x}-{number:x}", now(), process_number());
    journal.append(&Entry::Study(Box::new(StudyIdentity {
        id: id.clone(),
        run,
        processor,
    })))?;
    journal.sync()?;
    Ok(id)
}

/// Moves what the journals of a study hold to files beside them and returns their names.
fn set_aside_all(folder: &Path) -> Result<Vec<String>, Error> {
    let mut aside = Vec::new();
    for (shard, path) in journals(folder) {
        let _lock = lock_journal(folder, shard)?;
        let (mut journal, entries) = Journal::open_alone::<Entry>(&path)?;
        let has_answers = entries.read.iter().any(Entry::is_answer) || entries.foreign > 0;
        if has_answers {
            aside.push(journal.set_aside()?);
        }
        if file_name(&path) != journal_name(None) {
            journal.remove()?;
        }
    }
    Ok(aside)
}

/// The processor, by its name if the system tells it, and by its instruction sets, which decide how engines compute.
fn this_processor() -> String {
    let sets = runtime::instruction_sets();
    match process::processor() {
        Some(name) => format!("{name} ({sets})"),
        None => sets,
    }
}

/// Where answers were computed.
#[derive(Default)]
pub(super) struct Origins {
    /// Engines by the ids of models.
    engines: HashMap<String, BTreeSet<String>>,
    processors: BTreeSet<String>,
}

impl Origins {
    pub fn of<'a>(answers: impl Iterator<Item = &'a StudyAnswer>) -> Self {
        let mut origins = Self::default();
        for answer in answers {
            origins.add(&answer.row.card.id, &answer.engine, &answer.processor);
        }
        origins
    }

    /// Adds what this process computes.
    pub fn add_own(&mut self, models: &[OpenedModel]) {
        let processor = this_processor();
        for model in models {
            self.add(&model.card.id, &model.engine, &processor);
        }
    }

    fn add(&mut self, model: &str, used: &EngineUsed, processor: &str) {
        let engine = format!("{} {} ({})", used.engine, used.version, used.provider);
        let engines = self.engines.entry(model.to_owned()).or_default();
        engines.insert(engine);
        if !self.processors.contains(processor) {
            self.processors.insert(processor.to_owned());
        }
    }

    /// Names engines and processors if there are several.
    pub fn remarks(self) -> Vec<Remark> {
        let several = self.engines.into_values().filter(|of| of.len() > 1);
        let engines: BTreeSet<String> = several.flatten().collect();
        let listed = |of: BTreeSet<String>| of.into_iter().collect::<Vec<_>>();
        let mut remarks = Vec::new();
        if !engines.is_empty() {
            remarks.push(Remark::MixedEngines(listed(engines)));
        }
        if self.processors.len() > 1 {
            remarks.push(Remark::MixedProcessors(listed(self.processors)));
        }
        remarks
    }
}
