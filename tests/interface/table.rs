//! The list as a table, sorted by a click on a column title.

use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable};
use gantei::app::state::{Layout, SortBy};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};

/// The titles with a sort mark.
fn marked(desk: &Desk) -> Vec<String> {
    let marks = ["▲", "▼"].map(|mark| desk.harness.query_all_by_label_contains(mark));
    let titles = marks.into_iter().flatten().map(|n| n.accesskit_node());
    let titles = titles.filter(|n| n.role() == egui::Role::Button);
    titles.filter_map(|n| n.label()).collect()
}

/// Clicks a title; returns the rows and the marks after it.
fn sort(desk: &mut Desk, title: &str) -> (String, Vec<String>) {
    // The panel next to the table has buttons for the models too, and is drawn before it.
    desk.pick(title);
    desk.rest();
    let names = desk.names();
    let stems = names.iter().map(|n| n.split('.').next().unwrap());
    (stems.collect::<Vec<_>>().join(" "), marked(desk))
}

#[test]
fn the_table_sorts_by_score_at_a_click_and_a_double_click_shows_the_photograph() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a_OD.jpg", "b_OD.jpg", "c_OS.jpg"]);
        desk.until_known();
        desk.press(Key::PageDown);
        desk.until_open();
        desk.run_and_wait();
        desk.press(Key::PageUp);
        desk.until_open();
        desk.click(desk.run_word());
        desk.until("the answer", |d| d.state().answer().is_some());
        desk.press(Key::F6);
        desk.rest();
        for name in ["a_OD.jpg", "b_OD.jpg"] {
            let figure = desk.t.score_figure(desk.score_of(DEMO, name));
            assert!(desk.reads(&figure), "{figure}");
        }
        let name = "MobileNet";
        desk.click_role(egui::Role::Button, name);
        desk.rest();
        assert_eq!(desk.state().list.sort, SortBy::ScoreOf(DEMO.into()));
        assert_eq!(desk.names(), ["b_OD.jpg", "a_OD.jpg", "c_OS.jpg"]);
        desk.click_role(egui::Role::Button, &format!("▲ {name}"));
        desk.rest();
        assert_eq!(desk.names(), ["a_OD.jpg", "b_OD.jpg", "c_OS.jpg"]);
        let cell = desk.harness.get_by_label("b_OD.jpg");
        cell.click();
        cell.click();
        desk.rest();
        assert_eq!(desk.state().selected().unwrap().name, "b_OD.jpg");
        assert_eq!(desk.state().layout, Layout::Single);
    }
}

#[test]
fn each_model_sorts_by_its_own_column_and_rows_without_a_value_stay_last() {
    for lang in BOTH {
        let files = ["c.jpg", "street.jpg", "b.jpg", "z.jpg", "broken.jpg"];
        let mut desk = Scene::new(lang).files(&files).both_models().open();
        desk.until_known();
        desk.run_all_and_wait();
        desk.press(Key::F6);
        desk.rest();
        let [up, down] = ["▲", "▼"].map(|mark| move |name: &str| vec![format!("{mark} {name}")]);
        let (demo, study) = ("MobileNet", "Study model");
        for (title, rows, marks) in [
            (study, "z c b street broken", up(study)),
            ("▲ Study model", "b c z street broken", down(study)),
            (demo, "b z c street broken", up(demo)),
            ("▲ MobileNet", "c z b street broken", down(demo)),
        ] {
            assert_eq!(sort(&mut desk, title), (rows.to_owned(), marks), "{title}");
        }
        desk.press(Key::F2);
        desk.rest();
        // The button above the list names the model of the score.
        let order = format!("▼ {demo}");
        let role = egui::Role::ComboBox;
        let sort = desk.harness.get_by_role_and_label(role, desk.t.sort());
        assert_eq!(sort.accesskit_node().value().as_deref(), Some(&*order));
    }
}

#[test]
fn cautions_sort_by_how_grave_and_how_many_they_are() {
    for lang in BOTH {
        let files = ["dull.jpg", "a.jpg", "street.jpg", "hazy.jpg", "broken.jpg"];
        // For a demonstration model the finding of every answer is as severe as the worst, so the study model is used.
        let scene = Scene::new(lang).files(&files);
        let mut desk = scene.with(|s| s.models = vec![STUDY.into()]).open();
        desk.until_known();
        desk.run_all_and_wait();
        desk.press(Key::F6);
        desk.rest();
        let cautions = desk.t.findings_column();
        let up = format!("▲ {cautions}");
        let (rows, marks) = sort(&mut desk, cautions);
        assert_eq!(rows, "a hazy dull street broken");
        assert_eq!(marks, [up.as_str()]);
        let (rows, marks) = sort(&mut desk, &up);
        assert_eq!(rows, "street dull hazy a broken");
        assert_eq!(marks, [format!("▼ {cautions}")]);
    }
}

#[test]
fn a_photograph_that_was_not_run_has_no_figure_and_no_cautions_to_sort_by() {
    let mut desk = Desk::new(Lang::En, &["street.jpg", "a.jpg", "hazy.jpg", "b.jpg"]);
    desk.until_known();
    for _ in 0..2 {
        desk.press(Key::PageDown);
        desk.until_open();
    }
    desk.run_and_wait();
    desk.press(Key::F6);
    desk.rest();
    for title in [desk.t.findings_column(), "MobileNet"] {
        for mark in ["", "▲ "] {
            let (rows, _) = sort(&mut desk, &format!("{mark}{title}"));
            assert_eq!(rows, "hazy street a b", "{mark}{title}");
        }
    }
}
