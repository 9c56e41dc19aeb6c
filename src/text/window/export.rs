//! Texts about exports and the clipboard.

use super::{Lang, Texts, grouped};
use crate::domain::listed::and_more;

texts! {
    export_files: "Export...", "書き出す…";
    export: "Export", "書き出し";
    export_scope: "Photographs", "対象の写真";
    scope_shown: "Current", "表示中の写真";
    export_what: "Files", "ファイル";
    want_overlay: "Overlay (PNG, full size)", "サリエンシーマップ(PNG、原寸)";
    want_caption: "with a caption beneath the photograph", "写真の下に説明を入れる";
    want_figure: "Figure: photograph and maps side by side", "図: 写真とマップを並べて表示";
    figure_choices: "Figure", "図";
    figure_format: "Format", "形式";
    figure_width: "Width", "幅";
    one_column: "One column", "1段組";
    two_columns: "Two columns", "2段組";
    figure_ground: "Page", "背景";
    white: "White", "白";
    black: "Black", "黒";
    figure_panels: "Panels", "パネル";
    panels_all: "Photograph and maps", "写真とマップ";
    panels_overlays: "Maps only", "マップのみ";
    panels_photograph: "Photograph only", "写真のみ";
    figure_letters: "Letters A, B, ... above the panels", "パネルにA、B…の記号を付ける";
    figure_scale_bar: "Scale bar where disc and fovea are known", "視神経乳頭と中心窩の位置が分かる写真にスケールバーを付ける";
    figure_caption: "Caption", "説明文";
    default_caption: "Reset", "初期値に戻す";
    caption_hint: "Placeholders: {name}, {eye}, {model}, {answer}, {map}. Cautions and the research note always follow.", "差し込み項目: {name}、{eye}、{model}、{answer}、{map}。注意事項と研究用の注記は必ず付きます。";
    caption_invalid: "The caption has an unknown placeholder.", "説明文に未知の差し込み項目があります。";
    want_report: "Case report (PDF, A4)", "解析レポート(PDF、A4)";
    case_report: "Case report (PDF)...", "解析レポート(PDF)…";
    case_report_tip: "Everything about this photograph on one or two pages: result, map, cautions, checks, model", "この写真の結果・マップ・注意事項・検証・モデルを1～2ページにまとめます";
    want_csv: "Table (CSV)", "表(CSV)";
    want_json: "All data (JSON)", "全項目(JSON)";
    export_folder: "Folder", "保存先";
    choose_folder: "Choose a folder...", "フォルダーを選ぶ…";
    no_folder: "No folder is chosen yet.", "保存先が未選択です。";
    no_file_selected: "Tick at least one kind of file.", "ファイルの種類を1つ以上選んでください。";
    folder_keeps_answers: "Results of runs over several photographs are also saved in the export folder as they arrive. An interrupted run can then be resumed. Gantei remembers the folder until the results are exported.", "複数の写真の結果は、実行中も保存先のフォルダーに逐次保存されます。途中で終了しても再開できます。フォルダーの場所は、書き出しが済むまで記憶します。";
    folder_field: "Path of the folder", "フォルダーのパス";
    preview: "Preview", "プレビュー";
    no_preview: "The preview shows the first figure.", "最初の図がここに表示されます。";
    nothing_to_export: "Run a model first: there is no result to export.", "先にモデルを実行してください。書き出す結果がありません。";
    as_it_is: "Photographs are exported unchanged. Brightness, contrast, gamma and red-free apply to the screen only.", "写真はそのまま書き出します。明るさ・コントラスト・ガンマ・レッドフリーは画面表示だけの調整です。";
    names_are_masked: "File names are hidden and replaced by numbers.", "ファイル名を隠し、代わりに番号を書き出します。";
    names_are_written: "File names are exported unchanged. If they identify a person, hide them first.", "ファイル名をそのまま書き出します。個人を特定できる場合は、先にファイル名を隠してください。";
    write: "Export", "書き出す";
    writing: "Writing...", "書き出し中…";
    replace: "Replace", "置き換える";
    keep_both: "Keep both", "両方残す";
    clashes_title: "These files already exist:", "同名のファイルがあります:";
    export_failed: "The export failed.", "書き出しに失敗しました。";
    folder_failed: "The folder could not be shown.", "フォルダーを表示できませんでした。";
    open_result_folder: "Open the folder", "フォルダーを開く";
    copy_figure: "Copy figure", "図をコピー";
    copy_result: "Copy the result as text", "結果のテキストをコピー";
    copy_command_line: "Copy the command line", "コマンドラインをコピー";
    copy_command_line_tip: "The command that reproduces this result on the command line.", "この結果をコマンドラインで再現するための命令です。";
    copy_methods_en: "Copy the methods paragraph (English)", "「方法」の文をコピー(英語)";
    copy_methods_ja: "Copy the methods paragraph (Japanese)", "「方法」の文をコピー(日本語)";
}

impl Texts {
    pub fn scope_marked(self, photographs: usize) -> String {
        let photographs = grouped(photographs);
        match self.0 {
            Lang::En => format!("Selected ({photographs})"),
            Lang::Ja => format!("選択した写真({photographs}枚)"),
        }
    }

    pub fn scope_all(self, photographs: usize) -> String {
        let photographs = grouped(photographs);
        match self.0 {
            Lang::En => format!("All with results or errors ({photographs})"),
            Lang::Ja => format!("結果・エラーのある写真すべて({photographs}枚)"),
        }
    }

    /// A placeholder that does not exist.
    pub fn unknown_placeholder(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "{{{name}}} is unknown. Use {{name}}, {{eye}}, {{model}}, {{answer}} or {{map}}."
            ),
            Lang::Ja => format!(
                "{{{name}}}は使えません。{{name}}、{{eye}}、{{model}}、{{answer}}、{{map}}を使ってください。"
            ),
        }
    }

    pub fn exported(self, files: usize) -> String {
        match (self.0, files) {
            (Lang::En, 1) => "1 file was written.".to_owned(),
            (Lang::En, n) => format!("{n} files were written."),
            (Lang::Ja, n) => format!("{n}個のファイルを書き出しました。"),
        }
    }

    /// Shown after [`Texts::exported`].
    pub fn pictures_missing(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 1) => " 1 picture could not be drawn.".to_owned(),
            (Lang::En, n) => format!(" {n} pictures could not be drawn."),
            (Lang::Ja, n) => format!("{n}個の図は作成できませんでした。"),
        }
    }

    /// The number of names that are not listed.
    pub fn and_more(self, count: usize) -> String {
        and_more(count, self.0)
    }
}
