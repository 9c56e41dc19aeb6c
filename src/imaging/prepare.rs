//! Photograph → the network's input, exactly as the model card states: crop, resize, colour order, scaling.
//!
//! Nothing is assumed: the steps are returned as [`Preprocessing`], with the crop in whole pixels of the upright
//! photograph, so that a few lines of Python reproduce them. For a field of view with centre (cx, cy) and radius r:
//!
//! ```python
//! left, top, side = floor(cx - r + 0.5), floor(cy - r + 0.5), max(1, floor(2 * r + 0.5))
//! x = image.crop((left, top, left + side, top + side)).resize((W, H), Image.BILINEAR)  # black outside the frame
//! ```

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::geometry::Geometry;
use super::resize::{Disc, Resized, Window, resize};
use crate::domain::{
    ColourOrder, Crop, CropBasis, CropRect, FieldOfView, InputSpec, Pixels, Preprocessing, Scaling,
    Tensor,
};
use crate::numeric::hex::hex;

/// Largest side of a network's input, in pixels.
pub const MAX_INPUT_SIDE: u32 = 4096;

/// Mean and standard deviation of ImageNet's red, green and blue, for 0–1.
pub const IMAGENET: [[f32; 3]; 2] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];

/// Why a photograph could not be prepared.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    #[error(
        "the model card specifies an input of {0} × {1} pixels (height × width); each side must be 1 to {MAX_INPUT_SIDE}"
    )]
    InputSize(u32, u32),
    #[error(
        "the model card specifies custom scaling without a usable mean and std: add three numbers each, std above 0"
    )]
    CustomScaling,
    #[error("the photograph's field of view is not a circle near the picture")]
    FieldOfView,
    #[error("the photograph's pixels do not fill its size")]
    Pixels,
}

/// A photograph ready for a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// (1, 3, H, W) in the network's colour order and scale.
    pub tensor: Tensor,
    pub geometry: Geometry,
    /// What the network sees, before scaling and in RGB, for display. TensorFlow's fractions are rounded only here.
    pub seen: Pixels,
    pub preprocessing: Preprocessing,
    /// SHA-256 of preprocessing and tensor, see [`digest`].
    pub prepare_digest: String,
}

/// A photograph cropped and resized as a card states, before colour order and scaling: settings that differ only in
/// those two share it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResizedCrop {
    resized: Resized,
    /// Height and width.
    size: [u32; 2],
    geometry: Geometry,
    crop: CropRect,
    pub crop_basis: CropBasis,
    disc: Option<Disc>,
}

/// Crops and resizes an upright photograph.
pub fn fit(
    image: &Pixels,
    field: Option<&FieldOfView>,
    spec: &InputSpec,
) -> Result<ResizedCrop, Error> {
    let [height, width] = spec.size;
    if [height, width]
        .iter()
        .any(|s| !(1..=MAX_INPUT_SIDE).contains(s))
    {
        return Err(Error::InputSize(height, width));
    }
    if image.rgb.is_empty()
        || image.rgb.len() as u64 != u64::from(image.width) * u64::from(image.height) * 3
    {
        return Err(Error::Pixels);
    }
    let (crop, crop_basis, disc) = crop(image, field, spec)?;
    let geometry =
        Geometry::new([image.width, image.height], crop, [width, height]).ok_or(Error::Pixels)?;
    let window = Window::new(image, crop.x, crop.y, crop.width, crop.height, disc);
    Ok(ResizedCrop {
        resized: resize(&window, width, height, spec.resize),
        size: spec.size,
        geometry,
        crop,
        crop_basis,
        disc,
    })
}

impl ResizedCrop {
    /// The network's input (1, 3, H, W): colour order and scaling of `spec`, which must be of the same size.
    pub fn tensor(&self, spec: &InputSpec) -> Result<Tensor, Error> {
        if spec.size != self.size {
            return Err(Error::InputSize(spec.size[0], spec.size[1]));
        }
        let [mean, std] = mean_and_std(spec)?;
        Ok(tensor_from(&self.resized, spec, mean, std))
    }

    /// Whether both hold the same numbers, so that the same colour order and scaling give the same input.
    pub fn same_numbers(&self, other: &Self) -> bool {
        self.resized == other.resized
    }

    /// Whether red, green and blue are equal everywhere, so that colour order has no effect.
    pub fn is_grey(&self) -> bool {
        let values = self.resized.values();
        values.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2])
    }
}

/// Prepares an upright photograph.
pub fn prepare(
    image: &Pixels,
    field: Option<&FieldOfView>,
    spec: &InputSpec,
) -> Result<Prepared, Error> {
    let fitted = fit(image, field, spec)?;
    let tensor = fitted.tensor(spec)?;
    let preprocessing = Preprocessing {
        text: sentence(spec, fitted.crop, fitted.crop_basis),
        spec: spec.clone(),
        crop_in_image: fitted.crop,
        crop_basis: fitted.crop_basis,
        masked_outside: fitted.disc.map(|d| [d.centre_x, d.centre_y, d.radius]),
    };
    let prepare_digest = digest(&preprocessing, &tensor);
    Ok(Prepared {
        tensor,
        geometry: fitted.geometry,
        seen: fitted.resized.into_pixels(),
        preprocessing,
        prepare_digest,
    })
}

/// SHA-256, in lower-case hexadecimal, over the description as JSON, the tensor's shape as JSON and its numbers as
/// little-endian float32, with a line feed after each of the first two.
pub fn digest(description: &impl Serialize, tensor: &Tensor) -> String {
    let mut hash = Sha256::new();
    for part in [
        serde_json::to_string(description),
        serde_json::to_string(&tensor.shape),
    ] {
        hash.update(part.unwrap_or_default());
        hash.update(b"\n");
    }
    let mut block = Vec::with_capacity(4 * 4096);
    for numbers in tensor.values.chunks(4096) {
        block.clear();
        block.extend(numbers.iter().flat_map(|v| v.to_le_bytes()));
        hash.update(&block);
    }
    hex(hash.finalize())
}

/// The rectangle to cut out, its basis, and the circle that stays lit.
fn crop(
    image: &Pixels,
    field: Option<&FieldOfView>,
    spec: &InputSpec,
) -> Result<(CropRect, CropBasis, Option<Disc>), Error> {
    let (w, h) = (image.width, image.height);
    let frame = CropRect::from((0, 0, w, h));
    let round = field.filter(|f| f.round);
    match (spec.crop, round) {
        (Crop::Stretch, _) => Ok((frame, CropBasis::Frame, None)),
        (Crop::Pad, _) => Ok((padded(w, h, spec.size), CropBasis::Frame, None)),
        (Crop::Square | Crop::Masked, None) => {
            Ok((padded(w, h, [1, 1]), CropBasis::NoRoundField, None))
        }
        (Crop::Square | Crop::Masked, Some(field)) => {
            let disc = Disc {
                centre_x: field.centre_x,
                centre_y: field.centre_y,
                radius: field.radius,
            };
            let disc_or_none = (spec.crop == Crop::Masked).then_some(disc);
            Ok((around(disc, w, h)?, CropBasis::FieldOfView, disc_or_none))
        }
    }
}

/// The smallest centred rectangle with the proportions `size` (height, width) that holds the whole frame; if a margin
/// is odd, the extra pixel is on the right or below.
fn padded(w: u32, h: u32, size: [u32; 2]) -> CropRect {
    let [th, tw] = size.map(u64::from);
    let (w64, h64) = (u64::from(w), u64::from(h));
    // a · n / d, rounded half up; below 2^45 for any picture and input.
    let scaled = |a: u64, n: u64, d: u64| (2 * a * n + d) / (2 * d);
    let (width, height) = if w64 * th >= h64 * tw {
        (w64, scaled(w64, th, tw).max(h64))
    } else {
        (scaled(h64, tw, th).max(w64), h64)
    };
    let clamp = |v: u64| u32::try_from(v).unwrap_or(u32::MAX);
    let margin = |outer: u64, inner: u64| -(((outer - inner) / 2) as i64);
    CropRect {
        x: margin(width, w64),
        y: margin(height, h64),
        width: clamp(width),
        height: clamp(height),
    }
}

/// The square around a circle, in whole pixels.
fn around(disc: Disc, w: u32, h: u32) -> Result<CropRect, Error> {
    let reach = 4.0 * f64::from(w.max(h)).max(1.0);
    let sound = [disc.centre_x, disc.centre_y]
        .iter()
        .all(|c| c.abs() <= reach)
        && disc.radius > 0.0
        && disc.radius <= reach;
    if !sound {
        return Err(Error::FieldOfView);
    }
    let side = (2.0 * disc.radius + 0.5).floor().max(1.0) as u32;
    Ok(CropRect {
        x: (disc.centre_x - disc.radius + 0.5).floor() as i64,
        y: (disc.centre_y - disc.radius + 0.5).floor() as i64,
        width: side,
        height: side,
    })
}

/// Mean and standard deviation for scalings that use them; 0 and 1 for the others.
pub(super) fn mean_and_std(spec: &InputSpec) -> Result<[[f32; 3]; 2], Error> {
    match spec.scaling {
        Scaling::Raw | Scaling::Unit | Scaling::Tf => Ok([[0.0; 3], [1.0; 3]]),
        Scaling::Torch => Ok(IMAGENET),
        Scaling::Custom => match (spec.mean, spec.std) {
            (Some(mean), Some(std))
                if mean.iter().all(|m| m.is_finite())
                    && std.iter().all(|s| s.is_finite() && *s > 0.0) =>
            {
                Ok([mean, std])
            }
            _ => Err(Error::CustomScaling),
        },
    }
}

/// Channels first, in the network's order, in the same float32 steps as Keras. Mean and std follow the network's
/// channel order, as NumPy broadcasts them.
fn tensor_from(resized: &Resized, spec: &InputSpec, mean: [f32; 3], std: [f32; 3]) -> Tensor {
    let [height, width] = spec.size.map(|s| s as usize);
    let values = resized.values();
    let mut numbers = Vec::with_capacity(values.len());
    for channel in 0..3 {
        let colour = match spec.colour {
            ColourOrder::Rgb => channel,
            ColourOrder::Bgr => 2 - channel,
        };
        let (mean, std) = (mean[channel], std[channel]);
        let scaled = |v: f32| match spec.scaling {
            Scaling::Raw => v,
            Scaling::Unit => v / 255.0,
            Scaling::Tf => v / 127.5 - 1.0,
            Scaling::Torch | Scaling::Custom => (v / 255.0 - mean) / std,
        };
        numbers.extend(values.iter().skip(colour).step_by(3).map(|&v| scaled(v)));
    }
    Tensor {
        shape: vec![1, 3, height, width],
        values: numbers,
    }
}

fn sentence(spec: &InputSpec, crop: CropRect, basis: CropBasis) -> String {
    let CropRect {
        x,
        y,
        width,
        height,
    } = crop;
    let basis = match basis {
        CropBasis::Frame | CropBasis::FieldOfView => "",
        CropBasis::NoRoundField => " (no round field of view found: whole frame)",
    };
    format!(
        "crop {} [{x}, {y}, {width}, {height}]{basis}, {} to {}×{}, {}, {}",
        word(&spec.crop),
        word(&spec.resize),
        spec.size[1],
        spec.size[0],
        word(&spec.colour),
        word(&spec.scaling),
    )
}

/// The name of a plain enum in every file.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Resize;
    use crate::numeric::hex::sha256;

    fn spec(size: [u32; 2], crop: Crop) -> InputSpec {
        InputSpec {
            size,
            colour: ColourOrder::Rgb,
            scaling: Scaling::Raw,
            mean: None,
            std: None,
            resize: Resize::PilBilinear,
            crop,
        }
    }

    fn ramp(w: u32, h: u32) -> Pixels {
        let rgb = (0..w * h * 3).map(|i| (i * 7 % 256) as u8).collect();
        Pixels::new(w, h, rgb).unwrap()
    }

    fn field(x: f64, y: f64, r: f64) -> FieldOfView {
        FieldOfView {
            centre_x: x,
            centre_y: y,
            radius: r,
            completeness: 1.0,
            round: true,
        }
    }

    fn crop_of(image: &Pixels, field: Option<&FieldOfView>, spec: &InputSpec) -> [i64; 4] {
        let CropRect {
            x,
            y,
            width,
            height,
        } = prepare(image, field, spec).unwrap().geometry.crop;
        [x, y, width.into(), height.into()]
    }

    #[test]
    fn each_crop_takes_its_rectangle() {
        let image = ramp(30, 20);
        let eye = field(14.3, 10.0, 9.2);
        assert_eq!(
            crop_of(&image, Some(&eye), &spec([8, 8], Crop::Stretch)),
            [0, 0, 30, 20]
        );
        assert_eq!(
            crop_of(&image, Some(&eye), &spec([8, 8], Crop::Pad)),
            [0, -5, 30, 30]
        );
        assert_eq!(
            crop_of(&image, None, &spec([8, 16], Crop::Pad)),
            [-5, 0, 40, 20]
        );
        assert_eq!(
            crop_of(&image, Some(&eye), &spec([8, 8], Crop::Square)),
            [5, 1, 18, 18]
        );
        assert_eq!(
            crop_of(&image, Some(&eye), &spec([8, 8], Crop::Masked)),
            [5, 1, 18, 18]
        );
    }

    /// The picture and the checksums of `tests/fixtures/resize/recipe.py`.
    #[test]
    fn a_square_crop_equals_its_recipe_in_python() {
        let mut state = 12345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let noise = (0..1203 * 1537 * 3).map(|_| next()).collect();
        let image = Pixels::new(1203, 1537, noise).unwrap();
        let spec = InputSpec {
            scaling: Scaling::Tf,
            ..spec([224, 224], Crop::Square)
        };
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/resize/square.txt"
        );
        let rows = std::fs::read_to_string(path).unwrap();
        assert_eq!(rows.lines().count(), 2);
        for row in rows.lines() {
            let (figures, sum) = row.rsplit_once(' ').unwrap();
            let f: Vec<f64> = figures.split(' ').map(|v| v.parse().unwrap()).collect();
            let prepared = prepare(&image, Some(&field(f[0], f[1], f[2])), &spec).unwrap();
            let square = (f[3] as i64, f[4] as i64, f[5] as u32, f[5] as u32);
            assert_eq!(prepared.geometry.crop, square.into());
            let bytes: Vec<u8> = prepared
                .tensor
                .values
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect();
            assert_eq!(sha256(bytes), sum);
        }
    }

    #[test]
    fn without_a_round_field_the_whole_frame_is_kept_and_said() {
        let image = ramp(30, 21);
        let lit = FieldOfView {
            round: false,
            ..field(15.0, 10.0, 5.0)
        };
        for (crop, field) in [(Crop::Square, None), (Crop::Masked, Some(&lit))] {
            let prepared = prepare(&image, field, &spec([8, 8], crop)).unwrap();
            assert_eq!(prepared.geometry.crop, (0, -4, 30, 30).into());
            assert_eq!(prepared.preprocessing.crop_basis, CropBasis::NoRoundField);
            assert!(
                prepared
                    .preprocessing
                    .text
                    .contains("no round field of view")
            );
        }
    }

    #[test]
    fn a_masked_crop_is_black_outside_the_circle() {
        let image = Pixels::new(40, 40, vec![200; 4800]).unwrap();
        let eye = field(20.0, 20.0, 18.0);
        let masked = prepare(&image, Some(&eye), &spec([36, 36], Crop::Masked)).unwrap();
        for y in 0..36 {
            for x in 0..36 {
                let (dx, dy) = (f64::from(x) - 17.5, f64::from(y) - 17.5);
                let lit = dx.hypot(dy) <= 18.0;
                assert_eq!(masked.seen.at(x, y), if lit { [200; 3] } else { [0; 3] });
            }
        }
        assert_eq!(
            masked.preprocessing.masked_outside,
            Some([20.0, 20.0, 18.0])
        );
        let square = prepare(&image, Some(&eye), &spec([36, 36], Crop::Square)).unwrap();
        assert!(square.seen.rgb.iter().all(|&v| v == 200));
        assert_ne!(square.prepare_digest, masked.prepare_digest);
    }

    #[test]
    fn every_scale_takes_its_formula_and_channels_move_to_the_front() {
        let image = Pixels::new(1, 1, vec![255, 102, 0]).unwrap();
        let values = |scaling, colour| {
            let spec = InputSpec {
                scaling,
                colour,
                mean: Some([0.5, 0.25, 0.0]),
                std: Some([0.5, 0.25, 2.0]),
                ..spec([1, 1], Crop::Stretch)
            };
            let prepared = prepare(&image, None, &spec).unwrap();
            assert_eq!(prepared.seen.rgb, [255, 102, 0]);
            assert_eq!(prepared.tensor.shape, [1, 3, 1, 1]);
            prepared.tensor.values
        };
        let rgb = ColourOrder::Rgb;
        assert_eq!(values(Scaling::Raw, rgb), [255.0, 102.0, 0.0]);
        assert_eq!(values(Scaling::Raw, ColourOrder::Bgr), [0.0, 102.0, 255.0]);
        assert_eq!(values(Scaling::Unit, rgb), [1.0, 0.4, 0.0]);
        assert_eq!(values(Scaling::Tf, rgb), [1.0, 102.0 / 127.5 - 1.0, -1.0]);
        let torch = values(Scaling::Torch, rgb);
        assert_eq!(torch[0], (1.0 - 0.485) / 0.229);
        assert_eq!(torch[2], -0.406 / 0.225);
        let custom = values(Scaling::Custom, ColourOrder::Bgr);
        assert_eq!(custom, [-1.0, (0.4 - 0.25) / 0.25, 0.5]);
    }

    #[test]
    fn what_cannot_be_prepared_is_refused() {
        let image = ramp(4, 4);
        let refused = |field: Option<&FieldOfView>, spec: &InputSpec| {
            prepare(&image, field, spec).unwrap_err()
        };
        assert_eq!(
            refused(None, &spec([0, 8], Crop::Stretch)),
            Error::InputSize(0, 8)
        );
        assert_eq!(
            refused(None, &spec([8, 9999], Crop::Pad)),
            Error::InputSize(8, 9999)
        );
        for (x, r) in [
            (f64::NAN, 1.0),
            (1e300, 1.0),
            (2.0, 0.0),
            (2.0, f64::INFINITY),
            (2.0, 1e6),
        ] {
            let error = refused(Some(&field(x, 2.0, r)), &spec([8, 8], Crop::Square));
            assert_eq!(error, Error::FieldOfView, "{x}, {r}");
        }
        let mut custom = spec([8, 8], Crop::Stretch);
        custom.scaling = Scaling::Custom;
        assert_eq!(refused(None, &custom), Error::CustomScaling);
        custom.mean = Some([0.5; 3]);
        custom.std = Some([0.5, 0.0, 0.5]);
        assert_eq!(refused(None, &custom), Error::CustomScaling);
        let short = Pixels {
            width: 9,
            height: 9,
            rgb: vec![0; 5],
        };
        assert_eq!(
            prepare(&short, None, &spec([8, 8], Crop::Stretch)),
            Err(Error::Pixels)
        );
    }

    #[test]
    fn the_description_is_complete_and_comes_back() {
        let eye = field(14.3, 10.0, 9.2);
        let prepared = prepare(&ramp(30, 20), Some(&eye), &spec([8, 12], Crop::Square)).unwrap();
        assert_eq!(
            prepared.preprocessing.text,
            "crop square [5, 1, 18, 18], pil-bilinear to 12×8, rgb, raw"
        );
        let json = serde_json::to_string(&prepared.preprocessing).unwrap();
        assert!(
            json.contains(r#""crop":"square""#) && json.contains(r#""crop_in_image":[5,1,18,18]"#)
        );
        let back: Preprocessing = serde_json::from_str(&json).unwrap();
        assert_eq!(back, prepared.preprocessing);
        assert_eq!(prepared.prepare_digest, digest(&back, &prepared.tensor));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_padded_frame_is_whole_and_has_the_proportions(w in 1..60_u32, h in 1..60_u32, th in 1..40_u32, tw in 1..40_u32) {
            let crop = padded(w, h, [th, tw]);
            prop_assert!(crop.x <= 0 && crop.x + i64::from(crop.width) >= i64::from(w));
            prop_assert!(crop.y <= 0 && crop.y + i64::from(crop.height) >= i64::from(h));
            prop_assert!(crop.width == w || crop.height == h);
            let desired = f64::from(tw) / f64::from(th);
            let (cw, ch) = (f64::from(crop.width), f64::from(crop.height));
            prop_assert!((cw - ch * desired).abs() <= 0.5 * desired.max(1.0) + 1e-9);
        }

        #[test]
        fn seen_and_tensor_tell_the_same(w in 1..30_u32, h in 1..30_u32, x in -20.0..40.0, y in -20.0..40.0, r in 0.2..40.0) {
            let prepared = prepare(&ramp(w, h), Some(&field(x, y, r)), &spec([5, 7], Crop::Masked));
            let Ok(prepared) = prepared else { return Ok(()) };
            for (i, pixel) in prepared.seen.rgb.chunks(3).enumerate() {
                for (c, &value) in pixel.iter().enumerate() {
                    prop_assert_eq!(prepared.tensor.values[c * 35 + i], f32::from(value));
                }
            }
        }
    }
}
