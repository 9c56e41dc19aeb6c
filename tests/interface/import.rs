//! The import of a Keras file.

use egui::Key;
use egui_kittest::kittest::Queryable;
use gantei::app::action::Purpose;
use gantei::clinic::{Scaling, Task};
use gantei::words::Lang;

use crate::desk::{BOTH, Desk, Scene};

/// The page with a file that was read.
fn read(lang: Lang, file: &str) -> Desk {
    let scene = Scene::new(lang).dialog(Purpose::Keras, &[file]);
    let mut desk = scene.size([1320.0, 1600.0]).open();
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.import_model());
    desk.rest();
    desk.click(t.choose_keras());
    desk.until("the file", |d| {
        let import = d.state().library.import.as_ref();
        import.is_some_and(|i| !i.inspected.is_pending())
    });
    desk.rest();
    desk
}

/// Takes one of several words.
fn choose(desk: &mut Desk, field: &str, word: &str) {
    desk.combo(field);
    desk.click_last(word);
    desk.rest();
}

#[test]
fn the_form_tells_what_the_file_says_and_what_is_missing() {
    for lang in BOTH {
        let desk = read(lang, "joir.h5");
        let t = desk.t;
        assert!(desk.sees(t.file_says()) && desk.sees(t.to_be_said()));
        for fact in ["EfficientNetB7", "600 × 600 px", "64097687", "2.4.0"] {
            assert!(desk.sees(fact), "{fact}");
        }
        assert!(desk.reads(t.missing_fields()));
        assert!(desk.is_disabled(t.import_now()), "nothing is assumed");
    }
}

#[test]
fn a_model_is_imported_when_everything_is_said_and_then_chosen() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.h5");
        let t = desk.t;
        choose(&mut desk, t.task(), "sex");
        choose(&mut desk, t.scaling(), "tf");
        choose(&mut desk, t.colour_order(), "rgb");
        choose(&mut desk, t.resize(), "pil-bilinear");
        choose(&mut desk, t.crop(), "square");
        desk.type_into(t.label_0(), "female");
        desk.type_into(t.label_1(), "male");
        desk.press(Key::Enter);
        desk.rest();
        let threshold = desk
            .harness
            .get_by_role_and_label(egui::Role::SpinButton, t.threshold());
        threshold.set_value_accesskit(0.4);
        desk.rest();
        desk.until("the form", |d| !d.is_disabled(d.t.import_now()));
        desk.rest();
        assert!(!desk.reads(t.missing_fields()));
        desk.node(t.import_now()).scroll_to_me();
        desk.rest();
        desk.click(t.import_now());
        desk.until("the message", |d| d.sees(&d.t.imported("imported")));
        {
            let stored = desk.play.stored.lock().unwrap();
            assert_eq!(stored[0].task, Some(Task::Sex));
            assert_eq!(stored[0].scaling, Some(Scaling::Tf));
            let labels = stored[0].labels.clone().unwrap();
            assert_eq!(labels, ["female", "male"]);
        }
        desk.until("the model", |d| {
            d.state().model().is_some_and(|m| m.id == "imported")
        });
        desk.rest();
    }
}

#[test]
fn a_preset_says_what_is_assumed() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        choose(&mut desk, t.preset(), "joir-efficientnet-b7");
        desk.until("the draft", |d| !d.is_disabled(d.t.import_now()));
        desk.rest();
        assert!(desk.reads(t.assumed_fields()));
    }
}

#[test]
fn a_file_that_is_none_says_so_and_can_be_left() {
    for lang in BOTH {
        let mut desk = read(lang, "broken.h5");
        assert!(desk.sees("It is no Keras file."));
        assert!(desk.is_disabled(desk.t.import_now()));
        desk.click(desk.t.cancel());
        desk.rest();
        assert!(desk.sees(desk.t.choose_keras()));
    }
}

#[test]
fn without_a_file_dialog_the_path_is_typed() {
    let mut desk = Scene::new(Lang::En).no_dialog().open();
    desk.menu(desk.t.menu_models());
    desk.pick(desk.t.import_model());
    desk.rest();
    desk.click(desk.t.choose_keras());
    desk.until("the field", |d| d.sees(d.t.keras_field()));
    desk.enter(desk.t.keras_field(), "mine.h5");
    desk.until("the form", |d| d.sees(d.t.file_says()));
    desk.rest();
}
