//! Where to get the published models, and what to do with them.

use egui::{Button, Ui, vec2};

use super::{Page, PageName, PagePlacement};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

#[derive(Default)]
pub struct JoirPage;

impl Page for JoirPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Library(Texts::get_joir)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        words_ui(ui, t.joir_about(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        let steps = [
            t.joir_step_1(),
            t.joir_step_2(),
            t.joir_step_3(),
            t.joir_step_4(),
        ];
        for (i, step) in steps.into_iter().enumerate() {
            ui.horizontal_top(|ui| {
                words_ui(ui, &format!("{}.", i + 1), Emphasis::Weak);
                ui.vertical(|ui| words_ui(ui, step, Emphasis::Plain));
            });
        }
        ui.add_space(theme::GAP);
        words_ui(ui, t.joir_figures(), Emphasis::Weak);
        ui.add_space(theme::GROUP_GAP);
        let import = Button::new(t.choose_keras()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
        if ui.add(import).clicked() {
            view.page(PageName::Import);
        }
    }
}
