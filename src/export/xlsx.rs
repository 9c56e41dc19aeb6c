//! Tables as an Excel workbook: real numbers, a header that stays in view, the research line, and the same bytes for the
//! same rows.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};

use crate::text::{Lang, research_only};

/// Rows of a sheet, limited by the format.
const MOST_ROWS: usize = 1_048_575;

/// A sheet with its name, at most 31 characters, and its rows, which share the fields of the first.
pub struct Sheet<'a> {
    pub name: &'a str,
    pub rows: &'a [Map<String, Value>],
}

/// A workbook of the sheets. Texts are stored as texts, so nothing in them is evaluated as a formula.
///
/// # Errors
/// A sheet with more rows than the format holds, or with a name that it does not allow.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The writer would take the time of day.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_comment(research_only(Lang::En));
    workbook.set_properties(&properties.set_creation_datetime(&created));
    let header = Format::new().set_bold();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name)?;
        fill(worksheet, sheet.rows, &header)?;
    }
    workbook.save_to_buffer()
}

fn fill(
    sheet: &mut Worksheet,
    rows: &[Map<String, Value>],
    header: &Format,
) -> Result<(), XlsxError> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    if rows.len() > MOST_ROWS {
        return Err(XlsxError::RowColumnLimitError);
    }
    let names = first.keys().map(String::as_str).chain(["research_only"]);
    for (column, name) in names.enumerate() {
        sheet.write_string_with_format(0, column as u16, name, header)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (place, row) in rows.iter().enumerate() {
        let line = place as u32 + 1;
        for (column, name) in first.keys().enumerate() {
            write(sheet, line, column as u16, row.get(name))?;
        }
        sheet.write_string(line, first.len() as u16, research_only(Lang::En))?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: Option<&Value>,
) -> Result<(), XlsxError> {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Bool(yes)) => {
            sheet.write_boolean(row, column, *yes)?;
        }
        Some(Value::Number(number)) => {
            if let Some(number) = number.as_f64() {
                sheet.write_number(row, column, number)?;
            }
        }
        Some(Value::String(text)) => {
            sheet.write_string(row, column, text)?;
        }
        Some(other) => {
            sheet.write_string(row, column, other.to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows() -> Vec<Map<String, Value>> {
        let row = |name: &str, value: Value| match json!({ "model": name, "auc": value }) {
            Value::Object(row) => row,
            _ => unreachable!(),
        };
        vec![row("=1+1", json!(0.971)), row("眼底", Value::Null)]
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
        text
    }

    #[test]
    fn numbers_are_numbers_texts_are_texts_and_the_header_stays() {
        let rows = rows();
        let bytes = workbook(&[Sheet {
            name: "Figures",
            rows: &rows,
        }])
        .unwrap();
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(
            sheet.contains("<v>0.971</v>") && !sheet.contains("<f>"),
            "{sheet}"
        );
        assert!(sheet.contains("state=\"frozen\""));
        let texts = part(&bytes, "xl/sharedStrings.xml");
        assert!(
            texts.contains("=1+1")
                && texts.contains("眼底")
                && texts.contains("Not a medical device")
        );
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let rows = rows();
        let sheet = || Sheet {
            name: "Figures",
            rows: &rows,
        };
        let bytes = workbook(&[sheet()]).unwrap();
        assert_eq!(bytes, workbook(&[sheet()]).unwrap());
        assert!(part(&bytes, "docProps/core.xml").contains("2000-01-01"));
        // No part carries the time of day.
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes[..])).unwrap();
        for index in 0..archive.len() {
            let year = archive
                .by_index(index)
                .unwrap()
                .last_modified()
                .map(|t| t.year());
            assert!(year.is_none_or(|year| year == 1980), "{year:?}");
        }
    }

    #[test]
    fn a_name_that_excel_refuses_is_an_error() {
        let name = "a".repeat(32);
        assert!(
            workbook(&[Sheet {
                name: &name,
                rows: &[]
            }])
            .is_err()
        );
    }
}
