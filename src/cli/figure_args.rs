//! Arguments about figures, shared by the commands that write them.

use std::str::FromStr;

use strum::IntoEnumIterator;

use crate::export::figure::{
    DEFAULT_TEMPLATE, FigureFormat, FigureOptions, FigureRequest, NARROWEST_MM, Panels,
    TWO_COLUMNS_MM, Template, WIDEST_MM,
};
use crate::export::page::Ground;
use crate::text::Lang;

#[derive(Clone, Debug, clap::Args)]
pub struct FigureArgs {
    /// Also write a figure of every photograph beside its maps, for print: png (300 dpi), svg or pdf
    #[arg(long, value_name = "png|svg|pdf", value_parser = word::<FigureFormat>)]
    figure: Option<FigureFormat>,
    #[arg(long, help = widths(), value_name = "MM", default_value_t = TWO_COLUMNS_MM, requires = "figure", value_parser = width_from_str)]
    figure_width: f32,
    /// Background of the figure: white or black
    #[arg(long, value_name = "white|black", default_value = "white", requires = "figure", value_parser = word::<Ground>)]
    figure_ground: Ground,
    /// Panels of the figure: all (photograph and maps), overlays or photograph
    #[arg(long, value_name = "PANELS", default_value = "all", requires = "figure", value_parser = word::<Panels>)]
    figure_panels: Panels,
    #[arg(long, help = captions(), value_name = "TEXT", requires = "figure", value_parser = caption_from_str)]
    figure_caption: Option<String>,
    /// Language of the figure: en or ja
    #[arg(long, value_name = "en|ja", default_value = "en", requires = "figure", value_parser = lang_from_str)]
    figure_language: Lang,
}

impl FigureArgs {
    /// `None` if no figure was requested.
    pub fn request(self) -> Option<FigureRequest> {
        let format = self.figure?;
        Some(FigureRequest {
            options: FigureOptions {
                format,
                width: self.figure_width,
                ground: self.figure_ground,
                panels: self.figure_panels,
                caption: self.figure_caption,
                ..FigureOptions::default()
            },
            lang: self.figure_language,
        })
    }
}

fn widths() -> String {
    format!("Width of the figure in mm, from {NARROWEST_MM} to {WIDEST_MM}")
}

fn captions() -> String {
    let default = DEFAULT_TEMPLATE.replace('\n', "\\n");
    format!(
        "Caption of the figure with placeholders, \\n between its lines; findings and the research note always follow \
         [default: {default}]"
    )
}

fn width_from_str(text: &str) -> Result<f32, String> {
    let width = text.trim().parse().ok();
    width
        .filter(|width| (NARROWEST_MM..=WIDEST_MM).contains(width))
        .ok_or_else(|| format!("give a number from {NARROWEST_MM} to {WIDEST_MM}"))
}

fn caption_from_str(text: &str) -> Result<String, String> {
    let text = text.replace("\\n", "\n");
    match text.parse::<Template>() {
        Ok(_) => Ok(text),
        Err(unknown) => Err(unknown.to_string()),
    }
}

pub(super) fn lang_from_str(text: &str) -> Result<Lang, String> {
    match text {
        "en" => Ok(Lang::En),
        "ja" => Ok(Lang::Ja),
        _ => Err("use en or ja".to_owned()),
    }
}

/// One of the words of a choice.
fn word<T: FromStr + IntoEnumIterator + Into<&'static str>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| {
        let words: Vec<&str> = T::iter().map(Into::into).collect();
        format!("use one of {}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_captions_outside_their_limits_are_refused() {
        assert_eq!(width_from_str("85"), Ok(85.0));
        for text in ["0", "39", "601", "nan", "inf", "x"] {
            assert!(width_from_str(text).is_err(), "{text}");
        }
        assert_eq!(caption_from_str("a\\n{eye}"), Ok("a\n{eye}".to_owned()));
        let refused = caption_from_str("{age}").unwrap_err();
        assert!(refused.contains("{age}") && refused.contains("{answer}"));
        assert_eq!(word::<FigureFormat>("svg"), Ok(FigureFormat::Svg));
        assert!(word::<Panels>("some").unwrap_err().contains("overlays"));
    }
}
