//! Extracts the shared libraries from an official Python wheel of ONNX Runtime, without Python.
//!
//! The wheels of one release are pinned by their SHA-256; anything else is untrusted code and needs explicit consent.
//! Nothing is written here: names and bytes are returned to the caller.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::search::{is_library_name, is_onnx_runtime_name, plugin_device};
use crate::numeric::hex::sha256;

/// The release whose wheels are pinned.
pub const PINNED_VERSION: &str = "1.31.1";

/// A wheel with a known checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// As [`std::env::consts::OS`] and [`std::env::consts::ARCH`] write it.
    pub os: &'static str,
    pub arch: &'static str,
    /// End of the wheel's name.
    pub tag: &'static str,
    pub sha256: &'static str,
}

/// The wheels of ONNX Runtime 1.31.1 for Python 3.11.
pub const PINS: [Pin; 5] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        tag: "cp311-cp311-manylinux_2_28_x86_64",
        sha256: "5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        tag: "cp311-cp311-manylinux_2_28_aarch64",
        sha256: "da05378364c44d4407e463982d2bf8d5e4cfea873283757e48beeb41df97b7f3",
    },
    Pin {
        os: "windows",
        arch: "x86_64",
        tag: "cp311-cp311-win_amd64",
        sha256: "c3d91b5de31e2fc82d71bd65b2b22bddee8b49057a3a36338e9a868e0ea90c05",
    },
    Pin {
        os: "windows",
        arch: "aarch64",
        tag: "cp311-cp311-win_arm64",
        sha256: "93800007a7023b3ab26ad72e6463d0d57d84ead49a2f6341954d91438e046bc0",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        tag: "cp311-cp311-macosx_14_0_arm64",
        sha256: "60b6b69bfe580eab576cacc5d132a0e9cf2a37fcfd18d46dd191042b1d1ed0d7",
    },
];

/// Limits of unpacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file: u64,
    /// Members of the archive.
    pub members: usize,
    /// Total bytes of all unpacked libraries.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 1 << 30,
            members: 20_000,
            unpacked: 2 << 30,
        }
    }
}

/// Libraries ready to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Name of the folder in the application's runtime folder: `1.31.1` for the official build, otherwise the
    /// distribution and its version.
    pub folder: String,
    /// Plain file names and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// SHA-256 of the given file, lower-case hexadecimal.
    pub sha256: String,
    /// Whether the file is one of [`PINS`].
    pub pinned: bool,
}

/// Why a wheel or library is not installed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WheelError {
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the file is neither a wheel nor a shared library for this system")]
    NeitherWheelNorLibrary,
    #[error(
        "an ONNX Runtime library is named like libonnxruntime.so.1.31.1, onnxruntime.dll or libonnxruntime.1.31.1.dylib"
    )]
    LibraryName,
    #[error("the wheel is for {os} on {arch}; download the one for this machine")]
    OtherPlatform {
        os: &'static str,
        arch: &'static str,
    },
    #[error(
        "the checksum {found} is not that of the official wheel of this name; download it again"
    )]
    Checksum { found: String },
    #[error("the checksum {found} is unknown")]
    NotPinned { found: String },
    #[error("the wheel is damaged: {0}")]
    Damaged(String),
    #[error("the wheel has a member with an unsafe name")]
    UnsafeName,
    #[error("the wheel unpacks to more than its limit of {0} bytes or members")]
    Limit(u64),
    #[error("the wheel contains neither an ONNX Runtime library nor a plug-in for it")]
    NoLibrary,
}

/// Checks a wheel or a bare library and extracts the shared libraries. `accept` allows files that are not pinned.
pub fn unpack(bytes: &[u8], file_name: &str, accept: bool) -> Result<Unpacked, WheelError> {
    unpack_within(bytes, file_name, accept, Limits::default())
}

/// As [`unpack`], with custom limits.
pub fn unpack_within(
    bytes: &[u8],
    file_name: &str,
    accept: bool,
    limits: Limits,
) -> Result<Unpacked, WheelError> {
    if bytes.len() as u64 > limits.file {
        return Err(WheelError::TooLarge(limits.file));
    }
    let sha256 = sha256(bytes);
    let pinned = check(
        file_name,
        &sha256,
        accept,
        (std::env::consts::OS, std::env::consts::ARCH),
    )?;
    if bytes.starts_with(b"PK") {
        return unpack_wheel(bytes, sha256, pinned, limits);
    }
    if !is_library_of_this_system(bytes) {
        return Err(WheelError::NeitherWheelNorLibrary);
    }
    if !is_onnx_runtime_name(file_name) {
        return Err(WheelError::LibraryName);
    }
    let version = file_name.trim_matches(|c: char| !c.is_ascii_digit());
    let mark = if version.is_empty() {
        &sha256[..12]
    } else {
        version
    };
    Ok(Unpacked {
        folder: format!("library-{mark}"),
        files: vec![(file_name.to_owned(), bytes.to_vec())],
        sha256,
        pinned,
    })
}

/// Compares with the pins. A file with the name of a pinned wheel must have its bytes.
fn check(
    file_name: &str,
    sha256: &str,
    accept: bool,
    here: (&str, &str),
) -> Result<bool, WheelError> {
    if let Some(pin) = PINS.iter().find(|pin| pin.sha256 == sha256) {
        if (pin.os, pin.arch) != here {
            return Err(WheelError::OtherPlatform {
                os: pin.os,
                arch: pin.arch,
            });
        }
        return Ok(true);
    }
    let found = sha256.to_owned();
    let official = |pin: &Pin| file_name == format!("onnxruntime-{PINNED_VERSION}-{}.whl", pin.tag);
    if PINS.iter().any(official) {
        return Err(WheelError::Checksum { found });
    }
    if accept {
        Ok(false)
    } else {
        Err(WheelError::NotPinned { found })
    }
}

fn unpack_wheel(
    bytes: &[u8],
    sha256: String,
    pinned: bool,
    limits: Limits,
) -> Result<Unpacked, WheelError> {
    let damaged = |error: zip::result::ZipError| WheelError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits.members {
        return Err(WheelError::Limit(limits.members as u64));
    }
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    if !names.iter().all(|name| is_safe(name)) {
        return Err(WheelError::UnsafeName);
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut left = limits.unpacked;
    for name in &names {
        let Some(short) = library_member(name) else {
            continue;
        };
        if files
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(short))
        {
            return Err(WheelError::UnsafeName);
        }
        let member = archive.by_name(name).map_err(damaged)?;
        let mut content = Vec::new();
        // One byte beyond the limit distinguishes a bomb from a file that just fits, whatever size the archive claims.
        let read = member
            .take(left.saturating_add(1))
            .read_to_end(&mut content);
        read.map_err(|error| WheelError::Damaged(error.to_string()))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or(WheelError::Limit(limits.unpacked))?;
        files.push((short.to_owned(), content));
    }
    let usable = |(name, content): &(String, Vec<u8>)| {
        (is_onnx_runtime_name(name) || plugin_device(name.as_ref()).is_some())
            && is_library_of_this_system(content)
    };
    if !files.iter().any(usable) {
        return Err(WheelError::NoLibrary);
    }
    let folder = folder_name(&names)
        .ok_or_else(|| WheelError::Damaged("it does not state its version".to_owned()))?;
    Ok(Unpacked {
        folder,
        files,
        sha256,
        pinned,
    })
}

/// Names that stay inside the folder they are unpacked to, on every system.
fn is_safe(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', ':', '\0'])
        && name.split('/').all(|part| part != "..")
}

/// The plain file name of a shared library of ONNX Runtime or of a plug-in; the Python binding is not needed.
fn library_member(name: &str) -> Option<&str> {
    let parts: Vec<&str> = name.split('/').collect();
    let short = match parts.as_slice() {
        ["onnxruntime", "capi", short] => short,
        [package, short] if package.starts_with("onnxruntime_ep_") => short,
        _ => return None,
    };
    (is_library_name(short) && !short.starts_with("onnxruntime_pybind11_state")).then_some(short)
}

/// `onnxruntime-1.31.1.dist-info/…` gives `1.31.1`; `onnxruntime_gpu-1.31.1.dist-info/…` keeps its name in front.
fn folder_name(names: &[String]) -> Option<String> {
    let stem = names
        .iter()
        .find_map(|name| name.split('/').next()?.strip_suffix(".dist-info"))?;
    let (distribution, version) = stem.rsplit_once('-')?;
    let plain = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= 80
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._+".contains(c))
    };
    if !plain(distribution) || !plain(version) {
        return None;
    }
    Some(if distribution == "onnxruntime" {
        version.to_owned()
    } else {
        stem.to_owned()
    })
}

/// Checks the first bytes: ELF, PE or Mach-O, whichever this system loads.
fn is_library_of_this_system(bytes: &[u8]) -> bool {
    if cfg!(windows) {
        bytes.starts_with(b"MZ")
    } else if cfg!(target_os = "macos") {
        bytes.starts_with(&[0xCF, 0xFA, 0xED, 0xFE]) || bytes.starts_with(&[0xCA, 0xFE, 0xBA, 0xBE])
    } else {
        bytes.starts_with(b"\x7fELF")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn library(size: usize) -> Vec<u8> {
        let magic: &[u8] = if cfg!(windows) {
            b"MZ"
        } else if cfg!(target_os = "macos") {
            &[0xCF, 0xFA, 0xED, 0xFE]
        } else {
            b"\x7fELF"
        };
        let mut bytes = magic.to_vec();
        bytes.resize(size, 0);
        bytes
    }

    fn wheel(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const NAME: &str = "libonnxruntime.so.1.31.1";

    fn good() -> Vec<u8> {
        wheel(&[
            ("onnxruntime/__init__.py", b"print()".to_vec()),
            ("onnxruntime/capi/libonnxruntime.so.1.31.1", library(5000)),
            (
                "onnxruntime/capi/libonnxruntime_providers_shared.so",
                library(100),
            ),
            (
                "onnxruntime/capi/onnxruntime_pybind11_state.cpython-311-x86_64-linux-gnu.so",
                library(100),
            ),
            ("onnxruntime/capi/convert.py", vec![1]),
            ("other/capi/libevil.so", library(10)),
            ("onnxruntime-1.31.1.dist-info/METADATA", vec![2]),
        ])
    }

    #[test]
    fn an_accepted_wheel_gives_its_libraries_and_nothing_else() {
        let unpacked = unpack(&good(), "a.whl", true).unwrap();
        let names: Vec<&str> = unpacked
            .files
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, [NAME, "libonnxruntime_providers_shared.so"]);
        assert_eq!(unpacked.files[0].1, library(5000));
        assert_eq!(unpacked.folder, "1.31.1");
        assert!(!unpacked.pinned);
    }

    #[test]
    fn a_wheel_that_is_not_pinned_needs_a_yes() {
        let error = unpack(&good(), "a.whl", false).err().unwrap();
        assert!(matches!(error, WheelError::NotPinned { .. }));
    }

    #[test]
    fn a_pinned_name_with_other_bytes_is_refused_even_with_a_yes() {
        let name = "onnxruntime-1.31.1-cp311-cp311-manylinux_2_28_x86_64.whl";
        let error = unpack(&good(), name, true).err().unwrap();
        assert!(matches!(error, WheelError::Checksum { .. }));
    }

    #[test]
    fn pins_know_their_platform() {
        for pin in PINS {
            assert_eq!(check("x", pin.sha256, false, (pin.os, pin.arch)), Ok(true));
            assert!(matches!(
                check("x", pin.sha256, true, ("plan9", "mips")),
                Err(WheelError::OtherPlatform { .. })
            ));
            assert!(
                pin.sha256.len() == 64
                    && pin.sha256.chars().all(|c| "0123456789abcdef".contains(c))
            );
        }
    }

    #[test]
    fn members_that_leave_the_folder_are_refused() {
        for name in [
            "../libonnxruntime.so",
            "onnxruntime/capi/../../libonnxruntime.so",
            "/etc/libonnxruntime.so",
            "onnxruntime\\capi\\onnxruntime.dll",
            "C:/onnxruntime.dll",
        ] {
            let bytes = wheel(&[
                (name, library(10)),
                ("onnxruntime/capi/libonnxruntime.so", library(10)),
            ]);
            let error = unpack(&bytes, "a.whl", true).err();
            assert_eq!(error, Some(WheelError::UnsafeName), "{name}");
        }
    }

    #[test]
    fn a_bomb_is_stopped_by_the_limit() {
        let bytes = wheel(&[
            ("onnxruntime/capi/libonnxruntime.so", library(3_000_000)),
            ("onnxruntime-1.31.1.dist-info/METADATA", vec![2]),
        ]);
        assert!(bytes.len() < 10_000);
        let limits = |unpacked| Limits {
            unpacked,
            ..Limits::default()
        };
        assert_eq!(
            unpack_within(&bytes, "a.whl", true, limits(2_999_999)).err(),
            Some(WheelError::Limit(2_999_999))
        );
        assert!(unpack_within(&bytes, "a.whl", true, limits(3_000_000)).is_ok());
        let few = Limits {
            members: 1,
            ..Limits::default()
        };
        assert_eq!(
            unpack_within(&bytes, "a.whl", true, few).err(),
            Some(WheelError::Limit(1))
        );
        let small = Limits {
            file: 10,
            ..Limits::default()
        };
        assert_eq!(
            unpack_within(&bytes, "a.whl", true, small).err(),
            Some(WheelError::TooLarge(10))
        );
    }

    #[test]
    fn damaged_empty_and_foreign_files_are_refused() {
        let mut bytes = good();
        bytes.truncate(bytes.len() / 2);
        assert!(matches!(
            unpack(&bytes, "a.whl", true).err(),
            Some(WheelError::Damaged(_))
        ));
        let bytes = wheel(&[("onnxruntime/__init__.py", vec![1])]);
        assert_eq!(
            unpack(&bytes, "a.whl", true).err(),
            Some(WheelError::NoLibrary)
        );
        assert_eq!(
            unpack(b"hello", "a.whl", true).err(),
            Some(WheelError::NeitherWheelNorLibrary)
        );
        let foreign = wheel(&[
            (
                "onnxruntime/capi/libonnxruntime.so",
                b"not a library".to_vec(),
            ),
            ("onnxruntime-1.31.1.dist-info/METADATA", vec![2]),
        ]);
        assert_eq!(
            unpack(&foreign, "a.whl", true).err(),
            Some(WheelError::NoLibrary)
        );
    }

    #[test]
    fn a_bare_library_is_taken_by_name_and_kind() {
        let unpacked = unpack(&library(64), NAME, true).unwrap();
        assert_eq!(unpacked.folder, "library-1.31.1");
        assert_eq!(unpacked.files, [(NAME.to_owned(), library(64))]);
        assert_eq!(
            unpack(&library(64), "evil.so", true).err(),
            Some(WheelError::LibraryName)
        );
        assert!(matches!(
            unpack(&library(64), NAME, false).err(),
            Some(WheelError::NotPinned { .. })
        ));
    }

    #[test]
    fn plug_in_wheels_keep_all_their_libraries_and_their_name() {
        let bytes = wheel(&[
            (
                "onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so",
                library(50),
            ),
            ("onnxruntime_ep_webgpu/libhelper.so.2", library(50)),
            ("onnxruntime_ep_webgpu-0.4.0.dist-info/METADATA", vec![2]),
        ]);
        let unpacked = unpack(&bytes, "a.whl", true).unwrap();
        assert_eq!(unpacked.folder, "onnxruntime_ep_webgpu-0.4.0");
        assert_eq!(unpacked.files.len(), 2);
    }
}
