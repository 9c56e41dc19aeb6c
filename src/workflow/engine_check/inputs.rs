//! The inputs on which engines check each other: pictures of noise and of a fundus, scaled as the model's card states.

use crate::domain::{Crop, Head, InputSpec, Pixels};
use crate::imaging::prepare::prepare;
use crate::numeric::random::Random;
use crate::runtime::agreement::{SCORE_LIMIT, TestInputs, YEARS_LIMIT};
use crate::workflow::Error;

/// Pixels from which on an input is large: about 420 × 420. Networks of that size are checked with three inputs.
const LARGE: usize = 420 * 420;

/// The pictures, the most informative first: if numbers are scaled around zero, the dark one is negative throughout.
const PICTURES: [Picture; 5] = [
    Picture::Noise {
        lowest: 0,
        values: 256,
    },
    Picture::Noise {
        lowest: 0,
        values: 64,
    },
    Picture::Fundus { inverted: false },
    Picture::Fundus { inverted: true },
    Picture::Noise {
        lowest: 192,
        values: 64,
    },
];

#[derive(Clone, Copy, Debug)]
enum Picture {
    /// Each number of each pixel independently: random within this range of 0–255.
    Noise { lowest: u8, values: usize },
    /// A photograph, or its negative.
    Fundus { inverted: bool },
}

/// Test inputs for a network that takes pictures as `input` states, all in the range of photographs. `scale` turns the
/// output of a linear head into years.
pub fn questions(input: &InputSpec, head: Head, scale: f64) -> Result<TestInputs, Error> {
    let whole = InputSpec {
        crop: Crop::Stretch,
        ..input.clone()
    };
    let [height, width] = input.size.map(|side| side as usize);
    let count = match height.saturating_mul(width) {
        pixels if pixels > LARGE => 3,
        _ => PICTURES.len(),
    };
    let mut inputs = Vec::with_capacity(count);
    for (number, picture) in PICTURES.into_iter().take(count).enumerate() {
        let pixels = picture.draw(input.size, number as u64)?;
        inputs.push(prepare(&pixels, None, &whole)?.tensor);
    }
    let is_value = head == Head::Linear;
    Ok(TestInputs {
        inputs,
        limit: if is_value {
            YEARS_LIMIT / scale.abs()
        } else {
            SCORE_LIMIT
        },
        is_value,
    })
}

impl Picture {
    fn draw(self, size: [u32; 2], seed: u64) -> Result<Pixels, Error> {
        match self {
            Self::Fundus { inverted: false } => pattern(size),
            Self::Fundus { inverted: true } => {
                let picture = pattern(size)?;
                let rgb = picture.rgb.iter().map(|v| 255 - v).collect();
                filled(size, rgb)
            }
            Self::Noise { lowest, values } => {
                let mut random = Random::new(seed);
                let count = size[0] as usize * size[1] as usize * 3;
                let rgb = (0..count).map(|_| lowest.saturating_add(random.below(values) as u8));
                filled(size, rgb.collect())
            }
        }
    }
}

/// A smooth picture with the colours of a fundus, height × width.
pub fn pattern([height, width]: [u32; 2]) -> Result<Pixels, Error> {
    let mut rgb = Vec::with_capacity(height as usize * width as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (
                f64::from(x) / f64::from(width),
                f64::from(y) / f64::from(height),
            );
            let light = (std::f64::consts::PI * u).sin() * (std::f64::consts::PI * v).sin();
            for (channel, tint) in [0.75, 0.4, 0.2].into_iter().enumerate() {
                let ripple = 0.1 * (12.0 * (u + v) + channel as f64).sin();
                rgb.push((255.0 * light * (tint + ripple)).clamp(0.0, 255.0) as u8);
            }
        }
    }
    filled([height, width], rgb)
}

fn filled([height, width]: [u32; 2], rgb: Vec<u8>) -> Result<Pixels, Error> {
    Pixels::new(width, height, rgb).ok_or_else(|| Error::Card("the input size is empty".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ColourOrder, Resize, Scaling};

    fn spec(size: [u32; 2], scaling: Scaling) -> InputSpec {
        InputSpec {
            size,
            colour: ColourOrder::Rgb,
            scaling,
            mean: None,
            std: None,
            resize: Resize::PilNearest,
            crop: Crop::Masked,
        }
    }

    #[test]
    fn inputs_are_of_the_networks_size_and_in_the_range_of_photographs() {
        for (scaling, lowest, highest) in [
            (Scaling::Raw, 0.0, 255.0),
            (Scaling::Unit, 0.0, 1.0),
            (Scaling::Tf, -1.0, 1.0),
        ] {
            let requested = questions(&spec([48, 40], scaling), Head::Sigmoid, 1.0).unwrap();
            assert_eq!((requested.inputs.len(), requested.limit), (5, SCORE_LIMIT));
            for input in &requested.inputs {
                assert_eq!(input.shape, [1, 3, 48, 40]);
                assert!(input.values.iter().all(|v| (lowest..=highest).contains(v)));
            }
            let negative = &requested.inputs[1];
            let all_below = negative.values.iter().all(|v| *v < 0.0);
            assert_eq!(all_below, scaling == Scaling::Tf);
        }
    }

    #[test]
    fn large_networks_are_asked_less_and_values_in_their_own_units() {
        let requested = questions(&spec([600, 600], Scaling::Raw), Head::Linear, 100.0).unwrap();
        assert_eq!(
            (requested.inputs.len(), requested.limit),
            (3, YEARS_LIMIT / 100.0)
        );
        assert!(requested.is_value);
    }
}
