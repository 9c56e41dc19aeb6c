//! Lays a plot out on a page.

use super::{Axis, Form, Plot, Point, Series, Tone};
use crate::domain::Lang;
use crate::export::page::{Colour, Column, Ground, Inks, Letters, Mark, Page, Rect, points};
use crate::text::research_only;

/// How a plot is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotOptions {
    /// Width of the page, millimetres; 85 is a column of most journals.
    pub width: f32,
    pub ground: Ground,
    pub lang: Lang,
}

impl Default for PlotOptions {
    fn default() -> Self {
        Self {
            width: 85.0,
            ground: Ground::White,
            lang: Lang::En,
        }
    }
}

/// Around everything, points.
pub(super) const MARGIN: f32 = 8.0;

/// Size of the letters, points.
pub(super) const LETTERS: f32 = 7.5;

/// The axes' colours on each ground, by number.
const TONES: [[Colour; 2]; 6] = [
    [[0, 114, 178], [86, 180, 233]],
    [[213, 94, 0], [230, 159, 0]],
    [[0, 140, 105], [0, 190, 140]],
    [[170, 80, 130], [220, 140, 190]],
    [[110, 90, 0], [240, 228, 66]],
    [[75, 80, 85], [200, 204, 208]],
];

fn ink(tone: Tone, ground: Ground) -> Colour {
    let pair = match tone {
        Tone::Number(number) => TONES[number % 5],
        Tone::Quiet | Tone::Published => TONES[5],
    };
    match ground {
        Ground::White => pair[0],
        Ground::Black => pair[1],
    }
}

/// The page: title, plot, legend, notes, and the research line.
pub fn page(plot: &Plot, options: &PlotOptions) -> Page {
    let width = points(options.width.clamp(40.0, 400.0));
    let inks = options.ground.inks();
    let mut column = Column::new([MARGIN, MARGIN], width - 2.0 * MARGIN, LETTERS);
    column.text(&plot.title, 1.15, inks.text);
    column.gap(0.5);
    column.text(&plot.y.label, 1.0, inks.soft);
    column.gap(0.4);
    let at = frame(plot, &column, width - MARGIN);
    let mut marks = axes(plot, at, inks);
    for series in &plot.series {
        marks.extend(drawn(series, plot, at, options.ground));
    }
    let letters = Letters::new(LETTERS);
    column.next_line(at.bottom() - column.bottom() + 0.4 * LETTERS + letters.line_height());
    column.gap(0.2);
    for label in letters.wrap(&plot.x.label, column.width()) {
        let from = (at.left + (at.width - letters.width(&label)) / 2.0 - MARGIN).max(0.0);
        let from = from.min(column.width() - letters.width(&label));
        column.line(&label, from, &letters, inks.soft);
        column.next_line(letters.line_height());
    }
    legend(plot, &mut column, options.ground, inks);
    column.gap(0.5);
    finished(column, &plot.notes, marks, width, options)
}

/// The page of a column that ends with notes and the research line, with further marks.
pub(super) fn finished(
    mut column: Column,
    notes: &[String],
    marks: Vec<Mark>,
    width: f32,
    options: &PlotOptions,
) -> Page {
    let inks = options.ground.inks();
    for note in notes {
        column.text(note, 0.9, inks.soft);
    }
    column.text(research_only(options.lang), 0.9, inks.soft);
    let mut page = Page::new(
        [width, column.bottom() + MARGIN],
        options.ground,
        options.lang,
    );
    page.marks.extend(column.into_marks());
    page.marks.extend(marks);
    page
}

/// Where the points are, right of the numbers of the y axis.
fn frame(plot: &Plot, column: &Column, right: f32) -> Rect {
    let letters = Letters::new(LETTERS);
    let marks = plot.y.marks();
    let numbers = marks
        .iter()
        .map(|(_, text)| letters.width(text))
        .fold(0.0, f32::max);
    let numbers = numbers.min(column.width() * 0.6);
    let left = column.left() + numbers + 0.6 * LETTERS;
    let width = (right - left - 0.5 * LETTERS).max(LETTERS);
    let height = match (plot.square, plot.y.names.len()) {
        (true, _) => width,
        (false, 0) => width * 0.66,
        (false, names) => names as f32 * 1.8 * letters.line_height(),
    };
    Rect {
        left,
        top: column.bottom(),
        width,
        height,
    }
}

fn axes(plot: &Plot, at: Rect, inks: Inks) -> Vec<Mark> {
    let letters = Letters::new(LETTERS);
    let mut marks = vec![Mark::frame(at, 0.5, inks.soft)];
    let is_inside = |axis: &Axis, value: f64| (-1e-9..=1.0 + 1e-9).contains(&axis.place(value));
    let mut end = f32::NEG_INFINITY;
    for (value, text) in plot.x.marks() {
        let x = at.left + plot.x.place(value) as f32 * at.width;
        let width = letters.width(&text);
        let left = x - width / 2.0;
        // Numbers that would touch are left out; their ticks stay.
        if !is_inside(&plot.x, value) {
            continue;
        }
        marks.push(Mark::line(
            [x, at.bottom()],
            [x, at.bottom() + 2.5],
            0.5,
            inks.soft,
        ));
        if left >= end {
            marks.push(text_mark(
                text,
                left,
                at.bottom() + 3.5 + letters.baseline(),
                inks.text,
            ));
            end = left + width + 0.4 * LETTERS;
        }
    }
    for (value, text) in plot.y.marks() {
        if !is_inside(&plot.y, value) {
            continue;
        }
        let y = at.bottom() - plot.y.place(value) as f32 * at.height;
        let text = match plot.y.names.is_empty() {
            true => text,
            false => letters.visible(&cut(&text, &letters, at.left - 8.0 - 0.6 * LETTERS)),
        };
        let left = at.left - 0.6 * LETTERS - letters.width(&text);
        marks.push(Mark::line([at.left - 2.5, y], [at.left, y], 0.5, inks.soft));
        marks.push(text_mark(text, left, y + 0.35 * LETTERS, inks.text));
    }
    marks
}

/// The beginning of a text that fits, with an ellipsis.
fn cut(text: &str, letters: &Letters, width: f32) -> String {
    if letters.width(text) <= width {
        return text.to_owned();
    }
    let mut short: String = text.to_owned();
    while short.pop().is_some() {
        let with = format!("{short}…");
        if letters.width(&with) <= width {
            return with;
        }
    }
    String::new()
}

fn text_mark(text: String, x: f32, baseline: f32, ink: Colour) -> Mark {
    Mark::Text {
        x,
        baseline,
        size: LETTERS,
        text,
        ink,
    }
}

/// The marks of a series; points outside the axes are left out.
fn drawn(series: &Series, plot: &Plot, at: Rect, ground: Ground) -> Vec<Mark> {
    let ink = ink(series.tone, ground);
    let x = |value: f64| at.left + (plot.x.place(value).clamp(0.0, 1.0) as f32) * at.width;
    let y = |value: f64| at.bottom() - (plot.y.place(value).clamp(0.0, 1.0) as f32) * at.height;
    let line = |width, dash| Mark::Line {
        points: series.points.iter().map(|p| [x(p.x), y(p.y)]).collect(),
        closed: false,
        width,
        dash,
        ink,
    };
    match series.form {
        Form::Line => vec![line(1.2, None)],
        Form::Guide => vec![line(0.6, Some([3.0, 2.0]))],
        _ => {
            let inside = |p: &&Point| {
                [plot.x.place(p.x), plot.y.place(p.y)]
                    .iter()
                    .all(|place| (0.0..=1.0).contains(place))
            };
            let points = series.points.iter().filter(inside);
            points
                .flat_map(|point| one(point, series.form, &x, &y, ink, at))
                .collect()
        }
    }
}

fn one(
    point: &Point,
    form: Form,
    x: &impl Fn(f64) -> f32,
    y: &impl Fn(f64) -> f32,
    ink: Colour,
    at: Rect,
) -> Vec<Mark> {
    let centre = [x(point.x), y(point.y)];
    let mut marks = Vec::new();
    match (form, point.interval) {
        (Form::Upright, Some([low, high])) => {
            marks.push(Mark::line(
                [centre[0], y(low)],
                [centre[0], y(high)],
                0.8,
                ink,
            ));
        }
        (Form::Level, Some([low, high])) => {
            marks.push(Mark::line(
                [x(low), centre[1]],
                [x(high), centre[1]],
                0.8,
                ink,
            ));
        }
        _ => {}
    }
    match form {
        Form::Columns { width } => {
            let width = at.width * f32::from(width) / 1000.0;
            marks.push(Mark::Fill {
                at: Rect {
                    left: centre[0] - width / 2.0,
                    top: centre[1],
                    width,
                    height: (y(0.0) - centre[1]).max(0.0),
                },
                ink,
            });
        }
        Form::Ring => marks.push(circle(centre, 3.2, Some(1.0), ink)),
        Form::Dots => marks.push(circle(centre, 1.4, None, ink)),
        _ => marks.push(circle(centre, 2.0, None, ink)),
    }
    if let Some(name) = &point.name {
        let letters = Letters::new(LETTERS);
        let width = letters.width(name);
        let right = centre[0] + 4.0;
        let left = if right + width > at.right() {
            centre[0] - 4.0 - width
        } else {
            right
        };
        marks.push(text_mark(letters.visible(name), left, centre[1] - 2.0, ink));
    }
    marks
}

fn circle(centre: [f32; 2], radius: f32, width: Option<f32>, ink: Colour) -> Mark {
    Mark::Circle {
        centre,
        radius,
        width,
        ink,
    }
}

/// A line for each named series, with its mark.
fn legend(plot: &Plot, column: &mut Column, ground: Ground, inks: Inks) {
    let letters = Letters::new(LETTERS);
    let named: Vec<_> = plot
        .series
        .iter()
        .filter(|series| !series.name.is_empty())
        .collect();
    if named.len() < 2
        && named
            .iter()
            .all(|series| matches!(series.tone, Tone::Number(_)))
    {
        return;
    }
    column.gap(0.5);
    for series in named {
        let (left, middle) = (column.left(), column.bottom() + letters.line_height() / 2.0);
        let ink = ink(series.tone, ground);
        column.push(match series.form {
            Form::Line | Form::Guide => Mark::Line {
                points: vec![[left, middle], [left + 1.6 * LETTERS, middle]],
                closed: false,
                width: if series.form == Form::Line { 1.2 } else { 0.6 },
                dash: (series.form == Form::Guide).then_some([3.0, 2.0]),
                ink,
            },
            Form::Columns { .. } => Mark::Fill {
                at: Rect {
                    left: left + 0.5 * LETTERS,
                    top: middle - 0.35 * LETTERS,
                    width: 0.7 * LETTERS,
                    height: 0.7 * LETTERS,
                },
                ink,
            },
            Form::Ring => circle([left + 0.8 * LETTERS, middle], 3.0, Some(1.0), ink),
            _ => circle([left + 0.8 * LETTERS, middle], 2.0, None, ink),
        });
        for text in letters.wrap(&series.name, column.width() - 2.2 * LETTERS) {
            column.line(&text, 2.2 * LETTERS, &letters, inks.text);
            column.next_line(letters.line_height());
        }
    }
}
