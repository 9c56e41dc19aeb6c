//! Texts about studies: a folder with photographs, labels, models and what has been answered.

use super::{Lang, Texts, grouped};

texts! {
    // Commands
    new_study: "New study...", "新しい研究…";
    new_study_tip: "Keep photographs, models and results in one folder", "写真、モデル、結果を1つのフォルダーで管理する";
    open_study: "Open a study...", "研究を開く…";
    open_study_tip: "Open the folder of a study and go on with it", "研究のフォルダーを開いて続ける";
    show_study: "The study", "この研究";
    close_study: "Close the study", "研究を閉じる";

    // The page of a new study
    study_about: "A study is a folder of your choice. Photographs stay where they are; results are kept in it as they arrive.", "研究は任意のフォルダーです。写真は元の場所のままで、結果はフォルダーに逐次保存されます。";
    study_folder: "Folder", "フォルダー";
    study_choose_folder: "Choose a folder...", "フォルダーを選ぶ…";
    study_folder_field: "Path of the new study folder", "新しい研究のフォルダーのパス";
    study_photographs: "Photographs", "写真";
    study_of_list: "The photographs of the list", "一覧の写真";
    study_add_input: "Add a folder...", "フォルダーを追加…";
    study_input_field: "Path of a folder of photographs", "写真フォルダーのパス";
    study_remove_input: "Remove", "削除";
    study_models: "Models", "モデル";
    study_choose_models: "Choose models...", "モデルを選ぶ…";
    study_use_models: "Use these models", "これらのモデルを使用";
    study_maps: "Saliency maps as pictures", "サリエンシーマップの画像を保存";
    study_accept: "Use pictures that do not look like fundus photographs", "眼底写真ではないと思われる画像も使用";
    study_persons: "Persons", "被検者";
    study_persons_dicom: "from DICOM", "DICOMから";
    study_persons_names: "from file names", "ファイル名から";
    study_persons_none: "no grouping", "まとめない";
    study_pattern: "File names", "ファイル名";
    study_no_pattern: "no pattern", "パターンなし";
    study_create: "Create the study", "研究を作成";
    study_needs_folder: "Choose a folder for the study.", "研究のフォルダーを選んでください。";
    study_needs_photographs: "Choose photographs.", "写真を選んでください。";
    study_needs_model: "Choose a model.", "モデルを選んでください。";

    // The page of an open study
    study_opening: "Opening the study...", "研究を開いています…";
    study_answered: "Answered", "結果あり";
    study_failed: "Failed", "失敗";
    study_missing: "Not found", "見つからない";
    study_left: "To run", "未実行";
    study_no_labels: "none", "なし";
    study_run: "Run the study", "研究を実行";
    study_run_failed: "Run failed only", "失敗した写真だけ実行";
    study_find_folder: "Choose the folder with these photographs...", "これらの写真のフォルダーを選ぶ…";
    study_other_folder_field: "Path of the folder with these photographs", "これらの写真のフォルダーのパス";
    study_finished: "Every photograph is answered.", "すべての写真に結果があります。";
    study_interrupted: "The run was stopped; finished results are kept.", "実行を中断しました。済んだ結果は保存されています。";
    study_read_only: "The folder cannot be written to: the study can be viewed, but neither changed nor run.", "フォルダーに書き込めないため、閲覧のみ可能です。変更と実行はできません。";
    study_open_field: "Path of the folder of a study", "研究のフォルダーのパス";
    study_open_go: "Open", "開く";
    study_model_replaced: "replaced since", "その後置き換え";
    study_model_missing: "not in the library", "モデル一覧にない";
    study_stopping: "Stopping", "中断中";
}

impl Texts {
    /// A folder of photographs that is not found.
    pub fn study_not_there(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!("{name} is not where it was. Choose where it is now."),
            Lang::Ja => format!("{name} が元の場所にありません。現在の場所を選んでください。"),
        }
    }

    /// Results of the list that are written into a new study.
    pub fn study_taking_over(self, done: usize, total: usize) -> String {
        let (done, total) = (grouped(done), grouped(total));
        match self.0 {
            Lang::En => format!("Saving the results of the list: {done} of {total}..."),
            Lang::Ja => format!("一覧の結果を保存しています: {total}枚中{done}枚…"),
        }
    }

    /// The choice of the list's photographs, with their number.
    pub fn study_of_list_count(self, count: usize) -> String {
        let count = self.photographs_count(count);
        format!("{} ({count})", self.study_of_list())
    }
}
