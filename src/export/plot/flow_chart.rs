//! The flow of photographs into an evaluation, as STARD asks for (Bossuyt et al., BMJ 2015;351:h5527).

use super::layout::{LETTERS, MARGIN, PlotOptions, finished};
use crate::export::page::{Column, Inks, Mark, Page, Rect, points};

/// One step: what remains, and what leaves before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowStep {
    /// Lines of the box below the one before.
    pub remaining: Vec<String>,
    /// Lines of the box beside the arrow that leads to it; no box if empty.
    pub leaving: Vec<String>,
}

/// A flow chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowChart {
    pub title: String,
    /// From the first, which nothing leaves.
    pub steps: Vec<FlowStep>,
    pub notes: Vec<String>,
}

/// Space around the text of a box, and the least length of an arrow, points.
const PADDING: f32 = 4.0;
const ARROW: f32 = 14.0;

/// Boxes of what remains on the left, of what leaves on the right.
pub fn flow_page(chart: &FlowChart, options: &PlotOptions) -> Page {
    let width = points(options.width.clamp(40.0, 400.0));
    let inks = options.ground.inks();
    let inner = width - 2.0 * MARGIN;
    let box_width = inner * 0.47;
    let mut column = Column::new([MARGIN, MARGIN], inner, LETTERS);
    column.text(&chart.title, 1.15, inks.text);
    column.gap(0.8);
    let mut marks = Vec::new();
    let (mut y, mut above): (f32, Option<Rect>) = (column.bottom(), None);
    let middle = MARGIN + box_width / 2.0;
    for step in &chart.steps {
        if let Some(above) = above {
            let mut next = above.bottom() + ARROW;
            if !step.leaving.is_empty() {
                let left = MARGIN + inner - box_width;
                let beside = boxed(
                    [left, above.bottom() + ARROW / 2.0],
                    box_width,
                    &step.leaving,
                    inks,
                    &mut marks,
                );
                let at = beside.top + (beside.height / 2.0).min(10.0);
                marks.extend(arrow([middle, at], [left, at], inks));
                next = beside.bottom() + ARROW / 2.0;
            }
            marks.extend(arrow([middle, above.bottom()], [middle, next], inks));
            y = next;
        }
        let remaining = boxed([MARGIN, y], box_width, &step.remaining, inks, &mut marks);
        y = remaining.bottom();
        above = Some(remaining);
    }
    column.next_line(y - column.bottom());
    column.gap(1.0);
    finished(column, &chart.notes, marks, width, options)
}

fn boxed(
    [left, top]: [f32; 2],
    width: f32,
    lines: &[String],
    inks: Inks,
    marks: &mut Vec<Mark>,
) -> Rect {
    let mut column = Column::new(
        [left + PADDING, top + PADDING],
        width - 2.0 * PADDING,
        LETTERS,
    );
    for line in lines {
        column.text(line, 1.0, inks.text);
    }
    let at = Rect {
        left,
        top,
        width,
        height: column.bottom() + PADDING - top,
    };
    marks.push(Mark::frame(at, 0.7, inks.soft));
    marks.extend(column.into_marks());
    at
}

/// A line with a head at its end, to the right or downwards.
fn arrow(from: [f32; 2], to: [f32; 2], inks: Inks) -> [Mark; 3] {
    let is_down = from[0] == to[0];
    let side = |sign: f32| match is_down {
        true => [to[0] + 2.0 * sign, to[1] - 3.0],
        false => [to[0] - 3.0, to[1] + 2.0 * sign],
    };
    [
        Mark::line(from, to, 0.7, inks.soft),
        Mark::line(side(-1.0), to, 0.7, inks.soft),
        Mark::line(side(1.0), to, 0.7, inks.soft),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_each_other_and_no_text_leaves_its_box() {
        let step = |remaining: &str, leaving: &[&str]| FlowStep {
            remaining: vec![remaining.to_owned()],
            leaving: leaving.iter().map(|line| (*line).to_owned()).collect(),
        };
        let chart = FlowChart {
            title: "Flow".into(),
            steps: vec![
                step("Photographs of the study: 120", &[]),
                step(
                    "By photograph: 100 cases of 50 persons",
                    &["Left out: 20", "a reason with a rather long name: 20"],
                ),
                step("By eye: 100 cases", &[]),
            ],
            notes: vec!["A note.".into()],
        };
        let page = flow_page(&chart, &PlotOptions::default());
        let frames: Vec<Rect> = page
            .marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Line { closed: true, .. }))
            .map(Mark::bounds)
            .collect();
        assert_eq!(frames.len(), 4);
        let texts = page.texts().join(" ");
        for word in ["120", "By eye", "a reason", "Not a medical device"] {
            assert!(texts.contains(word), "{word}: {texts}");
        }
        let tops: Vec<f32> = frames.iter().map(|frame| frame.top).collect();
        assert!(tops.is_sorted(), "{tops:?}");
        assert!(
            frames
                .iter()
                .all(|frame| frame.bottom() < page.height && frame.right() < page.width)
        );
    }
}
