//! `gantei study labels`: how a study reads its table of labels.

use std::path::PathBuf;

use serde_json::json;
use strum::IntoEnumIterator;

use super::text;
use crate::cli::table_args::TableArgs;
use crate::cli::{CommandOutput, Refusal, done};
use crate::evaluation;
use crate::progress::Cancel;
use crate::workflow::Error;
use crate::workflow::study::labels::{LabelList, save_list};
use crate::workflow::study::{self, LabelMatch};

#[derive(Debug, clap::Args)]
pub struct StudyLabelsArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    table: TableArgs,
    /// Output folder for lists of what has no row, no photograph, or cannot be read; without it nothing is written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

/// Photographs of a table of labels that are shown.
const SHOWN: usize = 5;

/// Reads a table of labels, and keeps in the study how it is read.
pub(super) fn perform(args: &StudyLabelsArgs, cancel: &Cancel) -> Result<CommandOutput, Refusal> {
    let mut open = study::open(&args.folder)?;
    let listing = study::photographs(open.folder(), open.study(), cancel)?;
    listing.check()?;
    let answers = args.table.answers(false);
    let proposal = study::propose_labels(open.study(), &listing, args.table.file(), &answers)?;
    let (mapping, labels) = match (proposal.mapping, proposal.question) {
        (Some(mapping), None) => (mapping, proposal.labels),
        (_, question) => {
            let question = question.map(evaluation::Error::Question);
            return Err(Error::from(question.unwrap_or(evaluation::Error::NoRows)).into());
        }
    };
    study::confirm_labels(&mut open, args.table.file(), mapping)?;
    if let Some(out) = &args.out {
        for list in LabelList::iter().filter(|list| labels.lists.count(*list) > 0) {
            save_list(&labels.lists, list, out)?;
        }
    }
    let Some((mapping, status)) = open.study().labels.as_ref().zip(study::label_status(
        open.folder(),
        open.study(),
        &listing,
    )?) else {
        return Err(Error::from(evaluation::Error::NoRows).into());
    };
    let matches = LabelMatch::first(&labels, &listing, SHOWN);
    let lists = &labels.lists;
    let document = json!({
        "mapping": mapping,
        "labels": status,
        "first": matches,
        "without_row": lists.without_row,
        "without_photograph": lists.without_photograph,
        "ambiguous": lists.ambiguous,
    });
    Ok(done(document, text::labelled(mapping, &status, &matches)))
}
