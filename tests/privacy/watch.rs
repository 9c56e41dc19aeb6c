//! Runs the application on planted files and searches everything that it outputs and writes.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::planted::{CANARIES, NAMES, Planted};
use crate::skip::skipped;

/// Every planted text and name found in the bytes, as UTF-8 or UTF-16.
pub fn found<'a>(bytes: &[u8], texts: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let mut by_first: [Vec<(&str, Vec<u8>)>; 256] = std::array::from_fn(|_| Vec::new());
    for (place, text) in texts {
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for form in [text.as_bytes().to_vec(), wide] {
            by_first[usize::from(form[0])].push((place, form));
        }
    }
    let mut found = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        for (place, form) in &by_first[usize::from(*byte)] {
            if bytes[at..].starts_with(form) && !found.contains(place) {
                found.push(*place);
            }
        }
    }
    found
}

/// Whether names may occur in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Allowed,
    Masked,
}

/// Fails if an output contains a planted text.
pub fn is_clean(what: &str, bytes: &[u8], names: Names) {
    let mut leaks = found(bytes, &CANARIES);
    if names == Names::Masked {
        leaks.extend(found(bytes, &NAMES));
    }
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4000)]);
    assert!(leaks.is_empty(), "{what} holds {leaks:?}: {text}");
}

/// Checks the content and the name of every file below a folder.
pub fn is_clean_folder(folder: &Path, names: Names) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        is_clean(&format!("the name {name}"), name.as_bytes(), names);
        if path.is_dir() {
            is_clean_folder(&path, names);
        } else {
            is_clean(&name, &std::fs::read(&path).unwrap(), names);
            if name.ends_with(".pdf") {
                is_clean(&name, &words_of_pdf(&path), names);
            }
        }
    }
}

/// The text of a PDF, which is compressed in the file.
fn words_of_pdf(path: &Path) -> Vec<u8> {
    let Ok(output) = Command::new("pdftotext").arg(path).arg("-").output() else {
        skipped("pdftotext is not installed");
        return vec![];
    };
    let words = output.stdout;
    let research = "Research and teaching only";
    let has_words = String::from_utf8_lossy(&words).contains(research)
        || String::from_utf8_lossy(&words).contains("研究・教育用");
    assert!(has_words, "the text of {path:?} is not read");
    words
}

impl Planted {
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gantei"));
        command
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("GANTEI_HOME", &self.home)
            .env("GANTEI_LOG", "1")
            .env("HOME", &self.home)
            .env_remove("ORT_DYLIB_PATH")
            .env_remove("VIRTUAL_ENV")
            .env_remove("CONDA_PREFIX")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command in both output forms and searches its output and, below `out`, its files.
    pub fn run(&self, args: &[&str], names: Names) -> [Output; 2] {
        [false, true].map(|json| {
            let mut args = args.to_vec();
            args.extend(json.then_some("--json"));
            let output = self.command(&args).output().unwrap();
            let shown = String::from_utf8_lossy(&output.stderr);
            assert!(!shown.contains("panicked"), "{args:?}: {shown}");
            is_clean(&format!("stdout of {args:?}"), &output.stdout, names);
            is_clean(&format!("stderr of {args:?}"), &output.stderr, names);
            is_clean_folder(&self.results, names);
            output
        })
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
