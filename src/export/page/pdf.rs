//! Writes pages as PDF: text that can be selected and searched, the typeface embedded as far as it is used.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::{Colour, DPI, Letters, Mark, Page, Rect, Sampling, TYPEFACE, reduced};
use crate::domain::{Lang, Pixels};
use crate::export::overlay_format::OverlayFormat;
use crate::export::png;

/// The document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct Error(String);

/// The bytes of a PDF file with these pages; the same pages give the same bytes. Its title is `title`, which must not name a
/// person; its language is that of the first page.
///
/// # Errors
/// There is no page, or one without width or height, or a picture cannot be encoded.
pub fn write(pages: &[Page], title: &str) -> Result<Vec<u8>, Error> {
    let first = pages
        .first()
        .ok_or_else(|| Error("there is no page".into()))?;
    let font = Font::new(TYPEFACE.into(), 0);
    let font = font.ok_or_else(|| Error("the typeface is damaged".into()))?;
    let mut document = krilla::Document::new();
    let lang = match first.lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    };
    let metadata = Metadata::new()
        .title(title.to_owned())
        .language(lang.to_owned())
        .creator("Gantei".to_owned());
    // Without a date: the same contents are the same file.
    document.set_metadata(metadata);
    for page in pages {
        let settings = PageSettings::from_wh(page.width, page.height)
            .ok_or_else(|| Error("a page has no size".into()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        let whole = Rect {
            left: 0.0,
            top: 0.0,
            width: page.width,
            height: page.height,
        };
        fill(&mut surface, rectangle(&whole), page.ground.colour());
        for mark in page.drawn() {
            put(&mut surface, mark, &font)?;
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|e| Error(e.to_string()))
}

fn put(surface: &mut Surface, mark: &Mark, font: &Font) -> Result<(), Error> {
    match mark {
        Mark::Text {
            x,
            baseline,
            size,
            text,
            ink,
        } => put_text(surface, [*x, *baseline], *size, text, *ink, font),
        Mark::Picture {
            at,
            pixels,
            sampling,
        } => {
            let small = reduced(pixels, at, *sampling, DPI);
            let size = Size::from_wh(at.width, at.height);
            if let (Some(size), false) = (size, small.rgb.is_empty()) {
                let image = image(&small, *sampling)?;
                surface.push_transform(&Transform::from_translate(at.left, at.top));
                surface.draw_image(image, size);
                surface.pop();
            }
        }
        Mark::Fill { at, ink } => fill(surface, rectangle(at), *ink),
        Mark::Line {
            points,
            closed,
            width,
            dash,
            ink,
        } => {
            let dash = dash.map(|dash| StrokeDash {
                array: dash.to_vec(),
                offset: 0.0,
            });
            stroke(surface, polyline(points, *closed), *width, dash, *ink);
        }
        Mark::Circle {
            centre,
            radius,
            width,
            ink,
        } => match width {
            Some(width) => stroke(surface, circle(*centre, *radius), *width, None, *ink),
            None => fill(surface, circle(*centre, *radius), *ink),
        },
    }
    Ok(())
}

fn put_text(
    surface: &mut Surface,
    [x, baseline]: [f32; 2],
    size: f32,
    text: &str,
    ink: Colour,
    font: &Font,
) {
    let letters = Letters::new(size);
    let text = letters.visible(text);
    let places = letters.places(&text);
    if text.trim().is_empty() {
        return;
    }
    let ems = |length: f32| length / letters.size();
    let glyphs: Vec<KrillaGlyph> = text
        .char_indices()
        .zip(&places)
        .enumerate()
        .map(|(i, ((at, letter), place))| {
            // A letter that is drawn nearer to the one before it moves, and with it all that follow.
            let next = places.get(i + 1).map_or(place.end, |next| next.start);
            KrillaGlyph::new(
                GlyphId::new(u32::from(place.glyph)),
                ems(next - place.start),
                0.0,
                0.0,
                0.0,
                at..at + letter.len_utf8(),
                None,
            )
        })
        .collect();
    surface.set_stroke(None);
    surface.set_fill(Some(filled(ink)));
    let start = Point::from_xy(x, baseline);
    surface.draw_glyphs(start, &glyphs, font.clone(), &text, letters.size(), false);
}

/// A photograph as JPEG with colour at full resolution, which takes a fifth of the space; cells without loss.
fn image(pixels: &Pixels, sampling: Sampling) -> Result<Image, Error> {
    let failed = |e: &dyn std::fmt::Display| Error(e.to_string());
    let image = match sampling {
        Sampling::Smooth => {
            let jpeg = OverlayFormat::Jpeg.encode(pixels);
            Image::from_jpeg(jpeg.map_err(|e| failed(&e))?.into(), true)
        }
        Sampling::Cells => {
            let png = png::encode(pixels);
            Image::from_png(png.map_err(|e| failed(&e))?.into(), false)
        }
    };
    image.map_err(|e| failed(&e))
}

fn filled([r, g, b]: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(r, g, b).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn fill(surface: &mut Surface, path: Option<Path>, ink: Colour) {
    if let Some(path) = path {
        surface.set_stroke(None);
        surface.set_fill(Some(filled(ink)));
        surface.draw_path(&path);
    }
}

fn stroke(
    surface: &mut Surface,
    path: Option<Path>,
    width: f32,
    dash: Option<StrokeDash>,
    [r, g, b]: Colour,
) {
    if let Some(path) = path {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke {
            paint: rgb::Color::new(r, g, b).into(),
            width,
            miter_limit: 10.0,
            line_cap: LineCap::Butt,
            line_join: LineJoin::Miter,
            opacity: NormalizedF32::ONE,
            dash,
        }));
        surface.draw_path(&path);
    }
}

fn rectangle(at: &Rect) -> Option<Path> {
    let rect = krilla::geom::Rect::from_xywh(at.left, at.top, at.width, at.height)?;
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish()
}

fn polyline(points: &[[f32; 2]], closed: bool) -> Option<Path> {
    let (first, others) = points.split_first()?;
    let mut path = PathBuilder::new();
    path.move_to(first[0], first[1]);
    for [x, y] in others {
        path.line_to(*x, *y);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Four curves, within a thousandth of the radius.
fn circle([x, y]: [f32; 2], radius: f32) -> Option<Path> {
    let handle = 0.552_285 * radius;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(
        x + radius,
        y + handle,
        x + handle,
        y + radius,
        x,
        y + radius,
    );
    path.cubic_to(
        x - handle,
        y + radius,
        x - radius,
        y + handle,
        x - radius,
        y,
    );
    path.cubic_to(
        x - radius,
        y - handle,
        x - handle,
        y - radius,
        x,
        y - radius,
    );
    path.cubic_to(
        x + handle,
        y - radius,
        x + radius,
        y - handle,
        x + radius,
        y,
    );
    path.close();
    path.finish()
}
