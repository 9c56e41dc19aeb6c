//! Arithmetic that is independent of the domain.

pub mod hex;
pub mod random;
mod size;
pub mod wire;

pub use size::gigabytes;
