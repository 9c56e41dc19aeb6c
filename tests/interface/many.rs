//! Runs over many photographs.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use egui::Key;
use gantei::app::action::Purpose;
use gantei::app::state::ManyEnd;
use gantei::domain::Laterality;
use gantei::text::Lang;
use gantei::text::notes::Note;
use gantei::workflow::Unexported;

use crate::desk::{BOTH, Desk, Scene};

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
        desk.click(t.run_all());
        desk.until("the first", |d| d.play.rows.begun() == 1);
        assert!(desk.reads(t.waiting()));
        assert!(desk.reads(t.many_running()));
        desk.play.rows.release(3);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));
        desk.rest();
        let row = format!("p1_OD.jpg, OD, {} 0.870", t.model_score());
        assert!(desk.sees(&row), "{row}");
        assert!(desk.reads(&format!("broken.jpg, {}", t.could_not_open())));
        assert!(desk.reads(t.many_finished()));
        assert!(desk.reads(&t.failed_count(1)));
        assert!(desk.sees(&t.score_name(0.87)), "the one in view too");
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
        desk.click(t.run_all());
        desk.until("the first", |d| d.play.rows.begun() == 1);
        desk.click(t.pause());
        desk.play.rows.release(3);
        // What was under way still comes; the next one waits.
        desk.until("the first row", |d| done(d) == 1);
        desk.rest();
        assert!(desk.reads(t.many_paused()));
        assert_eq!((done(&desk), desk.play.rows.begun()), (1, 1));
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
        desk.click(t.run_all());
        desk.play.rows.release(1);
        desk.until("the second", |d| done(d) == 1 && d.play.rows.begun() == 2);
        desk.click(t.cancel());
        desk.until("the stop", |d| d.play.rows.cancelled() == 1);
        desk.rest();
        assert!(desk.reads(t.many_cancelled()));
        assert_eq!(desk.play.rows.begun(), 2, "no further one was begun");
        assert!(desk.sees(&t.score_name(0.87)), "the first row stays");
        assert!(desk.state().messages.iter().all(|m| m.failure.is_none()));
        assert!(desk.sees(t.run_all()), "it can be started again");
    }
}

#[test]
fn only_the_failed_ones_are_run_again() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.run_all_and_wait();
        desk.play.mended.store(true, Ordering::SeqCst);
        desk.click(desk.t.run_failed());
        desk.until("the fourth", |d| d.play.rows.begun() == 4);
        desk.play.rows.release(1);
        desk.until("the end", |d| d.sees(&d.t.many_done(1, 0)));
        desk.rest();
        assert!(desk.reads("broken.jpg, OS"));
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
        desk.play.rows.release(3);
        desk.until("the end", |d| d.sees(&d.t.many_done(3, 0)));
        assert!(desk.sees(&t.refused_count(2)));
        desk.click(t.use_these_all_the_same());
        desk.play.rows.release(2);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        desk.rest();
        assert!(!desk.sees(&t.refused_count(2)));
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
        desk.play.mended.store(true, Ordering::SeqCst);
        desk.click(desk.t.run_failed());
        desk.play.rows.release(1);
        desk.until("the score", |d| d.sees(&d.t.score_name(0.25)));
        desk.until_open();
        desk.rest();
    }
}

#[test]
fn the_selection_is_run_alone() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.click_with(egui::Modifiers::COMMAND, "p1_OS.jpg");
        assert!(desk.sees(&desk.t.selected_count(2)));
        desk.click(desk.t.run_marked());
        desk.play.rows.release(3);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        assert_eq!(desk.play.rows.begun(), 2);
        desk.rest();
    }
}

#[test]
fn another_photograph_can_be_looked_at_and_run_while_many_run() {
    for lang in BOTH {
        let mut desk = folder(lang);
        desk.click(desk.t.run_all());
        desk.until("the first", |d| d.play.rows.begun() == 1);
        desk.press(Key::PageDown);
        desk.until_open();
        assert_eq!(desk.state().selected().unwrap().eye(), Laterality::Os);
        desk.press_with(egui::Modifiers::COMMAND, Key::R);
        desk.play.runs.release(1);
        desk.until("the answer", |d| d.state().answer().is_some());
        assert_eq!(done(&desk), 0);
        desk.play.rows.release(3);
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
        assert!(desk.reads("p1_OD.jpg, OD, 0.870 · 0.310"));
        // File names make no persons before someone confirms them.
        assert!(desk.sees(t.together()));
        assert!(desk.sees("p1: p1_OD.jpg, p1_OS.jpg"));
        assert!(!desk.sees(t.mean_of_logits()));
        desk.click(t.persons_yes());
        desk.rest();
        assert!(desk.sees(t.whole_person()));
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
        assert!(desk.sees(&t.used_range(2, 2, "0.870", "0.870")));
        desk.click(t.count_photograph());
        desk.rest();
        assert!(!desk.state().selected().unwrap().subject.counts());
        assert!(desk.sees(&t.used_range(0, 1, "", "")));
        assert!(desk.sees(&t.used_range(1, 2, "", "")));
    }
}

fn left(inputs: &[&str]) -> Unexported {
    Unexported {
        folder: "studies/spring".into(),
        inputs: inputs.iter().map(Into::into).collect(),
        models: vec!["demo".into()],
        answered: 2,
        photographs: 3,
        holds: true,
    }
}

#[test]
fn a_run_that_the_last_session_left_is_offered_and_goes_on() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::Folder, &["folder"]);
        let mut desk = scene.unexported(left(&[])).open();
        let t = desk.t;
        let offer = t.unexported(Some("spring"), 2, 3);
        desk.until("the offer", |d| d.sees(&offer));
        assert!(desk.sees(t.where_photographs_are()));
        desk.click(t.find_its_photographs());
        desk.until("the run", |d| d.play.rows.begun() == 1);
        assert!(!desk.sees(&offer));
        desk.play.rows.release(3);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));
        let kept = desk.play.kept.lock().unwrap().clone().unwrap();
        assert_eq!(kept.folder, PathBuf::from("studies/spring"));
        assert!(desk.reads(&t.kept_in(Some("spring"))));
    }
}

#[test]
fn remembered_photographs_of_such_a_run_are_not_asked_for_and_the_offer_can_be_refused() {
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .unexported(left(&["kept1.jpg", "kept2.jpg"]))
            .open();
        let t = desk.t;
        desk.click(t.go_on_with_run());
        desk.play.rows.release(2);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 0)));
        assert!(desk.reads(&t.taken_over(2)));

        let mut desk = Scene::new(lang)
            .with(|s| s.names_masked = true)
            .unexported(left(&[]))
            .open();
        desk.until("the offer", |d| d.sees(&t.unexported(None, 2, 3)));
        desk.click(t.forget_run());
        desk.rest();
        assert!(!desk.sees(&t.unexported(None, 2, 3)));
        assert!(desk.play.unexported.lock().unwrap().is_none());
    }
}

#[test]
fn a_folder_for_the_answers_is_chosen_before_a_run_and_told_if_it_fails() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["folder"]);
        let mut desk = scene.dialog(Purpose::ExportFolder, &["out"]).open();
        let t = desk.t;
        desk.until_known();
        desk.click(t.keep_answers());
        desk.until("the folder", |d| d.reads(&d.t.kept_in(Some("out"))));
        let kind = std::io::ErrorKind::StorageFull;
        let unwritten = gantei::workflow::Error::LibraryUnwritten { kind };
        *desk.play.keeping_fails.lock().unwrap() = Some(unwritten.into());
        desk.click(t.run_all());
        desk.until("the message", |d| d.sees(d.t.not_kept()));
        desk.play.rows.release(3);
        desk.until("the end", |d| d.sees(&d.t.many_done(2, 1)));

        let mut desk = Scene::new(lang).files(&["folder"]).no_dialog().open();
        desk.until_known();
        desk.click(t.keep_answers());
        desk.until("the field", |d| d.sees(d.t.folder_field()));
        desk.enter(t.folder_field(), "typed");
        desk.rest();
        assert_eq!(desk.state().export_folder, Some(PathBuf::from("typed")));
    }
}

#[test]
fn what_the_application_did_on_its_own_is_told() {
    for lang in BOTH {
        let note = Note::Restored {
            id: "demo".into(),
            file: "model.onnx".into(),
        };
        let mut desk = Scene::new(lang).note(note.clone()).open();
        desk.until("the note", |d| d.sees(&note.words(lang)));
    }
}
