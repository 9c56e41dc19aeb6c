//! Calls of layers and of nested models.

use super::{functional, lowered, pair, refused};
use crate::keras::{Error, Options};

/// A scale of two values does not fit three channels.
const SCALE: &str = r#"{"class_name": "Rescaling", "name": "scale", "config": {"scale": [1.0, 2.0], "offset": 0.0},
    "inbound_nodes": [[["i", 0, 0, {}]], [["i", 0, 0, {}]]]}"#;

#[test]
fn a_layer_called_without_an_input_is_refused() {
    let relu = r#"{"class_name": "Activation", "name": "end", "config": {"activation": "relu"},
        "inbound_nodes": [[]]}"#;
    let model = functional("float32", &[relu]);
    assert_eq!(refused(&model), [pair("end", "it has no input")]);
}

#[test]
fn a_shared_layer_with_a_fault_is_listed_once() {
    let sum = r#"{"class_name": "Add", "name": "end", "config": {},
        "inbound_nodes": [[["scale", 0, 0, {}], ["scale", 1, 0, {}]]]}"#;
    let faulty = functional("float32", &[SCALE, sum]);
    let reason = "its scale has 2 values";
    assert_eq!(refused(&faulty)[..1], [pair("scale", reason)]);
    assert_eq!(
        refused(&faulty)
            .iter()
            .filter(|(name, _)| name == "scale")
            .count(),
        1
    );
    // The layer of the same name in a nested model, which is called twice, is another one.
    let nodes = r#"[[["scale", 0, 0, {}]], [["scale", 1, 0, {}]]]"#;
    let sum = r#"{"class_name": "Add", "name": "end", "config": {},
        "inbound_nodes": [[["inner", 1, 0, {}], ["inner", 2, 0, {}]]]}"#;
    let model = functional("float32", &[SCALE, &faulty.replace("NODES", nodes), sum]);
    let names = ["scale", "inner/scale"].map(|name| pair(name, reason));
    let listed = refused(&model).into_iter();
    let scales: Vec<_> = listed.filter(|(_, found)| found == reason).collect();
    assert_eq!(scales, names);
}

#[test]
fn whole_numbers_are_made_of_the_picture_alone() {
    let scaled = r#"{"class_name": "Rescaling", "name": "scaled", "config": {"scale": 0.1, "offset": 0.0},
        "inbound_nodes": [[["i", 0, 0, {}]]]}"#;
    let inner = functional("uint8", &[&scaled.replace("scaled", "end")]);
    let inner = inner.replace("NODES", r#"[[["scaled", 0, 0, {}]]]"#);
    let end = r#"{"class_name": "Flatten", "name": "end", "config": {"data_format": "channels_last"},
        "inbound_nodes": [[["inner", 1, 0, {}]]]}"#;
    let (name, reason) = refused(&functional("float32", &[scaled, &inner, end])).remove(0);
    assert_eq!(name, "inner/i");
    assert!(reason.contains("the output of other layers"), "{reason}");
}

#[test]
fn the_results_of_nested_models_count() {
    let end = r#"{"class_name": "Activation", "name": "end", "config": {"activation": "relu"},
        "inbound_nodes": [[["i", 0, 0, {}]]]}"#;
    let outputs = vec![r#"["end", 0, 0]"#; 200].join(",");
    let calls = vec![r#"[["i", 0, 0, {}]]"#; 150].join(",");
    let inner = functional("float32", &[end]);
    let inner = inner.replace(
        r#""output_layers": [["end", 0, 0]]"#,
        &format!(r#""output_layers": [{outputs}]"#),
    );
    let inner = inner.replace("NODES", &format!("[{calls}]"));
    let last = end.replace(r#"["i", 0, 0, {}]"#, r#"["inner", 1, 7, {}]"#);
    let found = lowered(
        &functional("float32", &[&inner, &last]),
        &Options::default(),
    );
    assert!(matches!(found.err(), Some(Error::Limit(_))));
}
