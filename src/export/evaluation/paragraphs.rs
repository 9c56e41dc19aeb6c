//! The evaluation of a study as paragraphs of a paper.

use crate::domain::Lang;
use crate::evaluation::performance::EvaluationReport;
use crate::text::performance::PlotText;
use crate::text::report::Report;
use crate::text::research_only;

/// Methods and results of a paper, as paragraphs: how the answers and the figures were computed, the figures of every
/// model and the comparisons, sources, and the research-only line.
pub fn methods_and_results(report: &EvaluationReport, lang: Lang) -> String {
    let words = Report(lang);
    let computed = match lang {
        Lang::En => &report.computed.en,
        Lang::Ja => &report.computed.ja,
    };
    let mut paragraphs = vec![
        words.of("METHODS", "方法").to_owned(),
        computed.clone(),
        words.evaluation_methods(report),
        words.of("RESULTS", "結果").to_owned(),
    ];
    for model in &report.models {
        let own = std::slice::from_ref(&model.id);
        if model.is_demonstration {
            paragraphs.push(PlotText(lang).demonstration(own));
        }
        if model.is_unconfirmed {
            paragraphs.push(PlotText(lang).unconfirmed(own));
        }
        paragraphs.extend(words.evaluation_results(report, model));
    }
    paragraphs.extend(report.pairs.iter().map(|pair| words.evaluation_pair(pair)));
    let sources = words.evaluation_sources(report);
    if !sources.is_empty() {
        paragraphs.push(words.of("SOURCES", "文献").to_owned());
        paragraphs.push(sources.join("\n"));
    }
    paragraphs.push(research_only(lang).to_owned());
    paragraphs.join("\n\n") + "\n"
}
