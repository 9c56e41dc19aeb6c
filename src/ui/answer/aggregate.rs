//! Whether the photograph in view counts, and the aggregate of a person's photographs: a figure for each eye and for
//! the person, by mean logit. Persons suggested only by file names must be confirmed first.

use egui::Ui;

use crate::app::State;
use crate::app::apply::{Action, Photographs};
use crate::app::state::Photograph;
use crate::domain::{Exclusion, Laterality, Person, PersonSource, Persons, ResultRow, Task};
use crate::export::aggregate::{Group, groups};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, aside_ui, value_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Examples that are shown before file names are taken as persons.
const MATCHES: usize = 3;

/// A checkbox: whether the photograph counts for its eye and person, and why not by default.
pub fn counting_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let t = view.t;
    if photo.known.is_none() {
        return;
    }
    // Without an answer there is nothing to count.
    let mut counts = photo.subject.counts() && !photo.is_refused();
    let tick = egui::Checkbox::new(&mut counts, t.count_photograph());
    if ui.add_enabled(!photo.is_refused(), tick).clicked() {
        view.action(Action::Photographs(Photographs::Count(photo.id, counts)));
    }
    if !photo.subject.left_out.is_empty() {
        words_ui(
            ui,
            &t.left_out_because(&photo.subject.left_out),
            Emphasis::Small,
        );
    }
}

/// The figures of the person in view, or the question whether file names identify persons. Empty if there is only one
/// answer.
pub fn aggregate_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let state = view.state;
    match &photo.subject.person {
        Some(person) => person_ui(ui, person, view),
        None if photo.subject.guess.is_some() && state.persons != Persons::FileNames => {
            question_ui(ui, view);
        }
        None => {}
    }
}

fn title_ui(ui: &mut Ui, t: Texts) {
    ui.add_space(theme::GAP);
    ui.separator();
    ui.heading(t.together());
}

fn person_ui(ui: &mut Ui, person: &Person, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(model) = state.model() else {
        return;
    };
    let cases: Vec<&ResultRow> = state
        .photographs
        .iter()
        .filter(|p| p.subject.person.as_ref() == Some(person))
        .filter_map(|p| p.answers.get(&model.id))
        .map(|a| &a.case)
        .collect();
    if cases.len() < 2 {
        return;
    }
    title_ui(ui, t);
    let source = match person.source {
        PersonSource::FileName => t.person_of_names(),
        PersonSource::Dicom | PersonSource::Table => t.person_of_dicom(),
    };
    words_ui(ui, &format!("{}  {source}", person.name), Emphasis::Small);
    let mut groups = groups(cases);
    // The right eye first, by convention; the person last.
    groups.sort_by_key(|g| match g.eye {
        Some(Laterality::Od) => 0,
        Some(Laterality::Os) => 1,
        Some(Laterality::Unknown) => 2,
        None => 3,
    });
    for group in &groups {
        group_ui(ui, group, model.card.task, t);
    }
    let left_out = left_out(state, person);
    if !left_out.is_empty() {
        words_ui(ui, &t.left_out_of(&left_out), Emphasis::Small);
    }
    words_ui(ui, t.mean_of_logits(), Emphasis::Small);
    if person.source == PersonSource::FileName && ui.small_button(t.persons_no()).clicked() {
        view.action(Action::Photographs(Photographs::Persons(Persons::Dicom)));
    }
}

/// How many of a person's photographs do not count, by their first reason; `None` is the user's choice.
fn left_out(state: &State, person: &Person) -> Vec<(Option<Exclusion>, usize)> {
    let mut counts: Vec<(Option<Exclusion>, usize)> = Vec::new();
    let of_person = |p: &&Photograph| p.subject.person.as_ref() == Some(person);
    for photo in state.photographs.iter().filter(of_person) {
        if photo.subject.counts() {
            continue;
        }
        let reason = photo.subject.left_out.first().copied();
        match counts.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((reason, 1)),
        }
    }
    counts
}

/// The first persons suggested by the names, each with its photographs.
fn question_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if state.counts.answered < 2 {
        return;
    }
    title_ui(ui, t);
    words_ui(ui, t.ask_persons(), Emphasis::Plain);
    for (person, names) in matches(state) {
        words_ui(
            ui,
            &format!("{person}: {}", names.join(t.comma())),
            Emphasis::Small,
        );
    }
    words_ui(ui, t.ask_persons_hint(), Emphasis::Small);
    if ui.button(t.persons_yes()).clicked() {
        view.action(Action::Photographs(Photographs::Persons(
            Persons::FileNames,
        )));
    }
}

fn matches(state: &State) -> Vec<(&str, Vec<String>)> {
    let mut matches: Vec<(&str, Vec<String>)> = Vec::new();
    for photo in &state.photographs {
        let guess = photo.subject.guess.as_deref();
        let Some(guess) = guess.filter(|_| photo.subject.person.is_none()) else {
            continue;
        };
        // A list of many has many names, of which few are shown.
        let name = || state.shown_name(photo).into_owned();
        let full = matches.len() >= MATCHES;
        match matches.iter_mut().find(|(person, _)| *person == guess) {
            Some((_, names)) if names.len() < MATCHES => names.push(name()),
            Some((_, names)) if names.len() == MATCHES => names.push("…".to_owned()),
            Some(_) => {}
            None if !full => matches.push((guess, vec![name()])),
            None => {}
        }
    }
    matches
}

fn group_ui(ui: &mut Ui, group: &Group, task: Task, t: Texts) {
    let name = match group.eye {
        Some(eye) => eye.as_str(),
        None => t.both_eyes(),
    };
    let Some(of) = &group.aggregate else {
        value_ui(ui, name, "–");
        aside_ui(ui, &t.used_range(0, group.photographs, "", ""));
        return;
    };
    let figure = match (of.score, of.value) {
        (Some(score), _) => {
            let label = of.label.as_deref().map(|l| t.label(l)).unwrap_or_default();
            format!("{}  {label}", t.score_figure(score))
        }
        (None, Some(value)) => t.value_words(task, value),
        (None, None) => return,
    };
    value_ui(ui, name, &figure);
    // The range in the units of the figure above it; exported files contain logits.
    let number = |v: f64| {
        if of.score.is_some() {
            t.score_figure(1.0 / (1.0 + (-v).exp()))
        } else {
            t.value_figure(task, v)
        }
    };
    let (low, high) = (number(of.lowest), number(of.highest));
    let mut aside = t.used_range(of.images, group.photographs, &low, &high);
    if let Some(spread) = of.spread.filter(|_| of.images > 2) {
        aside.push_str(&format!(
            ", {} {spread:.2}",
            t.spread_of(of.score.is_some())
        ));
    }
    aside_ui(ui, &aside);
}
