//! The figures behind a finding, as written to files and the command line and as shown in the window. One row for each
//! kind of detail.

use super::Lang;
use super::engines::apart;
use super::window::Texts;
use crate::domain::{Bound, Detail, Finding, NetworkPart, Property, Unavailable};

/// The detail shown next to a finding's message in the window.
pub fn detail(found: &Finding, lang: Lang) -> Option<String> {
    let row = row(found.detail.as_ref()?);
    Some(match lang {
        Lang::En => row.en.unwrap_or(row.files),
        Lang::Ja => row.ja,
    })
}

/// A detail as written to JSON, CSV and the command line: short, and kept stable between versions.
pub fn detail_in_files(detail: &Detail) -> String {
    row(detail).files
}

/// A detail in every form.
struct Row {
    files: String,
    /// The window's English if it differs from that of files.
    en: Option<String>,
    ja: String,
}

/// Figures and names only: the same everywhere.
fn same(text: String) -> Row {
    both(text.clone(), text)
}

/// The English of files is also that of the window.
fn both(files: impl Into<String>, ja: impl Into<String>) -> Row {
    Row {
        files: files.into(),
        en: None,
        ja: ja.into(),
    }
}

fn each(files: String, en: String, ja: String) -> Row {
    Row {
        files,
        en: Some(en),
        ja,
    }
}

fn row(detail: &Detail) -> Row {
    let (en, ja) = (Texts(Lang::En), Texts(Lang::Ja));
    match detail {
        Detail::Threshold {
            property,
            figure,
            desired,
            digits,
        } => threshold(*property, *figure, *desired, *digits),
        Detail::NothingLit => both("nothing lit", "明るい部分なし"),
        Detail::FewColours { colours } => both(
            format!("{colours} colours only, as in a mask"),
            format!("{colours}色のみ(マスク画像など)"),
        ),
        Detail::Bits { used, announced } => both(
            format!("{used} of {announced} bits"),
            format!("{announced}ビット中{used}ビット"),
        ),
        Detail::ValueRange { white } => both(
            format!("values from 0 to {white}"),
            format!("画素値0～{white}"),
        ),
        Detail::ReadAs(reading) => same(reading.as_str().to_owned()),
        Detail::NoEndMarker => both("no end marker", "終端マーカーなし"),
        Detail::Frame { frame, frames } => both(
            format!("frame {frame} of {frames}"),
            format!("{frames}枚中{frame}枚目"),
        ),
        Detail::EyeConflict { source, eye, disc } => {
            let (source_in_files, eye, disc) = (source.as_str(), eye.as_str(), disc.as_str());
            both(
                format!("{source_in_files} {eye}, disc {disc}"),
                format!(
                    "{}: {eye}、視神経乳頭の位置: {disc}",
                    ja.eye_source(*source)
                ),
            )
        }
        Detail::Copies(copies) => each(
            copies.to_string(),
            format!("{copies} times"),
            format!("{copies}回"),
        ),
        Detail::LargerCopy { width, height } => each(
            format!("{width}x{height}"),
            format!("{width} × {height} px"),
            format!("{width} × {height} 画素"),
        ),
        Detail::Value(value) => same(format!("{value:.1}")),
        Detail::Range { value, low, high } => each(
            format!("{value:.1} not in {low} to {high}"),
            format!("{value:.1}, range in the model card {low} to {high}"),
            format!("{value:.1}、モデルカードの範囲は{low}～{high}"),
        ),
        Detail::Scores(scores) => {
            let scores = scores
                .iter()
                .map(|(model, score)| format!("{model} {score:.3}"))
                .collect::<Vec<_>>();
            both(scores.join(", "), scores.join("、"))
        }
        Detail::Eyes { right, left } => same(format!("OD {right:.3}, OS {left:.3}")),
        Detail::Fields(fields) => {
            let in_words = |t: Texts| {
                let names: Vec<_> = fields.iter().map(|field| t.card_field(field)).collect();
                names.join(t.comma())
            };
            each(fields.join(", "), in_words(en), in_words(ja))
        }
        Detail::Layers(names) | Detail::Precisions(names) => {
            both(names.join(", "), names.join("、"))
        }
        Detail::Fallback {
            device,
            used,
            reason,
        } => both(
            format!("{device} → {used}: {reason}"),
            format!("{device} → {used}: {}", unavailable_ja(reason)),
        ),
        Detail::Engine {
            device,
            is_refused,
            found,
        } => {
            let (kind, who, who_ja) = match is_refused {
                true => ("refused", device.clone(), device.clone()),
                false => (
                    "optimised",
                    format!("{device} with optimisation"),
                    format!("{device}(最適化あり)"),
                ),
            };
            let figure = |lang| found.map_or_else(String::new, |found| apart(lang, found));
            each(
                format!(
                    "{device} {kind}: {}",
                    found.map_or_else(String::new, |found| found.figure())
                ),
                format!("{who}: {}", figure(Lang::En)),
                format!("{who_ja}: {}", figure(Lang::Ja)),
            )
        }
        Detail::Lacks(part) => both(
            format!("the network has no {part}, so its last feature map cannot be explained"),
            format!(
                "ネットワークに{}がないため、最終特徴マップを説明できません",
                part_ja(*part)
            ),
        ),
        Detail::NoGradient { layer, reason } => both(
            format!("the network's head cannot be differentiated, at {layer}: {reason}"),
            format!("層 {layer} の演算を微分できません"),
        ),
        Detail::NoMemory => both(
            "there is not enough memory to compute a saliency map",
            "メモリーが足りないため、サリエンシーマップを作成できません",
        ),
        Detail::NotWritten {
            reason,
            system_failure,
        } => both(
            reason.clone(),
            system_failure.map_or("画像を作成できません", |why| why.phrase(Lang::Ja)),
        ),
        Detail::Removed => both("it was removed during the run", "実行中に削除されました"),
        Detail::Signal(signal) => both(format!("signal {signal}"), format!("シグナル {signal}")),
        Detail::ExitStatus(status) => both(
            format!("exit status {status}"),
            format!("終了ステータス {status}"),
        ),
        Detail::Landmarks { disc, fovea } => {
            let words = |t: Texts| [*disc, *fovea].map(|found| t.sureness(found));
            let ([disc_en, fovea_en], [disc_ja, fovea_ja]) = (words(en), words(ja));
            each(
                format!("disc {}, fovea {}", disc.as_str(), fovea.as_str()),
                format!("disc: {disc_en}, fovea: {fovea_en}"),
                format!("視神経乳頭: {disc_ja}、中心窩: {fovea_ja}"),
            )
        }
        Detail::Outside { evidence, area } => {
            let (evidence, area) = (evidence * 100.0, area * 100.0);
            both(
                format!("{evidence:.0} % of the attribution, {area:.0} % of the area"),
                format!("寄与の{evidence:.0} %(面積は{area:.0} %)"),
            )
        }
        Detail::Chance { reached, areas } => each(
            format!("{reached} / {areas}"),
            format!("{reached} of {areas} random areas change it as much"),
            format!("無作為な領域{areas}か所のうち{reached}か所で同程度以上に変化"),
        ),
        Detail::Shuffled {
            all_layers,
            correlation: r,
        } => {
            let (depth, layers, layers_ja) = match all_layers {
                true => ("all", "all layers", "すべての層"),
                false => ("last-block", "the last block", "最終ブロック"),
            };
            each(
                format!("{depth}: {r:.2}"),
                format!("weights of {layers} randomised: rank correlation {r:.2}"),
                format!("{layers_ja}の重みをランダム化したマップとの順位相関 {r:.2}"),
            )
        }
    }
}

fn threshold(property: Property, figure: f64, desired: Bound, digits: usize) -> Row {
    let (name, en, ja) = property_words(property);
    let figure = format!("{figure:.digits$}");
    let (sign, limit, desired, wanted_ja) = match desired {
        Bound::AtLeast(limit) => ("<", limit, "at least", "以上"),
        Bound::AtMost(limit) => (">", limit, "at most", "以下"),
    };
    let limit = format!("{limit:.digits$}");
    each(
        format!("{name} {figure} {sign} {limit}"),
        format!("{en} {figure}, recommended: {desired} {limit}"),
        format!("{ja} {figure}、目安{limit}{wanted_ja}"),
    )
}

/// A measured property in files, and in the window in English and Japanese.
fn property_words(property: Property) -> (&'static str, &'static str, &'static str) {
    match property {
        Property::Focus => ("focus", "sharpness", "鮮鋭度"),
        Property::Light => ("light", "brightness", "明るさ"),
        Property::Blown => ("blown", "overexposed share", "白飛びの割合"),
        Property::Contrast => ("contrast", "contrast", "コントラスト"),
        Property::Evenness => (
            "evenness",
            "ratio of darkest to brightest part",
            "最暗部と最明部の比",
        ),
        Property::Hidden => (
            "hidden",
            "share of the field of view without detail",
            "撮影範囲のうち細部のない部分の割合",
        ),
        Property::Completeness => (
            "completeness",
            "share of the field of view inside the frame",
            "画像内に写っている撮影範囲の割合",
        ),
        Property::FieldShare => (
            "field share",
            "share of the image inside the field of view",
            "画像に占める撮影範囲の割合",
        ),
        Property::Diameter => (
            "field px",
            "diameter of the field of view in pixels",
            "撮影範囲の直径(画素数)",
        ),
        Property::Saturation => ("saturation", "saturation", "彩度"),
        Property::Texture => ("texture", "texture", "テクスチャ"),
        Property::DarkLines => (
            "dark lines",
            "ratio of dark to bright line strength",
            "暗線と明線の強さの比",
        ),
        Property::LongestLine => (
            "line",
            "ratio of the longest dark line to the diameter",
            "最長の暗線の長さと直径の比",
        ),
        Property::Vessels => ("vessels", "vessel share", "血管の割合"),
        Property::Edges => ("edges", "share of sharp edges", "急峻な輪郭の割合"),
        Property::OtherParts => (
            "other parts",
            "ratio of other bright parts to the field of view",
            "撮影範囲に対する他の明部の比",
        ),
        Property::WarmWithoutBorder => (
            "no round border, warm",
            "no round border, share of warm colours",
            "円形の縁なし、暖色の割合",
        ),
    }
}

fn part_ja(part: NetworkPart) -> &'static str {
    match part {
        NetworkPart::Picture => "画像の入力",
        NetworkPart::FeatureMap => "特徴マップ",
        NetworkPart::Logit => "ロジット",
        NetworkPart::Gradient => "勾配",
    }
}

/// The engine's own message stays in English, in quotation marks.
fn unavailable_ja(reason: &Unavailable) -> String {
    match reason {
        Unavailable::NoLibrary => "ONNX Runtimeのライブラリが導入されていません".into(),
        Unavailable::NoUsableLibrary(wording) => {
            format!("使用できるONNX Runtimeのライブラリがありません「{wording}」")
        }
        Unavailable::NotOfOnnxRuntime => "ONNX Runtimeのデバイスではありません".into(),
        Unavailable::NotBuiltIn => "使用中のONNX Runtimeは、このデバイスに対応していません".into(),
        Unavailable::PlugInRefused(wording) => {
            format!("プラグインのライブラリを読み込めません「{wording}」")
        }
        Unavailable::NoDevice => "プラグインのライブラリがデバイスを検出できません".into(),
        Unavailable::NoPart => {
            "ONNX Runtimeがモデルのどの部分もこのデバイスに割り当てませんでした".into()
        }
        Unavailable::OffReference { by, allowed } => {
            format!("参照値との差 {by:.1e}(許容 {allowed:.0e})")
        }
        Unavailable::Deviates(found) => apart(Lang::Ja, *found),
        Unavailable::Engine(wording) => format!("エンジンのメッセージ「{wording}」"),
    }
}

#[cfg(test)]
pub(super) mod tests;
