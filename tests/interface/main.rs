//! The window as a person meets it: driven by the names on its controls, in both languages, without a renderer.
//!
//! Behind it is the real workflow on small files and networks; the tests bring the engine, and decide when and how it
//! answers. How the window looks is shown by the scripts in `tests/window`, which drive the real one.

mod anatomy;
mod check;
mod cover;
mod desk;
mod dialogs;
mod engine;
mod explain;
mod export;
mod eyes;
mod home;
mod import;
mod keys;
mod layouts;
mod library;
mod list;
mod many;
mod overlay;
mod rest;
mod run;
mod sanity_checks;
mod settings;
mod start;
mod table;
