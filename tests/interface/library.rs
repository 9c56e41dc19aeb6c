//! The sheets about models and engines.

use egui::Key;
use egui_kittest::kittest::Queryable;
use gantei::app::state::Loadable;
use gantei::app::state::Purpose;
use gantei::domain::{Crop, Resize, Scaling};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};

fn sheet(desk: &mut Desk, page: &str) {
    desk.menu(desk.t.menu_models());
    desk.pick(page);
    desk.rest();
}

/// The page of installed models.
fn installed(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang, &["a.jpg"]);
    let page = desk.t.models_sheet();
    sheet(&mut desk, page);
    desk
}

/// File name of an ONNX Runtime library on this system.
const LIBRARY: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.1.24.1.dylib"
} else {
    "libonnxruntime.so.1.24.1"
};

/// Writes a file that begins like a library; returns its SHA-256.
fn put_library(desk: &Desk) -> String {
    let start: &[u8] = if cfg!(windows) {
        b"MZ"
    } else if cfg!(target_os = "macos") {
        &[0xCF, 0xFA, 0xED, 0xFE]
    } else {
        b"\x7fELF"
    };
    let bytes = [start, b" and nothing of use"].concat();
    std::fs::write(desk.home.path(LIBRARY), &bytes).unwrap();
    gantei::numeric::hex::sha256(&bytes)
}

/// Run time of the embedded engine, as displayed in the table.
fn own_ms(desk: &Desk) -> String {
    let Loadable::Ready(report) = &desk.state().library.devices else {
        panic!("the devices were tried");
    };
    let own = &report.engines.last().unwrap().providers[0];
    format!("{:.1} ms", own.run_ms.unwrap())
}

/// The page of devices after they were tried; from then on the layout below the table is stable.
fn devices(desk: &mut Desk) {
    let page = desk.t.devices_sheet();
    sheet(desk, page);
    desk.until("the devices", |d| d.sees(d.t.no_library()));
    desk.rest();
}

#[test]
fn models_are_tested_against_their_reference() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        let name = desk.demonstration();
        desk.click(&format!("{}: {name}", t.self_test()));
        desk.until("the good test", |d| d.sees(d.t.self_test_good()));
        desk.reach(&format!("{}: Study model", t.self_test()));
        desk.until("the bad test", |d| d.sees(d.t.self_test_bad()));
        desk.rest();
        assert!(desk.sees(t.self_test_good()), "the other one stays");
    }
}

#[test]
fn a_model_is_chosen_and_removed_from_the_sheet_after_a_second_word() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        desk.reach(&format!("{}: Study model", t.use_model()));
        assert_eq!(desk.state().model().unwrap().id, STUDY);
        desk.reach(t.remove_model());
        assert!(desk.sees(t.remove_really()));
        desk.click(t.keep());
        assert!(!desk.sees(t.remove_really()));
        desk.click(t.remove_model());
        desk.click(t.remove_model());
        desk.until("the library", |d| d.state().installed().len() == 2);
        desk.rest();
        assert_eq!(desk.state().model().unwrap().id, DEMO);
        assert!(!desk.sees(t.remove_model()), "what ships stays");
    }
}

#[test]
fn the_card_is_told_in_full_with_what_is_only_assumed() {
    for lang in BOTH {
        let mut desk = installed(lang);
        let t = desk.t;
        // The cards of the bundled models are above it.
        let cards = desk.harness.query_all_by_label(t.model_card());
        cards.last().unwrap().scroll_to_me();
        desk.rest();
        desk.click_last(t.model_card());
        desk.until("the card", |d| d.sees(d.t.scaling_choice(Scaling::Tf)));
        desk.rest();
        assert!(
            desk.sees(t.resize_choice(Resize::PilBilinear))
                && desk.sees(t.crop_choice(Crop::Square))
        );
        let study = desk.state().installed().iter().find(|m| m.id == STUDY);
        let card = study.unwrap().card.clone();
        assert!(!card.settled.is_empty());
        for how in card.settled.values() {
            assert!(desk.sees(t.field_source_word(*how)), "{how:?}");
        }
        assert!(desk.sees(&format!("SHA-256 {}", card.source_sha256)));
    }
}

#[test]
fn a_card_is_edited() {
    for lang in BOTH {
        let mut desk = installed(lang);
        let t = desk.t;
        desk.reach(&format!("{}: Study model", t.edit_card()));
        assert!(desk.is_disabled(t.save_card()), "nothing differs yet");
        desk.type_into(t.display_name(), "Our model");
        desk.press(Key::Enter);
        desk.rest();
        desk.reach(t.save_card());
        // Typed text is added to the existing name.
        desk.until("the new name", |d| {
            let mut models = d.state().installed().iter();
            models.any(|m| m.id == STUDY && m.card.name.contains("Our"))
        });
        desk.rest();
        assert!(!desk.sees(t.save_card()));
    }
}

#[test]
fn card_and_network_are_written_into_a_folder() {
    for lang in BOTH {
        let scene = Scene::new(lang)
            .files(&["a.jpg"])
            .dialog(Purpose::ModelFolder, &["somewhere"]);
        let mut desk = scene.open();
        let t = desk.t;
        sheet(&mut desk, t.models_sheet());
        desk.reach(&format!("{}: Study model", t.export_network()));
        desk.until("the message", |d| {
            d.sees(&d.t.exported(d.home.count("somewhere")))
        });
        desk.rest();
        let network = desk.home.model_folder(STUDY).onnx().unwrap();
        let folder = std::fs::read_dir(desk.home.path("somewhere")).unwrap();
        let mut written = folder.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        assert!(written.any(|bytes| bytes == network));
    }
}

#[test]
fn the_way_to_the_published_models_is_told_and_leads_to_the_import() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
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
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        devices(&mut desk);
        assert!(desk.reads(t.device_embedded()));
        assert!(
            desk.sees(t.works_here()) && !desk.reads("CUDA"),
            "what works comes first"
        );
        desk.reach(t.other_devices());
        desk.rest();
        assert!(desk.reads("CUDA") && desk.reads("DirectML"));
        let ms = own_ms(&desk);
        assert!(desk.sees(&ms), "{ms}");
        assert!(desk.sees(t.how_to_get_text()));
    }
}

#[test]
fn a_library_of_unknown_origin_is_asked_about_before_it_is_installed() {
    for lang in BOTH {
        let scene = Scene::new(lang).dialog(Purpose::Runtime, &[LIBRARY]);
        let mut desk = scene.open();
        let t = desk.t;
        let sha256 = put_library(&desk);
        devices(&mut desk);
        desk.click(t.install_runtime());
        desk.until("the question", |d| d.sees(d.t.not_pinned()));
        desk.rest();
        assert!(desk.sees(&format!("SHA-256 {sha256}")));
        desk.click(t.accept_cancel());
        desk.rest();
        assert!(!desk.sees(t.not_pinned()));
        assert!(!desk.home.places().runtime.exists());
        desk.click(t.install_runtime());
        desk.until("the question", |d| d.sees(d.t.not_pinned()));
        desk.click(t.install_anyway());
        desk.until("the end", |d| d.sees(d.t.installed_now()));
        desk.until("the devices", |d| d.sees("ONNX Runtime 1.24.1"));
        desk.rest();
        desk.reach(t.other_devices());
        desk.rest();
        assert!(desk.sees(match lang {
            Lang::En => "The installed ONNX Runtime does not support this device.",
            Lang::Ja => "導入済みのONNX Runtimeは、このデバイスに対応していません。",
        }));
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
        std::fs::write(desk.home.path("broken.whl"), b"PK\x03\x04 and no more").unwrap();
        devices(&mut desk);
        desk.click(desk.t.install_runtime());
        desk.until("the question", |d| d.sees(d.t.not_pinned()));
        desk.click(desk.t.install_anyway());
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
    put_library(&desk);
    let path = desk.home.path(LIBRARY);
    desk.enter(desk.t.runtime_field(), path.to_str().unwrap());
    desk.until("the question", |d| d.sees(d.t.not_pinned()));
}
