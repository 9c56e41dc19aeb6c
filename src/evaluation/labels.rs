//! A table of labels: which photograph shows which person, with the recorded sex, age or other label.

use std::collections::HashMap;

use super::by_person::pair_by_person;
use super::pairing::{Pairs, pair};
use super::records::{TableOptions, records};
use super::rows::{Row, Sort, TableInterpretation, Unreadable};
use super::{Error, ReferenceValues};
use crate::domain::RowsPer;

/// A table of labels as read.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelTable {
    pub rows: Vec<Row>,
    pub unreadable: Vec<Unreadable>,
    pub has_persons: bool,
    pub understood: TableInterpretation,
}

impl LabelTable {
    /// Reads a table with a header, as text with commas, semicolons or tabs, or of a workbook, for the first value that
    /// is wanted. Columns that are not needed are ignored; anything only the user can decide is [`Error::Question`].
    pub fn read(bytes: &[u8], desired: &TableOptions) -> Result<Self, Error> {
        let read = records(bytes, desired)?;
        let (mut rows, mut unreadable) = (Vec::new(), read.unreadable);
        for record in read.records {
            match record.values.first() {
                Some(Some(Ok(value))) => rows.extend(record.rows(*value, desired.masked)),
                Some(Some(Err(why))) => unreadable.push(record.unreadable(0, why, desired.masked)),
                Some(None) | None => {}
            }
        }
        unreadable.sort_by_key(|row| row.line);
        Ok(Self {
            rows,
            unreadable,
            has_persons: read.has_persons,
            understood: read.understood,
        })
    }

    /// Pairs photographs with rows: by their names, or by persons and eyes in their names.
    pub fn pair(&self, desired: &TableOptions) -> Pairs {
        let (images, zeros) = (desired.images, desired.answers.without_leading_zeros);
        let agree = |a: usize, b: usize| {
            let (a, b) = (&self.rows[a], &self.rows[b]);
            a.value == b.value && a.person == b.person
        };
        match self.understood.rows_per {
            RowsPer::Photograph => pair(images, &self.rows, zeros),
            per => pair_by_person(images, desired.eyes, &self.rows, per, zeros, agree),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Answers, DesiredValue, Encoding, Role};

    fn sexes() -> Sort {
        Sort::Labels(["female".into(), "male".into()])
    }

    fn read_with(
        bytes: &[u8],
        role: Role,
        sort: &Sort,
        images: &[&str],
    ) -> Result<LabelTable, Error> {
        let wanted = DesiredValue {
            role,
            sort: sort.clone(),
            required: true,
        };
        let desired = TableOptions {
            values: &[wanted],
            images,
            eyes: &[],
            answers: &Answers::default(),
            masked: false,
        };
        LabelTable::read(bytes, &desired)
    }

    fn read_as(bytes: &[u8], role: Role, sort: &Sort) -> Result<LabelTable, Error> {
        read_with(bytes, role, sort, &[])
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
        let broken = Error::BrokenWorkbook(crate::evaluation::Document::Xlsx);
        assert_eq!(error(b"PK\x03\x04xl/"), broken);
        // Without a header the first photograph would be lost.
        let error = read_with(b"A.jpg,F\nb.jpg,M\n", Role::Sex, &sexes(), &["a.jpg"]);
        assert_eq!(
            error,
            Err(Error::NoHeader {
                image: "A.jpg".into()
            })
        );
    }

    #[test]
    fn a_column_may_be_called_as_photographs_are() {
        let images = ["p1/OD.jpg", "p2/OD.jpg"];
        let text = b"image,sex,OD\np1/OD.jpg,F,1\np2/OD.jpg,M,1\n";
        assert_eq!(
            read_with(text, Role::Sex, &sexes(), &images)
                .unwrap()
                .rows
                .len(),
            2
        );
    }

    #[test]
    fn how_it_was_understood_is_kept() {
        let table = read("Filename;Patient ID;Gender\r\na;7;Female\r\nb;8;女\r\n");
        let understood = &table.understood;
        assert_eq!(
            (understood.form.encoding, understood.form.delimiter),
            (Some(Encoding::Utf8), Some(';'))
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
