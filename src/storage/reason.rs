//! Why the system refused. The system's own text may contain the whole path, and with it a person's name; this one is
//! composed from the kind and number of the error.

use std::fmt;
use std::io::{Error, ErrorKind};

/// Contains nothing that was read, written or named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    kind: ErrorKind,
    /// The system's error number, if the system itself refused.
    number: Option<i32>,
}

impl Reason {
    pub fn kind(self) -> ErrorKind {
        self.kind
    }

    /// Advice for a file that could not be read; empty if there is no general advice.
    pub(super) fn advice_to_read(self) -> &'static str {
        match self.kind {
            ErrorKind::NotFound => "; check the path",
            ErrorKind::PermissionDenied => "; copy it to a folder of your own",
            ErrorKind::NotSeekable | ErrorKind::WouldBlock => "; save its output as a file",
            ErrorKind::InvalidFilename => "; give it a shorter one",
            _ => "",
        }
    }

    /// Advice for a file that could not be written.
    pub(super) fn advice_to_write(self) -> &'static str {
        match self.kind {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some space or choose a folder on another disk"
            }
            ErrorKind::InvalidFilename => "choose a folder with a shorter path or another disk",
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists | ErrorKind::IsADirectory => {
                "choose another folder"
            }
            _ => "choose a folder you may write to",
        }
    }
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind(),
            number: error.raw_os_error(),
        }
    }
}

impl From<ErrorKind> for Reason {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, number: None }
    }
}

impl From<serde_json::Error> for Reason {
    fn from(error: serde_json::Error) -> Self {
        Error::from(error).into()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = match self.kind {
            ErrorKind::NotFound => "there is no such file",
            ErrorKind::PermissionDenied => "permission denied",
            ErrorKind::ReadOnlyFilesystem => "the disk or folder is read-only",
            ErrorKind::StorageFull => "the disk is full",
            ErrorKind::QuotaExceeded => "the space of this account is used up",
            ErrorKind::InvalidFilename => "its name is too long or not allowed there",
            ErrorKind::IsADirectory => "it is a folder",
            ErrorKind::NotADirectory => "a file exists where a folder is needed",
            ErrorKind::AlreadyExists => "this name is already taken",
            ErrorKind::NotSeekable | ErrorKind::WouldBlock => {
                "it is a pipe or a device, not a file"
            }
            ErrorKind::OutOfMemory => "there is not enough memory for it",
            kind => {
                // The system's message for a number alone names no file.
                return match self.number {
                    Some(number) => write!(f, "{}", Error::from_raw_os_error(number)),
                    None => write!(f, "{kind}"),
                };
            }
        };
        f.write_str(known)?;
        match self.number {
            Some(number) => write!(f, " (os error {number})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Reason {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::atomic;

    const NAME: &str = "Yamada Hanako";

    #[test]
    fn a_reason_holds_no_path_whatever_the_error_says() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join(NAME);
        let with_path = tempfile::NamedTempFile::new_in(&absent).unwrap_err();
        let whole = absent.to_string_lossy().into_owned();
        assert!(with_path.to_string().contains(&whole), "{with_path}");
        let own = Error::other(format!("{whole} is no library"));
        let of_json = serde_json::from_str::<u8>(&format!("\"{whole}\"")).unwrap_err();
        for reason in [with_path.into(), own.into(), Reason::from(of_json)] {
            let text = format!("{reason} {reason:?}");
            assert!(!text.contains(NAME) && !text.contains('/'), "{text}");
        }
    }

    /// Every place in `atomic` that can fail, with a file where a folder is needed.
    #[test]
    fn no_error_of_writing_holds_a_folder() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(NAME);
        std::fs::write(&file, b"").unwrap();
        let below = file.join("results.csv");
        let errors = [
            atomic::write(&below, b"").unwrap_err(),
            atomic::prepare(&file).unwrap_err(),
            atomic::remove_folder(&below).unwrap_err(),
            atomic::folder::<crate::storage::Error>(&below, |_| Ok(())).unwrap_err(),
            crate::storage::read::file(&below, 1).unwrap_err(),
        ];
        for error in errors {
            let text = error.to_string();
            assert!(!text.contains('/'), "{text}");
            assert!(!text.contains("at path"), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn common_reasons_say_what_to_do() {
        for (number, wording, advice) in [
            (libc::ENOSPC, "full", "free some space"),
            (libc::EDQUOT, "used up", "free some space"),
            (libc::EROFS, "read-only", "may write to"),
            (libc::EACCES, "denied", "may write to"),
            (libc::ENAMETOOLONG, "too long", "shorter"),
            (libc::EIO, "os error 5", "may write to"),
        ] {
            let reason = Reason::from(Error::from_raw_os_error(number));
            assert!(reason.to_string().contains(wording), "{reason}");
            assert!(
                reason
                    .to_string()
                    .ends_with(&format!("(os error {number})"))
            );
            assert!(reason.advice_to_write().contains(advice), "{reason}");
        }
    }
}
