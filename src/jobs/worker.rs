//! A worker: this executable once more, in a process of its own, so that what kills it leaves the parent alive.
//!
//! Parent and worker write lines to each other through the worker's standard input and output. The worker ends when its
//! input does: however the parent died, no worker is left behind. This is the only place that starts processes.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::interrupt::INTERRUPTED;
use crate::progress::{Cancel, HookGuard};

/// What the parent writes to ask for an early end.
const STOP: &str = "stop";

/// How long a worker that was asked to stop may finish what it writes, and how long one whose input ended may take to go.
const GRACE: Duration = Duration::from_millis(300);

/// How often the end of a worker is looked for in that time.
const LOOKS: u32 = 60;

/// The running executable; on Linux also where its file was deleted or replaced meanwhile, as an update does.
fn executable() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let own = Path::new("/proc/self/exe");
    match !path.exists() && own.exists() {
        true => Ok(own.to_owned()),
        false => Ok(path),
    }
}

/// What the parent hears.
#[derive(Debug, PartialEq, Eq)]
pub enum WorkerEvent {
    Line(String),
    /// The worker has ended or is about to.
    Ended,
    /// The parent's own cancel went up.
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
    /// `None` once its input was ended.
    input: Option<ChildStdin>,
    lines: Receiver<WorkerEvent>,
    _hook: HookGuard,
}

impl Worker {
    /// Starts this executable with one argument.
    ///
    /// # Errors
    /// What the system says where it has no process, thread or memory to give.
    pub fn start(argument: &str, cancel: &Cancel) -> Result<Self, ErrorKind> {
        Self::started(argument, cancel).map_err(|e| e.kind())
    }

    fn started(argument: &str, cancel: &Cancel) -> io::Result<Self> {
        let mut command = Command::new(executable()?);
        command.arg(argument);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        // What a terminal sends at Ctrl-C is for the parent, which asks the worker to stop.
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

    /// Writes a line. A worker that has ended does not hear it, which its end tells soon enough.
    pub fn notify(&mut self, line: &str) {
        if let Some(input) = &mut self.input {
            let _ = writeln!(input, "{line}").and_then(|()| input.flush());
        }
    }

    /// The next thing that happens.
    pub fn next(&self) -> WorkerEvent {
        self.lines.recv().unwrap_or(WorkerEvent::Ended)
    }

    /// Asks it to stop and returns once it has ended; one that does not listen is killed.
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

    /// How it ended; for one whose end was heard.
    pub fn exit(mut self) -> WorkerExit {
        self.input = None;
        // One that hangs in its last steps is not waited for.
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
    /// Listens to the parent: `cancel` goes up when it asks to stop. When it is gone the process ends, after `last`.
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

    /// The next line; `None` once `cancel` is up.
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

    /// Writes a line. Without a parent nobody needs it.
    pub fn notify(&self, line: &str) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        // On a line of its own, whatever a library may have printed before it.
        let _ = write!(output, "\n{line}\n").and_then(|()| output.flush());
    }
}
