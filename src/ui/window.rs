//! The window: takes answers and keys in, draws the state, and performs what was asked for, once per frame.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use egui::{
    CentralPanel, Context, Frame, Margin, Panel, RichText, Ui, Vec2, ViewportCommand, vec2,
};

use super::asked::Asked;
use super::canvas::Canvas;
use super::command::Command;
use super::dialogs::{self, Sheet};
use super::photo_list::{self, Thumbnails};
use super::picker::Picker;
use super::theme::{self, Palette};
use super::{answer_panel, fonts, menu, messages};
use crate::app::action::{Action, Change, Models, Photographs, Run};
use crate::app::effect::Slot;
use crate::app::run::ForWindow;
use crate::app::settings::Appearance;
use crate::app::{Runner, Settings, State, Verbs, apply};
use crate::words::window::Texts;
use crate::words::{Lang, research_only};
use crate::workflow::Source;

/// Longest time that closing waits for jobs to come to rest.
const CLOSING: Duration = Duration::from_millis(1800);
/// A step of the zoom keys.
const ZOOM_STEP: f32 = 1.25;
/// A step of the opacity keys.
const OPACITY_STEP: f32 = 0.1;

/// What a window starts with.
pub struct Start {
    pub verbs: Arc<dyn Verbs>,
    pub picker: Box<dyn Picker>,
    pub settings: Settings,
    /// Photographs named by the person; without any the sample eye is shown.
    pub files: Vec<PathBuf>,
}

/// The window of the application.
pub struct Window {
    state: State,
    runner: Runner,
    picker: Box<dyn Picker>,
    canvas: Canvas,
    thumbnails: Thumbnails,
    sheet: Option<Sheet>,
    /// Settings that changed while a pointer is down are saved when it is up.
    unsaved: Option<Settings>,
}

impl Window {
    /// Prepares the look and sets the first jobs in motion; draws nothing and waits for nothing.
    pub fn new(ctx: &Context, start: Start) -> std::io::Result<Self> {
        fonts::install(ctx);
        theme::install(ctx);
        theme::show(ctx, start.settings.appearance);
        let wake = ctx.clone();
        let mut window = Self {
            state: State::new(start.settings),
            runner: Runner::start(start.verbs, move || wake.request_repaint())?,
            picker: start.picker,
            canvas: Canvas::default(),
            thumbnails: Thumbnails::default(),
            sheet: None,
            unsaved: None,
        };
        let sources = if start.files.is_empty() {
            vec![Source::Sample]
        } else {
            start.files.into_iter().map(Source::File).collect()
        };
        window.act(ctx, Action::Models(Models::Load));
        window.act(ctx, Action::Photographs(Photographs::Open(sources)));
        Ok(window)
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    fn texts(&self) -> Texts {
        Texts(self.state.settings.language)
    }

    fn act(&mut self, ctx: &Context, action: Action) {
        for effect in apply(&mut self.state, action) {
            if let crate::app::Effect::SaveSettings(settings) = effect {
                self.unsaved = Some(settings);
                continue;
            }
            match self.runner.perform(effect) {
                Some(ForWindow::AskForFiles) => {
                    self.runner.ask(self.picker.photographs(self.texts()))
                }
                Some(ForWindow::CopyText(text)) => ctx.copy_text(text),
                None => {}
            }
        }
    }

    fn command(&mut self, ctx: &Context, command: Command) {
        if !command.is_enabled(&self.state) {
            return;
        }
        let settings = &self.state.settings;
        let action = match command {
            Command::Open => Action::Photographs(Photographs::AskForFiles),
            Command::OpenSample => Action::Photographs(Photographs::Open(vec![Source::Sample])),
            Command::Next => Action::Photographs(Photographs::Next),
            Command::Previous => Action::Photographs(Photographs::Previous),
            Command::Remove => match self.state.selected {
                Some(id) => Action::Photographs(Photographs::Remove(id)),
                None => return,
            },
            Command::Run => Action::Run(Run::Start),
            Command::Cancel => Action::Run(Run::Cancel),
            Command::Overlay => Action::Settings(Change::OverlayShown(!settings.overlay_shown)),
            Command::OverlayWeaker => Action::Settings(Change::OverlayOpacity(
                settings.overlay.opacity - OPACITY_STEP,
            )),
            Command::OverlayStronger => Action::Settings(Change::OverlayOpacity(
                settings.overlay.opacity + OPACITY_STEP,
            )),
            Command::FieldOutline => {
                Action::Settings(Change::FieldOutlineShown(!settings.field_outline_shown))
            }
            Command::SwitchTheme => {
                Action::Settings(Change::Appearance(match settings.appearance {
                    Appearance::Dark => Appearance::Light,
                    Appearance::Light => Appearance::Dark,
                }))
            }
            Command::SwitchLanguage => {
                Action::Settings(Change::Language(match settings.language {
                    Lang::En => Lang::Ja,
                    Lang::Ja => Lang::En,
                }))
            }
            Command::Fit => return self.canvas.camera.fit(),
            Command::ActualSize => return self.canvas.show_actual_size(ctx.pixels_per_point()),
            Command::ZoomIn => return self.canvas.zoom_by(ZOOM_STEP),
            Command::ZoomOut => return self.canvas.zoom_by(1.0 / ZOOM_STEP),
            Command::Shortcuts => return self.sheet = Some(Sheet::Shortcuts),
            Command::About => return self.sheet = Some(Sheet::About),
            Command::Quit => return ctx.send_viewport_cmd(ViewportCommand::Close),
        };
        self.act(ctx, action);
    }

    fn keys(&mut self, ctx: &Context) {
        if self.sheet.is_some() {
            return;
        }
        let typing = ctx.egui_wants_keyboard_input();
        let mut pressed: Vec<Command> = Command::ALL
            .into_iter()
            .filter(|command| {
                command
                    .shortcut()
                    .filter(|key| !(typing && key.modifiers.is_none()))
                    .is_some_and(|key| ctx.input_mut(|i| i.consume_shortcut(&key)))
            })
            .collect();
        // The plus of many keyboards is a shifted equals sign.
        if !typing && ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Equals)) {
            pressed.push(Command::ZoomIn);
        }
        for command in pressed {
            self.command(ctx, command);
        }
    }

    fn dropped(&mut self, ctx: &Context) {
        let paths: Vec<_> = ctx.input(|i| {
            i.raw
                .dropped_files
                .iter()
                .map(|f| f.path().to_owned())
                .collect()
        });
        if !paths.is_empty() {
            let sources = paths.into_iter().map(Source::File).collect();
            self.act(ctx, Action::Photographs(Photographs::Open(sources)));
        }
    }

    fn save_when_at_rest(&mut self, ctx: &Context) {
        if ctx.input(|i| i.pointer.any_down()) {
            return;
        }
        if let Some(settings) = self.unsaved.take() {
            self.runner
                .perform(crate::app::Effect::SaveSettings(settings));
        }
    }

    /// Draws the panels; returns the room to the right of the canvas and below it.
    fn panels_ui(&mut self, ui: &mut Ui, asked: &mut Asked) -> Vec2 {
        let t = self.texts();
        let state = &self.state;
        let palette = Palette::of(ui.visuals());
        let filled = |margin: Margin| Frame::new().fill(palette.panel).inner_margin(margin);
        Panel::top("menu")
            .frame(filled(Margin::symmetric(8, 3)))
            .show(ui, |ui| menu::menu_ui(ui, state, t, asked));
        let research = Panel::bottom("research only")
            .frame(
                Frame::new()
                    .fill(palette.window)
                    .inner_margin(Margin::symmetric(theme::PANEL_MARGIN, 6)),
            )
            .show(ui, |ui| {
                ui.vertical_centered(|ui| {
                    ui.label(RichText::new(research_only(t.0)).color(palette.weak))
                });
            });
        let steps = self.runner.steps(Slot::Predict);
        Panel::left("photographs")
            .frame(filled(Margin::same(theme::PANEL_MARGIN)))
            .resizable(true)
            .default_size(theme::LIST_WIDTH)
            .size_range(180.0..=360.0)
            .show(ui, |ui| {
                photo_list::list_ui(ui, &mut self.thumbnails, state, t, asked)
            });
        let answer = Panel::right("answer")
            .frame(filled(Margin::same(theme::PANEL_MARGIN)))
            .resizable(false)
            .exact_size(theme::ANSWER_WIDTH)
            .show(ui, |ui| answer_panel::panel_ui(ui, state, steps, t, asked));
        CentralPanel::no_frame().show(ui, |ui| self.canvas.canvas_ui(ui, state, t, asked));
        let figures = theme::CONTROL_HEIGHT + 4.0;
        vec2(
            answer.response.rect.width(),
            research.response.rect.height() + figures,
        )
    }

    /// Says what dropping will do while files hover over the window.
    fn veil_ui(&self, ctx: &Context) {
        if ctx.input(|i| i.raw.hovered_files.is_empty()) {
            return;
        }
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop veil"));
        let painter = ctx.layer_painter(layer);
        let rect = ctx.content_rect();
        painter.rect_filled(rect, 0, theme::CANVAS_VEIL);
        let font = egui::FontId::proportional(24.0);
        painter.text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            self.texts().drop_now(),
            font,
            theme::ON_CANVAS,
        );
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        for action in self.runner.drain() {
            self.act(ctx, action);
        }
        self.dropped(ctx);
        self.keys(ctx);
        self.save_when_at_rest(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        theme::show(ui.ctx(), self.state.settings.appearance);
        let mut asked = Asked::default();
        let margins = self.panels_ui(ui, &mut asked);
        let ctx = ui.ctx().clone();
        messages::messages_ui(&ctx, &self.state, self.texts(), margins, &mut asked);
        let t = self.texts();
        dialogs::sheet_ui(&ctx, &mut self.sheet, t);
        self.veil_ui(&ctx);
        let something = !(asked.actions.is_empty() && asked.commands.is_empty());
        for action in asked.actions {
            self.act(&ctx, action);
        }
        for command in asked.commands {
            self.command(&ctx, command);
        }
        if something {
            ctx.request_repaint();
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        if let Some(settings) = self.unsaved.take() {
            self.runner
                .perform(crate::app::Effect::SaveSettings(settings));
        }
        self.runner.close(CLOSING);
    }

    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        theme::CANVAS.to_normalized_gamma_f32()
    }
}
