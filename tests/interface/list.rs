//! The list: filter, order, marks, the eye set by hand, masked names.

use egui::{Key, Modifiers};
use gantei::app::state::SortBy;
use gantei::domain::{EyeSource, Grade, Laterality};
use gantei::text::Lang;
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::DEMO;

const FOUR: [&str; 4] = ["c_OD.jpg", "a_OS.jpg", "b_OD.jpg", "d_OS.jpg"];

fn four(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang, &FOUR);
    desk.until_known();
    desk
}

#[test]
fn a_part_of_a_name_filters_the_list_and_all_come_back() {
    for lang in BOTH {
        let mut desk = four(lang);
        let t = desk.t;
        desk.type_into(t.filter(), "OD");
        desk.rest();
        assert_eq!(desk.names(), ["c_OD.jpg", "b_OD.jpg"]);
        assert!(desk.sees(&t.of(2, 4)));
        desk.type_into(t.filter(), "zzz");
        desk.rest();
        assert!(desk.sees(t.none_match()));
        desk.click(t.show_everything());
        desk.rest();
        assert_eq!(desk.names().len(), 4);
    }
}

#[test]
fn a_letter_that_is_typed_is_no_command() {
    let mut desk = four(Lang::En);
    desk.type_into(desk.t.filter(), "");
    desk.press(Key::R);
    desk.press(Key::Delete);
    desk.rest();
    assert_eq!(desk.engine.runs().begun(), 0);
    assert_eq!(desk.names().len(), 4);
}

#[test]
fn the_list_is_ordered_and_thinned_by_its_boxes() {
    for lang in BOTH {
        let mut desk = four(lang);
        let t = desk.t;
        desk.combo(t.sort());
        desk.click(t.sort_name());
        desk.rest();
        let sorted = ["a_OS.jpg", "b_OD.jpg", "c_OD.jpg", "d_OS.jpg"];
        assert_eq!(desk.names(), sorted);
        assert_eq!(desk.state().list.sort, SortBy::Name);
        desk.run_and_wait();
        desk.combo(t.show());
        desk.click(t.show_done());
        desk.rest();
        assert_eq!(desk.names(), ["c_OD.jpg"]);
    }
}

#[test]
fn ctrl_and_shift_mark_and_delete_removes_what_is_marked() {
    for lang in BOTH {
        let mut desk = four(lang);
        desk.click_with(Modifiers::COMMAND, "b_OD.jpg");
        assert_eq!(desk.state().meant().len(), 2);
        desk.click_with(Modifiers::SHIFT, "d_OS.jpg");
        assert_eq!(desk.state().meant().len(), 4);
        assert!(desk.sees(&desk.t.selected_count(4)));
        desk.pick("a_OS.jpg");
        assert!(desk.state().marked.is_empty());
        desk.click_with(Modifiers::SHIFT, "b_OD.jpg");
        desk.press(Key::Delete);
        desk.rest();
        assert_eq!(desk.names(), ["c_OD.jpg", "d_OS.jpg"]);
        desk.press_with(Modifiers::COMMAND, Key::A);
        assert_eq!(desk.state().meant().len(), 2);
        desk.rest();
    }
}

#[test]
fn the_rows_own_menu_corrects_the_eye_and_removes() {
    for lang in BOTH {
        let mut desk = four(lang);
        desk.beginning("a_OS.jpg").click_secondary();
        desk.step();
        desk.step();
        desk.click_last(desk.t.this_is_od());
        let photo = &desk.state().photographs[1];
        assert_eq!(
            (photo.name.as_str(), photo.eye()),
            ("a_OS.jpg", Laterality::Od)
        );
        desk.rest();
    }
}

#[test]
fn the_eye_is_corrected_in_the_facts_and_reaches_row_and_answer() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["x_OS.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        let score = desk.score(DEMO);
        assert!(desk.reads("x_OS.jpg, OS"));
        desk.tab(Tab::Photograph);
        desk.click(t.this_is_od());
        desk.rest();
        assert!(desk.reads("x_OS.jpg, OD"));
        assert_eq!(desk.state().selected().unwrap().eye(), Laterality::Od);
        assert!(desk.reads(t.eye_source(EyeSource::User)));
        let case = &desk.state().answer().unwrap().case;
        assert_eq!((case.eye, case.score), (Laterality::Od, Some(score)));
    }
}

#[test]
fn hidden_names_are_numbers_everywhere_in_the_window() {
    for lang in BOTH {
        let mut desk = four(lang);
        let t = desk.t;
        desk.menu(t.menu_view());
        desk.rest();
        desk.pick(t.mask_names());
        desk.rest();
        assert!(!desk.reads("c_OD.jpg"));
        assert!(desk.reads(&t.photograph_number(1)));
        desk.press(Key::F6);
        desk.rest();
        assert!(!desk.reads("_OD.jpg") && !desk.reads("_OS.jpg"));
        desk.until("the settings", |d| d.saved(|s| s.names_masked));
    }
}

#[test]
fn the_arrows_of_an_open_menu_do_not_lead_through_the_list() {
    let mut desk = four(Lang::En);
    desk.combo(desk.t.sort());
    desk.press(Key::ArrowDown);
    assert_eq!(desk.state().selected().unwrap().name, "c_OD.jpg");
}

#[test]
fn the_arrows_lead_through_the_list() {
    let mut desk = four(Lang::En);
    desk.press(Key::ArrowDown);
    assert_eq!(desk.state().selected().unwrap().name, "a_OS.jpg");
    desk.press(Key::ArrowUp);
    assert_eq!(desk.state().selected().unwrap().name, "c_OD.jpg");
}

#[test]
fn the_photograph_in_view_is_scrolled_to_when_a_filter_is_cleared() {
    let names: Vec<String> = (0..60).map(|i| format!("p{i:02}.jpg")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::new(Lang::En).size([1320.0, 860.0]);
    let mut desk = scene.files(&names).open();
    assert!(!desk.reads("p45.jpg"), "rows out of view are not drawn");
    desk.type_into(desk.t.filter(), "p45");
    desk.click_with(Modifiers::NONE, "p45.jpg");
    desk.type_into(desk.t.filter(), "");
    desk.press_with(Modifiers::COMMAND, Key::A);
    desk.press(Key::Backspace);
    desk.rest();
    assert_eq!(desk.state().rows.len(), 60);
    assert!(desk.reads("p45.jpg, "));
}

#[test]
fn the_list_is_filtered_by_properties_and_each_filter_is_removed_by_a_click() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["c_OD.jpg", "a_OS.jpg", "dull_OD.jpg", "d_OS.jpg"]);
        desk.until_known();
        let t = desk.t;
        desk.combo(t.show());
        desk.click(t.eye());
        desk.rest();
        desk.click_last(t.laterality(Laterality::Od));
        desk.rest();
        assert_eq!(desk.names(), ["c_OD.jpg", "dull_OD.jpg"]);
        let eye = format!("{}: {}", t.eye(), t.laterality(Laterality::Od));
        assert!(desk.sees(&t.remove_filter(&eye)));
        desk.combo(t.show());
        desk.click(t.applicability());
        desk.rest();
        desk.click_last(t.grade(Grade::Good));
        desk.rest();
        let graded = desk.names();
        assert!(!graded.contains(&"dull_OD.jpg".to_owned()), "{graded:?}");
        desk.click(&t.remove_filter(&eye));
        desk.rest();
        assert_eq!(desk.state().list.only.eye, None);
        assert!(desk.state().list.only.applicability.is_some());
        desk.combo(t.show());
        desk.click_last(t.show_everything());
        desk.rest();
        assert_eq!(desk.names().len(), 4);
    }
}
