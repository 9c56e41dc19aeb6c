//! `results.json`: one document for a whole run.

use serde_json::{Map, Value, json};

use super::{aggregate, row, sanity_checks};
use crate::domain::foreign::steers;
use crate::domain::{Method, ResultRow, Skipped};
use crate::saliency::Agreement;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::remark::Remark;
use crate::text::{Lang, research_only};

/// Schema version of the documents.
pub const SCHEMA: u32 = 1;

/// File name of the document.
pub const RESULTS: &str = "results.json";

/// The results of a whole run, or of an export from the window.
pub struct Results<'a> {
    pub cases: &'a [ResultRow],
    /// The sanity checks of maps, each with the index of its row among the cases.
    pub sanity_checks: Vec<(usize, &'a SanityChecks)>,
    pub skipped: &'a [Skipped],
    pub remarks: &'a [Remark],
    /// The application's version.
    pub version: &'a str,
    pub interrupted: bool,
    /// Agreement between the maps of two models; `None` if it was not requested.
    pub agreement: Option<Vec<TwoMaps<'a>>>,
}

/// Agreement between the maps of two models on one photograph.
pub struct TwoMaps<'a> {
    pub image: &'a str,
    pub models: [&'a str; 2],
    pub methods: [Method; 2],
    pub found: Agreement,
}

impl<'a> Results<'a> {
    /// Rows alone.
    pub fn of(cases: &'a [ResultRow], version: &'a str) -> Self {
        Self {
            cases,
            sanity_checks: Vec::new(),
            skipped: &[],
            remarks: &[],
            version,
            interrupted: false,
            agreement: None,
        }
    }
}

/// The document as specified; `aggregate` holds the answers per eye and per person if persons are known.
pub fn document(results: &Results<'_>) -> Value {
    let (cases, skipped) = (results.cases, results.skipped);
    let mut rows: Vec<Map<String, Value>> = cases.iter().map(row::fields).collect();
    for (at, sanity_checks) in &results.sanity_checks {
        let fields = sanity_checks::fields(sanity_checks, Some(&cases[*at].card));
        rows[*at].insert("controls".to_owned(), fields);
    }
    let mut document = json!({
        "schema": SCHEMA,
        "application": {"name": "gantei", "version": results.version},
        "research_only": research_only(Lang::En),
        "skipped": skipped.iter().map(|s| &s.name).collect::<Vec<_>>(),
        "skipped_reasons": skipped.iter().map(skipped_reason).collect::<Vec<_>>(),
        "results": rows,
        "together": aggregate::groups(cases).iter().map(aggregate::fields).collect::<Vec<_>>(),
        "remarks": results.remarks.iter().map(remark).collect::<Vec<_>>(),
        "interrupted": results.interrupted,
    });
    if let Some(agreement) = &results.agreement {
        document["agreement"] = agreement.iter().map(two_maps).collect();
    }
    document
}

fn two_maps(two: &TwoMaps<'_>) -> Value {
    json!({
        "image": two.image,
        "models": two.models,
        "methods": two.methods,
        "rank_correlation": two.found.rank_correlation,
        "points": two.found.points,
    })
}

fn remark(remark: &Remark) -> Value {
    json!({"code": remark.as_str(), "message": remark.message(Lang::En)})
}

/// An entry of `skipped_reasons`: the file, the reason by its name in files, and its description.
pub fn skipped_reason(skipped: &Skipped) -> Value {
    let Skipped { name, why } = skipped;
    json!({"file": name, "reason": why.as_str(), "message": why.reason(Lang::En)})
}

/// A document as readable text that ends in a line break.
pub fn text(document: &Value) -> String {
    // A `Value` holds string keys only, so writing it cannot fail.
    let mut text = plain(&serde_json::to_string_pretty(document).unwrap_or_default());
    text.push('\n');
    text
}

/// The same document with terminal control characters escaped as in `\u009b`: they occur only in strings, and a parser
/// restores the original strings.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !steers(c) {
            plain.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            plain.push_str(&format!("\\u{unit:04x}"));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SkipReason;
    use crate::domain::{Person, PersonSource};

    #[test]
    fn a_document_steers_no_terminal_and_says_the_same() {
        let name = "a\u{9b}31m\u{7f}\u{202e}\n\u{1b}\u{e0041}眼\u{feff}.jpg";
        let document = json!({"image": name, name: [1]});
        let text = text(&document);
        assert!(text.chars().all(|c| c == '\n' || !steers(c)), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    }

    #[test]
    fn answers_of_one_person_stand_together() {
        let mut eyes = [row::sample::case(), row::sample::case()];
        for (eye, name) in eyes.iter_mut().zip(["p7_OD.jpg", "p7_OS.jpg"]) {
            eye.image = name.into();
            eye.subject.person = Some(Person {
                name: "p7".into(),
                source: PersonSource::FileName,
            });
        }
        let document = document(&Results::of(&eyes, "1.2.3"));
        let person = &document["together"][0];
        let names: Vec<_> = person.as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            names.join(" "),
            "person person_source eye model photographs used logit score value label spread lowest highest"
        );
        assert_eq!(
            (&person["person"], &person["used"]),
            (&"p7".into(), &2.into())
        );
        assert_eq!(person["eye"], "both");
    }

    #[test]
    fn the_document_carries_the_research_line() {
        let skipped = Skipped {
            name: "notes.txt".into(),
            why: SkipReason::NotAPicture,
        };
        let remarks = [Remark::SetAside("x".into())];
        let sanity = sanity_checks::tests::sample();
        let found = Agreement {
            rank_correlation: 0.5,
            points: 49,
        };
        let document = document(&Results {
            sanity_checks: vec![(0, &sanity)],
            skipped: &[skipped],
            remarks: &remarks,
            interrupted: true,
            agreement: Some(vec![TwoMaps {
                image: "a.jpg",
                models: ["m", "n"],
                methods: [Method::GradCam; 2],
                found,
            }]),
            ..Results::of(&[row::sample::case()], "1.2.3")
        });
        assert!(document["results"][0]["controls"]["hiding"].is_object());
        assert_eq!(document["agreement"][0]["methods"][1], "grad-cam");
        assert_eq!(document["remarks"][0]["code"], "journal-set-aside");
        assert_eq!(document["schema"], 1);
        assert!(
            document["research_only"]
                .as_str()
                .unwrap()
                .starts_with("Research and teaching only.")
        );
        assert_eq!(document["results"][0]["score"], 0.25);
        assert_eq!(document["skipped"][0], "notes.txt");
        assert_eq!(document["skipped_reasons"][0]["reason"], "not-a-picture");
        assert_eq!(document["interrupted"], true);
        assert!(text(&document).ends_with("}\n"));
    }
}
