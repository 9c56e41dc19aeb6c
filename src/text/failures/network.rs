//! Why a model file cannot be opened, a network cannot be run, or a map cannot be computed.

use super::file::FileFault;
use super::model::ModelFault;
use super::task::TaskFault;
use super::{FaultText, file_kinds, remedies, wording};
use crate::domain::foreign::shown;
use crate::domain::listed::listed;
use crate::domain::{DeviceFault, Lang};
use crate::{graph, keras, saliency};

const LANGS: [Lang; 2] = [Lang::En, Lang::Ja];

pub(super) fn of_keras(error: &keras::Error) -> FaultText {
    use keras::Error;
    let unknown =
        |fields: &[&str]| ModelFault::Unknown(fields.iter().map(|f| (*f).to_owned()).collect());
    match error {
        Error::MissingFile { name } => {
            let name = shown(name);
            wording(
                format!("The file {name}, which belongs to this model, is missing."),
                "Copy it into the folder of the model.",
                format!("このモデルの一部であるファイル {name} がありません。"),
                "モデルのフォルダーにコピーしてください。",
            )
        }
        Error::Link { name } => {
            let name = shown(name);
            wording(
                format!("The file {name} is a link to another file, which Gantei does not follow."),
                "Choose the model file itself and not its folder. Replace a link to another file of the model by a copy of that file.",
                format!(
                    "ファイル {name} は別のファイルへのリンクです。Ganteiはリンク先を開きません。"
                ),
                "フォルダーではなく、モデルのファイル自体を選んでください。モデルに付属するファイルへのリンクは、ファイルのコピーに置き換えてください。",
            )
        }
        Error::Part { name, kind } => {
            let (name, fault) = (shown(name), file_kinds::of_kind(*kind));
            wording(
                format!(
                    "The file {name}, which belongs to this model, cannot be read. {}",
                    fault.en.message
                ),
                fault.en.hint,
                format!(
                    "このモデルの一部である {name} を読み込めません。{}",
                    fault.ja.message
                ),
                fault.ja.hint,
            )
        }
        Error::Unreadable { name, why } => FileFault::Unread {
            name: name.clone(),
            why: *why,
        }
        .wording(),
        Error::NotAModel(kind) => file_kinds::of_kind(*kind),
        Error::Inputs(names) => {
            let [en, ja] = LANGS.map(|lang| listed(names, lang));
            wording(
                format!("The network takes more than a photograph; its inputs are: {en}."),
                "Gantei gives a network one photograph and nothing else. Use a model that needs only the photograph.",
                format!("このネットワークには写真以外の入力も必要です。入力: {ja}。"),
                "Ganteiがネットワークに入力するのは写真1枚だけです。写真だけで動くモデルを使ってください。",
            )
        }
        Error::Outputs(names) | Error::OutputsOfOnnx(names) => {
            let [en, ja] = LANGS.map(|lang| listed(names, lang));
            let name = plain(names.first().map_or("", String::as_str));
            let line = match error {
                Error::OutputsOfOnnx(_) => keep_one_output(name),
                _ => save_one_output(name),
            };
            wording(
                format!("The network has several outputs, and Gantei needs one: {en}."),
                format!(
                    "Choose one, or save a model with the output that you need. In Python: {line}."
                ),
                format!(
                    "このネットワークには複数の出力があります。Ganteiで使えるのは1つだけです。出力: {ja}。"
                ),
                format!(
                    "いずれかを選ぶか、必要な出力の層までのモデルを保存してください。Pythonでは: {line}。"
                ),
            )
        }
        Error::Several(names) => {
            let [en, ja] = LANGS.map(|lang| listed(names, lang));
            wording(
                format!("There is more than one choice: {en}."),
                "Choose one of them.",
                format!("候補が複数あります: {ja}。"),
                "いずれか1つを選んでください。",
            )
        }
        Error::PoolingStated => ModelFault::Contradiction { field: "pooling" }.wording(),
        Error::Malformed(_) => damaged(),
        Error::Invalid(_) => invalid(),
        Error::Unsupported(layers) => {
            let [en, ja] = LANGS.map(|lang| keras::unsupported_layers(layers, lang));
            let remedy = remedies::first_of(layers.iter().map(|layer| layer.remedy));
            let [hint_en, hint_ja] = LANGS.map(|lang| remedies::hint(remedy, lang));
            wording(
                format!("The model has layers that are not supported: {en}."),
                hint_en,
                format!("対応していない層があります: {ja}。"),
                hint_ja,
            )
        }
        Error::Mismatch {
            layer,
            setting,
            weights,
            configuration,
        } => wording(
            format!(
                "The weights and the configuration belong to different networks. The layer {layer} has {setting} = {weights} in the weights and {setting} = {configuration} in the configuration."
            ),
            "Choose the configuration and the weights of the same training, or save the whole model again: model.save(\"model.keras\").",
            format!(
                "重みと構成が別々のネットワークのものです。層 {layer} は、重みでは {setting} = {weights}、構成では {setting} = {configuration} です。"
            ),
            "同じ学習で保存した構成と重みを選ぶか、モデル全体を保存し直してください: model.save(\"model.keras\")。",
        ),
        Error::NotFinite { layer } => {
            let layer = shown(layer);
            wording(
                format!("The layer {layer} has weights that are not finite numbers."),
                "The training failed or the file is damaged; use an earlier checkpoint of the model.",
                format!("層 {layer} の重みに、有限の数値でないものがあります。"),
                "学習の失敗またはファイルの破損が考えられます。以前に保存したモデルを使ってください。",
            )
        }
        Error::Limit(_) => too_large(),
        Error::TooLarge { name, .. } => {
            let name = shown(name);
            wording(
                format!("The file {name} exceeds the size limit of Gantei."),
                TOO_LARGE.0,
                format!("ファイル {name} のサイズがGanteiの上限を超えています。"),
                TOO_LARGE.1,
            )
        }
        Error::FilesTooLarge { .. } => wording(
            "The files of the model together exceed the size limit of Gantei.",
            TOO_LARGE.0,
            "モデルのファイルの合計サイズがGanteiの上限を超えています。",
            TOO_LARGE.1,
        ),
        Error::ArchiveTooLarge { .. } => wording(
            "The archive holds more data than Gantei unpacks from a file of its size.",
            "Unpack the archive and open the model inside.",
            "このサイズのアーカイブからGanteiが展開できるデータ量を超えています。",
            "アーカイブを展開して、中のモデルを開いてください。",
        ),
        Error::TooManyFiles { limit } => wording(
            format!("The folder of the model holds more than {limit} files."),
            "Copy the files of the model into a folder of their own and choose them there.",
            format!("モデルのあるフォルダーに、{limit}個を超えるファイルがあります。"),
            "モデルのファイルだけを別のフォルダーにコピーして、そこから選んでください。",
        ),
        Error::TooManyTexts { limit } => wording(
            format!(
                "The folder of the model holds more than {limit} JSON files that may belong to it."
            ),
            "Copy the files of the model into a folder of their own and choose them there.",
            format!(
                "モデルのあるフォルダーに、モデルの一部かもしれないJSONファイルが{limit}個を超えてあります。"
            ),
            "モデルのファイルだけを別のフォルダーにコピーして、そこから選んでください。",
        ),
        Error::Memory { .. } => DeviceFault::Memory.wording(),
        Error::SizeNeeded => unknown(&["input_size"]).wording(),
        Error::Open(open) => unknown(&open.missing).wording(),
        Error::Cancelled => TaskFault::Cancelled.wording(),
    }
}

pub(super) fn of_graph(error: &graph::Error) -> FaultText {
    match error {
        graph::Error::Damaged(_) => damaged(),
        graph::Error::Malformed { .. } => invalid(),
        graph::Error::Unsupported(parts) => {
            let [en, ja] = LANGS.map(|lang| graph::unsupported_parts(parts, lang));
            let remedy = remedies::first_of(parts.iter().map(|part| part.remedy));
            let [hint_en, hint_ja] = LANGS.map(|lang| remedies::hint(remedy, lang));
            wording(
                format!("The network uses something that is not supported, at {en}."),
                hint_en,
                format!("ネットワークの次の部分に、対応していないものがあります: {ja}。"),
                hint_ja,
            )
        }
        graph::Error::Limit(_) => too_large(),
    }
}

pub(super) fn of_saliency(error: &saliency::Error) -> FaultText {
    use saliency::Error;
    match error {
        Error::Missing(_) | Error::Unsupported { .. } => wording(
            "No saliency map can be computed for this network.",
            "Choose another model; models with global average pooling before the last layers are supported.",
            "このネットワークではサリエンシーマップを作成できません。",
            "別のモデルを選んでください。最終層の前にグローバル平均プーリングがあるモデルに対応しています。",
        ),
        Error::Shape(_) => ModelFault::Unfit.wording(),
        Error::Target { .. } | Error::NoSuchLayer { .. } => wording(
            "The network has no such output or layer.",
            "Choose another model.",
            "指定の出力または層がネットワークにありません。",
            "別のモデルを選んでください。",
        ),
        Error::Memory => DeviceFault::Memory.wording(),
        Error::NotANumber => ModelFault::NotFinite.wording(),
    }
}

/// A name for a line of Python. One that is not plain is left to the reader: a program must not be composed of the text
/// of a file.
fn plain(name: &str) -> &str {
    const LONGEST: usize = 80;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    match name {
        plain if (1..=LONGEST).contains(&plain.len()) && plain.chars().all(is_plain) => plain,
        _ => "NAME",
    }
}

/// A line of Python that saves the part of an ONNX file up to one output.
fn keep_one_output(name: &str) -> String {
    format!(
        "import onnx, onnx.utils; onnx.utils.extract_model(\"old.onnx\", \"model.onnx\", [onnx.load(\"old.onnx\").graph.input[0].name], [\"{name}\"])"
    )
}

/// A line of Python that saves the part of a model of Keras up to one output.
fn save_one_output(name: &str) -> String {
    format!(
        "keras.Model((m := keras.models.load_model(\"old.h5\")).input, m.get_layer(\"{name}\").output).save(\"model.h5\")"
    )
}

fn damaged() -> FaultText {
    wording(
        "The model file is damaged: bytes are missing or were changed.",
        "Download or copy it again. If that does not help, save or export the model again.",
        "モデルファイルが壊れています。データが欠けているか、書き換わっています。",
        "ダウンロードまたはコピーし直してください。それでも開けない場合は、モデルを保存または書き出し直してください。",
    )
}

fn invalid() -> FaultText {
    wording(
        "The contents of the model file are not as Keras or ONNX writes them.",
        "Load the model in Python with the version of Keras that wrote it and save it again: keras.models.load_model(\"old.h5\").save(\"model.h5\"). An ONNX file: export it again.",
        "モデルファイルの内容が、KerasまたはONNXが書き出す形式と異なります。",
        "保存時と同じ版のKerasをPythonで使って読み込み、保存し直してください: keras.models.load_model(\"old.h5\").save(\"model.h5\")。ONNXファイルの場合は書き出し直してください。",
    )
}

/// The hint for a model or file that is too large, in English and Japanese.
const TOO_LARGE: (&str, &str) = (
    "Check that it is the right file; models of this size are not supported.",
    "正しいファイルであることを確認してください。このサイズのモデルには対応していません。",
);

fn too_large() -> FaultText {
    wording(
        "The model exceeds the size limit of Gantei.",
        TOO_LARGE.0,
        "モデルのサイズがGanteiの上限を超えています。",
        TOO_LARGE.1,
    )
}

#[cfg(test)]
pub(super) fn examples_of_keras() -> Vec<keras::Error> {
    use keras::Error;
    use strum::VariantArray;
    let kinds = keras::FileKind::VARIANTS.iter();
    let mut examples: Vec<Error> = kinds.map(|&kind| Error::NotAModel(kind)).collect();
    examples.extend([
        Error::MissingFile {
            name: "model.onnx.data".into(),
        },
        Error::Link {
            name: "model.h5".into(),
        },
        Error::Part {
            name: "model.onnx.data".into(),
            kind: keras::FileKind::GitLfsPointer,
        },
        Error::Unreadable {
            name: "a.jpg".into(),
            why: crate::domain::SystemFailure::Forbidden,
        },
        Error::Inputs(vec!["picture".into(), "age".into()]),
        Error::Outputs(vec!["sex".into(), "age".into()]),
        Error::OutputsOfOnnx(vec!["sex".into(), "age".into()]),
        Error::Several(vec!["a/m.h5".into(), "b".into()]),
        Error::PoolingStated,
        Error::Malformed("no weights".into()),
        Error::Invalid("two layers are named conv".into()),
        Error::Unsupported(vec![keras::UnsupportedLayer {
            layer: "conv".into(),
            class: "Conv3D".into(),
            reason: "it has three axes".into(),
            remedy: crate::domain::Remedy::AsOnnx,
        }]),
        Error::Mismatch {
            layer: "conv".into(),
            setting: "filters",
            weights: "8".into(),
            configuration: "12".into(),
        },
        Error::NotFinite {
            layer: "conv".into(),
        },
        Error::Limit("weights".into()),
        Error::too_large("a.jpg", 1 << 30),
        Error::FilesTooLarge { limit: 2 << 30 },
        Error::ArchiveTooLarge { limit: 1 << 30 },
        Error::TooManyFiles { limit: 50_000 },
        Error::TooManyTexts { limit: 16 },
        Error::Memory { bytes: 3 << 30 },
        Error::SizeNeeded,
        Error::Open(Box::new(keras::Open {
            architecture: None,
            parameters: 3,
            missing: vec!["head", "pooling"],
        })),
        Error::Cancelled,
    ]);
    examples
}

#[cfg(test)]
pub(super) fn examples_of_graph() -> Vec<graph::Error> {
    vec![
        graph::Error::Damaged("it is cut short"),
        graph::Error::malformed("conv", "no shape"),
        graph::Error::unsupported("conv", "three axes"),
        graph::Error::Limit("weights".into()),
    ]
}

#[cfg(test)]
pub(super) fn examples_of_saliency() -> Vec<saliency::Error> {
    use saliency::Error;
    vec![
        Error::Missing(crate::domain::NetworkPart::FeatureMap),
        Error::Unsupported {
            layer: "conv".into(),
            reason: "it is not known".into(),
        },
        Error::Shape("too few".into()),
        Error::Target {
            target: saliency::Target::Logit,
            units: 1,
        },
        Error::NoSuchLayer {
            layer: "conv".into(),
            sensible: "conv".into(),
        },
        Error::Memory,
        Error::NotANumber,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_python_holds_no_text_that_could_be_a_program() {
        let line = |name: &str| {
            of_keras(&keras::Error::Outputs(vec![name.to_owned()]))
                .en
                .hint
        };
        assert!(line("sex/dense_1").contains("m.get_layer(\"sex/dense_1\")"));
        let onnx = of_keras(&keras::Error::OutputsOfOnnx(vec!["sex".to_owned()]));
        assert!(onnx.en.hint.contains("[\"sex\"])."), "{}", onnx.en.hint);
        for name in [
            "a\").output); import os; os.system(\"x",
            "a\\",
            "a\nb",
            "",
            &"a".repeat(200),
        ] {
            let line = line(name);
            assert!(line.contains("m.get_layer(\"NAME\")"), "{name}: {line}");
        }
    }
}
