//! Why a photograph cannot be opened, and what to do next.

use super::Foreign;

/// An error. Messages contain neither paths nor anything read from a patient's record.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    #[error("the file is empty; copy it again from its source")]
    Empty,
    /// With the names of the formats that can be opened.
    #[error("this is not a supported picture; {0} photographs can be opened")]
    NotAnImage(String),
    /// The bytes violate the rules of their own format.
    #[error(
        "the {format} data is damaged or incomplete ({reason}); export or copy the picture again"
    )]
    Malformed {
        format: &'static str,
        reason: String,
    },
    /// Well-formed as far as known, but not supported here. The text states what to do instead.
    #[error("{0}")]
    Unsupported(String),
    /// A file of a recognised kind that is never opened.
    #[error("this file cannot be opened: it is {}; {}", .0.what(), .0.how())]
    Foreign(Foreign),
    #[error("this {format} needs too much memory to decode; make the picture smaller first")]
    Memory { format: &'static str },
    /// A DICOM object that is not a colour photograph.
    #[error("{0}; open an ophthalmic photograph")]
    NotAPhotograph(String),
    /// Larger than [`super::Limits`] allows.
    #[error("{what} is {found}, more than the limit of {limit}; make the picture smaller first")]
    Limit {
        what: Limited,
        found: u64,
        limit: u64,
    },
    #[error("frame {requested} was requested, but {}", frames_of(*.frames))]
    FrameOutOfRange { requested: u32, frames: u32 },
}

fn frames_of(frames: u32) -> String {
    match frames {
        1 => "the file has a single picture; leave the frame out".to_owned(),
        many => format!("the file has {many}; give a frame from 1 to {many}"),
    }
}

/// The quantity that exceeds a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Limited {
    FileBytes,
    /// Pixels of the longer side.
    Side,
    Pixels,
    /// Bytes of memory needed to open the picture.
    Memory,
    /// Bytes read while decoding.
    ScannedBytes,
    /// Pixels times the scans of a progressive JPEG.
    ScannedPixels,
}

impl std::fmt::Display for Limited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "the file size in bytes",
            Self::Side => "the longer side in pixels",
            Self::Pixels => "the number of pixels",
            Self::Memory => "the memory needed to open it in bytes",
            Self::ScannedBytes => "the number of bytes to read",
            Self::ScannedPixels => "the number of pixels times scans",
        })
    }
}

impl Error {
    /// A kind of `format` that its decoder does not support; `kind` is the decoder's wording.
    pub(crate) fn unsupported_kind(format: &'static str, kind: impl std::fmt::Display) -> Self {
        let kind = one_line(kind);
        let kind = kind
            .split(['"', '`', '\'', '[', '{'])
            .next()
            .unwrap_or_default();
        Self::Unsupported(format!(
            "this kind of {format} is not supported ({kind}); save it as PNG"
        ))
    }

    /// A third-party decoder's message. It may quote its input in quotation marks or brackets: that part is cut, since
    /// it may be any text in the file.
    pub(crate) fn of_decoder(format: &'static str, error: impl std::fmt::Display) -> Self {
        let words = error.to_string();
        let repeats = words.find(['"', '`', '\'', '(', '[', '{']);
        let own = words[..repeats.unwrap_or(words.len())].trim_end_matches([' ', ':', ',']);
        match own.trim() {
            "" => Self::malformed(format, "the decoder could not read it"),
            own => Self::malformed(format, own),
        }
    }

    pub(crate) fn malformed(format: &'static str, reason: impl std::fmt::Display) -> Self {
        let reason = one_line(reason);
        Self::Malformed { format, reason }
    }
}

/// One short printable line: a decoder's message may quote bytes of the file.
fn one_line(words: impl std::fmt::Display) -> String {
    words
        .to_string()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(160)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_decoder_met_is_not_repeated() {
        for words in [
            "Expected unsigned integer, Ascii(\"Yamada\") found.",
            "unknown tag `Yamada`: damaged",
            "Expected byte, List([Byte(89), Byte(97)])",
            "(Yamada)",
        ] {
            let wording = Error::of_decoder("TIFF", words).to_string();
            assert!(
                !wording.contains("Yamada") && !wording.contains("89"),
                "{wording}"
            );
            assert!(wording.starts_with("the TIFF data is damaged"), "{wording}");
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        let error = Error::malformed("PNG", format!("a\nb{}", "c".repeat(500)));
        assert!(error.to_string().len() < 260);
        assert!(!error.to_string().contains('\n'));
        assert!(matches!(error, Error::Malformed { .. }));
    }
}
