//! State and decisions of the window, independent of any GUI.
//!
//! [`State`] is everything that another panel or an export could observe. It changes in one place: [`apply()`] takes an
//! [`Action`], [`land`] takes the answer of a [`Job`], and both return [`Effect`]s, which [`Runner`] performs. What
//! only a widget knows (zoom, half-typed text) stays in `ui`.

pub mod apply;
mod failure;
pub mod found;
mod job;
mod log;
mod pace;
pub mod pyramid;
pub mod run;
pub mod settings;
pub mod state;
mod workflow;

pub use apply::{Action, apply, land};
pub use failure::Failure;
pub use job::{Effect, Job, JobContext, Landing, Slot};
pub use log::Frames;
pub use run::Runner;
pub use settings::Settings;
pub use state::State;
pub use workflow::{SETTINGS_FILE, WorkflowContext};
