//! Changes of settings; every one is saved.

use super::common::report_if_failed;
use super::find::SaveRecent;
use super::resume::ForgetInputs;
use crate::app::job::{Effect, Job, JobContext, Landing};
use crate::app::settings::{Appearance, SCALES};
use crate::app::state::{MessageTopic, State};
use crate::app::{Failure, Settings, WorkflowContext};
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{Ground, Side, Style};
use crate::jobs::Lane;
use crate::text::Lang;

/// A change of a setting; every one is saved.
#[derive(Clone, Debug)]
pub enum SettingChange {
    Language(Lang),
    Appearance(Appearance),
    Scale(f32),
    Device(String),
    OverlayShown(bool),
    OverlayOpacity(f32),
    OverlayColours(Colormap),
    OverlayGround(Ground),
    OverlayStyle(Style),
    OverlaySide(Side),
    /// Contour at this fraction of the map's limit.
    OverlayContour(Option<f32>),
    FieldOutlineShown(bool),
    GridShown(bool),
    NamesMasked(bool),
    RememberFiles(bool),
    Welcomed(bool),
}

/// Saves the settings for the next session.
#[derive(Clone, Debug)]
pub struct SaveSettings(pub Settings);

impl Job for SaveSettings {
    fn lane(&self) -> Lane {
        Lane::Background
    }

    fn run(&self, work: &WorkflowContext, _: &JobContext) -> Landing {
        let result = work.save_settings(&self.0);
        Landing::new(move |state| saved(state, result))
    }

    fn defect(&self, _: Failure) -> Landing {
        Landing::nothing()
    }
}

pub(super) fn saved(state: &mut State, result: Result<(), Failure>) -> Vec<Effect> {
    report_if_failed(state, MessageTopic::SettingsSave, result)
}

/// Saves the settings if they changed.
pub(super) fn refresh(state: &mut State) -> Option<Effect> {
    if state.settings == state.saved {
        return None;
    }
    state.saved.clone_from(&state.settings);
    Some(Effect::start(SaveSettings(state.settings.clone())))
}

pub(super) fn apply(state: &mut State, change: SettingChange) -> Vec<Effect> {
    let settings = &mut state.settings;
    let mut effects = Vec::new();
    match change {
        SettingChange::Language(language) => settings.language = language,
        SettingChange::Appearance(appearance) => settings.appearance = appearance,
        SettingChange::Scale(scale) if scale.is_nan() => {}
        SettingChange::Scale(scale) => settings.scale = scale.clamp(*SCALES.start(), *SCALES.end()),
        SettingChange::Device(device) => settings.device = device,
        SettingChange::OverlayShown(shown) => settings.overlay_shown = shown,
        SettingChange::OverlayOpacity(opacity) if opacity.is_nan() => {}
        SettingChange::OverlayOpacity(opacity) => {
            settings.overlay.opacity = opacity.clamp(0.0, 1.0)
        }
        SettingChange::OverlayColours(colours) => settings.overlay.colormap = colours,
        SettingChange::OverlayGround(ground) => settings.overlay.ground = ground,
        SettingChange::OverlayStyle(style) => settings.overlay.style = style,
        SettingChange::OverlaySide(side) => settings.overlay.side = side,
        SettingChange::OverlayContour(level) => {
            settings.overlay.contour = level.filter(|l| l.is_finite()).map(|l| l.clamp(0.0, 1.0));
        }
        SettingChange::FieldOutlineShown(shown) => settings.field_outline_shown = shown,
        SettingChange::GridShown(shown) => settings.grid_shown = shown,
        SettingChange::NamesMasked(masked) => {
            settings.names_masked = masked;
            if masked {
                effects.push(Effect::start(ForgetInputs));
            }
        }
        SettingChange::RememberFiles(remember) => {
            settings.remember_files = remember;
            if !remember {
                state.recent.clear();
                effects.push(Effect::start(SaveRecent(vec![])));
                effects.push(Effect::start(ForgetInputs));
            }
        }
        SettingChange::Welcomed(welcomed) => settings.welcomed = welcomed,
    }
    effects
}
