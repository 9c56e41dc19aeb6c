//! Paragraphs and colour scales stacked from the top down.

use super::{Colour, Letters, MapBar, Mark};

/// A column of a page. Its marks have their final places from the beginning; [`Mark::moved`] moves them afterwards.
#[derive(Clone, Debug)]
pub struct Column {
    left: f32,
    width: f32,
    size: f32,
    /// The top of what comes next.
    y: f32,
    marks: Vec<Mark>,
}

impl Column {
    /// An empty column from its upper left corner, with letters of `size` points.
    pub fn new([left, top]: [f32; 2], width: f32, size: f32) -> Self {
        Self {
            left,
            width,
            size,
            y: top,
            marks: Vec::new(),
        }
    }

    pub fn left(&self) -> f32 {
        self.left
    }

    pub fn width(&self) -> f32 {
        self.width
    }

    /// The size of its letters, one em.
    pub fn size(&self) -> f32 {
        self.size
    }

    /// The end of what it holds.
    pub fn bottom(&self) -> f32 {
        self.y
    }

    pub fn into_marks(self) -> Vec<Mark> {
        self.marks
    }

    /// Space, in ems.
    pub fn gap(&mut self, ems: f32) {
        self.y += ems * self.size;
    }

    /// A paragraph, wrapped to the column's width; `scale` multiplies the letter size.
    pub fn text(&mut self, text: &str, scale: f32, ink: Colour) {
        self.hanging("", text, scale, ink);
    }

    /// A paragraph behind a label, such as the letter of a panel; its other lines begin where the first one begins.
    pub fn labelled(&mut self, label: &str, text: &str, scale: f32, ink: Colour) {
        self.hanging(label, text, scale, ink);
    }

    fn hanging(&mut self, label: &str, text: &str, scale: f32, ink: Colour) {
        let letters = Letters::new(self.size * scale);
        let indent = match label {
            "" => 0.0,
            label => letters.width(label) + 0.6 * letters.size(),
        };
        if !label.is_empty() {
            self.line(label, 0.0, &letters, ink);
        }
        let lines = letters.wrap(text, (self.width - indent).max(letters.size()));
        let none = lines.is_empty() && !label.is_empty();
        for line in lines {
            self.line(&line, indent, &letters, ink);
            self.y += letters.line_height();
        }
        if none {
            self.y += letters.line_height();
        }
    }

    /// A text on the current line, `from` points from the column's left edge; the line stays the current one.
    pub fn line(&mut self, text: &str, from: f32, letters: &Letters, ink: Colour) {
        self.marks.push(Mark::Text {
            x: self.left + from,
            baseline: self.y + letters.baseline(),
            size: letters.size(),
            text: letters.visible(text),
            ink,
        });
    }

    /// The next line of this height.
    pub fn next_line(&mut self, height: f32) {
        self.y += height;
    }

    /// A mark placed by the caller.
    pub fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// The colour scale of a map with its words.
    pub fn map_bar(&mut self, bar: &MapBar) {
        bar.put(self);
    }
}
