//! The three ways to use what the model says: a card each, side by side where there is room.

use egui::{Button, ComboBox, DragValue, Frame, Margin, Stroke, Ui};

use crate::app::apply::{Action, Supplement as Act};
use crate::app::state::{OpenedStudy, Supplied, columns_for_draws};
use crate::domain::foreign::shown;
use crate::text::figure_values::number;
use crate::text::supplement::{few_labels, lacking};
use crate::ui::pages::PageName;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Narrowest page on which the cards stand side by side.
const ROOMY: f32 = 820.0;
/// Most imputations; more change nothing.
const MOST_IMPUTATIONS: usize = 200;
const MARGIN: i8 = 10;

/// What of the cards is kept from frame to frame.
#[derive(Default)]
pub struct Ways {
    /// Height of the highest card's content: all of them are as high.
    height: f32,
}

/// How a card is marked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Chosen,
    Caution,
}

type CardUi = fn(&mut Ui, &OpenedStudy, &Supplied, &mut FrameContext<'_>);

impl Ways {
    pub fn ways_ui(
        &mut self,
        ui: &mut Ui,
        open: &OpenedStudy,
        supplied: &Supplied,
        view: &mut FrameContext<'_>,
    ) {
        let request = &view.state.study.supplement.request;
        let draws = request.outcome.is_some();
        let cards: [(Mark, CardUi); 3] = [
            (chosen(!draws), covariate_ui),
            (chosen(draws), imputation_ui),
            (
                match request.with_hard_labels {
                    true => Mark::Caution,
                    false => Mark::None,
                },
                label_ui,
            ),
        ];
        if ui.available_width() < ROOMY {
            for (mark, content) in cards {
                card_ui(ui, mark, 0.0, |ui| content(ui, open, supplied, view));
            }
            return;
        }
        let before = self.height;
        let mut highest = 0.0_f32;
        let gap = ui.spacing().item_spacing.x;
        let count = cards.len() as f32;
        let width = (ui.available_width() - (count - 1.0) * gap) / count;
        ui.horizontal_top(|ui| {
            for (mark, content) in cards {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    let height = card_ui(ui, mark, before, |ui| content(ui, open, supplied, view));
                    highest = highest.max(height);
                });
            }
        });
        if highest != before {
            self.height = highest;
            ui.ctx().request_repaint();
        }
    }
}

fn chosen(is: bool) -> Mark {
    match is {
        true => Mark::Chosen,
        false => Mark::None,
    }
}

/// A framed card of at least this height; returns the height of its content.
fn card_ui(ui: &mut Ui, mark: Mark, height: f32, content: impl FnOnce(&mut Ui)) -> f32 {
    let palette = Palette::of(ui.visuals());
    let stroke = match mark {
        Mark::None => Stroke::new(1.0, palette.border),
        Mark::Chosen => Stroke::new(2.0, palette.accent),
        Mark::Caution => Stroke::new(2.0, palette.caution),
    };
    let frame = Frame::new()
        // The line takes room of its own.
        .inner_margin(Margin::same(MARGIN - stroke.width as i8))
        .stroke(stroke)
        .corner_radius(theme::CORNER);
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        content(ui);
        let own = ui.min_rect().height();
        ui.add_space((height - own).max(0.0));
        own
    });
    shown.inner
}

fn title_ui(ui: &mut Ui, title: &str, mark: Option<&str>) {
    ui.strong(title);
    if let Some(mark) = mark {
        let ink = Palette::of(ui.visuals()).good;
        words_ui(ui, mark, Emphasis::Coloured(ink));
    }
}

/// The default: the probability in place of the label.
fn covariate_ui(ui: &mut Ui, _: &OpenedStudy, supplied: &Supplied, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mark = match view.state.study.supplement.request.outcome {
        None => t.way_covariate_default(),
        Some(_) => t.way_covariate_also(),
    };
    title_ui(ui, t.way_covariate(), Some(mark));
    words_ui(ui, t.way_covariate_is(), Emphasis::Plain);
    words_ui(ui, t.way_covariate_when(), Emphasis::Plain);
    if let Some(words) = few_labels(&supplied.report, t.0) {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, &words, Emphasis::Coloured(ink));
    }
    let file = t.column_of_file("covariate", "supplement.csv");
    words_ui(ui, &file, Emphasis::Small);
}

/// Draws given the outcome.
fn imputation_ui(
    ui: &mut Ui,
    open: &OpenedStudy,
    supplied: &Supplied,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    let request = &view.state.study.supplement.request;
    let mark = request.outcome.as_ref().map(|_| t.way_imputation_chosen());
    title_ui(ui, t.way_imputation(), mark);
    words_ui(ui, t.way_imputation_is(), Emphasis::Plain);
    words_ui(ui, t.way_imputation_when(), Emphasis::Plain);
    let columns = columns_for_draws(&open.study);
    if columns.is_empty() {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, t.supplement_no_columns(), Emphasis::Coloured(ink));
        if ui.button(t.labels_open()).clicked() {
            view.page(PageName::Labels);
        }
    } else {
        choices_ui(ui, &columns, view);
    }
    if let Some(drawn) = &supplied.report.imputations {
        let (m, n) = (drawn.labels.len(), drawn.cases.len());
        let words = t.labels_drawn(m, n, drawn.fitted_from);
        words_ui(ui, &words, Emphasis::Plain);
        let ink = Palette::of(ui.visuals()).caution;
        for words in lacking(&supplied.report, t.0) {
            words_ui(ui, &words, Emphasis::Coloured(ink));
        }
    }
    words_ui(
        ui,
        "imputed.mice.csv (R), imputed.stata.csv (Stata), imputed.spss.csv (SPSS)",
        Emphasis::Small,
    );
    words_ui(ui, t.way_imputation_tested(), Emphasis::Small);
}

/// Outcome, covariates, number and seed of the draws.
fn choices_ui(ui: &mut Ui, columns: &[String], view: &mut FrameContext<'_>) {
    let t = view.t;
    let request = &view.state.study.supplement.request;
    let outcome = request.outcome.as_ref();
    let title = ui.weak(t.supplement_outcome());
    let name = outcome.map_or(t.supplement_no_outcome().to_owned(), |name| shown(name));
    let combo = ComboBox::from_id_salt("outcome of the study")
        .width(ui.available_width())
        .truncate()
        .selected_text(name);
    let combo = combo.show_ui(ui, |ui| {
        let none = Button::selectable(outcome.is_none(), t.supplement_no_outcome());
        if ui.add(none).clicked() {
            view.action(Action::Supplement(Act::Outcome(None)));
        }
        for column in columns {
            let choice = Button::selectable(outcome == Some(column), shown(column));
            if ui.add(choice).clicked() {
                let outcome = Act::Outcome(Some(column.clone()));
                view.action(Action::Supplement(outcome));
            }
        }
    });
    combo.response.labelled_by(title.id);
    if outcome.is_none() {
        return;
    }
    let others = || columns.iter().filter(|column| outcome != Some(column));
    if others().next().is_some() {
        ui.weak(t.supplement_covariates());
        ui.horizontal_wrapped(|ui| {
            for column in others() {
                let mut on = request.covariates.contains(column);
                if ui.checkbox(&mut on, shown(column)).changed() {
                    let change = Act::Covariate(column.clone(), on);
                    view.action(Action::Supplement(change));
                }
            }
        });
    }
    ui.horizontal(|ui| {
        let title = ui.weak(t.supplement_imputations());
        let mut imputations = request.imputations;
        let value = DragValue::new(&mut imputations).range(2..=MOST_IMPUTATIONS);
        let value = ui.add(value.update_while_editing(false));
        if value.labelled_by(title.id).changed() {
            view.action(Action::Supplement(Act::Imputations(imputations)));
        }
        ui.add_space(theme::GAP);
        let title = ui.weak(t.supplement_seed());
        let mut seed = request.seed;
        let value = ui.add(DragValue::new(&mut seed).update_while_editing(false));
        if value.labelled_by(title.id).changed() {
            view.action(Action::Supplement(Act::Seed(seed)));
        }
    });
}

/// The model's label, behind an explicit tick.
fn label_ui(ui: &mut Ui, _: &OpenedStudy, supplied: &Supplied, view: &mut FrameContext<'_>) {
    let t = view.t;
    let palette = Palette::of(ui.visuals());
    let request = &view.state.study.supplement.request;
    title_ui(ui, t.way_label(), None);
    words_ui(ui, t.way_label_is(), Emphasis::Plain);
    match supplied.report.attenuation {
        Some(found) => {
            let factor = found.factor();
            let values = [
                found.positive_predictive_value,
                found.negative_predictive_value,
            ];
            let [ppv, npv] = values.map(|value| number(value, 3));
            let is_usable = factor > 0.0;
            let words = t.label_loss(&number(factor, 3), [&ppv, &npv], is_usable);
            let ink = if is_usable {
                palette.caution
            } else {
                palette.serious
            };
            words_ui(ui, &words, Emphasis::Coloured(ink));
        }
        None => {
            let ink = palette.caution;
            words_ui(ui, t.way_label_unknown_loss(), Emphasis::Coloured(ink));
        }
    }
    let mut on = request.with_hard_labels;
    if ui.checkbox(&mut on, t.way_label_write()).changed() {
        view.action(Action::Supplement(Act::HardLabels(on)));
    }
    if on {
        let ink = palette.caution;
        words_ui(ui, t.way_label_state(), Emphasis::Coloured(ink));
    }
    let file = t.column_of_file("label_at_threshold", "supplement.csv");
    words_ui(ui, &file, Emphasis::Small);
}
