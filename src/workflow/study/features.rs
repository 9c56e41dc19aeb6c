//! What a model saw in the photographs of a study: kept by its runs, and computed here where it is missing.

use std::path::Path;

use super::listing::Listing;
use super::models::{ModelState, model_states};
use super::run::batch_options;
use crate::domain::{ResultRow, Study, StudyModel};
use crate::evaluation::records_check::NoFeatures;
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::storage::features::{FeatureFile, FeaturesOf, feature_files};
use crate::workflow::many::{Ended, Item, PhotographResult, RunOptions, run_each};
use crate::workflow::{Context, Error, Source, VERSION};

/// Photographs after which features are written that were computed here.
const BETWEEN: usize = 500;

/// The features of a study's photographs.
#[derive(Debug, Default)]
pub(super) struct StudyFeatures {
    files: Vec<FeatureFile>,
    /// Why some could not be computed.
    pub missing: Option<NoFeatures>,
}

impl StudyFeatures {
    #[cfg(test)]
    pub fn of(file: FeatureFile) -> Self {
        Self {
            files: vec![file],
            missing: None,
        }
    }

    /// The features of a file with this checksum, all of one length.
    pub fn get(&self, sha256: &str) -> Option<&[u16]> {
        let length = self.length();
        let mut found = self.files.iter().filter_map(|file| file.get(sha256));
        found.find(|halves| halves.len() == length)
    }

    pub fn length(&self) -> usize {
        let lengths = self.files.iter().map(FeatureFile::length);
        lengths.max().unwrap_or(0)
    }
}

/// The features of all answered photographs. `answered` is the row of each photograph. Those that are missing are
/// computed, which progress counts, and kept if the study's folder can be written to.
///
/// # Errors
/// The model cannot be opened, or it was cancelled; what was computed so far is kept.
#[expect(clippy::too_many_arguments, reason = "as a run of the study")]
pub(super) fn features<'a>(
    ctx: &Context,
    (folder, study): (&Path, &Study),
    model: &StudyModel,
    listing: &Listing,
    answered: &impl Fn(usize) -> Option<&'a ResultRow>,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<StudyFeatures, Error> {
    let is_wanted = |of: &FeaturesOf| {
        of.card == model.card && of.gantei == VERSION && of.frame == study.settings.frame
    };
    let mut found = StudyFeatures {
        files: feature_files(folder, is_wanted),
        missing: None,
    };
    cancel.check()?;
    let is_open = |index: &usize| {
        // A refused picture has no score, and no features.
        let row = answered(*index).filter(|row| row.error.is_none() && row.logit.is_some());
        let sum = row.and_then(|row| row.sha256.as_deref());
        sum.is_some_and(|sum| found.get(sum).is_none()) && !listing.is_missing(*index)
    };
    let open: Vec<usize> = (0..listing.scan.found.len()).filter(is_open).collect();
    if open.is_empty() {
        return Ok(found);
    }
    let states = model_states(ctx, study);
    let is_same = (model.id.clone(), ModelState::Same);
    if !states.contains(&is_same) {
        found.missing = Some(NoFeatures::Model);
        return Ok(found);
    }
    let opened = ctx.model(&model.id, device, cancel, progress)?;
    let (has_map, engine) = {
        let loaded = opened.lock()?;
        (loaded.last_map.is_ok(), loaded.session.used().clone())
    };
    if !has_map {
        found.missing = Some(NoFeatures::Network);
        return Ok(found);
    }
    let of = FeaturesOf {
        gantei: VERSION.to_owned(),
        card: model.card.clone(),
        engine,
        frame: study.settings.frame,
    };
    let mut file = FeatureFile::open(folder, of, None);
    let item = |index: &usize| {
        let photograph = &listing.scan.found[*index];
        Item {
            source: Source::from(photograph),
            name: photograph.name.clone(),
            eye: None,
            accepted: false,
        }
    };
    let items: Vec<Item> = open.iter().map(item).collect();
    let options = RunOptions {
        models: vec![model.id.clone()],
        device,
        saliency: false,
        features: true,
        open: batch_options(&study.settings).open,
    };
    let mut unsaved = 0;
    let mut take = |done: PhotographResult| {
        for row in done.rows {
            let features = row.seen.and_then(|seen| seen.features);
            if let (Some(features), Some(sum)) = (features, row.case.sha256) {
                file.add(&sum, &features);
            }
        }
        unsaved += 1;
        if unsaved >= BETWEEN.max(file.count() / 4) {
            unsaved = 0;
            // Without a place to keep them they are computed again the next time.
            let _ = file.save(folder, None);
        }
        Ok(())
    };
    let gate = Gate::new();
    let ended = run_each(ctx, &items, &options, &gate, cancel, progress, &mut take);
    let _ = file.save(folder, None);
    match ended? {
        Ended::Interrupted => Err(Error::Cancelled),
        Ended::Finished => {
            found.files.push(file);
            Ok(found)
        }
    }
}
