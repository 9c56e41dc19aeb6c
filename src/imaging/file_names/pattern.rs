//! A pattern that says where a file name has its person and its eye, such as `{person}_{eye}`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Named;
use super::laterality::{folder_and_stem, laterality_from_word};
use super::persons::distinguished;
use crate::domain::Laterality;

/// Longest pattern, in characters, and the most fields in it.
const MAX_LENGTH: usize = 120;
const MAX_FIELDS: usize = 12;
/// Longest part of a name that is compared; longer ones do not match.
const MAX_NAME: usize = 1024;

/// A pattern for file names: text as it stands and the fields `{person}`, `{eye}`, `{number}` (digits) and `*` (anything
/// or nothing). It describes the whole name without its extension; with `/` in it, also that many folders. Fields take
/// as little as they can, from left to right. Case and Unicode forms make no difference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamePattern {
    text: String,
    parts: Vec<Part>,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    #[error("a name pattern needs {{person}} once, and {{eye}} at most once")]
    Fields,
    #[error(
        "a name pattern holds {{person}}, {{eye}}, {{number}}, * and text; other braces are not understood"
    )]
    Braces,
    #[error("a name pattern has at most {MAX_LENGTH} characters and {MAX_FIELDS} fields")]
    Long,
}

/// What a name says by a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPerson {
    pub person: String,
    /// The folders before what the pattern describes, with `/`, without those that name an eye. Equal persons in
    /// different folders are different persons.
    pub folder: String,
    /// Unknown if the pattern has no eye.
    pub eye: Laterality,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// In lower case.
    Text(Vec<char>),
    Person,
    Eye,
    Number,
    Anything,
}

impl NamePattern {
    /// Patterns that are common, offered in this order where they fit equally many names.
    pub const COMMON: [&'static str; 11] = [
        "{person}_{eye}",
        "{person}-{eye}",
        "{person} {eye}",
        "{person}{eye}",
        "{person}_{eye}_{number}",
        "{person}_{number}_{eye}",
        "{person}_{eye}*",
        "{person}_*_{eye}",
        "{eye}_{person}",
        "{person}/{eye}",
        "{person}/*{eye}*",
    ];

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if it names the eye.
    pub fn has_eye(&self) -> bool {
        self.parts.contains(&Part::Eye)
    }

    /// The person and the eye in a name relative to its input; `None` if the name does not have this form.
    pub fn read(&self, name: &str) -> Option<NamedPerson> {
        let composed: String = name.nfc().collect();
        let (folder, stem) = folder_and_stem(&composed);
        let slashes = self.text.matches('/').count();
        let mut folders: Vec<&str> = folder.split(['/', '\\']).collect();
        let kept = folders.len().checked_sub(slashes)?;
        let mut subject = folders.split_off(kept).join("/");
        if slashes > 0 {
            subject.push('/');
        }
        subject.push_str(stem);
        let name: Vec<char> = subject.chars().collect();
        if name.len() > MAX_NAME {
            return None;
        }
        let lower: Vec<char> = name.iter().map(|c| lower(*c)).collect();
        let ends = Matcher {
            parts: &self.parts,
            name: &name,
            lower: &lower,
        }
        .ends()?;
        folders.retain(|f| !matches!(*f, "" | "." | "..") && laterality_from_word(f).is_none());
        let mut found = NamedPerson {
            person: String::new(),
            folder: folders.join("/"),
            eye: Laterality::Unknown,
        };
        let mut from = 0;
        for (part, end) in self.parts.iter().zip(ends) {
            let text: String = name[from..end].iter().collect();
            match part {
                Part::Person => found.person = text.trim().to_owned(),
                Part::Eye => found.eye = laterality_from_word(&text)?,
                Part::Text(_) | Part::Number | Part::Anything => {}
            }
            from = end;
        }
        (!found.person.is_empty()).then_some(found)
    }

    /// The common pattern that reads most of these names, if it reads at least a quarter of them.
    pub fn proposed<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        let all = names.clone().count();
        let mut best: Option<(usize, Self)> = None;
        for text in Self::COMMON {
            let Ok(pattern) = text.parse::<Self>() else {
                continue;
            };
            let read = names.clone().filter(|name| pattern.read(name).is_some());
            let count = read.count();
            if count > 0 && 4 * count >= all && best.as_ref().is_none_or(|(most, _)| count > *most)
            {
                best = Some((count, pattern));
            }
        }
        best.map(|(_, pattern)| pattern)
    }
}

/// The person and the eye in each name by a pattern. Photographs from different inputs, or from different folders that
/// the pattern does not read, never belong to the same person.
pub fn persons_by_pattern(names: &[Named], pattern: &NamePattern) -> Vec<Option<NamedPerson>> {
    let read: Vec<Option<NamedPerson>> = names.iter().map(|n| pattern.read(n.name)).collect();
    let keys = names.iter().zip(&read).map(|(named, found)| {
        let found = found.as_ref()?;
        Some(((named.input, &found.folder), found.person.clone()))
    });
    let persons = distinguished(keys);
    let both = read.iter().zip(persons);
    both.map(|(found, person)| {
        Some(NamedPerson {
            person: person?,
            ..found.clone()?
        })
    })
    .collect()
}

/// One letter in lower case; letters that become several stay.
fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => c,
    }
}

impl FromStr for NamePattern {
    type Err = PatternFault;

    fn from_str(text: &str) -> Result<Self, PatternFault> {
        let text: String = text.trim().nfc().collect::<String>().replace('\\', "/");
        if text.chars().count() > MAX_LENGTH {
            return Err(PatternFault::Long);
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            let field = [
                ("{person}", Part::Person),
                ("{eye}", Part::Eye),
                ("{number}", Part::Number),
                ("*", Part::Anything),
            ];
            let field = field.into_iter().find(|(name, _)| rest.starts_with(name));
            if let Some((name, part)) = field {
                parts.push(part);
                rest = &rest[name.len()..];
                continue;
            }
            if matches!(c, '{' | '}') {
                return Err(PatternFault::Braces);
            }
            match parts.last_mut() {
                Some(Part::Text(letters)) => letters.push(lower(c)),
                _ => parts.push(Part::Text(vec![lower(c)])),
            }
            rest = &rest[c.len_utf8()..];
        }
        let count = |wanted: &Part| parts.iter().filter(|part| *part == wanted).count();
        if count(&Part::Person) != 1 || count(&Part::Eye) > 1 {
            return Err(PatternFault::Fields);
        }
        if parts.len() > 2 * MAX_FIELDS {
            return Err(PatternFault::Long);
        }
        Ok(Self { text, parts })
    }
}

impl TryFrom<String> for NamePattern {
    type Error = PatternFault;

    fn try_from(text: String) -> Result<Self, PatternFault> {
        text.parse()
    }
}

impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.text
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Finds where each part of a pattern ends in a name. Every pair of part and place is tried once at most.
struct Matcher<'a> {
    parts: &'a [Part],
    name: &'a [char],
    lower: &'a [char],
}

impl Matcher<'_> {
    /// The place after each part; `None` if the whole name does not match.
    fn ends(&self) -> Option<Vec<usize>> {
        let mut ends = Vec::with_capacity(self.parts.len());
        let mut failed = vec![false; (self.parts.len() + 1) * (self.name.len() + 1)];
        self.from(0, 0, &mut ends, &mut failed).then(|| {
            ends.reverse();
            ends
        })
    }

    /// Matches the parts from `part` on from the place `at`; their ends are pushed last first.
    fn from(&self, part: usize, at: usize, ends: &mut Vec<usize>, failed: &mut [bool]) -> bool {
        let key = part * (self.name.len() + 1) + at;
        if failed[key] {
            return false;
        }
        let Some(this) = self.parts.get(part) else {
            return at == self.name.len();
        };
        for end in self.ends_of(part, this, at) {
            if self.from(part + 1, end, ends, failed) {
                ends.push(end);
                return true;
            }
        }
        failed[key] = true;
        false
    }

    /// The places where this part may end, nearest first.
    fn ends_of(&self, place: usize, part: &Part, at: usize) -> Vec<usize> {
        let rest = &self.name[at..];
        // No field reaches over a folder.
        let folder = rest.iter().position(|c| *c == '/').unwrap_or(rest.len());
        match part {
            Part::Text(letters) => {
                let fits = self.lower[at..].starts_with(letters);
                fits.then_some(at + letters.len()).into_iter().collect()
            }
            Part::Person => (at + 1..=at + folder).collect(),
            Part::Anything => (at..=at + folder).collect(),
            Part::Number => {
                let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
                (at + 1..=at + digits).rev().collect()
            }
            Part::Eye => {
                const LONGEST: usize = 5;
                let words = (1..=LONGEST.min(folder)).rev();
                let is_eye = |length: &usize| {
                    let word: String = rest[..*length].iter().collect();
                    laterality_from_word(&word).is_some() && self.is_word(place, at, at + length)
                };
                words.filter(is_eye).map(|length| at + length).collect()
            }
        }
    }

    /// True unless this word is a part of a longer one in Latin letters, as `r` is in `colour`. Text of the pattern beside
    /// it says that it is meant.
    fn is_word(&self, place: usize, from: usize, to: usize) -> bool {
        let is_text = |part: Option<&Part>| matches!(part, Some(Part::Text(_)));
        // Chinese characters and kana have no case.
        let is_letter = |c: &char| c.is_lowercase() || c.is_uppercase();
        if !self.name[from..to].iter().all(is_letter) {
            return true;
        }
        let before = place.checked_sub(1).and_then(|p| self.parts.get(p));
        let after = self.parts.get(place + 1);
        let left = from.checked_sub(1).and_then(|at| self.name.get(at));
        let right = self.name.get(to);
        (is_text(before) || !left.is_some_and(is_letter))
            && (is_text(after) || !right.is_some_and(is_letter))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Laterality::{Od, Os, Unknown};

    fn pattern(text: &str) -> NamePattern {
        text.parse().unwrap()
    }

    fn read(of: &str, name: &str) -> Option<(String, Laterality)> {
        let found = pattern(of).read(name)?;
        Some((found.person, found.eye))
    }

    #[test]
    fn person_and_eye_are_read_where_the_pattern_has_them() {
        for (of, name, person, eye) in [
            ("{person}_{eye}", "P007_OD.jpg", "P007", Od),
            ("{person}_{eye}", "site/p_7_left.JPG", "p_7", Os),
            ("{person}{eye}", "0012R.dcm", "0012", Od),
            ("{person}{eye}", "sato左眼.png", "sato", Os),
            ("{eye}-{person}", "os-0042.tif", "0042", Os),
            ("{person}_{number}_{eye}", "ab_20230105_R.jpg", "ab", Od),
            ("{person}_{eye}_*", "ab_l_macula_2.jpg", "ab", Os),
            ("{person}/{eye}", "siteA/p9/OD.jpg", "p9", Od),
            ("{person}\\*{eye}*", "p9/visit1_OS_2.jpg", "p9", Os),
            ("Scan {person} ({eye})", "SCAN x7 (r).png", "x7", Od),
            ("{person}_{number}", "0012_3.png", "0012", Unknown),
            ("{person}", "a.b.c.png", "a.b.c", Unknown),
            ("Mu\u{308}ller{person}_{eye}", "m\u{fc}ller7_R.png", "7", Od),
            ("{person}/*{eye}*", "P001/colour OD 2.jpg", "P001", Od),
            ("{person}/*{eye}*", "P001/12L2.jpg", "P001", Os),
            ("{person}{eye}", "佐藤R.jpg", "佐藤", Od),
            ("eye{eye}of{person}", "eyeRof7.jpg", "7", Od),
        ] {
            let found = read(of, name);
            assert_eq!(found, Some((person.to_owned(), eye)), "{of} {name}");
        }
    }

    #[test]
    fn other_names_are_not_read() {
        for (of, name) in [
            ("{person}_{eye}", "P007.jpg"),
            ("{person}_{eye}", "_OD.jpg"),
            ("{person}_{eye}", "P007_ODx.jpg"),
            ("{person}/{eye}", "OD.jpg"),
            ("{person}_{number}", "p_x.png"),
            ("{person} ", ""),
            ("{person}_{eye}", " _OD.jpg"),
            ("{person}_{eye}*", "p7_retina.jpg"),
            ("{person}/*{eye}*", "P001/colour.jpg"),
            ("{person}{eye}", "normal.jpg"),
        ] {
            assert_eq!(read(of, name), None, "{of} {name}");
        }
        let long = "a".repeat(5000);
        assert_eq!(read("{person}_{eye}", &format!("{long}_OD.jpg")), None);
    }

    #[test]
    fn a_text_that_is_no_pattern_says_why() {
        for (text, fault) in [
            ("", PatternFault::Fields),
            ("{eye}", PatternFault::Fields),
            ("{person}{person}", PatternFault::Fields),
            ("{person}_{eye}{eye}", PatternFault::Fields),
            ("{patient}_{eye}", PatternFault::Braces),
            ("{person", PatternFault::Braces),
        ] {
            assert_eq!(text.parse::<NamePattern>(), Err(fault), "{text}");
        }
        let long = format!("{{person}}{}", "x".repeat(200));
        assert_eq!(long.parse::<NamePattern>(), Err(PatternFault::Long));
        let many = format!("{{person}}{}", "*-".repeat(20));
        assert_eq!(many.parse::<NamePattern>(), Err(PatternFault::Long));
    }

    #[test]
    fn the_pattern_that_reads_most_names_is_proposed() {
        let proposed = |names: &[&str]| {
            let found = NamePattern::proposed(names.iter().copied());
            found.map(|pattern| pattern.text)
        };
        for (names, expected) in [
            (["p7_OD.jpg", "p7_OS.jpg", "x.jpg"], Some("{person}_{eye}")),
            (["01R.jpg", "01L.jpg", "02R.jpg"], Some("{person}{eye}")),
            (
                ["p9/OD.png", "p9/OS.png", "p8/OD.png"],
                Some("{person}/{eye}"),
            ),
            (["IMG1.jpg", "IMG2.jpg", "IMG3.jpg"], None),
        ] {
            assert_eq!(proposed(&names).as_deref(), expected, "{names:?}");
        }
        assert_eq!(proposed(&[]), None);
        for text in NamePattern::COMMON {
            assert_eq!(pattern(text).as_str(), text);
        }
    }

    #[test]
    fn equal_persons_of_two_inputs_are_told_apart() {
        let names = [(0, "01_R.jpg"), (1, "01_L.jpg"), (1, "x.jpg")];
        let names = names.map(|(input, name)| Named { input, name });
        let found = persons_by_pattern(&names, &pattern("{person}_{eye}"));
        let persons: Vec<_> = found.iter().flatten().map(|p| p.person.as_str()).collect();
        assert_eq!((persons, found.len()), (vec!["01", "01~2"], 3));
    }

    #[test]
    fn equal_persons_of_two_folders_are_told_apart_unless_the_pattern_reads_the_folder() {
        let names = [
            "siteA/01_R.jpg",
            "siteB/01_L.jpg",
            "siteB/01_R.jpg",
            "siteA/left/01_L.jpg",
        ];
        let names = names.map(|name| Named { input: 0, name });
        let persons = |of: &str| {
            let found = persons_by_pattern(&names, &pattern(of));
            found.into_iter().flatten().map(|p| p.person).collect()
        };
        let found: Vec<String> = persons("{person}_{eye}");
        assert_eq!(found, ["01", "01~2", "01~2", "01"]);
        let found: Vec<String> = persons("*/{person}_{eye}");
        assert_eq!(found[..3], ["01", "01", "01"]);
    }

    #[test]
    fn it_is_stored_as_its_text() {
        let stored = serde_json::to_string(&pattern(" {person}_{eye} ")).unwrap();
        assert_eq!(stored, "\"{person}_{eye}\"");
        let read: NamePattern = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, pattern("{person}_{eye}"));
        assert!(serde_json::from_str::<NamePattern>("\"{x}\"").is_err());
    }

    proptest! {
        #[test]
        fn any_name_is_read_or_not_in_bounded_time(text in "[{}a-c*_/eyprson]{0,40}", name in ".{0,60}") {
            if let Ok(pattern) = text.parse::<NamePattern>() {
                let _ = pattern.read(&name);
            }
            let stars = pattern("*a*a*a*{person}*a*a*a*{eye}");
            let _ = stars.read(&"a".repeat(200));
        }
    }
}
