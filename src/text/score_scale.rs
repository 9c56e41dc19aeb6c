//! A model's answer as a large figure and, between two labels, as a place on a bar: the same in the window and in case
//! reports.

use super::window::Texts;
use crate::domain::{ClassScore, Quality, ResultRow, Task};

/// An answer in figures and words.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreScale {
    pub title: &'static str,
    pub figure: String,
    /// `years`; empty for scores and other values.
    pub unit: &'static str,
    /// `None` for a value, and for a score without a threshold.
    pub bar: Option<ScoreBar>,
    /// What the label of a score is called, and the label.
    pub estimate: Option<[String; 2]>,
    /// The photograph is not good enough: the figure must not look like a valid one.
    pub is_doubtful: bool,
}

/// The score of one of several classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassBar {
    pub label: String,
    /// 0–1.
    pub score: f64,
    pub figure: String,
    pub is_greatest: bool,
}

/// A score between two labels.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreBar {
    /// 0–1.
    pub score: f64,
    pub threshold: f64,
    /// `Threshold 0.50`.
    pub threshold_text: String,
    /// `0  female` and `male  1`.
    pub ends: [String; 2],
    /// For screen readers.
    pub name: String,
}

impl Texts {
    /// `None` without an answer.
    pub fn score_scale(self, case: &ResultRow) -> Option<ScoreScale> {
        match (case.score, case.value) {
            (Some(score), _) => Some(self.between_labels(case, score)),
            (None, Some(value)) => {
                let task = case.card.task;
                Some(ScoreScale {
                    title: self.value_title(task),
                    figure: self.value_figure(task, value),
                    unit: self.value_unit(task),
                    bar: None,
                    estimate: None,
                    is_doubtful: false,
                })
            }
            (None, None) => None,
        }
    }

    /// A bar for each class; empty for a model with one score or value.
    pub fn class_bars(self, case: &ResultRow) -> Vec<ClassBar> {
        let greatest = case.greatest_class();
        let bar = |(place, class): (usize, &ClassScore)| ClassBar {
            label: self.label(&class.label),
            score: class.score,
            figure: self.score_figure(class.score),
            is_greatest: Some(place) == greatest,
        };
        case.scores.iter().enumerate().map(bar).collect()
    }

    fn between_labels(self, case: &ResultRow, score: f64) -> ScoreScale {
        let labels = match case.card.labels.as_slice() {
            [a, b, ..] => [self.label(a), self.label(b)],
            _ => [String::new(), String::new()],
        };
        let bar = case.card.threshold.map(|threshold| ScoreBar {
            score,
            threshold,
            threshold_text: format!("{} {threshold:.2}", self.threshold()),
            ends: [format!("0  {}", labels[0]), format!("{}  1", labels[1])],
            name: self.bar_name(score, threshold, (&labels[0], &labels[1])),
        });
        let what = match case.card.task {
            Task::Sex => self.recorded_sex_estimate(),
            Task::Age | Task::Other => self.model_label(),
        };
        let label = self.estimate(case);
        ScoreScale {
            title: self.model_score(),
            figure: self.score_figure(score),
            unit: "",
            bar,
            estimate: Some([
                what.to_owned(),
                label.unwrap_or_else(|| self.no_estimate().to_owned()),
            ]),
            is_doubtful: matches!(case.quality, Some(Quality::NotAFundus | Quality::Bad)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::model_card;
    use crate::text::Lang;

    #[test]
    fn every_class_has_a_bar_and_one_is_the_greatest() {
        let mut case = ResultRow::unopened("a.jpg", Arc::new(model_card::example()));
        assert!(Texts(Lang::En).class_bars(&case).is_empty());
        case.scores = ["none", "mild", "severe"]
            .iter()
            .zip([0.2, 0.7, 0.1])
            .map(|(label, score)| ClassScore {
                label: (*label).into(),
                score,
            })
            .collect();
        let bars = Texts(Lang::En).class_bars(&case);
        let greatest: Vec<bool> = bars.iter().map(|bar| bar.is_greatest).collect();
        assert_eq!(greatest, [false, true, false]);
        assert_eq!((&*bars[1].label, &*bars[1].figure), ("mild", "0.700"));
    }

    #[test]
    fn a_score_has_a_bar_and_an_age_a_unit() {
        let mut case = ResultRow::unopened("a.jpg", Arc::new(model_card::example()));
        assert_eq!(Texts(Lang::En).score_scale(&case), None);
        (case.score, case.label) = (Some(0.25), Some("female".into()));
        let scale = Texts(Lang::En).score_scale(&case).unwrap();
        let bar = scale.bar.unwrap();
        assert_eq!((scale.title, &*scale.figure), ("Model score", "0.250"));
        assert_eq!(bar.ends, ["0  female", "male  1"]);
        assert_eq!(bar.threshold_text, "Threshold 0.50");
        assert_eq!(scale.estimate.unwrap(), ["Recorded-sex estimate", "female"]);
        assert!(!scale.is_doubtful);
        case.quality = Some(Quality::Bad);
        assert!(Texts(Lang::Ja).score_scale(&case).unwrap().is_doubtful);
        case.card = Arc::new(model_card::example_of_age());
        (case.score, case.value) = (None, Some(61.24));
        let years = Texts(Lang::Ja).score_scale(&case).unwrap();
        assert_eq!(
            (&*years.figure, years.unit, years.bar),
            ("61.2", "歳", None)
        );
    }
}
