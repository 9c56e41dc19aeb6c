//! Failures to read, write or show files and folders.

use super::{FaultText, wording};
use crate::domain::SystemFailure;
use crate::domain::foreign::shown;
use crate::text::Lang;
use crate::text::window::grouped;

impl SystemFailure {
    /// Why something could not be written, as a clause.
    pub fn phrase(self, lang: Lang) -> &'static str {
        let (en, ja) = match self {
            Self::Full => ("the disk is full", "ディスクの空きがありません"),
            Self::Forbidden => ("no write permission there", "書き込みの権限がありません"),
            Self::ReadOnly => ("the disk or folder is read-only", "読み取り専用の場所です"),
            Self::InTheWay => (
                "a file has the name of its folder",
                "フォルダーと同じ名前のファイルがあります",
            ),
            Self::Quota => (
                "the disk quota of this account is exceeded",
                "このアカウントのディスク容量の上限に達しました",
            ),
            Self::Missing
            | Self::Name
            | Self::IsFolder
            | Self::IsStream
            | Self::NoMemory
            | Self::Other => ("a system error occurred", "システムエラー"),
        };
        match lang {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}

/// A file or folder that could not be read, written or shown; names do not include the folder.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum FileFault {
    Unread {
        name: String,
        why: SystemFailure,
    },
    Unwritten {
        name: String,
        why: SystemFailure,
    },
    /// Sizes in bytes.
    TooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    /// A file of the model library is damaged.
    Damaged {
        name: String,
    },
    /// A model in the library differs from what was imported.
    NotAsStored {
        id: String,
        file: String,
    },
    /// The model library cannot be written to.
    LibraryUnwritten {
        why: SystemFailure,
    },
    /// The file manager did not open.
    NotShown {
        name: String,
    },
    /// The system has no folder for the application's data.
    NoHome,
    /// A file with this name already exists.
    Exists {
        name: String,
    },
    /// Another run is writing to the folder.
    FolderHeld,
    /// The settings could not be saved.
    SettingsUnwritten {
        why: SystemFailure,
    },
    /// A picture could not be encoded.
    PictureUnwritten,
}

const USE_ANOTHER_HOME: &str = "Set the environment variable GANTEI_HOME to a folder with write permission and restart Gantei.";
const USE_ANOTHER_HOME_JA: &str =
    "環境変数 GANTEI_HOME に書き込み可能なフォルダーを指定し、Ganteiを再起動してください。";

/// Texts for data of the application, named in English and Japanese, that cannot be written.
fn home_unwritten([what, what_ja]: [&str; 2], why: SystemFailure) -> FaultText {
    let [why, why_ja] = [Lang::En, Lang::Ja].map(|lang| why.phrase(lang));
    wording(
        format!("{what} cannot be written to: {why}."),
        USE_ANOTHER_HOME,
        format!("{what_ja}の保存先に書き込めません({why_ja})。"),
        USE_ANOTHER_HOME_JA,
    )
}

impl FileFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Unread { name, why } => unread(name, *why),
            Self::Unwritten { name, why } => unwritten(name, *why),
            Self::TooLarge { name, bytes, limit } => {
                let name = shown(name);
                let (bytes, limit) = (grouped(*bytes), grouped(*limit));
                wording(
                    format!("{name} is too large: {bytes} bytes; the limit is {limit} bytes."),
                    "Check that it is the right file, or use a smaller one.",
                    format!("{name} は大きすぎます({bytes}バイト、上限{limit}バイト)。"),
                    "正しいファイルであることを確認するか、より小さいファイルを使ってください。",
                )
            }
            Self::Damaged { name } => wording(
                format!("{}, a file in the model library, is damaged.", shown(name)),
                "Remove the model under Models and import it again.",
                format!("モデル一覧のファイル {} が壊れています。", shown(name)),
                "「モデル一覧」で該当するモデルを削除し、取り込み直してください。",
            ),
            Self::NotAsStored { id, file } => wording(
                format!("The stored model {id} is damaged: {file} has changed since the import."),
                "Remove the model under Models and import it again.",
                format!(
                    "保存されているモデル {id} が壊れています: {file} の内容が取り込み時から変わっています。"
                ),
                "「モデル一覧」で該当するモデルを削除し、取り込み直してください。",
            ),
            Self::LibraryUnwritten { why } => home_unwritten(["The model library", "モデル"], *why),
            Self::SettingsUnwritten { why } => {
                home_unwritten(["The settings folder", "設定"], *why)
            }
            Self::NotShown { name } => wording(
                format!("{} could not be shown.", shown(name)),
                "Look for it in the system's file manager.",
                format!("{} を表示できませんでした。", shown(name)),
                "OSのファイルマネージャーで探してください。",
            ),
            Self::NoHome => wording(
                "The system provides no folder for application data.",
                "Set the environment variable GANTEI_HOME to a folder and restart Gantei.",
                "アプリケーションのデータを保存するフォルダーが見つかりません。",
                "環境変数 GANTEI_HOME にフォルダーを指定し、Ganteiを再起動してください。",
            ),
            Self::Exists { name } => wording(
                format!("{} already exists.", shown(name)),
                "Replace it, keep both, or choose another folder.",
                format!("{} はすでに存在します。", shown(name)),
                "置き換えるか、両方残すか、別のフォルダーを選んでください。",
            ),
            Self::FolderHeld => wording(
                "Another run is writing to this folder.",
                "Wait until it has finished, or choose another folder.",
                "別の解析がこのフォルダーに書き込み中です。",
                "終了を待つか、別のフォルダーを選んでください。",
            ),
            Self::PictureUnwritten => wording(
                "The figure could not be encoded as a PNG file.",
                "Try again; if it fails again, export without this figure.",
                "図をPNGファイルに変換できませんでした。",
                "もう一度お試しください。再び失敗する場合は、この図を除いて書き出してください。",
            ),
        }
    }
}

fn unread(name: &str, why: SystemFailure) -> FaultText {
    let name = shown(name);
    let (en, ja) = (
        format!("{name} could not be read"),
        format!("{name} を読み込めませんでした"),
    );
    match why {
        SystemFailure::Missing => wording(
            format!("{en}: there is no such file."),
            "Check the path; the file may have been moved, renamed or deleted.",
            format!("{ja}: ファイルが見つかりません。"),
            "パスを確認してください。ファイルが移動、名前の変更、または削除された可能性があります。",
        ),
        SystemFailure::Forbidden => wording(
            format!("{en}: no read permission."),
            "Copy it to a folder of your own and open it there.",
            format!("{ja}: 読み取りの権限がありません。"),
            "ご自分のフォルダーにコピーしてから開いてください。",
        ),
        SystemFailure::IsFolder => wording(
            format!("{en}: it is a folder."),
            "Choose a file inside it.",
            format!("{ja}: フォルダーです。"),
            "フォルダー内のファイルを選んでください。",
        ),
        SystemFailure::IsStream => wording(
            format!("{en}: it is a pipe or a device, not a file."),
            "Save its content to a file and open that file.",
            format!("{ja}: ファイルではなく、パイプまたはデバイスです。"),
            "内容をファイルに保存してから開いてください。",
        ),
        SystemFailure::NoMemory => wording(
            format!("{en}: not enough memory."),
            "Close other programs and try again.",
            format!("{ja}: メモリーが不足しています。"),
            "他のプログラムを終了して、もう一度お試しください。",
        ),
        SystemFailure::Name => wording(
            format!("{en}: the name is too long or not valid on this disk."),
            "Rename it to a short name of plain letters and open it again.",
            format!("{ja}: 名前が長すぎるか、使えない文字を含んでいます。"),
            "短く簡単な名前に変更してから開いてください。",
        ),
        SystemFailure::ReadOnly
        | SystemFailure::InTheWay
        | SystemFailure::Full
        | SystemFailure::Quota
        | SystemFailure::Other => wording(
            format!("{en}: a system error occurred."),
            "Check that the disk or network drive is connected, and try again.",
            format!("{ja}: システムエラーが発生しました。"),
            "ディスクやネットワークドライブの接続を確認して、もう一度お試しください。",
        ),
    }
}

fn unwritten(name: &str, why: SystemFailure) -> FaultText {
    let name = shown(name);
    let (en, ja) = (
        format!("{name} could not be written"),
        format!("{name} を書き込めませんでした"),
    );
    match why {
        SystemFailure::Missing => wording(
            format!("{en}: the folder was not found."),
            "Choose another folder.",
            format!("{ja}: フォルダーが見つかりません。"),
            "別のフォルダーを選んでください。",
        ),
        SystemFailure::Forbidden => wording(
            format!("{en}: no write permission."),
            "Choose a folder with write permission.",
            format!("{ja}: 書き込みの権限がありません。"),
            "書き込み可能なフォルダーを選んでください。",
        ),
        SystemFailure::IsFolder => wording(
            format!("{en}: a folder has this name."),
            "Choose another folder.",
            format!("{ja}: 同じ名前のフォルダーがあります。"),
            "別のフォルダーを選んでください。",
        ),
        SystemFailure::Full => wording(
            format!("{en}: the disk is full."),
            "Free some space or choose a folder on another disk.",
            format!("{ja}: ディスクの空きがありません。"),
            "空き容量を増やすか、別のディスクのフォルダーを選んでください。",
        ),
        SystemFailure::ReadOnly => wording(
            format!("{en}: the disk or folder is read-only."),
            "Choose a folder with write permission.",
            format!("{ja}: ディスクまたはフォルダーが読み取り専用です。"),
            "書き込み可能なフォルダーを選んでください。",
        ),
        SystemFailure::Name => wording(
            format!("{en}: the name is too long or not valid on this disk."),
            "Choose a folder with a shorter path, or one on another disk.",
            format!("{ja}: 名前が長すぎるか、使えない文字を含んでいます。"),
            "パスのより短いフォルダー、または別のディスクのフォルダーを選んでください。",
        ),
        SystemFailure::InTheWay => wording(
            format!("{en}: its name, or that of its folder, is already in use."),
            "Choose another folder.",
            format!("{ja}: ファイルまたはフォルダーの名前がすでに使われています。"),
            "別のフォルダーを選んでください。",
        ),
        SystemFailure::Quota => wording(
            format!("{en}: the disk quota of this account is exceeded."),
            "Delete files you no longer need, or choose a folder on another disk.",
            format!("{ja}: このアカウントのディスク容量の上限に達しました。"),
            "不要なファイルを削除するか、別のディスクのフォルダーを選んでください。",
        ),
        SystemFailure::IsStream | SystemFailure::NoMemory | SystemFailure::Other => wording(
            format!("{en}: a system error occurred."),
            "Choose a folder with write permission, and check that its disk is connected.",
            format!("{ja}: システムエラーが発生しました。"),
            "書き込み可能なフォルダーを選び、ディスクの接続を確認してください。",
        ),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<FileFault> {
    let name = || "a.jpg".to_owned();
    let obstacles = [
        SystemFailure::Missing,
        SystemFailure::Forbidden,
        SystemFailure::ReadOnly,
        SystemFailure::Name,
        SystemFailure::InTheWay,
        SystemFailure::IsFolder,
        SystemFailure::IsStream,
        SystemFailure::Full,
        SystemFailure::Quota,
        SystemFailure::NoMemory,
        SystemFailure::Other,
    ];
    let both = |why| {
        [
            FileFault::Unread { name: name(), why },
            FileFault::Unwritten { name: name(), why },
        ]
    };
    let mut all: Vec<_> = obstacles.into_iter().flat_map(both).collect();
    all.extend([
        FileFault::TooLarge {
            name: name(),
            bytes: 3_000,
            limit: 2_000,
        },
        FileFault::Damaged { name: name() },
        FileFault::NotAsStored {
            id: "mine".to_owned(),
            file: "model.onnx".to_owned(),
        },
        FileFault::LibraryUnwritten {
            why: SystemFailure::Forbidden,
        },
        FileFault::NotShown { name: name() },
        FileFault::NoHome,
        FileFault::Exists { name: name() },
        FileFault::SettingsUnwritten {
            why: SystemFailure::ReadOnly,
        },
        FileFault::FolderHeld,
        FileFault::PictureUnwritten,
    ]);
    all
}
