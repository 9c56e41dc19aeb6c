//! Failures of models: file, card and network output.

use super::{FaultText, wording};
use crate::domain::Head;
use crate::text::Lang;
use crate::text::window::Texts;

/// A rule that a model card must satisfy. `Display` is the text for files and the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray, thiserror::Error)]
pub enum CardRule {
    /// Height and width from 16 to 4096 pixels.
    #[error("the input size must be between 16 and 4096 pixels")]
    InputSize,
    #[error("the threshold must be between 0 and 1")]
    Threshold,
    /// A linear head has no score between two labels.
    #[error(
        "this network outputs a value, not a score between two labels: its last layer is neither a sigmoid nor a softmax"
    )]
    LinearScore,
    /// An age requires a linear head.
    #[error("this network outputs a score, not an age: its last layer is a sigmoid or a softmax")]
    AgeHead,
    /// Scale, offset and range apply only to a value.
    #[error(
        "value_scale, value_offset and value_range apply to a value; this network outputs a score"
    )]
    ValueOfScore,
    /// Bounds of scale and offset; the scale must not be 0.
    #[error(
        "the absolute value of value_scale must be between 0.000001 and 1000000, value_offset between -1000000 and 1000000"
    )]
    ValueScale,
    #[error("value_range needs two numbers, the lower one first")]
    ValueRange,
    /// Several classes are no recorded sex and no age.
    #[error("a network with several classes needs the task other")]
    ClassesTask,
    /// One label for each class.
    #[error("one label is needed for each class")]
    LabelPerClass,
    /// One label for each of the two outputs.
    #[error("two labels are needed, for output 0 and output 1")]
    TwoLabels,
    #[error("custom scaling needs three finite means and three positive standard deviations")]
    CustomScaling,
    /// Fractions would be truncated.
    #[error(
        "the input of this network is an integer from 0 to 255: its scaling must be raw, and its resizing not tf-bilinear"
    )]
    WholeNumbers,
}

/// Why a model cannot be imported, opened or used.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum ModelFault {
    /// Card fields that cannot be determined, by their names in files.
    Unknown(Vec<String>),
    /// The output is neither a score between two labels nor one value.
    Head {
        head: Head,
        units: usize,
    },
    /// A field specified differently from the model file, by its name in files.
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
    /// The same file is in the library under several names.
    SeveralCards {
        file: String,
        ids: Vec<String>,
    },
    /// A JSON file that is not a model card.
    NotACard {
        name: String,
        configuration: bool,
    },
    /// A bundled model cannot be changed.
    Bundled {
        name: String,
    },
    /// The card of a bundled model cannot be changed.
    BundledCard {
        name: String,
    },
    /// A file outside the library has no reference for a self-test.
    NotInLibrary,
    NotFinite,
    /// The network's numbers do not match its card.
    Unfit,
    /// The engine rejects the network.
    Refused,
}

impl ModelFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Unknown(fields) => wording(
                format!(
                    "The model file does not specify: {}.",
                    listed(fields, Lang::En)
                ),
                "Specify these under Import a model.",
                format!(
                    "モデルファイルから判別できない項目: {}。",
                    listed(fields, Lang::Ja)
                ),
                "「モデルを取り込む」の画面で指定してください。",
            ),
            Self::Head { head, units } => {
                let (en, ja) = match head {
                    Head::Sigmoid => (
                        format!(
                            "The network ends in {units} independent sigmoids, not in a single score."
                        ),
                        format!(
                            "ネットワークの最終層が互いに独立した{units}個のシグモイドで、スコアが1つになりません。"
                        ),
                    ),
                    Head::Softmax => (
                        format!(
                            "The network ends in a softmax over {units} classes, not over two."
                        ),
                        format!(
                            "ネットワークの最終層が{units}クラスのソフトマックスで、2クラスではありません。"
                        ),
                    ),
                    Head::Linear => (
                        format!(
                            "The network ends in {units} linear outputs, not in a single value."
                        ),
                        format!(
                            "ネットワークの最終層が活性化関数のない{units}個の出力で、値が1つになりません。"
                        ),
                    ),
                };
                let [hint_en, hint_ja] = match (head, units) {
                    (Head::Linear, 2) => TWO_LOGITS,
                    _ => ANOTHER_HEAD,
                };
                wording(en, hint_en, ja, hint_ja)
            }
            Self::Contradiction { field } => wording(
                format!(
                    "{} contradicts the model file.",
                    Texts(Lang::En).card_field(field)
                ),
                "Keep the value from the file.",
                format!(
                    "「{}」の指定がモデルファイルと矛盾しています。",
                    Texts(Lang::Ja).card_field(field)
                ),
                "ファイルの値のままにしてください。",
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
                format!("There is no model named {name}."),
                "Choose a model under Models, or import it.",
                format!("{name} というモデルはありません。"),
                "「モデル一覧」から選ぶか、モデルを取り込んでください。",
            ),
            Self::BadName => wording(
                "A model name must have 1 to 64 characters from a-z, 0-9, '-', '_' and '.'.",
                "Enter another name under Import a model.",
                "モデルの名前は、半角の英小文字、数字、「-」「_」「.」からなる1～64文字で指定してください。",
                "「モデルを取り込む」の画面で別の名前を付けてください。",
            ),
            Self::NameTaken { name } => wording(
                format!("{name} is the name of a model supplied with Gantei."),
                "Enter another name under Import a model.",
                format!("{name} はGantei付属のモデルの名前です。"),
                "「モデルを取り込む」の画面で別の名前を付けてください。",
            ),
            Self::IdTaken { name } => wording(
                format!("The library already has a model named {name}."),
                "Replace it, or enter another name for this model.",
                format!("{name} という名前のモデルがすでにあります。"),
                "置き換えるか、別の名前を付けてください。",
            ),
            Self::SeveralCards { file, ids } => wording(
                format!(
                    "The model file {file} is in the library under several names: {}.",
                    ids.join(", ")
                ),
                "Choose the one to use under Models.",
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
                "Choose the model file itself; model cards can be exported under Models.",
                format!("{name} はネットワークの構成ファイルで、モデルカードではありません。"),
                "モデルファイル自体を選んでください。モデルカードは「モデル一覧」から書き出せます。",
            ),
            Self::NotACard { name, .. } => wording(
                format!("The file {name} is not a model card."),
                "Choose a model card exported under Models.",
                format!("{name} はモデルカードではありません。"),
                "「モデル一覧」から書き出したモデルカードを選んでください。",
            ),
            Self::Bundled { name } => wording(
                format!("{name} is supplied with Gantei and cannot be changed."),
                "Only imported models can be edited or removed.",
                format!("{name} はGantei付属のモデルのため、変更できません。"),
                "編集や削除ができるのは、取り込んだモデルだけです。",
            ),
            Self::BundledCard { name } => wording(
                format!("{name} is supplied with Gantei; its model card cannot be changed."),
                "To change the card, import a copy under another name.",
                format!("{name} はGantei付属のモデルのため、モデルカードは変更できません。"),
                "変更するには、コピーを別の名前で取り込んでください。",
            ),
            Self::NotInLibrary => wording(
                "A file outside the model library has no reference for a self-test.",
                "Import it first.",
                "取り込んでいないファイルには、動作確認の参照値がありません。",
                "先にモデルを取り込んでください。",
            ),
            Self::NotFinite => wording(
                "The network output is not a number.",
                "Try another device. If this happens again, the weights are damaged; import the model again.",
                "ネットワークの出力が数値ではありません。",
                "別のデバイスをお試しください。繰り返す場合は重みが壊れています。モデルを取り込み直してください。",
            ),
            Self::Unfit => wording(
                "The network does not match its model card.",
                "Check input size, task and last layer under Models, or import the model again.",
                "ネットワークがモデルカードと一致しません。",
                "「モデル一覧」で入力サイズ、推定項目、最終層を確認するか、モデルを取り込み直してください。",
            ),
            Self::Refused => wording(
                "The engine cannot run this model.",
                "Choose another device, or import the model again.",
                "エンジンがこのモデルを実行できません。",
                "別のデバイスを選ぶか、モデルを取り込み直してください。",
            ),
        }
    }
}

/// What to do about two outputs without an activation, in English and Japanese.
const TWO_LOGITS: [&str; 2] = [
    "If they are the logits of two classes, add the softmax: keras.Sequential([model, keras.layers.Activation(\"softmax\")]).save(\"model.keras\") in Keras, torch.nn.Sequential(model, torch.nn.Softmax(dim=1)) in PyTorch before the export.",
    "2クラスのロジットの場合は、ソフトマックスを加えてください。Keras: keras.Sequential([model, keras.layers.Activation(\"softmax\")]).save(\"model.keras\")、PyTorch(書き出しの前): torch.nn.Sequential(model, torch.nn.Softmax(dim=1))。",
];

/// What to do about an output that is no answer, in English and Japanese.
const ANOTHER_HEAD: [&str; 2] = [
    "Save the whole model with its last layer: one sigmoid, a two-class softmax, or one number for an age. If it has another one, train a new one on your labels: keras.Model(m.input, keras.layers.Dense(1, activation=\"sigmoid\")(m.layers[-2].output)) in Keras, torch.nn.Sequential(model, torch.nn.LazyLinear(1), torch.nn.Sigmoid()) in PyTorch before the export.",
    "最終層(シグモイド1つ、2クラスのソフトマックス、または年齢では数値1つ)まで含めてモデル全体を保存してください。最終層が異なる場合は、新しい最終層を手元のラベルで学習してください。Keras: keras.Model(m.input, keras.layers.Dense(1, activation=\"sigmoid\")(m.layers[-2].output))、PyTorch(書き出しの前): torch.nn.Sequential(model, torch.nn.LazyLinear(1), torch.nn.Sigmoid())。",
];

/// The card fields by their names in the window.
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
            "The input size must be between 16 and 4096 pixels.",
            "Enter the size that the network was trained with.",
            "入力サイズは16～4096画素で指定してください。",
            "ネットワークの学習に使ったサイズを指定してください。",
        ),
        CardRule::Threshold => wording(
            "The threshold must be between 0 and 1.",
            "Enter another threshold; 0.5 is usual.",
            "閾値は0～1で指定してください。",
            "閾値を指定し直してください。通常は0.5です。",
        ),
        CardRule::LinearScore => wording(
            "This network outputs a value, not a score between two labels. Its last layer is neither a sigmoid nor a softmax.",
            "If the value is a logit, add the sigmoid: keras.Sequential([model, keras.layers.Activation(\"sigmoid\")]).save(\"model.keras\") in Keras, torch.nn.Sequential(model, torch.nn.Sigmoid()) in PyTorch before the export. Otherwise choose another task or preset.",
            "このネットワークの出力は値で、2つのラベル間のスコアではありません。最終層がシグモイドでもソフトマックスでもありません。",
            "出力がロジットの場合は、シグモイドを加えてください。Keras: keras.Sequential([model, keras.layers.Activation(\"sigmoid\")]).save(\"model.keras\")、PyTorch(書き出しの前): torch.nn.Sequential(model, torch.nn.Sigmoid())。それ以外の場合は、別の推定項目またはプリセットを選んでください。",
        ),
        CardRule::AgeHead => wording(
            "This network outputs a score, not an age: its last layer is a sigmoid or a softmax.",
            "Choose another task or preset. If the score times 100 is the age, make it the output, in Keras: keras.Sequential([model, keras.layers.Rescaling(100.0)]).save(\"model.keras\").",
            "このネットワークの出力はスコアで、年齢ではありません(最終層がシグモイドまたはソフトマックス)。",
            "別の推定項目またはプリセットを選んでください。スコアの100倍が年齢の場合は、それを出力にしてください。Kerasでは: keras.Sequential([model, keras.layers.Rescaling(100.0)]).save(\"model.keras\")。",
        ),
        CardRule::ValueOfScore => wording(
            "Scale, offset and range apply to a value; this network outputs a score.",
            "Leave these fields empty.",
            "換算係数、加算値、範囲は値を出力するモデルの項目です。このネットワークの出力はスコアです。",
            "これらの項目は空欄にしてください。",
        ),
        CardRule::ValueScale => wording(
            "The absolute value of the scale must be between 0.000001 and 1,000,000, that of the offset at most 1,000,000.",
            "Enter the figures with which the ages were rescaled for training.",
            "値の換算係数の絶対値は0.000001~100万、加算値の絶対値は100万以下で指定してください。",
            "学習時の年齢の換算に使った数値を指定してください。",
        ),
        CardRule::ValueRange => wording(
            "The range of the value needs two numbers, the lower one first.",
            "Enter both, such as 18 and 90.",
            "値の範囲には、下限と上限の2つの数値が必要です。",
            "18と90のように両方を指定してください。",
        ),
        CardRule::ClassesTask => wording(
            "A network with several classes needs the task \"other\".",
            "Choose this task.",
            "複数のクラスを出力するネットワークの推定項目は「その他」です。",
            "推定項目に「その他」を選んでください。",
        ),
        CardRule::LabelPerClass => wording(
            "The number of labels differs from the number of classes.",
            "Enter one label for each class, in the order of the outputs.",
            "ラベルの数がクラスの数と一致しません。",
            "出力の順に、クラスごとにラベルを1つ指定してください。",
        ),
        CardRule::TwoLabels => wording(
            "Two labels are needed, one for output 0 and one for output 1.",
            "Enter both labels.",
            "出力0と出力1のラベルが両方必要です。",
            "2つのラベルを指定してください。",
        ),
        CardRule::CustomScaling => wording(
            "Custom scaling needs three means and three standard deviations greater than 0.",
            "Enter all six values.",
            "画素値の変換(custom)には、平均3つと0より大きい標準偏差3つが必要です。",
            "6つの数値をすべて指定してください。",
        ),
        CardRule::WholeNumbers => wording(
            "The input of this network is an integer from 0 to 255; any fraction would be truncated.",
            "Choose the scaling raw, and a resizing other than tf-bilinear.",
            "このネットワークの入力は0～255の整数です。小数を入力すると、小数点以下が切り捨てられます。",
            "画素値の変換にraw、リサイズ方法にtf-bilinear以外を選んでください。",
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
        ModelFault::Head {
            head: Head::Linear,
            units: 2,
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
