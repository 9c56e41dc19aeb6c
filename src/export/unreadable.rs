//! An unusable line of a table of labels, as written to a document.

use serde::{Serialize, Serializer};

use crate::evaluation::Unreadable;
use crate::text::Lang;

impl Serialize for Unreadable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            line: usize,
            image: &'a str,
            cell: &'a str,
            code: &'static str,
            reason: String,
        }
        Line {
            line: self.line,
            image: &self.image,
            cell: &self.cell,
            code: self.why.code(),
            reason: self.why.wording(Lang::En),
        }
        .serialize(serializer)
    }
}
