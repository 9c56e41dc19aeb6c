//! Nothing in a Keras file is ignored: what Gantei does not compute is refused, never computed differently.
//!
//! Every file was written by real Keras. In the renamed ones the names of the weights were changed afterwards, which
//! Keras ignores.

use gantei::keras::{Error, Options};

use crate::keras_fixtures::{assert_answers, bytes, engines, import, tensor};

/// Largest difference of a probability.
const TOLERANCE: f32 = 2e-5;

fn file(name: &str) -> Vec<u8> {
    bytes(&format!("strict/{name}"))
}

/// The layers for which a file is refused, with the reasons.
fn refused(name: &str) -> Vec<(String, String)> {
    match import(file(name), Options::default()) {
        Err(Error::Unsupported(layers)) => layers
            .into_iter()
            .map(|layer| (layer.layer, layer.reason))
            .collect(),
        Err(other) => panic!("{name}: {other}"),
        Ok(_) => panic!("{name} must be refused"),
    }
}

/// Asserts the layer and a word of the reason.
fn assert_refused(name: &str, layer: &str, word: &str) {
    let refused = refused(name);
    let found = refused.iter().any(|(l, r)| l == layer && r.contains(word));
    assert!(found, "{name}: {refused:?}");
}

/// Compares with Keras in every available engine.
fn assert_within(folder: &str, name: &str) {
    let model = import(file(&format!("{folder}/{name}")), Options::default()).unwrap();
    let x = tensor(&file(&format!("{folder}/input.npy")));
    let x = x.nchw_from_nhwc().unwrap();
    let y = tensor(&file(&format!("{folder}/expected.npy")));
    let name = format!("{folder}/{name}");
    assert_answers(&engines(), &name, &model.graph, &x, &y, TOLERANCE);
}

#[test]
fn a_class_that_somebody_registered_is_not_that_of_keras() {
    for name in ["own_rescaling/m.h5", "own_rescaling/m.keras"] {
        assert_refused(name, "rescaling_35", "Hospital>Rescaling");
    }
}

#[test]
fn a_norm_that_is_called_as_in_training_is_refused() {
    let name = "batchnorm_training_true/m.h5";
    assert_refused(name, "always_training", "training=True");
}

#[test]
fn weights_that_no_layer_reads_are_refused_and_merged_ones_are_read() {
    assert_refused("lora_h5/m.h5", "hidden", "LoRA weights");
    assert_within("lora_h5", "m.keras");
}

#[test]
fn weights_are_taken_in_the_order_of_keras_and_a_contradicting_name_is_refused() {
    assert_within("tf1_suffixes", "renamed.h5");
    for name in ["shifted/renamed.h5", "cycled/renamed.h5"] {
        assert_refused(name, "inner", "contradict");
    }
}

#[test]
fn a_class_of_somebodys_own_under_a_name_of_keras_is_told_by_what_it_states() {
    assert_refused("made/own_softmax.h5", "own", "always states its axis");
    assert_refused("made/own_dropout.h5", "own", "factor");
    assert_refused(
        "made/own_swish.h5",
        "own",
        "this class of layer is not supported",
    );
    assert_refused("made/own_activation.keras", "own", "Hospital>swish");
}

#[test]
fn faults_that_only_shapes_show_are_listed_with_all_others() {
    let layers: Vec<String> = refused("made/many_faults.h5")
        .into_iter()
        .map(|(layer, _)| layer)
        .collect();
    assert_eq!(layers, ["rows", "columns"]);
}

#[test]
fn dropout_and_nested_models_called_as_in_training_are_refused() {
    assert_refused("made/base_in_training.h5", "base", "training=True");
    assert_refused("made/dropout_in_training.h5", "drop", "training=True");
}
