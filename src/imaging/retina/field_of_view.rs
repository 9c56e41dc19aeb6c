//! The lit disc of retina: found on a black, white or transparent surround, clipped by the frame or not.
//!
//! The surround is flood-filled from the frame's edge, the rest is the lit area, and a circle is fitted to its border
//! by consensus, so that notches, labels and glare have no effect. A photograph on a page has two surrounds, the page
//! and its own: if the first leaves no disc, the second is flood-filled from there. If too little of a round border is
//! visible, the whole frame counts as the field.

use crate::domain::FieldOfView;

use super::circle::Circle;
use super::working_copy::WorkingCopy;

/// Number of directions in which the circle's border is searched.
const DIRECTIONS: usize = 180;

/// Minimum share of directions in which the border must be visible for the field to count as round.
const MIN_BORDER_SEEN: f64 = 0.25;

/// Minimum share of the circle inside the frame that must be lit.
const MIN_LIT: f64 = 0.4;

/// Maximum share of the lit area that may be outside the circle (notch, label).
const MAX_OUTSIDE: f64 = 0.12;

/// The field in the coordinates of the working copy.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub circle: Circle,
    pub round: bool,
    pub completeness: f64,
    /// Inside the circle (or the frame, without a round border), opaque, and a little away from the border.
    pub inside: Vec<bool>,
    /// Share of the frame that is lit and belongs to the field, 0–1.
    pub share: f64,
    /// Area of other lit parts relative to that of the field.
    pub others: f64,
}

impl Field {
    /// The field in pixels of the full picture.
    pub fn in_picture(&self, copy: &WorkingCopy) -> FieldOfView {
        FieldOfView {
            centre_x: self.circle.x * copy.scale[0],
            centre_y: self.circle.y * copy.scale[1],
            radius: self.circle.radius * (copy.scale[0] * copy.scale[1]).sqrt(),
            completeness: self.completeness,
            round: self.round,
        }
    }

    /// The field of a photograph measured earlier, on a copy of its pixels.
    pub fn of_view(view: &FieldOfView, copy: &WorkingCopy) -> Self {
        let circle = Circle {
            x: view.centre_x / copy.scale[0],
            y: view.centre_y / copy.scale[1],
            radius: view.radius / (copy.scale[0] * copy.scale[1]).sqrt(),
        };
        let (w, h) = (copy.width, copy.height);
        let margin = if view.round {
            rim(circle.radius)
        } else {
            (w.min(h) / 50) as f64
        };
        let inside = (0..w * h).map(|at| {
            let (x, y) = ((at % w) as f64 + 0.5, (at / w) as f64 + 0.5);
            if view.round {
                circle.distance((x, y)) < -margin
            } else {
                x.min(y) > margin && (w as f64 - x).min(h as f64 - y) > margin
            }
        });
        Self {
            circle,
            round: view.round,
            completeness: view.completeness,
            inside: inside.collect(),
            share: 1.0,
            others: 0.0,
        }
    }

    /// Diameter in pixels of the copy; for a whole frame, the mean of its sides.
    pub fn measured_diameter(&self) -> f64 {
        let area = self.inside.iter().filter(|&&i| i).count() as f64;
        if self.round {
            2.0 * self.circle.radius
        } else {
            area.sqrt()
        }
    }
}

/// Finds the field; `None` if nothing is lit.
///
/// Alpha counts only if the colours alone show no round field: alpha is dropped before the network sees the picture,
/// and a file without it must give the same field.
pub(super) fn find(copy: &WorkingCopy) -> Option<Field> {
    if copy.opaque.iter().all(|&opaque| opaque) {
        return find_in(copy);
    }
    let colours = WorkingCopy {
        opaque: vec![true; copy.opaque.len()],
        ..copy.clone()
    };
    let by_colours = find_in(&colours);
    if by_colours.as_ref().is_some_and(|field| field.round) {
        return by_colours;
    }
    find_in(copy).filter(|field| field.round).or(by_colours)
}

fn find_in(copy: &WorkingCopy) -> Option<Field> {
    let (w, h) = (copy.width, copy.height);
    let surround = Surround::of(copy, [0, 0, w, h]);
    if surround == Surround::Everything {
        return None;
    }
    let all_lit = lit_area(copy, vec![true; w * h], surround);
    let lit = largest_part(&all_lit, w, h);
    let lit_count = count(&lit);
    if lit_count < 16 {
        return None;
    }
    let field = round_field(copy, &lit, lit_count)
        .or_else(|| within_a_page(copy, &lit, surround))
        .or_else(|| whole_frame(copy, &lit, lit_count))?;
    Some(Field {
        others: (count(&all_lit) - lit_count) as f64 / lit_count as f64,
        ..field
    })
}

/// A round field in a lit area that has its own surround.
fn within_a_page(copy: &WorkingCopy, lit: &[bool], page: Surround) -> Option<Field> {
    let (w, h) = (copy.width, copy.height);
    let surround = Surround::of(copy, bounds(lit, w)?);
    let differs = matches!(
        (page, surround),
        (
            Surround::White(_) | Surround::Transparent,
            Surround::Dark(_)
        ) | (
            Surround::Dark(_) | Surround::Transparent,
            Surround::White(_)
        )
    );
    if !differs {
        return None;
    }
    let inner = largest_part(&lit_area(copy, lit.to_vec(), surround), w, h);
    let inner_count = count(&inner);
    (inner_count >= 16)
        .then(|| round_field(copy, &inner, inner_count))
        .flatten()
}

fn count(area: &[bool]) -> usize {
    area.iter().filter(|&&a| a).count()
}

/// The smallest rectangle around an area: left, top, right and bottom (exclusive); `None` for an empty one.
fn bounds(area: &[bool], w: usize) -> Option<[usize; 4]> {
    let places = || {
        area.iter()
            .enumerate()
            .filter(|(_, a)| **a)
            .map(|(at, _)| at)
    };
    Some([
        places().map(|at| at % w).min()?,
        places().next()? / w,
        places().map(|at| at % w).max()? + 1,
        places().next_back()? / w + 1,
    ])
}

/// Width of the excluded rim inside a circle of this radius, which is dark or glares.
fn rim(radius: f64) -> f64 {
    (0.03 * radius).max(1.0)
}

/// The surround of the field.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Surround {
    /// The picture is lit up to its corners.
    Nothing,
    /// Nothing is lit at all.
    Everything,
    /// Only transparent pixels.
    Transparent,
    /// The largest channel stays at or below this.
    Dark(f32),
    /// The smallest channel stays at or above this.
    White(f32),
}

impl Surround {
    /// Decided by the corners of a part of the picture: left, top, right and bottom.
    fn of(copy: &WorkingCopy, [left, top, right, bottom]: [usize; 4]) -> Self {
        let mut brightest = copy.plane(largest_channel).sample_within(&copy.opaque);
        let high = brightest.percentile(0.95);
        if brightest.is_empty() || high < 3.0 {
            return Self::Everything;
        }
        let side = ((right - left).min(bottom - top) / 40).max(1);
        let mut transparent = 0;
        let mut dark = Vec::new();
        let mut white = Vec::new();
        for (left, top) in [
            (left, top),
            (right - side, top),
            (left, bottom - side),
            (right - side, bottom - side),
        ] {
            let places = (0..side * side).map(|i| (top + i / side) * copy.width + left + i % side);
            let opaque: Vec<[f32; 3]> = places
                .filter(|&at| copy.opaque[at])
                .map(|at| copy.rgb[at])
                .collect();
            if opaque.len() * 2 < side * side {
                transparent += 1;
                continue;
            }
            let mean = |value: fn([f32; 3]) -> f32| {
                opaque.iter().map(|&p| value(p)).sum::<f32>() / opaque.len() as f32
            };
            let (largest, smallest) = (mean(largest_channel), mean(smallest_channel));
            if largest < 0.25 * high && largest < 60.0 {
                dark.push(largest);
            } else if smallest > 215.0 {
                white.push(smallest);
            }
        }
        let worst = |values: &[f32], start: f32, pick: fn(f32, f32) -> f32| {
            values.iter().copied().fold(start, pick)
        };
        if transparent >= 2 {
            Self::Transparent
        } else if dark.len() >= 2 {
            let level = worst(&dark, 0.0, f32::max);
            Self::Dark(level + (0.15 * (high - level)).clamp(2.5, 24.0))
        } else if white.len() >= 2 {
            let level = worst(&white, 255.0, f32::min);
            Self::White((level - 12.0).max(200.0))
        } else {
            Self::Nothing
        }
    }

    fn holds(self, pixel: [f32; 3]) -> bool {
        match self {
            Self::Dark(level) => largest_channel(pixel) <= level,
            Self::White(level) => smallest_channel(pixel) >= level,
            _ => false,
        }
    }
}

fn largest_channel([r, g, b]: [f32; 3]) -> f32 {
    r.max(g).max(b)
}

fn smallest_channel([r, g, b]: [f32; 3]) -> f32 {
    r.min(g).min(b)
}

/// The part of an area that the surround does not reach from the area's edge.
fn lit_area(copy: &WorkingCopy, area: Vec<bool>, surround: Surround) -> Vec<bool> {
    let (w, h) = (copy.width, copy.height);
    let outside = |at: usize| !copy.opaque[at] || surround.holds(copy.rgb[at]);
    let at_edge = |&at: &usize| {
        let (x, y) = (at % w, at / w);
        let at_frame = x == 0 || y == 0 || x + 1 == w || y + 1 == h;
        area[at] && (at_frame || ![at - 1, at + 1, at - w, at + w].iter().all(|&n| area[n]))
    };
    let mut open: Vec<usize> = (0..w * h).filter(at_edge).collect();
    let mut lit = area;
    while let Some(at) = open.pop() {
        if lit[at] && outside(at) {
            lit[at] = false;
            each_neighbour(at, w, h, |other| open.push(other));
        }
    }
    lit
}

/// The largest connected part of an area.
fn largest_part(area: &[bool], w: usize, h: usize) -> Vec<bool> {
    let mut label = vec![0_u32; area.len()];
    let mut best = (0, 0);
    let mut next = 0;
    let mut open = Vec::new();
    for start in 0..area.len() {
        if !area[start] || label[start] != 0 {
            continue;
        }
        next += 1;
        label[start] = next;
        open.push(start);
        let mut size = 0_usize;
        while let Some(at) = open.pop() {
            size += 1;
            each_neighbour(at, w, h, |other| {
                if area[other] && label[other] == 0 {
                    label[other] = next;
                    open.push(other);
                }
            });
        }
        if size > best.1 {
            best = (next, size);
        }
    }
    label.iter().map(|&l| l != 0 && l == best.0).collect()
}

#[inline]
fn each_neighbour(at: usize, w: usize, h: usize, mut each: impl FnMut(usize)) {
    let (x, y) = (at % w, at / w);
    if x > 0 {
        each(at - 1);
    }
    if x + 1 < w {
        each(at + 1);
    }
    if y > 0 {
        each(at - w);
    }
    if y + 1 < h {
        each(at + w);
    }
}

fn round_field(copy: &WorkingCopy, lit: &[bool], lit_count: usize) -> Option<Field> {
    let (w, h) = (copy.width, copy.height);
    let longest = w.max(h) as f64;
    let border = border_points(lit, w, h);
    let tolerance = (0.006 * longest).max(0.75);
    let circle = Circle::consensus(&border, tolerance, 0.12 * longest..0.9 * longest)?;
    let border_seen = share_of_border_seen(&border, &circle, 1.5 * tolerance);
    if border_seen < MIN_BORDER_SEEN {
        return None;
    }
    let (mut framed, mut lit_within) = (0_usize, 0_usize);
    let mut inside = vec![false; w * h];
    let margin = rim(circle.radius);
    for (at, inside) in inside.iter_mut().enumerate() {
        let centre = ((at % w) as f64 + 0.5, (at / w) as f64 + 0.5);
        if circle.compare(centre, 0.0).is_gt() {
            continue;
        }
        framed += 1;
        lit_within += usize::from(lit[at]);
        *inside = circle.compare(centre, margin).is_lt() && copy.opaque[at];
    }
    let lit_share = lit_within as f64 / framed.max(1) as f64;
    let outside_share = 1.0 - lit_within as f64 / lit_count as f64;
    if lit_share < MIN_LIT || outside_share > MAX_OUTSIDE {
        return None;
    }
    let completeness = lit_within as f64 / (std::f64::consts::PI * circle.radius * circle.radius);
    Some(Field {
        circle,
        round: true,
        completeness: completeness.min(1.0),
        inside,
        share: lit_within as f64 / (w * h) as f64,
        others: 0.0,
    })
}

/// The points where rows and columns enter and leave the lit area, except at the frame's own edge.
fn border_points(lit: &[bool], w: usize, h: usize) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for y in 0..h {
        let row = &lit[y * w..(y + 1) * w];
        if let Some(left) = row.iter().position(|&l| l).filter(|&x| x > 1) {
            points.push((left as f64, y as f64 + 0.5));
        }
        if let Some(right) = row.iter().rposition(|&l| l).filter(|&x| x + 2 < w) {
            points.push((right as f64 + 1.0, y as f64 + 0.5));
        }
    }
    for x in 0..w {
        if let Some(top) = (0..h).find(|y| lit[y * w + x]).filter(|&y| y > 1) {
            points.push((x as f64 + 0.5, top as f64));
        }
        if let Some(bottom) = (0..h).rfind(|y| lit[y * w + x]).filter(|&y| y + 2 < h) {
            points.push((x as f64 + 0.5, bottom as f64 + 1.0));
        }
    }
    points
}

fn share_of_border_seen(border: &[(f64, f64)], circle: &Circle, tolerance: f64) -> f64 {
    let mut seen = [false; DIRECTIONS];
    for &point in border {
        if circle.distance(point).abs() <= tolerance {
            let turn = (point.1 - circle.y).atan2(point.0 - circle.x) / std::f64::consts::TAU;
            seen[(turn.rem_euclid(1.0) * DIRECTIONS as f64) as usize % DIRECTIONS] = true;
        }
    }
    seen.iter().filter(|&&s| s).count() as f64 / DIRECTIONS as f64
}

fn whole_frame(copy: &WorkingCopy, lit: &[bool], lit_count: usize) -> Option<Field> {
    let (w, h) = (copy.width, copy.height);
    let margin = w.min(h) / 50;
    let inside = lit
        .iter()
        .enumerate()
        .map(|(at, &l)| {
            let (x, y) = (at % w, at / w);
            l && x >= margin && y >= margin && x + margin < w && y + margin < h
        })
        .collect();
    Some(Field {
        circle: Circle {
            x: w as f64 / 2.0,
            y: h as f64 / 2.0,
            radius: w.max(h) as f64 / 2.0,
        },
        round: false,
        completeness: lit_count as f64 / (w * h) as f64,
        inside,
        share: lit_count as f64 / (w * h) as f64,
        others: 0.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::codecs::frame::Frame;

    fn picture(width: u32, height: u32, colour: impl Fn(f64, f64) -> [u8; 3]) -> WorkingCopy {
        let rgb = (0..width * height)
            .flat_map(|i| colour(f64::from(i % width) + 0.5, f64::from(i / width) + 0.5))
            .collect();
        WorkingCopy::new(&Frame {
            width,
            height,
            rgb,
            ..Frame::default()
        })
    }

    fn disc(
        width: u32,
        height: u32,
        circle: (f64, f64, f64),
        inside: [u8; 3],
        outside: [u8; 3],
    ) -> WorkingCopy {
        picture(width, height, |x, y| {
            if (x - circle.0).hypot(y - circle.1) < circle.2 {
                inside
            } else {
                outside
            }
        })
    }

    fn assert_circle(copy: &WorkingCopy, x: f64, y: f64, radius: f64) -> FieldOfView {
        let view = find(copy).unwrap().in_picture(copy);
        assert!(view.round, "{view:?}");
        let within = 0.01 * radius;
        assert!((view.centre_x - x).abs() < within, "{view:?}");
        assert!((view.centre_y - y).abs() < within, "{view:?}");
        assert!((view.radius - radius).abs() < within, "{view:?}");
        view
    }

    #[test]
    fn a_disc_is_found_on_black_and_on_white() {
        for outside in [[0; 3], [255; 3], [6, 4, 9]] {
            let copy = disc(900, 800, (470.0, 390.0, 350.0), [170, 80, 40], outside);
            let view = assert_circle(&copy, 470.0, 390.0, 350.0);
            assert!(view.completeness > 0.98);
        }
    }

    #[test]
    fn a_dim_disc_is_found() {
        let copy = disc(600, 600, (300.0, 300.0, 280.0), [24, 11, 6], [1, 0, 0]);
        assert_circle(&copy, 300.0, 300.0, 280.0);
    }

    #[test]
    fn clipping_above_and_below_lowers_completeness_only() {
        let copy = disc(1050, 700, (525.0, 350.0, 430.0), [170, 80, 40], [0; 3]);
        let view = assert_circle(&copy, 525.0, 350.0, 430.0);
        assert!((0.85..0.95).contains(&view.completeness), "{view:?}");
    }

    #[test]
    fn without_a_border_the_whole_frame_is_the_field() {
        let copy = picture(400, 300, |x, _| [150 + (x as u8) % 40, 70, 40]);
        let view = find(&copy).unwrap().in_picture(&copy);
        assert!(!view.round);
        assert_eq!(
            (view.centre_x, view.centre_y, view.radius),
            (200.0, 150.0, 200.0)
        );
        assert_eq!(view.completeness, 1.0);
    }

    #[test]
    fn black_pictures_and_single_pixels_have_no_field() {
        assert!(find(&picture(200, 200, |_, _| [0; 3])).is_none());
        assert!(find(&picture(1, 1, |_, _| [200; 3])).is_none());
    }

    #[test]
    fn a_photograph_on_a_page_keeps_its_own_surround() {
        for (page, surround) in [([255; 3], [2; 3]), ([3; 3], [252; 3])] {
            let copy = picture(900, 800, |x, y| {
                let in_photograph = (150.0..750.0).contains(&x) && (100.0..660.0).contains(&y);
                if (x - 440.0).hypot(y - 380.0) < 260.0 {
                    [170, 80, 40]
                } else if in_photograph {
                    surround
                } else {
                    page
                }
            });
            let view = assert_circle(&copy, 440.0, 380.0, 260.0);
            assert!(view.completeness > 0.98);
        }
    }

    #[test]
    fn the_colours_come_before_transparency() {
        let rgb = (0..160_000).flat_map(|i: u32| {
            let (x, y) = (f64::from(i % 400), f64::from(i / 400));
            if (x - 200.0).hypot(y - 200.0) < 150.0 {
                [160, 70, 40]
            } else {
                [0; 3]
            }
        });
        let mut frame = Frame {
            width: 400,
            height: 400,
            rgb: rgb.collect(),
            ..Frame::default()
        };
        let plain = find(&WorkingCopy::new(&frame)).unwrap();
        for alpha in [0, 127] {
            // Fully transparent, or with a different shape cut out.
            let shape = |i| if i % 400 < 200 { alpha } else { 255 };
            frame.alpha = Some((0..160_000).map(shape).collect());
            let field = find(&WorkingCopy::new(&frame)).unwrap();
            assert_eq!(field.circle, plain.circle);
            assert_eq!(field.inside, plain.inside);
        }
        frame.alpha = Some(vec![0; 160_000]);
        assert_eq!(
            find(&WorkingCopy::new(&frame)).unwrap().circle,
            plain.circle
        );
    }

    #[test]
    fn transparent_surroundings_are_not_field() {
        let mut frame = Frame {
            width: 400,
            height: 400,
            rgb: vec![255; 480_000],
            ..Frame::default()
        };
        let mut alpha = vec![0; 160_000];
        for (i, a) in alpha.iter_mut().enumerate() {
            let (x, y) = ((i % 400) as f64, (i / 400) as f64);
            if (x - 200.0).hypot(y - 200.0) < 150.0 {
                *a = 255;
                frame.rgb[i * 3..i * 3 + 3].copy_from_slice(&[160, 70, 40]);
            }
        }
        frame.alpha = Some(alpha);
        assert_circle(&WorkingCopy::new(&frame), 200.0, 200.0, 150.0);
    }
}
