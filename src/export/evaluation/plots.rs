//! The plots of an evaluation, for files and for the window.

use crate::domain::Lang;
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, Cases, Estimate, EvaluationReport, Measure, ModelReport, Unit, UnitReport,
};
use crate::export::plot::{self, FlowChart, FlowStep, ForestRow, ModelSize, Plot, PlottedModel};
use crate::export::published::{PUBLISHED, Published};
use crate::text::evaluation::{flow_steps, flow_title};
use crate::text::performance::{PlotText, measure};
use crate::text::window::Texts;

/// Every plot with the stem of its files, by photographs.
pub fn plots(report: &EvaluationReport, lang: Lang) -> Vec<(String, Plot)> {
    let mut plots = Vec::new();
    let of_labels: Vec<PlottedModel> = report
        .models
        .iter()
        .filter_map(|model| plotted(model, Unit::Photograph))
        .collect();
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
        if let Some(scores) = plotted(model, Unit::Photograph) {
            plots.push((
                format!("scores.{}", model.id),
                plot::score_histogram(&scores, lang),
            ));
        }
        let Some(unit) = model.by_unit(Unit::Photograph) else {
            continue;
        };
        if let Some([scatter, differences]) = of_values(model, unit, lang) {
            plots.push((format!("values.{}", model.id), scatter));
            plots.push((format!("bland-altman.{}", model.id), differences));
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
            plots.push((
                format!("subgroups.{}", model.id),
                plot::forest((first.figure, &model.id), &rows, lang),
            ));
        }
    }
    let sizes = by_file_size(report, Unit::Photograph, Measure::Accuracy, lang);
    plots.extend(sizes.map(|plot| ("accuracy-by-file-size".to_owned(), plot)));
    for (stem, plot) in &mut plots {
        let of_one = { report.models.iter() }.find(|model| {
            stem.strip_suffix(&model.id)
                .is_some_and(|kind| kind.ends_with('.'))
        });
        let of_labels = report.models.iter().filter(|model| model.labels.is_some());
        let models: Vec<&ModelReport> = match of_one {
            Some(model) => vec![model],
            None => of_labels.collect(),
        };
        plot.notes.extend(notes(&models, lang));
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
            notes: notes(&[model], lang),
        };
        (format!("flow.{}", model.id), chart)
    });
    charts.collect()
}

/// What every plot says of its models and persons.
fn notes(models: &[&ModelReport], lang: Lang) -> Vec<String> {
    let names = |of: fn(&ModelReport) -> bool| -> Vec<String> {
        let models = models.iter().filter(|model| of(model));
        models.map(|model| model.id.clone()).collect()
    };
    let unknown = models.iter();
    let unknown = unknown.filter_map(|model| model.by_unit(Unit::Photograph));
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

/// The cases of a model with two labels by a unit, at its operating threshold.
pub fn plotted(model: &ModelReport, unit: Unit) -> Option<PlottedModel<'_>> {
    let labels = model.labels.as_ref()?;
    match model.by_unit(unit)?.cases.as_ref()? {
        Cases::Labels(cases) => Some(PlottedModel {
            name: &model.id,
            cases,
            threshold: model.threshold.unwrap_or(0.5),
            unit,
            labels: labels.each_ref().map(String::as_str),
        }),
        Cases::Ages(_) => None,
    }
}

/// Estimated over recorded values, and their differences over their means, of a model that estimates a number.
pub fn of_values(model: &ModelReport, unit: &UnitReport, lang: Lang) -> Option<[Plot; 2]> {
    let Some(Cases::Ages(values)) = &unit.cases else {
        return None;
    };
    let figures = unit.figures.iter();
    let figures: Vec<(AgeFigure, Estimate)> = figures
        .filter_map(|(figure, estimate)| match figure {
            AnyFigure::Age(figure) => Some((*figure, *estimate)),
            AnyFigure::Label(_) => None,
        })
        .collect();
    let is_of_age = model.is_of_age;
    Some([
        plot::value_scatter(&model.id, values, is_of_age, lang),
        plot::bland_altman(&model.id, values, &figures, is_of_age, lang),
    ])
}

/// A figure over the size of the model file, beside what the release states of its models; `None` if no model has both.
pub fn by_file_size(
    report: &EvaluationReport,
    unit: Unit,
    figure: Measure,
    lang: Lang,
) -> Option<Plot> {
    let own = report.models.iter().filter_map(|model| {
        let mut figures = model.by_unit(unit)?.figures.iter();
        let (_, estimate) = figures.find(|(of, _)| *of == AnyFigure::Label(figure))?;
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
    let of_release = |of: &Published| match figure {
        Measure::Accuracy => Some(of.accuracy),
        Measure::Auc => of.auc,
        _ => None,
    };
    let is_of_sex = report.models.iter().all(|model| model.is_of_sex);
    let published: Vec<(&str, f64)> = PUBLISHED
        .iter()
        .filter(|_| is_of_sex)
        .filter_map(|of| Some((of.model, of_release(of)?)))
        .collect();
    let label = measure(figure, lang);
    Some(plot::by_file_size(label, &models, &published, lang))
}
