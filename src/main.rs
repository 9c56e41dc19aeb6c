//! Parse the arguments, then run a command or open the window; nothing else.

use std::process::ExitCode;

use gantei::cli::{self, Wanted};
use gantei::ui;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Wanted::Done(status) => ExitCode::from(status),
        Wanted::Window(files) => ExitCode::from(ui::run(files)),
    }
}
