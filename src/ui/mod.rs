//! The window: draws [`State`](crate::app::State) with egui and turns input into actions.
//!
//! No decisions are made here: a panel reads the state and collects requests, which are applied at the end of the
//! frame. A widget stores only what nothing else can observe, such as the camera.

mod answer;
mod canvas;
mod command;
mod focus;
mod fonts;
mod icons;
mod keys;
mod list;
mod menu;
mod messages;
mod pages;
mod path_field;
mod photograph_menu;
pub mod picker;
mod rows;
mod status;
mod textures;
mod theme;
mod view;
mod window;

pub use answer::Tab;
pub use command::Command;
pub use window::{Start, Window};

use std::path::PathBuf;
use std::time::Instant;

use crate::app::WorkflowContext;
use crate::app::state::Reproduction;
use crate::domain::foreign::without_paths;
use crate::text::Lang;
use crate::text::window::Texts;

/// Exit status for an unavailable device, here a display.
const NO_DISPLAY: u8 = 4;

/// Opens the window with these photographs, or with the sample eye; returns the exit status when it is closed. If no
/// window can be opened, one line in both languages states what to do instead. `process_began`: for scripts that
/// measure the time to the first frame. `command_line`: returns the command line that reproduces an answer.
pub fn run(
    files: Vec<PathBuf>,
    process_began: Instant,
    command_line: fn(&Reproduction) -> String,
) -> u8 {
    match open_window(files, process_began, command_line) {
        Ok(()) => 0,
        Err(reason) => {
            for lang in [Lang::En, Lang::Ja] {
                eprintln!("gantei: {}", Texts(lang).no_display());
            }
            // The system's own message helps to fix the display setup.
            if std::env::var_os("GANTEI_LOG").is_some() {
                eprintln!("({})", without_paths(&reason.to_string()));
            }
            NO_DISPLAY
        }
    }
}

fn open_window(
    files: Vec<PathBuf>,
    process_began: Instant,
    command_line: fn(&Reproduction) -> String,
) -> Result<(), eframe::Error> {
    let (workflow, settings) = WorkflowContext::open();
    // Relative paths would be wrong in a later session with another working directory.
    let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let files = files.into_iter().map(whole).collect();
    let start = Start {
        workflow,
        picker: Box::new(picker::SystemPicker),
        settings,
        files,
        command_line,
    };
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Gantei 眼底")
        .with_app_id("gantei")
        .with_inner_size(theme::FIRST_WINDOW)
        .with_min_inner_size(theme::SMALLEST_WINDOW)
        .with_drag_and_drop(true);
    if let Ok(icon) =
        eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/gantei-256.png"))
    {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    eframe::run_native(
        "gantei",
        options,
        Box::new(move |cc| {
            let window = Window::new(&cc.egui_ctx, start)?;
            Ok(Box::new(window.timed_since(process_began)))
        }),
    )
}
