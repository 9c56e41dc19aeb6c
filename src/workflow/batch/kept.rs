//! A run of the window whose answers are kept as they are computed: in the journal of the export folder, until they are
//! exported.
//!
//! The window runs in one process, which may end at any time. The next run of the same models, engine and version into
//! the same folder takes over the answers so far, for every photograph whose bytes and eye are unchanged. Runs of other
//! models are kept in the same journal.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use super::message::OpenedModel;
use super::run_journal::{Entry, RunIdentity, RunJournal, hold, identities};
use crate::domain::{FundusImage, ModelCard, ResultRow, masked};
use crate::imaging::{Grid, prepare};
use crate::progress::{Cancel, Gate, Progress};
use crate::saliency::{Method, SaliencyMap, Target};
use crate::storage::atomic;
use crate::storage::unfinished::Unfinished;
use crate::workflow::many::{
    Ended, InputAndMap, Item, PhotographResult, Row, RunOptions, Watch, open_models, run_with,
};
use crate::workflow::{Context, Error};

/// How answers are kept.
#[derive(Clone, Debug, Default)]
pub struct KeepOptions {
    /// The folder with the journal.
    pub folder: PathBuf,
    /// Whether the journal holds numbers instead of file names.
    pub mask_names: bool,
    /// Indices of photographs that are run again even if they have an answer.
    pub anew: BTreeSet<usize>,
    /// Where the photographs came from, for the next start; empty if that is not to be remembered.
    pub inputs: Vec<PathBuf>,
}

/// Events of such a run.
#[derive(Debug)]
pub enum KeptEvent {
    /// A photograph is finished, and its answers are kept.
    Finished(Box<PhotographResult>),
    /// The folder held the journal of another run, which now has this name.
    SetAside(String),
    /// Answers cannot be kept, and why. Reported once; the run continues.
    NotKept(Error),
    /// Answers are kept, but the next start will not offer to resume, and why.
    NotNoted(Error),
}

/// An answer in the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    case: ResultRow,
    map: Option<KeptMap>,
}

/// The map that every run computes: Grad-CAM of the model's own target.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptMap {
    layer: Option<String>,
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl KeptAnswer {
    fn of(row: &Row, name: &str) -> Self {
        let map = row.seen.as_ref().and_then(|seen| seen.map.as_ref());
        let mut case = row.case.clone();
        case.image = name.to_owned();
        Self {
            case,
            map: map.map(|map| KeptMap {
                layer: map.layer.clone(),
                rows: map.grid.rows(),
                columns: map.grid.columns(),
                values: map.grid.values().to_vec(),
            }),
        }
    }

    /// The answer as a row of the current run. `None` if it is not of the photograph as it is opened now.
    fn row(&self, name: &str, photograph: &FundusImage) -> Option<Row> {
        let mut case = self.case.clone();
        name.clone_into(&mut case.image);
        let today = ResultRow::of_image(name, photograph, Arc::clone(&case.card));
        let is_same = case.sha256 == today.sha256
            && case.pixels_sha256 == today.pixels_sha256
            && (case.eye, case.eye_source, case.eye_guess)
                == (today.eye, today.eye_source, today.eye_guess)
            && (case.quality, case.field_of_view) == (today.quality, today.field_of_view)
            && today.findings.iter().all(|f| case.findings.contains(f))
            && case.is_refused() == today.is_refused();
        if !is_same {
            return None;
        }
        let map = match &self.map {
            None => None,
            Some(map) => Some(SaliencyMap {
                method: Method::GradCam,
                layer: map.layer.clone(),
                target: match case.greatest_class() {
                    Some(class) => Target::Output(class),
                    None => Target::of(case.card.head, case.card.value_scale()),
                },
                grid: Grid::new(map.rows, map.columns, map.values.clone())?,
            }),
        };
        let field = photograph.field_of_view.as_ref();
        let prepared = prepare::prepare(&photograph.pixels, field, &case.card.input).ok()?;
        Some(Row {
            case,
            seen: Some(InputAndMap {
                map,
                features: None,
                prepared: Arc::new(prepared),
            }),
            fault: None,
        })
    }
}

/// Answers of earlier runs, by the checksum of the photograph's file; equal files may be photographs of either eye.
type EarlierAnswers = HashMap<String, Vec<Vec<KeptAnswer>>>;

/// Answers of runs with this identity.
fn earlier(entries: Vec<Entry>, identity: &RunIdentity) -> EarlierAnswers {
    let mut earlier = EarlierAnswers::new();
    let mut is_same = false;
    for entry in entries {
        match entry {
            Entry::Run(run) => is_same = *run == *identity,
            Entry::Answers(mut answers) if is_same => {
                if hold(answers.iter_mut().map(|a| &mut a.case), &identity.models)
                    && let Some(sha256) = answers.first().and_then(|a| a.case.sha256.clone())
                {
                    earlier.entry(sha256).or_default().push(answers);
                }
            }
            _ => {}
        }
    }
    earlier
}

/// Runs every model on every photograph, as [`crate::workflow::run_each`] does; each result is written to the journal
/// before it is reported, and what the journal holds is not run again.
///
/// # Errors
/// Whatever stops the run before its first photograph, such as another run that writes into the folder, and any error
/// of the engine. A folder that is not writable stops nothing.
#[expect(
    clippy::too_many_arguments,
    reason = "the same arguments as a run over many photographs"
)]
pub fn run_kept(
    ctx: &Context,
    items: &[Item],
    options: &RunOptions,
    keep: &KeepOptions,
    gate: &Gate,
    cancel: &Cancel,
    progress: &Progress,
    on_event: &mut dyn FnMut(KeptEvent),
) -> Result<Ended, Error> {
    let models = match open_models(ctx, options, cancel, progress) {
        Err(Error::Cancelled) => return Ok(Ended::Interrupted),
        models => models?,
    };
    let identity = RunIdentity::of_window(OpenedModel::all(&models)?);
    let folder = std::path::absolute(&keep.folder).unwrap_or_else(|_| keep.folder.clone());
    let (mut journal, mut before, mut kept) = (None, EarlierAnswers::new(), false);
    let (_running, begun) = begin(ctx, &folder, &identity);
    match begun {
        Ok((begun, entries, aside)) => {
            let is_new = entries.is_empty();
            // Including those of other models.
            kept = entries.iter().any(Entry::is_answer);
            before = earlier(entries, &identity);
            journal = Some(begun);
            if let Some(name) = aside {
                on_event(KeptEvent::SetAside(name));
            }
            if let Err(e) = note(ctx, &folder, keep, items.len(), is_new) {
                on_event(KeptEvent::NotNoted(e));
            }
        }
        Err(e @ Error::Held) => return Err(e),
        Err(e) => on_event(KeptEvent::NotKept(e)),
    }
    let recall = |index: usize, photograph: &FundusImage| {
        let candidates = before.get(&photograph.sha256)?;
        let name = items[index].name.as_str();
        let rows =
            |answers: &Vec<KeptAnswer>| answers.iter().map(|a| a.row(name, photograph)).collect();
        let is_desired = !keep.anew.contains(&index);
        is_desired.then(|| candidates.iter().rev().find_map(rows))?
    };
    let journal = RefCell::new(journal);
    let mut is_reported = false;
    let mut take = |done: PhotographResult| {
        // The sample eye is not the user's: no export includes it.
        let is_own = items[done.index].source.is_own();
        let is_whole = done.rows.iter().all(|row| row.case.error.is_none());
        let is_new = is_own && is_whole && !done.recalled;
        if let Some(journal) = journal.borrow_mut().as_mut().filter(|_| is_new) {
            let masked = masked::photograph(done.index + 1);
            let name = match keep.mask_names {
                true => &masked,
                false => &items[done.index].name,
            };
            let answers = done
                .rows
                .iter()
                .map(|row| KeptAnswer::of(row, name))
                .collect();
            // What cannot be written now may be writable at the end.
            kept = true;
            if let Err(e) = journal.answered(answers)
                && !is_reported
            {
                is_reported = true;
                on_event(KeptEvent::NotKept(e));
            }
        }
        on_event(KeptEvent::Finished(Box::new(done)));
        Ok(())
    };
    let watch = Watch {
        gate,
        started: &|_| (),
        recall: &recall,
        lacks: &|_, _| true,
        opened: Mutex::default(),
        cancel,
        progress,
    };
    let ended = run_with(
        &models,
        items,
        &options.open,
        &watch,
        &|done| done,
        &mut take,
    );
    if let Some(journal) = journal.into_inner() {
        let closed = match kept {
            true => journal.keep(),
            false => journal.remove().and_then(|()| forget(ctx, &folder)),
        };
        if let Err(e) = closed
            && !is_reported
        {
            on_event(KeptEvent::NotKept(e));
        }
    }
    ended
}

/// While one exists, a run of this process may be writing a journal.
struct Running<'a>(&'a Context);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.kept_runs() -= 1;
    }
}

type PartialRun = (RunJournal, Vec<Entry>, Option<String>);

fn begin<'a>(
    ctx: &'a Context,
    folder: &Path,
    identity: &RunIdentity,
) -> (Running<'a>, Result<PartialRun, Error>) {
    let mut running = ctx.kept_runs();
    *running += 1;
    let begun = atomic::prepare(folder).map_err(Error::from);
    let begun = begun.and_then(|()| RunJournal::begin_of_window(folder, identity.clone()));
    drop(running);
    (Running(ctx), begun)
}

/// Notes the run for the next start. A later run of some of the photographs removes nothing from the note.
fn note(
    ctx: &Context,
    folder: &Path,
    keep: &KeepOptions,
    photographs: usize,
    is_new: bool,
) -> Result<(), Error> {
    let mut run = Unfinished {
        folder: folder.to_owned(),
        inputs: keep.inputs.clone(),
        photographs,
    };
    let earlier = Unfinished::load(&ctx.places).into_iter();
    if let Some(earlier) = { earlier }.find(|e| e.folder == folder && !is_new) {
        run.photographs = run.photographs.max(earlier.photographs);
        if !run.inputs.is_empty() {
            let more = earlier.inputs.into_iter();
            let more: Vec<PathBuf> = more.filter(|path| !run.inputs.contains(path)).collect();
            run.inputs.extend(more);
        }
    }
    Ok(run.note(&ctx.places)?)
}

/// A run of the window that was started and has not been exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexported {
    pub folder: PathBuf,
    /// Where its photographs came from; empty if that is not remembered.
    pub inputs: Vec<PathBuf>,
    /// Ids of its models.
    pub models: Vec<String>,
    /// Number of photographs with an answer, and of all photographs.
    pub answered: usize,
    pub photographs: usize,
    /// Whether this version has exactly these models, so that the answers can be taken over.
    pub holds: bool,
}

/// The newest run of earlier sessions whose journal exists and is not being written.
pub fn unexported(ctx: &Context) -> Option<Unexported> {
    let installed = crate::workflow::models(ctx);
    let _opens = ctx.kept_runs();
    let offer = |noted: Unfinished| {
        let (_, entries) = RunJournal::of_window(&noted.folder)?;
        // A run without kept answers cannot be resumed.
        let last = entries.iter().rposition(Entry::is_answer)?;
        let identity = identities(&entries[..last]).next_back()?.clone();
        let is_there = |card: &ModelCard| installed.iter().any(|model| *model.card == *card);
        let mut cards = identity.models.iter().map(|model| &*model.card);
        let answered = earlier(entries, &identity).len();
        Some(Unexported {
            models: identity.models.iter().map(|m| m.card.id.clone()).collect(),
            holds: identity.is_of_today() && cards.all(is_there),
            folder: noted.folder,
            inputs: noted.inputs,
            answered,
            photographs: noted.photographs.max(answered),
        })
    };
    Unfinished::load(&ctx.places).into_iter().find_map(offer)
}

/// Stops offering the run in a folder. Its journal stays where it is.
pub fn forget(ctx: &Context, folder: &Path) -> Result<(), Error> {
    Ok(Unfinished::forget(&ctx.places, folder)?)
}

/// Forgets where the photographs of earlier runs are.
pub fn forget_inputs(ctx: &Context) -> Result<(), Error> {
    Ok(Unfinished::forget_inputs(&ctx.places)?)
}

/// Which answer a row holds: the photograph's checksum, the model, and whether the picture was refused.
type AnswerKey = (String, String, bool);

fn answer_of(case: &ResultRow) -> Option<AnswerKey> {
    let sha256 = case.sha256.clone()?;
    Some((sha256, case.card.id.clone(), case.is_refused()))
}

/// To be called once tables with these rows were written: removes the journals in this folder and in the noted folders
/// if all their answers are among the rows. Nothing is removed while a run of this process may be writing a journal.
pub fn exported<'a>(
    ctx: &Context,
    folder: &Path,
    rows: impl Iterator<Item = &'a ResultRow>,
) -> Result<(), Error> {
    let running = ctx.kept_runs();
    if *running > 0 {
        return Ok(());
    }
    let rows: HashSet<AnswerKey> = rows.filter_map(answer_of).collect();
    let here = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let noted = Unfinished::load(&ctx.places).into_iter();
    let mut folders: Vec<PathBuf> = noted.map(|run| run.folder).collect();
    if !folders.contains(&here) {
        folders.push(here);
    }
    for folder in folders {
        if let Some((journal, entries)) = RunJournal::of_window(&folder)
            && are_among(&entries, &rows)
        {
            journal.remove()?;
            forget(ctx, &folder)?;
        }
    }
    Ok(())
}

/// Whether the last answer for each photograph and model is among the rows.
fn are_among(entries: &[Entry], rows: &HashSet<AnswerKey>) -> bool {
    let answers = entries.iter().filter_map(|entry| match entry {
        Entry::Answers(answers) => Some(answers),
        _ => None,
    });
    let mut last: HashMap<(Option<&str>, &str, &str), &ResultRow> = HashMap::new();
    for KeptAnswer { case, .. } in answers.flatten() {
        let of = (case.sha256.as_deref(), &*case.image, &*case.card.id);
        last.insert(of, case);
    }
    let is_among = |case: &&ResultRow| answer_of(case).is_some_and(|answer| rows.contains(&answer));
    last.values().all(is_among)
}

#[cfg(test)]
mod tests {
    use super::super::JOURNAL;
    use super::*;
    use crate::domain::Laterality;
    use crate::imaging::OpenOptions;
    use crate::runtime::Device;
    use crate::storage::Places;
    use crate::workflow::Source;
    use crate::workflow::demonstration::BUNDLED;

    struct Night {
        home: tempfile::TempDir,
        context: Context,
    }

    impl Night {
        fn new() -> Self {
            let home = tempfile::tempdir().unwrap();
            let context = Context::in_places(Places::below(&home.path().join("home")));
            let sample = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/assets/samples/haggstrom_left_1411.jpg"
            );
            std::fs::copy(sample, home.path().join("Yamada.jpg")).unwrap();
            Self { home, context }
        }

        fn out(&self) -> PathBuf {
            self.home.path().join("out")
        }

        fn keep(&self) -> KeepOptions {
            KeepOptions {
                folder: self.out(),
                ..KeepOptions::default()
            }
        }

        /// Runs a copy of the sample eye with the stated eye, and returns what happened.
        fn run(
            &self,
            keep: &KeepOptions,
            eye: Option<Laterality>,
        ) -> Result<Vec<KeptEvent>, Error> {
            self.run_with(keep, eye, BUNDLED[0].id)
        }

        fn run_with(
            &self,
            keep: &KeepOptions,
            eye: Option<Laterality>,
            model: &str,
        ) -> Result<Vec<KeptEvent>, Error> {
            let photograph = self.home.path().join("Yamada.jpg");
            let items = [Item {
                source: Source::File(photograph),
                name: "Yamada.jpg".into(),
                eye,
                accepted: false,
            }];
            let options = RunOptions {
                models: vec![model.into()],
                device: Device::Embedded,
                saliency: true,
                features: true,
                open: OpenOptions::default(),
            };
            let mut events = Vec::new();
            run_kept(
                &self.context,
                &items,
                &options,
                keep,
                &Gate::new(),
                &Cancel::new(),
                &Progress::new(),
                &mut |event| events.push(event),
            )?;
            Ok(events)
        }

        fn journal(&self) -> String {
            std::fs::read_to_string(self.out().join(JOURNAL)).unwrap_or_default()
        }
    }

    fn only(events: Vec<KeptEvent>) -> PhotographResult {
        let mut events = events.into_iter();
        match (events.next(), events.next()) {
            (Some(KeptEvent::Finished(done)), None) => *done,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_is_taken_over_with_its_map_until_it_is_exported() {
        let night = Night::new();
        let keep = night.keep();
        let first = only(night.run(&keep, None).unwrap());
        assert!(!first.recalled);
        let left = unexported(&night.context).unwrap();
        assert_eq!((left.answered, left.photographs), (1, 1));
        assert_eq!(left.folder, night.out());

        let second = only(night.run(&keep, None).unwrap());
        assert!(second.recalled);
        let [a, b] = [&first, &second].map(|done| &done.rows[0]);
        assert_eq!(a.case, b.case);
        let [a, b] = [a, b].map(|row| row.seen.as_ref().unwrap());
        assert!(a.map.is_some());
        assert_eq!(a.map, b.map);
        assert_eq!(a.prepared.geometry, b.prepared.geometry);

        let again = KeepOptions {
            anew: [0].into(),
            ..keep.clone()
        };
        assert!(!only(night.run(&again, None).unwrap()).recalled);
        assert_eq!(unexported(&night.context).unwrap().answered, 1);

        let case = &first.rows[0].case;
        let mut others = [case.clone(), case.clone()];
        others[0].sha256 = Some("0".into());
        others[1].card = Arc::new(ModelCard {
            id: BUNDLED[1].id.into(),
            ..(*case.card).clone()
        });
        exported(&night.context, &night.out(), others.iter()).unwrap();
        assert!(unexported(&night.context).is_some());
        // Wherever the table is.
        exported(&night.context, Path::new("elsewhere"), [case].into_iter()).unwrap();
        assert!(unexported(&night.context).is_none());
        assert_eq!(std::fs::read_dir(night.out()).unwrap().count(), 0);
    }

    #[test]
    fn an_answer_about_another_eye_is_not_taken_over_and_both_are_kept() {
        let night = Night::new();
        let keep = night.keep();
        for eye in [Laterality::Od, Laterality::Os] {
            let done = only(night.run(&keep, Some(eye)).unwrap());
            assert_eq!((done.recalled, done.rows[0].case.eye), (false, eye));
        }
        for eye in [Laterality::Od, Laterality::Os] {
            let done = only(night.run(&keep, Some(eye)).unwrap());
            assert_eq!((done.recalled, done.rows[0].case.eye), (true, eye));
        }
    }

    #[test]
    fn masked_names_are_in_no_journal_and_come_back_by_the_picture() {
        let night = Night::new();
        let keep = KeepOptions {
            mask_names: true,
            ..night.keep()
        };
        only(night.run(&keep, None).unwrap());
        let journal = night.journal();
        assert!(!journal.contains("Yamada") && journal.contains("photograph-0001"));
        let done = only(night.run(&keep, None).unwrap());
        assert_eq!(
            (done.recalled, &*done.rows[0].case.image),
            (true, "Yamada.jpg")
        );
    }

    #[test]
    fn the_run_goes_on_where_nothing_can_be_kept_and_not_where_another_writes() {
        let night = Night::new();
        std::fs::write(night.home.path().join("file"), "").unwrap();
        let keep = KeepOptions {
            folder: night.home.path().join("file/below"),
            ..KeepOptions::default()
        };
        let events = night.run(&keep, None).unwrap();
        assert!(
            matches!(&events[..], [KeptEvent::NotKept(_), KeptEvent::Finished(done)] if !done.recalled)
        );
        assert!(unexported(&night.context).is_none());

        only(night.run(&night.keep(), None).unwrap());
        let held = RunJournal::of_window(&night.out()).unwrap();
        assert!(matches!(night.run(&night.keep(), None), Err(Error::Held)));
        assert!(
            unexported(&night.context).is_none(),
            "another window has it"
        );
        drop(held);
        assert!(unexported(&night.context).is_some());
        forget(&night.context, &night.out()).unwrap();
        assert!(unexported(&night.context).is_none());
        assert!(night.out().join(JOURNAL).is_file());
    }

    #[test]
    fn another_journal_is_set_aside_and_altered_lines_do_not_count() {
        let night = Night::new();
        only(night.run(&night.keep(), None).unwrap());
        let journal = night.journal().replace("demo-", "domo-");
        assert!(journal.contains("domo-"));
        std::fs::write(night.out().join(JOURNAL), &journal).unwrap();
        assert!(!only(night.run(&night.keep(), None).unwrap()).recalled);

        let options = crate::workflow::BatchOptions::default();
        let identity = RunIdentity::of(&options, vec![]);
        let (mut journal, ..) = RunJournal::begin(&night.out(), identity, true).unwrap();
        journal.answered(vec![]).unwrap();
        journal.keep().unwrap();
        let events = night.run(&night.keep(), None).unwrap();
        let aside = ".gantei-journal (2).jsonl";
        assert!(
            matches!(&events[..], [KeptEvent::SetAside(name), KeptEvent::Finished(_)] if name == aside)
        );
        assert!(night.out().join(aside).is_file());
    }

    #[test]
    fn runs_of_several_models_are_kept_together() {
        let night = Night::new();
        let keep = night.keep();
        let first = only(night.run(&keep, None).unwrap());
        let second = only(night.run_with(&keep, None, BUNDLED[1].id).unwrap());
        assert!(!second.recalled);
        let left = unexported(&night.context).unwrap();
        assert_eq!(
            (left.models, left.holds),
            (vec![BUNDLED[1].id.into()], true)
        );
        assert!(only(night.run(&keep, None).unwrap()).recalled);
        // A run that keeps nothing leaves what the others kept.
        std::fs::write(night.home.path().join("Yamada.jpg"), "no picture").unwrap();
        let third = only(night.run_with(&keep, None, BUNDLED[1].id).unwrap());
        assert!(third.photograph.is_err());
        let [a, b] = [&first, &second].map(|done| &done.rows[0].case);
        exported(&night.context, &night.out(), [a].into_iter()).unwrap();
        assert!(unexported(&night.context).is_some());
        exported(&night.context, &night.out(), [a, b].into_iter()).unwrap();
        assert!(unexported(&night.context).is_none());
    }
}
