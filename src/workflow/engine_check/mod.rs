//! Engine checks: before the first result of a model on a device, and at its import, the engines of this machine check
//! each other on it, once for each version of an engine.
//!
//! The mechanism is [`crate::runtime::agreement`]; here is what it is asked, what is remembered in `engine-checks.json`,
//! and the one way in which models are opened under it. The models that ship with the application are held to Keras by
//! tests in the embedded engine, and are not checked there.

mod inputs;

use serde::{Deserialize, Serialize};

pub(super) use inputs::pattern;

use super::stored::ChecksumGuard;
use super::{Context, Error, demonstration};
use crate::domain::{
    Approval, ColourOrder, Crop, EngineUsed, Head, InputSpec, ModelCard, Resize, Scaling,
};
use crate::graph::{self, Graph};
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Progress};
use crate::runtime::agreement::{EngineComparison, SessionFactory, TestInputs};
use crate::runtime::{
    self, Device, Engines, Model, Opened, Purpose, Session, SessionOptions, Verdict,
};
use crate::storage::engine_checks;
use crate::text::Lang;
use crate::text::engines::{self, Checked};

/// One network on one engine of this machine, and what came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineCheck {
    /// SHA-256 of the network as ONNX.
    pub network_sha256: String,
    /// What its output is multiplied by to give years: the limit is set in years.
    pub scale: f64,
    /// Its word in files.
    pub device: String,
    #[serde(flatten)]
    pub used: EngineUsed,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The devices that there were to compare with; another one later makes the check anew.
    pub others: Vec<String>,
}

impl EngineCheck {
    /// What came out, in a line.
    pub fn words(&self, lang: Lang) -> String {
        words(&self.used, &self.verdict, lang)
    }

    pub fn ruling(&self) -> Approval {
        self.verdict.ruling
    }

    /// True for another check of the same network, on the same scale, on the same engine.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.network_sha256 == other.network_sha256
            && self.scale == other.scale
            && self.used == other.used
    }
}

/// What an engine was found to compute, in a line.
pub fn words(used: &EngineUsed, verdict: &Verdict, lang: Lang) -> String {
    let checked = Checked {
        ruling: verdict.ruling,
        optimised: verdict.optimised,
        plain: verdict.plain,
        against: verdict.against.as_deref(),
    };
    engines::engine_check(lang, used, checked)
}

/// A network on which engines check each other.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkUnderTest {
    /// SHA-256 of the network as ONNX.
    pub sha256: String,
    /// How pictures become its input.
    pub input: InputSpec,
    pub head: Head,
    /// What its output is multiplied by to give years; a deviation of the output counts for as much.
    pub scale: f64,
    /// It ships with the application: tests hold the embedded engine to it.
    pub ships: bool,
}

impl NetworkUnderTest {
    pub fn of_card(card: &ModelCard, sha256: String) -> Self {
        Self {
            sha256,
            input: card.input.clone(),
            head: card.head,
            scale: card.value_scale().scale(),
            ships: demonstration::card_of(&card.source_sha256).is_some(),
        }
    }

    /// A network of a file without a card. One that scales its own input takes pixels as they are; for the others numbers
    /// from −1 to 1 are as good as any.
    pub fn of_file(onnx: &[u8], size: [u32; 2], head: Head, scales_itself: bool) -> Self {
        Self {
            sha256: sha256(onnx),
            input: InputSpec {
                size,
                colour: ColourOrder::Rgb,
                scaling: if scales_itself {
                    Scaling::Raw
                } else {
                    Scaling::Tf
                },
                mean: None,
                std: None,
                resize: Resize::PilNearest,
                crop: Crop::Stretch,
            },
            head,
            scale: 1.0,
            ships: false,
        }
    }

    fn questions(&self) -> Result<TestInputs, Error> {
        inputs::questions(&self.input, self.head, self.scale)
    }
}

/// The network that is examined, where it lies or how it is made.
#[derive(Clone, Copy)]
pub(super) enum Forward<'a> {
    Stored(Model<'a>),
    Graph(&'a Graph),
}

/// What is opened.
pub(super) struct NetworkToOpen<'a> {
    pub subject: &'a NetworkUnderTest,
    /// The network that engines are examined on.
    pub forward: Forward<'a>,
    /// What is opened: the same, or what was made of it for gradients.
    pub model: Model<'a>,
    /// What tells whether a stored network is what was imported.
    pub seal: Option<&'a ChecksumGuard>,
    pub purpose: Purpose,
    pub device: Device,
}

/// Opens a model on a device as far as the engines agree on it; where that is not known yet, it is found out first.
///
/// # Errors
/// Besides those of opening: a named device that computes something else than the second engine.
pub(super) fn open(
    ctx: &Context,
    desired: &NetworkToOpen<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Opened, Error> {
    let engines = ctx.engines();
    let judge = |device| verdict(ctx, &engines, desired, device, cancel, progress);
    let NetworkToOpen {
        purpose,
        device,
        model,
        ..
    } = *desired;
    Ok(engines.open_judged(purpose, device, model, &judge, cancel)?)
}

/// What is known of a network on a device, found out where it is not.
fn verdict(
    ctx: &Context,
    engines: &Engines,
    desired: &NetworkToOpen<'_>,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Option<Verdict>, runtime::Error> {
    let subject = desired.subject;
    if subject.ships && device == Device::Embedded {
        return Ok(None);
    }
    // Without its engine the opening says what is missing.
    let Some(used) = engines.named(device) else {
        return Ok(None);
    };
    let others = others(engines, device);
    // Threads that ask at once examine once.
    let _turn = ctx.turn(format!("check {device} {}", subject.sha256), cancel)?;
    let known = engine_checks_of(ctx, &subject.sha256)
        .into_iter()
        .find(|check| check.used == used && check.scale == subject.scale)
        .filter(|check| {
            others
                .iter()
                .all(|other| check.others.contains(&other.to_string()))
        });
    if let Some(known) = known {
        return Ok(Some(known.verdict));
    }
    // What is found out is remembered of the network that was stored, so it must be that one.
    let check_seal = || match desired.seal.is_none_or(ChecksumGuard::holds) {
        true => Ok(()),
        false => Err(runtime::Error::Model(
            "its file is not what was stored".to_owned(),
        )),
    };
    check_seal()?;
    let written;
    let model = match desired.forward {
        Forward::Stored(model) => model,
        Forward::Graph(network) => {
            written =
                graph::onnx::to_onnx(network).map_err(|e| runtime::Error::Model(e.to_string()))?;
            Model::Bytes(&written)
        }
    };
    let found = examine(engines, subject, model, &[device], cancel, progress)?.pop();
    let Some(check) = found.transpose()? else {
        return Ok(None);
    };
    check_seal()?;
    ctx.remember(&check);
    Ok(Some(check.verdict))
}

/// Examines a network that is about to be stored on every engine that is at hand. Nothing is remembered before the network
/// is stored.
///
/// # Errors
/// [`runtime::Error::Deviates`] where no engine can be believed.
pub(super) fn at_import(
    engines: &Engines,
    subject: &NetworkUnderTest,
    model: Model<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<EngineCheck>, Error> {
    // ONNX Runtime first: it is the faster one, and how much rounding moves the answers is asked once.
    let devices: Vec<Device> = [Device::Cpu, Device::Embedded]
        .into_iter()
        .filter(|device| engines.named(*device).is_some())
        .filter(|device| !(subject.ships && *device == Device::Embedded))
        .collect();
    // A device that cannot run the network says so when the network is opened on it.
    let found = examine(engines, subject, model, &devices, cancel, progress)?;
    let found: Vec<EngineCheck> = found.into_iter().flatten().collect();
    let refused = |check: &EngineCheck| check.verdict.ruling == Approval::Refused;
    if found.len() > 1
        && found.iter().all(refused)
        && let Some(refusal) = found[0].verdict.refusal(devices[0])
    {
        return Err(refusal.into());
    }
    Ok(found)
}

/// Runs the examination of a network on these devices; the inner error is that of a device that does not run it.
fn examine(
    engines: &Engines,
    subject: &NetworkUnderTest,
    model: Model<'_>,
    devices: &[Device],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Result<EngineCheck, runtime::Error>>, runtime::Error> {
    let questions = subject
        .questions()
        .map_err(|e| runtime::Error::Input(e.to_string()))?;
    let bench = Opening { engines, model };
    let mut exam = EngineComparison::new(&bench, &questions, cancel, progress);
    let partners: Vec<Vec<Device>> = devices.iter().map(|d| others(engines, *d)).collect();
    progress.start(exam.runs(devices, &partners));
    let mut found = Vec::with_capacity(devices.len());
    for (&device, others) in devices.iter().zip(&partners) {
        let Some(used) = engines.named(device) else {
            continue;
        };
        let verdict = match exam.verdict(device, others) {
            Err(runtime::Error::Cancelled) => return Err(runtime::Error::Cancelled),
            other => other,
        };
        found.push(verdict.map(|verdict| EngineCheck {
            network_sha256: subject.sha256.clone(),
            scale: subject.scale,
            device: device.to_string(),
            used,
            verdict,
            others: others.iter().map(Device::to_string).collect(),
        }));
    }
    Ok(found)
}

/// Opens the network as often as it is examined.
struct Opening<'a> {
    engines: &'a Engines,
    model: Model<'a>,
}

impl SessionFactory for Opening<'_> {
    fn open(
        &self,
        device: Device,
        optimised: bool,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        let how = SessionOptions {
            purpose: Purpose::Forward,
            optimised,
        };
        self.engines.open_named(how, device, self.model, cancel)
    }
}

/// The second engines for a device, the first to be asked first.
fn others(engines: &Engines, device: Device) -> Vec<Device> {
    let all: &[Device] = match device {
        Device::Embedded => &[Device::Cpu],
        Device::Cpu => &[Device::Embedded],
        _ => &[Device::Embedded, Device::Cpu],
    };
    let at_hand = |other: &Device| engines.named(*other).is_some();
    all.iter().copied().filter(at_hand).collect()
}

/// What is known of a network on the engines of this machine, by engine.
pub fn engine_checks_of(ctx: &Context, network: &str) -> Vec<EngineCheck> {
    let mut all = engine_checks(ctx);
    all.retain(|check| check.network_sha256 == network);
    all
}

/// What is known of all networks: the file, and what could not be written into it.
pub fn engine_checks(ctx: &Context) -> Vec<EngineCheck> {
    let mut all: Vec<EngineCheck> = engine_checks::load(&ctx.places.engine_checks);
    for own in ctx.remembered() {
        all.retain(|check| !check.is_of(&own));
        all.push(own);
    }
    all
}

impl Context {
    /// Keeps a check for this process and, where the folder can be written, for the next ones.
    pub(super) fn remember(&self, check: &EngineCheck) {
        let same = |other: &EngineCheck| other.is_of(check);
        // In a folder that cannot be written the next process checks again; no result is the worse for it.
        let _ = engine_checks::add(&self.places.engine_checks, check, same);
        self.keep_check(check);
    }
}

#[cfg(test)]
mod tests;
