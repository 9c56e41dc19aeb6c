//! Texts about the records check. They never call a record an error.

use super::{Lang, Texts, grouped};

texts! {
    // Commands
    check_records: "Check the records...", "記録を確認…";
    check_records_tip: "Photographs whose recorded label the model contradicts", "モデルの判定が記録ラベルと異なる写真を確認する";

    // The page
    records_about: "The model contradicts these records; either may be right. Labels are never changed.", "モデルの判定が記録と異なる写真です。記録とモデルのどちらが正しいかは分かりません。ラベルは変更しません。";
    records_running: "Comparing the photographs...", "写真を比較しています…";
    records_features: "Photographs that no run has compared are read once more; what is found is kept.", "比較用データのない写真は一度だけ読み直し、結果を保存します。";
    records_start: "Check", "確認する";
    records_none: "The model contradicts no record.", "モデルの判定と異なる記録はありません。";
    records_reader: "Reader", "判定者";
    records_reader_hint: "Name or initials; may stay empty", "氏名またはイニシャル(省略可)";
    records_reader_ask: "Who decides? The name is saved with each decision.", "判定者を入力してください。判定とともに保存されます。";
    records_go: "Begin", "始める";
    records_keys: "Up, down: another record. 1, 2, 3: decide; again takes it back.", "↑↓で移動、1・2・3で判定、もう一度押すと取り消し";
    records_unknown_person: "Person not known", "被検者不明";
    records_recorded: "Recorded", "記録";
    records_score: "Score", "スコア";
    records_same_person: "Same person", "同じ被検者";
    records_similar: "Most similar", "類似する写真";
    records_same_photograph: "Same photo?", "同じ写真?";
    records_other_person: "Same photo, other person?", "別の被検者の同じ写真?";
    records_not_recorded: "not recorded", "記録なし";
    records_show: "Show this photograph", "この写真を表示";
    records_while_running: "Decisions can be made once the run has ended.", "判定は実行の終了後に行えます。";
}

impl Texts {
    pub fn records_of(self, study: &str) -> String {
        match self.0 {
            Lang::En => format!("Records to check: {study}"),
            Lang::Ja => format!("{study} の記録の確認"),
        }
    }

    /// How many records there are, and how many of them are decided.
    pub fn records_count(self, records: usize, persons: usize, decided: usize) -> String {
        let [records, persons, decided] = [records, persons, decided].map(grouped);
        match self.0 {
            Lang::En => {
                format!("{records} photographs of {persons} persons, {decided} decided")
            }
            Lang::Ja => format!("被検者 {persons}人の写真 {records}枚、判定済み {decided}枚"),
        }
    }

    /// A person's number, in place of the name.
    pub fn person_number(self, number: usize) -> String {
        match self.0 {
            Lang::En => format!("Person {number}"),
            Lang::Ja => format!("被検者 {number}"),
        }
    }
}
