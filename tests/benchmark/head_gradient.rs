//! Grad-CAM at the last feature map: the head's own gradient in float64 compared with the gradient graph of the head.
//!
//!     cargo bench --bench head_gradient
//!
//! For both demonstration models and each device that works on this machine: the time to prepare each (once per opened
//! model), the time of one gradient and of one forward pass, and the difference of the two maps. The gradient graph needs
//! a session of its own and computes in float32.

use std::fs;
use std::time::{Duration, Instant};

use gantei::domain::{Tensor, ValueScale};
use gantei::graph::gradient::{SEED, differentiate, gradient_name};
use gantei::graph::{self, Graph, onnx};
use gantei::keras;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Engines, Model, Session};
use gantei::saliency::{HeadFunction, Target};
use gantei::storage::{Places, runtime_library};

const TIMES: usize = 21;

fn main() {
    let found = Places::of_this_user().map(|places| runtime_library::find(&places, None));
    let engines = Engines::discover(&found.unwrap_or_default(), 2);
    println!(
        "model, device: forward pass; head in float64: prepared, gradient; gradient graph: prepared, gradient; difference of the weights"
    );
    for model in ["demo-mobilenet", "demo-efficientnet-b0"] {
        let file = format!("{}/models/demo/{model}.h5", env!("CARGO_MANIFEST_DIR"));
        let bytes = fs::read(file).expect("the demonstration models are in the repository");
        let imported = keras::import(&bytes, &Cancel::new(), &Progress::new()).expect("it opens");
        let target = Target::of(imported.head, ValueScale::default());
        for device in [Device::Embedded, Device::Cpu] {
            if device == Device::Cpu && engines.library().is_none() {
                println!("{model}, {device}: skipped, no library of ONNX Runtime was found");
                continue;
            }
            measure(model, &imported.graph, target, &engines, device);
        }
    }
}

fn measure(model: &str, network: &Graph, target: Target, engines: &Engines, device: Device) {
    let mut whole = open(engines, device, network);
    let input = network.value(network.inputs()[0]);
    let shape = [1, 3, 224, 224];
    let x = Tensor::new(shape.to_vec(), vec![0.25; shape.iter().product()]).expect("it fits");
    let run = |session: &mut dyn Session, inputs: &[(&str, &Tensor)], outputs: &[&str]| {
        session
            .run(inputs, outputs, &Cancel::new())
            .expect("it runs")
    };
    let name = input.name.as_str();
    let features = run(whole.as_mut(), &[(name, &x)], &[graph::FEATURES]).remove(0);
    let forward = median(|| drop(run(whole.as_mut(), &[(name, &x)], &[graph::LOGIT])));

    // The sum over the map divided by its cells, per channel.
    let cells = features.shape[2] * features.shape[3];
    let pooled: Vec<f64> = (features.values.chunks(cells))
        .map(|map| map.iter().map(|v| f64::from(*v)).sum::<f64>() / cells as f64)
        .collect();
    let prepared = median(|| drop(HeadFunction::from_graph(network)));
    let head = HeadFunction::from_graph(network).expect("it has a head");
    let gradient = median(|| drop(head.gradient(&pooled, target)));
    let weights = head.gradient(&pooled, target).expect("it has a gradient");

    let ends = [graph::FEATURES, graph::LOGIT].map(|end| network.output(end).expect("an output"));
    let rest = graph::subgraph(network, ends[0], ends[1]).expect("there is a head");
    let entry = rest.value(rest.inputs()[0]).name.clone();
    let open_gradient = || {
        let longer = differentiate(&rest, graph::LOGIT, &[&entry]).expect("it has a gradient");
        open(engines, device, &longer)
    };
    let graph_prepared = median(|| drop(open_gradient()));
    let mut session = open_gradient();
    let units = network.ty(ends[1]).elements().unwrap_or(1);
    let seed = target.seed(1, units).expect("it has a seed");
    let gradient_of = gradient_name(&entry);
    let mut by_graph = || {
        let inputs: [(&str, &Tensor); 2] = [(&entry, &features), (SEED, &seed)];
        run(session.as_mut(), &inputs, &[&gradient_of]).remove(0)
    };
    let graph_gradient = median(|| drop(by_graph()));
    let slopes = by_graph();
    let largest = weights.iter().fold(0.0_f64, |a, w| a.max(w.abs()));
    let pairs = weights.iter().zip(slopes.values.chunks(cells));
    let difference = pairs
        .map(|(w, slope)| (w - f64::from(slope[0]) * cells as f64).abs())
        .fold(0.0, f64::max);
    println!(
        "{model}, {device}: {forward:.1?}; {prepared:.1?}, {gradient:.1?}; {graph_prepared:.1?}, {graph_gradient:.1?}; {:.1e}",
        difference / largest
    );
}

fn open(engines: &Engines, device: Device, graph: &Graph) -> Box<dyn Session> {
    let written = onnx::to_onnx(graph).expect("it can be written");
    let opened = engines.open(device, Model::Bytes(&written), &Cancel::new());
    opened.expect("it opens").session
}

fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2]
}
