//! What is printed, and where.

use std::sync::Arc;

use super::content::{Part, sections, short_name};
use super::*;
use crate::domain::{
    Bilingual, EngineUsed, EyeSource, Finding, FindingCode, Landmarks, Laterality, MarkSource,
    ModelCard, Person, PersonSource, Point, Quality, Region, Regions, Severity, model_card,
};
use crate::export::figure::Captioned;
use crate::export::page::Mark;
use crate::export::row::{self, sample};
use crate::export::sanity_checks::{tests::sample as checks, verdict};
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{CropRect, Geometry, Grid};
use crate::saliency::{Method, RegionShare, SaliencyMap, Target};
use crate::text::report::Report;
use crate::text::research_only;
use crate::text::window::Texts;
use strum::VariantArray;

fn photograph(width: u32, height: u32) -> Pixels {
    let value = |i: u32| (i * 7 % 251) as u8;
    Pixels::new(width, height, (0..width * height * 3).map(value).collect()).unwrap()
}

fn geometry() -> Geometry {
    Geometry::new([90, 60], CropRect::from((0, 0, 60, 60)), [224, 224]).unwrap()
}

fn map() -> SaliencyMap {
    SaliencyMap {
        method: Method::GradCam,
        layer: Some("top".into()),
        target: Target::Logit,
        grid: Grid::new(2, 2, vec![1.0, -0.5, 0.0, 0.25]).unwrap(),
    }
}

fn regions() -> Regions {
    let at = Point { x: 10.0, y: 20.0 };
    Regions {
        landmarks: Some(Landmarks {
            disc: at,
            fovea: at,
        }),
        source: MarkSource::Proposed,
        proposal: None,
        shares: Some(Region::ALL.map(|region| RegionShare {
            region,
            raising: 0.123,
            lowering: 0.045,
            area: 0.167,
        })),
        covered: None,
    }
}

fn case() -> ResultRow {
    let card = ModelCard {
        name: "A model of recorded sex".into(),
        citation: "Somebody. A paper. 2024.".into(),
        acknowledgment: Bilingual {
            en: "We thank them.".into(),
            ja: "感謝します。".into(),
        },
        source_sha256: "20a0b3c45136768d".repeat(4),
        settled: [("crop".to_owned(), crate::domain::FieldSource::Preset)].into(),
        ..model_card::example()
    };
    let mut case = ResultRow::unopened("/home/user/Yamada/1.dcm", Arc::new(card));
    (case.eye, case.eye_source) = (Laterality::Os, EyeSource::Dicom);
    (case.score, case.logit) = (Some(0.7311), Some(1.0001));
    case.label = Some("male".into());
    case.quality = Some(Quality::Usable);
    case.used = Some(EngineUsed {
        engine: "rten".into(),
        provider: "embedded".into(),
        version: "0.27.0".into(),
    });
    case.subject.person = Some(Person {
        name: "PID-4711".into(),
        source: PersonSource::Dicom,
    });
    case.findings = vec![
        Finding::new(FindingCode::Uncalibrated, Severity::Note),
        Finding::with_detail(
            FindingCode::OutOfFocus,
            Severity::Caution,
            sample::out_of_focus(),
        ),
        Finding::new(FindingCode::ScoreSaturated, Severity::Serious),
    ];
    case.regions = Some(regions());
    case
}

/// The letters of all pages without spaces, which line breaks replace.
fn letters(pages: &[Page]) -> String {
    let texts = pages.iter().flat_map(|page| page.texts());
    bare(&texts.collect::<Vec<_>>().concat())
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The report on one photograph of 90 × 60 pixels, whose rows these are.
fn report(lang: Lang, name: &str, rows: &[ResultRow], read: &mut dyn FnMut(&CaseReport)) {
    let (map, geometry, options) = (map(), geometry(), OverlayOptions::default());
    let (photograph, checks) = (Arc::new(photograph(90, 60)), checks());
    let (failed, answered): (Vec<ResultRow>, Vec<ResultRow>) =
        rows.iter().cloned().partition(|row| row.error.is_some());
    let answers: Vec<Answered> = answered
        .iter()
        .map(|case| {
            let of = Captioned {
                lang,
                name,
                case,
                map: Some(&map).filter(|_| case.score.is_some()),
                covered: None,
                sanity_checks: Some(&checks).filter(|_| case.score.is_some()),
                overlay: &options,
                outside: 0.28,
            };
            (of, &geometry)
        })
        .collect();
    read(&CaseReport {
        lang,
        name,
        photograph: Some(&photograph),
        answers: &answers,
        failed: &failed,
        remark: None,
        version: "1.2.3",
    });
}

/// Its pages.
fn printed(lang: Lang, name: &str, rows: &[ResultRow]) -> Vec<Page> {
    let mut all = Vec::new();
    report(lang, name, rows, &mut |report| all = pages(report));
    all
}

#[test]
fn figures_are_those_of_the_row_and_of_its_document() {
    let case = case();
    let document = serde_json::Value::Object(row::fields(&case));
    for lang in [Lang::En, Lang::Ja] {
        let (words, t) = (Report(lang), Texts(lang));
        let all = letters(&printed(
            lang,
            "photograph-0001",
            std::slice::from_ref(&case),
        ));
        let number = |field: &str| document[field].as_f64().unwrap();
        let checks = checks();
        let deletion = checks.deletion.as_ref().unwrap();
        let mut expected = vec![
            format!("{:.3}", number("score")),
            format!("{:+.3}", number("logit")),
            document["model"].as_str().unwrap().to_owned(),
            document["model_sha256"].as_str().unwrap().to_owned(),
            words.verdict(&verdict(deletion, Some(&case.card))),
            words.engine(case.used.as_ref().unwrap()),
            document["citation"].as_str().unwrap().to_owned(),
            words.thanks(&case.card).to_owned(),
            words.landmarks_unchecked().to_owned(),
            t.assumed_fields().to_owned(),
            words.page_of(1, 2),
        ];
        let part = &document["regions"]["parts"][0];
        let percent = |field: &str| format!("{:.1}", part[field].as_f64().unwrap() * 100.0);
        expected.push(format!(
            "{}{}{}{}",
            t.region(Region::Disc),
            percent("raising"),
            percent("lowering"),
            percent("area")
        ));
        for found in &case.findings {
            expected.push(crate::text::finding(found.code, lang).message.to_owned());
        }
        let scale = words.map_scale(&case.card, &map(), &OverlayOptions::default(), 0.28);
        let scale = scale.unwrap();
        expected.extend(scale.texts().into_iter().map(str::to_owned));
        for text in expected {
            assert!(all.contains(&bare(&text)), "{text} is not in {all}");
        }
    }
}

#[test]
fn findings_stand_in_the_order_of_their_weight() {
    let all = letters(&printed(Lang::En, "a.jpg", &[case()]));
    let at = |code| all.find(&bare(crate::text::finding(code, Lang::En).message));
    let places = [
        FindingCode::ScoreSaturated,
        FindingCode::OutOfFocus,
        FindingCode::Uncalibrated,
    ];
    let places = places.map(|code| at(code).unwrap());
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn nothing_of_a_person_and_no_path_is_printed() {
    for lang in [Lang::En, Lang::Ja] {
        let all = letters(&printed(lang, "photograph-0001", &[case()]));
        assert!(all.contains("photograph-0001"));
        for secret in ["4711", "Yamada", "/home", "user"] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
    }
}

#[test]
fn a_row_without_a_result_says_why_and_shows_no_figure() {
    let mut failed = case();
    failed.error = Some("the file is damaged".into());
    let mut refused = case();
    (refused.score, refused.logit, refused.label) = (None, None, None);
    refused.quality = Some(Quality::NotAFundus);
    for (row, why) in [
        (failed, "the file is damaged"),
        (refused, "fundus photograph"),
    ] {
        report(Lang::En, "a.jpg", &[row], &mut |report| {
            let sections = sections(report);
            let parts: Vec<&Part> = sections.iter().flat_map(|s| &s.parts).collect();
            let says = |part: &&&Part| matches!(part, Part::Alarm(text) if text.contains(why));
            assert_eq!(parts.iter().filter(says).count(), 1, "{parts:?}");
            let is_figure = |part: &&Part| matches!(part, Part::Score(_) | Part::Table(_));
            assert!(!parts.into_iter().any(|part| is_figure(&part)));
            let all = letters(&pages(report));
            assert!(!all.contains("0.731") && !all.contains("1.000"), "{all}");
            assert!(all.contains("Somebody"));
        });
    }
}

#[test]
fn two_models_share_one_report() {
    let first = case();
    let mut second = case();
    second.card = Arc::new(ModelCard {
        id: "other".into(),
        name: "Another model".into(),
        ..(*second.card).clone()
    });
    second.score = Some(0.25);
    second.findings.remove(0);
    let all = letters(&printed(Lang::En, "a.jpg", &[first, second]));
    for text in ["0.731", "0.250", "Another model", "A model of recorded sex"] {
        assert!(all.contains(&bare(text)), "{text} in {all}");
    }
    let message = crate::text::finding(FindingCode::OutOfFocus, Lang::En).message;
    assert_eq!(all.matches(&bare(message)).count(), 1, "said once for both");
    let message = crate::text::finding(FindingCode::Uncalibrated, Lang::En).message;
    let name = short_name(&case().card, Texts(Lang::En));
    let of_one = format!("{name}: {message}");
    assert!(all.contains(&bare(&of_one)), "{all}");
    assert_eq!(all.matches("Somebody.").count(), 1);
}

/// Texts neither overlap nor leave the page, and those of the sections end above the footer.
fn assert_tidy(pages: &[Page], lang: Lang) {
    for page in pages {
        let texts = page.marks.iter().filter(|m| matches!(m, Mark::Text { .. }));
        let places: Vec<_> = texts.map(|mark| (mark, mark.bounds())).collect();
        for (i, (mark, a)) in places.iter().enumerate() {
            assert!(a.left > 20.0 && a.right() < page.width - 20.0, "{mark:?}");
            assert!(a.top > 20.0 && a.bottom() < page.height - 20.0, "{mark:?}");
            for (other, b) in &places[..i] {
                let across = a.right().min(b.right()) - a.left.max(b.left);
                let down = a.bottom().min(b.bottom()) - a.top.max(b.top);
                // Above and below its letters, a line has space that no letter fills.
                let empty = 0.2 * a.height.max(b.height);
                assert!(across < 0.5 || down < empty, "{mark:?} over {other:?}");
            }
        }
        let all = letters(std::slice::from_ref(page));
        assert!(all.contains(&bare(research_only(lang))));
    }
}

#[test]
fn long_names_and_many_findings_take_more_pages_and_nothing_overlaps() {
    let mut case = case();
    let codes = FindingCode::VARIANTS.iter().cycle().take(30);
    case.findings = codes
        .map(|code| Finding::with_detail(*code, Severity::Caution, sample::out_of_focus()))
        .collect();
    let long = |what: &str| what.repeat(60);
    case.card = Arc::new(ModelCard {
        id: long("id"),
        name: long("Name "),
        citation: long("A citation that does not end. "),
        labels: vec![long("left"), long("right")],
        ..(*case.card).clone()
    });
    for lang in [Lang::En, Lang::Ja] {
        let names = [
            "a".repeat(300),
            "眼底写真".repeat(50),
            "a b/".repeat(80),
            "ab/".repeat(3000),
        ];
        for name in names {
            let few = printed(lang, "a.jpg", &[self::case()]);
            assert_tidy(&few, lang);
            assert!(few.len() <= 2, "{}", few.len());
            let all = printed(lang, &name, &[case.clone(), self::case()]);
            assert!(all.len() > 2);
            assert_tidy(&all, lang);
        }
    }
}

#[test]
fn many_models_have_rows_of_pictures_and_every_name_keeps_its_mark() {
    let long = "A model of recorded sex that has a very long name ".repeat(3);
    for (lang, marked) in [(Lang::En, "…(unconfirmed)"), (Lang::Ja, "…(未確認)")] {
        for count in [2, 7, 50] {
            let row = |i: usize| {
                let mut case = case();
                case.card = Arc::new(ModelCard {
                    id: format!("model-{i}"),
                    name: format!("{i} {long}"),
                    ..(*case.card).clone()
                });
                case
            };
            let rows: Vec<ResultRow> = (0..count).map(row).collect();
            let pages = printed(lang, "a.jpg", &rows);
            assert_tidy(&pages, lang);
            let cut = letters(&pages).matches(marked).count();
            assert_eq!(cut, count, "above each map");
            let mut pictures = 0;
            for page in &pages {
                for mark in &page.marks {
                    if matches!(mark, Mark::Picture { .. }) {
                        let at = mark.bounds();
                        assert!(
                            at.width > 100.0 && at.bottom() < page.height - 60.0,
                            "{at:?}"
                        );
                        pictures += 1;
                    }
                }
            }
            assert_eq!(pictures, 2 * count + 1, "each map has its colour scale");
        }
    }
}

#[test]
fn without_a_map_the_report_says_why() {
    let mut case = case();
    (case.score, case.value) = (None, Some(61.0));
    let found = Finding::new(FindingCode::NoSaliencyMap, Severity::Note);
    case.findings = vec![found];
    for lang in [Lang::En, Lang::Ja] {
        let all = letters(&printed(lang, "a.jpg", std::slice::from_ref(&case)));
        let why = crate::text::finding(FindingCode::NoSaliencyMap, lang).message;
        assert!(all.contains(&bare(why)), "{all}");
    }
}

#[test]
fn pictures_of_any_shape_fit() {
    for (width, height) in [(1, 1), (4000, 20), (20, 4000), (300, 200)] {
        let photograph = Arc::new(photograph(width, height));
        let failed = [case()];
        let pages = pages(&CaseReport {
            lang: Lang::En,
            name: "a",
            photograph: Some(&photograph),
            answers: &[],
            failed: &failed,
            remark: None,
            version: "1",
        });
        let marks = pages.iter().flat_map(|page| &page.marks);
        for mark in marks.filter(|mark| matches!(mark, Mark::Picture { .. })) {
            let at = mark.bounds();
            assert!(at.width >= 1.0 && at.height >= 1.0 && at.bottom() < 400.0);
        }
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    for lang in [Lang::En, Lang::Ja] {
        report(lang, "a.jpg", &[case()], &mut |report| {
            let bytes = write(report).unwrap();
            assert!(bytes.starts_with(b"%PDF-"));
            assert!(bytes == write(report).unwrap(), "another file");
        });
    }
}
