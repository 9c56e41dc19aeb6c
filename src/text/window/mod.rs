//! The texts of the window: one table with both languages side by side; a text that lacks one does not compile.
//!
//! Sentence case; an ellipsis if an action asks for more before anything happens; the field's terms as used in print.

use super::Lang;
use super::report::{Report, capital};
use crate::domain::{EyeSource, Laterality, Method, ModelCard, Quality, ResultRow, Severity, Task};
use crate::imaging::colormap::Colormap;

/// The window's texts in one language: `Texts(lang).run_now()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts(pub Lang);

/// A table of texts: each becomes a function of [`Texts`].
macro_rules! texts {
    ($($name:ident: $en:literal, $ja:literal;)*) => {
        impl Texts {
            $(
                pub const fn $name(self) -> &'static str {
                    match self.0 {
                        Lang::En => $en,
                        Lang::Ja => $ja,
                    }
                }
            )*
        }

        #[cfg(test)]
        pub(crate) const TABLE: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $ja),)*];
    };
}

mod anatomy;
mod card;
mod check;
mod evaluation;
mod explain;
mod export;
mod facts;
mod import;
mod labels;
mod leaving;
mod library;
mod list;
mod name_pattern;
mod records;
mod sanity_checks;
mod steps;
mod study;
mod supplement;
pub use list::grouped;
mod view;

texts! {
    // Menus and commands
    menu_file: "File", "ファイル";
    menu_view: "View", "表示";
    menu_photograph: "Photograph", "写真";
    menu_run: "Run", "実行";
    menu_study: "Study", "研究";
    menu_help: "Help", "ヘルプ";
    open_files: "Open...", "開く…";
    open_sample: "Open the sample eye", "サンプル写真を開く";
    close_photograph: "Remove from the list", "一覧から外す";
    quit: "Quit", "終了";

    run_now: "Run model", "モデルを実行";
    run_tip: "Run the chosen model on this photograph", "選択中のモデルをこの写真に適用する";
    run_two: "Run 2 models", "2つのモデルを実行";
    cancel: "Cancel", "中止";
    fit: "Fit", "全体表示";
    fit_tip: "Show the whole photograph", "写真全体を表示";
    actual_size: "1:1", "等倍";
    actual_size_tip: "One pixel of the photograph on one pixel of the screen", "写真の1画素を画面の1画素で表示";
    zoom_in: "Zoom in", "拡大";
    zoom_out: "Zoom out", "縮小";
    overlay_weaker: "Overlay weaker", "サリエンシーマップを薄く";
    overlay_stronger: "Overlay stronger", "サリエンシーマップを濃く";
    field_outline: "Field of view outline", "撮影範囲の輪郭";
    field_outline_tip: "Outline the detected field of view", "検出した撮影範囲の輪郭を表示";
    overlay: "Saliency overlay", "サリエンシーマップ";
    overlay_tip: "Areas that influenced this model's score, shown over the photograph", "このモデルのスコアに影響した領域を写真に重ねて表示";
    next_photograph: "Next photograph", "次の写真";
    previous_photograph: "Previous photograph", "前の写真";
    switch_theme: "Light or dark theme", "ダーク/ライトテーマの切替";
    switch_language: "English / Japanese", "英語/日本語";
    palette: "Find a command...", "コマンドを探す…";
    no_command: "No matching command is available now.", "今実行できるコマンドは見つかりません。";
    shortcuts: "Keyboard shortcuts", "キーボード操作";
    glossary: "Glossary", "用語集";
    about: "About Gantei", "Ganteiについて";
    close: "Close", "閉じる";
    apply: "Apply", "適用";

    // The list of photographs
    photographs: "Photographs", "写真";
    sample_eye: "Sample eye", "サンプル写真";
    drop_hint: "Drop photographs here to add them.", "写真をここにドロップすると追加できます。";
    drop_now: "Drop to open", "ドロップして開く";
    opening: "Opening...", "読み込み中…";
    could_not_open: "Could not be opened", "開けませんでした";
    running: "Running...", "実行中…";
    not_run: "Not run yet", "未実行";

    // The canvas
    image_view: "Image view", "画像表示";
    nothing_selected: "No photograph is open", "写真が開かれていません";
    zoom: "Zoom", "倍率";
    pixel: "Pixel", "画素";
    map_value: "Map", "マップ値";

    // Model and device
    model: "Model", "モデル";
    also_run: "Run together", "一緒に実行";
    also_run_tip: "Run this model together with the other one", "もう一方のモデルと一緒に実行する";
    look_at_model: "Show this model's map", "このモデルのマップを表示";
    copy_result_short: "Copy result", "結果をコピー";
    device: "Device", "デバイス";
    models_loading: "Preparing the models...", "モデルを準備しています…";
    models_failed: "The models could not be stored.", "モデルを保存できませんでした。";
    no_model: "No model is installed", "モデルがありません";
    device_auto: "Automatic", "自動";
    device_embedded: "Embedded engine", "内蔵エンジン";
    device_cpu: "ONNX Runtime, processor", "ONNX Runtime・CPU";
    ran_on: "Ran on", "実行環境";
    embedded_engine: "embedded engine", "内蔵エンジン";

    // The answer
    result: "Result", "結果";
    model_score: "Model score", "モデルスコア";
    recorded_sex_estimate: "Recorded-sex estimate", "記録上の性別の推定";
    age_estimate: "Age estimate", "年齢の推定";
    model_value: "Model value", "モデルの出力値";
    model_label: "Model label", "モデルのラベル";
    years: "years", "歳";
    logit: "Logit", "ロジット";
    threshold: "Threshold", "閾値";
    result_empty: "Run the model to get its score.", "モデルを実行するとスコアが得られます。";
    result_waiting: "The photograph is being opened.", "写真を読み込んでいます。";
    result_running: "The model is running.", "モデルを実行しています。";
    result_cancelled: "The run was cancelled.", "実行を中止しました。";
    result_failed: "The run failed.", "実行に失敗しました。";
    result_refused: "No result: this does not look like a fundus photograph.", "結果なし: 眼底写真ではないようです。";

    // The overlay
    saliency: "Saliency map", "サリエンシーマップ";
    opacity: "Opacity", "不透明度";
    colours: "Colours", "配色";
    detail: "Detail", "表示単位";
    native_grid: "Cells", "セル";
    native_grid_tip: "The map at its own resolution, one colour per cell", "マップの格子を1セル1色でそのまま表示";
    smooth: "Smooth", "平滑";
    red_free_below: "Red-free under the map", "マップの下はレッドフリー";
    red_free_below_tip: "A grey background does not tint the colours of the map. For display and exported pictures only", "背景がグレーなら、マップの色に影響しません。画面表示と書き出す画像だけに使います";
    smooth_tip: "Values are interpolated between the cell centres", "セル中心の間を補間して表示";
    no_map: "Run the model to get its saliency map.", "モデルを実行するとサリエンシーマップが得られます。";
    what_moved: "Saliency map of this model's score", "このモデルのスコアのサリエンシーマップ";

    // The photograph
    photograph: "Photograph", "写真の情報";
    eye: "Eye", "左右眼";
    quality: "Quality", "画質";
    size: "Size", "画素数";
    from_sample: "sample", "サンプル";
    guess_agrees: "the disc's position agrees", "乳頭の位置と一致";
    findings: "Cautions", "注意事項";
    finding_is_above: "The only finding is shown above.", "注意事項は上に表示した1件だけです。";
    no_findings: "Nothing to note about this image and this run.", "この画像と実行に特記事項はありません。";

    // Messages
    copy_details: "Copy details", "詳細をコピー";
    result_copied: "Result copied", "結果をコピーしました";
    figure_copied: "Figure copied", "図をコピーしました";
    methods_copied: "Methods paragraph copied", "「方法」の文をコピーしました";
    command_line_copied: "Command line copied", "コマンドラインをコピーしました";
    show_in_full: "Show in full", "全文を表示";
    show_less: "Show less", "折りたたむ";
    dismiss: "Dismiss", "閉じる";
    dialog_missing: "No file dialog is available here.", "ファイル選択画面を表示できません。";
    dialog_missing_hint: "Type a path into the field on the left, drop photographs on the window, or install xdg-desktop-portal or zenity.", "左の欄にパスを入力するか、写真をウィンドウにドロップしてください。xdg-desktop-portalまたはzenityを導入することもできます。";
    internal_error: "An internal error stopped this task.", "内部エラーのため処理を中断しました。";
    internal_error_hint: "Nothing else was affected. Copy the details for a report and try again.", "他には影響ありません。詳細をコピーして報告のうえ、もう一度お試しください。";
    settings_kept: "The settings could not be saved.", "設定を保存できませんでした。";

    // About
    about_text: "Opens retinal fundus photographs, runs published Keras models on them and shows saliency maps.", "眼底写真を開き、公開されているKerasモデルを適用し、サリエンシーマップを表示します。";
    version: "Version", "バージョン";
    licence: "Licence", "ライセンス";
    typeface: "Typeface", "書体";
    icons: "Icons", "アイコン";
    arrow_down: "Arrow down", "下矢印";
    arrow_up: "Arrow up", "上矢印";
    mouse_wheel: "Mouse wheel", "マウスホイール";
    mouse_drag: "Drag", "ドラッグ";
    mouse_double_click: "Double click", "ダブルクリック";
    mark_one: "Select one more", "1枚ずつ選択";
    ctrl_click: "Ctrl + click", "Ctrl+クリック";
    mark_range: "Select a range", "範囲を選択";
    shift_click: "Shift + click", "Shift+クリック";
    zoom_at_pointer: "Zoom at the pointer", "ポインター位置で拡大・縮小";
    move_view: "Move the view", "表示位置を動かす";
}

impl Texts {
    /// What the value of a model is called.
    pub fn value_title(self, task: Task) -> &'static str {
        match task {
            Task::Age => self.age_estimate(),
            Task::Sex | Task::Other => self.model_value(),
        }
    }

    /// The value of a model: years with one decimal, other values with three, as in reports.
    pub fn value_figure(self, task: Task, value: f64) -> String {
        self.signed(match task {
            Task::Age => format!("{value:.1}"),
            Task::Sex | Task::Other => format!("{value:.3}"),
        })
    }

    /// The unit of that value; empty for other values than ages.
    pub fn value_unit(self, task: Task) -> &'static str {
        match task {
            Task::Age => self.years(),
            Task::Sex | Task::Other => "",
        }
    }

    pub fn value_words(self, task: Task, value: f64) -> String {
        let words = format!(
            "{} {}",
            self.value_figure(task, value),
            self.value_unit(task)
        );
        words.trim_end().to_owned()
    }

    /// If there is no display: one line that states what to do instead.
    pub const fn no_display(self) -> &'static str {
        match self.0 {
            Lang::En => {
                "The window cannot be opened here. Use the command line: gantei predict PHOTO --out DIR, or see gantei --help."
            }
            Lang::Ja => {
                "ここではウィンドウを開けません。コマンドラインをお使いください: gantei predict 写真 --out フォルダー。説明は gantei --help をご覧ください。"
            }
        }
    }

    /// The eye in clinical notation, followed by the plain word.
    pub const fn laterality(self, eye: Laterality) -> &'static str {
        match (self.0, eye) {
            (Lang::En, Laterality::Od) => "OD (right)",
            (Lang::En, Laterality::Os) => "OS (left)",
            (Lang::En, Laterality::Unknown) => "not known",
            (Lang::Ja, Laterality::Od) => "OD(右眼)",
            (Lang::Ja, Laterality::Os) => "OS(左眼)",
            (Lang::Ja, Laterality::Unknown) => "不明",
        }
    }

    /// The source of the laterality; empty if unknown.
    pub const fn eye_source(self, source: EyeSource) -> &'static str {
        match (self.0, source) {
            (Lang::En, EyeSource::Dicom) => "from DICOM",
            (Lang::En, EyeSource::FileName) => "from the file name",
            (Lang::En, EyeSource::User) => "set by hand",
            (Lang::Ja, EyeSource::Dicom) => "DICOMより",
            (Lang::Ja, EyeSource::FileName) => "ファイル名より",
            (Lang::Ja, EyeSource::User) => "手動指定",
            (_, EyeSource::None) => "",
        }
    }

    pub const fn quality_word(self, quality: Quality) -> &'static str {
        match (self.0, quality) {
            (Lang::En, Quality::Good) => "good",
            (Lang::En, Quality::Usable) => "usable",
            (Lang::En, Quality::Bad) => "poor",
            (Lang::En, Quality::NotAFundus) => "not a fundus photograph",
            (Lang::Ja, Quality::Good) => "良好",
            (Lang::Ja, Quality::Usable) => "可",
            (Lang::Ja, Quality::Bad) => "不良",
            (Lang::Ja, Quality::NotAFundus) => "眼底写真ではない",
        }
    }

    pub const fn severity(self, severity: Severity) -> &'static str {
        match (self.0, severity) {
            (Lang::En, Severity::Note) => "Note",
            (Lang::En, Severity::Caution) => "Caution",
            (Lang::En, Severity::Serious) => "Serious",
            (Lang::Ja, Severity::Note) => "参考",
            (Lang::Ja, Severity::Caution) => "注意",
            (Lang::Ja, Severity::Serious) => "重大",
        }
    }

    /// A model's name in the window: from its card; demonstration models are named as such, and models with open fields
    /// are marked.
    pub fn model_name(self, card: &ModelCard) -> String {
        self.marked(self.bare_name(card), card)
    }

    /// A model's short name, for places with little space that describe it otherwise; marked as above.
    pub fn model_name_short(self, card: &ModelCard) -> String {
        self.marked(self.bare_name_short(card).to_owned(), card)
    }

    /// The name with the mark of a model with open fields, if it is one.
    pub fn marked(self, name: String, card: &ModelCard) -> String {
        match (card.is_confirmed(), self.0) {
            (true, _) => name,
            (false, Lang::En) => format!("{name} ({})", self.unconfirmed()),
            (false, Lang::Ja) => format!("{name}({})", self.unconfirmed()),
        }
    }

    /// The name without the mark, for widgets that draw the mark themselves.
    pub fn bare_name(self, card: &ModelCard) -> String {
        // Distinguishes an imported copy of a demonstration model from the bundled one.
        let copy = if card.id.starts_with("demo") {
            String::new()
        } else {
            format!(" ({})", card.id)
        };
        match (self.0, card.demonstration) {
            (_, false) => card.name.clone(),
            (Lang::En, true) => format!("Demonstration: {}{copy}", card.architecture),
            (Lang::Ja, true) => format!("デモ用: {}{copy}", card.architecture),
        }
    }

    /// The short name without the mark.
    pub fn bare_name_short(self, card: &ModelCard) -> &str {
        match (card.demonstration, card.id.starts_with("demo")) {
            (false, _) => &card.name,
            (true, true) => &card.architecture,
            (true, false) => &card.id,
        }
    }

    /// Separator of a list within one line.
    pub const fn comma(self) -> &'static str {
        match self.0 {
            Lang::En => ", ",
            Lang::Ja => "、",
        }
    }

    /// A model's label for display; unknown labels are shown as in the card.
    pub fn label(self, label: &str) -> String {
        match (self.0, label.to_ascii_lowercase().as_str()) {
            (Lang::En, "f" | "female") => "female".into(),
            (Lang::En, "m" | "male") => "male".into(),
            (Lang::Ja, "f" | "female") => "女性".into(),
            (Lang::Ja, "m" | "male") => "男性".into(),
            _ => label.to_owned(),
        }
    }

    /// Figures on the screen with a true minus sign; files and copied tables keep the hyphen.
    pub fn signed(self, figures: impl std::fmt::Display) -> String {
        figures.to_string().replace('-', "\u{2212}")
    }

    /// A score as shown everywhere in the window.
    pub fn score_figure(self, score: f64) -> String {
        match format!("{score:.3}").as_str() {
            // Rounding must not yield 0 or 1.
            "1.000" if score < 1.0 => ">0.999".to_owned(),
            "0.000" if score > 0.0 => "<0.001".to_owned(),
            figure => figure.to_owned(),
        }
    }

    /// The label as an estimate; `None` if there is none.
    pub fn estimate(self, case: &ResultRow) -> Option<String> {
        case.label.as_deref().map(|label| self.label(label))
    }

    /// The accessible name of the score: "Model score 0.873".
    pub fn score_name(self, score: f64) -> String {
        format!("{} {}", self.model_score(), self.score_figure(score))
    }

    /// The accessible name of the bar between the two labels.
    pub fn bar_name(self, score: f64, threshold: f64, labels: (&str, &str)) -> String {
        match self.0 {
            Lang::En => format!(
                "Score {score:.3} between {} 0 and {} 1, threshold {threshold:.2}",
                labels.0, labels.1
            ),
            Lang::Ja => format!(
                "スコア {score:.3}({} 0、{} 1、閾値 {threshold:.2})",
                labels.0, labels.1
            ),
        }
    }

    pub const fn colour_map(self, map: Colormap) -> &'static str {
        match (self.0, map) {
            (Lang::En, Colormap::BlueMagenta) => "Blue and magenta",
            (Lang::En, Colormap::GreenPurple) => "Green and purple",
            (Lang::En, Colormap::Viridis) => "Viridis",
            (Lang::En, Colormap::Grey) => "Grey",
            (Lang::Ja, Colormap::BlueMagenta) => "青とマゼンタ",
            (Lang::Ja, Colormap::GreenPurple) => "緑と紫",
            (Lang::Ja, Colormap::Viridis) => "ビリディス",
            (Lang::Ja, Colormap::Grey) => "灰色",
        }
    }

    /// The map's method and its native grid, the finest detail that it contains.
    pub fn grid_of(self, method: Method, columns: usize, rows: usize) -> String {
        let method = capital(Report(self.0).method(method));
        match self.0 {
            Lang::En => format!("{method}, {columns} × {rows} cells"),
            Lang::Ja => format!("{method}、{columns} × {rows} セル"),
        }
    }

    /// The label that an end of the map's scale moves the score towards.
    pub fn towards_label(self, label: &str) -> String {
        match self.0 {
            Lang::En => format!("towards {label}"),
            Lang::Ja => format!("{label}側"),
        }
    }

    /// The eye suggested by the position of the optic disc, if the eye is unknown or stated otherwise.
    pub fn guess_differs(self, eye: &str) -> String {
        match self.0 {
            Lang::En => format!("the disc's position suggests {eye}"),
            Lang::Ja => format!("乳頭の位置からは{eye}"),
        }
    }

    /// The file that could not be opened, by its name without the folder.
    pub fn open_failed(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!("{name} could not be opened."),
            Lang::Ja => format!("{name} を開けませんでした。"),
        }
    }

    /// The number of photographs in the list.
    pub fn count(self, n: usize) -> String {
        match self.0 {
            Lang::En => format!("{n}"),
            Lang::Ja => format!("{n}枚"),
        }
    }
}

/// Name, English and Japanese of every text in the window's tables.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    [
        TABLE,
        anatomy::TABLE,
        card::TABLE,
        check::TABLE,
        evaluation::TABLE,
        sanity_checks::TABLE,
        explain::TABLE,
        export::TABLE,
        facts::TABLE,
        import::TABLE,
        labels::TABLE,
        leaving::TABLE,
        library::TABLE,
        list::TABLE,
        name_pattern::TABLE,
        records::TABLE,
        steps::TABLE,
        study::TABLE,
        supplement::TABLE,
        view::TABLE,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_speaks_both_languages() {
        for (name, en, ja) in all() {
            assert!(
                !en.trim().is_empty() && !ja.trim().is_empty(),
                "{name} is empty"
            );
            // The typeface centres "…" vertically, as Japanese requires: English uses three full stops.
            assert!(en.is_ascii(), "{name}: English with {en:?}");
            assert_ne!(en, ja, "{name} is not translated");
        }
    }

    #[test]
    fn both_languages_ask_further_with_an_ellipsis() {
        for (name, en, ja) in all() {
            assert_eq!(en.contains("..."), ja.contains('…'), "{name}");
        }
    }

    #[test]
    fn the_estimate_is_never_called_more_than_it_is() {
        for (name, en, ja) in all() {
            let en = en.to_lowercase();
            for word in [
                "diagnosis",
                "confidence",
                "true sex",
                "gender",
                "accuracy",
                "heatmap",
            ] {
                assert!(!en.contains(word), "{name} says {word}");
            }
            for word in ["診断", "信頼度", "確信度", "ヒートマップ"] {
                assert!(!ja.contains(word), "{name} says {word}");
            }
        }
    }

    #[test]
    fn negative_figures_have_a_true_minus_sign() {
        assert_eq!(Texts(Lang::En).signed(format!("{:+.3}", -0.572)), "−0.572");
        assert_eq!(Texts(Lang::Ja).signed("2.1e-6"), "2.1e−6");
    }

    #[test]
    fn known_labels_are_translated_and_others_kept() {
        assert_eq!(Texts(Lang::Ja).label("Female"), "女性");
        assert_eq!(Texts(Lang::En).label("M"), "male");
        assert_eq!(Texts(Lang::Ja).label("referable"), "referable");
    }
}
