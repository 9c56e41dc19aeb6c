//! Texts about the sanity checks of a map.

use super::{Lang, Texts};

texts! {
    sanity_checks_title: "Sanity checks", "マップの検証";
    run_sanity_checks: "Check this map", "このマップを検証";
    run_sanity_checks_tip: "Hide what the map marks, randomise the network's weights, change the photograph slightly: a meaningful map passes these checks", "マップが示す領域を遮蔽する、ネットワークの重みをランダム化する、写真を少し変えるなどして、マップが信頼できるかを確かめます";
    stop_sanity_checks: "Stop the check", "検証を中止";
    sanity_checks_running: "Checking the map", "マップを検証中";
    sanity_checks_need_map: "There is no map to check yet.", "検証するマップがまだありません。";
    sanity_checks_failed: "The map could not be checked.", "マップを検証できませんでした。";

    cells_hidden: "Cells hidden", "セルを遮蔽";
    cells_shown: "Cells shown", "セルを見せる";
    curve_legend: "Line: in the map's order, the evidence for this answer first. Grey: random areas of the same size and shape (mean and SD).", "線: マップの順(この結果を支持する領域から)。灰色: 同じ面積と形の無作為な領域(平均 ± 標準偏差)。";
    too_few_cells: "Fewer than two cells of this map are in the field of view.", "撮影範囲の中にあるこのマップのセルが2つ未満です。";

    weights_shuffled: "Weights randomised", "重みのランダム化";
    last_block: "Last block", "最終ブロック";
    all_layers: "All layers", "すべての層";
    photograph_changed: "Photograph changed a little", "写真を少し変えた場合";
    variant_shifted: "Moved by 2 %", "2 %移動";
    variant_brighter: "10 % brighter", "明るさ +10 %";
    variant_darker: "10 % darker", "明るさ −10 %";
    variant_jpeg: "JPEG, quality 75", "JPEG 画質75";
    rank_correlation: "Rank correlation", "順位相関";
    absolute: "absolute", "絶対値";
    change_of_answer: "Answer", "結果の変化";
    no_map_constant: "same everywhere", "全セル同値";
    no_map_number: "overflow", "計算が発散";
    outside_field: "Outside the field", "撮影範囲の外";
}

impl Texts {
    /// Two shares, 0–1.
    pub fn share_outside(self, evidence: f64, area: f64) -> String {
        let [evidence, area] = [evidence, area].map(|share| 100.0 * share);
        match self.0 {
            Lang::En => format!("{evidence:.0} % of the attribution, {area:.0} % of the area"),
            Lang::Ja => format!("寄与の{evidence:.0} %(面積は{area:.0} %)"),
        }
    }

    /// The area between a map's curve and that of random areas.
    pub fn area_between(self, gain: &str) -> String {
        match self.0 {
            Lang::En => format!("area gained {gain}"),
            Lang::Ja => format!("曲線間の面積 {gain}"),
        }
    }

    /// A curve in words, for screen readers.
    pub fn curve_name(self, title: &str, map: &str, random: &str) -> String {
        match self.0 {
            Lang::En => format!("{title}: area under the curve {map}, of random areas {random}"),
            Lang::Ja => format!("{title}: 曲線下の面積 {map}、無作為な領域 {random}"),
        }
    }
}
