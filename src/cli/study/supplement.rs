//! `gantei study supplement`: what stands in for labels that are not recorded.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::{CommandOutput, Refusal, done};
use crate::domain::Lang;
use crate::domain::foreign::escaped;
use crate::evaluation::supplement::SupplementReport;
use crate::export::supplement::document;
use crate::progress::Cancel;
use crate::text::performance::PlotText;
use crate::text::{research_only, supplement as words};
use crate::workflow::study::{SupplementRequest, export_supplement, supplement};

#[derive(Debug, clap::Args)]
pub struct StudySupplementArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Model with two labels; the first of the study if not given
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Column of the outcome that the label is to be related to; with it missing labels are drawn (multiple imputation)
    #[arg(long, value_name = "COLUMN")]
    outcome: Option<String>,
    /// Further column of the analysis, for the draws; may be repeated
    #[arg(long, value_name = "COLUMN", requires = "outcome")]
    covariate: Vec<String>,
    /// Number of imputations
    #[arg(long, default_value_t = 20, value_name = "M", value_parser = clap::value_parser!(u16).range(2..=200))]
    imputations: u16,
    /// Seed of the draws and of the parts of the calibration
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    seed: u64,
    /// Also state the label at the operating threshold, with the loss that its use brings
    #[arg(long)]
    hard_labels: bool,
    /// Folder for supplement.csv, supplement.json and imputed.mice.csv, imputed.stata.csv, imputed.spss.csv
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Put numbers in place of the names of persons in the files
    #[arg(long)]
    mask_names: bool,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn perform(
    args: &StudySupplementArgs,
    cancel: &Cancel,
) -> Result<CommandOutput, Refusal> {
    let request = SupplementRequest {
        model: args.model.clone(),
        outcome: args.outcome.clone(),
        covariates: args.covariate.clone(),
        imputations: usize::from(args.imputations),
        seed: args.seed,
        with_hard_labels: args.hard_labels,
    };
    let report = supplement(&args.folder, &request, cancel)?;
    let report = match args.mask_names {
        true => report.masked(),
        false => report,
    };
    let mut human = said(&report);
    if let Some(out) = &args.out {
        let files = export_supplement(&args.folder, &request, &report, out, cancel)?;
        let out = out.to_string_lossy();
        let _ = writeln!(human, "{} in {}", files.join(", "), escaped(&out));
    }
    human.push_str(research_only(Lang::En));
    Ok(done(document(&report), human))
}

fn said(report: &SupplementReport) -> String {
    let mut lines = Vec::new();
    let model = std::slice::from_ref(&report.model);
    if report.is_demonstration {
        lines.push(PlotText(Lang::En).demonstration(model));
    }
    if report.is_unconfirmed {
        lines.push(PlotText(Lang::En).unconfirmed(model));
    }
    lines.extend(words::summary(report, Lang::En));
    lines.join("\n") + "\n"
}
