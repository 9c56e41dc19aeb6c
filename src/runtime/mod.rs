//! Running a network: ONNX Runtime where a library of it is found, and the embedded engine that is always there.
//!
//! The only place that names `ort` and `rten`. [`search`] lists where a library may lie, [`Engines::discover`] loads
//! the first that is usable, [`Engines::open`] opens a model on a [`Device`] and yields a [`Session`], and
//! [`Session::used`] states which execution provider really got the nodes. A named device works or is an error; only
//! [`Device::Auto`] may fall back, and then says so in a finding. [`agreement`] lets the engines check each other on one
//! network, and a [`ApprovalOf`] holds [`Engines::open_judged`] to what came of it.

pub mod agreement;
mod assignment;
pub mod device;
mod embedded;
pub mod engines;
mod error;
mod onnx_runtime;
mod providers;
pub mod report;
pub mod search;
pub mod session;
pub mod trial;
pub mod wheel;

pub use agreement::Verdict;
pub use device::Device;
pub use embedded::{ENGINE as EMBEDDED, Embedded};
pub use engines::{ApprovalOf, Engines, Library, Opened, Refused};
pub use error::Error;
pub use report::{DevicesReport, EngineReport, ModelCheck, ProviderReport};
pub use search::{Candidate, Origin, SearchResult};
pub use session::{Availability, Engine, Model, Purpose, Session, SessionOptions};
pub use trial::Probe;

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::storage::{Places, runtime_library};

    /// The engines of the test process: ONNX Runtime is looked for as the application does.
    pub fn shared() -> &'static Engines {
        static ENGINES: OnceLock<Engines> = OnceLock::new();
        ENGINES.get_or_init(|| {
            let found = Places::of_this_user().map(|places| runtime_library::find(&places, None));
            Engines::discover(&found.unwrap_or_default(), 2)
        })
    }

    /// The same, where a library was found; tells of the skip otherwise.
    pub fn with_library() -> Option<&'static Engines> {
        let engines = shared();
        if engines.library().is_none() {
            crate::skip::skipped("no library of ONNX Runtime was found");
            return None;
        }
        Some(engines)
    }
}
