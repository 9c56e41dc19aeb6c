//! Persons and counting: the person of each photograph of a run, which photographs are excluded from the figures per
//! eye and person, and findings that depend on all of them.

use std::collections::{HashMap, HashSet};

mod smaller;

use super::aggregate::{self, Group};
use crate::domain::{
    Detail, Exclusion, Finding, FindingCode, Findings, Fingerprint, Laterality, PatientKey, Person,
    PersonSource, Persons, Quality, ResultRow, Severity, Subject, insert_about_the_photograph,
    is_refused, masked,
};

/// What is known of one photograph of a run.
#[derive(Clone, Debug, Default)]
pub struct PhotographFacts<'a> {
    /// Index of its input: photographs of different inputs belong to one person only if DICOM states so with its
    /// issuer.
    pub input: usize,
    /// The person suggested by the names of the run; see [`crate::imaging::persons_from_names`].
    pub guess: Option<&'a str>,
    /// `None` if the file could not be opened, or has not been yet.
    pub seen: Option<Seen<'a>>,
    /// The user's decision whether it counts.
    pub by_user: Option<bool>,
    /// Recorded age in years.
    pub age: Option<f64>,
    /// One row for each model.
    pub cases: Vec<&'a ResultRow>,
}

/// The result of opening the file.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub pixels_sha256: &'a str,
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// By which the same photograph at another size is recognised.
    pub fingerprint: Option<&'a Fingerprint>,
    pub eye: Laterality,
    pub quality: Quality,
    pub findings: &'a Findings,
    pub patient: Option<PatientKey>,
}

/// The resolved person and counting of a photograph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResolvedSubject {
    pub subject: Subject,
    /// The number of photographs with the same pixels, including this one.
    pub copies: usize,
    /// Size of the same photograph at a larger size, if there is one.
    pub larger: Option<[u32; 2]>,
    /// Models whose labels differ between the person's eyes, with both scores.
    pub eyes_disagree: Vec<(String, Detail)>,
}

/// How persons are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamingRule {
    pub persons: Persons,
    /// Numbers replace names that come from files.
    pub masked: bool,
}

/// Resolves the photographs of a run, given in its order.
pub fn resolve(shots: &[PhotographFacts], rule: NamingRule) -> Vec<ResolvedSubject> {
    let guesses = guesses(shots, rule);
    let patients = patients(shots);
    let mut settled: Vec<ResolvedSubject> = shots
        .iter()
        .zip(guesses)
        .zip(patients)
        .map(|((shot, guess), patient)| {
            let of_name = guess.clone().filter(|_| rule.persons == Persons::FileNames);
            let dicom = patient.filter(|_| rule.persons != Persons::None);
            let person = |name, source| Person { name, source };
            let person = dicom
                .map(|number| person(format!("dicom-{number}"), PersonSource::Dicom))
                .or_else(|| of_name.map(|name| person(name, PersonSource::FileName)));
            ResolvedSubject {
                subject: Subject {
                    person,
                    guess,
                    left_out: shot.seen.as_ref().map(of_itself).unwrap_or_default(),
                    by_user: shot.by_user,
                    age: shot.age,
                },
                copies: 1,
                larger: None,
                eyes_disagree: Vec::new(),
            }
        })
        .collect();
    note_duplicates(shots, &mut settled);
    note_smaller_copies(shots, &mut settled);
    note_eyes(shots, &mut settled);
    settled
}

/// The guess for each photograph, as a separate number if names are masked.
fn guesses(shots: &[PhotographFacts], rule: NamingRule) -> Vec<Option<String>> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let guess = |shot: &PhotographFacts<'_>| shot.guess.map(str::to_owned);
    if !rule.masked {
        return shots.iter().map(guess).collect();
    }
    shots
        .iter()
        .map(|shot| {
            let next = numbers.len() + 1;
            let number = numbers.entry(shot.guess?).or_insert(next);
            Some(masked::person(*number))
        })
        .collect()
}

/// A number for each DICOM patient, from 1 in order of appearance.
fn patients(shots: &[PhotographFacts]) -> Vec<Option<usize>> {
    let mut numbers = HashMap::new();
    shots
        .iter()
        .map(|shot| {
            let key = shot.seen.as_ref()?.patient?;
            let place = (!key.issued).then_some(shot.input);
            let next = numbers.len() + 1;
            Some(*numbers.entry((key, place)).or_insert(next))
        })
        .collect()
}

/// Reasons for exclusion that do not depend on other photographs.
fn of_itself(seen: &Seen) -> Vec<Exclusion> {
    let has = |code| seen.findings.iter().any(|f| f.code == code);
    let mut reasons = Vec::new();
    if is_refused(Some(seen.quality), seen.findings) {
        reasons.push(Exclusion::NotAFundus);
    }
    if seen.quality == Quality::Bad {
        reasons.push(Exclusion::BadQuality);
    }
    if has(FindingCode::EyeConflict) {
        reasons.push(Exclusion::EyeConflict);
    }
    reasons
}

/// Of photographs with the same pixels the first counts; none does if they are assigned to two persons or two eyes.
fn note_duplicates(shots: &[PhotographFacts], settled: &mut [ResolvedSubject]) {
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, shot) in shots.iter().enumerate() {
        if let Some(seen) = &shot.seen {
            same.entry(seen.pixels_sha256).or_default().push(at);
        }
    }
    for places in same.into_values().filter(|places| places.len() > 1) {
        let person = |at: &usize| {
            let subject = &settled[*at].subject;
            let name = subject.person.as_ref().map(|p| &p.name);
            name.or(subject.guess.as_ref())
        };
        let persons: HashSet<_> = places.iter().filter_map(person).collect();
        let eye = |at: &usize| shots[*at].seen.map(|s| s.eye).filter(|e| e.is_known());
        let eyes: HashSet<_> = places.iter().filter_map(eye).collect();
        let (two_persons, two_eyes) = (persons.len() > 1, eyes.len() > 1);
        for (order, at) in places.iter().enumerate() {
            let of = &mut settled[*at];
            of.copies = places.len();
            let reasons = [
                (two_persons, Exclusion::TwoPersons),
                (two_eyes, Exclusion::TwoEyes),
                (!two_persons && !two_eyes && order > 0, Exclusion::Duplicate),
            ];
            let reasons = reasons.into_iter().filter(|(holds, _)| *holds);
            of.subject
                .left_out
                .extend(reasons.map(|(_, reason)| reason));
        }
    }
}

/// Of one photograph at several sizes the largest counts that is not excluded for itself; none does if they are assigned
/// to two persons or two eyes.
fn note_smaller_copies(shots: &[PhotographFacts], settled: &mut [ResolvedSubject]) {
    for (at, larger) in smaller::smaller_copies(shots).into_iter().enumerate() {
        let Some(larger) = larger else {
            continue;
        };
        let eye = |of: usize| shots[of].seen.map(|s| s.eye).filter(|e| e.is_known());
        let two_eyes = match (eye(at), eye(larger)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        settled[at].larger = shots[larger].seen.map(|seen| seen.size);
        let person = |of: usize| {
            let subject = &settled[of].subject;
            let name = subject.person.as_ref().map(|p| &p.name);
            name.or(subject.guess.as_ref())
        };
        let two_persons = match (person(at), person(larger)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        let mut leave_out = |of: usize, reason| {
            let reasons = &mut settled[of].subject.left_out;
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        leave_out(at, Exclusion::SmallerCopy);
        if two_persons {
            leave_out(at, Exclusion::TwoPersons);
            leave_out(larger, Exclusion::TwoPersons);
        }
        if two_eyes {
            leave_out(at, Exclusion::TwoEyes);
            leave_out(larger, Exclusion::TwoEyes);
        }
    }
}

/// Persons whose eyes got different labels from one model, by the photographs that count.
fn note_eyes(shots: &[PhotographFacts], settled: &mut [ResolvedSubject]) {
    let groups = {
        let rows = shots.iter().zip(settled.iter());
        aggregate::groups_of(
            rows.flat_map(|(shot, of)| shot.cases.iter().map(move |case| (*case, &of.subject))),
        )
    };
    let of_eye = |eye| groups.iter().filter(move |g| g.eye == Some(eye));
    let key = |g: &'_ Group| (g.person.clone(), g.model.clone());
    let left: HashMap<_, &Group> = of_eye(Laterality::Os).map(|g| (key(g), g)).collect();
    let mut found: HashMap<(Person, String), Detail> = HashMap::new();
    for right in of_eye(Laterality::Od) {
        let of_left = left.get(&key(right)).and_then(|g| g.aggregate.as_ref());
        if let (Some(r), Some(l)) = (&right.aggregate, of_left)
            && let (Some(od), Some(os)) = (r.score, l.score)
            && r.label != l.label
        {
            let eyes = Detail::Eyes {
                right: od,
                left: os,
            };
            found.insert(key(right), eyes);
        }
    }
    for (shot, of) in shots.iter().zip(settled) {
        let Some(person) = of.subject.person.clone().filter(|_| !found.is_empty()) else {
            continue;
        };
        for case in &shot.cases {
            let id = &case.card.id;
            if let Some(detail) = found.get(&(person.clone(), id.clone())) {
                of.eyes_disagree.push((id.clone(), detail.clone()));
            }
        }
    }
}

/// Writes the resolved subject of a photograph into its row. Findings of an earlier resolution are removed first.
pub fn write_into(case: &mut ResultRow, settled: &ResolvedSubject) {
    case.subject.clone_from(&settled.subject);
    note_other_copies(&mut case.findings, settled);
    case.findings
        .retain(|f| f.code != FindingCode::EyesDisagree);
    if let Some(detail) = disagreement(case, settled) {
        let finding =
            Finding::with_detail(FindingCode::EyesDisagree, Severity::Caution, detail.clone());
        case.findings.push(finding);
    }
}

/// True if [`write_into`] would change nothing.
pub fn is_resolved(case: &ResultRow, settled: &ResolvedSubject) -> bool {
    let detail = |code| {
        case.findings
            .iter()
            .find(|f| f.code == code)
            .map(|f| f.detail.as_ref())
    };
    let copies = (settled.copies > 1).then_some(Detail::Copies(settled.copies));
    case.subject == settled.subject
        && detail(FindingCode::Duplicate) == copies.as_ref().map(Some)
        && detail(FindingCode::SmallerCopy) == larger(settled).as_ref().map(Some)
        && detail(FindingCode::EyesDisagree) == disagreement(case, settled).map(Some)
}

fn disagreement<'a>(case: &ResultRow, settled: &'a ResolvedSubject) -> Option<&'a Detail> {
    let of_model = settled
        .eyes_disagree
        .iter()
        .find(|(id, _)| *id == case.card.id);
    let (_, detail) = of_model.filter(|_| case.label.is_some())?;
    Some(detail)
}

/// Sets the findings about photographs with the same pixels and about the same photograph at a larger size, replacing
/// earlier ones: they come last of the findings about the photograph.
pub fn note_other_copies(findings: &mut Findings, settled: &ResolvedSubject) {
    let codes = [FindingCode::Duplicate, FindingCode::SmallerCopy];
    findings.retain(|f| !codes.contains(&f.code));
    let copies = (settled.copies > 1).then_some(Detail::Copies(settled.copies));
    for (code, detail) in codes.into_iter().zip([copies, larger(settled)]) {
        if let Some(detail) = detail {
            let finding = Finding::with_detail(code, Severity::Caution, detail);
            insert_about_the_photograph(findings, finding);
        }
    }
}

fn larger(settled: &ResolvedSubject) -> Option<Detail> {
    let [width, height] = settled.larger?;
    Some(Detail::LargerCopy { width, height })
}

/// Resolves a run whose rows are ordered by photograph, with the counts given by `photographs`, and writes the results
/// into them.
pub fn resolve_rows(cases: &mut [ResultRow], photographs: &[PhotographRows], rule: NamingRule) {
    let mut from = 0;
    let shots: Vec<PhotographFacts> = photographs
        .iter()
        .map(|of| {
            let rows = &cases[from..from + of.rows];
            from += of.rows;
            let seen = rows.first().and_then(|case| {
                Some(Seen {
                    pixels_sha256: case.pixels_sha256.as_deref()?,
                    size: [case.width.unwrap_or(0), case.height.unwrap_or(0)],
                    fingerprint: case.fingerprint.as_ref(),
                    eye: case.eye,
                    quality: case.quality?,
                    findings: &case.findings,
                    patient: of.patient,
                })
            });
            PhotographFacts {
                input: of.input,
                guess: of.guess.as_deref(),
                seen,
                by_user: None,
                age: of.age,
                cases: rows.iter().collect(),
            }
        })
        .collect();
    let settled = resolve(&shots, rule);
    let mut rows = cases.iter_mut();
    for (of, settled) in photographs.iter().zip(&settled) {
        for case in rows.by_ref().take(of.rows) {
            write_into(case, settled);
        }
    }
}

/// The rows of one photograph in a run.
#[derive(Clone, Debug, Default)]
pub struct PhotographRows {
    /// The number of rows: one for each model.
    pub rows: usize,
    pub input: usize,
    pub guess: Option<String>,
    pub patient: Option<PatientKey>,
    /// Recorded age in years.
    pub age: Option<f64>,
}

#[cfg(test)]
mod tests;
