//! Why a table of labels or the figures of a check cannot be used.

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
            "Check that the table contains the names and labels of these photographs.",
            "ラベルのある写真がありません。",
            "これらの写真の名前とラベルが表にあることを確認してください。",
        ),
        Error::NotFinite => wording(
            "A score or a label is not a finite number.",
            "Check the numbers in the table of labels.",
            "スコアまたはラベルに、有限の数値でないものがあります。",
            "ラベルの表の数値を確認してください。",
        ),
        Error::Lengths { .. } => wording(
            "The number of scores differs from the number of labels.",
            "Start the check again.",
            "スコアとラベルの数が一致しません。",
            "もう一度実行してください。",
        ),
        Error::NotText => wording(
            "The table of labels cannot be decoded: it is not valid UTF-8, UTF-16, CP932, EUC-JP or CP1252.",
            "Save it as \"CSV UTF-8\".",
            "ラベルの表の文字コードを判別できません。UTF-8、UTF-16、CP932、EUC-JP、CP1252のいずれでもありません。",
            "「CSV UTF-8」として保存してください。",
        ),
        Error::Document(what) => wording(
            format!("The table of labels is {what}, not a table as text."),
            match what.is_for_spreadsheets() {
                true => "Open it in a spreadsheet program and save it as \"CSV UTF-8\".",
                false => "Export it as CSV in UTF-8 from the program that wrote it.",
            },
            format!(
                "ラベルの表がテキストの表ではありません({})。",
                document_ja(*what)
            ),
            match what.is_for_spreadsheets() {
                true => "表計算ソフトで開き、「CSV UTF-8」として保存してください。",
                false => "作成したソフトウェアからUTF-8のCSVに書き出してください。",
            },
        ),
        Error::OpenQuote { line } => wording(
            format!("A quotation mark in line {line} of the table of labels is not closed."),
            "Close it, or save the table again with a spreadsheet program.",
            format!("ラベルの表の{line}行目の引用符が閉じられていません。"),
            "引用符を閉じるか、表計算ソフトから保存し直してください。",
        ),
        Error::NoRows => wording(
            "The table of labels is empty.",
            "Add a header line, such as image,person,age,sex, and one line per photograph.",
            "ラベルの表が空です。",
            "1行目に列名(image,person,age,sex など)を、2行目以降に写真ごとの行を入力してください。",
        ),
        Error::NoHeader { image } => wording(
            format!(
                "The table of labels has no header line: its first line is that of the photograph {image}."
            ),
            "Add a header line, such as image,person,age,sex.",
            format!("ラベルの表に列名の行がありません。1行目は写真 {image} の行です。"),
            "1行目に列名(image,person,age,sex など)を追加してください。",
        ),
        Error::NoSuchColumn { desired, .. } => wording(
            format!("The table of labels has no column {desired}."),
            "Choose one of its columns.",
            format!("ラベルの表に列 {desired} がありません。"),
            "表にある列を選んでください。",
        ),
        Error::NoSuchLabel { word, .. } => wording(
            format!("{word} is not a label of the model."),
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
                    format!("No column of the table of labels has a recognised name for {en}."),
                    "Select the column on this page.",
                    format!("ラベルの表に、{ja}の列と認識できる列がありません。"),
                    "このページで列を選んでください。",
                ),
                Ambiguity::Several | Ambiguity::SeveralOfImages | Ambiguity::OthersMatch => {
                    wording(
                        format!("More than one column of the table of labels could contain {en}."),
                        "Select the right one on this page.",
                        format!("ラベルの表に、{ja}の列と考えられる列が複数あります。"),
                        "このページで正しい列を選んでください。",
                    )
                }
            }
        }
        Question::Values(ValuesQuestion { column, .. }) => wording(
            format!("The meaning of some values in the column {column} is unknown."),
            "Select the label for each of them on this page.",
            format!("列 {column} に、意味の分からない値があります。"),
            "このページで、それぞれに対応するラベルを選んでください。",
        ),
        Question::LeadingZeros {
            photographs,
            example: (name, photograph),
        } => wording(
            format!(
                "No photograph has a row in the table of labels. If leading zeros, which spreadsheets remove, are ignored, {photographs} match, such as {name} and {photograph}."
            ),
            "Choose on this page whether to ignore leading zeros.",
            format!(
                "ラベルの表に、対応する写真の行がありません。先頭の0を無視すると{photographs}枚が対応します(例: {name} と {photograph})。表計算ソフトは先頭の0を削除することがあります。"
            ),
            "先頭の0を無視するかどうかを、このページで選んでください。",
        ),
    }
}

/// The kind of a file that is not text.
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
        Document::Json => "JSON文書",
        Document::Spss => "SPSSのファイル(SAV)",
        Document::Stata => "Stataのファイル(DTA)",
        Document::Parquet => "Parquetファイル",
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
