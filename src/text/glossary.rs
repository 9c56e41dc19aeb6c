//! Terms of the field as the texts use them, with one Japanese term and a short definition for each.
//!
//! A test keeps the translations of the window, of findings and of error messages to these terms.

/// A term with its meaning, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The English term, in lower case unless it is an abbreviation.
    pub en: &'static str,
    /// The Japanese term.
    pub ja: &'static str,
    /// A short definition.
    pub means_en: &'static str,
    /// The same in Japanese.
    pub means_ja: &'static str,
}

const fn term(
    en: &'static str,
    ja: &'static str,
    means_en: &'static str,
    means_ja: &'static str,
) -> Term {
    Term {
        en,
        ja,
        means_en,
        means_ja,
    }
}

/// The terms in alphabetical order of their English names.
pub const GLOSSARY: &[Term] = &[
    term(
        "age estimate",
        "年齢の推定",
        "The age in years that a model predicts from a photograph.",
        "モデルが写真から予測した年齢(歳)。",
    ),
    term(
        "attribution",
        "寄与",
        "The amount by which a pixel or cell changes the model's output according to a saliency map.",
        "サリエンシーマップにおいて、画素またはセルがモデルの出力に与えた影響の大きさ。",
    ),
    term(
        "AUC",
        "AUC",
        "Area under the ROC curve: the share of pairs of photographs with different labels that the score orders correctly.",
        "ROC曲線下面積。ラベルの異なる写真の組のうち、スコアの大小が正しい組の割合。",
    ),
    term(
        "baseline",
        "基準画像",
        "The image without information with which a method compares the photograph, such as black or a blurred copy.",
        "手法が写真と比べる、情報を含まない画像(黒やぼかした写真など)。",
    ),
    term(
        "batch norm",
        "バッチ正規化",
        "A layer that normalises its input with the mean and variance recorded in training.",
        "学習時に記録した平均と分散で入力を正規化する層。",
    ),
    term(
        "calibration",
        "較正",
        "The agreement between scores and observed frequencies, without which a score is not a probability.",
        "スコアと実際の頻度との一致。較正されていないスコアは確率ではない。",
    ),
    term(
        "cell",
        "セル",
        "One element of a saliency map's own grid, the finest detail that the map has.",
        "サリエンシーマップの格子の1要素。マップはこれより細かい情報を持たない。",
    ),
    term(
        "checksum",
        "チェックサム",
        "A number computed from a file (SHA-256) that shows whether the file has changed.",
        "ファイルから計算し、変更の有無を確認するための値(SHA-256)。",
    ),
    term(
        "class order",
        "クラスの順序",
        "Which label belongs to which output of the network.",
        "ネットワークの各出力とラベルとの対応。",
    ),
    term(
        "colour order",
        "色の順序",
        "The order of the colour channels in the network's input: RGB or BGR.",
        "ネットワークの入力における色チャンネルの順序(RGBまたはBGR)。",
    ),
    term(
        "completeness gap",
        "完全性の誤差",
        "The difference between the sum of integrated gradients and the change in output that they should add up to.",
        "積分勾配の合計と、本来等しくなるはずの出力の変化との差。",
    ),
    term(
        "contour",
        "輪郭線",
        "A line around the cells that reach a given share of the map's maximum.",
        "マップの最大値に対して一定の割合以上のセルを囲む線。",
    ),
    term(
        "contribution by region",
        "部位別の寄与",
        "The share of a saliency map in each part of the fundus, such as disc and macula.",
        "視神経乳頭や黄斑など、眼底の各部位がサリエンシーマップに占める割合。",
    ),
    term(
        "crop",
        "切り出し",
        "The part of the photograph that is passed to the network.",
        "写真のうち、ネットワークに入力する部分。",
    ),
    term(
        "deletion and insertion",
        "削除と挿入",
        "A sanity check that hides or reveals cells in the order of the map. The change in output is compared with random areas.",
        "マップの順にセルを遮蔽または表示し、出力の変化を無作為な領域と比べる検証。",
    ),
    term(
        "demonstration model",
        "デモ用モデル",
        "A bundled model trained on computer-drawn eyes, without meaning for real eyes.",
        "コンピューターで描画した眼底画像で学習した付属のモデル。実際の眼に対する意味はない。",
    ),
    term(
        "embedded engine",
        "内蔵エンジン",
        "The inference engine inside Gantei, which needs no installation.",
        "導入作業なしで使える、Gantei内蔵の推論エンジン。",
    ),
    term(
        "feature map",
        "特徴マップ",
        "The output of a layer: a grid of responses for each channel.",
        "層の出力。チャンネルごとの反応を格子状に並べたもの。",
    ),
    term(
        "field of view",
        "撮影範囲",
        "The part of the retina shown in the photograph, usually a disc on a black background.",
        "写真に写っている網膜の範囲。通常は黒い背景の中の円。",
    ),
    term(
        "fovea",
        "中心窩",
        "The centre of the macula.",
        "黄斑の中心。",
    ),
    term(
        "fundus photograph",
        "眼底写真",
        "A colour photograph of the retina taken through the pupil.",
        "瞳孔を通して撮影した網膜のカラー写真。",
    ),
    term(
        "gradient",
        "勾配",
        "The rate of change of the model's output with respect to its input or to a feature map.",
        "入力または特徴マップに対するモデルの出力の変化率。",
    ),
    term(
        "image quality",
        "画質",
        "A rating of focus, exposure, contrast and field of view, computed from the photograph.",
        "写真から計算した、ピント、露出、コントラスト、撮影範囲の評価。",
    ),
    term(
        "integrated gradients",
        "積分勾配",
        "A method that integrates gradients along the path from a baseline to the photograph (Sundararajan et al., 2017).",
        "基準画像から写真までの経路に沿って勾配を積分する手法(Sundararajanら、2017)。",
    ),
    term(
        "label",
        "ラベル",
        "The class that a score stands for, or the recorded value of a photograph in a table.",
        "スコアが表すクラス、または表に記録された写真ごとの値。",
    ),
    term(
        "last layer",
        "最終層",
        "The layer that computes the model's output: sigmoid, softmax or linear.",
        "モデルの出力を計算する層(シグモイド、ソフトマックス、または線形)。",
    ),
    term(
        "laterality",
        "左右眼",
        "Which eye a photograph shows: right (OD) or left (OS).",
        "写真が右眼(OD)と左眼(OS)のどちらのものかの区別。",
    ),
    term(
        "layer",
        "層",
        "One step of a network's computation.",
        "ネットワークの計算の1段階。",
    ),
    term(
        "logit",
        "ロジット",
        "The input of the final sigmoid; for a softmax, the difference of its two inputs.",
        "最終層のシグモイド関数の入力。ソフトマックス関数では2つの入力の差。",
    ),
    term(
        "macula",
        "黄斑",
        "The central part of the retina, here within 3 mm of the fovea.",
        "網膜の中心部。ここでは中心窩から3 mm以内。",
    ),
    term(
        "mean absolute error",
        "平均絶対誤差",
        "The mean absolute difference between estimated and recorded age.",
        "推定年齢と記録上の年齢との差の絶対値の平均。",
    ),
    term(
        "model card",
        "モデルカード",
        "The file that states a model's task, preprocessing, labels, source and terms of use.",
        "モデルの推定項目、前処理、ラベル、出典、利用条件を記載したファイル。",
    ),
    term(
        "model score",
        "モデルスコア",
        "The output of a model between two labels, from 0 to 1, not calibrated as a probability.",
        "2つのラベルの間を0から1で表すモデルの出力。確率として較正されたものではない。",
    ),
    term(
        "network",
        "ネットワーク",
        "The layers and weights that compute a model's output.",
        "モデルの出力を計算する層と重み。",
    ),
    term(
        "occlusion",
        "遮蔽",
        "Hiding part of the photograph to measure the change in output (Zeiler and Fergus, 2014).",
        "写真の一部を隠して出力の変化を測ること(Zeiler・Fergus、2014)。",
    ),
    term(
        "optic disc",
        "視神経乳頭",
        "The head of the optic nerve, where the retinal vessels enter and leave the eye.",
        "視神経の起始部。網膜の血管が出入りする。",
    ),
    term(
        "parameter randomisation",
        "重みのランダム化",
        "A sanity check that repeats a map with randomised weights. A map that stays the same does not show what was learned.",
        "重みをランダム化したネットワークでマップを計算し直す検証。変わらないマップは学習内容を示さない。",
    ),
    term(
        "preprocessing",
        "前処理",
        "Crop, resizing, colour order and scaling that turn a photograph into the network's input.",
        "写真をネットワークの入力に変換する処理(切り出し、リサイズ、色の順序、画素値の変換)。",
    ),
    term(
        "preset",
        "プリセット",
        "A set of settings for a known family of models.",
        "既知のモデル群に対する設定の組。",
    ),
    term(
        "provider",
        "プロバイダー",
        "The part of ONNX Runtime that runs a model on a kind of device, such as CPU or CUDA.",
        "CPUやCUDAなど、デバイスの種類ごとにモデルを実行するONNX Runtimeの構成要素。",
    ),
    term(
        "rank correlation",
        "順位相関",
        "Spearman's correlation of the ranks of two maps: 1 for the same order, 0 for none in common.",
        "2つのマップの順位の相関(Spearman)。1は同じ順序、0は無関係。",
    ),
    term(
        "recorded sex",
        "記録上の性別",
        "The sex stated in the data set or record of a photograph.",
        "写真のデータセットまたは記録に記載された性別。",
    ),
    term(
        "recorded-sex estimate",
        "記録上の性別の推定",
        "A model's estimate of the recorded sex, never a statement about the person.",
        "モデルが推定した記録上の性別。本人についての判定ではない。",
    ),
    term(
        "red-free",
        "レッドフリー",
        "The green channel shown in grey, in which vessels stand out.",
        "緑チャンネルの白黒表示。血管が見やすくなる。",
    ),
    term(
        "resizing",
        "リサイズ方法",
        "The interpolation that brings the crop to the network's input size.",
        "切り出した画像をネットワークの入力サイズに変換する補間の方法。",
    ),
    term(
        "saliency map",
        "サリエンシーマップ",
        "An image that shows which parts of a photograph influenced the model's output.",
        "写真のどの部分がモデルの出力に影響したかを示す画像。",
    ),
    term(
        "sanity check",
        "マップの検証",
        "A test that a meaningful saliency map should pass.",
        "意味のあるサリエンシーマップであれば満たすはずの検査。",
    ),
    term(
        "scaling",
        "画素値の変換",
        "The conversion of pixel values from 0 to 255 to the range with which the network was trained.",
        "0～255の画素値を、ネットワークの学習時の範囲に変換すること。",
    ),
    term(
        "seed",
        "乱数シード",
        "The number that makes a random computation repeatable.",
        "乱数を使う計算を再現できるようにする数値。",
    ),
    term(
        "self-test",
        "動作確認",
        "A run of the stored reference input, compared with the stored output.",
        "保存済みの参照入力を実行し、保存済みの出力と比べること。",
    ),
    term(
        "table of labels",
        "ラベルの表",
        "A CSV file with the recorded sex, age or label of each photograph.",
        "写真ごとの記録上の性別、年齢、またはラベルを記載したCSVファイル。",
    ),
    term(
        "threshold",
        "閾値",
        "The operating threshold: the score from which on the second label is reported.",
        "判定に用いる閾値。スコアがこの値以上のときに2番目のラベルとする。",
    ),
    term(
        "vessel",
        "血管",
        "A retinal artery or vein.",
        "網膜の動脈または静脈。",
    ),
    term(
        "weight",
        "重み",
        "A parameter of the network that is set in training.",
        "学習で決まるネットワークのパラメーター。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::{every_text, without_calls};

    /// Texts that use a term in another sense, by the term and the name of the text.
    const EXCEPTIONS: &[(&str, &str)] = &[
        // The name of a column, which stays English.
        ("label", "check_labels_tip"),
    ];

    /// True if the text contains the term or its simple plural as whole words, in any case.
    fn uses(text: &str, term: &str) -> bool {
        let (text, term) = (text.to_lowercase(), term.to_lowercase());
        text.match_indices(&term).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let rest = &text[start + term.len()..];
            let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
            before.is_none_or(|c| !c.is_alphanumeric())
                && ["", "s", "es"]
                    .iter()
                    .any(|plural| rest.strip_prefix(plural).is_some_and(ends))
        })
    }

    #[test]
    fn terms_are_unique_sorted_and_defined() {
        let names: Vec<String> = GLOSSARY.iter().map(|t| t.en.to_lowercase()).collect();
        assert!(names.is_sorted_by(|a, b| a < b));
        for term in GLOSSARY {
            assert!(term.means_en.ends_with('.'), "{}", term.en);
            assert!(term.means_ja.ends_with('。'), "{}", term.en);
            assert!(term.means_en.is_ascii() && !term.means_ja.is_ascii());
        }
    }

    #[test]
    fn a_term_is_found_as_a_whole_word_and_in_the_plural() {
        assert!(uses("Fine vessels are lost.", "vessel"));
        assert!(uses("Logit", "logit") && uses("in the AUC", "AUC"));
        assert!(!uses("labelled photographs", "label"));
        assert!(!uses("multilayer", "layer"));
    }

    #[test]
    fn every_text_translates_a_term_in_the_same_way() {
        let mut wrong = Vec::new();
        for (name, en, ja) in every_text() {
            for term in GLOSSARY {
                let is_exception = EXCEPTIONS.contains(&(term.en, name.as_str()));
                if uses(&without_calls(&en), term.en) && !ja.contains(term.ja) && !is_exception {
                    wrong.push(format!(
                        "{name}: {} without {}: {en} {ja}",
                        term.en, term.ja
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
