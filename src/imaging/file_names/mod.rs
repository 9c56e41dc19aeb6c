//! Information in file names: which eye, and which person.

mod laterality;
mod pattern;
mod persons;

pub use laterality::laterality_from_name;
pub use pattern::{NamePattern, NamedPerson, PatternFault, persons_by_pattern};
pub use persons::{Named, persons_from_names};
