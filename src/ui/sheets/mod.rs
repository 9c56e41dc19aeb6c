//! Sheets over the window: models and engines, settings, the export, the palette of commands, keys, and about.

mod about;
mod check;
mod check_question;
mod check_table;
mod choices;
mod devices;
mod export;
mod import;
mod joir;
mod models;
mod palette;
mod settings;
mod shortcuts;
mod steps;

use egui::{Align, Button, Context, Id, Layout, Modal, ScrollArea, Ui, vec2};

use super::asked::Asked;
use super::path_field::PathField;
use super::theme;
use crate::app::State;
use crate::app::action::{Action, Library};
use crate::app::run::Steps;
use crate::app::state::Asked as Wanted;
use crate::text::window::Texts;

/// Which sheet is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    Models,
    Joir,
    Import,
    Check,
    Devices,
    Settings,
    Steps,
    Palette,
    Shortcuts,
    About,
}

impl Sheet {
    /// The pages about models and engines, which share one sheet.
    const PAGES: [Self; 5] = [
        Self::Models,
        Self::Joir,
        Self::Import,
        Self::Check,
        Self::Devices,
    ];

    fn title(self, t: Texts) -> &'static str {
        match self {
            Self::Models => t.installed_models(),
            Self::Joir => t.get_joir(),
            Self::Import => t.import_model(),
            Self::Check => t.check_sheet(),
            Self::Devices => t.devices_sheet(),
            Self::Settings => t.settings_sheet(),
            Self::Steps => t.what_it_sees(),
            Self::Palette => t.palette(),
            Self::Shortcuts => t.shortcuts(),
            Self::About => t.about(),
        }
    }
}

/// What only the sheets know.
#[derive(Default)]
pub struct Sheets {
    pub open: Option<Sheet>,
    palette: palette::Palette,
    export: export::ExportSheet,
    keras_path: PathField,
    runtime_path: PathField,
    import_text: import::Typed,
    check: check::CheckSheet,
    library: models::Page,
    steps: steps::StepsSheet,
}

/// How far the jobs of sheets have come.
#[derive(Clone, Copy, Debug, Default)]
pub struct SheetSteps {
    pub export: Option<Steps>,
    pub import: Option<Steps>,
    pub check: Option<Steps>,
}

impl Sheets {
    /// True while a sheet takes the keys.
    pub fn is_open(&self, state: &State) -> bool {
        self.open.is_some() || state.export.is_some()
    }

    pub fn show(&mut self, sheet: Sheet) {
        self.open = Some(sheet);
        self.palette.begin();
    }

    /// Draws the open sheet and closes it on its button, on Escape or on a click beside it.
    pub fn sheets_ui(
        &mut self,
        ctx: &Context,
        state: &State,
        steps: SheetSteps,
        t: Texts,
        asked: &mut Asked,
    ) {
        if state.export.is_some() {
            self.export.export_ui(ctx, state, steps.export, t, asked);
            return;
        }
        let Some(sheet) = self.open else {
            return;
        };
        if sheet == Sheet::Devices && matches!(state.library.devices, Wanted::Not) {
            // Seen for the first time.
            asked.action(Action::Library(Library::TryDevices));
        }
        if sheet == Sheet::Palette {
            if self.palette.palette_ui(ctx, state, t, asked) {
                self.open = None;
            }
            return;
        }
        let modal = Modal::new(Id::unique("sheet"))
            .frame(egui::Frame::window(&ctx.global_style()))
            .show(ctx, |ui| {
                if Sheet::PAGES.contains(&sheet) {
                    self.pages_ui(ui, sheet, state, steps, t, asked);
                } else {
                    let width: f32 = match sheet {
                        Sheet::Shortcuts => 1080.0,
                        Sheet::Steps => steps::WIDTH,
                        _ => 460.0,
                    };
                    ui.set_width(width.min(ctx.content_rect().width() - 80.0));
                    let height = ctx.content_rect().height() - 110.0;
                    ScrollArea::vertical()
                        .max_height(height)
                        // As high as it needs to be at once; otherwise it grows from frame to frame.
                        .min_scrolled_height(height)
                        .show(ui, |ui| match sheet {
                            Sheet::Steps => self.steps.steps_ui(ui, state, t, asked),
                            Sheet::Settings => settings::settings_ui(ui, state, t, asked),
                            Sheet::Shortcuts => shortcuts::shortcuts_ui(ui, t),
                            _ => about::about_ui(ui, t),
                        });
                }
                ui.add_space(theme::GROUP_GAP);
                close_ui(ui, t)
            });
        if modal.inner || modal.should_close() {
            self.open = None;
            self.library = models::Page::default();
        }
    }

    /// Pages with their titles on the left.
    fn pages_ui(
        &mut self,
        ui: &mut Ui,
        sheet: Sheet,
        state: &State,
        steps: SheetSteps,
        t: Texts,
        asked: &mut Asked,
    ) {
        let room = ui.ctx().content_rect().size() - vec2(80.0, 140.0);
        let size = theme::SHEET_SIZE.min(room);
        ui.set_width(size.x);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
            ui.set_min_height(size.y);
            ui.vertical(|ui| {
                ui.set_width(190.0);
                for page in Sheet::PAGES {
                    let text = egui::RichText::new(page.title(t)).size(14.0);
                    let button = Button::selectable(page == sheet, text)
                        .min_size(vec2(190.0, theme::CONTROL_HEIGHT));
                    if ui.add(button).clicked() {
                        self.open = Some(page);
                    }
                }
            });
            ui.separator();
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                ui.heading(sheet.title(t));
                ui.add_space(theme::GAP);
                ScrollArea::vertical()
                    .id_salt(("page", sheet.title(t)))
                    .auto_shrink([false, false])
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width() - 14.0);
                        match sheet {
                            Sheet::Joir => {
                                if joir::joir_ui(ui, t) {
                                    self.open = Some(Sheet::Import);
                                }
                            }
                            Sheet::Import => {
                                let typed = (&mut self.keras_path, &mut self.import_text);
                                let page =
                                    import::import_ui(ui, typed, state, steps.import, t, asked);
                                if let Some(page) = page {
                                    self.open = Some(page);
                                }
                            }
                            Sheet::Check => {
                                check::check_ui(ui, &mut self.check, state, steps.check, t, asked);
                            }
                            Sheet::Devices => {
                                devices::devices_ui(ui, &mut self.runtime_path, state, t, asked);
                            }
                            _ => {
                                if models::models_ui(ui, &mut self.library, state, t, asked) {
                                    self.open = Some(Sheet::Check);
                                }
                            }
                        }
                    });
            });
        });
    }
}

/// The button at the foot of a sheet.
fn close_ui(ui: &mut Ui, t: Texts) -> bool {
    ui.vertical_centered(|ui| {
        let close = Button::new(t.close()).min_size(vec2(120.0, theme::CONTROL_HEIGHT));
        ui.add(close).clicked()
    })
    .inner
}
