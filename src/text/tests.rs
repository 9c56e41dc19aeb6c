//! No finding, fault or text about a map falls back to English when the language is Japanese, and no sentence of the
//! window is long.

use strum::{IntoEnumIterator, VariantArray};

use super::Lang::{En, Ja};
use super::glossary::GLOSSARY;
use super::report::{Ends, Report};
use super::sanity_checks::Verdict;
use super::window::{self, Texts};
use super::{Lang, check as remarks, details, failures, finding};
use crate::domain::{Aspect, Certainty, Finding, FindingCode, Grade, Method, Severity, SkipReason};
use crate::imaging::FORMATS;
use crate::imaging::colormap::Colormap;
use crate::saliency::sanity_checks::WatchedOutput;
use crate::text::detail;

/// Words in Latin letters that a Japanese sentence may contain.
const NAMES: &[&[&str]] = &[
    // Proper nouns.
    &[
        "Gantei",
        "gantei-replay.json",
        "gantei-study.json",
        "Keras",
        "keras",
        "ONNX",
        "Runtime",
        "onnxruntime",
        "onnxruntime-gpu",
        "Apple",
        "Core",
        "Excel",
        "Bioptigen",
        "Cirrus",
        "Explorer",
        "Eye",
        "FORUM",
        "GIMP",
        "HEYEX",
        "iCloud",
        "Finder",
        "Control",
        "Heidelberg",
        "IMAGEnet",
        "Mac",
        "NAS",
        "macOS",
        "Office",
        "Photoshop",
        "Pillow",
        "PostScript",
        "Radiance",
        "Windows",
        "Grad-CAM",
        "Lite",
        "MATLAB",
        "ML",
        "NumPy",
        "Occlusion",
        "OpenVINO",
        "PyTables",
        "PyTorch",
        "Python",
        "TensorFlow",
        "TensorFlow.js",
        "TensorRT",
        "Word",
        "Zip",
        "git-lfs",
        "joblib",
        "pandas",
        "pickle",
    ],
    // Formats and encodings, besides those of photographs.
    &[
        "AVIF",
        "GIF",
        "HEIC",
        "oct",
        "octx",
        "poct",
        "JPEG-LS",
        "OCT",
        "OpenEXR",
        "RAW",
        "SVG",
        "XR",
        "e2e",
        "eps",
        "fda",
        "fds",
        "hdr",
        "img",
        "ps",
        "sdb",
        "vol",
        "xcf",
        "CP1252",
        "CP932",
        "CSV",
        "SPSS",
        "SAV",
        "Stata",
        "DTA",
        "Parquet",
        "EUC-JP",
        "GZ",
        "GPU",
        "GraphDef",
        "HDF5",
        "HTML",
        "JSON",
        "Numbers",
        "ODS",
        "OpenDocument",
        "PDF",
        "RAR",
        "RGB",
        "RTF",
        "SavedModel",
        "UTF-16",
        "UTF-8",
        "wheel",
        "XLS",
        "XLSX",
        "XML",
        "YAML",
        "YCbCr",
        "ZIP",
        "Zstandard",
        "bin",
        "bzip2",
        "float16",
        "float32",
        "json",
        "mixed_float16",
        "onnx",
        "ort",
        "safetensors",
        "xml",
        "xz",
        "zip",
    ],
    // Units, sides, systems and devices.
    &[
        "GB", "OD", "OS", "linux", "aarch64", "cpu", "cuda", "embedded",
    ],
    // What the user types: commands, environment variables, calls, and values of cards and tables.
    &[
        "GANTEI_HOME",
        "gantei",
        "git",
        "lfs",
        "pull",
        "check-import",
        "annex",
        "array",
        "ffmpeg",
        "get",
        "Image.fromarray",
        "save",
        "runtime",
        "install",
        "frame",
        "model.export",
        "FOLDER",
        "filters",
        "tf-bilinear",
        "import",
        "onnx.utils",
        "opset",
        "output",
        "python",
        "saved-model",
        "tf2onnx",
        "tf2onnx.convert",
        "model.json",
        "model.save",
        "model.set_weights",
        "tf.saved_model.save",
        "age",
        "custom",
        "female",
        "image",
        "person",
        "raw",
        "sex",
        "value_offset",
        "value_scale",
    ],
    // Files and layers of the examples.
    &[
        "a.jpg",
        "Blue",
        "conv",
        "in.jls",
        "out.png",
        "picture.png",
        "Conv3D",
        "libcudart.so.12",
        "libonnxruntime.so.1.31.1",
        "libonnxruntime.1.31.1.dylib",
        "m.h5",
        "m.json",
        "config.json",
        "index",
        "keras_metadata.pb",
        "layers-model",
        "meta",
        "metadata.json",
        "saved_model.pb",
        "model.weights.h5",
        "mine",
        "model.h5",
        "model.json",
        "model.onnx",
        "model.onnx.data",
        // A setting of Keras.
        "filters",
        "onnxruntime.dll",
        "picture",
        "Sin",
    ],
];

/// The text without calls to copy into Python, such as `model.save("model.h5")`.
pub fn without_calls(text: &str) -> String {
    let mut shown = String::new();
    let mut depth = 0_usize;
    for c in text.chars() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
        match c {
            '(' if depth > 0 || shown.ends_with(is_name) => {
                if depth == 0 {
                    let name = shown.trim_end_matches(is_name).len();
                    shown.truncate(name);
                }
                depth += 1;
            }
            ')' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            c => shown.push(c),
        }
    }
    shown
}

/// Words in Latin letters that are not in [`NAMES`].
fn english(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
    words
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| word.chars().filter(char::is_ascii_alphabetic).count() > 1)
        .filter(|word| !is_figure(word) && !is_format(word))
        .filter(|word| !NAMES.iter().any(|names| names.contains(word)))
        .collect()
}

/// A name of a picture format, or a word of it: `JPEG`, `XL`.
fn is_format(word: &str) -> bool {
    FORMATS
        .iter()
        .any(|f| f.name.split(' ').any(|name| name == word))
}

/// `2.1e-1`, `497px`.
fn is_figure(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

fn check(texts: impl IntoIterator<Item = String>) {
    let found: Vec<_> = texts
        .into_iter()
        .map(|text| without_calls(&text))
        .filter(|text| !english(text).is_empty())
        .map(|text| format!("{:?} in {text}", english(&text)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_finding_falls_back_to_english() {
    let sentences = FindingCode::VARIANTS.iter().flat_map(|&code| {
        let wording = finding(code, Ja);
        [wording.message.to_owned(), wording.hint.to_owned()]
    });
    let details = details::tests::examples().into_iter().map(|example| {
        let found = Finding::with_detail(FindingCode::Uncalibrated, Severity::Note, example);
        detail(&found, Ja).unwrap()
    });
    check(sentences.chain(details));
}

#[test]
fn no_fault_falls_back_to_english() {
    let faults = failures::tests::every_fault().into_iter();
    check(faults.flat_map(|fault| [fault.message(Ja), fault.hint(Ja)]));
}

#[test]
fn no_word_about_colours_and_controls_falls_back_to_english() {
    let towards = ["低い方".to_owned(), "高い方".to_owned()];
    let ends = [Ends::Both, Ends::Strength, Ends::Raised, Ends::Lowered];
    let colours = Colormap::iter().flat_map(|map| {
        let reported = ends.map(|ends| Report(Ja).colours(map, ends, &towards));
        let name = Texts(Ja).colour_map(map).to_owned();
        reported.into_iter().chain([name])
    });
    check(colours.chain(verdicts(Ja)));
}

fn verdicts(lang: Lang) -> [String; 3] {
    let outputs = [
        WatchedOutput::Score,
        WatchedOutput::Value,
        WatchedOutput::Output,
    ];
    outputs.map(|answer| {
        Report(lang).verdict(&Verdict {
            answer,
            years: answer == WatchedOutput::Value,
            share: 0.1,
            change: 0.2,
            random: [0.01, 0.02],
            areas: 20,
            reached_by: 7,
            beats_chance: false,
        })
    })
}

/// Texts of the window that contain figures or names.
const WITH_FIGURES: &[fn(Texts) -> String] = &[
    |t| t.unexported(Some("results"), 30, 53),
    |t| t.unexported(None, 30, 53),
    |t| t.journal_set_aside("journal (2).jsonl"),
    |t| t.kept_in(Some("results")),
    |t| t.taken_over(3),
    |t| t.refused_count(2),
    |t| t.maps_missing(2),
    |t| t.id_taken("mine"),
    |t| t.known_already("mine"),
    |t| t.imported("mine"),
    |t| t.check_zeros(8, "12", "00012.jpg"),
    |t| t.check_which_label("diagnosis", 2),
    |t| t.landmarks_proposed(Certainty::Sure, Certainty::Likely),
    |t| t.landmarks_proposed(Certainty::NotFound, Certainty::Likely),
    |t| t.proposed_mark(t.fovea(), Certainty::Likely),
    |t| t.click_next(false).to_owned(),
    |t| t.shares_meaning(&t.towards_label("male"), &t.towards_label("female")),
    |t| t.covered_meaning(t.what_changes(true), 20),
    |t| t.cover_tip(126),
    |t| t.compute_map(337),
    |t| t.area_between("+0.12"),
    |t| t.curve_name(t.cells_hidden(), "0.31", "0.52"),
    |t| t.share_outside(0.35, 0.21),
    |t| t.open_failed("a.jpg"),
    |t| t.map_failed_of("MobileNet"),
    |t| t.unexported_results(2),
    |t| t.removed(2),
    |t| t.many_done(50, 3),
    |t| t.absent(&["a.jpg".to_owned(), "b.jpg".to_owned()], false),
    |t| t.open_files_tip().to_owned(),
    |t| t.nothing_found_hint().to_owned(),
    |t| t.no_display().to_owned(),
];

/// Name, English and Japanese of every text: the window's tables, findings with their details, faults, and what is said
/// about checks and maps.
pub fn every_text() -> Vec<(String, String, String)> {
    let mut all: Vec<(String, String, String)> = window::all()
        .map(|&(name, en, ja)| (name.to_owned(), en.to_owned(), ja.to_owned()))
        .collect();
    let mut add = |name: &str, text: &dyn Fn(Lang) -> String| {
        all.push((name.to_owned(), text(En), text(Ja)));
    };
    for text in WITH_FIGURES {
        add("with figures", &|lang| text(Texts(lang)));
    }
    for &code in FindingCode::VARIANTS {
        add(code.as_str(), &|lang| {
            finding(code, lang).message.to_owned()
        });
        add(code.as_str(), &|lang| finding(code, lang).hint.to_owned());
    }
    for fault in failures::tests::every_fault() {
        let name = format!("{fault:?}");
        add(&name, &|lang| fault.message(lang));
        add(&name, &|lang| fault.hint(lang));
    }
    for remark in remarks::examples() {
        add(remark.code(), &|lang| remark.wording(lang));
    }
    for aspect in Aspect::iter() {
        add(aspect.as_str(), &|lang| {
            Texts(lang).aspect(aspect).to_owned()
        });
        add(aspect.as_str(), &|lang| {
            Texts(lang).figure_of(aspect).to_owned()
        });
        add(aspect.as_str(), &|lang| {
            Texts(lang).why_applicable(aspect).to_owned()
        });
        add(aspect.as_str(), &|lang| {
            Texts(lang).inferred(aspect).to_owned()
        });
        add(aspect.as_str(), &|lang| {
            Texts(lang).threshold_of(aspect).to_owned()
        });
        for grade in Grade::iter() {
            add(aspect.as_str(), &|lang| {
                Texts(lang).applicability_line(grade, &[aspect, aspect])
            });
        }
    }
    for method in Method::iter() {
        add(&method.to_string(), &|lang| Report(lang).method_tip(method));
    }
    for &why in SkipReason::VARIANTS {
        add(why.as_str(), &|lang| why.reason(lang).to_owned());
    }
    for at in 0..verdicts(En).len() {
        add("verdict", &|lang| verdicts(lang)[at].clone());
    }
    all
}

/// At most this many words in an English sentence of the window, and characters in a Japanese one.
const WORDS: usize = 20;
const CHARACTERS: usize = 60;

/// The sentences of a text, without commands to copy.
fn sentences(text: &str, lang: Lang) -> Vec<String> {
    let ends: &[&str] = match lang {
        En => &[". ", "? ", "! "],
        Ja => &["。", "?", "!"],
    };
    let mut whole = text.to_owned();
    for end in ends {
        whole = whole.replace(end, "\n");
    }
    let is_command = |rest: &str| rest.contains("python -m ") || without_calls(rest) != rest;
    let shown = |sentence: &str| match sentence.split_once(": ") {
        Some((said, rest)) if is_command(rest) => without_calls(said),
        _ => without_calls(sentence),
    };
    whole.lines().map(shown).collect()
}

/// Sentences that are longer than the window allows, with their lengths.
fn long_sentences(text: &str, lang: Lang) -> Vec<String> {
    let length = |sentence: &str| match lang {
        En => {
            let is_word = |word: &&str| word.contains(char::is_alphanumeric);
            sentence.split_whitespace().filter(is_word).count()
        }
        Ja => sentence.trim().chars().count(),
    };
    let most = match lang {
        En => WORDS,
        Ja => CHARACTERS,
    };
    let sentences = sentences(text, lang).into_iter();
    let long = sentences.filter(|sentence| length(sentence) > most);
    long.map(|sentence| format!("{}: {sentence}", length(&sentence)))
        .collect()
}

#[test]
fn no_sentence_of_the_window_is_long() {
    let terms = GLOSSARY.iter().map(|term| {
        let [en, ja] = [term.means_en, term.means_ja].map(str::to_owned);
        (term.en.to_owned(), en, ja)
    });
    let all = every_text().into_iter().chain(terms);
    let long: Vec<String> = all
        .flat_map(|(name, en, ja)| {
            let long = [long_sentences(&en, En), long_sentences(&ja, Ja)].concat();
            long.into_iter()
                .map(move |sentence| format!("{name}: {sentence}"))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn a_long_sentence_is_noticed_and_a_command_does_not_count() {
    let words = |count: usize| vec!["word"; count].join(" ") + ".";
    assert_eq!(long_sentences(&words(20), En), [""; 0]);
    assert_eq!(
        long_sentences(&format!("{} {}", words(20), words(21)), En).len(),
        1
    );
    let command =
        "Save the whole model: model.save(\"a b c d e f g h i j k l m n o p q r s t u v\").";
    assert_eq!(long_sentences(command, En), [""; 0]);
    let characters = |count: usize| "字".repeat(count) + "。";
    assert_eq!(long_sentences(&characters(60).repeat(2), Ja), [""; 0]);
    assert_eq!(long_sentences(&characters(61), Ja).len(), 1);
}

#[test]
fn an_english_sentence_is_noticed() {
    assert_eq!(
        english("no round border、暖色の割合 0.35"),
        ["no", "round", "border"]
    );
    assert_eq!(english("「デバイス」で 2.1e-1(許容 2.0e-5)"), [""; 0]);
}
