//! What a study knows about each of its photographs: the answers of a model, what is recorded, and whose it is.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::answers;
use super::labelling::{recorded_ages, study_labels};
use super::labels::{Labelled, StudyLabels, labelled_model, stated_record};
use super::listing::Listing;
use super::run::pattern_of;
use crate::domain::{Head, Laterality, ModelCard, PatientKey, ResultRow, Role, Study, Task};
use crate::evaluation::{RecordedValue, output_of};
use crate::export::subjects::{NamingRule, resolve_rows};
use crate::imaging::{self, StatedPatient};
use crate::progress::Cancel;
use crate::storage::read;
use crate::text::failures::StudyFault;
use crate::workflow::batch::known_subjects;
use crate::workflow::{Error, Source};

/// Bytes of a DICOM file within which its patient is usually stated.
const START: u64 = 64 << 10;

/// What a model is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Truth {
    /// True for the label of output 1.
    Label(bool),
    /// Years, or another number.
    Number(f64),
}

/// A photograph of the study, with what one model answered and what is recorded about it.
#[derive(Clone, Debug)]
pub(super) struct Photographed<'a> {
    pub name: &'a str,
    pub row: Option<&'a ResultRow>,
    pub truth: Option<Truth>,
    /// Something is recorded that is none of the labels, cannot be read, or was left out by the user.
    pub is_otherwise: bool,
    /// Stated by the table, else by the photographs.
    pub person: Option<String>,
    /// The table has a column of persons, and the person of this photograph is known from elsewhere only.
    pub is_of_other_source: bool,
    pub eye: Laterality,
}

/// The rows of every photograph, one for each model, with persons, recorded ages and duplicates; none for photographs without an answer.
pub(super) fn resolved_rows(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    recorded: &StudyLabels,
    cancel: &Cancel,
) -> Result<Vec<Vec<ResultRow>>, Error> {
    let pattern = pattern_of(&study.settings)?;
    let (mut subjects, _) = known_subjects(&listing.scan, pattern.as_ref());
    for (subject, age) in subjects.iter_mut().zip(recorded_ages(recorded)) {
        subject.age = age;
    }
    let mut rows: Vec<Vec<ResultRow>> = vec![Vec::new(); listing.scan.found.len()];
    for (index, answered) in answers::answers(folder, study, listing)? {
        cancel.check()?;
        let found = &listing.scan.found[index];
        subjects[index].rows = answered.len();
        // Patients of DICOM files are written nowhere; their files state them again.
        if may_be_dicom(&found.name) {
            subjects[index].patient = patient_of(&found.path)?;
        }
        rows[index] = answered;
    }
    let counts: Vec<usize> = rows.iter().map(Vec::len).collect();
    let mut flat: Vec<ResultRow> = rows.into_iter().flatten().collect();
    let rule = NamingRule {
        persons: study.settings.persons,
        masked: false,
    };
    resolve_rows(&mut flat, &subjects, rule);
    let mut flat = flat.into_iter();
    Ok(counts
        .into_iter()
        .map(|count| flat.by_ref().take(count).collect())
        .collect())
}

/// The patient of a DICOM file, who stands near its beginning.
fn patient_of(path: &Path) -> Result<Option<PatientKey>, Error> {
    let start = read::start_of(path, START)?;
    Ok(match imaging::stated_patient(&start) {
        StatedPatient::NotReached if start.len() as u64 == START => {
            let bytes = read::file(path, imaging::Limits::default().file_bytes)?;
            imaging::patient(&bytes)
        }
        StatedPatient::NotReached => None,
        StatedPatient::Stated(patient) => patient,
    })
}

/// What table and DICOM files record about the photographs.
pub(super) fn recorded(
    folder: &Path,
    study: &Study,
    listing: &Listing,
    cancel: &Cancel,
) -> Result<StudyLabels, Error> {
    let found = &listing.scan.found;
    let mut labels = match study_labels(folder, study, listing)? {
        Some(labels) => labels,
        None => StudyLabels {
            photographs: vec![None; found.len()],
            ..StudyLabels::default()
        },
    };
    for (index, found) in found.iter().enumerate() {
        cancel.check()?;
        let source = || Source::File(found.path.clone());
        if let Some(stated) = may_be_dicom(&found.name)
            .then(source)
            .as_ref()
            .and_then(stated_record)
        {
            labels.add_stated(index, &stated);
        }
    }
    match labels.photographs.iter().all(Option::is_none) {
        true => Err(StudyFault::NoLabels.into()),
        false => Ok(labels),
    }
}

/// Only DICOM files state a patient; they often have no extension.
fn may_be_dicom(name: &str) -> bool {
    match Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some(extension) => {
            let is_dicom = ["dcm", "dicom"]
                .iter()
                .any(|dicom| extension.eq_ignore_ascii_case(dicom));
            is_dicom || !imaging::is_extension(extension)
        }
        None => true,
    }
}

/// The photographs of a listing for one model: its answers, and what is recorded for its task.
pub(super) fn photographed<'a>(
    listing: &'a Listing,
    answered: &impl Fn(usize) -> Option<&'a ResultRow>,
    recorded: &StudyLabels,
    card: &ModelCard,
    is_labelled: bool,
) -> Vec<Photographed<'a>> {
    let found = listing.scan.found.iter().enumerate();
    let persons = persons(listing.scan.found.len(), answered, recorded);
    let photographed = found.zip(persons).map(|((index, found), person)| {
        let row = answered(index);
        let labelled = recorded.photographs.get(index).and_then(Option::as_ref);
        let eye = labelled.map_or(Laterality::Unknown, |labelled| labelled.eye);
        let labelled = labelled.filter(|_| is_labelled);
        let truth = labelled.and_then(|labelled| truth(labelled, card));
        let role = role_of(card);
        let is_stated = labelled.is_some_and(|labelled| {
            let mut values = labelled.values.iter();
            labelled.otherwise.contains(&role) || values.any(|(of, ..)| *of == role)
        });
        let (person, is_of_other_source) = match person {
            Some(KnownPerson {
                name,
                is_of_other_source,
            }) => (Some(name), is_of_other_source),
            None => (None, false),
        };
        Photographed {
            name: &found.name,
            row,
            truth,
            is_otherwise: is_stated && truth.is_none(),
            person,
            is_of_other_source,
            eye: match eye.is_known() {
                true => eye,
                false => row.map_or(Laterality::Unknown, |row| row.eye),
            },
        }
    });
    photographed.collect()
}

/// A person, and whether a table with a column of persons does not state it.
struct KnownPerson {
    name: String,
    is_of_other_source: bool,
}

/// The person of each photograph. Names of the table and names of DICOM files or file names are different ones: a
/// photograph without a row is of the person whom the table states for the others of its DICOM patient or file name, if
/// that is a single one, and never of another who merely has the same name.
fn persons<'a>(
    photographs: usize,
    answered: &impl Fn(usize) -> Option<&'a ResultRow>,
    recorded: &StudyLabels,
) -> Vec<Option<KnownPerson>> {
    let mut columns = recorded.understood.columns.iter();
    let names_persons = columns.any(|(role, _)| *role == Role::Person);
    let sources: Vec<[Option<(&str, &str)>; 2]> = (0..photographs)
        .map(|index| {
            let labelled = recorded.photographs.get(index).and_then(Option::as_ref);
            let stated = labelled.and_then(|labelled| labelled.person.as_deref());
            let stated = stated.map(|name| (name, "table"));
            let own = answered(index).and_then(|row| row.subject.person.as_ref());
            let own = own.map(|person| (person.name.as_str(), person.source.as_str()));
            // Without a column of persons the table only knows which photographs share a line.
            match names_persons {
                true => [stated, own],
                false => [own, stated],
            }
        })
        .collect();
    // `None` for a name that belongs to several of the first source.
    let mut links: HashMap<&str, Option<&str>> = HashMap::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for [first, second] in &sources {
        taken.extend(first.map(|(name, _)| name));
        if let (Some((name, _)), Some((other, _))) = (first, second) {
            let link = links.entry(other).or_insert(Some(name));
            *link = link.filter(|known| known == name);
        }
    }
    let known = |[first, second]: &[Option<(&str, &str)>; 2]| {
        let linked = || links.get(second.as_ref()?.0).copied().flatten();
        if let Some(name) = first.map(|(name, _)| name).or_else(linked) {
            return Some(KnownPerson {
                name: name.to_owned(),
                is_of_other_source: false,
            });
        }
        let (name, source) = (*second)?;
        Some(KnownPerson {
            name: match taken.contains(name) {
                true => format!("{name} ({source})"),
                false => name.to_owned(),
            },
            is_of_other_source: names_persons,
        })
    };
    sources.iter().map(known).collect()
}

/// Whether the table was read for what a model answers: of models of other tasks it is read for the first, and serves
/// those with the same labels.
pub(super) fn is_labelled(study: &Study, card: &ModelCard) -> bool {
    let cards: Vec<&ModelCard> = study.models.iter().map(|model| &model.card).collect();
    let sorted = |card: &ModelCard| {
        let mut labels = card.labels.clone();
        labels.sort_unstable();
        labels
    };
    // The two labels may be in opposite order.
    let is_same = |first: &ModelCard| {
        let are_values = [first, card].map(|card| card.head == Head::Linear);
        are_values[0] == are_values[1] && sorted(first) == sorted(card)
    };
    card.task != Task::Other || labelled_model(&cards).is_some_and(is_same)
}

fn role_of(card: &ModelCard) -> Role {
    match card.task {
        Task::Sex => Role::Sex,
        Task::Age => Role::Age,
        Task::Other => Role::Label,
    }
}

/// The recorded value that a model is compared with.
fn truth(labelled: &Labelled, card: &ModelCard) -> Option<Truth> {
    let role = role_of(card);
    let (_, value, _) = labelled.values.iter().find(|(of, ..)| *of == role)?;
    match value {
        RecordedValue::Number(number) => {
            (card.head == Head::Linear).then_some(Truth::Number(*number))
        }
        RecordedValue::Label(label) => {
            let labels: &[String; 2] = card.labels.as_slice().try_into().ok()?;
            Some(Truth::Label(output_of(label, labels)? == 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Person, PersonSource, model_card};

    /// The person that a photograph states itself, and that of its row.
    type Stated<'a> = (Option<(&'a str, PersonSource)>, Option<&'a str>);

    fn found(photographs: &[Stated<'_>], has_column: bool) -> Vec<(String, bool)> {
        let row = |own: &Option<(&str, PersonSource)>| {
            let mut row = ResultRow::unopened("a", Arc::new(model_card::example()));
            row.subject.person = own.map(|(name, source)| Person {
                name: name.to_owned(),
                source,
            });
            row
        };
        let rows: Vec<ResultRow> = photographs.iter().map(|(own, _)| row(own)).collect();
        let labelled = |person: &str| Labelled {
            person: Some(person.to_owned()),
            ..Labelled::default()
        };
        let mut recorded = StudyLabels {
            photographs: { photographs.iter() }
                .map(|(_, stated)| stated.map(labelled))
                .collect(),
            ..StudyLabels::default()
        };
        if has_column {
            recorded.understood.columns = vec![(Role::Person, "id".to_owned())];
        }
        let answered = |index: usize| rows.get(index);
        let persons = persons(photographs.len(), &answered, &recorded);
        persons
            .into_iter()
            .map(|person| {
                person.map_or((String::new(), false), |person| {
                    (person.name, person.is_of_other_source)
                })
            })
            .collect()
    }

    #[test]
    fn persons_of_the_table_are_no_others_with_the_same_name() {
        use PersonSource::{Dicom, FileName};
        let dicom = |name| Some((name, Dicom));
        // The third file of a DICOM patient has no row; another patient has none at all.
        let of_table = found(
            &[
                (dicom("dicom-3"), Some("7")),
                (dicom("dicom-3"), Some("7")),
                (dicom("dicom-3"), None),
                (dicom("dicom-4"), None),
                (None, None),
            ],
            true,
        );
        let expected = [
            ("7", false),
            ("7", false),
            ("7", false),
            ("dicom-4", true),
            ("", false),
        ];
        let owned = |expected: &[(&str, bool)]| -> Vec<(String, bool)> {
            let all = expected.iter();
            all.map(|(name, other)| ((*name).to_owned(), *other))
                .collect()
        };
        assert_eq!(of_table, owned(&expected));
        // A file that is called 7 is not the table's person 7.
        let named = found(&[(None, Some("7")), (Some(("7", FileName)), None)], true);
        assert_eq!(named, owned(&[("7", false), ("7 (file-name)", true)]));
        // A name that belongs to two persons of the table says nothing.
        let doubtful = found(
            &[
                (dicom("dicom-1"), Some("a")),
                (dicom("dicom-1"), Some("b")),
                (dicom("dicom-1"), None),
            ],
            true,
        );
        assert_eq!(doubtful[2], ("dicom-1".to_owned(), true));
        // Without a column of persons, those of a line are one only as far as nothing else is known.
        let lines = found(
            &[
                (dicom("dicom-1"), Some("line 2")),
                (None, Some("line 2")),
                (None, Some("line 3")),
            ],
            false,
        );
        let expected = [("dicom-1", false), ("dicom-1", false), ("line 3", false)];
        assert_eq!(lines, owned(&expected));
    }

    #[test]
    fn a_table_read_for_the_same_labels_serves_in_either_order() {
        let card = |labels: [&str; 2]| ModelCard {
            task: Task::Other,
            labels: labels.map(str::to_owned).to_vec(),
            ..model_card::example()
        };
        let study = |card: ModelCard| Study {
            models: vec![crate::domain::StudyModel {
                id: "m".into(),
                sha256: String::new(),
                card,
            }],
            ..Study::default()
        };
        let study = study(card(["no", "yes"]));
        assert!(is_labelled(&study, &card(["yes", "no"])));
        assert!(!is_labelled(&study, &card(["yes", "maybe"])));
    }
}
