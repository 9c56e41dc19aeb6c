//! Gradient graphs in the engines: against finite differences of the engine's own logit, and against the
//! gradient of the head alone.

use gantei::domain::{Tensor, ValueScale};
use gantei::export::npy;
use gantei::graph::gradient::{SEED, differentiate, gradient_name};
use gantei::graph::{self, Graph, onnx};
use gantei::keras;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Engines, Model, Session};
use gantei::saliency::{Method, Target, class_activation_maps, stage, stages};
use gantei::storage::{Places, runtime_library};
use serde::Deserialize;

use crate::keras_fixtures::{bytes, largest_difference, skipped};

/// Largest difference between Grad-CAM by the whole network's gradient and by that of the head alone, as a share of the largest cell.
const SAME_MAP: f32 = 1e-4;
/// Relative difference between a directional derivative and the engine's own finite differences, which are float32.
const SLOPE: f64 = 2e-3;

#[derive(Deserialize)]
struct Row {
    file: String,
    input: String,
}

fn fixtures() -> Vec<Row> {
    let lists = ["keras2.json", "keras3.json"];
    let rows = lists.map(|list| serde_json::from_slice::<Vec<Row>>(&bytes(list)).unwrap());
    rows.into_iter().flatten().collect()
}

/// The network as the library stores it, the kind of its head, and an input of one image.
fn network(row: &Row) -> (Graph, Target, Tensor) {
    let model = keras::import(&bytes(&row.file), &Cancel::new(), &Progress::new()).unwrap();
    let written = onnx::to_onnx(&model.graph).unwrap();
    let mut x = npy::read_floats(&bytes(&row.input))
        .unwrap()
        .nchw_from_nhwc()
        .unwrap();
    x.values.truncate(x.values.len() / x.shape[0]);
    x.shape[0] = 1;
    (
        onnx::from_onnx(&written).unwrap(),
        Target::of(model.head, ValueScale::default()),
        x,
    )
}

fn open(engines: &Engines, device: Device, graph: &Graph) -> Box<dyn Session> {
    let written = onnx::to_onnx(graph).unwrap();
    let opened = engines.open(device, Model::Bytes(&written), &Cancel::new());
    opened.unwrap().session
}

fn run(session: &mut dyn Session, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Vec<Tensor> {
    session.run(inputs, outputs, &Cancel::new()).unwrap()
}

/// A direction whose components are of similar size.
fn direction(like: &Tensor, seed: u64) -> Tensor {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    Tensor {
        shape: like.shape.clone(),
        values: like.values.iter().map(|_| next()).collect(),
    }
}

fn moved(x: &Tensor, direction: &Tensor, by: f32) -> Tensor {
    let pairs = x.values.iter().zip(&direction.values);
    Tensor {
        shape: x.shape.clone(),
        values: pairs.map(|(x, d)| x + by * d).collect(),
    }
}

fn dot(a: &Tensor, b: &Tensor) -> f64 {
    let pairs = a.values.iter().zip(&b.values);
    pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn norm(a: &Tensor) -> f64 {
    dot(a, a).sqrt()
}

fn range(x: &Tensor) -> f32 {
    let high = x.values.iter().copied().fold(f32::MIN, f32::max);
    let low = x.values.iter().copied().fold(f32::MAX, f32::min);
    high - low
}

/// Largest difference between derivative and finite differences over a few directions, relative to the mean largest
/// value for a direction of that length. The best of several step sizes counts: long steps include curvature, short
/// ones drown in rounding.
fn worst_slope(value: &mut dyn FnMut(&Tensor) -> f64, at: &Tensor, gradient: &Tensor) -> f64 {
    let mut worst = 0.0_f64;
    for seed in 1..=3 {
        // Half along the gradient, so that the derivative is large, half random.
        let random = direction(at, seed);
        let scale = (norm(&random) / norm(gradient).max(1e-30)) as f32;
        let way = moved(&random, gradient, scale);
        let slope = dot(gradient, &way);
        let best = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4]
            .into_iter()
            .map(|share| {
                let step = share * range(at);
                let above = value(&moved(at, &way, step));
                let below = value(&moved(at, &way, -step));
                (slope - (above - below) / (2.0 * f64::from(step))).abs() / slope.abs()
            })
            .fold(f64::INFINITY, f64::min);
        worst = worst.max(best);
    }
    worst
}

#[test]
fn gradients_agree_with_the_engines_own_differences() {
    let engines = Engines::embedded_only();
    let device = Device::Embedded;
    // An untrained MobileNet has a ReLU6 kink within every step that float32 can resolve. Its derivatives are tested in
    // float64 in `graph::gradient`.
    let smooth = |row: &Row| row.file.contains("efficientnet");
    for row in fixtures().into_iter().filter(smooth) {
        let (network, target, x) = network(&row);
        let logit = network.output(graph::LOGIT).unwrap();
        let units = network.ty(logit).elements().unwrap();
        let seed = target.seed(1, units).unwrap();
        let all = stages(&network);
        let middle = &all[all.len() / 2];
        let desired = [graph::INPUT, middle.tensor()];
        let longer = differentiate(&network, graph::LOGIT, &desired).unwrap();
        let mut session = open(&engines, device, &longer);
        let names = [
            gradient_name(graph::INPUT),
            middle.tensor().to_owned(),
            gradient_name(middle.tensor()),
        ];
        let found = run(
            session.as_mut(),
            &[(graph::INPUT, &x), (SEED, &seed)],
            &names.each_ref().map(String::as_str),
        );
        let mut forward = open(&engines, device, &network);
        let mut of_input = |x: &Tensor| {
            let z = run(forward.as_mut(), &[(graph::INPUT, x)], &[graph::LOGIT]);
            target.value(&z[0].values).unwrap()
        };
        let at_input = worst_slope(&mut of_input, &x, &found[0]);

        let value = network
            .output(middle.tensor())
            .or_else(|| network.value_named(middle.tensor()));
        let rest = graph::subgraph(&network, value.unwrap(), logit).unwrap();
        let input = rest.value(rest.inputs()[0]).name.clone();
        let mut rest = open(&engines, device, &rest);
        let mut of_middle = |a: &Tensor| {
            let z = run(rest.as_mut(), &[(&input, a)], &[graph::LOGIT]);
            target.value(&z[0].values).unwrap()
        };
        let at_middle = worst_slope(&mut of_middle, &found[1], &found[2]);
        println!(
            "{}: input {at_input:.1e}, {} {at_middle:.1e}",
            row.file, middle.layer
        );
        assert!(at_input < SLOPE && at_middle < SLOPE, "{}", row.file);
    }
}

#[test]
fn the_gradient_of_the_head_alone_gives_the_same_grad_cam() {
    let engines = Engines::embedded_only();
    for row in fixtures() {
        let worst = last_map_difference(&engines, Device::Embedded, &row);
        println!("{}: {worst:.1e} of the largest cell", row.file);
        assert!(worst <= SAME_MAP, "{}: {worst}", row.file);
    }
}

#[test]
fn onnx_runtime_gives_the_same_gradients() {
    let found = Places::of_this_user().map(|places| runtime_library::find(&places, None));
    let engines = Engines::discover(&found.unwrap_or_default(), 2);
    if engines.library().is_none() {
        skipped("no library of ONNX Runtime was found");
        return;
    }
    for row in fixtures() {
        let worst = last_map_difference(&engines, Device::Cpu, &row);
        assert!(worst <= SAME_MAP, "{}: {worst}", row.file);
        let (network, target, x) = network(&row);
        let longer = differentiate(&network, graph::LOGIT, &[graph::INPUT]).unwrap();
        let units = network.ty(network.output(graph::LOGIT).unwrap()).elements();
        let seed = target.seed(1, units.unwrap()).unwrap();
        let of = |device| {
            let mut session = open(&engines, device, &longer);
            let inputs = [(graph::INPUT, &x), (SEED, &seed)];
            run(session.as_mut(), &inputs, &["gradient:x"]).remove(0)
        };
        let (ours, theirs) = (of(Device::Embedded), of(Device::Cpu));
        let difference = norm(&moved(&ours, &theirs, -1.0)) / norm(&theirs);
        println!(
            "{}: map {worst:.1e}, input gradient {difference:.1e}",
            row.file
        );
        assert!(difference < 1e-2, "{}: {difference}", row.file);
    }
}

/// Grad-CAM by the gradient of the whole network against that of the head alone, as a share of the largest cell.
fn last_map_difference(engines: &Engines, device: Device, row: &Row) -> f32 {
    let (network, target, x) = network(row);
    let units = network.ty(network.output(graph::LOGIT).unwrap()).elements();
    let seed = target.seed(1, units.unwrap()).unwrap();
    let longer = differentiate(&network, graph::LOGIT, &[graph::FEATURES]).unwrap();
    let found = run(
        open(engines, device, &longer).as_mut(),
        &[(graph::INPUT, &x), (SEED, &seed)],
        &[graph::FEATURES, &gradient_name(graph::FEATURES)],
    );
    let features = network.output(graph::FEATURES).unwrap();
    let logit = network.output(graph::LOGIT).unwrap();
    let layer = &network.value(features).name;
    assert_eq!(stage(&network, layer).unwrap().tensor(), graph::FEATURES);
    // The head alone, as in the Grad-CAM of every run.
    let head = graph::subgraph(&network, features, logit).unwrap();
    let head = differentiate(&head, graph::LOGIT, &[graph::FEATURES]).unwrap();
    let of_head = run(
        open(engines, Device::Embedded, &head).as_mut(),
        &[(layer, &found[0]), (SEED, &seed)],
        &[&gradient_name(graph::FEATURES)],
    );
    let map = |gradient| {
        class_activation_maps(Method::GradCam, &found[0], gradient, layer, target)
            .unwrap()
            .remove(0)
    };
    let (by_head, by_gradient) = (map(&of_head[0]), map(&found[1]));
    let difference = largest_difference(by_head.grid.values(), by_gradient.grid.values());
    let largest = by_head
        .grid
        .values()
        .iter()
        .fold(0.0_f32, |m, v| m.max(v.abs()));
    assert!(largest > 0.0);
    difference / largest
}
