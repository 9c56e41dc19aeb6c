//! Lists from files in messages, the same for the command line and the window: at most 20 lines, and the number of the
//! others. Names are made safe to display.
//!
//! Parts of a model that are not supported are grouped by class and reason: a hundred layers of one class take one line.

use std::collections::HashMap;

use super::Lang;
use super::foreign::{escaped, shown};

/// Lines of a list that a message shows; programs get all of it.
const MAX_LISTED: usize = 20;

/// Names in a sentence.
pub fn listed(names: &[String], lang: Lang) -> String {
    joined(names, MAX_LISTED, comma(lang), lang, |name| shown(name))
}

/// A part of a model that is not supported.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Class of the layer; empty for what is no layer of Keras.
    pub class: &'a str,
    pub name: &'a str,
    pub reason: &'a str,
}

/// Such parts in a sentence, in the order in which they come. The reasons exist in English only: a Japanese sentence has
/// the classes and names.
pub fn listed_parts<'a>(parts: impl Iterator<Item = Part<'a>>, lang: Lang) -> String {
    let mut groups: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for Part {
        class,
        name,
        reason,
    } in parts
    {
        let reason = match lang {
            Lang::En => reason,
            Lang::Ja => "",
        };
        let at = *places.entry((class, reason)).or_insert_with(|| {
            groups.push((class, reason, Vec::new()));
            groups.len() - 1
        });
        groups[at].2.push(name);
    }
    let between = match lang {
        Lang::En => "; ",
        Lang::Ja => "、",
    };
    joined(
        &groups,
        MAX_LISTED,
        between,
        lang,
        |(class, reason, names)| {
            /// Names of one group that a line shows.
            const NAMES: usize = 3;
            let names = joined(names, NAMES, comma(lang), lang, |name| shown(name));
            let parts = match *class {
                "" => names,
                class => format!("{} ({names})", shown(class)),
            };
            match *reason {
                "" => parts,
                reason => format!("{parts}: {}", escaped(reason)),
            }
        },
    )
}

fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ", ",
        Lang::Ja => "、",
    }
}

/// The first `most` of these, and in words how many there are beyond them.
fn joined<T>(
    all: &[T],
    most: usize,
    between: &str,
    lang: Lang,
    line: impl Fn(&T) -> String,
) -> String {
    let mut lines: Vec<String> = all.iter().take(most).map(line).collect();
    match all.len() - lines.len() {
        0 => {}
        more => lines.push(and_more(more, lang)),
    }
    lines.join(between)
}

/// The number of those that a list does not show.
pub fn and_more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("and {count} more"),
        Lang::Ja => format!("ほか{count}件"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_names_end_with_the_number_of_the_others() {
        let names = |count: usize| -> Vec<String> { (0..count).map(|n| format!("n{n}")).collect() };
        assert_eq!(listed(&names(2), Lang::En), "n0, n1");
        let whole = listed(&names(20), Lang::En);
        assert!(whole.ends_with("n18, n19"), "{whole}");
        let cut = listed(&names(23), Lang::En);
        assert!(cut.ends_with("n18, n19, and 3 more"), "{cut}");
        let cut = listed(&names(23), Lang::Ja);
        assert!(cut.ends_with("n18、n19、ほか3件"), "{cut}");
        assert_eq!(
            listed(&["a\u{1b}[31m".to_owned()], Lang::En),
            "a\\u{1b}[31m"
        );
    }

    #[test]
    fn parts_are_grouped_by_class_and_reason() {
        let layers: Vec<String> = (0..40).map(|n| format!("conv{n}")).collect();
        let parts = layers.iter().enumerate().map(|(n, name)| Part {
            class: if n % 2 == 0 { "Conv3D" } else { "Lambda" },
            name,
            reason: if n < 38 { "why" } else { "another reason" },
        });
        assert_eq!(
            listed_parts(parts, Lang::En),
            "Conv3D (conv0, conv2, conv4, and 16 more): why; Lambda (conv1, conv3, conv5, and 16 more): why; \
             Conv3D (conv38): another reason; Lambda (conv39): another reason"
        );
        let each_with_a_reason = layers.iter().map(|name| Part {
            class: "",
            name,
            reason: name,
        });
        let list = listed_parts(each_with_a_reason, Lang::En);
        assert!(list.starts_with("conv0: conv0; conv1: conv1; "), "{list}");
        assert!(list.ends_with("conv19: conv19; and 20 more"), "{list}");
    }

    #[test]
    fn a_japanese_list_has_no_english_reasons() {
        let names = ["a", "b", "c", "d", "e"];
        let parts = names.map(|name| Part {
            class: if name == "e" { "Lambda" } else { "Conv3D" },
            name,
            reason: "why",
        });
        assert_eq!(
            listed_parts(parts.into_iter(), Lang::Ja),
            "Conv3D (a、b、c、ほか1件)、Lambda (e)"
        );
    }
}
