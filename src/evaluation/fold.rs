//! Normalises user-supplied text for comparison.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, trimmed: full-width and decomposed forms become equal to the usual ones.
pub(super) fn folded(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    // Lower-casing can decompose again, as for İ.
    lower.nfkc().collect::<String>().trim().to_owned()
}

/// The name of a column without spaces, punctuation between words and text in brackets: `Age (years)` is `age`.
pub(super) fn column_name(text: &str) -> String {
    let folded = folded(text);
    let bare = match folded.find(['(', '[']) {
        Some(at) if at > 0 => &folded[..at],
        _ => &folded,
    };
    bare.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a column name: `patient_age`, `PatientAge` and `patient age` have two.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in text.nfkc() {
        if !c.is_alphanumeric() || (lower_before && c.is_uppercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            let word = words.last_mut().expect("there is a first word");
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_has_one_form() {
        assert_eq!(folded(" ＩＭＧ０１ "), "img01");
        assert_eq!(folded("か\u{3099}"), folded("が"));
        assert_eq!(folded("Mu\u{308}ller"), "müller");
        assert_eq!(column_name("Age (years)"), "age");
        assert_eq!(column_name("ＰＡＴＩＥＮＴ_ＩＤ"), "patientid");
        assert_eq!(column_name("年齢（歳）"), "年齢");
        assert_eq!(words("PatientAge"), ["patient", "age"]);
        assert_eq!(words("age_at-exam"), ["age", "at", "exam"]);
    }
}
