//! Display of the saliency map: on or off, opacity, colours, sampling.

use egui::{ComboBox, Response, Slider, Ui};
use strum::IntoEnumIterator;

use crate::app::apply::{Action, SettingChange};
use crate::app::settings::Settings;
use crate::domain::ModelCard;
use crate::imaging::Grid;
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{FINEST_OUTLINED, Ground, Side, Style};
use crate::text::report::Report;
use crate::text::window::Texts;
use crate::ui::command::CONTOUR_AT;
use crate::ui::rows::{Emphasis, titled_ui, words_ui};
use crate::ui::view::FrameContext;

pub fn controls_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let answer = state.answer();
    let map = answer.and_then(|a| a.map.as_ref());
    ui.add_enabled_ui(map.is_some(), |ui| {
        let settings = &state.settings;
        let mut shown = settings.overlay_shown;
        if ui
            .checkbox(&mut shown, t.show_overlay())
            .on_hover_text(t.overlay_tip())
            .changed()
        {
            view.action(Action::Settings(SettingChange::OverlayShown(shown)));
        }
        titled_ui(ui, t.opacity(), |ui, title| {
            let mut percent = (settings.overlay.opacity * 100.0).round();
            ui.spacing_mut().slider_width = (ui.available_width() - 66.0).max(80.0);
            let slider = Slider::new(&mut percent, 0.0..=100.0)
                .fixed_decimals(0)
                .suffix(" %");
            if ui.add(slider).labelled_by(title.id).changed() {
                view.action(Action::Settings(SettingChange::OverlayOpacity(
                    percent / 100.0,
                )));
            }
        });
        titled_ui(ui, t.colours(), |ui, title| {
            colours_ui(ui, settings, title, view)
        });
        ground_ui(ui, settings, view);
        titled_ui(ui, t.detail(), |ui, _| {
            for (style, text, tip) in [
                (Style::Cells, t.native_grid(), t.native_grid_tip()),
                (Style::Smooth, t.smooth(), t.smooth_tip()),
            ] {
                let on = settings.overlay.style == style;
                if ui.selectable_label(on, text).on_hover_text(tip).clicked() {
                    view.action(Action::Settings(SettingChange::OverlayStyle(style)));
                }
            }
        });
        titled_ui(ui, t.side(), |ui, title| side_ui(ui, title, view));
        lines_ui(ui, settings, map.map(|m| &m.grid), view);
        ui.add_space(2.0);
        let overlay = state
            .selected()
            .map_or(settings.overlay, |photo| state.overlay_on(photo));
        if overlay != settings.overlay {
            words_ui(ui, t.same_scale(), Emphasis::Small);
        }
        let one_direction = settings.overlay.side != Side::Both;
        if map.is_some() && !settings.overlay.colormap.is_diverging() && !one_direction {
            words_ui(ui, t.strength_only(), Emphasis::Small);
        }
    });
}

/// The photograph beneath the map in grey, or in its colours.
fn ground_ui(ui: &mut Ui, settings: &Settings, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut grey = settings.overlay.ground == Ground::RedFree;
    let response = ui.checkbox(&mut grey, t.red_free_below());
    if response.on_hover_text(t.red_free_below_tip()).changed() {
        let ground = if grey {
            Ground::RedFree
        } else {
            Ground::Photograph
        };
        view.action(Action::Settings(SettingChange::OverlayGround(ground)));
    }
}

/// Both signs, or one of them by the label it moves the score towards.
fn side_ui(ui: &mut Ui, title: &Response, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let towards = state.model().map(|m| directions(&m.card, t));
    let [low, high] = towards.unwrap_or_else(|| ["−".to_owned(), "+".to_owned()]);
    let name = |side| match side {
        Side::Both => t.side_both().to_owned(),
        Side::Positive => high.clone(),
        Side::Negative => low.clone(),
    };
    let chosen = state.settings.overlay.side;
    let combo = ComboBox::from_id_salt("side").width(ui.available_width());
    let combo = combo.selected_text(name(chosen)).show_ui(ui, |ui| {
        for side in [Side::Both, Side::Positive, Side::Negative] {
            if ui.selectable_label(side == chosen, name(side)).clicked() {
                view.action(Action::Settings(SettingChange::OverlaySide(side)));
            }
        }
    });
    combo.response.labelled_by(title.id);
}

/// Contour and cell borders.
fn lines_ui(ui: &mut Ui, settings: &Settings, map: Option<&Grid>, view: &mut FrameContext<'_>) {
    let t = view.t;
    let too_fine = map.is_some_and(|m| m.rows().max(m.columns()) > FINEST_OUTLINED);
    ui.add_enabled_ui(!too_fine, |ui| {
        let response = ui.scope(|ui| outline_ui(ui, settings, view)).response;
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
        if ui.add_enabled(on, slider).labelled_by(outline.id).changed() {
            view.action(Action::Settings(SettingChange::OverlayContour(Some(
                percent / 100.0,
            ))));
        }
    });
}

fn colours_ui(ui: &mut Ui, settings: &Settings, title: &Response, view: &mut FrameContext<'_>) {
    let t = view.t;
    let chosen = settings.overlay.colormap;
    let combo = ComboBox::from_id_salt("colours").width(ui.available_width());
    let combo = combo.selected_text(t.colour_map(chosen)).show_ui(ui, |ui| {
        for map in Colormap::iter() {
            if ui
                .selectable_label(map == chosen, t.colour_map(map))
                .clicked()
            {
                view.action(Action::Settings(SettingChange::OverlayColours(map)));
            }
        }
    });
    combo.response.labelled_by(title.id);
}

/// What a lower or higher target means, in the words of captions.
fn directions(card: &ModelCard, t: Texts) -> [String; 2] {
    Report(t.0).directions(card, None)
}
