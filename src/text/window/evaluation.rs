//! Texts about the evaluation of a study.

use super::{Lang, Texts, grouped};
use crate::domain::{Centring, Grade, Laterality, Quality};
use crate::evaluation::performance::Unit;
use crate::text::report::capital;

texts! {
    // Commands
    evaluate: "Evaluate the study...", "研究を評価…";
    evaluate_tip: "Compare the results of the study with its labels", "研究の結果をラベルと比較する";

    // The page
    evaluation_running: "Computing figures and intervals...", "指標と信頼区間を計算しています…";
    evaluation_start: "Evaluate", "評価する";
    evaluation_again: "Evaluate again", "再評価";
    evaluation_needs_answers: "No photograph has both a result and a label. Run the study first.", "結果とラベルの両方がある写真がありません。先に研究を実行してください。";
    evaluation_no_models: "The study has no models.", "研究にモデルがありません。";
    evaluation_no_cases: "No case is left to evaluate in this way.", "この単位で評価できる例がありません。";
    evaluation_export: "Export the evaluation...", "評価を書き出す…";
    evaluation_unit: "Counted by", "集計単位";
    evaluation_demonstration: "Demonstration model, trained on computer-drawn eyes: its figures say nothing about patients.", "コンピューターで描画した眼底画像で学習したデモ用モデルです。実際の患者での性能を示しません。";
    evaluation_unconfirmed: "Settings of this model are assumed and not confirmed.", "このモデルの設定は仮定によるもので、確認されていません。";
    evaluation_back: "Back to the evaluation", "評価に戻る";
    evaluation_figures: "Figures", "指標";
    evaluation_curves: "Curves", "曲線";
    evaluation_subgroups: "Subgroups", "サブグループ";
    evaluation_models: "Comparison", "比較";

    // Figures
    figure_column: "Figure", "指標";
    value_column: "Value", "値";
    interval_column: "95 % interval", "95 %信頼区間";
    method_column: "Interval by", "区間の算出方法";
    prevalence: "Prevalence", "有病率";
    prevalence_of_cases: "That of the cases", "評価した例での割合";
    prevalence_note: "Predictive values for a population with this share of positive cases.", "この割合で陽性例を含む集団での的中率です。";
    threshold_fixed_again: "Back to the fixed threshold", "固定した閾値に戻す";
    threshold_note: "Drag the point along the ROC curve, or move the slider.", "ROC曲線上の点をドラッグするか、スライダーで変更できます。";
    release: "JOIR release", "JOIR公開モデル";
    release_note: "Published by JOIR, from internal validation on other photographs; not computed here.", "JOIRの公表値です(別の写真による内部検証)。ここで計算した値ではありません。";

    // Flow of photographs
    flow: "Flow of photographs", "写真の流れ";
    flow_left_out: "Left out", "除外";
    flow_evaluated: "Evaluated", "評価対象";

    // Confusion table
    confusion: "Recorded and given labels", "記録ラベルと判定";
    click_to_list: "Click a cell, bar or point to list its photographs.", "セル・棒・点をクリックすると該当する写真を一覧に表示します。";
    show_photographs: "List these photographs", "これらの写真を一覧に表示";

    // Subgroups
    subgroup_column: "Subgroup", "サブグループ";
    cases_column: "n", "例数";
    few_cases: "fewer than 30 of a label", "いずれかのラベルが30例未満";
    few_cases_note: "Subgroups with fewer than 30 cases of a label say little.", "いずれかのラベルが30例未満のサブグループは参考程度にとどまります。";
    subgroups_none: "No subgroup was computed.", "サブグループは計算されていません。";
    subgroups_by: "Subgroups by", "サブグループの分類";
    subgroups_not_tested: "Intervals are not adjusted for the number of subgroups.", "信頼区間はサブグループの数による調整をしていません。";
    whole: "All cases", "全例";

    // Comparison of models
    models_alone: "A comparison needs two models with the same labels.", "比較には同じラベルの2つのモデルが必要です。";
    size_not_known: "The size of the model file is not known.", "モデルファイルのサイズが不明です。";
    auc_difference: "Difference of the AUC", "AUCの差";
    p_delong: "p (DeLong)", "p(DeLong)";
    p_mcnemar: "p (McNemar)", "p(McNemar)";

    // The filter of the list
    evaluated: "From the evaluation", "評価から選択";
}

impl Texts {
    pub const fn unit(self, unit: Unit) -> &'static str {
        match (self.0, unit) {
            (Lang::En, Unit::Photograph) => "Photograph",
            (Lang::En, Unit::Eye) => "Eye",
            (Lang::En, Unit::Person) => "Person",
            (Lang::Ja, Unit::Photograph) => "写真",
            (Lang::Ja, Unit::Eye) => "眼",
            (Lang::Ja, Unit::Person) => "被検者",
        }
    }

    /// What the cases of a unit are.
    pub const fn unit_note(self, unit: Unit) -> &'static str {
        match (self.0, unit) {
            (Lang::En, Unit::Photograph) => {
                "Every photograph is a case. Persons with several are allowed for in the intervals."
            }
            (Lang::En, Unit::Eye) => "Every eye is a case, with the mean logit of its photographs.",
            (Lang::En, Unit::Person) => {
                "Every person is a case, with the mean logit of all photographs."
            }
            (Lang::Ja, Unit::Photograph) => {
                "写真1枚を1例とします。同一被検者の複数の写真は信頼区間に反映されます。"
            }
            (Lang::Ja, Unit::Eye) => "1眼を1例とし、その写真のロジットの平均を用います。",
            (Lang::Ja, Unit::Person) => {
                "被検者1人を1例とし、その全写真のロジットの平均を用います。"
            }
        }
    }

    pub fn evaluation_of(self, study: &str) -> String {
        match self.0 {
            Lang::En => format!("Evaluation of {study}"),
            Lang::Ja => format!("{study} の評価"),
        }
    }

    /// Cases of a unit and how many photographs they consist of.
    pub fn evaluated_cases(self, unit: Unit, cases: usize, photographs: usize) -> String {
        let (n, of) = (grouped(cases), grouped(photographs));
        match (self.0, unit) {
            (Lang::En, Unit::Photograph) => format!("{n} photographs"),
            (Lang::En, Unit::Eye) => format!("{n} eyes ({of} photographs)"),
            (Lang::En, Unit::Person) => format!("{n} persons ({of} photographs)"),
            (Lang::Ja, Unit::Photograph) => format!("写真 {n}枚"),
            (Lang::Ja, Unit::Eye) => format!("{n}眼(写真 {of}枚)"),
            (Lang::Ja, Unit::Person) => format!("被検者 {n}人(写真 {of}枚)"),
        }
    }

    /// How many persons the cases are of.
    pub fn of_persons(self, persons: usize, unknown: usize) -> String {
        let n = grouped(persons);
        match (self.0, unknown) {
            (Lang::En, 0) => format!("of {n} persons"),
            (Lang::En, _) => format!(
                "of {n} persons, counting {} of an unknown person as one each",
                grouped(unknown)
            ),
            (Lang::Ja, 0) => format!("被検者 {n}人"),
            (Lang::Ja, _) => format!(
                "被検者 {n}人(被検者不明の{}例はそれぞれ1人として数える)",
                grouped(unknown)
            ),
        }
    }

    /// The threshold that figures are computed at.
    pub fn at_threshold(self, threshold: &str, positive: &str) -> String {
        match self.0 {
            Lang::En => {
                format!(
                    "Threshold {threshold}, fixed in the model card before looking. Positive: {positive}."
                )
            }
            Lang::Ja => {
                format!("閾値 {threshold}(モデルカードで事前に固定)。陽性: {positive}。")
            }
        }
    }

    /// A threshold that was chosen after the labels were seen.
    pub fn threshold_moved(self, threshold: &str, fixed: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "Threshold {threshold} instead of {fixed}: moved after looking, so its figures are optimistic."
            ),
            Lang::Ja => format!(
                "閾値 {threshold}(固定値 {fixed}): 結果を見た後に変更したため、性能を過大に示すおそれがあります。"
            ),
        }
    }

    /// Predictive values for another population.
    pub fn at_prevalence(self, percent: &str) -> String {
        match self.0 {
            Lang::En => format!("Predictive values at a prevalence of {percent} %."),
            Lang::Ja => format!("的中率は有病率 {percent} % での値。"),
        }
    }

    /// The recorded label of a row of the confusion table.
    pub fn recorded(self, label: &str) -> String {
        let label = self.label(label);
        match self.0 {
            Lang::En => format!("Recorded {label}"),
            Lang::Ja => format!("記録: {label}"),
        }
    }

    /// The label that the model gives.
    pub fn given(self, label: &str) -> String {
        let label = self.label(label);
        match self.0 {
            Lang::En => format!("Model: {label}"),
            Lang::Ja => format!("モデル: {label}"),
        }
    }

    /// A cell of the confusion table, for those who do not see its place.
    pub fn confusion_cell(self, recorded: &str, given: &str, count: u64) -> String {
        let count = grouped(count);
        let words = self.evaluated_labels(recorded, given);
        format!("{words}: {count}")
    }

    /// The cases with a recorded and a given label.
    pub fn evaluated_labels(self, recorded: &str, given: &str) -> String {
        let [recorded, given] = [recorded, given].map(|label| self.label(label));
        match self.0 {
            Lang::En => format!("recorded {recorded}, model {given}"),
            Lang::Ja => format!("記録 {recorded}、モデル {given}"),
        }
    }

    /// Cases with a score between two percentages.
    pub fn evaluated_scores(self, recorded: Option<&str>, [low, high]: [usize; 2]) -> String {
        let label = recorded.map(|label| self.label(label));
        match (self.0, label) {
            (Lang::En, Some(label)) => format!("recorded {label}, score {low} to {high} %"),
            (Lang::En, None) => format!("score {low} to {high} %"),
            (Lang::Ja, Some(label)) => format!("記録 {label}、スコア {low}〜{high} %"),
            (Lang::Ja, None) => format!("スコア {low}〜{high} %"),
        }
    }

    /// A column of subgroups.
    pub fn subgroup_column_name(self, by: &str) -> String {
        let name = match by {
            "eye" => self.eye(),
            "quality" => self.quality(),
            "applicability" => self.applicability(),
            "field" => match self.0 {
                Lang::En => "Centre of the field",
                Lang::Ja => "撮影範囲の中心",
            },
            "age" => match self.0 {
                Lang::En => "Age",
                Lang::Ja => "年齢",
            },
            other => return other.to_owned(),
        };
        capital(name)
    }

    /// A value of a column of subgroups.
    pub fn subgroup_value(self, by: &str, value: &str) -> String {
        match (by, value) {
            ("eye", "OD") => self.laterality(Laterality::Od).to_owned(),
            ("eye", "OS") => self.laterality(Laterality::Os).to_owned(),
            ("quality", _) => {
                let all = [
                    Quality::Good,
                    Quality::Usable,
                    Quality::Bad,
                    Quality::NotAFundus,
                ];
                let found = all.into_iter().find(|quality| quality.as_str() == value);
                found
                    .map_or(value, |quality| self.quality_word(quality))
                    .to_owned()
            }
            ("applicability", _) => {
                let all = [Grade::Good, Grade::Limited, Grade::Outside];
                let found = all.into_iter().find(|grade| grade.as_str() == value);
                found.map_or(value, |grade| self.grade(grade)).to_owned()
            }
            ("field", _) => {
                let all = [Centring::Disc, Centring::Macula, Centring::Elsewhere];
                let found = all.into_iter().find(|centre| centre.as_str() == value);
                let words = found.map(|centre| self.centring(centre));
                words.unwrap_or(value).to_owned()
            }
            _ if self.0 == Lang::Ja => value.replace(" to ", "〜"),
            _ => value.to_owned(),
        }
    }

    /// A model of the release with what is published about it, each figure with its name.
    pub fn release_row(self, model: &str, figures: &[(&str, String)]) -> String {
        let figures: Vec<String> = figures
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        format!("{model}: {}", figures.join(self.comma()))
    }

    /// Two models that are compared.
    pub fn model_less_model(self, first: &str, second: &str) -> String {
        match self.0 {
            Lang::En => format!("{first} less {second}"),
            Lang::Ja => format!("{first} − {second}"),
        }
    }

    /// Cases on which only one of two models is right.
    pub fn only_right(self, first: u64, second: u64) -> String {
        match self.0 {
            Lang::En => format!("only the first right: {first}, only the second: {second}"),
            Lang::Ja => format!("前者のみ正答 {first}例、後者のみ正答 {second}例"),
        }
    }

    /// Cases of both models.
    pub fn common_cases(self, unit: Unit, cases: usize) -> String {
        let by = self.unit(unit);
        match self.0 {
            Lang::En => format!("by {}, n = {}", by.to_lowercase(), grouped(cases)),
            Lang::Ja => format!("{by}ごと、n = {}", grouped(cases)),
        }
    }

    /// Cases that belong to no subgroup of a column.
    pub fn without_value(self, by: &str, cases: usize) -> String {
        let (by, n) = (self.subgroup_column_name(by), grouped(cases));
        match self.0 {
            Lang::En => format!("{by}: {n} cases without a single value."),
            Lang::Ja => format!("{by}: 値が1つに定まらない例が{n}例。"),
        }
    }

    /// A case of a plot whose name may not be shown.
    pub const fn one_case(self) -> &'static str {
        match self.0 {
            Lang::En => "one case",
            Lang::Ja => "1例",
        }
    }
}
