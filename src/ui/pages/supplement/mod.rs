//! Labels that the open study does not record: counts and calibration, the three ways out, and their files.

mod help;
mod ways;

use std::sync::Arc;

use egui::{Button, ComboBox, ProgressBar, Ui, vec2};

use super::evaluation::plot::{self, Drawn, PlotLook, plot_ui};
use super::{Page, PageName, PagePlacement};
use crate::app::apply::study::supplement::{SupplyLabels, WriteSupplement};
use crate::app::apply::{Action, Supplement as Act};
use crate::app::state::{Loadable, OpenedStudy, Purpose, Supplied, models_with_two_labels};
use crate::app::{Failure, Job};
use crate::domain::Lang;
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::evaluation::left_out;
use crate::text::figure_values::number;
use crate::text::research_only;
use crate::text::window::{Texts, grouped};
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{
    Emphasis, aside_ui, primary_button_ui, share_of, titled_ui, value_ui, wide_titles_ui, words_ui,
};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Height of the calibration plot.
const PLOT: f32 = 190.0;
/// Width of the column of the plot, with its axis.
const PLOT_COLUMN: f32 = 300.0;

/// The supplement of the open study.
#[derive(Default)]
pub struct SupplementPage {
    /// It was opened and starts computing, unless there is a report.
    starts: bool,
    folder: PathField,
    /// The points of the calibration plot, which are made once.
    drawn: Option<(Arc<Supplied>, Lang, Drawn)>,
    ways: ways::Ways,
}

impl Page for SupplementPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(1180.0)
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
        let supplement = &state.study.supplement;
        let starts = std::mem::take(&mut self.starts);
        if starts && matches!(supplement.report, Loadable::NotRequested) && !open.is_running() {
            view.action(Action::Supplement(Act::Start));
        }
        ui.heading(t.supplement_of(&shown(&file_name(&open.folder))));
        words_ui(ui, t.supplement_about(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        model_ui(ui, open, view);
        self.state_ui(ui, open, view);
        if let Some(supplied) = supplement.in_view() {
            notes_ui(ui, supplied, t);
            ui.add_space(theme::GAP);
            self.figures_ui(ui, supplied, t);
            ui.add_space(theme::GAP);
            self.ways.ways_ui(ui, open, supplied, view);
            ui.add_space(theme::GAP);
            self.write_ui(ui, view);
        }
        help::help_ui(ui, t);
        words_ui(ui, research_only(t.0), Emphasis::Small);
    }
}

/// The only model, or the choice among several.
fn model_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let t = view.t;
    let request = &view.state.study.supplement.request;
    let models: Vec<_> = models_with_two_labels(&open.study).collect();
    let chosen = models
        .iter()
        .find(|m| request.model.as_ref() == Some(&m.id));
    if models.len() < 2 {
        if let Some(model) = models.first() {
            value_ui(ui, t.model(), &t.model_name(&model.card));
        }
        return;
    }
    titled_ui(ui, t.model(), |ui, title| {
        let name = chosen.map_or(t.check_none().to_owned(), |m| t.model_name(&m.card));
        let combo = ComboBox::from_id_salt("model of the supplement")
            .width(320.0)
            .selected_text(name);
        let combo = combo.show_ui(ui, |ui| {
            for model in &models {
                let on = request.model.as_ref() == Some(&model.id);
                if ui.selectable_label(on, t.model_name(&model.card)).clicked() {
                    view.action(Action::Supplement(Act::Model(model.id.clone())));
                }
            }
        });
        combo.response.labelled_by(title.id);
    });
    if chosen.is_none() {
        words_ui(ui, t.supplement_which_model(), Emphasis::Plain);
    }
}

/// Progress with its way to stop.
fn progress_ui<J: Job>(ui: &mut Ui, words: &str, stop: Act, view: &mut FrameContext<'_>) {
    let steps = view.runner.work::<J>().steps;
    ui.horizontal(|ui| {
        let cancel = Button::new(view.t.cancel()).min_size(vec2(120.0, theme::CONTROL_HEIGHT));
        if ui.add(cancel).clicked() {
            view.action(Action::Supplement(stop));
        }
        let bar = ProgressBar::new(share_of(ui, steps))
            .desired_height(6.0)
            .desired_width(220.0)
            .corner_radius(2)
            .fill(Palette::of(ui.visuals()).bar_fill);
        ui.add(bar);
        words_ui(ui, words, Emphasis::Plain);
    });
}

fn failure_ui(ui: &mut Ui, failure: &Failure, t: Texts) {
    let ink = Palette::of(ui.visuals()).serious;
    words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
    words_ui(ui, &failure.hint(t.0), Emphasis::Plain);
}

/// What restricts every use of the estimates.
fn notes_ui(ui: &mut Ui, supplied: &Supplied, t: Texts) {
    let ink = Palette::of(ui.visuals()).caution;
    let (report, counts) = (&supplied.report, &supplied.counts);
    if report.is_demonstration {
        words_ui(ui, t.evaluation_demonstration(), Emphasis::Coloured(ink));
    }
    if report.is_unconfirmed {
        words_ui(ui, t.evaluation_unconfirmed(), Emphasis::Coloured(ink));
    }
    if counts.unknown > 0 {
        let words = t.supplement_unknown(counts.unknown);
        words_ui(ui, &words, Emphasis::Coloured(ink));
    }
    if report.calibration.slope <= 0.0 {
        let ink = Palette::of(ui.visuals()).serious;
        words_ui(ui, t.supplement_slope_negative(), Emphasis::Coloured(ink));
    }
}

impl SupplementPage {
    /// Nothing yet, in work, or refused with the next step.
    fn state_ui(&mut self, ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
        let t = view.t;
        let supplement = &view.state.study.supplement;
        match &supplement.report {
            Loadable::Ready(_) => {}
            Loadable::Pending => {
                progress_ui::<SupplyLabels>(ui, t.supplement_running(), Act::Cancel, view);
            }
            Loadable::NotRequested => {
                let is_known = supplement.request.model.is_some()
                    || models_with_two_labels(&open.study).count() < 2;
                if !is_known {
                    // Choosing the model starts.
                    return;
                }
                let size = vec2(150.0, theme::PRIMARY_HEIGHT);
                ui.horizontal(|ui| {
                    let start = Button::new(t.supplement_start()).min_size(size);
                    if ui.add_enabled(!open.is_running(), start).clicked() {
                        view.action(Action::Supplement(Act::Start));
                    }
                });
            }
            Loadable::Failed(failure) => {
                failure_ui(ui, failure, t);
                ui.horizontal(|ui| {
                    for (words, page) in [
                        (t.labels_open(), PageName::Labels),
                        (t.show_study(), PageName::Study),
                    ] {
                        let button = Button::new(words).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
                        if ui.add(button).clicked() {
                            view.page(page);
                        }
                    }
                });
            }
        }
    }

    /// Persons and calibration, beside the plot.
    fn figures_ui(&mut self, ui: &mut Ui, supplied: &Arc<Supplied>, t: Texts) {
        let room = ui.available_width();
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(room - PLOT_COLUMN - theme::GROUP_GAP);
                facts_ui(ui, supplied, t);
            });
            ui.vertical(|ui| {
                ui.set_width(PLOT_COLUMN);
                self.plot_ui(ui, supplied, t);
            });
        });
    }

    fn plot_ui(&mut self, ui: &mut Ui, supplied: &Arc<Supplied>, t: Texts) {
        let Some(plot) = supplied.calibration(t.0) else {
            return;
        };
        let drawn = self
            .drawn
            .take()
            .filter(|(of, lang, _)| Arc::ptr_eq(of, supplied) && *lang == t.0);
        let (.., points) = self
            .drawn
            .insert(drawn.unwrap_or_else(|| (Arc::clone(supplied), t.0, plot::points(plot))));
        let look = PlotLook {
            width: PLOT_COLUMN,
            height: PLOT,
            draggable: false,
            moved: None,
        };
        plot_ui(ui, (plot, points), &look, |_| None);
    }

    /// The primary action, and where the files go.
    fn write_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let supplement = &state.study.supplement;
        if supplement.writing {
            let words = t.supplement_writing();
            progress_ui::<WriteSupplement>(ui, words, Act::CancelWriting, view);
        } else {
            let free = !state.asking && supplement.ready().is_some();
            let size = vec2(200.0, theme::PRIMARY_HEIGHT);
            if primary_button_ui(ui, free, t.supplement_write(), size).clicked() {
                view.action(Action::Supplement(Act::AskForFolder));
            }
        }
        if let Some(failure) = &supplement.write_failure {
            failure_ui(ui, failure, t);
        }
        if state.no_dialog {
            let look = PathFieldLook {
                width: 460.0,
                name: t.export_folder(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::SupplementFolder], view),
                on_sight: false,
            };
            if let Some(folder) = self.folder.path_ui(ui, look) {
                view.action(Action::Supplement(Act::Write(folder)));
            }
        }
    }
}

/// What the label is, how many persons have one, and what the score says about it here.
fn facts_ui(ui: &mut Ui, supplied: &Supplied, t: Texts) {
    let (report, counts) = (&supplied.report, &supplied.counts);
    let titles = [
        t.supplement_label(),
        t.supplement_persons(),
        t.supplement_recorded(),
        t.supplement_supplied(),
        t.supplement_neither(),
        t.supplement_intercept(),
        t.supplement_slope(),
    ];
    wide_titles_ui(ui, &titles, |ui| {
        let coding = t.label_coding(report.is_of_sex, &report.labels);
        value_ui(ui, t.supplement_label(), &shown(&coding));
        value_ui(ui, t.supplement_persons(), &grouped(counts.persons));
        value_ui(ui, t.supplement_recorded(), &grouped(counts.recorded));
        value_ui(ui, t.supplement_supplied(), &grouped(counts.supplied));
        value_ui(ui, t.supplement_neither(), &grouped(counts.neither()));
        for (why, count) in &counts.left_out {
            let words = format!("{}: {}", left_out(*why, t.0), grouped(*count));
            aside_ui(ui, &words);
        }
        let calibration = &report.calibration;
        let digits = |value| number(value, 3);
        let [of_intercept, of_slope] = calibration.errors.map(digits);
        let intercept = t.with_standard_error(&digits(calibration.intercept), &of_intercept);
        let slope = t.with_standard_error(&digits(calibration.slope), &of_slope);
        value_ui(ui, t.supplement_intercept(), &intercept);
        value_ui(ui, t.supplement_slope(), &slope);
        aside_ui(ui, &t.calibrated_on(calibration.labelled));
        ui.add_space(theme::GAP);
        words_ui(ui, t.supplement_calibration_note(), Emphasis::Small);
        words_ui(ui, t.supplement_cross_fitted(), Emphasis::Small);
    });
}
