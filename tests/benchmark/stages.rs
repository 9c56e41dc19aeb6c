//! Where the time of a photograph goes: processor milliseconds per stage, each measured alone, and of the whole.
//!
//!     cargo bench --bench stages [-- [--photograph FILE] [--model ID] [--runs N]]
//!
//! The default is a drawn eye of 4,000 × 3,000 pixels as JPEG of quality 90 with halved
//! colour, and the demonstration MobileNet on the device
//! that `auto` takes. The figures are medians of N runs (default 15). The sum of the stages and their share of the whole
//! are printed last; the whole is measured from the file to the written overlay in separate runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gantei::drawing;
use gantei::export::overlay_format::OverlayFormat;
use gantei::imaging::overlay::{self, OverlayOptions};
use gantei::imaging::{self, OpenOptions, Step};
use gantei::numeric::hex::sha256;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Device;
use gantei::storage::{Places, atomic};
use gantei::workflow::predict::{Request, predict};
use gantei::workflow::{Context, Error, Source, open};
use libjpeg_turbo_rs::{PixelFormat, Subsampling, compress};

type Stages = Vec<(&'static str, Duration)>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given = Given::from_arguments()?;
    let home = tempfile::tempdir()?;
    let ctx = match given.model.as_str() {
        DEMONSTRATION => Context::in_places(Places::below(home.path())),
        _ => Context::start(),
    };
    let photograph = match given.photograph.clone() {
        Some(path) => path,
        None => drawn_eye(home.path())?,
    };
    let written = home.path().join("overlay");
    // Warms up: opens the model, and fills caches.
    stages(&ctx, &given, &photograph, &written)?;
    let mut of_stages: Vec<Stages> = Vec::new();
    let mut of_whole = Vec::new();
    for _ in 0..given.runs {
        of_stages.push(stages(&ctx, &given, &photograph, &written)?);
        let clock = Clock::start();
        whole(&ctx, &given, &photograph, &written)?;
        of_whole.push(clock.elapsed());
    }
    let mut sum = 0.0;
    for (at, (name, _)) in of_stages[0].iter().enumerate() {
        let milliseconds = median(of_stages.iter().map(|stages| stages[at].1));
        println!("{name:28} {milliseconds:8.2} ms");
        sum += milliseconds;
    }
    let all = median(of_whole.into_iter());
    println!("{:28} {sum:8.2} ms", "sum of the stages");
    println!(
        "{:28} {all:8.2} ms, of which the stages are {:.1} %",
        "whole",
        100.0 * sum / all
    );
    Ok(())
}

const DEMONSTRATION: &str = "demo-mobilenet";

struct Given {
    photograph: Option<PathBuf>,
    model: String,
    runs: usize,
}

impl Given {
    fn from_arguments() -> Result<Self, String> {
        let mut given = Self {
            photograph: None,
            model: DEMONSTRATION.to_owned(),
            runs: 15,
        };
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            let value = words.next().ok_or(format!("{word} has no value"))?;
            match word.as_str() {
                "--photograph" => given.photograph = Some(value.into()),
                "--model" => given.model = value,
                "--runs" => given.runs = value.parse().map_err(|_| "--runs is no number")?,
                _ => return Err(format!("{word} is unknown")),
            }
        }
        Ok(given)
    }
}

/// Each stage by itself, one after the other, on its input.
fn stages(
    ctx: &Context,
    given: &Given,
    photograph: &Path,
    written: &Path,
) -> Result<Stages, Error> {
    let options = OpenOptions::default();
    let mut watch = Stopwatch::default();
    let bytes = watch.time("read", || fs::read(photograph));
    let bytes = bytes.map_err(|e| Error::Usage(e.to_string()))?;
    watch.time("file hash", || sha256(&bytes));
    let decoded = watch.time("decode", || imaging::decode(&bytes, "eye.jpg", &options))?;
    // Of an empty file, so that only the pixels are hashed.
    let checksums = watch.time("pixel hash", || decoded.checksums(&[]));
    let mut clock = Clock::start();
    let assessment = decoded.assess_in_steps(&mut |step| {
        let name = match step {
            Step::ReducedCopy => "reduced copy",
            Step::FieldOfView => "field of view",
            Step::Quality => "quality",
            Step::Disc => "disc",
        };
        watch.stages.push((name, clock.elapsed()));
        clock = Clock::start();
    });
    let opened = decoded.into_photograph(assessment, checksums, "eye.jpg", &options)?;
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let card = ctx
        .model(&given.model, Device::Auto, &cancel, &progress)?
        .card;
    let field = opened.field_of_view.as_ref();
    let prepared = watch.time("prepare", || {
        imaging::prepare(&opened.pixels, field, &card.input)
    })?;
    let preparation = watch.last();
    let request = request(given);
    let answer = watch.time("run and map", || {
        predict(ctx, &opened, "eye", &request, &cancel, &progress)
    })?;
    // It prepares the photograph itself.
    watch.take_off(preparation);
    let map = answer
        .map
        .ok_or_else(|| Error::Usage("the model gives no map".to_owned()))?;
    let (geometry, options) = (&prepared.geometry, OverlayOptions::default());
    let picture = watch.time("blend", || {
        overlay::blend(&opened.pixels, &map.grid, geometry, &options)
    });
    let bytes = watch.time("encode (png-fast)", || {
        OverlayFormat::PngFast.encode(&picture)
    })?;
    watch.time("write", || atomic::write(written, &bytes))?;
    Ok(watch.stages)
}

#[derive(Default)]
struct Stopwatch {
    stages: Stages,
}

impl Stopwatch {
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let clock = Clock::start();
        let result = work();
        self.stages.push((name, clock.elapsed()));
        result
    }

    fn last(&self) -> Duration {
        self.stages.last().map_or(Duration::ZERO, |stage| stage.1)
    }

    fn take_off(&mut self, time: Duration) {
        if let Some((_, last)) = self.stages.last_mut() {
            *last = last.saturating_sub(time);
        }
    }
}

/// The same from end to end, as a run does it for each photograph.
fn whole(ctx: &Context, given: &Given, photograph: &Path, written: &Path) -> Result<(), Error> {
    let source = Source::File(photograph.to_owned());
    let opened = open(&source, &OpenOptions::default())?;
    let answer = predict(
        ctx,
        &opened,
        "eye",
        &request(given),
        &Cancel::new(),
        &Progress::new(),
    )?;
    if let Some(map) = answer.map {
        let (geometry, options) = (&answer.prepared.geometry, OverlayOptions::default());
        let picture = overlay::blend(&opened.pixels, &map.grid, geometry, &options);
        atomic::write(written, &OverlayFormat::PngFast.encode(&picture)?)?;
    }
    Ok(())
}

fn request(given: &Given) -> Request {
    Request {
        model: given.model.clone(),
        device: Device::Auto,
        saliency: true,
        target: None,
        features: false,
    }
}

/// A drawn eye of 4,000 × 3,000 pixels, as a camera saves it.
fn drawn_eye(folder: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let (_, eye) = drawing::eye_of_picture(15, 0);
    let (pixels, _) = drawing::draw_eye(&eye, 4000, 3000)?;
    let path = folder.join("eye.jpg");
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let bytes = compress(
        &pixels.rgb,
        width,
        height,
        PixelFormat::Rgb,
        90,
        Subsampling::S420,
    )?;
    fs::write(&path, bytes)?;
    Ok(path)
}

/// Processor time of all threads of this process.
struct Clock(Duration);

impl Clock {
    fn start() -> Self {
        Self(processor_time())
    }

    fn elapsed(&self) -> Duration {
        processor_time().saturating_sub(self.0)
    }
}

#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Elsewhere: elapsed time, so that the machine must be idle.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed()
}

fn median(durations: impl Iterator<Item = Duration>) -> f64 {
    let mut sorted: Vec<Duration> = durations.collect();
    sorted.sort_unstable();
    sorted[sorted.len() / 2].as_secs_f64() * 1e3
}
