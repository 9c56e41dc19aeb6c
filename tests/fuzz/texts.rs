//! Cards, tables of labels, settings and arrays.

use std::path::PathBuf;

use gantei::app::Settings;
use gantei::evaluation::{
    Answers, DesiredValue, LabelTable, RecordedTable, Role, Sort, TableOptions, mismatches,
};
use gantei::export::npy;
use gantei::storage::settings;
use gantei::workflow::card_file::{beside, read_card};

use super::{PLAIN, Target};

const JSON: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"null",
    b"true",
    b"false",
    b"0",
    b"-1",
    b"1e400",
    b"1e-400",
    b"0.5",
    b"4294967296",
    b"\\u0000",
    b"\\ud800",
    b"\"\"",
    b"[[[[[[[[",
    b"{\"a\":",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\"input\": ",
    b"\"size\": ",
    b"\"labels\": ",
    b"\"threshold\": ",
    b"\"mean\": ",
    b"\"settled\": ",
    b"\"value_range\": ",
    b"\"overlay\": ",
    b"\"scale\": ",
];

const TABLE: &[&[u8]] = &[
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"sep=;\n",
    b"image",
    b"person",
    b"sex",
    b"age",
    b"label",
    b"F",
    b"M",
    b"female",
    b"1",
    b"2",
    b"0",
    b"-1",
    b"1e999",
    b"nan",
    b"34,5",
    b"00012",
    b"=1+1",
    b"\\",
    b"/",
    b".jpg",
    "性別".as_bytes(),
    "\u{202e}".as_bytes(),
];

const NPY: &[&[u8]] = &[
    b"\x93NUMPY",
    b"'descr': ",
    b"'fortran_order': ",
    b"'shape': ",
    b"(",
    b")",
    b",",
    b"'",
    b"{",
    b"}",
    b"True",
    b"False",
    b"<f4",
    b"<f8",
    b">f4",
    b"|u1",
    b"|O",
    b"<U4",
    b"0",
    b"4294967296",
    b"18446744073709551615",
    b"-1",
    b"\n",
];

#[test]
fn card() {
    Target {
        name: "card",
        seeds: &["card"],
        words: JSON,
        run: |bytes| {
            let path = written("card.json", bytes);
            let _ = beside(&path.with_extension("h5"));
            match read_card(&path) {
                Ok(draft) => {
                    // Writing and reading a card does not change it.
                    let again = written("again.json", &serde_json::to_vec(&draft).unwrap());
                    let again = read_card(&again).map(|draft| serde_json::to_vec(&draft).unwrap());
                    if let Ok(again) = again {
                        assert_eq!(again, serde_json::to_vec(&draft).unwrap());
                    }
                    true
                }
                Err(error) => {
                    let text = error.to_string();
                    assert!(
                        !text.is_empty() && !text.contains(env!("CARGO_TARGET_TMPDIR")),
                        "{text}"
                    );
                    false
                }
            }
        },
        ..PLAIN
    }
    .check();
}

#[test]
fn labels() {
    Target {
        name: "labels",
        seeds: &["labels"],
        words: TABLE,
        run: |bytes| {
            let labels = |a: &str, b: &str| Sort::Labels([a.to_owned(), b.to_owned()]);
            let images = [
                "01L.jpg",
                "02L.jpg",
                "0_left.jpg",
                "a/12.png",
                "sub/03R.jpg",
            ];
            let mut taken = false;
            let values = [
                (Role::Sex, labels("female", "male")),
                (Role::Age, Sort::Years),
                (Role::Label, labels("none", "mild")),
                (Role::Label, Sort::Number),
            ]
            .map(|(role, sort)| DesiredValue {
                role,
                sort,
                required: true,
            });
            let answers = Answers::default();
            let without_zeros = Answers {
                without_leading_zeros: true,
                ..Answers::default()
            };
            let desired = |values, answers| TableOptions {
                masked: false,
                values,
                images: &images,
                eyes: &[],
                answers,
            };
            for value in &values {
                let one = std::slice::from_ref(value);
                match LabelTable::read(bytes, &desired(one, &answers)) {
                    Ok(table) => {
                        taken = true;
                        for answers in [&answers, &without_zeros] {
                            let pairs = table.pair(&desired(one, answers));
                            let per = table.understood.rows_per;
                            let _ = mismatches(&images, &table.rows, &pairs, per);
                        }
                        let rows: Vec<usize> = (0..table.rows.len()).collect();
                        assert_eq!(table.persons(&rows).len(), rows.len());
                        assert!(table.rows.iter().all(|row| row.value.is_finite()));
                    }
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
            // As a study reads it: whatever the table has.
            let optional = values.clone().map(|value| DesiredValue {
                required: false,
                ..value
            });
            let desired = desired(&optional[..3], &answers);
            match RecordedTable::read(bytes, &desired) {
                Ok(table) => {
                    for &(image, row) in &table.pair(&desired).found {
                        assert!(image < images.len());
                        table.recorded(row);
                    }
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    RecordedTable::columns(bytes, &desired);
                }
            }
            taken
        },
        ..PLAIN
    }
    .check();
}

#[test]
fn settings_file() {
    Target {
        name: "settings",
        seeds: &["settings"],
        words: JSON,
        run: |bytes| {
            let loaded = settings::load::<Settings>(&written("settings.json", bytes));
            let saved =
                serde_json::to_vec(&loaded.value).expect("settings that were read can be written");
            let again = settings::load::<Settings>(&written("settings.json", &saved));
            assert!(again.ignored.is_empty(), "{:?}", again.ignored);
            loaded.ignored.is_empty()
        },
        ..PLAIN
    }
    .check();
}

#[test]
fn arrays() {
    Target {
        name: "npy",
        seeds: &["npy"],
        words: NPY,
        run: |bytes| match npy::read_floats(bytes) {
            Ok(array) => {
                assert_eq!(array.shape.iter().product::<usize>(), array.values.len());
                let again =
                    npy::read_floats(&npy::write_floats(&array)).expect("reads what it writes");
                assert_eq!(again.shape, array.shape);
                true
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                false
            }
        },
        ..PLAIN
    }
    .check();
}

/// Writes a file with these bytes; each process has its own.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let name = format!("fuzz_{}_{name}", std::process::id());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Some file systems flush a replaced file at once, which would take longer than everything else here.
    let _ = std::fs::remove_file(&path);
    std::fs::write(&path, bytes).unwrap();
    path
}
