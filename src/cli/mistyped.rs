//! A word that is neither a command nor a path is refused with a suggested command, before a window opens for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::args::Args;
use crate::domain::foreign::shown;
use crate::storage;

/// Least Jaro–Winkler similarity at which a command is suggested; swapped, missing or doubled letters stay above it.
const ALIKE: f64 = 0.8;

/// Why the arguments are refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistyped {
    pub message: String,
    pub hint: String,
    /// The suggested command, if one is similar.
    pub meant: Option<String>,
}

/// For arguments (the first is the program's name) whose first word is neither a command nor a path but reads like a
/// command.
pub fn command(arguments: &[OsString]) -> Option<Mistyped> {
    let words = arguments.iter().skip(1).take_while(|word| *word != "--");
    let first = words.map(|word| word.to_string_lossy());
    let word = first.into_iter().find(|word| !word.starts_with('-'))?;
    let names = commands();
    let plain = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
    if names.iter().any(|name| *name == word)
        || !word.chars().all(plain)
        || word.is_empty()
        || storage::may_be_there(Path::new(&*word))
    {
        return None;
    }
    let small = word.to_lowercase();
    let likeness = |name: &String| strsim::jaro_winkler(&small, name);
    let meant = names
        .iter()
        .filter(|name| likeness(name) >= ALIKE)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .cloned();
    Some(Mistyped {
        message: format!(
            "there is no command {} and no file of that name",
            shown(&word)
        ),
        hint: match &meant {
            Some(name) => format!("Did you mean: gantei {name}? All commands: gantei --help."),
            None => "All commands: gantei --help.".to_owned(),
        },
        meant,
    })
}

/// For files to open, if none of them exists.
pub fn files(files: &[PathBuf]) -> Option<Mistyped> {
    let first = files.first()?;
    if files.iter().any(|path| storage::may_be_there(path)) {
        return None;
    }
    let name = storage::file_name(first);
    Some(Mistyped {
        message: format!("there is no file {}", shown(&name)),
        hint: "Check the path. All commands: gantei --help.".to_owned(),
        meant: None,
    })
}

fn commands() -> Vec<String> {
    let program = Args::command();
    let names = program.get_subcommands().map(clap::Command::get_name);
    names.chain(["help"]).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Option<Mistyped> {
        let words: Vec<OsString> = ["gantei"].iter().chain(words).map(OsString::from).collect();
        command(&words)
    }

    #[test]
    fn a_mistyped_command_is_distinguished_from_files_and_commands() {
        for (word, meant) in [
            ("pridict", Some("predict")),
            ("Predict", Some("predict")),
            ("predcit", Some("predict")),
            ("modles", Some("models")),
            ("explian", Some("explain")),
            ("check_import", Some("check-import")),
            ("xyzzy", None),
        ] {
            for more in [&[][..], &["photo.jpg"], &["photo.jpg", "--json"]] {
                let found = of(&[&[word], more].concat()).unwrap();
                assert_eq!(found.meant.as_deref(), meant, "{word}");
                assert!(found.message.contains(word), "{}", found.message);
            }
        }
        assert_eq!(
            of(&["--json", "modles"]).unwrap().meant.as_deref(),
            Some("models")
        );
        for words in [
            &["predict", "pridict"][..],
            &["help"],
            &["--version"],
            &["--help"],
            &["photo.jpg"],
            &["clinic/photo"],
            &["Cargo.toml"],
            &["src"],
            &["--", "pridict"],
            &[],
            &[""],
        ] {
            assert_eq!(of(words), None, "{words:?}");
        }
    }

    #[test]
    fn a_window_opens_for_files_of_which_one_is_there() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(files(&[]), None);
        assert_eq!(files(&paths(&["missing.jpg", "src"])), None);
        let refused = files(&paths(&["clinic/missing\u{1b}.jpg"])).unwrap();
        assert_eq!(refused.message, "there is no file missing\\u{1b}.jpg");
    }
}
