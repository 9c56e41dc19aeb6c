//! What each finding says and what the reader can do about it.

use super::Lang;
use crate::domain::FindingCode;

/// The two sentences of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingText {
    /// What was found.
    pub message: &'static str,
    /// What to do, or what it means for the score.
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
                "The model is not run on it. Open a colour photograph of the retina, or use the picture all the same if it is one.",
            ),
            wording(
                "眼底写真ではないようです。",
                "モデルは実行しません。網膜のカラー写真を開いてください。眼底写真に間違いなければ、それでも使用できます。",
            ),
        ),
        FindingCode::OutOfFocus => (
            wording(
                "The photograph is out of focus.",
                "Fine vessels are lost, and the score may suffer. Use a sharper photograph if there is one.",
            ),
            wording(
                "ピントが合っていません。",
                "細い血管が失われ、スコアに影響することがあります。より鮮明な写真があれば使ってください。",
            ),
        ),
        FindingCode::UnderExposed => (
            wording(
                "The photograph is too dark.",
                "The score may suffer. Brightness controls change the display only, never what the model sees.",
            ),
            wording(
                "写真が暗すぎます。",
                "スコアに影響することがあります。明るさ調整は表示だけで、モデルへの入力は変わりません。",
            ),
        ),
        FindingCode::OverExposed => (
            wording(
                "The photograph is too bright.",
                "Detail is lost in the bright parts, and the score may suffer.",
            ),
            wording(
                "写真が明るすぎます。",
                "明るい部分の情報が失われ、スコアに影響することがあります。",
            ),
        ),
        FindingCode::LowContrast => (
            wording(
                "The photograph has little contrast.",
                "Haze or a cataract may hide vessels; the score may suffer.",
            ),
            wording(
                "コントラストが低い写真です。",
                "混濁などで血管が見えにくく、スコアに影響することがあります。",
            ),
        ),
        FindingCode::UnevenLight => (
            wording(
                "The light is uneven.",
                "Part of the field is much darker than the rest; the score may suffer.",
            ),
            wording(
                "照明にむらがあります。",
                "撮影範囲の一部が著しく暗く、スコアに影響することがあります。",
            ),
        ),
        FindingCode::FieldIncomplete => (
            wording(
                "Part of the field of view is missing or hidden.",
                "The model was probably trained on complete fields; read the score with care.",
            ),
            wording(
                "撮影範囲の一部が欠けているか隠れています。",
                "モデルは撮影範囲全体が写った写真で学習したと考えられます。スコアは慎重に解釈してください。",
            ),
        ),
        FindingCode::TooSmall => (
            wording(
                "The photograph is very small.",
                "It holds less detail than the model expects. Use the original from the camera.",
            ),
            wording(
                "写真が小さすぎます。",
                "モデルが想定する細部がありません。カメラの元画像を使ってください。",
            ),
        ),
        FindingCode::Grey => (
            wording(
                "The photograph has no colour.",
                "The models were trained on colour photographs; the score may have no meaning.",
            ),
            wording(
                "色情報のない写真です。",
                "モデルはカラー写真で学習しています。スコアに意味がないことがあります。",
            ),
        ),
        FindingCode::NotOp => (
            wording(
                "The DICOM file is not of the ophthalmic photography class.",
                "Check that it is a colour photograph of the retina.",
            ),
            wording(
                "眼科写真クラスのDICOMではありません。",
                "網膜のカラー写真であることを確認してください。",
            ),
        ),
        FindingCode::MultiFrame => (
            wording(
                "The file holds several frames; one of them was used.",
                "Choose another frame if this is the wrong one (command line: --frame N).",
            ),
            wording(
                "複数フレームのうち1枚を使用しています。",
                "別のフレームが必要なら選び直してください(コマンドでは --frame N)。",
            ),
        ),
        FindingCode::EyeUnknown => (
            wording(
                "It is not known whether this is the right or the left eye.",
                "Set the eye by hand if it matters for your work.",
            ),
            wording(
                "右眼か左眼か分かりません。",
                "必要であれば手動で指定してください。",
            ),
        ),
        FindingCode::EyeConflict => (
            wording(
                "The stated eye and the position of the optic disc contradict each other.",
                "The picture may be mirrored or mislabelled. Nothing was changed.",
            ),
            wording(
                "記載された左右眼と視神経乳頭の位置が矛盾しています。",
                "左右反転または誤記の可能性があります。何も変更していません。",
            ),
        ),
        FindingCode::IccIgnored => (
            wording(
                "A colour profile in the file was ignored.",
                "The models' training pipelines ignored it too; the display shows the same colours as the model sees.",
            ),
            wording(
                "カラープロファイルは無視しました。",
                "モデルの学習時も無視されています。表示とモデル入力の色は同じです。",
            ),
        ),
        FindingCode::AlphaIgnored => (
            wording(
                "Transparency in the file was ignored.",
                "The colours under transparent parts are used as they stand.",
            ),
            wording(
                "透明度情報は無視しました。",
                "透明部分の下の色をそのまま使っています。",
            ),
        ),
        FindingCode::ColourGuessed => (
            wording(
                "The file states its colour format or bit depth wrongly or not at all.",
                "It was read in the way that fits its pixels. Compare the picture with the original before you use the score.",
            ),
            wording(
                "ファイルの色形式またはビット深度の記載が誤っているか、ありません。",
                "画素の値に合う読み方を選びました。スコアを使う前に、元の写真と色や明るさを比べてください。",
            ),
        ),
        FindingCode::JpegDamaged => (
            wording(
                "The JPEG data is damaged, or its end is missing.",
                "Part of the picture may be wrong or grey. Copy or export it again; if you cannot, check the whole picture before you use the score.",
            ),
            wording(
                "JPEGのデータが壊れているか、末尾が欠けています。",
                "画像の一部が乱れたり灰色になったりしていることがあります。コピーまたは書き出しをやり直すか、スコアを使う前に画像全体を確かめてください。",
            ),
        ),
        FindingCode::NotAFundusAccepted => (
            wording(
                "This does not look like a fundus photograph; it was used all the same because you asked for it.",
                "The model score probably has no meaning. Make sure that this is a colour photograph of the retina.",
            ),
            wording(
                "眼底写真ではないようですが、指定により使用しました。",
                "モデルスコアに意味がない可能性があります。網膜のカラー写真であることを確認してください。",
            ),
        ),
        FindingCode::Duplicate => (
            wording(
                "The same picture stands in this run more than once.",
                "It counts once for its eye and person, or not at all where two persons have it.",
            ),
            wording(
                "同じ画像がこの解析に複数回含まれています。",
                "左右眼・人ごとの集計では1回だけ数えます。同じ画像が別の人の写真にも含まれる場合は数えません。",
            ),
        ),
        FindingCode::EngineFallback => (
            wording(
                "A slower engine or device was used than the best one.",
                "The score is the same within the tolerance shown by the device check. To be faster, install ONNX Runtime (gantei runtime install).",
            ),
            wording(
                "最速ではないエンジンまたはデバイスで実行しました。",
                "スコアは許容誤差内で同じです。高速化するにはONNX Runtimeを導入してください(gantei runtime install)。",
            ),
        ),
        FindingCode::EngineDeviation => (
            wording(
                "An engine, or its own optimisation, changes this model's answers; it is not used.",
                "The score was computed without it and can be read as usual. The figures of each engine stand under Models.",
            ),
            wording(
                "エンジンまたはその最適化がこのモデルの結果を変えるため、使用していません。",
                "スコアはそれを使わずに計算したもので、通常どおり解釈できます。エンジンごとの数値は「モデル一覧」にあります。",
            ),
        ),
        FindingCode::Uncalibrated => (
            wording(
                "The score is not calibrated.",
                "Read it as a model score, not as a probability, until it was checked on your own labelled images.",
            ),
            wording(
                "スコアは較正されていません。",
                "自施設のラベル付き画像で確かめるまでは、確率ではなくモデルスコアとして読んでください。",
            ),
        ),
        FindingCode::DemonstrationModel => (
            wording(
                "Demonstration model: trained on computer-drawn eyes; it says nothing about a real eye.",
                "Import a published model to study real photographs.",
            ),
            wording(
                "デモ用モデル: コンピュータで描画した眼底画像で学習したモデルです。実際の眼については何も示しません。",
                "実際の写真を調べるには、公開されているモデルを取り込んでください。",
            ),
        ),
        FindingCode::UnconfirmedSettings => (
            wording(
                "Settings of this model are assumed and not confirmed.",
                "A wrong scaling, crop, colour order or class order changes the score without a sign. Check them on photographs with known labels (gantei check-import), or state them in the model card.",
            ),
            wording(
                "このモデルには、仮定のまま確認されていない設定があります。",
                "スケーリング、切り出し、色順、クラス順が誤っていても、もっともらしいスコアが出ます。ラベルの分かる写真で確かめるか(gantei check-import)、モデルカードに記入してください。",
            ),
        ),
        FindingCode::ScalingTwice => (
            wording(
                "The picture is scaled twice: by the model card and again inside the network.",
                "Unless the model was trained that way, the score is wrong. Set the scaling in the model card to raw.",
            ),
            wording(
                "画像のスケーリングが、モデルカードの設定とネットワーク内部とで二重に行われています。",
                "そのように学習したモデルでない限り、スコアは誤りです。モデルカードのスケーリングをrawにしてください。",
            ),
        ),
        FindingCode::EvidenceOutsideEye => (
            wording(
                "Much of what moved the score lies outside the retina.",
                "The model may be reading the border, the mask or the camera rather than the eye.",
            ),
            wording(
                "スコアに影響した領域の多くが網膜の外にあります。",
                "眼ではなく、縁やマスク、カメラの特徴を見ている可能性があります。",
            ),
        ),
        FindingCode::ModelsDisagree => (
            wording(
                "The models disagree.",
                "Look at the scores, the overlays and the quality before you use either.",
            ),
            wording(
                "モデル間で結果が一致していません。",
                "どちらかを使う前に、スコア、サリエンシーマップ、画質を確認してください。",
            ),
        ),
        FindingCode::EyesDisagree => (
            wording(
                "The right and the left eye of this person have different labels.",
                "Recorded sex and age are the same for both eyes. Look at the quality of both photographs.",
            ),
            wording(
                "この人の右眼と左眼で判定ラベルが異なります。",
                "記録上の性別や年齢は両眼で同じはずです。両方の写真の画質を確認してください。",
            ),
        ),
        FindingCode::NoSaliencyMap => (
            wording(
                "This network offers no saliency map.",
                "The score stands; what moved it cannot be shown.",
            ),
            wording(
                "このネットワークではサリエンシーマップを作成できません。",
                "スコアは有効ですが、何が影響したかは表示できません。",
            ),
        ),
        FindingCode::OverlayNotWritten => (
            wording(
                "The overlay of this row is not on the disk.",
                "The figures hold. Make room or choose another folder, and give the same command again: it makes what is missing.",
            ),
            wording(
                "この行のオーバーレイ画像は保存されていません。",
                "数値は有効です。空き容量を確保するか別のフォルダを選び、もう一度実行すると不足分が作成されます。",
            ),
        ),
        FindingCode::WorkerDied => (
            wording(
                "Reading this photograph ended the process twice, so it has no answer.",
                "Mostly there is not enough memory for it. Close other programs, or save the photograph anew in a smaller size.",
            ),
            wording(
                "この写真を読み込むとプロセスが2回異常終了したため、結果はありません。",
                "多くはメモリ不足です。他のプログラムを終了するか、写真を小さいサイズで保存し直してください。",
            ),
        ),
        FindingCode::AgeOutOfRange => (
            wording(
                "The estimate lies outside the range that the model card states.",
                "The model was not trained on such values. Do not rely on the figure.",
            ),
            wording(
                "推定値がモデルカードに記載された範囲を外れています。",
                "モデルはこの範囲外の値を学習していません。この値に頼らないでください。",
            ),
        ),
        FindingCode::ImplausibleValue => (
            wording(
                "No person has this age.",
                "Age lies between 0 and 120 years. Check scaling, crop and colour order of the model, and whether it answers in years.",
            ),
            wording(
                "あり得ない年齢です。",
                "年齢は0～120歳の範囲です。モデルのスケーリング、切り出し、色順と、出力の単位が年であることを確認してください。",
            ),
        ),
        FindingCode::ValueScaleSuspect => (
            wording(
                "All ages of this run lie between -3 and 3, so the model probably does not answer in years.",
                "If it was trained on standardised or divided ages, state it in the model card: value_scale and value_offset.",
            ),
            wording(
                "この解析の年齢がすべて-3～3の範囲にあるため、モデルの出力単位は年ではないと考えられます。",
                "標準化した年齢などで学習したモデルであれば、モデルカードの value_scale と value_offset に記入してください。",
            ),
        ),
        FindingCode::ScoreSaturated => (
            wording(
                "The score lies within 0.0001 of 0 or 1.",
                "Such scores often come from a wrong scaling or from a picture unlike those of the training. They do not mean that the model is certain.",
            ),
            wording(
                "スコアと0または1との差が0.0001未満です。",
                "スケーリングの誤りや、学習データと大きく異なる画像でよく起こります。結果が確実であることを意味しません。",
            ),
        ),
        FindingCode::LandmarksProposed => (
            wording(
                "Optic disc and fovea were found by the program, and nobody has checked them.",
                "The shares by region hold only if both points are right. Look at them, or give them yourself.",
            ),
            wording(
                "視神経乳頭と中心窩の位置は自動検出で、まだ確認されていません。",
                "領域別の割合は2点が正しい場合にのみ意味があります。位置を確認するか、自分で指定してください。",
            ),
        ),
        FindingCode::LandmarksNotFound => (
            wording(
                "Optic disc or fovea were not found, so there is no evidence by region.",
                "Mark both points yourself.",
            ),
            wording(
                "視神経乳頭または中心窩が見つからないため、領域別の根拠は計算できません。",
                "2点を自分で指定してください。",
            ),
        ),
        FindingCode::MapNoBetterThanChance => (
            wording(
                "Hiding other areas of this size often moves the answer as far as hiding what the map marks.",
                "Do not read this map as what moved the answer. Try another method.",
            ),
            wording(
                "同じ広さのほかの領域を隠しても、マップが示す領域を隠した場合と同じくらい結果が変化することが少なくありません。",
                "このマップを、結果に影響した領域とは解釈しないでください。別の手法も試してください。",
            ),
        ),
        FindingCode::MapSurvivesShuffling => (
            wording(
                "Part of the map stays as it is when the network's weights are shuffled.",
                "That part shows the photograph rather than what the model learned. Try another method or layer.",
            ),
            wording(
                "ネットワークの重みを無作為に入れ替えても、マップの一部が変わらずに残ります。",
                "残った部分は、モデルが学習した内容よりも、写真そのものの特徴を示している可能性があります。別の手法や層も試してください。",
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
