//! State and decisions of the window, without a window.
//!
//! [`State`] is everything another panel or an export could observe. It changes in one place, [`apply`], which takes
//! an [`Action`] and answers with [`Effect`]s; [`Runner`] performs them as jobs and brings their answers back as
//! actions. What only a widget knows (zoom, half-typed text) is not here but in `ui`.

pub mod action;
mod apply;
pub mod effect;
mod log;
pub mod office;
mod pace;
pub mod pyramid;
pub mod run;
pub mod settings;
pub mod state;
pub mod verbs;

pub use action::Action;
pub use apply::apply;
pub use effect::Effect;
pub use log::Frames;
pub use run::Runner;
pub use settings::Settings;
pub use state::State;
pub use verbs::{Failure, Verbs};
