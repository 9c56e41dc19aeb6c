//! Converts the network's input back to a picture by undoing colour order and scaling, for display.

use super::prepare::{Error, mean_and_std};
use crate::domain::{ColourOrder, InputSpec, Pixels, Scaling, Tensor};

/// The picture that an input (1, 3, H, W) represents; values beyond 0 to 255 are clipped.
pub fn picture(x: &Tensor, spec: &InputSpec) -> Result<Pixels, Error> {
    let &[1, 3, rows, columns] = x.shape.as_slice() else {
        return Err(Error::Pixels);
    };
    let [mean, std] = mean_and_std(spec)?;
    let cells = rows * columns;
    let mut rgb = vec![0; 3 * cells];
    for (channel, plane) in x.values.chunks_exact(cells.max(1)).enumerate() {
        let colour = match spec.colour {
            ColourOrder::Rgb => channel,
            ColourOrder::Bgr => 2 - channel,
        };
        let level = |v: f32| match spec.scaling {
            Scaling::Raw => v,
            Scaling::Unit => v * 255.0,
            Scaling::Tf => (v + 1.0) * 127.5,
            Scaling::Torch | Scaling::Custom => (v * std[channel] + mean[channel]) * 255.0,
        };
        for (i, &v) in plane.iter().enumerate() {
            // Casts saturate.
            rgb[3 * i + colour] = level(v).round() as u8;
        }
    }
    let size = |side: usize| u32::try_from(side).map_err(|_| Error::Pixels);
    Pixels::new(size(columns)?, size(rows)?, rgb).ok_or(Error::Pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Crop, model_card};
    use crate::imaging::prepare::prepare;

    #[test]
    fn every_scaling_is_undone() {
        let rgb = (0..5 * 4 * 3).map(|i| (i * 4 + 7) as u8).collect();
        let image = Pixels::new(5, 4, rgb).unwrap();
        for scaling in [
            Scaling::Raw,
            Scaling::Unit,
            Scaling::Tf,
            Scaling::Torch,
            Scaling::Custom,
        ] {
            for colour in [ColourOrder::Rgb, ColourOrder::Bgr] {
                let spec = InputSpec {
                    size: [4, 5],
                    crop: Crop::Stretch,
                    mean: Some([0.1, 0.2, 0.3]),
                    std: Some([0.5, 0.6, 0.7]),
                    colour,
                    scaling,
                    ..model_card::example().input
                };
                let prepared = prepare(&image, None, &spec).unwrap();
                assert_eq!(picture(&prepared.tensor, &spec).unwrap(), prepared.seen);
            }
        }
        let flat = Tensor {
            shape: vec![3],
            values: vec![0.0; 3],
        };
        assert!(picture(&flat, &model_card::example().input).is_err());
    }
}
