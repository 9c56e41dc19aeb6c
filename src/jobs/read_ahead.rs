//! Ordered, bounded read-ahead: several workers prepare items that one consumer takes in order, and never more than a
//! few ahead of it, so that a folder of a thousand photographs is not held in memory at once.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::{Panicked, caught};
use crate::progress::{Cancel, Cancelled};

/// How far to read ahead and with how many threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAhead {
    /// Threads that prepare items.
    pub workers: NonZeroUsize,
    /// Items alive at once, including those being prepared. Fewer than `workers` leaves threads idle.
    pub depth: NonZeroUsize,
}

impl Default for ReadAhead {
    /// For a consumer that is busy itself and large items such as photographs: one worker less than the machine has
    /// cores, at least one and at most four.
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = cores.saturating_sub(1).min(4);
        Self::with_workers(NonZeroUsize::new(workers).unwrap_or(NonZeroUsize::MIN))
    }
}

impl ReadAhead {
    /// For a consumer with little work: one worker per core.
    pub fn all_cores() -> Self {
        Self::with_workers(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// For work that takes large items, such as photographs, from beginning to end and leaves little to the consumer: one
    /// worker per core, at most eight, and two more items so that a slow one does not hold up the others at once.
    pub fn large_items() -> Self {
        const MOST: usize = 8;
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = NonZeroUsize::new(cores.min(MOST)).unwrap_or(NonZeroUsize::MIN);
        Self {
            workers,
            depth: workers.saturating_add(2),
        }
    }

    /// This number of workers, and two items for each.
    fn with_workers(workers: NonZeroUsize) -> Self {
        Self {
            workers,
            depth: workers.saturating_add(workers.get()),
        }
    }
}

/// The position of an item in the order.
pub struct Ticket<'a> {
    wait: &'a dyn Fn() -> Result<(), Cancelled>,
}

impl Ticket<'_> {
    /// Returns when the consumer has finished with every earlier item, so that only later items are held in addition to
    /// this one.
    ///
    /// # Errors
    /// The run has stopped.
    pub fn wait(&self) -> Result<(), Cancelled> {
        (self.wait)()
    }
}

struct Queue<I, R> {
    items: I,
    given_out: usize,
    exhausted: bool,
    ready: BTreeMap<usize, Result<R, Panicked>>,
    taken: usize,
    /// Items that the consumer has finished with.
    done: usize,
    stopped: bool,
}

struct Shared<I, R> {
    desk: Mutex<Queue<I, R>>,
    changed: Condvar,
}

impl<I, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, Queue<I, R>> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }
}

/// Releases the workers even if the consumer panics; otherwise the scope would wait for them forever.
struct StopOnDrop<'a, I, R>(&'a Shared<I, R>);

impl<I, R> Drop for StopOnDrop<'_, I, R> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Applies `work` to every item on scoped threads and passes the results to `take`, in order, on this thread. A panic
/// in `work` is that item's result. After a cancel, or if `take` fails, at most the items being prepared are still
/// finished.
pub fn read_ahead<T, R, E>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    options: ReadAhead,
    cancel: &Cancel,
    work: impl Fn(T) -> R + Sync,
    take: impl FnMut(Result<R, Panicked>) -> Result<(), E>,
) -> Result<(), E>
where
    R: Send,
    E: From<Cancelled>,
{
    ahead_in_turn(items, options, cancel, |item, _| work(item), take)
}

/// The same for items of which some are too large to be held together with others: `work` may wait for its turn.
pub fn ahead_in_turn<T, R, E>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    options: ReadAhead,
    cancel: &Cancel,
    work: impl Fn(T, &Ticket) -> R + Sync,
    mut take: impl FnMut(Result<R, Panicked>) -> Result<(), E>,
) -> Result<(), E>
where
    R: Send,
    E: From<Cancelled>,
{
    let shared = Shared {
        desk: Mutex::new(Queue {
            items: items.into_iter(),
            given_out: 0,
            exhausted: false,
            ready: BTreeMap::new(),
            taken: 0,
            done: 0,
            stopped: false,
        }),
        changed: Condvar::new(),
    };
    thread::scope(|scope| {
        let _stop = StopOnDrop(&shared);
        for _ in 0..options.workers.get() {
            scope.spawn(|| prepare(&shared, options.depth.get(), &work));
        }
        loop {
            cancel.check()?;
            match next_in_order(&shared) {
                Next::Ready(result) => {
                    take(result)?;
                    shared.lock().done += 1;
                    shared.changed.notify_all();
                }
                Next::NotYet => {}
                Next::End => return Ok(()),
            }
        }
    })
}

enum Next<R> {
    Ready(Result<R, Panicked>),
    NotYet,
    End,
}

/// Waits briefly for the next result in order; briefly because a cancel does not wake this wait.
fn next_in_order<I, R>(shared: &Shared<I, R>) -> Next<R> {
    let waits = |desk: &mut Queue<I, R>| {
        let at_the_end = desk.exhausted && desk.taken == desk.given_out;
        !at_the_end && !desk.ready.contains_key(&desk.taken)
    };
    let (mut desk, _) = shared
        .changed
        .wait_timeout_while(shared.lock(), Duration::from_millis(20), waits)
        .unwrap_or_else(PoisonError::into_inner);
    let place = desk.taken;
    if let Some(result) = desk.ready.remove(&place) {
        desk.taken += 1;
        drop(desk);
        shared.changed.notify_all();
        return Next::Ready(result);
    }
    if desk.exhausted && desk.taken == desk.given_out {
        Next::End
    } else {
        Next::NotYet
    }
}

fn prepare<T, I: Iterator<Item = T>, R>(
    shared: &Shared<I, R>,
    depth: usize,
    work: &(impl Fn(T, &Ticket) -> R + Sync),
) {
    loop {
        let mut desk = shared
            .changed
            .wait_while(shared.lock(), |desk| {
                !desk.stopped && !desk.exhausted && desk.given_out - desk.taken >= depth
            })
            .unwrap_or_else(PoisonError::into_inner);
        if desk.stopped || desk.exhausted {
            return;
        }
        let Some(item) = desk.items.next() else {
            desk.exhausted = true;
            drop(desk);
            shared.changed.notify_all();
            return;
        };
        let place = desk.given_out;
        desk.given_out += 1;
        drop(desk);
        let wait = || {
            let not_yet = |desk: &mut Queue<I, R>| !desk.stopped && desk.done < place;
            let held = shared.changed.wait_while(shared.lock(), not_yet);
            let held = held.unwrap_or_else(PoisonError::into_inner);
            match held.stopped {
                true => Err(Cancelled),
                false => Ok(()),
            }
        };
        let result = caught(|| work(item, &Ticket { wait: &wait }));
        shared.lock().ready.insert(place, result);
        shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn options(workers: usize, depth: usize) -> ReadAhead {
        ReadAhead {
            workers: NonZeroUsize::new(workers).unwrap(),
            depth: NonZeroUsize::new(depth).unwrap(),
        }
    }

    #[test]
    fn results_come_in_order_and_few_are_alive_at_once() {
        static ALIVE: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        struct Item(usize);
        impl Drop for Item {
            fn drop(&mut self) {
                ALIVE.fetch_sub(1, Ordering::SeqCst);
            }
        }
        let mut seen = Vec::new();
        read_ahead(
            0..1000,
            options(4, 8),
            &Cancel::new(),
            |n: usize| {
                MOST.fetch_max(ALIVE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                if n.is_multiple_of(7) {
                    thread::yield_now();
                }
                Item(n)
            },
            |item| {
                seen.push(item.unwrap().0);
                Ok::<(), Cancelled>(())
            },
        )
        .unwrap();
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
        // The item held by the consumer no longer counts as ahead.
        assert!(
            MOST.load(Ordering::SeqCst) <= 9,
            "{} alive",
            MOST.load(Ordering::SeqCst)
        );
    }

    #[test]
    fn an_item_that_waits_for_its_turn_comes_when_all_before_it_were_taken() {
        let taken = AtomicUsize::new(0);
        let mut seen = Vec::new();
        ahead_in_turn(
            0..60,
            options(3, 6),
            &Cancel::new(),
            |n: usize, turn| {
                if n.is_multiple_of(5) {
                    turn.wait().unwrap();
                    assert!(taken.load(Ordering::SeqCst) >= n);
                }
                n
            },
            |item| {
                seen.push(item.unwrap());
                taken.fetch_add(1, Ordering::SeqCst);
                Ok::<(), Cancelled>(())
            },
        )
        .unwrap();
        assert_eq!(seen, (0..60).collect::<Vec<_>>());
    }

    #[test]
    fn one_that_waits_for_its_turn_is_released_by_a_cancel() {
        let cancel = Cancel::new();
        let released = Mutex::new(Vec::new());
        let ended = ahead_in_turn(
            0..,
            options(3, 6),
            &cancel,
            |n: u64, turn| {
                if n > 3 {
                    let waited = turn.wait();
                    // The fourth may have had its turn before the cancel came through.
                    released.lock().unwrap().extend((n > 4).then_some(waited));
                }
                n
            },
            |item| {
                if item == Ok(3) {
                    cancel.cancel();
                }
                Ok(())
            },
        );
        assert_eq!(ended, Err(Cancelled));
        let released = released.into_inner().unwrap();
        assert!(released.iter().all(|waited| *waited == Err(Cancelled)));
    }

    #[test]
    fn a_panic_is_the_result_of_its_item_alone() {
        let mut seen = Vec::new();
        read_ahead(
            0..5,
            options(2, 3),
            &Cancel::new(),
            |n: u32| if n == 2 { panic!("item two") } else { n },
            |item| {
                seen.push(item.map_err(|p| p.0));
                Ok::<(), Cancelled>(())
            },
        )
        .unwrap();
        assert_eq!(
            seen,
            [Ok(0), Ok(1), Err("item two".to_owned()), Ok(3), Ok(4)]
        );
    }

    #[test]
    fn cancelling_stops_within_the_items_under_way() {
        let cancel = Cancel::new();
        let begun = AtomicUsize::new(0);
        let ended = read_ahead(
            0..,
            options(3, 6),
            &cancel,
            |n: u64| {
                begun.fetch_add(1, Ordering::SeqCst);
                n
            },
            |item| {
                if item == Ok(40) {
                    cancel.cancel();
                }
                Ok(())
            },
        );
        assert_eq!(ended, Err(Cancelled));
        assert!(begun.load(Ordering::SeqCst) <= 41 + 6);
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        let none: [u8; 0] = [];
        assert_eq!(
            read_ahead(
                none,
                ReadAhead::default(),
                &Cancel::new(),
                |n| n,
                |_| panic!("no item")
            ),
            Ok::<(), Cancelled>(())
        );
    }

    #[test]
    fn an_error_of_the_consumer_ends_it() {
        #[derive(Debug, PartialEq)]
        struct Full(u64);
        impl From<Cancelled> for Full {
            fn from(_: Cancelled) -> Self {
                Self(0)
            }
        }
        let ended = read_ahead(
            0..,
            options(3, 6),
            &Cancel::new(),
            |n: u64| n,
            |item| {
                if item == Ok(5) { Err(Full(5)) } else { Ok(()) }
            },
        );
        assert_eq!(ended, Err(Full(5)));
    }

    #[test]
    #[should_panic(expected = "the consumer fails")]
    fn a_consumer_that_panics_does_not_leave_workers_waiting() {
        let _ = read_ahead::<_, _, Cancelled>(
            0..100,
            options(2, 2),
            &Cancel::new(),
            |n: u32| n,
            |_| panic!("the consumer fails"),
        );
    }
}
