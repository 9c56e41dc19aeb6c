//! Why a file or folder that was met is not taken for a photograph, in words.

use super::Lang;
use crate::domain::SkipReason;

impl SkipReason {
    /// What stands behind the name of what was skipped; without a full stop.
    pub fn reason(self, lang: Lang) -> &'static str {
        let (en, ja) = match self {
            Self::NotAPicture => ("not an image", "画像ではありません"),
            Self::LeftBySystem => (
                "created by the operating system, a storage device or another program",
                "OS・記憶装置・他のソフトウェアが作成したものです",
            ),
            Self::Hidden => ("hidden", "隠しファイル・隠しフォルダーです"),
            Self::OwnPicture => ("a picture that Gantei wrote", "Ganteiが書き出した画像です"),
            Self::DiscIndex => (
                "the index of a disc (DICOMDIR)",
                "ディスクの索引(DICOMDIR)です",
            ),
            Self::Link => ("a link; links are not followed", "リンクです(たどりません)"),
            Self::GivenTwice => ("given more than once", "すでに指定されています"),
            Self::Unreadable => (
                "this account may not read it",
                "このアカウントでは読み取れません",
            ),
            Self::TooDeep => (
                "in folders nested too deeply",
                "フォルダーの階層が深すぎます",
            ),
            Self::SystemError => (
                "the system could not read it",
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
