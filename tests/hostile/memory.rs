//! Peak memory of an import, as the system reports it for this process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gantei::keras::{Error, Imported, Options};

use crate::keras_fixtures::{import, skipped};

/// Held by a test as long as it measures, because memory is that of the whole process.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Memory allowed in addition to three times the file size.
const MEMORY: u64 = 512 << 20;

/// Number of damaged copies: `GANTEI_KERAS_MUTATIONS`.
pub fn mutations() -> usize {
    std::env::var("GANTEI_KERAS_MUTATIONS").map_or(600, |n| {
        n.parse().expect("GANTEI_KERAS_MUTATIONS is a number")
    })
}

/// The most memory so far.
#[derive(Debug, Default)]
pub struct Worst {
    /// Bytes beyond three times the file size.
    memory: u64,
    measured: bool,
}

impl Worst {
    /// Imports the bytes of a file.
    pub fn watch(
        &mut self,
        name: &str,
        bytes: Vec<u8>,
        options: Options,
    ) -> Result<Imported, Error> {
        self.watch_import(name, bytes.len(), || import(bytes, options))
    }

    /// Imports files of this length.
    pub fn watch_import(
        &mut self,
        name: &str,
        length: usize,
        import: impl FnOnce() -> Result<Imported, Error>,
    ) -> Result<Imported, Error> {
        let allowed = 3 * length as u64;
        let before = resident_and_reset_peak();
        let result = import();
        if let (Some(before), Some(peak)) = (before, status("VmHWM:")) {
            let beside = peak.saturating_sub(before).saturating_sub(allowed);
            assert!(beside <= MEMORY, "{name}: {} MB", beside >> 20);
            self.memory = self.memory.max(beside);
            self.measured = true;
        }
        if let Err(error) = &result {
            assert!(!error.to_string().is_empty(), "{name}");
        }
        result
    }

    /// Notes as skipped that the system did not report the memory.
    pub fn report_unmeasured(&self) {
        if !self.measured {
            skipped("this system does not report the peak memory");
        }
    }
}

/// A value of `/proc/self/status` in bytes.
fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes << 10)
}

fn resident_and_reset_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS:")
}
