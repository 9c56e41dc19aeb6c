//! The case report of the photograph in view.

use std::path::Path;

use crate::app::Effect;
use crate::app::apply::case_report::{WriteReport, written};
use crate::app::apply::examples::{Desk, image};
use crate::app::apply::{Action, Cover, Export, SettingChange, dialog};
use crate::app::state::{Chosen, ExportFormat, Exported, IfTaken, MessageTopic, Purpose};

fn with_answer() -> Desk {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg", "b.jpg"]);
    desk.opened(ids[0], image("1", 4));
    desk.row(ids[0], "1", 0.8).row(ids[1], "2", 0.3);
    desk
}

#[test]
fn the_report_of_the_photograph_in_view_is_written_into_the_chosen_folder() {
    let mut desk = with_answer();
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    desk.act(Action::CaseReport);
    assert!(matches!(
        desk.effects[..],
        [Effect::Ask(Purpose::ReportFolder)]
    ));
    let chosen = Chosen::Files(vec!["out".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::ReportFolder, chosen));
    let WriteReport(order) = desk.started().expect("it is written");
    assert_eq!((order.rows.len(), order.clash), (1, IfTaken::KeepBoth));
    assert_eq!(order.rows[0].name, "photograph-0001");
    assert_eq!(order.folder, Path::new("out"));
    let formats: Vec<_> = order.formats.desired.iter().copied().collect();
    assert_eq!(formats, [ExportFormat::Report]);
    assert!(desk.state.export.is_none(), "there is no dialog of exports");
    let result = Exported::Written {
        files: vec!["photograph-0001.report.pdf".into()],
        problems: vec![],
    };
    desk.land(|s| written(s, "out".into(), Ok(result)));
    let message = desk.state.messages.last().unwrap();
    assert!(matches!(
        message.subject,
        MessageTopic::Exported { files: 1, .. }
    ));
}

#[test]
fn where_no_folder_can_be_chosen_the_export_dialog_takes_its_path() {
    let mut desk = with_answer();
    desk.act(Action::CaseReport);
    desk.land(|s| dialog::chosen(s, Purpose::ReportFolder, Chosen::NoDialog));
    assert!(desk.state.export.is_some());
    assert_eq!(desk.state.path_requested, Some(Purpose::ExportFolder));
    let desired = desk.state.export_formats().desired;
    assert_eq!(desired, [ExportFormat::Report].into());
    // What is chosen there is for this report, and later exports write what they wrote before.
    let chosen = desk.state.settings.export.clone();
    assert!(!chosen.desired.contains(&ExportFormat::Report));
    let mut formats = desk.state.export_formats();
    formats.set(ExportFormat::Csv, true);
    desk.act(Action::Export(Export::Formats(formats.clone())));
    assert_eq!(desk.state.export_formats(), formats);
    assert_eq!(desk.state.settings.export, chosen);
    desk.act(Action::Export(Export::Close));
    desk.act(Action::Export(Export::Open));
    assert_eq!(desk.state.export_formats(), chosen);
}

#[test]
fn the_report_is_about_the_photograph_that_was_in_view_when_the_folder_was_asked_for() {
    let mut desk = with_answer();
    desk.act(Action::CaseReport);
    let (a, b) = (desk.id_of("a.jpg"), desk.id_of("b.jpg"));
    assert_eq!(desk.state.selected, Some(a));
    desk.select(b);
    let chosen = Chosen::Files(vec!["out".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::ReportFolder, chosen));
    let WriteReport(order) = desk.started().expect("it is written");
    assert_eq!(order.rows[0].name, "a.jpg");
}

#[test]
fn parts_covered_while_the_folder_is_chosen_are_not_ignored() {
    let mut desk = with_answer();
    desk.act(Action::CaseReport);
    desk.act(Action::Cover(Cover::Take));
    desk.act(Action::Cover(Cover::Begin((1.0, 1.0))));
    desk.act(Action::Cover(Cover::Lift));
    let chosen = Chosen::Files(vec!["out".into()]);
    desk.land(|s| dialog::chosen(s, Purpose::ReportFolder, chosen));
    assert!(desk.started::<WriteReport>().is_none());
    let message = desk.state.messages.last().unwrap();
    assert!(matches!(message.subject, MessageTopic::CoverFailed(_)));
}

#[test]
fn without_an_answer_there_is_nothing_to_report() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a.jpg"]);
    desk.opened(ids[0], image("1", 4));
    assert!(!desk.state.can_report());
    desk.act(Action::CaseReport);
    assert!(desk.effects.is_empty());
}
