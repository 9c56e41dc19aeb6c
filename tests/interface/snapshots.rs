//! A few pictures of the window, compared pixel by pixel where a software Vulkan driver (lavapipe) is found.
//!
//! Processors differ a little in how they blend, so that some pixels may be off. After a wanted change the pictures are
//! made anew with `UPDATE_SNAPSHOTS=1 cargo test --test interface snapshots`.

use std::io::Write;
use std::path::Path;

use egui_kittest::SnapshotOptions;
use gantei::words::Lang;

use crate::desk::{BOTH, Scene};

/// Where systems keep the description of the software driver.
const PLACES: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// True where pictures can be compared; says so where they cannot.
fn has_software_driver() -> bool {
    let named = std::env::var("VK_DRIVER_FILES").is_ok_and(|files| files.contains("lvp"));
    let found = PLACES.iter().any(|folder| {
        let entries = Path::new(folder).read_dir().into_iter().flatten().flatten();
        let mut names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
        names.any(|name| name.starts_with("lvp"))
    });
    if !named && !found {
        // Past the test harness, which keeps the words of tests that pass.
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(
            stderr,
            "skipped: no software Vulkan driver (lavapipe) to draw snapshots with"
        );
    }
    named || found
}

fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(1.0).max_failed_pixels(40)
}

fn word(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    }
}

#[test]
fn the_window_with_an_answer_looks_as_it_did() {
    if !has_software_driver() {
        return;
    }
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .files(&["a_OS.jpg"])
            .size([1024.0, 640.0])
            .open();
        desk.run_and_wait();
        desk.harness.remove_cursor();
        desk.rest();
        let name = format!("answer_{}", word(lang));
        desk.harness.snapshot_options(name, &options());
    }
}

#[test]
fn the_table_looks_as_it_did() {
    if !has_software_driver() {
        return;
    }
    let scene = Scene::new(Lang::En)
        .files(&["folder"])
        .size([1024.0, 640.0]);
    let mut desk = scene.both_models().open();
    desk.until_known();
    desk.run_all_and_wait();
    desk.press(egui::Key::F6);
    let messages: Vec<_> = desk.state().messages.iter().map(|m| m.id).collect();
    for _ in messages {
        desk.click_last(desk.t.dismiss());
    }
    desk.harness.remove_cursor();
    desk.rest();
    desk.harness.snapshot_options("table_en", &options());
}
