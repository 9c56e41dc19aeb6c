//! The window as a user sees it: driven by the names of its controls, in both languages, without a renderer.
//!
//! Behind it is the real workflow on small files and networks; the tests provide the engine and decide when and how it
//! answers. The scripts in `tests/window` drive the real window and show its appearance.

mod anatomy;
mod check;
mod cover;
mod desk;
mod dialogs;
#[path = "../dicom/mod.rs"]
mod dicom;
mod engine;
mod evaluation;
mod explain;
mod export;
mod eyes;
mod facts;
mod home;
mod import;
mod keyboard;
mod keys;
mod labels;
mod layouts;
mod leaving;
mod library;
mod list;
mod many;
mod messages;
mod name_pattern;
mod overlay;
mod records;
mod rest;
mod run;
mod sanity_checks;
mod settings;
mod sizes;
mod start;
mod study;
mod supplement;
mod table;
