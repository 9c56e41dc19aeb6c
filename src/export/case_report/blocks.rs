//! Sections as blocks: lines, rows and drawings that no page break divides.

use super::content::{Part, Sign};
use super::signs::{self, BAR, BAR_FILL, RULE, SERIOUS, SHADE, SOFT, TEXT};
use crate::export::page::{Colour, Letters, Mark, Rect};
use crate::text::region_table::RegionTable;
use crate::text::score_scale::{ScoreBar, ScoreScale};

/// Letter sizes in points.
pub const BODY: f32 = 8.5;
pub const SMALL: f32 = 7.5;
const SMALLEST: f32 = 6.0;
const FIGURE: f32 = 21.0;

/// Widths in points: of names of facts, of a sign, and of a sign with its word.
const NAMES: f32 = 112.0;
const SIGN: f32 = 14.0;
const SIGN_AND_WORD: f32 = 58.0;

/// Something that stays whole. Its marks are placed from its own upper left corner.
pub struct Block {
    pub height: f32,
    pub marks: Vec<Mark>,
    /// The next block is on the same page.
    pub keeps_next: bool,
}

impl Block {
    pub fn new(height: f32, marks: Vec<Mark>) -> Self {
        Self {
            height,
            marks,
            keeps_next: false,
        }
    }

    /// Space below.
    fn with_gap(mut self, gap: f32) -> Self {
        self.height += gap;
        self
    }
}

/// One line of text whose top is at `y`.
pub fn line(text: &str, [x, y]: [f32; 2], size: f32, ink: Colour) -> Mark {
    let letters = Letters::new(size);
    Mark::Text {
        x,
        baseline: y + letters.baseline(),
        size,
        text: letters.visible(text),
        ink,
    }
}

/// A line that ends at `right`.
pub fn line_to(text: &str, [right, y]: [f32; 2], size: f32, ink: Colour) -> Mark {
    let width = Letters::new(size).width(text);
    line(text, [right - width, y], size, ink)
}

/// The blocks of a part, `width` wide.
pub fn of_part(part: &Part, width: f32) -> Vec<Block> {
    match part {
        Part::Text(text) => paragraph(text, [0.0, width], BODY, TEXT),
        Part::Small(text) => paragraph(text, [0.0, width], SMALL, SOFT),
        Part::Alarm(text) => paragraph(text, [0.0, width], BODY + 1.0, SERIOUS),
        Part::Title(text) => {
            let mut blocks = vec![Block::new(2.0, vec![])];
            blocks.extend(paragraph(text, [0.0, width], SMALL, TEXT));
            for block in &mut blocks {
                block.keeps_next = true;
            }
            blocks
        }
        Part::Signed {
            sign,
            word,
            text,
            more,
        } => signed((*sign, word), text, more, width),
        Part::Fact(name, value) => fact(name, value, width),
        Part::Score(scale) => vec![score(scale, width)],
        Part::Table(table) => of_table(table, width),
    }
}

/// Wrapped text from `left` to `right`. No page ends with its first line, and none begins with its last.
fn paragraph(text: &str, [left, right]: [f32; 2], size: f32, ink: Colour) -> Vec<Block> {
    let letters = Letters::new(size);
    let lines = letters.wrap(text, (right - left).max(size));
    let count = lines.len();
    let blocks = lines.iter().enumerate().map(|(i, text)| Block {
        height: letters.line_height(),
        marks: vec![line(text, [left, 0.0], size, ink)],
        keeps_next: count > 1 && (i == 0 || i + 2 == count),
    });
    blocks.collect()
}

/// A sentence with its sign and the word of the sign on the left, secondary sentences below.
fn signed((sign, word): (Sign, &str), text: &str, more: &[String], width: f32) -> Vec<Block> {
    let left = if word.is_empty() { SIGN } else { SIGN_AND_WORD };
    let mut blocks = paragraph(text, [left, width], BODY, TEXT);
    let high = Letters::new(BODY).line_height();
    if let Some(first) = blocks.first_mut() {
        first
            .marks
            .extend(signs::marks(sign, [4.0, high / 2.0], 3.7));
        first
            .marks
            .push(line(word, [SIGN, 0.0], BODY, signs::ink(sign)));
    }
    for text in more {
        if let Some(last) = blocks.last_mut() {
            last.keeps_next = true;
        }
        blocks.extend(paragraph(text, [left, width], SMALL, SOFT));
    }
    if let Some(last) = blocks.last_mut() {
        last.height += 2.0;
    }
    blocks
}

fn fact(name: &str, value: &str, width: f32) -> Vec<Block> {
    let (body, small) = (Letters::new(BODY), Letters::new(SMALL));
    // A checksum is one word: in smaller letters it fits on one line.
    let room = width - NAMES;
    let is_word = value.is_ascii() && !value.contains(' ');
    let size = match body.width(value) {
        wide if is_word && wide > room => (BODY * room / wide * 0.995).max(SMALLEST),
        _ => BODY,
    };
    let mut blocks = paragraph(value, [NAMES, width], size, TEXT);
    let down = body.baseline() - Letters::new(size).baseline();
    for block in &mut blocks {
        block.height = body.line_height();
        let marks = std::mem::take(&mut block.marks).into_iter();
        block.marks = marks.map(|mark| mark.moved([0.0, down])).collect();
    }
    let names = small.wrap(name, NAMES - 6.0);
    let baseline = body.baseline() - small.baseline();
    for (i, text) in names.iter().enumerate() {
        if i == blocks.len() {
            blocks.push(Block::new(body.line_height(), vec![]));
        }
        blocks[i]
            .marks
            .push(line(text, [0.0, baseline], SMALL, SOFT));
    }
    blocks
}

/// The figure with its title on the left, the bar between the labels on the right.
fn score(scale: &ScoreScale, width: f32) -> Block {
    let ink = if scale.is_doubtful { SOFT } else { TEXT };
    let mut marks = vec![line(scale.title, [0.0, 0.0], SMALL, SOFT)];
    let (small, figure) = (Letters::new(SMALL), Letters::new(FIGURE));
    let top = small.line_height() - 5.0;
    marks.push(line(&scale.figure, [-1.0, top], FIGURE, ink));
    let baseline = top + figure.baseline() - Letters::new(BODY).baseline();
    let end = figure.width(&scale.figure) + 4.0;
    marks.push(line(scale.unit, [end, baseline], BODY, SOFT));
    if let Some(bar) = &scale.bar {
        let left = NAMES;
        marks.extend(score_bar(bar, left, (width - left).min(262.0)));
    }
    // The labels of the bar end below the figure.
    Block::new(top + figure.line_height() + 4.0, marks)
}

fn score_bar(bar: &ScoreBar, left: f32, width: f32) -> Vec<Mark> {
    const HEIGHT: f32 = 8.0;
    let letters = Letters::new(SMALL);
    let at = Rect {
        left,
        top: letters.line_height() + 3.0,
        width,
        height: HEIGHT,
    };
    let centre = at.top + HEIGHT / 2.0;
    let radius = HEIGHT / 2.0;
    // The marker stays inside the bar at 0 and at 1.
    let place = |value: f64| {
        let track = width - 2.0 * radius;
        at.left + radius + value.clamp(0.0, 1.0) as f32 * track
    };
    let (at_score, at_threshold) = (place(bar.score), place(bar.threshold));
    let between = Rect {
        left: at_score.min(at_threshold),
        width: (at_score - at_threshold).abs(),
        ..at
    };
    let pale = BAR_FILL.map(|v| v + ((255 - v) as f32 * 0.45) as u8);
    let threshold = letters.width(&bar.threshold_text);
    let text_at =
        (at_threshold - threshold / 2.0).clamp(left, (left + width - threshold).max(left));
    let [low, high] = [0, 1].map(|i| shortened(&bar.ends[i], width / 2.0 - 6.0));
    let below = at.bottom() + 3.0;
    let circle = |radius, ink| Mark::Circle {
        centre: [at_score, centre],
        radius,
        width: None,
        ink,
    };
    vec![
        Mark::Fill { at, ink: BAR },
        Mark::Fill {
            at: between,
            ink: pale,
        },
        Mark::line(
            [at_threshold, at.top - 2.5],
            [at_threshold, at.bottom() + 2.5],
            1.2,
            TEXT,
        ),
        circle(radius + 1.6, TEXT),
        circle(radius + 0.4, BAR_FILL),
        line(&bar.threshold_text, [text_at, 0.0], SMALL, SOFT),
        line(&low, [left, below], SMALL, SOFT),
        line_to(&high, [left + width, below], SMALL, SOFT),
    ]
}

/// A text of small letters that is cut where it is too long.
fn shortened(text: &str, width: f32) -> String {
    let letters = Letters::new(SMALL);
    if letters.width(text) <= width {
        return text.to_owned();
    }
    let lines = letters.wrap(text, width - letters.width("…"));
    format!("{}…", lines.first().map_or("", String::as_str))
}

/// Titles, a row for each region, and the legend of the columns.
fn of_table(table: &RegionTable, width: f32) -> Vec<Block> {
    const REGION: f32 = 80.0;
    const COLUMN: f32 = 52.0;
    const RANDOM: f32 = 80.0;
    let high = Letters::new(SMALL).line_height() + 2.0;
    let columns = table.titles.len().saturating_sub(1);
    // The last of two columns about hidden regions holds a mean and its spread.
    let right = |i: usize| {
        let wide = columns == 2 || columns == 5;
        REGION
            + COLUMN * i as f32
            + if wide && i == columns {
                RANDOM - COLUMN
            } else {
                0.0
            }
    };
    let whole = right(columns).min(width);
    let row = |cells: &[String], ink: Colour, shaded: bool| {
        let mut marks = Vec::new();
        if shaded {
            let at = Rect {
                left: -3.0,
                top: 0.0,
                width: whole + 6.0,
                height: high,
            };
            marks.push(Mark::Fill { at, ink: SHADE });
        }
        for (i, cell) in cells.iter().enumerate() {
            let cell = cell.replace('\n', " ");
            marks.push(match i {
                0 => line(&cell, [0.0, 1.0], SMALL, ink),
                i => line_to(&cell, [right(i), 1.0], SMALL, ink),
            });
        }
        Block::new(high, marks)
    };
    let titles: Vec<String> = table.titles.iter().map(|&title| title.to_owned()).collect();
    let mut head = row(&titles, SOFT, false).with_gap(1.0);
    head.marks
        .push(Mark::line([0.0, high], [whole, high], 0.5, RULE));
    head.keeps_next = true;
    let mut blocks = vec![head];
    let count = table.rows.len();
    blocks.extend(table.rows.iter().enumerate().map(|(i, cells)| Block {
        // A table of six rows is never divided.
        keeps_next: i + 1 < count,
        ..row(cells, TEXT, i % 2 == 0)
    }));
    if let Some(last) = blocks.last_mut() {
        last.height += 2.0;
    }
    for note in &table.notes {
        if let Some(last) = blocks.last_mut() {
            last.keeps_next = true;
        }
        blocks.extend(paragraph(note, [0.0, width], SMALL, SOFT));
    }
    blocks
}
