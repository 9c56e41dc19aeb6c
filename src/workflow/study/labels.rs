//! The labels of a study: proposes how a table is to be read, and reads it the way the user confirmed.

use std::path::Path;

use crate::domain::{
    Head, LabelMapping, Laterality, MappedColumn, MappedValue, ModelCard, Role, Task,
};
pub use crate::evaluation::LabelList;
use crate::evaluation::{
    self, Answers, ColumnSeen, Covariate, DesiredValue, Encoding, MAX_TABLE_BYTES, Meaning,
    MismatchReason, Pairs, Question, RecordedTable, RecordedValue, Sort, TableInterpretation,
    TableOptions, Unreadable, Unused, mismatches,
};
use crate::imaging::StatedRecord;
use crate::numeric::hex::sha256;
use crate::storage::{atomic, read};
use crate::text::Lang;
use crate::text::failures::{Fault, LabelsFault};
use crate::text::labels::not_used;
use crate::workflow::{Error, Source};

/// Labels of the recorded sex, whatever words a model's card has for them.
pub const SEXES: [&str; 2] = ["female", "male"];

/// The answer for a role that no column of the table has.
pub const NO_COLUMN: &str = "-";

/// What a table is read for.
#[derive(Clone, Copy, Debug)]
pub struct LabelRequest<'a> {
    /// Names of the photographs, as the study lists them.
    pub photographs: &'a [&'a str],
    /// The eyes that the photographs state themselves, in the same order; may be empty.
    pub eyes: &'a [Laterality],
    pub values: &'a [DesiredValue],
    /// Numbers replace names in messages and lists.
    pub masked: bool,
}

/// Which values these models are compared with. Sex and age are read in any case if the table has them.
pub fn desired_values(cards: &[&ModelCard]) -> Vec<DesiredValue> {
    let has = |task| cards.iter().any(|card| card.task == task);
    let mut wanted = vec![
        DesiredValue {
            role: Role::Sex,
            sort: Sort::Labels(SEXES.map(str::to_owned)),
            required: has(Task::Sex),
        },
        DesiredValue {
            role: Role::Age,
            sort: Sort::Years,
            required: has(Task::Age),
        },
    ];
    wanted.extend(labelled_model(cards).map(|card| DesiredValue {
        role: Role::Label,
        sort: match card.labels.as_slice() {
            [zero, one] if card.head != Head::Linear => Sort::Labels([zero.clone(), one.clone()]),
            _ => Sort::Number,
        },
        required: true,
    }));
    wanted
}

/// The model of another task whose labels are read from the table: the first with two labels or one number.
pub fn labelled_model<'a>(cards: &[&'a ModelCard]) -> Option<&'a ModelCard> {
    let is_one = |card: &&&ModelCard| {
        card.task == Task::Other && (card.head == Head::Linear || card.labels.len() == 2)
    };
    cards.iter().find(is_one).copied()
}

/// Who said a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ValueSource {
    Table,
    /// The photograph's own DICOM tags.
    Dicom,
}

impl ValueSource {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What is recorded about one photograph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// The line of the table; `None` if only the photograph itself states something.
    pub line: Option<usize>,
    pub person: Option<String>,
    /// As the table states it.
    pub eye: Laterality,
    pub values: Vec<(Role, RecordedValue, ValueSource)>,
    /// Values that are recorded and cannot be read, are none of the labels, or are left out by the user.
    pub otherwise: Vec<Role>,
    pub covariates: Vec<(String, Covariate)>,
}

impl Labelled {
    /// Whether something is recorded, even if it cannot be read.
    fn states(&self, role: Role) -> bool {
        self.otherwise.contains(&role) || self.values.iter().any(|(known, ..)| *known == role)
    }
}

/// What the table and the photographs leave without the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelLists {
    /// Photographs without a row.
    pub without_row: Vec<String>,
    /// Rows without a photograph: line and name.
    pub without_photograph: Vec<(usize, String)>,
    /// Names that match more than once, or whose rows contradict each other.
    pub ambiguous: Vec<String>,
    /// Rows and cells that cannot be read, with what the cell would hold.
    pub unreadable: Vec<(Option<Role>, Unreadable)>,
}

impl LabelLists {
    pub fn count(&self, list: LabelList) -> usize {
        match list {
            LabelList::WithoutRow => self.without_row.len(),
            LabelList::WithoutPhotograph => self.without_photograph.len(),
            LabelList::Ambiguous => self.ambiguous.len(),
            LabelList::Unreadable => self.unreadable.len(),
        }
    }

    /// An entry of a list as a line of text; empty beyond its end.
    pub fn entry(&self, list: LabelList, place: usize, lang: Lang) -> String {
        let of_row = |(_, row): &(Option<Role>, Unreadable)| {
            let (line, why) = (row.line, row.why.wording(lang));
            match row.cell.is_empty() && row.image.is_empty() {
                true => format!("{line} ({why})"),
                false => format!("{line}: {} \"{}\" ({why})", row.image, row.cell),
            }
        };
        let name = |names: &Vec<String>| names.get(place).cloned();
        let entry = match list {
            LabelList::WithoutRow => name(&self.without_row),
            LabelList::WithoutPhotograph => self
                .without_photograph
                .get(place)
                .map(|(line, name)| format!("{line}: {name}")),
            LabelList::Ambiguous => name(&self.ambiguous),
            LabelList::Unreadable => self.unreadable.get(place).map(of_row),
        };
        entry.unwrap_or_default()
    }

    /// A list as a table for spreadsheets.
    pub fn csv(&self, list: LabelList) -> Vec<u8> {
        let (names, rows): (&[&str], Vec<Vec<String>>) = match list {
            LabelList::WithoutRow => (
                &["photograph"],
                self.without_row
                    .iter()
                    .map(|name| vec![name.clone()])
                    .collect(),
            ),
            LabelList::Ambiguous => (
                &["name"],
                self.ambiguous
                    .iter()
                    .map(|name| vec![name.clone()])
                    .collect(),
            ),
            LabelList::WithoutPhotograph => {
                let of_row = |(line, name): &(usize, String)| vec![line.to_string(), name.clone()];
                let rows = self.without_photograph.iter().map(of_row);
                (&["line", "name"], rows.collect())
            }
            LabelList::Unreadable => {
                let of_row = |(role, row): &(Option<Role>, Unreadable)| {
                    vec![
                        row.line.to_string(),
                        row.image.clone(),
                        role.map_or(String::new(), |role| role.as_str().to_owned()),
                        row.cell.clone(),
                        row.why.wording(Lang::En),
                    ]
                };
                let rows = self.unreadable.iter().map(of_row);
                (&["line", "name", "holds", "cell", "reason"], rows.collect())
            }
        };
        crate::export::csv::of_texts(names, &rows)
    }

    /// Every reason with the number of photographs, rows or names it concerns.
    pub fn unused(&self) -> Vec<(Unused, usize)> {
        let mut unused = vec![
            (Unused::NoLabel, self.without_row.len()),
            (Unused::NoPhotograph, self.without_photograph.len()),
            (Unused::Ambiguous, self.ambiguous.len()),
        ];
        for (_, row) in &self.unreadable {
            let why = Unused::Unreadable(row.why.clone());
            match unused.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => unused.push((why, 1)),
            }
        }
        unused.retain(|(_, count)| *count > 0);
        unused
    }
}

/// The labels of a study's photographs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyLabels {
    /// One for each photograph, in order; `None` if nothing is recorded about it.
    pub photographs: Vec<Option<Labelled>>,
    pub lists: LabelLists,
    /// Rows that repeat the same information.
    pub repeated: usize,
    pub understood: TableInterpretation,
}

impl StudyLabels {
    /// Number of photographs with a row.
    pub fn matched(&self) -> usize {
        let with_row = |l: &&Option<Labelled>| l.as_ref().is_some_and(|l| l.line.is_some());
        self.photographs.iter().filter(with_row).count()
    }

    /// The number of photographs for each label of a role, in the order in which they occur.
    pub fn counts(&self, role: Role) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for labelled in self.photographs.iter().flatten() {
            for (of, value, _) in &labelled.values {
                let RecordedValue::Label(label) = value else {
                    continue;
                };
                if *of != role {
                    continue;
                }
                match counts.iter_mut().find(|(known, _)| known == label) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((label.clone(), 1)),
                }
            }
        }
        counts
    }

    /// Roles with labels of which every photograph has the same one, and that label: no agreement can be computed.
    pub fn with_one_label(&self) -> Vec<(Role, String)> {
        let roles = [Role::Sex, Role::Label].into_iter();
        let one = roles.filter_map(|role| match self.counts(role).as_slice() {
            [(label, _)] => Some((role, label.clone())),
            _ => None,
        });
        one.collect()
    }

    /// Adds what DICOM photographs state themselves where the table says nothing; it never replaces a value of the
    /// table.
    pub fn add_stated(&mut self, photograph: usize, stated: &StatedRecord) {
        let sex = stated.sex.map(|sex| RecordedValue::Label(sex.to_owned()));
        let age = stated.age.map(RecordedValue::Number);
        let found = [(Role::Sex, sex), (Role::Age, age)].into_iter();
        let found = found.filter_map(|(role, value)| Some((role, value?)));
        let Some(place) = self.photographs.get_mut(photograph) else {
            return;
        };
        for (role, value) in found {
            let labelled = place.get_or_insert_default();
            if !labelled.states(role) {
                labelled.values.push((role, value, ValueSource::Dicom));
            }
        }
        if stated.is_other_sex {
            let labelled = place.get_or_insert_default();
            if !labelled.states(Role::Sex) {
                labelled.otherwise.push(Role::Sex);
            }
        }
    }
}

/// How a table can be read, for the user to confirm.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What is confirmed; `None` while a question is open.
    pub mapping: Option<LabelMapping>,
    /// What only the user can decide next.
    pub question: Option<Question>,
    /// All columns of the table, for the user to see and to choose from.
    pub columns: Vec<ColumnSeen>,
    /// What is read so; nothing while a question is open.
    pub labels: StudyLabels,
    /// Why names do not match that could.
    pub mismatches: Vec<MismatchReason>,
}

impl Proposal {
    /// Columns of a table that cannot be read under the answers so far.
    pub fn of_columns(columns: Vec<ColumnSeen>) -> Self {
        Self {
            mapping: None,
            question: None,
            columns,
            labels: StudyLabels::default(),
            mismatches: Vec::new(),
        }
    }
}

/// The columns of a table, with the roles that the answers give them; none if it cannot be opened.
pub fn columns(table: &Path, request: &LabelRequest, answers: &Answers) -> Vec<ColumnSeen> {
    let bytes = read::file(table, MAX_TABLE_BYTES).unwrap_or_default();
    RecordedTable::columns(&bytes, &options(request, answers))
}

/// Reads a table under the answers so far. `mapping.table` is the path as it was given.
pub fn propose(table: &Path, request: &LabelRequest, answers: &Answers) -> Result<Proposal, Error> {
    let bytes = read::file(table, MAX_TABLE_BYTES)?;
    let path = table.to_string_lossy().replace('\\', "/");
    proposed(&bytes, path, request, answers)
}

fn proposed(
    bytes: &[u8],
    table: String,
    request: &LabelRequest,
    answers: &Answers,
) -> Result<Proposal, Error> {
    let desired = options(request, answers);
    let (recorded, labels, why) = match matched(bytes, &desired, request) {
        Ok(read) => read,
        Err(Error::Evaluation(evaluation::Error::Question(question))) => {
            return Ok(Proposal {
                question: Some(question),
                ..Proposal::of_columns(RecordedTable::columns(bytes, &desired))
            });
        }
        Err(error) => return Err(error),
    };
    let mapping = mapping(table, bytes, &recorded, answers);
    Ok(Proposal {
        mapping: Some(mapping),
        question: None,
        columns: recorded.columns,
        labels,
        mismatches: why,
    })
}

/// Reads a table as it was confirmed. A table with another content is refused: it must be confirmed again.
pub fn read(
    mapping: &LabelMapping,
    table: &Path,
    request: &LabelRequest,
) -> Result<StudyLabels, Error> {
    let bytes = read::file(table, MAX_TABLE_BYTES)?;
    if sha256(&bytes) != mapping.sha256 {
        return Err(Error::refused(
            Fault::Labels(LabelsFault::TableChanged),
            "the table of labels was changed after it was confirmed".to_owned(),
        ));
    }
    let answers = answers_of(mapping, request.values);
    let desired = options(request, &answers);
    matched(&bytes, &desired, request).map(|(_, labels, _)| labels)
}

fn options<'a>(request: &LabelRequest<'a>, answers: &'a Answers) -> TableOptions<'a> {
    TableOptions {
        values: request.values,
        images: request.photographs,
        eyes: request.eyes,
        answers,
        masked: request.masked,
    }
}

type Matched = (RecordedTable, StudyLabels, Vec<MismatchReason>);

fn matched(bytes: &[u8], desired: &TableOptions, request: &LabelRequest) -> Result<Matched, Error> {
    let table = RecordedTable::read(bytes, desired)?;
    let pairs = table.pair(desired);
    let rows_per = table.understood.rows_per;
    let why = mismatches(request.photographs, &table.rows, &pairs, rows_per);
    let labels = labels_of(&table, &pairs, request);
    if pairs.found.is_empty() {
        return Err(no_pairs(why, &labels, request));
    }
    Ok((table, labels, why))
}

fn labels_of(table: &RecordedTable, pairs: &Pairs, request: &LabelRequest) -> StudyLabels {
    let mut photographs = vec![None; request.photographs.len()];
    for &(image, row) in &pairs.found {
        let recorded = table.recorded(row);
        let values = recorded.values.into_iter();
        photographs[image] = Some(Labelled {
            line: Some(recorded.line),
            person: recorded.person,
            eye: recorded.eye,
            values: values
                .map(|(role, value)| (role, value, ValueSource::Table))
                .collect(),
            otherwise: recorded.otherwise,
            covariates: recorded.covariates,
        });
    }
    let name = |&image: &usize| match request.masked {
        true => crate::domain::masked::photograph(image + 1),
        false => request.photographs[image].to_owned(),
    };
    let without_photograph = pairs.without_image.iter().map(|&row| {
        let row = &table.rows[row];
        (row.line, row.called())
    });
    StudyLabels {
        photographs,
        lists: LabelLists {
            without_row: pairs.without_label.iter().map(name).collect(),
            without_photograph: without_photograph.collect(),
            ambiguous: [&pairs.ambiguous[..], &pairs.contradicting[..]].concat(),
            unreadable: table.unreadable.clone(),
        },
        repeated: pairs.repeated,
        understood: table.understood.clone(),
    }
}

/// Why no photograph has a row, or the question whether to ignore leading zeros.
fn no_pairs(why: Vec<MismatchReason>, labels: &StudyLabels, request: &LabelRequest) -> Error {
    if request.photographs.is_empty() {
        return Error::refused(
            Fault::Labels(LabelsFault::NoPhotographs),
            "there are no photographs to label".to_owned(),
        );
    }
    let zeros = why.iter().find_map(|mismatch| match mismatch {
        MismatchReason::LeadingZeros {
            photographs,
            example,
        } => Some((*photographs, example.clone())),
        _ => None,
    });
    if let Some((photographs, example)) = zeros {
        let question = Question::LeadingZeros {
            photographs,
            example,
        };
        return evaluation::Error::Question(question).into();
    }
    let unused = labels.lists.unused();
    let reasons: Vec<String> = why.iter().map(|reason| reason.wording(Lang::En)).collect();
    let message = format!(
        "none of the {} photographs has a row in the table of labels. {} {}",
        request.photographs.len(),
        reasons.join(" "),
        not_used(&unused, Lang::En)
    );
    Error::refused(Fault::Labels(LabelsFault::NoPairs { why, unused }), message)
}

fn mapping(table: String, bytes: &[u8], read: &RecordedTable, answers: &Answers) -> LabelMapping {
    let form = &read.understood.form;
    let column = |column: &ColumnSeen| {
        let role = column.role?;
        Some(MappedColumn {
            role,
            name: column.name.clone(),
            kind: (role == Role::Covariate).then_some(column.kind),
        })
    };
    // That a value means nothing is stored where the user said so.
    let left_out = |value: &String| {
        let mut given = answers.values.iter();
        given.any(|(known, meaning)| known == value && *meaning == Meaning::LeaveOut)
    };
    let used = read.understood.values.iter();
    let used = used.filter(|used| used.label.is_some() || left_out(&used.value));
    let values = used.map(|used| MappedValue {
        role: used.role,
        value: used.value.clone(),
        meaning: used.label.clone(),
    });
    let mut values: Vec<MappedValue> = values.collect();
    // Meanings of the eye are no values of a column of labels.
    let known: Vec<&String> = values.iter().map(|value| &value.value).collect();
    let eyes = answers
        .values
        .iter()
        .filter(|(value, _)| !known.contains(&value));
    let eyes = eyes.map(|(value, meaning)| MappedValue {
        role: Role::Eye,
        value: value.clone(),
        meaning: match meaning {
            Meaning::Label(label) => Some(label.clone()),
            Meaning::LeaveOut => None,
        },
    });
    let eyes: Vec<MappedValue> = eyes.collect();
    values.extend(eyes);
    LabelMapping {
        table,
        sha256: sha256(bytes),
        encoding: form.encoding.map(|e: Encoding| e.as_str().to_owned()),
        delimiter: form.delimiter,
        sheet: form.sheet.clone(),
        header_line: form.header_line,
        header_lines: form.header_lines,
        rows_per: read.understood.rows_per,
        columns: read.columns.iter().filter_map(column).collect(),
        values,
        without_leading_zeros: answers.without_leading_zeros,
    }
}

/// What was confirmed, as answers: nothing is guessed again.
pub fn answers_of(mapping: &LabelMapping, wanted: &[DesiredValue]) -> Answers {
    let named = mapping.columns.iter();
    let mut columns: Vec<(Role, String)> = named
        .map(|column| (column.role, column.name.clone()))
        .collect();
    let optional = wanted.iter().map(|wanted| wanted.role);
    for role in optional.chain([Role::Person, Role::Eye]) {
        if mapping.columns_of(role).next().is_none() {
            columns.push((role, NO_COLUMN.to_owned()));
        }
    }
    let meaning = |value: &MappedValue| match &value.meaning {
        Some(label) => Meaning::Label(label.clone()),
        None => Meaning::LeaveOut,
    };
    Answers {
        columns,
        values: mapping
            .values
            .iter()
            .map(|value| (value.value.clone(), meaning(value)))
            .collect(),
        without_leading_zeros: mapping.without_leading_zeros,
        any_picture: false,
        sheet: mapping.sheet.clone(),
        header_line: Some(mapping.header_line),
        rows_per: Some(mapping.rows_per),
    }
}

/// Whether a table is another one than was confirmed, or cannot be read any more.
pub fn is_changed(mapping: &LabelMapping, table: &Path) -> bool {
    let bytes = read::file(table, MAX_TABLE_BYTES);
    bytes.map_or(true, |bytes| sha256(&bytes) != mapping.sha256)
}

/// Sex and age that a DICOM photograph states itself.
pub fn stated_record(source: &Source) -> Option<StatedRecord> {
    /// The patient stands near the beginning.
    const START: u64 = 64 << 10;
    let path = source.file()?;
    let start = read::start_of(path, START).ok()?;
    crate::imaging::stated_record(&start)
}

/// Writes a list as `labels-<list>.csv`; one of an earlier table is replaced.
pub fn save_list(lists: &LabelLists, list: LabelList, folder: &Path) -> Result<(), Error> {
    let name = format!("labels-{}.csv", list.as_str());
    Ok(atomic::write(&folder.join(name), &lists.csv(list))?)
}

#[cfg(test)]
mod tests;
