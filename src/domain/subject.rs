//! The person that a row is about, and whether the row counts for the figures of its eye and person.

use std::fmt;
use strum::{EnumIter, IntoStaticStr};

use serde::{Deserialize, Serialize};

/// Distinguishes the patients of one run without naming them: a digest of DICOM's Patient ID and its issuer. It is kept
/// only in memory, has no readable form and is never written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PatientKey {
    pub digest: [u8; 32],
    /// The file names the issuer of the ID. Without it, equal IDs from two places may be two patients.
    pub issued: bool,
}

impl fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientKey")
    }
}

/// The source that assigns photographs to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum PersonSource {
    Table,
    Dicom,
    /// File names, as confirmed by the user.
    FileName,
}

impl PersonSource {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A person, by a file's name or a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub source: PersonSource,
}

/// Which sources of persons a run uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Persons {
    /// No grouping by person.
    None,
    /// DICOM only; file names give only a guess.
    #[default]
    Dicom,
    /// DICOM, and file names if DICOM has none.
    FileNames,
}

/// Why a photograph does not count for its eye and person unless the user includes it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Exclusion {
    NotAFundus,
    #[serde(rename = "quality-bad")]
    #[strum(serialize = "quality-bad")]
    BadQuality,
    /// The stated eye and the position of the optic disc contradict each other.
    EyeConflict,
    /// The same pixels occur earlier in the run.
    Duplicate,
    /// The same photograph occurs in the run at a larger size.
    SmallerCopy,
    /// The same pixels also belong to another person.
    #[serde(rename = "duplicate-of-two-persons")]
    #[strum(serialize = "duplicate-of-two-persons")]
    TwoPersons,
    /// The same pixels are stated to be a right and a left eye.
    #[serde(rename = "duplicate-of-two-eyes")]
    #[strum(serialize = "duplicate-of-two-eyes")]
    TwoEyes,
}

impl Exclusion {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The subject of a photograph. The default counts and has no person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    pub person: Option<Person>,
    /// The person that file names suggest, confirmed or not.
    pub guess: Option<String>,
    /// Why it does not count by default; empty if it does.
    pub left_out: Vec<Exclusion>,
    /// The user's decision, which overrides the reasons.
    pub by_user: Option<bool>,
    /// Recorded age in years, of a table of labels or a DICOM file; never an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<f64>,
}

impl Subject {
    /// True if the photograph counts, regardless of whether it has an answer.
    pub fn counts(&self) -> bool {
        self.by_user.unwrap_or(self.left_out.is_empty())
    }

    /// Why it does not count; empty if it does, or if only the user excluded it.
    pub fn reasons(&self) -> &[Exclusion] {
        if self.counts() { &[] } else { &self.left_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_word_stands_above_the_reasons() {
        let mut subject = Subject::default();
        assert!(subject.counts());
        subject.left_out = vec![Exclusion::BadQuality];
        assert!(!subject.counts());
        assert_eq!(subject.reasons(), [Exclusion::BadQuality]);
        subject.by_user = Some(true);
        assert!(subject.counts() && subject.reasons().is_empty());
        subject = Subject {
            by_user: Some(false),
            ..Subject::default()
        };
        assert!(!subject.counts());
    }

    #[test]
    fn a_key_has_no_readable_form() {
        let key = PatientKey {
            digest: [7; 32],
            issued: true,
        };
        assert_eq!(format!("{key:?}"), "PatientKey");
    }
}
