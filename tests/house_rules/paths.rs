//! The paths that a file names, made absolute, and the file that defines what they name.

use std::collections::{BTreeMap, BTreeSet};

/// A path of this crate as a file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// From the crate's root; ends with `*` for a glob.
    pub path: Vec<String>,
    /// The name that a `use` brings in; `None` for a path in an expression.
    pub brought_in: Option<String>,
    /// Number of leading `super`.
    pub supers: usize,
}

/// The module of a file: `a/b` and `a/b/mod` are `a::b`.
pub fn module_of(place: &str) -> Vec<String> {
    let mut parts: Vec<String> = place.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["lib"] {
        parts.pop();
    }
    parts
}

/// Every path in the code of a module: those of `use`, and inline paths that begin with `crate`, `super`, `self` or one
/// of the module's own `children`.
pub fn named(code: &str, module: &[String], children: &BTreeSet<String>) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = next_word(code, &mut at) {
        let begins = word.begins && matches!(word.text, "crate" | "super" | "self");
        let of_child = word.begins && children.contains(word.text);
        if word.text == "use" && word.begins {
            let start = code[at..].trim_start();
            let first: String = start.chars().take_while(|c| is_of_word(*c)).collect();
            let own =
                ["crate", "super", "self"].contains(&first.as_str()) || children.contains(&first);
            let end = code[at..].find(';').map_or(code.len(), |end| at + end);
            if own {
                let mut reader = Reader {
                    text: &code[at..end],
                    at: 0,
                };
                reader.tree(&root(&first, module), 0, true, &mut found);
            }
            at = end;
        } else if (begins || of_child) && code[at..].starts_with("::") {
            let mut reader = Reader {
                text: &code[at - word.text.len()..],
                at: 0,
            };
            reader.tree(&root(word.text, module), 0, false, &mut found);
        }
    }
    found
}

/// The module that the first word of a path refers to.
fn root(first: &str, module: &[String]) -> Vec<String> {
    match first {
        "crate" => Vec::new(),
        _ => module.to_vec(),
    }
}

struct Word<'a> {
    text: &'a str,
    /// Not preceded by anything that makes it part of a path or of another word.
    begins: bool,
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn next_word<'a>(code: &'a str, at: &mut usize) -> Option<Word<'a>> {
    let start = *at + code[*at..].find(is_of_word)?;
    let length = code[start..]
        .find(|c| !is_of_word(c))
        .unwrap_or(code.len() - start);
    *at = start + length;
    let before = code[..start].trim_end_matches('$');
    Some(Word {
        text: &code[start..*at],
        begins: !before.ends_with("::") && !before.ends_with('.') && !before.ends_with('\''),
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = self.rest().starts_with(sign);
        self.at += if is { sign.len() } else { 0 };
        is
    }

    fn word(&mut self) -> String {
        let word: String = self.rest().chars().take_while(|c| is_of_word(*c)).collect();
        self.at += word.len();
        word
    }

    /// One path, or a tree of paths, below `prefix`.
    fn tree(&mut self, prefix: &[String], supers: usize, is_use: bool, found: &mut Vec<Named>) {
        if is_use {
            self.blanks();
        }
        if is_use && self.takes("{") {
            loop {
                self.blanks();
                if self.takes("}") || self.rest().is_empty() {
                    return;
                }
                self.tree(prefix, supers, is_use, found);
                self.blanks();
                self.takes(",");
            }
        }
        if self.takes("*") {
            let path = [prefix, &["*".to_owned()]].concat();
            found.push(Named {
                path,
                brought_in: is_use.then(|| "*".to_owned()),
                supers,
            });
            return;
        }
        let word = self.word();
        if word.is_empty() {
            // `::` is followed by type arguments, not by a name.
            found.push(Named {
                path: prefix.to_vec(),
                brought_in: None,
                supers,
            });
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            return;
        }
        let (mut path, mut supers) = (prefix.to_vec(), supers);
        match word.as_str() {
            "super" => {
                path.pop();
                supers += 1;
            }
            "crate" | "self" => {}
            _ => path.push(word.clone()),
        }
        if self.takes("::") {
            self.tree(&path, supers, is_use, found);
            return;
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if is_use {
            self.blanks();
            if self.takes("as ") {
                name = self.word();
            }
        }
        found.push(Named {
            path,
            brought_in: is_use.then_some(name),
            supers,
        });
    }
}

/// The modules of the crate and what each imports: resolves `crate::imaging::Error` to the file that defines it,
/// through any number of re-exports.
#[derive(Default)]
pub struct Crate {
    modules: BTreeSet<Vec<String>>,
    brought_in: BTreeMap<(Vec<String>, String), Vec<String>>,
    whole: BTreeMap<Vec<String>, Vec<Vec<String>>>,
}

impl Crate {
    /// From every module with its code.
    pub fn of<'a>(files: impl Iterator<Item = (Vec<String>, &'a str)> + Clone) -> Self {
        let mut all = Self {
            modules: files.clone().map(|(module, _)| module).collect(),
            ..Self::default()
        };
        for (module, code) in files {
            for named in named(code, &module, &all.children(&module)) {
                let Some(name) = named.brought_in else {
                    continue;
                };
                let target = named.path;
                if name == "*" {
                    let from = target[..target.len() - 1].to_vec();
                    all.whole.entry(module.clone()).or_default().push(from);
                } else if target.last() != Some(&name) || target[..target.len() - 1] != module[..] {
                    all.brought_in.insert((module.clone(), name), target);
                }
            }
        }
        all
    }

    pub fn children(&self, module: &[String]) -> BTreeSet<String> {
        let inside = |m: &&Vec<String>| m.len() == module.len() + 1 && m.starts_with(module);
        self.modules
            .iter()
            .filter(inside)
            .filter_map(|m| m.last().cloned())
            .collect()
    }

    /// The module that defines what a path names.
    pub fn home(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        for _ in 0..16 {
            let deep = (0..=path.len())
                .rev()
                .find(|&n| self.modules.contains(&path[..n]));
            let module = path[..deep.unwrap_or(0)].to_vec();
            let Some(name) = path.get(module.len()) else {
                return module;
            };
            let direct = self
                .brought_in
                .get(&(module.clone(), name.clone()))
                .cloned();
            let target = direct.or_else(|| {
                let mut sources = self.whole.get(&module).into_iter().flatten();
                let holds = |from: &&Vec<String>| {
                    self.brought_in
                        .contains_key(&((*from).clone(), name.clone()))
                };
                let from = sources.find(holds)?;
                Some([from.as_slice(), std::slice::from_ref(name)].concat())
            });
            let Some(mut target) = target else {
                return module;
            };
            target.extend_from_slice(&path[module.len() + 1..]);
            if target == path {
                return module;
            }
            path = target;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str) -> Vec<String> {
        path.split("::")
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn paths(code: &str, of: &str) -> Vec<String> {
        let children = BTreeSet::from(["child".to_owned()]);
        let found = named(code, &module(of), &children);
        found.iter().map(|n| n.path.join("::")).collect()
    }

    #[test]
    fn paths_are_read_in_every_form() {
        assert_eq!(
            paths("use crate::{domain::Eye, ui};", "a"),
            ["domain::Eye", "ui"]
        );
        assert_eq!(
            paths("let x = crate::export::csv::table();", "a"),
            ["export::csv::table"]
        );
        assert_eq!(
            paths("use super::super::text::{self, Lang as L};", "a::b::c"),
            ["a::text", "a::text::Lang"]
        );
        assert_eq!(
            paths("pub use child::{X, y::*};", "a"),
            ["a::child::X", "a::child::y::*"]
        );
        assert_eq!(
            paths("child::open(1); self::child::Z;", "a"),
            ["a::child::open", "a::child::Z"]
        );
        assert_eq!(
            paths("$crate::text::x!(); foo::crate_::x; std::fs::read()", "a"),
            ["text::x"]
        );
        assert_eq!(
            paths("use std::{fs, io}; x.child::<u8>()", "a"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_name_leads_home_through_what_others_bring_in() {
        let files = [
            ("", "pub mod a;"),
            ("a", "pub use b::Thing; use crate::z::Deep;"),
            ("a::b", "pub struct Thing;"),
            ("z", "pub use inner::*;"),
            ("z::inner", "pub use crate::a::b::Thing as Deep;"),
        ];
        let files: Vec<_> = files.iter().map(|(m, code)| (module(m), *code)).collect();
        let all = Crate::of(files.iter().cloned());
        let home = |path: &str| all.home(&module(path)).join("::");
        assert_eq!(home("a::Thing::new"), "a::b");
        assert_eq!(home("a::Deep"), "a::b");
        assert_eq!(home("a::other"), "a");
        assert_eq!(home("a::b::x"), "a::b");
    }
}
