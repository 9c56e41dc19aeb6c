//! Parses the arguments, then runs a command or opens the window.

use std::process::ExitCode;
use std::time::Instant;

use gantei::cli::{self, Invocation};
use gantei::{jobs, ui};

fn main() -> ExitCode {
    let began = Instant::now();
    jobs::report_panics_plainly();
    match cli::run(std::env::args_os()) {
        Invocation::Done(status) => ExitCode::from(status),
        Invocation::Window(files) => ExitCode::from(ui::run(files, began, cli::command_line)),
    }
}
