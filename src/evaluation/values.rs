//! Finds the label that each value of a column means: by the card's own labels, by words for the sexes, by the user's
//! answers. The user is asked about any other value; a number is never taken for an output's index.

use std::collections::HashMap;

use super::Error;
use super::answers::{Answers, Meaning, Question, ValuesQuestion};
use super::fold::folded;
use super::sexes::{Sex, sex_of, sex_of_letter, sexes_of};
use super::unused::RowFault;
use crate::domain::Role;
use crate::domain::foreign::shown;

/// Words that mean that nothing is recorded, or neither of the two sexes.
pub(super) const NOTHING: &[&str] = &[
    "",
    "-",
    "--",
    "?",
    ".",
    "na",
    "n/a",
    "n.a.",
    "nan",
    "none",
    "null",
    "nil",
    "missing",
    "unknown",
    "unk",
    "not known",
    "not recorded",
    "not available",
    "not applicable",
    "undisclosed",
    "prefer not to say",
    "other",
    "others",
    "diverse",
    "divers",
    "intersex",
    "不明",
    "未記入",
    "未記載",
    "未入力",
    "なし",
    "その他",
    "該当なし",
    "無回答",
    "未知",
    "其他",
    "unbekannt",
    "keine angabe",
    "k.a.",
    "inconnu",
    "autre",
    "desconocido",
    "otro",
    "desconhecido",
    "outro",
    "sconosciuto",
    "altro",
    "onbekend",
    "okänd",
    "#n/a",
    "#na",
    "#value!",
    "#ref!",
];

/// Those of them that do record something: neither sex, or that it is not to be stated.
const RECORDED_OTHERWISE: &[&str] = &[
    "undisclosed",
    "prefer not to say",
    "other",
    "others",
    "diverse",
    "divers",
    "intersex",
    "その他",
    "其他",
    "autre",
    "otro",
    "outro",
    "altro",
];

/// Whether a cell says that nothing is recorded, rather than something that is none of the labels.
pub(super) fn records_nothing(cell: &str) -> bool {
    let key = key(cell);
    let is_unknown = NOTHING.contains(&key.as_str()) || key == "u";
    is_unknown && !RECORDED_OTHERWISE.contains(&key.as_str())
}

/// Letters that mean neither sex if M and F also occur: unknown, other, diverse.
const NEITHER: &[&str] = &["u", "x", "o", "d"];

/// The meanings of the values of one column.
#[derive(Debug)]
pub(super) struct Values {
    labels: [String; 2],
    meanings: HashMap<String, Result<Output, RowFault>>,
}

/// The meaning of a value, and whether the user stated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// Index of the output, 0 or 1.
    pub number: usize,
    pub by_answer: bool,
}

/// A value in use, for the report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Used {
    /// The column that holds it.
    #[serde(skip)]
    pub role: Role,
    /// As first written in the table.
    pub value: String,
    /// The card's label; `None` if its rows are left out.
    pub label: Option<String>,
    pub rows: usize,
}

/// The form in which a value is compared: folded, whole numbers without the `.0` that statistics programs add.
pub(super) fn key(cell: &str) -> String {
    let text = folded(cell);
    let whole = text.split_once(['.', ',']).and_then(|(whole, part)| {
        let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let sign = whole.strip_prefix('-').unwrap_or(whole);
        (is_digits(sign) && !part.is_empty() && part.bytes().all(|b| b == b'0')).then_some(whole)
    });
    whole.unwrap_or(&text).to_owned()
}

fn is_letter(key: &str) -> bool {
    key.chars().count() == 1 && key.chars().all(|c| matches!(c, 'a'..='z' | 'ß'..='ɏ'))
}

fn is_code(key: &str) -> bool {
    let digits = key.trim_start_matches(['-', '+']);
    digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

impl Values {
    /// Finds the meaning of every cell of a column, or asks about the unknown ones.
    pub(super) fn of<'a>(
        role: Role,
        column: &str,
        cells: impl Iterator<Item = &'a str>,
        labels: &[String; 2],
        answers: &Answers,
    ) -> Result<(Self, Vec<Used>), Error> {
        let mut found: Vec<(String, String, usize)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for cell in cells {
            let key = key(cell);
            match places.get(&key) {
                Some(&place) => found[place].2 += 1,
                None => {
                    places.insert(key.clone(), found.len());
                    found.push((key, cell.trim().to_owned(), 1));
                }
            }
        }
        let keys: Vec<&str> = found.iter().map(|(key, _, _)| key.as_str()).collect();
        let reader = Reader::new(labels, &keys, answers)?;
        let mut meanings = HashMap::new();
        let mut used = Vec::new();
        let mut open: Vec<(String, usize)> = Vec::new();
        for (key, cell, rows) in &found {
            let meaning = match reader.meaning(key) {
                Read::Output(output) => Ok(output),
                Read::LeftOut => Err(RowFault::LeftOut),
                Read::Nothing if key.is_empty() => Err(RowFault::NoLabel),
                Read::Nothing => Err(RowFault::Neither(labels.clone())),
                Read::Open => {
                    open.push((cell.clone(), *rows));
                    continue;
                }
            };
            if !key.is_empty() {
                used.push(Used {
                    role,
                    value: shown(cell),
                    label: meaning.as_ref().ok().map(|o| labels[o.number].clone()),
                    rows: *rows,
                });
            }
            meanings.insert(key.clone(), meaning);
        }
        if !open.is_empty() {
            let question = ValuesQuestion::new(column, labels.clone(), open);
            return Err(Error::Question(Question::Values(question)));
        }
        let labels = labels.clone();
        Ok((Self { labels, meanings }, used))
    }

    /// Whether a word means one of the labels.
    pub(super) fn is_label(word: &str, labels: &[String; 2]) -> bool {
        let own = [key(&labels[0]), key(&labels[1])];
        output_of(word, &own, sexes_of(labels)).is_some()
    }

    /// The answers about values that concern these labels: a table may have a column of the sex and one of another label.
    pub(super) fn answers_for(labels: &[String; 2], answers: &Answers) -> Answers {
        let is_meant = |meaning: &Meaning| match meaning {
            Meaning::Label(word) => Self::is_label(word, labels),
            Meaning::LeaveOut => true,
        };
        let applies = |(value, meaning): &&(String, Meaning)| {
            let other = answers.values.iter().any(|(known, other)| {
                key(known) == key(value) && *other != Meaning::LeaveOut && is_meant(other)
            });
            is_meant(meaning) && (*meaning != Meaning::LeaveOut || !other)
        };
        Answers {
            values: answers.values.iter().filter(applies).cloned().collect(),
            ..Answers::default()
        }
    }

    pub(super) fn read(&self, cell: &str) -> Result<Output, RowFault> {
        let meaning = self.meanings.get(&key(cell)).cloned();
        meaning.unwrap_or_else(|| Err(RowFault::Neither(self.labels.clone())))
    }
}

enum Read {
    Output(Output),
    /// By the user's choice.
    LeftOut,
    Nothing,
    Open,
}

/// How one column is read: a letter or a number has a meaning only in the context of the other values.
struct Reader {
    labels: [String; 2],
    sexes: Option<[Sex; 2]>,
    answers: HashMap<String, Option<usize>>,
    /// All letters are the card's own labels, or M and F.
    letters: bool,
    /// M and F both occur in the column.
    both: bool,
    /// All numbers are the card's own labels.
    codes: bool,
}

impl Reader {
    fn new(labels: &[String; 2], keys: &[&str], answers: &Answers) -> Result<Self, Error> {
        let own = [key(&labels[0]), key(&labels[1])];
        let sexes = sexes_of(labels);
        let mut given = HashMap::new();
        for (value, meaning) in &answers.values {
            let output =
                match meaning {
                    Meaning::LeaveOut => None,
                    Meaning::Label(word) => Some(output_of(word, &own, sexes).ok_or_else(
                        || Error::NoSuchLabel {
                            word: shown(word),
                            labels: labels.clone(),
                        },
                    )?),
                };
            given.insert(key(value), output);
        }
        let open = |k: &&str| !given.contains_key(*k);
        let letters: Vec<&str> = keys
            .iter()
            .copied()
            .filter(|k| is_letter(k) && open(k))
            .collect();
        let has = |letter: &str| keys.contains(&letter);
        let both = sexes.is_some() && has("m") && has("f");
        let beside = |k: &&str| matches!(*k, "m" | "f") || NEITHER.contains(k);
        let all_own = |found: &[&str]| found.iter().all(|k| own.iter().any(|o| o == k));
        // A lone letter is accepted without its counterpart; a table with one label is rejected later.
        let wording = keys.iter().filter(|k| !NOTHING.contains(k)).count();
        let alone = sexes.is_some() && matches!(letters[..], ["m"] | ["f"]) && wording == 1;
        let codes: Vec<&str> = keys
            .iter()
            .copied()
            .filter(|k| is_code(k) && open(k))
            .collect();
        Ok(Self {
            labels: own.clone(),
            sexes,
            letters: all_own(&letters) || alone || (both && letters.iter().all(beside)),
            both,
            codes: all_own(&codes),
            answers: given,
        })
    }

    fn meaning(&self, key: &str) -> Read {
        if let Some(answer) = self.answers.get(key) {
            return match *answer {
                Some(number) => Read::Output(Output {
                    number,
                    by_answer: true,
                }),
                None => Read::LeftOut,
            };
        }
        if (is_letter(key) && !self.letters) || (is_code(key) && !self.codes) {
            return Read::Open;
        }
        let own = self.labels.iter().position(|label| label == key);
        let of_sex = |sex| self.sexes.and_then(|s| s.iter().position(|s| *s == sex));
        let letter = || sex_of_letter(key).filter(|_| is_letter(key));
        let output = own.or_else(|| sex_of(key).or_else(letter).and_then(of_sex));
        match output {
            Some(number) => Read::Output(Output {
                number,
                by_answer: false,
            }),
            None if NOTHING.contains(&key) => Read::Nothing,
            None if self.both && NEITHER.contains(&key) => Read::Nothing,
            None => Read::Open,
        }
    }
}

/// The output that the user's word means.
fn output_of(word: &str, own: &[String; 2], sexes: Option<[Sex; 2]>) -> Option<usize> {
    let word = key(word);
    let by_label = own.iter().position(|label| *label == word);
    let sex = sex_of(&word).or_else(|| match word.as_str() {
        "w" => Some(Sex::Female),
        letter => sex_of_letter(letter),
    });
    by_label.or_else(|| {
        let (sex, sexes) = (sex?, sexes?);
        sexes.iter().position(|s| *s == sex)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(zero: &str, one: &str) -> [String; 2] {
        [zero.to_owned(), one.to_owned()]
    }

    fn sexes() -> [String; 2] {
        labels("female", "male")
    }

    /// The output of each value, `-` if it is left out; or the values that the user is asked about.
    fn read(
        labels: &[String; 2],
        cells: &[&str],
        wording: &[(&str, Meaning)],
    ) -> Result<String, Vec<String>> {
        let answers = Answers {
            values: wording
                .iter()
                .map(|(v, m)| ((*v).to_owned(), m.clone()))
                .collect(),
            ..Answers::default()
        };
        match Values::of(Role::Sex, "sex", cells.iter().copied(), labels, &answers) {
            Ok((values, _)) => Ok(cells
                .iter()
                .map(|cell| {
                    values
                        .read(cell)
                        .map_or("-".to_owned(), |o| o.number.to_string())
                })
                .collect()),
            Err(Error::Question(Question::Values(question))) => Err(question
                .values
                .into_iter()
                .map(|(value, _)| value)
                .collect()),
            Err(other) => panic!("{other}"),
        }
    }

    fn requested(labels: &[String; 2], cells: &[&str]) -> Vec<String> {
        read(labels, cells, &[]).unwrap_err()
    }

    #[test]
    fn words_of_any_language_mean_the_same() {
        for (woman, man) in [
            ("F", "M"),
            ("f", "m"),
            ("Ｆ", "Ｍ"),
            ("Female", "MALE"),
            ("女", "男"),
            ("女性", "男性"),
            ("weiblich", "männlich"),
            ("Frau", "Mann"),
            ("mujer", "hombre"),
            ("Femenino", "Masculino"),
            ("femme", "homme"),
            ("kvinna", "man"),
            ("vrouw", "man"),
            ("여", "남"),
            ("Ж", "М"),
            ("woman", "man"),
            ("♀", "♂"),
        ] {
            assert_eq!(
                read(&sexes(), &[woman, man, woman], &[]).as_deref(),
                Ok("010"),
                "{woman}"
            );
            let turned = labels("男性", "女性");
            assert_eq!(
                read(&turned, &[woman, man], &[]).as_deref(),
                Ok("10"),
                "{woman}"
            );
        }
        let own = labels("no disease", "disease");
        assert_eq!(
            read(&own, &["Disease", "no disease", ""], &[]).as_deref(),
            Ok("10-")
        );
    }

    #[test]
    fn codes_are_asked_for_and_never_numbers_of_outputs() {
        for cells in [
            &["1", "2"][..],
            &["0", "1"],
            &["1.0", "2.0"],
            &["0", "1", "2", "9"],
            &["１", "２"],
            &["-1", "1"],
            &["1"],
            &["0"],
        ] {
            assert_eq!(requested(&sexes(), cells).len(), cells.len(), "{cells:?}");
            assert_eq!(
                requested(&labels("no disease", "disease"), cells).len(),
                cells.len()
            );
        }
        // Among words only the code is unknown.
        assert_eq!(requested(&sexes(), &["F", "M", "2"]), ["2"]);
        // The card's own labels match if they are the only values.
        let own = labels("0", "1");
        assert_eq!(
            read(&own, &["0", "1", "1.0", ""], &[]).as_deref(),
            Ok("011-")
        );
        assert_eq!(requested(&own, &["0", "1", "2"]).len(), 3);
        // A full stop means that nothing is recorded; it is not a code that conflicts with them.
        assert_eq!(read(&own, &["0", "1", "."], &[]).as_deref(), Ok("01-"));
    }

    #[test]
    fn letters_are_understood_beside_their_partner_only() {
        for cells in [
            &["H", "M"][..],
            &["M", "W"],
            &["m", "w", "d"],
            &["M", "K"],
            &["V", "M"],
            &["F", "N"],
            &["E", "K"],
            &["K", "M"],
            &["M", "Ž"],
            &["F", "H"],
            &["A", "B"],
            &["M", "F", "H"],
        ] {
            assert_eq!(requested(&sexes(), cells).len(), cells.len(), "{cells:?}");
        }
        // A card's own M needs an F in the column: next to H it may mean mujer.
        assert_eq!(requested(&labels("F", "M"), &["H", "M"]).len(), 2);
        assert_eq!(requested(&sexes(), &["M", "hombre"]), ["M"]);
        assert_eq!(
            read(&sexes(), &["M", "F", "U", "O"], &[]).as_deref(),
            Ok("10--")
        );
        assert_eq!(
            read(&labels("m", "w"), &["W", "M"], &[]).as_deref(),
            Ok("10")
        );
        assert_eq!(
            requested(&labels("m", "w"), &["männlich", "weiblich"]).len(),
            2
        );
    }

    #[test]
    fn what_the_user_said_holds() {
        let label = |word: &str| Meaning::Label(word.to_owned());
        let wording = [
            ("1", label("male")),
            ("2", label("女")),
            ("0", Meaning::LeaveOut),
            ("9", Meaning::LeaveOut),
        ];
        assert_eq!(
            read(&sexes(), &["2", "1.0", "0", "９"], &wording).as_deref(),
            Ok("01--")
        );
        assert_eq!(
            read(&sexes(), &["2", "3"], &wording),
            Err(vec!["3".to_owned()])
        );
        let spanish = [("H", label("hombre")), ("M", label("mujer"))];
        assert_eq!(read(&sexes(), &["M", "H"], &spanish).as_deref(), Ok("01"));
        let values = vec![("1".to_owned(), label("blue"))];
        let answers = Answers {
            values,
            ..Answers::default()
        };
        let error =
            Values::of(Role::Sex, "sex", ["1"].into_iter(), &sexes(), &answers).unwrap_err();
        assert!(error.to_string().contains("blue"), "{error}");
    }

    #[test]
    fn nothing_recorded_is_no_question() {
        let cells = ["F", "M", "unknown", "N/A", "不明", "-", "Other"];
        assert_eq!(read(&sexes(), &cells, &[]).as_deref(), Ok("01-----"));
        assert_eq!(requested(&sexes(), &["F", "M", "Fmale"]), ["Fmale"]);
    }
}
