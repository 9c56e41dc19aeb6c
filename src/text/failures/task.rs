//! Failures of a request and of the application itself.

use super::{FaultText, wording};

/// Why a task was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum TaskFault {
    /// The request cannot be carried out as specified.
    Request,
    /// An eye cannot be drawn at this size or cannot be encoded.
    Drawing,
    /// The caption of a figure has a placeholder that does not exist.
    Caption,
    /// A panic: the task ended, the application continues.
    Defect,
    /// Another process of the application failed.
    OtherProcess,
    /// Cancelled by the user.
    Cancelled,
    /// A photograph of a study failed in a run whose reasons are in the tables of the study.
    InStudyRun,
}

impl TaskFault {
    pub(super) fn wording(self) -> FaultText {
        match self {
            Self::Request => wording(
                "The request cannot be carried out as specified.",
                "Choose another photograph, model or setting and try again.",
                "この指定では実行できません。",
                "写真、モデル、または設定を変えて、もう一度お試しください。",
            ),
            Self::Drawing => wording(
                "The fundus image could not be drawn.",
                "Choose a side length from 64 to 12,000 pixels.",
                "眼底画像を描画できませんでした。",
                "一辺を64～12,000画素にしてください。",
            ),
            Self::Caption => wording(
                "The caption of the figure has an unknown placeholder.",
                "Correct the word in braces, or reset the caption.",
                "図の説明に未知の差し込み項目があります。",
                "波括弧の中の項目を直すか、説明文を初期値に戻してください。",
            ),
            Self::Defect => wording(
                "An internal error stopped this task.",
                "Nothing else was affected. Copy the details for a report and try again.",
                "アプリケーションの内部エラーにより処理を中断しました。",
                "他の処理には影響ありません。報告用に詳細をコピーして、もう一度お試しください。",
            ),
            Self::OtherProcess => wording(
                "Another process of the application ended unexpectedly.",
                "Close other programs to free memory, then try again.",
                "アプリケーションの別のプロセスが異常終了しました。",
                "他のプログラムを終了してメモリーを空け、もう一度お試しください。",
            ),
            Self::InStudyRun => wording(
                "This photograph failed in the last run of the study.",
                "The column error of the study's tables gives the reason.",
                "この写真は、研究の前回の実行で失敗しました。",
                "理由は、研究のフォルダーの表に記載されています。",
            ),
            Self::Cancelled => wording(
                "The task was cancelled.",
                "Start it again if needed.",
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
        TaskFault::Caption,
        TaskFault::Defect,
        TaskFault::Cancelled,
        TaskFault::InStudyRun,
    ]
}
