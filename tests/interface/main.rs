//! The window as a person meets it: driven by the names on its controls, in both languages, without a renderer.
//!
//! The verbs behind it are played by the tests, which decide when and how they answer. Pictures are compared in
//! `snapshots` alone, where a software Vulkan driver is found.

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
mod snapshots;
mod start;
mod table;
