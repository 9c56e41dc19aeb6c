//! What to do about parts of a model that are not supported: one step, the same in the window and on the command line.

use crate::domain::{Lang, Remedy};

/// The command that converts a SavedModel to ONNX.
pub(super) const TF2ONNX: &str =
    "python -m tf2onnx.convert --saved-model FOLDER --opset 17 --output model.onnx";

/// How a model of Keras, in any version, is saved as ONNX.
pub(super) fn as_onnx(lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "In Keras 3.8 or later: model.export(\"model.onnx\", format=\"onnx\"). In earlier versions save a SavedModel, \
             model.export(\"FOLDER\") in Keras 3 or model.save(\"FOLDER\") in Keras 2, and convert it: {TF2ONNX}. Both need \
             the package tf2onnx."
        ),
        Lang::Ja => format!(
            "Keras 3.8以降: model.export(\"model.onnx\", format=\"onnx\")。それより前の版では、SavedModelとして保存し\
             (Keras 3: model.export(\"FOLDER\")、Keras 2: model.save(\"FOLDER\"))、変換します: {TF2ONNX}。\
             いずれもパッケージ tf2onnx が必要です。"
        ),
    }
}

/// The one step that a list of parts leads to. What ONNX states comes first, because it also covers the layers beside it.
pub(super) fn first_of(remedies: impl Iterator<Item = Remedy> + Clone) -> Remedy {
    let mut all = remedies.clone();
    let mut others = remedies.filter(|&remedy| remedy != Remedy::Replace);
    match all.any(|remedy| remedy == Remedy::AsOnnx) {
        true => Remedy::AsOnnx,
        false => others.next().unwrap_or_default(),
    }
}

/// The hint in a language.
pub(super) fn hint(remedy: Remedy, lang: Lang) -> String {
    if remedy == Remedy::AsOnnx {
        let step = as_onnx(lang);
        return match lang {
            Lang::En => format!(
                "Load the model in Python and save it as ONNX, which states what these layers compute. {step}"
            ),
            Lang::Ja => format!(
                "Pythonでモデルを読み込み、これらの層の計算内容も記録されるONNXとして保存してください。{step}"
            ),
        };
    }
    let (en, ja) = sentences(remedy);
    match lang {
        Lang::En => en.to_owned(),
        Lang::Ja => ja.to_owned(),
    }
}

fn sentences(remedy: Remedy) -> (&'static str, &'static str) {
    match remedy {
        Remedy::AsOnnx | Remedy::Replace => (
            "Save the model with these layers replaced or removed, or request support for them with this list.",
            "これらの層を置き換えるか取り除いて、モデルを保存し直してください。または、この一覧を添えて対応を要望してください。",
        ),
        Remedy::OperatorSet => (
            "Export the model again with operator set 17 (torch.onnx.export(..., opset_version=17)), or convert the file in Python: import onnx, onnx.version_converter; onnx.save(onnx.version_converter.convert_version(onnx.load(\"old.onnx\"), 17), \"model.onnx\").",
            "ONNXのオペレーターセットが対応範囲外です。バージョン17で書き出し直すか(torch.onnx.export(..., opset_version=17))、Pythonで変換してください: import onnx, onnx.version_converter; onnx.save(onnx.version_converter.convert_version(onnx.load(\"old.onnx\"), 17), \"model.onnx\")。",
        ),
        Remedy::Float32 => (
            "Export the model again with an input of float32. In PyTorch: torch.onnx.export(model.float().eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\").",
            "入力をfloat32にして書き出し直してください。PyTorchでは: torch.onnx.export(model.float().eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\")。",
        ),
        Remedy::Unquantised => (
            "Quantised weights are rounded to a few bits. Save the model in Python as it was before model.quantize: model.save(\"model.keras\").",
            "量子化された重みは少ないビット数に丸められています。model.quantize を実行する前のモデルをPythonで保存してください: model.save(\"model.keras\")。",
        ),
        Remedy::MergedLora => (
            "Save the model in Python as .keras, which adds the LoRA weights to the kernels: keras.models.load_model(\"old.h5\").save(\"model.keras\").",
            "LoRAの重みがカーネルに加算される .keras 形式で、Pythonで保存し直してください: keras.models.load_model(\"old.h5\").save(\"model.keras\")。",
        ),
        Remedy::ChannelsLast => (
            "Build the same model in Python under keras.backend.set_image_data_format(\"channels_last\"), load the weights into it and save it. A dense layer after Flatten must be trained again.",
            "Pythonで keras.backend.set_image_data_format(\"channels_last\") を指定して同じモデルを作り、重みを読み込んで保存し直してください。Flattenの後のDense層は学習し直す必要があります。",
        ),
        Remedy::ColourPicture => (
            "Gantei gives a network one colour photograph, height x width x 3 (RGB, without transparency). Use a model that was trained on such photographs.",
            "Ganteiがネットワークに入力するのは、高さ×幅×3のカラー写真1枚です(RGB、透明度なし)。そのような写真で学習したモデルを使ってください。",
        ),
        Remedy::OneAnswer => (
            "Gantei needs a network that gives one score or value for a photograph. Maps, as for segmentation, are not supported. If the mean of the map is the result, add it in Keras: keras.Sequential([model, keras.layers.GlobalAveragePooling2D()]).save(\"model.keras\").",
            "Ganteiで使えるのは、写真1枚につきスコアまたは値を1つ出力するネットワークです。領域分割などのマップには対応していません。マップの平均が結果の場合は、Kerasで加えてください: keras.Sequential([model, keras.layers.GlobalAveragePooling2D()]).save(\"model.keras\")。",
        ),
        Remedy::WeightsInFolder => (
            "Only files in the folder of the model are read. Save the model again as one file where it was made: onnx.save(model, \"model.onnx\").",
            "読み込むのはモデルのフォルダー内のファイルだけです。作成元で1つのファイルとして保存し直してください: onnx.save(model, \"model.onnx\")。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn the_step_that_covers_most_parts_is_given() {
        let of = |remedies: &[Remedy]| first_of(remedies.iter().copied());
        assert_eq!(of(&[]), Remedy::Replace);
        let colour = [Remedy::Replace, Remedy::ColourPicture, Remedy::OneAnswer];
        assert_eq!(of(&colour), Remedy::ColourPicture);
        assert_eq!(of(&[Remedy::OneAnswer, Remedy::AsOnnx]), Remedy::AsOnnx);
    }

    #[test]
    fn every_step_is_said_in_both_languages() {
        for &remedy in Remedy::VARIANTS {
            let (en, ja) = (hint(remedy, Lang::En), hint(remedy, Lang::Ja));
            assert!(en.is_ascii() && en.ends_with('.'), "{en}");
            assert!(!ja.is_ascii() && ja.ends_with('。'), "{ja}");
        }
    }
}
