//! What the user chooses about a figure: format, width, ground, panels and caption.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::caption::{Template, UnknownPlaceholder};
use super::{Subject, figure};
use crate::export::page::{Ground, Page, pdf, png as page_png, svg};
use crate::export::png;
use crate::text::Lang;
use crate::text::report::Report;

/// The format of a figure's file.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FigureFormat {
    /// Pixels, 300 per inch.
    #[default]
    Png,
    Svg,
    Pdf,
}

/// The figure could not be drawn or encoded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Template(#[from] UnknownPlaceholder),
    #[error(transparent)]
    Png(#[from] png::Error),
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
}

impl FigureFormat {
    pub fn extension(self) -> &'static str {
        self.into()
    }

    /// The bytes of a file with this page.
    ///
    /// # Errors
    /// A picture cannot be encoded.
    pub fn write(self, page: &Page) -> Result<Vec<u8>, Error> {
        let title = Report(page.lang).figure_title();
        Ok(match self {
            Self::Png => page_png::write(page)?,
            Self::Svg => svg::write(page, title)?,
            Self::Pdf => pdf::write(std::slice::from_ref(page), title)?,
        })
    }
}

/// Which panels a figure has.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Panels {
    /// The photograph, and the overlay of each model.
    #[default]
    All,
    /// The overlay of each model.
    Overlays,
    Photograph,
}

/// Width of one and of two columns of a journal, in mm.
pub const ONE_COLUMN_MM: f32 = 85.0;
pub const TWO_COLUMNS_MM: f32 = 174.0;
/// The narrowest and the widest figure, in mm.
pub const NARROWEST_MM: f32 = 40.0;
pub const WIDEST_MM: f32 = 600.0;
/// Most letters of a template.
pub const LONGEST_CAPTION: usize = 4000;

/// The choices. In the settings each has a default, so that older and newer files can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct FigureOptions {
    pub format: FigureFormat,
    /// In mm.
    pub width: f32,
    pub ground: Ground,
    pub panels: Panels,
    /// Panels are marked A, B, … if there is more than one.
    pub letters: bool,
    /// Where disc and fovea are known.
    pub scale_bar: bool,
    /// The template of the caption; `None` is [`DEFAULT_TEMPLATE`](super::DEFAULT_TEMPLATE).
    pub caption: Option<String>,
}

impl Default for FigureOptions {
    fn default() -> Self {
        Self {
            format: FigureFormat::default(),
            width: TWO_COLUMNS_MM,
            ground: Ground::default(),
            panels: Panels::default(),
            letters: true,
            scale_bar: true,
            caption: None,
        }
    }
}

impl FigureOptions {
    /// # Errors
    /// The user's template names something unknown.
    pub fn template(&self) -> Result<Template, UnknownPlaceholder> {
        self.caption
            .as_deref()
            .map_or_else(|| Ok(Template::default()), str::parse)
    }

    /// The bytes of a figure's file.
    ///
    /// # Errors
    /// The user's template names something unknown, or a picture cannot be encoded.
    pub fn bytes(&self, of: &Subject) -> Result<Vec<u8>, Error> {
        self.format.write(&figure(of, self)?)
    }

    /// The width within its limits, in mm.
    pub(super) fn printed_width(&self) -> f32 {
        match self.width {
            width if width.is_nan() => TWO_COLUMNS_MM,
            width => width.clamp(NARROWEST_MM, WIDEST_MM),
        }
    }
}

/// A figure to be written beside other results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureRequest {
    pub options: FigureOptions,
    pub lang: Lang,
}

/// The resolution at which the longer side of a page has at most this many pixels, and at most that of a written page.
pub fn dpi_for(page: &Page, longest: u32) -> f32 {
    let inches = page.width.max(page.height).max(1.0) / 72.0;
    // Half a pixel less, so that rounding never adds one.
    ((longest as f32 - 0.5) / inches).min(page_png::possible(page))
}
