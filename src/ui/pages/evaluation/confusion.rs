//! The confusion table: every cell lists its photographs.

use egui::{Button, RichText, Role, Ui, WidgetInfo, vec2};

use super::list;
use crate::app::state::EvaluatedPart;
use crate::text::window::grouped;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::Palette;
use crate::ui::view::FrameContext;

/// Size of a cell.
const CELL: egui::Vec2 = vec2(112.0, 44.0);
/// Width of the names of rows.
const NAMES: f32 = 140.0;

pub fn confusion_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let evaluation = &state.study.evaluation;
    let Some(counts) = evaluation.confusion else {
        return;
    };
    let Some(labels) = evaluation.model().and_then(|model| model.labels.as_ref()) else {
        return;
    };
    words_ui(ui, t.confusion(), Emphasis::Plain);
    let name_ui = |ui: &mut Ui, width: f32, text: &str| {
        ui.allocate_ui(vec2(width, 24.0), |ui| {
            ui.set_min_width(width);
            words_ui(ui, text, Emphasis::Weak);
        });
    };
    ui.horizontal(|ui| {
        name_ui(ui, NAMES, "");
        for label in labels {
            name_ui(ui, CELL.x, &t.given(label));
        }
    });
    for recorded in [false, true] {
        ui.horizontal(|ui| {
            name_ui(ui, NAMES, &t.recorded(&labels[usize::from(recorded)]));
            for given in [false, true] {
                let count = match (recorded, given) {
                    (true, true) => counts.true_positives,
                    (true, false) => counts.false_negatives,
                    (false, true) => counts.false_positives,
                    (false, false) => counts.true_negatives,
                };
                let palette = Palette::of(ui.visuals());
                let ink = match recorded == given {
                    true => palette.text,
                    false => palette.caution,
                };
                let text = RichText::new(grouped(count)).size(16.0).color(ink);
                let cell = ui.add_enabled(count > 0, Button::new(text).min_size(CELL));
                let [of, to] = [recorded, given].map(|label| &labels[usize::from(label)]);
                let name = t.confusion_cell(of, to, count);
                cell.widget_info(|| WidgetInfo::labeled(Role::Button, count > 0, &name));
                if cell.on_hover_text(t.show_photographs()).clicked() {
                    list(EvaluatedPart::Labels { recorded, given }, view);
                }
            }
        });
    }
}
