//! Sorting, filtering, marking, removing marked rows, and the two eyes of a person.

use crate::app::apply::examples::{
    Desk, answer, answer_of, answer_with_map, failure, image, known,
};
use crate::app::apply::many::RowDone;
use crate::app::apply::open::{OpenPhotograph, ReadThumbnail};
use crate::app::apply::{Action, List, Photographs, SettingChange, View, many, open, predict};
use crate::app::state::{Display, Layout, PhotoId, Show, SortBy};
use crate::domain::{Finding, FindingCode, FundusImage, Laterality, Quality, Severity};

fn list(desk: &mut Desk, action: List) {
    desk.act(Action::List(action));
}

fn glanced(desk: &mut Desk, photo: PhotoId, image: &FundusImage) {
    let result = Ok(known(image));
    desk.land(|s| open::glanced(s, photo, result));
}

fn of_eye(sha256: &str, eye: Laterality) -> FundusImage {
    FundusImage {
        eye,
        ..image(sha256, 4)
    }
}

/// Three photographs: `b` has a score of 0.9, `a10` of 0.1, `a9` has none.
fn three() -> (Desk, [PhotoId; 3]) {
    let mut desk = Desk::new();
    let ids = desk.open(&["b", "a10", "a9"]);
    desk.row(ids[0], "1", 0.9).row(ids[1], "2", 0.1);
    (desk, [ids[0], ids[1], ids[2]])
}

#[test]
fn the_list_is_sorted_by_name_and_by_score_and_back_again() {
    let (mut desk, _) = three();
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
    list(&mut desk, List::Sort(SortBy::Name));
    assert_eq!(desk.names(), ["a9", "a10", "b"], "numbers count as numbers");
    list(&mut desk, List::Sort(SortBy::Name));
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
    list(&mut desk, List::Sort(SortBy::Score));
    assert_eq!(desk.names(), ["a10", "b", "a9"]);
    list(&mut desk, List::Sort(SortBy::Score));
    assert_eq!(desk.names(), ["b", "a10", "a9"], "no score stays last");
    list(&mut desk, List::Sort(SortBy::Added));
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
}

#[test]
fn eye_quality_and_state_sort_too() {
    let (mut desk, ids) = three();
    glanced(&mut desk, ids[0], &of_eye("1", Laterality::Unknown));
    glanced(&mut desk, ids[1], &of_eye("2", Laterality::Os));
    let bad = FundusImage {
        quality: Quality::Bad,
        ..of_eye("3", Laterality::Od)
    };
    glanced(&mut desk, ids[2], &bad);
    list(&mut desk, List::Sort(SortBy::Eye));
    assert_eq!(desk.names(), ["a9", "a10", "b"]);
    list(&mut desk, List::Sort(SortBy::Eye));
    assert_eq!(desk.names(), ["a10", "a9", "b"], "not known stays last");
    list(&mut desk, List::Sort(SortBy::Quality));
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
    desk.row_unread(ids[1]);
    list(&mut desk, List::Sort(SortBy::State));
    assert_eq!(desk.names(), ["a10", "a9", "b"], "failed, not run, done");
}

/// Scores of the model `n` for these photographs.
fn second_model(desk: &mut Desk, says: &[(PhotoId, &str, f64)]) {
    desk.set(|s| s.models = vec!["m".into(), "n".into()]);
    for (photo, sha256, score) in says {
        desk.land(|s| {
            many::row_done(
                s,
                RowDone {
                    photo: *photo,
                    known: Ok(known(&image(sha256, 4))),
                    answers: vec![("n".into(), Ok(answer_of("n", sha256, *score)))],
                    recalled: false,
                },
            )
        });
    }
}

#[test]
fn the_list_is_sorted_by_the_model_that_is_asked_for_whichever_is_in_view() {
    let (mut desk, [b, a10, a9]) = three();
    second_model(&mut desk, &[(b, "1", 0.2), (a10, "2", 0.6)]);
    let of = |id: &str| List::Sort(SortBy::ScoreOf(id.into()));
    list(&mut desk, of("n"));
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
    list(&mut desk, of("n"));
    assert_eq!(desk.names(), ["a10", "b", "a9"]);
    list(&mut desk, of("m"));
    assert_eq!(desk.names(), ["a10", "b", "a9"]);
    list(&mut desk, of("m"));
    assert_eq!(desk.names(), ["b", "a10", "a9"]);
    let sorting = |desk: &Desk| desk.state.sorting_model().map(|m| m.id.clone());
    assert_eq!(sorting(&desk).as_deref(), Some("m"));
    // The score in view is the same column: the order is reversed, not restarted.
    list(&mut desk, List::Sort(SortBy::Score));
    list(&mut desk, of("m"));
    assert_eq!(desk.names(), ["b", "a10", "a9"], "turned");
    list(&mut desk, of("n"));
    desk.set(|s| s.models = vec!["m".into()]);
    list(&mut desk, List::Words(String::new()));
    assert_eq!(sorting(&desk).as_deref(), Some("m"), "its column is gone");
    assert_eq!(desk.names(), ["a10", "b", "a9"]);
    second_model(&mut desk, &[(a9, "3", 0.1)]);
    assert_eq!(desk.names(), ["a9", "b", "a10"]);
}

#[test]
fn what_is_no_fundus_has_no_figure_to_sort_by_unless_it_is_used_all_the_same() {
    let (mut desk, ids) = three();
    // The refusal itself contains no score; see `workflow::predict`.
    let sorted = |desk: &mut Desk, score: Option<f64>, code: FindingCode| {
        let mut case = answer("2", 0.95).case.clone();
        case.quality = Some(Quality::NotAFundus);
        case.score = score;
        case.findings = vec![Finding::new(code, Severity::Serious)];
        let answer = std::sync::Arc::new(crate::workflow::Answer {
            case,
            ..(*answer("2", 0.95)).clone()
        });
        desk.land(|s| {
            many::row_done(
                s,
                RowDone {
                    photo: ids[1],
                    known: Ok(known(&image("2", 4))),
                    answers: vec![("m".into(), Ok(answer))],
                    recalled: false,
                },
            )
        });
        let mut names = vec![];
        for _ in 0..2 {
            list(desk, List::Sort(SortBy::Score));
            names.push(desk.names().join(" "));
        }
        list(desk, List::Sort(SortBy::Added));
        names
    };
    let refused = sorted(&mut desk, None, FindingCode::NotAFundus);
    assert_eq!(refused, ["b a10 a9", "b a10 a9"]);
    if let Some(photo) = desk.state.photograph_mut(ids[1]) {
        crate::app::apply::stated::note_acceptance(photo, true);
    }
    let accepted = sorted(&mut desk, Some(0.95), FindingCode::NotAFundusAccepted);
    assert_eq!(accepted, ["b a10 a9", "a10 b a9"]);
}

#[test]
fn cautions_sort_by_how_grave_they_are_and_then_by_their_number() {
    let mut desk = Desk::new();
    let names = ["two", "none", "serious", "failed", "one", "waits", "clean"];
    let ids = desk.open(&names);
    let caution = |code| Finding::new(code, Severity::Caution);
    let demonstration = Finding::new(FindingCode::DemonstrationModel, Severity::Serious);
    let note = Finding::new(FindingCode::Uncalibrated, Severity::Note);
    let findings: [&[Finding]; 7] = [
        &[
            caution(FindingCode::OutOfFocus),
            caution(FindingCode::LowContrast),
        ],
        &[demonstration, note],
        &[Finding::new(FindingCode::EyeConflict, Severity::Serious)],
        &[],
        &[
            caution(FindingCode::OutOfFocus),
            caution(FindingCode::OutOfFocus),
        ],
        &[],
        &[],
    ];
    for (i, (id, findings)) in ids.iter().zip(findings).enumerate() {
        let sha256 = i.to_string();
        let mut answer = (*answer(&sha256, 0.5)).clone();
        answer.case.findings = findings.to_vec();
        match names[i] {
            "failed" => {
                desk.row_unread(*id);
            }
            "waits" => {}
            _ => {
                desk.land(|s| {
                    many::row_done(
                        s,
                        RowDone {
                            photo: *id,
                            known: Ok(known(&image(&sha256, 4))),
                            answers: vec![("m".into(), Ok(answer.into()))],
                            recalled: false,
                        },
                    )
                });
            }
        }
    }
    list(&mut desk, List::Sort(SortBy::Cautions));
    let last = ["failed", "waits"];
    let sorted = ["none", "clean", "one", "two", "serious"];
    assert_eq!(desk.names(), [&sorted[..], &last].concat());
    list(&mut desk, List::Sort(SortBy::Cautions));
    let sorted = ["serious", "two", "one", "none", "clean"];
    assert_eq!(
        desk.names(),
        [&sorted[..], &last].concat(),
        "equal rows keep their order"
    );
}

#[test]
fn the_order_follows_what_comes_in() {
    let (mut desk, ids) = three();
    list(&mut desk, List::Sort(SortBy::Score));
    desk.row(ids[2], "3", 0.5);
    assert_eq!(desk.names(), ["a10", "a9", "b"]);
}

#[test]
fn a_part_of_a_name_filters_whatever_the_case() {
    let (mut desk, _) = three();
    list(&mut desk, List::Words(" A1 ".into()));
    assert_eq!(desk.names(), ["a10"]);
    assert!(desk.state.list.hides());
    list(&mut desk, List::Words("  ".into()));
    assert_eq!(desk.names().len(), 3);
    assert!(!desk.state.list.hides());
}

#[test]
fn masked_names_cannot_be_found_by_what_they_hide() {
    let (mut desk, _) = three();
    list(&mut desk, List::Words("a10".into()));
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    assert!(desk.names().is_empty());
    list(&mut desk, List::Words("no. 2".into()));
    assert_eq!(desk.names(), ["a10"]);
}

#[test]
fn rows_are_shown_by_what_became_of_them() {
    let (mut desk, ids) = three();
    desk.land(|s| {
        many::row_done(
            s,
            RowDone {
                photo: ids[1],
                known: Ok(known(&image("2", 4))),
                answers: vec![("m".into(), Err(failure("device")))],
                recalled: false,
            },
        )
    });
    let mut blurred = image("1", 4);
    blurred.findings = vec![Finding::new(FindingCode::OutOfFocus, Severity::Caution)];
    glanced(&mut desk, ids[0], &blurred);
    let mut shown = |show| {
        list(&mut desk, List::Show(show));
        desk.names()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(Show::NotRun), ["a9"]);
    assert_eq!(shown(Show::Failed), ["a10"]);
    assert_eq!(shown(Show::Done), ["b", "a10"]);
    assert_eq!(shown(Show::Cautions), ["b"]);
    assert_eq!(shown(Show::All).len(), 3);
}

#[test]
fn a_demonstration_model_and_notes_are_no_cautions() {
    let (mut desk, ids) = three();
    let mut image = image("1", 4);
    image.findings = vec![
        Finding::new(FindingCode::DemonstrationModel, Severity::Serious),
        Finding::new(FindingCode::Uncalibrated, Severity::Note),
    ];
    glanced(&mut desk, ids[0], &image);
    list(&mut desk, List::Show(Show::Cautions));
    assert!(desk.names().is_empty());
}

#[test]
fn the_first_mark_takes_in_the_photograph_in_view() {
    let (mut desk, [b, a10, a9]) = three();
    list(&mut desk, List::Toggle(a9));
    assert_eq!(desk.state.meant(), [b, a9]);
    list(&mut desk, List::Toggle(a10));
    assert_eq!(desk.state.meant(), [b, a10, a9]);
    list(&mut desk, List::Toggle(b));
    assert_eq!(desk.state.meant(), [a10, a9]);
    list(&mut desk, List::Unmark);
    assert_eq!(desk.state.meant(), [b], "the one in view");
    desk.select(a9);
    list(&mut desk, List::Toggle(b));
    desk.select(a10);
    assert!(desk.state.marked.is_empty(), "a plain choice unmarks");
}

#[test]
fn a_range_is_marked_in_the_order_that_is_shown() {
    let (mut desk, [b, a10, a9]) = three();
    list(&mut desk, List::Sort(SortBy::Name));
    desk.select(b);
    list(&mut desk, List::Extend(a10));
    assert_eq!(desk.state.meant(), [b, a10]);
    list(&mut desk, List::Extend(a9));
    assert_eq!(desk.state.meant(), [b, a10, a9]);
}

#[test]
fn marking_all_marks_what_the_filter_shows() {
    let (mut desk, [_, a10, a9]) = three();
    list(&mut desk, List::Words("a".into()));
    list(&mut desk, List::MarkAll);
    assert_eq!(desk.state.meant(), [a10, a9]);
}

#[test]
fn the_marked_ones_are_removed_and_the_next_comes_into_view() {
    let (mut desk, [b, a10, a9]) = three();
    list(&mut desk, List::Toggle(a10));
    desk.act(Action::Photographs(Photographs::Remove));
    assert_eq!(desk.names(), ["a9"]);
    assert_eq!(desk.state.selected, Some(a9));
    assert!(desk.state.marked.is_empty());
    for id in [b, a10] {
        let slots = [OpenPhotograph::slot_of(id), ReadThumbnail::slot_of(id)];
        assert!(slots.iter().all(|slot| desk.stops(*slot)));
    }
}

/// A right and a left eye of one person, and a right eye of another, by their names.
fn eyes() -> (Desk, [PhotoId; 3]) {
    let mut desk = Desk::new();
    let ids = desk.open(&["p1_OD.jpg", "p2_OD.jpg", "p1_OS.jpg"]);
    for (id, eye) in ids
        .iter()
        .zip([Laterality::Od, Laterality::Od, Laterality::Os])
    {
        glanced(&mut desk, *id, &of_eye("x", eye));
    }
    (desk, [ids[0], ids[1], ids[2]])
}

#[test]
fn the_eyes_of_a_person_are_told_by_name() {
    let (mut desk, [od, other, os]) = eyes();
    assert_eq!(desk.state.pair(), Some((od, os)));
    desk.select(os);
    assert_eq!(desk.state.pair(), Some((od, os)), "the right eye first");
    desk.select(other);
    assert_eq!(desk.state.pair(), None);
}

#[test]
fn two_marked_photographs_of_different_eyes_are_a_pair_whatever_their_names() {
    let (mut desk, [od, other, os]) = eyes();
    desk.select(os);
    list(&mut desk, List::Toggle(other));
    assert_eq!(desk.state.pair(), Some((other, os)));
    // Two right eyes are no pair; the names decide again.
    desk.select(od);
    list(&mut desk, List::Toggle(other));
    assert_eq!(desk.state.pair(), Some((od, os)));
}

#[test]
fn both_eyes_in_view_are_both_asked_for() {
    let (mut desk, [od, _, os]) = eyes();
    desk.opened(od, image("x", 4));
    desk.act(Action::View(View::Layout(Layout::Eyes)));
    assert_eq!(desk.state.in_view(), [od, os]);
    assert_eq!(desk.only_starts::<OpenPhotograph>().photo, os);
}

#[test]
fn both_eyes_share_the_colour_scale_of_the_stronger_map() {
    let mut desk = Desk::new();
    let eyes = [Laterality::Od, Laterality::Os];
    let [od, os] = [0, 1].map(|i| {
        let [name, sha] = [["p7_OD.jpg", "1"], ["p7_OS.jpg", "2"]][i];
        let id = desk.open_image(name, of_eye(sha, eyes[i]));
        desk.select(id).opened(id, of_eye(sha, eyes[i])).run();
        desk.land(|s| {
            predict::predicted(
                s,
                id,
                "m",
                sha,
                Ok(answer_with_map(sha, 0.8, 1, 1, &[[0.45, 0.24][i]])),
            )
        });
        id
    });
    let limit = |desk: &Desk, id| desk.state.overlay_on(desk.photo(id)).limit;
    assert_eq!(limit(&desk, os), None, "alone each has its own");
    desk.act(Action::View(View::Layout(Layout::Eyes)));
    assert_eq!(desk.state.pair(), Some((od, os)));
    assert_eq!([od, os].map(|id| limit(&desk, id)), [Some(0.45); 2]);
}

/// What is drawn in every frame is derived again only then.
#[test]
fn the_revision_grows_with_every_change_of_the_list_and_with_nothing_else() {
    let (mut desk, ids) = three();
    let before = desk.state.revision;
    desk.act(Action::View(View::Display(Display::default())));
    assert_eq!(desk.state.revision, before);
    desk.row(ids[2], "3", 0.5);
    let answered = desk.state.revision;
    assert!(answered > before);
    assert_eq!(desk.state.filter_choices().labels.len(), 2);
    list(&mut desk, List::Sort(SortBy::Name));
    assert!(desk.state.revision > answered);
}
