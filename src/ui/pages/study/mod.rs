//! Studies: the form of a new one, or how far the open one is and its run.

mod form;
mod models;
mod opened;

use egui::{Spinner, Ui};

use super::{Page, PageName, PagePlacement};
use crate::app::apply::study::CreateStudy;
use crate::app::apply::{Action, Study as Act};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use form::StudyFormUi;
use opened::OpenedUi;

/// The open study, or the form of a new one.
#[derive(Default)]
pub struct StudyPage {
    form: StudyFormUi,
    opened: OpenedUi,
}

/// What takes long is counted: results of the list that are written into a new study.
fn opening(view: &FrameContext) -> String {
    let t = view.t;
    match view.runner.work::<CreateStudy>().steps {
        Some((done, total)) if total > 1 => t.study_taking_over(done as usize, total as usize),
        _ => t.study_opening().to_owned(),
    }
}

impl Page for StudyPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(680.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        if state.study.wanted {
            // Called for by the study itself, it stays until the user closes it.
            view.action(Action::Study(Act::Shown));
            view.page(PageName::Study);
        }
        if state.study.pending {
            ui.heading(t.show_study());
            ui.horizontal(|ui| {
                ui.add(Spinner::new());
                words_ui(ui, &opening(view), Emphasis::Plain);
            });
            return;
        }
        if let Some(failure) = &state.study.failure {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            words_ui(ui, &failure.hint(t.0), Emphasis::Small);
            ui.add_space(theme::GAP);
        }
        match &state.study.open {
            Some(open) => opened::opened_ui(ui, open, &mut self.opened, view),
            None => self.form.form_ui(ui, view),
        }
    }

    fn is_called_for(&self, state: &crate::app::State) -> bool {
        state.study.wanted
    }
}
