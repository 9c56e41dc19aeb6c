//! The models of a study: a checkbox for each that is in the library.

use egui::Ui;

use crate::app::State;
use crate::text::window::Texts;
use crate::ui::rows::titled_ui;

/// Adds and removes ids of models, in the order in which they were chosen.
pub fn models_ui(ui: &mut Ui, chosen: &mut Vec<String>, state: &State, t: Texts) {
    for (at, model) in state.installed().iter().enumerate() {
        let title = if at == 0 { t.study_models() } else { "" };
        titled_ui(ui, title, |ui, _| {
            let mut on = chosen.contains(&model.id);
            if ui.checkbox(&mut on, t.model_name(&model.card)).changed() {
                match on {
                    true => chosen.push(model.id.clone()),
                    false => chosen.retain(|id| *id != model.id),
                }
            }
        });
    }
}
