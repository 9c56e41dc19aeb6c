//! The state of a running batch: every row is in the journal before it is reported, and rows of an earlier run take
//! their places.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::message::{Finished, OpenedModel, Photograph};
use super::plan::Plan;
use super::run_features::RunFeatures;
use super::run_journal::{EarlierRows, RunIdentity, RunJournal, has_files};
use super::study::{Origins, StudyAnswer, StudyRun};
use super::work::shortened;
use super::{BatchOptions, PartialRun, RunEvent};
use crate::domain::{EyeSource, PatientKey, ResultRow, note_disagreement, set_eye};
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
    pub features: RunFeatures,
    /// Answers of some of the models for photographs that the others must still answer, one place for each model.
    partly: BTreeMap<usize, Vec<Option<ResultRow>>>,
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
            features: RunFeatures::default(),
            partly: BTreeMap::new(),
        }
    }

    /// The models that are to answer for a photograph.
    pub fn models_of(&self, index: usize) -> impl Iterator<Item = &OpenedModel> {
        let answered = self.partly.get(&index);
        let lacks = move |at: usize| answered.is_none_or(|rows| rows[at].is_none());
        let models = self.models.iter().enumerate();
        models.filter(move |(at, _)| lacks(*at)).map(|(_, m)| m)
    }

    /// The photographs at these indices, as sent to a worker.
    pub fn reported(&self, places: impl IntoIterator<Item = usize>) -> Vec<Photograph> {
        let lacking = |rows: &Vec<Option<ResultRow>>| {
            let places = rows.iter().enumerate();
            places
                .filter(|(_, row)| row.is_none())
                .map(|(at, _)| at)
                .collect()
        };
        let reported = |index: usize| Photograph {
            models: self.partly.get(&index).map(lacking),
            ..self.plan.reported(index)
        };
        places.into_iter().map(reported).collect()
    }

    /// Called when the models are open: starts the journal and takes over what an earlier run finished. Returns the
    /// indices of the remaining photographs.
    pub fn opened(&mut self, models: Vec<OpenedModel>) -> Result<Vec<usize>, Error> {
        self.features = RunFeatures::of(self.options, &models);
        self.models = models;
        let (options, all) = (self.options, 0..self.plan.photographs.len());
        let mut resumed = BTreeMap::new();
        let mut passed_over = BTreeSet::new();
        if let Some(out) = &options.out {
            let begun = match &options.study {
                Some(study) => self.begin_of_study(out, study),
                None => self.begin(out).map(|resumed| (resumed, BTreeSet::new())),
            };
            match begun {
                Ok(begun) => (resumed, passed_over) = begun,
                Err(e @ (Error::Held | Error::Study(_) | Error::Cancelled)) => return Err(e),
                // Without its journal a study would keep nothing of what is computed.
                Err(e) if options.study.is_some() => return Err(e),
                Err(e) => self.not_writable(e)?,
            }
        }
        let due = all.len() - passed_over.len();
        if !resumed.is_empty() {
            let finished = resumed.len();
            let remark = Remark::Resumed { finished, all: due };
            (self.on_event)(RunEvent::Remark(&remark));
        }
        let is_left = |at: &usize| !resumed.contains_key(at) && !passed_over.contains(at);
        let left = all.filter(is_left).collect();
        self.partial.note(|begun| {
            begun.resumed = resumed;
            begun.passed_over = passed_over;
        })?;
        self.progress.start(due as u64);
        self.hand_on()?;
        Ok(left)
    }

    /// Starts the journal and returns what an earlier run of the same command finished.
    fn begin(&mut self, out: &Path) -> Result<BTreeMap<usize, Finished>, Error> {
        let identity = RunIdentity::of(self.options, self.models.clone());
        let (journal, before, remark) = RunJournal::begin(out, identity, self.options.again)?;
        // What an earlier run was writing when it was killed.
        atomic::sweep_all(out);
        let names: HashSet<String> = before.keys().cloned().collect();
        let resumed = self.still_good(out, before)?;
        let still_there = self.plan.photographs.iter().enumerate();
        let at_stake = still_there
            .filter(|(at, found)| names.contains(&found.name) && !resumed.contains_key(at))
            .map(|(at, _)| at);
        let at_stake = at_stake.collect();
        self.partial.note(|begun| {
            begun.at_stake = at_stake;
            begun.journal = Some(journal);
        })?;
        remark.map_or(Ok(()), |remark| self.remark(remark))?;
        Ok(resumed)
    }

    /// The same for a study, with the photographs that are left for other runs.
    fn begin_of_study(
        &mut self,
        out: &Path,
        study: &StudyRun,
    ) -> Result<(BTreeMap<usize, Finished>, BTreeSet<usize>), Error> {
        let (options, plan) = (self.options, self.plan);
        let identity = RunIdentity::of_study(options, self.models.clone());
        let begun = RunJournal::begin_of_study(out, study, identity, options.again)?;
        let (journal, answers, remark) = begun;
        if !plan.is_part {
            // Other parts may be writing now.
            atomic::sweep_all(out);
        }
        self.partial.note(|begun| begun.journal = Some(journal))?;
        remark.map_or(Ok(()), |remark| self.remark(remark))?;
        let is_run = |at: &usize| {
            let only = study.only.as_ref();
            study.shard.is_none_or(|shard| shard.has(*at))
                && only.is_none_or(|only| only.contains(&plan.own_names[*at]))
        };
        let mut passed_over: BTreeSet<usize> = (0..plan.photographs.len())
            .filter(|at| !is_run(at))
            .collect();
        let names = plan.own_names.iter().map(String::as_str);
        let has_others = answers.has_others(names.clone());
        let known = names.zip(&plan.photographs).enumerate();
        let known = known.filter(|(at, (name, _))| {
            !passed_over.contains(at) && (has_others || answers.has_answer(name))
        });
        let known = known.map(|(at, (name, found))| (at, found.path.as_path(), name));
        let usable = |at: usize, row: &ResultRow| {
            let rows = std::slice::from_ref(row);
            let is_whole = is_named(rows, &plan.stems[at]) && has_files(out, rows);
            is_whole && has_eye(rows, &plan.photographs[at].path)
        };
        let usable = |at: usize, answer: &StudyAnswer| {
            usable(at, &answer.row) && answers.wrote_files_of(answer)
        };
        let judged = self.hashed(known.collect(), |at, name, sha256| {
            let rows = answers.of_file(name, sha256, |answer| usable(at, answer));
            rows.iter().any(Option::is_some).then_some(rows)
        })?;
        let used = judged.iter().flat_map(|(_, rows, _)| rows.iter().flatten());
        let mut origins = Origins::of(used);
        let mut resumed = BTreeMap::new();
        for (index, answers, patient) in judged {
            let name = &plan.photographs[index].name;
            let row = |answer: StudyAnswer| ResultRow {
                image: name.clone(),
                ..answer.row
            };
            let rows: Vec<Option<ResultRow>> = answers.into_iter().map(|a| a.map(row)).collect();
            match rows.iter().all(Option::is_some) {
                true => {
                    let mut finished = Finished {
                        index,
                        rows: rows.into_iter().flatten().collect(),
                        patient,
                        no_frame: None,
                        stamp: None,
                        features: Vec::new(),
                    };
                    note_disagreement(&mut finished.rows.iter_mut().collect::<Vec<_>>());
                    self.note_eye(&mut finished);
                    resumed.insert(index, finished);
                }
                false => {
                    self.partly.insert(index, rows);
                }
            }
        }
        if study.failed_only {
            let names = plan.own_names.iter().enumerate();
            let rest = names.filter(|(at, name)| {
                !resumed.contains_key(at) && !answers.has_failed(name) && !passed_over.contains(at)
            });
            let rest: Vec<usize> = rest.map(|(at, _)| at).collect();
            if !rest.is_empty() {
                self.remark(Remark::Unanswered {
                    photographs: rest.len(),
                })?;
            }
            passed_over.extend(rest);
        }
        if resumed.len() + passed_over.len() < plan.photographs.len() {
            origins.add_own(&self.models);
        }
        for remark in origins.remarks() {
            self.remark(remark)?;
        }
        Ok((resumed, passed_over))
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
                let path = found.path.as_path();
                (is_whole && has_eye(&rows, path)).then_some((index, path, rows))
            })
            .collect();
        let judged = self.hashed(known, |_, rows: Vec<ResultRow>, sha256| {
            let is_same = |row: &ResultRow| row.sha256.as_deref() == Some(sha256);
            rows.iter().all(is_same).then_some(rows)
        })?;
        for (index, rows, patient) in judged {
            let finished = Finished {
                index,
                rows,
                patient,
                no_frame: None,
                stamp: None,
                features: Vec::new(),
            };
            good.insert(index, finished);
        }
        Ok(good)
    }

    /// Reads files and returns what `judge` makes of each and its checksum, with the patient. Files that cannot be read
    /// are left out.
    fn hashed<T: Send, R: Send>(
        &self,
        known: Vec<(usize, &Path, T)>,
        judge: impl Fn(usize, T, &str) -> Option<R> + Sync,
    ) -> Result<Vec<(usize, R, Option<PatientKey>)>, Error> {
        let mut judged = Vec::new();
        self.progress.start(known.len() as u64);
        read_ahead(
            known,
            ReadAhead::default(),
            self.cancel,
            |(index, path, known)| {
                let bytes = read::file(path, Limits::default().file_bytes).ok()?;
                let result = judge(index, known, &sha256(&bytes))?;
                // Bytes that a worker has read before.
                Some((index, result, imaging::patient(&bytes)))
            },
            |done| {
                self.progress.advance();
                judged.extend(done.ok().flatten());
                Ok::<(), Error>(())
            },
        )?;
        Ok(judged)
    }

    pub fn started(&mut self, index: usize) -> Result<(), Error> {
        if self.options.study.is_some() {
            return Ok(());
        }
        let name = &self.plan.photographs[index].name;
        self.journal(|journal| journal.started(name))
    }

    /// Takes the rows of one photograph, and those of an earlier run that follow it.
    pub fn finished(&mut self, mut finished: Finished) -> Result<(), Error> {
        match &self.options.study {
            None => self.journal(|journal| journal.finished(&finished))?,
            Some(_) => {
                self.features.take(&mut finished);
                let name = self.plan.own_names[finished.index].clone();
                let stamp = finished.stamp;
                let rows = finished.rows.clone();
                self.journal(|journal| journal.answered_in_study(name, stamp, rows))?;
                self.complete(&mut finished);
                self.note_eye(&mut finished);
            }
        }
        self.take(finished)?;
        self.hand_on()
    }

    /// Gives rows the eye that a pattern of names says. It does not override a tag or the user.
    fn note_eye(&self, finished: &mut Finished) {
        let Some(eye) = self.plan.eyes[finished.index] else {
            return;
        };
        let source = match eye.is_known() {
            true => EyeSource::FileName,
            false => EyeSource::None,
        };
        for row in &mut finished.rows {
            if matches!(row.eye_source, EyeSource::FileName | EyeSource::None)
                && row.error.is_none()
            {
                set_eye(row, eye, source);
            }
        }
    }

    /// Adds the answers of earlier runs, in the order of the models. Those of a file that has changed since it was
    /// compared with them fail: the models of a photograph answer for the same bytes.
    fn complete(&mut self, finished: &mut Finished) {
        let Some(earlier) = self.partly.remove(&finished.index) else {
            return;
        };
        let read = finished.rows.iter().find_map(|row| row.sha256.clone());
        let new = std::mem::take(&mut finished.rows);
        let is_other = |row: &ResultRow| read.is_some() && row.sha256 != read;
        let earlier = earlier.into_iter().map(|row| {
            let row = row?;
            Some(match is_other(&row) {
                false => row,
                true => ResultRow {
                    error: Some(Error::Changed.to_string()),
                    ..ResultRow::unopened(&row.image, row.card)
                },
            })
        });
        finished.rows = merged(earlier, new);
        note_disagreement(&mut finished.rows.iter_mut().collect::<Vec<_>>());
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

/// Rows in the order of the models: those that are there, and the new ones of the others.
fn merged(earlier: impl Iterator<Item = Option<ResultRow>>, new: Vec<ResultRow>) -> Vec<ResultRow> {
    let mut new = new.into_iter();
    earlier
        .filter_map(|row| row.or_else(|| new.next()))
        .collect()
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
