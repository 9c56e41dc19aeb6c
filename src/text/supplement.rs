//! Sentences on the supplement of labels that are not recorded.

use super::Lang;
use super::figure_values::number as digits;
use crate::domain::foreign::shown;
use crate::evaluation::supplement::SupplementReport;

/// What was supplied, how far it can be relied on, and what must not be done with it.
pub fn summary(report: &SupplementReport, lang: Lang) -> Vec<String> {
    let of = |en: String, ja: String| match lang {
        Lang::En => en,
        Lang::Ja => ja,
    };
    let number = |value: f64| digits(value, 3);
    let all = report.persons.len();
    let recorded = report
        .persons
        .iter()
        .filter(|p| p.recorded.is_some())
        .count();
    let missing = report
        .cases
        .iter()
        .filter(|&&at| report.persons[at].recorded.is_none())
        .count();
    let neither = all - recorded - missing;
    let model = shown(&report.model);
    let [zero, one] = &report.labels;
    let mut lines = vec![of(
        format!(
            "{all} persons: {recorded} with a recorded label, {missing} supplemented by {model}, {neither} with neither. In the tables 1 is {one} and 0 is {zero}."
        ),
        format!(
            "被検者{all}人: ラベルの記録あり{recorded}人、{model}で補う{missing}人、いずれもなし{neither}人。表の1は{one}、0は{zero}。"
        ),
    )];
    let unknown = report.persons.iter().filter(|p| !p.is_known).count();
    if unknown > 0 {
        lines.push(of(
            format!("Warning: the person of {unknown} photographs is not known; each is taken as another person."),
            format!("注意: 被検者不明の写真{unknown}枚は、それぞれ別の被検者とみなします。"),
        ));
    }
    let found = &report.calibration;
    lines.push(of(
        format!(
            "Calibration on {} labelled persons: intercept {}, slope {}.",
            found.labelled,
            number(found.intercept),
            number(found.slope)
        ),
        format!(
            "ラベルのある{}人での較正: 切片 {}、傾き {}。",
            found.labelled,
            number(found.intercept),
            number(found.slope)
        ),
    ));
    match &report.imputations {
        None => lines.push(of(
            "Use the calibrated probability as a covariate; labels are drawn only if an outcome is named.".to_owned(),
            "較正した確率を共変量として用いてください。多重代入には目的変数の指定が必要です。".to_owned(),
        )),
        Some(drawn) => {
            let (m, n, from) = (drawn.labels.len(), drawn.cases.len(), drawn.fitted_from);
            lines.push(of(
                format!("{m} imputations of {n} labels, drawn given the named columns; fitted to {from} persons (seed {}).", report.seed),
                format!("指定した列の値をもとに{n}人のラベルを{m}回の多重代入で補完({from}人から推定、乱数の種 {})。", report.seed),
            ));
            if !drawn.incomplete.is_empty() {
                let count = drawn.incomplete.len();
                lines.push(of(
                    format!("For {count} persons a named column states nothing; their label stays missing."),
                    format!("{count}人は指定した列に値がないため、ラベルは欠測のままです。"),
                ));
            }
        }
    }
    if report.with_hard_labels {
        lines.push(match report.attenuation {
            Some(found) => of(
                format!("Warning: among the persons whose label is supplied, labels at the threshold shrink a difference to about {} of its size (PPV {} + NPV {} − 1).", number(found.factor()), number(found.positive_predictive_value), number(found.negative_predictive_value)),
                format!("注意: ラベルを補った被検者では、閾値で決めたラベルによる差は約{}倍に縮みます(陽性的中率 {} + 陰性的中率 {} − 1)。", number(found.factor()), number(found.positive_predictive_value), number(found.negative_predictive_value)),
            ),
            None => of(
                "Warning: the model gives all labelled persons the same label, so the loss is not known.".to_owned(),
                "注意: ラベルのある被検者すべてに同じラベルが付くため、縮小の程度は分かりません。".to_owned(),
            ),
        });
    }
    lines
}
