//! Sentences on the records check. They never call a record an error: a contradiction says that model or record may be
//! wrong.

use super::Lang;
use crate::domain::Decision;
use crate::domain::foreign::shown;
use crate::evaluation::records_check::{NoFeatures, RecordsCheck};

/// What a contradiction means.
pub const fn either_may_be_right(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "The model contradicts the record; either may be right.",
        Lang::Ja => "モデルの判定が記録と食い違っています。正しいのはどちらの場合もあり得ます。",
    }
}

pub const fn decision(decision: Decision, lang: Lang) -> &'static str {
    match (decision, lang) {
        (Decision::RecordIsRight, Lang::En) => "Record is right",
        (Decision::RecordIsRight, Lang::Ja) => "記録は正しい",
        (Decision::BelongsElsewhere, Lang::En) => "Photograph belongs elsewhere",
        (Decision::BelongsElsewhere, Lang::Ja) => "別の被検者・眼の写真",
        (Decision::Unsure, Lang::En) => "Unsure",
        (Decision::Unsure, Lang::Ja) => "判断できない",
    }
}

/// Why photographs have no similar ones; `None` if all were compared.
pub fn without_features(check: &RecordsCheck, lang: Lang) -> Option<String> {
    let count = check.without_features;
    if count == 0 {
        return None;
    }
    let model = shown(&check.model);
    Some(match (check.no_features, lang) {
        (Some(NoFeatures::Network), Lang::En) => format!(
            "The network of {model} offers no feature map. Only copies of a photograph are shown as similar."
        ),
        (Some(NoFeatures::Network), Lang::Ja) => format!(
            "{model} からは特徴マップを取り出せません。類似写真には同じ写真の複製のみを表示します。"
        ),
        (Some(NoFeatures::Model), Lang::En) => format!(
            "{count} photographs are not compared: the library no longer has {model} as in the study."
        ),
        (Some(NoFeatures::Model), Lang::Ja) => format!(
            "写真{count}枚は比較していません。{model} がライブラリーにないか、研究のものと異なります。"
        ),
        (None, Lang::En) => format!("{count} photographs could not be compared with others."),
        (None, Lang::Ja) => format!("写真{count}枚は他の写真と比較できませんでした。"),
    })
}

/// How many records there are to check.
pub fn summary(check: &RecordsCheck, lang: Lang) -> String {
    let (records, persons) = (check.contradicted.len(), check.persons.len());
    let decided = { check.contradicted.iter() }
        .filter(|of| check.photographs[of.photograph].decision.is_some())
        .count();
    match lang {
        Lang::En => format!(
            "Records to check: {records} photographs of {persons} persons, {decided} decided."
        ),
        Lang::Ja => {
            format!("確認する記録: {persons}人の写真{records}枚(うち判断済み{decided}枚)。")
        }
    }
}
