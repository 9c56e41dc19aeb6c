//! Laterality in a file's name: `OD`, `OS`, `R`, `L`, `right`, `left`, 右 and 左 as separate words.

use std::ops::Range;

use crate::domain::Laterality;

/// The eye in a file name, or unknown if the name contains none or both.
///
/// A word counts if it is delimited, or if it follows the last digit at the end of the stem, as in `Image_01L.jpg`;
/// `hagR480` does not count. 右眼 and 左眼 count as 右 and 左; inside longer words they may be part of a family
/// name. Case is ignored.
pub fn laterality_from_name(name: &str) -> Laterality {
    let (_, stem) = folder_and_stem(name);
    match eye_words(stem).first() {
        Some(&(_, eye)) => eye,
        None => Laterality::Unknown,
    }
}

/// The path before the last separator, and the name after it without its extension.
pub(super) fn folder_and_stem(name: &str) -> (&str, &str) {
    let (folder, name) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => (folder, stem),
        _ => (folder, name),
    }
}

/// The words for the eye in a stem, from left to right; empty if the stem names both eyes.
pub(super) fn eye_words(stem: &str) -> Vec<(Range<usize>, Laterality)> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in stem.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some(word) if word.end == at => word.end = end,
            _ => words.push(at..end),
        }
    }
    let ending = words.last().and_then(|word| {
        let digit = stem[word.clone()].rfind(|c: char| c.is_ascii_digit())?;
        Some(word.start + digit + 1..word.end)
    });
    words.extend(ending);
    let named: Vec<_> = words
        .into_iter()
        .filter_map(|word| Some((word.clone(), laterality_from_word(&stem[word])?)))
        .collect();
    let both = named.iter().any(|(_, eye)| *eye != named[0].1);
    if both { Vec::new() } else { named }
}

pub(super) fn laterality_from_word(word: &str) -> Option<Laterality> {
    match word.to_ascii_lowercase().as_str() {
        "od" | "r" | "right" | "右" | "右眼" => Some(Laterality::Od),
        "os" | "l" | "left" | "左" | "左眼" => Some(Laterality::Os),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimited_words_and_endings_after_a_digit_count() {
        for name in [
            "01R.jpg",
            "p7_OD.png",
            "eye-right.tif",
            "R.bmp",
            "a R b.jpg",
            "右眼.jpg",
            "12_od.JPG",
            "folder_L/x_right.png",
            "Image_01R",
        ] {
            assert_eq!(laterality_from_name(name), Laterality::Od, "{name}");
        }
        for name in [
            "Image_01L.jpg",
            "x.os.png",
            "LEFT (2).jpg",
            "患者7左.jpg",
            "haggstrom_left_1411.jpg",
            "3os.jpg",
        ] {
            assert_eq!(laterality_from_name(name), Laterality::Os, "{name}");
        }
    }

    #[test]
    fn everything_else_says_nothing() {
        for name in [
            "hagR480.bmp",
            "hagR480_exif3.jpg",
            "lens.jpg",
            "hrf_07_dr_full.jpg",
            "bright.jpg",
            "left_right.jpg",
            "OD_OS.jpg",
            "",
            ".",
            ".jpg",
            "01Lx.jpg",
            "左右.png",
            "右田.jpg",
            "左近01.jpg",
        ] {
            assert_eq!(laterality_from_name(name), Laterality::Unknown, "{name}");
        }
    }
}
