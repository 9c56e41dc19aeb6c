//! Numbers in place of names that may tell of a person: the same in the window, in exports and on the command line.

/// A photograph, by its place in the run from 1.
pub fn photograph(number: usize) -> String {
    format!("photograph-{number:04}")
}

/// A file or folder that was passed over, by its place among those from 1.
pub fn skipped(number: usize) -> String {
    format!("skipped-{number:04}")
}

/// A person that names of files suggest, by its place in the run from 1.
pub fn person(number: usize) -> String {
    format!("person-{number}")
}

/// A photograph that a table of labels names, by the table's line.
pub fn line(line: usize) -> String {
    format!("line-{line}")
}
