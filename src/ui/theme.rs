//! Every colour, size and distance of the window, for dark rooms, daylight, and high contrast.
//!
//! No other file of `ui` names a colour. To its background, text has a contrast of at least 4.5 : 1 and what identifies a
//! control or its state at least 3 : 1; in high contrast, 7 : 1 and 4.5 : 1 (tested below).

use egui::style::{HandleShape, ScrollStyle, Selection, WidgetVisuals};
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Theme, ThemePreference, Ui, Vec2, Visuals, vec2,
};

use crate::app::settings::Appearance;
use crate::domain::Severity;
use crate::text::window::Texts;

/// Distance within a group.
pub const GAP: f32 = 6.0;
/// Distance between groups.
pub const GROUP_GAP: f32 = 14.0;
/// Space between a panel's border and its content.
pub const PANEL_MARGIN: i8 = 12;
/// Height of buttons, boxes and rows.
pub const CONTROL_HEIGHT: f32 = 28.0;
/// Side of an icon that stands alone in a button, and of one before a text.
pub const ICON_SIDE: f32 = 18.0;
pub const TEXT_ICON_SIDE: f32 = 16.0;
/// Height of the primary button.
pub const PRIMARY_HEIGHT: f32 = 36.0;
/// Width of the list of photographs.
pub const LIST_WIDTH: f32 = 244.0;
/// Width of the panel with the answer.
pub const ANSWER_WIDTH: f32 = 360.0;
/// The same two for a small window or large text.
pub const NARROW_LIST: f32 = 208.0;
pub const NARROW_ANSWER: f32 = 312.0;
/// Windows narrower or lower than this, in points, are small: panels shrink and duplicate widgets are omitted.
pub const ROOMY: Vec2 = vec2(1180.0, 700.0);
/// Line spacing in a paragraph, as a multiple of the font size.
pub const LINE_HEIGHT: f32 = 1.4;
/// Width of the title column in the answer panel.
pub const TITLE_WIDTH: f32 = 76.0;
/// Width of that column in sheets.
pub const WIDE_TITLE: f32 = 130.0;
/// Side of a thumbnail in the list.
pub const THUMBNAIL_SIDE: f32 = 32.0;
/// Height of a row of the list: 18 rows fit into a window of 1440 × 900.
pub const ROW_HEIGHT: f32 = 36.0;
/// Height of the status line.
pub const STATUS_HEIGHT: f32 = 26.0;
/// Space between a text field's border and its text.
pub const FIELD_MARGIN: Margin = Margin::symmetric(8, 7);
/// Corner radius of boxes, rows and buttons.
pub const CORNER: u8 = 5;
/// Width of the field outline and of other lines over the photograph.
pub const LINE_WIDTH: f32 = 1.5;
/// Height of the score bar.
pub const SCORE_BAR_HEIGHT: f32 = 14.0;
/// Side of a severity icon.
pub const SIGN_SIDE: f32 = 16.0;
/// Width of a message.
pub const MESSAGE_WIDTH: f32 = 360.0;
/// Size of a sheet with pages, such as the models.
pub const SHEET_SIZE: Vec2 = vec2(880.0, 600.0);
/// Size of a model's name in the list of models.
pub const MODEL_NAME_SIZE: f32 = 15.0;
/// Space between two panes.
pub const PANE_GAP: f32 = 4.0;
/// The smallest window that shows everything.
pub const SMALLEST_WINDOW: Vec2 = vec2(1024.0, 640.0);
/// The window at first start.
pub const FIRST_WINDOW: Vec2 = vec2(1320.0, 860.0);

/// Width of the ring around what has the keyboard focus, and of the backing on either side of it.
pub const FOCUS_RING: f32 = 2.0;
pub const FOCUS_BACKING: f32 = 1.0;

/// Width of a scroll bar, and the opacity of its handle at rest, in the colour of text.
const SCROLL_BAR: f32 = 8.0;
const SCROLL_HANDLE: f32 = 0.6;

/// Behind photographs, in every theme: fundus photographs are read against black.
pub const CANVAS: Color32 = Color32::BLACK;
/// Text on the canvas.
pub const ON_CANVAS: Color32 = Color32::from_rgb(0xd5, 0xda, 0xe0);
/// Quieter text on the canvas.
pub const ON_CANVAS_WEAK: Color32 = Color32::from_rgb(0x9a, 0xa4, 0xaf);
/// Background of text over a photograph.
pub const CANVAS_SHADE: Color32 = Color32::from_black_alpha(190);
/// The outline of the field of view; cyan is distinct from every retina.
pub const FIELD_OUTLINE: Color32 = Color32::from_rgb(0x6f, 0xd6, 0xe4);

/// Beneath thin lines over a photograph, for contrast on bright and dark retina.
pub const LINE_BACKING: Color32 = Color32::from_black_alpha(140);
/// The contour of a saliency map.
pub const CONTOUR: Color32 = Color32::WHITE;
/// The borders of a saliency map's cells.
pub const CELL_BORDER: Color32 = Color32::from_rgba_premultiplied(90, 90, 90, 90);

/// Colours that differ between the themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub window: Color32,
    pub panel: Color32,
    pub raised: Color32,
    pub hovered: Color32,
    pub pressed: Color32,
    /// Lines that separate.
    pub line: Color32,
    /// Borders of controls, the rail of a slider and the outline of a bar.
    pub border: Color32,
    /// The ring around what has the keyboard focus, and the backing on both sides of it. One of the two stands out on
    /// any ground.
    pub focus: Color32,
    pub focus_backing: Color32,
    pub text: Color32,
    pub weak: Color32,
    pub accent: Color32,
    pub accent_hovered: Color32,
    pub on_accent: Color32,
    pub selected: Color32,
    pub on_selected: Color32,
    pub bar: Color32,
    pub bar_fill: Color32,
    /// Text that reports success.
    pub good: Color32,
    pub note: Color32,
    pub caution: Color32,
    pub serious: Color32,
    /// Background and border of the demonstration warning.
    pub warning_fill: Color32,
    pub warning_line: Color32,
    pub on_warning: Color32,
    /// Background and text of other serious findings.
    pub alarm_fill: Color32,
    pub on_alarm: Color32,
    /// Series of a plot, told apart with every colour vision (after Okabe and Ito), and figures that others published.
    pub series: [Color32; 4],
    pub published: Color32,
}

const DARK: Palette = Palette {
    window: Color32::from_rgb(0x12, 0x15, 0x18),
    panel: Color32::from_rgb(0x1a, 0x1e, 0x23),
    raised: Color32::from_rgb(0x29, 0x2f, 0x36),
    hovered: Color32::from_rgb(0x35, 0x3d, 0x46),
    pressed: Color32::from_rgb(0x20, 0x25, 0x2b),
    line: Color32::from_rgb(0x39, 0x41, 0x4a),
    border: Color32::from_rgb(0x76, 0x82, 0x8e),
    focus: Color32::from_rgb(0x9d, 0xea, 0xf6),
    focus_backing: Color32::BLACK,
    text: Color32::from_rgb(0xe6, 0xe9, 0xed),
    weak: Color32::from_rgb(0xa6, 0xb0, 0xbb),
    accent: Color32::from_rgb(0x1f, 0x7a, 0x8c),
    accent_hovered: Color32::from_rgb(0x1a, 0x6c, 0x7d),
    on_accent: Color32::WHITE,
    selected: Color32::from_rgb(0x17, 0x45, 0x50),
    on_selected: Color32::from_rgb(0xf2, 0xfa, 0xfb),
    bar: Color32::from_rgb(0x2e, 0x35, 0x3d),
    bar_fill: Color32::from_rgb(0x63, 0xbd, 0xcc),
    good: Color32::from_rgb(0x63, 0xbd, 0xcc),
    note: Color32::from_rgb(0x8f, 0xbc, 0xe6),
    caution: Color32::from_rgb(0xed, 0xbd, 0x4d),
    serious: Color32::from_rgb(0xff, 0x8a, 0x7a),
    warning_fill: Color32::from_rgb(0x3a, 0x2d, 0x0d),
    warning_line: Color32::from_rgb(0xb8, 0x8a, 0x1c),
    on_warning: Color32::from_rgb(0xff, 0xe3, 0xa3),
    alarm_fill: Color32::from_rgb(0x42, 0x1c, 0x19),
    on_alarm: Color32::from_rgb(0xff, 0xd9, 0xd3),
    series: [
        Color32::from_rgb(0x56, 0xb4, 0xe9),
        Color32::from_rgb(0xe6, 0x9f, 0x00),
        Color32::from_rgb(0x00, 0xb0, 0x80),
        Color32::from_rgb(0xcc, 0x79, 0xa7),
    ],
    published: Color32::from_rgb(0xd0, 0xb8, 0x80),
};

const LIGHT: Palette = Palette {
    window: Color32::from_rgb(0xe9, 0xec, 0xef),
    panel: Color32::from_rgb(0xf8, 0xf9, 0xfa),
    raised: Color32::from_rgb(0xe6, 0xea, 0xee),
    hovered: Color32::from_rgb(0xd8, 0xde, 0xe4),
    pressed: Color32::from_rgb(0xc8, 0xd0, 0xd8),
    line: Color32::from_rgb(0xc4, 0xcb, 0xd3),
    border: Color32::from_rgb(0x74, 0x7f, 0x8b),
    focus: Color32::from_rgb(0x00, 0x3a, 0x8c),
    focus_backing: Color32::WHITE,
    text: Color32::from_rgb(0x1b, 0x20, 0x26),
    weak: Color32::from_rgb(0x52, 0x5c, 0x67),
    accent: Color32::from_rgb(0x0f, 0x68, 0x79),
    accent_hovered: Color32::from_rgb(0x0c, 0x59, 0x68),
    on_accent: Color32::WHITE,
    selected: Color32::from_rgb(0xcd, 0xe8, 0xed),
    on_selected: Color32::from_rgb(0x0a, 0x2a, 0x31),
    bar: Color32::from_rgb(0xd9, 0xdf, 0xe5),
    bar_fill: Color32::from_rgb(0x1f, 0x7d, 0x8e),
    good: Color32::from_rgb(0x0f, 0x68, 0x79),
    note: Color32::from_rgb(0x22, 0x5d, 0x94),
    caution: Color32::from_rgb(0x85, 0x5a, 0x00),
    serious: Color32::from_rgb(0xb0, 0x28, 0x1c),
    warning_fill: Color32::from_rgb(0xff, 0xf2, 0xcc),
    warning_line: Color32::from_rgb(0xa8, 0x7a, 0x00),
    on_warning: Color32::from_rgb(0x4a, 0x33, 0x00),
    alarm_fill: Color32::from_rgb(0xfd, 0xe4, 0xe0),
    on_alarm: Color32::from_rgb(0x5c, 0x12, 0x0b),
    series: [
        Color32::from_rgb(0x00, 0x72, 0xb2),
        Color32::from_rgb(0xc8, 0x55, 0x00),
        Color32::from_rgb(0x00, 0x7d, 0x5b),
        Color32::from_rgb(0x9a, 0x4a, 0x78),
    ],
    published: Color32::from_rgb(0x7a, 0x5c, 0x20),
};

const HIGH_CONTRAST: Palette = Palette {
    window: Color32::BLACK,
    panel: Color32::BLACK,
    raised: Color32::BLACK,
    hovered: Color32::from_rgb(0x2e, 0x2e, 0x2e),
    pressed: Color32::from_rgb(0x3d, 0x3d, 0x00),
    line: Color32::from_rgb(0xb0, 0xb0, 0xb0),
    border: Color32::WHITE,
    focus: Color32::from_rgb(0xff, 0xe5, 0x00),
    focus_backing: Color32::BLACK,
    text: Color32::WHITE,
    weak: Color32::from_rgb(0xe2, 0xe2, 0xe2),
    accent: Color32::from_rgb(0xff, 0xe5, 0x00),
    accent_hovered: Color32::from_rgb(0xff, 0xf2, 0x80),
    on_accent: Color32::BLACK,
    selected: Color32::from_rgb(0x00, 0x3a, 0x66),
    on_selected: Color32::WHITE,
    bar: Color32::from_rgb(0x2e, 0x2e, 0x2e),
    bar_fill: Color32::from_rgb(0xff, 0xe5, 0x00),
    good: Color32::from_rgb(0x8c, 0xff, 0x8c),
    note: Color32::from_rgb(0xb8, 0xdc, 0xff),
    caution: Color32::from_rgb(0xff, 0xe5, 0x00),
    serious: Color32::from_rgb(0xff, 0xbc, 0xb2),
    warning_fill: Color32::BLACK,
    warning_line: Color32::from_rgb(0xff, 0xe5, 0x00),
    on_warning: Color32::from_rgb(0xff, 0xe5, 0x00),
    alarm_fill: Color32::from_rgb(0x5c, 0x00, 0x00),
    on_alarm: Color32::WHITE,
    series: [
        Color32::from_rgb(0x66, 0xc2, 0xff),
        Color32::from_rgb(0xff, 0xb0, 0x00),
        Color32::from_rgb(0x40, 0xe0, 0xa0),
        Color32::from_rgb(0xff, 0x9a, 0xd0),
    ],
    published: Color32::from_rgb(0xff, 0xe5, 0x90),
};

impl Palette {
    /// The colours of the theme in `visuals`, which egui tells apart as dark and light only.
    pub fn of(visuals: &Visuals) -> &'static Self {
        match (visuals.dark_mode, visuals.panel_fill) {
            (_, fill) if fill == HIGH_CONTRAST.panel => &HIGH_CONTRAST,
            (true, _) => &DARK,
            (false, _) => &LIGHT,
        }
    }

    /// The colour of a finding's icon; its shape carries the same information.
    pub fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Note => self.note,
            Severity::Caution => self.caution,
            Severity::Serious => self.serious,
        }
    }
}

/// The large figure of the score.
pub fn figure_font() -> FontId {
    FontId::new(30.0, FontFamily::Proportional)
}

/// True if panels have little width: a small window or large text.
pub fn is_narrow(ctx: &Context) -> bool {
    ctx.content_rect().width() < ROOMY.x
}

/// True if there is little height.
pub fn is_low(ctx: &Context) -> bool {
    ctx.content_rect().height() < ROOMY.y
}

/// Shows a theme. egui has a dark and a light style, and high contrast takes the place of the dark one.
pub fn show(ctx: &Context, appearance: Appearance) {
    let dark = match appearance {
        Appearance::HighContrast => &HIGH_CONTRAST,
        _ => &DARK,
    };
    for (theme, visuals, palette) in [
        (Theme::Dark, Visuals::dark(), dark),
        (Theme::Light, Visuals::light(), &LIGHT),
    ] {
        if ctx.style_of(theme).visuals.panel_fill != palette.panel {
            ctx.set_style_of(theme, style(visuals, palette));
        }
    }
    ctx.set_theme(match appearance {
        Appearance::System => ThemePreference::System,
        Appearance::Dark | Appearance::HighContrast => ThemePreference::Dark,
        Appearance::Light => ThemePreference::Light,
    });
}

pub fn name(appearance: Appearance, t: Texts) -> &'static str {
    match appearance {
        Appearance::System => t.theme_system(),
        Appearance::Dark => t.theme_dark(),
        Appearance::Light => t.theme_light(),
        Appearance::HighContrast => t.theme_high_contrast(),
    }
}

/// Scales texts and widgets, 1 to 2; zoom keys are commands of the window instead of egui's own.
pub fn scale(ctx: &Context, factor: f32) {
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    if (ctx.zoom_factor() - factor).abs() > 1e-3 {
        ctx.set_zoom_factor(factor);
    }
}

/// Makes buttons that are on stand out from those that are off.
pub fn emphasise_on(ui: &mut Ui, on: bool) {
    let palette = Palette::of(ui.visuals());
    let visuals = ui.visuals_mut();
    visuals.selection.bg_fill = palette.accent;
    visuals.selection.stroke.color = palette.on_accent;
    if on {
        visuals.widgets.inactive.bg_stroke.color = palette.bar_fill;
    }
}

/// Gives sliders a rail that stands out from the panel.
pub fn emphasise_rail(ui: &mut Ui) {
    let palette = Palette::of(ui.visuals());
    let visuals = ui.visuals_mut();
    visuals.selection.bg_fill = palette.bar_fill;
    for widget in [
        &mut visuals.widgets.inactive,
        &mut visuals.widgets.hovered,
        &mut visuals.widgets.active,
    ] {
        widget.bg_fill = palette.border;
    }
}

fn style(visuals: Visuals, palette: &Palette) -> Style {
    let mut style = Style {
        visuals: coloured(visuals, palette),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Small, 11.5),
        (TextStyle::Body, 13.5),
        (TextStyle::Button, 13.5),
        (TextStyle::Monospace, 13.0),
        (TextStyle::Heading, 15.0),
    ]
    .into_iter()
    .map(|(name, size)| {
        let family = if name == TextStyle::Monospace {
            FontFamily::Monospace
        } else {
            FontFamily::Proportional
        };
        (name, FontId::new(size, family))
    })
    .collect();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, GAP);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(40.0, CONTROL_HEIGHT);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(18);
    spacing.slider_width = 150.0;
    spacing.slider_rail_height = 5.0;
    spacing.combo_width = 120.0;
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    spacing.tooltip_width = 340.0;
    spacing.scroll = ScrollStyle {
        // A handle in the colour of text can be made weaker only if the bar floats; it floats over space of its own.
        floating: true,
        foreground_color: true,
        bar_width: SCROLL_BAR,
        floating_width: SCROLL_BAR,
        floating_allocated_width: SCROLL_BAR + GAP,
        dormant_background_opacity: 1.0,
        active_background_opacity: 1.0,
        interact_background_opacity: 1.0,
        dormant_handle_opacity: SCROLL_HANDLE,
        active_handle_opacity: SCROLL_HANDLE,
        interact_handle_opacity: 1.0,
        ..ScrollStyle::solid()
    };
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = true;
    style
}

fn coloured(mut visuals: Visuals, palette: &Palette) -> Visuals {
    let widget = |fill: Color32, line: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        fg_stroke: Stroke::new(1.2, text),
        corner_radius: CornerRadius::same(CORNER),
        expansion: 0.0,
    };
    visuals.widgets.noninteractive = widget(palette.panel, palette.line, palette.text);
    visuals.widgets.inactive = widget(palette.raised, palette.border, palette.text);
    visuals.widgets.hovered = widget(palette.hovered, palette.weak, palette.text);
    visuals.widgets.active = widget(palette.pressed, palette.bar_fill, palette.text);
    visuals.widgets.open = widget(palette.hovered, palette.border, palette.text);
    visuals.selection = Selection {
        bg_fill: palette.selected,
        stroke: Stroke::new(1.2, palette.on_selected),
    };
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(palette.weak);
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(CORNER);
    visuals.extreme_bg_color = palette.window;
    visuals.faint_bg_color = palette.raised;
    visuals.code_bg_color = palette.raised;
    visuals.warn_fg_color = palette.caution;
    visuals.error_fg_color = palette.serious;
    visuals.hyperlink_color = palette.note;
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = HandleShape::Circle;
    visuals.disabled_alpha = 0.55;
    visuals.window_shadow = Shadow {
        offset: [0, 8],
        blur: 24,
        spread: 0,
        color: Color32::from_black_alpha(110),
    };
    visuals.popup_shadow = Shadow {
        offset: [0, 4],
        blur: 12,
        spread: 0,
        color: Color32::from_black_alpha(90),
    };
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio of WCAG 2.2, 1–21.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |c: Color32| {
            let [r, g, b, _] = c.to_array().map(|v| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 {
                    v / 12.92
                } else {
                    ((v + 0.055) / 1.055).powf(2.4)
                }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    const THEMES: [(&str, Palette, f64, f64); 3] = [
        ("dark", DARK, 4.5, 3.0),
        ("light", LIGHT, 4.5, 3.0),
        ("high contrast", HIGH_CONTRAST, 7.0, 4.5),
    ];

    fn stands_out(theme: &str, what: &str, ink: Color32, ground: Color32, least: f64) {
        let ratio = contrast(ink, ground);
        assert!(ratio >= least, "{theme}: {what} has only {ratio:.2} : 1");
    }

    #[test]
    fn text_is_readable_in_every_theme() {
        for (name, p, text, _) in THEMES {
            for (what, ink, ground) in [
                ("text", p.text, p.panel),
                ("text on buttons", p.text, p.raised),
                ("text on hovered buttons", p.text, p.hovered),
                ("text on pressed buttons", p.text, p.pressed),
                ("weak text", p.weak, p.panel),
                ("weak text on the window", p.weak, p.window),
                ("primary button", p.on_accent, p.accent),
                ("hovered primary button", p.on_accent, p.accent_hovered),
                ("selection", p.on_selected, p.selected),
                ("weak text on a selected row", p.weak, p.selected),
                ("success", p.good, p.panel),
                ("success in a table", p.good, p.raised),
                ("note", p.note, p.panel),
                ("caution", p.caution, p.panel),
                ("caution on a card", p.caution, p.window),
                ("caution in a table", p.caution, p.raised),
                ("caution in a selected row", p.caution, p.selected),
                ("serious", p.serious, p.panel),
                ("serious in a table", p.serious, p.raised),
                ("serious in a selected row", p.serious, p.selected),
                ("warning", p.on_warning, p.warning_fill),
                ("alarm", p.on_alarm, p.alarm_fill),
            ] {
                stands_out(name, what, ink, ground, text);
            }
        }
        assert!(contrast(ON_CANVAS_WEAK, CANVAS) >= 7.0);
    }

    #[test]
    fn controls_are_visible_in_every_theme() {
        for (name, p, _, control) in THEMES {
            let handle = p.text.gamma_multiply(SCROLL_HANDLE);
            let handle = p.window.blend(handle);
            for (what, ink, ground) in [
                ("border of buttons and boxes", p.border, p.panel),
                ("border on a card", p.border, p.window),
                ("border in a table", p.border, p.raised),
                ("border under the pointer", p.weak, p.panel),
                ("border of a pressed button", p.bar_fill, p.panel),
                ("primary button", p.accent, p.panel),
                ("button that is on", p.accent, p.panel),
                ("border of a button that is on", p.bar_fill, p.panel),
                ("check mark", p.text, p.raised),
                ("rail of a slider", p.border, p.panel),
                ("handle of a slider", p.text, p.panel),
                ("handle of a scroll bar", handle, p.window),
                ("score", p.bar_fill, p.bar),
                ("outline of the score bar", p.border, p.panel),
                ("border of a warning", p.warning_line, p.panel),
                ("focus ring", p.focus, p.panel),
                ("first series", p.series[0], p.window),
                ("second series", p.series[1], p.window),
                ("third series", p.series[2], p.window),
                ("fourth series", p.series[3], p.window),
                ("published figures", p.published, p.window),
            ] {
                stands_out(name, what, ink, ground, control);
            }
        }
    }

    #[test]
    fn the_focus_ring_is_visible_on_any_ground() {
        for (name, p, ..) in THEMES {
            for level in 0..=255 {
                let ground = Color32::from_gray(level);
                let best = [p.focus, p.focus_backing].map(|ring| contrast(ring, ground));
                let best = best[0].max(best[1]);
                assert!(best >= 3.0, "{name}: {best:.2} : 1 on grey {level}");
            }
        }
    }

    #[test]
    fn every_theme_is_told_apart_by_its_visuals() {
        let ctx = Context::default();
        for (appearance, palette) in [
            (Appearance::System, DARK),
            (Appearance::Light, LIGHT),
            (Appearance::HighContrast, HIGH_CONTRAST),
            (Appearance::Dark, DARK),
        ] {
            show(&ctx, appearance);
            assert_eq!(*Palette::of(&ctx.global_style().visuals), palette);
        }
    }
}
