//! What exceeds the memory of the machine or of the session is refused beforehand, with the amount required.

#![cfg(target_os = "linux")]

use std::process::Command;

use serde_json::Value;

use crate::home::Home;
use crate::networks;

/// A run limited to this many kilobytes of address space.
fn limited(home: &Home, kilobytes: u64, args: &[&str]) -> (Option<i32>, Value) {
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_gantei")]);
    let output = home.around(shell, args).output().unwrap();
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        let wording = String::from_utf8_lossy(&output.stderr);
        panic!("{:?}: no document: {e}: {wording}", output.status)
    });
    (output.status.code(), document)
}

#[test]
fn a_network_whose_maps_do_not_fit_is_refused_with_the_figure() {
    let home = Home::new();
    let file = home.path("chain.onnx");
    // One map takes 4.3 GB.
    networks::write_chain(&file, 4096, 64, 1);
    let name = file.to_str().unwrap();
    let card = r#"{"task": "sex", "labels": ["female", "male"], "threshold": 0.5, "input": {"scaling": "unit",
        "colour": "rgb", "resize": "pil-bilinear", "crop": "stretch"}}"#;
    let sample = "assets/samples/haggstrom_left_1411.jpg";
    let import = [&["import", name, "--json"], &networks::FLAGS[..]].concat();
    let predict = ["predict", sample, "--model", name, "--json"];
    for args in [&import[..], &predict[..]] {
        let (status, document) = limited(&home, 3_500_000, args);
        assert_eq!(status, Some(4), "{args:?}: {document}");
        assert_eq!(document["error"]["code"], "memory", "{document}");
        let message = document["error"]["message"].as_str().unwrap();
        assert!(message.contains(" GB of memory; "), "{message}");
        assert!(!document["error"]["hint"].as_str().unwrap().is_empty());
        std::fs::write(file.with_extension("json"), card).unwrap();
    }
    let models = home.path("home/models");
    let left = std::fs::read_dir(models).into_iter().flatten().count();
    assert_eq!(left, 0);
}

#[test]
fn a_file_that_does_not_fit_is_refused_before_it_is_read() {
    let home = Home::new();
    let file = home.path("large.h5");
    // The signature followed by zeros that take no space on disk.
    std::fs::write(&file, b"\x89HDF\r\n\x1a\n").unwrap();
    let sparse = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    sparse.set_len(1 << 30).unwrap();
    let name = file.to_str().unwrap();
    let (status, document) = limited(&home, 2_000_000, &["import", name, "--json"]);
    assert_eq!(status, Some(4), "{document}");
    assert_eq!(document["error"]["code"], "memory", "{document}");
}
