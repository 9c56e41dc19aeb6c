//! What is different when an export of a study is made again.

use super::Lang;
use crate::domain::foreign::shown;
use crate::domain::listed::listed;
use crate::domain::replay::ReplayDifference;

/// Nothing is different.
pub fn identical(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Identical: every answer and every file came out the same, times aside.",
        Lang::Ja => "同一です。時間を除き、すべての結果とファイルが一致しました。",
    }
}

/// One difference as a sentence.
pub fn difference(difference: &ReplayDifference, lang: Lang) -> String {
    let names = |names: &[String]| listed(names, lang);
    let of = |en: String, ja: String| match lang {
        Lang::En => en,
        Lang::Ja => ja,
    };
    match difference {
        ReplayDifference::Version { then, now } => {
            let (then, now) = (shown(then), shown(now));
            of(
                format!("Another version made the export: {then}; this is {now}."),
                format!("書き出したバージョンが異なります: {then}(現在は{now})。"),
            )
        }
        ReplayDifference::ModelMissing { id } => {
            let id = shown(id);
            of(
                format!(
                    "The model {id} is not in the library, so nothing was run. Import it again."
                ),
                format!(
                    "モデル{id}が一覧にないため、実行していません。もう一度取り込んでください。"
                ),
            )
        }
        ReplayDifference::Model { id } => {
            let id = shown(id);
            of(
                format!("The file of the model {id} is another one."),
                format!("モデル{id}のファイルが異なります。"),
            )
        }
        ReplayDifference::Card { id } => {
            let id = shown(id);
            of(
                format!("The card of the model {id} is another one: its settings were changed."),
                format!("モデル{id}のカードが異なります。設定が変更されています。"),
            )
        }
        ReplayDifference::Labels { name } => {
            let name = shown(name);
            of(
                format!(
                    "The table of labels {name} was changed or is missing, so the export was not made again."
                ),
                format!(
                    "ラベルの表{name}が変更されたか見つからないため、書き出しは再現していません。"
                ),
            )
        }
        ReplayDifference::Moved { inputs } => of(
            format!(
                "Photographs of the study are not found, so nothing was run: {}.",
                names(inputs)
            ),
            format!(
                "研究の写真が見つからないため、実行していません: {}。",
                names(inputs)
            ),
        ),
        ReplayDifference::Changed { images } => of(
            format!("Photographs whose file was changed: {}.", names(images)),
            format!("ファイルが変更された写真: {}。", names(images)),
        ),
        ReplayDifference::Missing { images } => of(
            format!("Photographs that are missing or failed: {}.", names(images)),
            format!("見つからない、または失敗した写真: {}。", names(images)),
        ),
        ReplayDifference::Added { images } => of(
            format!("Photographs that were not there: {}.", names(images)),
            format!("新しく加わった写真: {}。", names(images)),
        ),
        ReplayDifference::Engine { then, now } => {
            let (then, now) = (shown(then), shown(now));
            of(
                format!(
                    "Another engine computed answers: {then}; now {now}. Last digits may differ."
                ),
                format!(
                    "推論エンジンが異なります: {then}(現在は{now})。末尾の桁が異なることがあります。"
                ),
            )
        }
        ReplayDifference::Processor { then, now } => {
            let (then, now) = (shown(then), shown(now));
            of(
                format!("Another processor computed answers: {then}; now {now}."),
                format!("CPUが異なります: {then}(現在は{now})。"),
            )
        }
        ReplayDifference::Answers {
            images,
            largest,
            labels,
        } => {
            let (en, ja) = match largest {
                Some(largest) => (
                    format!("by at most {largest:.1e} in logit or value"),
                    format!("ロジットまたは値の差は最大{largest:.1e}"),
                ),
                None => (
                    "in no logit or value".to_owned(),
                    "ロジットと値は同じ".to_owned(),
                ),
            };
            of(
                format!(
                    "Answers differ {en}, labels of {labels} answers: {}.",
                    names(images)
                ),
                format!(
                    "結果が異なる写真({ja}、ラベルの変化{labels}件): {}。",
                    names(images)
                ),
            )
        }
        ReplayDifference::Outputs { files } => of(
            format!("Files that come out different: {}.", names(files)),
            format!("内容が異なるファイル: {}。", names(files)),
        ),
        ReplayDifference::Edited { files } => of(
            format!(
                "Files of the export that were changed or deleted since: {}.",
                names(files)
            ),
            format!(
                "書き出し後に変更または削除されたファイル: {}。",
                names(files)
            ),
        ),
    }
}
