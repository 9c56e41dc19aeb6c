//! Reads the rows of a table: what names the photograph, the person, the eye, recorded values and covariates.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::answers::{Answers, Meaning, Question, ValuesQuestion};
use super::by_person::{eye_of, person_key};
use super::column_names::{is_usual, names_photograph};
use super::columns::{Places, Search, Sought};
use super::delimited::Line;
use super::fold::folded;
use super::header::headed;
use super::names::{image_name, is_picture, stem_key};
use super::numbers;
use super::rows::{Row, Sort, TableInterpretation, Unreadable, called};
use super::sheet::cells;
use super::unused::RowFault;
use super::values::{NOTHING, Used, Values, key};
use crate::domain::foreign::shown;
use crate::domain::{CovariateKind, Laterality, Role, RowsPer};

/// A column of recorded values that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredValue {
    /// Sex, age or label.
    pub role: Role,
    pub sort: Sort,
    /// The user is asked if no column is found.
    pub required: bool,
}

/// How a table is to be read.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions<'a> {
    pub values: &'a [DesiredValue],
    /// Names of the photographs, which identify the column that names them.
    pub images: &'a [&'a str],
    /// The eyes that photographs state themselves, in the same order; may be empty.
    pub eyes: &'a [Laterality],
    pub answers: &'a Answers,
    /// Numbers replace names of photographs in every message.
    pub masked: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub line: usize,
    /// What it is about, and the eye if the column states it: photographs, or the person of rows per person or eye.
    pub names: Vec<(String, Laterality)>,
    pub person: Option<String>,
    pub eye: Laterality,
    /// One for each that is wanted; `None` where no column was found.
    pub values: Vec<Option<Result<f64, RowFault>>>,
    /// The cells of the values.
    pub cells: Vec<String>,
    pub covariates: Vec<String>,
}

impl Record {
    /// A row for each photograph that it names.
    pub(super) fn rows(&self, value: f64, masked: bool) -> impl Iterator<Item = Row> {
        self.names.iter().map(move |(image, eye)| Row {
            line: self.line,
            image: image.clone(),
            person: self.person.clone(),
            // A column for one eye states it for all its photographs.
            eye: match eye {
                Laterality::Unknown => self.eye,
                eye => *eye,
            },
            value,
            masked,
        })
    }

    /// A value of the record that cannot be read.
    pub(super) fn unreadable(&self, value: usize, why: &RowFault, masked: bool) -> Unreadable {
        let image = self.names.first();
        Unreadable {
            line: self.line,
            image: image.map_or(String::new(), |(name, _)| called(name, self.line, masked)),
            cell: self.cells.get(value).cloned().unwrap_or_default(),
            why: why.clone(),
        }
    }
}

/// The rows of a table.
pub(super) struct Records {
    pub records: Vec<Record>,
    /// Rows that name nothing, or whose cells may be in wrong columns.
    pub unreadable: Vec<Unreadable>,
    /// Whether the table states persons.
    pub has_persons: bool,
    pub columns: Vec<ColumnSeen>,
    pub understood: TableInterpretation,
}

/// A column as the user may see it before deciding what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSeen {
    /// As an answer may repeat it.
    pub name: String,
    pub role: Option<Role>,
    /// The first cells that are not empty.
    pub first: Vec<String>,
    /// How it would be read as a covariate.
    pub kind: CovariateKind,
}

/// Reads the rows. Anything only the user can decide is [`Error::Question`].
pub(super) fn records(bytes: &[u8], desired: &TableOptions) -> Result<Records, Error> {
    let photographs: HashSet<String> = desired.images.iter().map(stem_key).collect();
    let table = cells(bytes, desired.answers, &photographs)?;
    let mut form = table.form;
    let headed = headed(&table.lines, desired.answers, &photographs, &mut form)?;
    let (header, lines) = (&headed.header, headed.lines);
    let search = Search {
        header,
        lines,
        images: desired.images,
        photographs: &photographs,
        answers: desired.answers,
        masked: desired.masked,
    };
    let mut first = header.cells.iter();
    let first = first.find(|cell| names_photograph(cell, &photographs) || is_picture(cell));
    // A column may have the same name as a photograph: OD, if each person's folder has an OD.jpg.
    if let Some(cell) = first.filter(|_| !header.cells.iter().any(|cell| is_usual(cell))) {
        return Err(Error::NoHeader {
            image: called(&image_name(cell), header.number, desired.masked),
        });
    }
    let sought: Vec<Sought> = desired.values.iter().map(Sought::from).collect();
    let places = search.places(&sought)?;
    let mut reading = Reading::new(header, lines, &places, desired)?;
    for line in lines {
        reading.take(line);
    }
    let columns = roles(&places, desired.values);
    let named = |&(role, at): &(Role, usize)| (role, shown(header.cell(at)));
    let understood = TableInterpretation {
        form,
        rows_per: places.rows_per,
        columns: columns.iter().map(named).collect(),
        values: reading.used,
        by_answer: reading.by_answer,
    };
    Ok(Records {
        records: reading.records,
        unreadable: reading.unreadable,
        // A line that names several photographs is for one person.
        has_persons: places.person.is_some() || places.image.len() > 1,
        columns: seen(&search, &columns),
        understood,
    })
}

/// The columns of a table whose roles are not settled yet, for the user to see; none if it cannot be opened.
pub(super) fn columns_seen(bytes: &[u8], desired: &TableOptions) -> Vec<ColumnSeen> {
    let photographs: HashSet<String> = desired.images.iter().map(stem_key).collect();
    let Ok(table) = cells(bytes, desired.answers, &photographs) else {
        return Vec::new();
    };
    let mut form = table.form;
    let Ok(headed) = headed(&table.lines, desired.answers, &photographs, &mut form) else {
        return Vec::new();
    };
    let search = Search {
        header: &headed.header,
        lines: headed.lines,
        images: desired.images,
        photographs: &photographs,
        answers: desired.answers,
        masked: desired.masked,
    };
    let given = search.given();
    seen(&search, &given)
}

impl From<&DesiredValue> for Sought {
    fn from(wanted: &DesiredValue) -> Self {
        Self {
            role: wanted.role,
            required: wanted.required,
        }
    }
}

/// The roles of the columns, in the order in which they are reported.
fn roles(places: &Places, values: &[DesiredValue]) -> Vec<(Role, usize)> {
    let of_image = |&(at, eye): &(usize, Laterality)| {
        let role = match eye {
            Laterality::Od => Role::ImageRight,
            Laterality::Os => Role::ImageLeft,
            Laterality::Unknown => Role::Image,
        };
        (role, at)
    };
    let mut columns: Vec<(Role, usize)> = match places.rows_per {
        RowsPer::Photograph => places.image.iter().map(of_image).collect(),
        RowsPer::Eye | RowsPer::Person => Vec::new(),
    };
    columns.extend(places.person.map(|at| (Role::Person, at)));
    columns.extend(places.eye.map(|at| (Role::Eye, at)));
    let found = values.iter().zip(&places.values);
    columns.extend(found.filter_map(|(wanted, at)| at.map(|at| (wanted.role, at))));
    columns.extend(places.covariates.iter().map(|at| (Role::Covariate, *at)));
    columns
}

fn seen(search: &Search, roles: &[(Role, usize)]) -> Vec<ColumnSeen> {
    /// Cells that are shown of a column.
    const FIRST: usize = 3;
    let all: Vec<usize> = (0..search.header.cells.len()).collect();
    let names = search.shown(all.iter().copied());
    let column = |(at, name): (usize, String)| {
        let cells = search.lines.iter().map(|line| line.cell(at));
        let mut filled = cells.clone().filter(|cell| !cell.is_empty());
        ColumnSeen {
            name,
            role: roles
                .iter()
                .find(|(_, place)| *place == at)
                .map(|(role, _)| *role),
            first: filled.by_ref().take(FIRST).map(shown).collect(),
            kind: kind_of(cells),
        }
    };
    all.into_iter().zip(names).map(column).collect()
}

/// Numbers if every cell that is not empty is one, and at least one is.
fn kind_of<'c>(cells: impl Iterator<Item = &'c str>) -> CovariateKind {
    let mut recorded = cells
        .filter(|cell| !NOTHING.contains(&key(cell).as_str()))
        .peekable();
    // A number with zeros in front is an identifier.
    let is_number = |cell: &str| {
        let cell = folded(cell);
        let is_padded = cell.len() > 1 && cell.starts_with('0') && !cell.contains(['.', ',']);
        !is_padded && numbers::number(&cell).is_some()
    };
    match recorded.peek().is_some() && recorded.all(is_number) {
        true => CovariateKind::Number,
        false => CovariateKind::Text,
    }
}

/// Lines being converted into records.
struct Reading<'a> {
    places: &'a Places,
    wanted: &'a [DesiredValue],
    columns: usize,
    /// Persons that are numbers are the same without their leading zeros.
    without_zeros: bool,
    values: Vec<Option<Values>>,
    eyes: HashMap<String, Laterality>,
    used: Vec<Used>,
    by_answer: bool,
    records: Vec<Record>,
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
        let usable = |line: &&Line| !is_shifted(line, columns) && names_one(line, places);
        check_words(desired)?;
        let (mut values, mut used) = (Vec::new(), Vec::new());
        for (wanted, at) in desired.values.iter().zip(&places.values) {
            values.push(match (&wanted.sort, at) {
                (Sort::Labels(labels), Some(at)) => {
                    let lines = lines.iter().filter(usable);
                    let cells = lines.map(|line| line.cell(*at));
                    let answers = Values::answers_for(labels, desired.answers);
                    let (read, of_column) =
                        Values::of(wanted.role, header.cell(*at), cells, labels, &answers)?;
                    used.extend(of_column);
                    Some(read)
                }
                _ => None,
            });
        }
        let cells = lines.iter().filter(usable);
        let eyes = match places.eye {
            Some(at) => {
                let cells = cells.map(|line| line.cell(at));
                let is_asked = places.rows_per == RowsPer::Eye;
                eyes(header.cell(at), cells, desired.answers, is_asked)?
            }
            None => HashMap::new(),
        };
        Ok(Self {
            without_zeros: desired.answers.without_leading_zeros,
            places,
            wanted: desired.values,
            columns,
            values,
            eyes,
            used,
            by_answer: false,
            records: Vec::new(),
            unreadable: Vec::new(),
        })
    }

    fn take(&mut self, line: &Line) {
        let is_of_photographs = self.places.rows_per == RowsPer::Photograph;
        let name = |&(at, eye): &(usize, Laterality)| match is_of_photographs {
            true => (image_name(line.cell(at)), eye),
            false => (line.cell(at).to_owned(), eye),
        };
        let names = self.places.image.iter().map(name);
        let names: Vec<(String, Laterality)> = names.filter(|(n, _)| !n.is_empty()).collect();
        let why = if is_shifted(line, self.columns) {
            Some(RowFault::TooManyCells)
        } else if names.is_empty() {
            Some(RowFault::NoImage)
        } else {
            None
        };
        let cells = self.places.values.iter();
        let cells: Vec<&str> = cells.map(|at| at.map_or("", |at| line.cell(at))).collect();
        if let Some(why) = why {
            // In a shifted line these may be cells of other columns: a birthday, half a person's name.
            let cell = match why {
                RowFault::TooManyCells => String::new(),
                _ => cells.first().map_or(String::new(), |cell| shown(cell)),
            };
            self.unreadable.push(Unreadable {
                line: line.number,
                image: String::new(),
                cell,
                why,
            });
            return;
        }
        let named = self
            .places
            .person
            .map(|at| person_key(line.cell(at), self.without_zeros));
        let named = named.filter(|person| !person.is_empty());
        // All photographs of one line belong to one person.
        let of_line = || format!("line {}", line.number);
        let person = named.or_else(|| (self.places.image.len() > 1).then(of_line));
        let eye = self.places.eye.map(|at| folded(line.cell(at)));
        let eye = eye.and_then(|cell| self.eyes.get(&cell).copied());
        let values = (0..cells.len()).map(|place| {
            let found = self.places.values[place].is_some();
            found.then(|| self.value(place, cells[place]))
        });
        let values: Vec<Option<Result<(f64, bool), RowFault>>> = values.collect();
        self.by_answer |= values
            .iter()
            .flatten()
            .flatten()
            .any(|(_, by_answer)| *by_answer);
        let covariates = self.places.covariates.iter();
        self.records.push(Record {
            line: line.number,
            names,
            person,
            eye: eye.unwrap_or_default(),
            values: values
                .into_iter()
                .map(|read| read.map(|read| read.map(|(value, _)| value)))
                .collect(),
            cells: cells.iter().map(|cell| shown(cell)).collect(),
            covariates: covariates.map(|at| line.cell(*at).to_owned()).collect(),
        });
    }

    /// The value of a cell, and whether the user stated what it means.
    fn value(&self, place: usize, cell: &str) -> Result<(f64, bool), RowFault> {
        let number = match (&self.wanted[place].sort, &self.values[place]) {
            (Sort::Labels(_), Some(values)) => {
                let output = values.read(cell)?;
                return Ok((output.number as f64, output.by_answer));
            }
            (Sort::Years, _) => numbers::age(cell),
            _ => numbers::number(cell),
        };
        match (number, &self.wanted[place].sort) {
            (Some(number), _) => Ok((number, false)),
            (None, _) if cell.trim().is_empty() => Err(RowFault::NoLabel),
            (None, Sort::Years) => Err(RowFault::NotAnAge),
            (None, _) => Err(RowFault::NotANumber),
        }
    }
}

/// Every word that was given as a meaning must be a label of some column.
fn check_words(desired: &TableOptions) -> Result<(), Error> {
    let labels = desired
        .values
        .iter()
        .filter_map(|wanted| match &wanted.sort {
            Sort::Labels(labels) => Some(labels),
            Sort::Years | Sort::Number => None,
        });
    let labels: Vec<&[String; 2]> = labels.collect();
    let Some(first) = labels.first() else {
        return Ok(());
    };
    for (_, meaning) in &desired.answers.values {
        let Meaning::Label(word) = meaning else {
            continue;
        };
        let is_one = labels.iter().any(|labels| Values::is_label(word, labels));
        if !is_one && eye_of(word) == Laterality::Unknown {
            return Err(Error::NoSuchLabel {
                word: shown(word),
                labels: (*first).clone(),
            });
        }
    }
    Ok(())
}

/// The eye that each cell means, folded. Codes are asked about where rows are for eyes, else they say nothing.
fn eyes<'c>(
    column: &str,
    cells: impl Iterator<Item = &'c str>,
    answers: &Answers,
    is_asked: bool,
) -> Result<HashMap<String, Laterality>, Error> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for cell in cells {
        let place = *places.entry(folded(cell)).or_insert_with(|| {
            counts.push((cell, 0));
            counts.len() - 1
        });
        counts[place].1 += 1;
    }
    let given = |cell: &str| {
        // Another column may have the same value.
        let is_eye = |meaning: &Meaning| match meaning {
            Meaning::Label(word) => eye_of(word) != Laterality::Unknown,
            Meaning::LeaveOut => true,
        };
        let same =
            |(value, meaning): &&(String, Meaning)| key(value) == key(cell) && is_eye(meaning);
        answers.values.iter().find(same).map(|(_, meaning)| meaning)
    };
    let mut eyes = HashMap::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    for (cell, rows) in counts {
        let eye = match (eye_of(cell), given(cell)) {
            (Laterality::Unknown, Some(Meaning::Label(word))) => eye_of(word),
            (Laterality::Unknown, None) if is_asked && !NOTHING.contains(&key(cell).as_str()) => {
                open.push((cell.to_owned(), rows));
                continue;
            }
            (eye, _) => eye,
        };
        eyes.insert(folded(cell), eye);
    }
    match open.is_empty() {
        true => Ok(eyes),
        false => Err(Error::Question(Question::Values(ValuesQuestion::new(
            column,
            ["OD", "OS"].map(str::to_owned),
            open,
        )))),
    }
}

/// More cells than the header, as an unquoted comma in a cell causes: the following cells are in the wrong columns.
fn is_shifted(line: &Line, columns: usize) -> bool {
    line.cells.iter().skip(columns).any(|cell| !cell.is_empty())
}

fn names_one(line: &Line, places: &Places) -> bool {
    places
        .image
        .iter()
        .any(|(at, _)| !line.cell(*at).is_empty())
}
