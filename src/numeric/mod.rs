//! Arithmetic that knows nothing of eyes.

pub mod random;
mod size;

pub use size::gigabytes;
