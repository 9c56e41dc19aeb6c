//! Makes untrusted text safe to display: names of files, layers, labels and columns.

/// Characters of an untrusted text that a message shows.
const SHOWN: usize = 80;

/// An untrusted text for use in a sentence: [`escaped`], and cut at 80 characters.
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut room = SHOWN;
    for c in text.chars() {
        let Some(left) = room.checked_sub(if steers(c) {
            c.escape_unicode().len()
        } else {
            1
        }) else {
            shown.push_str("...");
            return shown;
        };
        room = left;
        push(&mut shown, c);
    }
    shown
}

/// The sentence with another name for a file, wherever the file's own name stands as a whole word: a file named `1` leaves
/// the other figures alone. Both names are as the sentence shows them.
pub fn renamed(sentence: &str, own: &str, other: &str) -> String {
    if own == other || own.is_empty() {
        return sentence.to_owned();
    }
    // Japanese has no spaces, so only Latin letters and figures continue a word.
    let continues = |a: Option<char>, b: Option<char>| {
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        is_letter(a) && is_letter(b)
    };
    let mut renamed = String::with_capacity(sentence.len());
    let mut from = 0;
    for (at, found) in sentence.match_indices(own) {
        let (before, after) = (&sentence[..at], &sentence[at + found.len()..]);
        let is_part = continues(before.chars().next_back(), own.chars().next())
            || continues(own.chars().next_back(), after.chars().next());
        if !is_part {
            renamed.push_str(&sentence[from..at]);
            renamed.push_str(other);
            from = at + found.len();
        }
    }
    renamed.push_str(&sentence[from..]);
    renamed
}

/// The text on one line, with every character that controls a terminal, changes the writing direction or is invisible
/// written as `\u{..}`.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push(&mut shown, c));
    shown
}

/// The same for a text of several lines: line ends and tabs are kept.
pub fn lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            c => push(&mut shown, c),
        }
    }
    shown
}

fn push(shown: &mut String, c: char) {
    if steers(c) {
        shown.extend(c.escape_unicode());
    } else {
        shown.push(c);
    }
}

/// A library's message on one line, with every absolute path in it reduced to its last part.
pub fn without_paths(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut before = ' ';
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let fresh =
            !before.is_alphanumeric() && !matches!(before, '/' | '\\' | '.' | ':' | '_' | '-');
        if fresh && starts_path(rest) {
            let path = &rest[..end_of_path(rest, before)];
            let whole = path.trim_end_matches(['/', '\\', ':']);
            shown.push_str(whole.rsplit(['/', '\\']).next().unwrap_or_default());
            before = path.chars().next_back().unwrap_or(' ');
            rest = &rest[path.len()..];
        } else {
            shown.push(first);
            before = first;
            rest = &rest[first.len_utf8()..];
        }
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Length in bytes of the path at the start of a text, after the character `before`. A space belongs to the path if one
/// of the next words contains another separator: removing too much is better than revealing half a name.
fn end_of_path(text: &str, before: char) -> usize {
    /// Words that a folder name may have.
    const WORDS: usize = 5;
    if matches!(before, '`' | '\'' | '"') {
        return text.find(before).unwrap_or(text.len());
    }
    let ends = |c: char| c.is_whitespace() || "`'\"()[],;".contains(c);
    let word = |from: usize| text[from..].find(ends).map_or(text.len(), |at| from + at);
    let mut end = word(0);
    'longer: loop {
        let mut next = end;
        for _ in 0..WORDS {
            if text[..next].ends_with(':') || !text[next..].starts_with(' ') {
                break;
            }
            let from = next + 1;
            next = word(from);
            if starts_path(&text[from..]) {
                break;
            }
            if text[from..next].contains(['/', '\\']) {
                end = next;
                continue 'longer;
            }
        }
        return end;
    }
}

/// `/name…`, `~/name…`, `C:\name…` or `\\server…`.
fn starts_path(text: &str) -> bool {
    let mut letters = text.chars();
    let head = (letters.next(), letters.next(), letters.next());
    match head {
        (Some('/'), Some(c), _) => c.is_alphanumeric() || "._~".contains(c),
        (Some('~'), Some('/'), Some(_)) => true,
        (Some('\\'), Some('\\'), Some(_)) => true,
        (Some(drive), Some(':'), Some('\\' | '/')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

/// True for characters that a terminal obeys rather than shows, and for invisible ones.
pub fn steers(c: char) -> bool {
    match c {
        // C0, DEL and C1.
        c if c.is_control() => true,
        // The soft hyphen, and directional marks, embeddings, overrides and isolates.
        '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        // Zero width: spaces, joiners, fillers, invisible operators, isolates and the deprecated characters between
        // them.
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' => true,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{ffa0}' => true,
        // Line and paragraph separators, the byte order mark, annotation marks, tags.
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        for (sentence, own, other, expected) in [
            (
                "1: 12 of 512 px, \"1\"",
                "1",
                "photograph-0001",
                "photograph-0001: 12 of 512 px, \"photograph-0001\"",
            ),
            (
                "眼.pngを開けません。",
                "眼.png",
                "photograph-0002",
                "photograph-0002を開けません。",
            ),
            ("12 at 512", "12", "12", "12 at 512"),
            ("nothing of it", "", "x", "nothing of it"),
        ] {
            assert_eq!(renamed(sentence, own, other), expected);
        }
    }

    #[test]
    fn nothing_of_it_steers_a_terminal_or_hides() {
        for (text, safe) in [
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
            ("a\u{9b}31m\u{7f}", "a\\u{9b}31m\\u{7f}"),
            ("a\u{202e}gpj.b\u{2066}", "a\\u{202e}gpj.b\\u{2066}"),
            ("a\nb\r\tc\0", "a\\u{a}b\\u{d}\\u{9}c\\u{0}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
            (
                "a\u{200b}b\u{feff}\u{2060}",
                "a\\u{200b}b\\u{feff}\\u{2060}",
            ),
            ("a\u{e0041}", "a\\u{e0041}"),
        ] {
            assert_eq!(escaped(text), safe);
            assert_eq!(shown(text), safe);
            assert!(!safe.chars().any(steers));
        }
        // Letters are kept: decomposed ones, ideographs with variation selectors, right-to-left scripts.
        for text in ["か\u{3099}", "葛\u{e0100}", "יעל", "Müller é", "眼底 OD"] {
            assert_eq!(escaped(text), text);
        }
        assert_eq!(lines("a\nb\t\u{1b}c\r\n"), "a\nb\t\\u{1b}c\\u{d}\n");
    }

    #[test]
    fn what_is_shown_is_short() {
        assert_eq!(shown(&"眼".repeat(80)), "眼".repeat(80));
        assert_eq!(shown(&"眼".repeat(200)).chars().count(), 83);
        assert_eq!(shown(&"\u{1b}".repeat(200)).chars().count(), 78 + 3);
    }
}
