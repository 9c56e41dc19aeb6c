//! Values of arguments that several commands take.

use clap::ValueEnum;

use crate::domain::{Laterality, Persons};
use crate::export::overlay_format::OverlayFormat;

/// The map that is computed with every score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Saliency {
    GradCam,
    None,
}

/// The file format of overlays.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Overlay {
    Png,
    PngFast,
    Jpeg,
}

impl From<Overlay> for OverlayFormat {
    fn from(overlay: Overlay) -> Self {
        match overlay {
            Overlay::Png => Self::Png,
            Overlay::PngFast => Self::PngFast,
            Overlay::Jpeg => Self::Jpeg,
        }
    }
}

pub fn eye_from_str(text: &str) -> Result<Laterality, String> {
    match text.to_ascii_uppercase().as_str() {
        "OD" => Ok(Laterality::Od),
        "OS" => Ok(Laterality::Os),
        _ => Err("give OD (right eye) or OS (left eye)".to_owned()),
    }
}

pub fn persons_from_str(text: &str) -> Result<Persons, String> {
    match text {
        "none" => Ok(Persons::None),
        "file-names" => Ok(Persons::FileNames),
        _ => Err("give none or file-names".to_owned()),
    }
}
