//! Faults of engines and devices, and of the files that ONNX Runtime comes in, in words.

use super::{FaultText, wording};
use crate::domain::{DeviceFault, Operation};
use crate::numeric::gigabytes;
use crate::text::window::grouped;

impl DeviceFault {
    pub(super) fn wording(&self) -> FaultText {
        match self {
            Self::Unavailable { device } => wording(
                format!("The device {device} does not work here."),
                "Choose the device Automatic, or see under Devices which ones work.",
                format!("デバイス {device} はこの環境で動作しません。"),
                "デバイスを「自動」にするか、「デバイス」で動作するものを確かめてください。",
            ),
            Self::Absent => wording(
                "ONNX Runtime, as it is installed here, does not offer this device.",
                "Install the wheel that has it; Devices tells how to get it.",
                "導入済みのONNX Runtimeは、このデバイスに対応していません。",
                "対応するwheelを導入してください。入手方法は「デバイス」にあります。",
            ),
            Self::Deviates => wording(
                "The answer of this device is too far from the reference.",
                "Do not use this device for this model.",
                "このデバイスの出力は、参照値との差が許容範囲を超えています。",
                "このデバイスは使用しないでください。",
            ),
            Self::Disagrees { device, against } => wording(
                format!(
                    "The device {device} computes another answer for this model than {against} does, so it is not used."
                ),
                "Choose the device Automatic. The figures stand under Models.",
                format!(
                    "このモデルではデバイス {device} の結果が {against} と異なるため、使用しません。"
                ),
                "デバイスを「自動」にしてください。数値は「モデル一覧」にあります。",
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
                "The engine stopped while the model ran.",
                "Choose another device, or see under Devices which ones work.",
                "モデルの実行中にエンジンが停止しました。",
                "別のデバイスを選ぶか、「デバイス」で動作するものを確かめてください。",
            ),
            Self::Input => wording(
                "The input does not fit the model.",
                "Check the input size under Models, or import the model again.",
                "入力がモデルに合いません。",
                "「モデル一覧」で入力サイズを確かめるか、モデルを取り込み直してください。",
            ),
            Self::NoOutput => wording(
                "The model lacks an output that is needed.",
                "Import the model again.",
                "モデルに必要な出力がありません。",
                "モデルを取り込み直してください。",
            ),
            Self::NotALibrary => wording(
                "The file is neither a wheel nor a shared library for this system.",
                "Choose the official wheel of onnxruntime; Devices tells how to get it.",
                "このシステム用のwheelでも共有ライブラリでもありません。",
                "公式のonnxruntimeのwheelを選んでください。入手方法は「デバイス」にあります。",
            ),
            Self::LibraryName => wording(
                "The file is not named like a library of ONNX Runtime.",
                "Give it its own name back, such as libonnxruntime.so.1.31.1, onnxruntime.dll or libonnxruntime.1.31.1.dylib.",
                "ONNX Runtimeのライブラリのファイル名ではありません。",
                "元の名前(libonnxruntime.so.1.31.1、onnxruntime.dll、libonnxruntime.1.31.1.dylib など)に戻してください。",
            ),
            Self::OtherPlatform { os, arch } => wording(
                format!("The wheel is for {os} on {arch}."),
                "Choose the one for this machine.",
                format!("このwheelは {os}({arch})用です。"),
                "このコンピュータ用のものを選んでください。",
            ),
            Self::Checksum => wording(
                "The checksum is not that of the official wheel of this name.",
                "Download it again.",
                "公式のwheelとチェックサムが一致しません。",
                "ダウンロードし直してください。",
            ),
            Self::NotPinned => wording(
                "The checksum of this file is not among those known.",
                "Accept it only if you know where the file came from: it runs as part of Gantei.",
                "このファイルのチェックサムは登録されていません。",
                "Ganteiの一部として動作します。入手元が確かな場合だけ導入してください。",
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
                    format!("The file holds more than the limit of {limit} bytes or members."),
                    "Choose the official wheel of onnxruntime.",
                    format!("ファイルが上限({limit}バイトまたは個)を超えています。"),
                    "公式のonnxruntimeのwheelを選んでください。",
                )
            }
            Self::NoLibrary => wording(
                "The wheel holds no library of ONNX Runtime.",
                "Choose the wheel of onnxruntime or onnxruntime-gpu.",
                "wheelにONNX Runtimeのライブラリが入っていません。",
                "onnxruntimeまたはonnxruntime-gpuのwheelを選んでください。",
            ),
            Self::NotStored => wording(
                "The library could not be stored among the application's data.",
                "Check that the disk has room, close Gantei elsewhere, and try again.",
                "ライブラリを保存できませんでした。",
                "ディスクの空きを確かめ、他に起動中のGanteiを終了して、もう一度お試しください。",
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
            "Close other programs, use a smaller model, or open it on a computer with more memory.",
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
