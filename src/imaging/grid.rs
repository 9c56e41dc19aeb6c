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

#[cfg(test)]
mod tests {
    use super::*;

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
