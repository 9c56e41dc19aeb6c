//! Remarks of a preprocessing check, shown with its table.

use super::Lang;
use super::report::Report;
use super::window::Texts;
use crate::domain::{ColourOrder, Crop, Resize, Scaling};
use crate::evaluation::MismatchReason;

/// What a check says about the setting of the card, in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Verdict {
    /// The photographs give no reason to change it.
    Keep,
    /// Another setting is significantly better.
    Change,
    /// The two labels are in the wrong order.
    Reversed,
    /// The photographs allow no choice.
    Undecided,
}

impl Verdict {
    pub fn wording(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::En, Self::Keep) => "These photographs give no reason to change the settings.",
            (Lang::Ja, Self::Keep) => {
                "これらの写真からは、設定を変更する根拠は得られませんでした。"
            }
            (Lang::En, Self::Change) => {
                "Another setting fits these photographs better than the present one."
            }
            (Lang::Ja, Self::Change) => "現在の設定より、これらの写真によく合う設定があります。",
            (Lang::En, Self::Reversed) => "The two labels appear to be in the wrong order.",
            (Lang::Ja, Self::Reversed) => "2つのラベルの順序が逆と考えられます。",
            (Lang::En, Self::Undecided) => "These photographs cannot show which setting is right.",
            (Lang::Ja, Self::Undecided) => "これらの写真では、どの設定が正しいか判断できません。",
        }
    }
}

/// A field of the preprocessing with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputValue {
    Scaling(Scaling),
    Crop(Crop),
    Colour(ColourOrder),
    Resize(Resize),
}

impl InputValue {
    /// The name in cards.
    fn field(self) -> &'static str {
        match self {
            Self::Scaling(_) => "scaling",
            Self::Crop(_) => "crop",
            Self::Colour(_) => "colour",
            Self::Resize(_) => "resize",
        }
    }

    fn wording(self, lang: Lang) -> &'static str {
        let t = Texts(lang);
        match self {
            Self::Scaling(scaling) => t.scaling_in_words(scaling),
            Self::Crop(crop) => t.crop_in_words(crop),
            Self::Colour(order) => t.colour_in_words(order),
            Self::Resize(kernel) => t.resize_in_words(kernel),
        }
    }
}

/// A remark on the table.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// A single setting ranks first.
    OneBest,
    /// This many settings, including the best, are statistically indistinguishable.
    Inseparable {
        count: usize,
    },
    /// Fields in which the top settings agree, and the values of each field in which they differ.
    Fields {
        settled: Vec<InputValue>,
        open: Vec<Vec<InputValue>>,
    },
    /// Indistinguishable settings are ordered by their distance from the training statistics.
    NearestFirst,
    /// The card's setting is among the top settings but not first.
    CardAmongBest,
    /// The card's setting is significantly worse than the best.
    CardBehind,
    /// This many images do not look like fundus photographs, too many to exclude.
    AnyPicture {
        count: usize,
        of: usize,
    },
    /// The best figure is explained by chance and the choice among settings; `chance` is the share of label permutations that
    /// reach it, 0–1.
    Chance {
        chance: f64,
    },
    /// No better than a constant prediction: the mean absolute error of always predicting the median, in years or in the
    /// units of another value.
    NoBetterThanConstant {
        constant: f64,
        years: bool,
    },
    /// All top settings reverse the order of the labels.
    Flipped,
    /// As `Flipped`, with the meaning of the table's values specified by the user.
    FlippedByAnswer,
    /// Some of the top settings reverse the order of the labels, others do not.
    OrderOpen,
    /// Selected and evaluated on the same images.
    Optimistic,
    /// All pairs of images are ordered correctly, so resampling persons makes no difference.
    Perfect,
    FewImages {
        count: usize,
    },
    /// Persons unknown: each image was counted as a separate person.
    NoPersons,
    /// The number of images without a person in a table that has persons.
    SomeWithoutPerson {
        count: usize,
    },
    /// The number of persons with both labels.
    PersonsOfBothLabels {
        count: usize,
    },
    /// The number of rows that repeat another row.
    RepeatedRows {
        count: usize,
    },
    /// The table is not UTF-8; the encoding used to read it.
    Encoding(&'static str),
    /// Why some names in the table match no photograph.
    Names(MismatchReason),
    /// The number of settings that were run, of all; `followed` is how many were also run with the other resize kernels.
    NotAllTried {
        tried: usize,
        all: usize,
        followed: usize,
    },
    /// Settings that produced the same input for every image share a row.
    SameInputs {
        merged: usize,
    },
    /// Images without a round field of view, for which the square and masked crops used the whole frame.
    NoRoundField {
        count: usize,
    },
    /// Stopped by the user.
    Interrupted {
        images: usize,
        of: usize,
    },
    /// Settings for which the network's output was not finite.
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
            Self::OneBest => "The first setting is statistically distinguishable from all others.".into(),
            Self::Inseparable { count } => format!(
                "The first {count} settings are statistically indistinguishable on these images. The fields in which they differ remain undetermined. More labelled images may separate them."
            ),
            Self::Fields { settled, open } => fields(settled, open, Lang::En),
            Self::NearestFirst => "Indistinguishable settings are ranked by how close the images are to the training images, in standard deviations. This uses statistics stored in the network and needs no labels. If they were not updated in training, they describe the images of an earlier training.".into(),
            Self::CardAmongBest => "The setting of the model card is among the best. These images give no reason to change it.".into(),
            Self::CardBehind => "The setting of the model card is worse than the first one. The difference exceeds the uncertainty of these images.".into(),
            Self::AnyPicture { count, of } => format!(
                "{count} of the {of} labelled images do not look like fundus photographs. They are too many to be exceptions and were used anyway. Check that the model was trained for this kind of image."
            ),
            Self::Chance { chance } => format!(
                "No setting can be selected. With randomly permuted labels, the best setting does as well in {:.0} % of permutations.",
                chance * 100.0
            ),
            Self::NoBetterThanConstant { constant, years: true } => format!(
                "No setting can be selected. Always predicting the median age has a mean absolute error of {constant:.2} years, and no setting is better."
            ),
            Self::NoBetterThanConstant { constant, years: false } => format!(
                "No setting can be selected. Always predicting the median has a mean absolute error of {constant:.3}, and no setting is better."
            ),
            Self::Flipped => "The AUC and its whole interval are below 0.5: the order of the two labels is reversed. They are swapped only if you choose so when you apply a setting.".into(),
            Self::FlippedByAnswer => "The AUC and its whole interval are below 0.5. Either the chosen meaning of the table's values or the order of the labels in the card is reversed. The labels are swapped only if you choose so when you apply a setting.".into(),
            Self::OrderOpen => "Only some of the indistinguishable settings reverse the order of the two labels. The order in the card is kept.".into(),
            Self::Optimistic => "The setting was selected and evaluated on the same images, so its figure is optimistic. Evaluate the model on other images.".into(),
            Self::Perfect => "The first setting orders every pair of these images correctly. Its interval therefore has zero width and understates the uncertainty; use more images.".into(),
            Self::FewImages { count } => format!(
                "Usable images: {count}. 50 or more, with similar numbers of both labels, distinguish settings more reliably."
            ),
            Self::NoPersons => "The table has no column for persons, so each image was counted as a separate person. If persons appear more than once, the intervals are too narrow.".into(),
            Self::SomeWithoutPerson { count } => format!(
                "Images without a person in the table: {count}. Each was counted as a separate person. If persons appear more than once, the intervals are too narrow."
            ),
            Self::PersonsOfBothLabels { count } => format!(
                "Persons with both labels in the table: {count}. Check their rows, or the column for persons."
            ),
            Self::RepeatedRows { count } => format!(
                "Rows of the table that repeat another row: {count}. Each photograph was counted once."
            ),
            Self::Encoding(name) => format!("The table of labels is not UTF-8 and was read as {name}."),
            Self::Names(mismatch) => mismatch.wording(Lang::En),
            Self::NotAllTried { tried, all, followed: 0 } => format!(
                "{tried} of {all} settings were run. All scalings, crops and colour orders were run with the card's resizing method. No other method was tried."
            ),
            Self::NotAllTried { tried, all, followed } => format!(
                "{tried} of {all} settings were run. All scalings, crops and colour orders were run with the card's resizing method. The other methods were run for the best {followed}."
            ),
            Self::SameInputs { merged } => format!(
                "Settings that produced the same input as another setting for every image: {merged}. They share its row."
            ),
            Self::NoRoundField { count } => format!(
                "Images without a round field of view: {count}. For these, the square and masked crops used the whole frame."
            ),
            Self::Interrupted { images, of } => format!(
                "Stopped after {images} of {of} images; the figures are based on these {images}."
            ),
            Self::Unusable { count } => format!(
                "Settings for which the network output was not finite: {count}. They have no figure."
            ),
        }
    }

    fn japanese(&self) -> String {
        match self {
            Self::OneBest => "1位の設定は、他のすべての設定と統計的に区別できます。".into(),
            Self::Inseparable { count } => format!(
                "上位{count}件の設定は、これらの画像では統計的に区別できません。互いに異なる項目は確定できません。ラベル付きの画像を増やすと区別できる場合があります。"
            ),
            Self::Fields { settled, open } => fields(settled, open, Lang::Ja),
            Self::NearestFirst => "その中では、画像が学習時の画像に近い設定から順に並べました(単位は標準偏差)。ネットワークに保存された統計量を用い、ラベルは使いません。学習時に統計量が更新されていない場合は、それ以前の学習の画像との距離になります。".into(),
            Self::CardAmongBest => "モデルカードの設定は、最良の設定と区別できません。現在の設定を変更する根拠は得られませんでした。".into(),
            Self::CardBehind => "モデルカードの設定は1位の設定より劣ります。その差は、これらの画像の不確かさでは説明できません。".into(),
            Self::AnyPicture { count, of } => format!(
                "ラベル付きの画像{of}枚のうち{count}枚は、眼底写真ではないようです。例外とはいえない数のため、除外せずに使いました。モデルの対象となる画像であることを確認してください。"
            ),
            Self::Chance { chance } => format!(
                "設定を選択できません。ラベルを無作為に入れ替えても、{:.0} %の場合に同等以上の結果になります。",
                chance * 100.0
            ),
            Self::NoBetterThanConstant { constant, years: false } => format!(
                "設定を選択できません。常に中央値を予測した場合の平均絶対誤差は{constant:.3}で、これより良い設定がありません。"
            ),
            Self::NoBetterThanConstant { constant, years: true } => format!(
                "設定を選択できません。常に年齢の中央値を予測した場合の平均絶対誤差は{constant:.2}歳で、これより良い設定がありません。"
            ),
            Self::Flipped => "AUCは区間全体が0.5を下回っており、2つのラベルの順序が逆です。設定の適用時に指定した場合に限り、モデルカードのラベルを入れ替えます。".into(),
            Self::FlippedByAnswer => "AUCは区間全体が0.5を下回っています。指定した表の値の意味か、モデルカードのラベルの順序のどちらかが逆です。設定の適用時に指定した場合に限り、モデルカードのラベルを入れ替えます。".into(),
            Self::OrderOpen => "区別できない設定の一部だけで、2つのラベルの順序が逆になります。ラベルの順序はモデルカードのままとします。".into(),
            Self::Optimistic => "設定の選択と評価に同じ画像を使ったため、値は楽観的です(実際より良く見えます)。モデルの評価には別の画像を使ってください。".into(),
            Self::Perfect => "1位の設定では、これらの画像のすべての組が正しい順に並びました。このため区間の幅が0になり、不確かさが過小評価されます。画像を増やしてください。".into(),
            Self::FewImages { count } => format!(
                "使用できた画像は{count}枚です。両方のラベルをほぼ同数含む50枚以上の画像があると、設定をより確実に区別できます。"
            ),
            Self::NoPersons => "表に被検者を示す列がないため、各画像を別の被検者として数えました。同じ被検者の画像が複数ある場合、実際より区間が狭くなります。".into(),
            Self::SomeWithoutPerson { count } => format!(
                "{count}枚の画像は表に被検者の記載がないため、それぞれ別の被検者として数えました。同じ被検者の画像が複数ある場合、実際より区間が狭くなります。"
            ),
            Self::PersonsOfBothLabels { count } => format!(
                "表では{count}人に両方のラベルがあります。その行、または被検者を示す列を確認してください。"
            ),
            Self::RepeatedRows { count } => format!(
                "表の{count}行は、ほかの行と同じ内容です。写真は1回ずつ数えました。"
            ),
            Self::Encoding(name) => format!("ラベルの表はUTF-8ではないため、{name} として読み込みました。"),
            Self::Names(mismatch) => mismatch.wording(Lang::Ja),
            Self::NotAllTried { tried, all, followed: 0 } => format!(
                "{all}通りのうち{tried}通りの設定を実行しました。画素値の変換・切り出し・色の順序は、モデルカードのリサイズ方法ですべて試しました。他のリサイズ方法は試していません。"
            ),
            Self::NotAllTried { tried, all, followed } => format!(
                "{all}通りのうち{tried}通りの設定を実行しました。画素値の変換・切り出し・色の順序は、モデルカードのリサイズ方法ですべて試しました。他のリサイズ方法は、上位{followed}件で試しました。"
            ),
            Self::SameInputs { merged } => format!(
                "{merged}通りの設定は、すべての画像で別の設定と同じ入力になったため、同じ行にまとめました。"
            ),
            Self::NoRoundField { count } => format!(
                "{count}枚の画像では円形の撮影範囲が検出されませんでした。これらでは、square と masked の切り出しに画像全体を使いました。"
            ),
            Self::Interrupted { images, of } => format!(
                "{of}枚中{images}枚で中止しました。値はこの{images}枚によるものです。"
            ),
            Self::Unusable { count } => format!(
                "{count}通りの設定では、ネットワークの出力が有限の数値でないため、値がありません。"
            ),
        }
    }
}

/// What the images determine and what they leave open, a sentence for each field that they leave open.
fn fields(settled: &[InputValue], open: &[Vec<InputValue>], lang: Lang) -> String {
    let (t, report) = (Texts(lang), Report(lang));
    // Consoles of Windows may lack the minus sign.
    let words_of = |value: &InputValue| value.wording(lang).replace('−', "-");
    let mut sentences = Vec::new();
    if !settled.is_empty() {
        let words = settled.iter();
        let words = words.map(|v| format!("{} {}", report.field(v.field()), words_of(v)));
        let words = words.collect::<Vec<_>>().join(t.comma());
        sentences.push(report.of(
            format!("Determined by the images: {words}."),
            format!("画像から確定できた項目: {words}。"),
        ));
    }
    for values in open {
        let Some(first) = values.first() else {
            continue;
        };
        let field = report.field(first.field());
        let words = match values.len() {
            few @ ..=4 => {
                let words: Vec<String> = values[..few].iter().map(words_of).collect();
                words.join(t.comma())
            }
            many => report.of(format!("{many} values"), format!("{many}通り")),
        };
        sentences.push(report.of(
            format!("Undetermined: {field} ({words})."),
            format!("確定できない項目: {field}({words})。"),
        ));
    }
    sentences.join(report.of(" ", ""))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<Remark> {
    vec![
        Remark::OneBest,
        Remark::Inseparable { count: 3 },
        Remark::Fields {
            settled: vec![
                InputValue::Scaling(Scaling::Tf),
                InputValue::Colour(ColourOrder::Rgb),
            ],
            open: vec![
                vec![InputValue::Crop(Crop::Pad), InputValue::Crop(Crop::Square)],
                <Resize as strum::VariantArray>::VARIANTS
                    .iter()
                    .copied()
                    .map(InputValue::Resize)
                    .collect(),
            ],
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
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_plain_and_japanese_is_japanese() {
        let remarks = examples();
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
            settled: vec![InputValue::Scaling(Scaling::Tf)],
            open: vec![vec![
                InputValue::Crop(Crop::Pad),
                InputValue::Crop(Crop::Square),
            ]],
        };
        assert_eq!(
            open.wording(Lang::En),
            "Determined by the images: scaling -1 to 1. Undetermined: crop (padded with black, cropped to the field of view)."
        );
        assert_eq!(
            open.wording(Lang::Ja),
            "画像から確定できた項目: 画素値の変換 -1～1。確定できない項目: 切り出し(余白を黒で補う、撮影範囲で切り出す)。"
        );
    }
}
