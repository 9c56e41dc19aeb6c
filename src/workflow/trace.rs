//! The steps of a photograph through a network, as pictures at their true sizes.

use std::sync::Arc;

use super::predict::{Request, check_accepted, predict};
use super::{Context, Error};
use crate::domain::{FundusImage, InputSpec, Pixels, ResultRow, Tensor};
use crate::graph;
use crate::imaging::prepare::prepare;
use crate::imaging::{Geometry, Grid, thumbnail};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::SaliencyMap;

/// Longest side of pictures that show the photograph itself.
const LONGEST: u32 = 720;

/// The steps of one photograph through one model.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Logit and score, or value.
    pub case: ResultRow,
    /// Sizes of photograph, crop and input.
    pub geometry: Geometry,
    /// The photograph, reduced.
    pub original: Arc<Pixels>,
    /// The part that the network sees, black outside the photograph, reduced.
    pub crop: Arc<Pixels>,
    /// At the size of the network's input.
    pub input: Arc<Pixels>,
    /// The network's input: its three channels as red, green and blue, the lowest number black and the highest white.
    pub scaled: Arc<Pixels>,
    /// The lowest and the highest of these numbers.
    pub range: (f32, f32),
    /// The last feature map; `None` if the network offers none.
    pub features: Option<Features>,
    pub map: Option<SaliencyMap>,
}

/// A feature map without its channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    pub channels: usize,
    /// Root of the mean square over the channels, cell by cell.
    pub energy: Grid,
}

/// Traces one photograph through one model.
pub fn trace(
    ctx: &Context,
    photograph: &FundusImage,
    name: &str,
    (model, device): (&str, Device),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Trace, Error> {
    check_accepted(photograph)?;
    let request = Request {
        model: model.to_owned(),
        device,
        saliency: true,
        target: None,
        features: false,
    };
    let answer = predict(ctx, photograph, name, &request, cancel, progress)?;
    let prepared = &answer.prepared;
    let features = match &answer.map {
        Some(_) => {
            let opened = ctx.model(model, device, cancel, progress)?;
            let inputs = [(graph::INPUT, &prepared.tensor)];
            let found = opened
                .lock()?
                .session
                .run(&inputs, &[graph::FEATURES], cancel)?;
            Some(energy(&found[0])?)
        }
        None => None,
    };
    let spec = &answer.case.card.input;
    let larger = InputSpec {
        size: fitted(prepared.geometry),
        ..spec.clone()
    };
    let field = photograph.field_of_view.as_ref();
    let crop = prepare(&photograph.pixels, field, &larger)?.seen;
    let (scaled, range) = as_picture(&prepared.tensor)?;
    Ok(Trace {
        geometry: prepared.geometry,
        original: Arc::new(thumbnail(&photograph.pixels, LONGEST)),
        crop: Arc::new(crop),
        input: Arc::new(prepared.seen.clone()),
        scaled: Arc::new(scaled),
        range,
        features,
        map: answer.map,
        case: answer.case,
    })
}

/// Height and width of the crop, reduced if it is larger than a screen shows.
fn fitted(geometry: Geometry) -> [u32; 2] {
    let (width, height) = (geometry.crop.width, geometry.crop.height);
    let longest = width.max(height);
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(longest.min(LONGEST)) / u64::from(longest);
        u32::try_from(side.max(1)).unwrap_or(LONGEST)
    };
    [scaled(height), scaled(width)]
}

/// The root of the mean square over the channels of (1, C, h, w).
fn energy(features: &Tensor) -> Result<Features, Error> {
    let wrong = || Error::Tensor("the last feature map has another shape".to_owned());
    let &[1, channels, rows, columns] = features.shape.as_slice() else {
        return Err(wrong());
    };
    let cells = rows * columns;
    let mut checksums = vec![0.0_f64; cells];
    for plane in features.values.chunks_exact(cells.max(1)) {
        for (sum, &v) in checksums.iter_mut().zip(plane) {
            *sum += f64::from(v) * f64::from(v);
        }
    }
    let roots = checksums
        .iter()
        .map(|s| (s / channels.max(1) as f64).sqrt() as f32);
    Ok(Features {
        channels,
        energy: Grid::new(rows, columns, roots.collect()).ok_or_else(wrong)?,
    })
}

/// An input as a picture from the lowest number, black, to the highest, white; and these two numbers.
fn as_picture(x: &Tensor) -> Result<(Pixels, (f32, f32)), Error> {
    let wrong = || Error::Tensor("the input is not a picture".to_owned());
    let &[1, 3, rows, columns] = x.shape.as_slice() else {
        return Err(wrong());
    };
    let low = x.values.iter().copied().fold(f32::INFINITY, f32::min);
    let high = x.values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let span = (high - low).max(f32::MIN_POSITIVE);
    let cells = rows * columns;
    let level = |i: usize| ((x.values[i] - low) / span * 255.0).round() as u8;
    let rgb = (0..cells).flat_map(|i| [level(i), level(cells + i), level(2 * cells + i)]);
    let size = |side: usize| u32::try_from(side).map_err(|_| wrong());
    let picture = Pixels::new(size(columns)?, size(rows)?, rgb.collect()).ok_or_else(wrong)?;
    Ok((picture, (low, high)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::OpenOptions;
    use crate::storage::Places;
    use crate::workflow::{Source, open};

    #[test]
    fn every_step_has_its_true_size() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let model = ("demo-mobilenet", Device::Embedded);
        let found = trace(&ctx, &photograph, "a", model, &cancel, &progress).unwrap();
        assert_eq!(found.original.width.max(found.original.height), LONGEST);
        let crop = found.geometry.crop;
        assert_eq!((found.crop.width, found.crop.height), (LONGEST, LONGEST));
        assert_eq!(crop.width, crop.height, "a square crop");
        assert_eq!((found.input.width, found.input.height), (224, 224));
        assert_eq!((found.scaled.width, found.scaled.height), (224, 224));
        let (low, high) = found.range;
        assert!((-1.0..0.0).contains(&low) && (0.0..=1.0).contains(&high));
        let features = found.features.unwrap();
        assert_eq!(features.channels, 1024);
        assert_eq!((features.energy.rows(), features.energy.columns()), (7, 7));
        assert!(features.energy.max_abs() > 0.0);
        let map = found.map.unwrap();
        assert_eq!((map.grid.rows(), map.grid.columns()), (7, 7));
        assert!(found.case.score.is_some());
    }

    #[test]
    fn energy_is_the_root_of_the_mean_square() {
        let features = Tensor {
            shape: vec![1, 2, 1, 2],
            values: vec![3.0, 0.0, -4.0, 2.0],
        };
        let found = energy(&features).unwrap();
        assert_eq!(found.energy.values(), [12.5_f32.sqrt(), 2.0_f32.sqrt()]);
        let flat = Tensor {
            shape: vec![1, 4],
            values: vec![0.0; 4],
        };
        assert!(energy(&flat).is_err() && as_picture(&flat).is_err());
    }
}
