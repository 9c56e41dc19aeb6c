//! From a network's linear output to the value shown to the user.

use std::hash::{Hash, Hasher};

/// `value = scale · output + offset`: years from an output trained on standardised ages, decades or months.
///
/// Without a scale in the card the output is the value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    scale: f64,
    offset: f64,
}

impl ValueScale {
    /// Smallest and largest absolute scale. A gradient is multiplied by it in float32.
    pub const SCALES: [f64; 2] = [1e-6, 1e6];
    /// Largest absolute offset.
    pub const LARGEST_OFFSET: f64 = 1e6;

    /// `None` if the scale is 0, or if either number is not finite or beyond the limits.
    pub fn new(scale: f64, offset: f64) -> Option<Self> {
        (Self::is_scale(scale) && Self::is_offset(offset)).then_some(Self {
            scale,
            // Turns -0 into 0, so that equal scales have equal hashes.
            offset: offset + 0.0,
        })
    }

    /// True for a valid scale.
    pub fn is_scale(scale: f64) -> bool {
        (Self::SCALES[0]..=Self::SCALES[1]).contains(&scale.abs())
    }

    /// True for a valid offset.
    pub fn is_offset(offset: f64) -> bool {
        offset.abs() <= Self::LARGEST_OFFSET
    }

    pub fn scale(self) -> f64 {
        self.scale
    }

    pub fn offset(self) -> f64 {
        self.offset
    }

    /// The value of an output. Every value that is shown, written or explained is computed here.
    pub fn value(self, output: f64) -> f64 {
        self.scale * output + self.offset
    }
}

impl Default for ValueScale {
    fn default() -> Self {
        Self {
            scale: 1.0,
            offset: 0.0,
        }
    }
}

// Neither number is ever NaN.
impl Eq for ValueScale {}

impl Hash for ValueScale {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scale.to_bits().hash(state);
        self.offset.to_bits().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_becomes_a_value_and_what_cannot_be_a_scale_is_none() {
        let standardised = ValueScale::new(12.5, 55.0).unwrap();
        assert_eq!(standardised.value(-0.4), 50.0);
        assert_eq!(ValueScale::default().value(61.0), 61.0);
        assert_eq!(ValueScale::new(-1.0, -0.0), ValueScale::new(-1.0, 0.0));
        for (scale, offset) in [
            (0.0, 0.0),
            (f64::NAN, 0.0),
            (f64::INFINITY, 0.0),
            (1e7, 0.0),
            (1e-7, 0.0),
            (1.0, f64::NAN),
            (1.0, f64::NEG_INFINITY),
            (1.0, 2e6),
        ] {
            assert_eq!(ValueScale::new(scale, offset), None, "{scale} {offset}");
        }
    }
}
