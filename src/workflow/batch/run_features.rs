//! The features that a run of a study keeps, so that photographs can be compared without running its models again.

use std::path::PathBuf;

use super::BatchOptions;
use super::message::{Finished, OpenedModel};
use crate::domain::Shard;
use crate::storage::features::{FeatureFile, FeaturesOf};
use crate::workflow::VERSION;

/// Files are written after this number of photographs at least, and then after a quarter of those that they hold: each
/// time anew.
const BETWEEN: usize = 500;

/// The features of a run's models. What cannot be kept can be computed again, so that a run never fails because of them.
#[derive(Default)]
pub(super) struct RunFeatures {
    folder: PathBuf,
    shard: Option<Shard>,
    /// One for each model.
    files: Vec<FeatureFile>,
    unsaved: usize,
}

impl RunFeatures {
    /// Nothing is kept of a run that is not of a study.
    pub fn of(options: &BatchOptions, models: &[OpenedModel]) -> Self {
        let (Some(folder), Some(study)) = (&options.out, &options.study) else {
            return Self::default();
        };
        let file = |model: &OpenedModel| {
            let of = FeaturesOf {
                gantei: VERSION.to_owned(),
                card: (*model.card).clone(),
                engine: model.engine.clone(),
                frame: options.open.frame,
            };
            FeatureFile::open(folder, of, study.shard)
        };
        Self {
            folder: folder.clone(),
            shard: study.shard,
            files: models.iter().map(file).collect(),
            unsaved: 0,
        }
    }

    /// Takes the features of a photograph.
    pub fn take(&mut self, finished: &mut Finished) {
        let features = std::mem::take(&mut finished.features);
        for (row, features) in finished.rows.iter().zip(features) {
            let mut files = self.files.iter_mut();
            let file = files.find(|file| file.of.card == *row.card);
            if let (Some(file), Some(features), Some(sum)) = (file, features, &row.sha256) {
                file.add(sum, &features);
            }
        }
        self.unsaved += 1;
        let most = self.files.iter().map(FeatureFile::count).max();
        if self.unsaved >= BETWEEN.max(most.unwrap_or(0) / 4) {
            self.save();
        }
    }

    /// Writes what is not on the disk yet.
    pub fn save(&mut self) {
        self.unsaved = 0;
        for file in &mut self.files {
            // The tables of the run tell of a folder that cannot be written to.
            let _ = file.save(&self.folder, self.shard);
        }
    }
}
