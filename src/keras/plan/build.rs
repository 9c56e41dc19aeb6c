//! Builds a plan layer by layer, each after the current end unless stated otherwise.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::keras::config::{Layer, Network, Tensor};

/// Index of a layer in the plan.
pub type LayerIndex = usize;

/// A network under construction.
pub struct Plan {
    pub layers: Vec<Layer>,
    /// Height, width and channels of every layer's result.
    shapes: Vec<[usize; 3]>,
    /// Number of layers of each kind that were named by number.
    numbered: HashMap<&'static str, usize>,
    /// The layer at the end.
    pub end: LayerIndex,
}

/// Padding of a window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pad {
    Same,
    Valid,
}

impl Pad {
    fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Valid => "valid",
        }
    }

    fn size(self, size: usize, kernel: usize, stride: usize) -> usize {
        match self {
            Self::Same => size.div_ceil(stride),
            Self::Valid => (size + 1).saturating_sub(kernel).div_ceil(stride),
        }
    }
}

/// A convolution, by default without bias and activation.
#[derive(Clone, Copy)]
pub struct ConvPlan {
    pub kernel: [usize; 2],
    pub stride: usize,
    pub pad: Pad,
    pub bias: bool,
    pub activation: &'static str,
}

impl ConvPlan {
    pub fn new(kernel: usize, stride: usize, pad: Pad) -> Self {
        Self::of([kernel, kernel], stride, pad)
    }

    pub fn of(kernel: [usize; 2], stride: usize, pad: Pad) -> Self {
        Self {
            kernel,
            stride,
            pad,
            bias: false,
            activation: "linear",
        }
    }

    pub fn with_bias(self, activation: &'static str) -> Self {
        Self {
            bias: true,
            activation,
            ..self
        }
    }

    fn settings(self) -> serde_json::Map<String, Value> {
        let settings = json!({
            "kernel_size": self.kernel,
            "strides": [self.stride, self.stride],
            "padding": self.pad.word(),
            "use_bias": self.bias,
            "activation": self.activation,
        });
        match settings {
            Value::Object(map) => map,
            _ => serde_json::Map::new(),
        }
    }

    fn shape(self, [height, width, _]: [usize; 3], channels: usize) -> [usize; 3] {
        let along = |size, axis: usize| self.pad.size(size, self.kernel[axis], self.stride);
        [along(height, 0), along(width, 1), channels]
    }
}

impl Plan {
    /// A plan with an input of this height and width.
    pub fn new([height, width]: [usize; 2]) -> Self {
        let input = Layer {
            name: "input_1".into(),
            class: "InputLayer".into(),
            settings: json!({ "batch_shape": [null, height, width, 3] }),
            calls: vec![Vec::new()],
            inner: None,
            trainable: true,
            refused: None,
            operation: None,
            keras: None,
        };
        Self {
            layers: vec![input],
            shapes: vec![[height, width, 3]],
            numbered: HashMap::new(),
            end: 0,
        }
    }

    pub fn finish(self) -> Network {
        let tensor = |layer| vec![Tensor::first(layer, 0)];
        Network {
            inputs: tensor(0),
            outputs: tensor(self.end),
            layers: self.layers,
        }
    }

    /// Height, width and channels at the end.
    pub fn shape(&self) -> [usize; 3] {
        self.shapes[self.end]
    }

    /// The name that Keras gives the next layer of a kind: `conv2d`, `conv2d_1` and so on.
    fn next_name(&mut self, kind: &'static str) -> String {
        let number = self.numbered.entry(kind).or_default();
        *number += 1;
        match *number {
            1 => kind.to_owned(),
            n => format!("{kind}_{}", n - 1),
        }
    }

    /// Adds a layer after others and makes it the end.
    pub fn add(
        &mut self,
        class: &str,
        name: String,
        settings: Value,
        behind: &[LayerIndex],
        shape: [usize; 3],
    ) -> LayerIndex {
        let tensor = |&layer: &LayerIndex| Tensor::first(layer, 0);
        self.layers.push(Layer {
            name,
            class: class.into(),
            settings,
            calls: vec![behind.iter().map(tensor).collect()],
            inner: None,
            trainable: true,
            refused: None,
            operation: None,
            keras: None,
        });
        self.shapes.push(shape);
        self.end = self.layers.len() - 1;
        self.end
    }

    fn behind_end(&mut self, class: &str, name: String, settings: Value, shape: [usize; 3]) {
        self.add(class, name, settings, &[self.end], shape);
    }

    /// Conv2D; numbered if `name` is empty.
    pub fn conv(&mut self, name: &str, filters: usize, conv: ConvPlan) {
        let name = self.named(name, "conv2d");
        let mut settings = conv.settings();
        settings.insert("filters".into(), filters.into());
        let shape = conv.shape(self.shape(), filters);
        self.behind_end("Conv2D", name, settings.into(), shape);
    }

    pub fn depthwise(&mut self, name: &str, conv: ConvPlan) {
        let shape = conv.shape(self.shape(), self.shape()[2]);
        self.behind_end(
            "DepthwiseConv2D",
            name.to_owned(),
            conv.settings().into(),
            shape,
        );
    }

    /// SeparableConv2D, 3 × 3, `same`, without bias.
    pub fn separable(&mut self, name: &str, filters: usize) {
        let conv = ConvPlan::new(3, 1, Pad::Same);
        let mut settings = conv.settings();
        settings.insert("filters".into(), filters.into());
        let shape = conv.shape(self.shape(), filters);
        self.behind_end("SeparableConv2D", name.to_owned(), settings.into(), shape);
    }

    /// BatchNormalization; numbered if `name` is empty.
    pub fn norm(&mut self, name: &str, epsilon: f64, scale: bool) {
        let name = self.named(name, "batch_normalization");
        let settings = json!({ "epsilon": epsilon, "scale": scale, "center": true, "axis": [3] });
        self.behind_end("BatchNormalization", name, settings, self.shape());
    }

    /// Activation; numbered if `name` is empty.
    pub fn activation(&mut self, name: &str, kind: &str) {
        let name = self.named(name, "activation");
        let settings = json!({ "activation": kind });
        self.behind_end("Activation", name, settings, self.shape());
    }

    /// ReLU capped at 6.
    pub fn relu6(&mut self, name: &str) {
        let settings = json!({ "max_value": 6.0 });
        self.behind_end("ReLU", name.to_owned(), settings, self.shape());
    }

    /// ZeroPadding2D; numbered if `name` is empty.
    pub fn zeros(&mut self, name: &str, [[top, bottom], [left, right]]: [[usize; 2]; 2]) {
        let name = self.named(name, "zero_padding2d");
        let [height, width, channels] = self.shape();
        let settings = json!({ "padding": [[top, bottom], [left, right]] });
        let shape = [height + top + bottom, width + left + right, channels];
        self.behind_end("ZeroPadding2D", name, settings, shape);
    }

    /// The zeros that Keras adds before a strided convolution with this kernel; they depend on whether a size is even.
    pub fn zeros_before_stride(&mut self, name: &str, kernel: usize) {
        let [height, width, _] = self.shape();
        let half = kernel / 2;
        let pads = |size: usize| [half - (1 - size % 2), half];
        self.zeros(name, [pads(height), pads(width)]);
    }

    /// MaxPooling2D, 3 × 3, stride 2; numbered if `name` is empty.
    pub fn max_pool(&mut self, name: &str, pad: Pad) {
        let name = self.named(name, "max_pooling2d");
        self.pool("MaxPooling2D", name, 3, 2, pad);
    }

    /// AveragePooling2D; numbered if `name` is empty.
    pub fn average_pool(&mut self, name: &str, kernel: usize, stride: usize, pad: Pad) {
        let name = self.named(name, "average_pooling2d");
        self.pool("AveragePooling2D", name, kernel, stride, pad);
    }

    fn pool(&mut self, class: &str, name: String, kernel: usize, stride: usize, pad: Pad) {
        let settings = json!({ "pool_size": [kernel, kernel], "strides": [stride, stride], "padding": pad.word() });
        let shape = ConvPlan::new(kernel, stride, pad).shape(self.shape(), self.shape()[2]);
        self.behind_end(class, name, settings, shape);
    }

    pub fn global_average(&mut self, name: &str) {
        let shape = [1, 1, self.shape()[2]];
        self.behind_end("GlobalAveragePooling2D", name.to_owned(), json!({}), shape);
    }

    pub fn reshape(&mut self, name: &str, target: &[usize]) {
        let shape = [1, 1, self.shape()[2]];
        let settings = json!({ "target_shape": target });
        self.behind_end("Reshape", name.to_owned(), settings, shape);
    }

    pub fn dropout(&mut self, name: &str) {
        self.behind_end("Dropout", name.to_owned(), json!({}), self.shape());
    }

    /// Concatenate along the channels; numbered if `name` is empty.
    pub fn concatenate(&mut self, name: &str, branches: &[LayerIndex]) {
        let name = self.named(name, "concatenate");
        let channels = branches.iter().map(|&at| self.shapes[at][2]).sum();
        let first = branches.first().map_or([0; 3], |&at| self.shapes[at]);
        let shape = [first[0], first[1], channels];
        self.add("Concatenate", name, json!({ "axis": 3 }), branches, shape);
    }

    /// Add; numbered if `name` is empty.
    pub fn sum(&mut self, name: &str, a: LayerIndex, b: LayerIndex) {
        let name = self.named(name, "add");
        self.add("Add", name, json!({}), &[a, b], self.shapes[a]);
    }

    pub fn product(&mut self, name: &str, a: LayerIndex, b: LayerIndex) {
        self.add(
            "Multiply",
            name.to_owned(),
            json!({}),
            &[a, b],
            self.shapes[a],
        );
    }

    /// a + scale · b
    pub fn add_scaled(&mut self, scale: f64, a: LayerIndex, b: LayerIndex) {
        let name = self.named("", "custom_scale_layer");
        let settings = json!({ "scale": scale });
        self.add("CustomScaleLayer", name, settings, &[a, b], self.shapes[a]);
    }

    /// x · scale, with one number or one per channel.
    pub fn rescaling(&mut self, scale: Value) {
        let name = self.named("", "rescaling");
        let settings = json!({ "scale": scale, "offset": 0.0 });
        self.behind_end("Rescaling", name, settings, self.shape());
    }

    /// Normalization whose mean and variance are weights.
    pub fn normalization(&mut self) {
        let name = self.named("", "normalization");
        let settings = json!({ "axis": [3], "invert": false, "mean": null, "variance": null });
        self.behind_end("Normalization", name, settings, self.shape());
    }

    fn named(&mut self, name: &str, kind: &'static str) -> String {
        if name.is_empty() {
            self.next_name(kind)
        } else {
            name.to_owned()
        }
    }
}
