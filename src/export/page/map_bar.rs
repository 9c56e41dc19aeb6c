//! The colour scale of a map on a page, with the words and colours of the window.

use std::sync::Arc;

use super::{Colour, Column, Inks, Letters, Mark, Rect, Sampling};
use crate::domain::Pixels;
use crate::imaging::overlay::{OverlayOptions, Palette};
use crate::text::map_scale::MapScale;

/// Height and greatest width of the bar, and length of the marks below it, in ems.
const HEIGHT: f32 = 1.1;
const WIDTH: f32 = 26.0;
const TICK: f32 = 0.3;
/// Steps of colour from end to end.
const STEPS: usize = 256;

/// The colours of a scale from left to right, exactly as the map is blended over this ground.
pub fn colours_of_scale(
    words: &MapScale,
    options: &OverlayOptions,
    ground: Colour,
    count: usize,
) -> Vec<Colour> {
    let palette = Palette::new(options);
    let at = |i: usize| {
        let share = (i as f32 + 0.5) / count as f32;
        palette.over(words.from + (words.to - words.from) * share, ground)
    };
    (0..count).map(at).collect()
}

/// A colour scale.
#[derive(Clone, Debug)]
pub struct MapBar<'a> {
    pub words: MapScale,
    pub options: &'a OverlayOptions,
    /// The mean colour of the photograph beneath the map.
    pub ground: Colour,
    pub inks: Inks,
}

impl MapBar<'_> {
    /// Title, bar, numbers below it, and below them what its ends mean: on one line if there is room, otherwise on two.
    pub(super) fn put(&self, column: &mut Column) {
        let (words, ink) = (&self.words, self.inks.soft);
        let letters = Letters::new(column.size());
        let em = column.size();
        column.text(&words.title, 1.0, ink);
        column.gap(0.15);
        let at = Rect {
            left: column.left() + 0.25,
            top: column.bottom(),
            width: (column.width() - 0.5).clamp(1.0, WIDTH * em),
            height: HEIGHT * em,
        };
        self.put_bar(column, at);
        column.gap(HEIGHT + TICK);
        for (strength, number) in &words.numbers {
            let Some(place) = words.place(*strength) else {
                continue;
            };
            let x = at.left + place * at.width;
            let ends = [[x, at.bottom()], [x, at.bottom() + TICK * em]];
            column.push(Mark::line(ends[0], ends[1], 0.5, ink));
            let wide = letters.width(number);
            let left = place * at.width - wide / 2.0;
            column.line(
                number,
                left.clamp(0.0, (at.width - wide).max(0.0)),
                &letters,
                ink,
            );
        }
        column.next_line(letters.line_height());
        self.put_directions(column, at.width, &letters);
        if let Some(outside) = &words.outside {
            column.text(outside, 1.0, ink);
        }
    }

    fn put_bar(&self, column: &mut Column, at: Rect) {
        let colours = colours_of_scale(&self.words, self.options, self.ground, STEPS);
        let pixels = Pixels {
            width: STEPS as u32,
            height: 1,
            rgb: colours.concat(),
        };
        column.push(Mark::frame(at, 0.5, self.inks.soft));
        column.push(Mark::Picture {
            at,
            pixels: Arc::new(pixels),
            sampling: Sampling::Cells,
        });
        for mark in self.words.marks() {
            let Some(place) = self.words.place(mark) else {
                continue;
            };
            let x = at.left + place * at.width;
            column.push(Mark::Line {
                points: vec![[x, at.top], [x, at.bottom()]],
                closed: false,
                width: 0.6,
                // As the contour: dashed where it is around negative values.
                dash: (mark < 0.0).then_some([1.2, 1.2]),
                ink: [255; 3],
            });
        }
    }

    fn put_directions(&self, column: &mut Column, width: f32, letters: &Letters) {
        let ink = self.inks.soft;
        let [low, high] = &self.words.directions;
        let wide = [low, high].map(|text| letters.width(text));
        if wide[0] + wide[1] + letters.size() > width || wide[1] > width {
            // Too narrow for one line: each has its own, and wraps if it must.
            for text in [low, high].into_iter().filter(|text| !text.is_empty()) {
                let lines = letters.wrap(text, column.width());
                for line in lines {
                    let room = (width - letters.width(&line)).max(0.0);
                    let left = if text == high { room } else { 0.0 };
                    column.line(&line, left, letters, ink);
                    column.next_line(letters.line_height());
                }
            }
            return;
        }
        if !low.is_empty() {
            column.line(low, 0.0, letters, ink);
        }
        if !high.is_empty() {
            column.line(high, width - wide[1], letters, ink);
        }
        if !(low.is_empty() && high.is_empty()) {
            column.next_line(letters.line_height());
        }
    }
}
