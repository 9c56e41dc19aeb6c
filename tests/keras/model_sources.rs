//! A model of several files, whichever of them, folder or archive the user names.
//!
//! `make_several_files.py` wrote `several_files_2.zip` and `several_files_3.zip` with real Keras 2 and 3,
//! `make_parts.py` `parts.zip`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use gantei::keras::{self, Bytes, Candidate, FilesInMemory, ModelFiles, ModelKind, Options};
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Device;
use gantei::storage::Places;
use gantei::workflow::verify::Request;
use gantei::workflow::{self, Class, Context, Error, ImportFlags};

use crate::home::Home;
use crate::keras_fixtures;
use crate::keras_fixtures::archives::{fixture, gzipped, tarred, zipped};

/// A folder with some of the fixture's files.
struct Download {
    home: tempfile::TempDir,
    folder: PathBuf,
}

impl Download {
    /// Each file under another name: `name as other`, or under its own.
    fn of(generation: u32, names: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("download");
        fs::create_dir(&folder).unwrap();
        for name in ["input.npy", "expected.npy"] {
            fs::write(home.path().join(name), fixture(generation, name)).unwrap();
        }
        for name in names {
            let (name, other) = name.split_once(" as ").unwrap_or((name, name));
            let path = folder.join(other);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, fixture(generation, name)).unwrap();
        }
        Self { home, folder }
    }

    fn context(&self) -> Context {
        Context::in_places(Places::below(&self.home.path().join("home")))
    }

    fn verified(&self, path: &Path, members: &[&str]) -> Result<f64, Error> {
        let request = Request {
            model: path.to_str().unwrap().to_owned(),
            input: self.home.path().join("input.npy"),
            expected: self.home.path().join("expected.npy"),
            tolerance: 2e-5,
            device: Device::Embedded,
            flags: ImportFlags {
                members: members.iter().map(|&name| name.to_owned()).collect(),
                ..ImportFlags::default()
            },
        };
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let verified = workflow::verify(&self.context(), &request, &cancel, &progress)?;
        Ok(verified.max_abs_error)
    }

    /// The model opens and computes what Keras does.
    fn opens(&self, path: &str) {
        let error = self.verified(&self.folder.join(path), &[]);
        assert!(
            error.as_ref().is_ok_and(|e| *e <= 2e-5),
            "{path}: {error:?}"
        );
    }

    fn refused(&self, path: &str, members: &[&str]) -> Error {
        let result = self.verified(&self.folder.join(path), members);
        result.err().unwrap_or_else(|| panic!("{path} opens"))
    }

    fn inspected(&self, path: &Path) -> workflow::FileFacts {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let flags = ImportFlags::default();
        workflow::inspect(&self.context(), path, &flags, &cancel, &progress)
            .unwrap()
            .facts
    }
}

#[test]
fn weights_and_their_configuration_open_together_whichever_is_named() {
    for (generation, weights) in [
        (2, "model_weights.h5"),
        (2, "model.weights.h5"),
        (3, "model.weights.h5"),
    ] {
        let download = Download::of(generation, &["model.json", weights]);
        for path in ["model.json", weights, ""] {
            download.opens(path);
        }
        let facts = download.inspected(&download.folder.join("model.json"));
        assert_eq!(facts.form, "config-and-weights");
        assert_eq!(facts.configuration.as_deref(), Some("model.json"));
        let other = download.inspected(&download.folder.join(weights));
        assert_eq!(
            facts.sha256, other.sha256,
            "the same files are the same model"
        );
        // Other names: the only configuration that there is.
        let names = format!("{weights} as epoch_12.h5");
        let download = Download::of(generation, &["model.json as net.json", &names]);
        download.opens("epoch_12.h5");
        download.opens("net.json");
    }
}

#[test]
fn sharded_weights_open_by_their_list_and_by_every_shard() {
    let parts = [
        "sharded.weights.json",
        "sharded_00000.weights.h5",
        "sharded_00001.weights.h5",
    ];
    let download = Download::of(3, &["model.json", parts[0], parts[1], parts[2]]);
    for path in ["model.json", parts[0], parts[1], parts[2], ""] {
        download.opens(path);
    }
    let facts = download.inspected(&download.folder);
    assert_eq!(
        (facts.form, facts.configuration.as_deref()),
        ("sharded", Some("model.json"))
    );
    fs::remove_file(download.folder.join(parts[2])).unwrap();
    for path in &parts[..2] {
        let refused = download.refused(path, &[]);
        assert!(
            matches!(&refused, Error::Keras(keras::Error::MissingFile { name }) if name == parts[2]),
            "{refused:?}"
        );
    }
    fs::remove_file(download.folder.join("model.json")).unwrap();
    fs::write(download.folder.join(parts[2]), fixture(3, parts[2])).unwrap();
    let refused = download.refused(parts[0], &[]);
    assert!(refused.to_string().contains("shards"), "{refused}");
}

/// The models of `make_tensorflow.py`.
#[test]
fn a_saved_model_and_a_checkpoint_open_by_every_part() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("download");
    let bytes = keras_fixtures::bytes("tensorflow_2.15.1_a.zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    zip.extract(&folder).unwrap();
    fs::write(
        folder.join("checkpoint"),
        "model_checkpoint_path: \"nested.ckpt\"\n",
    )
    .unwrap();
    for name in ["input", "expected"] {
        let from = folder.join(format!("nested.{name}.npy"));
        fs::rename(from, home.path().join(format!("{name}.npy"))).unwrap();
    }
    let download = Download { home, folder };
    for path in [
        "nested",
        "nested/saved_model.pb",
        "nested/keras_metadata.pb",
        "nested/fingerprint.pb",
        "nested/variables",
        "nested/variables/variables.index",
        "nested/variables/variables.data-00000-of-00001",
        "nested.ckpt",
        "nested.ckpt.index",
        "nested.ckpt.data-00000-of-00001",
        "checkpoint",
    ] {
        download.opens(path);
    }
    let whole = download.inspected(&download.folder.join("nested"));
    assert_eq!(
        (whole.form, whole.name.file_stem()),
        ("saved-model", Some("nested".as_ref()))
    );
    let checkpoint = download.inspected(&download.folder.join("nested.ckpt.index"));
    assert_eq!(
        (checkpoint.form, checkpoint.configuration.as_deref()),
        ("checkpoint", Some("nested.json"))
    );
    // Packed: the same model.
    let packed = download.home.path().join("download.zip");
    fs::write(&packed, &bytes).unwrap();
    assert!(download.verified(&packed, &["nested"]).unwrap() <= 2e-5);
    assert!(download.verified(&packed, &["nested.ckpt"]).unwrap() <= 2e-5);
    assert!(matches!(
        download.verified(&packed, &[]),
        Err(Error::Keras(keras::Error::Several(_)))
    ));
}

#[test]
fn a_configuration_in_utf16_is_read() {
    let download = Download::of(2, &["model_weights.h5"]);
    let text = String::from_utf8(fixture(2, "model.json")).unwrap();
    let marked = format!("\u{feff}{text}");
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(download.folder.join("model.json"), utf16).unwrap();
    for path in ["model.json", "model_weights.h5", ""] {
        download.opens(path);
    }
}

#[test]
fn a_part_that_is_missing_is_named() {
    let missing = |download: &Download, path: &str, part: &str| {
        let refused = download.refused(path, &[]);
        assert!(
            matches!(&refused, Error::Keras(keras::Error::MissingFile { name }) if name == part),
            "{path}: {refused:?}"
        );
    };
    let shards = ["sharded_00000.weights.h5", "sharded_00001.weights.h5"];
    let download = Download::of(3, &[shards[0], shards[1], "model.json"]);
    for path in ["", shards[0], shards[1]] {
        missing(&download, path, "sharded.weights.json");
    }
    // One network after two epochs has no list.
    let epochs = [
        "model.weights.h5 as e_00000.weights.h5",
        "model.weights.h5 as e_00001.weights.h5",
    ];
    let download = Download::of(3, &[epochs[0], epochs[1], "model.json"]);
    download.opens("e_00001.weights.h5");
    let asked = download.refused("", &[]);
    assert!(
        matches!(asked, Error::Keras(keras::Error::Several(_))),
        "{asked:?}"
    );
    let halves = ["optimizer-1.data-00000-of-00001", "optimizer-1.index"];
    for [here, absent] in [halves, [halves[1], halves[0]]] {
        let download = Download::of(2, &[]);
        fs::write(download.folder.join(here), part(here)).unwrap();
        for path in ["", here] {
            missing(&download, path, absent);
        }
    }
}

/// A file of `parts.zip`, which `make_parts.py` wrote.
fn part(name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(keras_fixtures::bytes("parts.zip"))).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn an_array_in_another_file_is_no_damage() {
    let download = Download::of(2, &[]);
    fs::write(download.folder.join("m.h5"), part("external_file.h5")).unwrap();
    let refused = download.refused("m.h5", &[]);
    assert!(
        matches!(&refused, Error::Keras(keras::Error::Invalid(what)) if what.contains("kernel.bin")),
        "{refused:?}"
    );
}

#[test]
fn a_checkpoint_of_an_optimizer_is_called_so() {
    let download = Download::of(2, &[]);
    for name in ["optimizer-1.index", "optimizer-1.data-00000-of-00001"] {
        fs::write(download.folder.join(name), part(name)).unwrap();
    }
    let refused = download.refused("optimizer-1", &[]);
    let kind = keras::FileKind::OptimizerOnly;
    assert!(
        matches!(&refused, Error::Keras(keras::Error::NotAModel(found)) if *found == kind),
        "{refused:?}"
    );
}

/// As in the cache of Hugging Face.
#[cfg(unix)]
#[test]
fn a_folder_of_links_names_the_link_that_opens() {
    let download = Download::of(3, &["whole.keras as blobs/1a2b"]);
    let snapshot = download.folder.join("snapshots/abc");
    fs::create_dir_all(&snapshot).unwrap();
    std::os::unix::fs::symlink("../../blobs/1a2b", snapshot.join("m.keras")).unwrap();
    let refused = download.refused("snapshots/abc", &[]);
    assert!(
        matches!(&refused, Error::Keras(keras::Error::Link { name }) if name == "m.keras"),
        "{refused:?}"
    );
    download.opens("snapshots/abc/m.keras");
}

#[test]
fn a_configuration_of_another_network_is_not_used() {
    let download = Download::of(2, &["model_weights.h5"]);
    fs::write(download.folder.join("a.json"), OTHER).unwrap();
    let refused = download.refused("model_weights.h5", &[]);
    assert_eq!(refused.class(), Class::Model, "{refused:?}");
    fs::write(download.folder.join("b.json"), fixture(2, "model.json")).unwrap();
    download.opens("model_weights.h5");
    fs::write(download.folder.join("c.json"), fixture(2, "model.json")).unwrap();
    let asked = download.refused("model_weights.h5", &[]);
    assert!(
        matches!(&asked, Error::Keras(keras::Error::Several(names)) if *names == ["b.json", "c.json"]),
        "{asked:?}"
    );
    let chosen = download.folder.join("model_weights.h5");
    assert!(download.verified(&chosen, &["c.json"]).unwrap() <= 2e-5);
    assert!(matches!(
        download.refused("model_weights.h5", &["d.json"]),
        Error::NoSuchMember { .. }
    ));
}

#[test]
fn a_configuration_alone_says_that_the_weights_are_missing() {
    let download = Download::of(3, &["model.json"]);
    for path in ["model.json", ""] {
        let refused = download.refused(path, &[]);
        assert!(
            refused.to_string().contains("without its weights"),
            "{refused}"
        );
        assert_eq!(refused.class(), Class::Model);
    }
}

#[test]
fn several_weights_of_one_network_are_asked_about() {
    let weights = ["model_weights.h5 as a.h5", "model_weights.h5 as b.h5"];
    let download = Download::of(2, &["model.json", weights[0], weights[1]]);
    for path in ["model.json", ""] {
        let asked = download.refused(path, &[]);
        assert!(
            matches!(&asked, Error::Keras(keras::Error::Several(names)) if *names == ["a.h5", "b.h5"]),
            "{asked:?}"
        );
        assert_eq!(asked.class(), Class::Usage);
        let chosen = download.verified(&download.folder.join(path), &["b.h5"]);
        assert!(chosen.unwrap() <= 2e-5);
    }
}

#[test]
fn a_packed_model_is_the_model() {
    let plain = Download::of(2, &["whole.h5 as net.h5"]);
    let facts = plain.inspected(&plain.folder.join("net.h5"));
    let entries = [
        ("joir/README.txt", b"Cite us.".to_vec()),
        ("joir/net.h5", fixture(2, "whole.h5")),
        ("__MACOSX/joir/._net.h5", b"\0\x05\x16\x07".to_vec()),
        ("joir/.DS_Store", b"\0".to_vec()),
    ];
    let tar = tarred(&entries);
    for (name, bytes) in [
        ("a.zip", zipped(&entries)),
        ("a.tar", tar.clone()),
        ("a.tar.gz", gzipped(&tar)),
        // Names say nothing.
        ("download", gzipped(&tar)),
        ("net.h5.gz", gzipped(&entries[1].1)),
    ] {
        fs::write(plain.folder.join(name), bytes).unwrap();
        plain.opens(name);
        let packed = plain.inspected(&plain.folder.join(name));
        assert_eq!(packed.sha256, facts.sha256, "{name}");
        assert_eq!(packed.name.file_name(), facts.name.file_name(), "{name}");
    }
    let pair = [
        ("x/model.json", fixture(3, "model.json")),
        ("x/model.weights.h5", fixture(3, "model.weights.h5")),
    ];
    let download = Download::of(3, &["whole.keras"]);
    fs::write(download.folder.join("pair.zip"), zipped(&pair)).unwrap();
    download.opens("pair.zip");
    download.opens("whole.keras");
    let keras = [("y/whole.keras", fixture(3, "whole.keras"))];
    fs::write(download.folder.join("keras.zip"), zipped(&keras)).unwrap();
    download.opens("keras.zip");
}

#[test]
fn a_member_chooses_one_of_several_models() {
    let download = Download::of(2, &["whole.h5 as b/net.h5", "whole.h5 as net.hdf5"]);
    let entries = [
        ("b/net.h5", fixture(2, "whole.h5")),
        ("net.hdf5", fixture(2, "whole.h5")),
    ];
    fs::write(download.home.path().join("both.zip"), zipped(&entries)).unwrap();
    for path in [
        download.folder.clone(),
        download.home.path().join("both.zip"),
    ] {
        let asked = download.verified(&path, &[]).unwrap_err();
        let names = ["b/net.h5", "net.hdf5"];
        assert!(
            matches!(&asked, Error::Keras(keras::Error::Several(found)) if *found == names),
            "{asked:?}"
        );
        for name in names {
            assert!(download.verified(&path, &[name]).unwrap() <= 2e-5, "{name}");
        }
        for name in ["net.h5", "../download/net.hdf5", ""] {
            let refused = download.verified(&path, &[name]).unwrap_err();
            assert!(matches!(refused, Error::NoSuchMember { .. }), "{refused:?}");
        }
    }
}

#[test]
fn what_is_packed_twice_or_without_a_model_is_refused_with_what_it_is() {
    let download = Download::of(2, &[]);
    let inner = zipped(&[("net.h5", fixture(2, "whole.h5"))]);
    for (name, bytes, said) in [
        (
            "a.zip",
            zipped(&[("inner.zip", inner.clone())]),
            "another archive",
        ),
        ("b.tar", tarred(&[("inner.zip", inner)]), "another archive"),
        (
            "c.zip",
            zipped(&[("notes.txt", b"x".to_vec())]),
            "without a model",
        ),
        (
            "d.tgz",
            gzipped(&tarred(&[
                ("a.txt", b"x".to_vec()),
                ("b.txt", b"x".to_vec()),
            ])),
            "without a model",
        ),
        (
            "f.zip",
            zipped(&[("net.keras", zipped(&[("net.h5", fixture(2, "whole.h5"))]))]),
            "packed",
        ),
        (
            "e.zip",
            zipped(&[("../net.h5", b"x".to_vec())]),
            "lead out of it",
        ),
    ] {
        fs::write(download.folder.join(name), bytes).unwrap();
        let refused = download.refused(name, &[]);
        assert!(refused.to_string().contains(said), "{name}: {refused}");
        assert_eq!(refused.class(), Class::Model, "{name}");
    }
}

/// Every command takes the same and says the same.
#[test]
fn all_commands_ask_and_refuse_with_the_same_words() {
    let home = Home::new();
    let download = Download::of(
        2,
        &[
            "whole.h5 as a.h5",
            "whole.h5 as b.h5",
            "model.json as c/model.json",
        ],
    );
    let folder = download.folder.to_str().unwrap();
    let alone = download.folder.join("c/model.json");
    let alone = alone.to_str().unwrap();
    let (input, expected) = (
        download.home.path().join("input.npy"),
        download.home.path().join("expected.npy"),
    );
    let picture = "assets/samples/haggstrom_left_1411.jpg";
    let out = home.path("out");
    for (model, status, code) in [(folder, 2, "several-models"), (alone, 3, "model")] {
        let mut said = Vec::new();
        for args in [
            vec!["import", model],
            vec![
                "verify",
                model,
                "--input",
                input.to_str().unwrap(),
                "--expected",
                expected.to_str().unwrap(),
            ],
            vec!["predict", picture, "--model", model],
            vec![
                "explain",
                picture,
                "--model",
                model,
                "--out",
                out.to_str().unwrap(),
            ],
        ] {
            let (found, document) = home.json(&args);
            let error = &document["error"];
            assert_eq!(
                (found, error["code"].as_str()),
                (status, Some(code)),
                "{args:?}: {document}"
            );
            said.push((
                error["message"].clone(),
                error["hint"].clone(),
                error["items"].clone(),
            ));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        if status == 2 {
            assert_eq!(said[0].2[1]["flag"], "--member b.h5");
        }
    }
    let preparation = "--scaling raw --colour rgb --resize pil-bilinear --crop stretch";
    let answer = "--task other --labels a,b --threshold 0.5";
    let flags = format!("--member b.h5 {preparation} {answer}");
    let flags: Vec<&str> = flags.split(' ').collect();
    let (status, report) = home.json(&[&["import", folder][..], &flags[..]].concat());
    assert_eq!((status, report["id"].as_str()), (0, Some("b")), "{report}");
    // The library knows the model by its file.
    let path = download.folder.join("b.h5");
    let (status, results) = home.json(&[
        "predict",
        picture,
        "--model",
        path.to_str().unwrap(),
        "--accept-any-picture",
        "--saliency",
        "none",
    ]);
    assert_eq!(
        (status, results["results"][0]["model"].as_str()),
        (0, Some("b")),
        "{results}"
    );
}

/// Where a folder holds everything that was ever downloaded, only what belongs to the file is looked at.
#[test]
fn a_model_among_thousands_of_files_opens() {
    let download = Download::of(
        2,
        &[
            "whole.h5 as net.h5",
            "model_weights.h5 as other.h5",
            "model.json as other.json",
        ],
    );
    for at in 0..3000 {
        fs::write(download.folder.join(format!("photo {at}.jpg")), b"x").unwrap();
        fs::write(download.folder.join(format!("table {at}.json")), b"[1]").unwrap();
    }
    download.opens("net.h5");
    download.opens("other.h5");
    download.opens("other.json");
}

/// Counts how often each file is read.
struct Counted {
    files: FilesInMemory,
    reads: Mutex<BTreeMap<String, usize>>,
}

impl Counted {
    fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name, bytes.into()));
        Self {
            files: files.collect(),
            reads: Mutex::default(),
        }
    }

    /// The largest number of reads of one file that holds weights.
    fn most_reads(&self) -> usize {
        let reads = self.reads.lock().unwrap();
        let weights = reads.iter().filter(|(name, _)| !name.ends_with(".json"));
        weights.map(|(_, &count)| count).max().unwrap_or_default()
    }
}

impl ModelFiles for Counted {
    fn names(&self) -> Result<&[String], keras::Error> {
        self.files.names()
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.files.length(name)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, keras::Error> {
        self.files.start(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, keras::Error> {
        let mut reads = self.reads.lock().unwrap();
        *reads.entry(name.to_owned()).or_default() += 1;
        self.files.read(name, limit)
    }
}

/// A configuration that describes none of the fixtures' networks.
const OTHER: &str = r#"{"class_name": "Sequential", "config": {"name": "s", "layers": []}}"#;

#[test]
fn weights_are_read_once_however_many_configurations_there_are() {
    let shards = [
        "sharded.weights.json",
        "sharded_00000.weights.h5",
        "sharded_00001.weights.h5",
    ];
    let mut sharded: Vec<_> = shards
        .iter()
        .map(|name| ((*name).to_owned(), fixture(3, name)))
        .collect();
    sharded.push(("b.json".to_owned(), fixture(3, "model.json")));
    let bytes = keras_fixtures::bytes("tensorflow_2.15.1_a.zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut checkpoint = Vec::new();
    for (name, other) in [
        ("nested.ckpt.index", "nested.ckpt.index"),
        (
            "nested.ckpt.data-00000-of-00001",
            "nested.ckpt.data-00000-of-00001",
        ),
        ("nested.json", "b.json"),
    ] {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        checkpoint.push((other.to_owned(), bytes));
    }
    for (mut files, name, kind) in [
        (sharded, shards[0], ModelKind::Shards),
        (checkpoint, "nested.ckpt", ModelKind::Checkpoint),
    ] {
        files.push(("a.json".to_owned(), OTHER.as_bytes().to_vec()));
        let files = Counted::of(files);
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let model = Candidate::at(name, kind);
        let imported =
            keras::import_files(&files, &model, Options::default(), &cancel, &progress).unwrap();
        assert_eq!(imported.configuration.as_deref(), Some("b.json"));
        assert_eq!(files.most_reads(), 1, "{name}");
    }
}

#[test]
fn a_named_configuration_is_used_whatever_network_the_weights_have() {
    let download = Download::of(2, &["whole.h5 as net.h5", "model.json as other.json"]);
    let path = download.folder.join("other.json");
    let facts = download.inspected(&path);
    assert_eq!(
        (facts.form, facts.configuration.as_deref()),
        ("config-and-weights", Some("other.json"))
    );
    assert!(download.verified(&path, &[]).unwrap() <= 2e-5);
    for path in ["", "net.h5"] {
        let path = download.folder.join(path);
        assert!(download.verified(&path, &["other.json"]).unwrap() <= 2e-5);
    }
    // Without its name it is not looked at.
    let facts = download.inspected(&download.folder.join("net.h5"));
    assert_eq!((facts.form, facts.configuration), ("full", None));
    // One that does not fit is refused, and not passed over.
    fs::write(&path, OTHER).unwrap();
    let refused = download.refused("other.json", &[]);
    assert_eq!(refused.class(), Class::Model, "{refused:?}");
    // Keras 1 named and ordered weights in another way.
    let (net, named) = (download.folder.join("net.h5"), fixture(2, "model.json"));
    let mut bytes = fs::read(&net).unwrap();
    let stated = bytes.windows(6).position(|text| text == b"2.15.0").unwrap();
    bytes[stated..stated + 6].copy_from_slice(b"1.2.2\0");
    fs::write(&net, bytes).unwrap();
    fs::write(&path, named).unwrap();
    let refused = download.refused("net.h5", &["other.json"]);
    let is_of_keras_1 = matches!(
        refused,
        Error::Keras(keras::Error::NotAModel(keras::FileKind::Keras1))
    );
    assert!(is_of_keras_1, "{refused:?}");
    // A `.keras` file takes no other configuration.
    let download = Download::of(3, &["whole.keras", "model.json"]);
    for path in ["whole.keras", ""] {
        let refused = download.refused(path, &["model.json"]);
        assert!(
            matches!(&refused, Error::NoSuchMember { members, .. } if members.is_empty()),
            "{refused:?}"
        );
    }
}

#[test]
fn a_configuration_of_another_folder_is_refused_with_those_that_are_beside() {
    let weights = ["model_weights.h5 as x/a.h5", "model_weights.h5 as z/b.h5"];
    let texts = ["model.json as x/c.json", "model.json as y/c.json"];
    let download = Download::of(2, &[weights[0], weights[1], texts[0], texts[1]]);
    for (chosen, beside) in [("x/a.h5", &["x/c.json"][..]), ("z/b.h5", &[])] {
        let refused = download.refused("", &[chosen, "y/c.json"]);
        assert!(
            matches!(
                &refused,
                Error::NotBeside { name, weights, members }
                    if name == "y/c.json" && weights == chosen && members == beside
            ),
            "{refused:?}"
        );
        assert_eq!(refused.class(), Class::Usage);
    }
}

/// Weights and configurations are chosen one after the other, in either order.
#[test]
fn every_choice_that_is_offered_leads_on() {
    let download = Download::of(2, &[]);
    let names = ["x/a.h5", "x/b.h5", "x/c.json", "x/d.json"];
    let entries = names.map(|name| {
        let from = match name.ends_with(".h5") {
            true => "model_weights.h5",
            false => "model.json",
        };
        (name, fixture(2, from))
    });
    fs::create_dir(download.folder.join("x")).unwrap();
    for (name, bytes) in &entries {
        fs::write(download.folder.join(name), bytes).unwrap();
    }
    fs::write(download.home.path().join("all.zip"), zipped(&entries)).unwrap();
    let one = [&entries[1], &entries[2], &entries[3]].map(Clone::clone);
    fs::write(download.home.path().join("one.zip"), zipped(&one)).unwrap();
    let asked = |path: &Path, members: &[&str]| match download.verified(path, members) {
        Err(Error::Keras(keras::Error::Several(names))) => names,
        other => panic!("{members:?}: {other:?}"),
    };
    let packed = download.home.path().join("all.zip");
    for path in [&download.folder, &packed] {
        assert_eq!(asked(path, &[]), names[..2]);
        assert_eq!(asked(path, &names[1..2]), names[2..]);
        assert_eq!(asked(path, &names[2..3]), names[..2]);
        for two in [&names[..2], &names[2..]] {
            let refused = download.verified(path, two);
            assert!(
                matches!(&refused, Err(Error::MembersOfOneKind(found)) if *found == two),
                "{refused:?}"
            );
        }
        for members in [["x/b.h5", "x/d.json"], ["x/d.json", "x/b.h5"]] {
            assert!(download.verified(path, &members).unwrap() <= 2e-5);
        }
        let refused = download.verified(path, &["x/d.json", "x/e.h5"]);
        assert!(matches!(refused, Err(Error::NoSuchMember { .. })));
    }
    let refused = download.refused("x/c.json", &["a.h5", "d.json"]);
    assert!(matches!(refused, Error::MembersOfOneKind(_)), "{refused:?}");
    assert_eq!(refused.class(), Class::Usage);
    let one = download.home.path().join("one.zip");
    assert_eq!(asked(&one, &[]), names[2..]);
    assert!(download.verified(&one, &["x/d.json"]).unwrap() <= 2e-5);
    let refused = download.verified(&one, &["x/e.json"]);
    assert!(
        matches!(&refused, Err(Error::NoSuchMember { members, .. }) if members[..] == names[2..]),
        "{refused:?}"
    );
}
