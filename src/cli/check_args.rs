//! Arguments of `gantei check-import`: a model, a table of labels with what only the user knows about it, photographs.

use std::path::PathBuf;
use std::str::FromStr;

use super::table_args::TableArgs;
use crate::runtime::Device;
use crate::workflow::CheckRequest;
use crate::workflow::check_import::{Choice, LabelOrder};

#[derive(Debug, clap::Args)]
pub struct CheckImportArgs {
    /// Id of a model in the library, or its file, folder or archive
    #[arg(value_name = "MODEL")]
    model: String,
    #[command(flatten)]
    table: TableArgs,
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
            labels: self.table.file().to_owned(),
            answers: self.table.answers(self.accept_any_picture),
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Args, Command};
    use crate::cli::items::items;
    use crate::cli::table_args::{Columns, Values, columns_from_str, values_from_str};
    use crate::evaluation::{self, Ambiguity, Meaning, Question, Role, ValuesQuestion};
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
