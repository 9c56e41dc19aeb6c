//! Gantei (眼底, the fundus of the eye): fundus photographs, published Keras models, and what moved their score.
//!
//! # The plan of the house
//!
//! A module uses modules of lower storeys only, none of its own storey (`NEIGHBOURS` in `tests/house_rules.rs` lists the
//! exceptions).
//!
//! ```text
//! 7  ui  cli                         the window · the command line
//! 6  app                             state, actions, jobs and their landings; no egui
//! 5  workflow                        what the application does: open, predict, run many, export, import, verify, draw, …
//! 4  export  runtime  storage  jobs  results as bytes · inference engines · files on disk · threads and processes
//! 3  text                            every sentence in both languages (the lists in them: domain/listed)
//! 2  keras  saliency  evaluation     Keras file → graph · what moved the score · agreement of scores with records
//! 1  imaging  graph  drawing         pixels in, pixels out · a network as data · computer-drawn eyes
//! 0  domain  numeric  progress       terms of the field as types · arithmetic · progress and cancellation
//! ```
//!
//! The path of one photograph:
//!
//! ```text
//! bytes ─imaging::open→ FundusImage ─imaging::prepare→ Prepared ─runtime→ logit, features ─→ ResultRow ─export→ files
//!                                        └── geometry ──┐            └─saliency→ SaliencyMap
//!                                                       └── overlay ←────────────────┘
//! ```
//!
//! # Where to start reading
//!
//! - A photograph: `imaging/open.rs`, then `workflow/predict.rs`, which leads through preparation, engine and the map of
//!   every run (`workflow/last_map.rs`); `workflow/batch/work.rs` and `export/figure/mod.rs` lay a map over the photograph.
//! - A model file: `keras/mod.rs`, then `workflow/import.rs`.
//! - The window: `app/job.rs`, then one subject from end to end, such as `app/apply/predict.rs` and
//!   `ui/answer/run_controls.rs`.
//!
//! # From a click to its answer
//!
//! ```text
//! ui ─Action→ app::apply ─┬→ State          each subject has a file in app/apply with its jobs and
//!                         └→ Effect::Start ─→ Runner ─Job::run→ workflow   how their answers change the state
//!            app::land ←──────── Landing ←──────┘
//! ```
//!
//! A job runs on a background thread and returns a landing: the function that applies its answer to the state. Both `apply`
//! and `land` end in one `update_derived`, which recomputes everything that depends on something else.
//!
//! A job is a trait rather than a variant of one closed enum. With an enum, every operation would appear in the enums of
//! jobs, answers and slots, and in a match each for running, landing, stopping and panicking; here one type in one file
//! provides all of it, and the compiler checks that nothing is missing. The price: there is no list of all jobs, and an
//! answer cannot be compared or replayed as a value. Tests call the landing's function directly, and ask by type what was
//! started.
//!
//! # What a change costs
//!
//! Files of `src` and `Cargo.toml`, including texts, without tests:
//!
//! ```text
//!                                                    new  edited
//! page that reads only                                 2       3   ui/pages/x, text/window/x · the lists of pages, commands, texts
//! operation with progress, cancel and answer           3       5   workflow/x, app/apply/x, ui/x · their lists, the state, texts
//! format of an export                                  1       3   export/x · its list, export/formats, text/window/export
//! format of photographs (PNM)                          1       2   imaging/codecs/x · the table of formats, Cargo.toml
//! saliency method (Score-CAM)                          1       3   saliency/methods/x · domain/method, the list, text/maps
//! command (Copy the command line)                  a row       1   ui/command/table; its two sentences in text/window
//! finding                                          a row       1   domain/finding; its sentences are a row of text/findings
//! ```
//!
//! Rows with a name in brackets were counted on the commit that added it; the operation and two export formats (a table and
//! a picture) on trial changes that were discarded; the others by reading.
//!
//! The fifth edited file of an operation is `app/state/mod.rs`, which holds its request and its answer as a field. Declaring
//! the type of that field next to the job would lead from `app/state` back to `app/apply`, which invariant 9 forbids; a
//! state that looks its parts up by type would no longer show what it consists of.
//!
//! # Invariants
//!
//! 1. Storeys 0–3 and `export` do no I/O, start no thread, read no clock and have no global state (except the panic hook
//!    that silences decoders, in `imaging::codecs::frame`, and the instruction set that `numeric::vectorised` found): same
//!    bytes in, same bytes out.
//! 2. `ort` and `rten` are named only in `runtime`; `std::fs` and `directories` only in `storage`; `std::thread` and
//!    `std::process` only in `jobs`; `egui`, `eframe` and `rfd` only in `ui`; the HDF5 crate only in `keras/archive.rs`.
//! 3. State changes only in `app/apply`, by an action or by the landing of a job; `ui` receives `&State`. What only a widget
//!    knows (zoom, half-typed text, which page is open) stays in `ui`.
//! 4. A stale answer never reaches the state: its job has lost its slot, or its landing sees another file, card or revision.
//! 5. `graph` never mentions Keras; `keras` never writes ONNX.
//! 6. Every number on the screen comes from the function that writes it to CSV and JSON. Display adjustments never reach
//!    the model.
//! 7. Names of coordinates state their space: `_in_image`, `_in_input`, `_in_map`, `_in_ui`.
//! 8. No finding, error or cache name contains a patient's name or an absolute path.
//! 9. Files of different subjects do not depend on each other in a circle; a subject is a folder of a module, or a file that
//!    is not in such a folder. Untyped JSON stays in `export`, `cli`, `storage` and where `keras` reads configurations.
//! 10. Only `cli` names flags: other modules name the setting, and command line and window each add their own name for it.
//!
//! `tests/house_rules.rs` enforces the storeys and invariants 2, 9 and 10, and lists the exceptions with their reasons.

#[cfg(test)]
#[path = "../tests/skip/mod.rs"]
mod skip;

pub mod domain;
pub mod numeric;
pub mod progress;

pub mod drawing;
pub mod graph;
pub mod imaging;

pub mod evaluation;
pub mod keras;
pub mod saliency;

pub mod text;

pub mod export;
pub mod jobs;
pub mod runtime;
pub mod storage;

pub mod workflow;

pub mod app;

pub mod cli;
pub mod ui;
