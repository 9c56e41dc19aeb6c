//! What jobs answered. An answer lands on the photograph it was asked for, if that is still the same picture.

use std::sync::Arc;

use super::photographs::{self, keep_memory_bounded};
use crate::app::action::{Chosen, JobNote, Photographs};
use crate::app::effect::{Effect, Slot};
use crate::app::log::LogLine;
use crate::app::state::{Models, Opened, Opening, PhotoId, RunEnd, State, Subject};
use crate::app::verbs::{Answer, Failure};
use crate::workflow::Source;

pub(super) fn apply(state: &mut State, note: JobNote) -> Vec<Effect> {
    match note {
        JobNote::Models(result) => models(state, result),
        JobNote::Opened { photo, result } => opened(state, photo, result),
        JobNote::Predicted {
            photo,
            model,
            sha256,
            result,
        } => predicted(state, photo, &model, &sha256, result),
        JobNote::Chosen(chosen) => dialog(state, chosen),
        JobNote::Prepared(Err(failure)) => told(state, Subject::Models, failure),
        JobNote::SettingsSaved(Err(failure)) => told(state, Subject::SettingsSave, failure),
        JobNote::Prepared(Ok(())) | JobNote::SettingsSaved(Ok(())) => vec![],
        JobNote::Panicked { slot, text } => panicked(state, slot, text),
    }
}

fn models(
    state: &mut State,
    result: Result<Vec<crate::workflow::ModelSummary>, Failure>,
) -> Vec<Effect> {
    match result {
        Ok(models) => {
            let line = LogLine::Models {
                count: models.len(),
            };
            state.models = Models::Ready(models);
            vec![Effect::Log(line), Effect::PrepareModels]
        }
        Err(failure) => {
            state.models = Models::Failed(failure.clone());
            told(state, Subject::Models, failure)
        }
    }
}

fn opened(state: &mut State, id: PhotoId, result: Result<Arc<Opened>, Failure>) -> Vec<Effect> {
    let Some(photo) = state.photograph_mut(id) else {
        return vec![];
    };
    match result {
        Ok(opened) => {
            let image = &opened.image;
            let line = LogLine::Opened {
                width: image.pixels.width,
                height: image.pixels.height,
            };
            if photo
                .sha256
                .as_ref()
                .is_some_and(|known| *known != image.sha256)
            {
                // The file was changed since: what was said of it then does not hold.
                photo.answers.clear();
                photo.run_end = None;
            }
            photo.sha256 = Some(image.sha256.clone());
            photo.thumbnail = Some(Arc::clone(&opened.thumbnail));
            photo.opening = Opening::Ready(opened);
            keep_memory_bounded(state);
            vec![Effect::Log(line)]
        }
        Err(failure) => {
            let name = photo.name.clone();
            photo.opening = Opening::Failed(failure.clone());
            if state.selected == Some(id) {
                // The canvas itself says why; a message as well would say it twice.
                return vec![logged(&failure)];
            }
            told(state, Subject::Open { name }, failure)
        }
    }
}

fn predicted(
    state: &mut State,
    id: PhotoId,
    model: &str,
    sha256: &str,
    result: Result<Arc<Answer>, Failure>,
) -> Vec<Effect> {
    if state
        .running
        .as_ref()
        .is_some_and(|r| r.photo == id && r.model == model)
    {
        state.running = None;
    }
    let Some(photo) = state
        .photograph_mut(id)
        .filter(|p| p.sha256.as_deref() == Some(sha256))
    else {
        return vec![];
    };
    match result {
        Ok(answer) => {
            photo.run_end = None;
            let line = said(model, &answer);
            photo.answers.insert(model.to_owned(), answer);
            line.map(Effect::Log).into_iter().collect()
        }
        Err(failure) if failure.cancelled => {
            photo.run_end = Some(RunEnd::Cancelled);
            vec![]
        }
        Err(failure) => {
            photo.run_end = Some(RunEnd::Failed(failure.clone()));
            told(state, Subject::Run, failure)
        }
    }
}

fn said(model: &str, answer: &Answer) -> Option<LogLine> {
    let model = model.to_owned();
    match (answer.case.score, answer.case.value) {
        (Some(score), _) => Some(LogLine::Score { model, score }),
        (None, Some(value)) => Some(LogLine::Value { model, value }),
        (None, None) => None,
    }
}

fn dialog(state: &mut State, chosen: Chosen) -> Vec<Effect> {
    state.asking = false;
    match chosen {
        Chosen::Files(paths) => {
            let sources = paths.into_iter().map(Source::File).collect();
            photographs::apply(state, Photographs::Open(sources))
        }
        Chosen::Nothing => vec![],
        Chosen::NoDialog => {
            let failure = Failure {
                code: "no-dialog".into(),
                message: "the system offers no file dialog".into(),
                hint: String::new(),
                cancelled: false,
            };
            if state
                .messages
                .iter()
                .any(|m| m.subject == Subject::DialogMissing)
            {
                return vec![];
            }
            told(state, Subject::DialogMissing, failure)
        }
    }
}

fn panicked(state: &mut State, slot: Slot, text: String) -> Vec<Effect> {
    let failure = Failure {
        code: "internal".into(),
        message: text,
        hint: String::new(),
        cancelled: false,
    };
    match slot {
        Slot::Models => state.models = Models::Failed(failure.clone()),
        Slot::Open(id) => {
            if let Some(photo) = state.photograph_mut(id) {
                photo.opening = Opening::Failed(failure.clone());
            }
        }
        Slot::Predict => {
            if let Some(running) = state.running.take()
                && let Some(photo) = state.photograph_mut(running.photo)
            {
                photo.run_end = Some(RunEnd::Failed(failure.clone()));
            }
        }
        Slot::Dialog => state.asking = false,
        Slot::PrepareModels | Slot::SaveSettings => {}
    }
    told(state, Subject::Internal, failure)
}

fn told(state: &mut State, subject: Subject, failure: Failure) -> Vec<Effect> {
    let effect = logged(&failure);
    state.tell(subject, failure);
    vec![effect]
}

fn logged(failure: &Failure) -> Effect {
    Effect::Log(LogLine::Failed {
        code: failure.code.clone(),
    })
}
