//! The outline of the area that reaches a level: painted into pixels, or as lines for a window to draw.

use crate::domain::Pixels;

use super::SeenArea;
use super::options::{OverlayOptions, Side, Style};
use super::surface::{Interpolation, Surface, strength_at};
use crate::imaging::grid::Grid;

/// The border of everything at or above a level: white outside, black inside, visible on any background.
pub(super) struct Outline<'a> {
    pub(super) surface: &'a Surface,
    pub(super) side: Side,
    pub(super) level: f32,
    pub(super) xs: &'a [Interpolation],
    pub(super) ys: &'a [Interpolation],
}

impl Outline<'_> {
    pub(super) fn draw(&self, picture: &mut Pixels, seen: &SeenArea, width: usize) {
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

    /// For each pixel of a line: 1 or −1 if the level is reached on that side, else 0.
    fn regions(&self, row: usize) -> Vec<i8> {
        let line = self.surface.line(&self.ys[row]);
        let region = |x: &Interpolation| region(strength_at(&line, x), self.level, self.side);
        self.xs.iter().map(region).collect()
    }
}

/// 1 or −1 if a strength reaches the level on that side, else 0.
fn region(strength: f32, level: f32, side: Side) -> i8 {
    if strength >= level && strength > 0.0 && side != Side::Negative {
        1
    } else if strength <= -level && strength < 0.0 && side != Side::Positive {
        -1
    } else {
        0
    }
}

/// A segment of the outline between two points of the map: (column, row), cell borders at whole numbers.
pub type Segment = [(f64, f64); 2];

/// The outline that [`super::blend`] paints, as segments in map coordinates; none if `options.contour_of` has no level.
///
/// Cells are outlined along their borders. The smooth surface is followed by marching squares on a raster fine enough
/// for a screen; its outer half cells are constant, as in the picture.
pub fn contour_lines(map: &Grid, options: &OverlayOptions) -> Vec<Segment> {
    let Some(level) = options.contour_of(map) else {
        return Vec::new();
    };
    let surface = Surface::new(map, options);
    match options.style {
        Style::Cells => cell_borders(map, &surface, level, options.side),
        Style::Smooth => {
            let raster = Raster::of(map, &surface);
            let (raised, lowered) = (
                options.side != Side::Negative,
                options.side != Side::Positive,
            );
            let mut lines = Vec::new();
            for sign in [(raised, 1.0), (lowered, -1.0)] {
                if sign.0 {
                    raster.march(sign.1, level, &mut lines);
                }
            }
            lines
        }
    }
}

fn cell_borders(map: &Grid, surface: &Surface, level: f32, side: Side) -> Vec<Segment> {
    let (rows, columns) = (map.rows(), map.columns());
    let at =
        |row: usize, column: usize| region(surface.strengths[row * columns + column], level, side);
    let mut lines = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f64, row as f64);
            if column + 1 < columns && at(row, column) != at(row, column + 1) {
                lines.push([(x + 1.0, y), (x + 1.0, y + 1.0)]);
            }
            if row + 1 < rows && at(row, column) != at(row + 1, column) {
                lines.push([(x, y + 1.0), (x + 1.0, y + 1.0)]);
            }
        }
    }
    lines
}

/// Strengths of the smooth surface at evenly spaced points, several to a cell.
struct Raster {
    /// Points per cell along each axis; even, so that cell centres are among them.
    per_cell: usize,
    width: usize,
    height: usize,
    strengths: Vec<f32>,
}

impl Raster {
    /// Along one axis of a coarse map; segments this short stay within a pixel of the curve on any screen.
    const FINEST: usize = 32;
    /// A fine map needs no more points than a screen has.
    const POINTS: usize = 512;

    fn of(map: &Grid, surface: &Surface) -> Self {
        let longest = map.rows().max(map.columns());
        let per_cell = (Self::POINTS / longest).clamp(2, Self::FINEST) / 2 * 2;
        let places = |cells: usize| {
            let points = 0..=cells * per_cell;
            surface.places(points.map(|i| i as f64 / per_cell as f64), cells)
        };
        let (xs, ys) = (places(map.columns()), places(map.rows()));
        let line = |y| {
            let line = surface.line(y);
            let strengths: Vec<f32> = xs.iter().map(|x| strength_at(&line, x)).collect();
            strengths
        };
        Self {
            per_cell,
            width: xs.len(),
            height: ys.len(),
            strengths: ys.iter().flat_map(line).collect(),
        }
    }

    /// Adds the border of the points whose strength times `sign` reaches the level.
    fn march(&self, sign: f32, level: f32, lines: &mut Vec<Segment>) {
        let inside = |v: f32| v >= level && v > 0.0;
        let level_or_zero = level.max(0.0);
        for y in 1..self.height {
            for x in 1..self.width {
                let corner = |dx: usize, dy: usize| {
                    let (x, y) = (x - 1 + dx, y - 1 + dy);
                    let strength = self.strengths[y * self.width + x] * sign;
                    ((x as f64, y as f64), strength)
                };
                // Clockwise from the top left.
                let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
                let crossings: Vec<(f64, f64)> = (0..4)
                    .filter_map(|i| {
                        let ((p, a), (q, b)) = (corners[i], corners[(i + 1) % 4]);
                        (inside(a) != inside(b)).then(|| {
                            let share = f64::from((level_or_zero - a) / (b - a)).clamp(0.0, 1.0);
                            self.in_map((p.0 + (q.0 - p.0) * share, p.1 + (q.1 - p.1) * share))
                        })
                    })
                    .collect();
                match crossings[..] {
                    [a, b] => lines.push([a, b]),
                    [top, right, bottom, left] => {
                        // A saddle: the middle decides which corners belong together.
                        let middle = corners.iter().map(|c| c.1).sum::<f32>() / 4.0;
                        if inside(middle) == inside(corners[0].1) {
                            lines.extend([[top, right], [bottom, left]]);
                        } else {
                            lines.extend([[left, top], [right, bottom]]);
                        }
                    }
                    _ => {}
                }
            }
        }
        lines.retain(|[a, b]| a != b);
    }

    fn in_map(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x / self.per_cell as f64, y / self.per_cell as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Pixels;
    use crate::imaging::geometry::{CropRect, Geometry};
    use crate::imaging::overlay::blend;

    const SIDE: u32 = 490;

    fn map() -> Grid {
        let value = |i: usize| ((i * i * 7 + i * 13) % 29) as f32 - 14.0;
        Grid::new(7, 7, (0..49).map(value).collect()).unwrap()
    }

    fn distance((px, py): (f64, f64), [a, b]: Segment) -> f64 {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let along = ((px - a.0) * dx + (py - a.1) * dy) / (dx * dx + dy * dy);
        let along = along.clamp(0.0, 1.0);
        (px - a.0 - along * dx).hypot(py - a.1 - along * dy)
    }

    /// Pixels that the outline painted, in map coordinates.
    fn painted(map: &Grid, options: &OverlayOptions) -> Vec<(f64, f64)> {
        let image = Pixels::new(SIDE, SIDE, vec![100; (SIDE * SIDE * 3) as usize]).unwrap();
        let geometry =
            Geometry::new([SIDE; 2], CropRect::from((0, 0, SIDE, SIDE)), [224; 2]).unwrap();
        let plain = OverlayOptions {
            contour: None,
            ..*options
        };
        let (with, without) = (
            blend(&image, map, &geometry, options),
            blend(&image, map, &geometry, &plain),
        );
        let pixels = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
        let changed = pixels.filter(|&(x, y)| with.at(x, y) != without.at(x, y));
        let centre = |v: u32| (f64::from(v) + 0.5) * 7.0 / f64::from(SIDE);
        changed.map(|(x, y)| (centre(x), centre(y))).collect()
    }

    #[test]
    fn the_painted_outline_lies_on_the_lines_and_the_lines_under_it() {
        let map = map();
        let pixel = 7.0 / f64::from(SIDE);
        for style in [Style::Cells, Style::Smooth] {
            for side in [Side::Both, Side::Positive, Side::Negative] {
                for level in [0.0, 0.35, 0.9] {
                    let options = OverlayOptions {
                        style,
                        side,
                        contour: Some(level),
                        ..OverlayOptions::default()
                    };
                    let lines = contour_lines(&map, &options);
                    let painted = painted(&map, &options);
                    assert!(!lines.is_empty() && !painted.is_empty(), "{options:?}");
                    for p in &painted {
                        let nearest = lines.iter().map(|l| distance(*p, *l));
                        let nearest = nearest.fold(f64::INFINITY, f64::min);
                        assert!(nearest < 2.0 * pixel, "{options:?}: {p:?} {nearest}");
                    }
                    for [a, b] in &lines {
                        let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
                        let near =
                            |p: &(f64, f64)| (p.0 - middle.0).hypot(p.1 - middle.1) < 2.0 * pixel;
                        assert!(painted.iter().any(near), "{options:?}: {middle:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_outlined_without_a_level_that_is_reached() {
        for style in [Style::Cells, Style::Smooth] {
            for contour in [None, Some(f32::NAN), Some(1.5)] {
                let options = OverlayOptions {
                    style,
                    contour,
                    ..OverlayOptions::default()
                };
                assert!(contour_lines(&map(), &options).is_empty());
                let zeros = Grid::new(1, 1, vec![0.0]).unwrap();
                assert!(contour_lines(&zeros, &options).is_empty());
            }
        }
    }

    #[test]
    fn one_raised_cell_is_outlined_by_its_four_borders() {
        let mut values = vec![0.0; 9];
        values[4] = 2.0;
        let map = Grid::new(3, 3, values).unwrap();
        let options = OverlayOptions {
            contour: Some(0.5),
            ..OverlayOptions::default()
        };
        let lines = contour_lines(&map, &options);
        assert_eq!(lines.len(), 4);
        for line in lines {
            for (x, y) in line {
                assert!([1.0, 2.0].contains(&x) && [1.0, 2.0].contains(&y));
            }
        }
        let smooth = OverlayOptions {
            style: Style::Smooth,
            ..options
        };
        // Halfway from the middle to its neighbours' centres.
        let left = contour_lines(&map, &smooth)
            .iter()
            .flatten()
            .map(|p| p.0)
            .fold(f64::INFINITY, f64::min);
        assert!((left - 1.0).abs() < 1e-6, "{left}");
    }
}
