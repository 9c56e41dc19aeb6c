//! Sentences for the methods section of a paper, generated from the model card and the actual run.
//!
//! English in the past tense, Japanese in the plain style of papers.

use super::Lang;
use super::report::{Report, capital};
use super::window::Texts;
use crate::domain::foreign::shown;
use crate::domain::{
    ColourOrder, Crop, EngineUsed, FieldSource, Head, InputSpec, ModelCard, PersonSource, Resize,
    Scaling, Task, ValueScale,
};

/// Card fields needed to reproduce a result, by their names in `settled`.
const TO_REPRODUCE: [&str; 10] = [
    "size",
    "crop",
    "resize",
    "colour",
    "scaling",
    "head",
    "labels",
    "threshold",
    "value_scale",
    "value_offset",
];

impl Report {
    /// The model and its output.
    pub fn method_model(self, card: &ModelCard) -> String {
        let sha: String = card.source_sha256.chars().take(12).collect();
        let name = if card.name.is_empty() {
            &card.id
        } else {
            &card.name
        };
        let mut facts = Vec::new();
        if !card.architecture.is_empty() {
            let architecture = &card.architecture;
            facts.push(self.of(
                format!("architecture {architecture}"),
                format!("アーキテクチャ {architecture}"),
            ));
        }
        if !sha.is_empty() {
            facts.push(self.of(
                format!("SHA-256 of the model file beginning with {sha}"),
                format!("モデルファイルのSHA-256の先頭12桁 {sha}"),
            ));
        }
        // Tables and figures have the id.
        if !card.id.is_empty() && card.id != *name {
            facts.insert(0, shown(&card.id));
        }
        let facts = match (facts.is_empty(), self.0) {
            (true, _) => String::new(),
            (false, Lang::En) => format!(" ({})", facts.join(", ")),
            (false, Lang::Ja) => format!("({})", facts.join("、")),
        };
        let what = match (card.task, self.0) {
            (Task::Sex, Lang::En) => "was used to estimate the recorded sex",
            (Task::Sex, Lang::Ja) => "記録上の性別の推定に用いた",
            (Task::Age, Lang::En) => "was used to estimate the age in years",
            (Task::Age, Lang::Ja) => "年齢(歳)の推定に用いた",
            (Task::Other, Lang::En) => "was run on each photograph",
            (Task::Other, Lang::Ja) => "各写真に適用した",
        };
        self.of(
            format!("The model \"{name}\"{facts} {what}."),
            format!("モデル「{name}」{facts}を{what}。"),
        )
    }

    /// How a photograph was converted to the network's input: crop, resizing with the order of the channels, and scaling.
    /// `no_field` photographs had no round field of view to crop to.
    pub fn method_input(self, input: &InputSpec, no_field: usize) -> [String; 3] {
        let [height, width] = input.size;
        let mut crop = self.crop(input.crop).to_owned();
        let photographs = match no_field {
            1 => "1 photograph".to_owned(),
            n => format!("{n} photographs"),
        };
        if no_field > 0 && matches!(input.crop, Crop::Square | Crop::Masked) {
            crop.push_str(&self.of(
                format!(
                    " For {photographs} without a detectable round field of view, the smallest centred square containing the whole frame was used instead."
                ),
                format!(
                    "円形の撮影範囲が検出されなかった{no_field}枚では、代わりに画像全体を含む最小の正方形(中心は画像の中心)を用いた。"
                ),
            ));
        }
        let (resize, colour) = (self.resize(input.resize), self.colour(input.colour));
        let resized = self.of(
            format!(
                "Photographs were then resized to {width} × {height} pixels (width × height) with {resize}, with the channels in {colour} order."
            ),
            format!(
                "続いて{resize}で{width} × {height}画素(幅 × 高さ)にリサイズし、チャンネルは{colour}の順とした。"
            ),
        );
        let scaled = capital(&self.scaling(input)) + self.of(".", "。");
        [crop, resized, scaled]
    }

    fn crop(self, crop: Crop) -> &'static str {
        match crop {
            Crop::Stretch => self.of(
                "The whole frame was used, without preserving its aspect ratio.",
                "画像全体を、縦横比を保たずに用いた。",
            ),
            Crop::Pad => self.of(
                "The whole frame was used, padded with black to the aspect ratio of the model input.",
                "画像全体を、モデルの入力の縦横比になるよう黒の余白を加えて用いた。",
            ),
            Crop::Square => self.of(
                "Each photograph was cropped to the square enclosing its field of view, filled with black beyond the frame.",
                "各写真は撮影範囲の円に外接する正方形で切り出し、画像の外に出る部分は黒とした。",
            ),
            Crop::Masked => self.of(
                "Each photograph was cropped to the square enclosing its field of view, and all pixels outside the field of view were set to black.",
                "各写真は撮影範囲の円に外接する正方形で切り出し、撮影範囲の外はすべて黒とした。",
            ),
        }
    }

    fn resize(self, resize: Resize) -> &'static str {
        match resize {
            Resize::PilNearest => self.of(
                "nearest-neighbour interpolation as in Pillow",
                "Pillowと同じ最近傍法",
            ),
            Resize::PilBilinear => self.of(
                "the bilinear filter as in Pillow",
                "Pillowと同じバイリニア法",
            ),
            Resize::PilBicubic => self.of(
                "the bicubic filter as in Pillow",
                "Pillowと同じバイキュービック法",
            ),
            Resize::TfBilinear => self.of(
                "bilinear interpolation as in TensorFlow",
                "TensorFlowと同じバイリニア補間",
            ),
            Resize::Cv2Linear => self.of(
                "bilinear interpolation as in OpenCV",
                "OpenCVと同じバイリニア補間",
            ),
        }
    }

    fn colour(self, colour: ColourOrder) -> &'static str {
        match colour {
            ColourOrder::Rgb => "RGB",
            ColourOrder::Bgr => "BGR",
        }
    }

    fn scaling(self, input: &InputSpec) -> String {
        let figures = |f: Option<[f32; 3]>| {
            let [r, g, b] = f.unwrap_or_default();
            format!("{r}, {g}, {b}")
        };
        match input.scaling {
            Scaling::Raw => self.of(
                "pixel values were not rescaled (range 0 to 255)".into(),
                "画素値(0〜255)は変換しなかった".into(),
            ),
            Scaling::Unit => self.of(
                "pixel values x (0 to 255) were scaled to x / 255".into(),
                "画素値 x(0〜255)は x / 255 に変換した".into(),
            ),
            Scaling::Tf => self.of(
                "pixel values x (0 to 255) were scaled to x / 127.5 - 1".into(),
                "画素値 x(0〜255)は x / 127.5 - 1 に変換した".into(),
            ),
            Scaling::Torch => self.of(
                "pixel values x (0 to 255) were scaled to (x / 255 - mean) / SD with the mean and SD of ImageNet".into(),
                "画素値 x(0〜255)はImageNetの平均と標準偏差を用いて (x / 255 - 平均) / 標準偏差 に変換した".into(),
            ),
            Scaling::Custom => {
                let (mean, std) = (figures(input.mean), figures(input.std));
                self.of(
                    format!("pixel values x (0 to 255) were scaled to (x / 255 - mean) / SD with mean {mean} and SD {std}"),
                    format!("画素値 x(0〜255)は (x / 255 - 平均) / 標準偏差(平均 {mean}、標準偏差 {std})に変換した"),
                )
            }
        }
    }

    /// The source of each of these settings, including which are not confirmed.
    pub fn method_field_sources(self, card: &ModelCard) -> String {
        const ORDER: [Option<FieldSource>; 7] = [
            Some(FieldSource::File),
            Some(FieldSource::Recipe),
            Some(FieldSource::User),
            Some(FieldSource::Labels),
            Some(FieldSource::Preset),
            Some(FieldSource::Convention),
            None,
        ];
        let applies = |name: &str| match name {
            "labels" | "threshold" => !card.labels.is_empty(),
            "value_scale" => card.value_scale.is_some(),
            "value_offset" => card.value_offset.is_some(),
            _ => true,
        };
        let groups: Vec<String> = ORDER
            .into_iter()
            .filter_map(|how| {
                let names: Vec<&str> = TO_REPRODUCE
                    .into_iter()
                    .filter(|name| applies(name))
                    .filter(|name| card.settled.get(*name).copied() == how)
                    .map(|name| self.field(name))
                    .collect();
                (!names.is_empty()).then(|| {
                    let source = self.source(how);
                    let was = if names.len() == 1 { "was" } else { "were" };
                    self.of(
                        format!("{} {was} {source}", self.listed(&names)),
                        format!("{}は{source}", names.join("、")),
                    )
                })
            })
            .collect();
        self.of(
            format!("{}.", capital(&groups.join("; "))),
            format!("{}。", groups.join("。")),
        )
    }

    /// `a, b and c`.
    fn listed(self, names: &[&str]) -> String {
        let (comma, last) = self.of((", ", " and "), ("、", "、"));
        match names {
            [first @ .., end] if !first.is_empty() => format!("{}{last}{end}", first.join(comma)),
            _ => names.concat(),
        }
    }

    /// Sentences about several models, each with the name of its model: equal ones are said once, and without names if
    /// they hold for every model.
    pub fn method_of_models(self, sentences: &[(&str, String)]) -> String {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, sentence) in sentences.iter().filter(|(_, s)| !s.is_empty()) {
            match groups.iter_mut().find(|(known, _)| known == sentence) {
                Some((_, names)) => names.push(name),
                None => groups.push((sentence, vec![name])),
            }
        }
        let all = sentences.len();
        let said = groups
            .into_iter()
            .map(|(sentence, names)| match names.len() {
                n if n == all => sentence.to_owned(),
                _ => self.for_models(&names, sentence),
            });
        said.collect::<Vec<_>>().join(self.of(" ", ""))
    }

    /// A sentence that holds for these models only.
    pub(super) fn for_models(self, names: &[&str], sentence: &str) -> String {
        let quoted = |name: &&str| self.of(format!("\"{name}\""), format!("「{name}」"));
        let quoted: Vec<String> = names.iter().map(quoted).collect();
        let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
        let (names, models) = (
            self.listed(&quoted),
            if quoted.len() == 1 { "model" } else { "models" },
        );
        let mut letters = sentence.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        let sentence: String = first.into_iter().chain(letters).collect();
        self.of(
            format!("For the {models} {names}, {sentence}"),
            format!("{names}では、{sentence}"),
        )
    }

    pub(super) fn field(self, name: &str) -> &'static str {
        match name {
            "size" => self.of("input size", "入力サイズ"),
            "crop" => self.of("crop", "切り出し"),
            "resize" => self.of("resizing", "リサイズ方法"),
            "colour" => self.of("colour order", "色の順序"),
            "scaling" => self.of("scaling", "画素値の変換"),
            "head" => self.of("last layer", "最終層"),
            "labels" => self.of("label order", "ラベルの順序"),
            "value_scale" => self.of("scale of the value", "値の換算係数"),
            "value_offset" => self.of("offset of the value", "値の加算値"),
            _ => self.of("threshold", "閾値"),
        }
    }

    fn source(self, how: Option<FieldSource>) -> &'static str {
        match how {
            Some(FieldSource::File) => {
                self.of("read from the model file", "モデルファイルから読み取った")
            }
            Some(FieldSource::Recipe) => self.of(
                "taken from the documentation of the model's developers",
                "モデルの開発者の記載に従った",
            ),
            Some(FieldSource::User) => self.of("specified by the user", "利用者が指定した"),
            Some(FieldSource::Labels) => self.of(
                "checked on labelled photographs",
                "ラベル付き写真で確認した",
            ),
            Some(FieldSource::Preset) => self.of(
                "taken from a preset and not confirmed",
                "プリセットの値であり、確認していない",
            ),
            Some(FieldSource::Convention) => self.of(
                "assumed and not confirmed",
                "仮定した値であり、確認していない",
            ),
            None => self.of("of unrecorded source", "出典の記録がない"),
        }
    }

    /// The engines that computed the results; empty if none is known.
    pub fn method_engines(self, used: &[&EngineUsed]) -> String {
        let named: Vec<String> = used.iter().map(|u| self.engine(u)).collect();
        if named.is_empty() {
            return String::new();
        }
        self.of(
            format!("Inference was run with {}.", named.join(" and ")),
            format!("推論には{}を用いた。", named.join("と")),
        )
    }

    /// Defines score, logit and label, or the value.
    pub fn method_score(self, card: &ModelCard) -> String {
        let t = Texts(self.0);
        let (form_en, form_ja) = match card.head {
            Head::Linear => {
                return self.method_value(card);
            }
            Head::Sigmoid => (
                "the output of the final sigmoid (range 0 to 1), and the logit as the input of that sigmoid",
                "最終層のシグモイド関数の出力(0〜1)、ロジットはその入力とした",
            ),
            Head::Softmax => (
                "the second output of the final softmax (range 0 to 1), and the logit as the difference z1 - z0 of its two inputs",
                "最終層のソフトマックス関数の2番目の出力(0〜1)、ロジットはその2つの入力の差 z1 - z0 とした",
            ),
        };
        let mut text = self.of(
            format!("The model score was defined as {form_en}."),
            format!("モデルスコアは{form_ja}。"),
        );
        if let ([low, high, ..], Some(threshold)) = (card.labels.as_slice(), card.threshold) {
            let (low, high) = (t.label(low), t.label(high));
            text.push_str(&self.of(
                format!(
                    " Scores of {threshold} or more were labelled \"{high}\", lower scores \"{low}\"."
                ),
                format!("スコアが{threshold}以上の場合を「{high}」、それ未満を「{low}」とした。"),
            ));
        }
        text + self.of(
            " Scores were used as the network gives them, without calibration.",
            "スコアは較正せず、ネットワークの出力をそのまま用いた。",
        )
    }

    /// Defines the value of a linear output.
    fn method_value(self, card: &ModelCard) -> String {
        let (en, ja) = match card.task {
            Task::Age => ("the estimate in years", "推定年齢(歳)"),
            Task::Sex | Task::Other => ("the reported value", "結果の値"),
        };
        let scale = card.value_scale();
        if scale == ValueScale::default() {
            return self.of(
                format!("The linear output of the network was taken as {en}."),
                format!("ネットワークの線形出力を{ja}とした。"),
            );
        }
        let formula = formula(scale);
        self.of(
            format!("The value {formula} of the network's linear output x was taken as {en}."),
            format!("ネットワークの線形出力 x から求めた {formula} を{ja}とした。"),
        )
    }

    /// How photographs were assigned to persons; empty if no persons are known.
    pub fn persons_method(self, persons: &[PersonSource]) -> String {
        if persons.is_empty() {
            return String::new();
        }
        let known: Vec<&str> = persons.iter().map(|s| self.method_persons(*s)).collect();
        let known = known.join(self.of(" or ", "または"));
        self.of(
            format!("Photographs were assigned to persons by {known}."),
            format!("写真と被検者との対応は{known}による。"),
        )
    }

    /// How several photographs of one eye or person are combined.
    pub fn combined_method(self, card: &ModelCard) -> String {
        let (mean_en, mean_ja) = match card.head {
            Head::Linear => ("the mean of their values", "値の平均を用いた"),
            Head::Sigmoid | Head::Softmax => (
                "the mean of their logits, converted to a score with the logistic function",
                "ロジットの平均をロジスティック関数でスコアに変換した",
            ),
        };
        self.of(
            format!("Several photographs of one eye or person were combined by {mean_en}."),
            format!("同一眼または同一被検者の複数の写真については、{mean_ja}。"),
        )
    }

    /// Citation and acknowledgment of a card, each on its own line; empty if the card has neither.
    pub fn method_thanks(self, card: &ModelCard) -> Vec<String> {
        [
            (self.reference(), card.citation.trim()),
            (self.acknowledgment(), self.thanks(card)),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(title, text)| self.titled(title, text))
        .collect()
    }

    /// The first sentence if there are no results.
    pub fn method_nothing(self, version: &str) -> String {
        capital(&self.of(
            format!("no photograph has been analysed with Gantei (version {version}) yet."),
            format!("Gantei(バージョン {version})で解析した写真はまだない。"),
        ))
    }
}

/// `y = 12.5 x - 3`; a factor of 1 and an offset of 0 are omitted.
fn formula(scale: ValueScale) -> String {
    let factor = match scale.scale() {
        1.0 => String::new(),
        factor => format!("{factor} "),
    };
    let offset = match scale.offset() {
        0.0 => String::new(),
        offset if offset < 0.0 => format!(" - {}", -offset),
        offset => format!(" + {offset}"),
    };
    format!("y = {factor}x{offset}")
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::domain::model_card;

    const BOTH: [Report; 2] = [Report(Lang::En), Report(Lang::Ja)];

    #[test]
    fn what_is_not_confirmed_is_said() {
        let mut card = model_card::example();
        for (name, how) in [
            ("size", FieldSource::File),
            ("head", FieldSource::File),
            ("crop", FieldSource::Preset),
            ("scaling", FieldSource::Preset),
            ("colour", FieldSource::User),
            ("resize", FieldSource::Convention),
            ("threshold", FieldSource::Recipe),
        ] {
            card.settled.insert(name.into(), how);
        }
        let [en, ja] = BOTH.map(|r| r.method_field_sources(&card));
        assert_eq!(
            en,
            "Input size and last layer were read from the model file; threshold was taken from the documentation of the model's developers; colour order was specified by the user; crop and scaling were taken from a preset and not confirmed; resizing was assumed and not confirmed; label order was of unrecorded source."
        );
        assert!(
            ja.contains("切り出し、画素値の変換はプリセットの値であり、確認していない。"),
            "{ja}"
        );
    }

    #[test]
    fn every_choice_of_a_card_has_words_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        let mut input = model_card::example().input;
        (input.mean, input.std) = (Some([0.1, 0.2, 0.3]), Some([0.5; 3]));
        let mut count = 0;
        for &crop in Crop::VARIANTS {
            for &resize in Resize::VARIANTS {
                for &scaling in Scaling::VARIANTS {
                    (input.crop, input.resize, input.scaling) = (crop, resize, scaling);
                    for report in BOTH {
                        seen.insert(report.method_input(&input, 0).concat());
                        count += 1;
                    }
                }
            }
        }
        assert_eq!(seen.len(), count, "each says something of its own");
        let custom = BOTH[0].method_input(&input, 2).concat();
        assert!(
            custom.contains("mean 0.1, 0.2, 0.3 and SD 0.5, 0.5, 0.5"),
            "{custom}"
        );
        assert!(custom.contains("For 2 photographs"), "{custom}");
    }

    #[test]
    fn a_scale_is_a_formula_and_its_source_is_told_where_it_is_set() {
        let of = |scale, offset| formula(ValueScale::new(scale, offset).unwrap());
        assert_eq!(of(12.5, -3.0), "y = 12.5 x - 3");
        assert_eq!(of(1.0, 50.0), "y = x + 50");
        assert_eq!(of(100.0, 0.0), "y = 100 x");
        let mut card = model_card::example_of_age();
        let [en, ja] = BOTH.map(|r| r.method_field_sources(&card));
        assert!(
            !en.contains("of the value") && !ja.contains("値の換算係数"),
            "{en}"
        );
        card.value_scale = Some(12.5);
        card.settled.insert("value_scale".into(), FieldSource::User);
        let [en, ja] = BOTH.map(|r| r.method_field_sources(&card));
        assert!(
            en.contains("cale of the value was specified by the user"),
            "{en}"
        );
        assert!(ja.contains("値の換算係数は利用者が指定した"), "{ja}");
        assert!(!en.contains("offset of the value"), "{en}");
    }

    #[test]
    fn what_holds_for_all_models_is_said_once_and_without_names() {
        let said = |report: Report, sentences: [&str; 3]| {
            let named = ["a", "b", "c"]
                .into_iter()
                .zip(sentences.map(str::to_owned));
            report.method_of_models(&named.collect::<Vec<_>>())
        };
        assert_eq!(said(BOTH[0], ["The same."; 3]), "The same.");
        assert_eq!(
            said(BOTH[0], ["One.", "Two.", "One."]),
            "For the models \"a\" and \"c\", one. For the model \"b\", two."
        );
        assert_eq!(
            said(BOTH[1], ["甲。", "乙。", "甲。"]),
            "「a」、「c」では、甲。「b」では、乙。"
        );
    }

    #[test]
    fn a_value_model_has_neither_logit_nor_labels() {
        let card = ModelCard {
            task: Task::Age,
            head: Head::Linear,
            labels: Vec::new(),
            ..model_card::example()
        };
        let en = [
            BOTH[0].method_model(&card),
            BOTH[0].method_score(&card),
            BOTH[0].combined_method(&card),
            BOTH[0].method_field_sources(&card),
        ]
        .join(" ");
        assert!(
            !en.contains("logit") && !en.contains("label") && en.contains("years"),
            "{en}"
        );
    }
}
