//! Texts of the page that checks the preprocessing of a model.

use super::{Lang, Texts};
use crate::evaluation::Role;
use crate::text::labels::role_words;

texts! {
    check_sheet: "Check preprocessing", "前処理の確認";
    check_intro: "A model still returns a score when scaling, crop or colour order are wrong. Here, each setting is run on photographs with recorded sex or age, 50 or more if possible. The most plausible settings are listed first.", "画素値の変換・切り出し・色の順序が誤っていても、スコアは出力されます。ここでは、記録上の性別または年齢の分かる写真(できれば50枚以上)で各設定を実行し、もっともらしい順に並べます。";
    check_model: "Model", "モデル";
    check_none: "not chosen", "未選択";
    check_labels: "Labels", "ラベルの表";
    check_choose_labels: "Choose the table of labels...", "ラベルの表を選ぶ…";
    check_labels_field: "Path of the table of labels", "ラベルの表のパス";
    check_labels_tip: "CSV, Excel or OpenDocument with the columns image and sex, age or label, and person where known", "CSV・Excel・OpenDocument。列は image と sex・age・label のいずれか、分かれば person";
    check_images: "Photographs", "写真";
    check_choose_images: "Choose their folder...", "写真のフォルダーを選ぶ…";
    check_images_field: "Path of the folder of photographs", "写真のフォルダーのパス";
    check_now: "Run the check", "確認を実行";
    check_running: "Running the settings...", "各設定を実行中…";
    check_stop: "Stop the check", "確認を中止";
    check_so_far: "Interim result, without intervals", "途中経過(区間なし)";
    check_auc: "AUC", "AUC(曲線下面積)";
    check_error: "Mean absolute error", "平均絶対誤差";
    check_settings: "Settings, most plausible first", "設定(もっともらしい順)";
    check_verdict: "Verdict", "判定";
    check_remarks: "Remarks", "補足";
    check_inseparable: "statistically indistinguishable from the first", "1位と統計的に区別できない";
    check_training: "distance from the training images", "学習画像との距離";
    check_of_card: "setting of the card", "カードの設定";
    check_flipped: "label order reversed", "ラベルの順序が逆";
    check_same: "same input on every image", "すべての画像で同じ入力";
    check_use: "Use this setting", "この設定を使用する";
    check_use_card: "Write this setting into the model card?", "この設定をモデルカードに書き込みますか?";
    check_use_flipped: "With this setting, the order of the two labels is reversed.", "この設定では、2つのラベルの順序が逆になります。";
    check_use_swap: "Use it and swap the labels", "使用してラベルを入れ替える";
    check_use_keep: "Use it and keep the labels", "使用し、ラベルはそのまま";
    check_use_form: "Copy this setting to the import form?", "この設定を取り込みフォームに反映しますか?";
    check_in_card: "The setting and its basis were written to the model card.", "設定を根拠とともにモデルカードに書き込みました。";
    check_unchanged: "The card already has this setting; nothing was changed.", "モデルカードは既にこの設定です。変更はありません。";
    check_swapped: "The two labels were swapped.", "2つのラベルを入れ替えました。";
    check_in_form: "The setting was copied to the import form.", "設定を取り込みフォームに反映しました。";
    check_bundled: "The cards of the bundled models are not changed.", "付属のモデルのカードは変更しません。";
    check_left_out: "Not used", "使用しなかったもの";
    check_without_image: "Labels without an image", "画像のないラベル";
    check_without_label: "Images without a label", "ラベルのない画像";
    check_ambiguous: "Names with more than one match", "複数の候補に一致する名前";
    check_unreadable: "Rows without a usable label", "使用できるラベルのない行";
    check_failed: "Images that failed", "処理できなかった画像";
    check_not_a_fundus: "Pictures that do not look like fundus photographs", "眼底写真ではないと思われる画像";
    check_not_reached: "Images not processed", "未処理の画像";
    check_contradicting: "Names whose rows contradict each other", "行の内容が矛盾する名前";
    check_more_rows: "More settings", "ほかの設定";
    check_questions: "The table of labels", "ラベルの表について";
    check_all_columns: "All of them", "すべて";
    check_leave_out: "exclude", "除外";
    check_ignore_zeros: "Ignore leading zeros: the names are the same", "先頭の0を無視し、同じ名前とする";
    check_answer_first: "Answer these questions, then run the check.", "回答してから、確認を実行してください。";
}

impl Texts {
    /// The column for `role`.
    pub fn check_which_column(self, role: Role) -> String {
        let (en, ja) = role_words(role);
        match self.0 {
            Lang::En => format!("Which column holds {en}?"),
            Lang::Ja => format!("{ja}の列はどれですか?"),
        }
    }

    /// The meaning of a column's values, and how many more questions follow.
    pub fn check_which_label(self, column: &str, more: usize) -> String {
        match (self.0, more) {
            (Lang::En, 0) => format!("Which label is each value of the column {column}?"),
            (Lang::En, more) => {
                format!(
                    "Which label is each value of the column {column}? Further values to follow: {more}."
                )
            }
            (Lang::Ja, 0) => format!("列 {column} の値は、それぞれどのラベルですか?"),
            (Lang::Ja, more) => {
                format!("列 {column} の値は、それぞれどのラベルですか?(ほかに{more}種類あります)")
            }
        }
    }

    /// A value and the number of rows that contain it.
    pub fn check_value(self, value: &str, rows: usize) -> String {
        match (self.0, rows) {
            (Lang::En, 1) => format!("{value} (1 row)"),
            (Lang::En, rows) => format!("{value} ({rows} rows)"),
            (Lang::Ja, rows) => format!("{value}({rows}行)"),
        }
    }

    /// The number of photographs that would match without leading zeros, and an example.
    pub fn check_zeros(self, photographs: usize, name: &str, photograph: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "Without leading zeros {photographs} photographs would match, such as {name} in the table and {photograph}."
            ),
            Lang::Ja => format!(
                "先頭の0を無視すると{photographs}枚の写真が対応します。例: 表の {name} と写真の {photograph}。"
            ),
        }
    }

    /// How the table was interpreted: its columns and the meaning of the values.
    pub fn check_read(self, columns: &[(&str, &str)], values: &[(&str, Option<&str>)]) -> String {
        let columns: Vec<String> = columns
            .iter()
            .map(|(holds, name)| format!("{holds} = {name}"))
            .collect();
        let meaning = |label: &Option<&str>| label.unwrap_or(self.check_leave_out()).to_owned();
        let values: Vec<String> = values
            .iter()
            .map(|(value, label)| format!("{value} = {}", meaning(label)))
            .collect();
        let comma = self.comma();
        let (columns, values) = (columns.join(comma), values.join(comma));
        match (self.0, values.is_empty()) {
            (Lang::En, true) => format!("Read from the table: {columns}."),
            (Lang::En, false) => format!("Read from the table: {columns} ({values})."),
            (Lang::Ja, true) => format!("表の読み取り: {columns}。"),
            (Lang::Ja, false) => format!("表の読み取り: {columns}({values})。"),
        }
    }

    /// The number of images and persons in a check.
    pub fn check_used(self, images: usize, persons: Option<usize>) -> String {
        match (self.0, persons) {
            (Lang::En, Some(persons)) => format!("{images} images of {persons} persons"),
            (Lang::En, None) => format!("{images} images"),
            (Lang::Ja, Some(persons)) => format!("被検者{persons}人の画像{images}枚"),
            (Lang::Ja, None) => format!("画像{images}枚"),
        }
    }

    /// A few words as a sentence, followed by another sentence.
    pub fn sentences(self, first: &str, second: &str) -> String {
        match (self.0, second.is_empty()) {
            (_, true) => first.to_owned(),
            (Lang::En, false) => format!("{first}. {second}"),
            (Lang::Ja, false) => format!("{first}。{second}"),
        }
    }

    /// A figure with its interval.
    pub fn check_figure(self, value: &str, low: &str, high: &str) -> String {
        match self.0 {
            Lang::En => format!("{value} ({low} to {high})"),
            Lang::Ja => format!("{value}({low}〜{high})"),
        }
    }
}
