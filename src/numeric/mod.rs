//! Arithmetic that knows nothing of eyes.

pub mod hex;
pub mod random;
mod size;

pub use size::gigabytes;
