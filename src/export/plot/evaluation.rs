//! The plots of an evaluation.

use super::{Axis, Form, Plot, Point, Series, Tone};
use crate::domain::Lang;
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, Confusion, Estimate, LabelledAges, LabelledScores, Unit,
    calibration_curve, precision_recall_curve, roc_curve,
};
use crate::text::performance::{PlotText, any_figure, interval_method, undefined};

/// A model on its labelled cases.
#[derive(Clone, Copy, Debug)]
pub struct PlottedModel<'a> {
    pub name: &'a str,
    pub cases: &'a LabelledScores,
    /// Operating threshold, 0–1.
    pub threshold: f64,
    pub unit: Unit,
    /// Of outputs 0 and 1.
    pub labels: [&'a str; 2],
}

/// One row of a forest plot.
#[derive(Clone, Debug, PartialEq)]
pub struct ForestRow {
    /// The subgroup.
    pub name: String,
    pub estimate: Estimate,
    /// There are too few cases for it to say much.
    pub is_small: bool,
}

/// A model's figure and the size of its file.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSize {
    pub name: String,
    /// Size of the model file in megabytes (10⁶ bytes).
    pub megabytes: f64,
    /// The figure, 0–1.
    pub value: f64,
    pub interval: Option<[f64; 2]>,
}

const UNIT: [f64; 2] = [0.0, 1.0];

fn guide(points: Vec<Point>, name: impl Into<String>) -> Series {
    Series {
        name: name.into(),
        form: Form::Guide,
        tone: Tone::Quiet,
        points,
    }
}

fn counts(models: &[PlottedModel], lang: Lang) -> Vec<String> {
    let notes = models.iter().map(|model| {
        let (all, positives) = (model.cases.len(), model.cases.positives());
        PlotText(lang).counts(
            (model.name, model.unit),
            [all, model.cases.persons()],
            model.labels,
            [all - positives, positives],
        )
    });
    notes.collect()
}

/// Sensitivity over 1 − specificity for each model; its operating point is marked with a ring. Models whose cases have
/// one label only have no curve.
pub fn roc(models: &[PlottedModel], lang: Lang) -> Plot {
    let words = PlotText(lang);
    let mut series = vec![guide(
        vec![Point::at(0.0, 0.0), Point::at(1.0, 1.0)],
        words.chance(),
    )];
    for (number, model) in models.iter().enumerate() {
        let curve = roc_curve(model.cases);
        let points = curve
            .iter()
            .map(|p| Point::at(1.0 - p.specificity, p.sensitivity));
        series.push(Series {
            name: model.name.to_owned(),
            form: Form::Line,
            tone: Tone::Number(number),
            points: points.collect(),
        });
        let counts = Confusion::at(model.cases, model.threshold);
        if let Some((sensitivity, specificity)) = counts.sensitivity().zip(counts.specificity()) {
            series.push(Series {
                name: words.operating_point(model.name, model.threshold),
                form: Form::Ring,
                tone: Tone::Number(number),
                points: vec![Point::at(1.0 - specificity, sensitivity)],
            });
        }
    }
    Plot {
        title: words.roc().into(),
        x: Axis::new(words.one_minus_specificity(), UNIT),
        y: Axis::new(words.sensitivity(), UNIT),
        series,
        notes: counts(models, lang),
        square: true,
    }
}

/// Positive predictive value over sensitivity for each model, with the share of positive cases as a guide.
pub fn precision_recall(models: &[PlottedModel], lang: Lang) -> Plot {
    let words = PlotText(lang);
    let mut series = Vec::new();
    let shares = models.iter();
    let shares = shares.map(|model| model.cases.positives() as f64 / model.cases.len() as f64);
    let shares: Vec<f64> = shares.collect();
    // One line serves all models only if it is the same for all.
    if let Some(&share) = shares
        .first()
        .filter(|first| shares.iter().all(|s| s == *first))
    {
        series.push(guide(
            vec![Point::at(0.0, share), Point::at(1.0, share)],
            words.share_of_positives(),
        ));
    }
    for (number, model) in models.iter().enumerate() {
        let curve = precision_recall_curve(model.cases);
        series.push(Series {
            name: model.name.to_owned(),
            form: Form::Line,
            tone: Tone::Number(number),
            points: curve
                .iter()
                .map(|p| Point::at(p.recall, p.precision))
                .collect(),
        });
    }
    Plot {
        title: words.precision_recall().into(),
        x: Axis::new(words.sensitivity(), UNIT),
        y: Axis::new(words.positive_predictive_value(), UNIT),
        series,
        notes: counts(models, lang),
        square: true,
    }
}

/// Observed share over the mean score in ten bins, with Wilson's intervals.
pub fn calibration(models: &[PlottedModel], lang: Lang) -> Plot {
    let words = PlotText(lang);
    let mut series = vec![guide(
        vec![Point::at(0.0, 0.0), Point::at(1.0, 1.0)],
        words.perfect_calibration(),
    )];
    for (number, model) in models.iter().enumerate() {
        let points = calibration_curve(model.cases)
            .into_iter()
            .filter_map(|bin| {
                Some(Point {
                    x: bin.mean_score?,
                    y: bin.observed?,
                    interval: bin.interval,
                    name: None,
                })
            });
        series.push(Series {
            name: model.name.to_owned(),
            form: Form::Upright,
            tone: Tone::Number(number),
            points: points.collect(),
        });
    }
    let mut notes = counts(models, lang);
    let persons_repeat = models.iter().any(|model| model.cases.persons_repeat());
    notes.push(words.calibration_note(persons_repeat).into());
    Plot {
        title: words.calibration().into(),
        x: Axis::new(words.mean_score(), UNIT),
        y: Axis::new(words.observed_share(), UNIT),
        series,
        notes,
        square: true,
    }
}

/// Number of bins of the histogram.
const HISTOGRAM_BINS: usize = 20;

/// How many cases of each label have which score.
pub fn score_histogram(model: &PlottedModel, lang: Lang) -> Plot {
    let words = PlotText(lang);
    let mut bins = [[0_usize; HISTOGRAM_BINS]; 2];
    for (score, truth) in model.cases.scores().iter().zip(model.cases.truths()) {
        let bin = ((score * HISTOGRAM_BINS as f64) as usize).min(HISTOGRAM_BINS - 1);
        bins[usize::from(*truth)][bin] += 1;
    }
    let highest = bins.iter().flatten().max().copied().unwrap_or(0).max(1) as f64;
    let width = 1.0 / HISTOGRAM_BINS as f64;
    let mut series: Vec<_> = (0..2)
        .map(|label| Series {
            name: model.labels[label].to_owned(),
            // The two labels stand side by side in their bin.
            form: Form::Columns { width: 22 },
            tone: Tone::Number(label),
            points: bins[label]
                .iter()
                .enumerate()
                .map(|(bin, count)| {
                    let place = bin as f64 + 0.27 + 0.46 * label as f64;
                    Point::at(place * width, *count as f64)
                })
                .collect(),
        })
        .collect();
    let threshold = model.threshold;
    series.push(guide(
        vec![
            Point::at(threshold, 0.0),
            Point::at(threshold, highest * 1.05),
        ],
        words.threshold(threshold),
    ));
    Plot {
        title: words.histogram(model.name),
        x: Axis::new(words.score(), UNIT),
        y: Axis::new(words.cases(), [0.0, highest * 1.05]),
        series,
        notes: counts(&[*model], lang),
        square: false,
    }
}

/// Estimated over recorded value, in years for an age.
pub fn value_scatter(name: &str, values: &LabelledAges, is_of_age: bool, lang: Lang) -> Plot {
    let words = PlotText(lang);
    let all = || values.recorded().iter().chain(values.estimated()).copied();
    let labels = [
        words.recorded_value(is_of_age),
        words.estimated_value(is_of_age),
    ];
    let [x, y] = labels.map(|label| Axis::around(label, all()));
    let [low, high] = x.range;
    let pairs = values.recorded().iter().zip(values.estimated());
    Plot {
        title: words.values(name),
        series: vec![
            guide(
                vec![Point::at(low, low), Point::at(high, high)],
                words.equal_values(),
            ),
            Series {
                name: String::new(),
                form: Form::Dots,
                tone: Tone::Number(0),
                points: pairs.map(|(x, y)| Point::at(*x, *y)).collect(),
            },
        ],
        x,
        y,
        notes: vec![words.cases_of(values.len())],
        square: true,
    }
}

/// The difference over the mean of estimated and recorded value, with bias and limits of agreement from the figures.
pub fn bland_altman(
    name: &str,
    ages: &LabelledAges,
    figures: &[(AgeFigure, Estimate)],
    is_of_age: bool,
    lang: Lang,
) -> Plot {
    let words = PlotText(lang);
    let pairs = ages.recorded().iter().zip(ages.estimated());
    let points: Vec<_> = pairs
        .map(|(age, estimate)| Point::at((age + estimate) / 2.0, estimate - age))
        .collect();
    let lines: Vec<(AgeFigure, f64)> = figures
        .iter()
        .filter(|(figure, _)| {
            matches!(
                figure,
                AgeFigure::Bias | AgeFigure::LowerLimit | AgeFigure::UpperLimit
            )
        })
        .filter_map(|(figure, estimate)| Some((*figure, estimate.value.ok()?)))
        .collect();
    let x = Axis::around(words.mean_value(is_of_age), points.iter().map(|p| p.x));
    let heights = points
        .iter()
        .map(|p| p.y)
        .chain(lines.iter().map(|(_, value)| *value));
    let y = Axis::around(words.difference(is_of_age), heights);
    let mut series: Vec<_> = lines
        .iter()
        .map(|(figure, value)| {
            let ends = x.range.map(|x| Point::at(x, *value));
            guide(ends.to_vec(), words.line_of(*figure, *value))
        })
        .collect();
    series.push(Series {
        name: String::new(),
        form: Form::Dots,
        tone: Tone::Number(0),
        points,
    });
    Plot {
        title: words.bland_altman(name),
        x,
        y,
        series,
        notes: vec![words.cases_of(ages.len())],
        square: false,
    }
}

/// A figure of several subgroups with its intervals. Rows without a value keep their place and their name.
pub fn forest((figure, model): (AnyFigure, &str), rows: &[ForestRow], lang: Lang) -> Plot {
    let label = any_figure(figure, lang);
    let words = PlotText(lang);
    let points: Vec<_> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| {
            Some(Point {
                x: row.estimate.value.ok()?,
                y: place as f64,
                interval: row.estimate.interval.ok(),
                name: None,
            })
        })
        .collect();
    let ends = points.iter().flat_map(|p| {
        let [low, high] = p.interval.unwrap_or([p.x; 2]);
        [low, p.x, high]
    });
    let x = Axis::around(label, ends);
    let names = rows
        .iter()
        .map(|row| words.subgroup(&row.name, row.estimate.cases));
    let mut methods: Vec<_> = rows
        .iter()
        .filter(|row| row.estimate.interval.is_ok())
        .map(|row| interval_method(row.estimate.method, lang))
        .collect();
    methods.sort_unstable();
    methods.dedup();
    Plot {
        title: words.subgroups(label, model),
        x,
        y: Axis::of_names("", names.collect()),
        series: vec![Series {
            name: String::new(),
            form: Form::Level,
            tone: Tone::Number(0),
            points,
        }],
        notes: methods
            .into_iter()
            .map(|method| words.interval(method))
            .chain(forest_notes(
                rows,
                matches!(figure, AnyFigure::Label(_)),
                words,
            ))
            .collect(),
        square: false,
    }
}

/// Which rows have few cases, and why rows have no point.
fn forest_notes(rows: &[ForestRow], is_of_labels: bool, words: PlotText) -> Vec<String> {
    let few: Vec<String> = rows
        .iter()
        .filter(|row| row.is_small)
        .map(|row| row.name.clone())
        .collect();
    let mut notes: Vec<String> = match few.is_empty() {
        true => Vec::new(),
        false => vec![words.few_cases(&few, is_of_labels)],
    };
    let mut reasons: Vec<_> = rows
        .iter()
        .filter_map(|row| row.estimate.value.err())
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    for why in reasons {
        let without = rows
            .iter()
            .filter(|row| row.estimate.value.err() == Some(why));
        let without: Vec<String> = without.map(|row| row.name.clone()).collect();
        notes.push(words.no_point(&without, undefined(why, words.0)));
    }
    notes
}

/// Least part of the axis of a share that is shown.
const LEAST_SHARES: f64 = 0.1;

/// A figure over the size of the model file: Figure 1 of the JOIR release for one's own data. Figures that others
/// published, by their models' names, are lines: the sizes of their files are not published.
pub fn by_file_size(
    label: &str,
    models: &[ModelSize],
    published: &[(&str, f64)],
    lang: Lang,
) -> Plot {
    let words = PlotText(lang);
    let mut x = Axis::around(words.file_size(), models.iter().map(|m| m.megabytes));
    x.range[0] = 0.0;
    let lines = published.iter().map(|(name, value)| Series {
        name: words.published(name, *value),
        form: Form::Guide,
        tone: Tone::Published,
        points: x.range.map(|x| Point::at(x, *value)).to_vec(),
    });
    let points = models.iter().map(|model| Point {
        x: model.megabytes,
        y: model.value,
        interval: model.interval,
        name: Some(model.name.clone()),
    });
    let own = Series {
        name: words.own_data().into(),
        form: Form::Upright,
        tone: Tone::Number(0),
        points: points.collect(),
    };
    let series: Vec<_> = lines.chain([own]).collect();
    let ends = models.iter().flat_map(|m| {
        let [low, high] = m.interval.unwrap_or([m.value; 2]);
        [low, m.value, high]
    });
    let mut y = Axis::around(label, ends.chain(published.iter().map(|(_, value)| *value)));
    // Small differences are not to look large.
    let missing = (LEAST_SHARES - (y.range[1] - y.range[0])).max(0.0) / 2.0;
    y.range = [
        (y.range[0] - missing).max(0.0),
        (y.range[1] + missing).min(1.0),
    ];
    Plot {
        title: words.by_file_size(label),
        x,
        y,
        series,
        notes: vec![words.file_size_note(!published.is_empty()).into()],
        square: false,
    }
}
