//! The canvas in the middle: the photograph on black, the map over it, the field's outline, and a line of figures.

use std::sync::Arc;

use egui::{
    Align, Align2, Button, CentralPanel, Color32, Frame, Layout, Margin, Painter, Panel, Pos2,
    Rect, Response, RichText, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::asked::Asked;
use super::camera::Camera;
use super::command::Command;
use super::messages::sentence;
use super::overlay::OverlayTexture;
use super::photo_list::shown_name;
use super::theme::{self, Palette};
use super::tiles::Tiles;
use crate::app::State;
use crate::app::state::{Opened, Opening, Photograph};
use crate::clinic::Laterality;
use crate::words::window::Texts;

/// What only the canvas knows.
#[derive(Default)]
pub struct Canvas {
    pub camera: Camera,
    tiles: Tiles,
    overlay: OverlayTexture,
    /// Size of the photograph and of the view in the last frame, for commands that zoom.
    last: Option<(Rect, Vec2)>,
}

impl Canvas {
    /// Zooms about the middle of the view.
    pub fn zoom_by(&mut self, factor: f32) {
        if let Some((view, image)) = self.last {
            self.camera.zoom_about(view, image, view.center(), factor);
        }
    }

    /// Shows one pixel of the photograph on one pixel of the screen.
    pub fn show_actual_size(&mut self, pixels_per_point: f32) {
        if let Some((view, image)) = self.last {
            self.camera
                .scale_about(view, image, view.center(), 1.0 / pixels_per_point);
        }
    }

    pub fn canvas_ui(&mut self, ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) {
        let bar = |ui: &Ui| {
            Frame::new()
                .fill(Palette::of(ui.visuals()).panel)
                .inner_margin(Margin::symmetric(8, 4))
        };
        Panel::top("canvas tools")
            .frame(bar(ui))
            .show(ui, |ui| tools_ui(ui, state, t, asked));
        let hovered = Panel::bottom("canvas figures")
            .frame(bar(ui))
            .exact_size(theme::CONTROL_HEIGHT + 4.0)
            .show(ui, |ui| ui.available_rect_before_wrap())
            .inner;
        let mut pointer_in_image = None;
        CentralPanel::no_frame()
            .frame(Frame::new().fill(theme::CANVAS))
            .show(ui, |ui| {
                pointer_in_image = self.view_ui(ui, state, t, asked);
            });
        self.figures_ui(ui, hovered, state, t, pointer_in_image);
    }

    fn view_ui(&mut self, ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) -> Option<Pos2> {
        let (view, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, t.image_view()));
        let painter = ui.painter_at(view);
        let Some(photo) = state.selected() else {
            self.last = None;
            say(&painter, view, t.nothing_selected(), t.first_steps());
            return None;
        };
        let Some(opened) = photo.opened() else {
            self.last = None;
            say_state(&painter, view, photo, t);
            return None;
        };
        let pixels = &opened.image.pixels;
        let size = vec2(pixels.width as f32, pixels.height as f32);
        self.last = Some((view, size));
        self.camera.settle(view, size);
        self.steer(ui, &response, view, size, asked);
        self.camera.settle(view, size);
        self.tiles.paint(&painter, view, &self.camera, opened);
        let whole = Rect::from_min_size(Pos2::ZERO, size);
        if let Some(answer) = state.answer().filter(|_| state.settings.overlay_shown) {
            self.overlay.paint(
                &painter,
                view,
                &self.camera,
                whole,
                answer,
                &state.settings.overlay,
            );
        }
        if state.settings.field_outline_shown {
            let cut = self.camera.rect_ui_from_image(view, whole).intersect(view);
            self.paint_field(&painter.with_clip_rect(cut), view, opened);
        }
        paint_eye(&painter, view, opened, t);
        response
            .hover_pos()
            .map(|p| self.camera.image_from_ui(view, p))
            .filter(|p| whole.contains(*p) && p.x < size.x && p.y < size.y)
    }

    /// Wheel and pinch zoom at the pointer, dragging moves, a double click fits.
    fn steer(&mut self, ui: &Ui, response: &Response, view: Rect, image: Vec2, asked: &mut Asked) {
        if response.dragged() {
            self.camera.pan(response.drag_delta());
        }
        if let Some(pointer) = response.hover_pos() {
            let factor = ui.input(|i| i.zoom_delta() * (i.smooth_scroll_delta().y / 200.0).exp());
            if (factor - 1.0).abs() > f32::EPSILON {
                self.camera.zoom_about(view, image, pointer, factor);
            }
        }
        if response.double_clicked() {
            asked.command(Command::Fit);
        }
    }

    fn paint_field(&self, painter: &Painter, view: Rect, opened: &Opened) {
        let Some(field) = opened.image.field_of_view else {
            return;
        };
        let centre = self
            .camera
            .ui_from_image(view, pos2(field.centre_x as f32, field.centre_y as f32));
        let radius = field.radius as f32 * self.camera.scale();
        painter.circle_stroke(
            centre,
            radius,
            Stroke::new(theme::LINE_WIDTH + 1.5, Color32::from_black_alpha(140)),
        );
        painter.circle_stroke(
            centre,
            radius,
            Stroke::new(theme::LINE_WIDTH, theme::FIELD_OUTLINE),
        );
    }

    /// The line beneath: size, zoom, and what lies under the pointer, each at its own fixed place.
    fn figures_ui(&self, ui: &mut Ui, bar: Rect, state: &State, t: Texts, pointer: Option<Pos2>) {
        let Some(opened) = state.selected().and_then(Photograph::opened) else {
            return;
        };
        let pixels = &opened.image.pixels;
        let percent = self.camera.scale() * ui.ctx().pixels_per_point() * 100.0;
        let mut figures = vec![
            (150.0, format!("{} × {} px", pixels.width, pixels.height)),
            (110.0, format!("{} {percent:.0} %", t.zoom())),
        ];
        if let Some(p) = pointer {
            let [r, g, b] = pixels.at(p.x as u32, p.y as u32);
            figures.push((
                270.0,
                format!(
                    "{} {}, {}   R {r} G {g} B {b}",
                    t.pixel(),
                    p.x as u32,
                    p.y as u32
                ),
            ));
            let value = state
                .answer()
                .and_then(|a| a.evidence_at((f64::from(p.x), f64::from(p.y))));
            if let Some(value) = value.filter(|_| state.settings.overlay_shown) {
                figures.push((130.0, format!("{} {value:+.3}", t.map_value())));
            }
        }
        let font = TextStyle::Small.resolve(ui.style());
        let painter = ui.painter_at(bar);
        let mut x = bar.left();
        for (width, text) in figures {
            painter.text(
                pos2(x, bar.center().y),
                Align2::LEFT_CENTER,
                text,
                font.clone(),
                ui.visuals().weak_text_color(),
            );
            x += width;
        }
    }
}

fn tools_ui(ui: &mut Ui, state: &State, t: Texts, asked: &mut Asked) {
    ui.horizontal(|ui| {
        for command in [Command::Fit, Command::ActualSize] {
            tool_ui(ui, command, state, t, asked);
        }
        ui.separator();
        for command in [Command::Overlay, Command::FieldOutline] {
            tool_ui(ui, command, state, t, asked);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(photo) = state.selected() {
                ui.add(egui::Label::new(RichText::new(shown_name(photo, t)).weak()).truncate());
            }
        });
    });
}

fn tool_ui(ui: &mut Ui, command: Command, state: &State, t: Texts, asked: &mut Asked) {
    let enabled = command.is_enabled(state);
    let button =
        Button::new(command.text(t)).selected(enabled && command.is_on(state) == Some(true));
    let key = command.key_words(ui.ctx());
    let tip = key.map_or_else(
        || command.tip(t).to_owned(),
        |key| format!("{} ({key})", command.tip(t)),
    );
    let response = ui.add_enabled(enabled, button);
    if response
        .on_hover_text(&tip)
        .on_disabled_hover_text(&tip)
        .clicked()
    {
        asked.command(command);
    }
}

/// OD or OS in the corner, as it is written on prints.
fn paint_eye(painter: &Painter, view: Rect, opened: &Arc<Opened>, t: Texts) {
    if opened.image.eye == Laterality::Unknown {
        return;
    }
    let font = egui::FontId::proportional(13.0);
    let text = t.laterality(opened.image.eye).to_owned();
    let galley = painter.layout_no_wrap(text, font, theme::ON_CANVAS);
    let at = view.left_top() + vec2(14.0, 12.0);
    let backing = Rect::from_min_size(at, galley.size()).expand2(vec2(7.0, 4.0));
    painter.rect_filled(backing, theme::CORNER, theme::CANVAS_VEIL);
    painter.galley(at, galley, theme::ON_CANVAS);
}

fn say_state(painter: &Painter, view: Rect, photo: &Photograph, t: Texts) {
    match &photo.opening {
        Opening::Failed(failure) => {
            let detail = format!("{}\n{}", sentence(&failure.message), failure.hint);
            say(painter, view, &t.open_failed(shown_name(photo, t)), &detail);
        }
        Opening::Pending | Opening::LetGo | Opening::Ready(_) => {
            say(painter, view, t.opening(), "")
        }
    }
}

/// A heading and a quieter paragraph in the middle of the canvas.
fn say(painter: &Painter, view: Rect, heading: &str, detail: &str) {
    let width = (view.width() - 64.0).clamp(80.0, 620.0);
    let lay = |text: &str, size: f32, color: Color32| {
        let mut job = egui::text::LayoutJob::simple(
            text.to_owned(),
            egui::FontId::proportional(size),
            color,
            width,
        );
        job.halign = Align::Center;
        painter.layout_job(job)
    };
    let heading = lay(heading, 17.0, theme::ON_CANVAS);
    let detail = lay(detail, 13.5, theme::ON_CANVAS_WEAK);
    let top = view.center().y - (heading.size().y + 10.0 + detail.size().y) / 2.0;
    let below = top + heading.size().y + 10.0;
    painter.galley(pos2(view.center().x, top), heading, theme::ON_CANVAS);
    painter.galley(pos2(view.center().x, below), detail, theme::ON_CANVAS_WEAK);
}
