//! Arithmetic that is independent of the domain.

pub mod hex;
pub mod random;
pub mod similarity;
mod size;
mod vectorised;
pub mod wire;

pub use size::gigabytes;
pub use vectorised::vectorised;
