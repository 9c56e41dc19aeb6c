//! A row of the list: thumbnail, name, eye, score and state.

use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Response, Role, Sense, StrokeKind, TextStyle, Ui,
    WidgetInfo, pos2, vec2,
};

use super::Thumbnails;
use super::{eye_mark, failure_words, notes_from_long_to_short, state_words};
use crate::app::State;
use crate::app::state::{Photograph, worst};
use crate::domain::Severity;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::textures::{Shared, texture_of};
use crate::ui::theme::{self, Palette};

pub fn row_ui(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    state: &State,
    photo: &Photograph,
    t: Texts,
) -> Response {
    let size = vec2(ui.available_width(), theme::ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let shown = state.selected == Some(photo.id);
    let marked = state.marked.contains(&photo.id);
    let name = state.shown_name(photo);
    let (note, is_problem) = state_words(state, photo, t);
    response.widget_info(|| {
        let sign = worst(photo).filter(|s| *s > Severity::Note);
        let sign = sign.map_or("", |s| t.severity(s));
        let label = [&*name, eye_mark(photo), &note, sign]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        WidgetInfo::selected(Role::Button, true, shown || marked, label)
    });
    let notes = notes_from_long_to_short(state, photo, t);
    let row = Row {
        name: &name,
        eye: eye_mark(photo),
        notes: &notes,
        is_problem,
        shown,
        marked,
    };
    row.paint(ui, thumbnails, photo, rect, &response);
    match failure_words(state, photo, t) {
        Some(why) => response.on_hover_text(why),
        None if name.contains('/') || name.len() > 22 => response.on_hover_text(name),
        None => response,
    }
}

struct Row<'a> {
    name: &'a str,
    eye: &'a str,
    /// The first that fits is shown: a number is never cut.
    notes: &'a [String],
    is_problem: bool,
    shown: bool,
    marked: bool,
}

impl Row<'_> {
    fn paint(
        &self,
        ui: &Ui,
        thumbnails: &mut Thumbnails,
        photo: &Photograph,
        rect: Rect,
        response: &Response,
    ) {
        let palette = Palette::of(ui.visuals());
        let painter = ui.painter_at(rect);
        let fill = match (self.shown || self.marked, response.hovered()) {
            (true, _) => palette.selected,
            (false, true) => palette.raised,
            (false, false) => Color32::TRANSPARENT,
        };
        painter.rect_filled(rect, theme::CORNER, fill);
        if self.shown {
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            painter.rect_filled(edge, 1, palette.bar_fill);
        }
        if response.has_focus() {
            let stroke = ui.visuals().widgets.active.bg_stroke;
            painter.rect_stroke(rect, theme::CORNER, stroke, StrokeKind::Inside);
        }
        let side = theme::THUMBNAIL_SIDE;
        let inset = (rect.height() - side) / 2.0;
        let frame = Rect::from_min_size(rect.min + vec2(7.0, inset), vec2(side, side));
        paint_thumbnail(ui, &painter, thumbnails, photo, frame);
        let left = frame.right() + 8.0;
        let right = rect.right() - 2.0;
        if let Some(severity) = worst(photo).filter(|s| *s > Severity::Note) {
            // In the picture's corner, where it takes no space from the text.
            let sign = theme::SIGN_SIDE - 4.0;
            let at = Rect::from_min_size(frame.right_bottom() - vec2(sign, sign), vec2(sign, sign));
            painter.rect_filled(at.expand(1.5), theme::CORNER, palette.panel);
            icons::paint_severity(
                &painter,
                at,
                severity,
                palette.severity(severity),
                palette.panel,
            );
        }
        self.paint_words(ui, &painter, (left, right), rect);
    }

    fn paint_words(&self, ui: &Ui, painter: &Painter, (left, right): (f32, f32), rect: Rect) {
        let palette = Palette::of(ui.visuals());
        let body = TextStyle::Body.resolve(ui.style());
        let small = TextStyle::Small.resolve(ui.style());
        let ink = if self.shown || self.marked {
            palette.on_selected
        } else {
            palette.text
        };
        let weak = if self.is_problem {
            palette.serious
        } else {
            palette.weak
        };
        let line = |text: &str, font: FontId, color: Color32, width: f32| {
            let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(width);
            painter.layout_job(job)
        };
        let name = line(self.name, body, ink, right - left);
        painter.galley(pos2(left, rect.center().y + 1.0 - name.size().y), name, ink);
        let mut x = left;
        let below = rect.center().y + 9.0;
        if !self.eye.is_empty() {
            let at = pos2(x, below);
            let drawn = painter.text(at, Align2::LEFT_CENTER, self.eye, small.clone(), ink);
            x = drawn.right() + 6.0;
        }
        let width = |text: &str| {
            let galley = painter.layout_no_wrap(text.to_owned(), small.clone(), weak);
            galley.size().x
        };
        let fits = self.notes.iter().find(|note| width(note) <= right - x);
        let note = fits.or(self.notes.last()).map_or("", String::as_str);
        let note = line(note, small.clone(), weak, right - x);
        painter.galley(pos2(x, below - note.size().y / 2.0), note, weak);
    }
}

/// Draws the thumbnail of a photograph, or a placeholder, into a square.
pub fn paint_thumbnail(
    ui: &Ui,
    painter: &Painter,
    thumbnails: &mut Thumbnails,
    photo: &Photograph,
    frame: Rect,
) {
    painter.rect_filled(frame, 3, theme::CANVAS);
    match photo.known.as_ref().and_then(|k| k.thumbnail.as_ref()) {
        Some(pixels) => {
            let texture = thumbnails.get(Shared::of(pixels), || {
                texture_of(ui.ctx(), "thumbnail", pixels)
            });
            let size = texture.size_vec2();
            let size = size * (frame.width() / size.max_elem().max(1.0));
            let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            let at = Rect::from_center_size(frame.center(), size);
            painter.image(texture.id(), at, uv, Color32::WHITE);
        }
        None => icons::paint_empty_thumbnail(painter, frame, Palette::of(ui.visuals())),
    }
}
