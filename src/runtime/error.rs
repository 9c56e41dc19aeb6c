//! Errors of opening and running a network, and how foreign messages are cleaned for display.

use std::path::Path;

use super::Device;
use crate::domain::{Deviation, Unavailable, foreign};
use crate::progress::Cancelled;

/// Why a model could not be opened or run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("cancelled")]
    Cancelled,
    /// The device was named and does not work here.
    #[error("the device {device} does not work here: {reason}")]
    Device { device: Device, reason: Unavailable },
    /// The device's output for this model differs from that of the engine `against`; with the figure.
    #[error(
        "the device {device} is not used for this model: its outputs differ from those of {against} ({})",
        .found.map_or_else(String::new, |found| found.figure())
    )]
    Deviates {
        device: Device,
        against: String,
        found: Option<Deviation>,
    },
    /// The engine ran out of memory.
    #[error("not enough memory to run this model: {0}")]
    Memory(String),
    /// The engine refuses the model.
    #[error("the engine refuses this model: {0}")]
    Model(String),
    /// The given tensors do not fit the model.
    #[error("the input does not fit the model: {0}")]
    Input(String),
    /// The run itself failed.
    #[error("the run failed: {0}")]
    Run(String),
    /// The model has no output of this name.
    #[error("the model has no output named {0}")]
    NoOutput(String),
}

impl Error {
    /// True if another device or more memory could help (exit status 4); false if the model is at fault (3).
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Device { .. } | Self::Deviates { .. } | Self::Memory(_) | Self::Run(_)
        )
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// True if an engine's message reports a lack of memory.
pub(super) fn is_about_memory(message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    [
        "bad_alloc",
        "out of memory",
        "failed to allocate",
        "cannot allocate memory",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

/// A foreign message prepared for display: one line, without the engine's own error prefix, and with every absolute
/// path reduced to its file name.
pub(super) fn without_paths(message: &str) -> String {
    // ONNX Runtime puts `place [ONNXRuntimeError] : number : KIND : ` in front of its message.
    let message = match message.split_once("[ONNXRuntimeError] : ") {
        Some((_, rest)) => rest.splitn(3, " : ").nth(2).unwrap_or(rest),
        None => message,
    };
    foreign::without_paths(message)
}

/// The same for a message about the file at `path`, whose folders may contain spaces.
pub(super) fn without_path(message: &str, path: &Path) -> String {
    let folder = path.parent().map(Path::to_string_lossy);
    match folder.filter(|folder| folder.len() > 1) {
        Some(folder) => without_paths(&message.replace(&*folder, "")),
        None => without_paths(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_lose_their_folders() {
        assert_eq!(
            without_paths(
                "Failed to load `/home/m. tanaka/x/libcudnn.so.9`:\n no such file (/opt/a/b.cc:12)"
            ),
            "Failed to load `libcudnn.so.9`: no such file (b.cc:12)"
        );
        assert_eq!(
            without_paths(r#"got "C:\Users\a\onnxruntime.dll", 1.20"#),
            r#"got "onnxruntime.dll", 1.20"#
        );
        let foreign = "/a/b.cc:20 Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load /c/d.so with error: e.so: cannot";
        assert_eq!(
            without_paths(foreign),
            "Failed to load d.so with error: e.so: cannot"
        );
        assert_eq!(
            without_paths("version 1/2 and GPU/CPU stay"),
            "version 1/2 and GPU/CPU stay"
        );
        let path = Path::new("/home/dr m tanaka/Yamada Hanako/model.onnx");
        let message = format!("Load model from {} failed: too short", path.display());
        for wording in [without_paths(&message), without_path(&message, path)] {
            assert_eq!(wording, "Load model from model.onnx failed: too short");
        }
    }

    #[test]
    fn memory_is_recognised() {
        assert!(is_about_memory("std::bad_alloc"));
        assert!(is_about_memory("CUDA failure 2: out of memory"));
        assert!(!is_about_memory("invalid graph"));
    }
}
