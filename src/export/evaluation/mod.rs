//! The evaluation of a study as tables, as a document, as plots and as paragraphs of a paper.

mod paragraphs;
mod plots;
mod tables;

use serde_json::{Value, json};

use crate::domain::Lang;
use crate::evaluation::performance::EvaluationReport;
use crate::text::research_only;

pub use paragraphs::methods_and_results;
pub use plots::{by_file_size, flow_charts, of_values, plots, plotted};
pub(super) use tables::record_cells;
pub use tables::{age_gaps, figures, flow, pairs, records_to_check, subgroups};

/// Everything as one document.
pub fn document(report: &EvaluationReport) -> Value {
    json!({
        "schema": 1,
        "research_only": research_only(Lang::En),
        "photographs": report.photographs,
        "samples": report.options.samples,
        "seed": report.options.seed,
        "prevalence": report.prevalence,
        "labels_sha256": report.labels_sha256,
        "models": report.models.iter().map(|model| json!({
            "id": model.id, "demonstration_model": model.is_demonstration,
            "unconfirmed_settings": model.is_unconfirmed, "labels": model.labels, "threshold": model.threshold,
        })).collect::<Vec<_>>(),
        "flow": flow(report),
        "figures": figures(report),
        "subgroups": subgroups(report),
        "pairs": pairs(report),
    })
}
