//! What this application is, and the work it builds on.

use egui::{Grid, RichText, Ui, vec2};

use super::{Page, PagePlacement};
use crate::text::research_only;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

#[derive(Default)]
pub struct AboutPage;

impl Page for AboutPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(460.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        ui.label(RichText::new("Gantei 眼底").font(theme::figure_font()));
        ui.weak(format!("{} {}", t.version(), env!("CARGO_PKG_VERSION")));
        ui.add_space(theme::GAP);
        words_ui(ui, t.about_text(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        words_ui(ui, research_only(t.0), Emphasis::Plain);
        ui.add_space(theme::GROUP_GAP);
        Grid::new("about")
            .num_columns(2)
            .spacing(vec2(16.0, 4.0))
            .show(ui, |ui| {
                ui.weak(t.licence());
                ui.label("Apache-2.0 OR MIT");
                ui.end_row();
                ui.weak(t.typeface());
                ui.label("BIZ UDPGothic (SIL OFL 1.1)");
                ui.end_row();
                ui.weak(t.icons());
                ui.label("Phosphor Icons (MIT)");
                ui.end_row();
                ui.weak(t.sample_eye());
                ui.label("Mikael Häggström (CC0 1.0)");
                ui.end_row();
            });
    }
}
