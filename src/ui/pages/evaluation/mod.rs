//! The evaluation of the open study: figures with their intervals, curves, subgroups and models, for the model and the
//! unit in view.

mod compared;
mod confusion;
mod curves;
mod figures;
mod flow;
pub(super) mod plot;
mod subgroups;

use std::sync::Arc;

use egui::{Button, ComboBox, ProgressBar, Role, Ui, WidgetInfo, vec2};
use strum::{EnumIter, IntoEnumIterator};

use super::{Page, PageName, PagePlacement};
use crate::app::State;
use crate::app::apply::study::evaluation::EvaluateStudy;
use crate::app::apply::{Action, Evaluation as Act};
use crate::app::state::{EvaluatedPart, EvaluationPlots, Loadable, OpenedStudy, PlotKind, Purpose};
use crate::domain::foreign::shown;
use crate::evaluation::performance::{ModelReport, Unit};
use crate::storage::file_name;
use crate::text::performance::undefined;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, share_of, toggle_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use plot::Drawn;

/// Parts of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter)]
enum Tab {
    #[default]
    Figures,
    Curves,
    Subgroups,
    Models,
}

impl Tab {
    fn title(self, t: Texts) -> &'static str {
        match self {
            Self::Figures => t.evaluation_figures(),
            Self::Curves => t.evaluation_curves(),
            Self::Subgroups => t.evaluation_subgroups(),
            Self::Models => t.evaluation_models(),
        }
    }
}

/// The evaluation of the open study.
#[derive(Default)]
pub struct EvaluationPage {
    tab: Tab,
    /// It was opened and starts the evaluation, unless there is one.
    starts: bool,
    folder: PathField,
    /// The points of the plots, which are made once.
    drawn: Option<(Arc<EvaluationPlots>, Vec<Drawn>)>,
}

impl Page for EvaluationPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(1480.0)
    }

    fn opened(&mut self) {
        self.starts = true;
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let Some(open) = &state.study.open else {
            // It was closed meanwhile.
            view.close_page();
            return;
        };
        let evaluation = &state.study.evaluation;
        let starts = std::mem::take(&mut self.starts);
        if starts && matches!(evaluation.report, Loadable::NotRequested) && can_start(open) {
            view.action(Action::Evaluation(Act::Start));
        }
        ui.heading(t.evaluation_of(&shown(&file_name(&open.folder))));
        ui.add_space(theme::GAP);
        match &evaluation.report {
            Loadable::NotRequested => start_ui(ui, open, view),
            Loadable::Pending => pending_ui(ui, view),
            Loadable::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
                subgroups::columns_ui(ui, open, view);
                start_ui(ui, open, view);
            }
            Loadable::Ready(_) => self.report_ui(ui, open, view),
        }
    }
}

fn can_start(open: &OpenedStudy) -> bool {
    !open.is_running() && !open.study.models.is_empty()
}

/// The button that starts, and what is missing.
fn start_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let t = view.t;
    if open.study.models.is_empty() {
        words_ui(ui, t.evaluation_no_models(), Emphasis::Plain);
    }
    ui.add_space(theme::GAP);
    ui.horizontal(|ui| {
        let size = vec2(150.0, theme::PRIMARY_HEIGHT);
        if primary_button_ui(ui, can_start(open), t.evaluation_start(), size).clicked() {
            view.action(Action::Evaluation(Act::Start));
        }
        other_pages_ui(ui, view);
    });
}

/// Where labels and results come from.
fn other_pages_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    for (words, page) in [
        (t.labels_open(), PageName::Labels),
        (t.show_study(), PageName::Study),
    ] {
        let button = Button::new(words).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
        if ui.add(button).clicked() {
            view.page(page);
        }
    }
}

fn pending_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let steps = view.runner.work::<EvaluateStudy>().steps;
    words_ui(ui, t.evaluation_running(), Emphasis::Plain);
    let bar = ProgressBar::new(share_of(ui, steps))
        .desired_height(6.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar);
    let cancel = Button::new(t.cancel()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
    if ui.add(cancel).clicked() {
        view.action(Action::Evaluation(Act::Cancel));
    }
}

/// A click on a part of the cases: the list shows them, and the page makes room.
fn list(part: EvaluatedPart, view: &mut FrameContext<'_>) {
    view.action(Action::Evaluation(Act::Show(part)));
    if !view.panels.list {
        view.command(Command::ListPanel);
    }
    view.close_page();
}

impl EvaluationPage {
    fn report_ui(&mut self, ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let evaluation = &state.study.evaluation;
        if let Some(plots) = &evaluation.plots
            && !self
                .drawn
                .as_ref()
                .is_some_and(|(of, _)| Arc::ptr_eq(of, plots))
        {
            self.drawn = Some((Arc::clone(plots), plot::drawn(plots)));
        }
        self.choice_ui(ui, open, view);
        let (Some(model), Some(unit)) = (evaluation.model(), evaluation.unit()) else {
            words_ui(ui, t.evaluation_no_models(), Emphasis::Plain);
            return;
        };
        notes_ui(ui, model, t);
        self.tabs_ui(ui, t);
        if unit.cases.is_none() {
            no_cases_ui(ui, view);
            ui.add_space(theme::GAP);
            flow::flow_ui(ui, view);
            return;
        }
        match self.tab {
            Tab::Figures => figures::figures_ui(ui, view),
            Tab::Curves => curves::curves_ui(ui, self.drawn.as_ref(), view),
            Tab::Subgroups => subgroups::subgroups_ui(ui, open, view),
            Tab::Models => compared::compared_ui(ui, self.drawn.as_ref(), view),
        }
    }

    /// Model, unit and export, in one line.
    fn choice_ui(&mut self, ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let evaluation = &state.study.evaluation;
        ui.horizontal_wrapped(|ui| {
            let name = |at: usize| {
                let model = open.study.models.get(at);
                model.map_or(String::new(), |model| t.model_name(&model.card))
            };
            let title = ui.weak(t.model());
            let combo = ComboBox::from_id_salt("model of the evaluation")
                .width(300.0)
                .selected_text(name(evaluation.view.model));
            let combo = combo.show_ui(ui, |ui| {
                for at in 0..open.study.models.len() {
                    let on = at == evaluation.view.model;
                    if ui.selectable_label(on, name(at)).clicked() {
                        view.action(Action::Evaluation(Act::Model(at)));
                    }
                }
            });
            combo.response.labelled_by(title.id);
            ui.add_space(theme::GROUP_GAP);
            ui.weak(t.evaluation_unit());
            for unit in Unit::iter() {
                let on = unit == evaluation.view.unit;
                let switch = toggle_ui(ui, on, t.unit(unit));
                if switch.on_hover_text(t.unit_note(unit)).clicked() {
                    view.action(Action::Evaluation(Act::Unit(unit)));
                }
            }
            ui.add_space(theme::GROUP_GAP);
            let export = Button::new(t.evaluation_export());
            let free = !state.asking && !evaluation.writing;
            if ui.add_enabled(free, export).clicked() {
                view.action(Action::Evaluation(Act::AskForFolder));
            }
            if evaluation.writing {
                ui.spinner();
            }
            if ui.button(t.check_records()).clicked() {
                view.page(PageName::Records);
            }
        });
        if let Some(failure) = &evaluation.write_failure {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
        }
        if state.no_dialog {
            let look = PathFieldLook {
                width: 460.0,
                name: t.export_folder(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::EvaluationFolder], view),
                on_sight: false,
            };
            if let Some(folder) = self.folder.path_ui(ui, look) {
                view.action(Action::Evaluation(Act::Write(folder)));
            }
        }
    }

    fn tabs_ui(&mut self, ui: &mut Ui, t: Texts) {
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            for tab in Tab::iter() {
                let on = tab == self.tab;
                let button = Button::selectable(on, tab.title(t));
                let button = button.min_size(vec2(110.0, theme::CONTROL_HEIGHT));
                let response = ui.add(button);
                response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, tab.title(t)));
                if response.clicked() {
                    self.tab = tab;
                }
            }
        });
        ui.separator();
    }
}

/// What restricts every figure of a model.
fn notes_ui(ui: &mut Ui, model: &ModelReport, t: Texts) {
    let ink = Palette::of(ui.visuals()).caution;
    if model.is_demonstration {
        words_ui(ui, t.evaluation_demonstration(), Emphasis::Coloured(ink));
    }
    if model.is_unconfirmed {
        words_ui(ui, t.evaluation_unconfirmed(), Emphasis::Coloured(ink));
    }
}

/// Why there is nothing to evaluate, and where it can be changed.
fn no_cases_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let is_photograph = view.state.study.evaluation.view.unit == Unit::Photograph;
    let words = match is_photograph {
        true => t.evaluation_needs_answers(),
        false => t.evaluation_no_cases(),
    };
    words_ui(ui, words, Emphasis::Plain);
    ui.horizontal(|ui| other_pages_ui(ui, view));
}

/// A plot of the view with its points, if it is ready.
fn of_kind(
    drawn: Option<&(Arc<EvaluationPlots>, Vec<Drawn>)>,
    kind: PlotKind,
) -> Option<(&crate::export::plot::Plot, &Drawn)> {
    let (plots, points) = drawn?;
    let at = plots.plots.iter().position(|(of, _)| *of == kind)?;
    Some((&plots.plots[at].1, points.get(at)?))
}

/// The words for a figure that has no value.
fn no_value(why: crate::evaluation::performance::Undefined, t: Texts) -> &'static str {
    undefined(why, t.0)
}

/// The name of the label that counts as positive.
fn positive(state: &State, t: Texts) -> Option<String> {
    let labels = state.study.evaluation.model()?.labels.as_ref()?;
    Some(t.label(&labels[1]))
}
