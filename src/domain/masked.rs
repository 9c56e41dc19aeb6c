//! Numbers that replace names which may identify a person: the same in the window, in exports and on the command line.

/// A photograph, by its position in the run, from 1.
pub fn photograph(number: usize) -> String {
    format!("photograph-{number:04}")
}

/// A skipped file or folder, by its position among the skipped ones, from 1.
pub fn skipped(number: usize) -> String {
    format!("skipped-{number:04}")
}

/// A person suggested by file names, by position in the run, from 1.
pub fn person(number: usize) -> String {
    format!("person-{number}")
}

/// A photograph named in a table of labels, by the table's line.
pub fn line(line: usize) -> String {
    format!("line-{line}")
}
