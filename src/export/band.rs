//! The band below a picture: lines of text and colour scales in a column, white on near-black.

use super::text_on_picture::Letters;
use crate::domain::Pixels;
use crate::imaging::overlay::{OverlayOptions, Palette};
use crate::text::map_scale::MapScale;

/// Background of bands and margins.
pub const GROUND: [u8; 3] = [14, 16, 18];
/// Text colours for primary text, secondary text and warnings.
pub const WHITE: [u8; 3] = [255, 255, 255];
pub const SOFT: [u8; 3] = [200, 204, 208];
pub const WARNING: [u8; 3] = [255, 212, 128];

/// Height and maximum width of a scale, in ems.
const SCALE_HEIGHT: f32 = 0.9;
const SCALE_WIDTH: f32 = 34.0;

/// A colour scale of the overlay with its words.
pub struct Scale<'a> {
    pub options: &'a OverlayOptions,
    /// The mean colour of the photograph beneath the map.
    pub ground: [u8; 3],
    pub words: MapScale,
}

impl Scale<'_> {
    fn paint(&self, picture: &mut Pixels, (left, top): (f32, f32), (width, height): (f32, f32)) {
        let (x0, y0) = (left.round() as u32, top.round() as u32);
        let (w, h) = ((width as u32).max(2), (height as u32).max(2));
        fill(picture, (x0, y0), (w, h), SOFT);
        let (inner_w, line) = (w.saturating_sub(2), (h / 16).max(1));
        let palette = Palette::new(self.options);
        let (from, to) = (self.words.from, self.words.to);
        for x in 0..inner_w {
            let share = (x as f32 + 0.5) / inner_w as f32;
            let colour = palette.over(from + (to - from) * share, self.ground);
            let inner_h = h.saturating_sub(2);
            fill(picture, (x0 + 1 + x, y0 + 1), (1, inner_h), colour);
        }
        for mark in self.words.marks() {
            let Some(place) = self.words.place(mark) else {
                continue;
            };
            let x = x0 + 1 + (place * inner_w.saturating_sub(line) as f32) as u32;
            // As the contour: dashed where it is around negative values.
            let dash = if mark < 0.0 { (h / 5).max(1) } else { h };
            for y in (0..h).step_by(2 * dash as usize) {
                fill(picture, (x, y0 + y), (line, dash.min(h - y)), WHITE);
            }
        }
    }
}

enum Row<'a> {
    Text {
        text: String,
        em: f32,
        ink: [u8; 3],
        /// From the column's left edge.
        left: f32,
    },
    Scale(Scale<'a>, f32),
}

/// Rows stacked in a column of a given width.
pub struct Column<'a> {
    width: f32,
    em: f32,
    rows: Vec<(f32, Row<'a>)>,
    height: f32,
}

impl<'a> Column<'a> {
    /// An empty column of `width` pixels with letters of `em` pixels.
    pub fn new(width: f32, em: f32) -> Self {
        Self {
            width,
            em,
            rows: Vec::new(),
            height: 0.0,
        }
    }

    /// Pixels from the first row to the end of the last.
    pub fn height(&self) -> f32 {
        self.height
    }

    /// Space between rows, in ems.
    pub fn gap(&mut self, ems: f32) {
        self.height += ems * self.em;
    }

    /// A text, wrapped to the column's width; `size` multiplies the letter size.
    pub fn text(&mut self, text: &str, size: f32, ink: [u8; 3]) {
        let em = self.em * size;
        let letters = Letters::new(em);
        for text in letters.wrap(text, self.width) {
            let row = Row::Text {
                text,
                em,
                ink,
                left: 0.0,
            };
            self.rows.push((self.height, row));
            self.height += letters.line_height();
        }
    }

    /// A colour scale with its title above, its numbers below, and what its ends mean below them: side by side if there
    /// is room, otherwise on two lines.
    pub fn scale(&mut self, scale: Scale<'a>) {
        let width = self.width.min(SCALE_WIDTH * self.em);
        let letters = Letters::new(self.em);
        let words = scale.words.clone();
        self.text(&words.title, 1.0, SOFT);
        self.rows.push((self.height, Row::Scale(scale, width)));
        self.gap(SCALE_HEIGHT + 0.15);
        for (strength, number) in &words.numbers {
            let wide = letters.width(number);
            let left = words.place(*strength).unwrap_or_default() * width - wide / 2.0;
            self.label(number, left.clamp(0.0, (width - wide).max(0.0)));
        }
        self.height += letters.line_height();
        let [low, high] = &words.directions;
        let (w_low, w_high) = (letters.width(low), letters.width(high));
        if !low.is_empty() {
            self.label(low, 0.0);
            if w_low + w_high + self.em > width {
                self.height += letters.line_height();
            }
        }
        self.label(high, (width - w_high).max(0.0));
        if !high.is_empty() {
            self.height += letters.line_height();
        }
        if let Some(outside) = &words.outside {
            self.text(outside, 1.0, SOFT);
        }
    }

    /// A text on the current line.
    fn label(&mut self, text: &str, left: f32) {
        let row = Row::Text {
            text: text.to_owned(),
            em: self.em,
            ink: SOFT,
            left,
        };
        self.rows.push((self.height, row));
    }

    /// Every text of the column.
    #[cfg(test)]
    pub fn texts(&self) -> Vec<&str> {
        let rows = self.rows.iter();
        rows.filter_map(|(_, row)| match row {
            Row::Text { text, .. } => Some(text.as_str()),
            Row::Scale(..) => None,
        })
        .collect()
    }

    /// Paints the rows with the column's top left at (left, top).
    pub fn paint(&self, picture: &mut Pixels, (left, top): (f32, f32)) {
        for (y, row) in &self.rows {
            match row {
                Row::Text {
                    text,
                    em,
                    ink,
                    left: indent,
                } => Letters::new(*em).draw(picture, (left + indent, top + y), text, *ink),
                Row::Scale(scale, width) => {
                    scale.paint(picture, (left, top + y), (*width, SCALE_HEIGHT * self.em));
                }
            }
        }
    }
}

/// A picture of one colour.
pub fn ground(width: u32, height: u32) -> Pixels {
    let count = width as usize * height as usize;
    Pixels {
        width,
        height,
        rgb: std::iter::repeat_n(GROUND, count).flatten().collect(),
    }
}

/// Copies a picture into another with its top left at (x, y); parts outside are clipped.
pub fn paste(into: &mut Pixels, picture: &Pixels, (x, y): (u32, u32)) {
    let width = picture.width.min(into.width.saturating_sub(x)) as usize * 3;
    let height = picture.height.min(into.height.saturating_sub(y));
    for row in 0..height {
        let from = row as usize * picture.width as usize * 3;
        let to = ((y + row) as usize * into.width as usize + x as usize) * 3;
        into.rgb[to..to + width].copy_from_slice(&picture.rgb[from..from + width]);
    }
}

/// Fills a rectangle; parts outside the picture are clipped.
fn fill(picture: &mut Pixels, (x, y): (u32, u32), (w, h): (u32, u32), colour: [u8; 3]) {
    let right = x.saturating_add(w).min(picture.width);
    for y in y..y.saturating_add(h).min(picture.height) {
        for x in x..right {
            let at = (y as usize * picture.width as usize + x as usize) * 3;
            picture.rgb[at..at + 3].copy_from_slice(&colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale<'a>(options: &'a OverlayOptions, ends: [&str; 2]) -> Scale<'a> {
        Scale {
            options,
            ground: [90; 3],
            words: MapScale {
                title: "Grad-CAM (logit)".into(),
                from: -1.0,
                to: 1.0,
                numbers: vec![
                    (-1.0, "−0.4".into()),
                    (0.0, "0".into()),
                    (1.0, "+0.4".into()),
                ],
                directions: ends.map(str::to_owned),
                outside: None,
                contour: None,
            },
        }
    }

    #[test]
    fn a_scale_shows_the_colours_of_the_overlay_from_end_to_end() {
        let options = OverlayOptions::default();
        let mut column = Column::new(300.0, 12.0);
        column.scale(scale(&options, ["low", "high"]));
        let mut picture = ground(300, column.height().ceil() as u32);
        column.paint(&mut picture, (0.0, 0.0));
        let y = Letters::new(12.0).line_height() as u32 + 5;
        let palette = Palette::new(&options);
        for (x, strength) in [(1, -1.0), (298, 1.0)] {
            let (found, end) = (picture.at(x, y), palette.over(strength, [90; 3]));
            let near = found.iter().zip(end).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(near, "{x}: {found:?} {end:?}");
        }
        assert_eq!(picture.at(149, y), WHITE, "the mark of zero");
    }

    #[test]
    fn long_words_at_the_ends_go_below_each_other() {
        let options = OverlayOptions::default();
        let height = |width: f32| {
            let mut column = Column::new(width, 12.0);
            column.scale(scale(&options, ["towards the left", "towards the right"]));
            column.height()
        };
        assert!(height(140.0) > height(300.0));
    }

    #[test]
    fn what_leaves_the_picture_is_cut_off() {
        let mut picture = ground(10, 10);
        paste(&mut picture, &ground(30, 30), (5, 5));
        paste(&mut picture, &ground(3, 3), (50, 50));
        fill(&mut picture, (8, 8), (u32::MAX, u32::MAX), WHITE);
        assert_eq!((picture.at(7, 9), picture.at(9, 9)), (GROUND, WHITE));
    }
}
