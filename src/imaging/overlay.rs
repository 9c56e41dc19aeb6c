//! A map of signed numbers laid over the photograph it explains.
//!
//! The map covers exactly the part of the photograph that the network saw, led there by [`Geometry`]; pixels outside
//! are left as they are, or dimmed. Colours are blended in sRGB as screens and egui do, so that a window that tints
//! [`overlay_rgba`]'s texture shows what [`blend`] writes. Cells keep the map's own grid; the smooth style interpolates
//! between cell centres and claims more detail than the network has, which [`OverlayOptions::describe`] says.

use serde::{Deserialize, Serialize};

use crate::clinic::Pixels;

use super::colormap::Colormap;
use super::geometry::Geometry;
use super::grid::Grid;

/// Which numbers are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Both signs. A sequential colour map then shows strength without sign.
    #[default]
    Both,
    /// Only what raised the target.
    Positive,
    /// Only what lowered it.
    Negative,
}

/// How the map's cells are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// The native cells, each in one colour.
    #[default]
    Cells,
    /// Bilinear between cell centres.
    Smooth,
}

/// What becomes of pixels that the network did not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    #[default]
    Untouched,
    /// Half as bright.
    Dimmed,
}

/// How a map is shown. Choices of display only; no number depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OverlayOptions {
    /// 0 shows the photograph alone, 1 the colours as strong as they get.
    pub opacity: f32,
    pub colormap: Colormap,
    pub side: Side,
    pub style: Style,
    /// Lets colours fade out towards zero, so that the retina stays visible where nothing moved the score.
    pub fade: bool,
    /// The number at the end of the colour scale, above 0; without one the map's largest on the shown side.
    pub limit: Option<f32>,
    /// Outlines everything at or above this share of the limit, 0–1.
    pub contour: Option<f32>,
    pub outside: Outside,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self {
            opacity: 0.8,
            colormap: Colormap::default(),
            side: Side::default(),
            style: Style::default(),
            fade: true,
            limit: None,
            contour: None,
            outside: Outside::default(),
        }
    }
}

impl OverlayOptions {
    /// One line for captions and exports, such as `blue-amber, both signs, native cells, opacity 0.8`.
    pub fn describe(&self) -> String {
        let side = match self.side {
            Side::Both => "both signs",
            Side::Positive => "positive only",
            Side::Negative => "negative only",
        };
        let style = match self.style {
            Style::Cells => "native cells",
            Style::Smooth => "interpolated between cells",
        };
        let name = self.colormap.as_str();
        let mut text = format!("{name}, {side}, {style}, opacity {}", self.opacity);
        if let Some(level) = self.contour {
            text.push_str(&format!(", contour at {level} of the limit"));
        }
        text
    }

    /// The number at the end of the colour scale for this map; 0 where nothing is to be shown.
    pub fn limit_of(&self, map: &Grid) -> f32 {
        let (low, high) = map.range();
        let largest = match self.side {
            Side::Both => map.max_abs(),
            Side::Positive => high.max(0.0),
            Side::Negative => (-low).max(0.0),
        };
        self.limit
            .filter(|l| l.is_finite() && *l > 0.0)
            .unwrap_or(largest)
    }

    /// Colour and opacity (straight alpha) at a strength of −1 to 1, which is a number divided by the limit.
    pub fn colour_of(&self, strength: f32) -> [u8; 4] {
        let strength = if strength.is_finite() {
            strength.clamp(-1.0, 1.0)
        } else {
            0.0
        };
        let hidden = match self.side {
            Side::Both => false,
            Side::Positive => strength <= 0.0,
            Side::Negative => strength >= 0.0,
        };
        // Where colours fade out, opacity tells the strength; a dark middle would darken the retina as well.
        let shade = if self.fade && self.colormap.is_diverging() {
            strength.signum()
        } else {
            strength
        };
        let place = if self.colormap.is_diverging() {
            (shade + 1.0) / 2.0
        } else {
            shade.abs()
        };
        let [r, g, b] = self.colormap.colour(f64::from(place));
        let opacity = if self.opacity.is_finite() {
            self.opacity.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let share = if self.fade { strength.abs() } else { 1.0 };
        let alpha = if hidden { 0.0 } else { opacity * share };
        [r, g, b, (alpha * 255.0).round() as u8]
    }
}

/// A small RGBA picture with straight alpha, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba {
    pub width: usize,
    pub height: usize,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// The photograph with the map over it, at full size.
pub fn blend(image: &Pixels, map: &Grid, geometry: &Geometry, options: &OverlayOptions) -> Pixels {
    let mut picture = image.clone();
    let seen = Seen::of(image, geometry);
    if options.outside == Outside::Dimmed {
        dim_outside(&mut picture, &seen);
    }
    let surface = Surface::new(map, options);
    let palette = Palette::new(options);
    let (rows, columns) = (map.rows(), map.columns());
    let centre = |pixel: usize| pixel as f64 + 0.5;
    let across = |x| geometry.map_from_image((centre(x), 0.0), rows, columns).0;
    let down = |y| geometry.map_from_image((0.0, centre(y)), rows, columns).1;
    let xs = surface.places(seen.columns.clone().map(across), columns);
    let ys = surface.places(seen.rows.clone().map(down), rows);
    let stride = image.width as usize * 3;
    let (from, to) = (seen.columns.start * 3, seen.columns.end * 3);
    for (y, place) in seen.rows.clone().zip(&ys) {
        let line = surface.line(place);
        let row = &mut picture.rgb[y * stride + from..y * stride + to];
        for (pixel, x) in row.as_chunks_mut::<3>().0.iter_mut().zip(&xs) {
            palette.lay(strength_at(&line, x), pixel);
        }
    }
    if let Some(level) = options.contour {
        let width = (image.width.max(image.height) as usize / 500).max(1);
        let outline = Outline {
            surface: &surface,
            side: options.side,
            level,
            xs: &xs,
            ys: &ys,
        };
        outline.draw(&mut picture, &seen, width);
    }
    picture
}

/// The map as a picture of its own, `width` × `height` pixels that cover the crop evenly; without contour.
///
/// For native cells the map's own size with nearest-neighbour sampling suffices; the smooth style wants a few hundred
/// pixels. A window that sets the opacity to 1 here may tint the texture with the user's opacity.
pub fn overlay_rgba(map: &Grid, options: &OverlayOptions, width: usize, height: usize) -> Rgba {
    let surface = Surface::new(map, options);
    let centres = |count: usize, cells: usize| {
        (0..count).map(move |i| (i as f64 + 0.5) * cells as f64 / count as f64)
    };
    let xs = surface.places(centres(width, map.columns()), map.columns());
    let ys = surface.places(centres(height, map.rows()), map.rows());
    let table: Vec<[u8; 4]> = STEPS.map(|i| options.colour_of(strength_of(i))).collect();
    let mut rgba = Vec::with_capacity(width * height * 4);
    for y in &ys {
        let line = surface.line(y);
        rgba.extend(
            xs.iter()
                .flat_map(|x| table[step_of(strength_at(&line, x))]),
        );
    }
    Rgba {
        width,
        height,
        rgba,
    }
}

/// Steps of strength from −1 to 1 that have a colour of their own.
const STEPS: std::ops::RangeInclusive<usize> = 0..=510;

fn strength_of(step: usize) -> f32 {
    step as f32 / 255.0 - 1.0
}

fn step_of(strength: f32) -> usize {
    // Strength is finite and within −1 to 1.
    ((strength + 1.0) * 255.0 + 0.5) as usize
}

/// The part of the photograph, in whole pixels, whose centres the network saw.
struct Seen {
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
}

impl Seen {
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

fn dim_outside(picture: &mut Pixels, seen: &Seen) {
    let stride = picture.width as usize * 3;
    let dim = |bytes: &mut [u8]| bytes.iter_mut().for_each(|v| *v /= 2);
    for (y, row) in picture.rgb.chunks_exact_mut(stride).enumerate() {
        if seen.rows.contains(&y) {
            dim(&mut row[..seen.columns.start * 3]);
            dim(&mut row[seen.columns.end * 3..]);
        } else {
            dim(row);
        }
    }
}

/// The map as strengths of −1 to 1.
struct Surface {
    columns: usize,
    strengths: Vec<f32>,
    style: Style,
}

/// Two cells along one axis and the share of the second.
struct Place {
    low: usize,
    high: usize,
    share: f32,
}

impl Surface {
    fn new(map: &Grid, options: &OverlayOptions) -> Self {
        let limit = options.limit_of(map);
        let strength = |&v: &f32| {
            let s = v / limit;
            if s.is_finite() {
                s.clamp(-1.0, 1.0)
            } else {
                0.0
            }
        };
        Self {
            columns: map.columns(),
            strengths: map.values().iter().map(strength).collect(),
            style: options.style,
        }
    }

    /// Where map coordinates along one axis fall; beyond the outer cell centres the outer cell stands alone.
    fn places(&self, coordinates: impl Iterator<Item = f64>, cells: usize) -> Vec<Place> {
        let last = cells - 1;
        let place = |at: f64| match self.style {
            Style::Cells => {
                let cell = (at.max(0.0) as usize).min(last);
                Place {
                    low: cell,
                    high: cell,
                    share: 0.0,
                }
            }
            Style::Smooth => {
                let at = (at - 0.5).clamp(0.0, last as f64);
                let low = at as usize;
                Place {
                    low,
                    high: (low + 1).min(last),
                    share: (at - low as f64) as f32,
                }
            }
        };
        coordinates.map(place).collect()
    }

    /// Strengths along one horizontal line, per column of cells.
    fn line(&self, place: &Place) -> Vec<f32> {
        let row = |r: usize| &self.strengths[r * self.columns..(r + 1) * self.columns];
        let pairs = row(place.low).iter().zip(row(place.high));
        pairs.map(|(a, b)| a + (b - a) * place.share).collect()
    }
}

fn strength_at(line: &[f32], x: &Place) -> f32 {
    let (a, b) = (line[x.low], line[x.high]);
    a + (b - a) * x.share
}

/// Colours multiplied by their opacity, and what remains of the picture, by step of strength.
struct Palette {
    entries: Vec<([u32; 3], u32)>,
}

impl Palette {
    fn new(options: &OverlayOptions) -> Self {
        let entry = |step| {
            let [r, g, b, a] = options.colour_of(strength_of(step)).map(u32::from);
            ([r * a, g * a, b * a], 255 - a)
        };
        Self {
            entries: STEPS.map(entry).collect(),
        }
    }

    fn lay(&self, strength: f32, pixel: &mut [u8; 3]) {
        let (colour, rest) = &self.entries[step_of(strength)];
        for (value, colour) in pixel.iter_mut().zip(colour) {
            // Division by 255, rounded to the nearest; exact below 2^16.
            let sum = u32::from(*value) * rest + colour + 128;
            *value = ((sum + (sum >> 8)) >> 8) as u8;
        }
    }
}

/// The border of everything at or above a level: white outside, black inside, to be seen on any ground.
struct Outline<'a> {
    surface: &'a Surface,
    side: Side,
    level: f32,
    xs: &'a [Place],
    ys: &'a [Place],
}

impl Outline<'_> {
    fn draw(&self, picture: &mut Pixels, seen: &Seen, width: usize) {
        let stride = picture.width as usize * 3;
        let last = self.ys.len().saturating_sub(1);
        for (i, y) in seen.rows.clone().enumerate() {
            let here = self.regions(i);
            let above = self.regions(i.saturating_sub(width));
            let below = self.regions((i + width).min(last));
            for (j, x) in seen.columns.clone().enumerate() {
                let left = here[j.saturating_sub(width)];
                let right = here[(j + width).min(here.len() - 1)];
                if [left, right, above[j], below[j]]
                    .iter()
                    .any(|r| *r != here[j])
                {
                    let shade = if here[j] == 0 { 255 } else { 0 };
                    picture.rgb[y * stride + x * 3..][..3].fill(shade);
                }
            }
        }
    }

    /// For each pixel of a line: 1 or −1 where the level is reached on that side, else 0.
    fn regions(&self, row: usize) -> Vec<i8> {
        let line = self.surface.line(&self.ys[row]);
        let region = |x: &Place| {
            let strength = strength_at(&line, x);
            if strength >= self.level && strength > 0.0 && self.side != Side::Negative {
                1
            } else if strength <= -self.level && strength < 0.0 && self.side != Side::Positive {
                -1
            } else {
                0
            }
        };
        self.xs.iter().map(region).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
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
            fade: false,
            ..OverlayOptions::default()
        };
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
                        Some(cell) => {
                            let [r, g, b, _] = options.colour_of(map().at(cell) / 4.0);
                            [r, g, b]
                        }
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
            for colormap in Colormap::ALL {
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

    #[test]
    fn contours_lie_on_the_border_and_nowhere_else() {
        let image = grey(80, 80);
        let geometry = geometry(&image, (0, 0, 80, 80));
        let plain = OverlayOptions::default();
        let lined = OverlayOptions {
            contour: Some(0.5),
            ..plain
        };
        let (a, b) = (
            blend(&image, &map(), &geometry, &plain),
            blend(&image, &map(), &geometry, &lined),
        );
        for y in 0..80 {
            for x in 0..80 {
                let near = (39..=40).contains(&x) && y < 41 || (39..=40).contains(&y);
                assert_eq!(a.at(x, y) != b.at(x, y), near, "{x}, {y}");
            }
        }
    }

    #[test]
    fn pixels_that_were_not_seen_can_be_dimmed() {
        let image = grey(10, 10);
        let options = OverlayOptions {
            outside: Outside::Dimmed,
            opacity: 0.0,
            ..OverlayOptions::default()
        };
        let dimmed = blend(&image, &map(), &geometry(&image, (2, 3, 4, 40)), &options);
        assert_eq!(dimmed.at(1, 5), [50; 3]);
        assert_eq!(dimmed.at(2, 2), [50; 3]);
        assert_eq!(dimmed.at(2, 9), [100; 3]);
        assert_eq!(dimmed.at(6, 9), [50; 3]);
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
