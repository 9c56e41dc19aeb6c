//! Signals as a request to stop: the first cancels and lets files be finished, the second exits at once.

use std::io;

use crate::progress::Cancel;

/// Exit status of an interrupted run, by shell convention (128 + SIGINT).
pub const INTERRUPTED: i32 = 130;

/// Raises `cancel` at the first Ctrl-C, SIGTERM or hang-up; ends the process with status 130 at the second. Without
/// `hangup` the closing of the terminal is left to the system. May be called once per process.
pub fn cancel_on_interrupt(cancel: &Cancel, hangup: bool) -> io::Result<()> {
    let cancel = cancel.clone();
    on_signal(hangup, move || {
        if cancel.is_cancelled() {
            std::process::exit(INTERRUPTED);
        }
        cancel.cancel();
    })
}

/// Leaves these signals to the parent process, which may have received them, too.
pub fn leave_signals_to_the_parent() {
    #[cfg(unix)]
    for signal in [
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGHUP,
    ] {
        // On failure the signal ends this process, as by default.
        let _ = signal_hook::flag::register(signal, std::sync::Arc::default());
    }
}

#[cfg(unix)]
fn on_signal(hangup: bool, act: impl Fn() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let signals = [SIGINT, SIGTERM, SIGHUP];
    let handled = if hangup { &signals[..] } else { &signals[..2] };
    let mut signals = signal_hook::iterator::Signals::new(handled)?;
    let waiting = move || signals.forever().for_each(|_| act());
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(waiting).map(drop)
}

#[cfg(not(unix))]
fn on_signal(_hangup: bool, act: impl Fn() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(act).map_err(io::Error::other)
}
