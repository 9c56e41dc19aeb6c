//! The evaluation of a study as tables, as a document and as plots.

use serde_json::{Map, Value, json};

use super::plot::{self, FlowChart, FlowStep, ForestRow, ModelSize, Plot, PlottedModel};
use super::published::PUBLISHED;
use crate::domain::Lang;
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, Cases, Estimate, EvaluationReport, Measure, ModelReport, Unit,
    UnitReport, corrected_age_gaps,
};
use crate::text::evaluation::{flow_steps, flow_title};
use crate::text::performance::{PlotText, any_figure};
use crate::text::report::Report;
use crate::text::research_only;
use crate::text::window::Texts;

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Lower and upper end; null where there is no interval.
fn ends(interval: Option<[f64; 2]>) -> [Value; 2] {
    interval.map_or([Value::Null, Value::Null], |ends| ends.map(Value::from))
}

fn cells(estimate: &Estimate) -> Value {
    let [low, high] = ends(estimate.interval.ok());
    json!({
        "value": estimate.value.ok(),
        "low": low,
        "high": high,
        "interval": estimate.interval.is_ok().then(|| estimate.method.as_str()),
        "cases": estimate.cases,
        "why_no_value": estimate.value.err().map(|why| why.code()),
        "why_no_interval": estimate.interval.err().map(|why| why.code()),
    })
}

/// What every row says of its model and unit.
fn of_model(model: &ModelReport, unit: &UnitReport) -> Map<String, Value> {
    object(json!({
        "model": model.id,
        "demonstration_model": model.is_demonstration,
        "unconfirmed_settings": model.is_unconfirmed,
        "unit": unit.unit.as_str(),
    }))
}

fn every_unit(report: &EvaluationReport) -> impl Iterator<Item = (&ModelReport, &UnitReport)> {
    report
        .models
        .iter()
        .flat_map(|model| model.units.iter().map(move |unit| (model, unit)))
}

/// A row for each model, unit and figure.
pub fn figures(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = every_unit(report).flat_map(|(model, unit)| {
        unit.figures.iter().map(move |(figure, estimate)| {
            let mut row = of_model(model, unit);
            row.insert("figure".into(), figure.as_str().into());
            row.extend(object(cells(estimate)));
            row
        })
    });
    rows.collect()
}

/// A row for each model, unit and subgroup.
pub fn subgroups(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = every_unit(report).flat_map(|(model, unit)| {
        unit.subgroups.iter().map(move |group| {
            let mut row = of_model(model, unit);
            row.extend(object(json!({
                "by": group.by, "subgroup": group.value, "figure": group.figure.as_str(),
                "few_cases": group.is_small,
            })));
            row.extend(object(cells(&group.estimate)));
            row
        })
    });
    rows.collect()
}

/// The flow of photographs: for each model and unit a row for each reason for which some belong to no case, one for those
/// that are evaluated, with the number of cases, one for cases of unknown persons, and one for cases without subgroup.
pub fn flow(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    for (model, unit) in every_unit(report) {
        let row = |reason: &str, photographs: Option<usize>, cases: Option<usize>| {
            let mut row = of_model(model, unit);
            row.extend(object(
                json!({ "reason": reason, "photographs": photographs, "cases": cases }),
            ));
            row
        };
        let left_out = unit.left_out.iter();
        rows.extend(left_out.map(|(why, count)| row(why.as_str(), Some(*count), None)));
        let cases = unit.cases.as_ref().map_or(0, Cases::len);
        rows.push(row("evaluated", Some(unit.photographs), Some(cases)));
        if unit.unknown_persons > 0 {
            rows.push(row("person-not-known", None, Some(unit.unknown_persons)));
        }
        for (by, count) in unit.without_value.iter().filter(|(_, count)| *count > 0) {
            rows.push(row(&format!("no-single-value-of {by}"), None, Some(*count)));
        }
    }
    rows
}

/// The records to check: a row for each photograph whose recorded label a model contradicts, the strongest contradiction
/// first.
pub fn records_to_check(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let models = report.models.iter();
    let of_model = |model: &'_ ModelReport| -> Vec<Map<String, Value>> {
        let rows = model
            .records_to_check
            .iter()
            .enumerate()
            .map(|(place, record)| {
                let label = |is_one: bool| {
                    let labels = model.labels.as_ref()?;
                    Some(labels[usize::from(is_one)].clone())
                };
                object(json!({
                    "model": model.id,
                    "demonstration_model": model.is_demonstration,
                    "unconfirmed_settings": model.is_unconfirmed,
                    "rank": place + 1,
                    "image": record.image,
                    "person": record.person,
                    "eye": record.eye.as_str(),
                    "recorded": label(record.recorded),
                    "score": record.score,
                    "logit": record.logit,
                    "applicability": record.applicability.map(|grade| grade.as_str()),
                }))
            });
        rows.collect()
    };
    models.flat_map(of_model).collect()
}

/// Age gaps of a model that estimates the age, in years: a row for each photograph; none if all recorded ages are equal.
pub fn age_gaps(model: &ModelReport) -> Vec<Map<String, Value>> {
    let Some(unit) = by_photograph(model).filter(|_| model.is_of_age) else {
        return Vec::new();
    };
    let Some(Cases::Ages(ages)) = &unit.cases else {
        return Vec::new();
    };
    let gaps = corrected_age_gaps(ages).unwrap_or_default();
    let values = ages.recorded().iter().zip(ages.estimated());
    let rows = unit.names.iter().zip(values).zip(gaps);
    let rows = rows.map(|((name, (recorded, estimated)), gap)| {
        let mut row = of_model(model, unit);
        row.extend(object(json!({
            "image": name, "recorded": recorded, "estimated": estimated,
            "gap": gap.raw, "corrected_gap": gap.corrected,
        })));
        row
    });
    rows.collect()
}

/// A row for each pair of models.
pub fn pairs(report: &EvaluationReport) -> Vec<Map<String, Value>> {
    let rows = report.pairs.iter().map(|pair| {
        let found = &pair.comparison;
        let [low, high] = ends(found.interval.ok());
        let is_either = |model: &&ModelReport| model.id == pair.first || model.id == pair.second;
        let mut models = report.models.iter().filter(is_either);
        let demonstration = models.any(|model| model.is_demonstration);
        object(json!({
            "first": pair.first, "second": pair.second, "demonstration_model": demonstration, "cases": pair.cases,
            "auc_difference": found.difference.ok(), "low": low, "high": high,
            "interval": found.interval.is_ok().then(|| found.method.as_str()),
            "p_value": found.p_value.ok(),
            "first_only_right": found.mcnemar.map(|m| m.first_only),
            "second_only_right": found.mcnemar.map(|m| m.second_only),
            "mcnemar_p_value": found.mcnemar.map(|m| m.p_value),
            "why_none": found.interval.err().map(|why| why.code()),
        }))
    });
    rows.collect()
}

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

/// Every plot with the stem of its files, by photographs.
pub fn plots(report: &EvaluationReport, lang: Lang) -> Vec<(String, Plot)> {
    let mut plots = Vec::new();
    let of_labels: Vec<PlottedModel> = report.models.iter().filter_map(plotted).collect();
    if !of_labels.is_empty() {
        plots.push(("roc".to_owned(), plot::roc(&of_labels, lang)));
        plots.push((
            "precision-recall".to_owned(),
            plot::precision_recall(&of_labels, lang),
        ));
        plots.push((
            "calibration".to_owned(),
            plot::calibration(&of_labels, lang),
        ));
    }
    for model in &report.models {
        if let (Some(scores), Some([zero, one])) = (plotted(model), &model.labels) {
            plots.push((
                format!("scores.{}", model.id),
                plot::score_histogram(&scores, [zero, one], lang),
            ));
        }
        let Some(unit) = by_photograph(model) else {
            continue;
        };
        if let Some(Cases::Ages(ages)) = &unit.cases {
            let figures: Vec<(AgeFigure, Estimate)> = unit
                .figures
                .iter()
                .filter_map(|(figure, estimate)| match figure {
                    AnyFigure::Age(figure) => Some((*figure, *estimate)),
                    AnyFigure::Label(_) => None,
                })
                .collect();
            plots.push((
                format!("values.{}", model.id),
                plot::value_scatter(&model.id, ages, model.is_of_age, lang),
            ));
            let bland_altman = plot::bland_altman(&model.id, ages, &figures, model.is_of_age, lang);
            plots.push((format!("bland-altman.{}", model.id), bland_altman));
        }
        if let Some(first) = unit.subgroups.first() {
            let words = Texts(lang);
            let rows: Vec<ForestRow> = unit
                .subgroups
                .iter()
                .map(|group| ForestRow {
                    name: format!(
                        "{}: {}",
                        words.subgroup_column_name(&group.by),
                        words.subgroup_value(&group.by, &group.value)
                    ),
                    estimate: group.estimate,
                    is_small: group.is_small,
                })
                .collect();
            let label = any_figure(first.figure, lang);
            plots.push((
                format!("subgroups.{}", model.id),
                plot::forest(label, &rows, lang),
            ));
        }
    }
    plots.extend(file_sizes(report, lang).map(|plot| ("accuracy-by-file-size".to_owned(), plot)));
    let notes = notes(report, lang);
    for (_, plot) in &mut plots {
        plot.notes.extend(notes.iter().cloned());
    }
    plots
}

/// The flow of photographs of each model, with the stem of its files.
pub fn flow_charts(report: &EvaluationReport, lang: Lang) -> Vec<(String, FlowChart)> {
    let charts = report.models.iter().map(|model| {
        let steps = flow_steps(report.photographs, model, lang).into_iter();
        let chart = FlowChart {
            title: flow_title(&model.id, lang),
            steps: steps
                .map(|[remaining, leaving]| FlowStep { remaining, leaving })
                .collect(),
            notes: notes(report, lang),
        };
        (format!("flow.{}", model.id), chart)
    });
    charts.collect()
}

/// What every plot says of its models and persons.
fn notes(report: &EvaluationReport, lang: Lang) -> Vec<String> {
    let names = |of: fn(&ModelReport) -> bool| -> Vec<String> {
        let models = report.models.iter().filter(|model| of(model));
        models.map(|model| model.id.clone()).collect()
    };
    let unknown = report.models.iter().filter_map(by_photograph);
    let unknown = unknown.map(|unit| unit.unknown_persons).max().unwrap_or(0);
    let words = PlotText(lang);
    let notes = [
        (unknown > 0).then(|| words.unknown_persons(unknown)),
        some(names(|model| model.is_demonstration)).map(|names| words.demonstration(&names)),
        some(names(|model| model.is_unconfirmed)).map(|names| words.unconfirmed(&names)),
    ];
    notes.into_iter().flatten().collect()
}

fn some(names: Vec<String>) -> Option<Vec<String>> {
    Some(names).filter(|names| !names.is_empty())
}

fn by_photograph(model: &ModelReport) -> Option<&UnitReport> {
    model
        .units
        .iter()
        .find(|unit| unit.unit == Unit::Photograph)
}

fn plotted(model: &ModelReport) -> Option<PlottedModel<'_>> {
    match by_photograph(model)?.cases.as_ref()? {
        Cases::Labels(cases) => Some(PlottedModel {
            name: &model.id,
            cases,
            threshold: model.threshold?,
        }),
        Cases::Ages(_) => None,
    }
}

/// Accuracy over the size of the model file, beside the release's own figures.
fn file_sizes(report: &EvaluationReport, lang: Lang) -> Option<Plot> {
    let own = report.models.iter().filter_map(|model| {
        let figures = &by_photograph(model)?.figures;
        let is_accuracy = |figure: &AnyFigure| *figure == AnyFigure::Label(Measure::Accuracy);
        let (_, estimate) = figures.iter().find(|(figure, _)| is_accuracy(figure))?;
        Some(ModelSize {
            name: model.id.clone(),
            megabytes: model.megabytes?,
            value: estimate.value.ok()?,
            interval: estimate.interval.ok(),
        })
    });
    let models: Vec<ModelSize> = own.collect();
    if models.is_empty() {
        return None;
    }
    let label = any_figure(AnyFigure::Label(Measure::Accuracy), lang);
    let is_of_sex = report.models.iter().all(|model| model.is_of_sex);
    let published = PUBLISHED.iter().filter(|_| is_of_sex);
    let published: Vec<_> = published.map(|of| (of.model, of.accuracy)).collect();
    Some(plot::by_file_size(label, &models, &published, lang))
}
