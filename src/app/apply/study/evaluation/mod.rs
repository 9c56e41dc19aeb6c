//! The evaluation of the open study: computing it, what of it is in view, its photographs as a filter of the list, and
//! its files.

mod jobs;
mod part;
mod plots;

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::Failure;
use crate::app::apply::common::{ask, logged, reported};
use crate::app::apply::photographs::{self, Photographs};
use crate::app::job::Effect;
use crate::app::state::{
    EvaluatedPart, Evaluation as Evaluated, EvaluationView, Loadable, MessageTopic, Only, PlotsOf,
    Purpose, Show, State,
};
use crate::evaluation::performance::{Confusion, EvaluationReport, Unit};

pub use jobs::{EvaluateStudy, FiguresAt, PreparePlots, WriteEvaluation};

/// The evaluation of the open study.
#[derive(Clone, Debug)]
pub enum Evaluation {
    Start,
    Cancel,
    /// Whether there are subgroups by this column the next time.
    By(String, bool),
    Model(usize),
    Unit(Unit),
    /// A threshold chosen after looking, or the fixed one.
    Threshold(Option<f64>),
    /// The share of positive cases for predictive values, or that of the cases.
    Prevalence(Option<f64>),
    /// The list shows the photographs of this part.
    Show(EvaluatedPart),
    AskForFolder,
    Write(PathBuf),
}

pub(in crate::app::apply) fn apply(state: &mut State, action: Evaluation) -> Vec<Effect> {
    let evaluation = &mut state.study.evaluation;
    let view = evaluation.view;
    match action {
        Evaluation::Start => start(state),
        Evaluation::Cancel => {
            if evaluation.report.is_pending() {
                evaluation.report = Loadable::NotRequested;
            }
            vec![Effect::stop::<EvaluateStudy>()]
        }
        Evaluation::By(column, on) => {
            evaluation.by.retain(|by| *by != column);
            if on {
                evaluation.by.push(column);
            }
            vec![]
        }
        Evaluation::Model(model) => {
            let threshold = None;
            look(
                evaluation,
                EvaluationView {
                    model,
                    threshold,
                    ..view
                },
            )
        }
        Evaluation::Unit(unit) => look(evaluation, EvaluationView { unit, ..view }),
        Evaluation::Threshold(threshold) => {
            let fixed = evaluation.fixed_threshold();
            let threshold = threshold.filter(|to| *to != fixed);
            look(evaluation, EvaluationView { threshold, ..view })
        }
        Evaluation::Prevalence(prevalence) => {
            look(evaluation, EvaluationView { prevalence, ..view })
        }
        Evaluation::Show(part) => show(state, &part),
        Evaluation::AskForFolder => match evaluation.ready() {
            Some(_) => ask(state, Purpose::EvaluationFolder),
            None => vec![],
        },
        Evaluation::Write(folder) => write(state, folder),
    }
}

fn start(state: &mut State) -> Vec<Effect> {
    let Some(open) = state.study.open.as_ref().filter(|open| !open.is_running()) else {
        return vec![];
    };
    let evaluation = &mut state.study.evaluation;
    if evaluation.report.is_pending() {
        return vec![];
    }
    evaluation.of = Some((open.folder.clone(), Arc::clone(&open.study)));
    evaluation.report = Loadable::Pending;
    evaluation.computed_by = evaluation.by.clone();
    vec![Effect::start(EvaluateStudy {
        folder: open.folder.clone(),
        by: evaluation.by.clone(),
    })]
}

fn evaluated(state: &mut State, result: Result<Arc<EvaluationReport>, Failure>) -> Vec<Effect> {
    let evaluation = &mut state.study.evaluation;
    if !evaluation.report.is_pending() {
        return vec![];
    }
    let mut effects = vec![];
    evaluation.report = match result {
        Err(failure) if failure.cancelled => Loadable::NotRequested,
        Err(failure) => {
            effects.push(logged(&failure));
            Loadable::Failed(failure)
        }
        Ok(report) => Loadable::Ready(report),
    };
    let view = match evaluation.model() {
        Some(_) => evaluation.view,
        None => EvaluationView::default(),
    };
    effects.extend(look(evaluation, view));
    effects
}

/// Brings something else of the report into view.
fn look(evaluation: &mut Evaluated, view: EvaluationView) -> Vec<Effect> {
    evaluation.view = view;
    let threshold = evaluation.threshold();
    let scores = evaluation.scores();
    evaluation.confusion = scores.map(|scores| Confusion::at(scores, threshold));
    evaluation.moved = Loadable::NotRequested;
    match evaluation.ready() {
        Some(report) if view.is_moved() => {
            let job = FiguresAt {
                report: Arc::clone(report),
                view,
                threshold,
            };
            evaluation.moved = Loadable::Pending;
            vec![Effect::start(job)]
        }
        _ => vec![],
    }
}

/// The list shows these photographs and no other filter.
fn show(state: &mut State, part: &EvaluatedPart) -> Vec<Effect> {
    let Some(filter) = part::filter(state, part) else {
        return vec![];
    };
    let first = filter.photographs.first().copied();
    state.list.show = Show::All;
    state.list.words.clear();
    state.list.only = Only {
        evaluated: Some(filter),
        ..Only::default()
    };
    match first {
        Some(first) => photographs::apply(state, Photographs::Select(first)),
        None => vec![],
    }
}

fn write(state: &mut State, folder: PathBuf) -> Vec<Effect> {
    let (lang, mask_names) = (state.settings.language, state.settings.names_masked);
    let evaluation = &mut state.study.evaluation;
    let of = evaluation.of.clone();
    let Some((report, (study, now))) = evaluation.ready().cloned().zip(of) else {
        return vec![];
    };
    evaluation.writing = true;
    evaluation.write_failure = None;
    vec![Effect::start(WriteEvaluation {
        study,
        now,
        report,
        folder,
        lang,
        mask_names,
    })]
}

fn written(
    state: &mut State,
    folder: PathBuf,
    result: Result<Vec<String>, Failure>,
) -> Vec<Effect> {
    state.study.evaluation.writing = false;
    match result {
        Ok(files) => {
            let subject = MessageTopic::Exported {
                files: files.len(),
                problems: vec![],
                folder,
            };
            state.notify(subject, None);
            vec![]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => {
            state.study.evaluation.write_failure = Some(failure.clone());
            reported(state, MessageTopic::Export, failure)
        }
    }
}

/// A report is of one study as it was; its plots are in the language of the window.
pub(in crate::app::apply) fn refresh(state: &mut State) -> Vec<Effect> {
    let lang = state.settings.language;
    let studies = &mut state.study;
    let evaluation = &mut studies.evaluation;
    if let Some((folder, study)) = &evaluation.of {
        let open = studies.open.as_ref();
        let is_same = open.is_some_and(|o| o.folder == *folder && Arc::ptr_eq(&o.study, study));
        if !is_same {
            *evaluation = Evaluated::default();
            return vec![Effect::stop::<EvaluateStudy>(), Effect::stop::<FiguresAt>()];
        }
    }
    let Some(report) = evaluation.ready() else {
        return vec![];
    };
    let of = PlotsOf {
        report: Arc::clone(report),
        model: evaluation.view.model,
        unit: evaluation.view.unit,
        lang,
    };
    if evaluation.plotted.as_ref().is_some_and(|last| last.is(&of)) {
        return vec![];
    }
    evaluation.plotted = Some(of.clone());
    vec![Effect::start(PreparePlots(of))]
}
