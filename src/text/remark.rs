//! Remarks about a whole run, in addition to its rows.

use strum::IntoStaticStr;

use super::Lang;

/// A remark about a run, in the order of output.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Remark {
    /// Results of an earlier run were reused: the number of finished photographs, and of all photographs.
    Resumed { finished: usize, all: usize },
    /// The folder contained the journal of another run, which was kept under this name.
    #[strum(serialize = "journal-set-aside")]
    SetAside(String),
    /// The folder cannot be written to, with the reason.
    NotWritable(String),
    /// A file is open in another program; the new one has another name.
    WrittenBeside { name: String, instead: String },
    /// No separate process could be started for the run, with the reason.
    InThisProcess(String),
    /// The run of a study was started again; its journals so far were kept under these names.
    StartedOver(Vec<String>),
    /// Photographs of a study that have no answer yet and are not part of the run.
    Unanswered { photographs: usize },
    /// The answers of a study are those of several engines.
    MixedEngines(Vec<String>),
    /// The answers of a study were computed on several processors.
    MixedProcessors(Vec<String>),
    /// The run of a study was stopped; the tables of the last whole run, which have more rows, were not replaced.
    TablesKept,
}

impl Remark {
    /// The name used in files.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    /// True for a remark on the tables, which are written once everything else has been reported.
    pub fn is_of_tables(&self) -> bool {
        matches!(self, Self::WrittenBeside { .. } | Self::TablesKept)
    }

    /// A complete sentence. Messages of the operating system stay in English.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Ja => self.japanese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Resumed { finished, all } => format!(
                "Resuming the previous run: {finished} of {all} photographs are already done."
            ),
            Self::SetAside(name) => format!(
                "The folder contains an unfinished run with other photographs, models or options; its journal was kept as {name}."
            ),
            Self::NotWritable(reason) => format!(
                "{reason}. The run continues, but results are written to standard output only, and an interrupted run cannot be resumed."
            ),
            Self::WrittenBeside { name, instead } => format!(
                "{name} could not be replaced, probably because another program has it open; the new table was written to {instead}."
            ),
            Self::InThisProcess(reason) => format!(
                "Photographs are read in this process because no other could be started ({reason}). A photograph that crashes the process ends the run."
            ),
            Self::StartedOver(names) => format!(
                "The study is run again from the start; the earlier answers were kept in {}.",
                names.join(", ")
            ),
            Self::Unanswered { photographs: 1 } => {
                "1 photograph has no answer yet and is not in the tables.".to_owned()
            }
            Self::Unanswered { photographs } => {
                format!("{photographs} photographs have no answer yet and are not in the tables.")
            }
            Self::MixedEngines(engines) => format!(
                "The answers come from several engines, so their last digits may differ: {}.",
                engines.join(", ")
            ),
            Self::MixedProcessors(processors) => format!(
                "The answers come from several processors, so their last digits may differ: {}.",
                processors.join(", ")
            ),
            Self::TablesKept => {
                "The run was stopped, so the tables of the last whole run were kept. Run the study to its end to replace them."
                    .to_owned()
            }
        }
    }

    fn japanese(&self) -> String {
        match self {
            Self::Resumed { finished, all } => {
                format!(
                    "前回の続きから再開します({all}枚中{finished}枚は解析済み)。"
                )
            }
            Self::SetAside(name) => format!(
                "このフォルダーには、写真・モデル・オプションの異なる未完了の解析がありました。その記録は {name} として残しました。"
            ),
            Self::NotWritable(reason) => format!(
                "フォルダーに書き込めません({reason})。解析は続けますが、結果は標準出力だけに出力され、中断すると再開できません。"
            ),
            Self::WrittenBeside { name, instead } => format!(
                "{name} を置き換えられません。他のプログラムで開かれている可能性があります。新しい表は {instead} に保存しました。"
            ),
            Self::InThisProcess(reason) => format!(
                "別のプロセスを起動できないため({reason})、このプロセスで写真を読み込みます。写真の読み込みでプロセスが異常終了すると、解析も終了します。"
            ),
            Self::StartedOver(names) => format!(
                "最初から解析し直します。これまでの解析結果は {} に残しました。",
                names.join("、")
            ),
            Self::Unanswered { photographs } => {
                format!("{photographs}枚の写真はまだ解析されておらず、表に含まれません。")
            }
            Self::MixedEngines(engines) => format!(
                "複数の推論エンジンの結果が混在しています。末尾の桁が異なることがあります: {}。",
                engines.join("、")
            ),
            Self::MixedProcessors(processors) => format!(
                "複数のプロセッサーの結果が混在しています。末尾の桁が異なることがあります: {}。",
                processors.join("、")
            ),
            Self::TablesKept => {
                "解析が中断されたため、前回完了した解析の表を残しました。最後まで解析すると新しい表に置き換わります。"
                    .to_owned()
            }
        }
    }
}
