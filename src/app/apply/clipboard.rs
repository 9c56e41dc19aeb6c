//! Copies to the clipboard: the figure, the result in words, the methods paragraph.

use std::sync::Arc;

use super::common::reported;
use super::export_rows::{cover_failure_on, exported_answer, of_photograph, photographs_of, row};
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::state::{
    Copied, ExportFormat, ExportFormats, ExportOrder, ExportRow, MessageTopic, PhotoId, Scope,
    State,
};
use crate::app::{Failure, WorkflowContext};
use crate::domain::Pixels;
use crate::export::report;
use crate::jobs::Lane;
use crate::text::Lang;
use crate::workflow::{self, VERSION};

/// Draws the figure of the first photograph at the resolution of its file.
#[derive(Clone, Debug)]
pub struct RenderFigure(pub ExportOrder);

impl Job for RenderFigure {
    fn lane(&self) -> Lane {
        Lane::Interactive
    }

    fn run(&self, _: &WorkflowContext, wait: &JobContext) -> Landing {
        let result = workflow::export::preview(&self.0, u32::MAX, wait.cancel);
        let result = result.map(Arc::new).map_err(Failure::from);
        Landing::new(move |state| figure(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

/// Copies nothing if the answer for the covered parts is missing; a message gives the reason.
pub(super) fn refuses(state: &mut State, photo: PhotoId) -> bool {
    let Some((cover_failure, failure)) = cover_failure_on(state, photo) else {
        return false;
    };
    let failure = failure.cloned();
    state.notify(MessageTopic::CoverFailed(cover_failure), failure);
    true
}

pub(super) fn copy_figure(state: &mut State) -> Vec<Effect> {
    if state.selected.is_some_and(|photo| refuses(state, photo)) {
        return vec![];
    }
    let formats = ExportFormats {
        desired: [ExportFormat::Figure].into(),
        ..state.settings.export.clone()
    };
    let order = state
        .selected()
        .map(|photo| of_photograph(state, photo, formats))
        .filter(|order| order.rows.iter().any(ExportRow::has_pictures));
    order
        .map(|order| Effect::start(RenderFigure(order)))
        .into_iter()
        .collect()
}

pub(super) fn figure(state: &mut State, result: Result<Arc<Pixels>, Failure>) -> Vec<Effect> {
    match result {
        Ok(picture) => {
            state.notify(MessageTopic::Copied(Copied::Figure), None);
            vec![Effect::CopyPicture(picture)]
        }
        Err(failure) if failure.cancelled => vec![],
        Err(failure) => reported(state, MessageTopic::Export, failure),
    }
}

pub(super) fn copy_result(state: &mut State) -> Vec<Effect> {
    if state.selected.is_some_and(|photo| refuses(state, photo)) {
        return vec![];
    }
    let lang = state.settings.language;
    let Some(photo) = state.selected() else {
        return vec![];
    };
    let name = state.shown_name(photo).into_owned();
    let shown = state.chosen_models().into_iter();
    let texts: Vec<_> = shown
        .filter_map(|m| exported_answer(state, photo, &m.id))
        .map(|a| report::result_text(&a.case, &name, lang))
        .collect();
    copied(state, Copied::Result, texts.join("\n"))
}

pub(super) fn copy_methods(state: &mut State, lang: Lang) -> Vec<Effect> {
    let rows: Vec<ExportRow> = photographs_of(state, Scope::All)
        .map(|photo| row(state, photo))
        .collect();
    if rows.iter().all(|row| row.answers.is_empty()) {
        return vec![];
    }
    let cases = rows.iter().flat_map(|row| {
        let answered = row.answers.iter().map(|answer| &answer.case);
        answered.chain(&row.failed)
    });
    let text = report::methods(&cases.collect::<Vec<_>>(), VERSION, lang);
    copied(state, Copied::Methods, text)
}

pub(super) fn copied(state: &mut State, what: Copied, text: String) -> Vec<Effect> {
    if text.is_empty() {
        return vec![];
    }
    state.notify(MessageTopic::Copied(what), None);
    vec![Effect::CopyText(text)]
}
