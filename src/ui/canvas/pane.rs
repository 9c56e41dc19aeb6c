//! One pane: a photograph, optionally a map over it, and the texts in its corners.

use std::sync::Arc;

use egui::{Align, Color32, Painter, Rect, Stroke, Vec2, pos2, vec2};

use super::camera::{Camera, Placed};
use super::legend::Legend;
use super::overlay::{Overlays, drawn};
use super::tiles::Tiles;
use crate::app::State;
use crate::app::state::{Display, Opened, Opening, Photograph};
use crate::domain::Laterality;
use crate::imaging::overlay::{Ground, OverlayOptions, mean_of_ground};
use crate::saliency::beyond_photograph;
use crate::text::report::Report;
use crate::text::window::Texts;
use crate::ui::theme;
use crate::workflow::Answer;

/// What a pane shows.
pub struct Pane<'a> {
    pub photo: &'a Photograph,
    /// The answer whose map is drawn over the photograph.
    pub answer: Option<&'a Arc<Answer>>,
    /// The model that the pane belongs to.
    pub model: Option<&'a str>,
    /// Covered parts are shown and painted in this pane.
    pub covers: bool,
    /// The pane's title if there are several panes; empty for a single one.
    pub title: String,
}

impl Pane<'_> {
    /// The placement of its photograph; `None` while there are no pixels.
    pub fn placed(&self, view: Rect, camera: &Camera) -> Option<Placed> {
        let pixels = &self.photo.opened()?.image.pixels;
        let size = vec2(pixels.width as f32, pixels.height as f32);
        Some(camera.placed_in(view, size, self.room(size)))
    }

    /// The size about the photograph's centre that holds every map, also one that reaches beyond the photograph, whether
    /// it is shown or not: the photograph keeps its place when maps are switched.
    fn room(&self, size: Vec2) -> Vec2 {
        let maps = self.photo.maps.values();
        maps.fold(size, |room, answer| {
            let area = answer.geometry.crop_in_image();
            let half = |low: f64, high: f64, length: f32| {
                let centre = f64::from(length) / 2.0;
                (centre - low).max(high - centre) as f32
            };
            room.max(vec2(
                2.0 * half(area.left, area.right, size.x),
                2.0 * half(area.top, area.bottom, size.y),
            ))
        })
    }

    /// Paints the photograph and all overlays.
    pub fn paint(
        &self,
        painter: &Painter,
        view: Rect,
        placed: Option<&Placed>,
        (tiles, overlays): (&mut Tiles, &mut Overlays),
        state: &State,
        t: Texts,
    ) {
        let (Some(placed), Some(opened)) = (placed, self.photo.opened()) else {
            say_state(painter, view, self.photo, state, t);
            self.paint_corners(painter, view, state, t);
            return;
        };
        let options = state.overlay_on(self.photo);
        let drawn = self.answer.and_then(drawn);
        let display = self.display(state, &options);
        tiles.paint(painter, placed, opened, display);
        if let Some(drawn) = drawn {
            overlays.paint(painter, placed, drawn, &options, state.settings.grid_shown);
        }
        if state.settings.field_outline_shown {
            paint_field(painter, placed, opened);
        }
        self.paint_corners(painter, view, state, t);
    }

    /// How the photograph is displayed: beneath a map on its ground.
    fn display(&self, state: &State, options: &OverlayOptions) -> Display {
        let red_free = match self.answer.and_then(drawn) {
            Some(_) => options.ground == Ground::RedFree,
            None => state.display.red_free,
        };
        Display {
            red_free,
            ..state.display
        }
    }

    /// The colour scale of its map; `None` without a map, or if the map is empty.
    pub fn legend(&self, state: &State, t: Texts) -> Option<Legend> {
        let (drawn, opened) = (self.answer.and_then(drawn)?, self.photo.opened()?);
        let options = state.overlay_on(self.photo);
        let (card, outside) = (&drawn.answer.case.card, outside_of(drawn.answer));
        let words = Report(t.0).map_scale(card, drawn.map, &options, outside)?;
        let image = &opened.image;
        let mean = mean_of_ground(&image.pixels, image.field_of_view.as_ref(), options.ground);
        let shown = state.display.table();
        Some(Legend {
            words,
            options,
            ground: mean.map(|v| shown[usize::from(v)]),
        })
    }

    /// The text in the corner, for screen readers.
    pub fn words(&self, state: &State, t: Texts) -> String {
        let headline = self.headline(state, t);
        let aside = self.aside(state, t);
        let lines = headline.into_iter().chain(aside.lines().map(str::to_owned));
        let lines: Vec<String> = lines.collect();
        lines.join("   ")
    }

    /// The score of the covered photograph, while parts are covered.
    fn headline(&self, state: &State, t: Texts) -> Option<String> {
        let brush = state.brush_on(self.photo.id).filter(|_| self.covers)?;
        super::brush::headline(brush, self.model, t)
    }

    /// The eye in standard notation, the title, and notes about the map; on a line of its own what is covered.
    fn aside(&self, state: &State, t: Texts) -> String {
        let mut words = Vec::new();
        match self.photo.eye() {
            Laterality::Unknown => {}
            eye => words.push(t.laterality(eye)),
        }
        if !self.title.is_empty() {
            words.push(&self.title);
        }
        match self.answer.map(|a| (&a.map, &a.made)) {
            Some((None, _)) => words.push(t.map_not_made()),
            Some((Some(_), None)) => words.push(t.map_unfinished()),
            _ => {}
        }
        match self.photo.opening {
            Opening::Failed(_) => words.push(t.could_not_open()),
            Opening::Closed | Opening::Pending => words.push(t.opening()),
            Opening::Ready(_) => {}
        }
        let brush = state.brush_on(self.photo.id).filter(|_| self.covers);
        let covered = brush.map(|b| super::brush::mark(b, self.model, t));
        let lines = [words.join("   "), covered.unwrap_or_default()];
        let lines = lines.iter().filter(|line| !line.is_empty());
        lines.map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// The pane's description on the left; display adjustments on the right.
    fn paint_corners(&self, painter: &Painter, view: Rect, state: &State, t: Texts) {
        let width = (view.width() - 28.0).max(40.0);
        if self.photo.opened().is_some() {
            let mut top = view.top() + 12.0;
            if let Some(headline) = self.headline(state, t) {
                top = corner(painter, view, (Align::Min, top), (&headline, 17.0), width) + 10.0;
            }
            let aside = self.aside(state, t);
            corner(painter, view, (Align::Min, top), (&aside, 13.0), width);
        }
        if !state.display.is_plain() && view.width() > 360.0 {
            let at = (Align::Max, view.top() + 12.0);
            corner(painter, view, at, (t.display_on(), 13.0), width / 2.0);
        }
    }
}

/// The share of an answer's evidence outside the photograph.
fn outside_of(answer: &Answer) -> f64 {
    let map = answer.map.as_ref();
    map.map_or(0.0, |map| beyond_photograph(&map.grid, &answer.geometry))
}

/// Line spacing in a corner, as a multiple of the font size.
const CORNER_LINE: f32 = 1.25;

/// Paints lines of text in a corner; returns their bottom.
fn corner(
    painter: &Painter,
    view: Rect,
    (side, top): (Align, f32),
    (text, size): (&str, f32),
    width: f32,
) -> f32 {
    if text.is_empty() {
        return top;
    }
    let font = egui::FontId::proportional(size);
    let mut job = egui::text::LayoutJob::simple(text.to_owned(), font, theme::ON_CANVAS, width);
    job.wrap.max_rows = 4;
    let mut galley = painter.layout_job(job.clone());
    if galley.rows.len() > 1 {
        for section in &mut job.sections {
            section.format.line_height = Some(size * CORNER_LINE);
        }
        galley = painter.layout_job(job);
    }
    let left = match side {
        Align::Max => view.right() - 14.0 - galley.size().x,
        _ => view.left() + 14.0,
    };
    let at = pos2(left, top);
    let place = Rect::from_min_size(at, galley.size());
    let backing = place.expand2(vec2(7.0, 4.0));
    painter.rect_filled(backing, theme::CORNER, theme::CANVAS_SHADE);
    painter.galley(at, galley, theme::ON_CANVAS);
    place.bottom()
}

fn paint_field(painter: &Painter, placed: &Placed, opened: &Opened) {
    let Some(field) = opened.image.field_of_view else {
        return;
    };
    let cut = placed.rect_ui_from_image(placed.whole_in_image());
    let painter = painter.with_clip_rect(cut.intersect(painter.clip_rect()));
    let centre = placed.ui_from_image(pos2(field.centre_x as f32, field.centre_y as f32));
    let radius = field.radius as f32 * placed.scale();
    let lines = [
        Stroke::new(theme::LINE_WIDTH + 1.5, theme::LINE_BACKING),
        Stroke::new(theme::LINE_WIDTH, theme::FIELD_OUTLINE),
    ];
    for stroke in lines {
        painter.circle_stroke(centre, radius, stroke);
    }
}

fn say_state(painter: &Painter, view: Rect, photo: &Photograph, state: &State, t: Texts) {
    match &photo.opening {
        Opening::Failed(failure) => {
            let why = state.shown_sentence(photo, &failure.message(t.0));
            let detail = format!("{why}\n{}", failure.hint(t.0));
            say(
                painter,
                view,
                &t.open_failed(&state.shown_name(photo)),
                &detail,
            );
        }
        Opening::Pending | Opening::Closed | Opening::Ready(_) => {
            say(painter, view, t.opening(), "")
        }
    }
}

/// A heading and a weaker paragraph in the middle of a view.
pub fn say(painter: &Painter, view: Rect, heading: &str, detail: &str) {
    let width = (view.width() - 64.0).clamp(80.0, 620.0);
    let lay = |text: &str, size: f32, color: Color32| {
        let mut job = egui::text::LayoutJob::simple(
            text.to_owned(),
            egui::FontId::proportional(size),
            color,
            width,
        );
        job.halign = Align::Center;
        for section in &mut job.sections {
            section.format.line_height = Some(size * theme::LINE_HEIGHT);
        }
        painter.layout_job(job)
    };
    let heading = lay(heading, 17.0, theme::ON_CANVAS);
    let detail = lay(detail, 13.5, theme::ON_CANVAS_WEAK);
    let top = view.center().y - (heading.size().y + 10.0 + detail.size().y) / 2.0;
    let below = top + heading.size().y + 10.0;
    painter.galley(pos2(view.center().x, top), heading, theme::ON_CANVAS);
    painter.galley(pos2(view.center().x, below), detail, theme::ON_CANVAS_WEAK);
}

/// The views of `count` panes side by side.
pub fn split(view: Rect, count: usize) -> Vec<Rect> {
    let count = count.max(1);
    let width = (view.width() - theme::PANE_GAP * (count - 1) as f32) / count as f32;
    let at = |i: usize| view.left() + i as f32 * (width + theme::PANE_GAP);
    (0..count)
        .map(|i| Rect::from_min_size(pos2(at(i), view.top()), Vec2::new(width, view.height())))
        .collect()
}
