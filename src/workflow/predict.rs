//! Predicts one photograph with one model: a score and its saliency map.

use std::sync::Arc;
use std::time::Instant;

use super::context::OpenModel;
use super::draft::{finding_of_precisions, findings_of_settings};
use super::last_map::why_none;
use super::{Class, Context, Error, VERSION};
use crate::domain::{
    ClassScore, Features, Figures, Finding, FindingCode, FundusImage, Head, MapSettings, ModelCard,
    ResultRow, Severity, Task, Tensor, ValueScale, doubtful_figures,
};
use crate::graph;
use crate::imaging::prepare::{self, Prepared};
use crate::progress::{Cancel, Cancelled, Progress};
use crate::runtime::Device;
use crate::saliency::{self, MethodRun, SaliencyMap, Share, Target};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// A model's id or file.
    pub model: String,
    pub device: Device,
    /// Whether a Grad-CAM map is requested.
    pub saliency: bool,
    /// What the map explains: one output by its index, or the model's own target.
    pub target: Option<usize>,
    /// Whether the pooled features are requested.
    pub features: bool,
}

/// The result.
#[derive(Clone, Debug)]
pub struct Prediction {
    pub case: ResultRow,
    pub map: Option<SaliencyMap>,
    /// The map's target at the photograph; `None` without a map.
    pub target_value: Option<f64>,
    /// `None` if they were not requested or the network offers no feature map.
    pub features: Option<Features>,
    /// The network's input, and its position in the photograph.
    pub prepared: Arc<Prepared>,
}

/// Runs one model on one photograph. `name` is the photograph's name in the row.
pub fn predict(
    ctx: &Context,
    photograph: &FundusImage,
    name: &str,
    request: &Request,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Prediction, Error> {
    let model = ctx.model(&request.model, request.device, cancel, progress)?;
    let at_once = &|| Ok(());
    predict_with(&model, photograph, name, request, at_once, cancel, progress)
}

/// As [`predict`], with an open model; of the request only the options for a map are used. A refused picture is not
/// passed to the network. The model is locked for the forward pass and the map alone, so that several threads can work
/// on a photograph each; before that `wait_for_turn` is called.
pub(super) fn predict_with(
    model: &OpenModel,
    photograph: &FundusImage,
    name: &str,
    request: &Request,
    wait_for_turn: &dyn Fn() -> Result<(), Cancelled>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Prediction, Error> {
    cancel.check()?;
    let card = Arc::clone(&model.card);
    let mut case = ResultRow::of_image(name, photograph, card.clone());
    if photograph.is_refused() {
        return without_answer(case, photograph);
    }
    case.findings.extend(findings_of_card(&card));

    progress.start(0);
    let started = Instant::now();
    let prepared = prepare::prepare(
        &photograph.pixels,
        photograph.field_of_view.as_ref(),
        &card.input,
    )?;
    case.timings.prepare = milliseconds(started);
    case.preprocessing = Some(prepared.preprocessing.clone());

    wait_for_turn()?;
    let mut loaded = model.lock()?;
    let loaded_model = &mut *loaded;
    cancel.check()?;
    progress.start(0);
    let started = Instant::now();
    case.findings.extend(loaded_model.findings.iter().cloned());
    let with_map = request.saliency && loaded_model.last_map.is_ok();
    let with_features = request.features && loaded_model.last_map.is_ok();
    let takes_last_map = with_map || with_features;
    let desired: &[&str] = if takes_last_map {
        &[graph::LOGIT, graph::OUTPUT, graph::FEATURES]
    } else {
        &[graph::LOGIT, graph::OUTPUT]
    };
    let mut outputs =
        loaded_model
            .session
            .run(&[(graph::INPUT, &prepared.tensor)], desired, cancel)?;
    case.timings.run = milliseconds(started);
    let last_map = takes_last_map.then(|| outputs.remove(2));
    answer(&mut case, &card, &outputs[0], &outputs[1])?;
    let used = loaded_model.session.used();
    case.versions
        .insert("gantei".to_owned(), VERSION.to_owned());
    case.versions
        .insert(used.engine.clone(), used.version.clone());
    case.used = Some(used.clone());

    let started = Instant::now();
    let mut target_value = None;
    let map = match (&last_map, &mut loaded_model.last_map) {
        (Some(features), Ok(head)) if with_map => {
            let own = target_of((card.head, card.classes), card.value_scale(), &outputs[0]);
            let target = request.target.map_or(own, Target::Output);
            target_value = Some(target.value(&outputs[0].values)?);
            match head.grad_cam(features, target, cancel) {
                Err(error) if error.class() != Class::Interrupted => {
                    case.findings.push(why_none(error).finding());
                    None
                }
                result => Some(result?.laid_over_input(&card)),
            }
        }
        (None, Err(reason)) if request.saliency => {
            case.findings.push(reason.finding());
            None
        }
        _ => None,
    };
    drop(loaded);
    let features = last_map.filter(|_| with_features);
    let features = features.as_ref().and_then(Features::of_map);
    let outside = evidence_outside(map.as_ref(), &prepared, photograph);
    case.findings
        .extend(outside.and_then(|share| share.finding()));
    case.timings.saliency = milliseconds(started);
    let made = MethodRun::of_every_run(&case);
    case.saliency = map
        .as_ref()
        .map(|m| made.provenance(m, MapSettings::default(), outside));
    Ok(Prediction {
        case,
        map,
        target_value,
        features,
        prepared: Arc::new(prepared),
    })
}

/// The row of a refused picture: the network is not run on it. The picture is still prepared, so that the position of
/// its pixels in the input is known.
fn without_answer(case: ResultRow, photograph: &FundusImage) -> Result<Prediction, Error> {
    let field = photograph.field_of_view.as_ref();
    let prepared = prepare::prepare(&photograph.pixels, field, &case.card.input)?;
    Ok(Prediction {
        case,
        map: None,
        target_value: None,
        features: None,
        prepared: Arc::new(prepared),
    })
}

/// [`Error::NotAFundus`] for a picture that is refused.
pub(super) fn check_accepted(photograph: &FundusImage) -> Result<(), Error> {
    if photograph.is_refused() {
        return Err(Error::NotAFundus);
    }
    Ok(())
}

/// The share of a map's evidence outside the field of view; `None` without a map or a field.
pub(super) fn evidence_outside(
    map: Option<&SaliencyMap>,
    prepared: &Prepared,
    photograph: &FundusImage,
) -> Option<Share> {
    let field = photograph.field_of_view.as_ref()?;
    saliency::outside_field(&map?.grid, &prepared.geometry, field)
}

/// The findings on a model that go with every score.
fn findings_of_card(card: &ModelCard) -> Vec<Finding> {
    let mut findings = Vec::new();
    if card.demonstration {
        findings.push(Finding::new(
            FindingCode::DemonstrationModel,
            Severity::Serious,
        ));
    }
    let twice = card.scales_twice().then_some(card.preprocessing.as_slice());
    let unconfirmed: Vec<String> = card.unconfirmed().map(str::to_owned).collect();
    findings.extend(findings_of_settings(twice, &unconfirmed));
    findings.extend(finding_of_precisions(&card.precisions));
    if card.task != Task::Age {
        findings.push(Finding::new(FindingCode::Uncalibrated, Severity::Note));
    }
    findings
}

/// Logit and score, or value, from the network's two outputs, each (1, units). `scale` applies only to a linear head.
pub(super) fn figures(
    head: Head,
    scale: ValueScale,
    logit: &Tensor,
    output: &Tensor,
) -> Result<Figures, Error> {
    check_finite(logit, output)?;
    let (z, y) = (&logit.values, &output.values);
    match (head, z.as_slice(), y.as_slice()) {
        (Head::Sigmoid, &[z], &[y]) => Ok(Figures {
            logit: Some(f64::from(z)),
            score: Some(f64::from(y)),
            value: None,
        }),
        (Head::Softmax, &[z0, z1], &[_, y1]) => Ok(Figures {
            logit: Some(f64::from(z1) - f64::from(z0)),
            score: Some(f64::from(y1)),
            value: None,
        }),
        (Head::Linear, &[_], &[y]) => Ok(Figures {
            value: Some(scale.value(f64::from(y))),
            ..Figures::default()
        }),
        _ => Err(unfit()),
    }
}

/// The score of each class, from the network's two outputs, each (1, classes).
fn class_scores(
    card: &ModelCard,
    logit: &Tensor,
    output: &Tensor,
) -> Result<Vec<ClassScore>, Error> {
    check_finite(logit, output)?;
    if output.values.len() != card.labels.len() {
        return Err(unfit());
    }
    let pairs = card.labels.iter().zip(&output.values);
    Ok(pairs
        .map(|(label, &score)| ClassScore {
            label: label.clone(),
            score: f64::from(score),
        })
        .collect())
}

/// The place of the greatest of these numbers; the first if there are several.
pub(super) fn greatest(numbers: &[f32]) -> usize {
    let mut place = 0;
    for (at, number) in numbers.iter().enumerate() {
        if *number > numbers[place] {
            place = at;
        }
    }
    place
}

/// The quantity that a map explains if none is named: for several classes the logit of the greatest.
pub(super) fn target_of(
    (head, classes): (Head, Option<usize>),
    scale: ValueScale,
    logit: &Tensor,
) -> Target {
    match classes {
        Some(_) => Target::Output(greatest(&logit.values)),
        None => Target::of(head, scale),
    }
}

fn check_finite(logit: &Tensor, output: &Tensor) -> Result<(), Error> {
    let mut all = logit.values.iter().chain(&output.values);
    match all.all(|v| v.is_finite()) {
        true => Ok(()),
        false => Err(Error::NotFinite(
            "the network gave non-finite numbers for this photograph",
        )),
    }
}

fn unfit() -> Error {
    Error::Tensor("the network's outputs do not fit the head named in its card".to_owned())
}

/// Sets logit, score, value and label, and the findings on them.
fn answer(
    case: &mut ResultRow,
    card: &ModelCard,
    logit: &Tensor,
    output: &Tensor,
) -> Result<(), Error> {
    if card.classes.is_some() {
        case.scores = class_scores(card, logit, output)?;
        if card.head == Head::Softmax
            && let Some(greatest) = case.scores.get(greatest(&output.values))
        {
            (case.label, case.score) = (Some(greatest.label.clone()), Some(greatest.score));
        }
        return Ok(());
    }
    let found = figures(card.head, card.value_scale(), logit, output)?;
    (case.logit, case.score, case.value) = (found.logit, found.score, found.value);
    case.label = case
        .score
        .and_then(|score| card.label_of(score))
        .map(str::to_owned);
    case.findings.extend(doubtful_figures(case));
    Ok(())
}

/// Milliseconds since `started`, to a thousandth.
pub(super) fn milliseconds(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
