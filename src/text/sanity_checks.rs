//! The verdict of a map's sanity checks in one line.

use super::Lang;
use super::report::Report;
use crate::saliency::sanity_checks::WatchedOutput;

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

impl Report {
    /// `Hiding the top 10 % of the map changes the score by −0.31; hiding random areas of the same size changes it by
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
                "Hiding the top {share:.0} % of the map changes {what} by {change}{unit}; hiding random areas of the same size changes it by {mean} ± {deviation}{unit}."
            ),
            format!(
                "マップの上位{share:.0} %の領域を遮蔽すると、{what}は{change}{unit}変化します(同じ面積の無作為な領域では{mean} ± {deviation}{unit})。"
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
            "Hiding the top 10 % of the map changes the score by −0.31; hiding random areas of the same size changes it by −0.02 ± 0.02."
        );
        assert_eq!(
            ja,
            "マップの上位10 %の領域を遮蔽すると、スコアは−0.31変化します(同じ面積の無作為な領域では−0.02 ± 0.02)。"
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
            "Hiding the top 10 % of the map changes the estimate by +1.3 years; hiding random areas of the same size changes it by 0.0 ± 1.5 years. 7 of 20 random areas change it at least as much: the map is no better than chance."
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
            text.contains(
                "−0.0042; hiding random areas of the same size changes it by 0.0000 ± 0.0003"
            ),
            "{text}"
        );
    }
}
