//! Decisions, one by one; a file for each subject.

mod acceptance;
mod anatomy;
mod check;
mod controls;
mod cover;
mod explain;
mod export;
mod library;
mod list;
mod many;
mod messages;
mod photographs;
mod run;
mod subjects;
