//! Decisions, one by one; a file for each subject.

mod acceptance;
mod anatomy;
mod check;
mod cover;
mod explain;
mod export;
mod library;
mod list;
mod many;
mod messages;
mod photographs;
mod run;
mod sanity_checks;
mod subjects;
