//! Matches photographs with rows of a table: by path or the end of it, under the strictest normalisation in which one
//! photograph and one row match uniquely. Anything that matches more than once is reported, never guessed.

use std::collections::{HashMap, HashSet};

use super::names::{Writing, tail, written};
use super::rows::Row;

/// Matched photographs and rows, and those without a match. Every photograph and every row appears exactly once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Indices of photograph and row, in the order of the photographs.
    pub found: Vec<(usize, usize)>,
    /// Indices of photographs without a row.
    pub without_label: Vec<usize>,
    /// Indices of rows without a photograph.
    pub without_image: Vec<usize>,
    /// Names in the table that match several photographs, so that none of them is used.
    pub ambiguous: Vec<String>,
    /// Names in the table whose rows contradict each other.
    pub contradicting: Vec<String>,
    /// Rows that repeat the same information.
    pub repeated: usize,
}

/// Pairs photographs, named by their relative paths with `/`, with rows. First character by character; then ignoring
/// case, width and composition; then without the extension; all-digit names without leading zeros only if
/// `without_leading_zeros`. Each normalisation tries the whole name first, then ever shorter ends of the path.
pub fn pair(images: &[&str], rows: &[Row], without_leading_zeros: bool) -> Pairs {
    pair_with(images, rows, without_leading_zeros, &|a, b| {
        rows[a].value == rows[b].value && rows[a].person == rows[b].person
    })
}

/// The same; `agree` says whether two rows record the same.
pub(super) fn pair_with(
    images: &[&str],
    rows: &[Row],
    without_leading_zeros: bool,
    agree: &dyn Fn(usize, usize) -> bool,
) -> Pairs {
    let mut writings = vec![Writing::Exact, Writing::Folded, Writing::Stem];
    if without_leading_zeros {
        writings.push(Writing::Digits);
    }
    let mut pairing = Pairing {
        rows,
        agree,
        row_of: vec![Match::Open; images.len()],
        taken: vec![false; rows.len()],
        pairs: Pairs::default(),
    };
    for writing in writings {
        let write = |name: &str| written(name, writing);
        let image_names: Vec<String> = images.iter().map(|name| write(name)).collect();
        let row_names: Vec<String> = rows.iter().map(|row| write(&row.image)).collect();
        pairing.step(&image_names, &row_names, Some);
        let parts = |names: &[String]| names.iter().map(|n| n.split('/').count()).max();
        let longest = parts(&image_names).min(parts(&row_names)).unwrap_or(0);
        for count in (1..=longest).rev() {
            pairing.step(&image_names, &row_names, |name| tail(name, count));
        }
        pairing.again(&image_names, &row_names);
    }
    pairing.finish(images)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Open,
    Row(usize),
    /// Excluded: a later normalisation must not pair what this one found to match twice.
    Out,
}

struct Pairing<'a> {
    rows: &'a [Row],
    agree: &'a dyn Fn(usize, usize) -> bool,
    row_of: Vec<Match>,
    taken: Vec<bool>,
    pairs: Pairs,
}

impl Pairing<'_> {
    /// Pairs what is unique under a key among all photographs and all rows, including those already paired.
    fn step<'n>(
        &mut self,
        images: &'n [String],
        rows: &'n [String],
        key: impl Fn(&'n str) -> Option<&'n str>,
    ) {
        let by_image = grouped(images, &key);
        let by_row = grouped(rows, &key);
        // Each key is processed once, however many photographs share it.
        let mut decided = HashSet::new();
        // In the order of the photographs, so that reports have a fixed order.
        for (place, name) in images.iter().enumerate() {
            let Some(name) = key(name) else { continue };
            let (images, Some(rows)) = (&by_image[name], by_row.get(name)) else {
                continue;
            };
            if self.row_of[place] != Match::Open || !decided.insert(name) {
                continue;
            }
            let open: Vec<usize> = rows.iter().copied().filter(|&r| !self.taken[r]).collect();
            if open.is_empty() {
                continue;
            }
            if images.len() > 1 || open.len() < rows.len() {
                self.out(images, &open);
                self.pairs.ambiguous.push(self.rows[open[0]].called());
            } else {
                self.decide(place, &open);
            }
        }
    }

    /// One photograph, and rows that match nothing else.
    fn decide(&mut self, image: usize, rows: &[usize]) {
        let first = rows[0];
        if rows.iter().all(|&row| (self.agree)(first, row)) {
            self.row_of[image] = Match::Row(first);
            self.pairs.repeated += rows.len() - 1;
            for &row in rows {
                self.taken[row] = true;
            }
        } else {
            self.out(&[image], rows);
            self.pairs.contradicting.push(self.rows[first].called());
        }
    }

    /// Rows that repeat a photograph already paired under a stricter normalisation.
    fn again(&mut self, images: &[String], rows: &[String]) {
        let by_image = grouped(images, &Some);
        for (row, name) in rows.iter().enumerate() {
            if self.taken[row] {
                continue;
            }
            let Some(&[image]) = by_image.get(name.as_str()).map(Vec::as_slice) else {
                continue;
            };
            let Match::Row(other) = self.row_of[image] else {
                continue;
            };
            if (self.agree)(other, row) {
                self.pairs.repeated += 1;
            } else {
                self.row_of[image] = Match::Out;
                self.pairs.contradicting.push(self.rows[other].called());
            }
            self.taken[row] = true;
        }
    }

    fn out(&mut self, images: &[usize], rows: &[usize]) {
        for &image in images {
            if self.row_of[image] == Match::Open {
                self.row_of[image] = Match::Out;
            }
        }
        for &row in rows {
            self.taken[row] = true;
        }
    }

    fn finish(mut self, images: &[&str]) -> Pairs {
        for image in 0..images.len() {
            match self.row_of[image] {
                Match::Open => self.pairs.without_label.push(image),
                Match::Row(row) => self.pairs.found.push((image, row)),
                Match::Out => {}
            }
        }
        let free = (0..self.rows.len()).filter(|&r| !self.taken[r]);
        self.pairs.without_image = free.collect();
        self.pairs
    }
}

fn grouped<'a>(
    names: &'a [String],
    key: &impl Fn(&'a str) -> Option<&'a str>,
) -> HashMap<&'a str, Vec<usize>> {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, name) in names.iter().enumerate() {
        if let Some(key) = key(name) {
            groups.entry(key).or_default().push(place);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Vec<Row> {
        valued(
            &names
                .iter()
                .map(|name| (*name, None, 0.0))
                .collect::<Vec<_>>(),
        )
    }

    fn valued(rows: &[(&str, Option<&str>, f64)]) -> Vec<Row> {
        let row = |(place, (name, person, value)): (usize, &(&str, Option<&str>, f64))| Row {
            masked: false,
            line: place + 2,
            image: super::super::names::image_name(name),
            person: person.map(str::to_owned),
            eye: crate::domain::Laterality::Unknown,
            value: *value,
        };
        rows.iter().enumerate().map(row).collect()
    }

    fn found(images: &[&str], names: &[&str]) -> Vec<(usize, usize)> {
        pair(images, &rows(names), false).found
    }

    #[test]
    fn the_relative_path_counts_before_the_file_name() {
        let pairs = pair(
            &["a/1.png", "b/1.png", "2.png"],
            &rows(&["b/1.png", "images/2.png", "a/1.png"]),
            false,
        );
        assert_eq!(pairs.found, [(0, 2), (1, 0), (2, 1)]);
        let expected = Pairs {
            found: pairs.found.clone(),
            ..Pairs::default()
        };
        assert_eq!(pairs, expected);
        assert_eq!(
            found(&["1.png", "a/1.png"], &["a/1.png", "1.png"]),
            [(0, 1), (1, 0)]
        );
    }

    #[test]
    fn case_width_composition_extension_and_separators_do_not_hinder() {
        for (image, name) in [
            ("img1.jpg", "IMG1.JPG"),
            ("か\u{3099}_左.jpg", "が_左.jpg"),
            ("が.jpg", "か\u{3099}.jpg"),
            ("Mu\u{308}ller_OD.jpg", "Müller_OD.jpg"),
            ("img1.jpg", "img1"),
            ("img1.jpg", "img1.png"),
            ("IMG1.JPG", "ｉｍｇ１"),
            ("img1.jpg", r"C:\data\img\img1.jpg"),
            ("p1/OS.jpg", r"D:\study\P1\os.tif"),
            ("study/p1/OS.jpg", "p1/OS"),
            ("img1.jpg", "./img1.jpg"),
            ("img1.jpg", " img1.jpg "),
            ("img1.jpg", "file:///home/x/img1.jpg"),
            ("img 1.jpg", "img 1"),
        ] {
            assert_eq!(
                found(&[image, "other.jpg"], &["else.jpg", name]),
                [(0, 1)],
                "{name}"
            );
        }
        // Two persons whose files have the same names, in a table with full paths.
        let table = [r"C:\data\p1\OD.jpg", r"C:\data\p2\OD.jpg"];
        assert_eq!(found(&["p1/OD.jpg", "p2/OD.jpg"], &table), [(0, 0), (1, 1)]);
    }

    #[test]
    fn what_finds_no_partner_is_named() {
        let table = rows(&["1.png", "2.png", "/home/x/4.png", "C:/y/5.png"]);
        let pairs = pair(&["1.png", "3.png"], &table, false);
        assert_eq!(pairs.found, [(0, 0)]);
        assert_eq!(pairs.without_label, [1]);
        assert_eq!(pairs.without_image, [1, 2, 3]);
    }

    #[test]
    fn a_name_that_fits_twice_is_told_and_not_guessed() {
        for (images, names, ambiguous) in [
            // Two folders contain a 1.png, and the table names one in a third folder, or one of these and one in a
            // third.
            (&["a/1.png", "b/1.png"][..], &["c/1.png"][..], "c/1.png"),
            (
                &["a/1.png", "b/1.png"],
                &["a/1.png", "old/1.png"],
                "old/1.png",
            ),
            (&["1.jpg", "1.png"], &["1"], "1"),
            (&["A.jpg", "a.JPG"], &["a.jpg"], "a.jpg"),
            (&["1.jpg", "1.png"], &["1.jpg", "1.tif"], "1.tif"),
        ] {
            let pairs = pair(images, &rows(names), false);
            assert_eq!(pairs.ambiguous, [ambiguous], "{images:?} {names:?}");
            assert!(pairs.found.len() < 2 && pairs.without_image.is_empty());
        }
        // The exact name of one leaves no row for the other.
        let pairs = pair(&["a.jpg", "a.png"], &rows(&["a.jpg"]), false);
        assert_eq!((pairs.found, pairs.without_label), (vec![(0, 0)], vec![1]));
    }

    /// A clinic's export: every person's folder contains an OD.jpg, and the table names nothing more. Scanning all rows
    /// for each photograph would take photographs × rows steps, which is far too slow.
    #[test]
    fn a_name_that_all_photographs_share_is_decided_once() {
        const MANY: usize = 200_000;
        let images: Vec<String> = (0..MANY).map(|i| format!("p{i}/OD.jpg")).collect();
        let images: Vec<&str> = images.iter().map(String::as_str).collect();
        let pairs = pair(&images, &rows(&["OD.jpg"; MANY]), false);
        assert_eq!(pairs.ambiguous, ["OD.jpg"]);
        assert!(pairs.found.is_empty() && pairs.without_label.is_empty());
        assert!(pairs.without_image.is_empty());
    }

    #[test]
    fn equal_rows_count_once_and_contradicting_ones_not_at_all() {
        let same = valued(&[
            ("1.png", None, 1.0),
            ("1.png", None, 1.0),
            ("2.png", None, 0.0),
            ("x/2.PNG", None, 0.0),
        ]);
        let pairs = pair(&["1.png", "2.png"], &same, false);
        assert_eq!((pairs.found, pairs.repeated), (vec![(0, 0), (1, 2)], 1));
        assert_eq!(pairs.without_image, [3]);
        let written = valued(&[
            ("IMG1.JPG", None, 1.0),
            ("img1.jpg", None, 1.0),
            ("img1", None, 1.0),
        ]);
        let pairs = pair(&["img1.jpg"], &written, false);
        assert_eq!((pairs.found, pairs.repeated), (vec![(0, 1)], 2));
        for other in [
            ("1.png", None, 0.0),
            ("1.PNG", None, 0.0),
            ("1", None, 0.0),
            ("1.png", Some("q"), 1.0),
        ] {
            let pairs = pair(&["1.png"], &valued(&[("1.png", None, 1.0), other]), false);
            assert_eq!(
                (pairs.found.len(), pairs.contradicting.len()),
                (0, 1),
                "{other:?}"
            );
            assert!(pairs.without_label.is_empty() && pairs.without_image.is_empty());
        }
    }

    #[test]
    fn leading_zeros_are_dropped_only_where_that_is_said() {
        let images = ["00012.jpg", "00013.jpg"];
        assert_eq!(found(&images, &["12", "13"]), []);
        assert_eq!(
            pair(&images, &rows(&["13", "12"]), true).found,
            [(0, 1), (1, 0)]
        );
        let twice = pair(&["0012.jpg", "00012.jpg"], &rows(&["12"]), true);
        assert_eq!(
            (twice.found, twice.ambiguous),
            (vec![], vec!["12".to_owned()])
        );
    }
}
