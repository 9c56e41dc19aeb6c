//! The ONNX operators that can be read; an operator without a variant here is rejected by name.

use strum::EnumString;

/// An operator of a file, by how it is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Own(Own),
    Composed(Composed),
    Elided(Elided),
    OfShapes(OfShapes),
}

impl Operator {
    /// The operator of this name in the default domain of ONNX.
    pub fn named(name: &str) -> Option<Self> {
        let own = name.parse().map(Self::Own);
        let composed = name.parse().map(Self::Composed);
        let passed = name.parse().map(Self::Elided);
        let of_shapes = name.parse().map(Self::OfShapes);
        own.or(composed).or(passed).or(of_shapes).ok()
    }
}

/// Maps to one operator of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum Own {
    Conv,
    MaxPool,
    AveragePool,
    GlobalAveragePool,
    GlobalMaxPool,
    Gemm,
    MatMul,
    Add,
    Sub,
    Mul,
    Div,
    Relu,
    LeakyRelu,
    Clip,
    Sigmoid,
    Tanh,
    Erf,
    Exp,
    Log,
    Sqrt,
    Softmax,
    Flatten,
    Reshape,
    Transpose,
    Concat,
    Pad,
    /// Also of shapes.
    Slice,
}

/// Maps to several operators of the graph, or to a different one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum Composed {
    BatchNormalization,
    Elu,
    Selu,
    PRelu,
    Gelu,
    Neg,
    Min,
    Max,
    ReduceMean,
    ReduceMax,
    Squeeze,
    Unsqueeze,
    HardSigmoid,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Not,
    Cast,
}

/// Adds no node: its value is a constant or its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum Elided {
    Constant,
    Identity,
    Dropout,
}

/// Computed only if its operands are shapes, or constants among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum OfShapes {
    Shape,
    Gather,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_known_by_their_exact_names() {
        assert_eq!(
            Operator::named("PRelu"),
            Some(Operator::Composed(Composed::PRelu))
        );
        assert_eq!(Operator::named("MatMul"), Some(Operator::Own(Own::MatMul)));
        assert_eq!(
            Operator::named("Dropout"),
            Some(Operator::Elided(Elided::Dropout))
        );
        for other in ["conv", "Loop", ""] {
            assert_eq!(Operator::named(other), None, "{other}");
        }
    }
}
