//! What a file is, by its first bytes. Names and extensions are not believed.

/// A format that can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Jpeg,
    Jpeg2000,
    Png,
    Tiff,
    Bmp,
    WebP,
    Dicom,
}

impl Format {
    /// The name people use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Png => "PNG",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::WebP => "WebP",
            Self::Dicom => "DICOM",
        }
    }
}

/// The format of the bytes, or `None` when they are not a picture that can be opened.
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    // First: a DICOM preamble may imitate another format, TIFF for one.
    if bytes.get(128..132) == Some(b"DICM") {
        Some(Format::Dicom)
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(Format::Jpeg)
    } else if super::jpeg2000::is_one(bytes) {
        Some(Format::Jpeg2000)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]
        .iter()
        .any(|magic| bytes.starts_with(*magic))
    {
        Some(Format::Tiff)
    } else if is_bmp(bytes) {
        Some(Format::Bmp)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(Format::WebP)
    } else if is_bare_dicom(bytes) {
        Some(Format::Dicom)
    } else {
        None
    }
}

/// The name of a picture format that is recognised but not opened, for a helpful refusal.
pub(super) fn foreign_picture(bytes: &[u8]) -> Option<&'static str> {
    let brand = bytes.get(4..12).unwrap_or_default();
    if bytes.starts_with(b"GIF8") {
        Some("GIF")
    } else if bytes.starts_with(b"\0\0\0\x0cJXL ") || bytes.starts_with(&[0xFF, 0x0A]) {
        Some("JPEG XL")
    } else if brand.starts_with(b"ftyp") {
        match brand.get(4..8) {
            Some(b"avif" | b"avis") => Some("AVIF"),
            Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => Some("HEIC"),
            _ => Some("video"),
        }
    } else if bytes.starts_with(b"8BPS") {
        Some("Photoshop")
    } else if bytes.starts_with(b"%PDF") {
        Some("PDF")
    } else {
        None
    }
}

/// `BM` alone starts many a text: the length of the second header must also be one that exists.
fn is_bmp(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).map(|b| [b[0], b[1], b[2], b[3]]);
    bytes.starts_with(b"BM")
        && matches!(
            header.map(u32::from_le_bytes),
            Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
        )
}

/// DICOM without preamble and without `DICM`: the data set starts at once with an element of the file meta
/// group 0002 or of group 0008, as explicit VR or as implicit little endian with a credible length.
fn is_bare_dicom(bytes: &[u8]) -> bool {
    let Some(&[g0, g1, e0, e1, a, b, c, d]) = bytes.first_chunk::<8>() else {
        return false;
    };
    let group = u16::from_le_bytes([g0, g1]);
    let element = u16::from_le_bytes([e0, e1]);
    if !matches!(group, 0x0002 | 0x0008) || element > 0x0018 {
        return false;
    }
    let explicit = matches!(
        &[a, b],
        b"UL" | b"OB" | b"UI" | b"CS" | b"LO" | b"SH" | b"DA" | b"TM"
    );
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    explicit || (length.is_multiple_of(2) && length <= 128 && bytes.len() >= 8 + length + 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Some(Format::Jpeg));
        assert_eq!(sniff(b"MM\0*\0\0\0\x08"), Some(Format::Tiff));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Some(Format::WebP));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WAVEfmt "), None);
        assert_eq!(sniff(b"\xFF\x4F\xFF\x51\0\x2F"), Some(Format::Jpeg2000));
        let jp2 = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ";
        assert_eq!(sniff(jp2), Some(Format::Jpeg2000));
        assert_eq!(sniff(b""), None);
        assert_eq!(sniff(b"BMW is a car, not a bitmap"), None);
        let mut dicom = vec![0; 128];
        dicom.extend_from_slice(b"DICM");
        assert_eq!(sniff(&dicom), Some(Format::Dicom));
        assert_eq!(
            sniff(b"\x08\0\x05\0CS\x0a\0ISO_IR 100"),
            Some(Format::Dicom)
        );
        assert_eq!(foreign_picture(b"GIF89a"), Some("GIF"));
        assert_eq!(foreign_picture(b"\0\0\0\x18ftypheic"), Some("HEIC"));
    }
}
