//! Results as bytes and words: JSON, CSV, PNG, `.npy`, captioned pictures, figures, texts. Pure; whoever calls writes them to disk.

mod band;
pub mod controls;
pub mod csv;
pub mod explained;
pub mod figure;
mod flat;
pub mod formats;
pub mod json;
pub mod npy;
pub mod png;
pub mod regions;
pub mod report;
pub mod row;
mod shrink;
pub mod subjects;
pub mod tables;
pub mod text_on_picture;
pub mod together;
mod unreadable;
