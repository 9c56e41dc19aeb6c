//! Identifies files of the same patient: by a digest of the Patient ID, never the ID itself.

use sha2::{Digest, Sha256};

use super::data_set::{DataSet, Tag};
use crate::domain::PatientKey;
use crate::domain::doubtful::HUMAN_AGES;

const PATIENT_ID: Tag = (0x0010, 0x0020);
const ISSUER_OF_PATIENT_ID: Tag = (0x0010, 0x0021);
const PATIENT_SEX: Tag = (0x0010, 0x0040);
const PATIENT_AGE: Tag = (0x0010, 0x1010);

/// Placeholder IDs that programs write, in lower case: they are the same for different patients.
const PLACEHOLDERS: &str = "anonymous anonymized anonymised anonym anon deidentified de-identified unknown none null \
    na n/a nil noid no_id patient patientid patient_id test id removed redacted xxx unbekannt inconnu 不明 匿名";

/// The key of the file's patient; `None` if it names none, or only a placeholder.
pub(super) fn patient(data_set: &DataSet) -> Option<PatientKey> {
    let value = |tag| trimmed(data_set.bytes(tag).unwrap_or_default());
    let (id, issuer) = (value(PATIENT_ID), value(ISSUER_OF_PATIENT_ID));
    if is_placeholder(id) {
        return None;
    }
    let mut digest = Sha256::new();
    for part in [id, issuer] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    Some(PatientKey {
        digest: digest.finalize().into(),
        issued: !issuer.is_empty(),
    })
}

/// What the first bytes of a file say of its patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedPatient {
    /// The key; `None` if the file names no patient, or is no DICOM file.
    Stated(Option<PatientKey>),
    /// These bytes end before the patient.
    NotReached,
}

/// The patient in the first bytes of a file. Elements are in the order of their tags.
pub(super) fn stated_patient(data_set: &DataSet) -> StatedPatient {
    match data_set.goes_beyond(ISSUER_OF_PATIENT_ID) {
        true => StatedPatient::Stated(patient(data_set)),
        false => StatedPatient::NotReached,
    }
}

/// What a DICOM file states about its patient that a study may use as a label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StatedRecord {
    /// `female` or `male`.
    pub sex: Option<&'static str>,
    /// A sex is stated that is neither.
    pub is_other_sex: bool,
    /// In years.
    pub age: Option<f64>,
}

/// Patient's Sex and Patient's Age, where they say something.
pub(super) fn stated(data_set: &DataSet) -> StatedRecord {
    let sex = data_set.text(PATIENT_SEX);
    StatedRecord {
        sex: match sex.trim() {
            "F" => Some("female"),
            "M" => Some("male"),
            _ => None,
        },
        is_other_sex: sex.trim() == "O",
        age: years(data_set.text(PATIENT_AGE).trim()),
    }
}

/// Three digits and a unit, such as `063Y`; above 0 and at most 120 years.
fn years(text: &str) -> Option<f64> {
    let (count, unit) = text.split_at_checked(3)?;
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: f64 = count.parse().ok()?;
    let years = match unit {
        "Y" => count,
        "M" => count / 12.0,
        "W" => count * 7.0 / 365.25,
        "D" => count / 365.25,
        _ => return None,
    };
    (years > 0.0 && years <= HUMAN_AGES[1]).then_some(years)
}

fn is_placeholder(id: &[u8]) -> bool {
    let text = String::from_utf8_lossy(id).to_lowercase();
    let marks = |c: char| c == '0' || !c.is_alphanumeric();
    // Also the empty text, and a row of zeros or punctuation.
    text.chars().all(|c| c.is_ascii() && marks(c))
        || PLACEHOLDERS
            .split_whitespace()
            .any(|word| word == text.replace(' ', ""))
}

fn trimmed(value: &[u8]) -> &[u8] {
    let pads = |b: &u8| matches!(b, 0 | b' ' | b'\t' | b'\r' | b'\n');
    let start = value.iter().position(|b| !pads(b)).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|b| !pads(b))
        .map_or(start, |at| at + 1);
    &value[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &[u8], issuer: &[u8]) -> Option<PatientKey> {
        let mut bytes = b"\x08\0\x60\0CS\x02\0OP".to_vec();
        for (element, value) in [(0x20_u8, id), (0x21, issuer)] {
            bytes.extend([0x10, 0, element, 0]);
            bytes.extend(b"LO");
            bytes.extend((value.len() as u16).to_le_bytes());
            bytes.extend(value);
        }
        patient(&DataSet::read(&bytes).unwrap())
    }

    #[test]
    fn the_patient_is_found_in_the_first_bytes_or_known_to_come_later() {
        let element = |tag: [u8; 4], vr: &[u8], value: &[u8]| {
            let mut bytes = tag.to_vec();
            bytes.extend(vr);
            bytes.extend((value.len() as u16).to_le_bytes());
            bytes.extend(value);
            bytes
        };
        let modality = element([8, 0, 0x60, 0], b"CS", b"OP");
        let id = element([0x10, 0, 0x20, 0], b"LO", b"12");
        let sex = element([0x10, 0, 0x40, 0], b"CS", b"O ");
        let in_start = |parts: &[&[u8]]| {
            let bytes = parts.concat();
            let data_set = DataSet::read_start(&bytes).unwrap();
            (stated_patient(&data_set), stated(&data_set).is_other_sex)
        };
        let whole = patient(&DataSet::read(&[&modality[..], &id, &sex].concat()).unwrap());
        assert!(whole.is_some());
        let found = in_start(&[&modality, &id, &sex, b"\x28\0\x10\0US\x02\0"]);
        assert_eq!(found, (StatedPatient::Stated(whole), true));
        let none = in_start(&[&modality, &sex]);
        assert_eq!(none, (StatedPatient::Stated(None), true));
        for parts in [
            &[&modality[..]][..],
            &[&modality, &id[..7]],
            &[&modality, &id],
        ] {
            assert_eq!(in_start(parts).0, StatedPatient::NotReached);
        }
    }

    #[test]
    fn an_id_counts_with_its_issuer_and_without_padding() {
        let plain = key(b"12345 ", b"").unwrap();
        assert_eq!(key(b"12345\0", b""), Some(plain));
        assert_ne!(key(b"12346", b""), Some(plain));
        let issued = key(b"12345", b"A").unwrap();
        assert!(issued.issued && !plain.issued);
        assert_ne!(key(b"12345", b"B"), Some(issued));
        assert_ne!(key(b"1234", b"5A"), Some(issued));
        // IDs in another encoding are distinguished by their bytes.
        assert_ne!(key(b"\x89\x45", b""), key(b"\x8a\x45", b""));
    }

    #[test]
    fn placeholders_are_nobody() {
        for id in [
            &b""[..],
            b"  ",
            b"0",
            b"00000",
            b"---",
            b"ANONYMOUS",
            b"Anon",
            b"n/a",
            b"Patient ID",
        ] {
            assert_eq!(key(id, b""), None, "{id:?}");
        }
        assert!(key(b"0001", b"").is_some());
    }
}
