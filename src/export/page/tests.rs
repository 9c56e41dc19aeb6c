//! A page and its painters: places, texts, colours and bytes.

use super::*;

fn photograph(width: u32, height: u32) -> Arc<Pixels> {
    let value = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
    let rgb = (0..width * height * 3).map(value).collect();
    Arc::new(Pixels::new(width, height, rgb).unwrap())
}

fn everything(lang: Lang) -> Page {
    let mut page = Page::new([points(85.0), points(60.0)], Ground::White, lang);
    let inks = page.ground.inks();
    let mut column = Column::new([10.0, 10.0], 100.0, 8.0);
    column.text("Fundus photograph", 1.0, inks.text);
    column.text("眼底写真 −0.41", 1.0, inks.text);
    column.text("a <b> & \"c\"\u{1}", 1.0, inks.warning);
    page.marks.extend(column.into_marks());
    let at = |left: f32, top: f32, side: f32| Rect {
        left,
        top,
        width: side,
        height: side,
    };
    page.picture(at(120.0, 10.0, 60.0), photograph(40, 40), Sampling::Smooth);
    page.picture(at(120.0, 80.0, 40.0), photograph(2, 2), Sampling::Cells);
    page.marks.push(Mark::Fill {
        at: at(10.0, 60.0, 20.0),
        ink: [200, 10, 20],
    });
    page.marks.push(Mark::Line {
        points: vec![[10.0, 100.0], [60.0, 130.0], [100.0, 100.0]],
        closed: false,
        width: 1.0,
        dash: Some([3.0, 2.0]),
        ink: inks.soft,
    });
    for width in [None, Some(1.5)] {
        page.marks.push(Mark::Circle {
            centre: [60.0, 75.0],
            radius: 8.0,
            width,
            ink: [0, 90, 200],
        });
    }
    page
}

#[test]
fn a_point_is_a_72nd_of_an_inch() {
    assert!((points(25.4) - 72.0).abs() < 1e-4);
    let page = Page::new([72.0, 36.0], Ground::White, Lang::En);
    let picture = png::paint(&page, 300.0);
    assert_eq!((picture.width, picture.height), (300, 150));
    let bytes = png::write(&page).unwrap();
    // 300 per inch are 11811 per metre.
    let chunk = [
        &b"pHYs"[..],
        &11_811_u32.to_be_bytes(),
        &11_811_u32.to_be_bytes(),
        &[1],
    ]
    .concat();
    assert!(bytes.windows(chunk.len()).any(|window| window == chunk));
}

#[test]
fn inks_can_be_read_on_their_ground() {
    let light = |colour: Colour| {
        let [r, g, b] = colour.map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    for ground in [Ground::White, Ground::Black] {
        let Inks {
            text,
            soft,
            warning,
        } = ground.inks();
        for ink in [text, soft, warning] {
            let (a, b) = (light(ink), light(ground.colour()));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast > 4.5, "{ground:?} {ink:?}: {contrast}");
        }
    }
}

#[test]
fn every_mark_is_painted_where_it_is() {
    let page = everything(Lang::En);
    let picture = png::paint(&page, 144.0);
    let at = |x: f32, y: f32| picture.at((x * 2.0) as u32, (y * 2.0) as u32);
    assert_eq!(at(20.0, 70.0), [200, 10, 20]);
    assert_eq!(at(60.0, 75.0), [0, 90, 200]);
    assert_eq!(at(60.0, 85.0), [255; 3]);
    let cells = photograph(2, 2);
    assert_eq!(at(125.0, 85.0), cells.at(0, 0));
    assert_eq!(at(155.0, 115.0), cells.at(1, 1));
    // The line is dashed, so that along it there are ink and paper.
    let along: Vec<[u8; 3]> = (0..50)
        .map(|i| at(10.0 + i as f32, 100.0 + 0.6 * i as f32))
        .collect();
    assert!(along.iter().any(|p| p[0] < 120) && along.iter().any(|p| p[0] > 240));
    assert_eq!(
        page.texts(),
        ["Fundus photograph", "眼底写真 −0.41", "a <b> & \"c\""]
    );
}

#[test]
fn an_svg_is_well_formed_and_its_text_is_text() {
    for lang in [Lang::En, Lang::Ja] {
        let svg = String::from_utf8(svg::write(&everything(lang), "A & B").unwrap()).unwrap();
        assert!(svg.contains("<title>A &amp; B</title>"));
        assert!(svg.contains(">眼底写真 −0.41</text>"));
        assert!(svg.contains("a &lt;b&gt; &amp; &quot;c&quot;"));
        assert!(svg.contains("width=\"85mm\""));
        let mut depth = 0_i32;
        for tag in svg.split('<').skip(1).filter(|tag| !tag.starts_with('?')) {
            let (inside, _) = tag.split_once('>').unwrap();
            assert_eq!(inside.matches('"').count() % 2, 0, "{inside}");
            depth += match (inside.starts_with('/'), inside.ends_with('/')) {
                (true, _) => -1,
                (_, true) => 0,
                _ => 1,
            };
        }
        assert_eq!(depth, 0);
        assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    }
}

#[test]
fn a_pdf_has_its_pages_its_typeface_and_its_language() {
    let pages = [everything(Lang::Ja), everything(Lang::En)];
    let bytes = pdf::write(&pages, "Gantei").unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let has = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    for text in [
        "/Count 2",
        "/Lang",
        "/ToUnicode",
        "BIZUDPGothic",
        "/FontFile",
        "/DCTDecode",
    ] {
        assert!(has(text), "{text}");
    }
    assert!(!has("/CreationDate"));
    // Only the letters that are used are embedded.
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    assert_eq!(bytes, pdf::write(&pages, "Gantei").unwrap());
    assert!(pdf::write(&[], "Gantei").is_err());
    assert!(pdf::write(&[Page::new([0.0, 5.0], Ground::White, Lang::En)], "").is_err());
}

#[test]
fn a_document_with_large_photographs_stays_small() {
    let mut page = Page::new([points(174.0), points(120.0)], Ground::White, Lang::En);
    let large = photograph(4288, 2848);
    for i in 0..3 {
        let at = Rect {
            left: 8.0 + i as f32 * 162.0,
            top: 8.0,
            width: 154.0,
            height: 102.0,
        };
        page.picture(at, large.clone(), Sampling::Smooth);
    }
    let bytes = pdf::write(&[page], "Gantei").unwrap();
    assert!(bytes.len() < 3_000_000, "{}", bytes.len());
}

#[test]
fn marks_that_are_no_place_do_no_harm() {
    let mut page = everything(Lang::En);
    let odd = [f32::NAN, f32::INFINITY, -1e30, 1e30, 0.0];
    for x in odd {
        for y in odd {
            let at = Rect {
                left: x,
                top: y,
                width: y,
                height: x,
            };
            page.marks.push(Mark::Fill { at, ink: [1; 3] });
            page.picture(at, photograph(3, 3), Sampling::Smooth);
            page.marks.push(Mark::line([x, y], [y, x], 1.0, [2; 3]));
            page.marks.push(Mark::Circle {
                centre: [x, y],
                radius: y,
                width: None,
                ink: [3; 3],
            });
            page.marks.push(Mark::Text {
                x,
                baseline: y,
                size: 8.0,
                text: "a".into(),
                ink: [4; 3],
            });
        }
    }
    png::paint(&page, 30.0);
    svg::write(&page, "").unwrap();
    pdf::write(&[page], "").unwrap();
}
