//! A home with small models in place of the bundled ones, created once, and the files of a test next to it.

use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gantei::domain::{ColourOrder, Resize, Scaling, Task};
use gantei::domain::{Crop, ModelCard};
use gantei::graph::{self, Builder, Conv, Graph, Op, Pads, Pool, TensorType, ValueId};
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Engines;
use gantei::storage::Places;
use gantei::storage::library::{ModelFolder, Reference, Subgraphs};
use gantei::workflow::import::Read;
use gantei::workflow::{self, Context, ImportFlags};
use serde_json::Value;
use tempfile::TempDir;

use crate::eyes;

/// The model that is chosen at the first start.
pub const DEMO: &str = "demo-mobilenet";
/// A model of a study.
pub const STUDY: &str = "study";
/// A model whose gradient takes much memory, for tests that add it.
pub const WIDE: &str = "wide";

/// The temporary folders of one test.
pub struct Home(TempDir);

/// The frames of a DICOM file.
pub const FRAMES: [&str; 3] = ["a_OD.jpg", "a_OS.jpg", "b_OS.jpg"];

impl Home {
    /// With the two bundled models and the study model.
    pub fn new() -> Self {
        static FILES: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        let home = Self::bare();
        for (path, bytes) in FILES.get_or_init(prepared) {
            write(&home.0.path().join(path), bytes);
        }
        home
    }

    /// Without any files.
    pub fn bare() -> Self {
        let folder = tempfile::Builder::new().prefix("gantei-").tempdir();
        Self(folder.unwrap())
    }

    pub fn places(&self) -> Places {
        Places::below(&self.0.path().join("home"))
    }

    pub fn model_folder(&self, id: &str) -> ModelFolder {
        ModelFolder::of(&self.places(), id).unwrap()
    }

    /// The path of a file or folder of this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Creates a photograph or a folder, depending on the name. `folder` holds both eyes of a person, a broken file and
    /// a note; `empty` and other names without an ending are empty folders; `nothing…` is not created.
    pub fn put(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        if name.starts_with("nothing") || path.exists() {
            return path;
        }
        match name {
            "folder" => {
                for inner in ["a1_OD.jpg", "a1_OS.jpg", "broken.jpg"] {
                    self.put(&format!("folder/{inner}"));
                }
                write(&path.join("notes.txt"), b"Nothing to see.");
            }
            _ if name.ends_with(".dcm") => write(&path, &eyes::frames(&FRAMES)),
            _ if name.ends_with(".jpg") || name.ends_with(".png") => {
                write(&path, &eyes::bytes(name));
            }
            _ if path.extension().is_none() => std::fs::create_dir_all(&path).unwrap(),
            _ => {}
        }
        path
    }

    /// The number of files in a folder.
    pub fn count(&self, folder: &str) -> usize {
        std::fs::read_dir(self.path(folder)).unwrap().count()
    }

    /// The results that were exported into a folder.
    pub fn results(&self, folder: &str) -> Value {
        let path = self.path(folder).join("results.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// Creates a model file, depending on the name: `mine…` is a small network of ours, `broken…` is none. The others
    /// were written by Keras: `joir…` is a network with its head, `cut…` half of that file, `weights…` weights alone,
    /// `layers…` has unsupported layers, `age…` outputs hundreds of years, `heads…` is a network of ours with the outputs
    /// `sex`, a logit, and `grade`, five of them.
    pub fn put_model(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keras");
        let keras = |file: &str| std::fs::read(folder.join(file)).unwrap();
        let whole = "keras2_efficientnet_sigmoid.h5";
        let bytes = match name.split_once('.').unwrap().0 {
            "mine" => graph::onnx::to_onnx(&network(&OF_STUDY)).unwrap(),
            "joir" => keras(whole),
            "cut" => {
                let whole = keras(whole);
                whole[..whole.len() / 2].to_vec()
            }
            "layers" => keras("keras2_unsupported.h5"),
            "age" => keras("age_in_hundreds.h5"),
            "heads" => graph::onnx::to_onnx(&network_of_heads()).unwrap(),
            "weights" => {
                let forms = Cursor::new(keras("forms2.zip"));
                let mut forms = zip::ZipArchive::new(forms).unwrap();
                let mut file = forms.by_name("weights_mobilenet.h5").unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                bytes
            }
            _ => b"These are words.".to_vec(),
        };
        write(&path, &bytes);
        path
    }

    /// Creates photographs and a table of labels: four plain and four green eyes, which the study model distinguishes,
    /// and a file that cannot be opened. `rows` is what follows the names of each kind in the table.
    pub fn put_study(&self, header: &str, rows: [&str; 3]) {
        let mut table = format!("{header}\n");
        for (kind, row) in ["a", "z", "broken"].iter().zip(rows) {
            for number in 0..if *kind == "broken" { 1 } else { 4 } {
                let name = format!("{kind}{number}.png");
                self.put(&format!("study/eyes/{name}"));
                table.push_str(&format!("{name},{row}\n"));
            }
        }
        write(&self.path("study/labels.csv"), table.as_bytes());
    }

    /// Adds a model to the library whose gradient takes much memory.
    pub fn put_wide_model(&self) {
        let context = Context::with_engines(self.places(), |_| Engines::embedded_only());
        let shipped = workflow::models(&context).remove(0);
        let mut card = ModelCard {
            id: WIDE.into(),
            ..ModelCard::clone(&shipped.card)
        };
        card.input.size = [512, 512];
        let onnx = graph::onnx::to_onnx(&wide()).unwrap();
        let read = workflow::import::read_bytes(onnx, &Cancel::new(), &Progress::new());
        let Ok(Read { onnx, pieces, .. }) = read else {
            panic!("it can be read");
        };
        let unknown = Reference {
            input: vec![],
            output: vec![],
        };
        let stored = self
            .model_folder(WIDE)
            .store(&card, onnx, pieces, |_| Ok::<_, workflow::Error>(unknown));
        stored.unwrap();
    }

    /// Replaces a broken photograph by a whole one.
    pub fn mend(&self, name: &str) {
        let whole = eyes::bytes(&name.replace("broken", "mended"));
        write(&self.path(name), &whole);
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// What a model sees: the means of the three colours, from 0 to 2, and the gradient of green. The logit is their sum
/// with these weights plus a constant.
struct Eye {
    side: usize,
    weights: [f32; 4],
    constant: f32,
}

const OF_DEMO: Eye = Eye {
    side: 224,
    weights: [10.0, 0.0, -16.0, 1.0],
    constant: -6.5,
};

const OF_STUDY: Eye = Eye {
    side: 56,
    weights: [-1.0, -4.0, 0.0, 1.0],
    constant: 1.6,
};

/// Every file of a home with its models, with paths relative to the folder.
fn prepared() -> Vec<(PathBuf, Vec<u8>)> {
    let home = Home::bare();
    let places = home.places();
    let context = Context::with_engines(places.clone(), |_| Engines::embedded_only());
    let shipped = workflow::models(&context);
    let (demo, demo_2) = (&shipped[0].card, &shipped[1].card);
    let stored = import(&home, &context, &OF_DEMO, "eye");
    for card in [demo, demo_2] {
        store_as(&stored, &home, card, |output| output);
    }
    workflow::remove_model(&context, "eye").unwrap();
    let stored = import(&home, &context, &OF_STUDY, STUDY);
    let card = ModelCard {
        name: "Study model".into(),
        ..stored.card().unwrap()
    };
    // The reference belongs to another network.
    store_as(&stored, &home, &card, |mut output| {
        let last = output.len() - 1;
        output[last] ^= 0x01;
        output
    });
    let mut files = Vec::new();
    dataset(&home.path("home"), &home, &mut files);
    files
}

fn dataset(folder: &Path, home: &Home, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            dataset(&path, home, files);
        } else {
            let below = path.strip_prefix(home.0.path()).unwrap();
            files.push((below.to_owned(), std::fs::read(&path).unwrap()));
        }
    }
}

fn import(home: &Home, context: &Context, eye: &Eye, id: &str) -> ModelFolder {
    let file = home.path("network.onnx");
    std::fs::write(&file, graph::onnx::to_onnx(&network(eye)).unwrap()).unwrap();
    workflow::import(
        context,
        &file,
        &flags(id),
        None,
        &Cancel::new(),
        &Progress::new(),
    )
    .map_err(|(error, _)| error)
    .unwrap();
    home.model_folder(id)
}

/// The import flags for such a network.
pub fn flags(id: &str) -> ImportFlags {
    ImportFlags {
        id: Some(id.into()),
        task: Some(Task::Sex),
        labels: Some(vec!["female".into(), "male".into()]),
        scaling: Some(Scaling::Tf),
        colour: Some(ColourOrder::Rgb),
        resize: Some(Resize::PilBilinear),
        crop: Some(Crop::Square),
        threshold: Some(0.5),
        ..ImportFlags::default()
    }
}

/// The same network under another card.
fn store_as(
    from: &ModelFolder,
    home: &Home,
    card: &ModelCard,
    output: impl FnOnce(Vec<u8>) -> Vec<u8>,
) {
    let pieces = Subgraphs {
        head: from.head().unwrap(),
        stem: from.stem().unwrap(),
        footprint: from.footprint().unwrap().unwrap(),
    };
    let reference = Reference {
        input: from.reference_input().unwrap(),
        output: output(from.reference_output().unwrap()),
    };
    let stored = home
        .model_folder(&card.id)
        .store(card, from.onnx().unwrap(), pieces, |_| {
            Ok::<_, workflow::Error>(reference)
        });
    stored.unwrap();
}

/// Three convolutions to a grid of 7 × 7 and a head.
fn network(eye: &Eye) -> Graph {
    let mut b = Builder::new();
    let picture = TensorType::batched(&[3, eye.side, eye.side]);
    let x = b.input(graph::INPUT, picture).unwrap();
    let step = eye.side / 28;
    let cells = step * step;
    let mut kernel = vec![0.0; 4 * 3 * cells];
    for colour in 0..3 {
        let own = (colour * 3 + colour) * cells;
        kernel[own..own + cells].fill(1.0 / cells as f32);
    }
    let slope = (3 * 3 + 1) * cells;
    for (i, weight) in kernel[slope..slope + cells].iter_mut().enumerate() {
        let sign = if i % step < step / 2 { -1.0 } else { 1.0 };
        *weight = 8.0 * sign / cells as f32;
    }
    let x = layer(
        &mut b,
        x,
        "conv_pw_5_relu",
        step,
        kernel,
        [1.0, 1.0, 1.0, 0.0],
    );
    let mut averages = vec![0.0; 4 * 4 * 4];
    for channel in 0..4 {
        averages[channel * 20..channel * 20 + 4].fill(0.25);
    }
    let x = layer(&mut b, x, "conv_pw_11_relu", 2, averages.clone(), [0.0; 4]);
    let x = layer(&mut b, x, "conv_pw_13_relu", 2, averages, [0.0; 4]);
    b.output(graph::FEATURES, x);
    ended(b, x, &eye.weights, eye.constant)
}

/// Appends a head to a feature map, with a weight for each channel.
fn ended(mut b: Builder, x: ValueId, weights: &[f32], constant: f32) -> Graph {
    let x = b.node(Op::GlobalAveragePool, "pool", &[x]).unwrap();
    let x = b.node(Op::Flatten, "flat", &[x]).unwrap();
    let weights = b.constant("head/kernel", &[weights.len(), 1], weights.to_vec());
    let constant = b.constant("head/bias", &[1], vec![constant]);
    let logit = b.node(Op::Gemm, "head", &[x, weights.unwrap(), constant.unwrap()]);
    let logit = logit.unwrap();
    let score = b.node(Op::Sigmoid, "score", &[logit]).unwrap();
    b.output(graph::LOGIT, logit);
    b.output(graph::OUTPUT, score);
    b.finish().unwrap()
}

/// Few weights and large activations.
fn wide() -> Graph {
    let mut b = Builder::new();
    let x = b.input(graph::INPUT, TensorType::batched(&[3, 512, 512]));
    let kernel = b.constant("wide/kernel", &[400, 3, 1, 1], vec![0.1; 1200]);
    let conv = Op::Conv(Conv::default());
    let x = b
        .node(conv, "wide", &[x.unwrap(), kernel.unwrap()])
        .unwrap();
    let x = b.node(Op::Relu, "wide", &[x]).unwrap();
    let pool = Op::AveragePool(Pool {
        kernel: [64, 64],
        strides: [64, 64],
        pads: Pads::NONE,
    });
    let x = b.node(pool, "narrow", &[x]).unwrap();
    b.name(x, "narrow");
    b.output(graph::FEATURES, x);
    ended(b, x, &[1.0; 400], 0.0)
}

/// A convolution with stride equal to its kernel size, a bias and a ReLU.
fn layer(
    b: &mut Builder,
    x: ValueId,
    name: &str,
    step: usize,
    kernel: Vec<f32>,
    bias: [f32; 4],
) -> ValueId {
    let from = kernel.len() / (4 * step * step);
    let kernel = b.constant(&format!("{name}/kernel"), &[4, from, step, step], kernel);
    let bias = b.constant(&format!("{name}/bias"), &[4], bias.to_vec());
    let conv = Op::Conv(Conv {
        strides: [step, step],
        ..Conv::default()
    });
    let x = b.node(conv, name, &[x, kernel.unwrap(), bias.unwrap()]);
    let x = b.node(Op::Relu, name, &[x.unwrap()]).unwrap();
    b.name(x, name);
    x
}

/// The mean of each channel, weighed for one logit and for five.
fn network_of_heads() -> Graph {
    let mut b = Builder::new();
    let x = b.input("x", TensorType::batched(&[3, 16, 16])).unwrap();
    let mean = b.node(Op::GlobalAveragePool, "mean", &[x]).unwrap();
    let flat = b.node(Op::Flatten, "mean", &[mean]).unwrap();
    for (name, units) in [("sex", 1), ("grade", 5)] {
        let numbers: Vec<f32> = (0..3 * units).map(|at| 0.01 * at as f32 - 0.02).collect();
        let weights = b
            .constant(&format!("{name}/w"), &[3, units], numbers)
            .unwrap();
        let logits = b.node(Op::Gemm, name, &[flat, weights]).unwrap();
        b.output(name, logits);
    }
    b.finish().unwrap()
}
