//! One layout, several painters: a page is laid out once, as data in points, and painted as PNG, SVG or PDF.
//!
//! ```text
//! what is shown ─Column, MapBar→ Page { size, ground, language, marks } ─┬─ png::paint   pixels at any resolution
//!                                                                        ├─ svg::write   text as text, pictures inside
//!                                                                        └─ pdf::write   one page or several
//! ```
//!
//! The origin is the upper left corner, x to the right and y downwards; every length is in points (1/72 inch), see
//! [`points`]. The layout knows no pixels and no painter. It measures text with [`Letters`], whose typeface all painters
//! use, so that a line is as wide on paper as it was laid out.
//!
//! A page is usually built from [`Column`]s: paragraphs that wrap, with spaces and colour scales between them, from the top
//! down. Everything else is pushed as a [`Mark`]. Later marks lie over earlier ones.
//!
//! ```text
//! let mut page = Page::new([points(210.0), points(297.0)], Ground::White, lang);
//! let ink = page.ground.inks();
//! let mut column = Column::new([left, top], width, 8.0);
//! column.text("Findings", 1.25, ink.text);         // one paragraph, 1.25 times as large as the column's letters
//! column.gap(0.5);                                 // half an em
//! column.text(&sentence, 1.0, ink.soft);
//! let next = column.bottom();                      // where the next thing may begin
//! page.marks.extend(column.into_marks());
//! page.picture(Rect { left, top: next, width, height }, Arc::new(pixels), Sampling::Smooth);
//! let bytes = pdf::write(&[page], "Gantei case report")?;
//! ```

mod column;
mod letters;
mod map_bar;
pub mod pdf;
pub mod png;
pub mod svg;

use std::sync::Arc;

use crate::domain::{Lang, Pixels};
use crate::imaging::shrink;

pub use column::Column;
pub use letters::{LINE, Letters, TYPEFACE};
pub use map_bar::{MapBar, colours_of_scale};

/// Points of a millimetre.
pub const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A length in points.
pub fn points(millimetres: f32) -> f32 {
    millimetres * POINTS_PER_MM
}

/// Red, green and blue.
pub type Colour = [u8; 3];

/// The colour of the paper.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Ground {
    #[default]
    White,
    Black,
}

/// The colours of texts and lines on a ground. All have a contrast of at least 4.5 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inks {
    pub text: Colour,
    /// Secondary text, and thin lines.
    pub soft: Colour,
    /// Cautions and serious findings.
    pub warning: Colour,
}

impl Ground {
    pub fn colour(self) -> Colour {
        match self {
            Self::White => [255; 3],
            Self::Black => [0; 3],
        }
    }

    pub fn inks(self) -> Inks {
        match self {
            Self::White => Inks {
                text: [17, 19, 21],
                soft: [75, 80, 85],
                warning: [148, 62, 0],
            },
            Self::Black => Inks {
                text: [255; 3],
                soft: [200, 204, 208],
                warning: [255, 212, 128],
            },
        }
    }
}

/// A rectangle in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// How a picture is drawn at another size than its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// A photograph: averaged where it gets smaller, interpolated where it gets larger. PDF may store it as JPEG.
    Smooth,
    /// Cells of one colour each, with sharp borders and exact colours: the steps of a colour scale.
    Cells,
}

/// One thing on a page. Lengths in points.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// One line of text from `x`, on its baseline.
    Text {
        x: f32,
        baseline: f32,
        size: f32,
        text: String,
        ink: Colour,
    },
    /// A picture stretched over a rectangle.
    Picture {
        at: Rect,
        pixels: Arc<Pixels>,
        sampling: Sampling,
    },
    Fill {
        at: Rect,
        ink: Colour,
    },
    /// A line through points; closed, it returns to the first. Dashes and gaps have the lengths of `dash`.
    Line {
        points: Vec<[f32; 2]>,
        closed: bool,
        width: f32,
        dash: Option<[f32; 2]>,
        ink: Colour,
    },
    /// A circle: a line of this width, or filled.
    Circle {
        centre: [f32; 2],
        radius: f32,
        width: Option<f32>,
        ink: Colour,
    },
}

impl Mark {
    /// A straight line.
    pub fn line(from: [f32; 2], to: [f32; 2], width: f32, ink: Colour) -> Self {
        Self::Line {
            points: vec![from, to],
            closed: false,
            width,
            dash: None,
            ink,
        }
    }

    /// The border of a rectangle; the line lies outside it.
    pub fn frame(at: Rect, width: f32, ink: Colour) -> Self {
        let half = width / 2.0;
        let (x0, y0) = (at.left - half, at.top - half);
        let (x1, y1) = (at.right() + half, at.bottom() + half);
        Self::Line {
            points: vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]],
            closed: true,
            width,
            dash: None,
            ink,
        }
    }

    /// The same further to the right and further down.
    pub fn moved(mut self, [dx, dy]: [f32; 2]) -> Self {
        match &mut self {
            Self::Text { x, baseline, .. } => {
                *x += dx;
                *baseline += dy;
            }
            Self::Picture { at, .. } | Self::Fill { at, .. } => {
                at.left += dx;
                at.top += dy;
            }
            Self::Line { points, .. } => {
                for [x, y] in points {
                    *x += dx;
                    *y += dy;
                }
            }
            Self::Circle { centre: [x, y], .. } => {
                *x += dx;
                *y += dy;
            }
        }
        self
    }

    /// False for places that are no numbers or miles away; painters leave such marks out.
    fn can_be_drawn(&self) -> bool {
        let Rect {
            left,
            top,
            width,
            height,
        } = self.bounds();
        [left, top, width, height]
            .iter()
            .all(|v| v.is_finite() && v.abs() < 1e5)
    }

    /// The rectangle that holds it; of a text from the top to the bottom of its line.
    pub fn bounds(&self) -> Rect {
        match self {
            Self::Text {
                x,
                baseline,
                size,
                text,
                ..
            } => {
                let letters = Letters::new(*size);
                Rect {
                    left: *x,
                    top: baseline - letters.baseline(),
                    width: letters.width(text),
                    height: letters.line_height(),
                }
            }
            Self::Picture { at, .. } | Self::Fill { at, .. } => *at,
            Self::Line { points, width, .. } => {
                let half = width / 2.0;
                let low = |i: usize| points.iter().map(|p| p[i]).fold(f32::INFINITY, f32::min);
                let high = |i: usize| points.iter().map(|p| p[i]).fold(-f32::INFINITY, f32::max);
                Rect {
                    left: low(0) - half,
                    top: low(1) - half,
                    width: high(0) - low(0) + width,
                    height: high(1) - low(1) + width,
                }
            }
            Self::Circle {
                centre: [x, y],
                radius,
                width,
                ..
            } => {
                let reach = radius + width.unwrap_or(0.0) / 2.0;
                Rect {
                    left: x - reach,
                    top: y - reach,
                    width: 2.0 * reach,
                    height: 2.0 * reach,
                }
            }
        }
    }
}

/// A page. See the module's documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub width: f32,
    pub height: f32,
    pub ground: Ground,
    /// The language of its texts.
    pub lang: Lang,
    pub marks: Vec<Mark>,
}

impl Page {
    /// An empty page of this width and height.
    pub fn new([width, height]: [f32; 2], ground: Ground, lang: Lang) -> Self {
        Self {
            width,
            height,
            ground,
            lang,
            marks: Vec::new(),
        }
    }

    pub fn picture(&mut self, at: Rect, pixels: Arc<Pixels>, sampling: Sampling) {
        self.marks.push(Mark::Picture {
            at,
            pixels,
            sampling,
        });
    }

    /// The marks that painters draw.
    fn drawn(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| mark.can_be_drawn())
    }

    /// Every text, in the order of the marks.
    pub fn texts(&self) -> Vec<&str> {
        let marks = self.marks.iter();
        marks
            .filter_map(|mark| match mark {
                Mark::Text { text, .. } => Some(text.as_str()),
                Mark::Picture { .. }
                | Mark::Fill { .. }
                | Mark::Line { .. }
                | Mark::Circle { .. } => None,
            })
            .collect()
    }
}

/// Resolution at which pictures are stored in documents, and of a figure's pixels unless stated otherwise.
pub const DPI: f32 = 300.0;

/// A picture with at most `dpi` pixels per inch of its printed size. Cells keep their number.
fn reduced(pixels: &Arc<Pixels>, at: &Rect, sampling: Sampling, dpi: f32) -> Arc<Pixels> {
    if sampling == Sampling::Cells {
        return pixels.clone();
    }
    let most = |length: f32| (length / 72.0 * dpi).ceil().max(1.0) as u32;
    let (width, height) = (most(at.width), most(at.height));
    if pixels.width <= width && pixels.height <= height {
        return pixels.clone();
    }
    Arc::new(shrink(pixels, width, height))
}

#[cfg(test)]
mod tests;
