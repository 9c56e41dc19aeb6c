//! Damaged and hostile model files of one part: those of `forms2.zip`, `forms3.zip` and `versions`, and bombs.

use std::io::{Cursor, Read, Write};

use gantei::domain::{Head, HeadNorm, HiddenActivation, Pooling};
use gantei::graph;
use gantei::keras::Options;

use crate::keras_fixtures::{bytes, folder, harmed, quiet_panics, random};
use crate::memory::{Worst, alone, mutations};

/// Why each bomb is refused, so that none is stopped by something else first.
const REASONS: [(&str, &str); 26] = [
    ("archive: no weights", "no model.weights.h5"),
    ("archive: weights of another kind", "HDF5: invalid"),
    ("archive: deep lists", "recursion limit"),
    ("archive: millions of lists", "without a configuration"),
    ("archive: millions of layers", "layers: missing field"),
    (
        "archive: 300 MB of configuration",
        "TooLarge { name: \"config.json",
    ),
    (
        "archive: 200 MB of zeros",
        "TooLarge { name: \"model.weights.h5",
    ),
    ("archive: paths out of the archive", "PackedModel"),
    ("archive: metadata cut short", "metadata.json: EOF"),
    ("hostile_outside.h5", "dataset not found"),
    ("hostile_huge_input.h5", "Limit"),
    ("hostile_inflating.h5", "larger than any weight"),
    ("hostile_unallocated.h5", "larger than any weight"),
    ("hostile_not_a_picture.h5", "not a colour image"),
    ("hostile_circle_of_layers.h5", "never computed"),
    ("hostile_nested.h5", "nested too deeply"),
    ("hostile_deep_names.h5", "nested too deeply"),
    ("hostile_not_finite.h5", "NotFinite"),
    ("ONNX: doubling", "Limit(\"v23"),
    ("ONNX: doubling a shape", "a long list"),
    ("ONNX: a tensor of 4 TB", "do not fill the shape"),
    ("ONNX: endless padding", "Limit(\"y has the shape"),
    ("ONNX: 300000 nodes", "bytes of structure"),
    ("ONNX: graphs inside graphs", "operator If"),
    ("ONNX: reads itself", "nothing computes"),
    ("ONNX: no nodes", "nothing computes"),
];

#[test]
fn no_harm_and_no_bomb_crashes_or_fills_the_memory() {
    let _alone = alone();
    quiet_panics();
    let mut worst = Worst::default();
    for (name, bomb) in bombs() {
        let refused = worst.watch(&name, bomb, Options::default());
        let reason = refused
            .err()
            .unwrap_or_else(|| panic!("{name} is accepted"));
        println!("{name}: {reason:?}");
        let desired = REASONS.iter().find(|(bomb, _)| *bomb == name);
        let (_, desired) = desired.unwrap_or_else(|| panic!("{name}: what is to be said?"));
        assert!(
            format!("{reason:?}").contains(desired),
            "{name}: {reason:?}"
        );
    }
    // The frame of the ONNX bombs is valid by itself.
    let nodes = [
        node("GlobalAveragePool", &["x"], "pooled", &[]),
        node("Flatten", &["pooled"], "flat", &[]),
        node("Sigmoid", &["flat"], "y", &[]),
    ];
    let sound = worst.watch("a sound network", onnx(&nodes, &[]), Options::default());
    assert!(sound.is_ok(), "{:?}", sound.err());
    let files = files();
    let tries = mutations();
    let mut random = random();
    let mut valid = 0;
    for round in 0..tries {
        let (name, whole, options) = &files[round % files.len()];
        let harmed = harmed(whole, &mut random);
        if let Ok(model) = worst.watch(&format!("{name}, round {round}"), harmed, options.clone()) {
            graph::validate(&model.graph).unwrap();
            valid += 1;
        }
    }
    for (name, whole, options) in &files {
        for part in 0..10 {
            let cut = whole[..whole.len() * part / 10].to_vec();
            let result = worst.watch(&format!("{name}, {part}/10"), cut, options.clone());
            assert!(result.is_err(), "{name}, {part}/10");
        }
    }
    println!("{tries} harmed files, {valid} of them still whole; {worst:?}");
    worst.report_unmeasured();
}

/// Small files of every form with the options they need.
fn files() -> Vec<(String, Vec<u8>, Options)> {
    let mut files = Vec::new();
    for name in ["forms2.zip", "forms3.zip"] {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes(name))).unwrap();
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at).unwrap();
            let name = entry.name().to_owned();
            let small = entry.size() < 400_000 || name.starts_with("weights_mobilenet.");
            let model = [".h5", ".keras", ".onnx"].iter().any(|e| name.ends_with(e));
            if !small || !model || name.starts_with("refused") {
                continue;
            }
            let mut whole = Vec::new();
            entry.read_to_end(&mut whole).unwrap();
            let wording = Options {
                input_size: Some([64, 64]),
                head: Some(Head::Sigmoid),
                hidden_activation: Some(HiddenActivation::Relu),
                imagenet_rescaling: Some(false),
                architecture: None,
                output: None,
                pooling: Some(Pooling::Avg),
                usual_pooling: None,
                head_norm: Some(HeadNorm::BeforeActivation),
                norm_epsilon: Some(1e-3),
            };
            let alone = name.starts_with("weights_");
            files.push((
                name,
                whole,
                if alone { wording } else { Options::default() },
            ));
        }
    }
    // Layouts of single versions.
    for entry in std::fs::read_dir(folder().join("versions")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if [".h5", ".keras"].iter().any(|end| name.ends_with(end)) {
            let whole = bytes(&format!("versions/{name}"));
            files.push((name, whole, Options::default()));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(files.len() >= 50, "{}", files.len());
    files
}

/// Small files that demand large resources.
fn bombs() -> Vec<(String, Vec<u8>)> {
    let config = br#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 8, 8, 3]}},
        {"class_name": "GlobalAveragePooling2D", "config": {"name": "pool", "data_format": "channels_last"}},
        {"class_name": "Dense", "config": {"name": "score", "units": 1, "activation": "sigmoid", "use_bias": true}}
    ]}}"#;
    let inside = |list: String| format!(r#"{{"class_name": "Functional", "config": {list}}}"#);
    let deep = inside("[".repeat(200_000));
    let long = inside(format!("[{}0]", "[],".repeat(1_390_000)));
    let layers = inside(format!(
        r#"{{"layers": [{}{{}}]}}"#,
        "{},".repeat(1_300_000)
    ));
    let texts = vec![b' '; 300 << 20];
    let zeros = vec![0_u8; 200 << 20];
    let mut bombs: Vec<(String, Vec<u8>)> = [
        ("no weights", &[("config.json", &config[..])][..]),
        (
            "weights of another kind",
            &[
                ("config.json", &config[..]),
                ("model.weights.h5", b"no HDF5"),
            ],
        ),
        (
            "deep lists",
            &[("config.json", deep.as_bytes()), ("model.weights.h5", b"x")],
        ),
        (
            "millions of lists",
            &[("config.json", long.as_bytes()), ("model.weights.h5", b"x")],
        ),
        (
            "millions of layers",
            &[
                ("config.json", layers.as_bytes()),
                ("model.weights.h5", b"x"),
            ],
        ),
        (
            "300 MB of configuration",
            &[("config.json", &texts), ("model.weights.h5", b"x")],
        ),
        (
            "200 MB of zeros",
            &[("config.json", &config[..]), ("model.weights.h5", &zeros)],
        ),
        (
            "paths out of the archive",
            &[("../config.json", &config[..]), ("/model.weights.h5", b"x")],
        ),
        (
            "metadata cut short",
            &[
                ("metadata.json", b"{"),
                ("config.json", &config[..]),
                ("model.weights.h5", b"x"),
            ],
        ),
    ]
    .into_iter()
    .map(|(name, entries)| (format!("archive: {name}"), packed(entries)))
    .collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // A cycle that leads back to the right weights is harmless.
        if name.starts_with("hostile_") && name != "hostile_circle.h5" {
            bombs.push((name, std::fs::read(&path).unwrap()));
        }
    }
    let relu = |from: &str, to: &str| node("Relu", &[from], to, &[]);
    let doubling = |rounds: usize| -> Vec<Vec<u8>> {
        let name = |at: usize| match at {
            0 => "x".to_owned(),
            at if at == rounds => "y".to_owned(),
            at => format!("v{at}"),
        };
        let axis = [field(1, b"axis"), number(3, 1), number(20, 2)].concat();
        (0..rounds)
            .map(|at| {
                node(
                    "Concat",
                    &[&name(at), &name(at)],
                    &name(at + 1),
                    std::slice::from_ref(&axis),
                )
            })
            .collect()
    };
    let huge = [number(1, 1 << 40), number(2, 1), field(8, b"w")].concat();
    // Padding of height and width only: begins of the four axes, then ends.
    let much = 1_i64 << 40;
    let border = [0, 0, much, much, 0, 0, much, much].map(i64::to_le_bytes);
    let pads = [
        number(1, 8),
        number(2, 7),
        field(8, b"p"),
        field(9, &border.concat()),
    ]
    .concat();
    // A list of four numbers, doubled sixty times.
    let mut doubled_shape = vec![node("Shape", &["x"], "s0", &[])];
    let axis = [field(1, b"axis"), number(3, 0), number(20, 2)].concat();
    for at in 0..60 {
        let (before, after) = (format!("s{at}"), format!("s{}", at + 1));
        let axis = std::slice::from_ref(&axis);
        doubled_shape.push(node("Concat", &[&before, &before], &after, axis));
    }
    let chain: Vec<Vec<u8>> = (0..300_000)
        .map(|at| relu("x", &format!("r{at}")))
        .chain([relu("x", "y")])
        .collect();
    let nested = (0..100_000).fold(Vec::new(), |inner, _| {
        if inner.len() < 1 << 16 {
            field(5, &field(6, &inner))
        } else {
            inner
        }
    });
    for (name, nodes, tensors) in [
        ("doubling", doubling(60), vec![]),
        ("doubling a shape", doubled_shape, vec![]),
        (
            "a tensor of 4 TB",
            vec![node("Add", &["x", "w"], "y", &[])],
            vec![huge],
        ),
        (
            "endless padding",
            vec![node("Pad", &["x", "p"], "y", &[])],
            vec![pads],
        ),
        ("300000 nodes", chain, vec![]),
        (
            "graphs inside graphs",
            vec![node("If", &["x"], "y", &[nested])],
            vec![],
        ),
        ("reads itself", vec![relu("y", "y")], vec![]),
        ("no nodes", vec![], vec![]),
    ] {
        bombs.push((format!("ONNX: {name}"), onnx(&nodes, &tensors)));
    }
    bombs
}

fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A length-delimited field of a message.
fn field(at: u64, bytes: &[u8]) -> Vec<u8> {
    [
        varint(at << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

fn number(at: u64, value: u64) -> Vec<u8> {
    [varint(at << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn node(operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let inputs = inputs.iter().map(|i| field(1, i.as_bytes()));
    let attributes = attributes.iter().map(|a| field(5, a));
    let parts: Vec<Vec<u8>> = inputs
        .chain([field(2, output.as_bytes()), field(4, operator.as_bytes())])
        .chain(attributes)
        .collect();
    parts.concat()
}

/// A model with the input `x` (N, 3, 8, 8) and the output `y`.
fn onnx(nodes: &[Vec<u8>], tensors: &[Vec<u8>]) -> Vec<u8> {
    let sizes: Vec<Vec<u8>> = [field(2, b"N"), number(1, 3), number(1, 8), number(1, 8)]
        .iter()
        .map(|d| field(1, d))
        .collect();
    let ty = field(1, &[number(1, 1), field(2, &sizes.concat())].concat());
    let input = [field(1, b"x"), field(2, &ty)].concat();
    let mut graph: Vec<Vec<u8>> = nodes.iter().map(|n| field(1, n)).collect();
    graph.extend(tensors.iter().map(|t| field(5, t)));
    graph.extend([field(11, &input), field(12, &field(1, b"y"))]);
    let opset = field(8, &number(2, 17));
    [number(1, 8), field(7, &graph.concat()), opset].concat()
}
