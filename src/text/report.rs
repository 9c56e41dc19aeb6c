//! Captions and results as text, for images, figures and messages.

use super::window::Texts;
use super::{Lang, detail, finding};
use crate::domain::{
    EngineUsed, EyeSource, Finding, Head, Laterality, MarkSource, ModelCard, ResultRow, Task,
};
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{Ground, OverlayOptions, Style};

/// Report texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report(pub Lang);

/// The ends of the colour scale that an image shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Both directions, each with its own colour.
    Both,
    /// Strength without direction: one colour ramp for both.
    Strength,
    /// Only values that raised the target.
    Raised,
    /// Only values that lowered the target.
    Lowered,
}

impl Report {
    pub(super) fn texts(self) -> Texts {
        Texts(self.0)
    }

    /// Selects the English or the Japanese alternative.
    pub(crate) fn of<T>(self, en: T, ja: T) -> T {
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    /// The photograph's name, the eye and the source of the laterality: `p7.jpg: OS (left), from the file name`.
    pub fn name_and_eye(self, name: &str, eye: Laterality, source: EyeSource) -> String {
        format!("{name}: {}", self.eye(eye, source))
    }

    /// The eye and the source of the laterality: `OS (left), from the file name`.
    pub fn eye(self, eye: Laterality, source: EyeSource) -> String {
        let t = self.texts();
        let (side, source) = (t.laterality(eye), t.eye_source(source));
        match (self.0, source) {
            _ if !eye.is_known() => self.of("laterality unknown", "左右眼不明").to_owned(),
            (_, "") => side.to_owned(),
            (Lang::En, source) => format!("{side}, {source}"),
            (Lang::Ja, source) => format!("{side}、{source}"),
        }
    }

    /// The title of a figure's file.
    pub fn figure_title(self) -> &'static str {
        self.of("Gantei: figure", "Gantei: 図")
    }

    /// What a scale bar assumes.
    pub fn scale_bar(self, millimetres: f32, source: MarkSource) -> String {
        let mut text = self.of(
            format!(
                "Scale bar: {millimetres} mm in a mean eye, from the distance between disc and fovea, taken as 4.76 mm (Jonas 2015)."
            ),
            format!("スケールバー: {millimetres} mm(平均的な眼。乳頭と中心窩の距離を4.76 mmとして算出、Jonas 2015)。"),
        );
        if source == MarkSource::Proposed {
            text.push_str(self.of(
                " Both points were detected automatically and have not been checked.",
                "2点は自動検出で、位置は未確認です。",
            ));
        }
        text
    }

    /// The heading above the photograph.
    pub fn photograph(self) -> &'static str {
        self.of("Photograph", "写真")
    }

    /// The title of the image quality.
    pub fn image_quality(self) -> &'static str {
        self.of("Image quality", "画質")
    }

    /// An engine with its version and execution provider: `ONNX Runtime 1.24.1 (CPUExecutionProvider)`.
    pub fn engine(self, used: &EngineUsed) -> String {
        let engine = match used.engine.as_str() {
            "onnxruntime" => "ONNX Runtime",
            other => other,
        };
        let provider = match used.provider.as_str() {
            "embedded" => self.texts().embedded_engine(),
            other => other,
        };
        let version = &used.version;
        self.of(
            format!("{engine} {version} ({provider})"),
            format!("{engine} {version}({provider})"),
        )
    }

    /// The result of the model, without the model's name.
    pub fn answer(self, case: &ResultRow) -> String {
        let t = self.texts();
        if let Some(reason) = &case.error {
            return self.of(
                format!("no result: {reason}"),
                format!("結果なし: {reason}"),
            );
        }
        let years = |v: f64| {
            let (estimate, years) = (t.age_estimate(), t.years());
            match (case.card.task, self.0) {
                (Task::Age, Lang::En) => format!("{}: {v:.1} {years}", estimate.to_lowercase()),
                (Task::Age, Lang::Ja) => format!("{estimate}: {v:.1}{years}"),
                (_, Lang::En) => format!("value: {v:.3}"),
                (_, Lang::Ja) => format!("値: {v:.3}"),
            }
        };
        match (case.score, case.value) {
            (Some(score), _) => self.scored(case, score),
            (None, Some(value)) => years(value),
            (None, None) if case.is_refused() => self.of(
                "no result: this does not look like a fundus photograph".into(),
                "結果なし: 眼底写真ではないようです".into(),
            ),
            (None, None) => self.of("no result".into(), "結果なし".into()),
        }
    }

    fn scored(self, case: &ResultRow, score: f64) -> String {
        let t = self.texts();
        let comma = self.of(", ", "、");
        let mut text = String::new();
        if let Some(label) = &case.label {
            let what = match case.card.task {
                Task::Sex => t.recorded_sex_estimate(),
                Task::Age | Task::Other => t.model_label(),
            };
            let what = self.of(what.to_lowercase(), what.to_owned());
            text = format!("{what}: {}{comma}", t.label(label));
        }
        let score_word = self.of("model score", t.model_score());
        text.push_str(&format!("{score_word} {score:.3}"));
        let threshold = case.card.threshold.map(|threshold| {
            let word = self.of("threshold", t.threshold());
            format!("{word} {threshold}")
        });
        let logit = case.logit.map(|logit| {
            let word = self.of("logit", t.logit());
            format!("{word} {logit:.3}")
        });
        let figures: Vec<String> = threshold.into_iter().chain(logit).collect();
        if !figures.is_empty() {
            let (open, figures) = (self.of(" (", "("), figures.join(comma));
            text.push_str(&format!("{open}{figures})"));
        }
        text
    }

    /// What the two directions of a map mean. `output` is the index of the output if the map explains a single one.
    pub fn directions(self, card: &ModelCard, output: Option<usize>) -> [String; 2] {
        let t = self.texts();
        if let (Some(k), Some(_)) = (output, card.classes)
            && let Some(label) = card.labels.get(k)
        {
            let label = t.label(label);
            return self.of(
                [
                    format!("lowers the score of {label}"),
                    format!("raises the score of {label}"),
                ],
                [
                    format!("{label} のスコアを下げる"),
                    format!("{label} のスコアを上げる"),
                ],
            );
        }
        if let Some(k) = output {
            return self.of(
                [format!("lowers output {k}"), format!("raises output {k}")],
                [format!("出力 {k} を下げる"), format!("出力 {k} を上げる")],
            );
        }
        match (card.labels.as_slice(), card.task, card.head) {
            (_, Task::Age, Head::Sigmoid | Head::Softmax | Head::Linear) => self
                .of(
                    ["towards a lower age", "towards a higher age"],
                    ["低年齢側", "高年齢側"],
                )
                .map(str::to_owned),
            ([low, high, ..], Task::Sex | Task::Other, Head::Sigmoid | Head::Softmax) => {
                [low, high].map(|label| t.towards_label(&t.label(label)))
            }
            (_, Task::Sex | Task::Other, Head::Linear)
            | ([] | [_], Task::Sex | Task::Other, Head::Sigmoid | Head::Softmax) => self
                .of(
                    ["lowers the model's output", "raises the model's output"],
                    ["モデルの出力を下げる", "モデルの出力を上げる"],
                )
                .map(str::to_owned),
        }
    }

    /// Describes the colours of a map.
    pub fn colours(self, colours: Colormap, ends: Ends, [low, high]: &[String; 2]) -> String {
        let (cold, warm) = self.colour_words(colours);
        let diverging = colours.is_diverging();
        let hidden = self.of(
            "the opposite direction is not shown",
            "反対方向は示していません",
        );
        match (self.0, ends, diverging) {
            (Lang::En, Ends::Both, _) => format!("{}: {high}; {cold}: {low}.", capital(warm)),
            (Lang::Ja, Ends::Both, _) => format!("{warm}: {high}、{cold}: {low}。"),
            (Lang::En, Ends::Strength, _) => {
                format!("From {cold} to {warm}: strength, direction not shown.")
            }
            (Lang::Ja, Ends::Strength, _) => {
                format!("{cold}から{warm}へ: 強さ(方向は示していません)。")
            }
            (Lang::En, Ends::Raised, true) => format!("{}: {high}; {hidden}.", capital(warm)),
            (Lang::Ja, Ends::Raised, true) => format!("{warm}: {high}。{hidden}。"),
            (Lang::En, Ends::Lowered, true) => format!("{}: {low}; {hidden}.", capital(cold)),
            (Lang::Ja, Ends::Lowered, true) => format!("{cold}: {low}。{hidden}。"),
            (Lang::En, _, false) => {
                let towards = if ends == Ends::Raised { high } else { low };
                format!("From {cold} to {warm}: {towards}; {hidden}.")
            }
            (Lang::Ja, _, false) => {
                let towards = if ends == Ends::Raised { high } else { low };
                format!("{cold}から{warm}へ: {towards}。{hidden}。")
            }
        }
    }

    /// The colours at the lower and the upper end of a colour map.
    fn colour_words(self, colours: Colormap) -> (&'static str, &'static str) {
        match colours {
            Colormap::BlueMagenta => self.of(("blue", "magenta"), ("青", "マゼンタ")),
            Colormap::GreenPurple => self.of(("green", "purple"), ("緑", "紫")),
            Colormap::Viridis => self.of(("violet", "yellow"), ("青紫", "黄")),
            Colormap::Grey => self.of(("grey", "white"), ("灰色", "白")),
        }
    }

    /// How the map is drawn. `outline` is a share of the limit.
    pub fn drawn(self, options: &OverlayOptions, outline: Option<f32>) -> String {
        let percent = options.opacity.clamp(0.0, 1.0) * 100.0;
        let cells = match options.style {
            Style::Cells => self.of("Native cells", "セル単位の表示"),
            Style::Smooth => self.of("Interpolated between cells", "セル間を補間した表示"),
        };
        let ground = match options.ground {
            Ground::RedFree => self.of(" over the red-free photograph", "(背景はレッドフリー)"),
            Ground::Photograph => "",
        };
        let mut text = self.of(
            format!("{cells}{ground}, opacity up to {percent:.0} %"),
            format!("{cells}{ground}、不透明度は最大 {percent:.0} %"),
        );
        if let Some(level) = outline.filter(|l| l.is_finite()) {
            let percent = level * 100.0;
            text.push_str(&self.of(
                format!(", contour at {percent:.0} % of the scale maximum (dashed: negative)"),
                format!("、輪郭線はスケール最大値の{percent:.0} %(破線は負)"),
            ));
        }
        text + self.of(".", "。")
    }

    /// The message of a finding with its figures.
    pub fn finding(self, found: &Finding) -> String {
        let message = finding(found.code, self.0).message;
        match detail(found, self.0) {
            Some(detail) => self.of(
                format!("{message} ({detail})"),
                format!("{message}({detail})"),
            ),
            None => message.to_owned(),
        }
    }

    /// A title and its text, such as `Quality: good`.
    pub fn titled(self, title: &str, text: &str) -> String {
        format!("{title}: {text}")
    }
}

/// Capitalises the first letter; ASCII only.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::domain::{MapTarget, Method, Quality, model_card};

    const BOTH: [Report; 2] = [Report(Lang::En), Report(Lang::Ja)];

    fn case() -> ResultRow {
        let mut case = ResultRow::unopened("p7_OS.jpg", Arc::new(model_card::example()));
        (case.score, case.logit) = (Some(0.25), Some(-1.098_612));
        case.label = Some("female".into());
        case
    }

    #[test]
    fn an_answer_names_score_threshold_and_logit() {
        let [en, ja] = BOTH.map(|r| r.answer(&case()));
        assert_eq!(
            en,
            "recorded-sex estimate: female, model score 0.250 (threshold 0.5, logit -1.099)"
        );
        assert_eq!(
            ja,
            "記録上の性別の推定: 女性、モデルスコア 0.250(閾値 0.5、ロジット -1.099)"
        );
        let mut cup = ResultRow::unopened("cup.jpg", Arc::new(model_card::example()));
        cup.quality = Some(Quality::NotAFundus);
        let [en, ja] = BOTH.map(|r| r.answer(&cup));
        assert_eq!(en, "no result: this does not look like a fundus photograph");
        assert_eq!(ja, "結果なし: 眼底写真ではないようです");
        let mut failed = case();
        failed.error = Some("the file is damaged".into());
        assert_eq!(BOTH[0].answer(&failed), "no result: the file is damaged");
    }

    #[test]
    fn years_are_years() {
        let mut case = case();
        case.card = Arc::new(ModelCard {
            task: Task::Age,
            head: Head::Linear,
            ..model_card::example()
        });
        (case.score, case.value) = (None, Some(61.234));
        assert_eq!(BOTH[0].answer(&case), "age estimate: 61.2 years");
        assert_eq!(BOTH[1].answer(&case), "年齢の推定: 61.2歳");
        let [low, high] = BOTH[0].directions(&case.card, None);
        assert_eq!(
            (&*low, &*high),
            ("towards a lower age", "towards a higher age")
        );
    }

    #[test]
    fn the_eye_comes_with_its_source() {
        let (eye, source) = (Laterality::Os, EyeSource::FileName);
        let [en, ja] = BOTH.map(|r| r.name_and_eye("a.jpg", eye, source));
        assert_eq!(en, "a.jpg: OS (left), from the file name");
        assert_eq!(ja, "a.jpg: OS(左眼)、ファイル名より");
        let [en, ja] = BOTH.map(|r| r.name_and_eye("a.jpg", Laterality::Unknown, EyeSource::None));
        assert_eq!(
            (&*en, &*ja),
            ("a.jpg: laterality unknown", "a.jpg: 左右眼不明")
        );
    }

    #[test]
    fn colours_are_told_in_words_for_every_choice() {
        let towards = ["towards A".to_owned(), "towards B".to_owned()];
        let en = |map, ends| BOTH[0].colours(map, ends, &towards);
        assert_eq!(
            en(Colormap::BlueMagenta, Ends::Both),
            "Magenta: towards B; blue: towards A."
        );
        assert_eq!(
            en(Colormap::GreenPurple, Ends::Lowered),
            "Green: towards A; the opposite direction is not shown."
        );
        assert_eq!(
            en(Colormap::Grey, Ends::Strength),
            "From grey to white: strength, direction not shown."
        );
        assert_eq!(
            en(Colormap::Viridis, Ends::Raised),
            "From violet to yellow: towards B; the opposite direction is not shown."
        );
        for ends in [Ends::Both, Ends::Strength, Ends::Raised, Ends::Lowered] {
            for map in Colormap::iter() {
                let ja = BOTH[1].colours(map, ends, &towards);
                assert!(ja.ends_with('。') && ja != en(map, ends), "{ja}");
            }
        }
    }

    #[test]
    fn a_map_says_how_it_was_made_and_drawn() {
        let [en, ja] =
            BOTH.map(|r| r.map_computed(Method::GradCam, MapTarget::Logit, Some("top"), [6, 7]));
        assert_eq!(
            en,
            "Saliency map of this model's score: Grad-CAM of the logit at layer top, 7 × 6 cells."
        );
        assert_eq!(
            ja,
            "このモデルのスコアのサリエンシーマップ: Grad-CAM(対象はロジット、層 top)、7 × 6 セル。"
        );
        let options = OverlayOptions {
            opacity: 0.8,
            ..OverlayOptions::default()
        };
        let [en, ja] = BOTH.map(|r| r.drawn(&options, Some(0.5)));
        assert_eq!(
            en,
            "Native cells over the red-free photograph, opacity up to 80 %, contour at 50 % of the scale maximum \
             (dashed: negative)."
        );
        assert_eq!(
            ja,
            "セル単位の表示(背景はレッドフリー)、不透明度は最大 80 %、輪郭線はスケール最大値の50 %(破線は負)。"
        );
    }
}
