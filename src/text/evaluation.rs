//! Sentences on the evaluation of a study for the methods and results sections of a paper.
//!
//! English in the past tense, Japanese in the plain style of papers.

use std::collections::BTreeSet;

use strum::IntoEnumIterator;

use super::Lang;
use super::figure_values::{
    decimals_of_difference, figure_value, interval, number, p_equation, range,
};
use super::performance::{any_figure, undefined};
use super::report::Report;
use super::window::Texts;
use crate::domain::{Exclusion, foreign::shown};
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, Cases, Estimate, EvaluationReport, IntervalMethod, LeftOut, ModelReport,
    PairReport, Unit, UnitReport,
};

/// Sources of the methods that an evaluation may use.
const WILSON: &str = "Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc. 1927;22:209-212.";
const DELONG: &str = "DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver operating characteristic curves: a nonparametric approach. Biometrics. 1988;44:837-845.";
const BOOTSTRAP: &str =
    "Field CA, Welsh AH. Bootstrapping clustered data. J R Stat Soc B. 2007;69:369-390.";
const LIMITS: &str = "Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical measurement. Lancet. 1986;327:307-310.";

/// The name of a unit inside a sentence, as in `by photograph`.
fn unit(unit: Unit, lang: Lang) -> String {
    Texts(lang).unit(unit).to_lowercase()
}

/// Why photographs belong to no case, as a short remark.
pub fn left_out(why: LeftOut, lang: Lang) -> &'static str {
    let report = Report(lang);
    match why {
        LeftOut::NoAnswer => report.of("no answer of the model", "モデルの結果なし"),
        LeftOut::SeveralClasses => report.of(
            "model of several classes, which is not evaluated",
            "多クラスのモデル(評価の対象外)",
        ),
        LeftOut::Excluded(exclusion) => report.left_out(exclusion),
        LeftOut::ByUser => report.of("user's choice", "利用者の選択"),
        LeftOut::NoLabel => report.of("no recorded value", "記録値なし"),
        LeftOut::NeitherLabel => report.of(
            "recorded value is neither label, or cannot be read",
            "記録値がどちらのラベルでもない、または読み取れない",
        ),
        LeftOut::NoPerson => report.of("person not known", "被検者不明"),
        LeftOut::NoEye => report.of("eye not known", "左右眼不明"),
        LeftOut::Contradicting => report.of(
            "contradicting recorded values of one eye or person",
            "同一眼または同一被検者の記録値が矛盾",
        ),
    }
}

/// The boxes of the flow of photographs: those of the study, then for each unit what is left out beyond the unit before, and
/// what is evaluated. Photographs that the unit before left out and this one counts, as those whose eye is not known count
/// for their person, are named.
pub fn flow_steps(photographs: usize, model: &ModelReport, lang: Lang) -> Vec<[Vec<String>; 2]> {
    let report = Report(lang);
    let first = report.of(
        format!("Photographs of the study: {photographs}"),
        format!("研究の写真: {photographs}枚"),
    );
    let mut steps = vec![[vec![first], Vec::new()]];
    let mut known: BTreeSet<usize> = BTreeSet::new();
    for found in &model.units {
        let new: Vec<(LeftOut, usize)> = found
            .left_out
            .iter()
            .map(|(why, photographs)| {
                let new = photographs.iter().filter(|at| !known.contains(at));
                (*why, new.count())
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        let now = found
            .left_out
            .iter()
            .flat_map(|(_, photographs)| photographs);
        let now: BTreeSet<usize> = now.copied().collect();
        let again = known.difference(&now).count();
        let mut leaving = Vec::new();
        if !new.is_empty() {
            let all: usize = new.iter().map(|(_, count)| count).sum();
            leaving.push(report.of(
                format!("Left out: {all} photographs"),
                format!("除外: {all}枚"),
            ));
            leaving.extend(
                new.iter()
                    .map(|(why, count)| format!("{}: {count}", left_out(*why, lang))),
            );
        }
        let by = unit(found.unit, lang);
        let mut remaining =
            vec![report.of(format!("Evaluated by {by}"), format!("{by}ごとの評価"))];
        match &found.cases {
            Some(cases) => {
                if found.unit != Unit::Photograph {
                    let photographs = found.photographs;
                    remaining.push(report.of(
                        format!("{photographs} photographs"),
                        format!("写真{photographs}枚"),
                    ));
                }
                if again > 0 {
                    remaining.push(report.of(
                        format!("{again} of them left out in the step above"),
                        format!("うち{again}枚は上の段階で除外"),
                    ));
                }
                let counted = report.counted_cases(model, cases);
                remaining.extend(counted.split(report.of(", ", "、")).map(str::to_owned));
            }
            None => remaining.push(report.of("no case", "該当なし").to_owned()),
        }
        steps.push([remaining, leaving]);
        known = now;
    }
    steps
}

/// The title of the flow of photographs.
pub fn flow_title(model: &str, lang: Lang) -> String {
    Report(lang).of(
        format!("Flow of photographs, {}", shown(model)),
        format!("対象写真のフロー、{}", shown(model)),
    )
}

/// Every reason, in the order in which a flow chart names them.
pub fn reasons() -> impl Iterator<Item = LeftOut> {
    [LeftOut::NoAnswer, LeftOut::SeveralClasses]
        .into_iter()
        .chain(Exclusion::iter().map(LeftOut::Excluded))
        .chain([
            LeftOut::ByUser,
            LeftOut::NoLabel,
            LeftOut::NeitherLabel,
            LeftOut::NoPerson,
            LeftOut::NoEye,
            LeftOut::Contradicting,
        ])
}

impl Report {
    /// How figures and intervals were computed: one paragraph.
    pub fn evaluation_methods(self, report: &EvaluationReport) -> String {
        let used = methods_of(report);
        let mut sentences = vec![self.of(
            "Answers were compared with the recorded values by photograph, by eye and by person.".to_owned(),
            "結果と記録値の比較は、写真ごと、眼ごと、被検者ごとに行った。".to_owned(),
        )];
        if report.models.iter().any(|model| model.labels.is_some()) {
            let texts = Texts(self.0);
            let positive: BTreeSet<String> = { report.models.iter() }
                .filter_map(|model| model.labels.as_ref().map(|[_, one]| texts.label(one)))
                .collect();
            let positive: Vec<String> = positive.into_iter().collect();
            let positive = positive.join(self.of(" or ", "または"));
            sentences.push(self.of(
                format!("Positive cases are those recorded as {positive}, the label of a score of 1. The operating threshold is that of the model card. Expected calibration errors are of ten bins of equal width."),
                format!("記録が{positive}(スコア1に対応するラベル)の例を陽性とした。判定閾値はモデルカードの値である。期待較正誤差は等幅の10区間から求めた。"),
            ));
            sentences.push(match report.prevalence {
                Some(share) => self.of(
                    format!(
                        "Predictive values are stated for a share of positive cases of {share}."
                    ),
                    format!("的中率は陽性例の割合を{share}として求めた。"),
                ),
                None => self.of(
                    "Predictive values hold for the share of positive cases in this study."
                        .to_owned(),
                    "的中率は本研究の陽性例の割合での値である。".to_owned(),
                ),
            });
        }
        let direct: Vec<&str> = used
            .iter()
            .filter_map(|method| self.direct(*method))
            .collect();
        let comma = self.of(", ", "、");
        let has_direct = !direct.is_empty();
        if has_direct {
            let direct = match &direct[..] {
                [first @ .., last] if !first.is_empty() => {
                    let and = self.of(" and ", "、");
                    format!("{}{and}{last}", first.join(comma))
                }
                _ => direct.concat(),
            };
            sentences.push(self.of(
                format!("Where every person had one case, 95 % intervals are {direct}."),
                format!("被検者ごとに1例の場合、95 %信頼区間は{direct}とした。"),
            ));
        }
        if used.contains(&IntervalMethod::PersonBootstrap) {
            let (samples, seed) = (report.options.samples, report.options.seed);
            sentences.push(match has_direct {
                false => self.of(
                    format!("95 % intervals are percentiles over {samples} samples of whole persons, drawn with replacement (seed {seed})."),
                    format!("95 %信頼区間は、被検者を単位とする復元抽出{samples}標本のパーセンタイルとした(乱数の種 {seed})。"),
                ),
                true => self.of(
                    format!("All other 95 % intervals are percentiles over {samples} samples of whole persons, drawn with replacement (seed {seed})."),
                    format!("ほかの95 %信頼区間は、被検者を単位とする復元抽出{samples}標本のパーセンタイルとした(乱数の種 {seed})。"),
                ),
            });
        }
        if !report.pairs.is_empty() {
            sentences.push(self.of(
                "Two models were compared on the cases that both have: areas under the ROC curve by the method of DeLong, labels by McNemar's exact test; where persons had several cases, the interval is over samples of persons and no test was made. Tests were not corrected for their number.".to_owned(),
                "2つのモデルは、両者に共通する例で比較した。AUCはDeLong法、ラベルはMcNemarの正確検定によった。同一被検者に複数の例がある場合は、区間を被検者単位の標本から求め、検定は行わなかった。検定の多重性は補正していない。".to_owned(),
            ));
        }
        sentences.join(self.of(" ", ""))
    }

    /// The intervals of a method, of the figures that it serves.
    fn direct(self, method: IntervalMethod) -> Option<&'static str> {
        Some(match method {
            IntervalMethod::Wilson => self.of(
                "Wilson's for proportions",
                "割合についてはWilson法",
            ),
            IntervalMethod::DeLong => self.of("DeLong's for the AUC", "AUCについてはDeLong法"),
            IntervalMethod::Wald => self.of(
                "from the standard errors of the logistic regression for intercept and slope of the calibration",
                "較正の切片と傾きについてはロジスティック回帰の標準誤差による方法",
            ),
            IntervalMethod::StudentT => self.of(
                "Student's t for the mean difference",
                "差の平均についてはt分布による方法",
            ),
            IntervalMethod::PersonBootstrap => return None,
        })
    }

    /// The results of a model: a paragraph for its photographs, with the reasons for which some were left out, and one for
    /// each other unit.
    pub fn evaluation_results(self, report: &EvaluationReport, model: &ModelReport) -> Vec<String> {
        let all = report.photographs;
        let units = model.units.iter();
        units
            .map(|found| self.unit_results(all, model, found))
            .collect()
    }

    fn unit_results(self, all: usize, model: &ModelReport, found: &UnitReport) -> String {
        let (name, by) = (shown(&model.id), unit(found.unit, self.0));
        let space = self.of(" ", "");
        let mut sentences = vec![match &found.cases {
            Some(cases) => self.of(
                format!(
                    "By {by}, {} of {all} photographs entered the evaluation of {name}: {}.",
                    found.photographs,
                    self.counted_cases(model, cases)
                ),
                format!(
                    "{by}ごとの{name}の評価には、{all}枚中{}枚を用いた({})。",
                    found.photographs,
                    self.counted_cases(model, cases)
                ),
            ),
            None => self.of(
                format!("By {by}, no photograph entered the evaluation of {name}."),
                format!("{by}ごとの{name}の評価に用いた写真はなかった。"),
            ),
        }];
        if !found.left_out.is_empty() {
            let reasons: Vec<String> = found
                .left_out
                .iter()
                .map(|(why, of)| {
                    let (why, count) = (left_out(*why, self.0), of.len());
                    self.of(format!("{why}: {count}"), format!("{why} {count}枚"))
                })
                .collect();
            let reasons = reasons.join(self.of("; ", "、"));
            sentences.push(self.of(
                format!("Photographs left out: {reasons}."),
                format!("除外した写真: {reasons}。"),
            ));
        }
        if found.unknown_persons > 0 {
            let cases = found.unknown_persons;
            sentences.push(self.of(
                format!("The person was not known for {cases} cases, and each was taken as another person."),
                format!("被検者不明の{cases}例は、それぞれ別の被検者とみなした。"),
            ));
        }
        let stated = found.figures.iter().filter(|(_, e)| e.value.is_ok());
        let stated: Vec<String> = stated
            .map(|(figure, estimate)| {
                let name = inside_sentence(any_figure(*figure, self.0));
                self.figure(&name, *figure, estimate)
            })
            .collect();
        if !stated.is_empty() {
            let figures = stated.join(self.of("; ", "、"));
            sentences.push(self.of(
                format!("Figures with their 95 % intervals: {figures}."),
                format!("各値と95 %信頼区間は、{figures}。"),
            ));
        }
        let r_squared = AnyFigure::Age(AgeFigure::RSquared);
        let r_squared = found.figures.iter().find(|(of, _)| *of == r_squared);
        if r_squared.is_some_and(|(_, e)| e.value.is_ok_and(|value| value < 0.0)) {
            sentences.push(self.of(
                "R² below 0: the mean of the recorded values would have been closer than the model.".to_owned(),
                "R²が負であり、モデルの推定値は記録値の平均よりも誤差が大きい。".to_owned(),
            ));
        }
        let values = match &found.cases {
            Some(Cases::Ages(values)) => values.estimated(),
            _ => &[],
        };
        let ends = values.iter().fold(None, |ends: Option<[f64; 2]>, value| {
            let [low, high] = ends.unwrap_or([*value; 2]);
            Some([low.min(*value), high.max(*value)])
        });
        if let Some(ends) = ends {
            let ends = interval(AnyFigure::Age(AgeFigure::Bias), ends, self.0);
            sentences.push(self.of(
                format!("Estimates range from {ends}."),
                format!("推定値の範囲は{ends}。"),
            ));
        }
        // The same reason is said once, with all the figures that it concerns.
        for why in found
            .figures
            .iter()
            .filter_map(|(_, e)| e.value.err())
            .collect::<BTreeSet<_>>()
        {
            let names = found
                .figures
                .iter()
                .filter(|(_, e)| e.value.err() == Some(why));
            let names: Vec<&str> = names
                .map(|(figure, _)| any_figure(*figure, self.0))
                .collect();
            let (names, why) = (names.join(self.of(", ", "、")), undefined(why, self.0));
            sentences.push(self.of(
                format!("Not stated: {names}. {why}"),
                format!("{names}は示さない。{why}"),
            ));
        }
        sentences.join(space)
    }

    /// `118 cases of 60 persons, 59 male and 59 female`.
    fn counted_cases(self, model: &ModelReport, cases: &Cases) -> String {
        let texts = Texts(self.0);
        match (cases, &model.labels) {
            (Cases::Labels(cases), Some([zero, one])) => {
                let (all, persons, positives) = (cases.len(), cases.persons(), cases.positives());
                let [zero, one] = [zero, one].map(|label| texts.label(label));
                self.of(
                    format!(
                        "{all} cases of {persons} persons, {positives} {one} and {} {zero}",
                        all - positives
                    ),
                    format!(
                        "被検者{persons}人の{all}例、{one}{positives}例、{zero}{}例",
                        all - positives
                    ),
                )
            }
            (Cases::Labels(cases), None) => self.cases_and_persons(cases.len(), cases.persons()),
            (Cases::Ages(cases), _) => self.cases_and_persons(cases.len(), cases.persons()),
        }
    }

    fn cases_and_persons(self, cases: usize, persons: usize) -> String {
        self.of(
            format!("{cases} cases of {persons} persons"),
            format!("被検者{persons}人の{cases}例"),
        )
    }

    /// A figure with its interval, `AUC 0.971 (0.960 to 0.982)`.
    fn figure(self, name: &str, figure: AnyFigure, estimate: &Estimate) -> String {
        let value = match estimate.value {
            Ok(value) => figure_value(figure, value),
            Err(_) => String::new(),
        };
        match estimate.interval {
            Ok(ends) => {
                let ends = interval(figure, ends, self.0);
                self.of(
                    format!("{name} {value} ({ends})"),
                    format!("{name} {value}({ends})"),
                )
            }
            Err(_) => self.of(
                format!("{name} {value} (no interval)"),
                format!("{name} {value}(区間なし)"),
            ),
        }
    }

    /// A difference with its interval, and whether that leaves 0 open.
    fn difference(self, name: &str, estimate: &Estimate) -> String {
        let value = estimate.value.unwrap_or(f64::NAN);
        let Ok(ends) = estimate.interval else {
            let value = number(value, decimals_of_difference(&[value]));
            return self.of(
                format!("{name} {value} (no interval)"),
                format!("{name} {value}(区間なし)"),
            );
        };
        let decimals = decimals_of_difference(&[value, ends[0], ends[1]]);
        let (value, text) = (number(value, decimals), range(ends, decimals, self.0));
        match ends[0] <= 0.0 && ends[1] >= 0.0 {
            true => self.of(
                format!("{name} {value} ({text}), which includes 0"),
                format!("{name} {value}({text}、0を含む)"),
            ),
            false => self.of(
                format!("{name} {value} ({text})"),
                format!("{name} {value}({text})"),
            ),
        }
    }

    /// The comparison of two models.
    pub fn evaluation_pair(self, pair: &PairReport) -> String {
        let (first, second, n) = (shown(&pair.first), shown(&pair.second), pair.cases);
        let by = unit(pair.unit, self.0);
        let found = &pair.comparison;
        let estimate = Estimate {
            value: found.difference,
            interval: found.interval,
            method: found.method,
            cases: n,
        };
        let mut text = match found.difference {
            Ok(_) => {
                let name = self.of(
                    "difference of the AUC with its 95 % interval",
                    "AUCの差と95 %信頼区間は",
                );
                self.difference(name, &estimate)
            }
            Err(why) => undefined(why, self.0)
                .trim_end_matches(['.', '。'])
                .to_owned(),
        };
        if let Ok(p) = found.p_value {
            text.push_str(&self.of(
                format!(", {}", p_equation(p)),
                format!("、{}", p_equation(p)),
            ));
        }
        if let Some(mcnemar) = found.mcnemar {
            let (one, other, p) = (
                mcnemar.first_only,
                mcnemar.second_only,
                p_equation(mcnemar.p_value),
            );
            text.push_str(&self.of(
                format!("; only {first} gave the recorded label of {one} cases, only {second} of {other} (McNemar {p})"),
                format!("。記録されたラベルと一致したのが{first}のみの例は{one}、{second}のみの例は{other}(McNemar検定 {p})"),
            ));
        }
        self.of(
            format!("{first} less {second}, by {by}, {n} cases: {text}."),
            format!("{first} − {second}({by}ごと、{n}例): {text}。"),
        )
    }

    /// Sources of the methods of intervals and of the limits of agreement that a report states.
    pub fn evaluation_sources(self, report: &EvaluationReport) -> Vec<&'static str> {
        let used = methods_of(report);
        let has_limits =
            estimates(report).any(|(figure, _)| figure == AnyFigure::Age(AgeFigure::LowerLimit));
        let compares = !report.pairs.is_empty();
        let sources = [
            (used.contains(&IntervalMethod::Wilson), WILSON),
            (used.contains(&IntervalMethod::DeLong) || compares, DELONG),
            (used.contains(&IntervalMethod::PersonBootstrap), BOOTSTRAP),
            (has_limits, LIMITS),
        ];
        let named = sources.into_iter().filter(|(is_used, _)| *is_used);
        named.map(|(_, source)| source).collect()
    }
}

fn estimates(report: &EvaluationReport) -> impl Iterator<Item = (AnyFigure, &Estimate)> {
    let units = report.models.iter().flat_map(|model| &model.units);
    units.flat_map(|unit| {
        unit.figures
            .iter()
            .map(|(figure, estimate)| (*figure, estimate))
    })
}

/// The methods of the intervals that a report states, in their own order.
fn methods_of(report: &EvaluationReport) -> Vec<IntervalMethod> {
    let is_stated = |method: &IntervalMethod| {
        let mut with = estimates(report).map(|(_, e)| (e.interval.is_ok(), e.method));
        with.any(|stated| stated == (true, *method))
    };
    IntervalMethod::iter().filter(is_stated).collect()
}

/// The name of a figure as it stands inside a sentence; names of persons and abbreviations keep their capital.
fn inside_sentence(name: &str) -> String {
    let is_proper = ["Matthews", "Brier"]
        .iter()
        .any(|proper| name.starts_with(proper));
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_ascii_lowercase() && !is_proper => {
            first.to_ascii_lowercase().to_string() + letters.as_str()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_and_unit_has_words_of_its_own() {
        for lang in [Lang::En, Lang::Ja] {
            let words: BTreeSet<&str> = reasons().map(|why| left_out(why, lang)).collect();
            assert_eq!(words.len(), reasons().count());
            let units: BTreeSet<String> = Unit::iter().map(|of| unit(of, lang)).collect();
            assert_eq!(units.len(), 3);
        }
    }

    /// Twenty photographs whose eye is not known are left out by eye and count by person: in every step those that come,
    /// go and return add up.
    #[test]
    fn a_flow_names_the_photographs_that_return() {
        let unit = |unit, photographs, left_out: &[(LeftOut, std::ops::Range<usize>)]| UnitReport {
            unit,
            cases: {
                let truths = vec![true, false, true];
                let logits = vec![1.0, -1.0, 2.0];
                let scores = logits.iter().map(|l: &f64| 1.0 / (1.0 + libm::exp(-l)));
                let cases = crate::evaluation::performance::LabelledScores::new(
                    truths,
                    scores.collect(),
                    logits,
                    vec![0, 1, 2],
                );
                Some(Cases::Labels(cases.unwrap()))
            },
            names: Vec::new(),
            members: Vec::new(),
            left_out: { left_out.iter() }
                .map(|(why, at)| (*why, at.clone().collect()))
                .collect(),
            photographs,
            unknown_persons: 0,
            without_value: Vec::new(),
            figures: Vec::new(),
            subgroups: Vec::new(),
        };
        let model = ModelReport {
            id: "m".to_owned(),
            is_demonstration: false,
            is_unconfirmed: false,
            is_of_sex: true,
            is_of_age: false,
            labels: Some(["female".to_owned(), "male".to_owned()]),
            threshold: Some(0.5),
            megabytes: None,
            units: vec![
                unit(Unit::Photograph, 98, &[(LeftOut::NoAnswer, 0..2)]),
                unit(
                    Unit::Eye,
                    78,
                    &[(LeftOut::NoAnswer, 0..2), (LeftOut::NoEye, 10..30)],
                ),
                unit(
                    Unit::Person,
                    97,
                    &[(LeftOut::NoAnswer, 0..2), (LeftOut::NoPerson, 40..41)],
                ),
            ],
            records_to_check: Vec::new(),
        };
        let steps = flow_steps(100, &model, Lang::En);
        let [remaining, leaving] = &steps[3];
        assert_eq!(leaving[0], "Left out: 1 photographs");
        assert_eq!(remaining[2], "20 of them left out in the step above");
        assert!(flow_steps(100, &model, Lang::Ja)[3][0][2].contains("20枚"));
        assert!(!steps[2][0].iter().any(|line| line.contains("above")));
    }
}
