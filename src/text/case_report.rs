//! Titles and sentences of a case report that the window does not have.

use super::report::Report;
use crate::domain::ModelCard;

impl Report {
    pub fn case_report(self) -> &'static str {
        self.of("Case report", "解析レポート")
    }

    pub fn page_of(self, page: usize, pages: usize) -> String {
        self.of(
            format!("Page {page} of {pages}"),
            format!("{page} / {pages}ページ"),
        )
    }

    /// The short title of a section that goes on behind a page break.
    pub fn continued(self) -> &'static str {
        self.of("(continued)", "(続き)")
    }

    pub fn checks_not_run(self) -> &'static str {
        self.of(
            "The sanity checks of this map were not run.",
            "このマップの検証は行っていません。",
        )
    }

    pub fn regions_not_computed(self) -> &'static str {
        self.of(
            "The contribution by region was not computed.",
            "部位別の寄与は計算していません。",
        )
    }

    /// Beside disc and fovea that nobody has reviewed.
    pub fn landmarks_unchecked(self) -> &'static str {
        self.of(
            "Disc and fovea were detected automatically and not confirmed.",
            "視神経乳頭と中心窩は自動検出した位置で、確認していません。",
        )
    }

    pub fn landmarks_missing(self) -> &'static str {
        self.of(
            "Disc or fovea was not detected, so there is no contribution by region.",
            "視神経乳頭または中心窩を検出できず、部位別の寄与はありません。",
        )
    }

    /// There is a score, and no map of it.
    pub fn without_map(self) -> &'static str {
        self.of(
            "There is no saliency map of this score.",
            "このスコアのサリエンシーマップはありません。",
        )
    }

    pub fn model_id(self) -> &'static str {
        self.of("Id", "ID")
    }

    /// The checksum of a file.
    pub fn sha256_of(self, file: &str) -> String {
        self.of(format!("{file}, SHA-256"), format!("{file}のSHA-256"))
    }

    pub fn versions(self) -> &'static str {
        self.of("Versions", "バージョン")
    }

    pub fn reference(self) -> &'static str {
        self.of("Reference", "文献")
    }

    pub fn acknowledgment(self) -> &'static str {
        self.of("Acknowledgment", "謝辞")
    }

    /// The acknowledgment of a card in this language.
    pub fn thanks(self, card: &ModelCard) -> &str {
        self.of(&card.acknowledgment.en, &card.acknowledgment.ja)
            .trim()
    }
}
