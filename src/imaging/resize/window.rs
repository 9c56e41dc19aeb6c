//! A rectangle of a picture that may extend beyond it, read row by row: everything outside is black.

use crate::domain::Pixels;

/// A circle in the source picture; continuous coordinates, pixel centres at .5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disc {
    pub centre_x: f64,
    pub centre_y: f64,
    pub radius: f64,
}

/// A view of `width` × `height` pixels whose top left corner is pixel (x, y) of the source.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    source: &'a Pixels,
    x: i64,
    y: i64,
    width: u32,
    height: u32,
    disc: Option<Disc>,
}

impl<'a> Window<'a> {
    /// With a disc, pixels whose centre is outside it are also black. Width and height are above 0.
    pub fn new(
        source: &'a Pixels,
        x: i64,
        y: i64,
        width: u32,
        height: u32,
        disc: Option<Disc>,
    ) -> Self {
        Self {
            source,
            x,
            y,
            width,
            height,
            disc,
        }
    }

    /// The whole picture.
    #[cfg(test)]
    pub fn whole(source: &'a Pixels) -> Self {
        Self::new(source, 0, 0, source.width, source.height, None)
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    /// Rows that can show part of the source; everything above and below is black.
    pub fn lit_rows(&self) -> std::ops::Range<u32> {
        let row = |in_source: i64| {
            let row = in_source.saturating_sub(self.y);
            row.clamp(0, i64::from(self.height)) as u32
        };
        row(0)..row(i64::from(self.source.height))
    }

    /// The part of the source shown in row `y`, and the column where it begins; the rest of the row is black.
    pub fn lit_row(&self, y: u32) -> (usize, &[u8]) {
        let (from, to) = self.lit(y);
        if from == to {
            return (0, &[]);
        }
        (from as usize, self.source_row(y, from, to))
    }

    /// Row `y` of the window: borrowed from the source if it is inside, else assembled in `buffer`.
    pub fn row<'b>(&'b self, y: u32, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        let (from, to) = self.lit(y);
        if to - from == self.width {
            return self.source_row(y, from, to);
        }
        self.copy_row(y, buffer);
        buffer
    }

    /// Writes row `y` of the window into `buffer`.
    pub fn copy_row(&self, y: u32, buffer: &mut Vec<u8>) {
        let (from, to) = self.lit(y);
        buffer.clear();
        buffer.resize(from as usize * 3, 0);
        if from < to {
            buffer.extend_from_slice(self.source_row(y, from, to));
        }
        buffer.resize(self.width as usize * 3, 0);
    }

    /// Columns of row `y` that show the source.
    fn lit(&self, y: u32) -> (u32, u32) {
        let row = self.y.saturating_add(i64::from(y));
        if row < 0 || row >= i64::from(self.source.height) {
            return (0, 0);
        }
        let mut from = 0_i64.saturating_sub(self.x).max(0);
        let mut to = i64::from(self.source.width)
            .saturating_sub(self.x)
            .min(i64::from(self.width));
        if let Some(disc) = self.disc {
            let dy = row as f64 + 0.5 - disc.centre_y;
            let half = (disc.radius * disc.radius - dy * dy).max(-1.0);
            if half < 0.0 {
                return (0, 0);
            }
            let (half, centre) = (half.sqrt(), disc.centre_x - 0.5 - self.x as f64);
            from = from.max((centre - half).ceil() as i64);
            to = to.min(((centre + half).floor() as i64).saturating_add(1));
        }
        if from >= to {
            return (0, 0);
        }
        (from as u32, to as u32)
    }

    /// Columns `from..to` of row `y`, all inside the source.
    fn source_row(&self, y: u32, from: u32, to: u32) -> &[u8] {
        let row = (self.y + i64::from(y)) as usize;
        let first = (self.x + i64::from(from)) as usize;
        let start = (row * self.source.width as usize + first) * 3;
        &self.source.rgb[start..start + (to - from) as usize * 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_far_away_is_black() {
        let picture = Pixels::new(2, 2, vec![9; 12]).unwrap();
        let mut buffer = Vec::new();
        for (x, y) in [
            (50, 0),
            (-50, 0),
            (0, 50),
            (0, -50),
            (i64::MAX, i64::MIN),
            (i64::MIN, i64::MAX),
        ] {
            let window = Window::new(&picture, x, y, 4, 3, None);
            for row in 0..3 {
                assert_eq!(window.row(row, &mut buffer), [0; 12], "{x}, {y}");
            }
        }
    }

    #[test]
    fn rows_beside_the_picture_are_not_lit() {
        let picture = Pixels::new(2, 3, vec![9; 18]).unwrap();
        for (y, expected) in [
            (0, 0..3),
            (-4, 4..7),
            (1, 0..2),
            (-9, 9..10),
            (50, 0..0),
            (-50, 10..10),
            (i64::MIN, 10..10),
            (i64::MAX, 0..0),
        ] {
            let window = Window::new(&picture, 0, y, 2, 10, None);
            assert_eq!(window.lit_rows(), expected, "{y}");
        }
    }

    #[test]
    fn margins_are_black_and_the_rest_is_the_picture() {
        let picture = Pixels::new(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let window = Window::new(&picture, -1, 0, 4, 1, None);
        let mut buffer = Vec::new();
        assert_eq!(
            window.row(0, &mut buffer),
            [0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0]
        );
    }
}
