//! The files of a downloaded archive (zip, tar, gzip), without anything being written.
//!
//! Archives are untrusted: the number of entries, their bytes and the ratio of both to the archive are limited before
//! they are allocated. Nothing is followed or restored: links, owners and modes are ignored, and a name that leads out
//! of the archive is refused. A zip file is unpacked entry by entry as its files are read, a tar file at once.

use std::collections::BTreeMap;
use std::io::{Cursor, ErrorKind, Read};
use std::sync::{Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use tar::{EntryType, PaxExtensions};
use zip::ZipArchive;
use zip::result::ZipError;

use super::files::{Bytes, FilesInMemory, ModelFiles};
use super::limits::MAX_FILE_BYTES;
use super::zipped::looks_like_zip;
use super::{Error, FileKind};
use crate::progress::Cancel;

/// Maximum number of entries; a published model has some dozen.
const MAX_ENTRIES: usize = 10_000;
/// Weights shrink by a tenth when compressed; texts and graphs shrink more. All entries together may have four times
/// the bytes of the archive, and this many more.
const MORE_BYTES: u64 = 256 << 20;
/// Maximum length of an entry's name.
const MAX_NAME: usize = 1024;
/// Maximum bytes that describe one entry of a tar file: its name, times, and what systems add.
const MAX_DESCRIPTION: u64 = 1 << 20;
/// A tar file consists of blocks of this many bytes.
const BLOCK: usize = 512;
/// Bytes that are unpacked before the next look whether to stop.
const STEP: u64 = 4 << 20;

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
/// the archive (`name`) without the ending. `room` is the number of bytes for which there is memory.
///
/// # Errors
/// [`Error::Limit`] and [`Error::ArchiveTooLarge`] for more or larger entries than a model has, [`Error::Memory`] for more than
/// there is room for, [`Error::NotAModel`] for a packing that is not supported and for names that lead out of the
/// archive, [`Error::Malformed`] for damaged archives.
pub fn unpack(
    name: &str,
    bytes: Bytes,
    room: u64,
    cancel: &Cancel,
) -> Result<Option<Box<dyn ModelFiles>>, Error> {
    let length = bytes.as_ref().len() as u64;
    let limits = Limits {
        allowed: MAX_FILE_BYTES.min(4 * length + MORE_BYTES),
        room,
        cancel,
    };
    Ok(match packing(bytes.as_ref()) {
        None => None,
        Some(Packing::Zip) => Some(Box::new(FilesInZip::open(bytes, limits.allowed)?)),
        Some(Packing::Tar) => Some(Box::new(untar(bytes.as_ref(), &limits)?)),
        Some(Packing::Gzip) => Some(Box::new(gunzip(name, bytes.as_ref(), &limits)?)),
    })
}

/// What unpacking at once may take.
struct Limits<'a> {
    /// Bytes of all entries together.
    allowed: u64,
    /// Bytes for which there is memory.
    room: u64,
    cancel: &'a Cancel,
}

impl Limits<'_> {
    /// Refuses so many bytes of all entries before they are allocated.
    fn check(&self, bytes: u64) -> Result<(), Error> {
        match bytes {
            bytes if bytes > self.allowed => Err(self.exceeded()),
            bytes if bytes > self.room => Err(Error::Memory { bytes }),
            _ => Ok(()),
        }
    }

    fn exceeded(&self) -> Error {
        Error::ArchiveTooLarge {
            limit: self.allowed,
        }
    }

    /// The first bytes that are unpacked, at most `count`.
    fn read(&self, packed: impl Read, count: u64) -> Result<Vec<u8>, Error> {
        let mut packed = packed.take(count);
        let mut bytes = Vec::new();
        loop {
            self.cancel.check()?;
            let step = STEP.min(packed.limit());
            let needed = bytes.len() as u64 + step;
            (bytes.try_reserve(step as usize)).map_err(|_| Error::Memory { bytes: needed })?;
            let mut part = (&mut packed).take(step);
            let read = part.read_to_end(&mut bytes);
            if read.map_err(|e| damaged(e.kind()))? == 0 {
                return Ok(bytes);
            }
        }
    }
}

/// The name with `/` between its parts; an error if it leads out of the archive. Programs on Windows write `\`.
fn inside(name: &str) -> Result<String, Error> {
    if name.len() > MAX_NAME {
        return Err(Error::Limit(format!(
            "an entry of the archive has a name of more than {MAX_NAME} bytes"
        )));
    }
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
    /// Bytes that all entries together may have.
    allowed: u64,
    charged: Mutex<Charged>,
}

/// The bytes that were unpacked; those of an entry that is read again count once.
#[derive(Default)]
struct Charged {
    /// Of all entries.
    sum: u64,
    /// The most of each entry, by its number.
    entries: BTreeMap<usize, u64>,
}

impl Charged {
    /// Counts the first `bytes` of an entry; false if all would exceed what is allowed.
    fn add(&mut self, entry: usize, bytes: u64, allowed: u64) -> bool {
        let before = self.entries.entry(entry).or_default();
        let sum = self.sum.saturating_add(bytes.saturating_sub(*before));
        let is_within = sum <= allowed;
        if is_within {
            self.sum = sum;
            *before = bytes.max(*before);
        }
        is_within
    }
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
            allowed,
            charged: Mutex::default(),
        })
    }

    /// At most `count` bytes of an entry.
    fn unpacked(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        let missing = || Error::MissingFile { name: name.into() };
        let (at, length) = *self.entries.get(name).ok_or_else(missing)?;
        let length = length.min(count);
        let mut charged = self.charged.lock().unwrap_or_else(PoisonError::into_inner);
        if !charged.add(at, length, self.allowed) {
            return Err(Error::ArchiveTooLarge {
                limit: self.allowed,
            });
        }
        drop(charged);
        let mut archive = self.archive.clone();
        let entry = archive.by_index(at).map_err(of_zip)?;
        let mut bytes = Vec::new();
        // The stated length limits the bytes, and one more reveals an entry that misstates it.
        entry
            .take(length.saturating_add(u64::from(length < count)))
            .read_to_end(&mut bytes)
            .map_err(|e| damaged(e.kind()))?;
        match bytes.len() as u64 > length {
            true => Err(Error::malformed(
                "an entry of the archive misstates its length",
            )),
            false => Ok(bytes),
        }
    }
}

impl ModelFiles for FilesInZip {
    fn names(&self) -> Result<&[String], Error> {
        Ok(&self.names)
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(|(_, length)| *length)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        self.unpacked(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
        match self.length(name) {
            Some(length) if length > limit => Err(Error::too_large(name, limit)),
            _ => self.unpacked(name, u64::MAX).map(Bytes::from),
        }
    }
}

fn gunzip(name: &str, bytes: &[u8], limits: &Limits) -> Result<FilesInMemory, Error> {
    let start = limits.read(MultiGzDecoder::new(bytes), BLOCK as u64)?;
    if looks_like_tar(&start) {
        return untar(MultiGzDecoder::new(bytes), limits);
    }
    let most = limits.allowed.min(limits.room);
    let whole = limits.read(MultiGzDecoder::new(bytes), most.saturating_add(1))?;
    let name = match name.rsplit_once('.') {
        Some((stem, end)) if end.eq_ignore_ascii_case("gz") && !stem.is_empty() => stem,
        _ => name,
    };
    limits.check(whole.len() as u64)?;
    Ok([(name.to_owned(), Bytes::from(whole))]
        .into_iter()
        .collect())
}

fn untar(packed: impl Read, limits: &Limits) -> Result<FilesInMemory, Error> {
    let mut unpacked = 0_u64;
    let mut files = BTreeMap::new();
    // Headers and long names count as well.
    let headers = MAX_ENTRIES as u64 * 4 * BLOCK as u64;
    let mut archive = tar::Archive::new(packed.take(limits.allowed + headers));
    // Long names are entries of their own, which the library would read whatever their length.
    let entries = archive.entries().map_err(|e| damaged(e.kind()))?.raw(true);
    let mut described = Description::default();
    for (at, entry) in entries.enumerate() {
        limits.cancel.check()?;
        if at >= 4 * MAX_ENTRIES || files.len() >= MAX_ENTRIES {
            return Err(too_many(MAX_ENTRIES));
        }
        let mut entry = entry.map_err(|e| damaged(e.kind()))?;
        let kind = entry.header().entry_type();
        if described.add(kind, &mut entry, limits)? {
            continue;
        }
        let Description { name, length } = std::mem::take(&mut described);
        if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            continue;
        }
        let name = name.unwrap_or_else(|| entry.path_bytes().into_owned());
        let name = inside(&String::from_utf8_lossy(&name))?;
        if length.is_some_and(|length| length != entry.size()) {
            return Err(limits.exceeded());
        }
        let length = entry.size();
        unpacked = unpacked.saturating_add(length);
        limits.check(unpacked)?;
        let bytes = limits.read(&mut entry, length)?;
        if bytes.len() as u64 != length {
            return Err(Error::malformed("the archive is cut short"));
        }
        // As `tar` does: a later entry replaces an earlier one.
        files.insert(name, Bytes::from(bytes));
    }
    Ok(files.into_iter().collect())
}

/// What entries of a tar file say about the next one.
#[derive(Default)]
struct Description {
    name: Option<Vec<u8>>,
    /// Stated for a file of more than 8 GB, whose header has no place for it.
    length: Option<u64>,
}

impl Description {
    /// Reads an entry that describes the next one, or describes all; false for any other.
    fn add(
        &mut self,
        kind: EntryType,
        entry: &mut impl Read,
        limits: &Limits,
    ) -> Result<bool, Error> {
        match kind {
            EntryType::GNULongName => {
                let mut name = limits.read(entry, MAX_NAME as u64 + 2)?;
                name.truncate(name.iter().position(|&b| b == 0).unwrap_or(name.len()));
                self.name = Some(name);
            }
            EntryType::XHeader => {
                let text = limits.read(entry, MAX_DESCRIPTION + 1)?;
                if text.len() as u64 > MAX_DESCRIPTION {
                    return Err(Error::Limit(format!(
                        "an entry of the archive has a description of more than {MAX_DESCRIPTION} bytes"
                    )));
                }
                for field in PaxExtensions::new(&text).flatten() {
                    match field.key_bytes() {
                        b"path" => self.name = Some(field.value_bytes().to_owned()),
                        b"size" => self.length = field.value().ok().and_then(|v| v.parse().ok()),
                        _ => {}
                    }
                }
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => return Ok(false),
        }
        Ok(true)
    }
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
        within(name, bytes, u64::MAX)
    }

    fn within(
        name: &str,
        bytes: impl Into<Bytes>,
        room: u64,
    ) -> Result<Box<dyn ModelFiles>, Error> {
        let files = unpack(name, bytes.into(), room, &Cancel::new());
        files.map(|files| files.expect("an archive"))
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
            assert_eq!(files.names().unwrap(), ["m/a", "m/b"]);
            assert_eq!(files.read("m/b", 6).unwrap().as_ref(), b);
            assert_eq!(files.start("m/a", 2).unwrap(), b"fi");
            assert_eq!(files.length("m/a"), Some(5));
            assert_eq!(files.read("m/a", 4), Err(Error::too_large("m/a", 4)));
            assert!(matches!(files.read("c", 4), Err(Error::MissingFile { .. })));
        }
        let files = of("m.h5.GZ", gzipped(a)).unwrap();
        assert_eq!(files.names().unwrap(), ["m.h5"]);
        assert_eq!(files.read("m.h5", 9).unwrap().as_ref(), a);
        assert!(
            unpack(
                "m",
                Bytes::from(b"\x89HDF".to_vec()),
                u64::MAX,
                &Cancel::new()
            )
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
        assert_eq!(files.unwrap().names().unwrap(), ["c"]);
    }

    #[test]
    fn what_inflates_is_refused_before_it_is_allocated() {
        let zeros = vec![0; (MORE_BYTES + (64 << 20)) as usize];
        let is_too_large =
            |error: Option<Error>| matches!(error, Some(Error::ArchiveTooLarge { .. }));
        assert!(is_too_large(of("a.gz", gzipped(&zeros)).err()));
        let files = of("x", zipped(&[("a", &zeros)])).unwrap();
        assert!(is_too_large(files.read("a", u64::MAX).err()));
        let mut huge = header("a", 1 << 40, b'0').as_bytes().to_vec();
        huge.resize(4 * BLOCK, 0);
        assert!(is_too_large(of("x", huge).err()));
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
    fn entries_count_once_however_often_they_are_read() {
        let part = vec![0; 100 << 20];
        let files = of("x", zipped(&[("a", &part), ("b", &part), ("c", &part)])).unwrap();
        for _ in 0..3 {
            assert!(files.start("a", u64::MAX).is_ok() && files.read("a", u64::MAX).is_ok());
        }
        assert!(files.read("b", u64::MAX).is_ok());
        let refused = files.read("c", u64::MAX);
        assert!(matches!(refused, Err(Error::ArchiveTooLarge { .. })));
        // What still fits is unpacked.
        assert!(files.start("c", 9).is_ok() && files.read("a", u64::MAX).is_ok());
    }

    /// An entry of a tar file that gives the next one a name, as GNU tar writes it and as POSIX has it.
    fn descriptions(name: &str) -> [(Vec<u8>, u8); 2] {
        let gnu = [name.as_bytes(), b"\0"].concat();
        let text = format!(" path={name}\n");
        // The number counts itself.
        let length = (1_usize..).find(|n| *n == text.len() + n.to_string().len());
        let pax = format!("{}{text}", length.unwrap());
        [(gnu, b'L'), (pax.into_bytes(), b'x')]
    }

    #[test]
    fn long_names_are_read_within_their_limit() {
        let tar = |name: &str, long: &[u8], kind: u8| {
            tarred(&[
                ("././@LongLink", long, kind),
                (name, b"a", b'0'),
                ("b", b"b", b'0'),
            ])
        };
        let long = format!("{}/m.h5", "x".repeat(500));
        for (description, kind) in descriptions(&long) {
            let files = of("x", tar("short", &description, kind)).unwrap();
            assert_eq!(files.names().unwrap(), ["b", &long]);
        }
        for name in ["y".repeat(MAX_NAME + 1), "../".repeat(20_000) + "m"] {
            for (description, kind) in descriptions(&name) {
                let refused = of("x", tar("short", &description, kind)).err();
                assert!(matches!(refused, Some(Error::Limit(_))), "{refused:?}");
            }
            let refused = of("x", zipped(&[(&name, b"a")])).err();
            assert!(matches!(refused, Some(Error::Limit(_))), "{refused:?}");
        }
        let much = vec![b' '; MAX_DESCRIPTION as usize + 1];
        let refused = of("x", tar("short", &much, b'x')).err();
        assert!(matches!(refused, Some(Error::Limit(_))), "{refused:?}");
        // A name that is stated for a folder is not that of the file after it.
        let (gnu, _) = &descriptions("other")[0];
        let folder = [
            ("././@LongLink", &gnu[..], b'L'),
            ("m/", b"", b'5'),
            ("c", b"c", b'0'),
        ];
        assert_eq!(of("x", tarred(&folder)).unwrap().names().unwrap(), ["c"]);
        let long_size = [("p", &b"13 size=9999\n"[..], b'x'), ("c", b"c", b'0')];
        assert!(matches!(
            of("x", tarred(&long_size)).err(),
            Some(Error::ArchiveTooLarge { .. })
        ));
    }

    #[test]
    fn unpacking_stops_and_is_refused_without_memory() {
        let tar = tarred(&[("a", &[1; 600], b'0'), ("b", &[2; 600], b'0')]);
        for packed in [tar.clone(), gzipped(&tar), gzipped(&[3; 1200])] {
            assert!(within("x", packed.clone(), 1200).is_ok());
            let refused = within("x", packed.clone(), 1199).err();
            assert!(matches!(refused, Some(Error::Memory { .. })), "{refused:?}");
            let cancel = Cancel::new();
            cancel.cancel();
            let stopped = unpack("x", packed.into(), u64::MAX, &cancel).err();
            assert_eq!(stopped, Some(Error::Cancelled));
        }
    }
}
