//! The files of a downloaded archive (zip, tar, gzip), without anything being written.
//!
//! Archives are untrusted: the number of entries, their bytes and the ratio of both to the archive are limited before
//! they are allocated. Nothing is followed or restored: links, owners and modes are ignored, and a name that leads out
//! of the archive is refused. A zip file is unpacked entry by entry as its files are read, a tar file at once.

use std::collections::BTreeMap;
use std::io::{Cursor, ErrorKind, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use tar::EntryType;
use zip::ZipArchive;
use zip::result::ZipError;

use super::files::{Bytes, FilesInMemory, ModelFiles, beyond};
use super::zipped::looks_like_zip;
use super::{Error, FileKind};

/// Maximum number of entries; a published model has some dozen.
const MAX_ENTRIES: usize = 10_000;
/// Maximum bytes of all entries together.
const MAX_BYTES: u64 = 2 << 30;
/// Weights shrink by a tenth when compressed; texts and graphs shrink more. All entries together may have four times
/// the bytes of the archive, and this many more.
const MORE_BYTES: u64 = 256 << 20;
/// Maximum length of an entry's name.
const MAX_NAME: usize = 1024;
/// A tar file consists of blocks of this many bytes.
const BLOCK: usize = 512;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Zip,
    Gzip,
    Tar,
}

/// True if a file that starts with these bytes, at least 512 unless it is shorter, is an archive that [`unpack`] reads.
pub fn looks_like_an_archive(start: &[u8]) -> bool {
    packing(start).is_some()
}

fn packing(start: &[u8]) -> Option<Packing> {
    if looks_like_zip(start) {
        Some(Packing::Zip)
    } else if start.starts_with(b"\x1f\x8b\x08") {
        Some(Packing::Gzip)
    } else {
        looks_like_tar(start).then_some(Packing::Tar)
    }
}

/// Whether the first block is a header with a valid sum. Old archives have no magic.
fn looks_like_tar(start: &[u8]) -> bool {
    let Some(block) = start.get(..BLOCK) else {
        return false;
    };
    let stated = std::str::from_utf8(&block[148..156]).ok();
    let stated = stated.map(|text| text.trim_matches([' ', '\0']));
    let stated = stated.and_then(|text| u64::from_str_radix(text, 8).ok());
    let sum = |place: usize, byte: u8| match place {
        148..156 => u64::from(b' '),
        _ => u64::from(byte),
    };
    let found: u64 = block.iter().enumerate().map(|(at, &b)| sum(at, b)).sum();
    stated == Some(found) && block[0] != 0
}

/// The files of an archive; `None` if the bytes are none. The one file of a `.gz` that is not a tar file is named like
/// the archive (`name`) without the ending.
///
/// # Errors
/// [`Error::Limit`] for more or larger entries than a model has, [`Error::NotAModel`] for a packing that is not supported
/// and for names that lead out of the archive, [`Error::Malformed`] for damaged archives.
pub fn unpack(name: &str, bytes: Bytes) -> Result<Option<Box<dyn ModelFiles>>, Error> {
    let length = bytes.as_ref().len() as u64;
    let allowed = MAX_BYTES.min(4 * length + MORE_BYTES);
    Ok(match packing(bytes.as_ref()) {
        None => None,
        Some(Packing::Zip) => Some(Box::new(FilesInZip::open(bytes, allowed)?)),
        Some(Packing::Tar) => Some(Box::new(untar(bytes.as_ref(), allowed)?)),
        Some(Packing::Gzip) => Some(Box::new(gunzip(name, bytes.as_ref(), allowed)?)),
    })
}

/// The name with `/` between its parts; an error if it leads out of the archive. Programs on Windows write `\`.
fn inside(name: &str) -> Result<String, Error> {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> = name
        .split('/')
        .filter(|p| !matches!(*p, "" | "."))
        .collect();
    let leads_out = name.starts_with('/')
        || name.contains('\0')
        || parts.contains(&"..")
        || parts.first().is_some_and(|part| part.ends_with(':'));
    if leads_out {
        return Err(Error::NotAModel(FileKind::UnsafeArchive));
    }
    if name.len() > MAX_NAME {
        return Err(Error::Limit(format!(
            "an entry of the archive has a name of {} bytes",
            name.len()
        )));
    }
    Ok(parts.join("/"))
}

fn too_many(entries: usize) -> Error {
    Error::Limit(format!("the archive has {entries} entries or more"))
}

/// The files of a zip archive, each unpacked when it is read.
struct FilesInZip {
    archive: ZipArchive<Cursor<Bytes>>,
    names: Vec<String>,
    /// Number of the entry, and its stated length.
    entries: BTreeMap<String, (usize, u64)>,
    /// Bytes that may still be unpacked.
    left: AtomicU64,
}

impl FilesInZip {
    fn open(bytes: Bytes, allowed: u64) -> Result<Self, Error> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(of_zip)?;
        if archive.len() > MAX_ENTRIES {
            return Err(too_many(archive.len()));
        }
        let mut entries = BTreeMap::new();
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).map_err(of_zip)?;
            if entry.name().ends_with(['/', '\\']) || entry.is_symlink() {
                continue;
            }
            let (name, length) = (inside(entry.name())?, entry.size());
            if entries.insert(name, (at, length)).is_some() {
                return Err(Error::malformed("two entries of the archive have one name"));
            }
        }
        Ok(Self {
            archive,
            names: entries.keys().cloned().collect(),
            entries,
            left: AtomicU64::new(allowed),
        })
    }

    /// At most `count` bytes of an entry.
    fn unpacked(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        let missing = || Error::MissingFile { name: name.into() };
        let (at, length) = *self.entries.get(name).ok_or_else(missing)?;
        let length = length.min(count);
        let take = |left: u64| left.checked_sub(length);
        if (self.left)
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_err()
        {
            return Err(Error::Limit(format!("{name} is too large when unpacked")));
        }
        let mut archive = self.archive.clone();
        let entry = archive.by_index(at).map_err(of_zip)?;
        let mut bytes = Vec::new();
        // The stated length limits the bytes, and one more reveals an entry that misstates it.
        entry
            .take(length.saturating_add(u64::from(length < count)))
            .read_to_end(&mut bytes)
            .map_err(|e| damaged(e.kind()))?;
        match bytes.len() as u64 > length {
            true => Err(Error::malformed(format!("{name} misstates its length"))),
            false => Ok(bytes),
        }
    }
}

impl ModelFiles for FilesInZip {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(|(_, length)| *length)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        self.unpacked(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
        match self.length(name) {
            Some(length) if length > limit => Err(beyond(name, limit)),
            _ => self.unpacked(name, u64::MAX).map(Bytes::from),
        }
    }
}

fn gunzip(name: &str, bytes: &[u8], allowed: u64) -> Result<FilesInMemory, Error> {
    let mut start = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(BLOCK as u64)
        .read_to_end(&mut start)
        .map_err(|e| damaged(e.kind()))?;
    if looks_like_tar(&start) {
        return untar(MultiGzDecoder::new(bytes), allowed);
    }
    let mut whole = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(allowed + 1)
        .read_to_end(&mut whole)
        .map_err(|e| damaged(e.kind()))?;
    if whole.len() as u64 > allowed {
        return Err(Error::Limit(format!("{name} is too large when unpacked")));
    }
    let name = match name.rsplit_once('.') {
        Some((stem, end)) if end.eq_ignore_ascii_case("gz") && !stem.is_empty() => stem,
        _ => name,
    };
    Ok([(name.to_owned(), Bytes::from(whole))]
        .into_iter()
        .collect())
}

fn untar(packed: impl Read, allowed: u64) -> Result<FilesInMemory, Error> {
    let mut left = allowed;
    let mut files = BTreeMap::new();
    // Headers and long names count as well.
    let mut archive =
        tar::Archive::new(packed.take(allowed + MAX_ENTRIES as u64 * 4 * BLOCK as u64));
    for (at, entry) in archive
        .entries()
        .map_err(|e| damaged(e.kind()))?
        .enumerate()
    {
        if at >= MAX_ENTRIES {
            return Err(too_many(MAX_ENTRIES));
        }
        let mut entry = entry.map_err(|e| damaged(e.kind()))?;
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            continue;
        }
        let name = inside(&String::from_utf8_lossy(&entry.path_bytes()))?;
        let length = entry.size();
        let too_large = || Error::Limit(format!("{name} is too large when unpacked"));
        left = left.checked_sub(length).ok_or_else(too_large)?;
        let mut bytes = Vec::new();
        (&mut entry)
            .take(length)
            .read_to_end(&mut bytes)
            .map_err(|e| damaged(e.kind()))?;
        if bytes.len() as u64 != length {
            return Err(Error::malformed("the archive is cut short"));
        }
        // As `tar` does: a later entry replaces an earlier one.
        files.insert(name, Bytes::from(bytes));
    }
    Ok(files.into_iter().collect())
}

fn of_zip(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) => Error::NotAModel(FileKind::LockedArchive),
        other => Error::malformed(format!("zip: {other}")),
    }
}

fn damaged(kind: ErrorKind) -> Error {
    Error::malformed(match kind {
        ErrorKind::UnexpectedEof => "the archive is cut short",
        _ => "the archive cannot be unpacked",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn zipped(entries: &[(&str, &[u8])]) -> Bytes {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner().into()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// A header with any name and size, which a writer of archives would refuse.
    fn header(name: &str, size: u64, kind: u8) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(tar::EntryType::new(kind));
        header.set_size(size);
        header.set_cksum();
        header
    }

    fn tarred(entries: &[(&str, &[u8], u8)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, content, kind) in entries {
            bytes.extend(header(name, content.len() as u64, *kind).as_bytes());
            bytes.extend(*content);
            bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        }
        bytes.resize(bytes.len() + 2 * BLOCK, 0);
        bytes
    }

    fn of(name: &str, bytes: impl Into<Bytes>) -> Result<Box<dyn ModelFiles>, Error> {
        unpack(name, bytes.into()).map(|files| files.expect("an archive"))
    }

    #[test]
    fn every_packing_is_told_by_its_content() {
        let (a, b) = (b"first".as_slice(), b"second".as_slice());
        let tar = tarred(&[("./m/", b"", b'5'), ("./m/a", a, b'0'), ("m\\b", b, b'0')]);
        for packed in [
            zipped(&[("m/a", a), ("m\\b", b)]),
            gzipped(&tar).into(),
            tar.into(),
        ] {
            let files = of("x", packed).unwrap();
            assert_eq!(files.names(), ["m/a", "m/b"]);
            assert_eq!(files.read("m/b", 6).unwrap().as_ref(), b);
            assert_eq!(files.start("m/a", 2).unwrap(), b"fi");
            assert_eq!(files.length("m/a"), Some(5));
            assert!(matches!(files.read("m/a", 4), Err(Error::Limit(_))));
            assert!(matches!(files.read("c", 4), Err(Error::MissingFile { .. })));
        }
        let files = of("m.h5.GZ", gzipped(a)).unwrap();
        assert_eq!(files.names(), ["m.h5"]);
        assert_eq!(files.read("m.h5", 9).unwrap().as_ref(), a);
        assert!(
            unpack("m", Bytes::from(b"\x89HDF".to_vec()))
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn names_that_lead_out_are_refused_and_links_are_ignored() {
        for name in ["../a", "m/../../a", "/a", "C:\\a", "..\\a", "\\\\host\\a"] {
            for packed in [
                zipped(&[(name, b"a")]),
                tarred(&[(name, b"a", b'0')]).into(),
            ] {
                let refused = of("x", packed).err();
                assert!(
                    matches!(refused, Some(Error::NotAModel(FileKind::UnsafeArchive))),
                    "{name}: {refused:?}"
                );
            }
        }
        let files = of(
            "x",
            tarred(&[("a", b"", b'2'), ("b", b"", b'1'), ("c", b"c", b'0')]),
        );
        assert_eq!(files.unwrap().names(), ["c"]);
    }

    #[test]
    fn what_inflates_is_refused_before_it_is_allocated() {
        let zeros = vec![0; (MORE_BYTES + (64 << 20)) as usize];
        assert!(matches!(of("x.gz", gzipped(&zeros)), Err(Error::Limit(_))));
        let files = of("x", zipped(&[("a", &zeros)])).unwrap();
        assert!(matches!(files.read("a", u64::MAX), Err(Error::Limit(_))));
        let mut huge = header("a", 1 << 40, b'0').as_bytes().to_vec();
        huge.resize(4 * BLOCK, 0);
        assert!(matches!(of("x", huge), Err(Error::Limit(_))));
        let cut = header("a", 1 << 20, b'0').as_bytes().to_vec();
        assert!(matches!(of("x", cut), Err(Error::Malformed(_))));
        let many: Vec<u8> = (0..=MAX_ENTRIES)
            .flat_map(|at| header(&at.to_string(), 0, b'0').as_bytes().to_vec())
            .collect();
        assert!(matches!(of("x", many), Err(Error::Limit(_))));
        let names: Vec<String> = (0..=MAX_ENTRIES).map(|at| at.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
        assert!(matches!(of("x", zipped(&many)), Err(Error::Limit(_))));
    }

    #[test]
    fn a_file_read_again_and_again_stays_within_the_limit() {
        let part = vec![0; 100 << 20];
        let files = of("x", zipped(&[("a", &part)])).unwrap();
        assert!(files.read("a", u64::MAX).is_ok() && files.read("a", u64::MAX).is_ok());
        assert!(matches!(files.read("a", u64::MAX), Err(Error::Limit(_))));
    }
}
