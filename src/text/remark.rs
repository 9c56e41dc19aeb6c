//! What the reader must know of a whole run besides its rows.

use strum::IntoStaticStr;

use super::Lang;

/// A remark, in the order in which they are made.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Remark {
    /// Of so many photographs the answers of an earlier run were taken over: finished, and all of them.
    Resumed { finished: usize, all: usize },
    /// The journal of another run lay in the folder and was kept under this name.
    #[strum(serialize = "journal-set-aside")]
    SetAside(String),
    /// Nothing can be written into the folder, and why.
    NotWritable(String),
    /// A file is held by another program; the new one has another name.
    WrittenBeside { name: String, instead: String },
    /// The run could not get a process of its own, and why.
    InThisProcess(String),
}

impl Remark {
    /// The name used in files.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    /// A whole sentence. Reasons of the system stay in English.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Ja => self.japanese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Resumed { finished, all } => format!(
                "Going on where the last run stopped: {finished} of {all} photographs are finished (--again starts anew)."
            ),
            Self::SetAside(name) => format!(
                "The folder holds an unfinished run with other photographs, models or flags; its journal was kept as {name}."
            ),
            Self::NotWritable(reason) => format!(
                "{reason}. The run goes on; its answers come on standard output only, and a run that is stopped cannot be resumed."
            ),
            Self::WrittenBeside { name, instead } => format!(
                "{name} could not be replaced, probably because another program has it open; the new table is {instead}."
            ),
            Self::InThisProcess(reason) => format!(
                "The photographs are read in this process, because no other could be started ({reason}); a photograph that ends the process ends the run."
            ),
        }
    }

    fn japanese(&self) -> String {
        match self {
            Self::Resumed { finished, all } => {
                format!("前回中断したところから再開します（{all}枚中{finished}枚は解析済み）。")
            }
            Self::SetAside(name) => format!(
                "このフォルダには、写真・モデル・設定の異なる未完了の解析があります。その記録は{name}として残しました。"
            ),
            Self::NotWritable(reason) => format!(
                "フォルダに書き込めません（{reason}）。解析は続けますが、中断した場合は再開できません。"
            ),
            Self::WrittenBeside { name, instead } => format!(
                "{name}は他のプログラムで開かれているため置き換えられません。新しい表は{instead}です。"
            ),
            Self::InThisProcess(reason) => format!(
                "別のプロセスを起動できないため（{reason}）、このプロセスで写真を読み込みます。"
            ),
        }
    }
}
