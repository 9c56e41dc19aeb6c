//! Results as bytes: JSON, CSV, PNG and `.npy`. Pure; whoever calls writes the bytes to disk.

pub mod csv;
pub mod json;
pub mod npy;
pub mod png;
pub mod row;
pub mod together;
