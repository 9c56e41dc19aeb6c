//! The user's choices that are stored between sessions. They contain no patient data, file name or path, except what the user
//! writes into the caption of figures.

use serde::{Deserialize, Serialize};

use crate::export::formats::ExportFormats;
use crate::imaging::overlay::OverlayOptions;
use crate::text::Lang;

/// Dark for the reading room, light for daylight, high contrast for weak eyes and bright rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appearance {
    /// As the desktop is set; dark if it does not tell.
    #[default]
    System,
    Dark,
    Light,
    HighContrast,
}

impl Appearance {
    pub const ALL: [Self; 4] = [Self::System, Self::Dark, Self::Light, Self::HighContrast];
}

/// Smallest and largest scale of the window's texts and widgets.
pub const SCALES: std::ops::RangeInclusive<f32> = 1.0..=2.0;

/// The window's settings. Every entry has a default, so that older and newer files can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub language: Lang,
    pub appearance: Appearance,
    /// Scale of texts and widgets, 1 to 2.
    pub scale: f32,
    /// Ids of the chosen models; the first installed model if none of them is installed.
    pub models: Vec<String>,
    /// Device by name, such as `auto` or `cpu`.
    pub device: String,
    pub overlay_shown: bool,
    /// How the map is drawn; the same options as in an export.
    pub overlay: OverlayOptions,
    pub field_outline_shown: bool,
    /// The borders of the map's cells.
    pub grid_shown: bool,
    /// File names are replaced by numbers, in the window and in exports.
    pub names_masked: bool,
    /// The user wants recent files to be remembered.
    pub remember_files: bool,
    /// The three introductory steps were dismissed.
    pub welcomed: bool,
    /// The formats of the last export.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_earlier_versions_keep_their_theme_and_new_users_follow_the_system() {
        for (file, expected) in [
            (r#"{"appearance": "dark"}"#, Appearance::Dark),
            (r#"{"appearance": "light"}"#, Appearance::Light),
            ("{}", Appearance::System),
        ] {
            let settings: Settings = serde_json::from_str(file).unwrap();
            assert_eq!(settings.appearance, expected, "{file}");
        }
    }
}
