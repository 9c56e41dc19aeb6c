//! The check on small networks built by Keras, with labels derived from a known setting.

mod tables;

use std::path::{Path, PathBuf};

use super::dataset::in_turn;
use super::score_matrix::LabelledPhotograph;
use super::training_statistics::distance;
use super::*;
use crate::domain::model_card::example;
use crate::domain::{ColourOrder, Crop, FieldSource, Resize, Scaling, Task};
use crate::evaluation::{self, Meaning, Question, ReferenceValues};
use crate::graph;
use crate::imaging::prepare::prepare;
use crate::storage::Places;
use crate::storage::library::ModelFolder;
use crate::text::failures::{Fault, LabelsFault};
use crate::workflow::demonstration::BUNDLED;
use crate::workflow::{
    Class, DrawRequest, ImportFlags, Source, draw, find_photographs, import, open,
};

/// Pictures that are wider than high, so that no two crops are the same.
const SIZE: (u32, u32) = (140, 100);

struct Study {
    folder: tempfile::TempDir,
    ctx: Context,
    model: String,
}

impl Study {
    fn new(model: &str, count: u64, size: (u32, u32)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&folder.path().join("home")));
        let request = DrawRequest {
            count,
            seed: 5,
            size,
            format: crate::drawing::PictureFormat::Png,
            out: folder.path().join("eyes"),
        };
        draw(&ctx, &request, &Cancel::new(), &mut |_, _| {}).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keras");
        Self {
            model: root.join(model).to_string_lossy().into_owned(),
            folder,
            ctx,
        }
    }

    fn eyes(&self) -> PathBuf {
        self.folder.path().join("eyes")
    }

    fn names(&self) -> Vec<String> {
        let scan = find_photographs(&[self.eyes()], &Cancel::new()).unwrap();
        scan.found.into_iter().map(|found| found.name).collect()
    }

    /// The network's scores under a setting, computed by `predict`.
    fn scores(&self, setting: &InputSpec) -> Vec<f64> {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let device = Device::Embedded;
        let mut loaded = models::load_with(
            &self.ctx,
            &self.model,
            device,
            &cancel,
            &progress,
            Unimported::Guess,
        )
        .unwrap();
        let spec = InputSpec {
            size: loaded.card.input.size,
            ..setting.clone()
        };
        let score = |name: &String| {
            let source = Source::File(self.eyes().join(name));
            let image = open(&source, &OpenOptions::default()).unwrap();
            let field = image.field_of_view.as_ref();
            let tensor = prepare(&image.pixels, field, &spec).unwrap().tensor;
            let outputs = loaded
                .session
                .run(&[(graph::INPUT, &tensor)], &[graph::LOGIT], &cancel);
            f64::from(outputs.unwrap()[0].values[0])
        };
        self.names().iter().map(score).collect()
    }

    fn table(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("table.csv");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn request(&self, labels: PathBuf) -> CheckRequest {
        CheckRequest {
            stated: None,
            mask_names: false,
            model: self.model.clone(),
            labels,
            // Not all eyes this small look like fundus photographs.
            answers: Answers {
                any_picture: true,
                ..Answers::default()
            },
            images: vec![self.eyes()],
            device: Device::Embedded,
            full: false,
        }
    }

    fn check(&self, table: &str) -> Result<CheckReport, Error> {
        self.check_with(table, &[])
    }

    /// With the meaning of some values.
    fn check_with(&self, table: &str, wording: &[(&str, &str)]) -> Result<CheckReport, Error> {
        let mut request = self.request(self.table(table));
        let wording = wording
            .iter()
            .map(|(value, label)| ((*value).to_owned(), Meaning::Label((*label).to_owned())));
        request.answers.values = wording.collect();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        check_import(&self.ctx, &request, &cancel, &progress, &mut |_| {})
    }

    /// A table that labels the photographs with the higher scores `high`.
    fn by_scores(&self, scores: &[f64], [low, high]: [&str; 2]) -> String {
        let mut sorted = scores.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted[sorted.len() / 2];
        let mut text = String::from("image,sex\n");
        for (name, score) in self.names().iter().zip(scores) {
            let word = if *score >= middle { high } else { low };
            text.push_str(&format!("{name},{word}\n"));
        }
        text
    }
}

fn hidden() -> InputSpec {
    InputSpec {
        scaling: Scaling::Torch,
        crop: Crop::Pad,
        colour: ColourOrder::Bgr,
        resize: Resize::Cv2Linear,
        ..example().input
    }
}

fn is(a: &InputSpec, b: &InputSpec) -> bool {
    (a.scaling, a.crop, a.colour, a.resize) == (b.scaling, b.crop, b.colour, b.resize)
}

#[test]
fn values_that_a_setting_gave_lead_to_that_setting() {
    let mut study = Study::new("keras2_efficientnet_linear_imagenet.h5", 20, SIZE);
    // The values of this network are not ages.
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let flags = ImportFlags {
        id: Some("values".into()),
        task: Some(Task::Other),
        scaling: Some(Scaling::Raw),
        crop: Some(Crop::Masked),
        colour: Some(ColourOrder::Rgb),
        resize: Some(Resize::PilBilinear),
        ..ImportFlags::default()
    };
    let file = PathBuf::from(&study.model);
    import(&study.ctx, &file, &flags, None, &cancel, &progress)
        .map_err(|(e, _)| e)
        .unwrap();
    study.model = "values".into();
    let mut text = String::from("image;label\n");
    for (name, value) in study.names().iter().zip(study.scores(&hidden())) {
        // A decimal comma, as spreadsheets in many languages write it.
        let value = format!("{value:.9}").replace('.', ",");
        text.push_str(&format!("{name};{value}\n"));
    }
    let report = study.check(&text).unwrap();
    let best = &report.rows[0];
    assert!(is(&best.input, &hidden()), "{}", short(&best.input));
    assert!(
        best.value < 1e-6,
        "the same numbers as predict: {}",
        best.value
    );
    assert_eq!(report.figure, Figure::MeanAbsoluteError);
    assert_eq!(report.images, 20);
    assert!(report.usable && report.rows[1].value > best.value);
    assert_eq!(report.tried.of, 160);
    assert!(report.tried.settings > 32 && report.tried.settings <= 48);
    assert!(report.rows.iter().any(|r| r.of_card && !r.inseparable));
}

#[test]
fn a_flipped_order_of_labels_is_found_and_said() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 24, SIZE);
    let setting = InputSpec {
        resize: Resize::PilNearest,
        ..hidden()
    };
    let scores = study.scores(&setting);
    let codes = |report: &CheckReport| -> Vec<&str> {
        report
            .remarks
            .iter()
            .map(|wording| wording.0.code())
            .collect()
    };
    let straight = study.check(&study.by_scores(&scores, ["F", "M"])).unwrap();
    assert!(
        straight.rows.iter().all(|r| !r.of_card),
        "the card is a guess"
    );
    let place = |report: &CheckReport| {
        let row = report.rows.iter().find(|r| is(&r.input, &setting));
        row.unwrap().clone()
    };
    assert_eq!(place(&straight).value, 1.0);
    assert!(place(&straight).inseparable && !straight.rows[0].flipped);
    assert!(codes(&straight).contains(&"optimistic") && codes(&straight).contains(&"no-persons"));
    let turned = study.check(&study.by_scores(&scores, ["M", "F"])).unwrap();
    assert_eq!(place(&turned).value, 0.0);
    assert!(turned.rows[0].flipped && codes(&turned).contains(&"flipped"));
    let codes_only = study.by_scores(&scores, ["1", "2"]);
    assert!(
        study.check(&codes_only).is_err(),
        "nobody said what they mean"
    );
    let wording = [("1", "male"), ("2", "female")];
    let answered = study.check_with(&codes_only, &wording).unwrap();
    assert!(codes(&answered).contains(&"flipped-by-answer"));
}

#[test]
fn settings_with_the_same_inputs_share_a_row() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 8, (100, 100));
    let text = std::fs::read_to_string(study.eyes().join("labels.csv")).unwrap();
    let report = study.check(&text).unwrap();
    // A square picture for a square input: stretched and padded are the same.
    for row in &report.rows {
        let crops: Vec<Crop> = row
            .same
            .iter()
            .chain([&row.input])
            .map(|s| s.crop)
            .collect();
        assert_eq!(crops.contains(&Crop::Stretch), crops.contains(&Crop::Pad));
    }
    assert!(
        report
            .remarks
            .iter()
            .any(|wording| wording.0.code() == "same-inputs")
    );
    assert!(report.persons_known && report.persons == 4);
}

#[test]
fn nothing_is_dropped_without_a_name() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 8, (100, 100));
    std::fs::write(study.eyes().join("images/broken.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let text = std::fs::read_to_string(study.eyes().join("labels.csv")).unwrap();
    let text = text.replace("images/00003_OS.png,00003", "00099_OS.png,00003");
    let text = text.replace("00002_OS.png,00002,OS", "00002_OS.png,00002,OS,,,,")
        + "images/broken.png,00009,OD,50,F\n";
    let report = study.check(&text).unwrap();
    let left = &report.left_out;
    assert_eq!(left.labels_without_image, ["00099_OS.png"]);
    // The one with the unreadable row is one of them.
    let unlabelled = ["images/00002_OS.png", "images/00003_OS.png"];
    assert_eq!(left.images_without_label, unlabelled);
    assert_eq!(left.failed_images[0].image, "images/broken.png");
    assert_eq!(left.unreadable_labels.len(), 1);
    assert_eq!(left.skipped, ["labels.csv", "signs.json"]);
    assert_eq!(report.images, 6);
}

#[test]
fn a_picture_that_is_no_fundus_photograph_takes_no_part_until_it_is_accepted() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 8, (100, 100));
    let pixels = (0..90 * 90 * 3).map(|i| (i * 7) as u8).collect();
    let pixels = crate::drawing::Pixels {
        width: 90,
        height: 90,
        rgb: pixels,
    };
    let png = crate::drawing::encode(&pixels, crate::drawing::PictureFormat::Png).unwrap();
    std::fs::write(study.eyes().join("images/cup.png"), png).unwrap();
    let text = std::fs::read_to_string(study.eyes().join("labels.csv")).unwrap();
    let table = study.table(&(text + "images/cup.png,00009,OD,50,F\n"));
    let mut request = study.request(table);
    let check = |request: &CheckRequest| {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        check_import(&study.ctx, request, &cancel, &progress, &mut |_| {}).unwrap()
    };
    request.answers.any_picture = false;
    let report = check(&request);
    assert_eq!(report.left_out.not_a_fundus, ["images/cup.png"]);
    assert_eq!((report.images, report.left_out.failed_images.len()), (8, 0));
    request.answers.any_picture = true;
    let report = check(&request);
    assert_eq!((report.images, report.left_out.not_a_fundus.len()), (9, 0));
    // If most pictures are of this kind they are used, and that is the first remark.
    let cup = study.eyes().join("images/cup.png");
    std::fs::copy(cup, study.eyes().join("images/mug.png")).unwrap();
    let mut request = study.request(study.table("image,sex\ncup.png,F\nmug.png,M\n"));
    request.answers.any_picture = false;
    let report = check(&request);
    assert_eq!(report.images, 2);
    assert_eq!(report.remarks[0].0, Remark::AnyPicture { count: 2, of: 2 });
}

#[test]
fn a_stop_gives_the_report_on_what_was_finished() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 12, (100, 100));
    let request = study.request(study.eyes().join("labels.csv"));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let mut seen = Vec::new();
    let report = check_import(&study.ctx, &request, &cancel, &progress, &mut |interim| {
        seen.push((interim.images, interim.rows.len()));
        if interim.images == 6 {
            cancel.cancel();
        }
    })
    .unwrap();
    assert!(report.interrupted);
    assert_eq!((report.images, report.left_out.not_reached.len()), (6, 6));
    assert_eq!(seen.len(), 6);
    assert!(seen[5].1 >= 24, "{seen:?}");
    // Both labels are among the first, whatever the order of the files.
    assert!(report.label_counts.iter().all(|(_, count)| *count > 0));
    let at_once = check_import(&study.ctx, &request, &cancel, &progress, &mut |_| {});
    assert!(matches!(at_once.unwrap_err(), Error::Cancelled));
}

#[test]
fn what_cannot_be_checked_is_refused_with_the_reason() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 2, (100, 100));
    let refused = |text: &str| study.check(text).unwrap_err();
    let one = refused("image,sex\n00000_OD.png,F\n00000_OS.png,F\n");
    assert_eq!(one.class(), Class::Usage);
    assert!(one.to_string().contains("same label"), "{one}");
    let nobody = refused("image,sex\nother.png,F\n");
    assert!(nobody.to_string().contains("none of the 2 photographs"));
    let column = refused("image,age\nx,3\n");
    assert!(
        matches!(
            column,
            Error::Evaluation(evaluation::Error::Question(Question::Column { .. }))
        ),
        "{column}"
    );
    let empty = refused("");
    assert!(
        matches!(empty, Error::Evaluation(evaluation::Error::NoRows)),
        "{empty}"
    );
    let request = study.request(study.folder.path().join("absent.csv"));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let absent = check_import(&study.ctx, &request, &cancel, &progress, &mut |_| {});
    let message = absent.unwrap_err().to_string();
    assert!(message.contains("absent.csv") && !message.contains("/home"));
}

#[test]
fn photographs_beyond_the_memory_are_opened_again_and_counted() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 3, (100, 100));
    let cases: Vec<LabelledPhotograph> = study
        .names()
        .into_iter()
        .map(|name| LabelledPhotograph {
            source: Source::File(study.eyes().join(&name)),
            name,
        })
        .collect();
    let options = OpenOptions::default();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let device = Device::Embedded;
    let mut loaded = models::load_with(
        &study.ctx,
        &study.model,
        device,
        &cancel,
        &progress,
        Unimported::Guess,
    )
    .unwrap();
    let card = loaded.card.clone();
    let offer = SearchSpace::around(&card);
    for (room, again) in [(usize::MAX, 0), (100 * 100 * 3, 2), (0, 3)] {
        let mut score_matrix = ScoreMatrix::with_room(&cases, &options, &card, room);
        let session = loaded.session.as_mut();
        let first = vec![card.input.clone()];
        score_matrix
            .run(first, true, session, &cancel, &progress, &mut |_, _| {})
            .unwrap();
        let more = offer.kernels_of(&score_matrix.settings);
        score_matrix
            .run(more, false, session, &cancel, &progress, &mut |_, _| {})
            .unwrap();
        assert_eq!(score_matrix.opened_again, again, "room for {room}");
        assert_eq!(score_matrix.whole_cases(), [0, 1, 2]);
    }
}

#[test]
fn the_chosen_setting_goes_into_the_card_with_its_evidence() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 24, SIZE);
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let flags = ImportFlags {
        id: Some("mine".into()),
        task: Some(Task::Sex),
        labels: Some(vec!["female".into(), "male".into()]),
        threshold: Some(0.5),
        scaling: Some(Scaling::Raw),
        crop: Some(Crop::Masked),
        colour: Some(ColourOrder::Rgb),
        resize: Some(Resize::PilBilinear),
        ..ImportFlags::default()
    };
    let file = PathBuf::from(&study.model);
    import(&study.ctx, &file, &flags, None, &cancel, &progress)
        .map_err(|(e, _)| e)
        .unwrap();
    let setting = InputSpec {
        resize: Resize::PilBilinear,
        ..hidden()
    };
    let scores = study.scores(&setting);
    let mut request = study.request(study.table(&study.by_scores(&scores, ["M", "F"])));
    request.model = "mine".into();
    let report = check_import(&study.ctx, &request, &cancel, &progress, &mut |_| {}).unwrap();
    assert!(report.rows.iter().any(|r| r.of_card));
    // A setting that reverses the labels requires a choice.
    let silent = apply_setting(&study.ctx, &report, Choice::default()).unwrap_err();
    assert_eq!(
        (silent.class(), silent.fault()),
        (Class::Usage, Fault::Labels(LabelsFault::OrderFlipped)),
        "{silent}"
    );
    let before = ModelFolder::of(&study.ctx.places, "mine").unwrap();
    assert_eq!(before.card().unwrap().labels, ["female", "male"]);
    let choice = |order| Choice {
        row: Some(1),
        order: Some(order),
    };
    let (card, applied) = apply_setting(&study.ctx, &report, choice(LabelOrder::Keep)).unwrap();
    assert!(!applied.swapped && card.labels == ["female", "male"]);
    let (card, applied) = apply_setting(&study.ctx, &report, choice(LabelOrder::Swap)).unwrap();
    assert!(is(&card.input, &report.rows[0].input));
    assert!(applied.swapped);
    assert_eq!(card.labels, ["male", "female"]);
    assert_eq!(card.settled["labels"], FieldSource::Labels);
    // Four fields of the input, and the order of the labels.
    assert_eq!(applied.settled.len() + applied.open.len(), 5);
    assert!(applied.settled.contains(&"labels".to_owned()));
    for field in &applied.settled {
        assert_eq!(card.settled[field], FieldSource::Labels);
    }
    let text = card.evaluation["preprocessing_check"]["text"].as_str();
    // The figure of the labels as the card has them now.
    assert!(text.unwrap().starts_with("checked: AUC 1.00 ("), "{text:?}");
    assert!(text.unwrap().ends_with("on 24 images"), "{text:?}");
    let stored = ModelFolder::of(&study.ctx.places, "mine").unwrap();
    assert_eq!(stored.card().unwrap(), card);
    for row in [0, 999] {
        assert!(apply_setting(&study.ctx, &report, Choice::row(row)).is_err());
    }
    for model in [BUNDLED[0].id, study.model.as_str()] {
        let error = changeable(&study.ctx, model).unwrap_err();
        assert_eq!(error.class(), Class::Usage, "{error}");
    }
    let useless = CheckReport {
        usable: false,
        ..report
    };
    assert!(apply_setting(&study.ctx, &useless, choice(LabelOrder::Swap)).is_err());
}

#[test]
fn pictures_prepared_as_in_training_lie_nearest_to_it() {
    let study = Study::new("keras2_mobilenet_sigmoid.h5", 12, (300, 260));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    for bundled in &BUNDLED {
        let device = Device::Embedded;
        let loaded = models::load_with(
            &study.ctx,
            bundled.id,
            device,
            &cancel,
            &progress,
            Unimported::Known,
        )
        .unwrap();
        let mut stem = TrainingStatistics::open(&loaded.stem, &cancel)
            .unwrap()
            .unwrap();
        let mut far = |setting: InputSpec| {
            let moments = study.names().into_iter().map(|name| {
                let source = Source::File(study.eyes().join(name));
                let image = open(&source, &OpenOptions::default()).unwrap();
                let field = image.field_of_view.as_ref();
                let input = prepare(&image.pixels, field, &setting).unwrap().tensor;
                let moments = stem.moments(&input, &cancel).unwrap();
                // One is kept for each photograph and setting.
                assert_eq!(moments.idle_bytes(), 0);
                moments
            });
            distance(moments.collect::<Vec<_>>().iter()).unwrap()
        };
        let own = &loaded.card.input;
        let nearest = far(own.clone());
        assert!(nearest < 0.25, "{}: {nearest}", bundled.id);
        let scalings = [Scaling::Raw, Scaling::Unit, Scaling::Tf, Scaling::Torch];
        let mut others: Vec<InputSpec> = scalings
            .into_iter()
            .filter(|scaling| *scaling != own.scaling)
            .map(|scaling| InputSpec {
                scaling,
                ..own.clone()
            })
            .collect();
        others.push(InputSpec {
            crop: Crop::Stretch,
            ..own.clone()
        });
        others.push(InputSpec {
            colour: ColourOrder::Bgr,
            ..own.clone()
        });
        for other in others {
            let words = short(&other);
            let distance = far(other);
            assert!(distance > 1.5 * nearest, "{words}: {distance}, {nearest}");
        }
    }
}

#[test]
fn labels_come_in_turn_whatever_their_order() {
    let sorted = ReferenceValues::Labels(vec![false, false, false, false, true, true]);
    assert_eq!(in_turn(&sorted), [0, 4, 1, 2, 5, 3]);
    assert_eq!(in_turn(&ReferenceValues::Values(vec![3.0, 1.0])), [0, 1]);
}
