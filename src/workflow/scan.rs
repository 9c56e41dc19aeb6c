//! Finds photographs in the files and folders that the user gave.

use std::path::PathBuf;
use std::str::FromStr;

use super::Error;
use crate::domain::SkipReason;
use crate::imaging;
use crate::progress::Cancel;
use crate::saliency::Method;
use crate::storage::scan::{self, Classifier, Content, OwnName, Scan};
use crate::text::Lang;

/// Expands files and folders. A named file is always taken, so that its own error can be shown; in a folder a file is
/// taken by its extension, or by its first bytes if it has none that is known. Files left by systems and pictures
/// written by this application are skipped with the reason.
pub fn find_photographs(paths: &[PathBuf], cancel: &Cancel) -> Result<Scan, Error> {
    let judge = Classifier {
        content: &content,
        listed: &|index| imaging::files_of_disc(index).unwrap_or_default(),
        own_name: &own_name,
        is_own_results: &is_own_results,
    };
    Ok(scan::inputs(paths, &judge, cancel)?)
}

/// Nothing to work on, with what was skipped and why.
pub(super) fn nothing_found(scan: &Scan) -> Error {
    const NAMED: usize = 3;
    let named = scan.skipped.iter().take(NAMED);
    let mut named: Vec<String> = named
        .map(|s| format!("{} ({})", s.name, s.why.reason(Lang::En)))
        .collect();
    match scan.skipped.len() {
        0 => return Error::Usage("no photographs were found".to_owned()),
        all if all > NAMED => named.push(format!("and {} more", all - NAMED)),
        _ => {}
    }
    Error::Usage(format!(
        "no photographs were found; skipped: {}",
        named.join(", ")
    ))
}

fn content(start: &[u8], name: &str, length: u64) -> Content {
    if let Some(why) = imaging::no_photograph(start) {
        return Content::Never(why);
    }
    if imaging::sniff(start).is_some() {
        return Content::Picture;
    }
    match imaging::foreign(start, name, length).map(|kind| kind.skip_reason()) {
        Some(None) => Content::Picture,
        // Attributes of a photograph have its name.
        Some(Some(why @ SkipReason::LeftBySystem)) => Content::Never(why),
        Some(Some(why)) => Content::Unsupported(why),
        None => Content::Unknown,
    }
}

/// `<stem>.<model>.<method>.png` and `<stem>.figure.png`, also with the number of a second export. Words of the field,
/// such as occlusion, are in the names of photographs too.
fn own_name(name: &str) -> OwnName {
    let mut parts = name.rsplit('.');
    let (extension, what, before) = (parts.next(), parts.next(), parts.next());
    let is_picture =
        extension.is_some_and(|e| ["png", "jpg"].iter().any(|own| e.eq_ignore_ascii_case(own)));
    let what = what.map_or("", |w| w.split('~').next().unwrap_or(w));
    let is_overlay = before.is_some() && parts.next().is_some();
    match Method::from_str(what) {
        _ if !is_picture || before.is_none() => OwnName::No,
        Ok(method) if is_overlay && method != Method::Occlusion => OwnName::Yes,
        Ok(_) => OwnName::Perhaps,
        Err(_) if matches!(what, "figure" | "covered") => OwnName::Perhaps,
        Err(_) => OwnName::No,
    }
}

/// The document of the tables names its application before anything about a photograph.
fn is_own_results(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    text.contains("\"application\"") && text.contains("\"name\": \"gantei\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..500 {
            let bare = folder.path().join(format!("{n}"));
            std::fs::write(bare, b"\x89PNG\r\n\x1a\n and more").unwrap();
            std::fs::write(folder.path().join(format!("{n}.txt")), b"a note").unwrap();
        }
        let scan = find_photographs(&[folder.path().to_owned()], &Cancel::new()).unwrap();
        assert_eq!((scan.found.len(), scan.skipped.len()), (500, 500));
        assert_eq!(scan.found[10].name, "10");
    }

    #[test]
    fn names_of_overlays_and_figures_are_known() {
        for (name, own) in [
            ("p7_OD.demo-mobilenet.grad-cam.png", OwnName::Yes),
            ("p7_OD.demo-mobilenet.grad-cam~2.JPG", OwnName::Yes),
            ("p7_OD.grad-cam.jpg", OwnName::Perhaps),
            ("a.b.m.occlusion.jpg", OwnName::Perhaps),
            ("p7_OD.figure.png", OwnName::Perhaps),
            ("p7_OD.m.covered.png", OwnName::Perhaps),
        ] {
            assert_eq!(own_name(name), own, "{name}");
        }
        for name in [
            "p7_OD.png",
            "figure.png",
            "p7.OD.png",
            "a.m.grad-cam.tif",
            "",
        ] {
            assert_eq!(own_name(name), OwnName::No, "{name}");
        }
        let document = crate::export::json::document(&crate::export::json::Results::of(&[], "1"));
        assert!(is_own_results(
            crate::export::json::text(&document).as_bytes()
        ));
        assert!(!is_own_results(b"{\"results\": []}"));
    }

    #[test]
    fn a_stop_ends_the_search() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.png"), b"").unwrap();
        let cancel = Cancel::new();
        cancel.cancel();
        let found = find_photographs(&[folder.path().to_owned()], &cancel);
        assert!(matches!(found, Err(Error::Cancelled)));
    }
}
