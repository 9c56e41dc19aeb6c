//! What failed and what to do next, as the window says it; the command line and files have English words of their own.
//!
//! A fault is a kind with its arguments, without language: whoever draws it chooses the language then. Every kind has a
//! sentence and a hint in both languages, or it does not compile. Hints name places of the window, never flags. What a
//! library or an engine said stays in English beside the fault, for whoever reports it.

mod device;
mod file;
mod labels;
mod model;
mod network;
mod photograph;
mod table;
mod task;

pub use file::FileFault;
pub use labels::LabelsFault;
pub use model::{CardRule, ModelFault};
pub use photograph::PhotographFault;
pub use task::TaskFault;

use super::Lang;
use crate::domain::DeviceFault;
use crate::domain::foreign::escaped;
use crate::{evaluation, graph, imaging, keras, saliency};

/// Why something did not work, for the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Between the application and the disk.
    File(FileFault),
    /// A file that cannot be opened as a photograph.
    Image(imaging::Error),
    /// A photograph that does not become what the model card asks for.
    Prepare(imaging::prepare::Error),
    /// A photograph that is open, and no model runs on it.
    Photograph(PhotographFault),
    /// A model file that cannot be imported.
    Keras(keras::Error),
    /// A network that cannot be computed.
    Graph(graph::Error),
    /// A network of which a map cannot be made.
    Saliency(saliency::Error),
    /// A model, its card, or what its network gave.
    Model(ModelFault),
    /// An engine, a device, or the library of an engine.
    Device(DeviceFault),
    /// Labelled photographs, in a check of the preprocessing.
    Labels(LabelsFault),
    /// Their table, or the figures of a check.
    Table(evaluation::Error),
    /// What was asked for, or the application itself.
    Task(TaskFault),
}

impl Fault {
    /// What failed: a whole sentence, perhaps with a file's own name, never with its folder.
    pub fn message(&self, lang: Lang) -> String {
        escaped(&self.wording().of(lang).message)
    }

    /// What to do next, in the window's own words.
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
            Self::Task(fault) => fault.wording(),
        }
    }
}

/// A sentence and its hint in one language.
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
