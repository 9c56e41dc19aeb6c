//! Failures of engines and devices, and of ONNX Runtime wheels and libraries.

use super::{FaultText, wording};
use crate::domain::{DeviceFault, Operation};
use crate::numeric::gigabytes;
use crate::text::window::grouped;

impl DeviceFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Unavailable { device } => wording(
                format!("The device {device} does not work here."),
                "Set the device to Automatic, or check under Devices which ones work.",
                format!("デバイス {device} はこの環境で動作しません。"),
                "デバイスを「自動」にするか、「デバイス」で動作するものを確認してください。",
            ),
            Self::Absent => wording(
                "The installed ONNX Runtime does not support this device.",
                "Install a wheel that supports it; see Devices for instructions.",
                "導入済みのONNX Runtimeは、このデバイスに対応していません。",
                "対応するwheelを導入してください。入手方法は「デバイス」にあります。",
            ),
            Self::Deviates => wording(
                "The output of this device differs from the reference by more than the tolerance.",
                "Do not use this device for this model.",
                "このデバイスの出力と参照値との差が許容範囲を超えています。",
                "このモデルには、このデバイスを使用しないでください。",
            ),
            Self::Disagrees { device, against } => wording(
                format!(
                    "For this model, the output of the device {device} differs from that of {against}, so it is not used."
                ),
                "Set the device to Automatic. The figures are shown under Models.",
                format!(
                    "このモデルではデバイス {device} の出力が {against} と異なるため、使用しません。"
                ),
                "デバイスを「自動」にしてください。数値は「モデル一覧」に表示されます。",
            ),
            Self::Memory => wording(
                "There is not enough memory to run this model.",
                "Close other programs, choose another device, or use a smaller model.",
                "メモリー不足のため、このモデルを実行できません。",
                "他のプログラムを終了するか、別のデバイスまたは小さいモデルを選んでください。",
            ),
            Self::NeedsMemory {
                work,
                need,
                available,
            } => needs_memory(*work, &gigabytes(*need), &gigabytes(*available)),
            Self::Run => wording(
                "The engine stopped while running the model.",
                "Choose another device, or check under Devices which ones work.",
                "モデルの実行中にエンジンが停止しました。",
                "別のデバイスを選ぶか、「デバイス」で動作するものを確認してください。",
            ),
            Self::Input => wording(
                "The input does not match the model.",
                "Check the input size under Models, or import the model again.",
                "入力がモデルと一致しません。",
                "「モデル一覧」で入力サイズを確認するか、モデルを取り込み直してください。",
            ),
            Self::NoOutput => wording(
                "The model lacks a required output.",
                "Import the model again.",
                "モデルに必要な出力がありません。",
                "モデルを取り込み直してください。",
            ),
            Self::NotALibrary => wording(
                "The file is neither a wheel nor a shared library for this system.",
                "Choose the official onnxruntime wheel; see Devices for instructions.",
                "このシステム用のwheelでも共有ライブラリでもありません。",
                "公式のonnxruntimeのwheelを選んでください。入手方法は「デバイス」にあります。",
            ),
            Self::LibraryName => wording(
                "The file name is not that of an ONNX Runtime library.",
                "Restore its original name, such as libonnxruntime.so.1.31.1, onnxruntime.dll or libonnxruntime.1.31.1.dylib.",
                "ONNX Runtimeのライブラリのファイル名ではありません。",
                "元の名前に戻してください(例: libonnxruntime.so.1.31.1、onnxruntime.dll)。",
            ),
            Self::OtherPlatform { os, arch } => wording(
                format!("The wheel is for {os} on {arch}."),
                "Choose the wheel for this computer.",
                format!("このwheelは {os}({arch})用です。"),
                "このコンピューター用のwheelを選んでください。",
            ),
            Self::Checksum => wording(
                "The checksum differs from that of the official wheel with this name.",
                "Download it again.",
                "チェックサムが公式のwheelと一致しません。",
                "ダウンロードし直してください。",
            ),
            Self::NotPinned => wording(
                "The checksum of this file is not a known one.",
                "Install it only if you trust its source: it runs as part of Gantei.",
                "このファイルのチェックサムは登録されていません。",
                "入手元が信頼できる場合だけ導入してください。Ganteiの一部として動作します。",
            ),
            Self::LibraryDamaged => wording(
                "The wheel is damaged.",
                "Download it again.",
                "wheelが壊れています。",
                "ダウンロードし直してください。",
            ),
            Self::LibraryTooLarge { limit } => {
                let limit = grouped(*limit);
                wording(
                    format!("The file exceeds the limit of {limit} bytes or members."),
                    "Choose the official onnxruntime wheel.",
                    format!("ファイルのバイト数または項目数が上限({limit})を超えています。"),
                    "公式のonnxruntimeのwheelを選んでください。",
                )
            }
            Self::NoLibrary => wording(
                "The wheel contains no ONNX Runtime library.",
                "Choose the onnxruntime or onnxruntime-gpu wheel.",
                "wheelにONNX Runtimeのライブラリが含まれていません。",
                "onnxruntimeまたはonnxruntime-gpuのwheelを選んでください。",
            ),
            Self::NotStored => wording(
                "The library could not be stored.",
                "Check that there is free disk space, close other instances of Gantei, and try again.",
                "ライブラリを保存できませんでした。",
                "ディスクの空き容量を確認し、ほかに起動しているGanteiを終了して、もう一度お試しください。",
            ),
        }
    }
}

fn needs_memory(work: Operation, need: &str, free: &str) -> FaultText {
    let (en, ja) = match work {
        Operation::Map => ("This map needs", "このマップの計算には"),
        Operation::Network => ("Running this model needs", "このモデルの実行には"),
        Operation::Reading => ("Reading this file needs", "このファイルの読み込みには"),
        Operation::Start => ("The application needs", "アプリケーションには"),
    };
    let (next, next_ja) = match work {
        Operation::Map => (
            "Close other programs, use a smaller model, or choose Grad-CAM at the last layer or occlusion.",
            "他のプログラムを終了するか、小さいモデル、最終層のGrad-CAM、または遮蔽法(Occlusion)を選んでください。",
        ),
        Operation::Start => (
            "Close other programs.",
            "他のプログラムを終了してください。",
        ),
        Operation::Network | Operation::Reading => (
            "Close other programs, use a smaller model, or use a computer with more memory.",
            "他のプログラムを終了するか、小さいモデルまたはメモリーの多いコンピューターを使ってください。",
        ),
    };
    wording(
        format!("{en} about {need} of memory; {free} is available."),
        next,
        format!("{ja}約{need}のメモリーが必要ですが、空きは{free}です。"),
        next_ja,
    )
}

#[cfg(test)]
pub(super) fn examples() -> Vec<DeviceFault> {
    let needs = |work| DeviceFault::NeedsMemory {
        work,
        need: 3 << 30,
        available: 1 << 30,
    };
    vec![
        DeviceFault::Unavailable {
            device: "cuda".into(),
        },
        DeviceFault::Absent,
        DeviceFault::Deviates,
        DeviceFault::Disagrees {
            device: "cpu".into(),
            against: "embedded".into(),
        },
        DeviceFault::Memory,
        needs(Operation::Map),
        needs(Operation::Network),
        needs(Operation::Reading),
        needs(Operation::Start),
        DeviceFault::Run,
        DeviceFault::Input,
        DeviceFault::NoOutput,
        DeviceFault::NotALibrary,
        DeviceFault::LibraryName,
        DeviceFault::OtherPlatform {
            os: "linux",
            arch: "aarch64",
        },
        DeviceFault::Checksum,
        DeviceFault::NotPinned,
        DeviceFault::LibraryDamaged,
        DeviceFault::LibraryTooLarge { limit: 10 },
        DeviceFault::NoLibrary,
        DeviceFault::NotStored,
    ]
}
