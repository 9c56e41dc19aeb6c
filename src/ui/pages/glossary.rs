//! The terms of the field that the window uses, in both languages, with what they mean.

use egui::Ui;

use super::{Page, PagePlacement};
use crate::text::Lang;
use crate::text::glossary::GLOSSARY;
use crate::ui::rows::{aside_ui, value_ui, wide_titles_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

#[derive(Default)]
pub struct GlossaryPage;

impl Page for GlossaryPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(720.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        ui.heading(t.glossary());
        ui.add_space(theme::GAP);
        let entries: Vec<_> = GLOSSARY
            .iter()
            .map(|term| match t.0 {
                Lang::En => (term.en, term.means_en, term.ja),
                Lang::Ja => (term.ja, term.means_ja, term.en),
            })
            .collect();
        let terms: Vec<&str> = entries.iter().map(|(term, ..)| *term).collect();
        wide_titles_ui(ui, &terms, |ui| {
            for (term, meaning, in_the_other_language) in entries {
                value_ui(ui, term, meaning);
                if in_the_other_language != term {
                    aside_ui(ui, in_the_other_language);
                }
                ui.add_space(theme::GAP);
            }
        });
    }
}
