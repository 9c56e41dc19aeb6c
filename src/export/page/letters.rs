//! Letters of the application's own typeface, Latin and Japanese: their widths, line breaks, glyphs and pixels. The same on
//! every system and in every painter.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::Colour;
use crate::domain::Pixels;

/// BIZ UDPGothic, the only typeface of the application; see `assets/fonts`.
pub static TYPEFACE: &[u8] = include_bytes!("../../../assets/fonts/BIZUDPGothic-Regular.ttf");

/// Line spacing in ems.
pub const LINE: f32 = 1.4;

/// The typeface at one size, in points for a layout or in pixels for a picture.
pub struct Letters {
    /// `None` would mean damaged bytes in the executable: then no text is drawn, and nothing fails.
    font: Option<FontRef<'static>>,
    em: f32,
}

/// A letter of a line by its number in the typeface, with its start and end along the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub glyph: u16,
    pub start: f32,
    pub end: f32,
}

impl Letters {
    /// Letters whose em square has a side of `em`, at least a hundredth.
    pub fn new(em: f32) -> Self {
        Self {
            font: FontRef::try_from_slice(TYPEFACE).ok(),
            em: em.max(0.01),
        }
    }

    /// One em.
    pub fn size(&self) -> f32 {
        self.em
    }

    /// From one line to the next.
    pub fn line_height(&self) -> f32 {
        self.em * LINE
    }

    /// From the top of a line to its baseline; ascent and descent are centred in the line.
    pub fn baseline(&self) -> f32 {
        let (ascent, descent) = self.font.as_ref().map_or((0.88, -0.12), |font| {
            let units = font.units_per_em().unwrap_or(1000.0);
            (
                font.ascent_unscaled() / units,
                font.descent_unscaled() / units,
            )
        });
        self.em * ((LINE - (ascent - descent)) / 2.0 + ascent)
    }

    /// Width of a text on one line.
    pub fn width(&self, text: &str) -> f32 {
        self.places(text).last().map_or(0.0, |place| place.end)
    }

    /// The text as it is drawn, letter for letter: what cannot be seen or would turn the line around becomes a space.
    pub fn visible(&self, text: &str) -> String {
        text.chars().map(visible).collect()
    }

    /// Breaks a text into lines of at most `width`: at spaces, between Japanese letters by Japanese rules, and anywhere in a
    /// word that is too long for a line. Each line holds at least one letter.
    pub fn wrap(&self, text: &str, width: f32) -> Vec<String> {
        let letters: Vec<char> = text.chars().map(visible).collect();
        let ends: Vec<f32> = self.places(text).iter().map(|place| place.end).collect();
        let mut lines = Vec::new();
        let mut start = 0;
        while start < letters.len() {
            let before = if start == 0 { 0.0 } else { ends[start - 1] };
            // Spaces at the end of a line may overhang.
            let fits = (start..letters.len())
                .take_while(|&i| letters[i] == ' ' || ends[i] - before <= width)
                .count()
                .max(1);
            let limit = start + fits;
            let end = if limit == letters.len() {
                limit
            } else {
                let breaks = |i: &usize| may_break(letters[i - 1], letters[*i]);
                (start + 1..=limit).rev().find(breaks).unwrap_or(limit)
            };
            let line: String = letters[start..end].iter().collect();
            lines.push(line.trim_end().to_owned());
            start = end;
            while letters.get(start) == Some(&' ') {
                start += 1;
            }
        }
        lines
    }

    /// Draws one line into a picture from `x` on its baseline. Parts outside the picture are clipped.
    pub(super) fn draw(
        &self,
        picture: &mut Pixels,
        [x, baseline]: [f32; 2],
        text: &str,
        ink: Colour,
    ) {
        let Some(font) = &self.font else {
            return;
        };
        let (width, height) = (i64::from(picture.width), i64::from(picture.height));
        for place in self.places(text) {
            let at = point(x + place.start, baseline.round());
            let glyph = GlyphId(place.glyph).with_scale_and_position(self.scale(font), at);
            let Some(outlined) = font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outlined.px_bounds().min;
            outlined.draw(|dx, dy, cover| {
                let (px, py) = (
                    corner.x as i64 + i64::from(dx),
                    corner.y as i64 + i64::from(dy),
                );
                if (0..width).contains(&px) && (0..height).contains(&py) {
                    let at = ((py * width + px) * 3) as usize;
                    super::png::cover(&mut picture.rgb[at..at + 3], ink, cover);
                }
            });
        }
    }

    fn scale(&self, font: &FontRef) -> PxScale {
        let units = font.units_per_em().unwrap_or(1000.0);
        PxScale::from(self.em * font.height_unscaled() / units)
    }

    /// Each letter of a line.
    pub(super) fn places(&self, text: &str) -> Vec<Place> {
        let Some(font) = &self.font else {
            let nothing = Place {
                glyph: 0,
                start: 0.0,
                end: 0.0,
            };
            return text.chars().map(|_| nothing).collect();
        };
        let scaled = font.as_scaled(self.scale(font));
        let mut at = 0.0;
        let mut before = None;
        let place = |c: char| {
            let glyph = scaled.glyph_id(visible(c));
            let kern = before.map_or(0.0, |b| scaled.kern(b, glyph));
            let start = at + kern;
            at = start + scaled.h_advance(glyph);
            before = Some(glyph);
            Place {
                glyph: glyph.0,
                start,
                end: at,
            }
        };
        text.chars().map(place).collect()
    }
}

/// Line breaks, other control characters, marks of direction and what is no character at all are drawn as spaces. The
/// typeface has the glyphs of "at most" and "at least" exchanged; those with two bars, which mean the same, are right.
fn visible(c: char) -> char {
    let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || c as u32 & 0xfffe == 0xfffe;
    if hidden || c.is_control() || c.is_whitespace() && c != '\u{3000}' {
        return ' ';
    }
    match c {
        '\u{2264}' => '\u{2266}',
        '\u{2265}' => '\u{2267}',
        c => c,
    }
}

/// Whether a line may end between two letters.
fn may_break(a: char, b: char) -> bool {
    const NEVER_FIRST: &str = "、。,.:;!?!?)])]}」』】〉》・ー々〜ゃゅょっャュョッ%%…";
    const NEVER_LAST: &str = "(([[{「『【〈《";
    let between = a == ' ' || is_wide(a) || is_wide(b);
    between && b != ' ' && !NEVER_FIRST.contains(b) && !NEVER_LAST.contains(a)
}

/// Characters between which Japanese text may break.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn black(width: u32, height: u32) -> Pixels {
        Pixels::new(width, height, vec![0; (width * height * 3) as usize]).unwrap()
    }

    #[test]
    fn the_bundled_typeface_can_be_read_and_has_both_scripts() {
        let letters = Letters::new(20.0);
        let font = letters.font.as_ref().unwrap();
        for c in "Aé×−±眼底写真髙﨑琥珀、。…".chars() {
            assert_ne!(font.glyph_id(c), GlyphId(0), "{c}");
        }
        assert!((letters.width("眼") - 20.0).abs() < 2.0, "an em is an em");
    }

    #[test]
    fn letters_are_drawn_inside_their_line() {
        for text in ["Hxgjy", "眼底"] {
            let letters = Letters::new(30.0);
            let mut picture = black(200, 100);
            letters.draw(
                &mut picture,
                [10.0, 20.0 + letters.baseline()],
                text,
                [255; 3],
            );
            let lit: Vec<(f32, f32)> = (0..100)
                .flat_map(|y| (0..200).map(move |x| (x, y)))
                .filter(|&(x, y)| picture.at(x, y)[0] > 40)
                .map(|(x, y)| (x as f32, y as f32))
                .collect();
            assert!(lit.len() > 100, "{text}");
            let end = 10.0 + letters.width(text);
            for (x, y) in lit {
                assert!(x >= 8.0 && x <= end + 1.0, "{text} at {x}");
                assert!(
                    y >= 20.0 && y <= 20.0 + letters.line_height(),
                    "{text} at {y}"
                );
            }
        }
    }

    #[test]
    fn lines_break_at_spaces_and_as_japanese_does() {
        let letters = Letters::new(20.0);
        let lines = letters.wrap("one two three four", letters.width("one two th"));
        assert_eq!(lines, ["one two", "three four"]);
        let lines = letters.wrap("眼底の写真、です。", letters.width("眼底の写真"));
        assert_eq!(lines, ["眼底の写", "真、です。"]);
        let lines = letters.wrap("abcdefghij", letters.width("abcd"));
        assert_eq!(lines.concat(), "abcdefghij");
        assert!(lines.len() > 1);
        assert_eq!(letters.wrap("a\nb", 1000.0), ["a b"]);
        let lines = letters.wrap("at 80 %", letters.width("at 80"));
        assert_eq!(lines, ["at", "80 %"]);
        assert!(letters.wrap("", 100.0).is_empty());
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_is_too_long(text in "[a-z0-9 _/.、。眼底ー(]{0,40}", width in 1.0..300_f32) {
            let letters = Letters::new(12.0);
            let lines = letters.wrap(&text, width);
            let bare = |t: &str| t.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
            for line in &lines {
                prop_assert!(letters.width(line) <= width + 0.01 || line.chars().count() == 1, "{}", line);
            }
        }

        #[test]
        fn any_place_and_any_text_can_be_drawn(text in ".{0,12}", x in -50.0..50_f32, y in -50.0..50_f32) {
            let mut picture = black(20, 20);
            Letters::new(11.0).draw(&mut picture, [x, y], &text, [255; 3]);
        }
    }

    #[test]
    fn the_smaller_side_of_an_inequality_is_where_the_text_has_it() {
        let letters = Letters::new(10.0);
        assert_eq!(
            letters.visible("a \u{2264} 2, b \u{2265} 1"),
            "a \u{2266} 2, b \u{2267} 1"
        );
        assert_eq!(letters.wrap("a \u{2264} b", 100.0), ["a \u{2266} b"]);
    }
}
