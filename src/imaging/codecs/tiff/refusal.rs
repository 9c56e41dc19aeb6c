//! Converts the decoder's errors for TIFF files.

use tiff::TiffError;

use crate::imaging::Error;

pub(super) const NAME: &str = "TIFF";

pub(super) fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!(
        "this TIFF has {what}, which is not supported; save it as an 8-bit RGB TIFF or PNG"
    ))
}

/// Why a chunk cannot be read. Its memory was checked against the limits before, so the only limit that it can exceed
/// is the length of the file.
pub(super) fn refusal_of_chunk(error: TiffError) -> Error {
    match error {
        TiffError::LimitsExceeded => {
            Error::malformed(NAME, "the file ends before the picture does")
        }
        other => refusal(other),
    }
}

pub(super) fn refusal(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(what) => Error::unsupported_kind(NAME, what),
        TiffError::LimitsExceeded => Error::Memory { format: NAME },
        other => Error::of_decoder(NAME, other),
    }
}
