//! Raw files of cameras that are TIFF files by their structure (DNG, NEF, CR2, ARW, PEF and others).
//!
//! Their first page is usually a thumbnail, which would be opened in place of the photograph.

use super::directory::Directories;

/// `PhotometricInterpretation` of sensors: a colour filter array (TIFF/EP), and DNG's linear raw.
const OF_SENSORS: [u64; 2] = [32803, 34892];

/// Canon's header: the first directory at 16, and between them `CR` with its version. The pixels of any TIFF may begin
/// there with these letters, so the position counts too.
const CANON: &[u8] = b"II*\0\x10\0\0\0CR";

const PHOTOMETRIC: u16 = 262;
const SUB_DIRECTORIES: u16 = 330;
const DNG_VERSION: u16 = 50706;

/// Pages examined; a raw file has at most a handful, and so it has of sub-directories.
const MAX_PAGES: usize = 16;

/// Sub-directories of a page examined; a raw file has at most a handful.
const MAX_SUB_DIRECTORIES: u64 = 16;

/// Whether the file holds the samples of a sensor.
pub(super) fn is_of_camera(bytes: &[u8]) -> bool {
    if bytes.starts_with(CANON) {
        return true;
    }
    let Some(directories) = Directories::of(bytes) else {
        return false;
    };
    let first = directories.first();
    let is_of_sensor = |page: u64| {
        let kind = directories.values(page, PHOTOMETRIC, 1);
        kind.first().is_some_and(|kind| OF_SENSORS.contains(kind))
    };
    let mut pages = directories.pages(MAX_PAGES).into_iter();
    !directories.values(first, DNG_VERSION, 4).is_empty()
        || pages.any(|page| {
            let below = directories.values(page, SUB_DIRECTORIES, MAX_SUB_DIRECTORIES);
            is_of_sensor(page) || below.into_iter().any(is_of_sensor)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of one or two numbers of 32 bits; the second is behind the directory.
    fn directory(entries: &[(u16, &[u32])], at: u32) -> Vec<u8> {
        let mut out = (entries.len() as u16).to_le_bytes().to_vec();
        let behind = at + 2 + 12 * entries.len() as u32 + 4;
        let mut tail = Vec::new();
        for (tag, values) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(4_u16.to_le_bytes());
            out.extend((values.len() as u32).to_le_bytes());
            let field = match values {
                [one] => *one,
                _ => behind + tail.len() as u32,
            };
            out.extend(field.to_le_bytes());
            if values.len() > 1 {
                tail.extend(values.iter().flat_map(|v| v.to_le_bytes()));
            }
        }
        out.extend([0; 4]);
        [out, tail].concat()
    }

    #[test]
    fn sensors_are_found_on_any_page_and_below_it() {
        let chain = |first: &[(u16, &[u32])], next: u32| {
            let mut out = b"II*\0\x08\0\0\0".to_vec();
            out.extend(directory(first, 8));
            let at = 8 + 2 + 12 * first.len();
            out[at..at + 4].copy_from_slice(&next.to_le_bytes());
            out.resize(200, 0);
            out.extend(directory(&[(PHOTOMETRIC, &[2])], 200));
            out.resize(300, 0);
            out.extend(directory(&[(PHOTOMETRIC, &[32803])], 300));
            out
        };
        let file = |first: &[(u16, &[u32])]| chain(first, 0);
        for (next, expected) in [(200, false), (300, true), (8, false), (9999, false)] {
            let chained = chain(&[(PHOTOMETRIC, &[2])], next);
            assert_eq!(is_of_camera(&chained), expected, "{next}");
        }
        for (entries, expected) in [
            (&[(PHOTOMETRIC, &[2][..])][..], false),
            (&[(PHOTOMETRIC, &[32803])], true),
            (&[(PHOTOMETRIC, &[2]), (SUB_DIRECTORIES, &[200, 300])], true),
            (&[(PHOTOMETRIC, &[2]), (SUB_DIRECTORIES, &[300])], true),
            (&[(PHOTOMETRIC, &[2]), (SUB_DIRECTORIES, &[200])], false),
            (&[(DNG_VERSION, &[1])], true),
        ] {
            assert_eq!(is_of_camera(&file(entries)), expected, "{entries:?}");
        }
        assert!(is_of_camera(b"II*\0\x10\0\0\0CR\x02\0"));
        // Pixels directly behind the header.
        assert!(!is_of_camera(b"II*\0\x0C\0\0\0CRCR\0\0\0\0\0\0"));
        assert!(!is_of_camera(b"II*\0\xFF\xFF\xFF\xFF"));
    }
}
