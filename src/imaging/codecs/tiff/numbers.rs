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

/// How samples become bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// This value becomes 255.
    Bytes(f64),
    /// Words of at most this many bits, whose depth is found as for other files of 16 bits.
    Words(u32),
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
                _ if largest <= 255.0 => Ok(Scale::Bytes(most.min(255.0))),
                _ => Ok(Scale::Words((most as u32 + 1).ilog2())),
            };
        }
        match largest {
            _ if largest <= 1.0 + TOLERANCE => Ok(Scale::Bytes(1.0)),
            _ if largest < LEAST_OF_BYTES => refuse("have no known range (they end above 1)"),
            _ if largest <= 255.0 * (1.0 + TOLERANCE) => Ok(Scale::Bytes(255.0)),
            _ if largest < LEAST_OF_WORDS => refuse("have no known range (they end above 255)"),
            _ if largest <= 65_535.0 => Ok(Scale::Words(16)),
            _ => refuse("have no known range (they end above 65535)"),
        }
    }
}

impl Scale {
    pub fn byte(self, sample: f64) -> u8 {
        match self {
            Self::Bytes(white) => (sample * 255.0 / white).round() as u8,
            Self::Words(_) => 0,
        }
    }

    pub fn word(sample: f64) -> u16 {
        sample.round() as u16
    }

    /// Reports the range that was taken.
    pub fn finding(self) -> Finding {
        let white = match self {
            Self::Bytes(white) => white as u32,
            Self::Words(bits) => (1 << bits) - 1,
        };
        Finding::with_detail(
            FindingCode::ColourGuessed,
            Severity::Caution,
            Detail::ValueRange { white },
        )
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
        const BYTES: Option<Scale> = Some(Scale::Bytes(255.0));
        const WORDS: Option<Scale> = Some(Scale::Words(16));
        for (samples, of_decimals, of_whole) in [
            (&[0.0, 1.0][..], Some(Scale::Bytes(1.0)), BYTES),
            (&[-0.001, 1.001], Some(Scale::Bytes(1.0)), BYTES),
            (&[0.0, 2.0], None, BYTES),
            (&[0.0, 200.5], BYTES, BYTES),
            (&[0.0, 300.0], None, WORDS),
            (&[0.0, 4095.0], WORDS, WORDS),
            (&[0.0, 65_535.0], WORDS, WORDS),
            (&[0.0, 70_000.0], None, None),
            (&[-5.0, 200.0], None, None),
            (&[f64::NAN, 1.0], None, None),
            (&[0.0, f64::INFINITY], None, None),
            (&[0.0, 0.0], Some(Scale::Bytes(1.0)), BYTES),
        ] {
            assert_eq!(
                scale(samples, NumberKind::Decimal),
                of_decimals,
                "{samples:?}"
            );
            assert_eq!(scale(samples, long), of_whole, "{samples:?}");
        }
        let signed = |bits| NumberKind::of(false, true, bits);
        assert_eq!(scale(&[0.0, 100.0], signed(8)), Some(Scale::Bytes(127.0)));
        assert_eq!(scale(&[0.0, 100.0], signed(16)), BYTES);
        assert_eq!(scale(&[0.0, 30_000.0], signed(16)), Some(Scale::Words(15)));
        assert_eq!(Scale::Bytes(1.0).byte(77.0 / 255.0), 77);
        assert_eq!(Scale::Bytes(255.0).byte(-0.2), 0);
        assert_eq!(Scale::word(70_000.0), 65_535);
    }
}
