//! The records check in the window: the list, the reader, decisions by key and by click, and what stays of them.

use std::fs;

use gantei::app::state::{FoundRecords, Loadable};
use gantei::domain::Decision;
use gantei::text::Lang;
use gantei::text::records_check as words;

use crate::desk::{BOTH, Desk};
use crate::evaluation::{TABLE, label, run, study};

fn found(desk: &Desk) -> &FoundRecords {
    desk.state().study.records.ready().expect("a check")
}

/// The photograph of the first record.
fn check_photograph(desk: &Desk) -> usize {
    found(desk).check.contradicted[0].photograph
}

fn decided(desk: &Desk) -> Option<Decision> {
    found(desk).decision(check_photograph(desk))
}

/// What the study file says.
fn kept(desk: &Desk) -> Vec<Decision> {
    let file = fs::read(desk.home.path("my study/gantei-study.json")).unwrap();
    let study: gantei::domain::Study = serde_json::from_slice(&file).unwrap();
    study.decisions.iter().map(|of| of.decision).collect()
}

fn checked(lang: Lang) -> Desk {
    let mut desk = study(lang);
    run(&mut desk);
    label(&mut desk, TABLE);
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.check_records());
    desk.until("the records", |d| {
        let records = &d.state().study.records;
        matches!(records.found, Loadable::Ready(_) | Loadable::Failed(_))
    });
    desk.rest();
    desk
}

#[test]
fn a_contradicted_record_is_decided_by_key_and_by_click() {
    for lang in BOTH {
        let mut desk = checked(lang);
        let t = desk.t;
        assert!(desk.sees(&t.records_of("my study")));
        let check = &found(&desk).check;
        let (records, persons) = (check.contradicted.len(), check.persons.len());
        assert!(records > 0 && persons <= records);
        assert!(!check.contradicted[0].similar.is_empty());
        // The reader is asked first.
        let photo = found(&desk).photos[check_photograph(&desk)].unwrap();
        let name = desk.state().photograph(photo).unwrap().name.clone();
        let right = words::decision(Decision::RecordIsRight, lang);
        let right = format!("{right}: {name}");
        assert!(!desk.sees(&right));
        desk.type_into(t.records_reader(), "A");
        desk.rest();
        desk.click(t.records_go());
        desk.rest();
        desk.press(egui::Key::Num2);
        desk.until("the decision", |d| kept(d) == [Decision::BelongsElsewhere]);
        desk.rest();
        assert_eq!(decided(&desk), Some(Decision::BelongsElsewhere));
        assert_eq!(
            desk.state().study.open.as_ref().unwrap().study.decisions[0].reader,
            "A"
        );
        desk.click(&right);
        desk.until("another decision", |d| kept(d) == [Decision::RecordIsRight]);
        desk.rest();
        // The same again takes it back.
        desk.press(egui::Key::Num1);
        desk.until("no decision", |d| kept(d).is_empty());
        desk.rest();
        assert_eq!(decided(&desk), None);
        assert!(desk.reads(&t.records_count(records, persons, 0)));
    }
}

#[test]
fn names_are_masked_and_a_closed_study_leaves_no_check() {
    let mut desk = checked(Lang::En);
    let t = desk.t;
    desk.type_into(t.records_reader(), "A");
    desk.rest();
    desk.click(t.records_go());
    desk.rest();
    let name = found(&desk).check.photographs[check_photograph(&desk)]
        .image
        .clone();
    assert!(desk.reads(&name));
    desk.press(egui::Key::Escape);
    desk.menu(t.menu_view());
    desk.pick(t.mask_names());
    desk.rest();
    desk.menu(t.menu_study());
    desk.pick(t.check_records());
    desk.rest();
    assert!(!desk.reads(&name));
    assert!(desk.reads("Person "));
    desk.press(egui::Key::Escape);
    desk.menu(t.menu_study());
    desk.pick(t.show_study());
    desk.rest();
    desk.click(t.close_study());
    desk.rest();
    assert!(matches!(
        desk.state().study.records.found,
        Loadable::NotRequested
    ));
    assert_eq!(desk.state().study.records.reader.as_deref(), Some("A"));
}
