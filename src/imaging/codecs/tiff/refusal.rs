//! Why a TIFF file is not opened.

use tiff::TiffError;

use crate::imaging::Error;

pub(super) const NAME: &str = "TIFF";

pub(super) fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!(
        "this TIFF has {what}, which is not supported; save it as an 8-bit RGB TIFF or PNG"
    ))
}

pub(super) fn refusal(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(what) => Error::unsupported_kind(NAME, what),
        TiffError::LimitsExceeded => Error::Memory { format: NAME },
        other => Error::of_decoder(NAME, other),
    }
}
