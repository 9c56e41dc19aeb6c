//! Requirements on the texts of every fault, in both languages.

use std::collections::HashSet;
use std::mem::discriminant;

use strum::EnumCount;

use super::*;

/// Examples of every kind of fault.
pub fn every_fault() -> Vec<Fault> {
    let files = whole(file::examples(), FileFault::COUNT).map(Fault::File);
    let models = whole(model::examples(), ModelFault::COUNT).map(Fault::Model);
    let files_of_models =
        whole(network::examples_of_keras(), keras::Error::COUNT).map(Fault::Keras);
    let graphs = whole(network::examples_of_graph(), graph::Error::COUNT).map(Fault::Graph);
    let maps = whole(network::examples_of_saliency(), saliency::Error::COUNT).map(Fault::Saliency);
    let devices = whole(device::examples(), DeviceFault::COUNT).map(Fault::Device);
    let labels = whole(labels::examples(), LabelsFault::COUNT).map(Fault::Labels);
    let tables = whole(table::examples(), evaluation::Error::COUNT).map(Fault::Table);
    let studies = whole(study::examples(), StudyFault::COUNT).map(Fault::Study);
    let tasks = whole(task::examples(), TaskFault::COUNT).map(Fault::Task);
    let all = files.chain(photograph::examples()).chain(models);
    all.chain(files_of_models)
        .chain(graphs)
        .chain(maps)
        .chain(devices)
        .chain(labels)
        .chain(tables)
        .chain(studies)
        .chain(tasks)
        .collect()
}

/// The examples, after checking that they cover all kinds.
fn whole<T>(examples: Vec<T>, kinds: usize) -> impl Iterator<Item = T> {
    let found: HashSet<_> = examples.iter().map(discriminant).collect();
    assert_eq!(found.len(), kinds, "{}", std::any::type_name::<T>());
    examples.into_iter()
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
            // A sentence may begin with the name of a file or model, or with a table value, which keeps its case.
            let named = ["a.jpg", "m ", "female "]
                .iter()
                .any(|name| text.starts_with(name));
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
    let why = crate::domain::SystemFailure::Missing;
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
            // A command of another program.
            let text = text.replace(remedies::TF2ONNX, "");
            for word in ["--", "gantei ", "GANTEI_HOME"] {
                // Faults of the application's own folders, which cannot be chosen in the window.
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
