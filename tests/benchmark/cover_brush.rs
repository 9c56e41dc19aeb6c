//! How fast the score follows the cover brush: updates per second while a stroke grows, compared with a new prediction.
//!
//!     cargo bench --bench cover_brush [-- MODEL…]
//!
//! MODEL is the id of a model in GANTEI_HOME; the default is the demonstration models in temporary folders. Each device
//! that works on this machine is measured; the figures are medians over a stroke of 40 points.

use std::time::Instant;

use gantei::imaging::OpenOptions;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::Device;
use gantei::saliency::{Fill, Stroke};
use gantei::storage::Places;
use gantei::workflow::cover::{CoverRequest, Covers};
use gantei::workflow::predict::{Request, predict};
use gantei::workflow::{Context, Error, Source, open};

const POINTS: usize = 40;

fn main() -> Result<(), Error> {
    let mut models: Vec<String> = std::env::args().skip(1).collect();
    models.retain(|word| !word.starts_with("--"));
    let home = tempfile::tempdir().map_err(|e| Error::Usage(e.to_string()))?;
    let ctx = if models.is_empty() {
        models = ["demo-mobilenet", "demo-efficientnet-b0"]
            .map(String::from)
            .to_vec();
        Context::in_places(Places::below(home.path()))
    } else {
        Context::start()
    };
    let photograph = open(&Source::Sample, &OpenOptions::default())?;
    let field = photograph.field_of_view.as_ref();
    let (x, y, radius) = field.map_or((0.0, 0.0, 100.0), |f| (f.centre_x, f.centre_y, f.radius));
    println!(
        "model, device: updates per second; predicting anew; share of it that an update takes"
    );
    for model in models {
        for device in [Device::Embedded, Device::Cpu] {
            let cancel = Cancel::new();
            let opened = ctx.model(&model, device, &cancel, &Progress::new());
            if let Err(error) = opened {
                println!("{model}, {device}: skipped, {error}");
                continue;
            }
            let covers = Covers::default();
            let mut stroke = Stroke {
                points_in_image: vec![(x - radius / 2.0, y)],
                radius: radius / 10.0,
            };
            let mut paint = |step: usize| {
                let along = radius * step as f64 / POINTS as f64;
                stroke.points_in_image.push((x - radius / 2.0 + along, y));
                let request = CoverRequest {
                    models: vec![model.clone()],
                    device,
                    fill: Fill::FieldMean,
                    strokes: vec![stroke.clone()],
                };
                covers.cover(&ctx, &photograph, &request, &cancel)
            };
            // Prepared once, when the brush is activated.
            paint(0)?;
            let update = median(|step| paint(step + 1).map(|_| ()))?;
            let request = Request {
                model: model.clone(),
                device,
                saliency: false,
                target: None,
                features: false,
            };
            let anew = median(|_| {
                predict(
                    &ctx,
                    &photograph,
                    "sample",
                    &request,
                    &cancel,
                    &Progress::new(),
                )
                .map(|_| ())
            })?;
            println!(
                "{model}, {device}: {:.1} per second; {:.1} per second; {:.2}",
                1.0 / update,
                1.0 / anew,
                update / anew
            );
        }
    }
    Ok(())
}

/// Median seconds per step.
fn median(mut work: impl FnMut(usize) -> Result<(), Error>) -> Result<f64, Error> {
    let mut seconds = Vec::with_capacity(POINTS);
    for step in 0..POINTS {
        let started = Instant::now();
        work(step)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[POINTS / 2])
}
