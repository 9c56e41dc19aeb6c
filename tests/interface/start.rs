//! The first page, the empty list, and the ways to open files: dialogs, dropping, typed paths, recent files.

use egui::Key;
use egui_kittest::kittest::Queryable;
use gantei::app::state::Purpose;
use gantei::domain::{SkipReason, Skipped};
use gantei::storage::recent::Recent;
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};

#[test]
fn three_steps_lead_to_a_first_result_and_can_be_put_away() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).with(|s| s.welcomed = false).open();
        let t = desk.t;
        desk.rest();
        for words in [t.welcome(), t.step_open_more(), t.step_run_more()] {
            assert!(desk.sees(words), "{words}");
        }
        desk.click(t.put_away());
        desk.rest();
        assert!(!desk.sees(t.welcome()));
        desk.until("the settings", |d| d.saved(|s| s.welcomed));
    }
}

#[test]
fn the_second_step_runs_the_model() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).with(|s| s.welcomed = false).open();
        let buttons = desk.harness.query_all_by_label(desk.t.run_now());
        let top = |n: &egui_kittest::Node<'_>| n.rect().left();
        let step = buttons.min_by(|a, b| top(a).total_cmp(&top(b))).unwrap();
        step.click();
        desk.until("the answer", |d| d.state().answer().is_some());
        desk.rest();
    }
}

#[test]
fn an_empty_list_offers_every_way_in() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.press(Key::Delete);
        desk.rest();
        let t = desk.t;
        assert!(desk.state().photographs.is_empty());
        assert!(desk.sees(t.start_here()));
        desk.click(t.open_sample());
        desk.until_open();
        assert!(!desk.sees(t.start_here()));
    }
}

#[test]
fn files_come_in_by_dialog_and_by_dropping() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::Photographs, &["b.png"]);
        let mut desk = scene.open();
        desk.click(desk.t.open_files());
        desk.until("the file", |d| {
            d.state().selected().is_some_and(|p| p.name == "b.png")
        });
        desk.drop_files(&["眼底 01.png"]);
        desk.until("the drop", |d| {
            d.state()
                .selected()
                .is_some_and(|p| p.name == "眼底 01.png")
        });
        assert_eq!(desk.state().photographs.len(), 2, "the sample eye is gone");
        desk.until_known();
        desk.rest();
    }
}

#[test]
fn folders_come_in_by_dialog_and_by_dropping_and_tell_what_they_left_out() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::Folder, &["folder"]);
        let mut desk = scene.open();
        desk.click(desk.t.open_folder());
        desk.until("the folder", |d| d.state().photographs.len() == 3);
        desk.until_known();
        desk.rest();
        let skipped = Skipped {
            name: "notes.txt".into(),
            why: SkipReason::NotAPicture,
        };
        assert!(desk.sees(&desk.t.skipped(&[skipped])));
        desk.click(desk.t.copy_details());
        let reason = SkipReason::NotAPicture.reason(lang);
        assert_eq!(desk.texts, [format!("notes.txt: {reason}")]);
    }
    let mut desk = Desk::new(Lang::En, &[]);
    desk.drop_files(&["folder"]);
    desk.until("the folder", |d| d.state().photographs.len() == 3);
}

#[test]
fn a_folder_without_photographs_says_so_and_what_can_be_opened() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.drop_files(&["empty"]);
        desk.until("the message", |d| d.sees(d.t.nothing_found()));
        desk.rest();
        assert!(desk.sees(desk.t.nothing_found_hint()));
    }
}

#[test]
fn without_file_dialogs_a_path_is_typed() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).no_dialog().open();
        let t = desk.t;
        assert!(!desk.sees(t.path_field()));
        desk.click(t.open_files());
        desk.until("the message", |d| d.sees(d.t.dialog_missing()));
        assert!(desk.sees(t.dialog_missing_hint()));
        desk.rest();
        let path = |desk: &Desk, name| desk.home.put(name).to_str().unwrap().to_owned();
        let file = path(&desk, "b.png");
        desk.enter(t.path_field(), &file);
        desk.until("the file", |d| {
            d.state().selected().is_some_and(|p| p.name == "b.png")
        });
        let folder = path(&desk, "folder");
        desk.type_into(t.path_field(), &folder);
        desk.click(t.path_open());
        desk.until("the folder", |d| d.state().photographs.len() == 4);
        let nothing = path(&desk, "nothing");
        desk.type_into(t.path_field(), &nothing);
        desk.click(t.path_open());
        let nothing = ["nothing".to_owned()];
        desk.until("the message", |d| d.sees(&d.t.absent(&nothing, false)));
        assert_eq!(desk.state().photographs.len(), 4, "a typo is no row");
        desk.until_known();
        desk.rest();
    }
}

#[test]
fn recent_files_are_offered_where_the_person_wants_them() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).recent(&["b.png"]).open();
        let t = desk.t;
        desk.until("the recent files", |d| !d.state().recent.is_empty());
        desk.press(Key::Delete);
        desk.click("b.png");
        desk.until_open();
        assert_eq!(desk.names(), ["b.png"]);
        desk.menu(t.menu_file());
        desk.pick(t.settings_sheet());
        desk.rest();
        desk.click(t.clear_recent());
        desk.until("the file", |d| {
            Recent::load(&d.home.places()).files.is_empty()
        });
        desk.rest();
    }
    let mut desk = Desk::new(Lang::En, &["a.jpg"]);
    desk.rest();
    assert!(desk.state().recent.is_empty(), "nobody asked for it");
}
