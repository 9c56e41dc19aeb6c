//! The sanity checks of a map in words: one line for each check, and the figures behind it.

use super::Lang;
use super::report::Report;
use crate::saliency::sanity_checks::{
    Depth, MAX_RANDOMISED_CORRELATION, NotComparable, Perturbation, RandomisedMap, SanityChecks,
    Stability, WatchedOutput,
};

/// The change of the output when the marked area is hidden, and when random areas of the same size are hidden.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The output that changed.
    pub answer: WatchedOutput,
    /// The value is in years.
    pub years: bool,
    /// Share of cells that were hidden, 0–1.
    pub share: f64,
    pub change: f64,
    /// Mean and standard deviation of the change for random areas.
    pub random: [f64; 2],
    /// The number of random areas, and how many of them change the output as much as the marked area.
    pub areas: usize,
    pub reached_by: usize,
    pub beats_chance: bool,
}

/// One of the sanity checks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SanityCheck {
    /// The marked area against random areas.
    Hiding,
    /// The map of a network with randomised weights.
    Weights,
    /// Attribution outside the field of view.
    Outside,
    /// Small changes to the photograph; the lowest rank correlation.
    Stability(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    Passed,
    Caution,
    /// The check has no limit.
    NoLimit,
}

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckLine {
    pub check: SanityCheck,
    pub outcome: CheckOutcome,
}

/// One line for each check that has a result, from the same figures as the findings.
pub fn lines(found: &SanityChecks) -> Vec<CheckLine> {
    let line = |check, passed| CheckLine {
        check,
        outcome: match passed {
            true => CheckOutcome::Passed,
            false => CheckOutcome::Caution,
        },
    };
    let hiding = found.deletion.as_ref().map(|deletion| {
        let passed = deletion.marked_of_target.beats_chance();
        line(SanityCheck::Hiding, passed)
    });
    let highest = found.randomised.iter().map(|one| one.correlation.highest());
    let highest: Vec<f64> = highest.flatten().collect();
    // A map that cannot be compared is neither alike nor different.
    let weights = (!highest.is_empty()).then(|| {
        let passed = highest.iter().all(|r| *r < MAX_RANDOMISED_CORRELATION);
        line(SanityCheck::Weights, passed)
    });
    let outside = found.outside.as_ref().map(|share| {
        let passed = share.finding().is_none();
        line(SanityCheck::Outside, passed)
    });
    let stability = found.stability.iter().filter_map(|s| s.correlation.signed);
    let stability = stability.reduce(f64::min).map(|lowest| CheckLine {
        check: SanityCheck::Stability(lowest),
        outcome: CheckOutcome::NoLimit,
    });
    [hiding, weights, outside, stability]
        .into_iter()
        .flatten()
        .collect()
}

impl Report {
    /// A check and its outcome in one line.
    pub fn check_line(self, line: &CheckLine) -> String {
        let passed = line.outcome == CheckOutcome::Passed;
        let text = match (line.check, passed) {
            (SanityCheck::Hiding, true) => self.of(
                "Passed: hiding the marked area changes the output more than hiding random areas.",
                "合格: マップが示す領域の遮蔽は、無作為な領域の遮蔽より大きく出力を変えます。",
            ),
            (SanityCheck::Hiding, false) => self.of(
                "Caution: hiding random areas changes the output as much as hiding the marked area.",
                "注意: 無作為な領域を遮蔽しても、マップが示す領域と同程度に出力が変わります。",
            ),
            (SanityCheck::Weights, true) => self.of(
                "Passed: the map changes when the network's weights are randomised.",
                "合格: ネットワークの重みをランダム化すると、マップが変わります。",
            ),
            (SanityCheck::Weights, false) => self.of(
                "Caution: the map stays similar when the network's weights are randomised.",
                "注意: ネットワークの重みをランダム化しても、似たマップになります。",
            ),
            (SanityCheck::Outside, true) => self.of(
                "Passed: little of the attribution lies outside the field of view.",
                "合格: 撮影範囲の外にある寄与はわずかです。",
            ),
            (SanityCheck::Outside, false) => self.of(
                "Caution: much of the attribution lies outside the field of view.",
                "注意: 寄与の多くが撮影範囲の外にあります。",
            ),
            (SanityCheck::Stability(lowest), _) => {
                let lowest = signed(lowest, 2);
                return self.of(
                    format!("Small changes to the photograph: rank correlation {lowest} or higher (there is no limit)."),
                    format!("写真を少し変えた場合: 順位相関の最小値は{lowest}(基準値なし)。"),
                );
            }
        };
        text.to_owned()
    }

    /// The output that curves show, with its unit.
    pub fn output_with_unit(self, output: WatchedOutput, years: bool) -> String {
        let text = match (output, years) {
            (WatchedOutput::Score, _) => self.of("score", "スコア"),
            (WatchedOutput::Value, true) => self.of("age estimate (years)", "年齢の推定値(歳)"),
            (WatchedOutput::Value, false) => self.of("estimate", "推定値"),
            (WatchedOutput::Output, _) => self.of("output", "出力"),
        };
        text.to_owned()
    }

    /// The map of a network with randomised weights against that of the trained one.
    pub fn randomised_map(self, one: &RandomisedMap) -> String {
        let depth = match one.depth {
            Depth::LastBlock => self.of("Last block randomised", "最終ブロックをランダム化"),
            Depth::All => self.of("All layers randomised", "すべての層をランダム化"),
        };
        let result = match one.not_comparable {
            Some(NotComparable::Constant) => self
                .of(
                    "the map has the same value everywhere and cannot be compared.",
                    "マップの全セルが同じ値となり、比較できません。",
                )
                .to_owned(),
            Some(NotComparable::NotANumber) => self
                .of(
                    "the network's output overflows; there is no map to compare.",
                    "計算が発散し、比較できるマップがありません。",
                )
                .to_owned(),
            None => {
                let [signed, absolute] =
                    [one.correlation.signed, one.correlation.absolute].map(figure);
                self.of(
                    format!("rank correlation with the map of the trained model: signed {signed}, absolute {absolute}."),
                    format!("学習済みモデルのマップとの順位相関: 符号付き{signed}、絶対値{absolute}。"),
                )
            }
        };
        format!("{depth}: {result}")
    }

    /// The limit of the rank correlations with randomised weights.
    pub fn randomised_limit(self) -> String {
        let limit = MAX_RANDOMISED_CORRELATION;
        self.of(
            format!("Of a map that depends on the weights, both are below {limit:.2}."),
            format!("重みに依存するマップでは、どちらも{limit:.2}未満になります。"),
        )
    }

    /// The map and output of a photograph that was changed a little.
    pub fn changed_photograph(self, one: &Stability, years: bool) -> String {
        let name = match one.perturbation {
            Perturbation::Shifted => self.of("Moved by 2 %", "2 %移動"),
            Perturbation::Brighter => self.of("10 % brighter", "明るさ +10 %"),
            Perturbation::Darker => self.of("10 % darker", "明るさ −10 %"),
            Perturbation::Jpeg => self.of("JPEG, quality 75", "JPEG 画質75"),
        };
        let map = figure(one.correlation.signed);
        let unit = match (self.0, years) {
            (_, false) => "",
            (Lang::En, true) => " years",
            (Lang::Ja, true) => "歳",
        };
        let change = one
            .change
            .map_or("–".to_owned(), |change| signed(change, 3));
        self.of(
            format!(
                "{name}: rank correlation of the maps {map}, change of the output {change}{unit}."
            ),
            format!("{name}: マップの順位相関{map}、出力の変化{change}{unit}。"),
        )
    }

    /// `Hiding the top 10 % of the map changes the score by −0.31. Hiding random areas of the same size changes it by
    /// −0.02 ± 0.02.`, and a second sentence if that is no better than chance.
    pub fn verdict(self, verdict: &Verdict) -> String {
        let Verdict {
            share,
            change,
            random: [mean, deviation],
            ..
        } = *verdict;
        let what = match verdict.answer {
            WatchedOutput::Score => self.of("the score", "スコア"),
            WatchedOutput::Value => self.of("the estimate", "推定値"),
            WatchedOutput::Output => self.of("the output", "出力"),
        };
        let unit = match (self.0, verdict.years) {
            (_, false) => "",
            (Lang::En, true) => " years",
            (Lang::Ja, true) => "歳",
        };
        let largest = [change, mean, deviation].map(f64::abs).into_iter();
        let decimals = match (verdict.years, largest.fold(0.0, f64::max)) {
            (true, largest) if largest < 0.1 => 3,
            (true, _) => 1,
            (false, largest) if largest < 0.01 => 4,
            (false, _) => 2,
        };
        let (share, deviation) = (100.0 * share, format!("{deviation:.decimals$}"));
        let [change, mean] = [change, mean].map(|v| signed(v, decimals));
        let mut text = self.of(
            format!(
                "Hiding the top {share:.0} % of the map changes {what} by {change}{unit}. Hiding random areas of the same size changes it by {mean} ± {deviation}{unit}."
            ),
            format!(
                "マップの上位{share:.0} %の領域を遮蔽すると、{what}は{change}{unit}変化します。同じ面積の無作為な領域では{mean} ± {deviation}{unit}です。"
            ),
        );
        if !verdict.beats_chance {
            let (reached, areas) = (verdict.reached_by, verdict.areas);
            text.push_str(&self.of(
                format!(
                    " {reached} of {areas} random areas change it at least as much: the map is no better than chance."
                ),
                format!(
                    "無作為な領域{areas}か所のうち{reached}か所でも同程度以上に変化するため、偶然と区別できません。"
                ),
            ));
        }
        text
    }
}

/// A rank correlation; a dash if there is none.
fn figure(correlation: Option<f64>) -> String {
    correlation.map_or("–".to_owned(), |r| signed(r, 2))
}

/// With its sign and a true minus sign; a value that rounds to zero has no sign.
pub fn signed(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let zero = !digits.contains(|c: char| c.is_ascii_digit() && c != '0');
    match value {
        _ if zero => digits,
        v if v < 0.0 => format!("−{digits}"),
        _ => format!("+{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saliency::sanity_checks::RankCorrelation;

    #[test]
    fn a_verdict_says_both_changes_and_plainly_when_they_do_not_differ() {
        let verdict = Verdict {
            answer: WatchedOutput::Score,
            years: false,
            share: 0.098,
            change: -0.312,
            random: [-0.021, 0.024],
            areas: 20,
            reached_by: 0,
            beats_chance: true,
        };
        let [en, ja] = [Lang::En, Lang::Ja].map(|lang| Report(lang).verdict(&verdict));
        assert_eq!(
            en,
            "Hiding the top 10 % of the map changes the score by −0.31. Hiding random areas of the same size changes it by −0.02 ± 0.02."
        );
        assert_eq!(
            ja,
            "マップの上位10 %の領域を遮蔽すると、スコアは−0.31変化します。同じ面積の無作為な領域では−0.02 ± 0.02です。"
        );
        let chance = Verdict {
            answer: WatchedOutput::Value,
            years: true,
            change: 1.26,
            random: [0.01, 1.5],
            reached_by: 7,
            beats_chance: false,
            ..verdict
        };
        let [en, ja] = [Lang::En, Lang::Ja].map(|lang| Report(lang).verdict(&chance));
        assert_eq!(
            en,
            "Hiding the top 10 % of the map changes the estimate by +1.3 years. Hiding random areas of the same size changes it by 0.0 ± 1.5 years. 7 of 20 random areas change it at least as much: the map is no better than chance."
        );
        assert!(ja.contains("推定値は+1.3歳変化します") && ja.ends_with("偶然と区別できません。"));
    }

    fn randomised(signed: f64, absolute: f64) -> RandomisedMap {
        RandomisedMap {
            depth: Depth::All,
            tensors: 3,
            not_comparable: None,
            correlation: RankCorrelation {
                signed: Some(signed),
                absolute: Some(absolute),
            },
        }
    }

    #[test]
    fn a_check_is_a_caution_exactly_if_it_is_a_finding() {
        for (signed, absolute) in [(0.29, 0.1), (0.1, 0.31), (-0.9, 0.2), (0.3, 0.0)] {
            let found = SanityChecks {
                randomised: vec![randomised(signed, absolute)],
                ..SanityChecks::default()
            };
            let [line] = lines(&found)[..] else {
                panic!("one check, one line");
            };
            let passed = line.outcome == CheckOutcome::Passed;
            assert_eq!(passed, found.findings().is_empty(), "{signed} {absolute}");
            for lang in [Lang::En, Lang::Ja] {
                let text = Report(lang).check_line(&line);
                let word = match passed {
                    true => ["Passed", "合格"],
                    false => ["Caution", "注意"],
                };
                assert!(word.iter().any(|word| text.starts_with(word)), "{text}");
            }
        }
        assert!(lines(&SanityChecks::default()).is_empty());
    }

    #[test]
    fn the_figures_of_the_checks_are_sentences() {
        let one = randomised(0.12, -0.3);
        assert_eq!(
            Report(Lang::En).randomised_map(&one),
            "All layers randomised: rank correlation with the map of the trained model: signed +0.12, absolute −0.30."
        );
        assert!(Report(Lang::En).randomised_limit().ends_with("below 0.30."));
        let without = RandomisedMap {
            not_comparable: Some(NotComparable::Constant),
            ..one
        };
        assert!(
            Report(Lang::Ja)
                .randomised_map(&without)
                .contains("比較できません")
        );
        let moved = Stability {
            perturbation: Perturbation::Shifted,
            correlation: RankCorrelation {
                signed: Some(0.974),
                absolute: None,
            },
            change: Some(-0.0213),
        };
        assert_eq!(
            Report(Lang::En).changed_photograph(&moved, true),
            "Moved by 2 %: rank correlation of the maps +0.97, change of the output −0.021 years."
        );
    }

    #[test]
    fn small_changes_keep_their_digits() {
        let small = Verdict {
            answer: WatchedOutput::Output,
            years: false,
            share: 0.1,
            change: -0.0042,
            random: [0.000_01, 0.0003],
            areas: 20,
            reached_by: 1,
            beats_chance: true,
        };
        let text = Report(Lang::En).verdict(&small);
        assert!(
            text.contains(
                "−0.0042. Hiding random areas of the same size changes it by 0.0000 ± 0.0003"
            ),
            "{text}"
        );
    }
}
