//! Faults of a check of the preprocessing: photographs that cannot be paired or counted, and the use of what it found.

use super::{FaultText, wording};
use crate::evaluation::{MismatchReason, Unused};
use crate::text::Lang;
use crate::text::labels::not_used;

/// Why labelled photographs cannot be used, or a setting not be taken over.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum LabelsFault {
    /// All labelled photographs have the same label.
    OneLabel {
        label: Option<String>,
        unused: Vec<(Unused, usize)>,
    },
    /// No row says anything usable.
    NoneReadable {
        unused: Vec<(Unused, usize)>,
    },
    /// There is no photograph in what was given.
    NoPhotographs,
    /// Photographs and table have no name in common.
    NoPairs {
        why: Vec<MismatchReason>,
        unused: Vec<(Unused, usize)>,
    },
    /// What could be used allows no figure.
    TooFew {
        unused: Vec<(Unused, usize)>,
    },
    /// The order of the two labels is flipped, and nobody said whether to exchange them.
    OrderFlipped,
    /// The model was replaced since the check.
    Replaced,
    NoSuchRow,
    /// The photographs allow no choice between settings.
    NoChoice,
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
                    "Add photographs with the other label, or see why its rows were not used.",
                    with(
                        format!("ラベル付き写真のラベルがすべて同じです{which}。"),
                        unused,
                        Lang::Ja,
                    ),
                    "もう一方のラベルの写真を加えるか、使わなかった行の理由を確かめてください。",
                )
            }
            Self::NoneReadable { unused } => wording(
                with(
                    "No row of the table of labels says anything usable.".into(),
                    unused,
                    Lang::En,
                ),
                "See the reasons, and choose another column or mend the table.",
                with(
                    "ラベルの表に、使える行がありません。".into(),
                    unused,
                    Lang::Ja,
                ),
                "理由を確かめ、別の列を選ぶか、表を直してください。",
            ),
            Self::NoPhotographs => wording(
                "There is no photograph in the folder.",
                "Choose the folder of the photographs.",
                "フォルダーに写真がありません。",
                "写真のフォルダーを選んでください。",
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
                "The column of images names each photograph by its path below the folder, or by its file name.",
                with(
                    reasons(
                        "ラベルの表に、対応する写真の行がありません。",
                        why,
                        Lang::Ja,
                    ),
                    unused,
                    Lang::Ja,
                ),
                "画像の列には、フォルダーからのパスまたはファイル名を入れてください。",
            ),
            Self::TooFew { unused } => wording(
                with(
                    "The photographs that could be used allow no figure.".into(),
                    unused,
                    Lang::En,
                ),
                "See the reasons, or add labelled photographs.",
                with(
                    "使えた写真だけでは値を求められません。".into(),
                    unused,
                    Lang::Ja,
                ),
                "理由を確かめるか、ラベル付き写真を加えてください。",
            ),
            Self::OrderFlipped => wording(
                "Under this setting the order of the two labels is flipped, and the card was not changed.",
                "Say whether to exchange the labels in the card when you use the setting.",
                "この設定では2つのラベルの順序が逆になるため、カードは変更していません。",
                "設定を使用するときに、カードのラベルを入れ替えるかどうかを選んでください。",
            ),
            Self::Replaced => wording(
                "The model was replaced since it was checked.",
                "Check it again.",
                "確認の後にモデルが置き換えられています。",
                "もう一度確認してください。",
            ),
            Self::NoSuchRow => wording(
                "The table has no such row.",
                "Choose a row of the table.",
                "指定の行は表にありません。",
                "表の行を選んでください。",
            ),
            Self::NoChoice => wording(
                "These photographs allow no choice, so the card was not changed.",
                "Check with more labelled photographs.",
                "これらの写真からは選べないため、カードは変更していません。",
                "ラベル付き写真を増やして確認してください。",
            ),
        }
    }
}

/// A sentence and what was not used.
fn with(sentence: String, unused: &[(Unused, usize)], lang: Lang) -> String {
    join([sentence, not_used(unused, lang)], lang)
}

/// A sentence and its reasons.
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
    ]
}
