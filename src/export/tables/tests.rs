//! The three tables: their columns, and what is the same in every language.

use std::sync::Arc;

use super::*;
use crate::domain::provenance::sample::provenance;
use crate::domain::{
    Baseline, CoveredRegion, CoveredRegions, Exclusion, Finding, HidingEffect, Landmarks,
    Laterality, MapProvenance, MarkSource, Method, ModelCard, Person, PersonSource, Point, Quality,
    Region, RegionShare, Regions, Severity, Task, model_card,
};
use crate::export::row::sample;

fn case(image: &str, id: &str) -> ResultRow {
    let card = ModelCard {
        id: id.into(),
        ..model_card::example()
    };
    let mut case = ResultRow::unopened(image, Arc::new(card));
    (case.eye, case.eye_source) = (Laterality::Od, EyeSource::FileName);
    case.quality = Some(Quality::Good);
    (case.score, case.logit) = (Some(0.25), Some(-1.098_612_288_668_11));
    case.label = Some("female".into());
    case.findings = vec![Finding::with_detail(
        FindingCode::OutOfFocus,
        Severity::Caution,
        sample::out_of_focus(),
    )];
    case
}

/// Half of the evidence is in the macula; hiding it lowers the score by a tenth.
fn regions() -> Regions {
    Regions {
        landmarks: Some(Landmarks {
            disc: Point { x: 1.5, y: 2.0 },
            fovea: Point { x: 9.0, y: 2.0 },
        }),
        source: MarkSource::User,
        proposal: None,
        shares: Some(Region::ALL.map(|region| RegionShare {
            region,
            raising: if region == Region::Macula { 0.5 } else { 0.1 },
            lowering: 0.0,
            area: 0.25,
        })),
        covered: Some(CoveredRegions {
            fill: Baseline::Blur,
            randoms: 0,
            regions: vec![CoveredRegion {
                region: Region::Macula,
                area: 0.25,
                change: HidingEffect {
                    score: Some(-0.1),
                    ..HidingEffect::default()
                },
                random: None,
            }],
        }),
    }
}

fn age(image: &str) -> ResultRow {
    let mut case = case(image, "age");
    case.card = Arc::new(ModelCard {
        id: "age".into(),
        task: Task::Age,
        head: Head::Linear,
        labels: vec![],
        ..model_card::example()
    });
    (case.score, case.logit, case.label) = (None, None, None);
    case.value = Some(61.5);
    case
}

/// Header and lines without the byte-order mark; only quoted cells contain a comma.
fn lines(table: Vec<u8>) -> Vec<String> {
    let text = String::from_utf8(table).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

fn english() -> Sentences {
    Sentences::default()
}

#[test]
fn people_read_one_line_for_each_photograph() {
    let mut two = case("a.jpg", "m");
    two.card = Arc::new(ModelCard {
        id: "n".into(),
        ..model_card::example()
    });
    two.findings.push(Finding::new(
        FindingCode::EvidenceOutsideEye,
        Severity::Caution,
    ));
    let mut failed = ResultRow::unopened("b.jpg", Arc::new(model_card::example()));
    failed.error = Some("it is damaged".into());
    let mut first = case("a.jpg", "m");
    first.subject.person = Some(Person {
        name: "p1".into(),
        source: PersonSource::FileName,
    });
    let found = lines(results(&[first, two, age("a.jpg"), failed], &english()));
    assert_eq!(
        found[0],
        "image,person,eye,eye_source,quality,used,m score,m label,n score,n label,age value,findings,error,research_only"
    );
    assert!(
        found[1].starts_with(
            "a.jpg,p1,OD,file-name,good,true,0.25,female,0.25,female,61.5,The photograph is out of focus. n: "
        ),
        "{}",
        found[1]
    );
    assert!(
        found[1].ends_with(&format!(",,\"{}\"", research_only(Lang::En))),
        "{}",
        found[1]
    );
    assert!(
        found[2].starts_with("b.jpg,,unknown,,,false,,,,,,,it is damaged,"),
        "{}",
        found[2]
    );
    assert_eq!(found.len(), 3);
}

#[test]
fn only_the_sentences_follow_the_language() {
    let mut failed = case("b.jpg", "m");
    (failed.score, failed.logit, failed.label) = (None, None, None);
    failed.error = Some("it is damaged".into());
    let cases = [case("a.jpg", "m"), failed];
    let japanese = Sentences {
        lang: Lang::Ja,
        errors: [(
            ("b.jpg".to_owned(), "m".to_owned()),
            "壊れています".to_owned(),
        )]
        .into(),
    };
    let cells = |sentences: &Sentences| -> Vec<Vec<String>> {
        let lines = lines(results(&cases, sentences));
        lines
            .iter()
            .map(|l| l.split(',').map(str::to_owned).collect())
            .collect()
    };
    let (en, ja) = (cells(&english()), cells(&japanese));
    for (line, (en, ja)) in en.iter().zip(&ja).enumerate() {
        for (column, (a, b)) in en.iter().zip(ja).enumerate() {
            let is_sentence = line > 0 && column >= 8 && !a.is_empty();
            assert_eq!(a != b, is_sentence, "{a} {b}");
        }
    }
    assert_eq!(ja[2][9], "壊れています");
}

#[test]
fn the_full_table_has_no_nesting_and_no_json() {
    let mut one = case("a.jpg", "m");
    one.field_of_view = Some(crate::domain::FieldOfView {
        centre_x: 1.5,
        centre_y: 2.5,
        radius: 3.5,
        completeness: 0.75,
        round: true,
    });
    one.versions.insert("gantei".into(), "1.2.3".into());
    one.saliency = Some(MapProvenance {
        evidence_outside_eye: Some(0.125),
        ..provenance(Method::GradCam)
    });
    one.regions = Some(regions());
    one.files = vec!["a.m.grad-cam.png".into(), "a.figure.png".into()];
    one.subject.left_out = vec![Exclusion::BadQuality, Exclusion::EyeConflict];
    let bare = ResultRow::unopened("b.jpg", one.card.clone());
    let table = results_full(&[bare, one]);
    let text = String::from_utf8(table.clone()).unwrap();
    assert!(!text.contains(['{', '[']), "{text}");
    let found = lines(table);
    let names: Vec<&str> = found[0].split(',').collect();
    let cells: Vec<&str> = found[2].split(',').collect();
    for (name, value) in [
        ("image", "a.jpg"),
        ("field_centre_x", "1.5"),
        ("field_round", "true"),
        ("version_gantei", "1.2.3"),
        ("saliency_grid", "7;7"),
        ("saliency_time_ms", "3.5"),
        ("evidence_outside_eye", "0.125"),
        ("evidence_macula", "0.5"),
        ("hidden_macula_change_score", "-0.1"),
        ("regions_disc_x", "1.5"),
        ("open_ms", "0.0"),
        ("findings", "out-of-focus"),
        ("files", "a.m.grad-cam.png"),
        ("used", "false"),
        ("used_why", "quality-bad;eye-conflict"),
        ("card_input_crop", "square"),
    ] {
        let at = names
            .iter()
            .position(|n| *n == name)
            .unwrap_or_else(|| panic!("{name} in {names:?}"));
        assert_eq!(cells[at], value, "{name}");
    }
    assert_eq!(
        names.iter().collect::<std::collections::HashSet<_>>().len(),
        names.len()
    );
    assert_eq!(names.last(), Some(&"research_only"));
}

#[test]
fn persons_have_a_table_where_one_is_known() {
    let names = |cases: &[ResultRow]| -> Vec<&str> {
        all(cases, &english(), false)
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    };
    let mut cases = [case("=1+1.jpg", "m"), case("b.jpg", "m")];
    assert_eq!(names(&cases), [RESULTS, RESULTS_FULL]);
    for case in &mut cases {
        case.subject.person = Some(Person {
            name: "=1+1".into(),
            source: PersonSource::FileName,
        });
    }
    cases[1].subject.left_out = vec![Exclusion::Duplicate];
    assert_eq!(names(&cases), [RESULTS, RESULTS_FULL, PEOPLE]);
    let found = lines(people(&cases));
    assert_eq!(
        found[0],
        "person,person_source,eye,model,photographs,used,logit,score,value,label,spread,lowest,highest,research_only"
    );
    let figures = "-1.09861228866811,0.25,,female,,-1.09861228866811,-1.09861228866811,";
    assert!(
        found[1].starts_with(&format!("'=1+1,file-name,OD,m,2,1,{figures}")),
        "{}",
        found[1]
    );
    assert!(
        found[2].starts_with(&format!("'=1+1,file-name,both,m,2,1,{figures}")),
        "{}",
        found[2]
    );
    assert_eq!(lines(people(&[])).len(), 1, "a header alone");
}
