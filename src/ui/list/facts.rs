//! Facts about the photograph in view: the eye with its source and correction; quality; size.

use egui::Ui;

use crate::app::apply::{Action, Photographs};
use crate::app::state::Photograph;
use crate::domain::{EyeSource, FundusImage, Laterality};
use crate::text::window::Texts;
use crate::ui::rows::{aside_ui, value_ui};
use crate::ui::view::FrameContext;
use crate::workflow::Source;

pub fn facts_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let t = view.t;
    let Some(known) = &photo.known else {
        return;
    };
    ui.horizontal(|ui| {
        if ui.available_width() > 190.0 {
            ui.heading(t.photograph());
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            for (eye, word, tip) in [
                (Laterality::Os, "OS", t.this_is_os()),
                (Laterality::Od, "OD", t.this_is_od()),
            ] {
                let response = ui.selectable_label(photo.eye() == eye, word);
                response.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::Button, true, photo.eye() == eye, tip)
                });
                if response.on_hover_text(tip).clicked() {
                    view.action(Action::Photographs(Photographs::CorrectEye(photo.id, eye)));
                }
            }
        });
    });
    value_ui(ui, t.eye(), t.laterality(photo.eye()));
    let source = match (&photo.source, known.eye_source) {
        // The sample's file name was never visible to the user.
        (Source::Sample, EyeSource::FileName) => t.from_sample(),
        (_, source) => t.eye_source(source),
    };
    let source = Some(source.to_owned()).filter(|s| !s.is_empty());
    let guess = photo.opened().and_then(|o| guess_words(&o.image, t));
    for aside in [source, guess].into_iter().flatten() {
        aside_ui(ui, &aside);
    }
    value_ui(ui, t.quality(), t.quality_word(known.quality));
    value_ui(
        ui,
        t.size(),
        &format!("{} × {} px", known.width, known.height),
    );
}

/// The eye suggested by the disc's position, next to the stated eye.
fn guess_words(image: &FundusImage, t: Texts) -> Option<String> {
    match (image.eye, image.eye_guess) {
        (_, Laterality::Unknown) => None,
        (eye, guess) if eye == guess => Some(t.guess_agrees().to_owned()),
        (_, guess) => Some(t.guess_differs(t.laterality(guess))),
    }
}
