//! Texts about disc, fovea and the regions of the fundus.

use super::{Lang, Texts};
use crate::domain::{Certainty, Region};

texts! {
    anatomy: "Evidence by anatomy", "部位別の寄与";
    anatomy_needs_photograph: "Open a photograph to mark disc and fovea.", "写真を開くと視神経乳頭と中心窩を指定できます。";
    anatomy_start: "Mark optic disc and fovea, or let them be found.", "視神経乳頭と中心窩を指定するか、自動検出してください。";
    find_landmarks: "Find both", "自動検出";
    find_landmarks_tip: "Detect disc and fovea in the photograph; the proposal includes its certainty", "写真から視神経乳頭と中心窩を探し、候補と確からしさを示します";
    mark_landmarks: "Mark by hand", "手動で指定";
    mark_landmarks_tip: "Click the centre of the disc, then the fovea", "視神経乳頭の中心、中心窩の順にクリック";
    stop_marking: "Stop marking", "指定をやめる";
    accept_landmarks: "Accept", "確定";
    accept_landmarks_tip: "Both marks are where they should be", "2点の位置が正しいことを確認した";
    clear_landmarks: "Clear marks", "指定を消す";
    landmarks_accepted: "Disc and fovea were found by the program and accepted.", "自動検出した視神経乳頭と中心窩を確認済みです。";
    landmarks_by_hand: "Disc and fovea were marked by hand.", "視神経乳頭と中心窩を手動で指定しました。";
    measuring: "Measuring...", "計算中…";
    fovea: "Fovea", "中心窩";
    region_outlines: "Outline the regions", "部位の輪郭を表示";
    region_column: "Region", "部位";
    area_column: "Area %", "面積 %";
    covered_column: "Hidden", "遮蔽";
    random_column: "Random", "無作為";
    anatomy_needs_map: "Run the model: the shares belong to its map.", "モデルを実行するとマップの部位別割合が得られます。";
    map_without_evidence: "This map holds no evidence.", "このマップの寄与はすべて0です。";
    cover_regions: "Cover each region", "各部位を遮蔽して比較";
    covering_regions: "Covering the regions", "部位を遮蔽して計算中";
    cancel_covering: "Cancel covering", "遮蔽を中止";
    higher: "higher", "高い値";
    lower: "lower", "低い値";
    about_regions: "About these figures", "この数値について";
    about_region_sizes: "The distance from disc to fovea gives the scale: 4.76 mm in the mean, 2.65 disc diameters (Jonas 2015, Beijing Eye Study). Disc: 0.90 mm about its centre. Disc ring: from there to 1.73 mm, the circle of nerve fibre layer scans. Macula: 3 mm about the fovea, the outer ETDRS circle. Arcades: within 0.2 mm of a vessel, outside the former. Millimetres are those of a mean eye.", "縮尺は視神経乳頭と中心窩の距離から求めます(平均4.76 mm、乳頭径の2.65倍: Jonas 2015、Beijing Eye Study)。乳頭: 中心から0.90 mm。乳頭周囲: そこから1.73 mmまで(神経線維層スキャンの円)。黄斑: 中心窩から3 mm(ETDRSの外円)。血管アーケード: 上記以外で血管から0.2 mm以内。長さは平均的な眼での値です。";
    about_region_reference: "For comparison, the attention weights of another model for recorded sex: macula 0.408, disc 0.383, vessels 0.209 (openreview.net, fGqcPjO8vt). Attention is no share of evidence, and which label a region speaks for is a trait of one model, no rule of anatomy.", "参考: 記録上の性別を推定する別のモデルのアテンション重みは、黄斑0.408、乳頭0.383、血管0.209(openreview.net、fGqcPjO8vt)。アテンション重みは寄与の割合とは異なります。どの部位がどちらのラベルに働くかはモデルごとの性質で、解剖学的な法則ではありません。";
}

impl Texts {
    pub const fn region(self, region: Region) -> &'static str {
        match (self.0, region) {
            (Lang::En, Region::Disc) => "Disc",
            (Lang::En, Region::Peripapillary) => "Disc ring",
            (Lang::En, Region::Macula) => "Macula",
            (Lang::En, Region::Arcades) => "Arcades",
            (Lang::En, Region::Rest) => "Rest",
            (Lang::En, Region::Outside) => "Outside",
            (Lang::Ja, Region::Disc) => "乳頭",
            (Lang::Ja, Region::Peripapillary) => "乳頭周囲",
            (Lang::Ja, Region::Macula) => "黄斑",
            (Lang::Ja, Region::Arcades) => "アーケード",
            (Lang::Ja, Region::Rest) => "その他",
            (Lang::Ja, Region::Outside) => "撮影範囲外",
        }
    }

    pub const fn sureness(self, sureness: Certainty) -> &'static str {
        match (self.0, sureness) {
            (Lang::En, Certainty::Sure) => "sure",
            (Lang::En, Certainty::Likely) => "likely",
            (Lang::En, Certainty::NotFound) => "not found",
            (Lang::Ja, Certainty::Sure) => "確実",
            (Lang::Ja, Certainty::Likely) => "おそらく",
            (Lang::Ja, Certainty::NotFound) => "見つからず",
        }
    }

    /// The name of a mark that is not accepted yet.
    pub fn proposed_mark(self, what: &str, sureness: Certainty) -> String {
        let word = self.sureness(sureness);
        match self.0 {
            Lang::En => format!("{what} (proposed, {word})"),
            Lang::Ja => format!("{what}(候補・{word})"),
        }
    }

    /// The proposal, and what to do with it.
    pub fn landmarks_proposed(self, disc: Certainty, fovea: Certainty) -> String {
        let (d, f) = (self.sureness(disc), self.sureness(fovea));
        let both = disc.min(fovea) > Certainty::NotFound;
        match (self.0, both) {
            (Lang::En, true) => {
                format!("Proposed: disc {d}, fovea {f}. Check the marks on the photograph.")
            }
            (Lang::En, false) => {
                format!("Disc {d}, fovea {f}. Mark both yourself.")
            }
            (Lang::Ja, true) => {
                format!("候補: 乳頭 {d}、中心窩 {f}。写真上の印を確認してください。")
            }
            (Lang::Ja, false) => {
                format!("乳頭 {d}、中心窩 {f}。2点を手動で指定してください。")
            }
        }
    }

    /// The prompt for the next click.
    pub const fn click_next(self, disc_is_marked: bool) -> &'static str {
        match (self.0, disc_is_marked) {
            (Lang::En, false) => "Click the centre of the optic disc (Esc: leave)",
            (Lang::En, true) => "Click the fovea (Esc: leave)",
            (Lang::Ja, false) => "視神経乳頭の中心をクリック(Escで中止)",
            (Lang::Ja, true) => "中心窩をクリック(Escで中止)",
        }
    }

    /// Legend for the columns of the shares; `high` and `low` are the sides, such as "towards male".
    pub fn shares_meaning(self, high: &str, low: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "+ {high}, − {low}: percent of the map's whole evidence. Area: percent of what the network sees."
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
                "Hidden: change of the {of} with the region blurred. Random: {randoms} round areas of the same size elsewhere, mean ± SD."
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
                "Blur each region in turn, and random round areas of the same size: at most {passes} passes through the model"
            ),
            Lang::Ja => format!(
                "各部位と、同じ面積の無作為な円形領域を順にぼかして計算します(モデルの計算は最大{passes}回)"
            ),
        }
    }
}
