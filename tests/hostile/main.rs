//! Damaged and hostile model files: a clear refusal or a valid model, within bounded memory.
//!
//! `GANTEI_KERAS_MUTATIONS` sets the number of damaged copies of each test (10000 for the full check). The memory check is
//! reported as skipped if the system does not report the peak; Linux does. These tests have a program of their own, and
//! run one after the other, so that the measured memory is theirs.

mod keras_hostile;
mod memory;
mod model_sources;
mod tensorflow_models;

#[path = "../keras_fixtures/mod.rs"]
mod keras_fixtures;
