//! The storeys, owners and formal rules of the source, as `src/lib.rs` describes them.

#[path = "house_rules/circles.rs"]
mod circles;
#[path = "house_rules/paths.rs"]
mod paths;
#[path = "house_rules/words.rs"]
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use circles::{Arrows, circles};
use paths::{Crate, Named, module_of, named};

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

/// An external name and the only places that may use it.
const OWNERS: [(&str, &[&str]); 17] = [
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
    ("egui_plot::", &["ui"]),
    ("hdf5_reader", &["keras/archive"]),
    ("calamine", &["evaluation/workbook"]),
    ("ab_glyph", &["export/page/letters"]),
    ("krilla::", &["export/page/pdf"]),
    ("dicom_transfer_syntax_registry", &["imaging/codecs/dicom"]),
];

/// Calls that query the file system about a path, and the only places that may make them; the others ask `storage`.
const ASKS_OF_PATHS: [&str; 9] = [
    ".exists()",
    ".try_exists()",
    ".is_file()",
    ".is_dir()",
    ".metadata()",
    ".symlink_metadata()",
    ".read_dir()",
    ".read_link()",
    ".canonicalize()",
];
const MAY_ASK_OF_PATHS: [(&str, &str); 2] = [
    ("storage", "it owns the file system"),
    ("jobs/worker", "it looks for the running executable itself"),
];

/// JSON without a type of its own, and the only places that may handle it, with the reason.
const UNTYPED_JSON: [&str; 5] = [
    "serde_json::Value",
    "serde_json::{Value",
    "serde_json::{self, Value",
    "Map, Value",
    "json!(",
];
const MAY_HANDLE_UNTYPED_JSON: [(&str, &str); 16] = [
    ("export", "it writes results"),
    ("cli", "it writes the document of a command"),
    (
        "storage",
        "it keeps what it does not know in settings and journals",
    ),
    (
        "keras",
        "it reads configurations that Keras and others write",
    ),
    (
        "domain/model_card",
        "what a card says of its evaluation has no form of its own",
    ),
    ("workflow/draft", "the same, before it is a card"),
    ("workflow/models", "the same, of a file without a card"),
    (
        "drawing/records",
        "signs.json is written where eyes are drawn",
    ),
    (
        "imaging/prepare",
        "names of settings as their types write them",
    ),
    (
        "workflow/batch/tables",
        "the document of a run is assembled from its rows",
    ),
    (
        "workflow/card_file",
        "a file is checked for the form of a card before it is read as one",
    ),
    (
        "workflow/check_import",
        "its report is assembled as a document",
    ),
    (
        "workflow/relayed",
        "it carries the list of an error from a worker's process",
    ),
    (
        "workflow/import",
        "its report lists findings as the command line does",
    ),
    (
        "workflow/resolve_card",
        "two values of a field are quoted as a card writes them",
    ),
    (
        "workflow/verify",
        "its report lists findings as the command line does",
    ),
];

/// Places besides `cli` that may name a flag, with the reason.
const MAY_NAME_FLAGS: [(&str, &str); 4] = [
    (
        "text/findings",
        "the hint of a finding is in results.json, which window and command line both write",
    ),
    (
        "text/failures/remedies",
        "the flags are those of tf2onnx, in a command to copy",
    ),
    (
        "text/window/mod",
        "if no window can be opened, its last sentence refers to the command line",
    ),
    (
        "workflow/batch/message",
        "the argument that starts the executable as a worker",
    ),
];

/// Edges from one subject back to another, with the reason. Without them the graph has no cycles.
const LEADS_BACK: [(&str, &str, &str); 16] = [
    (
        "saliency/attribution",
        "saliency/methods",
        "what a method is made of stands with the methods",
    ),
    ("saliency/cam", "saliency/methods", "the same"),
    ("saliency/recipe", "saliency/methods", "the same"),
    (
        "text/report",
        "text/details",
        "a report tells the details of its findings",
    ),
    (
        "text/window",
        "text/report",
        "the window repeats sentences of the report",
    ),
    ("ui/command", "ui/pages", "a command may open a page"),
    ("ui/view", "ui/pages", "a view knows which page is open"),
    ("ui/command", "ui/window", "a command may act on the window"),
    (
        "workflow/context",
        "workflow/engine_check",
        "the context keeps what was examined",
    ),
    (
        "workflow/context",
        "workflow/models",
        "the context keeps what was loaded",
    ),
    (
        "workflow/context",
        "workflow/stored",
        "the context keeps what could not be stored",
    ),
    (
        "workflow/error",
        "workflow/card_file",
        "a file that is not a card is one of the errors",
    ),
    (
        "workflow/error",
        "workflow/relayed",
        "so is an error that a worker process reported",
    ),
    (
        "workflow/import",
        "workflow/models",
        "an imported model is loaded for its trial run",
    ),
    (
        "workflow/stored",
        "workflow/import",
        "a stored model is read like an imported one",
    ),
    (
        "workflow/stored",
        "workflow/models",
        "a stored model is found by its name",
    ),
];

/// Banned in every file. The bundled typeface swaps the glyphs of the two signs: write "at most", "at least".
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
    let mut files: Vec<SourceFile> = paths
        .into_iter()
        .map(|path| {
            let whole = fs::read_to_string(&path).unwrap();
            let place = path.strip_prefix(&root).unwrap().with_extension("");
            let place = place.to_string_lossy().replace('\\', "/");
            let code = without_tests_and_comments(&whole);
            SourceFile { place, code, whole }
        })
        .collect();
    let tests: BTreeSet<Vec<String>> = files
        .iter()
        .flat_map(|f| test_modules(&f.whole, &f.place))
        .collect();
    for file in &mut files {
        let module = module_of(&file.place);
        if is_of_tests(&file.place) || tests.iter().any(|test| module.starts_with(test)) {
            file.code.clear();
        }
    }
    files
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

/// A file or folder named `tests` counts as tests, like a test module at the end of a file.
fn is_of_tests(place: &str) -> bool {
    place.split('/').any(|part| part == "tests")
}

/// The modules that a file declares only for tests.
fn test_modules(text: &str, place: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, cfg) in text.match_indices("#[cfg(test)]\n") {
        let line = text[at + cfg.len()..].lines().next().unwrap_or_default();
        if let Some((before, name)) = line.rsplit_once("mod ")
            && let Some(name) = name.strip_suffix(';')
            && (before.is_empty() || before.starts_with("pub"))
        {
            found.push([module_of(place), vec![name.to_owned()]].concat());
        }
    }
    found
}

/// Where the tests of a file begin: they are last.
fn tests_of(text: &str) -> usize {
    text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len())
}

fn without_tests_and_comments(text: &str) -> String {
    text[..tests_of(text)]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn storey_of(module: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&module))
}

/// The subject of a file: a folder of its module, or the file itself if it is directly in the module.
fn subject_of(place: &str) -> String {
    module_of(place)
        .into_iter()
        .take(2)
        .collect::<Vec<_>>()
        .join("/")
}

/// The crate and what each of its files names.
fn crate_of(files: &[SourceFile]) -> Crate {
    Crate::of(files.iter().map(|f| (module_of(&f.place), f.code.as_str())))
}

fn named_by(all: &Crate, file: &SourceFile) -> Vec<Named> {
    let module = module_of(&file.place);
    named(&file.code, &module, &all.children(&module))
}

/// Whether a module of this storey may name another.
fn may_name(module: &str, other: &str) -> bool {
    let (Some(own), Some(named)) = (storey_of(module), storey_of(other)) else {
        return true;
    };
    other == module || named < own || NEIGHBOURS.contains(&(module, other)) && named == own
}

/// The modules that a file names but may not, by a path of any form or through a re-export.
fn named_above(all: &Crate, file: &SourceFile) -> BTreeSet<String> {
    let module = file.place.split('/').next().unwrap();
    let mut above = BTreeSet::new();
    for named in named_by(all, file) {
        let home = all.home(&named.path);
        for other in [named.path.first(), home.first()].into_iter().flatten() {
            if !may_name(module, other) {
                above.insert(other.clone());
            }
        }
    }
    above
}

/// Paths with more than one `super` that leave the subject; they should begin with `crate`.
fn climbs(all: &Crate, file: &SourceFile) -> Vec<String> {
    let own = subject_of(&file.place);
    let leaves = |named: &Named| {
        let home = all.home(&named.path).join("/");
        named.supers > 1 && subject_of(&home) != own
    };
    let found = named_by(all, file).into_iter().filter(leaves);
    found.map(|named| named.path.join("::")).collect()
}

/// Which file depends on which.
fn arrows(all: &Crate, files: &[SourceFile]) -> Arrows {
    let place = |module: &[String]| {
        files
            .iter()
            .find(|f| module_of(&f.place) == module)
            .map(|f| f.place.clone())
    };
    let mut arrows = Arrows::new();
    for file in files {
        let module = module_of(&file.place);
        for named in named_by(all, file) {
            let home = all.home(&named.path);
            // A re-export of the module's own files does not count as use.
            let hands_on = named.brought_in.is_some()
                && module.len() < home.len()
                && home.starts_with(&module);
            // Items in the root file of a module are shared by its files.
            let common = module.len() > home.len() && module.starts_with(&home);
            if home != module
                && !hands_on
                && !common
                && let Some(to) = place(&home)
            {
                arrows.entry(file.place.clone()).or_default().insert(to);
            }
        }
    }
    arrows
}

/// The edges without the defended ones.
fn without_defended(arrows: &Arrows, defended: &[(&str, &str, &str)]) -> Arrows {
    let is_defended = |from: &str, to: &str| {
        let (from, to) = (subject_of(from), subject_of(to));
        defended
            .iter()
            .any(|(a, b, _)| (*a, *b) == (from.as_str(), to.as_str()))
    };
    let mut left = arrows.clone();
    for (from, targets) in &mut left {
        targets.retain(|to| !is_defended(from, to));
    }
    left
}

/// Cycles of files that do not all belong to one subject.
fn circles_of(arrows: &Arrows) -> Vec<BTreeSet<&str>> {
    let several = |circle: &BTreeSet<&str>| {
        circle
            .iter()
            .map(|f| subject_of(f))
            .collect::<BTreeSet<_>>()
            .len()
            > 1
    };
    circles(arrows).into_iter().filter(several).collect()
}

fn check(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn a_module_names_lower_storeys_only() {
    let files = source_files();
    let all = crate_of(&files);
    let of_file = |file: &SourceFile| {
        let above = named_above(&all, file).into_iter();
        above
            .map(|other| format!("{} names {other}", file.place))
            .collect::<Vec<_>>()
    };
    check(files.iter().flat_map(of_file).collect());
}

#[test]
fn a_path_that_leaves_its_subject_begins_at_the_root() {
    let files = source_files();
    let all = crate_of(&files);
    let of_file = |file: &SourceFile| {
        let found = climbs(&all, file).into_iter();
        found
            .map(|path| format!("{} climbs to {path}", file.place))
            .collect::<Vec<_>>()
    };
    check(files.iter().flat_map(of_file).collect());
}

#[test]
fn no_circle_leads_from_one_subject_into_another() {
    let files = source_files();
    let arrows = arrows(&crate_of(&files), &files);
    let left = without_defended(&arrows, &LEADS_BACK);
    let found = circles_of(&left);
    let mut breaches: Vec<String> = found.iter().map(|c| format!("{c:?}")).collect();
    for (at, (from, to, _)) in LEADS_BACK.iter().enumerate() {
        let others = [&LEADS_BACK[..at], &LEADS_BACK[at + 1..]].concat();
        if circles_of(&without_defended(&arrows, &others)).len() == found.len() {
            breaches.push(format!(
                "{from} to {to} closes no circle any more: take it off the list"
            ));
        }
    }
    check(breaches);
}

/// Files that contain one of the words and are not on the list.
fn beyond_owners(files: &[SourceFile], words: &[&str], owners: &[(&str, &str)]) -> Vec<String> {
    let holds = |file: &&SourceFile| words.iter().any(|word| file.code.contains(word));
    let owned = |file: &&SourceFile| {
        owners
            .iter()
            .any(|(owner, _)| file.place.starts_with(owner))
    };
    let found = files.iter().filter(holds).filter(|f| !owned(f));
    found.map(|file| file.place.clone()).collect()
}

#[test]
fn paths_are_looked_up_in_storage_alone() {
    check(beyond_owners(
        &source_files(),
        &ASKS_OF_PATHS,
        &MAY_ASK_OF_PATHS,
    ));
}

#[test]
fn json_without_a_type_stays_at_the_edge() {
    let files = source_files();
    let mut breaches = beyond_owners(&files, &UNTYPED_JSON, &MAY_HANDLE_UNTYPED_JSON);
    for (owner, _) in MAY_HANDLE_UNTYPED_JSON {
        let of_owner = |f: &&SourceFile| f.place.starts_with(owner);
        let mut own = files.iter().filter(of_owner);
        if !own.any(|f| UNTYPED_JSON.iter().any(|word| f.code.contains(word))) {
            breaches.push(format!(
                "{owner} handles none any more: take it off the list"
            ));
        }
    }
    check(breaches);
}

/// The flags that string literals of the code name: `--` followed by a letter.
fn flags_in_texts(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts_of(code) {
        for (at, _) in text.match_indices("--") {
            let rest = &text[at + 2..];
            let begins = !text[..at].ends_with(|c: char| c == '-' || c.is_alphanumeric());
            if begins && rest.starts_with(|c: char| c.is_ascii_lowercase()) {
                let name = rest.split(|c: char| !c.is_ascii_lowercase() && c != '-');
                found.push(format!("--{}", name.into_iter().next().unwrap_or_default()));
            }
        }
    }
    found
}

/// The contents of string literals, including raw ones.
fn texts_of(code: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find('"') {
        let before = &rest[..at];
        let body = &rest[at + 1..];
        if before.ends_with('\'') && body.starts_with('\'') {
            rest = &body[1..];
            continue;
        }
        let hashes = before.len() - before.trim_end_matches('#').len();
        let is_raw = before.trim_end_matches('#').ends_with('r');
        let end = match is_raw {
            true => body.find(&format!("\"{}", "#".repeat(hashes))),
            false => end_of_text(body),
        };
        let end = end.unwrap_or(body.len());
        texts.push(&body[..end]);
        rest = body.get(end + 1..).unwrap_or_default();
    }
    texts
}

/// Where a literal ends: at the first unescaped quotation mark.
fn end_of_text(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// Literals outside `cli` that name a flag, and exceptions that are no longer needed.
fn flags_outside_cli(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|f| !f.place.starts_with("cli/")) {
        let may = allowed.iter().any(|(place, _)| file.place == *place);
        let found = flags_in_texts(&file.code);
        if may && found.is_empty() {
            breaches.push(format!(
                "{} names no flag any more: take it off the list",
                file.place
            ));
        }
        if !may {
            let named = found.iter();
            breaches.extend(named.map(|flag| format!("{} names {flag}", file.place)));
        }
    }
    breaches
}

#[test]
fn flags_are_named_by_the_command_line_alone() {
    check(flags_outside_cli(&source_files(), &MAY_NAME_FLAGS));
}

#[test]
fn names_and_texts_use_the_words_of_the_field() {
    let of_file = |file: &SourceFile| {
        let mut found = words::coined_names(&file.code);
        if file.place.starts_with("text") || file.place.starts_with("cli") {
            found.extend(words::coined_texts(&file.code));
        }
        found
            .into_iter()
            .map(|what| format!("{}: {what}", file.place))
            .collect::<Vec<_>>()
    };
    check(source_files().iter().flat_map(of_file).collect());
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

/// A system error may contain the full path; all other modules use `storage::Reason`, which cannot.
#[test]
fn errors_of_the_system_stay_where_they_lose_their_paths() {
    // The last three only report that a page could not be written or a thread not be started.
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
        let lines = file.whole[..tests_of(&file.whole)].lines().count();
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

/// A file of a small crate to test the rules on.
fn file(place: &str, text: &str) -> SourceFile {
    SourceFile {
        place: place.into(),
        code: without_tests_and_comments(text),
        whole: text.into(),
    }
}

#[test]
fn tests_and_comments_are_no_code() {
    let code = without_tests_and_comments;
    assert_eq!(code("a\n// std::fs\n#[cfg(test)]\nmod tests {}"), "a");
    assert_eq!(
        code("#[cfg(test)]\nmod tests;\nb"),
        "#[cfg(test)]\nmod tests;\nb"
    );
    assert!(is_of_tests("app/apply/tests/run") && is_of_tests("drawing/tests"));
    assert!(!is_of_tests("workflow/self_test"));
    let declared = test_modules(
        "#[cfg(test)]\npub(crate) mod reference;\n#[cfg(test)]\nfn x() {}",
        "graph/mod",
    );
    assert_eq!(declared, [["graph", "reference"]]);
}

#[test]
fn the_storeys_notice_every_form_of_a_breach() {
    let files = [
        file(
            "lib",
            "pub mod imaging;\npub mod domain;\npub mod storage;\npub mod jobs;",
        ),
        file("imaging/mod", "pub mod open;"),
        file("imaging/open", "use crate::text::window::Texts;"),
        file(
            "imaging/climb",
            "fn x() { super::super::workflow::open::open() }",
        ),
        file("imaging/fine", "use crate::domain::Eye;"),
        // A ground module re-exports an item of a higher one, and a module between takes it from there.
        file("domain/mod", "pub use crate::saliency::Method;"),
        file("imaging/smuggled", "use crate::domain::Method;"),
        file("saliency/mod", "pub struct Method;"),
        file("storage/mod", "use crate::jobs::Jobs;"),
        file("workflow/open", ""),
        file("text/window/mod", ""),
    ];
    let all = crate_of(&files);
    let above = |place: &str| -> Vec<String> {
        let file = files.iter().find(|f| f.place == place).unwrap();
        named_above(&all, file).into_iter().collect()
    };
    assert_eq!(above("imaging/open"), ["text"]);
    assert_eq!(above("imaging/climb"), ["workflow"]);
    assert_eq!(above("imaging/fine"), [""; 0]);
    assert_eq!(above("domain/mod"), ["saliency"]);
    assert_eq!(above("imaging/smuggled"), ["saliency"]);
    assert_eq!(above("storage/mod"), ["jobs"], "a neighbour");
    let climb = files.iter().find(|f| f.place == "imaging/climb").unwrap();
    assert_eq!(climbs(&all, climb), ["workflow::open::open"]);
}

#[test]
fn a_circle_of_two_subjects_is_noticed_and_one_within_a_subject_is_none() {
    let files = [
        file("workflow/mod", "mod a;\nmod b;\nmod c;\npub use a::A;"),
        file("workflow/a", "use super::b::B;"),
        file("workflow/b", "use super::A;"),
        file("workflow/c/mod", "mod x;\nmod y;"),
        file("workflow/c/x", "use super::y::Y;"),
        file("workflow/c/y", "use super::x::X;"),
    ];
    let arrows = arrows(&crate_of(&files), &files);
    assert_eq!(
        circles_of(&arrows),
        [BTreeSet::from(["workflow/a", "workflow/b"])]
    );
    let left = without_defended(&arrows, &[("workflow/b", "workflow/a", "a reason")]);
    assert!(circles_of(&left).is_empty());
}

#[test]
fn words_beyond_their_owners_are_noticed() {
    let files = [
        file(
            "workflow/x",
            "if path.symlink_metadata().is_ok() { json!({}) }",
        ),
        file("storage/x", "path.exists()"),
        file("workflow/y", "// path.exists()\nshelf.is_stored()"),
    ];
    let asks = beyond_owners(&files, &ASKS_OF_PATHS, &MAY_ASK_OF_PATHS);
    assert_eq!(asks, ["workflow/x"]);
    let untyped = beyond_owners(&files, &UNTYPED_JSON, &[("storage", "")]);
    assert_eq!(untyped, ["workflow/x"]);
}

#[test]
fn a_flag_in_a_text_is_noticed_and_other_dashes_are_none() {
    let files = [
        file(
            "workflow/x",
            "let a = '\"'; format!(\"give \\\"another\\\" with --input-size or --id\")",
        ),
        file("workflow/raw", "let b = r#\"say \"--steps\"\"#;"),
        file(
            "workflow/fine",
            "// \"--out\"\nlet c = \"a -- b, c--d, ---\"; let d = 3 --e;",
        ),
        file("workflow/idle", "let e = \"\";"),
        file("cli/x", "\"--out\""),
        file("text/allowed", "\"--again\""),
    ];
    let allowed = [("text/allowed", ""), ("workflow/idle", "")];
    assert_eq!(
        flags_outside_cli(&files, &allowed),
        [
            "workflow/x names --input-size",
            "workflow/x names --id",
            "workflow/raw names --steps",
            "workflow/idle names no flag any more: take it off the list",
        ]
    );
}
