//! The whole export into a folder of its own, with the sample eye.

use super::*;
use crate::export::formats::ExportFormat;
use crate::export::json;
use crate::imaging::OpenOptions;
use crate::runtime::Device;
use crate::saliency::Share;
use crate::saliency::sanity_checks::SanityChecks;
use crate::storage::Places;
use crate::workflow::open;
use crate::workflow::{Context, Request, predict};

/// The sample eye with the answer of the first bundled model, to be written to `folder`.
fn order(home: &std::path::Path, folder: &std::path::Path) -> ExportOrder {
    let ctx = Context::in_places(Places::below(home));
    let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
    let request = Request {
        model: "demo-mobilenet".into(),
        device: Device::Embedded,
        saliency: true,
        target: None,
        features: false,
    };
    let name = Source::Sample.name();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let answer = predict(&ctx, &photograph, &name, &request, &cancel, &progress).unwrap();
    let mut failed = ResultRow::unopened("broken.png", Arc::clone(&answer.case.card));
    failed.error = Some("it is damaged".into());
    let rows = vec![
        ExportRow {
            source: Source::Sample,
            name,
            answers: vec![Arc::new(Answer::of_run(
                answer.case,
                answer.map,
                answer.prepared.geometry,
            ))],
            failed: vec![],
        },
        ExportRow {
            source: Source::File("/nowhere/broken.png".into()),
            name: "broken.png".into(),
            answers: vec![],
            failed: vec![failed],
        },
    ];
    ExportOrder {
        rows,
        formats: ExportFormats::default(),
        overlay: OverlayOptions::default(),
        common_scale: true,
        lang: Lang::Ja,
        folder: folder.to_owned(),
        clash: IfTaken::Ask,
        models: vec!["demo-mobilenet".into()],
        errors: HashMap::new(),
        skipped: vec![Skipped {
            name: "notes.txt".into(),
            why: crate::domain::SkipReason::NotAPicture,
        }],
    }
}

fn run(order: &ExportOrder) -> Exported {
    export(order, &Cancel::new(), &Progress::new()).unwrap()
}

#[test]
fn a_cancelled_export_writes_nothing_more() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cancel = Cancel::new();
    cancel.cancel();
    let order = order(home.path(), out.path());
    let ended = export(&order, &cancel, &Progress::new());
    assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn the_controls_of_a_map_stand_in_its_row() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut order = order(home.path(), out.path());
    // The row without an answer first: indices count rows, not answers.
    order.rows.reverse();
    let answer = Arc::make_mut(&mut order.rows[1].answers[0]);
    answer.sanity_checks = Some(Arc::new(SanityChecks {
        of_photograph: true,
        outside: Some(Share {
            evidence: 0.5,
            area: 0.25,
        }),
        ..SanityChecks::default()
    }));
    run(&order);
    let written = std::fs::read(out.path().join(json::RESULTS)).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&written).unwrap();
    let [failed, answered] = [0, 1].map(|at| &document["results"][at]);
    assert!(failed["controls"].is_null());
    assert_eq!(answered["controls"]["outside"]["evidence"], 0.5);
}

#[test]
fn everything_wanted_is_written_and_a_second_time_asked_about() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut order = order(home.path(), out.path());
    let Exported::Written { files, problems } = run(&order) else {
        panic!("the folder was empty before");
    };
    assert_eq!(problems, Vec::<String>::new());
    let stem = "haggstrom_left_1411";
    let expected = [
        format!("{stem}.demo-mobilenet.grad-cam.png"),
        format!("{stem}.figure.png"),
        "results.csv".into(),
        "results_full.csv".into(),
        "results.json".into(),
    ];
    assert_eq!(files, expected);
    let text = std::fs::read_to_string(out.path().join("results.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["results"][0]["files"][1], expected[1]);
    assert_eq!(document["results"][1]["error"], "it is damaged");
    assert_eq!(document["skipped"][0], "notes.txt");
    assert_eq!(run(&order), Exported::Clashes(expected.to_vec()));
    order.clash = IfTaken::KeepBoth;
    let Exported::Written { files, .. } = run(&order) else {
        panic!("both should be kept");
    };
    assert_eq!(files[0], format!("{stem}.demo-mobilenet.grad-cam~2.png"));
    order.clash = IfTaken::Replace;
    assert!(matches!(run(&order), Exported::Written { files, .. } if files == expected));
}

#[test]
fn each_format_alone_writes_its_own_files_and_no_other() {
    let home = tempfile::tempdir().unwrap();
    let mut order = order(home.path(), home.path());
    let stem = "haggstrom_left_1411";
    for (format, expected) in [
        (
            ExportFormat::Overlay,
            vec![format!("{stem}.demo-mobilenet.grad-cam.png")],
        ),
        (ExportFormat::Figure, vec![format!("{stem}.figure.png")]),
        (
            ExportFormat::Report,
            vec![format!("{stem}.report.pdf"), "broken.report.pdf".into()],
        ),
        (
            ExportFormat::Csv,
            vec!["results.csv".into(), "results_full.csv".into()],
        ),
        (ExportFormat::Json, vec!["results.json".into()]),
    ] {
        let out = tempfile::tempdir().unwrap();
        order.folder = out.path().to_owned();
        order.formats.desired = [format].into();
        let Exported::Written { files, .. } = run(&order) else {
            panic!("the folder was empty before");
        };
        assert_eq!(files, expected);
        let there = std::fs::read_dir(out.path()).unwrap();
        assert_eq!(there.count(), expected.len(), "{format:?}");
    }
}

#[test]
fn two_models_are_in_one_small_report_and_its_bytes_repeat() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut order = order(home.path(), out.path());
    let ctx = Context::in_places(Places::below(home.path()));
    let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
    let request = Request {
        model: "demo-efficientnet-b0".into(),
        device: Device::Embedded,
        saliency: true,
        target: None,
        features: false,
    };
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let name = Source::Sample.name();
    let second = predict(&ctx, &photograph, &name, &request, &cancel, &progress).unwrap();
    order.rows[0].answers.push(Arc::new(second.into()));
    order.formats.desired = [ExportFormat::Report].into();
    order.clash = IfTaken::KeepBoth;
    let read = |name: &str| std::fs::read(out.path().join(name)).unwrap();
    for lang in [Lang::En, Lang::Ja] {
        order.lang = lang;
        let Exported::Written { files, problems } = run(&order) else {
            panic!("both are kept");
        };
        assert_eq!((files.len(), problems.len()), (2, 0), "{problems:?}");
        let Exported::Written { files: again, .. } = run(&order) else {
            panic!("both are kept");
        };
        let pdf = read(&files[0]);
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 3_000_000);
        assert!(pdf == read(&again[0]), "another file");
        assert!(read(&files[1]) == read(&again[1]), "another file");
    }
}

#[test]
fn an_overlay_without_a_caption_needs_no_template() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut order = order(home.path(), out.path());
    order.formats.desired = [ExportFormat::Overlay].into();
    order.formats.caption = false;
    order.formats.figure.caption = Some("{patient}".into());
    let Exported::Written { files, problems } = run(&order) else {
        panic!("the folder was empty before");
    };
    assert_eq!((files.len(), problems.len()), (1, 0), "{problems:?}");
}

#[test]
fn a_photograph_that_changed_gets_no_picture_and_says_so() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut order = order(home.path(), out.path());
    let answer = Arc::make_mut(&mut order.rows[0].answers[0]);
    answer.case.sha256 = Some("another".into());
    let Exported::Written { files, problems } = run(&order) else {
        panic!("the folder was empty before");
    };
    assert!(files.iter().all(|f| !f.ends_with(".png")));
    assert!(problems[0].contains("changed"), "{problems:?}");
}

#[test]
fn the_preview_shows_the_first_picture_in_small() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let order = order(home.path(), out.path());
    let picture = preview(&order, 300, &Cancel::new()).unwrap();
    assert_eq!(picture.width.max(picture.height), 300);
    assert!(picture.width > picture.height, "two panes side by side");
}
