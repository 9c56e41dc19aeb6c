//! A run over photographs: their list, what is opened once for all of them, and what only the whole run shows.

use std::path::{Path, PathBuf};

use super::written::{Photograph, failure, of_photograph, write};
use super::{ExplainRequest, Explained, Explainer, MapRequest, report};
use crate::domain::{Skipped, Task, are_hardly_years, value_scale_suspect};
use crate::export::explained::Entry;
use crate::progress::{Cancel, Progress};
use crate::storage::file_name;
use crate::workflow::anatomy::RegionOptions;
use crate::workflow::mask::mask;
use crate::workflow::partial::PartialResults;
use crate::workflow::sanity_checks::SanityChecker;
use crate::workflow::scan::nothing_found;
use crate::workflow::stems::{longest_tail, unique_stems};
use crate::workflow::{Context, Error, Source, find_photographs};

/// The finished maps of a run, and what their documents need in addition.
#[derive(Debug)]
pub struct PartialMaps {
    maps: Vec<Entry>,
    skipped: Vec<Skipped>,
    out: PathBuf,
}

/// Explains photographs one after another; one that fails results in a row with the reason.
pub(super) fn of_photographs(
    ctx: &Context,
    request: &ExplainRequest,
    inputs: &[PathBuf],
    partial: &PartialResults<PartialMaps>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Explained, Error> {
    let mut scan = find_photographs(inputs, cancel)?;
    if request.mask_names {
        mask(&mut scan);
    }
    if scan.found.is_empty() {
        return Err(nothing_found(&scan));
    }
    let marked = request.regions.as_ref().is_some_and(|r| r.marks.is_some());
    if marked && scan.found.len() > 1 {
        return Err(Error::Usage(
            "disc and fovea were marked for one photograph; give only that photograph".to_owned(),
        ));
    }
    let mut explainer = Explainer::open(ctx, &request.map, cancel, progress)?;
    let MapRequest { model, device, .. } = &request.map;
    let card = match request.report {
        Some(_) => Some(ctx.model(model, *device, cancel, progress)?.card),
        None => None,
    };
    let controller = match request.sanity_checks {
        Some(settings) => {
            let opened = ctx.model(model, *device, cancel, progress)?;
            let controller = SanityChecker::open(ctx, &request.map, settings, cancel, progress)?;
            let controller = controller.with_card(&opened.card)?;
            Some(controller.beside(explainer.held()))
        }
        None => None,
    };
    let model = file_name(Path::new(&request.map.model));
    let tail = longest_tail([model.as_str()].into_iter());
    let stems = unique_stems(scan.found.iter().map(|found| found.name.as_str()), tail);
    let regions = request.regions.as_ref().map_or(0, RegionOptions::passes);
    let each = explainer.count();
    let each = each + controller.as_ref().map_or(0, |c| c.count(each, true)) + regions;
    let total = each * scan.found.len() as u64;
    progress.start(total);
    partial.begin(PartialMaps {
        maps: Vec::new(),
        skipped: scan.skipped,
        out: request.out.clone(),
    })?;
    let mut interrupted = false;
    for (over, (found, stem)) in (1..).zip(scan.found.iter().zip(&stems)) {
        let one = Photograph {
            source: Source::from(found),
            name: &found.name,
            stem,
        };
        let workers = (&mut explainer, controller.as_ref());
        let map = match of_photograph(ctx, request, &one, workers, cancel, progress) {
            Ok(map) => map,
            Err(Error::Cancelled) => {
                interrupted = true;
                break;
            }
            // Marks that do not fit their photograph.
            Err(e @ Error::Usage(_)) if marked => return Err(e),
            Err(e) => {
                let report = match &card {
                    Some(card) => report::of_failure(request, card, &one, &e)?,
                    None => None,
                };
                Entry::Failed {
                    image: found.name.clone(),
                    report,
                    failure: failure(request, e.wording(), &e),
                }
            }
        };
        partial.note(|begun| begun.maps.push(map))?;
        // Failed photographs count as done.
        let (done, _) = progress.steps();
        (done..each * over).for_each(|_| progress.advance());
    }
    let begun = partial.close().flatten().ok_or(Error::Cancelled)?;
    finish(begun, interrupted)
}

/// What a run in progress has finished; `None` if it is already ending by itself. The run adds nothing afterwards.
pub fn explained_so_far(partial: &PartialResults<PartialMaps>) -> Option<Result<Explained, Error>> {
    let begun = partial.close()?.ok_or(Error::Cancelled);
    Some(begun.and_then(|begun| finish(begun, true)))
}

fn finish(begun: PartialMaps, interrupted: bool) -> Result<Explained, Error> {
    let PartialMaps {
        mut maps,
        skipped,
        out,
    } = begun;
    if interrupted && maps.is_empty() {
        return Err(Error::Cancelled);
    }
    note_scale(&mut maps, &out)?;
    Ok(Explained {
        maps,
        skipped,
        interrupted,
    })
}

/// The scale of an age model's answers is known only from the whole run: its documents are then written again.
fn note_scale(maps: &mut [Entry], out: &Path) -> Result<(), Error> {
    let cases = maps.iter().filter_map(Entry::case);
    let of_age = cases.filter(|case| case.card.task == Task::Age);
    if !are_hardly_years(of_age.filter_map(|case| case.value)) {
        return Ok(());
    }
    for entry in maps {
        let Entry::Photograph(one) = entry else {
            continue;
        };
        if one.case.value.is_none() {
            continue;
        }
        one.case.findings.push(value_scale_suspect());
        let path = out.join(&one.files[2]);
        write(&path, entry)?;
    }
    Ok(())
}
