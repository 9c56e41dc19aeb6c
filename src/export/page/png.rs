//! Paints a page into pixels.

use std::collections::BTreeMap;

use super::{Colour, DPI, Letters, Mark, Page, Rect, Sampling};
use crate::domain::Pixels;
use crate::export::png;
use crate::imaging::{overlay, shrink};

/// The most pixels of a written page, and of one of its sides; beyond them its resolution is below [`DPI`].
const MOST_PIXELS: f32 = 1.2e8;
const MOST_OF_A_SIDE: f32 = 30_000.0;

/// The page at `dpi` pixels per inch.
pub fn paint(page: &Page, dpi: f32) -> Pixels {
    let scale = dpi / 72.0;
    let side = |length: f32| (length * scale).round().max(1.0) as u32;
    let (width, height) = (side(page.width), side(page.height));
    let mut picture = Pixels {
        width,
        height,
        rgb: page
            .ground
            .colour()
            .repeat(width as usize * height as usize),
    };
    for mark in page.drawn() {
        put(&mut picture, mark, scale);
    }
    picture
}

/// The bytes of a PNG file at [`DPI`] that states its resolution.
pub fn write(page: &Page) -> Result<Vec<u8>, png::Error> {
    let dpi = possible(page);
    png::encode_at(&paint(page, dpi), dpi)
}

/// The resolution at which the page is written: [`DPI`], or as much as its size allows.
pub fn possible(page: &Page) -> f32 {
    DPI.min(most_dpi(page))
}

/// The highest resolution that the page's size allows.
pub fn most_dpi(page: &Page) -> f32 {
    let (width, height) = (page.width.max(0.1) / 72.0, page.height.max(0.1) / 72.0);
    let by_side = MOST_OF_A_SIDE / width.max(height);
    let by_area = (MOST_PIXELS / (width * height)).sqrt();
    by_side.min(by_area).max(1.0)
}

fn put(picture: &mut Pixels, mark: &Mark, scale: f32) {
    match mark {
        Mark::Text {
            x,
            baseline,
            size,
            text,
            ink,
        } => Letters::new(size * scale).draw(picture, [x * scale, baseline * scale], text, *ink),
        Mark::Picture {
            at,
            pixels,
            sampling,
        } => put_picture(picture, at, pixels, *sampling, scale),
        Mark::Fill { at, ink } => {
            let [x, y] = pixels_of(at, scale);
            fill(picture, x, y, *ink);
        }
        Mark::Line {
            points,
            closed,
            width,
            dash,
            ink,
        } => {
            let mut path: Vec<(f64, f64)> = points
                .iter()
                .map(|&[x, y]| (f64::from(x * scale), f64::from(y * scale)))
                .collect();
            if *closed {
                path.extend(path.first().copied());
            }
            let runs = match dash {
                Some([on, off]) if *on > 0.0 && *off > 0.0 => {
                    // Finer than pixels a dash cannot be seen.
                    let least = |length: f32| f64::from((length * scale).max(0.5));
                    overlay::dashes(&path, least(*on), least(*off))
                }
                Some(_) | None => vec![path],
            };
            stroke(picture, &runs, f64::from(width * scale), *ink);
        }
        Mark::Circle {
            centre,
            radius,
            width,
            ink,
        } => {
            let centre = centre.map(|v| v * scale);
            let (radius, width) = (radius * scale, width.map(|w| (w * scale).max(1.0)));
            circle(picture, centre, radius, width, *ink);
        }
    }
}

/// The pixels from left to right and from top to bottom that a rectangle covers, at least one; may lie outside.
fn pixels_of(at: &Rect, scale: f32) -> [[i64; 2]; 2] {
    let range = |from: f32, length: f32| {
        let first = (from * scale).round() as i64;
        let end = ((from + length) * scale).round() as i64;
        [first, end.max(first.saturating_add(1))]
    };
    [range(at.left, at.width), range(at.top, at.height)]
}

fn put_picture(into: &mut Pixels, at: &Rect, pixels: &Pixels, sampling: Sampling, scale: f32) {
    if pixels.rgb.is_empty() {
        return;
    }
    let [[left, right], [top, bottom]] = pixels_of(at, scale);
    // Nothing is larger than the page.
    let most = |of: u32| i64::from(of) * 4;
    let width = (right - left).clamp(1, most(into.width));
    let height = (bottom - top).clamp(1, most(into.height));
    let small = match sampling {
        Sampling::Smooth => Some(shrink(pixels, width as u32, height as u32)),
        Sampling::Cells => None,
    };
    let source = small.as_ref().unwrap_or(pixels);
    let (across, down) = (
        positions(width, source.width, sampling),
        positions(height, source.height, sampling),
    );
    for y in top.max(0)..bottom.min(i64::from(into.height)) {
        let [y0, y1, dy] = down[((y - top).clamp(0, height - 1)) as usize];
        for x in left.max(0)..right.min(i64::from(into.width)) {
            let [x0, x1, dx] = across[((x - left).clamp(0, width - 1)) as usize];
            let at = |x: f32, y: f32| source.at(x as u32, y as u32).map(f32::from);
            let to = (y as usize * into.width as usize + x as usize) * 3;
            let colour = if dx == 0.0 && dy == 0.0 {
                at(x0, y0)
            } else {
                let [a, b, c, d] = [at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1)];
                std::array::from_fn(|i| {
                    let upper = a[i] + (b[i] - a[i]) * dx;
                    let lower = c[i] + (d[i] - c[i]) * dx;
                    upper + (lower - upper) * dy
                })
            };
            into.rgb[to..to + 3].copy_from_slice(&colour.map(|v: f32| v.round() as u8));
        }
    }
}

/// For each of `length` pixels the two of `count` source pixels that it lies between, and its share of the second.
fn positions(length: i64, count: u32, sampling: Sampling) -> Vec<[f32; 3]> {
    let last = count.saturating_sub(1) as f32;
    let at = |i: i64| {
        let place = (i as f64 + 0.5) / length as f64 * f64::from(count);
        match sampling {
            Sampling::Cells => [(place.floor() as f32).min(last), 0.0, 0.0],
            Sampling::Smooth => {
                let place = (place - 0.5).clamp(0.0, f64::from(last));
                let first = place.floor();
                let share = (place - first) as f32;
                [first as f32, (first as f32 + 1.0).min(last), share]
            }
        }
    };
    (0..length).map(at).collect()
}

/// Fills a rectangle; parts outside the picture are clipped.
fn fill(picture: &mut Pixels, [left, right]: [i64; 2], [top, bottom]: [i64; 2], ink: Colour) {
    let (width, height) = (i64::from(picture.width), i64::from(picture.height));
    let (left, right) = (left.clamp(0, width), right.clamp(0, width));
    for y in top.clamp(0, height)..bottom.clamp(0, height) {
        let from = ((y * width + left) * 3) as usize;
        let to = ((y * width + right) * 3) as usize;
        for pixel in picture.rgb[from..to].as_chunks_mut::<3>().0 {
            *pixel = ink;
        }
    }
}

/// Blends an ink over a pixel; `cover` is 0–1.
pub(super) fn cover(pixel: &mut [u8], ink: Colour, cover: f32) {
    for (value, ink) in pixel.iter_mut().zip(ink) {
        let (from, to) = (f32::from(*value), f32::from(ink));
        *value = (from + (to - from) * cover.clamp(0.0, 1.0)).round() as u8;
    }
}

/// Lines of one width in pixels. Each pixel is covered once, by the line nearest to it, so that corners are not darker.
fn stroke(picture: &mut Pixels, runs: &[Vec<(f64, f64)>], width: f64, ink: Colour) {
    // A line thinner than a pixel is drawn paler, not narrower.
    let (width, strength) = (width.max(1.0), width.clamp(0.2, 1.0) as f32);
    let reach = width / 2.0 + 0.5;
    let segments = runs
        .iter()
        .flat_map(|run| run.windows(2).map(|pair| [pair[0], pair[1]]));
    let mut covers: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for [a, b] in segments {
        let rows = span(a.1, b.1, reach, picture.height);
        for y in rows {
            for x in columns_near([a, b], f64::from(y) + 0.5, reach, picture.width) {
                let centre = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                let distance = overlay::distance_to_segment(centre, [a, b]);
                let cover = (reach - distance).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let most = covers.entry((y, x)).or_default();
                    *most = most.max(cover);
                }
            }
        }
    }
    for ((y, x), share) in covers {
        let at = (y as usize * picture.width as usize + x as usize) * 3;
        cover(&mut picture.rgb[at..at + 3], ink, share as f32 * strength);
    }
}

/// The whole pixels between two places and `reach` beyond, inside the picture.
fn span(a: f64, b: f64, reach: f64, limit: u32) -> std::ops::Range<u32> {
    // Casts saturate.
    let from = (a.min(b) - reach).floor().max(0.0) as u32;
    let to = ((a.max(b) + reach).ceil().max(0.0) as u32).min(limit);
    from.min(to)..to
}

/// The columns in which a row can be near a segment: a long slanted line touches few pixels of each row.
fn columns_near([a, b]: [(f64, f64); 2], y: f64, reach: f64, limit: u32) -> std::ops::Range<u32> {
    let rise = b.1 - a.1;
    if rise.abs() < 1.0 {
        return span(a.0, b.0, reach, limit);
    }
    let x_at = |y: f64| a.0 + (b.0 - a.0) * ((y - a.1) / rise).clamp(0.0, 1.0);
    // Between the heights at which the band around the row meets the segment.
    span(x_at(y - reach), x_at(y + reach), reach, limit)
}

fn circle(picture: &mut Pixels, [cx, cy]: [f32; 2], radius: f32, width: Option<f32>, ink: Colour) {
    let reach = f64::from(radius + width.unwrap_or(0.0) / 2.0) + 0.5;
    for y in span(f64::from(cy), f64::from(cy), reach, picture.height) {
        for x in span(f64::from(cx), f64::from(cx), reach, picture.width) {
            let distance = (x as f32 + 0.5 - cx).hypot(y as f32 + 0.5 - cy);
            let share = match width {
                Some(width) => width / 2.0 + 0.5 - (distance - radius).abs(),
                None => radius + 0.5 - distance,
            };
            if share > 0.0 {
                let at = (y as usize * picture.width as usize + x as usize) * 3;
                cover(&mut picture.rgb[at..at + 3], ink, share);
            }
        }
    }
}
