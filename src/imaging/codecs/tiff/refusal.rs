//! Converts the decoder's errors for TIFF files.

use tiff::tags::SampleFormat;
use tiff::{TiffError, TiffUnsupportedError};

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
        TiffError::UnsupportedError(what) => Error::unsupported_kind(NAME, kind(&what)),
        TiffError::LimitsExceeded => Error::Memory { format: NAME },
        other => Error::of_decoder(NAME, other),
    }
}

/// What is not supported, without the lists of the crate's message.
fn kind(what: &TiffUnsupportedError) -> String {
    const COMPLEX: [u16; 2] = [5, 6];
    let is_complex = |format: &SampleFormat| COMPLEX.contains(&format.to_u16());
    match what {
        TiffUnsupportedError::InterpretationWithBits(colours, bits) => {
            let bits = bits.first().copied().unwrap_or_default();
            format!("{colours:?} colours of {bits} bits")
        }
        TiffUnsupportedError::InconsistentBitsPerSample(_) => "samples of different depths".into(),
        TiffUnsupportedError::UnsupportedSampleFormat(formats)
            if formats.iter().any(is_complex) =>
        {
            "complex numbers".into()
        }
        TiffUnsupportedError::UnsupportedSampleFormat(_) => "an unknown kind of numbers".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_is_cut_out_of_a_reason() {
        use tiff::tags::PhotometricInterpretation::CIELab;
        for (what, words) in [
            (
                TiffUnsupportedError::InterpretationWithBits(CIELab, vec![8; 3]),
                "(CIELab colours of 8 bits)",
            ),
            (
                TiffUnsupportedError::UnsupportedSampleFormat(vec![SampleFormat::Unknown(6)]),
                "(complex numbers)",
            ),
            (
                TiffUnsupportedError::InconsistentBitsPerSample(vec![5, 6, 5]),
                "(samples of different depths)",
            ),
        ] {
            let refused = refusal(TiffError::UnsupportedError(what)).to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
