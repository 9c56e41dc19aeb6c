//! Models for the same task that assign different labels to one photograph.

use super::{Detail, Finding, FindingCode, ResultRow, Severity, Task};

/// Marks the rows of one photograph whose models disagree: two models for one task assign different labels.
///
/// Earlier marks are removed first, so the function can be called again when a row changes. The detail lists the scores
/// of the models for that task, in row order.
pub fn note_disagreement(cases: &mut [&mut ResultRow]) {
    for case in cases.iter_mut() {
        case.findings
            .retain(|f| f.code != FindingCode::ModelsDisagree);
    }
    for task in [Task::Sex, Task::Age, Task::Other] {
        let of_task = || cases.iter().filter(|c| c.card.task == task);
        let mut labels = of_task().filter_map(|c| c.label.as_ref());
        let Some(first) = labels.next() else {
            continue;
        };
        if labels.all(|label| label == first) {
            continue;
        }
        let scores: Vec<_> = of_task()
            .filter_map(|c| c.score.map(|s| (c.card.id.clone(), s)))
            .collect();
        let scores = Detail::Scores(scores);
        let finding = Finding::with_detail(FindingCode::ModelsDisagree, Severity::Caution, scores);
        for case in cases.iter_mut() {
            if case.card.task == task && case.label.is_some() {
                case.findings.push(finding.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Findings, ModelCard, model_card};

    fn case(id: &str, task: Task, score: f64) -> ResultRow {
        let card = ModelCard {
            id: id.into(),
            task,
            ..model_card::example()
        };
        let mut case = ResultRow::unopened("a.jpg", Arc::new(card));
        case.label = case.card.label_of(score).map(str::to_owned);
        case.score = Some(score);
        case
    }

    fn marks(cases: &[ResultRow]) -> Vec<Option<&Detail>> {
        let mark = |findings: &'_ Findings| {
            let all: Vec<_> = findings
                .iter()
                .filter(|f| f.code == FindingCode::ModelsDisagree)
                .map(|f| f.detail.clone())
                .collect();
            assert!(all.len() <= 1);
            all.len()
        };
        cases
            .iter()
            .map(|c| {
                (mark(&c.findings) == 1)
                    .then(|| c.findings.last().and_then(|f| f.detail.as_ref()))
                    .flatten()
            })
            .collect()
    }

    fn note(cases: &mut [ResultRow]) {
        let mut borrowed: Vec<&mut ResultRow> = cases.iter_mut().collect();
        note_disagreement(&mut borrowed);
    }

    #[test]
    fn rows_that_disagree_are_marked_once_however_often_it_is_asked() {
        let mut cases = [
            case("a", Task::Sex, 0.8),
            case("b", Task::Sex, 0.2),
            case("c", Task::Other, 0.9),
        ];
        cases[2]
            .findings
            .push(Finding::new(FindingCode::Uncalibrated, Severity::Note));
        let scores = Detail::Scores(vec![("a".into(), 0.8), ("b".into(), 0.2)]);
        let expected = Some(&scores);
        note(&mut cases);
        assert_eq!(marks(&cases), [expected, expected, None]);
        note(&mut cases);
        assert_eq!(marks(&cases), [expected, expected, None]);
        assert_eq!(cases[2].findings.len(), 1);
    }

    #[test]
    fn the_mark_goes_when_the_models_agree_again() {
        let mut cases = [case("a", Task::Sex, 0.8), case("b", Task::Sex, 0.2)];
        note(&mut cases);
        cases[1] = case("b", Task::Sex, 0.6);
        note(&mut cases);
        assert_eq!(marks(&cases), [None, None]);
        note(&mut cases[..1]);
        note(&mut []);
    }
}
