//! Text with delimiters into cells: commas, semicolons or tabs, quotes after RFC 4180, any line ending.

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Number of the line in the file on which it starts, from 1.
    pub number: usize,
    pub cells: Vec<String>,
}

/// Splits a text into lines of cells without the spaces around them; empty lines are left out. The delimiter is the one of
/// the three that the first line holds most often.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let delimiter = delimiter(text);
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    let mut cell = String::new();
    let (mut number, mut started) = (1, 1);
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' | '\r' if !quoted => {
                number += 1;
                end(&mut lines, &mut cells, &mut cell, started);
                started = number;
            }
            c if c == delimiter && !quoted => cells.push(taken(&mut cell)),
            c => {
                number += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    end(&mut lines, &mut cells, &mut cell, started);
    lines
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

fn delimiter(text: &str) -> char {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    let count = |d: char| {
        let mut quoted = false;
        let outside = |c: &char| {
            quoted ^= *c == '"';
            !quoted
        };
        first.chars().filter(outside).filter(|c| *c == d).count()
    };
    let mut best = ',';
    for candidate in [';', '\t'] {
        if count(candidate) > count(best) {
            best = candidate;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        lines(text).into_iter().map(|line| line.cells).collect()
    }

    #[test]
    fn three_delimiters_and_every_line_ending_give_the_same_cells() {
        for text in [
            "image,sex\na.png,F\nb.png,M\n",
            "\u{feff}image;sex\r\na.png;F\r\nb.png;M",
            "image\tsex\ra.png\tF\rb.png\tM\r",
            "\n\"image\" , sex \n\n a.png,\"F\"\n,\nb.png,M\n",
        ] {
            let expected = [["image", "sex"], ["a.png", "F"], ["b.png", "M"]];
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_hold_delimiters_lines_and_quotes() {
        let text = "image,note\n\"a,1.png\",\"two\nlines, \"\"so\"\"\"\nb.png,x\n";
        let found = lines(text);
        assert_eq!(found[1].cells, ["a,1.png", "two\nlines, \"so\""]);
        assert_eq!((found[1].number, found[2].number), (2, 4));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,200}") {
            for line in lines(&text) {
                prop_assert!(line.number >= 1 && !line.cells.is_empty());
            }
        }
    }
}
