//! Finding photographs in folders: natural order, no links followed, nothing dropped without a word.

use std::path::{Path, PathBuf};

use super::read;
use crate::progress::{Cancel, Cancelled};

/// Deepest folder nesting that is searched.
const MAX_DEPTH: usize = 32;

/// One photograph to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    /// Path relative to the folder that was given, or the file's own name; always with `/`.
    pub name: String,
}

/// What a person gave, spread out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub found: Vec<Found>,
    /// Files in folders that are no images, links, and folders that could not be read, by relative name.
    pub skipped: Vec<String>,
}

/// Spreads files and folders out. A file that was named is always taken; in a folder a file counts if its name has an
/// image extension or `is_image` recognises its first bytes.
pub fn inputs(
    given: &[PathBuf],
    is_image: &dyn Fn(&[u8]) -> bool,
    cancel: &Cancel,
) -> Result<Scan, Cancelled> {
    let mut search = Search {
        is_image,
        cancel,
        scan: Scan::default(),
    };
    for path in given {
        cancel.check()?;
        if path.is_dir() {
            search.walk(path, "", 0)?;
        } else {
            search.scan.found.push(Found {
                path: path.clone(),
                name: super::file_name(path),
            });
        }
    }
    Ok(search.scan)
}

struct Search<'a> {
    is_image: &'a dyn Fn(&[u8]) -> bool,
    cancel: &'a Cancel,
    scan: Scan,
}

impl Search<'_> {
    fn walk(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Cancelled> {
        let Ok(entries) = std::fs::read_dir(folder) else {
            let name = if prefix.is_empty() { "." } else { prefix };
            self.scan.skipped.push(name.to_owned());
            return Ok(());
        };
        let mut names: Vec<_> = entries
            .flatten()
            .map(|e| (e.file_name().to_string_lossy().into_owned(), e))
            .collect();
        names.sort_by(|a, b| natural_order(&a.0, &b.0));
        for (name, entry) in names {
            self.cancel.check()?;
            let path = entry.path();
            let relative = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}/{name}")
            };
            // The kind of the entry itself: a link is a link, whatever it leads to.
            let Ok(kind) = entry.file_type() else {
                self.scan.skipped.push(relative);
                continue;
            };
            if kind.is_dir() && depth < MAX_DEPTH {
                self.walk(&path, &relative, depth + 1)?;
            } else if kind.is_file()
                && (has_image_extension(&name) || holds_image(&path, self.is_image))
            {
                self.scan.found.push(Found {
                    path,
                    name: relative,
                });
            } else {
                self.scan.skipped.push(relative);
            }
        }
        Ok(())
    }
}

fn holds_image(path: &Path, is_image: &dyn Fn(&[u8]) -> bool) -> bool {
    read::start_of(path, 512).is_ok_and(|start| is_image(&start))
}

fn has_image_extension(name: &str) -> bool {
    const EXTENSIONS: [&str; 12] = [
        "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "bmp", "dib", "webp", "dcm", "dicom",
    ];
    name.rsplit_once('.')
        .is_some_and(|(_, e)| EXTENSIONS.contains(&e.to_ascii_lowercase().as_str()))
}

/// Orders names as a person counts: `IMG_2` before `IMG_10`; equal numbers with other zeros by their text.
pub fn natural_order(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut x, mut y) = (a, b);
    loop {
        match (x.chars().next(), y.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, _) => return std::cmp::Ordering::Less,
            (_, None) => return std::cmp::Ordering::Greater,
            (Some(p), Some(q)) if p.is_ascii_digit() && q.is_ascii_digit() => {
                let (m, rest_x) = split_digits(x);
                let (n, rest_y) = split_digits(y);
                let (m, n) = (m.trim_start_matches('0'), n.trim_start_matches('0'));
                let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
                if order.is_ne() {
                    return order;
                }
                (x, y) = (rest_x, rest_y);
            }
            (Some(p), Some(q)) => {
                let order = p.to_lowercase().cmp(q.to_lowercase());
                if order.is_ne() {
                    return order;
                }
                (x, y) = (&x[p.len_utf8()..], &y[q.len_utf8()..]);
            }
        }
    }
}

fn split_digits(s: &str) -> (&str, &str) {
    s.split_at(s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_in_natural_order_and_tell_what_they_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "b10.jpg",
            "b2.jpg",
            "notes.txt",
            "sub/a.PNG",
            "sub/scan",
            "眼.tif",
        ] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(
                &path,
                if name == "sub/scan" {
                    b"IMAGE"
                } else {
                    b"other"
                },
            )
            .unwrap();
        }
        let scan = inputs(
            &[dir.path().to_owned()],
            &|b| b.starts_with(b"IMAGE"),
            &Cancel::new(),
        )
        .unwrap();
        let names: Vec<_> = scan.found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(
            names,
            ["b2.jpg", "b10.jpg", "sub/a.PNG", "sub/scan", "眼.tif"]
        );
        assert_eq!(scan.skipped, ["notes.txt"]);
    }

    #[test]
    fn a_named_file_is_always_taken() {
        let scan = inputs(
            &[PathBuf::from("/nowhere/notes.txt")],
            &|_| false,
            &Cancel::new(),
        )
        .unwrap();
        assert_eq!(scan.found[0].name, "notes.txt");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        let scan = inputs(&[dir.path().to_owned()], &|_| true, &Cancel::new()).unwrap();
        assert!(scan.found.is_empty());
        assert_eq!(scan.skipped, ["loop"]);
    }
}
