//! What the application did on its own with the models it keeps, told once.

use super::Lang;
use crate::domain::SystemFailure;

/// Something that nobody asked for and everybody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A model that ships with the application was damaged where it is stored, in this file, and was stored anew.
    Restored { id: String, file: String },
    /// The same, where it could not be stored anew.
    Unrestored { id: String, file: String },
    /// The models that ship with the application run from memory, because the library cannot be written to.
    FromMemory { why: SystemFailure },
    /// A model of an earlier version got its checksums only now.
    Adopted { id: String },
}

impl Note {
    /// Whole sentences.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Restored { id, file }, Lang::En) => format!(
                "The stored model {id} was damaged ({file}) and has been restored from the application."
            ),
            (Self::Restored { id, file }, Lang::Ja) => format!(
                "保存されていたモデル {id} が壊れていたため({file})、アプリケーションに含まれるデータから復元しました。"
            ),
            (Self::Unrestored { id, file }, Lang::En) => format!(
                "The stored model {id} is damaged ({file}) and could not be replaced. It is not used."
            ),
            (Self::Unrestored { id, file }, Lang::Ja) => format!(
                "保存されているモデル {id} が壊れていますが({file})、置き換えられませんでした。壊れたファイルは使いません。"
            ),
            (Self::FromMemory { why }, Lang::En) => format!(
                "The model library cannot be written to: {}. The models that ship with the application run from memory. To \
import models, set the environment variable GANTEI_HOME to a folder you may write to.",
                why.phrase(lang)
            ),
            (Self::FromMemory { why }, Lang::Ja) => format!(
                "モデルの保存先に書き込めません({})。付属のモデルはメモリー上で動作します。モデルを取り込むには、環境変数 GANTEI_HOME に書き込みできるフォルダーを指定してください。",
                why.phrase(lang)
            ),
            (Self::Adopted { id }, Lang::En) => format!(
                "The model {id} was stored by an earlier version, which kept no checksums of its files; from now on they are \
checked. To be sure that it is what you imported, import it again."
            ),
            (Self::Adopted { id }, Lang::Ja) => format!(
                "モデル {id} は、ファイルのチェックサムを記録しない以前のバージョンで保存されました。今後は照合します。取り込んだ時のままか確かめるには、取り込み直してください。"
            ),
        }
    }
}
