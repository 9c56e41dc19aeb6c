//! Texts about the list of photographs and runs over many photographs.

use super::{Lang, Texts};
use crate::domain::{SkipReason, Skipped};
use crate::text::formats::sentence;

texts! {
    // Opening files
    open_folder: "Open a folder...", "フォルダーを開く…";
    open_folder_tip: "Add every photograph of a folder and its subfolders", "フォルダーとその下にある写真をすべて追加する";
    close_all: "Clear the list", "一覧をクリア";
    recent_files: "Recent files", "最近使ったファイル";
    clear_recent: "Clear recent files", "履歴を消去";
    recent_off: "Not remembered (see Settings)", "記録していません(設定を参照)";
    path_field: "File or folder path", "ファイル・フォルダーのパス";
    path_open: "Add", "追加";
    finding: "Searching the folder...", "フォルダーを検索中…";

    // Steps of the first page
    welcome: "Three steps to a first result", "最初の結果まで3ステップ";
    step_open: "Open a photograph", "写真を開く";
    step_open_more: "Drop files or folders anywhere, or start with the sample eye.", "ファイルやフォルダーをどこにでもドロップできます。サンプル写真でも試せます。";
    step_run: "Run a model", "モデルを実行";
    step_run_more: "Choose one or two models on the right, then press Run model. The overlay shows which areas influenced the score.", "右でモデルを1つか2つ選び、実行します。スコアに影響した領域がサリエンシーマップとして表示されます。";
    step_export: "Export", "書き出す";
    step_export_more: "A figure with its caption, or tables as CSV and JSON, with everything needed to reproduce them.", "説明つきの図、またはCSV・JSONの表を、再現に必要な情報とともに書き出します。";
    welcome_close: "Hide the three steps", "3ステップの案内を閉じる";
    start_here: "Drop fundus photographs or folders here", "眼底写真またはフォルダーをここにドロップ";

    // The list
    filter: "Find a name", "名前で絞り込み";
    show: "Show", "表示";
    show_all: "All", "すべて";
    show_not_run: "Not run", "未実行";
    show_done: "Done", "実行済み";
    show_failed: "Failed", "失敗";
    show_cautions: "With cautions", "注意あり";
    sort: "Sort by", "並べ替え";
    sort_added: "Added", "追加順";
    sort_name: "Name", "名前";
    sort_eye: "Eye", "左右眼";
    sort_quality: "Quality", "画質";
    sort_score: "Score", "スコア";
    sort_state: "State", "状態";
    any: "Any", "指定なし";
    filter_finding: "Finding", "所見・注意事項";
    filter_used: "Counted", "集計対象";
    none_match: "No photograph matches.", "該当する写真がありません。";
    show_everything: "Show all", "すべて表示";
    mark_all: "Select all", "すべて選択";
    unmark: "Select none", "選択を解除";
    this_is_od: "This is the right eye (OD)", "右眼(OD)とする";
    this_is_os: "This is the left eye (OS)", "左眼(OS)とする";
    mask_names: "Hide file names", "ファイル名を隠す";
    mask_names_tip: "Replace file names with numbers, here and in exports", "画面と書き出しで、ファイル名の代わりに番号を使う";
    findings_column: "Cautions", "注意事項";
    waiting: "Waiting", "待機中";
    unreadable: "Read error", "読み込みエラー";
    not_a_fundus_short: "not a fundus", "眼底以外";

    // Runs over many photographs
    run_more: "Run on several photographs", "複数の写真で実行";
    run_marked: "Run on selected", "選択した写真で実行";
    run_marked_tip: "Run the chosen models on the selected photographs", "選択中のモデルを、選択した写真に適用する";
    run_all_tip: "Run the chosen models on every photograph in the list", "選択中のモデルを、一覧のすべての写真に適用する";
    run_all: "Run on all", "すべての写真で実行";
    run_failed: "Rerun failed photographs", "失敗した写真だけ再実行";
    use_all_the_same: "Use this image anyway", "この画像を使用する";
    use_all_the_same_tip: "Run the model although this does not look like a fundus photograph. The result will carry a caution.", "眼底写真ではないようですが、モデルを実行します。結果には注意が付きます。";
    use_these_all_the_same: "Use these images anyway", "これらの画像も使用する";
    use_these_all_the_same_tip: "Run the model on all images in the list that do not look like fundus photographs. The results will carry a caution.", "一覧のうち眼底写真ではないと思われる画像でもモデルを実行します。結果には注意が付きます。";
    pause: "Pause", "一時停止";
    go_on: "Resume", "再開";
    pause_or_go_on: "Pause/resume", "一時停止/再開";
    cancel_many: "Cancel the run", "一括実行を中止";
    keep_answers: "Save results during runs...", "結果の逐次保存先…";
    keep_answers_tip: "Save the results of a run to a folder as they arrive. An interrupted run can then be resumed. Gantei remembers the folder until the run is exported.", "実行の結果を1枚ごとにフォルダーへ保存します。途中で終了しても再開できます。フォルダーの場所は、書き出しが済むまで記憶します。";
    kept_in_chosen_folder: "Results are saved to the chosen folder as they arrive.", "結果は選択したフォルダーに逐次保存されます。";
    not_kept: "The results of this run are not saved as they arrive. Export them when it has ended.", "この実行の結果は逐次保存されません。終了後に書き出してください。";
    go_on_with_run: "Resume the run", "実行を再開";
    find_its_photographs: "Choose its photographs' folder...", "写真のフォルダーを選ぶ…";
    forget_run: "Do not offer again", "この実行は今後表示しない";
    where_photographs_are: "To resume, choose the folder with its photographs. Finished results are kept; the rest is run.", "再開するには写真のフォルダーを選んでください。済んだ結果はそのまま使い、残りを実行します。";
    run_does_not_hold: "These results are of another version of Gantei or other model settings and cannot be reused. A new run in this folder keeps them under another name.", "別のバージョンまたは異なるモデル設定の結果のため、引き継げません。このフォルダーで新しく実行すると、別名で残されます。";
    not_noted: "If this run is interrupted, Gantei cannot offer to resume it at the next start. Its results are still saved in the folder.", "この実行が途中で終了しても、次回の起動時に再開を案内できません。結果はフォルダーに保存されます。";
    run_taken_over: "Finished results are kept; the rest is run.", "済んだ結果はそのまま使い、残りを実行します。";
    many_running: "Running", "実行中";
    many_paused: "Paused", "一時停止中";
    many_cancelled: "Cancelled", "中止しました";
    many_failed: "The run could not continue", "実行を続けられませんでした";
    many_could_not_begin: "The run could not start.", "一括実行を始められませんでした。";
    nothing_found: "No photographs were found there.", "写真が見つかりませんでした。";
    absent_hint: "Check the path. Nothing was added to the list.", "パスを確認してください。一覧には何も追加していません。";
    put_away: "Hide", "隠す";
}

impl Texts {
    /// Whether photographs count for their eye and person.
    pub const fn counted(self, used: bool) -> &'static str {
        match (self.0, used) {
            (Lang::En, true) => "counted",
            (Lang::En, false) => "not counted",
            (Lang::Ja, true) => "集計対象",
            (Lang::Ja, false) => "集計対象外",
        }
    }

    /// The name of a button that removes a filter.
    pub fn remove_filter(self, filter: &str) -> String {
        match self.0 {
            Lang::En => format!("Remove the filter {filter}"),
            Lang::Ja => format!("絞り込みを解除: {filter}"),
        }
    }

    pub fn older_messages(self, number: usize) -> String {
        match (self.0, number) {
            (Lang::En, 1) => "1 older message".into(),
            (Lang::En, _) => format!("{number} older messages"),
            (Lang::Ja, _) => format!("以前のメッセージ {number}件"),
        }
    }

    pub const fn open_files_tip(self) -> &'static str {
        match self.0 {
            Lang::En => sentence!("Open fundus photographs (", ", " ", ", ")"),
            Lang::Ja => sentence!("眼底写真を開く(", "、" "、", ")"),
        }
    }

    pub const fn nothing_found_hint(self) -> &'static str {
        match self.0 {
            Lang::En => sentence!("Gantei opens ", ", " " and ", "."),
            Lang::Ja => sentence!("対応形式は", "、" "、", "です。"),
        }
    }

    /// A photograph whose name is masked.
    pub fn photograph_number(self, number: usize) -> String {
        match self.0 {
            Lang::En => format!("No. {number}"),
            Lang::Ja => format!("写真{number}"),
        }
    }

    /// "12 of 1,000": rows shown or finished.
    pub fn of(self, part: usize, whole: usize) -> String {
        match self.0 {
            Lang::En => format!("{} of {}", grouped(part), grouped(whole)),
            Lang::Ja => format!("{} / {}枚", grouped(part), grouped(whole)),
        }
    }

    pub fn photographs_count(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 0) => "Photographs".to_owned(),
            (Lang::En, 1) => "1 photograph".to_owned(),
            (Lang::En, _) => format!("{} photographs", grouped(count)),
            (Lang::Ja, 0) => "写真".to_owned(),
            (Lang::Ja, _) => format!("写真 {}枚", grouped(count)),
        }
    }

    /// How many photographs have a result.
    pub fn with_results(self, answered: usize, all: usize) -> String {
        let photographs = self.photographs_count(all);
        match self.0 {
            Lang::En => format!("{photographs}, {} with a result", grouped(answered)),
            Lang::Ja => format!("{photographs}、結果あり {}枚", grouped(answered)),
        }
    }

    /// Results of one photograph, by several models.
    pub fn results_count(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{count} results"),
            Lang::Ja => format!("結果{count}件"),
        }
    }

    /// The button for the findings that the result card does not show.
    pub fn more_findings(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 1) => "1 more finding".to_owned(),
            (Lang::En, _) => format!("{count} more findings"),
            (Lang::Ja, _) => format!("ほかの注意事項 {count}件"),
        }
    }

    pub fn selected_count(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{} selected", grouped(count)),
            Lang::Ja => format!("{}枚を選択中", grouped(count)),
        }
    }

    /// Images in the list that get no result.
    pub fn refused_count(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 1) => {
                "1 picture does not look like a fundus photograph and has no result.".to_owned()
            }
            (Lang::En, _) => format!(
                "{} pictures do not look like fundus photographs and have no result.",
                grouped(count)
            ),
            (Lang::Ja, _) => format!(
                "{}枚は眼底写真ではないようなので、結果がありません。",
                grouped(count)
            ),
        }
    }

    pub fn failed_count(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{} failed", grouped(count)),
            Lang::Ja => format!("失敗 {}枚", grouped(count)),
        }
    }

    /// The status of a run over many photographs: activity, progress and number of failures.
    pub fn run_progress_line(self, word: &str, done: usize, total: usize, failed: usize) -> String {
        if total == 0 {
            // Its models are being opened.
            return format!("{word}…");
        }
        let mut line = format!("{word}: {}", self.of(done, total));
        if failed > 0 {
            line.push_str(self.comma());
            line.push_str(&self.failed_count(failed));
        }
        line
    }

    /// Rate and remaining time of a run.
    pub fn pace(self, per_second: f64, seconds_left: f64) -> String {
        let rate = if per_second >= 1.0 {
            format!("{per_second:.1} / s")
        } else {
            format!("{:.1} / min", per_second * 60.0)
        };
        let left = self.duration(seconds_left);
        match self.0 {
            Lang::En => format!("{rate}, about {left} left"),
            Lang::Ja => format!("{rate}、残り約{left}"),
        }
    }

    fn duration(self, seconds: f64) -> String {
        // A negative or infinite time would be a defect elsewhere; the cast saturates.
        let seconds = seconds.ceil() as u64;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        match (self.0, hours, minutes) {
            (Lang::En, 0, 0) => format!("{seconds} s"),
            (Lang::En, 0, m) => format!("{} min", m + u64::from(!seconds.is_multiple_of(60))),
            (Lang::En, h, m) => format!("{h} h {m} min"),
            (Lang::Ja, 0, 0) => format!("{seconds}秒"),
            (Lang::Ja, 0, m) => format!("{}分", m + u64::from(!seconds.is_multiple_of(60))),
            (Lang::Ja, h, m) => format!("{h}時間{m}分"),
        }
    }

    /// `folder` is `None` if names are masked.
    pub fn unexported(self, folder: Option<&str>, answered: usize, photographs: usize) -> String {
        match (self.0, folder) {
            (Lang::En, Some(folder)) => format!(
                "The last run was not exported. Folder {folder} holds the results of {answered} of {photographs} photographs."
            ),
            (Lang::En, None) => format!(
                "The last run was not exported. Its folder holds the results of {answered} of {photographs} photographs."
            ),
            (Lang::Ja, Some(folder)) => format!(
                "前回の実行は書き出されていません。{photographs}枚中{answered}枚の結果がフォルダー {folder} にあります。"
            ),
            (Lang::Ja, None) => format!(
                "前回の実行は書き出されていません。{photographs}枚中{answered}枚の結果があります。"
            ),
        }
    }

    pub fn journal_set_aside(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!(
                "The folder held unexported results of another run or version. They were kept as {name}."
            ),
            Lang::Ja => format!(
                "フォルダーには書き出されていない別の実行の結果がありました。{name} として残してあります。"
            ),
        }
    }

    /// The number of photographs answered by an earlier run.
    pub fn taken_over(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{count} kept from the earlier run"),
            Lang::Ja => format!("前回の結果を使用: {count}枚"),
        }
    }

    /// `folder` is `None` if names are masked.
    pub fn kept_in(self, folder: Option<&str>) -> String {
        match (self.0, folder) {
            (_, None) => self.kept_in_chosen_folder().to_owned(),
            (Lang::En, Some(folder)) => format!("Results are saved to {folder} as they arrive."),
            (Lang::Ja, Some(folder)) => format!("結果は {folder} に逐次保存されます。"),
        }
    }

    /// The end of a run over many photographs.
    pub fn many_done(self, done: usize, failed: usize) -> String {
        let is_one = done == 1;
        let (done, failed_words) = (grouped(done), grouped(failed));
        match (self.0, failed) {
            (Lang::En, 0) if is_one => "The run is finished: 1 photograph.".to_owned(),
            (Lang::En, 0) => format!("The run is finished: {done} photographs."),
            (Lang::En, _) => format!("The run is finished: {done} done, {failed_words} failed."),
            (Lang::Ja, 0) => format!("一括実行が完了しました: {done}枚"),
            (Lang::Ja, _) => format!("一括実行が終了しました: 完了{done}枚、失敗{failed_words}枚"),
        }
    }

    /// Skipped files, with the reasons.
    pub fn skipped(self, skipped: &[Skipped]) -> String {
        let mut reasons: Vec<(SkipReason, usize)> = Vec::new();
        for Skipped { why, .. } in skipped {
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, count)) => *count += 1,
                None => reasons.push((*why, 1)),
            }
        }
        let one = reasons.len() < 2;
        let reasons: Vec<String> = reasons
            .into_iter()
            .map(|(why, count)| match one {
                true => why.reason(self.0).to_owned(),
                false => format!("{} ({})", why.reason(self.0), grouped(count)),
            })
            .collect();
        let reasons = reasons.join(self.comma());
        match (self.0, skipped.len()) {
            (Lang::En, 1) => format!("1 file or folder was skipped: {reasons}."),
            (Lang::En, n) => format!("{} files or folders were skipped: {reasons}.", grouped(n)),
            (Lang::Ja, n) => format!(
                "{}個のファイル・フォルダーを除きました: {reasons}",
                grouped(n)
            ),
        }
    }

    /// Paths that do not exist, by their last components.
    pub fn absent(self, names: &[String], names_masked: bool) -> String {
        const SHOWN: usize = 3;
        if names_masked {
            let count = grouped(names.len());
            return match self.0 {
                Lang::En => format!("Files or folders that were not found: {count}"),
                Lang::Ja => format!("見つからないファイル・フォルダー: {count}個"),
            };
        }
        let mut wording = names[..names.len().min(SHOWN)].join(self.comma());
        if names.len() > SHOWN {
            wording.push_str(self.comma());
            wording.push('…');
        }
        match self.0 {
            Lang::En => format!("No file or folder of this name was found: {wording}"),
            Lang::Ja => format!("ファイルまたはフォルダーが見つかりません: {wording}"),
        }
    }
}

/// An integer with thousands separators.
pub fn grouped(n: impl std::fmt::Display) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn rates_and_times_are_told_in_fitting_units() {
        assert_eq!(
            Texts(Lang::En).pace(4.25, 61.0),
            "4.2 / s, about 2 min left"
        );
        assert_eq!(
            Texts(Lang::En).pace(0.1, 12.0),
            "6.0 / min, about 12 s left"
        );
        assert_eq!(Texts(Lang::Ja).pace(2.0, 7200.0), "2.0 / s、残り約2時間0分");
    }
}
