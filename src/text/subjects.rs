//! Texts on which photographs count: why one is excluded from the results per eye and person, how many are included, and
//! how photographs were assigned to persons.

use super::report::Report;
use super::window::Texts;
use crate::domain::{Exclusion, PersonSource};

/// The photographs of a methods section by outcome, each counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// With a result.
    pub analysed: usize,
    /// Judged not to be fundus photographs, and not analysed.
    pub not_fundus: usize,
    pub failed: usize,
    /// Analysed but excluded from the results per eye and person, by the first of their reasons; `None` is the user's
    /// choice.
    pub left_out: Vec<(Option<Exclusion>, usize)>,
    /// Included by choice of the user.
    pub by_user: usize,
}

impl Report {
    /// Why a photograph is excluded, as a short remark.
    pub fn left_out(self, reason: Exclusion) -> &'static str {
        match reason {
            Exclusion::NotAFundus => self.of("not a fundus photograph", "眼底写真ではない"),
            Exclusion::BadQuality => self.of("poor image quality", "画質不良"),
            Exclusion::EyeConflict => self.of(
                "recorded laterality contradicts the optic disc",
                "左右眼の記載と視神経乳頭の位置が矛盾",
            ),
            Exclusion::Duplicate => {
                self.of("duplicate of an earlier photograph", "先の写真と同じ画像")
            }
            Exclusion::SmallerCopy => self.of(
                "smaller copy of another photograph",
                "ほかの写真の縮小コピー",
            ),
            Exclusion::TwoPersons => self.of(
                "same image assigned to two persons",
                "同じ画像が別の被検者の写真にも含まれる",
            ),
            Exclusion::TwoEyes => self.of(
                "same image assigned to both eyes",
                "同じ画像が右眼と左眼の両方に含まれる",
            ),
        }
    }

    /// All reasons.
    pub fn left_out_all(self, reasons: &[Exclusion]) -> String {
        let wording: Vec<&str> = reasons.iter().map(|r| self.left_out(*r)).collect();
        wording.join(self.of("; ", "、"))
    }

    /// `3 of 12 used`.
    pub fn used_of(self, used: usize, photographs: usize) -> String {
        self.of(
            format!("{used} of {photographs} used"),
            format!("{photographs}枚中{used}枚を使用"),
        )
    }

    /// How many photographs were analysed, and how many were excluded and why.
    pub fn method_counts(self, version: &str, counts: &Counts) -> String {
        let Counts {
            analysed,
            not_fundus,
            failed,
            ..
        } = *counts;
        let s = if analysed == 1 { "" } else { "s" };
        let mut text = self.of(
            format!(
                "Gantei (version {version}) was used to analyse {analysed} fundus photograph{s}."
            ),
            format!("眼底写真{analysed}枚の解析にはGantei(バージョン {version})を用いた。"),
        );
        if not_fundus > 0 {
            text.push_str(&self.of(
                format!(" Images judged not to be fundus photographs were not analysed (n = {not_fundus})."),
                format!("ほかに{not_fundus}枚は眼底写真ではないと判定されたため、解析しなかった。"),
            ));
        }
        if failed > 0 {
            text.push_str(&self.of(
                format!(" Photographs without a result were excluded (n = {failed})."),
                format!("ほかに{failed}枚は結果が得られなかったため、除外した。"),
            ));
        }
        text.push_str(&self.method_left_out(counts));
        text
    }

    /// How many were excluded for each reason: `poor image quality: 7; user's choice: 1`.
    pub fn counted(self, left_out: &[(Option<Exclusion>, usize)]) -> String {
        let of_user = self.of("user's choice", "利用者の選択");
        let wording: Vec<String> = left_out
            .iter()
            .map(|(reason, n)| {
                let reason = reason.map_or(of_user, |r| self.left_out(r));
                format!("{reason}: {n}")
            })
            .collect();
        wording.join(self.of("; ", "、"))
    }

    fn method_left_out(self, counts: &Counts) -> String {
        let all: usize = counts.left_out.iter().map(|(_, n)| n).sum();
        let mut text = String::new();
        if all > 0 {
            let reasons = self.counted(&counts.left_out);
            text.push_str(&self.of(
                format!(
                    " Of the analysed photographs, {all} did not enter the results per eye and person ({reasons})."
                ),
                format!(
                    "解析した写真のうち{all}枚は、左右眼・被検者ごとの集計から除外した({reasons})。"
                ),
            ));
        }
        let by_user = counts.by_user;
        if by_user > 0 {
            let s = if by_user == 1 { "" } else { "s" };
            text.push_str(&self.of(
                format!(" By choice of the user, {by_user} photograph{s} excluded by the software entered these results."),
                format!("ソフトウェアが除外した写真のうち{by_user}枚は、利用者の判断で集計に含めた。"),
            ));
        }
        text
    }

    /// How photographs were assigned to persons.
    pub fn method_persons(self, source: PersonSource) -> &'static str {
        match source {
            PersonSource::Table => self.of("the table of labels", "ラベルの表"),
            PersonSource::Dicom => self.of(
                "the patient IDs of the DICOM files",
                "DICOMファイルの患者ID",
            ),
            PersonSource::FileName => self.of(
                "their file names, as confirmed by the user",
                "ファイル名(利用者が確認)",
            ),
        }
    }
}

impl Texts {
    /// A combined result: how many photographs were used, and the range of their individual values.
    pub fn used_range(self, used: usize, photographs: usize, low: &str, high: &str) -> String {
        let report = Report(self.0);
        let count = match (used == photographs, used) {
            (true, 1) => report.of("1 photograph".to_owned(), "写真1枚".to_owned()),
            (true, n) => report.of(format!("{n} photographs"), format!("写真{n}枚")),
            (false, _) => report.used_of(used, photographs),
        };
        if used < 2 {
            return count;
        }
        report.of(
            format!("{count}, {low} to {high}"),
            format!("{count}、{low}～{high}"),
        )
    }

    /// How many photographs of a person are excluded, and why.
    pub fn left_out_of(self, left_out: &[(Option<Exclusion>, usize)]) -> String {
        let counted = Report(self.0).counted(left_out);
        Report(self.0).of(
            format!("Excluded: {counted}."),
            format!("集計から除外: {counted}"),
        )
    }

    /// Why the current photograph is excluded by default.
    pub fn left_out_because(self, reasons: &[Exclusion]) -> String {
        let report = Report(self.0);
        let wording = report.left_out_all(reasons);
        report.of(
            format!("Excluded by default: {wording}."),
            format!("既定では集計から除外: {wording}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::text::Lang;

    #[test]
    fn a_methods_section_says_how_many_were_left_out_and_why() {
        let counts = Counts {
            analysed: 12,
            not_fundus: 1,
            failed: 2,
            left_out: vec![
                (Some(Exclusion::BadQuality), 7),
                (Some(Exclusion::Duplicate), 1),
                (None, 1),
            ],
            by_user: 1,
        };
        assert_eq!(
            Report(Lang::En).method_counts("1.2.3", &counts),
            "Gantei (version 1.2.3) was used to analyse 12 fundus photographs. Images judged not to be fundus photographs were not analysed (n = 1). Photographs without a result were excluded (n = 2). Of the analysed photographs, 9 did not enter the results per eye and person (poor image quality: 7; duplicate of an earlier photograph: 1; user's choice: 1). By choice of the user, 1 photograph excluded by the software entered these results."
        );
        let ja = Report(Lang::Ja).method_counts("1.2.3", &counts);
        assert!(ja.contains("9枚は、左右眼・被検者ごとの集計から除外した(画質不良: 7、先の写真と同じ画像: 1、利用者の選択: 1)"), "{ja}");
    }

    #[test]
    fn the_number_of_used_photographs_stands_before_their_range() {
        let en = Texts(Lang::En);
        assert_eq!(
            en.used_range(3, 12, "0.1", "0.9"),
            "3 of 12 used, 0.1 to 0.9"
        );
        assert_eq!(en.used_range(0, 2, "", ""), "0 of 2 used");
        assert_eq!(
            en.used_range(2, 2, "0.1", "0.9"),
            "2 photographs, 0.1 to 0.9"
        );
        assert_eq!(en.used_range(1, 1, "", ""), "1 photograph");
        assert_eq!(
            Texts(Lang::Ja).used_range(3, 12, "0.1", "0.9"),
            "12枚中3枚を使用、0.1～0.9"
        );
    }

    #[test]
    fn every_reason_has_words_of_its_own() {
        for lang in [Lang::En, Lang::Ja] {
            let wording: std::collections::HashSet<_> = Exclusion::iter()
                .map(|r| Report(lang).left_out(r))
                .collect();
            assert_eq!(wording.len(), Exclusion::iter().count());
        }
    }
}
