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
mod tests;
