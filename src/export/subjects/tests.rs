//! Which photographs count, for each kind of reason.

use std::sync::Arc;

use super::*;
use crate::domain::{ModelCard, model_card};
use crate::imaging::{Named, laterality_from_name, persons_from_names};
use crate::text::detail_in_files;

/// A row of model `m`, as left by opening and a run.
fn case(image: &str, pixels: &str, logit: f64) -> ResultRow {
    let card = ModelCard {
        id: "m".into(),
        ..model_card::example()
    };
    let mut case = ResultRow::unopened(image, Arc::new(card));
    case.pixels_sha256 = Some(pixels.into());
    case.quality = Some(Quality::Good);
    case.eye = laterality_from_name(image);
    case.logit = Some(logit);
    let score = 1.0 / (1.0 + (-logit).exp());
    case.score = Some(score);
    case.label = case.card.label_of(score).map(str::to_owned);
    case
}

fn key(n: u8, issued: bool) -> Option<PatientKey> {
    Some(PatientKey {
        digest: [n; 32],
        issued,
    })
}

/// Resolves rows with persons from their names; `patients` are those of DICOM.
fn settled(cases: &mut [ResultRow], patients: &[(usize, Option<PatientKey>)], persons: Persons) {
    let named: Vec<Named> = cases
        .iter()
        .zip(patients.iter().chain(std::iter::repeat(&(0, None))))
        .map(|(case, (input, _))| Named {
            input: *input,
            name: &case.image,
        })
        .collect();
    let guesses = persons_from_names(&named);
    let rows: Vec<PhotographRows> = guesses
        .into_iter()
        .zip(patients.iter().chain(std::iter::repeat(&(0, None))))
        .map(|(guess, (input, patient))| PhotographRows {
            rows: 1,
            input: *input,
            guess,
            patient: *patient,
            age: None,
        })
        .collect();
    let rule = NamingRule {
        persons,
        masked: false,
    };
    resolve_rows(cases, &rows, rule);
}

fn why(cases: &[ResultRow]) -> Vec<Option<String>> {
    cases.iter().map(ResultRow::used_why).collect()
}

fn persons(cases: &[ResultRow]) -> Vec<Option<&str>> {
    cases
        .iter()
        .map(|c| c.subject.person.as_ref().map(|p| p.name.as_str()))
        .collect()
}

#[test]
fn bad_and_conflicting_photographs_do_not_count_until_the_user_says_so() {
    let mut cases = [
        case("p1_OD.jpg", "1", 1.0),
        case("p1_OD_2.jpg", "2", 1.0),
        case("p1_OS.jpg", "3", 1.0),
        case("cup.jpg", "4", 1.0),
        case("failed.jpg", "5", 1.0),
    ];
    cases[1].quality = Some(Quality::Bad);
    cases[2].findings = vec![Finding::new(FindingCode::EyeConflict, Severity::Caution)];
    cases[3].quality = Some(Quality::NotAFundus);
    cases[4].error = Some("damaged".into());
    settled(&mut cases, &[], Persons::Dicom);
    let wording =
        ["quality-bad", "eye-conflict", "not-a-fundus", "failed"].map(|w| Some(w.to_owned()));
    assert_eq!(why(&cases)[0], None);
    assert_eq!(why(&cases)[1..], wording);
    let used: Vec<bool> = cases.iter().map(ResultRow::is_used).collect();
    assert_eq!(used, [true, false, false, false, false]);
    cases[1].subject.by_user = Some(true);
    assert!(cases[1].is_used());
    assert_eq!(cases[1].used_why().as_deref(), Some("user"));
    // A failed photograph never counts, whatever the user decides.
    cases[4].subject.by_user = Some(true);
    assert!(!cases[4].is_used());
    cases[3].findings = vec![Finding::new(
        FindingCode::NotAFundusAccepted,
        Severity::Caution,
    )];
    settled(&mut cases, &[], Persons::Dicom);
    assert!(cases[3].is_used());
}

#[test]
fn of_equal_pixels_the_first_counts() {
    let mut cases = [
        case("a/x.jpg", "same", 1.0),
        case("a/y.jpg", "other", 1.0),
        case("b/x.jpg", "same", 1.0),
        case("c/x.jpg", "same", 1.0),
    ];
    settled(&mut cases, &[], Persons::Dicom);
    let duplicate = Some("duplicate".to_owned());
    assert_eq!(why(&cases), [None, None, duplicate.clone(), duplicate]);
    let found: Vec<_> = cases
        .iter()
        .map(|c| c.findings.first().map(|f| (f.code, f.detail.clone())))
        .collect();
    let mark = Some((FindingCode::Duplicate, Some(Detail::Copies(3))));
    assert_eq!(found, [mark.clone(), None, mark.clone(), mark]);
    // Resolved again, nothing is reported twice.
    settled(&mut cases, &[], Persons::Dicom);
    assert_eq!(cases[0].findings.len(), 1);
}

#[test]
fn of_equal_pixels_under_two_persons_or_two_eyes_none_counts() {
    let mut cases = [case("a.dcm", "same", 1.0), case("b.dcm", "same", 1.0)];
    settled(
        &mut cases,
        &[(0, key(1, true)), (0, key(2, true))],
        Persons::Dicom,
    );
    let both = Some("duplicate-of-two-persons".to_owned());
    assert_eq!(why(&cases), [both.clone(), both]);

    let mut cases = [case("01L.jpg", "same", 1.0), case("01R.jpg", "same", 1.0)];
    settled(&mut cases, &[], Persons::FileNames);
    let both = Some("duplicate-of-two-eyes".to_owned());
    assert_eq!(why(&cases), [both.clone(), both]);
}

#[test]
fn patients_of_dicom_are_numbers_in_the_order_of_the_run() {
    let mut cases: Vec<ResultRow> = ["a", "b", "c", "d", "e"].map(|n| case(n, n, 1.0)).into();
    let patients = [
        (0, key(7, false)),
        (0, None),
        (0, key(3, false)),
        (0, key(7, false)),
        (1, key(7, false)),
    ];
    settled(&mut cases, &patients, Persons::Dicom);
    // Without its issuer, an ID of another input may be another patient.
    let found = [
        Some("dicom-1"),
        None,
        Some("dicom-2"),
        Some("dicom-1"),
        Some("dicom-3"),
    ];
    assert_eq!(persons(&cases), found);
    settled(&mut cases, &patients, Persons::None);
    assert_eq!(persons(&cases), [None; 5]);
    let issued: Vec<_> = patients
        .map(|(at, k)| (at, k.map(|k| PatientKey { issued: true, ..k })))
        .into();
    settled(&mut cases, &issued, Persons::Dicom);
    assert_eq!(persons(&cases)[4], Some("dicom-1"));
}

#[test]
fn names_make_persons_only_where_they_are_confirmed() {
    let mut cases = [
        case("01L.jpg", "1", 1.0),
        case("01R.jpg", "2", 1.0),
        case("02R.jpg", "3", 1.0),
    ];
    settled(&mut cases, &[], Persons::Dicom);
    assert_eq!(persons(&cases), [None; 3]);
    assert_eq!(cases[0].subject.guess.as_deref(), Some("01"));
    assert!(aggregate::groups(&cases).is_empty());
    settled(&mut cases, &[], Persons::FileNames);
    assert_eq!(persons(&cases), [Some("01"), Some("01"), None]);
    let source = cases[0].subject.person.as_ref().map(|p| p.source.as_str());
    assert_eq!(source, Some("file-name"));
}

#[test]
fn masked_names_are_numbers() {
    let shot = |guess| PhotographFacts {
        guess,
        ..PhotographFacts::default()
    };
    let shots = [
        shot(Some("Yamada")),
        shot(None),
        shot(Some("Sato")),
        shot(Some("Yamada")),
    ];
    let rule = NamingRule {
        persons: Persons::FileNames,
        masked: true,
    };
    let settled = resolve(&shots, rule);
    let names: Vec<_> = settled
        .iter()
        .map(|s| s.subject.person.as_ref().map(|p| p.name.as_str()))
        .collect();
    assert_eq!(
        names,
        [Some("person-1"), None, Some("person-2"), Some("person-1")]
    );
    assert_eq!(settled[0].subject.guess.as_deref(), Some("person-1"));
}

#[test]
fn eyes_that_disagree_are_told_by_the_photographs_that_count() {
    let eyes = |bad: bool| {
        let mut cases = [
            case("p1_OD.jpg", "1", -1.0),
            case("p1_OS.jpg", "2", 2.0),
            case("p1_OS_2.jpg", "3", -9.0),
        ];
        if bad {
            cases[2].quality = Some(Quality::Bad);
        }
        settled(&mut cases, &[], Persons::FileNames);
        cases.map(|c| {
            let mut found = c
                .findings
                .into_iter()
                .filter(|f| f.code == FindingCode::EyesDisagree);
            found
                .next()
                .and_then(|f| f.detail)
                .as_ref()
                .map(detail_in_files)
        })
    };
    let reported = Some("OD 0.269, OS 0.881".to_owned());
    assert_eq!(eyes(true), [reported.clone(), reported.clone(), reported]);
    assert_eq!(eyes(false), [None, None, None]);
}

/// Rows of drawn eyes, opened from JPEG files of this width.
fn drawn(of: &[(&str, u32, u32)]) -> Vec<ResultRow> {
    use crate::drawing::{PictureFormat, Pixels, draw_eye, encode, eye_of_picture};
    use crate::imaging::{OpenOptions, open, shrink};
    const SIDE: u32 = 420;
    let mut large: HashMap<u32, crate::domain::Pixels> = HashMap::new();
    let mut row = |(name, picture, side): &(&str, u32, u32)| {
        let eye = large.entry(*picture).or_insert_with(|| {
            let (_, eye) = eye_of_picture(11, u64::from(*picture));
            let (drawn, _) = draw_eye(&eye, SIDE, SIDE).unwrap();
            crate::domain::Pixels::new(SIDE, SIDE, drawn.rgb).unwrap()
        });
        let small = shrink(eye, *side, *side);
        let pixels = Pixels {
            width: small.width,
            height: small.height,
            rgb: small.rgb,
        };
        let bytes = encode(&pixels, PictureFormat::Jpeg).unwrap();
        let image = open(&bytes, name, &OpenOptions::default()).unwrap();
        let card = Arc::new(model_card::example());
        let mut case = ResultRow::of_image(name, &image, card);
        case.logit = Some(0.5);
        case
    };
    of.iter().map(&mut row).collect()
}

#[test]
fn the_same_drawn_eye_smaller_is_told_and_does_not_count_and_others_do() {
    let mut cases = drawn(&[
        ("thumb_OD.jpg", 0, 160),
        ("p1_OD.jpg", 0, 420),
        ("p1_OS.jpg", 1, 300),
        ("p2_OD.jpg", 2, 420),
        ("medium_OD.jpg", 0, 256),
        ("p2_OS.jpg", 3, 160),
    ]);
    settled(&mut cases, &[], Persons::None);
    let larger = Some(Detail::LargerCopy {
        width: 420,
        height: 420,
    });
    for case in &cases {
        let found = case
            .findings
            .iter()
            .find(|f| f.code == FindingCode::SmallerCopy);
        let is_copy = matches!(&*case.image, "thumb_OD.jpg" | "medium_OD.jpg");
        assert_eq!(found.is_some(), is_copy, "{}", case.image);
        assert_eq!(
            found.and_then(|f| f.detail.clone()),
            larger.clone().filter(|_| is_copy)
        );
        let reasons = &case.subject.left_out;
        assert_eq!(
            reasons.contains(&Exclusion::SmallerCopy),
            is_copy,
            "{}",
            case.image
        );
    }
    // The finding goes with the larger photograph.
    let mut alone = vec![cases.remove(0)];
    settled(&mut alone, &[], Persons::None);
    assert!(
        alone[0]
            .findings
            .iter()
            .all(|f| f.code != FindingCode::SmallerCopy)
    );
}

#[test]
fn one_photograph_of_two_persons_at_two_sizes_counts_for_neither() {
    let mut cases = drawn(&[("p1_OD.jpg", 0, 420), ("p2_OD.jpg", 0, 200)]);
    let patients = [(0, key(1, true)), (0, key(2, true))];
    settled(&mut cases, &patients, Persons::Dicom);
    for case in &cases {
        assert!(case.subject.left_out.contains(&Exclusion::TwoPersons));
    }
    assert!(cases[1].subject.left_out.contains(&Exclusion::SmallerCopy));
}

#[test]
fn one_photograph_of_two_eyes_at_two_sizes_counts_for_neither() {
    let mut cases = drawn(&[("p1_OD.jpg", 0, 420), ("p1_OS.jpg", 0, 200)]);
    settled(&mut cases, &[], Persons::None);
    for case in &cases {
        assert!(case.subject.left_out.contains(&Exclusion::TwoEyes));
    }
}

#[test]
fn an_excluded_photograph_does_not_exclude_its_smaller_copies() {
    let names = [
        ("a_OD.jpg", 0, 420),
        ("b_OD.jpg", 0, 300),
        ("c_OD.jpg", 0, 200),
    ];
    let mut cases = drawn(&names);
    cases[0].quality = Some(Quality::Bad);
    settled(&mut cases, &[], Persons::None);
    let smaller = |case: &ResultRow| case.subject.left_out.contains(&Exclusion::SmallerCopy);
    assert_eq!(
        cases.iter().map(smaller).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn black_photographs_of_two_sizes_are_not_copies_of_each_other() {
    let mut cases = drawn(&[("a_OD.jpg", 0, 420), ("b_OD.jpg", 1, 200)]);
    for case in &mut cases {
        case.fingerprint = Some(crate::domain::Fingerprint(Box::new([2; 256])));
    }
    settled(&mut cases, &[], Persons::None);
    assert!(
        cases
            .iter()
            .all(|c| !c.subject.left_out.contains(&Exclusion::SmallerCopy))
    );
}
