//! The photographs that a table lists, whatever else it holds.

use std::collections::HashSet;

use super::Error;
use super::answers::Answers;
use super::delimited::Line;
use super::names::is_picture;
use super::sheet::cells;

/// Paths of photographs as a table gives them, with `/`, in the order of its lines: the cells of columns that hold
/// mostly names of pictures. Empty if there is no such column.
///
/// # Errors
/// The table can be read neither as text nor as a workbook with one such sheet.
pub fn listed_files(table: &[u8]) -> Result<Vec<String>, Error> {
    let lines = cells(table, &Answers::default(), &HashSet::new())?.lines;
    let width = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let columns: Vec<usize> = (0..width)
        .filter(|&at| is_of_pictures(&lines, at))
        .collect();
    let listed = lines
        .iter()
        .flat_map(|line| columns.iter().map(|&at| line.cell(at)));
    let paths = listed.filter(|cell| is_picture(cell));
    Ok(paths.map(|cell| cell.replace('\\', "/")).collect())
}

fn is_of_pictures(lines: &[Line], column: usize) -> bool {
    let cells = lines.iter().map(|line| line.cell(column));
    let (pictures, others): (Vec<&str>, Vec<&str>) = cells
        .filter(|cell| !cell.is_empty())
        .partition(|cell| is_picture(cell));
    // Of a table of one photograph the header is the other half.
    !pictures.is_empty() && pictures.len() >= others.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_pictures_are_found_and_read_in_order() {
        for (table, expected) in [
            ("a/1.jpg\na/2.png\n", vec!["a/1.jpg", "a/2.png"]),
            (
                "id;file\n1;b\\2.tif\n2;b\\1.tif\n3;\n",
                vec!["b/2.tif", "b/1.tif"],
            ),
            (
                "person,right,left,sex\np1,1.jpg,2.jpg,F\np2,3.jpg,,M\n",
                vec!["1.jpg", "2.jpg", "3.jpg"],
            ),
            ("file,note\n1.jpg,see 2.jpg\n", vec!["1.jpg", "see 2.jpg"]),
            ("person,sex\n1,F\n2,M\n", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(listed_files(table.as_bytes()).unwrap(), expected, "{table}");
        }
    }
}
