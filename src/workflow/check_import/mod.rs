//! Finds the preprocessing that fits a model, on photographs whose recorded sex or age is known.
//!
//! The crop, scaling, colour order and resize kernel of a published network are often undocumented, and a wrong one
//! still gives scores. Every setting is run on the same photographs and ranked by how well the scores fit the labels;
//! settings that the labels cannot distinguish are reported as such, and ordered by how near the photographs are to
//! those of training.
//!
//! 1. Every scaling, crop and colour order with the card's resize kernel.
//! 2. The other kernels for the best few of those: they affect scores least, and the whole grid would take three times
//!    as long.

mod apply;
mod dataset;
#[cfg(test)]
mod example;
mod remarks;
mod report;
mod score_matrix;
mod search_space;
mod tables;
#[cfg(test)]
mod tests;
mod training_statistics;

use std::path::PathBuf;

use serde::Serialize;

use super::models::{self, LoadedModel, Unimported};
use super::{Context, Error, ImportFlags};
use crate::domain::InputSpec;
use crate::evaluation::{Answers, Figure, MAX_TABLE_BYTES, Options, Scored};
use crate::imaging::OpenOptions;
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::storage::{atomic, read};
use crate::text::check::Remark;

pub use apply::{Applied, Choice, LabelOrder, apply_setting, changeable, found_by_check};
pub use report::{
    CheckReport, CheckRow, ColumnRead, Failed, NotUsed, ReportRemark, TableRead, Tried,
};
pub use tables::short;

#[cfg(test)]
pub(crate) use example::example_report;

use dataset::{Dataset, dataset};
use score_matrix::ScoreMatrix;
use search_space::SearchSpace;
use training_statistics::TrainingStatistics;

/// Number of best settings for which the other resize kernels are tried.
const FOLLOWED: usize = 4;

/// Draws, shuffles and seed of every check.
const OPTIONS: Options = Options {
    resamples: 2000,
    shuffles: 1000,
    share: 0.95,
    seed: 1,
};

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct CheckRequest {
    /// A model's id or Keras file. Fields that the card of a file leaves open are allowed here.
    pub model: String,
    /// What the form of an import states about the file; `None` for a model of the library, or a file by itself.
    pub stated: Option<ImportFlags>,
    /// The table of labels.
    pub labels: PathBuf,
    /// What the user stated about the table.
    pub answers: Answers,
    /// Photographs and folders.
    pub images: Vec<PathBuf>,
    pub device: Device,
    /// Run every setting at once, without the two steps.
    pub full: bool,
    /// Whether numbers replace file names everywhere.
    pub mask_names: bool,
}

/// Ranking of the settings while a check runs, without intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InterimRanking {
    /// The photograph that was finished last.
    pub image: String,
    /// Photographs on which every setting so far was run.
    pub images: usize,
    pub figure: Figure,
    /// Settings and their figures, the best first; empty until both labels occurred.
    pub rows: Vec<(InputSpec, f64)>,
}

/// Runs the settings and ranks them. `reported` receives the ranking after each photograph. A stop after at least one
/// photograph of each label gives the report on those that were finished.
pub fn check_import(
    ctx: &Context,
    request: &CheckRequest,
    cancel: &Cancel,
    progress: &Progress,
    reported: &mut dyn FnMut(&InterimRanking),
) -> Result<CheckReport, Error> {
    let table = read::file(&request.labels, MAX_TABLE_BYTES)?;
    // A separate session: a long check must not keep the window from running the model meanwhile.
    let mut loaded = models::load_with(
        ctx,
        &request.model,
        request.device,
        cancel,
        progress,
        match &request.stated {
            Some(flags) => Unimported::Stated(flags),
            // The check itself is to find what a file outside the library leaves open.
            None => Unimported::Guess,
        },
    )?;
    let card = loaded.card.clone();
    let mut gathered = dataset(&table, request, &card, cancel)?;
    let search_space = SearchSpace::around(&card);
    let mut any_picture = request.answers.any_picture;
    loop {
        let options = OpenOptions {
            accept_any_picture: any_picture,
            ..OpenOptions::default()
        };
        let training_statistics = TrainingStatistics::open(&loaded.stem, cancel)?;
        let mut score_matrix =
            ScoreMatrix::new(&gathered.cases, &options, &card, training_statistics);
        let mut interim = |score_matrix: &ScoreMatrix, image: &str| {
            reported(&standing(score_matrix, &gathered, image))
        };
        let mut run = Run {
            loaded: &mut loaded,
            cancel,
            progress,
            reported: &mut interim,
        };
        let settings = if request.full {
            search_space.all()
        } else {
            search_space.first()
        };
        let mut interrupted = run.step(&mut score_matrix, settings, !request.full)?;
        // The table lists these pictures one by one. If most of them do not look like fundus photographs, as with
        // another kind of camera, the test of the look is wrong rather than the pictures.
        let (refused, of) = (score_matrix.refused.len(), score_matrix.cases.len());
        if !interrupted && 2 * refused >= of.max(1) {
            any_picture = true;
            gathered.all_the_same = Some(Remark::AnyPicture { count: refused, of });
            continue;
        }
        let mut followed = 0;
        if !request.full && !interrupted {
            (followed, interrupted) =
                other_kernels(&mut score_matrix, &mut run, &search_space, &gathered)?;
        }
        return report::report(
            &score_matrix,
            report::ReportContext {
                card: &card,
                gathered: &gathered,
                search_space: &search_space,
                followed,
                interrupted,
                engine: loaded.session.used().clone(),
                findings: loaded.findings.clone(),
            },
        )
        .map_err(|error| if interrupted { Error::Cancelled } else { error });
    }
}

/// Writes `check.json`, `check.csv` (the settings) and `check-scores.csv` (each image under each setting).
pub fn write_check(out: &std::path::Path, report: &CheckReport) -> Result<(), Error> {
    let document = serde_json::to_value(report).unwrap_or_default();
    let text = crate::export::json::text(&document);
    atomic::write(&out.join("check.json"), text.as_bytes())?;
    atomic::write(&out.join("check.csv"), &report.csv())?;
    atomic::write(&out.join("check-scores.csv"), &report.scores_csv())?;
    Ok(())
}

/// What every step needs.
struct Run<'a> {
    loaded: &'a mut LoadedModel,
    cancel: &'a Cancel,
    progress: &'a Progress,
    reported: &'a mut dyn FnMut(&ScoreMatrix, &str),
}

impl Run<'_> {
    /// Runs settings on the score matrix; true if the user stopped it.
    fn step(
        &mut self,
        score_matrix: &mut ScoreMatrix,
        settings: Vec<InputSpec>,
        keep: bool,
    ) -> Result<bool, Error> {
        let session = self.loaded.session.as_mut();
        match score_matrix.run(
            settings,
            keep,
            session,
            self.cancel,
            self.progress,
            self.reported,
        ) {
            Ok(()) => Ok(false),
            Err(Error::Cancelled) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// The other kernels for the best of the first step. Returns how many of those, and whether the check was stopped.
fn other_kernels(
    score_matrix: &mut ScoreMatrix,
    run: &mut Run,
    search_space: &SearchSpace,
    gathered: &Dataset,
) -> Result<(usize, bool), Error> {
    let (distinct, ranking) = report::ranking(score_matrix, gathered, &OPTIONS)?;
    let best = ranking.standings.iter().filter(|s| s.inseparable);
    let best: Vec<usize> = best.take(FOLLOWED).map(|s| distinct[s.setting]).collect();
    let first = score_matrix.settings.len();
    // Including those with the same inputs: they cost no run, and their rows should list them all.
    let followed: Vec<InputSpec> = (0..first)
        .filter(|&s| best.contains(&score_matrix.first_same(s)))
        .map(|s| score_matrix.settings[s].clone())
        .collect();
    if run.step(score_matrix, search_space.kernels_of(&followed), false)? {
        // The first step is complete: its answer is valid, and the missing second step is reported.
        score_matrix.forget_from(first);
        return Ok((0, true));
    }
    Ok((best.len(), false))
}

/// The figures so far, without intervals.
fn standing(score_matrix: &ScoreMatrix, gathered: &Dataset, image: &str) -> InterimRanking {
    let cases = score_matrix.whole_cases();
    let truths = gathered.truths.chosen(&cases);
    let figure = truths.figure();
    let mut rows: Vec<(InputSpec, f64)> = Vec::new();
    for (setting, spec) in score_matrix.settings.iter().enumerate() {
        let scores = score_matrix.scores_on(setting, &cases);
        let scored = scores.and_then(|s| Scored::new(&truths, &s).ok());
        if let Some(scored) = scored.filter(|_| score_matrix.first_same(setting) == setting) {
            rows.push((spec.clone(), scored.figure()));
        }
    }
    let merit = |value: f64| match figure {
        Figure::Auc => value.max(1.0 - value),
        Figure::MeanAbsoluteError => -value,
    };
    rows.sort_by(|a, b| merit(b.1).total_cmp(&merit(a.1)));
    InterimRanking {
        image: image.to_owned(),
        images: cases.len(),
        figure,
        rows,
    }
}
