//! A model as its configuration describes it: layers, and which results each call of them reads.

use serde_json::Value;

use crate::domain::Refusal;
use crate::domain::foreign::shown;
use crate::keras::Error;
use crate::keras::kind::Operation;

/// A result of one call of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tensor {
    /// Index into [`Network::layers`].
    pub layer: usize,
    pub call: usize,
    /// Only models have more than one result.
    pub result: usize,
}

impl Tensor {
    /// The first result of a call.
    pub fn first(layer: usize, call: usize) -> Self {
        Self {
            layer,
            call,
            result: 0,
        }
    }

    /// The first result of the call of which this is a result.
    pub fn call(self) -> Self {
        Self::first(self.layer, self.call)
    }
}

/// A model: its layers and their calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub layers: Vec<Layer>,
    pub inputs: Vec<Tensor>,
    pub outputs: Vec<Tensor>,
}

impl Network {
    /// The output to use: the one of this name, or the only one.
    ///
    /// # Errors
    /// For a network that takes more than one input, or gives more than one output without one of this name, or with
    /// several.
    pub fn one_input_and_output(&self, named: Option<&str>) -> Result<usize, Error> {
        let names = |ends: &[Tensor]| -> Vec<String> {
            let name = |end: &Tensor| self.layers[end.layer].name.clone();
            ends.iter().map(name).collect()
        };
        let (inputs, outputs) = (&self.inputs[..], &self.outputs[..]);
        let all = names(outputs);
        let mut meant = (0..all.len()).filter(|&place| named == Some(all[place].as_str()));
        let place = meant.next();
        if let Some(same) = meant.next() {
            let name = shown(&all[same]);
            return Err(Error::invalid(format!("several outputs are called {name}")));
        }
        match (inputs, outputs, place) {
            ([_], _, Some(place)) => Ok(place),
            ([_], [_], None) if named.is_none() => Ok(0),
            ([_], _, None) => Err(Error::Outputs(all)),
            (inputs, ..) => Err(Error::Inputs(names(inputs))),
        }
    }
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub name: String,
    /// Class without the package under which it is registered.
    pub class: String,
    pub settings: Value,
    /// The input tensors of each call.
    pub calls: Vec<Vec<Tensor>>,
    /// The nested model, if the layer is one.
    pub inner: Option<Network>,
    /// Whether its weights are trainable, which determines where Keras stores them.
    pub trainable: bool,
    /// Why it may compute something other than Keras' own class of this name.
    pub refused: Option<Refusal>,
    /// What it computes, if it stands for a call of a function.
    pub operation: Option<Operation>,
    /// First number of the version of Keras, if the file states it.
    pub keras: Option<u32>,
}
