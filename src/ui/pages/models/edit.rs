//! Editing a model's card: its name, and everything that the file did not state.

use egui::{Ui, vec2};

use crate::app::State;
use crate::app::apply::{Action, Library};
use crate::domain::card_field::differing;
use crate::domain::{CardField, FieldSource, ModelCard};
use crate::ui::pages::card_rows::{Statement, TypedLabels, rows_ui};
use crate::ui::pages::choices::text_ui;
use crate::ui::rows::{Emphasis, primary_button_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;
use crate::workflow::ModelSummary;
use crate::workflow::draft::Draft;
use crate::workflow::statements::{state_in_card, take_back};

/// The edited card.
pub struct Editing {
    card: ModelCard,
    name: String,
    labels: TypedLabels,
}

impl Editing {
    /// True if saving would change the model's card, once the text being typed is entered.
    pub fn is_changed(&self, state: &State) -> bool {
        let mut installed = state.installed().iter();
        installed.find(|m| m.id == self.card.id).is_some_and(|m| {
            self.card != *m.card || self.name.trim() != m.card.name || self.labels.is_typed()
        })
    }

    /// The card with the text being typed.
    fn entered(&self) -> ModelCard {
        let mut card = self.card.clone();
        if !self.name.trim().is_empty() {
            self.name.trim().clone_into(&mut card.name);
        }
        if let Some(labels) = self.labels.typed() {
            let labels = Draft {
                labels: Some(labels),
                ..Draft::from(&card)
            };
            state_in_card(&mut card, CardField::Labels, &labels);
        }
        card
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
            labels: TypedLabels::default(),
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
    let Some(editing_now) = editing.as_mut().filter(|e| e.card.id == model.id) else {
        return false;
    };
    let Editing { card, name, labels } = editing_now;
    if let Some(text) = text_ui(ui, t.display_name(), name, ("", None), t)
        && !text.is_empty()
    {
        card.name = text;
    }
    ui.add_space(theme::GAP);
    let draft = Draft::from(&*card);
    // A statement that was made here can be withdrawn.
    let before = Draft::from(model.card.as_ref());
    let is_stated = |field: &CardField| draft.state_of(*field) != before.state_of(*field);
    match rows_ui(ui, labels, &draft, |field| is_stated(&field), t) {
        Some(Statement::Value(field, draft)) => state_in_card(card, field, &draft),
        Some(Statement::Reopen(field)) => take_back(card, field, &model.card),
        None => {}
    }
    // A field that the card did not record is the user's word once it was changed.
    for field in differing(&model.card, card) {
        let name = field.name().to_owned();
        card.settled.insert(name, FieldSource::User);
    }
    let entered = editing_now.entered();
    let mut done = false;
    ui.horizontal(|ui| {
        let changed = entered != *model.card;
        let size = vec2(120.0, theme::PRIMARY_HEIGHT);
        if primary_button_ui(ui, changed, t.save_card(), size).clicked() {
            view.action(Action::Library(Library::EditCard(Box::new(entered))));
            done = true;
        }
        let discard = egui::Button::new(t.discard()).min_size(size);
        done |= ui.add(discard).clicked();
        if !changed {
            words_ui(ui, t.nothing_changed(), Emphasis::Weak);
        }
    });
    if done {
        *editing = None;
    }
    true
}
