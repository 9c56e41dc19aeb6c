//! The storeys, the owners and the form of the house, as `src/lib.rs` states them.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by storey, from the ground up. A module may name modules of lower storeys only.
const STOREYS: [&[&str]; 8] = [
    &["domain", "numeric", "progress"],
    &["imaging", "graph", "drawing"],
    &["keras", "saliency", "evaluation"],
    &["text"],
    &["export", "runtime", "storage", "jobs"],
    &["workflow"],
    &["app"],
    &["ui", "cli"],
];

/// Modules that may name a neighbour on their own storey, with the reason.
const NEIGHBOURS: [(&str, &str); 1] = [
    ("storage", "runtime"), // the search for libraries states what it looks for
];

/// A foreign name, and the only places that may use it.
const OWNERS: [(&str, &[&str]); 14] = [
    ("ort::", &["runtime"]),
    ("rten::", &["runtime"]),
    ("std::fs", &["storage"]),
    ("directories::", &["storage"]),
    ("rustix::", &["storage"]),
    ("std::thread", &["jobs"]),
    ("std::process", &["jobs", "main"]),
    ("egui::", &["ui"]),
    ("eframe::", &["ui"]),
    ("rfd::", &["ui"]),
    ("egui_extras::", &["ui"]),
    ("hdf5_reader", &["keras/archive"]),
    ("ab_glyph", &["export/text_on_picture"]),
    ("dicom_transfer_syntax_registry", &["imaging/codecs/dicom"]),
];

/// What no file may hold. The bundled typeface draws the two signs the wrong way round: say "at most", "at least".
const BANNED: [&str; 6] = [
    "todo!(",
    "unimplemented!(",
    "dbg!(",
    "true sex",
    "\u{2264}",
    "\u{2265}",
];

/// Longest file without its tests, in lines.
const LONGEST: usize = 600;

struct SourceFile {
    /// Path below `src` without the extension, with `/`.
    place: String,
    /// Code without comments and tests.
    code: String,
    whole: String,
}

fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let whole = fs::read_to_string(&path).unwrap();
            let place = path.strip_prefix(&root).unwrap().with_extension("");
            let place = place.to_string_lossy().replace('\\', "/");
            let code = if is_of_tests(&place) {
                String::new()
            } else {
                without_tests_and_comments(&whole)
            };
            SourceFile { place, code, whole }
        })
        .collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Tests stand in a file or folder `tests`, like those at the end of a file.
fn is_of_tests(place: &str) -> bool {
    place.split('/').any(|part| part == "tests")
}

/// Tests stand last in a file.
fn without_tests_and_comments(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn storey_of(module: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&module))
}

/// Modules of this crate that a piece of code names, with `crate::x` and `crate::{x, y::z}`.
fn named_modules(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate` and `some_crate::` are other words.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 {
                    name.push(c);
                }
            }
            names.extend(name.split(',').map(first_word));
        } else {
            names.push(first_word(rest));
        }
    }
    names.retain(|n| storey_of(n).is_some());
    names
}

fn first_word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn check(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn a_module_names_lower_storeys_only() {
    let mut breaches = Vec::new();
    for file in source_files() {
        let module = file.place.split('/').next().unwrap();
        let Some(own) = storey_of(module) else {
            continue;
        };
        for named in named_modules(&file.code) {
            let other = storey_of(&named).unwrap();
            let allowed = named == module
                || other < own
                || NEIGHBOURS.contains(&(module, named.as_str())) && other == own;
            if !allowed {
                breaches.push(format!(
                    "{} (storey {own}) names {named} (storey {other})",
                    file.place
                ));
            }
        }
    }
    check(breaches);
}

#[test]
fn every_module_has_its_storey() {
    let mut breaches = Vec::new();
    for file in source_files() {
        let module = file.place.split('/').next().unwrap();
        if storey_of(module).is_none() && !["lib", "main"].contains(&module) {
            breaches.push(format!("{module} stands on no storey"));
        }
    }
    check(breaches);
}

#[test]
fn foreign_powers_have_one_owner() {
    let mut breaches = Vec::new();
    for file in source_files() {
        for (name, owners) in OWNERS {
            let uses = file.code.match_indices(name).any(|(at, _)| {
                !file.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if uses && !owners.iter().any(|owner| file.place.starts_with(owner)) {
                breaches.push(format!(
                    "{} uses {name}, which belongs to {}",
                    file.place,
                    owners.join(", ")
                ));
            }
        }
    }
    check(breaches);
}

/// An error of the system may tell the whole path: everyone but these works with `storage::Reason`, which cannot.
#[test]
fn errors_of_the_system_stay_where_they_lose_their_paths() {
    // Those behind the first two hand on that a thread could not be started, or a page not be made.
    let owners = ["storage", "jobs", "cli/pages", "app/run", "ui/window"];
    let breaches = source_files().into_iter().filter(|file| {
        let named = |word: &str| {
            file.code.match_indices(word).any(|(at, _)| {
                let rest = &file.code[at + word.len()..];
                !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            })
        };
        (named("io::Error") || named("io::Result"))
            && !owners.iter().any(|owner| file.place.starts_with(owner))
    });
    check(
        breaches
            .map(|file| format!("{} names an error of the system itself", file.place))
            .collect(),
    );
}

#[test]
fn every_file_says_why_it_exists_and_holds_one_idea() {
    let mut breaches = Vec::new();
    for file in source_files() {
        if !file.whole.starts_with("//!") {
            breaches.push(format!("{} does not open with a //! paragraph", file.place));
        }
        let end = file
            .whole
            .find("#[cfg(test)]\nmod tests")
            .unwrap_or(file.whole.len());
        let lines = file.whole[..end].lines().count();
        if lines > LONGEST {
            breaches.push(format!(
                "{} has {lines} lines without its tests",
                file.place
            ));
        }
        for word in BANNED {
            if file.code.contains(word) {
                breaches.push(format!("{} contains {word}", file.place));
            }
        }
    }
    check(breaches);
}

#[test]
fn the_rules_notice_a_breach() {
    assert_eq!(
        named_modules("use crate::{domain::Eye, ui};"),
        ["domain", "ui"]
    );
    assert_eq!(
        named_modules("let x = crate::export::csv::table();"),
        ["export"]
    );
    assert_eq!(
        without_tests_and_comments("a\n// std::fs\n#[cfg(test)]\nmod tests {}"),
        "a"
    );
    assert!(is_of_tests("app/apply/tests/run") && is_of_tests("drawing/tests"));
    assert!(!is_of_tests("workflow/self_test"));
}
