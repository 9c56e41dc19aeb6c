//! Notices about stored models that the application repaired or adopted on its own; each is shown once.

use super::Lang;
use crate::domain::SystemFailure;

/// An action that the user did not request but should know about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The stored copy of a bundled model was damaged in this file and has been restored.
    Restored { id: String, file: String },
    /// The stored copy of a bundled model is damaged and could not be restored.
    Unrestored { id: String, file: String },
    /// The bundled models run from memory because the library cannot be written to.
    FromMemory { why: SystemFailure },
    /// A model stored by an earlier version has only now received checksums.
    Adopted { id: String },
}

impl Note {
    /// Complete sentences.
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
                "保存されているモデル {id} が壊れています({file})。復元できなかったため、使用しません。"
            ),
            (Self::FromMemory { why }, Lang::En) => format!(
                "The model library cannot be written to: {}. The models supplied with the application run from memory. To \
import models, set the environment variable GANTEI_HOME to a folder with write permission.",
                why.phrase(lang)
            ),
            (Self::FromMemory { why }, Lang::Ja) => format!(
                "モデルの保存先に書き込めません({})。付属のモデルはメモリー上で動作します。モデルを取り込むには、環境変数 GANTEI_HOME に書き込み可能なフォルダーを指定してください。",
                why.phrase(lang)
            ),
            (Self::Adopted { id }, Lang::En) => format!(
                "The model {id} was stored by an earlier version without checksums. Its files are verified from now on. To be \
sure that they are unchanged, import the model again."
            ),
            (Self::Adopted { id }, Lang::Ja) => format!(
                "モデル {id} は、チェックサムを記録しない以前のバージョンで保存されました。今後はファイルをチェックサムで確認します。変更されていないことを確実にするには、モデルを取り込み直してください。"
            ),
        }
    }
}
