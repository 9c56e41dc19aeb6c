//! The check of a model's preprocessing: labels and photographs in, a table of settings out; one of them can be written
//! to the card.

mod table;

use egui::{Button, ComboBox, ProgressBar, Ui, vec2};

use super::given::{Given, GivenPath, given_ui};
use super::table_questions::questions_ui;
use super::{Entries, Page, PagePlacement};
use crate::app::State;
use crate::app::apply::check::CheckImport;
use crate::app::apply::{Action, Check as Act};
use crate::app::state::{CheckedModel, Loadable, Purpose};
use crate::evaluation::Answers;
use crate::storage::file_name;
use crate::text::window::Texts;
use crate::ui::path_field::PathField;
use crate::ui::rows::{Emphasis, primary_button_ui, titled_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use table::{Using, report_ui, so_far_ui};

/// The page for any model.
#[derive(Default)]
pub struct CheckPage {
    form: CheckForm,
}

impl Page for CheckPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Library(Texts::check_sheet)
    }

    fn entries(&self, state: &State) -> Entries {
        let check = &state.check;
        match check.asked.answers != Answers::default() && check.finished().is_none() {
            true => Entries::Kept,
            false => Entries::None,
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        words_ui(ui, t.check_intro(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        // Reached from the menu, the page begins with the model in view.
        if let (None, Some(model)) = (&state.check.subject, state.model()) {
            let subject = CheckedModel::Model(model.id.clone());
            view.action(Action::Check(Act::Of(subject)));
        }
        let running = state.check.report.is_pending();
        ui.add_enabled_ui(!running, |ui| model_ui(ui, view));
        self.form.check_ui(ui, true, view);
    }
}

/// The inputs of a check, its run and its result. Paths being typed, and the row awaiting confirmation.
#[derive(Default)]
pub struct CheckForm {
    labels: PathField,
    images: PathField,
    using: Using,
    /// The result has been scrolled to.
    was_shown: bool,
}

impl CheckForm {
    /// `leads`: the run is the primary action of the page.
    pub fn check_ui(&mut self, ui: &mut Ui, leads: bool, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let check = &state.check;
        let running = check.report.is_pending();
        ui.add_enabled_ui(!running, |ui| self.inputs_ui(ui, view));
        ui.add_space(theme::GAP);
        let missing = missing(state, t);
        ui.horizontal(|ui| {
            let enabled = check.can_start();
            let size = vec2(170.0, theme::PRIMARY_HEIGHT);
            let start = match leads {
                true => primary_button_ui(ui, enabled, t.check_now(), size),
                false => ui.add_enabled(enabled, Button::new(t.check_now()).min_size(size)),
            };
            if start.clicked() {
                self.using = Using::default();
                self.was_shown = false;
                view.action(Action::Check(Act::Start));
            }
            if running {
                let stop = Button::new(t.check_stop()).min_size(size);
                if ui.add(stop).clicked() {
                    view.action(Action::Check(Act::Stop));
                }
            } else if !missing.is_empty() {
                words_ui(ui, &t.choose_first(&missing), Emphasis::Weak);
            }
        });
        match &check.report {
            Loadable::NotRequested => {}
            Loadable::Pending => {
                words_ui(ui, t.check_running(), Emphasis::Weak);
                let steps = view.runner.work::<CheckImport>().steps;
                if let Some((done, total)) = steps.filter(|(_, total)| *total > 0) {
                    let share = (done as f32 / total as f32).clamp(0.0, 1.0);
                    ui.add(ProgressBar::new(share).desired_height(5.0).corner_radius(2));
                }
                if let Some(interim) = &check.interim {
                    so_far_ui(ui, interim, t);
                }
            }
            // The question is shown with its choices above.
            Loadable::Failed(failure) if failure.question.is_some() => {
                words_ui(ui, &failure.message(t.0), Emphasis::Plain);
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
            }
            Loadable::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
            }
            Loadable::Ready(report) => {
                let verdict = report_ui(ui, &mut self.using, report, view);
                if !std::mem::replace(&mut self.was_shown, true) {
                    verdict.scroll_to_me(Some(egui::Align::TOP));
                }
            }
        }
    }

    /// The table of labels, the photographs, and the questions about the table.
    fn inputs_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (check, t) = (&view.state.check, view.t);
        let labels = Given {
            title: t.check_labels(),
            choose: t.check_choose_labels(),
            field: t.check_labels_field(),
            path: check.labels.as_ref(),
            purpose: Purpose::CheckLabels,
        };
        match given_ui(ui, &labels, &mut self.labels, view) {
            Some(GivenPath::Ask) => view.action(Action::Check(Act::AskForLabels)),
            Some(GivenPath::Path(path)) => view.action(Action::Check(Act::Labels(path))),
            None => {}
        }
        words_ui(ui, t.check_labels_tip(), Emphasis::Small);
        let images = Given {
            title: t.check_images(),
            choose: t.check_choose_images(),
            field: t.check_images_field(),
            path: check.images.as_ref(),
            purpose: Purpose::CheckImages,
        };
        match given_ui(ui, &images, &mut self.images, view) {
            Some(GivenPath::Ask) => view.action(Action::Check(Act::AskForImages)),
            Some(GivenPath::Path(path)) => view.action(Action::Check(Act::Images(path))),
            None => {}
        }
        if let Some(answer) = questions_ui(ui, &check.asked, t.check_answer_first(), t) {
            view.action(Action::Check(Act::Answer(answer)));
        }
    }
}

/// What must be given before the check can run.
fn missing(state: &State, t: Texts) -> Vec<&'static str> {
    let check = &state.check;
    [
        (check.subject.is_none(), t.check_model()),
        (check.labels.is_none(), t.check_labels()),
        (check.images.is_none(), t.check_images()),
    ]
    .into_iter()
    .filter(|(is_missing, _)| *is_missing)
    .map(|(_, what)| what)
    .collect()
}

/// One of the installed models, or the file of the import form.
fn model_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let name = |subject: &CheckedModel| match subject {
        CheckedModel::File(path) => file_name(path),
        CheckedModel::Model(id) => {
            let installed = state.installed().iter().find(|m| m.id == *id);
            installed.map_or_else(|| id.clone(), |m| t.model_name(&m.card).to_string())
        }
    };
    let chosen = state.check.subject.as_ref();
    titled_ui(ui, t.check_model(), |ui, title| {
        let shown = chosen.map_or_else(|| t.check_none().to_owned(), name);
        let combo = ComboBox::from_id_salt("checked model")
            .width(320.0)
            .selected_text(shown);
        let combo = combo.show_ui(ui, |ui| {
            let models = state.installed().iter();
            let models = models.map(|m| CheckedModel::Model(m.id.clone()));
            let import = state.library.import.as_ref();
            let file = import.map(|i| CheckedModel::File(i.file.clone()));
            for subject in models.chain(file) {
                let on = chosen == Some(&subject);
                if ui.selectable_label(on, name(&subject)).clicked() {
                    view.action(Action::Check(Act::Of(subject)));
                }
            }
        });
        combo.response.labelled_by(title.id);
    });
}
