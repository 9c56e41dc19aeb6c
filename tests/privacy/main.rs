//! Nothing leaks: texts in pictures, tables and paths are not output, whatever fails.

mod commands;
#[path = "../desk/mod.rs"]
mod desk;
#[path = "../dicom/mod.rs"]
mod dicom;
mod disks;
mod engine;
#[path = "../home/mod.rs"]
mod home;
mod names;
mod planted;
#[path = "../skip/mod.rs"]
mod skip;
mod watch;
mod window;
