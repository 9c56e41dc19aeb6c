//! Model files: HDF5, `.keras`, ONNX.

use gantei::domain::{Head, HeadNorm, HiddenActivation, Pooling};
use gantei::graph;
use gantei::keras::{self, FilesWithin, Options};
use gantei::progress::{Cancel, Progress};

use super::mutate::mutated_zip;
use super::{PLAIN, Target};

const HDF5: &[&[u8]] = &[
    b"\x89HDF\r\n\x1a\n",
    b"TREE",
    b"HEAP",
    b"SNOD",
    b"GCOL",
    b"OHDR",
    b"FRHP",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"model_config",
    b"model_weights",
    b"layer_names",
    b"weight_names",
    b"keras_version",
    b"kernel:0",
    b"\"class_name\": \"",
    b"\"config\": {",
    b"\"units\": ",
    b"\"filters\": ",
    b"\"strides\": [",
    b"\"inbound_nodes\": [",
    b"float32",
];

const KERAS: &[&[u8]] = &[
    b"\"class_name\": \"",
    b"\"config\": {",
    b"\"name\": \"",
    b"\"units\": ",
    b"\"filters\": ",
    b"\"kernel_size\": [",
    b"\"strides\": [",
    b"\"padding\": \"",
    b"\"axis\": ",
    b"\"epsilon\": ",
    b"\"activation\": \"",
    b"\"shape\": [",
    b"\"batch_shape\": [null, ",
    b"\"inbound_nodes\": [",
    b"\"keras_history\": [",
    b"\"output_layers\": [",
    b"\"layers\": [",
    b"\"keras_version\": \"",
    b"null",
    b"true",
    b"1e400",
    b"-1",
    b"4294967296",
    b"[[",
    b"{}",
    b"\"same\"",
    b"\"valid\"",
    b"\"Functional\"",
    b"\"Sequential\"",
    b"\"Conv2D\"",
    b"\"Dense\"",
    b"layers/",
    b"vars",
    b"TREE",
    b"HEAP",
    b"SNOD",
];

/// Field keys of ONNX in protocol buffers, and its operators.
const ONNX: &[&[u8]] = &[
    b"\x0a",
    b"\x12",
    b"\x1a",
    b"\x22",
    b"\x2a",
    b"\x3a",
    b"\x42",
    b"\x4a",
    b"\x08\x01",
    b"\x10\x01",
    b"\x10\x07",
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"Conv",
    b"Gemm",
    b"MatMul",
    b"Transpose",
    b"Reshape",
    b"Pad",
    b"Concat",
    b"Clip",
    b"Sigmoid",
    b"Softmax",
    b"BatchNormalization",
    b"GlobalAveragePool",
    b"ReduceMean",
    b"strides",
    b"pads",
    b"group",
    b"perm",
    b"axis",
    b"dilations",
    b"kernel_shape",
];

#[test]
fn h5() {
    Target {
        name: "h5",
        seeds: &["h5"],
        words: HDF5,
        // The importer turns panics of the HDF5 reader into errors.
        forgiven: &["hdf5-reader"],
        run: imported,
        ..PLAIN
    }
    .check();
}

#[test]
fn keras() {
    Target {
        name: "keras",
        seeds: &["keras"],
        words: KERAS,
        mutate: mutated_zip,
        forgiven: &["hdf5-reader"],
        run: imported,
    }
    .check();
}

#[test]
fn onnx() {
    Target {
        name: "onnx",
        seeds: &["onnx"],
        words: ONNX,
        run: imported,
        ..PLAIN
    }
    .check();
}

/// Names and keys of what lies in archives, and headers of tar.
const ARCHIVES: &[&[u8]] = &[
    b"../",
    b"..\\",
    b"/",
    b"C:\\",
    b"model.json",
    b".weights.json",
    b"_00000.weights.h5",
    b"saved_model.pb",
    b".index",
    b"ustar\0",
    b"ustar  \0",
    b"00000000000\0",
    b"77777777777\0",
    b"\x80\0\0\0\0\0\0\xff",
    b"weight_map",
    b"/layers/conv2d/vars",
    b"\"class_name\": \"",
    b"\"layers\": [",
    b"layer_names",
    b"weight_names",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
];

#[test]
fn archives() {
    Target {
        name: "archives",
        seeds: &["archives"],
        words: ARCHIVES,
        mutate: mutated_zip,
        forgiven: &["hdf5-reader"],
        run: unpacked,
    }
    .check();
}

#[test]
fn tar() {
    Target {
        name: "tar",
        seeds: &["tar"],
        words: ARCHIVES,
        forgiven: &["hdf5-reader"],
        run: unpacked,
        ..PLAIN
    }
    .check();
}

/// Every model of an archive is answered, and no name leads out of it.
fn unpacked(bytes: &[u8]) -> bool {
    let files = || {
        keras::unpack(
            "download.gz",
            bytes.to_vec().into(),
            u64::MAX,
            &Cancel::new(),
        )
    };
    let Ok(Some(found)) = files() else {
        return false;
    };
    for name in found.names().unwrap() {
        let parts: Vec<&str> = name.split('/').collect();
        assert!(!parts.contains(&"..") && !name.starts_with('/'), "{name:?}");
    }
    let mut is_taken = false;
    for model in keras::candidates(&found, &Cancel::new())
        .unwrap_or_default()
        .into_iter()
        .take(4)
    {
        let files = FilesWithin::new(files().unwrap().unwrap(), &model.folder).unwrap();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        match keras::import_files(&files, &model, Options::default(), &cancel, &progress) {
            Ok(imported) => {
                graph::validate(&imported.graph).expect("a sound network");
                is_taken = true;
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    is_taken
}

/// An accepted network is valid and unchanged after writing and reading it.
fn imported(bytes: &[u8]) -> bool {
    let wording = Options {
        input_size: Some([32, 32]),
        head: Some(Head::Sigmoid),
        hidden_activation: Some(HiddenActivation::Relu),
        imagenet_rescaling: Some(false),
        pooling: Some(Pooling::Avg),
        head_norm: Some(HeadNorm::BeforeActivation),
        norm_epsilon: Some(1e-3),
        ..Options::default()
    };
    let import = |bytes: &[u8], options| {
        keras::import_owned(bytes.to_vec(), options, &Cancel::new(), &Progress::new())
    };
    let result = match import(bytes, Options::default()) {
        Err(keras::Error::Open(_) | keras::Error::SizeNeeded) => import(bytes, wording),
        result => result,
    };
    match result {
        Ok(model) => {
            graph::validate(&model.graph).expect("a sound network");
            let written = graph::onnx::to_onnx(&model.graph).expect("can be written");
            let read = import(&written, Options::default()).expect("reads what it writes");
            assert_eq!((read.units, read.head), (model.units, model.head));
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}
