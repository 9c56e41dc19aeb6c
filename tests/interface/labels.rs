//! The page of labels: a table is read, questioned, confirmed, and what is left over is saved.

use gantei::app::state::Purpose;
use gantei::domain::Role;
use gantei::evaluation::LabelList;
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};

/// The page with photographs and a table.
fn opened(lang: Lang, table: &str) -> Desk {
    let scene = Scene::new(lang)
        .files(&["eyes/a0_OD.png", "eyes/a1_OS.png", "eyes/z0.png"])
        .dialog(Purpose::Labels, &["labels.csv"])
        .dialog(Purpose::LabelLists, &["lists"])
        .size([1320.0, 1600.0]);
    scene.put_text("labels.csv", table);
    let mut desk = scene.open();
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.labels_open());
    desk.rest();
    assert!(desk.is_disabled(t.labels_confirm()) && desk.sees(t.labels_choose_first()));
    desk.click(t.check_choose_labels());
    desk
}

#[test]
fn a_table_is_read_questioned_and_confirmed_once() {
    for lang in BOTH {
        let text = "image,sex,age,camera\na0_OD,1,63,x\na1_OS,2,41,y\nq,2,50,y\n";
        let mut desk = opened(lang, text);
        let t = desk.t;
        desk.until("the values", |d| d.sees(&d.t.check_which_label("sex", 0)));
        desk.rest();
        assert!(desk.is_disabled(t.labels_confirm()) && desk.sees(t.labels_answer_first()));
        desk.reach("1: male");
        desk.rest();
        desk.reach("2: female");
        desk.until("what was found", |d| d.sees(d.t.labels_found()));
        desk.rest();
        assert!(desk.sees(&t.labels_matched(2, 3)));
        assert!(desk.reads(&t.labels_line(2)));
        let each = [("male".to_owned(), 1), ("female".to_owned(), 1)];
        assert!(desk.sees(&t.labels_counted(Role::Sex, 2, &each, 0)));
        desk.reach(t.labels_confirm());
        desk.until("the labels", |d| d.sees(d.t.labels_confirmed()));
        desk.rest();
        let confirmed = desk.state().labels.confirmed.clone().unwrap();
        assert_eq!(confirmed.labels.matched(), 2);
        let ages: Vec<_> = desk.state().photographs.iter().map(|p| p.age).collect();
        assert_eq!(
            ages,
            [Some(63.0), Some(41.0), None],
            "recorded ages are judged"
        );
        assert_eq!(confirmed.mapping.columns_of(Role::Age).count(), 1);
        // The list of rows without a photograph opens and is saved.
        let list = LabelList::WithoutPhotograph;
        desk.reach(&format!("{} (1)", t.label_list(list)));
        desk.rest();
        assert!(desk.sees("4: q"));
        desk.reach(&format!("{}: {}", t.labels_save(), t.label_list(list)));
        let saved = desk.home.path("lists/labels-without-photograph.csv");
        desk.until("the file", |_| saved.exists());
        let csv = std::fs::read_to_string(&saved).unwrap();
        assert!(csv.contains("4,q,"), "{csv}");
        desk.rest();
    }
}

#[test]
fn every_list_of_what_is_left_over_is_saved() {
    for lang in BOTH {
        let mut desk = opened(lang, "image,sex\na0_OD,F\na0_OD,M\na1_OS,M\nq,F\n");
        let t = desk.t;
        desk.until("what was found", |d| d.sees(d.t.labels_found()));
        desk.rest();
        let lists = [
            (LabelList::WithoutPhotograph, "q"),
            (LabelList::WithoutRow, "z0"),
            (LabelList::Ambiguous, "a0_OD"),
        ];
        for (list, expected) in lists {
            desk.reach(&format!("{} (1)", t.label_list(list)));
            desk.rest();
            desk.reach(&format!("{}: {}", t.labels_save(), t.label_list(list)));
            let name = format!("lists/labels-{}.csv", list.as_str());
            let saved = desk.home.path(&name);
            desk.until("the file", |_| saved.exists());
            let csv = std::fs::read_to_string(&saved).unwrap();
            assert!(csv.contains(expected), "{name}: {csv}");
            desk.rest();
        }
    }
}

#[test]
fn a_table_that_changes_after_it_was_confirmed_is_noticed() {
    for lang in BOTH {
        let mut desk = opened(lang, "image,sex\na0_OD,F\na1_OS,M\n");
        let t = desk.t;
        desk.until("what was found", |d| d.sees(d.t.labels_found()));
        desk.rest();
        desk.reach(t.labels_confirm());
        desk.until("the labels", |d| d.sees(d.t.labels_confirmed()));
        desk.rest();
        let table = desk.home.path("labels.csv");
        std::fs::write(&table, "image,sex\na0_OD,F\na1_OS,F\n").unwrap();
        desk.click(t.close());
        desk.rest();
        desk.menu(t.menu_study());
        desk.pick(t.labels_open());
        desk.until("the change", |d| d.sees(d.t.labels_changed()));
        desk.until("what was found", |d| {
            d.sees(&d.t.labels_one_label("female"))
        });
        desk.rest();
        assert!(!desk.is_disabled(t.labels_confirm()));
        assert!(!desk.sees(t.labels_confirmed()));
    }
}
