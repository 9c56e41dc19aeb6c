//! The headline figures, with the figures of the release beside and the flow of photographs.

use egui::{Align, Label, Layout, RichText, Slider, TextStyle, Ui, vec2};

use super::{flow, no_value, positive};
use crate::app::apply::{Action, Evaluation as Act};
use crate::app::state::Loadable;
use crate::evaluation::performance::{AnyFigure, Estimate, Measure};
use crate::export::published::PUBLISHED;
use crate::text::figure_values::{figure_value, interval, number};
use crate::text::performance::{any_figure, interval_method, measure};
use crate::text::window::{Texts, grouped};
use crate::ui::rows::{Emphasis, slider_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Widths of the columns of name, value, interval and n.
const COLUMNS: [f32; 4] = [214.0, 60.0, 140.0, 48.0];
/// Width of the flow of photographs.
const FLOW: f32 = 260.0;

pub fn figures_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let room = ui.available_width();
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(room - FLOW - 2.0 * theme::GROUP_GAP);
            basis_ui(ui, view);
            ui.scope(|ui| table_ui(ui, view));
            prevalence_ui(ui, view);
            release_ui(ui, view);
        });
        ui.add_space(theme::GROUP_GAP);
        ui.vertical(|ui| {
            ui.set_width(FLOW);
            flow::flow_ui(ui, view);
        });
    });
}

/// The threshold, and whether it was moved after looking.
pub fn basis_ui(ui: &mut Ui, view: &FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let evaluation = &state.study.evaluation;
    let Some(positive) = positive(state, t) else {
        return;
    };
    let digits = |threshold| number(threshold, 3);
    let fixed = digits(evaluation.fixed_threshold());
    match evaluation.view.threshold {
        Some(moved) => {
            let ink = Palette::of(ui.visuals()).caution;
            let words = t.threshold_moved(&digits(moved), &fixed);
            words_ui(ui, &words, Emphasis::Coloured(ink));
        }
        None => {
            words_ui(ui, &t.at_threshold(&fixed, &positive), Emphasis::Small);
        }
    }
    if let Some(prevalence) = evaluation.view.prevalence {
        let words = t.at_prevalence(&number(prevalence * 100.0, 1));
        words_ui(ui, &words, Emphasis::Small);
    }
}

fn table_ui(ui: &mut Ui, view: &FrameContext<'_>) {
    let t = view.t;
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.spacing_mut().interact_size.y = 20.0;
    let heads = [
        t.figure_column(),
        t.value_column(),
        t.interval_column(),
        t.cases_column(),
    ];
    ui.horizontal(|ui| {
        for (at, head) in heads.into_iter().enumerate() {
            cell_ui(ui, at, RichText::new(head).weak());
        }
        ui.add(Label::new(RichText::new(t.method_column()).weak()).truncate());
    });
    ui.separator();
    let evaluation = &view.state.study.evaluation;
    match (evaluation.figures(), &evaluation.moved) {
        (Some(figures), _) => {
            for (figure, estimate) in figures {
                row_ui(ui, *figure, estimate, t);
            }
        }
        (None, Loadable::Failed(failure)) => {
            words_ui(ui, &failure.message(t.0), Emphasis::Plain);
        }
        (None, _) => {
            // The rows keep their places while they are computed.
            let rows = evaluation.unit().map_or(&[][..], |unit| &unit.figures);
            for (figure, _) in rows {
                ui.horizontal(|ui| {
                    cell_ui(ui, 0, RichText::new(any_figure(*figure, t.0)));
                    cell_ui(ui, 1, RichText::new("…"));
                });
            }
        }
    }
}

/// A figure with its interval, or in its place why it has no meaning.
fn row_ui(ui: &mut Ui, figure: AnyFigure, estimate: &Estimate, t: Texts) {
    ui.horizontal(|ui| {
        let name = RichText::new(any_figure(figure, t.0));
        let is_main = figure.is_main();
        cell_ui(ui, 0, if is_main { name.strong() } else { name });
        let value = match estimate.value {
            Ok(number) => figure_value(figure, number),
            Err(why) => {
                ui.add(Label::new(RichText::new(no_value(why, t)).weak()).wrap());
                return;
            }
        };
        let value = RichText::new(value);
        cell_ui(ui, 1, if is_main { value.strong() } else { value });
        match estimate.interval {
            Ok(ends) => {
                cell_ui(ui, 2, RichText::new(interval(figure, ends, t.0)));
                cell_ui(ui, 3, RichText::new(grouped(estimate.cases)));
                let method = interval_method(estimate.method, t.0);
                ui.add(Label::new(small(method)).truncate());
            }
            Err(why) => {
                cell_ui(ui, 2, RichText::new("–"));
                cell_ui(ui, 3, RichText::new(grouped(estimate.cases)));
                ui.add(Label::new(small(no_value(why, t))).truncate());
            }
        }
    });
}

fn small(text: &str) -> RichText {
    RichText::new(text).text_style(TextStyle::Small).weak()
}

/// A cell of fixed width; numbers stand at the right.
fn cell_ui(ui: &mut Ui, column: usize, text: RichText) {
    let layout = match column {
        0 => Layout::left_to_right(Align::Center),
        _ => Layout::right_to_left(Align::Center),
    };
    let size = vec2(COLUMNS[column], 20.0);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_width(COLUMNS[column]);
        ui.add(Label::new(text).truncate());
    });
}

/// Predictive values for another population.
fn prevalence_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let evaluation = &state.study.evaluation;
    let Some(confusion) = evaluation.confusion else {
        return;
    };
    ui.add_space(theme::GROUP_GAP);
    let own = confusion.positives() as f64 / confusion.cases().max(1) as f64;
    let before = evaluation.view.prevalence.unwrap_or(own) * 100.0;
    let mut percent = before;
    ui.horizontal(|ui| {
        let title = ui.label(t.prevalence());
        let slider = Slider::new(&mut percent, 0.0..=100.0)
            .suffix(" %")
            // Not `fixed_decimals`, which rounds the share itself.
            .custom_formatter(|value, _| number(value, 1));
        slider_ui(ui, slider).labelled_by(title.id);
        if percent != before {
            let share = (percent / 100.0).clamp(0.0, 1.0);
            view.action(Action::Evaluation(Act::Prevalence(Some(share))));
        }
        let moved = evaluation.view.prevalence.is_some();
        let back = egui::Button::new(t.prevalence_of_cases());
        if ui.add_enabled(moved, back).clicked() {
            view.action(Action::Evaluation(Act::Prevalence(None)));
        }
    });
    let given = evaluation.view.prevalence;
    let values = [
        (
            Measure::PositivePredictiveValue,
            confusion.positive_predictive_value(given),
        ),
        (
            Measure::NegativePredictiveValue,
            confusion.negative_predictive_value(given),
        ),
    ];
    let words: Vec<String> = values
        .into_iter()
        .filter_map(|(of, share)| {
            let digits = figure_value(AnyFigure::Label(of), share?);
            Some(format!("{} {digits}", measure(of, t.0)))
        })
        .collect();
    words_ui(ui, &words.join(t.comma()), Emphasis::Plain);
    words_ui(ui, t.prevalence_note(), Emphasis::Small);
}

/// What the release states about its models, beside.
pub fn release_ui(ui: &mut Ui, view: &FrameContext<'_>) {
    let t = view.t;
    let model = view.state.study.evaluation.model();
    if !model.is_some_and(|model| model.is_of_sex) {
        return;
    }
    ui.add_space(theme::GROUP_GAP);
    let ink = Palette::of(ui.visuals()).published;
    words_ui(ui, t.release(), Emphasis::Coloured(ink));
    for of in PUBLISHED {
        let digits = |measure, value_of| figure_value(AnyFigure::Label(measure), value_of);
        let accuracy = digits(Measure::Accuracy, of.accuracy);
        let mut figures = vec![(measure(Measure::Accuracy, t.0), accuracy)];
        if let Some(auc) = of.auc {
            figures.push((measure(Measure::Auc, t.0), digits(Measure::Auc, auc)));
        }
        words_ui(ui, &t.release_row(of.model, &figures), Emphasis::Plain);
    }
    words_ui(ui, t.release_note(), Emphasis::Small);
}
