//! Pictures for a paper, a slide or a record: the overlay with a caption, and photograph and overlays side by side.
//!
//! A caption is placed below the photograph, never over the retina, and always carries the research-only line.

mod caption;
mod options;

use std::sync::Arc;

use super::page::{
    Column, Ground, Letters, MapBar, Mark, Page, Rect, Sampling, png as page_png, points,
};
use crate::domain::{MarkSource, Pixels};
use crate::imaging::Geometry;
use crate::imaging::overlay;
use crate::imaging::retina::anatomy::pixels_per_millimetre;
use crate::text::Lang;
use crate::text::report::Report;

pub use caption::{
    Captioned, DEFAULT_TEMPLATE, Placeholder, Remarks, Template, UnknownPlaceholder, model_name,
};
use caption::{Paragraph, caption};
pub use options::{
    Error, FigureFormat, FigureOptions, FigureRequest, LONGEST_CAPTION, NARROWEST_MM,
    ONE_COLUMN_MM, Panels, TWO_COLUMNS_MM, WIDEST_MM, dpi_for,
};

/// Letters of a figure and of its headings, in points: none is smaller than 6.
const SIZE: f32 = 7.0;
const HEADING: f32 = 1.2;
/// Around the figure and between its panels.
const MARGIN: f32 = 6.0;
const GAP: f32 = 8.0;
/// The narrowest panel beside another; narrower ones go below each other.
const NARROWEST_PANEL: f32 = 100.0;
/// The highest panel, in mm: a page of a journal holds it with its caption.
const HIGHEST_PANEL_MM: f32 = 150.0;
/// The longest scale bar, as a share of the panel's width.
const LONGEST_BAR: f32 = 0.35;

/// One answer, with the crop used for the model.
pub type Answered<'a> = (Captioned<'a>, &'a Geometry);

/// What a figure shows.
pub struct Subject<'a> {
    pub photograph: &'a Pixels,
    /// All about this photograph; the name is taken from the first.
    pub answers: &'a [Answered<'a>],
    /// About all maps.
    pub remark: Option<String>,
    /// Models that gave no answer, each with the reason.
    pub failed: &'a [String],
    pub lang: Lang,
}

/// A panel before it has a place.
struct Panel<'a> {
    heading: String,
    picture: Arc<Pixels>,
    bar: Option<MapBar<'a>>,
}

/// Lengths that all panels of a figure share, in points.
struct Sizes {
    column: f32,
    /// Width and height of a picture.
    pane: [f32; 2],
    beside: usize,
}

/// The bar that states the scale, as long as a round number of millimetres.
#[derive(Clone, Copy)]
struct ScaleBar {
    length: f32,
    millimetres: f32,
    source: MarkSource,
}

/// Photograph and overlays beside each other, each with a heading above and its colour scale below, and a caption below all
/// of them.
///
/// # Errors
/// The user's template names something unknown.
pub fn figure(of: &Subject, options: &FigureOptions) -> Result<Page, UnknownPlaceholder> {
    let template = options.template()?;
    let width = points(options.printed_width());
    let inner = width - 2.0 * MARGIN;
    let mut page = Page::new([width, 0.0], options.ground, of.lang);
    let panels = panels(of, options);
    let sizes = Sizes::of(panels.len(), inner, of.photograph);
    let bar = scale_bar(of, sizes.pane[0]).filter(|_| options.scale_bar);
    let lettered = options.letters && panels.len() > 1;
    let mut y = MARGIN;
    for (row, some) in panels.chunks(sizes.beside).enumerate() {
        if row > 0 {
            y += GAP;
        }
        let first = row * sizes.beside;
        let names: Vec<Option<String>> = (first..first + some.len())
            .map(|i| lettered.then(|| letter(i)))
            .collect();
        let bar = bar.filter(|_| row == 0);
        y = put_row(&mut page, some, &names, &sizes, bar, y);
    }
    let shows_maps = options.panels != Panels::Photograph;
    let answers: Vec<Captioned> = of
        .answers
        .iter()
        .map(|(of, _)| if shows_maps { *of } else { without_map(of) })
        .collect();
    let named: Vec<String> = match lettered && shows_maps {
        true => (panels.len() - answers.len()..panels.len())
            .map(letter)
            .collect(),
        false => Vec::new(),
    };
    let about_bar = bar.map(|bar| Report(of.lang).scale_bar(bar.millimetres, bar.source));
    let about_maps = of.remark.clone().filter(|_| shows_maps);
    let notes: Vec<String> = about_maps.into_iter().chain(about_bar).collect();
    let remarks = Remarks {
        notes: &notes,
        failed: of.failed,
    };
    let paragraphs = caption(&answers, &named, &template, remarks, of.lang);
    let mut column = Column::new([MARGIN, y + 0.7 * GAP], inner, SIZE);
    put_caption(&mut column, &paragraphs, options.ground);
    page.height = column.bottom() + MARGIN;
    page.marks.extend(column.into_marks());
    Ok(page)
}

/// What speaks for or against a map does not belong to a figure without maps.
fn without_map<'a>(of: &Captioned<'a>) -> Captioned<'a> {
    Captioned {
        map: None,
        covered: None,
        sanity_checks: None,
        ..*of
    }
}

/// A, B, … Z, AA, AB, …
fn letter(i: usize) -> String {
    let last = char::from(b'A' + (i % 26) as u8);
    match i / 26 {
        0 => last.to_string(),
        more => letter(more - 1) + &last.to_string(),
    }
}

fn panels<'a>(of: &'a Subject<'a>, options: &FigureOptions) -> Vec<Panel<'a>> {
    let mut panels = Vec::new();
    if options.panels != Panels::Overlays || of.answers.is_empty() {
        panels.push(Panel {
            heading: Report(of.lang).photograph().to_owned(),
            picture: Arc::new(of.photograph.clone()),
            bar: None,
        });
    }
    if options.panels == Panels::Photograph {
        return panels;
    }
    for (answer, geometry) in of.answers {
        panels.push(Panel {
            heading: answer.model(),
            picture: Arc::new(answer.laid_over(of.photograph, geometry)),
            bar: answer.map_bar(of.photograph, options.ground),
        });
    }
    panels
}

impl Sizes {
    /// As many panels beside each other as have room.
    fn of(panels: usize, inner: f32, photograph: &Pixels) -> Self {
        let column = |n: usize| (inner - GAP * (n as f32 - 1.0)) / n as f32;
        let beside = (2..=panels)
            .rev()
            .find(|n| column(*n) >= NARROWEST_PANEL)
            .unwrap_or(1);
        let column = column(beside);
        let [width, height] = [photograph.width, photograph.height].map(|v| v.max(1) as f32);
        let high = (column * height / width).min(points(HIGHEST_PANEL_MM));
        let wide = (high * width / height).min(column);
        Self {
            column,
            pane: [wide.max(1.0), high.max(1.0)],
            beside,
        }
    }
}

/// The longest round length that is short enough, if disc and fovea are known.
fn scale_bar(of: &Subject, pane: f32) -> Option<ScaleBar> {
    let regions = of.answers.first()?.0.case.regions.as_ref()?;
    let per_millimetre = pixels_per_millimetre(&regions.landmarks?) as f32 * pane
        / of.photograph.width.max(1) as f32;
    let millimetres = [5.0, 2.0, 1.0, 0.5];
    let fits = |mm: &f32| (3.0..LONGEST_BAR * pane).contains(&(mm * per_millimetre));
    let millimetres = millimetres.into_iter().find(fits)?;
    Some(ScaleBar {
        length: millimetres * per_millimetre,
        millimetres,
        source: regions.source,
    })
}

/// Puts panels beside each other with their headings and colour scales; returns where the row ends.
fn put_row(
    page: &mut Page,
    panels: &[Panel],
    letters: &[Option<String>],
    sizes: &Sizes,
    bar: Option<ScaleBar>,
    top: f32,
) -> f32 {
    let inks = page.ground.inks();
    let left = |i: usize| MARGIN + i as f32 * (sizes.column + GAP);
    let headings: Vec<Column> = panels
        .iter()
        .zip(letters)
        .enumerate()
        .map(|(i, (panel, letter))| {
            let mut column = Column::new([left(i), top], sizes.column, SIZE);
            let letter = letter.as_deref().unwrap_or_default();
            column.labelled(letter, &panel.heading, HEADING, inks.text);
            column
        })
        .collect();
    let lowest = headings.iter().map(Column::bottom).fold(top, f32::max);
    for heading in headings {
        // Headings stand directly above their panels, however many lines the others have.
        let down = lowest - heading.bottom();
        let marks = heading.into_marks().into_iter();
        page.marks.extend(marks.map(|mark| mark.moved([0.0, down])));
    }
    let [width, height] = sizes.pane;
    let top = lowest + 0.25 * SIZE;
    let mut end = top + height;
    for (i, panel) in panels.iter().enumerate() {
        let at = Rect {
            left: left(i),
            top,
            width,
            height,
        };
        page.picture(at, panel.picture.clone(), Sampling::Smooth);
        let mut below = Column::new([left(i), at.bottom() + 0.5 * SIZE], sizes.column, SIZE);
        if let (0, Some(bar)) = (i, bar) {
            put_scale_bar(&mut below, bar, at.width, page.ground);
        }
        if let Some(bar) = &panel.bar {
            below.map_bar(bar);
        }
        end = end.max(below.bottom());
        page.marks.extend(below.into_marks());
    }
    end
}

/// The bar at the right end of the picture with its length before it.
fn put_scale_bar(column: &mut Column, bar: ScaleBar, width: f32, ground: Ground) {
    let ink = ground.inks().text;
    let letters = Letters::new(column.size());
    let label = format!("{} mm", bar.millimetres);
    let x = column.left() + width;
    let y = column.bottom() + letters.line_height() / 2.0;
    column.push(Mark::line([x - bar.length, y], [x, y], 1.2, ink));
    let from = width - bar.length - letters.width(&label) - 0.5 * letters.size();
    column.line(&label, from.max(0.0), &letters, ink);
    column.next_line(letters.line_height());
}

fn put_caption(column: &mut Column, paragraphs: &[Paragraph], ground: Ground) {
    let inks = ground.inks();
    for paragraph in paragraphs {
        column.text(&paragraph.text, 1.0, paragraph.role.ink(&inks));
        column.gap(0.15);
    }
}

impl<'a> Captioned<'a> {
    /// The colour scale of the map that is shown.
    fn map_bar(&self, photograph: &Pixels, ground: Ground) -> Option<MapBar<'a>> {
        let field = self.case.field_of_view.as_ref();
        Some(MapBar {
            words: self.scale()?,
            options: self.overlay,
            ground: overlay::mean_of_ground(photograph, field, self.overlay.ground),
            inks: ground.inks(),
        })
    }

    fn laid_over(&self, photograph: &Pixels, geometry: &Geometry) -> Pixels {
        match (self.covered, self.map) {
            (Some(covered), _) => overlay::lay(photograph, covered, geometry),
            (None, Some(map)) => overlay::blend(photograph, &map.grid, geometry, self.overlay),
            (None, None) => photograph.clone(),
        }
    }
}

/// Smallest letters and narrowest page of an overlay with a caption, in its pixels.
const SMALLEST_EM: f32 = 11.0;
const NARROWEST: u32 = 300;

/// The overlay at full size, as written by the command line; the photograph itself if there is no map. With a caption a
/// band below holds its lines and the colour scale, and a picture narrower than 300 px is centred in a band of that
/// width; only a page with more pixels than can be written is drawn smaller.
pub fn overlay_picture(
    photograph: &Pixels,
    geometry: &Geometry,
    of: &Captioned,
    template: Option<&Template>,
) -> Pixels {
    let picture = of.laid_over(photograph, geometry);
    let Some(template) = template else {
        return picture;
    };
    let width = picture.width.max(NARROWEST);
    let em = (width as f32 / 62.0).max(SMALLEST_EM);
    // A page on which a pixel of the photograph is a pixel of the picture.
    let pixel = SIZE / em;
    let ground = Ground::Black;
    let mut page = Page::new([width as f32 * pixel, 0.0], ground, of.lang);
    let at = Rect {
        left: ((width - picture.width) / 2) as f32 * pixel,
        top: 0.0,
        width: picture.width as f32 * pixel,
        height: picture.height as f32 * pixel,
    };
    page.picture(at, Arc::new(picture), Sampling::Smooth);
    let inner = page.width - 2.0 * SIZE;
    let mut column = Column::new([SIZE, at.bottom() + 0.8 * SIZE], inner, SIZE);
    if let Some(bar) = of.map_bar(photograph, ground) {
        column.map_bar(&bar);
        column.gap(0.5);
    }
    let paragraphs = caption(&[*of], &[], template, Remarks::default(), of.lang);
    put_caption(&mut column, &paragraphs, ground);
    page.height = column.bottom() + 0.8 * SIZE;
    page.marks.extend(column.into_marks());
    page_png::paint(&page, (72.0 / pixel).min(page_png::most_dpi(&page)))
}

#[cfg(test)]
mod tests;
