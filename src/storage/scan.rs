//! Finding photographs in folders: natural order, no links followed, nothing dropped without a word.

use std::path::{Path, PathBuf};

use super::read;

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
pub fn inputs(given: &[PathBuf], is_image: &dyn Fn(&[u8]) -> bool) -> Scan {
    let mut scan = Scan::default();
    for path in given {
        if path.is_dir() {
            walk(path, "", 0, is_image, &mut scan);
        } else {
            scan.found.push(Found {
                path: path.clone(),
                name: super::file_name(path),
            });
        }
    }
    scan
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    is_image: &dyn Fn(&[u8]) -> bool,
    scan: &mut Scan,
) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        scan.skipped.push(if prefix.is_empty() {
            ".".to_owned()
        } else {
            prefix.to_owned()
        });
        return;
    };
    let mut names: Vec<(String, PathBuf)> = entries
        .flatten()
        .map(|e| (e.file_name().to_string_lossy().into_owned(), e.path()))
        .collect();
    names.sort_by(|a, b| natural_order(&a.0, &b.0));
    for (name, path) in names {
        let relative = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        let Ok(meta) = std::fs::symlink_metadata(&path) else {
            scan.skipped.push(relative);
            continue;
        };
        if meta.is_dir() && depth < MAX_DEPTH {
            walk(&path, &relative, depth + 1, is_image, scan);
        } else if meta.is_file() && (has_image_extension(&name) || holds_image(&path, is_image)) {
            scan.found.push(Found {
                path,
                name: relative,
            });
        } else {
            scan.skipped.push(relative);
        }
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
        let scan = inputs(&[dir.path().to_owned()], &|b| b.starts_with(b"IMAGE"));
        let names: Vec<_> = scan.found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(
            names,
            ["b2.jpg", "b10.jpg", "sub/a.PNG", "sub/scan", "眼.tif"]
        );
        assert_eq!(scan.skipped, ["notes.txt"]);
    }

    #[test]
    fn a_named_file_is_always_taken() {
        let scan = inputs(&[PathBuf::from("/nowhere/notes.txt")], &|_| false);
        assert_eq!(scan.found[0].name, "notes.txt");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        let scan = inputs(&[dir.path().to_owned()], &|_| true);
        assert!(scan.found.is_empty());
        assert_eq!(scan.skipped, ["loop"]);
    }
}
