//! The records check: photographs whose recorded label a model contradicts, with what they are most like, and what readers
//! decide about them. A contradiction says that model or record may be wrong, never which.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::evaluate::records::contradicted;
use super::features::features;
use super::known::{Photographed, Truth, is_labelled, photographed, recorded, resolved_rows};
use super::similar::similar;
use super::{OpenStudy, photographs, save};
use crate::domain::{Decision, RecordDecision, ResultRow, Study, StudyModel};
use crate::evaluation::records_check::{
    Contradicted, MOST_SIMILAR, RecordPhotograph, RecordsCheck, by_person,
};
use crate::export::csv;
use crate::export::records_check::{records, similar_photographs};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::storage::{atomic, study as stored};
use crate::text::failures::StudyFault;
use crate::workflow::{Context, Error};

/// Which records are checked, and how.
#[derive(Clone, Debug)]
pub struct RecordsRequest {
    /// Id of a model with two labels; the first of the study if `None`.
    pub model: Option<String>,
    /// On which missing features are computed.
    pub device: Device,
    /// How many similar photographs are named for each; at most [`MOST_SIMILAR`].
    pub similar: usize,
}

impl Default for RecordsRequest {
    fn default() -> Self {
        Self {
            model: None,
            device: Device::default(),
            similar: 6,
        }
    }
}

/// Finds the records to check in the study in a folder, given by itself or by the study file. Features that its runs did
/// not keep are computed, which progress counts.
///
/// # Errors
/// There is no study, it has no labels or another table than was confirmed, no model with two labels, or it was
/// cancelled.
pub fn check_records(
    ctx: &Context,
    path: &Path,
    request: &RecordsRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<RecordsCheck, Error> {
    let folder = stored::folder_of(path).ok_or_else(|| StudyFault::Absent {
        name: crate::storage::file_name(path),
    })?;
    let (study, _) = stored::load(&folder)?;
    let (place, model, labels) = model_of(&study, request.model.as_deref())?;
    let listing = photographs(&folder, &study, cancel)?;
    let recorded = recorded(&folder, &study, &listing, cancel)?;
    let rows = resolved_rows(&folder, &study, &listing, &recorded, cancel)?;
    let answered = |index: usize| rows[index].get(place);
    let is_labelled = is_labelled(&study, &model.card);
    let known = photographed(&listing, &answered, &recorded, &model.card, is_labelled);
    let threshold = model.card.threshold.unwrap_or(0.5);
    let asked = contradicted(&known, threshold);
    let device = request.device;
    let origin = (folder.as_path(), &study);
    let found = match asked.is_empty() || request.similar == 0 {
        true => Default::default(),
        false => features(
            ctx, origin, model, &listing, &answered, device, cancel, progress,
        )?,
    };
    let rows: Vec<Option<&ResultRow>> = (0..known.len()).map(answered).collect();
    let persons: Vec<Option<&str>> = known.iter().map(|of| of.person.as_deref()).collect();
    let most = request.similar.min(MOST_SIMILAR);
    let similar = similar(&asked, &rows, &persons, &found, most, cancel, progress)?;
    let is_without = |row: &&&ResultRow| {
        let sum = row.sha256.as_deref();
        row.logit.is_some() && sum.is_none_or(|sum| found.get(sum).is_none())
    };
    let contradicted = asked.iter().zip(similar);
    let contradicted = contradicted.map(|(photograph, similar)| Contradicted {
        photograph: *photograph,
        similar,
    });
    let mut check = RecordsCheck {
        model: model.id.clone(),
        is_demonstration: model.card.demonstration,
        is_unconfirmed: !model.card.is_confirmed(),
        labels,
        threshold,
        persons: by_person(&asked, &persons),
        contradicted: contradicted.collect(),
        without_features: match asked.is_empty() || request.similar == 0 {
            true => 0,
            false => rows.iter().flatten().filter(is_without).count(),
        },
        no_features: found.missing,
        photographs: known.iter().map(photograph).collect(),
    };
    check.take_decisions(&study);
    Ok(check)
}

/// A model with two labels: its index, itself and its labels.
fn model_of<'a>(
    study: &'a Study,
    id: Option<&str>,
) -> Result<(usize, &'a StudyModel, [String; 2]), StudyFault> {
    let models = study.models.iter().enumerate();
    let mut models = models.filter_map(|(at, model)| {
        let labels = model.card.labels.clone().try_into().ok()?;
        Some((at, model, labels))
    });
    let found = models.find(|(_, model, _)| id.is_none_or(|id| model.id == id));
    found.ok_or_else(|| StudyFault::NoSuchModel {
        id: id.map(str::to_owned),
    })
}

fn photograph(of: &Photographed) -> RecordPhotograph {
    let row = of.row;
    RecordPhotograph {
        image: of.name.to_owned(),
        sha256: row.and_then(|row| row.sha256.clone()),
        person: of.person.clone(),
        eye: of.eye,
        recorded: match of.truth {
            Some(Truth::Label(label)) => Some(label),
            Some(Truth::Number(_)) | None => None,
        },
        score: row.and_then(|row| row.score),
        logit: row.and_then(|row| row.logit),
        applicability: row.and_then(|row| row.applicability()?.overall()),
        decision: None,
    }
}

/// Keeps a reader's decision about a photograph in the study, or takes it back. The label stays as it is.
///
/// # Errors
/// As [`save`].
pub fn decide(
    open: &mut OpenStudy,
    photograph: &RecordPhotograph,
    decision: Option<Decision>,
    reader: &str,
) -> Result<(), Error> {
    let Some(sha256) = photograph.sha256.clone() else {
        return Ok(());
    };
    let mut study = open.study().clone();
    study.decisions.retain(|of| {
        let is_own = of.sha256 == sha256 && of.image == photograph.image;
        !is_own && Some(of) != photograph.decision.as_ref()
    });
    study
        .decisions
        .extend(decision.map(|decision| RecordDecision {
            image: photograph.image.clone(),
            sha256,
            decision,
            date: now(),
            reader: reader.trim().chars().take(RecordDecision::READER).collect(),
        }));
    save(open, study)
}

/// Writes `records-to-check.csv` and `similar-photographs.csv` into a folder. Returns the names of the files.
///
/// # Errors
/// The folder cannot be written to, or it was cancelled.
pub fn write_records(
    check: &RecordsCheck,
    folder: &Path,
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    atomic::prepare(folder)?;
    let tables = [
        ("records-to-check.csv", records(check)),
        ("similar-photographs.csv", similar_photographs(check)),
    ];
    let mut names = Vec::new();
    for (name, rows) in tables {
        cancel.check()?;
        atomic::write(&folder.join(name), &csv::of_rows(&rows))?;
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The time in UTC, to the second.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    utc(since.map_or(0, |since| since.as_secs()))
}

/// Seconds since 1970 as date and time. Years begin in March, so that a leap day is the last (Hinnant 2013).
fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day_of_month:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Laterality;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_796_011_861, "2026-11-30T04:11:01Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), expected);
        }
    }

    fn photograph(image: &str, sha256: &str, decision: Option<RecordDecision>) -> RecordPhotograph {
        RecordPhotograph {
            image: image.into(),
            sha256: Some(sha256.into()),
            person: None,
            eye: Laterality::Od,
            recorded: Some(true),
            score: Some(0.1),
            logit: Some(-2.0),
            applicability: None,
            decision,
        }
    }

    /// A study without models of one photograph.
    fn study() -> (tempfile::TempDir, OpenStudy) {
        let home = tempfile::tempdir().unwrap();
        let context = Context::in_places(crate::storage::Places::below(home.path()));
        let sample = include_bytes!("../../../assets/samples/haggstrom_left_1411.jpg");
        std::fs::write(home.path().join("eye.jpg"), sample).unwrap();
        let new = crate::workflow::study::NewStudy {
            inputs: vec![home.path().join("eye.jpg")],
            ..Default::default()
        };
        let folder = home.path().join("study");
        let (open, _) =
            crate::workflow::study::create(&context, &folder, new, &Cancel::new()).unwrap();
        (home, open)
    }

    #[test]
    fn decisions_of_two_sessions_stay_beside_each_other_and_can_be_taken_back() {
        let (_home, mut open) = study();
        let folder = open.folder().to_owned();
        let right = Some(Decision::RecordIsRight);
        decide(&mut open, &photograph("a", "1", None), right, " A \u{3000}").unwrap();
        // Another window cannot decide meanwhile.
        let held = crate::workflow::study::open(&folder).unwrap_err();
        assert!(
            matches!(&held, Error::Study(fault) if **fault == StudyFault::Held),
            "{held:?}"
        );
        drop(open);
        let mut open = crate::workflow::study::open(&folder).unwrap();
        let long = "眼".repeat(300);
        decide(
            &mut open,
            &photograph("b", "1", None),
            Some(Decision::Unsure),
            &long,
        )
        .unwrap();
        let decisions = open.study().decisions.clone();
        let said: Vec<_> = decisions
            .iter()
            .map(|of| (of.image.as_str(), of.decision))
            .collect();
        assert_eq!(
            said,
            [("a", Decision::RecordIsRight), ("b", Decision::Unsure)]
        );
        assert_eq!(decisions[0].reader, "A");
        assert_eq!(decisions[1].reader.chars().count(), RecordDecision::READER);
        // A second one replaces the first, also of a photograph that was renamed.
        let renamed = photograph("c", "1", Some(decisions[0].clone()));
        let elsewhere = Some(Decision::BelongsElsewhere);
        decide(&mut open, &renamed, elsewhere, "").unwrap();
        let now = open.study().decisions.clone();
        let said: Vec<_> = now
            .iter()
            .map(|of| (of.image.as_str(), of.decision))
            .collect();
        assert_eq!(
            said,
            [("b", Decision::Unsure), ("c", Decision::BelongsElsewhere)]
        );
        decide(&mut open, &photograph("c", "1", None), None, "").unwrap();
        assert_eq!(open.study().decisions.len(), 1);
    }

    #[test]
    fn a_study_that_was_changed_elsewhere_keeps_what_was_written_there() {
        let (_home, mut open) = study();
        let file = open.folder().join(crate::workflow::study::NAME);
        let mut text = std::fs::read_to_string(&file).unwrap();
        text.push(' ');
        std::fs::write(&file, &text).unwrap();
        let unsure = Some(Decision::Unsure);
        let refused = decide(&mut open, &photograph("a", "1", None), unsure, "").unwrap_err();
        assert!(
            matches!(&refused, Error::Study(fault) if **fault == StudyFault::Changed),
            "{refused:?}"
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
}
