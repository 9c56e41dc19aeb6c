//! The run on the photograph in view: its answer, its end, what is shown with it.

use egui::{Key, Modifiers};
use gantei::app::state::ManyEnd;
use gantei::domain::{EyeSource, FindingCode, Laterality, Method, Quality, Severity, Unavailable};
use gantei::runtime::{self, Device};
use gantei::text::report::{Report, capital};
use gantei::text::{Lang, finding, research_only};
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::eyes;
use crate::home::{DEMO, Home, STUDY};

#[test]
fn the_sample_eye_is_there_at_once_and_a_run_shows_its_score() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        assert!(desk.sees(t.image_view()));
        assert!(desk.sees(t.result_empty()));
        desk.engine.runs().hold();
        desk.click(t.run_now());
        desk.until("the run", |d| d.engine.runs().begun() == 1);
        assert!(desk.sees(t.cancel()), "{lang:?}");
        desk.engine.runs().open();
        desk.until("the score", |d| d.state().answer().is_some());
        desk.rest();
        assert!(desk.sees(&t.score_name(desk.score(DEMO))), "{lang:?}");
        assert!(desk.sees(&t.label("male")));
        assert!(desk.reads(t.embedded_engine()));
        assert!(desk.sees(t.run_now()));
    }
}

#[test]
fn the_research_line_and_the_demonstration_warning_are_in_view() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        assert!(desk.sees(research_only(lang)));
        desk.run_and_wait();
        assert!(desk.sees(research_only(lang)));
        assert!(desk.sees(finding(FindingCode::DemonstrationModel, lang).message));
        assert!(desk.sees(finding(FindingCode::Uncalibrated, lang).message));
    }
}

#[test]
fn a_published_model_carries_no_demonstration_warning() {
    let mut desk = Desk::new(Lang::En, &[]);
    desk.combo("Model");
    desk.click("Study model");
    assert_eq!(desk.state().model().unwrap().id, "study");
    desk.run_and_wait();
    assert!(!desk.sees(finding(FindingCode::DemonstrationModel, Lang::En).message));
}

#[test]
fn two_models_run_together_stand_one_below_the_other_and_their_disagreement_is_told() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        desk.combo(t.model());
        desk.click(&format!("{}: Study model", t.also_run()));
        desk.press(Key::Escape);
        assert_eq!(desk.state().chosen_models().len(), 2);
        desk.run_and_wait();
        for model in [DEMO, STUDY] {
            let score = t.score_name(desk.score(model));
            assert!(desk.sees(&score), "{score}");
        }
        assert!(desk.sees(finding(FindingCode::ModelsDisagree, lang).message));
        assert_eq!(desk.state().model().unwrap().id, DEMO);
        desk.click("Study model");
        assert_eq!(desk.state().model().unwrap().id, "study");
        desk.press(Key::M);
        assert_eq!(desk.state().model().unwrap().id, DEMO);
        desk.rest();
    }
}

#[test]
fn cancelling_stops_the_run_and_says_so() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.engine.runs().hold();
        desk.click(desk.run_word());
        desk.until("the run", |d| d.engine.runs().begun() == 1);
        desk.click(desk.t.cancel());
        desk.until("the end", |d| d.engine.runs().cancelled() == 1);
        desk.rest();
        assert!(desk.sees(desk.t.result_cancelled()));
        assert!(desk.state().answer().is_none());
        assert!(desk.state().messages.is_empty());
    }
}

#[test]
fn an_answer_lands_on_its_own_photograph_when_another_is_in_view() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a_OS.jpg", "b_OS.jpg"]);
        desk.engine.runs().hold();
        desk.click(desk.run_word());
        desk.until("the run", |d| d.engine.runs().begun() == 1);
        desk.press(Key::PageDown);
        desk.until("the other photograph", |d| {
            d.state().selected().is_some_and(|p| p.name == "b_OS.jpg")
        });
        desk.engine.runs().open();
        desk.until("the answer", |d| d.state().running.is_none());
        desk.rest();
        let score = desk.t.score_name(desk.score_of(DEMO, "a_OS.jpg"));
        assert!(!desk.sees(&score), "the score of a_OS stands beside b_OS");
        assert!(
            desk.reads(&format!("a_OS.jpg, OS, {score}")),
            "the list tells the score of a_OS.jpg"
        );
        desk.press(Key::PageUp);
        desk.rest();
        assert!(desk.sees(&score));
    }
}

#[test]
fn a_newer_run_supersedes_an_older_one() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg", "b.jpg"]);
        desk.engine.runs().hold();
        desk.press_with(Modifiers::COMMAND, Key::R);
        desk.until("the first run", |d| d.engine.runs().begun() == 1);
        desk.press(Key::PageDown);
        desk.until_open();
        desk.press_with(Modifiers::COMMAND, Key::R);
        desk.until("the second run", |d| d.engine.runs().begun() == 2);
        desk.until("the first to end", |d| d.engine.runs().cancelled() == 1);
        desk.engine.runs().open();
        desk.until("the answer", |d| d.state().running.is_none());
        desk.rest();
        assert!(desk.sees(&desk.t.score_name(desk.score_of(DEMO, "b.jpg"))));
        assert!(desk.state().photographs[0].answers.is_empty());
    }
}

#[test]
fn an_answer_about_a_file_that_was_changed_meanwhile_is_dropped() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a.jpg"]);
        let mut desk = scene.with(|s| s.models = vec![STUDY.into()]).open();
        let old = desk.state().photographs[0].sha256().unwrap().to_owned();
        let study = desk.engine.runs_of(STUDY);
        study.hold();
        desk.press_with(Modifiers::COMMAND, Key::R);
        desk.until("the run", |d| d.engine.runs_of(STUDY).begun() == 1);
        // A run over many reads the file again and finds other bytes.
        std::fs::write(desk.home.path("a.jpg"), eyes::bytes("b.jpg")).unwrap();
        let name = desk.demonstration();
        desk.choose_model(&name);
        desk.press_with(Modifiers::COMMAND, Key::Enter);
        desk.until("the row", |d| {
            let sha256 = d.state().photographs[0].sha256();
            sha256.is_some_and(|now| now != old)
        });
        let now = desk.state().photographs[0].sha256().unwrap().to_owned();
        study.open();
        desk.until("the end", |d| d.state().running.is_none());
        let answers = &desk.state().photographs[0].answers;
        assert!(!answers.contains_key(STUDY), "it is about the old bytes");
        assert_eq!(answers[DEMO].case.sha256, Some(now));
        desk.until_open();
        desk.rest();
    }
}

fn out_of_memory() -> runtime::Error {
    runtime::Error::Memory("ran out of memory".into())
}

#[test]
fn a_failed_run_is_told_with_details_to_copy() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.engine.fail(Some(out_of_memory()));
        desk.click(desk.run_word());
        desk.until("the message", |d| !d.state().messages.is_empty());
        desk.rest();
        let (message, hint) = match lang {
            Lang::En => (
                "There is not enough memory to run this model.",
                "Close other programs, choose another device, or use a smaller model.",
            ),
            Lang::Ja => (
                "メモリー不足のため、このモデルを実行できません。",
                "他のプログラムを終了するか、別のデバイスまたは小さいモデルを選んでください。",
            ),
        };
        assert!(desk.sees(message) && !desk.sees(hint));
        desk.click(desk.t.show_in_full());
        desk.rest();
        assert!(desk.sees(message) && desk.sees(hint));
        desk.click(desk.t.copy_details());
        let copied = desk.texts.last().expect("something is on the clipboard");
        assert!(
            copied.contains("ran out of memory") && copied.starts_with("memory: "),
            "{copied}"
        );
        desk.click(desk.t.dismiss());
        assert!(desk.state().messages.is_empty());
    }
}

#[test]
fn a_file_that_cannot_be_opened_says_why_and_offers_no_run() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["broken.png"]).raise();
        desk.until("the failure", |d| d.reads(d.t.could_not_open()));
        assert!(!desk.state().can_run());
        assert!(desk.reads(&format!("broken.png, {}", desk.t.could_not_open())));
        assert!(desk.is_disabled(desk.t.run_now()));
        desk.press_with(Modifiers::COMMAND, Key::R);
        desk.rest();
        assert_eq!(desk.engine.runs().begun(), 0);
    }
}

#[test]
fn a_failure_speaks_the_language_in_use_when_it_is_drawn() {
    let mut desk = Desk::new(Lang::Ja, &["a.jpg"]);
    desk.engine.fail(Some(out_of_memory()));
    desk.click(desk.run_word());
    let (ja, en) = (
        "メモリー不足のため、このモデルを実行できません。",
        "There is not enough memory to run this model.",
    );
    desk.until("the message", |d| d.sees(ja));
    desk.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    desk.until("the other language", |d| d.sees(en));
    assert!(!desk.sees(ja));
}

#[test]
fn a_device_that_does_not_work_is_told_with_the_place_that_lists_the_others() {
    for (lang, why, what_to_do) in [
        (
            Lang::En,
            "The device cuda does not work here.",
            "Set the device to Automatic, or check under Devices which ones work.",
        ),
        (
            Lang::Ja,
            "デバイス cuda はこの環境で動作しません。",
            "デバイスを「自動」にするか、「デバイス」で動作するものを確認してください。",
        ),
    ] {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.engine.fail(Some(runtime::Error::Device {
            device: Device::Cuda,
            reason: Unavailable::Engine("no driver".into()),
        }));
        desk.click(desk.run_word());
        desk.until("the message", |d| d.sees(why));
        desk.click(desk.t.show_in_full());
        assert!(desk.sees(what_to_do));
        assert!(!desk.reads("no driver"));
    }
}

#[test]
fn a_path_that_leads_nowhere_is_told_in_the_language_of_the_window() {
    for (lang, why) in [
        (
            Lang::En,
            "lost.jpg could not be read: there is no such file.",
        ),
        (
            Lang::Ja,
            "lost.jpg を読み込めませんでした: ファイルが見つかりません。",
        ),
    ] {
        let mut desk = Desk::new(lang, &["a.jpg", "lost.jpg"]);
        desk.until_known();
        std::fs::remove_file(desk.home.path("lost.jpg")).unwrap();
        desk.run_all_and_wait();
        assert!(desk.reads(desk.t.could_not_open()));
        desk.beginning("lost.jpg").hover();
        for _ in 0..20 {
            desk.step();
        }
        assert!(desk.reads(why), "{why}");
    }
}

#[test]
fn a_defect_in_a_job_becomes_a_message_and_the_window_goes_on() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.engine.panic_once();
        desk.click(desk.run_word());
        desk.until("the message", |d| d.sees(d.t.internal_error()));
        desk.run_and_wait();
        assert!(desk.sees(&desk.t.score_name(desk.score(DEMO))));
    }
}

#[test]
fn a_street_is_flagged_before_any_score() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["street.jpg"]);
        assert!(desk.sees(finding(FindingCode::NotAFundus, lang).message));
        assert!(desk.sees(desk.t.severity(Severity::Serious)));
        desk.tab(Tab::Photograph);
        assert!(desk.sees(desk.t.quality_word(Quality::NotAFundus)));
    }
}

#[test]
fn a_street_has_no_number_until_it_is_used_all_the_same() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["street.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        desk.until("no result", |d| d.sees(t.result_refused()));
        assert_eq!(desk.state().answer().unwrap().case.score, None);
        assert!(desk.is_disabled(t.copy_figure()));
        desk.click(t.use_all_the_same());
        desk.until("the score", |d| {
            let answer = d.state().answer();
            answer.is_some_and(|a| a.case.score.is_some())
        });
        let score = t.score_name(desk.score(DEMO));
        assert!(desk.sees(&score));
        assert!(desk.sees(finding(FindingCode::NotAFundusAccepted, lang).message));
        assert!(!desk.sees(finding(FindingCode::NotAFundus, lang).message));
        desk.click(t.use_all_the_same());
        desk.until("no result again", |d| d.sees(t.result_refused()));
        assert!(!desk.sees(&score));
    }
}

#[test]
fn the_eye_is_told_with_its_source_and_the_guess_apart() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["01L.jpg"]);
        desk.tab(Tab::Photograph);
        assert!(desk.reads(desk.t.eye_source(EyeSource::FileName)));
        let mut sample = Desk::new(lang, &[]);
        sample.tab(Tab::Photograph);
        assert!(sample.sees(sample.t.from_sample()));
        assert!(!sample.reads(sample.t.eye_source(EyeSource::FileName)));
        assert!(desk.sees(&desk.t.guess_differs(desk.t.laterality(Laterality::Od))));
    }
}

#[test]
fn a_library_that_cannot_be_written_is_told_and_what_ships_runs_all_the_same() {
    for lang in BOTH {
        let home = Home::bare();
        std::fs::create_dir(home.path("home")).unwrap();
        std::fs::write(home.path("home/models"), b"").unwrap();
        let mut desk = Scene::in_home(lang, home).files(&["a.jpg"]).open();
        desk.until("the message", |d| {
            d.state().messages.iter().any(|m| m.failure.is_some())
        });
        let failures = desk
            .state()
            .messages
            .iter()
            .filter_map(|m| m.failure.as_ref());
        let wording: Vec<_> = failures.map(|f| f.message(lang)).collect();
        assert!(desk.reads(&wording[0]), "{wording:?}");
        assert!(desk.sees(desk.t.models_failed()));
        desk.run_and_wait();
        assert!(desk.sees(&desk.t.score_name(desk.score(DEMO))));
    }
}

#[test]
fn escape_stops_what_runs_and_leaves_a_text_first() {
    for lang in BOTH {
        let scene = Scene::new(lang).size([1320.0, 2200.0]);
        let mut desk = scene.files(&["folder", "a_OD.jpg"]).open();
        let t = desk.t;
        desk.until_known();
        let end = |d: &Desk| d.state().many.as_ref().and_then(|m| m.end);
        desk.engine.runs().hold();
        desk.press_with(Modifiers::COMMAND, Key::Enter);
        desk.until("the first", |d| d.engine.runs().begun() == 1);
        desk.press(Key::P);
        desk.type_into(t.filter(), "a1");
        desk.press(Key::Escape);
        assert_eq!(end(&desk), None, "the text was left");
        desk.press(Key::Escape);
        assert_eq!(end(&desk), Some(ManyEnd::Cancelled), "a paused run too");

        desk.engine.runs().open();
        desk.run_and_wait();
        let gradients = capital(Report(lang).method(Method::IntegratedGradients));
        desk.tab(Tab::Map);
        desk.combo(t.method());
        desk.click_last(&gradients);
        desk.engine.maps().hold();
        desk.click(&t.compute_map(52));
        desk.until("the map to begin", |d| d.engine.maps().begun() == 1);
        desk.press(Key::Escape);
        assert!(desk.state().explaining.is_none());
        desk.until("its end", |d| d.engine.maps().cancelled() == 1);

        desk.combo(t.method());
        desk.click_last("Grad-CAM");
        desk.tab(Tab::Checks);
        desk.click(t.run_sanity_checks());
        desk.until("the check to begin", |d| d.engine.maps().begun() == 2);
        desk.press(Key::Escape);
        desk.until("its end", |d| d.engine.maps().cancelled() == 2);
        assert!(!desk.state().are_sanity_checks_running());
    }
}
