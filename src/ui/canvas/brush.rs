//! The cover brush on the canvas: its tools, painting, and the network's input in place of what is covered.

use egui::{
    Color32, ColorImage, ComboBox, Painter, PointerButton, Pos2, Rect, Response, Slider, Stroke,
    TextureOptions, Ui, pos2,
};

use super::camera::Placed;
use crate::app::apply::{Action, Cover};
use crate::app::state::Brush;
use crate::saliency::Fill;
use crate::text::report::{Report, capital};
use crate::text::window::Texts;
use crate::ui::answer::covered_figures;
use crate::ui::command::Command;
use crate::ui::rows::slider_ui;
use crate::ui::textures::{Shared, Textures};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::cover::Covered;

/// Fill, size, undo, clear, leave, and an explanation of covering.
pub fn tools_ui(ui: &mut Ui, brush: &Brush, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.horizontal_wrapped(|ui| {
        let name = |fill: Fill| capital(Report(t.0).fill(fill));
        let title = ui.weak(t.cover_fill());
        let combo = ComboBox::from_id_salt("cover fill").width(118.0).truncate();
        let combo = combo.selected_text(name(brush.fill)).show_ui(ui, |ui| {
            for fill in Fill::ALL {
                let on = fill == brush.fill;
                if ui.selectable_label(on, name(fill)).clicked() && !on {
                    view.action(Action::Cover(Cover::Fill(fill)));
                }
            }
        });
        combo.response.labelled_by(title.id);
        let title = ui.weak(t.cover_size());
        let mut percent = (100.0 * brush.radius / state.field_radius()).round();
        ui.spacing_mut().slider_width = 70.0;
        let range = crate::app::state::BRUSH_RADII;
        let slider = Slider::new(&mut percent, 100.0 * range.start()..=100.0 * range.end())
            .logarithmic(true)
            .fixed_decimals(0)
            .suffix(" %");
        if slider_ui(ui, slider).labelled_by(title.id).changed() {
            view.action(Action::Cover(Cover::Radius(percent / 100.0)));
        }
        let painted = brush.is_painted();
        let undo = Command::Undo.key_words(ui.ctx());
        for (name, action, enabled, tip) in [
            (t.undo(), Cover::Undo, painted, t.undo_stroke()),
            (t.cover_clear(), Cover::Clear, painted, ""),
            (t.cover_leave(), Cover::Leave, true, ""),
        ] {
            let mut response = ui.add_enabled(enabled, egui::Button::new(name));
            if !tip.is_empty() {
                let key = undo.as_deref().unwrap_or_default();
                response = response.on_hover_text(format!("{tip} ({key})"));
            }
            if response.clicked() {
                view.action(Action::Cover(action));
            }
        }
        if let Some(failure) = &brush.failure {
            let ink = Palette::of(ui.visuals()).serious;
            ui.colored_label(ink, failure.message(t.0));
        }
    });
}

/// The answer of a pane's model if something is covered.
fn covered_of<'a>(brush: &'a Brush, model: Option<&str>) -> Option<&'a Covered> {
    brush.of_model(model?).map(|covered| &**covered)
}

/// The score of the covered photograph, above everything else in the corner of a pane.
pub fn headline(brush: &Brush, model: Option<&str>, t: Texts) -> Option<String> {
    let [figure, change] = covered_figures(covered_of(brush, model)?, t)?;
    let wording = t.covered_now(&figure, &change);
    Some(match brush.is_behind() {
        true => format!("{wording}   {}", t.cover_behind()),
        false => wording,
    })
}

/// The text in the corner of a pane: how much is covered and with what, or what to do.
pub fn mark(brush: &Brush, model: Option<&str>, t: Texts) -> String {
    if let Some(covered) = covered_of(brush, model) {
        let fill = Report(t.0).fill(covered.fill);
        return t.covered_share(covered.area_share, fill);
    }
    let wording = match brush.is_painted() {
        true => t.covered_mark(),
        false => t.cover_hint(),
    };
    match brush.is_behind() {
        true => format!("{wording}   {}", t.cover_behind()),
        false => wording.to_owned(),
    }
}

/// Drags with the left button become strokes over the photograph.
pub fn paint(response: &Response, placed: &Placed, view: &mut FrameContext<'_>) {
    let Some(at) = response.interact_pointer_pos() else {
        return;
    };
    let at = placed.image_from_ui(at);
    let point = (f64::from(at.x), f64::from(at.y));
    let mut act = |action| view.action(Action::Cover(action));
    if response.drag_started_by(PointerButton::Primary) {
        act(Cover::Begin(point));
    } else if response.dragged_by(PointerButton::Primary) {
        act(Cover::To(point));
    } else if response.drag_stopped_by(PointerButton::Primary) {
        act(Cover::Lift);
    } else if response.clicked_by(PointerButton::Primary) {
        act(Cover::Begin(point));
        act(Cover::Lift);
    }
}

/// The brush's outline at the pointer, and a shade over what was painted since the last answer.
pub fn paint_cursor(painter: &Painter, placed: &Placed, brush: &Brush, pointer: Option<Pos2>) {
    let ui_from = |(x, y): (f64, f64)| placed.ui_from_image(pos2(x as f32, y as f32));
    if brush.is_behind()
        && let Some(stroke) = brush.strokes.last()
    {
        let radius = stroke.radius as f32 * placed.scale();
        let points: Vec<Pos2> = stroke.points_in_image.iter().map(|p| ui_from(*p)).collect();
        let line = Stroke::new(theme::LINE_WIDTH, theme::CONTOUR);
        painter.line(points, Stroke::new(theme::LINE_WIDTH, theme::CELL_BORDER));
        if let Some(last) = stroke.points_in_image.last() {
            painter.circle_stroke(ui_from(*last), radius, line);
        }
    }
    if let Some(pointer) = pointer {
        let radius = brush.radius as f32 * placed.scale();
        for stroke in [
            Stroke::new(theme::LINE_WIDTH + 1.5, theme::LINE_BACKING),
            Stroke::new(theme::LINE_WIDTH, theme::CONTOUR),
        ] {
            painter.circle_stroke(pointer, radius, stroke);
        }
    }
}

/// The networks' input in place of what is covered, as textures.
#[derive(Default)]
pub struct CoverTextures(Textures<Shared<Covered>>);

impl CoverTextures {
    /// Call after the panes of a frame are painted.
    pub fn end(&mut self) {
        self.0.end();
    }

    /// Paints the covered part for a pane's model at its position in the photograph.
    pub fn paint(
        &mut self,
        painter: &Painter,
        placed: &Placed,
        brush: &Brush,
        model: Option<&str>,
    ) {
        let Some(covered) = model.and_then(|m| brush.of_model(m)) else {
            return;
        };
        let texture = self.0.get(Shared::of(covered), || {
            let picture = &covered.picture;
            let size = [picture.width, picture.height];
            let image = ColorImage::from_rgba_unmultiplied(size, &picture.rgba);
            let options = TextureOptions::NEAREST;
            painter.ctx().load_texture("covered", image, options)
        });
        let area = covered.geometry.crop_in_image();
        let bounds = Rect::from_min_max(
            pos2(area.left as f32, area.top as f32),
            pos2(area.right as f32, area.bottom as f32),
        );
        let photograph = placed.rect_ui_from_image(placed.whole_in_image());
        painter
            .with_clip_rect(photograph.intersect(painter.clip_rect()))
            .image(
                texture.id(),
                placed.rect_ui_from_image(bounds),
                Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)),
                Color32::WHITE,
            );
    }
}
