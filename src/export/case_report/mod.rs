//! A case report: everything about one photograph on one or two pages of A4, as PDF.
//!
//! ```text
//! CaseReport ─content→ sections as data ─blocks→ lines that stay whole ─pages→ Page… ─page::pdf→ bytes
//! ```
//!
//! It holds no patient's name, no identifier and no path: nothing of the file but the name that the user sees.

mod blocks;
mod content;
mod pages;
mod signs;

use std::sync::Arc;

use crate::domain::{Pixels, ResultRow};
use crate::export::formats::Answered;
use crate::export::page::{Page, pdf};
use crate::text::Lang;

/// One photograph with the answers of one or several models.
pub struct CaseReport<'a> {
    pub lang: Lang,
    /// The photograph's name as shown; it may be masked.
    pub name: &'a str,
    /// `None` if it cannot be opened.
    pub photograph: Option<&'a Arc<Pixels>>,
    /// The answers, and the refused pictures.
    pub answers: &'a [Answered<'a>],
    /// Rows without an answer, each with its reason in the language of the report.
    pub failed: &'a [ResultRow],
    /// The remark on all maps.
    pub remark: Option<&'a str>,
    /// The application's version.
    pub version: &'a str,
}

/// The pages, at least one.
pub fn pages(report: &CaseReport) -> Vec<Page> {
    pages::of(report)
}

/// The bytes of the PDF file; the same report gives the same bytes.
pub fn write(report: &CaseReport) -> Result<Vec<u8>, pdf::Error> {
    let title = crate::text::report::Report(report.lang).case_report();
    pdf::write(&pages(report), &format!("Gantei: {title}"))
}

#[cfg(test)]
mod tests;
