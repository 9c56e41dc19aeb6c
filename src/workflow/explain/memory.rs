//! What the passes of a map take of the machine's memory, told and checked before they begin.

use crate::graph::{Graph, footprint};
use crate::workflow::Error;

/// The application itself with an engine.
const BASE: u64 = 128 << 20;

/// A need from which on two open networks at once are too many.
const LARGE: u64 = 1 << 30;

/// Bytes that a run of `graph` on a batch takes at most in either engine.
///
/// Engines keep constants in part twice, in a second layout, and compute in an order of their own; the shares were
/// measured on MobileNet, MobileNetV2, EfficientNet-B0 and EfficientNet-B7 (`tests/benchmark/gradients.py memory`).
pub fn need(graph: &Graph, pictures: usize) -> u64 {
    let found = footprint(graph, pictures);
    BASE + held(graph) + found.working / 10 * 13
}

/// Bytes of [`need`] that an open session holds between runs.
pub fn held(graph: &Graph) -> u64 {
    4 * graph.constant_count() / 2 * 3
}

/// True where a network that was opened for the score should not stay open beside the gradient.
pub fn is_large(need: u64) -> bool {
    need >= LARGE
}

/// Refuses what the machine has no memory for; where it does not say how much it has, nothing is refused.
pub fn check(need: u64, available: Option<u64>) -> Result<(), Error> {
    match available {
        Some(available) if available < need => Err(Error::Memory { need, available }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::Head;
    use crate::graph::{Builder, INPUT, LOGIT, Op, TensorType};
    use crate::progress::{Cancel, Progress};
    use crate::runtime::Device;
    use crate::saliency::{Method, Recipe};
    use crate::storage::{self, Places};
    use crate::workflow::explain::{Network, Passes};
    use crate::workflow::{Class, Context};

    /// A network of few weights whose gradient keeps 100 results of 4 GB each.
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
            id: "vast".to_owned(),
            sha256: String::new(),
            graph: b.finish().unwrap(),
            head: Head::Linear,
            scale: crate::clinic::ValueScale::default(),
            black: vec![0.0; 3],
        }
    }

    #[test]
    fn what_the_machine_cannot_hold_is_told_and_refused_before_it_is_tried() {
        if storage::memory::available().is_none() {
            // Past the test harness, which keeps the words of tests that pass.
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
        assert!(!refused.hint().is_empty());
        let Error::Memory { need, .. } = refused else {
            panic!("{refused}")
        };
        assert_eq!(progress.memory(), Some(need));
        assert!(need > 100 * (4 << 30), "{need}");
    }

    #[test]
    fn nothing_is_refused_where_nothing_is_known_or_enough_is_there() {
        for (available, fits) in [(None, true), (Some(10), true), (Some(9), false)] {
            assert_eq!(check(10, available).is_ok(), fits, "{available:?}");
        }
    }
}
