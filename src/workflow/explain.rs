//! Explain: the raw map of what moved a score, for photographs or for a tensor taken straight from Keras.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::models::{self, nchw_from_npy};
use super::predict::{Request, predict};
use super::{Context, Error, Source, VERSION, find_photographs, open};
use crate::clinic::Tensor;
use crate::export::{self, npy};
use crate::graph;
use crate::imaging::OpenOptions;
use crate::imaging::overlay::{self, OverlayOptions};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::{self, Method, SaliencyMap, Target};
use crate::storage::{atomic, file_name, read};
use crate::words::{Lang, research_only};

/// Largest `.npy` that is read.
const TENSOR_LIMIT: u64 = 2 << 30;

/// What to explain.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Files and folders.
    Photographs(Vec<PathBuf>),
    /// A network input as Keras takes it: NHWC float32, any batch.
    Tensor(PathBuf),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    pub subject: Subject,
    /// A model's id or file.
    pub model: String,
    pub method: Method,
    /// One output by its number; the model's own target without it.
    pub target: Option<usize>,
    pub device: Device,
    pub open: OpenOptions,
    pub out: PathBuf,
}

/// What was written, and the photographs that gave no map.
#[derive(Clone, Debug)]
pub struct Explained {
    /// One JSON object per photograph or tensor; those with an `error` have no files.
    pub maps: Vec<Value>,
    pub skipped: Vec<String>,
}

impl Explained {
    pub fn failed(&self) -> usize {
        self.maps.iter().filter(|m| !m["error"].is_null()).count()
    }
}

/// Writes `<stem>.<model>.<method>.npy`, `.json` and, for photographs, `.png`.
pub fn explain(
    ctx: &Context,
    request: &ExplainRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Explained, Error> {
    if request.method != Method::GradCam {
        return Err(Error::Usage(format!(
            "the method {} is not available; use grad-cam",
            request.method
        )));
    }
    match &request.subject {
        Subject::Tensor(path) => Ok(Explained {
            maps: vec![of_tensor(ctx, request, path, cancel, progress)?],
            skipped: Vec::new(),
        }),
        Subject::Photographs(inputs) => of_photographs(ctx, request, inputs, cancel, progress),
    }
}

fn of_photographs(
    ctx: &Context,
    request: &ExplainRequest,
    inputs: &[PathBuf],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Explained, Error> {
    let scan = find_photographs(inputs, cancel)?;
    if scan.found.is_empty() {
        return Err(Error::Usage("no photographs were found there".to_owned()));
    }
    ctx.model(&request.model, request.device, cancel, progress)?;
    let stems = super::batch::unique_stems(scan.found.iter().map(|found| found.name.as_str()));
    progress.start("explain", scan.found.len() as u64);
    let mut maps = Vec::new();
    for (found, stem) in scan.found.iter().zip(&stems) {
        cancel.check()?;
        match of_photograph(ctx, request, &found.path, &found.name, stem, cancel) {
            Ok(map) => maps.push(map),
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(e) => maps.push(json!({"image": found.name, "error": e.to_string()})),
        }
        progress.advance();
    }
    Ok(Explained {
        maps,
        skipped: scan.skipped,
    })
}

fn of_photograph(
    ctx: &Context,
    request: &ExplainRequest,
    path: &Path,
    name: &str,
    stem: &str,
    cancel: &Cancel,
) -> Result<Value, Error> {
    let photograph = open(&Source::File(path.to_owned()), &request.open)?;
    let asked = Request {
        model: request.model.clone(),
        device: request.device,
        saliency: true,
        target: request.target,
    };
    let answer = predict(ctx, &photograph, name, &asked, cancel, &Progress::new())?;
    let map = answer
        .map
        .ok_or_else(|| Error::Usage("this network offers no map".to_owned()))?;
    let id = &answer.case.card.id;
    let options = OverlayOptions::default();
    let picture = overlay::blend(
        &photograph.pixels,
        &map.grid,
        &answer.prepared.geometry,
        &options,
    );
    let base = format!("{stem}.{id}.{}", map.method);
    let mut document = description(&map);
    let row = export::row::fields(&answer.case);
    for (field, value) in row {
        document[field.as_str()] = value;
    }
    let peak = map.peak(
        answer
            .case
            .score
            .is_none_or(|s| s >= answer.case.card.threshold),
    );
    document["peak"] = peak.map_or(Value::Null, |cell| {
        let area = answer.prepared.geometry.cell_in_image(cell, map.grid.rows(), map.grid.columns());
        json!({
            "row": cell.row, "column": cell.column, "value": map.grid.at(cell),
            "in_image": {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom},
        })
    });
    document["overlay"] = json!(options.describe());
    document["files"] = json!([
        format!("{base}.png"),
        format!("{base}.npy"),
        format!("{base}.json")
    ]);
    let to = |extension: &str| request.out.join(format!("{base}.{extension}"));
    atomic::write(&to("png"), &export::png::encode(&picture)?)?;
    atomic::write(&to("npy"), &npy::write_floats(&map.to_tensor()))?;
    atomic::write(&to("json"), export::json::text(&document).as_bytes())?;
    Ok(document)
}

fn of_tensor(
    ctx: &Context,
    request: &ExplainRequest,
    path: &Path,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value, Error> {
    let input = nchw_from_npy(&read::file(path, TENSOR_LIMIT)?)?;
    let mut network = models::network(ctx, &request.model, None, request.device, cancel, progress)?;
    let head = network.head.as_ref().map_err(Clone::clone)?;
    let target = request
        .target
        .map_or(Target::of(network.kind), Target::Output);
    let count = input.shape[0];
    let per_image = input.values.len() / count.max(1);
    progress.start("explain", count as u64);
    let (mut maps, mut targets) = (Vec::new(), Vec::new());
    for values in input.values.chunks(per_image.max(1)) {
        cancel.check()?;
        let mut shape = input.shape.clone();
        shape[0] = 1;
        let one = Tensor {
            shape,
            values: values.to_vec(),
        };
        let outputs = network.session.run(
            &[(graph::INPUT, &one)],
            &[graph::LOGIT, graph::FEATURES],
            cancel,
        )?;
        targets.push(target.value(&outputs[0].values)?);
        maps.push(saliency::grad_cam(&outputs[1], head, target)?);
        progress.advance();
    }
    let first = maps
        .first()
        .ok_or_else(|| Error::Tensor("the tensor holds no image".to_owned()))?;
    let (rows, columns) = (first.grid.rows(), first.grid.columns());
    let all = Tensor {
        shape: vec![count, rows, columns],
        values: maps
            .iter()
            .flat_map(|m| m.grid.values().iter().copied())
            .collect(),
    };
    let base = format!("tensor.{}.{}", network.id, request.method);
    let used = network.session.used();
    let mut document = description(first);
    document["image"] = json!(file_name(path));
    document["model"] = json!(network.id);
    document["model_sha256"] = json!(network.sha256);
    document["engine"] = json!(used.engine);
    document["provider"] = json!(used.provider);
    document["target_values"] = json!(targets);
    document["error"] = Value::Null;
    document["files"] = json!([format!("{base}.npy"), format!("{base}.json")]);
    atomic::write(
        &request.out.join(format!("{base}.npy")),
        &npy::write_floats(&all),
    )?;
    atomic::write(
        &request.out.join(format!("{base}.json")),
        export::json::text(&document).as_bytes(),
    )?;
    Ok(document)
}

/// What a map is, without what it was made of.
fn description(map: &SaliencyMap) -> Value {
    let (low, high) = map.grid.range();
    json!({
        "schema": 1,
        "application": {"name": "gantei", "version": VERSION},
        "research_only": research_only(Lang::En),
        "method": map.method,
        "layer": map.layer,
        "target": map.target.to_string(),
        "grid": [map.grid.rows(), map.grid.columns()],
        "lowest": low,
        "highest": high,
    })
}
