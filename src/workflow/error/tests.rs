//! The messages of the window and the command line for the same error.

use std::io::ErrorKind;

use super::*;
use crate::text::Lang;

#[test]
fn what_the_system_says_becomes_an_obstacle() {
    let reported = |kind: ErrorKind| {
        let source = kind.into();
        let name = "眼.jpg".to_owned();
        Error::from(storage::Error::Read { name, source }).fault()
    };
    let missing = reported(ErrorKind::NotFound);
    assert_eq!(
        missing.message(Lang::En),
        "眼.jpg could not be read: there is no such file."
    );
    assert_eq!(
        missing.message(Lang::Ja),
        "眼.jpg を読み込めませんでした: ファイルが見つかりません。"
    );
    assert_ne!(missing, reported(ErrorKind::PermissionDenied));
}

#[test]
fn foreign_names_in_a_fault_are_short_and_steer_nothing() {
    let name = format!("a\u{1b}[31m{}", "b".repeat(300));
    for error in [
        Error::NoSuchModel(name.clone()),
        Error::NoSuchFile(name.clone()),
        Error::from(keras::Error::NotFinite {
            layer: name.clone(),
        }),
        Error::from(graph::Error::unsupported(name, "")),
    ] {
        for text in [error.fault().message(Lang::En), error.wording()] {
            assert!(text.contains("a\\u{1b}[31mbbb"), "{text}");
            assert!(text.len() < 200, "{text}");
        }
    }
}

#[test]
fn masked_errors_name_no_file_of_a_model() {
    let name = || "Yamada Hanako.h5".to_owned();
    for (error, wording) in [
        (
            Error::Keras(keras::Error::too_large(&name(), 5)),
            "FILE is too large: more than 5 bytes",
        ),
        (
            Error::Keras(keras::Error::Link { name: name() }),
            "FILE is a link to another file, which is not followed",
        ),
        (
            Error::Keras(keras::Error::Part {
                name: name(),
                kind: keras::FileKind::Empty,
            }),
            "The file FILE, which belongs to this model, cannot be read. The file is empty.",
        ),
        (
            Error::Keras(keras::Error::Several(vec![name(), name()])),
            "there is more than one choice: FILE 1, FILE 2",
        ),
        (
            Error::NoSuchMember {
                name: name(),
                members: vec![name(), name()],
            },
            "there is no model FILE in it; there is: FILE 1, FILE 2",
        ),
        (
            Error::MembersOfOneKind(vec![name(), name()]),
            "a model has one file of weights and one configuration; chosen were: FILE 1, FILE 2",
        ),
        (
            Error::NotBeside {
                name: name(),
                weights: name(),
                members: vec![name()],
            },
            "the configuration FILE is in another folder than the weights FILE; there is: FILE 1",
        ),
    ] {
        assert!(error.wording().contains("Yamada"), "{error}");
        let masked = error.masked();
        assert_eq!(masked.wording(), wording);
        assert!(!masked.fault().message(Lang::En).contains("Yamada"));
    }
}

#[test]
fn a_contradiction_names_the_field_as_the_window_calls_it() {
    for what in [
        Contradicting::Given("input_size"),
        Contradicting::OfCard("input_size"),
    ] {
        let error = Error::Contradiction {
            what,
            reason: String::new(),
        };
        assert_eq!(
            error.fault().message(Lang::En),
            "Input contradicts the model file."
        );
    }
}

#[test]
fn no_words_of_a_library_reach_the_window() {
    let wording = "cudaErrorUnknown 999";
    for error in [
        Error::Runtime(runtime::Error::Run(wording.to_owned())),
        Error::Image(imaging::Error::malformed("PNG", wording)),
        Error::Keras(keras::Error::Malformed(wording.to_owned())),
    ] {
        assert!(error.to_string().contains(wording));
        for lang in [Lang::En, Lang::Ja] {
            assert!(!error.fault().message(lang).contains("999"));
        }
    }
}
