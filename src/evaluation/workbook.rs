//! Reads the sheets of workbooks (XLSX, ODS) as lines of cells, written as a person reads them in the sheet.
//!
//! The archive is unpacked once for its size alone, and the cells of a sheet are counted before they are kept: a few
//! bytes of a workbook may stand for billions of cells.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{
    Data, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible, Xlsx, XlsxError,
};
use zip::ZipArchive;

use super::delimited::Line;
use super::document::Document;
use super::{Error, MAX_CELLS, MAX_ROWS};
use crate::imaging::caught;

/// Bytes of all parts of a workbook together.
const MAX_UNPACKED: u64 = 1 << 30;

/// Columns of a sheet, as spreadsheet programs have them.
const MAX_COLUMNS: u32 = 16_384;

/// One sheet that is not hidden.
pub(super) struct Sheet {
    pub name: String,
    pub lines: Vec<Line>,
}

/// The sheets of a workbook in their order. A defect of the library is an error for the file.
pub(super) fn sheets(bytes: &[u8], kind: Document) -> Result<Vec<Sheet>, Error> {
    let read = || match kind {
        Document::Ods => of_ods(bytes),
        _ => of_xlsx(bytes),
    };
    check_unpacked(bytes, kind)?;
    caught(read).unwrap_or(Err(Error::BrokenWorkbook(kind)))
}

fn check_unpacked(bytes: &[u8], kind: Document) -> Result<(), Error> {
    let broken = |_| Error::BrokenWorkbook(kind);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut room = MAX_UNPACKED;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(why)
                if why == zip::result::ZipError::PASSWORD_REQUIRED =>
            {
                Error::Document(Document::Encrypted)
            }
            _ => Error::BrokenWorkbook(kind),
        })?;
        let read = std::io::copy(&mut part.take(room + 1), &mut std::io::sink())
            .map_err(|_| Error::BrokenWorkbook(kind))?;
        room = room.checked_sub(read).ok_or(Error::TooManyCells)?;
    }
    Ok(())
}

fn of_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, Error> {
    let refused = |error: XlsxError| match error {
        XlsxError::Password => Error::Document(Document::Encrypted),
        _ => Error::BrokenWorkbook(Document::Xlsx),
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(refused)?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for name in shown_sheets(book.sheets_metadata()) {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(refused(error)),
        };
        let mut lines = Lines::default();
        while let Some(cell) = cells.next_cell().map_err(refused)? {
            let position = cell.get_position();
            let text = text_of(&Data::from(cell.get_value().clone()));
            lines.put(position, text, &mut room)?;
        }
        sheets.push(lines.sheet(name));
    }
    Ok(sheets)
}

fn of_ods(bytes: &[u8]) -> Result<Vec<Sheet>, Error> {
    let broken = Error::BrokenWorkbook(Document::Ods);
    let mut content = Vec::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken.clone())?;
    archive
        .by_name("content.xml")
        .map_err(|_| broken.clone())?
        .take(MAX_UNPACKED)
        .read_to_end(&mut content)
        .map_err(|_| broken.clone())?;
    if expanded_cells(&content) > MAX_CELLS as u64 {
        return Err(Error::TooManyCells);
    }
    drop(content);
    let refused = |error: OdsError| match error {
        OdsError::Password => Error::Document(Document::Encrypted),
        _ => broken.clone(),
    };
    let mut book = Ods::new(Cursor::new(bytes)).map_err(refused)?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for name in shown_sheets(book.sheets_metadata()) {
        let range = book.worksheet_range(&name).map_err(refused)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut lines = Lines::default();
        for (row, column, cell) in range.used_cells() {
            let position = (top + row as u32, left + column as u32);
            lines.put(position, text_of(cell), &mut room)?;
        }
        sheets.push(lines.sheet(name));
    }
    Ok(sheets)
}

fn shown_sheets(all: &[calamine::Sheet]) -> Vec<String> {
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    all.iter()
        .filter(is_shown)
        .map(|s| s.name.clone())
        .collect()
}

/// The cells of a sheet while it is read.
#[derive(Default)]
struct Lines(BTreeMap<u32, Vec<String>>);

/// Rows and cells that were kept of all sheets.
#[derive(Default)]
struct Room {
    rows: usize,
    cells: usize,
}

impl Lines {
    fn put(
        &mut self,
        (row, column): (u32, u32),
        text: String,
        room: &mut Room,
    ) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(Error::TooManyCells);
        }
        let cells = self.0.entry(row).or_insert_with(|| {
            room.rows += 1;
            Vec::new()
        });
        if room.rows > MAX_ROWS + 1 {
            return Err(Error::TooManyRows);
        }
        let column = column as usize;
        if cells.len() <= column {
            room.cells += column + 1 - cells.len();
            if room.cells > MAX_CELLS {
                return Err(Error::TooManyCells);
            }
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        Ok(())
    }

    fn sheet(self, name: String) -> Sheet {
        let line = |(row, cells): (u32, Vec<String>)| Line {
            number: row as usize + 1,
            cells,
        };
        Sheet {
            name,
            lines: self.0.into_iter().map(line).collect(),
        }
    }
}

/// A cell as a person reads it: whole numbers without a point, dates as `2024-05-31`.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => decimal(*number),
        Data::String(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) => {
            let date = text.trim().trim_end_matches("T00:00:00");
            date.replacen('T', " ", 1)
        }
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(date) => moment(date),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
        // Rich text and whatever else a newer library distinguishes.
        #[allow(unreachable_patterns)]
        other => other.to_string().trim().to_owned(),
    }
}

/// With the 15 digits that spreadsheet programs show: 0.1 + 0.2 is 0.3.
fn decimal(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 {
        return "0".to_owned();
    }
    format!("{rounded}")
}

fn moment(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        let seconds = (date.as_f64() * 86_400.0).round() as i64;
        let (hours, rest) = (seconds / 3600, seconds.abs() % 3600);
        return format!("{hours}:{:02}:{:02}", rest / 60, rest % 60);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let (date, time) = (
        format!("{year:04}-{month:02}-{day:02}"),
        format!("{hour:02}:{minute:02}:{second:02}"),
    );
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {time}"),
    }
}

/// The number of cells that the tables of `content.xml` expand to: repeated cells and rows count as often as they are
/// repeated, up to the last one that is not empty.
fn expanded_cells(content: &[u8]) -> u64 {
    let mut all = 0_u64;
    let mut table = Expanded::default();
    // `<` starts a tag wherever it is, as XML escapes it elsewhere.
    for tag in content.split(|byte| *byte == b'<') {
        if tag.starts_with(b"table:table-row") {
            table.end_row();
            table.repeats = repeats(tag, b"number-rows-repeated");
        } else if tag.starts_with(b"table:table-cell")
            || tag.starts_with(b"table:covered-table-cell")
        {
            table.cell(tag);
        } else if tag.starts_with(b"/table:table>") {
            table.end_row();
            all = all.saturating_add(table.total());
            table = Expanded::default();
        }
    }
    table.end_row();
    all.saturating_add(table.total())
}

/// One table of a document while its cells are counted.
#[derive(Default)]
struct Expanded {
    rows: u64,
    empty_rows: u64,
    widest: u64,
    cells: u64,
    /// Of the row being read.
    repeats: u64,
    width: u64,
    empty: u64,
}

impl Expanded {
    fn cell(&mut self, tag: &[u8]) {
        let repeats = repeats(tag, b"number-columns-repeated").min(u64::from(MAX_COLUMNS));
        let holds = |what: &[u8]| tag.windows(what.len()).any(|w| w == what);
        let is_closed = tag.trim_ascii_end().ends_with(b"/>");
        if is_closed && !holds(b"office:") && !holds(b"formula") {
            self.empty += repeats;
        } else {
            self.width += self.empty + repeats;
            self.empty = 0;
        }
    }

    fn end_row(&mut self) {
        if self.width == 0 {
            self.empty_rows = self.empty_rows.saturating_add(self.repeats);
        } else {
            let rows = self.empty_rows.saturating_add(self.repeats);
            self.rows = self.rows.saturating_add(rows);
            self.cells = self.cells.saturating_add(self.width);
            self.widest = self.widest.max(self.width);
            self.empty_rows = 0;
        }
        (self.repeats, self.width, self.empty) = (0, 0, 0);
    }

    fn total(&self) -> u64 {
        self.cells.max(self.rows.saturating_mul(self.widest))
    }
}

/// The number in an attribute; 1 without it, and as many as can be if it cannot be read.
fn repeats(tag: &[u8], attribute: &[u8]) -> u64 {
    let Some(at) = tag.windows(attribute.len()).position(|w| w == attribute) else {
        return 1;
    };
    let is_before =
        |byte: &&u8| byte.is_ascii_whitespace() || matches!(**byte, b'=' | b'"' | b'\'');
    let digits: Vec<u8> = tag[at + attribute.len()..]
        .iter()
        .skip_while(is_before)
        .take_while(|byte| byte.is_ascii_digit())
        .copied()
        .collect();
    let number = String::from_utf8(digits).ok().and_then(|d| d.parse().ok());
    number.unwrap_or(u64::from(u32::MAX))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::evaluation::document::document;

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// A workbook with the rows of each sheet, as the XML of their cells; style 1 is a date, style 2 a duration.
    pub fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
        let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let places = || sheets.iter().enumerate().map(|(at, sheet)| (at + 1, sheet));
        let listed: String = places()
            .map(|(n, (name, _))| {
                let state = if name.starts_with('_') {
                    r#" state="hidden""#
                } else {
                    ""
                };
                format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{state}/>"#)
            })
            .collect();
        let links: String = places()
            .map(|(n, _)| {
                format!(r#"<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>"#)
            })
            .collect();
        let mut parts = vec![
            (
                "[Content_Types].xml".to_owned(),
                format!(
                    r#"{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
                ),
            ),
            (
                "_rels/.rels".to_owned(),
                format!(
                    r#"{head}<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!(
                    r#"{head}<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!(
                    r#"{head}<Relationships xmlns="{package}">{links}<Relationship Id="rId90" Type="{relations}/styles" Target="styles.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/styles.xml".to_owned(),
                format!(
                    r#"{head}<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="[h]:mm:ss"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#
                ),
            ),
        ];
        for (n, (_, rows)) in places() {
            let sheet = format!(
                r#"{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#
            );
            parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
        }
        let parts: Vec<(&str, &str)> = parts
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        archive(&parts)
    }

    /// The XML of rows whose cells are texts.
    pub fn rows(rows: &[&[&str]]) -> String {
        let cell = |text: &&str| match text.is_empty() {
            true => "<c/>".to_owned(),
            false => format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#),
        };
        let row =
            |cells: &&[&str]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
        rows.iter().map(row).collect()
    }

    fn ods(table: &str) -> Vec<u8> {
        let office = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#;
        let content = format!(
            r#"<office:document-content {office}><office:body><office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        archive(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", &content),
            (
                "META-INF/manifest.xml",
                r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#,
            ),
        ])
    }

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let kind = document(bytes).unwrap();
        let sheet = sheets(bytes, kind).unwrap().remove(0);
        sheet.lines.into_iter().map(|line| line.cells).collect()
    }

    fn refused(bytes: &[u8], kind: Document) -> Error {
        sheets(bytes, kind).err().unwrap()
    }

    #[test]
    fn cells_are_written_as_a_person_reads_them() {
        let book = xlsx(&[(
            "A",
            r#"<row r="1"><c r="A1" t="inlineStr"><is><t> image </t></is></c><c r="C1" t="b"><v>1</v></c></row>
               <row r="3"><c r="A3"><v>12</v></c><c r="B3"><v>63.0</v></c><c r="C3"><v>0.30000000000000004</v></c>
               <c r="D3" s="1"><v>45443</v></c><c r="E3" s="1"><v>45443.5</v></c><c r="F3" s="2"><v>1.25</v></c>
               <c r="G3"><v>20210503123456</v></c><c r="H3" t="e"><v>#N/A</v></c></row>"#,
        )]);
        let expected = [
            vec!["image", "", "TRUE"],
            vec![
                "12",
                "63",
                "0.3",
                "2024-05-31",
                "2024-05-31 12:00:00",
                "30:00:00",
                "20210503123456",
                "#N/A",
            ],
        ];
        assert_eq!(cells(&book), expected);
        // Lines have the numbers of the sheet.
        assert_eq!(sheets(&book, Document::Xlsx).unwrap()[0].lines[1].number, 3);
    }

    #[test]
    fn hidden_sheets_are_no_tables() {
        let text = rows(&[&["image", "sex"], &["a", "F"]]);
        let book = xlsx(&[("_old", &text), ("new", &text)]);
        let names: Vec<String> = sheets(&book, Document::Xlsx)
            .unwrap()
            .into_iter()
            .map(|sheet| sheet.name)
            .collect();
        assert_eq!(names, ["new"]);
    }

    #[test]
    fn open_documents_are_read() {
        let book = ods(
            r#"<table:table-row><table:table-cell office:value-type="string"><text:p>image</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>age</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="63"/></table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        );
        assert_eq!(cells(&book), [["image", "age"], ["a", "63"]]);
    }

    #[test]
    fn a_few_bytes_that_stand_for_billions_of_cells_are_refused_before_they_are_read() {
        let filled = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row>"#;
        assert_eq!(refused(&ods(filled), Document::Ods), Error::TooManyCells);
        let wide = r#"<table:table-row><table:table-cell office:value="1"/></table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell office:value="1"/></table:table-row>"#;
        assert_eq!(refused(&ods(wide), Document::Ods), Error::TooManyCells);
        let far = xlsx(&[("A", r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#)]);
        assert_eq!(refused(&far, Document::Xlsx), Error::TooManyCells);
        let apart: String = (1..=3000)
            .map(|row| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#))
            .collect();
        assert_eq!(
            refused(&xlsx(&[("A", &apart)]), Document::Xlsx),
            Error::TooManyCells
        );
    }

    #[test]
    fn a_workbook_that_is_damaged_or_encrypted_says_so() {
        let whole = xlsx(&[("A", &rows(&[&["image", "sex"], &["a", "F"]]))]);
        for kept in [whole.len() / 2, whole.len() - 10, 30] {
            let error = refused(&whole[..kept], Document::Xlsx);
            assert_eq!(error, Error::BrokenWorkbook(Document::Xlsx), "{kept}");
        }
        let xml = xlsx(&[("A", "<row><c><v>1</v></row")]);
        assert_eq!(
            refused(&xml, Document::Xlsx),
            Error::BrokenWorkbook(Document::Xlsx)
        );
        let none = archive(&[("[Content_Types].xml", "<Types/>")]);
        assert_eq!(
            refused(&none, Document::Xlsx),
            Error::BrokenWorkbook(Document::Xlsx)
        );
        let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
        let wrapped = [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(),
            &[0; 600],
            &name,
        ]
        .concat();
        assert_eq!(document(&wrapped), Some(Document::Encrypted));
    }
}
