//! A small map of signed numbers that covers a network's input evenly.

use std::fmt;

/// Rows of cells, from the top left; values are neither normalised nor clipped.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

/// A cell of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, column {}", self.row, self.column)
    }
}

impl Grid {
    /// `None` if there are no cells or the number of values does not fit.
    pub fn new(rows: usize, columns: usize, values: Vec<f32>) -> Option<Self> {
        let count = rows.checked_mul(columns)?;
        (count > 0 && count == values.len()).then_some(Self {
            rows,
            columns,
            values,
        })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Value of a cell, which must be inside the grid.
    pub fn at(&self, cell: Cell) -> f32 {
        self.values[cell.row * self.columns + cell.column]
    }

    /// One row of cells.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The same values over a whole input of this height and width, of which the grid covers a part: `view` is left, top,
    /// right and bottom in its pixels, left beyond right and top beyond bottom for a mirrored grid. Cells keep about their
    /// size; outside the part they are 0, and those on its edge hold as much as the part covers of them. `None` if the
    /// view is empty.
    pub fn laid_over(&self, view: [f64; 4], [height, width]: [u32; 2]) -> Option<Self> {
        /// Most cells along an axis.
        const MOST: f64 = 4096.0;
        let [left, top, right, bottom] = view;
        let count = |side: u32, cells: usize, length: f64| {
            let count = f64::from(side) * cells as f64 / length;
            (length > 0.0).then(|| count.round().clamp(1.0, MOST) as usize)
        };
        let rows = count(height, self.rows, (bottom - top).abs())?;
        let columns = count(width, self.columns, (right - left).abs())?;
        let down = shares(self.rows, [top, bottom], rows, f64::from(height));
        let across = shares(self.columns, [left, right], columns, f64::from(width));
        let mut values = Vec::with_capacity(rows.checked_mul(columns)?);
        for of_row in &down {
            for of_column in &across {
                let mut sum = 0.0;
                for (row, share) in of_row {
                    for (column, other) in of_column {
                        let value = self.values[row * self.columns + column];
                        sum += share * other * f64::from(value);
                    }
                }
                values.push(sum as f32);
            }
        }
        Self::new(rows, columns, values)
    }

    /// Every cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..self.values.len()).map(|i| self.cell(i))
    }

    /// Smallest and largest finite value; (0, 0) if there is none.
    pub fn range(&self) -> (f32, f32) {
        let finite = || self.values.iter().copied().filter(|v| v.is_finite());
        match (finite().reduce(f32::min), finite().reduce(f32::max)) {
            (Some(low), Some(high)) => (low, high),
            _ => (0.0, 0.0),
        }
    }

    /// Largest absolute finite value.
    pub fn max_abs(&self) -> f32 {
        let (low, high) = self.range();
        low.abs().max(high.abs())
    }

    /// The cell with the largest value, the first of equals; `None` if no value is a number.
    pub fn highest(&self) -> Option<Cell> {
        self.best(|v| v)
    }

    /// The cell with the smallest value, the first of equals; `None` if no value is a number.
    pub fn lowest(&self) -> Option<Cell> {
        self.best(|v| -v)
    }

    fn best(&self, rank: fn(f32) -> f32) -> Option<Cell> {
        let mut best: Option<(usize, f32)> = None;
        for (i, &value) in self.values.iter().enumerate() {
            let value = rank(value);
            if value.is_finite() && best.is_none_or(|(_, b)| value > b) {
                best = Some((i, value));
            }
        }
        best.map(|(i, _)| self.cell(i))
    }

    fn cell(&self, index: usize) -> Cell {
        Cell {
            row: index / self.columns,
            column: index % self.columns,
        }
    }
}

/// For each of `count` new cells along a side of this length: the old cells that cover it, with their share of it.
fn shares(cells: usize, [from, to]: [f64; 2], count: usize, length: f64) -> Vec<Vec<(usize, f64)>> {
    let (old, new) = ((to - from) / cells as f64, length / count as f64);
    let of = |at: usize| {
        let (start, end) = (at as f64 * new, (at + 1) as f64 * new);
        let share = |cell: usize| {
            let edges = [cell, cell + 1].map(|cell| from + cell as f64 * old);
            let (low, high) = (edges[0].min(edges[1]), edges[0].max(edges[1]));
            (high.min(end) - low.max(start)).max(0.0) / new
        };
        let covered = (0..cells).map(|cell| (cell, share(cell)));
        covered.filter(|(_, share)| *share > 0.0).collect()
    };
    (0..count).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_input_is_laid_where_it_was_seen() {
        let grid = Grid::new(2, 2, vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        let middle = grid.laid_over([8.0, 8.0, 24.0, 24.0], [32, 32]).unwrap();
        assert_eq!((middle.rows(), middle.columns()), (4, 4));
        assert_eq!(middle.row(0), [0.0; 4]);
        assert_eq!(middle.row(1), [0.0, 1.0, 2.0, 0.0]);
        // What lies beyond the input is cut off.
        let wider = grid.laid_over([-8.0, -8.0, 24.0, 24.0], [16, 16]).unwrap();
        assert_eq!((wider.rows(), wider.columns()), (1, 1));
        assert_eq!(
            grid.laid_over([0.0, 0.0, 8.0, 8.0], [8, 8]),
            Some(grid.clone())
        );
        assert_eq!(grid.laid_over([4.0, 0.0, 4.0, 8.0], [8, 8]), None);
    }

    #[test]
    fn a_mirrored_map_is_laid_back() {
        let grid = Grid::new(2, 2, vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        let across = grid.laid_over([8.0, 0.0, 0.0, 8.0], [8, 8]).unwrap();
        assert_eq!(across.values(), [2.0, 1.0, 4.0, 3.0]);
        let down = grid.laid_over([4.0, 12.0, 12.0, 4.0], [16, 16]).unwrap();
        assert_eq!(down.row(1), [0.0, 3.0, 4.0, 0.0]);
    }

    #[test]
    fn extremes_are_found_and_what_is_no_number_is_passed_over() {
        let grid = Grid::new(2, 3, vec![f32::NAN, -4.0, 1.0, 3.0, 3.0, f32::INFINITY]).unwrap();
        assert_eq!(grid.range(), (-4.0, 3.0));
        assert_eq!(grid.max_abs(), 4.0);
        assert_eq!(grid.highest(), Some(Cell { row: 1, column: 0 }));
        assert_eq!(grid.lowest(), Some(Cell { row: 0, column: 1 }));
        assert_eq!(Grid::new(1, 1, vec![f32::NAN]).unwrap().highest(), None);
    }

    #[test]
    fn an_empty_grid_is_refused() {
        assert!(Grid::new(0, 5, vec![]).is_none());
        assert!(Grid::new(2, 2, vec![0.0; 3]).is_none());
        assert!(Grid::new(usize::MAX, 2, vec![]).is_none());
    }
}
