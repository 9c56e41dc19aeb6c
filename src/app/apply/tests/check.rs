//! The check of a model's preprocessing.

use std::sync::Arc;

use crate::app::Slot;
use crate::app::apply::check::{ApplySetting, CheckImport};
use crate::app::apply::examples::{Desk, failure, stopped};
use crate::app::apply::models::ReadModels;
use crate::app::apply::{Action, Check, Library, check, dialog};
use crate::app::state::{CheckUsed, CheckedModel, Chosen, Loadable, Purpose, TableAnswer};
use crate::domain::FieldSource;
use crate::evaluation::{Ambiguity, Meaning, Question, Role, ValuesQuestion};
use crate::workflow::check_import::{Applied, Choice, LabelOrder, example_report};

fn check(desk: &mut Desk, action: Check) {
    desk.act(Action::Check(action));
}

/// All inputs are given, and the check is running.
fn started(subject: CheckedModel) -> Desk {
    let mut desk = Desk::new();
    check(&mut desk, Check::Of(subject));
    check(&mut desk, Check::Start);
    assert!(
        desk.effects.is_empty(),
        "labels and photographs are missing"
    );
    check(&mut desk, Check::Labels("labels.csv".into()));
    desk.land(|s| dialog::chosen(s, Purpose::CheckImages, Chosen::Files(vec!["eyes".into()])));
    check(&mut desk, Check::Start);
    desk
}

fn of_model() -> CheckedModel {
    CheckedModel::Model("study".into())
}

#[test]
fn a_check_starts_when_everything_is_said_and_once() {
    let mut desk = started(of_model());
    let CheckImport(request) = desk.only_starts();
    assert_eq!(request.model, "study");
    assert_eq!(request.images, [std::path::PathBuf::from("eyes")]);
    check(&mut desk, Check::Start);
    assert!(desk.effects.is_empty(), "it runs already");
    check(&mut desk, Check::Labels("others.csv".into()));
    assert_eq!(desk.state.check.labels, Some("labels.csv".into()));
    check(&mut desk, Check::Stop);
    assert!(desk.only_stops::<CheckImport>());
    desk.land(|s| check::checked(s, Err(stopped())));
    assert!(matches!(desk.state.check.report, Loadable::NotRequested));
}

#[test]
fn a_setting_goes_into_the_card_of_a_model() {
    let mut desk = started(of_model());
    let report = Arc::new(example_report("study"));
    desk.land(|s| check::checked(s, Ok(report)));
    check(&mut desk, Check::Use(Choice::row(2)));
    assert_eq!(desk.only_starts::<ApplySetting>().choice.row, Some(2));
    assert!(matches!(desk.state.check.used, Some(CheckUsed::Pending)));
    desk.land(|s| {
        check::applied(
            s,
            Ok(Applied {
                rank: 2,
                text: "checked".into(),
                changed: vec![],
                settled: vec![],
                open: vec![],
                swapped: false,
            }),
        )
    });
    desk.only_starts::<ReadModels>();
    desk.land(|s| check::applied(s, Err(failure("usage"))));
    assert!(matches!(desk.state.check.used, Some(CheckUsed::Failed(_))));
    // The report does not belong to other inputs.
    check(&mut desk, Check::Of(CheckedModel::Model("demo".into())));
    assert!(matches!(desk.state.check.report, Loadable::NotRequested));
    assert!(desk.state.check.used.is_none());
}

#[test]
fn a_setting_goes_into_the_form_of_a_file() {
    let mut desk = started(CheckedModel::File("m.h5".into()));
    desk.act(Action::Library(Library::Inspect("m.h5".into())));
    desk.land(|s| check::checked(s, Ok(Arc::new(example_report("m")))));
    check(&mut desk, Check::Use(Choice::row(1)));
    let flags = &desk.state.library.import.as_ref().unwrap().flags;
    let found = flags.checked.as_ref().unwrap();
    // The images do not determine the scaling, which is the one of the form already.
    let settled = ["colour", "crop", "labels", "resize"];
    assert!(found.settled.keys().map(String::as_str).eq(settled));
    assert_eq!(found.input.scaling, None);
    // The evidence goes into the card with the setting.
    let text = found.evaluation["preprocessing_check"]["text"].as_str();
    assert!(text.is_some_and(|text| text.starts_with("checked: ")));
    assert!(
        found
            .settled
            .values()
            .all(|how| *how == FieldSource::Labels)
    );
    assert!(matches!(desk.state.check.used, Some(CheckUsed::InForm)));
    check(&mut desk, Check::Use(Choice::row(99)));
    assert!(desk.effects.is_empty());
}

#[test]
fn a_question_is_answered_before_the_check_begins_again() {
    let mut desk = started(of_model());
    let ask = |desk: &mut Desk, question: Question| {
        let question = Some(Box::new(question));
        desk.land(|s| {
            check::checked(
                s,
                Err(crate::app::Failure {
                    question,
                    ..failure("labels")
                }),
            )
        });
    };
    let column = Question::Column {
        role: Role::Sex,
        found: vec!["sex".into(), "gender".into()],
        why: Ambiguity::Several,
    };
    ask(&mut desk, column);
    assert!(!desk.state.check.can_start());
    check(&mut desk, Check::Start);
    assert!(desk.effects.is_empty());
    check(
        &mut desk,
        Check::Answer(TableAnswer::Columns(Role::Sex, vec!["gender".into()])),
    );
    check(&mut desk, Check::Start);
    desk.only_starts::<CheckImport>();
    ask(
        &mut desk,
        Question::Values(ValuesQuestion {
            column: "gender".into(),
            labels: ["female".into(), "male".into()],
            values: vec![("1".into(), 4), ("2".into(), 3)],
            more: 0,
        }),
    );
    let male = || Meaning::Label("male".into());
    let meaning = |value: &str, meaning| {
        Check::Answer(TableAnswer::Value {
            labels: ["female".into(), "male".into()],
            value: value.into(),
            meaning,
        })
    };
    check(&mut desk, meaning("1", Meaning::LeaveOut));
    check(&mut desk, meaning("1", male()));
    assert!(!desk.state.check.can_start(), "2 is open");
    check(&mut desk, meaning("2", Meaning::LeaveOut));
    check(&mut desk, Check::Start);
    let CheckImport(request) = desk.only_starts();
    assert_eq!(request.answers.columns, [(Role::Sex, "gender".to_owned())]);
    let values = [
        ("1".to_owned(), male()),
        ("2".to_owned(), Meaning::LeaveOut),
    ];
    assert_eq!(request.answers.values, values);
    desk.land(|s| check::checked(s, Err(stopped())));
    // The cells of another column may mean anything; the column itself can still be changed.
    check(
        &mut desk,
        Check::Answer(TableAnswer::Columns(Role::Sex, vec!["sex".into()])),
    );
    assert!(desk.state.check.asked.answers.values.is_empty());
    assert!(matches!(
        desk.state.check.asked.questions[..],
        [Question::Column {
            role: Role::Sex,
            ..
        }]
    ));
    // Nothing is known about another table.
    check(&mut desk, Check::Labels("others.csv".into()));
    assert!(
        desk.state.check.asked.questions.is_empty()
            && desk.state.check.asked.answers.values.is_empty()
    );
}

#[test]
fn labels_are_exchanged_in_the_form_only_where_that_is_said() {
    for order in [None, Some(LabelOrder::Keep), Some(LabelOrder::Swap)] {
        let mut desk = started(CheckedModel::File("m.h5".into()));
        desk.act(Action::Library(Library::Inspect("m.h5".into())));
        let mut report = example_report("m");
        report.rows[0].flipped = true;
        desk.land(|s| check::checked(s, Ok(Arc::new(report))));
        check(
            &mut desk,
            Check::Use(Choice {
                row: Some(1),
                order,
            }),
        );
        let flags = &desk.state.library.import.as_ref().unwrap().flags;
        let found = flags.checked.as_ref();
        assert_eq!(found.is_some(), order.is_some(), "it was said");
        let labels = found.and_then(|found| found.labels.clone());
        let swapped = ["male".to_owned(), "female".to_owned()];
        let swaps = order == Some(LabelOrder::Swap);
        assert_eq!(labels, swaps.then(|| swapped.into()));
    }
}

#[test]
fn a_check_ends_with_the_form_of_its_file() {
    let form = |file: &str| Action::Library(Library::Inspect(file.into()));
    for end in [Action::Library(Library::CancelImport), form("other.h5")] {
        let mut desk = started(CheckedModel::File("m.h5".into()));
        desk.act(form("m.h5"));
        assert!(desk.state.check.report.is_pending(), "it is its own form");
        desk.act(end);
        assert!(desk.stops(Slot::of::<CheckImport>()));
        assert_eq!(desk.state.check.subject, None);
        // It had come to its end already.
        desk.land(|s| check::checked(s, Ok(Arc::new(example_report("m")))));
        assert!(matches!(desk.state.check.report, Loadable::NotRequested));
    }
}

#[test]
fn a_failure_and_a_defect_are_told_on_the_page() {
    let mut desk = started(of_model());
    desk.land(|s| check::checked(s, Err(failure("labels"))));
    assert!(matches!(desk.state.check.report, Loadable::Failed(_)));
    let mut desk = started(of_model());
    desk.panics::<CheckImport>();
    assert!(matches!(desk.state.check.report, Loadable::Failed(_)));
}
