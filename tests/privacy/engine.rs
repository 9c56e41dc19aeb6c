//! ONNX Runtime writes nothing into the user's folders: its builds from 1.31 on would keep an identifier of the machine
//! and events to be sent.

use crate::planted::Planted;
use crate::skip::skipped;
use crate::watch::text;

#[test]
fn the_engine_keeps_no_identifier_and_no_events() {
    let Some(library) = std::env::var_os("ORT_DYLIB_PATH") else {
        skipped("ORT_DYLIB_PATH names no library of ONNX Runtime");
        return;
    };
    let planted = Planted::new();
    let user = planted.root.join("user");
    std::fs::create_dir(&user).unwrap();
    let sample = "assets/samples/haggstrom_left_1411.jpg";
    let out = text(&planted.results);
    let mut command = planted.command(&["predict", sample, "--device", "cpu", "--out", out]);
    for variable in [
        "ORT_DISABLE_TELEMETRY",
        "ORT_TELEMETRY_DISABLED",
        "XDG_CACHE_HOME",
        "CI",
    ] {
        command.env_remove(variable);
    }
    command.env("HOME", &user).env("ORT_DYLIB_PATH", library);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let left: Vec<_> = std::fs::read_dir(&user).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
