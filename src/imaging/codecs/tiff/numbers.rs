//! Samples that are decimal, signed, or longer than 16 bits: programs write pictures as such numbers without stating
//! their range.
//!
//! The range is taken from the picture where only one convention fits, which the finding `colour-guessed` reports:
//! decimals from 0 to 1, bytes from 0 to 255, or words. Anything else is refused with what to do.

use std::ops::Range;

use tiff::decoder::DecodingResult;

use super::refusal::NAME;
use crate::domain::{Detail, Finding, FindingCode, Severity};
use crate::imaging::Error;

/// Rounding and resampling may leave a range by this share of it.
const TOLERANCE: f64 = 0.002;

/// Bytes of a photograph reach at least this value; what ends between it and 1 may be either.
const LEAST_OF_BYTES: f64 = 16.0;

/// Decimals of words reach at least this value; what ends between it and 255 may be bytes that were sharpened.
const LEAST_OF_WORDS: f64 = 512.0;

/// What has been seen of the samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    least: f64,
    largest: f64,
    is_finite: bool,
    kind: NumberKind,
}

/// The type of such numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NumberKind {
    Decimal,
    /// Whole numbers, with the largest that a picture can have.
    Whole {
        largest: f64,
    },
}

impl NumberKind {
    /// By the sample format and the number of bits.
    pub fn of(is_decimal: bool, is_signed: bool, bits: u8) -> Self {
        let largest = match (is_signed, bits) {
            (true, 8) => 127.0,
            (true, 16) => 32_767.0,
            _ => 65_535.0,
        };
        if is_decimal {
            Self::Decimal
        } else {
            Self::Whole { largest }
        }
    }
}

/// How samples become words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The value that becomes the largest word.
    white: f64,
    /// Bits of the words; for more than eight their depth is found as for other files of 16 bits.
    pub bits: u32,
}

impl Seen {
    pub fn new(kind: NumberKind) -> Self {
        Self {
            least: f64::INFINITY,
            largest: f64::NEG_INFINITY,
            is_finite: true,
            kind,
        }
    }

    pub fn admit(&mut self, sample: f64) {
        self.least = self.least.min(sample);
        self.largest = self.largest.max(sample);
        self.is_finite &= sample.is_finite();
    }

    /// The only convention that fits.
    pub fn scale(&self) -> Result<Scale, Error> {
        let refuse = |what: &str| {
            Err(Error::Unsupported(format!(
                "the samples of this {NAME} {what}; save it as an 8-bit RGB TIFF or PNG, with 0 for black and 255 for white"
            )))
        };
        if !self.is_finite {
            return refuse("are not all finite numbers");
        }
        let largest = self.largest.max(0.0);
        if self.least < -TOLERANCE * largest.max(f64::MIN_POSITIVE) {
            return refuse("are partly negative, so black and white are not known");
        }
        if let NumberKind::Whole { largest: most } = self.kind {
            return match largest {
                _ if largest > most => refuse("need more than 16 bits"),
                _ if largest <= 255.0 => Ok(Scale::to_bytes(most.min(255.0))),
                _ => Ok(Scale::of_words((most as u32 + 1).ilog2())),
            };
        }
        match largest {
            _ if largest <= 1.0 + TOLERANCE => Ok(Scale::to_bytes(1.0)),
            _ if largest < LEAST_OF_BYTES => refuse("have no known range (they end above 1)"),
            _ if largest <= 255.0 * (1.0 + TOLERANCE) => Ok(Scale::to_bytes(255.0)),
            _ if largest < LEAST_OF_WORDS => refuse("have no known range (they end above 255)"),
            _ if largest <= 65_535.0 => Ok(Scale::of_words(16)),
            _ => refuse("have no known range (they end above 65535)"),
        }
    }
}

impl Scale {
    fn to_bytes(white: f64) -> Self {
        Self { white, bits: 8 }
    }

    /// Words that keep their values.
    fn of_words(bits: u32) -> Self {
        let white = f64::from((1_u32 << bits) - 1);
        Self { white, bits }
    }

    pub fn word(self, sample: f64) -> u16 {
        let largest = f64::from((1_u32 << self.bits) - 1);
        (sample * largest / self.white).round().min(largest) as u16
    }

    /// Reports the range that was taken.
    pub fn finding(self) -> Finding {
        let white = self.white as u32;
        let range = Detail::ValueRange { white };
        Finding::with_detail(FindingCode::ColourGuessed, Severity::Caution, range)
    }
}

/// Appends the samples in this range; `None` for bytes and words, which need no scale.
pub(super) fn read(
    samples: &DecodingResult,
    range: Range<usize>,
    out: &mut Vec<f64>,
) -> Option<()> {
    macro_rules! push {
        ($samples:expr) => {
            out.extend($samples.get(range)?.iter().map(|&sample| sample as f64))
        };
    }
    match samples {
        DecodingResult::F16(samples) => {
            out.extend(samples.get(range)?.iter().map(|sample| sample.to_f64()));
        }
        DecodingResult::F32(samples) => push!(samples),
        DecodingResult::F64(samples) => push!(samples),
        DecodingResult::I8(samples) => push!(samples),
        DecodingResult::I16(samples) => push!(samples),
        DecodingResult::I32(samples) => push!(samples),
        DecodingResult::I64(samples) => push!(samples),
        DecodingResult::U32(samples) => push!(samples),
        DecodingResult::U64(samples) => push!(samples),
        DecodingResult::U8(_) | DecodingResult::U16(_) => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(samples: &[f64], kind: NumberKind) -> Option<Scale> {
        let mut seen = Seen::new(kind);
        samples.iter().for_each(|&sample| seen.admit(sample));
        seen.scale().ok()
    }

    #[test]
    fn a_range_is_taken_where_only_one_fits() {
        let long = NumberKind::of(false, false, 32);
        let [unit, bytes] = [1.0, 255.0].map(|white| Some(Scale::to_bytes(white)));
        let words = Some(Scale::of_words(16));
        for (samples, of_decimals, of_whole) in [
            (&[0.0, 1.0][..], unit, bytes),
            (&[-0.001, 1.001], unit, bytes),
            (&[0.0, 2.0], None, bytes),
            (&[0.0, 200.5], bytes, bytes),
            (&[0.0, 300.0], None, words),
            (&[0.0, 4095.0], words, words),
            (&[0.0, 65_535.0], words, words),
            (&[0.0, 70_000.0], None, None),
            (&[-5.0, 200.0], None, None),
            (&[f64::NAN, 1.0], None, None),
            (&[0.0, f64::INFINITY], None, None),
            (&[0.0, 0.0], unit, bytes),
        ] {
            assert_eq!(
                scale(samples, NumberKind::Decimal),
                of_decimals,
                "{samples:?}"
            );
            assert_eq!(scale(samples, long), of_whole, "{samples:?}");
        }
        let signed = |bits| NumberKind::of(false, true, bits);
        let of_seven_bits = Some(Scale::to_bytes(127.0));
        assert_eq!(scale(&[0.0, 100.0], signed(8)), of_seven_bits);
        assert_eq!(scale(&[0.0, 100.0], signed(16)), bytes);
        let of_fifteen_bits = Some(Scale::of_words(15));
        assert_eq!(scale(&[0.0, 30_000.0], signed(16)), of_fifteen_bits);
    }

    #[test]
    fn samples_become_words_within_their_range() {
        for (scale, sample, word) in [
            (Scale::to_bytes(1.0), 77.0 / 255.0, 77),
            (Scale::to_bytes(1.0), 1.002, 255),
            (Scale::to_bytes(255.0), -0.2, 0),
            (Scale::of_words(16), 1000.4, 1000),
            (Scale::of_words(16), 70_000.0, 65_535),
        ] {
            assert_eq!(scale.word(sample), word, "{scale:?} {sample}");
        }
    }
}
