//! Why a table of labels or the figures of a check cannot be used.

use super::labels::LabelsFault;
use super::{FaultText, wording};
use crate::domain::RowsPer;
use crate::evaluation::{
    Ambiguity, Document, Error, MAX_ROWS, Question, RowsQuestion, ValuesQuestion,
};
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
            format!("The table of labels is {what}, which cannot be read."),
            match what.is_for_spreadsheets() {
                true if *what == Document::Encrypted => {
                    "Open it with its password and save it without one."
                }
                true => "Open it in a spreadsheet program and save it as XLSX or \"CSV UTF-8\".",
                false => "Export it as CSV in UTF-8 from the program that wrote it.",
            },
            format!("ラベルの表を読み込めません({})。", document_ja(*what)),
            match what.is_for_spreadsheets() {
                true if *what == Document::Encrypted => {
                    "パスワードを入力して開き、パスワードなしで保存してください。"
                }
                true => "表計算ソフトで開き、XLSXまたは「CSV UTF-8」として保存してください。",
                false => "作成したソフトウェアからUTF-8のCSVに書き出してください。",
            },
        ),
        Error::OpenQuote { line } => wording(
            format!("A quotation mark in line {line} of the table of labels is not closed."),
            "Close it, or save the table again with a spreadsheet program.",
            format!("ラベルの表の{line}行目の引用符が閉じられていません。"),
            "引用符を閉じるか、表計算ソフトから保存し直してください。",
        ),
        Error::BrokenWorkbook(what) => wording(
            format!("The table of labels, {what}, is damaged."),
            "Open it in a spreadsheet program and save it again.",
            format!("ラベルの表({})が壊れています。", document_ja(*what)),
            "表計算ソフトで開き、保存し直してください。",
        ),
        Error::TooManyRows => wording(
            format!("The table of labels has more than {MAX_ROWS} rows."),
            "Divide it into several tables.",
            format!("ラベルの表が{MAX_ROWS}行を超えています。"),
            "表を分割してください。",
        ),
        Error::TooManyCells => wording(
            "The table of labels has too many cells to be read.",
            "Keep only the columns that are needed, and save it again.",
            "ラベルの表のセルが多すぎて読み込めません。",
            "必要な列だけを残して保存し直してください。",
        ),
        Error::NoSuchSheet { desired, .. } => wording(
            format!("The workbook has no sheet {desired}."),
            "Choose one of its sheets.",
            format!("ブックにシート {desired} がありません。"),
            "ブックにあるシートを選んでください。",
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
        Question::Sheet { .. } => wording(
            "More than one sheet of the workbook could be the table of labels.",
            "Select the right one on this page.",
            "ラベルの表と考えられるシートが複数あります。",
            "このページで正しいシートを選んでください。",
        ),
        Question::RowsPer(RowsQuestion {
            per,
            photographs,
            example: (name, photograph),
            ..
        }) => {
            let (en, ja) = match per {
                RowsPer::Eye => ("eye", "1眼"),
                RowsPer::Person | RowsPer::Photograph => ("person", "被検者1人"),
            };
            wording(
                format!(
                    "No photograph has a row of its own. With one row per {en}, {photographs} photographs have one, such as {photograph} that of {name}."
                ),
                "Choose on this page what a row is about.",
                format!(
                    "写真ごとの行がありません。{ja}につき1行の表とすると、{photographs}枚の写真に行があります(例: {photograph} に {name} の行)。"
                ),
                "1行が何を表すかを、このページで選んでください。",
            )
        }
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
        Document::Encrypted => "パスワード付きのブック",
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
        Error::BrokenWorkbook(Document::Xlsx),
        Error::TooManyRows,
        Error::TooManyCells,
        Error::NoSuchSheet {
            desired: "2024".into(),
            found: Vec::new(),
        },
        Error::Question(Question::Sheet { found: Vec::new() }),
        Error::Question(Question::RowsPer(RowsQuestion {
            per: RowsPer::Person,
            column: "patient".into(),
            photographs: 8,
            rows: 4,
            example: ("12".into(), "12_left.jpg".into()),
        })),
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
