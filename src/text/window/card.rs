//! Texts for the values of a model card: the meaning of each value, next to its name in files.

use super::{Lang, Texts};
use crate::domain::{
    ColourOrder, Crop, FieldSource, Head, HeadNorm, InputSpec, Pooling, Resize, Scaling, Task,
};

texts! {
    edit_card: "Edit card", "カードを編集";
    library_failed: "The model library could not be changed.", "モデルライブラリを変更できませんでした。";
    damaged_model: "Its card cannot be read. Remove it, or import the model again under this name.", "モデルカードを読めません。削除するか、同じ名前で取り込み直してください。";
    save_card: "Save", "保存";
    discard: "Discard", "破棄";
    display_name: "Name", "表示名";
    mean: "Mean (R, G, B)", "平均(R, G, B)";
    deviation_of: "SD (R, G, B)", "標準偏差(R, G, B)";
    export_card: "Export card...", "カードを書き出す…";
    export_network: "Export ONNX...", "ONNXを書き出す…";
    export_network_tip: "The terms of the source file also apply to the ONNX file. Read them before you share it", "元ファイルの利用条件はONNXファイルにも適用されます。第三者に渡す前に確認してください";
    size_on_disk: "Size", "サイズ";
    speed: "Speed here", "この環境での速度";
    speed_unknown: "run the self-test to measure it", "動作確認で測定できます";
    file_form: "Kind of file", "ファイルの種類";
    hidden_activation: "Activation of hidden layers", "隠れ層の活性化関数";
    pooling: "Pooling after the last feature map", "最後の特徴マップのプーリング";
    head_norm: "Position of the batch norm in the head", "出力部のバッチ正規化の位置";
    norm_epsilon: "Epsilon of the batch norm", "バッチ正規化のε";
    imagenet_rescaling: "Second rescaling (ImageNet weights)", "2段目の画素値変換(ImageNet重み)";
    value_scale: "Scale of the value", "値の換算係数";
    value_offset: "Offset of the value", "値の加算値";
    value_scale_tip: "value = scale * output + offset. Use 1 and 0 if the output is in years. For standardised ages, use the SD and the mean of the training data.", "値 = 換算係数 × 出力 + 加算値。出力が年であれば1と0を指定します。標準化した年齢で学習したモデルでは、学習データの標準偏差と平均を指定します。";
    value_range: "Range of values in training", "学習データの値の範囲";
    replace_model: "Replace it", "置き換える";
    yes: "yes", "はい";
    no: "no", "いいえ";
    weights_only_asks: "This file contains weights only. Set these fields as in the program that trained the model:", "このファイルには重みだけが入っています。学習に使ったプログラムのとおりに、次の項目を指定してください。";
    preset_joir_age: "JOIR age", "JOIR 年齢";
    preset_joir_other: "JOIR, other architecture", "JOIR その他のネットワーク";
    terms: "Terms and citation", "利用条件と引用";
    show_installed: "Show the installed models", "導入済みモデルを見る";
    import_another: "Import another", "別のモデルを取り込む";
}

impl Texts {
    /// Between the scale and the offset of a value.
    pub const fn times_output(self) -> &'static str {
        match self.0 {
            Lang::En => "× output +",
            Lang::Ja => "× 出力 +",
        }
    }

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
                format!("The library already has a model named {id}. Replace it, or keep both?")
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
            Lang::En => format!("This file is already in the library, as {id}."),
            Lang::Ja => format!("同じファイルは {id} として取り込み済みです。"),
        }
    }

    /// The kind of a model file, by its word in files.
    pub fn file_form_word(self, form: &str) -> &str {
        match (self.0, form) {
            (Lang::En, "full") => "whole model",
            (Lang::Ja, "full") => "モデル全体",
            (Lang::En, "weights-only") => "weights only",
            (Lang::Ja, "weights-only") => "重みのみ",
            (Lang::En, "keras-zip") => "Keras archive",
            (Lang::Ja, "keras-zip") => "Kerasの圧縮形式",
            (_, "onnx") => "ONNX",
            _ => form,
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
            (Lang::En, Scaling::Raw) => "0 to 255 (raw)",
            (Lang::Ja, Scaling::Raw) => "0～255のまま(raw)",
            (Lang::En, Scaling::Unit) => "0 to 1 (unit)",
            (Lang::Ja, Scaling::Unit) => "0～1(unit)",
            (Lang::En, Scaling::Tf) => "−1 to 1 (tf)",
            (Lang::Ja, Scaling::Tf) => "−1～1(tf)",
            (Lang::En, Scaling::Torch) => "ImageNet mean and SD (torch)",
            (Lang::Ja, Scaling::Torch) => "ImageNetの平均・標準偏差(torch)",
            (Lang::En, Scaling::Custom) => "own mean and SD (custom)",
            (Lang::Ja, Scaling::Custom) => "平均・標準偏差を指定(custom)",
        }
    }

    pub const fn colour_choice(self, colour: ColourOrder) -> &'static str {
        match (self.0, colour) {
            (Lang::En, ColourOrder::Rgb) => "red first (rgb)",
            (Lang::Ja, ColourOrder::Rgb) => "赤が先(rgb)",
            (Lang::En, ColourOrder::Bgr) => "blue first, as in OpenCV (bgr)",
            (Lang::Ja, ColourOrder::Bgr) => "青が先、OpenCV方式(bgr)",
        }
    }

    pub const fn resize_choice(self, resize: Resize) -> &'static str {
        match (self.0, resize) {
            (Lang::En, Resize::PilNearest) => "nearest neighbour (pil-nearest)",
            (Lang::Ja, Resize::PilNearest) => "最近傍法(pil-nearest)",
            (Lang::En, Resize::PilBilinear) => "bilinear, Pillow (pil-bilinear)",
            (Lang::Ja, Resize::PilBilinear) => "バイリニア、Pillow(pil-bilinear)",
            (Lang::En, Resize::PilBicubic) => "bicubic, Pillow (pil-bicubic)",
            (Lang::Ja, Resize::PilBicubic) => "バイキュービック(pil-bicubic)",
            (Lang::En, Resize::TfBilinear) => "bilinear, TensorFlow (tf-bilinear)",
            (Lang::Ja, Resize::TfBilinear) => "バイリニア、TensorFlow(tf-bilinear)",
            (Lang::En, Resize::Cv2Linear) => "bilinear, OpenCV (cv2-linear)",
            (Lang::Ja, Resize::Cv2Linear) => "バイリニア、OpenCV(cv2-linear)",
        }
    }

    pub const fn crop_choice(self, crop: Crop) -> &'static str {
        match (self.0, crop) {
            (Lang::En, Crop::Stretch) => "whole frame, stretched (stretch)",
            (Lang::Ja, Crop::Stretch) => "全体を伸縮(stretch)",
            (Lang::En, Crop::Pad) => "whole frame, black borders (pad)",
            (Lang::Ja, Crop::Pad) => "全体、余白は黒(pad)",
            (Lang::En, Crop::Square) => "square around field of view (square)",
            (Lang::Ja, Crop::Square) => "撮影範囲を囲む正方形(square)",
            (Lang::En, Crop::Masked) => "field of view on black (masked)",
            (Lang::Ja, Crop::Masked) => "正方形、撮影範囲の外は黒(masked)",
        }
    }

    /// Scaling, crop, colour order and resizing in words, without their names in cards.
    pub fn input_in_words(self, input: &InputSpec) -> String {
        let words = [
            self.scaling_in_words(input.scaling),
            self.crop_in_words(input.crop),
            self.colour_in_words(input.colour),
            self.resize_in_words(input.resize),
        ];
        words.join(self.comma())
    }

    pub const fn scaling_in_words(self, scaling: Scaling) -> &'static str {
        match (self.0, scaling) {
            (Lang::En, Scaling::Raw) => "0 to 255",
            (Lang::Ja, Scaling::Raw) => "0～255",
            (Lang::En, Scaling::Unit) => "0 to 1",
            (Lang::Ja, Scaling::Unit) => "0～1",
            (Lang::En, Scaling::Tf) => "−1 to 1",
            (Lang::Ja, Scaling::Tf) => "−1～1",
            (Lang::En, Scaling::Torch) => "ImageNet mean and SD",
            (Lang::Ja, Scaling::Torch) => "ImageNetの平均・標準偏差",
            (Lang::En, Scaling::Custom) => "own mean and SD",
            (Lang::Ja, Scaling::Custom) => "指定の平均・標準偏差",
        }
    }

    pub const fn crop_in_words(self, crop: Crop) -> &'static str {
        match (self.0, crop) {
            (Lang::En, Crop::Stretch) => "whole frame stretched",
            (Lang::Ja, Crop::Stretch) => "全体を伸縮",
            (Lang::En, Crop::Pad) => "padded with black",
            (Lang::Ja, Crop::Pad) => "余白を黒で補う",
            (Lang::En, Crop::Square) => "cropped to the field of view",
            (Lang::Ja, Crop::Square) => "撮影範囲で切り出す",
            (Lang::En, Crop::Masked) => "field of view on black",
            (Lang::Ja, Crop::Masked) => "撮影範囲の外を黒にする",
        }
    }

    pub const fn colour_in_words(self, colour: ColourOrder) -> &'static str {
        match colour {
            ColourOrder::Rgb => "RGB",
            ColourOrder::Bgr => "BGR",
        }
    }

    pub const fn resize_in_words(self, resize: Resize) -> &'static str {
        match (self.0, resize) {
            (Lang::En, Resize::PilNearest) => "nearest neighbour",
            (Lang::Ja, Resize::PilNearest) => "最近傍法",
            (Lang::En, Resize::PilBilinear) => "bilinear (Pillow)",
            (Lang::Ja, Resize::PilBilinear) => "バイリニア(Pillow)",
            (Lang::En, Resize::PilBicubic) => "bicubic (Pillow)",
            (Lang::Ja, Resize::PilBicubic) => "バイキュービック(Pillow)",
            (Lang::En, Resize::TfBilinear) => "bilinear (TensorFlow)",
            (Lang::Ja, Resize::TfBilinear) => "バイリニア(TensorFlow)",
            (Lang::En, Resize::Cv2Linear) => "bilinear (OpenCV)",
            (Lang::Ja, Resize::Cv2Linear) => "バイリニア(OpenCV)",
        }
    }

    pub const fn head_choice(self, head: Head) -> &'static str {
        match (self.0, head) {
            (Lang::En, Head::Sigmoid) => "score from 0 to 1 (sigmoid)",
            (Lang::Ja, Head::Sigmoid) => "0〜1のスコア(sigmoid)",
            (Lang::En, Head::Softmax) => "scores that add up to 1 (softmax)",
            (Lang::Ja, Head::Softmax) => "合計が1になるスコア(softmax)",
            (Lang::En, Head::Linear) => "a value, such as years (linear)",
            (Lang::Ja, Head::Linear) => "年齢などの値(linear)",
        }
    }

    pub const fn pooling_choice(self, pooling: Pooling) -> &'static str {
        match (self.0, pooling) {
            (Lang::En, Pooling::Avg) => "global average (avg)",
            (Lang::Ja, Pooling::Avg) => "全体の平均(avg)",
            (Lang::En, Pooling::Max) => "global maximum (max)",
            (Lang::Ja, Pooling::Max) => "全体の最大(max)",
            (Lang::En, Pooling::Flatten) => "all positions of the map (flatten)",
            (Lang::Ja, Pooling::Flatten) => "全画素を1列に並べる(flatten)",
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
            (Lang::En, FieldSource::Preset) => "assumed (preset)",
            (Lang::Ja, FieldSource::Preset) => "仮定(プリセット)",
            (Lang::En, FieldSource::Recipe) => "documented by its authors",
            (Lang::Ja, FieldSource::Recipe) => "作成者の記載",
            (Lang::En, FieldSource::Labels) => "checked on labelled photographs",
            (Lang::Ja, FieldSource::Labels) => "ラベル付き写真で確認済み",
            (Lang::En, FieldSource::Convention) => "assumed (convention)",
            (Lang::Ja, FieldSource::Convention) => "仮定(慣例)",
        }
    }
}
