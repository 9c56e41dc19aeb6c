//! The questions that a table leaves open, and the user's answers.

use crate::domain::foreign::shown;
use crate::domain::{Role, RowsPer};

/// The meaning of a value in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One of the card's labels, or a word for the same sex.
    Label(String),
    /// Neither: rows with this value are left out.
    LeaveOut,
}

/// The user's answers about a table. Those that do not apply are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Columns by their name, or by their position as `#3`. Several may name photographs: then one row is for several.
    pub columns: Vec<(Role, String)>,
    pub values: Vec<(String, Meaning)>,
    /// All-digit names match without their leading zeros, which spreadsheets drop.
    pub without_leading_zeros: bool,
    /// Pictures that do not look like fundus photographs are used as well.
    pub any_picture: bool,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The number of the line with the names of the columns.
    pub header_line: Option<usize>,
    /// What one row is about; `None` until the user was asked.
    pub rows_per: Option<RowsPer>,
}

impl Answers {
    /// Columns that the user named for a role.
    pub fn columns_of(&self, role: Role) -> impl Iterator<Item = &str> {
        let of_role = self.columns.iter().filter(move |(r, _)| *r == role);
        of_role.map(|(_, name)| name.as_str())
    }
}

/// A question that only the user can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which column has this role? `found` lists the candidates, or all columns if none is known.
    Column {
        role: Role,
        found: Vec<String>,
        why: Ambiguity,
    },
    /// What do the values of a column mean?
    Values(ValuesQuestion),
    /// This many more photographs match names in the table without their leading zeros.
    LeadingZeros {
        photographs: usize,
        /// A name in the table and the photograph that it would match.
        example: (String, String),
    },
    /// Which sheet of the workbook is the table? Each with its number of lines.
    Sheet { found: Vec<(String, usize)> },
    /// Is one row for an eye or a person, found in the names of photographs?
    RowsPer(RowsQuestion),
}

/// Photographs whose names contain a person of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsQuestion {
    /// Eye or person.
    pub per: RowsPer,
    /// The column that holds the persons.
    pub column: String,
    /// Photographs that get a row so.
    pub photographs: usize,
    /// Rows that get a photograph so.
    pub rows: usize,
    /// A person in the table, and a photograph of that person.
    pub example: (String, String),
}

/// Why the user is asked for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// No column has a known name for the role.
    Missing,
    /// Several columns are candidates.
    Several,
    /// Several columns name photographs: one line per person or visit.
    SeveralOfImages,
    /// The column with the usual name matches no photograph, but others do.
    OthersMatch,
}

/// Values whose meaning is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesQuestion {
    /// The column as named in the header.
    pub column: String,
    /// Labels of output 0 and output 1.
    pub labels: [String; 2],
    /// Values as they are in the table, each with its number of rows, the most frequent first.
    pub values: Vec<(String, usize)>,
    /// The number of further values, not listed.
    pub more: usize,
}

impl Question {
    /// Whether the answers cover everything that the question asks.
    pub fn is_answered(&self, answers: &Answers) -> bool {
        match self {
            Self::Column { role, .. } => {
                let sides = [Role::ImageRight, Role::ImageLeft];
                let has = |role| answers.columns_of(role).next().is_some();
                has(*role) || (*role == Role::Image && sides.into_iter().any(has))
            }
            Self::Values(requested) => {
                let is_meant = |meaning: &Meaning| match meaning {
                    Meaning::Label(word) => requested.labels.contains(word),
                    Meaning::LeaveOut => true,
                };
                let given = answers.values.iter().filter(|(_, m)| is_meant(m));
                let wording = |value: &String| given.clone().any(|(known, _)| known == value);
                requested.values.iter().all(|(value, _)| wording(value))
            }
            Self::LeadingZeros { .. } => answers.without_leading_zeros,
            Self::Sheet { .. } => answers.sheet.is_some(),
            Self::RowsPer(_) => answers.rows_per.is_some(),
        }
    }

    /// Whether an answer to one also answers the other.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column { role, .. }, Self::Column { role: other, .. }) => role == other,
            (Self::Values(requested), Self::Values(other)) => {
                requested.column == other.column && requested.values == other.values
            }
            (Self::LeadingZeros { .. }, Self::LeadingZeros { .. })
            | (Self::Sheet { .. }, Self::Sheet { .. })
            | (Self::RowsPer(_), Self::RowsPer(_)) => true,
            _ => false,
        }
    }

    /// The question in English, for the command line.
    pub(super) fn requested(&self) -> String {
        match self {
            Self::Column { role, found, why } => {
                let (role, found) = (role.as_str(), found.join(", "));
                match why {
                    Ambiguity::Missing => {
                        format!(
                            "which column of the table of labels holds {role}? Its header has no usual name for it; candidates: {found}"
                        )
                    }
                    Ambiguity::Several => {
                        format!(
                            "which column of the table of labels holds {role}? There are several candidates: {found}"
                        )
                    }
                    Ambiguity::SeveralOfImages => format!(
                        "which column of the table of labels names the photographs? Several do, as in a wide table with one row per person: {found}"
                    ),
                    Ambiguity::OthersMatch => format!(
                        "which column of the table of labels names the photographs? The one with the usual name matches none, but others do: {found}"
                    ),
                }
            }
            Self::Values(question) => format!(
                "which label do the values of the column {} mean, {} or {}? The table has {}",
                question.column,
                question.labels[0],
                question.labels[1],
                question.listed()
            ),
            Self::LeadingZeros {
                photographs,
                example: (name, photograph),
            } => format!(
                "none of the photographs has a row in the table of labels; {photographs} would match, such as {name} and {photograph}, if leading zeros, which spreadsheets drop, were ignored"
            ),
            Self::Sheet { found } => {
                let named: Vec<String> = found.iter().map(|(name, _)| shown(name)).collect();
                format!(
                    "which sheet of the workbook is the table of labels? {}",
                    named.join(", ")
                )
            }
            Self::RowsPer(RowsQuestion {
                per,
                column,
                photographs,
                rows,
                example: (name, photograph),
            }) => format!(
                "is the table of labels one with one row per {}? No photograph has a row of its own; {photographs} photographs would get one of {rows} rows by the column {column}, such as {photograph} the row of {name}",
                per.as_str()
            ),
        }
    }
}

/// Number of values that a question lists.
const LISTED: usize = 20;

impl ValuesQuestion {
    /// Asks about values with their numbers of rows; of many the most frequent.
    pub(super) fn new(column: &str, labels: [String; 2], mut values: Vec<(String, usize)>) -> Self {
        // Equal counts keep the order of the table.
        values.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        let more = values.len().saturating_sub(LISTED);
        values.truncate(LISTED);
        Self {
            column: shown(column),
            labels,
            values,
            more,
        }
    }

    /// For example `1 (4 rows), 2 (3 rows)`.
    pub(super) fn listed(&self) -> String {
        let one = |(value, count): &(String, usize)| {
            let rows = if *count == 1 { "row" } else { "rows" };
            format!("{} ({count} {rows})", shown(value))
        };
        let listed: Vec<String> = self.values.iter().map(one).collect();
        let more = match self.more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{}{more}", listed.join(", "))
    }
}
