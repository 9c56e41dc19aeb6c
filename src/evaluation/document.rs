//! What a file is that is not text, by its content.

use std::fmt;
use std::io::Cursor;

use zip::ZipArchive;

/// Files that are no text: workbooks, which are read, and what is mistaken for a table of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Document {
    Xls,
    /// A workbook with a password.
    Encrypted,
    Xlsx,
    Ods,
    /// An archive that may be a workbook.
    Zip,
    Gz,
    Pdf,
    Rtf,
    Html,
    Xml,
    Json,
    /// `.sav`, `.zsav`.
    Spss,
    /// `.dta`, from version 13.
    Stata,
    Parquet,
}

impl Document {
    /// Whether a spreadsheet program opens it.
    pub fn is_for_spreadsheets(self) -> bool {
        !matches!(self, Self::Json | Self::Spss | Self::Stata | Self::Parquet)
    }

    /// What to do next, as a clause.
    pub(super) fn how(self) -> &'static str {
        match self.is_for_spreadsheets() {
            true if self == Self::Encrypted => "open it with its password and save it without one",
            true => "open it in a spreadsheet program and save it as XLSX or \"CSV UTF-8\"",
            false => "export it as CSV in UTF-8 from the program that wrote it",
        }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Xls => "an Excel workbook (XLS)",
            Self::Encrypted => "an encrypted workbook",
            Self::Xlsx => "an Excel workbook (XLSX)",
            Self::Ods => "an OpenDocument spreadsheet (ODS)",
            Self::Zip => "a zip archive or a workbook (XLSX, ODS, Numbers)",
            Self::Gz => "a compressed file (GZ)",
            Self::Pdf => "a PDF document",
            Self::Rtf => "an RTF document",
            Self::Html => "a web page (HTML)",
            Self::Xml => "an XML document",
            Self::Json => "a JSON document",
            Self::Spss => "an SPSS file (SAV)",
            Self::Stata => "a Stata file (DTA)",
            Self::Parquet => "a Parquet file",
        })
    }
}

/// First bytes of older workbooks, and of encrypted ones.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// Their first bytes.
const NO_TEXT: [(&[u8], Document); 12] = [
    (OLE, Document::Xls),
    (b"\x1f\x8b", Document::Gz),
    (b"%PDF", Document::Pdf),
    (b"{\\rtf", Document::Rtf),
    (b"<!DOCTYPE", Document::Html),
    (b"<html", Document::Html),
    (b"<table", Document::Html),
    (b"<?xml", Document::Xml),
    (b"$FL2", Document::Spss),
    (b"$FL3", Document::Spss),
    (b"<stata_dta>", Document::Stata),
    (b"PAR1", Document::Parquet),
];

/// Whether the bytes begin like a JSON object or a list of them.
fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut marks = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let begins = [marks.next(), marks.next()];
    matches!(
        begins,
        [Some(b'{'), Some(b'"' | b'}')] | [Some(b'['), Some(b'{' | b'[' | b'"' | b']')]
    )
}

/// What a file is if it is not text, by its content.
pub(super) fn document(bytes: &[u8]) -> Option<Document> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(kind_of(bytes).unwrap_or_else(|| zipped(bytes)));
    }
    if bytes.starts_with(OLE) && is_encrypted(bytes) {
        return Some(Document::Encrypted);
    }
    // Tags may be upper or lower case.
    let begins = |start: &[u8]| {
        let own = bytes.get(..start.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(start))
    };
    let known = NO_TEXT.iter().find(|(start, _)| begins(start));
    let known = known.map(|(_, what)| *what);
    known.or_else(|| is_json(bytes).then_some(Document::Json))
}

/// Office programs wrap an encrypted workbook into an OLE file with a stream of this name, in UTF-16.
fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .bytes()
        .flat_map(|byte| [byte, 0])
        .collect();
    bytes.windows(name.len()).any(|w| w == name)
}

/// Which kind of workbook an archive is, by the names of its parts.
fn kind_of(bytes: &[u8]) -> Option<Document> {
    let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("[Content_Types].xml") {
        Some(Document::Xlsx)
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        Some(Document::Ods)
    } else {
        None
    }
}

fn zipped(bytes: &[u8]) -> Document {
    let start = &bytes[..bytes.len().min(4096)];
    let holds = |what: &[u8]| start.windows(what.len()).any(|w| w == what);
    if holds(b"opendocument.spreadsheet") {
        Document::Ods
    } else if holds(b"[Content_Types].xml") || holds(b"xl/") || holds(b"_rels/") {
        Document::Xlsx
    } else {
        Document::Zip
    }
}
