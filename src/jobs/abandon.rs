//! Work on its own thread, which is abandoned if it has not ended soon after a cancel.

use std::io;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::{Panicked, caught};
use crate::progress::Cancel;

/// As large as that of a main thread: documents and networks may be deeply nested.
const STACK: usize = 8 << 20;

enum Event<T> {
    Ended(Result<T, Panicked>),
    Stop,
}

/// Runs `work` on its own thread and waits for it to end. If it is still running when `grace` has elapsed after a
/// cancel, `otherwise` provides the result instead and the thread is abandoned; `None` means to wait for it all the
/// same.
///
/// # Errors
/// The system cannot start a thread.
pub fn run_or_abandon<T: Send + 'static>(
    cancel: &Cancel,
    grace: Duration,
    work: impl FnOnce() -> T + Send + 'static,
    otherwise: impl FnOnce() -> Option<T>,
) -> io::Result<Result<T, Panicked>> {
    let (send, receive) = channel();
    let stop = send.clone();
    let _hook = cancel.on_cancel(move || drop(stop.send(Event::Stop)));
    thread::Builder::new()
        .name("work".to_owned())
        .stack_size(STACK)
        .spawn(move || drop(send.send(Event::Ended(caught(work)))))?;
    let mut otherwise = Some(otherwise);
    let mut limit = Duration::MAX;
    loop {
        match receive.recv_timeout(limit) {
            Ok(Event::Ended(outcome)) => return Ok(outcome),
            Ok(Event::Stop) => limit = grace,
            Err(_) => {
                if let Some(instead) = otherwise.take().and_then(|answer| answer()) {
                    return Ok(Ok(instead));
                }
                limit = Duration::MAX;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn work_that_listens_is_waited_for_and_a_panic_is_reported() {
        let cancel = Cancel::new();
        let never = || -> Option<u8> { unreachable!("the work came to its end") };
        assert_eq!(run_or_abandon(&cancel, LONG, || 7, never).unwrap(), Ok(7));
        let stop = cancel.clone();
        let listening = move || {
            stop.cancel();
            u8::from(stop.is_cancelled())
        };
        assert_eq!(
            run_or_abandon(&cancel, LONG, listening, never).unwrap(),
            Ok(1)
        );
        let defect = || -> u8 { panic!("a defect") };
        let reported = run_or_abandon(&Cancel::new(), LONG, defect, never).unwrap();
        assert_eq!(reported, Err(Panicked("a defect".to_owned())));
    }

    #[test]
    fn work_that_does_not_listen_is_answered_for_or_waited_for() {
        for (instead, expected) in [(Some(3), 3), (None, 9)] {
            let cancel = Cancel::new();
            let (release, held) = mpsc::channel::<()>();
            let stop = cancel.clone();
            let deaf = move || {
                stop.cancel();
                // Ends when the other end is dropped.
                let _ = held.recv();
                9
            };
            let mut kept = Some(release);
            let answer = run_or_abandon(&cancel, SHORT, deaf, || {
                instead.or_else(|| {
                    drop(kept.take());
                    None
                })
            });
            assert_eq!(answer.unwrap(), Ok(expected));
        }
    }
}
