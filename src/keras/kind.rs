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
    /// in[0] − in[1]
    Subtract,
    Average,
    Maximum,
    Minimum,
    Concatenate {
        axis: i64,
    },
    /// in[0] + scale · in[1]
    AddScaled {
        scale: f64,
    },
    ZeroPad(Pads),
    /// Removes rows and columns.
    Crop(Pads),
    /// The middle of this height and width; a smaller picture is enlarged.
    CenterCrop([usize; 2]),
    Resize(Resize),
    /// As many times the height and the width.
    UpSample {
        factors: [usize; 2],
        interpolation: Interpolation,
    },
    MaxPool(Window),
    AveragePool(Window),
    GlobalAveragePool {
        keep_dims: bool,
    },
    GlobalMaxPool {
        keep_dims: bool,
    },
    /// Over all places of a sequence (N, length, C).
    GlobalAveragePool1d {
        keep_dims: bool,
    },
    GlobalMaxPool1d {
        keep_dims: bool,
    },
    /// Axis i of the result is axis `dims[i]`, counted from 1 without the batch.
    Permute {
        dims: Vec<i64>,
    },
    LayerNorm(LayerNorm),
    /// gamma · x per channel.
    LayerScale,
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
        /// From normalised values back.
        invert: bool,
    },
    /// A function of tensors and numbers that is no layer.
    Operation(Operation),
    /// Changes pictures at random in training; does nothing at inference.
    Augmentation,
    /// Does nothing at inference.
    Identity,
}

/// How values between pixels are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    Nearest,
    Bilinear,
    Bicubic,
}

/// A resize as `tf.image.resize` computes it, with the centres of pixels at one half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize {
    /// Height, width.
    pub size: [usize; 2],
    pub interpolation: Interpolation,
    /// Whether a kernel covers as many pixels as one pixel of a smaller result does.
    pub antialias: bool,
    pub fit: Fit,
}

/// What keeps the proportions of a picture that is resized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Nothing.
    Stretch,
    /// The greatest part in the middle with the proportions of the result.
    Crop,
    /// Zeros on two sides.
    Pad,
}

/// Normalises the channels at each place by their own mean and variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorm {
    pub epsilon: f64,
    /// Whether there is a gamma.
    pub scale: bool,
    /// Whether there is a beta.
    pub center: bool,
    pub axis: i64,
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
    /// Over this axis of Keras.
    Softmax {
        axis: i64,
    },
    Tanh,
    /// min(max(slope · x + 1 / 2, 0), 1), whose slope differs between Keras 2 and 3.
    HardSigmoid {
        slope: f32,
    },
    /// x · hard_sigmoid(x)
    HardSwish {
        slope: f32,
    },
    /// ln(1 + eˣ)
    Softplus,
    /// x · tanh(softplus(x))
    Mish,
    Exponential,
}

impl Activation {
    /// Over the last axis, the channels.
    pub const SOFTMAX: Self = Self::Softmax { axis: -1 };
    pub const RELU: Self = Self::Relu {
        slope: 0.0,
        high: None,
    };
    pub const RELU6: Self = Self::Relu {
        slope: 0.0,
        high: Some(6.0),
    };
}

/// What a call of a function computes. Axes are those of Keras, channels last; axis 0 is the batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Element by element, with broadcasting as in NumPy.
    Pairwise {
        function: Pairwise,
        operands: [Operand; 2],
    },
    Elementwise(Elementwise),
    Activation(Activation),
    Clip {
        low: f32,
        high: f32,
    },
    /// A conversion between types of floating-point numbers.
    Same,
    /// A conversion to floating-point numbers.
    ToFloat,
    /// Sizes without the batch; −1 is inferred.
    Reshape {
        target: Vec<i64>,
    },
    /// Axis i of the result is axis `axes[i]`.
    Transpose {
        axes: Vec<i64>,
    },
    Resize(Resize),
    Flip {
        axes: Vec<i64>,
    },
    Select(Vec<Selection>),
    Stack {
        axis: i64,
    },
    Concatenate {
        axis: i64,
    },
    Mean {
        axes: Vec<i64>,
        keep_dims: bool,
    },
    Maximum {
        axes: Vec<i64>,
        keep_dims: bool,
    },
    ExpandDims {
        axis: i64,
    },
    Squeeze {
        axes: Vec<i64>,
    },
}

/// A function of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairwise {
    Add,
    Subtract,
    Multiply,
    Divide,
    Maximum,
    Minimum,
}

/// A function of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elementwise {
    Negative,
    Square,
    Sqrt,
    Absolute,
    Log,
}

/// An operand: a tensor of the call, or numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Tensor(usize),
    Numbers(Numbers),
}

/// A constant, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    pub sizes: Vec<usize>,
    pub values: Vec<f32>,
}

/// What indexing takes of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// As many whole axes as are left.
    Rest,
    Range {
        start: Option<i64>,
        stop: Option<i64>,
        step: i64,
    },
    /// One place; the axis is dropped.
    At(i64),
    /// An axis of size 1.
    New,
}
