//! The window: receives answers and keys, draws the state, and performs requests, once per frame.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::{
    CentralPanel, ColorImage, Context, Frame, Key, Margin, Modifiers, Panel, Rect, Ui, UiBuilder,
    ViewportCommand,
};

use super::answer::{AnswerPanel, Tab};
use super::canvas::Canvas;
use super::command::{Command, Outcome};
use super::keys::commands_of_keys;
use super::list::List;
use super::messages::{self, Place, Seen};
use super::pages::{PageName, Pages};
use super::picker::Picker;
use super::rows::{Emphasis, words_ui};
use super::status;
use super::theme::{self, Palette};
use super::view::{FrameContext, Panels, Requests};
use super::{focus, fonts, menu};
use crate::app::apply::dialog::Dialog;
use crate::app::apply::find::{ReadRecent, SaveRecent};
use crate::app::apply::resume::FindUnexported;
use crate::app::apply::settings::SaveSettings;
use crate::app::apply::{
    Action, Anatomy, Export, Leaving, Library, Models, Photographs, SettingChange,
};
use crate::app::run::WindowEffect;
use crate::app::settings::Appearance;
use crate::app::state::{Layout, Leaving as What, Reproduction};
use crate::app::{Effect, Frames, Runner, Settings, State, WorkflowContext, apply, land};
use crate::keras;
use crate::storage;
use crate::text::research_only;
use crate::text::window::Texts;

/// Longest time that closing waits for jobs to end; with everything else the window is closed within two seconds.
const CLOSING: Duration = Duration::from_millis(1500);

/// Inputs of a new window.
pub struct Start {
    pub workflow: WorkflowContext,
    pub picker: Box<dyn Picker>,
    pub settings: Settings,
    /// Photographs named by the user; without any, the sample eye is shown.
    pub files: Vec<PathBuf>,
    /// Returns the command line that reproduces an answer.
    pub command_line: fn(&Reproduction) -> String,
}

/// The window of the application.
pub struct Window {
    state: State,
    runner: Runner,
    picker: Box<dyn Picker>,
    command_line: fn(&Reproduction) -> String,
    pub(super) canvas: Canvas,
    list: List,
    answer: AnswerPanel,
    panels: Panels,
    pages: Pages,
    messages_seen: Seen,
    /// Settings that change while a pointer is down are saved when it is released.
    unsaved: Option<Settings>,
    /// The settings last passed to a save job, which may not have run when the window closes.
    saving: Option<Settings>,
    recent_changed: bool,
    /// At the end of the last frame, text was being typed or a file dialog was open.
    typed: bool,
    /// The window closes: nothing is lost, or the user has agreed.
    closes: bool,
    /// Frame times, if scripts request them.
    frames: Option<Frames>,
}

impl Window {
    /// Sets up the appearance and starts the first jobs; draws nothing and does not wait.
    pub fn new(ctx: &Context, start: Start) -> std::io::Result<Self> {
        fonts::show(ctx, start.settings.language);
        focus::install(ctx);
        theme::show(ctx, start.settings.appearance);
        let wake = ctx.clone();
        let mut window = Self {
            state: State::new(start.settings),
            runner: Runner::start(start.workflow, move || wake.request_repaint())?,
            picker: start.picker,
            command_line: start.command_line,
            canvas: Canvas::default(),
            list: List::default(),
            answer: AnswerPanel::default(),
            panels: Panels::default(),
            pages: Pages::default(),
            messages_seen: Seen::default(),
            unsaved: None,
            saving: None,
            recent_changed: false,
            typed: false,
            closes: false,
            frames: None,
        };
        window.act(ctx, Action::Models(Models::Load));
        let is_photograph = |path: &PathBuf| what_is(path) == Kind::Photographs;
        if !start.files.iter().any(is_photograph) {
            window.act(ctx, Action::Photographs(Photographs::OpenSample));
        }
        window.take(ctx, start.files);
        if window.state.settings.remember_files {
            window.runner.perform(Effect::start(ReadRecent));
        }
        window.runner.perform(Effect::start(FindUnexported));
        Ok(window)
    }

    /// Reports frame times to scripts if the environment requests them.
    pub fn timed_since(mut self, process_began: Instant) -> Self {
        self.frames = Frames::watch(process_began);
        self
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// True while running work may still change what is shown; `held` jobs that wait for outside input are not counted.
    /// For code that drives the window and waits until it is idle.
    pub fn is_working(&self, held: usize) -> bool {
        self.runner.is_working(held)
    }

    /// True while answers of finished work wait for the next frame.
    pub fn has_answers(&self) -> bool {
        self.runner.has_answers()
    }

    fn texts(&self) -> Texts {
        Texts(self.state.settings.language)
    }

    fn act(&mut self, ctx: &Context, action: Action) {
        let effects = apply(&mut self.state, action);
        self.perform(ctx, effects);
    }

    fn perform(&mut self, ctx: &Context, effects: Vec<Effect>) {
        for effect in effects {
            if let Some(SaveSettings(settings)) = effect.started() {
                self.unsaved = Some(settings.clone());
                continue;
            }
            self.recent_changed |= effect.started::<SaveRecent>().is_some();
            match self.runner.perform(effect) {
                Some(WindowEffect::Ask(purpose)) => {
                    let question = self.picker.ask(purpose, self.texts());
                    let dialog = Dialog::new(purpose, question);
                    self.runner.perform(Effect::start(dialog));
                }
                Some(WindowEffect::CloseWindow) => {
                    self.closes = true;
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
                Some(WindowEffect::CopyText(text)) => ctx.copy_text(text),
                Some(WindowEffect::CopyPicture(picture)) => {
                    let size = [picture.width as usize, picture.height as usize];
                    ctx.copy_image(ColorImage::from_rgb(size, &picture.rgb));
                }
                None => {}
            }
        }
    }

    fn command(&mut self, ctx: &Context, command: Command) {
        if !command.is_enabled(&self.state) {
            return;
        }
        match command.outcome(&self.state) {
            Outcome::Act(action) => self.act(ctx, *action),
            Outcome::Page(page) => self.pages.open(page),
            Outcome::Window(perform) => perform(self, ctx),
            Outcome::Nothing => {}
        }
    }

    /// Opens a tab of the panel on the right, and the panel if it is closed.
    pub(super) fn open_tab(&mut self, tab: Tab) {
        self.answer.open(tab);
        self.panels.answer = true;
    }

    pub(super) fn switch_list_panel(&mut self) {
        self.panels.list = !self.panels.list;
    }

    pub(super) fn switch_answer_panel(&mut self) {
        self.panels.answer = !self.panels.answer;
    }

    /// Closes both panels, or opens them again.
    pub(super) fn switch_image_only(&mut self) {
        let open = !(self.panels.list || self.panels.answer);
        self.panels = Panels {
            list: open,
            answer: open,
        };
    }

    /// From a dark theme to the light one and back.
    pub(super) fn switch_theme(&mut self, ctx: &Context) {
        let other = match ctx.theme() {
            egui::Theme::Dark => Appearance::Light,
            egui::Theme::Light => Appearance::Dark,
        };
        let change = SettingChange::Appearance(other);
        self.act(ctx, Action::Settings(change));
    }

    /// Copies the command line that reproduces the answer in view.
    pub(super) fn copy_command_line(&mut self, ctx: &Context) {
        if let Some(of) = self.state.reproduction() {
            let text = (self.command_line)(&of);
            self.act(ctx, Action::Export(Export::CopyCommandLine(text)));
        }
    }

    /// Asks before something is lost when the window is to be closed, whoever closes it.
    fn closing(&mut self, ctx: &Context) {
        if self.closes || !ctx.input(|i| i.viewport().close_requested()) {
            return;
        }
        if self.pages.ask_before_window_closes(&self.state) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        } else if self.state.loss(What::Window).is_any() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.act(ctx, Action::Leaving(Leaving::Quit));
        }
    }

    fn keys(&mut self, ctx: &Context) {
        if self.pages.is_open(&self.state) {
            // Escape in a field has left the field.
            if self.typed && self.pages.shows_form(&self.state) {
                ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
            }
            // A page receives all keys except Quit.
            let leaves = Command::Quit.shortcut();
            if leaves.is_some_and(|key| ctx.input_mut(|i| i.consume_shortcut(&key))) {
                self.command(ctx, Command::Quit);
            }
            return;
        }
        let escape = |i: &mut egui::InputState| i.consume_key(Modifiers::NONE, Key::Escape);
        // Escape first leaves marking mode.
        let menu_open = egui::Popup::is_any_open(ctx);
        if self.state.anatomy.placing.is_some() && !menu_open && ctx.input_mut(escape) {
            self.act(ctx, Action::Anatomy(Anatomy::Stop));
        }
        // A text field loses the focus on Escape before this code runs; and while a file dialog is open, typing is
        // meant for it or for the path field that replaces it.
        let types = ctx.text_edit_focused() || self.typed || self.state.asking;
        for command in commands_of_keys(ctx, &self.state, types) {
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
        self.take(ctx, paths);
    }

    /// Photographs and studies join the list, a model goes to the import, a library of ONNX Runtime to the devices.
    fn take(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        // Whatever is dropped on the page of the import is to be imported.
        let importing =
            self.pages.shows(&self.state, PageName::Import) && self.state.library.import.is_none();
        let kind_of = |path: &Path| match what_is(path) {
            Kind::Photographs if importing => Kind::Keras,
            kind => kind,
        };
        let (others, photographs): (Vec<_>, Vec<_>) = paths
            .into_iter()
            .partition(|path| kind_of(path) != Kind::Photographs);
        if !photographs.is_empty() {
            self.act(ctx, Action::Photographs(Photographs::Add(photographs)));
        }
        for file in others {
            match kind_of(&file) {
                Kind::Keras => {
                    if let Some(action) = self.pages.import(&self.state, file) {
                        self.act(ctx, action);
                    }
                }
                Kind::Photographs => {}
                Kind::Runtime => {
                    self.pages.open(PageName::Devices);
                    let accept = false;
                    self.act(
                        ctx,
                        Action::Library(Library::InstallRuntime { file, accept }),
                    );
                }
            }
        }
    }

    fn save_when_at_rest(&mut self, ctx: &Context) {
        if ctx.input(|i| i.pointer.any_down()) {
            return;
        }
        if let Some(settings) = self.unsaved.take() {
            self.saving = Some(settings.clone());
            self.runner.perform(Effect::start(SaveSettings(settings)));
        }
    }

    /// Draws the panels; returns the place of the canvas without its bars.
    fn panels_ui(&mut self, ui: &mut Ui, requested: &mut Requests) -> Rect {
        let t = self.texts();
        let view = &mut FrameContext {
            state: &self.state,
            t,
            panels: self.panels,
            runner: &self.runner,
            requested,
        };
        let palette = Palette::of(ui.visuals());
        let filled = |margin: Margin| Frame::new().fill(palette.panel).inner_margin(margin);
        Panel::top("menu")
            .frame(filled(Margin::symmetric(8, 3)))
            .show(ui, |ui| menu::menu_ui(ui, view));
        Panel::bottom("research only")
            .frame(
                Frame::new()
                    .fill(palette.window)
                    .inner_margin(Margin::symmetric(theme::PANEL_MARGIN, 4)),
            )
            .show(ui, |ui| {
                ui.vertical_centered(|ui| words_ui(ui, research_only(t.0), Emphasis::Weak));
            });
        Panel::bottom("status")
            .frame(filled(Margin::symmetric(theme::PANEL_MARGIN, 1)))
            .show(ui, |ui| status::status_ui(ui, view));
        let narrow = theme::is_narrow(ui.ctx());
        // The table takes the whole width.
        let has_panels = self.state.layout != Layout::Table || self.state.photographs.is_empty();
        if self.panels.list && has_panels {
            Panel::left("photographs")
                .frame(filled(Margin::same(theme::PANEL_MARGIN)))
                .resizable(true)
                .default_size(theme::LIST_WIDTH)
                .size_range(if narrow {
                    180.0..=theme::NARROW_LIST
                } else {
                    theme::LIST_WIDTH..=420.0
                })
                .show(ui, |ui| self.list.list_ui(ui, view));
        }
        let mut answer = None;
        if self.panels.answer && has_panels {
            let width = if narrow {
                theme::NARROW_ANSWER
            } else {
                theme::ANSWER_WIDTH
            };
            let panel = Panel::right("answer")
                .frame(filled(Margin::same(theme::PANEL_MARGIN)))
                .resizable(false)
                .exact_size(width)
                .show(ui, |ui| ui.max_rect());
            answer = Some(panel.inner);
        }
        let canvas = CentralPanel::no_frame().show(ui, |ui| self.canvas.canvas_ui(ui, view));
        // Filled after the canvas, so that Tab follows the eye from left to right.
        if let Some(place) = answer {
            ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
                ui.set_clip_rect(place.expand(f32::from(theme::PANEL_MARGIN)));
                self.answer.panel_ui(ui, view);
            });
        }
        canvas.inner
    }

    /// Shows what dropping will do while files hover over the window.
    fn veil_ui(&self, ctx: &Context) {
        if ctx.input(|i| i.raw.hovered_files.is_empty()) {
            return;
        }
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop veil"));
        let painter = ctx.layer_painter(layer);
        let rect = ctx.content_rect();
        painter.rect_filled(rect, 0, theme::CANVAS_SHADE);
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

/// The type of a file that is dropped or that the window is started with, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Photographs,
    Keras,
    Runtime,
}

fn what_is(path: &Path) -> Kind {
    let extension = path.extension().map(|e| e.to_ascii_lowercase());
    match extension.as_ref().and_then(|e| e.to_str()) {
        Some("h5" | "hdf5" | "keras" | "onnx" | "pb" | "index" | "zip" | "gz" | "tgz" | "tar") => {
            Kind::Keras
        }
        Some("whl" | "so" | "dylib" | "dll") => Kind::Runtime,
        _ if storage::is_file(&path.join(keras::SAVED_MODEL)) => Kind::Keras,
        _ => Kind::Photographs,
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        if let Some(frames) = &mut self.frames {
            frames.begin(frame.info().cpu_usage);
        }
        for landing in self.runner.drain() {
            let effects = land(&mut self.state, landing);
            self.perform(ctx, effects);
        }
        self.dropped(ctx);
        self.closing(ctx);
        self.keys(ctx);
        self.save_when_at_rest(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        fonts::show(ui.ctx(), self.state.settings.language);
        theme::show(ui.ctx(), self.state.settings.appearance);
        theme::scale(ui.ctx(), self.state.settings.scale);
        let mut requested = Requests::default();
        let canvas = self.panels_ui(ui, &mut requested);
        let ctx = ui.ctx().clone();
        let view = &mut FrameContext {
            state: &self.state,
            t: self.texts(),
            panels: self.panels,
            runner: &self.runner,
            requested: &mut requested,
        };
        let place = if self.pages.is_open(&self.state) {
            Place::AbovePage
        } else {
            Place::Canvas(canvas)
        };
        messages::messages_ui(&ctx, &mut self.messages_seen, place, view);
        self.pages.pages_ui(ui, view);
        self.veil_ui(&ctx);
        self.typed = ctx.text_edit_focused() || self.state.asking;
        let something = !(requested.actions.is_empty() && requested.commands.is_empty());
        for action in requested.actions {
            self.act(&ctx, action);
        }
        for command in requested.commands {
            self.command(&ctx, command);
        }
        if something {
            ctx.request_repaint();
        }
        if let Some(frames) = &mut self.frames {
            frames.end();
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        // Save jobs may still be queued, and closing stops them all.
        let settings = self.unsaved.take().or(self.saving.take());
        let recent = self.recent_changed.then_some(self.state.recent.as_slice());
        self.runner.save_now(settings.as_ref(), recent);
        self.runner.close(CLOSING);
        if let Some(frames) = &mut self.frames {
            frames.close();
        }
    }

    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        theme::CANVAS.to_normalized_gamma_f32()
    }
}
