//! Small drawn icons. They differ in shape as well as colour, for users with colour vision deficiency; no font is
//! needed.

use egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::theme::{self, Palette};
use crate::domain::Severity;

/// A finding's icon: a disc with an i, a triangle or an octagon with an exclamation mark. Named for screen readers.
pub fn severity_ui(ui: &mut Ui, severity: Severity, name: &str) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(theme::SIGN_SIDE, theme::SIGN_SIDE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let palette = Palette::of(ui.visuals());
    paint_severity(
        ui.painter(),
        rect,
        severity,
        palette.severity(severity),
        palette.panel,
    );
    response.on_hover_text(name)
}

/// Paints a finding's icon in `rect`.
pub fn paint_severity(
    painter: &Painter,
    rect: Rect,
    severity: Severity,
    fill: Color32,
    ink: Color32,
) {
    let (c, r) = (rect.center(), rect.width() / 2.0);
    match severity {
        Severity::Note => {
            painter.circle_filled(c, r, fill);
            painter.circle_filled(c - vec2(0.0, 0.45 * r), 0.14 * r, ink);
            stem(painter, c, (-0.1 * r, 0.5 * r), 0.24 * r, ink);
        }
        Severity::Caution => {
            let corners = vec![
                pos2(c.x, rect.top() + 0.05 * r),
                pos2(rect.right(), rect.bottom() - 0.12 * r),
                pos2(rect.left(), rect.bottom() - 0.12 * r),
            ];
            painter.add(Shape::convex_polygon(corners, fill, Stroke::NONE));
            stem(painter, c, (-0.3 * r, 0.3 * r), 0.24 * r, ink);
            painter.circle_filled(c + vec2(0.0, 0.56 * r), 0.14 * r, ink);
        }
        Severity::Serious => {
            let corner = |i: u8| {
                let angle = std::f32::consts::TAU * (f32::from(i) + 0.5) / 8.0;
                c + r * vec2(angle.cos(), angle.sin())
            };
            painter.add(Shape::convex_polygon(
                (0..8).map(corner).collect(),
                fill,
                Stroke::NONE,
            ));
            stem(painter, c, (-0.52 * r, 0.12 * r), 0.26 * r, ink);
            painter.circle_filled(c + vec2(0.0, 0.48 * r), 0.15 * r, ink);
        }
    }
}

fn stem(painter: &Painter, c: Pos2, (from, to): (f32, f32), width: f32, ink: Color32) {
    painter.line_segment(
        [c + vec2(0.0, from), c + vec2(0.0, to)],
        Stroke::new(width, ink),
    );
}

/// A button with the icon for light and dark: a half-filled disc.
pub fn theme_button_ui(ui: &mut Ui, name: &str, tip: String) -> Response {
    let side = theme::CONTROL_HEIGHT;
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let visuals = ui.style().interact(&response);
    let painter = ui.painter();
    painter.rect_filled(rect, visuals.corner_radius, visuals.weak_bg_fill);
    let (c, r) = (rect.center(), 6.5);
    let ink = visuals.text_color();
    painter.circle_stroke(c, r, Stroke::new(1.4, ink));
    let half = (0..=16_u8).map(|i| {
        let angle = std::f32::consts::PI * (f32::from(i) / 16.0 - 0.5);
        c + r * vec2(angle.cos(), angle.sin())
    });
    painter.add(Shape::convex_polygon(half.collect(), ink, Stroke::NONE));
    if response.has_focus() {
        painter.rect_stroke(
            rect,
            visuals.corner_radius,
            visuals.bg_stroke,
            egui::StrokeKind::Inside,
        );
    }
    response.on_hover_text(tip)
}

/// A check mark the size of a large figure, for a completed step.
pub fn done_ui(ui: &mut Ui, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(18.0, 30.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let c = rect.center();
    let stroke = Stroke::new(3.0, Palette::of(ui.visuals()).bar_fill);
    let points = [
        c + vec2(-8.0, 1.0),
        c + vec2(-2.0, 7.0),
        c + vec2(8.0, -7.0),
    ];
    ui.painter().add(Shape::line(points.to_vec(), stroke));
    response.on_hover_text(name)
}

/// Placeholder for a photograph without a thumbnail: a faint disc.
pub fn paint_empty_thumbnail(painter: &Painter, rect: Rect, palette: &Palette) {
    painter.circle_stroke(
        rect.center(),
        rect.width() * 0.36,
        Stroke::new(1.2, palette.line),
    );
    painter.circle_filled(
        rect.center() + vec2(rect.width() * 0.12, 0.0),
        rect.width() * 0.06,
        palette.line,
    );
}
