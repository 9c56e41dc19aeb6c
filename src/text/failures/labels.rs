//! Failures of a preprocessing check: photographs that cannot be matched with labels, and settings that cannot be applied.

use super::{FaultText, wording};
use crate::evaluation::{MismatchReason, Unused};
use crate::text::Lang;
use crate::text::labels::not_used;

/// Why labelled photographs cannot be used or a setting cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum LabelsFault {
    /// All labelled photographs have the same label.
    OneLabel {
        label: Option<String>,
        unused: Vec<(Unused, usize)>,
    },
    /// No row is usable.
    NoneReadable {
        unused: Vec<(Unused, usize)>,
    },
    /// The folder contains no photograph.
    NoPhotographs,
    /// No photograph has a name in the table.
    NoPairs {
        why: Vec<MismatchReason>,
        unused: Vec<(Unused, usize)>,
    },
    /// The usable photographs are too few to compute a figure.
    TooFew {
        unused: Vec<(Unused, usize)>,
    },
    /// The order of the two labels is reversed, and the user has not decided whether to swap them.
    OrderFlipped,
    /// The model was replaced since the check.
    Replaced,
    NoSuchRow,
    /// The photographs do not distinguish the settings.
    NoChoice,
    /// The table was changed after it was confirmed.
    TableChanged,
}

impl LabelsFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::OneLabel { label, unused } => {
                let which = label.as_ref().map_or(String::new(), |l| format!(": {l}"));
                wording(
                    with(
                        format!("All labelled photographs have the same label{which}."),
                        unused,
                        Lang::En,
                    ),
                    "Add photographs with the other label, or check why its rows were not used.",
                    with(
                        format!("ラベル付き写真のラベルがすべて同じです{which}。"),
                        unused,
                        Lang::Ja,
                    ),
                    "もう一方のラベルの写真を追加するか、使用しなかった行の理由を確認してください。",
                )
            }
            Self::NoneReadable { unused } => wording(
                with(
                    "The table of labels has no usable row.".into(),
                    unused,
                    Lang::En,
                ),
                "Check the reasons, then choose another column or correct the table.",
                with(
                    "ラベルの表に、使用できる行がありません。".into(),
                    unused,
                    Lang::Ja,
                ),
                "理由を確認し、別の列を選ぶか、表を修正してください。",
            ),
            Self::NoPhotographs => wording(
                "The folder contains no photographs.",
                "Choose the folder that contains the photographs.",
                "フォルダーに写真がありません。",
                "写真の入ったフォルダーを選んでください。",
            ),
            Self::NoPairs { why, unused } => wording(
                with(
                    reasons(
                        "No photograph has a row in the table of labels.",
                        why,
                        Lang::En,
                    ),
                    unused,
                    Lang::En,
                ),
                "The image column must contain the file name of each photograph or its path relative to the folder.",
                with(
                    reasons(
                        "ラベルの表に、対応する写真の行がありません。",
                        why,
                        Lang::Ja,
                    ),
                    unused,
                    Lang::Ja,
                ),
                "画像の列には、各写真のファイル名またはフォルダーからの相対パスを入力してください。",
            ),
            Self::TooFew { unused } => wording(
                with(
                    "There are too few usable photographs to compute a figure.".into(),
                    unused,
                    Lang::En,
                ),
                "Check the reasons, or add labelled photographs.",
                with(
                    "使用できる写真が少なすぎるため、値を計算できません。".into(),
                    unused,
                    Lang::Ja,
                ),
                "理由を確認するか、ラベル付き写真を追加してください。",
            ),
            Self::OrderFlipped => wording(
                "With this setting the order of the two labels is reversed, so the model card was not changed.",
                "Choose whether to swap the labels in the card when you apply the setting.",
                "この設定では2つのラベルの順序が逆になるため、モデルカードは変更していません。",
                "設定を適用するときに、モデルカードのラベルを入れ替えるかどうかを選んでください。",
            ),
            Self::Replaced => wording(
                "The model was replaced after the check.",
                "Run the check again.",
                "確認の後に、モデルが置き換えられました。",
                "もう一度確認してください。",
            ),
            Self::NoSuchRow => wording(
                "The table has no such row.",
                "Choose a row of the table.",
                "指定の行は表にありません。",
                "表の行を選んでください。",
            ),
            Self::NoChoice => wording(
                "These photographs do not distinguish the settings, so the model card was not changed.",
                "Run the check with more labelled photographs.",
                "これらの写真では設定を区別できないため、モデルカードは変更していません。",
                "ラベル付き写真を増やして、もう一度確認してください。",
            ),
            Self::TableChanged => wording(
                "The table of labels was changed after it was confirmed.",
                "Check on the page of labels how it is read now, and confirm it again.",
                "確定した後に、ラベルの表が変更されました。",
                "ラベルのページで読み取り方を確認し、もう一度確定してください。",
            ),
        }
    }
}

/// A sentence followed by what was not used.
fn with(sentence: String, unused: &[(Unused, usize)], lang: Lang) -> String {
    join([sentence, not_used(unused, lang)], lang)
}

/// A sentence followed by its reasons.
fn reasons(sentence: &str, why: &[MismatchReason], lang: Lang) -> String {
    let reasons = why.iter().map(|h| h.wording(lang));
    join(std::iter::once(sentence.to_owned()).chain(reasons), lang)
}

fn join(sentences: impl IntoIterator<Item = String>, lang: Lang) -> String {
    let sentences: Vec<String> = sentences.into_iter().filter(|s| !s.is_empty()).collect();
    sentences.join(match lang {
        Lang::En => " ",
        Lang::Ja => "",
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<LabelsFault> {
    use crate::evaluation::RowFault;

    let unused = || {
        vec![
            (Unused::NoLabel, 3),
            (Unused::Unreadable(RowFault::NotAnAge), 1),
        ]
    };
    let example = || ("12".to_owned(), "00012.jpg".to_owned());
    vec![
        LabelsFault::OneLabel {
            label: Some("female".into()),
            unused: unused(),
        },
        LabelsFault::NoneReadable { unused: unused() },
        LabelsFault::NoPhotographs,
        LabelsFault::NoPairs {
            why: vec![MismatchReason::OtherNames { example: example() }],
            unused: unused(),
        },
        LabelsFault::TooFew { unused: unused() },
        LabelsFault::OrderFlipped,
        LabelsFault::Replaced,
        LabelsFault::NoSuchRow,
        LabelsFault::NoChoice,
        LabelsFault::TableChanged,
    ]
}
