//! The sheets about models and engines.

use egui::Key;
use gantei::app::action::Purpose;
use gantei::domain::{Crop, Scaling, Settled};
use gantei::text::Lang;
use gantei::workflow::ModelFile;

use crate::desk::{BOTH, Desk, Scene};

fn sheet(desk: &mut Desk, page: &str) {
    desk.menu(desk.t.menu_models());
    desk.pick(page);
    desk.rest();
}

/// The page of installed models with one model of a study.
fn with_one_model(lang: Lang) -> Desk {
    let models = vec![crate::play::models().remove(1)];
    let mut desk = Scene::new(lang).models(models).open();
    let page = desk.t.models_sheet();
    sheet(&mut desk, page);
    desk
}

/// The page of devices after they were tried: what stands below the table keeps its place from then on.
fn devices(desk: &mut Desk) {
    let page = desk.t.devices_sheet();
    sheet(desk, page);
    desk.until("the devices", |d| d.sees(d.t.no_library()));
    desk.rest();
}

#[test]
fn models_are_tested_against_their_reference() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        let name = desk.demonstration();
        desk.click(&format!("{}: {name}", t.self_test()));
        desk.until("the good test", |d| d.sees(d.t.self_test_good()));
        desk.click(&format!("{}: Study model", t.self_test()));
        desk.until("the bad test", |d| d.sees(d.t.self_test_bad()));
        desk.rest();
        assert!(desk.sees(t.self_test_good()), "the other one stays");
    }
}

#[test]
fn a_model_is_chosen_and_removed_from_the_sheet_after_a_second_word() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        desk.click(&format!("{}: Study model", t.use_model()));
        assert_eq!(desk.state().model().unwrap().id, "study");
        desk.click(t.remove_model());
        assert!(desk.sees(t.remove_really()));
        desk.click(t.keep());
        assert!(!desk.sees(t.remove_really()));
        desk.click(t.remove_model());
        desk.click(t.remove_model());
        desk.until("the library", |d| d.state().installed().len() == 1);
        desk.rest();
        assert_eq!(desk.state().model().unwrap().id, "demo");
        assert!(!desk.sees(t.remove_model()), "what ships stays");
    }
}

#[test]
fn the_card_is_told_in_full_with_what_is_only_assumed() {
    for lang in BOTH {
        let mut desk = with_one_model(lang);
        let t = desk.t;
        desk.click(t.model_card());
        desk.until("the card", |d| d.sees(d.t.scaling_choice(Scaling::Tf)));
        desk.rest();
        assert!(desk.sees("pil-bilinear") && desk.sees(t.crop_choice(Crop::Square)));
        assert!(desk.sees(t.settled_word(Settled::Preset)));
        assert!(desk.sees(&format!("SHA-256 {}", "ab".repeat(32))));
    }
}

#[test]
fn a_card_is_edited() {
    for lang in BOTH {
        let mut desk = with_one_model(lang);
        let t = desk.t;
        desk.click(&format!("{}: Study model", t.edit_card()));
        assert!(desk.is_disabled(t.save_card()), "nothing differs yet");
        desk.type_into(t.display_name(), "Our model");
        desk.press(Key::Enter);
        desk.rest();
        desk.click(t.save_card());
        // What is typed comes to what stood there.
        desk.until("the new name", |d| {
            d.state().installed()[0].card.name.contains("Our")
        });
        desk.rest();
        assert!(!desk.sees(t.save_card()));
    }
}

#[test]
fn card_and_network_are_written_into_a_folder() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::ModelFolder, &["somewhere"]);
        let mut model = crate::play::models().remove(1);
        model.bytes = Some(13 << 20);
        let mut desk = scene.models(vec![model]).open();
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        assert!(desk.sees("13 MiB") && desk.sees(t.speed_unknown()));
        desk.click(&format!("{}: Study model", t.export_network()));
        desk.until("the message", |d| d.sees(&d.t.exported(1)));
        desk.rest();
        let written = desk.play.given_away.lock().unwrap();
        assert_eq!(
            (written[0].0.as_str(), written[0].1),
            ("study", ModelFile::Network)
        );
        assert!(written[0].2.ends_with("somewhere"));
    }
}

#[test]
fn the_way_to_the_published_models_is_told_and_leads_to_the_import() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        desk.click(t.get_joir());
        desk.rest();
        for step in [
            t.joir_about(),
            t.joir_step_1(),
            t.joir_step_4(),
            t.joir_figures(),
        ] {
            assert!(desk.sees(step));
        }
        desk.click(t.choose_keras());
        desk.rest();
        assert!(desk.sees(t.import_intro()));
        desk.press(Key::Escape);
        desk.rest();
        assert!(!desk.sees(t.import_intro()));
    }
}

#[test]
fn devices_are_tried_when_the_page_is_seen_and_a_missing_library_is_explained() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        devices(&mut desk);
        assert!(desk.reads(t.device_embedded()));
        assert!(desk.sees(t.works()) && desk.sees("41.5 ms"));
        assert!(desk.sees(t.how_to_get_text()));
    }
}

#[test]
fn a_library_of_unknown_origin_is_asked_about_before_it_is_installed() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::Runtime, &["onnxruntime.whl"]);
        let mut desk = scene.open();
        let t = desk.t;
        devices(&mut desk);
        desk.click(t.install_runtime());
        desk.until("the question", |d| d.sees(d.t.not_pinned()));
        desk.rest();
        assert!(desk.sees(&format!("SHA-256 {}", "ef".repeat(32))));
        desk.click(t.accept_cancel());
        desk.rest();
        assert!(!desk.sees(t.not_pinned()));
        desk.click(t.install_runtime());
        desk.until("the question", |d| d.sees(d.t.not_pinned()));
        desk.click(t.install_anyway());
        desk.until("the end", |d| d.sees(d.t.installed_now()));
        desk.until("the devices", |d| d.sees("ONNX Runtime 1.24.1"));
        desk.rest();
        assert!(desk.sees(t.does_not_work()));
        assert!(desk.sees(match lang {
            Lang::En => "ONNX Runtime, as it is installed here, does not offer this device.",
            Lang::Ja => "導入済みのONNX Runtimeは、このデバイスに対応していません。",
        }));
        let accepted: Vec<_> = desk
            .play
            .installs
            .lock()
            .unwrap()
            .iter()
            .map(|i| i.1)
            .collect();
        assert_eq!(accepted, [false, false, true]);
    }
}

#[test]
fn a_library_that_is_refused_says_why_and_what_to_choose() {
    for (lang, why, what_to_do) in [
        (Lang::En, "The wheel is damaged.", "Download it again."),
        (
            Lang::Ja,
            "wheelが壊れています。",
            "ダウンロードし直してください。",
        ),
    ] {
        let scene = Scene::new(lang).dialog(Purpose::Runtime, &["broken.whl"]);
        let mut desk = scene.open();
        devices(&mut desk);
        desk.click(desk.t.install_runtime());
        desk.until("the refusal", |d| d.sees(why));
        assert!(desk.sees(what_to_do));
    }
}

#[test]
fn without_a_file_dialog_the_library_is_installed_by_its_path() {
    let mut desk = Scene::new(Lang::En).no_dialog().open();
    devices(&mut desk);
    desk.click(desk.t.install_runtime());
    desk.until("the field", |d| d.sees(d.t.runtime_field()));
    desk.enter(desk.t.runtime_field(), "libonnxruntime.so");
    desk.until("the question", |d| d.sees(d.t.not_pinned()));
}
