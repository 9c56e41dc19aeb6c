//! What jobs answered. An answer lands on the photograph it was asked for, if that is still the same picture.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::memory::keep_bounded;
use super::{
    anatomy, check, controls, cover, defect, explain, export, library, many, photographs, subjects,
    trace,
};
use crate::app::action::{Chosen, JobNote, Purpose};
use crate::app::effect::{Effect, Slot};
use crate::app::log::LogLine;
use crate::app::state::{
    Asked, CheckUsed, Fundus, GoingOn, Installing, Known, ManyEnd, Models, Opened, Opening,
    PhotoId, Photograph, Preview, RunEnd, State, Subject,
};
use crate::app::verbs::{Answer, Failure, FoundFiles};
use crate::workflow::ModelSummary;

pub(super) fn apply(state: &mut State, note: JobNote) -> Vec<Effect> {
    match note {
        JobNote::Models(result) => models(state, result),
        JobNote::Recent(files) => photographs::recall(state, files),
        JobNote::Found { paths, result } => found(state, &paths, result),
        JobNote::Opened { photo, result } => opened(state, photo, result),
        JobNote::Glanced { photo, result } => glanced(state, photo, result),
        JobNote::Predicted {
            photo,
            model,
            sha256,
            result,
        } => predicted(state, photo, &model, &sha256, result),
        JobNote::PredictionEnded { photo } => {
            state.running.take_if(|r| r.photo == photo);
            vec![]
        }
        JobNote::Traced {
            photo,
            model,
            result,
        } => trace::traced(state, photo, &model, result.map(|t| *t)),
        JobNote::Covered {
            photo,
            revision,
            result,
        } => cover::covered(state, photo, revision, result),
        JobNote::Stages { model, result } => explain::stages(state, model, result),
        JobNote::MapOnTheWay { photo, key, map } => explain::on_the_way(state, photo, &key, map),
        JobNote::Explained {
            photo,
            key,
            sha256,
            result,
        } => explain::explained(state, photo, key, &sha256, result),
        JobNote::ControlFound { photo, key, part } => controls::found(state, photo, &key, part),
        JobNote::Controlled {
            photo,
            key,
            sha256,
            result,
        } => controls::ended(state, photo, key, &sha256, result),
        JobNote::Measured {
            photo,
            sha256,
            result,
        } => anatomy::measured(state, photo, &sha256, result),
        JobNote::RegionsCovered {
            photo,
            sha256,
            result,
        } => anatomy::covered(state, photo, &sha256, result),
        JobNote::RowDone(row) => {
            let effects = many::row_done(state, row);
            keep_bounded(state);
            effects
        }
        JobNote::ManyEnded(result) => many::ended(state, result),
        JobNote::SetAside(name) => {
            state.tell(Subject::SetAside(name), None);
            vec![]
        }
        JobNote::NotKept(failure) => many::not_kept(state, failure),
        JobNote::NotNoted(failure) => told(state, Subject::NotNoted, failure),
        JobNote::Unexported(run) => many::offer(state, run),
        JobNote::RunForgotten(Ok(())) => vec![],
        JobNote::RunForgotten(Err(failure)) => told(state, Subject::SettingsSave, failure),
        JobNote::Noted(note) => {
            state.tell(Subject::Note(note), None);
            vec![]
        }
        JobNote::Chosen(purpose, chosen) => dialog(state, purpose, chosen),
        JobNote::Prepared(Err(failure)) => told(state, Subject::Models, failure),
        JobNote::SettingsSaved(Err(failure)) => told(state, Subject::SettingsSave, failure),
        JobNote::FolderShown(Err(failure)) => told(state, Subject::Folder, failure),
        JobNote::Prepared(Ok(())) => {
            // Those that ship are unpacked now, and have a size: once is enough.
            let first = !std::mem::replace(&mut state.library.prepared, true);
            let bare = state.installed().iter().any(|m| m.bytes.is_none());
            if first && bare {
                vec![Effect::LoadModels]
            } else {
                vec![]
            }
        }
        JobNote::SettingsSaved(Ok(())) | JobNote::FolderShown(Ok(())) => vec![],
        JobNote::Previewed(result) => {
            if let Some(dialog) = &mut state.export {
                dialog.preview = match result {
                    Ok(picture) => Preview::Ready(picture),
                    Err(failure) => Preview::Failed(failure),
                };
            }
            vec![]
        }
        JobNote::Exported { folder, result } => export::exported(state, folder, result),
        JobNote::Figure(result) => export::figure(state, result),
        JobNote::SelfTested { model, result } => {
            // Opening a model on an engine for the first time checks the engine; the list tells what came of it.
            let told = result.as_ref().is_ok_and(|test| {
                let listed = state.installed().iter().find(|m| m.id == model);
                listed.is_some_and(|m| m.lacks_check_of(&test.engine, &test.version))
            });
            state.library.self_tests.insert(model, Asked::of(result));
            if told {
                vec![Effect::LoadModels]
            } else {
                vec![]
            }
        }
        JobNote::Inspected(result) => library::inspected(state, result),
        JobNote::Stored(result) => library::stored(state, result),
        JobNote::CheckStands(interim) => check::interim(state, interim),
        JobNote::Checked(result) => check::checked(state, result),
        JobNote::SettingApplied(result) => check::applied(state, result),
        JobNote::Damaged(models) => {
            state.library.damaged = models;
            vec![]
        }
        JobNote::ModelRemoved(result) => library::removed(state, result),
        JobNote::CardEdited { model, result } => library::card_edited(state, &model, result),
        JobNote::ModelExported { folder, result } => library::exported(state, folder, result),
        JobNote::Devices(result) => {
            state.library.devices = Asked::of(result);
            vec![]
        }
        JobNote::RuntimeInstalled { file, result } => library::installed(state, file, result),
        JobNote::Panicked { slot, text } => panicked(state, slot, text),
    }
}

fn models(state: &mut State, result: Result<Vec<ModelSummary>, Failure>) -> Vec<Effect> {
    match result {
        Ok(models) => {
            let line = LogLine::Models {
                count: models.len(),
            };
            // What was said by a model that is gone, or with a card that was edited since, does not stand.
            for photo in &mut state.photographs {
                photo.keep_answers(|id, answer| {
                    let card = &answer.case.card;
                    models.iter().any(|m| m.id == id && m.card == *card)
                });
            }
            // A model that is as it was keeps its layers and the steps that someone looks at: the models are read a second
            // time when those that ship are unpacked.
            let card_of = |models: &[ModelSummary], id: &str| {
                let model = models.iter().find(|m| m.id == id);
                model.map(|m| Arc::clone(&m.card))
            };
            let stays = |id: &str| {
                let before = card_of(state.installed(), id);
                before.is_some() && before == card_of(&models, id)
            };
            let ids = models.iter().map(|m| m.id.clone());
            let staying: Vec<String> = ids.filter(|id| stays(id)).collect();
            state.stages.retain(|id, _| staying.contains(id));
            state.tracing.take_if(|t| !staying.contains(&t.model));
            state
                .recipes
                .retain(|id, _| models.iter().any(|m| m.id == *id));
            state.models = Models::Ready(models);
            let mut effects = vec![
                Effect::Log(line),
                Effect::LoadDamaged,
                Effect::PrepareModels,
            ];
            effects.extend(cover::refresh(state));
            effects
        }
        Err(failure) => {
            state.models = Models::Failed(failure.clone());
            state.going_on = GoingOn::No;
            told(state, Subject::Models, failure)
        }
    }
}

fn found(state: &mut State, paths: &[PathBuf], result: Result<FoundFiles, Failure>) -> Vec<Effect> {
    state.finding = false;
    match result {
        Ok(found) => {
            // What holds no photograph is not offered again.
            let files = found.photographs.iter().filter_map(|p| p.source.file());
            let holding: HashSet<&Path> = files.flat_map(Path::ancestors).collect();
            // A path that was typed may be relative; those of photographs are whole.
            let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let to_remember: Vec<PathBuf> = paths
                .iter()
                .filter_map(|path| {
                    let mut known = [path.clone(), whole(path)].into_iter();
                    known.find(|path| holding.contains(path.as_path()))
                })
                .collect();
            let mut effects = photographs::remember(state, &to_remember);
            let line = LogLine::Added {
                count: found.photographs.len(),
            };
            effects.push(Effect::Log(line));
            let absent = found.absent;
            if found.photographs.is_empty() && absent.is_empty() && found.skipped.is_empty() {
                state.tell(Subject::NothingFound, None);
            }
            if !found.skipped.is_empty() {
                let skipped = found.skipped.clone();
                state.tell(Subject::Skipped { skipped }, None);
            }
            if !absent.is_empty() {
                state.tell(Subject::Absent { names: absent }, None);
            }
            state.skipped.extend(found.skipped);
            many::found(state, paths, &found.photographs);
            effects.extend(photographs::add(state, found.photographs));
            effects
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => told(state, Subject::NothingFound, failure),
    }
}

fn opened(state: &mut State, id: PhotoId, result: Result<Arc<Opened>, Failure>) -> Vec<Effect> {
    let in_view = state.selected == Some(id);
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    let line = match result {
        Ok(opened) => {
            let image = &opened.image;
            let line = LogLine::Opened {
                width: image.pixels.width,
                height: image.pixels.height,
            };
            learn(photo, Known::of(image, Arc::clone(&opened.thumbnail)));
            photo.opening = Opening::Ready(opened);
            photographs::keep_correction(photo);
            Effect::Log(line)
        }
        Err(failure) => {
            // The canvas and the row say why; a message as well would say it a third time.
            let line = logged(&failure);
            photo.opening = Opening::Failed(failure);
            line
        }
    };
    keep_bounded(state);
    let mut effects = vec![line];
    if in_view {
        effects.extend(cover::refresh(state));
        effects.extend(photographs::open_next(state));
    }
    effects
}

fn glanced(state: &mut State, id: PhotoId, result: Result<Known, Failure>) -> Vec<Effect> {
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    photo.glancing = false;
    match result {
        Ok(known) => learn(photo, known),
        Err(failure) if matches!(photo.opening, Opening::Closed) => {
            photo.opening = Opening::Failed(failure);
        }
        Err(_) => {}
    }
    vec![]
}

/// Notes what was read of a file. If it was changed since, what was said of it then does not hold.
fn learn(photo: &mut Photograph, known: Known) {
    if photo.sha256().is_some_and(|before| before != known.sha256) {
        photo.keep_answers(|_, _| false);
        photo.fundus = Fundus::default();
        photo.run_end = None;
    }
    photo.known = Some(known);
    photographs::keep_correction(photo);
}

fn predicted(
    state: &mut State,
    id: PhotoId,
    model: &str,
    sha256: &str,
    result: Result<Arc<Answer>, Failure>,
) -> Vec<Effect> {
    if let Some(running) = state.running.as_mut().filter(|r| r.photo == id) {
        running.models.retain(|m| m != model);
        if running.models.is_empty() {
            state.running = None;
        }
    }
    // It was given with a card that was edited since, or by a model that is gone.
    if result
        .as_ref()
        .is_ok_and(|answer| !state.holds(model, answer))
    {
        return vec![];
    }
    let Some(photo) = state
        .photograph_mut(id)
        .filter(|p| p.sha256() == Some(sha256))
    else {
        return vec![];
    };
    match result {
        Ok(answer) => {
            // The person has decided otherwise since it began.
            if photo.is_overruled(&answer) {
                return vec![];
            }
            let effects = said(model, &answer).map(Effect::Log).into_iter().collect();
            photo.take_answer(model.to_owned(), answer);
            photographs::keep_correction(photo);
            subjects::note_disagreement(state, id);
            state.preview_stale = true;
            effects
        }
        Err(failure) if failure.cancelled => {
            photo.run_end = Some(RunEnd::Cancelled);
            vec![]
        }
        Err(failure) => {
            photo.failed_run(model, failure.clone());
            told(state, Subject::Run, failure)
        }
    }
}

pub(super) fn said(model: &str, answer: &Answer) -> Option<LogLine> {
    let model = model.to_owned();
    match (answer.case.score, answer.case.value) {
        (Some(score), _) => Some(LogLine::Score { model, score }),
        (None, Some(value)) => Some(LogLine::Value { model, value }),
        (None, None) => None,
    }
}

fn dialog(state: &mut State, purpose: Purpose, chosen: Chosen) -> Vec<Effect> {
    use crate::app::action::{Action, Check, Export, Library, Photographs};
    state.asking = false;
    match chosen {
        Chosen::Files(mut paths) => {
            let action = match purpose {
                Purpose::Photographs | Purpose::Folder => {
                    Action::Photographs(Photographs::Add(paths))
                }
                Purpose::ExportFolder => match paths.pop() {
                    Some(folder) => Action::Export(Export::Folder(folder)),
                    None => return vec![],
                },
                Purpose::Keras => match paths.pop() {
                    Some(file) => Action::Library(Library::Inspect(file)),
                    None => return vec![],
                },
                Purpose::ModelFolder => match (paths.pop(), state.library.exporting.take()) {
                    (Some(folder), Some((model, what))) => Action::Library(Library::ExportModel {
                        model,
                        what,
                        folder,
                    }),
                    _ => return vec![],
                },
                Purpose::CheckLabels => match paths.pop() {
                    Some(file) => Action::Check(Check::Labels(file)),
                    None => return vec![],
                },
                Purpose::CheckImages => match paths.pop() {
                    Some(folder) => Action::Check(Check::Images(folder)),
                    None => return vec![],
                },
                Purpose::Runtime => match paths.pop() {
                    Some(file) => Action::Library(Library::Install {
                        file,
                        accept: false,
                    }),
                    None => return vec![],
                },
            };
            super::apply(state, action)
        }
        Chosen::Nothing => {
            many::leave_waiting(state);
            vec![]
        }
        Chosen::NoDialog => {
            if !std::mem::replace(&mut state.no_dialog, true) {
                state.path_wanted = Some(purpose);
            }
            if purpose == Purpose::ExportFolder && state.export.is_none() {
                return export::open(state);
            }
            let known = |m: &crate::app::state::Message| m.subject == Subject::DialogMissing;
            // Where a path can be typed beside the button, that says enough.
            if purpose != Purpose::Photographs && purpose != Purpose::Folder
                || state.messages.iter().any(known)
            {
                return vec![];
            }
            state.tell(Subject::DialogMissing, None);
            vec![]
        }
    }
}

fn panicked(state: &mut State, slot: Slot, text: String) -> Vec<Effect> {
    let failure = defect(text.clone());
    let mut effects = Vec::new();
    match slot {
        Slot::Models => state.models = Models::Failed(failure.clone()),
        Slot::Open(id) | Slot::Glance(id) => {
            if let Some(photo) = state.photograph_mut(id) {
                photo.glancing = false;
                photo.opening = Opening::Failed(failure.clone());
            }
        }
        Slot::Predict => {
            if let Some(running) = state.running.take()
                && let Some(photo) = state.photograph_mut(running.photo)
            {
                for model in &running.models {
                    photo.failed_run(model, failure.clone());
                }
            }
        }
        Slot::Explain => effects = explain::failed(state, failure.clone()),
        Slot::Controls => {
            if let Some(controlling) = state.controlling.take() {
                controls::failed(state, controlling.photo, controlling.key, failure.clone());
            }
        }
        Slot::Regions => {
            if let Some(asked) = state.anatomy.measuring.take() {
                state.anatomy.failed = Some((asked.photo, failure.clone()));
            }
        }
        Slot::CoverRegions => {
            if let Some(asked) = state.anatomy.covering.take() {
                state.anatomy.failed = Some((asked.photo, failure.clone()));
            }
        }
        Slot::Many => {
            if let Some(many) = state.many.as_mut().filter(|m| m.is_going_on()) {
                many.end = Some(ManyEnd::Failed);
            }
        }
        Slot::Trace => {
            if let Some(tracing) = &mut state.tracing {
                tracing.steps = Asked::Failed(failure.clone());
            }
        }
        Slot::Cover => effects = cover::failed(state, failure.clone()),
        Slot::Stages => state.stages.retain(|_, stages| !stages.is_pending()),
        Slot::Dialog => {
            state.asking = false;
            many::leave_waiting(state);
        }
        Slot::Find(_) => state.finding = false,
        Slot::Preview | Slot::Export => export::panicked(state, &text),
        Slot::SelfTest => state
            .library
            .self_tests
            .retain(|_, test| !test.is_pending()),
        Slot::Import => state.library.import = None,
        Slot::Check => state.check.report = Asked::Failed(failure.clone()),
        Slot::ApplySetting => state.check.used = Some(CheckUsed::Failed(failure.clone())),
        Slot::Devices => state.library.devices = Asked::Failed(failure.clone()),
        Slot::Install => state.library.installing = Some(Installing::Failed(failure.clone())),
        Slot::Damaged
        | Slot::PrepareModels
        | Slot::SaveSettings
        | Slot::Recent
        | Slot::SaveRecent
        | Slot::Unexported
        | Slot::ForgetRun
        | Slot::ForgetInputs
        | Slot::Figure
        | Slot::ShowFolder
        | Slot::RemoveModel
        | Slot::EditCard
        | Slot::ExportModel => {}
    }
    effects.extend(told(state, Subject::Internal, failure));
    effects
}

pub(super) fn told(state: &mut State, subject: Subject, failure: Failure) -> Vec<Effect> {
    let effect = logged(&failure);
    state.tell(subject, Some(failure));
    vec![effect]
}

pub(super) fn logged(failure: &Failure) -> Effect {
    Effect::Log(LogLine::Failed {
        code: failure.code.clone(),
    })
}
