//! What the application remembers of a person's choices. Nothing of a patient, no file name and no path is in it.

use serde::{Deserialize, Serialize};

use crate::imaging::overlay::OverlayOptions;
use crate::words::Lang;

/// Dark for the reading room, light for daylight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appearance {
    #[default]
    Dark,
    Light,
}

/// The window's settings. Every entry has a default, so that an older or newer file can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub language: Lang,
    pub appearance: Appearance,
    /// Identifier of the chosen model; `None` means the first one.
    pub model: Option<String>,
    /// Device by its word, such as `auto` or `cpu`.
    pub device: String,
    pub overlay_shown: bool,
    /// How the map is drawn; the same options as in an export.
    pub overlay: OverlayOptions,
    pub field_outline_shown: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Lang::default(),
            appearance: Appearance::default(),
            model: None,
            device: "auto".into(),
            overlay_shown: true,
            overlay: OverlayOptions::default(),
            field_outline_shown: false,
        }
    }
}
