//! Persons and counting in the list, handling of the sample eye and of paths that do not exist.

use std::path::PathBuf;

use crate::app::Effect;
use crate::app::apply::examples::{Desk, answer_of, image};
use crate::app::apply::export::WriteFiles;
use crate::app::apply::{Action, Export, Models, Photographs, SettingChange, find, predict};
use crate::app::found::{FoundFiles, FoundPhotograph};
use crate::app::state::{MessageTopic, PhotoId, Scope};
use crate::domain::{
    Exclusion, Finding, FindingCode, FundusImage, Laterality, Persons, Quality, Severity,
};
use crate::storage::naming::PhotographPath;
use crate::workflow::Source;

/// An opened photograph with an answer of the model `m`.
fn ready(
    desk: &mut Desk,
    id: PhotoId,
    sha256: &str,
    change: impl Fn(&mut FundusImage),
    score: f64,
) {
    let mut image = image(sha256, 4);
    change(&mut image);
    desk.opened(id, image.clone());
    let mut answer = (*answer_of("m", sha256, score)).clone();
    answer.case = crate::domain::ResultRow {
        eye: image.eye,
        quality: Some(image.quality),
        pixels_sha256: Some(image.pixels_sha256),
        findings: image.findings,
        ..answer.case
    };
    desk.land(|s| predict::predicted(s, id, "m", sha256, Ok(answer.into())));
}

fn codes(desk: &Desk, id: PhotoId) -> Vec<FindingCode> {
    let answer = &desk.photo(id).answers["m"];
    answer.case.findings.iter().map(|f| f.code).collect()
}

fn count(id: PhotoId, used: bool) -> Action {
    Action::Photographs(Photographs::Count(id, used))
}

#[test]
fn what_does_not_count_by_default_is_ticked_in_and_exported_so() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg", "b.jpg"]);
    ready(&mut desk, ids[0], "1", |i| i.quality = Quality::Bad, 0.8);
    ready(&mut desk, ids[1], "2", |_| {}, 0.3);
    let subject = |desk: &Desk, id| desk.photo(id).subject.clone();
    assert_eq!(subject(&desk, ids[0]).left_out, [Exclusion::BadQuality]);
    assert!(!desk.photo(ids[0]).answers["m"].case.is_used());
    desk.act(count(ids[0], true)).act(count(ids[1], false));
    desk.act(Action::Export(Export::Open));
    desk.act(Action::Export(Export::Folder("out".into())));
    desk.act(Action::Export(Export::Scope(Scope::All)));
    desk.act(Action::Export(Export::Write(
        crate::app::state::IfTaken::Ask,
    )));
    let WriteFiles(order) = desk.only_starts();
    let used: Vec<_> = order
        .rows
        .iter()
        .map(|row| {
            (
                row.answers[0].case.is_used(),
                row.answers[0].case.used_why(),
            )
        })
        .collect();
    let user = Some("user".to_owned());
    assert_eq!(used, [(true, user.clone()), (false, user)]);
    // Back at the default, no statement of the user remains.
    desk.act(count(ids[0], false)).act(count(ids[1], true));
    assert_eq!(
        [desk.photo(ids[0]).by_user, desk.photo(ids[1]).by_user],
        [None, None]
    );
}

#[test]
fn equal_pixels_are_found_before_a_run_and_when_one_goes_they_are_not() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg", "b.jpg", "c.jpg"]);
    for (id, sha256) in ids.iter().zip(["1", "2", "1"]) {
        desk.opened(*id, image(sha256, 4));
    }
    let reported = |desk: &Desk, id: PhotoId| {
        let known = desk.photo(id).known.as_ref().unwrap();
        known
            .findings
            .iter()
            .any(|f| f.code == FindingCode::Duplicate)
    };
    assert_eq!(
        ids.iter()
            .map(|id| reported(&desk, *id))
            .collect::<Vec<_>>(),
        [true, false, true]
    );
    assert_eq!(desk.photo(ids[2]).subject.left_out, [Exclusion::Duplicate]);
    desk.select(ids[0]);
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(!reported(&desk, ids[2]) && desk.photo(ids[2]).subject.counts());
}

#[test]
fn file_names_make_persons_when_they_are_confirmed_and_eyes_that_disagree_are_told() {
    let mut desk = Desk::new();
    let ids = desk.open(&["p1_OD.jpg", "p1_OS.jpg"]);
    ready(&mut desk, ids[0], "1", |_| {}, 0.8);
    ready(&mut desk, ids[1], "2", |i| i.eye = Laterality::Os, 0.3);
    assert_eq!(desk.photo(ids[0]).subject.guess.as_deref(), Some("p1"));
    assert!(desk.photo(ids[0]).subject.person.is_none());
    assert_eq!(desk.photo(ids[0]).person(), Some("p1"));
    assert!(!codes(&desk, ids[0]).contains(&FindingCode::EyesDisagree));
    desk.act(Action::Photographs(Photographs::Persons(
        Persons::FileNames,
    )));
    let person = desk.photo(ids[0]).subject.person.clone().unwrap();
    assert_eq!(
        (person.name.as_str(), person.source.as_str()),
        ("p1", "file-name")
    );
    assert!(
        ids.iter()
            .all(|id| codes(&desk, *id).contains(&FindingCode::EyesDisagree))
    );
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    let masked = desk.photo(ids[0]).subject.person.clone().unwrap();
    assert_eq!(masked.name, "person-1");
    desk.act(Action::Settings(SettingChange::NamesMasked(false)));
    // Confirming these names does not confirm others.
    desk.open(&["p2_OD.jpg"]);
    assert!(desk.photo(ids[0]).subject.person.is_none());
    assert!(!codes(&desk, ids[0]).contains(&FindingCode::EyesDisagree));
}

#[test]
fn photographs_that_come_after_a_pattern_make_no_persons_until_it_is_used_again() {
    let mut desk = Desk::new();
    let pattern: Option<crate::imaging::NamePattern> = "{person}_{eye}".parse().ok();
    let used = || Action::Photographs(Photographs::NamePattern(pattern.clone()));
    let first = desk.open(&["p1_OD.jpg"])[0];
    desk.act(used());
    assert!(desk.photo(first).subject.person.is_some());
    let later = desk.open(&["scan_2_OD.jpg"]).pop().unwrap();
    let person = |desk: &Desk, id| desk.photo(id).subject.person.clone().map(|p| p.name);
    assert_eq!([person(&desk, first), person(&desk, later)], [None, None]);
    assert_eq!(desk.state.name_pattern, pattern, "it is proposed again");
    desk.act(used());
    assert_eq!(person(&desk, first).as_deref(), Some("p1"));
    assert_eq!(person(&desk, later).as_deref(), Some("scan_2"));
}

#[test]
fn models_disagree_only_while_both_are_chosen() {
    let mut desk = Desk::with_both();
    let a = desk.open_ready("a.jpg", "1");
    desk.answered_by("m", a, "1", 0.8)
        .answered_by("n", a, "1", 0.2);
    let marks = |desk: &Desk| {
        let photo = desk.photo(a);
        let answers = photo.answers.values().chain(photo.maps.values());
        let found = answers.filter(|x| {
            x.case
                .findings
                .iter()
                .any(|f| f.code == FindingCode::ModelsDisagree)
        });
        found.count()
    };
    assert_eq!(marks(&desk), 4);
    desk.act(Action::Models(Models::Choose("m".into())));
    assert_eq!(marks(&desk), 0);
    desk.act(Action::Models(Models::Toggle("n".into())));
    assert_eq!(marks(&desk), 4);
}

#[test]
fn the_sample_eye_goes_when_the_first_own_file_comes_and_is_not_exported_with_others() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::OpenSample));
    let sample = desk.state.photographs[0].id;
    desk.opened(sample, image("9", 4))
        .answered(sample, "9", 0.9);
    let ids = desk.open(&["a.jpg"]);
    assert_eq!(desk.state.photographs.len(), 1);
    assert!(desk.state.messages.is_empty() && desk.state.removals.is_empty());
    assert_eq!(desk.state.selected, Some(ids[0]));
    ready(&mut desk, ids[0], "1", |_| {}, 0.8);
    // Reopened on purpose, it is shown but not exported with the others.
    desk.act(Action::Photographs(Photographs::OpenSample));
    let sample = desk.id_of(&Source::Sample.name());
    desk.opened(sample, image("9", 4))
        .answered(sample, "9", 0.9);
    desk.act(Action::Export(Export::Open));
    desk.act(Action::Export(Export::Folder("out".into())));
    desk.act(Action::Export(Export::Scope(Scope::All)));
    desk.act(Action::Export(Export::Write(
        crate::app::state::IfTaken::Ask,
    )));
    let WriteFiles(order) = desk.only_starts();
    let names: Vec<&str> = order.rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["a.jpg"]);
}

#[test]
fn a_path_that_leads_nowhere_is_a_message_and_no_row() {
    let mut desk = Desk::new();
    desk.land(|s| {
        find::found(
            s,
            &["/media/usb/nothing".into()],
            Ok(FoundFiles {
                absent: vec!["nothing".into()],
                ..FoundFiles::default()
            }),
        )
    });
    assert!(desk.state.photographs.is_empty());
    let names = vec!["nothing".to_owned()];
    assert_eq!(desk.state.messages.len(), 1);
    assert_eq!(
        desk.state.messages[0].subject,
        MessageTopic::Absent { names }
    );
}

#[test]
fn photographs_of_different_inputs_have_names_and_persons_of_their_own() {
    let mut desk = Desk::new();
    let found = |root: &str, below: &str| FoundPhotograph {
        source: Source::File(PathBuf::from(format!("/x/{root}/{below}"))),
        place: PhotographPath {
            root: PathBuf::from(format!("/x/{root}")),
            below: below.into(),
            in_folder: true,
        },
    };
    let mut come = |root: &str, names: &[&str]| {
        desk.land(|s| {
            find::found(
                s,
                &[],
                Ok(FoundFiles {
                    photographs: names.iter().map(|name| found(root, name)).collect(),
                    ..FoundFiles::default()
                }),
            )
        });
        let names = desk.state.photographs.iter().map(|p| p.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(
        come("siteA", &["01L.jpg", "01R.jpg"]),
        ["01L.jpg", "01R.jpg"]
    );
    let both = [
        "siteA/01L.jpg",
        "siteA/01R.jpg",
        "siteB/01L.jpg",
        "siteB/01R.jpg",
    ];
    assert_eq!(come("siteB", &["01L.jpg", "01R.jpg"]), both);
    let guesses: Vec<_> = desk
        .state
        .photographs
        .iter()
        .map(|p| p.subject.guess.as_deref())
        .collect();
    let (a, b) = (Some("siteA/01"), Some("siteB/01"));
    assert_eq!(guesses, [a, a, b, b]);
}

#[test]
fn the_methods_paragraph_counts_failures_and_what_was_left_out() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg", "b.jpg", "c.jpg"]);
    ready(&mut desk, ids[0], "1", |_| {}, 0.8);
    let conflict = Finding::new(FindingCode::EyeConflict, Severity::Caution);
    ready(
        &mut desk,
        ids[1],
        "2",
        |i| i.findings = vec![conflict.clone()],
        0.3,
    );
    desk.failed(ids[2]);
    desk.act(Action::Export(Export::CopyMethods(crate::text::Lang::En)));
    let [Effect::CopyText(text)] = &desk.effects[..] else {
        panic!("{:?}", desk.effects);
    };
    assert!(
        text.contains("was used to analyse 2 fundus photographs."),
        "{text}"
    );
    assert!(
        text.contains("Photographs without a result were excluded (n = 1)."),
        "{text}"
    );
    assert!(
        text.contains("1 did not enter the results per eye and person (recorded laterality"),
        "{text}"
    );
}
