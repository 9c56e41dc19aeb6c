//! The figures behind a finding in words. Findings carry them without a language, as files do.

use super::Lang;
use super::engines::{Apart, apart};
use super::report::Report;
use super::window::Texts;
use crate::domain::{Code, Finding};

/// What stands beside a finding's message: its figures in words, or as they are where there are no words for them, such as
/// scores by model.
pub fn detail(found: &Finding, lang: Lang) -> Option<String> {
    let detail = found.detail.as_deref()?;
    let words = match found.code {
        Code::MapNoBetterThanChance => chance(detail, lang),
        Code::MapSurvivesShuffling => shuffling(detail, lang),
        Code::EvidenceOutsideEye => outside(detail, lang),
        Code::MultiFrame => frame(detail, lang),
        Code::UnconfirmedSettings => fields(detail, lang),
        Code::AgeOutOfRange => range(detail, lang),
        Code::EngineDeviation => engine(detail, lang),
        Code::ColourGuessed => bits(detail, lang),
        Code::JpegDamaged => end_marker(detail, lang),
        Code::Duplicate => Some(Report(lang).of(format!("{detail} times"), format!("{detail}回"))),
        _ => threshold(detail, lang),
    };
    Some(words.unwrap_or_else(|| detail.to_owned()))
}

/// `2 / 20`: how many random areas move the answer as far as the marked one.
fn chance(detail: &str, lang: Lang) -> Option<String> {
    let (reached, areas) = detail.split_once(" / ")?;
    Some(Report(lang).of(
        format!("{reached} of {areas} random areas move it as far"),
        format!("無作為な領域{areas}か所のうち{reached}か所で同程度以上に変化"),
    ))
}

/// `all: 0.40`: which layers were shuffled, and how much the maps are alike then.
fn shuffling(detail: &str, lang: Lang) -> Option<String> {
    let (depth, r) = detail.split_once(": ")?;
    let report = Report(lang);
    let layers = match depth {
        "all" => report.of("all layers", "すべての層"),
        "last-block" => report.of("the last block", "最終ブロック"),
        _ => return None,
    };
    Some(report.of(
        format!("weights of {layers} shuffled: rank correlation {r}"),
        format!("{layers}の重みを入れ替えたマップとの順位相関 {r}"),
    ))
}

/// `35 % of the evidence, 21 % of the area`.
fn outside(detail: &str, lang: Lang) -> Option<String> {
    let (evidence, area) = detail
        .strip_suffix(" % of the area")?
        .split_once(" % of the evidence, ")?;
    Some(Report(lang).of(
        detail.to_owned(),
        format!("マップの強さの{evidence} %(面積は{area} %)"),
    ))
}

/// `colour, crop`: fields of the model card.
fn fields(detail: &str, lang: Lang) -> Option<String> {
    let texts = Texts(lang);
    let names: Vec<_> = detail.split(", ").map(|f| texts.card_field(f)).collect();
    Some(names.join(texts.comma()))
}

/// `6.3 not in 17 to 94`.
fn range(detail: &str, lang: Lang) -> Option<String> {
    let (value, range) = detail.split_once(" not in ")?;
    let (low, high) = range.split_once(" to ")?;
    Some(Report(lang).of(
        format!("{value}, the card states {low} to {high}"),
        format!("{value}、カードの範囲は{low}～{high}"),
    ))
}

/// `frame 1 of 3`.
fn frame(detail: &str, lang: Lang) -> Option<String> {
    let (frame, frames) = detail.strip_prefix("frame ")?.split_once(" of ")?;
    Some(Report(lang).of(detail.to_owned(), format!("{frames}枚中{frame}枚目")))
}

/// `no end marker`: all that a JPEG lacks.
fn end_marker(detail: &str, lang: Lang) -> Option<String> {
    (detail == "no end marker")
        .then(|| Report(lang).of(detail.to_owned(), "終端マーカーなし".to_owned()))
}

/// `12 of 16 bits`: how many of a sample's bits are really used.
fn bits(detail: &str, lang: Lang) -> Option<String> {
    let (used, announced) = detail.strip_suffix(" bits")?.split_once(" of ")?;
    Some(Report(lang).of(
        detail.to_owned(),
        format!("{announced}ビット中{used}ビット"),
    ))
}

/// `cpu optimised: score 2.1e-1 > 2.0e-5`: what of an engine deviates, in which figure, by how much, and what is allowed.
fn engine(detail: &str, lang: Lang) -> Option<String> {
    let report = Report(lang);
    let (who, figure) = detail.split_once(": ")?;
    let (device, what) = who.rsplit_once(' ')?;
    let who = match what {
        "optimised" => report.of(
            format!("{device} with its optimisation"),
            format!("{device}(最適化あり)"),
        ),
        "refused" => device.to_owned(),
        _ => return None,
    };
    let mut parts = figure.split(' ');
    let (of, largest, _, allowed) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let figure = Apart {
        of,
        largest: largest.parse().ok()?,
        allowed: allowed.parse().ok()?,
    };
    Some(format!("{who}: {}", apart(lang, figure)))
}

/// `focus 0.08 < 0.12`: a measure of the photograph that passes a threshold.
fn threshold(detail: &str, lang: Lang) -> Option<String> {
    let mut parts = detail.rsplitn(4, ' ');
    let (limit, sign, figure) = (parts.next()?, parts.next()?, parts.next()?);
    let report = Report(lang);
    let measure = match parts.next()? {
        "focus" => report.of("sharpness", "鮮鋭度"),
        "light" => report.of("brightness", "明るさ"),
        "blown" => report.of("overexposed share", "白飛びの割合"),
        "contrast" => report.of("contrast", "コントラスト"),
        "evenness" => report.of("darkest to brightest part", "最暗部と最明部の比"),
        "hidden" => report.of("share of the field without detail", "細部のない部分の割合"),
        "completeness" => report.of(
            "share of the field in the picture",
            "写っている撮影範囲の割合",
        ),
        "field share" => report.of(
            "share of the picture in the field",
            "画像に占める撮影範囲の割合",
        ),
        "saturation" => report.of("saturation", "彩度"),
        "texture" => report.of("texture", "テクスチャ"),
        "dark lines" => report.of(
            "ratio of dark to bright line strength",
            "暗線と明線の強さの比",
        ),
        "line" => report.of(
            "length of the longest dark line over the diameter",
            "最長の暗線の長さと直径の比",
        ),
        "vessels" => report.of("share of vessels", "血管の割合"),
        "edges" => report.of("share of steep edges", "急峻な輪郭の割合"),
        "other parts" => report.of(
            "ratio of other bright parts to the field",
            "撮影範囲に対する他の明部の比",
        ),
        "no round border, warm" => report.of(
            "no round border, share of warm colours",
            "円形の縁なし、暖色の割合",
        ),
        "field px" => report.of("diameter of the field in pixels", "撮影範囲の直径(画素数)"),
        _ => return None,
    };
    let wanted = match sign {
        "<" => report.of(
            format!("at least {limit} wanted"),
            format!("目安{limit}以上"),
        ),
        ">" => report.of(
            format!("at most {limit} wanted"),
            format!("目安{limit}以下"),
        ),
        _ => return None,
    };
    Some(report.of(
        format!("{measure} {figure}, {wanted}"),
        format!("{measure} {figure}、{wanted}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Severity;

    fn both(code: Code, raw: &str) -> [String; 2] {
        let found = Finding::with_detail(code, Severity::Caution, raw);
        [Lang::En, Lang::Ja].map(|lang| detail(&found, lang).unwrap())
    }

    #[test]
    fn figures_of_findings_are_worded_in_both_languages() {
        for (code, raw, en, ja) in [
            (
                Code::MapNoBetterThanChance,
                "2 / 20",
                "2 of 20 random areas move it as far",
                "無作為な領域20か所のうち2か所で同程度以上に変化",
            ),
            (
                Code::MapSurvivesShuffling,
                "all: 0.40",
                "weights of all layers shuffled: rank correlation 0.40",
                "すべての層の重みを入れ替えたマップとの順位相関 0.40",
            ),
            (
                Code::MapSurvivesShuffling,
                "last-block: 0.35",
                "weights of the last block shuffled: rank correlation 0.35",
                "最終ブロックの重みを入れ替えたマップとの順位相関 0.35",
            ),
            (
                Code::TooSmall,
                "field px 497 < 640",
                "diameter of the field in pixels 497, at least 640 wanted",
                "撮影範囲の直径(画素数) 497、目安640以上",
            ),
            (
                Code::OverExposed,
                "light 190 > 185",
                "brightness 190, at most 185 wanted",
                "明るさ 190、目安185以下",
            ),
            (
                Code::EvidenceOutsideEye,
                "35 % of the evidence, 21 % of the area",
                "35 % of the evidence, 21 % of the area",
                "マップの強さの35 %(面積は21 %)",
            ),
            (
                Code::AgeOutOfRange,
                "6.3 not in 17 to 94",
                "6.3, the card states 17 to 94",
                "6.3、カードの範囲は17～94",
            ),
            (
                Code::EngineDeviation,
                "cpu optimised: score 2.1e-1 > 2.0e-5",
                "cpu with its optimisation: model score off by 2.1e-1, at most 2.0e-5 allowed",
                "cpu(最適化あり): モデルスコアの差 2.1e-1(許容 2.0e-5)",
            ),
            (
                Code::EngineDeviation,
                "cuda refused: logit inf > 1.0e-3",
                "cuda: one logit is not a number",
                "cuda: 片方のロジットが数値ではありません",
            ),
            (
                Code::ColourGuessed,
                "12 of 16 bits",
                "12 of 16 bits",
                "16ビット中12ビット",
            ),
            (Code::Duplicate, "3", "3 times", "3回"),
            (
                Code::JpegDamaged,
                "no end marker",
                "no end marker",
                "終端マーカーなし",
            ),
            (
                Code::NotAFundus,
                "no round border, warm 0.35 < 0.60",
                "no round border, share of warm colours 0.35, at least 0.60 wanted",
                "円形の縁なし、暖色の割合 0.35、目安0.60以上",
            ),
            (
                Code::NotAFundus,
                "dark lines 0.712 < 0.900",
                "ratio of dark to bright line strength 0.712, at least 0.900 wanted",
                "暗線と明線の強さの比 0.712、目安0.900以上",
            ),
            (
                Code::MultiFrame,
                "frame 1 of 3",
                "frame 1 of 3",
                "3枚中1枚目",
            ),
        ] {
            assert_eq!(both(code, raw), [en, ja]);
        }
    }

    #[test]
    fn what_has_no_words_stays_as_it_is() {
        for (code, raw) in [
            (Code::ModelsDisagree, "demo 0.870, study 0.310"),
            (Code::MapSurvivesShuffling, "other: 0.3"),
            (Code::NotAFundus, ""),
        ] {
            assert_eq!(both(code, raw), [raw, raw]);
        }
    }
}
