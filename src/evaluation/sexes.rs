//! Words for the recorded sex, from several languages, that are unambiguous across all of them.

use super::fold::folded;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

const FEMALE: &[&str] = &[
    "female",
    "females",
    "woman",
    "women",
    "girl",
    "fem",
    "female sex",
    "♀",
    "女",
    "女性",
    "女子",
    "おんな",
    "女の子",
    "メス",
    "ジョセイ",
    "여",
    "여성",
    "여자",
    "weiblich",
    "frau",
    "femme",
    "féminin",
    "feminin",
    "féminine",
    "mujer",
    "femenino",
    "femenina",
    "hembra",
    "feminino",
    "feminina",
    "mulher",
    "donna",
    "femmina",
    "femminile",
    "vrouw",
    "vrouwelijk",
    "kvinna",
    "kvinde",
    "kvinne",
    "kvinnlig",
    "kvindelig",
    "kvinnelig",
    "nainen",
    "nő",
    "kobieta",
    "žena",
    "kadın",
    "женщина",
    "женский",
    "жен",
    "ж",
];

const MALE: &[&str] = &[
    "male",
    "males",
    "man",
    "men",
    "boy",
    "masc",
    "male sex",
    "♂",
    "男",
    "男性",
    "男子",
    "おとこ",
    "男の子",
    "オス",
    "ダンセイ",
    "남",
    "남성",
    "남자",
    "männlich",
    "maennlich",
    "mann",
    "homme",
    "masculin",
    "hombre",
    "masculino",
    "varón",
    "varon",
    "homem",
    "uomo",
    "maschio",
    "maschile",
    "mannelijk",
    "mand",
    "manlig",
    "mandlig",
    "mannlig",
    "mies",
    "férfi",
    "mężczyzna",
    "muž",
    "erkek",
    "мужчина",
    "мужской",
    "муж",
    "м",
];

/// A word of more than one letter, or a sign that means one sex only. Latin letters are not accepted: `M` is male next
/// to F and W, female next to H, and `F` is male in Hungarian.
pub(super) fn sex_of(word: &str) -> Option<Sex> {
    let word = folded(word);
    let word = word.trim_end_matches('.');
    match () {
        () if FEMALE.contains(&word) => Some(Sex::Female),
        () if MALE.contains(&word) => Some(Sex::Male),
        () => None,
    }
}

/// The sex of `m` and `f`, if both occur in the same column.
pub(super) fn sex_of_letter(letter: &str) -> Option<Sex> {
    match letter {
        "f" => Some(Sex::Female),
        "m" => Some(Sex::Male),
        _ => None,
    }
}

/// The sexes of two labels, if the labels name both sexes.
pub(super) fn sexes_of(labels: &[String; 2]) -> Option<[Sex; 2]> {
    let [zero, one] = [folded(&labels[0]), folded(&labels[1])];
    let of = |label: &str| sex_of(label).or_else(|| sex_of_letter(label));
    match (of(&zero)?, of(&one)?) {
        (a, b) if a != b => Some([a, b]),
        _ => None,
    }
}

/// The output of a model that a recorded label belongs to: the label itself, or the label of the same sex; `None` if it is
/// neither.
pub fn output_of(label: &str, labels: &[String; 2]) -> Option<usize> {
    if let Some(output) = labels.iter().position(|of| of == label) {
        return Some(output);
    }
    let sex = sex_of(label)?;
    sexes_of(labels)?.iter().position(|of| *of == sex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_sexes_and_none_is_a_latin_letter() {
        for word in FEMALE.iter().chain(MALE) {
            assert_eq!(folded(word), **word, "folded");
            assert!(!(FEMALE.contains(word) && MALE.contains(word)), "{word}");
            let letter = word.len() == 1;
            assert!(!letter, "{word}");
        }
    }

    #[test]
    fn labels_in_any_language_have_their_sexes() {
        let sexes = |zero: &str, one: &str| sexes_of(&[zero.into(), one.into()]);
        let expected = Some([Sex::Female, Sex::Male]);
        assert_eq!(sexes("female", "male"), expected);
        assert_eq!(sexes("Ｆ", "Ｍ"), expected);
        assert_eq!(sexes("女性", "Male"), expected);
        assert_eq!(sexes("mujer", "hombre"), expected);
        assert_eq!(sexes("male", "man"), None);
        assert_eq!(sexes("0", "1"), None);
        assert_eq!(sexes("w", "m"), None);
    }

    #[test]
    fn a_recorded_sex_belongs_to_the_output_of_that_sex() {
        let labels = |zero: &str, one: &str| [zero.to_owned(), one.to_owned()];
        assert_eq!(output_of("female", &labels("F", "M")), Some(0));
        assert_eq!(output_of("female", &labels("男性", "女性")), Some(1));
        assert_eq!(output_of("healthy", &labels("ill", "healthy")), Some(1));
        assert_eq!(output_of("female", &labels("0", "1")), None);
        assert_eq!(output_of("other", &labels("F", "M")), None);
    }
}
