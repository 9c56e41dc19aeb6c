//! Why names in a table and photographs do not find each other.

use std::collections::HashSet;

use super::fold::shown;
use super::labels::Row;
use super::names::{last, stem_key};
use super::pairing::{Pairs, pair};
use crate::words::labels::Hindrance;

/// What hinders the photographs without a row, the most telling first; empty where nothing is seen.
pub fn hindrances(images: &[&str], rows: &[Row], pairs: &Pairs) -> Vec<Hindrance> {
    let open_images: Vec<&str> = pairs.without_label.iter().map(|&i| images[i]).collect();
    let open_rows: Vec<Row> = pairs
        .without_image
        .iter()
        .map(|&r| rows[r].clone())
        .collect();
    if open_images.is_empty() || open_rows.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some((photographs, example)) = without_zeros(images, rows, pairs) {
        found.push(Hindrance::LeadingZeros {
            photographs,
            example,
        });
    }
    let numbers = open_rows.iter().filter(|row| is_scientific(&row.image));
    match numbers.count() {
        0 => {}
        rows => found.push(Hindrance::Scientific { rows }),
    }
    if let Some((photographs, example)) = beginnings(&open_images, &open_rows) {
        found.push(Hindrance::Beginnings {
            photographs,
            example,
        });
    }
    if found.is_empty() {
        found.push(Hindrance::OtherNames {
            example: (
                shown(last(&open_rows[0].image)),
                shown(last(open_images[0])),
            ),
        });
    }
    found
}

/// How many more photographs are paired without leading zeros, and one of them.
fn without_zeros(
    images: &[&str],
    rows: &[Row],
    pairs: &Pairs,
) -> Option<(usize, (String, String))> {
    let wider = pair(images, rows, true);
    let before: HashSet<&(usize, usize)> = pairs.found.iter().collect();
    let mut added = wider.found.iter().filter(|found| !before.contains(found));
    let (image, row) = added.next()?;
    let example = (shown(last(&rows[*row].image)), shown(last(images[*image])));
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

/// Photographs whose names begin with a name of the table and go on after a mark, such as `12_left` and `12`.
fn beginnings(images: &[&str], rows: &[Row]) -> Option<(usize, (String, String))> {
    let names: HashSet<String> = rows.iter().map(|row| stem_key(&row.image)).collect();
    let begins = |image: &str| {
        let stem = stem_key(image);
        let marks = stem.match_indices(['_', '-', ' ', '.']).map(|(at, _)| at);
        marks
            .filter(|&at| at > 0)
            .map(|at| stem[..at].to_owned())
            .find(|part| names.contains(part))
    };
    let mut found = images
        .iter()
        .filter_map(|image| begins(image).map(|name| (name, *image)));
    let (name, image) = found.next()?;
    Some((found.count() + 1, (shown(&name), shown(last(image)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(images: &[&str], names: &[&str]) -> Vec<&'static str> {
        let row = |name: &&str| Row {
            line: 2,
            image: (*name).to_owned(),
            person: None,
            value: 0.0,
        };
        let rows: Vec<Row> = names.iter().map(row).collect();
        let pairs = pair(images, &rows, false);
        hindrances(images, &rows, &pairs)
            .iter()
            .map(Hindrance::code)
            .collect()
    }

    #[test]
    fn the_reason_is_found() {
        assert_eq!(
            told(&["00012.jpg", "00013.jpg"], &["12", "13"]),
            ["leading-zeros"]
        );
        assert_eq!(
            told(&["20210503123456.jpg"], &["2.02105E+13"]),
            ["scientific-notation"]
        );
        assert_eq!(
            told(&["12_left.jpg", "12_right.jpg"], &["12"]),
            ["one-row-per-person"]
        );
        assert_eq!(told(&["a.jpg"], &["b.jpg"]), ["other-names"]);
        assert_eq!(told(&["a.jpg"], &["a.png"]), [""; 0]);
        assert_eq!(told(&["a.jpg"], &["a", "b"]), [""; 0]);
    }
}
