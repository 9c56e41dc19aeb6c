//! Why a file or folder was skipped, in words.

use super::Lang;
use crate::domain::SkipReason;

impl SkipReason {
    /// The reason shown after the name of the skipped file or folder; without a full stop.
    pub fn reason(self, lang: Lang) -> &'static str {
        let (en, ja) = match self {
            Self::NotAPicture => ("not an image", "画像ではありません"),
            Self::LeftBySystem => (
                "created by the operating system, a storage device or another program",
                "OS、記憶装置、または他のソフトウェアが作成したファイルです",
            ),
            Self::Hidden => ("hidden", "隠しファイル・隠しフォルダーです"),
            Self::OwnPicture => ("an image exported by Gantei", "Ganteiが書き出した画像です"),
            Self::DiscIndex => (
                "a DICOM media index (DICOMDIR)",
                "DICOMメディアの索引(DICOMDIR)です",
            ),
            Self::DicomDocument => (
                "a DICOM report or document",
                "DICOMのレポートまたは文書です",
            ),
            Self::DicomWithoutImage => (
                "a DICOM object without an image",
                "画像を含まないDICOMオブジェクトです",
            ),
            Self::Tomography => (
                "optical coherence tomography, not a photograph",
                "光干渉断層像(OCT)であり、写真ではありません",
            ),
            Self::UnsupportedFormat => (
                "an image in a format that is not supported",
                "対応していない形式の画像です",
            ),
            Self::Archive => (
                "an archive; unpack it and open its folder",
                "圧縮ファイルです(展開してフォルダーを開いてください)",
            ),
            Self::Document => (
                "a document; save the photograph in it as PNG or JPEG",
                "文書です(中の写真をPNGまたはJPEG形式で保存してください)",
            ),
            Self::Video => (
                "a video; save the frame that you need as PNG",
                "動画です(必要なフレームをPNG形式で保存してください)",
            ),
            Self::Data => (
                "numbers or a volume; save each picture in it as PNG",
                "数値またはボリュームのデータです(中の画像をPNG形式で保存してください)",
            ),
            Self::WebPage => (
                "a web page; download the file itself again",
                "ウェブページです(ファイル本体をダウンロードし直してください)",
            ),
            Self::NotDownloaded => (
                "a placeholder for a file that has not been downloaded",
                "本体がまだダウンロードされていないファイル(プレースホルダー)です",
            ),
            Self::Zeros => (
                "begins with nothing but zeros; download it again",
                "先頭がすべて0です(ダウンロードし直してください)",
            ),
            Self::PartOfDownload => (
                "a download that has not finished",
                "ダウンロードが完了していないファイルです",
            ),
            Self::Backup => (
                "a backup copy of another file",
                "別のファイルのバックアップです",
            ),
            Self::Link => (
                "a link; links are not followed",
                "リンクです(リンク先は開きません)",
            ),
            Self::OutsideOfDisc => (
                "outside the folder of the disc",
                "メディアのフォルダーの外にあります",
            ),
            Self::NotOnDisc => (
                "listed by the disc's index, but not there; copy the whole disc",
                "メディアの索引にありますが、見つかりません(メディア全体をコピーしてください)",
            ),
            Self::GivenTwice => ("specified more than once", "重複して指定されています"),
            Self::Unreadable => ("no permission to read it", "読み取りの権限がありません"),
            Self::TooDeep => (
                "in folders nested too deeply",
                "フォルダーの階層が深すぎます",
            ),
            Self::SystemError => (
                "a system error occurred while reading it",
                "システムエラーのため読み取れません",
            ),
        };
        match lang {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray;

    use super::*;

    #[test]
    fn every_reason_has_a_name_and_words_of_its_own() {
        for say in [
            |why: SkipReason| why.as_str(),
            |why: SkipReason| why.reason(Lang::En),
            |why: SkipReason| why.reason(Lang::Ja),
        ] {
            let wording: HashSet<_> = SkipReason::VARIANTS.iter().copied().map(say).collect();
            assert_eq!(wording.len(), SkipReason::VARIANTS.len());
        }
    }
}
