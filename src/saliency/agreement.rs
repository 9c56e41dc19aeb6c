//! How well two maps of one photograph agree, whatever their grids and crops.

use super::sanity_checks::spearman;
use crate::domain::FieldOfView;
use crate::imaging::{Geometry, Grid};

/// Points along the longer side of the area that both maps cover.
const RASTER: usize = 96;

/// A map and its position in the photograph.
#[derive(Clone, Copy, Debug)]
pub struct PlacedMap<'a> {
    pub grid: &'a Grid,
    pub geometry: &'a Geometry,
}

/// The comparison of two maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Rank correlation (Spearman 1904), −1 to 1.
    pub rank_correlation: f64,
    /// Points of the photograph that were compared.
    pub points: usize,
}

/// Compares both maps at the points of a raster over the photograph that are inside both crops, the frame and the field
/// of view. `None` if the maps do not overlap or one of them is constant.
pub fn agreement(a: PlacedMap, b: PlacedMap, field: Option<&FieldOfView>) -> Option<Agreement> {
    let (crop_a, crop_b) = (a.geometry.crop_in_image(), b.geometry.crop_in_image());
    let [width, height] = a.geometry.image.map(f64::from);
    let (left, right) = (
        crop_a.left.max(crop_b.left).max(0.0),
        crop_a.right.min(crop_b.right).min(width),
    );
    let (top, bottom) = (
        crop_a.top.max(crop_b.top).max(0.0),
        crop_a.bottom.min(crop_b.bottom).min(height),
    );
    if !(left < right && top < bottom) {
        return None;
    }
    let step = (right - left).max(bottom - top) / RASTER as f64;
    let places = |from: f64, to: f64| {
        let count = ((to - from) / step).round().max(1.0);
        (0..count as usize).map(move |i| from + (i as f64 + 0.5) * (to - from) / count)
    };
    let in_field = |x: f64, y: f64| {
        field.is_none_or(|f| !f.round || (x - f.centre_x).hypot(y - f.centre_y) <= f.radius)
    };
    let value = |map: PlacedMap, point: (f64, f64)| {
        let (rows, columns) = (map.grid.rows(), map.grid.columns());
        let cell = map.geometry.cell_at(point, rows, columns)?;
        Some(map.grid.at(cell))
    };
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for y in places(top, bottom) {
        for x in places(left, right).filter(|x| in_field(*x, y)) {
            if let (Some(a), Some(b)) = (value(a, (x, y)), value(b, (x, y))) {
                of_a.push(a);
                of_b.push(b);
            }
        }
    }
    Some(Agreement {
        rank_correlation: spearman(&of_a, &of_b)?,
        points: of_a.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::CropRect;

    fn grid(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Grid {
        let cell = |i: usize| value(i / columns, i % columns);
        Grid::new(rows, columns, (0..rows * columns).map(cell).collect()).unwrap()
    }

    fn geometry(crop: (i64, i64, u32, u32)) -> Geometry {
        Geometry::new([100, 80], CropRect::from(crop), [224, 224]).unwrap()
    }

    #[test]
    fn the_same_map_agrees_with_itself_at_any_grid_and_its_negative_does_not() {
        let whole = geometry((0, 0, 100, 80));
        let coarse = grid(4, 5, |row, column| (row * 5 + column) as f32);
        let fine = grid(8, 10, |row, column| ((row / 2) * 5 + column / 2) as f32);
        let laid = |grid| PlacedMap {
            grid,
            geometry: &whole,
        };
        let found = agreement(laid(&coarse), laid(&fine), None).unwrap();
        assert!((found.rank_correlation - 1.0).abs() < 1e-12);
        assert_eq!(found.points, 96 * 77);
        let negative = grid(4, 5, |row, column| -((row * 5 + column) as f32));
        let found = agreement(laid(&coarse), laid(&negative), None).unwrap();
        assert!((found.rank_correlation + 1.0).abs() < 1e-12);
    }

    #[test]
    fn maps_are_compared_where_they_lie_in_the_photograph() {
        // The second map covers only the right half of the first.
        let (whole, half) = (geometry((0, 0, 100, 80)), geometry((50, 0, 50, 80)));
        let a = grid(2, 4, |row, column| {
            [9.0, -9.0, 1.0, 2.0][column] + row as f32 * 4.0
        });
        let b = grid(2, 2, |row, column| (row * 2 + column) as f32);
        let (a, b) = (
            PlacedMap {
                grid: &a,
                geometry: &whole,
            },
            PlacedMap {
                grid: &b,
                geometry: &half,
            },
        );
        let found = agreement(a, b, None).unwrap();
        assert!((found.rank_correlation - 1.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.points, 60 * 96);
    }

    #[test]
    fn what_lies_outside_the_field_or_in_black_margins_does_not_count() {
        let padded = geometry((0, -10, 100, 100));
        let field = FieldOfView {
            centre_x: 50.0,
            centre_y: 40.0,
            radius: 20.0,
            completeness: 1.0,
            round: true,
        };
        let inside = |row: usize, column: usize| (4..6).contains(&row) && (4..6).contains(&column);
        let a = grid(10, 10, |row, column| (row * 10 + column) as f32);
        // Identical in the middle, inverted around it.
        let b = grid(10, 10, |row, column| {
            let v = (row * 10 + column) as f32;
            if inside(row, column) { v } else { -v }
        });
        let laid = |grid| PlacedMap {
            grid,
            geometry: &padded,
        };
        let in_field = agreement(laid(&a), laid(&b), Some(&field)).unwrap();
        let everywhere = agreement(laid(&a), laid(&b), None).unwrap();
        assert!(in_field.rank_correlation > everywhere.rank_correlation);
        let area = std::f64::consts::PI * 20.0 * 20.0 / (100.0 * 80.0);
        assert!((in_field.points as f64 / everywhere.points as f64 - area).abs() < 0.01);
    }

    #[test]
    fn maps_without_a_common_part_or_without_any_difference_are_not_compared() {
        let (left, right) = (geometry((0, 0, 50, 80)), geometry((50, 0, 50, 80)));
        let ramp = grid(3, 3, |row, column| (row + column) as f32);
        let flat = grid(3, 3, |_, _| 1.0);
        let laid = |grid, geometry| PlacedMap { grid, geometry };
        assert_eq!(
            agreement(laid(&ramp, &left), laid(&ramp, &right), None),
            None
        );
        assert_eq!(
            agreement(laid(&ramp, &left), laid(&flat, &left), None),
            None
        );
    }
}
