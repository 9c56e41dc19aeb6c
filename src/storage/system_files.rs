//! Names of files that systems, storage devices and other programs leave next to photographs.

use crate::domain::SkipReason;

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
    "lightroom previews.lrdata",
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

/// Why a file of this name is skipped; `None` if the name gives no reason.
pub fn reason(name: &str) -> Option<SkipReason> {
    let small = name.to_lowercase();
    let known =
        NAMES.contains(&small.as_str()) || BEGINNINGS.iter().any(|start| small.starts_with(start));
    if known {
        Some(SkipReason::LeftBySystem)
    } else if small.starts_with('.') {
        // Snapshots, thumbnails, version control, caches: no list of them is ever complete.
        Some(SkipReason::Hidden)
    } else {
        None
    }
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
            "",
        ] {
            assert_eq!(reason(name), None, "{name}");
        }
    }
}
