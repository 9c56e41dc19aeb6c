//! The verdict of a map's controls in one line.

use super::Lang;
use super::report::Report;
use crate::saliency::sanity_checks::WatchedOutput;

/// What hiding the marked area and hiding random areas of its size did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// What moved.
    pub answer: WatchedOutput,
    /// The value counts years.
    pub years: bool,
    /// Share of the cells that was hidden, 0–1.
    pub share: f64,
    pub change: f64,
    /// Mean and standard deviation of the change by random areas.
    pub random: [f64; 2],
    /// How many random areas there are, and how many of them move it as far as the marked one.
    pub areas: usize,
    pub reached_by: usize,
    pub beats_chance: bool,
}

impl Report {
    /// `Hiding the marked 10 % moves the score by −0.31; hiding random areas by −0.02 ± 0.02.`, and plainly where that is no
    /// better than chance.
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
                "Hiding the marked {share:.0} % moves {what} by {change}{unit}; hiding random areas by {mean} ± {deviation}{unit}."
            ),
            format!(
                "マップが示す上位{share:.0} %の領域を隠すと、{what}は{change}{unit}変化します(同じ広さの無作為な領域では{mean} ± {deviation}{unit})。"
            ),
        );
        if !verdict.beats_chance {
            let (reached, areas) = (verdict.reached_by, verdict.areas);
            text.push_str(&self.of(
                format!(
                    " {reached} of {areas} random areas move it as far: the marked area does no better than chance."
                ),
                format!(
                    "無作為な領域{areas}か所のうち{reached}か所でも同程度以上に変化し、偶然と区別できません。"
                ),
            ));
        }
        text
    }
}

/// With its sign and a true minus; what rounds to zero has none.
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
            "Hiding the marked 10 % moves the score by −0.31; hiding random areas by −0.02 ± 0.02."
        );
        assert_eq!(
            ja,
            "マップが示す上位10 %の領域を隠すと、スコアは−0.31変化します(同じ広さの無作為な領域では−0.02 ± 0.02)。"
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
            "Hiding the marked 10 % moves the estimate by +1.3 years; hiding random areas by 0.0 ± 1.5 years. 7 of 20 random areas move it as far: the marked area does no better than chance."
        );
        assert!(ja.contains("推定値は+1.3歳変化します") && ja.ends_with("偶然と区別できません。"));
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
            text.contains("−0.0042; hiding random areas by 0.0000 ± 0.0003"),
            "{text}"
        );
    }
}
