//! What a reader of a check must know in addition to its table: how far the images decide, and what the figures leave
//! out.

use super::dataset::Dataset;
use super::report::{CheckReport, CheckRow};
use super::score_matrix::ScoreMatrix;
use super::tables::FIELDS;
use crate::domain::{InputSpec, Task};
use crate::evaluation::Figure;
use crate::text::check::{InputValue, Remark};

/// Below this number of images a check reports that they are few.
const FEW: usize = 30;

pub(super) fn remarks(
    report: &CheckReport,
    score_matrix: &ScoreMatrix,
    gathered: &Dataset,
    unbeaten: Option<f64>,
) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = gathered.all_the_same.clone().into_iter().collect();
    if report.interrupted {
        remarks.push(Remark::Interrupted {
            images: report.images,
            of: score_matrix.cases.len(),
        });
    }
    let head: Vec<&CheckRow> = report.rows.iter().filter(|r| r.inseparable).collect();
    let best = report.rows.first();
    match unbeaten {
        Some(constant) => remarks.push(Remark::NoBetterThanConstant {
            constant,
            years: report.task == Task::Age,
        }),
        _ if !report.usable => remarks.push(Remark::Chance {
            chance: report.chance,
        }),
        _ => {
            // The verdict on the card first.
            let own = report.rows.iter().find(|r| r.of_card);
            match own {
                Some(own) if own.inseparable && head.len() > 1 => {
                    remarks.push(Remark::CardAmongBest)
                }
                Some(own) if !own.inseparable => remarks.push(Remark::CardBehind),
                _ => {}
            }
            let flipped = head.iter().filter(|r| r.flipped).count();
            match flipped {
                0 => {}
                all if all == head.len() && gathered.understood.by_answer => {
                    remarks.push(Remark::FlippedByAnswer);
                }
                all if all == head.len() => remarks.push(Remark::Flipped),
                _ => remarks.push(Remark::OrderOpen),
            }
            remarks.push(match head.len() {
                1 => Remark::OneBest,
                count => Remark::Inseparable { count },
            });
            remarks.push(fields(report));
            if head.len() > 1 && best.is_some_and(|b| b.training_distance.is_some()) {
                remarks.push(Remark::NearestFirst);
            }
            remarks.push(Remark::Optimistic);
            let perfect = |value: f64| value == 1.0 || value == 0.0;
            if report.figure == Figure::Auc && best.is_some_and(|b| perfect(b.value)) {
                remarks.push(Remark::Perfect);
            }
        }
    }
    let conditional = [
        (
            report.images < FEW,
            Remark::FewImages {
                count: report.images,
            },
        ),
        (!report.persons_known, Remark::NoPersons),
        (
            report.tried.settings < report.tried.of,
            Remark::NotAllTried {
                tried: report.tried.settings,
                all: report.tried.of,
                followed: report.tried.followed,
            },
        ),
    ];
    remarks.extend(conditional.into_iter().filter_map(|(c, r)| c.then_some(r)));
    remarks.extend(gathered.remarks.iter().cloned());
    let counted = [
        (
            report.rows.iter().map(|r| r.same.len()).sum(),
            (|merged| Remark::SameInputs { merged }) as fn(usize) -> Remark,
        ),
        (score_matrix.no_round_field.len(), |count| {
            Remark::NoRoundField { count }
        }),
        (report.unusable.len(), |count| Remark::Unusable { count }),
    ];
    for (count, remark) in counted {
        if count > 0 {
            remarks.push(remark(count));
        }
    }
    remarks
}

/// The values of each field in the settings at the head, same inputs included; the first row's value first.
fn fields(report: &CheckReport) -> Remark {
    let head = report.rows.iter().filter(|r| r.inseparable);
    let inputs: Vec<&InputSpec> = head
        .flat_map(|r| std::iter::once(&r.input).chain(&r.same))
        .collect();
    let (mut settled, mut open) = (Vec::new(), Vec::new());
    let value_of: [fn(&InputSpec) -> InputValue; FIELDS.len()] = [
        |input| InputValue::Scaling(input.scaling),
        |input| InputValue::Crop(input.crop),
        |input| InputValue::Colour(input.colour),
        |input| InputValue::Resize(input.resize),
    ];
    for value_of in value_of {
        let mut values: Vec<InputValue> = Vec::new();
        for value in inputs.iter().map(|input| value_of(input)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        match values.as_slice() {
            [value] => settled.push(*value),
            _ => open.push(values),
        }
    }
    Remark::Fields { settled, open }
}

#[cfg(test)]
mod tests {
    use super::super::example::example_report;
    use super::*;
    use crate::domain::Scaling;

    #[test]
    fn remarks_carry_their_code_and_their_sentence() {
        let report = example_report("m");
        let Remark::Fields { settled, open } = fields(&report) else {
            panic!()
        };
        assert_eq!(settled.len(), 3);
        assert_eq!(
            open,
            [[Scaling::Tf, Scaling::Torch].map(InputValue::Scaling)]
        );
        let report = serde_json::to_value(report).unwrap();
        assert_eq!(report["remarks"][0]["code"], "inseparable");
        let text = report["remarks"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("The first 2 settings are statistically indistinguishable"));
        assert!(report.get("scores").is_none());
    }
}
