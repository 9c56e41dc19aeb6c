//! Explain: the raw map of what moved a score, for photographs or for a tensor taken straight from Keras.

mod memory;
mod passes;
mod photograph;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

pub(super) use passes::black;
pub use passes::{Explanation, Network, Passes, Tell};
pub use photograph::{ExplainedCase, Explainer, MapRequest, explained};

use super::anatomy::RegionsWanted;
use super::controls::{self, Controller, Examined, OfPhotograph};
use super::models::{self, nchw_from_npy};
use super::predict::{Request, milliseconds, predict};
use super::scan::nothing_found;
use super::stems::{longest_tail, unique_stems};
use super::{Context, Error, Source, VERSION, find_photographs, open};
use crate::clinic::{FundusImage, Tensor, are_hardly_years, value_scale_suspect};
use crate::export::{self, npy};
use crate::graph;
use crate::imaging::OpenOptions;
use crate::imaging::anatomy::check;
use crate::imaging::overlay::{self, OverlayOptions};
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::saliency::controls::{First, Settings};
use crate::saliency::{self, SaliencyMap, Stage, Target};
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
    pub map: MapRequest,
    /// Evidence by anatomy as well; of photographs only.
    pub regions: Option<RegionsWanted>,
    /// Runs the controls on every map.
    pub controls: Option<Settings>,
    pub open: OpenOptions,
    pub out: PathBuf,
}

/// What was written, and the photographs that gave no map.
#[derive(Clone, Debug)]
pub struct Explained {
    /// One JSON object per photograph or tensor; those with an `error` have no files.
    pub maps: Vec<Value>,
    pub skipped: Vec<String>,
    /// The person stopped it; what was finished by then is here.
    pub interrupted: bool,
}

impl Explained {
    pub fn failed(&self) -> usize {
        self.maps.iter().filter(|m| !m["error"].is_null()).count()
    }
}

/// The layers of a model at which a class activation map is worth making, finest grid first.
pub fn stages(
    ctx: &Context,
    model: &str,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Stage>, Error> {
    let network = Network::of(ctx, model, cancel, progress)?;
    Ok(saliency::stages(&network.graph))
}

/// Writes `<stem>.<model>.<method>.npy`, `.json` and, for photographs, `.png`.
pub fn explain(
    ctx: &Context,
    request: &ExplainRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Explained, Error> {
    atomic::prepare(&request.out)?;
    match &request.subject {
        Subject::Tensor(_) if request.regions.is_some() => Err(Error::Usage(
            "regions belong to a photograph; leave --regions out with --tensor".to_owned(),
        )),
        Subject::Tensor(path) => Ok(Explained {
            maps: vec![of_tensor(ctx, request, path, cancel, progress)?],
            skipped: Vec::new(),
            interrupted: false,
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
        return Err(nothing_found(&scan));
    }
    let marked = request.regions.as_ref().is_some_and(|r| r.marks.is_some());
    if marked && scan.found.len() > 1 {
        return Err(Error::Usage(
            "--disc and --fovea belong to one photograph; give only one".to_owned(),
        ));
    }
    let mut explainer = Explainer::open(ctx, &request.map, cancel, progress)?;
    let controller = match request.controls {
        Some(settings) => {
            let MapRequest { model, device, .. } = &request.map;
            let opened = ctx.model(model, *device, cancel, progress)?;
            let controller = Controller::open(ctx, &request.map, settings, cancel, progress)?;
            let controller = controller.with_card(&opened.card)?;
            Some(controller.beside(explainer.held()))
        }
        None => None,
    };
    let model = crate::storage::file_name(Path::new(&request.map.model));
    let tail = longest_tail([model.as_str()].into_iter());
    let stems = unique_stems(scan.found.iter().map(|found| found.name.as_str()), tail);
    let regions = request.regions.as_ref().map_or(0, RegionsWanted::passes);
    let each = explainer.count();
    let each = each + controller.as_ref().map_or(0, |c| c.count(each, true)) + regions;
    let total = each * scan.found.len() as u64;
    progress.start("explain", total);
    let (mut maps, mut interrupted) = (Vec::new(), false);
    for (found, stem) in scan.found.iter().zip(&stems) {
        let one = Photograph {
            path: &found.path,
            name: &found.name,
            stem,
        };
        let workers = (&mut explainer, controller.as_ref());
        match of_photograph(ctx, request, &one, workers, cancel, progress) {
            Ok(map) => maps.push(map),
            Err(Error::Cancelled) if maps.is_empty() => return Err(Error::Cancelled),
            Err(Error::Cancelled) => {
                interrupted = true;
                break;
            }
            // Marks that do not fit the one photograph they are for.
            Err(e @ Error::Usage(_)) if marked => return Err(e),
            Err(e) => maps.push(json!({
                "image": found.name,
                "error": e.to_string(),
                "code": e.code(),
                "hint": e.hint(),
            })),
        }
        // A photograph that failed is over as well.
        let (done, _) = progress.steps();
        (done..each * maps.len() as u64).for_each(|_| progress.advance());
    }
    note_scale(&mut maps, &request.out)?;
    Ok(Explained {
        maps,
        skipped: scan.skipped.into_iter().map(|s| s.name).collect(),
        interrupted,
    })
}

/// Only the whole run tells on which scale an age model answers: its documents are written once more then.
fn note_scale(maps: &mut [Value], out: &Path) -> Result<(), Error> {
    let of_age = |map: &&Value| map["task"] == "age";
    let values = maps
        .iter()
        .filter(of_age)
        .filter_map(|m| m["value"].as_f64());
    if !are_hardly_years(values) {
        return Ok(());
    }
    let mark = export::row::findings(&vec![value_scale_suspect()]);
    for map in maps.iter_mut().filter(|m| m["value"].is_f64()) {
        if let Some(findings) = map["findings"].as_array_mut() {
            findings.extend(mark.iter().cloned());
        }
        let files = map["files"].as_array().into_iter().flatten();
        let mut names = files.filter_map(Value::as_str);
        if let Some(name) = names.find(|name| name.ends_with(".json")) {
            atomic::write(&out.join(name), export::json::text(map).as_bytes())?;
        }
    }
    Ok(())
}

/// A photograph to explain.
struct Photograph<'a> {
    path: &'a Path,
    name: &'a str,
    /// What its files are called.
    stem: &'a str,
}

fn of_photograph(
    ctx: &Context,
    request: &ExplainRequest,
    one: &Photograph<'_>,
    (explainer, controller): (&mut Explainer, Option<&Controller>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value, Error> {
    cancel.check()?;
    let photograph = open(&Source::File(one.path.to_owned()), &request.open)?;
    if photograph.is_refused() {
        return refused(ctx, request, &photograph, one.name, cancel);
    }
    if let Some(marks) = request.regions.as_ref().and_then(|r| r.marks) {
        let frame = [photograph.pixels.width, photograph.pixels.height].map(f64::from);
        check(frame, &marks).map_err(|e| Error::Usage(e.to_string()))?;
    }
    let mut found = explainer.explain(ctx, &photograph, one.name, cancel, progress, &mut |_| {})?;
    let base = format!(
        "{}.{}.{}",
        one.stem, found.answer.case.card.id, found.explanation.map.method
    );
    let to = |extension: &str| request.out.join(format!("{base}.{extension}"));
    let options = OverlayOptions::default();
    let picture = overlay::blend(
        &photograph.pixels,
        &found.explanation.map.grid,
        &found.answer.prepared.geometry,
        &options,
    );
    // What was computed is kept, whatever becomes of what is asked about it.
    atomic::write(&to("png"), &export::png::encode(&picture)?)?;
    atomic::write(&to("npy"), &npy::write_floats(&found.explanation.tensor))?;
    drop(picture);
    let workers = (&mut *explainer, controller);
    let more = more_about(
        ctx,
        request,
        &photograph,
        &mut found,
        workers,
        cancel,
        progress,
    );
    let (answer, map) = (&found.answer, &found.explanation.map);
    let mut document = description(map, &found.explanation.tensor.shape);
    for (field, value) in &found.settings {
        document[field.as_str()] = value.clone();
    }
    document["target_value"] = json!(found.explanation.target_value);
    document["baseline_value"] = json!(found.explanation.baseline_value);
    document["completeness_gap"] = json!(found.explanation.completeness_gap);
    document["needed_memory_bytes"] = json!(explainer.need());
    for (field, value) in export::row::fields(&answer.case) {
        // Who a photograph is of and whether it counts is a matter of a run over many.
        if !export::row::OF_THE_RUN.contains(&field.as_str()) {
            document[field.as_str()] = value;
        }
    }
    let target_value = found.explanation.target_value.unwrap_or_default();
    let first = First::of(map.target, target_value, answer.case.card.threshold);
    let peak = map.peak(first == First::Highest);
    document["peak"] = peak.map_or(Value::Null, |cell| {
        let area = answer.prepared.geometry.cell_in_image(cell, map.grid.rows(), map.grid.columns());
        json!({
            "row": cell.row, "column": cell.column, "value": map.grid.at(cell),
            "in_image": {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom},
        })
    });
    document["overlay"] = json!(options.describe());
    match &more {
        Ok(Some(controls)) => document["controls"] = controls.clone(),
        Ok(None) => {}
        Err(error) => {
            let said = format!("the map was made, but not all that was asked about it: {error}");
            document["error"] = json!(said);
            document["code"] = json!(error.code());
            document["hint"] = json!(error.hint());
        }
    }
    document["files"] = json!([
        format!("{base}.png"),
        format!("{base}.npy"),
        format!("{base}.json")
    ]);
    atomic::write(&to("json"), export::json::text(&document).as_bytes())?;
    match more {
        Err(Error::Cancelled) => Err(Error::Cancelled),
        _ => Ok(document),
    }
}

/// What is said of a picture that is refused: its row without an answer, and no files.
fn refused(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    name: &str,
    cancel: &Cancel,
) -> Result<Value, Error> {
    let MapRequest {
        model,
        recipe,
        device,
    } = &request.map;
    let asked = Request {
        model: model.clone(),
        device: *device,
        saliency: false,
        target: None,
    };
    let answer = predict(ctx, photograph, name, &asked, cancel, &Progress::new())?;
    let mut document = json!({
        "schema": 1,
        "application": {"name": "gantei", "version": VERSION},
        "research_only": research_only(Lang::En),
        "method": recipe.method,
    });
    for (field, value) in export::row::fields(&answer.case) {
        document[field.as_str()] = value;
    }
    Ok(document)
}

/// Evidence by anatomy and the controls of a map, where they are asked for.
fn more_about(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    found: &mut ExplainedCase,
    (explainer, controller): (&mut Explainer, Option<&Controller>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Option<Value>, Error> {
    if let Some(wanted) = &request.regions {
        wanted.add_to(found, ctx, &request.map, photograph, cancel, progress)?;
    }
    if let Some(controller) = controller {
        let each = explainer.count();
        let answer = &found.answer;
        let examined = Examined {
            map: &found.explanation.map,
            x: &answer.prepared.tensor,
            photograph: Some(OfPhotograph {
                image: photograph,
                case: &answer.case,
                geometry: &answer.prepared.geometry,
                explainer,
            }),
        };
        let controls = controller.run(ctx, examined, each, cancel, progress, &mut |_| {})?;
        let fields = export::controls::fields(&controls, Some(&answer.case.card));
        controls::write_into(&mut found.answer.case, &controls);
        return Ok(Some(fields));
    }
    Ok(None)
}

fn of_tensor(
    ctx: &Context,
    request: &ExplainRequest,
    path: &Path,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value, Error> {
    let MapRequest {
        model,
        recipe,
        device,
    } = &request.map;
    recipe.check().map_err(|e| Error::Usage(e.to_string()))?;
    let input = nchw_from_npy(&read::file(path, TENSOR_LIMIT)?)?;
    let started = Instant::now();
    let mut by_head = None;
    if photograph::head_is_enough(recipe, true) {
        let options = keras::Options::default();
        let network = models::network(ctx, model, options, *device, cancel, progress)
            .map_err(|e| models::open_here(e, Path::new(model), None))?;
        network.check_input(&input)?;
        let scale = models::scale_of(ctx, model, &network.sha256)?;
        let own = Target::of(network.kind, scale);
        let target = recipe.target.map_or(own, Target::Output);
        by_head = Some((network, target)).filter(|(network, _)| network.last_map.is_ok());
    }
    let mut passes = None;
    let (id, sha256) = if let Some((network, _)) = &by_head {
        (network.id.clone(), network.sha256.clone())
    } else {
        let network = Network::of(ctx, model, cancel, progress)?;
        passes = Some(Passes::open(
            ctx, &network, recipe, *device, cancel, progress,
        )?);
        (network.id, network.sha256)
    };
    let opened = milliseconds(started);
    let count = input.shape[0];
    let per_image = input.values.len() / count.max(1);
    let controller = request
        .controls
        .map(|settings| Controller::open(ctx, &request.map, settings, cancel, progress));
    let held = passes.as_ref().map_or(0, Passes::held);
    let controller = controller.transpose()?.map(|c| c.beside(held));
    let each = passes.as_ref().map_or(1, Passes::count);
    let of_controls = controller.as_ref().map_or(0, |c| c.count(each, false));
    progress.start("explain", (each + of_controls) * count as u64);
    let mut all: Vec<Explanation> = Vec::new();
    let (mut controls, mut times) = (Vec::new(), Vec::new());
    for values in input.values.chunks(per_image.max(1)) {
        cancel.check()?;
        let mut shape = input.shape.clone();
        shape[0] = 1;
        let one = Tensor {
            shape,
            values: values.to_vec(),
        };
        let started = Instant::now();
        let found = match (&mut passes, &mut by_head) {
            (Some(passes), _) => passes.explain(&one, cancel, progress, &mut |_| {})?,
            (None, Some((network, target))) => {
                let found = of_head(network, *target, &one, cancel)?;
                progress.advance();
                found
            }
            (None, None) => return Err(saliency::Error::Missing("feature map").into()),
        };
        times.push(milliseconds(started));
        if let Some(controller) = &controller {
            let examined = Examined {
                map: &found.map,
                x: &one,
                photograph: None,
            };
            let found = controller.run(ctx, examined, each, cancel, progress, &mut |_| {})?;
            controls.push(export::controls::fields(&found, controller.card()));
        }
        all.push(found);
    }
    let first = all
        .first()
        .ok_or_else(|| Error::Tensor("the tensor holds no image".to_owned()))?;
    let joined = Tensor {
        shape: [&[count], first.tensor.shape.as_slice()].concat(),
        values: all
            .iter()
            .flat_map(|e| e.tensor.values.iter().copied())
            .collect(),
    };
    let base = format!("tensor.{id}.{}", recipe.method);
    let mut document = description(&first.map, &joined.shape);
    if let Some(passes) = &passes {
        for (field, value) in passes.settings() {
            document[field.as_str()] = value;
        }
    }
    let of_head = by_head.as_ref().map(|(network, _)| network.session.used());
    let used = passes.as_ref().map(Passes::used).or(of_head);
    document["image"] = json!(file_name(path));
    document["model"] = json!(id);
    document["model_sha256"] = json!(sha256);
    document["engine"] = json!(used.map(|u| &u.engine));
    document["provider"] = json!(used.map(|u| &u.provider));
    let of_head = by_head.as_ref().map(|(network, _)| &network.findings);
    let findings = passes.as_ref().map(Passes::findings).or(of_head);
    document["findings"] = json!(findings.map(export::row::findings).unwrap_or_default());
    let targets: Vec<_> = all.iter().map(|e| e.target_value).collect();
    document["target_values"] = json!(targets);
    let baselines: Option<Vec<f64>> = all.iter().map(|e| e.baseline_value).collect();
    document["baseline_values"] = json!(baselines);
    let gaps: Option<Vec<f64>> = all.iter().map(|e| e.completeness_gap).collect();
    document["completeness_gaps"] = json!(gaps);
    if controller.is_some() {
        document["controls"] = json!(controls);
    }
    document["needed_memory_bytes"] = json!(passes.as_ref().map(Passes::need));
    document["timings_ms"] = json!({"open": opened, "maps": times});
    document["error"] = Value::Null;
    document["files"] = json!([format!("{base}.npy"), format!("{base}.json")]);
    atomic::write(
        &request.out.join(format!("{base}.npy")),
        &npy::write_floats(&joined),
    )?;
    atomic::write(
        &request.out.join(format!("{base}.json")),
        export::json::text(&document).as_bytes(),
    )?;
    Ok(document)
}

/// Grad-CAM at the last feature map by the head alone.
fn of_head(
    network: &mut models::Network,
    target: Target,
    one: &Tensor,
    cancel: &Cancel,
) -> Result<Explanation, Error> {
    let head = network.last_map.as_mut().map_err(|e| e.clone())?;
    let outputs = network.session.run(
        &[(graph::INPUT, one)],
        &[graph::LOGIT, graph::FEATURES],
        cancel,
    )?;
    let value = target.value(&outputs[0].values)?;
    let map = head.grad_cam(&outputs[1], target, cancel)?;
    Ok(photograph::from_head(map, Some(value)))
}

/// What a map is, without what it was made of. `shape` is that of the numbers written.
fn description(map: &SaliencyMap, shape: &[usize]) -> Value {
    let (low, high) = map.grid.range();
    json!({
        "schema": 1,
        "application": {"name": "gantei", "version": VERSION},
        "research_only": research_only(Lang::En),
        "method": map.method,
        "layer": map.layer,
        "target": map.target.to_string(),
        "grid": [map.grid.rows(), map.grid.columns()],
        "shape": shape,
        "lowest": low,
        "highest": high,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Device;
    use crate::saliency::{Baseline, Method, Recipe};
    use crate::storage::Places;
    use crate::workflow::Class;
    use crate::workflow::demonstration::BUNDLED;

    struct Bench {
        home: tempfile::TempDir,
        ctx: Context,
        request: ExplainRequest,
    }

    /// The demonstration's reference input, twice, to be explained.
    fn bench(method: Method) -> Bench {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&home.path().join("home")));
        let (x, _) = BUNDLED[0].reference(&BUNDLED[0].card().unwrap()).unwrap();
        let mut two = x.nhwc_from_nchw().unwrap();
        two.values.extend_from_within(..);
        two.shape[0] = 2;
        let tensor = home.path().join("x.npy");
        std::fs::write(&tensor, npy::write_floats(&two)).unwrap();
        let request = ExplainRequest {
            subject: Subject::Tensor(tensor),
            map: MapRequest {
                model: BUNDLED[0].id.to_owned(),
                recipe: Recipe::of(method),
                device: Device::Embedded,
            },
            regions: None,
            controls: None,
            open: OpenOptions::default(),
            out: home.path().join("out"),
        };
        Bench { home, ctx, request }
    }

    impl Bench {
        fn run(&self) -> Result<(Value, Tensor), Error> {
            let (cancel, progress) = (Cancel::new(), Progress::new());
            let mut explained = explain(&self.ctx, &self.request, &cancel, &progress)?;
            let (done, total) = progress.steps();
            assert_eq!(done, total, "{}", self.request.map.recipe.method);
            let document = explained.maps.remove(0);
            let files = document["files"].as_array().unwrap();
            let npy_file = files
                .iter()
                .find_map(|f| f.as_str().filter(|f| f.ends_with("npy")));
            let written = std::fs::read(self.request.out.join(npy_file.unwrap())).unwrap();
            Ok((document, npy::read_floats(&written).unwrap()))
        }
    }

    #[test]
    fn every_method_writes_the_shape_of_the_contract() {
        for (method, steps, shape) in [
            (Method::GradCam, None, vec![2, 7, 7]),
            (Method::HiresCam, None, vec![2, 7, 7]),
            (Method::LayerCam, None, vec![2, 7, 7]),
            (Method::InputGradient, None, vec![2, 224, 224, 3]),
            (Method::IntegratedGradients, Some(3), vec![2, 224, 224, 3]),
            (Method::SmoothGrad, Some(2), vec![2, 224, 224, 3]),
            (Method::Occlusion, Some(4), vec![2, 4, 4]),
        ] {
            let mut bench = bench(method);
            bench.request.map.recipe.steps = steps;
            let (document, written) = bench.run().unwrap();
            assert_eq!(written.shape, shape, "{method}");
            assert!(written.values.iter().any(|v| *v != 0.0), "{method}");
            let (first, second) = written.values.split_at(written.values.len() / 2);
            assert_eq!(first, second, "{method}");
            let found = document["target_values"][1].as_f64().unwrap();
            assert!(found.is_finite());
            assert_eq!(document["steps"].as_u64(), steps.map(|s| s as u64));
        }
    }

    #[test]
    fn a_layer_is_found_by_its_name_in_keras_and_a_wrong_one_is_answered_with_a_list() {
        let mut bench = bench(Method::GradCam);
        bench.request.map.recipe.layer = Some("conv_pw_5_relu".to_owned());
        let (document, written) = bench.run().unwrap();
        assert_eq!(document["layer"], "conv_pw_5_relu");
        assert_eq!(written.shape, [2, 28, 28]);
        // By gradient and by the head's algebra the last map is the same.
        bench.request.map.recipe.layer = Some("conv_pw_13_relu".to_owned());
        let (_, by_gradient) = bench.run().unwrap();
        bench.request.map.recipe.layer = None;
        let (_, by_head) = bench.run().unwrap();
        let largest = by_head.values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        for (a, b) in by_gradient.values.iter().zip(&by_head.values) {
            assert!((a - b).abs() <= 1e-4 * largest, "{a} {b}");
        }
        bench.request.map.recipe.layer = Some("conv_pw_99".to_owned());
        let refused = bench.run().unwrap_err();
        assert_eq!(refused.class(), Class::Usage);
        assert!(
            refused.to_string().contains("conv_pw_11_relu (14 × 14)"),
            "{refused}"
        );
    }

    #[test]
    fn integrated_gradients_state_what_they_leave_over() {
        let mut bench = bench(Method::IntegratedGradients);
        bench.request.map.recipe.baseline = Some(Baseline::Blur);
        let gap_with = |bench: &mut Bench, steps| {
            bench.request.map.recipe.steps = Some(steps);
            let (document, written) = bench.run().unwrap();
            let half = &written.values[..written.values.len() / 2];
            let sum: f64 = half.iter().map(|&v| f64::from(v)).sum();
            let gap = document["completeness_gaps"][0].as_f64().unwrap();
            assert_eq!(document["baseline"], "blur");
            (gap, sum)
        };
        let (coarse, _) = gap_with(&mut bench, 1);
        let (fine, sum) = gap_with(&mut bench, 25);
        println!("gap with 1 step {coarse:.4}, with 25 {fine:.4}, sum {sum:.4}");
        assert!(fine.abs() < coarse.abs(), "{fine} {coarse}");
    }

    #[test]
    fn a_tensor_has_controls_without_a_photograph() {
        let mut bench = bench(Method::InputGradient);
        bench.request.controls = Some(Settings::default());
        let (document, _) = bench.run().unwrap();
        let controls = document["controls"].as_array().unwrap();
        assert_eq!(controls.len(), 2);
        assert_eq!(controls[0], controls[1]);
        let one = &controls[0];
        assert_eq!(one["hiding"]["grid"], json!([14, 14]));
        assert_eq!(one["hiding"]["cells"], 196);
        assert_eq!(one["randomised"].as_array().unwrap().len(), 2);
        assert!(one["outside"].is_null() && one["stability"].is_null());
        assert!(one["missing"]["stability"].is_string());
        assert!(one["verdict"].as_str().unwrap().contains("the score"));
        bench.request.controls = None;
        assert!(bench.run().unwrap().0["controls"].is_null());
    }

    #[test]
    fn a_misfit_and_an_output_that_is_not_there_are_refused() {
        let mut misfit = bench(Method::GradCam);
        misfit.request.map.recipe.steps = Some(5);
        assert_eq!(misfit.run().unwrap_err().class(), Class::Usage);
        let mut bench = bench(Method::HiresCam);
        bench.request.map.recipe.target = Some(9);
        assert_eq!(bench.run().unwrap_err().class(), Class::Usage);
    }

    #[test]
    fn a_photograph_gets_its_picture_and_figures_and_a_stop_is_a_stop() {
        let mut bench = bench(Method::SmoothGrad);
        let file = bench.home.path().join("eye.png");
        let pixels = crate::drawing::Pixels {
            width: 90,
            height: 80,
            rgb: (0..90 * 80 * 3).map(|i| i as u8).collect(),
        };
        let format = crate::drawing::PictureFormat::Png;
        std::fs::write(&file, crate::drawing::encode(&pixels, format).unwrap()).unwrap();
        bench.request.subject = Subject::Photographs(vec![file]);
        bench.request.map.recipe.steps = Some(2);
        let refused = explain(&bench.ctx, &bench.request, &Cancel::new(), &Progress::new());
        let document = &refused.unwrap().maps[0];
        for field in ["logit", "score", "value", "label", "saliency", "error"] {
            assert!(document[field].is_null(), "{field}");
        }
        assert_eq!(document["files"], json!([]));
        assert_eq!(document["findings"][0]["code"], "not-a-fundus");
        assert_eq!(std::fs::read_dir(&bench.request.out).unwrap().count(), 0);
        bench.request.open.accept_any_picture = true;
        let (document, first) = bench.run().unwrap();
        assert_eq!(first.shape, [224, 224, 3]);
        assert_eq!(document["seed"], 0);
        assert_eq!(document["findings"][0]["code"], "not-a-fundus-accepted");
        let logit = document["logit"].as_f64().unwrap();
        assert!((document["target_value"].as_f64().unwrap() - logit).abs() < 1e-4);
        assert!(
            bench
                .request
                .out
                .join("eye.demo-mobilenet.smooth-grad.png")
                .is_file()
        );
        bench.request.map.recipe.seed = Some(1);
        assert_ne!(bench.run().unwrap().1.values, first.values);
        bench.request.map.recipe.seed = None;
        assert_eq!(bench.run().unwrap().1.values, first.values);

        let cancel = Cancel::new();
        cancel.cancel();
        let stopped = explain(&bench.ctx, &bench.request, &cancel, &Progress::new());
        assert!(matches!(stopped, Err(Error::Cancelled)));
    }
}
