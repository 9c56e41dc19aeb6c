//! What a check of the preprocessing has to say besides its table.

use super::Lang;
use crate::evaluation::MismatchReason;

/// One thing that a reader of the table must know.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// One setting stands alone at the head.
    OneBest,
    /// The images cannot tell this many settings from the best, the best included.
    Inseparable {
        count: usize,
    },
    /// What the settings at the head agree on, and in which values they differ, as fields of the card and their words.
    Fields {
        settled: Vec<(String, String)>,
        open: Vec<(String, Vec<String>)>,
    },
    /// Settings that cannot be told apart stand in the order of their distance from training.
    NearestFirst,
    /// The card's own setting is among those at the head, though not the first.
    CardAmongBest,
    /// The card's own setting is worse than the best beyond chance.
    CardBehind,
    /// So many of the images do not look like fundus photographs, too many to be left out.
    AnyPicture {
        count: usize,
        of: usize,
    },
    /// The best figure is what chance and the choice among the settings give; `chance` is the share of shuffles, 0–1.
    Chance {
        chance: f64,
    },
    /// No better than one answer for all: the mean absolute error of always answering the median, in years or in the units of
    /// another number.
    NoBetterThanConstant {
        constant: f64,
        years: bool,
    },
    /// Every setting at the head orders the labels the other way round.
    Flipped,
    /// So do they, and it was the user who said what the values of the table mean.
    FlippedByAnswer,
    /// Some of the settings at the head order the labels the other way round, others do not.
    OrderOpen,
    /// Chosen and judged on the same images.
    Optimistic,
    /// Every pair of images is in order, so that no draw of persons differs from another.
    Perfect,
    FewImages {
        count: usize,
    },
    /// Persons unknown: every image counted as a person of its own.
    NoPersons,
    /// So many images have no person in a table that names the others.
    SomeWithoutPerson {
        count: usize,
    },
    /// So many persons have both labels.
    PersonsOfBothLabels {
        count: usize,
    },
    /// So many rows say once more what another says.
    RepeatedRows {
        count: usize,
    },
    /// The table is not UTF-8: how it was read.
    Encoding(&'static str),
    /// Why some names of the table match no photograph.
    Names(MismatchReason),
    /// Settings that were run, of how many there are; `followed` is how many got the other resize kernels.
    NotAllTried {
        tried: usize,
        all: usize,
        followed: usize,
    },
    /// Settings that gave the same input on every image share a row.
    SameInputs {
        merged: usize,
    },
    /// Images without a round field of view, for which square and masked took the whole frame.
    NoRoundField {
        count: usize,
    },
    /// Stopped by the person.
    Interrupted {
        images: usize,
        of: usize,
    },
    /// Settings for which the network gave numbers that are not finite.
    Unusable {
        count: usize,
    },
}

impl Remark {
    /// A short name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OneBest => "one-best",
            Self::Inseparable { .. } => "inseparable",
            Self::Fields { .. } => "fields",
            Self::NearestFirst => "nearest-first",
            Self::CardAmongBest => "card-among-best",
            Self::CardBehind => "card-behind",
            Self::AnyPicture { .. } => "any-picture",
            Self::Chance { .. } => "chance",
            Self::NoBetterThanConstant { .. } => "no-better-than-constant",
            Self::Flipped => "flipped",
            Self::FlippedByAnswer => "flipped-by-answer",
            Self::OrderOpen => "order-open",
            Self::Optimistic => "optimistic",
            Self::Perfect => "perfect",
            Self::FewImages { .. } => "few-images",
            Self::NoPersons => "no-persons",
            Self::SomeWithoutPerson { .. } => "some-without-person",
            Self::PersonsOfBothLabels { .. } => "persons-of-both-labels",
            Self::RepeatedRows { .. } => "repeated-rows",
            Self::Encoding(_) => "encoding",
            Self::Names(_) => "names",
            Self::NotAllTried { .. } => "not-all-tried",
            Self::SameInputs { .. } => "same-inputs",
            Self::NoRoundField { .. } => "no-round-field",
            Self::Interrupted { .. } => "interrupted",
            Self::Unusable { .. } => "unusable",
        }
    }

    /// The sentence.
    pub fn wording(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Ja => self.japanese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::OneBest => "The images tell the first setting from every other.".into(),
            Self::Inseparable { count } => format!(
                "The images cannot tell the first {count} settings apart: what these differ in stays unknown. More labelled images may tell."
            ),
            Self::Fields { settled, open } => {
                let settled = settled.iter().map(|(field, word)| format!("{field} {word}"));
                let settled = wording("Settled by the images", settled.collect(), ", ", ": ", ".");
                let open = open
                    .iter()
                    .map(|(field, words)| format!("{field} ({})", words.join(", ")));
                let open = wording("Left open", open.collect(), ", ", ": ", ".");
                [settled, open].concat().trim_end().to_owned()
            }
            Self::NearestFirst => "Among them the setting comes first under which the images lie nearest to those of training: the first batch norms of the network recorded these, and the distance is given in standard deviations. It needs no labels. Where the norms were frozen in training, they tell of the pictures that the network had seen before.".into(),
            Self::CardAmongBest => "The setting of the model card is among the best: the labels give no reason to change its preprocessing.".into(),
            Self::CardBehind => "The setting of the model card is worse than the first beyond what these images leave open.".into(),
            Self::AnyPicture { count, of } => format!(
                "{count} of the {of} labelled pictures do not look like fundus photographs. As that is no exception here they were used all the same: look whether they are what the model was made for."
            ),
            Self::Chance { chance } => format!(
                "Nothing can be chosen: with the labels shuffled, the best of these settings is as good in {:.0} % of the cases.",
                chance * 100.0
            ),
            Self::NoBetterThanConstant { constant, years: true } => format!(
                "Nothing can be chosen: always answering the median age has a mean absolute error of {constant:.2} years, which no setting beats."
            ),
            Self::NoBetterThanConstant { constant, years: false } => format!(
                "Nothing can be chosen: always answering the median has a mean absolute error of {constant:.3}, which no setting beats."
            ),
            Self::Flipped => "The AUC lies below 0.5 with its whole interval: the order of the two labels is flipped. They are exchanged only where you say so when you use a setting.".into(),
            Self::FlippedByAnswer => "The AUC lies below 0.5 with its whole interval: either the meaning that you gave to the values of the table or the order of the labels in the card is flipped. The labels are exchanged only where you say so when you use a setting.".into(),
            Self::OrderOpen => "Under some of the settings that cannot be told apart the order of the two labels would be flipped, under others not: the labels stay in the order of the card.".into(),
            Self::Optimistic => "The setting was chosen on the same images on which its figure is shown, so the figure is optimistic. Judge the model on other images.".into(),
            Self::Perfect => "The first setting puts every pair of these images in order. Its interval has no width then and says too little; more images would show one.".into(),
            Self::FewImages { count } => format!(
                "Images that could be used: {count}. 50 or more, with both labels in like numbers, tell settings apart better."
            ),
            Self::NoPersons => "The table has no column that names the persons: every image counted as a person of its own. If persons appear more than once the intervals are too narrow.".into(),
            Self::SomeWithoutPerson { count } => format!(
                "Images without a person in the table: {count}. Each counts as a person of its own. If persons appear more than once the intervals are too narrow."
            ),
            Self::PersonsOfBothLabels { count } => format!(
                "Persons with both labels in the table: {count}. Look at their rows, or at the column that names the persons."
            ),
            Self::RepeatedRows { count } => format!(
                "Rows of the table that repeat another row: {count}. Each photograph counts once."
            ),
            Self::Encoding(name) => format!("The table of labels is not UTF-8 and was read as {name}."),
            Self::Names(mismatch) => mismatch.wording(Lang::En),
            Self::NotAllTried { tried, all, followed: 0 } => format!(
                "{tried} of {all} settings were run: every scaling, crop and colour order with the resize kernel of the card; no other kernel was tried."
            ),
            Self::NotAllTried { tried, all, followed } => format!(
                "{tried} of {all} settings were run: every scaling, crop and colour order with the resize kernel of the card, then the other kernels for the best {followed}."
            ),
            Self::SameInputs { merged } => format!(
                "Settings that gave the same input as another on every image: {merged}. They share its row."
            ),
            Self::NoRoundField { count } => format!(
                "Images without a round field of view: {count}. There the crops square and masked took the whole frame."
            ),
            Self::Interrupted { images, of } => format!(
                "Stopped after {images} of {of} images; the figures are those of these {images}."
            ),
            Self::Unusable { count } => format!(
                "Settings under which the network gave numbers that are not finite: {count}. They have no figure."
            ),
        }
    }

    fn japanese(&self) -> String {
        match self {
            Self::OneBest => "1位の設定は、これらの画像で他のすべての設定と区別できます。".into(),
            Self::Inseparable { count } => format!(
                "上位{count}件の設定は、これらの画像では区別できません。互いに異なる項目は不明のままです。ラベル付きの画像を増やすと区別できる場合があります。"
            ),
            Self::Fields { settled, open } => {
                let settled = settled.iter().map(|(field, word)| format!("{field} {word}"));
                let settled = wording("画像から決まる項目", settled.collect(), "、", ": ", "。");
                let open = open
                    .iter()
                    .map(|(field, words)| format!("{field}({})", words.join("、")));
                let open = wording("決まらない項目", open.collect(), "、", ": ", "。");
                [settled, open].concat().trim_end().to_owned()
            }
            Self::NearestFirst => "その中では、画像が学習時の画像に最も近くなる設定を1位としました。学習時の画像の特徴は、ネットワークの初めの数層のバッチ正規化に記録されており、距離は標準偏差を単位とします。ラベルは使いません。学習時にこれらの層を固定していた場合は、それ以前の学習に使われた画像との距離になります。".into(),
            Self::CardAmongBest => "モデルカードの設定は、最良の設定と区別できません。ラベルからは、前処理を変更する理由はありません。".into(),
            Self::CardBehind => "モデルカードの設定は1位の設定より劣り、その差は画像のばらつきでは説明できません。".into(),
            Self::AnyPicture { count, of } => format!(
                "ラベル付きの画像{of}枚のうち{count}枚は、眼底写真ではないと思われます。例外とはいえない数のため、そのまま使いました。モデルの対象となる画像かどうかを確かめてください。"
            ),
            Self::Chance { chance } => format!(
                "選べる設定はありません。ラベルを無作為に入れ替えても、{:.0} %の場合に同等以上の結果になります。",
                chance * 100.0
            ),
            Self::NoBetterThanConstant { constant, years: false } => format!(
                "選べる設定はありません。常に中央値を答えるだけで平均絶対誤差は{constant:.3}であり、これを上回る設定がありません。"
            ),
            Self::NoBetterThanConstant { constant, years: true } => format!(
                "選べる設定はありません。常に年齢の中央値を答えるだけで平均絶対誤差は{constant:.2}歳であり、これを上回る設定がありません。"
            ),
            Self::Flipped => "AUCは区間全体が0.5を下回っています。2つのラベルの順序が逆です。設定の使用時に指定した場合に限り、カードのラベルを入れ替えます。".into(),
            Self::FlippedByAnswer => "AUCは区間全体が0.5を下回っています。指定した表の値の意味か、カードのラベルの順序のどちらかが逆です。設定の使用時に指定した場合に限り、カードのラベルを入れ替えます。".into(),
            Self::OrderOpen => "区別できない設定の中には、2つのラベルの順序が逆になるものと、ならないものがあります。ラベルの順序はカードのままとします。".into(),
            Self::Optimistic => "設定の選択と値の計算に同じ画像を使ったため、値は実際より良く見えます。モデルの評価には別の画像を使ってください。".into(),
            Self::Perfect => "1位の設定では、これらの画像のすべての組が正しい順に並びました。このとき区間の幅は0になり、不確かさを表しません。画像を増やすと幅が現れます。".into(),
            Self::FewImages { count } => format!(
                "使えた画像は{count}枚だけです。両方のラベルをほぼ同数含む50枚以上の画像があると、設定をより確実に区別できます。"
            ),
            Self::NoPersons => "表に人を示す列がないため、画像1枚を1人として数えました。同じ人の画像が複数ある場合、区間は狭すぎます。".into(),
            Self::SomeWithoutPerson { count } => format!(
                "{count}枚の画像は表に人の記載がないため、それぞれ1人として数えました。同じ人の画像が複数ある場合、区間は狭すぎます。"
            ),
            Self::PersonsOfBothLabels { count } => format!(
                "表では{count}人に両方のラベルがあります。その行、または人を示す列を確かめてください。"
            ),
            Self::RepeatedRows { count } => format!(
                "表の{count}行は、ほかの行と同じ内容です。写真は1回ずつ数えました。"
            ),
            Self::Encoding(name) => format!("ラベルの表はUTF-8ではないため、{name} として読み込みました。"),
            Self::Names(mismatch) => mismatch.wording(Lang::Ja),
            Self::NotAllTried { tried, all, followed: 0 } => format!(
                "{all}通りのうち{tried}通りを実行しました。カードの縮小法ですべての変換・切り出し・色の順序を試し、他の縮小法は試していません。"
            ),
            Self::NotAllTried { tried, all, followed } => format!(
                "{all}通りのうち{tried}通りを実行しました。カードの縮小法ですべての変換・切り出し・色の順序を試し、上位{followed}件で他の縮小法を試しました。"
            ),
            Self::SameInputs { merged } => format!(
                "{merged}通りの設定は、すべての画像で別の設定と同じ入力になったため、同じ行にまとめました。"
            ),
            Self::NoRoundField { count } => format!(
                "{count}枚の画像では円形の撮影範囲が見つからず、square と masked の切り出しは画像全体を使いました。"
            ),
            Self::Interrupted { images, of } => format!(
                "{of}枚中{images}枚で停止しました。値はこの{images}枚によるものです。"
            ),
            Self::Unusable { count } => format!(
                "{count}通りの設定では、ネットワークの出力が有限の数になりませんでした。値はありません。"
            ),
        }
    }
}

/// `title: a, b. `, or nothing where there is nothing to list.
fn wording(title: &str, items: Vec<String>, between: &str, colon: &str, end: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    let space = if end == "." { " " } else { "" };
    format!("{title}{colon}{}{end}{space}", items.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_plain_and_japanese_is_japanese() {
        let remarks = [
            Remark::OneBest,
            Remark::Inseparable { count: 3 },
            Remark::Fields {
                settled: vec![("scaling".into(), "tf".into())],
                open: vec![("crop".into(), vec!["pad".into(), "square".into()])],
            },
            Remark::NearestFirst,
            Remark::CardAmongBest,
            Remark::CardBehind,
            Remark::AnyPicture { count: 30, of: 50 },
            Remark::Chance { chance: 0.2 },
            Remark::NoBetterThanConstant {
                constant: 9.0,
                years: true,
            },
            Remark::Flipped,
            Remark::FlippedByAnswer,
            Remark::OrderOpen,
            Remark::Optimistic,
            Remark::Perfect,
            Remark::FewImages { count: 12 },
            Remark::NoPersons,
            Remark::SomeWithoutPerson { count: 2 },
            Remark::PersonsOfBothLabels { count: 2 },
            Remark::RepeatedRows { count: 2 },
            Remark::Encoding("CP932 (Shift_JIS)"),
            Remark::Names(MismatchReason::Scientific { rows: 2 }),
            Remark::NotAllTried {
                tried: 48,
                all: 160,
                followed: 4,
            },
            Remark::SameInputs { merged: 2 },
            Remark::NoRoundField { count: 1 },
            Remark::Interrupted { images: 9, of: 50 },
            Remark::Unusable { count: 1 },
        ];
        let mut codes: Vec<&str> = remarks.iter().map(Remark::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), remarks.len());
        for remark in &remarks {
            let (en, ja) = (remark.wording(Lang::En), remark.wording(Lang::Ja));
            assert!(en.is_ascii() && en.ends_with('.'), "{en}");
            assert!(ja.ends_with('。') && !ja.contains("  "), "{ja}");
        }
        let of_number = Remark::NoBetterThanConstant {
            constant: 0.125,
            years: false,
        };
        for (lang, word) in [(Lang::En, "year"), (Lang::En, "age"), (Lang::Ja, "歳")] {
            assert!(
                !of_number.wording(lang).contains(word),
                "{}",
                of_number.wording(lang)
            );
        }
        let open = Remark::Fields {
            settled: vec![("scaling".into(), "tf".into())],
            open: vec![("crop".into(), vec!["pad".into(), "square".into()])],
        };
        assert_eq!(
            open.wording(Lang::En),
            "Settled by the images: scaling tf. Left open: crop (pad, square)."
        );
        assert_eq!(
            open.wording(Lang::Ja),
            "画像から決まる項目: scaling tf。決まらない項目: crop(pad、square)。"
        );
    }
}
