//! Graphs into which an engine has optimised a network, in the cache: opening one saves the engine the work.
//!
//! A folder holds one graph with its weights and their checksums. It can be made again at any time, so whatever is wrong
//! with it is a reason to delete it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::library::{self, Checksums};
use super::{Error, Places, atomic, leftovers, read};
use crate::progress::Cancel;

const FOLDER: &str = "optimised";
const GRAPH: &str = "graph.onnx";
const CHECKSUMS: &str = "checksums";
/// Most bytes of the file of checksums.
const CHECKSUMS_LIMIT: u64 = 1 << 16;
/// Number of digits of a network's SHA-256 in the name of a folder.
const DIGITS: usize = 32;

/// Where the optimised graph of one network, for one engine and processor, is or would be.
#[derive(Clone, Debug)]
pub struct OptimisedGraph {
    root: PathBuf,
    network: String,
    folder: PathBuf,
}

/// What is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Missing,
    /// It was written once and found to be of no use.
    Unfit,
    /// These files, which are to be compared with their checksums.
    Stored(Checksums),
}

impl OptimisedGraph {
    /// `valid_for` names the engine and the processor: letters, digits, dots and hyphens.
    pub fn of(places: &Places, network_sha256: &str, valid_for: &str) -> Self {
        let network: String = network_sha256.chars().take(DIGITS).collect();
        let root = places.cache.join(FOLDER);
        Self {
            folder: root.join(format!("{network}-{valid_for}")),
            root,
            network,
        }
    }

    /// Path of the graph.
    pub fn path(&self) -> PathBuf {
        self.folder.join(GRAPH)
    }

    pub fn condition(&self) -> Condition {
        let text = read::file(&self.folder.join(CHECKSUMS), CHECKSUMS_LIMIT);
        match text.ok().and_then(|text| Checksums::read(&text)) {
            None => Condition::Missing,
            Some(checksums) if checksums.of(GRAPH).is_none() => Condition::Unfit,
            Some(checksums) => Condition::Stored(checksums),
        }
    }

    /// Whether every file is what was written, and did not change while it was read.
    pub fn matches(&self, checksums: &Checksums, cancel: &Cancel) -> bool {
        checksums.match_folder(&self.folder, cancel)
    }

    /// Writes the graph whole or not at all: `fill` receives the path for it and returns whether it is of use. Graphs of
    /// this network for another engine or processor are deleted.
    pub fn write<E: From<Error>>(
        &self,
        fill: impl FnOnce(&Path) -> Result<bool, E>,
    ) -> Result<(), E> {
        atomic::folder(&self.folder, |at| -> Result<(), E> {
            let checksums = match fill(&at.join(GRAPH))? {
                true => Checksums::of_folder(at),
                false => leftovers::empty(at).map(|()| Checksums::default()),
            };
            let checksums = checksums.map_err(|e| Error::Write {
                name: GRAPH.to_owned(),
                source: e.into(),
            })?;
            Ok(atomic::write(
                &at.join(CHECKSUMS),
                checksums.text().as_bytes(),
            )?)
        })?;
        self.delete_others();
        Ok(())
    }

    /// Deletes it; if that fails it is found to be wrong again next time.
    pub fn remove(&self) {
        let _ = atomic::remove_folder(&self.folder);
    }

    fn delete_others(&self) {
        for (folder, network) in folders(&self.root) {
            if network == self.network && folder != self.folder {
                let _ = atomic::remove_folder(&folder);
            }
        }
    }
}

/// Deletes leftovers of dead processes, and graphs of networks that are no longer in the library; none if the network of a
/// model cannot be told.
pub fn sweep(places: &Places) {
    let root = places.cache.join(FOLDER);
    leftovers::sweep(&root);
    let all = folders(&root);
    if all.is_empty() {
        return;
    }
    let stored = library::model_folders(places);
    let known: Option<HashSet<String>> = stored
        .iter()
        .map(|model| Some(model.known_sha256()?.chars().take(DIGITS).collect()))
        .collect();
    let Some(known) = known else {
        return;
    };
    for (folder, network) in all {
        if !known.contains(&network) {
            let _ = atomic::remove_folder(&folder);
        }
    }
}

/// The folders of graphs, each with its network.
fn folders(root: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (network, _) = name.split_once('-')?;
            let is_digest =
                network.len() == DIGITS && network.chars().all(|c| c.is_ascii_hexdigit());
            is_digest.then(|| (entry.path(), network.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn write(graph: &OptimisedGraph, fits: bool) {
        let write = |path: &Path| {
            std::fs::write(path, b"graph").unwrap();
            std::fs::write(path.with_file_name("weights.bin"), b"weights").unwrap();
            Ok::<_, Error>(fits)
        };
        graph.write(write).unwrap();
    }

    fn matches(graph: &OptimisedGraph) -> bool {
        let Condition::Stored(checksums) = graph.condition() else {
            return false;
        };
        graph.matches(&checksums, &Cancel::new())
    }

    #[test]
    fn a_graph_is_what_was_written_or_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        let graph = OptimisedGraph::of(&Places::below(home.path()), NETWORK, "1.31.1-a");
        assert_eq!(graph.condition(), Condition::Missing);
        write(&graph, true);
        assert!(matches(&graph));
        for (file, was) in [("graph.onnx", "graph"), ("weights.bin", "weights")] {
            let path = graph.path().with_file_name(file);
            std::fs::write(&path, was.to_uppercase()).unwrap();
            assert!(!matches(&graph), "{file}");
            std::fs::remove_file(&path).unwrap();
            assert!(!matches(&graph), "{file}");
            std::fs::write(&path, was).unwrap();
            assert!(matches(&graph), "{file}");
        }
        std::fs::write(graph.path().with_file_name("checksums"), "?").unwrap();
        assert_eq!(graph.condition(), Condition::Missing);
        graph.remove();
        assert!(!graph.path().exists());
    }

    #[test]
    fn a_graph_of_no_use_is_remembered_without_its_files() {
        let home = tempfile::tempdir().unwrap();
        let graph = OptimisedGraph::of(&Places::below(home.path()), NETWORK, "1.31.1-a");
        write(&graph, false);
        assert_eq!(graph.condition(), Condition::Unfit);
        assert!(!graph.path().exists());
    }

    #[test]
    fn a_graph_that_fails_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let graph = OptimisedGraph::of(&Places::below(home.path()), NETWORK, "1.31.1-a");
        assert!(graph.write(|_| Err(Error::NoHome)).is_err());
        assert_eq!(std::fs::read_dir(&graph.root).unwrap().count(), 0);
    }

    #[test]
    fn graphs_of_other_engines_and_of_networks_that_are_gone_are_deleted() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let of = |network: &str, valid_for| OptimisedGraph::of(&places, network, valid_for);
        let other_network = NETWORK.replace('0', "f");
        for graph in [of(NETWORK, "1.24.1-a"), of(&other_network, "1.31.1-a")] {
            write(&graph, true);
        }
        write(&of(NETWORK, "1.31.1-a"), true);
        assert_eq!(of(NETWORK, "1.24.1-a").condition(), Condition::Missing);
        assert!(matches(&of(NETWORK, "1.31.1-a")) && matches(&of(&other_network, "1.31.1-a")));
        // No network is in this library.
        sweep(&places);
        assert_eq!(folders(&places.cache.join(FOLDER)), []);
    }
}
