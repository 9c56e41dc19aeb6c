//! Persons and counting, kept up to date with the list: unique names, persons, duplicates, disagreement of eyes and
//! models. The command line resolves its rows with the same function.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::stated;
use crate::app::state::{PhotoId, Photograph, State};
use crate::domain::{Finding, FindingCode};
use crate::export::subjects::{self, NamingRule, PhotographFacts, Seen};
use crate::imaging::{Named, laterality_from_name, persons_by_pattern, persons_from_names};
use crate::storage::naming::{self, PhotographPath};
use crate::workflow::Answer;

/// Recomputes everything after a change of the list, of what is known of a photograph, an answer, the chosen models, or
/// the user's statements about persons and counting.
pub(super) fn refresh(state: &mut State) {
    name(state);
    let models: Vec<String> = state.chosen_models().iter().map(|m| m.id.clone()).collect();
    let rule = NamingRule {
        persons: state.persons,
        masked: state.settings.names_masked,
    };
    let places = own_places(state);
    let shots: Vec<PhotographFacts> = places
        .iter()
        .map(|at| shot(&state.photographs[*at], &models))
        .collect();
    let settled = subjects::resolve(&shots, rule);
    drop(shots);
    for (at, settled) in places.into_iter().zip(&settled) {
        let photo = &mut state.photographs[at];
        photo.subject.clone_from(&settled.subject);
        if let Some(known) = &mut photo.known {
            subjects::note_other_copies(&mut known.findings, settled);
        }
        for answer in photo.every_answer_mut() {
            if !subjects::is_resolved(&answer.case, settled) {
                subjects::write_into(&mut Arc::make_mut(answer).case, settled);
            }
        }
    }
}

/// Indices of the photographs that are resolved together: all except the sample eye, which belongs to no person, unless
/// there is nothing else.
pub(super) fn own_places(state: &State) -> Vec<usize> {
    let is_own = |photo: &Photograph| photo.source.is_own();
    let own = state.photographs.iter().any(is_own);
    let places = state.photographs.iter().enumerate();
    places
        .filter(|(_, photo)| !own || is_own(photo))
        .map(|(at, _)| at)
        .collect()
}

fn shot<'a>(photo: &'a Photograph, models: &[String]) -> PhotographFacts<'a> {
    let answers = models.iter().filter_map(|id| photo.answers.get(id));
    let cases: Vec<_> = answers.map(|answer| &answer.case).collect();
    let seen = photo.known.as_ref().map(|known| Seen {
        pixels_sha256: &known.pixels_sha256,
        size: [known.width, known.height],
        fingerprint: known.fingerprint.as_ref(),
        eye: known.eye,
        quality: known.quality,
        // Findings of a run are in its answers first.
        findings: cases.first().map_or(&known.findings, |case| &case.findings),
        patient: known.patient,
    });
    PhotographFacts {
        input: photo.input,
        guess: photo.guess.as_deref(),
        seen,
        by_user: photo.by_user,
        age: photo.age,
        cases,
    }
}

/// Unique names for the photographs of the list, and the persons they suggest; recomputed when photographs come or go.
fn name(state: &mut State) {
    let ids: Vec<PhotoId> = state.photographs.iter().map(|p| p.id).collect();
    if ids == state.named {
        return;
    }
    state.named = ids;
    let files = |photo: &&mut Photograph| photo.source.is_own();
    let places: Vec<PhotographPath> = state
        .photographs
        .iter()
        .filter(|photo| photo.source.is_own())
        .map(|photo| photo.place.clone())
        .collect();
    let names = naming::names(&places);
    let mut roots: HashMap<PathBuf, usize> = HashMap::new();
    for ((photo, name), place) in state
        .photographs
        .iter_mut()
        .filter(files)
        .zip(names)
        .zip(places)
    {
        photo.name = name;
        let next = roots.len();
        photo.input = *roots.entry(place.root).or_insert(next);
    }
    let named: Vec<Named> = state
        .photographs
        .iter()
        .map(|photo| Named {
            input: photo.input,
            name: if photo.source.is_own() {
                &photo.name
            } else {
                ""
            },
        })
        .collect();
    let Some(pattern) = &state.name_pattern else {
        let guesses = persons_from_names(&named);
        for (photo, guess) in state.photographs.iter_mut().zip(guesses) {
            photo.guess = guess;
            if photo.named_eye.is_some() {
                // As if there had never been a pattern.
                photo.named_eye = Some(laterality_from_name(&photo.name));
                stated::keep_statements(photo);
            }
        }
        return;
    };
    let found = persons_by_pattern(&named, pattern);
    let has_eye = pattern.has_eye();
    for (photo, found) in state.photographs.iter_mut().zip(found) {
        let eye = match (&found, has_eye) {
            (Some(found), true) => found.eye,
            _ => laterality_from_name(&photo.name),
        };
        photo.guess = found.map(|found| found.person);
        photo.named_eye = Some(eye).filter(|_| photo.source.is_own());
        stated::keep_statements(photo);
    }
}

/// Notes whether the chosen models disagree on a photograph, whether they ran together or one after the other. A single
/// model cannot disagree.
pub(super) fn note_disagreement(photo: &mut Photograph, models: &[String]) {
    if !is_marked(photo) && !may_disagree(photo, models) {
        return;
    }
    let place = |id: &str| models.iter().position(|m| m == id);
    let mut answers: Vec<(usize, &mut Answer)> = Vec::new();
    for (id, answer) in &mut photo.answers {
        match place(id) {
            Some(place) => answers.push((place, Arc::make_mut(answer))),
            None if answer.case.findings.iter().any(is_mark) => {
                Arc::make_mut(answer).case.findings.retain(|f| !is_mark(f));
            }
            None => {}
        }
    }
    answers.sort_by_key(|(place, _)| *place);
    let mut cases: Vec<_> = answers
        .iter_mut()
        .map(|(_, answer)| &mut answer.case)
        .collect();
    crate::domain::note_disagreement(&mut cases);
    for (key, answer) in &mut photo.maps {
        let of_model = photo.answers.get(&key.model);
        let mark = of_model.and_then(|a| a.case.findings.iter().find(|f| is_mark(f)));
        if answer.case.findings.iter().find(|f| is_mark(f)) != mark {
            let findings = &mut Arc::make_mut(answer).case.findings;
            findings.retain(|f| !is_mark(f));
            findings.extend(mark.cloned());
        }
    }
}

fn is_mark(finding: &Finding) -> bool {
    finding.code == FindingCode::ModelsDisagree
}

fn is_marked(photo: &Photograph) -> bool {
    photo.findings_of_answers().any(is_mark)
}

/// Answers that cannot change are not copied: those of models that name at most one label.
fn may_disagree(photo: &Photograph, models: &[String]) -> bool {
    let answers = models.iter().filter_map(|id| photo.answers.get(id));
    let mut labels = answers.filter_map(|answer| answer.case.label.as_deref());
    let first = labels.next();
    labels.any(|label| Some(label) != first)
}
