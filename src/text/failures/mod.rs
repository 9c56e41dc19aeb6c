//! Error messages of the window: what failed and what to do next. The command line and files have their own English texts.
//!
//! A fault is a kind with its arguments, independent of language; the language is chosen when it is displayed. Every kind
//! must have a message and a hint in both languages to compile. Hints refer to places in the window, never to flags. The
//! original message of a library or an engine stays in English next to the fault, for error reports.

mod device;
mod file;
mod file_kinds;
mod labels;
mod model;
mod network;
mod photograph;
mod remedies;
mod study;
mod table;
mod task;

pub use file::FileFault;
pub use labels::LabelsFault;
pub use model::{CardRule, ModelFault};
pub use photograph::PhotographFault;
pub use study::StudyFault;
pub use task::TaskFault;

use super::Lang;
use crate::domain::DeviceFault;
use crate::domain::foreign::escaped;
use crate::{evaluation, graph, imaging, keras, saliency};

/// A failure, as shown in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Files and folders.
    File(FileFault),
    /// A file that cannot be opened as a photograph.
    Image(imaging::Error),
    /// A photograph that cannot be prepared as the model card requires.
    Prepare(imaging::prepare::Error),
    /// An open photograph on which no model runs.
    Photograph(PhotographFault),
    /// A model file that cannot be imported.
    Keras(keras::Error),
    /// A network that cannot be computed.
    Graph(graph::Error),
    /// A network for which no map can be computed.
    Saliency(saliency::Error),
    /// A model, its card, or the output of its network.
    Model(ModelFault),
    /// An engine, a device, or the library of an engine.
    Device(DeviceFault),
    /// Labelled photographs in a preprocessing check.
    Labels(LabelsFault),
    /// The table of labels, or the figures of a check.
    Table(evaluation::Error),
    /// A study and its folder.
    Study(StudyFault),
    /// The request, or the application itself.
    Task(TaskFault),
}

impl Fault {
    /// What failed: a complete sentence. It may name a file but never its folder.
    pub fn message(&self, lang: Lang) -> String {
        escaped(&self.wording().of(lang).message)
    }

    /// What to do next, in terms of the window.
    pub fn hint(&self, lang: Lang) -> String {
        escaped(&self.wording().of(lang).hint)
    }

    fn wording(&self) -> FaultText {
        match self {
            Self::File(fault) => fault.wording(),
            Self::Image(error) => photograph::of_image(error),
            Self::Prepare(error) => photograph::of_prepare(error),
            Self::Photograph(fault) => fault.wording(),
            Self::Keras(error) => network::of_keras(error),
            Self::Graph(error) => network::of_graph(error),
            Self::Saliency(error) => network::of_saliency(error),
            Self::Model(fault) => fault.wording(),
            Self::Device(fault) => fault.wording(),
            Self::Labels(fault) => fault.wording(),
            Self::Table(error) => table::of_table(error),
            Self::Study(fault) => fault.wording(),
            Self::Task(fault) => fault.wording(),
        }
    }
}

/// A message and its hint in one language.
struct InOneLanguage {
    message: String,
    hint: String,
}

/// The same in both languages.
struct FaultText {
    en: InOneLanguage,
    ja: InOneLanguage,
}

impl FaultText {
    fn of(self, lang: Lang) -> InOneLanguage {
        match lang {
            Lang::En => self.en,
            Lang::Ja => self.ja,
        }
    }
}

/// Message and hint in English, message and hint in Japanese.
fn wording(
    message_en: impl Into<String>,
    hint_en: impl Into<String>,
    message_ja: impl Into<String>,
    hint_ja: impl Into<String>,
) -> FaultText {
    FaultText {
        en: InOneLanguage {
            message: message_en.into(),
            hint: hint_en.into(),
        },
        ja: InOneLanguage {
            message: message_ja.into(),
            hint: hint_ja.into(),
        },
    }
}

#[cfg(test)]
pub(super) mod tests;
