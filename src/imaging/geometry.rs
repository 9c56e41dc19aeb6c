//! Maps points between the photograph, the network's input and a map.
//!
//! Coordinates are continuous with pixel centres at .5, x to the right and y downwards, in one of three spaces: the
//! upright photograph (`_in_image`), the network's input (`_in_input`), and a map of cells (`_in_map`: column, row).
//! Preparation crops a rectangle and resizes it, so every transform is a scale and a shift per axis; rotation by the
//! file's orientation happens before that. A map covers the input evenly: cell (row, column) of a grid of R rows and C
//! columns represents the input rectangle from (column · W / C, row · H / R) to the next.

use serde::{Deserialize, Serialize};

use super::grid::Cell;
pub use crate::domain::CropRect;

/// A rectangle with continuous edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// True for points inside, including the left and top edges.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }

    pub fn centre(&self) -> (f64, f64) {
        (
            (self.left + self.right) / 2.0,
            (self.top + self.bottom) / 2.0,
        )
    }
}

/// How a photograph became the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Geometry {
    /// Width and height of the upright photograph.
    pub image: [u32; 2],
    /// The part of it that the network sees; black outside the photograph.
    pub crop: CropRect,
    /// Width and height of the network's input.
    pub input: [u32; 2],
}

impl Geometry {
    /// `None` if a size is 0.
    pub fn new(image: [u32; 2], crop: CropRect, input: [u32; 2]) -> Option<Self> {
        let sizes = [
            image[0],
            image[1],
            crop.width,
            crop.height,
            input[0],
            input[1],
        ];
        (!sizes.contains(&0)).then_some(Self { image, crop, input })
    }

    /// The rectangle that the network sees.
    pub fn crop_in_image(&self) -> Area {
        let (x, y) = (self.crop.x as f64, self.crop.y as f64);
        Area {
            left: x,
            top: y,
            right: x + f64::from(self.crop.width),
            bottom: y + f64::from(self.crop.height),
        }
    }

    /// A point of the input in the photograph; outside it if the crop has a black margin.
    pub fn image_from_input(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [sx, sy] = self.image_pixels_per_input_pixel();
        (self.crop.x as f64 + x * sx, self.crop.y as f64 + y * sy)
    }

    /// A point of the photograph in the input; outside 0–width or 0–height if the network does not see it.
    pub fn input_from_image(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [sx, sy] = self.image_pixels_per_input_pixel();
        ((x - self.crop.x as f64) / sx, (y - self.crop.y as f64) / sy)
    }

    /// A point of a map of `rows` × `columns` cells, in the photograph.
    pub fn image_from_map(
        &self,
        (column, row): (f64, f64),
        rows: usize,
        columns: usize,
    ) -> (f64, f64) {
        let [w, h] = self.input.map(f64::from);
        self.image_from_input((column * w / columns as f64, row * h / rows as f64))
    }

    /// A point of the photograph in a map of `rows` × `columns` cells: column and row.
    pub fn map_from_image(&self, point: (f64, f64), rows: usize, columns: usize) -> (f64, f64) {
        let [w, h] = self.input.map(f64::from);
        let (x, y) = self.input_from_image(point);
        (x * columns as f64 / w, y * rows as f64 / h)
    }

    /// The part of the photograph that a cell represents.
    pub fn cell_in_image(&self, cell: Cell, rows: usize, columns: usize) -> Area {
        let (c, r) = (cell.column as f64, cell.row as f64);
        let (left, top) = self.image_from_map((c, r), rows, columns);
        let (right, bottom) = self.image_from_map((c + 1.0, r + 1.0), rows, columns);
        Area {
            left,
            top,
            right,
            bottom,
        }
    }

    /// The cell at a point of the photograph; `None` if the network does not see it.
    pub fn cell_at(&self, point: (f64, f64), rows: usize, columns: usize) -> Option<Cell> {
        let (column, row) = self.map_from_image(point, rows, columns);
        let inside = (0.0..columns as f64).contains(&column) && (0.0..rows as f64).contains(&row);
        inside.then_some(Cell {
            row: row as usize,
            column: column as usize,
        })
    }

    /// Side lengths of one input pixel in the photograph, in pixels.
    pub fn image_pixels_per_input_pixel(&self) -> [f64; 2] {
        [
            f64::from(self.crop.width) / f64::from(self.input[0]),
            f64::from(self.crop.height) / f64::from(self.input[1]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn geometries() -> impl Strategy<Value = Geometry> {
        let size = || 1..20_000_u32;
        let place = || -20_000..20_000_i64;
        (
            [size(), size()],
            (place(), place(), size(), size()),
            [1..1200_u32, 1..1200_u32],
        )
            .prop_map(|(image, crop, input)| Geometry::new(image, crop.into(), input).unwrap())
    }

    fn near(a: (f64, f64), b: (f64, f64)) -> bool {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())) * 1e3;
        close(a.0, b.0) && close(a.1, b.1)
    }

    proptest! {
        #[test]
        fn image_and_input_go_there_and_back(g in geometries(), x in -3e4..3e4, y in -3e4..3e4) {
            let image = g.image_from_input(g.input_from_image((x, y)));
            prop_assert!(near(image, (x, y)), "{image:?}");
            let input = g.input_from_image(g.image_from_input((x, y)));
            prop_assert!(near(input, (x, y)), "{input:?}");
        }

        #[test]
        fn a_cell_holds_its_own_centre(g in geometries(), rows in 1..40_usize, columns in 1..40_usize, i in 0..1600_usize) {
            let cell = Cell { row: i % rows, column: i % columns };
            let centre = g.cell_in_image(cell, rows, columns).centre();
            prop_assert_eq!(g.cell_at(centre, rows, columns), Some(cell));
        }

        #[test]
        fn cells_fill_the_crop(g in geometries(), rows in 1..40_usize, columns in 1..40_usize) {
            let first = g.cell_in_image(Cell { row: 0, column: 0 }, rows, columns);
            let last = g.cell_in_image(Cell { row: rows - 1, column: columns - 1 }, rows, columns);
            let crop = g.crop_in_image();
            prop_assert!(near((first.left, first.top), (crop.left, crop.top)));
            prop_assert!(near((last.right, last.bottom), (crop.right, crop.bottom)));
        }
    }

    #[test]
    fn a_padded_crop_sees_beyond_the_picture() {
        let crop = CropRect {
            x: -10,
            y: 0,
            width: 40,
            height: 20,
        };
        let g = Geometry::new([20, 20], crop, [8, 4]).unwrap();
        assert_eq!(g.image_from_input((0.0, 0.0)), (-10.0, 0.0));
        assert_eq!(g.input_from_image((10.0, 10.0)), (4.0, 2.0));
        assert_eq!(g.cell_at((-11.0, 1.0), 2, 2), None);
        assert_eq!(serde_json::to_string(&crop).unwrap(), "[-10,0,40,20]");
        assert!(Geometry::new([0, 1], crop, [8, 4]).is_none());
    }
}
