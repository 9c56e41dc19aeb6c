//! The id of a model of which only the file is known.

use std::path::Path;

/// Longest part of a file's name in an id.
const LONGEST: usize = 48;
/// Digits of the SHA-256 in an id.
const DIGITS: usize = 8;

/// An id from a file's name, of a-z, 0-9, `-`, `_` and `.`.
///
/// A name in another script loses its distinguishing part, and one that is too long its end: such an id ends in the
/// first digits of the file's SHA-256, so that 眼底A.h5 and 眼底B.h5 get two ids, each the same on every machine.
pub fn id_from_file(file: &Path, sha256: &str) -> String {
    let stem = file
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let kept: String = stem
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .take(LONGEST)
        .collect();
    let digits = sha256.get(..DIGITS).unwrap_or(sha256);
    let whole = stem.is_ascii() && stem.len() <= LONGEST;
    let kept = match whole {
        true => kept.trim_matches(['.', '-']),
        false => kept.trim_matches(['.', '-', '_']),
    };
    match (kept.is_empty(), whole) {
        (true, _) => format!("model-{digits}"),
        (false, true) => kept.to_owned(),
        (false, false) => format!("{kept}-{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "1234567890ab";
    const B: &str = "abcdef012345";

    fn id(name: &str, sha256: &str) -> String {
        id_from_file(&Path::new("/x").join(name), sha256)
    }

    #[test]
    fn a_plain_name_is_the_id() {
        assert_eq!(id("My model (2).h5", A), "My-model--2");
        assert_eq!(id("sex.weights.h5", A), "sex.weights");
        assert_eq!(id("_base_.keras", A), "_base_");
    }

    #[test]
    fn names_in_other_scripts_never_share_an_id() {
        for (name, expected) in [
            ("眼底.h5", "model-12345678"),
            ("モデル.keras", "model-12345678"),
            ("眼底A.h5", "A-12345678"),
            ("性別モデル 2.h5", "2-12345678"),
            ("пол.h5", "model-12345678"),
            ("Ägypten.h5", "gypten-12345678"),
            ("模型_v2_最终.h5", "v2-12345678"),
            ("(1).h5", "1"),
            ("---.h5", "model-12345678"),
            (".h5", "h5"),
        ] {
            assert_eq!(id(name, A), expected, "{name}");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            assert!(id(name, A).chars().all(is_plain) && id(name, A).len() <= 64);
        }
        assert_ne!(id("眼底A.h5", A), id("眼底B.h5", A));
        assert_ne!(id("眼底.h5", A), id("眼底.h5", B));
        assert_ne!(id("眼底.h5", A), id("モデル.h5", B));
        // Long names that differ only at their end.
        let long = |end: &str| id(&format!("{}{end}.h5", "x".repeat(60)), A);
        assert_eq!(long("1").len(), LONGEST + 1 + DIGITS);
        assert_eq!(id(&"x".repeat(48), A).len(), 48);
    }
}
