//! Texts about what the network sees, step by step: one sentence each, for teaching.

use super::{Lang, Texts, grouped};

texts! {
    what_it_sees: "What the network sees", "ネットワークが見ているもの";
    what_it_sees_tip: "How the model processes this photograph, step by step", "この写真がモデルで処理される過程を順に表示";
    steps_computing: "Computing the steps...", "処理の過程を計算中…";
    steps_failed: "The steps could not be computed.", "処理の過程を計算できませんでした。";
    step_back: "Back", "前へ";
    step_on: "Next step", "次へ";
    step_original: "Photograph", "写真";
    step_original_says: "The original photograph. Only the outlined part enters the network.", "元の写真です。枠で囲んだ部分だけがネットワークに入ります。";
    step_crop: "Crop", "切り出し";
    step_crop_says: "The part that was cropped. Areas outside the photograph or the field of view are black.", "切り出した部分です。写真や撮影範囲の外は黒になります。";
    step_input: "Resized", "リサイズ";
    step_input_says: "Resized to the network's input: fine vessels and small lesions may already be lost.", "ネットワークの入力サイズにリサイズします。細い血管や小さな病変はここで失われることがあります。";
    step_scaled: "Numbers", "数値化";
    step_scaled_says: "The numbers that enter the network, with three channels shown as red, green and blue. The lowest is black, the highest white.", "ネットワークに入る数値です。3つのチャンネルを赤・緑・青で示し、最小値を黒、最大値を白としました。";
    step_features: "Features", "特徴";
    step_features_says: "The response of the last feature map, over all its channels. The network has no finer positions than these cells.", "最後の特徴マップの反応の強さ(全チャンネル)です。ネットワークの位置の情報はこのセルより細かくなりません。";
    step_map: "Map", "マップ";
    step_map_says: "Which cells changed the result, and in which direction. These are the same cells, weighted by their effect on the result.", "どのセルが結果をどちらの方向に動かしたかを示します。同じセルを、結果への影響で重みづけしたものです。";
    step_score: "Score", "スコア";
    step_score_says: "Everything is combined into one number. The last function turns it into the result.", "すべてを1つの数値にまとめ、最後の関数で結果に変換します。";
    step_unavailable: "This network has no last feature map to show.", "このネットワークには表示できる最後の特徴マップがありません。";
}

impl Texts {
    pub fn pixels_of(self, width: u32, height: u32) -> String {
        match self.0 {
            Lang::En => format!("{width} × {height} px"),
            Lang::Ja => format!("{width} × {height} 画素"),
        }
    }

    /// The extent of one pixel or cell, in pixels of the photograph.
    pub fn represents(self, is_cell: bool, width: f64, height: f64) -> String {
        match (self.0, is_cell) {
            (Lang::En, true) => {
                format!("a cell represents {width:.0} × {height:.0} px of the photograph")
            }
            (Lang::En, false) => {
                format!("a pixel represents {width:.1} × {height:.1} px of the photograph")
            }
            (Lang::Ja, true) => format!("1セルは写真の {width:.0} × {height:.0} 画素に相当"),
            (Lang::Ja, false) => format!("1画素は写真の {width:.1} × {height:.1} 画素に相当"),
        }
    }

    pub fn numbers_from(self, count: usize, low: f32, high: f32) -> String {
        let range = self.signed(format!("{low:.2}"));
        let high = self.signed(format!("{high:.2}"));
        let count = grouped(count);
        match self.0 {
            Lang::En => format!("{count} numbers from {range} to {high}"),
            Lang::Ja => format!("{count}個の数値、{range}～{high}"),
        }
    }

    pub fn cells_and_channels(self, columns: usize, rows: usize, channels: usize) -> String {
        let channels = grouped(channels);
        match self.0 {
            Lang::En => format!("{columns} × {rows} cells, {channels} channels"),
            Lang::Ja => format!("{columns} × {rows} セル、{channels}チャンネル"),
        }
    }
}
