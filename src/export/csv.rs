//! `results.csv`: UTF-8 with a byte-order mark so that spreadsheets read Japanese, and safe against formulas.

use serde_json::{Map, Value};

use super::together::Group;
use super::{row, together};
use crate::clinic::Case;

/// The table: a header, then one line per row, lines ending in CR LF (RFC 4180). The last column repeats the
/// research-only line, so that it travels with every row.
pub fn table(cases: &[Case]) -> Vec<u8> {
    of_rows(&cases.iter().map(row::fields).collect::<Vec<_>>())
}

/// `people.csv`: one line per eye and per person of each model, with the same form. The eye is empty where a line speaks
/// of the whole person.
pub fn together_table(groups: &[Group]) -> Vec<u8> {
    of_rows(&groups.iter().map(together::fields).collect::<Vec<_>>())
}

/// Rows with the same fields; only the mark when there is none.
pub fn of_rows(rows: &[Map<String, Value>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let names: Vec<String> = match rows.first() {
        Some(first) => first.keys().cloned().collect(),
        None => return text.into_bytes(),
    };
    let research = crate::words::research_only(crate::words::Lang::En);
    line(
        &mut text,
        names.iter().map(String::as_str).chain(["research_only"]),
    );
    for row in rows {
        let cells: Vec<String> = names.iter().map(|name| cell(name, &row[name])).collect();
        line(
            &mut text,
            cells.iter().map(String::as_str).chain([research]),
        );
    }
    text.into_bytes()
}

/// One value as a cell: null is empty, findings are codes and files are names joined by `;`, the card is its id, other
/// nested values are compact JSON.
fn cell(name: &str, value: &Value) -> String {
    let joined = |key: Option<&str>| {
        let items = value.as_array().into_iter().flatten();
        let texts: Vec<_> = items
            .filter_map(|v| key.map_or(v, |k| &v[k]).as_str())
            .collect();
        texts.join(";")
    };
    match (name, value) {
        (_, Value::Null) => String::new(),
        ("findings", _) => joined(Some("code")),
        ("files", _) => joined(None),
        ("card", _) => value["id"].as_str().unwrap_or_default().to_owned(),
        ("acknowledgment", _) => value["en"].as_str().unwrap_or_default().to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
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

/// Quotes where needed. A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers do not.
fn quoted(cell: &str) -> String {
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::row::sample;

    #[test]
    fn the_table_starts_with_a_mark_and_disarms_formulas() {
        let text = String::from_utf8(table(&[sample::case()])).unwrap();
        assert!(text.starts_with("\u{feff}image,sha256,"));
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with("'=cmd|' /C calc'!A0.jpg,"), "{row}");
        assert!(
            row.contains(",-1.09861228866811,0.25,,female,0.5,uncalibrated;out-of-focus,"),
            "{row}"
        );
    }

    #[test]
    fn people_have_a_table_of_the_same_form() {
        let mut case = sample::case();
        case.image = "=1+1/01L.jpg".into();
        let text = String::from_utf8(together_table(&together::groups([&case]))).unwrap();
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(
            lines[0],
            "person,person_source,eye,model,images,logit,score,value,label,spread,lowest,highest,research_only"
        );
        let figures = "-1.09861228866811,0.25,,female,,-1.09861228866811,-1.09861228866811,";
        let start = format!("'=1+1/01,file-name,,m,1,{figures}\"Research and teaching only.");
        assert!(lines[1].starts_with(&start), "{}", lines[1]);
        assert_eq!(together_table(&[]), table(&[]));
    }

    #[test]
    fn quotes_and_commas_survive() {
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("-1.5"), "-1.5");
        assert_eq!(quoted("-1.5x"), "'-1.5x");
        assert_eq!(quoted("眼底"), "眼底");
    }
}
