//! Running a network: ONNX Runtime if its library is found, and the embedded engine that is always available.
//!
//! The only place that names `ort` and `rten`. [`search`] lists where a library may be located, [`Engines::discover`]
//! loads the first usable one, [`Engines::open`] opens a model on a [`Device`] and yields a [`Session`], and
//! [`Session::used`] states which execution provider actually got the nodes. A named device works or is an error; only
//! [`Device::Auto`] may fall back, and then reports it in a finding. [`agreement`] lets the engines check each other on
//! one network, and an [`ApprovalOf`] passes the verdicts to [`Engines::open_judged`].

pub mod agreement;
mod assignment;
pub mod device;
mod embedded;
pub mod engines;
mod error;
mod onnx_runtime;
mod processor;
mod providers;
pub mod report;
pub mod search;
pub mod session;
pub mod trial;
pub mod usage_reports;
pub mod wheel;

pub use agreement::Verdict;
pub use device::Device;
pub use embedded::{ENGINE as EMBEDDED, Embedded};
pub use engines::{ApprovalOf, Engines, Library, Opened, Refused};
pub use error::Error;
pub use processor::instruction_sets;
pub use report::{DevicesReport, EngineReport, ModelCheck, ProviderReport};
pub use search::{Candidate, Origin, SearchResult};
pub use session::{Availability, Engine, Model, Purpose, Session, SessionOptions};
pub use trial::Probe;

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::storage::{Places, runtime_library};

    /// The engines of the test process, with ONNX Runtime searched as in the application.
    pub fn shared() -> &'static Engines {
        static ENGINES: OnceLock<Engines> = OnceLock::new();
        ENGINES.get_or_init(|| {
            let found = Places::of_this_user().map(|places| runtime_library::find(&places, None));
            Engines::discover(&found.unwrap_or_default(), 2)
        })
    }

    /// The same if a library was found; otherwise reports a skipped test.
    pub fn with_library() -> Option<&'static Engines> {
        let engines = shared();
        if engines.library().is_none() {
            crate::skip::skipped("no library of ONNX Runtime was found");
            return None;
        }
        Some(engines)
    }
}
