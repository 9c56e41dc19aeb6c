//! The export dialog and the clipboard.

use egui::{Key, Modifiers};
use gantei::app::state::Purpose;
use gantei::app::state::{Preview, Scope};
use gantei::export::figure::{FigureFormat, ONE_COLUMN_MM};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::eyes;
use crate::home::DEMO;

/// The dialog over a photograph with an answer.
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
        desk.click(&t.scope_all(desk.state().exported_count(Scope::All)));
        assert_eq!(desk.state().export.as_ref().unwrap().scope, Scope::All);
        desk.click(t.close());
        desk.rest();
        assert!(desk.state().export.is_none());
    }
}

#[test]
fn the_figure_is_written_as_chosen() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let t = desk.t;
        desk.click("SVG");
        desk.click(t.one_column());
        desk.until("the settings", |d| {
            d.saved(|s| {
                let figure = &s.export.figure;
                (figure.format, figure.width) == (FigureFormat::Svg, ONE_COLUMN_MM)
            })
        });
        write(&mut desk);
        desk.until("the message", |d| {
            d.sees(&d.t.exported(d.home.count("out")))
        });
        let figure = std::fs::read_to_string(desk.home.path("out/a_OS.figure.svg")).unwrap();
        assert!(figure.contains("width=\"85mm\""));
    }
}

#[test]
fn a_case_report_is_written_from_the_menu() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a_OS.jpg"]);
        let mut desk = scene.dialog(Purpose::ReportFolder, &["out"]).open();
        desk.run_and_wait();
        let t = desk.t;
        desk.menu(t.menu_file());
        desk.click(t.case_report());
        desk.until("the message", |d| d.sees(&d.t.exported(1)));
        let report = desk.home.path("out").join("a_OS.report.pdf");
        assert!(std::fs::read(report).unwrap().starts_with(b"%PDF-"));
        assert!(desk.state().export.is_none());
    }
}

#[test]
fn files_are_written_and_their_folder_is_shown() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let t = desk.t;
        write(&mut desk);
        desk.until("the message", |d| {
            d.sees(&d.t.exported(d.home.count("out")))
        });
        desk.rest();
        assert!(desk.state().export.is_none());
        let document = desk.home.results("out");
        assert_eq!(document["results"][0]["image"], "a_OS.jpg");
        assert_eq!(document["results"][0]["score"], desk.score(DEMO));
        // A deleted folder is not shown, and the test opens no other program.
        std::fs::remove_dir_all(desk.home.path("out")).unwrap();
        let messages = desk.state().messages.len();
        desk.click(t.open_result_folder());
        desk.until("the failure", |d| d.state().messages.len() > messages);
        assert!(desk.state().messages.last().unwrap().failure.is_some());
    }
}

#[test]
fn names_that_are_taken_are_asked_about() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        let t = desk.t;
        std::fs::write(desk.home.path("out/results.json"), b"{}").unwrap();
        write(&mut desk);
        desk.until("the question", |d| d.sees(d.t.clashes_title()));
        desk.rest();
        assert!(desk.sees("results.json"));
        desk.click(t.keep_both());
        desk.until("the message", |d| {
            d.sees(&d.t.exported(d.home.count("out") - 1))
        });
        assert!(desk.home.path("out/results~2.json").is_file());
    }
}

#[test]
fn a_failure_is_shown_in_the_dialog_which_stays() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        // Meanwhile a file has replaced the folder.
        std::fs::remove_dir(desk.home.path("out")).unwrap();
        std::fs::write(desk.home.path("out"), b"").unwrap();
        write(&mut desk);
        let failure = |d: &Desk| d.state().export.as_ref()?.failure.clone();
        desk.until("the failure", |d| failure(d).is_some());
        desk.rest();
        let failure = failure(&desk).unwrap();
        let [message, hint] = [failure.message(lang), failure.hint(lang)];
        assert!(
            desk.reads(&message) && desk.reads(&hint),
            "{message} {hint}"
        );
        assert!(message.contains(match lang {
            Lang::En => " could not be written: ",
            Lang::Ja => " を書き込めませんでした: ",
        }));
        assert!(desk.reads(desk.t.export_failed()));
        assert!(desk.state().export.is_some());
    }
}

#[test]
fn pictures_that_could_not_be_drawn_are_told() {
    let mut desk = with_folder(Lang::En);
    std::fs::write(desk.home.path("a_OS.jpg"), eyes::bytes("b.jpg")).unwrap();
    write(&mut desk);
    let t = desk.t;
    desk.until("the message", |d| {
        let written = t.exported(d.home.count("out"));
        d.sees(&format!("{written}{}", t.pictures_missing(1)))
    });
    desk.click(t.copy_details());
    assert!(desk.texts[0].starts_with("a_OS.jpg: "), "{:?}", desk.texts);
}

#[test]
fn an_export_that_waits_can_be_cancelled() {
    for lang in BOTH {
        let mut desk = with_folder(lang);
        desk.press(Key::Escape);
        // The trial of the devices is ahead of it in the queue.
        desk.engine.maps().hold();
        desk.menu(desk.t.menu_models());
        desk.pick(desk.t.devices_sheet());
        desk.until("the devices", |d| d.engine.maps().held() == 1);
        desk.press(Key::Escape);
        desk.press_with(Modifiers::COMMAND, Key::E);
        write(&mut desk);
        desk.until("the writing", |d| d.sees(d.t.writing()));
        desk.click(desk.t.cancel());
        desk.rest();
        assert!(!desk.sees(desk.t.writing()));
        assert_eq!(desk.home.count("out"), 0);
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
        let folder = desk.home.put("elsewhere");
        desk.enter(desk.t.folder_field(), folder.to_str().unwrap());
        desk.rest();
        assert_eq!(desk.state().export_folder, Some(folder));
    }
}

#[test]
fn hidden_names_and_a_changed_display_are_remarked_on() {
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .files(&["a.jpg"])
            .with(|s| s.names_masked = true)
            .open();
        // Without a map the key changes the display.
        desk.press(Key::E);
        desk.run_and_wait();
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
            text.contains("a_OS.jpg") && text.contains(&desk.figure(DEMO)),
            "{text}"
        );
        desk.rest();
        assert!(desk.sees(t.result_copied()));
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
            desk.until("the answer", |d| d.state().answer().is_some());
            desk.menu(t.menu_file());
            desk.pick(t.copy_command_line());
            desk.until("the message", |d| d.sees(d.t.command_line_copied()));
            let file = desk.home.path("photographs/p1_OD.jpg");
            let (file, hides) = match masked {
                false => (file.to_str().unwrap(), ""),
                true => ("PHOTOGRAPH", " --mask-names"),
            };
            let expected = format!("gantei predict {file} --model {DEMO} --device embedded{hides}");
            assert_eq!(desk.texts, [expected]);
        }
    }
}
