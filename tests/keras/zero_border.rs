//! Zero padding before max pooling, as real Keras computes it (`fixtures/keras/make_border.py`): scores in both
//! engines, the file that is written, and gradients where a window ties with the zeros.

use gantei::graph::{self, Op, onnx};
use gantei::keras::Options;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Model};
use gantei::saliency::{Method, Recipe};
use gantei::storage::Places;
use gantei::workflow::Context;
use gantei::workflow::explain::{Network, Passes};

use crate::keras_fixtures::{
    bytes, engines, folder, import, largest_difference, lines, skipped, tensor,
};

const INPUT: &str = "input_33x30_tf.npy";

/// Name of the model, and whether the zero padding remains a node of its own in the file.
const MODELS: [(&str, bool); 2] = [
    ("keras2_border_negative", true),
    ("keras2_border_relu", false),
];

fn network(name: &str) -> graph::Graph {
    let model = import(bytes(&format!("{name}.h5")), Options::default());
    model.unwrap().graph
}

fn holds(file: &[u8], word: &[u8]) -> bool {
    file.windows(word.len()).any(|w| w == word)
}

#[test]
fn both_engines_compute_what_keras_computes_at_the_border() {
    let engines = engines();
    let mut devices = vec![Device::Embedded];
    devices.extend(engines.library().map(|_| Device::Cpu));
    let x = tensor(&bytes(INPUT)).nchw_from_nhwc().unwrap();
    for (name, _) in MODELS {
        let written = onnx::to_onnx(&network(name)).unwrap();
        let expected = tensor(&bytes(&format!("{name}.expected.npy")));
        for &device in &devices {
            let cancel = Cancel::new();
            let opened = engines.open(device, Model::Bytes(&written), &cancel);
            let mut session = opened.unwrap().session;
            let inputs = [(graph::INPUT, &x)];
            let found = session.run(&inputs, &[graph::OUTPUT], &cancel).unwrap();
            let apart = largest_difference(&found[0].values, &expected.values);
            println!("{name} on {device}: {apart:.1e}");
            assert!(apart < 2e-6, "{name} on {device}: {apart:.1e}");
        }
    }
}

#[test]
fn zeros_go_into_the_pooling_where_nothing_is_below_zero_and_the_graph_comes_back() {
    for (name, stays) in MODELS {
        let network = network(name);
        let pads = |g: &graph::Graph| {
            g.nodes()
                .iter()
                .filter(|n| matches!(n.op, Op::Pad(_)))
                .count()
        };
        assert_eq!(pads(&network), 1, "{name}");
        let written = onnx::to_onnx(&network).unwrap();
        assert_eq!(holds(&written, b"zeros:Pad:"), stays, "{name}");
        let back = onnx::from_onnx(&written).unwrap();
        assert_eq!(lines(&back), lines(&network), "{name}");
        assert_eq!(onnx::to_onnx(&back).unwrap(), written, "{name}");
    }
}

/// In TensorFlow the first of equal values receives the gradient, and that may be one of the zeros.
#[test]
fn slopes_at_ties_with_the_zeros_are_those_of_gradient_tape() {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(home.path()));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let file = folder().join("keras2_border_relu.h5");
    let network = Network::of(&ctx, file.to_str().unwrap(), &cancel, &progress).unwrap();
    let mut recipe = Recipe::of(Method::GradCam);
    recipe.layer = Some("tied".to_owned());
    let mut x = tensor(&bytes(INPUT)).nchw_from_nhwc().unwrap();
    x.values.truncate(x.values.len() / 2);
    x.shape[0] = 1;
    let desired = tensor(&bytes("keras2_border_relu.tied_gradcam.npy"));
    let mut devices = vec![Device::Embedded];
    match ctx.engines().library() {
        Some(_) => devices.push(Device::Cpu),
        None => skipped("no library of ONNX Runtime was found"),
    }
    let largest = desired.values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    for device in devices {
        let passes = Passes::open(&ctx, &network, &recipe, device, &cancel, &progress);
        let found = passes.unwrap().explain(&x, &cancel, &progress, &mut |_| {});
        let found = found.unwrap().tensor;
        assert_eq!(found.shape, desired.shape);
        let apart = largest_difference(&found.values, &desired.values) / largest;
        println!("tied layer on {device}: {apart:.1e} of the largest");
        assert!(apart < 1e-4, "{device}: {apart:.1e}");
    }
}

/// A process loads the library once; whoever comes after everyone else has let go of it still gets it.
#[test]
fn a_library_that_nobody_holds_is_shared_again() {
    for _ in 0..2 {
        drop(engines());
    }
}
