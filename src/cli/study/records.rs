//! `gantei study records`: photographs whose recorded label a model contradicts, with the photographs most like them.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::{CommandOutput, Refusal, done};
use crate::domain::Lang;
use crate::domain::foreign::escaped;
use crate::evaluation::records_check::{RecordPhotograph, RecordsCheck};
use crate::export::records_check::document;
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::text::performance::PlotText;
use crate::text::{records_check as words, research_only};
use crate::workflow::Context;
use crate::workflow::study::{RecordsRequest, check_records, write_records};

/// Records that are printed; files and --json have all.
const PRINTED: usize = 20;

#[derive(Debug, clap::Args)]
pub struct StudyRecordsArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Model with two labels; the first of the study if not given
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Similar photographs for each, by what the model saw
    #[arg(long, default_value_t = 6, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=20))]
    similar: u8,
    /// Device on which features are computed that the runs did not keep
    #[arg(long, default_value = "auto", value_name = "DEVICE")]
    device: Device,
    /// Put numbers in place of the names of photographs and persons
    #[arg(long)]
    mask_names: bool,
    /// Folder for records-to-check.csv and similar-photographs.csv
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn perform(
    ctx: &Context,
    args: &StudyRecordsArgs,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    let request = RecordsRequest {
        model: args.model.clone(),
        device: args.device,
        similar: usize::from(args.similar),
    };
    let mut check = check_records(ctx, &args.folder, &request, cancel, progress)?;
    if args.mask_names {
        check.mask();
    }
    let mut human = said(&check);
    if let Some(out) = &args.out {
        let files = write_records(&check, out, cancel)?;
        let out = out.to_string_lossy();
        let _ = writeln!(human, "{} in {}", files.join(", "), escaped(&out));
    }
    human.push_str(research_only(Lang::En));
    Ok(done(document(&check), human))
}

fn said(check: &RecordsCheck) -> String {
    let mut lines = Vec::new();
    let model = std::slice::from_ref(&check.model);
    if check.is_demonstration {
        lines.push(PlotText(Lang::En).demonstration(model));
    }
    if check.is_unconfirmed {
        lines.push(PlotText(Lang::En).unconfirmed(model));
    }
    lines.push(words::summary(check, Lang::En));
    lines.push(words::either_may_be_right(Lang::En).to_owned());
    lines.extend(words::without_features(check, Lang::En));
    for found in check.contradicted.iter().take(PRINTED) {
        let photograph = &check.photographs[found.photograph];
        let mut line = said_of(photograph, check);
        if let Some(decision) = &photograph.decision {
            let said = words::decision(decision.decision, Lang::En);
            let _ = write!(line, "  [{said}]");
        }
        lines.push(line);
        let same = found
            .similar
            .iter()
            .filter(|similar| similar.is_near_duplicate);
        for similar in same {
            let other = said_of(&check.photographs[similar.photograph], check);
            let whose = match similar.is_other_person {
                true => ", another person",
                false => "",
            };
            lines.push(format!("    near-duplicate{whose}: {other}"));
        }
    }
    let more = check.contradicted.len().saturating_sub(PRINTED);
    if more > 0 {
        lines.push(format!("{more} more, which --out and --json list"));
    }
    lines.join("\n") + "\n"
}

fn said_of(photograph: &RecordPhotograph, check: &RecordsCheck) -> String {
    let label = photograph
        .recorded
        .map(|is_one| &check.labels[usize::from(is_one)]);
    let recorded = label.map_or_else(|| "not recorded".to_owned(), |label| escaped(label));
    let person = photograph.person.as_deref().map(escaped);
    let person = person.map_or_else(String::new, |person| format!("{person}, "));
    let score = photograph
        .score
        .map_or_else(String::new, |score| format!(", score {score:.3}"));
    let image = escaped(&photograph.image);
    format!(
        "{image}  {person}{}, recorded {recorded}{score}",
        photograph.eye.as_str()
    )
}
