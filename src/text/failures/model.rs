//! Faults of models: the file, the card, and what the network gives.

use super::{FaultText, wording};
use crate::domain::Head;
use crate::text::Lang;
use crate::text::window::Texts;

/// What a model card must hold to. `Display` says it for files and the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray, thiserror::Error)]
pub enum CardRule {
    /// Height and width from 16 to 4096 pixels.
    #[error("the input size must lie between 16 and 4096 pixels")]
    InputSize,
    #[error("the threshold must lie between 0 and 1")]
    Threshold,
    /// A linear head gives no score between two labels.
    #[error("this network gives a value, not a score between two labels: its last layer is linear")]
    LinearScore,
    /// An age comes from a linear head.
    #[error("this network gives a score, not an age: its last layer is not linear")]
    AgeHead,
    /// A scale, an offset and a range belong to a value.
    #[error(
        "value_scale, value_offset and value_range belong to a value; this network gives a score"
    )]
    ValueOfScore,
    /// A scale that is not 0 and not endless, an offset that is not endless.
    #[error(
        "value_scale must lie between 0.000001 and 1000000 in size, value_offset between -1000000 and 1000000"
    )]
    ValueScale,
    #[error("value_range takes two numbers, the lower first")]
    ValueRange,
    /// One for each of two outputs.
    #[error("two labels are needed, for output 0 and output 1")]
    TwoLabels,
    #[error("custom scaling needs three finite means and three positive standard deviations")]
    CustomScaling,
}

/// Why a model cannot be imported, opened or believed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum ModelFault {
    /// Fields of the card that nothing tells, by their words in files.
    Unknown(Vec<String>),
    /// The output is neither a score between two labels nor one value.
    Head {
        head: Head,
        units: usize,
    },
    /// A field that was given otherwise than the file says it, by its word in files.
    Contradiction {
        field: &'static str,
    },
    /// A card that was written for another file.
    OtherCard,
    /// The card cannot be read.
    Card,
    CardRule(CardRule),
    NoSuchModel {
        name: String,
    },
    /// A name that a model cannot have.
    BadName,
    /// The name of a model that ships with the application.
    NameTaken {
        name: String,
    },
    /// The name of another model of the library.
    IdTaken {
        name: String,
    },
    /// The same file stands in the library under several names.
    SeveralCards {
        file: String,
        ids: Vec<String>,
    },
    /// A JSON file that is something else than a card.
    NotACard {
        name: String,
        configuration: bool,
    },
    /// A model that ships with the application stays as it is.
    Bundled {
        name: String,
    },
    /// So does its card.
    BundledCard {
        name: String,
    },
    /// A file outside the library has nothing to be tested against.
    NotInLibrary,
    NotFinite,
    /// Numbers that fit neither the network nor its card.
    Unfit,
    /// The engine refuses the network.
    Refused,
}

impl ModelFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Unknown(fields) => wording(
                format!(
                    "The model file does not tell: {}.",
                    listed(fields, Lang::En)
                ),
                "Say them in the form of Import.",
                format!(
                    "モデルファイルから分からない項目: {}。",
                    listed(fields, Lang::Ja)
                ),
                "「モデルを取り込む」の画面で指定してください。",
            ),
            Self::Head { head, units } => {
                let (en, ja) = match head {
                    Head::Sigmoid => (
                        format!(
                            "The network ends in {units} independent sigmoids, not in one score."
                        ),
                        format!(
                            "最終層は互いに独立したシグモイド{units}個で、1つのスコアになりません。"
                        ),
                    ),
                    Head::Softmax => (
                        format!("The network ends in a softmax of {units} classes, not of two."),
                        format!("最終層は{units}クラスのソフトマックスで、2クラスではありません。"),
                    ),
                    Head::Linear => (
                        format!(
                            "The network ends in {units} numbers without an activation, not in one value."
                        ),
                        format!("最終層は活性化関数のない{units}個の数値で、1つの値になりません。"),
                    ),
                };
                wording(
                    en,
                    "Save a model that ends in one sigmoid, in a softmax of two or, for an age, in one number, with its last layer.",
                    ja,
                    "最終層まで含め、シグモイド1つ、2クラスのソフトマックス、または年齢では数値1つで終わるモデルを保存してください。",
                )
            }
            Self::Contradiction { field } => wording(
                format!(
                    "{} contradicts the model file.",
                    Texts(Lang::En).card_field(field)
                ),
                "Leave it as the file says.",
                format!(
                    "「{}」の指定がモデルファイルと矛盾しています。",
                    Texts(Lang::Ja).card_field(field)
                ),
                "ファイルの内容のままにしてください。",
            ),
            Self::OtherCard => wording(
                "The model card was written for another model file.",
                "Choose the card of this file, or import it without a card.",
                "このモデルカードは別のモデルファイルのものです。",
                "このファイルのモデルカードを選ぶか、モデルカードなしで取り込んでください。",
            ),
            Self::Card => wording(
                "The model card cannot be read.",
                "Remove the model under Models and import it again.",
                "モデルカードを読み込めません。",
                "「モデル一覧」でモデルを削除し、取り込み直してください。",
            ),
            Self::CardRule(rule) => card_rule(*rule),
            Self::NoSuchModel { name } => wording(
                format!("There is no model called {name}."),
                "Choose one under Models, or import it.",
                format!("{name} というモデルはありません。"),
                "「モデル一覧」から選ぶか、モデルを取り込んでください。",
            ),
            Self::BadName => wording(
                "A model's name has 1 to 64 characters of a-z, 0-9, '-', '_' or '.'.",
                "Give it another name in the form of Import.",
                "モデルの名前に使えるのは、半角の英数字と「-」「_」「.」で1～64文字です。",
                "「モデルを取り込む」の画面で別の名前を付けてください。",
            ),
            Self::NameTaken { name } => wording(
                format!("{name} is the name of a model that ships with Gantei."),
                "Give it another name in the form of Import.",
                format!("{name} はGantei付属のモデルの名前です。"),
                "「モデルを取り込む」の画面で別の名前を付けてください。",
            ),
            Self::IdTaken { name } => wording(
                format!("The library has another model called {name}."),
                "Replace it, or give this model another name.",
                format!("{name} という名前のモデルがすでにあります。"),
                "置き換えるか、別の名前を付けてください。",
            ),
            Self::SeveralCards { file, ids } => wording(
                format!(
                    "The model file {file} is in the library under several names: {}.",
                    ids.join(", ")
                ),
                "Choose the one that you mean under Models.",
                format!(
                    "モデルファイル {file} は複数の名前で取り込まれています: {}。",
                    ids.join("、")
                ),
                "「モデル一覧」で使うモデルを選んでください。",
            ),
            Self::NotACard {
                name,
                configuration: true,
            } => wording(
                format!("The file {name} is the configuration of a network, not a model card."),
                "Choose the model file itself; a card is exported under Models.",
                format!("{name} はネットワークの構成ファイルで、モデルカードではありません。"),
                "モデルファイル自体を選んでください。モデルカードは「モデル一覧」から書き出せます。",
            ),
            Self::NotACard { name, .. } => wording(
                format!("The file {name} is no model card."),
                "Choose a card that was exported under Models.",
                format!("{name} はモデルカードではありません。"),
                "「モデル一覧」から書き出したモデルカードを選んでください。",
            ),
            Self::Bundled { name } => wording(
                format!("{name} ships with Gantei and stays as it is."),
                "Import a model of your own to edit or remove it.",
                format!("{name} はGantei付属のモデルのため、変更できません。"),
                "編集や削除ができるのは、取り込んだモデルだけです。",
            ),
            Self::BundledCard { name } => wording(
                format!("{name} ships with Gantei and keeps its card."),
                "Import a copy under another name to change its card.",
                format!("{name} はGantei付属のモデルのため、モデルカードは変更できません。"),
                "変更するには、コピーを別の名前で取り込んでください。",
            ),
            Self::NotInLibrary => wording(
                "A file outside the model library has no reference to be tested against.",
                "Import it first.",
                "取り込んでいないファイルには、動作確認の参照値がありません。",
                "先にモデルを取り込んでください。",
            ),
            Self::NotFinite => wording(
                "The network gave something that is not a number.",
                "Try another device; if it happens again, the weights are broken: import the model again.",
                "ネットワークの出力が数値になりません。",
                "別のデバイスをお試しください。繰り返す場合は重みが壊れています。モデルを取り込み直してください。",
            ),
            Self::Unfit => wording(
                "The network's numbers do not fit its model card.",
                "Check input size, task and last layer under Models, or import the model again.",
                "ネットワークの数値がモデルカードと一致しません。",
                "「モデル一覧」で入力、課題、最終層を確かめるか、モデルを取り込み直してください。",
            ),
            Self::Refused => wording(
                "The engine refuses this model.",
                "Choose another device, or import the model again.",
                "エンジンがこのモデルを実行できません。",
                "別のデバイスを選ぶか、モデルを取り込み直してください。",
            ),
        }
    }
}

/// The card's fields as the window calls them.
fn listed(fields: &[String], lang: Lang) -> String {
    let names: Vec<_> = fields.iter().map(|f| Texts(lang).card_field(f)).collect();
    names.join(match lang {
        Lang::En => ", ",
        Lang::Ja => "、",
    })
}

fn card_rule(rule: CardRule) -> FaultText {
    match rule {
        CardRule::InputSize => wording(
            "The input size must lie between 16 and 4096 pixels.",
            "Give the size that the network was trained with.",
            "入力サイズは16～4096画素でなければなりません。",
            "ネットワークの学習に使ったサイズを指定してください。",
        ),
        CardRule::Threshold => wording(
            "The threshold must lie between 0 and 1.",
            "Give another threshold; 0.5 is usual.",
            "閾値は0～1でなければなりません。",
            "閾値を指定し直してください。通常は0.5です。",
        ),
        CardRule::LinearScore => wording(
            "This network gives a value, not a score between two labels: its last layer is linear.",
            "Choose another task or preset.",
            "このネットワークの出力は値で、2つのラベル間のスコアではありません(最終層が線形)。",
            "別の課題またはプリセットを選んでください。",
        ),
        CardRule::AgeHead => wording(
            "This network gives a score, not an age: its last layer is not linear.",
            "Choose another task or preset.",
            "このネットワークの出力はスコアで、年齢ではありません(最終層が線形でない)。",
            "別の課題またはプリセットを選んでください。",
        ),
        CardRule::ValueOfScore => wording(
            "Scale, offset and range belong to a value; this network gives a score.",
            "Leave them out.",
            "換算係数、加算値、範囲は値を出力するモデルの項目です。このネットワークの出力はスコアです。",
            "これらを指定しないでください。",
        ),
        CardRule::ValueScale => wording(
            "The scale of the value must be neither 0 nor beyond a million, the offset not beyond a million.",
            "Give the figures with which the ages were changed for the training.",
            "換算係数は0以外の100万以下、加算値は100万以下でなければなりません。",
            "学習時に年齢を変換した数値を指定してください。",
        ),
        CardRule::ValueRange => wording(
            "The range of the value takes two numbers, the lower first.",
            "Give both, such as 18 and 90.",
            "値の範囲には、下限と上限の2つの数値が必要です。",
            "18と90のように両方を指定してください。",
        ),
        CardRule::TwoLabels => wording(
            "Two labels are needed, one for output 0 and one for output 1.",
            "Give both labels.",
            "出力0と出力1のラベルが両方必要です。",
            "2つのラベルを指定してください。",
        ),
        CardRule::CustomScaling => wording(
            "Custom scaling needs three means and three deviations above 0.",
            "Give all six figures.",
            "画素値の変換(custom)には、平均3つと0より大きい標準偏差3つが必要です。",
            "6つの数値をすべて指定してください。",
        ),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<ModelFault> {
    use strum::VariantArray;

    let name = || "m".to_owned();
    let rules = CardRule::VARIANTS.iter().copied();
    let mut all: Vec<_> = rules.map(ModelFault::CardRule).collect();
    all.extend([
        ModelFault::Unknown(vec!["scaling".into(), "crop".into()]),
        ModelFault::Contradiction { field: "head" },
        ModelFault::OtherCard,
        ModelFault::Head {
            head: Head::Sigmoid,
            units: 2,
        },
        ModelFault::Head {
            head: Head::Softmax,
            units: 5,
        },
        ModelFault::Head {
            head: Head::Linear,
            units: 16,
        },
        ModelFault::Card,
        ModelFault::NoSuchModel { name: name() },
        ModelFault::BadName,
        ModelFault::NameTaken { name: "A".into() },
        ModelFault::IdTaken { name: "A".into() },
        ModelFault::SeveralCards {
            file: "m.h5".into(),
            ids: vec!["a".into(), "b".into()],
        },
        ModelFault::NotACard {
            name: "m.json".into(),
            configuration: true,
        },
        ModelFault::NotACard {
            name: "m.json".into(),
            configuration: false,
        },
        ModelFault::Bundled { name: "A".into() },
        ModelFault::BundledCard { name: "A".into() },
        ModelFault::NotInLibrary,
        ModelFault::NotFinite,
        ModelFault::Unfit,
        ModelFault::Refused,
    ]);
    all
}
