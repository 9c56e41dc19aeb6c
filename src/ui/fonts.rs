//! The bundled typefaces: one for both languages, independent of installed fonts, and one of icons.

use egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use egui::{Context, FontData, FontFamily, FontTweak};

use super::icons;
use crate::export::text_on_picture::TYPEFACE;

/// The used part of Phosphor's regular typeface.
pub static ICONS: &[u8] = include_bytes!("../../assets/fonts/Phosphor-subset.ttf");

/// Puts BIZ UDPGothic first for text and last for monospaced figures; egui's own symbols remain as fallback.
pub fn install(ctx: &Context) {
    ctx.add_font(FontInsert::new(
        "biz-udpgothic",
        FontData::from_static(TYPEFACE).tweak(FontTweak {
            // With hinting this typeface loses its underscore at some sizes, so that file names look different.
            hinting: Some(false),
            ..FontTweak::default()
        }),
        vec![
            InsertFontFamily {
                family: FontFamily::Proportional,
                priority: FontPriority::Highest,
            },
            InsertFontFamily {
                family: FontFamily::Monospace,
                priority: FontPriority::Lowest,
            },
        ],
    ));
    ctx.add_font(FontInsert::new(
        icons::FAMILY,
        FontData::from_static(ICONS),
        vec![InsertFontFamily {
            family: FontFamily::Name(icons::FAMILY.into()),
            priority: FontPriority::Highest,
        }],
    ));
}
