//! Lines for scripts that watch the window, such as the smoke test; written to stderr when `GANTEI_LOG` is `1`.
//!
//! A line holds models and figures only, never a file name.

use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub enum LogLine {
    Models {
        count: usize,
    },
    /// Photographs came into the list.
    Added {
        count: usize,
    },
    Opened {
        width: u32,
        height: u32,
    },
    Score {
        model: String,
        score: f64,
    },
    Value {
        model: String,
        value: f64,
    },
    Failed {
        code: String,
    },
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Models { count } => write!(f, "models {count}"),
            Self::Added { count } => write!(f, "added {count}"),
            Self::Opened { width, height } => write!(f, "opened {width}x{height}"),
            Self::Score { model, score } => write!(f, "score {model} {score:.4}"),
            Self::Value { model, value } => write!(f, "value {model} {value:.2}"),
            Self::Failed { code } => write!(f, "failed {code}"),
        }
    }
}

/// True when the environment asks for the lines.
pub(super) fn wanted() -> bool {
    std::env::var_os("GANTEI_LOG").is_some_and(|value| value == "1")
}
