//! Networks that are written out as configurations.

mod calls;
mod gradients;
mod operations;
mod view;

use super::{Lowered, lower};
use crate::keras::archive::Array;
use crate::keras::weights::{Source, Weights};
use crate::keras::{Error, Options, config};
use crate::progress::{Cancel, Progress};

struct NoWeights;

impl Source for NoWeights {
    fn read(&self, path: &str) -> Result<Array, Error> {
        Err(Error::invalid(path))
    }
}

const INPUT: &str = r#"{"class_name": "InputLayer", "name": "i",
    "config": {"batch_shape": [null, 4, 4, 3], "dtype": "DTYPE"}, "inbound_nodes": []}"#;

/// A network of an input `i` of this type and these layers, with the layer `end` as output.
fn functional(dtype: &str, layers: &[&str]) -> String {
    let input = INPUT.replace("DTYPE", dtype);
    let layers = [&[input.as_str()], layers].concat().join(",");
    format!(
        r#"{{"class_name": "Functional", "name": "inner", "config": {{"name": "inner", "layers": [{layers}],
            "input_layers": [["i", 0, 0]], "output_layers": [["end", 0, 0]]}}, "inbound_nodes": NODES}}"#
    )
}

fn lowered(model: &str, options: &Options) -> Result<Lowered, Error> {
    let network = config::parse(&model.replace("NODES", "[]"))?;
    let weights = Weights::empty(&NoWeights);
    let (cancel, progress) = (Cancel::new(), Progress::new());
    lower(&network, &weights, options, None, &cancel, &progress)
}

/// The layers that are refused, with the reasons.
fn refused(model: &str) -> Vec<(String, String)> {
    match lowered(model, &Options::default()) {
        Err(Error::Unsupported(layers)) => {
            let named = layers.into_iter().map(|l| (l.layer, l.reason));
            named.collect()
        }
        other => panic!("{:?}", other.err()),
    }
}

fn pair(name: &str, reason: &str) -> (String, String) {
    (name.to_owned(), reason.to_owned())
}
