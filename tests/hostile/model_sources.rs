//! Damaged archives and configurations of models of several files.

use gantei::graph;
use gantei::keras::{self, Bytes, FilesInMemory, Imported, ModelFiles, Options};
use gantei::progress::{Cancel, Progress};

use crate::keras_fixtures::archives::{fixture, gzipped, tarred, zipped};
use crate::keras_fixtures::{harmed, quiet_panics, random};
use crate::memory::{Worst, alone, mutations};

/// Opens the models of a set of files, and of an archive among them.
fn import_all(files: &dyn ModelFiles) -> Result<Imported, keras::Error> {
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let mut last = Err(keras::Error::NotAModel(keras::FileKind::Folder));
    for model in keras::candidates(files, &Cancel::new())?.iter().take(3) {
        last = keras::import_files(files, model, Options::default(), &cancel, &progress);
    }
    last
}

#[test]
fn no_damaged_archive_or_configuration_crashes_or_fills_the_memory() {
    let _alone = alone();
    quiet_panics();
    let mut targets: Vec<Vec<(&str, Vec<u8>)>> = Vec::new();
    for generation in [2, 3] {
        let of = |names: &[&'static str]| -> Vec<(&str, Vec<u8>)> {
            let file = |name: &&'static str| (*name, fixture(generation, name));
            names.iter().map(file).collect()
        };
        let pair = of(&["model.json", "model.weights.h5"]);
        targets.push(vec![("model.zip", zipped(&pair))]);
        targets.push(vec![("model.tar", tarred(&pair))]);
        targets.push(vec![("model.tar.gz", gzipped(&tarred(&pair)))]);
        targets.push(pair);
        if generation == 3 {
            targets.push(of(&[
                "model.json",
                "sharded.weights.json",
                "sharded_00000.weights.h5",
                "sharded_00001.weights.h5",
            ]));
        }
    }
    let mut worst = Worst::default();
    let mut random = random();
    let (mut valid, tries) = (0, mutations());
    for round in 0..tries {
        let target = &targets[round % targets.len()];
        let damaged = random() as usize % target.len();
        let mut files = target.clone();
        files[damaged].1 = harmed(&files[damaged].1, &mut random);
        let (name, bytes) = files[damaged].clone();
        let length = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let all = files.into_iter();
        let all: FilesInMemory = all
            .map(|(name, bytes)| (name.to_owned(), Bytes::from(bytes)))
            .collect();
        let result =
            worst.watch_import(
                &format!("{name}, round {round}"),
                length,
                || match keras::unpack(name, Bytes::from(bytes), u64::MAX, &Cancel::new())? {
                    Some(inside) => import_all(inside.as_ref()),
                    None => import_all(&all),
                },
            );
        if let Ok(model) = result {
            graph::validate(&model.graph).unwrap();
            valid += 1;
        }
    }
    println!("{tries} damaged copies, {valid} of them still whole; {worst:?}");
    assert!(valid > 0);
    worst.report_unmeasured();
}
