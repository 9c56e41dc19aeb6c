//! The photographs of a study: what its folders hold now, and what is missing since they were last listed.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::tables;
use crate::domain::{SkipReason, Study, natural_order};
use crate::export::{json, tables as results};
use crate::progress::Cancel;
use crate::storage::naming::{PhotographPath, names};
use crate::storage::scan::{HowGiven, Scan, ScannedFile};
use crate::storage::study as stored;
use crate::storage::{file_name, has_image_extension, is_folder, may_be_there};
use crate::text::failures::StudyFault;
use crate::workflow::Error;
use crate::workflow::scan::{find_photographs, nothing_found};

/// The photographs of a study.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Photographs in natural order, also those that are missing, and what was skipped.
    pub scan: Scan,
    /// How many of the photographs are missing.
    pub missing: usize,
    /// How many were not there when the study was last listed.
    pub added: usize,
    /// Inputs that are not found, as the study refers to them.
    pub moved: Vec<String>,
}

impl Listing {
    /// Whether the photograph at an index is missing.
    pub fn is_missing(&self, index: usize) -> bool {
        self.scan.found[index].given == HowGiven::Absent
    }

    /// # Errors
    /// An input is not found, or there is no photograph.
    pub fn check(&self) -> Result<(), Error> {
        if !self.moved.is_empty() {
            let inputs = self.moved.clone();
            return Err(StudyFault::Moved { inputs }.into());
        }
        match self.scan.found.is_empty() {
            true => Err(nothing_found(&self.scan)),
            false => Ok(()),
        }
    }

    /// How a study refers to the photographs that are not its inputs themselves.
    pub(super) fn references(&self, folder: &Path, study: &Study) -> Result<Vec<String>, Error> {
        let inputs: HashSet<&str> = study.inputs.iter().map(String::as_str).collect();
        let mut references = Vec::with_capacity(self.scan.found.len());
        for found in &self.scan.found {
            let name = || file_name(&found.path);
            let reference = stored::reference(folder, &found.path);
            let reference = reference.ok_or_else(|| StudyFault::NotText { name: name() })?;
            if !inputs.contains(reference.as_str()) {
                references.push(reference);
            }
        }
        Ok(references)
    }
}

/// Lists the photographs of a study in `folder` without decoding one.
///
/// # Errors
/// A table of photographs cannot be read, or it was cancelled. Inputs that are not found are no error: [`Listing::moved`].
pub fn photographs(folder: &Path, study: &Study, cancel: &Cancel) -> Result<Listing, Error> {
    let mut given: Vec<PathBuf> = Vec::new();
    let mut moved: Vec<String> = Vec::new();
    for input in &study.inputs {
        let path = stored::resolved(folder, input);
        match whereabouts(&path) {
            Whereabouts::There if tables::is_table(&path) => {
                given.extend(tables::photographs_of(&path)?);
            }
            Whereabouts::There | Whereabouts::Missing => given.push(path),
            Whereabouts::Moved(above) => {
                let reference = match above {
                    Some(above) => stored::reference(folder, above),
                    None => None,
                };
                let reference = reference.unwrap_or_else(|| input.clone());
                if !moved.contains(&reference) {
                    moved.push(reference);
                }
            }
        }
    }
    let mut scan = find_photographs(&given, cancel)?;
    leave_out_own(&mut scan, folder, &given);
    let inputs = Inputs::of(&given);
    // A photograph that is an input itself may have its place in a folder that is given before it.
    let is_below = |found: &mut ScannedFile| {
        found.given == HowGiven::Absent && inputs.before(&found.path).is_some()
    };
    let below: Vec<ScannedFile> = scan.found.extract_if(.., is_below).collect();
    let mut gone: Vec<PathBuf> = below.into_iter().map(|found| found.path).collect();
    let listed: HashSet<PathBuf> = gone.iter().cloned().collect();
    let found: HashSet<PathBuf> = scan.found.iter().map(|found| found.path.clone()).collect();
    let known = study.photographs.iter();
    let known: Vec<PathBuf> = known.map(|path| stored::resolved(folder, path)).collect();
    let added = {
        let before: HashSet<&PathBuf> = known.iter().collect();
        let in_folders = scan.found.iter().filter(|f| f.given == HowGiven::InFolder);
        in_folders.filter(|f| !before.contains(&f.path)).count()
    };
    let hidden = unread(&scan, &given);
    let is_gone = |path: &PathBuf| {
        let is_hidden = || hidden.iter().any(|folder| path.starts_with(folder));
        !found.contains(path) && !listed.contains(path) && (!may_be_there(path) || is_hidden())
    };
    gone.extend(known.into_iter().filter(is_gone));
    put_in_place(&mut scan.found, gone, &inputs);
    let is_missing = |found: &&ScannedFile| found.given == HowGiven::Absent;
    let missing = scan.found.iter().filter(is_missing).count();
    if missing > 0 {
        let places: Vec<PhotographPath> = scan.found.iter().map(|f| f.place.clone()).collect();
        for (found, name) in scan.found.iter_mut().zip(names(&places)) {
            found.name = name;
        }
    }
    Ok(Listing {
        scan,
        missing,
        added,
        moved,
    })
}

enum Whereabouts<'a> {
    There,
    /// A photograph that is missing from a folder that is there.
    Missing,
    /// With the folder that is not found, if it is the one of a photograph.
    Moved(Option<&'a Path>),
}

fn whereabouts(path: &Path) -> Whereabouts<'_> {
    if may_be_there(path) {
        return Whereabouts::There;
    }
    let above = path
        .parent()
        .filter(|_| has_image_extension(&file_name(path)));
    match above {
        Some(above) if is_folder(above) => Whereabouts::Missing,
        above => Whereabouts::Moved(above),
    }
}

/// Files and folders below the inputs that the system does not let be read. What is in them now is not known.
fn unread(scan: &Scan, inputs: &[PathBuf]) -> Vec<PathBuf> {
    let is_unread = |why| matches!(why, SkipReason::Unreadable | SkipReason::SystemError);
    let skipped = scan.skipped.iter().filter(|skipped| is_unread(skipped.why));
    let places = skipped.flat_map(|skipped| {
        let name = skipped.name.as_str();
        // An input that cannot be read itself is given by its own name.
        inputs
            .iter()
            .map(move |input| match file_name(input) == name {
                true => input.clone(),
                false => input.join(name),
            })
    });
    places.collect()
}

/// The places of the inputs.
struct Inputs<'a> {
    given: &'a [PathBuf],
    places: HashMap<&'a Path, usize>,
}

impl<'a> Inputs<'a> {
    fn of(given: &'a [PathBuf]) -> Self {
        let mut places = HashMap::with_capacity(given.len());
        for (place, path) in given.iter().enumerate() {
            places.entry(path.as_path()).or_insert(place);
        }
        Self { given, places }
    }

    /// The first folder that is given above a path.
    fn above(&self, path: &Path) -> Option<usize> {
        let above = path.ancestors().skip(1);
        above
            .filter_map(|path| self.places.get(path).copied())
            .min()
    }

    /// The same, if the path itself is not given before it.
    fn before(&self, path: &Path) -> Option<usize> {
        let itself = self.places.get(path).copied().unwrap_or(usize::MAX);
        self.above(path).filter(|folder| *folder < itself)
    }
}

/// Puts missing photographs where they would be found: otherwise the files of others would take their names.
fn put_in_place(found: &mut Vec<ScannedFile>, gone: Vec<PathBuf>, inputs: &Inputs) {
    if gone.is_empty() {
        return;
    }
    let missing = gone.into_iter().map(|path| {
        let folder = inputs.above(&path);
        let input = folder.map(|at| inputs.given[at].as_path());
        (folder.unwrap_or(usize::MAX), absent(path, input))
    });
    let mut missing: Vec<(usize, ScannedFile)> = missing.collect();
    missing.sort_by(|(a, one), (b, other)| {
        a.cmp(b)
            .then_with(|| in_folders(&one.place.below, &other.place.below))
    });
    let mut missing = missing.into_iter().peekable();
    let mut whole = Vec::with_capacity(found.len() + missing.len());
    let mut input = 0;
    for there in found.drain(..) {
        let own = { inputs.places.get(there.path.as_path()) }
            .or_else(|| inputs.places.get(there.place.root.as_path()));
        // What the index of a disc lists is below no input.
        input = own.copied().unwrap_or(input);
        let precedes = |(of, gone): &(usize, ScannedFile)| match of.cmp(&input) {
            Ordering::Equal => in_folders(&gone.place.below, &there.place.below) == Ordering::Less,
            order => order == Ordering::Less,
        };
        while let Some((_, gone)) = missing.next_if(precedes) {
            whole.push(gone);
        }
        whole.push(there);
    }
    whole.extend(missing.map(|(_, gone)| gone));
    *found = whole;
}

/// The order in which files are found in a folder and the folders below it.
fn in_folders(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (Some(a), Some(b)) => match natural_order(a, b) {
                Ordering::Equal => {}
                order => return order,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

/// A photograph that is missing, with the place that it had below an input.
fn absent(path: PathBuf, input: Option<&Path>) -> ScannedFile {
    let of_input = input.and_then(|input| {
        let below = path.strip_prefix(input).ok()?;
        let parts = below.components();
        let parts: Vec<_> = parts.map(|p| p.as_os_str().to_string_lossy()).collect();
        Some(PhotographPath {
            root: input.to_owned(),
            below: parts.join("/"),
            in_folder: true,
        })
    });
    ScannedFile {
        place: of_input.unwrap_or_else(|| PhotographPath {
            root: path.parent().unwrap_or(&path).to_owned(),
            below: file_name(&path),
            in_folder: false,
        }),
        path,
        name: String::new(),
        given: HowGiven::Absent,
        masked: false,
    }
}

/// The files of the study itself are no photographs that were skipped, if it lies among them.
fn leave_out_own(scan: &mut Scan, folder: &Path, inputs: &[PathBuf]) {
    let is_among = inputs.iter().any(|input| folder.starts_with(input));
    let is_table = |name: &str| name == json::RESULTS || results::NAMES.contains(&name);
    scan.skipped.retain(|skipped| {
        let name = skipped.name.rsplit('/').next().unwrap_or_default();
        !is_among || !(stored::is_own_file(name) || is_table(name))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_photographs_keep_their_places_and_names() {
        let folder = tempfile::tempdir().unwrap();
        let base = stored::base(folder.path());
        let eyes = [
            "b/2.jpg",
            "b/10.jpg",
            "b/10/a.jpg",
            "b/x/1.jpg",
            "one.jpg",
            "a/1.jpg",
        ];
        for eye in eyes {
            let path = base.join(eye);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, [0xFF, 0xD8, 0xFF, 0xE0]).unwrap();
        }
        let mut study = Study {
            inputs: ["b", "one.jpg", "b/x/1.jpg", "a"].map(str::to_owned).into(),
            ..Study::default()
        };
        let list = |study: &Study| photographs(&base, study, &Cancel::new()).unwrap();
        let names = |listing: &Listing| {
            let found = listing.scan.found.iter();
            found.map(|f| f.name.clone()).collect::<Vec<_>>()
        };
        let whole = list(&study);
        study.photographs = whole.references(&base, &study).unwrap();
        let expected = names(&whole);
        assert_eq!(expected.len(), eyes.len());
        for at in 0..eyes.len() {
            let path = &whole.scan.found[at].path;
            std::fs::remove_file(path).unwrap();
            let now = list(&study);
            assert_eq!((names(&now), now.missing), (expected.clone(), 1), "{at}");
            assert!((0..eyes.len()).all(|other| now.is_missing(other) == (other == at)));
            std::fs::write(path, [0xFF, 0xD8, 0xFF, 0xE0]).unwrap();
        }
    }
}
