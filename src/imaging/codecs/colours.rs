//! RGB or YCbCr: what three channels mean if a file states it wrongly or not at all.
//!
//! Read the wrong way, a retina turns green or violet and its black surround green or teal, so the picture itself shows
//! which reading is right. The file's declaration is used unless its reading has few fundus colours and the other
//! reading has almost nothing else.

pub(super) use crate::domain::Reading;
use crate::domain::{Detail, Finding, FindingCode, Severity};
use crate::numeric::vectorised;

impl Reading {
    fn other(self) -> Self {
        match self {
            Self::Rgb => Self::YCbCr,
            Self::YCbCr => Self::Rgb,
        }
    }

    /// The finding for a picture that was read this way against the file's declaration or without one.
    fn guessed(self) -> Finding {
        Finding::with_detail(
            FindingCode::ColourGuessed,
            Severity::Caution,
            Detail::ReadAs(self),
        )
    }
}

/// Number of pixels examined.
const SAMPLE: usize = 20_000;

/// The step between examined pixels.
fn step(pixels: usize) -> usize {
    (pixels / SAMPLE).max(1)
}

/// Minimum share of fundus colours in a reading that overrides the file's own.
const MIN_SHARE: f64 = 0.8;

/// Minimum lead of that share over the one of the file's own reading.
const MIN_LEAD: f64 = 0.25;

/// Whether the other reading should be used, by the shares of both (see [`fundus_share`]).
fn other_is_right(declared: f64, other: f64) -> bool {
    other >= MIN_SHARE && other - declared >= MIN_LEAD
}

/// Share of pixels (0–1) with colours typical of a fundus photograph: retina (red above green above blue), grey, and
/// the black or white around it. `rgb` holds three bytes per pixel.
fn fundus_share(rgb: &[u8]) -> f64 {
    let pixels = rgb.as_chunks::<3>().0;
    let (mut fitting, mut count) = (0_usize, 0_usize);
    for &pixel in pixels.iter().step_by(step(pixels.len())) {
        count += 1;
        fitting += usize::from(is_of_a_fundus(pixel));
    }
    fitting as f64 / count.max(1) as f64
}

fn is_of_a_fundus(pixel: [u8; 3]) -> bool {
    let [r, g, b] = pixel.map(i32::from);
    let (largest, smallest) = (r.max(g).max(b), r.min(g).min(b));
    // Green and blue in the middle of the scale are the Cb and Cr of grey.
    let like_grey_ycbcr = (g - 128).abs() <= 2 && (b - 128).abs() <= 2;
    if like_grey_ycbcr {
        return false;
    }
    let warm = r >= g && g + 8 >= b && 100 * r > 108 * b;
    largest < 24 || smallest > 215 || largest - smallest <= 8 || warm
}

/// Three channels as RGB. `declared` is the file's declaration; the finding reports that it was overridden.
pub(super) fn rgb_from_channels(
    channels: Vec<u8>,
    declared: Reading,
) -> (Vec<u8>, Option<Finding>) {
    let shares = |channels: &[u8]| {
        let pixels = channels.as_chunks::<3>().0;
        let step = step(pixels.len());
        let sample: Vec<u8> = pixels.iter().step_by(step).flatten().copied().collect();
        let as_rgb = fundus_share(&sample);
        (as_rgb, fundus_share(&rgb_from_ycbcr(sample)))
    };
    let (as_rgb, as_ycbcr) = shares(&channels);
    let swap = match declared {
        Reading::Rgb => other_is_right(as_rgb, as_ycbcr),
        Reading::YCbCr => other_is_right(as_ycbcr, as_rgb),
    };
    let reading = if swap { declared.other() } else { declared };
    let rgb = match reading {
        Reading::Rgb => channels,
        Reading::YCbCr => rgb_from_ycbcr(channels),
    };
    (rgb, swap.then(|| reading.guessed()))
}

/// Full-range BT.601, as used by JFIF and DICOM's YBR_FULL (rounded to nearest).
pub(super) fn rgb_from_ycbcr(mut samples: Vec<u8>) -> Vec<u8> {
    ycbcr_to_rgb(&mut samples);
    samples
}

pub(super) fn ycbcr_to_rgb(samples: &mut [u8]) {
    vectorised(
        #[inline(always)]
        || {
            for [a, b, c] in samples.as_chunks_mut::<3>().0 {
                let (y, cb, cr) = (i32::from(*a), i32::from(*b) - 128, i32::from(*c) - 128);
                let clamp = |scaled: i32| ((scaled + (1 << 15)) >> 16).clamp(0, 255) as u8;
                *a = clamp((y << 16) + 91_881 * cr);
                *b = clamp((y << 16) - 22_554 * cb - 46_802 * cr);
                *c = clamp((y << 16) + 116_130 * cb);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ycbcr_greys_and_primaries() {
        assert_eq!(rgb_from_ycbcr(vec![90, 128, 128]), [90, 90, 90]);
        assert_eq!(rgb_from_ycbcr(vec![76, 85, 255]), [254, 0, 0]);
    }

    /// A disc of retina on a plain surround.
    fn eye(retina: [u8; 3], surround: [u8; 3]) -> Vec<u8> {
        (0..6400)
            .flat_map(|at| {
                let (x, y) = ((at % 80) as f64 - 39.5, (at / 80) as f64 - 39.5);
                if x.hypot(y) < 36.0 { retina } else { surround }
            })
            .collect()
    }

    fn ycbcr_from_rgb(rgb: &[u8]) -> Vec<u8> {
        rgb.as_chunks::<3>()
            .0
            .iter()
            .flat_map(|pixel| {
                let [r, g, b] = pixel.map(f64::from);
                let y = 0.299 * r + 0.587 * g + 0.114 * b;
                [y, 128.0 + (b - y) / 1.772, 128.0 + (r - y) / 1.402]
                    .map(|v| v.round().clamp(0.0, 255.0) as u8)
            })
            .collect()
    }

    #[test]
    fn a_retina_tells_how_it_was_stored_whatever_the_file_says() {
        for retina in [
            [170, 80, 40],
            [230, 150, 120],
            [60, 25, 12],
            [120, 120, 120],
        ] {
            for surround in [[0; 3], [255; 3], [4, 2, 6]] {
                let rgb = eye(retina, surround);
                let ycbcr = ycbcr_from_rgb(&rgb);
                let near = |found: &[u8]| found.iter().zip(&rgb).all(|(a, b)| a.abs_diff(*b) < 4);
                for (channels, stored) in [(&rgb, Reading::Rgb), (&ycbcr, Reading::YCbCr)] {
                    for declared in [Reading::Rgb, Reading::YCbCr] {
                        let (found, finding) = rgb_from_channels(channels.clone(), declared);
                        let case = format!("{retina:?} {surround:?} {stored:?} as {declared:?}");
                        assert!(near(&found), "{case}");
                        assert_eq!(finding.is_some(), stored != declared, "{case}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_retina_is_left_as_the_file_says() {
        for colour in [[20, 120, 30], [90, 200, 90], [200, 220, 40]] {
            for declared in [Reading::Rgb, Reading::YCbCr] {
                let (_, finding) = rgb_from_channels(eye(colour, colour), declared);
                assert_eq!(finding, None, "{colour:?} {declared:?}");
            }
        }
    }
}
