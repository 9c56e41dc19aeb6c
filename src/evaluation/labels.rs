//! A table of labels: which photograph shows which person, with which recorded sex, age or other label.

use super::delimited::{self, Line};
use super::{Error, Truths};

/// Which column is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `sex`
    Sex,
    /// `age`, in years
    Age,
    /// `label`
    Label,
}

impl Column {
    /// The names that a header may give it.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Sex => &["sex", "recorded sex", "性別", "記録上の性別"],
            Self::Age => &["age", "age in years", "年齢"],
            Self::Label => &["label", "class", "value", "ラベル", "値"],
        }
    }
}

const IMAGE: &[&str] = &[
    "image",
    "file",
    "filename",
    "file name",
    "path",
    "画像",
    "ファイル",
    "ファイル名",
];
const PERSON: &[&str] = &["person", "patient", "subject", "患者", "人", "個人"];

/// How the cells of the column are understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// One of two labels: the words of output 0 and of output 1, as the model card has them.
    Labels([String; 2]),
    /// A number.
    Number,
}

/// What is recorded for one photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: usize,
    /// The photograph as the table names it, with `/`.
    pub image: String,
    /// As the table names the person; `None` where it does not.
    pub person: Option<String>,
    /// 0 or 1 for labels, else the number.
    pub value: f64,
}

/// A line that says nothing usable, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub image: String,
    pub reason: String,
}

/// A table of labels as read.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelTable {
    pub rows: Vec<Row>,
    pub unreadable: Vec<Unreadable>,
    pub has_persons: bool,
    /// Labels were given as 0 and 1 alone, so that only the order of the outputs says what they mean.
    pub digits: bool,
}

impl LabelTable {
    /// Reads a table with a header: UTF-8, with commas, semicolons or tabs. Columns that are not asked for are left alone.
    pub fn read(bytes: &[u8], column: Column, sort: &Sort) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::NotText)?;
        let lines = delimited::lines(text);
        let (header, lines) = lines.split_first().ok_or(Error::NoRows)?;
        let place = |names: &[&str]| place(header, names);
        let image = place(IMAGE)?.ok_or_else(|| missing(header, IMAGE))?;
        let value = place(column.names())?.ok_or_else(|| missing(header, column.names()))?;
        let person = place(PERSON)?;
        if lines.is_empty() {
            return Err(Error::NoRows);
        }
        let mut table = Self {
            rows: Vec::new(),
            unreadable: Vec::new(),
            has_persons: person.is_some(),
            digits: matches!(sort, Sort::Labels(_)),
        };
        for line in lines {
            let cell = |at: usize| line.cells.get(at).map_or("", String::as_str);
            let name = cell(image).replace('\\', "/");
            let name = name.trim_start_matches("./").to_owned();
            let read = if name.is_empty() {
                Err("no image is named".to_owned())
            } else {
                read_value(cell(value), sort)
            };
            match read {
                Ok((value, digit)) => {
                    table.digits &= digit;
                    table.rows.push(Row {
                        line: line.number,
                        image: name,
                        person: person
                            .map(|at| cell(at).to_owned())
                            .filter(|p| !p.is_empty()),
                        value,
                    });
                }
                Err(reason) => table.unreadable.push(Unreadable {
                    line: line.number,
                    image: shown(&name),
                    reason,
                }),
            }
        }
        table.digits &= !table.rows.is_empty();
        Ok(table)
    }

    /// What is recorded for these rows, in their order.
    pub fn truths(&self, rows: &[usize], sort: &Sort) -> Truths {
        let values = rows
            .iter()
            .filter_map(|&r| self.rows.get(r))
            .map(|r| r.value);
        match sort {
            Sort::Labels(_) => Truths::Labels(values.map(|v| v > 0.5).collect()),
            Sort::Number => Truths::Values(values.collect()),
        }
    }

    /// Numbers for the persons of these rows, from 0; a row without a person is one of its own.
    pub fn persons(&self, rows: &[usize]) -> Vec<usize> {
        let mut known = std::collections::HashMap::new();
        let mut count = 0;
        let mut next = || {
            count += 1;
            count - 1
        };
        rows.iter()
            .map(
                |&row| match self.rows.get(row).and_then(|r| r.person.as_ref()) {
                    Some(person) => *known.entry(person.clone()).or_insert_with(&mut next),
                    None => next(),
                },
            )
            .collect()
    }
}

/// A name as it may be shown: of an absolute path the last part only.
pub(super) fn shown(name: &str) -> String {
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || drive {
        name.rsplit('/').next().unwrap_or_default().to_owned()
    } else {
        name.to_owned()
    }
}

fn place(header: &Line, names: &[&str]) -> Result<Option<usize>, Error> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], " ");
    let mut found = None;
    // The first name of the list wins: a table may have both `image` and `path`.
    for name in names {
        let mut places = (0..header.cells.len()).filter(|&i| plain(&header.cells[i]) == *name);
        if let Some(first) = places.next() {
            if places.next().is_some() {
                return Err(Error::ColumnTwice(header.cells[first].clone()));
            }
            found = found.or(Some(first));
        }
    }
    Ok(found)
}

fn missing(header: &Line, names: &[&str]) -> Error {
    Error::NoColumn {
        wanted: names.first().copied().unwrap_or_default().to_owned(),
        found: header.cells.clone(),
    }
}

/// The value of a cell, and whether it was one of the digits 0 and 1.
fn read_value(cell: &str, sort: &Sort) -> Result<(f64, bool), String> {
    if cell.is_empty() {
        return Err("no label".to_owned());
    }
    match sort {
        Sort::Number => number(cell)
            .map(|value| (value, false))
            .ok_or_else(|| "not a number".to_owned()),
        Sort::Labels(labels) => {
            output(cell, labels).ok_or_else(|| format!("neither {} nor {}", labels[0], labels[1]))
        }
    }
}

/// A finite number; a comma may stand for the point.
fn number(cell: &str) -> Option<f64> {
    let cell = cell.replace(',', ".");
    cell.parse().ok().filter(|v: &f64| v.is_finite())
}

/// Which output a word means: one of the card's labels, a word of the same sex, or the output's number.
fn output(cell: &str, labels: &[String; 2]) -> Option<(f64, bool)> {
    let word = cell.to_lowercase();
    let digit = |value: f64| matches!(word.as_str(), "0" | "1" | "0.0" | "1.0").then_some(value);
    for (value, label) in [0.0, 1.0].into_iter().zip(labels) {
        if word == label.trim().to_lowercase() {
            return Some((value, digit(value).is_some()));
        }
    }
    if let (Some(sex), [Some(zero), Some(one)]) = (sex(&word), [sex(&labels[0]), sex(&labels[1])])
        && zero != one
    {
        return Some((if sex == one { 1.0 } else { 0.0 }, false));
    }
    let value = number(&word)?;
    digit(value).map(|value| (value, true))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    Female,
    Male,
}

fn sex(word: &str) -> Option<Sex> {
    match word.trim().to_lowercase().as_str() {
        "f" | "female" | "woman" | "w" | "女" | "女性" | "女子" => Some(Sex::Female),
        "m" | "male" | "man" | "男" | "男性" | "男子" => Some(Sex::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sexes() -> Sort {
        Sort::Labels(["female".into(), "male".into()])
    }

    fn values(text: &str, sort: &Sort) -> Vec<f64> {
        let table = LabelTable::read(text.as_bytes(), Column::Sex, sort).unwrap();
        table.rows.iter().map(|r| r.value).collect()
    }

    #[test]
    fn the_table_of_drawn_eyes_is_read() {
        let text = "image,person,eye,age,sex\nimages/00000_OD.png,00000,OD,63,F\nimages/00000_OS.png,00000,OS,63,F\nimages/00001_OD.png,00001,OD,41,M\n";
        let table = LabelTable::read(text.as_bytes(), Column::Sex, &sexes()).unwrap();
        assert!(table.has_persons && !table.digits && table.unreadable.is_empty());
        assert_eq!(table.rows[0].image, "images/00000_OD.png");
        assert_eq!(table.persons(&[0, 1, 2]), [0, 0, 1]);
        let labels = table.truths(&[2, 0], &sexes());
        assert_eq!(labels, Truths::Labels(vec![true, false]));
        let table = LabelTable::read(text.as_bytes(), Column::Age, &Sort::Number).unwrap();
        let ages = table.truths(&[0, 2], &Sort::Number);
        assert_eq!(ages, Truths::Values(vec![63.0, 41.0]));
    }

    #[test]
    fn words_of_either_language_mean_the_same() {
        let text =
            "File name;Recorded_sex\r\na;F\r\nb;male\r\nc;女性\r\nd;男\r\ne;FEMALE\r\nf;M\r\n";
        assert_eq!(values(text, &sexes()), [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
        let turned = Sort::Labels(["男性".into(), "女性".into()]);
        assert_eq!(values(text, &turned), [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        let own = Sort::Labels(["no disease".into(), "disease".into()]);
        let text = "image,sex\na,Disease\nb,no disease\n";
        assert_eq!(values(text, &own), [1.0, 0.0]);
    }

    #[test]
    fn digits_are_the_numbers_of_the_outputs_and_that_is_known() {
        let read = |text: &str| LabelTable::read(text.as_bytes(), Column::Sex, &sexes()).unwrap();
        let table = read("image,sex\na,0\nb,1\n");
        assert!(table.digits);
        assert_eq!(table.rows[1].value, 1.0);
        assert!(!read("image,sex\na,0\nb,M\n").digits);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let text = "image,sex\na,F\nb,\n,M\nc,unknown\n/home/x/d.png,2\nC:\\y\\e.png,-\n";
        let table = LabelTable::read(text.as_bytes(), Column::Sex, &sexes()).unwrap();
        assert_eq!(table.rows.len(), 1);
        let told: Vec<_> = table
            .unreadable
            .iter()
            .map(|u| (u.line, u.image.as_str(), u.reason.as_str()))
            .collect();
        let neither = "neither female nor male";
        assert_eq!(
            told,
            [
                (3, "b", "no label"),
                (4, "", "no image is named"),
                (5, "c", neither),
                (6, "d.png", neither),
                (7, "e.png", neither),
            ]
        );
    }

    #[test]
    fn years_may_have_a_comma_and_must_be_numbers() {
        let text = "画像\t年齢\na\t63,5\nb\tinf\nc\t41\n";
        let table = LabelTable::read(text.as_bytes(), Column::Age, &Sort::Number).unwrap();
        let years: Vec<f64> = table.rows.iter().map(|r| r.value).collect();
        assert_eq!((years, table.unreadable.len()), (vec![63.5, 41.0], 1));
    }

    #[test]
    fn a_table_without_what_is_needed_says_what_it_has() {
        let read = |bytes: &[u8]| LabelTable::read(bytes, Column::Sex, &sexes()).unwrap_err();
        assert_eq!(read(b""), Error::NoRows);
        assert_eq!(read(b"image,sex\n"), Error::NoRows);
        assert_eq!(read(b"\x90\x94\xad,sex\n"), Error::NotText);
        let error = read(b"image,age\na,3\n");
        assert_eq!(
            error.to_string(),
            "the table of labels needs a column sex; its first line has: image, age"
        );
        assert!(matches!(read(b"sex\nF\n"), Error::NoColumn { wanted, .. } if wanted == "image"));
        assert_eq!(
            read(b"image,sex,Sex\na,F,F\n"),
            Error::ColumnTwice("sex".into())
        );
    }

    #[test]
    fn rows_without_a_person_are_persons_of_their_own() {
        let text = "image,person,sex\na,p,F\nb,,F\nc,,M\nd,p,F\n";
        let table = LabelTable::read(text.as_bytes(), Column::Sex, &sexes()).unwrap();
        assert_eq!(table.persons(&[0, 1, 2, 3]), [0, 1, 2, 0]);
    }
}
