//! Mutated files of every kind that Gantei reads: an error or a valid result, in bounded time and memory. See
//! `README.md`.

mod models;
mod mutate;
mod pictures;
mod texts;
mod watch;

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use mutate::{Choices, mutated};

/// Creates a mutated file from seeds and words.
type Mutator = fn(&[Vec<u8>], &[&[u8]], &mut Choices) -> Vec<u8>;

/// What is fuzzed, and how.
struct Target {
    name: &'static str,
    /// Folders below `seeds`.
    seeds: &'static [&'static str],
    /// Magic bytes and keys of the format.
    words: &'static [&'static [u8]],
    mutate: Mutator,
    /// Source files whose panics are caught by design, as parts of their paths.
    forgiven: &'static [&'static str],
    /// Reads the bytes, checks the invariants, and returns whether the input was accepted.
    run: fn(&[u8]) -> bool,
}

/// Defaults of a target.
const PLAIN: Target = Target {
    name: "",
    seeds: &[],
    words: &[],
    mutate: mutated,
    forgiven: &[],
    run: |_| false,
};

impl Target {
    /// Runs the regressions and the seeds unchanged, then mutated seeds for half a second or for
    /// `BOLERO_RANDOM_TEST_TIME_MS`.
    fn check(&self) {
        let _alone = watch::alone();
        let watched = |bytes: &[u8]| watch::watched(self.name, self.forgiven, bytes, self.run);
        for (_, bytes) in files(&watch::regressions(self.name)) {
            watched(&bytes);
        }
        watch::keep_what_aborted(self.name);
        let mut seeds = Vec::new();
        for folder in self.seeds {
            for (name, bytes) in files(&watch::here().join("seeds").join(folder)) {
                println!(
                    "{name}: {}",
                    if watched(&bytes) { "taken" } else { "refused" }
                );
                seeds.push(bytes);
            }
        }
        assert!(!seeds.is_empty(), "{} has no seeds", self.name);
        let (tried, taken) = (AtomicU64::new(0), AtomicU64::new(0));
        bolero::check!(name = self.name)
            .with_iterations(usize::MAX)
            .with_test_time(Duration::from_millis(500))
            .with_max_len(64)
            .for_each(|recipe: &[u8]| {
                let bytes = (self.mutate)(&seeds, self.words, &mut Choices(recipe));
                tried.fetch_add(1, Relaxed);
                taken.fetch_add(watched(&bytes).into(), Relaxed);
            });
        println!("{}: {tried:?} inputs, {taken:?} of them taken", self.name);
    }
}

/// Files of a folder, sorted by name; empty without the folder.
fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}
