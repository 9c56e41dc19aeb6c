//! Limits for every input: no panic, at most 5 seconds of CPU time and 1 GiB of memory.

use std::alloc::System;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use cap::Cap;

/// An allocation beyond this fails, as on a full machine: the process aborts, and the input remains in [`in_flight`].
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, 1 << 30);

/// Longest CPU time for an input.
const LONGEST: Duration = Duration::from_secs(5);

thread_local! {
    static HEARD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs one target at a time, so that memory is counted for a single input.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a target on an input and stores a failing input with the regressions.
///
/// A panic counts even if the code under test catches it, unless it comes from a source file whose path contains one of
/// `forgiven`.
pub fn watched(target: &str, forgiven: &[&str], bytes: &[u8], run: fn(&[u8]) -> bool) -> bool {
    hear_panics();
    let in_flight = in_flight(target);
    std::fs::write(&in_flight, bytes).unwrap();
    HEARD.take();
    let started = running();
    let ended = catch_unwind(AssertUnwindSafe(|| run(bytes)));
    let passed = running() - started;
    std::fs::remove_file(&in_flight).unwrap();
    let heard = HEARD.take().filter(|heard| {
        let is_forgiven = |line: &str| forgiven.iter().any(|part| line.contains(part));
        ended.is_err() || !heard.lines().all(is_forgiven)
    });
    let fault = heard
        .or_else(|| ended.is_err().then(|| "it panicked".to_owned()))
        .or_else(|| (passed > LONGEST).then(|| format!("took {passed:?}")));
    if let Some(fault) = fault {
        let kept = keep(target, bytes);
        panic!("{target}: {fault}\nthe input is kept as {}", kept.display());
    }
    ended.is_ok_and(|taken| taken)
}

/// Folder of the inputs that have failed before.
pub fn regressions(target: &str) -> PathBuf {
    here().join("regressions").join(target)
}

pub fn here() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz"))
}

/// Stores the inputs of aborted runs, such as after a failed allocation, with the regressions.
pub fn keep_what_aborted(target: &str) {
    let Ok(left) = std::fs::read_dir(env!("CARGO_TARGET_TMPDIR")) else {
        return;
    };
    for path in left.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(process) = name.strip_prefix(&format!("in_flight_{target}_")) else {
            continue;
        };
        // Belongs to a run in progress.
        if Path::new("/proc").join(process).exists() {
            continue;
        }
        let kept = keep(target, &std::fs::read(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        eprintln!(
            "{target}: a run was aborted; its input is kept as {}",
            kept.display()
        );
    }
}

fn in_flight(target: &str) -> PathBuf {
    let name = format!("in_flight_{target}_{}", std::process::id());
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// bolero minimises a failing input: only the smallest of a process is kept.
fn keep(target: &str, bytes: &[u8]) -> PathBuf {
    let folder = regressions(target);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("new_{}", std::process::id()));
    let smaller = std::fs::metadata(&path).is_ok_and(|kept| kept.len() <= bytes.len() as u64);
    if !smaller {
        std::fs::write(&path, bytes).unwrap();
    }
    path
}

/// Records panics of this thread. While bolero tries inputs, its own hook passes no panic on; it is installed first, so
/// that this one is called before it.
fn hear_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        bolero::bolero_engine::panic::set_hook();
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            let earlier = HEARD.take().unwrap_or_default();
            let line = info.to_string().replace('\n', " ");
            HEARD.set(Some(format!("{earlier}{line}\n")));
            usual(info);
        }));
    });
}

/// CPU time of this thread, if the system reports it, so that other load on the machine does not count.
fn running() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let reported = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let reported = reported.and_then(|text| text.split_whitespace().next()?.parse().ok());
    reported.map_or_else(
        || START.get_or_init(Instant::now).elapsed(),
        Duration::from_nanos,
    )
}

#[test]
fn panics_count_even_where_they_are_caught() {
    let _alone = alone();
    let fails = |forgiven: &[&str], run| {
        let watch = || watched("watch", forgiven, b"input", run);
        let failed = catch_unwind(AssertUnwindSafe(watch)).is_err();
        let kept = std::fs::read(keep("watch", b"input")).unwrap();
        std::fs::remove_dir_all(regressions("watch")).unwrap();
        assert_eq!(kept, b"input");
        failed
    };
    let caught = |_: &[u8]| catch_unwind(|| panic!("a decoder gave up")).is_ok();
    assert!(fails(&[], caught));
    assert!(!fails(&["fuzz/watch.rs"], caught));
    assert!(fails(&["fuzz/watch.rs"], |_| panic!("not caught")));
    assert!(!fails(&[], |_| true));
    let under_bolero = catch_unwind(|| {
        bolero::check!(name = "watch")
            .with_iterations(1)
            .for_each(|_: &[u8]| {
                watched("watch", &[], b"input", caught);
            });
    });
    assert!(under_bolero.is_err());
    std::fs::remove_dir_all(regressions("watch")).unwrap();
}
