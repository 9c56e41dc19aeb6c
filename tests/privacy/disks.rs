//! Full, read-only and missing disks, and a closed standard output.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::planted::Planted;
use crate::skip::skipped;
use crate::watch::{Names, is_clean, text};

fn photograph(planted: &Planted) -> String {
    text(&planted.photographs.join("Yamada/Hanako_OD.jpg")).to_owned()
}

#[test]
fn a_file_in_place_of_a_folder_is_told_without_its_path() {
    let planted = Planted::new();
    let photograph = photograph(&planted);
    let file = planted.root.join("file");
    std::fs::write(&file, b"").unwrap();
    for out in [file.clone(), file.join("below")] {
        let out = text(&out);
        for args in [
            vec!["predict", &photograph, "--out", out],
            vec!["explain", &photograph, "--out", out],
            vec![
                "draw", "--count", "2", "--seed", "1", "--size", "64", "--out", out,
            ],
        ] {
            for output in planted.run(&args, Names::Allowed) {
                assert_ne!(output.status.code(), Some(0), "{args:?}");
            }
        }
    }
    // A home that is a file.
    for args in [
        vec!["predict", &photograph, "--device", "embedded"],
        vec!["models"],
        vec!["import", text(&planted.model)],
    ] {
        let output = planted
            .command(&args)
            .env("GANTEI_HOME", &file)
            .output()
            .unwrap();
        is_clean("stdout", &output.stdout, Names::Allowed);
        is_clean("stderr", &output.stderr, Names::Allowed);
    }
}

/// Runs a shell script in a mount namespace of its own; `None` if this machine does not permit it.
fn with_mount(planted: &Planted, script: &str, args: &[&str]) -> Option<std::process::Output> {
    let mut shell = Command::new("unshare");
    let given = planted.command(args);
    shell.args(["-r", "-m", "sh", "-c", script, env!("CARGO_BIN_EXE_gantei")]);
    shell
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    for (name, value) in given.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output().ok()?;
    let refused = output.status.code() == Some(77)
        || String::from_utf8_lossy(&output.stderr).contains("unshare:");
    (!refused).then_some(output)
}

#[test]
fn full_and_read_only_disks_are_told_without_their_paths() {
    let planted = Planted::new();
    let photograph = photograph(&planted);
    let out = planted.results.clone();
    std::fs::create_dir_all(&out).unwrap();
    std::fs::create_dir_all(&planted.home).unwrap();
    let on_photograph = |command| {
        let device = ["--device", "embedded", "--out", text(&out)];
        [&[command, photograph.as_str()][..], &device].concat()
    };
    for (size, then, wording) in [
        ("16k", "", "full"),
        (
            "4m",
            "mount -o remount,ro \"$DISK\" || exit 77;",
            "read-only",
        ),
    ] {
        for (disk, args) in [
            (&out, on_photograph("predict")),
            (&out, on_photograph("explain")),
            (
                &out,
                vec![
                    "draw",
                    "--count",
                    "2",
                    "--seed",
                    "1",
                    "--size",
                    "64",
                    "--out",
                    text(&out),
                ],
            ),
            (&planted.home, vec!["models"]),
            (
                &planted.home,
                vec!["predict", &photograph, "--device", "embedded"],
            ),
            (
                &planted.home,
                vec!["import", text(&planted.model), "--labels", "a,b"],
            ),
        ] {
            let script = format!(
                "DISK='{}'; mount -t tmpfs -o size={size} tmpfs \"$DISK\" || exit 77; {then} exec \"$0\" \"$@\"",
                disk.display()
            );
            for json in [false, true] {
                let mut args = args.clone();
                args.extend(json.then_some("--json"));
                let Some(output) = with_mount(&planted, &script, &args) else {
                    return skipped("no disk can be mounted here");
                };
                is_clean(
                    &format!("stdout of {args:?} on {wording}"),
                    &output.stdout,
                    Names::Allowed,
                );
                is_clean(
                    &format!("stderr of {args:?} on {wording}"),
                    &output.stderr,
                    Names::Allowed,
                );
                let all = [output.stdout, output.stderr].concat();
                let reported = String::from_utf8_lossy(&all);
                if disk == &out {
                    assert!(reported.contains(wording), "{args:?}: {reported}");
                }
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_output_that_takes_nothing_is_an_error() {
    if !Path::new("/dev/full").exists() {
        return skipped("there is no /dev/full");
    }
    let planted = Planted::new();
    let photograph = photograph(&planted);
    for args in [
        vec!["predict", &photograph, "--device", "embedded", "--json"],
        vec!["predict", &photograph, "--device", "embedded"],
        vec!["models"],
        vec!["models", "--json"],
        vec!["completions", "man"],
        vec!["--version"],
        vec!["--version", "--json"],
        vec!["predict", "--help"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = planted.command(&args).stdout(full).output().unwrap();
        let reported = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {reported}");
        assert!(
            reported.contains("standard output") && reported.contains("full"),
            "{reported}"
        );
    }
    // A command that fails by itself keeps its own status.
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let args = ["predict", &photograph, "--model", "absent", "--json"];
    let output = planted.command(&args).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_forgiven() {
    let planted = Planted::new();
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "{ \"$0\" completions bash; echo $? >&2; } | true",
        env!("CARGO_BIN_EXE_gantei"),
    ]);
    let output = shell.env("GANTEI_HOME", &planted.home).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "0");
}
