//! Runs over many photographs.

use std::path::PathBuf;

use egui::Key;
use gantei::app::state::ManyEnd;
use gantei::app::state::Purpose;
use gantei::domain::Laterality;
use gantei::text::Lang;
use gantei::text::notes::Note;
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, Home, STUDY};

/// Both eyes of a person and a broken file.
fn folder(lang: Lang) -> Desk {
    let mut desk = Scene::new(lang).files(&["folder"]).open();
    desk.until_known();
    desk
}

fn done(desk: &Desk) -> usize {
    desk.state().many.as_ref().map_or(0, |m| m.done())
}

#[test]
fn a_folder_with_a_broken_file_is_run_and_the_others_are_answered() {
    for lang in BOTH {
        let mut desk = folder(lang);
        let t = desk.t;
        desk.engine.runs().hold();
        desk.click(t.run_all());
        desk.until("the first", |d| d.engine.runs().begun() == 1);
        assert!(desk.reads(t.waiting()));
        assert!(desk.reads(t.many_running()));
        desk.engine.runs().open();
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));
        desk.rest();
        let score = t.score_name(desk.score(DEMO));
        let row = format!("a1_OD.jpg, OD, {score}");
        assert!(desk.reads(&row), "{row}");
        assert!(desk.reads(&format!("broken.jpg, {}", t.could_not_open())));
        assert!(desk.sees(&score), "the one in view too");
    }
}

#[test]
fn the_reason_of_a_failed_row_is_told_on_hovering() {
    for (lang, why) in [
        (Lang::En, "The JPEG data is damaged or incomplete."),
        (Lang::Ja, "JPEGデータが壊れているか、途中で切れています。"),
    ] {
        let mut desk = folder(lang);
        desk.beginning("broken.jpg").hover();
        for _ in 0..20 {
            desk.step();
        }
        assert!(desk.reads(why), "{why}");
    }
}

#[test]
fn a_pause_holds_the_run_and_continuing_ends_it() {
    for lang in BOTH {
        let mut desk = folder(lang);
        let t = desk.t;
        desk.engine.runs().hold();
        desk.click(t.run_all());
        desk.until("the first", |d| d.engine.runs().begun() == 1);
        desk.click(t.pause());
        desk.engine.runs().open();
        // The pass in progress still finishes; the next one waits.
        desk.until("the first row", |d| done(d) == 1);
        desk.rest();
        assert!(desk.reads(t.many_paused()));
        assert_eq!((done(&desk), desk.engine.runs().begun()), (1, 1));
        desk.click(t.go_on());
        desk.until("the end", |d| {
            d.state().many.as_ref().unwrap().end == Some(ManyEnd::Finished)
        });
    }
}

#[test]
fn cancelling_comes_through_within_one_photograph_and_keeps_what_is_done() {
    for lang in BOTH {
        let mut desk = folder(lang);
        let t = desk.t;
        desk.engine.runs().hold();
        desk.engine.runs().release(1);
        desk.click(t.run_all());
        desk.until("the second", |d| {
            done(d) == 1 && d.engine.runs().begun() == 2
        });
        desk.click(t.cancel());
        desk.until("the stop", |d| d.engine.runs().cancelled() == 1);
        desk.rest();
        assert!(desk.reads(t.many_cancelled()));
        assert_eq!(desk.engine.runs().begun(), 2, "no further one was begun");
        let score = t.score_name(desk.score(DEMO));
        assert!(desk.sees(&score), "the first row stays");
        assert!(desk.state().messages.iter().all(|m| m.failure.is_none()));
        assert!(desk.sees(t.run_all()), "it can be started again");
    }
}

#[test]
fn only_the_failed_ones_are_run_again() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.run_all_and_wait();
        desk.home.mend("folder/broken.jpg");
        desk.click(desk.t.run_failed());
        desk.until("the end", |d| d.sees(&d.t.many_done(1, 0)));
        desk.rest();
        assert_eq!(desk.engine.runs().begun(), 3);
        let score = desk.t.score_name(desk.score_of(DEMO, "broken.jpg"));
        let row = format!("broken.jpg, {score}");
        assert!(desk.reads(&row), "{row}");
        assert!(
            !desk.sees(desk.t.run_failed()),
            "nothing is left to run again"
        );
    }
}

#[test]
fn pictures_that_a_run_refused_are_counted_and_used_together_when_asked() {
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .files(&["a.jpg", "street.jpg", "street2.jpg"])
            .raise();
        let t = desk.t;
        desk.until("the models", |d| d.state().model().is_some());
        assert!(!desk.sees(t.use_these_all_the_same()));
        desk.click(t.run_all());
        desk.until("the end", |d| d.sees(&d.t.many_done(3, 0)));
        assert!(desk.reads(&t.refused_count(2)));
        desk.click(t.use_these_all_the_same());
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        desk.rest();
        assert!(!desk.reads(&t.refused_count(2)));
        assert!(!desk.sees(t.use_these_all_the_same()));
    }
}

#[test]
fn a_mended_photograph_in_view_is_drawn_when_it_is_run_again() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["broken.jpg"]).raise();
        desk.until("the failure", |d| {
            d.state().photographs.iter().any(|p| p.has_failed())
        });
        desk.until("the models", |d| d.state().model().is_some());
        desk.home.mend("broken.jpg");
        desk.run_menu(desk.t.run_failed());
        desk.until("the score", |d| d.state().answer().is_some());
        assert!(desk.sees(&desk.t.score_name(desk.score(DEMO))));
        desk.until_open();
        desk.rest();
    }
}

#[test]
fn the_selection_is_run_alone() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.click_with(egui::Modifiers::COMMAND, "a1_OS.jpg");
        assert!(desk.sees(&desk.t.selected_count(2)));
        desk.click(desk.t.run_marked());
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        assert_eq!(desk.engine.runs().begun(), 2);
        desk.rest();
    }
}

#[test]
fn another_photograph_can_be_looked_at_and_run_while_many_run() {
    for lang in BOTH {
        let mut desk = folder(lang);
        let demo = desk.engine.runs_of(DEMO);
        demo.hold();
        desk.click(desk.t.run_all());
        desk.until("the first", |d| d.engine.runs_of(DEMO).begun() == 1);
        // A running model is locked pass by pass; another one is free.
        desk.choose_model("Study model");
        desk.press(Key::PageDown);
        desk.until_open();
        assert_eq!(desk.state().selected().unwrap().eye(), Laterality::Os);
        desk.press_with(egui::Modifiers::COMMAND, Key::R);
        desk.until("the answer", |d| d.state().answer().is_some());
        assert_eq!(done(&desk), 0);
        demo.open();
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));
        desk.rest();
    }
}

#[test]
fn both_models_run_over_a_folder_and_both_eyes_are_taken_together() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["folder"]).both_models().open();
        desk.run_all_and_wait();
        desk.rest();
        let t = desk.t;
        let figures = [DEMO, STUDY].map(|model| desk.figure(model)).join(" · ");
        assert!(desk.reads(&format!("a1_OD.jpg, OD, {figures}")));
        // Persons from file names count only after the user confirms them.
        assert!(desk.sees(t.together()));
        let comma = match lang {
            Lang::En => ", ",
            Lang::Ja => "、",
        };
        assert!(desk.sees(&format!("a1: a1_OD.jpg{comma}a1_OS.jpg")));
        assert!(!desk.sees(t.mean_of_logits()));
        desk.click(t.persons_yes());
        desk.rest();
        assert!(desk.sees(t.both_eyes()));
        assert!(desk.sees(t.mean_of_logits()));
    }
}

#[test]
fn a_photograph_is_taken_out_of_the_figures_by_its_tick() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.run_all_and_wait();
        let t = desk.t;
        desk.click(t.persons_yes());
        desk.rest();
        let mut figures = ["a1_OD.jpg", "a1_OS.jpg"].map(|n| desk.score_of(DEMO, n));
        figures.sort_by(f64::total_cmp);
        let [low, high] = figures.map(|score| t.score_figure(score));
        assert!(desk.sees(&t.used_range(2, 2, &low, &high)));
        desk.tab(Tab::Photograph);
        desk.click(t.count_photograph());
        desk.tab(Tab::Result);
        assert!(!desk.state().selected().unwrap().subject.counts());
        assert!(desk.sees(&t.used_range(0, 1, "", "")));
        assert!(desk.sees(&t.used_range(1, 2, "", "")));
    }
}

/// The home after a session that stored its answers in a folder and was closed after two of three.
fn left(lang: Lang, remembers: bool) -> Home {
    let scene = Scene::new(lang).files(&["study"]);
    let scene = scene.dialog(Purpose::ExportFolder, &["studies/spring"]);
    for name in ["study/a.jpg", "study/b.jpg", "study/c.jpg"] {
        scene.put(name);
    }
    let mut desk = scene.with(|s| s.remember_files = remembers).open();
    let t = desk.t;
    desk.until_known();
    desk.run_menu(t.keep_answers());
    desk.until("the folder", |d| d.reads(&t.kept_in(Some("spring"))));
    desk.engine.runs().hold();
    desk.engine.runs().release(2);
    desk.click(t.run_all());
    desk.until("the third", |d| {
        done(d) == 2 && d.engine.runs().begun() == 3
    });
    desk.leave()
}

#[test]
fn a_run_that_the_last_session_left_is_offered_and_goes_on() {
    for lang in BOTH {
        let scene = Scene::in_home(lang, left(lang, false));
        let mut desk = scene.dialog(Purpose::Folder, &["study"]).open();
        let t = desk.t;
        let offer = t.unexported(Some("spring"), 2, 3);
        desk.until("the offer", |d| d.sees(&offer));
        assert!(desk.sees(t.where_photographs_are()));
        desk.engine.runs().hold();
        desk.click(t.find_its_photographs());
        desk.until("the run", |d| d.engine.runs().begun() == 1);
        assert!(!desk.sees(&offer));
        desk.engine.runs().open();
        desk.until("the end", |d| d.sees(&d.t.many_done(3, 0)));
        assert_eq!(desk.engine.runs().begun(), 1, "two were answered before");
        assert!(desk.reads(&t.taken_over(2)));
        assert!(desk.reads(&t.kept_in(Some("spring"))));
    }
}

#[test]
fn remembered_photographs_of_such_a_run_are_not_asked_for_and_the_offer_can_be_refused() {
    for lang in BOTH {
        let scene = Scene::in_home(lang, left(lang, true));
        let mut desk = scene.with(|s| s.remember_files = true).open();
        let t = desk.t;
        desk.click(t.go_on_with_run());
        desk.until("the end", |d| d.sees(&d.t.many_done(3, 0)));
        assert!(desk.reads(&t.taken_over(2)));

        let home = left(lang, false);
        let masked = |home| Scene::in_home(lang, home).with(|s| s.names_masked = true);
        let mut desk = masked(home).open();
        let offer = t.unexported(None, 2, 3);
        desk.until("the offer", |d| d.sees(&offer));
        desk.click(t.forget_run());
        desk.rest();
        assert!(!desk.sees(&offer));
        let mut desk = masked(desk.leave()).open();
        desk.rest();
        assert!(!desk.sees(&offer), "it is forgotten for good");
    }
}

#[test]
fn a_folder_for_the_answers_is_chosen_before_a_run_and_told_if_it_fails() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["folder"]);
        let mut desk = scene.dialog(Purpose::ExportFolder, &["out"]).open();
        let t = desk.t;
        desk.until_known();
        desk.run_menu(t.keep_answers());
        desk.until("the folder", |d| d.reads(&d.t.kept_in(Some("out"))));
        // Meanwhile a file has replaced it.
        std::fs::remove_dir(desk.home.path("out")).unwrap();
        std::fs::write(desk.home.path("out"), b"").unwrap();
        desk.click(t.run_all());
        desk.until("the message", |d| d.sees(d.t.not_kept()));
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));

        let mut desk = Scene::new(lang).files(&["folder"]).no_dialog().open();
        desk.until_known();
        desk.run_menu(t.keep_answers());
        desk.until("the field", |d| d.sees(d.t.folder_field()));
        desk.enter(t.folder_field(), "typed");
        desk.rest();
        assert_eq!(desk.state().export_folder, Some(PathBuf::from("typed")));
    }
}

#[test]
fn what_the_application_did_on_its_own_is_told() {
    for lang in BOTH {
        let scene = Scene::new(lang).with(|s| s.models = vec![STUDY.into()]);
        let mut desk = scene.open();
        // The format of earlier versions.
        let model_folder = desk.home.model_folder(STUDY);
        let beside = |name| model_folder.model_path().with_file_name(name);
        std::fs::remove_file(beside("checksums")).unwrap();
        std::fs::write(beside("format"), "gantei model 2\n").unwrap();
        desk.run_and_wait();
        let note = Note::Adopted { id: STUDY.into() };
        desk.until("the note", |d| d.sees(&note.words(lang)));
    }
}
