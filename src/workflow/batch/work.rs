//! The work of a run: models are opened, then photographs are read and answered. It is the same in this process and in
//! a worker, and writes only the overlays.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::message::{Finished, FromWorker, NoFrame, OpenedModel, Order, Photograph};
use crate::domain::{Detail, Finding, FindingCode, FundusImage, Severity};
use crate::export::overlay_format::OverlayFormat;
use crate::imaging::overlay::{self, OverlayOptions};
use crate::imaging::{self, Geometry};
use crate::jobs::Parent;
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Gate, Progress};
use crate::saliency::SaliencyMap;
use crate::storage::study::FileStamp;
use crate::storage::{self, atomic};
use crate::workflow::many::{
    Ended, Item, PhotographResult, Row, Watch, open_models_beside, run_with,
};
use crate::workflow::predict::milliseconds;
use crate::workflow::{Context, Error, RelayedError, Source};

/// Runs models on photographs. `photographs` is called for the list once the models are open, and `first`, probably its
/// first, is opened meanwhile. A shut `gate` holds the run. `started` receives each index before it is read, on another thread, and `finished` each
/// result in order. Overlays are written on the thread that worked on the photograph.
#[expect(clippy::too_many_arguments, reason = "as a run over many photographs")]
pub(super) fn work(
    ctx: &Context,
    order: &Order,
    first: Option<Photograph>,
    photographs: impl FnOnce(Vec<OpenedModel>) -> Result<Vec<Photograph>, Error>,
    started: &(dyn Fn(usize) + Sync),
    finished: &mut dyn FnMut(Finished) -> Result<(), Error>,
    gate: &Gate,
    cancel: &Cancel,
) -> Result<Ended, Error> {
    // The run counts its photographs itself.
    let progress = &Progress::new();
    let run = order.run();
    let out = order.out.clone().map(super::message::Name::path);
    let stamps = Mutex::new(HashMap::new());
    let note_stamp = |photograph: &Photograph| {
        // Before it is read: a file that is changed meanwhile must not pass for the one that was answered.
        let stamp = || FileStamp::of(&photograph.path.clone().path());
        let mut stamps = stamps.lock().unwrap_or_else(PoisonError::into_inner);
        stamps.entry(photograph.index).or_insert_with(stamp);
    };
    first.iter().for_each(&note_stamp);
    let first = first.map(|mut first| item(&mut first));
    let (models, opened) = open_models_beside(ctx, &run, first, cancel, progress)?;
    let mut photographs = photographs(OpenedModel::all(&models)?)?;
    let items: Vec<Item> = photographs.iter_mut().map(item).collect();
    // A resumed run may begin with another photograph.
    let opened = opened.filter(|opened| items.first() == Some(opened.item()));
    let started = |at: usize| {
        note_stamp(&photographs[at]);
        started(photographs[at].index);
    };
    let complete = |done: PhotographResult| {
        let Photograph { index, stem, .. } = &photographs[done.index];
        let mut rows = done.rows;
        if let (Some(out), Ok(photograph), false) = (&out, &done.photograph, order.without_overlays)
        {
            for row in &mut rows {
                add_overlay(row, photograph, out, stem, order);
            }
        }
        let no_frame = match &done.photograph {
            Err(Error::Image(imaging::Error::FrameOutOfRange { requested, frames })) => {
                Some(NoFrame {
                    requested: *requested,
                    frames: *frames,
                })
            }
            _ => None,
        };
        let features = match order.with_features {
            true => { rows.iter_mut() }
                .map(|row| row.seen.as_mut()?.features.take())
                .collect(),
            false => Vec::new(),
        };
        let mut stamps = stamps.lock().unwrap_or_else(PoisonError::into_inner);
        Finished {
            index: *index,
            rows: rows.into_iter().map(|row| row.case).collect(),
            features,
            patient: done.photograph.ok().and_then(|p| p.patient),
            no_frame,
            stamp: stamps.remove(index).flatten(),
        }
    };
    let lacks = |at: usize, model: usize| {
        let desired = photographs[at].models.as_ref();
        desired.is_none_or(|models| models.contains(&model))
    };
    let watch = Watch {
        gate,
        started: &started,
        recall: &|_, _| None,
        lacks: &lacks,
        opened: Mutex::new(opened),
        cancel,
        progress,
    };
    run_with(&models, &items, &run.open, &watch, &complete, finished)
}

/// Takes the name of the photograph.
fn item(photograph: &mut Photograph) -> Item {
    Item {
        source: source(photograph),
        name: std::mem::take(&mut photograph.name),
        eye: None,
        accepted: false,
    }
}

fn source(photograph: &Photograph) -> Source {
    let path = photograph.path.clone().path();
    match photograph.masked {
        true => Source::Masked {
            path,
            name: photograph.name.clone(),
        },
        false => Source::File(path),
    }
}

/// Runs a worker: an order, photographs, and the end. Errors are sent to the parent, worded by `relayed`.
pub fn serve(ctx: &Context, parent: &Parent, cancel: &Cancel, relayed: fn(&Error) -> RelayedError) {
    let notify = |message: &FromWorker| match serde_json::to_string(message) {
        Ok(line) => parent.notify(&line),
        Err(e) => parent.notify(&e.to_string()),
    };
    let not_understood = |e: serde_json::Error| Error::Usage(format!("invalid order: {e}"));
    let mut mask_names = false;
    let mut run = || {
        let order = parent.next(cancel).ok_or(Error::Cancelled)?;
        let order: Order = serde_json::from_str(&order).map_err(not_understood)?;
        mask_names = order.mask_names;
        let photographs = |models| {
            notify(&FromWorker::Open(models));
            let line = parent.next(cancel).ok_or(Error::Cancelled)?;
            serde_json::from_str(&line).map_err(not_understood)
        };
        let mut finished = |finished| {
            notify(&FromWorker::Finished(finished));
            Ok(())
        };
        let started = |index| notify(&FromWorker::Started(index));
        work(
            ctx,
            &order,
            // A photograph that kills the process must have been announced.
            None,
            photographs,
            &started,
            &mut finished,
            &Gate::new(),
            cancel,
        )
    };
    match run() {
        Ok(_) => notify(&FromWorker::End),
        Err(e) if mask_names => notify(&FromWorker::Refused(relayed(&e.masked()))),
        Err(e) => notify(&FromWorker::Refused(relayed(&e))),
    }
}

/// Writes the overlay of a row that has a map. If that fails, the answer stays and records the failure.
fn add_overlay(row: &mut Row, photograph: &FundusImage, out: &Path, stem: &str, order: &Order) {
    let started = Instant::now();
    match write_overlay(row, photograph, out, stem, order) {
        Ok(Some(name)) => {
            row.case.files.push(name);
            row.case.timings.saliency += milliseconds(started);
        }
        Ok(None) => {}
        Err(e) => row.case.findings.push(Finding::with_detail(
            FindingCode::OverlayNotWritten,
            Severity::Caution,
            Detail::NotWritten {
                reason: e.wording(),
                system_failure: e.system_failure(),
            },
        )),
    }
}

fn write_overlay(
    row: &Row,
    photograph: &FundusImage,
    out: &Path,
    stem: &str,
    order: &Order,
) -> Result<Option<String>, Error> {
    let seen = row.seen.as_ref();
    let Some((map, prepared)) = seen.and_then(|s| Some((s.map.as_ref()?, &s.prepared))) else {
        return Ok(None);
    };
    let (id, drawing) = (&row.case.card.id, (order.overlay, order.overlay_format));
    write_map(photograph, map, &prepared.geometry, id, out, stem, drawing).map(Some)
}

/// Draws a map over its photograph, writes it, and returns the name of the file.
pub(super) fn write_map(
    photograph: &FundusImage,
    map: &SaliencyMap,
    geometry: &Geometry,
    model: &str,
    out: &Path,
    stem: &str,
    (options, format): (OverlayOptions, OverlayFormat),
) -> Result<String, Error> {
    let tail = format!("{model}.{}.{}", map.method.as_str(), format.extension());
    let picture = overlay::blend(&photograph.pixels, &map.grid, geometry, &options);
    let bytes = format.encode(&picture)?;
    let name = format!("{stem}.{tail}");
    match atomic::write(&out.join(&name), &bytes) {
        // Some file systems take fewer bytes than the usual 255.
        Err(storage::Error::Write { source, .. })
            if source.kind() == ErrorKind::InvalidFilename =>
        {
            let name = format!("{}.{tail}", shortened(stem));
            atomic::write(&out.join(&name), &bytes)?;
            Ok(name)
        }
        written => Ok(written.map(|()| name)?),
    }
}

/// A stem of at most 48 bytes that is as unique as the whole one.
pub(super) fn shortened(stem: &str) -> String {
    const KEPT: usize = 39;
    let kept = &stem[..stem.floor_char_boundary(KEPT)];
    format!("{kept}~{}", &sha256(stem.as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_stem_is_short_and_its_own() {
        let [a, b] = ["OD", "OS"].map(|eye| shortened(&format!("{}_{eye}", "患者番号".repeat(20))));
        assert_ne!(a, b);
        assert!(a.len() <= 48 && a.starts_with("患者番号患者番号"), "{a}");
        assert!(shortened("a").starts_with("a~"));
    }
}
