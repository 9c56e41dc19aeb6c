//! The cells of a map for deletion and insertion: which count, in which order, and the random areas for comparison.

use crate::domain::FieldOfView;
use crate::imaging::{Geometry, Grid};
use crate::numeric::random::Random;
use crate::saliency::{Mask, evidence::cells_in_field};

/// Maximum number of cells along a side; finer maps are pooled so that each deletion step hides a visible area.
const FINEST: usize = 14;

/// Which end of a map comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrongestEnd {
    /// Where the photograph raised the target.
    Highest,
    /// Where it lowered the target.
    Lowest,
}

/// The cells of a map, at most 14 along a side, without those mostly outside the field of view.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    rows: usize,
    columns: usize,
    /// Mean of the map in each cell, row by row.
    values: Vec<f64>,
    /// Indices of the cells that count, row by row.
    inside: Vec<usize>,
}

impl StrongestEnd {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Highest => "highest-first",
            Self::Lowest => "lowest-first",
        }
    }

    /// 1 where evidence raises the target, −1 where it lowers it.
    pub fn sign(self) -> f64 {
        match self {
            Self::Highest => 1.0,
            Self::Lowest => -1.0,
        }
    }
}

impl Cells {
    /// Without a photograph every cell counts.
    pub fn of(map: &Grid, photograph: Option<(&Geometry, &FieldOfView)>) -> Self {
        let pooled = |side: usize| side.div_ceil(side.div_ceil(FINEST));
        let (rows, columns) = (pooled(map.rows()), pooled(map.columns()));
        let along_rows = overlaps(map.rows(), rows);
        let along_columns = overlaps(map.columns(), columns);
        let mean = |cell: usize| {
            let (row, column) = (&along_rows[cell / columns], &along_columns[cell % columns]);
            let (mut sum, mut weights) = (0.0, 0.0);
            for &(r, height) in row {
                for &(c, width) in column {
                    sum += height * width * f64::from(map.row(r)[c]);
                    weights += height * width;
                }
            }
            sum / weights
        };
        let inside = cells_in_field(rows, columns, photograph);
        Self {
            rows,
            columns,
            values: (0..rows * columns).map(mean).collect(),
            inside: (0..rows * columns).filter(|&c| inside[c]).collect(),
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of cells that count.
    pub fn len(&self) -> usize {
        self.inside.len()
    }

    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// The cells that count in the map's order; ties go row by row from the upper left.
    pub fn order(&self, first: StrongestEnd) -> Vec<usize> {
        self.order_by(first, |cell| self.values[cell])
    }

    /// The order of the same map after a random cyclic shift and mirroring. Its areas keep the size and, except at the
    /// edges, the shape of the map's areas. Scattered cells would disrupt more of the picture and vary less, which
    /// would flatter every map. The idea follows the spin test of brain maps (Alexander-Bloch 2018).
    pub fn random_order(&self, first: StrongestEnd, random: &mut Random) -> Vec<usize> {
        let (rows, columns) = (self.rows, self.columns);
        // Never the map itself, unless it has one cell.
        let shift = 1 + random.below((rows * columns).saturating_sub(1));
        let (down, right) = (shift / columns, shift % columns);
        let mirrored = [random.below(2) == 1, random.below(2) == 1];
        let place = |at: usize, shift: usize, size: usize, mirrored: bool| {
            let at = (at + shift) % size;
            if mirrored { size - 1 - at } else { at }
        };
        self.order_by(first, |cell| {
            let row = place(cell / columns, down, rows, mirrored[0]);
            let column = place(cell % columns, right, columns, mirrored[1]);
            self.values[row * columns + column]
        })
    }

    fn order_by(&self, first: StrongestEnd, value: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut order = self.inside.clone();
        let key = |cell: &usize| first.sign() * value(*cell);
        order.sort_by(|a, b| key(b).total_cmp(&key(a)));
        order
    }

    /// Hides cells of an input of `height` × `width` pixels.
    pub fn mask(&self, hidden: &[usize], height: usize, width: usize) -> Mask {
        let mut hides = vec![false; self.rows * self.columns];
        hidden.iter().for_each(|&cell| hides[cell] = true);
        Mask::where_(height, width, |(x, y)| {
            let row = (y * self.rows as f64 / height as f64) as usize;
            let column = (x * self.columns as f64 / width as f64) as usize;
            hides[row * self.columns + column]
        })
    }
}

/// For each of `into` equal parts of a side of `of` cells: the cells it overlaps, and how much of each.
fn overlaps(of: usize, into: usize) -> Vec<Vec<(usize, f64)>> {
    let edge = |part: usize| (part * of) as f64 / into as f64;
    let part = |part: usize| {
        let (start, end) = (edge(part), edge(part + 1));
        let cells = start as usize..(end.ceil() as usize).min(of);
        let met = cells.map(|c| (c, end.min((c + 1) as f64) - start.max(c as f64)));
        met.filter(|&(_, length)| length > 1e-9).collect()
    };
    (0..into).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: usize, columns: usize, value: impl Fn(usize) -> f32) -> Grid {
        Grid::new(rows, columns, (0..rows * columns).map(value).collect()).unwrap()
    }

    #[test]
    fn a_fine_map_is_pooled_by_area_and_a_coarse_one_stays() {
        for (rows, pooled) in [
            (7, 7),
            (14, 14),
            (15, 8),
            (16, 8),
            (28, 14),
            (224, 14),
            (600, 14),
        ] {
            let cells = Cells::of(&grid(rows, 2, |i| (i / 2) as f32), None);
            assert_eq!((cells.rows(), cells.columns()), (pooled, 2), "{rows}");
            // The mean of a linear ramp over equal parts is its value at their midpoints.
            let step = rows as f64 / pooled as f64;
            let first = cells.values[0];
            if rows % pooled == 0 {
                assert!((first - (step - 1.0) / 2.0).abs() < 1e-9, "{rows}: {first}");
            }
            let whole: f64 = cells.values.iter().sum::<f64>() / cells.values.len() as f64;
            assert!(
                (whole - (rows - 1) as f64 / 2.0).abs() < 1e-6,
                "{rows}: {whole}"
            );
        }
        assert_eq!(
            overlaps(3, 2),
            [vec![(0, 1.0), (1, 0.5)], vec![(1, 0.5), (2, 1.0)]]
        );
    }

    #[test]
    fn cells_mostly_outside_the_field_do_not_count() {
        let geometry = Geometry::new([100, 100], (0, 0, 100, 100).into(), [70, 70]).unwrap();
        let field = FieldOfView {
            centre_x: 50.0,
            centre_y: 50.0,
            radius: 50.0,
            completeness: 1.0,
            round: true,
        };
        let cells = Cells::of(&grid(7, 7, |i| i as f32), Some((&geometry, &field)));
        assert_eq!(cells.len(), 49 - 12);
        for corner in [0, 1, 5, 6, 7, 13, 35, 41, 42, 43, 47, 48] {
            assert!(!cells.inside.contains(&corner), "{corner}");
        }
        let order = cells.order(StrongestEnd::Highest);
        assert_eq!(order[0], 46);
        assert_eq!(cells.order(StrongestEnd::Lowest)[0], 2);
        let mask = cells.mask(&order[..1], 70, 70);
        let hidden = mask.values.iter().position(|v| *v == 1.0).unwrap();
        assert_eq!((hidden / 70, hidden % 70), (60, 40));
        assert!((mask.area() - 1.0 / 49.0).abs() < 1e-6);
    }

    #[test]
    fn random_orders_keep_the_shape_of_the_map_and_are_its_own_seldom() {
        // Two neighbours stand out among 36 cells; wherever the map is shifted they stay neighbours, also across the
        // edge.
        let cells = Cells::of(
            &grid(6, 6, |i| if i == 14 || i == 15 { 1.0 } else { 0.0 }),
            None,
        );
        let mut random = Random::new(3);
        let mut firsts = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let order = cells.random_order(StrongestEnd::Highest, &mut random);
            let [a, b] = [order[0], order[1]].map(|c| (c / 6, c % 6));
            assert_eq!(a.0, b.0);
            assert!(matches!(a.1.abs_diff(b.1), 1 | 5), "{a:?} {b:?}");
            let mut all = order.clone();
            all.sort_unstable();
            assert_eq!(all, (0..36).collect::<Vec<_>>());
            firsts.insert(order[0]);
        }
        assert!(firsts.len() > 20, "{}", firsts.len());
        let one = Cells::of(&grid(1, 1, |_| 1.0), None);
        assert_eq!(one.random_order(StrongestEnd::Highest, &mut random), [0]);
    }
}
