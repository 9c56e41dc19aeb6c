//! Why a model file is not opened, a network not computed, or no map made of it.

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
            "Choose the file that Keras saved (.h5, .keras) or an ONNX file.",
            "モデルファイルではありません。",
            "Kerasが保存したファイル(.h5、.keras)またはONNXファイルを選んでください。",
        ),
        Error::Form { .. } => wording(
            "A model in this form cannot be opened.",
            "Unpack an archive and choose the model file itself; load a SavedModel with Keras and save it with model.save(\"model.h5\"); weights must include the head.",
            "この形のモデルは開けません。",
            "圧縮ファイルやフォルダーの場合は、中のモデルファイルを選んでください。SavedModelはKerasで読み込み、model.save(\"model.h5\") で保存してください。重みのファイルには最終層まで必要です。",
        ),
        Error::PoolingTold => ModelFault::Contradiction { field: "pooling" }.wording(),
        Error::Malformed(_) => damaged(),
        Error::Unsupported(layers) => {
            let named = |l: &keras::UnsupportedLayer| format!("{} ({})", l.layer, l.class);
            let list: Vec<String> = layers.iter().map(named).collect();
            let list = list.join(", ");
            wording(
                format!("The model has layers that are not supported: {list}."),
                "Save the network with these layers replaced or removed.",
                format!("対応していない層があります: {list}。"),
                "これらの層を置き換えるか取り除いて、モデルを保存し直してください。",
            )
        }
        Error::NotFinite { layer } => {
            let layer = shown(layer);
            wording(
                format!("The layer {layer} has weights that are not finite numbers."),
                "The training went wrong or the file is damaged: take an earlier state of the model.",
                format!("層 {layer} の重みに、有限の数値でないものがあります。"),
                "学習の失敗かファイルの破損です。以前に保存したモデルを使ってください。",
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
                format!("The network uses something that is not supported, at {place}."),
                "Save the network with this part replaced or removed.",
                format!("ネットワークの {place} で、対応していない演算が使われています。"),
                "その部分を置き換えるか取り除いて、モデルを保存し直してください。",
            )
        }
        graph::Error::Limit(_) => too_large(),
    }
}

pub(super) fn of_saliency(error: &saliency::Error) -> FaultText {
    use saliency::Error;
    match error {
        Error::Missing(_) | Error::Unsupported { .. } => wording(
            "No saliency map can be made of this network.",
            "Choose another model; one with global average pooling before its last layers has a map.",
            "このネットワークではサリエンシーマップを作成できません。",
            "別のモデルを選んでください。最終層の前にグローバル平均プーリングを持つモデルが対象です。",
        ),
        Error::Shape(_) => ModelFault::Unfit.wording(),
        Error::Target { .. } | Error::NoSuchLayer { .. } => wording(
            "The network has no such output or layer.",
            "Choose another model.",
            "ネットワークに指定の出力または層がありません。",
            "別のモデルを選んでください。",
        ),
        Error::NotANumber => ModelFault::NotFinite.wording(),
    }
}

fn damaged() -> FaultText {
    wording(
        "The model file is damaged, or not as Keras or ONNX files are written.",
        "Download or copy it again, or save or export the model again (Keras: model.save(\"model.h5\")).",
        "モデルファイルが壊れているか、KerasやONNXの形式と異なります。",
        "ダウンロードまたはコピーし直すか、モデルを保存または書き出し直してください(Kerasでは model.save(\"model.h5\"))。",
    )
}

fn too_large() -> FaultText {
    wording(
        "The model is larger than Gantei takes.",
        "Check that it is the right file; models of this size are not supported.",
        "モデルの大きさがGanteiの上限を超えています。",
        "目的のファイルか確かめてください。この大きさのモデルには対応していません。",
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
        Error::PoolingTold,
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
