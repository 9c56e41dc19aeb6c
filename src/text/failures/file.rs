//! Faults between the application and the disk.

use super::{FaultText, wording};
use crate::domain::SystemFailure;
use crate::domain::foreign::shown;
use crate::text::Lang;
use crate::text::window::grouped;

impl SystemFailure {
    /// Why something could not be written, as part of a sentence.
    pub fn phrase(self, lang: Lang) -> &'static str {
        let (en, ja) = match self {
            Self::Full => ("the disk is full", "ディスクの空きがありません"),
            Self::Forbidden => (
                "this account may not write there",
                "書き込みの権限がありません",
            ),
            Self::ReadOnly => ("the disk or folder is read-only", "読み取り専用の場所です"),
            Self::InTheWay => (
                "a file stands in place of its folder",
                "フォルダーの位置にファイルがあります",
            ),
            Self::Quota => (
                "the space of this account is used up",
                "このアカウントの容量上限に達しました",
            ),
            Self::Missing
            | Self::Name
            | Self::IsFolder
            | Self::IsStream
            | Self::NoMemory
            | Self::Other => ("the system reports an error", "システムエラー"),
        };
        match lang {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}

/// A file or folder that could not be read, written or shown; names are without folders.
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
    /// A file of the application's own is damaged.
    Damaged {
        name: String,
    },
    /// A model of the library is no longer what was imported.
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
    /// The system names no folder for the application's data.
    NoHome,
    /// A file of this name is there already.
    Exists {
        name: String,
    },
    /// Another run writes into the folder.
    FolderHeld,
    /// The settings could not be saved.
    SettingsUnwritten {
        why: SystemFailure,
    },
    /// A picture could not be encoded.
    PictureUnwritten,
}

const USE_ANOTHER_HOME: &str =
    "Set the environment variable GANTEI_HOME to a folder you may write to and start Gantei again.";
const USE_ANOTHER_HOME_JA: &str =
    "環境変数 GANTEI_HOME に書き込みできるフォルダーを指定し、Ganteiを起動し直してください。";

/// What Gantei keeps for itself, in English and Japanese, cannot be written.
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
                    "Check that it is the right file, or make a smaller one.",
                    format!("{name} は大きすぎます({bytes}バイト、上限{limit}バイト)。"),
                    "目的のファイルか確かめるか、より小さいファイルにしてください。",
                )
            }
            Self::Damaged { name } => wording(
                format!("{}, a file of the model library, is damaged.", shown(name)),
                "Remove that model under Models and import it again.",
                format!("モデル一覧のファイル {} が壊れています。", shown(name)),
                "「モデル一覧」でそのモデルを削除し、取り込み直してください。",
            ),
            Self::NotAsStored { id, file } => wording(
                format!("The stored model {id} is damaged: {file} is no longer what was imported."),
                "Remove that model under Models and import it again.",
                format!(
                    "保存されているモデル {id} が壊れています: {file} が取り込んだ時の内容と異なります。"
                ),
                "「モデル一覧」でそのモデルを削除し、取り込み直してください。",
            ),
            Self::LibraryUnwritten { why } => home_unwritten(["The model library", "モデル"], *why),
            Self::SettingsUnwritten { why } => {
                home_unwritten(["The folder of the settings", "設定"], *why)
            }
            Self::NotShown { name } => wording(
                format!("{} could not be shown.", shown(name)),
                "Look for it with the system's file manager.",
                format!("{} を表示できませんでした。", shown(name)),
                "OSのファイルマネージャーで探してください。",
            ),
            Self::NoHome => wording(
                "No folder for the application's data is known on this system.",
                "Set the environment variable GANTEI_HOME to a folder and start Gantei again.",
                "アプリケーションのデータを置くフォルダーが見つかりません。",
                "環境変数 GANTEI_HOME にフォルダーを指定し、Ganteiを起動し直してください。",
            ),
            Self::Exists { name } => wording(
                format!("{} is there already.", shown(name)),
                "Replace it, keep both, or choose another folder.",
                format!("{} はすでにあります。", shown(name)),
                "置き換えるか、両方残すか、別のフォルダーを選んでください。",
            ),
            Self::FolderHeld => wording(
                "Another run writes into this folder.",
                "Wait until it has ended, or choose another folder.",
                "別の解析がこのフォルダーに書き込み中です。",
                "終了を待つか、別のフォルダーを選んでください。",
            ),
            Self::PictureUnwritten => wording(
                "The picture could not be made into a PNG file.",
                "Try again; if it fails again, export without this picture.",
                "図をPNGファイルにできませんでした。",
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
            "パスを確かめてください。移動、名前の変更、または削除された可能性があります。",
        ),
        SystemFailure::Forbidden => wording(
            format!("{en}: this account may not read it."),
            "Copy it to a folder of your own and open it there.",
            format!("{ja}: 読み取りの権限がありません。"),
            "自分のフォルダーにコピーしてから開いてください。",
        ),
        SystemFailure::IsFolder => wording(
            format!("{en}: it is a folder."),
            "Choose the file inside it.",
            format!("{ja}: フォルダーです。"),
            "中のファイルを選んでください。",
        ),
        SystemFailure::IsStream => wording(
            format!("{en}: it is a pipe or a device, not a file."),
            "Save what it gives as a file and open that.",
            format!("{ja}: ファイルではなく、パイプまたはデバイスです。"),
            "内容をファイルに保存してから開いてください。",
        ),
        SystemFailure::NoMemory => wording(
            format!("{en}: there is not enough memory for it."),
            "Close other programs and try again.",
            format!("{ja}: メモリーが不足しています。"),
            "他のプログラムを終了して、もう一度お試しください。",
        ),
        SystemFailure::Name => wording(
            format!("{en}: its name is too long, or not allowed on that disk."),
            "Give it a shorter name of plain letters and open it again.",
            format!("{ja}: 名前が長すぎるか、使えない文字を含んでいます。"),
            "短く簡単な名前に変えてから開いてください。",
        ),
        SystemFailure::ReadOnly
        | SystemFailure::InTheWay
        | SystemFailure::Full
        | SystemFailure::Quota
        | SystemFailure::Other => wording(
            format!("{en}: the system reports an error."),
            "Check that the disk or network drive is connected, and try again.",
            format!("{ja}: システムエラーが発生しました。"),
            "ディスクやネットワークドライブの接続を確かめて、もう一度お試しください。",
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
            format!("{en}: its folder is not there."),
            "Choose another folder.",
            format!("{ja}: フォルダーが見つかりません。"),
            "別のフォルダーを選んでください。",
        ),
        SystemFailure::Forbidden => wording(
            format!("{en}: this account may not write there."),
            "Choose a folder you may write to.",
            format!("{ja}: 書き込みの権限がありません。"),
            "書き込みできるフォルダーを選んでください。",
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
            "Choose a folder you may write to.",
            format!("{ja}: ディスクまたはフォルダーが読み取り専用です。"),
            "書き込みできるフォルダーを選んでください。",
        ),
        SystemFailure::Name => wording(
            format!("{en}: its name is too long, or not allowed on that disk."),
            "Choose a folder with a shorter path, or one on another disk.",
            format!("{ja}: 名前が長すぎるか、使えない文字を含んでいます。"),
            "パスのより短いフォルダー、または別のディスクのフォルダーを選んでください。",
        ),
        SystemFailure::InTheWay => wording(
            format!("{en}: something else has this name, or a file stands in place of its folder."),
            "Choose another folder.",
            format!("{ja}: 同じ名前のものがあるか、フォルダーの位置にファイルがあります。"),
            "別のフォルダーを選んでください。",
        ),
        SystemFailure::Quota => wording(
            format!("{en}: the space of this account is used up."),
            "Delete files you no longer need, or choose a folder on another disk.",
            format!("{ja}: このアカウントで使える容量がありません。"),
            "不要なファイルを削除するか、別のディスクのフォルダーを選んでください。",
        ),
        SystemFailure::IsStream | SystemFailure::NoMemory | SystemFailure::Other => wording(
            format!("{en}: the system reports an error."),
            "Choose a folder you may write to, and check that its disk is connected.",
            format!("{ja}: システムエラーが発生しました。"),
            "書き込みできるフォルダーを選び、ディスクの接続を確かめてください。",
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
