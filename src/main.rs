//! Parses the arguments, then runs a command or opens the window.

use std::process::ExitCode;
use std::time::Instant;

use gantei::cli::{self, Invocation};
use gantei::runtime::usage_reports;
use gantei::{jobs, ui};

#[expect(
    unsafe_code,
    reason = "a variable of the environment must be set before ONNX Runtime is loaded"
)]
fn main() -> ExitCode {
    let began = Instant::now();
    // SAFETY: this is the first thread, and it has started no other.
    unsafe { usage_reports::forbid() };
    jobs::report_panics_plainly();
    match cli::run(std::env::args_os()) {
        Invocation::Done(status) => ExitCode::from(status),
        Invocation::Window(files) => ExitCode::from(ui::run(files, began, cli::command_line)),
    }
}
