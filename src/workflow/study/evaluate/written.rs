//! The files of an evaluation.

use std::path::Path;

use crate::domain::Lang;
use crate::evaluation::performance::EvaluationReport;
use crate::export::evaluation::{
    age_gaps, document, figures, flow, flow_charts, methods_and_results, pairs, plots,
    records_to_check, subgroups,
};
use crate::export::page::{self, Page};
use crate::export::plot::{self, PlotOptions};
use crate::export::xlsx::{Sheet, workbook};
use crate::export::{csv, json};
use crate::progress::Cancel;
use crate::storage::atomic;
use crate::workflow::Error;

/// Writes tables (CSV, and one workbook), the document, methods and results in both languages, and every plot as PNG
/// (300 dpi), SVG and PDF with its points as CSV; those of the flow charts are `flow.csv`. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, or it was cancelled; files written so far stay.
pub fn write(
    report: &EvaluationReport,
    folder: &Path,
    lang: Lang,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    atomic::prepare(folder)?;
    let mut names = Vec::new();
    let mut write = |name: String, bytes: &[u8]| -> Result<(), Error> {
        cancel.check()?;
        atomic::write(&folder.join(&name), bytes)?;
        names.push(name);
        Ok(())
    };
    let tables = [
        ("figures", figures(report)),
        ("subgroups", subgroups(report)),
        ("flow", flow(report)),
        ("comparisons", pairs(report)),
        ("records-to-check", records_to_check(report)),
    ];
    // Empty ones, too: they replace those of an earlier evaluation.
    for (name, rows) in &tables {
        write(format!("{name}.csv"), &csv::of_rows(rows))?;
    }
    for model in &report.models {
        let gaps = age_gaps(model);
        if !gaps.is_empty() {
            write(format!("age-gaps.{}.csv", model.id), &csv::of_rows(&gaps))?;
        }
    }
    let sheets = tables.iter().filter(|(_, rows)| !rows.is_empty());
    let sheets: Vec<Sheet> = sheets.map(|(name, rows)| Sheet { name, rows }).collect();
    let book = workbook(&sheets).map_err(|e| Error::Usage(e.to_string()))?;
    write("evaluation.xlsx".to_owned(), &book)?;
    write(
        "evaluation.json".to_owned(),
        json::text(&document(report)).as_bytes(),
    )?;
    for (name, lang) in [("en", Lang::En), ("ja", Lang::Ja)] {
        let text = methods_and_results(report, lang);
        write(format!("methods-and-results.{name}.txt"), text.as_bytes())?;
    }
    let options = PlotOptions {
        lang,
        ..PlotOptions::default()
    };
    let charts = flow_charts(report, lang).into_iter();
    let mut pages: Vec<(String, String, Page)> = charts
        .map(|(stem, chart)| {
            let laid = plot::flow_page(&chart, &options);
            (stem, chart.title, laid)
        })
        .collect();
    for (stem, plot) in plots(report, lang) {
        write(format!("{stem}.csv"), &csv::of_rows(&plot::table(&plot)))?;
        // Names of subgroups take their place beside the points.
        let wide = PlotOptions {
            width: 140.0,
            ..options
        };
        let options = if plot.y.names.is_empty() {
            &options
        } else {
            &wide
        };
        let laid = plot::page(&plot, options);
        pages.push((stem, plot.title, laid));
    }
    for (stem, title, laid) in pages {
        write(format!("{stem}.png"), &page::png::write(&laid)?)?;
        write(format!("{stem}.svg"), &page::svg::write(&laid, &title)?)?;
        let pdf = page::pdf::write(&[laid], &title).map_err(|e| Error::Usage(e.to_string()))?;
        write(format!("{stem}.pdf"), &pdf)?;
    }
    Ok(names)
}
