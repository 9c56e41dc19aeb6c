//! A worker: this executable in a second process, so that a crash there does not end the parent.
//!
//! Parent and worker exchange lines through the worker's standard input and output. The worker ends when its input
//! does: however the parent died, no worker is left behind. This is the only place that starts processes.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::interrupt::INTERRUPTED;
use crate::progress::{Cancel, HookGuard};

/// Sent by the parent to request an early end.
const STOP: &str = "stop";

/// How long a worker may take to finish writing after a stop request, or to exit after its input ended.
const GRACE: Duration = Duration::from_millis(300);

/// Asks the memory allocator of glibc for large pages. A photograph takes and returns several blocks of tens of
/// megabytes: in pages of 4 kB, setting up that memory costs a sixth of the processor time of a run. A system without
/// glibc or large pages ignores it.
const TUNABLES: &str = "GLIBC_TUNABLES";
const LARGE_PAGES: &str = "glibc.malloc.hugetlb=1";

/// How often the worker is polled in that time.
const LOOKS: u32 = 60;

/// The running executable; on Linux also if its file was deleted or replaced meanwhile, as by an update.
fn executable() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let own = Path::new("/proc/self/exe");
    match !path.exists() && own.exists() {
        true => Ok(own.to_owned()),
        false => Ok(path),
    }
}

/// What the parent receives.
#[derive(Debug, PartialEq, Eq)]
pub enum WorkerEvent {
    Line(String),
    /// The worker has ended or is about to.
    Ended,
    /// The parent's own cancel was raised.
    Cancelled,
}

/// How a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerExit {
    /// By itself, with this status.
    Exit(i32),
    Signal(i32),
}

impl WorkerExit {
    fn of(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        Self::Exit(status.code().unwrap_or(-1))
    }
}

/// The parent's end.
pub struct Worker {
    child: Child,
    /// `None` after its input was closed.
    input: Option<ChildStdin>,
    lines: Receiver<WorkerEvent>,
    _hook: HookGuard,
}

impl Worker {
    /// Starts this executable with one argument.
    ///
    /// # Errors
    /// The system error if a process, thread or memory is not available.
    pub fn start(argument: &str, cancel: &Cancel) -> Result<Self, ErrorKind> {
        Self::started(argument, cancel).map_err(|e| e.kind())
    }

    fn started(argument: &str, cancel: &Cancel) -> io::Result<Self> {
        let mut command = Command::new(executable()?);
        command.arg(argument);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if std::env::var_os(TUNABLES).is_none() {
            command.env(TUNABLES, LARGE_PAGES);
        }
        // Ctrl-C in a terminal is for the parent, which asks the worker to stop.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (send, lines) = channel();
        let stop = send.clone();
        let hook = cancel.on_cancel(move || drop(stop.send(WorkerEvent::Cancelled)));
        let mut worker = Self {
            child,
            input,
            lines,
            _hook: hook,
        };
        let reading = move || {
            let output = output.into_iter().map(BufReader::new);
            hand_on(output.flat_map(|output| output.split(b'\n')), &send);
        };
        let thread = thread::Builder::new().name("worker".to_owned());
        if let Err(e) = thread.spawn(reading) {
            worker.kill();
            return Err(e);
        }
        Ok(worker)
    }

    /// Writes a line. A worker that has ended does not receive it; [`WorkerEvent::Ended`] follows.
    pub fn notify(&mut self, line: &str) {
        if let Some(input) = &mut self.input {
            let _ = writeln!(input, "{line}").and_then(|()| input.flush());
        }
    }

    /// The next event.
    pub fn next(&self) -> WorkerEvent {
        self.lines.recv().unwrap_or(WorkerEvent::Ended)
    }

    /// Asks it to stop and returns when it has ended; one that does not respond is killed.
    pub fn stop(mut self) {
        self.notify(STOP);
        if !self.has_ended() {
            self.input = None;
            self.has_ended();
        }
    }

    /// Waits a while for its end.
    fn has_ended(&self) -> bool {
        loop {
            match self.lines.recv_timeout(GRACE) {
                Ok(WorkerEvent::Ended) | Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
                Ok(WorkerEvent::Line(_) | WorkerEvent::Cancelled) => {}
            }
        }
    }

    /// How it ended; to be called after [`WorkerEvent::Ended`].
    pub fn exit(mut self) -> WorkerExit {
        self.input = None;
        // A worker that hangs on exit is not waited for.
        for _ in 0..LOOKS {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(GRACE / LOOKS),
                ended => {
                    return ended
                        .ok()
                        .flatten()
                        .map_or(WorkerExit::Exit(-1), WorkerExit::of);
                }
            }
        }
        self.kill();
        self.child
            .wait()
            .map_or(WorkerExit::Exit(-1), WorkerExit::of)
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn hand_on(lines: impl Iterator<Item = io::Result<Vec<u8>>>, send: &Sender<WorkerEvent>) {
    let lines = lines.map_while(Result::ok);
    for line in lines.filter_map(|bytes| String::from_utf8(bytes).ok()) {
        if !line.is_empty() && send.send(WorkerEvent::Line(line)).is_err() {
            return;
        }
    }
    let _ = send.send(WorkerEvent::Ended);
}

/// The worker's end.
pub struct Parent {
    lines: Mutex<Receiver<String>>,
    output: Mutex<io::Stdout>,
}

impl Parent {
    /// Listens to the parent: `cancel` is raised when it requests a stop. When the parent is gone, the process ends
    /// after calling `last`.
    pub fn listen(cancel: &Cancel, last: fn()) -> io::Result<Self> {
        let (send, lines) = channel();
        let cancel = cancel.clone();
        let listening = move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                match line == STOP {
                    true => cancel.cancel(),
                    false => drop(send.send(line)),
                }
            }
            last();
            std::process::exit(INTERRUPTED);
        };
        let thread = thread::Builder::new().name("parent".to_owned());
        thread.spawn(listening)?;
        Ok(Self {
            lines: Mutex::new(lines),
            output: Mutex::new(io::stdout()),
        })
    }

    /// The next line; `None` once `cancel` is raised.
    pub fn next(&self, cancel: &Cancel) -> Option<String> {
        const LOOK: Duration = Duration::from_millis(20);
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match lines.recv_timeout(LOOK) {
                Ok(line) => return Some(line),
                Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
                Err(_) => return None,
            }
        }
    }

    /// Writes a line. Without a parent it is dropped.
    pub fn notify(&self, line: &str) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        // On a separate line, whatever a library may have printed before it.
        let _ = write!(output, "\n{line}\n").and_then(|()| output.flush());
    }
}
