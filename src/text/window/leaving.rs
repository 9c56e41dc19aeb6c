//! Texts of the questions before something is lost, and of undoing a removal.

use super::{Lang, Texts, grouped};

texts! {
    quit_really: "Quit Gantei?", "Ganteiを終了しますか?";
    clear_really: "Clear the list?", "一覧をクリアしますか?";
    work_would_stop: "Work in progress will be stopped.", "進行中の処理は中止されます。";
    clearing_can_be_undone: "Undo brings the list back until Gantei is closed.", "Ganteiを終了するまでは、「元に戻す」で一覧を復元できます。";
    quit_without_exporting: "Quit without exporting", "書き出さずに終了";
    stop_and_quit: "Stop and quit", "中止して終了";
    stay: "Stay", "終了しない";
    clear_list_now: "Clear without exporting", "書き出さずにクリア";
    keep_list: "Keep the list", "クリアしない";
    frame_really: "Show another frame?", "別のフレームを表示しますか?";
    frame_has_own_results: "Each frame is a separate image. The results of this frame will be removed.", "フレームごとに別の画像として扱います。表示中のフレームの結果は消去されます。";
    show_frame_now: "Show without exporting", "書き出さずに表示";
    keep_frame: "Keep this frame", "このフレームのまま";

    discard_really: "Discard the changes?", "変更を破棄しますか?";
    edits_unsaved: "Your entries on this page are not saved yet.", "入力した内容はまだ保存されていません。";
    discard_edits: "Discard", "破棄する";
    keep_editing: "Keep editing", "編集を続ける";
    edits_first: "Save or discard the changes to the other card first.", "先に、編集中のカードの変更を保存するか破棄してください。";

    undo: "Undo", "元に戻す";
    undo_tip: "Undo the last brush stroke, or bring back the photographs removed last (up to 20 removals)", "直前の塗りを取り消すか、最後に一覧から外した写真を元に戻す(20回分まで)";
}

impl Texts {
    /// Photographs whose results are in no file.
    pub fn unexported_results(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 1) => "The results of 1 photograph have not been exported.".to_owned(),
            (Lang::En, n) => format!(
                "The results of {} photographs have not been exported.",
                grouped(n)
            ),
            (Lang::Ja, n) => format!("{}枚の写真の結果がまだ書き出されていません。", grouped(n)),
        }
    }

    /// Photographs that were removed from the list.
    pub fn removed(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::En, 1) => "1 photograph removed from the list.".to_owned(),
            (Lang::En, n) => format!("{} photographs removed from the list.", grouped(n)),
            (Lang::Ja, n) => format!("{}枚の写真を一覧から外しました。", grouped(n)),
        }
    }
}
