//! Texts for the values of a model card: the meaning of each value, next to its name in files.

use super::{Lang, Texts};
use crate::domain::{
    ColourOrder, Crop, FieldSource, Head, HeadNorm, Pooling, Resize, Scaling, Task,
};

texts! {
    edit_card: "Edit card", "カードを編集";
    library_failed: "The model library could not be changed.", "モデルライブラリを変更できませんでした。";
    damaged_model: "Its card cannot be read. Remove it, or import the model again under this name.", "モデルカードを読めません。削除するか、同じ名前で取り込み直してください。";
    save_card: "Save", "保存";
    discard: "Discard", "破棄";
    display_name: "Name", "表示名";
    mean: "Mean (R, G, B)", "平均(R, G, B)";
    deviation_of: "Deviation (R, G, B)", "標準偏差(R, G, B)";
    export_card: "Export card...", "カードを書き出す…";
    export_network: "Export ONNX...", "ONNXを書き出す…";
    export_network_tip: "The terms of the file it came from hold for the ONNX file as well: read them before you pass it on", "元ファイルの利用条件はONNXファイルにも適用されます。第三者に渡す前に確認してください";
    size_on_disk: "Size", "サイズ";
    speed: "Speed here", "この環境での速度";
    speed_unknown: "run the self-test to measure it", "動作確認で測定できます";
    file_form: "Kind of file", "ファイルの種類";
    hidden_activation: "Activation of hidden layers", "隠れ層の活性化関数";
    pooling: "Pooling behind the last feature map", "最後の特徴マップのプーリング";
    head_norm: "Place of the batch norm in the head", "出力部のバッチ正規化の位置";
    norm_epsilon: "Epsilon of the batch norm", "バッチ正規化のε";
    imagenet_rescaling: "Second rescaling (ImageNet weights)", "2段目の画素値変換(ImageNet重み)";
    value_scale: "Scale of the value", "値の換算係数";
    value_offset: "Offset of the value", "値の加算値";
    value_scale_tip: "value = scale * output + offset. 1 and 0 for a model that answers in years; for one trained on standardised ages the deviation and the mean of the training.", "値 = 換算係数 × 出力 + 加算値。出力が年であれば1と0、標準化した年齢で学習したモデルであれば学習データの標準偏差と平均です。";
    value_range: "Range of values in the training", "学習データの値の範囲";
    replace_model: "Replace it", "置き換える";
    yes: "yes", "はい";
    no: "no", "いいえ";
    weights_only_asks: "This file contains weights only. Set the following as in the program that trained the model:", "このファイルには重みだけが入っています。学習に使ったプログラムのとおりに、次の項目を指定してください。";
    guesses_marked: "Marked fields are assumptions. A wrong one changes the score without a warning: check them on photographs whose labels are known.", "印のある項目は仮定です。誤っていても警告なくスコアが変わります。ラベルの分かる写真で確かめてください。";
    preset_joir_age: "JOIR age", "JOIR 年齢";
    preset_joir_other: "JOIR, other architecture", "JOIR その他のネットワーク";
    terms: "Terms and citation", "利用条件と引用";
    show_installed: "Show the installed models", "導入済みモデルを見る";
    import_another: "Import another", "別のモデルを取り込む";
}

impl Texts {
    /// A numeric range.
    pub fn from_to(self, low: f64, high: f64) -> String {
        match self.0 {
            Lang::En => format!("{low} to {high}"),
            Lang::Ja => format!("{low}～{high}"),
        }
    }

    pub fn id_taken(self, id: &str) -> String {
        match self.0 {
            Lang::En => {
                format!("The library has a model called {id} already. Replace it, or keep both?")
            }
            Lang::Ja => format!(
                "{id} という名前のモデルがすでにあります。置き換えるか、両方を残すかを選んでください。"
            ),
        }
    }

    pub fn keep_both_as(self, id: &str) -> String {
        match self.0 {
            Lang::En => format!("Keep both: name this one {id}"),
            Lang::Ja => format!("両方を残す(名前: {id})"),
        }
    }

    pub fn known_already(self, id: &str) -> String {
        match self.0 {
            Lang::En => format!("The same file is in the library already, as {id}."),
            Lang::Ja => format!("同じファイルは {id} として取り込み済みです。"),
        }
    }

    pub const fn task_choice(self, task: Task) -> &'static str {
        match task {
            Task::Sex => self.task_sex(),
            Task::Age => self.task_age(),
            Task::Other => self.task_other(),
        }
    }

    pub const fn scaling_choice(self, scaling: Scaling) -> &'static str {
        match (self.0, scaling) {
            (Lang::En, Scaling::Raw) => "raw: 0 to 255",
            (Lang::Ja, Scaling::Raw) => "raw: 0～255のまま",
            (Lang::En, Scaling::Unit) => "unit: 0 to 1",
            (Lang::Ja, Scaling::Unit) => "unit: 0～1",
            (Lang::En, Scaling::Tf) => "tf: −1 to 1",
            (Lang::Ja, Scaling::Tf) => "tf: −1～1",
            (Lang::En, Scaling::Torch) => "torch: ImageNet mean and deviation",
            (Lang::Ja, Scaling::Torch) => "torch: ImageNetの平均・標準偏差",
            (Lang::En, Scaling::Custom) => "custom: own mean and deviation",
            (Lang::Ja, Scaling::Custom) => "custom: 平均・標準偏差を指定",
        }
    }

    pub const fn colour_choice(self, colour: ColourOrder) -> &'static str {
        match (self.0, colour) {
            (Lang::En, ColourOrder::Rgb) => "rgb: red first",
            (Lang::Ja, ColourOrder::Rgb) => "rgb: 赤が先",
            (Lang::En, ColourOrder::Bgr) => "bgr: blue first (OpenCV)",
            (Lang::Ja, ColourOrder::Bgr) => "bgr: 青が先(OpenCV)",
        }
    }

    pub const fn resize_choice(self, resize: Resize) -> &'static str {
        match (self.0, resize) {
            (Lang::En, Resize::PilNearest) => "pil-nearest: Keras load_img",
            (Lang::Ja, Resize::PilNearest) => "pil-nearest: Kerasのload_img",
            (_, Resize::PilBilinear) => "pil-bilinear",
            (_, Resize::PilBicubic) => "pil-bicubic",
            (_, Resize::TfBilinear) => "tf-bilinear: tf.image.resize",
            (_, Resize::Cv2Linear) => "cv2-linear: OpenCV",
        }
    }

    pub const fn crop_choice(self, crop: Crop) -> &'static str {
        match (self.0, crop) {
            (Lang::En, Crop::Stretch) => "stretch: whole frame, stretched",
            (Lang::Ja, Crop::Stretch) => "stretch: 全体を伸縮",
            (Lang::En, Crop::Pad) => "pad: whole frame, black borders",
            (Lang::Ja, Crop::Pad) => "pad: 全体、余白は黒",
            (Lang::En, Crop::Square) => "square: around the field of view",
            (Lang::Ja, Crop::Square) => "square: 撮影範囲を囲む正方形",
            (Lang::En, Crop::Masked) => "masked: square, black outside the field",
            (Lang::Ja, Crop::Masked) => "masked: 正方形、撮影範囲の外は黒",
        }
    }

    pub const fn head_choice(self, head: Head) -> &'static str {
        match (self.0, head) {
            (Lang::En, Head::Sigmoid) => "sigmoid: one score",
            (Lang::Ja, Head::Sigmoid) => "sigmoid: スコア1つ",
            (Lang::En, Head::Softmax) => "softmax: two scores",
            (Lang::Ja, Head::Softmax) => "softmax: スコア2つ",
            (Lang::En, Head::Linear) => "linear: a value, such as years",
            (Lang::Ja, Head::Linear) => "linear: 年齢などの値",
        }
    }

    pub const fn pooling_choice(self, pooling: Pooling) -> &'static str {
        match (self.0, pooling) {
            (Lang::En, Pooling::Avg) => "avg: global average pooling",
            (Lang::Ja, Pooling::Avg) => "avg: 全体の平均",
            (Lang::En, Pooling::Max) => "max: global max pooling",
            (Lang::Ja, Pooling::Max) => "max: 全体の最大",
            (Lang::En, Pooling::Flatten) => "flatten: every place of the map",
            (Lang::Ja, Pooling::Flatten) => "flatten: 全画素を1列に並べる",
        }
    }

    pub const fn head_norm_choice(self, place: HeadNorm) -> &'static str {
        match (self.0, place) {
            (Lang::En, HeadNorm::BeforeActivation) => "before the activation",
            (Lang::Ja, HeadNorm::BeforeActivation) => "活性化関数の前",
            (Lang::En, HeadNorm::AfterActivation) => "after the activation",
            (Lang::Ja, HeadNorm::AfterActivation) => "活性化関数の後",
        }
    }

    /// The source of a field's value.
    pub const fn field_source_word(self, how: FieldSource) -> &'static str {
        match (self.0, how) {
            (Lang::En, FieldSource::File) => "from the file",
            (Lang::Ja, FieldSource::File) => "ファイルより",
            (Lang::En, FieldSource::User) => "set by hand",
            (Lang::Ja, FieldSource::User) => "手動で指定",
            (Lang::En, FieldSource::Preset) => "assumed by the preset",
            (Lang::Ja, FieldSource::Preset) => "プリセットの仮定",
            (Lang::En, FieldSource::Recipe) => "documented by its authors",
            (Lang::Ja, FieldSource::Recipe) => "作成者の記載",
            (Lang::En, FieldSource::Labels) => "checked on labelled photographs",
            (Lang::Ja, FieldSource::Labels) => "ラベル付き写真で確認済み",
            (Lang::En, FieldSource::Convention) => "assumed by convention",
            (Lang::Ja, FieldSource::Convention) => "慣例による仮定",
        }
    }
}
