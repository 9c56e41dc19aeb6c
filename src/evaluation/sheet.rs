//! A table as lines of cells, from text or from a sheet of a workbook.

use std::collections::HashSet;

use super::Error;
use super::answers::{Answers, Question};
use super::column_names::{is_usual, names_photograph};
use super::delimited::{Line, lines};
use super::document::{Document, document};
use super::text::{Encoding, decode};
use super::workbook::{self, Sheet};
use crate::domain::foreign::shown;

/// Lines of a sheet that are looked at to decide whether it is the table.
const LOOKED_AT: usize = 50;

/// The form in which a table was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableForm {
    /// Of a text.
    pub encoding: Option<Encoding>,
    /// Of a text.
    pub delimiter: Option<char>,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// Number of the line in which the header begins, from 1.
    pub header_line: usize,
    /// Lines of the header, 1 or 2.
    pub header_lines: usize,
}

/// A table before its header is known.
pub(super) struct Cells {
    pub lines: Vec<Line>,
    pub form: TableForm,
}

/// Reads text, or the sheet of a workbook that the user named or that alone can be a table of labels.
pub(super) fn cells(
    bytes: &[u8],
    answers: &Answers,
    photographs: &HashSet<String>,
) -> Result<Cells, Error> {
    match document(bytes) {
        Some(kind @ (Document::Xlsx | Document::Ods)) => {
            let sheets = workbook::sheets(bytes, kind)?;
            let sheet = chosen(sheets, answers.sheet.as_deref(), photographs)?;
            let form = TableForm {
                sheet: Some(sheet.name),
                ..TableForm::default()
            };
            let lines = sheet.lines;
            Ok(Cells { lines, form })
        }
        Some(other) => Err(Error::Document(other)),
        None => {
            let (text, encoding) = decode(bytes)?;
            let read = lines(&text)?;
            let form = TableForm {
                encoding: Some(encoding),
                delimiter: Some(read.delimiter),
                ..TableForm::default()
            };
            let lines = read.lines;
            Ok(Cells { lines, form })
        }
    }
}

fn chosen(
    sheets: Vec<Sheet>,
    desired: Option<&str>,
    photographs: &HashSet<String>,
) -> Result<Sheet, Error> {
    if let Some(desired) = desired {
        let found: Vec<String> = sheets.iter().map(|s| shown(&s.name)).collect();
        let mut sheets = sheets.into_iter();
        return sheets
            .find(|sheet| sheet.name == desired)
            .ok_or_else(|| Error::NoSuchSheet {
                desired: shown(desired),
                found,
            });
    }
    // A header and a row.
    let filled: Vec<Sheet> = sheets.into_iter().filter(|s| s.lines.len() > 1).collect();
    let likely: Vec<bool> = filled.iter().map(|s| is_likely(s, photographs)).collect();
    let any = likely.contains(&true);
    let mut candidates: Vec<Sheet> = filled
        .into_iter()
        .zip(likely)
        .filter(|(_, is_likely)| *is_likely || !any)
        .map(|(sheet, _)| sheet)
        .collect();
    match candidates.len() {
        0 => Err(Error::NoRows),
        1 => Ok(candidates.remove(0)),
        _ => Err(Error::Question(Question::Sheet {
            found: candidates
                .into_iter()
                .map(|s| (s.name, s.lines.len()))
                .collect(),
        })),
    }
}

/// Whether one of the first lines has usual names of columns or names a photograph.
fn is_likely(sheet: &Sheet, photographs: &HashSet<String>) -> bool {
    let mut lines = sheet.lines.iter().take(LOOKED_AT);
    lines.any(|line| {
        let usual = line.cells.iter().filter(|cell| is_usual(cell)).count();
        usual > 1 || line.cells.iter().any(|c| names_photograph(c, photographs))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::workbook::tests::{rows, xlsx};

    fn chosen_of(sheets: &[(&str, &[&[&str]])], desired: Option<&str>) -> Result<String, Error> {
        let sheets: Vec<(&str, String)> = sheets.iter().map(|(n, r)| (*n, rows(r))).collect();
        let sheets: Vec<(&str, &str)> = sheets.iter().map(|(n, r)| (*n, r.as_str())).collect();
        let answers = Answers {
            sheet: desired.map(str::to_owned),
            ..Answers::default()
        };
        cells(&xlsx(&sheets), &answers, &HashSet::new()).map(|cells| cells.form.sheet.unwrap())
    }

    #[test]
    fn of_several_sheets_the_one_that_is_a_table_of_labels_is_taken_or_asked_for() {
        let labels: &[&[&str]] = &[&["image", "sex"], &["a", "F"]];
        let notes: &[&[&str]] = &[&["Notes"], &["none"]];
        assert_eq!(
            chosen_of(&[("notes", notes), ("labels", labels)], None).unwrap(),
            "labels"
        );
        assert_eq!(
            chosen_of(&[("empty", &[]), ("labels", labels)], None).unwrap(),
            "labels"
        );
        assert_eq!(chosen_of(&[("only", notes)], None).unwrap(), "only");
        let two = [("2023", labels), ("2024", labels)];
        let asked = Question::Sheet {
            found: vec![("2023".into(), 2), ("2024".into(), 2)],
        };
        assert_eq!(chosen_of(&two, None), Err(Error::Question(asked)));
        assert_eq!(chosen_of(&two, Some("2024")).unwrap(), "2024");
        let refused = chosen_of(&two, Some("2025")).unwrap_err();
        assert!(refused.to_string().contains("2023, 2024"), "{refused}");
        assert_eq!(chosen_of(&[("empty", &[])], None), Err(Error::NoRows));
    }
}
