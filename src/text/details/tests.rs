//! Every kind of detail in every form.

use std::collections::HashSet;
use std::mem::discriminant;

use strum::{EnumCount, VariantArray};

use super::*;
use crate::domain::{
    Certainty, Deviation, EyeSource, FindingCode, Laterality, Quantity, Reading, Severity,
    SystemFailure,
};

fn at_least(property: Property, figure: f64, limit: f64, digits: usize) -> Detail {
    Detail::Threshold {
        property,
        figure,
        desired: Bound::AtLeast(limit),
        digits,
    }
}

fn engine(device: &str, is_refused: bool, of: Quantity, largest: f64, allowed: f64) -> Detail {
    Detail::Engine {
        device: device.into(),
        is_refused,
        found: Some(Deviation {
            of,
            largest,
            allowed,
        }),
    }
}

/// Details with their text in files, in the English window and in the Japanese window.
fn rows() -> Vec<(Detail, &'static str, &'static str, &'static str)> {
    let same = |detail, text| (detail, text, text, text);
    let both = |detail, en, ja| (detail, en, en, ja);
    vec![
        (
            at_least(Property::Diameter, 497.4, 640.0, 0),
            "field px 497 < 640",
            "diameter of the field of view in pixels 497, recommended: at least 640",
            "撮影範囲の直径(画素数) 497、目安640以上",
        ),
        (
            Detail::Threshold {
                property: Property::Light,
                figure: 190.2,
                desired: Bound::AtMost(185.0),
                digits: 0,
            },
            "light 190 > 185",
            "brightness 190, recommended: at most 185",
            "明るさ 190、目安185以下",
        ),
        (
            at_least(Property::WarmWithoutBorder, 0.35, 0.6, 2),
            "no round border, warm 0.35 < 0.60",
            "no round border, share of warm colours 0.35, recommended: at least 0.60",
            "円形の縁なし、暖色の割合 0.35、目安0.60以上",
        ),
        (
            at_least(Property::DarkLines, 0.712, 0.9, 3),
            "dark lines 0.712 < 0.900",
            "ratio of dark to bright line strength 0.712, recommended: at least 0.900",
            "暗線と明線の強さの比 0.712、目安0.900以上",
        ),
        both(Detail::NothingLit, "nothing lit", "明るい部分なし"),
        both(
            Detail::FewColours { colours: 3 },
            "3 colours only, as in a mask",
            "3色のみ(マスク画像など)",
        ),
        both(
            Detail::Bits {
                used: 12,
                announced: 16,
            },
            "12 of 16 bits",
            "16ビット中12ビット",
        ),
        both(
            Detail::ValueRange { white: 1 },
            "values from 0 to 1",
            "画素値0～1",
        ),
        same(Detail::ReadAs(Reading::YCbCr), "YCbCr"),
        both(Detail::NoEndMarker, "no end marker", "終端マーカーなし"),
        both(
            Detail::Frame {
                frame: 1,
                frames: 3,
            },
            "frame 1 of 3",
            "3枚中1枚目",
        ),
        both(
            Detail::EyeConflict {
                source: EyeSource::User,
                eye: Laterality::Os,
                disc: Laterality::Od,
            },
            "user OS, disc OD",
            "手動指定: OS、視神経乳頭の位置: OD",
        ),
        (Detail::Copies(3), "3", "3 times", "3回"),
        (
            Detail::LargerCopy {
                width: 2048,
                height: 1536,
            },
            "2048x1536",
            "2048 × 1536 px",
            "2048 × 1536 画素",
        ),
        same(Detail::Value(-408.12), "-408.1"),
        (
            Detail::Range {
                value: 6.31,
                low: 17.0,
                high: 94.5,
            },
            "6.3 not in 17 to 94.5",
            "6.3, range in the model card 17 to 94.5",
            "6.3、モデルカードの範囲は17～94.5",
        ),
        both(
            Detail::Scores(vec![("m-1".into(), 0.87), ("m-2".into(), 0.3104)]),
            "m-1 0.870, m-2 0.310",
            "m-1 0.870、m-2 0.310",
        ),
        same(
            Detail::Eyes {
                right: 0.2689,
                left: 0.881,
            },
            "OD 0.269, OS 0.881",
        ),
        (
            Detail::Fields(vec!["colour".into(), "crop".into()]),
            "colour, crop",
            "Colour order, Crop",
            "色の順序、切り出し",
        ),
        same(Detail::Layers(vec!["m-1".into()]), "m-1"),
        both(
            Detail::Precisions(vec!["mixed_float16".into(), "float16".into()]),
            "mixed_float16, float16",
            "mixed_float16、float16",
        ),
        both(
            Detail::Fallback {
                device: "cpu".into(),
                used: "embedded".into(),
                reason: Unavailable::NoLibrary,
            },
            "cpu → embedded: no library of ONNX Runtime is installed",
            "cpu → embedded: ONNX Runtimeのライブラリが導入されていません",
        ),
        (
            engine("cpu", false, Quantity::Score, 0.21, 2e-5),
            "cpu optimised: score 2.1e-1 > 2.0e-5",
            "cpu with optimisation: model score differs by 2.1e-1, tolerance 2.0e-5",
            "cpu(最適化あり): モデルスコアの差 2.1e-1(許容 2.0e-5)",
        ),
        (
            engine("cuda", true, Quantity::Logit, f64::INFINITY, 1e-3),
            "cuda refused: logit inf > 1.0e-3",
            "cuda: one logit is not a number",
            "cuda: 片方のロジットが数値ではありません",
        ),
        both(
            Detail::Lacks(NetworkPart::FeatureMap),
            "the network has no feature map, so its last feature map cannot be explained",
            "ネットワークに特徴マップがないため、最終特徴マップを説明できません",
        ),
        both(
            Detail::NoGradient {
                layer: "m-1".into(),
                reason: "it has no gradient".into(),
            },
            "the network's head cannot be differentiated, at m-1: it has no gradient",
            "層 m-1 の演算を微分できません",
        ),
        both(
            Detail::NoMemory,
            "there is not enough memory to compute a saliency map",
            "メモリーが足りないため、サリエンシーマップを作成できません",
        ),
        both(
            Detail::NotWritten {
                reason: "a.png could not be written: the disk is full".into(),
                system_failure: Some(SystemFailure::Full),
            },
            "a.png could not be written: the disk is full",
            "ディスクの空きがありません",
        ),
        both(
            Detail::Removed,
            "it was removed during the run",
            "実行中に削除されました",
        ),
        both(Detail::Signal(9), "signal 9", "シグナル 9"),
        both(
            Detail::ExitStatus(101),
            "exit status 101",
            "終了ステータス 101",
        ),
        (
            Detail::Landmarks {
                disc: Certainty::Sure,
                fovea: Certainty::NotFound,
            },
            "disc sure, fovea not-found",
            "disc: detected, fovea: not detected",
            "視神経乳頭: 検出、中心窩: 検出されず",
        ),
        both(
            Detail::Outside {
                evidence: 0.35,
                area: 0.21,
            },
            "35 % of the attribution, 21 % of the area",
            "寄与の35 %(面積は21 %)",
        ),
        (
            Detail::Chance {
                reached: 2,
                areas: 20,
            },
            "2 / 20",
            "2 of 20 random areas change it as much",
            "無作為な領域20か所のうち2か所で同程度以上に変化",
        ),
        (
            Detail::Shuffled {
                all_layers: true,
                correlation: 0.4,
            },
            "all: 0.40",
            "weights of all layers randomised: rank correlation 0.40",
            "すべての層の重みをランダム化したマップとの順位相関 0.40",
        ),
        (
            Detail::Shuffled {
                all_layers: false,
                correlation: 0.351,
            },
            "last-block: 0.35",
            "weights of the last block randomised: rank correlation 0.35",
            "最終ブロックの重みをランダム化したマップとの順位相関 0.35",
        ),
    ]
}

/// Every kind of detail, every property, every part of a network and every reason of a device.
pub fn examples() -> Vec<Detail> {
    let wording = || "libcudart.so.12".to_owned();
    let reasons = [
        Unavailable::NoLibrary,
        Unavailable::NoUsableLibrary(wording()),
        Unavailable::NotOfOnnxRuntime,
        Unavailable::NotBuiltIn,
        Unavailable::PlugInRefused(wording()),
        Unavailable::NoDevice,
        Unavailable::NoPart,
        Unavailable::OffReference {
            by: 0.01,
            allowed: 5e-5,
        },
        Unavailable::Deviates(Deviation {
            of: Quantity::Value,
            largest: 0.4,
            allowed: 0.1,
        }),
        Unavailable::Engine(wording()),
    ];
    let kinds: HashSet<_> = reasons.iter().map(discriminant).collect();
    assert_eq!(kinds.len(), Unavailable::COUNT);
    let reasons = reasons.map(|reason| Detail::Fallback {
        device: "cuda".into(),
        used: "cpu".into(),
        reason,
    });
    let properties = Property::VARIANTS.iter().map(|p| at_least(*p, 0.1, 0.2, 2));
    let parts = NetworkPart::VARIANTS.iter().copied().map(Detail::Lacks);
    let obstacles = SystemFailure::VARIANTS
        .iter()
        .copied()
        .map(Some)
        .chain([None]);
    let obstacles = obstacles.map(|system_failure| Detail::NotWritten {
        reason: String::new(),
        system_failure,
    });
    let rows = rows().into_iter().map(|(detail, ..)| detail);
    let all: Vec<_> = rows
        .chain(reasons)
        .chain(properties)
        .chain(parts)
        .chain(obstacles)
        .collect();
    let kinds: HashSet<_> = all.iter().map(discriminant).collect();
    assert_eq!(
        kinds.len(),
        Detail::COUNT,
        "a kind of detail has no example"
    );
    all
}

#[test]
fn each_detail_has_its_form_in_files_and_in_both_languages() {
    for (value, files, en, ja) in rows() {
        assert_eq!(detail_in_files(&value), files);
        let found = Finding::with_detail(FindingCode::Uncalibrated, Severity::Note, value);
        assert_eq!(detail(&found, Lang::En).unwrap(), en);
        assert_eq!(detail(&found, Lang::Ja).unwrap(), ja);
    }
}

#[test]
fn a_detail_comes_back_from_a_journal() {
    for value in examples() {
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Detail>(&text).unwrap(), value);
    }
}
