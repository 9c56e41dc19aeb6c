//! Editing a model's card: its name, and everything that the file did not state.

use egui::Ui;

use crate::app::State;
use crate::app::apply::{Action, Library};
use crate::domain::{FieldSource, Head, ModelCard};
use crate::text::window::Texts;
use crate::ui::pages::choices::{ValueFields, input_ui, text_ui, threshold_ui, value_fields_ui};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::view::FrameContext;
use crate::workflow::draft::DraftInput;
use crate::workflow::{ModelSummary, changed_fields};

/// The edited card.
pub struct Editing {
    card: ModelCard,
    name: String,
    labels: Vec<String>,
}

impl Editing {
    /// True if saving would change the model's card, once the text being typed is entered.
    pub fn is_changed(&self, state: &State) -> bool {
        let mut installed = state.installed().iter();
        installed.find(|m| m.id == self.card.id).is_some_and(|m| {
            let typed = self.labels.iter().map(|label| label.trim());
            self.card != *m.card
                || self.name.trim() != m.card.name
                || !typed.eq(m.card.labels.iter().map(String::as_str))
        })
    }
}

/// Starts with the current card. While a card has unsaved changes, the form is left by its own buttons only.
pub fn button_ui(
    ui: &mut Ui,
    editing: &mut Option<Editing>,
    model: &ModelSummary,
    view: &FrameContext<'_>,
) {
    let t = view.t;
    let open = editing.as_ref().is_some_and(|e| e.card.id == model.id);
    let free = !editing.as_ref().is_some_and(|e| e.is_changed(view.state));
    let button = ui.add_enabled(free, egui::Button::new(t.edit_card()).selected(open));
    let button = button.on_disabled_hover_text(t.edits_first());
    let name = format!("{}: {}", t.edit_card(), t.model_name(&model.card));
    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, free, open, &name));
    if button.clicked() {
        let card = model.card.as_ref().clone();
        *editing = (!open).then(|| Editing {
            name: card.name.clone(),
            labels: card.labels.clone(),
            card,
        });
    }
}

/// The form; false if this model's card is not being edited.
pub fn edit_ui(
    ui: &mut Ui,
    editing: &mut Option<Editing>,
    model: &ModelSummary,
    view: &mut FrameContext<'_>,
) -> bool {
    let t = view.t;
    let Some(Editing { card, name, labels }) = editing.as_mut().filter(|e| e.card.id == model.id)
    else {
        return false;
    };
    // Changes made here become statements of the user, and so does what is confirmed below.
    for field in changed_fields(&model.card, card) {
        card.settled.insert(field.to_owned(), FieldSource::User);
    }
    let settled = card.settled.clone();
    let how = |field: &str| settled.get(field).copied();
    if let Some(text) = text_ui(ui, t.display_name(), name, ("", None), t)
        && !text.is_empty()
    {
        card.name = text;
    }
    let titles = [t.label_0(), t.label_1()];
    for ((label, title), kept) in labels.iter_mut().zip(titles).zip(&mut card.labels) {
        if let Some(text) = text_ui(ui, title, label, ("", how("labels")), t)
            && !text.is_empty()
        {
            *kept = text;
        }
    }
    if let Some(threshold) = card.threshold {
        let changed = threshold_ui(ui, (threshold, how("threshold")), t);
        card.threshold = changed.or(card.threshold);
    }
    if card.head == Head::Linear {
        let mut value = ValueFields {
            scale: card.value_scale,
            offset: card.value_offset,
            range: card.value_range,
        };
        value_fields_ui(ui, &mut value, how, t);
        (card.value_scale, card.value_offset) = (value.scale, value.offset);
        card.value_range = value.range;
    }
    input_fields_ui(ui, card, t);
    confirm_ui(ui, card, model, t);
    let mut done = false;
    ui.horizontal(|ui| {
        let changed = *card != *model.card;
        if ui
            .add_enabled(changed, egui::Button::new(t.save_card()))
            .clicked()
        {
            view.action(Action::Library(Library::EditCard(Box::new(card.clone()))));
            done = true;
        }
        done |= ui.button(t.discard()).clicked();
    });
    if done {
        *editing = None;
    }
    true
}

/// A box for each field that is only assumed: what is right need not be changed to be confirmed.
fn confirm_ui(ui: &mut Ui, card: &mut ModelCard, model: &ModelSummary, t: Texts) {
    let assumed = model.card.settled.iter();
    let assumed: Vec<_> = assumed.filter(|(_, how)| how.is_unconfirmed()).collect();
    if assumed.is_empty() {
        return;
    }
    words_ui(ui, t.confirm_assumed(), Emphasis::Plain);
    ui.horizontal_wrapped(|ui| {
        for (field, before) in assumed {
            let mut on = card.settled.get(field) == Some(&FieldSource::User);
            if ui.checkbox(&mut on, t.card_field(field)).changed() {
                let how = if on { FieldSource::User } else { *before };
                card.settled.insert(field.clone(), how);
            }
        }
    });
}

fn input_fields_ui(ui: &mut Ui, card: &mut ModelCard, t: Texts) {
    let settled = card.settled.clone();
    let how = |field: &str| settled.get(field).copied();
    let input = &mut card.input;
    let chosen = input_ui(ui, &DraftInput::from(&*input), how, t);
    if let Some(scaling) = chosen.scaling {
        input.scaling = scaling;
        (input.mean, input.std) = (None, None);
    }
    input.mean = chosen.mean.or(input.mean);
    input.std = chosen.std.or(input.std);
    input.colour = chosen.colour.unwrap_or(input.colour);
    input.resize = chosen.resize.unwrap_or(input.resize);
    input.crop = chosen.crop.unwrap_or(input.crop);
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::domain::model_card;
    use crate::text::Lang;

    #[test]
    fn what_is_assumed_is_confirmed_by_a_tick_and_nothing_else_is_offered() {
        let t = Texts(Lang::En);
        let mut card = model_card::example();
        card.settled = [
            ("crop".to_owned(), FieldSource::Convention),
            ("scaling".to_owned(), FieldSource::File),
        ]
        .into();
        let model = ModelSummary::from(card.clone());
        let page = move |ui: &mut Ui, card: &mut ModelCard| confirm_ui(ui, card, &model, t);
        let mut harness = Harness::new_ui_state(page, card);
        assert!(harness.query_by_label(t.card_field("scaling")).is_none());
        for how in [FieldSource::User, FieldSource::Convention] {
            harness.get_by_label(t.card_field("crop")).click();
            harness.run();
            assert_eq!(harness.state().settled["crop"], how);
        }
    }
}
