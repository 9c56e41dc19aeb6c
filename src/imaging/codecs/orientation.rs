//! The eight EXIF orientations: how stored rows and columns become an upright picture.

/// EXIF orientation 1–8 (CIPA DC-008, tag 0x0112); anything else counts as upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// The orientation of an EXIF or TIFF tag value.
    pub fn from_tag(value: u16) -> Self {
        match value {
            2..=8 => Self(value as u8),
            _ => Self(1),
        }
    }

    /// Reads the tag in an EXIF block, with or without `Exif` before its TIFF header (`II*` or `MM*`).
    pub fn in_exif(exif: &[u8]) -> Option<Self> {
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        tag_in_first_directory(exif).map(Self::from_tag)
    }

    /// Reads `tiff:Orientation` in an XMP packet, written as an attribute or an element. PIL searches for the same
    /// bytes.
    pub fn in_xmp(xmp: &[u8]) -> Option<Self> {
        const NAME: &[u8] = b"tiff:Orientation";
        (0..xmp.len()).find_map(|at| {
            let value = xmp[at..].strip_prefix(NAME)?;
            let digit = value.strip_prefix(b"=\"").or(value.strip_prefix(b">"))?;
            let digit = digit.first().filter(|digit| digit.is_ascii_digit())?;
            Some(Self::from_tag(u16::from(digit - b'0')))
        })
    }

    pub(super) fn is_upright(self) -> bool {
        self.0 <= 1
    }

    fn swaps_sides(self) -> bool {
        self.0 >= 5
    }
}

/// Makes `channels` interleaved bytes per pixel upright; returns the bytes with the new width and height.
///
/// The caller guarantees `data.len() == width * height * channels`.
pub(super) fn upright(
    data: Vec<u8>,
    width: u32,
    height: u32,
    channels: usize,
    orientation: Orientation,
) -> (Vec<u8>, u32, u32) {
    if orientation.is_upright() {
        return (data, width, height);
    }
    let (w, h) = (width as usize, height as usize);
    let (out_w, out_h) = if orientation.swaps_sides() {
        (h, w)
    } else {
        (w, h)
    };
    let mut out = Vec::with_capacity(data.len());
    for y in 0..out_h {
        for x in 0..out_w {
            let (sx, sy) = match orientation.0 {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                _ => (w - 1 - y, x),
            };
            let at = (sy * w + sx) * channels;
            out.extend_from_slice(&data[at..at + channels]);
        }
    }
    (out, out_w as u32, out_h as u32)
}

/// Value of tag 0x0112 in the first directory of a TIFF structure.
fn tag_in_first_directory(tiff: &[u8]) -> Option<u16> {
    let big_endian = match tiff.get(..2)? {
        b"II" => false,
        b"MM" => true,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let b = tiff.get(at..at.checked_add(2)?)?;
        let pair = [b[0], b[1]];
        Some(if big_endian {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        })
    };
    let u32_at = |at: usize| {
        let b = tiff.get(at..at.checked_add(4)?)?;
        let four = [b[0], b[1], b[2], b[3]];
        Some(if big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    };
    let directory = u32_at(4)? as usize;
    let entries = usize::from(u16_at(directory)?);
    (0..entries).find_map(|i| {
        let entry = directory.checked_add(2 + i * 12)?;
        if u16_at(entry)? != 0x0112 {
            return None;
        }
        match u16_at(entry + 2)? {
            3 => u16_at(entry + 8),
            4 => u32_at(entry + 8).and_then(|v| u16::try_from(v).ok()),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 3 × 2 picture `abc/def` as it looks upright for each orientation.
    #[test]
    fn all_eight_orientations() {
        let expected = [
            "abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf", "da/eb/fc", "fc/eb/da",
            "cf/be/ad",
        ];
        for (tag, expected) in (1..=8).zip(expected) {
            let (out, w, _) = upright(b"abcdef".to_vec(), 3, 2, 1, Orientation::from_tag(tag));
            let rows: Vec<_> = out
                .chunks(w as usize)
                .map(|r| String::from_utf8_lossy(r))
                .collect();
            assert_eq!(rows.join("/"), expected, "orientation {tag}");
        }
    }

    #[test]
    fn the_tag_is_read_in_both_byte_orders_and_nonsense_is_upright() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!(Orientation::in_exif(little), Some(Orientation(6)));
        assert_eq!(Orientation::in_exif(big), Some(Orientation(8)));
        for cut in 0..little.len() - 2 {
            assert_eq!(Orientation::in_exif(&little[..cut]), None, "{cut}");
        }
        assert_eq!(Orientation::in_exif(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(Orientation::from_tag(0), Orientation(1));
        assert_eq!(Orientation::from_tag(9), Orientation(1));
    }

    #[test]
    fn xmp_says_it_as_an_attribute_or_as_an_element() {
        for (xmp, expected) in [
            (&br#"<x tiff:Orientation="6" y="1"/>"#[..], Some(6)),
            (b"<tiff:Orientation>3</tiff:Orientation>", Some(3)),
            (b"tiff:Orientation=\"x\" tiff:Orientation>8", Some(8)),
            (b"tiff:Orientation>0", Some(1)),
            (b"tiff:Orientation>", None),
            (b"", None),
        ] {
            let found = Orientation::in_xmp(xmp);
            assert_eq!(found, expected.map(Orientation), "{xmp:?}");
        }
    }
}
