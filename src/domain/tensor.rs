//! A block of numbers with a shape.

/// Row-major float32 numbers; `shape` lists the sizes from the slowest to the fastest axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Tensor {
    /// Wraps the numbers if their count fits the shape; `None` otherwise.
    pub fn new(shape: Vec<usize>, values: Vec<f32>) -> Option<Self> {
        let count = shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d))?;
        (count == values.len()).then_some(Self { shape, values })
    }

    /// Converts NHWC to NCHW; `None` unless there are four axes.
    pub fn nchw_from_nhwc(&self) -> Option<Self> {
        let &[n, h, w, c] = self.shape.as_slice() else {
            return None;
        };
        let values = swapped(&self.values, n, h * w, c);
        Self::new(vec![n, c, h, w], values)
    }

    /// Converts NCHW to NHWC; `None` unless there are four axes.
    pub fn nhwc_from_nchw(&self) -> Option<Self> {
        let &[n, c, h, w] = self.shape.as_slice() else {
            return None;
        };
        let values = swapped(&self.values, n, c, h * w);
        Self::new(vec![n, h, w, c], values)
    }
}

/// (n, rows, columns) → (n, columns, rows).
fn swapped(values: &[f32], n: usize, rows: usize, columns: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for image in 0..n {
        for column in 0..columns {
            for row in 0..rows {
                out.push(values[(image * rows + row) * columns + column]);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_move_to_the_front() {
        let nhwc = Tensor::new(vec![1, 1, 2, 3], vec![1., 2., 3., 4., 5., 6.]).unwrap();
        let nchw = nhwc.nchw_from_nhwc().unwrap();
        assert_eq!(nchw.shape, [1, 3, 1, 2]);
        assert_eq!(nchw.values, [1., 4., 2., 5., 3., 6.]);
        assert_eq!(nchw.nhwc_from_nchw().unwrap(), nhwc);
    }

    #[test]
    fn a_shape_that_does_not_fit_is_refused() {
        assert!(Tensor::new(vec![2, 2], vec![0.0; 3]).is_none());
        assert!(Tensor::new(vec![usize::MAX, 2], vec![]).is_none());
    }
}
