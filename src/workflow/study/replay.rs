//! Records from what an export of a study was made, and makes it again.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::answers;
use super::evaluate::{EvaluationRequest, evaluate, write as write_evaluation};
use super::run::{StudyRunOptions, run};
use super::supplement::{SupplementRequest, supplement, write as write_supplement};
use super::{NewStudy, create, photographs, save};
use crate::domain::replay::{
    REPLAY_SCHEMA, ReplayDifference, ReplayRecord, ReplayedAnswer, ReplayedExport, ReplayedFile,
};
use crate::domain::{Lang, ResultRow, Study};
use crate::evaluation::performance::{EvaluationOptions, EvaluationReport};
use crate::evaluation::supplement::SupplementReport;
use crate::export::row;
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::Device;
use crate::storage::replay::{self as stored_replay, Scratch};
use crate::storage::study as stored;
use crate::text::failures::StudyFault;
use crate::text::research_only;
use crate::workflow::{Context, Error, PartialResults, VERSION, models};

/// Writes an evaluation into a folder, with the record by which it can be made again. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, or it was cancelled; the answers of the study cannot be read.
pub fn export_evaluation(
    study: &Path,
    report: &EvaluationReport,
    out: &Path,
    lang: Lang,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let files = write_evaluation(report, out, lang, cancel)?;
    let export = ReplayedExport::Evaluation {
        by: report.by.clone(),
        prevalence: report.prevalence,
        samples: report.options.samples,
        seed: report.options.seed,
        language: lang,
    };
    record(study, export, out, files, cancel)
}

/// Writes a supplement into a folder, with the record by which it can be made again. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, or it was cancelled; the answers of the study cannot be read.
pub fn export_supplement(
    study: &Path,
    request: &SupplementRequest,
    report: &SupplementReport,
    out: &Path,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let files = write_supplement(report, out, cancel)?;
    let export = ReplayedExport::Supplement {
        model: request.model.clone(),
        outcome: request.outcome.clone(),
        covariates: request.covariates.clone(),
        imputations: request.imputations,
        seed: request.seed,
        hard_labels: request.with_hard_labels,
    };
    record(study, export, out, files, cancel)
}

fn record(
    path: &Path,
    export: ReplayedExport,
    out: &Path,
    mut files: Vec<String>,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: crate::storage::file_name(path),
    })?;
    let folder = stored::base(&folder);
    let (study, _) = stored::load(&folder)?;
    let out = stored::base(out);
    let reference = stored::reference(&out, &folder).ok_or_else(|| StudyFault::NotText {
        name: crate::storage::file_name(&folder),
    })?;
    let record = ReplayRecord {
        schema: REPLAY_SCHEMA,
        application: application(),
        research_only: research_only(Lang::En).to_owned(),
        folder: reference,
        export,
        answers: answered(&folder, &study, cancel)?,
        files: checksums(&out, &files),
        study,
    };
    stored_replay::save(&out, &record)?;
    files.push(crate::domain::replay::REPLAY.to_owned());
    Ok(files)
}

fn application() -> String {
    format!("gantei {VERSION}")
}

fn checksums(folder: &Path, files: &[String]) -> Vec<ReplayedFile> {
    let of = |name: &String| {
        Some(ReplayedFile {
            name: name.clone(),
            sha256: stored_replay::checksum(&folder.join(name))?,
        })
    };
    files.iter().filter_map(of).collect()
}

/// The answers of a study, in the order of photographs and models.
fn answered(folder: &Path, study: &Study, cancel: &Cancel) -> Result<Vec<ReplayedAnswer>, Error> {
    let listing = photographs(folder, study, cancel)?;
    let found = answers::answers(folder, study, &listing)?;
    Ok(found
        .iter()
        .flat_map(|(_, rows)| rows)
        .map(answer)
        .collect())
}

fn answer(case: &ResultRow) -> ReplayedAnswer {
    let used = case.used.as_ref();
    ReplayedAnswer {
        image: case.image.clone(),
        model: case.card.id.clone(),
        file: case.sha256.clone(),
        row: sha256(row::comparable(case)),
        engine: used.map_or_else(String::new, |used| {
            format!("{} {}: {}", used.engine, used.version, used.provider)
        }),
    }
}

/// Makes an export again, in a folder of its own: runs the models on every photograph, and compares answers and files.
/// Nothing is written into study or export. Empty if everything is identical but for times.
///
/// # Errors
/// There is no record, it is damaged or of a newer version, photographs cannot be listed, a run fails, or it was cancelled.
pub fn replay(
    ctx: &Context,
    export: &Path,
    device: Device,
    in_worker: bool,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<ReplayDifference>, Error> {
    let then = stored_replay::load(export)?;
    let mut differences = Vec::new();
    if then.application != application() {
        differences.push(ReplayDifference::Version {
            then: then.application.clone(),
            now: application(),
        });
    }
    let edited = then.files.iter().filter(|file| {
        stored_replay::checksum(&export.join(&file.name)).as_ref() != Some(&file.sha256)
    });
    let edited: Vec<String> = edited.map(|file| file.name.clone()).collect();
    if !edited.is_empty() {
        differences.push(ReplayDifference::Edited { files: edited });
    }
    let missing = compare_models(ctx, &then.study, &mut differences);
    if missing {
        return Ok(differences);
    }
    let folder = stored::resolved(&stored::base(export), &then.folder);
    let scratch = Scratch::new()?;
    let again = scratch.inside("study");
    let inputs = then.study.inputs.iter();
    let new = NewStudy {
        inputs: inputs
            .map(|input| stored::resolved(&folder, input))
            .collect(),
        models: then
            .study
            .models
            .iter()
            .map(|model| model.id.clone())
            .collect(),
        settings: then.study.settings.clone(),
    };
    let (mut open, _) = create(ctx, &again, new, cancel)?;
    // They are in the tables of the records.
    let decided = Study {
        decisions: then.study.decisions.clone(),
        ..open.study().clone()
    };
    save(&mut open, decided)?;
    if let Some(labels) = &then.study.labels {
        let table = stored::resolved(&folder, &labels.table);
        let now = stored_replay::checksum(&table);
        if now.as_ref() != Some(&labels.sha256) {
            differences.push(ReplayDifference::Labels {
                name: crate::storage::file_name(&table),
            });
            return Ok(differences);
        }
        let reference = stored::reference(open.folder(), &table);
        let table = reference.ok_or_else(|| StudyFault::NotText {
            name: crate::storage::file_name(&table),
        })?;
        let mut labels = labels.clone();
        labels.table = table;
        let study = Study {
            labels: Some(labels),
            ..open.study().clone()
        };
        save(&mut open, study)?;
    }
    let options = StudyRunOptions {
        device,
        in_worker,
        ..StudyRunOptions::default()
    };
    let partial = PartialResults::default();
    run(
        ctx,
        &mut open,
        &options,
        &partial,
        &Gate::new(),
        cancel,
        progress,
        &mut |_| {},
    )?;
    let now = answered(open.folder(), open.study(), cancel)?;
    compare_answers(&then.answers, &now, &mut differences);
    let out = scratch.inside("export");
    write_again(ctx, open.folder(), &then.export, &out, cancel)?;
    let other = then.files.iter().filter(|file| {
        stored_replay::checksum(&out.join(&file.name)).as_ref() != Some(&file.sha256)
    });
    let other: Vec<String> = other.map(|file| file.name.clone()).collect();
    if !other.is_empty() {
        differences.push(ReplayDifference::Outputs { files: other });
    }
    Ok(differences)
}

/// Adds how the library differs from the models of a study. True if a model is missing, so that nothing can be run.
fn compare_models(ctx: &Context, study: &Study, differences: &mut Vec<ReplayDifference>) -> bool {
    let library = models(ctx);
    let mut is_missing = false;
    for model in &study.models {
        let id = model.id.clone();
        match library.iter().find(|found| found.id == id) {
            None => {
                is_missing = true;
                differences.push(ReplayDifference::ModelMissing { id });
            }
            Some(found) if found.sha256 != model.sha256 => {
                differences.push(ReplayDifference::Model { id });
            }
            Some(found) if *found.card != model.card => {
                differences.push(ReplayDifference::Card { id });
            }
            Some(_) => {}
        }
    }
    is_missing
}

fn compare_answers(
    then: &[ReplayedAnswer],
    now: &[ReplayedAnswer],
    differences: &mut Vec<ReplayDifference>,
) {
    let by_name = |answers: &[ReplayedAnswer]| -> HashMap<(String, String), ReplayedAnswer> {
        let named = answers.iter();
        named
            .map(|answer| ((answer.image.clone(), answer.model.clone()), answer.clone()))
            .collect()
    };
    let before = by_name(then);
    let after = by_name(now);
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut note = |what, image: &String| {
        let images = found.entry(what).or_default();
        if images.last() != Some(image) {
            images.push(image.clone());
        }
    };
    let mut engines: Vec<(String, String)> = Vec::new();
    for answer in then {
        let name = (answer.image.clone(), answer.model.clone());
        let Some(again) = after.get(&name) else {
            note("missing", &answer.image);
            continue;
        };
        let pair = (answer.engine.clone(), again.engine.clone());
        if pair.0 != pair.1 && !engines.contains(&pair) {
            engines.push(pair);
        }
        match (answer.file == again.file, answer.row == again.row) {
            (false, _) => note("changed", &answer.image),
            (true, false) => note("answers", &answer.image),
            (true, true) => {}
        }
    }
    for answer in now {
        if !before.contains_key(&(answer.image.clone(), answer.model.clone())) {
            note("added", &answer.image);
        }
    }
    differences.extend(
        engines
            .into_iter()
            .map(|(then, now)| ReplayDifference::Engine { then, now }),
    );
    let mut take = |what| found.remove(what).unwrap_or_default();
    let all = [
        ReplayDifference::Changed {
            images: take("changed"),
        },
        ReplayDifference::Missing {
            images: take("missing"),
        },
        ReplayDifference::Added {
            images: take("added"),
        },
        ReplayDifference::Answers {
            images: take("answers"),
        },
    ];
    differences.extend(all.into_iter().filter(|one| !one.items().is_empty()));
}

fn write_again(
    ctx: &Context,
    study: &Path,
    export: &ReplayedExport,
    out: &Path,
    cancel: &Cancel,
) -> Result<(), Error> {
    match export {
        ReplayedExport::Evaluation {
            by,
            prevalence,
            samples,
            seed,
            language,
        } => {
            let request = EvaluationRequest {
                by: by.clone(),
                prevalence: *prevalence,
                options: EvaluationOptions {
                    samples: *samples,
                    seed: *seed,
                },
            };
            let report = evaluate(ctx, study, &request, cancel, &Progress::new())?;
            write_evaluation(&report, out, *language, cancel)?;
        }
        ReplayedExport::Supplement {
            model,
            outcome,
            covariates,
            imputations,
            seed,
            hard_labels,
        } => {
            let request = SupplementRequest {
                model: model.clone(),
                outcome: outcome.clone(),
                covariates: covariates.clone(),
                imputations: *imputations,
                seed: *seed,
                with_hard_labels: *hard_labels,
            };
            let report = supplement(study, &request, cancel)?;
            write_supplement(&report, out, cancel)?;
        }
    }
    Ok(())
}
