//! Imports a TensorFlow checkpoint: with the configuration of its model (`model.to_json()`), or of a network that its
//! kernels identify.

use super::bundle::Bundle;
use super::layers::{OBJECT_GRAPH, Tracked};
use super::object_graph::ObjectGraph;
use super::variable_names;
use crate::keras::config::Network;
use crate::keras::files::{Bytes, ModelFiles, read_within};
use crate::keras::limits::MAX_FILE_BYTES;
use crate::keras::weights::Weights;
use crate::keras::{Error, FileKind, Form, Imported, Options, from_weights};
use crate::progress::{Cancel, Progress};

/// Maximum length of an index; EfficientNet-B7 has 0.1 MB.
const MAX_INDEX_BYTES: u64 = 64 << 20;

/// Opens the checkpoint whose files begin with this name.
///
/// # Errors
/// [`Error::FilesTooLarge`] if its data files together have more than [`MAX_FILE_BYTES`].
pub fn open(files: &dyn ModelFiles, name: &str) -> Result<Bundle<Bytes>, Error> {
    let index = files.read(&format!("{name}.index"), MAX_INDEX_BYTES)?;
    let mut left = MAX_FILE_BYTES;
    Bundle::open(index.as_ref(), |suffix| {
        read_within(files, &format!("{name}{suffix}"), &mut left)
    })
}

/// The weights of an open checkpoint, assigned to the layers of a network.
///
/// # Errors
/// [`Error::Unsupported`] if the network and the variables contradict each other.
pub fn weights<'a>(
    bundle: &'a Bundle<Bytes>,
    network: &Network,
    is_sequential: bool,
    cancel: &Cancel,
) -> Result<Weights<'a>, Error> {
    cancel.check()?;
    match graph(bundle, cancel)? {
        Some(graph) => Tracked::find(bundle, graph)?.weights(network, is_sequential, None),
        None => variable_names::weights(bundle, network),
    }
}

/// Imports an open checkpoint of a network that its kernels identify.
///
/// # Errors
/// As for every file of weights only: [`Error::Open`] with what must be given, [`Error::NotAModel`] for an unknown
/// network.
pub fn import(
    bundle: &Bundle<Bytes>,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Imported, Error> {
    cancel.check()?;
    let graph = graph(bundle, cancel)?.ok_or(Error::NotAModel(FileKind::CheckpointOfNames))?;
    let stored = Tracked::find(bundle, graph)?.stored_layers()?;
    let form = Form::Checkpoint;
    from_weights(bundle, form, stored, None, options, cancel, progress)
}

/// The graph of the objects that were saved; checkpoints of TensorFlow 1 have none.
fn graph<'a>(bundle: &'a Bundle<Bytes>, cancel: &Cancel) -> Result<Option<ObjectGraph<'a>>, Error> {
    let graph = bundle.text(OBJECT_GRAPH)?;
    graph
        .map(|bytes| ObjectGraph::parse(bytes, cancel))
        .transpose()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::table::tests::written;
    use super::*;

    /// A checkpoint in two data files, which keeps the limits under which they are read.
    struct TwoDataFiles {
        index: Bytes,
        limits: Mutex<Vec<u64>>,
    }

    impl ModelFiles for TwoDataFiles {
        fn names(&self) -> Result<&[String], Error> {
            Ok(&[])
        }

        fn length(&self, _: &str) -> Option<u64> {
            None
        }

        fn start(&self, name: &str, _: u64) -> Result<Vec<u8>, Error> {
            Err(Error::MissingFile { name: name.into() })
        }

        fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
            if name.ends_with(".index") {
                return Ok(self.index.clone());
            }
            self.limits.lock().unwrap().push(limit);
            Ok(Bytes::from(vec![0; 1000]))
        }
    }

    #[test]
    fn the_data_files_of_a_checkpoint_share_one_limit() {
        // The header states two data files; the second entry is in the second.
        let index = written(&[
            ("", b"\x08\x02"),
            ("a", b"\x08\x01"),
            ("b", b"\x08\x01\x18\x01"),
        ]);
        let files = TwoDataFiles {
            index: index.into(),
            limits: Mutex::default(),
        };
        open(&files, "model").unwrap();
        let limits = files.limits.into_inner().unwrap();
        assert_eq!(limits, [MAX_FILE_BYTES, MAX_FILE_BYTES - 1000]);
    }
}
