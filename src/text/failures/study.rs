//! Failures of a study: its file, its folder, and what it refers to.

use super::{FaultText, wording};
use crate::domain::Lang;
use crate::domain::foreign::shown;
use crate::domain::listed::listed;
use crate::evaluation::supplement::{
    CalibrateError, FEWEST_OF_A_VALUE, ImputeError, LABELS, MOST_COLUMNS, OF_EACH_LABEL,
};
use crate::text::performance::undefined;

/// Why a study cannot be created, opened, saved or run.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum StudyFault {
    /// The chosen folder holds a study already.
    Exists,
    /// The chosen folder holds files of these names, which a run of the study would replace.
    TablesThere { names: Vec<String> },
    /// The folder of this name holds none.
    Absent { name: String },
    /// Another window or command has it open.
    Held,
    /// The study file cannot be read beyond this line.
    Damaged { line: usize },
    /// A newer version wrote the study file.
    Newer,
    /// The study file has a field that this version does not know.
    UnknownField { field: String },
    /// The study file is another one than was opened.
    Changed,
    /// The folder cannot be written to.
    ReadOnly,
    /// Folders and files of photographs, as the study refers to them, that are not where they were.
    Moved { inputs: Vec<String> },
    /// Folders and files of this name cannot be referred to, because their path is not text.
    NotText { name: String },
    /// The study has no model.
    NoModel,
    /// The study has no labels.
    NoLabels,
    /// The study has no model of this name with two labels; `None` if it has none with two labels at all.
    NoSuchModel { id: Option<String> },
    /// The study does not keep the column of this name; it keeps these.
    ColumnNotKept { name: String, kept: Vec<String> },
    /// The column of this name has more values than subgroups are made of.
    ManySubgroups {
        name: String,
        values: usize,
        most: usize,
    },
    /// The study refers to nothing with this name.
    NotReferredTo { name: String },
    /// All photographs are missing.
    AllMissing,
    /// The table of this name lists no photograph.
    ListsNone { name: String },
    /// The table of this name lists too many photographs.
    ListsTooMany {
        name: String,
        count: usize,
        most: usize,
    },
    /// The folder of this name holds no record of an export.
    NoReplay { name: String },
    /// The folder of this name, chosen for an export, holds photographs of the study.
    AmongPhotographs { name: String },
    /// The folder of this name, chosen for an evaluation, holds a supplement, or the other way round.
    OtherExport { name: String },
    /// The record of an export cannot be read beyond this line.
    ReplayDamaged { line: usize },
    /// The labels do not calibrate the model.
    NoCalibration { why: CalibrateError },
    /// Missing labels cannot be drawn.
    NoDraws { why: ImputeError },
    /// Models that are no longer in the library.
    ModelsMissing { ids: Vec<String> },
    /// Models whose file or card is another one than that of the study, which has all these models.
    ModelsReplaced { ids: Vec<String>, all: Vec<String> },
}

impl StudyFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Exists => wording(
                "The folder already holds a study.",
                "Open that study, or choose another folder for the new one.",
                "このフォルダーにはすでに研究があります。",
                "その研究を開くか、新しい研究用に別のフォルダーを選んでください。",
            ),
            Self::TablesThere { names } => {
                let [en, ja] = named(names);
                wording(
                    format!("The folder already holds files that a study would replace: {en}."),
                    "Choose another folder for the study, or move these files elsewhere.",
                    format!("研究の結果で上書きされるファイルがフォルダーにあります: {ja}。"),
                    "別のフォルダーを選ぶか、これらのファイルを移してください。",
                )
            }
            Self::Absent { name } => wording(
                format!("The folder {} holds no study.", shown(name)),
                "Choose the folder that holds gantei-study.json, or create a new study.",
                format!("フォルダー {} に研究のファイルがありません。", shown(name)),
                "gantei-study.json のあるフォルダーを選ぶか、新しい研究を作成してください。",
            ),
            Self::Held => wording(
                "The study is open in another window, or a run is in progress.",
                "Close it there, or wait until the run has finished.",
                "研究は別のウィンドウで開かれているか、解析中です。",
                "そのウィンドウで閉じるか、解析の終了を待ってください。",
            ),
            Self::Damaged { line } => wording(
                format!("The study file gantei-study.json is damaged in line {line}."),
                "Put an earlier copy of it back. The answers in the folder are not affected.",
                format!("研究のファイル gantei-study.json は{line}行目が壊れています。"),
                "以前のコピーに戻してください。フォルダー内の解析結果には影響ありません。",
            ),
            Self::Newer => wording(
                "The study was saved by a newer version of Gantei.",
                "Install the newest version of Gantei and open the study again.",
                "この研究は、より新しいバージョンのGanteiで保存されています。",
                "最新のGanteiをインストールして、もう一度開いてください。",
            ),
            Self::UnknownField { field } => wording(
                format!("The study file has an unknown field: {}.", shown(field)),
                "Correct it if you added it. Otherwise install the newest version of Gantei.",
                format!("研究のファイルに未知の項目があります: {}。", shown(field)),
                "ご自分で加えた項目なら直してください。それ以外は最新のGanteiで開いてください。",
            ),
            Self::Changed => wording(
                "The study file was changed by another program since it was opened.",
                "Open the study again and repeat the last change.",
                "研究のファイルは、開いた後に他のプログラムで変更されました。",
                "研究を開き直して、最後の変更をもう一度行ってください。",
            ),
            Self::ReadOnly => wording(
                "The folder of the study cannot be written to.",
                "Copy the folder to a place with write permission and open it there.",
                "研究のフォルダーに書き込めません。",
                "書き込み可能な場所にフォルダーをコピーして、そこで開いてください。",
            ),
            Self::Moved { inputs } => {
                let [en, ja] = named(inputs);
                wording(
                    format!("Photographs of the study were not found: {en}."),
                    "Connect their disk or network drive, or state where they are now.",
                    format!("研究の写真が見つかりません: {ja}。"),
                    "ディスクやネットワークドライブを接続するか、現在の場所を指定してください。",
                )
            }
            Self::NotText { name } => wording(
                format!(
                    "A study cannot refer to {}: its path has characters that are not text.",
                    shown(name)
                ),
                "Rename the file or folder and choose it again.",
                format!(
                    "{} のパスには文字として扱えない部分があります。",
                    shown(name)
                ),
                "ファイルまたはフォルダーの名前を変更して、もう一度選んでください。",
            ),
            Self::NoModel => wording(
                "The study has no model.",
                "Choose at least one model.",
                "研究にモデルが選ばれていません。",
                "モデルを1つ以上選んでください。",
            ),
            Self::NoLabels => wording(
                "The study has no labels.",
                "Read a table of labels into the study first.",
                "研究にラベルがありません。",
                "先にラベルの表を研究に読み込んでください。",
            ),
            Self::NoSuchModel { id: Some(id) } => {
                let id = shown(id);
                wording(
                    format!("The study has no model {id} with two labels."),
                    "Choose a model of the study with two labels.",
                    format!("研究に、2つのラベルを持つモデル{id}がありません。"),
                    "2つのラベルを持つ研究のモデルを選んでください。",
                )
            }
            Self::NoSuchModel { id: None } => wording(
                "No model of the study has two labels.",
                "Add a model with two labels to the study and run it.",
                "研究に、2つのラベルを持つモデルがありません。",
                "2つのラベルを持つモデルを研究に加えて実行してください。",
            ),
            Self::ColumnNotKept { name, kept } => {
                let ([en, ja], name) = (named(kept), shown(name));
                wording(
                    format!("The study keeps no column {name}. Known: {en}."),
                    "Name one of these, or read the table again and keep the column.",
                    format!("研究に列{name}がありません。使用できる列: {ja}。"),
                    "これらの列を選ぶか、表を読み込み直してその列を残してください。",
                )
            }
            Self::ManySubgroups { name, values, most } => {
                let name = shown(name);
                wording(
                    format!(
                        "The column {name} has {values} values; at most {most} make subgroups."
                    ),
                    "Choose another column, or put its values into groups in the table.",
                    format!("列{name}の値は{values}種類です。サブグループは{most}個までです。"),
                    "別の列を選ぶか、表で値をまとめてください。",
                )
            }
            Self::NotReferredTo { name } => {
                let name = shown(name);
                wording(
                    format!("The study refers to no photographs in {name}."),
                    "Name the folder as the study has it.",
                    format!("研究は{name}の写真を参照していません。"),
                    "研究に記録されているフォルダーを指定してください。",
                )
            }
            Self::AllMissing => wording(
                "All photographs of the study are missing.",
                "Connect their disk, or create another study.",
                "研究の写真がすべて見つかりません。",
                "写真のあるディスクを接続するか、新しい研究を作成してください。",
            ),
            Self::ListsNone { name } => {
                let name = shown(name);
                wording(
                    format!("The table {name} lists no photographs."),
                    "One column must hold their paths, from the folder of the table.",
                    format!("表{name}に写真がありません。"),
                    "表のあるフォルダーからの写真のパスを1つの列に入れてください。",
                )
            }
            Self::ListsTooMany { name, count, most } => {
                let name = shown(name);
                wording(
                    format!("The table {name} lists {count} photographs; the limit is {most}."),
                    "Split the table.",
                    format!("表{name}に写真が{count}枚あります。上限は{most}枚です。"),
                    "表を分割してください。",
                )
            }
            Self::NoReplay { name } => {
                let name = shown(name);
                wording(
                    format!("The folder {name} holds no gantei-replay.json."),
                    "Choose a folder into which an evaluation or a supplement was written.",
                    format!("フォルダー{name}にgantei-replay.jsonがありません。"),
                    "評価または補完の結果を書き出したフォルダーを選んでください。",
                )
            }
            Self::AmongPhotographs { name } => {
                let name = shown(name);
                wording(
                    format!("The folder {name} holds photographs of the study."),
                    "Choose another folder for the export, such as a new one.",
                    format!("フォルダー{name}には研究の写真があります。"),
                    "書き出し先には新しいフォルダーなど、別のフォルダーを選んでください。",
                )
            }
            Self::OtherExport { name } => {
                let name = shown(name);
                wording(
                    format!(
                        "The folder {name} holds another export: an evaluation or a supplement."
                    ),
                    "Choose another folder, so that each can be made again.",
                    format!("フォルダー{name}には、別の書き出し(評価または補完)があります。"),
                    "それぞれを再現できるよう、別のフォルダーを選んでください。",
                )
            }
            Self::ReplayDamaged { line } => wording(
                format!("The file gantei-replay.json is damaged at line {line}."),
                "Export again from the study.",
                format!("gantei-replay.jsonの{line}行目が壊れています。"),
                "研究からもう一度書き出してください。",
            ),
            Self::NoCalibration { why } => no_calibration(*why),
            Self::NoDraws { why } => no_draws(why),
            Self::ModelsMissing { ids } => {
                let [en, ja] = named(ids);
                wording(
                    format!("Models of the study are not in the library: {en}."),
                    "Import them again, or choose other models for the study.",
                    format!("研究のモデルが一覧にありません: {ja}。"),
                    "もう一度取り込むか、研究のモデルを選び直してください。",
                )
            }
            Self::ModelsReplaced { ids, .. } => {
                let [en, ja] = named(ids);
                wording(
                    format!("Models were replaced since the study was set up: {en}."),
                    "Choose them again to use them as they are now. Earlier answers are kept.",
                    format!("研究の作成後にモデルが変更されました: {ja}。"),
                    "現在のモデルを使う場合は選び直してください。以前の解析結果は残ります。",
                )
            }
        }
    }
}

fn no_calibration(why: CalibrateError) -> FaultText {
    match why {
        CalibrateError::NotRun => wording(
            "The model has no answer that counts, so there is nothing to calibrate.",
            "Run the study first.",
            "集計対象となるモデルの結果がないため、較正できません。",
            "先に研究を実行してください。",
        ),
        CalibrateError::OtherLabels => wording(
            "The table of labels was read for another model, with other labels.",
            "Choose that model, or a study of this model, and read its labels there.",
            "ラベルの表は、ラベルの異なる別のモデル用に読み込まれています。",
            "そのモデルを選ぶか、このモデルの研究を作成してラベルを読み込んでください。",
        ),
        CalibrateError::TooFewLabels { have: [zero, one] } => wording(
            format!(
                "Persons with a label and an answer: {zero} and {one}. Needed: {LABELS} in all, {OF_EACH_LABEL} of each label."
            ),
            "Record the label of more persons.",
            format!(
                "ラベルと結果のある被検者は{zero}人と{one}人です。合計{LABELS}人、各ラベル{OF_EACH_LABEL}人が必要です。"
            ),
            "ラベルのある被検者を増やしてください。",
        ),
        CalibrateError::NoRegression(why) => {
            let [en, ja] = [Lang::En, Lang::Ja].map(|lang| undefined(why, lang));
            wording(
                format!("The labels do not calibrate the model. {en}"),
                "Check that the model answers differ between photographs.",
                format!("ラベルからモデルを較正できません。{ja}"),
                "写真ごとにモデルの結果が異なるか確認してください。",
            )
        }
    }
}

fn no_draws(why: &ImputeError) -> FaultText {
    match why {
        ImputeError::TooManyColumns(columns) => wording(
            format!("The table gives {columns} columns; at most {MOST_COLUMNS} can be used."),
            "Name fewer columns. Each further value of a column of words is one more.",
            format!("列が{columns}個あります。使用できるのは{MOST_COLUMNS}個までです。"),
            "列を減らしてください。文字の列は値の種類ごとに1列となります。",
        ),
        ImputeError::TooFewLabels { have, need } => wording(
            format!("The rarer label has {have} persons with all columns; {need} are needed."),
            "Name fewer columns, or record the label of more persons.",
            format!("全列の値がある被検者は、少ない方のラベルで{have}人です。{need}人が必要です。"),
            "列を減らすか、ラベルのある被検者を増やしてください。",
        ),
        ImputeError::Dependent => wording(
            "The named columns depend on each other.",
            "Leave out columns that say the same as others.",
            "指定した列が互いに従属しています。",
            "ほかの列と同じ内容の列を除いてください。",
        ),
        ImputeError::OneValue { column } => {
            let column = shown(column);
            wording(
                format!(
                    "The column {column} has a single usable value among the labelled persons."
                ),
                format!(
                    "Leave it out. A word counts if {FEWEST_OF_A_VALUE} labelled persons have it."
                ),
                format!("ラベルのある被検者では、列{column}に使用できる値が1種類しかありません。"),
                format!(
                    "この列を除いてください。文字の値は、ラベルのある{FEWEST_OF_A_VALUE}人以上で使えます。"
                ),
            )
        }
        ImputeError::Samples => wording(
            "Most samples of the labelled persons have one label, or columns that depend on each other.",
            "Name fewer columns, or record the label of more persons.",
            "再抽出した標本の多くで、ラベルが1種類になるか、列が互いに従属します。",
            "列を減らすか、ラベルのある被検者を増やしてください。",
        ),
        ImputeError::Cancelled => wording(
            "The draws were cancelled.",
            "Start again when it suits you.",
            "ラベルの補完を中止しました。",
            "必要なときにもう一度実行してください。",
        ),
    }
}

/// The names, in English and Japanese.
fn named(names: &[String]) -> [String; 2] {
    [Lang::En, Lang::Ja].map(|lang| listed(names, lang))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<StudyFault> {
    use crate::evaluation::performance::Undefined;
    let names = || vec!["a".to_owned(), "b".to_owned()];
    vec![
        StudyFault::Exists,
        StudyFault::TablesThere { names: names() },
        StudyFault::Absent { name: "a".into() },
        StudyFault::Held,
        StudyFault::Damaged { line: 3 },
        StudyFault::Newer,
        StudyFault::UnknownField { field: "a".into() },
        StudyFault::Changed,
        StudyFault::ReadOnly,
        StudyFault::Moved { inputs: names() },
        StudyFault::NotText {
            name: "a.jpg".into(),
        },
        StudyFault::NoModel,
        StudyFault::NoLabels,
        StudyFault::NoSuchModel { id: None },
        StudyFault::ColumnNotKept {
            name: "a".into(),
            kept: names(),
        },
        StudyFault::ManySubgroups {
            name: "a".into(),
            values: 21,
            most: 20,
        },
        StudyFault::NotReferredTo { name: "a".into() },
        StudyFault::AllMissing,
        StudyFault::ListsNone { name: "a".into() },
        StudyFault::ListsTooMany {
            name: "a".into(),
            count: 2,
            most: 1,
        },
        StudyFault::NoReplay { name: "a".into() },
        StudyFault::AmongPhotographs { name: "a".into() },
        StudyFault::OtherExport { name: "a".into() },
        StudyFault::ReplayDamaged { line: 3 },
        StudyFault::NoCalibration {
            why: CalibrateError::TooFewLabels { have: [9, 1] },
        },
        StudyFault::NoCalibration {
            why: CalibrateError::NoRegression(Undefined::NoSolution),
        },
        StudyFault::NoDraws {
            why: ImputeError::TooFewLabels { have: 3, need: 20 },
        },
        StudyFault::NoDraws {
            why: ImputeError::OneValue { column: "a".into() },
        },
        StudyFault::NoDraws {
            why: ImputeError::Samples,
        },
        StudyFault::ModelsMissing { ids: names() },
        StudyFault::ModelsReplaced {
            ids: names(),
            all: names(),
        },
    ]
}
