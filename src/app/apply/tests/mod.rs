//! Tests of actions and landings; one file per subject.

mod acceptance;
mod anatomy;
mod case_report;
mod check;
mod cover;
mod explain;
mod export;
mod frames;
mod leaving;
mod library;
mod list;
mod many;
mod messages;
mod photographs;
mod removal;
mod run;
mod sanity_checks;
mod subjects;
