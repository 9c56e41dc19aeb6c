//! The records check: photographs whose recorded label a model contradicts, with what they are most like. A contradiction
//! says that model or record may be wrong, never which.

use std::collections::{HashMap, HashSet};

use crate::domain::decision::decision_of;
use crate::domain::{Grade, Laterality, RecordDecision, Study, masked};

/// Most photographs that are kept for each.
pub const MOST_SIMILAR: usize = 20;

/// A photograph that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similar {
    /// Index of the photograph.
    pub photograph: usize,
    /// −1 to 1; `None` if one of the two has no features.
    pub cosine: Option<f32>,
    /// Probably the same photograph: its pixels are the same, or its coarse copy at any size.
    pub is_near_duplicate: bool,
    /// Another person's, as far as both are known.
    pub is_other_person: bool,
}

/// Why features are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFeatures {
    /// The library does not have the model as the study has it.
    Model,
    /// The network offers no feature map.
    Network,
}

/// A photograph of the study.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordPhotograph {
    /// Its name in the study.
    pub image: String,
    /// SHA-256 of its file; `None` if it was not answered.
    pub sha256: Option<String>,
    pub person: Option<String>,
    pub eye: Laterality,
    /// Whether the recorded label is that of output 1; `None` if none is recorded.
    pub recorded: Option<bool>,
    /// 0–1.
    pub score: Option<f64>,
    pub logit: Option<f64>,
    pub applicability: Option<Grade>,
    pub decision: Option<RecordDecision>,
}

/// A photograph whose recorded label the model contradicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradicted {
    /// Index of the photograph.
    pub photograph: usize,
    pub similar: Vec<Similar>,
}

/// The photographs of a person with a contradicted record; a photograph of an unknown person stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonToCheck {
    pub person: Option<String>,
    /// Places among the contradicted, the strongest first.
    pub contradicted: Vec<usize>,
    /// Indices of the other photographs.
    pub others: Vec<usize>,
}

/// The records to check of one model.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordsCheck {
    pub model: String,
    pub is_demonstration: bool,
    pub is_unconfirmed: bool,
    /// Of outputs 0 and 1.
    pub labels: [String; 2],
    pub threshold: f64,
    /// Every photograph of the study.
    pub photographs: Vec<RecordPhotograph>,
    /// The strongest contradiction first.
    pub contradicted: Vec<Contradicted>,
    /// In the order of their strongest contradiction.
    pub persons: Vec<PersonToCheck>,
    /// How many answered photographs could not be compared.
    pub without_features: usize,
    pub no_features: Option<NoFeatures>,
}

/// Groups photographs by person: `asked` are the indices of the contradicted ones, the strongest first.
pub fn by_person(asked: &[usize], persons: &[Option<&str>]) -> Vec<PersonToCheck> {
    let mut groups: Vec<PersonToCheck> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, photograph) in asked.iter().enumerate() {
        let person = persons[*photograph];
        match person.and_then(|person| places.get(person)) {
            Some(group) => groups[*group].contradicted.push(place),
            None => {
                if let Some(person) = person {
                    places.insert(person, groups.len());
                }
                groups.push(PersonToCheck {
                    person: person.map(str::to_owned),
                    contradicted: vec![place],
                    others: Vec::new(),
                });
            }
        }
    }
    let asked: HashSet<usize> = asked.iter().copied().collect();
    for (at, person) in persons.iter().enumerate() {
        let group = person.and_then(|person| places.get(person));
        if let Some(group) = group.filter(|_| !asked.contains(&at)) {
            groups[*group].others.push(at);
        }
    }
    groups
}

impl RecordsCheck {
    /// Takes over what readers decided so far.
    pub fn take_decisions(&mut self, study: &Study) {
        let names: HashSet<&str> = self
            .photographs
            .iter()
            .map(|of| of.image.as_str())
            .collect();
        let mut by_sum: HashMap<&str, Vec<&RecordDecision>> = HashMap::new();
        for decision in &study.decisions {
            by_sum.entry(&decision.sha256).or_default().push(decision);
        }
        let decision = |of: &RecordPhotograph| {
            let same_bytes = by_sum.get(of.sha256.as_deref()?)?;
            let is_there = |name: &str| names.contains(name);
            decision_of(same_bytes.iter().copied(), &of.image, is_there).cloned()
        };
        let decisions: Vec<Option<RecordDecision>> =
            self.photographs.iter().map(decision).collect();
        for (photograph, decision) in self.photographs.iter_mut().zip(decisions) {
            photograph.decision = decision;
        }
    }

    /// Of each photograph the number that replaces the name of its person, by the order of the study, from 1.
    pub fn person_numbers(&self) -> Vec<Option<usize>> {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let persons = self.photographs.iter().map(|of| of.person.as_deref());
        let numbers = persons.map(|person| {
            let next = numbers.len() + 1;
            Some(*numbers.entry(person?).or_insert(next))
        });
        numbers.collect()
    }

    /// Puts numbers in place of the names of photographs and persons, by the order of the study. Readers stay.
    pub fn mask(&mut self) {
        let numbers = self.person_numbers();
        let photographs = self.photographs.iter_mut().zip(&numbers);
        for (at, (photograph, number)) in photographs.enumerate() {
            photograph.image = masked::photograph(at + 1);
            photograph.person = number.map(masked::person);
            if let Some(decision) = &mut photograph.decision {
                decision.image.clone_from(&photograph.image);
            }
        }
        for person in &mut self.persons {
            let first = person.contradicted.first().copied();
            let first = first.and_then(|place| self.contradicted.get(place));
            person.person = first
                .and_then(|of| numbers.get(of.photograph).copied().flatten())
                .map(masked::person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_come_by_their_strongest_contradiction_and_unknown_ones_stand_alone() {
        let persons = [Some("a"), None, Some("b"), Some("a"), None, Some("a")];
        let found = by_person(&[2, 1, 3, 4, 0], &persons);
        let said: Vec<_> = { found.iter() }
            .map(|of| {
                (
                    of.person.as_deref(),
                    of.contradicted.clone(),
                    of.others.clone(),
                )
            })
            .collect();
        let expected = vec![
            (Some("b"), vec![0], vec![]),
            (None, vec![1], vec![]),
            (Some("a"), vec![2, 4], vec![5]),
            (None, vec![3], vec![]),
        ];
        assert_eq!(said, expected);
    }
}
