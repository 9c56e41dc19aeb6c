//! Results as bytes and words: JSON, CSV, PNG, SVG, PDF, `.npy`, pages, figures, texts. Pure; callers write the
//! files.

pub mod aggregate;
pub mod case_report;
pub mod csv;
pub mod evaluation;
pub mod explained;
pub mod figure;
mod flat;
pub mod formats;
pub mod json;
pub mod npy;
pub mod overlay_format;
pub mod page;
pub mod plot;
pub mod png;
pub mod published;
pub mod records_check;
pub mod regions;
pub mod report;
pub mod row;
pub mod sanity_checks;
pub mod subjects;
pub mod supplement;
pub mod tables;
mod unreadable;
pub mod xlsx;
