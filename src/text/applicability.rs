//! Texts about applicability: the aspects, their grades, the measured figures, and why each aspect limits a score.

use super::Lang;
use super::window::Texts;
use crate::domain::applicability::JOIR;
use crate::domain::{Aspect, Centring, Grade, Measured};

impl Texts {
    pub fn aspect(self, aspect: Aspect) -> &'static str {
        let (en, ja) = match aspect {
            Aspect::Fundus => ("Fundus photograph", "眼底写真"),
            Aspect::Focus => ("Focus", "ピント"),
            Aspect::Exposure => ("Exposure", "露出"),
            Aspect::Contrast => ("Contrast", "コントラスト"),
            Aspect::Field => ("Field of view", "撮影範囲"),
            Aspect::Centring => ("Centred on", "撮影中心"),
            Aspect::Resolution => ("Resolution", "解像度"),
            Aspect::Colour => ("Colour", "色"),
            Aspect::Age => ("Age", "年齢"),
        };
        self.either(en, ja)
    }

    pub fn grade(self, grade: Grade) -> &'static str {
        let (en, ja) = match grade {
            Grade::Good => ("Good", "範囲内"),
            Grade::Limited => ("Limited", "要注意"),
            Grade::Outside => ("Outside", "範囲外"),
        };
        self.either(en, ja)
    }

    /// The measured figure of an aspect; `None` if it has none.
    pub fn measured(self, aspect: Aspect, measured: &Measured) -> Option<String> {
        let m = measured;
        Some(match aspect {
            Aspect::Fundus | Aspect::Age => return None,
            Aspect::Focus => format!("{:.2}", m.focus),
            Aspect::Exposure => format!("{:.0} / 255", m.light),
            Aspect::Contrast => format!("{:.2}", m.contrast),
            Aspect::Field => format!("{:.0} %", 100.0 * m.completeness?),
            Aspect::Centring => self.centring(m.centring?).to_owned(),
            Aspect::Resolution => format!("{:.0} px", m.diameter),
            Aspect::Colour => format!("{:.2}", m.saturation),
        })
    }

    /// What the figure of an aspect is.
    pub fn figure_of(self, aspect: Aspect) -> &'static str {
        let (en, ja) = match aspect {
            Aspect::Fundus => ("", ""),
            Aspect::Focus => (
                "Finest detail relative to the spread of detail.",
                "最も細かい構造の強さ(構造全体の広がりに対する比)。",
            ),
            Aspect::Exposure => (
                "Median brightness; evenness is judged too.",
                "明るさの中央値。照明むらも評価します。",
            ),
            Aspect::Contrast => (
                "Spread of detail relative to brightness.",
                "構造の広がり(明るさに対する比)。",
            ),
            Aspect::Field => (
                "Share of the circle that is in the picture; covered parts are judged too.",
                "円形の撮影範囲のうち画像に入っている割合。隠れた部分も評価します。",
            ),
            Aspect::Centring => (
                "Told from the position of the optic disc.",
                "視神経乳頭の位置から判定。",
            ),
            Aspect::Resolution => (
                "Pixels across the field of view.",
                "撮影範囲の直径の画素数。",
            ),
            Aspect::Colour => ("Mean saturation, 0 to 1.", "彩度の平均(0～1)。"),
            Aspect::Age => ("Age in years.", "年齢(歳)。"),
        };
        self.either(en, ja)
    }

    /// What is published about an aspect and the score; see [`source`].
    pub fn why_applicable(self, aspect: Aspect) -> &'static str {
        let (en, ja) = match aspect {
            Aspect::Fundus => (
                "The training data holds fundus photographs only.",
                "学習データは眼底写真だけです。",
            ),
            Aspect::Focus => (
                "Branching and length of vessels differ between the sexes.",
                "血管の分岐や長さの性差が報告されています。",
            ),
            Aspect::Exposure => (
                "The area around the disc is darker in men.",
                "男性では乳頭の周囲が暗いと報告されています。",
            ),
            Aspect::Contrast => (
                "A model drew mostly on disc and macula.",
                "モデルは主に乳頭と黄斑に反応したと報告されています。",
            ),
            Aspect::Field => (
                "Accuracy fell from 85 % to 69 % with foveal disease.",
                "中心窩に病変があると正答率は85%から69%に低下したと報告されています。",
            ),
            Aspect::Centring => (
                "Below 65 years, AUC was 0.91 in disc-centred and 0.85 in peripheral fields, the best and the worst.",
                "65歳未満のAUCは、乳頭中心で0.91(最高)、周辺部で0.85(最低)と報告されています。",
            ),
            Aspect::Resolution => (
                "Networks take 224 to 600 pixels.",
                "ネットワークの入力は224～600画素です。",
            ),
            Aspect::Colour => (
                "The colour around the disc differs between the sexes.",
                "乳頭周囲の色の性差が報告されています。",
            ),
            Aspect::Age => (
                "The training data holds nobody outside the stated ages.",
                "学習データに、記載された年齢範囲の外の被検者は含まれていません。",
            ),
        };
        self.either(en, ja)
    }

    /// What is inferred from the published: no publication states it. Empty if nothing is.
    pub fn inferred(self, aspect: Aspect) -> &'static str {
        let (en, ja) = match aspect {
            Aspect::Fundus | Aspect::Centring | Aspect::Age => ("", ""),
            Aspect::Focus => (
                "Inferred: blur hides fine vessels.",
                "推論: ピントが合わないと細い血管が写りません。",
            ),
            Aspect::Exposure => (
                "Inferred: exposure and uneven light change this.",
                "推論: 露出や照明むらはこれを変えます。",
            ),
            Aspect::Contrast => (
                "Inferred: media opacities hide them.",
                "推論: 中間透光体の混濁はこれらを隠します。",
            ),
            Aspect::Field => (
                "Inferred: the fovea must be visible.",
                "推論: 中心窩が写っている必要があります。",
            ),
            Aspect::Resolution => (
                "Inferred: smaller photographs lack detail.",
                "推論: これより小さい写真では細部が不足します。",
            ),
            Aspect::Colour => (
                "Inferred: a grey photograph lacks it.",
                "推論: 白黒写真にはこの差が写りません。",
            ),
        };
        self.either(en, ja)
    }

    /// Where the limits between the grades come from.
    pub fn threshold_of(self, aspect: Aspect) -> &'static str {
        let (en, ja) = match aspect {
            Aspect::Age => (
                "Threshold: the ages stated with the model.",
                "閾値: モデルに記載された年齢範囲です。",
            ),
            _ => (
                "Threshold: Gantei's own, from no publication.",
                "閾値: Gantei独自のもので、文献によるものではありません。",
            ),
        };
        self.either(en, ja)
    }

    pub fn centring(self, centring: Centring) -> &'static str {
        match centring {
            Centring::Disc => self.either("disc", "視神経乳頭"),
            Centring::Macula => self.either("macula", "黄斑"),
            Centring::Elsewhere => self.either("neither disc nor macula", "乳頭・黄斑以外"),
        }
    }

    /// The grade of a photograph, with the aspects that lower it.
    pub fn applicability_line(self, grade: Grade, lowered: &[Aspect]) -> String {
        let names: Vec<&str> = lowered.iter().map(|aspect| self.aspect(*aspect)).collect();
        let (title, grade) = (self.applicability(), self.grade(grade));
        match (self.0, names.is_empty()) {
            (Lang::En, true) => format!("{title}: {}", grade.to_lowercase()),
            (Lang::En, false) => {
                let names = names.join(", ").to_lowercase();
                format!("{title}: {} ({names})", grade.to_lowercase())
            }
            (Lang::Ja, true) => format!("{title}: {grade}"),
            (Lang::Ja, false) => format!("{title}: {grade}({})", names.join("、")),
        }
    }

    fn either(self, en: &'static str, ja: &'static str) -> &'static str {
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}

/// Who published the reason, the same in every language; what holds for the training data of one registry is its own
/// only for a model that cites it.
pub fn source(aspect: Aspect, citation: &str) -> Option<&'static str> {
    Some(match aspect {
        Aspect::Fundus | Aspect::Age => {
            return citation.contains(JOIR).then_some("JOIR 2023");
        }
        Aspect::Focus | Aspect::Exposure => "Delavari 2023",
        Aspect::Contrast => "Ilanchezian 2021",
        Aspect::Field => "Korot 2021",
        Aspect::Centring => "Betzler 2021",
        Aspect::Resolution => "Keras Applications",
        Aspect::Colour => "Yamashita 2020",
    })
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn a_registry_is_the_source_only_for_models_that_cite_it() {
        let citation = "Miyake M. Japan Ocular Imaging Registry: a national database. 2022.";
        for aspect in Aspect::iter() {
            let of_data = matches!(aspect, Aspect::Fundus | Aspect::Age);
            assert_eq!(source(aspect, "Other 2020").is_none(), of_data);
            assert!(source(aspect, citation).is_some());
        }
    }

    #[test]
    fn every_threshold_says_whose_it_is_and_inferences_are_marked() {
        for (lang, own, mark) in [
            (Lang::En, "Gantei", "Inferred: "),
            (Lang::Ja, "Gantei", "推論: "),
        ] {
            let t = Texts(lang);
            for aspect in Aspect::iter() {
                assert_eq!(t.threshold_of(aspect).contains(own), aspect != Aspect::Age);
                let inferred = t.inferred(aspect);
                assert!(
                    inferred.is_empty() || inferred.starts_with(mark),
                    "{inferred}"
                );
            }
        }
    }
}
