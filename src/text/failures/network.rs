//! Why a model file cannot be opened, a network cannot be run, or a map cannot be computed.

use super::file::FileFault;
use super::model::ModelFault;
use super::task::TaskFault;
use super::{FaultText, wording};
use crate::domain::DeviceFault;
use crate::domain::foreign::shown;
use crate::{graph, keras, saliency};

pub(super) fn of_keras(error: &keras::Error) -> FaultText {
    use keras::Error;
    let unknown =
        |fields: &[&str]| ModelFault::Unknown(fields.iter().map(|f| (*f).to_owned()).collect());
    match error {
        Error::NotAModel => wording(
            "This is not a model file.",
            "Choose a file saved by Keras (.h5, .keras) or an ONNX file.",
            "モデルファイルではありません。",
            "Kerasが保存したファイル(.h5、.keras)またはONNXファイルを選んでください。",
        ),
        Error::Form { .. } => wording(
            "A model in this format cannot be opened.",
            "Choose the model file itself, not an archive or a folder; load a SavedModel with Keras and save it with model.save(\"model.h5\"); a weights file must include the last layer.",
            "この形式のモデルは開けません。",
            "圧縮ファイルやフォルダーの場合は、中のモデルファイルを選んでください。SavedModelはKerasで読み込み、model.save(\"model.h5\") で保存してください。重みのファイルには最終層も含まれている必要があります。",
        ),
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
        Error::PoolingStated => ModelFault::Contradiction { field: "pooling" }.wording(),
        Error::Malformed(_) => damaged(),
        Error::Unsupported(layers) => {
            let named = |l: &keras::UnsupportedLayer| format!("{} ({})", l.layer, l.class);
            let list: Vec<String> = layers.iter().map(named).collect();
            let list = list.join(", ");
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
        graph::Error::Malformed { .. } => damaged(),
        graph::Error::Unsupported { place, .. } => {
            let place = shown(place);
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

fn damaged() -> FaultText {
    wording(
        "The model file is damaged or is not a valid Keras or ONNX file.",
        "Download or copy it again, or save or export the model again (Keras: model.save(\"model.h5\")).",
        "モデルファイルが壊れているか、有効なKerasまたはONNXのファイルではありません。",
        "ダウンロードまたはコピーし直すか、モデルを保存または書き出し直してください(Kerasでは model.save(\"model.h5\"))。",
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
    vec![
        Error::NotAModel,
        Error::Form {
            what: "a folder",
            advice: "open the model file itself",
        },
        Error::MissingFile {
            name: "model.onnx.data".into(),
        },
        Error::Unreadable {
            name: "a.jpg".into(),
            why: crate::domain::SystemFailure::Forbidden,
        },
        Error::PoolingStated,
        Error::Malformed("no weights".into()),
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
    ]
}

#[cfg(test)]
pub(super) fn examples_of_graph() -> Vec<graph::Error> {
    vec![
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
            operator: "Sin",
            layer: "conv".into(),
            reason: "it is not known",
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
