//! The outline of the area that reaches a level, as lines: of positive and of negative values apart.

use std::collections::HashMap;

use super::options::{OverlayOptions, Side, Style};
use super::surface::Surface;
use crate::imaging::grid::Grid;

/// A point of the map: (column, row), cell borders at whole numbers.
type Point = (f64, f64);
type Segment = [Point; 2];

/// A line around values that reach the level.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// Around negative values; drawn dashed.
    pub negative: bool,
    /// In map coordinates; a closed line ends where it begins.
    pub points: Vec<Point>,
}

/// The outline that [`super::blend`] paints; none if `options.contour_of` has no level. No line runs along the border of
/// the map.
///
/// Cells are outlined along their borders. The smooth surface is followed by marching squares on a raster fine enough
/// for a screen; its outer half cells are constant, as in the picture.
pub fn contour_lines(map: &Grid, options: &OverlayOptions) -> Vec<Contour> {
    let Some(level) = options.contour_of(map) else {
        return Vec::new();
    };
    let surface = Surface::new(map, options);
    let raster = (options.style == Style::Smooth).then(|| Raster::of(map, &surface));
    let mut lines = Vec::new();
    for (hidden_by, negative) in [(Side::Negative, false), (Side::Positive, true)] {
        if options.side == hidden_by {
            continue;
        }
        let segments = match &raster {
            Some(raster) => raster.march(if negative { -1.0 } else { 1.0 }, level),
            None => cell_borders(map, &surface, level, negative),
        };
        let chains = chained(&segments).into_iter();
        lines.extend(chains.map(|points| Contour { negative, points }));
    }
    lines
}

/// The borders between the cells that reach the level on one side and the others. A border that both sides share is
/// that of the positive one.
fn cell_borders(map: &Grid, surface: &Surface, level: f32, negative: bool) -> Vec<Segment> {
    let (rows, columns) = (map.rows(), map.columns());
    let regions: Vec<i8> = surface
        .strengths
        .iter()
        .map(|s| region(*s, level))
        .collect();
    let at = |row: usize, column: usize| regions[row * columns + column];
    let differ = |a: i8, b: i8| {
        if negative {
            (a < 0) != (b < 0) && a <= 0 && b <= 0
        } else {
            (a > 0) != (b > 0)
        }
    };
    let mut lines = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f64, row as f64);
            if column + 1 < columns && differ(at(row, column), at(row, column + 1)) {
                lines.push([(x + 1.0, y), (x + 1.0, y + 1.0)]);
            }
            if row + 1 < rows && differ(at(row, column), at(row + 1, column)) {
                lines.push([(x, y + 1.0), (x + 1.0, y + 1.0)]);
            }
        }
    }
    lines
}

/// 1 or −1 if a strength reaches the level, else 0.
fn region(strength: f32, level: f32) -> i8 {
    if strength >= level && strength > 0.0 {
        1
    } else if strength <= -level && strength < 0.0 {
        -1
    } else {
        0
    }
}

/// Joins segments that meet into lines, so that dashes run through.
fn chained(segments: &[Segment]) -> Vec<Vec<Point>> {
    // Ends that are computed from two sides differ by rounding.
    let key = |(x, y): Point| [x, y].map(|v| (v * f64::from(1 << 20)).round() as i64);
    let mut ends: HashMap<[i64; 2], Vec<usize>> = HashMap::new();
    for (i, segment) in segments.iter().enumerate() {
        for point in segment {
            ends.entry(key(*point)).or_default().push(i);
        }
    }
    let starts = |p: Point| ends[&key(p)].len() == 1;
    let open = segments.iter().enumerate().filter_map(|(i, s)| {
        let start = s.iter().copied().find(|&p| starts(p))?;
        Some((i, start))
    });
    let any = segments.iter().enumerate().map(|(i, s)| (i, s[0]));
    let mut used = vec![false; segments.len()];
    let mut lines = Vec::new();
    for (first, from) in open.chain(any) {
        if used[first] {
            continue;
        }
        let (mut points, mut at) = (vec![from], from);
        let mut next = Some(first);
        while let Some(i) = next {
            used[i] = true;
            let [a, b] = segments[i];
            at = if key(a) == key(at) { b } else { a };
            points.push(at);
            next = ends[&key(at)].iter().copied().find(|&n| !used[n]);
        }
        lines.push(points);
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
        let positions = |cells: usize| {
            let points = 0..=cells * per_cell;
            surface.positions(points.map(|i| i as f64 / per_cell as f64), cells)
        };
        let (xs, ys) = (positions(map.columns()), positions(map.rows()));
        let line = |y| {
            let line = surface.line(y);
            let strengths: Vec<f32> = xs.iter().map(|x| line.at(x)).collect();
            strengths
        };
        Self {
            per_cell,
            width: xs.len(),
            height: ys.len(),
            strengths: ys.iter().flat_map(line).collect(),
        }
    }

    /// The border of the points whose strength times `sign` reaches the level.
    fn march(&self, sign: f32, level: f32) -> Vec<Segment> {
        let mut lines = Vec::new();
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
        lines
    }

    fn in_map(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x / self.per_cell as f64, y / self.per_cell as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Grid {
        let value = |i: usize| ((i * i * 7 + i * 13) % 29) as f32 - 14.0;
        Grid::new(7, 7, (0..49).map(value).collect()).unwrap()
    }

    fn lined(style: Style) -> OverlayOptions {
        OverlayOptions {
            style,
            contour: Some(0.5),
            ..OverlayOptions::default()
        }
    }

    #[test]
    fn nothing_is_outlined_without_a_level_that_is_reached() {
        for style in [Style::Cells, Style::Smooth] {
            for contour in [None, Some(f32::NAN), Some(1.5)] {
                let options = OverlayOptions {
                    contour,
                    ..lined(style)
                };
                assert!(contour_lines(&map(), &options).is_empty());
                let zeros = Grid::new(1, 1, vec![0.0]).unwrap();
                assert!(contour_lines(&zeros, &options).is_empty());
            }
        }
    }

    #[test]
    fn one_raised_cell_is_outlined_by_one_closed_line() {
        let mut values = vec![0.0; 9];
        values[4] = 2.0;
        let map = Grid::new(3, 3, values).unwrap();
        let [line] = &contour_lines(&map, &lined(Style::Cells))[..] else {
            panic!("one line");
        };
        assert_eq!(line.points.len(), 5);
        assert_eq!(line.points[0], line.points[4]);
        for (x, y) in &line.points {
            assert!([1.0, 2.0].contains(x) && [1.0, 2.0].contains(y));
        }
        let [line] = &contour_lines(&map, &lined(Style::Smooth))[..] else {
            panic!("one line");
        };
        // Halfway from the middle to its neighbours' centres, all round.
        for (x, y) in &line.points {
            let radius = (x - 1.5).hypot(y - 1.5);
            assert!((radius - 0.5).abs() < 0.01, "{radius}");
        }
    }

    #[test]
    fn lines_know_their_sign_and_a_shared_border_is_drawn_once() {
        let map = Grid::new(1, 3, vec![2.0, -2.0, 0.0]).unwrap();
        let lines = contour_lines(&map, &lined(Style::Cells));
        let at: Vec<_> = lines.iter().map(|l| (l.negative, l.points[0].0)).collect();
        assert_eq!(at, [(false, 1.0), (true, 2.0)]);
        for (side, negative) in [(Side::Positive, false), (Side::Negative, true)] {
            for style in [Style::Cells, Style::Smooth] {
                let options = OverlayOptions {
                    side,
                    ..lined(style)
                };
                let lines = contour_lines(&self::map(), &options);
                assert!(!lines.is_empty() && lines.iter().all(|l| l.negative == negative));
            }
        }
    }

    #[test]
    fn no_line_runs_along_the_border_of_the_map() {
        // Everything reaches the level.
        let map = Grid::new(3, 4, vec![1.0; 12]).unwrap();
        for style in [Style::Cells, Style::Smooth] {
            assert!(contour_lines(&map, &lined(style)).is_empty());
        }
    }
}
