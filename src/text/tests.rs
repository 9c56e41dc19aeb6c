//! No finding, fault or text about a map falls back to English when the language is Japanese.

use strum::{IntoEnumIterator, VariantArray};

use super::Lang::Ja;
use super::report::{Ends, Report};
use super::sanity_checks::Verdict;
use super::window::Texts;
use super::{details, failures, finding};
use crate::domain::{Finding, FindingCode, Severity};
use crate::imaging::FORMATS;
use crate::imaging::colormap::Colormap;
use crate::saliency::sanity_checks::WatchedOutput;
use crate::text::detail;

/// Words in Latin letters that a Japanese sentence may contain.
const NAMES: &[&[&str]] = &[
    // Proper nouns.
    &[
        "Gantei",
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
    let answers = [
        WatchedOutput::Score,
        WatchedOutput::Value,
        WatchedOutput::Output,
    ];
    let verdicts = answers.map(|answer| {
        Report(Ja).verdict(&Verdict {
            answer,
            years: answer == WatchedOutput::Value,
            share: 0.1,
            change: 0.2,
            random: [0.01, 0.02],
            areas: 20,
            reached_by: 7,
            beats_chance: false,
        })
    });
    check(colours.chain(verdicts));
}

#[test]
fn an_english_sentence_is_noticed() {
    assert_eq!(
        english("no round border、暖色の割合 0.35"),
        ["no", "round", "border"]
    );
    assert_eq!(english("「デバイス」で 2.1e-1(許容 2.0e-5)"), [""; 0]);
}
