//! Texts about the sanity checks of a map.

use super::{Lang, Texts};

texts! {
    sanity_checks_title: "Sanity checks", "マップの検証";
    run_sanity_checks: "Check this map", "このマップを検証";
    run_sanity_checks_tip: "Hide what the map marks, randomise the network's weights, change the photograph slightly. A meaningful map passes these checks", "マップが示す領域の遮蔽、ネットワークの重みのランダム化、写真の小さな変更により、マップを検証します";
    stop_sanity_checks: "Stop the check", "検証を中止";
    sanity_checks_running: "Checking the map", "マップを検証中";
    sanity_checks_need_map: "There is no map to check yet.", "検証するマップがまだありません。";
    sanity_checks_failed: "The map could not be checked.", "マップを検証できませんでした。";

    check_passed: "Passed", "合格";
    marked_area_hidden: "Marked area hidden", "マップが示す領域の遮蔽";
    cells_hidden: "Deletion", "削除曲線";
    cells_shown: "Insertion", "挿入曲線";
    share_hidden: "Share of the area hidden, %", "遮蔽した面積の割合(%)";
    share_shown: "Share of the area shown, %", "表示した面積の割合(%)";
    curve_of_map: "In the order of the map, the cells that support the result first", "マップの順(この結果を支持するセルから)";
    curve_of_random: "Random areas of the same size, mean", "同じ面積の無作為な領域(平均)";
    band_of_random: "Random areas, one standard deviation to either side", "無作為な領域(平均から標準偏差1つ分の幅)";
    too_few_cells: "Fewer than two cells of this map are in the field of view.", "撮影範囲の中にあるこのマップのセルが2つ未満です。";

    weights_shuffled: "Weights randomised", "重みのランダム化";
    photograph_changed: "Photograph changed a little", "写真を少し変えた場合";
    outside_field: "Outside the field of view", "撮影範囲の外";
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
            Lang::En => {
                format!("Area between the curves {gain} (positive: better than random areas)")
            }
            Lang::Ja => format!("曲線間の面積 {gain}(正の値: 無作為な領域より優れる)"),
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
