//! How a table of labels was understood, as the user confirmed it: a study keeps it and reads the table the same way
//! again.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::foreign::shown;

/// The content of a column.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_fn = no_role, parse_err_ty = String)]
pub enum Role {
    /// Names of photographs.
    Image,
    /// Names of photographs of right eyes, in a table with both eyes in one row.
    ImageRight,
    /// Names of photographs of left eyes, in a table with both eyes in one row.
    ImageLeft,
    /// Persons.
    Person,
    /// Which eye.
    Eye,
    /// The recorded sex.
    Sex,
    /// The age in years.
    Age,
    /// What a model for another task predicts.
    Label,
    /// Anything else that is kept: camera, diagnosis, a reason for exclusion.
    Covariate,
}

impl Role {
    /// Its name in tables, in files of studies and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether its cells name photographs.
    pub fn is_of_images(self) -> bool {
        matches!(self, Self::Image | Self::ImageRight | Self::ImageLeft)
    }

    /// Whether its cells hold what a model may predict.
    pub fn is_of_values(self) -> bool {
        matches!(self, Self::Sex | Self::Age | Self::Label)
    }
}

fn no_role(text: &str) -> String {
    let known: Vec<&str> = Role::iter().map(Role::as_str).collect();
    format!("{} is not one of {}", shown(text), known.join(", "))
}

/// What one row of a table is about.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RowsPer {
    /// One photograph, or the two photographs of a person in columns of their own.
    #[default]
    Photograph,
    /// One eye of a person: the names of photographs contain the person and the eye.
    Eye,
    /// One person: the names of photographs contain the person.
    Person,
}

impl RowsPer {
    /// Its name in files of studies and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// How the cells of a covariate are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CovariateKind {
    /// Every cell that is not empty is a number.
    Number,
    Text,
}

/// A column and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    pub role: Role,
    /// As in the header, or its position as `#3` where the header does not name it uniquely.
    pub name: String,
    /// Of a covariate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CovariateKind>,
}

/// A value and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedValue {
    /// The column that holds it: sex or label.
    pub role: Role,
    /// As the table writes it.
    pub value: String,
    /// The label; `None` if rows with this value have none.
    pub meaning: Option<String>,
}

/// How a table of labels was understood, as the user confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelMapping {
    /// The table's path with `/`, relative to the folder of the study where they share a volume.
    pub table: String,
    /// Of the table as it was confirmed: another one must be confirmed again.
    pub sha256: String,
    /// Such as `UTF-8`; `None` for workbooks.
    pub encoding: Option<String>,
    /// Between cells; `None` for workbooks.
    pub delimiter: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Number of the line in which the header begins, from 1.
    pub header_line: usize,
    /// Lines of the header, 1 or 2.
    pub header_lines: usize,
    pub rows_per: RowsPer,
    pub columns: Vec<MappedColumn>,
    pub values: Vec<MappedValue>,
    /// Names and persons that are numbers match without their leading zeros, which spreadsheets drop.
    pub without_leading_zeros: bool,
}

impl LabelMapping {
    /// Names of the columns with a role, in the order of the table.
    pub fn columns_of(&self, role: Role) -> impl Iterator<Item = &str> {
        let of_role = self.columns.iter().filter(move |c| c.role == role);
        of_role.map(|column| column.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_the_names_that_the_command_line_reads() {
        for role in Role::iter() {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        let refused = "shoe".parse::<Role>().unwrap_err();
        assert!(refused.contains("shoe is not one of image, "), "{refused}");
    }

    #[test]
    fn a_mapping_is_stored_and_read_again() {
        let mapping = LabelMapping {
            table: "../labels.xlsx".into(),
            sha256: "ab".into(),
            encoding: None,
            delimiter: None,
            sheet: Some("2024".into()),
            header_line: 2,
            header_lines: 2,
            rows_per: RowsPer::Eye,
            columns: vec![MappedColumn {
                role: Role::Covariate,
                name: "camera".into(),
                kind: Some(CovariateKind::Text),
            }],
            values: vec![MappedValue {
                role: Role::Sex,
                value: "9".into(),
                meaning: None,
            }],
            without_leading_zeros: true,
        };
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(
            serde_json::from_str::<LabelMapping>(&text).unwrap(),
            mapping
        );
        assert_eq!(
            mapping.columns_of(Role::Covariate).collect::<Vec<_>>(),
            ["camera"]
        );
        let newer = text.replacen('{', "{\"unit\":1,", 1);
        assert!(serde_json::from_str::<LabelMapping>(&newer).is_err());
    }
}
