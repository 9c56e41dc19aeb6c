//! The controls of the saliency map in the bar above the photograph: opacity, colours, direction, sampling, lines.

use egui::{
    Align, Color32, ComboBox, Layout, Rect, Response, Role, Sense, Slider, Ui, WidgetInfo, pos2,
    vec2,
};
use strum::IntoEnumIterator;

use crate::app::apply::{Action, SettingChange};
use crate::app::settings::Settings;
use crate::domain::ModelCard;
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{FINEST_OUTLINED, Ground, Side, Style};
use crate::text::report::Report;
use crate::text::window::Texts;
use crate::ui::command::CONTOUR_AT;
use crate::ui::icons::{self, icon_menu_ui};
use crate::ui::rows::{slider_ui, titled_ui, toggle_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Width of the opacity slider in the bar, without its figure.
const OPACITY_WIDTH: f32 = 76.0;
/// Width of the menu with the other controls.
const MORE_WIDTH: f32 = 360.0;

/// A control of the map that the bar shows if it has the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Opacity,
    Colours,
    Detail,
    Side,
}

/// From the most to the least needed, with their widths in the bar; what does not fit is under *More*.
const ITEMS: [(Item, f32); 4] = [
    (Item::Opacity, 144.0),
    (Item::Colours, 32.0),
    (Item::Detail, 130.0),
    (Item::Side, 128.0),
];

/// The controls in the bar, and those under *More*, for this much space.
fn folded(room: f32) -> (Vec<Item>, Vec<Item>) {
    let mut left = room;
    let fits = ITEMS.iter().take_while(|(_, width)| {
        left -= width;
        left >= 0.0
    });
    let shown = fits.count();
    let items = ITEMS.map(|(item, _)| item);
    (items[..shown].to_vec(), items[shown..].to_vec())
}

/// The controls that fit into `room`, and a menu with all others.
pub fn map_controls_ui(ui: &mut Ui, room: f32, view: &mut FrameContext<'_>) {
    let has_map = view.state.answer().is_some_and(|a| a.map.is_some());
    let more_width = theme::CONTROL_HEIGHT + ui.spacing().item_spacing.x;
    let (shown, others) = folded(room - more_width);
    // No scope of their own, which could not be wrapped: they are the last in the bar.
    if !has_map {
        ui.disable();
    }
    for item in shown {
        bar_item_ui(ui, item, view);
    }
    more_ui(ui, &others, view);
}

/// A control without a title, named for screen readers and by its tooltip.
fn bar_item_ui(ui: &mut Ui, item: Item, view: &mut FrameContext<'_>) {
    match item {
        Item::Opacity => opacity_ui(ui, OPACITY_WIDTH, view),
        Item::Colours => colours_ui(ui, view),
        Item::Detail => detail_ui(ui, view),
        Item::Side => boxed(ui, 124.0, |ui, width| side_ui(ui, width, view)),
    }
}

/// A box of this width, whose text is cut rather than making it wider.
fn boxed(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui, f32)) {
    let size = vec2(width, theme::CONTROL_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_max_width(width);
        content(ui, width);
    });
}

/// Controls that did not fit, contour and cell borders.
fn more_ui(ui: &mut Ui, others: &[Item], view: &mut FrameContext<'_>) {
    let t = view.t;
    let name = t.map_more();
    icon_menu_ui(ui, icons::MORE, (name, None), false, |ui| {
        // Menus draw no borders, without which a box that is not ticked is hardly seen.
        ui.set_style(ui.ctx().global_style());
        ui.set_width(MORE_WIDTH);
        // Menus lay out content in full lines, which breaks up sentences.
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            for item in others {
                titled_item_ui(ui, *item, view);
            }
            ground_ui(ui, view);
            lines_ui(ui, view);
        });
    });
}

/// The photograph beneath the map in grey, or in its colours.
fn ground_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut grey = view.state.settings.overlay.ground == Ground::RedFree;
    let response = ui.checkbox(&mut grey, t.red_free_below());
    if response.on_hover_text(t.red_free_below_tip()).changed() {
        let ground = Ground::red_free_if(grey);
        view.action(Action::Settings(SettingChange::OverlayGround(ground)));
    }
}

fn titled_item_ui(ui: &mut Ui, item: Item, view: &mut FrameContext<'_>) {
    let t = view.t;
    let title = match item {
        Item::Opacity => t.opacity(),
        Item::Colours => t.colours(),
        Item::Detail => t.detail(),
        Item::Side => t.side(),
    };
    // A list that opens here would close the menu, so that its choices are laid out instead.
    titled_ui(ui, title, |ui, _| {
        ui.horizontal_wrapped(|ui| match item {
            Item::Opacity => opacity_ui(ui, ui.available_width() - 66.0, view),
            Item::Colours => {
                ui.vertical(|ui| palettes_ui(ui, view));
            }
            Item::Detail => detail_ui(ui, view),
            Item::Side => sides_ui(ui, view),
        });
    });
}

fn opacity_ui(ui: &mut Ui, width: f32, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut percent = (view.state.settings.overlay.opacity * 100.0).round();
    ui.spacing_mut().slider_width = width.max(60.0);
    let slider = Slider::new(&mut percent, 0.0..=100.0)
        .fixed_decimals(0)
        .suffix(" %");
    let response = slider_ui(ui, slider);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::slider(enabled, f64::from(percent), t.opacity()));
    if response.on_hover_text(t.opacity()).changed() {
        let opacity = SettingChange::OverlayOpacity(percent / 100.0);
        view.action(Action::Settings(opacity));
    }
}

fn detail_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (t, chosen) = (view.t, view.state.settings.overlay.style);
    for (style, text, tip) in [
        (Style::Cells, t.native_grid(), t.native_grid_tip()),
        (Style::Smooth, t.smooth(), t.smooth_tip()),
    ] {
        let choice = toggle_ui(ui, chosen == style, text);
        if choice.on_hover_text(tip).clicked() {
            view.action(Action::Settings(SettingChange::OverlayStyle(style)));
        }
    }
}

/// Both signs, or one of them by the label it moves the score towards.
fn side_ui(ui: &mut Ui, width: f32, view: &mut FrameContext<'_>) {
    let t = view.t;
    let chosen = side_words(view.state.settings.overlay.side, view);
    let combo = ComboBox::from_id_salt("side").width(width).truncate();
    let combo = combo
        .selected_text(chosen)
        .show_ui(ui, |ui| sides_ui(ui, view));
    named(combo.response, t.side());
}

fn sides_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let chosen = view.state.settings.overlay.side;
    for side in [Side::Both, Side::Positive, Side::Negative] {
        let words = side_words(side, view);
        if toggle_ui(ui, side == chosen, words).clicked() {
            view.action(Action::Settings(SettingChange::OverlaySide(side)));
        }
    }
}

fn side_words(side: Side, view: &FrameContext<'_>) -> String {
    let (state, t) = (view.state, view.t);
    let towards = state.model().map(|m| directions(&m.card, t));
    let [low, high] = towards.unwrap_or_else(|| ["−".to_owned(), "+".to_owned()]);
    match side {
        Side::Both => t.side_both().to_owned(),
        Side::Positive => high,
        Side::Negative => low,
    }
}

/// Contour and cell borders.
fn lines_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let map = state.answer().and_then(|a| a.map.as_ref());
    let too_fine = map.is_some_and(|m| m.grid.rows().max(m.grid.columns()) > FINEST_OUTLINED);
    ui.add_enabled_ui(!too_fine, |ui| {
        let response = ui
            .scope(|ui| outline_ui(ui, &state.settings, view))
            .response;
        if too_fine {
            response.on_hover_text(t.too_fine());
        }
    });
}

fn outline_ui(ui: &mut Ui, settings: &Settings, view: &mut FrameContext<'_>) {
    let t = view.t;
    ui.horizontal(|ui| {
        let mut grid = settings.grid_shown;
        let borders = ui.checkbox(&mut grid, t.grid_lines());
        if borders.on_hover_text(t.grid_lines_tip()).changed() {
            view.action(Action::Settings(SettingChange::GridShown(grid)));
        }
    });
    ui.horizontal(|ui| {
        let level = settings.overlay.contour;
        let mut on = level.is_some();
        let outline = ui
            .checkbox(&mut on, t.contour())
            .on_hover_text(t.contour_tip());
        if outline.changed() {
            view.action(Action::Settings(SettingChange::OverlayContour(
                on.then_some(CONTOUR_AT),
            )));
        }
        // The slider stays while there is no contour.
        let mut percent = (level.unwrap_or(CONTOUR_AT) * 100.0).round();
        ui.spacing_mut().slider_width = (ui.available_width() - 66.0).max(60.0);
        let slider = Slider::new(&mut percent, 5.0..=100.0)
            .fixed_decimals(0)
            .suffix(" %");
        let slider = ui.add_enabled_ui(on, |ui| slider_ui(ui, slider)).inner;
        if slider.labelled_by(outline.id).changed() {
            view.action(Action::Settings(SettingChange::OverlayContour(Some(
                percent / 100.0,
            ))));
        }
    });
}

fn colours_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let chosen = t.colour_map(view.state.settings.overlay.colormap);
    let names = (t.colours(), Some(chosen));
    icon_menu_ui(ui, icons::COLOURS, names, false, |ui| palettes_ui(ui, view));
}

/// Each palette by its colours and its name.
fn palettes_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (t, chosen) = (view.t, view.state.settings.overlay.colormap);
    for map in Colormap::iter() {
        ui.horizontal(|ui| {
            paint_swatch(ui, map);
            let choice = toggle_ui(ui, map == chosen, t.colour_map(map));
            if choice.clicked() {
                view.action(Action::Settings(SettingChange::OverlayColours(map)));
            }
        });
    }
}

/// The colours of a palette from its lowest to its highest number.
fn paint_swatch(ui: &mut Ui, map: Colormap) {
    const STEPS: u8 = 24;
    let (rect, _) = ui.allocate_exact_size(vec2(48.0, 12.0), Sense::hover());
    let width = rect.width() / f32::from(STEPS);
    for step in 0..STEPS {
        let share = (f64::from(step) + 0.5) / f64::from(STEPS);
        let low = if map.is_diverging() { -1.0 } else { 0.0 };
        let [r, g, b] = map.colour(low + share * (1.0 - low));
        let left = rect.left() + f32::from(step) * width;
        // A little wider, so that no seam shows between two steps.
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2(width + 0.5, rect.height()));
        let ink = Color32::from_rgb(r, g, b);
        ui.painter().rect_filled(part.intersect(rect), 0, ink);
    }
}

/// Names a control without a visible title.
fn named(response: Response, name: &'static str) {
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    response.on_hover_text(name);
}

/// What a lower or higher target means, in the words of captions.
fn directions(card: &ModelCard, t: Texts) -> [String; 2] {
    Report(t.0).directions(card, None)
}
