//! Settings of a network's head that a weights-only file does not contain.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// The activation of hidden dense layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum HiddenActivation {
    #[default]
    Relu,
    Linear,
}

impl HiddenActivation {
    /// The name used on the command line, in cards and by Keras.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The layer between the last feature map and the first layer of the head.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Pooling {
    /// GlobalAveragePooling2D.
    Avg,
    /// GlobalMaxPooling2D.
    Max,
    Flatten,
}

impl Pooling {
    /// The name used on the command line and in cards.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Position of a batch norm that follows a hidden dense layer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum HeadNorm {
    /// Dense, norm, activation.
    BeforeActivation,
    /// Dense with its activation, then the norm.
    AfterActivation,
}

impl HeadNorm {
    /// The name used on the command line and in cards.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
