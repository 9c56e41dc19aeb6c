//! Faults of a check of the preprocessing: its table of labels, and the use of what it found.

use super::{Said, said};

/// Why labelled photographs cannot be used, or a setting not be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelsFault {
    /// All labelled photographs have the same label.
    OneLabel,
    /// No photograph has a label.
    NoneLabelled,
    NotFinite,
    /// As many scores as labels are needed.
    Lengths,
    NotText,
    NoRows,
    NoColumn {
        wanted: String,
    },
    ColumnTwice {
        name: String,
    },
    /// Photographs and table have no name in common.
    NoPairs,
    /// The model was replaced since the check.
    Replaced,
    NoSuchRow,
    /// The photographs allow no choice between settings.
    NoChoice,
}

impl LabelsFault {
    pub(super) fn said(&self) -> Said {
        match self {
            Self::OneLabel => said(
                "All labelled photographs have the same label.",
                "Add photographs with the other label.",
                "ラベルつき写真のラベルがすべて同じです。",
                "もう一方のラベルの写真を加えてください。",
            ),
            Self::NoneLabelled => said(
                "No photograph has a label.",
                "Check that the table names these photographs and says their labels.",
                "ラベルのある写真がありません。",
                "これらの写真の名前とラベルが表にあるか確かめてください。",
            ),
            Self::NotFinite => said(
                "A score or a label is not a finite number.",
                "Check the figures in the table of labels.",
                "スコアまたはラベルに、数値として扱えないものがあります。",
                "ラベルの表の数値を確かめてください。",
            ),
            Self::Lengths => said(
                "The number of scores is not the number of labels.",
                "Begin the check again.",
                "スコアとラベルの数が一致しません。",
                "もう一度実行してください。",
            ),
            Self::NotText => said(
                "The table of labels is not UTF-8 text.",
                "Save it as \"CSV UTF-8\".",
                "ラベルの表がUTF-8のテキストではありません。",
                "「CSV UTF-8」として保存してください。",
            ),
            Self::NoRows => said(
                "The table of labels is empty.",
                "Give it a first line of names, such as image,person,age,sex, and a line for each photograph.",
                "ラベルの表が空です。",
                "1行目に列の名前(image,person,age,sex など)、その下に写真ごとの行を入れてください。",
            ),
            Self::NoColumn { wanted } => said(
                format!("The table of labels needs a column {wanted}."),
                "Name it in the first line, such as image,person,age,sex.",
                format!("ラベルの表に列 {wanted} が必要です。"),
                "1行目に列の名前(image,person,age,sex など)を入れてください。",
            ),
            Self::ColumnTwice { name } => said(
                format!("The table of labels has more than one column {name}."),
                "Keep one of them.",
                format!("ラベルの表に列 {name} が複数あります。"),
                "1つだけ残してください。",
            ),
            Self::NoPairs => said(
                "No photograph has a row in the table of labels.",
                "The column image names each photograph by its path below the folder, or by its file name.",
                "ラベルの表に、対応する写真の行がありません。",
                "列 image には、フォルダーからのパスまたはファイル名を入れてください。",
            ),
            Self::Replaced => said(
                "The model was replaced since it was checked.",
                "Check it again.",
                "確認の後にモデルが置き換えられています。",
                "もう一度確認してください。",
            ),
            Self::NoSuchRow => said(
                "The table has no such row.",
                "Choose a row of the table.",
                "指定の行は表にありません。",
                "表の行を選んでください。",
            ),
            Self::NoChoice => said(
                "These photographs allow no choice, so the card was not changed.",
                "Check with more labelled photographs.",
                "これらの写真からは選べないため、カードは変更していません。",
                "ラベルつき写真を増やして確認してください。",
            ),
        }
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<LabelsFault> {
    vec![
        LabelsFault::OneLabel,
        LabelsFault::NoneLabelled,
        LabelsFault::NotFinite,
        LabelsFault::Lengths,
        LabelsFault::NotText,
        LabelsFault::NoRows,
        LabelsFault::NoColumn {
            wanted: "sex".into(),
        },
        LabelsFault::ColumnTwice { name: "sex".into() },
        LabelsFault::NoPairs,
        LabelsFault::Replaced,
        LabelsFault::NoSuchRow,
        LabelsFault::NoChoice,
    ]
}
