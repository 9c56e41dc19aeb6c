//! Predict many: photographs × models into rows, overlays and tables. One bad file is a row with a reason.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::many::{Done, Ended, Item, Row, RunOptions, run_each};
use super::mask::mask;
use super::partial::PartialResults;
use super::predict::milliseconds;
use super::scan::nothing_found;
use super::stems::{longest_tail, unique_stems};
use super::{Context, Error, Source, VERSION, find_photographs};
use crate::clinic::{Case, FundusImage, Persons, note_value_scale};
use crate::export;
use crate::export::subjects::{self, Rows, Rule};
use crate::export::tables::{self, Sentences};
use crate::imaging::overlay::{self, OverlayOptions};
use crate::imaging::{self, Named, OpenOptions, persons_from_names};
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::storage::scan::{Scan, Skipped};
use crate::storage::{atomic, file_name};

/// What a run shall do.
#[derive(Clone, Debug, Default)]
pub struct BatchOptions {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Ids or files of the models; at least one.
    pub models: Vec<String>,
    pub device: Device,
    /// Whether Grad-CAM maps are made.
    pub saliency: bool,
    pub open: OpenOptions,
    /// Who says which photographs are one person's.
    pub persons: Persons,
    /// Numbers stand in place of names of files, everywhere.
    pub mask_names: bool,
    /// Where files are written; nothing is written without it.
    pub out: Option<PathBuf>,
    pub overlay: OverlayOptions,
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub cases: Vec<Case>,
    pub skipped: Vec<Skipped>,
    /// True when the person stopped it; the rows that were finished are kept and written.
    pub interrupted: bool,
}

impl Outcome {
    pub fn failed_rows(&self) -> usize {
        self.cases.iter().filter(|c| c.error.is_some()).count()
    }
}

/// The rows of a run that are finished, and what the tables need besides.
#[derive(Debug)]
pub struct Begun {
    cases: Vec<Case>,
    of_photographs: Vec<Rows>,
    skipped: Vec<Skipped>,
    /// The first photograph that lacks the frame that was asked for, and how many there are.
    no_frame: Option<(Error, usize)>,
    persons: Persons,
    masked: bool,
    out: Option<PathBuf>,
}

/// Runs every model on every photograph. `on_row` sees each row as it is finished. Whoever closes `partial` before the
/// run does has the rows; the run then ends as cancelled.
pub fn batch(
    ctx: &Context,
    options: &BatchOptions,
    partial: &PartialResults<Begun>,
    cancel: &Cancel,
    progress: &Progress,
    on_row: &mut dyn FnMut(&Case),
) -> Result<Outcome, Error> {
    let mut scan = find_photographs(&options.inputs, cancel)?;
    let of_photographs = rows_before(&scan);
    if options.mask_names {
        mask(&mut scan);
    }
    if scan.found.is_empty() {
        return Err(nothing_found(&scan));
    }
    let names = scan.found.iter().map(|found| found.name.as_str());
    // The id of a model that is given as a file is made of the file's name.
    let ids: Vec<String> = options
        .models
        .iter()
        .map(|m| file_name(Path::new(m)))
        .collect();
    let stems = unique_stems(names, longest_tail(ids.iter().map(String::as_str)));
    let items: Vec<Item> = scan
        .found
        .into_iter()
        .map(|found| Item {
            source: Source::from(&found),
            name: found.name,
            eye: None,
            accepted: false,
        })
        .collect();
    let run = RunOptions {
        models: options.models.clone(),
        device: options.device,
        saliency: options.saliency,
        open: options.open,
    };
    partial.begin(Begun {
        cases: Vec::new(),
        of_photographs,
        skipped: scan.skipped,
        no_frame: None,
        persons: options.persons,
        masked: options.mask_names,
        out: options.out.clone(),
    })?;
    let mut take = |done: Done| {
        let mut cases = Vec::with_capacity(done.rows.len());
        for mut row in done.rows {
            if let (Some(out), Ok(photograph)) = (&options.out, &done.photograph) {
                row = with_overlay(row, photograph, out, &stems[done.index], &options.overlay);
            }
            cases.push(row.case);
        }
        partial.note(|begun| {
            let of = &mut begun.of_photographs[done.index];
            of.rows = cases.len();
            of.patient = done.photograph.as_ref().ok().and_then(|p| p.patient);
            begun.cases.extend(cases.iter().cloned());
            if let Err(Error::Image(e @ imaging::Error::FrameOutOfRange { .. })) = &done.photograph
            {
                let (_, count) = begun.no_frame.get_or_insert((e.clone().into(), 0));
                *count += 1;
            }
        })?;
        cases.iter().for_each(&mut *on_row);
        Ok(())
    };
    let ended = run_each(ctx, &items, &run, &Gate::new(), cancel, progress, &mut take)?;
    let begun = partial.close().flatten().ok_or(Error::Cancelled)?;
    finish(begun, ended)
}

/// What a run that still works has finished, with its tables written; `None` where it writes them itself by now. The run
/// itself adds nothing afterwards.
pub fn batch_so_far(partial: &PartialResults<Begun>) -> Option<Result<Outcome, Error>> {
    let begun = partial.close()?.ok_or(Error::Cancelled);
    Some(begun.and_then(|begun| finish(begun, Ended::Interrupted)))
}

fn finish(begun: Begun, ended: Ended) -> Result<Outcome, Error> {
    let Begun {
        mut cases,
        of_photographs,
        skipped,
        no_frame,
        persons,
        masked,
        out,
    } = begun;
    if let Some((error, count)) = no_frame
        && count == of_photographs.len()
    {
        return Err(error);
    }
    // Only the whole run tells on which scale an age model answers.
    note_value_scale(&mut cases);
    let rule = Rule { persons, masked };
    subjects::settle_rows(&mut cases, &of_photographs, rule);
    let outcome = Outcome {
        cases,
        skipped,
        interrupted: ended == Ended::Interrupted,
    };
    // Who stops before the first row gets no empty tables.
    let began = !(outcome.interrupted && outcome.cases.is_empty());
    if let Some(out) = out.filter(|_| began) {
        write_tables(&out, &outcome)?;
    }
    Ok(outcome)
}

/// The row with its overlay written, where it has a map; a row without an answer where that could not be written.
fn with_overlay(
    mut row: Row,
    photograph: &FundusImage,
    out: &Path,
    stem: &str,
    options: &OverlayOptions,
) -> Row {
    match write_overlay(&mut row, photograph, out, stem, options) {
        Ok(()) => row,
        Err(e) => {
            let mut bare = Case::of_image(&row.case.image, photograph, row.case.card);
            bare.timings.open = row.case.timings.open;
            Row::failed(bare, &e)
        }
    }
}

fn write_overlay(
    row: &mut Row,
    photograph: &FundusImage,
    out: &Path,
    stem: &str,
    options: &OverlayOptions,
) -> Result<(), Error> {
    let Some((map, prepared)) = row
        .seen
        .as_ref()
        .and_then(|seen| Some((seen.map.as_ref()?, &seen.prepared)))
    else {
        return Ok(());
    };
    let started = Instant::now();
    let name = format!("{stem}.{}.{}.png", row.case.card.id, map.method.as_str());
    let picture = overlay::blend(&photograph.pixels, &map.grid, &prepared.geometry, options);
    atomic::write(&out.join(&name), &export::png::encode(&picture)?)?;
    row.case.files.push(name);
    row.case.timings.saliency += milliseconds(started);
    Ok(())
}

/// What is known of the photographs before one is opened.
fn rows_before(scan: &Scan) -> Vec<Rows> {
    let inputs = scan.inputs();
    let named: Vec<Named> = scan
        .found
        .iter()
        .zip(&inputs)
        .map(|(found, input)| Named {
            input: *input,
            name: &found.name,
        })
        .collect();
    let guesses = persons_from_names(&named);
    guesses
        .into_iter()
        .zip(inputs)
        .map(|(guess, input)| Rows {
            input,
            guess,
            ..Rows::default()
        })
        .collect()
}

/// Writes the tables and `results.json`.
fn write_tables(out: &Path, outcome: &Outcome) -> Result<(), Error> {
    let document = export::json::document(
        &outcome.cases,
        &outcome.skipped,
        VERSION,
        outcome.interrupted,
    );
    let replaces_people = out.join(tables::PEOPLE).exists();
    for (name, table) in tables::all(&outcome.cases, &Sentences::default(), replaces_people) {
        atomic::write(&out.join(name), &table)?;
    }
    atomic::write(
        &out.join("results.json"),
        export::json::text(&document).as_bytes(),
    )?;
    Ok(())
}
