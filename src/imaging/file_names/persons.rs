//! Persons suggested by file names: the rest of a name without the word for the eye, if that looks like a person rather
//! than a camera's running number or a date.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use unicode_normalization::UnicodeNormalization;

use super::laterality::{eye_words, folder_and_stem, laterality_from_word};
use crate::domain::Laterality;

/// Words of cameras, folders and data sets that name no person, in lower case.
const GENERIC: &str = "img image dsc dscn dscf pic picture photo photograph fundus retina retinal scan eye eyes fp cfp \
    cf oct file untitled capture screenshot export person subject patient case pat pt id no nr study \
    site visit cam camera room day session batch set series group folder test train val clinic \
    hospital kowa topcon canon nidek zeiss optos visucam trc nw cr vx dx age grade stage normal healthy \
    control disease glaucoma drusen amd npdr pdr dme cataract myopia 画像 写真 眼底 眼底写真 眼底画像 患者 被験者 症例 施設 病院";

/// Words whose number is part of them and no person, directly after the word or after a hyphen, in lower case: models of
/// cameras, and what photographs are grouped by.
const NUMBERED: &str = "trc nw cr vx dx site visit study session batch series group age grade stage camera cam room day";

/// Words for the part of the eye or the state of a picture, in lower case: repeats of one photograph.
const FIELDS: &str = "macula macular fovea disc disk optic nerve centre center central nasal temporal superior \
    inferior posterior anterior pole field f red free redfree colour color copy edit edited crop \
    cropped repeat retake pre post mydriasis dilated small full h 黄斑 乳頭 中心 再撮影 コピー";

/// A name and its input: photographs from different inputs never belong to the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    pub input: usize,
    /// The path relative to the input.
    pub name: &'a str,
}

/// The person that each name suggests, always labelled as a guess.
///
/// The person is the part of the stem before the word for the eye (`p7_OD.png` and `p7_OS_2.png`: `p7`), or the part
/// after it if nothing or only a word such as `fundus` precedes it (`OD_p1.jpg`: `p1`), or the folder if the stem is
/// only the eye (`p9/OD.jpg`: `p9`). Folders are prefixed, so that equal numbers from two places do not mix
/// (`siteA/01L.jpg`: `siteA/01`); a folder that is itself an eye (`right/01R.jpg`) is skipped.
///
/// There is a guess only if both eyes of a person, or several photographs, are among the names. Running numbers after
/// the eye (`IMG_R_0001.jpg`, or `a1_R_1.jpg` and `a1_L_2.jpg`, which count on across both eyes), dates, models of
/// cameras and diagnoses are not persons. Names are compared in one Unicode form, since macOS decomposes letters.
pub fn persons_from_names(names: &[Named]) -> Vec<Option<String>> {
    let composed = |name: &Named| Parts::of(&name.name.nfc().collect::<String>());
    let parts: Vec<Option<Parts>> = names.iter().map(composed).collect();
    let mut families: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (at, (named, parts)) in names.iter().zip(&parts).enumerate() {
        if let Some(parts) = parts {
            families
                .entry((named.input, &parts.person))
                .or_default()
                .push(at);
        }
    }
    let mut keys: Vec<Option<(usize, String)>> = vec![None; names.len()];
    for ((input, person), members) in &families {
        let of = |at: usize| parts[at].as_ref();
        let counted = members
            .iter()
            .any(|&at| of(at).is_some_and(|p| matches!(p.rest, Suffix::RunningNumber)))
            || counts_on(members.iter().filter_map(|&at| of(at)));
        let apart = the_rest_names_persons(members.iter().filter_map(|&at| of(at)));
        for &at in members {
            keys[at] = of(at).and_then(|p| {
                let person = match &p.rest {
                    Suffix::RunningNumber => return None,
                    Suffix::Number(_) if counted || !p.has_number => return None,
                    Suffix::Date(date) if !p.has_number => format!("{person}_{date}"),
                    Suffix::Words(words) if apart => format!("{person}_{words}"),
                    _ => (*person).to_owned(),
                };
                Some((*input, person))
            });
        }
    }
    let mut seen: HashMap<&(usize, String), (usize, HashSet<Laterality>)> = HashMap::new();
    for (key, parts) in keys.iter().zip(&parts) {
        if let (Some(key), Some(parts)) = (key, parts) {
            let (count, eyes) = seen.entry(key).or_default();
            *count += 1;
            eyes.insert(parts.eye);
        }
    }
    let known: HashSet<(usize, String)> = seen
        .into_iter()
        .filter(|(_, (count, eyes))| *count > 1 || eyes.len() > 1)
        .map(|(key, _)| key.clone())
        .collect();
    distinguished(
        keys.into_iter()
            .map(|key| key.filter(|key| known.contains(key))),
    )
}

/// Equal names from different places, such as inputs, get a number: `01`, `01~2`.
pub(super) fn distinguished<P: Eq + Hash>(
    keys: impl Iterator<Item = Option<(P, String)>>,
) -> Vec<Option<String>> {
    let mut places: HashMap<String, HashMap<P, usize>> = HashMap::new();
    keys.map(|key| {
        let (place, person) = key?;
        let of_name = places.entry(person.clone()).or_default();
        let next = of_name.len();
        Some(match *of_name.entry(place).or_insert(next) {
            0 => person,
            n => format!("{person}~{}", n + 1),
        })
    })
    .collect()
}

/// True if both eyes have numbers, and no number of one eye is one of the other.
fn counts_on<'a>(members: impl Iterator<Item = &'a Parts>) -> bool {
    let mut numbers: HashMap<Laterality, HashSet<u8>> = HashMap::new();
    for parts in members {
        if let Suffix::Number(number) = parts.rest {
            numbers.entry(parts.eye).or_default().insert(number);
        }
    }
    let (right, left) = (numbers.get(&Laterality::Od), numbers.get(&Laterality::Os));
    right.is_some_and(|right| left.is_some_and(|left| right.is_disjoint(left)))
}

/// True if different words follow the eye and one of them does so for both eyes (`siteA_OD_sato`, `siteA_OS_sato`,
/// `siteA_OD_kato`): then these words identify the persons.
fn the_rest_names_persons<'a>(members: impl Iterator<Item = &'a Parts>) -> bool {
    let mut eyes_of: HashMap<&str, HashSet<Laterality>> = HashMap::new();
    for parts in members {
        if let Suffix::Words(words) = &parts.rest {
            eyes_of.entry(words).or_default().insert(parts.eye);
        }
    }
    eyes_of.len() > 1 && eyes_of.values().any(|eyes| eyes.len() > 1)
}

/// The part of a name after the eye.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Suffix {
    /// Nothing, or words for the part of the eye.
    Nothing,
    /// 1 to 9.
    Number(u8),
    /// A larger number, or one with more digits.
    RunningNumber,
    Date(String),
    Words(String),
}

/// The parts of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    /// With folders as a prefix.
    person: String,
    /// The part that names the person contains a number.
    has_number: bool,
    rest: Suffix,
    eye: Laterality,
}

impl Parts {
    /// `None` if the name contains no eye, or nothing else that could be a person.
    fn of(name: &str) -> Option<Self> {
        let (folder, stem) = folder_and_stem(name);
        let eyes = eye_words(stem);
        let (_, eye) = eyes.first()?;
        // The text before each word for the eye, and after the last.
        let mut pieces = Vec::with_capacity(eyes.len() + 1);
        let mut from = 0;
        for (word, _) in &eyes {
            pieces.push(trimmed(&stem[from..word.start.max(from)]));
            from = word.end.max(from);
        }
        pieces.push(trimmed(&stem[from..]));
        let last = pieces.len() - 1;
        let own = pieces[..last].iter().position(|p| !essence(p).is_empty());
        let joined = |pieces: &[&str]| {
            let filled: Vec<&str> = pieces.iter().copied().filter(|p| !p.is_empty()).collect();
            filled.join("_")
        };
        let folders: Vec<&str> = folder
            .split(['/', '\\'])
            .filter(|f| !matches!(*f, "" | "." | "..") && laterality_from_word(f).is_none())
            .collect();
        let with_folders = |own: Option<&str>| {
            let parts: Vec<&str> = folders.iter().copied().chain(own).collect();
            parts.join("/")
        };
        let Some(own) = own else {
            let own = pieces[last];
            if own.is_empty() {
                // The stem is only the eye: the folder is the person, unless the stem also has a date.
                let person = with_folders(None);
                let dated = pieces.iter().any(|p| !dates(p).is_empty());
                return (!dated && !person.is_empty()).then_some(Self {
                    person,
                    has_number: true,
                    rest: Suffix::Nothing,
                    eye: *eye,
                });
            }
            let words = essence(own);
            return words.iter().any(|w| is_word(w)).then(|| Self {
                person: with_folders(Some(own)),
                has_number: words.iter().any(|w| !is_word(w)),
                rest: Suffix::Nothing,
                eye: *eye,
            });
        };
        let (own, after) = (pieces[own], joined(&pieces[own + 1..]));
        let has_number = essence(own).iter().any(|w| !is_word(w));
        // The date of a visit does not turn a number into another person; a bare word is a person only together with
        // its date.
        let own = if has_number {
            without_dates(own)
        } else {
            own.to_owned()
        };
        Some(Self {
            person: with_folders(Some(&own)),
            has_number,
            rest: Suffix::of(&after),
            eye: *eye,
        })
    }
}

impl Suffix {
    fn of(after: &str) -> Self {
        let words = essence(after);
        if words.iter().any(|w| is_word(w)) {
            let named = words.iter().any(|w| is_word(w) && !is_among(w, FIELDS));
            return if named {
                Self::Words(after.to_owned())
            } else {
                Self::Nothing
            };
        }
        match (words.as_slice(), dates(after).first()) {
            ([], Some(date)) => Self::Date(after[date.clone()].to_owned()),
            ([], None) => Self::Nothing,
            ([number], None) => match number.parse() {
                Ok(small @ 1..=9) if number.len() < 3 => Self::Number(small),
                _ => Self::RunningNumber,
            },
            _ => Self::RunningNumber,
        }
    }
}

fn trimmed(part: &str) -> &str {
    part.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_among(word: &str, words: &str) -> bool {
    let word = word.to_lowercase();
    words.split(' ').any(|known| known == word)
}

fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphabetic)
}

/// Words and numbers of a part of a name, without dates and words that name no person.
fn essence(part: &str) -> Vec<&str> {
    let dates = dates(part);
    let tokens = tokens(part);
    let belongs_to_word = |at: usize| {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        before.is_some_and(|before| {
            let number = &tokens[at];
            !is_word(&part[number.clone()])
                && is_among(&part[before.clone()], NUMBERED)
                && matches!(&part[before.end..number.start], "" | "-")
        })
    };
    (0..tokens.len())
        .filter(|&at| !belongs_to_word(at))
        .map(|at| tokens[at].clone())
        .filter(|t| !dates.iter().any(|d| d.start <= t.start && t.end <= d.end))
        .map(|t| &part[t])
        .filter(|word| !is_among(word, GENERIC))
        .collect()
}

/// Runs of letters and runs of digits.
fn tokens(part: &str) -> Vec<std::ops::Range<usize>> {
    let mut tokens: Vec<(std::ops::Range<usize>, bool)> = Vec::new();
    for (at, c) in part.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let digit = c.is_ascii_digit();
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some((token, was_digit)) if token.end == at && *was_digit == digit => token.end = end,
            _ => tokens.push((at..end, digit)),
        }
    }
    tokens.into_iter().map(|(token, _)| token).collect()
}

/// Dates, with the time of day that may follow: `20230105`, `2023-01-05`, `05.01.2023`, `20230105_101530`,
/// `20230105101530`.
fn dates(part: &str) -> Vec<std::ops::Range<usize>> {
    let tokens = tokens(part);
    let number = |at: usize| tokens.get(at).map_or("", |t| &part[t.clone()]);
    let value = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let year = |text: &str| text.len() == 4 && (1900..2100).contains(&value(text));
    let within =
        |text: &str, most: u32| matches!(text.len(), 1 | 2) && (1..=most).contains(&value(text));
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let [a, b, c] = [0, 1, 2].map(|n| number(at + n));
        let packed = matches!(a.len(), 8 | 12 | 14)
            && a.is_ascii()
            && year(&a[..4])
            && within(&a[4..6], 12)
            && within(&a[6..8], 31);
        let year_first = year(a) && within(b, 12) && within(c, 31);
        let year_last =
            year(c) && (within(a, 31) && within(b, 12) || within(a, 12) && within(b, 31));
        let mut count = match (packed, year_first || year_last) {
            (true, _) => 1,
            (false, true) => 3,
            (false, false) => {
                at += 1;
                continue;
            }
        };
        let time = number(at + count);
        if matches!(time.len(), 4 | 6) && time.bytes().all(|b| b.is_ascii_digit()) {
            count += 1;
        }
        dates.push(tokens[at].start..tokens[at + count - 1].end);
        at += count;
    }
    dates
}

fn without_dates(part: &str) -> String {
    let mut kept = Vec::new();
    let mut from = 0;
    for date in dates(part) {
        kept.push(trimmed(&part[from..date.start]));
        from = date.end;
    }
    kept.push(trimmed(&part[from..]));
    kept.retain(|piece| !piece.is_empty());
    kept.join("_")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::imaging::laterality_from_name;

    fn persons(names: &[&str]) -> Vec<Option<String>> {
        let named: Vec<Named> = names.iter().map(|name| Named { input: 0, name }).collect();
        persons_from_names(&named)
    }

    /// All these names suggest one person.
    fn one(names: &[&str], person: &str) {
        let found = persons(names);
        assert!(
            found.iter().all(|p| p.as_deref() == Some(person)),
            "{names:?}: {found:?}"
        );
    }

    fn nobody(names: &[&str]) {
        let found = persons(names);
        assert!(found.iter().all(Option::is_none), "{names:?}: {found:?}");
    }

    #[test]
    fn the_person_is_what_stands_beside_the_eye() {
        one(&["p7_OD.png", "p7_OS_2.png", "p7_OS.png"], "p7");
        one(&["01L.jpg", "01R.jpg"], "01");
        one(&["Image_01R.jpg", "Image_01L.jpg"], "Image_01");
        one(&["OD_p1.jpg", "OS_p1.jpg"], "p1");
        one(&["OD_01R.jpg", "OS_01L.jpg", "01R.jpg"], "01");
        one(&["fundus_OD_sato.jpg", "fundus_OS_sato.jpg"], "sato");
        one(&["p9/OD.jpg", "p9/OS.jpg"], "p9");
        one(&["siteA/p9/left.tif", "siteA/p9/right.tif"], "siteA/p9");
        one(&["right/01R.jpg", "left/01L.jpg"], "01");
        one(&["./siteA\\01R.jpg", "siteA/01L.jpg"], "siteA/01");
        one(&["患者7左.jpg", "患者7_右眼.jpg"], "患者7");
        one(&["P012_20230105_R.jpg", "P012_20240210_L.jpg"], "P012");
        one(&["P012_R_20230105.jpg", "P012_L_macula.jpg"], "P012");
        one(
            &[
                "hag_left_blur4.jpg",
                "hag_left_dark15.jpg",
                "hag_left_tiny64.png",
            ],
            "hag",
        );
    }

    #[test]
    fn a_guess_needs_both_eyes_or_repeats() {
        nobody(&["p7_OD.png", "p8_OS.png", "p9_OD.png"]);
        nobody(&["0001_R.jpg", "0002_L.jpg", "0003_R.jpg"]);
        one(&["p7_OD.png", "p7_OD_2.png"], "p7");
    }

    #[test]
    fn running_numbers_are_no_persons() {
        nobody(&[
            "IMG_L_0001.jpg",
            "IMG_L_0002.jpg",
            "IMG_R_0001.jpg",
            "IMG_R_0002.jpg",
            "IMG_R_0003.jpg",
        ]);
        nobody(&["DR_R_1.jpg", "DR_L_1.jpg", "DR_R_2.jpg"]);
        nobody(&["OD_0001.jpg", "OS_0001.jpg"]);
        nobody(&["R-1.jpg", "L-1.jpg"]);
        nobody(&["fundus_R_12.jpg", "fundus_L_12.jpg"]);
        nobody(&["study2_R_1.jpg", "study2_R_2.jpg", "study2_L_10.jpg"]);
        nobody(&["haggstrom_left_1411.jpg", "haggstrom_right_600.jpg"]);
        nobody(&["batch/R_1.jpg", "batch/R_2.jpg", "batch/L_1.jpg"]);
    }

    #[test]
    fn numbers_of_cameras_sites_and_grades_are_no_persons() {
        for stem in ["TRC-NW8", "NW400", "CR-2", "site1", "age60", "grade2"] {
            let names = ["L_1", "R_1", "R_2"].map(|end| format!("{stem}_{end}.jpg"));
            nobody(&names.each_ref().map(String::as_str));
        }
        nobody(&["a1_OD_1.jpg", "a1_OS_2.jpg"]);
        nobody(&["2020study_L_2.jpg", "2020study_R_1.jpg"]);
        nobody(&["drusen_L.jpg", "drusen_R.jpg"]);
        nobody(&[
            "glaucoma_OD.jpg",
            "glaucoma_OS.jpg",
            "normal_OD.jpg",
            "normal_OS.jpg",
        ]);
        // The number of a person stays one.
        one(&["p7_R_1.jpg", "p7_R_2.jpg", "p7_L_1.jpg"], "p7");
        one(&["site1_p7_R.jpg", "site1_p7_L.jpg"], "site1_p7");
        one(&["clinic_0012_R.jpg", "clinic_0012_L.jpg"], "clinic_0012");
        one(&["患者3_右_1.jpg", "患者3_左_1.jpg"], "患者3");
    }

    #[test]
    fn decomposed_letters_are_the_same_person() {
        one(
            &["Mu\u{308}ller7_OD.jpg", "M\u{fc}ller7_OS.jpg"],
            "M\u{fc}ller7",
        );
        let decomposed = "患者\u{30ab}\u{3099}3_右.jpg";
        one(&[decomposed, "患者\u{30ac}3_左.jpg"], "患者\u{30ac}3");
    }

    #[test]
    fn dates_are_no_persons() {
        nobody(&["20230105_R.jpg", "20230105_L.jpg"]);
        nobody(&["2023-01-05_OD.jpg", "2023-01-05_OS.jpg"]);
        nobody(&["05.01.2023 OD.jpg", "05.01.2023 OS.jpg"]);
        nobody(&["OD_2023_1_5.jpg", "OS_2023_1_5.jpg"]);
        nobody(&["IMG_20230105_101530_R.jpg", "IMG_20230105_101530_L.jpg"]);
        nobody(&["20230105101530_R.jpg", "20230105101530_L.jpg"]);
        nobody(&["visits/20230105_R.jpg", "visits/20230106_R.jpg"]);
        // A word alone is a person only with its date: it may be the name of a place.
        let found = persons(&[
            "tokyo_20230105_R.jpg",
            "tokyo_20230105_L.jpg",
            "tokyo_20230106_R.jpg",
        ]);
        assert_eq!(found[0].as_deref(), Some("tokyo_20230105"));
        assert_eq!((&found[0], &found[2]), (&found[1], &None));
    }

    #[test]
    fn what_stands_behind_the_eye_may_be_the_person() {
        let found = persons(&[
            "siteA_OD_sato.jpg",
            "siteA_OS_sato.jpg",
            "siteA_OD_kato.jpg",
            "siteA_OS_kato.jpg",
        ]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[2], found[3]);
        assert_ne!(found[0], found[2]);
    }

    #[test]
    fn names_without_an_eye_or_without_a_person_say_nothing() {
        nobody(&[
            "hagR480.bmp",
            "p7.jpg",
            "OD.jpg",
            "OS.jpg",
            "right/R.jpg",
            "p7_OD_OS.jpg",
            "p9/photo.jpg",
            "",
            "/",
        ]);
    }

    #[test]
    fn inputs_do_not_mix_and_their_persons_are_told_apart() {
        let named = [
            (0, "01L.jpg"),
            (0, "01R.jpg"),
            (1, "01L.jpg"),
            (1, "01R.jpg"),
            (2, "01R.jpg"),
        ];
        let named = named.map(|(input, name)| Named { input, name });
        let found = persons_from_names(&named);
        let wording: Vec<_> = found.iter().map(Option::as_deref).collect();
        assert_eq!(
            wording,
            [Some("01"), Some("01"), Some("01~2"), Some("01~2"), None]
        );
    }

    proptest! {
        #[test]
        fn a_person_is_named_only_where_an_eye_is(names in prop::collection::vec("[a-c0-2RL_右左/. -]{0,8}", 0..6)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for (name, person) in names.iter().zip(persons(&names)) {
                if person.is_some() {
                    prop_assert_ne!(laterality_from_name(name), Laterality::Unknown);
                }
            }
        }
    }
}
