//! Arguments of `gantei check-import`: a model, a table of labels with what only the user knows about it, photographs.

use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::foreign::shown;
use crate::evaluation::{Answers, Meaning, Role, RowsPer};
use crate::runtime::Device;
use crate::workflow::CheckRequest;
use crate::workflow::check_import::{Choice, LabelOrder};

#[derive(Debug, clap::Args)]
pub struct CheckImportArgs {
    /// Id of a model in the library, or its file, folder or archive
    #[arg(value_name = "MODEL")]
    model: String,
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
    /// Photographs and folders
    #[arg(required = true, value_name = "IMAGES")]
    images: Vec<PathBuf>,
    /// Run every setting; by default resize kernels are tried for the best few only
    #[arg(long)]
    full: bool,
    /// Write what the labels determine into the card of a model in the library; its setting is kept if it is among the
    /// best. With a number, write the setting of that row
    #[arg(long, value_name = "ROW", num_args = 0..=1, require_equals = true, default_missing_value = "best", value_parser = row_from_str)]
    pub apply: Option<ApplyRow>,
    /// For a setting that flips the order of the labels: keep or swap them in the card
    #[arg(long, value_name = "keep|swap", requires = "apply", value_parser = order_from_str)]
    label_order: Option<LabelOrder>,
    /// Output folder for check.json, check.csv and check-scores.csv; without it nothing is written
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Use pictures even if they do not look like fundus photographs
    #[arg(long)]
    accept_any_picture: bool,
    /// Replace file names with numbers everywhere, and table rows with their line numbers
    #[arg(long)]
    mask_names: bool,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl CheckImportArgs {
    pub fn request(&self) -> CheckRequest {
        CheckRequest {
            stated: None,
            model: self.model.clone(),
            labels: self.labels.clone(),
            answers: Answers {
                columns: self.columns.iter().flat_map(|c| c.0.clone()).collect(),
                values: self.values.iter().flat_map(|v| v.0.clone()).collect(),
                without_leading_zeros: self.ignore_leading_zeros,
                any_picture: self.accept_any_picture,
                sheet: self.sheet.clone(),
                header_line: self.header_line,
                rows_per: self.rows_per,
            },
            images: self.images.clone(),
            device: self.device,
            full: self.full,
            mask_names: self.mask_names,
        }
    }

    /// What to write into the card, if requested.
    pub fn choice(&self) -> Option<Choice> {
        self.apply.map(|ApplyRow(row)| Choice {
            row,
            order: self.label_order,
        })
    }
}

/// A row, or the best one.
#[derive(Clone, Copy, Debug)]
pub struct ApplyRow(Option<usize>);

/// The value of one `--columns`.
#[derive(Clone, Debug)]
struct Columns(Vec<(Role, String)>);

/// The value of one `--values`.
#[derive(Clone, Debug)]
struct Values(Vec<(String, Meaning)>);

fn row_from_str(text: &str) -> Result<ApplyRow, String> {
    match text {
        "best" => Ok(ApplyRow(None)),
        number => match number.parse() {
            Ok(row) => Ok(ApplyRow(Some(row))),
            Err(_) => Err("give the number of a row, or best".to_owned()),
        },
    }
}

fn order_from_str(text: &str) -> Result<LabelOrder, String> {
    match text {
        "keep" => Ok(LabelOrder::Keep),
        "swap" => Ok(LabelOrder::Swap),
        _ => Err("give keep or swap".to_owned()),
    }
}

fn rows_from_str(text: &str) -> Result<RowsPer, String> {
    let parsed = text.parse::<RowsPer>();
    parsed.map_err(|_| "give photograph, eye or person".to_owned())
}

fn columns_from_str(text: &str) -> Result<Columns, String> {
    // A role contains no equals sign; a column may.
    let wording = assignments(text, |pair| pair.split_once('='))?.into_iter();
    let wording = wording.map(|(role, name)| role.parse().map(|role| (role, name)));
    wording.collect::<Result<_, _>>().map(Columns)
}

fn values_from_str(text: &str) -> Result<Values, String> {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Args, Command};
    use crate::cli::items::items;
    use crate::evaluation::{self, Ambiguity, Question, ValuesQuestion};
    use crate::workflow::Error;

    /// The answer that a question proposes, as a shell passes it on.
    fn proposed(question: Question) -> String {
        let error = Error::from(evaluation::Error::Question(question));
        let flag = items(&error)[0]["flag"].as_str().unwrap().to_owned();
        let (_, wording) = flag.split_once(' ').unwrap();
        match wording
            .strip_prefix('\'')
            .and_then(|s| s.strip_suffix('\''))
        {
            Some(inside) => inside.replace(r"'\''", "'"),
            None => wording.to_owned(),
        }
    }

    #[test]
    fn the_flag_that_a_question_proposes_is_read_as_it_was_meant() {
        for name in [
            "sex",
            "sex=recorded",
            "sex, recorded",
            "the \"sex\"",
            "Patient's sex",
            "a=\"b\",c='d'",
            "\"",
        ] {
            let wording = proposed(Question::Column {
                role: Role::Sex,
                found: vec![name.to_owned()],
                why: Ambiguity::Missing,
            });
            let Columns(read) = columns_from_str(&wording).unwrap();
            assert_eq!(read, [(Role::Sex, name.to_owned())], "{wording}");
            let wording = proposed(Question::Values(ValuesQuestion {
                column: "sex".to_owned(),
                labels: ["female", "male"].map(str::to_owned),
                values: vec![(name.to_owned(), 1)],
                more: 0,
            }));
            let Values(read) = values_from_str(&wording).unwrap();
            let label = Meaning::Label("LABEL".to_owned());
            assert_eq!(read, [(name.to_owned(), label)], "{wording}");
        }
    }

    #[test]
    fn columns_values_and_rows_are_read() {
        let parse = |more: &[&str]| {
            let words = [
                &["gantei", "check-import", "m", "--labels", "t.csv", "eyes"],
                more,
            ]
            .concat();
            Args::try_parse_from(words).map(|args| match args.command {
                Some(Command::CheckImport(args)) => args,
                _ => unreachable!("the command is check-import"),
            })
        };
        let answers = |more: &[&str]| parse(more).unwrap().request().answers;
        let wording = answers(&[
            "--columns",
            "image=Image Name,sex=#3",
            "--columns",
            "person=ID",
            "--values",
            "1=male, 2 = female,9=-",
        ]);
        let columns = [
            (Role::Image, "Image Name"),
            (Role::Sex, "#3"),
            (Role::Person, "ID"),
        ];
        assert_eq!(
            wording.columns,
            columns.map(|(role, name)| (role, name.to_owned()))
        );
        let label = |word: &str| Meaning::Label(word.to_owned());
        let values = [
            ("1", label("male")),
            ("2", label("female")),
            ("9", Meaning::LeaveOut),
        ];
        assert_eq!(
            wording.values,
            values.map(|(value, meaning)| (value.to_owned(), meaning))
        );
        let quoted = answers(&["--values", "\"a,b=c=x\",d=y"]);
        assert_eq!(quoted.values[0], ("a,b=c".to_owned(), label("x")));
        for wrong in [
            ["--columns", "shoe=x"],
            ["--columns", "image"],
            ["--values", "1="],
            ["--values", "=x"],
            ["--apply=first", "-h"],
        ] {
            assert!(parse(&wrong).is_err(), "{wrong:?}");
        }
        let choice = |more: &[&str]| parse(more).unwrap().choice();
        assert_eq!(choice(&[]), None);
        assert_eq!(choice(&["--apply"]), Some(Choice::default()));
        let order = Some(LabelOrder::Swap);
        assert_eq!(
            choice(&["--apply=3", "--label-order", "swap"]),
            Some(Choice {
                row: Some(3),
                order
            })
        );
        assert!(parse(&["--label-order", "swap"]).is_err());
    }
}
