//! Why names in a table and photographs do not match.

use std::collections::{HashMap, HashSet};

use super::by_person::pair_by_person;
use super::names::{last, stem_key};
use super::pairing::{Pairs, pair};
use super::rows::Row;
use crate::domain::foreign::shown;
use crate::domain::{RowsPer, masked};

/// Why names in a table and photographs do not match. Examples pair a name in the table with a photograph's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MismatchReason {
    /// This many photographs would match without leading zeros.
    LeadingZeros {
        photographs: usize,
        example: (String, String),
    },
    /// A spreadsheet wrote all-digit names as `1.23E+12`.
    Scientific { rows: usize },
    /// Names in the table are prefixes of photographs' names.
    Beginnings {
        photographs: usize,
        example: (String, String),
    },
    /// The names are unrelated.
    OtherNames { example: (String, String) },
}

impl MismatchReason {
    /// A short name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LeadingZeros { .. } => "leading-zeros",
            Self::Scientific { .. } => "scientific-notation",
            Self::Beginnings { .. } => "one-row-per-person",
            Self::OtherNames { .. } => "other-names",
        }
    }
}

/// Reasons for photographs without a row, the most informative first; empty if none is found.
pub fn mismatches(
    images: &[&str],
    rows: &[Row],
    pairs: &Pairs,
    rows_per: RowsPer,
) -> Vec<MismatchReason> {
    let open_images = &pairs.without_label;
    let open_rows: Vec<Row> = pairs
        .without_image
        .iter()
        .map(|&r| rows[r].clone())
        .collect();
    if open_images.is_empty() || open_rows.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some((photographs, example)) = without_zeros(images, rows, pairs, rows_per) {
        found.push(MismatchReason::LeadingZeros {
            photographs,
            example,
        });
    }
    let numbers = open_rows.iter().filter(|row| is_scientific(&row.image));
    match numbers.count() {
        0 => {}
        rows => found.push(MismatchReason::Scientific { rows }),
    }
    let beginnings = || beginnings(images, open_images, &open_rows);
    let is_of_photographs = rows_per == RowsPer::Photograph;
    if let Some((photographs, example)) = is_of_photographs.then(beginnings).flatten() {
        found.push(MismatchReason::Beginnings {
            photographs,
            example,
        });
    }
    if found.is_empty() {
        found.push(MismatchReason::OtherNames {
            example: example(&open_rows[0], images, open_images[0]),
        });
    }
    found
}

/// How many more photographs match without leading zeros, and one of them.
fn without_zeros(
    images: &[&str],
    rows: &[Row],
    pairs: &Pairs,
    rows_per: RowsPer,
) -> Option<(usize, (String, String))> {
    let agree = |a: usize, b: usize| rows[a].value == rows[b].value;
    let wider = match rows_per {
        RowsPer::Photograph => pair(images, rows, true),
        per => pair_by_person(images, &[], rows, per, true, agree),
    };
    let before: HashSet<&(usize, usize)> = pairs.found.iter().collect();
    let mut added = wider.found.iter().filter(|found| !before.contains(found));
    let (image, row) = added.next()?;
    let example = example(&rows[*row], images, *image);
    Some((added.count() + 1, example))
}

/// `1.23E+12`, as spreadsheets write long numbers.
fn is_scientific(name: &str) -> bool {
    let name = last(name).replace(',', ".");
    let Some((number, exponent)) = name.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or("");
    number.parse::<f64>().is_ok()
        && !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// A row and a photograph by their names for messages.
fn example(row: &Row, images: &[&str], image: usize) -> (String, String) {
    match row.masked {
        true => (row.called(), masked::photograph(image + 1)),
        false => (shown(last(&row.image)), shown(last(images[image]))),
    }
}

/// Photographs whose names begin with a name in the table followed by a separator, such as `12_left` for `12`.
fn beginnings(images: &[&str], open: &[usize], rows: &[Row]) -> Option<(usize, (String, String))> {
    // The first row for each name.
    let mut names: HashMap<String, &Row> = HashMap::new();
    for row in rows {
        names.entry(stem_key(&row.image)).or_insert(row);
    }
    let begins = |image: &str| {
        let stem = stem_key(image);
        let marks = stem.match_indices(['_', '-', ' ', '.']).map(|(at, _)| at);
        marks
            .filter(|&at| at > 0)
            .find_map(|at| names.get(&stem[..at]).copied())
    };
    let mut found = open
        .iter()
        .filter_map(|&image| begins(images[image]).map(|row| (row, image)));
    let (row, image) = found.next()?;
    Some((found.count() + 1, example(row, images, image)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(images: &[&str], names: &[&str]) -> Vec<&'static str> {
        let row = |name: &&str| Row {
            masked: false,
            line: 2,
            image: (*name).to_owned(),
            person: None,
            eye: crate::domain::Laterality::Unknown,
            value: 0.0,
        };
        let rows: Vec<Row> = names.iter().map(row).collect();
        let pairs = pair(images, &rows, false);
        mismatches(images, &rows, &pairs, RowsPer::Photograph)
            .iter()
            .map(MismatchReason::code)
            .collect()
    }

    #[test]
    fn the_reason_is_found() {
        assert_eq!(
            reported(&["00012.jpg", "00013.jpg"], &["12", "13"]),
            ["leading-zeros"]
        );
        assert_eq!(
            reported(&["20210503123456.jpg"], &["2.02105E+13"]),
            ["scientific-notation"]
        );
        assert_eq!(
            reported(&["12_left.jpg", "12_right.jpg"], &["12"]),
            ["one-row-per-person"]
        );
        assert_eq!(reported(&["a.jpg"], &["b.jpg"]), ["other-names"]);
        assert_eq!(reported(&["a.jpg"], &["a.png"]), [""; 0]);
        assert_eq!(reported(&["a.jpg"], &["a", "b"]), [""; 0]);
    }
}
