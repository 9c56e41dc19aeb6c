//! The export dialog, and what goes to the clipboard.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::apply::clipboard::RenderFigure;
use crate::app::apply::examples::{Desk, failure, image, stopped};
use crate::app::apply::export::{RenderPreview, ShowFolder, WriteFiles};
use crate::app::apply::export_rows::ROWS;
use crate::app::apply::{
    Action, Export, List, Photographs, SettingChange, clipboard, dialog, export,
};
use crate::app::state::{
    Chosen, Copied, ExportDialog, ExportFormat, ExportFormats, ExportOrder, Exported, IfTaken,
    MessageTopic, Opening, PhotoId, Preview, Purpose, RunEnd, Scope,
};
use crate::app::{Effect, Slot};
use crate::domain::{FindingCode, Laterality, Pixels, SkipReason, Skipped};
use crate::text::Lang;

fn act(desk: &mut Desk, action: Export) {
    desk.act(Action::Export(action));
}

fn dialog(desk: &Desk) -> &ExportDialog {
    desk.state.export.as_ref().unwrap()
}

fn previewed(desk: &Desk) -> Option<&ExportOrder> {
    desk.started().map(|RenderPreview(order)| order)
}

/// Starts writing and returns the order.
fn written(desk: &mut Desk, clash: IfTaken) -> Option<ExportOrder> {
    act(desk, Export::Write(clash));
    desk.started().map(|WriteFiles(order)| order.clone())
}

fn names(order: &ExportOrder) -> Vec<&str> {
    order.rows.iter().map(|r| r.name.as_str()).collect()
}

/// `a` and `b` are answered, `c` could not be opened, `d` was never run; `a` is in view.
fn four() -> (Desk, [PhotoId; 4]) {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    desk.opened(ids[0], image("1", 4));
    desk.row(ids[0], "1", 0.8).row(ids[1], "2", 0.3);
    desk.failed(ids[2]);
    (desk, [ids[0], ids[1], ids[2], ids[3]])
}

fn with_dialog() -> (Desk, [PhotoId; 4]) {
    let (mut desk, ids) = four();
    act(&mut desk, Export::Open);
    act(&mut desk, Export::Folder("out".into()));
    (desk, ids)
}

#[test]
fn the_preview_shows_what_the_whole_list_tells_of_a_photograph() {
    let (mut desk, [_, b, ..]) = with_dialog();
    // The photograph in view turns out to be a duplicate of the previous one.
    desk.select(b);
    desk.row(b, "1", 0.3);
    desk.answered(b, "1", 0.4);
    let photo = desk.photo(b);
    assert!(!photo.subject.left_out.is_empty());
    let case = &previewed(&desk).unwrap().rows[0].answers[0].case;
    assert_eq!(case.subject, photo.subject);
    assert!(
        case.findings
            .iter()
            .any(|f| f.code == FindingCode::Duplicate)
    );
}

#[test]
fn the_dialog_opens_on_what_is_in_view_with_its_preview() {
    let (mut desk, _) = four();
    act(&mut desk, Export::Open);
    assert_eq!(dialog(&desk).scope, Scope::Shown);
    assert_eq!(names(previewed(&desk).unwrap()), ["a.jpg"]);
    assert!(matches!(dialog(&desk).preview, Preview::Pending { .. }));
    let picture = Arc::new(Pixels::new(1, 1, vec![9; 3]).unwrap());
    desk.land(|s| export::previewed(s, Ok(Arc::clone(&picture))));
    assert!(Arc::ptr_eq(
        dialog(&desk).preview.picture().unwrap(),
        &picture
    ));
    act(&mut desk, Export::Scope(Scope::All));
    let before = dialog(&desk).preview.picture();
    assert!(
        before.is_some(),
        "the former picture stays until the next comes"
    );
    desk.land(|s| export::previewed(s, Err(failure("image"))));
    assert!(matches!(&dialog(&desk).preview, Preview::Failed(f) if f.code == "image"));
}

#[test]
fn a_selection_is_what_is_meant_when_there_is_one() {
    let (mut desk, ids) = four();
    desk.act(Action::List(List::Toggle(ids[1])));
    act(&mut desk, Export::Open);
    assert_eq!(dialog(&desk).scope, Scope::Marked);
}

#[test]
fn each_scope_takes_its_photographs_in_the_order_of_adding() {
    let (mut desk, ids) = with_dialog();
    for id in [ids[2], ids[1]] {
        desk.act(Action::List(List::Toggle(id)));
    }
    for (scope, expected) in [
        (Scope::Shown, &["a.jpg"][..]),
        (Scope::Marked, &["a.jpg", "b.jpg", "c.jpg"]),
        (Scope::All, &["a.jpg", "b.jpg", "c.jpg"]),
    ] {
        act(&mut desk, Export::Scope(scope));
        let order = written(&mut desk, IfTaken::Ask).unwrap();
        assert_eq!(names(&order), expected, "{scope:?}");
        act(&mut desk, Export::Cancel);
    }
}

#[test]
fn a_row_that_failed_is_written_with_its_reason_and_one_that_never_ran_is_not() {
    let (mut desk, _) = with_dialog();
    act(&mut desk, Export::Scope(Scope::All));
    let order = written(&mut desk, IfTaken::Ask).unwrap();
    let failed = &order.rows[2];
    assert!(failed.answers.is_empty());
    assert_eq!(failed.failed[0].error.as_deref(), Some("it did not work"));
    assert_eq!(failed.failed[0].card.id, "m");
    assert!(order.rows[0].failed.is_empty());
}

#[test]
fn previewed_and_copied_figures_have_their_reasons_in_japanese() {
    let (mut desk, ids) = with_dialog();
    desk.set(|s| {
        s.language = Lang::Ja;
        s.models = vec!["m".into(), "n".into()];
    });
    let failed = RunEnd::Failed([("n".to_owned(), failure("device"))].into());
    desk.state.photograph_mut(ids[0]).unwrap().run_end = Some(failed);
    let reason = failure("device").message(Lang::Ja);
    let key = ("a.jpg".to_owned(), "n".to_owned());
    act(&mut desk, Export::Scope(Scope::All));
    assert_eq!(previewed(&desk).unwrap().errors.get(&key), Some(&reason));
    act(&mut desk, Export::CopyFigure);
    let RenderFigure(order) = desk.started().unwrap();
    assert_eq!(order.errors.get(&key), Some(&reason));
}

#[test]
fn masked_names_are_numbers_in_every_place() {
    let (mut desk, _) = with_dialog();
    let skipped = vec![Skipped {
        name: "Yamada.txt".into(),
        why: SkipReason::NotAPicture,
    }];
    desk.state.skipped.clone_from(&skipped);
    act(&mut desk, Export::Scope(Scope::All));
    let plain = written(&mut desk, IfTaken::Ask).unwrap();
    assert_eq!(plain.skipped, skipped);
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    act(&mut desk, Export::Cancel);
    let order = written(&mut desk, IfTaken::Ask).unwrap();
    let numbers = ["photograph-0001", "photograph-0002", "photograph-0003"];
    assert_eq!(names(&order), numbers);
    assert!(order.skipped.is_empty());
    for row in &order.rows {
        let cases = row.answers.iter().map(|a| &a.case).chain(&row.failed);
        assert!(cases.into_iter().all(|case| case.image == row.name));
    }
    // The list's own answers keep their names.
    assert_ne!(desk.state.answer().unwrap().case.image, "photograph-0001");
}

#[test]
fn the_answer_in_view_stands_first() {
    let (mut desk, ids) = with_dialog();
    desk.set(|s| s.models = vec!["m".into(), "n".into()]);
    desk.answered_by("n", ids[0], "1", 0.6);
    let first = |desk: &mut Desk| {
        let order = written(desk, IfTaken::Ask).unwrap();
        order.rows[0].answers[0].case.card.id.clone()
    };
    assert_eq!(first(&mut desk), "m");
    desk.act(Action::Models(crate::app::apply::Models::LookAtNext));
    assert_eq!(first(&mut desk), "n");
}

#[test]
fn without_a_folder_or_a_wish_nothing_is_written() {
    let (mut desk, _) = four();
    act(&mut desk, Export::Open);
    assert!(written(&mut desk, IfTaken::Ask).is_none());
    act(&mut desk, Export::Folder("out".into()));
    let nothing = ExportFormats {
        desired: [].into(),
        caption: true,
        ..ExportFormats::default()
    };
    act(&mut desk, Export::Formats(nothing.clone()));
    assert!(matches!(dialog(&desk).preview, Preview::None));
    assert!(written(&mut desk, IfTaken::Ask).is_none());
    assert_eq!(
        desk.state.settings.export, nothing,
        "kept for the next time"
    );
}

#[test]
fn a_choice_about_the_figure_is_previewed_and_a_wrong_caption_is_not_written() {
    let (mut desk, _) = with_dialog();
    let mut formats = desk.state.settings.export.clone();
    formats.figure.width = 85.0;
    formats.figure.caption = Some("{model}".into());
    act(&mut desk, Export::Formats(formats.clone()));
    assert_eq!(previewed(&desk).unwrap().formats.figure, formats.figure);
    formats.figure.caption = Some("{patient}".into());
    act(&mut desk, Export::Formats(formats.clone()));
    assert!(written(&mut desk, IfTaken::Ask).is_none());
    formats.desired = [ExportFormat::Overlay].into();
    act(&mut desk, Export::Formats(formats.clone()));
    assert!(written(&mut desk, IfTaken::Ask).is_none());
    // Neither overlays alone nor tables have a caption.
    formats.caption = false;
    formats.desired.insert(ExportFormat::Csv);
    act(&mut desk, Export::Formats(formats));
    assert!(written(&mut desk, IfTaken::Ask).is_some());
}

#[test]
fn the_folder_is_asked_for_by_dialog() {
    let (mut desk, _) = with_dialog();
    act(&mut desk, Export::AskForFolder);
    assert!(matches!(
        desk.effects[..],
        [Effect::Ask(Purpose::ExportFolder)]
    ));
    let chosen = Chosen::Files(vec!["elsewhere".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::ExportFolder, chosen));
    assert_eq!(desk.state.export_folder, Some(PathBuf::from("elsewhere")));
}

#[test]
fn taken_names_are_asked_about_before_anything_is_written() {
    let (mut desk, _) = with_dialog();
    written(&mut desk, IfTaken::Ask).unwrap();
    assert!(dialog(&desk).writing);
    desk.land(|s| {
        export::exported(
            s,
            "out".into(),
            Ok(Exported::Clashes(vec!["gantei.csv".into()])),
        )
    });
    assert!(!dialog(&desk).writing);
    assert_eq!(dialog(&desk).clashes, ["gantei.csv"]);
    let order = written(&mut desk, IfTaken::KeepBoth).unwrap();
    assert_eq!(order.clash, IfTaken::KeepBoth);
    assert!(dialog(&desk).clashes.is_empty());
    // Another choice withdraws the question.
    desk.land(|s| {
        export::exported(
            s,
            "out".into(),
            Ok(Exported::Clashes(vec!["gantei.csv".into()])),
        )
    });
    act(&mut desk, Export::Folder("other".into()));
    assert!(dialog(&desk).clashes.is_empty());
}

#[test]
fn what_was_written_is_told_and_the_dialog_is_gone() {
    let (mut desk, _) = with_dialog();
    written(&mut desk, IfTaken::Ask).unwrap();
    desk.land(|s| {
        export::exported(
            s,
            "out".into(),
            Ok(Exported::Written {
                files: vec!["a.png".into(), "gantei.csv".into()],
                problems: vec!["b.jpg: it was changed".into()],
            }),
        )
    });
    assert!(desk.state.export.is_none());
    let reported = MessageTopic::Exported {
        files: 2,
        problems: vec!["b.jpg: it was changed".into()],
        folder: "out".into(),
    };
    assert_eq!(desk.state.messages[0].subject, reported);
    act(&mut desk, Export::ShowFolder("out".into()));
    assert!(desk.only_starts::<ShowFolder>().0.ends_with("out"));
}

#[test]
fn a_failure_is_shown_where_it_can_be_mended_and_a_cancel_is_none() {
    let (mut desk, _) = with_dialog();
    for (result, shown) in [(failure("output"), true), (stopped(), false)] {
        written(&mut desk, IfTaken::Ask).unwrap();
        desk.land(|s| export::exported(s, "out".into(), Err(result)));
        assert_eq!(dialog(&desk).failure.is_some(), shown);
        assert!(!dialog(&desk).writing);
    }
    assert!(desk.state.messages.is_empty());
}

#[test]
fn cancelling_and_closing_stop_the_job() {
    let (mut desk, _) = with_dialog();
    written(&mut desk, IfTaken::Ask).unwrap();
    act(&mut desk, Export::Cancel);
    assert!(desk.only_stops::<WriteFiles>());
    assert!(!dialog(&desk).writing);
    act(&mut desk, Export::Close);
    assert!(desk.state.export.is_none());
    assert!(desk.stops(Slot::of::<WriteFiles>()));
    desk.land(|s| export::previewed(s, Err(failure("late"))));
    assert!(desk.state.export.is_none());
}

#[test]
fn what_changes_the_picture_renews_the_preview() {
    let (mut desk, ids) = with_dialog();
    desk.act(Action::Settings(SettingChange::OverlayOpacity(0.25)));
    let order = previewed(&desk).unwrap();
    assert!((order.overlay.opacity - 0.25).abs() < 1e-6);
    let corrected = Photographs::CorrectEye(ids[0], Laterality::Os);
    desk.act(Action::Photographs(corrected));
    let row = &previewed(&desk).unwrap().rows[0];
    assert_eq!(row.answers[0].case.eye, Laterality::Os);
}

#[test]
fn of_a_long_list_the_preview_puts_one_row_together() {
    let mut desk = Desk::new();
    let files: Vec<String> = (0..300).map(|i| format!("{i:03}.jpg")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let ids = desk.open(&files);
    for photo in &mut desk.state.photographs {
        photo.opening = Opening::Failed(failure("image"));
    }
    desk.photo_mut(ids[299]).opening = Opening::Closed;
    desk.row(ids[299], "1", 0.4);
    act(&mut desk, Export::Open);
    ROWS.set(0);
    act(&mut desk, Export::Scope(Scope::All));
    assert_eq!(names(previewed(&desk).unwrap()), ["299.jpg"]);
    assert_eq!(ROWS.get(), 1);
    // Another change while the dialog is open.
    desk.act(Action::Settings(SettingChange::NamesMasked(false)));
    assert!(previewed(&desk).is_none());
    assert!(ROWS.get() <= 2);
    act(&mut desk, Export::Folder("out".into()));
    ROWS.set(0);
    assert_eq!(written(&mut desk, IfTaken::Ask).unwrap().rows.len(), 300);
    assert!(ROWS.get() >= 300, "the export itself tells every row");
}

#[test]
fn the_result_is_copied_in_words() {
    let (mut desk, _) = four();
    act(&mut desk, Export::CopyResult);
    match &desk.effects[..] {
        [Effect::CopyText(text)] => {
            assert!(text.contains("a.jpg") && text.contains("0.800"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        desk.state.messages[0].subject,
        MessageTopic::Copied(Copied::Result)
    );
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    act(&mut desk, Export::CopyResult);
    match &desk.effects[..] {
        [Effect::CopyText(text)] => {
            assert!(text.contains("No. 1") && !text.contains("a.jpg"), "{text}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_methods_are_copied_in_the_language_that_was_asked_for() {
    let (mut desk, _) = four();
    let mut text = |lang| {
        act(&mut desk, Export::CopyMethods(lang));
        match &desk.effects[..] {
            [Effect::CopyText(text)] => text.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert!(text(Lang::En).contains("Gantei"));
    assert!(text(Lang::Ja).contains('。'));
}

#[test]
fn without_an_answer_there_is_nothing_to_copy() {
    let mut desk = Desk::new();
    desk.open_ready("a", "1");
    for action in [
        Export::CopyFigure,
        Export::CopyResult,
        Export::CopyMethods(Lang::En),
    ] {
        act(&mut desk, action);
        assert!(desk.effects.is_empty());
    }
    assert!(desk.state.messages.is_empty());
}

#[test]
fn the_figure_of_the_photograph_in_view_reaches_the_clipboard() {
    let (mut desk, _) = four();
    act(&mut desk, Export::CopyFigure);
    let RenderFigure(order) = desk.only_starts();
    assert_eq!(names(order), ["a.jpg"]);
    assert!(order.formats.desired.contains(&ExportFormat::Figure));
    let picture = Arc::new(Pixels::new(1, 1, vec![9; 3]).unwrap());
    desk.land(|s| clipboard::figure(s, Ok(picture)));
    assert!(matches!(desk.effects[..], [Effect::CopyPicture(_)]));
    assert_eq!(
        desk.state.messages[0].subject,
        MessageTopic::Copied(Copied::Figure)
    );
    desk.land(|s| clipboard::figure(s, Err(failure("image"))));
    assert_eq!(desk.state.messages[1].subject, MessageTopic::Export);
}
