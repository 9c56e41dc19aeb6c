//! A map of signed numbers laid over the photograph that it explains.
//!
//! The map covers exactly the part of the photograph that the network saw, positioned by [`Geometry`]. Colours are blended
//! in sRGB, as in screens and egui, so that a window that tints [`overlay_rgba`]'s texture shows what [`blend`] writes.
//! Cells keep the map's own grid; the smooth style interpolates between cell centres and suggests more detail than the
//! network has, which [`OverlayOptions::describe`] states.

mod contour;
mod options;
mod stroke;
mod surface;

use crate::domain::{FieldOfView, Pixels};

use super::geometry::{Area, Geometry};
use super::grid::Grid;
use stroke::Strokes;
use surface::{STEPS, Surface, step_of, strength_of};

pub use contour::{Contour, contour_lines};
pub use options::{FINEST_OUTLINED, Ground, OverlayOptions, Side, Style};
pub use stroke::{DASH, GAP, dashes, distance_to_segment};
pub use surface::Palette;

/// A small RGBA picture with straight alpha, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba {
    pub width: usize,
    pub height: usize,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// The photograph on the chosen ground with the map over it, at full size.
pub fn blend(image: &Pixels, map: &Grid, geometry: &Geometry, options: &OverlayOptions) -> Pixels {
    let seen = SeenArea::of(image, geometry);
    let surface = Surface::new(map, options);
    let palette = Palette::new(options);
    let (rows, columns) = (map.rows(), map.columns());
    let centre = |pixel: usize| pixel as f64 + 0.5;
    let across = |x| geometry.map_from_image((centre(x), 0.0), rows, columns).0;
    let down = |y| geometry.map_from_image((0.0, centre(y)), rows, columns).1;
    let xs = surface.positions(seen.columns.clone().map(across), columns);
    let ys = surface.positions(seen.rows.clone().map(down), rows);
    // The pixels of a cell all have the same colour over them.
    let runs: Vec<_> = xs.chunk_by(|a, b| a == b).collect();
    let stride = image.width as usize * 3;
    let mut rgb = Vec::with_capacity(image.rgb.len());
    // Ground and map in one pass: a row stays in the fastest memory.
    for (y, row) in image.rgb.chunks_exact(stride).enumerate() {
        let start = rgb.len();
        rgb.extend_from_slice(row);
        let row = &mut rgb[start..];
        options.ground.lay(row);
        let in_map = y.checked_sub(seen.rows.start).and_then(|y| ys.get(y));
        let Some(line) = in_map.map(|position| surface.line(position)) else {
            continue;
        };
        let mut rest = &mut row[seen.columns.start * 3..];
        for run in &runs {
            let (pixels, after) = rest.split_at_mut(run.len() * 3);
            palette.lay(line.at(&run[0]), pixels);
            rest = after;
        }
    }
    let mut picture = Pixels {
        width: image.width,
        height: image.height,
        rgb,
    };
    draw_contour(&mut picture, map, geometry, options);
    picture
}

fn draw_contour(picture: &mut Pixels, map: &Grid, geometry: &Geometry, options: &OverlayOptions) {
    let lines = contour_lines(map, options);
    if lines.is_empty() {
        return;
    }
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let stroke = (width.max(height) / 500.0).max(1.0);
    // A line along the photograph's border, half beyond it, would look like an outline of the photograph.
    let within = Area {
        left: 2.0 * stroke,
        top: 2.0 * stroke,
        right: width - 2.0 * stroke,
        bottom: height - 2.0 * stroke,
    };
    let mut strokes = Strokes::new(stroke, within);
    for line in lines {
        let in_image = |p: &(f64, f64)| geometry.image_from_map(*p, map.rows(), map.columns());
        let points: Vec<_> = line.points.iter().map(in_image).collect();
        strokes.add(&points, line.negative);
    }
    strokes.paint(picture);
}

/// The mean colour beneath a map, over the field of view if it is known: the ground of a colour scale.
pub fn mean_of_ground(image: &Pixels, field: Option<&FieldOfView>, ground: Ground) -> [u8; 3] {
    // A lattice of this many points along a side is enough for a mean.
    const POINTS: u32 = 32;
    let size = [image.width, image.height].map(f64::from);
    let holds = |x: u32, y: u32| {
        let centre = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        field.is_none_or(|field| field.holds(size, centre))
    };
    let at = |i: u32, length: u32| {
        let place = u64::from(length) * (2 * u64::from(i) + 1) / u64::from(2 * POINTS);
        place as u32
    };
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for i in 0..POINTS * POINTS {
        let (x, y) = (at(i % POINTS, image.width), at(i / POINTS, image.height));
        if holds(x, y) {
            let pixel = ground.of(image.at(x, y));
            sum = std::array::from_fn(|c| sum[c] + u32::from(pixel[c]));
            count += 1;
        }
    }
    sum.map(|v| v.checked_div(count).unwrap_or_default() as u8)
}

/// The photograph with a picture of the network's input pasted over the crop; each of its pixels is a block of the
/// photograph's.
pub fn lay(image: &Pixels, over: &Rgba, geometry: &Geometry) -> Pixels {
    let mut picture = image.clone();
    let seen = SeenArea::of(image, geometry);
    let stride = image.width as usize * 3;
    for y in seen.rows.clone() {
        for x in seen.columns.clone() {
            let centre = (x as f64 + 0.5, y as f64 + 0.5);
            let Some(cell) = geometry.cell_at(centre, over.height, over.width) else {
                continue;
            };
            let [r, g, b, a] = over.rgba.as_chunks::<4>().0[cell.row * over.width + cell.column];
            let pixel = &mut picture.rgb[y * stride + 3 * x..][..3];
            for (value, colour) in pixel.iter_mut().zip([r, g, b]) {
                let (under, over, a) = (u32::from(*value), u32::from(colour), u32::from(a));
                *value = ((under * (255 - a) + over * a + 127) / 255) as u8;
            }
        }
    }
    picture
}

/// The map as a separate picture of `width` × `height` pixels that cover the crop evenly; without contour.
///
/// For native cells the map's own size with nearest-neighbour sampling is enough; the smooth style needs a few hundred
/// pixels. A window that sets the opacity to 1 here may tint the texture with the user's opacity.
pub fn overlay_rgba(map: &Grid, options: &OverlayOptions, width: usize, height: usize) -> Rgba {
    let surface = Surface::new(map, options);
    let centres = |count: usize, cells: usize| {
        (0..count).map(move |i| (i as f64 + 0.5) * cells as f64 / count as f64)
    };
    let xs = surface.positions(centres(width, map.columns()), map.columns());
    let ys = surface.positions(centres(height, map.rows()), map.rows());
    let table: Vec<[u8; 4]> = STEPS.map(|i| options.colour_of(strength_of(i))).collect();
    let mut rgba = Vec::with_capacity(width * height * 4);
    for y in &ys {
        let line = surface.line(y);
        rgba.extend(xs.iter().flat_map(|x| table[step_of(line.at(x))]));
    }
    Rgba {
        width,
        height,
        rgba,
    }
}

/// The part of the photograph, in whole pixels, whose centres the network saw.
struct SeenArea {
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
}

impl SeenArea {
    fn of(image: &Pixels, geometry: &Geometry) -> Self {
        let inside = |from: i64, length: u32, size: u32| {
            let clamp = |v: i64| v.clamp(0, i64::from(size)) as usize;
            clamp(from)..clamp(from.saturating_add(i64::from(length)))
        };
        Self {
            rows: inside(geometry.crop.y, geometry.crop.height, image.height),
            columns: inside(geometry.crop.x, geometry.crop.width, image.width),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::imaging::colormap::Colormap;
    use crate::imaging::geometry::CropRect;

    fn grey(w: u32, h: u32) -> Pixels {
        Pixels::new(w, h, vec![100; (w * h * 3) as usize]).unwrap()
    }

    fn geometry(image: &Pixels, crop: (i64, i64, u32, u32)) -> Geometry {
        Geometry::new([image.width, image.height], CropRect::from(crop), [14, 14]).unwrap()
    }

    fn map() -> Grid {
        Grid::new(2, 2, vec![4.0, -4.0, 0.0, 1.0]).unwrap()
    }

    #[test]
    fn the_map_covers_exactly_what_the_network_saw() {
        let image = grey(40, 30);
        let options = OverlayOptions {
            opacity: 1.0,
            ..OverlayOptions::default()
        };
        let palette = Palette::new(&options);
        for crop in [
            (5, 5, 20, 20),
            (-10, -3, 30, 40),
            (30, 20, 100, 100),
            (0, 0, 40, 30),
        ] {
            let geometry = geometry(&image, crop);
            let area = geometry.crop_in_image();
            let blended = blend(&image, &map(), &geometry, &options);
            for y in 0..30 {
                for x in 0..40 {
                    let point = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                    let expected = match geometry.cell_at(point, 2, 2) {
                        Some(cell) => palette.over(map().at(cell) / 4.0, [100; 3]),
                        None => [100; 3],
                    };
                    assert_eq!(blended.at(x, y), expected, "{crop:?} at {x}, {y}");
                    assert_eq!(
                        area.contains(point),
                        geometry.cell_at(point, 2, 2).is_some()
                    );
                }
            }
        }
    }

    #[test]
    fn opacity_zero_and_an_empty_map_change_nothing() {
        let image = grey(9, 9);
        let geometry = geometry(&image, (0, 0, 9, 9));
        let clear = OverlayOptions {
            opacity: 0.0,
            ..OverlayOptions::default()
        };
        assert_eq!(blend(&image, &map(), &geometry, &clear), image);
        let zeros = Grid::new(3, 3, vec![0.0; 9]).unwrap();
        assert_eq!(
            blend(&image, &zeros, &geometry, &OverlayOptions::default()),
            image
        );
        let none = Grid::new(1, 2, vec![f32::NAN, f32::INFINITY]).unwrap();
        assert_eq!(
            blend(&image, &none, &geometry, &OverlayOptions::default()),
            image
        );
    }

    #[test]
    fn beneath_the_map_lies_the_green_channel_or_the_photograph() {
        let image = Pixels::new(2, 1, vec![200, 90, 40, 10, 20, 30]).unwrap();
        let geometry = geometry(&image, (0, 0, 1, 1));
        let zeros = Grid::new(1, 1, vec![0.0]).unwrap();
        let on = |ground| OverlayOptions {
            ground,
            ..OverlayOptions::default()
        };
        let grey = blend(&image, &zeros, &geometry, &on(Ground::RedFree));
        assert_eq!(grey.rgb, [90, 90, 90, 20, 20, 20]);
        assert_eq!(
            blend(&image, &zeros, &geometry, &on(Ground::Photograph)),
            image
        );
        assert_eq!(mean_of_ground(&image, None, Ground::RedFree), [55; 3]);
        assert_eq!(
            mean_of_ground(&image, None, Ground::Photograph),
            [105, 55, 35]
        );
    }

    #[test]
    fn a_colour_scale_has_the_colours_of_the_picture_to_the_bit() {
        let image = grey(7, 5);
        let geometry = geometry(&image, (0, 0, 7, 5));
        let ground = mean_of_ground(&image, None, Ground::RedFree);
        for colormap in Colormap::iter() {
            for opacity in [0.25, 0.6, 1.0] {
                for strength in [-1.0, -0.3, 0.0, 0.7, 1.0] {
                    let options = OverlayOptions {
                        colormap,
                        opacity,
                        limit: Some(1.0),
                        ..OverlayOptions::default()
                    };
                    let even = Grid::new(1, 1, vec![strength]).unwrap();
                    let picture = blend(&image, &even, &geometry, &options);
                    let colour = Palette::new(&options).over(strength, ground);
                    assert!(picture.rgb.chunks(3).all(|pixel| pixel == colour));
                }
            }
        }
    }

    #[test]
    fn one_side_hides_the_other() {
        for (side, shown) in [(Side::Positive, 0), (Side::Negative, 1)] {
            let options = OverlayOptions {
                side,
                ..OverlayOptions::default()
            };
            let texture = overlay_rgba(&map(), &options, 2, 2);
            let alphas: Vec<u8> = texture.rgba.iter().skip(3).step_by(4).copied().collect();
            assert_eq!(alphas[shown], (options.opacity * 255.0).round() as u8);
            assert_eq!(alphas[1 - shown], 0);
        }
    }

    #[test]
    fn texture_and_blended_picture_have_the_same_colours() {
        let image = grey(8, 8);
        let geometry = geometry(&image, (0, 0, 8, 8));
        for style in [Style::Cells, Style::Smooth] {
            for colormap in Colormap::iter() {
                let options = OverlayOptions {
                    style,
                    colormap,
                    ..OverlayOptions::default()
                };
                let blended = blend(&image, &map(), &geometry, &options);
                let texture = overlay_rgba(&map(), &options, 8, 8);
                for (pixel, over) in blended.rgb.chunks(3).zip(texture.rgba.chunks(4)) {
                    for c in 0..3 {
                        let a = f64::from(over[3]) / 255.0;
                        let exact = 100.0 * (1.0 - a) + f64::from(over[c]) * a;
                        assert!((f64::from(pixel[c]) - exact).abs() <= 0.5 + 1e-9);
                    }
                }
            }
        }
    }

    #[test]
    fn smooth_meets_the_cells_at_their_centres() {
        let image = grey(60, 60);
        let geometry = geometry(&image, (0, 0, 60, 60));
        let grid = Grid::new(4, 4, (0..16).map(|v| v as f32 - 6.0).collect()).unwrap();
        let smooth = OverlayOptions {
            style: Style::Smooth,
            ..OverlayOptions::default()
        };
        let (a, b) = (
            blend(&image, &grid, &geometry, &smooth),
            blend(&image, &grid, &geometry, &OverlayOptions::default()),
        );
        for y in [7, 22, 37, 52] {
            for x in [7, 22, 37, 52] {
                assert_eq!(a.at(x, y), b.at(x, y));
            }
        }
        assert_ne!(a, b);
        assert!(smooth.describe().contains("interpolated"));
    }

    /// Whether a contour changed each pixel, row by row.
    fn lined(image: &Pixels, map: &Grid, geometry: &Geometry, style: Style) -> Vec<bool> {
        let plain = OverlayOptions {
            style,
            ..OverlayOptions::default()
        };
        let lined = OverlayOptions {
            contour: Some(0.5),
            ..plain
        };
        let (a, b) = (
            blend(image, map, geometry, &plain),
            blend(image, map, geometry, &lined),
        );
        let pixels = a.rgb.chunks(3).zip(b.rgb.chunks(3));
        pixels.map(|(a, b)| a != b).collect()
    }

    #[test]
    fn contours_lie_on_the_border_and_nowhere_else() {
        let image = grey(80, 80);
        let geometry = geometry(&image, (0, 0, 80, 80));
        let map = Grid::new(2, 2, vec![4.0, 0.0, 0.0, 0.0]).unwrap();
        let changed = lined(&image, &map, &geometry, Style::Cells);
        for y in 0..80 {
            for x in 0..80 {
                let on = |v: usize| (38..=41).contains(&v);
                let near = on(x) && y <= 41 || on(y) && x <= 41;
                if changed[y * 80 + x] {
                    assert!(near, "{x}, {y}");
                }
                if x == 39 && (4..38).contains(&y) {
                    assert!(changed[y * 80 + x], "{x}, {y}");
                }
            }
        }
    }

    #[test]
    fn the_contour_of_negative_values_is_dashed() {
        let image = grey(200, 200);
        let geometry = geometry(&image, (0, 0, 200, 200));
        for style in [Style::Cells, Style::Smooth] {
            let painted = |sign: f32| {
                let map = Grid::new(1, 2, vec![sign, 0.0]).unwrap();
                let changed = lined(&image, &map, &geometry, style);
                let hit = |y: &usize| changed[y * 200 + 99] || changed[y * 200 + 100];
                (10..190).filter(hit).count()
            };
            assert_eq!(painted(1.0), 180, "{style:?}");
            assert!((100..165).contains(&painted(-1.0)), "{style:?}");
        }
    }

    #[test]
    fn no_contour_runs_along_the_border_of_the_photograph() {
        let image = grey(120, 80);
        // The border below the second row of cells lies a pixel above or below that of the photograph.
        for top in [-1, 1] {
            let geometry = geometry(&image, (0, top, 120, 120));
            let map = Grid::new(3, 1, vec![0.0, 0.0, 9.0]).unwrap();
            let changed = lined(&image, &map, &geometry, Style::Cells);
            assert!(!changed.contains(&true), "{top}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_map_and_crop_can_be_laid(
            values in prop::collection::vec(any::<f32>(), 6),
            crop in (-50..50_i64, -50..50_i64, 1..90_u32, 1..90_u32),
            opacity in any::<f32>(),
            limit in prop::option::of(any::<f32>()),
            contour in prop::option::of(any::<f32>()),
            smooth in any::<bool>(),
        ) {
            let image = grey(23, 17);
            let style = if smooth { Style::Smooth } else { Style::Cells };
            let options = OverlayOptions { opacity, limit, contour, style, ..OverlayOptions::default() };
            let grid = Grid::new(2, 3, values).unwrap();
            let blended = blend(&image, &grid, &geometry(&image, crop), &options);
            prop_assert_eq!(blended.rgb.len(), image.rgb.len());
        }
    }
}
