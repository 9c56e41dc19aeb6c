//! The flow of photographs from the study to the evaluated cases, with the reasons why some are left out (as STARD asks).

use egui::{Frame, Margin, RichText, Stroke, Ui, vec2};

use super::list;
use crate::app::state::EvaluatedPart;
use crate::evaluation::performance::{Cases, UnitReport};
use crate::text::evaluation::left_out;
use crate::text::window::grouped;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Height of an arrow between two boxes.
const ARROW: f32 = 20.0;

pub fn flow_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let evaluation = &state.study.evaluation;
    let (Some(report), Some(model), Some(unit)) =
        (evaluation.ready(), evaluation.model(), evaluation.unit())
    else {
        return;
    };
    words_ui(ui, t.flow(), Emphasis::Weak);
    box_ui(ui, |ui| {
        let words = t.photographs_count(report.photographs);
        words_ui(ui, &words, Emphasis::Plain);
    });
    arrow_ui(ui);
    let excluded: usize = unit.left_out.iter().map(|(_, of)| of.len()).sum();
    if excluded > 0 {
        box_ui(ui, |ui| left_out_ui(ui, unit, excluded, view));
        arrow_ui(ui);
    }
    box_ui(ui, |ui| {
        let cases = unit.cases.as_ref().map_or(0, Cases::len);
        let words = t.evaluated_cases(unit.unit, cases, unit.photographs);
        let words = format!("{}: {words}", t.flow_evaluated());
        words_ui(ui, &words, Emphasis::Plain);
        let Some(Cases::Labels(scores)) = &unit.cases else {
            return;
        };
        let persons = t.of_persons(scores.persons(), unit.unknown_persons);
        words_ui(ui, &persons, Emphasis::Small);
        if let Some(labels) = &model.labels {
            let positives = scores.positives();
            for (label, count) in labels.iter().zip([scores.len() - positives, positives]) {
                let words = format!("{}: {}", t.recorded(label), grouped(count));
                words_ui(ui, &words, Emphasis::Plain);
            }
        }
    });
}

/// The reasons; a click on one lists its photographs.
fn left_out_ui(ui: &mut Ui, unit: &UnitReport, count: usize, view: &mut FrameContext<'_>) {
    let t = view.t;
    let words = format!("{}: {}", t.flow_left_out(), t.photographs_count(count));
    words_ui(ui, &words, Emphasis::Plain);
    for (why, photographs) in &unit.left_out {
        let words = format!("{}: {}", left_out(*why, t.0), grouped(photographs.len()));
        let link = ui.link(RichText::new(words).small());
        if link.on_hover_text(t.show_photographs()).clicked() {
            list(EvaluatedPart::LeftOut(*why), view);
        }
    }
}

fn box_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let palette = Palette::of(ui.visuals());
    let frame = Frame::new()
        .inner_margin(Margin::symmetric(10, 7))
        .stroke(Stroke::new(1.0, palette.border))
        .corner_radius(theme::CORNER);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        content(ui);
    });
}

fn arrow_ui(ui: &mut Ui) {
    let palette = Palette::of(ui.visuals());
    let size = vec2(ui.available_width(), ARROW);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let from = rect.center_top() + vec2(0.0, -2.0);
    let length = vec2(0.0, ARROW);
    ui.painter()
        .arrow(from, length, Stroke::new(1.5, palette.weak));
}
