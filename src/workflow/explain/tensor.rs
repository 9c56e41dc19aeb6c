//! Explains a tensor taken straight from Keras and writes the result image by image.

use std::path::Path;
use std::time::Instant;

use super::written::write;
use super::{ExplainRequest, MapRequest, Network, Passes, photograph};
use crate::domain::{NetworkPart, Tensor, masked};
use crate::export::explained::{About, Entry, Maps};
use crate::export::npy;
use crate::graph;
use crate::keras;
use crate::progress::{Cancel, Progress};
use crate::saliency::{self, Explanation, Target};
use crate::storage::{atomic, file_name};
use crate::workflow::models::{self, nchw_from_npy};
use crate::workflow::network::check_whole_numbers;
use crate::workflow::predict::{greatest, milliseconds};
use crate::workflow::sanity_checks::{Examined, SanityChecker};
use crate::workflow::verify::tensor_file;
use crate::workflow::{Context, Error, network};

/// Explains a tensor and writes the joined maps of its images and their document, which is the answer.
pub(super) fn of_tensor(
    ctx: &Context,
    request: &ExplainRequest,
    path: &Path,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Entry, Error> {
    let MapRequest {
        model,
        recipe,
        device,
    } = &request.map;
    recipe.check().map_err(|e| Error::Usage(e.to_string()))?;
    let mut input = nchw_from_npy(&tensor_file(path)?)?;
    let started = Instant::now();
    let mut by_head = None;
    if photograph::head_is_enough(recipe, true) {
        let options = keras::Options::default();
        let network = network::network(ctx, model, &[], options, *device, cancel, progress)
            .map_err(|e| models::open_here(e, Path::new(model), None))?;
        input = network.accepted(input)?;
        let target = match recipe.target {
            Some(output) => Some(Target::Output(output)),
            None if network.has_classes => None,
            None => Some(Target::of(network.kind, network.scale(ctx)?)),
        };
        by_head = Some((network, target)).filter(|(network, _)| network.last_map.is_ok());
    }
    let mut passes = None;
    let (id, sha256) = if let Some((network, _)) = &by_head {
        (network.id.clone(), network.sha256.clone())
    } else {
        let network = Network::of(ctx, model, cancel, progress)?;
        if keras::takes_whole_numbers(&network.precisions) {
            check_whole_numbers(&input)?;
        }
        passes = Some(Passes::open(
            ctx, &network, recipe, *device, cancel, progress,
        )?);
        (network.id, network.sha256)
    };
    let opened = milliseconds(started);
    let count = input.shape[0];
    let per_image = input.values.len() / count.max(1);
    let controller = request
        .sanity_checks
        .map(|settings| SanityChecker::open(ctx, &request.map, settings, cancel, progress));
    let held = passes.as_ref().map_or(0, Passes::held);
    let controller = controller.transpose()?.map(|c| c.beside(held));
    let each = passes.as_ref().map_or(1, Passes::count);
    let of_sanity_checks = controller.as_ref().map_or(0, |c| c.count(each, false));
    progress.start((each + of_sanity_checks) * count as u64);
    let mut all: Vec<Explanation> = Vec::new();
    let (mut sanity_checks, mut times) = (Vec::new(), Vec::new());
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
            (None, None) => return Err(saliency::Error::Missing(NetworkPart::FeatureMap).into()),
        };
        times.push(milliseconds(started));
        if let Some(controller) = &controller {
            let examined = Examined {
                map: &found.map,
                x: &one,
                photograph: None,
            };
            let found = controller.run(ctx, examined, each, cancel, progress, &mut |_| {})?;
            sanity_checks.push(found);
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
    let of_head = by_head.as_ref().map(|(network, _)| network);
    let used = of_head.map(|network| network.session.used());
    let findings = of_head.map(|network| &network.findings);
    let entry = Entry::Tensor(Box::new(Maps {
        image: match request.mask_names {
            true => masked::photograph(1),
            false => file_name(path),
        },
        model: id,
        model_sha256: sha256,
        first: About::of(&first.map),
        shape: joined.shape.clone(),
        settings: passes.as_ref().map(Passes::settings),
        used: passes.as_ref().map(Passes::used).or(used).cloned(),
        findings: passes
            .as_ref()
            .map(Passes::findings)
            .or(findings)
            .cloned()
            .unwrap_or_default(),
        target_values: all.iter().map(|e| e.target_value).collect(),
        baseline_values: all.iter().map(|e| e.baseline_value).collect(),
        completeness_gaps: all.iter().map(|e| e.completeness_gap).collect(),
        card: controller.as_ref().and_then(|c| c.card().cloned()),
        sanity_checks: controller.is_some().then_some(sanity_checks),
        needed_memory_bytes: passes.as_ref().map(Passes::need),
        open_ms: opened,
        map_ms: times,
        files: ["npy", "json"].map(|extension| format!("{base}.{extension}")),
    }));
    atomic::write(
        &request.out.join(format!("{base}.npy")),
        &npy::write_floats(&joined),
    )?;
    write(&request.out.join(format!("{base}.json")), &entry)?;
    Ok(entry)
}

/// Grad-CAM at the last feature map by the head alone.
fn of_head(
    network: &mut network::Network,
    target: Option<Target>,
    one: &Tensor,
    cancel: &Cancel,
) -> Result<Explanation, Error> {
    let head = network.last_map.as_mut().map_err(|e| e.clone())?;
    let outputs = network.session.run(
        &[(graph::INPUT, one)],
        &[graph::LOGIT, graph::FEATURES],
        cancel,
    )?;
    let logit = &outputs[0].values;
    // Of several classes, the one with the greatest logit.
    let target = target.unwrap_or_else(|| Target::Output(greatest(logit)));
    let value = target.value(logit)?;
    let map = head.grad_cam(&outputs[1], target, cancel)?;
    Ok(Explanation::of_map(map, Some(value)))
}
