//! Texts about a map's method, settings, computation and details.

use super::{Lang, Texts};
use crate::numeric::gigabytes;

texts! {
    method: "Method", "手法";
    layer: "Layer", "層";
    last_layer: "Last feature map", "最後の特徴マップ";
    layers_loading: "Reading the layers...", "層を読み込んでいます…";
    layers_tip: "An earlier layer has a finer grid and simpler features", "浅い層ほど格子は細かく、特徴は単純です";
    baseline: "Baseline", "基準画像";
    baseline_tip: "Image that represents the absence of information", "「何も写っていない」状態とみなす画像";
    seed: "Seed", "乱数シード";
    cancel_map: "Cancel the map", "マップの計算を中止";
    cancel_embedded: "With the embedded engine, cancelling takes effect when the running computation ends.", "内蔵エンジンでは、実行中の計算が終わってから中止されます。";
    map_unfinished: "Preview: the final map will be finer", "プレビュー: 最終のマップより粗い表示です";
    map_failed: "The map could not be computed.", "マップを計算できませんでした。";
    map_not_made: "This map has not been computed yet", "このマップは未計算です";
    gap_tip: "The values of all pixels should add up to the change in logit between baseline and photograph. The gap is the difference; more steps reduce it.", "全画素の合計は、基準画像から写真までのロジットの変化に等しいはずです。完全性の誤差はその差で、ステップ数を増やすと小さくなります。";
    strength_only: "These colours show strength; the direction is not shown.", "この配色は強さだけを示し、方向は示しません。";
    cover_brush: "Occlusion brush", "遮蔽ブラシ";
    cover_brush_tip: "Hide parts of the photograph and see how the score changes. Results are not changed", "写真の一部を塗って遮蔽し、スコアの変化を見ます。結果は変わりません";
    cover_fill: "Fill", "塗り方";
    cover_size: "Brush size", "ブラシの大きさ";
    undo_stroke: "Undo the last stroke", "直前の塗りを取り消す";
    cover_clear: "Clear", "すべて消す";
    cover_leave: "Exit", "終了";
    cover_hint: "Paint with the left button; move the view with the right one.", "左ボタンで塗り、右ボタンで表示位置を動かします。";
    covered_mark: "Hidden", "遮蔽";
    covered_score: "Score with area hidden", "遮蔽後のスコア";
    covered_value: "Estimate with area hidden", "遮蔽後の推定値";
    cover_behind: "Computing...", "計算中…";
    cover_computing: "The result with the area hidden is still being computed.", "一部を遮蔽した写真の結果を計算中です。";
    cover_computing_hint: "Export or copy again in a moment.", "少し待ってから、もう一度書き出しまたはコピーしてください。";
    cover_failed: "The result with the area hidden could not be computed.", "一部を遮蔽した写真の計算に失敗しました。";
    cover_failed_hint: "Clear the hidden area, or paint again, before you export or copy.", "塗った部分を消すか、もう一度塗ってから、書き出しまたはコピーしてください。";
    same_scale: "The same scale in both panes", "両画面のカラースケールは共通です";
    apart_questions: "Maps of models with different tasks or labels are not compared.", "推定項目やラベルが異なるモデルのマップは比較しません。";
    apart_methods: "Maps of different methods are not compared.", "手法の異なるマップは比較しません。";
    apart_targets: "Maps of different outputs are not compared.", "異なる出力についてのマップは比較しません。";
    agreement_tip: "Rank correlation of the two maps (Spearman, 1904), where both crops and the field of view overlap. 1 means the same order, 0 none in common", "2つのマップの順位相関(Spearman、1904)。両モデルの切り出し範囲と撮影範囲が重なる部分で比較します。1は同じ順序、0は無関係です";
    too_fine: "For maps of at most 64 by 64 cells", "64 × 64 セル以下のマップで使えます";
    about_methods: "About the methods", "手法について";
    methods_differ: "Maps of different methods can disagree on the same photograph. None of them proves what the network used.", "同じ写真でも、手法によってマップは異なります。どのマップも、ネットワークが何を用いたかを証明するものではありません。";
    no_guided_backprop: "Guided Backpropagation is not offered. Its maps hardly change when the network's weights are randomised (Adebayo et al., 2018). They show the edges in the photograph, not what influenced the score.", "Guided Backpropagationは採用していません。ネットワークの重みをランダム化しても、マップがほとんど変わらないためです(Adebayoら、2018)。スコアに影響した領域ではなく、写真の輪郭を示すにすぎません。";
}

impl Texts {
    /// The button, with the number of passes.
    pub fn compute_map(self, passes: u64) -> String {
        match (self.0, passes) {
            (Lang::En, 1) => "Compute map".to_owned(),
            (Lang::En, n) => format!("Compute map ({n} model runs)"),
            (Lang::Ja, 1) => "マップを計算".to_owned(),
            (Lang::Ja, n) => format!("マップを計算(モデルを{n}回実行)"),
        }
    }

    /// Progress of a map.
    pub fn passes_done(self, done: u64, total: u64) -> String {
        match self.0 {
            Lang::En => format!("{done} of {total} model runs"),
            Lang::Ja => format!("{total}回中{done}回"),
        }
    }

    /// A job's memory, appended to its progress.
    pub fn takes_memory(self, bytes: u64) -> String {
        let memory = gigabytes(bytes);
        match self.0 {
            Lang::En => format!("takes about {memory} of memory"),
            Lang::Ja => format!("メモリーを約{memory}使用"),
        }
    }

    /// If two maps were requested, one of them.
    pub fn map_failed_of(self, model: &str) -> String {
        match self.0 {
            Lang::En => format!("{model}: the map could not be computed."),
            Lang::Ja => format!("{model}: マップを計算できませんでした。"),
        }
    }

    /// The agreement of two maps.
    pub fn maps_agree(self, rank_correlation: f64) -> String {
        let rho = self.signed(format!("{rank_correlation:+.2}"));
        match self.0 {
            Lang::En => format!("Rank correlation of the two maps {rho}"),
            Lang::Ja => format!("2つのマップの順位相関 {rho}"),
        }
    }

    /// The score of the covered photograph and the change by covering, shown first.
    pub fn covered_now(self, figure: &str, change: &str) -> String {
        match self.0 {
            Lang::En => format!("With area hidden {figure} ({change})"),
            Lang::Ja => format!("遮蔽後 {figure}({change})"),
        }
    }

    /// The covered share of the field and the fill; `share` is 0–1.
    pub fn covered_share(self, share: f64, fill: &str) -> String {
        let percent = 100.0 * share;
        match self.0 {
            Lang::En => format!("{percent:.0} % of the field of view hidden ({fill})"),
            Lang::Ja => format!("撮影範囲の{percent:.0} %を遮蔽({fill})"),
        }
    }

    /// The cost of the map.
    pub fn passes_took(self, passes: u64, ms: f64) -> String {
        let seconds = ms / 1000.0;
        match (self.0, passes) {
            (Lang::En, 1) => format!("1 model run, {seconds:.1} s"),
            (Lang::En, n) => format!("{n} model runs, {seconds:.1} s"),
            (Lang::Ja, n) => format!("モデルの実行{n}回、{seconds:.1}秒"),
        }
    }

    /// The layer whose feature map was used.
    pub fn at_layer(self, layer: &str) -> String {
        format!("{}: {layer}", self.layer())
    }

    /// A layer with its grid.
    pub fn layer_of(self, layer: &str, columns: usize, rows: usize) -> String {
        format!("{layer} ({columns} × {rows})")
    }

    /// For an export with the chosen maps for only some of its photographs.
    pub fn maps_missing(self, missing: usize) -> String {
        match (self.0, missing) {
            (Lang::En, 1) => {
                "1 of these photographs has no map by the chosen method; it is exported without one."
                    .to_owned()
            }
            (Lang::En, n) => format!(
                "{n} of these photographs have no map by the chosen method; they are exported without one."
            ),
            (Lang::Ja, n) => format!(
                "このうち{n}枚には選択した手法のマップがありません。マップなしで書き出します。"
            ),
        }
    }
}
