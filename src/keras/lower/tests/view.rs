//! A map lies where the network looked: a bright spot of the input is found where it is.

use super::operations::{layer, tf};
use super::{functional, lowered};
use crate::graph::reference::{Array, output};
use crate::graph::{FEATURES, Op};
use crate::imaging::Grid;
use crate::keras::Options;
use crate::keras::lower::Lowered;

const SIZE: [usize; 2] = [32, 24];
/// Rows and columns of the bright spot, which is in no middle.
const SPOT: [std::ops::Range<usize>; 2] = [20..24, 4..8];

/// These layers, the last of which is `seen`, before a feature map and a score.
fn network(mut layers: Vec<String>) -> Lowered {
    layers.push(layer("ReLU", "map", "seen", r#"{"max_value": null}"#));
    layers.push(layer(
        "GlobalAveragePooling2D",
        "mean",
        "map",
        r#"{"data_format": "channels_last"}"#,
    ));
    layers.push(layer("Softmax", "end", "mean", r#"{"axis": -1}"#));
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    let model = functional("float32", &layers);
    let [height, width] = SIZE;
    let model = model.replace("[null, 4, 4, 3]", &format!("[null, {height}, {width}, 3]"));
    lowered(&model, &Options::default()).unwrap()
}

/// The feature map for the picture with the spot, laid over the input.
fn map_of(network: &Lowered) -> Grid {
    let [height, width] = SIZE;
    let [rows, columns] = SPOT;
    let bright =
        |at: usize| rows.contains(&(at / width % height)) && columns.contains(&(at % width));
    let pixels = (0..3 * height * width).map(|at| f64::from(u8::from(bright(at))));
    let picture = Array::new(&[1, 3, height, width], pixels.collect());
    let features = output(&network.graph, &[picture], FEATURES);
    let [_, h, w] = network.last_feature_map.as_ref().unwrap().size;
    let values = features.numbers[..h * w]
        .iter()
        .map(|&v| v as f32)
        .collect();
    let grid = Grid::new(h, w, values).unwrap();
    let whole = [0.0, 0.0, width as f64, height as f64];
    let view = network.view.unwrap_or(whole);
    grid.laid_over(view, SIZE.map(|side| side as u32)).unwrap()
}

fn flip(name: &str, from: &str, axes: &str) -> String {
    tf(
        name,
        "reverse",
        &format!(r#"["{from}", 0, 0, {{"axis": {axes}}}]"#),
    )
}

#[test]
fn a_bright_spot_is_found_where_it_is() {
    let resizing = |options: &str| {
        let settings = format!(r#"{{"interpolation": "bilinear", {options}}}"#);
        layer("Resizing", "seen", "i", &settings)
    };
    let slices = |rows: &str, columns: &str| {
        let call = format!(
            r#"["i", 0, 0, {{"slice_spec": [{{"start": null, "stop": null, "step": null}}, {rows}, {columns}]}}]"#
        );
        tf("seen", "__operators__.getitem", &call)
    };
    let cases: [(&str, Vec<String>); 15] = [
        ("stretched", vec![resizing(r#""height": 16, "width": 18"#)]),
        (
            "cropped to proportions",
            vec![resizing(
                r#""height": 12, "width": 12, "crop_to_aspect_ratio": true"#,
            )],
        ),
        (
            "padded to proportions",
            vec![resizing(
                r#""height": 32, "width": 32, "pad_to_aspect_ratio": true"#,
            )],
        ),
        (
            "the middle",
            vec![layer(
                "CenterCrop",
                "seen",
                "i",
                r#"{"height": 20, "width": 16}"#,
            )],
        ),
        (
            "the middle, enlarged",
            vec![layer(
                "CenterCrop",
                "seen",
                "i",
                r#"{"height": 36, "width": 36}"#,
            )],
        ),
        (
            "cropped",
            vec![layer(
                "Cropping2D",
                "seen",
                "i",
                r#"{"cropping": [[10, 2], [2, 9]], "data_format": "channels_last"}"#,
            )],
        ),
        (
            "bordered",
            vec![layer(
                "ZeroPadding2D",
                "seen",
                "i",
                r#"{"padding": [[3, 5], [1, 7]], "data_format": "channels_last"}"#,
            )],
        ),
        ("upside down", vec![flip("seen", "i", "[1]")]),
        ("left for right", vec![flip("seen", "i", "[-2]")]),
        ("both", vec![flip("seen", "i", "[1, 2]")]),
        ("colours alone", vec![flip("seen", "i", "[3]")]),
        (
            "an index that crops",
            vec![slices(
                r#"{"start": 13, "stop": -3, "step": 1}"#,
                r#"{"start": null, "stop": 10, "step": 1}"#,
            )],
        ),
        (
            "an index that flips",
            vec![slices(
                r#"{"start": null, "stop": null, "step": 2}"#,
                r#"{"start": -5, "stop": null, "step": -1}"#,
            )],
        ),
        (
            "one after another",
            vec![
                layer(
                    "Cropping2D",
                    "cut",
                    "i",
                    r#"{"cropping": [[8, 4], [2, 6]], "data_format": "channels_last"}"#,
                ),
                flip("turned", "cut", "[2]"),
                layer(
                    "Resizing",
                    "small",
                    "turned",
                    r#"{"interpolation": "bilinear", "height": 40, "width": 32}"#,
                ),
                layer(
                    "ZeroPadding2D",
                    "seen",
                    "small",
                    r#"{"padding": [[6, 0], [0, 10]], "data_format": "channels_last"}"#,
                ),
            ],
        ),
        (
            "a later flip",
            vec![
                layer("ReLU", "early", "i", r#"{"max_value": null}"#),
                flip("seen", "early", "[2]"),
            ],
        ),
    ];
    for (name, layers) in cases {
        let network = network(layers);
        let map = map_of(&network);
        let peak = map.highest().unwrap();
        for (axis, (at, count)) in [(peak.row, map.rows()), (peak.column, map.columns())]
            .into_iter()
            .enumerate()
        {
            let middle = (at as f64 + 0.5) * SIZE[axis] as f64 / count as f64;
            let spot = &SPOT[axis];
            let (first, end) = (spot.start as f64, spot.end as f64);
            assert!(
                (first..end).contains(&middle),
                "{name}: axis {axis} at {middle}, not in {spot:?}"
            );
        }
    }
}

#[test]
fn a_map_that_cannot_be_laid_over_the_picture_is_none() {
    let transpose = tf(
        "seen",
        "transpose",
        r#"["i", 0, 0, {"perm": [0, 2, 1, 3]}]"#,
    );
    let both = [
        flip("turned", "i", "[2]"),
        r#"{"class_name": "Add", "name": "seen", "config": {},
            "inbound_nodes": [[["i", 0, 0, {}], ["turned", 0, 0, {}]]]}"#
            .to_owned(),
    ];
    for layers in [vec![transpose], both.to_vec()] {
        let network = network(layers);
        assert!(network.last_feature_map.is_none() && network.graph.output(FEATURES).is_none());
        assert!(
            network
                .graph
                .nodes()
                .iter()
                .any(|node| node.op == Op::GlobalAveragePool)
        );
    }
}
