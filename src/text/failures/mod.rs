//! What failed and what to do next, as the window says it; the command line and files have English words of their own.
//!
//! A fault is a kind with its arguments, without language: whoever draws it chooses the language then. Every kind has a
//! sentence and a hint in both languages, or it does not compile. Hints name places of the window, never flags. What a
//! library or an engine said stays in English beside the fault, for whoever reports it.

mod device;
mod file;
mod labels;
mod model;
mod photograph;
mod task;

pub use file::{FileFault, Obstacle};
pub use labels::LabelsFault;
pub use model::{CardRule, ModelFault};
pub use photograph::{Measure, PhotographFault};
pub use task::TaskFault;

use super::Lang;
use crate::domain::DeviceFault;
use crate::domain::foreign::escaped;

/// Why something did not work, for the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Between the application and the disk.
    File(FileFault),
    Photograph(PhotographFault),
    /// A model file, its card, or what its network gave.
    Model(ModelFault),
    /// An engine, a device, or the library of an engine.
    Device(DeviceFault),
    /// Labelled photographs, in a check of the preprocessing.
    Labels(LabelsFault),
    /// What was asked for, or the application itself.
    Task(TaskFault),
}

impl Fault {
    /// What failed: a whole sentence, perhaps with a file's own name, never with its folder.
    pub fn message(&self, lang: Lang) -> String {
        escaped(&self.said().of(lang).message)
    }

    /// What to do next, in the window's own words.
    pub fn hint(&self, lang: Lang) -> String {
        escaped(&self.said().of(lang).hint)
    }

    fn said(&self) -> Said {
        match self {
            Self::File(fault) => fault.said(),
            Self::Photograph(fault) => fault.said(),
            Self::Model(fault) => fault.said(),
            Self::Device(fault) => fault.said(),
            Self::Labels(fault) => fault.said(),
            Self::Task(fault) => fault.said(),
        }
    }
}

/// A sentence and its hint in one language.
struct Sentences {
    message: String,
    hint: String,
}

/// The same in both languages.
struct Said {
    en: Sentences,
    ja: Sentences,
}

impl Said {
    fn of(self, lang: Lang) -> Sentences {
        match lang {
            Lang::En => self.en,
            Lang::Ja => self.ja,
        }
    }
}

/// Message and hint in English, message and hint in Japanese.
fn said(
    message_en: impl Into<String>,
    hint_en: impl Into<String>,
    message_ja: impl Into<String>,
    hint_ja: impl Into<String>,
) -> Said {
    Said {
        en: Sentences {
            message: message_en.into(),
            hint: hint_en.into(),
        },
        ja: Sentences {
            message: message_ja.into(),
            hint: hint_ja.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_fault() -> Vec<Fault> {
        let files = file::examples().into_iter().map(Fault::File);
        let photographs = photograph::examples().into_iter().map(Fault::Photograph);
        let models = model::examples().into_iter().map(Fault::Model);
        let devices = device::examples().into_iter().map(Fault::Device);
        let tasks = task::examples().into_iter().map(Fault::Task);
        let labels = labels::examples().into_iter().map(Fault::Labels);
        let all = files.chain(photographs).chain(models);
        all.chain(devices).chain(labels).chain(tasks).collect()
    }

    fn is_japanese(text: &str) -> bool {
        text.chars()
            .any(|c| ('\u{3041}'..='\u{30FF}').contains(&c) || c >= '\u{4E00}')
    }

    #[test]
    fn every_fault_is_said_in_both_languages_with_what_to_do_next() {
        for fault in every_fault() {
            let (en, ja) = (Lang::En, Lang::Ja);
            for text in [fault.message(en), fault.hint(en)] {
                assert!(text.is_ascii() && text.ends_with('.'), "{fault:?}: {text}");
                // A sentence may begin with the name of a file or model, which stays as it is.
                let named = ["a.jpg", "m "].iter().any(|name| text.starts_with(name));
                assert!(
                    named || !text.starts_with(char::is_lowercase),
                    "{fault:?}: {text}"
                );
            }
            for text in [fault.message(ja), fault.hint(ja)] {
                let whole = text.ends_with(['。', ')']);
                assert!(is_japanese(&text) && whole, "{fault:?}: {text}");
            }
        }
    }

    #[test]
    fn names_in_a_fault_steer_nothing_and_are_short() {
        let name = format!("a\u{1b}[31m\n\u{202e}{}", "b".repeat(300));
        let why = Obstacle::Missing;
        let fault = Fault::File(FileFault::Unread { name, why });
        for lang in [Lang::En, Lang::Ja] {
            let text = fault.message(lang);
            assert!(
                !text.chars().any(crate::domain::foreign::steers),
                "{text:?}"
            );
            assert!(text.contains("a\\u{1b}[31m\\u{a}"), "{text}");
            assert!(text.chars().count() < 160, "{text}");
        }
    }

    #[test]
    fn the_window_names_its_own_places_and_never_a_command() {
        for fault in every_fault() {
            for lang in [Lang::En, Lang::Ja] {
                let text = format!("{} {}", fault.message(lang), fault.hint(lang));
                for word in ["--", "gantei ", "GANTEI_HOME"] {
                    // Faults of the application's own folders, which no window chooses.
                    let of_folders = matches!(
                        fault,
                        Fault::File(
                            FileFault::NoHome
                                | FileFault::LibraryUnwritten { .. }
                                | FileFault::SettingsUnwritten { .. }
                        )
                    );
                    assert!(of_folders || !text.contains(word), "{text}");
                }
                for word in ["diagnosis", "confidence", "accuracy", "診断", "確信度"] {
                    assert!(!text.contains(word), "{text}");
                }
            }
        }
    }
}
