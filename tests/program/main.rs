//! The program as others run it: commands in a home of their own, and the window without its frame.

mod bombs;
mod command_line;
mod evaluation;
mod found_files;
mod grades;
mod interruption;
mod memory;
mod model_cards;
mod model_settings;
mod records;
mod rows;
mod runs;
mod stored_models;
mod studies;

#[path = "../desk/mod.rs"]
mod desk;
#[path = "../dicom/mod.rs"]
mod dicom;
#[path = "../home/mod.rs"]
mod home;
#[cfg(unix)]
#[path = "../networks/mod.rs"]
mod networks;
