//! The closed set of operators of a graph.
//!
//! Attributes are stored in the operator, so that every input of a node is a float32 tensor. Layout is channels-first:
//! (N, C, H, W) for images and feature maps, (N, C) for vectors.

/// Zeros (for pooling: cells that do not count) around height and width, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pads {
    pub top: usize,
    pub left: usize,
    pub bottom: usize,
    pub right: usize,
}

impl Pads {
    pub const NONE: Self = Self {
        top: 0,
        left: 0,
        bottom: 0,
        right: 0,
    };

    /// True if no side is padded.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Sum per side; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            top: self.top.checked_add(other.top)?,
            left: self.left.checked_add(other.left)?,
            bottom: self.bottom.checked_add(other.bottom)?,
            right: self.right.checked_add(other.right)?,
        })
    }
}

/// Convolution; inputs x (N, C, H, W), weights (O, C / groups, kh, kw), optional bias (O).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv {
    /// Along height, then width.
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    pub pads: Pads,
    pub groups: usize,
}

impl Default for Conv {
    fn default() -> Self {
        Self {
            strides: [1, 1],
            dilations: [1, 1],
            pads: Pads::NONE,
            groups: 1,
        }
    }
}

/// A pooling window. Padded cells never win a maximum and never count in an average.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    /// Height, then width.
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub pads: Pads,
}

/// Every `step`-th index of one axis from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AxisSlice {
    /// Never the batch.
    pub axis: usize,
    pub start: usize,
    pub end: usize,
    pub step: usize,
}

impl AxisSlice {
    /// Number of selected indices.
    pub fn len(self) -> usize {
        self.end
            .saturating_sub(self.start)
            .div_ceil(self.step.max(1))
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// What a node computes. Every operator has exactly one result.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Inputs x, weights, optional bias.
    Conv(Conv),
    MaxPool(Pool),
    AveragePool(Pool),
    /// (N, C, H, W) → (N, C, 1, 1).
    GlobalAveragePool,
    /// (N, C, H, W) → (N, C, 1, 1).
    GlobalMaxPool,
    /// x · W + b; inputs x (N, in), weights (in, out), optional bias (out).
    Gemm,
    /// Element-wise with right-aligned broadcasting, as in ONNX; so are `Sub`, `Mul` and `Div`.
    Add,
    Sub,
    Mul,
    Div,
    /// 1 where the first operand exceeds the second, 0 elsewhere, with broadcasting.
    Greater,
    Relu,
    /// x where x ≥ 0, alpha · x elsewhere.
    LeakyRelu {
        alpha: f32,
    },
    /// min(max(x, low), high).
    Clip {
        low: f32,
        high: f32,
    },
    Sigmoid,
    Tanh,
    /// The error function.
    Erf,
    /// The exponential function.
    Exp,
    /// The natural logarithm; its input must be positive.
    Log,
    /// The square root; its input must not be negative.
    Sqrt,
    /// Over the last axis.
    Softmax,
    /// (N, …) → (N, product).
    Flatten,
    /// (N, …) → (N, dims…); keeps the batch.
    Reshape {
        dims: Vec<usize>,
    },
    /// Output axis i is input axis `axes[i]`; the batch stays first.
    Transpose {
        axes: Vec<usize>,
    },
    /// Along one axis, never the batch.
    Concat {
        axis: usize,
    },
    /// Zeros around height and width of (N, C, H, W).
    Pad(Pads),
    /// A part of a tensor.
    Slice(Vec<AxisSlice>),
    /// The adjoint of a convolution: inputs y (N, O, h, w) and that convolution's weights (O, C / groups, kh, kw).
    /// `extra` rows and columns at the bottom and right restore what a stride left over; each is less than the stride.
    ///
    /// This and the following operators are for gradients: they are written to ONNX but not read from it.
    ConvTranspose {
        conv: Conv,
        extra: [usize; 2],
    },
    /// Over these axes, which are kept with size 1; never over the batch.
    ReduceSum {
        axes: Vec<usize>,
    },
}

impl Op {
    /// The name of the equivalent ONNX operator.
    pub fn onnx_name(&self) -> &'static str {
        match self {
            Self::Conv(_) => "Conv",
            Self::MaxPool(_) => "MaxPool",
            Self::AveragePool(_) => "AveragePool",
            Self::GlobalAveragePool => "GlobalAveragePool",
            Self::GlobalMaxPool => "GlobalMaxPool",
            Self::Gemm => "Gemm",
            Self::Add => "Add",
            Self::Sub => "Sub",
            Self::Mul => "Mul",
            Self::Div => "Div",
            Self::Relu => "Relu",
            Self::LeakyRelu { .. } => "LeakyRelu",
            Self::Clip { .. } => "Clip",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Erf => "Erf",
            Self::Exp => "Exp",
            Self::Log => "Log",
            Self::Sqrt => "Sqrt",
            Self::Softmax => "Softmax",
            Self::Flatten => "Flatten",
            Self::Reshape { .. } => "Reshape",
            Self::Transpose { .. } => "Transpose",
            Self::Concat { .. } => "Concat",
            Self::Pad(_) => "Pad",
            Self::ConvTranspose { .. } => "ConvTranspose",
            Self::Greater => "Greater",
            Self::ReduceSum { .. } => "ReduceSum",
            Self::Slice(_) => "Slice",
        }
    }
}
