//! Reduces samples of more than eight bits to eight, by the bits in actual use if the file declares more.
//!
//! Cameras with 10- or 12-bit sensors often store samples in 16 bits and declare 16 bits: the high byte alone would be
//! nearly black.

use crate::domain::{Detail, Finding, FindingCode, Severity};

/// Depths of sensors and cameras. 14 is left out: a full-depth photograph that is merely dark also uses a quarter of
/// its range, and reading it with 14 bits would brighten it fourfold.
const DEPTHS: [u32; 3] = [8, 10, 12];

/// The bits per sample with which to read samples up to `largest`, if `announced` is far too many; `None` if the file
/// may be right. A photograph may be dark, but one that uses less than a quarter of its range and ends exactly at a
/// sensor's maximum is unlikely.
fn depth_really_used(largest: u16, announced: u32) -> Option<u32> {
    let used = DEPTHS.into_iter().find(|bits| largest >> bits == 0)?;
    (largest > 0 && used + 2 <= announced).then_some(used)
}

/// Samples as bytes: the eight highest of the `announced` bits, or of the bits in use if those are far fewer, which the
/// finding reports. Larger samples become 255.
pub(super) fn eight_bit(
    samples: impl Iterator<Item = u16> + Clone,
    announced: u32,
) -> (Vec<u8>, Option<Finding>) {
    let mut depth = DepthReduction::guessed(announced);
    depth.admit(samples.clone().max().unwrap_or(0));
    let bytes = samples.map(|sample| depth.byte(sample)).collect();
    (bytes, depth.finding())
}

/// The same for samples that arrive one after the other: the number of dropped bits grows with the largest sample, and
/// earlier bytes are shifted, which loses nothing. So the samples need not all be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DepthReduction {
    announced: u32,
    largest: u16,
    guesses: bool,
}

impl DepthReduction {
    /// Trusts the declared bits only if the samples use them.
    pub fn guessed(announced: u32) -> Self {
        Self {
            announced,
            largest: 0,
            guesses: true,
        }
    }

    /// Always uses the eight highest of the declared bits.
    pub fn announced(announced: u32) -> Self {
        Self {
            guesses: false,
            ..Self::guessed(announced)
        }
    }

    /// Records a sample; bytes written earlier must be shifted right by the returned number of bits.
    pub fn admit(&mut self, sample: u16) -> u32 {
        let before = self.shift();
        self.largest = self.largest.max(sample);
        self.shift().saturating_sub(before)
    }

    /// An admitted sample as a byte.
    pub fn byte(self, sample: u16) -> u8 {
        (sample >> self.shift()).min(255) as u8
    }

    /// Reports that the declared bits were not trusted.
    pub fn finding(self) -> Option<Finding> {
        self.really_used().map(|bits| guessed(bits, self.announced))
    }

    fn really_used(self) -> Option<u32> {
        depth_really_used(self.largest, self.announced).filter(|_| self.guesses)
    }

    fn shift(self) -> u32 {
        // Zeros are zeros at any depth; the smallest shift keeps every other depth possible.
        let bits = if self.guesses && self.largest == 0 {
            8
        } else {
            self.really_used().unwrap_or(self.announced)
        };
        bits.saturating_sub(8)
    }
}

/// The finding for samples read with fewer bits than the file declares.
pub(super) fn guessed(bits: u32, announced: u32) -> Finding {
    let detail = Detail::Bits {
        used: bits,
        announced,
    };
    Finding::with_detail(FindingCode::ColourGuessed, Severity::Caution, detail)
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
            // A dark photograph of full depth, and correct depths.
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
        let (bytes, finding) = eight_bit([0, 16, 2048, 4095].into_iter(), 16);
        assert_eq!(bytes, [0, 1, 128, 255]);
        let finding = finding.unwrap();
        assert_eq!(finding.code, FindingCode::ColourGuessed);
        let bits = Detail::Bits {
            used: 12,
            announced: 16,
        };
        assert_eq!(finding.detail, Some(bits));
        assert_eq!(
            eight_bit([0x12FF, 0xFEFF].into_iter(), 16),
            (vec![0x12, 0xFE], None)
        );
    }
}
