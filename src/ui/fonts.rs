//! The bundled typefaces: one for both languages, independent of installed fonts, and one of icons.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily, FontTweak, Id};

use super::icons;
use crate::export::page::TYPEFACE;
use crate::text::Lang;

/// The used part of Phosphor's regular typeface.
pub static ICONS: &[u8] = include_bytes!("../../assets/fonts/Phosphor-subset.ttf");
/// The first typeface determines the height of a line; in English it also holds an ellipsis on the baseline.
static LINE_EN: &[u8] = include_bytes!("../../assets/fonts/Line-en.ttf");
static LINE_JA: &[u8] = include_bytes!("../../assets/fonts/Line-ja.ttf");

/// Shows texts of this language, from the next frame on.
pub fn show(ctx: &Context, lang: Lang) {
    let id = Id::unique("language of the typefaces");
    if ctx.data(|data| data.get_temp(id)) != Some(lang) {
        ctx.data_mut(|data| data.insert_temp(id, lang));
        ctx.set_fonts(definitions(lang));
    }
}

/// BIZ UDPGothic is first for text and last for monospaced figures; egui's own symbols remain as fallback.
fn definitions(lang: Lang) -> FontDefinitions {
    let line = match lang {
        Lang::En => LINE_EN,
        Lang::Ja => LINE_JA,
    };
    let text = FontData::from_static(TYPEFACE).tweak(FontTweak {
        // With hinting this typeface loses its underscore at some sizes, so that file names look different.
        hinting: Some(false),
        ..FontTweak::default()
    });
    let mut fonts = FontDefinitions::default();
    for (name, font) in [
        ("line", FontData::from_static(line)),
        ("text", text),
        (icons::FAMILY, FontData::from_static(ICONS)),
    ] {
        fonts.font_data.insert(name.into(), Arc::new(font));
    }
    let families = &mut fonts.families;
    let proportional = families.entry(FontFamily::Proportional).or_default();
    proportional.splice(0..0, ["line".to_owned(), "text".to_owned()]);
    let monospaced = families.entry(FontFamily::Monospace).or_default();
    monospaced.push("text".into());
    let of_icons = FontFamily::Name(icons::FAMILY.into());
    families.insert(of_icons, vec![icons::FAMILY.into()]);
    fonts
}

#[cfg(test)]
mod tests {
    use ab_glyph::{Font, FontRef, OutlineCurve};

    use super::*;

    #[test]
    fn lines_have_space_between_them_and_english_an_ellipsis_of_its_own() {
        for (line, has_ellipsis) in [(LINE_EN, true), (LINE_JA, false)] {
            let line = FontRef::try_from_slice(line).unwrap();
            let height = line.ascent_unscaled() - line.descent_unscaled();
            let of_text = height / line.units_per_em().unwrap();
            assert!((1.19..1.21).contains(&of_text), "{of_text}");
            assert_eq!(line.glyph_id('…').0 != 0, has_ellipsis);
        }
    }

    /// BIZ UDPGothic has the glyphs of the two exchanged.
    #[test]
    fn an_inequality_opens_to_its_greater_side() {
        // Where the highest point of the sign is, from 0 at its left to 1 at its right.
        let top = |font: &FontRef, sign: char| {
            let outline = font.outline(font.glyph_id(sign)).unwrap();
            let ends = outline.curves.iter().map(|curve| match curve {
                OutlineCurve::Line(_, end)
                | OutlineCurve::Quad(_, _, end)
                | OutlineCurve::Cubic(_, _, _, end) => *end,
            });
            let highest = ends.max_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
            let (left, right) = (outline.bounds.min.x, outline.bounds.max.x);
            (highest.x - left) / (right - left)
        };
        for line in [LINE_EN, LINE_JA] {
            let line = FontRef::try_from_slice(line).unwrap();
            assert!(top(&line, '≤') > 0.5 && top(&line, '≥') < 0.5);
        }
        let text = FontRef::try_from_slice(TYPEFACE).unwrap();
        assert!(top(&text, '<') > 0.5 && top(&text, '>') < 0.5);
    }
}
