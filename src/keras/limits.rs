//! Limits that hold for every form of a model. Those of a single form are where it is read.

/// Maximum bytes of one file of a model, and of all files that hold its weights.
pub const MAX_FILE_BYTES: u64 = 2 << 30;
/// Maximum length of a text such as the configuration of a network; that of EfficientNet-B7 has 0.7 MB.
pub const MAX_TEXT_BYTES: u64 = 4 << 20;
/// Characters that are kept of the version of Keras that a file states.
pub const MAX_VERSION: usize = 40;
/// Maximum number of files over which weights are divided.
pub const MAX_SHARDS: usize = 1000;
