//! Samples of more than eight bits to eight: by the bits that they really use, where the file announces more.
//!
//! Cameras with sensors of 10 or 12 bits often store them in 16 and say "16 bits": the highest byte alone would be
//! nearly black.

use crate::clinic::{Code, Finding, Severity};

/// Depths that sensors and cameras have. 14 is left out: a photograph of full depth that is only rather dark uses a quarter
/// of its range as well, and reading it with 14 bits would brighten it fourfold.
const DEPTHS: [u32; 3] = [8, 10, 12];

/// The bits per sample to read `largest` with, where `announced` are far too many; `None` where the file may be right:
/// a photograph may be dark, but hardly uses less than a quarter of its range and ends just where a sensor does.
fn depth_really_used(largest: u16, announced: u32) -> Option<u32> {
    let used = DEPTHS.into_iter().find(|bits| largest >> bits == 0)?;
    (largest > 0 && used + 2 <= announced).then_some(used)
}

/// Samples as bytes: the eight highest of their `announced` bits, or of those that they use where these are far fewer;
/// then the finding says so. Larger samples become 255.
pub(super) fn eight_bit(samples: &[u16], announced: u32) -> (Vec<u8>, Option<Finding>) {
    eight_bit_of_channels(samples.iter().copied(), 1, announced)
}

/// The same of interleaved samples: with two or four channels the last one is transparency, which has a range of its own.
/// The samples are gone through twice, so that they need not be in memory once more.
pub(super) fn eight_bit_of_channels(
    samples: impl Iterator<Item = u16> + Clone,
    channels: usize,
    announced: u32,
) -> (Vec<u8>, Option<Finding>) {
    let is_alpha = |at: usize| matches!(channels, 2 | 4) && at % channels == channels - 1;
    let mut largest = [0; 2];
    for (at, sample) in samples.clone().enumerate() {
        let largest = &mut largest[usize::from(is_alpha(at))];
        *largest = sample.max(*largest);
    }
    let really = largest.map(|largest| depth_really_used(largest, announced));
    let shifts = really.map(|bits| bits.unwrap_or(announced).saturating_sub(8));
    let byte =
        |(at, sample): (usize, u16)| (sample >> shifts[usize::from(is_alpha(at))]).min(255) as u8;
    let bytes = samples.enumerate().map(byte).collect();
    (bytes, really[0].map(|bits| guessed(bits, announced)))
}

/// The finding of samples that were read with fewer bits than the file announces.
pub(super) fn guessed(bits: u32, announced: u32) -> Finding {
    let detail = format!("{bits} of {announced} bits");
    Finding::with_detail(Code::ColourGuessed, Severity::Caution, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_that_are_not_used_are_not_counted() {
        for (largest, announced, expected) in [
            (4095, 16, Some(12)),
            (3472, 16, Some(12)),
            (1000, 16, Some(10)),
            (255, 16, Some(8)),
            (200, 12, Some(8)),
            (1000, 12, Some(10)),
            // A dark photograph of full depth, and depths that are right.
            (9830, 16, None),
            (4096, 16, None),
            (1100, 12, None),
            (255, 8, None),
            (0, 16, None),
        ] {
            assert_eq!(
                depth_really_used(largest, announced),
                expected,
                "{largest} of {announced}"
            );
        }
    }

    #[test]
    fn twelve_bits_in_sixteen_are_not_dark_and_said() {
        let (bytes, finding) = eight_bit(&[0, 16, 2048, 4095], 16);
        assert_eq!(bytes, [0, 1, 128, 255]);
        let finding = finding.unwrap();
        assert_eq!(finding.code, Code::ColourGuessed);
        assert_eq!(finding.detail.as_deref(), Some("12 of 16 bits"));
        assert_eq!(eight_bit(&[0x12FF, 0xFEFF], 16), (vec![0x12, 0xFE], None));
    }

    #[test]
    fn transparency_has_a_range_of_its_own() {
        let samples = [4095, 2048, 0, 65_535, 16, 16, 16, 0];
        let (bytes, finding) = eight_bit_of_channels(samples.into_iter(), 4, 16);
        assert_eq!(bytes, [255, 128, 0, 255, 1, 1, 1, 0]);
        assert!(finding.is_some());
        let (bytes, _) = eight_bit_of_channels([0x8000, 4095].into_iter(), 2, 16);
        assert_eq!(bytes, [0x80, 255]);
    }
}
