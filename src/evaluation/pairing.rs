//! Which photograph belongs to which row of a table: by the relative path, else by the file name where that is unique.

use std::collections::HashMap;

use super::labels::{Row, shown};

/// Photographs and rows that found each other, and those that did not. Every photograph and every row is in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Places of photograph and row, in the order of the photographs.
    pub found: Vec<(usize, usize)>,
    /// Names of photographs without a row.
    pub without_label: Vec<String>,
    /// Names of rows without a photograph.
    pub without_image: Vec<String>,
    /// File names that more than one photograph or row has, so that none of them is used.
    pub ambiguous: Vec<String>,
}

/// Pairs photographs, named as they were found (relative, with `/`), with rows.
pub fn pair(images: &[&str], rows: &[Row]) -> Pairs {
    let mut pairs = Pairs::default();
    let mut row_of: Vec<Option<usize>> = vec![None; images.len()];
    let mut taken = vec![false; rows.len()];
    let names: Vec<&str> = rows.iter().map(|r| r.image.as_str()).collect();
    // The whole path first; what is left by the last part of the path.
    for key in [whole as fn(&str) -> &str, last] {
        let open: Vec<usize> = (0..images.len()).filter(|&i| row_of[i].is_none()).collect();
        let free: Vec<usize> = (0..rows.len()).filter(|&r| !taken[r]).collect();
        let by_image = grouped(&open, |i| key(images[i]));
        let by_row = grouped(&free, |r| key(names[r]));
        let mut told: Vec<&str> = Vec::new();
        for &image in &open {
            let name = key(images[image]);
            let Some(candidates) = by_row.get(name) else {
                continue;
            };
            match (by_image[name].as_slice(), candidates.as_slice()) {
                (&[_], &[row]) => {
                    row_of[image] = Some(row);
                    taken[row] = true;
                }
                _ if told.contains(&name) => {}
                _ => told.push(name),
            }
        }
        for name in told {
            // Out of the game: another key must not pair what this one found ambiguous.
            for &image in &by_image[name] {
                row_of[image] = Some(usize::MAX);
            }
            for &row in &by_row[name] {
                taken[row] = true;
            }
            pairs.ambiguous.push(shown(name));
        }
    }
    for (image, row) in row_of.iter().enumerate() {
        match row {
            Some(usize::MAX) => {}
            Some(row) => pairs.found.push((image, *row)),
            None => pairs.without_label.push(images[image].to_owned()),
        }
    }
    pairs.without_image = (0..rows.len())
        .filter(|&r| !taken[r])
        .map(|r| shown(names[r]))
        .collect();
    pairs
}

fn grouped<'a>(places: &[usize], key: impl Fn(usize) -> &'a str) -> HashMap<&'a str, Vec<usize>> {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for &place in places {
        groups.entry(key(place)).or_default().push(place);
    }
    groups
}

fn whole(name: &str) -> &str {
    name
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Vec<Row> {
        names
            .iter()
            .enumerate()
            .map(|(i, name)| Row {
                line: i + 2,
                image: (*name).to_owned(),
                person: None,
                value: 0.0,
            })
            .collect()
    }

    #[test]
    fn the_relative_path_counts_before_the_file_name() {
        let pairs = pair(
            &["a/1.png", "b/1.png", "2.png"],
            &rows(&["b/1.png", "images/2.png", "a/1.png"]),
        );
        assert_eq!(pairs.found, [(0, 2), (1, 0), (2, 1)]);
        assert_eq!(
            pairs,
            Pairs {
                found: pairs.found.clone(),
                ..Pairs::default()
            }
        );
    }

    #[test]
    fn what_finds_no_partner_is_named() {
        let pairs = pair(
            &["1.png", "3.png"],
            &rows(&["1.png", "2.png", "/home/x/4.png", "C:/y/5.png"]),
        );
        assert_eq!(pairs.found, [(0, 0)]);
        assert_eq!(pairs.without_label, ["3.png"]);
        assert_eq!(pairs.without_image, ["2.png", "4.png", "5.png"]);
    }

    #[test]
    fn a_name_that_fits_twice_is_told_and_not_guessed() {
        // Two folders hold a 1.png, and the table has a third.
        let pairs = pair(&["a/1.png", "b/1.png"], &rows(&["c/1.png"]));
        assert_eq!(pairs.found, []);
        assert_eq!(pairs.ambiguous, ["1.png"]);
        assert!(pairs.without_label.is_empty() && pairs.without_image.is_empty());
        // Two rows for one photograph.
        let pairs = pair(&["1.png", "2.png"], &rows(&["1.png", "1.png", "x/2.png"]));
        assert_eq!(pairs.found, [(1, 2)]);
        assert_eq!(pairs.ambiguous, ["1.png"]);
        // The whole path settles one of two equal file names, and the other then too.
        let pairs = pair(&["a/1.png", "b/1.png"], &rows(&["a/1.png", "old/1.png"]));
        assert_eq!(pairs.found, [(0, 0), (1, 1)]);
    }
}
