//! Text files as some editors write them: with a byte order mark, and perhaps in UTF-16.

use encoding_rs::Encoding;

/// The text in UTF-8 without a mark; unchanged if it has no mark or does not match it.
pub fn utf8(bytes: Vec<u8>) -> Vec<u8> {
    let Some((encoding, mark)) = Encoding::for_bom(&bytes) else {
        return bytes;
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    match text {
        Some(text) => text.into_owned().into_bytes(),
        None => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_utf_16_is_read() {
        let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            let text = "{\"名\": 1}".encode_utf16().flat_map(bytes);
            mark.into_iter().chain(text).collect::<Vec<u8>>()
        };
        let plain = "{\"名\": 1}".as_bytes().to_vec();
        let marked = [b"\xef\xbb\xbf", plain.as_slice()].concat();
        for written in [
            plain.clone(),
            marked,
            utf16([0xff, 0xfe], u16::to_le_bytes),
            utf16([0xfe, 0xff], u16::to_be_bytes),
        ] {
            assert_eq!(utf8(written), plain);
        }
        let broken = b"\xef\xbb\xbf\xff".to_vec();
        assert_eq!(utf8(broken.clone()), broken);
        assert_eq!(utf8(Vec::new()), b"");
    }
}
