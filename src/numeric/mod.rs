//! Arithmetic that knows nothing of eyes.

pub mod random;
