//! The message of each finding and a hint on what to do about it.

use super::Lang;
use crate::domain::FindingCode;

/// The two sentences of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingText {
    /// What was found.
    pub message: &'static str,
    /// What to do, or what the finding means for the score.
    pub hint: &'static str,
}

/// The sentences for a finding's code.
pub fn finding(code: FindingCode, lang: Lang) -> FindingText {
    let (en, ja) = both(code);
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

const fn wording(message: &'static str, hint: &'static str) -> FindingText {
    FindingText { message, hint }
}

fn both(code: FindingCode) -> (FindingText, FindingText) {
    match code {
        FindingCode::NotAFundus => (
            wording(
                "This does not look like a fundus photograph.",
                "The model is not run on it. Open a colour photograph of the retina, or choose to use this image anyway if it is one.",
            ),
            wording(
                "眼底写真ではないようです。",
                "モデルは実行しません。カラー眼底写真を開いてください。眼底写真に間違いなければ、この画像を使用することもできます。",
            ),
        ),
        FindingCode::OutOfFocus => (
            wording(
                "The photograph is out of focus.",
                "Fine vessels are lost, which may affect the score. Use a sharper photograph if available.",
            ),
            wording(
                "ピントが合っていません。",
                "細い血管が不鮮明になり、スコアに影響することがあります。より鮮明な写真があれば使用してください。",
            ),
        ),
        FindingCode::UnderExposed => (
            wording(
                "The photograph is too dark.",
                "This may affect the score. Brightness controls change the display only, not the model input.",
            ),
            wording(
                "写真が暗すぎます。",
                "スコアに影響することがあります。明るさの調整は表示だけに適用され、モデルへの入力は変わりません。",
            ),
        ),
        FindingCode::OverExposed => (
            wording(
                "The photograph is too bright.",
                "Detail is lost in the bright parts, which may affect the score.",
            ),
            wording(
                "写真が明るすぎます。",
                "明るい部分の細部が失われ、スコアに影響することがあります。",
            ),
        ),
        FindingCode::LowContrast => (
            wording(
                "The photograph has low contrast.",
                "A cataract or other media opacity may obscure vessels and affect the score.",
            ),
            wording(
                "コントラストが低い写真です。",
                "白内障などの中間透光体の混濁で血管が見えにくくなっている可能性があり、スコアに影響することがあります。",
            ),
        ),
        FindingCode::UnevenLight => (
            wording(
                "The illumination is uneven.",
                "Part of the field of view is much darker than the rest, which may affect the score.",
            ),
            wording(
                "照明にむらがあります。",
                "撮影範囲の一部がほかの部分より著しく暗く、スコアに影響することがあります。",
            ),
        ),
        FindingCode::FieldIncomplete => (
            wording(
                "Part of the field of view is missing or obscured.",
                "The model was probably trained on photographs with a complete field of view; interpret the score with care.",
            ),
            wording(
                "撮影範囲の一部が欠けているか隠れています。",
                "モデルは撮影範囲全体が写った写真で学習したと考えられます。スコアは慎重に解釈してください。",
            ),
        ),
        FindingCode::TooSmall => (
            wording(
                "The photograph is very small.",
                "It has less detail than the model expects. Use the original image from the camera.",
            ),
            wording(
                "写真が小さすぎます。",
                "モデルが想定するほどの細部がありません。カメラの元画像を使用してください。",
            ),
        ),
        FindingCode::Grey => (
            wording(
                "The photograph has no colour.",
                "The models were trained on colour photographs; the score may be meaningless.",
            ),
            wording(
                "色情報のない写真です。",
                "モデルはカラー写真で学習しているため、スコアが意味をなさないことがあります。",
            ),
        ),
        FindingCode::NotOp => (
            wording(
                "The DICOM file is not an ophthalmic photography object.",
                "Check that it is a colour photograph of the retina.",
            ),
            wording(
                "眼科写真のDICOMオブジェクトではありません。",
                "カラー眼底写真であることを確認してください。",
            ),
        ),
        FindingCode::MultiFrame => (
            wording(
                "The file has several frames; one of them was used.",
                "If this is the wrong one, choose another in the tab Photograph (command line: --frame N).",
            ),
            wording(
                "ファイルには複数のフレームがあり、そのうち1つを使用しました。",
                "別のフレームが必要な場合は、写真の情報欄で選び直してください(コマンドラインでは --frame N)。",
            ),
        ),
        FindingCode::Animation => (
            wording(
                "The file is an animation; its first picture was used.",
                "Save the picture that you need as a file of its own if this is the wrong one.",
            ),
            wording(
                "ファイルはアニメーションで、最初の画像を使用しました。",
                "別の画像が必要な場合は、その画像だけを1つのファイルに保存してください。",
            ),
        ),
        FindingCode::EyeUnknown => (
            wording(
                "The laterality (right or left eye) is unknown.",
                "Set it manually if you need it.",
            ),
            wording(
                "左右眼(右眼か左眼か)が不明です。",
                "必要な場合は手動で指定してください。",
            ),
        ),
        FindingCode::EyeConflict => (
            wording(
                "The recorded laterality contradicts the position of the optic disc.",
                "The image may be mirrored or mislabelled. Nothing was corrected automatically.",
            ),
            wording(
                "左右眼の記載と視神経乳頭の位置が矛盾しています。",
                "画像の左右反転または誤記の可能性があります。自動修正は行っていません。",
            ),
        ),
        FindingCode::IccIgnored => (
            wording(
                "The colour profile in the file was ignored.",
                "The models' training pipelines ignored it too; the display shows the colours that the model receives.",
            ),
            wording(
                "ファイルのカラープロファイルは適用していません。",
                "モデルの学習時にも適用されていません。画面表示とモデル入力の色は同じです。",
            ),
        ),
        FindingCode::AlphaIgnored => (
            wording(
                "Transparency in the file was ignored.",
                "The colour values of transparent pixels are used unchanged.",
            ),
            wording(
                "ファイルの透明度情報は適用していません。",
                "透明な画素の色の値をそのまま使用しています。",
            ),
        ),
        FindingCode::ColourGuessed => (
            wording(
                "The colour format or bit depth stated in the file is wrong or missing.",
                "It was decoded in the way that fits its pixel values. Compare the image with the original before you use the score.",
            ),
            wording(
                "ファイルの色形式またはビット深度の記載が誤っているか、ありません。",
                "画素値に合う形式で読み込みました。スコアを使用する前に、元の写真と色や明るさを比べてください。",
            ),
        ),
        FindingCode::JpegDamaged => (
            wording(
                "The JPEG data is damaged, or its end is missing.",
                "Part of the image may be corrupted or grey. Copy or export the file again, or inspect the whole image before you use the score.",
            ),
            wording(
                "JPEGのデータが壊れているか、末尾が欠けています。",
                "画像の一部が乱れたり灰色になったりしていることがあります。コピーまたは書き出しをやり直すか、スコアを使用する前に画像全体を確認してください。",
            ),
        ),
        FindingCode::NotAFundusAccepted => (
            wording(
                "This does not look like a fundus photograph; it was used at your request.",
                "The model score is probably meaningless. Make sure that this is a colour photograph of the retina.",
            ),
            wording(
                "眼底写真ではないようですが、指定により使用しました。",
                "モデルスコアは意味をなさない可能性があります。カラー眼底写真であることを確認してください。",
            ),
        ),
        FindingCode::Duplicate => (
            wording(
                "The same image occurs more than once in this run.",
                "It is counted once per eye and person, or not at all if it is assigned to two persons.",
            ),
            wording(
                "同じ画像がこの解析に複数回含まれています。",
                "左右眼・被検者ごとの集計では1回だけ数えます。別の被検者の写真にも含まれる場合は集計から除外します。",
            ),
        ),
        FindingCode::SmallerCopy => (
            wording(
                "The same photograph is in this run at a larger size.",
                "This smaller copy is not counted. Folders of a NAS often hold such copies for its own display.",
            ),
            wording(
                "同じ写真のより大きな画像が、この解析に含まれています。",
                "この縮小コピーは集計に数えません。NASのフォルダーには、表示用の縮小コピーがよく含まれています。",
            ),
        ),
        FindingCode::EngineFallback => (
            wording(
                "The fastest engine or device was not used.",
                "The score is the same within the tolerance of the device check. For faster runs, install ONNX Runtime (gantei runtime install).",
            ),
            wording(
                "最も速いエンジンまたはデバイスは使用されませんでした。",
                "スコアはデバイスの確認の許容誤差内で一致します。高速化するにはONNX Runtimeを導入してください(gantei runtime install)。",
            ),
        ),
        FindingCode::EngineDeviation => (
            wording(
                "An engine, or its graph optimisation, changes this model's output and is not used.",
                "The score was computed without it and can be interpreted as usual. The figures for each engine are shown under Models.",
            ),
            wording(
                "エンジンまたはその最適化によってこのモデルの出力が変わるため、使用していません。",
                "スコアはこれを使わずに計算しており、通常どおり解釈できます。エンジンごとの数値は「モデル一覧」に表示されます。",
            ),
        ),
        FindingCode::Uncalibrated => (
            wording(
                "The score is not calibrated.",
                "Read it as a model score, not as a probability, unless you have checked calibration on your own labelled photographs.",
            ),
            wording(
                "スコアは較正されていません。",
                "自施設のラベル付き写真で較正を確認していない限り、確率ではなくモデルスコアとして解釈してください。",
            ),
        ),
        FindingCode::DemonstrationModel => (
            wording(
                "Demonstration model: trained on computer-drawn eyes; its score has no meaning for a real eye.",
                "Import a published model to study real photographs.",
            ),
            wording(
                "デモ用モデル: コンピューターで描画した眼底画像で学習したモデルです。実際の眼に対するスコアに意味はありません。",
                "実際の写真の解析には、公開されているモデルを取り込んでください。",
            ),
        ),
        FindingCode::UnconfirmedSettings => (
            wording(
                "Some settings of this model are assumed, not confirmed.",
                "A model still returns a score when scaling, crop, colour order or class order are wrong. Check them on photographs with known labels (gantei check-import), or state them in the model card.",
            ),
            wording(
                "このモデルには、未確認の仮定に基づく設定があります。",
                "画素値の変換、切り出し、色の順序、クラスの順序が誤っていても、スコアは出力されます。ラベルの分かる写真で確認するか(gantei check-import)、モデルカードに記入してください。",
            ),
        ),
        FindingCode::ScalingTwice => (
            wording(
                "Pixel values are scaled twice: as the model card states, and again inside the network.",
                "Unless the model was trained this way, the score is wrong. Set the scaling in the model card to raw.",
            ),
            wording(
                "画素値の変換が、モデルカードの設定とネットワーク内部とで二重に行われています。",
                "そのように学習したモデルでない限り、スコアは誤りです。モデルカードの画素値の変換をrawにしてください。",
            ),
        ),
        FindingCode::EvidenceOutsideEye => (
            wording(
                "Much of the attribution lies outside the field of view.",
                "The model may be responding to the border, the mask or the camera rather than to the eye.",
            ),
            wording(
                "寄与の多くが撮影範囲の外にあります。",
                "モデルが眼ではなく、縁、マスク、またはカメラの特徴に反応している可能性があります。",
            ),
        ),
        FindingCode::ModelsDisagree => (
            wording(
                "The models disagree.",
                "Compare scores, saliency maps and image quality before you use either result.",
            ),
            wording(
                "モデル間で結果が一致しません。",
                "結果を採用する前に、スコア、サリエンシーマップ、画質を確認してください。",
            ),
        ),
        FindingCode::EyesDisagree => (
            wording(
                "The right and left eyes of this person have different model labels.",
                "Recorded sex and age are the same for both eyes. Check the image quality of both photographs.",
            ),
            wording(
                "この被検者の右眼と左眼でモデルのラベルが異なります。",
                "記録上の性別や年齢は両眼で同じはずです。両方の写真の画質を確認してください。",
            ),
        ),
        FindingCode::NoSaliencyMap => (
            wording(
                "No saliency map is available for this network.",
                "The score is valid; only the saliency map is missing.",
            ),
            wording(
                "このネットワークではサリエンシーマップを作成できません。",
                "スコアは有効です。サリエンシーマップだけが表示できません。",
            ),
        ),
        FindingCode::OverlayNotWritten => (
            wording(
                "The overlay for this row was not saved.",
                "The figures are valid. Free some disk space or choose another folder, then run the same command again to create the missing overlays.",
            ),
            wording(
                "この行のサリエンシーマップの画像は保存されていません。",
                "数値は有効です。空き容量を確保するか別のフォルダーを選び、同じコマンドをもう一度実行してください。不足しているサリエンシーマップが作成されます。",
            ),
        ),
        FindingCode::WorkerDied => (
            wording(
                "The process crashed twice while reading this photograph, so there is no result.",
                "The usual cause is a lack of memory. Close other programs, or save the photograph at a smaller size.",
            ),
            wording(
                "この写真の読み込み中にプロセスが2回異常終了したため、結果がありません。",
                "多くの場合、メモリー不足が原因です。他のプログラムを終了するか、写真を小さいサイズで保存し直してください。",
            ),
        ),
        FindingCode::AgeOutOfRange => (
            wording(
                "The estimate is outside the range stated in the model card.",
                "The model was not trained on such values. Do not rely on the estimate.",
            ),
            wording(
                "推定値がモデルカードに記載された範囲の外にあります。",
                "モデルはこの範囲外の値を学習していないため、推定値は信頼できません。",
            ),
        ),
        FindingCode::ImplausibleValue => (
            wording(
                "The estimated age is impossible.",
                "Ages must be between 0 and 120 years. Check the scaling, crop and colour order of the model, and whether its output is in years.",
            ),
            wording(
                "推定年齢があり得ない値です。",
                "年齢は0～120歳の範囲です。モデルの画素値の変換、切り出し、色の順序と、出力の単位が年であることを確認してください。",
            ),
        ),
        FindingCode::ValueScaleSuspect => (
            wording(
                "All estimated ages of this run are between -3 and 3. The output of the model is probably not in years.",
                "If it was trained on standardised or rescaled ages, set value_scale and value_offset in the model card.",
            ),
            wording(
                "この解析の推定年齢がすべて-3～3の範囲にあるため、モデルの出力の単位は年ではないと考えられます。",
                "標準化や換算をした年齢で学習したモデルではないか確認してください。その場合は、モデルカードの value_scale と value_offset を設定します。",
            ),
        ),
        FindingCode::ScoreSaturated => (
            wording(
                "The score is within 0.0001 of 0 or 1.",
                "Such scores often result from wrong scaling or from an image unlike those used in training. They do not mean that the model is certain.",
            ),
            wording(
                "スコアと0または1との差が0.0001未満です。",
                "このようなスコアの多くは、画素値の変換の誤りや、学習データと大きく異なる画像によるものです。モデルの結果が確実であることを意味しません。",
            ),
        ),
        FindingCode::WeightsInFloat32 => (
            wording(
                "The model file states another number format than float32; the model is computed in float32.",
                "Formats of 16 bits round more coarsely, so scores computed with them may differ slightly. Nothing needs to be done.",
            ),
            wording(
                "モデルのファイルにfloat32以外の数値形式が指定されていますが、float32で計算しています。",
                "16ビットの形式は丸めが粗いため、その形式で計算したスコアとはわずかに異なることがあります。対応は不要です。",
            ),
        ),
        FindingCode::LandmarksProposed => (
            wording(
                "Optic disc and fovea were detected automatically and have not been checked.",
                "The contribution by region is valid only if both points are right. Check them, or mark them yourself.",
            ),
            wording(
                "視神経乳頭と中心窩の位置は自動検出によるもので、まだ確認されていません。",
                "部位別の寄与は、2点が正しい場合にのみ有効です。位置を確認するか、手動で指定してください。",
            ),
        ),
        FindingCode::LandmarksNotFound => (
            wording(
                "The optic disc or the fovea was not found, so the contribution by region cannot be computed.",
                "Mark both points yourself.",
            ),
            wording(
                "視神経乳頭または中心窩が検出されなかったため、部位別の寄与を計算できません。",
                "2点を手動で指定してください。",
            ),
        ),
        FindingCode::MapNoBetterThanChance => (
            wording(
                "Hiding random areas of the same size often changes the score as much as hiding the marked area.",
                "Do not interpret this map as showing what influenced the score. Try another method.",
            ),
            wording(
                "同じ面積の無作為な領域を遮蔽しても、マップが示す領域を遮蔽した場合と同程度にスコアが変化することが少なくありません。",
                "このマップを、スコアに影響した領域を示すものとして解釈しないでください。別の手法も試してください。",
            ),
        ),
        FindingCode::MapSurvivesShuffling => (
            wording(
                "Part of the map remains unchanged when the network's weights are randomised.",
                "That part reflects the photograph rather than what the model learned. Try another method or layer.",
            ),
            wording(
                "ネットワークの重みをランダム化しても、マップの一部が変わらずに残ります。",
                "残った部分は、モデルが学習した内容ではなく、写真そのものの特徴を反映していると考えられます。別の手法や層も試してください。",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;

    #[test]
    fn every_finding_speaks_both_languages() {
        for &code in FindingCode::VARIANTS {
            let (en, ja) = (finding(code, Lang::En), finding(code, Lang::Ja));
            assert!(!en.message.is_empty() && !en.hint.is_empty(), "{code:?}");
            assert!(ja.message.chars().any(|c| c as u32 > 0x3000), "{code:?}");
            assert!(ja.hint.chars().any(|c| c as u32 > 0x3000), "{code:?}");
        }
    }

    #[test]
    fn codes_are_written_as_serde_writes_them() {
        for &code in FindingCode::VARIANTS {
            assert_eq!(
                serde_json::to_string(&code).unwrap(),
                format!("\"{}\"", code.as_str())
            );
        }
    }
}
