//! Changes of settings; every one is saved.

use crate::app::action::Change;
use crate::app::effect::Effect;
use crate::app::state::State;

pub(super) fn apply(state: &mut State, change: Change) -> Vec<Effect> {
    let before = state.settings.clone();
    let settings = &mut state.settings;
    match change {
        Change::Language(language) => settings.language = language,
        Change::Appearance(appearance) => settings.appearance = appearance,
        Change::Device(device) => settings.device = device,
        Change::OverlayShown(shown) => settings.overlay_shown = shown,
        Change::OverlayOpacity(opacity) if opacity.is_nan() => {}
        Change::OverlayOpacity(opacity) => settings.overlay.opacity = opacity.clamp(0.0, 1.0),
        Change::OverlayColours(colours) => settings.overlay.colormap = colours,
        Change::OverlayStyle(style) => settings.overlay.style = style,
        Change::FieldOutlineShown(shown) => settings.field_outline_shown = shown,
    }
    if *settings == before {
        vec![]
    } else {
        vec![Effect::SaveSettings(settings.clone())]
    }
}
