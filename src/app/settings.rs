//! What the application remembers of a person's choices. Nothing of a patient, no file name and no path is in it.

use serde::{Deserialize, Serialize};

use crate::export::formats::ExportFormats;
use crate::imaging::overlay::OverlayOptions;
use crate::text::Lang;

/// Dark for the reading room, light for daylight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appearance {
    #[default]
    Dark,
    Light,
}

/// Smallest and largest scale of the window's texts and controls.
pub const SCALES: std::ops::RangeInclusive<f32> = 1.0..=2.0;

/// The window's settings. Every entry has a default, so that an older or newer file can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub language: Lang,
    pub appearance: Appearance,
    /// Size of texts and controls, 1 to 2.
    pub scale: f32,
    /// Identifiers of the chosen models; the first installed one where none of them is there.
    pub models: Vec<String>,
    /// Device by its word, such as `auto` or `cpu`.
    pub device: String,
    pub overlay_shown: bool,
    /// How the map is drawn; the same options as in an export.
    pub overlay: OverlayOptions,
    pub field_outline_shown: bool,
    /// The borders of the map's cells.
    pub grid_shown: bool,
    /// File names are replaced by numbers, in the window and in exports, as before a class.
    pub names_masked: bool,
    /// The person asked for the recent files to be remembered.
    pub remember_files: bool,
    /// The three steps were seen and put away.
    pub welcomed: bool,
    /// What was exported last.
    pub export: ExportFormats,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Lang::default(),
            appearance: Appearance::default(),
            scale: 1.0,
            models: Vec::new(),
            device: "auto".into(),
            overlay_shown: true,
            overlay: OverlayOptions::default(),
            field_outline_shown: false,
            grid_shown: false,
            names_masked: false,
            remember_files: false,
            welcomed: false,
            export: ExportFormats::default(),
        }
    }
}
