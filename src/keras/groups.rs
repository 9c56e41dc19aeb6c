//! The groups of a file of numbered weights as a tree, whatever separates the names.
//!
//! Up to TensorFlow 2.15 Keras joined names as the operating system joins paths: on Windows `layers\conv2d` is the name
//! of one group. Here a backslash separates names as a slash does.

use std::collections::BTreeMap;

use super::Error;
use super::archive::Archive;
use crate::domain::foreign::shown;
use crate::progress::Cancel;

/// Maximum nesting depth of groups; a model inside a model adds two.
const MAX_DEPTH: usize = 24;

/// A group with everything inside.
#[derive(Debug, Default)]
pub struct Group {
    pub groups: BTreeMap<String, Group>,
    pub arrays: Vec<ArrayPlace>,
    /// The attribute `name`: that of the layer whose variables these are.
    pub label: Option<String>,
}

/// An array whose values have not been read.
#[derive(Debug)]
pub struct ArrayPlace {
    pub name: String,
    /// Path from the root of the file.
    pub path: String,
    pub shape: Vec<usize>,
}

impl Group {
    /// The groups of a file. Those with one of the names in `skipped_in_root` and `skipped` are not opened.
    ///
    /// # Errors
    /// [`Error::Invalid`] if two arrays have the same path once backslashes are slashes.
    pub fn read(
        archive: &Archive,
        skipped_in_root: &[&str],
        skipped: &str,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let mut root = Self::default();
        let reading = Reading {
            archive,
            skipped_in_root,
            skipped,
            cancel,
        };
        reading.fill(&mut root, "", 0)?;
        Ok(root)
    }

    /// Adds the groups of another file of the same weights. `mark` goes before its paths.
    ///
    /// # Errors
    /// [`Error::Invalid`] if both have the same array.
    pub fn add(&mut self, other: Self, mark: &str) -> Result<(), Error> {
        self.label = self.label.take().or(other.label);
        for array in other.arrays {
            if self.arrays.iter().any(|known| known.name == array.name) {
                let path = shown(&array.path);
                return Err(Error::invalid(format!("two files hold {path}")));
            }
            let path = format!("{mark}{}", array.path);
            self.arrays.push(ArrayPlace { path, ..array });
        }
        for (name, below) in other.groups {
            self.groups.entry(name).or_default().add(below, mark)?;
        }
        Ok(())
    }

    /// The first array at or below this group.
    pub fn first_array(&self) -> Option<&ArrayPlace> {
        let below = || self.groups.values().find_map(Self::first_array);
        self.arrays.first().or_else(below)
    }
}

struct Reading<'a> {
    archive: &'a Archive,
    skipped_in_root: &'a [&'a str],
    skipped: &'a str,
    cancel: &'a Cancel,
}

impl Reading<'_> {
    fn fill(&self, into: &mut Group, path: &str, depth: usize) -> Result<(), Error> {
        refuse_beyond(depth)?;
        self.cancel.check()?;
        let folder = self.archive.group(path)?;
        if let Some(label) = folder.text("name")? {
            into.label = Some(label);
        }
        let (groups, arrays) = folder.members()?;
        let below = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        for array in arrays {
            let mut names = parts(&array);
            let name = names.pop().unwrap_or_default();
            let group = inside(into, &names, depth)?;
            if group.arrays.iter().any(|other| other.name == name) {
                return Err(Error::invalid(format!(
                    "it holds {} twice",
                    shown(&below(&array))
                )));
            }
            let path = below(&array);
            let shape = self.archive.array(&path)?.shape().to_vec();
            let name = name.to_owned();
            group.arrays.push(ArrayPlace { name, path, shape });
        }
        for group in groups {
            let names = parts(&group);
            let is_skipped = names.contains(&self.skipped)
                || (depth == 0
                    && names
                        .first()
                        .is_some_and(|n| self.skipped_in_root.contains(n)));
            if !is_skipped {
                let inner = inside(into, &names, depth)?;
                self.fill(inner, &below(&group), depth + names.len().max(1))?;
            }
        }
        Ok(())
    }
}

/// The names that a backslash separates.
pub fn parts(name: &str) -> Vec<&str> {
    name.split('\\').filter(|part| !part.is_empty()).collect()
}

fn refuse_beyond(depth: usize) -> Result<(), Error> {
    match depth > MAX_DEPTH {
        true => Err(Error::Limit("groups nested too deeply".into())),
        false => Ok(()),
    }
}

/// The group with these names below one at this depth, created where it is missing.
///
/// # Errors
/// [`Error::Limit`] before anything is created: a group is dropped and searched by recursion.
fn inside<'g>(group: &'g mut Group, names: &[&str], depth: usize) -> Result<&'g mut Group, Error> {
    refuse_beyond(depth + names.len())?;
    Ok(names.iter().fold(group, |group, &name| {
        group.groups.entry(name.to_owned()).or_default()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_separates_as_a_slash_does() {
        assert_eq!(parts(r"layers\conv2d"), ["layers", "conv2d"]);
        assert_eq!(parts(r"\layers\\conv2d\"), ["layers", "conv2d"]);
        assert_eq!(parts("conv2d"), ["conv2d"]);
        let mut root = Group::default();
        for names in [&["layers", "conv2d"][..], &["layers", "dense"]] {
            inside(&mut root, names, 0).unwrap();
        }
        let names: Vec<&String> = root.groups["layers"].groups.keys().collect();
        assert_eq!(names, ["conv2d", "dense"]);
        assert!(root.first_array().is_none());
    }

    #[test]
    fn names_nested_too_deeply_are_refused_before_a_group_is_created() {
        let name = r"a\".repeat(32_000);
        let names = parts(&name);
        let mut root = Group::default();
        for (names, depth) in [(&names[..], 0), (&names[..MAX_DEPTH], 1)] {
            assert!(matches!(
                inside(&mut root, names, depth),
                Err(Error::Limit(_))
            ));
        }
        assert!(root.groups.is_empty());
        assert!(inside(&mut root, &names[..MAX_DEPTH], 0).is_ok());
    }
}
