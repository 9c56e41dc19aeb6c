//! Changes of settings; every one is saved.

use crate::app::action::Change;
use crate::app::effect::Effect;
use crate::app::settings::SCALES;
use crate::app::state::State;

pub(super) fn apply(state: &mut State, change: Change) -> Vec<Effect> {
    let before = state.settings.clone();
    let settings = &mut state.settings;
    let mut effects = Vec::new();
    match change {
        Change::Language(language) => settings.language = language,
        Change::Appearance(appearance) => settings.appearance = appearance,
        Change::Scale(scale) if scale.is_nan() => {}
        Change::Scale(scale) => settings.scale = scale.clamp(*SCALES.start(), *SCALES.end()),
        Change::Device(device) => settings.device = device,
        Change::OverlayShown(shown) => settings.overlay_shown = shown,
        Change::OverlayOpacity(opacity) if opacity.is_nan() => {}
        Change::OverlayOpacity(opacity) => settings.overlay.opacity = opacity.clamp(0.0, 1.0),
        Change::OverlayColours(colours) => settings.overlay.colormap = colours,
        Change::OverlayStyle(style) => settings.overlay.style = style,
        Change::OverlaySide(side) => settings.overlay.side = side,
        Change::OverlayContour(level) => {
            settings.overlay.contour = level.filter(|l| l.is_finite()).map(|l| l.clamp(0.0, 1.0));
        }
        Change::FieldOutlineShown(shown) => settings.field_outline_shown = shown,
        Change::GridShown(shown) => settings.grid_shown = shown,
        Change::NamesMasked(masked) => {
            settings.names_masked = masked;
            if masked {
                effects.push(Effect::ForgetInputs);
            }
        }
        Change::RememberFiles(remember) => {
            settings.remember_files = remember;
            if !remember {
                state.recent.clear();
                effects.push(Effect::SaveRecent(vec![]));
                effects.push(Effect::ForgetInputs);
            }
        }
        Change::Welcomed(welcomed) => settings.welcomed = welcomed,
    }
    if state.settings != before {
        effects.push(Effect::SaveSettings(state.settings.clone()));
        state.preview_stale = true;
    }
    effects
}
