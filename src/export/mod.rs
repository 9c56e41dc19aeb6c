//! Results as bytes and words: JSON, CSV, PNG, `.npy`, captioned pictures, figures, texts. Pure; callers write the
//! files.

pub mod aggregate;
mod band;
pub mod csv;
pub mod explained;
pub mod figure;
mod flat;
pub mod formats;
pub mod json;
pub mod npy;
pub mod overlay_format;
pub mod png;
pub mod regions;
pub mod report;
pub mod row;
pub mod sanity_checks;
pub mod subjects;
pub mod tables;
pub mod text_on_picture;
mod unreadable;
