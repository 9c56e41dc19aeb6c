//! Sentences on the supplement of labels that are not recorded.

use strum::IntoEnumIterator;

use super::Lang;
use super::figure_values::number as digits;
use crate::domain::foreign::shown;
use crate::evaluation::supplement::{FEWEST_OF_A_VALUE, Lacking, SupplementReport};

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
    let neither = report.neither_label();
    if neither > 0 {
        lines.push(of(
            format!("{neither} persons have a recorded value that is neither label; none is supplied. Empty the cell if it means that nothing is recorded."),
            format!("{neither}人は記録値がどちらのラベルでもないため、補いません。記録なしを表す値なら空欄にしてください。"),
        ));
    }
    if report.of_other_source > 0 {
        let count = report.of_other_source;
        lines.push(of(
            format!("The table names no person for {count} photographs; theirs is known from DICOM or file names only."),
            format!("{count}枚は表に被検者がなく、DICOMまたはファイル名による被検者です。"),
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
    lines.extend(few_labels(report, lang));
    match &report.imputations {
        None => lines.push(of(
            "Use the calibrated probability as a covariate, with robust standard errors; labels are drawn only if an outcome is named.".to_owned(),
            "較正した確率を共変量として用い、標準誤差はロバスト推定としてください。多重代入には目的変数の指定が必要です。".to_owned(),
        )),
        Some(drawn) => {
            let (m, n, from) = (drawn.labels.len(), drawn.cases.len(), drawn.fitted_from);
            lines.push(of(
                format!("{m} imputations of {n} labels, drawn given the named columns; fitted to {from} persons (seed {}).", report.seed),
                format!("指定した列の値をもとに{n}人のラベルを{m}回の多重代入で補完({from}人から推定、乱数の種 {})。", report.seed),
            ));
            lines.extend(lacking(report, lang));
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

/// That the probability is no covariate for so few labels; `None` if they are enough.
pub fn few_labels(report: &SupplementReport, lang: Lang) -> Option<String> {
    let (all, labelled) = (report.cases.len(), report.calibration.labelled);
    report.calibration.has_few_labels().then(|| match lang {
        Lang::En => format!(
            "Only {labelled} of {all} persons have a label. With the probability as covariate, intervals are too narrow. Draw the labels instead."
        ),
        Lang::Ja => format!(
            "ラベルがあるのは{all}人中{labelled}人です。確率を共変量とすると区間が狭くなりすぎるため、多重代入を用いてください。"
        ),
    })
}

/// Who does not enter the draws, for each reason that occurs.
pub fn lacking(report: &SupplementReport, lang: Lang) -> Vec<String> {
    let sentence = |why: Lacking| {
        let [without, with] = report.lacking(why);
        let few = FEWEST_OF_A_VALUE;
        let reason = match (why, lang) {
            (Lacking::Empty, Lang::En) => "A named column is empty".to_owned(),
            (Lacking::Empty, Lang::Ja) => "指定した列が空欄".to_owned(),
            (Lacking::RareValue, Lang::En) => {
                format!("A named column has a word that fewer than {few} labelled persons have")
            }
            (Lacking::RareValue, Lang::Ja) => {
                format!("指定した列の値が、ラベルのある{few}人未満にしかない")
            }
            (Lacking::SeveralValues, Lang::En) => {
                "A named column has different values on photographs of one person".to_owned()
            }
            (Lacking::SeveralValues, Lang::Ja) => {
                "指定した列の値が、同じ被検者の写真で異なる".to_owned()
            }
        };
        (without + with > 0).then(|| match lang {
            Lang::En => format!(
                "{reason}. {without} labels stay missing, and {with} labelled persons are not in the fit."
            ),
            Lang::Ja => format!(
                "{reason}: 欠測のまま{without}人、推定に用いないラベルあり{with}人。"
            ),
        })
    };
    Lacking::iter().filter_map(sentence).collect()
}
