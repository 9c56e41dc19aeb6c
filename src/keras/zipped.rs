//! The `.keras` archive: a zip file with `config.json`, `metadata.json` and `model.weights.h5`.
//!
//! Only these entries are read, and nothing is ever written to a path from the archive. Sizes are limited before and
//! during unpacking, because an archive may misstate them.

use std::io::{Cursor, Read};

use serde_json::Value;
use zip::ZipArchive;

use super::limits::{MAX_TEXT_BYTES, MAX_VERSION};
use super::{Error, FileKind};

/// Maximum bytes of weights; EfficientNet-B7 has 256 MB.
const MAX_WEIGHT_BYTES: u64 = 1 << 30;
/// Keras stores weights uncompressed, and real ones shrink by a tenth when recompressed. Weights may exceed five
/// quarters of the archive's size by this many bytes.
const MORE_WEIGHT_BYTES: u64 = 128 << 20;
/// Maximum number of entries; Keras writes three, and one per asset.
const MAX_ENTRIES: usize = 1000;

/// The parts of a `.keras` archive.
pub struct KerasArchive {
    /// What `model_config` holds in an `.h5` file.
    pub config: String,
    pub keras_version: Option<String>,
    /// An HDF5 file.
    pub weights: Vec<u8>,
}

/// True if the bytes start like a zip file.
pub fn looks_like_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Unpacks the parts.
pub fn open(bytes: &[u8]) -> Result<KerasArchive, Error> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(Error::Limit(format!(
            "{} entries in a zip file",
            archive.len()
        )));
    }
    let has =
        |archive: &ZipArchive<Cursor<&[u8]>>, name: &str| archive.index_for_name(name).is_some();
    if !has(&archive, "config.json") {
        return Err(Error::NotAModel(FileKind::of_bytes(bytes)));
    }
    if !has(&archive, "model.weights.h5") {
        return Err(Error::invalid("the archive has no model.weights.h5"));
    }
    let config = text(&mut archive, "config.json")?;
    let keras_version = if has(&archive, "metadata.json") {
        let metadata: Value = serde_json::from_str(&text(&mut archive, "metadata.json")?)
            .map_err(|e| Error::invalid(format!("metadata.json: {e}")))?;
        metadata
            .get("keras_version")
            .and_then(Value::as_str)
            .map(|v| v.chars().take(MAX_VERSION).collect())
    } else {
        None
    };
    let length = bytes.len() as u64;
    let limit = MAX_WEIGHT_BYTES.min(length + length / 4 + MORE_WEIGHT_BYTES);
    let weights = entry(&mut archive, "model.weights.h5", limit)?;
    Ok(KerasArchive {
        config,
        keras_version,
        weights,
    })
}

fn text(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, Error> {
    let bytes = entry(archive, name, MAX_TEXT_BYTES)?;
    String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{name} is not UTF-8")))
}

fn entry(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, Error> {
    let file = archive.by_name(name).map_err(damaged)?;
    let beyond = || Error::too_large(name, limit);
    if file.size() > limit {
        return Err(beyond());
    }
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(usize::try_from(file.size()).unwrap_or_default())
        .map_err(|_| Error::Memory { bytes: file.size() })?;
    // One byte beyond the limit distinguishes an entry that misstates its size from one that just fits.
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| Error::malformed(format!("{name}: {e}")))?;
    if bytes.len() as u64 > limit {
        return Err(beyond());
    }
    Ok(bytes)
}

fn damaged(error: zip::result::ZipError) -> Error {
    Error::malformed(format!("zip: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn other_zip_files_are_told_apart() {
        assert_eq!(
            open(&packed(&[("a.txt", b"a")])).err(),
            Some(Error::NotAModel(FileKind::ZipWithoutModel))
        );
        assert!(open(&packed(&[("config.json", b"{}")])).is_err());
        assert!(open(b"PK\x03\x04 and nothing").is_err());
    }

    #[test]
    fn a_configuration_that_inflates_is_refused() {
        let zeros = vec![b' '; MAX_TEXT_BYTES as usize + 1];
        let bytes = packed(&[("config.json", &zeros), ("model.weights.h5", b"x")]);
        assert!(bytes.len() < 100_000);
        assert!(matches!(open(&bytes), Err(Error::TooLarge { .. })));
    }
}
