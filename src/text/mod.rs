//! Every sentence shown to the user, in English and Japanese.
//!
//! The tables are checked at compile time: a text that lacks one language does not build. Lower storeys describe findings
//! and failures as plain values without wording; the wording is added here, and code above holds none of its own.

pub mod applicability;
mod case_report;
pub mod check;
mod details;
pub mod engines;
pub mod evaluation;
pub mod failures;
pub mod figure_values;
pub mod findings;
mod formats;
pub mod glossary;
pub mod labels;
pub mod map_scale;
mod maps;
mod methods;
pub mod notes;
pub mod performance;
pub mod records_check;
pub mod region_table;
pub mod remark;
pub mod replay;
pub mod report;
pub mod sanity_checks;
pub mod score_scale;
pub mod skipped;
pub mod subjects;
pub mod supplement;
pub mod window;

pub use crate::domain::Lang;
pub use details::{detail, detail_in_files};
pub use findings::{FindingText, finding};

/// The disclaimer shown in every view and every export.
pub fn research_only(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "Research and teaching only. Not a medical device. Not for diagnosis, identification or administrative decisions about a person."
        }
        Lang::Ja => {
            "研究・教育用。医療機器ではありません。診断、個人の識別、個人に関する行政判断に用いないでください。"
        }
    }
}

#[cfg(test)]
mod tests;
