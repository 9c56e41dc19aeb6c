//! Matches photographs with rows for a person or an eye: the person stands in the name of the photograph or in the name
//! of its folder.

use std::collections::{HashMap, HashSet};

use super::fold::folded;
use super::names::{last, stem_key};
use super::pairing::Pairs;
use super::rows::Row;
use super::values::key;
use crate::domain::{Laterality, RowsPer};
use crate::imaging::{Named, laterality_from_name, persons_from_names};

/// Words for the eye that may follow a number directly, as in `12L`.
const EYES: [&str; 8] = ["left", "right", "od", "os", "l", "r", "左", "右"];

/// A person as it is compared: folded, whole numbers without `.0`, and without leading zeros if so desired.
pub(super) fn person_key(cell: &str, without_zeros: bool) -> String {
    let key = key(cell);
    let is_number = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
    match without_zeros && is_number {
        true => match key.trim_start_matches('0') {
            "" => "0".to_owned(),
            short => short.to_owned(),
        },
        false => key,
    }
}

/// The words in the name of one photograph that may be its person.
struct Contained {
    /// The likeliest first; the first that the table knows is the person.
    ranked: Vec<String>,
    /// The whole name: a photograph of that name, where the table names photographs.
    whole: String,
    /// Other words: a person only if the table knows just one of them.
    words: Vec<String>,
}

/// What the names of the photographs contain.
pub(super) struct People {
    names: Vec<Contained>,
    without_zeros: bool,
}

impl People {
    pub(super) fn new(images: &[&str], without_zeros: bool) -> Self {
        let named: Vec<Named> = images.iter().map(|name| Named { input: 0, name }).collect();
        let guesses = persons_from_names(&named);
        let names = images.iter().zip(guesses);
        let names = names.map(|(name, guess)| contained(name, guess.as_deref(), without_zeros));
        Self {
            names: names.collect(),
            without_zeros,
        }
    }

    /// The one of `known` that a photograph's name contains.
    fn person_of(&self, image: usize, is_known: impl Fn(&str) -> bool) -> Option<&str> {
        let names = &self.names[image];
        let ranked = names.ranked.iter().find(|word| is_known(word));
        ranked.map(String::as_str).or_else(|| {
            let mut found = names.words.iter().filter(|word| is_known(word));
            let first = found.next()?;
            found.all(|word| word == first).then_some(first.as_str())
        })
    }

    /// The photographs that contain a person of these cells: how many, how many cells that concerns, and the first with
    /// its cell.
    pub(super) fn found<'c>(
        &self,
        cells: impl Iterator<Item = &'c str>,
    ) -> (usize, usize, Option<(&'c str, usize)>) {
        let mut known: HashMap<String, (&str, usize)> = HashMap::new();
        for cell in cells.filter(|cell| !cell.is_empty()) {
            let person = person_key(cell, self.without_zeros);
            known.entry(person).or_insert((cell, 0)).1 += 1;
        }
        let mut persons: HashSet<&str> = HashSet::new();
        let (mut photographs, mut example) = (0, None);
        for image in 0..self.names.len() {
            // The table names this photograph itself, perhaps without leading zeros.
            if known.contains_key(&self.names[image].whole) {
                continue;
            }
            if let Some(person) = self.person_of(image, |word| known.contains_key(word)) {
                photographs += 1;
                persons.insert(person);
                example = example.or_else(|| Some((known.get(person)?.0, image)));
            }
        }
        let rows = persons.iter().filter_map(|person| known.get(*person));
        (photographs, rows.map(|(_, rows)| rows).sum(), example)
    }
}

fn contained(name: &str, guess: Option<&str>, without_zeros: bool) -> Contained {
    let stem = stem_key(name);
    let mut ranked: Vec<String> = Vec::new();
    if let Some(guess) = guess {
        ranked.push(guess.to_owned());
        ranked.push(last(guess).to_owned());
    }
    let ends: Vec<(usize, char)> = stem
        .char_indices()
        .filter(|(at, c)| *at > 0 && !c.is_alphanumeric())
        .collect();
    for (end, _) in ends.iter().rev() {
        ranked.push(stem[..*end].to_owned());
    }
    for eye in EYES {
        let before = stem.strip_suffix(eye).filter(|before| {
            let end = before.chars().next_back();
            end.is_some_and(|c| c.is_ascii_digit())
        });
        ranked.extend(before.map(str::to_owned));
    }
    let folders = name.rsplit('/').skip(1);
    ranked.extend(folders.filter(|f| !f.is_empty()).map(str::to_owned));
    // A person with one photograph, named like it.
    ranked.push(stem.clone());
    let words = || {
        let words = stem.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    };
    // A name that suggests a person, or begins with a short number, means nobody else: its other numbers are visits.
    let is_number = |word: &str| word.len() < 8 && word.bytes().all(|b| b.is_ascii_digit());
    let is_settled = guess.is_some() || words().next().is_some_and(is_number);
    let written = |word: &str| person_key(word, without_zeros);
    Contained {
        whole: written(&stem),
        ranked: ranked.iter().map(|word| written(word)).collect(),
        words: match is_settled {
            true => Vec::new(),
            false => words().map(written).collect(),
        },
    }
}

/// The eye that a cell names.
pub(super) fn eye_of(cell: &str) -> Laterality {
    match folded(cell).trim_end_matches('.') {
        "r" | "re" | "od" | "right" | "right eye" | "右" | "右眼" | "右目" | "rechts"
        | "derecho" | "derecha" | "droit" | "droite" | "destro" | "direito" => Laterality::Od,
        "l" | "le" | "os" | "left" | "left eye" | "左" | "左眼" | "左目" | "links"
        | "izquierdo" | "izquierda" | "gauche" | "sinistro" | "esquerdo" => Laterality::Os,
        _ => Laterality::Unknown,
    }
}

/// Pairs photographs with the rows of their persons, or of that eye. One row may have several photographs. `agree` says
/// whether two rows record the same.
pub(super) fn pair_by_person(
    images: &[&str],
    eyes: &[Laterality],
    rows: &[Row],
    per: RowsPer,
    without_zeros: bool,
    agree: impl Fn(usize, usize) -> bool,
) -> Pairs {
    let people = People::new(images, without_zeros);
    let mut rows_of: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        let person = person_key(&row.image, without_zeros);
        rows_of.entry(person).or_default().push(place);
    }
    let mut pairs = Pairs::default();
    // The row of each person and eye, or `None` if its rows contradict each other.
    let mut decided: HashMap<(String, Laterality), Option<usize>> = HashMap::new();
    let mut taken = vec![false; rows.len()];
    for (image, name) in images.iter().enumerate() {
        let eye = match (per, eyes.get(image)) {
            (RowsPer::Eye, Some(eye)) if *eye != Laterality::Unknown => *eye,
            (RowsPer::Eye, _) => laterality_from_name(name),
            (RowsPer::Person | RowsPer::Photograph, _) => Laterality::Unknown,
        };
        let person = people.person_of(image, |word| rows_of.contains_key(word));
        let is_of_eye = |&&row: &&usize| per != RowsPer::Eye || rows[row].eye == eye;
        let found: Vec<usize> = match person {
            Some(_) if per == RowsPer::Eye && eye == Laterality::Unknown => Vec::new(),
            Some(person) => rows_of[person].iter().filter(is_of_eye).copied().collect(),
            None => Vec::new(),
        };
        let (Some(&first), Some(person)) = (found.first(), person) else {
            pairs.without_label.push(image);
            continue;
        };
        let row = *decided.entry((person.to_owned(), eye)).or_insert_with(|| {
            for &row in &found {
                taken[row] = true;
            }
            match found.iter().all(|&row| agree(first, row)) {
                true => {
                    pairs.repeated += found.len() - 1;
                    Some(first)
                }
                false => {
                    pairs.contradicting.push(rows[first].called());
                    None
                }
            }
        });
        pairs.found.extend(row.map(|row| (image, row)));
    }
    pairs.without_image = (0..rows.len()).filter(|row| !taken[*row]).collect();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &[(&str, &str, f64)]) -> Vec<Row> {
        let row = |(place, (person, eye, value)): (usize, &(&str, &str, f64))| Row {
            masked: false,
            line: place + 2,
            image: (*person).to_owned(),
            person: Some(person_key(person, false)),
            eye: eye_of(eye),
            value: *value,
        };
        table.iter().enumerate().map(row).collect()
    }

    fn pairs(images: &[&str], rows: &[Row], per: RowsPer, zeros: bool) -> Pairs {
        let agree = |a: usize, b: usize| rows[a].value == rows[b].value;
        pair_by_person(images, &[], rows, per, zeros, agree)
    }

    #[test]
    fn a_person_is_found_in_every_form_of_name() {
        let images = [
            "12_left.jpg",
            "12_right.jpg",
            "p9/OD.jpg",
            "OD_B-7_3.jpg",
            "14L.jpg",
            "15.jpg",
            "99_OD.jpg",
        ];
        let table = rows(&[
            ("12", "", 0.0),
            ("P9", "", 1.0),
            ("b-7", "", 1.0),
            ("14.0", "", 0.0),
            ("15", "", 0.0),
            ("16", "", 0.0),
        ]);
        let found = pairs(&images, &table, RowsPer::Person, false);
        let expected = [(0, 0), (1, 0), (2, 1), (4, 3), (5, 4)];
        assert!(
            expected.iter().all(|pair| found.found.contains(pair)),
            "{found:?}"
        );
        assert!(found.without_label.contains(&6));
        assert_eq!(found.without_image.last(), Some(&5));
    }

    #[test]
    fn each_eye_has_its_row_and_leading_zeros_only_count_if_they_may() {
        let images = ["07_OD.jpg", "07_OS.jpg", "08_OD.jpg", "08.jpg"];
        let table = rows(&[("7", "R", 0.0), ("7", "left", 1.0), ("8", "右", 1.0)]);
        assert!(pairs(&images, &table, RowsPer::Eye, false).found.is_empty());
        let found = pairs(&images, &table, RowsPer::Eye, true);
        assert_eq!(found.found, [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(found.without_label, [3]);
    }

    #[test]
    fn equal_rows_count_once_and_contradicting_ones_not_at_all() {
        let table = rows(&[
            ("7", "", 0.0),
            ("7", "", 0.0),
            ("8", "", 0.0),
            ("8", "", 1.0),
        ]);
        let found = pairs(
            &["7_a.jpg", "8_a.jpg", "8_b.jpg"],
            &table,
            RowsPer::Person,
            false,
        );
        assert_eq!((found.found, found.repeated), (vec![(0, 0)], 1));
        assert_eq!(found.contradicting, ["8"]);
        assert!(found.without_image.is_empty());
    }

    #[test]
    fn words_for_the_eye_are_known() {
        for cell in ["OD", "od", "R", "Right", "右眼", "ＯＤ", "RE"] {
            assert_eq!(eye_of(cell), Laterality::Od, "{cell}");
        }
        for cell in ["OS", "L", "left eye", "左"] {
            assert_eq!(eye_of(cell), Laterality::Os, "{cell}");
        }
        assert_eq!(eye_of("OU"), Laterality::Unknown);
        assert_eq!(eye_of("1"), Laterality::Unknown);
    }
}
