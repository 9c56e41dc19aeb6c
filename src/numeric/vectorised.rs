//! Loops compiled for the vector instructions of the processor in use.

use std::sync::OnceLock;

use fearless_simd::{Level, dispatch};

/// Runs `work`, compiled once for each of a few instruction sets (AVX2, SSE4.2, Neon), on the best one that this processor
/// has. `work` and every function that it calls in a loop must be `#[inline(always)]`. Integers come out the same
/// everywhere, and so do floats, because nothing reorders or contracts their operations.
#[inline]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    static LEVEL: OnceLock<Level> = OnceLock::new();
    let level = *LEVEL.get_or_init(Level::new);
    dispatch!(level, _ => work())
}
