//! A table of labels: which photograph shows which person, with the recorded sex, age or other label.

use std::collections::{HashMap, HashSet};

use super::answers::{Answers, Role};
use super::columns::{Places, Search};
use super::delimited::{Line, lines};
use super::fold::folded;
use super::names::{bare, image_name, is_picture, stem_key};
use super::numbers;
use super::text::{Encoding, decode};
use super::unused::RowFault;
use super::values::{Used, Values};
use super::{Error, ReferenceValues};
use crate::domain::foreign::shown;
use crate::domain::masked;

/// How the cells of the column are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// One of two labels: the names of output 0 and output 1 in the model card.
    Labels([String; 2]),
    /// An age in years.
    Years,
    /// A number.
    Number,
}

/// How a table is to be read.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions<'a> {
    /// The column: sex, age or label.
    pub value: Role,
    pub sort: &'a Sort,
    /// Names of the photographs, which identify the column that names them.
    pub images: &'a [&'a str],
    pub answers: &'a Answers,
    /// Numbers replace names of photographs in every message.
    pub masked: bool,
}

/// The record of one photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: usize,
    /// The photograph as the table names it, with `/`.
    pub image: String,
    /// The person named in the table, folded; `None` if there is none.
    pub person: Option<String>,
    /// 0 or 1 for labels, else the number.
    pub value: f64,
    /// In messages, its line replaces the photograph's name.
    pub masked: bool,
}

impl Row {
    /// The photograph's name for messages.
    pub fn called(&self) -> String {
        called(&self.image, self.line, self.masked)
    }
}

/// The name of a line's photograph for messages.
fn called(image: &str, line: usize, is_masked: bool) -> String {
    match is_masked {
        true => masked::line(line),
        false => bare(image),
    }
}

/// A line without a usable value, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub image: String,
    /// The cell as it is in the table.
    pub cell: String,
    pub why: RowFault,
}

/// How a table was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInterpretation {
    pub encoding: Encoding,
    pub delimiter: char,
    /// Columns by role, with their names in the table.
    pub columns: Vec<(Role, String)>,
    /// Values of labels with their meanings; empty for numbers.
    pub values: Vec<Used>,
    /// The user stated the meaning of values, so it is not independent evidence.
    pub by_answer: bool,
}

/// A table of labels as read.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelTable {
    pub rows: Vec<Row>,
    pub unreadable: Vec<Unreadable>,
    pub has_persons: bool,
    pub understood: TableInterpretation,
}

impl LabelTable {
    /// Reads a table with a header: text with commas, semicolons or tabs. Columns that are not needed are ignored;
    /// anything only the user can decide is [`Error::Question`].
    pub fn read(bytes: &[u8], desired: &TableOptions) -> Result<Self, Error> {
        let (text, encoding) = decode(bytes)?;
        let table = lines(&text)?;
        let (header, lines) = table.lines.split_first().ok_or(Error::NoRows)?;
        if lines.is_empty() {
            return Err(Error::NoRows);
        }
        let photographs: HashSet<String> = desired.images.iter().map(stem_key).collect();
        let search = Search {
            header,
            lines,
            photographs: &photographs,
            answers: desired.answers,
        };
        let first = header
            .cells
            .iter()
            .find(|cell| photographs.contains(&stem_key(image_name(cell))) || is_picture(cell));
        // A column may have the same name as a photograph: OD, if each person's folder has an OD.jpg.
        if let Some(cell) = first.filter(|_| !search.has_usual_name()) {
            return Err(Error::NoHeader {
                image: called(&image_name(cell), header.number, desired.masked),
            });
        }
        let places = search.places(desired.value)?;
        let mut reading = Reading::new(header, lines, &places, desired)?;
        for line in lines {
            reading.take(line);
        }
        let name = |at: usize| shown(header.cell(at));
        let mut columns: Vec<(Role, String)> = places
            .image
            .iter()
            .map(|&at| (Role::Image, name(at)))
            .collect();
        columns.extend(places.person.map(|at| (Role::Person, name(at))));
        columns.push((desired.value, name(places.value)));
        Ok(Self {
            rows: reading.rows,
            unreadable: reading.unreadable,
            // A line that names several photographs is for one person.
            has_persons: places.person.is_some() || places.image.len() > 1,
            understood: TableInterpretation {
                encoding,
                delimiter: table.delimiter,
                columns,
                values: reading.used,
                by_answer: reading.by_answer,
            },
        })
    }

    /// The recorded values of these rows, in their order.
    pub fn truths(&self, rows: &[usize], sort: &Sort) -> ReferenceValues {
        let values = rows
            .iter()
            .filter_map(|&r| self.rows.get(r))
            .map(|r| r.value);
        match sort {
            Sort::Labels(_) => ReferenceValues::Labels(values.map(|v| v > 0.5).collect()),
            Sort::Years | Sort::Number => ReferenceValues::Values(values.collect()),
        }
    }

    /// Numbers for the persons of these rows, from 0, in the order of their names regardless of the order of the rows;
    /// a row without a person is its own person.
    pub fn persons(&self, rows: &[usize]) -> Vec<usize> {
        let name = |&row: &usize| match self.rows.get(row) {
            Some(Row {
                person: Some(person),
                ..
            }) => (0, person.clone()),
            Some(row) => (1, row.image.clone()),
            None => (2, row.to_string()),
        };
        let mut names: Vec<(u8, String)> = rows.iter().map(name).collect();
        let own = names.clone();
        names.sort();
        names.dedup();
        let places: HashMap<&(u8, String), usize> =
            names.iter().enumerate().map(|(i, n)| (n, i)).collect();
        own.iter().map(|name| places[name]).collect()
    }

    /// Number of persons in these rows for whom both labels are recorded.
    pub fn of_both_labels(&self, rows: &[usize]) -> usize {
        let mut seen: HashMap<&str, [bool; 2]> = HashMap::new();
        for row in rows.iter().filter_map(|&r| self.rows.get(r)) {
            if let Some(person) = &row.person {
                seen.entry(person).or_default()[usize::from(row.value > 0.5)] = true;
            }
        }
        seen.values().filter(|both| **both == [true; 2]).count()
    }

    /// Number of these rows that name no person, in a table with a column for persons.
    pub fn without_person(&self, rows: &[usize]) -> usize {
        let nameless = |r: &&usize| self.rows.get(**r).is_some_and(|row| row.person.is_none());
        match self.has_persons {
            true => rows.iter().filter(nameless).count(),
            false => 0,
        }
    }
}

/// Lines being converted into rows.
struct Reading<'a> {
    masked: bool,
    places: &'a Places,
    sort: &'a Sort,
    columns: usize,
    values: Option<Values>,
    used: Vec<Used>,
    by_answer: bool,
    rows: Vec<Row>,
    unreadable: Vec<Unreadable>,
}

impl<'a> Reading<'a> {
    fn new(
        header: &Line,
        lines: &[Line],
        places: &'a Places,
        desired: &TableOptions<'a>,
    ) -> Result<Self, Error> {
        let columns = header.cells.len();
        let (values, used) = match desired.sort {
            Sort::Labels(labels) => {
                let usable = |line: &&Line| !is_shifted(line, columns) && names_one(line, places);
                let cells = lines
                    .iter()
                    .filter(usable)
                    .map(|line| line.cell(places.value));
                let name = header.cell(places.value);
                let (values, used) = Values::of(name, cells, labels, desired.answers)?;
                (Some(values), used)
            }
            Sort::Years | Sort::Number => (None, Vec::new()),
        };
        Ok(Self {
            places,
            sort: desired.sort,
            columns,
            values,
            used,
            by_answer: false,
            masked: desired.masked,
            rows: Vec::new(),
            unreadable: Vec::new(),
        })
    }

    fn take(&mut self, line: &Line) {
        let names = self
            .places
            .image
            .iter()
            .map(|&at| image_name(line.cell(at)));
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        let cell = line.cell(self.places.value);
        let read = if is_shifted(line, self.columns) {
            Err(RowFault::TooManyCells)
        } else if names.is_empty() {
            Err(RowFault::NoImage)
        } else {
            self.value(cell)
        };
        match read {
            Ok(value) => {
                let named = self
                    .places
                    .person
                    .map(|at| folded(line.cell(at)))
                    .filter(|p| !p.is_empty());
                // All photographs of one line belong to one person.
                let of_line = || format!("line {}", line.number);
                let person = named.or_else(|| (self.places.image.len() > 1).then(of_line));
                self.rows.extend(names.into_iter().map(|image| Row {
                    line: line.number,
                    image,
                    person: person.clone(),
                    value,
                    masked: self.masked,
                }));
            }
            Err(why) => {
                // In a shifted line these may be cells of other columns: a birthday, half a person's name.
                let image = names.first().filter(|_| why != RowFault::TooManyCells);
                let cell = match why {
                    RowFault::TooManyCells => String::new(),
                    _ => shown(cell),
                };
                self.unreadable.push(Unreadable {
                    line: line.number,
                    image: image
                        .map(|name| called(name, line.number, self.masked))
                        .unwrap_or_default(),
                    cell,
                    why,
                });
            }
        }
    }

    fn value(&mut self, cell: &str) -> Result<f64, RowFault> {
        let number = match (self.sort, &self.values) {
            (Sort::Labels(_), Some(values)) => {
                let output = values.read(cell)?;
                self.by_answer |= output.by_answer;
                return Ok(output.number as f64);
            }
            (Sort::Years, _) => numbers::age(cell),
            _ => numbers::number(cell),
        };
        match (number, self.sort) {
            (Some(number), _) => Ok(number),
            (None, _) if cell.trim().is_empty() => Err(RowFault::NoLabel),
            (None, Sort::Years) => Err(RowFault::NotAnAge),
            (None, _) => Err(RowFault::NotANumber),
        }
    }
}

/// More cells than the header, as an unquoted comma in a cell causes: the following cells are in the wrong columns.
fn is_shifted(line: &Line, columns: usize) -> bool {
    line.cells.iter().skip(columns).any(|cell| !cell.is_empty())
}

fn names_one(line: &Line, places: &Places) -> bool {
    places.image.iter().any(|&at| !line.cell(at).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sexes() -> Sort {
        Sort::Labels(["female".into(), "male".into()])
    }

    fn read_as(bytes: &[u8], value: Role, sort: &Sort) -> Result<LabelTable, Error> {
        let answers = Answers::default();
        let desired = TableOptions {
            masked: false,
            value,
            sort,
            images: &[],
            answers: &answers,
        };
        LabelTable::read(bytes, &desired)
    }

    fn read(text: &str) -> LabelTable {
        read_as(text.as_bytes(), Role::Sex, &sexes()).unwrap()
    }

    fn reported(table: &LabelTable) -> Vec<(usize, &str, &str, &'static str)> {
        table
            .unreadable
            .iter()
            .map(|u| (u.line, u.image.as_str(), u.cell.as_str(), u.why.code()))
            .collect()
    }

    #[test]
    fn the_table_of_drawn_eyes_is_read() {
        let text = "image,person,eye,age,sex\nimages/00000_OD.png,00000,OD,63,F\nimages/00000_OS.png,00000,OS,63,F\nimages/00001_OD.png,00001,OD,41,M\n";
        let table = read(text);
        assert!(table.has_persons && table.unreadable.is_empty() && !table.understood.by_answer);
        assert_eq!(table.rows[0].image, "images/00000_OD.png");
        assert_eq!(table.persons(&[0, 1, 2]), [0, 0, 1]);
        let labels = table.truths(&[2, 0], &sexes());
        assert_eq!(labels, ReferenceValues::Labels(vec![true, false]));
        let table = read_as(text.as_bytes(), Role::Age, &Sort::Years).unwrap();
        let ages = table.truths(&[0, 2], &Sort::Years);
        assert_eq!(ages, ReferenceValues::Values(vec![63.0, 41.0]));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let text = "image,sex\na,F\nb,\n,M\nc,unknown\n/home/x/d.png,n/a\nC:\\y\\e.png,-\nf,g,M\n";
        let table = read(text);
        assert_eq!(table.rows.len(), 1);
        assert_eq!(
            reported(&table),
            [
                (3, "b", "", "no-label"),
                (4, "", "M", "no-image"),
                (5, "c", "unknown", "neither-label"),
                (6, "d.png", "n/a", "neither-label"),
                (7, "e.png", "-", "neither-label"),
                (8, "", "", "too-many-cells"),
            ]
        );
    }

    #[test]
    fn ages_are_read_or_named() {
        let text = "画像;年齢\na;６３\nb;63歳\nc;063Y\nd;1,234\ne;63,5\nf;0\ng;-1\n";
        let table = read_as(text.as_bytes(), Role::Age, &Sort::Years).unwrap();
        let years: Vec<f64> = table.rows.iter().map(|r| r.value).collect();
        assert_eq!(years, [63.0, 63.0, 63.0, 63.5]);
        assert_eq!(
            reported(&table),
            [
                (5, "d", "1,234", "not-an-age"),
                (7, "f", "0", "not-an-age"),
                (8, "g", "-1", "not-an-age")
            ]
        );
        // Without quotes a decimal comma adds a cell, and everything after it is in the wrong column.
        let text = "image,age,sex\na,63,5,F\nb,\"63,5\",F\nc,41,M\n";
        let table = read_as(text.as_bytes(), Role::Age, &Sort::Years).unwrap();
        assert_eq!(reported(&table), [(2, "", "", "too-many-cells")]);
        assert_eq!((table.rows[0].value, table.rows[1].value), (63.5, 41.0));
    }

    #[test]
    fn a_table_that_is_none_says_so() {
        let error = |bytes: &[u8]| read_as(bytes, Role::Sex, &sexes()).unwrap_err();
        assert_eq!(error(b""), Error::NoRows);
        assert_eq!(error(b"image,sex\n"), Error::NoRows);
        assert!(matches!(error(b"image,age\na,3\n"), Error::Question(_)));
        assert!(matches!(error(b"PK\x03\x04xl/"), Error::Document(_)));
        // Without a header the first photograph would be lost.
        let (sort, answers) = (sexes(), Answers::default());
        let desired = TableOptions {
            masked: false,
            value: Role::Sex,
            sort: &sort,
            images: &["a.jpg"],
            answers: &answers,
        };
        let error = LabelTable::read(b"A.jpg,F\nb.jpg,M\n", &desired);
        assert_eq!(
            error,
            Err(Error::NoHeader {
                image: "A.jpg".into()
            })
        );
    }

    #[test]
    fn a_column_may_be_called_as_photographs_are() {
        let (sort, answers) = (sexes(), Answers::default());
        let desired = TableOptions {
            masked: false,
            value: Role::Sex,
            sort: &sort,
            images: &["p1/OD.jpg", "p2/OD.jpg"],
            answers: &answers,
        };
        let text = b"image,sex,OD\np1/OD.jpg,F,1\np2/OD.jpg,M,1\n";
        assert_eq!(LabelTable::read(text, &desired).unwrap().rows.len(), 2);
    }

    #[test]
    fn how_it_was_understood_is_kept() {
        let table = read("Filename;Patient ID;Gender\r\na;7;Female\r\nb;8;女\r\n");
        let understood = &table.understood;
        assert_eq!(
            (understood.encoding, understood.delimiter),
            (Encoding::Utf8, ';')
        );
        let columns: Vec<&str> = understood
            .columns
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(columns, ["Filename", "Patient ID", "Gender"]);
        let used: Vec<_> = understood
            .values
            .iter()
            .map(|u| (u.value.as_str(), u.label.as_deref(), u.rows))
            .collect();
        assert_eq!(
            used,
            [("Female", Some("female"), 1), ("女", Some("female"), 1)]
        );
    }

    #[test]
    fn rows_without_a_person_are_persons_of_their_own() {
        let table = read("image,person,sex\na,p,F\nb,,F\nc,,M\nd,P,M\n");
        assert_eq!(table.persons(&[0, 1, 2, 3]), [0, 1, 2, 0]);
        // The order of the rows does not change the numbers.
        assert_eq!(table.persons(&[3, 2, 1, 0]), [0, 2, 1, 0]);
        assert_eq!(table.without_person(&[0, 1, 2, 3]), 2);
        assert_eq!(table.of_both_labels(&[0, 1, 2, 3]), 1);
        assert_eq!(table.of_both_labels(&[0, 1, 2]), 0);
    }
}
