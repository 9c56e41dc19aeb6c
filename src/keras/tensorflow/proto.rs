//! Protocol buffers, field by field.
//!
//! Nothing is decoded before it is read: a decoded message takes many times its bytes in memory, and most of a SavedModel
//! is graph functions, which are skipped.

use crate::keras::Error;

/// A message whose fields have been found to follow each other; fields that are messages have not been looked into.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a>(&'a [u8]);

/// The value of a field.
#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    /// A varint, or a number of 4 or 8 bytes.
    Number(u64),
    /// A text, some bytes or a message.
    Bytes(&'a [u8]),
}

impl<'a> Message<'a> {
    /// # Errors
    /// [`Error::Malformed`] if the bytes are not a sequence of fields.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        while !rest.is_empty() {
            field(&mut rest).ok_or_else(damaged)?;
        }
        Ok(Self(bytes))
    }

    fn fields(self) -> impl Iterator<Item = (u64, Value<'a>)> {
        let mut rest = self.0;
        std::iter::from_fn(move || field(&mut rest))
    }

    /// The number in a field; 0 if it is absent, as everywhere in protocol buffers.
    pub fn number(self, field: u64) -> u64 {
        let numbers = self.fields().filter_map(|(at, value)| match value {
            Value::Number(number) if at == field => Some(number),
            _ => None,
        });
        numbers.last().unwrap_or_default()
    }

    /// Every occurrence of a field of texts or messages, in order.
    pub fn all(self, field: u64) -> impl Iterator<Item = &'a [u8]> {
        self.fields().filter_map(move |(at, value)| match value {
            Value::Bytes(bytes) if at == field => Some(bytes),
            _ => None,
        })
    }

    /// The bytes of a field; `None` if it is absent.
    pub fn bytes(self, field: u64) -> Option<&'a [u8]> {
        self.all(field).last()
    }

    /// The text in a field; empty if it is absent.
    pub fn text(self, field: u64) -> Result<&'a str, Error> {
        std::str::from_utf8(self.bytes(field).unwrap_or_default())
            .map_err(|_| Error::malformed("a text is not UTF-8"))
    }
}

fn damaged() -> Error {
    Error::malformed("a message of TensorFlow is damaged or cut short")
}

/// The next field with its number; `None` at the end, and if it is damaged.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Value<'a>)> {
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => Value::Number(varint(rest)?),
        1 => Value::Number(little_endian(taken(rest, 8)?)),
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            Value::Bytes(taken(rest, length)?)
        }
        5 => Value::Number(little_endian(taken(rest, 4)?)),
        _ => return None,
    };
    Some((key >> 3, value))
}

/// Takes this many bytes from the front; `None` if there are fewer.
pub fn taken<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (bytes, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(bytes)
}

/// An unsigned number of up to 8 bytes.
pub fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))
}

/// Takes a number in groups of seven bits from the front, lowest first.
pub fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_by_number_and_the_last_one_counts() {
        let bytes = b"\x08\x96\x01\x12\x02ab\x12\x01c\x1d\x01\x00\x00\x00\x08\x07";
        let message = Message::parse(bytes).unwrap();
        assert_eq!(message.number(1), 7);
        assert_eq!(message.number(3), 1);
        assert_eq!(message.number(4), 0);
        assert_eq!(message.text(2), Ok("c"));
        assert_eq!(message.all(2).collect::<Vec<_>>(), [&b"ab"[..], b"c"]);
        assert_eq!(message.bytes(9), None);
    }

    #[test]
    fn damaged_fields_are_refused() {
        for bytes in [
            &b"\x08"[..],
            b"\x12\x05ab",
            b"\x0b",
            b"\x0d\x00",
            &[0xff; 12],
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ] {
            assert!(Message::parse(bytes).is_err(), "{bytes:?}");
        }
    }
}
