//! The person that a file's name speaks of: what is left of the name beside the word for the eye.

use super::laterality::{eye_words, folder_and_stem, laterality_from_word};

/// A key by which photographs of one person belong together, guessed from the file's name and always said to be a guess.
///
/// `name` may be a path relative to what was given. The key is the part of the stem before the word for the eye
/// (`p7_OD.png` and `p7_OS_2.png`: `p7`), or the part after it when nothing stands before (`OD_p1.jpg`: `p1`), or the
/// folder when the stem is nothing but the eye (`p9/OD.jpg`: `p9`). Folders stay in front, so that equal numbers of two
/// places do not mix (`siteA/01L.jpg`: `siteA/01`); a folder that is itself an eye (`right/01R.jpg`) is passed over.
/// `None` when the name names no eye, or nothing else.
pub fn person_from_name(name: &str) -> Option<String> {
    let (folder, stem) = folder_and_stem(name);
    let eyes = eye_words(stem);
    let (first, _) = eyes.first()?;
    let next = eyes.get(1).map_or(stem.len(), |(word, _)| word.start);
    let trim = |part: &'_ str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let own = [&stem[..first.start], &stem[first.end..next.max(first.end)]]
        .map(trim)
        .into_iter()
        .find(|part| !part.is_empty());
    let folders = folder
        .split(['/', '\\'])
        .filter(|f| !matches!(*f, "" | "." | "..") && laterality_from_word(f).is_none());
    let parts: Vec<&str> = folders.chain(own.as_deref()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clinic::Laterality;
    use crate::imaging::laterality_from_name;

    #[test]
    fn the_person_is_what_stands_beside_the_eye() {
        for (name, person) in [
            ("p7_OD.png", "p7"),
            ("p7_OS_2.png", "p7"),
            ("01L.jpg", "01"),
            ("Image_01R.jpg", "Image_01"),
            ("OD_p1.jpg", "p1"),
            ("OD_01R.jpg", "01"),
            ("p9/OD.jpg", "p9"),
            ("siteA/p9/left.tif", "siteA/p9"),
            ("siteA/01L.jpg", "siteA/01"),
            ("right/01R.jpg", "01"),
            ("./siteA\\01R.jpg", "siteA/01"),
            ("患者7左.jpg", "患者7"),
            ("患者7_右眼.jpg", "患者7"),
            ("haggstrom_left_1411.jpg", "haggstrom"),
        ] {
            assert_eq!(person_from_name(name).as_deref(), Some(person), "{name}");
        }
    }

    #[test]
    fn names_without_an_eye_or_without_a_person_say_nothing() {
        for name in [
            "hagR480.bmp",
            "p7.jpg",
            "OD.jpg",
            "right/R.jpg",
            "p7_OD_OS.jpg",
            "p9/photo.jpg",
            "",
            "/",
        ] {
            assert_eq!(person_from_name(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_person_is_named_only_where_an_eye_is(name in "[a-zA-Z0-9_ 右左眼./-]{0,14}") {
            if person_from_name(&name).is_some() {
                prop_assert_ne!(laterality_from_name(&name), Laterality::Unknown);
            }
        }
    }
}
