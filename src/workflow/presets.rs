//! Presets for the models published through the Japan Ocular Imaging Registry (JOIR).
//!
//! The preprocessing and class order of a preset are documented defaults of Keras, not a statement of the publisher,
//! who has not described them: every such field is marked `preset` in the card until evidence replaces it.

use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::draft::{Draft, DraftInput};
use crate::domain::{Bilingual, ColourOrder, Crop, Head, Pooling, Resize, Scaling, Task};

/// The citation that JOIR asks for.
const CITATION: &str = "Miyake M, Akiyama M, Kashiwagi K, Sakamoto T, Oshika T. Japan Ocular Imaging Registry: a national \
ophthalmology real-world database. Jpn J Ophthalmol. 2022;66(6):499-503. doi:10.1007/s10384-022-00941-0";

/// The acknowledgment that JOIR requests for its age model.
const ACKNOWLEDGMENT_EN: &str = "The pre-training model used in this study was developed by the Japanese Ophthalmological \
Society and the National Institute of Informatics, and was made available through the Japan Ocular Imaging Registry \
website(http://www.joir.jp/).";
const ACKNOWLEDGMENT_JA: &str = "本研究に使用した事前学習モデルは日本眼科学会と国立情報学研究所の共同研究により作成されたもので、一般社団法人Japan Ocular Imaging Registryのウェブサイト(http://www.joir.jp/)を通じて提供されたものです。";

/// The default epsilon of a batch norm in Keras.
const KERAS_NORM_EPSILON: f64 = 1e-3;

/// A published model that the user may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", parse_err_fn = no_preset, parse_err_ty = String)]
pub enum Preset {
    #[strum(serialize = "joir-efficientnet-b7")]
    JoirEfficientNetB7,
    #[strum(serialize = "joir-mobilenet")]
    JoirMobileNet,
    JoirAge,
    JoirOther,
}

impl Preset {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The fields that the preset gives. `architecture` is the one recognised in the file, `in_graph` whether the
    /// network scales its own input, as one of whole numbers must.
    pub fn draft(self, architecture: Option<&str>, in_graph: bool) -> Draft {
        let age = self == Self::JoirAge;
        let name = match self {
            Self::JoirEfficientNetB7 => "JOIR EfficientNet-B7 (recorded sex)",
            Self::JoirMobileNet => "JOIR MobileNet (recorded sex)",
            Self::JoirAge => "JOIR age",
            Self::JoirOther => "JOIR, other architecture (recorded sex)",
        };
        Draft {
            id: Some(self.as_str().to_owned()),
            name: Some(name.to_owned()),
            task: Some(if age { Task::Age } else { Task::Sex }),
            labels: (!age).then(|| vec!["female".to_owned(), "male".to_owned()]),
            input: DraftInput {
                size: None,
                colour: Some(ColourOrder::Rgb),
                scaling: Some(customary_scaling(architecture, in_graph)),
                mean: None,
                std: None,
                resize: Some(Resize::PilNearest),
                crop: Some(Crop::Stretch),
            },
            head: None,
            pooling: Some(Pooling::Avg),
            norm_epsilon: Some(KERAS_NORM_EPSILON),
            threshold: (!age).then_some(0.5),
            aggregation: None,
            citation: Some(CITATION.to_owned()),
            acknowledgment: Some(Bilingual {
                en: ACKNOWLEDGMENT_EN.to_owned(),
                ja: ACKNOWLEDGMENT_JA.to_owned(),
            }),
            intended_use: Some(intended_use(age)),
            ..Draft::default()
        }
    }
}

fn no_preset(_: &str) -> String {
    let words: Vec<_> = Preset::iter().map(Preset::as_str).collect();
    format!("unknown preset; choose one of {}", words.join(", "))
}

/// The most likely values if neither file nor user nor preset gives any: the conventions of Keras. `known` is the draft
/// so far: a network that ends in a value most likely gives an age, and only labels of recorded sex can be guessed.
pub fn guess(known: &Draft, architecture: Option<&str>, in_graph: bool) -> Draft {
    let linear = known.head == Some(Head::Linear);
    let has_classes = known.classes.is_some();
    let task = known.task.unwrap_or(match (has_classes, linear) {
        (true, _) => Task::Other,
        (false, true) => Task::Age,
        (false, false) => Task::Sex,
    });
    Draft {
        task: Some(task),
        // Keras numbers classes in the order of their folders' names.
        labels: (task == Task::Sex && !linear)
            .then(|| vec!["female".to_owned(), "male".to_owned()]),
        threshold: (!linear && !has_classes).then_some(0.5),
        // The output is the value itself.
        value_scale: linear.then_some(1.0),
        value_offset: linear.then_some(0.0),
        input: DraftInput {
            colour: Some(ColourOrder::Rgb),
            scaling: Some(customary_scaling(architecture, in_graph)),
            resize: Some(Resize::PilNearest),
            crop: Some(Crop::Stretch),
            ..DraftInput::default()
        },
        ..Draft::default()
    }
}

/// The scaling that `keras.applications` documents for an architecture: none if the graph scales its input.
fn customary_scaling(architecture: Option<&str>, in_graph: bool) -> Scaling {
    match architecture {
        _ if in_graph => Scaling::Raw,
        Some(name) if name.starts_with("DenseNet") || name.starts_with("EfficientNet") => {
            Scaling::Torch
        }
        _ => Scaling::Tf,
    }
}

fn intended_use(age: bool) -> Bilingual {
    let (en, ja) = if age {
        (
            "Ophthalmology research that uses fundus images. Trained on healthy eyes from one health-check facility, adults; performance elsewhere is not guaranteed. The publisher is not responsible for any output of the model.",
            "眼底画像を用いた眼科研究。一つの健診施設の健常眼(成人)で学習しており、他施設での性能は保証されません。提供者はモデルの出力について責任を負いません。",
        )
    } else {
        (
            "Research: how diseases with a sex difference arise, and supplementing recorded sex where it is missing in a data set. Trained on photographs of people aged 17 to 94 in Japan. The publisher is not responsible for any output of the model.",
            "研究用: 性差のある疾患の機序の研究、データセットで欠けている記録上の性別の補完。日本の17～94歳の写真で学習。提供者はモデルの出力について責任を負いません。",
        )
    };
    Bilingual {
        en: en.to_owned(),
        ja: ja.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_no_assumed_sexes() {
        for head in [Head::Sigmoid, Head::Softmax] {
            let known = Draft {
                head: Some(head),
                classes: Some(5),
                ..Draft::default()
            };
            let guess = guess(&known, None, false);
            assert_eq!(guess.task, Some(Task::Other));
            assert_eq!((guess.labels, guess.threshold), (None, None));
        }
    }

    #[test]
    fn a_network_that_scales_its_input_gets_raw_pixels() {
        let draft = Preset::JoirEfficientNetB7.draft(Some("EfficientNetB7"), true);
        assert_eq!(draft.input.scaling, Some(Scaling::Raw));
        let draft = Preset::JoirEfficientNetB7.draft(Some("EfficientNetB7"), false);
        assert_eq!(draft.input.scaling, Some(Scaling::Torch));
        let draft = Preset::JoirMobileNet.draft(Some("MobileNet"), false);
        assert_eq!(draft.input.scaling, Some(Scaling::Tf));
    }

    #[test]
    fn a_guess_goes_by_what_is_known_and_never_invents_other_labels() {
        let of = |task, head| {
            let known = Draft {
                task,
                head: Some(head),
                ..Draft::default()
            };
            let guess = guess(&known, Some("MobileNet"), false);
            (guess.task, guess.labels.is_some(), guess.threshold)
        };
        assert_eq!(of(None, Head::Sigmoid), (Some(Task::Sex), true, Some(0.5)));
        assert_eq!(of(None, Head::Linear), (Some(Task::Age), false, None));
        let other = (Some(Task::Other), false, Some(0.5));
        assert_eq!(of(Some(Task::Other), Head::Softmax), other);
    }

    #[test]
    fn an_age_preset_has_no_labels() {
        let draft = Preset::JoirAge.draft(None, false);
        assert!(draft.labels.is_none() && draft.threshold.is_none());
    }

    #[test]
    fn presets_are_found_by_their_words() {
        for preset in Preset::iter() {
            assert_eq!(preset.as_str().parse::<Preset>().unwrap(), preset);
        }
        assert!("joir".parse::<Preset>().unwrap_err().contains("joir-age"));
    }
}
