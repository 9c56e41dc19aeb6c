//! Faults of what was asked for, and of the application itself.

use super::{FaultText, wording};

/// Why a task was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum TaskFault {
    /// What was asked for cannot be done as it was asked.
    Request,
    /// A drawn eye cannot be made of this size, or not be encoded.
    Drawing,
    /// A panic: the task ended, the application goes on.
    Defect,
    /// Another process of the application did not do its part.
    OtherProcess,
    /// The person asked to stop.
    Cancelled,
}

impl TaskFault {
    pub(super) fn wording(self) -> FaultText {
        match self {
            Self::Request => wording(
                "This cannot be done as it was asked.",
                "Choose another photograph, model or setting and try again.",
                "この指定では実行できません。",
                "写真、モデル、または設定を変えて、もう一度お試しください。",
            ),
            Self::Drawing => wording(
                "The eye could not be drawn.",
                "Choose a side from 64 to 12,000 pixels.",
                "眼底画像を描画できませんでした。",
                "一辺を64～12,000画素にしてください。",
            ),
            Self::Defect => wording(
                "A defect of the application stopped this.",
                "Nothing else was affected. Copy the details for a report and try again.",
                "アプリケーションの不具合により中断しました。",
                "他には影響ありません。詳細をコピーして報告のうえ、もう一度お試しください。",
            ),
            Self::OtherProcess => wording(
                "Another process of the application ended before its work was done.",
                "Close other programs, which leaves more memory, and try again.",
                "アプリケーションの別プロセスが途中で終了しました。",
                "他のプログラムを終了してメモリを空け、もう一度お試しください。",
            ),
            Self::Cancelled => wording(
                "It was stopped.",
                "Begin again if you need it.",
                "中止しました。",
                "必要であればもう一度実行してください。",
            ),
        }
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<TaskFault> {
    vec![
        TaskFault::Request,
        TaskFault::OtherProcess,
        TaskFault::Drawing,
        TaskFault::Defect,
        TaskFault::Cancelled,
    ]
}
