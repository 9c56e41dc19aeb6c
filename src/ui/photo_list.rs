//! The list of photographs on the left: thumbnail, name, eye, score and state.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{
    Align2, Button, Color32, ColorImage, Frame, Margin, Panel, Pos2, Rect, Response, Role,
    ScrollArea, Sense, StrokeKind, TextStyle, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2,
    vec2,
};

use super::asked::Asked;
use super::command::Command;
use super::rows::{Voice, wide_button_ui, words_ui};
use super::theme::{self, Palette};
use super::{facts, icons};
use crate::app::State;
use crate::app::action::{Action, Photographs};
use crate::app::state::{Opening, PhotoId, Photograph, RunEnd};
use crate::clinic::{Laterality, Pixels};
use crate::words::window::Texts;
use crate::workflow::Source;

/// Thumbnails on the graphics card, with the pixels they were made of.
#[derive(Default)]
pub struct Thumbnails {
    textures: HashMap<PhotoId, (Arc<Pixels>, TextureHandle)>,
}

pub fn list_ui(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    state: &State,
    t: Texts,
    asked: &mut Asked,
) {
    ui.horizontal(|ui| {
        ui.heading(t.photographs());
        ui.weak(t.count(state.photographs.len()));
    });
    let open = Button::new(Command::Open.text(t));
    if wide_button_ui(
        ui,
        Command::Open.is_enabled(state),
        open,
        theme::CONTROL_HEIGHT,
    )
    .on_hover_text(Command::Open.tip(t))
    .clicked()
    {
        asked.command(Command::Open);
    }
    ui.add_space(theme::GAP);
    if let Some(opened) = state.selected().and_then(Photograph::opened) {
        Panel::bottom("facts")
            .show_separator_line(true)
            .frame(Frame::new().inner_margin(Margin::symmetric(0, 8)))
            .show(ui, |ui| facts::facts_ui(ui, &opened.image, t));
    }
    thumbnails
        .textures
        .retain(|id, _| state.photograph(*id).is_some());
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for photo in &state.photographs {
                let response = row_ui(ui, thumbnails, state, photo, t);
                if response.clicked() {
                    asked.action(Action::Photographs(Photographs::Select(photo.id)));
                }
                response.context_menu(|ui| {
                    if ui.button(t.close_photograph()).clicked() {
                        asked.action(Action::Photographs(Photographs::Remove(photo.id)));
                        ui.close();
                    }
                });
            }
            ui.add_space(theme::GAP);
            words_ui(ui, t.drop_hint(), Voice::Small);
        });
}

/// The name to show: the sample is called so, files by their own names.
pub fn shown_name(photo: &Photograph, t: Texts) -> &str {
    match photo.source {
        Source::Sample => t.sample_eye(),
        Source::File(_) => &photo.name,
    }
}

fn row_ui(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    state: &State,
    photo: &Photograph,
    t: Texts,
) -> Response {
    let height = theme::THUMBNAIL_SIDE + 12.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let selected = state.selected == Some(photo.id);
    let name = shown_name(photo, t);
    let (note, is_problem) = state_of(state, photo, t);
    let eye = eye_mark(photo);
    response.widget_info(|| {
        let label = [name, eye, &note]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        WidgetInfo::selected(Role::Button, true, selected, label)
    });
    if ui.is_rect_visible(rect) {
        paint_row(
            ui,
            thumbnails,
            photo,
            rect,
            &response,
            selected,
            (name, eye, &note, is_problem),
        );
    }
    response
}

/// What the second line says, and whether it is a problem.
fn state_of(state: &State, photo: &Photograph, t: Texts) -> (String, bool) {
    if state.running.as_ref().is_some_and(|r| r.photo == photo.id) {
        return (t.running().to_owned(), false);
    }
    match (&photo.opening, &photo.run_end) {
        (Opening::Failed(_), _) => return (t.could_not_open().to_owned(), true),
        (_, Some(RunEnd::Failed(_))) => return (t.result_failed().to_owned(), true),
        (Opening::Pending, _) if photo.thumbnail.is_none() => {
            return (t.opening().to_owned(), false);
        }
        _ => {}
    }
    let answer = state.model().and_then(|m| photo.answers.get(&m.id));
    match answer.map(|a| (a.case.score, a.case.value)) {
        Some((Some(score), _)) => (t.score_name(score), false),
        Some((None, Some(years))) => (format!("{years:.1} {}", t.years()), false),
        _ => (t.not_run().to_owned(), false),
    }
}

fn eye_mark(photo: &Photograph) -> &'static str {
    let eye = photo
        .opened()
        .map(|o| o.image.eye)
        .or_else(|| photo.answers.values().next().map(|a| a.case.eye));
    match eye {
        Some(Laterality::Od) => "OD",
        Some(Laterality::Os) => "OS",
        Some(Laterality::Unknown) | None => "",
    }
}

fn paint_row(
    ui: &Ui,
    thumbnails: &mut Thumbnails,
    photo: &Photograph,
    rect: Rect,
    response: &Response,
    selected: bool,
    (name, eye, note, is_problem): (&str, &str, &str, bool),
) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(rect);
    let fill = match (selected, response.hovered()) {
        (true, _) => palette.selected,
        (false, true) => palette.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    painter.rect_filled(rect, theme::CORNER, fill);
    if response.has_focus() {
        let stroke = ui.visuals().widgets.active.bg_stroke;
        painter.rect_stroke(rect, theme::CORNER, stroke, StrokeKind::Inside);
    }
    let side = theme::THUMBNAIL_SIDE;
    let frame = Rect::from_min_size(rect.min + vec2(6.0, 6.0), vec2(side, side));
    painter.rect_filled(frame, 3, theme::CANVAS);
    match &photo.thumbnail {
        Some(pixels) => {
            let texture = thumbnails.texture(ui, photo.id, pixels);
            let size = texture.size_vec2();
            let size = size * (side / size.max_elem().max(1.0));
            let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(
                texture.id(),
                Rect::from_center_size(frame.center(), size),
                uv,
                Color32::WHITE,
            );
        }
        None => icons::paint_empty_thumbnail(&painter, frame, palette),
    }
    let left = frame.right() + 10.0;
    let width = rect.right() - 8.0 - left;
    let body = TextStyle::Body.resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    let ink = if selected {
        palette.on_selected
    } else {
        palette.text
    };
    let weak = if is_problem {
        palette.serious
    } else {
        palette.weak
    };
    let line = |text: &str, font: egui::FontId, color: Color32, width: f32| {
        let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(width);
        painter.layout_job(job)
    };
    let name = line(name, body, ink, width);
    painter.galley(pos2(left, rect.center().y - 3.0 - name.size().y), name, ink);
    let mut x = left;
    if !eye.is_empty() {
        let drawn = painter.text(
            pos2(x, rect.center().y + 11.0),
            Align2::LEFT_CENTER,
            eye,
            small.clone(),
            ink,
        );
        x = drawn.right() + 8.0;
    }
    let note = line(note, small, weak, rect.right() - 8.0 - x);
    painter.galley(
        pos2(x, rect.center().y + 11.0 - note.size().y / 2.0),
        note,
        weak,
    );
}

impl Thumbnails {
    fn texture(&mut self, ui: &Ui, id: PhotoId, pixels: &Arc<Pixels>) -> &TextureHandle {
        if self
            .textures
            .get(&id)
            .is_none_or(|(of, _)| !Arc::ptr_eq(of, pixels))
        {
            let image =
                ColorImage::from_rgb([pixels.width as usize, pixels.height as usize], &pixels.rgb);
            let texture = ui
                .ctx()
                .load_texture("thumbnail", image, TextureOptions::LINEAR);
            self.textures.insert(id, (Arc::clone(pixels), texture));
        }
        &self.textures[&id].1
    }
}
