//! The export dialog and the clipboard.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use egui::{Key, Modifiers};
use gantei::app::action::Purpose;
use gantei::app::state::{Clash, Exported, Preview, Scope};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::play::storage;

/// The dialog over a photograph that was run.
fn dialog(lang: Lang) -> Desk {
    let scene = Scene::new(lang).files(&["a_OS.jpg"]);
    let mut desk = scene.dialog(Purpose::ExportFolder, &["out"]).open();
    desk.run_and_wait();
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk
}

fn with_folder(lang: Lang) -> Desk {
    let mut desk = dialog(lang);
    desk.click(desk.t.choose_folder());
    desk.until("the folder", |d| d.state().export_folder.is_some());
    desk.rest();
    desk
}

/// The button that writes, not the heading.
fn write(desk: &mut Desk) {
    let name = desk.t.write();
    desk.click_role(egui::Role::Button, name);
}

#[test]
fn the_dialog_shows_what_the_first_picture_will_look_like() {
    for lang in BOTH {
        let mut desk = dialog(lang);
        desk.until("the preview", |d| {
            matches!(
                d.state().export.as_ref().unwrap().preview,
                Preview::Ready(_)
            )
        });
        desk.rest();
        let t = desk.t;
        assert!(desk.sees(t.no_folder()));
        assert!(desk.sees(t.names_are_written()));
        desk.click(t.want_caption());
        desk.until("the settings", |d| d.saved(|s| !s.export.caption));
        desk.click(t.scope_all());
        assert_eq!(desk.state().export.as_ref().unwrap().scope, Scope::All);
        desk.click(t.close());
        desk.rest();
        assert!(desk.state().export.is_none());
    }
}

#[test]
fn files_are_written_and_their_folder_is_shown() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let t = desk.t;
        write(&mut desk);
        desk.until("the message", |d| d.sees(&d.t.exported(1)));
        desk.rest();
        assert!(desk.state().export.is_none());
        {
            let orders = desk.play.exports.lock().unwrap();
            assert_eq!(orders.len(), 1);
            assert_eq!(orders[0].folder, PathBuf::from("out"));
            assert_eq!(orders[0].rows[0].name, "a_OS.jpg");
            assert_eq!(orders[0].clash, Clash::Ask);
            assert_eq!(orders[0].lang, lang);
        }
        desk.click(t.open_result_folder());
        desk.until("the folder", |d| {
            *d.play.folders_shown.lock().unwrap() == [PathBuf::from("out")]
        });
    }
}

#[test]
fn names_that_are_taken_are_asked_about() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let t = desk.t;
        let taken = Exported::Clashes(vec!["a_OS.png".into()]);
        desk.play.export_says.lock().unwrap().push_back(Ok(taken));
        write(&mut desk);
        desk.until("the question", |d| d.sees(d.t.clashes_title()));
        desk.rest();
        assert!(desk.sees("a_OS.png"));
        desk.click(t.keep_both());
        desk.until("the message", |d| d.sees(&d.t.exported(1)));
        let last = desk.play.exports.lock().unwrap().last().unwrap().clash;
        assert_eq!(last, Clash::KeepBoth);
    }
}

#[test]
fn a_failure_is_shown_in_the_dialog_which_stays() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let forbidden = storage(gantei::storage::Error::Write {
            name: "gantei.csv".into(),
            source: std::io::ErrorKind::PermissionDenied.into(),
        });
        desk.play
            .export_says
            .lock()
            .unwrap()
            .push_back(Err(forbidden));
        write(&mut desk);
        let (message, hint) = match lang {
            Lang::En => (
                "gantei.csv could not be written: this account may not write there.",
                "Choose a folder you may write to.",
            ),
            Lang::Ja => (
                "gantei.csv を書き込めませんでした: 書き込みの権限がありません。",
                "書き込みできるフォルダーを選んでください。",
            ),
        };
        desk.until("the failure", |d| d.reads(message));
        desk.rest();
        assert!(desk.reads(hint));
        assert!(desk.reads(desk.t.export_failed()));
        assert!(desk.state().export.is_some());
    }
}

#[test]
fn pictures_that_could_not_be_drawn_are_told() {
    let mut desk = with_folder(Lang::En);
    let partly = Exported::Written {
        files: vec!["gantei.csv".into()],
        problems: vec!["a_OS.jpg: it was changed".into()],
    };
    desk.play.export_says.lock().unwrap().push_back(Ok(partly));
    write(&mut desk);
    let t = desk.t;
    let said = format!("{}{}", t.exported(1), t.pictures_missing(1));
    desk.until("the message", |d| d.sees(&said));
    desk.click(t.copy_details());
    assert_eq!(desk.texts, ["a_OS.jpg: it was changed"]);
}

#[test]
fn an_export_can_be_cancelled() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        desk.play.export_waits.store(true, Ordering::SeqCst);
        write(&mut desk);
        desk.until("the writing", |d| d.sees(d.t.writing()));
        desk.until("the job", |d| !d.play.exports.lock().unwrap().is_empty());
        desk.click(desk.t.cancel());
        desk.rest();
        assert!(!desk.sees(desk.t.writing()));
        assert!(desk.state().export.as_ref().unwrap().failure.is_none());
        assert!(desk.state().messages.is_empty());
    }
}

#[test]
fn without_a_folder_dialog_the_path_is_typed() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).no_dialog().open();
        desk.run_and_wait();
        desk.press_with(Modifiers::COMMAND, Key::E);
        desk.click(desk.t.choose_folder());
        desk.until("the field", |d| d.sees(d.t.folder_field()));
        desk.enter(desk.t.folder_field(), "elsewhere");
        desk.rest();
        let folder = desk.state().export_folder.clone();
        assert_eq!(folder, Some("elsewhere".into()));
    }
}

#[test]
fn hidden_names_and_a_changed_display_are_remarked_on() {
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .files(&["a.jpg"])
            .with(|s| s.names_masked = true)
            .open();
        desk.run_and_wait();
        desk.press(Key::E);
        desk.press_with(Modifiers::COMMAND, Key::E);
        desk.rest();
        assert!(desk.sees(desk.t.names_are_masked()));
        assert!(desk.sees(desk.t.as_it_is()));
        assert!(!desk.reads("a.jpg"));
    }
}

#[test]
fn the_result_and_the_figure_reach_the_clipboard() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a_OS.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        desk.click(t.copy_result_short());
        let text = desk.texts.last().unwrap().clone();
        assert!(
            text.contains("a_OS.jpg") && text.contains("0.870"),
            "{text}"
        );
        desk.rest();
        assert!(desk.sees(t.copied()));
        desk.click(t.copy_figure());
        desk.until("the figure", |d| d.pictures == 1);
        desk.until("the word that goes away", |d| d.state().messages.is_empty());
        desk.rest();
    }
}

#[test]
fn the_methods_are_copied_in_either_language_whatever_the_window_speaks() {
    let mut desk = Desk::new(Lang::Ja, &["a_OS.jpg"]);
    desk.run_and_wait();
    for (name, sign) in [
        (desk.t.copy_methods_en(), "Gantei"),
        (desk.t.copy_methods_ja(), "。"),
    ] {
        desk.menu(desk.t.menu_file());
        desk.pick(name);
        assert!(desk.texts.last().unwrap().contains(sign));
    }
    assert!(!desk.texts[0].contains('。'));
}

#[test]
fn the_command_line_of_an_answer_is_copied_and_hides_what_is_hidden() {
    for lang in BOTH {
        for masked in [false, true] {
            let scene = Scene::new(lang).files(&["photographs/p1_OD.jpg"]);
            let mut desk = scene.with(|s| s.names_masked = masked).open();
            let t = desk.t;
            desk.press_with(egui::Modifiers::COMMAND, egui::Key::R);
            desk.play.runs.release(1);
            desk.until("the answer", |d| d.state().answer().is_some());
            desk.menu(t.menu_file());
            desk.pick(t.copy_command_line());
            desk.until("the message", |d| d.sees(d.t.copied()));
            let expected = match masked {
                false => "gantei predict photographs/p1_OD.jpg --model demo --device embedded",
                true => "gantei predict PHOTOGRAPH --model demo --device embedded --mask-names",
            };
            assert_eq!(desk.texts, [expected]);
        }
    }
}
