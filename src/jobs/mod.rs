//! The only place that starts threads and processes.
//!
//! Work goes to a *lane* (who waits for it) under a *slot* (what it is for). A slot holds one job: a newer one cancels
//! and replaces the older, and a late answer from a job that lost its slot is dropped unseen. A job may report answers
//! before its last. A panic becomes an outcome like any other. Generic in slot and answer; knows nothing of eyes or
//! windows.

mod abandon;
mod background;
mod both;
pub mod interrupt;
mod lane;
mod read_ahead;
mod sequencer;
mod worker;

pub use abandon::run_or_abandon;
pub use background::Background;
pub use both::both;
pub use lane::Lane;
pub use read_ahead::{ReadAhead, Ticket, ahead_in_turn, read_ahead};
pub use sequencer::Sequencer;
pub use worker::{Parent, Worker, WorkerEvent, WorkerExit};

use std::any::Any;
use std::collections::HashMap;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::progress::{Cancel, Progress};
use lane::Lanes;

/// A job stopped by a defect of the application; the text is the panic message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Panicked(pub String);

/// An intermediate answer or the outcome of a job that still held its slot.
#[derive(Debug)]
pub struct Note<S, M> {
    pub slot: S,
    pub outcome: Result<M, Panicked>,
}

struct Held {
    ticket: u64,
    cancel: Cancel,
    progress: Progress,
}

struct Sent<S, M> {
    ticket: u64,
    /// The job has ended, and its slot is free.
    last: bool,
    note: Note<S, M>,
}

/// The running jobs of one window. `S` names slots, `M` is what jobs answer.
pub struct Jobs<S, M> {
    lanes: Lanes,
    held: HashMap<S, Held>,
    next_ticket: u64,
    wake: Arc<dyn Fn() + Send + Sync>,
    send: Sender<Sent<S, M>>,
    receive: Receiver<Sent<S, M>>,
    /// Answers that were sent but not yet drained.
    unread: Arc<AtomicUsize>,
}

impl<S, M> Jobs<S, M>
where
    S: Clone + Eq + Hash + Send + 'static,
    M: Send + 'static,
{
    /// Starts the lanes' threads. They call `wake` whenever there is something to [`drain`](Self::drain).
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let (send, receive) = channel();
        Ok(Self {
            lanes: Lanes::start()?,
            held: HashMap::new(),
            next_ticket: 0,
            wake: Arc::new(wake),
            send,
            receive,
            unread: Arc::default(),
        })
    }

    /// Queues `work`; the job that held the slot before is cancelled and its answer is dropped.
    pub fn submit(
        &mut self,
        lane: Lane,
        slot: S,
        work: impl FnOnce(&Cancel, &Progress) -> M + Send + 'static,
    ) {
        self.submit_notifying(lane, slot, |cancel, progress, _| work(cancel, progress));
    }

    /// As [`submit`](Self::submit), for work with answers before its last: they are drained like the last one, and the
    /// slot stays held until then.
    pub fn submit_notifying(
        &mut self,
        lane: Lane,
        slot: S,
        work: impl FnOnce(&Cancel, &Progress, &dyn Fn(M)) -> M + Send + 'static,
    ) {
        self.cancel(&slot);
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let (cancel, progress) = (Cancel::new(), Progress::new());
        self.held.insert(
            slot.clone(),
            Held {
                ticket,
                cancel: cancel.clone(),
                progress: progress.clone(),
            },
        );
        let (send, wake) = (self.send.clone(), Arc::clone(&self.wake));
        let unread = Arc::clone(&self.unread);
        let send = move |outcome, last| {
            let slot = slot.clone();
            let note = Note { slot, outcome };
            unread.fetch_add(1, Ordering::SeqCst);
            // The window may already be closed; the answer is then not needed.
            if send.send(Sent { ticket, last, note }).is_ok() {
                wake();
            }
        };
        self.lanes.push(
            lane,
            Box::new(move || {
                if cancel.is_cancelled() {
                    return;
                }
                let notify = |answer| {
                    // It will not be seen, so it need not stay in the queue until the next call to drain.
                    if !cancel.is_cancelled() {
                        send(Ok(answer), false);
                    }
                };
                let outcome = caught(|| work(&cancel, &progress, &notify));
                send(outcome, true);
            }),
        );
    }

    /// Stops the slot's job, if any. The slot is free at once; later answers are dropped.
    pub fn cancel(&mut self, slot: &S) {
        if let Some(held) = self.held.remove(slot) {
            held.cancel.cancel();
        }
    }

    /// Progress of the slot's job; `None` if the slot is free.
    pub fn progress(&self, slot: &S) -> Option<&Progress> {
        self.held.get(slot).map(|held| &held.progress)
    }

    /// True while a job may still produce an answer by itself: it is running, or a thread is free for it. `held`
    /// running jobs are not counted: those known to wait for a signal from the caller, as in tests. Jobs queued behind
    /// them do not count either.
    pub fn is_working(&self, held: usize) -> bool {
        self.lanes.are_working(held)
    }

    /// True while answers wait to be drained, including those of jobs that lost their slot. If nothing
    /// [works](Self::is_working) either, no more answers arrive by themselves.
    pub fn has_answers(&self) -> bool {
        self.unread.load(Ordering::SeqCst) > 0
    }

    /// The answers since the last call, in the order in which they were sent.
    pub fn drain(&mut self) -> Vec<Note<S, M>> {
        let mut notes = Vec::new();
        while let Ok(Sent { ticket, last, note }) = self.receive.try_recv() {
            self.unread.fetch_sub(1, Ordering::SeqCst);
            if self
                .held
                .get(&note.slot)
                .is_some_and(|held| held.ticket == ticket)
            {
                if last {
                    self.held.remove(&note.slot);
                }
                notes.push(note);
            }
        }
        notes
    }

    /// Cancels everything and waits at most `limit` for the lanes to become idle; true if they did. Jobs that wait for
    /// the user are not waited for.
    pub fn close(&mut self, limit: Duration) -> bool {
        for (_, held) in self.held.drain() {
            held.cancel.cancel();
        }
        self.lanes.close(limit)
    }
}

/// Runs `work` and turns a panic into a value.
pub fn caught<R>(work: impl FnOnce() -> R) -> Result<R, Panicked> {
    // State behind the closure is dropped with it or guarded by locks that ignore poisoning, hence the assertion.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Panicked(text_of(&*payload)))
}

/// Makes panics report only their place on standard error, without the build machine's folders and without any data
/// being processed. `RUST_BACKTRACE` restores the full report.
pub fn report_panics_plainly() {
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|desired| desired != "0") {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| {
            let file = at.file().rsplit(['/', '\\']).next().unwrap_or_default();
            format!(" ({file}:{})", at.line())
        });
        eprintln!(
            "gantei: a defect of the application: {}{place}",
            text_of(panic.payload())
        );
    }));
}

/// A message fixed in the program is reported whole. A formatted one may contain data being processed, so only its
/// beginning is reported, up to the first colon, semicolon or quotation mark.
fn text_of(payload: &(dyn Any + Send)) -> String {
    let fixed = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    let made = payload.downcast_ref::<String>();
    let beginning = |text: &String| {
        let ends = [": ", "; ", "\"", "'", "\n"];
        let end = ends.iter().filter_map(|end| text.find(end)).min();
        text[..end.unwrap_or(text.len())].to_owned()
    };
    fixed
        .or_else(|| made.map(beginning))
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

/// The number of this process, which no other process of the computer has at the same time.
pub fn process_number() -> u32 {
    std::process::id()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    const LONG: Duration = Duration::from_secs(20);

    fn jobs() -> Jobs<&'static str, u32> {
        Jobs::start(|| {}).unwrap()
    }

    fn wait_for(jobs: &mut Jobs<&'static str, u32>, count: usize) -> Vec<Note<&'static str, u32>> {
        let end = Instant::now() + LONG;
        let mut notes = Vec::new();
        while notes.len() < count {
            assert!(
                Instant::now() < end,
                "only {} of {count} notes came",
                notes.len()
            );
            notes.extend(jobs.drain());
            std::thread::sleep(Duration::from_millis(1));
        }
        notes
    }

    #[test]
    fn only_the_latest_answer_of_a_slot_is_seen() {
        let mut jobs = jobs();
        for n in 0..20 {
            jobs.submit(Lane::Interactive, "predict", move |cancel, _| {
                while n < 19 && !cancel.is_cancelled() {
                    std::thread::yield_now();
                }
                n
            });
        }
        let notes = wait_for(&mut jobs, 1);
        assert_eq!(notes[0].outcome, Ok(19));
        assert!(jobs.held.is_empty());
        assert!(jobs.drain().is_empty());
    }

    #[test]
    fn a_panic_becomes_a_note_and_the_lane_lives_on() {
        let mut jobs = jobs();
        jobs.submit(Lane::Background, "import", |_, _| {
            panic!("on purpose {}", 7)
        });
        let notes = wait_for(&mut jobs, 1);
        assert_eq!(notes[0].outcome, Err(Panicked("on purpose 7".into())));
        jobs.submit(Lane::Background, "import", |_, _| 5);
        assert_eq!(wait_for(&mut jobs, 1)[0].outcome, Ok(5));
    }

    #[test]
    fn what_was_worked_on_is_not_told() {
        let name = String::from("Yamada é");
        let cut = caught(|| name[..name.len() - 1].len()).unwrap_err();
        let opened = || std::fs::read(&name).map_err(|e| format!("{name}: {e}"));
        let unread = caught(|| opened().unwrap()).unwrap_err();
        assert_eq!(unread.0, "called `Result::unwrap()` on an `Err` value");
        assert!(!cut.0.contains("Yamada"), "{cut}");
    }

    #[test]
    fn a_cancelled_job_frees_its_slot_at_once_and_answers_nobody() {
        let mut jobs = jobs();
        jobs.submit(Lane::Interactive, "predict", |cancel, _| {
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            1
        });
        jobs.cancel(&"predict");
        assert!(jobs.progress(&"predict").is_none());
        jobs.submit(Lane::Interactive, "open", |_, _| 2);
        let notes = wait_for(&mut jobs, 1);
        assert_eq!((notes[0].slot, &notes[0].outcome), ("open", &Ok(2)));
        assert!(jobs.close(LONG));
        assert!(jobs.drain().is_empty());
    }

    #[test]
    fn people_never_queue_behind_the_background() {
        let mut jobs = jobs();
        jobs.submit(Lane::Background, "batch", |cancel, _| {
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            0
        });
        jobs.submit(Lane::Interactive, "open", |_, progress| {
            progress.start(3);
            1
        });
        assert_eq!(wait_for(&mut jobs, 1)[0].slot, "open");
        jobs.submit(Lane::ReadAhead, "thumbnail", |_, _| 2);
        assert_eq!(wait_for(&mut jobs, 1)[0].slot, "thumbnail");
        assert!(jobs.close(LONG));
    }

    #[test]
    fn answers_before_the_last_keep_the_slot_and_come_in_order() {
        let mut jobs = jobs();
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        jobs.submit_notifying(Lane::Background, "batch", move |_, _, notify| {
            notify(1);
            notify(2);
            held.recv().map_or(0, |()| 3)
        });
        let early = wait_for(&mut jobs, 2);
        assert_eq!((&early[0].outcome, &early[1].outcome), (&Ok(1), &Ok(2)));
        assert!(jobs.progress(&"batch").is_some());
        let_go.send(()).unwrap();
        assert_eq!(wait_for(&mut jobs, 1)[0].outcome, Ok(3));
        assert!(jobs.held.is_empty());
    }

    #[test]
    fn what_a_job_tells_after_it_lost_its_slot_is_not_seen() {
        let mut jobs = jobs();
        let woken = Arc::new(AtomicUsize::new(0));
        let began = Arc::clone(&woken);
        jobs.submit_notifying(Lane::Interactive, "run", move |cancel, _, notify| {
            notify(1);
            began.store(1, Ordering::SeqCst);
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            notify(2);
            3
        });
        while woken.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        // The first answer is already queued, and belongs to no job once another one has the slot.
        jobs.submit(Lane::Interactive, "run", |_, _| 10);
        let notes = wait_for(&mut jobs, 1);
        assert!(jobs.close(LONG));
        let late = jobs.drain();
        assert_eq!(notes.len() + late.len(), 1);
        assert_eq!(notes[0].outcome, Ok(10));
    }

    fn rest(jobs: &Jobs<&'static str, u32>, held: usize) {
        let end = Instant::now() + LONG;
        while jobs.is_working(held) {
            assert!(Instant::now() < end, "still at work");
            std::thread::yield_now();
        }
    }

    #[test]
    fn work_is_told_until_all_that_can_come_has_come() {
        let mut jobs = jobs();
        assert!(!jobs.is_working(0) && !jobs.has_answers());
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        jobs.submit(Lane::Background, "export", move |_, _| {
            held.recv().map_or(0, |()| 1)
        });
        // One queued behind the held job, one with a free lane, and one that waits for the user.
        jobs.submit(Lane::Background, "save", |_, _| 2);
        jobs.submit(Lane::ReadAhead, "thumbnail", |_, _| 3);
        jobs.submit(Lane::WaitingUser, "dialog", |_, _| 4);
        rest(&jobs, 1);
        assert!(jobs.is_working(0), "the held one is at work");
        assert!(jobs.has_answers());
        let slots = jobs.drain().into_iter().map(|n| n.slot);
        let mut slots: Vec<_> = slots.collect();
        slots.sort_unstable();
        assert_eq!(slots, ["dialog", "thumbnail"]);
        assert!(!jobs.has_answers());
        let_go.send(()).unwrap();
        rest(&jobs, 0);
        assert_eq!(jobs.drain().len(), 2);
    }

    #[test]
    fn closing_does_not_wait_for_a_person() {
        let mut jobs = jobs();
        let (release, held) = std::sync::mpsc::channel::<()>();
        jobs.submit(Lane::WaitingUser, "dialog", move |_, _| {
            // Ends when the test drops the other end.
            held.recv().map_or(0, |()| 1)
        });
        // Had it waited, it would give up after this time.
        assert!(jobs.close(LONG));
        drop(release);
    }

    #[test]
    fn closing_gives_up_on_a_job_that_does_not_listen() {
        let mut jobs = jobs();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let started = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&started);
        jobs.submit(Lane::Background, "deaf", move |_, _| {
            seen.store(1, Ordering::SeqCst);
            held.recv().map_or(0, |()| 1)
        });
        while started.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        assert!(!jobs.close(Duration::from_millis(20)));
        drop(release);
    }

    #[test]
    fn every_answer_wakes() {
        let count = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&count);
        let mut jobs: Jobs<&str, u32> = Jobs::start(move || {
            seen.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap();
        jobs.submit(Lane::Interactive, "a", |_, _| 1);
        jobs.submit(Lane::Background, "b", |_, _| 2);
        wait_for(&mut jobs, 2);
        assert!(jobs.close(LONG));
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}
