//! Arguments about a table of labels, with what only the user knows about it.

use std::path::{Path, PathBuf};

use crate::domain::foreign::shown;
use crate::evaluation::{Answers, Meaning, Role, RowsPer};

#[derive(Debug, clap::Args)]
pub struct TableArgs {
    /// Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several
    /// for image if a row describes several photographs
    #[arg(long, value_name = "image=NAME,...", value_parser = columns_from_str)]
    columns: Vec<Columns>,
    /// Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out
    #[arg(long, value_name = "VALUE=LABEL,...", value_parser = values_from_str)]
    values: Vec<Values>,
    /// Match names of digits without their leading zeros, which spreadsheets drop
    #[arg(long)]
    ignore_leading_zeros: bool,
    /// Sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What a row is about; persons and eyes are found in file names
    #[arg(long, value_name = "photograph|eye|person", value_parser = rows_from_str)]
    rows_per: Option<RowsPer>,
    /// Number of the line with the names of the columns
    #[arg(long, value_name = "LINE")]
    header_line: Option<usize>,
}

impl TableArgs {
    /// The table.
    pub fn file(&self) -> &Path {
        &self.labels
    }

    /// What the user knows about it.
    pub fn answers(&self, any_picture: bool) -> Answers {
        Answers {
            columns: self.columns.iter().flat_map(|c| c.0.clone()).collect(),
            values: self.values.iter().flat_map(|v| v.0.clone()).collect(),
            without_leading_zeros: self.ignore_leading_zeros,
            any_picture,
            sheet: self.sheet.clone(),
            header_line: self.header_line,
            rows_per: self.rows_per,
        }
    }
}

/// The value of one `--columns`.
#[derive(Clone, Debug)]
pub struct Columns(pub Vec<(Role, String)>);

/// The value of one `--values`.
#[derive(Clone, Debug)]
pub struct Values(pub Vec<(String, Meaning)>);

fn rows_from_str(text: &str) -> Result<RowsPer, String> {
    let parsed = text.parse::<RowsPer>();
    parsed.map_err(|_| "give photograph, eye or person".to_owned())
}

pub fn columns_from_str(text: &str) -> Result<Columns, String> {
    // A role contains no equals sign; a column may.
    let wording = assignments(text, |pair| pair.split_once('='))?.into_iter();
    let wording = wording.map(|(role, name)| role.parse().map(|role| (role, name)));
    wording.collect::<Result<_, _>>().map(Columns)
}

pub fn values_from_str(text: &str) -> Result<Values, String> {
    let meaning = |(value, label): (String, String)| match label.as_str() {
        "-" => (value, Meaning::LeaveOut),
        _ => (value, Meaning::Label(label)),
    };
    // A value may contain equals signs; the last one precedes the label.
    let wording = assignments(text, |pair| pair.rsplit_once('='))?.into_iter();
    Ok(Values(wording.map(meaning).collect()))
}

/// `a=b,c=d`; a pair that contains a comma or a double quote is put in double quotes, with inner ones doubled, as in a
/// table. `parted` splits a pair at its equals sign.
fn assignments(
    text: &str,
    parted: impl Fn(&str) -> Option<(&str, &str)>,
) -> Result<Vec<(String, String)>, String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                if let Some(part) = parts.last_mut() {
                    part.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => parts.push(String::new()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let pair = |part: &String| match parted(part) {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(format!("{} is not of the form NAME=NAME", shown(part))),
    };
    parts.iter().map(pair).collect()
}
