//! Functions composed of several operators, because no single operator computes them.

use super::{Builder, Error, Op, ValueId};

/// Applies `op` to a value and a scalar.
pub fn by_number(
    builder: &mut Builder,
    layer: &str,
    op: Op,
    what: &str,
    number: f32,
    x: ValueId,
) -> Result<ValueId, Error> {
    let shape = vec![1; builder.ty(x).rank()];
    let number = builder.constant(&format!("{layer}/{what}"), &shape, vec![number])?;
    builder.node(op, layer, &[x, number])
}

/// 1 − x: logical negation of the truth values 1 and 0.
pub fn opposite(builder: &mut Builder, layer: &str, x: ValueId) -> Result<ValueId, Error> {
    let minus = by_number(builder, layer, Op::Mul, "minus", -1.0, x)?;
    by_number(builder, layer, Op::Add, "one", 1.0, minus)
}

/// max(x, 0) and min(x, 0); their sum is bit-identical to x.
pub fn halves(builder: &mut Builder, layer: &str, x: ValueId) -> Result<(ValueId, ValueId), Error> {
    let above = builder.node(Op::Relu, layer, &[x])?;
    let below = builder.node(Op::Sub, layer, &[x, above])?;
    Ok((above, below))
}

/// scale · x above 0, scale · alpha · (eˣ − 1) below.
///
/// Below 0, eˣ − 1 = 2 t / (1 − t) with t = tanh(x / 2), which avoids the cancellation of eˣ − 1 near 0.
pub fn elu(
    builder: &mut Builder,
    layer: &str,
    alpha: f32,
    scale: f32,
    x: ValueId,
) -> Result<ValueId, Error> {
    let (above, below) = halves(builder, layer, x)?;
    let half = by_number(builder, layer, Op::Mul, "half", 0.5, below)?;
    let t = builder.node(Op::Tanh, layer, &[half])?;
    let top = by_number(builder, layer, Op::Mul, "alpha", 2.0 * alpha * scale, t)?;
    let minus = by_number(builder, layer, Op::Mul, "minus", -1.0, t)?;
    let bottom = by_number(builder, layer, Op::Add, "one", 1.0, minus)?;
    let below = builder.node(Op::Div, layer, &[top, bottom])?;
    let above = if scale == 1.0 {
        above
    } else {
        by_number(builder, layer, Op::Mul, "scale", scale, above)?
    };
    builder.node(Op::Add, layer, &[above, below])
}

/// x / 2 · (1 + erf(x / √2)), or x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))).
pub fn gelu(
    builder: &mut Builder,
    layer: &str,
    approximate: bool,
    x: ValueId,
) -> Result<ValueId, Error> {
    use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_PI};
    let bent = if approximate {
        let square = builder.node(Op::Mul, layer, &[x, x])?;
        let cubic = by_number(builder, layer, Op::Mul, "cubic", 0.044_715, square)?;
        let grown = by_number(builder, layer, Op::Add, "one", 1.0, cubic)?;
        let inner = builder.node(Op::Mul, layer, &[x, grown])?;
        let inner = by_number(builder, layer, Op::Mul, "width", FRAC_2_PI.sqrt(), inner)?;
        builder.node(Op::Tanh, layer, &[inner])?
    } else {
        let inner = by_number(builder, layer, Op::Mul, "width", FRAC_1_SQRT_2, x)?;
        builder.node(Op::Erf, layer, &[inner])?
    };
    let share = by_number(builder, layer, Op::Add, "one", 1.0, bent)?;
    let half = by_number(builder, layer, Op::Mul, "half", 0.5, x)?;
    builder.node(Op::Mul, layer, &[half, share])
}

/// ln(1 + eˣ), computed as max(x, 0) + ln(1 + e^−|x|), which neither overflows nor loses figures.
pub fn softplus(builder: &mut Builder, layer: &str, x: ValueId) -> Result<ValueId, Error> {
    let (above, below) = halves(builder, layer, x)?;
    let minus = builder.node(Op::Sub, layer, &[below, above])?;
    let power = builder.node(Op::Exp, layer, &[minus])?;
    let grown = by_number(builder, layer, Op::Add, "one", 1.0, power)?;
    let bent = builder.node(Op::Log, layer, &[grown])?;
    builder.node(Op::Add, layer, &[above, bent])
}

/// x · tanh(softplus(x)) = x · s · (1 + q) / (1 + q²) with s = sigmoid(x) and q = sigmoid(−x).
pub fn mish(builder: &mut Builder, layer: &str, x: ValueId) -> Result<ValueId, Error> {
    let s = builder.node(Op::Sigmoid, layer, &[x])?;
    let minus = by_number(builder, layer, Op::Mul, "minus", -1.0, x)?;
    let q = builder.node(Op::Sigmoid, layer, &[minus])?;
    let top = by_number(builder, layer, Op::Add, "one", 1.0, q)?;
    let square = builder.node(Op::Mul, layer, &[q, q])?;
    let bottom = by_number(builder, layer, Op::Add, "one", 1.0, square)?;
    let share = builder.node(Op::Div, layer, &[top, bottom])?;
    let gate = builder.node(Op::Mul, layer, &[s, share])?;
    builder.node(Op::Mul, layer, &[x, gate])
}

/// min(max(slope · x + 1 / 2, 0), 1).
pub fn hard_sigmoid(
    builder: &mut Builder,
    layer: &str,
    slope: f32,
    x: ValueId,
) -> Result<ValueId, Error> {
    let y = by_number(builder, layer, Op::Mul, "slope", slope, x)?;
    let y = by_number(builder, layer, Op::Add, "half", 0.5, y)?;
    let unit = Op::Clip {
        low: 0.0,
        high: 1.0,
    };
    builder.node(unit, layer, &[y])
}

/// The greater of two values, element by element; where they are equal, the gradient belongs to the first.
pub fn maximum(builder: &mut Builder, layer: &str, [a, b]: [ValueId; 2]) -> Result<ValueId, Error> {
    let more = builder.node(Op::Sub, layer, &[b, a])?;
    let more = builder.node(Op::Relu, layer, &[more])?;
    builder.node(Op::Add, layer, &[a, more])
}

/// The smaller of two values, element by element; where they are equal, the gradient belongs to the first.
pub fn minimum(builder: &mut Builder, layer: &str, [a, b]: [ValueId; 2]) -> Result<ValueId, Error> {
    let less = builder.node(Op::Sub, layer, &[a, b])?;
    let less = builder.node(Op::Relu, layer, &[less])?;
    builder.node(Op::Sub, layer, &[a, less])
}

/// |x|; its gradient at 0 is 0.
pub fn absolute(builder: &mut Builder, layer: &str, x: ValueId) -> Result<ValueId, Error> {
    let above = builder.node(Op::Relu, layer, &[x])?;
    let minus = by_number(builder, layer, Op::Mul, "minus", -1.0, x)?;
    let below = builder.node(Op::Relu, layer, &[minus])?;
    builder.node(Op::Add, layer, &[above, below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::TensorType;
    use crate::graph::gradient::differentiate;
    use crate::graph::reference::{Array, output};

    fn at(make: impl Fn(&mut Builder, ValueId) -> Result<ValueId, Error>, x: f64) -> f64 {
        let mut b = Builder::new();
        let input = b.input("x", TensorType::batched(&[1])).unwrap();
        let y = make(&mut b, input).unwrap();
        b.output("output", y);
        output(
            &b.finish().unwrap(),
            &[Array::new(&[1, 1], vec![x])],
            "output",
        )
        .numbers[0]
    }

    #[test]
    fn the_formulas_hold_on_both_sides_of_zero() {
        for x in [-30.0, -2.5, -1e-6, 0.0, 1e-6, 0.7, 20.0] {
            let desired = if x > 0.0 { x } else { 0.7 * f64::exp_m1(x) };
            let got = at(|b, v| elu(b, "l", 0.7, 1.0, v), x);
            assert!(
                (got - desired).abs() <= 1e-7 * desired.abs().max(1e-6),
                "{x}: {got}"
            );
            let desired = 0.5 * x * (1.0 + libm::erf(x / f64::sqrt(2.0)));
            assert!((at(|b, v| gelu(b, "l", false, v), x) - desired).abs() < 1e-6);
            assert!((at(|b, v| gelu(b, "l", true, v), x) - desired).abs() < 1e-3);
            assert_eq!(at(|b, v| absolute(b, "l", v), x), x.abs());
            let soft = x.max(0.0) + (-x.abs()).exp().ln_1p();
            let found = at(|b, v| softplus(b, "l", v), x);
            assert!(
                (found - soft).abs() <= 1e-12 * soft.max(1.0),
                "{x}: {found}"
            );
            let desired = x * soft.tanh();
            let found = at(|b, v| mish(b, "l", v), x);
            assert!(
                (found - desired).abs() <= 1e-12 * desired.abs().max(1.0),
                "{x}: {found}"
            );
        }
    }

    #[test]
    fn an_absolute_value_is_flat_at_zero() {
        let mut b = Builder::new();
        let input = b.input("x", TensorType::batched(&[3])).unwrap();
        let y = absolute(&mut b, "l", input).unwrap();
        b.output("y", y);
        let longer = differentiate(&b.finish().unwrap(), "y", &["x"]).unwrap();
        let x = Array::new(&[1, 3], vec![-2.0, 0.0, 3.0]);
        let seed = Array::new(&[1, 3], vec![1.0; 3]);
        let slopes = output(&longer, &[x, seed], "gradient:x").numbers;
        assert_eq!(slopes, [-1.0, 0.0, 1.0]);
    }
}
