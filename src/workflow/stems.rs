//! Stems of a photograph's output files: its name without folders and extension, unique for every photograph of a run
//! on every file system, and short enough for the rest of the file name.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use strum::IntoEnumIterator;
use unicode_normalization::UnicodeNormalization;

use crate::domain::foreign::escaped;
use crate::saliency::Method;

/// Longest file name in bytes on nearly every file system.
const LONGEST_NAME: usize = 255;
/// Room for the number of a second export, such as `~12`.
const NUMBER: usize = 4;
/// A stem is never cut below this length.
const SHORTEST: usize = 16;

/// Bytes of the longest `.<model>.<method>.json` after a stem.
pub(super) fn longest_tail<'a>(models: impl Iterator<Item = &'a str>) -> usize {
    let model = models.map(str::len).max().unwrap_or(0);
    let methods = Method::iter().map(|m| m.as_str().len());
    model + methods.max().unwrap_or(0) + "...json".len() + NUMBER
}

/// A stem for each name, unique regardless of case: a second `a` becomes `a~2`. `tail` bytes follow it; a stem that is
/// too long for them is cut.
pub(super) fn unique_stems<'a>(names: impl Iterator<Item = &'a str>, tail: usize) -> Vec<String> {
    let room = LONGEST_NAME.saturating_sub(tail).max(SHORTEST);
    let mut taken = HashSet::new();
    // The last number given to each stem, so that equal ones are not counted from the start every time.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    names
        .map(|name| {
            let stem = Path::new(name)
                .file_stem()
                .map_or_else(|| name.to_owned(), |s| s.to_string_lossy().into_owned());
            let stem = escaped(&stem)
                // Characters that other systems do not allow in file names.
                .replace(['\\', ':', '*', '?', '"', '<', '>', '|'], "-");
            let mut unique = cut(&stem, room).to_owned();
            if taken.insert(folded(&unique)) {
                return unique;
            }
            let count = numbers.entry(folded(&unique)).or_insert(1);
            loop {
                *count += 1;
                let number = format!("~{count}");
                unique = format!("{}{number}", cut(&stem, room - number.len()));
                if taken.insert(folded(&unique)) {
                    return unique;
                }
            }
        })
        .collect()
}

/// The form in which file systems compare names that ignore case or Unicode normalisation.
fn folded(stem: &str) -> String {
    stem.to_uppercase().to_lowercase().nfc().collect()
}

/// The beginning of a text, at most `room` bytes of whole characters.
fn cut(text: &str, room: usize) -> &str {
    let mut end = text.len().min(room);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stems_are_told_apart() {
        let names = ["a.jpg", "sub/A.png", "a~2.jpg", "b/a.tif", "Ǆ.jpg", "ǆ.png"];
        assert_eq!(
            unique_stems(names.into_iter(), 0),
            ["a", "A~2", "a~2~2", "a~3", "Ǆ", "ǆ~2"]
        );
        let names = ["x/が.jpg", "y/か\u{3099}.jpg"];
        assert_eq!(unique_stems(names.into_iter(), 0), ["が", "か\u{3099}~2"]);
    }

    #[test]
    fn nothing_in_a_stem_steers_a_terminal() {
        let names = [
            "a\u{1b}[31m.jpg",
            "a\nb.jpg",
            "\u{202e}gpj.a.png",
            "a\u{200b}.jpg",
        ];
        let stems = unique_stems(names.into_iter(), 0);
        assert_eq!(
            stems,
            ["a-u{1b}[31m", "a-u{a}b", "-u{202e}gpj.a", "a-u{200b}"]
        );
    }

    /// As many as in a hospital's export, each `OD.jpg` in its own folder: counting each from the start would take
    /// quadratic time.
    #[test]
    fn many_equal_stems_are_each_numbered_once() {
        const MANY: usize = 100_000;
        let stems = unique_stems(std::iter::repeat_n("OD.jpg", MANY), 0);
        assert_eq!(stems[MANY - 1], format!("OD~{MANY}"));
        assert_eq!(stems.iter().collect::<HashSet<_>>().len(), MANY);
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let tail = longest_tail(["demo-mobilenet", "demo-efficientnet-b0"].into_iter());
        let long = "患者番号".repeat(20);
        let names: Vec<String> = ["_OD.jpg", "_OS.jpg", "_OD.png"]
            .map(|end| format!("{long}{end}"))
            .into();
        let stems = unique_stems(names.iter().map(String::as_str), tail);
        for stem in &stems {
            let name = format!("{stem}.demo-efficientnet-b0.integrated-gradients~9.json");
            assert!(name.len() <= LONGEST_NAME, "{}", name.len());
            assert!(stem.starts_with("患者番号") && stem.len() > 150);
        }
        let different: HashSet<&String> = stems.iter().collect();
        assert_eq!(different.len(), 3);
        // A stem that fits is unchanged, whatever its length.
        let fits = "x".repeat(LONGEST_NAME - tail);
        assert_eq!(unique_stems([fits.as_str()].into_iter(), tail), [fits]);
        assert_eq!(
            unique_stems(["abcdefghijklmnopq"].into_iter(), 999),
            ["abcdefghijklmnop"]
        );
    }
}
