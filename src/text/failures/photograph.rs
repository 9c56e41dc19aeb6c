//! Faults of photographs: why one cannot be opened or prepared for a model.

use super::{Said, said};
use crate::text::formats::sentence;
use crate::text::window::grouped;

/// What of a photograph is beyond its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    FileBytes,
    /// Pixels of the longer side.
    Side,
    Pixels,
    /// Bytes of memory that opening it takes.
    Memory,
    /// Bytes that decoding goes through.
    ScannedBytes,
    /// Pixels times the scans of a progressive JPEG.
    ScannedPixels,
}

/// Why a photograph cannot be opened or prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotographFault {
    Empty,
    NotAPicture,
    /// The bytes break the rules of their format, such as `JPEG`.
    Damaged {
        format: &'static str,
    },
    /// A kind of picture that is not read.
    Unsupported,
    /// Too much memory would be needed to decode it.
    NeedsMemory,
    /// A DICOM object that is no photograph in colour.
    NotAPhotograph,
    Beyond {
        what: Measure,
        found: u64,
        limit: u64,
    },
    NoSuchFrame {
        asked: u32,
        frames: u32,
    },
    /// The card's input size cannot be prepared.
    InputSize {
        height: u32,
        width: u32,
    },
    /// The card's own scaling lacks its figures.
    CustomScaling,
    /// The circle that was found does not lie near the picture.
    FieldOfView,
    /// Pixels and size of the photograph do not fit each other.
    Pixels,
    /// The file was changed since the model ran on it.
    Changed,
    /// The picture does not look like a fundus photograph.
    NotAFundus,
}

impl PhotographFault {
    pub(super) fn said(&self) -> Said {
        match self {
            Self::Empty => said(
                "The file is empty.",
                "Copy it again from where it came from.",
                "ファイルが空です。",
                "元の場所からコピーし直してください。",
            ),
            Self::NotAPicture => said(
                "This is not a picture that can be opened.",
                sentence!("Open a photograph in ", ", " " or ", "."),
                "開くことのできる画像ではありません。",
                sentence!("", "、" "、", "の写真を開いてください。"),
            ),
            Self::Damaged { format } => said(
                format!("The {format} data is damaged or incomplete."),
                "Export or copy the picture again.",
                format!("{format}データが壊れているか、途中で切れています。"),
                "画像を書き出し直すか、コピーし直してください。",
            ),
            Self::Unsupported => said(
                "Pictures of this kind are not supported.",
                "Save it as an 8-bit RGB picture in JPEG, PNG or TIFF; export a DICOM photograph uncompressed or as JPEG.",
                "この種類の画像には対応していません。",
                "8ビットRGBのJPEG、PNG、TIFFで保存し直してください。DICOMの場合は、非圧縮またはJPEG圧縮で書き出してください。",
            ),
            Self::NeedsMemory => said(
                "This picture needs too much memory to decode.",
                "Make the picture smaller first.",
                "この画像の展開に必要なメモリーが多すぎます。",
                "先に画像を縮小してください。",
            ),
            Self::NotAPhotograph => said(
                "This DICOM file does not hold a colour photograph.",
                "Open an ophthalmic photograph.",
                "このDICOMファイルはカラー写真ではありません。",
                "眼科写真のDICOMファイルを開いてください。",
            ),
            Self::Beyond { what, found, limit } => {
                let (found, limit) = (grouped(*found), grouped(*limit));
                let (en, ja) = measure(*what);
                said(
                    format!("{en} is {found}, more than the limit of {limit}."),
                    "Make the picture smaller first.",
                    format!("{ja}が上限を超えています({found}、上限{limit})。"),
                    "先に画像を縮小してください。",
                )
            }
            Self::NoSuchFrame { asked, frames } => said(
                format!("Frame {asked} was asked for, but the file has {frames}."),
                format!("Export the frame that you need as a file of its own: 1 to {frames}."),
                format!("{asked}枚目のフレームはありません(全{frames}枚)。"),
                format!("1～{frames}枚目から必要なフレームを1つのファイルに書き出してください。"),
            ),
            Self::InputSize { height, width } => said(
                format!(
                    "The model card asks for an input of {width} x {height} pixels, which cannot be prepared."
                ),
                "Import the model again with the right input size.",
                format!("モデルカードの入力サイズ({width} × {height}画素)では前処理できません。"),
                "正しい入力サイズでモデルを取り込み直してください。",
            ),
            Self::CustomScaling => said(
                "The model card asks for custom scaling without usable figures.",
                "Give mean and deviation under Models, Edit card; deviations must be above 0.",
                "モデルカードの画素値の変換(custom)に使える数値がありません。",
                "「モデル一覧」の「カードを編集」で平均と標準偏差を指定してください。標準偏差は0より大きい値です。",
            ),
            Self::FieldOfView => said(
                "The field of view of the photograph is not a circle near the picture.",
                "Open the photograph again, or one that shows the whole field.",
                "写真の撮影範囲が画像付近の円になっていません。",
                "写真を開き直すか、撮影範囲全体が写った写真を開いてください。",
            ),
            Self::Pixels => said(
                "The photograph's pixels do not fill its size.",
                "Export or copy the photograph again.",
                "写真の画素数がサイズと一致しません。",
                "写真を書き出し直すか、コピーし直してください。",
            ),
            Self::Changed => said(
                "The photograph was changed since the model ran on it.",
                "Run the model on it again.",
                "モデルの実行後に写真が変更されています。",
                "この写真でモデルを実行し直してください。",
            ),
            Self::NotAFundus => said(
                "This does not look like a fundus photograph, so the model is not run on it.",
                "Open a fundus photograph, or choose \"Use it all the same\".",
                "眼底写真ではないようなので、モデルを実行しません。",
                "眼底写真を開くか、「それでも使用する」を選んでください。",
            ),
        }
    }
}

fn measure(what: Measure) -> (&'static str, &'static str) {
    match what {
        Measure::FileBytes => ("The file size in bytes", "ファイルサイズ(バイト)"),
        Measure::Pixels => ("The number of pixels", "画素数"),
        Measure::Side => ("The longer side in pixels", "長辺の画素数"),
        Measure::Memory => (
            "The memory needed to open it in bytes",
            "開くのに必要なメモリー(バイト)",
        ),
        Measure::ScannedBytes => ("The number of bytes to read", "読み取るバイト数の合計"),
        Measure::ScannedPixels => ("The number of pixels times scans", "画素数とスキャン数の積"),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<PhotographFault> {
    let measures = [
        Measure::FileBytes,
        Measure::Side,
        Measure::Pixels,
        Measure::Memory,
        Measure::ScannedBytes,
        Measure::ScannedPixels,
    ];
    let beyond = |what| PhotographFault::Beyond {
        what,
        found: 2,
        limit: 1,
    };
    let mut all: Vec<_> = measures.into_iter().map(beyond).collect();
    all.extend([
        PhotographFault::Empty,
        PhotographFault::NotAPicture,
        PhotographFault::Damaged { format: "JPEG" },
        PhotographFault::Unsupported,
        PhotographFault::NeedsMemory,
        PhotographFault::NotAPhotograph,
        PhotographFault::NoSuchFrame {
            asked: 3,
            frames: 2,
        },
        PhotographFault::InputSize {
            height: 1,
            width: 2,
        },
        PhotographFault::CustomScaling,
        PhotographFault::FieldOfView,
        PhotographFault::Pixels,
        PhotographFault::Changed,
        PhotographFault::NotAFundus,
    ]);
    all
}
