//! What a file of weights alone does not tell about the head of its network.

use serde::{Deserialize, Serialize};

/// The activation of hidden dense layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiddenActivation {
    #[default]
    Relu,
    Linear,
}

impl HiddenActivation {
    /// The word used on the command line, in cards and by Keras.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Linear => "linear",
        }
    }
}

/// What stands between the last feature map and the first layer of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// GlobalAveragePooling2D.
    Avg,
    /// GlobalMaxPooling2D.
    Max,
    Flatten,
}

impl Pooling {
    pub const ALL: [Self; 3] = [Self::Avg, Self::Max, Self::Flatten];

    /// The word used on the command line and in cards.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Avg => "avg",
            Self::Max => "max",
            Self::Flatten => "flatten",
        }
    }
}

/// Where a batch norm behind a hidden dense layer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadNorm {
    /// Dense, norm, activation.
    BeforeActivation,
    /// Dense with its activation, then the norm.
    AfterActivation,
}

impl HeadNorm {
    pub const ALL: [Self; 2] = [Self::BeforeActivation, Self::AfterActivation];

    /// The word used on the command line and in cards.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeActivation => "before-activation",
            Self::AfterActivation => "after-activation",
        }
    }
}
