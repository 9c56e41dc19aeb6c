//! Texts of the page of labels: how a table is read, and what it says about the photographs.

use super::{Lang, Texts};
use crate::domain::Role;
use crate::evaluation::{LabelList, RowsPer, RowsQuestion, TableInterpretation};
use crate::text::labels::role_words;

texts! {
    labels_sheet: "Labels of the photographs", "写真のラベル";
    labels_open: "Labels from a table...", "表からラベルを読み込む…";
    labels_open_tip: "Recorded sex, age and more for the photographs in the list", "一覧の写真に、記録上の性別や年齢などを対応づける";
    labels_intro: "A table (CSV, Excel, OpenDocument) says what is recorded about each photograph. Check how it is read, then confirm it once.", "写真ごとの記録を表(CSV・Excel・OpenDocument)から読み込みます。読み取り方を確認し、一度だけ確定してください。";
    labels_reading: "Reading the table...", "表を読み込み中…";
    labels_changed: "The table was changed since it was last read. Check it again before you confirm it.", "前回の読み込みの後に、表が変更されました。確認してから確定してください。";
    labels_answer_first: "Answer the questions about the table first.", "先に、表についての質問に回答してください。";
    labels_choose_first: "Choose the table of labels first.", "先に、ラベルの表を選んでください。";
    labels_no_photographs: "Open the photographs first.", "先に、写真を開いてください。";
    labels_not_readable: "The table cannot be read as it is.", "このままでは表を読み取れません。";
    labels_columns: "Columns of the table", "表の列";
    labels_holds: "Holds", "内容";
    labels_found: "What the table says", "読み取った内容";
    labels_first: "The first matches", "最初の対応例";
    labels_save: "Save as CSV...", "CSVで保存…";
    labels_confirm: "Use these labels", "このラベルを使用";
    labels_confirmed: "These labels are confirmed.", "このラベルで確定しました。";
    check_which_sheet: "Which sheet of the workbook is the table?", "ラベルの表はどのシートですか?";
}

impl Texts {
    /// What a column holds, for a choice.
    pub const fn role(self, role: Option<Role>) -> &'static str {
        let (en, ja) = match role {
            None => ("not used", "使用しない"),
            Some(Role::Image) => ("photograph", "写真"),
            Some(Role::ImageRight) => ("photograph of the right eye", "右眼の写真"),
            Some(Role::ImageLeft) => ("photograph of the left eye", "左眼の写真"),
            Some(Role::Person) => ("person", "被検者"),
            Some(Role::Eye) => ("eye", "眼の左右"),
            Some(Role::Sex) => ("recorded sex", "記録上の性別"),
            Some(Role::Age) => ("age", "年齢"),
            Some(Role::Label) => ("label of the model", "モデルのラベル"),
            Some(Role::Covariate) => ("further value, kept", "その他(保持する)"),
        };
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    /// What one row is about, for a choice.
    pub const fn rows_per(self, per: RowsPer) -> &'static str {
        let (en, ja) = match per {
            RowsPer::Photograph => ("one row per photograph", "写真1枚につき1行"),
            RowsPer::Eye => ("one row per eye", "1眼につき1行"),
            RowsPer::Person => ("one row per person", "被検者1人につき1行"),
        };
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    /// What the names of photographs suggest about the rows.
    pub fn check_which_rows(self, rows: &RowsQuestion) -> String {
        let (name, photograph) = &rows.example;
        let (count, column) = (rows.photographs, &rows.column);
        match self.0 {
            Lang::En => format!(
                "No photograph has a row of its own. {count} have one by the column {column}, such as {photograph} by {name}."
            ),
            Lang::Ja => format!(
                "写真ごとの行がありません。列 {column} では{count}枚に行があります(例: {photograph} に {name})。"
            ),
        }
    }

    /// How the table was found: encoding or sheet, its header, and what a row is about.
    pub fn labels_form(self, read: &TableInterpretation) -> String {
        let form = &read.form;
        let delimiter = match (self.0, form.delimiter) {
            (Lang::En, Some(',')) => "commas",
            (Lang::En, Some(';')) => "semicolons",
            (Lang::En, Some('\t')) => "tabs",
            (Lang::En, _) => "other separators",
            (Lang::Ja, Some(',')) => "カンマ区切り",
            (Lang::Ja, Some(';')) => "セミコロン区切り",
            (Lang::Ja, Some('\t')) => "タブ区切り",
            (Lang::Ja, _) => "その他の区切り",
        };
        let mut parts = match (self.0, form.encoding, &form.sheet) {
            (_, Some(encoding), _) => vec![encoding.as_str().to_owned(), delimiter.to_owned()],
            (Lang::En, None, Some(sheet)) => vec![format!("sheet {sheet}")],
            (Lang::Ja, None, Some(sheet)) => vec![format!("シート {sheet}")],
            (_, None, None) => Vec::new(),
        };
        let (line, lines) = (form.header_line, form.header_lines);
        parts.push(match (self.0, lines) {
            (Lang::En, 2) => format!("column names in lines {line} and {}", line + 1),
            (Lang::En, _) => format!("column names in line {line}"),
            (Lang::Ja, 2) => format!("列名は{line}〜{}行目", line + 1),
            (Lang::Ja, _) => format!("列名は{line}行目"),
        });
        parts.push(self.rows_per(read.rows_per).to_owned());
        match self.0 {
            Lang::En => format!("Read as: {}.", parts.join(", ")),
            Lang::Ja => format!("読み取り方: {}。", parts.join("、")),
        }
    }

    /// Photographs with a row, of all.
    pub fn labels_matched(self, matched: usize, of: usize) -> String {
        match self.0 {
            Lang::En => format!("{matched} of {of} photographs have a row."),
            Lang::Ja => format!("写真{of}枚のうち{matched}枚に行があります。"),
        }
    }

    /// Photographs with a value: each label, and how many state it in their DICOM tags.
    pub fn labels_counted(
        self,
        role: Role,
        count: usize,
        each: &[(String, usize)],
        dicom: usize,
    ) -> String {
        let each: Vec<String> = each
            .iter()
            .map(|(label, count)| format!("{label} {count}"))
            .collect();
        let (en, ja) = role_words(role);
        let name = match (self.0, role) {
            (Lang::En, Role::Sex) => "Recorded sex",
            (Lang::En, Role::Age) => "Age",
            (Lang::En, Role::Label) => "Label",
            (Lang::En, _) => en,
            (Lang::Ja, _) => ja,
        };
        let mut parts = vec![match self.0 {
            Lang::En if count == 1 => "1 photograph".to_owned(),
            Lang::En => format!("{count} photographs"),
            Lang::Ja => format!("{count}枚"),
        }];
        if !each.is_empty() {
            parts.push(each.join(self.comma()));
        }
        if dicom > 0 {
            parts.push(match self.0 {
                Lang::En => format!("{dicom} from DICOM tags"),
                Lang::Ja => format!("うちDICOMタグ {dicom}枚"),
            });
        }
        match self.0 {
            Lang::En => format!("{name}: {}.", parts.join("; ")),
            Lang::Ja => format!("{name}: {}。", parts.join("、")),
        }
    }

    /// Every photograph has the same label.
    pub fn labels_one_label(self, label: &str) -> String {
        match self.0 {
            Lang::En => format!("All have the same label, {label}: agreement cannot be computed."),
            Lang::Ja => format!("ラベルがすべて {label} のため、一致度を計算できません。"),
        }
    }

    /// Rows that repeat the same information.
    pub fn labels_repeated(self, rows: usize) -> String {
        match self.0 {
            Lang::En => format!("Rows that repeat another and count once: {rows}."),
            Lang::Ja => format!("同じ内容の重複行(1行と数える): {rows}行。"),
        }
    }

    /// Meanings of values.
    pub fn labels_values(self, values: &[(&str, Option<&str>)]) -> String {
        let meaning = |label: &Option<&str>| label.unwrap_or(self.check_leave_out()).to_owned();
        let values: Vec<String> = values
            .iter()
            .map(|(value, label)| format!("{value} = {}", meaning(label)))
            .collect();
        let values = values.join(self.comma());
        match self.0 {
            Lang::En => format!("Values: {values}."),
            Lang::Ja => format!("値: {values}。"),
        }
    }

    /// A line of the table.
    pub fn labels_line(self, line: usize) -> String {
        match self.0 {
            Lang::En => format!("line {line}"),
            Lang::Ja => format!("{line}行目"),
        }
    }

    /// A person of the table.
    pub fn labels_person(self, person: &str) -> String {
        match self.0 {
            Lang::En => format!("person {person}"),
            Lang::Ja => format!("被検者 {person}"),
        }
    }

    /// What a list holds.
    pub const fn label_list(self, list: LabelList) -> &'static str {
        let (en, ja) = match list {
            LabelList::WithoutRow => ("Photographs without a row", "行のない写真"),
            LabelList::WithoutPhotograph => ("Rows without a photograph", "写真のない行"),
            LabelList::Ambiguous => (
                "Names with several matches or contradicting rows",
                "複数に一致する名前・内容が矛盾する行",
            ),
            LabelList::Unreadable => ("Cells that cannot be read", "読み取れないセル"),
        };
        match self.0 {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}
