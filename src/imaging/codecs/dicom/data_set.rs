//! The elements of a DICOM data set as slices of the file (PS3.5 chapter 7, PS3.10 chapter 7).
//!
//! One pass, no recursion, no copies: sequences are skipped as a whole and opened only on request.

use super::{malformed, unsupported};
use crate::imaging::Error;

/// Group and element number.
pub(super) type Tag = (u16, u16);

const MEDIA_SOP_CLASS: Tag = (0x0002, 0x0002);
const SOP_CLASS: Tag = (0x0008, 0x0016);
const TRANSFER_SYNTAX: Tag = (0x0002, 0x0010);
const PIXEL_DATA: Tag = (0x7FE0, 0x0010);
const ITEM: Tag = (0xFFFE, 0xE000);
const ITEM_END: Tag = (0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = (0xFFFE, 0xE0DD);
const UNDEFINED: u32 = u32::MAX;

/// More elements than any photograph has.
const MAX_ELEMENTS: usize = 20_000;

/// The encoding of elements.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Encoding {
    explicit: bool,
    big_endian: bool,
}

const EXPLICIT_LE: Encoding = Encoding {
    explicit: true,
    big_endian: false,
};
const IMPLICIT_LE: Encoding = Encoding {
    explicit: false,
    big_endian: false,
};

/// Where the pixels are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PixelData<'a> {
    Missing,
    /// The bytes, and whether they were written as sixteen-bit words (OW).
    Native(&'a [u8], bool),
    /// The offset table and the compressed fragments.
    Encapsulated(&'a [u8], Vec<&'a [u8]>),
}

/// The top-level elements of a file.
#[derive(Clone, Debug)]
pub(super) struct DataSet<'a> {
    elements: Vec<(Tag, &'a [u8])>,
    encoding: Encoding,
    pub transfer_syntax: String,
    /// The kind of object from the file meta information; may be empty.
    pub media_sop_class: String,
    pub pixel_data: PixelData<'a>,
}

impl<'a> DataSet<'a> {
    /// Reads a file with or without preamble and file meta information.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let (mut data_set, mut reader) = Self::begin(bytes)?;
        data_set.read_elements(&mut reader)?;
        Ok(data_set)
    }

    /// Reads the elements that the first bytes of a file hold completely.
    pub fn read_start(bytes: &'a [u8]) -> Option<Self> {
        let (mut data_set, mut reader) = Self::begin(bytes).ok()?;
        let _ = data_set.read_elements(&mut reader);
        Some(data_set)
    }

    /// Reads the file meta information.
    fn begin(bytes: &'a [u8]) -> Result<(Self, Reader<'a>), Error> {
        let start = if bytes.get(128..132) == Some(b"DICM") {
            132
        } else {
            0
        };
        let mut reader = Reader {
            bytes,
            at: start,
            encoding: EXPLICIT_LE,
        };
        let (mut transfer_syntax, mut media_sop_class) = (String::new(), String::new());
        while reader.next_group() == Some(0x0002) {
            let (tag, _, length) = reader.header()?;
            let value = reader.take(length)?;
            match tag {
                TRANSFER_SYNTAX => transfer_syntax = text(value),
                MEDIA_SOP_CLASS => media_sop_class = text(value),
                _ => {}
            }
        }
        reader.encoding = match transfer_syntax.as_str() {
            "" => reader.guess_encoding(),
            "1.2.840.10008.1.2" => IMPLICIT_LE,
            "1.2.840.10008.1.2.2" => Encoding {
                explicit: true,
                big_endian: true,
            },
            "1.2.840.10008.1.2.1.99" => return Err(unsupported("a deflated data set")),
            // Some writers declare an explicit syntax and write an implicit one.
            _ => reader.guess_encoding(),
        };
        let data_set = Self {
            elements: Vec::new(),
            encoding: reader.encoding,
            transfer_syntax,
            media_sop_class,
            pixel_data: PixelData::Missing,
        };
        Ok((data_set, reader))
    }

    /// The kind of object, by the data set or else by the file meta information; empty if neither states it.
    pub fn sop_class(&self) -> String {
        match self.text(SOP_CLASS) {
            empty if empty.is_empty() => self.media_sop_class.clone(),
            named => named,
        }
    }

    fn read_elements(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        // Fewer bytes than an element header at the end are padding.
        while reader.bytes.len() - reader.at >= 8 {
            let (tag, vr, length) = reader.header()?;
            if tag == PIXEL_DATA {
                self.pixel_data = if length == UNDEFINED {
                    reader.fragments()?
                } else {
                    PixelData::Native(reader.take_up_to(length), &vr == b"OW")
                };
                break;
            }
            if tag == ITEM_END || tag == SEQUENCE_END {
                continue;
            }
            let value = if length == UNDEFINED {
                reader.skip_undefined(vr)?
            } else {
                reader.take(length)?
            };
            self.elements.push((tag, value));
            if self.elements.len() > MAX_ELEMENTS {
                return Err(malformed("too many elements"));
            }
        }
        Ok(())
    }

    /// The raw value of an element.
    pub fn bytes(&self, tag: Tag) -> Option<&'a [u8]> {
        self.elements
            .iter()
            .find(|(t, _)| *t == tag)
            .map(|(_, value)| *value)
    }

    /// Whether an element with a later tag was read.
    pub fn goes_beyond(&self, tag: Tag) -> bool {
        let has_pixels = self.pixel_data != PixelData::Missing;
        has_pixels || self.elements.iter().any(|(later, _)| *later > tag)
    }

    /// Whether an element is present and not empty.
    pub fn has(&self, tag: Tag) -> bool {
        self.bytes(tag).is_some_and(|value| !value.is_empty())
    }

    /// A text value without padding; empty when missing.
    pub fn text(&self, tag: Tag) -> String {
        self.bytes(tag).map(text).unwrap_or_default()
    }

    /// Sixteen-bit values (US, SS, OW).
    pub fn words(&self, tag: Tag) -> Option<Vec<u16>> {
        Some(self.words_of(self.bytes(tag)?))
    }

    /// Single-precision values (FL).
    pub fn floats(&self, tag: Tag) -> Option<Vec<f32>> {
        let value = if self.encoding.big_endian {
            f32::from_be_bytes
        } else {
            f32::from_le_bytes
        };
        let values = self.bytes(tag)?.as_chunks::<4>().0.iter();
        Some(values.map(|&four| value(four)).collect())
    }

    /// Bytes as sixteen-bit values in the byte order of the file.
    pub fn words_of(&self, bytes: &[u8]) -> Vec<u16> {
        let word = if self.encoding.big_endian {
            u16::from_be_bytes
        } else {
            u16::from_le_bytes
        };
        bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&pair| word(pair))
            .collect()
    }

    /// Bytes written as big-endian words, two per word, arrive in swapped pairs.
    pub fn bytes_of_words(&self, bytes: &[u8]) -> Vec<u8> {
        let mut swapped = bytes[..bytes.len() / 2 * 2].to_vec();
        if self.encoding.big_endian {
            swapped
                .as_chunks_mut::<2>()
                .0
                .iter_mut()
                .for_each(|p| p.reverse());
        }
        swapped
    }

    /// The elements of the first item of a sequence.
    pub fn first_item(&self, sequence: Tag) -> Option<Self> {
        self.items(sequence).next()
    }

    /// The elements of each item of a sequence, up to a fault.
    pub fn items(&self, sequence: Tag) -> impl Iterator<Item = Self> {
        let encoding = self.encoding;
        let mut reader = Reader {
            bytes: self.bytes(sequence).unwrap_or_default(),
            at: 0,
            encoding,
        };
        std::iter::from_fn(move || {
            let (ITEM, _, length) = reader.header().ok()? else {
                return None;
            };
            let content = if length == UNDEFINED {
                let rest = &reader.bytes[reader.at..];
                reader.skip_undefined([0; 2]).unwrap_or_else(|_| {
                    reader.at = reader.bytes.len();
                    rest
                })
            } else {
                reader.take(length).ok()?
            };
            let mut item = Self {
                elements: Vec::new(),
                encoding,
                transfer_syntax: String::new(),
                media_sop_class: String::new(),
                pixel_data: PixelData::Missing,
            };
            let mut inner = Reader {
                bytes: content,
                at: 0,
                encoding,
            };
            // Whatever was read before a fault still counts: nothing here is needed to show the picture.
            let _ = item.read_elements(&mut inner);
            Some(item)
        })
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value)
        .trim_matches(|c: char| c.is_whitespace() || c == '\0')
        .to_owned()
}

/// A position in the file.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: u32) -> Result<&'a [u8], Error> {
        let end = self
            .at
            .checked_add(length as usize)
            .filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| malformed("an element extends beyond the end of the file"))?;
        let value = &self.bytes[self.at..end];
        self.at = end;
        Ok(value)
    }

    /// Returns what is available: truncated pixels are rejected once their size is known.
    fn take_up_to(&mut self, length: u32) -> &'a [u8] {
        let end = self
            .at
            .saturating_add(length as usize)
            .min(self.bytes.len());
        let value = &self.bytes[self.at..end];
        self.at = end;
        value
    }

    fn u16(&mut self) -> Result<u16, Error> {
        let b = self.take(2)?;
        Ok(if self.encoding.big_endian {
            u16::from_be_bytes([b[0], b[1]])
        } else {
            u16::from_le_bytes([b[0], b[1]])
        })
    }

    fn u32(&mut self) -> Result<u32, Error> {
        let b = self.take(4)?;
        let four = [b[0], b[1], b[2], b[3]];
        Ok(if self.encoding.big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    }

    fn next_group(&self) -> Option<u16> {
        let b = self.bytes.get(self.at..self.at + 2)?;
        Some(u16::from_le_bytes([b[0], b[1]]))
    }

    /// If no transfer syntax is named, two capital letters after the tag are a value representation.
    fn guess_encoding(&self) -> Encoding {
        match self.bytes.get(self.at + 4..self.at + 6) {
            Some(vr) if vr.iter().all(u8::is_ascii_uppercase) => EXPLICIT_LE,
            _ => IMPLICIT_LE,
        }
    }

    /// Tag, value representation (zeros if implicit) and length; afterwards the position is at the value.
    fn header(&mut self) -> Result<(Tag, [u8; 2], u32), Error> {
        let tag = (self.u16()?, self.u16()?);
        if tag.0 == 0xFFFE || !self.encoding.explicit {
            return Ok((tag, [0; 2], self.u32()?));
        }
        let vr = self.take(2)?;
        let vr = [vr[0], vr[1]];
        let long = matches!(
            &vr,
            b"OB"
                | b"OD"
                | b"OF"
                | b"OL"
                | b"OV"
                | b"OW"
                | b"SQ"
                | b"SV"
                | b"UC"
                | b"UN"
                | b"UR"
                | b"UT"
                | b"UV"
        );
        if !vr.iter().all(u8::is_ascii_uppercase) {
            return Err(malformed("an element without a value representation"));
        }
        if long {
            self.take(2)?;
            Ok((tag, vr, self.u32()?))
        } else {
            Ok((tag, vr, u32::from(self.u16()?)))
        }
    }

    /// Skips a sequence of undefined length with everything nested in it, and returns its content.
    fn skip_undefined(&mut self, vr: [u8; 2]) -> Result<&'a [u8], Error> {
        let start = self.at;
        let outer = self.encoding;
        if &vr == b"UN" {
            // PS3.5 section 6.2.2, note 4: such content is implicit little endian.
            self.encoding = IMPLICIT_LE;
        }
        let mut depth = 1_usize;
        while depth > 0 {
            let before = self.at;
            let (tag, _, length) = self.header()?;
            match tag {
                ITEM_END | SEQUENCE_END => depth -= 1,
                _ if length == UNDEFINED => depth += 1,
                _ => {
                    self.take(length)?;
                }
            }
            if depth == 0 {
                self.encoding = outer;
                return Ok(&self.bytes[start..before]);
            }
        }
        Err(malformed("a sequence without end"))
    }

    fn fragments(&mut self) -> Result<PixelData<'a>, Error> {
        let mut items = Vec::new();
        // The end marker may be missing if the writer was interrupted after the last fragment.
        while self.bytes.len() - self.at >= 8 {
            let (tag, _, length) = self.header()?;
            match tag {
                ITEM => items.push(self.take(length)?),
                _ => break,
            }
            if items.len() > MAX_ELEMENTS {
                return Err(malformed("too many fragments"));
            }
        }
        if items.len() < 2 {
            return Err(malformed("no compressed pixels"));
        }
        let fragments = items.split_off(1);
        Ok(PixelData::Encapsulated(items[0], fragments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: Tag, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
        let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
        out.extend(vr);
        if matches!(vr, b"OB" | b"OW" | b"SQ") {
            out.extend([0, 0]);
            out.extend((value.len() as u32).to_le_bytes());
        } else {
            out.extend((value.len() as u16).to_le_bytes());
        }
        out.extend(value);
        out
    }

    #[test]
    fn elements_and_pixels_are_slices() {
        let bytes = [
            element((8, 0x60), b"CS", b"OP"),
            element((0x28, 0x10), b"US", &[2, 1]),
            element(PIXEL_DATA, b"OW", &[1, 2, 3, 4]),
        ]
        .concat();
        let data_set = DataSet::read(&bytes).unwrap();
        assert_eq!(data_set.text((8, 0x60)), "OP");
        assert_eq!(data_set.words((0x28, 0x10)), Some(vec![0x0102]));
        assert_eq!(data_set.pixel_data, PixelData::Native(&[1, 2, 3, 4], true));
    }

    #[test]
    fn deep_nesting_costs_no_stack() {
        let mut bytes = element((8, 0x60), b"CS", b"OP");
        for _ in 0..200_000 {
            bytes.extend(b"\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff");
        }
        assert!(DataSet::read(&bytes).is_err());
    }

    #[test]
    fn lengths_beyond_the_file_are_refused() {
        let mut bytes = element((8, 0x60), b"OB", b"OP");
        bytes[8..12].copy_from_slice(&[0xF0, 0xFF, 0xFF, 0xFF]);
        assert!(DataSet::read(&bytes).is_err());
    }

    #[test]
    fn the_first_item_of_a_sequence_opens() {
        let inner = element((8, 0x100), b"SH", b"G-A100");
        let mut item = b"\xfe\xff\0\xe0".to_vec();
        item.extend((inner.len() as u32).to_le_bytes());
        item.extend(inner);
        let bytes = element((8, 0x2220), b"SQ", &item);
        let data_set = DataSet::read(&bytes).unwrap();
        assert_eq!(
            data_set.first_item((8, 0x2220)).unwrap().text((8, 0x100)),
            "G-A100"
        );
    }
}
