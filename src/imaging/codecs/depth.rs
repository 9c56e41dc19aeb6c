//! Samples of more than eight bits to eight: by the bits that they really use, where the file announces more.
//!
//! Cameras with sensors of 10 or 12 bits often store them in 16 and say "16 bits": the highest byte alone would be
//! nearly black.

use crate::domain::{Detail, Finding, FindingCode, Severity};

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
pub(super) fn eight_bit(
    samples: impl Iterator<Item = u16> + Clone,
    announced: u32,
) -> (Vec<u8>, Option<Finding>) {
    let mut depth = DepthReduction::guessed(announced);
    depth.admit(samples.clone().max().unwrap_or(0));
    let bytes = samples.map(|sample| depth.byte(sample)).collect();
    (bytes, depth.finding())
}

/// The same of samples that come one after the other: the bits that are left out grow with the largest sample, and the
/// bytes so far are shifted, which loses nothing. So the samples need not be in memory all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DepthReduction {
    announced: u32,
    largest: u16,
    guesses: bool,
}

impl DepthReduction {
    /// Believes the announced bits only where the samples use them.
    pub fn guessed(announced: u32) -> Self {
        Self {
            announced,
            largest: 0,
            guesses: true,
        }
    }

    /// Always the eight highest of the announced bits.
    pub fn announced(announced: u32) -> Self {
        Self {
            guesses: false,
            ..Self::guessed(announced)
        }
    }

    /// Takes note of a sample; bytes made before are to be shifted right by the bits that come back.
    pub fn admit(&mut self, sample: u16) -> u32 {
        let before = self.shift();
        self.largest = self.largest.max(sample);
        self.shift().saturating_sub(before)
    }

    /// A sample that was admitted as a byte.
    pub fn byte(self, sample: u16) -> u8 {
        (sample >> self.shift()).min(255) as u8
    }

    /// Tells that the announced bits were not believed.
    pub fn finding(self) -> Option<Finding> {
        self.really_used().map(|bits| guessed(bits, self.announced))
    }

    fn really_used(self) -> Option<u32> {
        depth_really_used(self.largest, self.announced).filter(|_| self.guesses)
    }

    fn shift(self) -> u32 {
        // Zeros are zeros at any depth; the smallest shift leaves every other open.
        let bits = if self.guesses && self.largest == 0 {
            8
        } else {
            self.really_used().unwrap_or(self.announced)
        };
        bits.saturating_sub(8)
    }
}

/// The finding of samples that were read with fewer bits than the file announces.
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
