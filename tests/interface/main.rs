//! The window as a person meets it: driven by the names on its controls, in both languages, without a renderer.
//!
//! The verbs behind it are played by the tests, which decide when and how they answer. How the window looks is shown by
//! the scripts in `tests/window`, which drive the real one.

mod anatomy;
mod check;
mod controls;
mod cover;
mod desk;
mod explain;
mod export;
mod import;
mod keys;
mod layouts;
mod library;
mod list;
mod many;
mod overlay;
mod play;
mod rest;
mod run;
mod settings;
mod start;
mod table;
