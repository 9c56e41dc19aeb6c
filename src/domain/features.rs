//! What a model saw in a photograph as a short list of numbers, by which photographs are compared.

use serde::{Deserialize, Serialize};

use super::Tensor;

/// The last feature map of a model averaged over its positions: one number per channel.
///
/// The numbers are stored as the upper halves of float32 (bfloat16), in memory and on the disk: their rounding changes a
/// cosine by less than 1e-4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features(Vec<u16>);

impl Features {
    /// Most channels. The networks of Keras have at most 4096.
    pub const MOST: usize = 1 << 16;

    /// The average of a feature map (1, C, h, w); `None` for a tensor of another form, and if a number is not finite.
    pub fn of_map(map: &Tensor) -> Option<Self> {
        let &[1, channels, rows, columns] = map.shape.as_slice() else {
            return None;
        };
        let cells = rows.checked_mul(columns).filter(|cells| *cells > 0)?;
        if !(1..=Self::MOST).contains(&channels) {
            return None;
        }
        let mean = |channel: &[f32]| {
            let sum: f64 = channel.iter().map(|value| f64::from(*value)).sum();
            (sum / cells as f64) as f32
        };
        Self::of_values(map.values.chunks_exact(cells).map(mean))
    }

    /// `None` if a number is not finite.
    pub fn of_values(values: impl IntoIterator<Item = f32>) -> Option<Self> {
        let halves: Option<Vec<u16>> = values.into_iter().map(half).collect();
        halves.map(Self)
    }

    /// As they are stored.
    pub fn halves(&self) -> &[u16] {
        &self.0
    }
}

/// The upper half of a float32, rounded to nearest; `None` if it is not finite.
fn half(value: f32) -> Option<u16> {
    // Half of the last place; the largest numbers would round to infinity.
    let rounded = value
        .to_bits()
        .checked_add(0x7fff + ((value.to_bits() >> 16) & 1))?;
    let half = (rounded >> 16) as u16;
    (value.is_finite() && whole(half).is_finite()).then_some(half)
}

/// The float32 of an upper half.
pub fn whole(half: u16) -> f32 {
    f32::from_bits(u32::from(half) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_averaged_over_its_positions() {
        let map = Tensor::new(vec![1, 2, 1, 2], vec![1.0, 2.0, -4.0, 8.0]).unwrap();
        let features = Features::of_map(&map).unwrap();
        let values: Vec<f32> = features.halves().iter().map(|half| whole(*half)).collect();
        assert_eq!(values, [1.5, 2.0]);
    }

    #[test]
    fn other_forms_and_numbers_that_are_not_finite_have_no_features() {
        for (shape, values) in [
            (vec![1, 2], vec![1.0, 2.0]),
            (vec![2, 1, 1, 1], vec![1.0, 2.0]),
            (vec![1, 1, 0, 1], vec![]),
            (vec![1, 0, 1, 1], vec![]),
            (vec![1, 2, 1, 1], vec![1.0, f32::NAN]),
            (vec![1, 2, 1, 1], vec![1.0, f32::INFINITY]),
            (vec![1, 1, 1, 2], vec![f32::MAX, f32::MAX]),
        ] {
            let map = Tensor::new(shape, values).unwrap();
            assert_eq!(Features::of_map(&map), None, "{:?}", map.shape);
        }
    }

    #[test]
    fn rounding_is_to_nearest_and_never_to_infinity() {
        for value in [0.0, 1.0, -2.5, 1e-30, 3.25, -123.456] {
            let back = whole(half(value).unwrap());
            assert!((back - value).abs() <= value.abs() / 256.0, "{value}");
        }
        assert_eq!(half(f32::MAX), None);
        assert_eq!(half(f32::NEG_INFINITY), None);
    }
}
