//! When a supplement is defensible, what to report, and why.

use egui::{CollapsingHeader, Ui};

use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;

pub fn help_ui(ui: &mut Ui, t: Texts) {
    CollapsingHeader::new(t.supplement_help())
        .id_salt("help on supplements")
        .show(ui, |ui| {
            for (title, words) in [
                (t.help_defensible(), t.help_defensible_is()),
                (t.help_not_defensible(), t.help_not_defensible_is()),
                (t.help_draws(), t.help_draws_is()),
                (t.help_errors(), t.help_errors_is()),
                (t.help_report(), t.help_report_is()),
            ] {
                words_ui(ui, title, Emphasis::Weak);
                words_ui(ui, words, Emphasis::Plain);
                ui.add_space(theme::GAP);
            }
        });
}
