//! The wire format of protocol buffers, whose numbers LevelDB shares: fields of a message one by one, without decoding.

/// The value of a field.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A varint, or a number of 4 or 8 bytes.
    Number(u64),
    /// A text, some bytes or a message.
    Bytes(&'a [u8]),
}

/// Takes the next field from the front, with its number; `None` at the end, and if it is damaged or cut short.
pub fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Value<'a>)> {
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

/// Takes a number in groups of seven bits from the front, lowest first; `None` if it has more than 64 bits or is cut
/// short.
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
    fn numbers_of_seven_bits_end_or_are_refused() {
        let mut rest = &b"\x96\x01\x07"[..];
        assert_eq!((varint(&mut rest), rest), (Some(150), &b"\x07"[..]));
        assert_eq!(varint(&mut &b"\x96"[..]), None);
        assert_eq!(varint(&mut &[0xff; 12][..]), None);
        assert_eq!(little_endian(&[1, 2]), 0x0201);
    }

    #[test]
    fn a_field_longer_than_its_message_is_refused() {
        assert!(field(&mut &b"\x12\x02ab"[..]).is_some());
        for cut in [&b""[..], b"\x08", b"\x12\x05ab", b"\x0b", b"\x0d\x00"] {
            assert!(field(&mut &cut[..]).is_none(), "{cut:?}");
        }
    }
}
