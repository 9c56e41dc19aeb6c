//! Gantei (眼底, the fundus of the eye): fundus photographs, published Keras models, and what moved their score.
//!
//! # The plan of the house
//!
//! A module may name modules of lower storeys only, never a neighbour on its own.
//!
//! ```text
//! 7  ui  cli                         the window · the command line
//! 6  app                             state, actions, jobs and their landings; no egui
//! 5  workflow                        the application's verbs: open, predict, many, export, import, verify, draw, …
//! 4  export  runtime  storage  jobs  results as bytes · the outside powers: inference engines, disk, threads and processes
//! 3  text                            every sentence, twice: what lower storeys found, in words
//! 2  keras  saliency  evaluation     Keras file → graph · what moved the score · how well scores fit what is recorded
//! 1  imaging  graph  drawing         pixels in, pixels out · a network as data · eyes drawn by computer
//! 0  domain  numeric  progress       notions of the field · arithmetic · waiting and stopping
//! ```
//!
//! One photograph takes this way:
//!
//! ```text
//! bytes ─imaging::open→ FundusImage ─imaging::prepare→ Prepared ─runtime→ logit, features ─→ Case ─export→ files
//!                                        └── geometry ──┐            └─saliency→ SaliencyMap
//!                                                       └── overlay ←────────────────┘
//! ```
//!
//! Start reading here: `imaging/open.rs` for a photograph, `keras/mod.rs` for a model file, `workflow` for what the
//! application does, `app/job.rs` and one file of `app/apply` (say `predict.rs`) for how the window comes to do it.
//!
//! # From a click to its answer
//!
//! ```text
//! ui ─Action→ app::apply ─┬→ State          the file of a subject in app/apply holds its actions, its jobs
//!                         └→ Effect::Start ─→ Runner ─Job::run→ workflow   and what becomes of their answers
//!            app::land ←──────── Landing ←──────┘
//! ```
//!
//! `apply` and `land` end in one `settle`, which brings up to date whatever follows from something else.
//!
//! A job is a trait with a landing rather than one closed enum of jobs: with an enum every operation is spelled in the
//! enum of jobs, of answers and of slots, and in a match for each of running, landing, stopping and panicking. Here the
//! compiler asks one type for all of it, in one file. What is lost is a list of all jobs, which nobody needs, and that an
//! answer can be compared or replayed as a value; tests call the function that an answer lands by instead, and ask by type
//! what was started.
//!
//! # What a change costs
//!
//! Files of `src` and `Cargo.toml`, texts counted and tests not:
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
//! Those with a name were counted on the change that brought them; the operation and two formats of an export, a table and a
//! picture, on trials that were thrown away; the others by reading.
//!
//! The operation's fifth file is `app/state/mod.rs`: what is asked, and its answer, are a field of the state. A field
//! whose type is declared beside its job would lead from `app/state` back to `app/apply`, which the ninth invariant forbids, and
//! a state that finds its parts by their types would no longer tell what it consists of.
//!
//! # Invariants
//!
//! 1. Storeys 0–3 and `export` do no I/O, start no thread, read no clock and hold no global
//!    (but for the panic hook that keeps decoders quiet, in `imaging::codecs::frame`): same bytes in, same bytes out.
//! 2. `ort` and `rten` are named only in `runtime`; `std::fs` and `directories` only in `storage`; `std::thread` and
//!    `std::process` only in `jobs`; `egui`, `eframe` and `rfd` only in `ui`; the HDF5 crate only in `keras/archive.rs`.
//! 3. State changes only in `app/apply`, by an action or by the landing of a job; `ui` receives `&State`. What only a widget
//!    knows (zoom, half-typed text, which page is open) stays in `ui`.
//! 4. A stale answer never reaches the state: it loses its slot first, or its landing finds another file, card or revision.
//! 5. `graph` never mentions Keras; `keras` never writes ONNX.
//! 6. Every number on the screen comes from the function that writes it to CSV and JSON. Display adjustments never reach
//!    the model.
//! 7. Coordinates say their space: `_in_image`, `_in_input`, `_in_map`, `_in_ui`.
//! 8. No finding, error or cache name holds a patient's name or an absolute path.
//! 9. Files of different subjects do not lead back to each other, a subject being a folder of a module or a file that
//!    stands in it by itself. JSON without a type stays in `export`, `cli`, `storage` and where `keras` reads configurations.
//! 10. `cli` alone names flags: the others speak of the setting, and the command line and the window each add their own name.
//!
//! `tests/house_rules.rs` holds the storeys, the owners and the last two to this page; exceptions stand there, with their reasons.

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
