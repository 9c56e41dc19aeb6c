//! Opens a stored model from the graph into which ONNX Runtime optimised it earlier on this machine.
//!
//! Optimising is most of the time to open a large network: EfficientNet-B7 opens in 0.5 s instead of 1.2 s. The graph is
//! written when a model whose engine check is known is opened for the first time, and kept only if it gives the stored
//! network's output for the reference input to the bit. Its files have checksums of their own, which are compared while
//! the engine opens it, as are those of the model. If anything is wrong, the stored network is opened as if there were no
//! graph.

use super::engine_check::{self, NetworkUnderTest};
use super::stored::ChecksumGuard;
use super::{Context, Error};
use crate::domain::{Approval, Tensor};
use crate::export::npy;
use crate::graph;
use crate::jobs::Background;
use crate::progress::Cancel;
use crate::runtime::{self, Device, Engines, Model, Opened, Purpose, Session, Verdict};
use crate::storage::library::{Checksums, ModelFolder};
use crate::storage::optimised_graph::{Condition, OptimisedGraph};

/// A network of the library.
pub(super) struct Network<'a> {
    pub subject: &'a NetworkUnderTest,
    pub model_folder: &'a ModelFolder,
    pub checksums: &'a Checksums,
}

/// Opens the optimised graph, which is written first if the network has none; `None` if the stored network is to be
/// opened: for another device than the processor, before its engine check, and if something is wrong with the graph.
pub(super) fn open(
    ctx: &Context,
    network: &Network<'_>,
    device: Device,
    cancel: &Cancel,
) -> Result<Option<Opened>, Error> {
    let engines = ctx.engines();
    let is_processor = match device {
        Device::Cpu => true,
        Device::Auto => !engines.has_choice(Purpose::Forward),
        _ => false,
    };
    let verdict = engine_check::known(ctx, &engines, network.subject, Device::Cpu);
    let Some(verdict) = verdict.filter(|v| is_processor && v.ruling == Approval::Optimised) else {
        return Ok(None);
    };
    let Some(valid_for) = engines.valid_for_optimised() else {
        return Ok(None);
    };
    let sha256 = &network.subject.sha256;
    let graph = OptimisedGraph::of(&ctx.places, sha256, &valid_for);
    let _turn = ctx.turn(format!("optimise {sha256}"), cancel)?;
    if graph.condition() == Condition::Missing {
        if ctx.skips_optimising(sha256) {
            return Ok(None);
        }
        match write(&engines, network, &graph, cancel) {
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            // Such as a cache that cannot be written to: it is tried once by each process.
            Err(_) => {
                ctx.skip_optimising(sha256);
                return Ok(None);
            }
            Ok(()) => {}
        }
    }
    match read(&engines, network, &graph, device, &verdict, cancel) {
        Err(runtime::Error::Cancelled) => Err(Error::Cancelled),
        Err(_) => {
            graph.remove();
            Ok(None)
        }
        Ok(opened) => Ok(opened),
    }
}

/// Opens a graph that was written; `None` if it was found to be of no use then, or is not what was written.
fn read(
    engines: &Engines,
    network: &Network<'_>,
    graph: &OptimisedGraph,
    device: Device,
    verdict: &Verdict,
    cancel: &Cancel,
) -> Result<Option<Opened>, runtime::Error> {
    let Condition::Stored(checksums) = graph.condition() else {
        return Ok(None);
    };
    let matches = {
        let (graph, cancel) = (graph.clone(), cancel.clone());
        let (model_folder, of_model) = (network.model_folder.clone(), network.checksums.clone());
        let mark = model_folder.mark();
        Background::begin(move || {
            graph.matches(&checksums, &cancel)
                && model_folder.examine::<Error>(&of_model, &cancel).is_ok()
                && model_folder.mark() == mark
        })
    };
    let judge = |on: Device| Ok(Some(verdict.clone()).filter(|_| on == Device::Cpu));
    let (file, path) = (network.model_folder.model_path(), graph.path());
    let model = Model::Optimised {
        file: &file,
        graph: &path,
    };
    let opened = engines.open_judged(Purpose::Forward, device, model, &judge, cancel)?;
    let matches = matches.end().unwrap_or(false);
    cancel.check()?;
    match matches && opened.device == Device::Cpu {
        true => Ok(Some(opened)),
        false => Err(runtime::Error::Model(
            "its files or its optimised graph are not what was written".to_owned(),
        )),
    }
}

/// Writes the optimised graph of a network, or that it is of no use.
fn write(
    engines: &Engines,
    network: &Network<'_>,
    graph: &OptimisedGraph,
    cancel: &Cancel,
) -> Result<(), Error> {
    let file = network.model_folder.model_path();
    let input = first_picture(&network.model_folder.reference_input()?)?;
    let seal = ChecksumGuard::begin(network.model_folder, network.checksums, cancel);
    graph.write(|path| {
        let mut stored = engines.write_optimised(&file, path, cancel)?;
        seal.check()?;
        let expected = output(stored.as_mut(), &input, cancel)?;
        drop(stored);
        let model = Model::Optimised {
            file: &file,
            graph: path,
        };
        let how = Purpose::Forward.into();
        let mut optimised = engines.open_named(how, Device::Cpu, model, cancel)?;
        let found = output(optimised.as_mut(), &input, cancel)?;
        Ok(bits(&found).eq(bits(&expected)))
    })
}

/// The first picture of a reference input (NHWC), in the order of the networks (NCHW).
fn first_picture(npy: &[u8]) -> Result<Tensor, Error> {
    let all = npy::read_floats(npy).map_err(|e| Error::Tensor(e.to_string()))?;
    let [pictures, height, width, channels] = all.shape[..] else {
        return Err(Error::Tensor("the input must have four axes".to_owned()));
    };
    let values = all.values[..all.values.len() / pictures.max(1)].to_vec();
    Tensor::new(vec![1, height, width, channels], values)
        .and_then(|picture| picture.nchw_from_nhwc())
        .ok_or_else(|| Error::Tensor("the input holds no picture".to_owned()))
}

fn output(
    session: &mut dyn Session,
    input: &Tensor,
    cancel: &Cancel,
) -> Result<Vec<Tensor>, runtime::Error> {
    session.run(&[(graph::INPUT, input)], &[graph::OUTPUT], cancel)
}

fn bits(outputs: &[Tensor]) -> impl Iterator<Item = u32> {
    outputs
        .iter()
        .flat_map(|tensor| &tensor.values)
        .map(|value| value.to_bits())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::OnceLock;

    use super::*;
    use crate::progress::Progress;
    use crate::storage::{Places, runtime_library};
    use crate::workflow::demonstration::DEFAULT;
    use crate::workflow::models;

    /// A library of its own; `None`, with a skipped test, without a library of ONNX Runtime.
    struct Home {
        folder: tempfile::TempDir,
        engines: &'static Engines,
    }

    impl Home {
        fn new() -> Option<Self> {
            static ENGINES: OnceLock<Engines> = OnceLock::new();
            let engines = ENGINES.get_or_init(|| {
                let found =
                    Places::of_this_user().map(|places| runtime_library::find(&places, None));
                Engines::discover(&found.unwrap_or_default(), 2)
            });
            if engines.library().is_none() {
                crate::skip::skipped("no library of ONNX Runtime was found");
                return None;
            }
            let folder = tempfile::tempdir().unwrap();
            Some(Self { folder, engines })
        }

        /// As in a new process.
        fn context(&self) -> Context {
            let (places, engines) = (Places::below(self.folder.path()), self.engines);
            Context::with_engines(places, |_| engines.clone())
        }

        /// The output for the reference input.
        fn answer(&self) -> Vec<u32> {
            let (ctx, cancel) = (self.context(), Cancel::new());
            let mut loaded =
                models::load(&ctx, DEFAULT, Device::Cpu, &cancel, &Progress::new()).unwrap();
            let model_folder = ModelFolder::of(&ctx.places, DEFAULT).unwrap();
            let input = first_picture(&model_folder.reference_input().unwrap()).unwrap();
            let found = output(loaded.session.as_mut(), &input, &cancel).unwrap();
            bits(&found).collect()
        }

        fn graphs(&self) -> Vec<PathBuf> {
            let root = self.folder.path().join("cache/optimised");
            let entries = std::fs::read_dir(root).into_iter().flatten();
            entries.map(|entry| entry.unwrap().path()).collect()
        }
    }

    #[test]
    fn a_model_is_opened_from_its_optimised_graph_and_answers_the_same() {
        let Some(home) = Home::new() else {
            return;
        };
        let checked = home.answer();
        assert_eq!(
            home.graphs(),
            Vec::<PathBuf>::new(),
            "before the check is known"
        );
        assert_eq!(home.answer(), checked);
        let [graph] = &home.graphs()[..] else {
            panic!("{:?}", home.graphs());
        };
        let weights = graph.join("weights.bin");
        let written = weights.metadata().unwrap().modified().unwrap();
        assert_eq!(home.answer(), checked);
        assert_eq!(weights.metadata().unwrap().modified().unwrap(), written);

        // The model's own files are compared as well: a demonstration model that was altered is restored.
        let models = home.folder.path().join("models");
        let network = models.join(DEFAULT).join("model.onnx");
        let whole = std::fs::read(&network).unwrap();
        let mut altered = whole.clone();
        altered[whole.len() / 2] ^= 4;
        std::fs::write(&network, altered).unwrap();
        assert_eq!(home.answer(), checked);
        assert!(std::fs::read(&network).unwrap() == whole);
    }

    #[test]
    fn a_damaged_graph_is_deleted_and_written_again() {
        let Some(home) = Home::new() else {
            return;
        };
        let checked = home.answer();
        home.answer();
        let weights = home.graphs()[0].join("weights.bin");
        let whole = std::fs::read(&weights).unwrap();
        for damaged in [
            [
                &whole[..whole.len() / 2],
                &[whole[whole.len() / 2] ^ 64],
                &whole[whole.len() / 2 + 1..],
            ]
            .concat(),
            whole[..100].to_vec(),
            Vec::new(),
        ] {
            std::fs::write(&weights, &damaged).unwrap();
            assert_eq!(home.answer(), checked);
            assert_eq!(home.graphs(), Vec::<PathBuf>::new());
            assert_eq!(home.answer(), checked);
            assert_eq!(std::fs::read(&weights).unwrap(), whole);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_cache_that_cannot_be_written_to_changes_nothing() {
        let Some(home) = Home::new() else {
            return;
        };
        let checked = home.answer();
        std::fs::write(home.folder.path().join("cache"), b"a file in its place").unwrap();
        assert_eq!(home.answer(), checked);
    }
}
