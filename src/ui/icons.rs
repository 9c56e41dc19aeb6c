//! Icons: those of a typeface (Phosphor) for commands, and small drawn ones for findings. Findings differ in shape as
//! well as colour, for users with colour vision deficiency.

use std::f32::consts::PI;

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::epaint::TextShape;
use egui::{
    Align2, Atom, Atoms, Button, Color32, FontFamily, FontId, IntoAtoms, Painter,
    PopupCloseBehavior, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo,
    WidgetText, pos2, vec2,
};

use super::rows::restyled_ui;
use super::theme::{self, Palette};
use crate::domain::Severity;

/// A glyph of the icon typeface. It is painted and is no part of a text, so that screen readers do not meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon {
    glyph: char,
    /// Upside down.
    turned: bool,
}

/// The name of the icon typeface's family. The typeface is not a fallback of the text: its code points lie in the private
/// area, where file names and egui's own symbols may have other meanings.
pub const FAMILY: &str = "icons";

macro_rules! icons {
    ($($name:ident = $glyph:literal,)*) => {
        $(pub const $name: Icon = Icon { glyph: $glyph, turned: false };)*
        #[cfg(test)]
        const ALL: &[(&str, Icon)] = &[$((stringify!($name), $name),)*];
    };
}

// Each beside its name in Phosphor; assets/fonts/README.md tells how to add one.
icons! {
    OPEN = '\u{e256}', // folder-open
    FOLDER = '\u{e24a}', // folder
    COPY = '\u{e1ca}', // copy
    FIT = '\u{e626}', // frame-corners
    MAP = '\u{e468}', // stack-simple
    RED_FREE = '\u{e566}', // drop-half
    FIELD = '\u{e602}', // circle-dashed
    COLOURS = '\u{e6c8}', // palette
    FILTER = '\u{e266}', // funnel
    SORT = '\u{e444}', // sort-ascending
    MORE = '\u{e1fe}', // dots-three
    UNDO = '\u{e08a}', // arrow-u-up-left
    CLOSE = '\u{e4f6}', // x
    CARET_DOWN = '\u{e136}', // caret-down
    CARET_UP = '\u{e13c}', // caret-up
    ADJUST = '\u{e434}', // sliders-horizontal
    PANEL_LEFT = '\u{ec24}', // sidebar-simple
    THEME = '\u{e18c}', // circle-half
    CHECK = '\u{e182}', // check
}

pub const PANEL_RIGHT: Icon = Icon {
    turned: true,
    ..PANEL_LEFT
};

impl Icon {
    /// Paints the icon in the middle of `rect`, `side` points tall.
    pub fn paint(self, painter: &Painter, rect: Rect, side: f32, ink: Color32) {
        let font = FontId::new(side, FontFamily::Name(FAMILY.into()));
        let glyph = painter.layout_no_wrap(self.glyph.into(), font, ink);
        let corner = Align2::CENTER_CENTER
            .anchor_size(rect.center(), glyph.size())
            .min;
        let angle = if self.turned { PI } else { 0.0 };
        let shape = TextShape::new(corner, glyph, ink);
        painter.add(shape.with_angle_and_anchor(angle, Align2::CENTER_CENTER));
    }

    /// The icon as a part of a button, in the colour of the button's text.
    fn atom(self, side: f32) -> Atom<'static> {
        Atom::paint(vec2(side, side), move |ui, place| {
            self.paint(ui.painter(), place.rect, side, place.fallback_text_color);
        })
    }
}

/// The content of a button: an icon before its text.
pub fn icon_text<'a>(icon: Icon, text: impl Into<WidgetText>) -> Atoms<'a> {
    (icon.atom(theme::TEXT_ICON_SIDE), text.into()).into_atoms()
}

/// A square button with an icon alone. `name` is what screen readers say, `tip` the tooltip; `on`: whether it is pressed,
/// nothing for a button that is no switch.
pub fn icon_button_ui(
    ui: &mut Ui,
    icon: Icon,
    name: &str,
    tip: impl Into<WidgetText>,
    enabled: bool,
    on: Option<bool>,
) -> Response {
    let side = theme::CONTROL_HEIGHT;
    let response = restyled_ui(ui, |ui| {
        let inset = (side - theme::ICON_SIDE) / 2.0;
        ui.spacing_mut().button_padding = vec2(inset, inset);
        let mut button = Button::new(icon.atom(theme::ICON_SIDE)).min_size(vec2(side, side));
        if let Some(on) = on {
            theme::emphasise_on(ui, on);
            button = button.selected(on);
        }
        ui.add_enabled(enabled, button)
    })
    .accessible_name(name);
    let tip = tip.into();
    response
        .on_hover_text(tip.clone())
        .on_disabled_hover_text(tip)
}

/// A menu behind a square button with an icon. `value`: the current choice of a list, which the tooltip names as well;
/// `on`: whether the button is marked.
pub fn icon_menu_ui(
    ui: &mut Ui,
    icon: Icon,
    (name, value): (&str, Option<&str>),
    on: bool,
    content: impl FnOnce(&mut Ui),
) {
    let side = theme::CONTROL_HEIGHT;
    let response = restyled_ui(ui, |ui| {
        let inset = (side - theme::ICON_SIDE) / 2.0;
        ui.spacing_mut().button_padding = vec2(inset, inset);
        let button = Button::new(icon.atom(theme::ICON_SIDE))
            .selected(on)
            .min_size(vec2(side, side));
        let padding = ui.ctx().global_style().spacing.button_padding;
        // Sliders and boxes in the menu are used several times in a row.
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
            ui.spacing_mut().button_padding = padding;
            content(ui);
        });
        response
    });
    let enabled = ui.is_enabled();
    response.widget_info(|| match value {
        Some(value) => WidgetInfo {
            current_text_value: Some(value.to_owned()),
            ..WidgetInfo::labeled(Role::ComboBox, enabled, name)
        },
        None => WidgetInfo::selected(Role::Button, enabled, on, name),
    });
    response.on_hover_text(match value {
        Some(value) => format!("{name}: {value}"),
        None => name.to_owned(),
    });
}

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

/// The icon of a check that was passed, as large as those of findings. Named for screen readers.
pub fn passed_ui(ui: &mut Ui, name: &str) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(theme::SIGN_SIDE, theme::SIGN_SIDE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let ink = Palette::of(ui.visuals()).good;
    CHECK.paint(ui.painter(), rect, theme::SIGN_SIDE, ink);
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

#[cfg(test)]
mod tests {
    use ab_glyph::{Font, FontRef};

    use egui::accesskit::Toggled;
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT, Queryable};

    use super::*;
    use crate::ui::fonts;

    #[test]
    fn screen_readers_meet_the_name_and_never_the_glyph() {
        let mut harness = Harness::new_ui(|ui| {
            if ui.ctx().cumulative_pass_nr() == 0 {
                fonts::show(ui.ctx(), crate::text::Lang::En);
                return;
            }
            icon_button_ui(ui, OPEN, "Open", "Open photographs", true, None);
            icon_button_ui(ui, MAP, "Map", "Show the map", true, Some(true));
            let _ = ui.button(icon_text(COPY, "Copy"));
        });
        harness.run();
        let side = harness.get_by_label("Open").rect().size();
        assert_eq!(side, egui::Vec2::splat(theme::CONTROL_HEIGHT));
        let map = harness.get_by_label("Map");
        assert_eq!(map.accesskit_node().toggled(), Some(Toggled::True));
        let _ = harness.get_by_label("Copy");
    }

    #[test]
    fn every_icon_is_in_the_typeface_and_none_besides() {
        let typeface = FontRef::try_from_slice(fonts::ICONS).unwrap();
        for (name, icon) in ALL {
            assert_ne!(typeface.glyph_id(icon.glyph).0, 0, "{name} would be a box");
        }
        for (_, glyph) in typeface.codepoint_ids() {
            assert!(
                ALL.iter().any(|(_, icon)| icon.glyph == glyph),
                "{glyph:?} is no longer used"
            );
        }
    }
}
