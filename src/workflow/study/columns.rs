//! The columns of the table that a study keeps beside its labels.

use super::labels::{Labelled, StudyLabels};
use crate::domain::Role;
use crate::evaluation::{Covariate, RecordedValue};
use crate::text::failures::StudyFault;

/// The recorded age in years.
pub(super) fn age_of(labelled: &Labelled) -> Option<f64> {
    let mut values = labelled.values.iter();
    values.find_map(|(role, value, _)| match (role, value) {
        (Role::Age, RecordedValue::Number(years)) => Some(*years),
        _ => None,
    })
}

/// The cell of a column for each photograph; `None` without a row.
///
/// # Errors
/// No photograph has the column; `others` are further names that the caller knows.
pub(super) fn cells<'a>(
    column: &str,
    recorded: &'a StudyLabels,
    others: &[&str],
) -> Result<Vec<Option<&'a Covariate>>, StudyFault> {
    let named = |labelled: &'a Option<Labelled>| {
        let mut covariates = labelled.as_ref()?.covariates.iter();
        covariates
            .find(|(name, _)| name == column)
            .map(|(_, cell)| cell)
    };
    let cells: Vec<Option<&Covariate>> = recorded.photographs.iter().map(named).collect();
    if cells.iter().any(Option::is_some) {
        return Ok(cells);
    }
    let mut kept: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
    for labelled in recorded.photographs.iter().flatten() {
        for (name, _) in &labelled.covariates {
            if !kept.contains(name) {
                kept.push(name.clone());
            }
        }
    }
    Err(StudyFault::ColumnNotKept {
        name: column.to_owned(),
        kept,
    })
}
