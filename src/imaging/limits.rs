//! How much a foreign file may ask for, checked before memory is taken.

use super::{Error, Limited};

/// Upper bounds for one file. The defaults open 131-megapixel photographs and refuse decompression bombs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Width times height of one frame.
    pub pixels: u64,
    /// Bytes of one decoded frame as its format stores it (16-bit samples, alpha and ink channels included).
    pub decoded_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            pixels: 200_000_000,
            decoded_bytes: 2 << 30,
        }
    }
}

impl Limits {
    /// Refuses a file that is too large to look at.
    pub fn check_file(&self, bytes: usize) -> Result<(), Error> {
        check(Limited::FileBytes, bytes as u64, self.file_bytes)
    }

    /// Refuses a frame by its announced size and returns the bytes it needs.
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
        let pixels = width.saturating_mul(height);
        check(Limited::Pixels, pixels, self.pixels)?;
        self.check_bytes(pixels.saturating_mul(bytes_per_pixel))
    }

    /// Refuses a buffer by its size in bytes, and returns the size.
    pub fn check_bytes(&self, bytes: u64) -> Result<usize, Error> {
        const WHAT: Limited = Limited::DecodedBytes;
        check(WHAT, bytes, self.decoded_bytes)?;
        usize::try_from(bytes).map_err(|_| Error::Limit {
            what: WHAT,
            found: bytes,
            limit: self.decoded_bytes,
        })
    }
}

fn check(what: Limited, found: u64, limit: u64) -> Result<(), Error> {
    if found > limit {
        Err(Error::Limit { what, found, limit })
    } else {
        Ok(())
    }
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
            assert_eq!(
                limits.check_frame("PNG", w, h, 3).unwrap_err().code(),
                "limit"
            );
        }
        assert_eq!(
            limits.check_frame("PNG", 0, 5, 3).unwrap_err().code(),
            "malformed"
        );
        assert!(limits.check_file(513 << 20).is_err());
    }
}
