//! The files that a model consists of, by name. This storey does no I/O: a folder on disk, an unpacked archive and a
//! test each offer their files through the same trait.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::Error;
use super::limits::MAX_FILE_BYTES;

/// The bytes of a file; a copy shares them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bytes(Arc<Vec<u8>>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// Named files, of which some form a model.
///
/// Names are relative to one folder, with `/` between their parts, without `.`, `..` and a leading `/`, sorted, each
/// once. Only these names can be read, whatever a model file states.
pub trait ModelFiles: Send + Sync {
    /// # Errors
    /// [`Error::TooManyFiles`] for more files than are listed.
    fn names(&self) -> Result<&[String], Error>;

    /// Length in bytes; `None` if there is no file of this name.
    fn length(&self, name: &str) -> Option<u64>;

    /// The first `count` bytes of a file, fewer if it is shorter.
    ///
    /// # Errors
    /// [`Error::MissingFile`] if there is no such file, and [`Error::Unreadable`] with the system's reason.
    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error>;

    /// The whole file.
    ///
    /// # Errors
    /// As [`Self::start`], and [`Error::TooLarge`] for more than `limit` bytes, before they are allocated.
    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error>;

    fn has(&self, name: &str) -> bool {
        self.length(name).is_some()
    }
}

/// The whole of one of several files that may have [`MAX_FILE_BYTES`] together, of which `left` are left; what it has
/// is subtracted.
///
/// # Errors
/// As [`ModelFiles::read`], and [`Error::FilesTooLarge`] for a file that exceeds the limit only with those before it.
pub fn read_within(files: &dyn ModelFiles, name: &str, left: &mut u64) -> Result<Bytes, Error> {
    let bytes = files.read(name, *left).map_err(|error| match error {
        Error::TooLarge { .. } if *left < MAX_FILE_BYTES => Error::FilesTooLarge {
            limit: MAX_FILE_BYTES,
        },
        other => other,
    })?;
    *left = left.saturating_sub(bytes.as_ref().len() as u64);
    Ok(bytes)
}

/// References and boxes.
impl<P> ModelFiles for P
where
    P: Deref<Target: ModelFiles> + Send + Sync,
{
    fn names(&self) -> Result<&[String], Error> {
        (**self).names()
    }

    fn length(&self, name: &str) -> Option<u64> {
        (**self).length(name)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        (**self).start(name, count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
        (**self).read(name, limit)
    }
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct FilesInMemory {
    names: Vec<String>,
    files: BTreeMap<String, Bytes>,
}

impl FromIterator<(String, Bytes)> for FilesInMemory {
    fn from_iter<I: IntoIterator<Item = (String, Bytes)>>(files: I) -> Self {
        let files: BTreeMap<String, Bytes> = files.into_iter().collect();
        Self {
            names: files.keys().cloned().collect(),
            files,
        }
    }
}

impl FilesInMemory {
    fn file(&self, name: &str) -> Result<&Bytes, Error> {
        self.files
            .get(name)
            .ok_or_else(|| Error::MissingFile { name: name.into() })
    }
}

impl ModelFiles for FilesInMemory {
    fn names(&self) -> Result<&[String], Error> {
        Ok(&self.names)
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.files.get(name).map(|file| file.as_ref().len() as u64)
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        let bytes = self.file(name)?.as_ref();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(bytes[..bytes.len().min(count)].to_vec())
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
        let bytes = self.file(name)?;
        match bytes.as_ref().len() as u64 > limit {
            true => Err(Error::too_large(name, limit)),
            false => Ok(bytes.clone()),
        }
    }
}

/// The files in one folder of others, named relative to it; an empty folder is the outermost.
pub struct FilesWithin<F> {
    files: F,
    /// The folder and a slash, or nothing.
    folder: String,
    names: Vec<String>,
}

impl<F: ModelFiles> FilesWithin<F> {
    /// # Errors
    /// As [`ModelFiles::names`].
    pub fn new(files: F, folder: &str) -> Result<Self, Error> {
        let folder = match folder.is_empty() {
            true => String::new(),
            false => format!("{folder}/"),
        };
        let below = files.names()?.iter();
        let below = below.filter_map(|name| name.strip_prefix(&folder));
        Ok(Self {
            names: below.map(str::to_owned).collect(),
            files,
            folder,
        })
    }

    fn whole(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }
}

impl<F: ModelFiles> ModelFiles for FilesWithin<F> {
    fn names(&self) -> Result<&[String], Error> {
        Ok(&self.names)
    }

    fn length(&self, name: &str) -> Option<u64> {
        self.files.length(&self.whole(name))
    }

    fn start(&self, name: &str, count: u64) -> Result<Vec<u8>, Error> {
        self.files.start(&self.whole(name), count)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Bytes, Error> {
        self.files.read(&self.whole(name), limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_too_large_together_are_not_refused_one_by_one() {
        let files: FilesInMemory = [("a".to_owned(), Bytes::from(vec![0; 4]))]
            .into_iter()
            .collect();
        let mut left = 6;
        assert!(read_within(&files, "a", &mut left).is_ok());
        let limit = MAX_FILE_BYTES;
        let refused = read_within(&files, "a", &mut left);
        assert_eq!(refused, Err(Error::FilesTooLarge { limit }));
        assert_eq!(left, 2);
    }

    #[test]
    fn files_in_memory_are_read_by_name_within_limits() {
        let files: FilesInMemory = [("b/c", "12345"), ("a", "1")]
            .map(|(name, text)| (name.to_owned(), Bytes::from(text.as_bytes().to_vec())))
            .into_iter()
            .collect();
        assert_eq!(files.names().unwrap(), ["a", "b/c"]);
        assert!(files.has("b/c") && !files.has("b"));
        assert_eq!(files.length("b/c"), Some(5));
        assert_eq!(files.start("b/c", 2).unwrap(), b"12");
        assert_eq!(files.start("a", 9).unwrap(), b"1");
        assert_eq!(files.read("b/c", 5).unwrap().as_ref(), b"12345");
        assert_eq!(files.read("b/c", 4), Err(Error::too_large("b/c", 4)));
        let within = FilesWithin::new(&files, "b").unwrap();
        assert_eq!(within.names().unwrap(), ["c"]);
        assert_eq!(within.length("c"), Some(5));
        assert_eq!(within.start("c", 1).unwrap(), b"1");
        assert_eq!(within.read("c", 5).unwrap().as_ref(), b"12345");
        let missing = Error::MissingFile { name: "c".into() };
        assert_eq!(files.read("c", 4), Err(missing));
    }
}
