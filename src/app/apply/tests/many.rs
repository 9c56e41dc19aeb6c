//! Runs over many photographs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::apply::examples::{Desk, answer_of, failure, image, known, stopped};
use crate::app::apply::find::FindFiles;
use crate::app::apply::many::{ManyItem, RowDone, RunMany};
use crate::app::apply::open::{OpenPhotograph, Urgency};
use crate::app::apply::resume::{ForgetInputs, ForgetRun};
use crate::app::apply::{
    Action, Export, Leaving, List, Photographs, Run, SettingChange, dialog, find, many, models,
    resume,
};
use crate::app::found::{FoundFiles, FoundPhotograph};
use crate::app::state::{
    Chosen, ManyEnd, MessageTopic, Opening, PhotoId, Purpose, RunEnd, RunSelection, SortBy,
};
use crate::app::{Effect, Failure, Slot};
use crate::domain::{FindingCode, Laterality};
use crate::workflow::{Answer, KeepOptions, Source, Unexported};

fn start(desk: &mut Desk, which: RunSelection) -> Vec<ManyItem> {
    desk.act(Action::Run(Run::StartMany(which)));
    let items = desk.started::<RunMany>().map(|job| job.items.clone());
    items.unwrap_or_default()
}

fn photos(items: &[ManyItem]) -> Vec<PhotoId> {
    items.iter().map(|i| i.photo).collect()
}

fn three() -> (Desk, [PhotoId; 3]) {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b", "c"]);
    desk.opened(ids[0], image("1", 4));
    (desk, [ids[0], ids[1], ids[2]])
}

/// A row of a run with the answers of several models, for a photograph with this checksum.
fn row_of(
    desk: &mut Desk,
    (photo, sha256): (PhotoId, &str),
    answers: Vec<(String, Result<Arc<Answer>, Failure>)>,
) {
    let known = Ok(known(&image(sha256, 4)));
    let row = RowDone {
        photo,
        known,
        answers,
        recalled: false,
    };
    desk.land(|s| many::row_done(s, row));
}

#[test]
fn all_wait_and_their_rows_fill_one_by_one() {
    let (mut desk, [a, b, c]) = three();
    assert_eq!(photos(&start(&mut desk, RunSelection::All)), [a, b, c]);
    assert!([a, b, c].iter().all(|id| desk.state.is_waiting(*id)));
    desk.row(a, "1", 0.8).row(b, "2", 0.3);
    let many = desk.state.many.as_ref().unwrap();
    assert_eq!((many.done(), many.total, many.failed), (2, 3, 0));
    assert!(!desk.state.is_waiting(a) && desk.state.is_waiting(c));
    assert_eq!(desk.score_shown(), Some(0.8));
    assert!(
        desk.photo(b).known.is_some(),
        "its small picture came along"
    );
    desk.row(c, "3", 0.4).land(|s| many::ended(s, Ok(())));
    let end = desk.state.many.as_ref().unwrap().end;
    assert_eq!(end, Some(ManyEnd::Finished));
}

#[test]
fn the_run_takes_the_shown_order_and_then_what_a_filter_hides() {
    let (mut desk, [a, b, c]) = three();
    desk.act(Action::List(List::Sort(SortBy::Name)));
    desk.act(Action::List(List::Sort(SortBy::Name)));
    assert_eq!(photos(&start(&mut desk, RunSelection::All)), [c, b, a]);
    let (mut desk, [a, b, c]) = three();
    desk.act(Action::List(List::Words("b".into())));
    assert_eq!(photos(&start(&mut desk, RunSelection::All)), [b, a, c]);
}

#[test]
fn only_the_marked_ones_are_run_when_that_is_asked_for() {
    let (mut desk, [a, b, c]) = three();
    desk.act(Action::List(List::Toggle(c)));
    assert_eq!(photos(&start(&mut desk, RunSelection::Marked)), [a, c]);
    assert!(!desk.state.is_waiting(b));
}

#[test]
fn the_persons_word_about_the_eye_goes_along() {
    let (mut desk, [a, b, _]) = three();
    desk.act(Action::Photographs(Photographs::CorrectEye(
        b,
        Laterality::Os,
    )));
    let items = start(&mut desk, RunSelection::All);
    let eye = |id| items.iter().find(|i| i.photo == id).unwrap().eye;
    assert_eq!((eye(a), eye(b)), (None, Some(Laterality::Os)));
}

#[test]
fn there_is_one_run_over_many_at_a_time() {
    let (mut desk, _) = three();
    start(&mut desk, RunSelection::All);
    assert!(start(&mut desk, RunSelection::All).is_empty());
    assert!(desk.effects.is_empty());
}

#[test]
fn without_models_or_photographs_nothing_starts() {
    assert!(start(&mut Desk::new(), RunSelection::All).is_empty());
    let mut desk = Desk::bare();
    desk.open(&["a"]);
    assert!(start(&mut desk, RunSelection::All).is_empty());
    assert!(desk.state.many.is_none());
}

#[test]
fn failed_rows_tell_their_reasons_and_are_counted() {
    let (mut desk, [a, b, c]) = three();
    start(&mut desk, RunSelection::All);
    desk.row(a, "1", 0.8).row_unread(b);
    row_of(
        &mut desk,
        (c, "3"),
        vec![("m".into(), Err(failure("device")))],
    );
    assert!(matches!(&desk.photo(b).opening, Opening::Failed(f) if f.code == "image"));
    assert_eq!(
        desk.photo(c).run_end,
        Some(RunEnd::Failed([("m".to_owned(), failure("device"))].into()))
    );
    assert_eq!(desk.state.many.as_ref().unwrap().failed, 2);
    desk.land(|s| many::ended(s, Ok(())));
    let many = desk.state.many.as_ref().unwrap();
    assert_eq!((many.end, many.failed), (Some(ManyEnd::Finished), 2));
}

#[test]
fn a_row_with_a_failure_is_in_no_file_although_the_run_is_kept() {
    let (mut desk, [a, ..]) = three();
    desk.act(Action::Export(Export::Folder("out".into())));
    start(&mut desk, RunSelection::All);
    desk.row(a, "1", 0.8);
    assert!(desk.photo(a).stored.contains("m"));
    let answer = desk.photo(a).answers["m"].clone();
    row_of(
        &mut desk,
        (a, "1"),
        vec![
            ("m".into(), Ok(answer)),
            ("n".into(), Err(failure("memory"))),
        ],
    );
    assert!(!desk.photo(a).stored.contains("m"));
}

#[test]
fn run_failed_only_takes_exactly_the_failed() {
    let (mut desk, [a, b, c]) = three();
    start(&mut desk, RunSelection::All);
    desk.row(a, "1", 0.8).row_unread(b).row(c, "3", 0.4);
    desk.land(|s| many::ended(s, Ok(())));
    assert_eq!(photos(&start(&mut desk, RunSelection::Failed)), [b]);
    assert!(!desk.photo(b).has_failed(), "it waits for another try");
    desk.row(b, "2", 0.5);
    assert_eq!(desk.photo(b).answers["m"].case.score, Some(0.5));
    desk.land(|s| many::ended(s, Ok(())));
    assert!(start(&mut desk, RunSelection::Failed).is_empty());
}

#[test]
fn a_failed_photograph_in_view_is_read_again_when_it_is_run_again() {
    let mut desk = Desk::new();
    let a = desk.open(&["a"])[0];
    desk.failed(a);
    start(&mut desk, RunSelection::Failed);
    let OpenPhotograph { photo, urgency, .. } = desk.started().unwrap();
    assert_eq!((*photo, *urgency), (a, Urgency::Now));
}

#[test]
fn a_pause_holds_and_a_second_one_says_nothing_more() {
    let (mut desk, [a, ..]) = three();
    desk.act(Action::Run(Run::Pause));
    assert!(desk.effects.is_empty(), "nothing runs");
    start(&mut desk, RunSelection::All);
    desk.act(Action::Run(Run::Pause));
    assert!(
        matches!(desk.effects[..], [Effect::Pause(slot, true)] if slot == Slot::of::<RunMany>())
    );
    desk.act(Action::Run(Run::Pause));
    assert!(desk.effects.is_empty());
    // What was running when it was paused still arrives.
    desk.row(a, "1", 0.8);
    let many = desk.state.many.as_ref().unwrap();
    assert!(many.paused && many.done() == 1);
    desk.act(Action::Run(Run::Resume));
    assert!(
        matches!(desk.effects[..], [Effect::Pause(slot, false)] if slot == Slot::of::<RunMany>())
    );
    assert!(!desk.state.many.as_ref().unwrap().paused);
}

#[test]
fn cancelling_keeps_the_rows_that_are_through() {
    let (mut desk, [a, b, _]) = three();
    start(&mut desk, RunSelection::All);
    desk.row(a, "1", 0.8).act(Action::Run(Run::CancelMany));
    assert!(desk.only_stops::<RunMany>());
    assert_eq!(desk.score_shown(), Some(0.8));
    assert!(!desk.state.is_waiting(b));
    assert!(!desk.photo(b).has_failed());
    desk.land(|s| many::ended(s, Err(stopped())));
    assert!(desk.state.messages.is_empty(), "a cancel is no error");
    assert!(desk.state.can_run_many());
    desk.act(Action::Run(Run::CancelMany));
    assert!(desk.effects.is_empty());
}

#[test]
fn a_run_ends_with_the_last_photograph_that_waited_for_it() {
    let (mut desk, [a, ..]) = three();
    start(&mut desk, RunSelection::All);
    desk.act(Action::Photographs(Photographs::Select(a)));
    desk.act(Action::Photographs(Photographs::Remove));
    assert!(desk.state.many.as_ref().unwrap().is_going_on());
    desk.act(Action::Leaving(Leaving::ClearList));
    assert!(
        desk.state.many.as_ref().unwrap().is_going_on(),
        "asked first"
    );
    desk.act(Action::Leaving(Leaving::Proceed));
    assert!(desk.stops(Slot::of::<RunMany>()));
    assert!(desk.state.many.is_none(), "forgotten with the list");
}

#[test]
fn a_run_that_cannot_begin_says_why() {
    let (mut desk, _) = three();
    start(&mut desk, RunSelection::All);
    desk.land(|s| many::ended(s, Err(failure("model"))));
    assert_eq!(desk.state.many.as_ref().unwrap().end, Some(ManyEnd::Failed));
    let message = &desk.state.messages[0];
    assert_eq!(message.subject, MessageTopic::Many);
    assert_eq!(message.failure, Some(failure("model")));
}

#[test]
fn a_row_of_a_changed_file_replaces_what_was_said_of_the_former() {
    let (mut desk, [a, ..]) = three();
    desk.run().answered(a, "1", 0.8);
    desk.set(|s| s.models = vec!["n".into()]);
    start(&mut desk, RunSelection::All);
    desk.land(|s| {
        many::row_done(
            s,
            RowDone {
                photo: a,
                known: Ok(known(&image("changed", 4))),
                answers: vec![("n".into(), Ok(answer_of("n", "changed", 0.3)))],
                recalled: false,
            },
        )
    });
    let photo = desk.photo(a);
    assert_eq!(photo.sha256(), Some("changed"));
    assert!(!photo.answers.contains_key("m"), "said of other bytes");
    assert_eq!(photo.answers["n"].case.score, Some(0.3));
    // The pixels belong to the former file: it is read again at once, because it is in view.
    assert!(matches!(photo.opening, Opening::Pending));
    assert_eq!(desk.started::<OpenPhotograph>().unwrap().photo, a);
}

#[test]
fn a_row_that_is_no_longer_in_the_list_is_counted_and_dropped() {
    let (mut desk, [a, ..]) = three();
    start(&mut desk, RunSelection::All);
    desk.act(Action::Photographs(Photographs::Remove));
    desk.row(a, "1", 0.8);
    assert!(desk.state.photograph(a).is_none());
    assert_eq!(desk.state.many.as_ref().unwrap().done(), 1);
}

#[test]
fn models_of_one_row_that_disagree_are_noted() {
    let mut desk = Desk::with_both();
    let a = desk.open(&["a"])[0];
    desk.act(Action::Run(Run::StartMany(RunSelection::All)));
    row_of(
        &mut desk,
        (a, "1"),
        vec![
            ("m".into(), Ok(answer_of("m", "1", 0.8))),
            ("n".into(), Ok(answer_of("n", "1", 0.2))),
        ],
    );
    let findings = &desk.photo(a).answers["n"].case.findings;
    assert!(
        findings
            .iter()
            .any(|f| f.code == FindingCode::ModelsDisagree)
    );
}

/// An age in years by the model `m`, if its network outputs years.
fn aged(sha256: &str, value: f64) -> Arc<Answer> {
    let mut answer = Answer::clone(&answer_of("m", sha256, 0.5));
    let case = &mut answer.case;
    let card = crate::domain::model_card::example_of_age();
    case.card = Arc::new(card);
    (case.score, case.logit, case.label) = (None, None, None);
    case.value = Some(value);
    Arc::new(answer)
}

#[test]
fn ages_of_the_whole_list_that_are_hardly_years_are_marked_until_one_is() {
    let (mut desk, [a, b, c]) = three();
    // The installed model has the card of the answers.
    let card = crate::domain::model_card::example_of_age();
    desk.land(|s| models::read(s, vec![card.into()]));
    start(&mut desk, RunSelection::All);
    let is_mark = |f: &&crate::domain::Finding| f.code == FindingCode::ValueScaleSuspect;
    let marks = |desk: &Desk| {
        [a, b, c].map(|id| {
            let photo = desk.photo(id);
            photo.findings_of_answers().filter(is_mark).count()
        })
    };
    let row = |desk: &mut Desk, id, sha256: &str, value| {
        desk.land(|s| {
            many::row_done(
                s,
                RowDone {
                    photo: id,
                    known: Ok(known(&image(sha256, 4))),
                    answers: vec![("m".into(), Ok(aged(sha256, value)))],
                    recalled: false,
                },
            )
        });
    };
    // The answer and its copy with a map are both marked once.
    row(&mut desk, a, "1", 0.42);
    assert_eq!(marks(&desk), [2, 0, 0]);
    row(&mut desk, b, "2", 0.78);
    assert_eq!(marks(&desk), [2, 2, 0]);
    row(&mut desk, c, "3", 61.0);
    assert_eq!(marks(&desk), [0, 0, 0]);
    // The sample eye does not count for a model.
    row(&mut desk, c, "3", 0.9);
    desk.state.photographs[2].source = Source::Sample;
    row(&mut desk, c, "3", 61.0);
    assert_eq!(marks(&desk)[..2], [2, 2]);
    desk.state.photographs[2].source = Source::File("c".into());
    row(&mut desk, c, "3", 61.0);
    assert_eq!(marks(&desk), [0, 0, 0]);
    // Without the photograph whose value was plausible, the others are suspect again.
    desk.act(Action::Photographs(Photographs::Select(c)));
    desk.act(Action::Photographs(Photographs::Remove));
    let photo = desk.photo(a);
    assert_eq!(photo.findings_of_answers().filter(is_mark).count(), 2);
}

fn kept(desk: &mut Desk, which: RunSelection) -> Option<KeepOptions> {
    desk.act(Action::Run(Run::StartMany(which)));
    let begun = desk.started::<RunMany>();
    begun.expect("a run began").keep.clone()
}

#[test]
fn answers_are_kept_once_a_folder_is_chosen_and_paths_only_if_files_are_remembered() {
    let (mut desk, [a, ..]) = three();
    assert!(kept(&mut desk, RunSelection::All).is_none());
    assert!(desk.state.many.as_ref().unwrap().kept.is_none());
    desk.row(a, "1", 0.8).land(|s| many::ended(s, Ok(())));
    desk.act(Action::Export(Export::Folder("out".into())));
    let keep = kept(&mut desk, RunSelection::All).unwrap();
    assert_eq!(keep.folder, Path::new("out"));
    assert!(keep.inputs.is_empty() && !keep.mask_names);
    assert_eq!(
        keep.anew.into_iter().collect::<Vec<_>>(),
        [0],
        "what is answered in this session is run once more"
    );
    let kept_in = desk.state.many.as_ref().unwrap().kept.clone();
    assert_eq!(kept_in, Some("out".into()));
    desk.land(|s| many::ended(s, Err(stopped())));
    desk.act(Action::Settings(SettingChange::RememberFiles(true)));
    let keep = kept(&mut desk, RunSelection::All).unwrap();
    assert_eq!(keep.inputs, ["a", "b", "c"].map(PathBuf::from));
    desk.land(|s| many::ended(s, Err(stopped())));
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    let keep = kept(&mut desk, RunSelection::All).unwrap();
    assert!(keep.inputs.is_empty() && keep.mask_names);
}

#[test]
fn that_answers_cannot_be_kept_is_told_and_the_run_goes_on() {
    let (mut desk, [a, ..]) = three();
    desk.act(Action::Export(Export::Folder("out".into())));
    kept(&mut desk, RunSelection::All).unwrap();
    desk.land(|s| many::not_kept(s, failure("storage")));
    assert_eq!(desk.state.messages[0].subject, MessageTopic::NotKept);
    desk.row(a, "1", 0.8);
    let many = desk.state.many.as_ref().unwrap();
    assert!(many.kept.is_none() && many.is_going_on());
    assert_eq!(many.done(), 1);
}

fn unexported(inputs: &[&str]) -> Box<Unexported> {
    Box::new(Unexported {
        folder: "out".into(),
        inputs: inputs.iter().map(PathBuf::from).collect(),
        models: vec!["n".into()],
        answered: 1,
        photographs: 3,
        holds: true,
    })
}

fn found(desk: &mut Desk, path: &str, names: &[&str]) {
    let photographs = names
        .iter()
        .map(|name| FoundPhotograph::named(Source::File(PathBuf::from(name))));
    desk.land(|s| {
        find::found(
            s,
            &[path.into()],
            Ok(FoundFiles {
                photographs: photographs.collect(),
                ..FoundFiles::default()
            }),
        )
    });
}

fn run_begun(desk: &Desk) -> Option<(usize, Vec<String>, Option<PathBuf>)> {
    let job = desk.started::<RunMany>()?;
    let folder = job.keep.as_ref().map(|keep| keep.folder.clone());
    Some((job.items.len(), job.models.clone(), folder))
}

#[test]
fn a_run_of_the_last_session_goes_on_with_its_models_where_its_photographs_are() {
    let mut desk = Desk::new();
    desk.land(|s| resume::prompt(s, None));
    assert!(desk.state.messages.is_empty());
    let run = unexported(&["photographs"]);
    desk.land(|s| resume::prompt(s, Some((*run).clone())));
    let offer = MessageTopic::Unexported(run.clone());
    assert_eq!(desk.state.messages[0].subject, offer);
    assert!(offer.passes_after_s().is_none());
    desk.act(Action::Run(Run::GoOn(run)));
    assert!(desk.state.messages.is_empty());
    let looked_at = &desk.started::<FindFiles>().unwrap().paths;
    assert_eq!(*looked_at, [PathBuf::from("photographs")]);
    assert_eq!(run_begun(&desk), None);
    // Files of another search are not its photographs.
    found(&mut desk, "elsewhere", &["x"]);
    assert_eq!(run_begun(&desk), None);
    found(&mut desk, "photographs", &["a", "b", "c"]);
    let expected = (3, vec!["n".to_owned()], Some("out".into()));
    assert_eq!(run_begun(&desk), Some(expected));
    assert_eq!(desk.state.settings.models, ["n"]);
    // Files opened later start nothing.
    desk.land(|s| many::ended(s, Ok(())));
    desk.act(Action::Photographs(Photographs::Add(vec!["d".into()])));
    found(&mut desk, "d", &["d"]);
    assert_eq!(run_begun(&desk), None);
}

#[test]
fn the_person_is_asked_for_photographs_that_are_not_remembered() {
    let mut desk = Desk::new();
    let run = unexported(&[]);
    desk.land(|s| resume::prompt(s, Some((*run).clone())));
    desk.act(Action::Run(Run::GoOn(run.clone())));
    assert!(matches!(desk.effects[..], [Effect::Ask(Purpose::Folder)]));
    // Closing the dialog does not answer the question.
    desk.land(|s| dialog::chosen(s, Purpose::Folder, Chosen::Nothing));
    let add = |name: &str| Action::Photographs(Photographs::Add(vec![name.into()]));
    desk.act(add("x"));
    found(&mut desk, "x", &["x"]);
    assert_eq!(run_begun(&desk), None);
    assert_eq!(desk.state.messages.len(), 1, "the offer stands");

    desk.act(Action::Run(Run::GoOn(run)));
    // Files dropped while the dialog is open are not an answer either.
    desk.act(add("y"));
    found(&mut desk, "y", &["y"]);
    assert_eq!(run_begun(&desk), None);
    let folder = Chosen::Files(vec!["photographs".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::Folder, folder));
    assert_eq!(run_begun(&desk), None);
    found(&mut desk, "photographs", &["a", "b"]);
    assert_eq!(run_begun(&desk).unwrap().0, 2, "those alone");
    assert!(desk.state.messages.is_empty());
}

#[test]
fn a_run_whose_photographs_are_gone_does_not_begin() {
    let mut desk = Desk::new();
    desk.act(Action::Photographs(Photographs::OpenSample));
    desk.act(Action::Run(Run::GoOn(unexported(&["gone"]))));
    found(&mut desk, "gone", &[]);
    assert_eq!(run_begun(&desk), None);
    assert!(desk.state.many.is_none());
}

#[test]
fn a_run_is_offered_no_more_when_the_person_says_so() {
    let mut desk = Desk::new();
    desk.land(|s| resume::prompt(s, Some(*unexported(&[]))));
    desk.act(Action::Run(Run::ForgetRun("out".into())));
    assert!(desk.state.messages.is_empty());
    assert_eq!(desk.only_starts::<ForgetRun>().0, Path::new("out"));
}

#[test]
fn an_offer_that_cannot_be_taken_does_nothing_and_goes_when_its_folder_is_run_into() {
    let (mut desk, [a, ..]) = three();
    let run = unexported(&["photographs"]);
    let old = Box::new(Unexported {
        holds: false,
        ..(*run).clone()
    });
    desk.land(|s| resume::prompt(s, Some((*old).clone())));
    desk.act(Action::Run(Run::GoOn(old)));
    assert!(desk.effects.is_empty() && desk.state.messages.len() == 1);
    // Nor while another run is active.
    start(&mut desk, RunSelection::All);
    desk.act(Action::Run(Run::GoOn(run.clone())));
    assert!(desk.effects.is_empty() && desk.state.export_folder.is_none());
    desk.row(a, "1", 0.8)
        .land(|s| many::ended(s, Err(stopped())));
    desk.act(Action::Export(Export::Folder("out".into())));
    assert_eq!(desk.state.messages.len(), 1);
    start(&mut desk, RunSelection::All);
    assert!(desk.state.messages.is_empty());
}

#[test]
fn where_photographs_lie_is_forgotten_with_the_recent_files_and_where_names_are_masked() {
    for change in [
        SettingChange::RememberFiles(false),
        SettingChange::NamesMasked(true),
    ] {
        let mut desk = Desk::new();
        desk.act(Action::Settings(change));
        assert!(desk.started::<ForgetInputs>().is_some());
    }
}
