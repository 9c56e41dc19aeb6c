//! The operators that are read from a file, by their names in ONNX: what has no variant here is refused by name.

use strum::EnumString;

/// An operator of a file, by what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Own(Own),
    Composed(Composed),
    Elided(Elided),
}

impl Operator {
    /// The operator of this name in the standard's own domain.
    pub fn named(name: &str) -> Option<Self> {
        let own = name.parse().map(Self::Own);
        let composed = name.parse().map(Self::Composed);
        let passed = name.parse().map(Self::Elided);
        own.or(composed).or(passed).ok()
    }
}

/// Becomes one of the graph's own operators.
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
    Softmax,
    Flatten,
    Reshape,
    Transpose,
    Concat,
    Pad,
}

/// Becomes several operators of the graph, or another one.
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

/// Leaves no node: its value is known, or that of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum Elided {
    Constant,
    Identity,
    Dropout,
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
