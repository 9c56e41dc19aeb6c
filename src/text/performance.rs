//! Names of the figures of a model on labelled cases, how their intervals are computed, and why one has no meaning.

use super::Lang;
use crate::domain::listed::listed;
use crate::evaluation::performance::{
    AgeFigure, AnyFigure, FEW, IntervalMethod, Measure, Undefined, Unit,
};
use crate::text::window::Texts;

/// The name of a figure; "positive" cases are those with the label of output 1.
pub fn measure(measure: Measure, lang: Lang) -> &'static str {
    let [en, ja] = match measure {
        Measure::Accuracy => ["Accuracy", "正答率"],
        Measure::BalancedAccuracy => ["Balanced accuracy", "均衡正答率(感度と特異度の平均)"],
        Measure::Sensitivity => ["Sensitivity", "感度"],
        Measure::Specificity => ["Specificity", "特異度"],
        Measure::PositivePredictiveValue => ["Positive predictive value", "陽性的中率"],
        Measure::NegativePredictiveValue => ["Negative predictive value", "陰性的中率"],
        Measure::F1 => ["F1 score", "F1値"],
        Measure::Mcc => ["Matthews correlation", "マシューズ相関係数"],
        Measure::Auc => ["AUC", "AUC"],
        Measure::AveragePrecision => ["Average precision (AUPRC)", "平均適合率(AUPRC)"],
        Measure::Brier => ["Brier score", "Brierスコア"],
        Measure::CalibrationIntercept => ["Calibration intercept", "較正の切片"],
        Measure::CalibrationSlope => ["Calibration slope", "較正の傾き"],
        Measure::ExpectedCalibrationError => ["Expected calibration error", "期待較正誤差(ECE)"],
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

/// The name of a figure of a model that estimates a number; all but R² and the slope have its unit, for an age years.
pub fn age_figure(figure: AgeFigure, lang: Lang) -> &'static str {
    let [en, ja] = match figure {
        AgeFigure::MeanAbsoluteError => ["Mean absolute error", "平均絶対誤差"],
        AgeFigure::RootMeanSquaredError => ["Root mean squared error", "二乗平均平方根誤差"],
        AgeFigure::RSquared => ["R²", "決定係数 R²"],
        AgeFigure::Bias => ["Mean difference", "差の平均"],
        AgeFigure::LowerLimit => ["Lower limit of agreement", "一致限界の下限"],
        AgeFigure::UpperLimit => ["Upper limit of agreement", "一致限界の上限"],
        AgeFigure::GapSlope => ["Slope over the recorded value", "記録値に対する差の傾き"],
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

/// The name of a figure of either kind of model.
pub fn any_figure(figure: AnyFigure, lang: Lang) -> &'static str {
    match figure {
        AnyFigure::Label(of) => measure(of, lang),
        AnyFigure::Age(of) => age_figure(of, lang),
    }
}

/// How an interval is computed.
pub fn interval_method(method: IntervalMethod, lang: Lang) -> &'static str {
    let [en, ja] = match method {
        IntervalMethod::Wilson => ["Wilson's interval", "Wilsonの信頼区間"],
        IntervalMethod::DeLong => ["DeLong's interval", "DeLong法による信頼区間"],
        IntervalMethod::Wald => [
            "interval from the standard error of the logistic regression",
            "ロジスティック回帰の標準誤差による信頼区間",
        ],
        IntervalMethod::StudentT => ["Student's t interval", "t分布による信頼区間"],
        IntervalMethod::PersonBootstrap => {
            ["bootstrap over persons", "被検者単位のブートストラップ"]
        }
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

/// Why a figure or its interval has no meaning.
pub fn undefined(why: Undefined, lang: Lang) -> &'static str {
    let [en, ja] = match why {
        Undefined::NoCases => [
            "No case to compute it from.",
            "計算の対象となる例がありません。",
        ],
        Undefined::OneLabel => [
            "It needs cases of both labels.",
            "両方のラベルの例が必要です。",
        ],
        Undefined::TooFewCases => [
            "It needs at least two cases of each label.",
            "各ラベルに2例以上が必要です。",
        ],
        Undefined::Separated => [
            "The scores separate the labels completely, so it has no limit or no width.",
            "スコアでラベルが完全に分かれるため、値の上限または区間の幅が定まりません。",
        ],
        Undefined::NoVariation => [
            "It is the same for all cases or samples.",
            "すべての例または標本で値が同じです。",
        ],
        Undefined::PersonsRepeat => [
            "The test needs independent cases, but persons have several: use the interval.",
            "検定は各例の独立が前提ですが、同一被検者の例が複数あります。信頼区間をお使いください。",
        ],
        Undefined::Unrelated => [
            "The estimates do not rise with the recorded values.",
            "推定値が記録値に応じて増加していません。",
        ],
        Undefined::TooFewSamples => [
            "Most samples of persons have no such figure.",
            "被検者を再抽出した標本の多くで値が定まりません。",
        ],
        Undefined::NoSolution => [
            "The regression found no solution.",
            "回帰の解が得られません。",
        ],
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

/// Texts of plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotText(pub Lang);

impl PlotText {
    fn of<T>(self, en: T, ja: T) -> T {
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    pub fn roc(self) -> &'static str {
        self.of("ROC curve", "ROC曲線")
    }

    pub fn precision_recall(self) -> &'static str {
        self.of("Precision and recall", "適合率と再現率")
    }

    pub fn calibration(self) -> &'static str {
        self.of("Calibration", "較正")
    }

    pub fn chance(self) -> &'static str {
        self.of("chance", "偶然水準")
    }

    pub fn perfect_calibration(self) -> &'static str {
        self.of("perfect calibration", "完全な較正")
    }

    pub fn share_of_positives(self) -> &'static str {
        self.of("share of positive cases", "陽性例の割合")
    }

    pub fn sensitivity(self) -> &'static str {
        measure(Measure::Sensitivity, self.0)
    }

    pub fn positive_predictive_value(self) -> &'static str {
        measure(Measure::PositivePredictiveValue, self.0)
    }

    pub fn one_minus_specificity(self) -> &'static str {
        self.of("1 − specificity", "1 − 特異度")
    }

    pub fn mean_score(self) -> &'static str {
        self.of("Mean model score", "モデルスコアの平均")
    }

    pub fn mean_calibrated_probability(self) -> &'static str {
        self.of("Mean calibrated probability", "較正した確率の平均")
    }

    pub fn observed_share(self) -> &'static str {
        self.of("Observed share", "実際の割合")
    }

    pub fn score(self) -> &'static str {
        self.of("Model score", "モデルスコア")
    }

    pub fn cases(self) -> &'static str {
        self.of("Cases", "例数")
    }

    /// Which models were trained on computer-drawn eyes.
    pub fn demonstration(self, models: &[String]) -> String {
        let names = listed(models, self.0);
        self.of(
            format!("Demonstration model, trained on computer-drawn eyes: {names}."),
            format!("コンピューターで描画した眼底画像で学習したデモ用モデル: {names}。"),
        )
    }

    /// Which models have settings that nobody confirmed.
    pub fn unconfirmed(self, models: &[String]) -> String {
        let names = listed(models, self.0);
        self.of(
            format!("Settings assumed, not confirmed: {names}."),
            format!("未確認の設定を含むモデル: {names}。"),
        )
    }

    /// How many cases are of persons who are not known.
    pub fn unknown_persons(self, cases: usize) -> String {
        self.of(
            format!("Person not known for {cases} cases; each counts as another person."),
            format!("{cases}例は被検者不明のため、それぞれ別の被検者として扱う。"),
        )
    }

    /// The operating point of a model at its threshold.
    pub fn operating_point(self, model: &str, threshold: f64) -> String {
        self.of(
            format!("{model}: operating threshold {threshold:.3}"),
            format!("{model}: 判定閾値 {threshold:.3}"),
        )
    }

    pub fn threshold(self, threshold: f64) -> String {
        self.of(
            format!("operating threshold {threshold:.3}"),
            format!("判定閾値 {threshold:.3}"),
        )
    }

    /// Numbers of cases, of persons, and of the cases with the label of output 0 and 1.
    pub fn counts(
        self,
        (model, unit): (&str, Unit),
        [cases, persons]: [usize; 2],
        labels: [&str; 2],
        of_labels: [usize; 2],
    ) -> String {
        let texts = Texts(self.0);
        let [zero, one] = labels.map(|label| texts.label(label));
        let [zeros, ones] = of_labels;
        let by = texts.unit(unit).to_lowercase();
        self.of(
            format!(
                "{model}, by {by}: {cases} cases of {persons} persons, {ones} {one} (positive) and {zeros} {zero}."
            ),
            format!("{model}、{by}ごと: 被検者{persons}人の{cases}例、{one}(陽性){ones}例、{zero}{zeros}例。"),
        )
    }

    pub fn calibration_note(self, persons_repeat: bool) -> &'static str {
        match persons_repeat {
            true => self.of(
                "Ten bins of equal width; bars are Wilson's 95 % intervals, which take all cases as independent, also those of one person.",
                "等幅の10区間。縦線はWilsonの95 %信頼区間(同一被検者の例も独立とみなす)。",
            ),
            false => self.of(
                "Ten bins of equal width; bars are Wilson's 95 % intervals.",
                "等幅の10区間。縦線はWilsonの95 %信頼区間。",
            ),
        }
    }

    pub fn histogram(self, model: &str) -> String {
        self.of(
            format!("Scores of {model} by recorded label"),
            format!("記録されたラベル別の{model}のスコア"),
        )
    }

    pub fn values(self, model: &str) -> String {
        self.of(
            format!("Estimated and recorded values, {model}"),
            format!("推定値と記録値、{model}"),
        )
    }

    pub fn bland_altman(self, model: &str) -> String {
        self.of(
            format!("Bland–Altman plot, {model}"),
            format!("Bland–Altmanプロット、{model}"),
        )
    }

    /// The unit behind the name of an axis.
    fn unit(self, name: &str, is_of_age: bool) -> String {
        match is_of_age {
            true => self.of(format!("{name}, years"), format!("{name}(歳)")),
            false => name.to_owned(),
        }
    }

    pub fn recorded_value(self, is_of_age: bool) -> String {
        self.unit(self.of("Recorded value", "記録値"), is_of_age)
    }

    pub fn estimated_value(self, is_of_age: bool) -> String {
        self.unit(self.of("Estimated value", "推定値"), is_of_age)
    }

    pub fn equal_values(self) -> &'static str {
        self.of("estimated = recorded", "推定 = 記録")
    }

    pub fn mean_value(self, is_of_age: bool) -> String {
        let name = self.of(
            "Mean of estimated and recorded value",
            "推定値と記録値の平均",
        );
        self.unit(name, is_of_age)
    }

    pub fn difference(self, is_of_age: bool) -> String {
        let name = self.of("Estimated − recorded", "推定値 − 記録値");
        self.unit(name, is_of_age)
    }

    /// A line of the Bland–Altman plot.
    pub fn line_of(self, figure: AgeFigure, value: f64) -> String {
        let name = age_figure(figure, self.0);
        let sign = if value < 0.0 { "−" } else { "+" };
        format!("{name}: {sign}{:.2}", value.abs())
    }

    pub fn cases_of(self, cases: usize) -> String {
        self.of(format!("{cases} cases."), format!("{cases}例。"))
    }

    pub fn subgroups(self, figure: &str, model: &str) -> String {
        self.of(
            format!("{figure} by subgroup, {model}"),
            format!("サブグループ別の{figure}、{model}"),
        )
    }

    /// A subgroup and its number of cases.
    pub fn subgroup(self, name: &str, cases: usize) -> String {
        format!("{name} (n = {cases})")
    }

    /// Which subgroups have few cases.
    pub fn few_cases(self, names: &[String], is_of_labels: bool) -> String {
        let names = listed(names, self.0);
        match is_of_labels {
            true => self.of(
                format!("Fewer than {FEW} cases of a label: {names}."),
                format!("いずれかのラベルが{FEW}例未満: {names}。"),
            ),
            false => self.of(
                format!("Fewer than {FEW} cases: {names}."),
                format!("{FEW}例未満: {names}。"),
            ),
        }
    }

    /// Why subgroups have no point.
    pub fn no_point(self, names: &[String], why: &str) -> String {
        let names = listed(names, self.0);
        self.of(
            format!("No point for {names}: {why}"),
            format!("{names}は点を示さない: {why}"),
        )
    }

    /// The note on the intervals of a plot.
    pub fn interval(self, method: &str) -> String {
        self.of(
            format!("Bars: 95 % intervals ({method})."),
            format!("横線: 95 %信頼区間({method})。"),
        )
    }

    pub fn own_data(self) -> &'static str {
        self.of("this study", "この研究")
    }

    /// A figure that JOIR published for a model.
    pub fn published(self, model: &str, value: f64) -> String {
        self.of(
            format!("{model}, published by JOIR: {value:.3}"),
            format!("{model}、JOIRの公表値: {value:.3}"),
        )
    }

    /// The note below accuracy over file size.
    pub fn file_size_note(self, has_published: bool) -> &'static str {
        match has_published {
            true => self.of(
                "Bars: 95 % intervals. Published figures are from internal validation on other photographs.",
                "縦線: 95 %信頼区間。公表値は別の写真による内部検証の値です。",
            ),
            false => self.of("Bars: 95 % intervals.", "縦線: 95 %信頼区間。"),
        }
    }

    pub fn file_size(self) -> &'static str {
        self.of("Size of the model file, MB", "モデルファイルのサイズ(MB)")
    }

    pub fn by_file_size(self, figure: &str) -> String {
        self.of(
            format!("{figure} and size of the model file"),
            format!("{figure}とモデルファイルのサイズ"),
        )
    }
}
