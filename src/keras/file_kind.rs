//! What a file is that holds no model Gantei can open, recognised by its content.
//!
//! A user who downloaded the wrong thing, or whose download ended on a sign-in page, learns what the file is and what to
//! do next. The sentences are in `text::failures`. Nothing here decides whether a file is a model: it is asked only
//! about files that are none.

use crate::numeric::wire::{taken, varint};
use crate::{graph, imaging};
use std::borrow::Cow;
use std::io::Read;

/// Bytes at the start of a file that are searched for marks in text.
const TEXT_START: usize = 4096;
/// Bytes at the start of a zip or protobuf file that are searched for names.
const NAMES_START: usize = 64 << 10;

/// What a file is in place of a model.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::VariantArray, strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum FileKind {
    // Downloads that failed.
    /// No bytes at all.
    Empty,
    /// Zeros only: a download that did not finish, or a placeholder of a cloud folder.
    Zeros,
    /// A model, or weights of one, without the end.
    CutShort,
    /// A git-lfs pointer: a short text that names the file.
    GitLfsPointer,
    /// A sign-in, consent or error page, or a server's answer in XML or JSON.
    WebPage,
    /// A shortcut or link of Windows or macOS.
    Shortcut,

    // Models of other programs.
    /// PyTorch: weights, a whole model, or TorchScript.
    PyTorch,
    Safetensors,
    TensorFlowLite,
    /// A `GraphDef`: TensorFlow's frozen graph, or the graph of TensorFlow 1.
    FrozenGraph,
    /// The graph of a checkpoint of TensorFlow 1, its `.meta`.
    MetaGraph,
    /// The `model.json` of TensorFlow.js.
    TensorFlowJs,
    /// A network in ONNX Runtime's own format.
    OnnxRuntime,
    CoreMl,
    /// The `.xml` of OpenVINO.
    OpenVino,
    /// An engine of TensorRT, built for one GPU.
    TensorRt,
    /// Serialised Python objects: pickle, joblib.
    Pickle,
    /// MATLAB, in either format.
    Matlab,

    // Parts of Keras models.
    /// An optimizer's state and nothing else.
    OptimizerOnly,
    /// Weights of a network that is not one of the known ones.
    WeightsOfUnknownNetwork,
    /// The same as a checkpoint of TensorFlow.
    CheckpointOfUnknownNetwork,
    /// The same in several files.
    ShardsOfUnknownNetwork,
    /// Weights of a model that is a Python class.
    WeightsOfSubclass,
    /// Weights of a known network without the layers after its last feature map.
    WeightsWithoutHead,
    /// A whole model that is a Python class.
    SubclassedModel,
    /// A file of Keras 1.
    Keras1,
    /// A configuration whose weights are not next to it.
    Configuration,
    /// A configuration as YAML.
    Yaml,
    /// The `metadata.json` of an unpacked `.keras`.
    PartOfKeras,

    /// A SavedModel of TensorFlow, as a folder, packed, or a file of one.
    SavedModel,
    /// A SavedModel that does not state its layers.
    GraphFunctions,
    /// The same, of objects of Keras: its `keras_metadata.pb` is missing, or was never written.
    WithoutMetadata,
    /// A TensorFlow checkpoint with more than one model.
    SeveralModels,
    /// A TensorFlow checkpoint whose variables were divided between machines.
    PartitionedCheckpoint,
    /// A checkpoint of TensorFlow 1 without the configuration of its network.
    CheckpointOfNames,

    // Other data.
    /// A pandas or PyTables table in HDF5.
    PandasTable,
    /// An HDF5 file with other data.
    Hdf5Data,
    /// Arrays of NumPy: `.npy`, `.npz`.
    NumPy,
    Picture,
    /// PDF, Word, Excel, PowerPoint.
    Document,
    /// An archive without a model inside.
    ZipWithoutModel,
    /// An archive of a model, named as the model itself.
    PackedModel,
    /// An archive inside an archive.
    ArchiveInArchive,
    /// An archive with names that lead out of it.
    UnsafeArchive,
    /// An archive with a password or an uncommon compression.
    LockedArchive,
    /// An archive that is not unpacked: 7z, RAR, xz, bzip2, Zstandard.
    OtherArchive,
    /// Other text: a table, a program, a notebook, notes.
    Text,
    /// A folder without a model.
    Folder,
    Unknown,
}

impl FileKind {
    /// The name of the kind, for programs.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Recognises a file that is neither HDF5 nor a model; `bytes` are the whole file or its start.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if bytes.is_empty() {
            return Self::Empty;
        }
        if bytes.iter().all(|&b| b == 0) {
            return Self::Zeros;
        }
        if starts(b"MATLAB ") {
            return Self::Matlab;
        }
        if starts(b"PK\x03\x04") {
            return Self::of_zip(bytes);
        }
        let inflated = inflated_start(bytes);
        if is_pickle(&inflated) {
            return Self::Pickle;
        }
        if is_pickle(bytes) {
            return match has(bytes, TEXT_START, &PYTORCH_MARKS) {
                true => Self::PyTorch,
                false => Self::Pickle,
            };
        }
        if is_safetensors(bytes) {
            return Self::Safetensors;
        }
        let identifier = bytes.get(4..8).unwrap_or_default();
        match identifier {
            b"TFL3" => return Self::TensorFlowLite,
            b"ORTM" => return Self::OnnxRuntime,
            _ => {}
        }
        if starts(b"ftrt") || starts(b"ptrt") {
            return Self::TensorRt;
        }
        if starts(b"\x93NUMPY") {
            return Self::NumPy;
        }
        if starts(b"L\0\0\0\x01\x14\x02\0") || starts(b"book\0\0\0\0mark") {
            return Self::Shortcut;
        }
        if starts(b"%PDF") || starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Self::Document;
        }
        const ARCHIVES: [&[u8]; 5] = [
            b"7z\xBC\xAF\x27\x1C",
            b"Rar!\x1A\x07",
            b"\xFD7zXZ\0",
            b"BZh",
            b"\x28\xB5\x2F\xFD",
        ];
        if ARCHIVES.iter().any(|magic| starts(magic)) {
            return Self::OtherArchive;
        }
        if imaging::sniff(bytes).is_some() || starts(b"GIF8") {
            return Self::Picture;
        }
        if let Some(text) = text_of(bytes) {
            return Self::of_text(&text);
        }
        if has(bytes, NAMES_START, &["com.github.apple.coremltools"]) || is_core_ml(bytes) {
            return Self::CoreMl;
        }
        if graph::onnx::is_cut_short(bytes) {
            return Self::CutShort;
        }
        if starts(&[0x08, 0x01, 0x12]) {
            return Self::SavedModel;
        }
        if is_meta_graph(bytes) {
            return Self::MetaGraph;
        }
        match is_graph_def(bytes) {
            true => Self::FrozenGraph,
            false => Self::Unknown,
        }
    }

    /// What a folder without a model holds in its place: the model of another program, if the start of one of its files
    /// is that of one.
    pub fn of_folder(starts: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut kinds = starts.map(|start| Self::of_bytes(&start));
        let found = kinds.find(|kind| kind.is_of_another_program());
        found.unwrap_or(Self::Folder)
    }

    fn is_of_another_program(self) -> bool {
        matches!(
            self,
            Self::PyTorch
                | Self::Safetensors
                | Self::TensorFlowLite
                | Self::FrozenGraph
                | Self::MetaGraph
                | Self::TensorFlowJs
                | Self::OnnxRuntime
                | Self::CoreMl
                | Self::OpenVino
                | Self::TensorRt
        )
    }

    /// Recognises a zip file that is no model by the names in it.
    fn of_zip(bytes: &[u8]) -> Self {
        // The names stand at the start, before each entry, and at the end, in the directory.
        let end = &bytes[bytes.len().saturating_sub(NAMES_START)..];
        let any = |names: &[&str]| has(bytes, NAMES_START, names) || has(end, NAMES_START, names);
        if any(&["/data.pkl", "/constants.pkl"]) {
            Self::PyTorch
        } else if any(&["[Content_Types].xml"]) || any(&["mimetypeapplication/vnd."]) {
            Self::Document
        } else if any(&["com.apple.CoreML", ".mlmodel"]) {
            Self::CoreMl
        } else if any(&[".npy"]) {
            Self::NumPy
        } else if any(&[".h5", ".hdf5", ".keras", ".onnx"]) {
            Self::PackedModel
        } else {
            Self::ZipWithoutModel
        }
    }

    fn of_text(text: &str) -> Self {
        let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let start: String = text.chars().take(TEXT_START).collect();
        let lower = start.to_ascii_lowercase();
        let begins = |mark: &str| lower.starts_with(mark);
        if begins("version https://git-lfs") || begins("version https://hawser") {
            return Self::GitLfsPointer;
        }
        if begins("[internetshortcut]") || (begins("<?xml") && lower.contains("<key>url</key>")) {
            return Self::Shortcut;
        }
        if begins("<") {
            // A page, or a storage service's error in XML. OpenVINO's networks are XML as well.
            return match lower.contains("<net ") && lower.contains("<layers") {
                true => Self::OpenVino,
                false => Self::WebPage,
            };
        }
        if begins("{") {
            let is_answer = ["\"error\"", "\"message\"", "\"detail\"", "\"status\""]
                .iter()
                .any(|key| lower.contains(key));
            let is_tensorflow_js = ["\"modelTopology\"", "\"weightsManifest\"", "TensorFlow.js"];
            return if is_tensorflow_js.iter().any(|mark| start.contains(mark)) {
                Self::TensorFlowJs
            } else if start.contains("\"keras_version\"") && start.contains("\"date_saved\"") {
                Self::PartOfKeras
            } else if is_answer && text.len() < TEXT_START && !start.contains("class_name") {
                Self::WebPage
            } else {
                Self::Text
            };
        }
        if is_pickle_in_text(&start) {
            return Self::Pickle;
        }
        let is_yaml = start
            .lines()
            .take(3)
            .any(|line| line.starts_with("class_name:") || line.starts_with("backend:"));
        match is_yaml {
            true => Self::Yaml,
            false => Self::Text,
        }
    }
}

/// What a pickle of PyTorch names.
const PYTORCH_MARKS: [&str; 3] = ["torch", "_rebuild_tensor", "state_dict"];
/// The number at the start of a file of PyTorch before 1.6, as a pickle.
const PYTORCH_MAGIC: &[u8] = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";

/// True for a pickle of protocol 2 to 5, or a joblib file, which is one.
fn is_pickle(bytes: &[u8]) -> bool {
    let is_protocol = matches!(bytes, [0x80, 2..=5, ..]);
    // The opcode after the protocol: a frame, a global, a dictionary, a number, a tuple, an empty list.
    let next = bytes.get(2).copied().unwrap_or_default();
    is_protocol
        && (bytes[2..].starts_with(PYTORCH_MAGIC) || b"\x95c}](\x8a\x8c\x8dX)".contains(&next))
}

/// True for a pickle of protocol 0, which is text: a dictionary, a list, or a class by module and name.
fn is_pickle_in_text(text: &str) -> bool {
    let mut lines = text.lines();
    let (Some(first), Some(second), Some(third)) = (lines.next(), lines.next(), lines.next())
    else {
        return false;
    };
    let is_word = |word: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
        !word.is_empty() && word.chars().all(is_part)
    };
    // A number under which the object is kept: `p0`.
    let is_kept = |line: &str| {
        let number = line.strip_prefix('p');
        number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_collection = ["(d", "(l"]
        .iter()
        .any(|mark| first.strip_prefix(mark).is_some_and(is_kept));
    let is_class = first.strip_prefix('c').is_some_and(is_word) && is_word(second);
    is_collection || (is_class && is_kept(third))
}

/// The start of what a zlib stream packs, as joblib writes it; empty for other bytes.
fn inflated_start(bytes: &[u8]) -> Vec<u8> {
    let is_zlib = match bytes {
        &[first @ 0x78, second, ..] => (u16::from(first) << 8 | u16::from(second)) % 31 == 0,
        _ => false,
    };
    let mut start = Vec::new();
    if is_zlib {
        // A stream that ends early has a start all the same.
        let unpacked = flate2::read::ZlibDecoder::new(bytes);
        let _ = unpacked.take(TEXT_START as u64).read_to_end(&mut start);
    }
    start
}

/// The message in the first field of protobuf bytes, as far as they have it, and what stands before it.
fn first_message<'a>(bytes: &mut &'a [u8], key: u8) -> Option<&'a [u8]> {
    (taken(bytes, 1)? == [key]).then_some(())?;
    let length = usize::try_from(varint(bytes)?).ok()?;
    Some(&bytes[..length.min(bytes.len())])
}

/// A `MetaGraphDef` begins with its information (field 1), and that with its operations (field 2), each with a name.
fn is_meta_graph(bytes: &[u8]) -> bool {
    let name = || {
        let mut inside = first_message(&mut &bytes[..], 0x0a)?;
        for key in [0x12, 0x0a, 0x0a] {
            inside = first_message(&mut inside, key)?;
        }
        Some(inside)
    };
    let is_word = |name: &[u8]| name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    name().is_some_and(|name| !name.is_empty() && is_word(name))
}

/// A model of Core ML: its version (field 1), then its description (field 2), which begins with an input (field 1).
/// A SavedModel has version 1, and ONNX the name of a program in field 2.
fn is_core_ml(bytes: &[u8]) -> bool {
    let [0x08, 2..=20, rest @ ..] = bytes else {
        return false;
    };
    first_message(&mut &rest[..], 0x12)
        .is_some_and(|description| description.first() == Some(&0x0a))
}

/// The length of a JSON header in eight bytes, then the header.
fn is_safetensors(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return false;
    };
    let length = u64::from_le_bytes(*length);
    (2..100 << 20).contains(&length) && rest.starts_with(b"{\"")
}

/// A `GraphDef` is a list of nodes (field 1), each with a name (field 1) and an operation (field 2).
fn is_graph_def(bytes: &[u8]) -> bool {
    // Only the first node is looked at, which need not be whole.
    let length = |rest: &mut &[u8], key: &[u8]| {
        (taken(rest, 1)? == key).then(|| usize::try_from(varint(rest)?).ok())?
    };
    let inside = || {
        let mut rest = bytes;
        length(&mut rest, b"\x0a")?;
        let name = length(&mut rest, b"\x0a")?;
        let name = taken(&mut rest, name)?;
        let operation = length(&mut rest, b"\x12")?;
        let operation = taken(&mut rest, operation)?;
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || b"_/.-:".contains(b);
        let are_words = name.iter().chain(operation).all(is_word);
        Some(!name.is_empty() && !operation.is_empty() && are_words)
    };
    inside().unwrap_or(false)
}

/// The start of a file as text, if it is text without control characters, in UTF-8, or in UTF-16 with its mark.
fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let start = &bytes[..bytes.len().min(TEXT_START * 4)];
    let units = |from: fn([u8; 2]) -> u16| -> Vec<u16> {
        let pairs = start[2..].chunks_exact(2);
        pairs.map(|pair| from([pair[0], pair[1]])).collect()
    };
    let wide = match start {
        [0xFF, 0xFE, ..] => Some(units(u16::from_le_bytes)),
        [0xFE, 0xFF, ..] => Some(units(u16::from_be_bytes)),
        _ => None,
    };
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n' | '\x0c');
    if let Some(units) = wide {
        let text: String = char::decode_utf16(units).map_while(Result::ok).collect();
        return (!text.is_empty() && text.chars().all(is_text)).then_some(text.into());
    }
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // Cut in the middle of a character.
        Err(e) if e.error_len().is_none() && start.len() < bytes.len() => {
            std::str::from_utf8(&start[..e.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    text.chars().all(is_text).then_some(text.into())
}

/// True if one of the words occurs in the first `within` bytes.
fn has(bytes: &[u8], within: usize, words: &[&str]) -> bool {
    let start = &bytes[..bytes.len().min(within)];
    words
        .iter()
        .any(|word| start.windows(word.len()).any(|w| w == word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use strum::VariantArray;

    fn zip_with(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(*name, options).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn safetensors() -> Vec<u8> {
        let header = br#"{"conv.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header, &[0; 4]].concat()
    }

    /// Starts of real files.
    fn samples() -> Vec<(FileKind, Vec<u8>)> {
        use FileKind as K;
        let text = |text: &str| text.as_bytes().to_vec();
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 84\n";
        let page = "\u{feff}\r\n<!DOCTYPE html><html><title>Sign in</title>";
        let storage = "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>";
        let tfjs = r#"{"format":"layers-model","modelTopology":{"class_name":"Model"},"weightsManifest":[]}"#;
        let openvino = "<?xml version=\"1.0\"?><net name=\"m\" version=\"11\"><layers>";
        let tail = |start: &[u8]| [start, &[7; 40]].concat();
        let wide = |text: &str| -> Vec<u8> {
            let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        };
        let zlib = |bytes: &[u8]| {
            let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), Default::default());
            packed.write_all(bytes).unwrap();
            packed.finish().unwrap()
        };
        vec![
            (K::Empty, Vec::new()),
            (K::Zeros, vec![0; 5000]),
            (
                K::CutShort,
                tail(b"\x08\x07\x12\x07pytorch\x3a\xa8\x89\xa7\x15\x0a\x36"),
            ),
            (K::GitLfsPointer, text(pointer)),
            (K::WebPage, text(page)),
            (K::WebPage, text(storage)),
            (
                K::WebPage,
                text(r#"{"error":"Invalid username or password."}"#),
            ),
            (
                K::WebPage,
                text(r#"{"status":404,"message":"File not found"}"#),
            ),
            (
                K::Shortcut,
                text("[InternetShortcut]\r\nURL=https://a.b/model.h5\r\n"),
            ),
            (K::Shortcut, tail(b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0")),
            (
                K::PyTorch,
                zip_with(&["archive/data.pkl", "archive/data/0"]),
            ),
            (
                K::PyTorch,
                zip_with(&["net/code/a.py", "net/constants.pkl"]),
            ),
            (
                K::PyTorch,
                [b"\x80\x02", PYTORCH_MAGIC, b"\x80\x02M\xe9\x03. torch"].concat(),
            ),
            (
                K::PyTorch,
                tail(b"\x80\x02ccollections\nOrderedDict\nq\0ctorch._utils\n"),
            ),
            (K::Safetensors, safetensors()),
            (K::TensorFlowLite, tail(b"\x1c\0\0\0TFL3")),
            (K::OnnxRuntime, tail(b"\x08\0\0\0ORTM")),
            (K::TensorRt, tail(b"ftrt\x01")),
            (
                K::FrozenGraph,
                tail(b"\x0a\x10\x0a\x01x\x12\x0bPlaceholder"),
            ),
            (K::TensorFlowJs, text(tfjs)),
            (
                K::TensorFlowJs,
                text(&format!(
                    r#"{{"format": "layers-model", "convertedBy": "TensorFlow.js Converter v4", "x": "{}"}}"#,
                    "y".repeat(9000)
                )),
            ),
            (
                K::PartOfKeras,
                text(r#"{"keras_version": "3.15.1", "date_saved": "2026-01-01@10:00:00"}"#),
            ),
            (
                K::WebPage,
                wide("<!DOCTYPE html><html><title>Sign in</title>"),
            ),
            (K::Pickle, text("ccopy_reg\n_reconstructor\np0\n(csklearn")),
            (K::Pickle, text("(dp0\nS'coef'\np1\n.")),
            (
                K::Pickle,
                zlib(b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x08sklearn."),
            ),
            (
                K::MetaGraph,
                tail(b"\x0a\x09\x12\x07\x0a\x05\x0a\x03Add\x12"),
            ),
            (K::CoreMl, tail(b"\x08\x04\x12\x20\x0a\x10\x0a\x05image")),
            (
                K::CoreMl,
                tail(b"\x08\x01\x12\x20com.github.apple.coremltools.version\xff"),
            ),
            (K::OpenVino, text(openvino)),
            (
                K::Pickle,
                tail(b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x08sklearn."),
            ),
            (K::Pickle, tail(b"\x80\x03csklearn.linear_model\nRidge\n")),
            (K::Matlab, tail(b"MATLAB 5.0 MAT-file, Platform: GLNXA64")),
            (
                K::Yaml,
                text("backend: tensorflow\nclass_name: Functional\nconfig:\n"),
            ),
            (K::SavedModel, tail(b"\x08\x01\x12\xff\xff\x01")),
            (K::NumPy, tail(b"\x93NUMPY\x01\0v\0{")),
            (K::NumPy, zip_with(&["arr_0.npy", "arr_1.npy"])),
            (K::Picture, tail(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
            (K::Document, tail(b"%PDF-1.7")),
            (
                K::Document,
                zip_with(&["[Content_Types].xml", "xl/workbook.xml"]),
            ),
            (K::ZipWithoutModel, zip_with(&["readme.txt"])),
            (K::PackedModel, zip_with(&["readme.txt", "net.h5"])),
            (
                K::PackedModel,
                zip_with(&["net/config.json", "net/model.weights.h5"]),
            ),
            (K::OtherArchive, tail(b"7z\xBC\xAF\x27\x1C\0\x04")),
            (K::OtherArchive, tail(b"Rar!\x1A\x07\x01\0")),
            (K::Text, text("image,sex\na.jpg,F\n")),
            (K::Text, text("# 眼底モデル\n")),
            (K::Text, text(r#"{"cells": [], "nbformat": 4}"#)),
            (K::Unknown, vec![0xfe, 3, 1, 4, 1, 5, 9, 2, 6, 0x80]),
        ]
    }

    /// Kinds that are not recognised by their first bytes.
    const BY_STRUCTURE: [FileKind; 20] = [
        FileKind::Configuration,
        FileKind::ArchiveInArchive,
        FileKind::UnsafeArchive,
        FileKind::LockedArchive,
        FileKind::OptimizerOnly,
        FileKind::WeightsOfUnknownNetwork,
        FileKind::CheckpointOfUnknownNetwork,
        FileKind::ShardsOfUnknownNetwork,
        FileKind::WeightsOfSubclass,
        FileKind::WeightsWithoutHead,
        FileKind::SubclassedModel,
        FileKind::Keras1,
        FileKind::PandasTable,
        FileKind::Hdf5Data,
        FileKind::Folder,
        FileKind::GraphFunctions,
        FileKind::WithoutMetadata,
        FileKind::SeveralModels,
        FileKind::PartitionedCheckpoint,
        FileKind::CheckpointOfNames,
    ];

    #[test]
    fn every_kind_is_recognised_by_its_first_bytes() {
        let samples = samples();
        for (kind, bytes) in &samples {
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]);
            assert_eq!(FileKind::of_bytes(bytes), *kind, "{start}");
        }
        for kind in FileKind::VARIANTS {
            let is_sampled = samples.iter().any(|(sampled, _)| sampled == kind);
            assert_ne!(is_sampled, BY_STRUCTURE.contains(kind), "{kind:?}");
        }
    }

    #[test]
    fn a_folder_is_told_by_the_model_of_another_program_in_it() {
        let folder = |texts: &[&str]| {
            let starts = texts.iter().map(|text| text.as_bytes().to_vec());
            FileKind::of_folder(starts)
        };
        let notes = "notes";
        let network = r#"{"modelTopology": {}}"#;
        assert_eq!(folder(&[notes, network]), FileKind::TensorFlowJs);
        assert_eq!(folder(&[notes]), FileKind::Folder);
        assert_eq!(folder(&[]), FileKind::Folder);
    }

    #[test]
    fn cut_and_changed_files_of_every_kind_are_answered() {
        for (_, bytes) in samples() {
            for length in 0..bytes.len().min(200) {
                FileKind::of_bytes(&bytes[..length]);
                let mut changed = bytes.clone();
                changed[length] ^= 0x55;
                FileKind::of_bytes(&changed);
            }
        }
    }
}
