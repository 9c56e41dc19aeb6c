//! Words coined in earlier versions of the source, and the usual terms for them.

/// A word, and what to write in its place.
pub type Coined = (&'static str, &'static str);

/// Not in the name of anything public.
pub const IN_NAMES: [Coined; 24] = [
    ("office", "workflow"),
    ("verbs", "workflow"),
    ("deed", "command"),
    ("asked", "requested"),
    ("wanted", "requested, desired, bound"),
    ("untold", "failure"),
    ("unexplained", "map failure"),
    ("uncontrolled", "sanity check failure"),
    ("said", "message, text, wording"),
    ("told", "reported"),
    ("tell", "report, notify"),
    ("turns", "keyed lock"),
    ("board", "score matrix"),
    ("offer", "search space, prompt"),
    ("together", "aggregate"),
    ("settle", "resolve"),
    ("customs", "conventions"),
    ("likeness", "rank correlation"),
    ("hindrance", "mismatch"),
    ("obstacle", "system failure"),
    ("shelf", "model folder"),
    ("veils", "textures"),
    ("reins", "job control"),
    ("harmed", "damaged"),
];

/// Not in a sentence that a user reads.
pub const IN_TEXTS: [Coined; 30] = [
    ("untold", "unknown"),
    ("deed", "command"),
    ("harmed", "damaged"),
    ("customs", "conventions"),
    ("the person's word", "stated by the user"),
    ("controls of this map", "sanity checks"),
    ("evidence by anatomy", "contribution by region"),
    ("holds no evidence", "is zero everywhere"),
    ("moved the answer", "changed the result"),
    ("all the same", "anyway"),
    ("put back", "undo"),
    ("taken off the list", "removed"),
    ("empty the list", "clear the list"),
    ("display as it is", "reset display"),
    ("the one in view", "current"),
    ("both signs", "both directions"),
    ("find both", "detect"),
    ("a guess", "assumed"),
    ("still to be said", "not in the file"),
    ("on its way", "preview"),
    ("as they stand", "unchanged"),
    ("taken over", "kept"),
    ("cut off", "interrupted"),
    ("whoever trained", "the developers of"),
    ("課題", "推定項目"),
    ("縮小法", "リサイズ方法"),
    ("注意の重み", "アテンション重み"),
    ("根拠がありません", "寄与はすべて0です"),
    ("アーケード", "血管"),
    ("最後のひと塗り", "直前の塗り"),
];

/// Public names of a file's code that hold a coined word, with what to write instead.
pub fn coined_names(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in code.lines() {
        let Some(name) = public_name(line) else {
            continue;
        };
        for word in words_of(name) {
            if let Some((_, better)) = IN_NAMES.iter().find(|(coined, _)| *coined == word) {
                found.push(format!("{name}: rather {better}"));
            }
        }
    }
    found
}

/// Coined words in the strings of a file's code.
pub fn coined_texts(code: &str) -> Vec<String> {
    let found = super::texts_of(code).into_iter().flat_map(|text| {
        // A line break in a literal does not hide a phrase.
        let text = text.replace("\\\n", " ").to_lowercase();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let coined = IN_TEXTS.iter().filter(move |(coined, _)| {
            text.match_indices(coined).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + coined.len()..].chars().next();
                [before, after]
                    .iter()
                    .flatten()
                    .all(|c| !c.is_ascii_alphanumeric())
            })
        });
        coined
            .map(|(coined, better)| format!("\"{coined}\": rather {better}"))
            .collect::<Vec<_>>()
    });
    found.collect()
}

/// The name of the item that begins in this line, if it is public.
fn public_name(line: &str) -> Option<&str> {
    const ITEMS: [&str; 8] = [
        "fn", "struct", "enum", "trait", "type", "const", "static", "mod",
    ];
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if first != "pub" && !first.starts_with("pub(") {
        return None;
    }
    // `const fn` is a function.
    let is_item = |w: &&str| ITEMS.contains(w) && !(*w == "const" && line.contains("const fn"));
    words.by_ref().find(is_item)?;
    let name = words.next()?;
    let end = name
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    Some(&name[..end])
}

/// The words of a name in any case: `MapFailure`, `map_failure` and `MAP_FAILURE` are `map`, `failure`.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if c != '_' {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase() || c.is_numeric();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coined_word_in_a_public_name_is_noticed_in_any_case() {
        let code = "pub struct CoverUntold;\npub(super) const fn is_told(self) -> bool {\npub const BOARD: u8 = 1;\n\
                    pub mod clipboard;\nfn told() {}\npub fn keyboard() {}\npub enum Unfold { Told }";
        let names = coined_names(code);
        let of = |start: &str| names.iter().filter(|n| n.starts_with(start)).count();
        assert_eq!([of("CoverUntold"), of("is_told"), of("BOARD")], [1, 1, 1]);
        assert_eq!(names.len(), 3, "{names:?}");
    }

    #[test]
    fn a_coined_word_in_a_text_is_noticed_as_a_word_alone() {
        assert_eq!(
            coined_texts(r#"say("The deed is done", "indeed")"#).len(),
            1
        );
        assert_eq!(
            coined_texts(r#"deed("Files were \"harmed\" here")"#).len(),
            1
        );
        assert!(coined_texts(r#"deed("Run the command")"#).is_empty());
        // Japanese has no spaces between words.
        assert_eq!(coined_texts(r#"deed("モデルの課題を選ぶ")"#).len(), 1);
        let behind_a_mark = r#"let q = '"'; say("a\\", "The deed is done")"#;
        assert_eq!(coined_texts(behind_a_mark).len(), 1);
    }
}
