//! Names of photographs in rows: the path below the input, with as many parent folders as are needed to be unique.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// Where a photograph was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotographPath {
    /// The given folder, or the parent of a file that was given by itself. Photographs of one root were given together;
    /// those of different roots are never attributed to the same person.
    pub root: PathBuf,
    /// The path below the root, with `/`.
    pub below: String,
    /// Found by searching the root rather than named.
    pub in_folder: bool,
}

/// A name for each place, in the same order; all differ, and none is absolute.
///
/// With one root a name is the path below it. With several, each searched folder keeps its own name in front, and
/// parents are added if names would be equal. Names that no parent makes unique are numbered: `a~2.jpg`.
pub fn names(places: &[PhotographPath]) -> Vec<String> {
    let mut numbers: HashMap<&Path, usize> = HashMap::new();
    let mut roots: Vec<Root> = Vec::new();
    let of_place: Vec<usize> = places
        .iter()
        .map(|place| {
            let number = *numbers.entry(&place.root).or_insert_with(|| {
                roots.push(Root::of(&place.root));
                roots.len() - 1
            });
            roots[number].searched |= place.in_folder;
            number
        })
        .collect();
    if roots.len() > 1 {
        for root in &mut roots {
            root.shown = usize::from(root.searched).min(root.folders.len());
        }
    }
    loop {
        let names: Vec<String> = places
            .iter()
            .zip(&of_place)
            .map(|(place, root)| roots[*root].name(&place.below))
            .collect();
        let alike = roots_with_equal_names(&names, &of_place);
        let mut longer = false;
        for root in alike {
            let root = &mut roots[root];
            if root.shown < root.folders.len() {
                root.shown += 1;
                longer = true;
            }
        }
        if !longer {
            return numbered(names);
        }
    }
}

struct Root {
    /// Names of the folders down to the root, which is the last.
    folders: Vec<String>,
    /// How many of them, from the root upwards, precede a name.
    shown: usize,
    searched: bool,
}

impl Root {
    fn of(path: &Path) -> Self {
        let folders = path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        });
        Self {
            folders: folders.collect(),
            shown: 0,
            searched: false,
        }
    }

    fn name(&self, below: &str) -> String {
        let shown = &self.folders[self.folders.len() - self.shown..];
        shown
            .iter()
            .map(String::as_str)
            .chain([below])
            .collect::<Vec<_>>()
            .join("/")
    }
}

fn roots_with_equal_names(names: &[String], of_place: &[usize]) -> HashSet<usize> {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    let mut alike = HashSet::new();
    for (name, root) in names.iter().zip(of_place) {
        let first = *seen.entry(name).or_insert(*root);
        if first != *root {
            alike.extend([first, *root]);
        }
    }
    alike
}

/// Remaining equal names, such as those of names in another encoding, get a number before the extension.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(names.len());
    let known: HashSet<String> = names.iter().cloned().collect();
    names
        .into_iter()
        .map(|name| {
            let mut unique = name.clone();
            let mut count = 1;
            while !taken.insert(unique.clone()) {
                loop {
                    count += 1;
                    unique = with_number(&name, count);
                    if !known.contains(&unique) {
                        break;
                    }
                }
            }
            unique
        })
        .collect()
}

fn with_number(name: &str, count: usize) -> String {
    let file = name.rfind('/').map_or(0, |at| at + 1);
    match name[file..].rfind('.') {
        Some(dot) if dot > 0 => {
            let (stem, extension) = name.split_at(file + dot);
            format!("{stem}~{count}{extension}")
        }
        _ => format!("{name}~{count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(root: &str, below: &str, in_folder: bool) -> PhotographPath {
        PhotographPath {
            root: root.into(),
            below: below.into(),
            in_folder,
        }
    }

    fn named(places: &[(&str, &str, bool)]) -> Vec<String> {
        let places: Vec<PhotographPath> = places
            .iter()
            .map(|(root, below, in_folder)| place(root, below, *in_folder))
            .collect();
        names(&places)
    }

    #[test]
    fn one_folder_is_not_named() {
        let found = named(&[("/x/eyes", "a.jpg", true), ("/x/eyes", "sub/a.jpg", true)]);
        assert_eq!(found, ["a.jpg", "sub/a.jpg"]);
    }

    #[test]
    fn several_folders_keep_their_own_names() {
        let found = named(&[("/x/siteA", "01L.jpg", true), ("/x/siteB", "01R.jpg", true)]);
        assert_eq!(found, ["siteA/01L.jpg", "siteB/01R.jpg"]);
    }

    #[test]
    fn parents_are_added_until_names_differ() {
        let found = named(&[
            ("/x/a/eyes", "1.jpg", true),
            ("/x/b/eyes", "1.jpg", true),
            ("/x/c", "1.jpg", true),
        ]);
        assert_eq!(found, ["a/eyes/1.jpg", "b/eyes/1.jpg", "c/1.jpg"]);
    }

    #[test]
    fn files_get_folders_only_where_their_names_are_equal() {
        let found = named(&[
            ("/p1", "OS.jpg", false),
            ("/p2", "OS.jpg", false),
            ("/p2", "OD.jpg", false),
            ("/p3", "x.jpg", false),
        ]);
        assert_eq!(found, ["p1/OS.jpg", "p2/OS.jpg", "p2/OD.jpg", "x.jpg"]);
    }

    #[test]
    fn a_folder_in_a_name_is_not_taken_for_one_below() {
        let found = named(&[
            ("/q/a", "x/1.jpg", true),
            ("/p/a/x", "1.jpg", false),
            ("/r/x", "1.jpg", false),
        ]);
        assert_eq!(found, ["q/a/x/1.jpg", "p/a/x/1.jpg", "r/x/1.jpg"]);
    }

    #[test]
    fn names_that_no_parent_tells_apart_are_numbered() {
        let found = named(&[
            ("/x", "?.jpg", true),
            ("/x", "?.jpg", true),
            ("/x", "?~2.jpg", true),
            ("/x", "d.e/f", true),
            ("/x", "d.e/f", true),
        ]);
        assert_eq!(found, ["?.jpg", "?~3.jpg", "?~2.jpg", "d.e/f", "d.e/f~2"]);
        assert_eq!(named(&[]), Vec::<String>::new());
        assert_eq!(named(&[("/", "a", true), ("/b", "a", false)]), ["a", "b/a"]);
    }
}
