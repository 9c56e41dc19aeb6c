//! Resource limits for one picture, in one place: every codec checks them before it takes memory or time.

use super::{Error, Limited};

/// Upper bounds for one picture. With the defaults, photographs of 131 megapixels open, and the process stays below
/// 1 GB whatever a file declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Pixels of the longer side of one frame.
    pub side: u64,
    /// Width times height of one frame.
    pub pixels: u64,
    /// Bytes of memory in use at any moment while opening one picture: the file, the decoder's buffers, the picture as
    /// RGB8 and its alpha.
    pub memory: u64,
    /// Bytes that may be read for one picture: a file may point to the same bytes many times.
    pub scanned_bytes: u64,
    /// Pixels times the scans of a JPEG: a progressive file of a few kilobytes must not keep a core busy for minutes.
    pub scanned_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            side: 65_535,
            pixels: 200_000_000,
            memory: 880_000_000,
            scanned_bytes: 1 << 30,
            scanned_pixels: 4_000_000_000,
        }
    }
}

impl Limits {
    /// Rejects a file that is too large; returns the limits that remain for its decoder while the file is in memory.
    pub fn after_file(&self, bytes: usize) -> Result<Self, Error> {
        check(Limited::FileBytes, bytes as u64, self.file_bytes)?;
        Ok(Self {
            memory: self.memory.saturating_sub(bytes as u64),
            ..*self
        })
    }

    /// The limits of a picture while others are opened at the same time; one that needs more is opened alone.
    pub fn beside_others(&self) -> Self {
        const MEMORY: u64 = 150_000_000;
        Self {
            memory: self.memory.min(MEMORY),
            ..*self
        }
    }

    /// Checks a frame's declared size; returns the bytes that it takes at this many per pixel.
    pub fn check_frame(
        &self,
        format: &'static str,
        width: u64,
        height: u64,
        bytes_per_pixel: u64,
    ) -> Result<usize, Error> {
        if width == 0 || height == 0 {
            return Err(Error::malformed(format, "a side of zero pixels"));
        }
        check(Limited::Side, width.max(height), self.side)?;
        let pixels = width.saturating_mul(height);
        check(Limited::Pixels, pixels, self.pixels)?;
        self.check_memory(pixels.saturating_mul(bytes_per_pixel))
    }

    /// Rejects more memory than one picture may take; returns the bytes.
    pub fn check_memory(&self, bytes: u64) -> Result<usize, Error> {
        check(Limited::Memory, bytes, self.memory)?;
        usize::try_from(bytes).map_err(|_| Error::Limit {
            what: Limited::Memory,
            found: bytes,
            limit: self.memory,
        })
    }

    /// Rejects a file that makes its decoder read too many bytes.
    pub fn check_scanned_bytes(&self, bytes: u64) -> Result<(), Error> {
        check(Limited::ScannedBytes, bytes, self.scanned_bytes)
    }

    /// Rejects a file that makes its decoder process its pixels too often.
    pub fn check_scanned_pixels(&self, pixels: u64) -> Result<(), Error> {
        check(Limited::ScannedPixels, pixels, self.scanned_pixels)
    }
}

fn check(what: Limited, found: u64, limit: u64) -> Result<(), Error> {
    if found > limit {
        Err(Error::Limit { what, found, limit })
    } else {
        Ok(())
    }
}

/// `count` zeros, or an error if the system lacks the memory, rather than an abort of the process.
pub(super) fn zeros<T: Clone + Default>(
    format: &'static str,
    count: usize,
) -> Result<Vec<T>, Error> {
    let mut zeros = with_room(format, count)?;
    zeros.resize(count, T::default());
    Ok(zeros)
}

/// An empty vector with capacity for `count`, or an error as in [`zeros`].
pub(super) fn with_room<T>(format: &'static str, count: usize) -> Result<Vec<T>, Error> {
    let mut empty = Vec::new();
    empty
        .try_reserve_exact(count)
        .map_err(|_| Error::Memory { format })?;
    Ok(empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_checked_without_overflow() {
        let limits = Limits::default();
        assert_eq!(limits.check_frame("PNG", 10, 20, 3), Ok(600));
        assert!(limits.check_frame("PNG", 16_384, 8_000, 3).is_ok());
        for (w, h) in [(60_000, 60_000), (u64::MAX, u64::MAX), (1 << 40, 1)] {
            let refused = limits.check_frame("PNG", w, h, 3);
            assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
        }
        let refused = limits.check_frame("PNG", 0, 5, 3);
        assert!(
            matches!(refused, Err(Error::Malformed { .. })),
            "{refused:?}"
        );
        assert!(limits.after_file(513 << 20).is_err());
    }

    #[test]
    fn a_long_side_is_refused_by_name_and_figure() {
        let limits = Limits::default();
        assert!(limits.check_frame("PNG", 65_535, 3, 3).is_ok());
        for (w, h) in [(1, 20_000_000), (65_536, 1)] {
            let text = limits.check_frame("PNG", w, h, 3).unwrap_err().to_string();
            assert!(text.contains("longer side"), "{text}");
            assert!(text.contains(&w.max(h).to_string()) && text.contains("65535"));
        }
    }

    #[test]
    fn the_file_counts_as_memory() {
        let limits = Limits::default();
        let left = limits.after_file(400_000_000).unwrap();
        assert!(limits.check_memory(800_000_000).is_ok());
        assert_eq!(left.check_memory(400_000_000), Ok(400_000_000));
        assert!(matches!(
            left.check_memory(800_000_000),
            Err(Error::Limit { .. })
        ));
    }

    #[test]
    fn memory_that_there_is_not_is_a_refusal() {
        assert_eq!(zeros::<u8>("PNG", 3), Ok(vec![0; 3]));
        let refused = zeros::<u64>("PNG", usize::MAX / 16).unwrap_err();
        assert_eq!(refused, Error::Memory { format: "PNG" });
    }
}
