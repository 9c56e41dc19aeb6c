//! Results as bytes: JSON, CSV, PNG and `.npy`. Pure; whoever calls writes the bytes to disk.

mod band;
pub mod csv;
pub mod figure;
pub mod json;
pub mod npy;
pub mod png;
pub mod report;
pub mod row;
mod shrink;
pub mod text_on_picture;
pub mod together;
