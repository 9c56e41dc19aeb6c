//! Names of files that systems, storage devices and other programs leave next to photographs.

use crate::domain::SkipReason;
use crate::imaging;

/// Whole names, in lower case.
const NAMES: [&str; 46] = [
    // macOS
    ".ds_store",
    ".appledouble",
    ".apdisk",
    ".spotlight-v100",
    ".fseventsd",
    ".documentrevisions-v100",
    ".temporaryitems",
    "__macosx",
    "icon\r",
    "network trash folder",
    "temporary items",
    // Windows
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "$recycle.bin",
    "recycler",
    "recycled",
    "system volume information",
    "$winreagent",
    "autorun.inf",
    // Linux
    "lost+found",
    ".thumbnails",
    // Network storage devices
    ".@__thumb",
    ".@__qini",
    ".snapshot",
    ".snapshots",
    ".zfs",
    "@eadir",
    "@tmp",
    "@recycle",
    "@recently-snapshot",
    "@snapshot",
    "@sharebin",
    "@synologycloudsync",
    "#recycle",
    "#snapshot",
    "~snapshot",
    "network recycle bin",
    "recycle bin",
    // Programs that manage pictures or folders
    "picasa.ini",
    "zbthumbnail.info",
    "pspbrwse.jbf",
    "__pycache__",
    "node_modules",
    "resource.frk",
];

/// Prefixes, in lower case.
const BEGINNINGS: [&str; 6] = [
    // Attributes of a file on a disk that cannot store them
    "._",
    // Trash of Linux desktops and of macOS
    ".trash",
    // Thumbnails of Synology devices
    "synophoto_thumb",
    "synofile_thumb",
    // Office's mark of an open file
    "~$",
    // Found by a disk check
    "found.0",
];

/// Suffixes of folders in which programs keep previews, in lower case.
const FOLDERS: [&str; 2] = [".lrdata", ".lrcat-data"];

/// Suffixes of downloads that have not finished, in lower case.
const DOWNLOADS: [&str; 6] = [
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".opdownload",
    ".filepart",
];

/// Suffixes that programs append to the name of a photograph, for a copy of it, in lower case.
const COPIES: [&str; 5] = ["~", ".bak", ".orig", "_original", "_exiftool_tmp"];

/// Why a file of this name is skipped; `None` if the name gives no reason.
pub fn reason(name: &str) -> Option<SkipReason> {
    let small = name.to_lowercase();
    let known = NAMES.contains(&small.as_str())
        || BEGINNINGS.iter().any(|start| small.starts_with(start))
        || FOLDERS.iter().any(|end| small.ends_with(end));
    let is_copy = |end: &&str| small.strip_suffix(*end).is_some_and(has_image_extension);
    if known {
        Some(SkipReason::LeftBySystem)
    } else if small.starts_with('.') && small.ends_with(".icloud") {
        Some(SkipReason::NotDownloaded)
    } else if small.starts_with('.') {
        // Snapshots, thumbnails, version control, caches: no list of them is ever complete.
        Some(SkipReason::Hidden)
    } else if DOWNLOADS.iter().any(|end| small.ends_with(end)) {
        Some(SkipReason::PartOfDownload)
    } else if COPIES.iter().any(is_copy) {
        Some(SkipReason::Backup)
    } else {
        None
    }
}

/// Whether photographs are opened from files with the extension of this name.
pub fn has_image_extension(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| imaging::is_extension(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_leave_is_known_whatever_the_case_of_its_letters() {
        for name in [
            "._p1_OD.jpg",
            "@eaDir",
            "@eadir",
            "#recycle",
            "#Recycle",
            "__MACOSX",
            ".Trash-1000",
            ".Trashes",
            "$RECYCLE.BIN",
            "Thumbs.db",
            "System Volume Information",
            "lost+found",
            "SYNOPHOTO_THUMB_XL.jpg",
            "FOUND.000",
            ".@__thumb",
            ".snapshot",
            ".DS_Store",
            ".AppleDouble",
        ] {
            assert_eq!(reason(name), Some(SkipReason::LeftBySystem), "{name}");
        }
        for name in ["resource.frk", "Anna Previews.lrdata", "a.lrcat-data"] {
            assert_eq!(reason(name), Some(SkipReason::LeftBySystem), "{name}");
        }
        for (name, why) in [
            ("p1.jpg.part", SkipReason::PartOfDownload),
            ("p1.JPG.crdownload", SkipReason::PartOfDownload),
            ("p1.jpg~", SkipReason::Backup),
            ("p1.jpg.bak", SkipReason::Backup),
            ("p1.jpg_original", SkipReason::Backup),
            ("p1.jpg_exiftool_tmp", SkipReason::Backup),
            (".p1_OD.jpg.icloud", SkipReason::NotDownloaded),
        ] {
            assert_eq!(reason(name), Some(why), "{name}");
        }
        for name in [".git", ".gantei-x.part", ".hidden.jpg"] {
            assert_eq!(reason(name), Some(SkipReason::Hidden), "{name}");
        }
    }

    #[test]
    fn names_of_photographs_are_not_litter() {
        for name in [
            "p1_OD.jpg",
            "recycle.jpg",
            "#1.jpg",
            "@home",
            "trash.png",
            "_OD.jpg",
            "thumbs.db.jpg",
            "~1.jpg",
            "IM0001~",
            "scan_original",
            "p1_original.jpg",
            "",
        ] {
            assert_eq!(reason(name), None, "{name}");
        }
    }
}
