//! Texts of the import of a model: its three steps, and the state of each field with what it would change.

use super::{Lang, Texts};
use crate::domain::{CardField, Head, ModelCard};
use crate::text::report::capital;

texts! {
    unconfirmed: "unconfirmed", "未確認";
    import_step_file: "1. File", "1. ファイル";
    import_step_fields: "2. What is assumed", "2. 仮定の確認";
    import_step_trial: "3. Try on photographs", "3. 写真で確認";
    drop_model: "Drop a model file here, or choose one.", "モデルファイルをここにドロップするか、選択してください。";
    choose_file_first: "Choose a model file first.", "先にモデルファイルを選択してください。";
    another_file: "Choose another file...", "別のファイルを選ぶ…";
    read_file: "Read the file", "ファイルを読み込む";
    width: "Width", "幅";
    height: "Height", "高さ";
    continue_import: "Continue", "次へ";
    back: "Back", "戻る";
    cancel_import: "Cancel import", "取り込みを中止";
    cancel_import_really: "Cancel the import?", "取り込みを中止しますか?";
    name_first: "Decide first what happens to the model of the same name.", "先に、同じ名前のモデルの扱いを選択してください。";
    label_needed: "Enter both labels.", "両方のラベルを入力してください。";

    confirm_intro: "Confirm each field that you know to be right, or choose another value. While a field is open, the model is marked as unconfirmed.", "正しいと分かっている項目は確認済みにし、違う場合は値を選び直してください。未確認の項目が残る間、モデル名に「未確認」と表示します。";
    field_confirmed: "Confirmed", "確認済み";
    field_open: "Open", "未確認";
    field_missing: "Missing", "未設定";
    field_absent: "Not given", "指定なし";
    confirm: "Confirm", "確認済みにする";
    reopen: "Reopen", "未確認に戻す";
    output: "Output", "出力";
    other_output: "Another output", "別の出力を選ぶ";
    last_activation: "Last activation", "最後の活性化関数";
    last_activation_tip: "The network ends without an activation. If it was trained on logits, state what turns them into scores.", "ネットワークの最終層に活性化関数がありません。ロジットで学習したモデルでは、スコアに変換する関数を選んでください。";
    swap_labels: "Swap", "入れ替え";
    label_order: "Order of labels", "ラベルの順序";
    pooling_short: "Pooling", "プーリング";
    head_norm_short: "Batch norm", "バッチ正規化の位置";
    norm_epsilon_short: "Epsilon", "バッチ正規化のε";
    hidden_activation_short: "Hidden layers", "隠れ層の活性化";
    imagenet_rescaling_short: "Second rescaling", "2段目の変換";
    value_range_short: "Training range", "学習時の範囲";
    all_confirmed: "All fields are confirmed.", "すべての項目を確認しました。";
    nothing_changed: "Nothing was changed.", "変更はありません。";

    trial_intro: "Run the model on photographs with known labels to see which settings fit. You can skip this step; open fields then stay open.", "ラベルの分かる写真でモデルを実行し、どの設定が合うかを調べます。この手順は省略できます。省略すると、未確認の項目はそのまま残ります。";
    confirm_later: "Open fields can be confirmed later in the list of models.", "未確認の項目は、後からモデル一覧で確認できます。";
}

impl Texts {
    /// What an open field would change if its assumed value were wrong.
    pub const fn field_stake(self, field: CardField) -> &'static str {
        match (self.0, field) {
            (Lang::En, CardField::Labels) => "If the order is wrong, labels are exchanged.",
            (Lang::Ja, CardField::Labels) => "順序が誤っていると、ラベルが入れ替わります。",
            (Lang::En, CardField::Task) => {
                "If it is wrong, results are reported as another estimate."
            }
            (Lang::Ja, CardField::Task) => "誤っていると、別の推定項目の結果として表示されます。",
            (Lang::En, CardField::Scaling | CardField::Mean | CardField::Std) => {
                "If it is wrong, every score changes, often towards one label."
            }
            (Lang::Ja, CardField::Scaling | CardField::Mean | CardField::Std) => {
                "誤っていると、すべてのスコアが変わり、一方のラベルに偏ることがあります。"
            }
            (Lang::En, CardField::Colour) => {
                "If it is wrong, red and blue are exchanged and every score changes."
            }
            (Lang::Ja, CardField::Colour) => {
                "誤っていると、赤と青が入れ替わり、すべてのスコアが変わります。"
            }
            (Lang::En, CardField::Crop) => {
                "If it is wrong, the network receives another part of the photograph. Scores and maps change."
            }
            (Lang::Ja, CardField::Crop) => {
                "誤っていると、ネットワークに入力される範囲が変わり、スコアとマップが変わります。"
            }
            (Lang::En, CardField::Resize) => {
                "If it is wrong, scores change slightly; labels may change near the threshold."
            }
            (Lang::Ja, CardField::Resize) => {
                "誤っていると、スコアがわずかに変わり、閾値付近ではラベルが変わることがあります。"
            }
            (Lang::En, CardField::Threshold) => {
                "If it is wrong, labels near it change. Scores do not."
            }
            (Lang::Ja, CardField::Threshold) => {
                "誤っていると、閾値付近でラベルが変わります。スコアは変わりません。"
            }
            (Lang::En, CardField::ValueScale | CardField::ValueOffset) => {
                "If the output is not in years, every estimate is wrong."
            }
            (Lang::Ja, CardField::ValueScale | CardField::ValueOffset) => {
                "出力の単位が年でなければ、すべての推定値が誤りになります。"
            }
            (Lang::En, CardField::ValueRange) => {
                "With a range, estimates outside it carry a caution."
            }
            (Lang::Ja, CardField::ValueRange) => {
                "範囲を指定すると、範囲外の推定値に注意を表示します。"
            }
            (Lang::En, CardField::Size | CardField::Head) => {
                "If it is wrong, every score is wrong."
            }
            (Lang::Ja, CardField::Size | CardField::Head) => {
                "誤っていると、すべてのスコアが誤りになります。"
            }
            (
                Lang::En,
                CardField::Pooling
                | CardField::HeadNorm
                | CardField::HiddenActivation
                | CardField::ImagenetRescaling,
            ) => "If it differs from training, every score changes.",
            (
                Lang::Ja,
                CardField::Pooling
                | CardField::HeadNorm
                | CardField::HiddenActivation
                | CardField::ImagenetRescaling,
            ) => "学習時と異なると、すべてのスコアが変わります。",
            (Lang::En, CardField::NormEpsilon) => {
                "If it differs from training, scores change slightly."
            }
            (Lang::Ja, CardField::NormEpsilon) => "学習時と異なると、スコアがわずかに変わります。",
        }
    }

    /// A few words with the end of a sentence.
    pub fn as_sentence(self, words: &str) -> String {
        match self.0 {
            Lang::En => format!("{}.", capital(words)),
            Lang::Ja => format!("{words}。"),
        }
    }

    pub const fn between_sentences(self) -> &'static str {
        match self.0 {
            Lang::En => " ",
            Lang::Ja => "",
        }
    }

    /// The open fields of a card, in the order in which they are asked about.
    pub fn open_fields(self, card: &ModelCard) -> Vec<&'static str> {
        let fields = card.unconfirmed().filter_map(CardField::of_name);
        let mut fields: Vec<CardField> = fields.map(CardField::leader).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.iter().map(|f| self.card_field(f.name())).collect()
    }

    /// The last activation of a network that ends in this many logits; linear is none.
    pub fn activation_of_logits(self, head: Head, count: usize) -> String {
        match (self.0, head, count) {
            (Lang::En, Head::Linear, _) => "none: a value, such as years".to_owned(),
            (Lang::Ja, Head::Linear, _) => "なし(年齢などの値)".to_owned(),
            (Lang::En, Head::Sigmoid, 1) => "sigmoid: one score".to_owned(),
            (Lang::Ja, Head::Sigmoid, 1) => "sigmoid(スコア1つ)".to_owned(),
            (Lang::En, Head::Sigmoid, n) => format!("sigmoid: {n} independent scores"),
            (Lang::Ja, Head::Sigmoid, n) => format!("sigmoid(独立した{n}個のスコア)"),
            (Lang::En, Head::Softmax, n) => format!("softmax: one of {n} classes"),
            (Lang::Ja, Head::Softmax, n) => format!("softmax({n}クラスから1つ)"),
        }
    }

    /// The number of open fields.
    pub fn fields_open(self, count: usize) -> String {
        match (self.0, count) {
            (_, 0) => self.all_confirmed().to_owned(),
            (Lang::En, 1) => "1 field is open.".to_owned(),
            (Lang::En, n) => format!("{n} fields are open."),
            (Lang::Ja, n) => format!("未確認の項目が{n}件あります。"),
        }
    }

    /// What must be chosen before a button can be used.
    pub fn choose_first(self, what: &[&str]) -> String {
        let what = what.join(self.comma());
        match self.0 {
            Lang::En => format!("Still to be chosen: {what}"),
            Lang::Ja => format!("未選択の項目: {what}"),
        }
    }

    /// The fields that an import leaves open.
    pub fn imported_as_unconfirmed(self, fields: &[&str]) -> String {
        let fields = fields.join(self.comma());
        match self.0 {
            Lang::En => format!("The model will be marked as unconfirmed. Open: {fields}"),
            Lang::Ja => {
                format!("モデル名に「未確認」と表示されます。未確認の項目: {fields}")
            }
        }
    }

    /// The value that is usual for an architecture.
    pub fn usual_of(self, architecture: &str) -> String {
        match self.0 {
            Lang::En => format!("usual for {architecture}"),
            Lang::Ja => format!("{architecture}の標準値"),
        }
    }
}
