//! Common parts of the tests on Keras files: the files and the engines.

// No test target uses all of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::sync::Once;

use gantei::domain::Tensor;
use gantei::export::npy;
use gantei::graph::{self, Graph, Source};
use gantei::keras::{self, Error, Imported, Options};
use gantei::progress::{Cancel, Progress};
use gantei::runtime::search::{Candidate, Origin, SearchResult};
use gantei::runtime::{Device, Engines, Model};

pub mod archives;
#[path = "../skip/mod.rs"]
mod skip;
pub mod tensorflow;

pub use skip::skipped;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keras")
}

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// A float32 array.
pub fn tensor(bytes: &[u8]) -> Tensor {
    npy::read_floats(bytes).unwrap()
}

pub fn import(bytes: Vec<u8>, options: Options) -> Result<Imported, Error> {
    keras::import_owned(bytes, options, &Cancel::new(), &Progress::new())
}

/// The embedded engine, and ONNX Runtime if `ORT_DYLIB_PATH` names a library. An unusable library fails, it is not
/// skipped.
pub fn engines() -> Engines {
    let Some(path) = std::env::var_os("ORT_DYLIB_PATH") else {
        skipped("ORT_DYLIB_PATH names no library of ONNX Runtime");
        return Engines::embedded_only();
    };
    let found = SearchResult {
        libraries: vec![Candidate {
            path: path.into(),
            origin: Origin::OrtDylibPath,
        }],
        ..SearchResult::default()
    };
    let engines = Engines::discover(&found, 0);
    assert!(
        engines.library().is_some(),
        "ORT_DYLIB_PATH names a usable library"
    );
    engines
}

/// Compares the output of a network with `expected` on the embedded engine and, if there is its library, ONNX Runtime.
pub fn assert_answers(
    engines: &Engines,
    name: &str,
    network: &Graph,
    input: &Tensor,
    expected: &Tensor,
    tolerance: f32,
) {
    let onnx = graph::onnx::to_onnx(network).unwrap();
    let mut devices = vec![Device::Embedded];
    devices.extend(engines.library().is_some().then_some(Device::Cpu));
    for device in devices {
        let cancel = Cancel::new();
        let mut opened = engines.open(device, Model::Bytes(&onnx), &cancel).unwrap();
        let inputs = [(graph::INPUT, input)];
        let results = opened.session.run(&inputs, &[graph::OUTPUT], &cancel);
        let output = results.unwrap().remove(0);
        assert_eq!(output.shape, expected.shape, "{name} {device:?}");
        let error = largest_difference(&output.values, &expected.values);
        println!("{name} {device:?}: {error:.1e}");
        assert!(error <= tolerance, "{name} {device:?}: {error}");
    }
}

/// Largest difference of two arrays. A value that is not finite fails at once, since no comparison would detect it.
pub fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let all = || a.iter().chain(b);
    assert!(all().all(|v| v.is_finite()), "a value is no number");
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Pseudo-random numbers, the same in every run.
pub fn random() -> impl FnMut() -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

/// A copy with one to sixteen bytes changed, near both ends, where the structure is, and anywhere in between.
pub fn harmed(whole: &[u8], random: &mut impl FnMut() -> u64) -> Vec<u8> {
    let mut harmed = whole.to_vec();
    for _ in 0..1 + random() % 16 {
        let length = harmed.len() as u64;
        let span = length.min(8192);
        let at = match random() % 3 {
            0 => random() % span,
            1 => length - 1 - random() % span,
            _ => random() % length,
        };
        harmed[at as usize] = match random() % 3 {
            0 => 0xff,
            1 => 0,
            _ => random() as u8,
        };
    }
    harmed
}

/// Silences panics of the HDF5 reader on damaged bytes, which the importer turns into errors.
pub fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.location().is_none_or(|l| !l.file().contains("hdf5")) {
                usual(info);
            }
        }));
    });
}

/// A graph as text, one line per input, node and output. Equal texts mean equal networks, except for constant values.
pub fn lines(graph: &Graph) -> String {
    let value = |id| {
        let value = graph.value(id);
        match value.source {
            Source::Constant(_) => format!("{} {}", value.name, value.ty),
            _ => value.name.clone(),
        }
    };
    let inputs = graph.inputs().iter().map(|&id| {
        let value = graph.value(id);
        format!("input {} {}", value.name, value.ty)
    });
    let nodes = graph.nodes().iter().map(|node| {
        let inputs: Vec<String> = node.inputs.iter().map(|&id| value(id)).collect();
        let output = graph.value(node.output);
        let (name, ty) = (&output.name, &output.ty);
        format!("{name} {ty} = {:?} {inputs:?} [{}]", node.op, node.layer)
    });
    let outputs = graph.outputs().iter();
    let outputs = outputs.map(|output| format!("output {} = {}", output.name, value(output.value)));
    let all: Vec<String> = inputs.chain(nodes).chain(outputs).collect();
    all.join("\n")
}
