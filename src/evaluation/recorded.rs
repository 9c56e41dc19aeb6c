//! What a table records about each photograph of a study: person, eye, every value that is wanted, and covariates.

use super::Error;
use super::by_person::pair_by_person;
use super::fold::folded;
use super::numbers;
use super::pairing::{Pairs, pair_with};
use super::records::{ColumnSeen, DesiredValue, Record, TableOptions, columns_seen, records};
use super::rows::{Row, Sort, TableInterpretation, Unreadable};
use super::values::records_nothing;
use crate::domain::{CovariateKind, Laterality, Role, RowsPer};

/// A table of labels with everything that it records about photographs.
#[derive(Clone, Debug)]
pub struct RecordedTable {
    /// What is matched with photographs; the value is not used.
    pub rows: Vec<Row>,
    /// Rows and single cells that cannot be read, and the value that such a cell would hold.
    pub unreadable: Vec<(Option<Role>, Unreadable)>,
    pub columns: Vec<ColumnSeen>,
    pub understood: TableInterpretation,
    records: Vec<Record>,
    /// The record of each row.
    record_of: Vec<usize>,
    wanted: Vec<DesiredValue>,
}

/// What is recorded of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordedValue {
    /// One of the two labels.
    Label(String),
    /// In years, for an age.
    Number(f64),
}

/// A further column of the table, kept as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Covariate {
    Number(f64),
    Text(String),
    Missing,
}

/// What one row records.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub line: usize,
    pub person: Option<String>,
    /// As the table states it.
    pub eye: Laterality,
    /// Values that can be read.
    pub values: Vec<(Role, RecordedValue)>,
    /// Values that are recorded and cannot be read, are none of the labels, or are left out by the user.
    pub otherwise: Vec<Role>,
    /// By the name of the column.
    pub covariates: Vec<(String, Covariate)>,
}

impl RecordedTable {
    /// Reads a table; anything only the user can decide is [`Error::Question`].
    pub fn read(bytes: &[u8], desired: &TableOptions) -> Result<Self, Error> {
        let read = records(bytes, desired)?;
        let mut unreadable: Vec<(Option<Role>, Unreadable)> =
            read.unreadable.into_iter().map(|row| (None, row)).collect();
        let (mut rows, mut record_of) = (Vec::new(), Vec::new());
        for (place, record) in read.records.iter().enumerate() {
            rows.extend(record.rows(0.0, desired.masked));
            record_of.resize(rows.len(), place);
            for (value, wanted) in desired.values.iter().enumerate() {
                if let Some(Err(why)) = &record.values[value] {
                    let cell = record.unreadable(value, why, desired.masked);
                    unreadable.push((Some(wanted.role), cell));
                }
            }
        }
        unreadable.sort_by_key(|(_, row)| row.line);
        Ok(Self {
            rows,
            unreadable,
            columns: read.columns,
            understood: read.understood,
            records: read.records,
            record_of,
            wanted: desired.values.to_vec(),
        })
    }

    /// The columns of a table that leaves questions open; none if it cannot be opened at all.
    pub fn columns(bytes: &[u8], desired: &TableOptions) -> Vec<ColumnSeen> {
        columns_seen(bytes, desired)
    }

    /// Pairs photographs with rows. Rows that differ in anything that is read contradict each other.
    pub fn pair(&self, desired: &TableOptions) -> Pairs {
        let (images, zeros) = (desired.images, desired.answers.without_leading_zeros);
        let covariates = |record: &Record| -> Vec<String> {
            record.covariates.iter().map(|cell| folded(cell)).collect()
        };
        let agree = |a: usize, b: usize| {
            let eyes = [self.rows[a].eye, self.rows[b].eye];
            let (a, b) = (self.record(a), self.record(b));
            a.line == b.line
                || (a.values == b.values
                    && a.person == b.person
                    && eyes[0] == eyes[1]
                    && covariates(a) == covariates(b))
        };
        match self.understood.rows_per {
            RowsPer::Photograph => pair_with(images, &self.rows, zeros, &agree),
            per => pair_by_person(images, desired.eyes, &self.rows, per, zeros, agree),
        }
    }

    fn record(&self, row: usize) -> &Record {
        &self.records[self.record_of[row]]
    }

    /// What a row records.
    pub fn recorded(&self, row: usize) -> Recorded {
        let record = self.record(row);
        let value = |wanted: &DesiredValue, value: f64| match &wanted.sort {
            Sort::Labels(labels) => RecordedValue::Label(labels[usize::from(value > 0.5)].clone()),
            Sort::Years | Sort::Number => RecordedValue::Number(value),
        };
        let values = self.wanted.iter().zip(&record.values);
        let values = values.filter_map(|(wanted, read)| match read {
            Some(Ok(number)) => Some((wanted.role, value(wanted, *number))),
            Some(Err(_)) | None => None,
        });
        let otherwise = self.wanted.iter().zip(&record.values).zip(&record.cells);
        let otherwise = otherwise.filter_map(|((wanted, read), cell)| match read {
            Some(Err(_)) if !records_nothing(cell) => Some(wanted.role),
            _ => None,
        });
        let kept = |column: &&ColumnSeen| column.role == Some(Role::Covariate);
        let covariates = self.columns.iter().filter(kept).zip(&record.covariates);
        Recorded {
            line: record.line,
            person: record.person.clone(),
            eye: self.rows[row].eye,
            values: values.collect(),
            otherwise: otherwise.collect(),
            covariates: covariates
                .map(|(column, cell)| (column.name.clone(), covariate(column.kind, cell)))
                .collect(),
        }
    }
}

fn covariate(kind: CovariateKind, cell: &str) -> Covariate {
    match (kind, cell) {
        (_, "") => Covariate::Missing,
        (CovariateKind::Number, cell) => {
            numbers::number(cell).map_or(Covariate::Missing, Covariate::Number)
        }
        (CovariateKind::Text, cell) => Covariate::Text(cell.to_owned()),
    }
}
