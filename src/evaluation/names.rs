//! Names of photographs in tables and on disk, and the normalisations under which they are compared.

use unicode_normalization::UnicodeNormalization;

use super::fold::folded;
use crate::domain::foreign;
use crate::imaging;

/// Extensions besides those of photographs that a name may have or lack; anything else after a point is part of the
/// name.
const OTHER_EXTENSIONS: [&str; 6] = ["gif", "pbm", "heic", "heif", "jxl", "avif"];

fn is_of_an_image(extension: &str) -> bool {
    imaging::is_extension(extension) || OTHER_EXTENSIONS.contains(&extension)
}

/// The photograph's name as written in the table, with `/`.
pub(super) fn image_name(cell: &str) -> String {
    let name = cell.trim().replace('\\', "/");
    let name = name.strip_prefix("file://").unwrap_or(&name);
    name.trim_start_matches("./").trim().to_owned()
}

/// How strictly two names are compared, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// Character by character, in composed form (NFC).
    Exact,
    /// Ignoring case and width.
    Folded,
    /// The same, without the extension.
    Stem,
    /// The same, with all-digit names without leading zeros.
    Digits,
}

/// A name under a normalisation.
pub(super) fn written(name: &str, writing: Writing) -> String {
    let exact = || name.nfc().collect::<String>();
    let parts = |name: &str| -> Vec<String> { name.split('/').map(folded).collect() };
    match writing {
        Writing::Exact => exact(),
        Writing::Folded => parts(name).join("/"),
        Writing::Stem | Writing::Digits => {
            let mut parts = parts(name);
            if let Some(last) = parts.last_mut() {
                *last = stem(last).to_owned();
                let digits = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
                if writing == Writing::Digits && digits {
                    let short = last.trim_start_matches('0');
                    *last = if short.is_empty() { "0" } else { short }.to_owned();
                }
            }
            parts.join("/")
        }
    }
}

/// Whether a name has a picture's extension.
pub(super) fn is_picture(name: &str) -> bool {
    let ending = folded(name);
    ending
        .rsplit_once('.')
        .is_some_and(|(stem, extension)| is_of_an_image(extension) && !stem.is_empty())
}

/// The last part of a name without its extension, folded.
pub(super) fn stem_key(name: impl AsRef<str>) -> String {
    written(last(name.as_ref()), Writing::Stem)
}

pub(super) fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if is_of_an_image(extension) && !stem.is_empty() => stem.trim_end(),
        _ => name,
    }
}

/// The last `count` parts of a name; `None` if it has fewer.
pub(super) fn tail(name: &str, count: usize) -> Option<&str> {
    let mut slashes = name.rmatch_indices('/').map(|(at, _)| at);
    match slashes.nth(count.checked_sub(1)?) {
        Some(slash) => Some(&name[slash + 1..]),
        None => (name.split('/').count() == count).then_some(name),
    }
}

/// A name that is safe to show: only the last part of an absolute path.
pub fn bare(name: &str) -> String {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let shown = if name.starts_with('/') || drive {
        last(name)
    } else {
        name
    };
    foreign::shown(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_from_the_closest_writing_to_the_widest() {
        let name = image_name(r" .\Data\ＩＭＧ00012.JPG ");
        assert_eq!(name, "Data/ＩＭＧ00012.JPG");
        assert_eq!(written(&name, Writing::Folded), "data/img00012.jpg");
        assert_eq!(written(&name, Writing::Stem), "data/img00012");
        assert_eq!(written("a/00012.jpg", Writing::Digits), "a/12");
        assert_eq!(written("0", Writing::Digits), "0");
        assert_eq!(written("か\u{3099}.png", Writing::Exact), "が.png");
        // A point within a name does not start an extension.
        assert_eq!(stem_key("1.2.840.10008"), "1.2.840.10008");
        assert_eq!(stem_key("x/scan.v2.tiff"), "scan.v2");
        assert_eq!(stem_key(".jpg"), ".jpg");
    }

    #[test]
    fn a_tail_is_whole_parts() {
        assert_eq!(tail("a/b/c", 1), Some("c"));
        assert_eq!(tail("a/b/c", 2), Some("b/c"));
        assert_eq!(tail("a/b/c", 3), Some("a/b/c"));
        assert_eq!(tail("a/b/c", 4), None);
        assert_eq!(tail("c", 1), Some("c"));
        assert_eq!(tail("c", 2), None);
        assert_eq!(tail("/c", 1), Some("c"));
    }

    #[test]
    fn a_path_is_not_shown() {
        assert_eq!(bare("/home/x/4.png"), "4.png");
        assert_eq!(bare("C:/y/5.png"), "5.png");
        assert_eq!(bare("a/5.png"), "a/5.png");
    }
}
