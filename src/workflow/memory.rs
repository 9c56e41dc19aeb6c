//! The memory needed to read a model and run a network, estimated and checked in advance.

use super::Error;
use crate::domain::Operation;
use crate::graph::{Footprint, Graph, footprint, onnx};
use crate::storage::library::ModelFolder;
use crate::storage::memory::available;

/// The application itself with an engine.
const BASE: u64 = 128 << 20;

/// Least memory that a new process must find: with less even an error message may fail.
const LEAST: u64 = 96 << 20;

/// A need from which on two open networks at once are too many.
const LARGE: u64 = 1 << 30;

/// Upper limit of the bytes that a run of `graph` on a batch takes in either engine.
///
/// Engines keep some constants twice, in a second layout, and compute in their own order; the shares were measured on
/// MobileNet, MobileNetV2, EfficientNet-B0 and EfficientNet-B7 (`tests/benchmark/gradients.py memory`).
pub fn need(graph: &Graph, pictures: usize) -> u64 {
    need_of(footprint(graph, pictures))
}

fn need_of(found: Footprint) -> u64 {
    let constants = (found.constants / 2).saturating_mul(3);
    working(found)
        .saturating_add(constants)
        .saturating_add(BASE)
}

/// Bytes per picture.
fn working(found: Footprint) -> u64 {
    (found.working / 10).saturating_mul(13)
}

/// The need of one picture in a run through a whole network.
pub fn forward(graph: &Graph) -> Footprint {
    footprint(graph, 1)
}

/// The need of running a stored network; zero if it cannot be read, which the engine will report.
///
/// # Errors
/// A stored figure that was altered.
pub fn of_model_folder(model_folder: &ModelFolder) -> Result<Footprint, Error> {
    if let Some(known) = model_folder.footprint()? {
        return Ok(known);
    }
    let network = model_folder.onnx().ok();
    let graph = network.and_then(|bytes| onnx::from_onnx(&bytes).ok());
    let found = graph.map(|graph| forward(&graph));
    if let Some(found) = found {
        model_folder.note_footprint(found);
    }
    Ok(found.unwrap_or_default())
}

/// Refuses to start if there is too little memory for anything.
pub fn check_start() -> Result<(), Error> {
    check(Operation::Start, LEAST, available())
}

/// Refuses a network if there is too little memory to run it on one picture; see [`forward`].
pub fn check_forward(found: Footprint) -> Result<(), Error> {
    check(Operation::Network, need_of(found), available())
}

/// Number of pictures that can be run at once, at least one.
pub fn pictures_at_once(found: Footprint, desired: usize) -> usize {
    let Some(available) = available() else {
        return desired;
    };
    let left = available.saturating_sub(need_of(found));
    let each = working(found).max(1);
    desired.min(1 + usize::try_from(left / each).unwrap_or(usize::MAX - 1))
}

/// Refuses a file of this size if there is too little memory to read it.
///
/// A model file, its weights as a graph and the network as written are in memory together for a while; so are a file of
/// numbers, its tensor and the tensor in the order of the network.
pub fn check_file(bytes: u64) -> Result<(), Error> {
    check(Operation::Reading, BASE + 3 * bytes, available())
}

/// Bytes of the largest file for which there is enough memory, see [`check_file`].
pub fn room_for_file() -> u64 {
    available().map_or(u64::MAX, |available| available.saturating_sub(BASE) / 3)
}

/// Bytes of [`need`] that an open session holds between runs.
pub fn held(graph: &Graph) -> u64 {
    4 * graph.constant_count() / 2 * 3
}

/// True if a network that was opened for the score should not stay open together with the gradient.
pub fn is_large(need: u64) -> bool {
    need >= LARGE
}

/// Refuses what exceeds the available memory; if the system does not report that, nothing is refused.
pub fn check(work: Operation, need: u64, available: Option<u64>) -> Result<(), Error> {
    match available {
        Some(available) if available < need => Err(Error::Memory {
            work,
            need,
            available,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Head;
    use crate::graph::{Builder, INPUT, LOGIT, Op, TensorType};
    use crate::progress::{Cancel, Progress};
    use crate::runtime::Device;
    use crate::saliency::{Method, Recipe};
    use crate::storage::{self, Places};
    use crate::workflow::engine_check::NetworkUnderTest;
    use crate::workflow::explain::{Network, Passes};
    use crate::workflow::{Class, Context};

    /// A network with few weights whose gradient keeps 100 results of 4 GB each.
    fn vast() -> Network {
        let mut b = Builder::new();
        let x = b
            .input(INPUT, TensorType::batched(&[3, 4096, 4096]))
            .unwrap();
        let weights = b.constant("w", &[64, 3, 1, 1], vec![0.1; 192]).unwrap();
        let conv = crate::graph::Conv::default();
        let mut y = b.node(Op::Conv(conv), "wide", &[x, weights]).unwrap();
        for _ in 0..100 {
            y = b.node(Op::Sigmoid, "deep", &[y]).unwrap();
        }
        let y = b.node(Op::GlobalAveragePool, "gap", &[y]).unwrap();
        let y = b.node(Op::Flatten, "flat", &[y]).unwrap();
        b.output(LOGIT, y);
        Network {
            has_card: true,
            precisions: Vec::new(),
            id: "vast".to_owned(),
            sha256: String::new(),
            graph: b.finish().unwrap(),
            head: Head::Linear,
            scale: crate::domain::ValueScale::default(),
            black: vec![0.0; 3],
            subject: NetworkUnderTest::of_file(&[], [4096; 2], Head::Linear, false),
        }
    }

    #[test]
    fn what_the_machine_cannot_hold_is_told_and_refused_before_it_is_tried() {
        if storage::memory::available().is_none() {
            // Bypasses the test harness, which captures the output of tests that pass.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"skipped: the refusal for lack of memory, this system does not say how much it has\n",
            );
            return;
        }
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let mut recipe = Recipe::of(Method::InputGradient);
        recipe.target = Some(0);
        let opened = Passes::open(&ctx, &vast(), &recipe, Device::Embedded, &cancel, &progress);
        let refused = opened.err().unwrap();
        assert_eq!((refused.class(), refused.code()), (Class::Device, "memory"));
        let Error::Memory { work, need, .. } = refused else {
            panic!("{refused}")
        };
        assert_eq!(work, Operation::Map);
        assert_eq!(progress.memory(), Some(need));
        assert!(need > 100 * (4 << 30), "{need}");
    }

    #[test]
    fn nothing_is_refused_where_nothing_is_known_or_enough_is_there() {
        for (available, fits) in [(None, true), (Some(10), true), (Some(9), false)] {
            assert_eq!(
                check(Operation::Map, 10, available).is_ok(),
                fits,
                "{available:?}"
            );
        }
    }
}
