//! Tensor types, and the result shape of each operator.

use std::fmt;

use super::{AxisSlice, Conv, Error, Op, Pads, Pool};

/// Maximum number of axes of a tensor.
pub const MAX_AXES: usize = 6;
/// Maximum elements of one tensor per image; a 600 × 600 map with 192 channels has 69 million.
pub const MAX_ELEMENTS: usize = 1 << 30;

/// Size of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// The batch size, unknown until the graph runs.
    Batch,
    Size(usize),
}

/// Shape of a float32 tensor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TensorType {
    dims: Vec<Dim>,
}

impl TensorType {
    /// A tensor whose sizes are all known.
    pub fn fixed(sizes: &[usize]) -> Self {
        Self {
            dims: sizes.iter().map(|&s| Dim::Size(s)).collect(),
        }
    }

    /// (N, sizes…).
    pub fn batched(sizes: &[usize]) -> Self {
        let mut dims = vec![Dim::Batch];
        dims.extend(sizes.iter().map(|&s| Dim::Size(s)));
        Self { dims }
    }

    pub fn dims(&self) -> &[Dim] {
        &self.dims
    }

    pub fn rank(&self) -> usize {
        self.dims.len()
    }

    /// True when the first axis is the batch.
    pub fn is_batched(&self) -> bool {
        self.dims.first() == Some(&Dim::Batch)
    }

    /// The known sizes, without the batch.
    pub fn sizes(&self) -> Vec<usize> {
        self.dims
            .iter()
            .filter_map(|d| if let Dim::Size(s) = d { Some(*s) } else { None })
            .collect()
    }

    /// Product of the known sizes (elements per image, for a batched tensor); `None` on overflow.
    pub fn elements(&self) -> Option<usize> {
        self.sizes()
            .iter()
            .try_fold(1_usize, |n, &s| n.checked_mul(s))
    }

    /// Channels, height and width of (N, C, H, W).
    pub fn picture(&self) -> Option<[usize; 3]> {
        match self.dims.as_slice() {
            &[Dim::Batch, Dim::Size(c), Dim::Size(h), Dim::Size(w)] => Some([c, h, w]),
            _ => None,
        }
    }

    /// Length of (N, length).
    pub fn vector(&self) -> Option<usize> {
        match self.dims.as_slice() {
            &[Dim::Batch, Dim::Size(n)] => Some(n),
            _ => None,
        }
    }
}

impl fmt::Display for TensorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, dim) in self.dims.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            match dim {
                Dim::Batch => f.write_str("N")?,
                Dim::Size(s) => write!(f, "{s}")?,
            }
        }
        f.write_str(")")
    }
}

/// The result type of `op` for these inputs, or the rule they violate. `place` names the node in the error.
pub fn infer(op: &Op, inputs: &[&TensorType], place: &str) -> Result<TensorType, Error> {
    let wrong = |reason: String| Error::malformed(place, reason);
    let (least, most) = arity(op);
    if inputs.len() < least || inputs.len() > most {
        return Err(wrong(format!(
            "{} takes {least} to {most} inputs, not {}",
            op.onnx_name(),
            inputs.len()
        )));
    }
    let x = inputs[0];
    let picture = || {
        x.picture()
            .ok_or_else(|| wrong(format!("{} needs (N, C, H, W), not {x}", op.onnx_name())))
    };
    let ty = match op {
        Op::Conv(_) => conv(op, inputs).map_err(wrong)?,
        Op::MaxPool(pool) | Op::AveragePool(pool) => pooled(*pool, picture()?).map_err(wrong)?,
        Op::GlobalAveragePool | Op::GlobalMaxPool => TensorType::batched(&[picture()?[0], 1, 1]),
        Op::Gemm => gemm(inputs).map_err(wrong)?,
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Greater => {
            broadcast(x, inputs[1]).map_err(wrong)?
        }
        Op::Relu
        | Op::LeakyRelu { .. }
        | Op::Clip { .. }
        | Op::Sigmoid
        | Op::Tanh
        | Op::Erf
        | Op::Exp
        | Op::Log
        | Op::Sqrt => x.clone(),
        Op::Softmax if x.rank() >= 2 => x.clone(),
        Op::Flatten if x.is_batched() => TensorType::batched(&[x
            .elements()
            .ok_or_else(|| wrong("a size overflows".into()))?]),
        Op::Reshape { dims } if x.is_batched() => {
            let ty = TensorType::batched(dims);
            if ty.elements().is_none() || ty.elements() != x.elements() {
                return Err(wrong(format!("{x} cannot be reshaped to {ty}")));
            }
            ty
        }
        Op::Transpose { axes } => transposed(x, axes).map_err(wrong)?,
        Op::Concat { axis } => concat(inputs, *axis).map_err(wrong)?,
        Op::Pad(pads) => {
            let [c, h, w] = picture()?;
            let h = grown(h, pads.top, pads.bottom)
                .ok_or_else(|| wrong("the padding overflows".into()))?;
            let w = grown(w, pads.left, pads.right)
                .ok_or_else(|| wrong("the padding overflows".into()))?;
            TensorType::batched(&[c, h, w])
        }
        Op::ConvTranspose { conv, extra } => conv_transpose(conv, *extra, inputs).map_err(wrong)?,
        Op::ReduceSum { axes } => summed(x, axes).map_err(wrong)?,
        Op::Slice(cuts) => sliced(x, cuts).map_err(wrong)?,
        Op::Softmax | Op::Flatten | Op::Reshape { .. } => {
            return Err(wrong(format!("{} does not accept {x}", op.onnx_name())));
        }
    };
    check_size(&ty, place)?;
    Ok(ty)
}

/// Rejects tensors that are empty or exceed [`MAX_ELEMENTS`] or [`MAX_AXES`].
pub fn check_size(ty: &TensorType, place: &str) -> Result<(), Error> {
    if ty.rank() > MAX_AXES {
        return Err(Error::Limit(format!("{place} has {} axes", ty.rank())));
    }
    match ty.elements() {
        Some(0) => Err(Error::malformed(place, format!("the tensor {ty} is empty"))),
        Some(n) if n <= MAX_ELEMENTS => Ok(()),
        _ => Err(Error::Limit(format!("{place} has the shape {ty}"))),
    }
}

/// Minimum and maximum number of inputs of an operator.
pub fn arity(op: &Op) -> (usize, usize) {
    match op {
        Op::Conv(_) | Op::Gemm => (2, 3),
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Greater | Op::ConvTranspose { .. } => (2, 2),
        Op::Concat { .. } => (1, 1024),
        _ => (1, 1),
    }
}

fn grown(size: usize, before: usize, after: usize) -> Option<usize> {
    size.checked_add(before)?.checked_add(after)
}

/// Number of positions of a window of `kernel` cells (after dilation), or why there are none.
fn windows(
    size: usize,
    pads: (usize, usize),
    kernel: usize,
    stride: usize,
) -> Result<usize, String> {
    let size = grown(size, pads.0, pads.1).ok_or("the padding overflows")?;
    if stride == 0 || kernel == 0 {
        return Err("kernel and stride must not be 0".into());
    }
    let free = size
        .checked_sub(kernel)
        .ok_or_else(|| format!("a kernel of {kernel} is larger than the padded size {size}"))?;
    Ok(free / stride + 1)
}

fn sides(pads: Pads) -> [(usize, usize); 2] {
    [(pads.top, pads.bottom), (pads.left, pads.right)]
}

/// Sizes of a convolution's weights: outputs, inputs per group, height, width.
fn kernel(ty: &TensorType) -> Option<[usize; 4]> {
    match *ty.dims() {
        [
            Dim::Size(out),
            Dim::Size(per_group),
            Dim::Size(height),
            Dim::Size(width),
        ] => Some([out, per_group, height, width]),
        _ => None,
    }
}

fn conv(op: &Op, inputs: &[&TensorType]) -> Result<TensorType, String> {
    let Op::Conv(conv) = op else {
        return Err("not a convolution".into());
    };
    let [c, h, w] = inputs[0]
        .picture()
        .ok_or_else(|| format!("Conv needs (N, C, H, W), not {}", inputs[0]))?;
    let [out, per_group, kh, kw] = kernel(inputs[1])
        .ok_or_else(|| format!("Conv weights must be (O, C, kh, kw), not {}", inputs[1]))?;
    if conv.groups == 0 || per_group.checked_mul(conv.groups) != Some(c) || out % conv.groups != 0 {
        return Err(format!(
            "weights {} in {} groups do not match {c} channels",
            inputs[1], conv.groups
        ));
    }
    if let Some(bias) = inputs.get(2)
        && **bias != TensorType::fixed(&[out])
    {
        return Err(format!("bias {bias} does not match {out} channels"));
    }
    let mut places = [0; 2];
    for (axis, (size, kernel)) in [(h, kh), (w, kw)].into_iter().enumerate() {
        let reach = kernel
            .checked_sub(1)
            .and_then(|k| k.checked_mul(conv.dilations[axis])?.checked_add(1));
        let reach = reach.ok_or("the kernel size overflows")?;
        places[axis] = windows(size, sides(conv.pads)[axis], reach, conv.strides[axis])?;
    }
    Ok(TensorType::batched(&[out, places[0], places[1]]))
}

fn conv_transpose(
    conv: &Conv,
    extra: [usize; 2],
    inputs: &[&TensorType],
) -> Result<TensorType, String> {
    let misfit = || format!("{} and weights {} do not match", inputs[0], inputs[1]);
    let [channels, h, w] = inputs[0].picture().ok_or_else(misfit)?;
    let [out, per_group, kh, kw] = kernel(inputs[1]).ok_or_else(misfit)?;
    if out != channels || conv.groups == 0 || out % conv.groups != 0 {
        return Err(misfit());
    }
    let mut sizes = [0; 2];
    for (axis, (size, kernel)) in [(h, kh), (w, kw)].into_iter().enumerate() {
        let (before, after) = sides(conv.pads)[axis];
        let stride = conv.strides[axis];
        if extra[axis] >= stride.max(1) {
            return Err("the output padding is not less than the stride".into());
        }
        let grown = || {
            let reach = kernel
                .checked_sub(1)?
                .checked_mul(conv.dilations[axis])?
                .checked_add(1)?;
            let covered = size.checked_sub(1)?.checked_mul(stride)?;
            let whole = covered.checked_add(reach)?.checked_add(extra[axis])?;
            whole.checked_sub(before)?.checked_sub(after)
        };
        sizes[axis] = grown().ok_or_else(misfit)?;
    }
    let channels = per_group.checked_mul(conv.groups).ok_or_else(misfit)?;
    Ok(TensorType::batched(&[channels, sizes[0], sizes[1]]))
}

fn summed(x: &TensorType, axes: &[usize]) -> Result<TensorType, String> {
    let mut dims = x.dims().to_vec();
    for &axis in axes {
        match dims.get_mut(axis) {
            Some(dim @ Dim::Size(_)) => *dim = Dim::Size(1),
            _ => return Err(format!("{x} has no axis {axis} to sum over")),
        }
    }
    Ok(TensorType { dims })
}

fn sliced(x: &TensorType, cuts: &[AxisSlice]) -> Result<TensorType, String> {
    let mut dims = x.dims().to_vec();
    for cut in cuts {
        match dims.get_mut(cut.axis) {
            Some(Dim::Size(size)) if cut.end <= *size && cut.step > 0 && !cut.is_empty() => {
                *size = cut.len();
            }
            _ => return Err(format!("{cut:?} is out of range for {x}")),
        }
    }
    Ok(TensorType { dims })
}

fn pooled(pool: Pool, [c, h, w]: [usize; 3]) -> Result<TensorType, String> {
    let mut places = [0; 2];
    for (axis, size) in [h, w].into_iter().enumerate() {
        let (before, after) = sides(pool.pads)[axis];
        if before >= pool.kernel[axis] || after >= pool.kernel[axis] {
            return Err("a pooling window would contain padding only".into());
        }
        places[axis] = windows(size, (before, after), pool.kernel[axis], pool.strides[axis])?;
    }
    Ok(TensorType::batched(&[c, places[0], places[1]]))
}

fn gemm(inputs: &[&TensorType]) -> Result<TensorType, String> {
    let length = inputs[0]
        .vector()
        .ok_or_else(|| format!("Gemm needs (N, length), not {}", inputs[0]))?;
    let &[Dim::Size(rows), Dim::Size(out)] = inputs[1].dims() else {
        return Err(format!("Gemm weights must be (in, out), not {}", inputs[1]));
    };
    if rows != length {
        return Err(format!(
            "weights {} do not match a length of {length}",
            inputs[1]
        ));
    }
    if let Some(bias) = inputs.get(2)
        && **bias != TensorType::fixed(&[out])
    {
        return Err(format!("bias {bias} does not match {out} units"));
    }
    Ok(TensorType::batched(&[out]))
}

/// Right-aligned broadcasting; the batch matches the batch, 1 or a missing axis.
fn broadcast(a: &TensorType, b: &TensorType) -> Result<TensorType, String> {
    let rank = a.rank().max(b.rank());
    let at = |t: &TensorType, i: usize| {
        (i + t.rank())
            .checked_sub(rank)
            .map_or(Dim::Size(1), |place| t.dims()[place])
    };
    let mut dims = Vec::with_capacity(rank);
    for i in 0..rank {
        dims.push(match (at(a, i), at(b, i)) {
            (x, y) if x == y => x,
            (x, Dim::Size(1)) => x,
            (Dim::Size(1), y) => y,
            _ => return Err(format!("{a} and {b} cannot be broadcast")),
        });
    }
    if dims.iter().skip(1).any(|d| *d == Dim::Batch) {
        return Err(format!(
            "{a} and {b} do not keep the batch as the first axis"
        ));
    }
    Ok(TensorType { dims })
}

fn transposed(x: &TensorType, axes: &[usize]) -> Result<TensorType, String> {
    let mut seen = vec![false; x.rank()];
    for &axis in axes {
        match seen.get_mut(axis) {
            Some(s) if !*s => *s = true,
            _ => return Err(format!("{axes:?} is not a permutation of the axes of {x}")),
        }
    }
    if axes.len() != x.rank() || (x.is_batched() && axes.first() != Some(&0)) {
        return Err(format!(
            "{axes:?} is not a permutation of the axes of {x} that keeps the batch"
        ));
    }
    Ok(TensorType {
        dims: axes.iter().map(|&a| x.dims()[a]).collect(),
    })
}

fn concat(inputs: &[&TensorType], axis: usize) -> Result<TensorType, String> {
    let first = inputs[0];
    if axis == 0 || axis >= first.rank() {
        return Err(format!("{first} has no axis {axis} to concatenate along"));
    }
    let mut total = 0_usize;
    for ty in inputs {
        let same = ty.rank() == first.rank()
            && ty
                .dims()
                .iter()
                .zip(first.dims())
                .enumerate()
                .all(|(i, (a, b))| i == axis || a == b);
        let &Dim::Size(size) = ty.dims().get(axis).unwrap_or(&Dim::Batch) else {
            return Err(format!("{ty} cannot be concatenated along axis {axis}"));
        };
        if !same {
            return Err(format!(
                "{ty} does not match {first} except along axis {axis}"
            ));
        }
        total = total.checked_add(size).ok_or("a size overflows")?;
    }
    let mut dims = first.dims().to_vec();
    dims[axis] = Dim::Size(total);
    Ok(TensorType { dims })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Conv;

    fn of(op: Op, inputs: &[TensorType]) -> Result<TensorType, Error> {
        infer(&op, &inputs.iter().collect::<Vec<_>>(), "test")
    }

    #[test]
    fn a_strided_convolution_counts_its_windows() {
        let conv = Conv {
            strides: [2, 2],
            pads: Pads {
                bottom: 1,
                right: 1,
                ..Pads::NONE
            },
            ..Conv::default()
        };
        let x = TensorType::batched(&[3, 224, 224]);
        let w = TensorType::fixed(&[32, 3, 3, 3]);
        assert_eq!(
            of(Op::Conv(conv), &[x, w]).unwrap(),
            TensorType::batched(&[32, 112, 112])
        );
    }

    #[test]
    fn a_scalar_per_channel_meets_a_picture() {
        let x = TensorType::batched(&[8, 5, 7]);
        assert_eq!(
            of(Op::Mul, &[x.clone(), TensorType::fixed(&[1, 8, 1, 1])]).unwrap(),
            x
        );
        assert_eq!(
            of(Op::Mul, &[TensorType::batched(&[8, 1, 1]), x.clone()]).unwrap(),
            x
        );
        assert!(of(Op::Mul, &[x, TensorType::fixed(&[1, 9, 1, 1])]).is_err());
    }

    #[test]
    fn absurd_sizes_are_refused_and_never_overflow() {
        let x = TensorType::batched(&[3, 4, 4]);
        let huge = Pads {
            top: usize::MAX,
            bottom: 2,
            ..Pads::NONE
        };
        assert!(of(Op::Pad(huge), std::slice::from_ref(&x)).is_err());
        let wide = Pads {
            top: 1 << 20,
            left: 1 << 20,
            ..Pads::NONE
        };
        assert!(matches!(
            of(Op::Pad(wide), std::slice::from_ref(&x)),
            Err(Error::Limit(_))
        ));
        let none = Conv {
            strides: [0, 1],
            ..Conv::default()
        };
        assert!(
            of(
                Op::Conv(none),
                &[x.clone(), TensorType::fixed(&[1, 3, 1, 1])]
            )
            .is_err()
        );
        assert!(
            of(
                Op::Reshape {
                    dims: vec![usize::MAX, 2]
                },
                std::slice::from_ref(&x)
            )
            .is_err()
        );
        assert!(
            of(
                Op::Transpose {
                    axes: vec![0, 1, 1, 2]
                },
                &[x]
            )
            .is_err()
        );
    }
}
