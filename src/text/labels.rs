//! Why rows of a table of labels and photographs are not used, with counts.

use super::Lang;
use crate::evaluation::{MismatchReason, Role, RowFault, Unused};

impl RowFault {
    /// A short description.
    pub fn wording(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, Self::NoImage) => "no image name".into(),
            (Lang::Ja, Self::NoImage) => "画像の名前がない".into(),
            (Lang::En, Self::NoLabel) => "no label".into(),
            (Lang::Ja, Self::NoLabel) => "値がない".into(),
            (Lang::En, Self::Neither([a, b])) => format!("neither {a} nor {b}"),
            (Lang::Ja, Self::Neither([a, b])) => format!("{a} でも {b} でもない"),
            (Lang::En, Self::LeftOut) => "excluded by your choice".into(),
            (Lang::Ja, Self::LeftOut) => "指定により除外".into(),
            (Lang::En, Self::NotAnAge) => "not an age in years (above 0, at most 120)".into(),
            (Lang::Ja, Self::NotAnAge) => "年齢(0歳より上、120歳以下)として読めない".into(),
            (Lang::En, Self::NotANumber) => "not a number".into(),
            (Lang::Ja, Self::NotANumber) => "数値として読めない".into(),
            (Lang::En, Self::TooManyCells) => {
                "more cells than column names in the first line".into()
            }
            (Lang::Ja, Self::TooManyCells) => "1行目の列名よりセルの数が多い".into(),
        }
    }
}

impl Unused {
    /// Count and reason, without a full stop.
    pub fn wording(&self, count: usize, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(count),
            Lang::Ja => self.japanese(count),
        }
    }

    fn english(&self, count: usize) -> String {
        let of = |one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        match self {
            Self::NoLabel => of(
                "photograph without a usable label",
                "photographs without a usable label",
            ),
            Self::NotAFundus => of(
                "image that does not look like a fundus photograph",
                "images that do not look like fundus photographs",
            ),
            Self::Failed => of("photograph that failed", "photographs that failed"),
            Self::NotReached => of("photograph not processed", "photographs not processed"),
            Self::NoPhotograph => of("row without a photograph", "rows without a photograph"),
            Self::Ambiguous => of(
                "name with more than one match",
                "names with more than one match",
            ),
            Self::Contradicting => of(
                "name with contradicting rows",
                "names with contradicting rows",
            ),
            Self::Unreadable(why) => format!("{}: {}", of("row", "rows"), why.wording(Lang::En)),
        }
    }

    fn japanese(&self, count: usize) -> String {
        match self {
            Self::NoLabel => format!("使用できるラベルのない写真 {count}枚"),
            Self::NotAFundus => format!("眼底写真ではないと思われる画像 {count}枚"),
            Self::Failed => format!("処理できなかった写真 {count}枚"),
            Self::NotReached => format!("未処理の写真 {count}枚"),
            Self::NoPhotograph => format!("写真のない行 {count}行"),
            Self::Ambiguous => format!("複数の候補に一致する名前 {count}件"),
            Self::Contradicting => format!("行の内容が矛盾する名前 {count}件"),
            Self::Unreadable(why) => format!("{}行 {count}行", modifier(why)),
        }
    }
}

/// The reason in the form that precedes the word for a row.
fn modifier(why: &RowFault) -> String {
    match why {
        RowFault::NoImage => "画像の名前がない".into(),
        RowFault::NoLabel => "値がない".into(),
        RowFault::LeftOut => "指定により除外した".into(),
        RowFault::Neither(_)
        | RowFault::NotAnAge
        | RowFault::NotANumber
        | RowFault::TooManyCells => why.wording(Lang::Ja),
    }
}

/// The content of a column of the table, in both languages.
pub fn role_words(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Image => ("the photographs", "画像の名前"),
        Role::ImageRight => ("the photographs of right eyes", "右眼の画像の名前"),
        Role::ImageLeft => ("the photographs of left eyes", "左眼の画像の名前"),
        Role::Person => ("the persons", "被検者"),
        Role::Eye => ("the eye", "眼の左右"),
        Role::Sex => ("the recorded sex", "記録上の性別"),
        Role::Age => ("the age in years", "年齢"),
        Role::Label => ("the label", "ラベル"),
        Role::Covariate => ("a further value", "その他の値"),
    }
}

/// Everything that was not used, as one sentence; empty if everything was used.
pub fn not_used(counts: &[(Unused, usize)], lang: Lang) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(what, count)| what.wording(*count, lang))
        .collect();
    match (lang, parts.is_empty()) {
        (_, true) => String::new(),
        (Lang::En, _) => format!("Not used: {}.", parts.join("; ")),
        (Lang::Ja, _) => format!("使用しなかったもの: {}。", parts.join("、")),
    }
}

impl MismatchReason {
    /// A complete sentence.
    pub fn wording(&self, lang: Lang) -> String {
        match (lang, self) {
            (
                Lang::En,
                Self::LeadingZeros {
                    photographs,
                    example: (name, image),
                },
            ) => format!(
                "Further photographs that match if leading zeros, which spreadsheets remove, are ignored: {photographs}, such as {name} and {image}."
            ),
            (
                Lang::Ja,
                Self::LeadingZeros {
                    photographs,
                    example: (name, image),
                },
            ) => format!(
                "先頭の0を無視すると、さらに{photographs}枚の写真が対応します(例: {name} と {image})。表計算ソフトは先頭の0を削除することがあります。"
            ),
            (Lang::En, Self::Scientific { rows }) => format!(
                "Long numbers that a spreadsheet converted to the form 1.23E+12: {rows}. These names are lost in this file. Format the column as text and save the table again."
            ),
            (Lang::Ja, Self::Scientific { rows }) => format!(
                "表計算ソフトが{rows}件の長い数字を 1.23E+12 の形式に変えたため、元の名前が失われています。列を文字列の書式にして保存し直してください。"
            ),
            (
                Lang::En,
                Self::Beginnings {
                    photographs,
                    example: (name, image),
                },
            ) => format!(
                "Photographs whose names begin with a name in the table: {photographs}, such as {image} and {name}. The table seems to have one row per person; use one row per photograph."
            ),
            (
                Lang::Ja,
                Self::Beginnings {
                    photographs,
                    example: (name, image),
                },
            ) => format!(
                "{photographs}枚の写真の名前は、表の名前で始まっています(例: {image} と {name})。表は被検者1人につき1行のようです。写真1枚につき1行にしてください。"
            ),
            (
                Lang::En,
                Self::OtherNames {
                    example: (name, image),
                },
            ) => format!(
                "The names differ in more than case, extension and folder. Examples: {name} in the table, {image} among the photographs."
            ),
            (
                Lang::Ja,
                Self::OtherNames {
                    example: (name, image),
                },
            ) => format!(
                "大文字と小文字・拡張子・フォルダー以外の部分が異なります(例: 表では {name}、写真では {image})。"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_said_in_both_languages_and_has_its_own_code() {
        let faults = [
            RowFault::NoImage,
            RowFault::NoLabel,
            RowFault::Neither(["female".into(), "male".into()]),
            RowFault::LeftOut,
            RowFault::NotAnAge,
            RowFault::NotANumber,
            RowFault::TooManyCells,
        ];
        let whole = [
            Unused::NoLabel,
            Unused::NotAFundus,
            Unused::Failed,
            Unused::NotReached,
            Unused::NoPhotograph,
            Unused::Ambiguous,
            Unused::Contradicting,
        ];
        let unused: Vec<Unused> = whole
            .into_iter()
            .chain(faults.map(Unused::Unreadable))
            .collect();
        let mut codes: Vec<&str> = unused.iter().map(Unused::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), unused.len());
        for what in &unused {
            let (en, ja) = (what.wording(3, Lang::En), what.wording(3, Lang::Ja));
            assert!(en.is_ascii() && en.contains('3'), "{en}");
            assert!(!ja.is_ascii() && ja.contains('3'), "{ja}");
        }
        let example = || ("12".to_owned(), "00012.jpg".to_owned());
        for mismatch in [
            MismatchReason::LeadingZeros {
                photographs: 8,
                example: example(),
            },
            MismatchReason::Scientific { rows: 2 },
            MismatchReason::Beginnings {
                photographs: 8,
                example: example(),
            },
            MismatchReason::OtherNames { example: example() },
        ] {
            let (en, ja) = (mismatch.wording(Lang::En), mismatch.wording(Lang::Ja));
            assert!(en.is_ascii() && en.ends_with('.'), "{en}");
            assert!(ja.ends_with('。'), "{ja}");
        }
    }

    #[test]
    fn a_sentence_counts_what_was_not_used() {
        let counts = [
            (Unused::NoLabel, 10),
            (Unused::Unreadable(RowFault::NotAnAge), 1),
        ];
        assert_eq!(
            not_used(&counts, Lang::En),
            "Not used: 10 photographs without a usable label; 1 row: not an age in years (above 0, at most 120)."
        );
        assert!(
            not_used(&counts, Lang::Ja)
                .starts_with("使用しなかったもの: 使用できるラベルのない写真 10枚、")
        );
        assert_eq!(not_used(&[], Lang::En), "");
    }
}
