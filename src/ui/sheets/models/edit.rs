//! A model's card being edited: its name, and everything that the file did not say.

use egui::Ui;

use crate::app::action::{Action, Library};
use crate::clinic::{ModelCard, Scaling};
use crate::ui::asked::Asked;
use crate::ui::sheets::choices::{
    COLOURS, CROPS, KERNELS, SCALINGS, channels_ui, choice_ui, text_ui, threshold_ui,
};
use crate::words::window::Texts;
use crate::workflow::ModelSummary;

/// The card as it would become.
pub struct Editing {
    card: ModelCard,
    name: String,
    labels: Vec<String>,
}

/// Begins with the card as it is.
pub fn button_ui(ui: &mut Ui, editing: &mut Option<Editing>, model: &ModelSummary, t: Texts) {
    let open = editing.as_ref().is_some_and(|e| e.card.id == model.id);
    let button = ui.selectable_label(open, t.edit_card());
    let name = format!("{}: {}", t.edit_card(), t.model_name(&model.card));
    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, &name));
    if button.clicked() {
        let card = model.card.as_ref().clone();
        *editing = (!open).then(|| Editing {
            name: card.name.clone(),
            labels: card.labels.clone(),
            card,
        });
    }
}

/// The form; false where this model's card is not being edited.
pub fn edit_ui(
    ui: &mut Ui,
    editing: &mut Option<Editing>,
    model: &ModelSummary,
    t: Texts,
    asked: &mut Asked,
) -> bool {
    let Some(Editing { card, name, labels }) = editing.as_mut().filter(|e| e.card.id == model.id)
    else {
        return false;
    };
    // Whatever is changed here becomes the person's word; the marks tell how it stands until then.
    let how = |field: &str| model.card.settled.get(field).copied();
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
    if !card.labels.is_empty() {
        let threshold = threshold_ui(ui, (card.threshold, how("threshold")), t);
        card.threshold = threshold.unwrap_or(card.threshold);
    }
    input_ui(ui, card, model, t);
    let mut done = false;
    ui.horizontal(|ui| {
        let changed = *card != *model.card;
        if ui
            .add_enabled(changed, egui::Button::new(t.save_card()))
            .clicked()
        {
            asked.action(Action::Library(Library::EditCard(Box::new(card.clone()))));
            done = true;
        }
        done |= ui.button(t.discard()).clicked();
    });
    if done {
        *editing = None;
    }
    true
}

fn input_ui(ui: &mut Ui, card: &mut ModelCard, model: &ModelSummary, t: Texts) {
    let how = |field: &str| model.card.settled.get(field).copied();
    let input = &mut card.input;
    let scaling = (Some(input.scaling), how("scaling"));
    let scaling = choice_ui(
        ui,
        t.scaling(),
        scaling,
        &SCALINGS,
        |v| t.scaling_choice(v),
        t,
    );
    if let Some(scaling) = scaling {
        input.scaling = scaling;
        let custom = scaling == Scaling::Custom;
        // The figures of ImageNet, to begin with.
        input.mean = custom.then_some([0.485, 0.456, 0.406]);
        input.std = custom.then_some([0.229, 0.224, 0.225]);
    }
    if input.scaling == Scaling::Custom {
        let mean = channels_ui(ui, t.mean(), input.mean.unwrap_or_default());
        input.mean = mean.or(input.mean);
        let std = channels_ui(ui, t.deviation_of(), input.std.unwrap_or([1.0; 3]));
        input.std = std.or(input.std);
    }
    let colour = (Some(input.colour), how("colour"));
    let colour = choice_ui(
        ui,
        t.colour_order(),
        colour,
        &COLOURS,
        |v| t.colour_choice(v),
        t,
    );
    input.colour = colour.unwrap_or(input.colour);
    let resize = (Some(input.resize), how("resize"));
    let resize = choice_ui(ui, t.resize(), resize, &KERNELS, |v| t.resize_choice(v), t);
    input.resize = resize.unwrap_or(input.resize);
    let crop = (Some(input.crop), how("crop"));
    let crop = choice_ui(ui, t.crop(), crop, &CROPS, |v| t.crop_choice(v), t);
    input.crop = crop.unwrap_or(input.crop);
}
