//! A model's full card, collapsed.

use egui::{CollapsingHeader, Ui};

use crate::domain::{Head, Scaling};
use crate::text::Lang;
use crate::text::window::Texts;
use crate::ui::pages::choices::mark_ui;
use crate::ui::rows::{Emphasis, titled_ui, value_ui, words_ui};
use crate::workflow::ModelSummary;

pub fn card_ui(ui: &mut Ui, model: &ModelSummary, t: Texts) {
    let card = &model.card;
    CollapsingHeader::new(t.model_card())
        .id_salt(("card", &model.id))
        .show(ui, |ui| {
            let input = &card.input;
            let marked = |ui: &mut Ui, title: &str, value: &str, field: &str| {
                titled_ui(ui, title, |ui, _| {
                    words_ui(ui, value, Emphasis::Plain);
                    mark_ui(ui, card.settled.get(field).copied(), t);
                });
            };
            marked(ui, t.scaling(), t.scaling_choice(input.scaling), "scaling");
            if input.scaling == Scaling::Custom {
                for (title, figures) in [(t.mean(), input.mean), (t.deviation_of(), input.std)] {
                    let figures = figures.unwrap_or_default().map(|v| v.to_string());
                    value_ui(ui, title, &figures.join(t.comma()));
                }
            }
            let colour = t.colour_choice(input.colour);
            marked(ui, t.colour_order(), colour, "colour");
            marked(ui, t.resize(), t.resize_choice(input.resize), "resize");
            marked(ui, t.crop(), t.crop_choice(input.crop), "crop");
            marked(ui, t.head(), t.head_choice(card.head), "head");
            if !card.labels.is_empty() {
                let labels: Vec<_> = card.labels.iter().map(|label| t.label(label)).collect();
                marked(ui, t.labels(), &labels.join(t.comma()), "labels");
                if let Some(threshold) = card.threshold {
                    let threshold = format!("{threshold:.2}");
                    marked(ui, t.threshold(), &threshold, "threshold");
                }
            }
            if card.head == Head::Linear {
                let scale = card.value_scale();
                let figure = scale.scale().to_string();
                marked(ui, t.value_scale(), &figure, "value_scale");
                let figure = scale.offset().to_string();
                marked(ui, t.value_offset(), &figure, "value_offset");
                if let Some([low, high]) = card.value_range {
                    let range = t.from_to(low, high);
                    marked(ui, t.value_range(), &range, "value_range");
                }
            }
            words_ui(ui, t.source_file(), Emphasis::Weak);
            words_ui(
                ui,
                &format!("SHA-256 {}", card.source_sha256),
                Emphasis::Small,
            );
            let thanks = match t.0 {
                Lang::En => &card.acknowledgment.en,
                Lang::Ja => &card.acknowledgment.ja,
            };
            for (title, text) in [(t.citation(), &card.citation), (t.acknowledgment(), thanks)] {
                if text.is_empty() {
                    continue;
                }
                ui.horizontal(|ui| {
                    words_ui(ui, title, Emphasis::Weak);
                    let copy = ui.button(t.copy());
                    let name = format!("{}: {title}", t.copy());
                    copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                    if copy.clicked() {
                        ui.ctx().copy_text(text.clone());
                    }
                });
                words_ui(ui, text, Emphasis::Small);
            }
        });
}
