//! The band below a picture: lines of text and colour scales in a column, white on near-black.

use super::text_on_picture::Letters;
use crate::domain::Pixels;
use crate::imaging::overlay::OverlayOptions;

/// Background of bands and margins.
pub const GROUND: [u8; 3] = [14, 16, 18];
/// Text colours for primary text, secondary text and warnings.
pub const WHITE: [u8; 3] = [255, 255, 255];
pub const SOFT: [u8; 3] = [200, 204, 208];
pub const WARNING: [u8; 3] = [255, 212, 128];

/// Background of the colours in a scale, as bright as a retina.
const SCALE_GROUND: [u8; 3] = [92, 92, 92];
/// Height and maximum width of a scale, in ems.
const SCALE_HEIGHT: f32 = 0.9;
const SCALE_WIDTH: f32 = 34.0;

/// A colour scale of the overlay with labels at its two ends.
pub struct Scale<'a> {
    pub options: &'a OverlayOptions,
    /// Strengths at the left and the right end, −1 to 1.
    pub from: f32,
    pub to: f32,
    pub ends: [String; 2],
}

impl Scale<'_> {
    fn paint(&self, picture: &mut Pixels, (left, top): (f32, f32), (width, height): (f32, f32)) {
        let (x0, y0) = (left.round() as u32, top.round() as u32);
        let (w, h) = ((width as u32).max(2), (height as u32).max(2));
        fill(picture, (x0, y0), (w, h), SOFT);
        let (inner_w, line) = (w.saturating_sub(2), (h / 16).max(1));
        for x in 0..inner_w {
            let share = (x as f32 + 0.5) / inner_w as f32;
            let strength = self.from + (self.to - self.from) * share;
            let [r, g, b, a] = self.options.colour_of(strength);
            let over = |under: u8, colour: u8| {
                let (under, colour, a) = (u32::from(under), u32::from(colour), u32::from(a));
                ((under * (255 - a) + colour * a + 127) / 255) as u8
            };
            let [ground_r, ground_g, ground_b] = SCALE_GROUND;
            let colour = [over(ground_r, r), over(ground_g, g), over(ground_b, b)];
            fill(
                picture,
                (x0 + 1 + x, y0 + 1),
                (1, h.saturating_sub(2)),
                colour,
            );
        }
        for level in self.marks() {
            let share = (level - self.from) / (self.to - self.from);
            let x = x0 + 1 + (share * inner_w.saturating_sub(line) as f32) as u32;
            fill(picture, (x, y0), (line, h), WHITE);
        }
    }

    /// Strengths at the outline, and zero in a scale of both directions.
    fn marks(&self) -> Vec<f32> {
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        let level = self.options.contour.filter(|l| *l > 0.0 && *l < 1.0);
        let outline = level.into_iter().flat_map(|l| [l, -l]);
        let zero = Some(0.0).filter(|_| low < 0.0 && high > 0.0);
        outline
            .chain(zero)
            .filter(|m| (low..=high).contains(m))
            .collect()
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

    /// A colour scale with its end labels below: side by side if there is room, otherwise stacked.
    pub fn scale(&mut self, scale: Scale<'a>) {
        let width = self.width.min(SCALE_WIDTH * self.em);
        let letters = Letters::new(self.em);
        let [low, high] = scale.ends.clone();
        let both = scale.from < 0.0 && scale.to > 0.0;
        let (w_low, w_high) = (letters.width(&low), letters.width(&high));
        self.rows.push((self.height, Row::Scale(scale, width)));
        self.gap(SCALE_HEIGHT + 0.15);
        let middle = width / 2.0 - letters.width("0") / 2.0;
        let zero_fits = w_low + self.em < middle && w_high + self.em < middle;
        let one_line = w_low + w_high + self.em < width;
        let end = (width - w_high).max(0.0);
        let mut words = vec![(low, 0.0, 0.0)];
        let below = if one_line { 0.0 } else { letters.line_height() };
        words.push((high, end, below));
        if both && zero_fits {
            words.push(("0".to_owned(), middle, 0.0));
        }
        for (text, left, down) in words {
            let (em, ink) = (self.em, SOFT);
            let row = Row::Text {
                text,
                em,
                ink,
                left,
            };
            self.rows.push((self.height + down, row));
        }
        self.height += below + letters.line_height();
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

    #[test]
    fn a_scale_shows_the_colours_of_the_overlay_from_end_to_end() {
        let options = OverlayOptions {
            opacity: 1.0,
            ..OverlayOptions::default()
        };
        let mut column = Column::new(300.0, 12.0);
        column.scale(Scale {
            options: &options,
            from: -1.0,
            to: 1.0,
            ends: ["low".into(), "high".into()],
        });
        let mut picture = ground(300, column.height().ceil() as u32);
        column.paint(&mut picture, (0.0, 0.0));
        for (x, strength) in [(1, -1.0), (298, 1.0)] {
            let [r, g, b, _] = options.colour_of(strength);
            let seen = picture.at(x, 5);
            for (a, b) in seen.iter().zip([r, g, b]) {
                assert!(a.abs_diff(b) <= 2, "{seen:?} at {x}");
            }
        }
        assert_eq!(picture.at(149, 5), WHITE, "the mark of zero");
    }

    #[test]
    fn long_words_at_the_ends_go_below_each_other() {
        let options = OverlayOptions::default();
        let height = |width: f32| {
            let mut column = Column::new(width, 12.0);
            column.scale(Scale {
                options: &options,
                from: 0.0,
                to: 1.0,
                ends: ["towards the left".into(), "towards the right".into()],
            });
            column.height()
        };
        assert!(height(120.0) > height(300.0));
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
