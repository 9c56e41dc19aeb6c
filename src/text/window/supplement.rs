//! Texts about labels that a study does not record, and about making an export again.

use super::{Lang, Texts, grouped};

texts! {
    // Commands
    supplement_open: "Missing labels...", "記録のないラベル…";
    supplement_tip: "Estimate labels that are not recorded, and see what that costs", "記録のないラベルを推定し、その影響を確かめる";
    replay_open: "Check an export again...", "書き出しを再現して確認…";
    replay_tip: "Make an export of a study again and see what differs", "研究の書き出しをもう一度作成し、違いを調べる";

    // The page
    supplement_about: "Recorded labels are never replaced. For persons without one, the model's score is calibrated on those with one.", "記録されたラベルは置き換えません。記録のない被検者には、記録のある被検者で較正したスコアを用います。";
    supplement_which_model: "Choose the model whose scores are to be used.", "スコアを用いるモデルを選んでください。";
    supplement_start: "Compute", "計算する";
    supplement_running: "Computing calibration and draws...", "較正と補完を計算しています…";
    supplement_label: "Label", "ラベル";
    supplement_persons: "Persons", "被検者";
    supplement_recorded: "Recorded", "記録あり";
    supplement_supplied: "Supplied", "推定で補う";
    supplement_neither: "Neither", "いずれもなし";
    supplement_intercept: "Intercept", "切片";
    supplement_slope: "Slope", "傾き";
    supplement_calibration_note: "Intercept 0 and slope 1: scores are probabilities already. A slope below 1: scores are too extreme; above 1: too cautious.", "切片0・傾き1なら、スコアはそのまま確率とみなせます。傾きが1未満ならスコアは極端すぎ、1を超えれば控えめすぎます。";
    supplement_cross_fitted: "In the plot, each probability comes from a fit without that person.", "図の確率は、それぞれその被検者を除いて推定した値です。";
    supplement_slope_negative: "The slope is not positive: the score speaks against the records. Check the order of the labels.", "傾きが正でなく、スコアが記録と逆を示しています。ラベルの順序を確認してください。";

    // The three ways
    way_covariate: "Probability as covariate", "確率を共変量とする";
    way_covariate_is: "The regression takes 1 or 0 where a label is recorded, and the calibrated probability elsewhere.", "回帰分析では、ラベルの記録があれば1か0、なければ較正した確率を用います。";
    way_covariate_when: "For linear models; use robust standard errors. Given the label, the score must say nothing more about the outcome.", "線形モデル向けで、ロバスト標準誤差を用います。ラベルが同じなら、スコアと目的変数は無関係であることが前提です。";
    way_covariate_default: "Chosen: no outcome is named.", "選択中(目的変数の指定なし)";
    way_covariate_also: "Written, too.", "あわせて書き出します。";
    way_imputation: "Multiple imputation", "多重代入法";
    way_imputation_is: "Each missing label is drawn several times, given score, outcome and covariates.", "欠測したラベルを、スコア・目的変数・共変量に基づいて複数回補完します。";
    way_imputation_when: "Name every column of the analysis. Analyse each table, and pool the results by Rubin's rules.", "解析に用いる列をすべて指定してください。各表を解析し、結果をRubinの規則で統合します。";
    way_imputation_chosen: "Chosen: an outcome is named.", "選択中(目的変数の指定あり)";
    way_imputation_tested: "The forms for Stata and SPSS are not tested.", "StataとSPSSの形式は動作未確認です。";
    supplement_outcome: "Outcome", "目的変数";
    supplement_no_outcome: "none", "なし";
    supplement_covariates: "Covariates", "共変量";
    supplement_imputations: "Imputations", "代入回数";
    supplement_seed: "Seed", "乱数シード";
    supplement_no_columns: "The study keeps no column that could be the outcome. Read the table again, and keep outcome and covariates.", "目的変数にできる列が研究にありません。表を読み込み直し、目的変数と共変量の列を残してください。";
    way_label: "Label at the threshold", "閾値で決めたラベル";
    way_label_is: "The model's label stands in as if it were recorded. This biases what is studied.", "モデルのラベルを記録と同じように扱います。解析の結果に偏りが生じます。";
    way_label_write: "Write this label, too", "このラベルも書き出す";
    way_label_state: "State this factor with every result that uses these labels.", "このラベルを用いた結果には、この係数を必ず併記してください。";
    way_label_unknown_loss: "All labelled persons get the same label, so the loss is not known.", "記録のある被検者全員に同じラベルが付くため、影響の大きさは不明です。";

    // Files
    supplement_write: "Write the files...", "ファイルに書き出す…";
    supplement_writing: "Writing the files...", "ファイルに書き出しています…";

    // Help
    supplement_help: "When is this defensible, and what to report?", "どのような場合に使えるか、何を報告するか";
    help_defensible: "Defensible", "使える場合";
    help_defensible_is: "Labels are missing for reasons that the named columns explain. Persons with and without a label have photographs of one kind: camera, field and disease. The calibration plot stays near its diagonal.", "ラベルの欠測の理由が、指定した列で説明できる場合です。記録の有無によって、写真の機種・撮影範囲・疾患が異ならないことも必要です。較正の図が対角線に近いことを確かめてください。";
    help_not_defensible: "Not defensible", "使えない場合";
    help_not_defensible_is: "Labels are missing because of what they are. The disease under study shows in the photograph and moves the score: then the covariate is biased. An estimate never decides the sex of one person.", "ラベルの値そのものが欠測の原因である場合です。研究対象の疾患が写真に現れてスコアを動かす場合、確率を共変量とする方法には偏りが生じます。個々の人の性別を推定値で決めてはいけません。";
    help_draws: "Why draws need the outcome", "補完に目的変数が必要な理由";
    help_draws_is: "Draws from the score alone know nothing of the outcome. Among drawn labels, the association is therefore too weak. It shrinks to the variance of the probability divided by that of the label.", "スコアだけに基づく補完には、目的変数の情報が入りません。そのため、補完したラベルでは関連が弱く見積もられます。その程度は、確率の分散をラベルの分散で割った値です。";
    help_errors: "Standard errors", "標準誤差";
    help_errors_is: "With a probability as covariate, residuals differ in size: use robust standard errors. Imputations need none: Rubin's rules add the variance between the tables.", "確率を共変量とすると残差のばらつきが一定でなくなるため、ロバスト標準誤差を用います。多重代入では、表の間の分散をRubinの規則で加えるため不要です。";
    help_report: "Report", "報告する項目";
    help_report_is: "How many labels were recorded, supplied and neither. The model with its preprocessing, and intercept and slope. The way chosen, its columns, the number of imputations and the seed. The result without the supplied persons, beside the other.", "ラベルの記録あり・補完・いずれもなしの人数。モデルとその前処理、較正の切片と傾き。選んだ方法、指定した列、代入回数、乱数シード。補った被検者を除いた結果も併記します。";

    // Making an export again
    replay_title: "Check an export again", "書き出しの再現を確認";
    replay_about: "Choose the folder into which an evaluation or supplement was written. The models run again on its photographs; nothing is changed.", "評価または補完の結果を書き出したフォルダーを選んでください。その写真でモデルを再実行します。元のファイルは変更しません。";
    replay_choose: "Choose the folder of an export...", "書き出したフォルダーを選ぶ…";
    replay_field: "Path of the folder of an export", "書き出したフォルダーのパス";
    replay_go: "Check", "確認する";
    replay_again: "Check again", "もう一度確認する";
    replay_running: "Running the models again...", "モデルを再実行しています…";
    replay_busy: "A run is in progress. Check the export once it has ended.", "実行中です。終了してから確認してください。";
    replay_different: "The export does not come out the same:", "書き出しが一致しません。";
}

impl Texts {
    pub fn supplement_of(self, study: &str) -> String {
        match self.0 {
            Lang::En => format!("Missing labels of {study}"),
            Lang::Ja => format!("{study} の記録のないラベル"),
        }
    }

    /// What the label is, and how the files code it.
    pub fn label_coding(self, is_of_sex: bool, labels: &[String; 2]) -> String {
        let [zero, one] = labels.each_ref().map(|label| self.label(label));
        match (self.0, is_of_sex) {
            (Lang::En, true) => format!("recorded sex: 1 is {one}, 0 is {zero}"),
            (Lang::En, false) => format!("recorded label: 1 is {one}, 0 is {zero}"),
            (Lang::Ja, true) => format!("記録上の性別: 1が{one}、0が{zero}"),
            (Lang::Ja, false) => format!("記録されたラベル: 1が{one}、0が{zero}"),
        }
    }

    /// Photographs whose person is not known.
    pub fn supplement_unknown(self, photographs: usize) -> String {
        let n = grouped(photographs);
        match self.0 {
            Lang::En => format!(
                "The person of {n} photographs is not known; each counts as another person. Name persons in the table."
            ),
            Lang::Ja => format!(
                "被検者不明の写真{n}枚は、それぞれ別の被検者として扱います。表で被検者を指定してください。"
            ),
        }
    }

    /// A coefficient with its standard error, both in digits.
    pub fn with_standard_error(self, value: &str, error: &str) -> String {
        match self.0 {
            Lang::En => format!("{value} (standard error {error})"),
            Lang::Ja => format!("{value}(標準誤差 {error})"),
        }
    }

    /// How many persons a calibration is fitted to.
    pub fn calibrated_on(self, persons: usize) -> String {
        let n = grouped(persons);
        match self.0 {
            Lang::En => format!("fitted to {n} persons with a recorded label"),
            Lang::Ja => format!("記録のある{n}人から推定"),
        }
    }

    /// What was drawn.
    pub fn labels_drawn(self, imputations: usize, persons: usize, fitted: usize) -> String {
        let [m, n, from] = [imputations, persons, fitted].map(grouped);
        match self.0 {
            Lang::En => format!("{m} draws for {n} persons, fitted to {from} persons."),
            Lang::Ja => format!("{n}人を{m}回補完({from}人から推定)。"),
        }
    }

    /// What labels at the threshold cost; the figures are in digits.
    pub fn label_loss(self, factor: &str, [ppv, npv]: [&str; 2], is_usable: bool) -> String {
        match (self.0, is_usable) {
            (Lang::En, true) => format!(
                "Among supplied persons a difference shrinks to about {factor} of its size (PPV {ppv} + NPV {npv}\u{a0}−\u{a0}1)."
            ),
            (Lang::En, false) => format!(
                "PPV {ppv} + NPV {npv}\u{a0}−\u{a0}1 = {factor}: a difference vanishes or is reversed. Do not use these labels."
            ),
            (Lang::Ja, true) => format!(
                "補った被検者では、差が約{factor}倍に縮みます(陽性的中率 {ppv} + 陰性的中率 {npv}\u{a0}−\u{a0}1)。"
            ),
            (Lang::Ja, false) => format!(
                "陽性的中率 {ppv} + 陰性的中率 {npv}\u{a0}−\u{a0}1 = {factor}。差が消えるか逆転するため、使用できません。"
            ),
        }
    }

    /// A column of the written tables.
    pub fn column_of_file(self, column: &str, file: &str) -> String {
        match self.0 {
            Lang::En => format!("Column {column} of {file}."),
            Lang::Ja => format!("{file}の{column}列。"),
        }
    }
}
