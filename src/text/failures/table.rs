//! Why a table of labels, or the figures of a check, cannot be used.

use super::labels::LabelsFault;
use super::{FaultText, wording};
use crate::evaluation::{Ambiguity, Document, Error, Question, ValuesQuestion};
use crate::text::labels::role_words;

pub(super) fn of_table(error: &Error) -> FaultText {
    match error {
        Error::OneLabel(_) => LabelsFault::OneLabel {
            label: None,
            unused: Vec::new(),
        }
        .wording(),
        Error::Empty => wording(
            "No photograph has a label.",
            "Check that the table names these photographs and says their labels.",
            "ラベルのある写真がありません。",
            "これらの写真の名前とラベルが表にあるか確かめてください。",
        ),
        Error::NotFinite => wording(
            "A score or a label is not a finite number.",
            "Check the figures in the table of labels.",
            "スコアまたはラベルに、数値として扱えないものがあります。",
            "ラベルの表の数値を確かめてください。",
        ),
        Error::Lengths { .. } => wording(
            "The number of scores is not the number of labels.",
            "Begin the check again.",
            "スコアとラベルの数が一致しません。",
            "もう一度実行してください。",
        ),
        Error::NotText => wording(
            "The text of the table of labels cannot be read: it is neither whole UTF-8 or UTF-16 nor CP932, EUC-JP or CP1252.",
            "Save it as \"CSV UTF-8\".",
            "ラベルの表の文字を読み取れません。UTF-8、UTF-16、CP932、EUC-JP、CP1252のいずれでもありません。",
            "「CSV UTF-8」として保存してください。",
        ),
        Error::Document(what) => wording(
            format!("The table of labels is {what}, not text."),
            "Open it in a spreadsheet program and save it as \"CSV UTF-8\".",
            format!(
                "ラベルの表がテキストではありません({})。",
                document_ja(*what)
            ),
            "表計算ソフトで開き、「CSV UTF-8」として保存してください。",
        ),
        Error::OpenQuote { line } => wording(
            format!("A quotation mark in line {line} of the table of labels is never closed."),
            "Close it, or save the table again from a spreadsheet program.",
            format!("ラベルの表の{line}行目の引用符が閉じられていません。"),
            "引用符を閉じるか、表計算ソフトから保存し直してください。",
        ),
        Error::NoRows => wording(
            "The table of labels is empty.",
            "Give it a first line of names, such as image,person,age,sex, and a line for each photograph.",
            "ラベルの表が空です。",
            "1行目に列の名前(image,person,age,sex など)、その下に写真ごとの行を入れてください。",
        ),
        Error::NoHeader { image } => wording(
            format!(
                "The table of labels has no line of names at its head: its first line names the photograph {image}."
            ),
            "Add a first line of names, such as image,person,age,sex.",
            format!("ラベルの表に列の名前の行がありません。1行目は写真 {image} の行です。"),
            "1行目に列の名前(image,person,age,sex など)を加えてください。",
        ),
        Error::NoSuchColumn { desired, .. } => wording(
            format!("The table of labels has no column {desired}."),
            "Choose one of its columns.",
            format!("ラベルの表に列 {desired} がありません。"),
            "表にある列を選んでください。",
        ),
        Error::NoSuchLabel { word, .. } => wording(
            format!("{word} is none of the model's labels."),
            "Choose one of its labels.",
            format!("{word} はモデルのラベルではありません。"),
            "モデルのラベルから選んでください。",
        ),
        Error::Question(question) => of_question(question),
    }
}

fn of_question(question: &Question) -> FaultText {
    match question {
        Question::Column { role, why, .. } => {
            let (en, ja) = role_words(*role);
            match why {
                Ambiguity::Missing => wording(
                    format!("No column of the table of labels has a usual name for {en}."),
                    "Say on this page which one it is.",
                    format!("ラベルの表に、{ja}の列として一般的な名前の列がありません。"),
                    "どの列か、このページで選んでください。",
                ),
                Ambiguity::Several | Ambiguity::SeveralOfImages | Ambiguity::OthersMatch => {
                    wording(
                        format!("More than one column of the table of labels could hold {en}."),
                        "Say on this page which one is meant.",
                        format!("ラベルの表に、{ja}の列と考えられる列が複数あります。"),
                        "どの列か、このページで選んでください。",
                    )
                }
            }
        }
        Question::Values(ValuesQuestion { column, .. }) => wording(
            format!("What some values of the column {column} mean is not known."),
            "Say on this page which label each of them is.",
            format!("列 {column} に、意味の分からない値があります。"),
            "それぞれがどのラベルか、このページで選んでください。",
        ),
        Question::LeadingZeros {
            photographs,
            example: (name, photograph),
        } => wording(
            format!(
                "No photograph has a row in the table of labels. Without leading zeros, which spreadsheets drop, {photographs} would match, such as {name} and {photograph}."
            ),
            "Say on this page whether they are the same.",
            format!(
                "ラベルの表に、対応する写真の行がありません。先頭の0を無視すると{photographs}枚が対応します(例: {name} と {photograph})。表計算ソフトは先頭の0を消すことがあります。"
            ),
            "同じものかどうか、このページで選んでください。",
        ),
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

#[cfg(test)]
pub(super) fn examples() -> Vec<Error> {
    use strum::{IntoEnumIterator, VariantArray};

    use crate::evaluation::Role;

    let column = |role, why| {
        Error::Question(Question::Column {
            role,
            found: Vec::new(),
            why,
        })
    };
    let labels = || ["female".to_owned(), "male".to_owned()];
    let mut all = vec![
        Error::OneLabel(3),
        Error::Empty,
        Error::NotFinite,
        Error::Lengths {
            scores: 1,
            truths: 2,
        },
        Error::NotText,
        Error::OpenQuote { line: 3 },
        Error::NoRows,
        Error::NoHeader {
            image: "a.jpg".into(),
        },
        Error::NoSuchColumn {
            role: Role::Sex,
            desired: "sex".into(),
            found: Vec::new(),
        },
        Error::NoSuchLabel {
            word: "Blue".into(),
            labels: labels(),
        },
        Error::Question(Question::Values(ValuesQuestion {
            column: "sex".into(),
            labels: labels(),
            values: Vec::new(),
            more: 0,
        })),
        Error::Question(Question::LeadingZeros {
            photographs: 8,
            example: ("12".into(), "00012.jpg".into()),
        }),
    ];
    all.extend(Document::VARIANTS.iter().copied().map(Error::Document));
    for why in [Ambiguity::Missing, Ambiguity::Several] {
        all.extend(Role::iter().map(|role| column(role, why)));
    }
    all
}
