//! Finds the names of the columns: below titles, and over one or two lines.

use std::collections::{HashMap, HashSet};

use super::answers::Answers;
use super::column_names::{is_usual, names_photograph};
use super::delimited::Line;
use super::fold::folded;
use super::sheet::TableForm;
use super::{Error, names};

/// Titles above a header that are skipped.
const TITLES: usize = 15;

/// What stands in a second line of a header below the names: units, and how values are written.
const UNITS: &[&str] = &[
    "years",
    "year",
    "yrs",
    "y",
    "歳",
    "才",
    "年",
    "mm",
    "cm",
    "kg",
    "µm",
    "μm",
    "um",
    "mmhg",
    "%",
    "d",
    "dpt",
    "logmar",
    "m/f",
    "f/m",
    "m / f",
    "男/女",
    "女/男",
    "od/os",
    "r/l",
    "右/左",
    "string",
    "text",
    "numeric",
    "number",
    "integer",
    "float",
    "date",
    "文字列",
    "数値",
    "yyyy-mm-dd",
];

/// The names of the columns and the lines below them.
pub(super) struct Headed<'a> {
    pub header: Line,
    pub lines: &'a [Line],
}

/// Splits the lines at the header, and records in `form` how many lines it has and how many were skipped.
pub(super) fn headed<'a>(
    lines: &'a [Line],
    answers: &Answers,
    photographs: &HashSet<String>,
    form: &mut TableForm,
) -> Result<Headed<'a>, Error> {
    let first = match answers.header_line {
        Some(number) => lines.iter().position(|line| line.number >= number),
        None => Some(first_line(lines, photographs)),
    };
    let mut first = first
        .filter(|first| *first < lines.len())
        .ok_or(Error::NoRows)?;
    // Names that stand twice are told apart by the groups above them.
    let is_group = |line: &Line| filled(line) > 1 && !is_of_photograph(line, photographs);
    let has_group = first > 0 && has_twins(&lines[first]) && is_group(&lines[first - 1]);
    if answers.header_line.is_none() && has_group {
        first -= 1;
    }
    let (header, rest) = (&lines[first], &lines[first + 1..]);
    let second = rest
        .first()
        .filter(|_| rest.len() > 1)
        .and_then(|second| joined(header, second, photographs));
    form.header_line = header.number;
    form.header_lines = 1 + usize::from(second.is_some());
    let lines = &rest[form.header_lines - 1..];
    if lines.is_empty() {
        return Err(Error::NoRows);
    }
    Ok(Headed {
        header: second.unwrap_or_else(|| header.clone()),
        lines,
    })
}

fn has_twins(line: &Line) -> bool {
    let mut seen = HashSet::new();
    let mut cells = line.cells.iter().filter(|cell| !cell.is_empty());
    cells.any(|cell| !seen.insert(folded(cell)))
}

fn filled(line: &Line) -> usize {
    line.cells.iter().filter(|cell| !cell.is_empty()).count()
}

fn usual(line: &Line) -> usize {
    line.cells.iter().filter(|cell| is_usual(cell)).count()
}

fn is_of_photograph(line: &Line, photographs: &HashSet<String>) -> bool {
    let mut cells = line.cells.iter();
    cells.any(|cell| names_photograph(cell, photographs) || names::is_picture(cell))
}

/// The first line that can be a header: with a usual name of a column, else the first that is not a title alone in its
/// line. A line of a photograph is never skipped.
fn first_line(lines: &[Line], photographs: &HashSet<String>) -> usize {
    let above: Vec<&Line> = lines
        .iter()
        .take(TITLES + 1)
        .take_while(|line| usual(line) > 0 || !is_of_photograph(line, photographs))
        .collect();
    let widest = lines.iter().take(TITLES + 3).map(filled).max().unwrap_or(0);
    let enough = widest.min(2);
    let named = above
        .iter()
        .position(|line| usual(line) > 0 && filled(line) >= enough);
    let wide = above.iter().position(|line| filled(line) >= enough);
    named.or(wide).unwrap_or(0)
}

/// A header of two lines as one; `None` if the second line is a row.
///
/// The second may repeat the names in another language or give units, then the first has the names. Or the first has
/// groups, over several columns each, and the second the names within them.
fn joined(first: &Line, second: &Line, photographs: &HashSet<String>) -> Option<Line> {
    let is_row = |line: &Line| usual(line) == 0 && is_of_photograph(line, photographs);
    if is_row(first) || is_of_photograph(second, photographs) {
        return None;
    }
    let is_unit = |cell: &str| {
        let text = folded(cell);
        let bare = text.trim_matches(['(', ')', '[', ']']);
        bare.len() < text.len() || UNITS.contains(&bare)
    };
    let cells: Vec<&str> = second
        .cells
        .iter()
        .map(String::as_str)
        .filter(|cell| !cell.is_empty())
        .collect();
    let units = cells.iter().filter(|cell| is_unit(cell)).count();
    let usual_below = usual(second);
    let groups = first.cells.len() > filled(first) || first.cells.len() < second.cells.len();
    let is_names = usual_below > 1 || (groups && usual_below > 0 && usual_below > usual(first));
    let is_units = units > 0 && cells.iter().all(|cell| is_unit(cell) || is_usual(cell));
    if !is_names && !is_units {
        return None;
    }
    let columns = first.cells.len().max(second.cells.len());
    let has_groups = groups && usual_below >= usual(first);
    if !has_groups {
        let name = |at| match first.cell(at) {
            "" => second.cell(at),
            name => name,
        };
        return Some(Line {
            number: first.number,
            cells: (0..columns).map(|at| name(at).to_owned()).collect(),
        });
    }
    let mut times: HashMap<String, usize> = HashMap::new();
    for cell in &second.cells {
        *times.entry(folded(cell)).or_default() += 1;
    }
    let mut group = "";
    let mut cells = Vec::with_capacity(columns);
    for at in 0..columns {
        if !first.cell(at).is_empty() {
            group = first.cell(at);
        }
        let name = second.cell(at);
        cells.push(match (name.is_empty(), times.get(&folded(name))) {
            (true, _) => first.cell(at).to_owned(),
            (false, Some(times)) if *times > 1 && !group.is_empty() => format!("{group} {name}"),
            (false, _) => name.to_owned(),
        });
    }
    Some(Line {
        number: first.number,
        cells,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::delimited::lines;
    use crate::evaluation::names::stem_key;

    /// Names of the columns, and the first cell of each row.
    fn read(text: &str) -> (Vec<String>, Vec<String>, [usize; 2]) {
        let lines = lines(text).unwrap().lines;
        let photographs = ["p1.jpg", "p2.jpg"].map(stem_key).into_iter().collect();
        let mut form = TableForm::default();
        let headed = headed(&lines, &Answers::default(), &photographs, &mut form).unwrap();
        (
            headed.header.cells,
            headed.lines.iter().map(|l| l.cells[0].clone()).collect(),
            [form.header_line, form.header_lines],
        )
    }

    #[test]
    fn titles_above_the_header_are_skipped() {
        for title in [
            "Study of 2024,,\n",
            "Study of 2024\nKyoto\n\n",
            "対象者一覧\n作成日,2024-05-31\n",
        ] {
            let (header, rows, _) = read(&format!("{title}image,sex,age\np1,F,63\np2,M,41\n"));
            assert_eq!(header, ["image", "sex", "age"], "{title}");
            assert_eq!(rows, ["p1", "p2"], "{title}");
        }
        let (header, rows, form) = read("Our eyes,,\nname of it,what\np1,F\np2,M\n");
        assert_eq!(header[..2], ["name of it", "what"]);
        assert_eq!((rows.len(), form), (2, [2, 1]));
        // One column alone has no titles.
        assert_eq!(read("image\np1\np2\n").2, [1, 1]);
        // A row of a photograph is no title.
        assert_eq!(read("p1,F\nimage,sex\np2,M\n").2, [1, 1]);
    }

    #[test]
    fn a_header_of_two_lines_is_one() {
        for (text, expected) in [
            (
                "画像,性別,年齢\nimage,sex,age\np1,F,63\np2,M,41\n",
                ["画像", "性別", "年齢"],
            ),
            (
                "image,sex,age\n,(M/F),(years)\np1,F,63\np2,M,41\n",
                ["image", "sex", "age"],
            ),
            (
                "image,sex,age\n,m/f,years\np1,F,63\np2,M,41\n",
                ["image", "sex", "age"],
            ),
            (
                "Person,,Eye\nimage,sex,grade\np1,F,2\np2,M,3\n",
                ["image", "sex", "grade"],
            ),
            (
                "Left,,Right\nimage,sex,image\np1,F,p2\np2,M,p1\n",
                ["Left image", "sex", "Right image"],
            ),
        ] {
            let (header, rows, form) = read(text);
            assert_eq!(header, expected, "{text}");
            assert_eq!((rows.len(), form), (2, [1, 2]), "{text}");
        }
        assert_eq!(read("image,sex\nx7,F\np2,M\n").2, [1, 1]);
        assert_eq!(read("image,sex\nx7,\np2,M\n").2, [1, 1]);
    }
}
