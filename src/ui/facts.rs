//! What is known of the photograph itself: the eye and how that is known, quality, size.

use egui::Ui;

use super::rows::{aside_ui, value_ui};
use crate::clinic::{FundusImage, Laterality};
use crate::words::window::Texts;

pub fn facts_ui(ui: &mut Ui, image: &FundusImage, t: Texts) {
    ui.heading(t.photograph());
    value_ui(ui, t.eye(), t.laterality(image.eye));
    let asides = [
        Some(t.eye_source(image.eye_source).to_owned()).filter(|s| !s.is_empty()),
        guess_words(image, t),
    ];
    for aside in asides.into_iter().flatten() {
        aside_ui(ui, &aside);
    }
    value_ui(ui, t.quality(), t.quality_word(image.quality));
    value_ui(
        ui,
        t.size(),
        &format!("{} × {} px", image.pixels.width, image.pixels.height),
    );
}

/// What the disc's position says beside the stated eye.
fn guess_words(image: &FundusImage, t: Texts) -> Option<String> {
    match (image.eye, image.eye_guess) {
        (_, Laterality::Unknown) => None,
        (eye, guess) if eye == guess => Some(t.guess_agrees().to_owned()),
        (_, guess) => Some(t.guess_differs(t.laterality(guess))),
    }
}
