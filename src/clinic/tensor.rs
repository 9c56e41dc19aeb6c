//! A block of numbers with a shape.

/// Row-major float32 numbers; `shape` lists the sizes from the slowest to the fastest axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Tensor {
    /// Wraps numbers whose count fits the shape; `None` otherwise.
    pub fn new(shape: Vec<usize>, values: Vec<f32>) -> Option<Self> {
        let count = shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d))?;
        (count == values.len()).then_some(Self { shape, values })
    }

    /// Turns a picture-like NHWC tensor into NCHW; `None` unless there are four axes.
    pub fn nchw_from_nhwc(&self) -> Option<Self> {
        let &[n, h, w, c] = self.shape.as_slice() else {
            return None;
        };
        let mut values = Vec::with_capacity(self.values.len());
        for image in 0..n {
            for channel in 0..c {
                for place in 0..h * w {
                    values.push(self.values[(image * h * w + place) * c + channel]);
                }
            }
        }
        Self::new(vec![n, c, h, w], values)
    }
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
    }

    #[test]
    fn a_shape_that_does_not_fit_is_refused() {
        assert!(Tensor::new(vec![2, 2], vec![0.0; 3]).is_none());
        assert!(Tensor::new(vec![usize::MAX, 2], vec![]).is_none());
    }
}
