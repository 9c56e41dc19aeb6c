//! Information in file names: which eye, and which person.

mod laterality;
mod persons;

pub use laterality::laterality_from_name;
pub use persons::{Named, persons_from_names};
