//! The pages of a report: title, pictures, and sections whose titles stand in a column on the left.

use std::sync::Arc;

use super::CaseReport;
use super::blocks::{BODY, Block, SMALL, line, line_to, of_part};
use super::content::{Section, facts, sections, short_name_and_mark};
use super::signs::{RULE, SOFT, TEXT};
use crate::domain::Pixels;
use crate::domain::foreign::escaped;
use crate::export::figure::Captioned;
use crate::export::page::{
    Column, Ground, Inks, Letters, MapBar, Mark, Page, Rect, Sampling, points,
};
use crate::imaging::{Geometry, overlay};
use crate::text::report::Report;
use crate::text::research_only;
use crate::text::window::Texts;

/// A4 and its margins, in millimetres.
const SIZE: [f32; 2] = [210.0, 297.0];
const SIDE: f32 = 17.0;
const TOP: f32 = 13.0;
const BOTTOM: f32 = 11.0;
/// The column of the sections' titles, in millimetres.
const TITLES: f32 = 34.0;
/// The height that pictures may take, in points.
const PICTURES: f32 = 205.0;
/// Most pictures side by side, and most lines above one.
const MOST_IN_ROW: usize = 4;
const HEADING: usize = 3;
/// A section of at most this height, in points, is on one page.
const WHOLE: f32 = 110.0;
/// Between pictures, and between sections, in points.
const GAP: f32 = 12.0;
const BETWEEN: f32 = 5.0;

/// A picture with its heading, which is a name and the mark behind it.
struct Pane<'a> {
    heading: [String; 2],
    picture: Arc<Pixels>,
    /// What it shows, besides the photograph.
    of: Option<&'a Captioned<'a>>,
}

/// A report in the making.
struct Sheets<'a> {
    report: &'a CaseReport<'a>,
    name: String,
    pages: Vec<Page>,
    left: f32,
    right: f32,
    /// Where the next block begins, where the first of its page did, and where the footer does.
    y: f32,
    top: f32,
    bottom: f32,
}

pub fn of(report: &CaseReport) -> Vec<Page> {
    let right = points(SIZE[0] - SIDE);
    let mut sheets = Sheets {
        report,
        name: escaped(report.name),
        pages: Vec::new(),
        left: points(SIDE),
        right,
        y: 0.0,
        top: 0.0,
        bottom: 0.0,
    };
    sheets.start_page();
    sheets.title();
    sheets.pictures();
    for section in sections(report) {
        sheets.section(&section);
    }
    sheets.number();
    sheets.pages
}

impl Sheets<'_> {
    fn push(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    fn width(&self) -> f32 {
        self.right - self.left
    }

    /// A page with its footer; from the second one on also the name of the photograph at its head.
    fn start_page(&mut self) {
        let lang = self.report.lang;
        let [width, height] = SIZE.map(points);
        self.pages
            .push(Page::new([width, height], Ground::White, lang));
        let small = Letters::new(SMALL - 0.5);
        let (left, right) = (self.left, self.right);
        let research = small.wrap(research_only(lang), self.width());
        let lines = research.len() as f32 + 1.0;
        let mut y = height - points(BOTTOM) - lines * small.line_height();
        self.bottom = y - 8.0;
        self.push(Mark::line([left, y - 3.0], [right, y - 3.0], 0.5, RULE));
        for text in research {
            self.push(line(&text, [left, y], small.size(), TEXT));
            y += small.line_height();
        }
        self.push(line(&self.made_with(), [left, y], small.size(), SOFT));
        self.y = points(TOP);
        if self.pages.len() > 1 {
            let title = Report(lang).case_report();
            let head = format!("{title}: {}", self.name);
            let room = self.width() - 80.0;
            let head = Letters::new(SMALL).wrap(&head, room);
            let head = match head.as_slice() {
                [] => String::new(),
                [one] => one.clone(),
                [first, ..] => format!("{first}…"),
            };
            self.push(line(&head, [left, self.y], SMALL, SOFT));
            self.y += Letters::new(SMALL).line_height() + 2.0;
            self.push(Mark::line([left, self.y], [right, self.y], 0.5, RULE));
            self.y += 6.0;
        }
        self.top = self.y;
    }

    /// The application and the engines that were used.
    fn made_with(&self) -> String {
        let mut made = vec![format!("Gantei {}", self.report.version)];
        for (of, _) in self.report.answers {
            if let Some(used) = &of.case.used {
                let engine = Report(self.report.lang).engine(used);
                if !made.contains(&engine) {
                    made.push(engine);
                }
            }
        }
        made.join(Texts(self.report.lang).comma())
    }

    /// Behind all pages, whose number is known then.
    fn number(&mut self) {
        let (count, right) = (self.pages.len(), self.right);
        for (i, page) in self.pages.iter_mut().enumerate() {
            let text = Report(page.lang).page_of(i + 1, count);
            let mark = line_to(&text, [right, points(TOP)], SMALL, SOFT);
            page.marks.push(mark);
        }
    }

    /// What it is, the photograph's name in large letters, and the facts about it on one line.
    fn title(&mut self) {
        let lang = self.report.lang;
        let (left, right) = (self.left, self.right);
        let title = Report(lang).case_report();
        self.push(line(title, [left, self.y], SMALL, SOFT));
        self.y += Letters::new(SMALL).line_height() + 1.0;
        // A very long name is set in smaller letters, and wraps at last.
        let fits = |size: &f32| Letters::new(*size).width(&self.name) <= self.width();
        let size = [16.0, 13.0, 11.0]
            .into_iter()
            .find(fits)
            .unwrap_or(BODY + 0.5);
        let letters = Letters::new(size);
        for text in letters.wrap(&self.name, self.width()) {
            self.make_room(letters.line_height());
            self.push(line(&text, [left, self.y], size, TEXT));
            self.y += letters.line_height();
        }
        self.make_room(2.0 * Letters::new(BODY).line_height());
        let body = Letters::new(BODY);
        let mut x = left;
        for (name, value) in facts(self.report) {
            let name = format!("{name} ");
            let wide = body.width(&name) + body.width(&value);
            if x > left && x + wide > right {
                x = left;
                self.y += body.line_height();
            }
            self.push(line(&name, [x, self.y], BODY, SOFT));
            let at = [x + body.width(&name), self.y];
            self.push(line(&value, at, BODY, TEXT));
            x += wide + 16.0;
        }
        self.y += body.line_height() + GAP / 2.0;
    }

    /// The photograph, and each map over it with its colour scale, side by side in as many rows as they need.
    fn pictures(&mut self) {
        let Some(photograph) = self.report.photograph else {
            return;
        };
        let shown = self.report.answers.iter();
        let shown = shown.filter(|(of, _)| of.covered.is_some() || of.map.is_some());
        let shown: Vec<(&Captioned, &Geometry)> = shown.map(|(of, g)| (of, *g)).collect();
        let count = shown.len() + 1;
        // Rows of nearly the same length.
        let in_row = count.div_ceil(count.div_ceil(MOST_IN_ROW)).max(2);
        let wide = (self.width() - GAP * (in_row - 1) as f32) / in_row as f32;
        let side = [photograph.width, photograph.height].map(|side| side.max(1) as f32);
        let scale = (wide / side[0]).min(PICTURES / side[1]);
        let size = side.map(|side| (side * scale).max(1.0));
        let (lang, t) = (self.report.lang, Texts(self.report.lang));
        let mut panes = vec![Pane {
            heading: [Report(lang).photograph().to_owned(), String::new()],
            picture: Arc::clone(photograph),
            of: None,
        }];
        for (of, geometry) in &shown {
            let heading = match shown.len() {
                1 => [t.saliency().to_owned(), String::new()],
                _ => short_name_and_mark(&of.case.card, t),
            };
            let picture = match (of.covered, of.map) {
                (Some(covered), _) => Arc::new(overlay::lay(photograph, covered, geometry)),
                (None, Some(map)) => {
                    Arc::new(overlay::blend(photograph, &map.grid, geometry, of.overlay))
                }
                (None, None) => Arc::clone(photograph),
            };
            panes.push(Pane {
                heading,
                picture,
                of: Some(*of),
            });
        }
        for row in panes.chunks(in_row) {
            let row = self.row(row, wide, size);
            self.make_room(row.height);
            let to = [self.left, self.y];
            for mark in row.marks {
                self.push(mark.moved(to));
            }
            self.y += row.height;
        }
    }

    /// A row of pictures `wide` apart, each `width` × `height` points, with their headings and colour scales.
    fn row(&self, panes: &[Pane], wide: f32, [width, height]: [f32; 2]) -> Block {
        let letters = Letters::new(BODY);
        // Headings stand directly above their pictures, however many lines the others have.
        let headings = panes.iter();
        let headings: Vec<Vec<String>> = headings
            .map(|pane| heading_lines(&letters, &pane.heading, wide))
            .collect();
        let most = headings.iter().map(Vec::len).max().unwrap_or_default();
        let top = most as f32 * letters.line_height() + 1.0;
        let mut bottom = top + height;
        let mut marks = Vec::new();
        for (i, (pane, heading)) in panes.iter().zip(&headings).enumerate() {
            let at = Rect {
                left: i as f32 * (wide + GAP),
                top,
                width,
                height,
            };
            for (up, text) in heading.iter().rev().enumerate() {
                let y = top - 1.0 - (up + 1) as f32 * letters.line_height();
                marks.push(line(text, [at.left, y], BODY, TEXT));
            }
            marks.push(Mark::Picture {
                at,
                pixels: Arc::clone(&pane.picture),
                sampling: Sampling::Smooth,
            });
            if let Some(column) = self.colour_scale(pane, &at, wide.min(width.max(120.0))) {
                bottom = bottom.max(column.bottom());
                marks.extend(column.into_marks());
            }
        }
        Block::new(bottom + GAP, marks)
    }

    /// The colour scale below a map at `at`.
    fn colour_scale(&self, pane: &Pane, at: &Rect, width: f32) -> Option<Column> {
        let (of, photograph) = (pane.of?, self.report.photograph?);
        let map = of.map.filter(|_| of.covered.is_none())?;
        let report = Report(self.report.lang);
        let words = report.map_scale(&of.case.card, map, of.overlay, of.outside)?;
        let mut column = Column::new([at.left, at.bottom() + 4.0], width, SMALL);
        let field = of.case.field_of_view.as_ref();
        column.map_bar(&MapBar {
            words,
            options: of.overlay,
            ground: overlay::mean_of_ground(photograph, field, of.overlay.ground),
            inks: Inks {
                text: TEXT,
                soft: SOFT,
                ..Ground::White.inks()
            },
        });
        Some(column)
    }

    /// A new page for what does not fit on this one.
    fn make_room(&mut self, height: f32) {
        if self.y + height > self.bottom && !self.is_at_top() {
            self.start_page();
        }
    }

    /// The title on the left, what it says on the right. The title is repeated behind a page break.
    fn section(&mut self, section: &Section) {
        let indent = points(TITLES);
        let width = self.width() - indent;
        let blocks = section.parts.iter().flat_map(|part| of_part(part, width));
        let mut blocks: Vec<Block> = blocks.collect();
        let title = self.section_title(section, false);
        let beside: f32 = blocks.iter().map(|block| block.height).sum();
        if beside < title.height {
            blocks.push(Block::new(title.height - beside, vec![]));
        }
        if beside <= WHOLE {
            let count = blocks.len();
            for block in blocks.iter_mut().take(count.saturating_sub(1)) {
                block.keeps_next = true;
            }
        }
        let mut begun = false;
        // Where the title of this page ends; it may be longer than what stands beside it.
        let mut below_title = self.y;
        let mut rest = blocks.into_iter().peekable();
        while rest.peek().is_some() {
            let mut group = Vec::new();
            for block in rest.by_ref() {
                let keeps_next = block.keeps_next;
                group.push(block);
                if !keeps_next {
                    break;
                }
            }
            let high: f32 = group.iter().map(|block| block.height).sum();
            let needed = match begun {
                true => high,
                false => high.max(title.height) + BETWEEN,
            };
            if self.y + needed > self.bottom && !self.is_at_top() {
                self.start_page();
                if begun {
                    below_title = self.put_title(&self.section_title(section, true));
                }
            }
            if !begun {
                self.rule();
                below_title = self.put_title(&title);
                begun = true;
            }
            for block in group {
                // What should stay together and is longer than a page is divided after all.
                if self.y + block.height > self.bottom && !self.is_at_top() {
                    self.start_page();
                    below_title = self.put_title(&self.section_title(section, true));
                }
                let to = [self.left + indent, self.y];
                for mark in block.marks {
                    self.push(mark.moved(to));
                }
                self.y += block.height;
            }
        }
        self.y = self.y.max(below_title) + BETWEEN;
    }

    fn is_at_top(&self) -> bool {
        self.y <= self.top
    }

    /// Above a section that does not begin its page.
    fn rule(&mut self) {
        if self.is_at_top() {
            return;
        }
        let (left, right, y) = (self.left, self.right, self.y);
        self.push(Mark::line([left, y], [right, y], 0.5, RULE));
        self.y += BETWEEN;
    }

    /// Where it ends.
    fn put_title(&mut self, title: &Block) -> f32 {
        let to = [self.left, self.y];
        for mark in &title.marks {
            self.push(mark.clone().moved(to));
        }
        self.y + title.height
    }

    fn section_title(&self, section: &Section, continued: bool) -> Block {
        let width = points(TITLES) - 8.0;
        let (body, small) = (Letters::new(BODY), Letters::new(SMALL));
        let mut marks = Vec::new();
        let mut y = 0.0;
        for text in body.wrap(&section.title, width) {
            marks.push(line(&text, [0.0, y], BODY, TEXT));
            y += body.line_height();
        }
        let continued = continued.then(|| Report(self.report.lang).continued());
        let more = section.model.as_deref().into_iter().chain(continued);
        for text in more.flat_map(|text| small.wrap(text, width)) {
            marks.push(line(&text, [0.0, y], SMALL, SOFT));
            y += small.line_height();
        }
        Block::new(y, marks)
    }
}

/// A heading of at most three lines: a long name is cut, and its mark stays.
fn heading_lines(letters: &Letters, [name, mark]: &[String; 2], wide: f32) -> Vec<String> {
    let whole = letters.wrap(&format!("{name}{mark}"), wide);
    if whole.len() <= HEADING {
        return whole;
    }
    let first = whole.iter().take(HEADING);
    // With the space at which each line was broken.
    let most: usize = first.map(|line| line.chars().count() + 1).sum();
    let mut cut = (0..=most).rev().map(|kept| {
        let start: String = name.chars().take(kept).collect();
        letters.wrap(&format!("{}…{mark}", start.trim_end()), wide)
    });
    cut.find(|lines| lines.len() <= HEADING).unwrap_or_default()
}
