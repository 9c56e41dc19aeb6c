//! The user's statements about a photograph: its eye, and whether it is used. They override files and pictures.

use std::sync::Arc;

use super::predict;
use crate::app::job::Effect;
use crate::app::state::{Known, Opened, Opening, PhotoId, Photograph, State};
use crate::domain::{self, EyeSource, Finding, Laterality};

/// The user's statement overrides tags and names, on the photograph and on each of its answers.
pub(super) fn correct_eye(state: &mut State, id: PhotoId, eye: Laterality) {
    let Some(photo) = state.photograph_mut(id) else {
        return;
    };
    photo.eye_by_hand = Some(eye);
    // Files name the eye as it was before.
    photo.stored.clear();
    keep_statements(photo);
}

/// The user accepts a picture that does not look like a fundus photograph, or withdraws that. If a run has answered or
/// is about to, the photograph in view is run again: the button is where its score would be.
pub(super) fn accept(state: &mut State, id: PhotoId, accepted: bool) -> Vec<Effect> {
    let Some(photo) = state.photograph_mut(id).filter(|p| p.accepted != accepted) else {
        return vec![];
    };
    let was_run = !photo.answers.is_empty();
    note_acceptance(photo, accepted);
    let is_run = state.running.as_ref().is_some_and(|r| r.photo == id);
    match (was_run || is_run) && state.selected == Some(id) {
        true => predict::start(state),
        false => vec![],
    }
}

pub(super) fn note_acceptance(photo: &mut Photograph, accepted: bool) {
    photo.accepted = accepted;
    keep_acceptance(photo);
}

/// Applies the user's statements to everything known of a photograph, including answers of jobs that began before the
/// statement.
pub(super) fn keep_statements(photo: &mut Photograph) {
    keep_acceptance(photo);
    keep_eye(photo);
}

fn keep_acceptance(photo: &mut Photograph) {
    let accepted = photo.accepted;
    let stale = photo.overruled();
    let is_stale = |findings: &[Finding]| findings.iter().any(|f| f.code == stale);
    if let Opening::Ready(opened) = &photo.opening
        && is_stale(&opened.image.findings)
    {
        photo.opening = Opening::Ready(Arc::new(Opened {
            image: domain::with_acceptance(&opened.image, accepted),
            ..Opened::clone(opened)
        }));
    }
    if let Some(known) = &mut photo.known {
        domain::note_acceptance(&mut known.findings, accepted);
    }
    let mut answers = photo.answers.values().chain(photo.maps.values());
    if answers.any(|a| is_stale(&a.case.findings)) {
        // Answers and refusals from before the statement do not apply to the new request.
        photo.keep_answers(|_, answer| !is_stale(&answer.case.findings));
    }
}

/// The eye by the user's hand, else by the pattern of names that the user accepted. The latter does not override a tag.
fn keep_eye(photo: &mut Photograph) {
    let of_name = |known: &Known| matches!(known.eye_source, EyeSource::FileName | EyeSource::None);
    let (eye, source) = match (photo.eye_by_hand, photo.named_eye) {
        (Some(eye), _) => (eye, EyeSource::User),
        (None, Some(eye)) if photo.known.as_ref().is_some_and(of_name) => match eye.is_known() {
            true => (eye, EyeSource::FileName),
            false => (eye, EyeSource::None),
        },
        (None, _) => return,
    };
    let stated = |is_source: EyeSource, is: Laterality| is_source == source && is == eye;
    if let Opening::Ready(opened) = &photo.opening
        && !stated(opened.image.eye_source, opened.image.eye)
    {
        photo.opening = Opening::Ready(Arc::new(Opened {
            image: domain::with_eye_of(&opened.image, eye, source),
            ..Opened::clone(opened)
        }));
    }
    if let Some(known) = &mut photo.known {
        (known.eye, known.eye_source) = (eye, source);
        if let Opening::Ready(opened) = &photo.opening {
            known.findings.clone_from(&opened.image.findings);
        }
    }
    for answer in photo.every_answer_mut() {
        if stated(answer.case.eye_source, answer.case.eye) {
            continue;
        }
        domain::set_eye(&mut Arc::make_mut(answer).case, eye, source);
    }
}
