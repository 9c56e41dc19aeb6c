//! Texts about disc, fovea and the regions of the fundus.

use super::{Lang, Texts};
use crate::domain::{Certainty, Region};

texts! {
    anatomy: "Contribution by region", "部位別の寄与";
    anatomy_needs_photograph: "Open a photograph to mark disc and fovea.", "写真を開くと視神経乳頭と中心窩を指定できます。";
    anatomy_start: "Detect the optic disc and fovea, or mark them by hand.", "視神経乳頭と中心窩を自動検出するか、手動で指定してください。";
    find_landmarks: "Detect", "自動検出";
    find_landmarks_tip: "Propose the positions of disc and fovea for you to check", "視神経乳頭と中心窩の候補を示します。位置を確認してください";
    mark_landmarks: "Mark by hand", "手動で指定";
    mark_landmarks_tip: "Click the centre of the disc, then the fovea", "視神経乳頭の中心、中心窩の順にクリック";
    stop_marking: "Stop marking", "指定をやめる";
    accept_landmarks: "Accept", "確定";
    accept_landmarks_tip: "Confirm that both marks are in the right place", "2点の位置が正しいことを確認し、確定します";
    clear_landmarks: "Clear marks", "指定を消す";
    landmarks_accepted: "Disc and fovea were detected automatically and confirmed.", "自動検出した視神経乳頭と中心窩を確認済みです。";
    landmarks_by_hand: "Disc and fovea were marked by hand.", "視神経乳頭と中心窩を手動で指定しました。";
    measuring: "Measuring...", "計算中…";
    fovea: "Fovea", "中心窩";
    region_outlines: "Show region outlines", "部位の輪郭を表示";
    region_column: "Region", "部位";
    area_column: "Area %", "面積 %";
    covered_column: "Hidden", "遮蔽";
    random_column: "Random", "無作為";
    anatomy_needs_map: "Run the model to get the contribution of each region.", "モデルを実行すると、部位ごとの寄与が得られます。";
    map_without_evidence: "This map is zero everywhere.", "このマップの寄与はすべて0です。";
    cover_regions: "Hide each region", "各部位を遮蔽して比較";
    covering_regions: "Hiding the regions", "部位を遮蔽して計算中";
    cancel_covering: "Stop hiding", "遮蔽を中止";
    higher: "higher", "高い値";
    lower: "lower", "低い値";
    about_regions: "About these figures", "この数値について";
    about_region_sizes: "The scale comes from the distance between disc and fovea, taken as 4.76 mm (Jonas 2015, Beijing Eye Study). This is 2.65 disc diameters in the mean eye. Disc: radius 0.90 mm. Disc ring: outside it, to a radius of 1.73 mm, the circle of nerve fibre layer scans. Macula: radius 3 mm around the fovea, the outer ETDRS circle. Vessels: within 0.2 mm of a vessel, outside these regions. Lengths are those of a mean eye.", "縮尺は、乳頭と中心窩の距離を4.76 mmとして求めます(Jonas 2015、Beijing Eye Study)。平均的な眼では乳頭径の2.65倍です。乳頭: 半径0.90 mm。乳頭周囲: その外側、半径1.73 mmまで(神経線維層スキャンの円)。黄斑: 中心窩から半径3 mm(ETDRSの外円)。血管: 上記以外で血管から0.2 mm以内。長さは平均的な眼での値です。";
    about_region_reference: "For comparison: attention weights of another model for recorded sex (openreview.net, fGqcPjO8vt). They are 0.408 for the macula, 0.383 for the disc and 0.209 for the vessels. Attention weights are not contributions to the score. Which label a region points to differs between models.", "参考: 記録上の性別を推定する別のモデルのアテンション重み(openreview.net、fGqcPjO8vt)。黄斑0.408、乳頭0.383、血管0.209です。アテンション重みはスコアへの寄与とは異なります。どの部位がどちらのラベルに働くかは、モデルごとに異なります。";
}

impl Texts {
    pub const fn region(self, region: Region) -> &'static str {
        match (self.0, region) {
            (Lang::En, Region::Disc) => "Disc",
            (Lang::En, Region::Peripapillary) => "Disc ring",
            (Lang::En, Region::Macula) => "Macula",
            (Lang::En, Region::Arcades) => "Vessels",
            (Lang::En, Region::Rest) => "Rest",
            (Lang::En, Region::Outside) => "Outside",
            (Lang::Ja, Region::Disc) => "乳頭",
            (Lang::Ja, Region::Peripapillary) => "乳頭周囲",
            (Lang::Ja, Region::Macula) => "黄斑",
            (Lang::Ja, Region::Arcades) => "血管",
            (Lang::Ja, Region::Rest) => "その他",
            (Lang::Ja, Region::Outside) => "撮影範囲外",
        }
    }

    pub const fn sureness(self, sureness: Certainty) -> &'static str {
        match (self.0, sureness) {
            (Lang::En, Certainty::Sure) => "detected",
            (Lang::En, Certainty::Likely) => "probably detected",
            (Lang::En, Certainty::NotFound) => "not detected",
            (Lang::Ja, Certainty::Sure) => "検出",
            (Lang::Ja, Certainty::Likely) => "検出(要確認)",
            (Lang::Ja, Certainty::NotFound) => "検出されず",
        }
    }

    /// The name of a mark that is not accepted yet.
    pub fn proposed_mark(self, what: &str, sureness: Certainty) -> String {
        match (self.0, sureness) {
            (Lang::En, Certainty::Sure) => format!("{what} (proposed)"),
            (Lang::En, Certainty::Likely | Certainty::NotFound) => {
                format!("{what} (proposed, uncertain)")
            }
            (Lang::Ja, Certainty::Sure) => format!("{what}(候補)"),
            (Lang::Ja, Certainty::Likely | Certainty::NotFound) => format!("{what}(候補・要確認)"),
        }
    }

    /// The proposal, and what to do with it.
    pub fn landmarks_proposed(self, disc: Certainty, fovea: Certainty) -> String {
        let (d, f) = (self.sureness(disc), self.sureness(fovea));
        let both = disc.min(fovea) > Certainty::NotFound;
        match (self.0, both) {
            (Lang::En, true) => {
                format!("Disc: {d}; fovea: {f}. Check both marks on the photograph.")
            }
            (Lang::En, false) => {
                format!("Disc: {d}; fovea: {f}. Mark both by hand.")
            }
            (Lang::Ja, true) => {
                format!("乳頭: {d}、中心窩: {f}。写真上の印を確認してください。")
            }
            (Lang::Ja, false) => {
                format!("乳頭: {d}、中心窩: {f}。2点を手動で指定してください。")
            }
        }
    }

    /// The prompt for the next click.
    pub const fn click_next(self, disc_is_marked: bool) -> &'static str {
        match (self.0, disc_is_marked) {
            (Lang::En, false) => "Click the centre of the optic disc (Esc: cancel)",
            (Lang::En, true) => "Click the fovea (Esc: cancel)",
            (Lang::Ja, false) => "視神経乳頭の中心をクリック(Escで中止)",
            (Lang::Ja, true) => "中心窩をクリック(Escで中止)",
        }
    }

    /// Legend for the columns of the shares; `high` and `low` are the sides, such as "towards male".
    pub fn shares_meaning(self, high: &str, low: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "+ {high}, − {low}: percent of the absolute attribution of the whole map. Area: percent of the input image."
            ),
            Lang::Ja => {
                format!("+ {high}、− {low}: マップ全体の寄与に占める%。面積: 入力画像に占める%。")
            }
        }
    }

    /// Legend for the columns of the hidden regions; `of` is the quantity that changes.
    pub fn covered_meaning(self, of: &str, randoms: usize) -> String {
        match self.0 {
            Lang::En => format!(
                "Hidden: change in {of} when the region is blurred. Random: {randoms} round areas of the same size elsewhere, mean ± SD."
            ),
            Lang::Ja => format!(
                "遮蔽: その部位をぼかしたときの{of}の変化。無作為: 同じ面積の円形領域{randoms}か所(別の場所)の平均 ± 標準偏差。"
            ),
        }
    }

    /// The quantity that changes: the score, or a value such as years.
    pub const fn what_changes(self, is_score: bool) -> &'static str {
        match (self.0, is_score) {
            (Lang::En, true) => "model score",
            (Lang::En, false) => "value",
            (Lang::Ja, true) => "モデルスコア",
            (Lang::Ja, false) => "値",
        }
    }

    /// The cost of hiding regions.
    pub fn cover_tip(self, passes: u64) -> String {
        match self.0 {
            Lang::En => format!(
                "Blur each region in turn, and random round areas of the same size (at most {passes} model runs)"
            ),
            Lang::Ja => format!(
                "各部位と、同じ面積の無作為な円形領域を順にぼかして計算します(モデルの計算は最大{passes}回)"
            ),
        }
    }
}
