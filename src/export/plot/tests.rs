//! Plots on pages: every mark lies on its page, every painter takes them, tables hold every point.

use super::*;
use crate::domain::Lang;
use crate::evaluation::performance::{
    AnyFigure, Confusion, Estimate, EvaluationOptions, IntervalMethod, LabelledAges,
    LabelledScores, Measure, Undefined, Unit, evaluate, evaluate_ages,
};
use crate::export::csv;
use crate::export::page::{self, Ground};
use crate::numeric::random::Xoshiro256;
use crate::progress::Cancel;

fn scores(count: usize) -> LabelledScores {
    let mut random = Xoshiro256::stream(5, 0, 22);
    let truths: Vec<bool> = (0..count).map(|i| i % 2 == 0).collect();
    let logits: Vec<f64> = truths
        .iter()
        .map(|t| random.normal() + if *t { 0.9 } else { -0.9 })
        .collect();
    let scores = logits.iter().map(|l| 1.0 / (1.0 + (-l).exp())).collect();
    LabelledScores::new(truths, scores, logits, (0..count).collect()).unwrap()
}

fn ages() -> LabelledAges {
    let mut random = Xoshiro256::stream(6, 0, 22);
    let recorded: Vec<f64> = (0..80)
        .map(|_| random.between(18.0, 94.0).round())
        .collect();
    let estimated = recorded
        .iter()
        .map(|age| 15.0 + 0.7 * age + 4.0 * random.normal())
        .collect();
    LabelledAges::new(recorded, estimated, (0..80).collect()).unwrap()
}

fn every_plot(lang: Lang) -> Vec<Plot> {
    let cases = scores(120);
    let model = |name| PlottedModel {
        name,
        cases: &cases,
        threshold: 0.5,
        unit: Unit::Photograph,
        labels: ["female", "male"],
    };
    let models = [model("demo-mobilenet"), model("demo-efficientnet-b0")];
    let options = EvaluationOptions {
        samples: 50,
        seed: 1,
    };
    let figures = evaluate(&cases, 0.5, None, &options, &Cancel::new()).unwrap();
    let auc = figures.iter().find(|(m, _)| *m == Measure::Auc).unwrap().1;
    let undefined = Estimate {
        value: Err(Undefined::OneLabel),
        interval: Err(Undefined::OneLabel),
        method: IntervalMethod::DeLong,
        cases: 4,
    };
    let row = |name: &str, estimate| ForestRow {
        name: name.into(),
        estimate,
        is_small: name == "65–94",
    };
    let rows = [
        row("18–39", auc),
        row("40–64", auc),
        row("65–94", undefined),
        row(
            "a subgroup with a very long name that cannot stand beside the plot",
            auc,
        ),
    ];
    let size = |name: &str, megabytes, value: f64| ModelSize {
        name: name.into(),
        megabytes,
        value,
        interval: Some([value - 0.03, value + 0.02]),
    };
    let sizes = [
        size("demo-mobilenet", 13.2, 0.9),
        size("demo-efficientnet-b0", 16.9, 0.92),
    ];
    let ages = ages();
    let age_figures = evaluate_ages(&ages, &options, &Cancel::new()).unwrap();
    vec![
        roc(&models, lang),
        precision_recall(&models, lang),
        calibration(&models, lang),
        score_histogram(&models[0], lang),
        value_scatter("age", &ages, true, lang),
        bland_altman("age", &ages, &age_figures, true, lang),
        forest((AnyFigure::Label(Measure::Auc), "m"), &rows, lang),
        by_file_size("Accuracy", &sizes, &[("EfficientNet-B7", 0.92)], lang),
    ]
}

#[test]
fn every_mark_of_every_plot_lies_on_its_page() {
    for lang in [Lang::En, Lang::Ja] {
        for plot in every_plot(lang) {
            for width in [60.0, 85.0, 174.0] {
                let page = page(
                    &plot,
                    &PlotOptions {
                        width,
                        ground: Ground::White,
                        lang,
                    },
                );
                for mark in &page.marks {
                    let at = mark.bounds();
                    assert!(at.left >= 0.0 && at.top >= 0.0, "{}: {mark:?}", plot.title);
                    assert!(
                        at.right() <= page.width + 0.5,
                        "{}, {width}: {mark:?}",
                        plot.title
                    );
                    assert!(at.bottom() <= page.height + 0.5, "{}: {mark:?}", plot.title);
                }
                assert!(
                    page.texts()
                        .iter()
                        .any(|t| t.contains(plot.title.chars().next().unwrap()))
                );
            }
        }
    }
}

#[test]
fn every_painter_takes_every_plot_and_its_bytes_repeat() {
    for plot in every_plot(Lang::En) {
        let laid = || page(&plot, &PlotOptions::default());
        assert_eq!(
            page::pdf::write(&[laid()], "plot").unwrap(),
            page::pdf::write(&[laid()], "plot").unwrap()
        );
        let svg = String::from_utf8(page::svg::write(&laid(), "plot").unwrap()).unwrap();
        assert!(svg.contains("Not a medical device"));
        assert!(!page::png::write(&laid()).unwrap().is_empty());
    }
}

#[test]
fn the_table_has_every_point_and_the_ring_lies_on_the_curve() {
    for plot in every_plot(Lang::En) {
        let points: usize = plot.series.iter().map(|s| s.points.len()).sum();
        let rows = table(&plot);
        assert_eq!(rows.len(), points);
        let text = String::from_utf8(csv::of_rows(&rows)).unwrap();
        assert_eq!(text.lines().count(), points + 1);
    }
    let cases = scores(60);
    let plot = roc(
        &[PlottedModel {
            name: "m",
            cases: &cases,
            threshold: 0.4,
            unit: Unit::Person,
            labels: ["female", "male"],
        }],
        Lang::En,
    );
    let [curve, ring] =
        [Form::Line, Form::Ring].map(|form| plot.series.iter().find(|s| s.form == form).unwrap());
    let at = &ring.points[0];
    assert!(
        curve
            .points
            .iter()
            .any(|p| (p.x - at.x).abs() < 1e-12 && (p.y - at.y).abs() < 1e-12)
    );
    assert_eq!(Confusion::at(&cases, 0.4).sensitivity(), Some(at.y));
}

#[test]
fn ticks_are_round_and_few() {
    let texts = |range| {
        ticks(range)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts([0.0, 1.0]),
        ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    );
    assert_eq!(texts([-7.2, 8.1]), ["−5", "0", "5"]);
    assert_eq!(texts([0.0, 271.0]), ["0", "50", "100", "150", "200", "250"]);
    assert_eq!(texts([3.0, 3.0]), Vec::<String>::new());
    assert_eq!(texts([f64::NAN, 1.0]), Vec::<String>::new());
    for range in [[0.913, 0.957], [-1e9, 1e9], [0.0, 1e-7], [17.0, 94.0]] {
        assert!(
            (3..=8).contains(&ticks(range).len()),
            "{range:?}: {:?}",
            ticks(range)
        );
    }
}
