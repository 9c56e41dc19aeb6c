//! Typed layers: everything that can be lowered, and nothing else.

use crate::graph::Pads;

/// A layer without its weights: the closed set of what can be lowered.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Input {
        /// Height, width and channels; `None` for a size that the file leaves open.
        size: Vec<Option<usize>>,
        /// Whether Keras makes whole numbers of its input, without the fractions.
        of_whole_numbers: bool,
    },
    Conv(Conv),
    DepthwiseConv(Conv),
    /// Depthwise with the window, then 1 × 1 with bias and activation.
    SeparableConv(Conv),
    BatchNorm(BatchNorm),
    Dense {
        use_bias: bool,
        activation: Activation,
    },
    Activation(Activation),
    /// x where x ≥ 0, alpha · x elsewhere; alpha is a weight, per element or shared along axes.
    PRelu,
    Add,
    Multiply,
    Concatenate {
        axis: i64,
    },
    /// in[0] + scale · in[1]
    AddScaled {
        scale: f64,
    },
    ZeroPad(Pads),
    MaxPool(Window),
    AveragePool(Window),
    GlobalAveragePool {
        keep_dims: bool,
    },
    GlobalMaxPool {
        keep_dims: bool,
    },
    Flatten,
    /// Sizes without the batch; −1 is inferred.
    Reshape {
        target: Vec<i64>,
    },
    /// x · scale + offset, with one number or one per channel.
    Rescaling {
        scale: Vec<f64>,
        offset: Vec<f64>,
    },
    Normalization {
        mean: Option<Vec<f64>>,
        variance: Option<Vec<f64>>,
    },
    /// Does nothing at inference.
    Identity,
}

/// A sliding window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Height, width.
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub padding: Padding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    Same,
    Valid,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conv {
    pub window: Window,
    pub dilations: [usize; 2],
    pub groups: usize,
    pub use_bias: bool,
    pub activation: Activation,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNorm {
    pub epsilon: f64,
    /// Whether there is a gamma.
    pub scale: bool,
    /// Whether there is a beta.
    pub center: bool,
    pub axis: i64,
}

impl BatchNorm {
    /// The same without gamma and beta: in training its results had mean 0 and variance 1.
    pub fn bare(self) -> Self {
        Self {
            scale: false,
            center: false,
            ..self
        }
    }
}

/// An activation function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    Linear,
    /// x above 0, slope · x below; capped at `high`.
    Relu {
        slope: f32,
        high: Option<f32>,
    },
    /// scale · x above 0, scale · alpha · (eˣ − 1) below.
    Elu {
        alpha: f32,
        scale: f32,
    },
    /// x · Φ(x), with the error function or, if `approximate`, with tanh.
    Gelu {
        approximate: bool,
    },
    /// x · sigmoid(x)
    Swish,
    Sigmoid,
    Softmax,
    Tanh,
}

impl Activation {
    pub const RELU: Self = Self::Relu {
        slope: 0.0,
        high: None,
    };
    pub const RELU6: Self = Self::Relu {
        slope: 0.0,
        high: Some(6.0),
    };
}
