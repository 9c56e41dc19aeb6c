//! Ctrl-C as a request to stop: the first press cancels and lets files be finished, the second leaves at once.

use std::io;

use crate::progress::Cancel;

/// Exit status of an interrupted run, after the shells' convention (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// Raises `cancel` at the first Ctrl-C; ends the process with status 130 at the second.
/// May be called once per process.
pub fn cancel_on_interrupt(cancel: &Cancel) -> io::Result<()> {
    let cancel = cancel.clone();
    ctrlc::set_handler(move || {
        if cancel.is_cancelled() {
            std::process::exit(INTERRUPTED);
        }
        cancel.cancel();
    })
    .map_err(io::Error::other)
}
