//! How much of a map's evidence is located in a part of the photograph.
//!
//! Evidence is taken as uniform within a cell and counted by area on a regular raster of points, at least 8 × 8 per
//! cell. Its absolute value counts.

use crate::domain::{Detail, FieldOfView, Finding, FindingCode, Severity};
use crate::imaging::{Geometry, Grid};

/// Share of the absolute evidence outside the field of view above which it counts as large.
const LARGE: f64 = 0.3;
/// Minimum ratio of the evidence share to the area share: a square crop has corners outside the circle.
const OVER_AREA: f64 = 1.5;

/// Shares of a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Share of the absolute evidence, 0–1.
    pub evidence: f64,
    /// Share of the map's area, 0–1: the expected share of uniformly distributed evidence.
    pub area: f64,
}

impl Share {
    /// For a share outside the field of view: a finding above 30 % of the evidence and 1.5 times the area's share.
    pub fn finding(&self) -> Option<Finding> {
        let large = self.evidence > LARGE && self.evidence > OVER_AREA * self.area;
        let detail = Detail::Outside {
            evidence: self.evidence,
            area: self.area,
        };
        large.then(|| {
            Finding::with_detail(FindingCode::EvidenceOutsideEye, Severity::Caution, detail)
        })
    }
}

/// The share of evidence outside the field of view: beyond its circle, or in black margins beyond the frame.
///
/// Without a round border the whole frame counts as field. `None` if the map holds no evidence. A square crop has
/// corners outside the circle, about 21 % of its area: compare `evidence` with `area`.
pub fn outside_field(grid: &Grid, geometry: &Geometry, field: &FieldOfView) -> Option<Share> {
    share_where(grid, geometry, is_outside(geometry, field))
}

/// Whether a point of the photograph is outside the field of view, as counted by [`outside_field`].
fn is_outside(geometry: &Geometry, field: &FieldOfView) -> impl Fn((f64, f64)) -> bool {
    let (frame, field) = (geometry.image.map(f64::from), *field);
    move |point| !field.holds(frame, point)
}

/// The share of evidence outside the photograph, where the network saw padding; 0 if the map holds no evidence.
pub fn beyond_photograph(grid: &Grid, geometry: &Geometry) -> f64 {
    let (rows, columns) = (grid.rows(), grid.columns());
    // The share of a row or column of cells that lies in the photograph.
    let part = |from: f64, to: f64, length: u32| {
        ((to.min(f64::from(length)) - from.max(0.0)) / (to - from)).max(0.0)
    };
    let [width, height] = geometry.image;
    let corner = |at: usize| geometry.image_from_map((at as f64, at as f64), rows, columns);
    let across: Vec<f64> = (0..columns)
        .map(|c| part(corner(c).0, corner(c + 1).0, width))
        .collect();
    let down: Vec<f64> = (0..rows)
        .map(|r| part(corner(r).1, corner(r + 1).1, height))
        .collect();
    let (mut inside, mut all) = (0.0, 0.0);
    for cell in grid.cells() {
        let value = f64::from(grid.at(cell)).abs();
        if value.is_finite() {
            inside += value * across[cell.column] * down[cell.row];
            all += value;
        }
    }
    if all > 0.0 {
        (1.0 - inside / all).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// For each cell of a map of `rows` × `columns`, row by row, whether at least half of its area is in the field of view.
/// Always true without a photograph.
pub fn cells_in_field(
    rows: usize,
    columns: usize,
    photograph: Option<(&Geometry, &FieldOfView)>,
) -> Vec<bool> {
    let Some((geometry, field)) = photograph else {
        return vec![true; rows * columns];
    };
    let outside = parts_where(rows, columns, geometry, is_outside(geometry, field));
    outside.into_iter().map(|part| part <= 0.5).collect()
}

/// The share of evidence at points of the photograph for which `counts` is true; `None` if the map holds no evidence.
pub fn share_where(
    grid: &Grid,
    geometry: &Geometry,
    counts: impl Fn((f64, f64)) -> bool,
) -> Option<Share> {
    let (rows, columns) = (grid.rows(), grid.columns());
    let parts = parts_where(rows, columns, geometry, counts);
    let (mut evidence, mut all, mut area) = (0.0, 0.0, 0.0);
    for (cell, part) in grid.cells().zip(parts) {
        let value = f64::from(grid.at(cell)).abs();
        area += part / (rows * columns) as f64;
        if value.is_finite() {
            evidence += value * part;
            all += value;
        }
    }
    (all > 0.0).then(|| Share {
        evidence: evidence / all,
        area,
    })
}

/// For each cell, row by row, the share of its area for which `counts` is true.
fn parts_where(
    rows: usize,
    columns: usize,
    geometry: &Geometry,
    counts: impl Fn((f64, f64)) -> bool,
) -> Vec<f64> {
    let raster = (256 / rows.max(columns).max(1)).clamp(8, 64);
    let part = |cell: usize| {
        let at = |cell: usize, step: usize| cell as f64 + (step as f64 + 0.5) / raster as f64;
        let (row, column) = (cell / columns, cell % columns);
        let points = (0..raster * raster).map(|i| (at(column, i % raster), at(row, i / raster)));
        let hits = points.filter(|&p| counts(geometry.image_from_map(p, rows, columns)));
        hits.count() as f64 / (raster * raster) as f64
    };
    (0..rows * columns).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: FieldOfView = FieldOfView {
        centre_x: 50.0,
        centre_y: 50.0,
        radius: 50.0,
        completeness: 1.0,
        round: true,
    };

    fn square() -> Geometry {
        Geometry::new([100, 100], (0, 0, 100, 100).into(), [224, 224]).unwrap()
    }

    #[test]
    fn an_even_map_lies_outside_as_its_area_does() {
        let grid = Grid::new(7, 7, vec![-2.0; 49]).unwrap();
        let share = outside_field(&grid, &square(), &FIELD).unwrap();
        let corners = 1.0 - std::f64::consts::PI / 4.0;
        assert!((share.area - corners).abs() < 0.002, "{share:?}");
        assert!((share.evidence - share.area).abs() < 1e-12);
    }

    #[test]
    fn evidence_is_weighted_and_its_sign_does_not_matter() {
        let mut values = vec![0.0; 100];
        values[0] = -3.0;
        values[55] = 1.0;
        let grid = Grid::new(10, 10, values).unwrap();
        let share = outside_field(&grid, &square(), &FIELD).unwrap();
        assert!((share.evidence - 0.75).abs() < 0.001, "{share:?}");
    }

    #[test]
    fn evidence_beyond_the_photograph_is_counted_by_area() {
        // A square crop of a photograph of 3 : 2: the first and the last sixth of the height are padding.
        let crop = (0, -50, 300, 300).into();
        let geometry = Geometry::new([300, 200], crop, [30, 30]).unwrap();
        let map = |values| Grid::new(3, 1, values).unwrap();
        for (values, share) in [
            (vec![1.0, -1.0, 2.0], 0.375),
            (vec![0.0, 3.0, 0.0], 0.0),
            (vec![0.0, 0.0, f32::NAN], 0.0),
        ] {
            let found = beyond_photograph(&map(values), &geometry);
            assert!((found - share).abs() < 1e-9, "{found} {share}");
        }
    }

    #[test]
    fn black_margins_are_outside_even_without_a_round_field() {
        let geometry = Geometry::new([100, 50], (0, -25, 100, 100).into(), [64, 64]).unwrap();
        let grid = Grid::new(4, 4, vec![1.0; 16]).unwrap();
        let field = FieldOfView {
            round: false,
            ..FIELD
        };
        let share = outside_field(&grid, &geometry, &field).unwrap();
        assert_eq!(
            share,
            Share {
                evidence: 0.5,
                area: 0.5
            }
        );
    }

    #[test]
    fn a_map_without_evidence_has_no_share() {
        let grid = Grid::new(1, 2, vec![0.0, f32::NAN]).unwrap();
        assert_eq!(outside_field(&grid, &square(), &FIELD), None);
    }
}
