//! Finds photographs in folders: natural order, no links followed, every skipped file reported.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::disc::{Disc, OnDisc};
use super::naming::{self, PhotographPath};
use super::read;
use super::system_files::{self, has_image_extension};
use crate::domain::replay::REPLAY;
use crate::domain::{SkipReason, Skipped, natural_order};
use crate::imaging::{self, ListedFile};
use crate::progress::{Cancel, Cancelled};

/// Maximum nesting of folders that is searched.
const MAX_DEPTH: usize = 32;

/// Number of bytes inspected at the start of a file.
const START: u64 = imaging::FIRST_BYTES as u64;

/// Maximum size of the index of a disc, which takes about 500 bytes for each photograph.
const MAX_INDEX: u64 = 64 << 20;

/// How a photograph was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowGiven {
    /// Found in a folder.
    InFolder,
    /// Named by the user.
    Named,
    /// Named by the user, but not a picture by its name and first bytes.
    NotAPicture,
    /// Named by the user, but nothing of that name exists.
    Absent,
}

/// One photograph to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedFile {
    pub path: PathBuf,
    /// Path relative to the input, always with `/`; unique for every photograph, see [`naming::names`].
    pub name: String,
    pub place: PhotographPath,
    pub given: HowGiven,
    /// The name replaces the file's own, which must not be shown.
    pub masked: bool,
}

/// The user's inputs, expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub found: Vec<ScannedFile>,
    pub skipped: Vec<Skipped>,
}

impl Scan {
    /// Number of the root of each photograph: those with the same number were given together.
    pub fn inputs(&self) -> Vec<usize> {
        let mut numbers: HashMap<&Path, usize> = HashMap::new();
        self.found
            .iter()
            .map(|found| {
                let next = numbers.len();
                *numbers.entry(&found.place.root).or_insert(next)
            })
            .collect()
    }
}

/// The content of a file, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Picture,
    /// Recognised, but never opened.
    Unsupported(SkipReason),
    /// Recognised, but never a photograph.
    Never(SkipReason),
    Unknown,
}

/// Whether a file name is one that this application gives to its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnName {
    No,
    /// Others may use it too: the tables or figures beside it decide.
    Perhaps,
    Yes,
}

/// How files are classified.
pub struct Classifier<'a> {
    /// By the first bytes, the name, and the length in bytes.
    pub content: &'a dyn Fn(&[u8], &str, u64) -> Content,
    /// The files that the index of a disc lists.
    pub listed: &'a dyn Fn(&[u8]) -> Vec<ListedFile>,
    /// Whether this application gives such a name to its pictures.
    pub own_name: &'a dyn Fn(&str) -> OwnName,
    /// True for the first bytes of a `results.json` of this application.
    pub is_own_results: &'a dyn Fn(&[u8]) -> bool,
}

/// Expands files and folders. A named file is always taken, except for pictures of this application itself; in a folder
/// a file counts if its name has an image extension or its first bytes are those of a picture. Of an index of a disc
/// that is named itself, the photographs that it lists are taken.
pub fn inputs(given: &[PathBuf], judge: &Classifier, cancel: &Cancel) -> Result<Scan, Cancelled> {
    let mut search = Search {
        judge,
        cancel,
        scan: Scan::default(),
        taken: HashSet::new(),
        disc: Disc::default(),
    };
    for path in given {
        cancel.check()?;
        let whole = whole(path);
        if path.is_dir() {
            let name = super::file_name(&whole);
            // The folder itself may have been named by a pattern such as `photos/*`, which matches no hidden one.
            if system_files::reason(&name) == Some(SkipReason::LeftBySystem)
                && !name.starts_with('.')
            {
                search.skip(name, SkipReason::LeftBySystem);
            } else {
                search.walk(&whole, &whole, "", 0)?;
            }
        } else {
            search.named(path, &whole)?;
        }
    }
    let mut scan = search.scan;
    let places: Vec<PhotographPath> = scan.found.iter().map(|f| f.place.clone()).collect();
    for (found, name) in scan.found.iter_mut().zip(naming::names(&places)) {
        found.name = name;
    }
    Ok(scan)
}

/// The path with its folders, so that a folder's own name is known; links in it are kept.
pub fn whole(path: &Path) -> PathBuf {
    let whole = if path.file_name().is_some() {
        std::path::absolute(path)
    } else {
        std::fs::canonicalize(path)
    };
    whole.unwrap_or_else(|_| path.to_owned())
}

struct Search<'a> {
    judge: &'a Classifier<'a>,
    cancel: &'a Cancel,
    scan: Scan,
    /// Paths already taken.
    taken: HashSet<PathBuf>,
    disc: Disc,
}

impl Search<'_> {
    fn skip(&mut self, name: String, why: SkipReason) {
        self.scan.skipped.push(Skipped { name, why });
    }

    fn take(&mut self, path: PathBuf, place: PhotographPath, given: HowGiven) {
        if !self.taken.insert(path.clone()) {
            self.skip(place.below, SkipReason::GivenTwice);
            return;
        }
        self.scan.found.push(ScannedFile {
            path,
            name: String::new(),
            place,
            given,
            masked: false,
        });
    }

    fn named(&mut self, path: &Path, whole: &Path) -> Result<(), Cancelled> {
        let name = super::file_name(path);
        let absent = whole
            .symlink_metadata()
            .is_err_and(|e| e.kind() == ErrorKind::NotFound);
        let given = match self.content(whole, &name) {
            _ if absent => HowGiven::Absent,
            Content::Never(SkipReason::OwnPicture) => {
                self.skip(name, SkipReason::OwnPicture);
                return Ok(());
            }
            Content::Never(SkipReason::DiscIndex) => {
                let listed = self.listed(whole);
                if listed.iter().any(|file| file.skip.is_none()) {
                    self.skip(name, SkipReason::DiscIndex);
                    return self.of_disc(whole.parent().unwrap_or(whole), listed);
                }
                HowGiven::Named
            }
            Content::Unknown if !has_image_extension(&name) => HowGiven::NotAPicture,
            _ => HowGiven::Named,
        };
        let place = PhotographPath {
            root: whole.parent().unwrap_or(whole).to_owned(),
            below: name,
            in_folder: false,
        };
        self.take(whole.to_owned(), place, given);
        Ok(())
    }

    /// The files that an index lists.
    fn listed(&self, index: &Path) -> Vec<ListedFile> {
        let index = read::file(index, MAX_INDEX).unwrap_or_default();
        (self.judge.listed)(&index)
    }

    /// Reports the photographs that the index in `folder` lists and the folder lacks; `below` is the path of the index.
    fn missing_on_disc(&mut self, folder: &Path, below: &str, listed: Vec<ListedFile>) {
        let above = below.rsplit_once('/').map(|(above, _)| above);
        for file in listed.iter().filter(|file| file.skip.is_none()) {
            if let OnDisc::Missing = self.disc.find(folder, &file.parts) {
                let parts = above
                    .into_iter()
                    .chain(file.parts.iter().map(String::as_str));
                let name = parts.collect::<Vec<_>>().join("/");
                self.skip(name, SkipReason::NotOnDisc);
            }
        }
    }

    /// Takes the photographs that the index in `folder` lists; files below that folder only.
    fn of_disc(&mut self, folder: &Path, listed: Vec<ListedFile>) -> Result<(), Cancelled> {
        for file in listed {
            self.cancel.check()?;
            let as_written = file.parts.join("/");
            match (self.disc.find(folder, &file.parts), file.skip) {
                (OnDisc::Found(path, below), None) => {
                    let place = PhotographPath {
                        root: folder.to_owned(),
                        below,
                        in_folder: true,
                    };
                    self.take(path, place, HowGiven::InFolder);
                }
                (OnDisc::Found(_, below), Some(why)) => self.skip(below, why),
                (OnDisc::Missing, None) => self.skip(as_written, SkipReason::NotOnDisc),
                // A missing report is missed by nobody here.
                (OnDisc::Missing, Some(_)) => {}
                (OnDisc::Skipped(why), _) => self.skip(as_written, why),
            }
        }
        Ok(())
    }

    /// What a file is. Pictures of older versions, and those that another program saved again, carry no mark: they are
    /// recognised by their names, if need be together with the tables or the figures of the map next to them.
    fn content(&self, path: &Path, name: &str) -> Content {
        // A pipe or device would be consumed, or would block.
        if !path.metadata().is_ok_and(|m| m.is_file()) {
            return Content::Unknown;
        }
        match (self.judge.own_name)(name) {
            OwnName::Yes => return Content::Never(SkipReason::OwnPicture),
            OwnName::Perhaps if self.has_results_beside(path) => {
                return Content::Never(SkipReason::OwnPicture);
            }
            OwnName::Perhaps | OwnName::No => {}
        }
        let length = read::length(path);
        read::start_of(path, START).map_or(Content::Unknown, |start| {
            (self.judge.content)(&start, name, length)
        })
    }

    fn has_results_beside(&self, path: &Path) -> bool {
        let results = path.with_file_name("results.json");
        let is_own = |start: Vec<u8>| (self.judge.is_own_results)(&start);
        read::start_of(&results, START).is_ok_and(is_own) || path.with_extension("npy").is_file()
    }

    fn walk(
        &mut self,
        root: &Path,
        folder: &Path,
        prefix: &str,
        depth: usize,
    ) -> Result<(), Cancelled> {
        let shown = match prefix {
            "" => super::file_name(folder),
            below => below.to_owned(),
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) => {
                self.skip(shown, unread(&e));
                return Ok(());
            }
        };
        let mut names = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => names.push((entry.file_name().to_string_lossy().into_owned(), entry)),
                Err(e) => {
                    // The rest of the folder is not known.
                    self.skip(shown, unread(&e));
                    break;
                }
            }
        }
        names.sort_by(|a, b| natural_order(&a.0, &b.0));
        // Plots of an export of a study are no photographs; a folder that the user names is searched all the same.
        let is_export = depth > 0 && names.iter().any(|(name, _)| name == REPLAY);
        for (name, entry) in names {
            self.cancel.check()?;
            let path = entry.path();
            let relative = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}/{name}")
            };
            if let Some(why) = system_files::reason(&name) {
                self.skip(relative, why);
                continue;
            }
            if is_export && has_image_extension(&name) {
                self.skip(relative, SkipReason::OwnPicture);
                continue;
            }
            // The type of the entry itself: a link is a link, whatever it points to.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                    self.walk(root, &path, &relative, depth + 1)?;
                }
                Ok(kind) if kind.is_dir() => self.skip(relative, SkipReason::TooDeep),
                Ok(kind) if kind.is_symlink() => self.skip(relative, SkipReason::Link),
                Ok(kind) if kind.is_file() => self.file(root, path, &name, relative),
                Ok(_) => self.skip(relative, SkipReason::NotAPicture),
                Err(_) => self.skip(relative, SkipReason::Unreadable),
            }
        }
        Ok(())
    }

    fn file(&mut self, root: &Path, path: PathBuf, name: &str, below: String) {
        match self.content(&path, name) {
            Content::Never(SkipReason::DiscIndex) => {
                let listed = self.listed(&path);
                self.skip(below.clone(), SkipReason::DiscIndex);
                self.missing_on_disc(path.parent().unwrap_or(&path), &below, listed);
            }
            Content::Never(why) => self.skip(below, why),
            Content::Unsupported(why) if !has_image_extension(name) => self.skip(below, why),
            Content::Unknown if !has_image_extension(name) => {
                self.skip(below, SkipReason::NotAPicture)
            }
            Content::Picture | Content::Unsupported(_) | Content::Unknown => {
                let place = PhotographPath {
                    root: root.to_owned(),
                    below,
                    in_folder: true,
                };
                self.take(path, place, HowGiven::InFolder);
            }
        }
    }
}

/// Why a folder could not be read.
fn unread(error: &std::io::Error) -> SkipReason {
    match error.kind() {
        ErrorKind::PermissionDenied => SkipReason::Unreadable,
        _ => SkipReason::SystemError,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge<'a>() -> Classifier<'a> {
        Classifier {
            content: &|start, _, length| match start {
                b"IMAGE" => Content::Picture,
                b"DRAWING" => Content::Unsupported(SkipReason::UnsupportedFormat),
                b"MARKED" => Content::Never(SkipReason::OwnPicture),
                _ if start.starts_with(b"INDEX") && length > 0 => {
                    Content::Never(SkipReason::DiscIndex)
                }
                _ => Content::Unknown,
            },
            // One file a line; a mark after its name makes it a report.
            listed: &|index| {
                let lines = std::str::from_utf8(index).unwrap().lines().skip(1);
                let file = |line: &str| ListedFile {
                    parts: line
                        .trim_end_matches('!')
                        .split('\\')
                        .map(str::to_owned)
                        .collect(),
                    skip: line.ends_with('!').then_some(SkipReason::DicomDocument),
                };
                lines.map(file).collect()
            },
            own_name: &|name| match name {
                _ if name.ends_with(".m.occlusion.png") => OwnName::Perhaps,
                _ if name.ends_with(".m.grad-cam.png") => OwnName::Yes,
                _ => OwnName::No,
            },
            is_own_results: &|start| start == b"OURS",
        }
    }

    fn fill(folder: &Path, files: &[(&str, &[u8])]) {
        for (name, content) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }

    fn search(given: &[PathBuf]) -> Scan {
        inputs(given, &judge(), &Cancel::new()).unwrap()
    }

    fn found(scan: &Scan) -> Vec<&str> {
        scan.found.iter().map(|f| f.name.as_str()).collect()
    }

    fn skipped(scan: &Scan) -> Vec<(&str, SkipReason)> {
        scan.skipped
            .iter()
            .map(|s| (s.name.as_str(), s.why))
            .collect()
    }

    #[test]
    fn folders_come_in_natural_order_and_tell_what_they_left_out() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[
                ("b10.jpg", b"other"),
                ("b2.jpg", b"other"),
                ("notes.txt", b"other"),
                ("sub/a.PNG", b"other"),
                ("sub/scan", b"IMAGE"),
                ("sub/DICOMDIR", b"INDEX"),
                ("眼.tif", b"other"),
            ],
        );
        let scan = search(&[dir.path().to_owned()]);
        assert_eq!(
            found(&scan),
            ["b2.jpg", "b10.jpg", "sub/a.PNG", "sub/scan", "眼.tif"]
        );
        assert_eq!(
            skipped(&scan),
            [
                ("notes.txt", SkipReason::NotAPicture),
                ("sub/DICOMDIR", SkipReason::DiscIndex)
            ]
        );
    }

    #[test]
    fn an_index_that_is_named_stands_for_the_photographs_it_lists() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[
                (
                    "cd/dicomdir",
                    b"INDEX\nDICOM\\0001\\IM1\nDICOM\\0001\\IM2\nDICOM\\SR1!\n..\\out\nDICOM\\0001\\IM9",
                ),
                ("cd/dicom/0001/im1", b"IMAGE"),
                ("cd/dicom/0001/IM2.;1", b"IMAGE"),
                ("cd/dicom/0001/IM3", b"IMAGE"),
                ("cd/dicom/SR1", b"other"),
                ("out", b"IMAGE"),
            ],
        );
        let scan = search(&[dir.path().join("cd/dicomdir")]);
        let given: Vec<_> = scan
            .found
            .iter()
            .map(|f| (f.name.as_str(), f.given))
            .collect();
        assert_eq!(
            given,
            [
                ("dicom/0001/im1", HowGiven::InFolder),
                ("dicom/0001/IM2.;1", HowGiven::InFolder),
            ]
        );
        assert_eq!(
            skipped(&scan),
            [
                ("dicomdir", SkipReason::DiscIndex),
                ("dicom/SR1", SkipReason::DicomDocument),
                ("../out", SkipReason::OutsideOfDisc),
                ("DICOM/0001/IM9", SkipReason::NotOnDisc)
            ]
        );
        for (given, missing) in [("cd", "DICOM/0001/IM9"), ("", "cd/DICOM/0001/IM9")] {
            let whole = search(&[dir.path().join(given)]);
            assert!(found(&whole).len() >= 3);
            assert!(skipped(&whole).contains(&(missing, SkipReason::NotOnDisc)));
        }
        // An index that lists no photograph is a row, with the reason.
        fill(dir.path(), &[("empty/DICOMDIR", b"INDEX\nSR1!")]);
        let scan = search(&[dir.path().join("empty/DICOMDIR")]);
        assert_eq!(scan.found[0].given, HowGiven::Named);
    }

    #[test]
    fn what_is_recognised_but_not_opened_is_skipped_in_folders_only() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[("logo", b"DRAWING"), ("photograph.jpg", b"DRAWING")],
        );
        let scan = search(&[dir.path().to_owned()]);
        assert_eq!(found(&scan), ["photograph.jpg"]);
        assert_eq!(skipped(&scan), [("logo", SkipReason::UnsupportedFormat)]);
        let scan = search(&[dir.path().join("logo")]);
        assert_eq!(scan.found[0].given, HowGiven::Named);
    }

    #[test]
    fn what_systems_leave_is_not_searched() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[
                ("p1_OD.jpg", b"IMAGE"),
                ("._p1_OD.jpg", b"IMAGE"),
                ("@eaDir/p1_OD.jpg/SYNOPHOTO_THUMB_XL.jpg", b"IMAGE"),
                ("#recycle/p9_OS.jpg", b"IMAGE"),
                ("__MACOSX/._p1_OD.jpg", b"IMAGE"),
                (".snapshot/monday/p1_OD.jpg", b"IMAGE"),
                ("sub/Thumbs.db", b"IMAGE"),
            ],
        );
        let scan = search(&[dir.path().to_owned()]);
        assert_eq!(found(&scan), ["p1_OD.jpg"]);
        assert_eq!(
            skipped(&scan),
            [
                ("#recycle", SkipReason::LeftBySystem),
                ("._p1_OD.jpg", SkipReason::LeftBySystem),
                (".snapshot", SkipReason::LeftBySystem),
                ("@eaDir", SkipReason::LeftBySystem),
                ("__MACOSX", SkipReason::LeftBySystem),
                ("sub/Thumbs.db", SkipReason::LeftBySystem),
            ]
        );
        // A pattern such as photos/* names the folders themselves; a hidden one may be meant.
        let scan = search(&[dir.path().join("@eaDir"), dir.path().join(".snapshot")]);
        assert_eq!(found(&scan), ["monday/p1_OD.jpg"]);
        assert_eq!(skipped(&scan), [("@eaDir", SkipReason::LeftBySystem)]);
    }

    #[test]
    fn pictures_of_this_application_are_known_by_their_mark_or_by_name_and_tables() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[
                ("a.jpg", b"IMAGE"),
                ("renamed.png", b"MARKED"),
                ("alone/a.m.grad-cam.png", b"IMAGE"),
                ("old/a.m.occlusion.png", b"IMAGE"),
                ("old/results.json", b"OURS"),
                ("map/a.m.occlusion.png", b"IMAGE"),
                ("map/a.m.occlusion.npy", b""),
                ("foreign/a.m.occlusion.png", b"IMAGE"),
                ("foreign/results.json", b"THEIRS"),
            ],
        );
        let scan = search(&[dir.path().to_owned()]);
        assert_eq!(found(&scan), ["a.jpg", "foreign/a.m.occlusion.png"]);
        let own: Vec<&str> = scan
            .skipped
            .iter()
            .filter(|s| s.why == SkipReason::OwnPicture)
            .map(|s| s.name.as_str())
            .collect();
        assert_eq!(
            own,
            [
                "alone/a.m.grad-cam.png",
                "map/a.m.occlusion.png",
                "old/a.m.occlusion.png",
                "renamed.png"
            ]
        );
        let scan = search(&[dir.path().join("renamed.png")]);
        assert!(scan.found.is_empty());
        assert_eq!(skipped(&scan), [("renamed.png", SkipReason::OwnPicture)]);
    }

    #[test]
    fn a_named_file_is_always_taken() {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path(), &[("notes.txt", b"other"), ("scan", b"IMAGE")]);
        let scan = search(&[
            PathBuf::from("/nowhere/notes.txt"),
            dir.path().join("notes.txt"),
            dir.path().join("scan"),
        ]);
        let given: Vec<_> = scan.found.iter().map(|f| f.given).collect();
        assert_eq!(
            given,
            [HowGiven::Absent, HowGiven::NotAPicture, HowGiven::Named]
        );
        assert_eq!(found(&scan)[0], "nowhere/notes.txt");
        assert!(found(&scan)[2].ends_with("/scan"));
    }

    #[test]
    fn folders_that_were_given_stay_apart_and_nothing_is_taken_twice() {
        let dir = tempfile::tempdir().unwrap();
        fill(
            dir.path(),
            &[
                ("siteA/01L.jpg", b"IMAGE"),
                ("siteB/01L.jpg", b"IMAGE"),
                ("siteB/01R.jpg", b"IMAGE"),
            ],
        );
        let at = |name: &str| dir.path().join(name);
        let scan = search(&[at("siteA"), at("siteB"), at("siteA/01L.jpg")]);
        assert_eq!(
            found(&scan),
            ["siteA/01L.jpg", "siteB/01L.jpg", "siteB/01R.jpg"]
        );
        assert_eq!(scan.inputs(), [0, 1, 1]);
        assert_eq!(skipped(&scan), [("01L.jpg", SkipReason::GivenTwice)]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        let scan = search(&[dir.path().to_owned()]);
        assert!(scan.found.is_empty());
        assert_eq!(skipped(&scan), [("loop", SkipReason::Link)]);
        // Nor those on the way to a file that an index lists.
        fill(
            dir.path(),
            &[("INDEX", b"INDEX\nloop\\IM1"), ("IM1", b"IMAGE")],
        );
        let scan = search(&[dir.path().join("INDEX")]);
        assert!(scan.found.is_empty());
        assert_eq!(skipped(&scan)[1..], [("loop/IM1", SkipReason::Link)]);
    }

    #[cfg(unix)]
    #[test]
    fn plots_of_an_export_are_no_photographs() {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 4] = [
            ("a.png", b"IMAGE"),
            ("figures/roc.png", b"IMAGE"),
            ("figures/more/b.png", b"IMAGE"),
            ("figures/gantei-replay.json", b"{}"),
        ];
        fill(folder.path(), &files);
        let scan = search(&[folder.path().to_owned()]);
        assert_eq!(found(&scan), ["a.png", "figures/more/b.png"]);
        let plot = ("figures/roc.png", SkipReason::OwnPicture);
        assert!(skipped(&scan).contains(&plot));
        // The user may name the folder itself.
        let scan = search(&[folder.path().join("figures")]);
        assert!(found(&scan).contains(&"roc.png"));
    }

    #[test]
    fn names_in_another_encoding_stay_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        for name in [b"\x89\x45.jpg", b"\x8a\x45.jpg"] {
            std::fs::write(dir.path().join(OsStr::from_bytes(name)), b"IMAGE").unwrap();
        }
        let scan = search(&[dir.path().to_owned()]);
        assert_eq!(found(&scan), ["\u{fffd}E.jpg", "\u{fffd}E~2.jpg"]);
    }
}
