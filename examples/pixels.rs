//! Writes the upright RGB8 picture that Gantei sees in a file, as PPM on standard output.
//!
//! `cargo run --release --example pixels FILE > picture.ppm`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use gantei::imaging::{OpenOptions, open};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: pixels FILE");
        return ExitCode::from(2);
    };
    match written(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn written(path: &std::path::Path) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let image = open(&bytes, "", &OpenOptions::default()).map_err(|e| e.to_string())?;
    let pixels = &image.pixels;
    let mut out = std::io::stdout().lock();
    write!(out, "P6\n{} {}\n255\n", pixels.width, pixels.height)
        .and_then(|()| out.write_all(&pixels.rgb))
        .map_err(|e| e.to_string())
}
