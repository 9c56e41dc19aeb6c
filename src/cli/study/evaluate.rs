//! `gantei study evaluate`: the figures of a study's models on its labels.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::{CommandOutput, Refusal, done};
use crate::domain::Lang;
use crate::domain::foreign::escaped;
use crate::evaluation::performance::{
    AnyFigure, Estimate, EvaluationOptions, EvaluationReport, UnitReport,
};
use crate::export::evaluation::document;
use crate::progress::{Cancel, Progress};
use crate::text::figure_values::{
    decimals_of_difference, figure_value, interval, number, p_equation, range,
};
use crate::text::performance::{PlotText, any_figure, undefined};
use crate::text::research_only;
use crate::workflow::Context;
use crate::workflow::study::{EvaluationRequest, evaluate, export_evaluation};

#[derive(Debug, clap::Args)]
pub struct StudyEvaluateArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Subgroups by a column: eye, quality, applicability, field (what it is centred on), age, or a column of the table that the study keeps; may be repeated
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    /// Share of positive cases for which predictive values are stated, 0 to 1; that of the cases if not given
    #[arg(long, value_name = "SHARE", value_parser = share_from_str)]
    prevalence: Option<f64>,
    /// Samples of persons for each interval by bootstrap
    #[arg(long, default_value_t = 2000, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=100_000))]
    samples: u32,
    /// Folder for tables (CSV, XLSX), evaluation.json and plots (PNG, SVG, PDF, points as CSV)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Language of the plots
    #[arg(long, default_value = "en", value_name = "en|ja", value_parser = crate::cli::figure_args::lang_from_str)]
    language: Lang,
    /// Put numbers in place of the names of photographs and persons in the files
    #[arg(long)]
    mask_names: bool,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

fn share_from_str(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "give a share from 0 to 1, such as 0.2".to_owned())
}

pub(super) fn perform(
    ctx: &Context,
    args: &StudyEvaluateArgs,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    let request = EvaluationRequest {
        by: args.by.clone(),
        prevalence: args.prevalence,
        options: EvaluationOptions {
            samples: args.samples as usize,
            ..EvaluationOptions::default()
        },
    };
    let report = evaluate(ctx, &args.folder, &request, cancel, progress)?;
    let report = match args.mask_names {
        true => report.masked(),
        false => report,
    };
    let mut human = said(&report);
    if let Some(out) = &args.out {
        let files = export_evaluation(&args.folder, &report, out, args.language, cancel)?;
        let _ = writeln!(
            human,
            "{} files in {}",
            files.len(),
            escaped(&out.to_string_lossy())
        );
    }
    human.push_str(research_only(Lang::En));
    Ok(done(document(&report), human))
}

fn said(report: &EvaluationReport) -> String {
    let mut text = String::new();
    for model in &report.models {
        if model.is_demonstration {
            let note = PlotText(Lang::En).demonstration(std::slice::from_ref(&model.id));
            let _ = writeln!(text, "{note}");
        }
        if model.is_unconfirmed {
            let note = PlotText(Lang::En).unconfirmed(std::slice::from_ref(&model.id));
            let _ = writeln!(text, "{note}");
        }
        for unit in &model.units {
            unit_said(&mut text, &model.id, unit);
        }
    }
    for pair in &report.pairs {
        let found = &pair.comparison;
        let _ = writeln!(
            text,
            "{} less {} by {}: {} cases",
            escaped(&pair.first),
            escaped(&pair.second),
            pair.unit.as_str(),
            pair.cases
        );
        let ends = found.interval.ok();
        let numbers: Vec<f64> = { found.difference.ok().into_iter() }
            .chain(ends.into_iter().flatten())
            .collect();
        let decimals = decimals_of_difference(&numbers);
        let value = match found.difference {
            Ok(value) => number(value, decimals),
            Err(why) => undefined(why, Lang::En).to_owned(),
        };
        let interval = ends.map_or(String::new(), |ends| {
            format!(
                "  {}  {}",
                range(ends, decimals, Lang::En),
                found.method.as_str()
            )
        });
        let _ = writeln!(text, "  {:32} {value}{interval}", "difference of the AUC");
        if let Ok(p_value) = found.p_value {
            let _ = writeln!(text, "  {:32} {}", "DeLong", p_equation(p_value));
        }
        if let Some(mcnemar) = found.mcnemar {
            let _ = writeln!(text, "  {:32} {}", "McNemar", p_equation(mcnemar.p_value));
        }
    }
    text
}

fn unit_said(text: &mut String, model: &str, unit: &UnitReport) {
    let cases = unit.cases.as_ref().map_or(0, |cases| cases.len());
    let _ = writeln!(
        text,
        "{} by {}: {cases} cases",
        escaped(model),
        unit.unit.as_str()
    );
    for (why, photographs) in &unit.left_out {
        let _ = writeln!(
            text,
            "  {:32} {}",
            format!("left out ({})", why.as_str()),
            photographs.len()
        );
    }
    if unit.unknown_persons > 0 {
        let note = PlotText(Lang::En).unknown_persons(unit.unknown_persons);
        let _ = writeln!(text, "  {note}");
    }
    for (by, count) in unit.without_value.iter().filter(|(_, count)| *count > 0) {
        let what = format!("no single value of {}", escaped(by));
        let _ = writeln!(text, "  {what:32} {count}");
    }
    for (figure, estimate) in &unit.figures {
        line(text, any_figure(*figure, Lang::En), *figure, estimate);
    }
    for group in &unit.subgroups {
        let few = if group.is_small { ", few cases" } else { "" };
        let name = format!(
            "{} {} = {} (n = {}{few})",
            group.figure.as_str(),
            escaped(&group.by),
            escaped(&group.value),
            group.estimate.cases
        );
        line(text, &name, group.figure, &group.estimate);
    }
}

fn line(text: &mut String, name: &str, figure: AnyFigure, estimate: &Estimate) {
    let value = match estimate.value {
        Ok(value) => figure_value(figure, value),
        Err(why) => undefined(why, Lang::En).to_owned(),
    };
    let interval = match (estimate.value, estimate.interval) {
        (Ok(_), Ok(ends)) => {
            let ends = interval(figure, ends, Lang::En);
            format!("  {ends}  {}", estimate.method.as_str())
        }
        (Ok(_), Err(why)) => format!("  no interval: {}", undefined(why, Lang::En)),
        (Err(_), _) => String::new(),
    };
    let _ = writeln!(text, "  {name:32} {value}{interval}");
}
