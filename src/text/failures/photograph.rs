//! Why a photograph cannot be opened or prepared for a model.

use super::{FaultText, wording};
use crate::imaging::{Error, Foreign, Limited, prepare};
use crate::text::formats::sentence;
use crate::text::window::grouped;

/// Why a model does not run on an open photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum PhotographFault {
    /// The file has changed since the model ran on it.
    Changed,
    /// The image does not look like a fundus photograph.
    NotAFundus,
}

/// The texts for a file that cannot be opened.
pub(super) fn of_image(error: &Error) -> FaultText {
    match error {
        Error::Empty => wording(
            "The file is empty.",
            "Copy it again from its source.",
            "ファイルが空です。",
            "元のファイルをコピーし直してください。",
        ),
        Error::NotAnImage(_) => wording(
            "This file is not a supported image.",
            sentence!("Open a photograph in ", ", " " or ", "."),
            "対応している形式の画像ではありません。",
            sentence!("写真を開いてください。対応形式は", "、" "、", "です。"),
        ),
        Error::Malformed { format, .. } => wording(
            format!("The {format} data is damaged or incomplete."),
            "Export or copy the image again.",
            format!("{format}データが壊れているか、途中で切れています。"),
            "画像を書き出し直すか、コピーし直してください。",
        ),
        Error::Unsupported(_) => wording(
            "This kind of image is not supported.",
            "Save it as an 8-bit RGB image in JPEG, PNG or TIFF format. Export DICOM photographs uncompressed or with JPEG compression.",
            "この種類の画像には対応していません。",
            "8ビットRGBのJPEG、PNG、TIFF形式で保存し直してください。DICOMの場合は、非圧縮またはJPEG圧縮で書き出してください。",
        ),
        Error::Foreign(kind) => of_foreign(*kind),
        Error::Memory { .. } => wording(
            "Decoding this image needs too much memory.",
            "Reduce the size of the image first.",
            "この画像の復号に必要なメモリーが多すぎます。",
            "先に画像を縮小してください。",
        ),
        Error::NotAPhotograph(_) => wording(
            "This DICOM file does not contain a colour photograph.",
            "Open an ophthalmic photograph.",
            "このDICOMファイルにカラー写真が含まれていません。",
            "眼科写真のDICOMファイルを開いてください。",
        ),
        Error::Limit { what, found, limit } => {
            let (found, limit) = (grouped(*found), grouped(*limit));
            let (en, ja) = measure(*what);
            wording(
                format!("{en} is {found}, more than the limit of {limit}."),
                "Reduce the size of the image first.",
                format!("{ja}が上限を超えています({found}、上限{limit})。"),
                "先に画像を縮小してください。",
            )
        }
        Error::FrameOutOfRange { requested, frames } => wording(
            format!("Frame {requested} was requested, but the file has {frames}."),
            format!("Export the frame that you need (1 to {frames}) as a separate file."),
            format!("フレーム{requested}はありません(全{frames}フレーム)。"),
            format!("必要なフレーム(1～{frames})を単独のファイルに書き出してください。"),
        ),
    }
}

/// The texts for a file of a kind that is never opened.
fn of_foreign(kind: Foreign) -> FaultText {
    let (what, how) = foreign_ja(kind);
    let hint = kind.how();
    wording(
        format!("This file cannot be opened. It is {}.", kind.what()),
        format!("{}{}.", hint[..1].to_uppercase(), &hint[1..]),
        format!("{what}のため、開けません。"),
        how,
    )
}

/// What the file is, and what to do next, in Japanese.
fn foreign_ja(kind: Foreign) -> (&'static str, &'static str) {
    match kind {
        Foreign::Heic => (
            "HEIC形式の画像",
            "Macの「プレビュー」やWindowsの「フォト」などでJPEG形式に書き出してください。",
        ),
        Foreign::Avif => (
            "AVIF形式の画像",
            "ブラウザーや画像編集ソフトで開き、PNG形式で保存してください。",
        ),
        Foreign::JpegLs => (
            "JPEG-LS形式の画像",
            "PNG形式に変換してください(例: ffmpeg -i in.jls out.png)。",
        ),
        Foreign::JpegXr => (
            "JPEG XR形式の画像",
            "Windowsの「フォト」で開き、PNG形式で保存してください。",
        ),
        Foreign::OpenExr => (
            "OpenEXR形式の画像",
            "作成したソフトウェアで8ビットのPNG形式に保存してください。",
        ),
        Foreign::Radiance => (
            "Radiance形式の画像(.hdr)",
            "作成したソフトウェアで8ビットのPNG形式に保存してください。",
        ),
        Foreign::CameraRaw => (
            "カメラのRAWファイル",
            "カメラのソフトウェアで現像してJPEG形式に書き出すか、同時に記録されたJPEGを使用してください。",
        ),
        Foreign::Gif => (
            "256色以下のGIF画像",
            "元の写真を使用するか、PNG形式で保存し直してください。",
        ),
        Foreign::Photoshop => (
            "Photoshopのファイル",
            "レイヤーを統合してPNG形式に書き出してください。",
        ),
        Foreign::Gimp => (
            "GIMPのファイル(.xcf)",
            "GIMPからPNG形式にエクスポートしてください。",
        ),
        Foreign::Svg => (
            "SVG形式の図",
            "写真そのものをJPEGまたはPNG形式で使用してください。",
        ),
        Foreign::TopconOct => (
            "トプコン社の機器のOCTデータ(.fda、.fds)",
            "トプコン社のソフトウェア(IMAGEnet)からカラー眼底写真をJPEGまたはDICOM形式で書き出してください。",
        ),
        Foreign::HeidelbergData => (
            "ハイデルベルグ社の機器のデータ(.e2e、.sdb)",
            "Heidelberg Eye Explorer(HEYEX)からJPEG、PNG、DICOM形式で書き出してください。",
        ),
        Foreign::HeidelbergVolume => (
            "ハイデルベルグ社の機器のOCTボリューム(.vol)",
            "Heidelberg Eye Explorer(HEYEX)からJPEG、PNG、DICOM形式で書き出してください。",
        ),
        Foreign::CirrusVolume => (
            "名前とサイズからツァイス社CirrusのOCTデータ(.img、.bin)とみられるファイル",
            "ツァイス社の機器またはFORUMから眼底写真をJPEGまたは標準のDICOM形式で書き出してください。",
        ),
        Foreign::OctData => (
            "名前からOCT装置のデータ(.oct、.octx、.poct)とみられるファイル",
            "装置のソフトウェアから眼底写真をJPEG、PNG、またはDICOM形式で書き出してください。",
        ),
        Foreign::HeidelbergList => (
            "ハイデルベルグ社の機器の書き出し内容を記述したファイル(.xml)",
            "一緒に書き出された画像、またはそのフォルダーを開いてください。",
        ),
        Foreign::BioptigenVolume => (
            "Bioptigen社の機器のOCTデータ(.OCT)",
            "眼底カメラのソフトウェアから眼底写真をJPEGまたはPNG形式で書き出してください。",
        ),
        Foreign::ZeissScrambled => (
            "画素をツァイス社のソフトウェアでしか読めないDICOMファイル",
            "ツァイス社の機器またはFORUMから、標準のDICOM形式またはJPEG形式で書き出し直してください。",
        ),
        Foreign::Pdf => (
            "PDF文書",
            "文書内の写真をPNGまたはJPEG形式で書き出してください。",
        ),
        Foreign::PostScript => (
            "PostScriptファイル(.ps、.eps)",
            "中の写真をPNGまたはJPEG形式で書き出してください。",
        ),
        Foreign::Video => ("動画", "必要なフレームをPNG形式で保存してください。"),
        Foreign::Volume => (
            "断層装置または顕微鏡のボリュームデータ",
            "必要な断面または写真をPNG形式で保存してください。",
        ),
        Foreign::Numbers => (
            "数値データのファイル(NumPy、MATLAB、HDF5)",
            "中の画像を1枚ずつ8ビットのPNG形式で保存してください(例: PillowのImage.fromarray(array).save(\"picture.png\"))。",
        ),
        Foreign::Archive => (
            "圧縮ファイル",
            "展開して、画像のあるフォルダーを開いてください。",
        ),
        Foreign::Office => (
            "Office文書",
            "文書内の写真をPNGまたはJPEG形式で保存してください。",
        ),
        Foreign::WebPage => (
            "ダウンロードするはずのファイルの代わりに保存されたウェブページ",
            "必要ならウェブサイトにログインし、ファイルをダウンロードし直してください。",
        ),
        Foreign::Placeholder => (
            "本体がまだダウンロードされていないファイル(プレースホルダー)",
            "git lfs pullまたはgit annex getで本体を取得してください。",
        ),
        Foreign::ICloud => (
            "iCloudからまだダウンロードされていない写真のプレースホルダー",
            "先にダウンロードしてください(FinderでControlキーを押しながらクリックし、「今すぐダウンロード」を選択)。",
        ),
        Foreign::Zeros => (
            "先頭がすべて0のファイル(ダウンロードが完了していないか、実体がクラウド上に残っています)",
            "ダウンロードし直してください。クラウドのフォルダーにある場合は、先にこのコンピューターへ保存してください。",
        ),
        Foreign::MacAttributes => (
            "macOSが別のファイルの属性を保存したファイル",
            "名前が._で始まらない元のファイルを開いてください。",
        ),
    }
}

/// The texts for a photograph that cannot be prepared for a model.
pub(super) fn of_prepare(error: &prepare::Error) -> FaultText {
    match error {
        prepare::Error::InputSize(height, width) => wording(
            format!(
                "The model card requires an input of {width} x {height} pixels, which is not supported."
            ),
            "Import the model again with the correct input size.",
            format!("モデルカードの入力サイズ({width} × {height}画素)には対応していません。"),
            "正しい入力サイズでモデルを取り込み直してください。",
        ),
        prepare::Error::CustomScaling => wording(
            "The model card requires custom scaling but has no valid values for it.",
            "Enter mean and standard deviation under Models, Edit card; standard deviations must be greater than 0.",
            "モデルカードの画素値の変換(custom)に有効な数値がありません。",
            "「モデル一覧」の「カードを編集」で平均と標準偏差を指定してください。標準偏差は0より大きい値です。",
        ),
        prepare::Error::FieldOfView => wording(
            "The detected field of view does not fit the image.",
            "Open the photograph again, or one with a complete field of view.",
            "検出された撮影範囲が画像と合いません。",
            "写真を開き直すか、撮影範囲全体が写った写真を開いてください。",
        ),
        prepare::Error::Pixels => wording(
            "The number of pixels does not match the image size.",
            "Export or copy the photograph again.",
            "画素数が画像のサイズと一致しません。",
            "写真を書き出し直すか、コピーし直してください。",
        ),
    }
}

impl PhotographFault {
    pub(super) fn wording(self) -> FaultText {
        match self {
            Self::Changed => wording(
                "The photograph has changed since the model ran on it.",
                "Run the model on it again.",
                "モデルの実行後に写真が変更されています。",
                "この写真でモデルを実行し直してください。",
            ),
            Self::NotAFundus => wording(
                "This does not look like a fundus photograph, so the model is not run on it.",
                "Open a fundus photograph, or choose \"Use this image anyway\".",
                "眼底写真ではないようなので、モデルを実行しません。",
                "眼底写真を開くか、「この画像を使用する」を選んでください。",
            ),
        }
    }
}

fn measure(what: Limited) -> (&'static str, &'static str) {
    match what {
        Limited::FileBytes => ("The file size in bytes", "ファイルサイズ(バイト)"),
        Limited::Pixels => ("The number of pixels", "画素数"),
        Limited::Side => ("The longer side in pixels", "長辺の画素数"),
        Limited::Memory => (
            "The memory needed to open it in bytes",
            "開くのに必要なメモリー(バイト)",
        ),
        Limited::ScannedBytes => ("The number of bytes to read", "読み取るバイト数の合計"),
        Limited::ScannedPixels => ("The number of pixels times scans", "画素数とスキャン数の積"),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<super::Fault> {
    use std::mem::discriminant;

    use strum::{EnumCount, VariantArray};

    use super::Fault;

    let limit = |what: &Limited| Error::Limit {
        what: *what,
        found: 2,
        limit: 1,
    };
    let mut images: Vec<_> = Limited::VARIANTS.iter().map(limit).collect();
    images.extend(Foreign::VARIANTS.iter().copied().map(Error::Foreign));
    images.extend([
        Error::Empty,
        Error::NotAnImage("PNG".into()),
        Error::Malformed {
            format: "JPEG",
            reason: String::new(),
        },
        Error::Unsupported(String::new()),
        Error::Memory { format: "JPEG" },
        Error::NotAPhotograph(String::new()),
        Error::FrameOutOfRange {
            requested: 3,
            frames: 2,
        },
    ]);
    let kinds: std::collections::HashSet<_> = images.iter().map(discriminant).collect();
    assert_eq!(kinds.len(), Error::COUNT);
    let cards = [
        prepare::Error::InputSize(1, 2),
        prepare::Error::CustomScaling,
        prepare::Error::FieldOfView,
        prepare::Error::Pixels,
    ];
    assert_eq!(cards.len(), prepare::Error::COUNT);
    let open = PhotographFault::VARIANTS.iter().copied();
    let images = images.into_iter().map(Fault::Image);
    images
        .chain(cards.map(Fault::Prepare))
        .chain(open.map(Fault::Photograph))
        .collect()
}
