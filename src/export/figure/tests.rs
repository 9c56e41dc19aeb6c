//! What a figure shows, in every language, format and size.

use std::sync::Arc;

use super::super::page::{Letters, svg};
use super::caption::Role;
use super::*;
use crate::domain::{
    CardField, CoveredFigures, EyeSource, FieldSource, Figures, Fill, Finding, FindingCode,
    Landmarks, Laterality, ModelCard, Point, ResultRow, Severity, model_card,
};
use crate::imaging::overlay::{OverlayOptions, Rgba};
use crate::imaging::{CropRect, Grid};
use crate::saliency::{Method, Regions, SaliencyMap, Target};
use crate::text::research_only;
use crate::text::window::Texts;

fn photograph(width: u32, height: u32) -> Pixels {
    let value = |i: u32| (i * 7 % 251) as u8;
    Pixels::new(width, height, (0..width * height * 3).map(value).collect()).unwrap()
}

fn geometry(of: &Pixels) -> Geometry {
    let side = of.width.min(of.height);
    let crop = CropRect::from((0, 0, side, side));
    Geometry::new([of.width, of.height], crop, [224, 224]).unwrap()
}

fn map() -> SaliencyMap {
    let value = |i: usize| {
        let (x, y) = ((i % 7) as f32 - 4.5, (i / 7) as f32 - 2.5);
        let (u, v) = ((i % 7) as f32 - 1.0, (i / 7) as f32 - 4.0);
        0.4 * (-(x * x + y * y) / 2.5).exp() - 0.3 * (-(u * u + v * v) / 3.0).exp()
    };
    SaliencyMap {
        method: Method::GradCam,
        layer: Some("conv_pw_13_relu".into()),
        target: Target::Logit,
        grid: Grid::new(7, 7, (0..49).map(value).collect()).unwrap(),
    }
}

fn case() -> ResultRow {
    let card = ModelCard {
        id: "demo-mobilenet".into(),
        demonstration: true,
        ..model_card::example()
    };
    let mut case = ResultRow::unopened("left_1411.jpg", Arc::new(card));
    (case.eye, case.eye_source) = (Laterality::Os, EyeSource::FileName);
    (case.score, case.logit) = (Some(0.731), Some(1.0));
    case.label = Some("male".into());
    case
}

fn captioned<'a>(
    case: &'a ResultRow,
    map: &'a SaliencyMap,
    overlay: &'a OverlayOptions,
    lang: Lang,
) -> Captioned<'a> {
    Captioned {
        lang,
        name: "left_1411.jpg",
        case,
        map: Some(map),
        covered: None,
        sanity_checks: None,
        overlay,
        outside: 0.0,
    }
}

fn subject<'a>(photograph: &'a Pixels, answers: &'a [Answered<'a>], lang: Lang) -> Subject<'a> {
    Subject {
        photograph,
        answers,
        remark: None,
        failed: &[],
        lang,
    }
}

/// The paragraphs of the default caption of one answer.
fn lines(of: &Captioned) -> Vec<String> {
    let template = Template::default();
    let all = caption(&[*of], &[], &template, Remarks::default(), of.lang);
    all.into_iter().map(|paragraph| paragraph.text).collect()
}

fn panes(page: &Page) -> Vec<Rect> {
    let pane = |mark: &Mark| match mark {
        Mark::Picture {
            at,
            sampling: Sampling::Smooth,
            ..
        } => Some(*at),
        _ => None,
    };
    page.marks.iter().filter_map(pane).collect()
}

fn assert_everything_is_on(page: &Page) {
    assert!(page.height.is_finite() && page.height > 0.0);
    for mark in &page.marks {
        let at = mark.bounds();
        let inside = at.left >= -0.5
            && at.top >= -0.5
            && at.right() <= page.width + 0.5
            && at.bottom() <= page.height + 0.5;
        assert!(inside, "{at:?} on {} × {}", page.width, page.height);
    }
}

#[test]
fn without_a_caption_it_is_the_picture_of_the_command_line() {
    let (photograph, case, map) = (photograph(90, 60), case(), map());
    let geometry = geometry(&photograph);
    let options = OverlayOptions {
        contour: Some(0.5),
        ..OverlayOptions::default()
    };
    let of = captioned(&case, &map, &options, Lang::En);
    let plain = overlay_picture(&photograph, &geometry, &of, None);
    let blended = overlay::blend(&photograph, &map.grid, &geometry, &options);
    assert_eq!(plain, blended);
    let bare = Captioned { map: None, ..of };
    assert_eq!(
        overlay_picture(&photograph, &geometry, &bare, None),
        photograph
    );
}

#[test]
fn a_caption_stands_below_the_photograph_and_leaves_it_alone() {
    let (case, map, options) = (case(), map(), OverlayOptions::default());
    for (width, height) in [(40, 50), (300, 200), (1200, 300), (1733, 1155)] {
        let photograph = photograph(width, height);
        let geometry = geometry(&photograph);
        for lang in [Lang::En, Lang::Ja] {
            let of = captioned(&case, &map, &options, lang);
            let plain = overlay_picture(&photograph, &geometry, &of, None);
            let with = overlay_picture(&photograph, &geometry, &of, Some(&Template::default()));
            assert_eq!(with.width, width.max(NARROWEST));
            let left = (with.width - width) / 2;
            for y in 0..height {
                for x in 0..width {
                    assert_eq!(with.at(left + x, y), plain.at(x, y), "{x} {y}");
                }
            }
            let band = with.rgb.len() - height as usize * with.width as usize * 3;
            let lit = with.rgb.iter().rev().take(band).filter(|v| **v > 150);
            assert!(lit.count() > 1000, "there are letters");
            let last = &with.rgb[with.rgb.len() - with.width as usize * 3..];
            assert!(last.iter().all(|v| *v < 20), "nothing is cut off below");
        }
    }
}

#[test]
fn what_speaks_against_a_map_stands_below_it_and_not_below_a_covered_photograph() {
    let (mut case, map, options) = (case(), map(), OverlayOptions::default());
    case.findings = vec![
        Finding::new(FindingCode::MapSurvivesShuffling, Severity::Caution),
        Finding::new(FindingCode::Uncalibrated, Severity::Note),
    ];
    let scored = |score| Figures {
        score: Some(score),
        ..Figures::default()
    };
    case.covered = Some(CoveredFigures {
        fill: Fill::Blur,
        area_share: 0.12,
        before: scored(0.731),
        after: scored(0.612),
    });
    let sanity_checks = super::super::sanity_checks::tests::sample();
    let of = Captioned {
        sanity_checks: Some(&sanity_checks),
        ..captioned(&case, &map, &options, Lang::En)
    };
    let with_map = lines(&of).join("\n");
    assert!(with_map.contains("randomised"), "{with_map}");
    assert!(with_map.contains("Hiding the top"), "{with_map}");
    assert!(with_map.contains("Recorded-sex estimate"), "{with_map}");
    let shown = Rgba {
        width: 1,
        height: 1,
        rgba: vec![0; 4],
    };
    let covered = Captioned {
        covered: Some(&shown),
        sanity_checks: None,
        ..of
    };
    let without = lines(&covered).join("\n");
    assert!(
        without.contains("with area hidden 0.612") && !without.contains("randomised"),
        "{without}"
    );
    assert!(!without.contains("Recorded-sex estimate"), "{without}");
}

#[test]
fn the_caption_names_everything_in_both_languages() {
    let (case, map, options) = (case(), map(), OverlayOptions::default());
    let en = lines(&captioned(&case, &map, &options, Lang::En));
    assert_eq!(
        en,
        [
            "left_1411.jpg: OS (left), from the file name",
            "Demonstration: MobileNet: Recorded-sex estimate: male, model score 0.731 (threshold 0.5, logit 1.000)",
            "Saliency map of this model's score: Grad-CAM of the logit at layer conv_pw_13_relu, 7 × 7 cells. \
             Magenta: towards male; blue: towards female. \
             Native cells over the red-free photograph, opacity up to 60 %.",
            "Demonstration model: trained on computer-drawn eyes; its score has no meaning for a real eye.",
            research_only(Lang::En),
        ]
    );
    let ja = lines(&captioned(&case, &map, &options, Lang::Ja));
    assert_eq!(ja.len(), en.len());
    assert!(ja[2].ends_with(
        "マゼンタ: 男性側、青: 女性側。セル単位の表示(背景はレッドフリー)、不透明度は最大 60 %。"
    ));
    assert_eq!(ja[4], research_only(Lang::Ja));
}

#[test]
fn a_written_caption_is_filled_in_and_what_must_be_said_follows() {
    let (case, map, options) = (case(), map(), OverlayOptions::default());
    let of = captioned(&case, &map, &options, Lang::En);
    let written = |template: &str, answers: &[Captioned], letters: &[&str]| {
        let letters: Vec<String> = letters.iter().map(|l| (*l).to_owned()).collect();
        let template: Template = template.parse().unwrap();
        let all = caption(answers, &letters, &template, Remarks::default(), Lang::En);
        let texts: Vec<String> = all.into_iter().map(|p| p.text).collect();
        let (end, begin) = texts.split_last().unwrap();
        assert_eq!(end, research_only(Lang::En));
        assert!(begin.last().unwrap().starts_with("Demonstration model:"));
        begin[..begin.len() - 1].to_vec()
    };
    assert_eq!(
        written(
            "Case 7 ({eye}).\n\nMap of { model }.\n{ never closed",
            &[of],
            &[]
        ),
        [
            "Case 7 (OS (left), from the file name).",
            "Map of Demonstration: MobileNet.",
            "{ never closed"
        ]
    );
    assert!(written("", &[of], &[]).is_empty());
    let two = written("{model}\n{answer}\nEnd.", &[of, of], &["B", "C"]);
    assert_eq!(two.len(), 5, "{two:?}");
    assert!(two[0].starts_with("(B) ") && two[2].starts_with("(C) ") && two[4] == "End.");
    let nameless = Captioned { name: "", ..of };
    assert_eq!(
        written("{name}: {eye}", &[nameless], &[]),
        ["OS (left), from the file name"]
    );
    let unknown = "{name} {patient}".parse::<Template>().unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "the caption has no placeholder {patient}; use {name}, {eye}, {model}, {answer}, {map}"
    );
    let default: Template = DEFAULT_TEMPLATE.parse().unwrap();
    assert_eq!(default, Template::default());
}

#[test]
fn serious_findings_go_with_the_picture() {
    let (mut case, map, options) = (case(), map(), OverlayOptions::default());
    case.findings = vec![
        Finding::new(FindingCode::Uncalibrated, Severity::Note),
        Finding::new(FindingCode::DemonstrationModel, Severity::Serious),
        Finding::new(FindingCode::NotAFundus, Severity::Serious),
    ];
    let lines = lines(&captioned(&case, &map, &options, Lang::En));
    assert_eq!(lines[3], "This does not look like a fundus photograph.");
    assert!(lines[4].starts_with("Demonstration model"));
    assert_eq!(lines.len(), 7, "{lines:?}");
}

#[test]
fn a_figure_carries_every_finding_and_says_which_model_it_is_about() {
    let (map, options, photograph) = (map(), OverlayOptions::default(), photograph(90, 60));
    let geometry = geometry(&photograph);
    let (mut one, mut two) = (case(), case());
    let conflict = Finding::new(FindingCode::EyeConflict, Severity::Caution);
    let disagree = Finding::new(FindingCode::ModelsDisagree, Severity::Caution);
    one.findings = vec![conflict.clone(), disagree.clone()];
    two.findings = vec![
        conflict,
        disagree,
        Finding::new(FindingCode::EvidenceOutsideEye, Severity::Caution),
    ];
    let answers = [&one, &two].map(|case| (captioned(case, &map, &options, Lang::En), &geometry));
    let failed = ["EfficientNet: no result: the file is damaged".to_owned()];
    let of = Subject {
        failed: &failed,
        ..subject(&photograph, &answers, Lang::En)
    };
    let page = figure(&of, &FigureOptions::default()).unwrap();
    let all = page.texts().join(" ");
    let order = [
        "EfficientNet: no result",
        "Demonstration model:",
        "The recorded laterality",
        "The models disagree.",
        "Demonstration: MobileNet: ",
        research_only(Lang::En).split_at(20).0,
    ];
    let mut from = all.find("EfficientNet").unwrap();
    for text in order {
        let at = all[from..].find(text);
        from += at.unwrap_or_else(|| panic!("{text} after {}", &all[from..]));
    }
    assert_everything_is_on(&page);
    // Without the maps, nothing is said about them.
    let options = FigureOptions {
        panels: Panels::Photograph,
        ..FigureOptions::default()
    };
    let page = figure(&of, &options).unwrap();
    assert_eq!(panes(&page).len(), 1);
    assert!(!page.texts().join(" ").contains("Saliency map"));
}

#[test]
fn a_model_that_is_not_confirmed_is_called_so_wherever_it_is_named() {
    let (mut case, map, overlay) = (case(), map(), OverlayOptions::default());
    let card = Arc::make_mut(&mut case.card);
    let field = CardField::Scaling.name().to_owned();
    card.settled.insert(field, FieldSource::Preset);
    let photograph = photograph(90, 60);
    let geometry = geometry(&photograph);
    let answers = [(captioned(&case, &map, &overlay, Lang::En), &geometry)];
    let of = subject(&photograph, &answers, Lang::En);
    let page = figure(&of, &FigureOptions::default()).unwrap();
    let all = page.texts().join(" ");
    let mark = format!("({})", Texts(Lang::En).unconfirmed());
    assert_eq!(all.matches(&mark).count(), 2, "heading and caption: {all}");
}

#[test]
fn figures_hold_everything_whatever_is_shown() {
    let (map, options) = (map(), OverlayOptions::default());
    let mut many = case();
    let finding = |code| Finding::new(code, Severity::Caution);
    many.findings = (0..30)
        .map(|i| {
            finding(match i % 3 {
                0 => FindingCode::EyeConflict,
                1 => FindingCode::ModelsDisagree,
                _ => FindingCode::Uncalibrated,
            })
        })
        .collect();
    let long = "n".repeat(300);
    for size in [(1, 1), (30, 30), (300, 200), (500, 50), (50, 500), (1, 600)] {
        let photograph = photograph(size.0, size.1);
        let geometry = geometry(&photograph);
        let of = |lang, name| Captioned {
            name,
            outside: 0.3,
            ..captioned(&many, &map, &options, lang)
        };
        let en = (of(Lang::En, ""), &geometry);
        let ja = (of(Lang::Ja, &long), &geometry);
        for (answers, lang) in [
            (&[][..], Lang::En),
            (&[en][..], Lang::En),
            (&[ja, ja][..], Lang::Ja),
        ] {
            for width in [f32::NAN, 0.0, 60.0, ONE_COLUMN_MM, TWO_COLUMNS_MM, 1e9] {
                let of = subject(&photograph, answers, lang);
                let options = FigureOptions {
                    width,
                    ..FigureOptions::default()
                };
                let page = figure(&of, &options).unwrap();
                assert_everything_is_on(&page);
                assert_eq!(panes(&page).len(), answers.len() + 1);
                for mark in &page.marks {
                    if let Mark::Text { size, text, .. } = mark {
                        assert!(*size >= 6.0, "{text}");
                    }
                }
            }
        }
    }
}

#[test]
fn panels_are_chosen_lettered_and_on_the_chosen_ground() {
    let (case, map, overlay) = (case(), map(), OverlayOptions::default());
    let photograph = photograph(90, 60);
    let geometry = geometry(&photograph);
    let answers = [(captioned(&case, &map, &overlay, Lang::En), &geometry); 2];
    let of = subject(&photograph, &answers, Lang::En);
    let with = |panels, width, letters| {
        let options = FigureOptions {
            panels,
            width,
            letters,
            ..FigureOptions::default()
        };
        figure(&of, &options).unwrap()
    };
    let all = with(Panels::All, TWO_COLUMNS_MM, true);
    let at = panes(&all);
    assert!(at.iter().all(|pane| pane.top == at[0].top));
    for letter in ["A", "B", "C"] {
        assert!(all.texts().contains(&letter));
    }
    // The caption names the panels of the maps.
    assert!(all.texts().iter().any(|text| text.starts_with("(B) ")));
    let narrow = panes(&with(Panels::All, ONE_COLUMN_MM, true));
    assert!(narrow[1].left > narrow[0].left && narrow[2].top > narrow[0].bottom());
    let overlays = with(Panels::Overlays, TWO_COLUMNS_MM, false);
    assert_eq!(panes(&overlays).len(), 2);
    assert!(!overlays.texts().contains(&"A"));
    let alone = with(Panels::Photograph, TWO_COLUMNS_MM, true);
    assert!(!alone.texts().contains(&"A"), "one panel needs no letter");
    for ground in [Ground::White, Ground::Black] {
        let options = FigureOptions {
            ground,
            ..FigureOptions::default()
        };
        let picture = page_png::paint(&figure(&of, &options).unwrap(), 50.0);
        assert_eq!(picture.at(0, 0), ground.colour());
    }
}

#[test]
fn a_scale_bar_is_as_long_as_it_says_and_states_its_assumption() {
    let (mut case, map, overlay) = (case(), map(), OverlayOptions::default());
    let photograph = photograph(900, 600);
    let geometry = geometry(&photograph);
    let texts = |case: &ResultRow| {
        let answers = [(captioned(case, &map, &overlay, Lang::En), &geometry)];
        let of = subject(&photograph, &answers, Lang::En);
        figure(&of, &FigureOptions::default()).unwrap()
    };
    let none = texts(&case);
    assert!(!none.texts().join(" ").contains("Scale bar"));
    // 238 pixels are 4.76 mm: 50 pixels per millimetre.
    case.regions = Some(Regions {
        landmarks: Some(Landmarks {
            disc: Point { x: 600.0, y: 300.0 },
            fovea: Point { x: 362.0, y: 300.0 },
        }),
        source: MarkSource::Proposed,
        proposal: None,
        shares: None,
        covered: None,
    });
    let page = texts(&case);
    let pane = panes(&page)[0];
    let bar = page.marks.iter().find_map(|mark| match mark {
        Mark::Line { points, width, .. } if *width > 1.0 => Some(points[1][0] - points[0][0]),
        _ => None,
    });
    let millimetre = 50.0 * pane.width / 900.0;
    assert!((bar.unwrap() / millimetre - 5.0).abs() < 0.01, "{bar:?}");
    let all = page.texts().join(" ");
    assert!(
        all.contains("5 mm")
            && all.contains("taken as 4.76 mm")
            && all.contains("not been checked")
    );
}

#[test]
fn window_page_picture_and_svg_have_the_same_scale() {
    let (case, map, overlay) = (case(), map(), OverlayOptions::default());
    let photograph = photograph(900, 600);
    let geometry = geometry(&photograph);
    for lang in [Lang::En, Lang::Ja] {
        let of = Captioned {
            outside: 0.28,
            ..captioned(&case, &map, &overlay, lang)
        };
        let answers = [(of, &geometry)];
        let subject = subject(&photograph, &answers, lang);
        let page = figure(&subject, &FigureOptions::default()).unwrap();
        let window = Report(lang).map_scale(&case.card, &map, &overlay, 0.28);
        let window = window.unwrap();
        let written = page.texts();
        let svg = String::from_utf8(svg::write(&page, "t").unwrap()).unwrap();
        for text in window.texts() {
            assert!(written.contains(&text), "{text} in {written:?}");
            assert!(svg.contains(&format!(">{text}</text>")), "{text}");
        }
        // The colours of the bar, as the legend of the window takes them from the same function.
        let bar = page.marks.iter().find_map(|mark| match mark {
            Mark::Picture {
                at,
                pixels,
                sampling: Sampling::Cells,
            } => Some((*at, pixels.clone())),
            _ => None,
        });
        let (at, cells) = bar.unwrap();
        let ground = overlay::mean_of_ground(&photograph, None, overlay.ground);
        let expected = super::super::page::colours_of_scale(&window, &overlay, ground, 256);
        assert_eq!(cells.rgb, expected.concat());
        let picture = page_png::paint(&page, 300.0);
        let pixel = |points: f32| (points / 72.0 * 300.0) as u32;
        let y = pixel(at.top + at.height / 2.0);
        for share in [0.1, 0.3, 0.7, 0.9] {
            let found = picture.at(pixel(at.left + share * at.width), y);
            let near = expected[(share * 256.0) as usize];
            let apart = found.iter().zip(near).map(|(a, b)| a.abs_diff(b)).max();
            assert!(apart <= Some(2), "{share}: {found:?} {near:?}");
        }
    }
}

#[test]
fn letters_of_a_panel_do_not_move_the_lines_below_them() {
    let mut column = Column::new([0.0, 0.0], 80.0, SIZE);
    column.labelled("B", "one two three four five six", 1.0, [0; 3]);
    let lefts: Vec<f32> = column
        .into_marks()
        .iter()
        .map(|mark| mark.bounds().left)
        .collect();
    assert!(lefts.len() > 2 && lefts[0] == 0.0);
    assert!(lefts[1..].iter().all(|x| *x == lefts[1]) && lefts[1] > Letters::new(SIZE).width("B"));
}

#[test]
fn what_a_template_does_not_name_is_said_all_the_same() {
    let (mut case, map, options) = (case(), map(), OverlayOptions::default());
    (case.eye, case.eye_source) = (Laterality::Unknown, EyeSource::None);
    case.findings = vec![
        Finding::new(FindingCode::EyeUnknown, Severity::Note),
        Finding::new(FindingCode::NoSaliencyMap, Severity::Note),
    ];
    case.covered = Some(CoveredFigures {
        fill: Fill::Blur,
        area_share: 0.12,
        before: Figures::default(),
        after: Figures::default(),
    });
    let shown = Rgba {
        width: 1,
        height: 1,
        rgba: vec![0; 4],
    };
    for lang in [Lang::En, Lang::Ja] {
        let of = Captioned {
            map: None,
            covered: Some(&shown),
            ..captioned(&case, &map, &options, lang)
        };
        let hidden = Report(lang).covered(&case.card, case.covered.as_ref().unwrap());
        let [eye, no_map] = [0, 1].map(|i| Report(lang).finding(&case.findings[i]));
        let all = |template: &str| {
            let template: Template = template.parse().unwrap();
            caption(&[of], &[], &template, Remarks::default(), lang)
        };
        let bare = all("{name}");
        let role_of = |text: &str| bare.iter().find(|p| p.text == text).map(|p| p.role);
        assert_eq!(role_of(&hidden), Some(Role::Warning));
        assert_eq!(role_of(&eye), Some(Role::Side));
        assert_eq!(role_of(&no_map), Some(Role::Side));
        let named = all("{eye}\n{answer}");
        assert_eq!(named.iter().filter(|p| p.text == hidden).count(), 1);
        assert_ne!(named[1].role, Role::Warning);
        assert!(named.iter().all(|p| p.text != eye));
    }
}

#[test]
fn panels_after_z_have_two_letters() {
    let letters = [0, 25, 26, 27, 51, 52, 701, 702].map(letter);
    assert_eq!(letters, ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
}

#[test]
fn no_page_is_painted_larger_than_it_can_be_written() {
    let page = Page::new([100.0, 100.0], Ground::White, Lang::En);
    assert_eq!(dpi_for(&page, u32::MAX), 300.0);
    let long = Page::new([400.0, 72_000.0], Ground::White, Lang::En);
    let dpi = dpi_for(&long, u32::MAX);
    assert_eq!(dpi, page_png::possible(&long));
    assert!(dpi * 1000.0 <= 30_000.0, "{dpi}");
}
