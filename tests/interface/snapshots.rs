//! A few pictures of the window, compared pixel by pixel where a software Vulkan driver (lavapipe) is found.
//!
//! Processors differ a little in how they blend, so that some pixels may be off. After a wanted change the pictures are
//! made anew with `UPDATE_SNAPSHOTS=1 cargo test --test interface snapshots`.

use std::io::Write;
use std::path::Path;

use egui_kittest::{SnapshotOptions, image_snapshot_options};
use gantei::words::Lang;

use crate::desk::{BOTH, Desk, Scene};

/// Where systems keep the description of the software driver.
const PLACES: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
/// Variables that name other drivers in their place.
const NAMED: [&str; 2] = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/// True where pictures can be compared; says so where they cannot.
fn has_software_driver() -> bool {
    let is_software = |file: &Path| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("lvp") && file.exists()
    };
    let found = match NAMED.iter().find_map(std::env::var_os) {
        Some(files) => std::env::split_paths(&files).any(|file| is_software(&file)),
        None => PLACES.iter().any(|folder| {
            let entries = Path::new(folder).read_dir().into_iter().flatten().flatten();
            entries.map(|e| e.path()).any(|file| is_software(&file))
        }),
    };
    if !found {
        // Past the test harness, which keeps the words of tests that pass.
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(
            stderr,
            "skipped: no software Vulkan driver (lavapipe) to draw snapshots with"
        );
    }
    found
}

/// Compares a part of the window: left, top, width and height in pixels.
fn compare(desk: &mut Desk, name: &str, [x, y, width, height]: [u32; 4]) {
    desk.harness.remove_cursor();
    desk.rest();
    let whole = desk.harness.render().unwrap();
    let part = image::imageops::crop_imm(&whole, x, y, width, height).to_image();
    let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(40);
    image_snapshot_options(&part, name, &options);
}

fn word(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    }
}

/// The score with its bar, the estimate, the warning, and the controls around them.
#[test]
fn the_answer_looks_as_it_did() {
    if !has_software_driver() {
        return;
    }
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a_OS.jpg"]);
        let mut desk = scene.size([1024.0, 640.0]).open();
        desk.run_and_wait();
        let name = format!("answer_{}", word(lang));
        compare(&mut desk, &name, [666, 36, 358, 560]);
    }
}

/// Rows with a small picture, an eye, scores of two models and a caution, and one that failed.
#[test]
fn the_list_after_a_run_over_many_looks_as_it_did() {
    if !has_software_driver() {
        return;
    }
    let scene = Scene::new(Lang::En).files(&["a_OD.jpg", "b_OS.jpg", "broken.jpg"]);
    let mut desk = scene.both_models().size([1024.0, 860.0]).open();
    desk.until_known();
    desk.run_all_and_wait();
    compare(&mut desk, "list_en", [0, 36, 244, 270]);
}
