//! Protocol buffers, field by field.
//!
//! Nothing is decoded before it is read: a decoded message takes many times its bytes in memory, and most of a SavedModel
//! is graph functions, which are skipped.

use crate::keras::Error;
use crate::numeric::wire::{Value, field};

/// A message whose fields have been found to follow each other; fields that are messages have not been looked into.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a>(&'a [u8]);

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
