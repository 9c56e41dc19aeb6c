//! The state of a running batch: every row is in the journal before it is reported, and rows of an earlier run take
//! their places.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::message::{Finished, OpenedModel};
use super::plan::Plan;
use super::run_journal::{EarlierRows, RunIdentity, RunJournal, has_files};
use super::work::shortened;
use super::{BatchOptions, PartialRun, RunEvent};
use crate::domain::{EyeSource, ResultRow};
use crate::imaging::{self, Limits, laterality_from_name};
use crate::jobs::{ReadAhead, read_ahead};
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Progress};
use crate::storage::{atomic, file_name, read};
use crate::text::remark::Remark;
use crate::workflow::{Error, PartialResults};

pub(super) struct Run<'a> {
    pub plan: &'a Plan,
    pub options: &'a BatchOptions,
    pub partial: &'a PartialResults<PartialRun>,
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
    pub on_event: &'a mut dyn FnMut(RunEvent),
    models: Vec<OpenedModel>,
}

impl<'a> Run<'a> {
    pub fn new(
        plan: &'a Plan,
        options: &'a BatchOptions,
        partial: &'a PartialResults<PartialRun>,
        cancel: &'a Cancel,
        progress: &'a Progress,
        on_event: &'a mut dyn FnMut(RunEvent),
    ) -> Self {
        Self {
            plan,
            options,
            partial,
            cancel,
            progress,
            on_event,
            models: Vec::new(),
        }
    }

    pub fn models(&self) -> &[OpenedModel] {
        &self.models
    }

    /// Called when the models are open: starts the journal and takes over what an earlier run finished. Returns the
    /// indices of the remaining photographs.
    pub fn opened(&mut self, models: Vec<OpenedModel>) -> Result<Vec<usize>, Error> {
        self.models = models;
        let mut resumed = BTreeMap::new();
        if let Some(out) = &self.options.out {
            let identity = RunIdentity::of(self.options, self.models.clone());
            match RunJournal::begin(out, identity, self.options.again) {
                Ok((journal, before, remark)) => {
                    // What an earlier run was writing when it was killed.
                    atomic::sweep_all(out);
                    let names: HashSet<String> = before.keys().cloned().collect();
                    resumed = self.still_good(out, before)?;
                    let still_there = self.plan.photographs.iter().enumerate();
                    let at_stake = still_there
                        .filter(|(at, found)| {
                            names.contains(&found.name) && !resumed.contains_key(at)
                        })
                        .map(|(at, _)| at);
                    let at_stake = at_stake.collect();
                    self.partial.note(|begun| {
                        begun.at_stake = at_stake;
                        begun.journal = Some(journal);
                    })?;
                    remark.map_or(Ok(()), |remark| self.remark(remark))?;
                }
                Err(Error::Held) => return Err(Error::Held),
                Err(e) => self.not_writable(e)?,
            }
        }
        let all = self.plan.photographs.len();
        if !resumed.is_empty() {
            let finished = resumed.len();
            (self.on_event)(RunEvent::Remark(&Remark::Resumed { finished, all }));
        }
        let left = (0..all).filter(|at| !resumed.contains_key(at)).collect();
        self.partial.note(|begun| begun.resumed = resumed)?;
        self.progress.start(all as u64);
        self.hand_on()?;
        Ok(left)
    }

    /// Reports a remark at once, and with the results.
    pub fn remark(&mut self, remark: Remark) -> Result<(), Error> {
        (self.on_event)(RunEvent::Remark(&remark));
        Ok(self.partial.note(|begun| begun.remarks.push(remark))?)
    }

    /// Reports only the first such error: the others are alike.
    pub fn not_writable(&mut self, error: Error) -> Result<(), Error> {
        let is_reported = self.partial.note(|begun| {
            let is_not_writable = |remark: &Remark| matches!(remark, Remark::NotWritable(_));
            begun.remarks.iter().any(is_not_writable)
        })?;
        match is_reported {
            true => Ok(()),
            false => {
                let error = match self.options.mask_names {
                    true => error.masked(),
                    false => error,
                };
                self.remark(Remark::NotWritable(error.wording()))
            }
        }
    }

    /// Photographs whose files and overlays are unchanged.
    fn still_good(
        &self,
        out: &Path,
        mut before: EarlierRows,
    ) -> Result<BTreeMap<usize, Finished>, Error> {
        let mut good = BTreeMap::new();
        if before.is_empty() {
            return Ok(good);
        }
        let known = self.plan.photographs.iter().enumerate();
        let known: Vec<_> = known
            // What the shell opened can be read only once.
            .filter(|(_, found)| !read::is_descriptor(&found.path))
            .filter_map(|(index, found)| {
                let rows = before.remove(&found.name)?;
                let is_whole = is_named(&rows, &self.plan.stems[index]) && has_files(out, &rows);
                (is_whole && has_eye(&rows, &found.path)).then_some((index, &found.path, rows))
            })
            .collect();
        self.progress.start(known.len() as u64);
        read_ahead(
            known,
            ReadAhead::default(),
            self.cancel,
            |(index, path, rows)| {
                let bytes = read::file(path, Limits::default().file_bytes).ok()?;
                let sha256 = sha256(&bytes);
                let is_same = rows.iter().all(|row| row.sha256.as_ref() == Some(&sha256));
                // Bytes that a worker has read before.
                is_same.then(|| Finished {
                    index,
                    rows,
                    patient: imaging::patient(&bytes),
                    no_frame: None,
                })
            },
            |finished| {
                self.progress.advance();
                if let Ok(Some(finished)) = finished {
                    good.insert(finished.index, finished);
                }
                Ok::<(), Error>(())
            },
        )?;
        Ok(good)
    }

    pub fn started(&mut self, index: usize) -> Result<(), Error> {
        let name = &self.plan.photographs[index].name;
        self.journal(|journal| journal.started(name))
    }

    /// Takes the rows of one photograph, and those of an earlier run that follow it.
    pub fn finished(&mut self, finished: Finished) -> Result<(), Error> {
        self.journal(|journal| journal.finished(&finished))?;
        self.take(finished)?;
        self.hand_on()
    }

    /// Passes on the rows of an earlier run up to the first missing one.
    fn hand_on(&mut self) -> Result<(), Error> {
        while let Some(finished) = self.partial.note(PartialRun::next_resumed)? {
            self.take(finished)?;
        }
        Ok(())
    }

    fn take(&mut self, finished: Finished) -> Result<(), Error> {
        let rows = finished.rows.clone();
        self.partial.note(|begun| begun.take(finished))?;
        self.progress.advance();
        rows.iter()
            .for_each(|row| (self.on_event)(RunEvent::Row(row)));
        Ok(())
    }

    /// Writes into the journal. A failure is reported; the run continues.
    fn journal(
        &mut self,
        write: impl FnOnce(&mut RunJournal) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let written = self
            .partial
            .note(|begun| begun.journal.as_mut().map(write))?;
        match written {
            Some(Err(e)) => self.not_writable(e),
            _ => Ok(()),
        }
    }
}

/// Whether the files of the rows have their current names: another photograph may have taken the stem.
fn is_named(rows: &[ResultRow], stem: &str) -> bool {
    let names = [format!("{stem}."), format!("{}.", shortened(stem))];
    let mut files = rows.iter().flat_map(|row| &row.files);
    files.all(|file| names.iter().any(|name| file.starts_with(name)))
}

/// Whether the eye that the rows have from the file's name is still the one in the name: masked names do not show a
/// change.
fn has_eye(rows: &[ResultRow], path: &Path) -> bool {
    let eye_in_name = laterality_from_name(&file_name(path));
    rows.iter().all(|row| match row.eye_source {
        EyeSource::FileName => row.eye == eye_in_name,
        EyeSource::None => !eye_in_name.is_known(),
        EyeSource::Dicom | EyeSource::User => true,
    })
}
