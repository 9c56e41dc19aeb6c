//! A shelf under every kind of damage, and at every step of a change.

use super::*;

const CARD_OF_DEMO: &str = include_str!("../../../models/demo/demo-mobilenet.json");

fn card() -> ModelCard {
    serde_json::from_str(CARD_OF_DEMO).unwrap()
}

/// A library with one shelf; its network is nothing that an engine would open.
fn library() -> (tempfile::TempDir, Places, Shelf) {
    let home = tempfile::tempdir().unwrap();
    let places = Places::below(home.path());
    let shelf = Shelf::of(&places, &card().id).unwrap();
    let pieces = Pieces {
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
    let stored = shelf.store(&card(), b"network".to_vec(), pieces, |_| {
        Ok::<_, Error>(reference)
    });
    stored.unwrap();
    (home, places, shelf)
}

/// As the workflow's error, for calls that can be stopped.
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

fn examine(shelf: &Shelf) -> Result<(), Error> {
    let (sums, _) = shelf
        .sums_or_adopt::<Failed>(&Cancel::new())
        .map_err(|e| e.0.unwrap())?;
    let examined = shelf.examine::<Failed>(&sums, &Cancel::new());
    examined.map_err(|e| e.0.unwrap())
}

fn flaw<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, Flaw) {
    match result {
        Err(Error::NotAsStored(damage)) => (damage.file, damage.flaw),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_stored_comes_back_and_has_a_checksum() {
    let (_home, places, shelf) = library();
    assert_eq!(shelf.card().unwrap(), card());
    assert_eq!(shelf.onnx().unwrap(), b"network");
    assert_eq!(shelf.head().unwrap(), b"head");
    assert_eq!(shelf.stem().unwrap(), b"");
    assert_eq!(shelf.footprint().unwrap().unwrap().constants, 7);
    assert_eq!(shelf.known_sha256(), Some(sha256(b"network")));
    assert!(shelf.is_current() && !shelf.is_adopted());
    examine(&shelf).unwrap();
    assert_eq!(shelves(&places), std::slice::from_ref(&shelf));
    let sums = shelf.sums().unwrap().unwrap();
    let files = std::fs::read_dir(&shelf.folder).unwrap();
    for file in files.map(|f| f.unwrap().file_name().into_string().unwrap()) {
        assert_eq!(sums.of(&file).is_some(), file != CHECKSUMS, "{file}");
    }
    let stopped = Cancel::new();
    stopped.cancel();
    let stopped = shelf.examine::<Failed>(&sums, &stopped);
    assert!(matches!(stopped, Err(Failed(None))));
}

#[test]
fn every_file_that_is_altered_cut_emptied_or_gone_is_named() {
    let (_home, _places, shelf) = library();
    for name in FILES.iter().chain([&CHECKSUMS]) {
        let path = shelf.folder.join(name);
        let right = std::fs::read(&path).unwrap();
        let mut wrongs = vec![[&right[..], b"\n"].concat(), b"garbage".to_vec()];
        if !right.is_empty() {
            let mut altered = right.clone();
            altered[0] ^= 1;
            wrongs.extend([altered, right[..right.len() / 2].to_vec(), Vec::new()]);
        }
        for wrong in wrongs.iter().filter(|wrong| **wrong != right) {
            std::fs::write(&path, wrong).unwrap();
            // Altered checksums may be those of any file.
            let named = flaw(examine(&shelf)).0;
            assert!(named == *name || *name == CHECKSUMS, "{named}: {wrong:?}");
            let small = [CARD, FORMAT_FILE, MEMORY].contains(name);
            if *name != CHECKSUMS {
                let at_sight = small || wrong.len() != right.len();
                assert_eq!(shelf.look().is_err(), at_sight, "{name} {wrong:?}");
            }
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(flaw(examine(&shelf)), ((*name).to_owned(), Flaw::Missing));
        assert_eq!(flaw(shelf.look()), ((*name).to_owned(), Flaw::Missing));
        assert!(shelf.is_stored(), "what is left can be removed");
        std::fs::write(&path, right).unwrap();
        examine(&shelf).unwrap();
    }
    std::fs::remove_file(shelf.model_path()).unwrap();
    std::fs::create_dir(shelf.model_path()).unwrap();
    assert_eq!(flaw(examine(&shelf)), (NETWORK.to_owned(), Flaw::Altered));
    std::fs::remove_dir(shelf.model_path()).unwrap();
    std::fs::write(shelf.model_path(), b"network").unwrap();
    examine(&shelf).unwrap();
    // What is read for use is held to its checksum as well.
    std::fs::write(shelf.folder.join(HEAD), b"heed").unwrap();
    assert_eq!(flaw(shelf.head()), (HEAD.to_owned(), Flaw::Altered));
    std::fs::write(shelf.folder.join(MEMORY), b"0 0\n").unwrap();
    assert_eq!(flaw(shelf.footprint()).0, MEMORY);
}

#[test]
fn a_shelf_that_is_written_into_or_replaced_bears_another_mark() {
    let (_home, _places, shelf) = library();
    let mark = shelf.mark();
    examine(&shelf).unwrap();
    assert_eq!(shelf.mark(), mark);
    let other = shelf.folder.join("other");
    std::fs::write(&other, b"network").unwrap();
    std::fs::rename(&other, shelf.model_path()).unwrap();
    assert_ne!(shelf.mark(), mark);
    let mark = shelf.mark();
    shelf.replace_card(&card()).unwrap();
    assert_ne!(shelf.mark(), mark);
}

#[test]
fn a_card_can_be_replaced_and_is_sound_wherever_that_is_interrupted() {
    let (_home, _places, shelf) = library();
    let other = ModelCard {
        name: "Ours".to_owned(),
        ..card()
    };
    let (path, checksums) = (shelf.folder.join(CARD), shelf.folder.join(CHECKSUMS));
    let before = [&path, &checksums].map(|p| std::fs::read(p).unwrap());
    shelf.replace_card(&other).unwrap();
    assert_eq!(shelf.card().unwrap(), other);
    examine(&shelf).unwrap();
    let after = std::fs::read(&path).unwrap();
    let text = std::fs::read(&checksums).unwrap();
    assert_eq!(text.iter().filter(|b| **b == b'\n').count(), FILES.len());

    // Between the steps both cards have a checksum.
    let mut both = Sums::read(&before[1]).unwrap();
    both.add(CARD, &after);
    std::fs::write(&checksums, both.text()).unwrap();
    for (text, name) in [(&before[0], card().name), (&after, other.name.clone())] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(shelf.card().unwrap().name, name);
        examine(&shelf).unwrap();
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
    assert_eq!(flaw(shelf.card()).0, CARD);
}

/// The shelf as an earlier version left it.
fn made_earlier(shelf: &Shelf) {
    std::fs::remove_file(shelf.folder.join(CHECKSUMS)).unwrap();
    std::fs::write(shelf.folder.join(FORMAT_FILE), EARLIER_FORMATS[1]).unwrap();
    let text = format!("{} {}\n", sha256(b"network"), b"network".len());
    std::fs::write(shelf.folder.join(EARLIER_CHECKSUM), text).unwrap();
}

#[test]
fn a_shelf_of_an_earlier_version_gets_its_checksums_when_it_is_first_used() {
    let (_home, _places, shelf) = library();
    made_earlier(&shelf);
    assert_eq!(shelf.sums().unwrap(), None);
    assert_eq!(shelf.card().unwrap(), card());
    assert_eq!(shelf.known_sha256(), Some(sha256(b"network")));
    let other = ModelCard {
        name: "Ours".to_owned(),
        ..card()
    };
    shelf.replace_card(&other).unwrap();
    assert!(!shelf.is_adopted() && !shelf.is_current());
    let adopt = || {
        shelf
            .sums_or_adopt::<Failed>(&Cancel::new())
            .map_err(|e| e.0.unwrap())
    };
    assert!(adopt().unwrap().1 && !adopt().unwrap().1);
    assert!(shelf.is_adopted());
    examine(&shelf).unwrap();
    std::fs::write(shelf.model_path(), b"netwerk").unwrap();
    assert_eq!(flaw(examine(&shelf)), (NETWORK.to_owned(), Flaw::Altered));

    // The network had a checksum of its own before.
    made_earlier(&shelf);
    assert_eq!(flaw(adopt()), (NETWORK.to_owned(), Flaw::Altered));
    std::fs::remove_file(shelf.model_path()).unwrap();
    assert_eq!(flaw(adopt()), (NETWORK.to_owned(), Flaw::Missing));
}

#[test]
fn a_model_of_which_an_earlier_version_lost_its_name_is_put_back() {
    let (home, places, shelf) = library();
    let aside = places.models.join(".gantei-x.old");
    std::fs::create_dir(&aside).unwrap();
    std::fs::rename(&shelf.folder, aside.join("was")).unwrap();
    assert!(!shelf.is_stored());
    sweep(&places);
    examine(&shelf).unwrap();
    drop(home);
}
