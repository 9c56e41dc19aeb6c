//! Records from what an export of a study was made, and makes it again.

use std::collections::{HashMap, HashSet};
use std::mem::discriminant;
use std::path::{Path, PathBuf};

use super::answers;
use super::evaluate::{EvaluationRequest, evaluate, write as write_evaluation};
use super::run::{StudyRunOptions, run};
use super::supplement::{SupplementRequest, supplement, write as write_supplement};
use super::{Listing, NewStudy, OpenStudy, create, photographs, save};
use crate::domain::replay::{
    REPLAY_SCHEMA, ReplayDifference, ReplayRecord, ReplaySource, ReplayedAnswer, ReplayedExport,
    ReplayedFile,
};
use crate::domain::{Lang, Study};
use crate::evaluation::performance::{EvaluationOptions, EvaluationReport};
use crate::evaluation::supplement::SupplementReport;
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
/// The folder cannot be written to, holds photographs of the study or another export, or it was cancelled.
pub fn export_evaluation(
    study: &Path,
    report: &EvaluationReport,
    out: &Path,
    lang: Lang,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let export = ReplayedExport::Evaluation {
        by: report.by.clone(),
        prevalence: report.prevalence,
        samples: report.options.samples,
        seed: report.options.seed,
        language: lang,
    };
    let record = begun(study, export, &report.source, report.is_masked, out)?;
    let files = write_evaluation(report, out, lang, cancel)?;
    finished(record, out, files)
}

/// Writes a supplement into a folder, with the record by which it can be made again. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, holds photographs of the study or another export, or it was cancelled.
pub fn export_supplement(
    study: &Path,
    request: &SupplementRequest,
    report: &SupplementReport,
    out: &Path,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let export = ReplayedExport::Supplement {
        model: request.model.clone(),
        outcome: request.outcome.clone(),
        covariates: request.covariates.clone(),
        imputations: request.imputations,
        seed: request.seed,
        hard_labels: request.with_hard_labels,
    };
    let record = begun(study, export, &report.source, report.is_masked, out)?;
    let files = write_supplement(report, out, cancel)?;
    finished(record, out, files)
}

/// Where a record is kept: beside the export, or in the folder of the study if names are masked.
struct Begun {
    folder: PathBuf,
    record: ReplayRecord,
    is_masked: bool,
}

/// Checks the folder of an export and clears it of the last one.
fn begun(
    path: &Path,
    export: ReplayedExport,
    source: &ReplaySource,
    is_masked: bool,
    out: &Path,
) -> Result<Begun, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: crate::storage::file_name(path),
    })?;
    let folder = stored::base(&folder);
    let out = stored::base(out);
    let name = || crate::storage::file_name(&out);
    let inputs = source.study.inputs.iter();
    let is_input = inputs
        .map(|input| stored::resolved(&folder, input))
        .any(|input| input == out);
    let photographs = source.study.photographs.iter();
    let mut photographs = photographs.map(|photograph| stored::resolved(&folder, photograph));
    if is_input || photographs.any(|photograph| photograph.parent() == Some(&out)) {
        return Err(StudyFault::AmongPhotographs { name: name() }.into());
    }
    if let Ok(last) = stored_replay::load(&out) {
        if discriminant(&last.export) != discriminant(&export) {
            return Err(StudyFault::OtherExport { name: name() }.into());
        }
        stored_replay::clear(&out, &last);
    }
    let reference = stored::reference(&out, &folder).ok_or_else(|| StudyFault::NotText {
        name: crate::storage::file_name(&folder),
    })?;
    Ok(Begun {
        record: ReplayRecord {
            schema: REPLAY_SCHEMA,
            application: application(),
            research_only: research_only(Lang::En).to_owned(),
            folder: reference,
            names_masked: is_masked,
            export,
            source: source.clone(),
            files: Vec::new(),
        },
        folder,
        is_masked,
    })
}

fn finished(begun: Begun, out: &Path, mut files: Vec<String>) -> Result<Vec<String>, Error> {
    let of = |name: &String| -> Result<ReplayedFile, Error> {
        Ok(ReplayedFile {
            sha256: stored_replay::checksum(&out.join(name))?,
            name: name.clone(),
        })
    };
    let record = ReplayRecord {
        files: files.iter().map(of).collect::<Result<_, _>>()?,
        ..begun.record
    };
    match begun.is_masked {
        true => stored_replay::save_in_study(out, &begun.folder, &record)?,
        false => stored_replay::save(out, &record)?,
    }
    files.push(crate::domain::replay::REPLAY.to_owned());
    Ok(files)
}

fn application() -> String {
    format!("gantei {VERSION}")
}

/// Makes an export again, in a folder of its own: runs the models on every photograph that had an answer, and compares
/// answers and files. If that is not possible (models, labels or photographs are missing or others), the files of the
/// photographs alone are compared. Nothing is written into study or export. Empty if everything is identical but for times.
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
    let source = &then.source;
    let mut differences = Vec::new();
    if then.application != application() {
        differences.push(ReplayDifference::Version {
            then: then.application.clone(),
            now: application(),
        });
    }
    let edited = others(export, &then.files);
    if !edited.is_empty() {
        differences.push(ReplayDifference::Edited { files: edited });
    }
    let is_missing = compare_models(ctx, &source.study, &mut differences);
    let folder = stored::resolved(&stored::base(export), &then.folder);
    let listing = photographs(&folder, &source.study, cancel)?;
    if !listing.moved.is_empty() {
        differences.push(ReplayDifference::Moved {
            inputs: listing.moved,
        });
        return Ok(differences);
    }
    let before: HashSet<&String> = source.photographs.iter().collect();
    let found = listing.scan.found.iter().map(|found| &found.name);
    let added: Vec<String> = found
        .filter(|name| !before.contains(name))
        .cloned()
        .collect();
    if !added.is_empty() {
        differences.push(ReplayDifference::Added { images: added });
    }
    let labels = source.study.labels.as_ref();
    let other_labels = labels.and_then(|labels| {
        let table = stored::resolved(&folder, &labels.table);
        let now = stored_replay::checksum(&table);
        let is_same = now.is_ok_and(|now| now == labels.sha256);
        (!is_same).then(|| crate::storage::file_name(&table))
    });
    let has_labels = other_labels.is_none();
    differences.extend(other_labels.map(|name| ReplayDifference::Labels { name }));
    if is_missing || !has_labels {
        compare_files(&listing, &source.answers, cancel, &mut differences)?;
        return Ok(differences);
    }
    let scratch = Scratch::new()?;
    let mut open = study_again(
        ctx,
        &scratch.inside("study"),
        &folder,
        &source.study,
        cancel,
    )?;
    let options = StudyRunOptions {
        device,
        in_worker,
        only: Some(source.answers.iter().map(|a| a.image.clone()).collect()),
        without_overlays: true,
        ..StudyRunOptions::default()
    };
    run(
        ctx,
        &mut open,
        &options,
        &PartialResults::default(),
        &Gate::new(),
        cancel,
        progress,
        &mut |_| {},
    )?;
    let listing = photographs(open.folder(), open.study(), cancel)?;
    let now = answers::source(open.folder(), open.study(), &listing, cancel)?;
    compare_answers(&source.answers, &now.answers, &mut differences);
    let out = scratch.inside("export");
    write_again(ctx, open.folder(), &then, &out, cancel)?;
    let other = others(&out, &then.files);
    if !other.is_empty() {
        differences.push(ReplayDifference::Outputs { files: other });
    }
    Ok(differences)
}

/// The files that a folder lacks, or has with another content.
fn others(folder: &Path, files: &[ReplayedFile]) -> Vec<String> {
    let is_other = |file: &&ReplayedFile| {
        let now = stored_replay::checksum(&folder.join(&file.name));
        now.map_or(true, |now| now != file.sha256)
    };
    files
        .iter()
        .filter(is_other)
        .map(|file| file.name.clone())
        .collect()
}

/// The study of an export in another folder, with the same photographs, also those that were missing.
fn study_again(
    ctx: &Context,
    again: &Path,
    folder: &Path,
    then: &Study,
    cancel: &Cancel,
) -> Result<OpenStudy, Error> {
    let new = NewStudy {
        inputs: { then.inputs.iter() }
            .map(|input| stored::resolved(folder, input))
            .collect(),
        models: then.models.iter().map(|model| model.id.clone()).collect(),
        settings: then.settings.clone(),
    };
    let (mut open, _) = create(ctx, again, new, cancel)?;
    let moved = |reference: &String| -> Result<String, Error> {
        let path = stored::resolved(folder, reference);
        let name = crate::storage::file_name(&path);
        let reference = stored::reference(open.folder(), &path);
        Ok(reference.ok_or(StudyFault::NotText { name })?)
    };
    let mut labels = then.labels.clone();
    if let Some(labels) = &mut labels {
        labels.table = moved(&labels.table)?;
    }
    let study = Study {
        photographs: then
            .photographs
            .iter()
            .map(moved)
            .collect::<Result<_, _>>()?,
        labels,
        // They are in the table of records to check.
        decisions: then.decisions.clone(),
        ..open.study().clone()
    };
    save(&mut open, study)?;
    Ok(open)
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

/// Adds which photographs are missing, and whose files are others, without running anything.
fn compare_files(
    listing: &Listing,
    then: &[ReplayedAnswer],
    cancel: &Cancel,
    differences: &mut Vec<ReplayDifference>,
) -> Result<(), Error> {
    let found = listing.scan.found.iter();
    let paths: HashMap<&str, &Path> = found
        .map(|found| (found.name.as_str(), found.path.as_path()))
        .collect();
    let (mut missing, mut changed) = (Vec::new(), Vec::new());
    let mut seen: HashSet<&str> = HashSet::new();
    for answer in then.iter().filter(|answer| seen.insert(&answer.image)) {
        cancel.check()?;
        let path = paths.get(answer.image.as_str());
        match path.map(|path| stored_replay::checksum(path)) {
            Some(Ok(now)) if Some(&now) == answer.file.as_ref() => {}
            Some(Ok(_)) => changed.push(answer.image.clone()),
            Some(Err(_)) | None => missing.push(answer.image.clone()),
        }
    }
    let all = [
        ReplayDifference::Changed { images: changed },
        ReplayDifference::Missing { images: missing },
    ];
    differences.extend(all.into_iter().filter(|one| !one.items().is_empty()));
    Ok(())
}

fn compare_answers(
    then: &[ReplayedAnswer],
    now: &[ReplayedAnswer],
    differences: &mut Vec<ReplayDifference>,
) {
    let after: HashMap<(&str, &str), &ReplayedAnswer> = now
        .iter()
        .map(|answer| ((answer.image.as_str(), answer.model.as_str()), answer))
        .collect();
    let [mut changed, mut missing, mut others] = [const { Vec::new() }; 3];
    fn note(images: &mut Vec<String>, image: &String) {
        if images.last() != Some(image) {
            images.push(image.clone());
        }
    }
    let (mut engines, mut processors) = (Vec::new(), Vec::new());
    let (mut largest, mut labels) = (None, 0);
    for answer in then {
        let Some(again) = after.get(&(answer.image.as_str(), answer.model.as_str())) else {
            note(&mut missing, &answer.image);
            continue;
        };
        for (pairs, then, now) in [
            (&mut engines, &answer.engine, &again.engine),
            (&mut processors, &answer.processor, &again.processor),
        ] {
            let pair = (then.clone(), now.clone());
            if then != now && !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        match (answer.file == again.file, answer.row == again.row) {
            (false, _) => note(&mut changed, &answer.image),
            (true, false) => {
                note(&mut others, &answer.image);
                let apart = answer.number.zip(again.number).map(|(a, b)| (a - b).abs());
                largest = match (largest, apart.filter(|apart| *apart > 0.0)) {
                    (Some(known), Some(apart)) => Some(f64::max(known, apart)),
                    (known, apart) => known.or(apart),
                };
                labels += usize::from(answer.label != again.label);
            }
            (true, true) => {}
        }
    }
    differences
        .extend({ engines.into_iter() }.map(|(then, now)| ReplayDifference::Engine { then, now }));
    differences.extend(
        { processors.into_iter() }.map(|(then, now)| ReplayDifference::Processor { then, now }),
    );
    let all = [
        ReplayDifference::Changed { images: changed },
        ReplayDifference::Missing { images: missing },
        ReplayDifference::Answers {
            images: others,
            largest,
            labels,
        },
    ];
    differences.extend(all.into_iter().filter(|one| !one.items().is_empty()));
}

fn write_again(
    ctx: &Context,
    study: &Path,
    then: &ReplayRecord,
    out: &Path,
    cancel: &Cancel,
) -> Result<(), Error> {
    match &then.export {
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
            let report = match then.names_masked {
                true => report.masked(),
                false => report,
            };
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
            let report = match then.names_masked {
                true => report.masked(),
                false => report,
            };
            write_supplement(&report, out, cancel)?;
        }
    }
    Ok(())
}
