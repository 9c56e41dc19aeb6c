//! The page of settings.

use egui::{Slider, Ui};

use super::{Page, PagePlacement};
use crate::app::apply::{Action, Photographs, SettingChange};
use crate::app::settings::{Appearance, SCALES};
use crate::text::Lang;
use crate::ui::rows::{Emphasis, slider_ui, titled_ui, toggle_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

#[derive(Default)]
pub struct SettingsPage;

impl Page for SettingsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(460.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let settings = &state.settings;
        let mut set = |change| view.action(Action::Settings(change));
        ui.heading(t.settings_sheet());
        ui.add_space(theme::GAP);
        titled_ui(ui, t.settings_language(), |ui, _| {
            for (lang, name) in [(Lang::En, "English"), (Lang::Ja, "日本語")] {
                let label = toggle_ui(ui, settings.language == lang, name);
                let full = format!("{}: {name}", t.settings_language());
                label.widget_info(|| {
                    egui::WidgetInfo::selected(
                        egui::Role::Button,
                        true,
                        settings.language == lang,
                        &full,
                    )
                });
                if label.clicked() {
                    set(SettingChange::Language(lang));
                }
            }
        });
        titled_ui(ui, t.settings_theme(), |ui, _| {
            ui.horizontal_wrapped(|ui| {
                for appearance in Appearance::ALL {
                    let on = settings.appearance == appearance;
                    if toggle_ui(ui, on, theme::name(appearance, t)).clicked() {
                        set(SettingChange::Appearance(appearance));
                    }
                }
            });
        });
        titled_ui(ui, t.settings_scale(), |ui, title| {
            let mut percent = (settings.scale * 100.0).round();
            let range = SCALES.start() * 100.0..=SCALES.end() * 100.0;
            let slider = Slider::new(&mut percent, range)
                .step_by(25.0)
                .fixed_decimals(0)
                .suffix(" %");
            let response = slider_ui(ui, slider).labelled_by(title.id);
            // Applied after dragging, so that the slider does not move away from the pointer.
            if response.drag_stopped() || response.changed() && !response.dragged() {
                set(SettingChange::Scale(percent / 100.0));
            }
        });
        ui.add_space(theme::GAP);
        let mut masked = settings.names_masked;
        if ui.checkbox(&mut masked, t.mask_names()).changed() {
            set(SettingChange::NamesMasked(masked));
        }
        words_ui(ui, t.mask_names_tip(), Emphasis::Small);
        let mut remember = settings.remember_files;
        if ui.checkbox(&mut remember, t.remember_files()).changed() {
            set(SettingChange::RememberFiles(remember));
        }
        words_ui(ui, t.remember_files_tip(), Emphasis::Small);
        let mut welcome = !settings.welcomed;
        if ui.checkbox(&mut welcome, t.show_welcome()).changed() {
            set(SettingChange::Welcomed(!welcome));
        }
        if !state.recent.is_empty() && ui.button(t.clear_recent()).clicked() {
            view.action(Action::Photographs(Photographs::ClearRecent));
        }
        ui.add_space(theme::GAP);
        words_ui(ui, t.settings_saved_where(), Emphasis::Small);
    }
}
