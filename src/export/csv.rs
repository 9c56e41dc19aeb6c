//! Tables as CSV: UTF-8 with a byte-order mark so that spreadsheets read Japanese, lines ending in CR LF (RFC 4180),
//! and protected against formula injection.

use serde_json::{Map, Value};

use crate::domain::foreign::escaped;
use crate::text::{Lang, research_only};

/// A header, then a line for each row. Null and missing fields are empty.
pub fn table(names: &[&str], rows: &[Map<String, Value>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    line(&mut text, names.iter().copied());
    for row in rows {
        let cells: Vec<String> = names.iter().map(|name| cell(row.get(*name))).collect();
        line(&mut text, cells.iter().map(String::as_str));
    }
    text.into_bytes()
}

/// Rows with the same fields, in the order of the first, with the research-only line in the last column; only the
/// byte-order mark if there are none.
pub fn of_rows(rows: &[Map<String, Value>]) -> Vec<u8> {
    let Some(first) = rows.first() else {
        return "\u{feff}".as_bytes().to_vec();
    };
    let names: Vec<&str> = first
        .keys()
        .map(String::as_str)
        .chain(["research_only"])
        .collect();
    let rows: Vec<_> = rows.iter().cloned().map(with_research).collect();
    table(&names, &rows)
}

/// Rows of texts under these names, with the research-only line in the last column.
pub fn of_texts(names: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    line(&mut text, names.iter().copied().chain(["research_only"]));
    for row in rows {
        let cells = row.iter().map(String::as_str);
        line(&mut text, cells.chain([research_only(Lang::En)]));
    }
    text.into_bytes()
}

/// What a file begins with.
pub fn start() -> String {
    "\u{feff}".to_owned()
}

/// A line of a table that is written line by line.
pub fn line_of<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    line(&mut text, cells);
    text
}

/// A row with the research-only line.
pub fn with_research(mut row: Map<String, Value>) -> Map<String, Value> {
    row.insert("research_only".into(), research_only(Lang::En).into());
    row
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(&quoted(cell));
    }
    text.push_str("\r\n");
}

/// Escapes terminal control characters and line breaks, and quotes where needed. A text that a spreadsheet would
/// evaluate as a formula gets a leading apostrophe; numbers do not.
fn quoted(cell: &str) -> String {
    let cell = &escaped(cell);
    let formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_starts_with_a_mark_and_disarms_formulas() {
        let Value::Object(row) =
            serde_json::json!({"a": "=cmd|' /C calc'!A0", "b": -1.5, "c": null})
        else {
            panic!("an object");
        };
        let text = String::from_utf8(table(&["a", "b", "c", "d"], &[row])).unwrap();
        assert_eq!(text, "\u{feff}a,b,c,d\r\n'=cmd|' /C calc'!A0,-1.5,,\r\n");
    }

    #[test]
    fn quotes_and_commas_survive() {
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("-1.5"), "-1.5");
        assert_eq!(quoted("-1.5x"), "'-1.5x");
        assert_eq!(quoted("眼底"), "眼底");
        assert_eq!(quoted("a\nb,\u{1b}[31m"), "\"a\\u{a}b,\\u{1b}[31m\"");
    }
}
