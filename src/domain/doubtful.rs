//! Implausible figures: impossible ages, saturated scores, values on a scale other than years.

use std::collections::BTreeSet;

use super::{Detail, Finding, FindingCode, ResultRow, Severity, Task};

/// Possible human ages, in years.
pub const HUMAN_AGES: [f64; 2] = [0.0, 120.0];
/// If all ages of a run are within these bounds, they are hardly years.
const SUSPECT: [f64; 2] = [-3.0, 3.0];

/// Implausible figures in one row: an impossible age, a value outside the card's range, a score at the very end of its
/// scale.
pub fn doubtful_figures(case: &ResultRow) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(value) = case.value {
        let [low, high] = HUMAN_AGES;
        if case.card.task == Task::Age && !(low..=high).contains(&value) {
            let detail = Detail::Value(value);
            let severity = Severity::Serious;
            found.push(Finding::with_detail(
                FindingCode::ImplausibleValue,
                severity,
                detail,
            ));
        }
        if let Some([low, high]) = case.card.value_range
            && !(low..=high).contains(&value)
        {
            let detail = Detail::Range { value, low, high };
            let severity = Severity::Caution;
            found.push(Finding::with_detail(
                FindingCode::AgeOutOfRange,
                severity,
                detail,
            ));
        }
    }
    if case.score.is_some_and(|s| !(0.0001..=0.9999).contains(&s)) {
        found.push(Finding::new(FindingCode::ScoreSaturated, Severity::Caution));
    }
    found
}

/// True if all ages of a run are within -3 to 3: the model probably uses a scale other than years.
pub fn are_hardly_years(values: impl IntoIterator<Item = f64>) -> bool {
    let [low, high] = SUSPECT;
    let mut values = values.into_iter().peekable();
    values.peek().is_some() && values.all(|v| (low..=high).contains(&v))
}

/// The finding for rows of such a run.
pub fn value_scale_suspect() -> Finding {
    Finding::new(FindingCode::ValueScaleSuspect, Severity::Serious)
}

/// Marks the rows of each age model whose values [are hardly years](are_hardly_years).
///
/// `cases` are the rows of one run, of one or more models. Earlier marks are removed first, so the function can be
/// called again when a row changes.
pub fn note_value_scale(cases: &mut [ResultRow]) {
    let mut of_age: Vec<&mut ResultRow> = cases.iter_mut().collect();
    of_age.retain(|c| c.card.task == Task::Age);
    for case in &mut of_age {
        case.findings
            .retain(|f| f.code != FindingCode::ValueScaleSuspect);
    }
    let models: BTreeSet<String> = of_age.iter().map(|c| c.card.id.clone()).collect();
    for id in models {
        let of_model = || of_age.iter().filter(|c| c.card.id == id);
        if !are_hardly_years(of_model().filter_map(|c| c.value)) {
            continue;
        }
        for case in &mut of_age {
            if case.card.id == id && case.value.is_some() {
                case.findings.push(value_scale_suspect());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Head, ModelCard, model_card};

    fn aged(id: &str, value: f64) -> ResultRow {
        let card = ModelCard {
            id: id.into(),
            ..model_card::example_of_age()
        };
        let mut case = ResultRow::unopened("a.jpg", Arc::new(card));
        case.value = Some(value);
        case
    }

    fn codes(findings: &[Finding]) -> Vec<&'static str> {
        findings.iter().map(|f| f.code.as_str()).collect()
    }

    #[test]
    fn an_age_that_no_person_has_is_serious_and_the_range_of_the_card_is_kept() {
        let of = |value, range| {
            let mut case = aged("m", value);
            Arc::make_mut(&mut case.card).value_range = range;
            doubtful_figures(&case)
        };
        for value in [0.0, 61.2, 120.0] {
            assert!(of(value, None).is_empty(), "{value}");
        }
        for value in [-0.1, 120.1, -408.1, 850.0] {
            let found = of(value, None);
            assert_eq!(codes(&found), ["implausible-value"], "{value}");
            assert_eq!(found[0].severity, Severity::Serious);
        }
        let range = Some([17.0, 94.0]);
        assert!(of(17.0, range).is_empty() && of(94.0, range).is_empty());
        let found = of(6.3, range);
        assert_eq!(codes(&found), ["age-out-of-range"]);
        let detail = Detail::Range {
            value: 6.3,
            low: 17.0,
            high: 94.0,
        };
        assert_eq!(found[0].detail, Some(detail));
        assert_eq!(of(-5.0, range).len(), 2);
        // A value of another task may be anything its card allows.
        let mut case = aged("m", -408.1);
        Arc::make_mut(&mut case.card).task = Task::Other;
        assert!(doubtful_figures(&case).is_empty());
    }

    #[test]
    fn a_score_at_the_end_of_its_scale_is_saturated() {
        let of = |score| {
            let card = Arc::new(model_card::example());
            let mut case = ResultRow::unopened("a.jpg", card);
            case.score = Some(score);
            codes(&doubtful_figures(&case)).len()
        };
        for (score, count) in [(0.0001, 0), (0.9999, 0), (0.5, 0), (0.00009, 1), (1.0, 1)] {
            assert_eq!(of(score), count, "{score}");
        }
    }

    #[test]
    fn ages_on_another_scale_are_told_over_the_whole_run() {
        let marks = |cases: &mut [ResultRow]| -> Vec<bool> {
            note_value_scale(cases);
            let is_mark = |f: &&Finding| f.code == FindingCode::ValueScaleSuspect;
            cases
                .iter()
                .map(|c| match c.findings.iter().filter(is_mark).count() {
                    0 => false,
                    1 => true,
                    more => panic!("{more} marks on one row"),
                })
                .collect()
        };
        // Standardised ages, ages in hundreds, and a single photograph.
        let mut run = vec![aged("m", -1.9), aged("m", 0.2), aged("m", 2.0)];
        assert_eq!(marks(&mut run), [true; 3]);
        assert_eq!(marks(&mut [aged("m", 0.62)]), [true]);
        // One age beyond the bounds removes every mark; another model is judged on its own rows.
        run.push(aged("m", 61.0));
        run.push(aged("n", 1.0));
        assert_eq!(marks(&mut run), [false, false, false, false, true]);
        // Years, decades of adults, and months are not marked; nor is a row without an answer.
        assert_eq!(marks(&mut [aged("m", 4.2), aged("m", 2.0)]), [false; 2]);
        assert_eq!(marks(&mut [aged("m", 744.0)]), [false]);
        let mut unanswered = aged("m", 0.0);
        unanswered.value = None;
        assert_eq!(marks(&mut [unanswered]), [false]);
        let mut other = aged("m", 0.5);
        Arc::make_mut(&mut other.card).task = Task::Other;
        assert_eq!(marks(&mut [other]), [false]);
        assert_eq!(model_card::example_of_age().head, Head::Linear);
    }
}
