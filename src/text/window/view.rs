//! Texts about the middle of the window: panes, display, overlay, and both eyes of a person.

use super::{Lang, Texts};

texts! {
    layout: "Panes", "画面構成";
    layout_single: "One pane", "1画面";
    layout_side_by_side: "Side by side", "原画像と並べる";
    layout_side_by_side_tip: "The original photograph beside the one with the overlay", "原画像とサリエンシーマップを並べて表示";
    layout_models: "Two models", "2つのモデル";
    layout_models_tip: "The saliency maps of both models, side by side", "2つのモデルのサリエンシーマップを並べて表示";
    layout_eyes: "Both eyes", "両眼";
    layout_eyes_tip: "The right eye on the left and the left eye on the right, as when facing the person", "対面像: 右眼を左、左眼を右に並べて表示";
    layout_table: "Table", "表";
    layout_table_tip: "The list as a sortable table", "一覧を並べ替えられる表で表示";
    next_model: "Switch model", "モデルを切り替え";
    original: "Original", "原画像";
    no_fellow: "No photograph of the other eye was found.", "もう一方の眼の写真が見つかりません。";
    no_fellow_hint: "Select a right and a left eye in the list with Ctrl. File names that show person and eye also work, such as p7_OD.jpg and p7_OS.jpg.", "一覧でCtrlキーを押しながら右眼と左眼を選んでください。被検者と左右が分かるファイル名(p7_OD.jpg、p7_OS.jpgなど)にする方法もあります。";
    person_of_names: "Grouped by file name, as you confirmed", "ファイル名でまとめています(確認済み)";
    person_of_dicom: "Grouped by the patient ID of the DICOM files", "DICOMの患者IDでまとめています";
    ask_persons: "Do these file names show which photographs are of the same person?", "これらのファイル名から、どの写真が同じ被検者のものか分かりますか?";
    ask_persons_hint: "No figures per person are computed until you confirm this.", "確認するまで、被検者ごとの集計は行いません。";
    persons_yes: "Yes, group by file name", "はい、ファイル名でまとめる";
    persons_no: "Do not group by file name", "ファイル名でまとめない";
    count_photograph: "Use in the figures per eye and person", "左右眼・被検者ごとの集計に使用する";
    second_model_hint: "Choose a second model on the right.", "右でもう1つのモデルを選んでください。";
    not_run_pane: "Not run", "未実行";

    display: "Display", "表示調整";
    display_only: "For the screen only. Models and exports use the original photograph.", "画面表示だけの調整です。モデルと書き出しには影響しません。";
    display_on: "Display adjusted", "表示調整中";
    red_free: "Red-free", "レッドフリー";
    red_free_tip: "Show the green channel as grey; vessels and haemorrhages stand out", "緑チャンネルを白黒で表示。血管や出血が見やすくなります";
    brightness: "Brightness", "明るさ";
    contrast: "Contrast", "コントラスト";
    gamma: "Gamma", "ガンマ";
    plain_display: "Reset display", "表示調整をリセット";

    contour: "Contour", "輪郭線";
    contour_tip: "Outline the areas that reach this share of the scale maximum", "スケール最大値に対してこの割合以上の領域を線で囲む";
    grid_lines: "Cell borders", "セルの境界";
    grid_lines_tip: "The borders of the cells, the finest detail of the map", "マップのセルの境界。これより細かい情報はありません";
    side: "Direction", "方向";
    side_both: "Both directions", "両方向";

    // Panels and tabs
    tab_result: "Result", "結果";
    tab_map: "Map", "マップ";
    tab_checks: "Checks", "検証";
    tab_photograph: "Photograph", "写真";
    tab_model: "Model", "モデル";
    show_tab_result: "Show the result", "結果を表示";
    show_tab_map: "Show the method of the map", "マップの手法を表示";
    show_tab_checks: "Show the sanity checks", "マップの検証を表示";
    show_tab_photograph: "Show photograph details", "写真の情報を表示";
    show_tab_model: "Show model and device", "モデルとデバイスを表示";
    list_panel: "List of photographs", "写真の一覧";
    answer_panel: "Panel with the result", "結果のパネル";
    image_only: "Image only", "画像のみ";
    image_only_tip: "Hide the panels on both sides, or show them again", "両側のパネルを隠す、または再び表示する";
    map_more: "More map controls", "マップ表示のその他の設定";

    // Several answers together
    together: "Both eyes and all photographs", "両眼・全写真のまとめ";
    mean_of_logits: "Mean of the logits; the range is that of single photographs.", "ロジットの平均。範囲は写真ごとの値です。";
    no_estimate: "none", "なし";
    spread: "SD", "標準偏差";
    both_eyes: "Both eyes", "両眼";

    // What the model is and where it applies
    about_model: "About this model", "このモデルについて";
    details: "Details of this run", "実行の詳細";
    intended_use: "Intended use", "想定用途";
    applies: "Where it applies", "適用範囲";
    applies_demonstration: "Trained on computer-drawn eyes only. Its score has no meaning for a real eye; use it to learn how such a model behaves.", "コンピューターで描画した眼底画像で学習したモデルです。実際の眼に対するスコアに意味はありません。モデルの振る舞いを学ぶためのものです。";
    applies_age_range: "Trained on people aged 17 to 94: children are outside this range.", "17～94歳で学習: 小児は対象外です。";
    applies_cohort: "Trained on photographs from Japan; elsewhere the score may shift.", "日本の写真で学習: 他の集団ではスコアがずれることがあります。";
    applies_field: "Intended for colour photographs of the posterior pole with a round field of view of 45 to 50 degrees. Not suitable for wide-field, red-free or scanning-laser images.", "円形の撮影範囲(45～50度)で後極部を写したカラー写真に対応します。広角、レッドフリー、走査レーザーの画像には適しません。";
    applies_camera: "Another camera can change the score as much as the eye itself.", "カメラの違いだけでスコアが変わることがあります。";
    applies_fovea: "In published work, such models performed much worse on eyes with disease of the fovea.", "黄斑中心窩に病変がある眼では、この種のモデルの成績が大きく下がると報告されています。";
    applies_own: "The training data of this model are unknown. Check it on your own labelled photographs.", "学習に使われたデータは不明です。手元のラベル付き写真で確かめてください。";
    prepare_time: "Preparing", "前処理";
    run_only_time: "Inference", "推論";
    saliency_time: "Map", "マップ";
    open_time: "Opening", "読み込み";
    preprocessing: "Preprocessing", "前処理の内容";
    model_file: "Model file", "モデルファイル";
    photograph_file: "Photograph file", "写真ファイル";
}

impl Texts {
    /// The spread of single photographs, in logits if there are scores.
    pub fn spread_of(self, logits: bool) -> &'static str {
        match (self.0, logits) {
            (Lang::En, true) => "SD of the logits",
            (Lang::Ja, true) => "ロジットの標準偏差",
            (_, false) => self.spread(),
        }
    }
}
