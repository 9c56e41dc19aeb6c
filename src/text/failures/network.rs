//! Why a model file cannot be opened, a network cannot be run, or a map cannot be computed.

use super::file::FileFault;
use super::model::ModelFault;
use super::task::TaskFault;
use super::{FaultText, file_kinds, wording};
use crate::domain::DeviceFault;
use crate::domain::foreign::shown;
use crate::{graph, keras, saliency};

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
        Error::Unreadable { name, why } => FileFault::Unread {
            name: name.clone(),
            why: *why,
        }
        .wording(),
        Error::NotAModel(kind) => file_kinds::of_kind(*kind),
        Error::Inputs(names) => {
            let names = listed(names);
            wording(
                format!("The network takes more than a photograph; its inputs are: {names}."),
                "Gantei gives a network one photograph and nothing else. Use a model that needs only the photograph.",
                format!("このネットワークには写真以外の入力も必要です。入力: {names}。"),
                "Ganteiがネットワークに入力するのは写真1枚だけです。写真だけで動くモデルを使ってください。",
            )
        }
        Error::Outputs(names) => {
            let first = names.first().map(|name| shown(name)).unwrap_or_default();
            let names = listed(names);
            let line = format!(
                "keras.Model(m.input, m.get_layer(\"{first}\").output).save(\"{first}.h5\")"
            );
            wording(
                format!(
                    "The network gives several answers, and one is needed; its outputs are: {names}."
                ),
                format!("Save a model with the output that you need. In Python: {line}."),
                format!(
                    "このネットワークには複数の出力があります。出力は1つだけ必要です。出力: {names}。"
                ),
                format!("必要な出力の層までのモデルを保存してください。Pythonでは: {line}。"),
            )
        }
        Error::Several(names) => {
            let [en, ja] = [", ", "、"].map(|comma| {
                let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
                names.join(comma)
            });
            wording(
                format!("There is more than one model: {en}."),
                "Choose one of them.",
                format!("複数のモデルがあります: {ja}。"),
                "いずれか1つを選んでください。",
            )
        }
        Error::PoolingStated => ModelFault::Contradiction { field: "pooling" }.wording(),
        Error::Malformed(_) => damaged(),
        Error::Invalid(_) => invalid(),
        Error::Unsupported(layers) => {
            let list = grouped(layers);
            wording(
                format!("The model has layers that are not supported: {list}."),
                "Replace or remove these layers and save the model again.",
                format!("対応していない層があります: {list}。"),
                "これらの層を置き換えるか取り除いて、モデルを保存し直してください。",
            )
        }
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
            let places: Vec<String> = parts.iter().map(|part| part.place.clone()).collect();
            let place = listed(&places);
            wording(
                format!("The network uses an unsupported operation at {place}."),
                "Replace or remove this part and save the model again.",
                format!("ネットワークの {place} で、対応していない演算が使われています。"),
                "該当する部分を置き換えるか取り除いて、モデルを保存し直してください。",
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
        Error::NotANumber => ModelFault::NotFinite.wording(),
    }
}

/// Names of a file as a list of at most 20.
fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().take(20).map(|name| shown(name)).collect();
    names.join(", ")
}

/// Unsupported layers by class, at most 20 classes. The names are the same in both languages.
fn grouped(layers: &[keras::UnsupportedLayer]) -> String {
    let mut classes: Vec<(&str, Vec<&str>)> = Vec::new();
    for layer in layers {
        match classes.iter_mut().find(|(class, _)| *class == layer.class) {
            Some((_, names)) => names.push(&layer.layer),
            None => classes.push((&layer.class, vec![&layer.layer])),
        }
    }
    let in_words = |(class, names): &(&str, Vec<&str>)| match names.len() {
        1..=3 => format!("{class} ({})", names.join(", ")),
        count => format!("{class} ({}, {}, +{})", names[0], names[1], count - 2),
    };
    let shown: Vec<String> = classes.iter().take(20).map(in_words).collect();
    let more = if classes.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    shown.join(", ") + more
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

fn too_large() -> FaultText {
    wording(
        "The model exceeds the size limit of Gantei.",
        "Check that it is the right file; models of this size are not supported.",
        "モデルのサイズがGanteiの上限を超えています。",
        "正しいファイルであることを確認してください。このサイズのモデルには対応していません。",
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
        Error::Unreadable {
            name: "a.jpg".into(),
            why: crate::domain::SystemFailure::Forbidden,
        },
        Error::Inputs(vec!["picture".into(), "age".into()]),
        Error::Outputs(vec!["sex".into(), "age".into()]),
        Error::Several(vec!["a/m.h5".into(), "b".into()]),
        Error::PoolingStated,
        Error::Malformed("no weights".into()),
        Error::Invalid("two layers are named conv".into()),
        Error::Unsupported(vec![keras::UnsupportedLayer {
            layer: "conv".into(),
            class: "Conv3D".into(),
            reason: "it has three axes".into(),
        }]),
        Error::NotFinite {
            layer: "conv".into(),
        },
        Error::Limit("weights".into()),
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
        Error::NotANumber,
    ]
}
