//! A model folder under every kind of damage, and at every step of a change.

use super::*;

const CARD_OF_DEMO: &str = include_str!("../../../models/demo/demo-mobilenet.json");

fn card() -> ModelCard {
    serde_json::from_str(CARD_OF_DEMO).unwrap()
}

/// A library with one model folder, whose network is not a real model.
fn library() -> (tempfile::TempDir, Places, ModelFolder) {
    let home = tempfile::tempdir().unwrap();
    let places = Places::below(home.path());
    let model_folder = ModelFolder::of(&places, &card().id).unwrap();
    let pieces = Subgraphs {
        head: b"head".to_vec(),
        stem: Vec::new(),
        footprint: Footprint {
            constants: 7,
            working: 5,
        },
    };
    let reference = Reference {
        input: b"input".to_vec(),
        output: b"output".to_vec(),
    };
    let stored = model_folder.store(&card(), b"network".to_vec(), pieces, |_| {
        Ok::<_, Error>(reference)
    });
    stored.unwrap();
    (home, places, model_folder)
}

/// Represents the workflow's error, for calls that can be cancelled.
#[derive(Debug)]
struct Failed(Option<Error>);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(Some(error))
    }
}

impl From<Cancelled> for Failed {
    fn from(_: Cancelled) -> Self {
        Self(None)
    }
}

use crate::progress::{Cancel, Cancelled};

fn examine(model_folder: &ModelFolder) -> Result<(), Error> {
    let (checksums, _) = model_folder
        .checksums_or_adopt::<Failed>(&Cancel::new())
        .map_err(|e| e.0.unwrap())?;
    let examined = model_folder.examine::<Failed>(&checksums, &Cancel::new());
    examined.map_err(|e| e.0.unwrap())
}

fn flaw<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, FileDamage) {
    match result {
        Err(Error::NotAsStored(damage)) => (damage.file, damage.flaw),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_stored_comes_back_and_has_a_checksum() {
    let (_home, places, model_folder) = library();
    assert_eq!(model_folder.card().unwrap(), card());
    assert_eq!(model_folder.onnx().unwrap(), b"network");
    assert_eq!(model_folder.head().unwrap(), b"head");
    assert_eq!(model_folder.stem().unwrap(), b"");
    assert_eq!(model_folder.footprint().unwrap().unwrap().constants, 7);
    assert_eq!(model_folder.known_sha256(), Some(sha256(b"network")));
    assert!(model_folder.is_current() && !model_folder.is_adopted());
    examine(&model_folder).unwrap();
    assert_eq!(model_folders(&places), std::slice::from_ref(&model_folder));
    let checksums = model_folder.checksums().unwrap().unwrap();
    let files = std::fs::read_dir(&model_folder.folder).unwrap();
    for file in files.map(|f| f.unwrap().file_name().into_string().unwrap()) {
        assert_eq!(checksums.of(&file).is_some(), file != CHECKSUMS, "{file}");
    }
    let stopped = Cancel::new();
    stopped.cancel();
    let stopped = model_folder.examine::<Failed>(&checksums, &stopped);
    assert!(matches!(stopped, Err(Failed(None))));
}

#[test]
fn every_file_that_is_altered_cut_emptied_or_gone_is_named() {
    let (_home, _places, model_folder) = library();
    for name in FILES.iter().chain([&CHECKSUMS]) {
        let path = model_folder.folder.join(name);
        let right = std::fs::read(&path).unwrap();
        let mut wrongs = vec![[&right[..], b"\n"].concat(), b"garbage".to_vec()];
        if !right.is_empty() {
            let mut altered = right.clone();
            altered[0] ^= 1;
            wrongs.extend([altered, right[..right.len() / 2].to_vec(), Vec::new()]);
        }
        for wrong in wrongs.iter().filter(|wrong| **wrong != right) {
            std::fs::write(&path, wrong).unwrap();
            // Altered checksums may be reported for any file.
            let named = flaw(examine(&model_folder)).0;
            assert!(named == *name || *name == CHECKSUMS, "{named}: {wrong:?}");
            let small = [CARD, FORMAT_FILE, MEMORY].contains(name);
            if *name != CHECKSUMS {
                let at_sight = small || wrong.len() != right.len();
                assert_eq!(model_folder.look().is_err(), at_sight, "{name} {wrong:?}");
            }
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(
            flaw(examine(&model_folder)),
            ((*name).to_owned(), FileDamage::Missing)
        );
        assert_eq!(
            flaw(model_folder.look()),
            ((*name).to_owned(), FileDamage::Missing)
        );
        assert!(model_folder.is_stored(), "what is left can be removed");
        std::fs::write(&path, right).unwrap();
        examine(&model_folder).unwrap();
    }
    std::fs::remove_file(model_folder.model_path()).unwrap();
    std::fs::create_dir(model_folder.model_path()).unwrap();
    assert_eq!(
        flaw(examine(&model_folder)),
        (NETWORK.to_owned(), FileDamage::Altered)
    );
    std::fs::remove_dir(model_folder.model_path()).unwrap();
    std::fs::write(model_folder.model_path(), b"network").unwrap();
    examine(&model_folder).unwrap();
    // Files read for use are compared with their checksums as well.
    std::fs::write(model_folder.folder.join(HEAD), b"heed").unwrap();
    assert_eq!(
        flaw(model_folder.head()),
        (HEAD.to_owned(), FileDamage::Altered)
    );
    std::fs::write(model_folder.folder.join(MEMORY), b"0 0\n").unwrap();
    assert_eq!(flaw(model_folder.footprint()).0, MEMORY);
}

#[test]
fn a_shelf_that_is_written_into_or_replaced_bears_another_mark() {
    let (_home, _places, model_folder) = library();
    let mark = model_folder.mark();
    examine(&model_folder).unwrap();
    assert_eq!(model_folder.mark(), mark);
    let other = model_folder.folder.join("other");
    std::fs::write(&other, b"network").unwrap();
    std::fs::rename(&other, model_folder.model_path()).unwrap();
    assert_ne!(model_folder.mark(), mark);
    let mark = model_folder.mark();
    model_folder.replace_card(&card()).unwrap();
    assert_ne!(model_folder.mark(), mark);
}

#[test]
fn a_card_can_be_replaced_and_is_sound_wherever_that_is_interrupted() {
    let (_home, _places, model_folder) = library();
    let other = ModelCard {
        name: "Ours".to_owned(),
        ..card()
    };
    let (path, checksums) = (
        model_folder.folder.join(CARD),
        model_folder.folder.join(CHECKSUMS),
    );
    let before = [&path, &checksums].map(|p| std::fs::read(p).unwrap());
    model_folder.replace_card(&other).unwrap();
    assert_eq!(model_folder.card().unwrap(), other);
    examine(&model_folder).unwrap();
    let after = std::fs::read(&path).unwrap();
    let text = std::fs::read(&checksums).unwrap();
    assert_eq!(text.iter().filter(|b| **b == b'\n').count(), FILES.len());

    // Between the steps both cards have a checksum.
    let mut both = Checksums::read(&before[1]).unwrap();
    both.add(CARD, &after);
    std::fs::write(&checksums, both.text()).unwrap();
    for (text, name) in [(&before[0], card().name), (&after, other.name.clone())] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(model_folder.card().unwrap().name, name);
        examine(&model_folder).unwrap();
    }
    std::fs::write(
        &path,
        card_text(&ModelCard {
            name: "x".to_owned(),
            ..card()
        })
        .unwrap(),
    )
    .unwrap();
    assert_eq!(flaw(model_folder.card()).0, CARD);
}

/// The model folder as left by an earlier version.
fn made_earlier(model_folder: &ModelFolder) {
    std::fs::remove_file(model_folder.folder.join(CHECKSUMS)).unwrap();
    std::fs::write(model_folder.folder.join(FORMAT_FILE), EARLIER_FORMATS[1]).unwrap();
    let text = format!("{} {}\n", sha256(b"network"), b"network".len());
    std::fs::write(model_folder.folder.join(EARLIER_CHECKSUM), text).unwrap();
}

#[test]
fn a_shelf_of_an_earlier_version_gets_its_checksums_when_it_is_first_used() {
    let (_home, _places, model_folder) = library();
    made_earlier(&model_folder);
    assert_eq!(model_folder.checksums().unwrap(), None);
    assert_eq!(model_folder.card().unwrap(), card());
    assert_eq!(model_folder.known_sha256(), Some(sha256(b"network")));
    let other = ModelCard {
        name: "Ours".to_owned(),
        ..card()
    };
    model_folder.replace_card(&other).unwrap();
    assert!(!model_folder.is_adopted() && !model_folder.is_current());
    let adopt = || {
        model_folder
            .checksums_or_adopt::<Failed>(&Cancel::new())
            .map_err(|e| e.0.unwrap())
    };
    assert!(adopt().unwrap().1 && !adopt().unwrap().1);
    assert!(model_folder.is_adopted());
    examine(&model_folder).unwrap();
    std::fs::write(model_folder.model_path(), b"netwerk").unwrap();
    assert_eq!(
        flaw(examine(&model_folder)),
        (NETWORK.to_owned(), FileDamage::Altered)
    );

    // The network already had its own checksum.
    made_earlier(&model_folder);
    assert_eq!(flaw(adopt()), (NETWORK.to_owned(), FileDamage::Altered));
    std::fs::remove_file(model_folder.model_path()).unwrap();
    assert_eq!(flaw(adopt()), (NETWORK.to_owned(), FileDamage::Missing));
}

#[test]
fn a_model_of_which_an_earlier_version_lost_its_name_is_put_back() {
    let (home, places, model_folder) = library();
    let aside = places.models.join(".gantei-x.old");
    std::fs::create_dir(&aside).unwrap();
    std::fs::rename(&model_folder.folder, aside.join("was")).unwrap();
    assert!(!model_folder.is_stored());
    sweep(&places);
    examine(&model_folder).unwrap();
    drop(home);
}
