//! Wiring of both generations of Keras.

use super::*;

const DENSE: &str =
    r#"{"class_name": "Dense", "name": "d", "config": {"units": 1}, "inbound_nodes": NODES}"#;

const ADD: &str = r#"{"class_name": "Add", "name": "d", "config": {}, "inbound_nodes": NODES}"#;

fn functional(nodes: &str, outputs: &str) -> Result<Network, Error> {
    with(DENSE, nodes, outputs)
}

fn with(layer: &str, nodes: &str, outputs: &str) -> Result<Network, Error> {
    let layer = layer.replace("NODES", nodes);
    parse(&format!(
        r#"{{"class_name": "Functional", "config": {{"layers": [
            {{"class_name": "InputLayer", "name": "i", "config": {{"batch_shape": [null, 3]}}, "inbound_nodes": []}},
            {layer}], "input_layers": [["i", 0, 0]], "output_layers": {outputs}}}}}"#
    ))
}

#[test]
fn both_generations_name_the_same_tensors() {
    let two = functional(r#"[[["i", 0, 0, {}]]]"#, r#"[["d", 0, 0]]"#).unwrap();
    let three = functional(
        r#"[{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}], "kwargs": {}}]"#,
        r#"["d", 0, 0]"#,
    )
    .unwrap();
    assert_eq!(two, three);
    assert_eq!(two.layers[1].calls, [[Tensor::first(0, 0)]]);
}

#[test]
fn a_constant_among_the_inputs_of_a_call_is_refused() {
    let refused = |nodes: &str| {
        let network = with(ADD, nodes, r#"[["d", 0, 0]]"#).unwrap();
        network.layers[1].refused.clone().map(|why| why.reason)
    };
    let two = |constant: &str| {
        refused(&format!(
            r#"[[["i", 0, 0, {{}}], ["i", 0, 0, {{}}]{constant}]]"#
        ))
    };
    assert_eq!(two(""), None);
    let wording = two(r#", ["_CONSTANT_VALUE", -1, 3.0, {}]"#).unwrap();
    assert!(wording.contains("a constant among its inputs"), "{wording}");
    let tensor = r#"{"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}"#;
    let three = |constant: &str| {
        refused(&format!(
            r#"[{{"args": [[{tensor}, {tensor}{constant}]], "kwargs": {{}}}}]"#
        ))
    };
    assert_eq!(three(""), None);
    // Merging layers take a list of tensors; a constant may be in a list inside it.
    for constant in [", 3.0", ", [[3.0, 3.0]]"] {
        let wording = three(constant).unwrap();
        assert!(wording.contains("called with 3.0"), "{wording}");
    }
}

#[test]
fn a_wiring_that_leads_nowhere_is_refused() {
    assert!(functional(r#"[[["x", 0, 0, {}]]]"#, r#"["d", 0, 0]"#).is_err());
    assert!(functional(r#"[[["i", 1, 0, {}]]]"#, r#"["d", 0, 0]"#).is_err());
    assert!(functional(r#"[[["i", 0, 0, {}]]]"#, r#"["d", 7, 0]"#).is_err());
    assert!(functional(r#"[[["i", 0, 0, {}]]]"#, "[]").is_err());
    assert!(parse(&"[".repeat(100_000)).is_err());
}

#[test]
fn an_output_whose_name_is_not_its_own_is_refused() {
    let nodes = r#"[[["i", 0, 0, {}]], [["i", 0, 0, {}]]]"#;
    let twice = functional(nodes, r#"[["d", 0, 0], ["d", 1, 0]]"#).unwrap();
    let found = twice.one_input_and_output(Some("d"));
    assert!(matches!(found, Err(Error::Invalid(_))), "{found:?}");
    let both = functional(nodes, r#"[["d", 1, 0], ["i", 0, 0]]"#).unwrap();
    assert_eq!(both.one_input_and_output(Some("i")), Ok(1));
}

#[test]
fn a_list_of_layers_is_the_configuration_of_a_sequential_model() {
    let dense =
        r#"{"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 4]}}"#;
    let network = parse(&format!(
        r#"{{"class_name": "Sequential", "config": [
            {{"class_name": "Sequential", "config": [{dense}]}}, {dense}]}}"#
    ))
    .unwrap();
    let names: Vec<&str> = network.layers.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["input", "layer 1", "d"]);
    let inner = network.layers[1].inner.as_ref().unwrap();
    assert_eq!(inner.layers[1].name, "d");
    for other in [
        format!(r#"{{"class_name": "Model", "config": [{dense}]}}"#),
        r#"{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": [1]}]}"#
            .to_owned(),
    ] {
        assert!(parse(&other).is_err(), "{other}");
    }
}

#[test]
fn a_version_before_2_2_stated_fewer_settings() {
    let flatten = |version: Option<&str>| {
        let text = r#"{"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Flatten", "config": {"name": "f", "trainable": true}}]}}"#;
        let network = parse_as_of(text, version).unwrap();
        network.layers[1].refused.clone().map(|why| why.reason)
    };
    assert_eq!(flatten(Some("2.1.6")), None);
    for other in [
        None,
        Some("2.2.0"),
        Some("2.2.4-tf"),
        Some("3.0.0"),
        Some("x"),
    ] {
        assert!(flatten(other).is_some(), "{other:?}");
    }
}

#[test]
fn a_sequential_model_without_an_input_gets_one() {
    let network = parse(
        r#"{"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 4]}}]}}"#,
    )
    .unwrap();
    assert_eq!(network.layers[0].class, "InputLayer");
    assert_eq!(network.outputs, [Tensor::first(1, 0)]);
}
