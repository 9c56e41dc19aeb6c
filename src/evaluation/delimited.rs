//! Splits delimited text into cells: commas, semicolons or tabs, RFC 4180 quotes, any line ending.
//!
//! The csv crate (1.4) was tried: it reads a quote that is never closed to the end of the file without an error, counts
//! lines by `\n` alone, and keeps a quote that follows blanks as text. Rows would be lost or blamed on the wrong line.

use super::{Error, MAX_CELLS, MAX_ROWS};

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Number of the line in the file on which it starts, from 1.
    pub number: usize,
    pub cells: Vec<String>,
}

impl Line {
    /// The cell of a column; empty if the line is too short.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The lines of a text, and the delimiter between their cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub lines: Vec<Line>,
    pub delimiter: char,
}

/// Splits a text into lines of trimmed cells; empty lines are left out. The delimiter is the one named by a line
/// `sep=;` before the table, as Excel writes it, else the one of the three that occurs equally often in most of the first
/// lines. An unclosed quote would swallow the rest of the table, so it is an error.
pub(super) fn lines(text: &str) -> Result<Lines, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (delimiter, rest, skipped) = match named_delimiter(text) {
        Some((delimiter, rest)) => (delimiter, rest, 1),
        None => (delimiter(text), text, 0),
    };
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut number = 1 + skipped;
    let mut started = number;
    let mut quoted = None;
    let mut count = 0;
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted.is_some() && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted.is_some() => quoted = None,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = Some(number);
            }
            '\r' if quoted.is_none() && characters.peek() == Some(&'\n') => {}
            '\n' | '\r' if quoted.is_none() => {
                number += 1;
                end(&mut lines, &mut cells, &mut cell, started);
                started = number;
                // The header is no row.
                if lines.len() > MAX_ROWS + 1 {
                    return Err(Error::TooManyRows);
                }
            }
            c if c == delimiter && quoted.is_none() => {
                cells.push(taken(&mut cell));
                count += 1;
                if count > MAX_CELLS {
                    return Err(Error::TooManyCells);
                }
            }
            c => {
                number += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if let Some(line) = quoted {
        return Err(Error::OpenQuote { line });
    }
    end(&mut lines, &mut cells, &mut cell, started);
    Ok(Lines { lines, delimiter })
}

fn end(lines: &mut Vec<Line>, cells: &mut Vec<String>, cell: &mut String, number: usize) {
    cells.push(taken(cell));
    let cells = std::mem::take(cells);
    if cells.iter().any(|c| !c.is_empty()) {
        lines.push(Line { number, cells });
    }
}

fn taken(cell: &mut String) -> String {
    let text = cell.trim().to_owned();
    cell.clear();
    text
}

/// The delimiter named by a first line `sep=;`, and the text after it.
fn named_delimiter(text: &str) -> Option<(char, &str)> {
    let end = text.find(['\n', '\r'])?;
    let (line, rest) = text.split_at(end);
    let rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
    let line = line.trim_matches(['"', ' ']);
    // If the table was saved again with commas, a comma follows the cell.
    let named = line
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("sep="));
    named?;
    let mut after = line[4..].chars();
    Some((after.next()?, rest))
}

fn delimiter(text: &str) -> char {
    /// Lines that are looked at.
    const FIRST: usize = 20;
    let first: Vec<&str> = text
        .split(['\n', '\r'])
        .filter(|line| !line.trim().is_empty())
        .take(FIRST)
        .collect();
    // The number of lines with the most frequent count, and that count: titles above a table and commas within cells
    // are in few lines.
    let regular = |delimiter: char| {
        let counts: Vec<usize> = first
            .iter()
            .map(|line| occurrences(line, delimiter))
            .collect();
        let of = |count: usize| counts.iter().filter(|c| **c == count).count();
        let found = counts.iter().filter(|count| **count > 0);
        found
            .map(|&count| (of(count), count))
            .max()
            .unwrap_or_default()
    };
    let mut best = ',';
    for candidate in [';', '\t'] {
        if regular(candidate) > regular(best) {
            best = candidate;
        }
    }
    best
}

/// How often the delimiter occurs in a line outside quotation marks.
fn occurrences(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let outside = |c: &char| {
        quoted ^= *c == '"';
        !quoted
    };
    let outside = line.chars().filter(outside);
    outside.filter(|c| *c == delimiter).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let lines = lines(text).unwrap().lines;
        lines.into_iter().map(|line| line.cells).collect()
    }

    #[test]
    fn three_delimiters_and_every_line_ending_give_the_same_cells() {
        for text in [
            "image,sex\na.png,F\nb.png,M\n",
            "\u{feff}image;sex\r\na.png;F\r\nb.png;M",
            "image\tsex\ra.png\tF\rb.png\tM\r",
            "\n\"image\" , sex \n\n a.png,\"F\"\n,\nb.png,M\n",
            "sep=;\r\nimage;sex\r\na.png;F\r\nb.png;M\r\n",
            "\u{feff}\"SEP=|\"\nimage|sex\na.png|F\nb.png|M\n",
            "sep=\t\nimage\tsex\na.png\tF\nb.png\tM\n",
        ] {
            let expected = [["image", "sex"], ["a.png", "F"], ["b.png", "M"]];
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_hold_delimiters_lines_and_quotes() {
        let text = "image,note\n\"a,1.png\",\"two\nlines, \"\"so\"\"\"\nb.png,x\n";
        let found = lines(text).unwrap().lines;
        assert_eq!(found[1].cells, ["a,1.png", "two\nlines, \"so\""]);
        assert_eq!((found[1].number, found[2].number), (2, 4));
        let after_sep = lines("sep=,\na,b\nc,d\n").unwrap().lines;
        assert_eq!((after_sep[0].number, after_sep[1].number), (2, 3));
    }

    #[test]
    fn a_quote_that_stays_open_swallows_no_rows() {
        let open = lines("image,note\na,x\nb,\"never closed\nc,x\nd,x\n");
        assert_eq!(open, Err(Error::OpenQuote { line: 3 }));
        // Inside a cell it is an ordinary character: five inches.
        assert_eq!(cells("a,b\n5\" x,F\n")[1], ["5\" x", "F"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,200}") {
            for line in lines(&text).map_or(vec![], |l| l.lines) {
                prop_assert!(line.number >= 1 && !line.cells.is_empty());
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = crate::evaluation::text::decode(&bytes).map(|(text, _)| lines(&text));
        }
    }
}
