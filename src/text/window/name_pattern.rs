//! Texts of the page on which a pattern says where file names have person and eye.

use super::list::grouped;
use super::{Lang, Texts};
use crate::imaging::PatternFault;

texts! {
    name_pattern: "Person and eye from file names...", "ファイル名から被検者と左右眼を読み取る…";
    name_pattern_tip: "Say where file names have the person and the eye", "ファイル名のどこに被検者と左右眼があるかを指定する";
    name_pattern_title: "Person and eye from file names", "ファイル名から被検者と左右眼を読み取る";
    name_pattern_about: "Describe one file name. Check the first names below before you use the pattern.", "ファイル名の形を指定してください。使用する前に、下の読み取り結果を確認してください。";
    pattern: "Pattern", "パターン";
    pattern_person: "the person", "被検者";
    pattern_eye: "OD, OS, R, L, right or left", "OD、OS、R、L、右、左など";
    pattern_number: "digits", "数字";
    pattern_anything: "anything or nothing", "任意の文字(なくてもよい)";
    pattern_folder: "a folder, as in {person}/{eye}", "フォルダー(例: {person}/{eye})";
    pattern_name: "Name", "ファイル名";
    pattern_reads_person: "Person", "被検者";
    pattern_misses: "does not fit", "一致しません";
    pattern_use: "Use this pattern", "このパターンを使用";
    pattern_drop: "Use no pattern", "パターンを使用しない";
    pattern_masked: "File names are hidden. Show them to check a pattern.", "ファイル名は非表示です。パターンを確認するには表示してください。";
    pattern_none_listed: "Open photographs first: their names are shown here.", "先に写真を開いてください。ファイル名がここに表示されます。";
    pattern_folders: "Equal persons in different folders count separately. To join them, begin with */.", "別のフォルダーにある同じ名前の被検者は別人として数えます。同一とするには先頭に*/を付けてください。";
    pattern_tags_first: "DICOM tags and what you state by hand take precedence.", "DICOMタグと手動の指定が優先されます。";
}

impl Texts {
    pub fn pattern_fault(self, fault: PatternFault) -> &'static str {
        match (self.0, fault) {
            (Lang::En, PatternFault::Fields) => {
                "The pattern needs {person} once, and {eye} at most once."
            }
            (Lang::Ja, PatternFault::Fields) => "{person}は1つ、{eye}は1つまで必要です。",
            (Lang::En, PatternFault::Braces) => "Only the fields below may stand in braces.",
            (Lang::Ja, PatternFault::Braces) => "波かっこ内には下の項目だけを使えます。",
            (Lang::En, PatternFault::Long) => "The pattern is too long.",
            (Lang::Ja, PatternFault::Long) => "パターンが長すぎます。",
        }
    }

    /// "98 of 120 names fit: 49 persons, 47 with both eyes".
    pub fn pattern_fits(self, fits: usize, names: usize, persons: usize, both: usize) -> String {
        let [fits, names, persons, both] = [fits, names, persons, both].map(grouped);
        match self.0 {
            Lang::En => {
                format!("{fits} of {names} names fit: persons {persons}, with both eyes {both}.")
            }
            Lang::Ja => {
                format!("{names}件中{fits}件が一致: 被検者{persons}人、うち両眼あり{both}人")
            }
        }
    }
}
