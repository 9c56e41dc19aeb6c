//! Decodes the bytes of a table: by the byte order mark, else as UTF-8, else in the encodings that spreadsheets in
//! Japan and Western Europe still write. Undecidable text is rejected, never misread.

use encoding_rs::{EUC_JP, Encoding as Decoder, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

use strum::IntoStaticStr;

use super::Error;
use super::document::document;

/// The encoding of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
pub enum Encoding {
    #[strum(serialize = "UTF-8")]
    Utf8,
    #[strum(serialize = "UTF-16")]
    Utf16,
    /// Windows code page 932, which extends Shift_JIS.
    #[strum(serialize = "CP932 (Shift_JIS)")]
    Cp932,
    #[strum(serialize = "EUC-JP")]
    EucJp,
    #[strum(serialize = "CP1252 (Windows, Western European)")]
    Cp1252,
}

impl Encoding {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), Error> {
    if let Some(what) = document(bytes) {
        return Err(Error::Document(what));
    }
    let utf16 = |decoder, bytes| strict(decoder, bytes).map(|text| (text, Encoding::Utf16));
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(UTF_16LE, rest).ok_or(Error::NotText);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(UTF_16BE, rest).ok_or(Error::NotText);
    }
    if bytes.contains(&0) {
        // In UTF-16, commas and line ends have their zero byte on one side of each pair only.
        let zeros = |side: usize| bytes.iter().skip(side).step_by(2).any(|b| *b == 0);
        let found = match (zeros(0), zeros(1)) {
            (true, false) => utf16(UTF_16BE, bytes),
            (false, true) => utf16(UTF_16LE, bytes),
            _ => None,
        };
        return found.ok_or(Error::NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
        Err(_) if is_damaged_utf8(bytes) => Err(Error::NotText),
        Err(_) => legacy(bytes).ok_or(Error::NotText),
    }
}

fn strict(decoder: &'static Decoder, bytes: &[u8]) -> Option<String> {
    let text = decoder.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// Most of its non-ASCII characters are valid UTF-8: a truncated or mixed file rather than another encoding.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bytes.starts_with(b"\xef\xbb\xbf") || good > bad
}

fn legacy(bytes: &[u8]) -> Option<(String, Encoding)> {
    let cp932 = strict(SHIFT_JIS, bytes).filter(|t| t.chars().all(is_japanese));
    let euc = strict(EUC_JP, bytes).filter(|t| t.chars().all(is_japanese));
    let western = strict(WINDOWS_1252, bytes).filter(|t| t.chars().all(is_western));
    let half_width = |text: &Option<String>| text.as_deref().map_or(0, half_width);
    let is_certain = |text: &Option<String>| text.as_deref().is_some_and(has_words);
    // Misreading either encoding as the other gives half-width kana, or single ideographs between letters.
    if is_certain(&euc) && (cp932.is_none() || half_width(&cp932) > half_width(&euc)) {
        return euc.map(|text| (text, Encoding::EucJp));
    }
    if is_certain(&cp932) || western.is_none() {
        return cp932.map(|text| (text, Encoding::Cp932));
    }
    western.map(|text| (text, Encoding::Cp1252))
}

/// A character of Japanese text, without the private use area that the code pages use for undefined characters.
fn is_japanese(c: char) -> bool {
    c.is_ascii() || !matches!(c, '\u{80}'..='\u{ff}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
}

/// Full-width kana, or two ideographs in a row.
fn has_words(text: &str) -> bool {
    let ideograph = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut before = ' ';
    text.chars().any(|c| {
        let found = ('\u{3041}'..='\u{30fa}').contains(&c) || (ideograph(c) && ideograph(before));
        before = c;
        found
    })
}

fn half_width(text: &str) -> usize {
    let is = |c: &char| ('\u{ff61}'..='\u{ff9f}').contains(c);
    text.chars().filter(is).count()
}

/// A letter or mark used in Western European languages.
fn is_western(c: char) -> bool {
    match c {
        '×' | '÷' => false,
        'À'..='ÿ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Œ' | 'œ' | 'Ÿ' => true,
        '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '€' | '\u{a0}' | '°' | '§' | '´' | 'µ' => {
            true
        }
        'ª' | 'º' | '¿' | '¡' | '«' | '»' | '±' | '²' | '³' => true,
        _ => c.is_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Document;

    fn read(decoder: &'static Decoder, text: &str) -> Option<(String, Encoding)> {
        let (bytes, _, lossy) = decoder.encode(text);
        assert!(!lossy);
        decode(&bytes).ok()
    }

    #[test]
    fn tables_of_japan_and_western_europe_are_told_apart() {
        for (decoder, encoding, text) in [
            (SHIFT_JIS, Encoding::Cp932, "画像,性別\n左眼.jpg,女\n"),
            (
                SHIFT_JIS,
                Encoding::Cp932,
                "image,sex\na.jpg,女\nb.jpg,男\n",
            ),
            (SHIFT_JIS, Encoding::Cp932, "ﾌｧｲﾙ名,氏名\na.jpg,山田\n"),
            (EUC_JP, Encoding::EucJp, "画像,性別\n左眼.jpg,女性\n"),
            (WINDOWS_1252, Encoding::Cp1252, "image,sex,Größe\na,F,1\n"),
            (
                WINDOWS_1252,
                Encoding::Cp1252,
                "Bild;Geschlecht\na;männlich\n",
            ),
            (WINDOWS_1252, Encoding::Cp1252, "image,âge\né.jpg,63\n"),
            (
                WINDOWS_1252,
                Encoding::Cp1252,
                "imagen,género\nniño.jpg,mujer\n",
            ),
        ] {
            assert_eq!(read(decoder, text), Some((text.to_owned(), encoding)));
        }
    }

    #[test]
    fn utf16_is_read_with_and_without_its_mark() {
        let text = "画像\t性別\r\na.jpg\t女\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let expected = (text.to_owned(), Encoding::Utf16);
        for (mark, bytes) in [
            (&b"\xff\xfe"[..], &little),
            (b"\xfe\xff", &big),
            (b"", &little),
            (b"", &big),
        ] {
            assert_eq!(decode(&[mark, bytes].concat()), Ok(expected.clone()));
        }
    }

    #[test]
    fn what_is_no_text_says_what_it_is() {
        let reported = |bytes: &[u8]| decode(bytes).unwrap_err();
        let workbook = b"PK\x03\x04\x14\0\0\0\x08\0\0\0!\0[Content_Types].xml";
        assert_eq!(reported(workbook), Error::Document(Document::Xlsx));
        let ods = b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        assert_eq!(reported(ods), Error::Document(Document::Ods));
        assert_eq!(
            reported(b"\xd0\xcf\x11\xe0\xa1"),
            Error::Document(Document::Xls)
        );
        assert!(matches!(reported(b"<HTML>"), Error::Document(_)));
        for (bytes, what) in [
            (&b"$FL2@(#) SPSS DATA FILE"[..], Document::Spss),
            (b"{\"image\": \"a.jpg\"}", Document::Json),
            (
                b"\xef\xbb\xbf[\n  {\"image\": \"a.jpg\"}\n]",
                Document::Json,
            ),
            (b"<stata_dta><header>", Document::Stata),
        ] {
            let refused = reported(bytes);
            assert_eq!(refused, Error::Document(what));
            assert!(
                refused.to_string().contains("export it as CSV"),
                "{refused}"
            );
        }
        assert!(decode(b"[image],sex\na.jpg,1\n").is_ok());
        // A UTF-8 text truncated within a character is not CP932.
        assert_eq!(
            reported("画像,性別\na,女".as_bytes().split_last().unwrap().1),
            Error::NotText
        );
        assert_eq!(reported(b"image\0,sex\0\0"), Error::NotText);
        assert_eq!(reported(b"\x81\x8d\xff,sex"), Error::NotText);
    }
}
