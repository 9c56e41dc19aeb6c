//! Why a file or folder that was met is not taken for a photograph.

use super::Lang;

/// A file or folder that was met and not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Path relative to what was given.
    pub name: String,
    pub why: Why,
}

/// The reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Neither its name nor its first bytes are those of a picture.
    NotAPicture,
    /// A system, a storage device or another program left it: thumbnails, trash, copies of attributes.
    LeftBySystem,
    /// Its name begins with a dot.
    Hidden,
    /// An overlay or a figure that this application wrote.
    OwnPicture,
    /// The index of a disc of DICOM files.
    DiscIndex,
    Link,
    /// It was given before, by itself or with its folder.
    GivenTwice,
    Unreadable,
    /// The system could not look into it, for another reason than a permission.
    SystemError,
    /// Folders are nested deeper than is searched.
    TooDeep,
}

impl Why {
    pub const ALL: [Self; 10] = [
        Self::NotAPicture,
        Self::LeftBySystem,
        Self::Hidden,
        Self::OwnPicture,
        Self::DiscIndex,
        Self::Link,
        Self::GivenTwice,
        Self::Unreadable,
        Self::SystemError,
        Self::TooDeep,
    ];

    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAPicture => "not-a-picture",
            Self::LeftBySystem => "left-by-system",
            Self::Hidden => "hidden",
            Self::OwnPicture => "own-picture",
            Self::DiscIndex => "disc-index",
            Self::Link => "link",
            Self::GivenTwice => "given-twice",
            Self::Unreadable => "unreadable",
            Self::SystemError => "system-error",
            Self::TooDeep => "too-deep",
        }
    }

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

    use super::*;

    #[test]
    fn every_reason_has_a_name_and_words_of_its_own() {
        for say in [
            |why: Why| why.as_str(),
            |why: Why| why.reason(Lang::En),
            |why: Why| why.reason(Lang::Ja),
        ] {
            let said: HashSet<_> = Why::ALL.map(say).into_iter().collect();
            assert_eq!(said.len(), Why::ALL.len());
        }
    }
}
