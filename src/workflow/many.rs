//! One loop over photographs × models, the same for the command line and the window.
//!
//! Each photograph is taken from its file to its rows by one of several threads, and only the forward pass takes turns: a
//! model runs on one photograph at a time. So every core has work as long as there are photographs, whichever stage is
//! the slow one. Results are passed on in order, on the caller's thread. A bad file results in a row with a reason. No
//! photograph is kept after it was passed on, so a thousand take no more memory than ten.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::context::OpenModel;
use super::keyed_lock::lock;
use super::open::open_beside_others;
use super::predict::{Prediction, Request, milliseconds, predict_with};
use super::{Context, Error, Source};
use crate::domain::{Features, FundusImage, Laterality, ResultRow};
use crate::imaging::OpenOptions;
use crate::imaging::prepare::Prepared;
use crate::jobs::{Panicked, ReadAhead, Sequencer, Ticket, ahead_in_turn, both, caught};
use crate::progress::{Cancel, Cancelled, Gate, Progress};
use crate::runtime::Device;
use crate::saliency::SaliencyMap;
use crate::text::failures::Fault;

/// One photograph to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub source: Source,
    /// Its name in rows: the path relative to the given folder, with `/`.
    pub name: String,
    /// The eye stated by the user for this photograph; it overrides that of the run.
    pub eye: Option<Laterality>,
    /// Whether the user wants this picture used even if it does not look like a fundus photograph; those of a run that
    /// accepts any picture are used anyway.
    pub accepted: bool,
}

/// Options of a run for every photograph.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Ids or files of the models.
    pub models: Vec<String>,
    pub device: Device,
    /// Whether Grad-CAM maps are computed.
    pub saliency: bool,
    /// Whether the pooled features are kept.
    pub features: bool,
    pub open: OpenOptions,
}

/// The result of one photograph.
#[derive(Debug)]
pub struct PhotographResult {
    /// Its index among the items.
    pub index: usize,
    pub photograph: Result<FundusImage, Error>,
    /// One for each model, in the order of the models.
    pub rows: Vec<Row>,
    /// The rows are those of an earlier run; no model ran.
    pub recalled: bool,
}

/// One model on one photograph.
#[derive(Clone, Debug)]
pub struct Row {
    /// `error` states why there is no answer.
    pub case: ResultRow,
    /// `None` if there is no answer.
    pub seen: Option<InputAndMap>,
    /// Why there is none, for the window.
    pub fault: Option<Fault>,
}

/// The network's input and the saliency map.
#[derive(Clone, Debug)]
pub struct InputAndMap {
    /// `None` if no map was requested.
    pub map: Option<SaliencyMap>,
    /// `None` if the network offers no feature map, and for an answer of an earlier run.
    pub features: Option<Features>,
    pub prepared: Arc<Prepared>,
}

/// How a run ended, if it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Finished,
    /// The user stopped it; every photograph that was passed on is complete.
    Interrupted,
}

/// Runs every model on every photograph and passes each on as it is finished, in order.
///
/// Models are opened first and held to the end: one that cannot be opened ends the run before a photograph is read. The
/// run waits at `gate` before each pass of a model, and passes are in the order of the photographs. A cancel stops it
/// within one photograph, and the rows of those in flight are dropped; an error of `on_done` ends it. Progress counts
/// photographs.
pub fn run_each(
    ctx: &Context,
    items: &[Item],
    options: &RunOptions,
    gate: &Gate,
    cancel: &Cancel,
    progress: &Progress,
    on_done: &mut dyn FnMut(PhotographResult) -> Result<(), Error>,
) -> Result<Ended, Error> {
    let models = match open_models(ctx, options, cancel, progress) {
        Err(Error::Cancelled) => return Ok(Ended::Interrupted),
        models => models?,
    };
    let watch = Watch {
        gate,
        started: &|_| (),
        recall: &|_, _| None,
        lacks: &|_, _| true,
        opened: Mutex::default(),
        cancel,
        progress,
    };
    run_with(&models, items, &options.open, &watch, &|done| done, on_done)
}

/// The models of a run, each with what it is asked for.
type OpenModels = Vec<(OpenModel, Request)>;

/// A photograph that was opened before the run, while its models were.
pub(super) struct OpenedEarly {
    item: Item,
    photograph: Result<FundusImage, Error>,
    open_ms: f64,
}

impl OpenedEarly {
    pub fn item(&self) -> &Item {
        &self.item
    }
}

/// As [`open_models`], and opens a photograph meanwhile. That is left to the run if it takes much memory or fails badly.
pub(super) fn open_models_beside(
    ctx: &Context,
    options: &RunOptions,
    first: Option<Item>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(OpenModels, Option<OpenedEarly>), Error> {
    let Some(item) = first else {
        return Ok((open_models(ctx, options, cancel, progress)?, None));
    };
    let (opened, models) = both(
        || caught(|| timed(&item, &options.open, || Err(Cancelled))),
        || open_models(ctx, options, cancel, progress),
    );
    let opened = match opened {
        Ok((Err(Error::Cancelled), _)) | Err(_) => None,
        Ok((photograph, open_ms)) => Some(OpenedEarly {
            item,
            photograph,
            open_ms,
        }),
    };
    Ok((models?, opened))
}

/// How a run is observed and paused. `started` and `recall` are called on the threads that work on the photographs.
pub(super) struct Watch<'a> {
    pub gate: &'a Gate,
    /// Receives the index of each photograph before it is read.
    pub started: &'a (dyn Fn(usize) + Sync),
    /// The rows of an earlier run for the photograph at an index, if they are still valid for it.
    pub recall: &'a (dyn Fn(usize, &FundusImage) -> Option<Vec<Row>> + Sync),
    /// Whether the photograph at the first index lacks an answer of the model at the second.
    pub lacks: &'a (dyn Fn(usize, usize) -> bool + Sync),
    /// The first photograph, if it is open already.
    pub opened: Mutex<Option<OpenedEarly>>,
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
}

/// As [`run_each`], with open models. `complete` does the rest of the work on a photograph, on the thread that worked on
/// it, and returns what `on_done` receives.
pub(super) fn run_with<R: Send>(
    models: &[(OpenModel, Request)],
    items: &[Item],
    options: &OpenOptions,
    watch: &Watch,
    complete: &(dyn Fn(PhotographResult) -> R + Sync),
    on_done: &mut dyn FnMut(R) -> Result<(), Error>,
) -> Result<Ended, Error> {
    let cancel = watch.cancel;
    watch.progress.start(items.len() as u64);
    let passes = Sequencer::default();
    let work = |(index, item): (usize, &Item), turn: &Ticket| {
        // First, so that its turn ends whatever happens.
        let pass = passes.of(index);
        (watch.started)(index);
        let while_paused = || {
            if watch.gate.is_shut() {
                // All earlier rows are passed on first.
                turn.wait()?;
                watch.gate.wait(cancel)?;
            }
            Ok(())
        };
        let wait_for_turn = || {
            pass.wait(cancel)?;
            while_paused()
        };
        let early = lock(&watch.opened).take_if(|early| early.item == *item);
        let (photograph, open_ms) = match early {
            Some(early) => (early.photograph, early.open_ms),
            None => timed(item, options, || turn.wait()),
        };
        if matches!(photograph, Err(Error::Cancelled)) {
            return Err(Error::Cancelled);
        }
        while_paused()?;
        let opened = photograph.as_ref().ok();
        let earlier = opened.and_then(|photograph| (watch.recall)(index, photograph));
        let recalled = earlier.is_some();
        let rows = match earlier {
            Some(rows) => rows,
            None => {
                let lacks = |model| (watch.lacks)(index, model);
                let name = &item.name;
                let mut rows = rows_of(models, &lacks, &photograph, name, &wait_for_turn, cancel)?;
                for row in &mut rows {
                    row.case.timings.open = open_ms;
                }
                rows
            }
        };
        drop(pass);
        Ok(complete(PhotographResult {
            index,
            photograph,
            rows,
            recalled,
        }))
    };
    let mut take = |index: usize, done: Result<Result<R, Error>, Panicked>| {
        let done = match done {
            Ok(done) => done?,
            Err(panicked) => {
                let photograph = Err(panicked.into());
                let lacks = |model| (watch.lacks)(index, model);
                let name = &items[index].name;
                let rows = rows_of(models, &lacks, &photograph, name, &|| Ok(()), cancel)?;
                complete(PhotographResult {
                    index,
                    photograph,
                    rows,
                    recalled: false,
                })
            }
        };
        on_done(done)?;
        watch.progress.advance();
        Ok(())
    };
    let mut indices = 0..items.len();
    let numbered = items.iter().enumerate();
    let ended = ahead_in_turn(numbered, ReadAhead::large_items(), cancel, work, |done| {
        indices.next().map_or(Ok(()), |index| take(index, done))
    });
    match ended {
        Ok(()) => Ok(Ended::Finished),
        Err(Error::Cancelled) => Ok(Ended::Interrupted),
        Err(error) => Err(error),
    }
}

/// One open photograph and one or more models: each answer is reported as it is computed, with the model's name, in
/// order. Disagreement of the models is noted by the caller that has all answers
/// ([`crate::domain::note_disagreement`]). `options.open` is not used here. Progress counts models; after a cancel the
/// rest answer `Cancelled`.
pub fn predict_models(
    ctx: &Context,
    photograph: &FundusImage,
    name: &str,
    options: &RunOptions,
    cancel: &Cancel,
    progress: &Progress,
    notify: &dyn Fn(&str, Result<Prediction, Error>),
) {
    // Opening a model has its own steps, which would hide those counted here.
    let quiet = Progress::new();
    progress.start(options.models.len() as u64);
    for (model, request) in requests(options) {
        let answer = cancel.check().map_err(Error::from).and_then(|()| {
            let open = ctx.model(model, options.device, cancel, &quiet)?;
            predict_with(
                &open,
                photograph,
                name,
                &request,
                &|| Ok(()),
                cancel,
                &quiet,
            )
        });
        notify(model, answer);
        progress.advance();
    }
}

fn requests(options: &RunOptions) -> impl Iterator<Item = (&String, Request)> {
    options.models.iter().map(|model| {
        let request = Request {
            model: model.clone(),
            device: options.device,
            saliency: options.saliency,
            target: None,
            features: options.features,
        };
        (model, request)
    })
}

/// Opens the models of a run, which are held to its end.
pub(super) fn open_models(
    ctx: &Context,
    options: &RunOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<OpenModels, Error> {
    requests(options)
        .map(|(model, request)| {
            let open = ctx.model(model, options.device, cancel, progress)?;
            Ok((open, request))
        })
        .collect()
}

/// A photograph, and how many milliseconds it took to open.
fn timed(
    item: &Item,
    options: &OpenOptions,
    wait: impl FnOnce() -> Result<(), Cancelled>,
) -> (Result<FundusImage, Error>, f64) {
    let options = OpenOptions {
        eye: item.eye.or(options.eye),
        accept_any_picture: item.accepted || options.accept_any_picture,
        ..*options
    };
    let mut started = Instant::now();
    let photograph = open_beside_others(&item.source, &options, || {
        wait()?;
        started = Instant::now();
        Ok(())
    });
    (photograph, milliseconds(started))
}

/// The rows of one photograph, one for each model of which it `lacks` an answer.
fn rows_of(
    models: &[(OpenModel, Request)],
    lacks: &dyn Fn(usize) -> bool,
    photograph: &Result<FundusImage, Error>,
    name: &str,
    wait_for_turn: &dyn Fn() -> Result<(), Cancelled>,
    cancel: &Cancel,
) -> Result<Vec<Row>, Error> {
    let quiet = Progress::new();
    let mut rows = Vec::with_capacity(models.len());
    let models = models.iter().enumerate();
    for (_, (model, request)) in models.filter(|(at, _)| lacks(*at)) {
        cancel.check()?;
        let card = Arc::clone(&model.card);
        let row = match photograph {
            Err(e) => Row::failed(ResultRow::unopened(name, card), e),
            Ok(photograph) => {
                match predict_with(
                    model,
                    photograph,
                    name,
                    request,
                    wait_for_turn,
                    cancel,
                    &quiet,
                ) {
                    Ok(answer) => Row::from(answer),
                    Err(Error::Cancelled) => return Err(Error::Cancelled),
                    Err(e) => Row::failed(ResultRow::of_image(name, photograph, card), &e),
                }
            }
        };
        rows.push(row);
    }
    let mut cases: Vec<&mut ResultRow> = rows.iter_mut().map(|row| &mut row.case).collect();
    crate::domain::note_disagreement(&mut cases);
    Ok(rows)
}

impl Row {
    /// A row without an answer, and why.
    pub fn failed(mut case: ResultRow, error: &Error) -> Self {
        case.error = Some(error.wording());
        Self {
            case,
            seen: None,
            fault: Some(error.fault()),
        }
    }
}

impl From<Prediction> for Row {
    fn from(answer: Prediction) -> Self {
        Self {
            case: answer.case,
            seen: Some(InputAndMap {
                map: answer.map,
                features: answer.features,
                prepared: answer.prepared,
            }),
            fault: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::storage::Places;
    use crate::workflow::demonstration::BUNDLED;
    use crate::workflow::open::SAMPLE_NAME;

    fn context() -> (tempfile::TempDir, Context) {
        let home = tempfile::tempdir().unwrap();
        let context = Context::in_places(Places::below(home.path()));
        (home, context)
    }

    fn sample(eye: Option<Laterality>) -> Item {
        Item {
            source: Source::Sample,
            name: SAMPLE_NAME.to_owned(),
            eye,
            accepted: false,
        }
    }

    fn options(models: &[&str]) -> RunOptions {
        RunOptions {
            models: models.iter().map(|m| (*m).to_owned()).collect(),
            device: Device::Embedded,
            saliency: true,
            features: true,
            open: OpenOptions::default(),
        }
    }

    fn run(
        items: &[Item],
        models: &[&str],
        gate: &Gate,
        cancel: &Cancel,
        on_done: &mut dyn FnMut(PhotographResult) -> Result<(), Error>,
    ) -> (Result<Ended, Error>, (u64, u64)) {
        let (_home, context) = context();
        let progress = Progress::new();
        let ended = run_each(
            &context,
            items,
            &options(models),
            gate,
            cancel,
            &progress,
            on_done,
        );
        (ended, progress.steps())
    }

    #[test]
    fn a_photograph_that_was_opened_beside_the_models_is_not_read_again() {
        let (home, context) = context();
        let eye = |name: &str| {
            let path = home.path().join(name);
            std::fs::copy("assets/samples/haggstrom_left_1411.jpg", &path).unwrap();
            Item {
                source: Source::File(path),
                name: name.to_owned(),
                eye: None,
                accepted: false,
            }
        };
        let items = [eye("first.jpg"), eye("second.jpg")];
        let options = options(&[BUNDLED[0].id]);
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let first = Some(items[0].clone());
        let (models, opened) =
            open_models_beside(&context, &options, first, &cancel, &progress).unwrap();
        for item in &items {
            std::fs::remove_file(item.source.file().unwrap()).unwrap();
        }
        let watch = Watch {
            gate: &Gate::new(),
            started: &|_| (),
            recall: &|_, _| None,
            lacks: &|_, _| true,
            opened: Mutex::new(opened),
            cancel: &cancel,
            progress: &progress,
        };
        let mut rows = Vec::new();
        let ended = run_with(
            &models,
            &items,
            &options.open,
            &watch,
            &|done| done,
            &mut |done| {
                rows.extend(done.rows);
                Ok(())
            },
        );
        assert_eq!(ended.unwrap(), Ended::Finished);
        let answered: Vec<bool> = rows.iter().map(|row| row.case.score.is_some()).collect();
        assert_eq!(answered, [true, false]);
        assert!(rows[0].case.timings.open > 0.0);
    }

    #[test]
    fn rows_come_in_order_and_a_bad_file_is_one_of_them() {
        let absent = Item {
            source: Source::File(PathBuf::from("/nowhere/absent.png")),
            name: "a/absent.png".to_owned(),
            eye: None,
            accepted: false,
        };
        let items = [sample(None), absent, sample(Some(Laterality::Od))];
        let models = [BUNDLED[0].id, BUNDLED[1].id];
        let mut done = Vec::new();
        let (ended, steps) = run(&items, &models, &Gate::new(), &Cancel::new(), &mut |d| {
            done.push(d);
            Ok(())
        });
        assert_eq!((ended.unwrap(), steps), (Ended::Finished, (3, 3)));
        let indices: Vec<usize> = done.iter().map(|d| d.index).collect();
        assert_eq!(indices, [0, 1, 2]);
        for (d, item) in done.iter().zip(&items) {
            let named: Vec<_> = d
                .rows
                .iter()
                .map(|r| (r.case.image.as_str(), r.case.card.id.as_str()))
                .collect();
            let name = item.name.as_str();
            assert_eq!(named, [(name, models[0]), (name, models[1])]);
        }
        assert!(done[1].photograph.is_err());
        let reason = done[1].rows[0].case.error.as_deref().unwrap();
        assert!(
            reason.starts_with("absent.png could not be read"),
            "{reason}"
        );
        assert!(done[1].rows[0].seen.is_none());
        for d in [&done[0], &done[2]] {
            assert!(d.rows.iter().all(|r| r.case.error.is_none()));
            assert!(d.rows.iter().all(|r| r.case.timings.open > 0.0));
            assert!(
                d.rows
                    .iter()
                    .all(|r| r.seen.as_ref().unwrap().map.is_some())
            );
        }
        assert_eq!(done[0].rows[0].case.score, done[2].rows[0].case.score);
        assert_eq!(done[2].rows[0].case.eye, Laterality::Od);
        assert_eq!(done[2].rows[0].case.eye_source.as_str(), "user");
    }

    #[test]
    fn a_panic_in_the_work_on_one_photograph_is_its_row_alone() {
        let (_home, context) = context();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let models = open_models(&context, &options(&[BUNDLED[0].id]), &cancel, &progress).unwrap();
        let items = [sample(None), sample(Some(Laterality::Od)), sample(None)];
        let watch = Watch {
            gate: &Gate::new(),
            started: &|index| assert!(index != 1, "on purpose"),
            recall: &|_, _| None,
            lacks: &|_, _| true,
            opened: Mutex::default(),
            cancel: &cancel,
            progress: &progress,
        };
        let mut errors = Vec::new();
        let open = OpenOptions::default();
        let complete = |done: PhotographResult| (done.index, done.rows[0].case.error.clone());
        run_with(&models, &items, &open, &watch, &complete, &mut |error| {
            errors.push(error);
            Ok(())
        })
        .unwrap();
        let reported = "a defect of the application stopped this: on purpose";
        assert_eq!(
            errors,
            [(0, None), (1, Some(reported.to_owned())), (2, None)]
        );
    }

    #[test]
    fn a_model_that_cannot_be_opened_ends_the_run_before_the_first_photograph() {
        let models = [BUNDLED[0].id, "absent"];
        let (ended, _) = run(
            &[sample(None)],
            &models,
            &Gate::new(),
            &Cancel::new(),
            &mut |_| panic!("a photograph was run"),
        );
        assert!(matches!(ended, Err(Error::NoSuchModel(name)) if name == "absent"));
    }

    #[test]
    fn a_stop_and_an_error_of_the_caller_end_the_run_at_once() {
        let items = vec![sample(None); 5];
        let cancel = Cancel::new();
        let mut count = 0;
        let (ended, steps) = run(&items, &[BUNDLED[0].id], &Gate::new(), &cancel, &mut |_| {
            count += 1;
            cancel.cancel();
            Ok(())
        });
        assert_eq!((ended.unwrap(), count), (Ended::Interrupted, 1));
        assert_eq!(steps, (1, 5));
        let (ended, _) = run(
            &items,
            &[BUNDLED[0].id],
            &Gate::new(),
            &Cancel::new(),
            &mut |done| Err(Error::Exists(done.index.to_string())),
        );
        assert!(matches!(ended, Err(Error::Exists(at)) if at == "0"));
    }

    #[test]
    fn a_shut_gate_holds_the_passes() {
        let gate = Gate::new();
        gate.shut();
        let (opened, over) = (AtomicBool::new(false), AtomicBool::new(false));
        let mut seen = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // A run that does not wait ends without it.
                while gate.held() == 0 && !over.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                opened.store(true, Ordering::SeqCst);
                gate.open();
            });
            let items = [sample(None), sample(None)];
            let (ended, _) = run(&items, &[BUNDLED[0].id], &gate, &Cancel::new(), &mut |d| {
                seen.push((d.index, opened.load(Ordering::SeqCst)));
                Ok(())
            });
            over.store(true, Ordering::SeqCst);
            assert_eq!(ended.unwrap(), Ended::Finished);
        });
        assert_eq!(seen, [(0, true), (1, true)]);
    }

    #[test]
    fn several_models_answer_for_one_photograph_each_by_its_name() {
        let (_home, context) = context();
        let photograph = crate::workflow::open(&Source::Sample, &OpenOptions::default()).unwrap();
        let options = options(&[BUNDLED[1].id, "absent", BUNDLED[0].id]);
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let ask = || {
            let answers = std::cell::RefCell::new(Vec::new());
            let notify = |name: &str, answer| answers.borrow_mut().push((name.to_owned(), answer));
            predict_models(
                &context,
                &photograph,
                "eye",
                &options,
                &cancel,
                &progress,
                &notify,
            );
            answers.into_inner()
        };
        let answers = ask();
        assert_eq!(progress.steps(), (3, 3));
        let names: Vec<_> = answers.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, options.models);
        assert!(matches!(answers[1].1, Err(Error::NoSuchModel(_))));
        for at in [0, 2] {
            let answer = answers[at].1.as_ref().unwrap();
            assert_eq!(answer.case.card.id, options.models[at]);
            assert!(answer.case.score.is_some() && answer.map.is_some());
        }
        cancel.cancel();
        let stopped = ask();
        assert_eq!(stopped.len(), 3);
        assert!(
            stopped
                .iter()
                .all(|(_, a)| matches!(a, Err(Error::Cancelled)))
        );
    }
}
