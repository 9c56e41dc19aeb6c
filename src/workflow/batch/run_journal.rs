//! The journal of a run: what is finished, on the disk before it is reported, and what of it the same command may take
//! over.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::BatchOptions;
use super::kept::KeptAnswer;
use super::message::{Finished, OpenedModel};
use super::study::{Answered, StudyIdentity, now};
use crate::domain::{FindingCode, Persons, ResultRow};
use crate::export::overlay_format::OverlayFormat;
use crate::numeric::hex::sha256;
use crate::storage;
use crate::storage::journal::{Journal, OpenError};
use crate::storage::study::{FileStamp, Lock};
use crate::text::remark::Remark;
use crate::workflow::{Error, VERSION};

/// Name of the journal in the output folder.
pub const NAME: &str = ".gantei-journal.jsonl";

/// Incremented whenever rows of an older journal can no longer be read.
const FORMAT: u32 = 2;

/// Everything except the photographs that the rows of a run depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RunIdentity {
    format: u32,
    gantei: String,
    /// A digest of the given files and folders, whose names may be those of persons. [`WINDOW`] for a run of the
    /// window, [`STUDY`] for one of a study.
    inputs: String,
    saliency: bool,
    #[serde(default)]
    overlay_format: OverlayFormat,
    eye: Option<crate::domain::Laterality>,
    frame: Option<u32>,
    accept_any_picture: bool,
    persons: Persons,
    mask_names: bool,
    pub models: Vec<OpenedModel>,
}

/// Replaces the inputs for a run of the window: whatever is in its list, a photograph is identified by its bytes.
const WINDOW: &str = "window";

/// Replaces the inputs for a run of a study: a photograph is identified by its name and bytes.
const STUDY: &str = "study";

impl RunIdentity {
    /// The identity of a run of the window. How eye, person and name of a photograph were determined does not depend on
    /// the run.
    pub fn of_window(models: Vec<OpenedModel>) -> Self {
        Self {
            inputs: WINDOW.to_owned(),
            saliency: true,
            ..Self::of(&BatchOptions::default(), models)
        }
    }

    /// The identity of a run of a study. Persons are resolved after the run; names and overlays may take another form
    /// without another answer.
    pub fn of_study(options: &BatchOptions, models: Vec<OpenedModel>) -> Self {
        Self {
            inputs: STUDY.to_owned(),
            overlay_format: OverlayFormat::default(),
            persons: Persons::default(),
            mask_names: false,
            ..Self::of(options, models)
        }
    }

    /// Whether the runs differ in their models at most.
    pub fn has_settings_of(&self, other: &Self) -> bool {
        let without_models = |run: &Self| Self {
            models: Vec::new(),
            ..run.clone()
        };
        without_models(self) == without_models(other)
    }

    pub fn is_of_window(&self) -> bool {
        self.inputs == WINDOW
    }

    /// Whether exactly this version wrote it.
    pub fn is_of_today(&self) -> bool {
        self.format == FORMAT && self.gantei == VERSION
    }

    pub fn of(options: &BatchOptions, models: Vec<OpenedModel>) -> Self {
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let inputs: Vec<PathBuf> = options.inputs.iter().map(absolute).collect();
        Self {
            format: FORMAT,
            gantei: VERSION.to_owned(),
            inputs: sha256(format!("{inputs:?}").as_bytes()),
            saliency: options.saliency,
            overlay_format: match options.saliency {
                true => options.overlay_format,
                // There are no overlays.
                false => OverlayFormat::default(),
            },
            eye: options.open.eye,
            frame: options.open.frame,
            accept_any_picture: options.open.accept_any_picture,
            persons: options.persons,
            mask_names: options.mask_names,
            models,
        }
    }
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Entry {
    Run(Box<RunIdentity>),
    /// A photograph is being read. Trailing entries without rows were left when the process died.
    Started(String),
    /// The rows of one photograph, one for each model.
    Rows(Vec<ResultRow>),
    /// The same for a run of the window, which shows the maps.
    Answers(Vec<KeptAnswer>),
    /// A run of a study begins.
    Study(Box<StudyIdentity>),
    /// The rows of one photograph in a run of a study.
    Answered(Box<Answered>),
}

impl Entry {
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Rows(_) | Self::Answers(_) | Self::Answered(_))
    }
}

/// The journal of one run. If it cannot be written, the run continues without it.
#[derive(Debug)]
pub(super) struct RunJournal {
    journal: Journal,
    /// Entries that could not be written yet: disk space may become free again.
    pending: VecDeque<Entry>,
    /// Id of the study's run, and what keeps others from the journal. It holds what a study has answered, and is never
    /// removed.
    study_run: Option<(String, Lock)>,
}

/// What an earlier run of the same command left: rows by the name of their photograph.
pub(super) type EarlierRows = HashMap<String, Vec<ResultRow>>;

impl RunJournal {
    /// Of an open journal; it is removed once the run has its tables.
    fn passing(journal: Journal) -> Self {
        Self {
            journal,
            pending: VecDeque::new(),
            study_run: None,
        }
    }

    /// Of an open journal that is never removed, in which the study's run has this id.
    pub fn lasting(journal: Journal, lock: Lock, run: String) -> Self {
        Self {
            study_run: Some((run, lock)),
            ..Self::passing(journal)
        }
    }

    /// Opens the journal in `out`. Rows of a run with the same identity are taken over, unless the run is to start
    /// `again`; a journal of another run is set aside.
    pub fn begin(
        out: &Path,
        identity: RunIdentity,
        again: bool,
    ) -> Result<(Self, EarlierRows, Option<Remark>), Error> {
        let models = identity.models.clone();
        let (journal, entries, remark) = Self::open(out, identity, again)?;
        Ok((journal, rows_of(entries, &models), remark))
    }

    /// As [`Self::begin`], with the unprocessed entries of the same run.
    fn open(
        out: &Path,
        identity: RunIdentity,
        again: bool,
    ) -> Result<(Self, Vec<Entry>, Option<Remark>), Error> {
        let (mut journal, entries) = Journal::open::<Entry>(&out.join(NAME)).map_err(opening)?;
        let (foreign, mut entries) = (entries.foreign, entries.read);
        let mut remark = None;
        let is_same = matches!(entries.first(), Some(Entry::Run(run)) if **run == identity);
        if !is_same || again {
            let has_rows = entries.iter().any(Entry::is_answer);
            match (has_rows || foreign > 0) && !again {
                true => remark = Some(Remark::SetAside(journal.set_aside()?)),
                false => journal.clear()?,
            }
            journal.append(&Entry::Run(Box::new(identity)))?;
            journal.sync()?;
            entries.clear();
        }
        Ok((Self::passing(journal), entries, remark))
    }

    /// Opens the journal of the window's runs in `out`, and returns what runs of this version left in it, each preceded
    /// by its identity. Any other journal is set aside under the returned name.
    pub fn begin_of_window(
        out: &Path,
        identity: RunIdentity,
    ) -> Result<(Self, Vec<Entry>, Option<String>), Error> {
        let (mut journal, entries) = Journal::open::<Entry>(&out.join(NAME)).map_err(opening)?;
        let (foreign, mut entries) = (entries.foreign, entries.read);
        let mut aside = None;
        let is_ours = |run: &RunIdentity| run.is_of_window() && run.is_of_today();
        if !matches!(entries.first(), Some(Entry::Run(run)) if is_ours(run)) {
            match entries.iter().any(Entry::is_answer) || foreign > 0 {
                true => aside = Some(journal.set_aside()?),
                false => journal.clear()?,
            }
            entries.clear();
        }
        if identities(&entries).last() != Some(&identity) {
            journal.append(&Entry::Run(Box::new(identity)))?;
            journal.sync()?;
        }
        Ok((Self::passing(journal), entries, aside))
    }

    /// The journal of the window's runs in a folder and its entries, if there is one that is not being written.
    pub fn of_window(out: &Path) -> Option<(Self, Vec<Entry>)> {
        let path = out.join(NAME);
        // Opening a journal creates it.
        if !storage::has_entry(&path) {
            return None;
        }
        let (journal, entries) = Journal::open::<Entry>(&path).ok()?;
        let is_of_window = identities(&entries.read).next()?.is_of_window();
        is_of_window.then_some((Self::passing(journal), entries.read))
    }

    pub fn started(&mut self, name: &str) -> Result<(), Error> {
        self.add(Entry::Started(name.to_owned()))
    }

    pub fn finished(&mut self, finished: &Finished) -> Result<(), Error> {
        self.add(Entry::Rows(finished.rows.clone()))
    }

    /// `name` of the photograph in the study, and the stamp of its file.
    pub fn answered_in_study(
        &mut self,
        name: String,
        stamp: Option<FileStamp>,
        rows: Vec<ResultRow>,
    ) -> Result<(), Error> {
        let answered = Answered {
            run: { self.study_run.as_ref() }.map_or_else(String::new, |(run, _)| run.clone()),
            at: now(),
            name,
            stamp,
            rows,
        };
        self.add(Entry::Answered(Box::new(answered)))
    }

    pub fn answered(&mut self, answers: Vec<KeptAnswer>) -> Result<(), Error> {
        self.add(Entry::Answers(answers))
    }

    fn add(&mut self, entry: Entry) -> Result<(), Error> {
        self.pending.push_back(entry);
        self.write_pending()
    }

    fn write_pending(&mut self) -> Result<(), Error> {
        while let Some(first) = self.pending.front() {
            self.journal.append(first)?;
            self.pending.pop_front();
        }
        Ok(())
    }

    /// Removes the journal: the run has its tables. That of a study stays.
    pub fn remove(self) -> Result<(), Error> {
        match self.study_run {
            Some(_) => self.keep(),
            None => Ok(self.journal.remove()?),
        }
    }

    /// Keeps the journal: the run is to be resumed later.
    pub fn keep(mut self) -> Result<(), Error> {
        self.write_pending()?;
        Ok(self.journal.sync()?)
    }
}

/// The runs whose answers a journal holds.
pub(super) fn identities(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &RunIdentity> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Run(run) => Some(&**run),
        _ => None,
    })
}

fn opening(error: OpenError) -> Error {
    match error {
        OpenError::Held => Error::Held,
        OpenError::Storage(error) => error.into(),
    }
}

/// Rows that can be taken over: answered, or refused as not a fundus photograph, with every file. Failed ones are
/// retried.
fn rows_of(entries: Vec<Entry>, models: &[OpenedModel]) -> EarlierRows {
    let mut before = EarlierRows::new();
    for entry in entries {
        let Entry::Rows(mut rows) = entry else {
            continue;
        };
        if !hold(rows.iter_mut(), models) {
            continue;
        }
        if let Some(first) = rows.first() {
            before.insert(first.image.clone(), rows);
        }
    }
    before
}

/// Whether rows are complete answers of these models, whose cards they then share.
pub(super) fn hold<'a>(
    rows: impl ExactSizeIterator<Item = &'a mut ResultRow>,
    models: &[OpenedModel],
) -> bool {
    rows.len() == models.len()
        && rows.zip(models).all(|(row, model)| {
            let holds = row.card == model.card && is_whole(row);
            row.card = Arc::clone(&model.card);
            holds
        })
}

/// Whether a row is an answer with every file.
pub(super) fn is_whole(row: &ResultRow) -> bool {
    let lacks_file = |code| code == FindingCode::OverlayNotWritten;
    row.error.is_none() && !row.findings.iter().any(|f| lacks_file(f.code))
}

/// Whether the output folder holds every file of the rows.
pub(super) fn has_files(out: &Path, rows: &[ResultRow]) -> bool {
    let mut files = rows.iter().flat_map(|row| &row.files);
    files.all(|name| storage::is_file(&out.join(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{EngineUsed, Finding, Severity};
    use crate::export::row::sample;

    fn model() -> OpenedModel {
        OpenedModel {
            card: sample::case().card,
            engine: EngineUsed {
                engine: "rten".into(),
                provider: "embedded".into(),
                version: "1".into(),
            },
        }
    }

    fn identity(options: &BatchOptions) -> RunIdentity {
        RunIdentity::of(options, vec![model()])
    }

    fn finished(name: &str, change: impl Fn(&mut ResultRow)) -> Finished {
        let mut row = sample::case();
        (row.image, row.error, row.files) = (name.into(), None, Vec::new());
        change(&mut row);
        Finished {
            index: 0,
            rows: vec![row],
            patient: None,
            no_frame: None,
            stamp: None,
            features: Vec::new(),
        }
    }

    fn begin(
        out: &Path,
        options: &BatchOptions,
        again: bool,
    ) -> (RunJournal, EarlierRows, Option<Remark>) {
        RunJournal::begin(out, identity(options), again).unwrap()
    }

    #[test]
    fn the_same_run_takes_over_what_holds_and_another_sets_it_aside() {
        let out = tempfile::tempdir().unwrap();
        let options = BatchOptions::default();
        let (mut journal, before, remark) = begin(out.path(), &options, false);
        assert!(before.is_empty() && remark.is_none());
        journal.started("a").unwrap();
        journal.finished(&finished("a", |_| ())).unwrap();
        let failed = |row: &mut ResultRow| row.error = Some("unreadable".into());
        journal.finished(&finished("b", failed)).unwrap();
        let unwritten = |row: &mut ResultRow| {
            let finding = Finding::new(FindingCode::OverlayNotWritten, Severity::Caution);
            row.findings.push(finding);
        };
        journal.finished(&finished("c", unwritten)).unwrap();
        let held = RunJournal::begin(out.path(), identity(&options), false);
        assert!(matches!(held, Err(Error::Held)));
        journal.keep().unwrap();

        let (journal, before, remark) = begin(out.path(), &options, false);
        assert!(remark.is_none());
        assert_eq!(before.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(before["a"], finished("a", |_| ()).rows);
        journal.keep().unwrap();

        let other = BatchOptions {
            saliency: true,
            ..BatchOptions::default()
        };
        let (journal, before, remark) = begin(out.path(), &other, false);
        assert!(before.is_empty());
        let aside = ".gantei-journal (2).jsonl".to_owned();
        assert_eq!(remark, Some(Remark::SetAside(aside.clone())));
        assert!(out.path().join(aside).is_file());
        journal.remove().unwrap();
        assert!(!out.path().join(NAME).exists());
    }

    #[test]
    fn a_run_begins_again_where_it_is_told_to() {
        let out = tempfile::tempdir().unwrap();
        let options = BatchOptions::default();
        let (mut journal, ..) = begin(out.path(), &options, false);
        journal.finished(&finished("a", |_| ())).unwrap();
        journal.keep().unwrap();
        let (journal, before, remark) = begin(out.path(), &options, true);
        assert!(before.is_empty() && remark.is_none());
        journal.keep().unwrap();
        assert!(begin(out.path(), &options, false).1.is_empty());
    }

    #[test]
    fn no_folder_stands_in_the_journal() {
        let out = tempfile::tempdir().unwrap();
        let options = BatchOptions {
            inputs: vec!["/data/Hanako_Yamada".into()],
            ..BatchOptions::default()
        };
        begin(out.path(), &options, false).0.keep().unwrap();
        let text = std::fs::read_to_string(out.path().join(NAME)).unwrap();
        assert!(!text.contains("Yamada") && text.contains("\"inputs\""));
        let elsewhere = BatchOptions {
            inputs: vec!["/data/Taro_Suzuki".into()],
            ..options
        };
        let (journal, ..) = begin(out.path(), &elsewhere, false);
        journal.remove().unwrap();
        // Without rows there is nothing to set aside.
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    }
}
