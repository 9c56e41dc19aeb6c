//! Functions of tensors: what is refused, limited and rewritten.

use super::{functional, lowered, refused};
use crate::domain::Head;
use crate::graph::reference::{Array, output};
use crate::graph::{INPUT, LOGIT, OUTPUT, Op};
use crate::keras::lower::Lowered;
use crate::keras::{Error, Options};

/// A call of a function of TensorFlow in Keras 2.
pub fn tf(name: &str, function: &str, call: &str) -> String {
    format!(
        r#"{{"class_name": "TFOpLambda", "name": "{name}", "config": {{"name": "{name}", "trainable": true,
            "dtype": "float32", "function": "{function}"}}, "inbound_nodes": [{call}]}}"#
    )
}

/// A call of a class of `keras.ops` with the input.
fn ops(class: &str, config: &str) -> String {
    let tensor = r#"{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}"#;
    format!(
        r#"{{"class_name": "{class}", "module": "keras.src.ops.nn", "name": "end", "config": {config},
            "inbound_nodes": [{{"args": [{tensor}], "kwargs": {{}}}}]}}"#
    )
}

pub fn layer(class: &str, name: &str, from: &str, config: &str) -> String {
    format!(
        r#"{{"class_name": "{class}", "name": "{name}", "config": {config}, "inbound_nodes": [[["{from}", 0, 0, {{}}]]]}}"#
    )
}

fn model(layers: &[String]) -> String {
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    functional("float32", &layers)
}

fn reason(layers: &[String]) -> String {
    let mut found = refused(&model(layers));
    found.retain(|(name, _)| name == "end");
    found.remove(0).1
}

fn graph_of(layers: &[String], options: &Options) -> Lowered {
    lowered(&model(layers), options).unwrap()
}

/// To one score: the sum over the picture.
fn scored(mut layers: Vec<String>, last: &str) -> Vec<String> {
    let mean = tf(
        "mean",
        "math.reduce_mean",
        &format!(r#"["{last}", 0, 0, {{"axis": [1, 2]}}]"#),
    );
    layers.push(mean);
    layers.push(layer("Softmax", "end", "mean", r#"{"axis": -1}"#));
    layers
}

#[test]
fn tensors_of_other_numbers_of_axes_are_not_stacked() {
    let flat = layer(
        "Flatten",
        "flat",
        "i",
        r#"{"data_format": "channels_last"}"#,
    );
    for axis in [1, -1] {
        let call =
            format!(r#"[["i", 0, 0, {{"axis": {axis}}}], ["flat", 0, 0, {{"axis": {axis}}}]]"#);
        let stack = tf("end", "stack", &call);
        assert!(reason(&[flat.clone(), stack]).contains("same number of axes"));
    }
}

#[test]
fn an_axis_stated_twice_is_dropped_once_and_not_flipped() {
    let squeezed = |axes: &str| {
        let mean = tf(
            "mean",
            "math.reduce_mean",
            r#"["i", 0, 0, {"axis": [1, 2], "keepdims": true}]"#,
        );
        let squeeze = tf(
            "end",
            "squeeze",
            &format!(r#"["mean", 0, 0, {{"axis": {axes}}}]"#),
        );
        graph_of(&[mean, squeeze], &Options::default()).units
    };
    assert_eq!(squeezed("[1, 1, 2, -2]"), 3);
    let flip = tf("end", "reverse", r#"["i", 0, 0, {"axis": [1, -3]}]"#);
    assert_eq!(reason(&[flip]), "it states an axis twice");
}

#[test]
fn matrices_of_resizes_flips_and_indices_are_limited() {
    let large = |size: usize| {
        let call = format!(r#"["i", 0, 0, {{"size": [{size}, 1]}}]"#);
        tf("large", "image.resize", &call)
    };
    let flip = tf("end", "reverse", r#"["large", 0, 0, {"axis": [1]}]"#);
    let every_second = tf(
        "end",
        "__operators__.getitem",
        r#"["large", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": 1}, {"start": null, "stop": null, "step": -1}]}]"#,
    );
    for last in [flip, every_second] {
        let limit = lowered(&model(&[large(8000), last]), &Options::default());
        assert!(matches!(limit.err(), Some(Error::Limit(_))));
    }
    // Each is small enough, not all of them.
    let mut layers = vec![large(5000)];
    let mut last = "large".to_owned();
    for at in 0..4 {
        let name = format!("flip{at}");
        let call = format!(r#"["{last}", 0, 0, {{"axis": [1]}}]"#);
        layers.push(tf(&name, "reverse", &call));
        last = name;
    }
    let limit = lowered(&model(&scored(layers, &last)), &Options::default());
    assert!(matches!(limit.err(), Some(Error::Limit(_))));
}

#[test]
fn what_a_call_states_is_read_or_refused() {
    for (function, call, part) in [
        (
            "math.reduce_max",
            r#"["i", 0, 0, {"axis": [1, 2], "keepdims": 1}]"#,
            "keepdims",
        ),
        (
            "math.reduce_max",
            r#"["i", 0, 0, {"axis": ["i", 0, 0]}]"#,
            "result of another layer",
        ),
        (
            "clip_by_value",
            r#"["i", 0, 0, {"clip_value_min": ["i", 0, 0], "clip_value_max": 1}]"#,
            "result of another layer",
        ),
        (
            "nn.relu",
            r#"["i", 0, 0, {"threshold": 3.0}]"#,
            "argument threshold",
        ),
        (
            "image.resize",
            r#"["i", 0, 0, {"size": [2, 2], "preserve_aspect_ratio": true}]"#,
            "aspect ratio",
        ),
        (
            "image.resize",
            r#"["i", 0, 0, {"size": [2, 2], "antialias": "yes"}]"#,
            "antialias",
        ),
        ("nn.softmax", r#"["i", 0, 0, {"axis": 1}]"#, "over axis 1"),
        (
            "image.resize",
            r#"["i", 0, 0, {"size": [-2, 2]}]"#,
            "negative",
        ),
    ] {
        let why = reason(&[tf("end", function, call)]);
        assert!(why.contains(part), "{function} {call}: {why}");
    }
    for (class, config, part) in [
        (
            "Max",
            r#"{"name": "end", "axis": [1, 2], "keepdims": false, "initial": 9.0}"#,
            "initial",
        ),
        (
            "Mean",
            r#"{"name": "end", "axis": [1, 2], "keepdims": "no"}"#,
            "keepdims",
        ),
        ("Relu", r#"{"name": "end", "alpha": 0.5}"#, "alpha"),
        ("Softmax", r#"{"name": "end", "axis": 2}"#, "over axis 2"),
    ] {
        let why = reason(&[ops(class, config)]);
        assert!(why.contains(part), "{class} {config}: {why}");
    }
}

#[test]
fn a_softmax_over_other_axes_than_the_last_is_refused() {
    for axis in [1, 2, -2] {
        let softmax = layer("Softmax", "end", "i", &format!(r#"{{"axis": {axis}}}"#));
        assert!(reason(&[softmax]).contains("not the last"), "{axis}");
        let inside = format!(
            r#"{{"activation": {{"class_name": "Softmax", "config": {{"axis": {axis}}}}}}}"#
        );
        let inside = layer("Activation", "end", "i", &inside);
        assert!(reason(&[inside]).contains("not the last"), "{axis}");
    }
    let mean = tf(
        "mean",
        "math.reduce_mean",
        r#"["i", 0, 0, {"axis": [1, 2]}]"#,
    );
    for axis in [1, -1] {
        let softmax = layer("Softmax", "end", "mean", &format!(r#"{{"axis": {axis}}}"#));
        let found = graph_of(&[mean.clone(), softmax], &Options::default());
        assert_eq!(found.head, Head::Softmax);
    }
}

#[test]
fn antialiasing_without_a_method_is_computed() {
    let resized = |options: &str| {
        let call = format!(r#"["i", 0, 0, {{"size": [1, 1]{options}}}]"#);
        let layers = scored(vec![tf("small", "image.resize", &call)], "small");
        let numbers = (0..48).map(|n| f64::from(n * n)).collect();
        let graph = graph_of(&layers, &Options::default()).graph;
        output(&graph, &[Array::new(&[1, 3, 4, 4], numbers)], LOGIT).numbers
    };
    let smooth = r#", "antialias": true"#;
    assert_eq!(
        resized(smooth),
        resized(&format!(r#", "method": "bilinear"{smooth}"#))
    );
    assert_ne!(resized(smooth), resized(""));
}

#[test]
fn a_function_in_a_chain_of_layers_is_refused() {
    let relu = tf("end", "nn.relu", "[]");
    let of_keras = r#"{"class_name": "Softmax", "module": "keras.src.ops.nn", "config": {"name": "end", "axis": -1}}"#;
    // A sum of one input, whether it is a layer or a call.
    let sum = r#"{"class_name": "Add", "config": {"name": "end"}}"#;
    for function in [relu.as_str(), of_keras, sum] {
        let chain = format!(
            r#"{{"class_name": "Sequential", "config": {{"name": "s", "layers": [
                {{"class_name": "InputLayer", "config": {{"name": "i", "batch_shape": [null, 4, 4, 3]}}}}, {function}]}}}}"#
        );
        let found = refused(&chain);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "end");
    }
}

#[test]
fn whole_numbers_that_were_converted_are_none_any_more() {
    let cast = tf("cast", "cast", r#"["i", 0, 0, {"dtype": "float32"}]"#);
    let resize = tf(
        "small",
        "image.resize",
        r#"["cast", 0, 0, {"size": [2, 2]}]"#,
    );
    let layers = scored(vec![cast, resize], "small");
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    lowered(&functional("uint8", &layers), &Options::default()).unwrap();
    let direct: Vec<String> = layers[1..]
        .iter()
        .map(|l| l.replace("\"cast\", 0", "\"i\", 0"))
        .collect();
    let direct: Vec<&str> = direct.iter().map(String::as_str).collect();
    assert_eq!(refused(&functional("uint8", &direct)).len(), 1);
}

#[test]
fn operators_of_tensorflow_that_differ_by_type_or_layout_are_refused() {
    let tensor = r#"[["i", 0, 0, {}], ["i", 0, 0, {}]]"#;
    let operator = |node: &str| {
        let layer = format!(
            r#"{{"class_name": "TensorFlowOpLayer", "name": "end", "config": {{"name": "end", "trainable": true,
                "dtype": "float32", "constants": {{}}, "node_def": {node}}}, "inbound_nodes": [{tensor}]}}"#
        );
        reason(&[layer])
    };
    assert!(operator(r#"{"name": "d", "op": "Div"}"#).contains("operation Div"));
    let format = r#"{"name": "b", "op": "BiasAdd", "attr": {"data_format": {"s": "TkNIVw=="}}}"#;
    assert!(operator(format).contains("channels_last"));
}

#[test]
fn the_greater_of_a_number_and_a_tensor_is_the_number_itself() {
    let calls = [
        ("math.maximum", r#"["i", 0, 0, {"y": 0.1}]"#, [0.1_f32, 3e8]),
        (
            "math.minimum",
            r#"["_CONSTANT_VALUE", -1, 0.1, {"y": ["i", 0, 0]}]"#,
            [-3e8, 0.1],
        ),
    ];
    for (function, call, expected) in calls {
        let layers = scored(vec![tf("limit", function, call)], "limit");
        let graph = graph_of(&layers, &Options::default()).graph;
        assert!(
            graph
                .nodes()
                .iter()
                .any(|node| matches!(node.op, Op::Clip { .. }))
        );
        for (x, y) in [-3e8, 3e8].into_iter().zip(expected) {
            let picture = Array::new(&[1, 3, 4, 4], vec![x; 48]);
            let found = output(&graph, &[picture], LOGIT).numbers[0];
            assert!(
                (found - f64::from(y)).abs() <= 1e-6 * f64::from(y).abs(),
                "{found} {y}"
            );
        }
    }
}

#[test]
fn an_activation_before_a_change_of_shape_is_the_last_one() {
    for (class, settings, head) in [
        ("Activation", r#"{"activation": "sigmoid"}"#, Head::Sigmoid),
        ("Softmax", r#"{"axis": -1}"#, Head::Softmax),
    ] {
        let mean = tf(
            "mean",
            "math.reduce_mean",
            r#"["i", 0, 0, {"axis": [1, 2], "keepdims": true}]"#,
        );
        let answer = layer(class, "answer", "mean", settings);
        for (last, options) in [
            ("Flatten", r#"{"data_format": "channels_last"}"#),
            ("Reshape", r#"{"target_shape": [3]}"#),
        ] {
            let end = layer(last, "end", "answer", options);
            let given = Options {
                head: Some(Head::Sigmoid),
                ..Options::default()
            };
            let found = graph_of(&[mean.clone(), answer.clone(), end], &given);
            assert_eq!((found.head, found.head_is_applied), (head, false));
            let numbers: Vec<f64> = (0..48).map(|n| f64::from(n % 16) / 16.0).collect();
            let picture = [Array::new(&[1, 3, 4, 4], numbers)];
            let logit = output(&found.graph, &picture, LOGIT).numbers;
            let score = output(&found.graph, &picture, OUTPUT).numbers;
            let sum: f64 = match head {
                Head::Softmax => logit.iter().map(|l| l.exp()).sum(),
                _ => 1.0 + logit[0].exp(),
            };
            assert!((score[0] - logit[0].exp() / sum).abs() < 1e-6, "{score:?}");
            assert!(found.graph.value(found.graph.inputs()[0]).name == INPUT);
        }
    }
}
