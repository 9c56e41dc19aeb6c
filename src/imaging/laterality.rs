//! Laterality in a file's name: `OD`, `OS`, `R`, `L`, `right`, `left`, 右 and 左 as words of their own.

use crate::clinic::Laterality;

/// The eye that a file name names, or unknown when it names none or both.
///
/// A word counts when it is delimited, or stands after the last digit at the end of the stem as in `Image_01L.jpg`;
/// `hagR480` says nothing. 右眼 and 左眼 count as 右 and 左; inside longer words they may be part of a family name.
/// Case does not matter.
pub fn laterality_from_name(name: &str) -> Laterality {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    };
    let words: Vec<&str> = stem
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let ending = words
        .last()
        .and_then(|word| Some(&word[word.rfind(|c: char| c.is_ascii_digit())? + 1..]));
    let named: Vec<Laterality> = words
        .iter()
        .copied()
        .chain(ending)
        .filter_map(laterality_from_word)
        .collect();
    match named.first() {
        Some(&eye) if named.iter().all(|&other| other == eye) => eye,
        _ => Laterality::Unknown,
    }
}

fn laterality_from_word(word: &str) -> Option<Laterality> {
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
