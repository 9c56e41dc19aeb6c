//! The application's operations: blocking, cancellable functions called by the window, the command line and tests.
//!
//! They own no thread and no window. [`Context`] holds what outlives one call: the folders, the engines and the open
//! models.

pub mod anatomy;
pub mod answer;
pub mod batch;
pub mod card_file;
mod case_report;
pub mod check_import;
pub mod check_models;
pub mod context;
pub mod cover;
pub mod demonstration;
pub mod devices;
pub mod draft;
pub mod draw;
pub mod engine_check;
mod error;
pub mod explain;
pub mod export;
mod file_id;
pub mod import;
mod keyed_lock;
mod last_map;
pub mod library;
pub mod many;
mod mask;
mod memory;
mod model_source;
pub mod models;
pub mod network;
pub mod open;
mod optimised;
mod partial;
pub mod predict;
pub mod presets;
mod relayed;
pub mod resolve_card;
pub mod runtime;
pub mod sanity_checks;
pub mod save;
pub mod scan;
pub mod self_test;
pub mod statements;
mod stems;
mod stored;
pub mod study;
pub mod trace;
pub mod two_maps;
pub mod verify;

pub use answer::Answer;
pub use batch::{
    BatchOptions, KeepOptions, KeptEvent, Outcome, RunEvent, Unexported, batch, batch_so_far,
    run_kept,
};
pub use check_import::{
    CheckReport, CheckRequest, InterimRanking, apply_setting, changeable, check_import, write_check,
};
pub use check_models::{CheckedModel, check_models};
pub use context::Context;
pub use devices::devices;
pub use draw::{DrawRequest, draw};
pub use engine_check::EngineCheck;
pub use error::{Class, Contradicting, Error};
pub use explain::{ExplainRequest, Explained, explain, explained_so_far};
pub use import::{ImportReport, Inspected, import, inspect};
pub use library::{ModelFile, edit_card, export_model};
pub use many::{
    Ended, InputAndMap, Item, PhotographResult, Row, RunOptions, predict_models, run_each,
};
pub use memory::check_start;
pub use models::{Damaged, ModelSummary, damaged, models, prepare_models, remove_model};
pub use open::{Source, open};
pub use partial::PartialResults;
pub use predict::{Prediction, Request, predict};
pub use relayed::RelayedError;
pub use resolve_card::{FileFacts, ImportFlags, resolve_card};
pub use runtime::{Installed, install_runtime};
pub use sanity_checks::{SanityCheckRequest, sanity_checks};
pub use save::{Existing, Saver, existing, save, show_folder};
pub use scan::find_photographs;
pub use self_test::{SelfTest, self_test};
pub use verify::{Verified, verify};

/// Version of the application, written into every export.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
