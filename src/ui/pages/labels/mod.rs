//! The labels of the photographs in the list: how a table is read, for the user to check and to confirm once.

mod columns;
mod found;
mod lists;

use egui::{Button, Ui, vec2};

use super::given::{Given, GivenPath, given_ui};
use super::table_questions::questions_ui;
use super::{Entries, Page, PagePlacement};
use crate::app::State;
use crate::app::apply::{Action, Labels as Act};
use crate::app::state::{Loadable, Proposed, Purpose};
use crate::evaluation::Answers;
use crate::text::window::Texts;
use crate::ui::list::Thumbnails;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Width of the page in points.
const WIDTH: f32 = 880.0;

/// The page, with a path being typed.
#[derive(Default)]
pub struct LabelsPage {
    table: PathField,
    folder: PathField,
    thumbnails: Thumbnails,
    /// The page has just come into view.
    is_new: bool,
}

impl Page for LabelsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(WIDTH)
    }

    fn opened(&mut self) {
        self.is_new = true;
    }

    fn entries(&self, state: &State) -> Entries {
        let labels = &state.labels;
        let is_open = labels.confirmed.is_none() || labels.ready().is_none();
        match labels.asked.answers != Answers::default() && is_open {
            true => Entries::Kept,
            false => Entries::None,
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let labels = &state.labels;
        if std::mem::take(&mut self.is_new) {
            view.action(Action::Labels(Act::Look));
        }
        ui.heading(t.labels_sheet());
        words_ui(ui, t.labels_intro(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        ui.add_enabled_ui(!labels.confirming, |ui| self.table_ui(ui, view));
        if labels.is_changed {
            let ink = Palette::of(ui.visuals()).caution;
            words_ui(ui, t.labels_changed(), Emphasis::Coloured(ink));
        }
        match &labels.proposal {
            Loadable::NotRequested => {}
            Loadable::Pending => {
                words_ui(ui, t.labels_reading(), Emphasis::Weak);
            }
            Loadable::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
            }
            Loadable::Ready(_) => {}
        }
        if let Some(shown) = labels.shown() {
            let is_still = !labels.proposal.is_pending() && !labels.confirming;
            ui.add_enabled_ui(is_still, |ui| self.proposal_ui(ui, shown, view));
        }
        self.thumbnails.end();
        self.confirm_ui(ui, view);
    }
}

impl LabelsPage {
    fn table_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        let given = Given {
            title: t.check_labels(),
            choose: t.check_choose_labels(),
            field: t.check_labels_field(),
            path: view.state.labels.table.as_ref(),
            purpose: Purpose::Labels,
        };
        match given_ui(ui, &given, &mut self.table, view) {
            Some(GivenPath::Ask) => view.action(Action::Labels(Act::AskForTable)),
            Some(GivenPath::Path(path)) => view.action(Action::Labels(Act::Table(path))),
            None => {}
        }
    }

    /// How the table is read, from its form to what is left over.
    fn proposal_ui(&mut self, ui: &mut Ui, shown: &Proposed, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let proposal = &shown.proposal;
        if proposal.mapping.is_some() {
            let form = t.labels_form(&proposal.labels.understood);
            words_ui(ui, &form, Emphasis::Small);
        }
        let asked = &state.labels.asked;
        if let Some(answer) = questions_ui(ui, asked, t.labels_answer_first(), t) {
            view.action(Action::Labels(Act::Answer(answer)));
        }
        columns::columns_ui(ui, &proposal.columns, view);
        if proposal.mapping.is_none() {
            return;
        }
        found::found_ui(ui, &mut self.thumbnails, shown, view);
        lists::lists_ui(ui, &proposal.labels.lists, view);
        if state.no_dialog && state.labels.saving.is_some() {
            let look = PathFieldLook {
                width: 460.0,
                name: t.export_folder(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::LabelLists], view),
                on_sight: true,
            };
            if let Some(folder) = self.folder.path_ui(ui, look) {
                view.action(Action::Labels(Act::SaveInto(folder)));
            }
        }
    }

    /// The button that confirms, and why it cannot be used, or what was confirmed.
    fn confirm_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let labels = &state.labels;
        ui.add_space(theme::GROUP_GAP);
        if let Some(failure) = &labels.refused {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            words_ui(ui, &failure.hint(t.0), Emphasis::Small);
        }
        let reason = reason(state, t);
        ui.horizontal(|ui| {
            let size = vec2(200.0, theme::PRIMARY_HEIGHT);
            let button = match is_confirmed(state) {
                // It was pressed; nothing leads on from here.
                true => ui.add_enabled(false, Button::new(t.labels_confirm()).min_size(size)),
                false => primary_button_ui(ui, reason.is_none(), t.labels_confirm(), size),
            };
            if button.clicked() {
                view.action(Action::Labels(Act::Confirm));
            }
            match (reason, is_confirmed(state)) {
                (_, true) => {
                    let ink = Palette::of(ui.visuals()).good;
                    words_ui(ui, t.labels_confirmed(), Emphasis::Coloured(ink))
                }
                (Some(reason), false) => words_ui(ui, reason, Emphasis::Weak),
                (None, false) => words_ui(ui, "", Emphasis::Weak),
            };
        });
    }
}

/// Whether what is shown is what was confirmed.
fn is_confirmed(state: &State) -> bool {
    let labels = &state.labels;
    let (Some(ready), Some(confirmed)) = (labels.ready(), &labels.confirmed) else {
        return false;
    };
    ready.proposal.mapping.as_ref() == Some(&confirmed.mapping)
        && ready.photographs == confirmed.photographs
}

/// Why the labels cannot be confirmed yet.
fn reason(state: &State, t: Texts) -> Option<&'static str> {
    let labels = &state.labels;
    let has_photographs = state.photographs.iter().any(|p| p.source.is_own());
    match () {
        () if labels.table.is_none() => Some(t.labels_choose_first()),
        () if !has_photographs => Some(t.labels_no_photographs()),
        () if labels.confirming || labels.proposal.is_pending() => Some(t.labels_reading()),
        () if matches!(labels.proposal, Loadable::Failed(_)) => Some(t.labels_not_readable()),
        () if labels.ready().is_none() => Some(t.labels_answer_first()),
        () => None,
    }
}
