//! Faults of a check of the preprocessing: its table of labels, and the use of what it found.

use super::{Said, said};
use crate::evaluation::{Document, Hindrance, Role, Unused};
use crate::text::Lang;
use crate::text::labels::{not_used, role_words};

/// Why labelled photographs cannot be used, or a setting not be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelsFault {
    /// All labelled photographs have the same label.
    OneLabel {
        label: Option<String>,
        unused: Vec<(Unused, usize)>,
    },
    /// No photograph has a label.
    NoneLabelled,
    NotFinite,
    /// As many scores as labels are needed.
    Lengths,
    NotText,
    /// The table is a file of another kind.
    Document {
        what: Document,
    },
    /// A quotation mark that is never closed.
    OpenQuote {
        line: usize,
    },
    NoRows,
    /// The first line names a photograph, not columns.
    NoHeader {
        image: String,
    },
    /// No row says anything usable.
    NoneReadable {
        unused: Vec<(Unused, usize)>,
    },
    /// A column was asked for that the table does not have.
    NoSuchColumn {
        wanted: String,
    },
    /// A value was given a meaning that is none of the card's labels.
    NoSuchLabel {
        word: String,
    },
    /// Only the user can tell which column holds it.
    Column {
        role: Role,
        /// More than one could be meant.
        several: bool,
    },
    /// Only the user can tell what the values of a column mean.
    Values {
        column: String,
    },
    /// The names match only without leading zeros.
    LeadingZeros {
        photographs: usize,
        example: (String, String),
    },
    /// There is no photograph in what was given.
    NoPhotographs,
    /// Photographs and table have no name in common.
    NoPairs {
        why: Vec<Hindrance>,
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
    pub(super) fn said(&self) -> Said {
        match self {
            Self::OneLabel { label, unused } => {
                let which = label.as_ref().map_or(String::new(), |l| format!(": {l}"));
                said(
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
                "The text of the table of labels cannot be read: it is neither whole UTF-8 or UTF-16 nor CP932, EUC-JP or CP1252.",
                "Save it as \"CSV UTF-8\".",
                "ラベルの表の文字を読み取れません。UTF-8、UTF-16、CP932、EUC-JP、CP1252のいずれでもありません。",
                "「CSV UTF-8」として保存してください。",
            ),
            Self::Document { what } => said(
                format!("The table of labels is {what}, not text."),
                "Open it in a spreadsheet program and save it as \"CSV UTF-8\".",
                format!(
                    "ラベルの表がテキストではありません({})。",
                    document_ja(*what)
                ),
                "表計算ソフトで開き、「CSV UTF-8」として保存してください。",
            ),
            Self::OpenQuote { line } => said(
                format!("A quotation mark in line {line} of the table of labels is never closed."),
                "Close it, or save the table again from a spreadsheet program.",
                format!("ラベルの表の{line}行目の引用符が閉じられていません。"),
                "引用符を閉じるか、表計算ソフトから保存し直してください。",
            ),
            Self::NoRows => said(
                "The table of labels is empty.",
                "Give it a first line of names, such as image,person,age,sex, and a line for each photograph.",
                "ラベルの表が空です。",
                "1行目に列の名前(image,person,age,sex など)、その下に写真ごとの行を入れてください。",
            ),
            Self::NoHeader { image } => said(
                format!(
                    "The table of labels has no line of names at its head: its first line names the photograph {image}."
                ),
                "Add a first line of names, such as image,person,age,sex.",
                format!("ラベルの表に列の名前の行がありません。1行目は写真 {image} の行です。"),
                "1行目に列の名前(image,person,age,sex など)を加えてください。",
            ),
            Self::NoneReadable { unused } => said(
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
            Self::NoSuchColumn { wanted } => said(
                format!("The table of labels has no column {wanted}."),
                "Choose one of its columns.",
                format!("ラベルの表に列 {wanted} がありません。"),
                "表にある列を選んでください。",
            ),
            Self::NoSuchLabel { word } => said(
                format!("{word} is none of the model's labels."),
                "Choose one of its labels.",
                format!("{word} はモデルのラベルではありません。"),
                "モデルのラベルから選んでください。",
            ),
            Self::Column { role, several } => {
                let (en, ja) = role_words(*role);
                match several {
                    false => said(
                        format!("No column of the table of labels has a usual name for {en}."),
                        "Say on this page which one it is.",
                        format!("ラベルの表に、{ja}の列として一般的な名前の列がありません。"),
                        "どの列か、このページで選んでください。",
                    ),
                    true => said(
                        format!("More than one column of the table of labels could hold {en}."),
                        "Say on this page which one is meant.",
                        format!("ラベルの表に、{ja}の列と考えられる列が複数あります。"),
                        "どの列か、このページで選んでください。",
                    ),
                }
            }
            Self::Values { column } => said(
                format!("What some values of the column {column} mean is not known."),
                "Say on this page which label each of them is.",
                format!("列 {column} に、意味の分からない値があります。"),
                "それぞれがどのラベルか、このページで選んでください。",
            ),
            Self::LeadingZeros {
                photographs,
                example: (name, photograph),
            } => said(
                format!(
                    "No photograph has a row in the table of labels. Without leading zeros, which spreadsheets drop, {photographs} would match, such as {name} and {photograph}."
                ),
                "Say on this page whether they are the same.",
                format!(
                    "ラベルの表に、対応する写真の行がありません。先頭の0を無視すると{photographs}枚が対応します(例: {name} と {photograph})。表計算ソフトは先頭の0を消すことがあります。"
                ),
                "同じものかどうか、このページで選んでください。",
            ),
            Self::NoPhotographs => said(
                "There is no photograph in the folder.",
                "Choose the folder of the photographs.",
                "フォルダーに写真がありません。",
                "写真のフォルダーを選んでください。",
            ),
            Self::NoPairs { why, unused } => said(
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
            Self::TooFew { unused } => said(
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
            Self::OrderFlipped => said(
                "Under this setting the order of the two labels is flipped, and the card was not changed.",
                "Say whether to exchange the labels in the card when you use the setting.",
                "この設定では2つのラベルの順序が逆になるため、カードは変更していません。",
                "設定を使用するときに、カードのラベルを入れ替えるかどうかを選んでください。",
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
                "ラベル付き写真を増やして確認してください。",
            ),
        }
    }
}

/// The kind of a file that is no text.
fn document_ja(what: Document) -> &'static str {
    match what {
        Document::Xls => "Excelブック(XLS)",
        Document::Xlsx => "Excelブック(XLSX)",
        Document::Ods => "OpenDocumentスプレッドシート(ODS)",
        Document::Zip => "ZIPアーカイブまたはブック(XLSX、ODS、Numbers)",
        Document::Gz => "圧縮ファイル(GZ)",
        Document::Pdf => "PDF文書",
        Document::Rtf => "RTF文書",
        Document::Html => "ウェブページ(HTML)",
        Document::Xml => "XML文書",
    }
}

/// A sentence and what was not used.
fn with(sentence: String, unused: &[(Unused, usize)], lang: Lang) -> String {
    join([sentence, not_used(unused, lang)], lang)
}

/// A sentence and its reasons.
fn reasons(sentence: &str, why: &[Hindrance], lang: Lang) -> String {
    let reasons = why.iter().map(|h| h.said(lang));
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
    let column = |role, several| LabelsFault::Column { role, several };
    vec![
        LabelsFault::OneLabel {
            label: Some("female".into()),
            unused: unused(),
        },
        LabelsFault::NoneLabelled,
        LabelsFault::NotFinite,
        LabelsFault::Lengths,
        LabelsFault::NotText,
        LabelsFault::Document {
            what: Document::Xlsx,
        },
        LabelsFault::OpenQuote { line: 3 },
        LabelsFault::NoRows,
        LabelsFault::NoHeader {
            image: "a.jpg".into(),
        },
        LabelsFault::NoneReadable { unused: unused() },
        LabelsFault::NoSuchColumn {
            wanted: "sex".into(),
        },
        LabelsFault::NoSuchLabel {
            word: "Blue".into(),
        },
        column(Role::Image, true),
        column(Role::Person, true),
        column(Role::Sex, false),
        column(Role::Age, true),
        column(Role::Label, false),
        LabelsFault::Values {
            column: "sex".into(),
        },
        LabelsFault::LeadingZeros {
            photographs: 8,
            example: example(),
        },
        LabelsFault::NoPhotographs,
        LabelsFault::NoPairs {
            why: vec![Hindrance::OtherNames { example: example() }],
            unused: unused(),
        },
        LabelsFault::TooFew { unused: unused() },
        LabelsFault::OrderFlipped,
        LabelsFault::Replaced,
        LabelsFault::NoSuchRow,
        LabelsFault::NoChoice,
    ]
}
